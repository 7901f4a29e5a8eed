//! How a platform answered as a whole: by region, and in its worst hours.

use super::trouble::{Regions, sites};
use crate::{Detector, Specification};
use model::{Context, Finding, Level, Reason, Result, Severity, Text, Time, View};
use rows::reach::{Answers, Hour, Met, Overview, Step};
use rows::{Row, Shape};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Regions told apart.
const REGIONS: usize = 40;
/// Hours told.
const WORST: usize = 24;

/// The detector.
pub struct OverviewDetector;

impl Detector for OverviewDetector {
    fn id(&self) -> &'static str {
        Overview::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Overview>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Hour::NAME, Step::NAME]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("overview.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let mut probes: BTreeMap<String, BTreeMap<String, (u64, u64)>> = BTreeMap::new();
        case.observations(Step::NAME, &mut |visit| {
            let step = Step::of(&visit.observation.fields)?;
            let one = probes.entry(step.site).or_default().entry(step.from).or_default();
            *one = (one.0 + 1, one.1 + u64::from(step.met == Met::Served));
            Ok(ControlFlow::Continue(()))
        })?;
        let mut all = sites(case)?;
        for site in probes.keys() {
            all.entry(site.clone()).or_default();
        }
        for (site, regions) in &all {
            let probed = probes.remove(site).unwrap_or_default();
            let probed = probed.into_iter().map(|(from, (steps, served))| (from, steps, served)).collect();
            found(finding(site, regions, probed, context))?;
        }
        Ok(())
    }
}

fn finding(site: &str, regions: &Regions, probes: Vec<(String, u64, u64)>, context: &Context) -> Finding {
    let mut hours: BTreeMap<i64, Answers> = BTreeMap::new();
    let mut by: Vec<(String, Answers)> = Vec::new();
    let mut all = Answers::default();
    for (region, counts) in regions {
        let mut own = Answers::default();
        for (hour, h) in counts {
            own.add(h);
            all.add(h);
            hours.entry(*hour).or_default().add(h);
        }
        by.push((region.clone(), own));
    }
    by.sort_by(|a, b| (std::cmp::Reverse(a.1.requests), &a.0).cmp(&(std::cmp::Reverse(b.1.requests), &b.0)));
    if by.len() > REGIONS {
        let mut rest = Answers::default();
        for (_, a) in by.split_off(REGIONS - 1) {
            rest.requests += a.requests;
            rest.busy += a.busy;
            rest.errors += a.errors;
            rest.gone += a.gone;
            rest.refused += a.refused;
            rest.hostile += a.hostile;
        }
        by.push(("others".into(), rest));
    }
    let mut worst: Vec<(Time, Answers)> =
        hours.iter().filter(|(_, a)| a.lost() > 0).map(|(hour, a)| (Time::from_seconds(hour * 3600), *a)).collect();
    worst.sort_by_key(|(at, a)| (std::cmp::Reverse(a.lost()), *at));
    worst.truncate(WORST);
    let ends = hours.keys().next().zip(hours.keys().last());
    let row = Overview { platform: site.into(), hours: hours.len() as u64, all, regions: by, worst, probes };
    let name = if site == "-" { Text::new("the platform", "la plateforme") } else { Text::same(site) };
    let (steps, served) = row.probes.iter().fold((0, 0), |sum, p| (sum.0 + p.1, sum.1 + p.2));
    let title = if all.requests == 0 && steps > 0 {
        Text::new(
            format!("{}: {served} of {steps} steps of probes were served", name.en),
            format!("{}\u{202f}: {served} étapes de sonde sur {steps} ont été servies", name.fr),
        )
    } else {
        Text::new(
            format!("{}: {} of {} requests lost in {} hours", name.en, all.lost(), all.requests, row.hours),
            format!(
                "{}\u{202f}: {} requêtes perdues sur {} en {} heures",
                name.fr,
                all.lost(),
                all.requests,
                row.hours
            ),
        )
    };
    let source = context.origins.source();
    Finding {
        detector: Cow::Borrowed(Overview::NAME),
        key: site.into(),
        severity: Severity::Info,
        confidence: 90,
        level: Level::Legal,
        title,
        reasons: vec![
            Reason::against(
                50,
                Text::new(
                    "what never reached the server stands in no log of it: who could not connect shows by absence alone, and to a probe",
                    "ce qui n’a jamais atteint le serveur ne figure dans aucun de ses journaux : qui n’a pu se connecter ne se voit que par son absence, ou par une sonde",
                ),
            ),
            Reason::against(
                20,
                Text::new(format!("regions by {}", source.en), format!("régions d’après {}", source.fr)),
            ),
        ],
        techniques: Vec::new(),
        first: ends.map(|(a, _)| Time::from_seconds(a * 3600)),
        last: ends.map(|(_, b)| Time::from_seconds((b + 1) * 3600)),
        entities: Vec::new(),
        traces: Vec::new(),
        fields: row.fields(),
    }
}
