//! A few programs more that write logins to syslog: Samba, pfSense, Jellyfin; and endlessh, which keeps whoever knocks.

use super::event::{Event, Outcome, Purpose, Said, Source, cut, cut_last};

/// Samba: `Auth: [SMB2,(null)] user [DOMAIN]\[NAME] at [… ] with [NTLMv2] status [NT_STATUS_…] workstation [HOST] remote
/// host [ipv4:ADDRESS:PORT] mapped to …`. Name and workstation are the client's words.
pub fn samba(message: &[u8]) -> Said<'_> {
    if !message.starts_with(b"Auth: ") {
        return Said::Nothing;
    }
    let Some((_, rest)) = cut(message, b"]\\[") else { return Said::Unclear };
    let Some((user, rest)) = cut(rest, b"] at [") else { return Said::Unclear };
    let Some((status, rest)) = cut(rest, b"] status [").and_then(|(_, rest)| cut(rest, b"]")) else {
        return Said::Unclear;
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
    Said::Event(event)
}

/// pfSense: `/index.php: webConfigurator authentication error for user 'NAME' from: ADDRESS`.
pub fn pfsense(message: &[u8]) -> Said<'_> {
    let refused = cut(message, b"webConfigurator authentication error for user '");
    let accepted = || cut(message, b"Successful login for user '");
    let (outcome, rest) = match (refused, accepted()) {
        (Some((_, rest)), _) => (Outcome::Failed, rest),
        (None, Some((_, rest))) => (Outcome::Accepted, rest),
        _ => return Said::Nothing,
    };
    let Some((user, place)) = cut_last(rest, b"' from: ") else { return Said::Unclear };
    let address = place.split(|&b| b == b' ').next().unwrap_or(place);
    Said::Event(Event::new(Purpose::WebLogin, outcome, user, Source::parse(address)).by("password"))
}

/// Jellyfin: `[10:22:17] [INF] Authentication request for NAME has been denied (IP: ADDRESS).`
pub fn jellyfin(message: &[u8]) -> Said<'_> {
    let Some((_, rest)) = cut(message, b"Authentication request for ") else { return Said::Nothing };
    let Some((user, place)) = cut_last(rest, b" has been denied (IP: ") else { return Said::Nothing };
    let address = cut(place, b")").map_or(place, |(address, _)| address);
    Said::Event(Event::new(Purpose::WebLogin, Outcome::Failed, user, Source::parse(address)).by("password"))
}

/// endlessh: `ACCEPT host=ADDRESS port=N …`. Nobody has business there.
pub fn endlessh(message: &[u8]) -> Said<'_> {
    let Some(rest) = message.strip_prefix(b"ACCEPT host=") else { return Said::Nothing };
    let address = rest.split(|&b| b == b' ').next().unwrap_or(rest);
    Said::Event(Event::new(Purpose::Ssh, Outcome::Probe, b"", Source::parse(address)).by("refused"))
}
