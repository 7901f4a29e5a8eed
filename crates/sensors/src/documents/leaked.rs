//! What of a case came out: what somebody says, what a torrent of the case lists, and archives that hold copies of originals.

use super::settings::Settings;
use super::table::Entry;
use model::{Evidence, EvidenceId, Result, Step, View};
use std::collections::BTreeSet;

/// The shortest name that is looked for in a page.
const NAMED: usize = 6;

/// Evidence that came out.
#[derive(Default, Debug)]
pub struct Leaked(BTreeSet<EvidenceId>);

impl Leaked {
    /// Of a case; `copies` are pieces of evidence with members of which originals are known.
    pub fn of(case: &dyn View, entries: &[Entry], settings: &Settings, copies: BTreeSet<EvidenceId>) -> Result<Leaked> {
        let mut all = copies;
        for evidence in case.evidence()? {
            let said =
                |name: &String| evidence.path.starts_with(name.as_str()) || evidence.path.ends_with(name.as_str());
            if settings.leaked.iter().any(|name| name == "*" || !name.is_empty() && said(name))
                || entries.iter().any(|torrent| lists(torrent, &evidence))
            {
                all.insert(evidence.id);
            }
        }
        Ok(Leaked(all))
    }

    /// Whether nothing came out.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it came out.
    pub fn holds(&self, evidence: EvidenceId) -> bool {
        self.0.contains(&evidence)
    }
}

/// The name of a file, without folders.
pub fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Whether a torrent lists a piece of evidence: a file of that name and just as long.
pub fn lists(torrent: &Entry, evidence: &Evidence) -> bool {
    let is_it = |(name, size): &(String, u64)| *size == evidence.size && file_name(name) == file_name(&evidence.path);
    torrent.document.media == "application/x-bittorrent"
        && evidence.size > 0
        && torrent.document.files.iter().any(is_it)
}

/// Whether a text names a piece of evidence.
pub fn names(text: &str, evidence: &Evidence) -> bool {
    let name = file_name(&evidence.path);
    name.len() >= NAMED && name.contains('.') && text.contains(name)
}

/// Whether something lies in an archive.
pub fn is_member(steps: &[Step]) -> bool {
    steps.iter().any(|s| matches!(s, Step::Member(..)))
}
