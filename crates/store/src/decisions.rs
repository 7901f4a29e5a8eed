//! What people decided of a case, one JSON object a line in `decisions.jsonl`, in order. You may rely on: nothing is ever
//! overwritten, and the trail records each line's hash. Left out: what the words mean (`casework::story`).

use crate::case::Case;
use crate::io;
use model::{Result, Time};
use std::path::PathBuf;

const DECISIONS: &str = "decisions.jsonl";

impl Case {
    /// All decisions, in order.
    pub fn decisions(&self) -> Result<Vec<String>> {
        let Ok(home) = self.home() else { return Ok(Vec::new()) };
        let path: PathBuf = home.path().join(DECISIONS);
        let bytes = home.read(DECISIONS).map_err(|e| io("read", &path, e))?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.lines().filter(|l| !l.trim().is_empty()).map(str::to_string).collect())
    }

    /// Adds one.
    pub fn decide(&self, decision: &str, at: Time, by: &str) -> Result<()> {
        let home = self.home()?;
        let mut all = self.decisions()?;
        all.push(decision.to_string());
        let text = all.join("\n") + "\n";
        home.write(DECISIONS, text.as_bytes()).map_err(|e| io("write", &home.path().join(DECISIONS), e))?;
        self.record_file(DECISIONS, at, by)
    }
}
