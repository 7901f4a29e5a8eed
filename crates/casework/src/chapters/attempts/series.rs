//! The series test: do attempts move with a curve somebody gives (polls, searches, a rival's attempts)? Two things that
//! grow look alike whatever they are, so what is compared is what each point brings beyond the point before it: both are
//! filtered by the curve's own autocorrelation (prewhitening, Box & Jenkins). Only points that were given count, at least
//! [`FEWEST`]; attempts are the mean of the days that lead to a point, some days earlier or later. Correlation: Spearman's ρ.
//! Null models, of which the harder counts: the curve's steps in any other order, and random-phase surrogates of them
//! (Ebisuzaki, *A method to estimate the statistical significance of a correlation when the data are serially correlated*,
//! J. Climate 10, 1997), which go as smoothly as the curve does: a trend may match a trend. Each may choose its best lag, so
//! that the search is paid for, and several candidates of one file pay for their number (Bonferroni). It is no proof of cause.
//!
//! False alarms and power: `examples/series_power.rs`.

use jiff::civil::Date;
use model::Random;
use model::{Error, Result};
use serde::Serialize;
use std::collections::BTreeMap;

/// Surrogates drawn.
pub const SURROGATES: usize = 999;
/// Seed of the surrogates.
pub const SEED: u64 = 2017;
/// Lags looked at, in days, either way.
pub const LAGS: i64 = 7;
/// Given points under which nothing can be said.
pub const FEWEST: usize = 20;
/// Points above which neighbours are taken together: surrogates of long series cost too much and say no more.
const MOST: usize = 400;

/// A curve to test the ledger against.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What it is called: the file's name, and the candidate's where it has several.
    pub name: String,
    /// Its points in order of days, one a day.
    pub points: Vec<(Date, f64)>,
    /// How many curves stand in its file.
    pub together: usize,
}

/// What the test says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tested {
    /// The curve.
    pub name: String,
    /// Given points compared.
    pub points: usize,
    /// First day compared.
    #[serde(serialize_with = "crate::words::iso")]
    pub first: Date,
    /// Last day compared.
    #[serde(serialize_with = "crate::words::iso")]
    pub last: Date,
    /// Days of attempts that lead to a point.
    pub window: usize,
    /// The part of a point that was in the point before it, which is taken off both.
    pub autocorrelation: f64,
    /// How correlation was measured.
    pub coefficient: &'static str,
    /// The lag of the best correlation in days; positive where attempts follow the curve.
    pub lag: i64,
    /// Lags looked at, in days, either way.
    pub lags: i64,
    /// The correlation at that lag.
    pub rho: f64,
    /// Its 95 % interval (Fisher's z), the search for the lag left out.
    pub interval: [f64; 2],
    /// The correlation without lag.
    pub rho_at_zero: f64,
    /// How often chance does as well, paid for lags and curves.
    pub p: f64,
    /// Curves of the file that were tested together.
    pub together: usize,
    /// What chance is.
    pub null_model: &'static str,
    /// Surrogates drawn of each.
    pub surrogates: usize,
    /// Their seed.
    pub seed: u64,
}

impl Series {
    /// From CSV: a day (ISO 8601) and a value on each line, or a day, a name and a value, separated by commas, semicolons or
    /// tabs; decimal point or comma; a heading is allowed. Several values of one day are averaged. One curve for each name.
    pub fn parse(name: &str, text: &str) -> Result<Vec<Series>> {
        let hint = "each line is a day and a value, such as `2017-01-31,23.5`, or a day, a name and a value";
        let mut curves: BTreeMap<String, Vec<(Date, f64)>> = BTreeMap::new();
        let mut heading_allowed = true;
        for (i, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let wrong = |what: String| Error::new(format!("line {} of `{name}`: {what}", i + 1)).hint(hint);
            let clean = |s: &str| s.trim().trim_matches('"').trim().to_string();
            let (day, rest) = line.split_once([',', ';', '\t']).unwrap_or((line, ""));
            // `2017-01-31;Name;23,5`; but `2017-01-31;23,5` has no name.
            let named = rest.rsplit_once([';', '\t']).or_else(|| {
                let (name, value) = rest.split_once(',')?;
                (!clean(name).parse::<f64>().is_ok_and(f64::is_finite)).then_some((name, value))
            });
            let (who, value) = named.unwrap_or(("", rest));
            let (day, who, value) = (clean(day), clean(who), clean(value));
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
            if curves.len() >= CURVES && !curves.contains_key(&who) {
                return Err(wrong(format!("more than {CURVES} names")));
            }
            curves.entry(who).or_default().push((day, number));
        }
        if curves.is_empty() {
            return Err(Error::new(format!("`{name}` has no day")).hint(hint));
        }
        let together = curves.len();
        let curve = |(who, mut rows): (String, Vec<(Date, f64)>)| {
            rows.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            let points = rows
                .chunk_by(|a, b| a.0 == b.0)
                .map(|same| (same[0].0, same.iter().map(|p| p.1).sum::<f64>() / same.len() as f64))
                .collect();
            let name = if who.is_empty() { name.to_string() } else { format!("{name}: {who}") };
            Series { name, points, together }
        };
        Ok(curves.into_iter().map(curve).collect())
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
}

/// Curves that one file may hold.
const CURVES: usize = 100;

fn shorten(text: &str) -> String {
    crate::show::plain(text, 40)
}

/// Tests attempts per day (no day left out) against a curve; none where they have too few given points in common or one of
/// them never moves.
pub fn test(attempts: &[(Date, u64)], curve: &Series) -> Option<Tested> {
    test_with(attempts, curve, SURROGATES, SEED)
}

/// The same with so many surrogates.
pub fn test_with(attempts: &[(Date, u64)], curve: &Series, surrogates: usize, seed: u64) -> Option<Tested> {
    let (begin, end) = (attempts.first()?.0, attempts.last()?.0);
    let within: Vec<(i64, f64)> = curve
        .points
        .iter()
        .filter(|p| begin <= p.0 && p.0 <= end)
        .map(|p| (i64::from((p.0 - begin).get_days()), p.1))
        .collect();
    if within.len() < FEWEST {
        return None;
    }
    let given = within.len();
    let apart = given.div_ceil(MOST);
    let mean =
        |some: &[(i64, f64)]| (some[some.len() - 1].0, some.iter().map(|p| p.1).sum::<f64>() / some.len() as f64);
    let (days, values): (Vec<i64>, Vec<f64>) = within.chunks(apart).map(mean).unzip();
    let mut gaps: Vec<i64> = days.windows(2).map(|d| d[1] - d[0]).collect();
    gaps.sort_unstable();
    let window = gaps[gaps.len() / 2].clamp(1, 28);
    let phi = autocorrelation(&values);
    let steps: Vec<f64> = values.windows(2).map(|v| v[1] - phi * v[0]).collect();
    let mut sums = vec![0.0];
    attempts.iter().for_each(|(_, n)| sums.push(sums[sums.len() - 1] + *n as f64));
    // The mean of the days that lead to a point, so many days later; counts multiply, so their logarithm is compared.
    let level = |day: i64, lag: i64| {
        let to = day + lag + 1;
        let (from, to) = (usize::try_from(to - window).ok()?, usize::try_from(to).ok()?);
        Some(((sums.get(to)? - sums.get(from)?) / window as f64).ln_1p())
    };
    let lagged: Vec<(i64, Vec<Option<f64>>)> = (-LAGS..=LAGS)
        .map(|lag| {
            let levels: Vec<Option<f64>> = days.iter().map(|&d| level(d, lag)).collect();
            (lag, levels.windows(2).map(|l| l[0].zip(l[1]).map(|(a, b)| b - phi * a)).collect())
        })
        .collect();
    let lagged: Vec<Lagged> = lagged.iter().filter_map(|(lag, x)| Lagged::new(*lag, x)).collect();
    let steps = ranks(&steps);
    let (lag, rho) = best(&lagged, &steps)?;
    let points = lagged.iter().find(|l| l.lag == lag)?.places.len();
    let spectrum = Spectrum::of(&steps);
    let mut random = Random::new(seed);
    let (mut smooth, mut shuffled) = (0, 0);
    let mut order = steps.clone();
    let as_good = |y: &[f64]| usize::from(best(&lagged, y).is_some_and(|b| b.1.abs() >= rho.abs() - 1e-12));
    for _ in 0..surrogates {
        smooth += as_good(&spectrum.surrogate(&mut random));
        random.shuffle(&mut order);
        shuffled += as_good(&order);
    }
    let p = (1 + smooth.max(shuffled)) as f64 / (1 + surrogates) as f64;
    let spread = 1.96 / (points as f64 - 3.0).sqrt();
    let z = rho.clamp(-0.999_999, 0.999_999).atanh();
    let zero = lagged.iter().find(|l| l.lag == 0).and_then(|l| l.correlation(&steps));
    Some(Tested {
        name: curve.name.clone(),
        points: given,
        first: curve.points.iter().map(|p| p.0).find(|d| *d >= begin)?,
        last: curve.points.iter().map(|p| p.0).rfind(|d| *d <= end)?,
        window: window as usize,
        autocorrelation: phi,
        coefficient: "Spearman's rho of prewhitened steps",
        lag,
        lags: LAGS,
        rho,
        interval: [(z - spread).tanh(), (z + spread).tanh()],
        rho_at_zero: zero.unwrap_or(0.0),
        p: (p * curve.together as f64).min(1.0),
        together: curve.together,
        null_model: "the harder of two: steps in any order; random phases (Ebisuzaki 1997); best lag of each",
        surrogates,
        seed,
    })
}

/// The autocorrelation of neighbours, its bias taken off (Kendall 1954); 1 at most.
fn autocorrelation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let all: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    let next: f64 = values.windows(2).map(|v| (v[0] - mean) * (v[1] - mean)).sum();
    if all <= 1e-9 { 0.0 } else { (next / all + (1.0 + 4.0 * next / all) / n).clamp(0.0, 1.0) }
}

/// What attempts did at one lag: ranks of their steps, and at which points.
struct Lagged {
    lag: i64,
    places: Vec<usize>,
    ranks: Vec<f64>,
}

impl Lagged {
    fn new(lag: i64, steps: &[Option<f64>]) -> Option<Lagged> {
        let (places, values): (Vec<usize>, Vec<f64>) =
            steps.iter().enumerate().filter_map(|(i, s)| Some((i, (*s)?))).unzip();
        (places.len() * 4 >= steps.len() * 3 && places.len() + 5 >= FEWEST).then(|| Lagged {
            lag,
            places,
            ranks: ranks(&values),
        })
    }

    fn correlation(&self, steps: &[f64]) -> Option<f64> {
        let there: Vec<f64> = self.places.iter().map(|&i| steps[i]).collect();
        pearson(&self.ranks, &there)
    }
}

/// The lag of greatest correlation, either sign; the shorter lag of equals.
fn best(lagged: &[Lagged], steps: &[f64]) -> Option<(i64, f64)> {
    let all = lagged.iter().filter_map(|l| Some((l.lag, l.correlation(steps)?)));
    all.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()).then(b.0.abs().cmp(&a.0.abs())))
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

    fn day(n: usize) -> Date {
        date(2017, 1, 1) + (n as i64).days()
    }

    fn curve(points: impl Iterator<Item = (usize, f64)>) -> Series {
        Series { name: "c".into(), points: points.map(|(n, v)| (day(n), v)).collect(), together: 1 }
    }

    /// A ledger that grows threefold in its middle.
    fn ledger(random: &mut Random) -> Vec<(Date, u64)> {
        (0..160).map(|n| (day(n), random.poisson(if n < 80 { 5.0 } else { 15.0 }))).collect()
    }

    #[test]
    fn a_trend_may_match_a_trend() {
        let mut random = Random::new(7);
        let attempts = ledger(&mut random);
        let (mut walks, mut trends) = (0, 0);
        for seed in 0..50 {
            let mut at = 0.0;
            let walk: Vec<f64> = (0..160)
                .map(|_| {
                    at += random.normal();
                    at
                })
                .collect();
            let bend = random.unit();
            let p = |c: Series| test_with(&attempts, &c, 59, seed).expect("long enough").p;
            walks += usize::from(p(curve(walk.iter().copied().enumerate())) <= 0.05);
            trends += usize::from(p(curve((0..160).map(|n| (n, (n as f64 / 160.0).powf(0.3 + 3.0 * bend))))) <= 0.05);
        }
        // 2.5 of 50, with a standard deviation of 1.5.
        assert!(walks <= 7 && trends <= 7, "{walks} and {trends} of 50 at 5 %");
    }

    #[test]
    fn a_lead_is_found_with_its_lag() {
        let mut random = Random::new(3);
        for lag in [0usize, 4] {
            let mut at = 0.0;
            let moves: Vec<f64> = (0..170)
                .map(|_| {
                    at = 0.7 * at + random.normal();
                    at
                })
                .collect();
            let attempts: Vec<(Date, u64)> =
                (0..160).map(|n| (day(n), random.poisson((3.0 + 0.6 * moves[n + 8 - lag]).exp()))).collect();
            let found = test_with(&attempts, &curve((0..160).map(|n| (n, moves[n + 8]))), 199, 1).expect("long enough");
            assert_eq!(found.lag, lag as i64);
            assert!(found.p < 0.02 && found.interval[0] > 0.5, "p {} {:?}", found.p, found.interval);
        }
    }

    #[test]
    fn few_given_points_prove_nothing() {
        let attempts = ledger(&mut Random::new(1));
        assert_eq!(test(&attempts, &curve([(0, 1.0), (159, 9.0)].into_iter())), None);
        assert_eq!(test(&attempts, &curve((0..19).map(|n| (8 * n, n as f64)))), None);
        assert_eq!(test(&attempts, &curve((0..160).map(|n| (n, 1.0)))), None, "it never moves");
    }

    #[test]
    fn polls_are_joined_by_lines() {
        let parse = |text| Series::parse("polls", text).expect("good");
        let s = &parse("date;value\n2017-01-01;10,5\n2017-01-11;20.5\n2017-01-11;30.5\n\n")[0];
        assert_eq!(s.on(date(2017, 1, 6)), Some(18.0));
        assert_eq!(s.on(date(2017, 1, 11)), Some(25.5));
        assert_eq!((s.on(date(2016, 12, 31)), s.on(date(2017, 1, 12))), (None, None));
        let several = parse("date,candidate,value\n2017-01-01,Bleu,20\n2017-01-01,Rouge,30\n2017-01-02,Bleu,21\n");
        let names: Vec<_> = several.iter().map(|s| (s.name.as_str(), s.points.len(), s.together)).collect();
        assert_eq!(names, [("polls: Bleu", 2, 2), ("polls: Rouge", 1, 2)]);
    }

    #[test]
    fn wrong_lines_are_named() {
        let wrong = |text: &str| Series::parse("f.csv", text).expect_err("wrong").to_string();
        assert_eq!(wrong("date,value\n31/01/2017,4\n"), "line 2 of `f.csv`: `31/01/2017` is not an ISO 8601 day");
        assert_eq!(wrong("2017-01-31,x\n"), "line 1 of `f.csv`: `x` is not a number");
        assert_eq!(wrong("2017-01-31\n"), "line 1 of `f.csv`: no value");
        assert_eq!(wrong("2017-01-31,NaN\n"), "line 1 of `f.csv`: `NaN` is not a number");
        assert_eq!(wrong(""), "`f.csv` has no day");
    }
}
