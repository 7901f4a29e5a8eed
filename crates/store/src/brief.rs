//! The brief on disk: written beside the old one, recorded in the audit trail with all that the case is then made of,
//! and put in its place. A run that is killed between the two is completed by whoever opens the case next.

use crate::case::{Case, hash};
use crate::folder::{Folder, plain};
use crate::memory::{Gone, Run, Watched};
use crate::state::{Distrust, hex};
use crate::{Hash, audit, io, sql};
use model::{Result, Time};
use rusqlite::params;
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

pub(crate) const NEXT: &str = ".brief.next";
pub(crate) const LAST: &str = ".brief.last";

/// What a run was made with, as the trail records it.
pub struct Ran<'r> {
    /// The text of `case.toml` that it followed.
    pub settings: &'r str,
    /// Digests of what it knew and how it reads and judges.
    pub program: Program,
    /// The fields whose change is news.
    pub watched: &'r [Watched<'r>],
    /// What of the case it did not believe.
    pub distrust: Distrust,
}

/// Digests of knowledge and code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Program {
    /// Of what is known before any evidence is seen.
    pub knowledge: Hash,
    /// Of the code that reads and judges.
    pub code: Hash,
}

/// What a run brought.
pub struct Written {
    /// Whether findings or brief have changed.
    pub changed: bool,
    /// What is new, if anything.
    pub news: Option<Run>,
    /// What the findings of the last run lacks, and why.
    pub gone: Vec<Gone>,
}

impl Case {
    /// Writes the brief that `make` hands out file by file, compares the findings with those of earlier runs, records the
    /// run with all that the case is now made of, and puts the brief in place of the last one.
    pub fn write_brief(
        &self,
        at: Time,
        by: &str,
        ran: &Ran,
        make: impl FnOnce(&mut dyn FnMut(&str, &[u8]) -> Result<()>) -> Result<()>,
    ) -> Result<Written> {
        let home = self.home()?;
        home.remove_all(NEXT).map_err(|e| io("remove", &home.path().join(NEXT), e))?;
        let files = match write_files(home, make) {
            Ok(files) => files,
            Err(e) => {
                // Half a brief is of no use, and its space may be what is missing.
                let _ = home.remove_all(NEXT);
                return Err(e);
            }
        };
        let before = self.last_state()?;
        let findings = hex(&self.findings_digest()?);
        let changed = before["findings"] != findings || before["brief"] != Value::Object(files.clone());
        let (news, gone) = self.transaction(|| {
            let settings = hex(&hash(ran.settings));
            if before["settings"] != settings {
                let query = "INSERT OR IGNORE INTO settings(sha256, text) VALUES(?, ?)";
                self.db.execute(query, params![hash(ran.settings), ran.settings.as_bytes()]).map_err(sql)?;
                audit::append(&self.db, at, by, "settings", json!({ "old": before["settings"], "new": settings }))?;
            }
            let (news, gone) = self.remember(at, ran)?;
            self.record_rows()?;
            let state = json!({ "findings": findings, "brief": files, "files": self.files()?, "tables": self.tables()?,
                "settings": settings });
            let program = json!({ "knowledge": hex(&ran.program.knowledge), "code": hex(&ran.program.code) });
            if state != before || self.last_program()? != program || ran.distrust != Distrust::default() {
                let mut detail = state;
                detail["program"] = program;
                if ran.distrust.evidence > 0 {
                    detail["again"] = ran.distrust.evidence.into();
                }
                audit::append(&self.db, at, by, "run", detail)?;
            }
            Ok((news, gone))
        })?;
        self.complete_brief()?;
        self.seal_database()?;
        Ok(Written { changed, news, gone })
    }

    /// What the last run was made with, as it was recorded.
    pub(crate) fn last_program(&self) -> Result<Value> {
        let trail = self.trail()?;
        let last = trail.iter().rev().find(|e| e.action == "run").map(|e| e.json()).transpose()?;
        Ok(last.map_or(Value::Null, |detail| detail["program"].clone()))
    }

    /// Puts the brief that the trail records in place, if it waits there; whatever else was being written goes.
    pub(crate) fn complete_brief(&self) -> Result<()> {
        let home = self.home()?;
        let failed = |name: &str, e| io("move", &home.path().join(name), e);
        if home.has(NEXT) {
            let waiting = Value::Object(self.brief_files(NEXT)?);
            let recorded = self.last_state()?["brief"].clone();
            if waiting == recorded && Value::Object(self.brief_files("brief")?) != recorded {
                home.remove_all(LAST).map_err(|e| failed(LAST, e))?;
                if home.has("brief") {
                    home.rename("brief", LAST).map_err(|e| failed("brief", e))?;
                }
                home.rename(NEXT, "brief").map_err(|e| failed(NEXT, e))?;
                home.sync().map_err(|e| failed("brief", e))?;
            }
        }
        for name in [NEXT, LAST] {
            home.remove_all(name).map_err(|e| io("remove", &home.path().join(name), e))?;
        }
        home.room("brief").map(drop)
    }
}

fn write_files(
    home: &Folder,
    make: impl FnOnce(&mut dyn FnMut(&str, &[u8]) -> Result<()>) -> Result<()>,
) -> Result<Map<String, Value>> {
    let next = home.room(NEXT)?;
    let mut files = Map::new();
    // A long file comes in pieces, and several may grow side by side.
    let mut open: Vec<Writing> = Vec::new();
    make(&mut |name, bytes| {
        if let Some(known) = open.iter_mut().find(|w| w.name == name) {
            return known.write(bytes);
        }
        open.push(Writing::new(&next, plain(name)?)?);
        open.last_mut().map_or(Ok(()), |w| w.write(bytes))
    })?;
    open.into_iter().try_for_each(|w| w.end(&mut files))?;
    // As they are listed.
    files.sort_keys();
    Ok(files)
}

/// A file of the brief being written.
struct Writing {
    name: String,
    path: PathBuf,
    file: BufWriter<File>,
    hash: sha2::Sha256,
}

impl Writing {
    fn new(next: &Folder, name: &str) -> Result<Writing> {
        let path = next.path().join(name);
        let file = next.fresh(name).map_err(|e| io("write", &path, e))?;
        Ok(Writing { name: name.into(), path, file: BufWriter::new(file), hash: sha2::Sha256::default() })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        sha2::Digest::update(&mut self.hash, bytes);
        self.file.write_all(bytes).map_err(|e| io("write", &self.path, e))
    }

    fn end(self, files: &mut Map<String, Value>) -> Result<()> {
        let Writing { name, path, file, hash } = self;
        let hash: Hash = sha2::Digest::finalize(hash).into();
        files.insert(name, hex(&hash).into());
        let flushed = file.into_inner().map_err(std::io::IntoInnerError::into_error).and_then(|f| f.sync_all());
        flushed.map_err(|e| io("write", &path, e))
    }
}
