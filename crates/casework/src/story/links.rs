//! Links: pairs of findings that share values, or victims, each with what that is worth in bits and how far apart in time
//! they are. You may rely on: work grows with what is shared and not with pairs of findings; time alone never links.

use super::rarity::{Bearers, combine};
use super::{Item, Part, Shows, Value};
use knowledge::chain::Chain as Known;
use model::Time;
use rows::story::{Cause, Step};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Findings whose victims are compared, the gravest.
const VICTIMS: usize = 300;
/// Bearers of one value that are all compared; of more, each with the next.
const ALL: usize = 12;
/// Clocks differ by so many seconds.
pub const CLOCK: i64 = 3600;
/// Days between findings of one step, and of none.
const DAYS: i64 = 90;
/// Links that are worth less are not kept at all.
const LEAST: f64 = 3.0;

/// Two steps; none of a finding that shows none.
pub type Pair = (Option<Step>, Option<Step>);

/// A link.
#[derive(Clone, PartialEq, Debug)]
pub struct Link {
    /// Places among the items, the smaller first.
    pub ends: (usize, usize),
    /// The steps it joins, the earlier first.
    pub pair: Pair,
    /// What it is worth.
    pub bits: f64,
    /// What is shared, the most telling first.
    pub shared: Vec<Shared>,
}

/// A shared value.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Shared {
    /// Why it says something.
    pub cause: Cause,
    /// The value; of victims, how many of how many.
    pub value: String,
    /// Bits, after the factor of time.
    pub bits: f64,
    /// Who bears it ordinarily in this case.
    pub ordinary: u64,
    /// Of how many.
    pub of: u64,
    /// Days between.
    pub days: f64,
}

impl Link {
    /// Whether anything shared is one operator's own.
    pub fn is_hand(&self) -> bool {
        self.shared.iter().any(|s| s.cause.is_hand())
    }

    /// How many different values carry it.
    pub fn values(&self) -> impl Iterator<Item = (Cause, &str)> {
        self.shared.iter().map(|s| (s.cause, s.value.as_str()))
    }
}

/// All links worth keeping, the strongest first.
pub fn weigh(items: &[Item], bearers: &Bearers, known: &Known) -> Vec<Link> {
    let mut shared: BTreeMap<(usize, usize), Vec<(Shared, Pair)>> = BTreeMap::new();
    let mut of: BTreeMap<(Cause, &str), Vec<(usize, &Value)>> = BTreeMap::new();
    for (n, item) in items.iter().enumerate() {
        for value in &item.part.values {
            of.entry((value.cause, &value.value)).or_default().push((n, value));
        }
    }
    for ((cause, value), who) in of {
        let bits = bearers.bits(cause, value);
        if who.len() < 2 || bits < LEAST {
            continue;
        }
        for (i, (a, mine)) in who.iter().enumerate() {
            let far = if who.len() <= ALL { who.len() } else { i + 2 };
            for (b, theirs) in who.iter().take(far).skip(i + 1) {
                let between = between(items, (*a, mine), (*b, theirs), known);
                let ordinary = bearers.ordinary(cause, value);
                let bits = bits * between.factor;
                if bits >= LEAST {
                    let of = bearers.pool(cause, ordinary);
                    let told = Shared { cause, value: value.into(), bits, ordinary, of, days: between.days };
                    shared.entry((*a, *b)).or_default().push((told, between.pair));
                }
            }
        }
    }
    let mut gravest: Vec<usize> = (0..items.len()).filter(|n| !items[*n].part.victims.is_empty()).collect();
    gravest.sort_by_key(|n| (std::cmp::Reverse(items[*n].urgency), *n));
    gravest.truncate(VICTIMS);
    gravest.sort_unstable();
    for (i, &a) in gravest.iter().enumerate() {
        for &b in &gravest[i + 1..] {
            let (mine, theirs) = (&items[a].part.victims, &items[b].part.victims);
            let both = mine.intersection(theirs).count();
            let between = between(items, (a, &whole(&items[a])), (b, &whole(&items[b])), known);
            let bits = bearers.victims(mine.len(), theirs.len(), both) * between.factor;
            if bits >= LEAST {
                let value = format!("{both} ({}, {}; {})", mine.len(), theirs.len(), bearers.accounts());
                let (ordinary, of) = (both as u64, bearers.accounts());
                let told = Shared { cause: Cause::Victims, value, bits, ordinary, of, days: between.days };
                shared.entry((a, b)).or_default().push((told, between.pair));
            }
        }
    }
    let mut all: Vec<Link> = shared.into_iter().map(link).collect();
    all.sort_by(|a, b| b.bits.total_cmp(&a.bits).then_with(|| ids(items, a).cmp(&ids(items, b))));
    all
}

fn ids<'i>(items: &'i [Item], link: &Link) -> (&'i str, &'i str) {
    (&items[link.ends.0].id, &items[link.ends.1].id)
}

/// The best value of each cause, each further cause at half.
fn link((ends, mut shared): ((usize, usize), Vec<(Shared, Pair)>)) -> Link {
    shared.sort_by(|(a, _), (b, _)| {
        b.bits.total_cmp(&a.bits).then_with(|| (a.cause, &a.value).cmp(&(b.cause, &b.value)))
    });
    let mut causes = BTreeSet::new();
    let best: Vec<f64> = shared.iter().filter(|(s, _)| causes.insert(s.cause)).map(|(s, _)| s.bits).collect();
    let pair = shared[0].1;
    Link { ends, pair, bits: combine(best), shared: shared.into_iter().map(|(s, _)| s).collect() }
}

/// A finding's whole time, as that of its victims.
fn whole(item: &Item) -> Value {
    Value { cause: Cause::Victims, value: String::new(), first: item.first, last: item.last.or(item.first) }
}

struct Between {
    pair: Pair,
    days: f64,
    factor: f64,
}

/// What time says of two findings that share something: one up to what is usual between their steps, halved for each time
/// again, nothing where the effect precedes the cause.
fn between(items: &[Item], (a, mine): (usize, &Value), (b, theirs): (usize, &Value), known: &Known) -> Between {
    let nearest = |part: &Part| -> Vec<Shows> { part.shows.clone() };
    let (one, other) = (nearest(&items[a].part), nearest(&items[b].part));
    let pairs = one.iter().flat_map(|x| other.iter().map(move |y| (x.step, y.step)));
    let place = |s: Step| s as i64;
    let chosen = pairs.min_by_key(|(x, y)| {
        let apart = (place(*x) - place(*y)).abs();
        // The same step twice says less than one that leads to the other.
        (if apart == 0 { i64::MAX } else { apart }, place(*x).min(place(*y)))
    });
    let time = |t: Option<Time>| t.map(Time::seconds);
    let (cause, effect, pair, usual) = match chosen {
        Some((x, y)) if x != y => {
            let forward = x < y;
            let (low, high) = if forward { (x, y) } else { (y, x) };
            let days = known.step.iter().filter(|s| low < s.step && s.step <= high).map(|s| s.days).sum();
            let (cause, effect) = if forward { (mine, theirs) } else { (theirs, mine) };
            (cause, effect, (Some(low), Some(high)), days)
        }
        same => {
            let step = same.map(|(x, _)| x).or_else(|| one.iter().chain(&other).map(|s| s.step).min());
            let mine_first = time(mine.first) <= time(theirs.first);
            let (cause, effect) = if mine_first { (mine, theirs) } else { (theirs, mine) };
            return Between { pair: (same.and(step), step), ..apart(cause, effect, DAYS, false) };
        }
    };
    Between { pair, ..apart(cause, effect, usual, true) }
}

fn apart(cause: &Value, effect: &Value, usual: i64, ordered: bool) -> Between {
    let seconds = |t: Option<Time>| t.map(Time::seconds);
    let (from, to) = (seconds(cause.first), seconds(cause.last.or(cause.first)));
    let (begins, ends) = (seconds(effect.first.or(effect.last)), seconds(effect.last.or(effect.first)));
    if let (true, Some(from), Some(ends)) = (ordered, from, ends)
        && ends + CLOCK < from
    {
        return Between { pair: (None, None), days: (ends - from) as f64 / 86_400.0, factor: 0.0 };
    }
    let days = match (to, begins) {
        (Some(to), Some(begins)) => (begins - to).max(0) as f64 / 86_400.0,
        _ => 0.0,
    };
    let usual = usual.max(1) as f64;
    let factor = if days <= usual { 1.0 } else { 2f64.powf(-(days - usual) / usual) };
    Between { pair: (None, None), days, factor }
}
