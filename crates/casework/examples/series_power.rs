//! False alarms and power of the series test: how many of 1,000 random walks and 1,000 smooth trends seem to move with a
//! ledger (the brief's `ledger.csv`, or a made one), and how many true leads of 0–7 days are found.
//!
//!     cargo run --release -p casework --example series_power -- [LEDGER.CSV]

use casework::{Series, test_with};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use model::Random;
use std::collections::BTreeMap;

const RUNS: usize = 1000;
const SURROGATES: usize = 299;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(2017);
    let ledger = match std::env::args().nth(1) {
        Some(path) => read(&std::fs::read_to_string(path)?)?,
        None => made(&mut random),
    };
    println!("ledger: {} days, {} attempts", ledger.len(), ledger.iter().map(|d| d.1).sum::<u64>());
    let first = ledger[0].0;
    let curve = |points: Vec<(usize, f64)>| Series {
        name: "c".into(),
        points: points.into_iter().map(|(n, v)| (first + (n as i64).days(), v)).collect(),
        together: 1,
    };
    for step in [1, 7] {
        for kind in ["random walks", "smooth trends"] {
            let tested = |_: usize, random: &mut Random| {
                let values =
                    if kind == "random walks" { walk(ledger.len(), random) } else { trend(ledger.len(), random) };
                let points = values.into_iter().enumerate().step_by(step).collect();
                test_with(&ledger, &curve(points), SURROGATES, random.bits()).map(|t| t.p)
            };
            let p: Vec<f64> = (0..RUNS).filter_map(|n| tested(n, &mut random)).collect();
            println!("{kind}, a point every {step} day(s): {}", shares(&p));
        }
    }
    for (step, phi) in [(1, 0.0), (1, 0.7), (7, 0.9), (7, 0.97)] {
        for (points, r) in [(20, 0.6), (20, 0.8), (40, 0.6)] {
            let p: Vec<f64> = (0..RUNS).filter_map(|_| lead(step, phi, points, r, &mut random)).collect();
            println!(
                "lead of 0-7 days, {points} points every {step} day(s), r = {r}, autocorrelation {phi}: {}",
                shares(&p)
            );
        }
    }
    Ok(())
}

fn shares(p: &[f64]) -> String {
    let share = |at: f64| 100.0 * p.iter().filter(|p| **p <= at).count() as f64 / p.len().max(1) as f64;
    format!("{:.1} % at p <= 0.05, {:.1} % at p <= 0.01, of {}", share(0.05), share(0.01), p.len())
}

/// Attempts per day of a brief's `ledger.csv`: its first column is the day, its last but one the attempts.
fn read(text: &str) -> Result<Vec<(Date, u64)>, Box<dyn std::error::Error>> {
    let head: Vec<&str> = text.lines().next().unwrap_or("").split(',').collect();
    let column = |name: &str| head.iter().position(|h| *h == name).ok_or(format!("no column `{name}`"));
    let (day, attempts) = (column("day")?, column("attempts")?);
    let mut days: BTreeMap<Date, u64> = BTreeMap::new();
    for row in text.lines().skip(1).map(|l| l.split(',').collect::<Vec<_>>()) {
        if let (Ok(day), Ok(n)) = (row[day].parse(), row[attempts].parse::<u64>()) {
            *days.entry(day).or_default() += n;
        }
    }
    let (first, last) = (*days.keys().next().ok_or("no day")?, *days.keys().next_back().ok_or("no day")?);
    Ok(first.series(1.day()).take_while(|d| *d <= last).map(|d| (d, days.get(&d).copied().unwrap_or(0))).collect())
}

/// Half a year whose rate rises in steps, with weeks and clusters.
fn made(random: &mut Random) -> Vec<(Date, u64)> {
    let rate = |n: usize| [4.0, 4.0, 10.0, 10.0, 25.0, 12.0][n * 6 / 170] * if n % 7 < 5 { 1.2 } else { 0.5 };
    let day = |n: usize| date(2016, 11, 1) + (n as i64).days();
    let mut count = |n: usize| {
        let cluster = 0.3 + random.wait(0.7);
        random.poisson(rate(n) * cluster)
    };
    (0..170).map(|n| (day(n), count(n))).collect()
}

fn walk(n: usize, random: &mut Random) -> Vec<f64> {
    let mut at = 0.0;
    (0..n)
        .map(|_| {
            at += random.normal();
            at
        })
        .collect()
}

fn trend(n: usize, random: &mut Random) -> Vec<f64> {
    let (a, b, bend, middle) = (random.normal(), 2.0 * random.normal(), 3.0 + 7.0 * random.unit(), random.unit());
    match random.below(3) {
        0 => (0..n).map(|i| i as f64 / n as f64).map(|t| a * t + b * t * t).collect(),
        1 => (0..n).map(|i| ((i as f64 / n as f64 - middle) * bend).tanh()).collect(),
        _ => {
            let (mut slope, mut at) = (0.0, 0.0);
            (0..n)
                .map(|_| {
                    slope += random.normal();
                    at += slope;
                    at
                })
                .collect()
        }
    }
}

/// Attempts whose logarithm follows a curve by some days, with this correlation.
fn lead(step: usize, phi: f64, points: usize, r: f64, random: &mut Random) -> Option<f64> {
    let days = step * points + 20;
    let mut at = 0.0;
    let scale = (1.0 - phi * phi).sqrt();
    let moves: Vec<f64> = (0..days + 200)
        .map(|_| {
            at = phi * at + scale * random.normal();
            at
        })
        .skip(100)
        .collect();
    let lag = random.below(8) as usize;
    let noise = (1.0 - r * r).sqrt();
    let first = date(2017, 1, 1);
    let day = |n: usize| first + (n as i64).days();
    let mut count = |n: usize| {
        let move_of = r * moves[n + 10 - lag] + noise * random.normal();
        random.poisson((3.0 + 0.6 * move_of).exp())
    };
    let attempts: Vec<(Date, u64)> = (0..days).map(|n| (day(n), count(n))).collect();
    let points = (0..points).map(|n| 10 + n * step).map(|n| (day(n), moves[n + 10])).collect();
    let curve = Series { name: "c".into(), points, together: 1 };
    test_with(&attempts, &curve, SURROGATES, random.bits()).map(|t| t.p)
}
