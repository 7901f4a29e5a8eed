//! Documents that do not fit the series of numbers they stand in: files named by number, in the order in which they were made.
//!
//! You may rely on: a series whose numbers do not follow its dates says nothing, and is left alone. Left out: numbers within
//! texts, series in no order.

use super::hunks::longest_run;
use super::leaked::file_name;
use super::table::{Entry, entries};
use crate::{Detector, Specification};
use formats::about::instant;
use model::{Context, Finding, Level, Reason, Result, Severity, Text, Time, View};
use rows::documents::{Document, Misfit, Misnumbered};
use rows::{Row, Shape};
use std::collections::{BTreeMap, BTreeSet};

/// Documents that make a series.
const LEAST: usize = 12;
/// Of a hundred of them, how many must follow the dates.
const ORDERED: usize = 90;
/// Days that one may be away from its neighbours, and share of the series' whole time.
const DAYS: i64 = 14;

/// The detector.
pub struct NumberingDetector;

impl Detector for NumberingDetector {
    fn id(&self) -> &'static str {
        Misnumbered::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Misnumbered>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Document::NAME]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("numbering.md"))
    }

    fn detect(&self, case: &dyn View, _: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let entries = entries(case)?;
        let mut series: BTreeMap<String, Vec<One>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for entry in &entries {
            let made = instant(&entry.document.created).or_else(|| instant(&entry.document.modified));
            if let (Some((of, number)), Some(made)) = (numbered(&entry.name), made)
                && seen.insert((of.clone(), number, entry.document.sha256.as_str()))
            {
                series.entry(of).or_default().push(One { number, made, entry });
            }
        }
        for (of, mut all) in series.into_iter().filter(|(_, all)| all.len() >= LEAST) {
            all.sort_by_key(|o| (o.number, o.made, &o.entry.name));
            for (n, why) in misfits(&all) {
                found(finding(&of, all.len(), &all[n], why))?;
            }
        }
        Ok(())
    }
}

struct One<'e> {
    number: u64,
    made: Time,
    entry: &'e Entry,
}

/// The series of a name and the number in it: the folder, what stands before the first number, how many digits that has.
fn numbered(name: &str) -> Option<(String, u64)> {
    let file = file_name(name);
    let folder = &name[..name.len() - file.len()];
    let from = file.find(|c: char| c.is_ascii_digit())?;
    let digits = file[from..].find(|c: char| !c.is_ascii_digit()).map_or(&file[from..], |n| &file[from..from + n]);
    let number: u64 = digits.parse().ok()?;
    // Eight figures are a day, four that begin so a year.
    let year = digits.len() == 4 && (1990..=2100).contains(&number);
    let padded = if digits.starts_with('0') || digits.len() > 2 { digits.len() } else { 0 };
    (digits.len() <= 6 && !year).then(|| (format!("{folder}{}#{padded}", &file[..from]), number))
}

/// Which do not fit a series that follows its dates, in the order of numbers.
fn misfits(all: &[One]) -> Vec<(usize, Misfit)> {
    let fitting = ordered(all);
    if fitting.len() * 100 < all.len() * ORDERED {
        return Vec::new();
    }
    let kept: BTreeSet<usize> = fitting.iter().copied().collect();
    let (first, last) = (all[fitting[0]].made, all[fitting[fitting.len() - 1]].made);
    let slack = (DAYS * 86_400).max(last.since(first) / 20);
    let mut found: BTreeMap<usize, Misfit> = BTreeMap::new();
    for n in (0..all.len()).filter(|n| !kept.contains(n)) {
        let before = fitting.iter().rev().find(|k| **k < n).map(|k| all[*k].made);
        let after = fitting.iter().find(|k| **k > n).map(|k| all[*k].made);
        let early = before.is_some_and(|b| b.since(all[n].made) > slack);
        let late = after.is_some_and(|a| all[n].made.since(a) > slack);
        if early || late {
            found.insert(n, Misfit::Date);
        }
    }
    // What stands further beyond the end than the series is long.
    let numbers: Vec<u64> = all.iter().map(|o| o.number).collect();
    let length = numbers[numbers.len() * 9 / 10] - numbers[0] + 1;
    for n in numbers.len() * 9 / 10..numbers.len() {
        if n > 0 && numbers[n] - numbers[n - 1] > 2 * length.max(20) {
            found.extend((n..numbers.len()).map(|n| (n, Misfit::Beyond)));
            break;
        }
    }
    let twice: Vec<usize> = (1..numbers.len()).filter(|n| numbers[*n] == numbers[n - 1]).collect();
    // Where many stand twice, versions are kept under one number.
    if twice.len() * 20 <= numbers.len() {
        for n in twice {
            let later = if all[n].made >= all[n - 1].made { n } else { n - 1 };
            found.entry(later).or_insert(Misfit::Twice);
        }
    }
    found.into_iter().collect()
}

/// The longest run whose dates follow the numbers.
fn ordered(all: &[One]) -> Vec<usize> {
    longest_run(all.len(), |a, b| all[a].made <= all[b].made)
}

fn finding(series: &str, documents: usize, one: &One, why: Misfit) -> Finding {
    let short = file_name(&one.entry.name);
    let word = why.text();
    let row = Misnumbered {
        document: one.entry.name.clone(),
        series: series.into(),
        number: one.number,
        documents: documents as u64,
        why,
    };
    Finding {
        detector: Misnumbered::NAME.into(),
        key: format!("{series}\n{}\n{}", one.number, one.entry.document.sha256),
        severity: Severity::Low,
        confidence: 55,
        level: Level::Grey,
        title: Text::new(
            format!("`{short}` does not fit its series of {documents}: {}", word.en),
            format!("« {short} » ne s’accorde pas à sa série de {documents} : {}", word.fr),
        ),
        reasons: vec![
            Reason::supporting(
                40,
                Text::new("the numbers of the others follow their dates", "les numéros des autres suivent leurs dates"),
            ),
            Reason::against(
                35,
                Text::new(
                    "people renumber, copy and keep papers for later",
                    "on renumérote, on copie, on garde un document pour plus tard",
                ),
            ),
        ],
        techniques: Vec::new(),
        first: Some(one.made),
        last: Some(one.made),
        entities: Vec::new(),
        traces: vec![one.entry.trace.clone()],
        fields: row.fields(),
    }
}
