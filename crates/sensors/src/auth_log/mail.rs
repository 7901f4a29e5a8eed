//! Mail servers' lines: Postfix's SASL, Dovecot's login processes, and Courier.
//!
//! Postfix writes the address before anything the client says, so its lines are read from the left; Dovecot writes the
//! name first, so its lines are read from the right.

use super::event::{Event, Meaning, Outcome, Purpose, Source, cut, cut_last, leading_number, method};
use super::pam;

/// Postfix's smtpd.
pub fn postfix(message: &[u8]) -> Meaning<'_> {
    if let Some(rest) = message.strip_prefix(b"warning: ") {
        // `HOST[ADDRESS]: SASL LOGIN authentication failed: REASON[, sasl_username=NAME]`
        let refused = client(rest).and_then(|(source, said)| Some((source, said.strip_prefix(b": SASL ")?)));
        let refused = refused.and_then(|(source, said)| Some((source, cut(said, b" authentication failed")?)));
        if let Some((source, (how, why))) = refused {
            // A fault of our own server, or of what it asks, is nobody's wrong password.
            let why = why.strip_prefix(b": ").unwrap_or(why);
            let ours: [&[u8]; 5] = [
                b"Connection lost to authentication server",
                b"Temporary authentication failure",
                b"temporary authentication failure",
                b"Internal authentication failure",
                b"cannot connect to saslauthd server",
            ];
            if ours.iter().any(|fault| why.starts_with(fault)) {
                return Meaning::Ordinary;
            }
            let user = cut(why, b", sasl_username=").map_or(&b""[..], |(_, name)| name);
            return Meaning::Event(Event::new(Purpose::Smtp, Outcome::Failed, user, source).by(method(how)));
        }
        // `non-SMTP command from HOST[ADDRESS]: GET / HTTP/1.1`: somebody who takes the port for another's.
        let other = rest.strip_prefix(b"non-SMTP command from ").and_then(client);
        return other.map_or(Meaning::Nothing, |(source, _)| {
            Meaning::Event(Event::new(Purpose::Smtp, Outcome::Probe, b"", source).by("refused"))
        });
    }
    if let Some(rest) = message.strip_prefix(b"disconnect from ") {
        // `HOST[ADDRESS] ehlo=1 auth=0/3 quit=1 commands=2/5`: three refused of three.
        let counts = client(rest).and_then(|(source, said)| Some((source, cut(said, b" auth=")?.1)));
        let told = counts.and_then(|(source, text)| {
            let (good, rest) = leading_number(text)?;
            let (all, _) = leading_number(rest.strip_prefix(b"/")?)?;
            Some((source, all.saturating_sub(good)))
        });
        return match told {
            Some((source, refused @ 1..)) => {
                Meaning::Event(Event::new(Purpose::Smtp, Outcome::Echo, b"", source).times(refused))
            }
            _ => Meaning::Nothing,
        };
    }
    // `QUEUEID: client=HOST[ADDRESS], sasl_method=PLAIN, sasl_username=NAME`: a message handed in by who is logged in.
    let Some((_, rest)) = cut(message, b": client=") else { return Meaning::Nothing };
    let Some((source, said)) = client(rest) else { return Meaning::Nothing };
    let Some((how, rest)) = said.strip_prefix(b", sasl_method=").and_then(|s| cut(s, b", sasl_username=")) else {
        return Meaning::Nothing;
    };
    let user = cut(rest, b", sasl_sender=").map_or(rest, |(name, _)| name);
    Meaning::Event(Event::new(Purpose::Smtp, Outcome::Accepted, user, source).by(method(how)))
}

/// `HOST[ADDRESS]`, and what follows. Postfix lets no bracket into a host's name.
fn client(text: &[u8]) -> Option<(Source, &[u8])> {
    let (_, rest) = cut(text, b"[")?;
    let (address, said) = cut(rest, b"]")?;
    // With `smtpd_client_port_logging`.
    let port = said.strip_prefix(b":").and_then(leading_number).map(|(_, rest)| rest);
    Some((Source::parse(address), port.unwrap_or(said)))
}

/// Dovecot: `imap-login: Login: user=<NAME>, method=PLAIN, rip=ADDRESS, lip=…`, `imap-login: Disconnected (auth failed,
/// 2 attempts in 9 secs): user=<…>, …`, `auth-worker(7): pam(NAME,ADDRESS): unknown user`.
pub fn dovecot(message: &[u8]) -> Meaning<'_> {
    let Some((name, said)) = cut(message, b": ") else { return Meaning::Nothing };
    process(name, said)
}

/// A process of Dovecot's, which in Dovecot's own log stands where syslog has the program.
pub fn process<'a>(process: &[u8], said: &'a [u8]) -> Meaning<'a> {
    let process = process.split(|&b| b == b'(').next().unwrap_or(process);
    let service = match process {
        b"imap-login" => Purpose::Imap,
        b"pop3-login" => Purpose::Pop3,
        b"managesieve-login" => Purpose::Sieve,
        b"submission-login" => Purpose::Smtp,
        b"auth" | b"auth-worker" => return worker(said),
        _ => return Meaning::Nothing,
    };
    login(service, said)
}

/// A login process's line.
fn login(service: Purpose, said: &[u8]) -> Meaning<'_> {
    let said = said.strip_prefix(b"Info: ").unwrap_or(said);
    if [&b"Debug: "[..], b"proxy(", b"Logged out", b"Maximum number"].iter().any(|begin| said.starts_with(begin)) {
        return Meaning::Ordinary;
    }
    let Some((what, _)) = cut(said, b"user=<") else {
        let empty = cut(said, b" rip=").filter(|(what, _)| memchr::memmem::find(what, b"no auth attempts").is_some());
        let ended = [&b"Disconnected"[..], b"Aborted", b"Login aborted"].iter().any(|begin| said.starts_with(begin));
        let other = if ended { Meaning::Ordinary } else { Meaning::Nothing };
        return empty.map_or(other, |(_, tail)| {
            Meaning::Event(Event::new(service, Outcome::Probe, b"", Source::parse(word(tail))))
        });
    };
    let Some((left, tail)) = cut_last(said, b" rip=") else { return Meaning::Nothing };
    let source = Source::parse(word(tail));
    let Some(named) = left.get(what.len() + b"user=<".len()..) else { return Meaning::Unclear };
    let (user, how) = match cut_last(named, b">, method=") {
        Some((user, how)) => (user, method(how.strip_suffix(b",").unwrap_or(how))),
        None => (cut_last(named, b">").map_or(named, |(user, _)| user), ""),
    };
    if what.starts_with(b"Login: ") {
        return Meaning::Event(Event::new(service, Outcome::Accepted, user, source).by(how));
    }
    if let Some((_, count)) = cut(what, b"(auth failed, ") {
        let count = leading_number(count).map_or(1, |(n, _)| n.max(1));
        return Meaning::Event(Event::new(service, Outcome::Failed, user, source).by(how).times(count));
    }
    match memchr::memmem::find(what, b"no auth attempts") {
        Some(_) => Meaning::Event(Event::new(service, Outcome::Probe, b"", source)),
        // A session ended or aborted for another reason.
        None if [&b"Disconnected"[..], b"Aborted", b"Login aborted"].iter().any(|w| what.starts_with(w)) => {
            Meaning::Ordinary
        }
        None => Meaning::Nothing,
    }
}

/// Up to the next comma or blank.
fn word(text: &[u8]) -> &[u8] {
    text.split(|b| matches!(b, b',' | b' ')).next().unwrap_or(text)
}

/// `pam(NAME,ADDRESS[,<session>]): …`: the same tries as the login process tells, so an echo. Which protocol the
/// client speaks is not said; IMAP stands for it.
fn worker(said: &[u8]) -> Meaning<'_> {
    if said.starts_with(b"pam_unix(") {
        return pam::parse(said, None);
    }
    let said = said.strip_prefix(b"Info: ").unwrap_or(said);
    // Newer ones put `conn unix:auth-worker (pid=1,uid=0): auth-worker<2>: ` before it.
    let said = cut_last(said, b">: ").map_or(said, |(_, rest)| rest);
    let Some((name, rest)) = cut(said, b"(") else { return Meaning::Nothing };
    if !matches!(name, b"pam" | b"sql" | b"ldap" | b"passwd-file" | b"passwd" | b"shadow" | b"static" | b"lua") {
        return Meaning::Nothing;
    }
    let Some((who, why)) = cut_last(rest, b"): ") else { return Meaning::Nothing };
    let why = why.trim_ascii_start();
    let unknown = memchr::memmem::find(why, b"nknown user").is_some();
    let refused: [&[u8]; 2] = [b"assword mismatch", b"pam_authenticate() failed"];
    if !unknown && !refused.iter().any(|r| memchr::memmem::find(why, r).is_some()) {
        return Meaning::Nothing;
    }
    let who = cut_last(who, b",<").map_or(who, |(left, _)| left);
    let Some((user, address)) = cut_last(who, b",") else { return Meaning::Nothing };
    let outcome = if unknown { Outcome::InvalidUser } else { Outcome::Echo };
    Meaning::Event(Event::new(Purpose::Imap, outcome, user, Source::parse(address)))
}

/// Courier: `LOGIN FAILED, user=NAME, ip=[ADDRESS]`, `LOGIN, user=NAME, ip=[ADDRESS], …`; and its mail server's
/// `error,relay=ADDRESS,msg="535 Authentication failed.",cmd: …`.
pub fn courier(service: Purpose, message: &[u8]) -> Meaning<'_> {
    if let Some(rest) = message.strip_prefix(b"error,relay=") {
        let refused = memchr::memmem::find(rest, b"535 Authentication failed").is_some();
        let address = word(rest);
        return match refused {
            true => Meaning::Event(Event::new(service, Outcome::Failed, b"", Source::parse(address))),
            false => Meaning::Ordinary,
        };
    }
    let (outcome, rest) = match (message.strip_prefix(b"LOGIN FAILED, "), message.strip_prefix(b"LOGIN, ")) {
        (Some(rest), _) => (Outcome::Failed, rest),
        (_, Some(rest)) => (Outcome::Accepted, rest),
        _ => {
            let others: [&[u8]; 7] = [
                b"Connection, ",
                b"LOGOUT, ",
                b"DISCONNECTED, ",
                b"TIMEOUT, ",
                b"Disconnected, ",
                b"couriertls: ",
                b"started",
            ];
            return if others.iter().any(|begin| message.starts_with(begin)) {
                Meaning::Ordinary
            } else {
                Meaning::Nothing
            };
        }
    };
    let Some((who, place)) = cut_last(rest, b"ip=[") else { return Meaning::Unclear };
    let who = who.trim_ascii_end().strip_suffix(b",").unwrap_or(who);
    let user = who.strip_prefix(b"user=").unwrap_or(b"");
    let address = cut(place, b"]").map_or(place, |(address, _)| address);
    Meaning::Event(Event::new(service, outcome, user, Source::parse(address)).by("password"))
}
