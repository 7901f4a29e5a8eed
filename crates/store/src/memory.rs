//! What a case remembers of its findings from run to run: when each was first made, and what has changed of it since.
//! A *run* here is one that brought something; between two of them nothing is news.
//!
//! You may rely on: memory holds only findings that stand, and of them the values of the fields that are watched; it
//! changes nothing of findings or brief, which are made of the evidence alone. Forgetting evidence wipes what was
//! remembered of the findings that rest on it, and keeps that they were known.

use crate::brief::Ran;
use crate::case::Case;
use crate::state::hex;
use crate::{damaged, sql};
use model::{EvidenceId, Result, Time};
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A detector and the fields of its findings whose change is news, besides the severity.
pub type Watched<'a> = (&'a str, &'a [&'a str]);

/// What a run brought.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Run {
    /// Its number, from 1.
    #[serde(skip)]
    pub n: i64,
    /// When.
    pub time: Time,
    /// Findings made for the first time.
    pub new: u64,
    /// Findings of which something watched has changed.
    pub changed: u64,
    /// Findings that stand no more.
    pub gone: u64,
}

/// A value that is another one now.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Change {
    /// Which field.
    pub field: String,
    /// What it was.
    pub from: Value,
    /// What it is.
    pub to: Value,
}

/// What is remembered of a finding.
#[derive(Clone, PartialEq, Debug)]
pub struct Remembered {
    /// When it was first made.
    pub since: Time,
    /// When it was made or last changed.
    pub last: Time,
    /// What changed then; nothing where it was made then.
    pub changes: Vec<Change>,
}

/// A finding that stands no more.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Gone {
    /// Its id.
    pub id: String,
    /// Who defended it; unknown where it rested on evidence that was forgotten.
    pub detector: Option<String>,
    /// How much it mattered.
    pub severity: Option<String>,
    /// What happened since the last run that may be why; what is known for certain stands alone.
    pub reasons: Vec<Reason>,
}

/// Why a finding may stand no more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Evidence it rested on was forgotten.
    EvidenceForgotten,
    /// `case.toml` says something else.
    SettingsChanged,
    /// The code that reads and judges is another.
    DetectorChanged,
    /// What the program knows is another.
    KnowledgeChanged,
    /// Rows in the case were not those that were recorded, and evidence was read again.
    RowsChanged,
    /// Evidence could not be read this time.
    EvidenceUnread,
    /// Judged with evidence that was added, it does not stand.
    EvidenceAdded,
    /// Nothing of that: the case itself cannot say.
    Unexplained,
}

impl Case {
    /// Compares the findings with what is remembered, and remembers them. What this brought, if anything, and what stands
    /// no more.
    pub(crate) fn remember(&self, at: Time, ran: &Ran) -> Result<(Option<Run>, Vec<Gone>)> {
        self.list_now(ran.watched)?;
        let n = self.last_run()?.map_or(1, |r| r.n + 1);
        let new = self.db.execute(
            "INSERT INTO memory(id, first, last, state, changes)
             SELECT id, ?1, ?1, state, '[]' FROM now WHERE id NOT IN (SELECT id FROM memory)",
            [n],
        );
        let new = new.map_err(sql)? as u64;
        let changed = self.remember_changes(n)?;
        let gone = self.forget_gone(n, ran)?;
        let run = Run { n, time: at, new, changed, gone: gone.len() as u64 };
        self.db.execute_batch("DROP TABLE temp.now").map_err(sql)?;
        if run.new + run.changed + run.gone == 0 {
            return Ok((None, gone));
        }
        let row = params![n, at.0, run.new as i64, run.changed as i64, run.gone as i64];
        self.db.execute("INSERT INTO runs(n, time, new, changed, gone) VALUES(?, ?, ?, ?, ?)", row).map_err(sql)?;
        Ok((Some(run), gone))
    }

    /// Takes what stands no more out of the memory, and writes down why.
    fn forget_gone(&self, run: i64, ran: &Ran) -> Result<Vec<Gone>> {
        let query = "SELECT id, state FROM memory WHERE id NOT IN (SELECT id FROM now) ORDER BY id";
        let mut statement = self.db.prepare(query).map_err(sql)?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).map_err(sql)?;
        let rows: Vec<(String, String)> = rows.collect::<rusqlite::Result<_>>().map_err(sql)?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let may_be = self.since_last_run(ran)?;
        let mut insert = self
            .db
            .prepare("INSERT OR REPLACE INTO gone(run, id, detector, severity, reasons) VALUES(?, ?, ?, ?, ?)")
            .map_err(sql)?;
        let mut all = Vec::new();
        for (id, state) in rows {
            let state: Map<String, Value> = serde_json::from_str(&state).map_err(|e| damaged("the memory", e))?;
            let word = |key: &str| state.get(key).and_then(Value::as_str).map(str::to_string);
            // What rested on forgotten evidence was wiped then.
            let reasons = if state.is_empty() { vec![Reason::EvidenceForgotten] } else { may_be.clone() };
            let gone = Gone { id, detector: word("detector"), severity: word("severity"), reasons };
            let reasons = serde_json::to_string(&gone.reasons).map_err(|e| damaged("the memory", e))?;
            insert.execute(params![run, gone.id, gone.detector, gone.severity, reasons]).map_err(sql)?;
            all.push(gone);
        }
        self.db.execute("DELETE FROM memory WHERE id NOT IN (SELECT id FROM now)", []).map_err(sql)?;
        Ok(all)
    }

    /// What happened since the last run that was recorded, as the trail and the case tell.
    fn since_last_run(&self, ran: &Ran) -> Result<Vec<Reason>> {
        let trail = self.trail()?;
        let last = trail.iter().rposition(|e| e.action == "run");
        let since = |action: &str| trail.iter().skip(last.map_or(0, |n| n + 1)).any(|e| e.action == action);
        let program = self.last_program()?;
        let unread: bool = self
            .db
            .query_row("SELECT EXISTS (SELECT 1 FROM reads WHERE key = zeroblob(32))", [], |r| r.get(0))
            .map_err(sql)?;
        let all = [
            (since("forget"), Reason::EvidenceForgotten),
            (since("settings"), Reason::SettingsChanged),
            (program["code"] != hex(&ran.program.code), Reason::DetectorChanged),
            (program["knowledge"] != hex(&ran.program.knowledge), Reason::KnowledgeChanged),
            (ran.distrust.evidence > 0 || ran.distrust.findings, Reason::RowsChanged),
            (unread, Reason::EvidenceUnread),
            (since("add"), Reason::EvidenceAdded),
        ];
        let mut reasons: Vec<Reason> = all.into_iter().filter(|(happened, _)| *happened).map(|(_, r)| r).collect();
        if reasons.is_empty() {
            reasons.push(Reason::Unexplained);
        }
        Ok(reasons)
    }

    /// The findings that a run and those after it found no more, in order.
    pub fn gone_since(&self, from: &Run) -> Result<Vec<Gone>> {
        let query = "SELECT id, detector, severity, reasons FROM gone WHERE run >= ? ORDER BY run, id";
        let mut statement = self.db.prepare(query).map_err(sql)?;
        let rows = statement
            .query_map([from.n], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get::<_, String>(3)?)))
            .map_err(sql)?;
        rows.map(|row| {
            let (id, detector, severity, reasons) = row.map_err(sql)?;
            let reasons = serde_json::from_str(&reasons).map_err(|e| damaged("the memory", e))?;
            Ok(Gone { id, detector, severity, reasons })
        })
        .collect()
    }

    /// The watched values of all findings, by id, in a temporary table. Of two findings of one id the graver counts.
    fn list_now(&self, watched: &[Watched]) -> Result<()> {
        let fields = |fields: &[&str]| -> String {
            // Field names are ours, and plain.
            fields.iter().map(|f| format!(", '{f}', body -> '$.fields.{f}'")).collect()
        };
        let plain = "'severity', severity, 'detector', detector";
        let all: String = watched
            .iter()
            .filter(|(_, f)| !f.is_empty())
            .map(|(detector, f)| format!("WHEN '{detector}' THEN json_object({plain}{}) ", fields(f)))
            .collect();
        let state = match all.is_empty() {
            true => format!("json_object({plain})"),
            false => format!("CASE detector {all} ELSE json_object({plain}) END"),
        };
        self.db
            .execute_batch(&format!(
                "DROP TABLE IF EXISTS temp.now;
                 CREATE TEMP TABLE now(id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
                 INSERT OR REPLACE INTO now SELECT id, {state} FROM findings ORDER BY urgency, traces DESC, body DESC;"
            ))
            .map_err(sql)
    }

    fn remember_changes(&self, run: i64) -> Result<u64> {
        let query = "SELECT now.id, memory.state, now.state FROM now JOIN memory USING(id)
            WHERE now.state <> memory.state ORDER BY now.id";
        let mut differ = self.db.prepare(query).map_err(sql)?;
        let rows = differ.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).map_err(sql)?;
        let rows: Vec<(String, String, String)> = rows.collect::<rusqlite::Result<_>>().map_err(sql)?;
        let mut changed = 0;
        for (id, before, now) in rows {
            let changes = changes(&before, &now)?;
            if changes.is_empty() {
                // Another set of fields is watched now, or what was remembered is forgotten: no news.
                self.db.execute("UPDATE memory SET state = ? WHERE id = ?", params![now, id]).map_err(sql)?;
                continue;
            }
            changed += 1;
            let text = serde_json::to_string(&changes).map_err(|e| damaged("the memory", e))?;
            let row = params![now, run, text, id];
            self.db.execute("UPDATE memory SET state = ?, last = ?, changes = ? WHERE id = ?", row).map_err(sql)?;
        }
        Ok(changed)
    }

    /// The last run that brought something.
    pub fn last_run(&self) -> Result<Option<Run>> {
        self.run_where("ORDER BY n DESC", [])
    }

    /// The first run that brought something at or after a time.
    pub fn run_since(&self, time: Time) -> Result<Option<Run>> {
        self.run_where("WHERE time >= ? ORDER BY n", [time.0])
    }

    fn run_where(&self, which: &str, given: impl rusqlite::Params) -> Result<Option<Run>> {
        let query = format!("SELECT n, time, new, changed, gone FROM runs {which} LIMIT 1");
        let number = |r: &rusqlite::Row, i| r.get::<_, i64>(i).map(|n| n as u64);
        self.db
            .query_row(&query, given, |r| {
                let (new, changed, gone) = (number(r, 2)?, number(r, 3)?, number(r, 4)?);
                Ok(Run { n: r.get(0)?, time: Time(r.get(1)?), new, changed, gone })
            })
            .optional()
            .map_err(sql)
    }

    /// What is remembered of the findings that were made or changed in a run or after it, by id.
    pub fn remembered(&self, from: &Run) -> Result<BTreeMap<String, Remembered>> {
        let query =
            "SELECT id, a.time, b.time, changes FROM memory JOIN runs a ON a.n = first JOIN runs b ON b.n = last
            WHERE last >= ?";
        let mut statement = self.db.prepare(query).map_err(sql)?;
        let mut rows = statement.query([from.n]).map_err(sql)?;
        let mut all = BTreeMap::new();
        while let Some(row) = rows.next().map_err(sql)? {
            let changes: String = row.get(3).map_err(sql)?;
            let changes = serde_json::from_str(&changes).map_err(|e| damaged("the memory", e))?;
            let (since, last) = (Time(row.get(1).map_err(sql)?), Time(row.get(2).map_err(sql)?));
            all.insert(row.get(0).map_err(sql)?, Remembered { since, last, changes });
        }
        Ok(all)
    }

    /// Wipes the values remembered of findings that rest on a piece of evidence. To be called before they are erased.
    pub(crate) fn forget_memory(&self, evidence: EvidenceId) -> Result<()> {
        let query = "UPDATE memory SET state = '{}', changes = '[]'
            WHERE id IN (SELECT id FROM findings WHERE instr(traces, ?) > 0)";
        self.db.execute(query, [&evidence.0[..]]).map_err(sql)?;
        Ok(())
    }
}

/// What differs among the fields that both know.
fn changes(before: &str, now: &str) -> Result<Vec<Change>> {
    let read = |text| serde_json::from_str::<Map<String, Value>>(text).map_err(|e| damaged("the memory", e));
    let (before, mut now) = (read(before)?, read(now)?);
    let differ = before.into_iter().filter_map(|(field, from)| {
        let to = now.remove(&field)?;
        (from != to).then_some(Change { field, from, to })
    });
    Ok(differ.collect())
}
