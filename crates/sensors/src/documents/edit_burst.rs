//! Many documents saved within minutes by one hand.

use super::settings::Settings;
use super::table::{Entry, entries};
use crate::{Detector, Specification};
use formats::about::instant;
use model::{Context, Finding, Level, Reason, Result, Severity, Text, Time, Trace, View};
use rows::documents::{Burst, Document};
use rows::{Row, Shape};
use std::collections::{BTreeMap, BTreeSet};

/// Names that are told.
const NAMES: usize = 30;
/// Seconds of a year.
const YEAR: i64 = 31_557_600;

/// The detector.
pub struct EditBurst;

impl Detector for EditBurst {
    fn id(&self) -> &'static str {
        Burst::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Burst>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Document::NAME]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("edit_burst.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let settings: Settings = context.config.settings()?;
        let (window, least) = (i64::from(settings.burst_minutes) * 60, settings.burst_documents.max(2) as usize);
        let entries = entries(case)?;
        let mut hands: BTreeMap<(&str, &str), Vec<(Time, &Entry)>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for entry in &entries {
            // The same bytes in two places were saved once.
            if !seen.insert(&entry.document.sha256) {
                continue;
            }
            let d = &entry.document;
            let Some(time) = instant(&d.modified) else { continue };
            for (by, value) in [("last_modified_by", &d.last_modified_by), ("application", &d.application)] {
                if !value.is_empty() {
                    hands.entry((by, value)).or_default().push((time, entry));
                }
            }
        }
        // One burst is told once, by the hand that explains most of it.
        let mut told: BTreeSet<String> = BTreeSet::new();
        let mut order: Vec<_> = hands.into_iter().collect();
        order.sort_by_key(|((by, value), all)| (usize::from(*by == "application"), usize::MAX - all.len(), *value));
        for ((by, value), mut all) in order {
            all.sort_by(|a, b| (a.0, &a.1.name).cmp(&(b.0, &b.1.name)));
            let mut from = 0;
            while from < all.len() {
                let mut to = from + 1;
                // Within the window of the one before: a burst ends at a pause.
                while to < all.len()
                    && all[to].0.since(all[to - 1].0) <= window / 4
                    && all[to].0.since(all[from].0) <= 3 * window
                {
                    to += 1;
                }
                let run = &all[from..to];
                from = to;
                // What a program made in one go was made then: a burst is of things that are older.
                let made = |e: &Entry, t: Time| instant(&e.document.created).map(|c| t.since(c));
                let older = run.iter().filter(|(t, e)| made(e, *t).is_some_and(|age| age > 3_600)).count();
                if run.len() < least
                    || older * 2 < run.len()
                    || run.iter().filter(|(_, e)| told.contains(&e.document.sha256)).count() * 2 > run.len()
                {
                    continue;
                }
                told.extend(run.iter().map(|(_, e)| e.document.sha256.clone()));
                found(finding(by, value, run))?;
            }
        }
        Ok(())
    }
}

fn finding(by: &str, value: &str, run: &[(Time, &Entry)]) -> Finding {
    let (first, last) = (run[0].0, run[run.len() - 1].0);
    let ages: Vec<i64> =
        run.iter().filter_map(|(t, e)| instant(&e.document.created).map(|c| t.since(c) / YEAR)).collect();
    let row = Burst {
        by: by.into(),
        value: value.into(),
        documents: run.len() as u64,
        minutes: (last.since(first) as u64).div_ceil(60),
        old: ages.iter().filter(|a| **a >= 1).count() as u64,
        oldest_years: ages.iter().copied().max().unwrap_or(0).max(0) as u64,
        names: run.iter().take(NAMES).map(|(_, e)| e.name.clone()).collect(),
        authors: run.iter().map(|(_, e)| e.document.author.clone()).filter(|a| !a.is_empty()).take(NAMES).collect(),
    };
    let many = row.authors.len() > 1;
    let (documents, minutes) =
        (row.documents, Text::count(row.minutes.max(1), ("minute", "minute"), ("minutes", "minutes")));
    let severity =
        if row.documents >= 15 && (row.old * 3 >= row.documents || many) { Severity::High } else { Severity::Medium };
    let mut reasons = vec![Reason::supporting(
        60,
        Text::new(
            format!("{documents} documents were saved within {}", minutes.en),
            format!("{documents} documents ont été enregistrés en {}", minutes.fr),
        ),
    )];
    if row.old > 0 {
        reasons.push(Reason::supporting(
            40,
            Text::new(
                format!("{} of them had been made over a year before, the oldest {} years", row.old, row.oldest_years),
                format!(
                    "{} d’entre eux existaient depuis plus d’un an, le plus ancien depuis {} ans",
                    row.old, row.oldest_years
                ),
            ),
        ));
    }
    if many {
        reasons.push(Reason::supporting(
            30,
            Text::new(
                format!("they are by {} authors", row.authors.len()),
                format!("ils sont de {} auteurs", row.authors.len()),
            ),
        ));
    }
    reasons.push(Reason::against(
        25,
        Text::new(
            "a migration, a conversion or a virus scanner saves many documents at once as well",
            "une migration, une conversion ou un antivirus enregistre aussi beaucoup de documents d’un coup",
        ),
    ));
    Finding {
        detector: Burst::NAME.into(),
        key: format!("{by}\n{value}\n{}", first.seconds()),
        severity,
        confidence: if severity == Severity::High { 80 } else { 60 },
        level: Level::Grey,
        title: Text::new(
            format!("{documents} documents saved within {} by `{value}`", minutes.en),
            format!("{documents} documents enregistrés en {} par « {value} »", minutes.fr),
        ),
        reasons,
        // That stored data were manipulated is more than a busy quarter of an hour shows.
        techniques: (severity == Severity::High).then(|| "T1565.001".into()).into_iter().collect(),
        first: Some(first),
        last: Some(last),
        entities: Vec::new(),
        traces: run.iter().map(|(_, e)| e.trace.clone()).collect::<Vec<Trace>>(),
        fields: row.fields(),
    }
}
