//! Holds findings on a platform against the truth: the same people, in the same hours, in the same way.

use super::{TruePlatform, TrueTrouble};
use crate::measure::{EXAMPLES, Rate, Sheet};
use model::{Finding, Time};
use rows::Row as _;
use rows::reach::{How, Trouble};
use serde::Serialize;

/// How good findings on a platform are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ReachScore {
    /// Times in which it failed people.
    pub troubles: Rate,
    /// Those that were not found.
    pub missed: Vec<String>,
    /// Those that are told and did not happen.
    pub invented: Vec<String>,
}

/// Troubles, counted.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CountedReach {
    /// How many.
    pub troubles: u64,
}

impl ReachScore {
    pub(super) fn show(&self, sheet: &mut Sheet) {
        sheet.rate("troubles of a platform", &self.troubles);
        for (what, names) in [("missed", &self.missed), ("did not happen", &self.invented)] {
            if !names.is_empty() {
                sheet.note(format!("  {what}: {}", names.join(", ")));
            }
        }
    }
}

/// What findings say of platforms.
#[derive(Default, Debug)]
pub struct FoundReach {
    told: Vec<(Trouble, Time, Time)>,
}

impl FoundReach {
    pub(super) fn take(&mut self, f: &Finding) {
        if f.detector != Trouble::NAME {
            return;
        }
        // Of a row that cannot be read nothing was found.
        let Ok(row) = Trouble::of(&f.fields) else { return };
        let first = f.first.unwrap_or_default();
        self.told.push((row, first, f.last.unwrap_or(first)));
    }

    fn of<'f>(&'f self, truth: &TruePlatform) -> Vec<&'f (Trouble, Time, Time)> {
        self.told.iter().filter(|(row, ..)| row.platform == truth.host).collect()
    }

    pub(super) fn counted(&self, truth: &TruePlatform) -> CountedReach {
        CountedReach { troubles: self.of(truth).len() as u64 }
    }

    pub(super) fn score(&self, truth: &TruePlatform) -> ReachScore {
        let told = self.of(truth);
        let is = |true_one: &TrueTrouble, (row, first, last): &(Trouble, Time, Time)| {
            let lost = [How::Errors, How::Queue, How::Gone, How::Several];
            let alike = row.how == true_one.how || lost.contains(&row.how) && lost.contains(&true_one.how);
            alike && row.region == true_one.region && *first < true_one.until && true_one.from <= *last
        };
        let missed: Vec<&TrueTrouble> = truth.troubles.iter().filter(|t| !told.iter().any(|f| is(t, f))).collect();
        let invented: Vec<&&(Trouble, Time, Time)> =
            told.iter().filter(|f| !truth.troubles.iter().any(|t| is(t, f))).collect();
        let name = |how: How, region: &str, at: Time| format!("{how} {region} {at}").replace("  ", " ");
        ReachScore {
            troubles: Rate::new(truth.troubles.len(), told.len(), truth.troubles.len() - missed.len()),
            missed: missed.iter().take(EXAMPLES).map(|t| name(t.how, &t.region, t.from)).collect(),
            invented: invented.iter().take(EXAMPLES).map(|(row, at, _)| name(row.how, &row.region, *at)).collect(),
        }
    }
}
