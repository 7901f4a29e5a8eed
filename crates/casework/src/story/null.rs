//! How often chance would join findings: their identities are drawn anew, from all who bear one of that cause among findings
//! of that step, the ordinary included, and their victims from all accounts; what is then joined is false. Of each pair of
//! steps the cut is the smallest under which false links stay below one in a hundred.
//!
//! You may rely on: the seed is of the findings, so that the same case gives the same numbers; identities move, nothing else.

use super::links::{self, Link, Meeting, Pair, Together};
use super::rarity::Bearers;
use super::{Item, incidents};
use model::{Lang, Random, hash};
use rows::story::{Cause, Step};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Shuffles; fewer where a case has very many findings.
const SHUFFLES: u64 = 1000;
/// Draws in all.
const DRAWS: u64 = 20_000_000;
/// The least cut, in bits.
pub const LEAST: f64 = 6.0;
/// False links allowed, of those found.
const FALSE: f64 = 0.01;
/// Links above the cut by this much make the core of an incident.
pub const CORE: f64 = 3.0;
/// Findings of one cause and step above which they are a flood, whose links among themselves are not held against chance.
const FLOOD: usize = 300;
/// Cuts are tried in steps of this many bits.
const GRAIN: f64 = 0.25;

/// What the shuffles say.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Null {
    /// Shuffles made.
    pub shuffles: u64,
    /// Links that joined in all shuffles together.
    pub false_links: u64,
    /// Links that join the findings as they are.
    pub links: u64,
    /// The bound on the share of false links: (false + 3) / shuffles / links.
    pub share: f64,
    /// Shuffles in which an incident of three steps or more came about.
    pub false_incidents: u64,
    /// The cut of each pair of steps that any link has.
    pub cuts: Vec<(Option<Step>, Option<Step>, f64)>,
}

impl Null {
    /// The bound on the share of false links, rounded up: a bound that is rounded down is none.
    pub fn at_most(&self, lang: Lang) -> String {
        let percent = format!("{:.2}", (self.share * 1e4).ceil() / 1e2);
        match lang {
            Lang::En => format!("{percent}%"),
            Lang::Fr => format!("{}\u{202f}%", percent.replace('.', ",")),
        }
    }

    /// The cut of a pair of steps.
    pub fn cut(&self, pair: Pair) -> f64 {
        self.cuts.iter().find(|(a, b, _)| (*a, *b) == pair).map_or(LEAST, |(.., cut)| *cut)
    }
}

/// What is drawn anew: an item's value of a cause.
struct Slot {
    item: usize,
    /// Its value, as a number.
    value: usize,
}

/// Those among whom identities are drawn: of one cause and step.
struct Stratum {
    slots: Vec<Slot>,
    /// So many of them, the first, bear what chance could make news of when it is drawn.
    news: usize,
    /// Its number.
    number: usize,
    /// Who bears one ordinarily.
    ordinary: u64,
}

/// A link that chance made: in which shuffle, between which findings, worth how much.
type False = (usize, usize, usize, f64);

/// What chance made of the findings.
pub struct Shuffled {
    shuffles: u64,
    seed: u64,
    all: Vec<False>,
}

/// Shuffles.
pub fn shuffle(items: &[Item], bearers: &Bearers) -> Shuffled {
    let mut shared: BTreeMap<(Cause, &str), usize> = BTreeMap::new();
    let mut strata: BTreeMap<(Cause, Option<Step>), Stratum> = BTreeMap::new();
    let mut worth: Vec<f64> = Vec::new();
    for (n, item) in items.iter().enumerate() {
        for value in &item.part.values {
            let next = worth.len();
            // What one finding alone bears has a number of its own without being looked up.
            let number = match bearers.is_shared(value.cause, &value.value) {
                true => *shared.entry((value.cause, &value.value)).or_insert(next),
                false => next,
            };
            if number == next {
                worth.push(bearers.bits(value.cause, &value.value));
            }
            let place = strata.len();
            let stratum = strata.entry((value.cause, item.steps().min())).or_insert_with(|| Stratum {
                number: place,
                slots: Vec::new(),
                news: 0,
                ordinary: bearers.pool(value.cause, 0),
            });
            stratum.slots.push(Slot { item: n, value: number });
        }
    }
    let victims = links::bearing(items);
    let sizes: Vec<usize> = victims.iter().map(|n| items[*n].part.victims.len()).collect();
    let slots = strata.values().map(|s| s.slots.len() as u64).sum::<u64>() + cost(&sizes, bearers.accounts());
    let shuffles = SHUFFLES.min(DRAWS / slots.max(1)).max(50);
    let mut seed = hash::EMPTY;
    items.iter().for_each(|i| seed = hash::fnv1a_from(seed, i.id.bytes()));
    let mut random = Random::stream(seed, "story/null", 0);
    let mut all: Vec<False> = Vec::new();
    let mut bearing: Vec<Vec<(usize, usize)>> = vec![Vec::new(); worth.len()];
    let floods: BTreeSet<usize> = strata.values().filter(|s| s.slots.len() > FLOOD).map(|s| s.number).collect();
    settle(&mut strata, &floods, worth.len());
    for round in 0..shuffles as usize {
        let mut touched: Vec<usize> = Vec::new();
        for stratum in strata.values().filter(|s| s.news > 0) {
            let here = stratum.slots.len() as u64;
            for slot in &stratum.slots {
                let drawn = random.below(here + stratum.ordinary);
                if let Some(now) = stratum.slots[..stratum.news].get(drawn as usize) {
                    if bearing[now.value].is_empty() {
                        touched.push(now.value);
                    }
                    bearing[now.value].push((slot.item, stratum.number));
                }
            }
        }
        for value in touched {
            let mut who = std::mem::take(&mut bearing[value]);
            who.sort_unstable();
            who.dedup();
            if worth[value] >= LEAST {
                // Attempts by the thousand are no news to one another: between them a link adds no step.
                let alike = |w: &[(usize, usize)]| w[0].1 == w[1].1 && floods.contains(&w[0].1);
                let pairs = who.windows(2).filter(|w| w[0].0 != w[1].0 && !alike(w));
                all.extend(pairs.map(|w| (round, w[0].0, w[1].0, worth[value])));
            }
            who.clear();
            bearing[value] = who;
        }
        for (a, b, bits) in met(&sizes, bearers, &mut random) {
            all.push((round, victims[a], victims[b], bits));
        }
    }
    Shuffled { shuffles, seed, all }
}

/// Puts first what of each stratum can be drawn to any effect: of a flood what another stratum bears, too, for its findings are no
/// news to one another.
fn settle(strata: &mut BTreeMap<(Cause, Option<Step>), Stratum>, floods: &BTreeSet<usize>, values: usize) {
    const MANY: usize = usize::MAX;
    let mut of: Vec<Option<usize>> = vec![None; values];
    for stratum in strata.values() {
        for slot in &stratum.slots {
            let known = &mut of[slot.value];
            *known = Some(if known.is_none_or(|s| s == stratum.number) { stratum.number } else { MANY });
        }
    }
    for stratum in strata.values_mut() {
        let flood = floods.contains(&stratum.number);
        let news = |slot: &Slot| !flood || of[slot.value] == Some(MANY);
        stratum.slots.sort_by_key(|slot| !news(slot));
        stratum.news = stratum.slots.partition_point(news);
    }
}

impl Shuffled {
    /// What cores share of victims is held against chance as well: each draws as many anew as it has.
    pub fn together(&mut self, groups: &[Together], meetings: &[Meeting], bearers: &Bearers) {
        let sizes: Vec<usize> = groups.iter().map(|g| g.victims.len()).collect();
        let through: BTreeMap<(usize, usize), (usize, usize)> = meetings.iter().map(|m| (m.of, m.through)).collect();
        if through.is_empty() {
            return;
        }
        let mut random = Random::stream(self.seed, "story/null/together", 0);
        for round in 0..self.shuffles as usize {
            let met = met(&sizes, bearers, &mut random);
            self.all.extend(
                met.into_iter().filter_map(|(a, b, bits)| through.get(&(a, b)).map(|t| (round, t.0, t.1, bits))),
            );
        }
        self.all.sort_by_key(|f| f.0);
    }

    /// What that says of links.
    pub fn told(&self, items: &[Item], links: &[Link]) -> Null {
        told(items, links, self.shuffles, &self.all)
    }
}

/// How many meetings of victims a shuffle has about.
fn cost(sizes: &[usize], accounts: u64) -> u64 {
    let sum = sizes.iter().sum::<usize>() as u64;
    sum + sum * sum / accounts.max(1)
}

/// Those that meet when each draws as many accounts as it has victims, with what that would be worth.
fn met(sizes: &[usize], bearers: &Bearers, random: &mut Random) -> Vec<(usize, usize, f64)> {
    let mut of: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (n, size) in sizes.iter().enumerate() {
        draw(*size, bearers.accounts(), random).into_iter().for_each(|account| of.entry(account).or_default().push(n));
    }
    let mut both: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for who in of.into_values() {
        for (i, a) in who.iter().enumerate() {
            who[i + 1..].iter().for_each(|b| *both.entry((*a, *b)).or_default() += 1);
        }
    }
    let worth = both.into_iter().map(|((a, b), both)| (a, b, bearers.victims(sizes[a], sizes[b], both)));
    worth.filter(|(.., bits)| *bits >= LEAST).collect()
}

/// So many of so many.
fn draw(n: usize, of: u64, random: &mut Random) -> BTreeSet<u64> {
    let mut drawn = BTreeSet::new();
    // Floyd's way: each subset is as likely, in as many steps as are drawn.
    for top in of.saturating_sub(n as u64)..of {
        let at = random.below(top + 1);
        if !drawn.insert(at) {
            drawn.insert(top);
        }
    }
    drawn
}

fn told(items: &[Item], links: &[Link], shuffles: u64, all: &[False]) -> Null {
    // Of a finding of several steps each counts: which of them a link joins, chance decides as little as we do.
    let shows = |n: usize, step: Option<Step>| match step {
        Some(step) => items[n].steps().any(|s| s == step),
        None => items[n].steps().next().is_none(),
    };
    let joins =
        |(low, high): Pair, a: usize, b: usize| shows(a, low) && shows(b, high) || shows(b, low) && shows(a, high);
    let pairs: BTreeSet<Pair> = links.iter().map(|l| l.pair).collect();
    let mut null = Null { shuffles, ..Null::default() };
    for of in pairs {
        let found: Vec<f64> = links.iter().filter(|l| l.pair == of).map(|l| l.bits).collect();
        let false_ones: Vec<f64> = all.iter().filter(|(_, a, b, _)| joins(of, *a, *b)).map(|w| w.3).collect();
        let mut cut = LEAST;
        while cut < 20.0 {
            let there = found.iter().filter(|w| **w >= cut).count() as f64;
            let wrong = false_ones.iter().filter(|w| **w >= cut).count() as f64;
            if there == 0.0 || (wrong + 3.0) / shuffles as f64 / there <= FALSE {
                break;
            }
            cut += GRAIN;
        }
        null.cuts.push((of.0, of.1, cut));
    }
    null.links = links.iter().filter(|l| l.bits >= null.cut(l.pair)).count() as u64;
    let mut round: Vec<(usize, usize, f64)> = Vec::new();
    let mut at = 0;
    let count = |round: &mut Vec<(usize, usize, f64)>| {
        let joined = incidents::groups(items.len(), round);
        let many = |g: &Vec<usize>| {
            g.iter().flat_map(|n| items[*n].steps()).collect::<BTreeSet<_>>().len() >= 3 && g.len() > 2
        };
        let any = joined.iter().any(many);
        round.clear();
        u64::from(any)
    };
    for (of, a, b, bits) in all {
        if *of != at {
            null.false_incidents += count(&mut round);
            at = *of;
        }
        let cuts = null.cuts.iter().filter(|(low, high, _)| joins((*low, *high), *a, *b));
        if *bits >= cuts.map(|c| c.2).reduce(f64::min).unwrap_or(LEAST) {
            null.false_links += 1;
            round.push((*a, *b, *bits));
        }
    }
    null.false_incidents += count(&mut round);
    if null.links > 0 {
        null.share = (null.false_links + 3) as f64 / shuffles as f64 / null.links as f64;
    }
    null
}
