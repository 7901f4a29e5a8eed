//! Attempts, not lines. One attempt is one source with one purpose against one site, its events no further apart than
//! the window. Three shapes are one attempt each as well: a *slow* one (a source that comes back a few events at a
//! time, over days), a *distributed* one (several sources of one network at the same time), and a *spray*
//! (see `auth_log`).
//!
//! Readers cut what they see into runs (observations whose key is a [`RunKey`]) wherever they like; here runs are joined.
//! Joining intervals whose gap is under the window is associative and commutative, so any split of the evidence and
//! any order of reading give the same attempts. A flood from one network is joined as it comes and, where rows need not be told apart,
//! folded ([`Joining::fold`]), so that memory holds its sources and places but not a row for each of them. Left out: judging an attempt, which each kind of evidence does itself.

use model::{Address, EvidenceId, Network as Prefix, Result, Span, SpanSet, Step, Time, Trace, View, Visit};
use rows::Row;
use rows::attempt::Purpose;
pub use rows::attempt::Shape;
use rows::key::RunKey;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Bursts of one network held apart before a flood is joined.
const FOLD: usize = 4096;
/// Sources of one network that make a distributed attempt, at least.
pub const DISTRIBUTED: usize = 3;

/// A run as an attempt holds it: what the reader kept, its fields read.
#[derive(Clone, Debug)]
pub struct Run<R> {
    /// Who.
    pub source: Address,
    /// First event.
    pub first: Time,
    /// Last event.
    pub last: Time,
    /// Events.
    pub count: u64,
    /// What they were.
    pub row: R,
    /// Which evidence.
    pub evidence: EvidenceId,
    /// The steps inside it.
    pub steps: Vec<Step>,
    /// Their places there.
    pub spans: SpanSet,
}

/// Runs that belong together.
#[derive(Clone, Debug)]
pub struct Attempt<R> {
    /// What for.
    pub purpose: Purpose,
    /// Against which site or service.
    pub site: String,
    /// The network of all sources.
    pub network: Prefix,
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
    pub runs: Vec<Run<R>>,
}

impl<R> Attempt<R> {
    /// The traces of all runs, one per evidence and steps, their ranges in order.
    pub fn traces(&self) -> Vec<Trace> {
        let mut places: BTreeMap<(EvidenceId, &[Step]), Vec<Span>> = BTreeMap::new();
        for run in &self.runs {
            places.entry((run.evidence, &run.steps)).or_default().extend(run.spans.iter());
        }
        traces(places)
    }

    /// A count, added over all runs.
    pub fn sum(&self, count: impl Fn(&R) -> u64) -> u64 {
        self.runs.iter().map(|r| count(&r.row)).sum()
    }

    /// Counts, added over all runs.
    pub fn counts<K: Copy + Ord>(&self, counts: impl Fn(&R) -> &BTreeMap<K, u64>) -> BTreeMap<K, u64> {
        let mut all = BTreeMap::new();
        for (key, n) in self.runs.iter().flat_map(|r| counts(&r.row)) {
            *all.entry(*key).or_default() += n;
        }
        all
    }

    /// What is listed in the runs, each once, in order of appearance.
    pub fn list(&self, list: impl Fn(&R) -> &[String]) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for item in self.runs.iter().flat_map(|r| list(&r.row)) {
            if !all.contains(&item.as_str()) {
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
}

/// One trace for each evidence and steps, its ranges in order and each once.
pub fn traces<S: Into<Vec<Step>>>(places: BTreeMap<(EvidenceId, S), Vec<Span>>) -> Vec<Trace> {
    let trace = |((evidence, steps), ranges): ((EvidenceId, S), Vec<Span>)| Trace {
        evidence,
        steps: steps.into(),
        spans: SpanSet::of(ranges),
    };
    places.into_iter().map(trace).collect()
}

/// What joins runs into attempts.
#[derive(Debug)]
pub struct Joining<R> {
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
    /// How the row of a later run is added to that of an earlier one, where runs of several sources need not be
    /// told apart any more; else every run of a network is held.
    pub fold: Option<fn(&mut R, R)>,
    /// Which bursts are no part of a slow attempt: such as readers leave out where they are alone.
    pub stray: fn(&Attempt<R>) -> bool,
}

impl<R> Default for Joining<R> {
    fn default() -> Joining<R> {
        Joining {
            window: 1800,
            slow_gap: 48 * 3600,
            slow_events: 3,
            slow_bursts: 4,
            distributed_sources: DISTRIBUTED,
            fold: None,
            stray: |_| false,
        }
    }
}

/// Visits the attempts made of the runs whose rows are `S`, network by network, in time order within one. `kept` is what of a
/// row is held; `telling` says whether a burst by itself counts towards a slow attempt (a single ordinary-looking event
/// must not).
pub fn attempts<S: Row, R>(
    case: &dyn View,
    joining: &Joining<R>,
    kept: fn(S) -> R,
    telling: &dyn Fn(&Attempt<R>) -> bool,
    each: &mut dyn FnMut(Attempt<R>) -> Result<()>,
) -> Result<()> {
    let mut network = Network { joining, telling, bursts: Vec::new(), by_source: Vec::new(), fold_at: FOLD };
    let mut place: Option<(Purpose, String, Prefix)> = None;
    case.observations(S::NAME, &mut |visit| {
        let run = single(visit, kept)?;
        let here = (run.purpose, run.site.as_str(), run.network);
        if place.as_ref().is_none_or(|(purpose, site, network)| (*purpose, site.as_str(), *network) != here) {
            network.attempts().into_iter().try_for_each(&mut *each)?;
            place = Some((run.purpose, run.site.clone(), run.network));
        }
        network.take(run);
        Ok(ControlFlow::Continue(()))
    })?;
    network.attempts().into_iter().try_for_each(each)
}

/// What is known of the network whose runs are being visited.
struct Network<'t, R> {
    joining: &'t Joining<R>,
    telling: &'t dyn Fn(&Attempt<R>) -> bool,
    /// Of the source being visited.
    bursts: Vec<Attempt<R>>,
    /// Of the sources before.
    by_source: Vec<Attempt<R>>,
    /// How many of them are too many to hold apart.
    fold_at: usize,
}

impl<R> Network<'_, R> {
    /// Takes one run. Sources come side by side, in time order.
    fn take(&mut self, run: Attempt<R>) {
        match self.bursts.last_mut() {
            Some(b) if b.sources == run.sources && run.first.since(b.last) <= self.joining.window => join(b, run),
            Some(b) if b.sources == run.sources => self.bursts.push(run),
            _ => {
                self.end_source();
                self.bursts.push(run);
            }
        }
    }

    /// All runs of a source are there.
    fn end_source(&mut self) {
        slow(std::mem::take(&mut self.bursts), self.joining, self.telling, &mut self.by_source);
        if self.by_source.len() >= self.fold_at {
            self.by_source = together(std::mem::take(&mut self.by_source), self.joining);
            if let Some(add) = self.joining.fold {
                self.by_source.iter_mut().filter(|a| a.shape == Shape::Distributed).for_each(|a| fold(a, add));
            }
            let sources: usize = self.by_source.iter().map(|a| a.sources.len()).sum();
            self.fold_at = (2 * self.by_source.len()).max(FOLD).max(sources / 64);
        }
    }

    /// The attempts, when all runs of the network are there.
    fn attempts(&mut self) -> Vec<Attempt<R>> {
        self.end_source();
        self.fold_at = FOLD;
        let mut out = together(std::mem::take(&mut self.by_source), self.joining);
        out.sort_by(|a, b| (a.first, &a.sources).cmp(&(b.first, &b.sources)));
        out
    }
}

/// Joins what overlaps in time, where it is of enough sources. What was joined before may be joined again.
fn together<R>(mut by_source: Vec<Attempt<R>>, joining: &Joining<R>) -> Vec<Attempt<R>> {
    by_source.sort_by(|a, b| (a.first, &a.sources, a.last).cmp(&(b.first, &b.sources, b.last)));
    let mut out = Vec::new();
    let mut together = Vec::new();
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
    out
}

/// Makes one run of all that lie in the same evidence.
fn fold<R>(attempt: &mut Attempt<R>, add: fn(&mut R, R)) {
    let mut folded: Vec<Run<R>> = Vec::new();
    for run in std::mem::take(&mut attempt.runs) {
        match folded.iter_mut().find(|f| f.evidence == run.evidence && f.steps == run.steps) {
            Some(into) => {
                (into.first, into.last) = (into.first.min(run.first), into.last.max(run.last));
                into.count += run.count;
                add(&mut into.row, run.row);
                into.spans.extend(&run.spans);
            }
            None => folded.push(run),
        }
    }
    attempt.runs = folded;
}

/// One run as an attempt of its own.
fn single<S: Row, R>(visit: Visit, kept: fn(S) -> R) -> Result<Attempt<R>> {
    let Visit { evidence, steps, observation: o } = visit;
    let RunKey { purpose, site, source } = o.key.parse()?;
    let run = Run {
        source,
        first: o.first,
        last: o.last,
        count: o.count,
        row: kept(S::of(o.fields)?),
        evidence,
        steps,
        spans: o.spans,
    };
    Ok(Attempt {
        purpose,
        site,
        network: source.network(),
        sources: vec![source],
        shape: Shape::Burst,
        first: run.first,
        last: run.last,
        count: run.count,
        runs: vec![run],
    })
}

fn join<R>(into: &mut Attempt<R>, other: Attempt<R>) {
    into.first = into.first.min(other.first);
    into.last = into.last.max(other.last);
    into.count += other.count;
    into.runs.extend(other.runs);
    if into.sources != other.sources {
        into.sources.extend(other.sources);
    }
}

/// Joins stretches of small bursts of one source that are no further apart than the slow gap: from the first telling
/// burst to the last, if there are enough of them and at least half tell something by themselves.
fn slow<R>(
    bursts: Vec<Attempt<R>>,
    joining: &Joining<R>,
    telling: &dyn Fn(&Attempt<R>) -> bool,
    out: &mut Vec<Attempt<R>>,
) {
    let (mut strays, bursts): (Vec<_>, Vec<_>) = bursts.into_iter().partition(joining.stray);
    out.append(&mut strays);
    let small = |a: &Attempt<R>| a.count <= joining.slow_events;
    let near = |a: &Attempt<R>, b: &Attempt<R>| small(a) && small(b) && b.first.since(a.last) <= joining.slow_gap;
    let lengths: Vec<usize> = bursts.chunk_by(near).map(<[_]>::len).collect();
    let mut bursts = bursts.into_iter();
    for length in lengths {
        let mut stretch: Vec<Attempt<R>> = bursts.by_ref().take(length).collect();
        if length < joining.slow_bursts {
            out.append(&mut stretch);
            continue;
        }
        let tells: Vec<bool> = stretch.iter().map(|a| small(a) && telling(a)).collect();
        let ends = tells.iter().position(|&t| t).zip(tells.iter().rposition(|&t| t));
        let number = tells.iter().filter(|&&t| t).count();
        let Some((first, last)) = ends.filter(|(f, l)| l + 1 - f >= joining.slow_bursts && 2 * number > l - f) else {
            out.append(&mut stretch);
            continue;
        };
        let after = stretch.split_off(last + 1);
        let mut within = stretch.split_off(first).into_iter();
        out.append(&mut stretch);
        if let Some(mut joined) = within.next() {
            within.for_each(|b| join(&mut joined, b));
            joined.shape = Shape::Slow;
            out.push(joined);
        }
        out.extend(after);
    }
}

fn distributed<R>(mut together: Vec<Attempt<R>>, joining: &Joining<R>, out: &mut Vec<Attempt<R>>) {
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
    joined.sources = sources;
    joined.shape = Shape::Distributed;
    out.push(joined);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Memory, config};
    use rows::web_log::Request;

    #[test]
    fn a_flood_that_is_folded_is_the_same_attempt() {
        // More sources of one network than are held apart, each once; and one far from them that comes for days.
        let mut log = String::new();
        for i in 0..2 * FOLD + 7 {
            let (minute, second) = (i / 600 % 60, i / 10 % 60);
            log += &format!(
                "2a01:4f8:1:2::{i:x} - - [10/Jan/2017:13:{minute:02}:{second:02} +0000] \
                 \"GET /{}.php?id=1%20UNION%20SELECT%20password%20FROM%20users-- HTTP/1.1\" {} 123 \"-\" \"Mozilla\"\n",
                i % 400,
                if i % 2 == 0 { 200 } else { 404 },
            );
        }
        for day in 11..20 {
            let target = "/?id=1%20UNION%20SELECT%20password%20FROM%20users--";
            log += &format!("2a01:4f8:1:2:9:: - - [{day}/Jan/2017:13:00:00 +0000] \"GET {target} HTTP/1.1\" 200 1\n");
        }
        let mut memory = Memory::new();
        memory.read(&crate::web_log::WebLog, "flood.log", log.as_bytes(), &config(""), Time::default());
        let told = |fold| {
            let joining: Joining<Request> = Joining { fold, ..Joining::default() };
            let mut all = Vec::new();
            attempts(&memory, &joining, |r: Request| r, &|_| true, &mut |a| {
                let answers = a.sum(|r| r.answers.len() as u64);
                let statuses = a.counts(|r| &r.statuses);
                all.push((a.shape, a.sources.clone(), (a.first, a.last, a.count), statuses, a.traces()));
                assert!(fold.is_none() || a.runs.len() <= 2 + FOLD, "runs are folded");
                assert!(answers > 0, "answers are kept");
                Ok(())
            })
            .expect("memory never fails");
            all
        };
        let apart = told(None);
        assert_eq!(apart.iter().map(|a| a.0).collect::<Vec<_>>(), [Shape::Distributed, Shape::Slow]);
        assert!(told(Some(crate::web_log::fold)) == apart, "folding changes nothing that is told");
    }
}
