//! A case: its folder, its lock, its register of evidence.

use crate::{io, schema, sql};
use model::{Error, Evidence, EvidenceId, Result, Time};
use rusqlite::{Connection, OptionalExtension, Row};
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// A case on disk, or a temporary one that refers to its files.
pub struct Case {
    pub(crate) db: Connection,
    home: Option<PathBuf>,
    /// Held while this program may write; the operating system lets go of it whatever happens to us.
    _lock: Option<File>,
}

/// Where the bytes of a piece of evidence are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the case's vault.
    Vault,
    /// Left where it was.
    File(PathBuf),
    /// Read once, as it streams by; only in a temporary case.
    Stream,
    /// Nowhere any more: erased.
    Nowhere,
}

/// A line of the register as the store knows it.
#[derive(Clone, Debug)]
pub struct Registered {
    /// Its number in this case: the order of `add`, never shown.
    pub n: i64,
    /// What is known of it; the id is all zeros while a temporary case has not read it yet.
    pub evidence: Evidence,
    /// Where its bytes are.
    pub place: Place,
}

impl Case {
    /// Makes a new case in `dir` (which may exist, empty of a case) with this `case.toml`.
    pub fn create(dir: &Path, toml: &str) -> Result<Case> {
        private_dir(dir)?;
        let lock = lock(dir)?;
        let (toml_file, db_file) = (dir.join("case.toml"), dir.join("case.db"));
        // Without a case.toml, a database with nothing in the vault is what a killed `init` left.
        let empty = |d: &Path| fs::read_dir(d).map_or(true, |mut d| d.next().is_none());
        if !toml_file.exists() && db_file.exists() && empty(&dir.join("vault")) {
            for left in
                ["case.db-wal", "case.db-shm", "case.db"].map(|name| dir.join(name)).iter().filter(|p| p.exists())
            {
                fs::remove_file(left).map_err(|e| io("remove", left, e))?;
            }
        }
        if toml_file.exists() || db_file.exists() {
            return Err(Error::new(format!("`{}` already holds a case", dir.display()))
                .hint("`vigie add` takes evidence in; choose another folder for a new case"));
        }
        for room in ["vault", "seals", "brief"] {
            private_dir(&dir.join(room))?;
        }
        let db = Connection::open(&db_file).map_err(sql)?;
        schema::create(&db)?;
        // Last, and at once: a folder with a case.toml is a whole case.
        let next = dir.join(".case.toml.next");
        let written = fs::write(&next, toml).and_then(|()| fs::rename(&next, &toml_file));
        written.map_err(|e| io("write", &toml_file, e))?;
        Ok(Case { db, home: Some(dir.to_path_buf()), _lock: Some(lock) })
    }

    /// Opens a case to write in it; one program at a time. What a killed one left half done is cleaned up.
    pub fn open(dir: &Path) -> Result<Case> {
        Case::must_be(dir)?;
        let lock = lock(dir)?;
        let case = Case::connect(dir, Some(lock))?;
        case.clean()?;
        Ok(case)
    }

    /// Opens a case to look at it; others may look and one may write meanwhile.
    pub fn look(dir: &Path) -> Result<Case> {
        Case::must_be(dir)?;
        Case::connect(dir, None)
    }

    /// A case that lasts as long as this value. Its database is a nameless file, gone with the process however that
    /// ends.
    pub fn temporary() -> Result<Case> {
        let db = Connection::open("").map_err(sql)?;
        schema::create_temporary(&db)?;
        Ok(Case { db, home: None, _lock: None })
    }

    fn must_be(dir: &Path) -> Result<()> {
        if dir.join("case.toml").is_file() && dir.join("case.db").is_file() {
            return Ok(());
        }
        Err(Error::new(format!("`{}` is not a case", dir.display())).hint("`vigie init DIR` makes one"))
    }

    fn connect(dir: &Path, lock: Option<File>) -> Result<Case> {
        let db = Connection::open(dir.join("case.db")).map_err(sql)?;
        schema::open(&db, lock.is_some())?;
        Ok(Case { db, home: Some(dir.to_path_buf()), _lock: lock })
    }

    /// The case's folder; none for a temporary one.
    pub fn dir(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    pub(crate) fn home(&self) -> Result<&Path> {
        self.dir().ok_or_else(|| Error::new("a temporary case has no folder"))
    }

    /// The register, by path and hash.
    pub fn register(&self) -> Result<Vec<Registered>> {
        let mut statement = self.db.prepare_cached(&format!("{REGISTER} ORDER BY path, sha256, e.n")).map_err(sql)?;
        let rows = statement.query_map([], registered).map_err(sql)?;
        rows.collect::<rusqlite::Result<_>>().map_err(sql)
    }

    /// The piece of evidence whose hash begins with `prefix` (hexadecimal); none or several are an error that says so.
    pub fn evidence_like(&self, prefix: &str) -> Result<Registered> {
        let prefix = prefix.to_ascii_lowercase();
        if let Some(known) = prefix.parse().ok().map(|id| self.known(id)).transpose()?.flatten() {
            return Ok(known);
        }
        let mut like = self.register()?;
        like.retain(|r| r.evidence.id.to_string().starts_with(&prefix));
        match like.len() {
            1 if prefix.len() >= 4 => Ok(like.remove(0)),
            0 | 1 => Err(Error::new(format!("no evidence has a hash that begins with `{prefix}`"))
                .hint("give at least four digits of the hash that `vigie add` printed")),
            n => Err(Error::new(format!("{n} pieces of evidence have a hash that begins with `{prefix}`"))
                .hint("give more of its digits")),
        }
    }

    pub(crate) fn known(&self, id: EvidenceId) -> Result<Option<Registered>> {
        let mut statement = self.db.prepare_cached(&format!("{REGISTER} WHERE sha256 = ?")).map_err(sql)?;
        statement.query_row([id.0], registered).optional().map_err(sql)
    }

    /// The file that holds the bytes of a piece of evidence, if any does.
    pub fn path_of(&self, registered: &Registered) -> Option<PathBuf> {
        match (&registered.place, &self.home) {
            (Place::File(path), _) => Some(path.clone()),
            (Place::Vault, Some(home)) => Some(home.join("vault").join(registered.evidence.id.to_string())),
            _ => None,
        }
    }

    /// Opens the bytes of a piece of evidence. Never blocks: what is no regular file is refused.
    pub fn bytes_of(&self, registered: &Registered) -> std::io::Result<File> {
        let path = self.path_of(registered).ok_or(std::io::ErrorKind::NotFound)?;
        if !fs::metadata(&path)?.is_file() {
            return Err(std::io::Error::other("not a regular file"));
        }
        File::open(path)
    }

    /// Removes what a killed program left half done. Whole files in the vault that nobody registered are kept: they
    /// may be all that is left of something, and `verify` names them.
    fn clean(&self) -> Result<()> {
        let home = self.home()?;
        let incoming = home.join("vault").join(crate::vault::INCOMING);
        if incoming.exists() {
            fs::remove_file(&incoming).map_err(|e| io("remove", &incoming, e))?;
        }
        crate::brief::clean(home)
    }

    /// Runs `work` as one transaction.
    pub(crate) fn transaction<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let transaction = rusqlite::Transaction::new_unchecked(&self.db, rusqlite::TransactionBehavior::Immediate);
        let transaction = transaction.map_err(sql)?;
        let done = work()?;
        transaction.commit().map_err(sql)?;
        Ok(done)
    }
}

const REGISTER: &str = "SELECT e.n, sha256, path, size, modified, added, added_by, place, forgotten, why, sensor
    FROM evidence e LEFT JOIN reads r ON r.evidence = e.n";

fn registered(row: &Row) -> rusqlite::Result<Registered> {
    let id: Option<[u8; 32]> = row.get(1)?;
    let forgotten: Option<i64> = row.get(8)?;
    let place: Option<Vec<u8>> = row.get(7)?;
    let evidence = Evidence {
        id: EvidenceId(id.unwrap_or_default()),
        path: row.get(2)?,
        size: row.get::<_, i64>(3)? as u64,
        modified: row.get::<_, Option<i64>>(4)?.map(Time),
        added: Time(row.get(5)?),
        by: row.get(6)?,
        kind: row.get(10)?,
        forgotten: forgotten.map(Time).zip(row.get::<_, Option<String>>(9)?),
    };
    let place = match place {
        _ if forgotten.is_some() => Place::Nowhere,
        None => Place::Vault,
        Some(path) if path.is_empty() => Place::Stream,
        Some(path) => Place::File(path_of(path)),
    };
    Ok(Registered { n: row.get(0)?, evidence, place })
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// A folder that only its owner may enter.
pub(crate) fn private_dir(dir: &Path) -> Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|e| io("make the folder", dir, e))
}

fn lock(dir: &Path) -> Result<File> {
    let path = dir.join("case.lock");
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    let file = options.open(&path).map_err(|e| io("open", &path, e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::new("another vigie is working on this case")
            .hint("wait until it is done; to look at the case meanwhile, use `vigie findings`")),
        Err(TryLockError::Error(e)) => Err(io("lock", &path, e)),
    }
}
