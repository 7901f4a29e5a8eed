//! What a kind of evidence is ([`Sensor`]) and what makes claims of it ([`Detector`]).

use crate::Command;
use crate::contents::Content;
use crate::input::Input;
use model::{
    Config, Context, Fields, Finding, Lang, Reason, Result, Severity, Sink, Table, Text, Time, Trace, View, Withheld,
};
use rows::Shape;
use std::any::Any;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Where a sensor may be run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Isolation {
    /// In the program itself: line formats, whose readers are fuzzed and allocate nothing that evidence asks for.
    InProcess,
    /// In a worker process without network and file system: everything nested.
    Worker,
}

/// One kind of evidence.
pub trait Sensor: Sync {
    /// Its name: the folder's, the configuration table's, the prefix of all its kinds and detectors.
    fn name(&self) -> &'static str;
    /// What it is, for the help and the brief.
    fn title(&self) -> Text {
        self.settings().text()
    }
    /// The formats it reads, one line each, for the help.
    fn formats(&self) -> &'static [&'static str];
    /// Where it may be run.
    fn isolation(&self) -> Isolation {
        Isolation::InProcess
    }
    /// How sure it is, 0–100, that a file which begins with `head` (decompressed, at most 64 KiB) is its own. By
    /// content only: names lie.
    fn recognise(&self, head: &[u8], context: &Context) -> u8;

    /// The surest that [`Sensor::recognise`] may be of such a head: where another is as sure before, it is not asked. A table of
    /// counts or of posts is looked for longer than a small log is read.
    fn surest(&self, _head: &[u8]) -> u8 {
        100
    }

    /// Whether it reads what begins as no text does (`formats::sniff::is_binary`): who does not is not asked about it.
    fn reads_binary(&self) -> bool {
        false
    }
    /// Reads one piece of evidence. An error is a wrong configuration or a failing disk, never damage.
    fn read(&self, input: &mut Input, context: &Context, out: &mut dyn Sink) -> Result<()>;
    /// Whether it reads a workbook as a whole too, whose sheets are entered.
    fn reads_workbooks(&self) -> bool {
        false
    }
    /// Whether it tells [`Sensor::contents`].
    fn tells_contents(&self) -> bool {
        false
    }
    /// What lies in one piece of evidence that may be sealed, proved or compared by itself: the messages of a mailbox.
    /// Documents of Office and archives need not be told.
    fn contents(&self, _input: &mut Input, _each: &mut dyn FnMut(Content)) -> Result<()> {
        Ok(())
    }
    /// What begins at these places of one piece of evidence, as a person can read it, where its bytes as they lie there cannot be
    /// read by anybody (a message of an Outlook store). Of what is read as it lies nothing is told.
    fn shown(
        &self,
        _input: &mut Input,
        _places: &BTreeSet<u64>,
        _each: &mut dyn FnMut(u64, &[u8]) -> Result<()>,
    ) -> Result<()> {
        Ok(())
    }
    /// Forges a file of this kind in each way it knows, and says which of that would be caught with the file as original.
    fn drill(&self, _name: &str, _bytes: &[u8], _at: Time) -> Vec<Drilled> {
        Vec::new()
    }
    /// Its table in `case.toml`.
    fn settings(&self) -> &'static Table;
    /// Whether a configuration, each key of which is usable by itself, is usable as a whole: patterns parse, what is
    /// protected can be. Asked before anything is read.
    fn check(&self, _config: &Config) -> Result<()> {
        Ok(())
    }
    /// What the evidence of a case suggests for keys of its table. Whoever writes evidence can bring such a suggestion
    /// about: it is shown to a person, and never taken by itself.
    fn proposes(&self, _case: &dyn View, _config: &Config) -> Result<Vec<Proposal>> {
        Ok(Vec::new())
    }
    /// Whether the domains that its findings name are accused, so that one may ask who registered them.
    fn accuses_domains(&self) -> bool {
        false
    }
    /// How the fields of its observations look, by kind.
    fn shapes(&self) -> &'static [Shape] {
        &[]
    }
    /// What a word that names no detector and no kind stands for in a configuration: a rule that was brought. For
    /// `vigie explain`.
    fn explain(&self, _word: &str, _config: &Config) -> Result<Option<String>> {
        Ok(None)
    }
    /// Commands that it brings.
    fn commands(&self) -> &'static [Command] {
        &[]
    }
    /// What stands behind its findings beyond their traces, which an export may hand on: rows of one finding, when it is
    /// asked. None where there is nothing.
    fn behind<'c>(&self, _case: &'c dyn View) -> Option<Behind<'c>> {
        None
    }
    /// A text in which nothing that exposes somebody, as this kind knows it, can be read.
    fn mask(&self, text: &str) -> String {
        text.to_string()
    }
    /// What a case keeps back by this kind's settings: of it nothing is told by any kind. The view shows all.
    fn withholds(&self, _case: &dyn View, _config: &Config, _withheld: &mut Withheld) -> Result<()> {
        Ok(())
    }
    /// What it says of each thing that somebody may have asked about (a message), also where it claims nothing. For a person
    /// who hands in a few: the program shows these beside the findings.
    fn verdicts(
        &self,
        _case: &dyn View,
        _context: &Context,
        _each: &mut dyn FnMut(Verdict) -> Result<()>,
    ) -> Result<()> {
        Ok(())
    }
    /// What it can claim.
    fn detectors(&self) -> &'static [&'static dyn Detector];
}

/// A forgery of a drill.
#[derive(Clone, PartialEq, Debug)]
pub struct Drilled {
    /// How it was made.
    pub method: Text,
    /// Nothing in it was changed: it must not be caught.
    pub innocent: bool,
    /// Whether it was told from the original.
    pub caught: bool,
    /// What it was held to be.
    pub held: Text,
}

/// What is said of one thing.
#[derive(Clone, PartialEq, Debug)]
pub struct Verdict {
    /// How grave; `info` where it is harmless.
    pub severity: Severity,
    /// How sure it is that it is bad, 0–100.
    pub score: u8,
    /// The verdict in a word.
    pub word: Text,
    /// What the thing calls itself. Of evidence.
    pub what: String,
    /// Whom it comes from. Of evidence.
    pub from: String,
    /// For and against.
    pub reasons: Vec<Reason>,
    /// What whoever has it should do.
    pub todo: Text,
    /// Where it stands.
    pub place: Trace,
}

/// A value that evidence suggests for a list in `case.toml`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// The key, of the sensor's own table.
    pub key: &'static str,
    /// The value.
    pub value: String,
    /// What suggests it.
    pub why: Text,
}

/// Gives the rows behind a finding.
pub type Behind<'c> = Box<dyn Fn(&Finding) -> Result<Vec<Fields>> + 'c>;

/// What a detector looks at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// One piece of evidence at a time: its view holds nothing else.
    Local,
    /// The whole case.
    Case,
}

/// A detector's Markdown specification: its name in the tree and its text.
#[derive(Clone, Copy, Debug)]
pub struct Specification(pub &'static str);

/// How its sentence in French begins: a line of its own, after the first paragraph.
const FRENCH: &str = "> fr: ";

impl Specification {
    /// What it claims in one sentence, in English the first of the page.
    pub fn summary(&self) -> Text {
        let body = self.0.split_once("\n\n").map_or("", |(_, body)| body);
        let first = body.split("\n\n").next().unwrap_or_default().replace('\n', " ");
        let end = [". ", ": "].iter().filter_map(|stop| first.find(stop)).min();
        let english = end.map_or(first.as_str(), |end| &first[..end]).trim_end_matches('.');
        let french = self.0.lines().find_map(|l| l.strip_prefix(FRENCH)).unwrap_or(english);
        Text::new(english, french.trim_end_matches('.'))
    }

    /// The page as a person reads it. It is written in English; for a French reader its sentence in French comes first.
    pub fn page(&self, lang: Lang) -> String {
        let rest: String = self.0.replacen(&format!("{FRENCH}{}.\n\n", self.summary().fr), "", 1);
        match lang {
            Lang::En => rest,
            Lang::Fr => format!(
                "{}.\n(La spécification est un test du programme, écrite en anglais.)\n\n{rest}",
                self.summary().fr
            ),
        }
    }
}

/// Something that turns observations into claims.
pub trait Detector: Sync {
    /// `sensor/name`.
    fn id(&self) -> &'static str;
    /// How the fields of its findings look.
    fn shape(&self) -> Option<Shape> {
        None
    }
    /// What it looks at.
    fn scope(&self) -> Scope {
        Scope::Case
    }
    /// The kinds of observations and tallies it reads: it runs again when evidence that yields one has changed.
    fn inputs(&self) -> &'static [&'static str];
    /// Fields of its findings whose change is news, besides the severity: a case remembers their values from run to
    /// run. Plain names.
    fn watched(&self) -> &'static [&'static str] {
        &[]
    }
    /// Its specification (`include_str!` of the Markdown file beside it).
    fn specification(&self) -> Specification;
    /// Makes its claims.
    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()>;
}

/// A text in which nothing exposes anybody, as all kinds know it.
pub fn mask(text: &str) -> String {
    crate::SENSORS.iter().fold(text.to_string(), |text, sensor| sensor.mask(&text))
}

/// What a case keeps back, whoever's settings say so; the view shows all.
pub fn withheld(case: &dyn View, config: &Config) -> Result<Withheld> {
    let mut withheld = Withheld::default();
    crate::SENSORS.iter().try_for_each(|sensor| sensor.withholds(case, config, &mut withheld))?;
    Ok(withheld)
}

/// What stands behind the findings of a case, whoever made them.
pub fn behind<'c>(case: &'c dyn View) -> Behind<'c> {
    let all: Vec<(&str, Behind)> =
        crate::SENSORS.iter().filter_map(|sensor| Some((sensor.name(), sensor.behind(case)?))).collect();
    Box::new(move |finding| {
        let kind = finding.detector.split('/').next();
        all.iter().find(|(name, _)| Some(*name) == kind).map_or(Ok(Vec::new()), |(_, behind)| behind(finding))
    })
}

/// The sensor that is surest of a head; none where nobody reaches 50.
pub fn recognise(head: &[u8], context: &Context) -> Option<&'static dyn Sensor> {
    let mut best: Option<(u8, &'static dyn Sensor)> = None;
    let head = head.strip_prefix(crate::input::MARK).unwrap_or(head);
    // To be asked by ten readers of lines what it is takes longer than to read a picture.
    let binary = formats::sniff::is_binary(head);
    for &sensor in crate::SENSORS.iter().filter(|s| !binary || s.reads_binary()) {
        if best.is_some_and(|(b, _)| b >= sensor.surest(head)) {
            continue;
        }
        let sure = sensor.recognise(head, context);
        if sure >= 50 && best.is_none_or(|(b, _)| sure > b) {
            best = Some((sure, sensor));
        }
    }
    best.map(|(_, s)| s)
}

/// What a detector before this one made of the same case, or what is made now.
pub fn once<T: Any>(case: &dyn View, make: impl FnOnce() -> Result<T>) -> Result<Rc<T>> {
    match case.shared() {
        Some(shared) => shared.get(make),
        None => make().map(Rc::new),
    }
}
