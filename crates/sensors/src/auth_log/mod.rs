//! Login logs: who was let in, who was refused, and from where.
//!
//! You may rely on: each refusal is counted once (the service's own line; what PAM or the end of a session tells of the
//! same try is an *echo*, kept apart), repeated lines are expanded, a source is what the service wrote and never what a
//! client made of its name, and a line that is not understood is said not to be. Left out: Windows events and cloud sign-ins
//! (their own kinds); programs known to tell of no login are ordinary.
//!
//! The rule of counting, on a real server's log (`../shared/data/auth-logs/elastic-auth`): a search for *failed* or
//! *invalid* finds 1,176 lines. 717 are sshd's refusals, of which 85 say that they stand for several: 1,042 refusals.
//! The others are no refusals: 178 complaints of unknown names (counted apart as `invalid_user`), 178 lines that repeat
//! these without an address, 73 ends of sessions, and 30 of a program that adds users.
//!
//! What is observed: runs (`rows::auth_log::Login`, and `Local` of sudo, su and consoles, which have no source), and
//! tallies `auth_log/hour` (key `service|YYYY-MM-DDTHH`, UTC: accepted, failed, invalid user, echo, probe).

mod attempt;
mod claim;
mod console;
mod database;
mod event;
mod exim;
mod ftp;
mod json;
mod line;
mod mail;
mod many;
mod ordinary;
mod other;
mod own;
mod pam;
mod party;
mod privilege;
mod probe;
mod read;
mod runs;
mod spray;
mod sshd;
mod stamp;
mod travel;
mod web_login;

use crate::input::Input;
use crate::{Detector, Sensor};
pub(crate) use claim::plain;
use jiff::tz::TimeZone;
use line::Line;
use model::{Argument, Config, Context, Error, Result, Seconds, Settings as _, Sink, Table};
use rows::Shape;
use rows::auth_log::{Local, Login};

/// Login logs.
pub struct AuthLog;

model::settings! {
    /// What a case says of login logs.
    pub struct Settings in "auth_log", "Login logs", "Journaux de connexion" {
        window: Seconds = "\"30m\"",
            "longest pause within one attempt (and within one run of events)",
            "plus longue pause au sein d’une même tentative (et d’une même série d’événements)";
        zone: String = "\"\"",
            "time zone of stamps that name none (IANA name); empty: the campaign's",
            "fuseau des horodatages qui n’en indiquent pas (nom IANA) ; vide : celui de la campagne";
        year: i16 = "0",
            "year of the first line, where stamps carry none; 0: inferred from the evidence's own date",
            "année de la première ligne quand les horodatages n’en portent pas ; 0 : déduite de la date de la pièce",
            options: &[Argument {
                name: "year",
                value: Some("YEAR"),
                help: (
                    "The year of the first line in login logs that write none (default: from the date of the file)",
                    "L’année de la première ligne des journaux de connexion qui n’en portent pas (à défaut, d’après la date du fichier)",
                ),
                check: |text| text.parse::<i16>().map(drop).map_err(|e| e.to_string()),
                ..Argument::PLAIN
            }];
    }
}

/// The zone of stamps that name none.
fn zone(config: &Config, settings: &Settings) -> Result<TimeZone> {
    match settings.zone.as_str() {
        "" => config.zone(),
        name => TimeZone::get(name).map_err(|e| {
            Error::new(format!("`[auth_log] zone = \"{name}\"` is not a time zone"))
                .because(e)
                .hint("use an IANA name such as `Europe/Paris`")
        }),
    }
}

/// Reads one log; so many of the last connections to databases are remembered.
pub(crate) fn read_with(input: &mut Input, context: &Context, connections: usize, out: &mut dyn Sink) -> Result<()> {
    let settings: Settings = context.config.settings()?;
    let (year, window) = (settings.year, settings.window.0);
    let anchor = context.modified.unwrap_or(context.at);
    let clock = stamp::Clock::new(zone(context.config, &settings)?, anchor, year);
    let setup = crate::names::setup::setup(context)?;
    read::read(input, clock, window, year != 0, &setup, connections, out)
}

impl Sensor for AuthLog {
    fn name(&self) -> &'static str {
        "auth_log"
    }
    fn formats(&self) -> &'static [&'static str] {
        &[
            "syslog (RFC 3164, RFC 5424, RFC 3339 stamps, BusyBox, OpenWrt; months in forty languages): sshd, Dropbear, \
             PAM, sudo, su, login, Postfix, Dovecot, Courier, Exim, vsftpd, ProFTPD, Pure-FTPd, Samba, pfSense, Jellyfin, \
             endlessh, WordPress (WP fail2ban), phpMyAdmin",
            "journalctl: short, short-full, JSON on a line or over several",
            "own logs of vsftpd, ProFTPD, Dovecot, Exim, Nextcloud, Joomla, Roundcube, Vaultwarden, Cowrie, Zeek (ssh.log)",
            "auditd; wtmp, btmp, last, lastb",
            "PostgreSQL: standard error, CSV and JSON",
            "MySQL and MariaDB: error log",
            "any of them inside Docker's json-file, CRI, or octet counts (RFC 6587)",
        ]
    }
    fn settings(&self) -> &'static Table {
        Settings::TABLE
    }
    fn check(&self, config: &Config) -> Result<()> {
        zone(config, &config.settings()?).map(drop)
    }

    fn recognise(&self, head: &[u8], _context: &Context) -> u8 {
        let whole = memchr::memrchr(b'\n', head).map_or(head, |end| &head[..end]);
        let (mut lines, mut logins, mut bad, mut web) = (0u32, 0u32, 0u32, 0u32);
        for text in whole.split(|&b| b == b'\n').filter(|t| !t.is_empty()) {
            lines += 1;
            match line::parse(text.strip_suffix(b"\r").unwrap_or(text)) {
                Line::Meaning { .. } => logins += 1,
                Line::Bad("login line cut short or unknown") => logins += 1,
                Line::Bad(_) => bad += 1,
                Line::Ordinary | Line::Unknown(_) => {
                    web += u32::from(memchr::memmem::find(text, b" HTTP/").is_some());
                }
            }
        }
        let good = lines - bad;
        if lines == 0 || good * 2 < lines {
            return 0;
        }
        match logins {
            _ if web > logins => 20,
            0 if text_stamped(whole) => 50,
            0 => 0,
            _ if logins * 2 >= lines => 95,
            _ if logins * 10 >= lines => 85,
            _ => 70,
        }
    }

    fn read(&self, input: &mut Input, context: &Context, out: &mut dyn Sink) -> Result<()> {
        read_with(input, context, read::CONNECTIONS, out)
    }

    fn shapes(&self) -> &'static [Shape] {
        static SHAPES: [Shape; 2] = [Shape::observed::<Login>(), Shape::observed::<Local>()];
        &SHAPES
    }

    fn detectors(&self) -> &'static [&'static dyn Detector] {
        &[&attempt::AttemptDetector, &privilege::PrivilegeDetector, &probe::ProbeDetector, &travel::TravelDetector]
    }
}

/// Whether the first line is syslog of some program: such a log may hold logins further on.
fn text_stamped(head: &[u8]) -> bool {
    let first = head.split(|&b| b == b'\n').find(|t| !t.is_empty()).unwrap_or_default();
    stamp::rfc3164(first).is_some()
        || first.starts_with(b"<")
        || (stamp::iso(first).is_some() && first.get(10) == Some(&b'T'))
        || memchr::memmem::find(first, b"\"__REALTIME_TIMESTAMP\"").is_some()
}

#[cfg(test)]
mod tests;
