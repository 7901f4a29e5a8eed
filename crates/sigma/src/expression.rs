//! What a rule asks of an event, as a tree.

use crate::collection::View;
use crate::pattern::Pattern;
use model::{Address, Network};
use regex::Regex;
use std::sync::Arc;

/// Bytes of a needed text that are looked for.
const NEEDED: usize = 64;

/// The number of a field's name among all rules' names; of none, the event as a whole.
pub type Field = Option<u32>;

/// A question.
#[derive(Clone, Debug)]
pub enum Expression {
    /// All of these.
    And(Vec<Expression>),
    /// One of these.
    Or(Vec<Expression>),
    /// Not this.
    Not(Box<Expression>),
    /// A search, by its name: for whoever asks why. A condition may name it often.
    Named(Arc<str>, Arc<Expression>),
    /// A field and its values.
    Item(Item),
}

/// A field and its values.
#[derive(Clone, Debug)]
pub struct Item {
    /// Which field.
    pub field: Field,
    /// The field, with its modifiers and values, as the rule writes them.
    pub written: String,
    /// Whether all values must be met.
    pub all: bool,
    /// What is asked of it.
    pub tests: Vec<Test>,
}

/// What is asked of a value.
#[derive(Clone, Debug)]
pub enum Test {
    /// It is a text so.
    Text(Pattern),
    /// It matches; so many bytes of a value are looked at.
    Regex(Regex, usize),
    /// It is an address of a network.
    Network(Network),
    /// The field has no value.
    Null,
    /// The field is there, or not.
    Exists(bool),
    /// It is a number, so compared.
    Number(Compare, f64),
    /// It is the value of another field, with something before or behind perhaps.
    Field(u32, crate::pattern::Ends, bool),
    /// A part of a time.
    Clock(Clock, i64),
}

/// How numbers are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Compare {
    /// Less.
    Less,
    /// Less, or as much.
    AtMost,
    /// More.
    More,
    /// More, or as much.
    AtLeast,
}

impl Compare {
    /// Whether a number is so.
    pub fn holds(self, own: f64, other: f64) -> bool {
        match self {
            Compare::Less => own < other,
            Compare::AtMost => own <= other,
            Compare::More => own > other,
            Compare::AtLeast => own >= other,
        }
    }
}

/// A part of a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Clock {
    /// 0–59.
    Minute,
    /// 0–23.
    Hour,
    /// 1–31.
    Day,
    /// 1–53, of ISO 8601.
    Week,
    /// 1–12.
    Month,
    /// The year.
    Year,
}

impl Expression {
    /// How many values it asks for, each as often as a condition names it.
    pub fn weight(&self) -> usize {
        match self {
            Expression::And(all) | Expression::Or(all) => {
                all.iter().map(Expression::weight).fold(1, usize::saturating_add)
            }
            Expression::Not(inner) => inner.weight(),
            Expression::Named(_, inner) => inner.weight(),
            Expression::Item(item) => item.tests.len(),
        }
    }

    /// Whether an event is so.
    pub fn holds(&self, event: &View) -> bool {
        match self {
            Expression::And(all) => all.iter().all(|e| e.holds(event)),
            Expression::Or(all) => all.iter().any(|e| e.holds(event)),
            Expression::Not(inner) => !inner.holds(event),
            Expression::Named(_, inner) => inner.holds(event),
            Expression::Item(item) => item.holds(event),
        }
    }

    /// Texts one of which stands in every event that is so; none where there is no such list. Where several lists would do, the
    /// one whose words are `met` least in all.
    pub fn needs(&self, met: &dyn Fn(&Need) -> u64) -> Option<Vec<Need>> {
        match self {
            Expression::And(all) => all.iter().filter_map(|e| e.needs(met)).min_by_key(|l| sum(l, met)),
            Expression::Or(all) => {
                let all: Option<Vec<Vec<Need>>> = all.iter().map(|e| e.needs(met)).collect();
                all.map(|a| a.concat()).filter(|a| !a.is_empty())
            }
            Expression::Not(_) => None,
            Expression::Named(_, inner) => inner.needs(met),
            Expression::Item(item) => item.needs(met),
        }
    }

    /// Shows each field and its values, also those under a negation.
    pub fn each<'e>(&'e self, show: &mut dyn FnMut(&'e Item)) {
        match self {
            Expression::And(all) | Expression::Or(all) => all.iter().for_each(|e| e.each(show)),
            Expression::Not(inner) => inner.each(show),
            Expression::Named(_, inner) => inner.each(show),
            Expression::Item(item) => show(item),
        }
    }
}

/// A text that an event must have, lower case: in a field's value, or anywhere.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Need {
    /// The text.
    pub text: String,
    /// Whether it may stand anywhere in the record.
    pub anywhere: bool,
}

fn sum(list: &[Need], met: &dyn Fn(&Need) -> u64) -> u64 {
    list.iter().map(met).fold(0, u64::saturating_add)
}

impl Item {
    /// Whether an event is so.
    pub fn holds(&self, event: &View) -> bool {
        match self.all {
            true => self.tests.iter().all(|t| t.holds(self.field, event)),
            false => self.tests.iter().any(|t| t.holds(self.field, event)),
        }
    }

    /// Other fields whose values it is held against.
    pub fn others(&self) -> impl Iterator<Item = u32> {
        self.tests.iter().filter_map(|t| if let Test::Field(other, ..) = t { Some(*other) } else { None })
    }

    /// What each of its values needs.
    pub fn needed(&self) -> impl Iterator<Item = Option<Need>> {
        let anywhere = self.field.is_none();
        self.tests.iter().map(move |t| t.needs().map(|text| Need { text, anywhere }))
    }

    fn needs(&self, met: &dyn Fn(&Need) -> u64) -> Option<Vec<Need>> {
        match self.all {
            true => self.needed().flatten().min_by_key(|n| met(n)).map(|n| vec![n]),
            false => self.needed().collect(),
        }
    }
}

impl Test {
    fn needs(&self) -> Option<String> {
        match self {
            Test::Text(pattern) => {
                let mut needs = pattern.needs();
                // What begins it is needed as well, and no text within texts within texts costs much to find.
                needs.truncate(needs.floor_char_boundary(NEEDED));
                Some(needs).filter(|n| n.len() >= 2)
            }
            _ => None,
        }
    }

    /// Whether a value of a field is so. A field may have several values: one is enough.
    pub fn holds(&self, field: Field, event: &View) -> bool {
        match (self, field) {
            (Test::Null, Some(field)) => event.values(field).next().is_none(),
            (Test::Exists(wanted), Some(field)) => event.values(field).next().is_some() == *wanted,
            (Test::Null | Test::Exists(_), None) => false,
            (_, Some(field)) => event.values(field).any(|v| self.is(v, event)),
            (_, None) => event.all().any(|v| self.is(v, event)),
        }
    }

    fn is(&self, (text, lower): (&str, &str), event: &View) -> bool {
        match self {
            Test::Text(pattern) => pattern.is(if pattern.cased { text } else { lower }),
            Test::Regex(regex, most) => regex.is_match(&text[..text.floor_char_boundary(*most)]),
            Test::Network(network) => Address::parse(text.as_bytes()).is_some_and(|a| network.contains(a)),
            Test::Number(compare, other) => number(text).is_some_and(|own| compare.holds(own, *other)),
            Test::Field(other, ends, cased) => event.values(*other).any(|(whole, low)| {
                let (own, other) = if *cased { (text, whole) } else { (lower, low) };
                match (ends.before, ends.behind) {
                    (true, true) => own.contains(other),
                    (true, false) => own.ends_with(other),
                    (false, true) => own.starts_with(other),
                    (false, false) => own == other,
                }
            }),
            Test::Clock(clock, wanted) => clock.of(text) == Some(*wanted),
            Test::Null | Test::Exists(_) => false,
        }
    }
}

/// A number as logs write it.
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16).ok().map(|n| n as f64),
        None => text.parse::<f64>().ok().filter(|n| n.is_finite()),
    }
}

impl Clock {
    /// That of a time that begins with its date, as RFC 3339 has it; zones are left alone, as the specification wants.
    fn of(self, text: &str) -> Option<i64> {
        let text = text.trim();
        let part = |from: usize, len: usize| text.get(from..from + len)?.parse::<i64>().ok();
        match self {
            Clock::Year => part(0, 4),
            Clock::Month => part(5, 2),
            Clock::Day => part(8, 2),
            Clock::Hour => part(11, 2),
            Clock::Minute => part(14, 2),
            Clock::Week => {
                let date = jiff::civil::Date::new(part(0, 4)? as i16, part(5, 2)? as i8, part(8, 2)? as i8).ok()?;
                Some(i64::from(date.iso_week_date().week()))
            }
        }
    }
}
