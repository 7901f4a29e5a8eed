//! A case: its folder, its lock, its register of evidence.

use crate::brief::{LAST, NEXT};
use crate::folder::Folder;
use crate::state::hex;
use crate::verify::SUM;
use crate::withheld::KeptBack;
use crate::{Hash, audit, io, schema, sql};
use model::{Error, Evidence, EvidenceId, Result, Time};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};
use serde_json::json;
use std::cell::RefCell;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// A case on disk, or a temporary one that refers to its files.
pub struct Case {
    pub(crate) db: Connection,
    home: Option<Folder>,
    /// Held while this program may write; the operating system lets go of it whatever happens to us.
    lock: Option<File>,
    /// A copy of the database, where the case's own folder lets nobody write and it could not be opened there.
    _copy: Option<tempfile::TempDir>,
    /// What nobody sees.
    pub(crate) kept_back: RefCell<KeptBack>,
    /// In a temporary case, files with the same bytes as one that was read: other names of it.
    pub(crate) same: RefCell<Vec<Evidence>>,
}

/// What of a case's folder is no small file of its own: held against the trail in other ways, or nothing that lasts.
pub(crate) const OWN: [&str; 11] = [
    "case.db",
    "case.db-wal",
    "case.db-shm",
    "case.db-journal",
    "case.lock",
    "case.toml",
    SUM,
    "vault",
    "brief",
    NEXT,
    LAST,
];

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
    fn with(db: Connection, home: Option<Folder>, lock: Option<File>, copy: Option<tempfile::TempDir>) -> Case {
        Case { db, home, lock, _copy: copy, kept_back: RefCell::default(), same: RefCell::default() }
    }

    /// Makes a new case in `dir` (which may exist, empty of a case) with this `case.toml`.
    pub fn create(dir: &Path, toml: &str, at: Time, by: &str) -> Result<Case> {
        let home = Folder::make(dir)?;
        let lock = lock(&home)?;
        if let Some(file) =
            ["case.db", "case.db-wal", "case.db-shm"].into_iter().find(|f| home.has(f) && !home.is_file(f))
        {
            return Err(Error::new(format!("`{}` is no regular file", home.path().join(file).display()))
                .hint("choose another folder"));
        }
        // Without a case.toml, a database with nothing in the vault is what a killed `init` left.
        let empty = home.inside("vault").and_then(|v| v.names()).map_or(!home.has("vault"), |names| names.is_empty());
        if !home.has("case.toml") && home.is_file("case.db") && empty {
            for left in ["case.db-wal", "case.db-shm", "case.db"] {
                home.remove(left).map_err(|e| io("remove", &home.path().join(left), e))?;
            }
        }
        if home.has("case.toml") || home.has("case.db") {
            return Err(Error::new(format!("`{}` already holds a case", dir.display()))
                .hint("`vigie add` takes evidence in; choose another folder for a new case"));
        }
        for room in ["vault", "seals", "brief"] {
            home.room(room)?;
        }
        let db = connect(&home, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        schema::create(&db)?;
        let case = Case::with(db, Some(home), Some(lock), None);
        case.transaction(|| audit::append(&case.db, at, by, "init", json!({ "settings": hex(&hash(toml)) })))?;
        case.make_pseudonym_key(at, by)?;
        // Last, and at once: a folder with a case.toml is a whole case.
        case.home()?.write("case.toml", toml.as_bytes()).map_err(|e| io("write", &dir.join("case.toml"), e))?;
        Ok(case)
    }

    /// Opens a case to write in it; one program at a time. What a killed one left half done is done or cleaned up.
    pub fn open(dir: &Path) -> Result<Case> {
        let home = Case::home_of(dir)?;
        let lock = lock(&home)?;
        let db = connect(&home, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        schema::open(&db, true)?;
        let case = Case::with(db, Some(home), Some(lock), None);
        case.complete()?;
        Ok(case)
    }

    /// Opens a case to look at it; others may look and one may write meanwhile. Where nothing can be written (a sealed
    /// medium, a full disk), what is there is looked at as it is.
    pub fn look(dir: &Path) -> Result<Case> {
        let home = Case::home_of(dir)?;
        let (db, copy) = match connect(&home, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(|db| {
            schema::open(&db, false)?;
            Ok(db)
        }) {
            Ok(db) => (db, None),
            // Looking needs a small file beside the database, unless it is promised that nobody writes.
            Err(e) => match sealed(&home) {
                Ok(sealed) => sealed,
                Err(_) => return Err(e),
            },
        };
        let case = Case::with(db, Some(home), None, copy);
        if case.incomplete()? {
            // Whoever opens a case first after something was broken off completes it, if he may write and nobody does.
            let _ = Case::open(dir);
        }
        Ok(case)
    }

    /// A case that lasts as long as this value. Its database is a nameless file, gone with the process however that
    /// ends.
    pub fn temporary() -> Result<Case> {
        let db = Connection::open("").map_err(sql)?;
        schema::create_temporary(&db)?;
        db.execute_batch("BEGIN").map_err(sql)?;
        Ok(Case::with(db, None, None, None))
    }

    fn home_of(dir: &Path) -> Result<Folder> {
        let none = || Error::new(format!("`{}` is not a case", dir.display())).hint("`vigie init DIR` makes one");
        let home = Folder::open(dir).map_err(|e| match e.kind() {
            std::io::ErrorKind::PermissionDenied => {
                Error::new(format!("`{}` may not be opened by who you are here", dir.display()))
                    .hint("a case is its maker's alone: ask as that person, or have them give you the right")
                    .because(e)
            }
            _ => none().because(e),
        })?;
        for file in ["case.toml", "case.db"] {
            if !home.has(file) {
                return Err(none());
            }
        }
        for file in ["case.toml", "case.lock", "case.db", "case.db-wal", "case.db-shm", "case.db-journal"] {
            if home.has(file) && !home.is_file(file) {
                return Err(Error::new(format!("`{}` is no regular file", home.path().join(file).display()))
                    .hint("a case's files are regular files, and its own"));
            }
        }
        // Whoever sent the folder may have put links in their places.
        for room in ["vault", "brief", "seals", "collect"] {
            if home.has(room) {
                home.inside(room).map_err(|e| {
                    io("open", &home.path().join(room), e).hint("a case's folders are folders, and its own")
                })?;
            }
        }
        Ok(home)
    }

    /// The text of a case's `case.toml`.
    pub fn settings_of(dir: &Path) -> Result<String> {
        let path = dir.join("case.toml");
        let read = Folder::open(dir).and_then(|home| home.read("case.toml"));
        let bytes = read.map_err(|e| io("read", &path, e))?;
        let bytes = bytes.ok_or_else(|| Error::new(format!("`{}` is not a case", dir.display())))?;
        String::from_utf8(bytes)
            .map_err(|e| Error::new(format!("`{}` is not text in UTF-8", path.display())).because(e))
    }

    /// The case's folder; none for a temporary one.
    pub fn dir(&self) -> Option<&Path> {
        self.home.as_ref().map(Folder::path)
    }

    pub(crate) fn home(&self) -> Result<&Folder> {
        self.home.as_ref().ok_or_else(|| Error::new("a temporary case has no folder"))
    }

    /// Whether this program may write in it.
    pub(crate) fn writes(&self) -> bool {
        self.lock.is_some()
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
            (Place::Vault, Some(home)) => Some(home.path().join("vault").join(registered.evidence.id.to_string())),
            _ => None,
        }
    }

    /// Opens the bytes of a piece of evidence. Never blocks: what is no regular file is refused.
    pub fn bytes_of(&self, registered: &Registered) -> std::io::Result<File> {
        match (&registered.place, &self.home) {
            (Place::Vault, Some(home)) => home.inside("vault")?.file(&registered.evidence.id.to_string()),
            // In a temporary case it is the name that a person gave; else it was canonical when it was added.
            (Place::File(path), home) => platform::regular(path, home.is_none()),
            _ => Err(std::io::ErrorKind::NotFound.into()),
        }
    }

    /// Whether a killed program left something to be completed.
    fn incomplete(&self) -> Result<bool> {
        let home = self.home()?;
        let left =
            home.has(NEXT) || home.has(LAST) || home.inside("vault").is_ok_and(|v| v.has(crate::vault::INCOMING));
        Ok(left || self.erasing()?)
    }

    /// Does what a killed program was about to do, and removes what it left half done.
    fn complete(&self) -> Result<()> {
        let home = self.home()?;
        self.complete_intake()?;
        self.complete_brief()?;
        self.complete_erasure()?;
        for folder in [".", "collect", "seals"].map(|name| home.inside(name)).into_iter().flatten() {
            for name in folder.names().map_err(|e| io("list", folder.path(), e))? {
                let ours = name.starts_with('.') && name.ends_with(".next") && name != NEXT;
                // What versions before this one called them.
                if ours || name.starts_with(".pseudonyms.key.") {
                    folder.remove(&name).map_err(|e| io("remove", &folder.path().join(&name), e))?;
                }
            }
        }
        Ok(())
    }

    /// Runs `work` as one transaction.
    pub(crate) fn transaction<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let transaction = Change::begin(self)?;
        let done = work()?;
        transaction.commit()?;
        Ok(done)
    }

    /// Runs a statement that is run for many pieces of evidence.
    pub(crate) fn execute(&self, query: &str, values: impl rusqlite::Params) -> Result<usize> {
        self.db.prepare_cached(query).and_then(|mut statement| statement.execute(values)).map_err(sql)
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
        Some(path) => Place::File(platform::of_bytes(path)),
    };
    Ok(Registered { n: row.get(0)?, evidence, place })
}

/// A change that is made whole or not at all; dropped without [`Change::commit`], it leaves what was.
///
/// A temporary case is one transaction from beginning to end, for nothing in it need survive anything, and each commit
/// looks at every page that is not written yet: with many small files that grows with their square. Its changes are
/// savepoints.
pub(crate) struct Change<'c> {
    db: &'c Connection,
    undo: Option<&'static str>,
    keep: &'static str,
}

impl<'c> Change<'c> {
    /// Begins one.
    pub(crate) fn begin(case: &'c Case) -> Result<Change<'c>> {
        let (begin, keep, undo) = match case.home {
            Some(_) => ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"),
            None => ("SAVEPOINT change", "RELEASE change", "ROLLBACK TO change; RELEASE change"),
        };
        case.execute(begin, [])?;
        Ok(Change { db: &case.db, undo: Some(undo), keep })
    }

    /// Makes it last.
    pub(crate) fn commit(mut self) -> Result<()> {
        let kept = self.db.prepare_cached(self.keep).and_then(|mut statement| statement.execute([]));
        kept.map_err(sql)?;
        self.undo = None;
        Ok(())
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        // Of a transaction that failed, SQLite may have undone all itself.
        if let Some(undo) = self.undo {
            let _ = self.db.execute_batch(undo);
        }
    }
}

/// Opens the database in a folder whose files were looked at; no link is followed.
fn connect(home: &Folder, flags: OpenFlags) -> Result<Connection> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    Connection::open_with_flags(home.path().join("case.db"), flags).map_err(sql)
}

/// Opens a database where nothing can be written: as it is, if all of it is in its file; else in a copy.
fn sealed(home: &Folder) -> Result<(Connection, Option<tempfile::TempDir>)> {
    let pending = home.file("case.db-wal").and_then(|f| f.metadata()).is_ok_and(|m| m.len() > 0);
    let (path, copy) = if pending {
        let place = tempfile::tempdir().map_err(|e| Error::new("could not make a temporary folder").because(e))?;
        for name in ["case.db", "case.db-wal"] {
            let to = place.path().join(name);
            let copied = home.file(name).and_then(|mut from| std::io::copy(&mut from, &mut File::create(&to)?));
            copied.map_err(|e| io("copy", &to, e))?;
        }
        (place.path().join("case.db"), Some(place))
    } else {
        (home.path().join("case.db"), None)
    };
    // In a name that is an address, these three mean something.
    let mut uri = String::from("file:");
    for byte in &platform::to_bytes(&path) {
        match byte {
            b'%' | b'?' | b'#' | 0x80.. => uri.push_str(&format!("%{byte:02x}")),
            plain => uri.push(*plain as char),
        }
    }
    if copy.is_none() {
        uri.push_str("?immutable=1");
    }
    let flags = match copy {
        None => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Some(_) => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    let db = Connection::open_with_flags(&uri, flags | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    let db = db.map_err(sql)?;
    schema::open(&db, false)?;
    Ok((db, copy))
}

fn lock(home: &Folder) -> Result<File> {
    let path = home.path().join("case.lock");
    let file = home.kept("case.lock").map_err(|e| io("open", &path, e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::new("another vigie is working on this case")
            .hint("wait until it is done; to look at the case meanwhile, use `vigie findings`")),
        Err(TryLockError::Error(e)) => Err(io("lock", &path, e)),
    }
}

pub(crate) fn hash(text: impl AsRef<[u8]>) -> Hash {
    use sha2::Digest;
    sha2::Sha256::digest(text).into()
}
