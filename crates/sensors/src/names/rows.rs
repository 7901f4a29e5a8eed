//! Names worth keeping, gathered by registrable domain and written as observations: look-alikes and sightings.
//!
//! You may rely on: memory is bounded (rows are written out when there are many, lists within a row have a largest
//! size). An observation whose time is the epoch was undated.

use super::domain::Parts;
use super::indicators::Indicator;
use super::kernel::Scratch;
use super::met::Via;
use super::setup::Setup;
use model::{Address, Entity, Fields, Observation, Role, Sink, Span, SpanSet, Time};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Rows held before they are written out.
const ROWS: usize = 20_000;
/// Names, clients and records kept of a row.
const MOST: usize = 16;

/// Pages kept of a row, and bytes of each.
const PAGES: usize = 256;
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
    /// Records seen with it: kind, value.
    pub records: Vec<(&'static str, String)>,
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
    records: BTreeSet<(&'static str, String)>,
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
            let score = row.names.values().copied().max().unwrap_or(0);
            let fields = fields(&domain, &row);
            if row.known {
                let mut fields = fields.clone();
                let said: Vec<&Indicator> =
                    row.names.keys().filter_map(|n| self.known(n)).flatten().take(MOST).collect();
                fields.insert("indicators".into(), json!(said));
                out.observation(observation(super::SIGHTING, &domain, &row, fields));
            }
            if score > 0 {
                let fields = self.judged(fields, &row);
                out.observation(observation(super::LOOKALIKE, &domain, &row, fields));
            }
        }
    }

    /// Adds what the most telling name was judged to be.
    fn judged(&self, mut fields: Fields, row: &Row) -> Fields {
        let best = row.names.iter().max_by_key(|(name, score)| (**score, std::cmp::Reverse(*name)));
        if let Some(j) = best.and_then(|(n, _)| self.setup.judge.judge(n.as_bytes(), &mut Scratch::default())) {
            fields.insert("score".into(), json!(j.score));
            fields.insert("technique".into(), json!(j.techniques.first()));
            fields.insert("techniques".into(), json!(j.techniques));
            fields.insert("imitates".into(), json!(j.imitates));
            if let Some(shown) = j.shown {
                fields.insert("shown".into(), json!(shown));
            }
        }
        fields
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

fn fields(domain: &str, row: &Row) -> Fields {
    let mut fields = Fields::new();
    fields.insert("domain".into(), json!(domain));
    fields.insert("names".into(), json!(row.names.keys().collect::<Vec<_>>()));
    if !row.clients.is_empty() {
        fields.insert("clients".into(), json!(texts(row.clients.iter())));
    }
    if !row.met.is_empty() {
        fields.insert("met".into(), json!(row.met.iter().map(|v| v.as_str()).collect::<Vec<_>>()));
    }
    if !row.visitors.is_empty() {
        fields.insert("visitors".into(), json!(texts(row.visitors.iter().map(|(v, _)| v))));
    }
    if !row.pages.is_empty() {
        let mut pages = Vec::new();
        for ((url, visitor), (time, place)) in &row.pages {
            pages.push(json!({
                "url": url, "visitor": visitor.map(|v| v.to_string()), "time": time.map(|t| t.to_string()),
                "start": place.start, "len": place.len, "line": place.line,
            }));
        }
        fields.insert("pages".into(), pages.into());
    }
    let mut records: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    row.records.iter().for_each(|(kind, value)| records.entry(kind).or_default().push(value));
    if !records.is_empty() {
        fields.insert("records".into(), json!(records));
    }
    fields
}

fn observation(kind: &str, domain: &str, row: &Row, fields: Fields) -> Observation {
    let mut entities = vec![Entity::domain(domain, Role::Infrastructure)];
    let others = row.names.keys().filter(|n| *n != domain);
    entities.extend(others.map(|n| Entity::domain(n, Role::Infrastructure)));
    entities.extend(row.clients.iter().map(|c| Entity::address(*c, Role::Victim)));
    entities.extend(row.visitors.iter().map(|(v, role)| Entity::address(*v, *role)));
    Observation {
        kind: kind.into(),
        key: domain.into(),
        first: row.first.unwrap_or_default(),
        last: row.last.unwrap_or_default(),
        count: row.count,
        entities,
        fields,
        spans: row.spans.clone(),
    }
}
