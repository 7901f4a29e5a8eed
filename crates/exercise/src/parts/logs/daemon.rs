//! What sshd, Postfix, Dovecot, vsftpd, PostgreSQL and MySQL write of a login, in the words of the versions of 2017.

use super::tables::Logins;
use super::vocabulary::{Purpose, Syslog};
use crate::files::LogFile;
use crate::random::Random;
use jiff::tz::TimeZone;
use model::{Address, Result, Time};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// Somebody at a service.
pub(crate) struct Login<'a> {
    pub(crate) service: Purpose,
    pub(crate) source: Address,
    pub(crate) user: &'a str,
    /// Whether there is such an account.
    pub(crate) known: bool,
    /// Only asks whether there is.
    pub(crate) enumerates: bool,
}

/// Turns logins into lines and keeps these in order: a login's later lines fall among the next one's.
pub(crate) struct Daemon<'a> {
    logins: &'a Logins,
    zone: TimeZone,
    staff: BTreeSet<&'a str>,
    waiting: BinaryHeap<Reverse<(i64, u64, String)>>,
    entered: u64,
}

impl<'a> Daemon<'a> {
    pub(crate) fn new(logins: &'a Logins, zone: &TimeZone) -> Daemon<'a> {
        let staff = logins.staff.iter().map(String::as_str).chain(["root", "postgres", "site"]).collect();
        Daemon { logins, zone: zone.clone(), staff, waiting: BinaryHeap::new(), entered: 0 }
    }

    /// Whether a service has an account of this name.
    pub(crate) fn knows(&self, user: &str) -> bool {
        self.staff.contains(user.split('@').next().unwrap_or(user))
    }

    /// Writes the lines before an instant.
    pub(crate) fn flush(&mut self, before: i64, log: &mut LogFile) -> Result<()> {
        while self.waiting.peek().is_some_and(|Reverse(next)| next.0 < before) {
            let Some(Reverse((at, _, line))) = self.waiting.pop() else { break };
            let (out, _) = log.at(at.div_euclid(1000))?;
            out.extend_from_slice(line.as_bytes());
            out.push(b'\n');
        }
        Ok(())
    }

    pub(crate) fn refuse(&mut self, at: i64, login: &Login, random: &mut Random) {
        let Login { source, user, .. } = login;
        let (pid, port) = (random.range(1_000, 30_000), random.range(32_768, 60_999));
        match login.service {
            Purpose::Ssh => {
                let sshd = format!("sshd[{pid}]");
                if !login.known {
                    self.syslog(at, &sshd, &format!("Invalid user {user} from {source}"));
                    self.syslog(at, &sshd, &format!("input_userauth_request: invalid user {user} [preauth]"));
                }
                if login.enumerates {
                    return self.syslog(at + 300, &sshd, &format!("Connection closed by {source} [preauth]"));
                }
                let (who, of) = if login.known { ("", *user) } else { ("invalid user ", *user) };
                let account = if login.known { format!("  user={user}") } else { String::new() };
                self.syslog(
                    at,
                    &sshd,
                    &format!("pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={source}{account}"),
                );
                self.syslog(
                    at + 1_000,
                    &sshd,
                    &format!("Failed password for {who}{of} from {source} port {port} ssh2"),
                );
                self.syslog(at + 1_100, &sshd, &format!("Received disconnect from {source}: 11: Bye Bye [preauth]"));
            }
            Purpose::Smtp => {
                let smtpd = format!("postfix/smtpd[{pid}]");
                self.syslog(at, &smtpd, &format!("connect from unknown[{source}]"));
                let why = format!("SASL LOGIN authentication failed: authentication failure, sasl_username={user}");
                self.syslog(at + 600, &smtpd, &format!("warning: unknown[{source}]: {why}"));
                self.syslog(
                    at + 700,
                    &smtpd,
                    &format!("disconnect from unknown[{source}] ehlo=1 auth=0/1 quit=1 commands=2/3"),
                );
            }
            Purpose::Imap => {
                let what = "imap-login: Disconnected (auth failed, 1 attempts in 2 secs)";
                let session = session(random);
                self.syslog(
                    at,
                    "dovecot",
                    &format!(
                        "{what}: user=<{user}>, method=PLAIN, rip={source}, lip=10.0.0.25, TLS, session=<{session}>"
                    ),
                );
            }
            Purpose::Ftp => {
                self.plain(at, "%a %b %e %H:%M:%S %Y", &format!("[pid {pid}] CONNECT: Client \"{source}\""));
                self.plain(
                    at + 900,
                    "%a %b %e %H:%M:%S %Y",
                    &format!("[pid {pid}] [{user}] FAIL LOGIN: Client \"{source}\""),
                );
            }
            Purpose::Mysql => {
                let what = format!("Access denied for user '{user}'@'{source}' (using password: YES)");
                self.utc(at, &format!("{} [Note] {what}", pid % 9000));
            }
            _ => {
                self.database(
                    at,
                    pid,
                    "[unknown]@[unknown]",
                    *source,
                    &format!("LOG:  connection received: host={source} port={port}"),
                );
                let who = format!("{user}@{user}");
                let what = format!("FATAL:  password authentication failed for user \"{user}\"");
                self.database(at + 20, pid, &who, *source, &what);
            }
        }
    }

    pub(crate) fn accept(&mut self, at: i64, login: &Login, random: &mut Random) {
        let Login { source, user, .. } = login;
        let (pid, port) = (random.range(1_000, 30_000), random.range(32_768, 60_999));
        match login.service {
            Purpose::Ssh => {
                let sshd = format!("sshd[{pid}]");
                let (how, key) =
                    if random.chance(0.5) { ("publickey", ": RSA SHA256:pzZk1h2mXc") } else { ("password", "") };
                self.syslog(at, &sshd, &format!("Accepted {how} for {user} from {source} port {port} ssh2{key}"));
                self.syslog(at, &sshd, &format!("pam_unix(sshd:session): session opened for user {user} by (uid=0)"));
                if random.chance(0.3) {
                    let what = format!(
                        "   {user} : TTY=pts/0 ; PWD=/home/{user} ; USER=root ; COMMAND=/usr/bin/apt-get update"
                    );
                    self.syslog(at + 40_000, "sudo", &what);
                }
                let until = at + random.range(60_000, 1_500_000) as i64;
                self.syslog(until, &sshd, &format!("pam_unix(sshd:session): session closed for user {user}"));
            }
            Purpose::Smtp => {
                let (smtpd, queue) = (format!("postfix/submission/smtpd[{pid}]"), random.bits() >> 24);
                self.syslog(at, &smtpd, &format!("connect from unknown[{source}]"));
                self.syslog(
                    at + 400,
                    &smtpd,
                    &format!("{queue:010X}: client=unknown[{source}], sasl_method=PLAIN, sasl_username={user}"),
                );
                self.syslog(at + 900, &smtpd, &format!("disconnect from unknown[{source}] ehlo=2 starttls=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8"));
            }
            Purpose::Imap => {
                let session = session(random);
                self.syslog(
                    at,
                    "dovecot",
                    &format!("imap-login: Login: user=<{user}>, method=PLAIN, rip={source}, lip=10.0.0.25, mpid={pid}, TLS, session=<{session}>"),
                );
            }
            Purpose::Ftp => {
                self.plain(at, "%a %b %e %H:%M:%S %Y", &format!("[pid {pid}] CONNECT: Client \"{source}\""));
                self.plain(
                    at + 900,
                    "%a %b %e %H:%M:%S %Y",
                    &format!("[pid {pid}] [{user}] OK LOGIN: Client \"{source}\""),
                );
            }
            Purpose::Mysql => {
                let what = format!(
                    "Aborted connection {} to db: 'site' user: '{user}' host: '10.0.0.10' (Got timeout reading communication packets)",
                    pid % 9000
                );
                self.utc(at, &format!("{} [Note] {what}", pid % 9000));
            }
            _ => {
                // The site's own sessions come from the web server beside it.
                let source = if *user == "site" { Address::v4([10, 0, 0, 10]) } else { *source };
                self.database(
                    at,
                    pid,
                    "[unknown]@[unknown]",
                    source,
                    &format!("LOG:  connection received: host={source} port={port}"),
                );
                let what = format!("LOG:  connection authorized: user={user} database=site");
                self.database(at + 10, pid, &format!("{user}@site"), source, &what);
            }
        }
    }

    fn syslog(&mut self, at: i64, tag: &str, text: &str) {
        let host = &self.logins.host;
        let civil = Time(at * 1000).in_zone(&self.zone);
        let line = match self.logins.format {
            Syslog::Rfc3164 => format!("{} {host} {tag}: {text}", civil.strftime("%b %e %H:%M:%S")),
            Syslog::Rfc5424 => {
                let (name, pid) = tag.split_once('[').map_or((tag, "-"), |(n, p)| (n, p.trim_end_matches(']')));
                format!("<86>1 {} {host} {name} {pid} - - {text}", civil.strftime("%Y-%m-%dT%H:%M:%S.%3f%:z"))
            }
        };
        self.wait(at, line);
    }

    fn plain(&mut self, at: i64, stamp: &str, text: &str) {
        let line = format!("{} {text}", Time(at * 1000).in_zone(&self.zone).strftime(stamp));
        self.wait(at, line);
    }

    fn utc(&mut self, at: i64, text: &str) {
        let line = format!("{} {text}", Time(at * 1000).timestamp().strftime("%Y-%m-%dT%H:%M:%S.%6fZ"));
        self.wait(at, line);
    }

    /// With `log_line_prefix = '%m [%p] %u@%d %h '`.
    fn database(&mut self, at: i64, pid: u64, who: &str, source: Address, text: &str) {
        self.plain(at, "%Y-%m-%d %H:%M:%S.%3f %Z", &format!("[{pid}] {who} {source} {text}"));
    }

    fn wait(&mut self, at: i64, line: String) {
        self.entered += 1;
        self.waiting.push(Reverse((at, self.entered, line)));
    }
}

fn session(random: &mut Random) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    (0..16).map(|_| char::from(letters[random.below(64) as usize])).collect()
}
