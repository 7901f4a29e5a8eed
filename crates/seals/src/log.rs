//! A log: opened, grown by a run, published.

use crate::tiles::{self, Failed, write};
use crate::{io, keys, random, schema, sql};
use model::{Error, Result, Time};
use proofs::seal::{self, Kind, Record, SALT};
use proofs::text::to_base64;
use proofs::tiles::Tree;
use proofs::vkey::Kind as KeyKind;
use proofs::{Checkpoint, Hash, Note, Signer, Vkey};
use rusqlite::{Connection, OptionalExtension, params};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// A document, or a file that is none, as it is sealed: hashes only.
#[derive(Clone, Debug)]
pub struct Document {
    /// Where it is.
    pub name: String,
    /// What in that file, if not the file itself.
    pub inside: Option<String>,
    /// The hash of its bytes.
    pub bytes: Hash,
    /// The hash of its text, if it has one.
    pub text: Option<Hash>,
    /// The other parts.
    pub parts: Vec<(Kind, Hash)>,
    /// By which near copies of it are found.
    pub samples: Vec<i64>,
}

/// What is known of an entry.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its index.
    pub n: u64,
    /// Where it was.
    pub name: String,
    /// What in that file.
    pub inside: Option<String>,
    /// Kind, salt and hash of each part.
    pub parts: Vec<(Kind, seal::Salt, Hash)>,
}

/// Whether a file was looked at before, and is as it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Looked {
    /// As it was.
    Same,
    /// New, or changed.
    Changed,
}

/// A log on disk.
pub struct Log {
    pub(crate) home: PathBuf,
    pub(crate) db: Connection,
    pub(crate) signer: Signer,
    pub(crate) post_quantum: Option<Signer>,
    /// Held while this program may write.
    _lock: File,
}

/// Bytes of a part in the database: kind, salt, hash.
const PART: usize = 1 + SALT + 32;

pub(crate) fn parts_of(blob: &[u8]) -> Vec<(Kind, seal::Salt, Hash)> {
    let part = |b: &[u8; PART]| {
        let kind = *Kind::ALL.get(usize::from(b[0]))?;
        Some((kind, b[1..=SALT].try_into().ok()?, b[SALT + 1..].try_into().ok()?))
    };
    blob.as_chunks::<PART>().0.iter().filter_map(part).collect()
}

fn lock(home: &Path) -> Result<File> {
    let path = home.join("private").join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|e| io("open", &path, e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Error::new("another vigie is sealing into this log").hint("wait until it is done"))
        }
        Err(TryLockError::Error(e)) => Err(io("lock", &path, e)),
    }
}

fn private(dir: &Path) -> Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    platform::private_folder(dir).map_err(|e| io("make the folder", dir, e))
}

/// The head that was published last, and the note.
pub(crate) fn head(home: &Path, size: Option<u64>) -> Result<Option<(String, Checkpoint)>> {
    let path = size.map_or_else(|| home.join("checkpoint"), |n| home.join(format!("heads/{n}")));
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(io("read", &path, e)),
    };
    let checkpoint = Note::parse(text.as_bytes()).and_then(|note| Checkpoint::of_text(&note.text));
    let checkpoint = checkpoint.map_err(|e| Error::new(format!("`{}` is no head", path.display())).because(e))?;
    Ok(Some((text, checkpoint)))
}

impl Log {
    /// Opens a log to write to it, or makes one of this name (without one: of its key). What a killed program left
    /// half done is finished or undone.
    pub fn open(home: &Path, name: Option<&str>, now: Time) -> Result<Log> {
        private(home)?;
        private(&home.join("private"))?;
        let lock = lock(home)?;
        let key = home.join("private").join("signer.key");
        if !key.exists() {
            if home.join("checkpoint").exists() {
                return Err(Error::new(format!("`{}` has a head and no key that signs", home.display())).hint(
                    "its key is lost: begin a log elsewhere with `vigie seal --continues HEAD`, HEAD being this one's checkpoint",
                ));
            }
            let own = match name {
                Some(name) => name.to_string(),
                None => {
                    let mut bytes = [0u8; 8];
                    random(&mut bytes)?;
                    format!("seals/{:016x}", u64::from_be_bytes(bytes))
                }
            };
            keys::make(home, "signer.key", &own, KeyKind::Log)?;
        }
        let signer = keys::read(home, "signer.key")?;
        let vkey = signer.vkey();
        if let Some(name) = name.filter(|n| *n != vkey.name) {
            return Err(Error::new(format!("this log is named `{}`, not `{name}`", vkey.name)));
        }
        write(&home.join("verifier.key"), format!("{vkey}\n").as_bytes(), 0o644)?;
        let post_quantum = match home.join("private/post-quantum.key").exists() {
            true => Some(keys::read(home, "post-quantum.key")?),
            false => None,
        };
        let path = home.join("private").join("salts.db");
        let made = path.exists();
        let db = Connection::open(&path).map_err(sql)?;
        if !made {
            platform::only_owner(&path).map_err(|e| io("make private", &path, e))?;
        }
        schema::open(&db)?;
        let mut log = Log { home: home.to_path_buf(), db, signer, post_quantum, _lock: lock };
        log.publish(now)?;
        Ok(log)
    }

    /// The key that checks its heads.
    pub fn vkey(&self) -> Vkey {
        self.signer.vkey()
    }

    /// The head that was published last.
    pub fn head(&self) -> Result<Option<Checkpoint>> {
        Ok(head(&self.home, None)?.map(|(_, checkpoint)| checkpoint))
    }

    /// Entries.
    fn size(&self) -> Result<u64> {
        let n: i64 = self.db.query_row("SELECT coalesce(max(n) + 1, 0) FROM entry", [], |r| r.get(0)).map_err(sql)?;
        Ok(n as u64)
    }

    /// Begins a run: nothing of it lasts until it is finished.
    pub fn run(&mut self) -> Result<Run<'_>> {
        self.db.execute_batch("BEGIN IMMEDIATE").map_err(sql)?;
        let next = self.size()?;
        Ok(Run { log: self, next, added: 0, salts: Vec::new(), done: false })
    }

    /// Makes tiles and head out of the database, as far as they lag behind it.
    fn publish(&mut self, now: Time) -> Result<()> {
        let size = self.size()?;
        let old = self.head()?;
        if old.as_ref().is_some_and(|h| h.size > size) {
            return Err(Error::new("the log's head has more entries than `private/salts.db`")
                .hint("bring back the newer `salts.db` from a backup; to go on without it would sign two histories"));
        }
        let fetch = tiles::fetch(&self.home);
        let sound = old.as_ref().is_none_or(|h| Tree::open::<Failed>(h.size, &h.root, &fetch).is_ok());
        if size == old.as_ref().map_or(0, |h| h.size) && sound {
            return Ok(());
        }
        let from = old.as_ref().filter(|_| sound).map_or(0, |h| h.size);
        let mut statement =
            self.db.prepare("SELECT commitment FROM entry WHERE n >= ? AND n < ? ORDER BY n").map_err(sql)?;
        let mut entries = |range: std::ops::Range<u64>| {
            let rows = statement.query_map([range.start as i64, range.end as i64], |r| r.get(0)).map_err(sql)?;
            let rows: Vec<Hash> = rows.collect::<rusqlite::Result<_>>().map_err(sql)?;
            match rows.len() as u64 == range.end - range.start {
                true => Ok(rows),
                false => {
                    Err(Error::new("an entry is missing in `private/salts.db`").hint("bring it back from a backup"))
                }
            }
        };
        tiles::grow(&self.home, from, size, &mut entries)?;
        let root = tiles::root(&self.home, size)?;
        let mut tree = Tree::open::<Failed>(size, &root, &fetch).map_err(|f| f.0)?;
        if let Some(old) = &old {
            let before = tree.root_at::<Failed>(old.size, &fetch).map_err(|f| f.0)?;
            if before != old.root {
                return Err(Error::new("the log's entries are others than those of its last head")
                    .hint("bring back `private/salts.db` from a backup; nothing was signed"));
            }
            if old.size == size {
                return Ok(());
            }
        }
        drop(statement);
        let head = Checkpoint { origin: self.signer.vkey().name, size, root, signed: None };
        let text = head.to_text();
        let seconds = now.0.div_euclid(1_000_000);
        let mut note = format!("{text}\n");
        for signer in [Some(&self.signer), self.post_quantum.as_ref()].into_iter().flatten() {
            note += &signer.sign(&text, seconds).ok_or_else(|| Error::new("the key does not sign"))?;
        }
        write(&self.home.join(format!("heads/{size}")), note.as_bytes(), 0o644)?;
        write(&self.home.join(format!("heads/{size}.txt")), text.as_bytes(), 0o644)?;
        tiles::sync(&self.home)?;
        write(&self.home.join("checkpoint"), note.as_bytes(), 0o644)?;
        tiles::sync(&self.home)
    }

    /// Erases salts, hashes and name of all entries of a file (and of what lies in it), by name or by the hash of its
    /// bytes. How many there were.
    pub fn forget(&mut self, name: &str, bytes: Option<&Hash>) -> Result<usize> {
        let transaction = self.db.transaction().map_err(sql)?;
        let forgotten = {
            let run = |text: &str| transaction.execute(text, params![name, bytes]).map_err(sql);
            // What lies in a file of these bytes goes with it.
            let which = "n IN (SELECT n FROM entry WHERE record IS NULL AND (name = ?1 OR bytes = ?2 OR name IN
                (SELECT name FROM entry WHERE bytes = ?2 AND inside IS NULL)))";
            run(&format!("DELETE FROM near WHERE {which}"))?;
            run(&format!("DELETE FROM looked WHERE name IN (SELECT name FROM entry WHERE {which})"))?;
            run(&format!(
                "UPDATE entry SET name = NULL, inside = NULL, bytes = NULL, text = NULL, parts = NULL WHERE {which}"
            ))?
        };
        transaction.commit().map_err(sql)?;
        Ok(forgotten)
    }

    /// Adds signatures of others to a head; of how many.
    pub fn cosigned(&mut self, note: &[u8]) -> Result<usize> {
        let wrong = |why: String| Error::new("this is no cosigned head of this log").because(why);
        let given = Note::parse(note).map_err(|e| wrong(e.to_string()))?;
        let checkpoint = Checkpoint::of_text(&given.text).map_err(|e| wrong(e.to_string()))?;
        let held = head(&self.home, Some(checkpoint.size))?;
        let (mut text, _) = held
            .filter(|(_, h)| h.to_text() == given.text)
            .ok_or_else(|| wrong("this log never had that head".into()).hint("`heads/` has all that it had"))?;
        let known = Note::parse(text.as_bytes()).map_err(|e| wrong(e.to_string()))?;
        let mut added = 0;
        for (name, id, body) in given.signatures.iter().filter(|s| !known.signatures.contains(s)) {
            text += &format!("— {name} {}\n", to_base64(&[&id[..], body].concat()));
            added += 1;
        }
        Note::parse(text.as_bytes()).map_err(|e| wrong(e.to_string()))?;
        write(&self.home.join(format!("heads/{}", checkpoint.size)), text.as_bytes(), 0o644)?;
        if self.head()?.is_some_and(|h| h.size == checkpoint.size) {
            write(&self.home.join("checkpoint"), text.as_bytes(), 0o644)?;
        }
        Ok(added)
    }
}

/// One run of sealing, in one transaction.
pub struct Run<'l> {
    log: &'l mut Log,
    next: u64,
    /// Documents that are new.
    pub added: u64,
    /// Random bytes not used yet.
    salts: Vec<u8>,
    done: bool,
}

impl Run<'_> {
    /// Whether a file is as it was when it was looked at last; `stamp` is what tells. It counts as looked at from now on.
    pub fn look(&mut self, name: &str, stamp: &[u8]) -> Result<Looked> {
        let db = &self.log.db;
        let mut statement = db.prepare_cached("SELECT stamp = ?2 FROM looked WHERE name = ?1").map_err(sql)?;
        let same = statement.query_row(params![name, stamp], |r| r.get::<_, bool>(0)).optional().map_err(sql)?;
        if same == Some(true) {
            return Ok(Looked::Same);
        }
        let mut statement = db.prepare_cached("INSERT OR REPLACE INTO looked VALUES (?1, ?2)").map_err(sql)?;
        statement.execute(params![name, stamp]).map_err(sql)?;
        Ok(Looked::Changed)
    }

    /// The index that the next document gets.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Whether these bytes are sealed already.
    pub fn is_sealed(&self, bytes: &Hash) -> Result<bool> {
        let mut statement = self.log.db.prepare_cached("SELECT 1 FROM entry WHERE bytes = ?").map_err(sql)?;
        statement.exists([bytes]).map_err(sql)
    }

    fn salt(&mut self) -> Result<seal::Salt> {
        if self.salts.len() < SALT {
            self.salts = vec![0; 256 * SALT];
            random(&mut self.salts)?;
        }
        let at = self.salts.len() - SALT;
        let salt = self.salts[at..].try_into().unwrap_or([0; SALT]);
        self.salts.truncate(at);
        Ok(salt)
    }

    fn insert(&mut self, document: &Document, record: Option<&[u8]>) -> Result<()> {
        let first = match record {
            Some(_) => (Kind::Record, document.bytes),
            None => (Kind::Bytes, document.bytes),
        };
        let text = document.text.map(|t| (Kind::Text, t));
        let (mut blob, mut leaves) = (Vec::new(), Vec::new());
        for (kind, digest) in [Some(first), text].into_iter().flatten().chain(document.parts.iter().copied()) {
            let salt = self.salt()?;
            let number = Kind::ALL.iter().position(|k| *k == kind).unwrap_or_default() as u8;
            blob.extend([&[number][..], &salt, &digest].concat());
            leaves.push(seal::leaf(kind, &salt, &digest));
        }
        let (entry, _) = seal::commit(leaves);
        let db = &self.log.db;
        let mut statement = db.prepare_cached("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)").map_err(sql)?;
        let bytes = record.is_none().then_some(document.bytes);
        let (name, inside) = (&document.name, &document.inside);
        let n = self.next as i64;
        statement.execute(params![n, entry, name, inside, bytes, document.text, blob, record]).map_err(sql)?;
        let mut statement = db.prepare_cached("INSERT OR IGNORE INTO near VALUES (?, ?)").map_err(sql)?;
        for sample in &document.samples {
            statement.execute(params![sample, n]).map_err(sql)?;
        }
        self.next += 1;
        Ok(())
    }

    /// Seals a document, unless its bytes are sealed.
    pub fn add(&mut self, document: &Document) -> Result<bool> {
        if self.is_sealed(&document.bytes)? {
            return Ok(false);
        }
        self.insert(document, None)?;
        self.added += 1;
        Ok(true)
    }

    /// Ends the run: the record of what was covered is sealed, and the head published. None where nothing was new and
    /// nothing was forgotten since the last record.
    pub fn finish(mut self, coverage: Vec<String>, now: Time) -> Result<Option<Checkpoint>> {
        let forgotten = forgotten(&self.log.db, self.next)?;
        let before = last_record(&self.log.db, self.next)?;
        let same = before.as_ref().is_some_and(|(_, r)| r.forgotten == forgotten);
        let new = self.added > 0 || !same;
        if new {
            let mut pepper = [0; 32];
            random(&mut pepper)?;
            let keys = keys_before(&self.log.db, self.next, &pepper)?;
            let root = seal::tree(&keys).root();
            let (entries, keys) = (self.next, keys.len() as u64);
            let record = Record { entries, forgotten, keys, root, pepper, coverage }.to_bytes();
            let document = Document {
                name: String::new(),
                inside: None,
                bytes: seal::of_bytes(&record),
                text: None,
                parts: Vec::new(),
                samples: Vec::new(),
            };
            self.insert(&document, Some(&record))?;
        }
        self.log.db.execute_batch("COMMIT").map_err(sql)?;
        self.done = true;
        self.log.publish(now)?;
        Ok(if new { self.log.head()? } else { None })
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        if !self.done {
            // What a run that failed wrote is undone; without a database there is nothing to undo.
            let _ = self.log.db.execute_batch("ROLLBACK");
        }
    }
}

/// Entries before `n` that were forgotten.
pub(crate) fn forgotten(db: &Connection, n: u64) -> Result<u64> {
    let text = "SELECT count(*) FROM entry WHERE n < ? AND bytes IS NULL AND record IS NULL";
    db.query_row(text, [n as i64], |r| r.get::<_, i64>(0)).map(|n| n as u64).map_err(sql)
}

/// The last record before `n`, and its index.
pub(crate) fn last_record(db: &Connection, n: u64) -> Result<Option<(u64, Record)>> {
    let text = "SELECT n, record FROM entry WHERE n < ? AND record IS NOT NULL ORDER BY n DESC LIMIT 1";
    let row = db.query_row(text, [n as i64], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, Vec<u8>>(1)?))).optional();
    Ok(row.map_err(sql)?.and_then(|(n, bytes)| Some((n as u64, Record::parse(&bytes)?))))
}

/// The sorted keys of all that entries before `n` hold: bytes, texts, and the bytes of what is attached.
pub(crate) fn keys_before(db: &Connection, n: u64, pepper: &Hash) -> Result<Vec<Hash>> {
    let mut keys = Vec::new();
    let mut statement = db.prepare("SELECT parts FROM entry WHERE n < ? AND bytes IS NOT NULL").map_err(sql)?;
    let mut rows = statement.query([n as i64]).map_err(sql)?;
    while let Some(row) = rows.next().map_err(sql)? {
        let blob = row.get_ref(0).map_err(sql)?.as_blob().unwrap_or_default();
        for (kind, _, digest) in parts_of(blob) {
            match kind {
                Kind::Bytes | Kind::Attachment => keys.push(seal::key(Kind::Bytes, pepper, &digest)),
                Kind::Text => keys.push(seal::key(Kind::Text, pepper, &digest)),
                _ => {}
            }
        }
    }
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}
