//! Where parts write: the evidence's folder, what was written there, and what parts tell one another of it.

use crate::files::{Compression, LogFile, Rotation};
use crate::stage::Stage;
use model::{Error, Result, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// One decoy address.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueDecoy {
    /// Registrable domain.
    pub name: String,
    /// The name as it was shown.
    pub host: String,
    /// What it imitates.
    pub imitates: String,
    /// How.
    pub technique: String,
    /// Whose it is, where names of one hand share their registration.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hand: String,
    /// When it appeared.
    pub first: Time,
}

/// Evidence being written.
#[derive(Debug)]
pub struct Evidence {
    dir: PathBuf,
    /// Lines written, by log.
    pub(crate) lines: BTreeMap<String, u64>,
    /// Bytes of logs, before compression.
    pub(crate) bytes: u64,
    /// Decoys that parts used; all are to be found, whoever used them.
    pub(crate) decoys: Vec<TrueDecoy>,
    /// Addresses of people who followed a lure that asks for a password, and when, in the order of time.
    pub(crate) lured: Vec<(String, Time)>,
    /// Accounts whose mailbox somebody else read, and when he read last.
    pub(crate) read: Vec<(String, Time)>,
}

impl Evidence {
    /// In a folder, which must be empty.
    pub(crate) fn new(dir: PathBuf) -> Result<Evidence> {
        let failed = |e| failed(&dir, e);
        fs::create_dir_all(&dir).map_err(failed)?;
        if fs::read_dir(&dir).map_err(failed)?.next().is_some() {
            return Err(Error::new(format!("`{}` is not empty", dir.display())).hint("choose a new directory"));
        }
        Ok(Evidence { dir, lines: BTreeMap::new(), bytes: 0, decoys: Vec::new(), lured: Vec::new(), read: Vec::new() })
    }

    /// Writes a whole file; folders in its name are made.
    pub(crate) fn file(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.dir.join(name);
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        folder.and_then(|()| fs::write(&path, bytes)).map_err(|e| failed(&path, e))
    }

    /// Writes a file of the archive that the campaign keeps, beside the evidence: what may be sealed before anything is
    /// taken. It was changed last at that second.
    pub(crate) fn archive(&mut self, name: &str, bytes: &[u8], modified: i64) -> Result<()> {
        let path = self.dir.with_file_name("archive").join(name);
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        let written =
            folder.and_then(|()| fs::write(&path, bytes)).and_then(|()| File::options().write(true).open(&path));
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(modified.max(0) as u64);
        written.and_then(|file| file.set_modified(at)).map_err(|e| failed(&path, e))
    }

    /// Begins a log that is written line by line; [`Evidence::finish`] ends it.
    pub(crate) fn log(&self, name: &str, rotated: (Rotation, Compression), stage: &Stage) -> LogFile {
        LogFile::new(&self.dir, name, rotated, &stage.period.zone, stage.period.from)
    }

    /// Ends a log and counts it.
    pub(crate) fn finish(&mut self, name: &str, mut log: LogFile) -> Result<()> {
        log.finish()?;
        self.lines.insert(name.into(), log.lines);
        self.bytes += log.bytes;
        Ok(())
    }
}

/// Why something could not be written.
pub(crate) fn failed(path: &Path, e: std::io::Error) -> Error {
    Error::new(format!("could not write `{}`", path.display())).because(e).hint("check the disk's space and rights")
}
