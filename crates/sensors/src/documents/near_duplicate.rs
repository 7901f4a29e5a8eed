//! Two documents that say the same but for a figure or a name, where no original tells which is right.
//!
//! You may rely on: work grows with what documents share and not with pairs of them; dates, times and page numbers are no
//! figures here, for a weekly paper changes them every week. Left out: documents whose original is known (they were told
//! word by word), texts under [`WORDS`] words.

use super::compare::squeezable;
use super::hunks::hunks;
use super::known::rows_of;
use super::table::{Entry, entries};
use crate::{Detector, Specification};
use formats::about::instant;
use model::{Context, EvidenceId, Finding, Level, Reason, Result, Severity, Step, Text, View};
use rows::documents::{Alteration, Authenticity, Document, NearDuplicate, Wording};
use rows::{Row, Shape};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::{ControlFlow, Range};

/// Words that a text must have.
const WORDS: usize = 40;
/// Places at which two may differ.
const PLACES: usize = 3;
/// Of the least hashes of words in a row, how many two must share in ten; how many documents may share one.
const SHARED: usize = 6;
const COMMON: usize = 12;
/// Pairs that are compared, and words of a document.
const PAIRS: usize = 2_000;
const LONGEST: usize = 60_000;

/// The detector.
pub struct NearDuplicateDetector;

impl Detector for NearDuplicateDetector {
    fn id(&self) -> &'static str {
        NearDuplicate::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<NearDuplicate>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Document::NAME, Wording::NAME]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("near_duplicate.md"))
    }

    fn detect(&self, case: &dyn View, _: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        // Whose original is known was held against it.
        let mut told: BTreeSet<String> = BTreeSet::new();
        case.findings(&mut |finding| {
            if let (Authenticity::NAME, Ok(row)) = (&*finding.detector, Authenticity::of(&finding.fields))
                && !row.original.is_empty()
            {
                told.insert(row.sha256);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let entries = entries(case)?;
        let mut places: HashMap<(EvidenceId, &[Step]), usize> = HashMap::new();
        let mut seen = BTreeSet::new();
        for (n, entry) in entries.iter().enumerate() {
            let d = &entry.document;
            if !told.contains(&d.sha256) && seen.insert(d.sha256.as_str()) && !d.media.starts_with("image/") {
                places.insert((entry.trace.evidence, entry.trace.steps.as_slice()), n);
            }
        }
        let mut sketches = Sketches::default();
        case.observations(Wording::NAME, &mut |visit| {
            if let Some(n) = places.get(&(visit.evidence, visit.steps.as_slice())) {
                let rows = rows_of(&Wording { pictures: Vec::new(), ..Wording::of(&visit.observation.fields)? });
                sketches.add(*n, &rows);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let mut pairs = sketches.pairs();
        if pairs.is_empty() {
            return Ok(());
        }
        let beyond = pairs.split_off(pairs.len().min(PAIRS));
        let wanted: BTreeSet<usize> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
        // One text each, for words apart take six times as much.
        let mut texts: HashMap<usize, (String, usize)> = HashMap::new();
        case.observations(Wording::NAME, &mut |visit| {
            if let Some(n) = places.get(&(visit.evidence, visit.steps.as_slice())).filter(|n| wanted.contains(n)) {
                texts.insert(*n, text(&Wording::of(&visit.observation.fields)?));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        for (a, b) in pairs {
            if let (Some((x, long)), Some((y, wide))) = (texts.get(&a), texts.get(&b)) {
                let (x, y): (Vec<&str>, Vec<&str>) = (x.split(' ').collect(), y.split(' ').collect());
                if let Some(differences) = differences(&x, &y) {
                    found(finding(&entries[a], &entries[b], *long.max(wide), differences))?;
                }
            }
        }
        if !beyond.is_empty() {
            found(untold(&beyond, &entries))?;
        }
        Ok(())
    }
}

/// What documents are known by: each hash with whose it is, and how many each has.
#[derive(Default)]
struct Sketches {
    bearers: Vec<(u64, u32)>,
    sizes: HashMap<u32, usize>,
}

impl Sketches {
    fn add(&mut self, n: usize, rows: &BTreeSet<u64>) {
        if rows.len() > 8 {
            self.bearers.extend(rows.iter().map(|row| (*row, n as u32)));
            self.sizes.insert(n as u32, rows.len());
        }
    }

    /// Pairs of documents that share most of what they are known by.
    fn pairs(mut self) -> Vec<(usize, usize)> {
        self.bearers.sort_unstable();
        let mut shared: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        for who in self.bearers.chunk_by(|a, b| a.0 == b.0).filter(|w| (2..=COMMON).contains(&w.len())) {
            for (i, (_, a)) in who.iter().enumerate() {
                who[i + 1..].iter().for_each(|(_, b)| *shared.entry((*a, *b)).or_default() += 1);
            }
        }
        let enough = |(a, b): &(u32, u32), n: usize| n * 10 >= SHARED * self.sizes[a].min(self.sizes[b]);
        let pairs = shared.into_iter().filter(|(pair, n)| enough(pair, *n));
        pairs.map(|((a, b), _)| (a as usize, b as usize)).collect()
    }
}

/// The first words of a document, with a space between each, and how many it has.
fn text(wording: &Wording) -> (String, usize) {
    let (mut text, mut words) = (String::new(), 0);
    for passage in wording.passages.iter().filter(|p| matches!(p.place.as_str(), "body" | "cell")) {
        for word in squeezable(&passage.text).split_whitespace() {
            if words < LONGEST {
                text.push_str(if words == 0 { "" } else { " " });
                text.push_str(word);
            }
            words += 1;
        }
    }
    (text, words)
}

/// Where two texts differ, if that is in few places and a figure is among them.
fn differences(a: &[&str], b: &[&str]) -> Option<Vec<Alteration>> {
    if a.len().min(b.len()) < WORDS {
        return None;
    }
    let all = hunks(a, b);
    let changed: usize = all.iter().map(|(p, q)| p.len().max(q.len())).sum();
    if all.is_empty() || all.len() > PLACES || changed * 10 > a.len().max(b.len()) {
        return None;
    }
    let of = |words: &[&str]| words.join(" ");
    let differ: Vec<Alteration> = all
        .into_iter()
        .map(|(p, q)| Alteration { before: of(&a[whole(a, p)]), after: of(&b[whole(b, q)]), ..Alteration::default() })
        .collect();
    let telling = |d: &Alteration| is_figure(&d.before) && is_figure(&d.after);
    differ.iter().any(telling).then_some(differ)
}

/// A number whose thousands stand apart is one: `10 000`.
fn whole(words: &[&str], mut at: Range<usize>) -> Range<usize> {
    let digits = |n: usize| words[n].len() <= 3 && words[n].bytes().all(|b| b.is_ascii_digit());
    let group = |n: usize| words[n].len() == 3 && digits(n);
    while !at.is_empty() && at.end < words.len() && group(at.end) && digits(at.end - 1) {
        at.end += 1;
    }
    while !at.is_empty() && at.start > 0 && group(at.start) && digits(at.start - 1) {
        at.start -= 1;
    }
    at
}

/// Whether a text is an amount or a count, and no date, hour, page or version.
fn is_figure(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let number = text.trim_matches(|c: char| !c.is_ascii_digit());
    let dated = number.chars().any(|c| matches!(c, '/' | ':' | '-' | 'h')) || number.matches('.').count() > 1;
    let year = number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
    // Days and pages have two figures at most.
    digits > 2 && letters <= 12 && !dated && !year
}

fn finding(a: &Entry, b: &Entry, words: usize, differences: Vec<Alteration>) -> Finding {
    let time = |e: &Entry| instant(&e.document.modified);
    // Told from the one that was changed first.
    let later = (time(a), &a.name) > (time(b), &b.name);
    let (a, b) = if later { (b, a) } else { (a, b) };
    let differences: Vec<Alteration> = match later {
        true => differences.into_iter().map(|d| Alteration { before: d.after, after: d.before, ..d }).collect(),
        false => differences,
    };
    let telling = differences.iter().find(|d| is_figure(&d.before) && is_figure(&d.after));
    let (before, after) = telling.map(|d| (d.before.as_str(), d.after.as_str())).unwrap_or_default();
    let cut = |t: &str| formats::clip(t, 60).to_string();
    let title = Text::new(
        format!("Two documents say the same but for “{}” and “{}”", cut(before), cut(after)),
        format!("Deux documents disent la même chose, sauf « {} » et « {} »", cut(before), cut(after)),
    );
    let mut reasons = vec![
        Reason::supporting(
            50,
            Text::new(
                format!("of {words} words, {} places differ, a figure among them", differences.len()),
                format!("sur {words} mots, {} endroits diffèrent, dont un chiffre", differences.len()),
            ),
        ),
        Reason::against(
            40,
            Text::new(
                "drafts, offers and letters of one form differ so as well; no original tells which is right",
                "des versions, des devis et des lettres types diffèrent de même ; aucun original ne dit lequel est juste",
            ),
        ),
    ];
    let cut = words.saturating_sub(LONGEST) as u64;
    if cut > 0 {
        reasons.push(Reason::against(
            10,
            Text::new(
                format!("the last {cut} words were not compared"),
                format!("les {cut} derniers mots n’ont pas été comparés"),
            ),
        ));
    }
    let (document, other) = (a.name.clone(), b.name.clone());
    let row = NearDuplicate { document, other, words: words as u64, differences, beyond: 0, cut };
    Finding {
        detector: NearDuplicate::NAME.into(),
        key: format!("{}\n{}", a.document.sha256, b.document.sha256),
        severity: Severity::Low,
        confidence: 50,
        level: Level::Grey,
        title,
        reasons,
        techniques: Vec::new(),
        first: time(a),
        last: time(b).or(time(a)),
        entities: Vec::new(),
        traces: vec![a.trace.clone(), b.trace.clone()],
        fields: row.fields(),
    }
}

/// Pairs that were not compared, told as a number.
fn untold(pairs: &[(usize, usize)], entries: &[Entry]) -> Finding {
    let beyond = pairs.len() as u64;
    let row = NearDuplicate {
        document: String::new(),
        other: String::new(),
        words: 0,
        differences: Vec::new(),
        beyond,
        cut: 0,
    };
    Finding {
        detector: NearDuplicate::NAME.into(),
        key: "beyond".into(),
        severity: Severity::Info,
        confidence: 20,
        level: Level::Legal,
        title: Text::new(
            format!("{beyond} more pairs of documents are as alike and were not compared word by word"),
            format!("{beyond} autres paires de documents se ressemblent autant et n’ont pas été comparées mot à mot"),
        ),
        reasons: vec![Reason::supporting(
            10,
            Text::new(
                format!("the first {PAIRS} pairs are compared, in the order of names"),
                format!("les {PAIRS} premières paires sont comparées, dans l’ordre des noms"),
            ),
        )],
        techniques: Vec::new(),
        first: None,
        last: None,
        entities: Vec::new(),
        traces: pairs
            .first()
            .map(|(a, b)| vec![entries[*a].trace.clone(), entries[*b].trace.clone()])
            .unwrap_or_default(),
        fields: row.fields(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_figure;

    #[test]
    fn amounts_are_figures_and_days_are_not() {
        for figure in ["10 000", "10000,50 €", "£1,200", "12 500 euros"] {
            assert!(is_figure(figure), "{figure}");
        }
        for other in ["12", "12/04/2017", "2017", "10:30", "1.2.3", "le 3", "p. 7", "Dupont"] {
            assert!(!is_figure(other), "{other}");
        }
    }
}
