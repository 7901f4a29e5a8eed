//! Names worth keeping, gathered by registrable domain and written as observations: look-alikes and sightings.
//!
//! You may rely on: memory is bounded (rows are written out when there are many, lists within a row have a largest
//! size). An observation whose time is the epoch was undated.

use super::indicators::Indicator;
use super::kernel::Scratch;
use super::setup::Setup;
use crate::domain::Parts;
use ::rows::names::{MOST, PAGES, Page, Record, Resemblance, Seen, Sighting, Via};
use model::{Address, Entity, Observation, Role, Sink, Span, SpanSet, Time};
use std::collections::{BTreeMap, BTreeSet};

/// Rows held before they are written out.
const ROWS: usize = 20_000;
/// Bytes kept of a page's address.
const PAGE: usize = 300;

/// A name worth keeping.
pub struct Hit {
    /// The name.
    pub name: String,
    /// Its registrable domain.
    pub domain: String,
    /// The score of a look-alike; 0 for what is only an indicator's.
    pub score: u8,
    /// Whether somebody holds it to be bad.
    pub known: bool,
    /// When it was seen.
    pub time: Option<Time>,
    /// Which machine asked for it.
    pub client: Option<Address>,
    /// Where it was met, in evidence of another kind, and by whom it came.
    pub met: Option<(Via, Option<Address>)>,
    /// The whole address it was met in.
    pub page: Option<String>,
    /// Records seen with it.
    pub records: Vec<(Record, String)>,
    /// Where it stands.
    pub place: Span,
}

/// The rows of one piece of evidence.
pub struct Rows<'s> {
    setup: &'s Setup,
    rows: BTreeMap<String, Row>,
}

#[derive(Default)]
struct Row {
    names: BTreeMap<String, u8>,
    known: bool,
    first: Option<Time>,
    last: Option<Time>,
    count: u64,
    clients: BTreeSet<Address>,
    met: BTreeSet<Via>,
    visitors: BTreeSet<(Address, Role)>,
    /// Each page with the first visit from it, by address and visitor.
    pages: BTreeMap<(String, Option<Address>), (Option<Time>, Span)>,
    records: BTreeSet<(Record, String)>,
    spans: SpanSet,
}

impl<'s> Rows<'s> {
    /// None yet.
    pub fn new(setup: &'s Setup) -> Rows<'s> {
        Rows { setup, rows: BTreeMap::new() }
    }

    /// Takes one, and writes all out if there are many.
    pub fn add(&mut self, hit: Hit, out: &mut dyn Sink) {
        let row = self.rows.entry(hit.domain).or_default();
        if row.names.len() < MOST || row.names.contains_key(&hit.name) {
            row.names.insert(hit.name, hit.score);
        } else if row.names.values().all(|&s| s < hit.score) {
            // The telling name is kept, however late it comes.
            row.names.pop_last();
            row.names.insert(hit.name, hit.score);
        }
        row.known |= hit.known;
        row.count += 1;
        if let Some(time) = hit.time {
            row.first = Some(row.first.map_or(time, |t| t.min(time)));
            row.last = Some(row.last.map_or(time, |t| t.max(time)));
        }
        row.clients.extend(hit.client.filter(|_| row.clients.len() < MOST));
        if let Some((via, visitor)) = hit.met {
            row.met.insert(via);
            if let Some(page) = hit.page.map(|p| clean(&p)).filter(|_| row.pages.len() < PAGES) {
                row.pages.entry((page, visitor)).or_insert((hit.time, hit.place));
            }
            row.visitors.extend(visitor.filter(|_| row.visitors.len() < MOST).map(|v| (v, via.role())));
        }
        for record in hit.records {
            if row.records.len() < 2 * MOST {
                row.records.insert(record);
            }
        }
        row.spans.push(hit.place);
        if row.spans.len() > 10_000 || self.rows.len() > ROWS {
            self.write(out);
        }
    }

    /// Writes all rows out.
    pub fn write(&mut self, out: &mut dyn Sink) {
        for (domain, row) in std::mem::take(&mut self.rows) {
            let seen = seen(&domain, &row);
            if row.known {
                let said = row.names.keys().filter_map(|n| self.known(n)).flatten();
                let sighting = Sighting { indicators: said.take(MOST).cloned().collect(), seen: seen.clone() };
                out.observation(observation(&domain, &row, &sighting));
            }
            if let Some(resemblance) = self.resemblance(seen, &row) {
                out.observation(observation(&domain, &row, &resemblance));
            }
        }
    }

    /// What the most telling name was judged to be; none where no name resembles anything.
    fn resemblance(&self, seen: Seen, row: &Row) -> Option<Resemblance> {
        let (name, _) = row
            .names
            .iter()
            .filter(|(_, score)| **score > 0)
            .max_by_key(|(name, score)| (**score, std::cmp::Reverse(*name)))?;
        let judgement = self.setup.judge.judge(name.as_bytes(), &mut Scratch::default())?;
        Some(Resemblance {
            seen,
            score: judgement.score,
            technique: judgement.techniques.first().copied(),
            techniques: judgement.techniques,
            imitates: judgement.imitates,
            shown: judgement.shown,
        })
    }

    fn known(&self, name: &str) -> Option<&[Indicator]> {
        let mut parts = Parts::default();
        parts.set(name.as_bytes()).ok()?;
        self.setup.known.of(&parts)
    }
}

/// An address of bounded length, without control characters.
fn clean(page: &str) -> String {
    let mut out = String::new();
    for c in page.chars().filter(|c| !c.is_control()) {
        if out.len() + c.len_utf8() > PAGE {
            break;
        }
        out.push(c);
    }
    out
}

fn texts<'a>(addresses: impl Iterator<Item = &'a Address>) -> Vec<String> {
    let mut all: Vec<String> = addresses.map(ToString::to_string).collect();
    all.dedup();
    all
}

fn seen(domain: &str, row: &Row) -> Seen {
    let mut records: BTreeMap<Record, BTreeSet<String>> = BTreeMap::new();
    for (kind, value) in &row.records {
        records.entry(*kind).or_default().insert(value.clone());
    }
    let pages = row.pages.iter().map(|((url, visitor), (time, place))| Page {
        url: url.clone(),
        visitor: visitor.map(|v| v.to_string()),
        time: *time,
        start: place.start,
        len: place.len,
        line: place.line,
    });
    Seen {
        domain: domain.into(),
        names: row.names.keys().cloned().collect(),
        clients: texts(row.clients.iter()),
        met: row.met.clone(),
        visitors: texts(row.visitors.iter().map(|(v, _)| v)),
        pages: pages.collect(),
        records,
    }
}

fn observation<R: ::rows::Row>(domain: &str, row: &Row, carried: &R) -> Observation {
    let mut entities = vec![Entity::domain(domain, Role::Infrastructure)];
    let others = row.names.keys().filter(|n| *n != domain);
    entities.extend(others.map(|n| Entity::domain(n, Role::Infrastructure)));
    entities.extend(row.clients.iter().map(|c| Entity::address(*c, Role::Victim)));
    entities.extend(row.visitors.iter().map(|(v, role)| Entity::address(*v, *role)));
    Observation {
        kind: R::NAME.into(),
        key: domain.into(),
        first: row.first.unwrap_or_default(),
        last: row.last.unwrap_or_default(),
        count: row.count,
        entities,
        fields: carried.fields(),
        spans: row.spans.clone(),
    }
}
