//! Zimbra's audit and mailbox logs: a stamp, a level, a thread, what is known of the request in brackets, the message.
//!
//! `2017-04-20 03:12:44,123 INFO  [qtp-12] [name=anne@parti.example;oip=192.0.2.7;ua=zclient/8;] security - cmd=Auth;
//! account=anne@parti.example; protocol=soap;`
//!
//! You may rely on: stamps name no zone and are read in the case's. Left out: lines of other parts of the server.

use super::event::{Event, address, clip, settings};
use super::operations;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::Time;
use rows::sign_in::{Action, Answer, Provider};

/// Whether a line is of these logs.
pub fn is(line: &str) -> bool {
    let Some((_, rest)) = stamp(line, &TimeZone::UTC) else { return false };
    let mut words = rest.split_ascii_whitespace();
    matches!(words.next(), Some("INFO" | "WARN" | "ERROR" | "DEBUG" | "FATAL"))
        && words.next().is_some_and(|w| w.starts_with('['))
        && rest.contains("] ")
}

fn stamp<'l>(line: &'l str, zone: &TimeZone) -> Option<(Time, &'l str)> {
    let (head, rest) = (line.get(..19)?, line.get(19..)?);
    let civil = DateTime::strptime("%Y-%m-%d %H:%M:%S", head).ok()?;
    let rest = rest.strip_prefix(',').map_or(rest, |r| r.trim_start_matches(|c: char| c.is_ascii_digit()));
    Some((zone.to_ambiguous_zoned(civil).compatible().ok()?.timestamp().into(), rest))
}

/// Reads a line of `security`; nothing for those of other parts.
pub fn read(line: &str, zone: &TimeZone) -> Option<Event> {
    let (time, rest) = stamp(line, zone)?;
    let (about, message) = rest.split_once(" security - ").or_else(|| rest.split_once(" security [] - "))?;
    let about = about.rsplit_once('[').map_or("", |(_, about)| about.trim_end_matches(']'));
    let of = |text: &str, key: &str| -> String {
        let parts = text.split(';').map(str::trim);
        parts.filter_map(|p| p.strip_prefix(key)?.strip_prefix('=')).next().unwrap_or_default().to_string()
    };
    let command = of(message, "cmd");
    let first = |keys: &[(&str, &str)]| keys.iter().map(|(t, k)| of(t, k)).find(|t| !t.is_empty()).unwrap_or_default();
    let account = match command.as_str() {
        "Auth" | "AdminAuth" => first(&[(message, "account"), (about, "name")]),
        _ => first(&[(about, "name"), (message, "account")]),
    };
    let mut e = Event::new(Provider::Zimbra, &command, &account, Some(time));
    // `oip` is where a request came from before it passed proxies.
    e.source = address(&first(&[(about, "oip"), (about, "ip")]));
    e.client = operations::client(&of(about, "ua"));
    let error = of(message, "error");
    match e.action() {
        Some(Action::SignIn) => {
            let low = error.to_lowercase();
            e.answer = match low.as_str() {
                "" => Answer::Accepted,
                _ if low.contains("account not found") || low.contains("no such account") => Answer::UnknownAccount,
                _ if low.contains("lock") => Answer::Locked,
                _ if low.contains("two-factor") || low.contains("two factor") => Answer::SecondFactor,
                _ if low.contains("invalid password") || low.contains("authentication failed") => Answer::WrongPassword,
                _ => Answer::Failed,
            };
            let protocol = of(message, "protocol");
            e.method = if matches!(protocol.as_str(), "imap" | "pop3" | "smtp") { protocol } else { String::new() };
        }
        Some(Action::Forwarding)
            if ["zimbraIsAdminAccount", "zimbraIsDelegatedAdminAccount"]
                .iter()
                .any(|key| of(message, key).eq_ignore_ascii_case("true")) =>
        {
            e.does(Action::Role);
            e.target = clip(&of(message, "name"));
            e.detail = settings(&[("role", "administrator")]);
        }
        Some(Action::Forwarding) => {
            let to = first(&[(message, "zimbraPrefMailForwardingAddress"), (message, "zimbraMailForwardingAddress")]);
            e.target = clip(&first(&[(message, "name"), (message, "account")]));
            e.detail = settings(&[("forward_to", &to.to_lowercase())]);
            e.only_if(!to.is_empty());
        }
        Some(Action::Delegate) => {
            e.target = clip(&first(&[(message, "target"), (message, "name"), (message, "accountName")]));
            let (to, rights) = (of(message, "grantee"), of(message, "right"));
            // An administrator opens somebody's mailbox.
            let itself = command == "DelegateAuth";
            let to = if itself { e.account.clone() } else { to };
            e.detail = settings(&[("to", &to), ("rights", if itself { "all" } else { &rights })]);
        }
        Some(_) => e.target = clip(&of(message, "name")),
        None => {}
    }
    if !error.is_empty() && e.action() != Some(Action::SignIn) {
        e.answer = Answer::Failed;
    }
    Some(e)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_who_and_from_where() {
        let line = "2017-04-20 03:12:44,123 WARN  [qtp-12] [name=anne@parti.example;oip=192.0.2.7;ua=zclient/8.7;] security - \
                    cmd=Auth; account=anne@parti.example; protocol=imap; error=authentication failed for [anne], invalid password;";
        assert!(is(line));
        let e = read(line, &TimeZone::UTC).expect("a line of security");
        assert_eq!((e.account.as_str(), e.answer), ("anne@parti.example", Answer::WrongPassword));
        assert_eq!((e.source.map(|a| a.to_string()).as_deref(), e.method.as_str()), (Some("192.0.2.7"), "imap"));
        assert_eq!(read("2017-04-20 03:12:44,123 INFO  [main] [] index - done", &TimeZone::UTC), None);
    }
}
