//! Bytes to runs: blocks are cut into events on all cores, and events are put in order into [`Runs`].

use super::event::{Event, Meaning, Source};
use super::line::{self, Line};
use super::runs::{self, Placed, Runs};
use super::stamp::{Clock, Reading, Stamp};
use crate::input::{Block, Blocks, Input, LINE_MAX};
use crate::names::met::{Met, Via};
use crate::names::setup::Setup;
use crate::unknown;
use model::{Address, Ear, Lines, LogSource, Note, Result, Sink, Skip, Span, Tally, Text, Time, UNDATED};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// The last connections of PostgreSQL processes that are remembered, at least.
pub const CONNECTIONS: usize = 1 << 16;

/// One line's words, with its texts kept in the block's arena.
struct Row {
    at: u32,
    length: u32,
    line: u32,
    host: (u32, u32),
    stamp: Stamp,
    what: What,
}

enum What {
    /// An event, its name, and how often one line tells it.
    Event {
        event: Event<'static>,
        user: (u32, u32),
        once: u32,
    },
    Connection(u32, Address),
    /// Nothing of logins; kept only for whoever wants every event.
    Other,
    /// The last line of the block before, so many times more.
    Again(u32),
}

/// What one block says.
#[derive(Default)]
struct Words {
    rows: Vec<Row>,
    texts: Vec<u8>,
    /// Reason → how many, first place, its line in the block.
    bad: BTreeMap<&'static str, (u64, u32, u32)>,
    /// The last row's host.
    host: (u32, u32),
    /// What became of the lines.
    lines: Lines,
    /// The last line that said that a session had tried too often.
    exhausted: Option<u64>,
}

fn has(text: &[u8], words: &[u8]) -> bool {
    memchr::memmem::find(text, words).is_some()
}

impl Words {
    /// What the lines say of logins, or `all` that they say.
    fn of(block: &Block, all: bool) -> (u64, Words) {
        let mut words = Words::default();
        let lines = block.lines(|at, n, text| words.line(at, n, text, all));
        (lines, words)
    }

    fn line(&mut self, at: usize, n: u64, text: &[u8], all: bool) {
        let bad = match text.len() {
            0 => return,
            length if length > LINE_MAX => Some("line too long"),
            _ => None,
        };
        let line = match bad {
            Some(reason) => Line::Bad(reason),
            None => line::parse(text),
        };
        let miss = |lines: &mut Lines, program: Option<&[u8]>| unknown::miss(lines, program, text, at, n);
        match line {
            Line::Ordinary => self.lines.pass(),
            Line::Unknown(program) => miss(&mut self.lines, program.as_deref()),
            Line::Bad(reason) => {
                miss(&mut self.lines, None);
                self.bad.entry(reason).and_modify(|b| b.0 += 1).or_insert((1, at as u32, n as u32));
                return;
            }
            Line::Meaning { stamp, host, said, times } => {
                let what = match said {
                    // sshd tells the end of a session that has tried too often in two lines, one behind the other.
                    Meaning::Event(e) if self.ended_before(&e, text, n) => {
                        self.lines.pass();
                        return;
                    }
                    Meaning::Event(e) => {
                        self.lines.keep();
                        self.exhausted = has(text, b"maximum authentication attempts exceeded").then_some(n);
                        let user = self.keep(&e.user);
                        let count = e.count.saturating_mul(times);
                        What::Event { event: Event { user: Cow::Borrowed(b""), count, ..e }, user, once: e.count }
                    }
                    Meaning::Connection(process, address) => {
                        self.lines.pass();
                        What::Connection(process, address)
                    }
                    Meaning::Again(more) => {
                        self.lines.pass();
                        match self.again(more, n as u32, &host) {
                            Some(what) => what,
                            None => return,
                        }
                    }
                    Meaning::Nothing | Meaning::Ordinary | Meaning::Unclear => return,
                };
                // A log is mostly of one host.
                if self.text(self.host) != &*host {
                    self.host = self.keep(&host);
                }
                let (host, length) = (self.host, text.len() as u32);
                self.rows.push(Row { at: at as u32, length, line: n as u32, host, stamp, what });
                return;
            }
        }
        if all {
            let (host, stamp, length) = ((0, 0), Stamp::Instant(Time::default()), text.len() as u32);
            self.rows.push(Row { at: at as u32, length, line: n as u32, host, stamp, what: What::Other });
        }
    }

    /// Whether the line before has told the same end of a session.
    fn ended_before(&self, event: &Event, text: &[u8], n: u64) -> bool {
        let before = self.rows.last().filter(|_| self.exhausted.is_some_and(|at| at + 1 == n));
        before.is_some_and(|row| match &row.what {
            What::Event { event: e, user, .. } => {
                e.source == event.source
                    && self.text(*user) == &*event.user
                    && has(text, b": Too many authentication failures")
            }
            _ => false,
        })
    }

    /// The line before, so many times more; it may be the last of the block before.
    fn again(&self, more: u32, line: u32, host: &[u8]) -> Option<What> {
        if line == 0 {
            return Some(What::Again(more));
        }
        let before = self.rows.last().filter(|row| row.line + 1 == line && self.text(row.host) == host)?;
        let What::Event { event, user, once } = &before.what else { return None };
        let event = Event { count: once.saturating_mul(more), ..event.clone() };
        Some(What::Event { event, user: *user, once: *once })
    }

    fn keep(&mut self, text: &[u8]) -> (u32, u32) {
        let at = self.texts.len() as u32;
        self.texts.extend_from_slice(text);
        (at, text.len() as u32)
    }

    fn text(&self, (at, length): (u32, u32)) -> &[u8] {
        &self.texts[at as usize..(at + length) as usize]
    }
}

/// What the order of lines adds to the lines.
struct Order<'s> {
    clock: Clock,
    runs: Runs,
    /// Domains that accounts are named by.
    met: Met<'s>,
    connections: Connections,
    bad: BTreeMap<&'static str, Skip>,
    /// The event of the last line of the block before.
    last: Option<Last>,
    /// Events whose stamps carry no year.
    without_year: u64,
    /// Whether the year was given.
    given: bool,
    lines: Lines,
}

/// An event that the next block may repeat.
struct Last {
    line: u64,
    event: Event<'static>,
    once: u32,
    host: Vec<u8>,
}

/// Where the connections of processes come from. Whoever reaches the server makes them, as many as he likes: of the
/// last `most` every one is known, of those before perhaps.
struct Connections {
    most: usize,
    new: HashMap<(Box<[u8]>, u32), Address>,
    old: HashMap<(Box<[u8]>, u32), Address>,
    forgotten: bool,
    /// Events of processes that are not known, once connections were forgotten.
    lost: u64,
}

impl Connections {
    fn new(most: usize) -> Connections {
        Connections { most, new: HashMap::new(), old: HashMap::new(), forgotten: false, lost: 0 }
    }

    fn insert(&mut self, host: &[u8], process: u32, address: Address) {
        if self.new.len() >= self.most {
            self.forgotten |= !self.old.is_empty();
            self.old = std::mem::take(&mut self.new);
        }
        self.new.insert((host.into(), process), address);
    }

    fn source(&mut self, host: &[u8], process: u32) -> Source {
        let key = (Box::from(host), process);
        match self.new.get(&key).or_else(|| self.old.get(&key)) {
            Some(&address) => Source::Address(address),
            None => {
                self.lost += u64::from(self.forgotten);
                Source::Unknown
            }
        }
    }

    fn note(&self) -> Option<Note> {
        let &Connections { most, lost, .. } = self;
        (lost > 0).then(|| Note {
            text: Text::new(
                format!(
                    "only the last {most} connections to databases are remembered: {lost} events came on none of \
                     them and are told without a source"
                ),
                format!(
                    "seules les {most} dernières connexions aux bases de données sont retenues : {lost} évènements \
                     n’en relèvent pas et sont rapportés sans source"
                ),
            ),
        })
    }
}

/// Reads one piece of evidence; so many of the last connections are remembered.
pub fn read(
    input: &mut Input,
    clock: Clock,
    window: i64,
    settled: bool,
    setup: &Setup,
    connections: usize,
    out: &mut dyn Sink,
) -> Result<()> {
    let mut order = Order {
        clock,
        met: Met::new(setup),
        runs: Runs::new(window, settled),
        connections: Connections::new(connections),
        bad: BTreeMap::new(),
        last: None,
        without_year: 0,
        given: settled,
        lines: Lines::default(),
    };
    let listener = out.listener();
    let work = |block: &Block| Words::of(block, listener.is_some());
    Blocks::new(input).process(out, work, |block, first, words, out| {
        let mut ear = listener.as_ref().map(|l| l.ear());
        order.take(block, first, words, &mut ear, out);
        if let Some(ear) = ear {
            ear.end(first, out);
        }
        Ok(())
    })?;
    order.finish(out);
    Ok(())
}

/// Where a row stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    span: Span,
    host: &'a [u8],
    row: &'a Row,
    raw: &'a [u8],
}

impl Place<'_> {
    /// Shows the event here, if anybody listens: as a login, or as a line that says nothing of any.
    fn tell(&self, login: Option<&Placed>, ear: &mut Option<Box<dyn Ear>>) {
        let Some(ear) = ear else { return };
        let place = Span { line: self.row.line.into(), ..self.span };
        match login {
            Some(login) => login.tell(self.raw, place, &mut **ear),
            None => ear.event(&model::Event {
                source: LogSource { service: "syslog", ..runs::LINUX },
                time: None,
                count: 1,
                place,
                raw: self.raw,
                fields: &[],
            }),
        }
    }
}

impl Order<'_> {
    fn take(
        &mut self,
        block: &Block,
        first: u64,
        mut words: Words,
        ear: &mut Option<Box<dyn Ear>>,
        out: &mut dyn Sink,
    ) {
        let start = block.start;
        self.lines.append(std::mem::take(&mut words.lines), start, first - 1);
        for (&reason, &(count, at, line)) in &words.bad {
            self.skip(reason, count, start + u64::from(at), first + u64::from(line));
        }
        for row in &words.rows {
            let line = first + u64::from(row.line);
            let span = Span { start: start + u64::from(row.at), len: row.length.into(), line };
            let host = words.text(row.host);
            let place = Place { span, host, row, raw: &block.bytes()[row.at as usize..][..row.length as usize] };
            match &row.what {
                What::Event { event, user, .. } => self.event(event, words.text(*user), place, ear, out),
                What::Other => place.tell(None, ear),
                What::Connection(process, address) => {
                    place.tell(None, ear);
                    self.connections.insert(host, *process, *address);
                }
                What::Again(times) => {
                    if let Some(last) = self.last.take().filter(|last| last.line + 1 == line && last.host == host) {
                        let event = Event { count: last.once.saturating_mul(*times), ..last.event };
                        self.event(&event, &event.user, place, ear, out);
                    }
                }
            }
        }
        self.last = words.rows.last().and_then(|row| match &row.what {
            What::Event { event, user, once } => Some(Last {
                line: first + u64::from(row.line),
                event: Event { user: Cow::Owned(words.text(*user).to_vec()), ..event.clone() },
                once: *once,
                host: words.text(row.host).to_vec(),
            }),
            _ => None,
        });
    }

    fn skip(&mut self, reason: &'static str, count: u64, first: u64, line: u64) {
        let skip = self.bad.entry(reason).or_insert(Skip { reason: reason.into(), count: 0, first, line });
        skip.count += count;
    }

    fn event(&mut self, event: &Event, user: &[u8], place: Place, ear: &mut Option<Box<dyn Ear>>, out: &mut dyn Sink) {
        let Place { span, host, raw, row: &Row { stamp, .. } } = place;
        let source = match event.source {
            Source::Process(process) => self.connections.source(host, process),
            source => source,
        };
        if matches!(stamp, Stamp::Civil { year: 0, .. }) {
            self.without_year += 1;
        } else {
            self.runs.settle(out);
            self.clock.settle();
        }
        let at = match self.clock.read(stamp) {
            Reading::At(at) => at,
            Reading::Back(years, at) => {
                let clock = &self.clock;
                self.runs.shift(|t| clock.back(t, years));
                at
            }
            Reading::Impossible => {
                (self.lines.read, self.lines.kept) = (self.lines.read - 1, self.lines.kept - 1);
                unknown::miss(&mut self.lines, None, raw, span.start as usize, span.line - 1);
                return self.skip("no such day", 1, span.start, span.line);
            }
        };
        if let Some(name) = memchr::memrchr(b'@', user).and_then(|at| user.get(at + 1..)) {
            // The year of a stamp that writes none may still change: it is left undated.
            let year = !matches!(stamp, Stamp::Civil { year: 0, .. });
            let by = if let Source::Address(address) = source { Some(address) } else { None };
            self.met.name(name, Via::User, year.then_some(at), by, span, out);
        }
        let &Event { service, outcome, method, count, invalid, .. } = event;
        let placed = Placed { at, span, host, service, outcome, method, user, source, count, invalid };
        place.tell(Some(&placed), ear);
        self.runs.add(&placed, out);
        if self.runs.is_full() {
            self.runs.settle(out);
            self.clock.settle();
        }
    }

    fn finish(self, out: &mut dyn Sink) {
        self.bad.into_values().for_each(|skip| out.skip(skip));
        self.connections.note().into_iter().for_each(|note| out.note(note));
        let year = self.clock.year().filter(|_| self.without_year > 0);
        if let (true, Some(year)) = (self.given, year) {
            out.note(Note {
                text: Text::new(
                    format!("these stamps carry no year; the year was given, and the last is of {year}"),
                    format!("ces horodatages n’indiquent pas l’année ; elle a été donnée, et le dernier est de {year}"),
                ),
            });
        } else if let Some(year) = year {
            let anchor = self.clock.anchor();
            out.tally(Tally { kind: UNDATED.into(), key: year.to_string(), counts: vec![self.without_year] });
            out.note(Note {
                text: Text::new(
                    format!(
                        "these stamps carry no year; the last is taken to be of {year}, the latest year that leaves \
                         none more than a day after {anchor}, which the file's date, its name or the dated evidence of \
                         the case tells (`--year`, or `year` under `[auth_log]`, overrides)"
                    ),
                    format!(
                        "ces horodatages n’indiquent pas l’année ; le dernier est rattaché à {year}, l’année la plus \
                         récente qui n’en place aucun plus d’un jour après le {anchor}, d’après la date du fichier, son \
                         nom ou les pièces datées du dossier (`--year`, ou `year` sous `[auth_log]`, permet de la fixer)"
                    ),
                ),
            });
        }
        out.lines(self.lines);
        self.met.finish(out);
        self.runs.finish(out);
    }
}
