//! A case as detectors and casework see it. What a [`Window`] shows is a function of the evidence it may see, always
//! in the same order, so that whoever looks through it finds the same again.

use crate::case::Case;
use crate::schema::PLACES;
use crate::{damaged, findings, sql};
use model::{
    Evidence, EvidenceId, Finding, Lines, Note, Observation, Result, Shared, Skip, SpanSet, Step, Tally, Text, Time,
};
use model::{Glance, View, Visit};
use rusqlite::params;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap, HashSet};
use std::ops::ControlFlow;

/// Stretches of rows that are merged, and how many rows each has on average: of each one row is in memory. Fewer rows are few.
const STRETCHES: usize = 1024;
const STRETCH: usize = 1024;

/// A skip with the hash of its evidence, where it has one, its name, and the steps inside it.
type PlacedSkip = (Option<EvidenceId>, String, Vec<Step>, Skip);

/// Lines counted at a place: the evidence, its path, the steps inside it.
type Placed = (Option<EvidenceId>, String, Vec<Step>, Lines);

/// What one detector, or casework, may see of a case.
pub struct Window<'c> {
    case: &'c Case,
    /// Numbers of the evidence it may see; none: all.
    evidence: Option<Vec<i64>>,
    /// The kinds it declared; none: all.
    kinds: Option<&'c [&'c str]>,
    /// The detectors whose findings it may see; none: all.
    detectors: Option<Vec<&'c str>>,
    /// What the detectors of a run share.
    shared: Option<&'c Shared>,
}

impl<'c> Window<'c> {
    /// The whole case.
    pub fn whole(case: &'c Case) -> Window<'c> {
        Window { case, evidence: None, kinds: None, detectors: None, shared: None }
    }

    /// What a detector that reads `kinds` may see: the evidence that yields them, and what `detectors` found. It is
    /// an error to look at another kind: the detector would not run again when that changed.
    pub fn of(case: &'c Case, evidence: Vec<i64>, kinds: &'c [&'c str], detectors: Vec<&'c str>) -> Window<'c> {
        Window { case, evidence: Some(evidence), kinds: Some(kinds), detectors: Some(detectors), shared: None }
    }

    /// The same window, with what the detectors before it made of the same evidence.
    pub fn sharing(self, shared: &'c Shared) -> Window<'c> {
        Window { shared: Some(shared), ..self }
    }

    fn declared(&self, kind: &str) -> Result<()> {
        self.kinds.map_or(Ok(()), |inputs| model::declared(inputs, kind))
    }

    /// The rows of one piece of evidence, or of all: kinds are declared, so that a window on several pieces of
    /// evidence holds all that yield them.
    fn range(&self) -> (i64, i64) {
        match self.evidence.as_deref() {
            Some([n]) => (n * PLACES, (n + 1) * PLACES - 1),
            Some([]) => (0, -1),
            _ => (0, i64::MAX),
        }
    }

    fn sees(&self, n: i64) -> bool {
        self.evidence.as_ref().is_none_or(|seen| seen.contains(&n))
    }

    /// The findings it may see.
    fn which(&self) -> findings::Which<'_> {
        self.detectors.as_ref().map_or(findings::Which::All, |d| findings::Which::Of(d))
    }

    /// Shows a row of findings, unless it was made before somebody kept its lines back.
    fn seen(
        &self,
        row: &rusqlite::Row,
        each: &mut dyn FnMut(Finding) -> Result<ControlFlow<()>>,
    ) -> Result<ControlFlow<()>> {
        let finding = findings::finding(row)?;
        if self.case.withholds(&finding) { Ok(ControlFlow::Continue(())) } else { each(finding) }
    }

    /// Whether somebody keeps a place back.
    fn withholds(&self, evidence: EvidenceId, steps: &[Step], spans: &SpanSet) -> bool {
        self.case.kept_back.borrow().holds(evidence, steps, spans)
    }

    /// The same, of a place without ranges, in evidence that may have no hash.
    fn withholds_place(&self, id: Option<EvidenceId>, path: &str, steps: &[Step]) -> bool {
        self.case.kept_back.borrow().holds_place(id, path, steps)
    }

    /// The identity of every piece of evidence and the steps in it, by the first row that lies there.
    fn sources(&self) -> Result<Sources> {
        let (low, high) = self.range();
        self.sources_within([low / PLACES, high / PLACES])
    }

    fn sources_within(&self, range: [i64; 2]) -> Result<Sources> {
        // Of places that begin at the same row the last one holds it. The range is said of each table: asked of one piece of
        // evidence, the whole of both was gone through.
        let query = "SELECT first, sha256, steps FROM (
                SELECT evidence, 0 AS inside, evidence << 40 AS first, steps FROM reads WHERE evidence BETWEEN ?1 AND ?2
                UNION ALL SELECT evidence, place, first, steps FROM places WHERE evidence BETWEEN ?1 AND ?2)
            JOIN evidence ON evidence = n WHERE sha256 IS NOT NULL ORDER BY evidence, inside";
        let mut statement = self.case.db.prepare_cached(query).map_err(sql)?;
        let rows = statement.query_map(range, |r| Ok((r.get(0)?, r.get(1)?, r.get::<_, String>(2)?))).map_err(sql)?;
        rows.map(|row| {
            let (first, id, steps) = row.map_err(sql)?;
            Ok((first, (EvidenceId(id), serde_json::from_str(&steps).map_err(|e| damaged("a row of `reads`", e))?)))
        })
        .collect()
    }

    /// What could not be read, by the name of the evidence and of what lies in it: in a temporary case some has no
    /// hash, for it could not be read at all.
    pub fn named_skips(&self) -> Result<Vec<(String, Skip)>> {
        Ok(self.placed_skips()?.into_iter().map(|(_, path, steps, skip)| (path + &Step::path(&steps), skip)).collect())
    }

    fn placed_skips(&self) -> Result<Vec<PlacedSkip>> {
        let query =
            "SELECT s.evidence, path, coalesce(p.steps, '[]'), reason, count, s.first, line, sha256 FROM skips s
            JOIN evidence ON n = s.evidence LEFT JOIN places p ON p.evidence = s.evidence AND p.place = s.place
            ORDER BY path, sha256, s.evidence, s.place, reason";
        let mut statement = self.case.db.prepare_cached(query).map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(sql)? {
            if self.sees(row.get(0).map_err(sql)?) {
                let (path, steps): (String, String) = (row.get(1).map_err(sql)?, row.get(2).map_err(sql)?);
                let steps: Vec<Step> = serde_json::from_str(&steps).map_err(|e| damaged("a row of `places`", e))?;
                let id = row.get::<_, Option<[u8; 32]>>(7).map_err(sql)?.map(EvidenceId);
                if !self.withholds_place(id, &path, &steps) {
                    found.push((id, path, steps, skip(row, 3).map_err(sql)?));
                }
            }
        }
        Ok(found)
    }

    /// What became of the lines of logs, by the name of the evidence and of what lies in it.
    pub fn named_lines(&self) -> Result<Vec<(String, Lines)>> {
        let all = self.placed_lines()?;
        Ok(all.into_iter().map(|(_, path, steps, lines)| (path + &Step::path(&steps), lines)).collect())
    }

    fn placed_lines(&self) -> Result<Vec<Placed>> {
        // Of the evidence itself the name says enough.
        let query = "SELECT l.evidence, sha256, path, coalesce(p.steps, '[]'), lines FROM log_lines l
            JOIN evidence ON n = l.evidence LEFT JOIN places p ON p.evidence = l.evidence AND p.place = l.place
            ORDER BY path, sha256, l.evidence, l.place";
        let mut statement = self.case.db.prepare_cached(query).map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(sql)? {
            if !self.sees(row.get(0).map_err(sql)?) {
                continue;
            }
            let id = row.get::<_, Option<[u8; 32]>>(1).map_err(sql)?.map(EvidenceId);
            let text = |i: usize| row.get::<_, String>(i).map_err(sql);
            let steps = serde_json::from_str(&text(3)?).map_err(|e| damaged("a row of `places`", e))?;
            let steps: Vec<Step> = steps;
            let lines = serde_json::from_str(&text(4)?).map_err(|e| damaged("a row of `log_lines`", e))?;
            if !self.withholds_place(id, &text(2)?, &steps) {
                found.push((id, text(2)?, steps, lines));
            }
        }
        Ok(found)
    }

    /// Hands on what nobody keeps back.
    fn show(&self, visit: Visit, each: &mut Each) -> Result<ControlFlow<()>> {
        match self.withholds(visit.evidence, &visit.steps, &visit.observation.spans) {
            true => Ok(ControlFlow::Continue(())),
            false => each(visit),
        }
    }

    fn visits(&self, sources: &Sources, query: &str, values: impl rusqlite::Params, each: &mut Each) -> Result<()> {
        let mut statement = self.case.db.prepare_cached(query).map_err(sql)?;
        let mut rows = statement.query(values).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            if let Some(visit) = visit(sources, row)?
                && self.show(visit, each)?.is_break()
            {
                break;
            }
        }
        Ok(())
    }

    /// In what order rows of one kind lie, looked through once.
    fn order(&self, kind: &str, (low, high): (i64, i64), sources: &Sources) -> Result<Order> {
        let query = "SELECT id, key, first, last FROM observations WHERE kind = ? AND id BETWEEN ? AND ? ORDER BY id";
        let mut statement = self.case.db.prepare_cached(query).map_err(sql)?;
        let mut rows = statement.query(params![kind, low, high]).map_err(sql)?;
        let (mut stretches, mut few) = (Vec::<[i64; 2]>::new(), Vec::new());
        let (mut before, mut count) = ((String::new(), 0, 0), 0);
        while let Some(row) = rows.next().map_err(sql)? {
            let id: i64 = row.get(0).map_err(sql)?;
            let key = row.get_ref(1).map_err(sql)?.as_str().map_err(|e| damaged("an observation", e))?;
            let (first, last): (i64, i64) = (row.get(2).map_err(sql)?, row.get(3).map_err(sql)?);
            count += 1;
            if count <= STRETCH {
                few.push((key.to_string(), first, last, id));
            }
            let follows = |[_, end]: &[i64; 2]| {
                end / PLACES == id / PLACES && (&*before.0, before.1, before.2) <= (key, first, last)
            };
            let full = stretches.len() >= STRETCHES;
            match stretches.last_mut().filter(|stretch| follows(stretch)) {
                Some(stretch) => stretch[1] = id,
                None if full => return Ok(Order::None),
                None => stretches.push([id, id]),
            }
            before.0.clear();
            before.0.push_str(key);
            (before.1, before.2) = (first, last);
        }
        if count <= STRETCH {
            let evidence = |id: &i64| source(sources, *id).map(|(evidence, _)| *evidence);
            few.sort_by(|a, b| (&a.0, a.1, a.2, evidence(&a.3), a.3).cmp(&(&b.0, b.1, b.2, evidence(&b.3), b.3)));
            return Ok(Order::Few(few.into_iter().map(|(.., id)| id).collect()));
        }
        Ok(if stretches.len() * STRETCH <= count { Order::Stretches(stretches) } else { Order::None })
    }

    /// Visits the rows of stretches in one order, of each stretch one row at a time in memory.
    fn merged(&self, kind: &str, stretches: &[[i64; 2]], sources: &Sources, each: &mut Each) -> Result<()> {
        let query = format!("SELECT {COLUMNS} FROM observations o WHERE kind = ? AND id BETWEEN ? AND ? ORDER BY id");
        let prepared = stretches.iter().map(|_| self.case.db.prepare(&query));
        let mut statements = prepared.collect::<rusqlite::Result<Vec<_>>>().map_err(sql)?;
        let opened = statements.iter_mut().zip(stretches).map(|(s, [first, last])| s.query(params![kind, first, last]));
        let mut rows = opened.collect::<rusqlite::Result<Vec<_>>>().map_err(sql)?;
        let mut next = |stretch: usize| -> Result<Option<Head>> {
            while let Some(row) = rows[stretch].next().map_err(sql)? {
                if let Some(visit) = visit(sources, row)? {
                    return Ok(Some(Head { visit, id: row.get(0).map_err(sql)?, stretch }));
                }
            }
            Ok(None)
        };
        let mut heads = BinaryHeap::new();
        for stretch in 0..stretches.len() {
            heads.extend(next(stretch)?.map(Reverse));
        }
        while let Some(Reverse(head)) = heads.pop() {
            heads.extend(next(head.stretch)?.map(Reverse));
            if self.show(head.visit, each)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Visits all observations with their numbers, what is kept back too.
    pub(crate) fn numbered(&self, each: &mut dyn FnMut(i64, Visit) -> Result<()>) -> Result<()> {
        let sources = self.sources()?;
        let query = format!("SELECT {COLUMNS} FROM observations o ORDER BY id");
        let mut statement = self.case.db.prepare(&query).map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let id = row.get(0).map_err(sql)?;
            if let Some(visit) = visit(&sources, row)? {
                each(id, visit)?;
            }
        }
        Ok(())
    }

    /// Visits all observations as they stand in the evidence: by path, hash and place.
    pub fn in_place(&self, each: &mut Each) -> Result<()> {
        for registered in self.case.register()? {
            let range = [registered.n * PLACES, (registered.n + 1) * PLACES - 1];
            let sources = self.sources_within([registered.n; 2])?;
            let query = format!("SELECT {COLUMNS} FROM observations o WHERE id BETWEEN ? AND ? ORDER BY id");
            let mut broke = false;
            self.visits(&sources, &query, range, &mut |visit| {
                let flow = each(visit)?;
                broke = flow.is_break();
                Ok(flow)
            })?;
            if broke {
                break;
            }
        }
        Ok(())
    }
}

fn skip(row: &rusqlite::Row, from: usize) -> rusqlite::Result<Skip> {
    let number = |i| row.get::<_, i64>(i).map(|n| n as u64);
    Ok(Skip { reason: row.get(from)?, count: number(from + 1)?, first: number(from + 2)?, line: number(from + 3)? })
}

/// The identity and steps of evidence, by the first row that lies there.
type Sources = BTreeMap<i64, (EvidenceId, Vec<Step>)>;

type Each<'e> = dyn FnMut(Visit) -> Result<ControlFlow<()>> + 'e;

const COLUMNS: &str = "o.id, o.kind, o.key, o.first, o.last, o.count, o.entities, o.fields, o.spans";

/// Where a row lies.
fn source(sources: &Sources, id: i64) -> Option<&(EvidenceId, Vec<Step>)> {
    let (first, source) = sources.range(..=id).next_back()?;
    (first / PLACES == id / PLACES).then_some(source)
}

/// In what order rows lie.
enum Order {
    /// They are few: their ids as they are shown.
    Few(Vec<i64>),
    /// In long stretches, of each the first and the last id, as a reader of a flood leaves them, which tells what it closes in order.
    Stretches(Vec<[i64; 2]>),
    /// In none that spares sorting them.
    None,
}

/// The observation of a row; one whose evidence is not known lies nowhere.
fn visit(sources: &Sources, row: &rusqlite::Row) -> Result<Option<Visit>> {
    let id: i64 = row.get(0).map_err(sql)?;
    let Some((evidence, steps)) = source(sources, id) else { return Ok(None) };
    Ok(Some(Visit { evidence: *evidence, steps: steps.clone(), observation: observation(row)? }))
}

/// The next row of a stretch.
struct Head {
    visit: Visit,
    id: i64,
    stretch: usize,
}

impl Head {
    /// The order in which rows are shown.
    fn place(&self) -> (&str, Time, Time, EvidenceId, i64) {
        let o = &self.visit.observation;
        (&o.key, o.first, o.last, self.visit.evidence, self.id)
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Head) -> Ordering {
        self.place().cmp(&other.place())
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Head) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Head) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head {}

fn observation(row: &rusqlite::Row) -> Result<Observation> {
    let text = |i: usize| row.get_ref(i).map_err(sql)?.as_str().map_err(|e| damaged("an observation", e));
    let spans = row.get_ref(8).map_err(sql)?.as_blob().map_err(|e| damaged("an observation", e))?;
    Ok(Observation {
        kind: text(1)?.into(),
        key: text(2)?.into(),
        first: Time(row.get(3).map_err(sql)?),
        last: Time(row.get(4).map_err(sql)?),
        count: row.get::<_, i64>(5).map_err(sql)? as u64,
        entities: serde_json::from_str(text(6)?).map_err(|e| damaged("an observation", e))?,
        fields: serde_json::from_str(text(7)?).map_err(|e| damaged("an observation", e))?,
        spans: SpanSet::from_bytes(spans),
    })
}

impl View for Window<'_> {
    /// Other names of evidence come first: of those of one hash, the last is that under which it was read.
    fn evidence(&self) -> Result<Vec<Evidence>> {
        let seen = self.case.register()?.into_iter().filter(|r| self.sees(r.n)).map(|r| r.evidence);
        let seen: Vec<Evidence> = seen.filter(|e| !self.withholds_place(Some(e.id), &e.path, &[])).collect();
        let same = self.case.same.borrow();
        if same.is_empty() {
            return Ok(seen);
        }
        let ids: HashSet<EvidenceId> = seen.iter().map(|e| e.id).collect();
        let shown = |e: &&Evidence| ids.contains(&e.id) && !self.withholds_place(Some(e.id), &e.path, &[]);
        Ok(same.iter().filter(shown).cloned().chain(seen).collect())
    }

    fn skips(&self) -> Result<Vec<(EvidenceId, Skip)>> {
        // With `min` the other columns are those of its row.
        let query = "SELECT evidence, coalesce(sha256, zeroblob(32)), reason, sum(count), min(first), line FROM skips
            JOIN evidence ON n = evidence GROUP BY evidence, reason ORDER BY path, sha256, evidence, reason";
        let mut statement = self.case.db.prepare_cached(query).map_err(sql)?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, EvidenceId(r.get(1)?), skip(r, 2)?)));
        let all = rows.map_err(sql)?.collect::<rusqlite::Result<Vec<_>>>().map_err(sql)?;
        if self.case.kept_back.borrow().is_empty() {
            return Ok(all.into_iter().filter(|(n, ..)| self.sees(*n)).map(|(_, id, skip)| (id, skip)).collect());
        }
        // Place by place, for some are kept back.
        let mut sums: Vec<(EvidenceId, Skip)> = Vec::new();
        for (id, _, _, skip) in self.placed_skips()? {
            let id = id.unwrap_or(EvidenceId([0; 32]));
            match sums.iter_mut().find(|(of, s)| *of == id && s.reason == skip.reason) {
                Some((_, sum)) => sum.count += skip.count,
                None => sums.push((id, skip)),
            }
        }
        Ok(sums)
    }

    fn notes(&self) -> Result<Vec<(EvidenceId, Note)>> {
        let query =
            "SELECT evidence, sha256, en, fr FROM notes JOIN evidence ON n = evidence ORDER BY path, sha256, en, fr";
        let mut statement = self.case.db.prepare_cached(query).map_err(sql)?;
        let rows = statement.query_map([], |r| {
            let note = Note { text: Text { en: r.get(2)?, fr: r.get(3)? } };
            Ok((r.get::<_, i64>(0)?, EvidenceId(r.get(1)?), note))
        });
        let all = rows.map_err(sql)?.collect::<rusqlite::Result<Vec<_>>>().map_err(sql)?;
        let all = all.into_iter().filter(|(n, ..)| self.sees(*n)).map(|(_, id, note)| (id, note));
        Ok(all.filter(|(id, _)| !self.withholds(*id, &[], &SpanSet::new())).collect())
    }

    fn lines(&self) -> Result<Vec<(EvidenceId, Vec<Step>, Lines)>> {
        let all = self.placed_lines()?.into_iter();
        Ok(all.filter_map(|(id, _, steps, lines)| Some((id?, steps, lines))).collect())
    }

    fn observations(&self, kind: &str, each: &mut Each) -> Result<()> {
        self.declared(kind)?;
        let (low, high) = self.range();
        let sources = self.sources()?;
        let query = format!("SELECT {COLUMNS} FROM observations o WHERE o.id = ?");
        let mut one = self.case.db.prepare_cached(&query).map_err(sql)?;
        let mut show = |id: i64| -> Result<ControlFlow<()>> {
            let mut rows = one.query([id]).map_err(sql)?;
            let Some(row) = rows.next().map_err(sql)? else { return Ok(ControlFlow::Continue(())) };
            visit(&sources, row)?.map_or(Ok(ControlFlow::Continue(())), |visit| self.show(visit, each))
        };
        match self.order(kind, (low, high), &sources)? {
            Order::Few(ids) => {
                for id in ids {
                    if show(id)?.is_break() {
                        break;
                    }
                }
                return Ok(());
            }
            Order::Stretches(stretches) => return self.merged(kind, &stretches, &sources, each),
            Order::None => {}
        }
        // One piece of evidence needs no hash to tell its rows from another's.
        let alone = match (sources.first_key_value(), sources.last_key_value()) {
            (Some((first, _)), Some((last, _))) => first / PLACES == last / PLACES,
            _ => true,
        };
        let (join, hash) = match alone {
            true => ("", ""),
            false => ("JOIN evidence e ON e.n = o.id >> 40", "e.sha256, "),
        };
        let query = format!(
            "SELECT o.id FROM observations o {join} WHERE o.kind = ? AND o.id BETWEEN ? AND ?
             ORDER BY o.key, o.first, o.last, {hash}o.id"
        );
        // Sorted without their fields, and those fetched one by one: a flood of rows would be written out and merged twice.
        let mut order = self.case.db.prepare_cached(&query).map_err(sql)?;
        let mut ids = order.query(params![kind, low, high]).map_err(sql)?;
        while let Some(id) = ids.next().map_err(sql)? {
            if show(id.get(0).map_err(sql)?)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn tallies(&self, kind: &str, each: &mut dyn FnMut(&str, &[u64]) -> Result<ControlFlow<()>>) -> Result<()> {
        self.declared(kind)?;
        let (low, high) = self.range();
        let query =
            "SELECT key, counts, evidence FROM tallies WHERE kind = ? AND evidence BETWEEN ? AND ? ORDER BY key";
        let mut statement = self.case.db.prepare_cached(query).map_err(sql)?;
        let mut rows = statement.query(params![kind, low / PLACES, high / PLACES]).map_err(sql)?;
        let mut current: Option<(String, Vec<u64>)> = None;
        while let Some(row) = rows.next().map_err(sql)? {
            let key = row.get_ref(0).map_err(sql)?.as_str().map_err(|e| damaged("a tally", e))?;
            let n = row.get(2).map_err(sql)?;
            let Some(counts) = self.case.kept_back.borrow().left(n, kind, key, counts(row, 1)?) else { continue };
            match &mut current {
                Some((same, sum)) if same == key => Tally::merge(sum, &counts),
                _ => {
                    let next = (key.to_string(), counts);
                    if let Some((key, sum)) = current.replace(next)
                        && each(&key, &sum)?.is_break()
                    {
                        return Ok(());
                    }
                }
            }
        }
        if let Some((key, sum)) = current {
            let _ = each(&key, &sum)?;
        }
        Ok(())
    }

    fn tally(&self, kind: &str, key: &str) -> Result<Option<Vec<u64>>> {
        self.declared(kind)?;
        let (low, high) = self.range();
        let query = "SELECT counts, evidence FROM tallies WHERE kind = ? AND key = ? AND evidence BETWEEN ? AND ?";
        let mut statement = self.case.db.prepare_cached(query).map_err(sql)?;
        let mut rows = statement.query(params![kind, key, low / PLACES, high / PLACES]).map_err(sql)?;
        let mut sum = None;
        while let Some(row) = rows.next().map_err(sql)? {
            let n = row.get(1).map_err(sql)?;
            if let Some(counts) = self.case.kept_back.borrow().left(n, kind, key, counts(row, 0)?) {
                Tally::merge(sum.get_or_insert_default(), &counts);
            }
        }
        Ok(sum)
    }

    fn findings(&self, each: &mut dyn FnMut(Finding) -> Result<ControlFlow<()>>) -> Result<()> {
        findings::visit(self.case, self.which(), &mut |row| self.seen(row, each))
    }

    fn findings_as_they_lie(&self, each: &mut dyn FnMut(Finding) -> Result<ControlFlow<()>>) -> Result<()> {
        findings::visit_as_they_lie(self.case, self.which(), &mut |row| self.seen(row, each))
    }

    fn glances(&self, each: &mut dyn FnMut(Glance) -> Result<()>) -> Result<()> {
        findings::glances(self.case, self.which(), &mut |glance, traces| {
            let kept = traces.iter().any(|t| self.withholds(t.evidence, &t.steps, &t.spans));
            if kept { Ok(()) } else { each(glance) }
        })
    }

    fn shared(&self) -> Option<&Shared> {
        self.shared
    }

    fn withheld(&self) -> u64 {
        self.case.withheld()
    }
}

fn counts(row: &rusqlite::Row, column: usize) -> Result<Vec<u64>> {
    let text = row.get_ref(column).map_err(sql)?.as_str().map_err(|e| damaged("a tally", e))?;
    serde_json::from_str(text).map_err(|e| damaged("a tally", e))
}
