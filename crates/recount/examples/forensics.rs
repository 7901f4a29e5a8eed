//! How often the tests of forensics call an honest election unusual, as bench/RESULTS.md states it: of simulated ones, and of the
//! real one whose table by commune is read from standard input (the whole, and each department with enough communes).
//!
//!     zcat tour1_communes.csv.gz | cargo run --release -p recount --example forensics

use model::Random;
use recount::forensics::{UNITS, Units, ask};
use rows::station_minutes::Tested;
use std::collections::BTreeMap;
use std::io::Read as _;

fn tally(all: &mut BTreeMap<String, (u64, u64, Vec<f64>)>, tests: &[Tested]) {
    for t in tests {
        let one = all.entry(format!("{} {}", t.test, if t.of == "voters" { "turnout" } else { "votes" })).or_default();
        one.0 += u64::from(t.unusual);
        one.1 += 1;
        one.2.push(t.statistic);
    }
}

fn print(what: &str, all: BTreeMap<String, (u64, u64, Vec<f64>)>) {
    for (test, (unusual, of, mut values)) in all {
        values.sort_by(f64::total_cmp);
        let at = |q: f64| values[((values.len() - 1) as f64 * q) as usize];
        println!(
            "{what}: {test}: {unusual} of {of} unusual; median {:.2}, 99 % {:.2}, most {:.2}",
            at(0.5),
            at(0.99),
            at(1.0)
        );
    }
}

fn shown(region: u32) -> String {
    region.to_string()
}

/// Stations of many sizes, each with a turnout and shares around its region's.
fn simulated(run: u64) -> Units {
    let mut random = Random::stream(21, "forensics", run);
    let mut units = Units::default();
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    for region in 0..8 {
        let (turnout, share) = (1.2 + 0.2 * random.normal(), 0.4 * random.normal());
        for _ in 0..50 {
            let registered = (700.0 * (0.5 * random.normal()).exp()).clamp(50.0, 5000.0) as u32;
            let drawn = |n: u32, p: f64, random: &mut Random| (0..n).filter(|_| random.chance(p)).count() as u32;
            let voters = drawn(registered, logistic(turnout + 0.3 * random.normal()), &mut random);
            let valid = drawn(voters, 0.98, &mut random);
            let first = drawn(valid, logistic(share + 0.4 * random.normal()), &mut random);
            let second = drawn(valid - first, 0.7, &mut random);
            units.push([registered, voters, valid], vec![first, second], region);
        }
    }
    units
}

fn main() {
    let mut all = BTreeMap::new();
    let names = ["A".to_string(), "B".to_string()];
    for run in 0..500 {
        tally(&mut all, &ask(&simulated(run), &names, &shown));
    }
    print("simulated, 400 stations", all);
    let mut text = String::new();
    if std::io::stdin().read_to_string(&mut text).is_err() || text.is_empty() {
        return;
    }
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let column = |name: &str| head.iter().position(|h| *h == name);
    let figures = ["Inscrits", "Votants", "Exprimés"].map(column);
    let candidates: Vec<usize> =
        (0..head.len()).filter(|c| head[*c].chars().all(|l| l.is_uppercase() || !l.is_alphabetic())).collect();
    type Area = ([u32; 3], Vec<u32>);
    let mut departments: BTreeMap<String, Vec<Area>> = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        if cells.len() != head.len() {
            continue;
        }
        let count = |c: usize| cells[c].parse::<f64>().map_or(0, |n| n as u32);
        let department = column("code_department").map_or("", |c| cells[c]).to_string();
        let sizes = figures.map(|c| c.map_or(0, count));
        departments.entry(department).or_default().push((sizes, candidates.iter().map(|c| count(*c)).collect()));
    }
    let mut all = BTreeMap::new();
    let mut whole = Units::default();
    for (n, rows) in departments.values().enumerate() {
        let mut units = Units::default();
        for (sizes, votes) in rows {
            whole.push(*sizes, votes.clone(), n as u32);
            units.push(*sizes, votes.clone(), 0);
        }
        if rows.len() >= UNITS {
            tally(&mut all, &ask(&units.of(&leading(rows)), &names, &shown));
        }
    }
    print("departments", all);
    let rows: Vec<_> = departments.into_values().flatten().collect();
    for t in ask(&whole.of(&leading(&rows)), &names, &shown) {
        println!(
            "whole: {} {}: {} of {} areas, chance {:?}, unusual {} {:?}",
            t.test, t.of, t.statistic, t.units, t.chance, t.unusual, t.areas
        );
    }
}

/// The two candidates with the most votes.
fn leading(rows: &[([u32; 3], Vec<u32>)]) -> Vec<usize> {
    let sum = |c: usize| rows.iter().map(|r| u64::from(r.1[c])).sum::<u64>();
    let mut order: Vec<usize> = (0..rows.first().map_or(0, |r| r.1.len())).collect();
    order.sort_by_key(|c| std::cmp::Reverse(sum(*c)));
    order.truncate(2);
    order
}
