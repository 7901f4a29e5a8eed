//! Bundles of others that are evidence of a case: listed, and given back as they came, whatever types they have. You may rely
//! on: an object of theirs stands in our bundle value for value; where they and we name the same thing, theirs stands.
//! Left out: judging them (the names they hold to be bad are read as indicators like any).

use model::{Error, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Types of STIX 2.1.
const KNOWN: [&str; 42] = [
    "artifact",
    "attack-pattern",
    "autonomous-system",
    "campaign",
    "course-of-action",
    "directory",
    "domain-name",
    "email-addr",
    "email-message",
    "extension-definition",
    "file",
    "grouping",
    "identity",
    "incident",
    "indicator",
    "infrastructure",
    "intrusion-set",
    "ipv4-addr",
    "ipv6-addr",
    "language-content",
    "location",
    "mac-addr",
    "malware",
    "malware-analysis",
    "marking-definition",
    "mutex",
    "network-traffic",
    "note",
    "observed-data",
    "opinion",
    "process",
    "relationship",
    "report",
    "sighting",
    "software",
    "threat-actor",
    "tool",
    "url",
    "user-account",
    "vulnerability",
    "windows-registry-key",
    "x509-certificate",
];
/// Levels of lists and objects within one another.
const DEEP: usize = 64;

/// A bundle of somebody else's.
#[derive(Clone, Debug, Default)]
pub struct Others {
    /// Its objects as they came.
    pub objects: Vec<Value>,
    /// How many of each type.
    pub types: BTreeMap<String, u64>,
    /// Types that STIX 2.1 does not have.
    pub unknown: BTreeSet<String>,
    /// References to what is not in it: it may stand elsewhere.
    pub dangling: u64,
    /// What stands in its list and is no object with a type and an identifier.
    pub refused: u64,
}

impl Others {
    /// Of its bytes; none where they are no bundle.
    pub fn read(bytes: &[u8]) -> Result<Option<Others>> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let Ok(Value::Object(mut bundle)) = serde_json::from_slice::<Value>(bytes) else { return Ok(None) };
        if bundle.get("type").and_then(Value::as_str) != Some("bundle") {
            return Ok(None);
        }
        let Some(Value::Array(all)) = bundle.remove("objects") else {
            return Err(Error::new("a bundle without `objects`").hint("STIX 2.1, 8: `objects` is a list"));
        };
        let mut told = Others::default();
        for object in all {
            let (Some(kind), Some(_)) = (object["type"].as_str(), object["id"].as_str()) else {
                told.refused += 1;
                continue;
            };
            *told.types.entry(kind.into()).or_default() += 1;
            if !KNOWN.contains(&kind) {
                told.unknown.insert(kind.into());
            }
            told.objects.push(object);
        }
        let ids: BTreeSet<&str> = told.objects.iter().filter_map(|o| o["id"].as_str()).collect();
        told.dangling = told.objects.iter().map(|o| refs(o, &ids, 0)).sum();
        Ok(Some(told))
    }
}

/// References of an object to what is not among these.
fn refs(value: &Value, ids: &BTreeSet<&str>, deep: usize) -> u64 {
    if deep > DEEP {
        return 0;
    }
    let missing = |v: &Value| u64::from(v.as_str().is_some_and(|id| !ids.contains(id)));
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, v)| match v {
                Value::String(_) if key.ends_with("_ref") => missing(v),
                Value::Array(all) if key.ends_with("_refs") => all.iter().map(missing).sum(),
                v => refs(v, ids, deep + 1),
            })
            .sum(),
        Value::Array(all) => all.iter().map(|v| refs(v, ids, deep + 1)).sum(),
        _ => 0,
    }
}

/// Our bundle with the objects of others in it.
pub fn joined(mut bundle: Value, others: &[Others]) -> Value {
    let theirs: Vec<&Value> = others.iter().flat_map(|o| &o.objects).collect();
    if theirs.is_empty() {
        return bundle;
    }
    let named: BTreeSet<&str> = theirs.iter().filter_map(|o| o["id"].as_str()).collect();
    let ours = match bundle["objects"].take() {
        Value::Array(all) => all,
        _ => Vec::new(),
    };
    let mut all: Vec<Value> =
        ours.into_iter().filter(|o| o["id"].as_str().is_none_or(|id| !named.contains(id))).collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for object in theirs {
        // What stands in two of their bundles stands once; two versions of one object are two.
        if seen.insert(object.to_string()) {
            all.push(object.clone());
        }
    }
    bundle["objects"] = Value::Array(all);
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_others_say_is_given_back_as_it_came() {
        let theirs = json!({ "type": "bundle", "id": "bundle--1", "objects": [
            { "type": "channel", "id": "channel--1", "x_any": [1, 2.5, null, { "deep": "\u{202e}" }] },
            { "type": "relationship", "id": "relationship--1", "source_ref": "channel--1", "target_ref": "identity--gone" },
            { "type": "relationship", "id": "relationship--2", "source_ref": "relationship--2", "target_ref": "channel--1" },
            "no object",
        ] });
        let read = Others::read(theirs.to_string().as_bytes()).expect("read").expect("a bundle");
        assert_eq!((read.objects.len(), read.dangling, read.refused), (3, 1, 1));
        assert_eq!(read.unknown, BTreeSet::from(["channel".to_string()]));
        let ours = json!({ "type": "bundle", "id": "bundle--2", "objects": [{ "type": "note", "id": "note--1" }] });
        let joined = joined(ours, std::slice::from_ref(&read));
        assert_eq!(joined["objects"].as_array().map(Vec::len), Some(4));
        for object in &read.objects {
            assert!(joined["objects"].as_array().is_some_and(|all| all.contains(object)));
        }
        assert!(Others::read(b"{\"type\":\"bundle\"}").is_err());
        for none in [&b"[]"[..], b"\xff", b"{\"type\":\"report\"}", b""] {
            assert!(Others::read(none).expect("read").is_none());
        }
        // JSON deeper than anybody writes is refused by the parser, and costs nothing.
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(Others::read(deep.as_bytes()).expect("read").is_none());
    }
}
