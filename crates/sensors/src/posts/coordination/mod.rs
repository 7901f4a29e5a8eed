//! Which accounts act as one, with the evidence for it, and whether they say so themselves. Specification:
//! `coordination.md`.

mod bands;
pub(super) mod innocent;
mod ties;
mod told;

use super::dataset::Dataset;
use super::narrative::tell::Named;
use crate::{Detector, Specification};
use bands::bands;
use model::{Context, Finding, Result, View};
use rows::posts::Coordination;
use rows::{Row, Shape};
use std::collections::{BTreeMap, BTreeSet};

/// Accounts that act as one.
pub struct CoordinationDetector;

impl Detector for CoordinationDetector {
    fn id(&self) -> &'static str {
        Coordination::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Coordination>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        super::INPUTS
    }

    fn watched(&self) -> &'static [&'static str] {
        &["accounts"]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("coordination.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let dataset = Dataset::of(case)?;
        let table = &dataset.table;
        if table.is_empty() {
            return Ok(());
        }
        let looks = ties::look(table, dataset.copied());
        let people = Named::of(case, table, context)?;
        let mut posts_of: Vec<Vec<u32>> = vec![Vec::new(); table.accounts.len()];
        (0..table.len() as u32).for_each(|post| posts_of[table.account(post) as usize].push(post));
        for band in bands(&looks).into_iter().map(|band| band.settled(&looks)) {
            let together = band.together(&looks, &posts_of);
            let mut joint: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
            for one in together.values().flatten() {
                joint.entry(one.account).or_default().insert(one.post);
            }
            let explained = innocent::explained(table, &posts_of, &band.members, &joint);
            for (band, innocent) in innocent::parted(&band, &explained) {
                let band = band.settled(&looks);
                let together = band.together(&looks, &posts_of);
                if together.values().any(|joint| !joint.is_empty()) {
                    found(told::finding(table, &looks, &people, &band, &together, innocent))?;
                }
            }
        }
        Ok(())
    }
}
