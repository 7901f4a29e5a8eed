//! What the runs of one source say of it: how often it tried, with which names, and whether it was let in after that.
//!
//! You may rely on: one refused try is one try, however many lines tell it. Lines of different witnesses (the service's
//! own, its complaints of unknown names, PAM and ended sessions) tell the *same* tries, so the largest count holds and
//! they are never added. Left out: what a claim makes of it (see `attempt.rs`).

use crate::attempt::Run;
use model::{Address, EvidenceId, SpanSet, Step, Time};
use rows::auth_log::{Login, Outcome};
use std::collections::{BTreeMap, BTreeSet};

/// Names kept of one party.
const NAMES: usize = 4096;

/// Refusals after which an acceptance is not a slip of the fingers.
pub const MANY: u64 = 5;
/// Names, likewise.
pub const MANY_NAMES: u64 = 3;

/// Refused keys that an agent does not come to.
const KEYS: u64 = 20;

fn is_many(tries: u64, names: u64) -> bool {
    tries >= MANY || (names >= MANY_NAMES && tries >= MANY_NAMES)
}

/// A login that was let in.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When first.
    pub at: Time,
    /// As whom.
    pub user: String,
    /// How.
    pub method: String,
    /// Tries refused to this source since the acceptance before, or since the attempt began.
    pub tries: u64,
    /// Names among these.
    pub names: u64,
    /// How often.
    pub count: u64,
}

/// Counts of each witness.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    failed: u64,
    failed_invalid: u64,
    invalid: u64,
    echo: u64,
}

impl Counts {
    /// Tries: refusals told by the service, and those of unknown names that it told only so; or what the echoes tell.
    fn tries(self) -> u64 {
        let told = self.failed + self.invalid.saturating_sub(self.failed_invalid);
        told.max(self.echo)
    }
}

/// What of a row makes a party: a flood leaves one for each of its sources.
#[derive(Clone, Debug)]
pub struct Tried {
    /// What came of it.
    pub outcome: Outcome,
    keys: bool,
    method: Option<String>,
    users: Box<[(String, u64)]>,
    more: u64,
    invalid: u64,
}

impl Tried {
    /// What is kept of a row.
    pub fn of(row: Login) -> Tried {
        Tried {
            outcome: row.outcome,
            keys: row.is_of_keys(),
            method: row.method.filter(|_| row.outcome == Outcome::Accepted),
            users: row.users.into_iter().collect(),
            more: row.more_users.unwrap_or(0),
            invalid: row.invalid.unwrap_or(0),
        }
    }
}

/// One source within one attempt.
#[derive(Clone, Debug)]
pub struct Party {
    /// Its address.
    pub source: Address,
    /// First and last event.
    pub first: Time,
    /// Last event.
    pub last: Time,
    /// Tries refused.
    pub tries: u64,
    /// Of these, by public keys. They cannot be guessed: an agent offers all that it has, one after another.
    pub keys: u64,
    /// Of these, with names that the service does not know.
    pub unknown: u64,
    /// Names tried.
    pub names: BTreeMap<String, u64>,
    /// Events with names that were not kept.
    pub more: u64,
    /// First and last refusal.
    span: Option<(Time, Time)>,
    /// Logins let in.
    pub entries: Vec<Entry>,
    /// Whether somewhere between two acceptances there are more refusals, or names, than slips explain.
    persistent: bool,
    /// Where its events stand: evidence, steps inside it, ranges.
    pub places: Vec<(EvidenceId, Vec<Step>, SpanSet)>,
}

impl Party {
    /// The party of a source's runs.
    pub fn new(source: Address, mut runs: Vec<Run<Tried>>) -> Party {
        runs.sort_by_key(|r| (r.first, r.last));
        let mut party = Party {
            source,
            first: runs.first().map_or(Time::default(), |r| r.first),
            last: runs.iter().map(|r| r.last).max().unwrap_or_default(),
            tries: 0,
            keys: 0,
            unknown: 0,
            names: BTreeMap::new(),
            more: 0,
            span: None,
            entries: Vec::new(),
            persistent: false,
            places: Vec::new(),
        };
        let mut counts = Counts::default();
        // Since the last acceptance: PAM refuses once before many an acceptance, and an office has many hands.
        let (mut streak, mut names) = (Counts::default(), BTreeSet::new());
        let mut invalid_echo = 0;
        // What was refused before an acceptance is in runs that ended before it: readers cut there.
        let (entries, refusals): (Vec<_>, Vec<_>) = runs.iter().partition(|r| r.row.outcome == Outcome::Accepted);
        let mut refusals = refusals.into_iter().peekable();
        let mut entries = entries.into_iter().peekable();
        loop {
            let before = match (refusals.peek(), entries.peek()) {
                (None, None) => break,
                (Some(r), Some(e)) => r.last <= e.first || r.first < e.last,
                (refusal, _) => refusal.is_some(),
            };
            let Some(run) = (if before { refusals.next() } else { entries.next() }) else { break };
            let row = &run.row;
            let invalid = row.invalid;
            match row.outcome {
                Outcome::Accepted => {
                    let user = row.users.first().map(|(user, _)| user.clone()).unwrap_or_default();
                    let method = row.method.clone().unwrap_or_default();
                    let (tries, names) = (streak.tries(), std::mem::take(&mut names).len() as u64);
                    streak = Counts::default();
                    party.entries.push(Entry { at: run.first, user, method, tries, names, count: run.count });
                    continue;
                }
                Outcome::Failed if row.keys => {
                    (counts.failed, counts.failed_invalid) =
                        (counts.failed + run.count, counts.failed_invalid + invalid);
                    party.keys += run.count;
                }
                Outcome::Failed => {
                    for c in [&mut counts, &mut streak] {
                        c.failed += run.count;
                        c.failed_invalid += invalid;
                    }
                }
                Outcome::InvalidUser => [&mut counts, &mut streak].into_iter().for_each(|c| c.invalid += run.count),
                Outcome::Echo => {
                    [&mut counts, &mut streak].into_iter().for_each(|c| c.echo += run.count);
                    invalid_echo += invalid;
                }
                Outcome::Probe => continue,
            }
            if !row.keys {
                names.extend(row.users.iter().map(|(user, _)| user).take(NAMES));
            }
            party.persistent |= is_many(streak.tries(), names.len() as u64);
            party.more += row.more;
            for (name, n) in &row.users {
                match party.names.contains_key(name) || party.names.len() < NAMES {
                    true => *party.names.entry(name.clone()).or_default() += n,
                    false => party.more += n,
                }
            }
            let (first, last) = party.span.unwrap_or((run.first, run.last));
            party.span = Some((first.min(run.first), last.max(run.last)));
        }
        party.tries = counts.tries();
        party.unknown = counts.failed_invalid.max(counts.invalid).max(invalid_echo).min(party.tries);
        // Only their places are still wanted, and there may be a party for every line.
        party.places = runs.into_iter().map(|r| (r.evidence, r.steps, r.spans)).collect();
        party
    }

    /// Names tried, those not kept counting as one more.
    pub fn names(&self) -> u64 {
        self.names.len() as u64 + u64::from(self.more > 0)
    }

    /// An acceptance after more refusals, or more names, than a person's slips explain.
    pub fn broken(&self) -> Option<&Entry> {
        self.entries.iter().find(|e| is_many(e.tries, e.names))
    }

    /// Whether the tries come as a machine makes them: three or more, two seconds apart or less.
    pub fn is_machine(&self) -> bool {
        let Some((first, last)) = self.span else { return false };
        self.tries >= 3 && last.since(first) <= 2 * (self.tries as i64 - 1)
    }

    /// Whether a name that every scanner tries is among those tried.
    pub fn tries_default(&self) -> bool {
        self.names.keys().any(|name| is_default(name))
    }

    /// Whether this source is guessing. A person who mistypes a known name and gets in, or gives up, is not.
    pub fn is_guessing(&self) -> bool {
        // Keys of one agent are few, and for one name or two.
        let agent = self.keys < KEYS && self.names() < MANY_NAMES && self.unknown == 0;
        let guesses = if agent { self.tries.saturating_sub(self.keys) } else { self.tries };
        if guesses == 0 {
            return false;
        }
        // A slow attempt has many tries and few at a time.
        if self.persistent || (self.entries.is_empty() && is_many(guesses, self.names())) {
            return true;
        }
        let machine = self.is_machine() && guesses >= MANY_NAMES;
        self.entries.is_empty() && (machine || self.is_public() && (self.unknown > 0 || self.tries_default()))
    }

    /// Whether it comes from the Internet, or might.
    pub fn is_public(&self) -> bool {
        !matches!(self.source.special(), Some("private" | "loopback" | "link-local" | "shared"))
    }
}

/// Accounts that systems and programs create, and that every scanner tries (OpenSSH and MySQL hardening guides list
/// most of them). A mail address counts by its local part.
pub fn is_default(name: &str) -> bool {
    const NAMES: [&str; 24] = [
        "admin",
        "administrateur",
        "administrator",
        "anonymous",
        "ftp",
        "ftpuser",
        "git",
        "guest",
        "minecraft",
        "mysql",
        "nagios",
        "oracle",
        "pi",
        "postgres",
        "root",
        "sa",
        "support",
        "test",
        "tomcat",
        "ubnt",
        "ubuntu",
        "user",
        "www-data",
        "zabbix",
    ];
    let local = name.split('@').next().unwrap_or(name).to_ascii_lowercase();
    NAMES.binary_search(&local.as_str()).is_ok()
}
