//! Which attempts there will be: when, from where, of what class and shape. Nothing is written yet, so the truth is
//! known before the evidence.
//!
//! You may rely on: attempts never merge by accident. Each has networks of its own, or uses one again days later; each event is closer to the next
//! than the window; sprays and slow logins keep away from others on the same service; nothing but what is meant to
//! happens around an outage.

use super::habit::Density;
use super::tables::{Block, Tables};
use super::truth::{TrueAttempt, TrueOutage};
use super::vocabulary::{Class, Down, Purpose, Shape};
use crate::address::{Addresses, Country, Used, country};
use crate::calendar::Period;
use crate::random::{Random, Weighted, shares};
use crate::values::word;
use model::{Address, Error, Outcome, Result, Time};
use std::collections::BTreeMap;

/// The window of the definition, in seconds.
pub(crate) const WINDOW: i64 = 1800;

/// Seconds before an outage in which only what belongs to it happens.
const QUIET: i64 = 35 * 60;

/// An attempt that will be written.
pub(crate) struct Planned {
    pub(crate) truth: TrueAttempt,
    /// Classes its events take in turn.
    pub(crate) mix: Vec<Class>,
    pub(crate) site: usize,
    pub(crate) lanes: Vec<Lane>,
    pub(crate) pace: Pace,
    pub(crate) seed: u64,
}

/// One source's part of an attempt.
#[derive(Clone, Copy)]
pub(crate) struct Lane {
    pub(crate) source: Address,
    /// Milliseconds.
    pub(crate) start: i64,
    pub(crate) events: u64,
}

/// How far apart a source's events are, in milliseconds.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    mean: i64,
    /// Slow attempts: events at a time, and the pause between such bursts, least and most.
    slow: Option<(u64, i64, i64)>,
}

/// The times of one source's events, the same whenever they are asked for.
pub(crate) struct Beats {
    pace: Pace,
    random: Random,
    next: i64,
    done: u64,
    events: u64,
}

impl Beats {
    pub(crate) fn new(planned: &Planned, lane: usize) -> Beats {
        let Lane { start, events, .. } = planned.lanes[lane];
        let random = Random::stream(planned.seed, "beats", lane as u64);
        Beats { pace: planned.pace, random, next: start, done: 0, events }
    }
}

impl Iterator for Beats {
    type Item = i64;
    fn next(&mut self) -> Option<i64> {
        if self.done == self.events {
            return None;
        }
        let now = self.next;
        self.done += 1;
        let gap = match self.pace.slow {
            Some((burst, least, most)) if self.done.is_multiple_of(burst) => {
                self.random.range(least as u64, most as u64)
            }
            _ => self.pace.mean as u64 / 2 + self.random.below(self.pace.mean as u64 + 1),
        };
        self.next += gap as i64;
        Some(now)
    }
}

/// All that will happen beside the ordinary.
pub(crate) struct Plan {
    pub(crate) attempts: Vec<Planned>,
    pub(crate) outages: Vec<Outage>,
}

/// An outage of one site, in seconds.
#[derive(Clone)]
pub(crate) struct Outage {
    pub(crate) site: usize,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) kind: Down,
    preceded_by: Vec<String>,
}

impl Outage {
    pub(crate) fn truth(&self, s: &Tables) -> TrueOutage {
        TrueOutage {
            site: s.sites[self.site].host.clone(),
            kind: self.kind,
            first: Time::from_seconds(self.from),
            last: Time::from_seconds(self.to),
            preceded_by: self.preceded_by.clone(),
        }
    }
}

/// An attempt that has no time yet.
struct Draft<'b> {
    block: &'b Block,
    mix: Vec<Class>,
    shape: Shape,
    outcome: Outcome,
    site: usize,
    sources: Vec<(Address, u64)>,
}

struct Planner<'s> {
    tables: &'s Tables,
    period: &'s Period,
    addresses: &'s Addresses,
    used: Used,
    plan: Plan,
    /// On each service, when sources try a few times only: these could be taken for one spray.
    few: BTreeMap<Purpose, BTreeMap<i64, i64>>,
    sites: Weighted,
}

/// Plans attempts and outages. `scale` multiplies the counts of attempts.
pub(crate) fn plan(s: &Tables, period: &Period, addresses: &Addresses, scale: f64, seed: u64) -> Result<Plan> {
    let mut outages = Vec::new();
    for o in &s.outages {
        let from = o.start.start(&period.zone);
        let sites = s.sites.iter().enumerate().filter(|(_, site)| o.site.is_empty() || site.name == o.site);
        outages.extend(sites.map(|(site, _)| Outage {
            site,
            from,
            to: (from + o.minutes as i64 * 60).min(period.to),
            kind: o.kind,
            preceded_by: o.preceded_by.clone(),
        }));
    }
    let mut planner = Planner {
        tables: s,
        period,
        addresses,
        used: Used::default(),
        plan: Plan { attempts: Vec::new(), outages },
        few: BTreeMap::new(),
        sites: Weighted::new(s.sites.iter().map(|site| site.weight)),
    };
    // Those that bring a site down come first, for all others must keep away from what they cause; then sprays, which
    // need a service to themselves.
    let brings_down = |b: &Block| b.outcome.0.iter().any(|(o, _)| *o == Outcome::MadeUnavailable);
    let sprays = |b: &Block| b.shape.0.iter().any(|(s, _)| *s == Shape::Spray);
    let mut order: Vec<(usize, &Block)> = s.attempts.iter().enumerate().collect();
    order.sort_by_key(|(i, b)| (!brings_down(b), !sprays(b), *i));
    for (i, block) in order {
        planner.block(block, scale, &mut Random::stream(seed, "block", i as u64)).map_err(|e| {
            let hint = e.get_hint().unwrap_or("give the block more time or fewer attempts").to_string();
            Error::new(format!("`[[attempts]]` number {} cannot be placed", i + 1)).because(e).hint(hint)
        })?;
    }
    planner.plan.attempts.sort_by_key(|a| (a.truth.first, a.seed));
    planner.plan.outages.sort_by_key(|o| (o.from, o.site));
    Ok(planner.plan)
}

impl Planner<'_> {
    fn block(&mut self, b: &Block, scale: f64, random: &mut Random) -> Result<()> {
        let count = if b.count == 0 { 0 } else { ((b.count as f64 * scale).round() as u64).max(1) };
        let countries = dealt(count, &b.country.0, random);
        let outcomes = dealt(count, &b.outcome.0, random);
        let (from, to) = self.period.within(b.from, b.to)?;
        let density = Density::new(&b.curve, from, to, &self.period.zone);
        for i in 0..count {
            let country = countries[i as usize].0;
            let mut draft = self.draft(b, outcomes[i as usize], country, random);
            let mut placed = false;
            // The curve is cut into as many parts as there are attempts; a part that is taken passes on to another.
            for tried in 0..200 {
                let part = if tried < 20 { i } else { random.below(count) };
                if tried % 10 == 9 {
                    draft.sources = self.sources(&draft, country, random);
                }
                let start = density.at((part as f64 + random.unit()) / count as f64);
                let planned = self.attempt(&draft, start, (from, to), random)?;
                if self.free(b, &planned) {
                    self.keep(planned);
                    placed = true;
                    break;
                }
            }
            if !placed {
                return Err(Error::new(format!("no free time was found for attempt {} of {count}", i + 1)).hint(
                    "around outages and sprays nothing else may happen: give the block more time or fewer attempts",
                ));
            }
        }
        Ok(())
    }

    /// Draws all of an attempt but its time.
    fn draft<'b>(&mut self, b: &'b Block, outcome: Outcome, c: Country, random: &mut Random) -> Draft<'b> {
        let able: Vec<_> = b.classes.0.iter().filter(|(c, _)| c.may(b.service, outcome)).collect();
        let by_weight = Weighted::new(able.iter().map(|(_, w)| *w));
        let mut mix: Vec<Class> = Vec::new();
        // Several draws of one class are one class; a success is shown by one.
        let several = if outcome == Outcome::PossiblySucceeded { 1 } else { b.mix };
        for _ in 0..several {
            let class = able[by_weight.draw(random)].0;
            if !mix.contains(&class) {
                mix.push(class);
            }
        }
        let takes = |shape| mix.iter().all(|c| c.takes(b.service, shape));
        let shapes = Weighted::new(b.shape.0.iter().map(|&(shape, w)| if takes(shape) { w } else { 0.0 }));
        let shape = b.shape.0[shapes.draw(random)].0;
        let site = match self.tables.sites.iter().position(|s| s.name == b.site) {
            Some(site) => site,
            None => self.sites.draw(random),
        };
        let mut draft = Draft { block: b, mix, shape, outcome, site, sources: Vec::new() };
        draft.sources = self.sources(&draft, c, random);
        draft
    }

    /// Sources and how many events each has.
    fn sources(&mut self, draft: &Draft, c: Country, random: &mut Random) -> Vec<(Address, u64)> {
        let &Draft { block: b, ref mix, shape, outcome, .. } = draft;
        let class = mix[0];
        let (low, high) = b.requests.unwrap_or_else(|| match shape {
            Shape::Slow => (6, 16),
            _ => class.usual(b.service),
        });
        // A success needs failures before it: eight at a login, an upload's traces at a web shell.
        let succeeded = outcome == Outcome::PossiblySucceeded;
        let least = match b.service {
            Purpose::Web if class == Class::WebShell && succeeded => 5,
            Purpose::Web => mix.len() as u64,
            _ if succeeded => 10,
            _ => 1,
        };
        let n = random.range(low, high).max(least);
        let v6 = random.chance(b.ipv6);
        let first = self.used.fresh(self.addresses, c, v6, random);
        match shape {
            Shape::Burst => vec![(first, n)],
            Shape::Slow => vec![(first, n.max(5))],
            Shape::Distributed => {
                let each = class.least(b.service).max(3);
                let sources = random.range(3, 6).min((n / each).max(3));
                let n = n.max(each * sources);
                let split = |i: u64| n / sources + u64::from(i < n % sources);
                (0..sources).map(|i| (neighbour(first, i), split(i))).collect()
            }
            Shape::Spray => {
                // Every source goes through the same short list of names.
                let names = random.range(2, 5);
                let sources = (n / names).clamp(5, 500);
                let mut out = vec![(first, names)];
                for _ in 1..sources {
                    out.push((self.used.fresh(self.addresses, c, v6, random), names));
                }
                // A small country may have been drawn twice from one network.
                out.sort_unstable();
                out.dedup_by_key(|s| s.0.network());
                out
            }
        }
    }

    /// An attempt that begins at a time, or a little earlier so that it ends in its block's.
    fn attempt(&self, draft: &Draft, start: i64, (from, to): (i64, i64), random: &mut Random) -> Result<Planned> {
        let &Draft { block: b, ref mix, shape, outcome, site, ref sources } = draft;
        let events = sources.iter().map(|s| s.1).max().unwrap_or(1);
        let room = (to - from) * 1000;
        let spread = if shape == Shape::Spray { room.min(20 * 60_000 * sources.len() as i64) / 3 } else { 0 };
        let pace = pace(mix[0], shape, events, room - spread, random)
            .ok_or_else(|| Error::new("its time is too short").hint("slow attempts need days; others minutes"))?;
        let lane = |i: usize, (source, events): (Address, u64), random: &mut Random| {
            let after = match shape {
                Shape::Distributed => random.below(room.min(300_000) as u64 / 8 + 1) as i64,
                Shape::Spray => (spread / sources.len() as i64) * i as i64,
                _ => 0,
            };
            Lane { source, start: start * 1000 + random.below(1000) as i64 + after, events }
        };
        let lanes = sources.iter().enumerate().map(|(i, &s)| lane(i, s, random)).collect();
        let class = mix[0];
        let mut classes = BTreeMap::new();
        let total: u64 = sources.iter().map(|s| s.1).sum();
        let mut planned = Planned {
            truth: TrueAttempt {
                label: b.label.clone(),
                class,
                classes: BTreeMap::new(),
                purpose: b.service,
                site: match b.service {
                    Purpose::Web | Purpose::WebLogin => self.tables.sites[site].host.clone(),
                    _ => self.tables.logins.host.clone(),
                },
                shape,
                outcome,
                country: country(sources[0].0).unwrap_or("unknown").into(),
                sources: Vec::new(),
                requests: total,
                first: Time::default(),
                last: Time::default(),
            },
            mix: mix.clone(),
            site,
            lanes,
            pace,
            seed: random.bits(),
        };
        for lane in &planned.lanes {
            (0..lane.events).for_each(|i| *classes.entry(mix[i as usize % mix.len()]).or_insert(0) += 1);
        }
        planned.truth.classes = classes;
        settle(&mut planned);
        // What would end after the block's time begins as much earlier; a login's last line comes a little after it.
        let over = planned.truth.last.seconds() + 5 - to;
        if over > 0 {
            planned.lanes.iter_mut().for_each(|l| l.start -= over * 1000);
            settle(&mut planned);
        }
        if planned.truth.first.seconds() < from {
            return Err(Error::new("an attempt takes longer than the block's time")
                .hint("ask for fewer `requests` or more time"));
        }
        Ok(planned)
    }

    /// Whether an attempt keeps away from all that it could be confused with.
    fn free(&self, b: &Block, p: &Planned) -> bool {
        let (first, last) = (p.truth.first.seconds(), p.truth.last.seconds());
        if p.lanes.len() < 5 && p.truth.shape == Shape::Spray
            || !p.lanes.iter().all(|l| self.used.rests(l.source, first, last))
        {
            return false;
        }
        let on_site = matches!(b.service, Purpose::Web | Purpose::WebLogin);
        let near = |o: &Outage| on_site && o.site == p.site && first < o.to + 300 && last > o.from - QUIET;
        let meant = |o: &Outage| last < o.from && o.preceded_by.contains(&b.label) && !b.label.is_empty();
        if self.plan.outages.iter().any(|o| near(o) && !meant(o)) {
            return false;
        }
        if p.truth.outcome == Outcome::MadeUnavailable {
            let until = last + 15 * 60;
            let others = self.plan.attempts.iter().filter(|a| a.site == p.site);
            let clear = |a: &Planned| a.truth.first.seconds() > until || a.truth.last.seconds() < first - QUIET;
            if until > self.period.to || !others.into_iter().all(clear) {
                return false;
            }
        }
        let taken = self.few.get(&b.service);
        small(p).iter().all(|&(from, to)| {
            taken.is_none_or(|t| t.range(..=to).next_back().is_none_or(|(_, &other_to)| other_to < from))
        })
    }

    fn keep(&mut self, p: Planned) {
        let few = self.few.entry(p.truth.purpose).or_default();
        small(&p).into_iter().for_each(|(from, to)| _ = few.insert(from, to));
        if p.truth.outcome == Outcome::MadeUnavailable {
            let last = p.truth.last.seconds();
            let from = last - ((last - p.truth.first.seconds()) / 4).clamp(1, 60);
            let label = if p.truth.label.is_empty() { word(p.truth.class) } else { p.truth.label.clone() };
            let to = last + 240 + (p.seed % 240) as i64;
            self.plan.outages.push(Outage { site: p.site, from, to, kind: Down::Errors, preceded_by: vec![label] });
        }
        let sources = p.lanes.iter().map(|l| l.source);
        self.used.take(sources, p.truth.first.seconds(), p.truth.last.seconds());
        self.plan.attempts.push(p);
    }
}

/// When an attempt's sources try a few times only, with a window around: on a login service nothing else of that
/// kind may fall into these times. Empty for attempts that cannot be mistaken.
fn small(p: &Planned) -> Vec<(i64, i64)> {
    let around = |first: i64, last: i64| (first / 1000 - WINDOW, last / 1000 + WINDOW);
    match p.truth.shape {
        _ if p.truth.purpose == Purpose::Web => Vec::new(),
        Shape::Spray => vec![(p.truth.first.seconds() - WINDOW, p.truth.last.seconds() + WINDOW)],
        Shape::Slow => {
            let beats: Vec<i64> = Beats::new(p, 0).collect();
            beats.chunk_by(|a, b| b - a <= WINDOW * 1000).map(|c| around(c[0], c[c.len() - 1])).collect()
        }
        _ => Vec::new(),
    }
}

/// Sources, first and last event as the lanes have them.
fn settle(p: &mut Planned) {
    let ends = |i: usize| (p.lanes[i].start, Beats::new(p, i).last().unwrap_or(p.lanes[i].start));
    let all: Vec<(i64, i64)> = (0..p.lanes.len()).map(ends).collect();
    // Logs have whole seconds.
    let second = |ms: i64| Time::from_seconds(ms.div_euclid(1000));
    let mut sources: Vec<Address> = p.lanes.iter().map(|l| l.source).collect();
    sources.sort_unstable();
    p.truth.sources = sources.iter().map(Address::to_string).collect();
    p.truth.first = second(all.iter().map(|e| e.0).min().unwrap_or(0));
    p.truth.last = second(all.iter().map(|e| e.1).max().unwrap_or(0));
}

/// How fast; none where there is no time for it.
fn pace(class: Class, shape: Shape, events: u64, room: i64, random: &mut Random) -> Option<Pace> {
    let most = (room / 2).checked_div(events as i64)?;
    if shape == Shape::Slow {
        // At least four bursts of at most three events.
        let burst = (events / 4).clamp(1, 3).min(1 + random.below(3));
        let pauses = events.div_ceil(burst) as i64;
        let longest = (room * 4 / 5 / pauses).min(22 * 3_600_000);
        let least = 5_400_000;
        return (longest > least + 600_000).then_some(Pace { mean: 8_000, slow: Some((burst, least, longest)) });
    }
    let mean = match class {
        Class::Flood => random.range(20, 150),
        // From five a second to one in half a minute.
        _ => (200.0 * (150.0f64).powf(random.unit())) as u64,
    };
    (most > 0).then_some(Pace { mean: (mean as i64).min(most), slow: None })
}

/// Another source of the same network.
fn neighbour(a: Address, i: u64) -> Address {
    if a.is_v4() {
        let host = ((a.0 & 0xff) as u64 + 37 * i - 1) % 254 + 1;
        Address(a.0 & !0xff | u128::from(host))
    } else {
        Address(a.0 ^ u128::from(i) << 64)
    }
}

/// `count` values by exact weight, in any order.
fn dealt<T: Clone>(count: u64, weights: &[(T, f64)], random: &mut Random) -> Vec<T> {
    let parts = shares(count, &weights.iter().map(|w| w.1).collect::<Vec<_>>());
    let mut all: Vec<T> = weights.iter().zip(parts).flat_map(|((v, _), n)| vec![v.clone(); n as usize]).collect();
    random.shuffle(&mut all);
    all
}
