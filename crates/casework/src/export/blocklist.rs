//! Blocklists: a hosts file, a response policy zone, Unbound's local zones. You may rely on: nothing but letters, digits,
//! `-`, `_` and `.` of a name stands in one.

use model::{Severity, Time};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Who reads the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// `/etc/hosts` and what understands it; the names themselves only.
    Hosts,
    /// A response policy zone (BIND, Knot, PowerDNS): the names and all below them do not exist.
    Rpz,
    /// Unbound's `local-zone`.
    Unbound,
}

/// Names that findings at or above a severity put on the list. `at` stands in it as its date and, for a zone, as its
/// serial.
pub fn blocklist(names: &BTreeSet<String>, least: Severity, form: Form, at: Time) -> String {
    let mut out = String::new();
    let remark = if form == Form::Rpz { ";" } else { "#" };
    let _ = writeln!(out, "{remark} Vigie, {at}: {} names at {} or above", names.len(), least.as_str());
    match form {
        Form::Rpz => {
            let serial = at.seconds().clamp(0, i64::from(u32::MAX));
            let _ = writeln!(
                out,
                "$TTL 300\n@ SOA localhost. root.localhost. {serial} 3600 600 86400 300\n@ NS localhost."
            );
        }
        Form::Unbound => out.push_str("server:\n"),
        Form::Hosts => {}
    }
    for name in names {
        let _ = match form {
            Form::Hosts => writeln!(out, "0.0.0.0 {name}"),
            Form::Rpz => writeln!(out, "{name} CNAME .\n*.{name} CNAME ."),
            Form::Unbound => writeln!(out, "  local-zone: \"{name}\" always_nxdomain"),
        };
    }
    out
}

/// Whether a name is fit for a list or a pattern.
pub fn is_plain(name: &str) -> bool {
    name.contains('.') && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}
