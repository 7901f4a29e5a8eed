//! Simulated audits, as bench/RESULTS.md states them: mean sample sizes of BRAVO and ALPHA at 5 %, with replacement, reported
//! and true share 0.51; and how often a tie is confirmed.

use model::Random;
use recount::audit::{Alpha, bravo_mean};

fn mean(name: &str, audit: &Alpha, share: f64, risk: f64, runs: u64) {
    let mut drawn = 0;
    for run in 0..runs {
        let (mut random, mut audit) = (Random::stream(21, name, run), audit.clone());
        while audit.risk() > risk && audit.drawn() < 10_000_000 {
            audit.ballot(random.chance(share));
        }
        drawn += audit.drawn();
    }
    println!("{name}: {} ballots in the mean of {runs} audits", drawn / runs);
}

fn tie(name: &str, audit: &Alpha, risk: f64, runs: u64) {
    let confirmed = (0..runs).filter(|run| {
        let (mut random, mut audit) = (Random::stream(22, name, *run), audit.clone());
        (0..20_000).any(|_| {
            audit.ballot(random.chance(0.5));
            audit.risk() <= risk
        })
    });
    println!("{name}: a tie confirmed in {} of {runs} audits at {risk}", confirmed.count());
}

fn main() {
    for share in [0.70, 0.65, 0.60, 0.58, 0.55, 0.54, 0.53, 0.52, 0.51, 0.505] {
        println!("BRAVO, {share}, 10 %: {}", bravo_mean(share, 0.1).ceil());
    }
    mean("BRAVO", &Alpha::bravo(0.51), 0.51, 0.05, 2000);
    for d in [10.0, 100.0, 500.0, 1000.0] {
        mean(&format!("ALPHA d={d}"), &Alpha::new(0.51, d), 0.51, 0.05, 2000);
    }
    tie("BRAVO", &Alpha::bravo(0.55), 0.05, 10_000);
    tie("ALPHA d=100", &Alpha::new(0.55, 100.0), 0.05, 10_000);
}
