//! Many documents saved within minutes by one hand.
//!
//! You may rely on: what is told as *high* came out, stands among the originals as saved earlier, and was saved by a name that
//! no original knows. Left out: who that is; a conversion at home after the last seal looks the same, which is said.

use super::authenticity::Corpus;
use super::known::Originals;
use super::leaked::{Leaked, is_member};
use super::settings::Settings;
use super::table::{Entry, entries};
use crate::{Detector, Specification};
use formats::about::instant;
use model::{Context, EvidenceId, Finding, Level, Reason, Result, Severity, Text, Time, Trace, View};
use rows::documents::{Authenticity, Burst, Class, Document};
use rows::{Row, Shape};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

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
        let told_before = Told::of(case)?;
        let leaked = Leaked::of(case, &entries, &settings, told_before.copies.clone())?;
        let originals = Originals::of(context.config)?;
        let corpus = Corpus::of(&originals);
        let mut hands: BTreeMap<(&str, &str), Vec<(Time, &Entry)>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for entry in &entries {
            // The same bytes in two places were saved once; those of an original were there before anybody took them.
            if !seen.insert(&entry.document.sha256) || told_before.originals.contains(&entry.document.sha256) {
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
                let out = |e: &Entry| leaked.holds(e.trace.evidence);
                let background = Background {
                    out: run.iter().filter(|(_, e)| out(e)).count() * 2 >= run.len(),
                    again: run.iter().filter(|(_, e)| out(e) && told_before.again.contains(&e.document.sha256)).count(),
                    enough: least,
                    ours: by == "last_modified_by" && corpus.names(value),
                };
                found(finding(by, value, run, &background))?;
            }
        }
        Ok(())
    }
}

/// What was found of documents that are copies of originals.
#[derive(Default)]
struct Told {
    /// Those that are originals, byte for byte.
    originals: BTreeSet<String>,
    /// Those that were saved later than their originals.
    again: BTreeSet<String>,
    /// Archives with copies in them.
    copies: BTreeSet<EvidenceId>,
}

impl Told {
    fn of(case: &dyn View) -> Result<Told> {
        let mut told = Told::default();
        case.findings_as_they_lie(&mut |finding| {
            if let (Authenticity::NAME, Ok(row)) = (&*finding.detector, Authenticity::of(&finding.fields))
                && !row.original.is_empty()
            {
                told.copies.extend(finding.traces.iter().filter(|t| is_member(&t.steps)).map(|t| t.evidence));
                let later = row.metadata.iter().any(|m| {
                    m.name == "modified" && instant(&m.before).zip(instant(&m.after)).is_some_and(|(b, a)| b < a)
                });
                match row.class {
                    Class::SealedOriginal => told.originals.insert(row.sha256),
                    Class::ReissuedCopy | Class::AlteredCopy if later => told.again.insert(row.sha256),
                    _ => false,
                };
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(told)
    }
}

/// What is known of a burst beside its documents.
struct Background {
    /// Whether it came out.
    out: bool,
    /// Of what came out, how many were saved again after the originals.
    again: usize,
    /// How many of these make a burst by themselves.
    enough: usize,
    /// Whether originals name the hand.
    ours: bool,
}

fn finding(by: &str, value: &str, run: &[(Time, &Entry)], background: &Background) -> Finding {
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
    let Background { out, again, enough, ours } = *background;
    let stranger = by == "last_modified_by" && !ours;
    let severity = match (out, again >= enough, stranger) {
        (true, true, true) => Severity::High,
        (true, true, false) | (true, false, true) => Severity::Medium,
        _ => Severity::Low,
    };
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
    if again > 0 {
        reasons.push(Reason::supporting(
            70,
            Text::new(
                format!("of {again} that came out the originals are known, and were saved before that"),
                format!("de {again} qui ont fuité les originaux sont connus, et avaient été enregistrés auparavant"),
            ),
        ));
    }
    if again > 0 && stranger {
        reasons.push(Reason::supporting(
            50,
            Text::new(format!("no original names `{value}`"), format!("aucun original ne nomme « {value} »")),
        ));
    }
    if ours {
        reasons.push(Reason::against(
            50,
            Text::new(
                format!("originals name `{value}`: it is a hand of the house, or passes for one"),
                format!("des originaux nomment « {value} » : c’est une main de la maison, ou qui se donne pour telle"),
            ),
        ));
    }
    reasons.push(match (out, again > 0) {
        (_, true) => Reason::against(
            25,
            Text::new(
                "a conversion at home after the last seal, before the theft, would look the same",
                "une conversion chez soi après le dernier scellé et avant le vol donnerait la même chose",
            ),
        ),
        (true, false) => Reason::against(
            40,
            Text::new(
                "a migration, a conversion or a virus scanner saves many documents at once as well; originals or seals would tell",
                "une migration, une conversion ou un antivirus enregistre aussi beaucoup de documents d’un coup ; des originaux ou des scellés le diraient",
            ),
        ),
        (false, false) => Reason::against(
            60,
            Text::new(
                "nothing says that it came out: a migration, a conversion or a virus scanner saves many documents at once as well",
                "rien ne dit que cela a fuité : une migration, une conversion ou un antivirus enregistre aussi beaucoup de documents d’un coup",
            ),
        ),
    });
    Finding {
        detector: Burst::NAME.into(),
        key: format!("{by}\n{value}\n{}", first.seconds()),
        severity,
        confidence: match severity {
            Severity::High => 80,
            Severity::Medium => 60,
            _ => 40,
        },
        level: if severity >= Severity::Medium { Level::Grey } else { Level::Legal },
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

#[cfg(test)]
mod tests {
    use super::super::authenticity::AuthenticityDetector;
    use super::super::known::{Known, pack};
    use super::{Burst, EditBurst};
    use crate::testing::{Memory, config};
    use model::{Loaded, Severity, Time};
    use rows::Row;

    /// A paper of the house, as saved by somebody on some day at some minute.
    fn paper(n: usize, by: &str, day: usize, minute: usize) -> Vec<u8> {
        format!(
            "{{\\rtf1{{\\info{{\\author Author{n}}}{{\\operator {by}}}{{\\creatim\\yr2015\\mo1\\dy{}\\hr9}}{{\\revtim\\yr2017\\mo3\\dy{day}\\hr10\\min{minute}}}}}\
             The budget of hall {n} is {n}000 euros, and the posters of town {n} are paid by it.\\par}}",
            n + 1
        )
        .into_bytes()
    }

    #[test]
    fn high_is_what_came_out_saved_after_its_originals_by_a_name_that_none_of_them_knows() {
        let check = |originals: bool, leaked: &str, by: &str, expected: Option<Severity>, again: bool| {
            let mut config = config(leaked);
            let loaded = |n: usize| Loaded {
                path: "o".into(),
                name: format!("o/{n}.rtf"),
                bytes: paper(n, &format!("Author{n}"), 1 + n, 0),
                sealed: None,
                unread: None,
            };
            let all = (0..6).flat_map(|n| Known::read(loaded(n), &mut Vec::new())).map(|k| pack(&k)).collect();
            if originals {
                config.attached.insert("documents", all);
            }
            let mut memory = Memory::default();
            for n in 0..6 {
                let bytes = if by.is_empty() { loaded(n).bytes } else { paper(n, by, 27, n / 2) };
                memory.read_all(&format!("share/{n}.rtf"), &bytes, &config, Time::default());
            }
            memory.detect(&AuthenticityDetector, &config, Time::default());
            let found = memory.detect(&EditBurst, &config, Time::default());
            assert_eq!(found.first().map(|f| f.severity), expected, "{originals} {leaked} {by}");
            let Some(burst) = found.first() else { return };
            assert_eq!(Burst::of(&burst.fields).expect("a row").documents, 6);
            assert_eq!(burst.reasons.iter().any(|r| r.text.en.starts_with("of 6 that came out")), again);
            assert_eq!(burst.techniques.is_empty(), expected != Some(Severity::High));
        };
        let out = "[documents]\nleaked = [\"share\"]";
        check(true, out, "Georgiy", Some(Severity::High), true);
        check(false, out, "Georgiy", Some(Severity::Medium), false);
        // A hand of the house, a share that did not come out, the originals themselves.
        check(true, out, "Author3", Some(Severity::Medium), true);
        check(true, "", "Georgiy", Some(Severity::Low), false);
        check(false, "", "Converter", Some(Severity::Low), false);
        check(true, out, "", None, false);
    }
}
