//! A repository of Bluesky as its owner exports it (CAR version 1): the commit, the tree of keys, the records.
//!
//! You may rely on: memory is the file, at most [`MOST`]; nothing is followed twice, however its blocks name one another;
//! the place of a post is its block. Left out: whether blocks hash to their names and who signed the commit. Fields: the
//! AT Protocol's page on repositories, IPLD's CARv1 and DAG-CBOR (of which what they allow is read: RFC 8949 with tag 42
//! alone).

use super::bluesky;
use super::cut::RECORD_MAX;
use super::finish;
use super::value::{at, text};
use crate::input::Input;
use crate::posts::damage::{self, Damage};
use crate::posts::post::Post;
use model::{Error, Result, Span};
use serde_json::{Map, Number, Value};
use std::collections::{HashMap, HashSet};

/// Bytes of a repository that are read.
const MOST: u64 = 256 << 20;
/// Levels of one block.
const DEPTH: usize = 32;

/// Whether a file begins as a repository does: the length of its header, then a map that begins with its roots.
pub fn sniff(head: &[u8]) -> bool {
    let Some((_, rest)) = varint(head) else { return false };
    rest.starts_with(b"\xa2eroots") || rest.starts_with(b"\xa2gversion")
}

/// Reads the posts and reposts of a repository.
pub fn read(input: &mut Input, damage: &mut Damage, each: &mut dyn FnMut(Post, Span)) -> Result<()> {
    let (bytes, more) =
        input.whole(MOST).map_err(|e| Error::new("could not read on").because(e).hint("check the disk"))?;
    let end = Span { start: bytes.len() as u64, len: 0, line: 1 };
    let Some((header, blocks, cut)) = blocks(&bytes) else {
        damage.count(damage::CUT, end);
        return Ok(());
    };
    if cut || more {
        damage.count(damage::CUT, end);
    }
    let block = |name: &str| {
        let &(from, to) = blocks.get(name).filter(|(from, to)| to - from <= RECORD_MAX)?;
        Some((decoded(bytes.get(from..to)?)?, Span { start: from as u64, len: (to - from) as u64, line: 1 }))
    };
    let root = list_of(&header, "roots").next().map(link).unwrap_or_default();
    let commit = block(&root).map(|(commit, _)| commit).unwrap_or_default();
    let did = text(&commit, "did");
    let mut tree = vec![at(&commit, "data").map(link).unwrap_or_default()];
    let mut seen: HashSet<String> = HashSet::new();
    while let Some(name) = tree.pop() {
        if name.is_empty() || !seen.insert(name.clone()) {
            continue;
        }
        let Some((node, _)) = block(&name) else {
            damage.count(damage::OTHER, end);
            continue;
        };
        tree.push(at(&node, "l").map(link).unwrap_or_default());
        let mut key = String::new();
        for entry in list_of(&node, "e") {
            // Of each key what it shares with the one before is left out.
            let shared = at(entry, "p").and_then(Value::as_u64).map_or(0, |p| p as usize);
            key.truncate(key.floor_char_boundary(shared));
            key += &text(entry, "k.$bytes");
            tree.push(at(entry, "t").map(link).unwrap_or_default());
            if !(key.starts_with("app.bsky.feed.post/") || key.starts_with("app.bsky.feed.repost/")) {
                continue;
            }
            match block(&at(entry, "v").map(link).unwrap_or_default()) {
                Some((record, place)) => {
                    let view = Value::from_iter([
                        ("uri".to_string(), Value::from(format!("at://{did}/{key}"))),
                        ("value".to_string(), record),
                    ]);
                    match bluesky::post(&view) {
                        Some((post, time)) => {
                            finish(post, &time, place, damage).into_iter().for_each(|post| each(post, place));
                        }
                        None => damage.count(damage::OTHER, place),
                    }
                }
                None => damage.count(damage::OTHER, end),
            }
        }
    }
    Ok(())
}

fn link(value: &Value) -> String {
    text(value, "$link")
}

/// All members of a list, however many: a node of the tree has as many entries as it likes.
fn list_of<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    at(value, key).and_then(Value::as_array).into_iter().flatten()
}

/// The header, where each block lies by its name, and whether the file breaks off.
#[allow(clippy::type_complexity, reason = "three parts, taken apart by the one caller")]
fn blocks(bytes: &[u8]) -> Option<(Value, HashMap<String, (usize, usize)>, bool)> {
    let (len, rest) = varint(bytes)?;
    let header = decoded(rest.get(..len).filter(|header| header.len() <= RECORD_MAX)?)?;
    let mut place = bytes.len() - rest.len() + len;
    let mut all = HashMap::new();
    while let Some((len, rest)) = bytes.get(place..).filter(|rest| !rest.is_empty()).and_then(varint) {
        let from = bytes.len() - rest.len();
        let Some(block) = rest.get(..len) else { return Some((header, all, true)) };
        let Some(name) = name(block) else { return Some((header, all, true)) };
        all.entry(base32(&block[..name])).or_insert((from + name, from + len));
        place = from + len;
    }
    Some((header, all, place < bytes.len()))
}

/// How long the name of a block is: version, codec, kind of hash, its length, the hash.
fn name(block: &[u8]) -> Option<usize> {
    let mut rest = block;
    for _ in 0..3 {
        rest = varint(rest)?.1;
    }
    let (hash, rest) = varint(rest)?;
    (rest.len() >= hash).then_some(block.len() - rest.len() + hash)
}

/// A number of seven bits a byte, the least first (unsigned LEB128).
fn varint(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0u64;
    for (n, byte) in bytes.iter().take(9).enumerate() {
        number |= u64::from(byte & 0x7f) << (7 * n);
        if byte & 0x80 == 0 {
            return Some((usize::try_from(number).ok()?, &bytes[n + 1..]));
        }
    }
    None
}

/// A name as it is written: `b`, then RFC 4648's base 32 in small letters without padding.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let (mut out, mut held, mut bits) = (String::from("b"), 0u32, 0);
    for byte in bytes {
        (held, bits) = (held << 8 | u32::from(*byte), bits + 8);
        while bits >= 5 {
            bits -= 5;
            out.push(LETTERS[(held >> bits & 31) as usize].into());
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(LETTERS[(held << (5 - bits) & 31) as usize].into());
    }
    out
}

/// A block of DAG-CBOR as JSON: a link as `{"$link": …}`, bytes as `{"$bytes": …}`.
fn decoded(bytes: &[u8]) -> Option<Value> {
    let mut rest = bytes;
    item(&mut rest, DEPTH)
}

fn item(rest: &mut &[u8], depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let (&first, after) = rest.split_first()?;
    *rest = after;
    let (major, short) = (first >> 5, first & 31);
    if major == 7 {
        return match short {
            20 | 21 => Some(Value::Bool(short == 21)),
            22 => Some(Value::Null),
            27 => {
                let number = f64::from_be_bytes(take(rest, 8)?.try_into().ok()?);
                Some(Number::from_f64(number).map_or(Value::Null, Value::Number))
            }
            _ => None,
        };
    }
    let number = match short {
        0..24 => u64::from(short),
        24..28 => take(rest, 1 << (short - 24))?.iter().fold(0, |n, byte| n << 8 | u64::from(*byte)),
        _ => return None,
    };
    let len = usize::try_from(number).ok()?;
    match major {
        0 => Some(number.into()),
        1 => Some(i64::try_from(number).map_or(Value::Null, |n| (-1 - n).into())),
        2 => Some(marked("$bytes", String::from_utf8_lossy(take(rest, len)?).into_owned())),
        3 => Some(String::from_utf8_lossy(take(rest, len)?).into_owned().into()),
        // No item is shorter than a byte: what claims more than there is ends here.
        4 if len <= rest.len() => (0..len).map(|_| item(rest, depth)).collect::<Option<Vec<_>>>().map(Value::Array),
        5 if len <= rest.len() => {
            let pair = |_| match item(rest, depth)? {
                Value::String(key) => Some((key, item(rest, depth)?)),
                _ => None,
            };
            (0..len).map(pair).collect::<Option<Map<_, _>>>().map(Value::Object)
        }
        // A link is bytes behind a zero.
        6 if number == 42 => {
            let (&head, after) = rest.split_first()?;
            *rest = after;
            let len = match (head >> 5, head & 31) {
                (2, short @ 0..24) => usize::from(short),
                (2, 24) => usize::from(*take(rest, 1)?.first()?),
                _ => return None,
            };
            Some(marked("$link", base32(take(rest, len)?.strip_prefix(&[0])?)))
        }
        _ => None,
    }
}

fn marked(mark: &str, text: String) -> Value {
    Value::Object(Map::from_iter([(mark.to_string(), Value::String(text))]))
}

fn take<'b>(rest: &mut &'b [u8], n: usize) -> Option<&'b [u8]> {
    let (taken, after) = rest.split_at_checked(n)?;
    *rest = after;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Budget;
    use std::io::Cursor;

    fn length(major: u8, n: usize) -> Vec<u8> {
        match n {
            0..24 => vec![major << 5 | n as u8],
            _ => vec![major << 5 | 24, n as u8],
        }
    }

    /// JSON as DAG-CBOR, the marked values as what they stand for.
    fn encoded(value: &Value) -> Vec<u8> {
        match value {
            Value::Null => vec![0xf6],
            Value::Number(n) => length(0, n.as_u64().unwrap_or_default() as usize),
            Value::String(text) => [length(3, text.len()), text.clone().into_bytes()].concat(),
            Value::Array(all) => [length(4, all.len())].into_iter().chain(all.iter().map(encoded)).flatten().collect(),
            Value::Object(map) if map.contains_key("$bytes") => {
                let text = text(value, "$bytes");
                [length(2, text.len()), text.into_bytes()].concat()
            }
            Value::Object(map) if map.contains_key("$name") => {
                let mut link = vec![0];
                link.extend(named(at(value, "$name").and_then(Value::as_u64).unwrap_or_default() as u8));
                [vec![0xd8, 42], length(2, link.len()), link].concat()
            }
            Value::Object(map) => {
                let pair =
                    |(key, value): (&String, &Value)| [encoded(&Value::from(key.as_str())), encoded(value)].concat();
                [length(5, map.len())].into_iter().chain(map.iter().map(pair)).flatten().collect()
            }
            Value::Bool(_) => vec![0xf5],
        }
    }

    /// A name that is no hash: nobody asks here.
    fn named(n: u8) -> Vec<u8> {
        [vec![1, 0x71, 0x12, 32], vec![n; 32]].concat()
    }

    fn frame(bytes: Vec<u8>) -> Vec<u8> {
        let (low, high) = (bytes.len() as u8 & 0x7f | 0x80, (bytes.len() >> 7) as u8);
        [vec![low, high], bytes].concat()
    }

    fn check(file: &[u8], posts: &[&str], skips: &[&str]) {
        let mut input =
            Input::open(Box::new(Cursor::new(file.to_vec())), Budget::default()).expect("memory never fails");
        let (mut damage, mut told) = (Damage::default(), Vec::new());
        read(&mut input, &mut damage, &mut |post, place| {
            told.push(format!("{} {} {} {}", post.id, post.account, post.text, post.repost_of));
            let span = &file[place.start as usize..(place.start + place.len) as usize];
            assert!(decoded(span).is_some(), "a place is a block");
        })
        .expect("memory never fails");
        let skips_told: Vec<String> = damage.into_skips().map(|s| format!("{} {}", s.count, s.reason)).collect();
        assert_eq!(
            (told.as_slice(), skips_told.as_slice()),
            (
                &posts.iter().map(|p| p.to_string()).collect::<Vec<_>>()[..],
                &skips.iter().map(|s| s.to_string()).collect::<Vec<_>>()[..]
            )
        );
    }

    #[test]
    fn a_repository_gives_its_posts_once_however_its_blocks_name_each_other() {
        let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        let block = |n: u8, text: &str| frame([named(n), encoded(&json(text))].concat());
        let header = frame(encoded(&json(r#"{"roots":[{"$name":1}],"version":1}"#)));
        let post = r#"{"$type":"app.bsky.feed.post","createdAt":"2024-05-05T22:10:00Z","text":"un"}"#;
        let repost =
            r#"{"$type":"app.bsky.feed.repost","createdAt":"2024-05-05T22:11:00Z","subject":{"uri":"at://x/y/z"}}"#;
        // The second node leads back to the first.
        let parts = [
            header,
            block(1, r#"{"data":{"$name":2},"did":"did:plc:a","version":3}"#),
            block(
                2,
                r#"{"e":[{"k":{"$bytes":"app.bsky.feed.like/1"},"p":0,"t":null,"v":{"$name":4}},{"k":{"$bytes":"post/1"},"p":14,"t":{"$name":3},"v":{"$name":4}}],"l":null}"#,
            ),
            block(
                3,
                r#"{"e":[{"k":{"$bytes":"app.bsky.feed.repost/2"},"p":0,"t":{"$name":2},"v":{"$name":5}}],"l":{"$name":9}}"#,
            ),
            block(4, post),
            block(5, repost),
        ];
        let file = parts.concat();
        assert!(sniff(&file));
        let told = [
            "at://did:plc:a/app.bsky.feed.post/1 did:plc:a un ",
            "at://did:plc:a/app.bsky.feed.repost/2 did:plc:a  at://x/y/z",
        ];
        check(&file, &told, &["1 record is no post"]);
        check(&file[..file.len() - 3], &told[..1], &["1 record is cut short", "2 record is no post"]);
        // No length is believed, no depth followed.
        check(&[&parts[0][..], &[0xff; 30]].concat(), &[], &["1 record is cut short"]);
        let deep = frame([named(1), vec![0x81; 5000]].concat());
        check(&[&parts[0][..], &deep].concat(), &[], &[]);
        assert!(!sniff(b"\x02\xa2"));
    }
}
