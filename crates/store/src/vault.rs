//! Evidence comes in: copied whole into the vault (or referred to), hashed from what was stored, then registered.

use crate::case::{Case, Place, Registered};
use crate::folder::Folder;
use crate::state::hex;
use crate::{Hash, audit, hash_of, io, sql};
use model::{Error, EvidenceId, Result, Time};
use platform::regular;
use rusqlite::params;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::path::Path;

/// The one file being taken in; one name is enough, for one program writes at a time, and it is found again after a
/// crash.
pub const INCOMING: &str = ".incoming";

/// What is told with a piece of evidence.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The name under which it was given, as it is shown.
    pub path: String,
    /// The name itself, where it is not UTF-8.
    pub bytes: Option<Vec<u8>>,
    /// When it was last modified.
    pub modified: Option<Time>,
    /// Now.
    pub added: Time,
    /// By whom.
    pub by: String,
}

/// What stands for the hash of evidence that was only counted. Not zero, which says that it was never read.
const COUNTED: EvidenceId = EvidenceId([0xff; 32]);

/// SHA-256 of what is read through it.
pub struct Hasher<R> {
    inner: R,
    sha: Option<Sha256>,
    /// Bytes so far.
    pub size: u64,
}

impl<R: Read> Hasher<R> {
    /// Around a reader.
    pub fn new(inner: R) -> Hasher<R> {
        Hasher { inner, sha: Some(Sha256::new()), size: 0 }
    }

    /// Around a reader whose bytes are only counted, for a case whose one piece of evidence nobody asks the hash of:
    /// hashing takes as long as parsing. Every piece so read has the same stand-in for a hash.
    pub fn counting(inner: R) -> Hasher<R> {
        Hasher { inner, sha: None, size: 0 }
    }

    /// Reads what is left and says what all of it was.
    pub fn finish(mut self) -> std::io::Result<(EvidenceId, u64)> {
        let mut rest = vec![0; 256 << 10];
        loop {
            match self.read(&mut rest) {
                Ok(0) => {
                    let id = self.sha.map_or(COUNTED, |sha| EvidenceId(sha.finalize().into()));
                    return Ok((id, self.size));
                }
                Err(e) if e.kind() != std::io::ErrorKind::Interrupted => return Err(e),
                _ => {}
            }
        }
    }
}

impl<R: Read> Read for Hasher<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        if let Some(sha) = &mut self.sha {
            sha.update(&buffer[..n]);
        }
        self.size += n as u64;
        Ok(n)
    }
}

impl Case {
    /// Copies evidence into the vault and registers it. The flag tells whether the same bytes were there already.
    pub fn take_in(&self, mut from: impl Read, arrival: Arrival) -> Result<(Registered, bool)> {
        let vault = self.vault()?;
        let failed = |e| io("take evidence into", &vault.path().join(INCOMING), e);
        let mut copy = || -> std::io::Result<(EvidenceId, u64)> {
            let mut file = vault.fresh(INCOMING)?;
            // Between files the standard library lets the kernel copy, or share blocks where the file system can.
            std::io::copy(&mut from, &mut file)?;
            // Hashed from what was stored, not from what was meant to be: a log may grow while it is copied.
            file.rewind()?;
            let known = Hasher::new(&file).finish()?;
            platform::read_only(&file)?;
            file.sync_all()?;
            Ok(known)
        };
        let (id, size) = copy().map_err(|e| {
            // A half copy is of no use, and its space may be what is missing.
            let _ = vault.remove(INCOMING);
            failed(e)
        })?;
        if let Some(known) = self.known(id)?.filter(|k| k.place != Place::Nowhere) {
            vault.remove(INCOMING).map_err(failed)?;
            return Ok((known, true));
        }
        // Registered first, then put in its place: killed in between, whoever opens the case next does the rest.
        let registered = self.enter(id, size, None, arrival)?;
        vault.rename(INCOMING, &id.to_string()).and_then(|()| vault.sync()).map_err(failed)?;
        Ok((registered, false))
    }

    fn vault(&self) -> Result<Folder> {
        let home = self.home()?;
        home.inside("vault").map_err(|e| io("open", &home.path().join("vault"), e))
    }

    /// Puts what was registered last in its place, if a killed program did not; else what it left goes.
    pub(crate) fn complete_intake(&self) -> Result<()> {
        let vault = self.vault()?;
        let failed = |e| io("take evidence into", &vault.path().join(INCOMING), e);
        if !vault.has(INCOMING) {
            return Ok(());
        }
        let whole = vault.file(INCOMING).and_then(|file| Hasher::new(file).finish());
        if let Ok((id, _)) = whole
            && self.known(id)?.is_some_and(|k| k.place == Place::Vault)
            && !vault.has(&id.to_string())
        {
            return vault.rename(INCOMING, &id.to_string()).and_then(|()| vault.sync()).map_err(failed);
        }
        vault.remove(INCOMING).map_err(failed)
    }

    /// Registers a file that stays where it is.
    pub fn refer(&self, file: &Path, arrival: Arrival) -> Result<(Registered, bool)> {
        let path = file.canonicalize().map_err(|e| io("find", file, e))?;
        let hashed = regular(&path, false).and_then(|f| Hasher::new(f).finish());
        let (id, size) = hashed.map_err(|e| io("read", &path, e))?;
        if let Some(known) = self.known(id)?.filter(|k| k.place != Place::Nowhere) {
            return Ok((known, true));
        }
        Ok((self.enter(id, size, Some(platform::to_bytes(&path)), arrival)?, false))
    }

    /// Registers a file (or, without one, a stream) in a temporary case; its hash comes with its reading.
    pub fn refer_unread(&self, file: Option<&Path>, size: u64, arrival: Arrival) -> Result<()> {
        let place = file.map(platform::to_bytes).unwrap_or_default();
        self.insert(None, size, Some(place), &arrival)
    }

    fn enter(&self, id: EvidenceId, size: u64, place: Option<Vec<u8>>, arrival: Arrival) -> Result<Registered> {
        self.transaction(|| {
            // What was forgotten may come again; then it is remembered anew, and the trail tells both.
            self.db.execute("DELETE FROM evidence WHERE sha256 = ?", [id.0]).map_err(sql)?;
            self.insert(Some(id), size, place.clone(), &arrival)?;
            let mut salt = [0; 16];
            getrandom::fill(&mut salt).map_err(|e| {
                Error::new("the operating system gave no random bytes").because(std::io::Error::other(e.to_string()))
            })?;
            let n = self.db.last_insert_rowid();
            let name = arrival.bytes.as_deref();
            let row = params![n, salt, name];
            self.db.execute("INSERT OR REPLACE INTO lines(evidence, salt, name) VALUES(?, ?, ?)", row).map_err(sql)?;
            // The trail outlives `forget`, so it holds no name, and of the name no hash that could be guessed.
            let line = line(&salt, &arrival.path, name, place.as_deref());
            let detail = json!({ "evidence": id, "size": size, "modified": arrival.modified, "line": hex(&line) });
            audit::append(&self.db, arrival.added, &arrival.by, "add", detail)
        })?;
        self.known(id)?.ok_or_else(|| {
            Error::new("what was just written into `case.db` is not there")
                .hint("`vigie verify` tells what has changed")
        })
    }

    /// By number, what the trail must know each line of the register by.
    pub(crate) fn lines(&self) -> Result<BTreeMap<i64, Hash>> {
        let query = "SELECT n, salt, path, name, place FROM evidence JOIN lines ON evidence = n";
        let mut statement = self.db.prepare(query).map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        let mut all = BTreeMap::new();
        while let Some(row) = rows.next().map_err(sql)? {
            let (salt, path): (Vec<u8>, String) = (row.get(1).map_err(sql)?, row.get(2).map_err(sql)?);
            let (name, place): (Option<Vec<u8>>, Option<Vec<u8>>) =
                (row.get(3).map_err(sql)?, row.get(4).map_err(sql)?);
            all.insert(row.get(0).map_err(sql)?, line(&salt, &path, name.as_deref(), place.as_deref()));
        }
        Ok(all)
    }

    fn insert(&self, id: Option<EvidenceId>, size: u64, place: Option<Vec<u8>>, arrival: &Arrival) -> Result<()> {
        self.db
            .prepare_cached(
                "INSERT INTO evidence(sha256, path, size, modified, added, added_by, place) VALUES(?, ?, ?, ?, ?, ?, ?)",
            )
            .and_then(|mut s| {
                s.execute(params![
                    id.map(|i| i.0),
                    arrival.path,
                    size as i64,
                    arrival.modified.map(|t| t.0),
                    arrival.added.0,
                    arrival.by,
                    place
                ])
            })
            .map_err(sql)?;
        Ok(())
    }
}

/// What the trail knows the names of a line of the register by.
fn line(salt: &[u8], path: &str, name: Option<&[u8]>, place: Option<&[u8]>) -> Hash {
    let [has_name, has_place] = [name, place].map(|p| [u8::from(p.is_some())]);
    hash_of([salt, path.as_bytes(), &has_name, name.unwrap_or_default(), &has_place, place.unwrap_or_default()])
}
