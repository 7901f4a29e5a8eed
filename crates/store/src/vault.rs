//! Evidence comes in: copied whole into the vault (or referred to), hashed from what was stored, then registered.

use crate::case::{Case, Place, Registered};
use crate::{audit, io, sql};
use model::{EvidenceId, Result, Time};
use rusqlite::params;
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::path::Path;

/// The one file being taken in; one name is enough, for one program writes at a time, and it is found again after a
/// crash.
pub const INCOMING: &str = ".incoming";

/// What is told with a piece of evidence.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The name under which it was given.
    pub path: String,
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
        let vault = self.home()?.join("vault");
        let incoming = vault.join(INCOMING);
        let failed = |e| io("take evidence into", &incoming, e);
        let mut copy = || -> std::io::Result<(EvidenceId, u64)> {
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&incoming)?;
            // Between files the standard library lets the kernel copy, or share blocks where the file system can.
            std::io::copy(&mut from, &mut file)?;
            // Hashed from what was stored, not from what was meant to be: a log may grow while it is copied.
            let known = Hasher::new(File::open(&incoming)?).finish()?;
            let mut permissions = file.metadata()?.permissions();
            permissions.set_readonly(true);
            #[cfg(unix)]
            std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o400);
            file.set_permissions(permissions)?;
            file.sync_all()?;
            Ok(known)
        };
        let (id, size) = copy().map_err(|e| {
            // A half copy is of no use, and its space may be what is missing.
            let _ = fs::remove_file(&incoming);
            failed(e)
        })?;
        if let Some(known) = self.known(id)?.filter(|k| k.place != Place::Nowhere) {
            fs::remove_file(&incoming).map_err(failed)?;
            return Ok((known, true));
        }
        fs::rename(&incoming, vault.join(id.to_string())).map_err(failed)?;
        #[cfg(unix)]
        File::open(&vault).and_then(|d| d.sync_all()).map_err(failed)?;
        Ok((self.enter(id, size, None, arrival)?, false))
    }

    /// Registers a file that stays where it is.
    pub fn refer(&self, file: &Path, arrival: Arrival) -> Result<(Registered, bool)> {
        let path = file.canonicalize().map_err(|e| io("find", file, e))?;
        let hashed = File::open(&path).and_then(|f| Hasher::new(f).finish());
        let (id, size) = hashed.map_err(|e| io("read", &path, e))?;
        if let Some(known) = self.known(id)?.filter(|k| k.place != Place::Nowhere) {
            return Ok((known, true));
        }
        Ok((self.enter(id, size, Some(path_bytes(&path)), arrival)?, false))
    }

    /// Registers a file (or, without one, a stream) in a temporary case; its hash comes with its reading.
    pub fn refer_unread(&self, file: Option<&Path>, size: u64, arrival: Arrival) -> Result<()> {
        let place = file.map(path_bytes).unwrap_or_default();
        self.insert(None, size, Some(place), &arrival)
    }

    fn enter(&self, id: EvidenceId, size: u64, place: Option<Vec<u8>>, arrival: Arrival) -> Result<Registered> {
        self.transaction(|| {
            // What was forgotten may come again; then it is remembered anew, and the trail tells both.
            self.db.execute("DELETE FROM evidence WHERE sha256 = ?", [id.0]).map_err(sql)?;
            self.insert(Some(id), size, place, &arrival)?;
            // The trail outlives `forget`, so it holds no name.
            let detail = serde_json::json!({ "evidence": id, "size": size, "modified": arrival.modified });
            audit::append(&self.db, arrival.added, &arrival.by, "add", detail)
        })?;
        Ok(self.known(id)?.expect("the row was just written"))
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

#[cfg(unix)]
fn path_bytes(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(not(unix))]
fn path_bytes(path: &Path) -> Vec<u8> {
    path.to_string_lossy().into_owned().into_bytes()
}
