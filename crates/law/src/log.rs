//! The log of verdicts: each line holds the hash of the one before, so that none can be changed or taken out without every
//! later hash telling. It holds hashes and verdicts, no text. Left out: whoever holds the file can cut off its end or write it
//! anew; a hash kept elsewhere guards against that.

use model::{Error, Result, Time};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// One verdict.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Its place, from 1.
    pub seq: u64,
    /// For which moment.
    pub at: Time,
    /// Who asked.
    pub actor: String,
    /// SHA-256 of the text.
    pub text: String,
    /// Where.
    pub territory: String,
    /// For whom.
    #[serde(rename = "for")]
    pub who: String,
    /// The verdict.
    pub verdict: String,
    /// Until when it was held.
    pub until: Option<Time>,
    /// The rules that held it.
    pub rules: Vec<String>,
    /// SHA-256 of the data it rests on.
    pub knowledge: String,
    /// The hash of the line before; empty for the first.
    pub previous: String,
    /// SHA-256 of this line with an empty hash.
    #[serde(default)]
    pub hash: String,
}

impl Entry {
    /// The line, its place and hashes set.
    pub fn line(mut self, last: Option<&Entry>) -> Result<String> {
        self.seq = last.map_or(1, |l| l.seq + 1);
        self.previous = last.map(|l| l.hash.clone()).unwrap_or_default();
        self.hash = self.expected()?;
        json(&self)
    }

    fn expected(&self) -> Result<String> {
        let bare = json(&Entry { hash: String::new(), ..self.clone() })?;
        Ok(sha256(bare.as_bytes()))
    }
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

fn json(entry: &Entry) -> Result<String> {
    serde_json::to_string(entry).map_err(|e| Error::new("could not write JSON").because(e))
}

/// Reads a log and holds every line against the one before; gives the last.
pub fn checked(log: &str) -> Result<Option<Entry>> {
    let mut last: Option<Entry> = None;
    for (i, line) in log.lines().enumerate() {
        let wrong = |what: &str| {
            Error::new(format!("line {} of the log {what}", i + 1))
                .hint("it was changed, or cut; keep it and begin a new one")
        };
        let entry: Entry = serde_json::from_str(line).map_err(|e| wrong("could not be understood").because(e))?;
        let follows = entry.seq == last.as_ref().map_or(1, |l| l.seq + 1)
            && entry.previous == last.as_ref().map_or("", |l| l.hash.as_str());
        if !follows {
            return Err(wrong("does not follow the one before"));
        }
        if entry.hash != entry.expected()? {
            return Err(wrong("has another hash than it must"));
        }
        last = Some(entry);
    }
    Ok(last)
}
