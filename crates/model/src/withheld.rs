//! What somebody keeps back of a case: things of which nothing may be told to anybody, though the case holds them
//! (protection of sources).
//!
//! You may rely on: what lies within such a thing is kept back with it; a name keeps back whatever bears it, read or not. Counts of
//! the ordinary no longer know where they came from: who keeps a thing back says what it added to them, and that is taken off.

use crate::{EvidenceId, SpanSet, Step, Tally, Trace};
use std::collections::BTreeMap;

/// What is kept back.
#[derive(Clone, Debug, Default)]
pub struct Withheld {
    names: Vec<String>,
    places: BTreeMap<EvidenceId, Vec<Place>>,
    counts: BTreeMap<(EvidenceId, String, String), Vec<u64>>,
    count: u64,
}

/// Steps, and the ranges behind them; without ranges, all behind them.
pub type Place = (Vec<Step>, SpanSet);

impl Withheld {
    /// Keeps back whatever bears a name that begins or ends so, and all within it.
    pub fn name(&mut self, name: &str) {
        if !name.is_empty() {
            self.names.push(name.to_string());
        }
    }

    /// Keeps back a place: all of it where its trace has no ranges.
    pub fn place(&mut self, trace: Trace) {
        self.count += 1;
        self.places.entry(trace.evidence).or_default().push((trace.steps, trace.spans));
    }

    /// What a thing that is kept back added to the counts of its evidence.
    pub fn tally(&mut self, evidence: EvidenceId, tally: Tally) {
        Tally::merge(self.counts.entry((evidence, tally.kind, tally.key)).or_default(), &tally.counts);
    }

    /// Counts of a piece of evidence of that path without what is kept back of it; none where nothing is left.
    pub fn left(
        &self,
        path: &str,
        evidence: EvidenceId,
        kind: &str,
        key: &str,
        mut counts: Vec<u64>,
    ) -> Option<Vec<u64>> {
        if self.holds(path, evidence, &[], &SpanSet::new()) {
            return None;
        }
        let Some(kept) = self.counts.get(&(evidence, kind.to_string(), key.to_string())) else { return Some(counts) };
        counts.iter_mut().zip(kept).for_each(|(n, kept)| *n = n.saturating_sub(*kept));
        counts.iter().any(|n| *n > 0).then_some(counts)
    }

    /// The places of a piece of evidence that are kept back.
    pub fn places(&self, evidence: EvidenceId) -> &[Place] {
        self.places.get(&evidence).map_or(&[], Vec::as_slice)
    }

    /// Whether nothing is kept back.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.places.is_empty()
    }

    /// How many things were found that are kept back.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether a name is kept back, of a thing as a whole.
    pub fn is_named(&self, name: &str) -> bool {
        self.names.iter().any(|said| name.starts_with(said.as_str()) || name.ends_with(said.as_str()))
    }

    /// Whether a place is kept back in evidence of that path: it, or what it lies in.
    pub fn holds(&self, path: &str, evidence: EvidenceId, steps: &[Step], spans: &SpanSet) -> bool {
        if self.is_empty() {
            return false;
        }
        if !self.names.is_empty()
            && (0..=steps.len()).any(|n| self.is_named(&format!("{path}{}", Step::path(&steps[..n]))))
        {
            return true;
        }
        let within = |place: &SpanSet, at: u64| place.iter().any(|s| (s.start..s.start + s.len.max(1)).contains(&at));
        self.places.get(&evidence).into_iter().flatten().any(|(outer, ranges)| {
            steps.starts_with(outer)
                && match (ranges.is_empty(), steps.get(outer.len())) {
                    (true, _) => true,
                    (_, None) => spans.iter().any(|s| within(ranges, s.start)),
                    (_, Some(Step::Message(at))) => within(ranges, *at),
                    _ => false,
                }
        })
    }

    /// The same of a trace.
    pub fn holds_trace(&self, path: &str, trace: &Trace) -> bool {
        self.holds(path, trace.evidence, &trace.steps, &trace.spans)
    }

    /// What two of them have in common if and only if they keep back the same.
    pub fn key(&self) -> Vec<u8> {
        let places = self.places.iter().flat_map(|(id, all)| all.iter().map(move |(steps, spans)| (id, steps, spans)));
        let places: Vec<_> =
            places.map(|(id, steps, spans)| (id, steps, spans.iter().map(|s| s.start).min())).collect();
        format!("{:?} {places:?}", self.names).into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    #[test]
    fn what_lies_within_is_kept_back_too() {
        let id = EvidenceId([1; 32]);
        let member = Step::Member(0, "box.mbox".into());
        let spans = |start| {
            let mut set = SpanSet::new();
            set.push(Span { start, len: 100, line: 1 });
            set
        };
        let mut all = Withheld::default();
        assert!(!all.holds("leak.zip", id, &[], &SpanSet::new()));
        all.place(Trace { evidence: id, steps: vec![member.clone()], spans: spans(500) });
        let inside = |at| vec![member.clone(), Step::Message(at), Step::Part(2)];
        assert!(all.holds("leak.zip", id, &inside(500), &spans(0)));
        assert!(all.holds("leak.zip", id, std::slice::from_ref(&member), &spans(500)));
        assert!(!all.holds("leak.zip", id, &inside(600), &spans(0)));
        assert!(!all.holds("leak.zip", id, std::slice::from_ref(&member), &spans(600)));
        assert!(!all.holds("leak.zip", EvidenceId([2; 32]), &inside(500), &spans(0)));
        all.name("secret.zip");
        let deep = [Step::Member(3, "a/secret.zip".into()), Step::Member(0, "b.docx".into())];
        assert!(all.holds("leak.zip", id, &deep, &SpanSet::new()));
        assert!(!all.holds("leak.zip", id, &deep[1..], &SpanSet::new()));
        assert_eq!(all.count(), 1);
    }
}
