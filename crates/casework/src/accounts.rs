//! Whose name is told. Chapters make the accounts known that their findings speak of, and say which may be named where
//! names are asked for. All others are ordinary people and are never named: they become `…` on the page and a pseudonym
//! in what leaves the machine.
//!
//! You may rely on: the same account has the same pseudonym within a case and another one in every other case, for it
//! is keyed (HMAC, RFC 2104, with SHA-256); nobody without the key can try names out. Left out: making and keeping the
//! key; which fields hold a name ([`crate::chapters::Chapter::learn`] and `redact`).

use crate::chapters::CHAPTERS;
use model::{Finding, Result, View};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// What stands where a name is not told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Instead {
    /// An ellipsis: on a page, counts suffice.
    Dots,
    /// `account-` and a hash under the case's key.
    Pseudonym([u8; 32]),
}

/// The accounts of a case.
#[derive(Clone, Debug)]
pub struct Accounts {
    instead: Instead,
    /// Whether those above the threshold keep their names.
    names: bool,
    /// The account of every id and name, and whether it may be named.
    known: BTreeMap<String, (String, bool)>,
    /// The known words by the first run of letters and digits in them.
    begins: BTreeMap<String, BTreeSet<String>>,
}

/// Places where the first segment of the path is an account.
const PROFILES: [&str; 25] = [
    "twitter.com/",
    "x.com/",
    "x.com/i/user/",
    "facebook.com/",
    "facebook.com/people/",
    "facebook.com/profile.php?id=",
    "instagram.com/",
    "tiktok.com/",
    "t.me/",
    "t.me/s/",
    "telegram.me/",
    "vk.com/",
    "ok.ru/",
    "ok.ru/profile/",
    "threads.net/",
    "gab.com/",
    "gettr.com/user/",
    "parler.com/",
    "bsky.app/profile/",
    "reddit.com/user/",
    "reddit.com/u/",
    "youtube.com/c/",
    "youtube.com/user/",
    "youtube.com/channel/",
    "linkedin.com/in/",
];
/// The longest of them.
const PROFILE: usize = 28;
/// First segments there that are none.
const PAGES: [&str; 14] = [
    "i", "s", "search", "hashtag", "watch", "share", "intent", "home", "explore", "events", "groups", "photo",
    "people", "profile",
];
/// Shorter names are replaced where they stand alone only: they are words of every language.
const SHORT: usize = 4;

impl Accounts {
    /// For the page of a case: those above the threshold are named, others are not told.
    pub fn shown() -> Accounts {
        Accounts { instead: Instead::Dots, names: true, known: BTreeMap::new(), begins: BTreeMap::new() }
    }

    /// Nobody known yet.
    pub(crate) fn pseudonyms(key: [u8; 32], names: bool) -> Accounts {
        Accounts { instead: Instead::Pseudonym(key), names, ..Accounts::shown() }
    }

    /// For what leaves the machine: pseudonyms under the case's key; `names` keeps those above the threshold.
    pub fn of(view: &dyn View, key: [u8; 32], names: bool) -> Result<Accounts> {
        let mut all = Accounts::pseudonyms(key, names);
        view.findings(&mut |finding| {
            all.learn(&finding);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(all)
    }

    /// Takes in whom a finding speaks of.
    pub fn learn(&mut self, finding: &Finding) {
        CHAPTERS.iter().for_each(|c| c.learn(finding, self));
    }

    /// A finding with nobody named who must not be.
    pub fn redacted(&self, mut finding: Finding) -> Finding {
        self.redact(&mut finding);
        finding
    }

    /// Takes the names out of a finding of those who must not be named.
    pub fn redact(&self, finding: &mut Finding) {
        CHAPTERS.iter().for_each(|c| c.redact(finding, self));
    }

    /// Takes in an account, what it is called beside its id, and whether it may be named.
    pub fn know(&mut self, account: &str, name: &str, above: bool) {
        // Texts call it by its handle, without the platform that findings put before it.
        let platform = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let handle = account.split_once('/').filter(|(p, h)| platform(p) && h.len() >= SHORT).map_or("", |(_, h)| h);
        for word in [account, handle, name].into_iter().filter(|w| !w.is_empty()) {
            let known = self.known.entry(word.into()).or_insert_with(|| (account.into(), above));
            known.1 |= above;
            if word.chars().count() >= SHORT
                && let Some((from, to)) = next_run(word, 0)
            {
                self.begins.entry(word[from..to].into()).or_default().insert(word.into());
            }
        }
    }

    /// Whether an account's name is told.
    pub fn names(&self, account: &str) -> bool {
        self.names && self.known.get(account).is_some_and(|(_, above)| *above)
    }

    /// An account, or what stands for it.
    pub fn account(&self, account: &str) -> String {
        match self.instead {
            _ if account.is_empty() || self.names(account) => account.into(),
            _ => self.hidden("account", self.known.get(account).map_or(account, |(id, _)| id)),
        }
    }

    /// Whether names were asked for.
    pub fn named(&self) -> bool {
        self.names
    }

    /// A post's id, or what stands for it: a platform tells from it whose it is.
    pub fn post(&self, id: &str, account: &str) -> String {
        if self.names(account) { id.into() } else { self.hidden("post", id) }
    }

    /// The id of a post of whom nobody knows: in what leaves the machine it is hidden, for a platform tells whose it is.
    pub fn post_of_somebody(&self, id: &str) -> String {
        match self.instead {
            Instead::Dots => self.text(id),
            Instead::Pseudonym(_) => self.hidden("post", id),
        }
    }

    fn hidden(&self, kind: &str, word: &str) -> String {
        match self.instead {
            Instead::Dots => "…".into(),
            Instead::Pseudonym(key) => {
                let hash = hmac(&key, word.as_bytes());
                let hex: String = hash[..6].iter().map(|b| format!("{b:02x}")).collect();
                format!("{kind}-{hex}")
            }
        }
    }

    /// A text with the accounts in it replaced: mentions, addresses of profiles, and every id or name known.
    pub fn text(&self, text: &str) -> String {
        if self.known.contains_key(text) {
            return self.account(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        while let Some((from, to)) = next_run(text, done) {
            out.push_str(&text[done..from]);
            let (word, end) = match () {
                () if mentioned(&text[..from]) => (&text[from..handle_end(text, from)], handle_end(text, from)),
                () if profile(&text[..from]) && !PAGES.contains(&&text[from..to]) => {
                    (&text[from..handle_end(text, from)], handle_end(text, from))
                }
                () => match self.known_at(text, from, to) {
                    Some(word) => (word, from + word.len()),
                    None => {
                        out.push_str(&text[from..to]);
                        done = to;
                        continue;
                    }
                },
            };
            out.push_str(&self.account(word));
            done = end;
        }
        out.push_str(&text[done..]);
        out
    }

    /// The longest known id or name that stands at a place, whole.
    fn known_at<'t>(&self, text: &'t str, from: usize, to: usize) -> Option<&'t str> {
        let rest = &text[from..];
        let whole =
            |word: &&String| rest.starts_with(word.as_str()) && !rest[word.len()..].chars().next().is_some_and(in_run);
        let longest = self.begins.get(&text[from..to])?.iter().filter(whole).map(String::len).max()?;
        rest.get(..longest)
    }
}

fn in_run(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The next run of letters, digits and `_`.
fn next_run(text: &str, at: usize) -> Option<(usize, usize)> {
    let from = at + text.get(at..)?.find(in_run)?;
    let to = text[from..].find(|c| !in_run(c)).map_or(text.len(), |n| from + n);
    Some((from, to))
}

/// Whether what stands before makes a mention of what follows: an `@` that is not within an address of mail.
fn mentioned(before: &str) -> bool {
    let Some(rest) = before.strip_suffix(['@', '＠']) else { return false };
    !rest.chars().next_back().is_some_and(in_run)
}

fn profile(before: &str) -> bool {
    // Bytes, for what stands before the last of them may be within a letter.
    let last = &before.as_bytes()[before.len().saturating_sub(PROFILE + 4)..];
    let last = String::from_utf8_lossy(last).to_ascii_lowercase();
    PROFILES.iter().any(|p| {
        let host = last.strip_suffix(p);
        host.is_some_and(|h| !h.chars().next_back().is_some_and(|c| in_run(c) || c == '-'))
    })
}

/// Where a handle ends: dots and hyphens within it, and another server's name after an `@`, belong to it.
fn handle_end(text: &str, from: usize) -> usize {
    let rest = &text[from..];
    let end = rest.find(|c: char| !in_run(c) && !matches!(c, '.' | '-' | '@')).unwrap_or(rest.len());
    from + rest[..end].trim_end_matches(['.', '-', '@']).len()
}

/// RFC 2104 over SHA-256 (block of 64 bytes).
fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let pad = |byte: u8| {
        let mut block = [byte; 64];
        block.iter_mut().zip(key).for_each(|(b, k)| *b ^= k);
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        // Test case 2 has a key of four bytes; zeros after it are what HMAC itself adds.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let hash = hmac(&key, b"what do ya want for nothing?");
        assert_eq!(hash[..4], [0x5b, 0xdc, 0xc1, 0x46]);
    }

    #[test]
    fn mentions_and_profiles_are_names() {
        let accounts = Accounts::shown();
        for (text, expected) in [
            ("RT @jean-luc: oui", "RT @…: oui"),
            ("cc @a@masto.example, vu", "cc @…, vu"),
            ("write to jo@mail.example", "write to jo@mail.example"),
            ("https://twitter.com/somebody/status/12", "https://twitter.com/…/status/12"),
            ("https://netflix.com/title", "https://netflix.com/title"),
            ("https://x.com/search?q=1", "https://x.com/search?q=1"),
            ("é@é ＠é", "é@é ＠…"),
            ("https://t.me/s/somebody/3", "https://t.me/s/…/3"),
            ("https://bsky.app/profile/jo.example/post/1", "https://bsky.app/profile/…/post/1"),
            ("m.facebook.com/profile.php?id=100012&x=1", "m.facebook.com/profile.php?id=…&x=1"),
            ("https://facebook.com/people/Jo-Do/1", "https://facebook.com/people/…/1"),
        ] {
            assert_eq!(accounts.text(text), expected);
        }
    }
}
