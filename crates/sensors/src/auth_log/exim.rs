//! Exim's main log, which is its own file, and the same in syslog.
//!
//! A host's greeting (HELO) is the client's word and stands before the address: in brackets of its own and without a
//! blank, so that the address is the first word that begins with `[`. What follows is trusted no more.

use super::event::{Event, Meaning, Outcome, Purpose, Source, cut};
use super::stamp;

/// A message in syslog, which may bear Exim's own stamp.
pub fn logged(message: &[u8]) -> Meaning<'_> {
    let text = stamp::iso(message).map_or(message, |(_, rest)| rest.trim_ascii_start());
    match parse(text) {
        Meaning::Nothing if !crate::unknown::refuses(text) => Meaning::Ordinary,
        said => said,
    }
}

/// A line after its stamp.
pub fn parse(text: &[u8]) -> Meaning<'_> {
    // With `log_selector = +pid`.
    let text = match text.strip_prefix(b"[") {
        Some(rest) => cut(rest, b"] ").map_or(text, |(_, rest)| rest),
        None => text,
    };
    if let Some((name, rest)) = cut(text, b" authenticator failed for ")
        && !name.contains(&b' ')
    {
        let user = cut(rest, b"(set_id=").map_or(&b""[..], |(_, user)| user.strip_suffix(b")").unwrap_or(user));
        // A fault of the server's own is nobody's wrong password.
        let temporary = memchr::memmem::find(rest, b": 435 ").is_some();
        return match client(rest) {
            _ if temporary => Meaning::Ordinary,
            Some(source) => Meaning::Event(Event::new(Purpose::Smtp, Outcome::Failed, user, source).by("password")),
            None => Meaning::Unclear,
        };
    }
    if is_message(text) {
        // `ID <= SENDER H=HOST (HELO) [ADDRESS] P=esmtpsa A=AUTHENTICATOR:NAME …`: handed in by who is logged in.
        let handed = cut(text, b" <= ").and_then(|(_, rest)| cut(rest, b" H="));
        let named = handed.and_then(|(_, rest)| Some((client(rest)?, cut(rest, b" A=")?.1)));
        let Some((source, rest)) = named else { return Meaning::Ordinary };
        let word = rest.split(|&b| b == b' ').next().unwrap_or(rest);
        let Some((_, user)) = cut(word, b":") else { return Meaning::Ordinary };
        return Meaning::Event(Event::new(Purpose::Smtp, Outcome::Accepted, user, source).by("password"));
    }
    let others: [&[u8]; 9] = [
        b"H=",
        b"SMTP ",
        b"no host name found ",
        b"no IP address found ",
        b"Start queue run",
        b"End queue run",
        b"exim ",
        b"TLS error on connection",
        b"rejected HELO",
    ];
    if others.iter().any(|begin| text.starts_with(begin)) { Meaning::Ordinary } else { Meaning::Nothing }
}

/// The address of `HOST (HELO) [ADDRESS]:PORT`.
fn client(text: &[u8]) -> Option<Source> {
    let word = text.split(|&b| b == b' ').take(4).find(|w| w.starts_with(b"["))?;
    let (address, _) = cut(&word[1..], b"]")?;
    Some(Source::parse(address))
}

/// Whether a line begins with a message's identifier: three words of letters and digits (Exim's manual, 3.4).
fn is_message(text: &[u8]) -> bool {
    let word = text.split(|&b| b == b' ').next().unwrap_or(text);
    let parts: Vec<&[u8]> = word.split(|&b| b == b'-').collect();
    let sound = |p: &&[u8]| p.iter().all(u8::is_ascii_alphanumeric);
    parts.len() == 3
        && parts[0].len() == 6
        && matches!(parts[1].len(), 6 | 11)
        && matches!(parts[2].len(), 2 | 4)
        && parts.iter().all(sound)
}
