//! The brief on disk: written beside the old one, then put in its place, and recorded in the audit trail with the
//! findings it was made of.

use crate::case::{Case, private_dir};
use crate::{Hash, audit, io};
use model::{Error, Result, Time};
use serde_json::{Map, Value, json};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

const NEXT: &str = ".brief.next";
const LAST: &str = ".brief.last";

impl Case {
    /// Writes the brief that `make` hands out file by file, puts it in place of the last one, and records the run if
    /// it changed findings or brief. Says whether it did.
    pub fn write_brief(
        &self,
        at: Time,
        by: &str,
        make: impl FnOnce(&mut dyn FnMut(&str, &[u8]) -> Result<()>) -> Result<()>,
    ) -> Result<bool> {
        let home = self.home()?.to_path_buf();
        clean(&home)?;
        let changed = self.replace_brief(&home, at, by, make);
        // Also after a failure: half a brief is of no use, and its space may be what is missing.
        clean(&home)?;
        changed
    }

    fn replace_brief(
        &self,
        home: &Path,
        at: Time,
        by: &str,
        make: impl FnOnce(&mut dyn FnMut(&str, &[u8]) -> Result<()>) -> Result<()>,
    ) -> Result<bool> {
        let (brief, next, last) = (home.join("brief"), home.join(NEXT), home.join(LAST));
        private_dir(&next)?;
        let mut files = Map::new();
        // A long file comes in pieces, and several may grow side by side.
        let mut open: Vec<Writing> = Vec::new();
        make(&mut |name, bytes| {
            if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\']) {
                return Err(Error::new(format!("`{name}` is no name for a file of the brief")));
            }
            if let Some(known) = open.iter_mut().find(|w| w.name == name) {
                return known.write(bytes);
            }
            open.push(Writing::new(&next, name)?);
            open.last_mut().map_or(Ok(()), |w| w.write(bytes))
        })?;
        open.into_iter().try_for_each(|w| w.end(&mut files))?;
        let detail = json!({ "findings": hex(&self.findings_digest()?), "brief": files });
        let changed = self.last_state()?.is_none_or(|last| last != detail);
        self.transaction(|| {
            if changed {
                audit::append(&self.db, at, by, "run", detail)?;
            }
            // Between the two moves there is no brief; a run that was killed there is simply run again.
            if brief.exists() {
                fs::rename(&brief, &last).map_err(|e| io("move", &brief, e))?;
            }
            fs::rename(&next, &brief).map_err(|e| io("move", &next, e))
        })?;
        Ok(changed)
    }

    /// The digests of findings and brief as the trail last recorded them.
    pub fn last_state(&self) -> Result<Option<Value>> {
        let trail = self.trail()?;
        let last = trail.iter().rev().find(|e| e.action == "run" || e.action == "forget");
        let state = last.map(|e| e.json()).transpose()?;
        Ok(state.map(|s| json!({ "findings": s["findings"], "brief": s["brief"] })))
    }

    /// The digests of findings and brief as they are.
    pub fn state(&self) -> Result<Value> {
        let mut files = Map::new();
        let brief = self.home()?.join("brief");
        if brief.exists() {
            let mut names = fs::read_dir(&brief)
                .and_then(|d| d.map(|e| e.map(|e| e.file_name())).collect::<std::io::Result<Vec<_>>>())
                .map_err(|e| io("list", &brief, e))?;
            names.sort();
            for name in names {
                let path = brief.join(&name);
                let bytes = fs::read(&path).map_err(|e| io("read", &path, e))?;
                files.insert(name.to_string_lossy().into_owned(), hex(&hash_of_bytes(&bytes)).into());
            }
        }
        Ok(json!({ "findings": hex(&self.findings_digest()?), "brief": files }))
    }
}

/// A file of the brief being written.
struct Writing {
    name: String,
    path: PathBuf,
    file: BufWriter<File>,
    hash: sha2::Sha256,
}

impl Writing {
    fn new(next: &Path, name: &str) -> Result<Writing> {
        let path = next.join(name);
        let file = File::create_new(&path).map_err(|e| io("write", &path, e))?;
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

/// Removes what a killed run left beside the brief. A brief that was moved away and not replaced goes as well: it was
/// about to, and the next run writes the new one.
pub(crate) fn clean(home: &Path) -> Result<()> {
    for name in [NEXT, LAST] {
        let path = home.join(name);
        if path.exists() {
            fs::remove_dir_all(&path).map_err(|e| io("remove", &path, e))?;
        }
    }
    Ok(())
}

pub(crate) fn hex(hash: &Hash) -> String {
    model::EvidenceId(*hash).to_string()
}

fn hash_of_bytes(bytes: &[u8]) -> Hash {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}
