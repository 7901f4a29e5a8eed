//! What an X.509 certificate (RFC 5280) says of names: all DNS names of subjectAltName, the common name, the issuer,
//! the serial number, the time it holds.
//!
//! You may rely on: any bytes are read without panic, without recursion, in linear time; nothing is allocated but what
//! is given out. Left out: signatures, keys, and every other extension; a log has checked the chain, we claim nothing of
//! it. A parser of our own for it is ten lines of DER; the known crates bring fifteen others.

use model::Time;
use serde::Serialize;

/// Names taken of one certificate, at most.
const MOST: usize = 100_000;
const SAN: &[u8] = &[0x55, 0x1d, 0x11];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];

/// What is taken of a certificate.
#[derive(Default, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// DNS names, in order, each once; the common name first if it is none of subjectAltName's.
    pub names: Vec<String>,
    /// The issuer.
    pub issuer: Issuer,
    /// The serial number, in hexadecimal: the same in a precertificate and its certificate.
    pub serial: String,
    /// From when it holds.
    pub not_before: Option<Time>,
    /// Until when.
    pub not_after: Option<Time>,
}

/// Who issued it.
#[derive(Default, Debug, PartialEq, Eq, Serialize)]
pub struct Issuer {
    /// Organisation.
    #[serde(rename = "O", skip_serializing_if = "String::is_empty")]
    pub organisation: String,
    /// Common name.
    #[serde(rename = "CN", skip_serializing_if = "String::is_empty")]
    pub common_name: String,
}

/// The next element of DER: its tag, its content.
fn next<'d>(rest: &mut &'d [u8]) -> Option<(u8, &'d [u8])> {
    let [tag, first, tail @ ..] = *rest else { return None };
    let (length, tail) = match first {
        0..=0x7f => (usize::from(*first), tail),
        0x81..=0x84 => {
            let (digits, tail) = tail.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |n, &b| n << 8 | usize::from(b)), tail)
        }
        _ => return None,
    };
    let (content, after) = tail.split_at_checked(length)?;
    *rest = after;
    Some((*tag, content))
}

fn expect<'d>(rest: &mut &'d [u8], tag: u8) -> Option<&'d [u8]> {
    next(rest).filter(|(t, _)| *t == tag).map(|(_, content)| content)
}

/// Names and texts: what is no ASCII stands as its replacement, so that no name is made that was not there.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The first values of these attributes of a distinguished name.
fn attributes<const N: usize>(mut name: &[u8], wanted: [&[u8]; N]) -> [String; N] {
    let mut found = [const { String::new() }; N];
    while let Some((0x31, mut set)) = next(&mut name) {
        while let Some((0x30, mut pair)) = next(&mut set) {
            let (Some(kind), Some((_, value))) = (expect(&mut pair, 6), next(&mut pair)) else { continue };
            if let Some(n) = wanted.iter().position(|w| *w == kind)
                && found[n].is_empty()
            {
                found[n] = text(value.get(..value.len().min(256)).unwrap_or(&[]));
            }
        }
    }
    found
}

/// UTCTime and GeneralizedTime as RFC 5280 4.1.2.5 allows them.
fn time((tag, content): (u8, &[u8])) -> Option<Time> {
    let digits = std::str::from_utf8(content).ok()?.strip_suffix('Z')?;
    let format = match (tag, digits.len()) {
        (0x17, 12) => format!("{}{digits}", if digits < "5" { "20" } else { "19" }),
        (0x18, 14) => digits.to_string(),
        _ => return None,
    };
    let civil = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", format).ok()?;
    civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp().into())
}

/// Reads a certificate (`whole`) or a TBSCertificate.
pub fn certificate(der: &[u8], whole: bool) -> Option<Certificate> {
    let mut rest = der;
    let mut tbs = expect(&mut rest, 0x30)?;
    if whole {
        tbs = expect(&mut tbs, 0x30)?;
    }
    let mut c = Certificate::default();
    let mut element = next(&mut tbs)?;
    if element.0 == 0xa0 {
        element = next(&mut tbs)?;
    }
    let (2, serial) = element else { return None };
    c.serial = serial.iter().take(64).map(|b| format!("{b:02X}")).collect();
    expect(&mut tbs, 0x30)?;
    let [organisation, common_name] = attributes(expect(&mut tbs, 0x30)?, [ORGANISATION, COMMON_NAME]);
    c.issuer = Issuer { organisation, common_name };
    let mut validity = expect(&mut tbs, 0x30)?;
    c.not_before = next(&mut validity).and_then(time);
    c.not_after = next(&mut validity).and_then(time);
    let [subject] = attributes(expect(&mut tbs, 0x30)?, [COMMON_NAME]);
    expect(&mut tbs, 0x30)?;
    while let Some((tag, content)) = next(&mut tbs) {
        if tag == 0xa3 {
            let mut list = content;
            let mut extensions = expect(&mut list, 0x30)?;
            while let Some((0x30, mut extension)) = next(&mut extensions) {
                if expect(&mut extension, 6) != Some(SAN) {
                    continue;
                }
                // A BOOLEAN may stand before the value: critical.
                let mut value = next(&mut extension);
                if value.is_some_and(|(tag, _)| tag == 1) {
                    value = next(&mut extension);
                }
                let mut names = value.and_then(|(_, mut v)| expect(&mut v, 0x30))?;
                while let Some((tag, name)) = next(&mut names) {
                    if tag == 0x82 && c.names.len() < MOST {
                        c.names.push(text(name));
                    }
                }
            }
        }
    }
    let is_name = subject.contains('.') && !subject.contains(|b: char| b.is_whitespace() || b == '/');
    if is_name && !c.names.iter().any(|n| n.eq_ignore_ascii_case(&subject)) {
        c.names.insert(0, subject);
    }
    Some(c)
}
