//! Families of names: what a list's names and days alone tell of one hand behind them.
//!
//! You may rely on: a family says that names were made alike, never that they are bad; what explains it stands with it.
//! Left out: names of several lists that only together make a family.

use super::score::MEDIUM;
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Reason, Result, Role, Severity, Text, Trace, View};
use rows::names::{Family, Kinship, Resemblance, Sighting};
use rows::{Observed as _, Row as _, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// Names of a family that stand among a finding's entities.
const ENTITIES: usize = 100;

/// `names/family`.
pub struct FamilyDetector;

impl Detector for FamilyDetector {
    fn id(&self) -> &'static str {
        Family::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Family>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Family::NAME, Resemblance::NAME, Sighting::NAME]
    }

    fn watched(&self) -> &'static [&'static str] {
        &["count"]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("family.md"))
    }

    fn detect(&self, case: &dyn View, _: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let mut families: BTreeMap<String, (Family, Vec<Trace>)> = BTreeMap::new();
        case.observations(Family::NAME, &mut |visit| {
            let (row, trace) = (Family::of(&visit.observation.fields)?, visit.trace());
            families
                .entry(visit.observation.key)
                .and_modify(|(known, traces)| {
                    known.join(&row);
                    traces.push(trace.clone());
                })
                .or_insert_with(|| (row, vec![trace]));
            Ok(ControlFlow::Continue(()))
        })?;
        if families.is_empty() {
            return Ok(());
        }
        let mut bad: BTreeSet<String> = BTreeSet::new();
        case.observations(Resemblance::NAME, &mut |visit| {
            if Resemblance::of(&visit.observation.fields)?.score >= MEDIUM {
                bad.insert(visit.observation.key);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        case.observations(Sighting::NAME, &mut |visit| {
            bad.insert(visit.observation.key);
            Ok(ControlFlow::Continue(()))
        })?;
        families.into_iter().try_for_each(|(key, (family, traces))| found(finding(key, family, traces, &bad)))
    }
}

fn finding(key: String, row: Family, traces: Vec<Trace>, bad: &BTreeSet<String>) -> Finding {
    let Family { kinship, ref pattern, count, .. } = row;
    let kin = kinship.text();
    let bad = row.names.iter().filter(|n| bad.contains(*n)).count();
    // One label under many suffixes is how whoever owns a name keeps it.
    let severity = match kinship {
        _ if bad > 1 => Severity::Medium,
        Kinship::Label => Severity::Info,
        _ => Severity::Low,
    };
    let title = match kinship {
        Kinship::Day => Text::new(
            format!("{count} names of the list were registered on {pattern}"),
            format!("{count} noms de la liste ont été enregistrés le {pattern}"),
        ),
        Kinship::Words => Text::new(
            format!("{count} names of the list are {}", kin.en),
            format!("{count} noms de la liste sont {}", kin.fr),
        ),
        _ => Text::new(
            format!("{count} names that seem made by one hand, `{pattern}`: {}", kin.en),
            format!("{count} noms qui semblent faits d’une même main, `{pattern}` : {}", kin.fr),
        ),
    };
    let mut reasons = vec![Reason::supporting(
        match kinship {
            Kinship::Label => 10,
            Kinship::Words => 30,
            _ => 40,
        },
        Text::new(format!("{count} names: {}", kin.en), format!("{count} noms : {}", kin.fr)),
    )];
    if let (Some(from), Some(to)) = (row.from, row.to) {
        let (from, to) = (from.to_string()[..10].to_string(), to.to_string()[..10].to_string());
        if kinship != Kinship::Day {
            reasons.push(Reason::supporting(
                10,
                Text::new(format!("registered from {from} to {to}"), format!("enregistrés du {from} au {to}")),
            ));
        }
    }
    if bad > 0 {
        reasons.push(Reason::supporting(
            20,
            Text::new(
                format!("{bad} of them imitate what is protected or are known to be bad"),
                format!("{bad} d’entre eux imitent ce qui est protégé ou sont connus pour malveillants"),
            ),
        ));
    }
    reasons.push(match kinship {
        Kinship::Label => Reason::against(
            40,
            Text::new(
                "whoever owns a name registers it in many countries",
                "qui possède un nom l’enregistre dans de nombreux pays",
            ),
        ),
        Kinship::Day => Reason::against(
            20,
            Text::new(
                "registrars take orders in bulk, and a list may be of one day",
                "les bureaux d’enregistrement prennent des commandes en masse, et une liste peut porter sur un seul jour",
            ),
        ),
        _ => Reason::against(
            20,
            Text::new(
                "whoever owns many names makes them alike: embassies, agencies, a provider’s servers, a site’s mirrors",
                "qui possède beaucoup de noms les fait semblables : ambassades, agences, serveurs d’un fournisseur, miroirs d’un site",
            ),
        ),
    });
    Finding {
        detector: Cow::Borrowed(Family::NAME),
        key,
        severity,
        confidence: if severity == Severity::Info { 30 } else { 55 },
        level: Level::Grey,
        title,
        reasons,
        techniques: vec!["T1583.001".into()],
        first: row.from,
        last: row.to,
        entities: row.names.iter().take(ENTITIES).map(|n| Entity::domain(n, Role::Infrastructure)).collect(),
        traces,
        fields: row.fields(),
    }
}
