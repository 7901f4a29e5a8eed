//! What leaves the case: the key that its pseudonyms are made with, and the record of exports that name people. The key
//! is no part of any export and goes with the case.

use crate::case::Case;
use crate::{audit, io};
use model::{Error, Result, Time};
use serde_json::json;

const KEY: &str = "pseudonyms.key";

impl Case {
    /// The key of this case's pseudonyms. `init` makes it; a case that was made before it did gets one now.
    pub fn pseudonym_key(&self) -> Result<[u8; 32]> {
        let home = self.home()?;
        let path = home.path().join(KEY);
        if !home.has(KEY) {
            home.write(KEY, &random()?).map_err(|e| io("write", &path, e))?;
        }
        let bytes = home.read(KEY).map_err(|e| io("read", &path, e))?.unwrap_or_default();
        bytes.try_into().map_err(|_| {
            Error::new(format!("`{}` is not a key of 32 bytes", path.display()))
                .hint("restore it from a copy; without it, remove it: new pseudonyms will not be the old ones")
        })
    }

    /// Makes the key of a new case.
    pub(crate) fn make_pseudonym_key(&self, at: Time, by: &str) -> Result<()> {
        self.pseudonym_key()?;
        self.record_file(KEY, at, by)
    }

    /// Records in the trail that a file of the case's folder is now what it is. Called by whoever writes one.
    pub(crate) fn record_file(&self, name: &str, at: Time, by: &str) -> Result<()> {
        let files = self.files()?;
        let known = self.last_state()?["files"].get(name).cloned();
        match files.get(name) {
            Some(hash) if known.as_ref() != Some(hash) => {
                let detail = json!({ "name": name, "sha256": hash });
                self.transaction(|| audit::append(&self.db, at, by, "file", detail))
            }
            _ => Ok(()),
        }
    }

    /// Records that names were handed out: in which format, when, by whom.
    pub fn record_names(&self, format: &str, at: Time, by: &str) -> Result<()> {
        self.transaction(|| audit::append(&self.db, at, by, "export", json!({ "format": format, "names": true })))
    }

    /// Records that somebody opened what private documents say: which, for what, on what basis.
    pub fn record_opened(&self, what: &str, purpose: &str, basis: &str, at: Time, by: &str) -> Result<()> {
        let about = json!({ "what": what, "purpose": purpose, "legal_basis": basis });
        self.transaction(|| audit::append(&self.db, at, by, "open", about))
    }

    /// Records that somebody looked for words in what the case holds, and how much he found.
    pub fn record_search(&self, words: &[String], found: u64, masked: bool, at: Time, by: &str) -> Result<()> {
        let about = json!({ "words": words, "found": found, "masked": masked });
        self.transaction(|| audit::append(&self.db, at, by, "search", about))
    }

    /// Records what the law was found to say of a text: hashes and the verdict.
    pub fn record_verdict(&self, verdict: serde_json::Value, at: Time, by: &str) -> Result<()> {
        self.transaction(|| audit::append(&self.db, at, by, "silence", verdict))
    }
}

fn random() -> Result<[u8; 32]> {
    let mut fresh = [0; 32];
    getrandom::fill(&mut fresh).map_err(|e| {
        Error::new("the operating system gave no random bytes").because(std::io::Error::other(e.to_string()))
    })?;
    Ok(fresh)
}
