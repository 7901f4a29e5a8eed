//! Attempts, not lines. One attempt is one source with one purpose against one site, its events no further apart than
//! the window. Three shapes are one attempt each as well: a *slow* one (a source that comes back a few events at a
//! time, over days), a *distributed* one (several sources of one network at the same time), and a *spray*
//! (see `auth_log`).
//!
//! Readers cut what they see into runs (observations whose key is [`key`]) wherever they like; here runs are joined.
//! Joining intervals whose gap is under the window is associative and commutative, so any split of the evidence and
//! any order of reading give the same attempts. Left out: judging an attempt, which each kind of evidence does itself.

use model::{Address, EvidenceId, Network, Result, Span, SpanSet, Step, Time, Trace, View, Visit};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// The key of a run: `purpose|site|network|source`. Networks stand before sources so that the runs of one network come
/// together and one network at a time is held in memory.
pub fn key(purpose: &str, site: &str, source: Address) -> String {
    format!("{purpose}|{}|{}|{source}", site.replace('|', "_"), source.network())
}

/// How an attempt's events lie.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Within the window of one another, from one source.
    Burst,
    /// A few at a time over days, from one source.
    Slow,
    /// From several sources of one network.
    Distributed,
}

/// Runs that belong together.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// What for: the first part of the runs' key.
    pub purpose: String,
    /// Against which site or service: the second part.
    pub site: String,
    /// The network of all sources.
    pub network: Network,
    /// The sources, sorted.
    pub sources: Vec<Address>,
    /// How its events lie.
    pub shape: Shape,
    /// First event.
    pub first: Time,
    /// Last event.
    pub last: Time,
    /// Events.
    pub count: u64,
    /// The runs, in time order.
    pub runs: Vec<Visit>,
}

impl Attempt {
    /// The traces of all runs, one per evidence and steps, their ranges in order.
    pub fn traces(&self) -> Vec<Trace> {
        let mut traces: BTreeMap<(EvidenceId, &[Step]), Vec<Span>> = BTreeMap::new();
        for run in &self.runs {
            traces.entry((run.evidence, &run.steps)).or_default().extend(run.observation.spans.iter());
        }
        traces
            .into_iter()
            .map(|((evidence, steps), mut ranges)| {
                ranges.sort_unstable();
                ranges.dedup();
                let mut spans = SpanSet::new();
                ranges.into_iter().for_each(|s| spans.push(s));
                Trace { evidence, steps: steps.to_vec(), spans }
            })
            .collect()
    }

    /// A counted field, added over all runs.
    pub fn sum(&self, field: &str) -> u64 {
        self.runs.iter().filter_map(|r| r.observation.fields.get(field)?.as_u64()).sum()
    }

    /// An object of counts, added over all runs, most frequent first.
    pub fn counts(&self, field: &str) -> Vec<(String, u64)> {
        let mut all: BTreeMap<&str, u64> = BTreeMap::new();
        for object in self.runs.iter().filter_map(|r| r.observation.fields.get(field)?.as_object()) {
            for (key, n) in object {
                *all.entry(key).or_default() += n.as_u64().unwrap_or(0);
            }
        }
        let mut all: Vec<_> = all.into_iter().map(|(k, n)| (k.to_string(), n)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all
    }

    /// The distinct strings of a list field over all runs, in order of appearance.
    pub fn list(&self, field: &str) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for item in self.runs.iter().filter_map(|r| r.observation.fields.get(field)?.as_array()).flatten() {
            if let Some(item) = item.as_str()
                && !all.contains(&item)
            {
                all.push(item);
            }
        }
        all
    }

    /// What makes it this attempt and no other.
    pub fn finding_key(&self) -> String {
        let source = self.sources.first().map(ToString::to_string).unwrap_or_default();
        format!("{}|{}|{source}|{}", self.purpose, self.site, self.first)
    }

    /// The word for its shape in findings.
    pub fn shape(&self) -> &'static str {
        match self.shape {
            Shape::Burst => "burst",
            Shape::Slow => "slow",
            Shape::Distributed => "distributed",
        }
    }
}

/// What joins runs into attempts.
#[derive(Clone, Copy, Debug)]
pub struct Joining {
    /// Seconds between events of one attempt, at most.
    pub window: i64,
    /// Seconds between bursts of a slow attempt, at most.
    pub slow_gap: i64,
    /// Events in each burst of a slow attempt, at most.
    pub slow_events: u64,
    /// Bursts that make a slow attempt, at least.
    pub slow_bursts: usize,
    /// Sources of one network that make a distributed attempt, at least.
    pub distributed_sources: usize,
}

impl Default for Joining {
    fn default() -> Joining {
        Joining { window: 1800, slow_gap: 48 * 3600, slow_events: 3, slow_bursts: 4, distributed_sources: 3 }
    }
}

/// Visits the attempts made of the runs of `kind`, network by network, in time order within one. `telling` says
/// whether a burst by itself counts towards a slow attempt (a single ordinary-looking event must not).
pub fn attempts(
    case: &dyn View,
    kind: &str,
    joining: Joining,
    telling: &dyn Fn(&Attempt) -> bool,
    each: &mut dyn FnMut(Attempt) -> Result<()>,
) -> Result<()> {
    let mut group: Vec<Visit> = Vec::new();
    let mut prefix = String::new();
    let mut flush = |group: &mut Vec<Visit>| -> Result<()> {
        network(std::mem::take(group), joining, telling).into_iter().try_for_each(&mut *each)
    };
    case.observations(kind, &mut |visit| {
        let upto_network = visit.observation.key.rsplit_once('|').map_or("", |(p, _)| p);
        if upto_network != prefix {
            flush(&mut group)?;
            prefix = upto_network.to_string();
        }
        group.push(visit);
        Ok(ControlFlow::Continue(()))
    })?;
    flush(&mut group)
}

/// The attempts of one network.
fn network(runs: Vec<Visit>, joining: Joining, telling: &dyn Fn(&Attempt) -> bool) -> Vec<Attempt> {
    // Sources come side by side, in time order: join each source's runs, then its slow bursts.
    let mut bursts: Vec<Attempt> = Vec::new();
    for run in runs.into_iter().filter_map(single) {
        match bursts.last_mut() {
            Some(b) if b.sources == run.sources && run.first.since(b.last) <= joining.window => join(b, run),
            _ => bursts.push(run),
        }
    }
    let mut by_source: Vec<Attempt> = Vec::new();
    for same in bursts.chunk_by(|a, b| a.sources == b.sources) {
        slow(same.to_vec(), joining, telling, &mut by_source);
    }
    // Then sources that overlap in time, if there are enough of them.
    by_source.sort_by(|a, b| (a.first, &a.sources, a.last).cmp(&(b.first, &b.sources, b.last)));
    let mut out: Vec<Attempt> = Vec::new();
    let mut together: Vec<Attempt> = Vec::new();
    let mut until = Time(i64::MIN);
    for attempt in by_source {
        if attempt.shape == Shape::Slow {
            out.push(attempt);
            continue;
        }
        if attempt.first.since(until) > joining.window {
            distributed(std::mem::take(&mut together), joining, &mut out);
            until = attempt.last;
        }
        until = until.max(attempt.last);
        together.push(attempt);
    }
    distributed(together, joining, &mut out);
    out.sort_by(|a, b| (a.first, &a.sources).cmp(&(b.first, &b.sources)));
    out
}

/// One run as an attempt of its own; none where the key is not ours.
fn single(run: Visit) -> Option<Attempt> {
    let o = &run.observation;
    let mut parts = o.key.split('|');
    let (purpose, site) = (parts.next()?.to_string(), parts.next()?.to_string());
    let source = Address::parse(parts.nth(1)?.as_bytes())?;
    Some(Attempt {
        purpose,
        site,
        network: source.network(),
        sources: vec![source],
        shape: Shape::Burst,
        first: o.first,
        last: o.last,
        count: o.count,
        runs: vec![run],
    })
}

fn join(into: &mut Attempt, other: Attempt) {
    into.first = into.first.min(other.first);
    into.last = into.last.max(other.last);
    into.count += other.count;
    into.runs.extend(other.runs);
    into.sources.extend(other.sources);
    into.sources.sort_unstable();
    into.sources.dedup();
}

/// Joins stretches of small bursts of one source that are no further apart than the slow gap: from the first telling
/// burst to the last, if there are enough of them and at least half tell something by themselves.
fn slow(bursts: Vec<Attempt>, joining: Joining, telling: &dyn Fn(&Attempt) -> bool, out: &mut Vec<Attempt>) {
    let small = |a: &Attempt| a.count <= joining.slow_events;
    let near = |a: &Attempt, b: &Attempt| small(a) && small(b) && b.first.since(a.last) <= joining.slow_gap;
    for stretch in bursts.chunk_by(near) {
        let tells: Vec<bool> = stretch.iter().map(|a| small(a) && telling(a)).collect();
        let ends = tells.iter().position(|&t| t).zip(tells.iter().rposition(|&t| t));
        let number = tells.iter().filter(|&&t| t).count();
        let Some((first, last)) = ends.filter(|(f, l)| l + 1 - f >= joining.slow_bursts && 2 * number > l - f) else {
            out.extend_from_slice(stretch);
            continue;
        };
        out.extend_from_slice(&stretch[..first]);
        let mut joined = stretch[first].clone();
        stretch[first + 1..=last].iter().for_each(|b| join(&mut joined, b.clone()));
        joined.shape = Shape::Slow;
        out.push(joined);
        out.extend_from_slice(&stretch[last + 1..]);
    }
}

fn distributed(mut together: Vec<Attempt>, joining: Joining, out: &mut Vec<Attempt>) {
    let mut sources: Vec<Address> = together.iter().flat_map(|a| a.sources.clone()).collect();
    sources.sort_unstable();
    sources.dedup();
    if sources.len() < joining.distributed_sources {
        out.append(&mut together);
        return;
    }
    let mut rest = together.into_iter();
    let Some(mut joined) = rest.next() else { return };
    rest.for_each(|a| join(&mut joined, a));
    joined.shape = Shape::Distributed;
    out.push(joined);
}
