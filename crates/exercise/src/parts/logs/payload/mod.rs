//! Hostile requests of every web class, as scanners and people send them. Each is put together from parts (statement,
//! encoding, parameter, page), so that no two exercises show the same lines. They are log lines only: hosts are under
//! `.example` and `.test` (RFC 2606), nothing here is sent, and nothing works when copied out.

mod inject;
mod probe;

use super::format::Request;
use super::pages::{TARGETS, about};
use super::vocabulary::Class;
use crate::random::Random;
use model::Outcome;
use std::io::Write;

/// What one attempt keeps from request to request.
pub(crate) struct Tool {
    agent: &'static str,
    encoding: Encoding,
    /// What the site says no with.
    refusal: u16,
    /// Year of the exercise's end: no attack is shown before it was known.
    year: i16,
    /// Where a planted web shell lies.
    shell: u64,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) bytes: u64,
}

/// How parameter values are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// What must be encoded is, a space is `%20`.
    Percent,
    /// The same with `+`, as forms do.
    Form,
    /// Every byte.
    Full,
    /// Percent signs encoded again.
    Double,
    /// Nothing but what would break the request line.
    Bare,
}

const BROWSERS: [&str; 6] = [
    "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:50.0) Gecko/20100101 Firefox/50.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/55.0.2883.87 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:45.0) Gecko/20100101 Firefox/45.0",
    "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)",
    "Mozilla/5.0 (Windows; U; Windows NT 5.1; ru; rv:1.9.2) Gecko/20100115 Firefox/3.6",
    "Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.18",
];

const LIBRARIES: [&str; 7] = [
    "python-requests/2.12.4",
    "curl/7.47.0",
    "Wget/1.17.1 (linux-gnu)",
    "Go-http-client/1.1",
    "libwww-perl/6.15",
    "",
    "Java/1.8.0_111",
];

impl Tool {
    pub(crate) fn new(class: Class, year: i16, random: &mut Random) -> Tool {
        let agent = match class {
            Class::Scanner => random.pick(&probe::SCANNERS),
            Class::SqlInjection if random.chance(0.3) => "sqlmap/1.0.12#stable (http://sqlmap.org)",
            _ if random.chance(0.6) => random.pick(&BROWSERS),
            _ => random.pick(&LIBRARIES),
        };
        let encodings =
            [Encoding::Percent, Encoding::Percent, Encoding::Form, Encoding::Full, Encoding::Double, Encoding::Bare];
        let encoding = encodings[random.below(6) as usize];
        let refusal = if random.chance(0.8) { 403 } else { 400 };
        Tool { agent, encoding, refusal, year, shell: random.bits() }
    }
}

/// Fills in one request of a class and says how the site answers. `success` is set for the requests of a possibly
/// successful attempt that show it.
pub(crate) fn request(
    class: Class,
    outcome: Outcome,
    success: bool,
    tool: &Tool,
    random: &mut Random,
    request: &mut Request,
) -> Answer {
    use Class::*;
    let aimed = loop {
        request.begin("GET", tool.agent);
        let aimed = match class {
            SqlInjection | CrossSiteScripting | PathTraversal | FileInclusion | CommandInjection
            | TemplateInjection | JndiInjection | Shellshock | Deserialization | OpenRedirect => {
                inject::fill(class, tool, random, request)
            }
            _ => probe::fill(class, success, tool, random, request),
        };
        // Without effect is what a page answers as always; what is not there would be a refusal. Every class that may
        // be without effect is aimed at a page in at least one of five draws, so this ends.
        if aimed.is_some() || outcome != Outcome::NoEffect {
            break aimed;
        }
    };
    let bytes = aimed.unwrap_or(0);
    match outcome {
        _ if success => probe::success(class, bytes, random),
        // What comes before a success met the page's usual face, or nothing.
        Outcome::NoEffect | Outcome::MadeUnavailable | Outcome::PossiblySucceeded if bytes > 0 => {
            Answer { status: 200, bytes: about(bytes, random) }
        }
        _ if aimed.is_some() || class == Malformed || class == ProxyAbuse => refused(tool.refusal),
        _ => Answer { status: 404, bytes: about(9_412, random) },
    }
}

fn refused(status: u16) -> Answer {
    Answer { status, bytes: if status == 403 { 209 } else { 226 } }
}

/// Writes some page's path and its parameter up to the value; gives the page's usual size.
fn aim(random: &mut Random, out: &mut Vec<u8>) -> u64 {
    let (path, parameter, bytes, _) = TARGETS[random.below(TARGETS.len() as u64) as usize];
    let _ = write!(out, "{path}?{parameter}=");
    bytes
}

/// Appends a value as the tool writes values.
fn put(out: &mut Vec<u8>, value: &[u8], encoding: Encoding) {
    let percent = if encoding == Encoding::Double { &b"%25"[..] } else { b"%" };
    for &b in value {
        let plain = match encoding {
            Encoding::Full => false,
            Encoding::Bare => b.is_ascii_graphic() && !b"#&%+\"".contains(&b),
            _ => b.is_ascii_alphanumeric() || b"-_.~*()!,/:;".contains(&b),
        };
        match b {
            b' ' if encoding == Encoding::Form => out.push(b'+'),
            _ if plain => out.push(b),
            _ => {
                out.extend_from_slice(percent);
                let hex = b"0123456789ABCDEF";
                out.extend_from_slice(&[hex[usize::from(b >> 4)], hex[usize::from(b & 15)]]);
            }
        }
    }
}

const WORDS: [&str; 16] = [
    "kxqz", "probe", "zxcv", "qwpo", "tmxy", "nvbq", "fgrt", "yhnm", "plok", "wsxc", "rfvt", "ujmi", "edcx", "olpz",
    "aqwz", "bgty",
];

fn word(random: &mut Random) -> &'static str {
    random.pick(&WORDS)
}

/// A password tried at the site's administration: always the same page, as such tools do.
pub(crate) fn login(tool: &Tool, seed: u64, request: &mut Request) {
    request.begin("POST", tool.agent);
    let pages = ["/wp-login.php", "/wp-login.php", "/wp-login.php", "/administrator/index.php", "/user/login"];
    request.target.extend_from_slice(pages[(seed % 5) as usize].as_bytes());
}
