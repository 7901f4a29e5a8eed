//! What the DNS says of a site and of its mail: who may make its certificates, whether its answers are signed, who may write in
//! its name, how its mail is guarded on the way.
//!
//! You may rely on: pure; what a resolver could not say is *not known*, never *absent*, and told as such ([`unjudged`]); DNSSEC
//! is broken only where a resolver refuses an answer and gives it as soon as it need not check it. Left out: checking signatures
//! of DNSSEC ourselves (`authentic` is the resolver's word), macros of SPF, the policy file of MTA-STS (it stands on another host, which nobody
//! named).

mod spf;

use crate::privacy::Finding;
use crate::tests::registrable;
use model::{Severity, Text};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A name and a kind of record.
pub type Question = (String, &'static str);

/// What a resolver said.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reply {
    /// It could say it.
    pub is_known: bool,
    /// Values.
    pub answers: Vec<String>,
    /// Other names on the way to them.
    pub aliases: Vec<String>,
    /// It says that DNSSEC vouches for them.
    pub authentic: bool,
    /// It refused them, and gave them as soon as it was told not to check signatures.
    pub is_bogus: bool,
}

/// All replies.
pub type Replies = BTreeMap<(String, String), Reply>;

/// Names that are asked for because others name them.
const FOLLOWED: usize = 60;

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Posture {
    /// The domain mail is written from.
    pub domain: String,
    /// The site's addresses.
    pub addresses: Vec<String>,
    /// It can be reached over IPv6; none: not known.
    pub ipv6: Option<bool>,
    /// `signed`, `signed, not checked by this resolver`, `unsigned`, `broken`; none: not known.
    pub dnssec: Option<&'static str>,
    /// Who may make certificates; none: not known.
    pub caa: Option<Vec<String>>,
    /// Mail exchangers.
    pub mx: Option<Vec<String>>,
    /// The SPF record.
    pub spf: Option<String>,
    /// Lookups that SPF asks for; where it is among `not_known`, those that are known of.
    pub spf_lookups: usize,
    /// Selectors of DKIM that have a key, of those known.
    pub dkim: Vec<String>,
    /// The DMARC record.
    pub dmarc: Option<String>,
    /// Its policy.
    pub dmarc_policy: Option<String>,
    /// The record of MTA-STS.
    pub mta_sts: Option<String>,
    /// The record of TLS reports.
    pub tls_rpt: Option<String>,
    /// Certificates of mail exchangers, by DANE.
    pub dane: Vec<String>,
    /// What the resolver could not say, so that nothing is told of it: `ipv6`, `dnssec`, `caa`, `mx`, `spf`, `dmarc`, `dkim`,
    /// `mta-sts`, `tls-rpt`, `dane`.
    pub not_known: BTreeSet<&'static str>,
}

/// Findings about which nothing could be said, by what the resolver could not say.
#[must_use]
pub fn unjudged(posture: &Posture) -> Vec<&'static str> {
    HANG.iter().filter(|h| posture.not_known.contains(h.0)).flat_map(|h| h.1).copied().collect()
}

/// All findings about which nothing can be said where the DNS is not asked.
#[must_use]
pub fn all() -> Vec<&'static str> {
    HANG.iter().flat_map(|h| h.1).copied().chain(["cloaked-tracker"]).collect()
}

/// What hangs on what a resolver says.
const HANG: [(&str, &[&str]); 10] = [
    ("ipv6", &["dns-no-ipv6"]),
    ("dnssec", &["dns-not-signed", "dns-broken-dnssec"]),
    ("caa", &["dns-no-caa"]),
    ("mx", &["mail-no-mta-sts", "mail-no-tls-rpt", "mail-dane-unsigned", "mail-dkim-not-found"]),
    ("spf", &["mail-no-spf", "mail-spf-allows-all", "mail-spf-neutral", "mail-spf-invalid"]),
    ("dmarc", &["mail-no-dmarc", "mail-dmarc-invalid", "mail-dmarc-none", "mail-dmarc-part", "mail-dmarc-unread"]),
    ("dkim", &["mail-dkim-weak-key", "mail-dkim-testing", "mail-dkim-not-found"]),
    ("mta-sts", &["mail-no-mta-sts"]),
    ("tls-rpt", &["mail-no-tls-rpt"]),
    ("dane", &["mail-dane-unsigned", "mail-no-mta-sts"]),
];

/// The domain that mail is written from.
fn domain(host: &str) -> String {
    registrable(host).unwrap_or_else(|| host.to_string())
}

/// What is asked first. `selectors` are names that DKIM keys often have.
#[must_use]
pub fn questions(host: &str, selectors: &[String]) -> Vec<Question> {
    let domain = domain(host);
    let mut all: Vec<Question> = vec![(host.into(), "A"), (host.into(), "AAAA"), (domain.clone(), "DS")];
    let mut name = host;
    loop {
        all.push((name.into(), "CAA"));
        match name.split_once('.') {
            Some((_, parent)) if name != domain => name = parent,
            _ => break,
        }
    }
    all.extend([(domain.clone(), "MX"), (domain.clone(), "TXT")]);
    all.extend(["_dmarc", "_mta-sts", "_smtp._tls"].map(|p| (format!("{p}.{domain}"), "TXT")));
    all.extend(selectors.iter().map(|s| (format!("{s}._domainkey.{domain}"), "TXT")));
    all.sort();
    all.dedup();
    all
}

/// The replies that say something.
pub struct Said<'r>(&'r Replies);

impl<'r> Said<'r> {
    fn of(&self, name: &str, kind: &str) -> Option<&'r Reply> {
        self.0.get(&(name.to_string(), kind.to_string())).filter(|r| r.is_known)
    }

    fn texts(&self, name: &str, begins: &str) -> Option<Vec<&'r str>> {
        let ends = |t: &str| !t[begins.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
        let fits = |t: &&str| t.get(..begins.len()).is_some_and(|b| b.eq_ignore_ascii_case(begins)) && ends(t);
        Some(self.of(name, "TXT")?.answers.iter().map(String::as_str).filter(fits).collect())
    }
}

fn exchangers(reply: &Reply) -> Vec<&str> {
    reply.answers.iter().filter_map(|a| a.split_once(' ')).map(|(_, n)| n).filter(|n| *n != ".").collect()
}

/// What is asked because of what was answered; empty where nothing is left.
#[must_use]
pub fn follow(host: &str, replies: &Replies) -> Vec<Question> {
    let (said, domain) = (Said(replies), domain(host));
    let mut all = BTreeSet::new();
    if let Some(mx) = said.of(&domain, "MX") {
        for name in exchangers(mx).into_iter().take(10) {
            all.insert((format!("_25._tcp.{name}"), "TLSA"));
        }
    }
    let mut names = BTreeSet::from([domain]);
    let mut next: Vec<String> = names.iter().cloned().collect();
    while let Some(name) = next.pop() {
        for record in said.texts(&name, "v=spf1").into_iter().flatten() {
            for (value, kind) in spf::named(record, &name) {
                if kind != "TXT" {
                    all.insert((value, kind));
                } else if names.len() < FOLLOWED && names.insert(value.clone()) {
                    all.insert((value.clone(), kind));
                    next.push(value);
                }
            }
        }
    }
    all.into_iter()
        .filter(|(name, kind)| !replies.contains_key(&(name.clone(), (*kind).to_string())))
        .take(FOLLOWED)
        .collect()
}

/// A tag of a record such as DMARC's.
fn tag<'t>(record: &'t str, name: &str) -> Option<&'t str> {
    let pairs = record.split(';').filter_map(|p| p.split_once('='));
    pairs.map(|(k, v)| (k.trim(), v.trim())).find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v)
}

struct Told {
    found: Vec<Finding>,
}

impl Told {
    fn put(
        &mut self,
        id: &'static str,
        severity: Severity,
        seen: impl Into<String>,
        why: (&str, &str),
        mend: (&str, &str),
    ) {
        let (why, mend) = (Text::new(why.0, why.1), Text::new(mend.0, mend.1));
        self.found.push(Finding { id, severity, seen: seen.into(), why, mend, article: None, points: 0 });
    }
}

/// Puts replies together.
#[must_use]
pub fn judge(host: &str, replies: &Replies, selectors: &[String]) -> (Posture, Vec<Finding>) {
    let (said, domain) = (Said(replies), domain(host));
    let mut told = Told { found: Vec::new() };
    let mut posture = Posture { domain: domain.clone(), ..Posture::default() };
    site(&said, host, &mut posture, &mut told);
    posture.mx = said.of(&domain, "MX").map(|r| exchangers(r).into_iter().map(str::to_string).collect());
    let has_mail = posture.mx.as_ref().is_some_and(|m| !m.is_empty());
    senders(&said, &mut posture, &mut told);
    policy(&said, &mut posture, &mut told);
    keys(&said, selectors, has_mail, &mut posture, &mut told);
    if has_mail {
        way(&said, &mut posture, &mut told);
    }
    let unknown = |what: &'static str, is: bool| is.then_some(what);
    let more = [
        unknown("ipv6", posture.ipv6.is_none()),
        unknown("dnssec", posture.dnssec.is_none()),
        unknown("caa", posture.caa.is_none()),
        unknown("mx", posture.mx.is_none()),
    ];
    posture.not_known.extend(more.into_iter().flatten());
    (posture, told.found)
}

fn site(said: &Said, host: &str, posture: &mut Posture, told: &mut Told) {
    let (four, six) = (said.of(host, "A"), said.of(host, "AAAA"));
    posture.addresses = [four, six].into_iter().flatten().flat_map(|r| r.answers.clone()).collect();
    posture.ipv6 = six.map(|r| !r.answers.is_empty());
    if posture.ipv6 == Some(false) {
        told.put(
            "dns-no-ipv6",
            Severity::Info,
            host,
            (
                "who has IPv6 only comes through a translator, if at all",
                "qui n’a qu’IPv6 passe par un traducteur, s’il passe",
            ),
            (
                "ask the host for an IPv6 address and add an AAAA record",
                "demander une adresse IPv6 à l’hébergeur et ajouter un AAAA",
            ),
        );
    }
    let authentic = four.is_some_and(|r| r.authentic) || six.is_some_and(|r| r.authentic);
    // Silence, or a server that is down, looks the same from here: only what is given unchecked was refused for its signatures.
    let bogus = ["A", "AAAA"].iter().any(|k| said.0.get(&(host.into(), (*k).into())).is_some_and(|r| r.is_bogus));
    let nothing = four.is_none() && six.is_none();
    posture.dnssec =
        said.of(&posture.domain, "DS").and_then(|ds| match (ds.answers.is_empty(), authentic, bogus, nothing) {
            (true, ..) => Some("unsigned"),
            (false, _, true, _) => Some("broken"),
            (false, true, ..) => Some("signed"),
            (false, false, false, true) => None,
            (false, false, false, false) => Some("signed, not checked by this resolver"),
        });
    match posture.dnssec {
        Some("unsigned") => told.put(
            "dns-not-signed",
            Severity::Low,
            posture.domain.clone(),
            (
                "whoever can forge an answer sends visitors and mail elsewhere",
                "qui sait forger une réponse envoie visiteurs et courrier ailleurs",
            ),
            (
                "switch DNSSEC on at the registrar and the name server",
                "activer DNSSEC chez le bureau d’enregistrement et sur le serveur de noms",
            ),
        ),
        Some("broken") => told.put(
            "dns-broken-dnssec",
            Severity::High,
            posture.domain.clone(),
            (
                "for everybody whose resolver checks signatures, the site does not exist",
                "pour tous ceux dont le résolveur vérifie les signatures, le site n’existe pas",
            ),
            (
                "take the DS record out at the registrar, or sign again",
                "retirer le DS chez le bureau d’enregistrement, ou signer de nouveau",
            ),
        ),
        _ => {}
    }
    // The nearest name that has such records speaks for those under it (RFC 8659 3).
    let mut name = host;
    loop {
        // Where one could not be asked, it may have had them.
        posture.caa = said.of(name, "CAA").map(|r| r.answers.clone());
        let Some(reply) = said.of(name, "CAA") else { break };
        match name.split_once('.') {
            Some((_, parent)) if reply.answers.is_empty() && name != posture.domain => name = parent,
            _ => break,
        }
    }
    if posture.caa.as_ref().is_some_and(Vec::is_empty) {
        told.put(
            "dns-no-caa",
            Severity::Low,
            host,
            (
                "any authority may make a certificate for this name, also one that is tricked",
                "toute autorité peut émettre un certificat à ce nom, même abusée",
            ),
            (
                "add: CAA 0 issue \"letsencrypt.org\" (your authority)",
                "ajouter\u{202f}: CAA 0 issue \"letsencrypt.org\" (votre autorité)",
            ),
        );
    }
}

/// Who may send mail.
fn senders(said: &Said, posture: &mut Posture, told: &mut Told) {
    let domain = posture.domain.clone();
    let Some(records) = said.texts(&domain, "v=spf1") else {
        posture.not_known.insert("spf");
        return;
    };
    let mend = (
        "name those who send for you: v=spf1 include:… -all",
        "nommer ceux qui envoient pour vous\u{202f}: v=spf1 include:… -all",
    );
    let anybody = (
        "mail in this domain's name can be sent by anybody",
        "n’importe qui peut envoyer du courrier au nom de ce domaine",
    );
    match records[..] {
        [] => told.put("mail-no-spf", Severity::Medium, domain, anybody, mend),
        [record] => {
            posture.spf = Some(record.to_string());
            let spf = spf::follow(said, &domain, record);
            posture.spf_lookups = spf.lookups;
            if spf.unsure || spf.uncounted && spf.amiss.is_none() {
                posture.not_known.insert("spf");
            }
            match spf.all {
                Some('+') => told.put("mail-spf-allows-all", Severity::High, record, anybody, mend),
                // Receivers that give up do so before they come to its end.
                _ if spf.amiss.is_some() => {}
                None if spf.unsure => {}
                Some('?') | None => told.put("mail-spf-neutral", Severity::Medium, record, anybody, mend),
                _ => {}
            }
            if let Some(amiss) = spf.amiss {
                told.put(
                    "mail-spf-invalid",
                    Severity::Medium,
                    amiss,
                    (
                        "receivers give up on this record, also for honest mail",
                        "les destinataires renoncent à cet enregistrement, même pour le courrier honnête",
                    ),
                    (
                        "take out what is not needed, and write addresses in place of names",
                        "retirer l’inutile, écrire des adresses au lieu de noms",
                    ),
                );
            }
        }
        _ => told.put(
            "mail-spf-invalid",
            Severity::Medium,
            format!("{} SPF records", records.len()),
            (
                "with two records receivers use none",
                "avec deux enregistrements, les destinataires n’en retiennent aucun",
            ),
            ("put them together into one", "les réunir en un seul"),
        ),
    }
}

fn policy(said: &Said, posture: &mut Posture, told: &mut Told) {
    let name = format!("_dmarc.{}", posture.domain);
    let Some(records) = said.texts(&name, "v=DMARC1") else {
        posture.not_known.insert("dmarc");
        return;
    };
    let why = (
        "a mail that only pretends to come from here reaches supporters and press like an honest one",
        "un courriel qui prétend seulement venir d’ici atteint sympathisants et presse comme un vrai",
    );
    let mend = (
        "publish v=DMARC1; p=none; rua=mailto:… , read the reports, then p=quarantine, then p=reject",
        "publier v=DMARC1; p=none; rua=mailto:…, lire les rapports, puis p=quarantine, puis p=reject",
    );
    let [record] = records[..] else {
        let (id, seen) = match records.len() {
            0 => ("mail-no-dmarc", name),
            n => ("mail-dmarc-invalid", format!("{n} DMARC records")),
        };
        told.put(id, Severity::High, seen, why, mend);
        return;
    };
    posture.dmarc = Some(record.to_string());
    let policy = tag(record, "p").map(str::to_ascii_lowercase);
    posture.dmarc_policy.clone_from(&policy);
    match policy.as_deref() {
        Some("reject" | "quarantine") => {}
        Some("none") => told.put("mail-dmarc-none", Severity::Medium, record, why, mend),
        _ => told.put("mail-dmarc-invalid", Severity::High, record, why, mend),
    }
    let strict = matches!(policy.as_deref(), Some("reject" | "quarantine"));
    let part = tag(record, "pct").is_some_and(|p| p.parse::<u32>().is_ok_and(|p| p < 100));
    let below = tag(record, "sp").is_some_and(|p| p.eq_ignore_ascii_case("none"));
    if strict && (part || below) {
        told.put("mail-dmarc-part", Severity::Low, record, why, ("take out pct and sp=none", "retirer pct et sp=none"));
    }
    if tag(record, "rua").is_none() {
        told.put(
            "mail-dmarc-unread",
            Severity::Low,
            record,
            ("who abuses the name is reported to nobody", "les abus du nom ne sont rapportés à personne"),
            (
                "add rua=mailto:… and read the reports (vigie reads them)",
                "ajouter rua=mailto:… et lire les rapports (vigie les lit)",
            ),
        );
    }
}

fn keys(said: &Said, selectors: &[String], has_mail: bool, posture: &mut Posture, told: &mut Told) {
    for selector in selectors {
        let name = format!("{selector}._domainkey.{}", posture.domain);
        let Some(reply) = said.of(&name, "TXT") else {
            posture.not_known.insert("dkim");
            continue;
        };
        let Some(record) = reply.answers.iter().find(|r| tag(r, "p").is_some_and(|p| !p.is_empty())) else { continue };
        posture.dkim.push(selector.clone());
        let length = tag(record, "p").map_or(0, |p| p.bytes().filter(|b| !b.is_ascii_whitespace()).count() * 3 / 4);
        // A key of 1,024 bits is 162 bytes long as it stands there, one of 2,048 bits 294.
        if tag(record, "k").is_none_or(|k| k.eq_ignore_ascii_case("rsa")) && length < 230 {
            told.put(
                "mail-dkim-weak-key",
                if length < 150 { Severity::High } else { Severity::Low },
                format!("{name}: {length} bytes"),
                (
                    "a key this short can be computed, and mail signed in your name",
                    "une clé si courte se calcule, et on signe du courrier en votre nom",
                ),
                (
                    "make a new key of 2048 bits under another selector",
                    "créer une clé de 2048 bits sous un autre sélecteur",
                ),
            );
        }
        if tag(record, "t").is_some_and(|t| t.split(':').any(|f| f.trim() == "y")) {
            told.put(
                "mail-dkim-testing",
                Severity::Low,
                name,
                (
                    "t=y tells receivers to pass over a signature that fails",
                    "t=y dit aux destinataires d’ignorer une signature fausse",
                ),
                ("take t=y out", "retirer t=y"),
            );
        }
    }
    if has_mail && !selectors.is_empty() && !posture.not_known.contains("dkim") && posture.dkim.is_empty() {
        told.put(
            "mail-dkim-not-found",
            Severity::Info,
            posture.domain.clone(),
            (
                "no key under the selectors that are often used; it may have another name",
                "aucune clé sous les sélecteurs usuels\u{202f}; elle peut porter un autre nom",
            ),
            ("sign outgoing mail (DKIM)", "signer le courrier sortant (DKIM)"),
        );
    }
}

/// How mail is guarded on its way.
fn way(said: &Said, posture: &mut Posture, told: &mut Told) {
    let domain = posture.domain.clone();
    for (name, begins, slot) in [
        (format!("_mta-sts.{domain}"), "v=STSv1", &mut posture.mta_sts),
        (format!("_smtp._tls.{domain}"), "v=TLSRPTv1", &mut posture.tls_rpt),
    ] {
        let Some(records) = said.texts(&name, begins) else {
            posture.not_known.insert(if begins == "v=STSv1" { "mta-sts" } else { "tls-rpt" });
            continue;
        };
        *slot = records.first().map(ToString::to_string);
    }
    let mut unsigned = false;
    for name in posture.mx.iter().flatten() {
        let Some(reply) = said.of(&format!("_25._tcp.{name}"), "TLSA") else {
            posture.not_known.insert("dane");
            continue;
        };
        posture.dane.extend(reply.answers.iter().map(|a| format!("{name} {a}")));
        unsigned |= !reply.answers.is_empty() && !reply.authentic;
    }
    if unsigned && posture.dnssec != Some("signed, not checked by this resolver") {
        told.put(
            "mail-dane-unsigned",
            Severity::Low,
            posture.dane.first().cloned().unwrap_or_default(),
            (
                "without DNSSEC nobody may rely on this record (RFC 7672)",
                "sans DNSSEC, nul ne peut se fier à cet enregistrement (RFC 7672)",
            ),
            ("sign the zone, or take the record out", "signer la zone, ou retirer l’enregistrement"),
        );
    }
    let known = !posture.not_known.iter().any(|n| matches!(*n, "mta-sts" | "dane"));
    if known && posture.mta_sts.is_none() && posture.dane.is_empty() {
        told.put(
            "mail-no-mta-sts",
            Severity::Low,
            domain.clone(),
            (
                "whoever stands between two mail servers can have mail sent in clear",
                "qui se tient entre deux serveurs de courrier peut le faire passer en clair",
            ),
            (
                "publish MTA-STS (RFC 8461): a TXT record and /.well-known/mta-sts.txt on mta-sts.…; or DANE with DNSSEC",
                "publier MTA-STS (RFC 8461)\u{202f}: un TXT et /.well-known/mta-sts.txt sur mta-sts.…\u{202f}; ou DANE avec DNSSEC",
            ),
        );
    }
    if said.of(&format!("_smtp._tls.{domain}"), "TXT").is_some() && posture.tls_rpt.is_none() {
        told.put(
            "mail-no-tls-rpt",
            Severity::Info,
            domain,
            (
                "nobody tells you when mail to you could not be encrypted",
                "personne ne vous dit quand le courrier vers vous n’a pu être chiffré",
            ),
            (
                "publish _smtp._tls TXT \"v=TLSRPTv1; rua=mailto:…\" (RFC 8460)",
                "publier _smtp._tls TXT \"v=TLSRPTv1; rua=mailto:…\" (RFC 8460)",
            ),
        );
    }
}
