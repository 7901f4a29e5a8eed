//! From findings to the brief: the ledger of attempts, the days on which their rate changed, the test against a curve,
//! and the page a person reads. Sees a case only through `model::View`; reads no clock and no file.
//!
//! You may rely on: every figure of the page stands in `brief.json` and links to how it was counted and from which
//! lines; the same case gives the same bytes; nothing of evidence is ever interpreted as markup or formula.
//! Left out: reading evidence (the caller hands in the lines), writing files (the caller is handed the bytes).

mod accounts;
mod baseline;
mod chart;
mod country;
mod csv;
pub mod export;
mod figures;
mod gather;
mod ledger;
mod mail;
mod page;
mod posts;
mod random;
mod series;
mod show;
mod surge;
mod timeline;
mod words;

use model::{Context, EvidenceId, Lang, Result, Setting, Step, Text, Trace, View};

pub use accounts::Accounts;
pub use ledger::{By, Count, Entry, Ledger};
pub use series::{Series, Tested, test as test_series};
pub use surge::{Segment, Surges, surges};

/// Reads lines of evidence: for each thing wanted its lines, in the same order.
pub type Lines<'a> = dyn Fn(&[Wanted]) -> Result<Vec<Vec<Line>>> + 'a;

/// What the brief needs besides the case.
pub struct Options<'a> {
    /// The page's language.
    pub lang: Lang,
    /// Curves to test the ledger against.
    pub series: Vec<Series>,
    /// Reads lines of evidence. Called once with everything, so
    /// that each piece of evidence is decompressed once. What is not available (forgotten evidence) gives no lines.
    pub lines: &'a Lines<'a>,
    /// Which data says what country an address belongs to, and of what date.
    pub origin_source: Text,
    /// The program's version.
    pub version: String,
}

/// Lines asked for: of all lines in the traces, in the traces' order, the first `first` and the last `last`, none twice.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Where they lie.
    pub traces: Vec<Trace>,
    /// How many from the beginning.
    pub first: usize,
    /// How many from the end.
    pub last: usize,
}

/// A line of evidence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Which evidence.
    pub evidence: EvidenceId,
    /// The name under which it was given.
    pub path: String,
    /// The steps inside it (decompression); offsets count in the last step.
    pub steps: Vec<Step>,
    /// Line, counted from 1.
    pub number: u64,
    /// Its first byte.
    pub start: u64,
    /// The byte after its last.
    pub end: u64,
    /// Its bytes; the first 4 KiB suffice.
    pub text: Vec<u8>,
}

/// Where the brief is written: a name inside `brief/` and bytes. A long file comes in pieces, one call after another
/// with the same name; pieces of different files are never mixed.
pub type Write<'a> = dyn FnMut(&str, &[u8]) -> Result<()> + 'a;

/// The keys of `[brief]` in `case.toml`.
pub static SETTINGS: &[Setting] = &[Setting {
    name: "tlp",
    default: "\"AMBER\"",
    help: (
        "who may read the brief, by the Traffic Light Protocol 2.0: CLEAR, GREEN, AMBER, AMBER+STRICT or RED",
        "qui peut lire la note, selon le Traffic Light Protocol 2.0 : CLEAR, GREEN, AMBER, AMBER+STRICT ou RED",
    ),
}];

/// Writes `attempts.csv`, `ledger.csv`, `brief.json` and `index.html`.
pub fn write_brief(view: &dyn View, context: &Context, options: &Options, write: &mut Write) -> Result<()> {
    let zone = context.config.zone()?;
    let marking = page::Marking::read(context.config)?;
    let gathered = gather::gather(view, &zone, options, write)?;
    write("ledger.csv", gathered.ledger.csv().as_bytes())?;
    let figures = figures::Figures::compute(view, context, &zone, options, &gathered)?;
    let mut json = serde_json::to_vec_pretty(&figures.json(context, options, &gathered))
        .map_err(|e| model::Error::new("could not write `brief.json`").because(e))?;
    json.push(b'\n');
    write("brief.json", &json)?;
    let page = page::Page::new(context, options, zone, marking, &gathered, &figures);
    write("index.html", page.html().into_string().as_bytes())
}
