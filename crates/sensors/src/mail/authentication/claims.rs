//! What a signature says of itself (RFC 6376 3.5, RFC 8617 4.1): the tags it must have, in the form they must have, and
//! where in its field the signature's own value stands. Nothing is verified here.

use super::arithmetic::{Algorithm, MAX_BYTES};
use super::canonical::Form;
use super::tags::{Tags, base64, items};
use super::verdict::{Signature, Word};
use model::{Text, Time};
use std::borrow::Cow;

/// Header fields one signature may cover.
const MAX_COVERED: usize = 512;
/// Bytes shown of a domain, selector or identity.
const MAX_SHOWN: usize = 255;

/// What is signed: the message's own signature, one in an ARC set, or an ARC seal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// `DKIM-Signature`.
    Dkim,
    /// `ARC-Message-Signature`.
    Message,
    /// `ARC-Seal`.
    Seal,
}

/// A result before it has a verdict to stand in.
pub struct Judged(pub Word, pub Text);

/// A signature that can never verify.
pub fn permanent(en: &str, fr: &str) -> Judged {
    Judged(Word::Permerror, Text::new(en, fr))
}

/// What a signature says of itself, checked.
pub struct Claims<'t> {
    /// `a=`.
    pub algorithm: Algorithm,
    /// `c=`, of the header.
    pub header: Form,
    /// `c=`, of the body.
    pub body: Form,
    /// `l=`.
    pub limit: Option<u64>,
    /// `h=`.
    pub covered: Vec<&'t [u8]>,
    /// `bh=`.
    pub body_hash: Vec<u8>,
    /// `b=`.
    pub signature: Vec<u8>,
}

fn shown(value: &[u8]) -> String {
    String::from_utf8_lossy(&value[..value.len().min(MAX_SHOWN)]).into_owned()
}

/// What a signature says of itself, whether or not it can be checked.
pub fn describe(tags: &Tags, verdict: &mut Signature) {
    let text = |name| tags.get(name).map(shown).unwrap_or_default();
    verdict.domain = text("d").to_lowercase();
    verdict.selector = text("s");
    verdict.algorithm = text("a");
    verdict.identity = identity(tags).map(|i| shown(&i));
    let time = |name| {
        let seconds = tags.number(name).ok().flatten()?;
        // Instants that no calendar has are no claim worth showing.
        i64::try_from(seconds).ok().filter(|s| *s < 1 << 37).map(Time::from_seconds)
    };
    verdict.signed = time("t");
    verdict.expires = time("x");
}

/// The tags that a signature must have, in the form they must have.
pub fn claims<'t>(tags: &Tags<'t>, role: Role) -> Result<Claims<'t>, Judged> {
    let missing = |name: &str| {
        Judged(
            Word::Permerror,
            Text::new(
                format!("the signature has no usable `{name}=`"),
                format!("la signature n’a pas de `{name}=` utilisable"),
            ),
        )
    };
    let needed = |name| tags.get(name).filter(|v| !v.is_empty()).ok_or_else(|| missing(name));
    match tags.get("v") {
        Some(b"1") => {}
        None if role != Role::Dkim => {}
        _ => return Err(missing("v")),
    }
    let algorithm = Algorithm::named(needed("a")?).ok_or_else(|| missing("a"))?;
    let domain = needed("d")?;
    if !is_domain(domain) {
        return Err(missing("d"));
    }
    if !is_domain(needed("s")?) {
        return Err(missing("s"));
    }
    if role == Role::Dkim && identity(tags).is_some_and(|i| !is_under(&i, domain)) {
        return Err(permanent(
            "the signature speaks for an address outside its domain",
            "la signature parle pour une adresse hors de son domaine",
        ));
    }
    if tags.get("q").is_some_and(|q| !items(q).any(|i| i == b"dns/txt")) {
        return Err(missing("q"));
    }
    for name in ["t", "x", "l"] {
        tags.number(name).map_err(|_| missing(name))?;
    }
    let signature = base64(needed("b")?, MAX_BYTES).filter(|b| !b.is_empty()).ok_or_else(|| missing("b"))?;
    if role == Role::Seal {
        return Ok(Claims {
            algorithm,
            header: Form::Relaxed,
            body: Form::Relaxed,
            limit: None,
            covered: Vec::new(),
            body_hash: Vec::new(),
            signature,
        });
    }
    let (header, body) = Form::pair(tags.get("c")).ok_or_else(|| missing("c"))?;
    // ARC's own tests accept a message signature that covers no field; its verdict says so.
    let list = tags.get("h").filter(|h| !h.is_empty() || role == Role::Message).ok_or_else(|| missing("h"))?;
    let covered: Vec<&[u8]> = items(list).filter(|n| !n.is_empty()).take(MAX_COVERED + 1).collect();
    if covered.len() > MAX_COVERED {
        return Err(permanent("the signature covers too many fields", "la signature couvre trop de champs"));
    }
    if role == Role::Dkim && !covered.iter().any(|n| n.eq_ignore_ascii_case(b"from")) {
        return Err(permanent("the signature does not cover From", "la signature ne couvre pas From"));
    }
    if role == Role::Message && covered.iter().any(|n| n.eq_ignore_ascii_case(b"arc-seal")) {
        return Err(permanent("the signature covers ARC-Seal", "la signature couvre ARC-Seal"));
    }
    let body_hash = base64(needed("bh")?, 64).ok_or_else(|| missing("bh"))?;
    Ok(Claims { algorithm, header, body, limit: tags.number("l").unwrap_or(None), covered, body_hash, signature })
}

/// Whether a text may be a domain or a selector: nothing but what names are made of. Names in UTF-8 (RFC 8616) pass.
fn is_domain(name: &[u8]) -> bool {
    name.len() <= MAX_SHOWN && name.iter().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(b) || !b.is_ascii())
}

/// `i=`, its quoted characters (`=2E`) decoded and white space left out (RFC 6376 2.11).
pub fn identity<'t>(tags: &Tags<'t>) -> Option<Cow<'t, [u8]>> {
    let value = tags.get("i")?;
    if !value.iter().any(|b| *b == b'=' || b.is_ascii_whitespace()) {
        return Some(Cow::Borrowed(value));
    }
    let digit = |b: u8| char::from(b).to_digit(16).filter(|_| !b.is_ascii_lowercase()).map(|d| d as u8);
    let (mut decoded, mut rest) = (Vec::with_capacity(value.len()), value);
    while let [first, tail @ ..] = rest {
        let quoted = match rest {
            [b'=', high, low, tail @ ..] => digit(*high).zip(digit(*low)).map(|(h, l)| (h << 4 | l, tail)),
            _ => None,
        };
        let (byte, tail) = quoted.unwrap_or((*first, tail));
        if quoted.is_some() || !first.is_ascii_whitespace() {
            decoded.push(byte);
        }
        rest = tail;
    }
    Some(Cow::Owned(decoded))
}

/// Whether `i=` lies in the domain of `d=` or under it.
fn is_under(identity: &[u8], domain: &[u8]) -> bool {
    let Some(cut) = identity.len().checked_sub(domain.len()) else { return false };
    identity[cut..].eq_ignore_ascii_case(domain) && matches!(identity[..cut].last(), Some(b'@' | b'.'))
}

/// Where the value of `b=` stands in a field's value, white space around it included: it is signed as if empty.
pub fn signature_value(value: &[u8]) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    for spec in value.split(|b| *b == b';') {
        if let Some(equals) = memchr::memchr(b'=', spec)
            && spec[..equals].trim_ascii() == b"b"
        {
            return Some(at + equals + 1..at + spec.len());
        }
        at += spec.len() + 1;
    }
    None
}
