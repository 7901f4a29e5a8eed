//! Forgetting evidence: the law that wants a register also wants erasure. Bytes, text and everything made of them go;
//! hash, reason and date stay.

use crate::case::{Case, Place, Registered};
use crate::findings::Unit;
use crate::{audit, brief, io, sql};
use model::{Result, Time};
use rusqlite::params;
use serde_json::json;
use std::fs;

impl Case {
    /// Erases one piece of evidence and all that was made of it. Findings of the whole case and the brief go with it,
    /// for they may quote it; the next `run` makes them anew from what is left. A file that was only referred to is
    /// not ours and stays.
    pub fn forget(&self, registered: &Registered, reason: &str, at: Time, by: &str) -> Result<()> {
        let home = self.home()?;
        // The brief first: were we killed after the rows were gone, it would still be there, quoting them.
        let quoted = home.join("brief");
        if quoted.exists() {
            fs::remove_dir_all(&quoted).map_err(|e| io("remove", &quoted, e))?;
        }
        crate::case::private_dir(&quoted)?;
        if registered.place == Place::Vault {
            let file = home.join("vault").join(registered.evidence.id.to_string());
            match fs::remove_file(&file) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(io("erase", &file, e)),
                _ => {}
            }
        }
        self.transaction(|| {
            self.forget_memory(registered.evidence.id)?;
            self.erase_rows(registered.n)?;
            for detector in self.detectors_over(registered.n)? {
                self.erase_unit(Unit { detector: &detector, evidence: registered.n })?;
                self.erase_unit(Unit { detector: &detector, evidence: 0 })?;
            }
            self.erase_lone_entities()?;
            // The name under which it came may name a person.
            self.db
                .execute(
                    "UPDATE evidence SET path = '', place = NULL, modified = NULL, forgotten = ?, why = ? WHERE n = ?",
                    params![at.0, reason, registered.n],
                )
                .map_err(sql)?;
            let state = json!({
                "evidence": registered.evidence.id, "reason": reason,
                "findings": brief::hex(&self.findings_digest()?), "brief": {},
            });
            audit::append(&self.db, at, by, "forget", state)
        })?;
        // Deleted rows are overwritten (`secure_delete`); this also gives back pages and the write-ahead log.
        self.db.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);").map_err(sql)
    }

    fn detectors_over(&self, n: i64) -> Result<Vec<String>> {
        let query = "SELECT DISTINCT detector FROM detections WHERE evidence IN (0, ?)";
        let mut statement = self.db.prepare(query).map_err(sql)?;
        let rows = statement.query_map([n], |r| r.get(0)).map_err(sql)?;
        rows.collect::<rusqlite::Result<_>>().map_err(sql)
    }
}
