//! PAM's lines, and those of `sudo` and `su`.
//!
//! A refusal that a daemon also tells in its own words (sshd, sudo, su, FTP and mail servers) is an *echo*: it is kept
//! beside the daemon's own count, never added to it. For programs we know no words of, PAM's line is the count.

use super::event::{Event, Meaning, Outcome, Purpose, Source, cut, cut_last, leading_number};

/// What PAM says within a program's log; `service` where the program is known.
pub fn parse(message: &[u8], service: Option<Purpose>) -> Meaning<'_> {
    if let Some(rest) = message.strip_prefix(b"PAM ") {
        // `PAM 5 more authentication failures; logname= … rhost=…  user=…`, written when a session ends.
        let Some((count, rest)) = leading_number(rest) else { return Meaning::Nothing };
        let more = rest.strip_prefix(b" more authentication failure");
        let Some((_, told)) = more.and_then(|r| cut(r, b"; ")) else { return Meaning::Nothing };
        return refused(told, service.unwrap_or(Purpose::Pam), count);
    }
    // Modules are stacked; each may write. `pam_unix` stands in every stack, so it alone is counted.
    let Some(rest) = message.strip_prefix(b"pam_unix(") else { return Meaning::Nothing };
    let Some((place, said)) = cut(rest, b"): ") else { return Meaning::Unclear };
    let Some(told) = said.strip_prefix(b"authentication failure; ") else { return Meaning::Nothing };
    let name = place.split(|&b| b == b':').next().unwrap_or_default();
    refused(told, service.unwrap_or_else(|| service_of(name)), 1)
}

/// The service of a PAM configuration's name.
fn service_of(name: &[u8]) -> Purpose {
    match name {
        b"sshd" => Purpose::Ssh,
        b"sudo" | b"sudo-i" => Purpose::Sudo,
        b"su" | b"su-l" => Purpose::Su,
        b"vsftpd" | b"proftpd" | b"pure-ftpd" | b"ftp" => Purpose::Ftp,
        b"smtp" | b"postfix" | b"smtpd" => Purpose::Smtp,
        b"dovecot" | b"imap" => Purpose::Imap,
        b"pop3" => Purpose::Pop3,
        _ => Purpose::Pam,
    }
}

/// `logname=… uid=… euid=… tty=… ruser=… rhost=ADDRESS[  user=NAME]`.
fn refused(told: &[u8], service: Purpose, count: u32) -> Meaning<'_> {
    let Some((before, after)) = cut(told, b" rhost=") else { return Meaning::Unclear };
    let (host, user) = match after.iter().position(|&b| b == b' ') {
        Some(end) => (&after[..end], after[end..].trim_ascii_start()),
        None => (after, &b""[..]),
    };
    // vsftpd gives the name that was tried as `ruser`, where it can say ` rhost=` itself.
    let twice = memchr::memmem::find(after, b" rhost=").is_some();
    let asked = cut_last(before, b"ruser=").map_or(&b""[..], |(_, name)| name);
    let user = user.strip_prefix(b"user=").unwrap_or(match service {
        Purpose::Ftp | Purpose::Pam => asked,
        _ => b"",
    });
    let source = match host {
        _ if twice => Source::Unknown,
        b"" => Source::Local,
        host => Source::parse(host),
    };
    // For a change of user, who asks matters, not whom he asked for.
    let user = if matches!(service, Purpose::Sudo | Purpose::Su) && !asked.is_empty() { asked } else { user };
    let outcome = if service == Purpose::Pam { Outcome::Failed } else { Outcome::Echo };
    Meaning::Event(Event::new(service, outcome, user, source).times(count))
}

/// sudo: `USER : 3 incorrect password attempts ; TTY=… ; PWD=… ; USER=… ; COMMAND=…`, `USER : user NOT in sudoers ; …`,
/// and `USER : TTY=… ; …` when it was allowed.
pub fn sudo(message: &[u8]) -> Meaning<'_> {
    if message.starts_with(b"pam_") || message.starts_with(b"PAM ") {
        return parse(message, Some(Purpose::Sudo));
    }
    let Some((user, said)) = cut(message.trim_ascii_start(), b" : ") else { return Meaning::Nothing };
    let event = |outcome| Event::new(Purpose::Sudo, outcome, user, Source::Local);
    if said.starts_with(b"TTY=") || said.starts_with(b"PWD=") {
        return Meaning::Event(event(Outcome::Accepted));
    }
    if said.starts_with(b"user NOT in sudoers") || said.starts_with(b"user NOT authorized") {
        return Meaning::Event(event(Outcome::Failed).by("not_allowed"));
    }
    if said.starts_with(b"command not allowed") {
        return Meaning::Event(event(Outcome::Failed).by("not_allowed"));
    }
    // Nobody could be asked, or nobody answered: refused all the same.
    let unasked: [&[u8]; 5] = [
        b"a password is required",
        b"a terminal is required",
        b"no tty present",
        b"sorry, you must have a tty",
        b"account validation failure",
    ];
    if unasked.iter().any(|begin| said.starts_with(begin)) {
        return Meaning::Event(event(Outcome::Failed).by("none"));
    }
    match leading_number(said) {
        Some((count, rest)) if rest.starts_with(b" incorrect password attempt") => {
            Meaning::Event(event(Outcome::Failed).by("password").times(count))
        }
        _ => Meaning::Nothing,
    }
}

/// su of util-linux (`FAILED SU (to root) bob on pts/0`), of shadow (`FAILED su for root by bob`, `Successful su for
/// root by bob`), and of BSD (`BAD SU bob to root on /dev/pts/0`).
pub fn su(message: &[u8]) -> Meaning<'_> {
    if message.starts_with(b"pam_") || message.starts_with(b"PAM ") {
        return parse(message, Some(Purpose::Su));
    }
    let (outcome, user) = if let Some(rest) = message.strip_prefix(b"FAILED SU (to ") {
        (Outcome::Failed, cut_last(rest, b" on ").and_then(|(left, _)| cut_last(left, b") ")).map(|(_, user)| user))
    } else if let Some(rest) = message.strip_prefix(b"FAILED su for ") {
        (Outcome::Failed, cut_last(rest, b" by ").map(|(_, user)| user))
    } else if let Some(rest) = message.strip_prefix(b"BAD SU ") {
        (Outcome::Failed, cut(rest, b" to ").map(|(user, _)| user))
    } else if let Some(rest) = message.strip_prefix(b"Successful su for ") {
        (Outcome::Accepted, cut_last(rest, b" by ").map(|(_, user)| user))
    } else if let Some(rest) = message.strip_prefix(b"(to ") {
        (Outcome::Accepted, cut_last(rest, b" on ").and_then(|(left, _)| cut_last(left, b") ")).map(|(_, user)| user))
    } else {
        return Meaning::Nothing;
    };
    user.map_or(Meaning::Unclear, |user| Meaning::Event(Event::new(Purpose::Su, outcome, user, Source::Local)))
}
