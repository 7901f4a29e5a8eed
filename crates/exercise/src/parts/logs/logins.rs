//! Logs of logins: who came in, who mistyped, who tried. One log per daemon, in time order.
//!
//! You may rely on: memory holds attempts under way and the lines of the next seconds, never the log.

use super::actors::{Actors, lanes};
use super::daemon::{Daemon, Login};
use super::habit::working_times;
use super::plan::{Beats, Plan, Planned};
use super::tables::Logins;
use super::vocabulary::{Class, Purpose, Shape};
use crate::address::{Addresses, Side};
use crate::calendar::Period;
use crate::files::LogFile;
use crate::random::Random;
use model::{Address, Outcome, Result};
use std::cmp::Reverse;

/// One log and the services that write to it.
pub(crate) const LOGS: [(&str, &[Purpose]); 5] = [
    ("auth.log", &[Purpose::Ssh]),
    ("mail.log", &[Purpose::Smtp, Purpose::Imap]),
    ("vsftpd.log", &[Purpose::Ftp]),
    ("postgresql.log", &[Purpose::Postgresql]),
    ("mysql-error.log", &[Purpose::Mysql]),
];

const COMMON: [&str; 24] = [
    "admin",
    "root",
    "test",
    "postgres",
    "oracle",
    "ubuntu",
    "pi",
    "guest",
    "backup",
    "www-data",
    "ftpuser",
    "nagios",
    "info",
    "contact",
    "webmaster",
    "support",
    "presse",
    "compta",
    "direction",
    "git",
    "mysql",
    "deploy",
    "user",
    "demo",
];

const FIRST: [&str; 16] = [
    "julie", "marc", "sophie", "thomas", "lea", "hugo", "emma", "louis", "ines", "paul", "nadia", "karim", "lucie",
    "victor", "alice", "jean",
];

const LAST: [&str; 16] = [
    "martin", "bernard", "petit", "durand", "moreau", "lefevre", "garcia", "roux", "fontaine", "mercier", "blanc",
    "girard", "andre", "faure", "perrin", "morel",
];

/// Writes one log.
pub(crate) struct Watch<'a> {
    pub(crate) logins: &'a Logins,
    pub(crate) period: &'a Period,
    pub(crate) plan: &'a Plan,
    pub(crate) addresses: &'a Addresses,
    pub(crate) home: crate::address::Country,
    pub(crate) seed: u64,
}

/// A source that tries.
struct Attacker<'p> {
    planned: &'p Planned,
    source: Address,
    beats: Beats,
    names: Vec<String>,
    random: Random,
    done: u64,
    last_lane: bool,
    events: u64,
}

impl Watch<'_> {
    pub(crate) fn write(&self, name: &str, services: &[Purpose], log: &mut LogFile) -> Result<()> {
        let mut random = Random::stream(self.seed, name, 0);
        let offices: Vec<Address> =
            (0..8).map(|_| self.addresses.draw(self.home, Side::Ordinary, &mut random)).collect();
        let mut daemon = Daemon::new(self.logins, &self.period.zone);
        // What waits to happen: honest people at their times, attackers at their next beat.
        let mut honest: Vec<(i64, Purpose)> = Vec::new();
        for &service in services {
            let rate = match service {
                Purpose::Ssh => self.logins.ssh_per_day,
                Purpose::Smtp => self.logins.mail_per_day / 4.0,
                Purpose::Imap => self.logins.mail_per_day,
                Purpose::Ftp => self.logins.ftp_per_day,
                _ => self.logins.database_per_day,
            };
            honest.extend(working_times(rate, self.period, &mut random).into_iter().map(|t| (t, service)));
        }
        honest.sort_unstable_by_key(|&(t, s)| Reverse((t, s)));
        let mut lanes = lanes(self.plan, |_, purpose| services.contains(&purpose));
        let mut actors: Actors<Attacker> = Actors::new();
        loop {
            let next_honest = honest.last().map_or(i64::MAX, |h| h.0 * 1000);
            let at = next_honest.min(actors.peek()).min(lanes.last().map_or(i64::MAX, |l| l.0));
            daemon.flush(at.min(self.period.to * 1000), log)?;
            if at == i64::MAX {
                return Ok(());
            }
            while let Some((start, planned, lane)) = lanes.pop_if(|l| l.0 == at) {
                actors.enter(start, self.attacker(planned, lane));
            }
            if let Some((_, service)) = honest.pop_if(|h| h.0 * 1000 == at) {
                self.honest(at, service, &offices, &mut daemon, &mut random);
            } else if let Some((at, slot, attacker)) = actors.next(at + 1) {
                attacker.attempt(at, &mut daemon);
                let next = attacker.beats.next();
                actors.again(slot, next);
            }
        }
    }

    /// Somebody of the staff logs in, perhaps at the second or third try.
    fn honest(&self, at: i64, service: Purpose, offices: &[Address], daemon: &mut Daemon, random: &mut Random) {
        let who = random.below(self.logins.staff.len() as u64) as usize;
        let source = match random.below(10) {
            0 => self.addresses.draw(self.home, Side::Ordinary, random),
            _ => offices[who % offices.len()],
        };
        let user = match service {
            Purpose::Smtp | Purpose::Imap => format!("{}@{}", self.logins.staff[who], self.logins.domain),
            Purpose::Postgresql | Purpose::Mysql => "site".into(),
            _ => self.logins.staff[who].clone(),
        };
        let typed_wrong = match service {
            Purpose::Postgresql | Purpose::Mysql => 0,
            _ if random.chance(0.06) => random.range(1, 2),
            _ => 0,
        };
        let login = Login { service, source, user: &user, known: true, enumerates: false };
        for i in 0..typed_wrong {
            daemon.refuse(at + i as i64 * 5_000, &login, random);
        }
        daemon.accept(at + typed_wrong as i64 * 5_000 + 2_000, &login, random);
    }

    fn attacker<'p>(&self, planned: &'p Planned, lane: usize) -> Attacker<'p> {
        let mut beats = Beats::new(planned, lane);
        beats.next();
        Attacker {
            planned,
            source: planned.lanes[lane].source,
            beats,
            names: self.names(planned),
            random: Random::stream(planned.seed, "tries", lane as u64),
            done: 0,
            last_lane: lane + 1 == planned.lanes.len(),
            events: planned.lanes[lane].events,
        }
    }

    /// The names an attempt goes through, in turn.
    fn names(&self, planned: &Planned) -> Vec<String> {
        let truth = &planned.truth;
        let mut random = Random::stream(planned.seed, "names", 0);
        let mail = matches!(truth.purpose, Purpose::Smtp | Purpose::Imap);
        let database = matches!(truth.purpose, Purpose::Postgresql | Purpose::Mysql);
        let staff = self.logins.staff[random.below(self.logins.staff.len() as u64) as usize].clone();
        let people = |random: &mut Random| format!("{}.{}", random.pick(&FIRST), random.pick(&LAST));
        let wanted = match (truth.shape, truth.class) {
            (Shape::Spray, _) => planned.lanes[0].events,
            (_, Class::BruteForce) => random.range(1, 2),
            (_, Class::PasswordSpraying) => truth.requests.div_ceil(2).clamp(4, 40),
            _ => truth.requests.min(500),
        };
        let mut names = Vec::new();
        for i in 0..wanted {
            names.push(match truth.class {
                Class::UserEnumeration => format!("{}{}", random.pick(&COMMON), random.below(90)),
                Class::CredentialStuffing => format!("{}{}", people(&mut random), random.below(100)),
                Class::PasswordSpraying if i > 0 => people(&mut random),
                _ if truth.outcome == Outcome::PossiblySucceeded || i > 0 && !database => staff.clone(),
                _ if database => random.pick(&["postgres", "root", "admin", "site", "backup"]).to_string(),
                _ => random.pick(&COMMON).to_string(),
            });
        }
        if mail {
            names.iter_mut().for_each(|n| *n = format!("{n}@{}", self.logins.domain));
        }
        names
    }
}

impl Attacker<'_> {
    fn attempt(&mut self, at: i64, daemon: &mut Daemon) {
        let truth = &self.planned.truth;
        let user = &self.names[self.done as usize % self.names.len()];
        self.done += 1;
        let enumerates = truth.class == Class::UserEnumeration;
        let known = daemon.knows(user);
        let login = Login { service: truth.purpose, source: self.source, user, known, enumerates };
        let succeeds = truth.outcome == Outcome::PossiblySucceeded && self.last_lane && self.done == self.events;
        if succeeds {
            let login = Login { known: true, ..login };
            daemon.accept(at, &login, &mut self.random);
        } else {
            daemon.refuse(at, &login, &mut self.random);
        }
    }
}
