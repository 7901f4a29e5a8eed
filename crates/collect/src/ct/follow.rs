//! Following a log: its tree head, whether it grew out of the one remembered, its new entries as lines of JSON.
//!
//! You may rely on: nothing is written that does not hash to the signed root; memory is bounded by a few tiles; what is
//! remembered changes only after what it says was written. Left out: where the lines go, and when to come again.

use super::certificate::certificate;
use super::entry::{Entry, entries};
use super::{Fault, Trouble};
use crate::http::Client;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use model::{Error, Time};
use proofs::merkle::{Hash, sha256};
use proofs::tiles::{Place, Tree, WIDTH, path};
use proofs::{Checkpoint, Key, LONGEST};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::io::Write;

/// Bytes of a data tile, at most: 256 entries of 256 KiB.
const DATA: u64 = 64 << 20;
/// Data tiles fetched and read at once.
const AT_ONCE: u64 = 4;
/// Bytes of names in one line; readers bound their lines at 1 MiB.
const LINE: usize = 512 << 10;

/// What is remembered of a log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct State {
    /// Its monitoring prefix.
    pub url: String,
    /// Its name.
    pub origin: String,
    /// Its id: the SHA-256 of its key, in base64.
    pub id: String,
    /// Leaves of the tree head that was last believed.
    pub size: u64,
    /// Its root, in base64.
    pub root: String,
    /// The next entry to be read.
    pub position: u64,
    /// That tree head as it was signed: with another one, the proof that a log has forked.
    pub checkpoint: String,
}

/// What one look at a log brought.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize)]
pub struct Brought {
    /// Entries read and verified.
    pub entries: u64,
    /// Names in them.
    pub names: u64,
    /// Entries whose certificate could not be read.
    pub damaged: u64,
    /// Leaves of the log.
    pub size: u64,
    /// The next entry to be read.
    pub position: u64,
}

/// Where to begin, and how much to read in one look.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The first entry, where nothing is remembered; without one, whatever comes after the log's present end.
    pub from: Option<u64>,
    /// Entries, at most.
    pub most: u64,
}

/// A log.
pub struct Log<'c> {
    client: &'c Client,
    url: String,
    key: Key,
}

impl<'c> Log<'c> {
    /// The log at this monitoring prefix, with this key.
    pub fn new(client: &'c Client, url: &str, key: Key) -> model::Result<Log<'c>> {
        crate::http::host(url)?;
        Ok(Log { client, url: url.trim_end_matches('/').into(), key })
    }

    /// Its id, in hexadecimal.
    pub fn id(&self) -> String {
        self.key.id.iter().map(|b| format!("{b:02x}")).collect()
    }

    fn fetch(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, Trouble> {
        let url = format!("{}/{path}", self.url);
        let answer = self.client.get(&url, "*/*", limit).map_err(Trouble::Network)?;
        match answer.status {
            200 => Ok(Some(answer.body)),
            404 | 410 => Ok(None),
            status => Err(Trouble::Network(
                Error::new(format!("`{url}` answered with status {status}")).hint("try again later"),
            )),
        }
    }

    /// A tile; where its partial form is gone, the whole one that took its place.
    fn tile(&self, kind: &str, n: u64, width: u64, limit: u64) -> Result<(Vec<u8>, u64), Trouble> {
        for width in [width, WIDTH] {
            if let Some(bytes) = self.fetch(&format!("tile/{kind}/{}", path(n, width)), limit)? {
                return Ok((bytes, width));
            }
        }
        Err(Fault::Missing(format!("tile/{kind}/{}", path(n, width))).into())
    }

    fn hashes(&self, place: Place) -> Result<Vec<Hash>, Trouble> {
        let (bytes, width) = self.tile(&place.level.to_string(), place.n, place.width, 32 * WIDTH * 4)?;
        let (hashes, rest) = bytes.as_chunks::<32>();
        let mut hashes = hashes.to_vec();
        match (rest.len(), hashes.len() as u64) {
            (1.., held) if held < width => Err(Fault::Truncated.into()),
            (1.., _) => Err(Fault::Oversized.into()),
            (_, held) if held != width => Err(Fault::Width { due: width, held }.into()),
            _ => {
                hashes.truncate(place.width as usize);
                Ok(hashes)
            }
        }
    }

    /// The log's signed tree head, as text and as what it says.
    fn checkpoint(&self) -> Result<(String, Checkpoint), Trouble> {
        let note = self.fetch("checkpoint", LONGEST)?.ok_or_else(|| {
            let what = format!("`{}` serves no checkpoint", self.url);
            Trouble::Network(Error::new(what).hint("give the log's monitoring prefix, as lists of logs have it"))
        })?;
        let checkpoint = self.key.open(&note)?;
        Ok((String::from_utf8_lossy(&note).into_owned(), checkpoint))
    }

    /// Looks at the log once: checks its tree head against what is remembered, writes its new entries and gives what
    /// to remember from now on.
    pub fn look(
        &self,
        remembered: Option<State>,
        bounds: Bounds,
        at: Time,
        out: &mut dyn Write,
    ) -> Result<(State, Brought), Trouble> {
        let (note, head) = self.checkpoint()?;
        let mut tree = self.grown(remembered.as_ref(), &note, &head)?;
        let position = remembered.map_or(bounds.from.unwrap_or(head.size).min(head.size), |s| s.position);
        let mut brought = Brought { size: head.size, position, ..Brought::default() };
        let end = head.size.min(position.saturating_add(bounds.most));
        let written = |e: std::io::Error| Trouble::Network(Error::new("could not write what was collected").because(e));
        while brought.position < end {
            let first = brought.position / WIDTH;
            let tiles: Vec<u64> = (first..end.div_ceil(WIDTH).min(first + AT_ONCE)).collect();
            let work = |n: u64| self.read(&head, n, brought.position, end);
            let read: Vec<_> = std::thread::scope(|scope| {
                let threads: Vec<_> = tiles.iter().map(|&n| scope.spawn(move || work(n))).collect();
                threads.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
            });
            for (n, tile) in tiles.into_iter().zip(read) {
                let tile = tile.unwrap_or_else(|_| Err(Fault::Truncated.into()))?;
                tree.check(0, n, &tile.hashes, &|place| self.hashes(place))?;
                out.write_all(&tile.lines).map_err(written)?;
                brought.entries += tile.entries;
                brought.names += tile.names;
                brought.damaged += tile.damaged;
                brought.position = end.min((n + 1) * WIDTH);
            }
        }
        if brought.entries > 0 {
            let line = json!({ "log": head.origin, "prefix": self.url, "seen": at, "size": head.size, "signed": head.signed,
                "first": position, "next": brought.position, "checkpoint": note });
            writeln!(out, "{line}").map_err(written)?;
        }
        let state = State {
            url: self.url.clone(),
            origin: head.origin,
            id: BASE64_STANDARD.encode(self.key.id),
            size: head.size,
            root: BASE64_STANDARD.encode(head.root),
            position: brought.position,
            checkpoint: note,
        };
        Ok((state, brought))
    }

    /// The tree of a head that grew out of the remembered one.
    fn grown(&self, remembered: Option<&State>, note: &str, head: &Checkpoint) -> Result<Tree, Trouble> {
        let fetch = |place| self.hashes(place);
        let Some(old) = remembered else { return Tree::open(head.size, &head.root, &fetch) };
        if old.origin != head.origin || old.id != BASE64_STANDARD.encode(self.key.id) {
            let what = format!("`{}` was followed here, and this is `{}`", old.origin, head.origin);
            return Err(Trouble::Network(Error::new(what).hint("follow another log into another file or case")));
        }
        let heads = || Box::new([old.checkpoint.clone(), note.to_string()]);
        if head.size < old.size {
            return Err(Fault::Rollback(heads()).into());
        }
        if head.size == old.size && BASE64_STANDARD.encode(head.root) != old.root {
            return Err(Fault::Fork(heads()).into());
        }
        let mut tree = Tree::open(head.size, &head.root, &fetch)?;
        if BASE64_STANDARD.encode(tree.root_at::<Trouble>(old.size, &fetch)?) != old.root {
            return Err(Fault::Fork(heads()).into());
        }
        Ok(tree)
    }

    /// Fetches a data tile and makes its lines; they are not believed yet.
    fn read(&self, head: &Checkpoint, n: u64, from: u64, end: u64) -> Result<Tile, Trouble> {
        let place = Place::in_tree(0, n, head.size).ok_or(Fault::Truncated)?;
        let (bytes, width) = self.tile("data", n, place.width, DATA)?;
        let all = entries(&bytes, width)?;
        let mut tile = Tile::default();
        for (index, entry) in (n * WIDTH..).zip(all.iter().take(place.width as usize)) {
            tile.hashes.push(entry.hash);
            // Where the leaf names its index, another one there is a fault: it is in every certificate's SCT.
            if entry.index.is_some_and(|i| i != index) {
                return Err(Fault::Index { due: index, said: entry.index.unwrap_or_default() }.into());
            }
            if (from..end).contains(&index) {
                tile.add(&self.url, &head.origin, index, entry);
            }
        }
        Ok(tile)
    }
}

/// What a data tile came to.
#[derive(Default)]
struct Tile {
    hashes: Vec<Hash>,
    lines: Vec<u8>,
    entries: u64,
    names: u64,
    damaged: u64,
}

impl Tile {
    fn add(&mut self, url: &str, origin: &str, index: u64, entry: &Entry) {
        self.entries += 1;
        let place = json!({ "log": origin, "index": index, "timestamp": entry.timestamp });
        let Some(certificate) = certificate(entry.tbs, !entry.precertificate) else {
            self.damaged += 1;
            let mut line = place;
            line["damage"] = json!("no certificate that can be read");
            return self.line(&line);
        };
        self.names += certificate.names.len() as u64;
        let kind = if entry.precertificate { "PrecertLogEntry" } else { "X509LogEntry" };
        let seconds = |t: Option<Time>| t.map(Time::seconds);
        let mut names = &certificate.names[..];
        while {
            let mut bytes = 0;
            let n = names
                .iter()
                .take_while(|n| {
                    (bytes == 0) | (bytes + n.len() < LINE) && {
                        bytes += n.len() + 3;
                        true
                    }
                })
                .count();
            let (these, rest) = names.split_at(n);
            names = rest;
            let mut line = json!({
                "message_type": "certificate_update",
                "data": {
                    "update_type": kind,
                    "leaf_cert": {
                        "all_domains": these,
                        "fingerprint": fingerprint(entry.certificate),
                        "sha256": hex(&sha256(entry.certificate)),
                        "serial_number": certificate.serial,
                        "not_before": seconds(certificate.not_before),
                        "not_after": seconds(certificate.not_after),
                        "issuer": certificate.issuer,
                    },
                    "cert_index": index,
                    // When the log took it in: the same whenever and by whomever it is collected.
                    "seen": entry.timestamp as f64 / 1000.0,
                    "source": { "url": url, "name": origin },
                },
            });
            if let (Value::Object(line), Value::Object(place)) = (&mut line, &place) {
                line.extend(place.clone());
            }
            self.line(&line);
            !names.is_empty()
        } {}
    }

    fn line(&mut self, value: &Value) {
        // Into memory: it cannot fail.
        serde_json::to_writer(&mut self.lines, value).unwrap_or_default();
        self.lines.push(b'\n');
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The SHA-1 in pairs of digits with colons, as certstream has it.
fn fingerprint(certificate: &[u8]) -> String {
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate);
    hash.as_ref().iter().map(|b| format!("{b:02X}")).collect::<Vec<_>>().join(":")
}
