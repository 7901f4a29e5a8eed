//! Findings on disk, and which unit of detection made them. A unit is a detector over the whole case, or a local
//! detector over one piece of evidence; its key tells whether what it looked at has changed.

use crate::case::Case;
use crate::entities::Links;
use crate::view::Window;
use crate::{Hash, damaged, hash_of, sql};
use model::{
    Entity, EvidenceId, Fields, Finding, Glance, Level, Reason, Result, Severity, SpanSet, Step, Text, Time, Trace,
    View,
};
use rusqlite::{CachedStatement, OptionalExtension, Row, params, params_from_iter};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// A detector over the whole case (evidence 0) or over one piece of evidence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Unit<'a> {
    /// The detector's id.
    pub detector: &'a str,
    /// The evidence's number; 0 for the whole case.
    pub evidence: i64,
}

/// Writes the findings of one unit.
pub struct Finder<'c> {
    insert: CachedStatement<'c>,
    links: Option<Links<'c>>,
    evidence: i64,
    body: Vec<u8>,
    traces: Vec<u8>,
}

/// The part of a finding that is kept as JSON. `fields` comes first, for people who look with other tools.
#[derive(Serialize, Deserialize)]
struct Body<'a> {
    fields: std::borrow::Cow<'a, Fields>,
    level: Level,
    title: std::borrow::Cow<'a, Text>,
    reasons: std::borrow::Cow<'a, [Reason]>,
    techniques: std::borrow::Cow<'a, [String]>,
    entities: std::borrow::Cow<'a, [Entity]>,
}

impl Case {
    /// The key of the unit's last detection.
    pub fn detected(&self, unit: Unit) -> Result<Option<Hash>> {
        let query = "SELECT key FROM detections WHERE detector = ? AND evidence = ?";
        let mut statement = self.db.prepare_cached(query).map_err(sql)?;
        statement.query_row(params![unit.detector, unit.evidence], |r| r.get(0)).optional().map_err(sql)
    }

    /// Replaces the findings of a unit by what `work` finds, in one transaction.
    pub fn detect(&self, unit: Unit, key: Hash, work: impl FnOnce(&mut Finder) -> Result<()>) -> Result<()> {
        self.transaction(|| {
            // Never detected: nothing to erase, and no walk through a temporary case's findings, which has no index.
            if self.detected(unit)?.is_some() {
                self.erase_unit(unit)?;
            }
            let query = "INSERT INTO findings(id, detector, evidence, key, urgency, severity, confidence, first, last,
                body, traces) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
            let insert = self.db.prepare_cached(query).map_err(sql)?;
            let links = self.links("finding")?;
            work(&mut Finder { insert, links, evidence: unit.evidence, body: Vec::new(), traces: Vec::new() })?;
            let row = params![unit.detector, unit.evidence, key];
            self.db.execute("INSERT OR REPLACE INTO detections VALUES(?, ?, ?)", row).map_err(sql)?;
            Ok(())
        })
    }

    /// Erases the findings of all units but these, whose evidence or detector is gone.
    pub fn keep_units(&self, units: &BTreeSet<Unit>) -> Result<()> {
        let mut statement = self.db.prepare_cached("SELECT detector, evidence FROM detections").map_err(sql)?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).map_err(sql)?;
        let known: Vec<(String, i64)> = rows.collect::<rusqlite::Result<_>>().map_err(sql)?;
        for (detector, evidence) in &known {
            let unit = Unit { detector, evidence: *evidence };
            if !units.contains(&unit) {
                self.transaction(|| self.erase_unit(unit))?;
            }
        }
        Ok(())
    }

    pub(crate) fn erase_unit(&self, unit: Unit) -> Result<()> {
        let of_unit = "WHERE detector = ? AND evidence = ?";
        for query in [
            format!("DELETE FROM finding_entities WHERE finding IN (SELECT n FROM findings {of_unit})"),
            format!("DELETE FROM findings {of_unit}"),
            format!("DELETE FROM detections {of_unit}"),
        ] {
            self.db.execute(&query, params![unit.detector, unit.evidence]).map_err(sql)?;
        }
        Ok(())
    }

    /// Makes ready to read findings in order, and erases what none of them names any more; to be called when all are in.
    pub fn findings_are_in(&self) -> Result<()> {
        self.erase_lone_entities()?;
        self.db.execute_batch(crate::schema::INDEXES).map_err(sql)
    }

    /// How many findings of each severity, from the least.
    pub fn severities(&self) -> Result<Vec<(Severity, u64)>> {
        if !self.kept_back.borrow().is_empty() {
            let mut counts = Severity::ALL.map(|s| (s, 0));
            self.whole().glances(&mut |glance| {
                counts.iter_mut().filter(|(s, _)| *s == glance.severity).for_each(|(_, n)| *n += 1);
                Ok(())
            })?;
            return Ok(counts.into());
        }
        // Severity is a digit of the urgency, which the index holds: no finding is touched.
        let query = "SELECT count(*) FROM findings WHERE urgency % 10000 / 1000 = ?";
        let mut statement = self.db.prepare_cached(query).map_err(sql)?;
        Severity::ALL
            .into_iter()
            .map(|s| Ok((s, statement.query_row([s as i64], |r| r.get::<_, i64>(0)).map_err(sql)? as u64)))
            .collect()
    }

    /// The SHA-256 of all findings in their order.
    pub fn findings_digest(&self) -> Result<Hash> {
        let mut digest = Hash::default();
        visit(self, Which::All, &mut |row| {
            let row = |i: usize| row.get_ref(i).and_then(|v| Ok(v.as_bytes_or_null()?.unwrap_or_default()));
            let parts = [row(DETECTOR), row(KEY), row(SEVERITY), row(BODY), row(TRACES)];
            let parts = parts.into_iter().collect::<std::result::Result<Vec<_>, _>>().map_err(sql)?;
            digest = hash_of([&digest[..]].into_iter().chain(parts));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(digest)
    }

    /// The findings of an id (one, unless two pieces of evidence each gave it), but for what is kept back.
    pub fn finding(&self, id: &str) -> Result<Vec<Finding>> {
        let mut found = Vec::new();
        visit(self, Which::Id(id), &mut |row| {
            found.extend(Some(finding(row)?).filter(|f| !self.withholds(f)));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }

    /// Ids of findings that begin with these words, at most nine.
    pub fn ids_like(&self, begun: &str) -> Result<Vec<String>> {
        let query = "SELECT DISTINCT id FROM findings WHERE id >= ?1 AND id < ?1 || 'g' ORDER BY id LIMIT 9";
        let mut statement = self.db.prepare_cached(query).map_err(sql)?;
        let ids = statement.query_map([begun], |r| r.get(0)).map_err(sql)?;
        ids.collect::<rusqlite::Result<_>>().map_err(sql)
    }

    /// Everything this window may see.
    pub fn whole(&self) -> Window<'_> {
        Window::whole(self)
    }
}

impl Finder<'_> {
    /// Writes one finding.
    pub fn found(&mut self, f: &Finding) -> Result<()> {
        use std::borrow::Cow::Borrowed;
        self.body.clear();
        self.traces.clear();
        let body = Body {
            fields: Borrowed(&f.fields),
            level: f.level,
            title: Borrowed(&f.title),
            reasons: Borrowed(&f.reasons),
            techniques: Borrowed(&f.techniques),
            entities: Borrowed(&f.entities),
        };
        serde_json::to_writer(&mut self.body, &body).map_err(|e| damaged("a finding", e))?;
        for trace in &f.traces {
            pack(&mut self.traces, trace)?;
        }
        let row = params![
            f.id(),
            f.detector,
            self.evidence,
            f.key,
            f.urgency(),
            f.severity.as_str(),
            f.confidence,
            f.first.map(|t| t.0),
            f.last.map(|t| t.0),
            std::str::from_utf8(&self.body).unwrap_or("null"),
            self.traces,
        ];
        let n = self.insert.insert(row).map_err(sql)?;
        self.links.as_mut().map_or(Ok(()), |links| links.link(n, &f.entities))
    }
}

const COLUMNS: &str = "detector, key, severity, confidence, first, last, body, traces";
const DETECTOR: usize = 0;
const KEY: usize = 1;
const SEVERITY: usize = 2;
const BODY: usize = 6;
const TRACES: usize = 7;

/// Which findings are visited.
pub(crate) enum Which<'w> {
    /// All of the case.
    All,
    /// Those of an id.
    Id(&'w str),
    /// Those of some detectors.
    Of(&'w [&'w str]),
}

impl Which<'_> {
    /// The condition, and its values; none where nothing can meet it.
    fn filter(&self) -> Option<(String, Vec<&str>)> {
        match self {
            Which::All => Some((String::new(), Vec::new())),
            Which::Id(id) => Some(("WHERE id = ?".into(), vec![id])),
            // Whoever may see nothing must not sort all there is: a flood's findings are a gigabyte.
            Which::Of([]) => None,
            Which::Of(detectors) => {
                let places = vec!["?"; detectors.len()].join(", ");
                Some((format!("WHERE detector IN ({places})"), detectors.to_vec()))
            }
        }
    }
}

/// Visits rows of findings in order.
pub(crate) fn visit(case: &Case, which: Which, each: &mut dyn FnMut(&Row) -> Result<ControlFlow<()>>) -> Result<()> {
    // Traces begin with the evidence's hash: equal claims of two pieces of evidence have an order, too.
    visit_by(case, which, "ORDER BY urgency DESC, first, last, detector, key, traces, body", each)
}

/// Visits rows of findings as they lie on disk.
pub(crate) fn visit_as_they_lie(
    case: &Case,
    which: Which,
    each: &mut dyn FnMut(&Row) -> Result<ControlFlow<()>>,
) -> Result<()> {
    visit_by(case, which, "ORDER BY n", each)
}

fn visit_by(
    case: &Case,
    which: Which,
    order: &str,
    each: &mut dyn FnMut(&Row) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let Some((filter, values)) = which.filter() else { return Ok(()) };
    let query = format!("SELECT {COLUMNS} FROM findings {filter} {order}");
    let mut statement = case.db.prepare_cached(&query).map_err(sql)?;
    let mut rows = statement.query(params_from_iter(values)).map_err(sql)?;
    while let Some(row) = rows.next().map_err(sql)? {
        if each(row)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// Glances at findings as they lie, each with its traces where somebody keeps anything back.
pub(crate) fn glances(case: &Case, which: Which, each: &mut dyn FnMut(Glance, &[Trace]) -> Result<()>) -> Result<()> {
    #[derive(Deserialize)]
    struct Told<'b> {
        #[serde(borrow)]
        fields: &'b RawValue,
    }
    let Some((filter, values)) = which.filter() else { return Ok(()) };
    let traced = !case.kept_back.borrow().is_empty();
    let traces = if traced { "traces" } else { "x''" };
    let query = format!("SELECT detector, severity, first, body, {traces} FROM findings {filter}");
    let mut statement = case.db.prepare_cached(&query).map_err(sql)?;
    let mut rows = statement.query(params_from_iter(values)).map_err(sql)?;
    while let Some(row) = rows.next().map_err(sql)? {
        let text = |i: usize| row.get_ref(i).map_err(sql)?.as_str().map_err(|e| damaged("a finding", e));
        let told: Told = serde_json::from_str(text(3)?).map_err(|e| damaged("a finding", e))?;
        let glance = Glance {
            detector: text(0)?,
            severity: severity(text(1)?)?,
            first: row.get::<_, Option<i64>>(2).map_err(sql)?.map(Time),
            fields: told.fields,
        };
        let traces = row.get_ref(4).map_err(sql)?.as_blob().map_err(|e| damaged("a finding", e))?;
        each(glance, &unpack(traces))?;
    }
    Ok(())
}

/// Visits the numbers of findings with their traces.
pub(crate) fn numbered(case: &Case, each: &mut dyn FnMut(i64, &[Trace]) -> Result<()>) -> Result<()> {
    let mut statement = case.db.prepare("SELECT n, traces FROM findings").map_err(sql)?;
    let mut rows = statement.query([]).map_err(sql)?;
    while let Some(row) = rows.next().map_err(sql)? {
        let traces = row.get_ref(1).map_err(sql)?.as_blob().map_err(|e| damaged("a finding", e))?;
        each(row.get(0).map_err(sql)?, &unpack(traces))?;
    }
    Ok(())
}

fn severity(word: &str) -> Result<Severity> {
    word.parse().map_err(|e: String| damaged("a finding", std::io::Error::other(e)))
}

/// A row of [`visit`] as a finding.
pub(crate) fn finding(row: &Row) -> Result<Finding> {
    let text = |i: usize| row.get_ref(i).map_err(sql)?.as_str().map_err(|e| damaged("a finding", e));
    let body: Body = serde_json::from_str(text(BODY)?).map_err(|e| damaged("a finding", e))?;
    let traces = row.get_ref(TRACES).map_err(sql)?.as_blob().map_err(|e| damaged("a finding", e))?;
    Ok(Finding {
        detector: text(DETECTOR)?.to_string().into(),
        key: text(KEY)?.into(),
        severity: severity(text(SEVERITY)?)?,
        confidence: row.get(3).map_err(sql)?,
        level: body.level,
        title: body.title.into_owned(),
        reasons: body.reasons.into_owned(),
        techniques: body.techniques.into_owned(),
        first: row.get::<_, Option<i64>>(4).map_err(sql)?.map(Time),
        last: row.get::<_, Option<i64>>(5).map_err(sql)?.map(Time),
        entities: body.entities.into_owned(),
        traces: unpack(traces),
        fields: body.fields.into_owned(),
    })
}

/// A trace in bytes: hash, then the steps' JSON and the spans, each after its length.
fn pack(out: &mut Vec<u8>, trace: &Trace) -> Result<()> {
    let steps = match trace.steps.is_empty() {
        true => Vec::new(),
        false => serde_json::to_vec(&trace.steps).map_err(|e| damaged("a trace", e))?,
    };
    out.extend(trace.evidence.0);
    for part in [steps, trace.spans.to_bytes()] {
        out.extend((part.len() as u32).to_le_bytes());
        out.extend(part);
    }
    Ok(())
}

/// The traces of [`pack`]; damaged bytes end them early.
fn unpack(mut bytes: &[u8]) -> Vec<Trace> {
    fn part<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (part, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        *bytes = rest;
        Some(part)
    }
    std::iter::from_fn(|| {
        let (id, rest) = bytes.split_first_chunk::<32>()?;
        bytes = rest;
        let steps = part(&mut bytes)?;
        let steps: Vec<Step> = if steps.is_empty() { Vec::new() } else { serde_json::from_slice(steps).ok()? };
        Some(Trace { evidence: EvidenceId(*id), steps, spans: SpanSet::from_bytes(part(&mut bytes)?) })
    })
    .collect()
}
