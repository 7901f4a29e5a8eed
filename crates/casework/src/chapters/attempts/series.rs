//! The series test: do attempts move with a curve somebody gives (polls, searches, a rival's attempts)? Reads the
//! curve, brings both to the same days or weeks, takes the best correlation over a range of lags, and asks how often
//! chance alone does as well. Correlation: Spearman's ρ (Pearson's over mid-ranks). Null model: random-phase surrogates
//! (Ebisuzaki, *A method to estimate the statistical significance of a correlation when the data are serially
//! correlated*, J. Climate 10, 1997), which keep the attempts' power spectrum and so their autocorrelation; each
//! surrogate too may choose its best lag, so that the search is paid for. It is no proof of cause.

use jiff::civil::Date;
use model::Random;
use model::{Error, Result};
use serde::Serialize;

/// Surrogates drawn.
pub const SURROGATES: usize = 999;
/// Seed of the surrogates.
pub const SEED: u64 = 2017;
/// Lags looked at, in days, either way.
pub const LAGS_DAILY: usize = 14;
/// Lags looked at, in weeks, either way.
pub const LAGS_WEEKLY: usize = 6;
/// Points under which nothing can be said.
const FEWEST: usize = 20;
/// Days above which weeks are compared: surrogates of long daily series cost too much and say no more.
const MOST_DAYS: usize = 400;

/// A curve to test the ledger against.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What it is called; the file's name.
    pub name: String,
    /// Its points in order of days, one a day.
    pub points: Vec<(Date, f64)>,
}

/// What the test says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tested {
    /// The curve.
    pub name: String,
    /// `day` or `week`.
    pub unit: &'static str,
    /// Points compared without a lag.
    pub points: usize,
    /// First day compared.
    #[serde(serialize_with = "crate::words::iso")]
    pub first: Date,
    /// Last day compared.
    #[serde(serialize_with = "crate::words::iso")]
    pub last: Date,
    /// How correlation was measured.
    pub coefficient: &'static str,
    /// The lag of the best correlation in units; positive where attempts follow the curve.
    pub lag: i64,
    /// Lags looked at, either way.
    pub lags: usize,
    /// The correlation at that lag.
    pub rho: f64,
    /// The correlation without lag.
    pub rho_at_zero: f64,
    /// How often chance does as well.
    pub p: f64,
    /// What chance is.
    pub null_model: &'static str,
    /// Surrogates drawn.
    pub surrogates: usize,
    /// Their seed.
    pub seed: u64,
}

impl Series {
    /// From CSV: a day (ISO 8601) and a value on each line, separated by a comma, semicolon or tab; decimal point or
    /// comma; a heading is allowed. Several values of one day are averaged.
    pub fn parse(name: &str, text: &str) -> Result<Series> {
        let mut rows: Vec<(Date, f64)> = Vec::new();
        let hint = "each line is a day and a value, such as `2017-01-31,23.5`";
        let mut heading_allowed = true;
        for (i, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let wrong = |what: String| Error::new(format!("line {} of `{name}`: {what}", i + 1)).hint(hint);
            let (day, value) = line.split_once([',', ';', '\t']).unwrap_or((line, ""));
            let clean = |s: &str| s.trim().trim_matches('"').trim().to_string();
            let (day, value) = (clean(day), clean(value));
            let heading = std::mem::replace(&mut heading_allowed, false);
            let day: Date = match day.parse() {
                Ok(day) => day,
                Err(_) if heading && !day.starts_with(|c: char| c.is_ascii_digit()) => continue,
                Err(_) => return Err(wrong(format!("`{}` is not an ISO 8601 day", shorten(&day)))),
            };
            let number: f64 =
                value.replace(',', ".").parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| {
                    wrong(if value.is_empty() {
                        "no value".into()
                    } else {
                        format!("`{}` is not a number", shorten(&value))
                    })
                })?;
            rows.push((day, number));
        }
        rows.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let points: Vec<(Date, f64)> = rows
            .chunk_by(|a, b| a.0 == b.0)
            .map(|same| (same[0].0, same.iter().map(|p| p.1).sum::<f64>() / same.len() as f64))
            .collect();
        if points.len() < 2 {
            return Err(Error::new(format!("`{name}` has fewer than two days")).hint(hint));
        }
        Ok(Series { name: name.to_string(), points })
    }

    /// The curve on a day: linear between the points on either side, nothing outside them.
    pub fn on(&self, day: Date) -> Option<f64> {
        let after = self.points.partition_point(|p| p.0 < day);
        let &(right, value) = self.points.get(after)?;
        if right == day {
            return Some(value);
        }
        let &(left, before) = self.points.get(after.checked_sub(1)?)?;
        let (part, whole) = (f64::from((day - left).get_days()), f64::from((right - left).get_days()));
        Some(before + (value - before) * part / whole)
    }

    /// Whether its points mostly lie four days apart or more.
    fn is_weekly(&self) -> bool {
        let mut gaps: Vec<i32> = self.points.windows(2).map(|p| (p[1].0 - p[0].0).get_days()).collect();
        gaps.sort_unstable();
        gaps.get(gaps.len() / 2).is_some_and(|&g| g >= 4)
    }
}

fn shorten(text: &str) -> String {
    crate::show::plain(text, 40)
}

/// Tests attempts per day against a curve; none where they have too few days in common or one of them never moves.
pub fn test(attempts: &[(Date, u64)], curve: &Series) -> Option<Tested> {
    let common: Vec<(Date, f64, f64)> =
        attempts.iter().filter_map(|&(day, n)| curve.on(day).map(|v| (day, n as f64, v))).collect();
    let weekly = common.len() > MOST_DAYS || (curve.is_weekly() && common.len() >= 7 * FEWEST);
    let (unit, lags) = if weekly { ("week", LAGS_WEEKLY) } else { ("day", LAGS_DAILY) };
    let (first, last) = (common.first()?.0, common.last()?.0);
    let (x, y): (Vec<f64>, Vec<f64>) = if weekly {
        common.chunks_exact(7).map(|w| (w.iter().map(|d| d.1).sum::<f64>(), w.iter().map(|d| d.2).sum::<f64>())).unzip()
    } else {
        common.iter().map(|d| (d.1, d.2)).unzip()
    };
    let lags = lags.min(x.len() / 4);
    let result = correlate(&x, &y, lags, SURROGATES, SEED)?;
    Some(Tested {
        name: curve.name.clone(),
        unit,
        points: x.len(),
        first,
        last,
        coefficient: "Spearman's rho",
        lag: result.lag,
        lags,
        rho: result.rho,
        rho_at_zero: result.rho_at_zero,
        p: result.p,
        null_model: "random-phase surrogates (Ebisuzaki 1997), best lag of each",
        surrogates: SURROGATES,
        seed: SEED,
    })
}

struct Correlation {
    lag: i64,
    rho: f64,
    rho_at_zero: f64,
    p: f64,
}

fn correlate(x: &[f64], y: &[f64], lags: usize, surrogates: usize, seed: u64) -> Option<Correlation> {
    if x.len() < FEWEST {
        return None;
    }
    let (x, y) = (ranks(x), ranks(y));
    let (lag, rho) = best(&x, &y, lags)?;
    let rho_at_zero = pearson(&x, &y)?;
    let spectrum = Spectrum::of(&x);
    let mut random = Random::new(seed);
    let mut as_good = 0;
    for _ in 0..surrogates {
        let chance = best(&spectrum.surrogate(&mut random), &y, lags).map_or(0.0, |b| b.1.abs());
        as_good += usize::from(chance >= rho.abs());
    }
    Some(Correlation { lag, rho, rho_at_zero, p: (1 + as_good) as f64 / (1 + surrogates) as f64 })
}

/// The lag of greatest correlation, either sign; the shorter lag of equals. At lag L, `x` is compared with `y` L
/// units before it.
fn best(x: &[f64], y: &[f64], lags: usize) -> Option<(i64, f64)> {
    let mut best: Option<(i64, f64)> = None;
    for distance in 0..=lags {
        let end = x.len() - distance;
        for (lag, r) in [
            (distance as i64, pearson(&x[distance..], &y[..end])),
            (-(distance as i64), pearson(&x[..end], &y[distance..])),
        ] {
            if let Some(r) = r.filter(|r| best.is_none_or(|b| r.abs() > b.1.abs())) {
                best = Some((lag, r));
            }
        }
    }
    best
}

fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (a, b) in x.iter().zip(y) {
        xy += (a - mx) * (b - my);
        xx += (a - mx) * (a - mx);
        yy += (b - my) * (b - my);
    }
    (xx > 1e-9 && yy > 1e-9).then(|| xy / (xx * yy).sqrt())
}

/// Ranks from 1; equals share the middle of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut out = vec![0.0; values.len()];
    let mut start = 0;
    for same in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let middle = start as f64 + (same.len() + 1) as f64 / 2.0;
        same.iter().for_each(|&i| out[i] = middle);
        start += same.len();
    }
    out
}

/// The amplitudes of a series, from which surrogates are made.
struct Spectrum {
    points: usize,
    amplitudes: Vec<f64>,
}

impl Spectrum {
    fn of(x: &[f64]) -> Spectrum {
        let n = x.len();
        let mean = x.iter().sum::<f64>() / n as f64;
        let amplitude = |k: usize| {
            let (mut re, mut im) = (0.0, 0.0);
            for (value, (cos, sin)) in x.iter().zip(turns(0.0, k, n)) {
                re += (value - mean) * cos;
                im += (value - mean) * sin;
            }
            // Every frequency stands for its mirror too, but for the highest of an even length, whose random phase
            // halves its power on average (Ebisuzaki's equation 3).
            re.hypot(im) / n as f64 * if 2 * k == n { std::f64::consts::SQRT_2 } else { 2.0 }
        };
        Spectrum { points: n, amplitudes: (1..=n / 2).map(amplitude).collect() }
    }

    /// A series with the same amplitudes and random phases.
    fn surrogate(&self, random: &mut Random) -> Vec<f64> {
        let mut out = vec![0.0; self.points];
        for (k, amplitude) in (1..).zip(&self.amplitudes) {
            let phase = std::f64::consts::TAU * random.unit();
            out.iter_mut().zip(turns(phase, k, self.points)).for_each(|(value, (cos, _))| *value += amplitude * cos);
        }
        out
    }
}

/// Cosine and sine of `phase + 2πkt/n` for t = 0, 1, …; by rotation, for they are most of the work.
fn turns(phase: f64, k: usize, n: usize) -> impl Iterator<Item = (f64, f64)> {
    let step = std::f64::consts::TAU * k as f64 / n as f64;
    let (cos, sin) = (step.cos(), step.sin());
    std::iter::successors(Some((phase.cos(), phase.sin())), move |&(re, im)| {
        Some((re * cos - im * sin, re * sin + im * cos))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{ToSpan, civil::date};

    fn autoregressive(random: &mut Random, n: usize, phi: f64) -> Vec<f64> {
        let mut value = random.normal() / (1.0 - phi * phi).sqrt();
        std::iter::repeat_with(|| {
            value = phi * value + random.normal();
            value
        })
        .take(n)
        .collect()
    }

    #[test]
    fn independent_curves_seldom_seem_related() {
        let mut random = Random::new(7);
        let (runs, mut small, mut middle) = (200, 0, 0);
        for seed in 0..runs {
            let (x, y) = (autoregressive(&mut random, 100, 0.7), autoregressive(&mut random, 100, 0.7));
            let p = correlate(&x, &y, 7, 99, seed).expect("long enough").p;
            small += usize::from(p <= 0.05);
            middle += usize::from(p <= 0.5);
        }
        // 5 % of 200 is 10, with a standard deviation of 3; half is 100, with one of 7.
        assert!((2..=20).contains(&small), "{small} of {runs} at 5 %");
        assert!((75..=125).contains(&middle), "{middle} of {runs} at 50 %");
    }

    #[test]
    fn a_lagged_copy_is_found_with_its_lag() {
        let mut random = Random::new(3);
        for lag in [-6i64, 0, 4] {
            let whole = autoregressive(&mut random, 140, 0.6);
            let y = &whole[20..120];
            let x: Vec<f64> = (0..100).map(|i| whole[(20 + i - lag) as usize] + 0.3 * random.normal()).collect();
            let found = correlate(&x, y, 14, 199, 1).expect("long enough");
            assert_eq!(found.lag, lag);
            assert!(found.p < 0.02 && found.rho > 0.8, "p {} rho {}", found.p, found.rho);
        }
    }

    #[test]
    fn polls_are_joined_by_lines() {
        let s =
            Series::parse("polls", "date;value\n2017-01-01;10,5\n2017-01-11;20.5\n2017-01-11;30.5\n\n").expect("good");
        assert_eq!(s.on(date(2017, 1, 6)), Some(18.0));
        assert_eq!(s.on(date(2017, 1, 11)), Some(25.5));
        assert_eq!((s.on(date(2016, 12, 31)), s.on(date(2017, 1, 12))), (None, None));
        let attempts: Vec<_> = (0..11i64).map(|i| (date(2017, 1, 1) + i.days(), i as u64)).collect();
        assert_eq!(test(&attempts, &s), None, "too short to say anything");
    }

    #[test]
    fn wrong_lines_are_named() {
        let wrong = |text: &str| Series::parse("f.csv", text).expect_err("wrong").to_string();
        assert_eq!(wrong("date,value\n31/01/2017,4\n"), "line 2 of `f.csv`: `31/01/2017` is not an ISO 8601 day");
        assert_eq!(wrong("2017-01-31,x\n"), "line 1 of `f.csv`: `x` is not a number");
        assert_eq!(wrong("2017-01-31\n"), "line 1 of `f.csv`: no value");
        assert_eq!(wrong("2017-01-31,NaN\n"), "line 1 of `f.csv`: `NaN` is not a number");
        assert_eq!(wrong(""), "`f.csv` has fewer than two days");
    }
}
