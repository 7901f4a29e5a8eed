//! Bytes → observations and tallies of a web log. Blocks are worked on in parallel; what is kept of a line is a few
//! dozen bytes, and only hits are looked at twice.

use super::classify::{Class, Classifier, Request, Scratch, Verdict};
use super::habit::{self, PathKey, SIZE_CELLS};
use super::heavy::{self, Heavy, Visitors};
use super::pattern::Pattern;
use super::record::Record;
use super::runs::{Hit, Runs};
use super::sights::{Looking, Sights};
use super::sites::{self, Hosts, Sites};
use super::{error, json, line, proxy, served, shape, w3c};
use crate::input::{Block, Blocks, Input, LINE_MAX};
use crate::names::met::Met;
use crate::names::setup::Setup;
use crate::reach::{Asked, Hours, Watch};
use crate::unknown;
use model::{BottomK, Ear, Lines, Note, Result, Sink, Skip, Span, Tally, Text, Time};
use rows::web_log::{SLOT, Slot, SlotKey};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// What a reader of one piece of evidence is set to.
pub struct Reader<'c> {
    /// The compiled patterns of attack.
    pub classifier: &'c Classifier,
    /// Named log formats, tried first.
    pub patterns: Vec<Pattern>,
    /// Formats learned from the evidence itself, tried where nothing else reads a line.
    pub learned: Vec<Pattern>,
    /// Seconds between requests of one run, at most.
    pub window: i64,
    /// Our own domains, in lower case. The first is the site's name where lines do not say which: it tells our pages
    /// from foreign ones.
    pub own: Vec<String>,
    /// What names are judged by, where they are wanted.
    pub setup: Option<&'c Setup>,
    /// Platforms for voting or registering, where a case names some.
    pub watch: Option<&'c Watch<'c>>,
    /// How large tables may grow.
    pub caps: Caps,
}

/// Rows of the tables that evidence fills, at most.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// Sites told apart.
    pub sites: usize,
    /// Counts by site and five minutes held before they are written out.
    pub slots: usize,
    /// Visitors counted at once.
    pub visitors: usize,
}

impl Default for Caps {
    fn default() -> Caps {
        Caps { sites: sites::SITES, slots: 1 << 17, visitors: heavy::VISITORS }
    }
}

type PathSeen = (u64, u8, u8, u32);

/// Methods that change what a user may change (RFC 9110, 4918): they look for nothing.
const CHANGES: [&[u8]; 8] = [b"DELETE", b"MKCOL", b"MOVE", b"COPY", b"LOCK", b"UNLOCK", b"PROPPATCH", b"REPORT"];

/// The size cell of an answer whose size is not counted.
const NO_SIZE: u8 = u8::MAX;

/// What one block's lines came to.
#[derive(Default)]
struct Partial {
    hosts: Hosts,
    hits: Vec<Hit>,
    slots: Slots,
    /// Path hash, status cell of its row, size cell if it has one, and where the line is, to read the path again if it
    /// is kept.
    paths: Vec<PathSeen>,
    /// Ordinary requests of each source.
    visitors: Visitors,
    /// Names of note.
    sights: Sights,
    /// What platforms answered, by region and hour.
    hours: Hours,
    skips: BTreeMap<&'static str, (u64, usize, u64)>,
    /// What became of the lines.
    lines: Lines,
    requests: u64,
    /// Whether some were told by an error log.
    refusals: bool,
    /// Who was shown its requests.
    ear: Option<Box<dyn Ear>>,
}

/// How the lines of this evidence are written.
enum Format {
    /// One line, one record.
    Lines,
    /// Columns named by directives that may change as one reads: read in order, not in parallel.
    W3c,
}

/// Room that a worker keeps from line to line.
#[derive(Default)]
struct Room {
    scratch: Scratch,
    last: line::Last,
    columns: w3c::Columns,
    w3c: Vec<u8>,
    long: Vec<u8>,
    /// Whether some line was an error log's.
    refusals: bool,
}

/// Bytes kept of the end of a line that is too long: the answer stands there.
const LINE_END: usize = 4096;

/// A line, without its middle where it is longer than any that is sent by accident.
fn shortened<'l>(text: &'l [u8], long: &'l mut Vec<u8>) -> &'l [u8] {
    if text.len() <= LINE_MAX {
        return text;
    }
    long.clear();
    long.extend_from_slice(&text[..LINE_MAX - LINE_END]);
    long.extend_from_slice(&text[text.len() - LINE_END..]);
    long
}

impl Reader<'_> {
    /// Learns the format of evidence that begins so.
    pub fn learn(mut self, head: &[u8]) -> Self {
        self.learned = shape::learn(whole_lines(head).filter(|text| {
            self.patterns.iter().all(|p| p.parse(text).is_none())
                && line::parse(text, &mut line::Last::default()).is_none()
        }));
        self
    }

    /// Reads one piece of evidence.
    pub fn read(&self, input: &mut Input, out: &mut dyn Sink) -> Result<()> {
        let format = if is_w3c(input.head()) { Format::W3c } else { Format::Lines };
        let mut runs = Runs::new(self.classifier, self.window, Sites::new(self.caps.sites, &self.own));
        let mut slots: BTreeMap<(u32, i64), Slot> = BTreeMap::new();
        let mut stretches: BTreeMap<u32, (i64, i64)> = BTreeMap::new();
        let mut heavy = Heavy::new(self.caps.visitors);
        let mut hours = Hours::default();
        let mut paths = BottomK::new(habit::PATHS);
        // Paths whose hash is above this can no longer be kept; only ever falls, so skipping them changes nothing.
        let limit = AtomicU64::new(u64::MAX);
        let mut skips: BTreeMap<&'static str, Skip> = BTreeMap::new();
        let mut room = Room::default();
        let mut met = self.setup.map(Met::new);
        let (mut requests, mut refusals, mut became) = (0, false, Lines::default());
        let listener = out.listener();
        let ear = || listener.as_ref().map(|l| l.ear());
        // What a worker remembers of headers goes on to whoever works next: it is compared whole, so that it changes nothing
        // but the time, and each block would learn the same headers anew.
        let rooms: Mutex<Vec<Room>> = Mutex::default();
        let shared = || rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let work = |block: &Block| match format {
            Format::Lines => {
                let mut room = shared().pop().unwrap_or_default();
                let partial = self.block(block, &mut room, &limit, false, ear());
                let Room { scratch, last, .. } = room;
                shared().push(Room { scratch, last, ..Room::default() });
                partial
            }
            Format::W3c => (0, Partial::default()),
        };
        let mut lines_of_w3c = 0;
        Blocks::new(input).process(out, work, |block, line, mut partial, out| {
            let mut line = line;
            if matches!(format, Format::W3c) {
                line += lines_of_w3c;
                let (lines, p) = self.block(block, &mut room, &limit, true, ear());
                partial = p;
                lines_of_w3c += lines;
            }
            if let Some(ear) = partial.ear.take() {
                ear.end(line, out);
            }
            requests += partial.requests;
            refusals |= partial.refusals;
            became.append(partial.lines, block.start, line - 1);
            let sites: Vec<u32> = partial.hosts.iter().map(|(h, n)| runs.sites().number(h, n)).collect();
            for ((site, slot), counts) in partial.slots.rows {
                let stretch = stretches.entry(sites[site as usize]).or_insert((slot, slot));
                *stretch = (stretch.0.min(slot), stretch.1.max(slot));
                slots.entry((sites[site as usize], slot)).or_default().add(&counts);
            }
            if slots.len() > self.caps.slots {
                tell_slots(&mut slots, runs.sites(), out);
            }
            heavy.take(partial.visitors, &sites, (block.start, line), runs.sites(), out);
            if self.watch.is_some() {
                hours.take(partial.hours, &sites);
                let names = &*runs.sites();
                hours.tell(|n| names.name(n), false, out);
            }
            let bytes = block.bytes();
            self.keep_paths(&partial.paths, bytes, &mut paths, &mut room);
            limit.store(paths.limit(), Ordering::Relaxed);
            for hit in &partial.hits {
                let text = &bytes[hit.start..hit.start + hit.len];
                let site = sites[hit.site as usize];
                self.record(text, &mut room, matches!(format, Format::W3c), |record, _| {
                    let key = || path_key(&sites::name(record.host), record.target);
                    let place =
                        Span { start: block.start + hit.start as u64, len: hit.len as u64, line: line + hit.line };
                    runs.push(hit, site, record, &key, place, out);
                });
            }
            if let Some(met) = &mut met {
                partial.sights.tell(met, block.start, line, out);
            }
            for (reason, (count, first, at)) in partial.skips {
                let skip = skips.entry(reason).or_insert_with(|| Skip {
                    reason: reason.into(),
                    count: 0,
                    first: block.start + first as u64,
                    line: line + at,
                });
                skip.count += count;
            }
            Ok(())
        })?;
        let strays = runs.finish(out);
        (became.kept, became.ordinary) = (became.kept - strays, became.ordinary + strays);
        if let Some(met) = met {
            met.finish(out);
        }
        heavy.finish(runs.sites(), out);
        tell_slots(&mut slots, runs.sites(), out);
        let names = &*runs.sites();
        hours.tell(|n| names.name(n), true, out);
        for (site, (first, last)) in stretches {
            let key = format!("{}|{first}|{last}", runs.sites().name(site));
            out.tally(Tally { kind: super::STRETCH_TALLY.into(), key, counts: vec![1] });
        }
        runs.sites().note().into_iter().for_each(|note| out.note(note));
        if paths.sampled {
            out.note(Note {
                text: Text::new(
                    format!("more than {} distinct paths: what is usual for a path is known of a fair sample of them", habit::PATHS),
                    format!("plus de {} chemins distincts : l’habitude du site est connue sur un échantillon équitable de chemins", habit::PATHS),
                ),
            });
        }
        if refusals {
            out.note(Note {
                text: Text::new(
                    "an error log: what it says was refused stands in the access log too, and is counted twice where a case has both",
                    "un journal d’erreurs : ce qu’il dit refusé figure aussi dans le journal d’accès et compte deux fois si le dossier contient les deux",
                ),
            });
        }
        for (key, counts) in paths.rows() {
            out.tally(Tally { kind: super::PATH_TALLY.into(), key, counts });
        }
        out.tally(Tally { kind: super::LINES_TALLY.into(), key: "requests".into(), counts: vec![requests] });
        skips.into_values().for_each(|s| out.skip(s));
        out.lines(became);
        Ok(())
    }

    /// Reads one line in whatever format it is, and hands its record on with the classifier's scratch room; nothing is
    /// what no format reads, no record what a log tells besides.
    fn record<T>(
        &self,
        text: &[u8],
        room: &mut Room,
        w3c: bool,
        each: impl FnOnce(&Record, &mut Scratch) -> T,
    ) -> Option<Option<T>> {
        let Room { scratch, last, columns, w3c: values, long, refusals } = room;
        let text = shortened(text, long);
        if w3c && let Some(record) = columns.parse(text, values) {
            return Some(Some(each(&record, scratch)));
        }
        for pattern in &self.patterns {
            if let Some(record) = pattern.parse(text) {
                return Some(Some(each(&record, scratch)));
            }
        }
        if let Some(mut record) = line::parse(text, last) {
            proxy::mark(&mut record, text);
            return Some(Some(each(&record, scratch)));
        }
        if let Some(record) = served::parse(text).or_else(|| proxy::squid(text)) {
            return Some(Some(each(&record, scratch)));
        }
        if let Some(line) = error::parse(text) {
            return Some(match line {
                error::Line::Refused(owned) => {
                    *refusals = true;
                    Some(each(&owned.record(), scratch))
                }
                error::Line::Ordinary => None,
            });
        }
        if let Some(record) = self.learned.iter().find_map(|p| p.parse(text)) {
            return Some(Some(each(&record, scratch)));
        }
        json::parse(text).map(|owned| Some(each(&owned.record(), scratch)))
    }

    fn block(
        &self,
        block: &Block,
        room: &mut Room,
        limit: &AtomicU64,
        w3c: bool,
        ear: Option<Box<dyn Ear>>,
    ) -> (u64, Partial) {
        let mut p = Partial { ear, ..Partial::default() };
        let mut looking = self.setup.map(Looking::new);
        let limit = limit.load(Ordering::Relaxed);
        let lines = block.lines(|start, n, text| {
            if text.is_empty() {
                return;
            }
            let mut skip = |reason| p.skips.entry(reason).or_insert((0, start, n)).0 += 1;
            if text.len() > LINE_MAX {
                skip("line longer than 64 KiB, judged without its middle");
            }
            if text[0] == b'#' {
                room.columns.directive(text);
                p.lines.pass();
                return;
            }
            let read = self.record(text, room, w3c, |record, scratch| {
                if let Some(ear) = &mut p.ear {
                    let place = Span { start: block.start + start as u64, len: text.len() as u64, line: n };
                    record.tell(text, place, &mut **ear);
                }
                // What the house asks for outside is no request to a site of ours.
                if record.proxied {
                    p.requests += 1;
                    if let Some(looking) = &mut looking {
                        looking.outside(record, (start, text.len(), n), &mut p.sights);
                    }
                    return;
                }
                let site = self.request(record, scratch, (start, text.len(), n), limit, &mut p);
                if let Some(looking) = &mut looking {
                    looking.line(record, site, (start, text.len(), n), &mut p.sights);
                }
            });
            match read {
                Some(_) => p.lines.pass(),
                None => {
                    if text.contains(&0) {
                        p.skips.entry("line with NUL bytes").or_insert((0, start, n)).0 += 1;
                    }
                    unknown::miss(&mut p.lines, None, text, start, n);
                }
            }
        });
        // What is kept is known by now, and costs no line anything.
        p.lines.kept = p.hits.len() as u64;
        p.lines.ordinary -= p.lines.kept;
        p.paths.sort_unstable();
        p.refusals = room.refusals;
        (lines, p)
    }

    /// Counts one request, and keeps it if it is a hit; gives its site's number in the block.
    fn request(
        &self,
        r: &Record,
        scratch: &mut Scratch,
        (start, len, n): (usize, usize, u64),
        limit: u64,
        p: &mut Partial,
    ) -> u32 {
        p.requests += 1;
        let site = p.hosts.number(r.host);
        let mut verdict = self.classifier.classify(
            &Request {
                method: r.method,
                target: r.target,
                protocol: r.protocol,
                user_agent: r.user_agent,
                referer: r.referer,
                host: if r.host.is_empty() { self.own.first().map_or(b"", |o| o.as_bytes()) } else { r.host },
                status: r.status,
            },
            scratch,
        );
        // A server that carries out a change, or says that there is nothing to change, has let its user in.
        if verdict.strong.is_empty() && CHANGES.contains(&r.method) && matches!(r.status, 200..=299 | 404 | 410 | 423) {
            verdict = Verdict::default();
        }
        let own = CHANGES.contains(&r.method) && r.status != 405;
        let missing = verdict.is_silent() && matches!(r.status, 400 | 404 | 405 | 410) && !own;
        let login = verdict.strong.is_empty() && (verdict.weak.has(Class::LoginAttempt) || r.status == 401);
        let hit = login || missing || !verdict.is_silent();
        let slot = r.time.seconds().div_euclid(SLOT);
        let counts = p.slots.of(site, slot);
        counts.requests += 1;
        counts.ordinary += u64::from(!hit);
        if let Some(cell) = habit::status_cell(r.status) {
            counts.answers[cell as usize] += 1;
        }
        counts.bytes = counts.bytes.saturating_add(r.size.unwrap_or(0));
        counts.hits += u64::from(hit);
        let plain = verdict.strong.is_empty();
        if let Some(watch) = self.watch {
            let asked =
                Asked { site, source: r.source, time: r.time, target: r.target, status: r.status, hostile: !plain };
            p.hours.request(watch, r.host, &asked);
        }
        counts.plain += u64::from(plain);
        counts.failed += u64::from(plain && r.status >= 500);
        if !hit {
            p.visitors.count(r.source, site, r.time, (start, len, n));
        }
        if hit {
            let path = PathKey::new(r.target).hash(r.host);
            p.hits.push(Hit {
                source: r.source,
                time: r.time,
                site,
                verdict,
                login,
                missing,
                status: r.status,
                size: r.size,
                path,
                start,
                len,
                line: n,
            });
        }
        // Weak hits (a login page, an admin page) are part of what is ordinary for their path.
        if verdict.strong.is_empty()
            && !missing
            && let Some(cell) = habit::status_cell(r.status)
        {
            let hash = PathKey::new(r.target).hash(r.host);
            if hash <= limit {
                let size = r.size.filter(|_| cell == 0).map_or(NO_SIZE, |n| habit::size_cell(n) as u8);
                p.paths.push((hash, cell as u8, size, start as u32));
            }
        }
        site
    }

    /// Adds a block's paths, sorted by hash, to the sample.
    fn keep_paths(&self, seen: &[PathSeen], bytes: &[u8], paths: &mut BottomK, room: &mut Room) {
        for same in seen.chunk_by(|a, b| a.0 == b.0) {
            let (hash, _, _, start) = same[0];
            if !paths.takes(hash) {
                paths.sampled = true;
                continue;
            }
            let (mut counts, mut used) = ([0u64; 4 + SIZE_CELLS], 0);
            for &(_, cell, size, _) in same {
                counts[usize::from(cell)] += 1;
                used = used.max(usize::from(cell) + 1);
                if size != NO_SIZE {
                    counts[4 + usize::from(size)] += 1;
                    used = used.max(4 + usize::from(size) + 1);
                }
            }
            let key = || {
                let text = &bytes[start as usize..];
                let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
                let text = text[..end].strip_suffix(b"\r").unwrap_or(&text[..end]);
                let w3c = room.columns.known();
                let key = self.record(text, room, w3c, |r, _| path_key(&sites::name(r.host), r.target));
                key.flatten().unwrap_or_default()
            };
            paths.add(hash, key, &counts[..used]);
        }
    }
}

/// Counts of one block by site and slot.
#[derive(Default)]
struct Slots {
    rows: Vec<((u32, i64), Slot)>,
    index: HashMap<(u32, i64), u32, foldhash::fast::RandomState>,
    last: usize,
}

impl Slots {
    /// The row of a site's slot; one line after another is mostly of the same.
    fn of(&mut self, site: u32, slot: i64) -> &mut Slot {
        if self.rows.get(self.last).is_none_or(|(key, _)| *key != (site, slot)) {
            self.last = *self.index.entry((site, slot)).or_insert_with(|| {
                self.rows.push(((site, slot), Slot::default()));
                self.rows.len() as u32 - 1
            }) as usize;
        }
        &mut self.rows[self.last].1
    }
}

/// Writes counts by site and slot, which add to those written before.
fn tell_slots(slots: &mut BTreeMap<(u32, i64), Slot>, sites: &Sites, out: &mut dyn Sink) {
    for ((site, slot), counts) in std::mem::take(slots) {
        let key = SlotKey { site: sites.name(site).into(), at: Time::from_seconds(slot * SLOT) };
        out.tally(Tally { kind: Slot::NAME.into(), key: key.to_string(), counts: counts.counts().to_vec() });
    }
}

/// The key of a path's row: `site|path`.
fn path_key(site: &str, target: &[u8]) -> String {
    format!("{site}|{}", super::runs::excerpt(PathKey::new(target).text(), 400))
}

/// The whole lines of a head, without empty ones.
fn whole_lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let whole = memchr::memrchr(b'\n', head).map_or(head, |end| &head[..end]);
    let lines = whole.split(|&b| b == b'\n').filter(|l| !l.trim_ascii().is_empty());
    lines.map(|text| text.strip_suffix(b"\r").unwrap_or(text))
}

/// Whether the first lines hold W3C directives.
pub fn is_w3c(head: &[u8]) -> bool {
    // The first line must be a directive: one that a visitor smuggled in further down must not change the format.
    head.starts_with(b"#")
        && head.split(|&b| b == b'\n').take(16).any(|l| {
            l.starts_with(b"#Fields:")
                || l.starts_with(b"#fields\t") && memchr::memmem::find(l, b"\tmethod\t").is_some()
        })
}

/// The share of the head's lines that read as access records, in percent, and how many lines that is of.
pub fn share(head: &[u8], patterns: Vec<Pattern>, classifier: &Classifier) -> (usize, usize) {
    let reader = Reader {
        classifier,
        patterns,
        learned: Vec::new(),
        window: 0,
        own: Vec::new(),
        setup: None,
        watch: None,
        caps: Caps::default(),
    }
    .learn(head);
    let mut room = Room::default();
    let w3c = is_w3c(head);
    let (mut read, mut all) = (0, 0);
    for text in whole_lines(head).take(200) {
        if text[0] == b'#' {
            room.columns.directive(text);
            continue;
        }
        all += 1;
        read += usize::from(reader.record(text, &mut room, w3c, |_, _| ()).is_some());
    }
    ((100 * read).checked_div(all).unwrap_or(0), all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Memory, config};

    #[test]
    fn a_size_may_be_any_number() {
        let line =
            format!("8.8.4.4 - - [14/Feb/2017:09:12:00 +0000] \"GET / HTTP/1.1\" 200 {} \"-\" \"-\"\n", u64::MAX);
        let mut memory = Memory::new();
        memory.read(&crate::web_log::WebLog, "access.log", line.repeat(3).as_bytes(), &config(""), Time::default());
        let slot = memory.tallies.iter().find(|((kind, _), _)| kind == Slot::NAME).expect("requests are counted").1;
        assert_eq!((slot[0], slot[6]), (3, u64::MAX));
    }
}
