//! Links: pairs of findings that share values, or victims, each with what that is worth in bits and how far apart in time
//! they are. You may rely on: work grows with what is shared and not with pairs of findings; time alone never links.
//!
//! Victims are compared twice: finding by finding, and, once strong links have made cores, all victims of one core with all of
//! another ([`together`]). Three accounts that one hand entered, one finding each, say little one by one of a lure that three
//! of forty-six followed (3.8 bits each); together that they are the same three is one chance in 15,180. It is the same
//! test (hypergeometric) on the collective instead of the reference, as in collective entity resolution (I. Bhattacharya and
//! L. Getoor, ACM TKDD 1(1), 2007).

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
const ALL: usize = 40;
/// Clocks differ by so many seconds.
pub const CLOCK: i64 = 3600;
/// Days between findings of one step, and of none.
const DAYS: i64 = 90;
/// Links that are worth less are not kept at all.
const LEAST: f64 = 3.0;
/// What time must leave of a pair of findings for their common victims to count: half, at twice what is usual.
const FITS: f64 = 0.5;

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
        for value in item.part.values.iter().filter(|v| bearers.is_shared(v.cause, &v.value)) {
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
    let bearing = bearing(items);
    for (i, &a) in bearing.iter().enumerate() {
        for &b in &bearing[i + 1..] {
            let (mine, theirs) = (&items[a].part.victims, &items[b].part.victims);
            let both = mine.intersection(theirs).count();
            let between = between(items, (a, &whole(&items[a])), (b, &whole(&items[b])), known);
            let bits = bearers.victims(mine.len(), theirs.len(), both) * between.factor;
            if bits >= LEAST {
                let told = victims(bearers, [mine.len(), theirs.len(), both], bits, between.days);
                shared.entry((a, b)).or_default().push((told, between.pair));
            }
        }
    }
    let mut all: Vec<Link> = shared.into_iter().map(link).collect();
    sort(items, &mut all);
    all
}

/// The strongest first; of equal ones those where one step leads to another: whoever carries an address belongs to where it came
/// out before he belongs to whoever else carries it.
fn sort(items: &[Item], links: &mut [Link]) {
    let leads = |l: &Link| match l.pair {
        (Some(a), Some(b)) if a != b => 0,
        (Some(_), Some(_)) => 1,
        _ => 2,
    };
    let order = |a: &Link, b: &Link| b.bits.total_cmp(&a.bits).then_with(|| leads(a).cmp(&leads(b)));
    links.sort_by(|a, b| order(a, b).then_with(|| ids(items, a).cmp(&ids(items, b))));
}

/// Findings whose victims are compared.
pub fn bearing(items: &[Item]) -> Vec<usize> {
    let mut gravest: Vec<usize> = (0..items.len()).filter(|n| !items[*n].part.victims.is_empty()).collect();
    gravest.sort_by_key(|n| (std::cmp::Reverse(items[*n].urgency), *n));
    gravest.truncate(VICTIMS);
    gravest.sort_unstable();
    gravest
}

/// Victims that two have in common: so many of one, of the other, of both.
fn victims(bearers: &Bearers, [mine, theirs, both]: [usize; 3], bits: f64, days: f64) -> Shared {
    let value = format!("{both} ({mine}, {theirs}; {})", bearers.accounts());
    Shared { cause: Cause::Victims, value, bits, ordinary: both as u64, of: bearers.accounts(), days }
}

/// Findings whose victims are taken together: a core, or a finding alone.
pub struct Together {
    /// Those of them that have victims.
    pub bearing: Vec<usize>,
    /// All their victims.
    pub victims: BTreeSet<String>,
}

/// Two of these that can be of one story as far as time goes; through which findings.
pub struct Meeting {
    /// Places among [`Together`].
    pub of: (usize, usize),
    /// Places among the items, that meet most.
    pub through: (usize, usize),
}

/// The groups that have victims, the gravest, and which of them could meet: where both are single findings they did already.
pub fn groups(items: &[Item], cores: &[Vec<usize>], known: &Known) -> (Vec<Together>, Vec<Meeting>) {
    let compared: BTreeSet<usize> = bearing(items).into_iter().collect();
    let of = |core: &Vec<usize>| {
        let bearing: Vec<usize> = core.iter().copied().filter(|n| compared.contains(n)).collect();
        let victims = bearing.iter().flat_map(|n| items[*n].part.victims.iter().cloned()).collect();
        Together { bearing, victims }
    };
    let all: Vec<Together> = cores.iter().map(of).filter(|t| !t.bearing.is_empty()).collect();
    let mut meetings = Vec::new();
    for (i, a) in all.iter().enumerate() {
        for (j, b) in all.iter().enumerate().skip(i + 1) {
            if a.bearing.len() + b.bearing.len() == 2 {
                continue;
            }
            let pairs = a.bearing.iter().flat_map(|x| b.bearing.iter().map(move |y| (*x, *y)));
            let could = pairs.filter(|(x, y)| fits(items, (*x, *y), known).is_some());
            let both = |(x, y): &(usize, usize)| items[*x].part.victims.intersection(&items[*y].part.victims).count();
            let most = could.max_by_key(|p| (both(p), std::cmp::Reverse(*p)));
            meetings.extend(most.map(|through| Meeting { of: (i, j), through }));
        }
    }
    (all, meetings)
}

/// Between two findings, where time lets one lead to the other or both be of one time.
fn fits(items: &[Item], (x, y): (usize, usize), known: &Known) -> Option<Between> {
    let between = between(items, (x, &whole(&items[x])), (y, &whole(&items[y])), known);
    (between.factor >= FITS).then_some(between)
}

/// Adds to the links what cores share of victims.
pub fn together(items: &[Item], cores: &[Vec<usize>], links: &mut Vec<Link>, bearers: &Bearers, known: &Known) {
    let (all, meetings) = groups(items, cores, known);
    let mut place: BTreeMap<(usize, usize), usize> = links.iter().enumerate().map(|(n, l)| (l.ends, n)).collect();
    for Meeting { of: (a, b), through } in meetings {
        let (a, b) = (&all[a], &all[b]);
        // An account counts where it was done to on both sides in an order that can be.
        let of = |t: &Together, who: &String| -> Vec<usize> {
            t.bearing.iter().copied().filter(|n| items[*n].part.victims.contains(who)).collect()
        };
        let mut both: Vec<f64> = Vec::new();
        for who in a.victims.intersection(&b.victims) {
            let (mine, theirs) = (of(a, who), of(b, who));
            let pairs = mine.iter().flat_map(|x| theirs.iter().map(move |y| (*x, *y)));
            both.extend(pairs.filter_map(|p| fits(items, p, known)).map(|b| b.factor).reduce(f64::max));
        }
        let factor = both.iter().copied().fold(1.0, f64::min);
        let bits = bearers.victims(a.victims.len(), b.victims.len(), both.len()) * factor;
        let ends = (through.0.min(through.1), through.0.max(through.1));
        let known_bits =
            |l: &Link| l.shared.iter().filter(|s| s.cause == Cause::Victims).map(|s| s.bits).fold(0.0, f64::max);
        let Some(between) = fits(items, ends, known).filter(|_| bits >= LEAST) else { continue };
        let told = victims(bearers, [a.victims.len(), b.victims.len(), both.len()], bits, between.days);
        match place.get(&ends) {
            Some(n) if known_bits(&links[*n]) < bits => {
                let had = std::mem::take(&mut links[*n].shared);
                let kept = had.into_iter().filter(|s| s.cause != Cause::Victims).chain([told]);
                links[*n] = link((ends, kept.map(|s| (s, between.pair)).collect()));
            }
            Some(_) => {}
            None => {
                place.insert(ends, links.len());
                links.push(link((ends, vec![(told, between.pair)])));
            }
        }
    }
    sort(items, links);
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

/// A finding's whole time, as that of its victims. An account that a stranger uses or reads is his since he first did: what
/// comes after that did not give it to him.
fn whole(item: &Item) -> Value {
    let used = matches!(item.steps().min(), Some(Step::CredentialUsed | Step::DocumentsTaken));
    let last = item.last.or(item.first);
    Value { cause: Cause::Victims, value: String::new(), first: item.first, last: item.first.filter(|_| used).or(last) }
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
