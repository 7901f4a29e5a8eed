//! Torrents (BEP 3): what was published, by whom, when.

use super::About;
use std::collections::BTreeMap;

/// Levels and values of one file.
const DEPTH: usize = 32;
const VALUES: usize = 2_000_000;
/// Files that are named.
const FILES: usize = 4_000;

enum Value<'b> {
    Number(i64),
    Text(&'b [u8]),
    List(Vec<Value<'b>>),
    Map(BTreeMap<&'b [u8], Value<'b>>),
}

/// Whether it begins as one.
pub fn is_torrent(head: &[u8]) -> bool {
    head.first() == Some(&b'd')
        && [
            &b"d8:announce"[..],
            b"d4:info",
            b"d7:comment",
            b"d10:created by",
            b"d13:creation date",
            b"d13:announce-list",
            b"d5:nodes",
            b"d8:encoding",
            b"d9:publisher",
            b"d8:url-list",
        ]
        .iter()
        .any(|b| head.starts_with(b))
}

/// Reads one.
pub fn read(bytes: &[u8], about: &mut About) {
    let (mut at, mut left) = (0, VALUES);
    let Some(Value::Map(map)) = value(bytes, &mut at, DEPTH, &mut left) else {
        about.cut = true;
        return;
    };
    let text = |v: Option<&Value>| match v {
        Some(Value::Text(t)) => String::from_utf8_lossy(t).into_owned(),
        _ => String::new(),
    };
    about.say("application", &text(map.get(&b"created by"[..])));
    about.say("description", &text(map.get(&b"comment"[..])));
    about.say("tracker", &text(map.get(&b"announce"[..])));
    about.say("publisher", &text(map.get(&b"publisher"[..])));
    if let Some(Value::Number(n)) = map.get(&b"creation date"[..])
        && let Ok(time) = jiff::Timestamp::from_second(*n)
    {
        about.say("created", &time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    }
    let Some(Value::Map(info)) = map.get(&b"info"[..]) else { return };
    let name = text(info.get(&b"name"[..]));
    about.say("title", &name);
    let size = |v: Option<&Value>| match v {
        Some(Value::Number(n)) => u64::try_from(*n).unwrap_or(0),
        _ => 0,
    };
    let Some(Value::List(files)) = info.get(&b"files"[..]) else {
        // Of one file the name is that of all.
        about.files.extend(info.get(&b"length"[..]).map(|length| (name, size(Some(length)))));
        return;
    };
    about.say("pages", &files.len().to_string());
    for file in files.iter().take(FILES) {
        let Value::Map(file) = file else { continue };
        let Some(Value::List(path)) = file.get(&b"path"[..]) else { continue };
        let path: Vec<String> = path.iter().map(|p| text(Some(p))).collect();
        about.files.push((path.join("/"), size(file.get(&b"length"[..]))));
    }
    about.cut |= files.len() > FILES;
}

fn value<'b>(bytes: &'b [u8], at: &mut usize, depth: usize, left: &mut usize) -> Option<Value<'b>> {
    *left = left.checked_sub(1)?;
    let depth = depth.checked_sub(1)?;
    match bytes.get(*at)? {
        b'i' => {
            let end = *at + memchr::memchr(b'e', bytes.get(*at..)?)?;
            let number = std::str::from_utf8(bytes.get(*at + 1..end)?).ok()?.parse().ok()?;
            *at = end + 1;
            Some(Value::Number(number))
        }
        b'l' => {
            *at += 1;
            let mut list = Vec::new();
            while bytes.get(*at) != Some(&b'e') {
                list.push(value(bytes, at, depth, left)?);
            }
            *at += 1;
            Some(Value::List(list))
        }
        b'd' => {
            *at += 1;
            let mut map = BTreeMap::new();
            while bytes.get(*at) != Some(&b'e') {
                let Value::Text(key) = value(bytes, at, 1, left)? else { return None };
                map.insert(key, value(bytes, at, depth, left)?);
            }
            *at += 1;
            Some(Value::Map(map))
        }
        b'0'..=b'9' => {
            let colon = *at + memchr::memchr(b':', bytes.get(*at..(*at + 12).min(bytes.len()))?)?;
            let length: usize = std::str::from_utf8(bytes.get(*at..colon)?).ok()?.parse().ok()?;
            let text = bytes.get(colon + 1..(colon + 1).checked_add(length)?)?;
            *at = colon + 1 + length;
            Some(Value::Text(text))
        }
        _ => None,
    }
}
