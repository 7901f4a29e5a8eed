//! Web applications that write their logins to a log: Nextcloud and ownCloud, WordPress (WP fail2ban), Joomla, Roundcube,
//! phpMyAdmin, Vaultwarden.
//!
//! Names are the visitor's words; where the address follows the name, lines are read from the right.

use super::event::{Event, Meaning, Outcome, Purpose, Source, cut, cut_last};

fn event<'a>(outcome: Outcome, user: &'a [u8], address: &[u8]) -> Meaning<'a> {
    let word = address.split(|b| matches!(b, b' ' | b',' | b'(' | b')')).next().unwrap_or(address);
    let word = word.strip_suffix(b".").unwrap_or(word);
    Meaning::Event(Event::new(Purpose::WebLogin, outcome, user, Source::parse(word)).by("password"))
}

/// `Login failed: NAME (Remote IP: ADDRESS)`, the name and the address in quotes in older ones; in syslog behind
/// `{core} `.
pub fn nextcloud(message: &[u8]) -> Meaning<'_> {
    let text = match message.first() {
        Some(b'{') => cut(message, b"} ").map_or(message, |(_, rest)| rest),
        _ => message,
    };
    if let Some(rest) = text.strip_prefix(b"Login failed: ") {
        let Some((user, place)) = cut_last(rest, b" (Remote IP: ") else { return Meaning::Unclear };
        let user = user.strip_prefix(b"'").and_then(|u| u.strip_suffix(b"'")).unwrap_or(user);
        let place = place.strip_prefix(b"'").unwrap_or(place);
        let place = place.split(|b| matches!(b, b'\'' | b')')).next().unwrap_or(place);
        return event(Outcome::Failed, user, place);
    }
    Meaning::Nothing
}

/// WP fail2ban: `Authentication failure for NAME from ADDRESS`, and its other words.
pub fn wordpress(message: &[u8]) -> Meaning<'_> {
    const WORDS: [(&[u8], Outcome); 7] = [
        (b"Authentication failure for ", Outcome::Failed),
        (b"Authentication attempt for unknown user ", Outcome::InvalidUser),
        (b"XML-RPC authentication failure for ", Outcome::Failed),
        (b"XML-RPC authentication attempt for unknown user ", Outcome::InvalidUser),
        (b"REST authentication failure for ", Outcome::Failed),
        (b"Blocked authentication attempt for ", Outcome::Failed),
        (b"Accepted password for ", Outcome::Accepted),
    ];
    for (begin, outcome) in WORDS {
        let Some(rest) = message.strip_prefix(begin) else { continue };
        return cut_last(rest, b" from ").map_or(Meaning::Unclear, |(user, place)| event(outcome, user, place));
    }
    for begin in [&b"Blocked user enumeration attempt from "[..], b"XML-RPC multicall authentication failure from "] {
        let Some(place) = message.strip_prefix(begin) else { continue };
        return event(Outcome::Failed, b"", place);
    }
    let others: [&[u8]; 5] =
        [b"Pingback ", b"Spam comment ", b"Comment ", b"Untrusted X-Forwarded-For header", b"Password reset "];
    if others.iter().any(|begin| message.starts_with(begin)) { Meaning::Ordinary } else { Meaning::Nothing }
}

/// Joomla's log after the stamp, by tabs: `[\tINFO][\tPRIORITY ]ADDRESS\tjoomlafailure\tMESSAGE`. The name is not told.
pub fn joomla(rest: &[u8]) -> Meaning<'_> {
    let Some((left, message)) = cut(rest, b"\tjoomlafailure") else {
        return if memchr::memmem::find(rest, b"\tINFO").is_some() { Meaning::Ordinary } else { Meaning::Nothing };
    };
    let address = left.rsplit(|b| matches!(b, b'\t' | b' ')).next().unwrap_or(left);
    let unknown = memchr::memmem::find(message, b"no account").is_some();
    let outcome = if unknown { Outcome::InvalidUser } else { Outcome::Failed };
    event(outcome, b"", address)
}

/// Roundcube's `userlogins` after the stamp: `<session> Failed login for NAME from ADDRESS in session … (error: 0)`; its
/// `errors`: `<session> IMAP Error: Login failed for NAME against HOST from ADDRESS(X-Real-IP: …). …`.
pub fn roundcube(message: &[u8]) -> Meaning<'_> {
    let text = match message.first() {
        Some(b'<') => cut(message, b"> ").map_or(message, |(_, rest)| rest),
        _ => message,
    };
    let text = text.strip_prefix(b"IMAP Error: ").unwrap_or(text);
    const WORDS: [(&[u8], Outcome); 3] = [
        (b"Failed login for ", Outcome::Failed),
        (b"Login failed for ", Outcome::Failed),
        (b"Successful login for ", Outcome::Accepted),
    ];
    let Some((rest, outcome)) = WORDS.iter().find_map(|(begin, out)| Some((text.strip_prefix(*begin)?, *out))) else {
        return Meaning::Nothing;
    };
    let Some((user, place)) = cut_last(rest, b" from ") else { return Meaning::Unclear };
    let mark: &[u8] = if outcome == Outcome::Accepted { b" (ID: " } else { b" against " };
    let user = cut_last(user, mark).map_or(user, |(user, _)| user);
    event(outcome, user, place)
}

/// phpMyAdmin: `user denied: NAME (mysql-denied) from ADDRESS`, `user ok: NAME from ADDRESS`.
pub fn phpmyadmin(message: &[u8]) -> Meaning<'_> {
    let (outcome, rest) = match (message.strip_prefix(b"user denied: "), message.strip_prefix(b"user ok: ")) {
        (Some(rest), _) => (Outcome::Failed, rest),
        (_, Some(rest)) => (Outcome::Accepted, rest),
        _ => return Meaning::Nothing,
    };
    let Some((user, place)) = cut_last(rest, b" from ") else { return Meaning::Unclear };
    let user = match user.strip_suffix(b")") {
        Some(left) => cut_last(left, b" (").map_or(user, |(user, _)| user),
        None => user,
    };
    event(outcome, user, place)
}

/// Vaultwarden: `Username or password is incorrect. Try again. IP: ADDRESS. Username: NAME.` and the like. The address
/// stands before the visitor's words.
pub fn vaultwarden(message: &[u8]) -> Meaning<'_> {
    let refused: [&[u8]; 5] = [
        b"Username or password is incorrect",
        b"Invalid admin token",
        b"Invalid TOTP code",
        b"2FA token not",
        b"Incorrect client_",
    ];
    if refused.iter().any(|begin| message.starts_with(begin)) {
        let Some((_, rest)) = cut(message, b"IP: ") else { return Meaning::Unclear };
        let (place, user) = cut(rest, b". Username: ").unwrap_or((rest, b""));
        return event(Outcome::Failed, user.strip_suffix(b".").unwrap_or(user), place);
    }
    if let Some(rest) = message.strip_prefix(b"User ") {
        let found = cut_last(rest, b" logged in successfully. IP: ");
        return found.map_or(Meaning::Nothing, |(user, place)| event(Outcome::Accepted, user, place));
    }
    Meaning::Nothing
}
