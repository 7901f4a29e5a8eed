//! Who and what takes part, by kind and value, with the role in each observation and finding: the join between kinds of
//! evidence. The rows themselves keep their entities as JSON; these tables are for asking the other way round.
//!
//! You may rely on: links change in the transaction that changes their rows; a value that nothing bears any more is
//! erased at the end of a detection, and at once when evidence is forgotten. Left out: runs of one source
//! (`rows::Merge::Joins`), of which a flood has hundreds of thousands, each from a source that nothing else bears: what is
//! found in them is linked. Temporary cases have no links, for nobody asks them.

use crate::case::Case;
use crate::sql;
use model::{Entity, EntityKind, Result};
use rusqlite::{CachedStatement, OptionalExtension, params};
use std::collections::HashMap;

/// Values whose numbers are remembered while rows are written.
const REMEMBERED: usize = 1 << 16;

/// Writes the links of rows of one table.
pub(crate) struct Links<'c> {
    add: CachedStatement<'c>,
    find: CachedStatement<'c>,
    link: CachedStatement<'c>,
    known: HashMap<(EntityKind, String), i64>,
}

impl Case {
    /// Of rows of a table, `observation` or `finding`; none in a temporary case.
    pub(crate) fn links(&self, of: &str) -> Result<Option<Links<'_>>> {
        if self.dir().is_none() {
            return Ok(None);
        }
        let add = "INSERT INTO entities(kind, value) VALUES(?, ?) ON CONFLICT DO NOTHING RETURNING id";
        let link = format!("INSERT OR IGNORE INTO {of}_entities({of}, entity, role) VALUES(?, ?, ?)");
        Ok(Some(Links {
            add: self.db.prepare_cached(add).map_err(sql)?,
            find: self.db.prepare_cached("SELECT id FROM entities WHERE kind = ? AND value = ?").map_err(sql)?,
            link: self.db.prepare_cached(&link).map_err(sql)?,
            known: HashMap::new(),
        }))
    }

    /// Erases the values that nothing bears any more.
    pub(crate) fn erase_lone_entities(&self) -> Result<()> {
        let query = "DELETE FROM entities WHERE NOT EXISTS (SELECT 1 FROM finding_entities WHERE entity = id)
            AND NOT EXISTS (SELECT 1 FROM observation_entities WHERE entity = id)";
        self.db.execute(query, []).map_err(sql)?;
        Ok(())
    }
}

impl Links<'_> {
    /// Links a row, by its number, to its entities.
    pub fn link(&mut self, row: i64, entities: &[Entity]) -> Result<()> {
        for entity in entities {
            let id = self.id(entity)?;
            self.link.execute(params![row, id, entity.role.as_str()]).map_err(sql)?;
        }
        Ok(())
    }

    fn id(&mut self, entity: &Entity) -> Result<i64> {
        let key = (entity.kind, entity.value.clone());
        if let Some(id) = self.known.get(&key) {
            return Ok(*id);
        }
        let row = params![entity.kind.as_str(), entity.value];
        // In a flood most are new: that is asked first, in one search of the index.
        let id = match self.add.query_row(row, |r| r.get(0)).optional().map_err(sql)? {
            Some(id) => id,
            None => self.find.query_row(row, |r| r.get(0)).map_err(sql)?,
        };
        if self.known.len() == REMEMBERED {
            self.known.clear();
        }
        self.known.insert(key, id);
        Ok(id)
    }
}
