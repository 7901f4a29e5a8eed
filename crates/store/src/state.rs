//! What a case is made of, as digests: of the rows read in each piece of evidence, of findings, memory, settings, brief
//! and of every other file of its folder. A run records them in the audit trail; `verify` holds them against what is
//! there, and the next run believes nothing that differs.
//!
//! You may rely on: a row that is added, taken out or changed by anything but a run that was recorded changes a digest, and
//! is made again from the evidence before it is used again. Left out: memory of earlier runs, which can be made from
//! nothing; that it was changed is told.

use crate::case::{Case, OWN};
use crate::folder::Folder;
use crate::schema::PLACES;
use crate::{Hash, audit, hash_of, io, sql};
use model::{EvidenceId, Result, Time};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// Files of a case's folder that are held against the trail, besides the vault and the brief.
const FILES_MAX: usize = 10_000;

/// What is hashed as a whole, by the name under which the trail records it.
const TABLES: [(&str, &[&str]); 3] = [
    ("rows", &["SELECT evidence, rows FROM digests ORDER BY evidence"]),
    (
        "findings",
        &[
            "SELECT n, id, evidence, urgency, confidence, first, last FROM findings ORDER BY n",
            "SELECT finding, kind, value, role FROM finding_entities JOIN entities ON id = entity
             ORDER BY finding, kind, value, role",
            "SELECT detector, evidence, key FROM detections ORDER BY detector, evidence",
        ],
    ),
    (
        "memory",
        &[
            "SELECT id, first, last, state, changes FROM memory ORDER BY id",
            "SELECT n, time, new, changed, gone FROM runs ORDER BY n",
            "SELECT run, id, detector, severity, reasons FROM gone ORDER BY run, id",
        ],
    ),
];

/// Digests of what was read in one piece of evidence.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Rows {
    /// Of its observations, tallies, places, skips, lines and notes, whatever its number in the case.
    pub(crate) rows: Hash,
    /// Of these, of how they were read, and of what they are linked to.
    pub(crate) all: Hash,
}

/// What a run did not believe.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Distrust {
    /// Pieces of evidence whose rows are not those of the last run that was recorded: they are read again.
    pub evidence: u64,
    /// The findings were not: they are made again.
    pub findings: bool,
    /// What is remembered of earlier runs was changed.
    pub memory: bool,
}

impl Case {
    /// The digests that the trail last recorded, with files that were recorded since; of a new case, those of nothing.
    pub fn last_state(&self) -> Result<Value> {
        let mut state = json!({ "findings": hex(&Hash::default()), "brief": {}, "files": {}, "tables": null });
        let mut settings = Value::Null;
        for entry in self.trail()? {
            match entry.action.as_str() {
                "run" | "forget" => state = entry.json()?,
                "file" => {
                    let file = entry.json()?;
                    if let (Some(name), Some(files)) = (file["name"].as_str(), state["files"].as_object_mut()) {
                        files.insert(name.into(), file["sha256"].clone());
                    }
                }
                "files" => {
                    let told = entry.json()?;
                    let under = format!("{}/", told["under"].as_str().unwrap_or_default());
                    if let (Some(now), Some(files)) = (told["files"].as_object(), state["files"].as_object_mut()) {
                        files.retain(|name, _| !name.starts_with(&under));
                        files.extend(now.clone());
                    }
                }
                "settings" => settings = entry.json()?["new"].clone(),
                _ => {}
            }
        }
        state["settings"] = settings;
        if let Some(state) = state.as_object_mut() {
            // Of `forget`; no part of the state.
            ["evidence", "reason", "program", "again"].iter().for_each(|k| drop(state.remove(*k)));
        }
        Ok(state)
    }

    /// The digests of what is there now; `settings` is that of the trail, for only a run accepts others.
    pub fn state(&self) -> Result<Value> {
        let brief = self.brief_files("brief")?;
        Ok(json!({ "findings": hex(&self.findings_digest()?), "brief": brief, "files": self.files()?,
            "tables": self.tables()?, "settings": self.last_state()?["settings"] }))
    }

    /// Digests of the tables that runs write.
    pub(crate) fn tables(&self) -> Result<Value> {
        let all = TABLES.iter().map(|(name, _)| Ok((name.to_string(), self.table(name)?)));
        Ok(Value::Object(all.collect::<Result<_>>()?))
    }

    /// The digest of one of them.
    fn table(&self, name: &str) -> Result<Value> {
        let mut sha = Sha256::new();
        for query in TABLES.iter().filter(|(known, _)| *known == name).flat_map(|(_, queries)| *queries) {
            each_row(&self.db, query, &mut |row| {
                feed_from(&mut sha, row, 0);
                Ok(())
            })?;
        }
        Ok(hex(&sha.finalize().into()).into())
    }

    /// Writes down the digests of what was read in each piece of evidence.
    pub(crate) fn record_rows(&self) -> Result<()> {
        self.db.execute("DELETE FROM digests", []).map_err(sql)?;
        let mut insert = self.db.prepare("INSERT INTO digests(evidence, rows) VALUES(?, ?)").map_err(sql)?;
        for (n, rows) in self.rows()? {
            insert.execute(rusqlite::params![n, rows.all]).map_err(sql)?;
        }
        Ok(())
    }

    /// Digests of what was read in each piece of evidence, by its number.
    pub(crate) fn rows(&self) -> Result<BTreeMap<i64, Rows>> {
        // In six tables rows lie by evidence; tallies lie by key, and their digests grow side by side.
        let tables: [(&str, i64); 7] = [
            ("SELECT id, kind, key, first, last, count, entities, fields, spans FROM observations ORDER BY id", PLACES),
            ("SELECT evidence, kind, key, counts FROM tallies ORDER BY kind, key, evidence", 1),
            (
                "SELECT evidence, place, first - evidence * 1099511627776, steps, sensor FROM places ORDER BY evidence, place",
                1,
            ),
            ("SELECT evidence, place, reason, count, first, line FROM skips ORDER BY evidence, place, reason", 1),
            ("SELECT evidence, place, lines FROM log_lines ORDER BY evidence, place", 1),
            ("SELECT evidence, en, fr FROM notes ORDER BY evidence, en, fr", 1),
            ("SELECT evidence, sensor, steps, kinds FROM reads ORDER BY evidence", 1),
        ];
        let rows = self.by_evidence(&tables)?;
        let how = [
            ("SELECT evidence, recogniser, key FROM reads ORDER BY evidence", 1),
            (
                "SELECT observation, kind, value, role FROM observation_entities JOIN entities ON id = entity
                 ORDER BY observation, kind, value, role",
                PLACES,
            ),
        ];
        let how = self.by_evidence(&how)?;
        let numbers: BTreeSet<i64> = rows.keys().chain(how.keys()).copied().collect();
        let of = |n: &i64, of: &BTreeMap<i64, Hash>| of.get(n).copied().unwrap_or_default();
        Ok(numbers
            .into_iter()
            .map(|n| {
                let own = of(&n, &rows);
                (n, Rows { rows: own, all: hash_of([&own[..], &of(&n, &how)]) })
            })
            .collect())
    }

    /// The digest over tables, by evidence. The first column tells the evidence, once divided; what is left of it is
    /// part of the row.
    fn by_evidence(&self, tables: &[(&str, i64)]) -> Result<BTreeMap<i64, Hash>> {
        let mut all: BTreeMap<i64, Hash> = BTreeMap::new();
        for (table, (query, divisor)) in tables.iter().enumerate() {
            let mut open: BTreeMap<i64, Sha256> = BTreeMap::new();
            let mut last: Option<(i64, Sha256)> = None;
            each_row(&self.db, query, &mut |row| {
                let first: i64 = row.get(0).map_err(sql)?;
                let n = first.div_euclid(*divisor);
                if last.as_ref().is_none_or(|(same, _)| *same != n) {
                    if let Some((n, sha)) = last.take() {
                        open.insert(n, sha);
                    }
                    last = Some((n, open.remove(&n).unwrap_or_default()));
                }
                if let Some((_, sha)) = &mut last {
                    sha.update(first.rem_euclid(*divisor).to_le_bytes());
                    feed_from(sha, row, 1);
                }
                Ok(())
            })?;
            for (n, sha) in open.into_iter().chain(last) {
                let so_far = all.entry(n).or_default();
                *so_far = hash_of([&so_far[..], &table.to_le_bytes(), &sha.finalize()]);
            }
        }
        Ok(all)
    }

    /// The digests of rows as the last recorded run wrote them; none where even these were changed.
    pub(crate) fn recorded_rows(&self, then: &Value) -> Result<Option<BTreeMap<i64, Hash>>> {
        if then["tables"].is_null() {
            return Ok(Some(BTreeMap::new()));
        }
        if then["tables"]["rows"] != self.table("rows")? {
            return Ok(None);
        }
        let mut statement = self.db.prepare("SELECT evidence, rows FROM digests").map_err(sql)?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).map_err(sql)?;
        rows.collect::<rusqlite::Result<_>>().map(Some).map_err(sql)
    }

    /// The pieces of evidence whose rows are not those that the last run recorded: a run was broken off, or something
    /// else wrote.
    pub(crate) fn strange_rows(&self, then: &Value) -> Result<BTreeSet<i64>> {
        let known = self.recorded_rows(then)?.unwrap_or_default();
        let now = self.rows()?;
        let numbers = known.keys().chain(now.keys()).copied();
        Ok(numbers.filter(|n| known.get(n) != now.get(n).map(|r| &r.all)).collect())
    }

    /// Erases what is not as the last recorded run left it, so that it is made again from the evidence.
    pub fn distrust(&self) -> Result<Distrust> {
        let then = self.last_state()?;
        let strange = self.strange_rows(&then)?;
        let (was, before) = (&then["tables"], !then["tables"].is_null());
        let same = |what: &str| -> Result<bool> { Ok(!before || was[what] == self.table(what)?) };
        let findings = match before {
            true => !same("findings")? || then["findings"].as_str() != Some(&hex(&self.findings_digest()?)),
            false => self.db.query_row("SELECT EXISTS (SELECT 1 FROM detections)", [], |r| r.get(0)).map_err(sql)?,
        };
        let distrust = Distrust { evidence: strange.len() as u64, findings, memory: !same("memory")? };
        if distrust == Distrust::default() {
            return Ok(distrust);
        }
        self.transaction(|| {
            self.erase_all_rows(&strange)?;
            if findings {
                self.db
                    .execute_batch("DELETE FROM finding_entities; DELETE FROM findings; DELETE FROM detections;")
                    .map_err(sql)?;
            }
            Ok(())
        })?;
        Ok(distrust)
    }

    /// Erases all rows of many pieces of evidence at once, also those that no reading tells of.
    fn erase_all_rows(&self, numbers: &BTreeSet<i64>) -> Result<()> {
        if numbers.is_empty() {
            return Ok(());
        }
        self.db
            .execute_batch("CREATE TEMP TABLE IF NOT EXISTS strange(n INTEGER PRIMARY KEY); DELETE FROM temp.strange;")
            .map_err(sql)?;
        let mut insert = self.db.prepare("INSERT INTO temp.strange VALUES(?)").map_err(sql)?;
        for n in numbers {
            insert.execute([n]).map_err(sql)?;
        }
        for (table, of) in [
            ("observations", "id >> 40"),
            ("observation_entities", "observation >> 40"),
            ("tallies", "evidence"),
            ("places", "evidence"),
            ("skips", "evidence"),
            ("log_lines", "evidence"),
            ("notes", "evidence"),
            ("reads", "evidence"),
            ("digests", "evidence"),
        ] {
            self.db.execute(&format!("DELETE FROM {table} WHERE {of} IN temp.strange"), []).map_err(sql)?;
        }
        Ok(())
    }

    /// Records in the trail what the files of a folder of the case are now. Called by whoever else writes into one: seals.
    pub fn record_folder(&self, folder: &str, at: Time, by: &str) -> Result<()> {
        let under = format!("{folder}/");
        let pick = |files: &Map<String, Value>| -> Map<String, Value> {
            files.iter().filter(|(name, _)| name.starts_with(&under)).map(|(n, h)| (n.clone(), h.clone())).collect()
        };
        let now = pick(&self.files()?);
        let before = self.last_state()?["files"].as_object().map(pick).unwrap_or_default();
        if now == before {
            return Ok(());
        }
        let detail = json!({ "under": folder, "files": now });
        self.transaction(|| audit::append(&self.db, at, by, "files", detail))
    }

    /// The files of a folder of the case with their SHA-256. What is no regular file is told as such.
    pub(crate) fn brief_files(&self, name: &str) -> Result<Map<String, Value>> {
        let home = self.home()?;
        if !home.has(name) {
            return Ok(Map::new());
        }
        let folder = home.inside(name).map_err(|e| io("open", &home.path().join(name), e))?;
        let mut files = Map::new();
        hash_files(&folder, "", &mut files, &|_| false)?;
        Ok(files)
    }

    /// The files of the case that are neither its database nor evidence nor the brief, with their SHA-256.
    pub(crate) fn files(&self) -> Result<Map<String, Value>> {
        let mut files = Map::new();
        hash_files(self.home()?, "", &mut files, &|name| OWN.contains(&name))?;
        Ok(files)
    }

    /// What each piece of evidence, read again into `again` from the first byte, has other than this case has.
    pub fn differences(&self, again: &Case) -> Result<Differences> {
        let names = |case: &Case| -> Result<BTreeMap<EvidenceId, (i64, String)>> {
            Ok(case.register()?.into_iter().map(|r| (r.evidence.id, (r.n, r.evidence.path))).collect())
        };
        let (ours, theirs) = (self.rows()?, again.rows()?);
        let anew = names(again)?;
        let mut found = Differences::default();
        for (id, (n, path)) in names(self)? {
            let Some((m, _)) = anew.get(&id) else { continue };
            let (Some(before), Some(now)) = (self.read_of(n)?, again.read_of(*m)?) else { continue };
            // What was lost then or now was not read.
            let lost = [before.key, now.key].contains(&Hash::default());
            match (lost || before.key != now.key, ours.get(&n), theirs.get(m)) {
                (true, ..) => found.otherwise.push((id, path)),
                (false, a, b) if a.map(|a| a.rows) == b.map(|b| b.rows) => found.same += 1,
                _ => found.rows.push((id, path)),
            }
        }
        found.findings = found.otherwise.is_empty() && self.findings_digest()? != again.findings_digest()?;
        Ok(found)
    }
}

/// What `verify --deep` found.
#[derive(Default, Debug)]
pub struct Differences {
    /// Pieces of evidence that give the very rows that are stored.
    pub same: u64,
    /// Those that give others.
    pub rows: Vec<(EvidenceId, String)>,
    /// Those that were read by another version, with other settings, or not at all: nothing to compare with.
    pub otherwise: Vec<(EvidenceId, String)>,
    /// Whether other findings come of it.
    pub findings: bool,
}

/// The SHA-256 of every file below a folder, by its name from there.
fn hash_files(folder: &Folder, before: &str, files: &mut Map<String, Value>, but: &dyn Fn(&str) -> bool) -> Result<()> {
    // A stack, not recursion: a folder from somebody else may be nested as deep as he likes.
    let mut stack = vec![(before.to_string(), String::new())];
    while let Some((prefix, path)) = stack.pop() {
        let opened = path
            .split('/')
            .filter(|p| !p.is_empty())
            .try_fold(None::<Folder>, |at, part| at.as_ref().unwrap_or(folder).inside(part).map(Some));
        let here = opened.map_err(|e| io("open", &folder.path().join(&path), e))?;
        let here = here.as_ref().unwrap_or(folder);
        for name in here.names().map_err(|e| io("list", here.path(), e))? {
            // Beside a database that is open somewhere, these come and go.
            let passing = !path.is_empty() && (name.ends_with("-wal") || name.ends_with("-shm"));
            if passing || path.is_empty() && but(&name) {
                continue;
            }
            if files.len() >= FILES_MAX {
                files.insert("…".into(), "too many files to look at".into());
                return Ok(());
            }
            let whole = format!("{prefix}{name}");
            if here.is_folder(&name) {
                stack.push((format!("{whole}/"), format!("{path}/{name}")));
                continue;
            }
            let hashed = here.file(&name).and_then(sha256);
            files.insert(whole, hashed.map_or_else(|e| format!("unreadable: {e}"), |h| hex(&h)).into());
        }
    }
    Ok(())
}

pub(crate) fn sha256(mut file: impl Read) -> std::io::Result<Hash> {
    let (mut sha, mut block) = (Sha256::new(), vec![0; 256 << 10]);
    loop {
        match file.read(&mut block) {
            Ok(0) => return Ok(sha.finalize().into()),
            Ok(n) => sha.update(&block[..n]),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}

pub(crate) fn hex(hash: &Hash) -> String {
    EvidenceId(*hash).to_string()
}

fn each_row(db: &Connection, query: &str, each: &mut dyn FnMut(&rusqlite::Row) -> Result<()>) -> Result<()> {
    let mut statement = db.prepare(query).map_err(sql)?;
    let mut rows = statement.query([]).map_err(sql)?;
    while let Some(row) = rows.next().map_err(sql)? {
        each(row)?;
    }
    Ok(())
}

/// Every value with its type and length, so that no two rows run together.
fn feed_from(sha: &mut Sha256, row: &rusqlite::Row, from: usize) {
    for i in from..row.as_ref().column_count() {
        let (tag, bytes): (u8, &[u8]) = match row.get_ref(i) {
            Ok(ValueRef::Integer(n)) => {
                sha.update([1]);
                sha.update(n.to_le_bytes());
                continue;
            }
            Ok(ValueRef::Real(x)) => {
                sha.update([2]);
                sha.update(x.to_le_bytes());
                continue;
            }
            Ok(ValueRef::Text(text)) => (3, text),
            Ok(ValueRef::Blob(blob)) => (4, blob),
            Ok(ValueRef::Null) | Err(_) => (0, &[]),
        };
        sha.update([tag]);
        sha.update((bytes.len() as u64).to_le_bytes());
        sha.update(bytes);
    }
}
