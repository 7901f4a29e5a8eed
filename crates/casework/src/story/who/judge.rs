//! The rows weighed against one another: signs pooled with their caps, priors, probabilities, and whether one leads by enough.

use super::{FLAG, LEAD, LIKELY, PRIOR, PRIORS, Piece, ROWS, SET, label, log, round, words};
use knowledge::chain::Chain as Known;
use model::Text;
use rows::story::{Class, Hypothesis, Weighed};
use std::collections::{BTreeMap, BTreeSet};

/// The rows, weighed.
pub(super) struct Judged {
    /// By hypothesis: log10 of the ratio, from and to.
    pub(super) weights: BTreeMap<String, [f64; 2]>,
    pub(super) with_cheap: BTreeMap<String, [f64; 2]>,
    /// By rank.
    pub(super) order: Vec<String>,
    pub(super) preferred: bool,
}

pub(super) fn judge(pieces: &[Piece], known: &Known, imitation: f64) -> Judged {
    let dear: Vec<&Piece> = pieces.iter().filter(|p| p.told.class != Class::Cheap).collect();
    let all: Vec<&Piece> = pieces.iter().collect();
    let rows: BTreeSet<String> = ROWS
        .into_iter()
        .map(String::from)
        .chain(pieces.iter().filter(|p| p.row.starts_with(SET)).map(|p| p.row.clone()))
        .collect();
    let weights = weigh(&rows, &dear, known, imitation);
    let with_cheap = weigh(&rows, &all, known, imitation);
    let middle = |h: &str| (weights[h][0] + weights[h][1]) / 2.0 + prior(h, PRIOR);
    let mut order: Vec<String> = rows.into_iter().collect();
    order.sort_by(|a, b| {
        let round = |x: f64| (x * 1e9).round() as i64;
        // A named group before another of the same weight: that is what the reader asks about.
        round(middle(b)).cmp(&round(middle(a))).then_with(|| a.cmp(b))
    });
    let first = &order[0];
    let lead = order[1..].iter().map(|h| weights[first][0] - weights[h][1]).fold(f64::INFINITY, f64::min);
    // Without any evidence that is dear, nothing can be preferred.
    let preferred = !dear.is_empty() && lead >= LEAD - 1e-9 && posterior(&weights, first, [0, 1], PRIOR) >= LIKELY;
    Judged { weights, with_cheap, order, preferred }
}

fn weigh(rows: &BTreeSet<String>, pieces: &[&Piece], known: &Known, imitation: f64) -> BTreeMap<String, [f64; 2]> {
    let of = |row: &str, end: usize| -> Vec<(Class, f64)> {
        pieces.iter().filter(|p| p.row == row).map(|p| (p.told.class, log(p.told.believed)[end])).collect()
    };
    let one = |row: &String| -> [f64; 2] {
        [0, 1].map(|end| {
            if row.starts_with(SET) {
                pool(&of(row, end), known, imitation)
            } else if row == FLAG {
                let sets = rows.iter().filter(|r| r.starts_with(SET)).map(|r| flag(&of(r, end), known, imitation));
                sets.fold(imitation.log10(), f64::max) + of(row, end).iter().map(|(_, w)| w).sum::<f64>()
            } else {
                // Cheap signs of others are pooled as well: whoever can plant one can plant many.
                let (cheap, dear): (Vec<_>, Vec<_>) = of(row, end).into_iter().partition(|(c, _)| *c == Class::Cheap);
                pool(&cheap, known, imitation) + dear.iter().map(|(_, w)| w).sum::<f64>()
            }
        })
    };
    rows.iter().map(|row| (row.clone(), one(row))).collect()
}

/// Signs that name one group, each class capped by what an imitator could do.
fn pool(signs: &[(Class, f64)], known: &Known, imitation: f64) -> f64 {
    let mut sum: f64 = 0.0;
    for class in Class::ALL {
        let here: Vec<f64> = signs.iter().filter(|(c, _)| *c == class).map(|(_, w)| *w).collect();
        if here.is_empty() {
            continue;
        }
        sum += here.iter().sum::<f64>();
        if sum > 0.0 {
            sum = -(10f64.powf(-sum) + imitation * known.who.plantable[&class]).log10();
        }
    }
    sum
}

/// That somebody able to do up to a class made all of it.
fn flag(signs: &[(Class, f64)], known: &Known, imitation: f64) -> f64 {
    let of = |class: Class| {
        let up: Vec<(Class, f64)> = signs.iter().filter(|(c, _)| *c <= class).copied().collect();
        pool(&up, known, imitation) + known.who.plantable[&class].log10()
    };
    let there = Class::ALL.into_iter().filter(|c| signs.iter().any(|(s, _)| s == c));
    imitation.log10() + there.map(of).fold(0.0, f64::max)
}

fn prior(hypothesis: &str, p: f64) -> f64 {
    if hypothesis.starts_with(SET) || hypothesis == FLAG { p } else { 0.0 }
}

/// The probability of a row, its own end against another end of all others.
fn posterior(weights: &BTreeMap<String, [f64; 2]>, row: &str, [own, others]: [usize; 2], p: f64) -> f64 {
    let odds = |h: &str, end: usize| 10f64.powf(weights[h][end] + prior(h, p));
    let mine = odds(row, own);
    mine / (mine + weights.keys().filter(|h| *h != row).map(|h| odds(h, others)).sum::<f64>())
}

impl Judged {
    pub(super) fn rows(&self, pieces: &[Piece], known: &Known, incident: Option<String>) -> Vec<Hypothesis> {
        let _ = known;
        let row = |(n, h): (usize, &String)| {
            let end = |ends: [usize; 2], pick: fn(f64, f64) -> f64, from: f64| {
                PRIORS.iter().map(|p| posterior(&self.weights, h, ends, *p)).fold(from, pick)
            };
            let probability = [end([0, 1], f64::min, 1.0), end([1, 0], f64::max, 0.0)];
            let evidence: Vec<Weighed> = pieces.iter().filter(|p| p.row == *h).map(|p| p.told.clone()).collect();
            Hypothesis {
                hypothesis: h.clone(),
                rank: n as u64 + 1,
                preferred: self.preferred && n == 0,
                undetermined: !self.preferred,
                weight: self.weights[h].map(round),
                with_cheap: self.with_cheap[h].map(round),
                probability: probability.map(round),
                words: probability.map(|p| words(p).en),
                inconsistent: evidence.iter().filter(|w| log(w.believed)[1] < 0.0).count() as u64,
                evidence,
                incident: incident.clone(),
            }
        };
        self.order.iter().enumerate().map(row).collect()
    }

    pub(super) fn answer(&self) -> Text {
        match self.preferred {
            true => label(&self.order[0]),
            false => Text::new(
                format!("undetermined, {} first", label(&self.order[0]).en),
                format!("indéterminé, {} en tête", label(&self.order[0]).fr),
            ),
        }
    }
}
