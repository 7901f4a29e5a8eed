//! Statistical forensics, with how often honest elections look the same. Never alone an accusation.

use super::discrepancy::{Counted, both};
use super::{INPUTS, told};
use crate::command::Host;
use crate::{Detector, Specification};
use model::{Context, Error, Finding, Lang, Level as Law, Reason, Result, Severity, Text, View, escape};
use recount::forensics::LEVEL;
use rows::station_minutes::{Forensics, Test, Tested};
use rows::{Row, Shape};
use std::borrow::Cow;

/// The detector.
pub struct ForensicsDetector;

impl Detector for ForensicsDetector {
    fn id(&self) -> &'static str {
        Forensics::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Forensics>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        INPUTS
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("forensics.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let counted = Counted::of(case, context)?;
        counted.forensics().iter().try_for_each(|f| found(finding(&counted, f)))
    }
}

/// Prints what was asked of each race.
pub fn print(all: &[Forensics], host: &mut dyn Host) -> Result<()> {
    if all.is_empty() {
        return Err(Error::new("statistics need a hundred areas of one level")
            .hint("give results by station, precinct or commune"));
    }
    let lang = host.lang();
    for f in all {
        if host.wants_json() {
            let mut line = serde_json::Map::from_iter([("forensics".to_string(), serde_json::json!(f.contest))]);
            line.extend(f.fields());
            host.json(&serde_json::Value::Object(line))?;
            continue;
        }
        host.line(&escape::visible(title(f).get(lang)))?;
        for t in &f.tests {
            let mark = if t.unusual { "!" } else { " " };
            host.line(&format!("  {mark} {}", escape::visible(&sentence(t, lang))))?;
        }
    }
    Ok(())
}

/// What is said of a race.
pub fn title(f: &Forensics) -> Text {
    both(|lang| {
        let n = |n: u64| told::number(n, lang);
        let what = if f.contest.is_empty() { lang.of("the result", "le résultat") } else { &f.contest };
        let (unusual, all, units) = (n(f.unusual), n(f.tests.len() as u64), n(f.units));
        match lang {
            Lang::En => format!(
                "{what}: of {all} statistical tests of {units} areas {unusual} are unusual; that alone shows no fraud"
            ),
            Lang::Fr => format!(
                "{what} : sur {all} tests statistiques de {units} zones, {unusual} sont inhabituels ; cela seul ne montre aucune fraude"
            ),
        }
    })
}

/// What one test says.
pub fn sentence(t: &Tested, lang: Lang) -> String {
    let of = told::figure(&t.of, lang);
    let mut said = format!(
        "{} ({of}, {} {}){} {}",
        t.test.text().get(lang),
        told::number(t.units, lang),
        lang.of("areas", "zones"),
        lang.of(":", "\u{202f}:"),
        t.statistic
    );
    match t.chance {
        Some(p) if lang == Lang::En => said += &format!("; chance alone gives as much in {p:.3} of cases"),
        Some(p) => said += &format!(" ; le hasard seul en donne autant dans {p:.3} des cas"),
        None if lang == Lang::En => said += "; held against what honest elections reach",
        None => said += " ; comparé à ce qu’atteignent des élections honnêtes",
    }
    let (unusual, asked) = t.honest;
    said += &match lang {
        Lang::En => {
            format!("; asked {asked} times of real elections held to be honest, it was unusual {unusual} times")
        }
        Lang::Fr => {
            format!(
                " ; posé {asked} fois à des élections réelles tenues pour honnêtes, il fut inhabituel {unusual} fois"
            )
        }
    };
    if !t.areas.is_empty() {
        said += &format!(" ({})", t.areas.join(", "));
    }
    said
}

/// What else makes a test unusual.
fn innocent(test: Test) -> Text {
    match test {
        Test::SecondDigits | Test::LastDigits => Text::new(
            "stations of one size, figures that were rounded or estimated in publication, and small counts make digits uneven too",
            "des bureaux de même taille, des chiffres arrondis ou estimés à la publication, de petits nombres rendent aussi les chiffres inégaux",
        ),
        Test::WholePercents | Test::Regions => Text::new(
            "whole percentages also come of small denominators and of figures that somebody rounded",
            "des pourcentages ronds viennent aussi de petits dénominateurs et de chiffres que quelqu’un a arrondis",
        ),
        Test::Tail | Test::Correlation => Text::new(
            "strongholds, villages that vote alike, and habits of turnout make tails and correlations without any fraud",
            "des bastions, des villages qui votent d’une voix et des habitudes de participation font traînes et corrélations sans aucune fraude",
        ),
    }
}

fn finding(counted: &Counted, f: &Forensics) -> Finding {
    let unusual = || f.tests.iter().filter(|t| t.unusual);
    let mut reasons: Vec<Reason> = unusual().map(|t| Reason::supporting(10, both(|lang| sentence(t, lang)))).collect();
    let mut kinds: Vec<Test> = unusual().map(|t| t.test).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut against: Vec<Text> = kinds.into_iter().map(innocent).collect();
    against.dedup();
    reasons.extend(against.into_iter().map(|text| Reason::against(20, text)));
    let percent = LEVEL * 100.0;
    reasons.push(Reason::against(
        30,
        both(|lang| match lang {
            Lang::En => format!(
                "each test calls up to {percent}% of honest elections unusual, and {} were asked",
                f.tests.len()
            ),
            Lang::Fr => format!(
                "chaque test trouve inhabituelles jusqu’à {percent} % des élections honnêtes, et {} ont été faits",
                f.tests.len()
            ),
        }),
    ));
    Finding {
        detector: Cow::Borrowed(Forensics::NAME),
        key: f.contest.clone(),
        severity: if f.unusual > 0 { Severity::Low } else { Severity::Info },
        confidence: 20,
        level: Law::Legal,
        title: title(f),
        reasons,
        techniques: Vec::new(),
        first: None,
        last: None,
        entities: Vec::new(),
        traces: counted.traces(),
        fields: f.fields(),
    }
}
