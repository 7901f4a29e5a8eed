//! A case's activities as detectors look at them: each record once, however often it was exported.
//!
//! You may rely on: a record that stands in two files counts once and keeps its place in each; a function of the observations
//! alone, made once a run. Left out: records beyond [`RECORDS`], in the order of machines.

use crate::activity::{self, Place};
use crate::sensor::once;
use model::{Address, Result, Trace, View};
use rows::Row as _;
use rows::windows_event::{Action, Activity};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::rc::Rc;

/// The kinds that detectors read.
pub const INPUTS: &[&str] = &[Activity::NAME];
/// Records of a case that are held.
const RECORDS: usize = 4_000_000;

/// What was done on one machine in one way.
pub struct Row {
    /// In which way; its records lie in [`Table::items`].
    pub activity: Activity,
    /// From where.
    pub source: Option<Address>,
    places: Vec<Place>,
}

/// One record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Item {
    /// Seconds since 1970.
    pub at: i64,
    /// Of which row.
    pub row: u32,
}

/// All activities of a case.
pub struct Table {
    /// By key.
    pub rows: Vec<Row>,
    /// In the order of time.
    pub items: Vec<Item>,
}

impl Table {
    /// That of this case.
    pub fn of(case: &dyn View) -> Result<Rc<Table>> {
        once(case, || Table::load(case))
    }

    fn load(case: &dyn View) -> Result<Table> {
        let mut rows: Vec<Row> = Vec::new();
        let mut items: Vec<Item> = Vec::new();
        let mut key = String::new();
        let mut known: HashMap<u64, u32> = HashMap::new();
        case.observations(Activity::NAME, &mut |visit| {
            let mut activity = Activity::of(&visit.observation.fields)?;
            let records = std::mem::take(&mut activity.records);
            let place = (visit.evidence, visit.steps.clone(), visit.observation.spans.clone());
            if key != visit.observation.key || rows.is_empty() {
                key.clone_from(&visit.observation.key);
                let source = activity.source.as_deref().and_then(|s| Address::parse(s.as_bytes()));
                rows.push(Row { activity, source, places: Vec::new() });
            }
            let at = rows.len() as u32 - 1;
            for record in records {
                if !known.contains_key(&record.1) && items.len() < RECORDS {
                    known.insert(record.1, at);
                    items.push(Item { at: record.0, row: at });
                }
            }
            rows[at as usize].places.push(place);
            Ok(ControlFlow::Continue(()))
        })?;
        items.sort_unstable();
        Ok(Table { rows, items })
    }

    /// The row of a record.
    pub fn row(&self, item: &Item) -> &Row {
        &self.rows[item.row as usize]
    }

    /// The records of these actions, in the order of time.
    pub fn doing<'t>(&'t self, actions: &'t [Action]) -> impl Iterator<Item = (&'t Item, &'t Row)> {
        let all = self.items.iter().map(|item| (item, self.row(item)));
        all.filter(|(_, row)| actions.contains(&row.activity.action))
    }

    /// The traces of some rows.
    pub fn traces(&self, rows: impl IntoIterator<Item = u32>) -> Vec<Trace> {
        activity::traces(rows.into_iter().flat_map(|row| &self.rows[row as usize].places))
    }
}
