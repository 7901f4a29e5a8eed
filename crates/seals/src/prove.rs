//! Proofs out of a log: looked at without being changed.

use crate::log::{Known, head, keys_before, last_record, parts_of};
use crate::tiles::{self, Failed};
use crate::{io, sql};
use model::{Error, Result};
use proofs::seal::{self, Absence, Extra, Kind, Opening};
use proofs::tiles::Tree;
use proofs::{Checkpoint, Hash, Proof};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A log that is looked at.
pub struct Archive {
    home: PathBuf,
    db: Connection,
    checkpoint: String,
    /// The head that proofs are of.
    pub head: Checkpoint,
}

/// Where something was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The entry.
    pub known: Known,
    /// The place of the part.
    pub at: usize,
}

const KNOWN: &str = "SELECT n, name, inside, parts FROM entry";

fn known(row: &Row) -> rusqlite::Result<Known> {
    let parts: Vec<u8> = row.get(3)?;
    Ok(Known { n: row.get::<_, i64>(0)? as u64, name: row.get(1)?, inside: row.get(2)?, parts: parts_of(&parts) })
}

impl Archive {
    /// Opens a log at its last head, or at an earlier one.
    pub fn look(home: &Path, at: Option<&Checkpoint>) -> Result<Archive> {
        let path = home.join("private").join("salts.db");
        let held = head(home, at.map(|h| h.size))?.filter(|(_, h)| at.is_none_or(|at| at.root == h.root));
        let (checkpoint, head) = held.ok_or_else(|| match at {
            Some(at) => Error::new(format!("this log has no head of {} entries with that root", at.size))
                .hint("`heads/` has all heads that it had"),
            None => Error::new(format!("there is no log of seals in `{}`", home.display()))
                .hint("`vigie seal DIR` makes one; `--seals` or `--case` says where it is"),
        })?;
        if !path.is_file() {
            return Err(Error::new(format!("`{}` is not there", path.display())).hint(
                "without salts no new proof can be made; proofs already written stand. Bring it back from a backup",
            ));
        }
        let db = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(sql)?;
        Ok(Archive { home: home.to_path_buf(), db, checkpoint, head })
    }

    fn by(&self, column: &str, hash: &Hash) -> Result<Option<Known>> {
        let text = format!("{KNOWN} WHERE {column} = ? AND n < ? ORDER BY n LIMIT 1");
        let mut statement = self.db.prepare_cached(&text).map_err(sql)?;
        statement.query_row((hash, self.head.size as i64), known).optional().map_err(sql)
    }

    /// The first entry that holds these bytes: as a file, or attached to one.
    pub fn bytes(&self, hash: &Hash) -> Result<Option<Found>> {
        if let Some(known) = self.by("bytes", hash)? {
            return Ok(Some(Found { known, at: 0 }));
        }
        for (n, _) in self.near(&[sample(hash)])? {
            let Some(known) = self.entry(n)? else { continue };
            let holds = |(kind, _, digest): &(Kind, _, Hash)| *kind == Kind::Attachment && digest == hash;
            if let Some(at) = known.parts.iter().position(holds) {
                return Ok(Some(Found { known, at }));
            }
        }
        Ok(None)
    }

    /// The first entry that has this text.
    pub fn text(&self, hash: &Hash) -> Result<Option<Found>> {
        let Some(known) = self.by("text", hash)? else { return Ok(None) };
        let at = known.parts.iter().position(|(kind, _, _)| *kind == Kind::Text);
        Ok(at.map(|at| Found { known, at }))
    }

    /// An entry.
    pub fn entry(&self, n: u64) -> Result<Option<Known>> {
        let text = format!("{KNOWN} WHERE n = ? AND n < ? AND name IS NOT NULL");
        let mut statement = self.db.prepare_cached(&text).map_err(sql)?;
        statement.query_row((n as i64, self.head.size as i64), known).optional().map_err(sql)
    }

    /// Visits all entries that were not forgotten.
    pub fn each(&self, visit: &mut dyn FnMut(Known)) -> Result<()> {
        let text =
            format!("{KNOWN} WHERE n < ? AND name IS NOT NULL AND parts IS NOT NULL AND record IS NULL ORDER BY n");
        let mut statement = self.db.prepare(&text).map_err(sql)?;
        let rows = statement.query_map([self.head.size as i64], known).map_err(sql)?;
        for row in rows {
            visit(row.map_err(sql)?);
        }
        Ok(())
    }

    /// The entries that share most samples, and how many; at most sixteen.
    pub fn near(&self, samples: &[i64]) -> Result<Vec<(u64, usize)>> {
        let mut shared: HashMap<u64, usize> = HashMap::new();
        let mut statement =
            self.db.prepare_cached("SELECT n FROM near WHERE sample = ? AND n < ? LIMIT 1000").map_err(sql)?;
        for sample in samples {
            let rows = statement.query_map((sample, self.head.size as i64), |r| r.get::<_, i64>(0)).map_err(sql)?;
            for n in rows {
                *shared.entry(n.map_err(sql)? as u64).or_default() += 1;
            }
        }
        let mut shared: Vec<(u64, usize)> = shared.into_iter().collect();
        shared.sort_unstable_by_key(|(n, count)| (usize::MAX - count, *n));
        shared.truncate(16);
        Ok(shared)
    }

    /// The proof that a part was sealed.
    pub fn proof(&self, known: &Known, at: usize) -> Result<Proof> {
        let gone = || Error::new("this entry was forgotten").hint("its salts are erased: no proof of it can be made");
        let &(kind, salt, digest) = known.parts.get(at).ok_or_else(gone)?;
        let leaves = known.parts.iter().map(|(kind, salt, digest)| seal::leaf(*kind, salt, digest)).collect();
        let (entry, parts) = seal::commit(leaves);
        let path = parts.path(at as u64);
        let opening = Opening { kind, at: at as u64, of: known.parts.len() as u64, salt, path };
        debug_assert_eq!(opening.entry(&digest), Some(entry));
        self.of(known.n, Extra { opening, absence: None }, &entry)
    }

    fn of(&self, n: u64, extra: Extra, entry: &Hash) -> Result<Proof> {
        let fetch = tiles::fetch(&self.home);
        let mut tree = Tree::open::<Failed>(self.head.size, &self.head.root, &fetch).map_err(|f| f.0)?;
        let path = tree.inclusion::<Failed>(n, &fetch).map_err(|f| f.0)?;
        let proof = Proof { extra: Some(extra.to_bytes()), index: n, path, checkpoint: self.checkpoint.clone() };
        match proof.includes(entry, &self.head) {
            true => Ok(proof),
            false => Err(Error::new("`private/salts.db` is not that of this log").hint("bring it back from a backup")),
        }
    }

    /// The proof that something is absent at this head; none where it is there.
    pub fn absence(&self, kind: Kind, digest: &Hash) -> Result<Option<Proof>> {
        let none = || Error::new("this head has no record").hint("`vigie seal` makes one with its next head");
        let (n, record) = last_record(&self.db, self.head.size)?.ok_or_else(none)?;
        if n + 1 != self.head.size {
            return Err(none());
        }
        let keys = keys_before(&self.db, n, &record.pepper)?;
        let tree = seal::tree(&keys);
        if tree.root() != record.root {
            return Err(Error::new("entries were forgotten since this head")
                .hint("what is absent can no longer be proved of it; proofs already written stand"));
        }
        let Some(absence) = Absence::prove(kind, digest, &record, &keys, &tree) else { return Ok(None) };
        let text = "SELECT n, '', NULL, parts FROM entry WHERE n = ?";
        let entry = self.db.query_row(text, [n as i64], known).map_err(sql)?;
        let mut proof = self.proof(&entry, 0)?;
        let extra = proof.extra.as_deref().map(Extra::parse).transpose();
        let extra = extra.map_err(|e| Error::new("the record cannot be opened").because(e))?;
        proof.extra = extra.map(|e| Extra { absence: Some(absence), ..e }.to_bytes());
        Ok(Some(proof))
    }

    /// What was forgotten up to this head.
    pub fn forgotten(&self) -> Result<u64> {
        crate::log::forgotten(&self.db, self.head.size)
    }

    /// The heads that this log had, by size.
    pub fn heads(&self) -> Result<Vec<u64>> {
        let dir = self.home.join("heads");
        let entries = std::fs::read_dir(&dir).map_err(|e| io("read", &dir, e))?;
        let mut sizes: Vec<u64> = entries.flatten().filter_map(|e| e.file_name().to_str()?.parse().ok()).collect();
        sizes.sort_unstable();
        Ok(sizes)
    }
}

/// By which a hash is found among samples.
pub fn sample(hash: &Hash) -> i64 {
    i64::from_be_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]])
}
