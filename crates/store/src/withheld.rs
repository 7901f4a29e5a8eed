//! What somebody keeps back of a case (`model::Withheld`), as the store knows its evidence: by number.
//!
//! You may rely on: through a window, in a question in SQL and by an id or a range nothing of it is seen; of evidence in
//! which anything is kept back, a range of its bytes is shown only where it cannot hold that. Left out: `verify` and `forget`, which
//! name evidence that is damaged, or that somebody named.

use crate::case::Case;
use crate::findings;
use crate::{damaged, sql};
use model::{Evidence, EvidenceId, Finding, Result, Span, SpanSet, Step, Withheld, withheld::Place};
use std::collections::BTreeMap;

/// What is kept back, and the evidence of the case by number.
#[derive(Default)]
pub(crate) struct KeptBack {
    what: Withheld,
    evidence: BTreeMap<i64, (EvidenceId, String)>,
    paths: BTreeMap<EvidenceId, String>,
}

impl KeptBack {
    pub fn is_empty(&self) -> bool {
        self.what.is_empty()
    }

    /// Whether a place is kept back.
    pub fn holds(&self, evidence: EvidenceId, steps: &[Step], spans: &SpanSet) -> bool {
        !self.is_empty()
            && self.what.holds(self.paths.get(&evidence).map_or("", String::as_str), evidence, steps, spans)
    }

    /// The same of a place without ranges, in evidence that may have no hash.
    pub fn holds_place(&self, evidence: Option<EvidenceId>, path: &str, steps: &[Step]) -> bool {
        self.what.holds(path, evidence.unwrap_or(EvidenceId([0; 32])), steps, &SpanSet::new())
    }

    /// Counts of a piece of evidence without what is kept back of it; none where nothing is left.
    pub fn left(&self, n: i64, kind: &str, key: &str, counts: Vec<u64>) -> Option<Vec<u64>> {
        match self.evidence.get(&n) {
            Some((id, path)) => self.what.left(path, *id, kind, key, counts),
            None => Some(counts),
        }
    }
}

impl Case {
    /// From now on nothing is seen of what somebody keeps back.
    pub fn withhold(&self, what: Withheld) -> Result<()> {
        let (mut evidence, mut paths) = (BTreeMap::new(), BTreeMap::new());
        if !what.is_empty() {
            for registered in self.register()? {
                let Evidence { id, path, .. } = registered.evidence;
                paths.insert(id, path.clone());
                evidence.insert(registered.n, (id, path));
            }
        }
        *self.kept_back.borrow_mut() = KeptBack { what, evidence, paths };
        Ok(())
    }

    /// How many things are kept back.
    pub fn withheld(&self) -> u64 {
        self.kept_back.borrow().what.count()
    }

    /// What two cases have in common that keep back the same; empty where nothing is.
    pub fn withheld_key(&self) -> Vec<u8> {
        let kept = self.kept_back.borrow();
        if kept.is_empty() { Vec::new() } else { kept.what.key() }
    }

    /// Whether anything of a finding is kept back.
    pub fn withholds(&self, finding: &Finding) -> bool {
        let kept = self.kept_back.borrow();
        finding.traces.iter().any(|t| kept.holds(t.evidence, &t.steps, &t.spans))
    }

    /// Whether a range of a piece of evidence, as it is or behind what compresses it, may hold what is kept back. Of a member of
    /// an archive nobody knows here where its bytes are: of such an archive no range is shown.
    pub fn withholds_in(&self, evidence: EvidenceId, range: Span) -> Result<bool> {
        let kept = self.kept_back.borrow();
        let Some((n, (_, path))) = kept.evidence.iter().find(|(_, (id, _))| *id == evidence) else { return Ok(false) };
        let meets = |s: Span| {
            s.start < range.start.saturating_add(range.len.max(1)) && range.start < s.start.saturating_add(s.len.max(1))
        };
        let is_inside = |step: &Step| matches!(step, Step::Member(..) | Step::Part(_) | Step::Sheet(..));
        let meets = |(steps, spans): &Place| steps.iter().any(is_inside) || spans.is_empty() || spans.iter().any(meets);
        if kept.what.places(evidence).iter().any(meets) {
            return Ok(true);
        }
        if kept.holds(evidence, &[], &SpanSet::new()) {
            return Ok(true);
        }
        let mut statement = self.db.prepare_cached("SELECT steps FROM places WHERE evidence = ?").map_err(sql)?;
        let mut rows = statement.query([n]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let steps: Vec<Step> = serde_json::from_str(&row.get::<_, String>(0).map_err(sql)?)
                .map_err(|e| damaged("a row of `places`", e))?;
            if kept.holds_place(Some(evidence), path, &steps) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Lists what is kept back in temporary tables, so that a question in SQL can pass it by: `hidden_evidence(n)`,
    /// `hidden_observation(id)`, `hidden_finding(n)`, `hidden_skip(evidence, place)`.
    pub(crate) fn list_hidden(&self) -> Result<()> {
        self.db
            .execute_batch(
                "CREATE TEMP TABLE hidden_evidence(n INTEGER PRIMARY KEY); CREATE TEMP TABLE hidden_observation(id INTEGER PRIMARY KEY);
                 CREATE TEMP TABLE hidden_finding(n INTEGER PRIMARY KEY); CREATE TEMP TABLE hidden_skip(evidence INTEGER, place INTEGER);",
            )
            .map_err(sql)?;
        let kept = self.kept_back.borrow();
        if kept.is_empty() {
            return Ok(());
        }
        let mut hide = self.db.prepare("INSERT INTO temp.hidden_evidence VALUES(?)").map_err(sql)?;
        for (n, (id, path)) in &kept.evidence {
            if kept.holds_place(Some(*id), path, &[]) {
                hide.execute([n]).map_err(sql)?;
            }
        }
        let mut hide = self.db.prepare("INSERT INTO temp.hidden_observation VALUES(?)").map_err(sql)?;
        self.whole().numbered(&mut |id, visit| {
            if kept.holds(visit.evidence, &visit.steps, &visit.observation.spans) {
                hide.execute([id]).map_err(sql)?;
            }
            Ok(())
        })?;
        let mut hide = self.db.prepare("INSERT INTO temp.hidden_finding VALUES(?)").map_err(sql)?;
        findings::numbered(self, &mut |n, traces| {
            if traces.iter().any(|t| kept.holds(t.evidence, &t.steps, &t.spans)) {
                hide.execute([n]).map_err(sql)?;
            }
            Ok(())
        })?;
        let mut hide = self.db.prepare("INSERT INTO temp.hidden_skip VALUES(?, ?)").map_err(sql)?;
        let mut statement = self
            .db
            .prepare(
                "SELECT DISTINCT s.evidence, s.place, coalesce(p.steps, '[]') FROM skips s
                 LEFT JOIN places p ON p.evidence = s.evidence AND p.place = s.place",
            )
            .map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let (n, place): (i64, i64) = (row.get(0).map_err(sql)?, row.get(1).map_err(sql)?);
            let steps: Vec<Step> = serde_json::from_str(&row.get::<_, String>(2).map_err(sql)?)
                .map_err(|e| damaged("a row of `places`", e))?;
            if kept.evidence.get(&n).is_some_and(|(id, path)| kept.holds_place(Some(*id), path, &steps)) {
                hide.execute([n, place]).map_err(sql)?;
            }
        }
        Ok(())
    }
}
