//! Findings on posts, read as what they are: groups, accounts that stand out, copied texts, narratives, outlets, the
//! road of a leak. You may rely on: fields that are missing, of another type or without end are empty or cut, never an
//! error. Left out: how they come about (the detectors' specifications), whose names may be told (`redaction`).

use model::{Fields, Finding, Lang, Time};
use serde_json::Value;

/// Members, objects and other rows read of one finding.
const ROWS: usize = 5000;
/// Days of a calendar.
const DAYS: usize = 366;
/// An hour, in a time's unit.
const HOUR: i64 = 3_600_000_000;

/// A member of a group.
#[derive(Clone, Debug)]
pub struct Member<'f> {
    /// Its id.
    pub account: &'f str,
    /// Its name, or nothing.
    pub name: &'f str,
    /// Its posts in the group's traces.
    pub posts: u64,
    /// When it was made.
    pub created: Option<Time>,
}

impl<'f> Member<'f> {
    /// What a reader calls it.
    pub fn label(&self) -> &'f str {
        if self.name.is_empty() { self.account } else { self.name }
    }
}

/// Accounts that act as one (`posts/coordination`).
#[derive(Clone, Debug)]
pub struct Group<'f> {
    /// The finding.
    pub finding: &'f Finding,
    /// Its members.
    pub members: Vec<Member<'f>>,
    /// What they share: `url`, `hashtags`, `repost`, `text` …
    pub by: Vec<&'f str>,
    /// What was shared: the thing, by how many accounts, in how many posts.
    pub objects: Vec<(&'f str, u64, u64)>,
    /// Pairs of members by their places, with weight and p-value.
    pub edges: Vec<(usize, usize, f64, f64)>,
    /// The chance of the group, corrected.
    pub p: Option<f64>,
    /// Seconds within which they share.
    pub window: Option<f64>,
    /// Posts that make the group.
    pub posts: u64,
    /// Posts by hour of the day.
    pub hours: Vec<u64>,
    /// Posts by the hour, each hour by its beginning.
    pub calendar: Vec<(Time, u64)>,
    /// Languages with their posts.
    pub languages: Vec<(&'f str, u64)>,
    /// Who is first most often.
    pub first_mover: &'f str,
    /// Days on which members were made, with how many.
    pub created: Vec<(&'f str, u64)>,
    /// Whom the group speaks for and against.
    pub favours: Vec<&'f str>,
    /// Whom it speaks against.
    pub against: Vec<&'f str>,
}

impl<'f> Group<'f> {
    /// Of a finding.
    pub fn of(finding: &'f Finding) -> Group<'f> {
        let f = &finding.fields;
        let members: Vec<Member> = objects(f, "members")
            .map(|m| Member {
                account: text(m, "account"),
                name: text(m, "name"),
                posts: number(m, "posts"),
                created: text(m, "created").parse().ok(),
            })
            .collect();
        let edges = list(f, "edges")
            .filter_map(|edge| {
                let part = |i: usize| edge.get(i);
                let (a, b) = (part(0)?.as_u64()? as usize, part(1)?.as_u64()? as usize);
                let p = part(3).and_then(Value::as_f64).unwrap_or(1.0);
                Some((a, b, part(2)?.as_f64()?, p)).filter(|_| a != b && a.max(b) < members.len())
            })
            .collect();
        let calendar = f.get("calendar").and_then(Value::as_object);
        Group {
            finding,
            by: strings(f, "by"),
            objects: objects(f, "objects")
                .map(|o| (text(o, "object"), number(o, "accounts"), number(o, "posts")))
                .collect(),
            edges,
            p: f.get("p").and_then(Value::as_f64),
            window: f.get("window").and_then(seconds),
            posts: number(f, "posts"),
            hours: f.get("hours").map(hours).unwrap_or_default(),
            calendar: calendar
                .into_iter()
                .flatten()
                .take(DAYS)
                .filter_map(|(day, v)| Some((format!("{day}T00:00:00Z").parse::<Time>().ok()?, hours(v))))
                .flat_map(|(day, hours)| {
                    let hour = move |(h, n): (usize, u64)| (Time(day.0 + HOUR * h as i64), n);
                    hours.into_iter().enumerate().filter(|(_, n)| *n > 0).map(hour)
                })
                .collect(),
            languages: counts(f, "languages"),
            first_mover: text(f, "first_mover"),
            created: counts(f, "created"),
            favours: strings(f, "favours"),
            against: strings(f, "against"),
            members,
        }
    }

    /// The member of an id.
    pub fn member(&self, account: &str) -> Option<&Member<'f>> {
        self.members.iter().find(|m| m.account == account)
    }

    /// Explanations other than coordination that were considered: which, what came of it, and why.
    pub fn innocent(&self, lang: Lang) -> Vec<[String; 3]> {
        list(&self.finding.fields, "innocent")
            .map(|item| {
                let part = |keys: &[&str]| keys.iter().find_map(|k| item.get(k)).map(|v| said(v, lang));
                let what = part(&["explanation", "what", "name", "text"]).unwrap_or_else(|| said(item, lang));
                [what, part(&["outcome"]).unwrap_or_default(), part(&["why", "reason"]).unwrap_or_default()]
            })
            .collect()
    }
}

/// A text field of an object.
pub fn text<'f>(fields: &'f Fields, key: &str) -> &'f str {
    fields.get(key).and_then(Value::as_str).unwrap_or("")
}

/// A counting field; a list counts its items.
pub fn number(fields: &Fields, key: &str) -> u64 {
    match fields.get(key) {
        Some(Value::Array(list)) => list.len() as u64,
        Some(value) => value.as_u64().unwrap_or(0),
        None => 0,
    }
}

/// The items of a list field.
pub fn list<'f>(fields: &'f Fields, key: &str) -> impl Iterator<Item = &'f Value> + use<'f> {
    fields.get(key).and_then(Value::as_array).into_iter().flatten().take(ROWS)
}

/// The objects of a list field.
pub fn objects<'f>(fields: &'f Fields, key: &str) -> impl Iterator<Item = &'f Fields> + use<'f> {
    list(fields, key).filter_map(Value::as_object)
}

/// The strings of a list field, or the one string of a plain one.
pub fn strings<'f>(fields: &'f Fields, key: &str) -> Vec<&'f str> {
    match fields.get(key) {
        Some(Value::String(one)) if !one.is_empty() => vec![one],
        _ => list(fields, key).filter_map(Value::as_str).collect(),
    }
}

/// An object of counts.
pub fn counts<'f>(fields: &'f Fields, key: &str) -> Vec<(&'f str, u64)> {
    let all = fields.get(key).and_then(Value::as_object).into_iter().flatten();
    all.take(ROWS).filter_map(|(word, n)| Some((word.as_str(), n.as_u64()?))).collect()
}

/// A sentence in a language: a plain string, or one with `en` and `fr`.
pub fn said(value: &Value, lang: Lang) -> String {
    match value {
        Value::String(text) => text.clone(),
        _ => value.get(lang.of("en", "fr")).and_then(Value::as_str).unwrap_or("").into(),
    }
}

/// Seconds, as a number or as `60s`, `5m`, `2h`.
pub fn seconds(value: &Value) -> Option<f64> {
    let Value::String(text) = value else { return value.as_f64() };
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    digits.trim().parse::<f64>().ok().map(|n| n * unit)
}

fn hours(value: &Value) -> Vec<u64> {
    let list: Vec<u64> = value.as_array().into_iter().flatten().take(24).map(|n| n.as_u64().unwrap_or(0)).collect();
    if list.len() == 24 { list } else { Vec::new() }
}
