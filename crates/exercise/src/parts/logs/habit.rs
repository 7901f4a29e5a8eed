//! When things happen in logs: the habit of the hour and the week, curves over months, and working times.

use super::tables::Ordinary;
use crate::calendar::{Event, Period};
use crate::random::Random;
use crate::values::{Curve, When};
use jiff::tz::TimeZone;
use model::Time;

/// A curve made of straight lines, by hours, ready to be drawn from.
pub(crate) struct Density {
    from: i64,
    to: i64,
    sums: Vec<f64>,
}

/// Seconds in a step of a density.
const STEP: i64 = 3600;

impl Density {
    pub(crate) fn new(curve: &Curve, from: i64, to: i64, zone: &TimeZone) -> Density {
        let points = match curve {
            Curve::Flat => vec![(from, 1.0)],
            Curve::Ramp => vec![(from, 0.0), (to, 1.0)],
            Curve::Points(p) => resolve(p, zone),
        };
        let mut sum = 0.0;
        let steps = (from..to).step_by(STEP as usize).map(|at| {
            let width = (to - at).min(STEP);
            sum += level(&points, at + width / 2).max(1e-12) * width as f64;
            sum
        });
        Density { from, to, sums: steps.collect() }
    }

    /// The instant before which the share `u` of the whole lies.
    pub(crate) fn at(&self, u: f64) -> i64 {
        let target = u * self.sums.last().copied().unwrap_or(0.0);
        let step = self.sums.partition_point(|&s| s <= target).min(self.sums.len().saturating_sub(1));
        let before = step.checked_sub(1).map_or(0.0, |i| self.sums[i]);
        let within = ((target - before) / (self.sums[step] - before)).clamp(0.0, 1.0);
        let start = self.from + step as i64 * STEP;
        (start + (within * (self.to - start).min(STEP) as f64) as i64).min(self.to - 1)
    }
}

pub(crate) fn resolve(points: &[(When, f64)], zone: &TimeZone) -> Vec<(i64, f64)> {
    points.iter().map(|(when, weight)| (when.start(zone), *weight)).collect()
}

/// The height of a curve: straight between points, level before the first and after the last.
pub(crate) fn level(points: &[(i64, f64)], at: i64) -> f64 {
    let next = points.partition_point(|p| p.0 <= at);
    match (next.checked_sub(1).map(|i| points[i]), points.get(next)) {
        (None, None) => 1.0,
        (None, Some(&(_, w))) | (Some((_, w)), None) => w,
        (Some((a, u)), Some(&(b, v))) => u + (v - u) * (at - a) as f64 / (b - a) as f64,
    }
}

/// How much ordinary traffic there is in a minute, against an average one.
pub(crate) struct Habit {
    hours: Vec<f64>,
    weekdays: Vec<f64>,
    curve: Vec<(i64, f64)>,
    /// Begin, height over the usual, hours it takes to fade.
    peaks: Vec<(i64, f64, f64)>,
    zone: TimeZone,
}

impl Habit {
    pub(crate) fn new(ordinary: &Ordinary, events: &[Event], zone: &TimeZone) -> Habit {
        let Ordinary { hours, weekdays, curve, newsletters, .. } = ordinary;
        let unit = |w: &[f64]| w.iter().map(|x| x * w.len() as f64 / w.iter().sum::<f64>()).collect();
        let letters = newsletters.iter().map(|w| (w.start(zone), 1.5, 6.0));
        let events = events.iter().map(|e| (e.at.start(zone), e.traffic - 1.0, e.hours));
        Habit {
            hours: unit(hours),
            weekdays: unit(weekdays),
            curve: resolve(curve, zone),
            peaks: letters.chain(events).collect(),
            zone: zone.clone(),
        }
    }

    /// How many average days the period weighs.
    pub(crate) fn days(&self, period: &Period) -> f64 {
        (period.from..period.to).step_by(600).map(|at| self.weight(at + 300) / 144.0).sum()
    }

    /// The weight of a minute; 1 on average where no curve says otherwise.
    pub(crate) fn weight(&self, at: i64) -> f64 {
        let civil = Time::from_seconds(at).in_zone(&self.zone);
        let (hour, minute) = (civil.hour() as usize, f64::from(civil.minute()));
        // Hours blend into one another, or the change-point method would find a surge every hour.
        let blend = minute / 60.0;
        let by_hour = self.hours[hour] * (1.0 - blend) + self.hours[(hour + 1) % 24] * blend;
        let by_day = self.weekdays[civil.weekday().to_monday_zero_offset() as usize];
        let peak = |&(begin, height, hours): &(i64, f64, f64)| {
            let since = (at - begin) as f64 / 3600.0;
            if (0.0..24.0_f64.max(4.0 * hours)).contains(&since) { height * (-since / hours).exp() } else { 0.0 }
        };
        let peaks: f64 = self.peaks.iter().map(peak).sum();
        by_hour * by_day * level(&self.curve, at) * (1.0 + peaks).max(0.0)
    }
}

/// A time of day at which people work, on some day of the period: for logins that happen now and then.
pub(crate) fn working_times(per_day: f64, period: &Period, random: &mut Random) -> Vec<i64> {
    let mut out = Vec::new();
    let mut at = period.from as f64;
    loop {
        // Nobody at all is an endless wait.
        at += random.wait(86_400.0 / per_day);
        if at.is_nan() || at >= period.to as f64 {
            break;
        }
        // Nights are quiet: what falls between 22 and 7 o'clock is moved into the day.
        let civil = Time::from_seconds(at as i64).in_zone(&period.zone);
        let moved = if (7..22).contains(&civil.hour()) { at as i64 } else { at as i64 + 9 * 3600 };
        out.push(moved.min(period.to - 1));
    }
    out.sort_unstable();
    out
}
