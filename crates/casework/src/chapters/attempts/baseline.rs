//! The site's ordinary week: how its ordinary requests spread over the 168 hours of a week in the campaign's zone. A
//! busy hour gives more occasion to be attacked and to be seen, so that changes are looked for against this and not
//! against the bare calendar. You may rely on: the mean over the week is 1; without enough ordinary traffic it is flat,
//! and says so.

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use model::{Result, Time, View};
use rows::web_log::{Slot, SlotKey};
use serde::Serialize;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Hours in a week.
const WEEK: usize = 168;
/// Ordinary requests, and hours, under which a week cannot be known.
const ENOUGH: (u64, usize) = (2000, 2 * WEEK);
/// No hour counts less than this part of the mean: a dead hour would otherwise make one request a surge.
const FLOOR: f64 = 0.1;
/// Days back from the brief's date that are looked at; stamps outside are lies or errors.
pub const REACH: i32 = 3660;

/// The ordinary week.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Baseline {
    /// Share of each hour of the week, Monday 0:00 first; mean 1.
    pub profile: Vec<f64>,
    /// Ordinary requests it was made from; 0 where it is flat.
    pub requests: u64,
    /// First and last day with web traffic, where there is any.
    #[serde(skip)]
    pub covered: Option<(Date, Date)>,
    /// The days with web traffic.
    #[serde(skip)]
    pub days: BTreeSet<Date>,
}

impl Baseline {
    /// From the tallies of a site's slots.
    pub fn read(view: &dyn View, zone: &TimeZone, at: Time) -> Result<Baseline> {
        let mut sums = [0u64; WEEK];
        let mut range: Option<(i64, i64)> = None;
        let mut hours: BTreeSet<i64> = BTreeSet::new();
        let (oldest, newest) = (at.seconds() - i64::from(REACH) * 86_400, at.seconds() + 86_400);
        view.tallies(Slot::NAME, &mut |key, counts| {
            let hour = key.parse().ok().map(|SlotKey { at, .. }| at.seconds());
            if let Some(seconds) = hour.filter(|s| (oldest..=newest).contains(s)) {
                let (first, last) = range.unwrap_or((seconds, seconds));
                range = Some((first.min(seconds), last.max(seconds)));
                hours.insert(seconds.div_euclid(3600));
                sums[hour_of_week(seconds, zone)] += Slot::of(counts).ordinary;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let Some((first, last)) = range else { return Ok(Baseline::flat(None, BTreeSet::new())) };
        let day = |s| Time::from_seconds(s).in_zone(zone).date();
        let covered = Some((day(first), day(last)));
        let days = hours.into_iter().map(|hour| day(hour * 3600)).collect();
        let requests: u64 = sums.iter().sum();
        let mut seen = [0u32; WEEK];
        (first..=last).step_by(3600).for_each(|s| seen[hour_of_week(s, zone)] += 1);
        if requests < ENOUGH.0 || seen.iter().map(|&n| n as usize).sum::<usize>() < ENOUGH.1 {
            return Ok(Baseline::flat(covered, days));
        }
        let rate: Vec<f64> = sums.iter().zip(seen).map(|(&sum, n)| sum as f64 / f64::from(n.max(1))).collect();
        let mean = rate.iter().sum::<f64>() / WEEK as f64;
        let floored: Vec<f64> = rate.iter().map(|r| (r / mean).max(FLOOR)).collect();
        let mean = floored.iter().sum::<f64>() / WEEK as f64;
        Ok(Baseline { profile: floored.iter().map(|r| r / mean).collect(), requests, covered, days })
    }

    /// Every hour alike.
    pub fn flat(covered: Option<(Date, Date)>, days: BTreeSet<Date>) -> Baseline {
        Baseline { profile: vec![1.0; WEEK], requests: 0, covered, days }
    }

    /// What a day weighs: 1 is an average day; a day of 23 or 25 hours weighs by its hours.
    pub fn day(&self, day: Date, zone: &TimeZone) -> f64 {
        let start = |d: Date| d.to_zoned(zone.clone()).map(|z| z.timestamp().as_second());
        let (Ok(first), Ok(next)) = (start(day), day.checked_add(1.day()).and_then(start)) else { return 1.0 };
        (first..next).step_by(3600).map(|s| self.profile[hour_of_week(s, zone)]).sum::<f64>() / 24.0
    }
}

fn hour_of_week(seconds: i64, zone: &TimeZone) -> usize {
    let civil = Time::from_seconds(seconds).in_zone(zone);
    civil.weekday().to_monday_zero_offset() as usize * 24 + civil.hour() as usize
}
