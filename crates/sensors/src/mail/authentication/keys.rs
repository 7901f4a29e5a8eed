//! The archive: answers of the DNS kept with the day they were seen, so that mail is judged by the keys and policies of
//! its own day. Read from JSON lines (what `vigie keys fetch` writes) or from a zone in master-file form (RFC 1035 5).
//! You may rely on: damage is counted, memory follows the input, many dates per name. Left out: time to live, DNSSEC.
//!
//! A JSON line: `{"name":"sel._domainkey.example.org","type":"TXT","rcode":"NOERROR","answers":["v=DKIM1; …"],
//! "seen":"2026-11-22T03:00:00Z","resolver":"192.0.2.53"}`. Without `seen` an answer speaks of no day and always holds.
//! `"type":"ANY","rcode":"NXDOMAIN"` with the name `*` or `*.example.org` closes a world: what is not listed there does
//! not exist, rather than being unknown. A zone file closes its own origin in that way.

use super::records::{Answer, Kind, Records, Reply, canonical_name};
use model::{Skip, Time};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Answers one reply may hold; more are left out, as no judgement looks at them.
const MAX_ANSWERS: usize = 100;
/// Bytes of one line.
const MAX_LINE: usize = 256 << 10;
/// Aliases followed from a name.
const MAX_ALIASES: usize = 8;

/// Answers by name.
#[derive(Debug, Default)]
pub struct Archive {
    names: BTreeMap<String, Vec<Entry>>,
    /// Names under which what is not listed does not exist: `example.org`, or the empty name for all.
    closed: BTreeMap<String, Entry>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// None: the name as a whole.
    kind: Option<Kind>,
    seen: Option<Time>,
    outcome: Outcome,
    by: String,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Found(Vec<String>),
    Nothing,
    Failed,
}

#[derive(Deserialize)]
struct Line {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    rcode: Option<String>,
    #[serde(default)]
    answers: Vec<Text>,
    #[serde(default)]
    seen: Option<Time>,
    #[serde(default)]
    resolver: Option<String>,
}

/// A record's text, in one piece or in the character-strings of a TXT record.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Whole(String),
    Strings(Vec<String>),
}

impl Archive {
    /// Reads JSON lines or a zone, whichever the bytes are.
    pub fn parse(bytes: &[u8]) -> (Archive, Vec<Skip>) {
        let mut archive = Archive::default();
        let skips = archive.add(bytes);
        (archive, skips)
    }

    /// Adds the answers of another file. What was read twice counts once.
    pub fn add(&mut self, bytes: &[u8]) -> Vec<Skip> {
        let mut skips = Skips::default();
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.trim_ascii_start().first() == Some(&b'{') {
            self.add_lines(bytes, &mut skips);
        } else {
            super::zone::read(bytes, &mut |record| self.add_record(record), &mut |reason, at, line| {
                skips.add(reason, at, line);
            });
        }
        // Sorted by type and day, so that a look-up is a search and the order of files does not matter.
        for entries in self.names.values_mut() {
            entries.sort();
            entries.dedup();
        }
        skips.0.into_values().collect()
    }

    /// How many names are known.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.closed.is_empty()
    }

    fn add_lines(&mut self, bytes: &[u8], skips: &mut Skips) {
        let mut at = 0u64;
        for (n, line) in bytes.split(|b| *b == b'\n').enumerate() {
            let start = at;
            at += line.len() as u64 + 1;
            if line.trim_ascii().is_empty() {
                continue;
            }
            if let Err(reason) = self.add_line(line) {
                skips.add(reason, start, n as u64 + 1);
            }
        }
    }

    fn add_line(&mut self, line: &[u8]) -> Result<(), &'static str> {
        if line.len() > MAX_LINE {
            return Err("DNS answer over 256 KiB");
        }
        let line: Line = serde_json::from_slice(line).map_err(|_| "not a DNS answer in JSON")?;
        let kind = match line.kind.to_ascii_uppercase().as_str() {
            "A" => Some(Kind::A),
            "AAAA" => Some(Kind::Aaaa),
            "MX" => Some(Kind::Mx),
            "PTR" => Some(Kind::Ptr),
            "TXT" => Some(Kind::Txt),
            "CNAME" => Some(Kind::Cname),
            "ANY" | "*" => None,
            _ => return Err("DNS answer of a type that authentication does not ask for"),
        };
        let answers: Vec<String> = line
            .answers
            .into_iter()
            .take(MAX_ANSWERS)
            .map(|t| match t {
                Text::Whole(text) => text,
                Text::Strings(strings) => strings.concat(),
            })
            .collect();
        let outcome = match line.rcode.as_deref().unwrap_or("NOERROR").to_ascii_uppercase().as_str() {
            "NOERROR" if answers.is_empty() => Outcome::Nothing,
            "NOERROR" if kind.is_none() => return Err("DNS answer without a type"),
            "NOERROR" => Outcome::Found(answers),
            "NXDOMAIN" => Outcome::Nothing,
            _ => Outcome::Failed,
        };
        // A name that does not exist has no record of any type (RFC 8020).
        let whole = line.rcode.as_deref().is_some_and(|r| r.eq_ignore_ascii_case("NXDOMAIN"));
        let kind = if whole { None } else { kind };
        let entry = Entry { kind, seen: line.seen, outcome, by: line.resolver.unwrap_or_else(|| "archive".into()) };
        match line.name.strip_prefix('*').map(|n| n.trim_matches('.')) {
            Some(closed) if kind.is_none() => {
                self.closed.insert(closed.to_ascii_lowercase(), entry);
            }
            _ => {
                let name = canonical_name(&line.name).ok_or("DNS answer for what is no name")?;
                self.names.entry(name).or_default().push(entry);
            }
        }
        Ok(())
    }

    fn add_record(&mut self, record: super::zone::Record) {
        use super::zone::Record;
        match record {
            Record::Origin(name) => {
                let entry = Entry { kind: None, seen: None, outcome: Outcome::Nothing, by: "zone".into() };
                self.closed.insert(name, entry);
            }
            Record::Data(name, kind, text) => {
                let entries = self.names.entry(name).or_default();
                // A zone's records of one name and type are one answer.
                let same = entries.iter_mut().find(|e| e.kind == Some(kind) && e.seen.is_none() && e.by == "zone");
                match same {
                    Some(Entry { outcome: Outcome::Found(answers), .. }) => {
                        if answers.len() < MAX_ANSWERS {
                            answers.push(text);
                        }
                    }
                    _ => entries.push(Entry {
                        kind: Some(kind),
                        seen: None,
                        outcome: Outcome::Found(vec![text]),
                        by: "zone".into(),
                    }),
                }
            }
        }
    }

    /// The entries of a name, its own or those of a wildcard over it (RFC 4592).
    fn entries(&self, name: &str) -> Option<&[Entry]> {
        if let Some(own) = self.names.get(name) {
            return Some(own);
        }
        let mut rest = name;
        while let Some((_, parent)) = rest.split_once('.') {
            if let Some(entries) = self.names.get(&format!("*.{parent}")) {
                return Some(entries);
            }
            if self.names.contains_key(parent) {
                return None;
            }
            rest = parent;
        }
        None
    }

    /// The closed world that a name lies in.
    fn closed(&self, name: &str) -> Option<&Entry> {
        let mut rest = name;
        loop {
            if let Some(entry) = self.closed.get(rest) {
                return Some(entry);
            }
            match rest.split_once('.') {
                Some((_, parent)) => rest = parent,
                None if rest.is_empty() => return None,
                None => rest = "",
            }
        }
    }
}

impl Entry {
    fn reply(&self) -> Reply<'_> {
        let answer = match &self.outcome {
            Outcome::Found(texts) => Answer::Found(texts),
            Outcome::Nothing => Answer::Nothing,
            Outcome::Failed => Answer::Failed,
        };
        Reply { answer, seen: self.seen, by: &self.by }
    }
}

/// The replies next to a time: the last before and the first after it, nearest first. Failures say nothing of the name,
/// so that they count only where there is nothing better.
fn nearest<'a>(of: impl Iterator<Item = &'a Entry>, at: Option<Time>) -> Vec<Reply<'a>> {
    let mut of: Vec<&Entry> = of.collect();
    if let [only] = of.as_slice() {
        return vec![only.reply()];
    }
    if of.iter().any(|e| e.outcome != Outcome::Failed) {
        of.retain(|e| e.outcome != Outcome::Failed);
    }
    of.sort_by_key(|e| e.seen);
    let after = of.partition_point(|e| e.seen.is_none_or(|s| at.is_some_and(|at| s <= at)));
    let distance = |e: &Entry| e.seen.zip(at).map_or(0, |(s, at)| s.0.abs_diff(at.0));
    let mut two: Vec<&Entry> = Vec::with_capacity(2);
    two.extend(after.checked_sub(1).and_then(|n| of.get(n)));
    two.extend(of.get(after));
    two.sort_by_key(|e| distance(e));
    two.into_iter().map(Entry::reply).collect()
}

impl Records for Archive {
    fn replies(&self, name: &str, kind: Kind, at: Option<Time>) -> Vec<Reply<'_>> {
        let mut name = Cow::Borrowed(name);
        for _ in 0..=MAX_ALIASES {
            let entries = self.entries(&name).unwrap_or_default();
            let known = nearest(entries.iter().filter(|e| e.kind == Some(kind) || e.kind.is_none()), at);
            if known.iter().any(|r| matches!(r.answer, Answer::Found(_))) {
                return known;
            }
            let alias = nearest(entries.iter().filter(|e| e.kind == Some(Kind::Cname)), at);
            let target = alias.first().and_then(|r| match r.answer {
                Answer::Found(texts) => texts.first().and_then(|t| canonical_name(t)),
                _ => None,
            });
            match target {
                Some(target) => name = Cow::Owned(target),
                None if !known.is_empty() => return known,
                None => return self.closed(&name).map(Entry::reply).into_iter().collect(),
            }
        }
        // Aliases in a circle never come to an answer, whoever asks.
        vec![Reply { answer: Answer::Failed, seen: None, by: "archive" }]
    }
}

/// Damage, counted by reason.
#[derive(Default)]
struct Skips(BTreeMap<&'static str, Skip>);

impl Skips {
    fn add(&mut self, reason: &'static str, first: u64, line: u64) {
        self.0.entry(reason).or_insert_with(|| Skip { reason: reason.into(), count: 0, first, line }).count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = r#"
{"name":"s._domainkey.example.org","type":"TXT","rcode":"NOERROR","answers":["first"],"seen":"2020-01-01T00:00:00Z"}
{"name":"S._domainkey.example.org.","type":"TXT","rcode":"NOERROR","answers":[["sec","ond"]],"seen":"2021-01-01T00:00:00Z","resolver":"192.0.2.53"}
{"name":"s._domainkey.example.org","type":"TXT","rcode":"NXDOMAIN","answers":[],"seen":"2023-01-01T00:00:00Z"}
{"name":"s._domainkey.example.org","type":"TXT","rcode":"SERVFAIL","seen":"2021-02-01T00:00:00Z"}
{"name":"alias.example.org","type":"CNAME","answers":["s._domainkey.example.org"]}
{"name":"loop.example.org","type":"CNAME","answers":["loop.example.org"]}
{"name":"*.closed.example","type":"ANY","rcode":"NXDOMAIN"}
{"name":"here.closed.example","type":"A","answers":["192.0.2.1"]}
{"broken
{"name":"x.example.org","type":"NAPTR","answers":[]}
"#;

    fn check(name: &str, kind: Kind, at: &str, expected: &[&str]) {
        let (archive, _) = Archive::parse(LINES.as_bytes());
        let replies = archive.replies(name, kind, at.parse().ok());
        let words: Vec<&str> = replies
            .iter()
            .map(|r| match r.answer {
                Answer::Found(texts) => texts[0].as_str(),
                Answer::Nothing => "-",
                Answer::Failed => "!",
            })
            .collect();
        assert_eq!(words, expected, "{name} {at}");
    }

    #[test]
    fn the_answer_of_the_day_comes_first() {
        check("s._domainkey.example.org", Kind::Txt, "2020-02-01T00:00:00Z", &["first", "second"]);
        check("s._domainkey.example.org", Kind::Txt, "2020-12-01T00:00:00Z", &["second", "first"]);
        check("s._domainkey.example.org", Kind::Txt, "2019-12-01T00:00:00Z", &["first"]);
        check("s._domainkey.example.org", Kind::Txt, "2024-12-01T00:00:00Z", &["-"]);
        check("alias.example.org", Kind::Txt, "2020-01-01T00:00:00Z", &["first", "second"]);
    }

    #[test]
    fn unknown_and_missing_are_two_things() {
        check("s._domainkey.example.org", Kind::A, "2020-01-01T00:00:00Z", &["-"]);
        check("other.example.org", Kind::Txt, "2020-01-01T00:00:00Z", &[]);
        check("loop.example.org", Kind::Txt, "2020-01-01T00:00:00Z", &["!"]);
        check("there.closed.example", Kind::A, "2020-01-01T00:00:00Z", &["-"]);
        check("here.closed.example", Kind::Txt, "2020-01-01T00:00:00Z", &["-"]);
        check("here.closed.example", Kind::A, "2020-01-01T00:00:00Z", &["192.0.2.1"]);
    }

    #[test]
    fn damage_is_counted() {
        let (_, skips) = Archive::parse(LINES.as_bytes());
        let seen: Vec<_> = skips.iter().map(|s| (s.reason.as_str(), s.count, s.line)).collect();
        assert_eq!(
            seen,
            [("DNS answer of a type that authentication does not ask for", 1, 11), ("not a DNS answer in JSON", 1, 10)]
        );
    }
}
