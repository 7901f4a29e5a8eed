//! sshd's lines (OpenSSH 3 to 10; `sshd`, `sshd-session`, `sshd-auth`).
//!
//! Names are chosen by the attacker and stand before the address, so lines are read from the right: the address is
//! what stands where sshd ends the line. Only after a certificate's ID, which the attacker also chooses, is there no
//! side to trust; where such a line can be read in two ways, its source is unknown and nobody is blamed.

use super::event::{Event, Meaning, Outcome, Purpose, Source, cut, cut_last, method};
use super::pam;
use model::Address;

/// What a message of sshd says.
pub fn parse(message: &[u8]) -> Meaning<'_> {
    let message = message.strip_prefix(b"error: ").or_else(|| message.strip_prefix(b"fatal: ")).unwrap_or(message);
    match message.first() {
        Some(b'A') => verdict(message, b"Accepted ", Outcome::Accepted),
        Some(b'F') => verdict(message, b"Failed ", Outcome::Failed),
        Some(b'I') => invalid(message),
        Some(b'P') if message.starts_with(b"PAM: ") => pam_error(&message[5..]),
        Some(b'p' | b'P') => match pam::parse(message, Some(Purpose::Ssh)) {
            Meaning::Nothing => probe(message),
            said => said,
        },
        Some(b'm') => exhausted(message),
        Some(b'R') if message.starts_with(b"ROOT LOGIN REFUSED FROM ") => {
            // The refusal of the right password has a line of its own.
            let source = without_port(&message[24..]).map_or(Source::Unknown, Source::parse);
            Meaning::Event(event(Outcome::Echo, b"root", source).by("not_allowed"))
        }
        Some(b'C' | b'D') => ended(message),
        Some(b'B' | b'U' | b'T' | b'M' | b'r' | b'b' | b'd' | b's') => probe(message),
        _ => Meaning::Nothing,
    }
}

fn event(outcome: Outcome, user: &[u8], source: Source) -> Event<'_> {
    Event::new(Purpose::Ssh, outcome, user, source)
}

/// `Accepted|Failed METHOD for [invalid user ]USER from ADDRESS port N[ ssh2[: KEY]]`.
fn verdict<'a>(message: &'a [u8], word: &[u8], outcome: Outcome) -> Meaning<'a> {
    let Some(rest) = message.strip_prefix(word) else { return Meaning::Nothing };
    let Some((how, rest)) = cut(rest, b" for ") else { return Meaning::Unclear };
    let outcome = match how {
        // The question which methods there are, or an empty password (RFC 4252 5.2): told, and no try beside others.
        b"none" if outcome == Outcome::Failed => Outcome::Echo,
        // Where PAM asked, `error: PAM: …` has counted it.
        b"keyboard-interactive/pam" if outcome == Outcome::Failed => Outcome::Echo,
        _ => outcome,
    };
    let (unknown, rest) = match rest.strip_prefix(b"invalid user ").or_else(|| rest.strip_prefix(b"illegal user ")) {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let Some((user, source)) = user_and_source(rest, how, outcome) else { return Meaning::Unclear };
    let mut event = event(outcome, user, source).by(method(how.split(|&b| b == b' ').next().unwrap_or(how)));
    event.invalid = unknown;
    Meaning::Event(event)
}

fn user_and_source<'a>(rest: &'a [u8], how: &[u8], outcome: Outcome) -> Option<(&'a [u8], Source)> {
    let end = |t: &'a [u8]| from_port(t.strip_suffix(b" ssh2").or_else(|| t.strip_suffix(b" ssh1")).unwrap_or(t));
    // Who was accepted has an account: its name is not the attacker's choice, what follows the address may be.
    if outcome == Outcome::Accepted {
        let mut at = 0;
        while let Some(found) = memchr::memmem::find(&rest[at..], b" from ") {
            let (user, tail) = (&rest[..at + found], &rest[at + found + 6..]);
            if let Some(address) = tail.split(|&b| b == b' ').next().and_then(Address::parse)
                && memchr::memmem::find(tail, b" port ").is_some()
            {
                return Some((user, Source::Address(address)));
            }
            at += found + 6;
        }
        return None;
    }
    if !matches!(how, b"publickey" | b"hostbased") {
        return end(rest);
    }
    let Some((head, key)) = cut_last(rest, b" ssh2: ") else { return end(rest) };
    let plain = key.split(|&b| b == b' ').count() <= 2;
    let (user, source) = end(&rest[..head.len() + 5])?;
    if plain || memchr::memmem::find_iter(rest, b" ssh2: ").count() == 1 {
        return Some((user, source));
    }
    Some((user, Source::Unknown))
}

/// `USER from ADDRESS[ port N]`, read from the right.
fn from_port(text: &[u8]) -> Option<(&[u8], Source)> {
    let (user, place) = cut_last(text, b" from ").or_else(|| Some((&b""[..], text.strip_prefix(b"from ")?)))?;
    Some((user, Source::Address(Address::parse(without_port(place)?)?)))
}

/// `ADDRESS[ port N]`.
fn without_port(place: &[u8]) -> Option<&[u8]> {
    match cut(place, b" port ") {
        Some((address, port)) => port.iter().all(u8::is_ascii_digit).then_some(address),
        None => Some(place),
    }
}

/// `Authentication failure for [illegal user ]USER from ADDRESS`: where PAM asks (keyboard-interactive), sshd tells each
/// refusal so, and by `Failed keyboard-interactive/pam` only some of them.
fn pam_error(message: &[u8]) -> Meaning<'_> {
    let Some((_, rest)) = cut(message, b" for ") else { return Meaning::Nothing };
    let known = rest.strip_prefix(b"illegal user ").or_else(|| rest.strip_prefix(b"invalid user "));
    let Some((user, place)) = cut_last(known.unwrap_or(rest), b" from ") else { return Meaning::Nothing };
    let place = without_port(place).unwrap_or(place);
    let mut event = event(Outcome::Failed, user, Source::parse(place)).by("keyboard-interactive/pam");
    event.invalid = known.is_some() || message.starts_with(b"User not known");
    Meaning::Event(event)
}

/// `maximum authentication attempts exceeded for [invalid user ]USER from ADDRESS port N ssh2 [preauth]`: the end of a
/// session, whose tries may have lines of their own.
fn exhausted(message: &[u8]) -> Meaning<'_> {
    let Some(rest) = message.strip_prefix(b"maximum authentication attempts exceeded for ") else {
        return Meaning::Nothing;
    };
    let rest = rest.strip_suffix(b" [preauth]").unwrap_or(rest);
    let known = rest.strip_prefix(b"invalid user ");
    let Some((user, source)) = user_and_source(known.unwrap_or(rest), b"", Outcome::Echo) else {
        return Meaning::Unclear;
    };
    let mut event = event(Outcome::Echo, user, source);
    event.invalid = known.is_some();
    Meaning::Event(event)
}

/// `Invalid user USER from ADDRESS[ port N]`.
fn invalid(message: &[u8]) -> Meaning<'_> {
    let Some(rest) = message.strip_prefix(b"Invalid user ").or_else(|| message.strip_prefix(b"Illegal user ")) else {
        return Meaning::Nothing;
    };
    match from_port(rest) {
        Some((user, source)) => Meaning::Event(event(Outcome::InvalidUser, user, source)),
        None => Meaning::Unclear,
    }
}

/// A session that ended while authenticating (its tries may or may not have lines of their own), or before.
fn ended(message: &[u8]) -> Meaning<'_> {
    let text = message.strip_suffix(b" [preauth]").unwrap_or(message);
    let text = text.strip_suffix(b": Too many authentication failures").unwrap_or(text);
    for how in [&b"Connection closed by "[..], b"Connection reset by ", b"Disconnected from ", b"Disconnecting "] {
        let Some(rest) = text.strip_prefix(how) else { continue };
        for (word, unknown) in [(&b"authenticating user "[..], false), (b"invalid user ", true)] {
            let Some(rest) = rest.strip_prefix(word) else { continue };
            let place = cut_last(rest, b" port ").filter(|(_, port)| port.iter().all(u8::is_ascii_digit));
            let Some((user, address)) = place.and_then(|(left, _)| cut_last(left, b" ")) else {
                return if how == b"Disconnecting " { Meaning::Nothing } else { Meaning::Unclear };
            };
            let Some(address) = Address::parse(address) else { return Meaning::Unclear };
            let mut event = event(Outcome::Echo, user, Source::Address(address));
            event.invalid = unknown;
            return Meaning::Event(event);
        }
        // Without a name it is a connection nobody used, if it was not yet authenticated: newer ones say the port, and
        // the name of who is logged in.
        let newer = matches!(how, b"Connection closed by " | b"Connection reset by ") && cut(rest, b" port ").is_some();
        let before = newer || message.ends_with(b" [preauth]");
        return match without_port(rest).and_then(Address::parse) {
            Some(address) if before => Meaning::Event(event(Outcome::Probe, b"", Source::Address(address))),
            Some(_) => Meaning::Ordinary,
            None => Meaning::Nothing,
        };
    }
    match message.strip_prefix(b"Did not receive identification string from ") {
        Some(place) => probed(without_port(place)),
        None => Meaning::Nothing,
    }
}

/// Connections that never came to a name.
fn probe(message: &[u8]) -> Meaning<'_> {
    let word = |t: &'static [u8]| message.strip_prefix(t).map(|rest| rest.split(|&b| b == b' ').next().unwrap_or(rest));
    if message.starts_with(b"Bad protocol version identification ") {
        return probed(cut_last(message, b" from ").and_then(|(_, place)| without_port(place)));
    }
    if message.starts_with(b"Magic value check failed ") {
        return probed(cut_last(message, b" from ").and_then(|(_, place)| without_port(place)));
    }
    if let Some(rest) = message.strip_prefix(b"refused connect from ") {
        // tcp_wrappers: `NAME (ADDRESS)`; the name is whoever's reverse DNS is.
        let inner = cut_last(rest, b" (").and_then(|(_, t)| t.strip_suffix(b")"));
        return probed(Some(inner.unwrap_or(rest))).map_method("refused");
    }
    if let Some(rest) = message.strip_prefix(b"drop connection #") {
        return probed(cut(rest, b" from [").and_then(|(_, t)| cut(t, b"]:")).map(|(a, _)| a));
    }
    for start in [
        &b"Unable to negotiate with "[..],
        b"Timeout before authentication for ",
        b"banner exchange: Connection from ",
        b"Protocol major versions differ for ",
        b"ssh_dispatch_run_fatal: Connection from ",
    ] {
        if message.starts_with(start) {
            return probed(word_after(message, start));
        }
    }
    if let Some((left, _)) = message.strip_prefix(b"User ").and_then(|rest| cut_last(rest, b" not allowed because ")) {
        // A name that may not log in: its tries are refused as those of an invalid user, in lines of their own.
        return cut_last(left, b" from ").map_or(Meaning::Unclear, |(user, place)| {
            Meaning::Event(event(Outcome::Echo, user, Source::parse(place)))
        });
    }
    match word(b"Timeout before authentication for connection from ") {
        Some(address) => probed(Some(address)),
        None => Meaning::Nothing,
    }
}

fn word_after<'a>(message: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    let rest = message.strip_prefix(start)?.split(|&b| b == b' ').next()?;
    Some(rest.strip_suffix(b":").unwrap_or(rest))
}

fn probed(address: Option<&[u8]>) -> Meaning<'_> {
    match address.and_then(Address::parse) {
        Some(address) => Meaning::Event(event(Outcome::Probe, b"", Source::Address(address))),
        None => Meaning::Nothing,
    }
}

impl<'a> Meaning<'a> {
    fn map_method(self, method: &'static str) -> Meaning<'a> {
        match self {
            Meaning::Event(e) => Meaning::Event(e.by(method)),
            other => other,
        }
    }
}
