//! The clock by which an editor lives: pairs of a local time and the same moment in UTC, within one document.

use super::table::entries;
use crate::{Detector, Specification};
use formats::about::{instant, local};
use jiff::tz::TimeZone;
use model::{Context, Finding, Level, Reason, Result, Severity, Text, Time, Trace, View};
use rows::documents::{Document, EditorZone};
use rows::{Row, Shape};
use std::collections::{BTreeMap, BTreeSet};

/// Zones that are told.
const TOLD: usize = 12;

/// The detector.
pub struct EditorZoneDetector;

impl Detector for EditorZoneDetector {
    fn id(&self) -> &'static str {
        EditorZone::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<EditorZone>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Document::NAME]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("editor_zone.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let mut hands: BTreeMap<String, Hand> = BTreeMap::new();
        for entry in entries(case)? {
            let d = &entry.document;
            for zone in &d.zones {
                let Some((minutes, at)) = offset(&zone.local, &zone.utc) else { continue };
                // Who is it that was at the machine then.
                let who = match zone.of.as_str() {
                    "created" => &d.author,
                    "gps" => &d.device,
                    "tracked_change" => {
                        d.changes.iter().find(|c| c.utc == zone.utc).map_or(&d.last_modified_by, |c| &c.author)
                    }
                    _ => &d.last_modified_by,
                };
                let who = if who.is_empty() { "?" } else { who };
                let hand = hands.entry(who.to_string()).or_default();
                hand.pairs.insert((at, minutes));
                hand.documents.insert(d.sha256.clone());
                if hand.traces.len() < 50 && hand.traces.last() != Some(&entry.trace) {
                    hand.traces.push(entry.trace.clone());
                }
            }
        }
        let home = context.config.zone()?;
        for (who, hand) in hands {
            found(finding(who, hand, &home))?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Hand {
    pairs: BTreeSet<(Time, i32)>,
    documents: BTreeSet<String>,
    traces: Vec<Trace>,
}

/// Minutes by which a clock is ahead of UTC, to the quarter of an hour; none where the two are of different moments.
fn offset(wall: &str, utc: &str) -> Option<(i32, Time)> {
    let (wall, utc) = (local(wall)?, instant(utc)?);
    let seconds = wall.since(utc);
    let quarters = (seconds as f64 / 900.0).round() as i64;
    let near = (seconds - quarters * 900).abs() <= 120;
    (near && (-12 * 4..=14 * 4).contains(&quarters)).then_some((quarters as i32 * 15, utc))
}

/// Zones whose rules fit all pairs, one of each set that no moment of these tells apart.
fn fitting(pairs: &BTreeSet<(Time, i32)>) -> Vec<String> {
    let mut fit = Vec::new();
    for name in jiff::tz::db().available() {
        let name = name.as_str().to_string();
        // Names of places only: `Etc/GMT-3` and old words stand for no rules of a country.
        if !name.contains('/') || name.starts_with("Etc/") || name.starts_with("SystemV/") || name.starts_with("US/") {
            continue;
        }
        let Ok(zone) = TimeZone::get(&name) else { continue };
        if pairs.iter().all(|(at, minutes)| zone.to_offset(at.timestamp()).seconds() == minutes * 60) {
            fit.push(name);
        }
    }
    fit.sort();
    fit
}

fn finding(who: String, hand: Hand, home: &TimeZone) -> Finding {
    let mut offsets: BTreeMap<i32, u64> = BTreeMap::new();
    for (_, minutes) in &hand.pairs {
        *offsets.entry(*minutes).or_default() += 1;
    }
    let zones = fitting(&hand.pairs);
    let at_home = hand.pairs.iter().all(|(at, minutes)| home.to_offset(at.timestamp()).seconds() == minutes * 60);
    let (first, last) = (hand.pairs.first().map(|p| p.0), hand.pairs.last().map(|p| p.0));
    let well_known =
        ["Europe/Paris", "Europe/London", "Europe/Moscow", "America/New_York", "America/Los_Angeles", "Asia/Shanghai"];
    let mut shown: Vec<String> = well_known.iter().map(|z| z.to_string()).filter(|z| zones.contains(z)).collect();
    shown
        .extend(zones.iter().filter(|z| !well_known.contains(&z.as_str())).take(TOLD - shown.len().min(TOLD)).cloned());
    let row = EditorZone {
        who: who.clone(),
        offsets: offsets.clone(),
        zones: shown,
        zones_count: zones.len() as u64,
        documents: hand.documents.len() as u64,
    };
    let clock = |minutes: i32| {
        format!("UTC{}{}:{:02}", if minutes < 0 { '−' } else { '+' }, minutes.abs() / 60, minutes.abs() % 60)
    };
    let clocks: Vec<String> = offsets.keys().map(|m| clock(*m)).collect();
    let clocks = clocks.join(", ");
    let mut reasons = vec![Reason::supporting(
        60,
        Text::new(
            format!(
                "{} pairs of a local time and the same moment in UTC, in {} documents",
                hand.pairs.len(),
                row.documents
            ),
            format!(
                "{} couples d’une heure locale et du même instant en UTC, dans {} documents",
                hand.pairs.len(),
                row.documents
            ),
        ),
    )];
    let told = row.zones.join(", ");
    match zones.is_empty() {
        true => reasons.push(Reason::supporting(
            20,
            Text::new(
                "no one zone explains all of them: several machines, or one that travelled",
                "aucun fuseau n’explique le tout : plusieurs machines, ou une machine qui a voyagé",
            ),
        )),
        false => reasons.push(Reason::supporting(
            30,
            Text::new(
                format!("the rules of {} zones fit, such as {told}", zones.len()),
                format!("les règles de {} fuseaux conviennent, dont {told}", zones.len()),
            ),
        )),
    }
    reasons.push(Reason::against(
        20,
        Text::new(
            "a machine's zone is set by hand: it says where the clock is, not where the person is",
            "le fuseau d’une machine se règle à la main : il dit où est l’horloge, non où est la personne",
        ),
    ));
    Finding {
        detector: EditorZone::NAME.into(),
        key: who.clone(),
        severity: if at_home { Severity::Info } else { Severity::Low },
        confidence: if hand.pairs.len() > 2 { 85 } else { 65 },
        level: Level::Legal,
        title: Text::new(
            format!("`{who}` edits by a clock of {clocks}"),
            format!("« {who} » édite à l’heure de {clocks}"),
        ),
        reasons,
        techniques: Vec::new(),
        first,
        last,
        entities: Vec::new(),
        traces: hand.traces,
        fields: row.fields(),
    }
}
