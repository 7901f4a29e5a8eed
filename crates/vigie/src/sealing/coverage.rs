//! What a run covered of a mailbox: UIDVALIDITY and the range of UIDs (RFC 3501 2.3.1.1), as those who keep mailboxes
//! write them: in messages of an mbox (`X-IMAPbase`, `X-UID`), in `dovecot-uidlist`, in mbsync's `.uidvalidity`.
//!
//! You may rely on: what nothing tells is left out, never guessed.

use sensors::Content;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes of such a file, at most.
const LIST: u64 = 64 << 20;
/// Bytes of a message's head in which fields are looked for.
const HEAD: usize = 16 << 10;

/// What is known of a mailbox.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Its UIDVALIDITY.
    pub validity: Option<u64>,
    /// The least and the greatest UID.
    pub uids: Option<(u64, u64)>,
}

impl Coverage {
    fn uid(&mut self, uid: u64) {
        let (low, high) = self.uids.unwrap_or((uid, uid));
        self.uids = Some((low.min(uid), high.max(uid)));
    }

    /// Both together.
    pub fn join(&mut self, other: &Coverage) {
        self.validity = self.validity.or(other.validity);
        for uid in other.uids.into_iter().flat_map(|(low, high)| [low, high]) {
            self.uid(uid);
        }
    }

    /// Looks at a message.
    pub fn meet(&mut self, content: &Content) {
        if content.parts.as_ref().is_none_or(|p| p.media != "message/rfc822") {
            return;
        }
        let head = content.bytes.get(..HEAD).unwrap_or(&content.bytes);
        for line in head.split(|b| *b == b'\n').take_while(|l| !l.trim_ascii().is_empty()) {
            let Some((name, value)) = std::str::from_utf8(line).ok().and_then(|l| l.split_once(':')) else { continue };
            let number = || value.split_whitespace().next().and_then(|n| n.parse::<u64>().ok());
            match name.to_ascii_lowercase().as_str() {
                "x-imapbase" | "x-imap" => self.validity = self.validity.or(number()),
                "x-uid" => number().into_iter().for_each(|uid| self.uid(uid)),
                _ => {}
            }
        }
    }

    /// Looks at a file that keeps a mailbox's UIDs.
    pub fn beside(&mut self, path: &Path) {
        let Some(name) = path.file_name().and_then(|n| n.to_str()) else { return };
        if !matches!(name, "dovecot-uidlist" | ".uidvalidity") {
            return;
        }
        let mut text = String::new();
        if File::open(path).and_then(|f| f.take(LIST).read_to_string(&mut text)).is_err() {
            return;
        }
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        if name == ".uidvalidity" {
            self.validity = first.trim().parse().ok();
            lines
                .next()
                .and_then(|l| l.trim().parse().ok())
                .into_iter()
                .for_each(|uid: u64| self.uids = Some((1, uid)));
            return;
        }
        self.validity = first.split(' ').find_map(|w| w.strip_prefix('V')?.parse().ok());
        lines.filter_map(|l| l.split(' ').next()?.parse().ok()).for_each(|uid| self.uid(uid));
    }
}

/// The lines of a record: each folder that was named, each mailbox in them.
pub fn lines(folders: &BTreeMap<String, (u64, u64)>, mailboxes: &BTreeMap<String, (u64, Coverage)>) -> Vec<String> {
    let mut lines: Vec<String> =
        folders.iter().map(|(name, (files, bytes))| format!("folder files {files} bytes {bytes} {name}")).collect();
    for (name, (messages, coverage)) in mailboxes {
        let validity = coverage.validity.map(|v| format!(" uidvalidity {v}")).unwrap_or_default();
        let uids = coverage.uids.map(|(low, high)| format!(" uids {low}-{high}")).unwrap_or_default();
        lines.push(format!("mailbox messages {messages}{validity}{uids} {name}"));
    }
    lines
}
