//! The audit trail: who did what and when, each row holding the hash of the one before, so that no row can be changed
//! or taken out without every later hash telling. Rows hold hashes and counts, never names or text from evidence: the
//! trail stays when evidence is forgotten. Left out: whoever holds the file can cut off the trail's end or write it
//! anew; only a hash kept elsewhere (the brief, a letter) guards against that.

use crate::case::Case;
use crate::{damaged, sql};
use model::{Result, Time};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// The SHA-256 of parts, each preceded by its length so that no two lists of parts run together.
pub fn hash_of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Hash {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update((part.len() as u64).to_le_bytes());
        sha.update(part);
    }
    sha.finalize().into()
}

/// One row of the trail.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place, from 1.
    pub seq: i64,
    /// When.
    pub time: Time,
    /// Who.
    pub actor: String,
    /// What: `init`, `add`, `settings`, `run`, `forget`, `file`, `files`, `export` (of names), `silence` (a verdict).
    pub action: String,
    /// Hashes and counts.
    pub detail: String,
    /// The hash of the row before; zeros for the first.
    pub previous: Hash,
    /// This row's.
    pub hash: Hash,
}

impl Entry {
    /// What its hash must be.
    pub fn expected(&self) -> Hash {
        hash_of([
            &self.seq.to_le_bytes()[..],
            &self.time.0.to_le_bytes(),
            self.actor.as_bytes(),
            self.action.as_bytes(),
            self.detail.as_bytes(),
            &self.previous,
        ])
    }

    /// The detail as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.detail).map_err(|e| damaged("the audit trail", e))
    }
}

/// Adds a row; inside the caller's transaction, so that deed and record stand or fall together.
pub fn append(db: &Connection, time: Time, actor: &str, action: &str, detail: Value) -> Result<()> {
    let last =
        db.query_row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |r| Ok((r.get(0)?, r.get(1)?)));
    let (seq, previous): (i64, Hash) = last.optional().map_err(sql)?.unwrap_or_default();
    let mut entry = Entry {
        seq: seq + 1,
        time,
        actor: actor.into(),
        action: action.into(),
        detail: detail.to_string(),
        previous,
        hash: Hash::default(),
    };
    entry.hash = entry.expected();
    db.execute(
        "INSERT INTO audit(seq, time, actor, action, detail, previous, hash) VALUES(?, ?, ?, ?, ?, ?, ?)",
        params![entry.seq, entry.time.0, entry.actor, entry.action, entry.detail, entry.previous, entry.hash],
    )
    .map_err(sql)?;
    Ok(())
}

impl Case {
    /// The trail, from the first row.
    pub fn trail(&self) -> Result<Vec<Entry>> {
        let query = "SELECT seq, time, actor, action, detail, previous, hash FROM audit ORDER BY seq";
        let mut statement = self.db.prepare(query).map_err(sql)?;
        let rows = statement.query_map([], |r| {
            Ok(Entry {
                seq: r.get(0)?,
                time: Time(r.get(1)?),
                actor: r.get(2)?,
                action: r.get(3)?,
                detail: r.get(4)?,
                previous: r.get(5)?,
                hash: r.get(6)?,
            })
        });
        rows.map_err(sql)?.collect::<rusqlite::Result<_>>().map_err(sql)
    }
}
