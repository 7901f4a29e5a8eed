//! DKIM signatures (RFC 6376, 8301, 8463), judged as of the receipt. You may rely on: a body is hashed once per kind of
//! hash however many signatures there are; at most [`MAX_SIGNATURES`] are looked at. A body that is not the one signed
//! fails without any key; a key nobody has makes a signature *unchecked*. The same steps verify ARC's message
//! signatures and seals.

use super::arithmetic::{Algorithm, MAX_BYTES, PublicKey};
use super::canonical::{self, BodyHash, Form};
pub use super::claims::Role;
use super::claims::{Claims, Judged, claims, describe, identity, permanent, signature_value};
use super::header::{Field, Message, Name};
use super::records::{Answer, Kind, Records, Reply, Source};
use super::tags::{Tags, base64, items};
use super::verdict::{Basis, Dkim, Signature, Word};
use model::{Text, Time};

/// Signatures looked at; the rest are counted. RFC 6376 6.1 leaves the bound to the verifier; ordinary mail has one to
/// four.
pub const MAX_SIGNATURES: usize = 16;
/// Ways in which the body is hashed, at most; each is a walk through it.
const MAX_BODY_HASHES: usize = 8;
/// Keys tried for one signature: a selector may have had several about that day.
const MAX_KEYS: usize = 4;
/// Fields of which there is one, and that say what is shown, to whom and of when.
const SHOWN: [&str; 9] =
    ["from", "to", "cc", "subject", "date", "reply-to", "content-type", "content-transfer-encoding", "mime-version"];
/// How far clocks may differ.
const CLOCK_SECONDS: i64 = 3600;

/// What all signatures of a message are verified with.
pub struct Verifier<'a> {
    /// The message.
    pub message: &'a Message<'a>,
    /// What is known of the DNS.
    pub records: &'a dyn Records,
    /// When it was received.
    pub at: Option<Time>,
    bodies: Vec<(Form, &'static str, Option<u64>, BodyHash)>,
    buffer: Vec<u8>,
}

impl<'a> Verifier<'a> {
    /// For a message as of a time.
    pub fn new(message: &'a Message<'a>, records: &'a dyn Records, at: Option<Time>) -> Verifier<'a> {
        Verifier { message, records, at, bodies: Vec::new(), buffer: Vec::with_capacity(1024) }
    }

    /// The header bytes in the form in which the signature judged last covers them.
    pub fn covered(&self) -> &[u8] {
        &self.buffer
    }

    /// Judges all `DKIM-Signature` fields.
    pub fn all(&mut self) -> Dkim {
        let message = self.message;
        let mut fields = message.named("dkim-signature").map(|(_, f)| f);
        let signatures: Vec<Signature> =
            fields.by_ref().take(MAX_SIGNATURES).map(|f| self.signature(f, Role::Dkim, &[])).collect();
        let ignored = fields.count() as u64;
        let (mut result, mut reason) = summary(&signatures, ignored);
        if message.too_many && result != Word::Pass {
            result = Word::Unchecked;
            reason = Text::new(
                "could not be checked: the message has more than 10,000 header fields",
                "n’a pas pu être vérifié : le message a plus de 10 000 champs d’en-tête",
            );
        }
        Dkim { result, signatures, ignored, reason }
    }

    /// Whether a signature has the tags it must have, in the form they must have.
    pub fn well_formed(&self, field: &Field, role: Role) -> Result<(), Text> {
        let tags = Tags::parse(self.message.value(field)).map_err(malformed)?;
        claims(&tags, role).map(drop).map_err(|judged| judged.1)
    }

    /// A signature as it describes itself, not looked into.
    pub fn unjudged(&self, field: &Field) -> Signature {
        Signature { reason: Text::new("not looked at", "non examinée"), ..self.described(field) }
    }

    fn described(&self, field: &Field) -> Signature {
        let mut verdict = Signature {
            result: Word::Unchecked,
            domain: String::new(),
            selector: String::new(),
            identity: None,
            algorithm: String::new(),
            bits: None,
            signed: None,
            expires: None,
            body: None,
            unsigned: 0,
            limited: false,
            covers: Vec::new(),
            repeated: Vec::new(),
            testing: false,
            reason: Text::new("", ""),
            basis: Basis::default(),
        };
        if let Ok(tags) = Tags::parse(self.message.value(field)) {
            describe(&tags, &mut verdict);
        }
        verdict
    }

    /// Judges one signature. A seal covers the fields given, in that order; the others what their `h=` says.
    pub fn signature(&mut self, field: &Field, role: Role, sealed: &[&Field]) -> Signature {
        let value = self.message.value(field);
        let mut verdict = self.described(field);
        let judged = match Tags::parse(value) {
            Err(what) => Judged(Word::Permerror, malformed(what)),
            Ok(tags) => self.judge(&tags, field, role, sealed, &mut verdict).unwrap_or_else(|judged| judged),
        };
        (verdict.result, verdict.reason) = (judged.0, judged.1);
        verdict
    }

    fn judge(
        &mut self,
        tags: &Tags,
        field: &Field,
        role: Role,
        sealed: &[&Field],
        verdict: &mut Signature,
    ) -> Result<Judged, Judged> {
        let claims = claims(tags, role)?;
        verdict.covers = claims.covered.iter().map(|n| String::from_utf8_lossy(n).to_ascii_lowercase()).collect();
        verdict.limited = claims.limit.is_some();
        self.in_time(verdict)?;
        if role != Role::Seal {
            self.body_holds(&claims, verdict)?;
        }
        verdict.repeated = self.cover(&claims, field, role, sealed);
        self.try_keys(tags, &claims, role, verdict)?;
        if verdict.repeated.iter().any(|name| name == "from") {
            return Err(Judged(
                Word::Policy,
                Text::new(
                    "the signature matches, but the message has another From that it does not cover",
                    "la signature correspond, mais le message a un autre champ From qu’elle ne couvre pas",
                ),
            ));
        }
        Ok(self.passed(verdict))
    }

    fn passed(&self, verdict: &Signature) -> Judged {
        let domain = &verdict.domain;
        let (mut en, mut fr) = (format!("signed by {domain}"), format!("signé par {domain}"));
        if verdict.unsigned > 0 {
            en += &format!(", but the last {} bytes of the body are not covered", verdict.unsigned);
            fr += &format!(", mais les {} derniers octets du corps ne sont pas couverts", verdict.unsigned);
        }
        if verdict.testing {
            en += ", which says that it is only testing";
            fr += ", qui dit n’être qu’en essai";
        }
        if verdict.expires.is_some() && self.at.is_none() {
            en += "; whether in time is not known, as the receipt has no date";
            fr += " ; on ignore si elle était encore valable, la réception n’étant pas datée";
        }
        if let Some((_, t)) = self.at.zip(verdict.signed).filter(|(at, t)| t.since(*at) > 86_400) {
            en += &format!("; it claims to be of {t}, after the receipt");
            fr += &format!(" ; elle se dit du {t}, après la réception");
        }
        if let Some(far) = verdict.basis.records.last().filter(|s| !s.is_near()) {
            let days = far.days.unwrap_or_default().unsigned_abs();
            en += &format!("; its key was seen {days} days away from the receipt");
            fr += &format!(" ; sa clé a été vue à {days} jours de la réception");
        }
        Judged(Word::Pass, Text::new(en, fr))
    }

    /// `x=`, at the time of receipt.
    fn in_time(&self, verdict: &Signature) -> Result<(), Judged> {
        let (Some(x), t) = (verdict.expires, verdict.signed) else { return Ok(()) };
        if t.is_some_and(|t| x < t) {
            return Err(permanent(
                "the signature expires before it was made",
                "la signature expire avant d’avoir été faite",
            ));
        }
        if self.at.is_some_and(|at| at.since(x) > CLOCK_SECONDS) {
            return Err(Judged(
                Word::Policy,
                Text::new(
                    format!("the signature had expired by the receipt: {x}"),
                    format!("la signature avait expiré à la réception : {x}"),
                ),
            ));
        }
        Ok(())
    }

    fn body_holds(&mut self, claims: &Claims, verdict: &mut Signature) -> Result<(), Judged> {
        let (form, name, limit) = (claims.body, claims.algorithm.hash(), claims.limit);
        let known = self.bodies.iter().find(|b| (b.0, b.1, b.2) == (form, name, limit)).map(|b| b.3);
        let hash = match known {
            Some(hash) => hash,
            None if self.bodies.len() == MAX_BODY_HASHES => {
                return Err(Judged(
                    Word::Unchecked,
                    Text::new(
                        "not checked: the signatures ask for too many ways to hash the body",
                        "non vérifié : les signatures demandent trop de condensés du corps",
                    ),
                ));
            }
            None => {
                let hash = canonical::body(claims.algorithm.digest(), form, self.message.body(), limit);
                self.bodies.push((form, name, limit, hash));
                hash
            }
        };
        if claims.limit.is_some_and(|l| l > hash.length) {
            verdict.body = Some(false);
            return Err(Judged(
                Word::Fail,
                Text::new(
                    "the body is shorter than what was signed (`l=`)",
                    "le corps est plus court que ce qui a été signé (`l=`)",
                ),
            ));
        }
        verdict.unsigned = claims.limit.map_or(0, |l| hash.length - l);
        let same = hash.digest.as_ref() == claims.body_hash;
        verdict.body = Some(same);
        if same {
            return Ok(());
        }
        Err(Judged(
            Word::Fail,
            Text::new("the body is not the one that was signed", "le corps n’est pas celui qui a été signé"),
        ))
    }

    /// Writes the bytes that are signed into the buffer. Gives the names of covered fields that stand in the header once
    /// more, uncovered: such a message may show one author and be signed for another (RFC 6376 8.15).
    fn cover(&mut self, claims: &Claims, own: &Field, role: Role, sealed: &[&Field]) -> Vec<String> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let mut add = |field: &Field| {
            canonical::field(&mut buffer, claims.header, self.message, field, None);
            buffer.extend_from_slice(b"\r\n");
        };
        let mut uncovered = Vec::new();
        if role == Role::Seal {
            sealed.iter().for_each(|f| add(f));
        } else {
            // A name listed several times means that many fields, from the bottom up; those that do not exist are
            // nothing (RFC 6376 5.4.2).
            let mut below: Vec<(Name, usize)> = Vec::with_capacity(claims.covered.len());
            for name in &claims.covered {
                let name = Name::new(name);
                let known = below.iter().position(|(n, _)| n.same(&name)).unwrap_or_else(|| {
                    below.push((name, self.message.fields.len()));
                    below.len() - 1
                });
                let Some((name, from)) = below.get_mut(known) else { continue };
                let found = self.message.fields[..*from].iter().rposition(|f| self.message.is(f, name));
                *from = found.unwrap_or(0);
                if let Some(n) = found {
                    add(&self.message.fields[n]);
                }
            }
            for name in SHOWN {
                let field = Name::new(name.as_bytes());
                let left = below.iter().find(|(n, _)| n.same(&field)).map_or(0, |(_, n)| *n);
                if self.message.fields[..left].iter().any(|f| self.message.is(f, &field)) {
                    uncovered.push(name.to_string());
                }
            }
        }
        let cut = signature_value(self.message.value(own));
        canonical::field(&mut buffer, claims.header, self.message, own, cut);
        // Its own field ends the input, without white space after the empty `b=` in the relaxed form and without CRLF.
        self.buffer = buffer;
        uncovered
    }

    /// Looks for a key that the signature is by.
    fn try_keys(&self, tags: &Tags, claims: &Claims, role: Role, verdict: &mut Signature) -> Result<(), Judged> {
        let mut name = format!("{}._domainkey.{}", verdict.selector, verdict.domain);
        name.make_ascii_lowercase();
        // A key is the one of the day it was signed or received, whichever is nearer to what is known.
        let at = self.at.or(verdict.signed);
        let replies = self.records.replies(&name, Kind::Txt, at);
        if replies.is_empty() {
            return Err(Judged(
                Word::Unchecked,
                Text::new(
                    format!("could not be checked: the key {name} is not known here"),
                    format!("n’a pas pu être vérifié : la clé {name} n’est pas connue ici"),
                ),
            ));
        }
        let absent = || permanent("the key it names does not exist", "la clé qu’elle nomme n’existe pas");
        let (mut first, mut tried) = (None, 0);
        for reply in &replies {
            let source = source(&name, reply, at, verdict.signed);
            let near = source.is_near();
            let outcome = match reply.answer {
                Answer::Failed => Err(Judged(
                    Word::Temperror,
                    Text::new(
                        format!("the servers of {} did not answer", verdict.domain),
                        format!("les serveurs de {} n’ont pas répondu", verdict.domain),
                    ),
                )),
                Answer::Nothing => Err(absent()),
                Answer::Found(texts) => {
                    let mut worst = None;
                    let fits = texts.iter().take(MAX_KEYS.saturating_sub(tried)).any(|text| {
                        tried += 1;
                        match self.try_key(text.as_bytes(), tags, claims, role, verdict) {
                            Ok(()) => true,
                            Err(judged) => {
                                worst.get_or_insert(judged);
                                false
                            }
                        }
                    });
                    if fits { Ok(()) } else { Err(worst.unwrap_or_else(absent)) }
                }
            };
            match outcome {
                Ok(()) => {
                    verdict.basis.records.push(source);
                    return Ok(());
                }
                // A far answer may be another key than the one of the day.
                Err(Judged(Word::Fail | Word::Permerror, _)) if !near => {
                    let days = source.days.unwrap_or_default().unsigned_abs();
                    let reason = Text::new(
                        format!(
                            "could not be checked: the only answer about its key was seen {days} days away from the receipt"
                        ),
                        format!(
                            "n’a pas pu être vérifié : la seule réponse sur sa clé date de {days} jours de la réception"
                        ),
                    );
                    first.get_or_insert((Judged(Word::Unchecked, reason), source));
                }
                Err(judged) => {
                    first.get_or_insert((judged, source));
                }
            }
        }
        let (judged, source) =
            first.expect("there was at least one reply, and each that does not return is remembered");
        verdict.basis.records.push(source);
        Err(judged)
    }

    /// One key record: whether it may be used, and whether the signature is by it.
    fn try_key(
        &self,
        record: &[u8],
        tags: &Tags,
        claims: &Claims,
        role: Role,
        verdict: &mut Signature,
    ) -> Result<(), Judged> {
        let malformed = || permanent("the key it names is malformed", "la clé qu’elle nomme est mal formée");
        let key = Tags::parse(record).map_err(|_| malformed())?;
        if let Some(version) = key.get("v")
            && (version != b"DKIM1" || key.first().is_none_or(|(n, _)| n != b"v"))
        {
            return Err(malformed());
        }
        let material = key.get("p").ok_or_else(malformed)?;
        if material.is_empty() {
            return Err(permanent("its key has been revoked", "sa clé a été révoquée"));
        }
        let algorithm = claims.algorithm;
        if key.get("k").unwrap_or(b"rsa") != algorithm.key_type().as_bytes() {
            return Err(permanent("its key is of another type", "sa clé est d’un autre type"));
        }
        if key.get("h").is_some_and(|h| !items(h).any(|i| i == algorithm.hash().as_bytes())) {
            return Err(permanent("its key does not allow this hash", "sa clé n’admet pas ce condensé"));
        }
        if key.get("s").is_some_and(|s| !items(s).any(|i| i == b"*" || i == b"email")) {
            return Err(permanent("its key is not for mail", "sa clé n’est pas destinée au courrier"));
        }
        let flag = |f: &[u8]| key.get("t").is_some_and(|t| items(t).any(|i| i == f));
        if role == Role::Dkim && flag(b"s") {
            let under = |i: &[u8]| i.rsplit(|b| *b == b'@').next().map(<[u8]>::to_ascii_lowercase);
            let identity = identity(tags).and_then(|i| under(&i));
            if identity.is_some_and(|i| i != verdict.domain.as_bytes()) {
                return Err(permanent(
                    "its key may not sign for subdomains",
                    "sa clé ne peut pas signer pour des sous-domaines",
                ));
            }
        }
        let bytes = base64(material, MAX_BYTES).ok_or_else(malformed)?;
        let public = PublicKey::parse(&bytes, algorithm).ok_or_else(malformed)?;
        let bits = public.bits();
        verdict.bits = Some(bits);
        verdict.testing = flag(b"y");
        if algorithm != Algorithm::Ed25519 && !(1024..=8192).contains(&bits) {
            return Err(Judged(
                Word::Policy,
                Text::new(
                    format!(
                        "its key of {bits} bits is not acceptable: less than 1024 prove nothing, more than 8192 are not verified"
                    ),
                    format!(
                        "sa clé de {bits} bits n’est pas recevable : moins de 1024 ne prouvent rien, plus de 8192 ne sont pas vérifiés"
                    ),
                ),
            ));
        }
        if !public.verifies(algorithm, &self.buffer, &claims.signature) {
            return Err(Judged(
                Word::Fail,
                Text::new(
                    "the signature does not match: header fields were changed, or it is not by this key",
                    "la signature ne correspond pas : l’en-tête a été modifié, ou elle n’est pas de cette clé",
                ),
            ));
        }
        if algorithm == Algorithm::RsaSha1 {
            return Err(Judged(
                Word::Policy,
                Text::new(
                    "the signature matches, but SHA-1 is no longer acceptable (RFC 8301)",
                    "la signature correspond, mais SHA-1 n’est plus recevable (RFC 8301)",
                ),
            ));
        }
        Ok(())
    }
}

/// The word for all signatures. What could not be checked might have passed: it stands before what failed.
pub fn summary(signatures: &[Signature], ignored: u64) -> (Word, Text) {
    const ORDER: [Word; 7] =
        [Word::Pass, Word::Unchecked, Word::Temperror, Word::Policy, Word::Fail, Word::Neutral, Word::Permerror];
    match ORDER.into_iter().find_map(|w| signatures.iter().find(|s| s.result == w)) {
        Some(s) if ignored > 0 && s.result != Word::Pass => (
            Word::Unchecked,
            Text::new(
                format!("none of the first {MAX_SIGNATURES} signatures verifies; {ignored} more were not looked at"),
                format!(
                    "aucune des {MAX_SIGNATURES} premières signatures n’est valable ; {ignored} autres n’ont pas été examinées"
                ),
            ),
        ),
        Some(s) => (s.result, s.reason.clone()),
        None => (Word::None, Text::new("the message is not signed", "le message n’est pas signé")),
    }
}

/// The source of a key, its distance counted from the receipt or from the signing, whichever is nearer.
fn source(name: &str, reply: &Reply, at: Option<Time>, signed: Option<Time>) -> Source {
    let mut source = Source::new(name, Kind::Txt, reply, at);
    let other = reply.seen.zip(signed).map(|(seen, t)| seen.since(t) / 86_400);
    if other.is_some_and(|o| source.days.is_none_or(|d| o.unsigned_abs() < d.unsigned_abs())) {
        source.days = other;
    }
    source
}

fn malformed(what: &str) -> Text {
    Text::new(format!("the signature is malformed: {what}"), format!("la signature est mal formée ({what})"))
}
