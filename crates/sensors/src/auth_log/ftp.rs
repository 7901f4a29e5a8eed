//! FTP servers' own lines, in their own logs or in syslog: vsftpd's `[pid 7] [NAME] FAIL LOGIN: Client "ADDRESS"`, those
//! of ProFTPD and Pure-FTPd.
//!
//! A refused name may say anything. Where the address follows it (vsftpd), lines are read from the right, and a line that
//! ends as a refusal is one, so that no name can make a login look accepted; where it stands before (the others), from
//! the left.

use super::event::{Event, Meaning, Outcome, Purpose, Source, cut, cut_last};
use super::pam;

/// What a message of vsftpd says.
pub fn vsftpd(message: &[u8]) -> Meaning<'_> {
    if message.starts_with(b"pam_") || message.starts_with(b"PAM ") {
        return pam::parse(message, Some(Purpose::Ftp));
    }
    let text = match message.strip_prefix(b"[pid ") {
        Some(rest) => cut(rest, b"] ").map_or(message, |(_, rest)| rest),
        None => message,
    };
    if let Some((user, address)) = cut_last(text, b"] FAIL LOGIN: Client \"")
        && let (Some(user), Some(address)) = (user.strip_prefix(b"["), address.strip_suffix(b"\""))
    {
        return Meaning::Event(Event::new(Purpose::Ftp, Outcome::Failed, user, Source::parse(address)));
    }
    if let Some((user, rest)) = cut(text, b"] OK LOGIN: Client \"")
        && let (Some(user), Some((address, _))) = (user.strip_prefix(b"["), cut(rest, b"\""))
    {
        return Meaning::Event(Event::new(Purpose::Ftp, Outcome::Accepted, user, Source::parse(address)));
    }
    // A name that is on no list is refused before a password is asked for; a wrong password has a line of its own.
    if let Some((left, answer)) = cut_last(text, b"\", \"530 ")
        && let Some((user, address)) = cut_last(left, b"FTP response: Client \"")
    {
        let user = user.trim_ascii_end();
        let user = user.strip_prefix(b"[").and_then(|u| u.strip_suffix(b"]")).unwrap_or(b"");
        let (outcome, how) = match answer.starts_with(b"Permission denied") {
            true => (Outcome::Failed, "not_allowed"),
            false => (Outcome::Echo, "password"),
        };
        return Meaning::Event(Event::new(Purpose::Ftp, outcome, user, Source::parse(address)).by(how));
    }
    let (_, what) = text.strip_prefix(b"[").and_then(|t| cut(t, b"] ")).unwrap_or((b"", text));
    match crate::auth_log::ordinary::begins(b"vsftpd", what) {
        true => Meaning::Ordinary,
        false => Meaning::Nothing,
    }
}

/// ProFTPD: `SERVER (CLIENT[ADDRESS]): USER NAME (Login failed): REASON`, `USER NAME: no such user found from …`, `USER
/// NAME: Login successful.`
pub fn proftpd(message: &[u8]) -> Meaning<'_> {
    if message.starts_with(b"pam_") {
        return pam::parse(message, Some(Purpose::Ftp));
    }
    // A host's name holds no bracket.
    let Some((client, said)) =
        cut(message, b" (").and_then(|(_, rest)| cut(rest, b"]): ").or_else(|| cut(rest, b"]) - ")))
    else {
        return if crate::unknown::refuses(message) { Meaning::Nothing } else { Meaning::Ordinary };
    };
    let source = cut(client, b"[").map_or(Source::Unknown, |(_, address)| Source::parse(address));
    let event = |outcome, user| Meaning::Event(Event::new(Purpose::Ftp, outcome, user, source).by("password"));
    if let Some(rest) = said.strip_prefix(b"USER ") {
        if let Some((user, _)) = cut_last(rest, b" (Login failed): ") {
            return event(Outcome::Failed, user);
        }
        if let Some((user, _)) = cut_last(rest, b": no such user found") {
            return event(Outcome::InvalidUser, user);
        }
        if let Some(user) =
            rest.strip_suffix(b": Login successful.").or_else(|| rest.strip_suffix(b": Login successful"))
        {
            return event(Outcome::Accepted, user);
        }
        return if crate::unknown::refuses(message) { Meaning::Nothing } else { Meaning::Ordinary };
    }
    if said.starts_with(b"SECURITY VIOLATION: ") && memchr::memmem::find(said, b"oot login").is_some() {
        return event(Outcome::Failed, b"root");
    }
    // The end of a session whose tries have lines of their own, and what sessions do.
    let others: [&[u8]; 8] = [
        b"FTP session ",
        b"Maximum login attempts",
        b"mod_",
        b"notice: ",
        b"Preparing ",
        b"ANON ",
        b"FTP no transfer",
        b"Data transfer",
    ];
    if others.iter().any(|begin| said.starts_with(begin)) { Meaning::Ordinary } else { Meaning::Nothing }
}

/// Pure-FTPd: `(?@ADDRESS) [WARNING] Authentication failed for user [NAME]`, `[INFO] NAME is now logged in`; its words are
/// of the language it was built for.
pub fn pure(message: &[u8]) -> Meaning<'_> {
    if message.starts_with(b"pam_") {
        return pam::parse(message, Some(Purpose::Ftp));
    }
    let Some((client, said)) = message.strip_prefix(b"(").and_then(|rest| cut(rest, b") [")) else {
        return Meaning::Nothing;
    };
    let Some((_, address)) = cut_last(client, b"@") else { return Meaning::Nothing };
    let event =
        |outcome, user| Meaning::Event(Event::new(Purpose::Ftp, outcome, user, Source::parse(address)).by("password"));
    if let Some(rest) = said.strip_prefix(b"WARNING] ") {
        let user = rest.strip_suffix(b"]").and_then(|r| cut(r, b"[")).map(|(_, user)| user);
        return user.map_or(Meaning::Nothing, |user| event(Outcome::Failed, user));
    }
    if let Some(rest) = said.strip_prefix(b"INFO] ") {
        let user = rest.strip_suffix(b" is now logged in").filter(|user| !user.contains(&b' '));
        return user.map_or(Meaning::Ordinary, |user| event(Outcome::Accepted, user));
    }
    if crate::unknown::refuses(message) { Meaning::Nothing } else { Meaning::Ordinary }
}
