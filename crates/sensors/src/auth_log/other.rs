//! A few programs more that write logins to syslog or to logs of their own: Dropbear, Samba, pfSense, Jellyfin; and endlessh, which keeps whoever
//! knocks.

use super::event::{Event, Meaning, Outcome, Purpose, Source, cut, cut_last, leading_number};
use super::stamp::{self, Stamp};

/// Samba: `Auth: [SMB2,(null)] user [DOMAIN]\[NAME] at [… ] with [NTLMv2] status [NT_STATUS_…] workstation [HOST] remote
/// host [ipv4:ADDRESS:PORT] mapped to …`. Name and workstation are the client's words.
pub fn samba(message: &[u8]) -> Meaning<'_> {
    if !message.starts_with(b"Auth: ") {
        return Meaning::Nothing;
    }
    let Some((_, rest)) = cut(message, b"]\\[") else { return Meaning::Unclear };
    let Some((user, rest)) = cut(rest, b"] at [") else { return Meaning::Unclear };
    let Some((status, rest)) = cut(rest, b"] status [").and_then(|(_, rest)| cut(rest, b"]")) else {
        return Meaning::Unclear;
    };
    let marks = memchr::memmem::find_iter(message, b"] remote host [").count();
    let place = cut(rest, b"] remote host [").and_then(|(_, rest)| cut(rest, b"]")).map(|(place, _)| place);
    let address = place.and_then(|p| p.strip_prefix(b"ipv4:").or_else(|| p.strip_prefix(b"ipv6:")));
    let source = match address.and_then(|a| cut_last(a, b":")) {
        Some((address, _)) if marks == 1 => Source::parse(address),
        _ => Source::Unknown,
    };
    let outcome = if status == b"NT_STATUS_OK" { Outcome::Accepted } else { Outcome::Failed };
    let mut event = Event::new(Purpose::Smb, outcome, user, source).by("password");
    event.invalid = status == b"NT_STATUS_NO_SUCH_USER";
    Meaning::Event(event)
}

/// The same in Samba's own log: a heading in brackets, then this line, which says when.
pub fn samba_own(line: &[u8]) -> Option<(Stamp, Meaning<'_>)> {
    let message = line.trim_ascii_start();
    let (before, at) = cut(message.strip_prefix(b"Auth: ")?, b"] at [")?;
    // `Tue, 01 Sep 2026 12:00:00.123456 CEST`; a name that holds the mark says no time.
    let (_, at) = cut(cut(at, b"]")?.0, b", ")
        .filter(|_| cut_last(message, b"] at [").is_some_and(|(b, _)| b.len() == before.len() + 6))?;
    let dashed: Vec<u8> = at.iter().enumerate().map(|(n, &b)| if n < 8 && b == b' ' { b'-' } else { b }).collect();
    Some((stamp::day_first(&dashed)?, samba(message)))
}

/// pfSense: `/index.php: webConfigurator authentication error for user 'NAME' from: ADDRESS`.
pub fn pfsense(message: &[u8]) -> Meaning<'_> {
    let refused = cut(message, b"webConfigurator authentication error for user '");
    let accepted = || cut(message, b"Successful login for user '");
    let (outcome, rest) = match (refused, accepted()) {
        (Some((_, rest)), _) => (Outcome::Failed, rest),
        (None, Some((_, rest))) => (Outcome::Accepted, rest),
        _ => return Meaning::Nothing,
    };
    let Some((user, place)) = cut_last(rest, b"' from: ") else { return Meaning::Unclear };
    let address = place.split(|&b| b == b' ').next().unwrap_or(place);
    Meaning::Event(Event::new(Purpose::WebLogin, outcome, user, Source::parse(address)).by("password"))
}

/// Jellyfin: `[10:22:17] [INF] Authentication request for NAME has been denied (IP: ADDRESS).`, both in quotes in newer ones.
pub fn jellyfin(message: &[u8]) -> Meaning<'_> {
    let Some((_, rest)) = cut(message, b"Authentication request for ") else { return Meaning::Nothing };
    let Some((user, place)) = cut_last(rest, b" has been denied (IP: ") else { return Meaning::Nothing };
    let address = cut(place, b")").map_or(place, |(address, _)| address);
    let bare = |text| in_quotes(text).unwrap_or(text);
    let source = Source::parse(bare(address));
    Meaning::Event(Event::new(Purpose::WebLogin, Outcome::Failed, bare(user), source).by("password"))
}

fn in_quotes(text: &[u8]) -> Option<&[u8]> {
    text.strip_prefix(b"\"")?.strip_suffix(b"\"")
}

/// endlessh: `ACCEPT host=ADDRESS port=N …`. Nobody has business there.
pub fn endlessh(message: &[u8]) -> Meaning<'_> {
    let Some(rest) = message.strip_prefix(b"ACCEPT host=") else { return Meaning::Nothing };
    let address = rest.split(|&b| b == b' ').next().unwrap_or(rest);
    Meaning::Event(Event::new(Purpose::Ssh, Outcome::Probe, b"", Source::parse(address)).by("refused"))
}

/// Dropbear: `Bad password attempt for 'NAME' from ADDRESS:PORT`, `Password auth succeeded for 'NAME' from ADDRESS:PORT`,
/// `Exit before auth from <ADDRESS:PORT>: …`. The name is the client's word; the address is read from the right.
pub fn dropbear(message: &[u8]) -> Meaning<'_> {
    let address = |place: &[u8]| cut_last(place, b":").map_or(Source::Unknown, |(address, _)| Source::parse(address));
    let event = |outcome, user, place: &[u8]| Event::new(Purpose::Ssh, outcome, user, address(place));
    if let Some(rest) = message.strip_prefix(b"Exit before auth") {
        let Some((place, why)) = rest.strip_prefix(b" from <").and_then(|rest| cut(rest, b">: ")) else {
            return Meaning::Ordinary;
        };
        // `(user 'NAME', 3 fails): Max auth tries reached - user 'NAME'`: tries that have lines of their own.
        let told = why.strip_prefix(b"(user '").and_then(|rest| cut_last(rest, b" fails)"));
        let told = told.and_then(|(left, _)| cut_last(left, b"', "));
        return Meaning::Event(match told.and_then(|(user, n)| Some((user, leading_number(n)?.0))) {
            Some((user, n @ 1..)) => event(Outcome::Echo, user, place).times(n),
            _ => event(Outcome::Probe, b"", place),
        });
    }
    let words: [(&[u8], Outcome, &'static str); 7] = [
        (b"Bad password attempt for ", Outcome::Failed, "password"),
        (b"Bad PAM password attempt for ", Outcome::Failed, "password"),
        (b"Login attempt for nonexistent user", Outcome::InvalidUser, ""),
        (b"Login attempt with wrong user ", Outcome::InvalidUser, ""),
        (b"Password auth succeeded for ", Outcome::Accepted, "password"),
        (b"PAM password auth succeeded for ", Outcome::Accepted, "password"),
        (b"Pubkey auth succeeded for ", Outcome::Accepted, "publickey"),
    ];
    for (begin, outcome, how) in words {
        let Some(rest) = message.strip_prefix(begin) else { continue };
        let Some((who, place)) = cut_last(rest, b" from ").or_else(|| Some((&b""[..], rest.strip_prefix(b"from ")?)))
        else {
            return Meaning::Unclear;
        };
        let who = cut_last(who, b"' with ").map_or(who, |(left, _)| left);
        let who = who.trim_ascii_start();
        let who = who.strip_prefix(b"'").unwrap_or(who);
        return Meaning::Event(event(outcome, who.strip_suffix(b"'").unwrap_or(who), place).by(how));
    }
    let others: [&[u8]; 7] = [
        b"Child connection from ",
        b"Exit (",
        b"Running in background",
        b"Not backgrounding",
        b"Early exit",
        b"Failed loading ",
        b"Failed listening ",
    ];
    if others.iter().any(|begin| message.starts_with(begin)) { Meaning::Ordinary } else { Meaning::Nothing }
}
