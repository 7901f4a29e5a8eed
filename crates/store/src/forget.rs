//! Forgetting evidence: the law that wants a register also wants erasure. Bytes, text and everything made of them go;
//! hash, reason and date stay.

use crate::case::{Case, Registered};
use crate::findings::Unit;
use crate::state::hex;
use crate::{audit, io, sql};
use model::{EvidenceId, Result, Time};
use rusqlite::params;
use serde_json::json;

impl Case {
    /// Erases one piece of evidence and all that was made of it. Findings of the whole case and the brief go with it,
    /// for they may quote it; the next `run` makes them anew from what is left. A file that was only referred to is
    /// not ours and stays.
    pub fn forget(&self, registered: &Registered, reason: &str, at: Time, by: &str) -> Result<()> {
        // What is recorded below must not bless what something else wrote.
        self.distrust()?;
        let before = self.last_state()?;
        let n = registered.n;
        self.transaction(|| {
            // The intent: with it all rows are gone at once, and whoever opens the case next erases the bytes.
            let row = params![n, registered.evidence.id.0];
            self.db.execute("INSERT OR REPLACE INTO erasing(evidence, sha256) VALUES(?, ?)", row).map_err(sql)?;
            self.forget_memory(registered.evidence.id)?;
            self.erase_rows(n)?;
            for detector in self.detectors_over(n)? {
                self.erase_unit(Unit { detector: &detector, evidence: n })?;
                self.erase_unit(Unit { detector: &detector, evidence: 0 })?;
            }
            self.erase_lone_entities()?;
            // The name under which it came may name a person.
            for query in ["DELETE FROM lines WHERE evidence = ?", "DELETE FROM digests WHERE evidence = ?"] {
                self.db.execute(query, [n]).map_err(sql)?;
            }
            self.db
                .execute(
                    "UPDATE evidence SET path = '', place = NULL, modified = NULL, forgotten = ?, why = ? WHERE n = ?",
                    params![at.0, reason, n],
                )
                .map_err(sql)?;
            let state = json!({
                "evidence": registered.evidence.id, "reason": reason, "findings": hex(&self.findings_digest()?),
                "brief": {}, "files": before["files"], "tables": self.tables()?,
            });
            audit::append(&self.db, at, by, "forget", state)
        })?;
        self.complete_erasure()
    }

    /// Whether bytes are still to be erased.
    pub(crate) fn erasing(&self) -> Result<bool> {
        self.db.query_row("SELECT EXISTS (SELECT 1 FROM erasing)", [], |r| r.get(0)).map_err(sql)
    }

    /// Erases the bytes of what was forgotten, the brief that may quote it, and what the database's file still holds.
    pub(crate) fn complete_erasure(&self) -> Result<()> {
        if !self.erasing()? {
            return Ok(());
        }
        let home = self.home()?;
        home.remove_all("brief").map_err(|e| io("remove", &home.path().join("brief"), e))?;
        home.room("brief")?;
        let vault = home.inside("vault").map_err(|e| io("open", &home.path().join("vault"), e))?;
        let mut statement = self.db.prepare("SELECT sha256 FROM erasing").map_err(sql)?;
        let rows = statement.query_map([], |r| Ok(EvidenceId(r.get(0)?))).map_err(sql)?;
        let ids: Vec<EvidenceId> = rows.collect::<rusqlite::Result<_>>().map_err(sql)?;
        for id in ids {
            let name = id.to_string();
            vault.remove(&name).map_err(|e| io("erase", &vault.path().join(&name), e))?;
        }
        vault.sync().map_err(|e| io("erase from", vault.path(), e))?;
        // Deleted rows are overwritten (`secure_delete`); this also gives back pages and the write-ahead log.
        self.db.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE); DELETE FROM erasing;").map_err(sql)?;
        self.seal_database()
    }

    fn detectors_over(&self, n: i64) -> Result<Vec<String>> {
        let query = "SELECT DISTINCT detector FROM detections WHERE evidence IN (0, ?)";
        let mut statement = self.db.prepare(query).map_err(sql)?;
        let rows = statement.query_map([n], |r| r.get(0)).map_err(sql)?;
        rows.collect::<rusqlite::Result<_>>().map_err(sql)
    }
}
