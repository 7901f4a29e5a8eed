//! Rows of web server logs.

use crate::attempt::Class;
use crate::{Merge, Observed, Row, attempt};
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Distinct paths listed of one run.
pub const PATHS: usize = 48;
/// Distinct answers listed of one run.
pub const ANSWERS: usize = 24;
/// Rules listed of one run.
pub const RULES: usize = 16;
/// Requests shown of one run.
pub const SAMPLES: usize = 3;
/// Missing pages of a run that is a stray, at most.
pub const STRAY: u64 = 3;

/// Whether so many requests, so many of them for missing pages, are those of a visitor who strayed: nothing is made of
/// them where nobody else of the network is there, and no slow attempt of them ever.
pub fn stray(requests: u64, missing: u64) -> bool {
    requests <= STRAY && missing == requests
}

/// What one source did to one site: requests that are hostile, that log in, or that ask for what is not there. Key
/// [`crate::key::RunKey`].
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Request {
    /// The virtual host; `-` where the log does not say.
    pub site: String,
    /// Requests of each class that is hostile by itself.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub classes: BTreeMap<Class, u64>,
    /// Requests of each class that is ordinary by itself.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub weak: BTreeMap<Class, u64>,
    /// Requests of which nothing is to be said but that they asked for what is not there.
    #[serde(skip_serializing_if = "is_zero")]
    pub missing: u64,
    /// Hashes of the first 48 distinct paths, in hexadecimal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// Answers by status (RFC 9110).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub statuses: BTreeMap<u16, u64>,
    /// The classifier's rules that told most of a request, the first 16.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// The first three requests, method and target, cut to 240 bytes. One that only asked for what is not there is shown
    /// where there is no other, and then alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<String>,
    /// The client's name, where the log has names for addresses; the source then is one of 100::/8 and stands for it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub client: String,
    /// The first User-Agent, cut to 160 bytes.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user_agent: String,
    /// What hostile requests were answered where that was no refusal, the first 24 by path and status.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Logins not answered as a right password is.
    #[serde(skip_serializing_if = "is_zero")]
    pub failed: u64,
    /// Logins answered with a redirect, as a right password is.
    #[serde(skip_serializing_if = "is_zero")]
    pub accepted: u64,
    /// Of `failed`, those before the first that was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_before: Option<u64>,
}

/// What hostile requests were answered at one path.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// `site|path`, as habits are known by (tally `web_log/path`).
    pub path: String,
    /// The status, 2xx or 5xx.
    pub status: u16,
    /// What was tried first.
    pub class: Class,
    /// How many.
    pub count: u64,
    /// Bytes of the smallest, where the log tells sizes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest: Option<u64>,
    /// Bytes of the largest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub largest: Option<u64>,
}

impl Row for Request {
    const NAME: &'static str = "web_log/request";
}

impl Request {
    /// Whether all that was asked for is not there.
    fn is_all_missing(&self) -> bool {
        self.missing == self.statuses.values().sum::<u64>()
    }

    /// Adds the counts of a later row; what is listed is left alone.
    pub fn add_counts(&mut self, later: &Request) {
        for (class, n) in &later.classes {
            *self.classes.entry(*class).or_default() += n;
        }
        for (class, n) in &later.weak {
            *self.weak.entry(*class).or_default() += n;
        }
        for (status, n) in &later.statuses {
            *self.statuses.entry(*status).or_default() += n;
        }
        self.missing += later.missing;
        self.failed_before = self.failed_before.or(later.failed_before.map(|before| self.failed + before));
        self.failed += later.failed;
        self.accepted += later.accepted;
    }
}

impl Observed for Request {
    const MERGE: Merge = Merge::Joins;

    fn join(&mut self, later: &Request) {
        match (self.is_all_missing(), later.is_all_missing()) {
            (_, true) => {}
            (true, false) => self.samples.clone_from(&later.samples),
            (false, false) => {
                let room = SAMPLES.saturating_sub(self.samples.len());
                self.samples.extend(later.samples.iter().take(room).cloned());
            }
        }
        self.add_counts(later);
        add(&mut self.paths, &later.paths, PATHS);
        add(&mut self.rules, &later.rules, RULES);
        if self.client.is_empty() {
            self.client.clone_from(&later.client);
        }
        if self.user_agent.is_empty() {
            self.user_agent.clone_from(&later.user_agent);
        }
        for answer in &later.answers {
            let known = self.answers.iter().position(|a| a.path == answer.path && a.status == answer.status);
            match known {
                Some(i) => {
                    let known = &mut self.answers[i];
                    known.count += answer.count;
                    let (a, b) = (known.smallest, answer.smallest);
                    known.smallest = a.zip(b).map(|(a, b)| a.min(b)).or(a).or(b);
                    known.largest = known.largest.max(answer.largest);
                }
                None if self.answers.len() < ANSWERS => self.answers.push(answer.clone()),
                None => {}
            }
        }
    }
}

/// One source's ordinary requests to one site within five minutes, where they are a hundred or more; and of the first
/// and last five minutes of the evidence all, so that a log cut in two gives the same sums. Key
/// [`crate::key::RunKey`]; the place is the stretch from the first of them to the last.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Heavy {
    /// The virtual host; `-` where the log does not say.
    pub site: String,
}

/// Seconds of one slot.
pub const SLOT: i64 = 300;

impl Row for Heavy {
    const NAME: &'static str = "web_log/heavy";
}

impl Observed for Heavy {
    const MERGE: Merge = Merge::AddsWithin(SLOT);
}

/// An attempt on a web site.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Attempt {
    /// What every attempt says.
    #[serde(flatten)]
    pub attempt: attempt::Attempt,
    /// The classifier's rules that told most of a request (`vigie knowledge`).
    pub rules: Vec<String>,
    /// Five of its requests, method and target.
    pub samples: Vec<String>,
}

impl Row for Attempt {
    const NAME: &'static str = "web_log/attempt";
}

/// The counts of a tally `web_log/path`, key `site|path`: what a site ordinarily answers there, and how large.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Habit {
    /// Answers 2xx, 3xx, 4xx, 5xx.
    pub answers: [u64; 4],
    /// Answers 2xx by size: none of bytes, then two cells for every doubling.
    pub sizes: Vec<u64>,
}

impl Habit {
    /// The tallies' kind.
    pub const NAME: &'static str = "web_log/path";

    /// From a tally; what it does not hold is 0.
    pub fn of(counts: &[u64]) -> Habit {
        let n = |i: usize| counts.get(i).copied().unwrap_or(0);
        Habit { answers: [n(0), n(1), n(2), n(3)], sizes: counts.get(4..).unwrap_or_default().to_vec() }
    }

    /// Answers 2xx and their bytes, as far as the cells tell: each at its lower end, so at least so many.
    pub fn least(&self) -> (u64, u64) {
        let each = self.sizes.iter().enumerate().map(|(cell, n)| (*n, Habit::lower(cell)));
        each.fold((0, 0), |(all, bytes), (n, size)| (all + n, bytes.saturating_add(n.saturating_mul(size))))
    }

    fn lower(cell: usize) -> u64 {
        let Some(at) = cell.checked_sub(1) else { return 0 };
        let octave = 1u64.checked_shl((at / 2) as u32).unwrap_or(u64::MAX);
        // The upper half begins at the square root of two (181/128).
        if at % 2 == 0 { octave } else { octave.saturating_add(octave.saturating_mul(53) / 128) }
    }
}

/// The key of a tally `web_log/slot`: `site|YYYY-MM-DDTHH:MM`, UTC.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SlotKey {
    /// The virtual host; `-` where the log does not say.
    pub site: String,
    /// When the slot begins.
    pub at: Time,
}

impl fmt::Display for SlotKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}|{}", self.site, &self.at.to_string()[..16])
    }
}

impl FromStr for SlotKey {
    type Err = String;
    fn from_str(key: &str) -> Result<SlotKey, String> {
        // A site may hold the separator, a time cannot.
        let (site, at) = key.rsplit_once('|').ok_or("a site and a time with `|` between them")?;
        let at = format!("{at}:00Z").parse().map_err(|_| "a time after the last `|`")?;
        Ok(SlotKey { site: site.into(), at })
    }
}

/// The counts of a tally `web_log/slot`: what a site answered within five minutes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Slot {
    /// Requests.
    pub requests: u64,
    /// Those of which no run is kept.
    pub ordinary: u64,
    /// Answers 2xx, 3xx, 4xx, 5xx.
    pub answers: [u64; 4],
    /// Bytes answered.
    pub bytes: u64,
    /// Requests of which a run is kept.
    pub hits: u64,
    /// Requests not hostile by themselves, ordinary or not.
    pub plain: u64,
    /// Those of them answered 5xx.
    pub failed: u64,
}

impl Slot {
    /// The tallies' kind.
    pub const NAME: &'static str = "web_log/slot";

    /// As the tally holds them.
    pub fn counts(&self) -> [u64; 10] {
        let [a, b, c, d] = self.answers;
        [self.requests, self.ordinary, a, b, c, d, self.bytes, self.hits, self.plain, self.failed]
    }

    /// From a tally; what it does not hold is 0.
    pub fn of(counts: &[u64]) -> Slot {
        let n = |i: usize| counts.get(i).copied().unwrap_or(0);
        let answers = [n(2), n(3), n(4), n(5)];
        Slot { requests: n(0), ordinary: n(1), answers, bytes: n(6), hits: n(7), plain: n(8), failed: n(9) }
    }

    /// Adds other counts of the same slot.
    pub fn add(&mut self, other: &Slot) {
        self.requests += other.requests;
        self.ordinary += other.ordinary;
        self.answers.iter_mut().zip(other.answers).for_each(|(a, b)| *a += b);
        // A line may say any size.
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.hits += other.hits;
        self.plain += other.plain;
        self.failed += other.failed;
    }
}

/// Adds what is not listed yet, up to so many.
fn add(list: &mut Vec<String>, more: &[String], most: usize) {
    for item in more {
        if list.len() < most && !list.contains(item) {
            list.push(item.clone());
        }
    }
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}
