//! One record in words that all providers share, and the small knives by which records are cut. Whoever looks at events
//! one by one (rules that users bring) is shown the record's own fields instead ([`fields`]).

use super::operations::{self, Meaning};
use crate::posts::shares::{stamp, zone};
use model::{Address, Time};
use rows::sign_in::{Action, Answer, Provider};
use serde_json::Value;

/// Bytes of a text that is kept.
const TEXT: usize = 300;
/// Members of a list that are looked at.
pub const MEMBERS: usize = 1000;

/// What one record says.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    /// Whose log it is.
    pub provider: Provider,
    /// What the provider calls it.
    pub operation: String,
    /// What that is.
    pub meaning: Meaning,
    /// When; none where the record does not say.
    pub time: Option<Time>,
    /// The provider's own id of the record; empty where it has none.
    pub id: String,
    /// What came of it.
    pub answer: Answer,
    /// Who; lower case.
    pub account: String,
    /// From where.
    pub source: Option<Address>,
    /// With which program.
    pub client: String,
    /// By which way, where it is not the usual.
    pub method: String,
    /// To whom or to what.
    pub target: String,
    /// What was set.
    pub detail: String,
    /// The country that the provider names.
    pub country: String,
    /// Things touched.
    pub items: u64,
    /// Their bytes, where told.
    pub bytes: u64,
    /// Names of things touched.
    pub names: Vec<String>,
    /// The provider says that it stopped writing down what was read.
    pub throttled: bool,
}

impl Event {
    /// An event of an operation; what is the provider's own act is ordinary.
    pub fn new(provider: Provider, operation: &str, account: &str, time: Option<Time>) -> Event {
        let account = clip(account.trim()).to_lowercase();
        let meaning = match operations::meaning(provider, operation) {
            Meaning::Does(_) if operations::is_service(provider, &account) => Meaning::Ordinary,
            meaning => meaning,
        };
        Event {
            provider,
            operation: clip(operation.trim()),
            meaning,
            time,
            id: String::new(),
            answer: Answer::Accepted,
            account,
            source: None,
            client: String::new(),
            method: String::new(),
            target: String::new(),
            detail: String::new(),
            country: String::new(),
            items: 1,
            bytes: 0,
            names: Vec::new(),
            throttled: false,
        }
    }

    /// What is done, where it is to be kept.
    pub fn action(&self) -> Option<Action> {
        match self.meaning {
            Meaning::Does(action) => Some(action),
            Meaning::Ordinary | Meaning::Unknown => None,
        }
    }

    /// It turns out to be this.
    pub fn does(&mut self, action: Action) {
        self.meaning = Meaning::Does(action);
    }

    /// It turns out to be nothing to keep.
    pub fn is_ordinary(&mut self) {
        self.meaning = Meaning::Ordinary;
    }

    /// It turns out to be nothing to keep, unless this holds.
    pub fn only_if(&mut self, holds: bool) {
        if !holds {
            self.is_ordinary();
        }
    }
}

/// A text, cut where it is long.
pub fn clip(text: &str) -> String {
    formats::clip(text, TEXT).to_string()
}

/// What stands under a key, dotted where it is nested.
pub fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    if let Some(found) = value.get(path) {
        return Some(found);
    }
    path.split('.').try_fold(value, |v, key| match v {
        Value::Array(list) => list.first()?.get(key),
        _ => v.get(key),
    })
}

/// The text under the first of some keys that has one.
pub fn text<'v>(value: &'v Value, paths: &[&str]) -> &'v str {
    let found = paths.iter().filter_map(|p| at(value, p)).filter_map(Value::as_str);
    found.into_iter().find(|t| !t.is_empty()).unwrap_or_default()
}

/// A value as a text: numbers and words too.
pub fn written(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(Value::Array(list)) => list.iter().take(MEMBERS).map(|v| written(Some(v))).collect::<Vec<_>>().join(" "),
        Some(other) => clip(&other.to_string()),
    }
}

/// A list under a key.
pub fn list<'v>(value: &'v Value, path: &str) -> &'v [Value] {
    let list = at(value, path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    &list[..list.len().min(MEMBERS)]
}

/// Of a list of `{"Name": …, "Value": …}` the value of a name, whatever the case of keys and name.
pub fn named(list: &[Value], name: &str) -> Option<String> {
    let member = |v: &Value, keys: &[&str]| keys.iter().find_map(|k| v.get(*k)).cloned();
    let is = |v: &&Value| {
        let key = member(v, &["Name", "name", "displayName", "key", "Key"]);
        key.as_ref().and_then(Value::as_str).is_some_and(|k| k.eq_ignore_ascii_case(name))
    };
    let found = list.iter().find(is)?;
    let keys = [
        "Value",
        "value",
        "NewValue",
        "newValue",
        "multiValue",
        "boolValue",
        "intValue",
        "multiIntValue",
        "messageValue",
    ];
    Some(written(member(found, &keys).as_ref()))
}

/// A time as audit logs write it.
pub fn time(text: &str) -> Option<Time> {
    stamp(text.as_bytes()).map(|s| s.time).or_else(|| console(text))
}

/// `5/18/2021 9:13:33 PM`, `May 18, 2021, 9:13:33 PM CEST`, as portals and consoles write it in their tables: UTC where no zone
/// stands behind. Of a zone that is not known, nothing is guessed.
fn console(text: &str) -> Option<Time> {
    const FORMS: [&str; 5] = [
        "%m/%d/%Y %I:%M:%S%.f %p",
        "%m/%d/%Y %H:%M:%S%.f",
        "%b %d %Y %I:%M:%S%.f %p",
        "%b %d %Y %H:%M:%S%.f",
        "%d %b %Y %H:%M:%S%.f",
    ];
    // Between the minute and its half of the day stands a narrow blank since CLDR 42.
    let text = formats::clip(text.trim(), 80).replace(['\u{202f}', '\u{a0}'], " ").replace(',', "");
    let (text, minutes) = match text.rsplit_once(' ') {
        Some((before, word)) if !matches!(word, "AM" | "PM" | "am" | "pm") && word.starts_with(char::is_alphabetic) => {
            (before.to_string(), zone(word)?)
        }
        _ => (text, 0),
    };
    let civil = FORMS.iter().find_map(|form| jiff::civil::DateTime::strptime(form, &text).ok())?;
    let zone = jiff::tz::Offset::from_seconds(i32::from(minutes) * 60).ok()?;
    zone.to_timestamp(civil).ok().map(Into::into)
}

/// A time that may be a number.
pub fn moment(value: Option<&Value>) -> Option<Time> {
    match value? {
        Value::String(text) => time(text),
        Value::Number(number) => time(&number.to_string()),
        _ => None,
    }
}

/// An address with a port behind it perhaps; of several, the first.
pub fn address(text: &str) -> Option<Address> {
    let first = text.split(',').next().unwrap_or_default().trim();
    if let Some(rest) = first.strip_prefix('[') {
        return Address::parse(rest.split(']').next()?.as_bytes());
    }
    let parsed = Address::parse(first.as_bytes());
    parsed.or_else(|| Address::parse(first.rsplit_once(':').filter(|(a, _)| !a.contains(':'))?.0.as_bytes()))
}

/// The last part of a path of a directory: `EURPR04A009…/parti.example/anne` is `anne`.
pub fn last_part(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Settings as one text: `key=value; …`; what has no value is left out.
pub fn settings(parts: &[(&str, &str)]) -> String {
    let parts = parts.iter().filter(|(_, value)| !value.is_empty());
    clip(&parts.map(|(key, value)| format!("{key}={}", value.replace("; ", ", "))).collect::<Vec<_>>().join("; "))
}

/// The value of a key in [`settings`].
pub fn setting<'d>(detail: &'d str, key: &str) -> Option<&'d str> {
    detail.split("; ").find_map(|part| part.strip_prefix(key)?.strip_prefix('='))
}

/// Visits the fields of a record, dotted where they are nested: what rules of users are asked about. Of lists of
/// `{"Name": …, "Value": …}` the names are keys.
pub fn fields(record: &Value, each: &mut dyn FnMut(String, String)) {
    const LEVELS: usize = 8;
    fn inner(value: &Value, before: &str, level: usize, each: &mut dyn FnMut(String, String)) {
        let path = |key: &str| if before.is_empty() { key.to_string() } else { format!("{before}.{key}") };
        match value {
            Value::Object(members) if level < LEVELS => {
                members.iter().take(MEMBERS).for_each(|(key, value)| inner(value, &path(key), level + 1, each));
            }
            Value::Array(members) if level < LEVELS => {
                for member in members.iter().take(MEMBERS) {
                    let name = member.get("Name").or_else(|| member.get("name")).and_then(Value::as_str);
                    let value = member.get("Value").or_else(|| member.get("value"));
                    match (name, value) {
                        (Some(name), Some(value)) => inner(value, &path(name), level + 1, each),
                        _ => inner(member, before, level + 1, each),
                    }
                }
            }
            Value::Object(_) | Value::Array(_) | Value::Null => {}
            other => each(before.to_string(), written(Some(other))),
        }
    }
    inner(record, "", 0, each);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_with_and_without_ports() {
        for (text, expected) in [
            ("192.0.2.7", "192.0.2.7"),
            ("192.0.2.7:52378", "192.0.2.7"),
            ("[2001:db8::7]:52903", "2001:db8::7"),
            ("2001:db8::7", "2001:db8::7"),
            ("192.0.2.7, 10.0.0.1", "192.0.2.7"),
        ] {
            assert_eq!(address(text).map(|a| a.to_string()).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(address("<null>"), None);
    }

    #[test]
    fn settings_are_read_back() {
        let detail = settings(&[("name", ". ; x=1"), ("words", ""), ("forward_to", "a@b.example")]);
        assert_eq!(setting(&detail, "forward_to"), Some("a@b.example"));
        assert_eq!((setting(&detail, "x"), setting(&detail, "words")), (None, None));
    }

    #[test]
    fn times_of_the_portal() {
        let expected: Time = "2021-05-18T21:13:33Z".parse().expect("a time");
        for text in [
            "2021-05-18T21:13:33",
            "5/18/2021 9:13:33 PM",
            "5/18/2021, 9:13:33.000 PM",
            "2021-05-18T23:13:33+02:00",
            "May 18, 2021, 9:13:33 PM UTC",
            "May 18, 2021, 11:13:33\u{202f}PM CEST",
            "May 18, 2021, 11:13:33 PM GMT+2",
            "18 May 2021 21:13:33",
        ] {
            assert_eq!(time(text), Some(expected), "{text}");
        }
        assert_eq!(time("May 18, 2021, 9:13:33 PM XYZ"), None, "no zone is guessed");
    }
}
