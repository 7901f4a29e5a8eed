//! Whether people could use a platform (to vote, to register): what it answered by region and hour, what a probe of one's own
//! met, and where it failed them. Whoever counts requests fills [`Hour`]; the kind `reach` judges.

use crate::{Merge, Observed, Row};
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Cells by which sources are told apart: many sources fill many.
pub const CELLS: usize = 32;

/// The key of a tally [`Hour::NAME`]: `site|YYYY-MM-DDTHH|region`, UTC.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HourKey {
    /// The virtual host; `-` where the log does not say.
    pub site: String,
    /// When the hour begins.
    pub hour: Time,
    /// Where the requests came from.
    pub region: String,
}

impl fmt::Display for HourKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}|{}|{}", self.site, &self.hour.to_string()[..13], self.region)
    }
}

impl FromStr for HourKey {
    type Err = String;
    fn from_str(key: &str) -> Result<HourKey, String> {
        // A site may hold the separator; an hour and a region cannot.
        let mut parts = key.rsplitn(3, '|');
        let (region, hour, site) = (parts.next(), parts.next(), parts.next());
        let (Some(region), Some(hour), Some(site)) = (region, hour, site) else {
            return Err("a site, an hour and a region with `|` between them".into());
        };
        let hour = format!("{hour}:00:00Z").parse().map_err(|_| "an hour before the last `|`")?;
        Ok(HourKey { site: site.into(), hour, region: region.into() })
    }
}

/// What a platform answered to one region within one hour.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Hour {
    /// Requests that were not hostile by themselves.
    pub requests: u64,
    /// Answered as asked: 1xx to 3xx, and what is not there.
    pub served: u64,
    /// Refused to whoever asked: 401, 403, 451.
    pub refused: u64,
    /// Told to wait: 429, 503, the waiting room.
    pub busy: u64,
    /// Server errors but 503.
    pub errors: u64,
    /// Ended before the answer: 408, 499, 460, 0.
    pub gone: u64,
    /// Hostile by themselves.
    pub hostile: u64,
    /// Requests that were lost (busy, errors, gone), by a cell of their source.
    pub lost: [u64; CELLS],
    /// Hostile requests, by a cell of their source.
    pub attackers: [u64; CELLS],
}

impl Hour {
    /// The tallies' kind.
    pub const NAME: &'static str = "reach/hour";

    /// As the tally holds them.
    pub fn counts(&self) -> Vec<u64> {
        let mut all = vec![self.requests, self.served, self.refused, self.busy, self.errors, self.gone, self.hostile];
        all.extend(self.lost);
        all.extend(self.attackers);
        all
    }

    /// From a tally; what it does not hold is 0.
    pub fn of(counts: &[u64]) -> Hour {
        let n = |i: usize| counts.get(i).copied().unwrap_or(0);
        let cells = |from: usize| std::array::from_fn(|i| n(from + i));
        Hour {
            requests: n(0),
            served: n(1),
            refused: n(2),
            busy: n(3),
            errors: n(4),
            gone: n(5),
            hostile: n(6),
            lost: cells(7),
            attackers: cells(7 + CELLS),
        }
    }

    /// Adds other counts.
    pub fn add(&mut self, other: &Hour) {
        let sum = |a: &mut [u64; CELLS], b: &[u64; CELLS]| a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        self.requests += other.requests;
        self.served += other.served;
        self.refused += other.refused;
        self.busy += other.busy;
        self.errors += other.errors;
        self.gone += other.gone;
        self.hostile += other.hostile;
        sum(&mut self.lost, &other.lost);
        sum(&mut self.attackers, &other.attackers);
    }
}

model::vocabulary! {
    /// What a probe met.
    pub enum Met {
        /// What was to be expected.
        Served = "served" ("served", "servi"),
        /// Told to wait, or a waiting room.
        Busy = "busy" ("told to wait", "mis en attente"),
        /// Refused.
        Refused = "refused" ("refused", "refusé"),
        /// A server error.
        Error = "error" ("server error", "erreur du serveur"),
        /// An answer, but not what was to be expected.
        Unexpected = "unexpected" ("not what was expected", "réponse inattendue"),
        /// The certificate is not good.
        Certificate = "certificate" ("bad certificate", "mauvais certificat"),
        /// No answer in time.
        Timeout = "timeout" ("no answer in time", "pas de réponse à temps"),
        /// No connection.
        Unreachable = "unreachable" ("unable to connect", "connexion impossible"),
        /// The name leads nowhere.
        Unresolved = "unresolved" ("the name leads nowhere", "nom introuvable"),
    }
}

/// One step of one round of a probe of one's own platform.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// The host.
    pub site: String,
    /// From where it was tried, as whoever tried names it.
    pub from: String,
    /// The step's number in its round, from 1.
    pub step: u32,
    /// What was asked for.
    pub url: String,
    /// What came of it.
    pub met: Met,
    /// The status of the answer; 0 where there is none.
    pub status: u16,
    /// Milliseconds until the connection stood, the first byte came, and the answer was whole.
    pub millis: [u64; 3],
}

impl Row for Step {
    const NAME: &'static str = "reach/step";
}

impl Observed for Step {
    const MERGE: Merge = Merge::Kept;
}

model::vocabulary! {
    /// How a platform failed people.
    pub enum How {
        /// Server errors.
        Errors = "errors" ("server errors", "erreurs du serveur"),
        /// Queues: told to wait.
        Queue = "queue" ("told to wait", "mise en attente"),
        /// Connections that ended before the answer.
        Gone = "gone" ("ended before the answer", "interrompues avant la réponse"),
        /// Several of these.
        Several = "several" ("errors, waits and ends", "erreurs, attentes et interruptions"),
        /// Nobody of a region came, between hours in which many did.
        Absent = "absent" ("nobody came", "plus personne"),
        /// Sign-ins refused to many.
        SignIn = "sign_in" ("sign-ins refused", "connexions refusées"),
        /// Attempts from many sources.
        Attempts = "attempts" ("attempts from many sources", "tentatives de nombreuses sources"),
        /// A probe of one's own.
        Probe = "probe" ("a probe failed", "échec d’une sonde"),
    }
}

/// A time in which a platform failed people.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Trouble {
    /// The platform.
    pub platform: String,
    /// Which region; empty where it is all.
    pub region: String,
    /// How.
    pub how: How,
    /// How long.
    pub hours: u64,
    /// What was asked in that time (requests, sign-ins, rounds); of a silence, about how much was to be expected.
    pub asked: u64,
    /// What of it was lost.
    pub lost: u64,
    /// Sources that lost something, at least.
    pub sources: u64,
    /// Of a thousand requests of other regions in the same time, how many were lost; none where there are no others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<u64>,
}

impl Row for Trouble {
    const NAME: &'static str = "reach/trouble";
}

/// How a platform answered, as a whole.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Overview {
    /// The platform.
    pub platform: String,
    /// Hours in which anything was asked.
    pub hours: u64,
    /// All of them together.
    pub all: Answers,
    /// The regions, those with most requests first; the rest is one, `others`.
    pub regions: Vec<(String, Answers)>,
    /// The hours with the largest part lost.
    pub worst: Vec<(Time, Answers)>,
    /// Rounds of a probe, and those that were served, by from where.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<(String, u64, u64)>,
}

/// What was asked and answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Answers {
    /// Requests that were not hostile by themselves.
    pub requests: u64,
    /// Those told to wait.
    pub busy: u64,
    /// Those answered by server errors.
    pub errors: u64,
    /// Those that ended before the answer.
    pub gone: u64,
    /// Those refused.
    pub refused: u64,
    /// Hostile requests.
    pub hostile: u64,
}

impl Answers {
    /// Adds an hour.
    pub fn add(&mut self, h: &Hour) {
        self.requests += h.requests;
        self.busy += h.busy;
        self.errors += h.errors;
        self.gone += h.gone;
        self.refused += h.refused;
        self.hostile += h.hostile;
    }

    /// What was lost.
    pub fn lost(&self) -> u64 {
        self.busy + self.errors + self.gone
    }
}

impl Row for Overview {
    const NAME: &'static str = "reach/overview";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_counts_come_back() {
        let key =
            HourKey { site: "a|b".into(), hour: "2027-04-11T08:00:00Z".parse().expect("a time"), region: "GP".into() };
        assert_eq!(key.to_string(), "a|b|2027-04-11T08|GP");
        assert_eq!(key.to_string().parse(), Ok(key));
        assert!("a|b".parse::<HourKey>().is_err() && "a|x|y".parse::<HourKey>().is_err());
        let mut hour = Hour { requests: 3, gone: 1, ..Hour::default() };
        (hour.lost[31], hour.attackers[0]) = (7, 9);
        assert_eq!(Hour::of(&hour.counts()), hour);
    }
}
