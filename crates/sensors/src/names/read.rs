//! Bytes → observations and tallies of names. Lines are judged in parallel by block; only look-alikes, sightings,
//! registrations and indicators are kept, all else is counted by day.
//!
//! You may rely on: memory does not grow with the evidence (see [`super::rows`] and [`super::document`]).

use super::document;
use super::indicators::Indicator;
use super::json::{self, Statement};
use super::kernel::Scratch;
use super::kin::{self, Kin};
use super::lines::{self, Format, Seen};
use super::registration;
use super::rows::{Hit, Rows};
use super::setup::Setup;
use crate::domain::Damage;
use crate::input::{BLOCK, Block, Blocks, Input, LINE_MAX};
use crate::unknown;
use ::rows::Row;
use ::rows::names::{Family, Record, Registered};
use model::{Address, Entity, Lines, Note, Observation, Result, Role, Sink, Skip, Span, SpanSet, Tally, Text, Time};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Largest WHOIS answers that are read.
const DOCUMENT: usize = 64 << 20;
/// Why members of a list past [`json::MOST`] are skipped.
const MORE: &str = "more than 100,000 members in one list";
/// Why records past [`json::RECORDS`] are skipped.
const MORE_RECORDS: &str = "more than 32 records of one kind of one name";
/// Why members of a document that name nobody are skipped.
const NO_NAME: &str = "a member in which no name is known";
/// Addresses named of a registration; its row holds all.
const MOST: usize = 16;

/// A reader of names.
pub struct Reader<'s> {
    /// What the case is set to.
    pub setup: &'s Setup,
}

/// What a block came to.
#[derive(Default)]
struct Partial {
    hits: Vec<Hit>,
    registrations: Vec<(Registered, Span)>,
    indicators: Vec<(Indicator, Span)>,
    /// By day since 1970: names, look-alikes.
    days: BTreeMap<Option<i64>, [u64; 2]>,
    skips: BTreeMap<&'static str, (u64, u64, u64)>,
    /// What became of the lines.
    lines: Lines,
    /// Names that could be judged, and why the last one that could not was not.
    judged: u64,
    damage: Option<Damage>,
    /// Names of a list, with their days of registration, among which families are looked for.
    kin: Option<Vec<(String, Option<Time>, Span)>>,
}

impl Partial {
    fn kept(&self) -> usize {
        self.hits.len() + self.registrations.len() + self.indicators.len()
    }

    fn skip(&mut self, reason: &'static str, place: Span) {
        self.skip_many(reason, 1, place);
    }

    fn skip_many(&mut self, reason: &'static str, count: u64, place: Span) {
        if count > 0 {
            self.skips.entry(reason).or_insert((0, place.start, place.line)).0 += count;
        }
    }
}

impl Reader<'_> {
    /// Reads one piece of evidence.
    pub fn read(&self, input: &mut Input, out: &mut dyn Sink) -> Result<()> {
        let format = lines::sniff(input.head()).map_or(Format::List, |(f, _)| f);
        // What machines asked for, each as often as it liked, is no list that somebody made.
        let asked = matches!(
            format,
            Format::Bind | Format::Unbound | Format::Dnsmasq | Format::Technitium | Format::Zeek(_) | Format::JsonLines
        );
        let full = AtomicBool::new(asked);
        let kin = || (!full.load(Ordering::Relaxed)).then(Vec::new);
        let mut all = Totals {
            rows: Rows::new(self.setup),
            kin: Kin::default(),
            days: BTreeMap::new(),
            skips: BTreeMap::new(),
            lines: Lines::default(),
        };
        if format == Format::Whois {
            let partial = self.whois(input)?;
            all.fold(partial, 0, 0, out);
        } else if format == Format::Json {
            let (partial, scratch) = (Partial { kin: kin(), ..Partial::default() }, Scratch::default());
            let mut telling = Telling { reader: self, all: &mut all, out, gathered: 0, partial, scratch };
            document::read(input, &mut telling)?;
            telling.end();
            if let Some(damage) = input.damage() {
                out.skip(damage.clone());
            }
        } else {
            let work = |block: &Block| {
                let (mut p, mut scratch) = (Partial { kin: kin(), ..Partial::default() }, Scratch::default());
                let lines = block.lines(|start, n, text| {
                    if !text.is_empty() {
                        let place = Span { start: start as u64, len: text.len() as u64, line: n };
                        self.line(&format, text, place, &mut scratch, &mut p);
                    }
                });
                (lines, p)
            };
            Blocks::new(input).process(out, work, |block, line, partial, out| {
                all.fold(partial, block.start, line, out);
                full.fetch_or(all.kin.is_full(), Ordering::Relaxed);
                Ok(())
            })?;
            out.lines(std::mem::take(&mut all.lines));
        }
        all.finish(self.setup, out);
        Ok(())
    }

    /// Reads a line, and counts what became of it.
    fn line(&self, format: &Format, text: &[u8], place: Span, scratch: &mut Scratch, p: &mut Partial) {
        let (kept, judged) = (p.kept(), p.judged);
        p.damage = None;
        let ordinary = self.names(format, text, place, scratch, p);
        if p.kept() > kept {
            p.lines.keep();
        } else if p.judged > judged || p.damage == Some(Damage::Address) {
            p.lines.pass();
        } else if let Some(damage) = p.damage {
            unknown::miss(&mut p.lines, Some(damage.reason().as_bytes()), text, place.start as usize, place.line);
        } else if ordinary {
            p.lines.pass();
        } else {
            unknown::miss(&mut p.lines, None, text, place.start as usize, place.line);
        }
    }

    /// Reads the names on a line; whether one without any is ordinary.
    fn names(&self, format: &Format, text: &[u8], place: Span, scratch: &mut Scratch, p: &mut Partial) -> bool {
        let json = matches!(format, Format::JsonLines);
        if text.len() > if json { BLOCK } else { LINE_MAX } {
            p.skip("line too long", place);
            return false;
        }
        if !json {
            let mut any = false;
            lines::visit(format, text, &mut |seen| {
                any = true;
                self.name(seen, &[], place, scratch, p)
            });
            return any || lines::is_ordinary(format, text);
        }
        if text.trim_ascii().is_empty() {
            return true;
        }
        match serde_json::from_slice(text) {
            Ok(value) => {
                let mut said = Statement::default();
                json::read(&value, &mut said);
                let ordinary = !said.is_silent();
                self.said(said, place, scratch, p);
                ordinary
            }
            Err(_) => {
                p.skip("no JSON", place);
                false
            }
        }
    }

    fn said(&self, said: Statement, place: Span, scratch: &mut Scratch, p: &mut Partial) {
        for name in &said.names {
            let seen = Seen { name: name.as_bytes(), time: said.time, client: said.client, ..Seen::default() };
            self.name(seen, &said.records, place, scratch, p);
        }
        p.skip_many(MORE, said.more, place);
        p.skip_many(MORE_RECORDS, said.more_records, place);
        p.registrations.extend(said.registrations.into_iter().map(|r| (r, place)));
        if !self.setup.settings.no_indicators {
            p.indicators.extend(said.indicators.into_iter().map(|i| (i, place)));
        }
    }

    fn name(&self, seen: Seen, records: &[(Record, String)], place: Span, scratch: &mut Scratch, p: &mut Partial) {
        let judgement = match self.setup.judge.try_judge(seen.name, scratch) {
            Ok(judgement) => judgement,
            Err(damage) => {
                p.damage = Some(damage);
                return p.skip(damage.reason(), place);
            }
        };
        p.judged += 1;
        if let Some(kin) = &mut p.kin {
            kin.push((scratch.parts().domain().into(), seen.created, place));
        }
        let day = p.days.entry(seen.time.map(|t| t.seconds().div_euclid(86_400))).or_default();
        day[0] += 1;
        day[1] += u64::from(judgement.is_some());
        let parts = scratch.parts();
        if parts.invalid_punycode {
            p.skip("invalid Punycode, judged as it is written", place);
        }
        let known = !self.setup.known.is_empty() && self.setup.known.of(parts).is_some();
        if judgement.is_none() && !known {
            return;
        }
        let value = |v: &[u8]| String::from_utf8_lossy(v.strip_suffix(b".").unwrap_or(v)).to_lowercase();
        let own = seen.record.map(|(kind, v)| (kind, value(v)));
        let own = own.into_iter().chain(seen.created.map(|t| (Record::Created, t.to_string())));
        p.hits.push(Hit {
            name: parts.text().into(),
            domain: parts.domain().into(),
            score: judgement.map_or(0, |j| j.score),
            known,
            time: seen.time,
            client: seen.client,
            met: None,
            page: None,
            records: records.iter().cloned().chain(own).collect(),
            place,
        });
    }

    /// Reads WHOIS answers, whole.
    fn whois(&self, input: &mut Input) -> Result<Partial> {
        let (mut p, mut scratch) = (Partial { kin: Some(Vec::new()), ..Partial::default() }, Scratch::default());
        let mut bytes = Vec::new();
        loop {
            let start = bytes.len();
            bytes.resize(start + BLOCK, 0);
            let read = input
                .fill(&mut bytes[start..])
                .map_err(|e| model::Error::new("could not read on").because(e).hint("check the disk"))?;
            bytes.truncate(start + read);
            if read < BLOCK {
                break;
            }
            if bytes.len() > DOCUMENT {
                p.skip("document larger than 64 MiB", Span { start: 0, len: 0, line: 0 });
                return Ok(p);
            }
        }
        for (registration, range, line) in registration::whois(&bytes) {
            let place = Span { start: range.start as u64, len: range.len() as u64, line: line - 1 };
            let seen = Seen { name: registration.domain.as_bytes(), ..Seen::default() };
            self.name(seen, &[], place, &mut scratch, &mut p);
            p.registrations.push((registration, place));
        }
        Ok(p)
    }
}

/// Members of a document that are gathered before they are written.
const GATHERED: usize = 4096;

/// What a document says, on its way to the sink.
struct Telling<'t, 'r, 's> {
    reader: &'t Reader<'s>,
    all: &'t mut Totals<'r>,
    out: &'t mut dyn Sink,
    gathered: usize,
    partial: Partial,
    scratch: Scratch,
}

impl Telling<'_, '_, '_> {
    fn one_more(&mut self) {
        self.gathered += 1;
        if self.gathered >= GATHERED {
            self.end();
        }
    }

    fn end(&mut self) {
        self.gathered = 0;
        let kin = self.partial.kin.as_ref().filter(|_| !self.all.kin.is_full()).map(|_| Vec::new());
        let partial = std::mem::replace(&mut self.partial, Partial { kin, ..Partial::default() });
        self.all.fold(partial, 0, 0, self.out);
    }
}

impl document::DocumentSink for Telling<'_, '_, '_> {
    fn value(&mut self, value: &serde_json::Value, place: Span) {
        let mut said = Statement::default();
        match value {
            // Of a list: each member has its own records.
            serde_json::Value::String(name) => said.names.push(name.clone()),
            value => json::read(value, &mut said),
        }
        if said.is_silent() {
            self.partial.skip(NO_NAME, place);
        }
        self.reader.said(said, place, &mut self.scratch, &mut self.partial);
        self.one_more();
    }

    fn indicator(&mut self, indicator: Indicator, place: Span) {
        let said = Statement { names: vec![indicator.name.clone()], ..Statement::default() };
        self.reader.said(said, place, &mut self.scratch, &mut self.partial);
        if !self.reader.setup.settings.no_indicators {
            self.partial.indicators.push((indicator, place));
            self.one_more();
        }
    }

    fn skip(&mut self, reason: &'static str, count: u64, place: Span) {
        self.partial.skip_many(reason, count, place);
    }
}

/// All of one piece of evidence.
struct Totals<'r> {
    rows: Rows<'r>,
    days: BTreeMap<Option<i64>, [u64; 2]>,
    skips: BTreeMap<&'static str, Skip>,
    lines: Lines,
    kin: Kin,
}

impl Totals<'_> {
    fn fold(&mut self, partial: Partial, start: u64, line: u64, out: &mut dyn Sink) {
        let place = |s: Span| Span { start: s.start + start, len: s.len, line: s.line + line };
        self.lines.append(partial.lines, start, line.saturating_sub(1));
        for (day, counts) in partial.days {
            let row = self.days.entry(day).or_default();
            row.iter_mut().zip(counts).for_each(|(a, b)| *a += b);
        }
        for (reason, (count, first, at)) in partial.skips {
            let skip = self.skips.entry(reason).or_insert_with(|| Skip {
                reason: reason.into(),
                count: 0,
                first: first + start,
                line: at + line,
            });
            skip.count += count;
        }
        for hit in partial.hits {
            self.rows.add(Hit { place: place(hit.place), ..hit }, out);
        }
        for (domain, created, at) in partial.kin.into_iter().flatten() {
            self.kin.add(domain, created, place(at));
        }
        for (row, at) in partial.registrations {
            self.kin.date(&row.domain, row.registration.created);
            let mut entities = vec![Entity::domain(&row.domain, Role::Infrastructure)];
            entities.extend(
                row.registration
                    .addresses
                    .iter()
                    .take(MOST)
                    .filter_map(|a| Address::parse(a.as_bytes()))
                    .map(|a| Entity::address(a, Role::Infrastructure)),
            );
            let first = row.registration.created.unwrap_or_default();
            out.observation(observation(&row.domain, first, entities, &row, place(at)));
        }
        for (indicator, at) in partial.indicators {
            let entities = vec![Entity::domain(&indicator.name, Role::Infrastructure)];
            let time = registration::date(&indicator.when).unwrap_or_default();
            out.observation(observation(&indicator.name, time, entities, &indicator, place(at)));
        }
    }

    fn finish(mut self, setup: &Setup, out: &mut dyn Sink) {
        self.rows.write(out);
        if self.kin.is_full() {
            out.note(Note {
                text: Text::new(
                    format!("more than {} names in one list: no families are looked for among them", kin::MOST),
                    format!("plus de {} noms dans une même liste : aucune famille n’y est recherchée", kin::MOST),
                ),
            });
        }
        for (row, spans) in self.kin.families(setup.judge.words()) {
            let key = format!("{}|{}", row.kinship.as_str(), row.pattern);
            let (first, last) = (row.from.unwrap_or_default(), row.to.unwrap_or_default());
            let entities = row.names.iter().take(MOST).map(|n| Entity::domain(n, Role::Infrastructure)).collect();
            let (kind, count, fields) = (Family::NAME.into(), row.count, row.fields());
            out.observation(Observation { kind, key, first, last, count, entities, fields, spans });
        }
        for (day, counts) in self.days {
            let key = day.map_or("undated".into(), |d| {
                Time::from_seconds(d.saturating_mul(86_400)).to_string()[..10].to_string()
            });
            out.tally(Tally { kind: super::DAY_TALLY.into(), key, counts: counts.to_vec() });
        }
        self.skips.into_values().for_each(|s| out.skip(s));
    }
}

fn observation<R: Row>(key: &str, time: Time, entities: Vec<Entity>, row: &R, place: Span) -> Observation {
    let mut spans = SpanSet::new();
    spans.push(place);
    let (kind, key, fields) = (R::NAME.into(), key.into(), row.fields());
    Observation { kind, key, first: time, last: time, count: 1, entities, fields, spans }
}
