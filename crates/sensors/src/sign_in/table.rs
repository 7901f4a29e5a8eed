//! A case's activities as detectors look at them: rows of one key put together, each record once, and what is usual for
//! each person.
//!
//! You may rely on: a record that stands twice (in one export, in two that overlap, in the logs of two services of one
//! provider) counts once and keeps its places in each; a function of the observations and the configuration alone, made
//! once a run. Left out: records beyond [`RECORDS`], in the order of accounts.

use super::habit::Habits;
use super::operations;
use crate::activity::{self, Place};
use crate::sensor::once;
use model::{Address, Context, Network, Result, Time, Trace, View};
use rows::Row as _;
use rows::sign_in::{Action, Activity, Answer};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::rc::Rc;

/// The kinds that detectors read.
pub const INPUTS: &[&str] = &[Activity::NAME];
/// Records of a case that are held.
pub const RECORDS: usize = 4_000_000;

/// What one account did in one way.
pub struct Row {
    /// In which way; its records lie in [`Table::items`].
    pub activity: Activity,
    /// From where.
    pub source: Option<Address>,
    /// Whether that is out of the provider's own programs.
    pub is_providers: bool,
    /// Where it is written.
    places: Vec<Place>,
}

impl Row {
    /// Whether this is somebody let in.
    pub fn is_entry(&self) -> bool {
        self.activity.action == Action::SignIn && self.activity.answer == Answer::Accepted
    }
}

/// One record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Item {
    /// Seconds since 1970.
    pub at: i64,
    /// Of which row.
    pub row: u32,
    /// Things touched.
    pub items: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Item {
    /// When.
    pub fn time(&self) -> Time {
        Time::from_seconds(self.at)
    }
}

/// Seconds between what two services of one provider write down of one deed.
const APART: i64 = 600;

/// Records of one id that say different things and that others are held against; all are kept.
const ALIKE: usize = 64;

/// Whether two records of one id say the same: of one operation all of it, of two services' what both must know.
fn is_same((a, at): (&Activity, i64), (b, then): (&Activity, i64)) -> bool {
    let source = a.source == b.source || a.source.is_none() || b.source.is_none();
    let deed = (a.provider, a.action, &a.account) == (b.provider, b.action, &b.account) && source;
    if a.operation == b.operation {
        let same = (a.answer, &a.target, &a.detail) == (b.answer, &b.target, &b.detail);
        // A record that an export cut says no more than who and what; the whole one is known already.
        let cut = b.source.is_none() && b.target.is_empty() && b.detail.is_empty();
        return deed && at == then && (same || cut);
    }
    let target = a.target == b.target || a.target.is_empty() || b.target.is_empty();
    let accepted = |a: &Activity| a.answer == Answer::Accepted;
    deed && target && accepted(a) == accepted(b) && (at - then).abs() <= APART
}

/// A finding's key, of its parts, so that none runs into the next.
pub fn key(parts: &[&str]) -> String {
    parts.iter().map(|part| part.replace('%', "%25").replace('|', "%7C")).collect::<Vec<_>>().join("|")
}

/// A network in a key.
pub fn of(network: Option<Network>) -> String {
    network.map(|n| n.to_string()).unwrap_or_default()
}

/// All activities of a case.
pub struct Table {
    /// By key.
    pub rows: Vec<Row>,
    /// In the order of time.
    pub items: Vec<Item>,
    /// What is usual.
    pub habits: Habits,
}

impl Table {
    /// That of this case.
    pub fn of(case: &dyn View, context: &Context) -> Result<Rc<Table>> {
        once(case, || Table::load(case, context))
    }

    fn load(case: &dyn View, context: &Context) -> Result<Table> {
        let mut rows: Vec<Row> = Vec::new();
        let mut items: Vec<Item> = Vec::new();
        let mut key = String::new();
        // Each record's row and time: one that comes again leaves its place there. Those that bear another's id stand apart.
        let mut known: HashMap<u64, (u32, i64)> = HashMap::new();
        let mut others: HashMap<u64, Vec<(u32, i64)>> = HashMap::new();
        case.observations(Activity::NAME, &mut |visit| {
            let mut activity = Activity::of(&visit.observation.fields)?;
            let records = std::mem::take(&mut activity.records);
            let place = (visit.evidence, visit.steps.clone(), visit.observation.spans.clone());
            if key != visit.observation.key || rows.is_empty() {
                key.clone_from(&visit.observation.key);
                let source = activity.source.as_deref().and_then(|s| Address::parse(s.as_bytes()));
                let is_providers = source.is_some_and(|s| operations::is_providers(activity.provider, s));
                rows.push(Row { activity, source, is_providers, places: Vec::new() });
            } else if let Some(row) = rows.last_mut() {
                row.activity.names.append(&mut activity.names);
                row.activity.throttled |= activity.throttled;
            }
            let at = rows.len() as u32 - 1;
            let mut new = false;
            let mut elsewhere = Vec::new();
            for record in records {
                let first = known.get(&record.1).into_iter().copied();
                let mut all = first.chain(others.get(&record.1).into_iter().flatten().copied());
                let own = (&rows[at as usize].activity, record.0);
                let same = all.find(|(row, then)| {
                    *row == at && *then == record.0 || is_same((&rows[*row as usize].activity, *then), own)
                });
                match same {
                    Some((row, _)) if row == at => new = true,
                    Some((row, _)) => elsewhere.push(row),
                    None if items.len() < RECORDS => {
                        match known.contains_key(&record.1) {
                            false => drop(known.insert(record.1, (at, record.0))),
                            true => {
                                let more = others.entry(record.1).or_default();
                                if more.len() < ALIKE {
                                    more.push((at, record.0));
                                }
                            }
                        }
                        items.push(Item { at: record.0, row: at, items: record.2, bytes: record.3 });
                        new = true;
                    }
                    None => {}
                }
            }
            elsewhere.sort_unstable();
            elsewhere.dedup();
            elsewhere.into_iter().for_each(|row| rows[row as usize].places.push(place.clone()));
            if new {
                rows[at as usize].places.push(place);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        items.sort_unstable();
        let habits = Habits::of(&rows, &items, context);
        Ok(Table { rows, items, habits })
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
