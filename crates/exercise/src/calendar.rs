//! The time in which an exercise happens: its period, and the days that matter in it.

use crate::values::When;
use jiff::tz::TimeZone;
use model::{Error, Result};
use serde::Deserialize;

/// A period in seconds since the epoch, and its zone.
#[derive(Clone, Debug)]
pub(crate) struct Period {
    pub(crate) zone: TimeZone,
    pub(crate) from: i64,
    pub(crate) to: i64,
}

impl Period {
    /// The period of a scenario.
    pub(crate) fn new(zone: &str, from: When, to: When) -> Result<Period> {
        let zone = TimeZone::get(zone).map_err(|e| {
            Error::new("`zone` of the scenario is not a time zone")
                .because(e)
                .hint("use an IANA name such as `Europe/Paris`")
        })?;
        let (from, to) = (from.start(&zone), to.end(&zone));
        if to <= from || to - from > 3660 * 86_400 {
            return Err(Error::new("the scenario's period is empty or longer than ten years")
                .hint("`from` comes before `to`: `from = \"2016-11-01\"`, `to = \"2017-05-09\"`"));
        }
        Ok(Period { zone, from, to })
    }

    /// A stretch of it, from its own begin and to its own end where none are given; it must lie within.
    pub(crate) fn within(&self, from: Option<When>, to: Option<When>) -> Result<(i64, i64)> {
        let from = from.map_or(self.from, |w| w.start(&self.zone));
        let to = to.map_or(self.to, |w| w.end(&self.zone));
        if from < self.from || to > self.to || to <= from {
            return Err(Error::new("`from` and `to` do not lie within the scenario's period, in this order")
                .hint("a day without an hour is included: `to = \"2017-02-08\"` ends at midnight after it"));
        }
        Ok((from, to))
    }
}

/// A day that matters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// When.
    pub at: When,
    /// What.
    pub name: String,
    /// How many times the usual traffic it brings at first.
    #[serde(default = "one")]
    pub traffic: f64,
    /// Over how many hours that fades.
    #[serde(default = "three")]
    pub hours: f64,
}

fn one() -> f64 {
    1.0
}
fn three() -> f64 {
    3.0
}
