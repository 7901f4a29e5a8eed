//! Holds findings on the count against the truth: stations told with a discrepancy against those that were altered.

use super::{Alteration, TrueCount};
use crate::measure::{EXAMPLES, Rate, Sheet};
use model::{Finding, Severity, Time};
use rows::Row as _;
use rows::station_minutes::{Disagreement, Discrepancy, Level};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How good findings on the count are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CountScore {
    /// Altered stations, where minutes are there or the table shows it by itself.
    pub altered_stations: Rate,
    /// Of those found, how many are told by their kind, and with the earliest wrong upload.
    pub altered_kinds: u64,
    /// With the earliest wrong upload.
    pub altered_since: u64,
    /// Altered stations that were not found.
    pub stations_missed: Vec<String>,
    /// Stations held to be altered that are not.
    pub stations_false: Vec<String>,
}

/// Stations, counted.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CountedCount {
    /// Altered stations.
    pub altered_stations: u64,
    /// Stations among which they hide.
    pub counted_stations: u64,
}

impl CountScore {
    pub(super) fn show(&self, sheet: &mut Sheet) {
        if self.altered_stations.truth == 0 && self.altered_stations.found == 0 {
            return;
        }
        sheet.rate("altered stations", &self.altered_stations);
        sheet.note(format!(
            "  by their kind {}, with the earliest wrong upload {}",
            self.altered_kinds, self.altered_since
        ));
        for (what, names) in [("missed", &self.stations_missed), ("not altered", &self.stations_false)] {
            if !names.is_empty() {
                sheet.note(format!("  {what}: {}", names.join(", ")));
            }
        }
    }
}

/// What findings say of the count.
#[derive(Default, Debug)]
pub struct FoundCount {
    /// By station: how, and since when.
    pub(super) stations: BTreeMap<String, BTreeSet<(Disagreement, Option<Time>)>>,
}

impl FoundCount {
    pub(super) fn take(&mut self, f: &Finding) {
        if f.detector != Discrepancy::NAME || f.severity < Severity::Medium {
            return;
        }
        // Of a row that cannot be read nothing was found.
        let Ok(row) = Discrepancy::of(&f.fields) else { return };
        if row.level == Level::Station {
            let since = row.since.and_then(|u| u.time);
            self.stations.entry(row.area).or_default().insert((row.kind, since));
        }
    }

    pub(super) fn score(&self, truth: &TrueCount) -> CountScore {
        let seen = truth.alterations.iter().filter(|a| a.with_minutes || self.stations.contains_key(&a.station));
        let altered: BTreeSet<&str> = seen.clone().map(|a| a.station.as_str()).collect();
        let found: BTreeSet<&str> = self.stations.keys().map(String::as_str).collect();
        type Is<'p> = &'p dyn Fn(&(Disagreement, Option<Time>)) -> bool;
        let told =
            |a: &&super::TrueAlteration, is: Is| self.stations.get(&a.station).is_some_and(|all| all.iter().any(is));
        let example = |names: &mut dyn Iterator<Item = &&str>| names.take(EXAMPLES).map(|n| n.to_string()).collect();
        CountScore {
            altered_stations: Rate::new(altered.len(), found.len(), altered.intersection(&found).count()),
            altered_kinds: seen.clone().filter(|a| told(a, &|(kind, _)| *kind == kind_of(a.kind))).count() as u64,
            altered_since: seen.clone().filter(|a| told(a, &|(_, since)| *since == Some(a.since))).count() as u64,
            stations_missed: example(&mut altered.difference(&found)),
            stations_false: example(&mut found.difference(&altered)),
        }
    }
}

fn kind_of(kind: Alteration) -> Disagreement {
    match kind {
        Alteration::Differs => Disagreement::Differs,
        Alteration::Swapped => Disagreement::Swapped,
        Alteration::Transposed => Disagreement::Transposed,
        Alteration::Shifted => Disagreement::Shifted,
        Alteration::Missing => Disagreement::Missing,
        Alteration::Twice => Disagreement::Twice,
    }
}
