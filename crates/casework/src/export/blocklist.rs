//! Blocklists: a hosts file, a response policy zone, Unbound's local zones.

use model::{Finding, Severity, Time};
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

/// The names of findings at or above a severity. `at` stands in the list as its date and, for a zone, as its serial.
pub fn blocklist(findings: &[Finding], least: Severity, form: Form, at: Time) -> String {
    let names = super::named(findings, least);
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
    for name in names.keys() {
        let _ = match form {
            Form::Hosts => writeln!(out, "0.0.0.0 {name}"),
            Form::Rpz => writeln!(out, "{name} CNAME .\n*.{name} CNAME ."),
            Form::Unbound => writeln!(out, "  local-zone: \"{name}\" always_nxdomain"),
        };
    }
    out
}
