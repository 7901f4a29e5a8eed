//! From findings to the brief: the ledger of attempts, the days on which their rate changed, the test against a curve,
//! and the page a person reads. Sees a case only through `model::View`; reads no clock and no file.
//!
//! You may rely on: every figure of the page stands in `brief.json` and links to how it was counted and from which
//! lines; the same case gives the same bytes; nothing of evidence is ever interpreted as markup or formula.
//! Left out: reading evidence (the caller hands in the lines), writing files (the caller is handed the bytes).

mod accounts;
pub mod chapters;
mod chart;
mod council;
mod country;
mod csv;
mod detail;
pub mod export;
mod gather;
pub mod page;
mod register;
pub mod short;
mod show;
pub mod story;
mod words;

use jiff::tz::TimeZone;
use model::{Context, EvidenceId, Lang, Result, Step, Text, Trace, View};
use serde::Serialize;
use serde_json::{Map, Value, json};

pub use accounts::Accounts;
pub use chapters::attempts::{Series, periods, test_with};
pub use council::Council;
pub use detail::Detail;
pub use register::Register;

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
    /// How ready the campaign is, where somebody said.
    pub readiness: Option<Readiness>,
    /// What people decided of the case.
    pub decisions: Vec<story::Decision>,
}

/// How ready a campaign is: what the page shows of it.
#[derive(Clone, Debug, Serialize)]
pub struct Readiness {
    /// Percent of what was answered; none where nothing was.
    pub score: Option<u64>,
    /// Measures answered.
    pub answered: usize,
    /// Measures.
    pub measures: usize,
    /// By chapter: its number, its name, percent, answered, measures.
    pub chapters: Vec<(String, Text, Option<u64>, usize, usize)>,
    /// What to do first: number, what, findings of what it is against, who, until when.
    pub plan: Vec<(String, Text, u64, String, String)>,
    /// Seminars and drills: what, day, team; how many were invited, declined, came or passed, reported.
    pub events: Vec<(String, String, String, [u64; 4])>,
    /// Sites of one's own: address, day, grade of the headers, score of privacy, grave findings.
    pub sites: Vec<(String, String, String, Option<u64>, u64)>,
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

/// Where the brief is written: a name inside `brief/` and bytes. A long file comes in pieces, in order; those of other
/// files may come between.
pub type Write<'a> = dyn FnMut(&str, &[u8]) -> Result<()> + 'a;

model::settings! {
    /// What a case says of its brief.
    pub struct Settings in "brief", "The brief", "La note" {
        tlp: String = "\"AMBER\"",
            "who may read the brief, by the Traffic Light Protocol 2.0: CLEAR, GREEN, AMBER, AMBER+STRICT or RED",
            "qui peut lire la note, selon le Traffic Light Protocol 2.0 : CLEAR, GREEN, AMBER, AMBER+STRICT ou RED";
        purpose: String = "\"\"",
            "what personal data in this case are processed for; it stands in the brief and beside every opening in the trail",
            "finalité du traitement des données personnelles de ce dossier ; elle figure dans la note et au journal";
        legal_basis: String = "\"\"",
            "on which legal basis (GDPR article 6, and 9 or 85 where they apply)",
            "base légale (RGPD, article 6, et 9 ou 85 s’ils s’appliquent)";
        keep_until: String = "\"\"",
            "day until which it is kept, 2027-12-31; `vigie run` says when it has passed, `vigie forget` erases",
            "jour jusqu’auquel il est conservé, 2027-12-31 ; `vigie run` dit quand il est passé, `vigie forget` efface";
    }
}

/// A brief in the making: what its parts are made from.
pub struct Brief<'a> {
    /// The case.
    pub view: &'a dyn View,
    /// Its configuration, and the brief's date.
    pub context: &'a Context<'a>,
    /// What the caller said.
    pub options: &'a Options<'a>,
    /// The campaign's zone.
    pub zone: &'a TimeZone,
    /// What the brief rests on.
    pub register: Register,
}

/// Writes the chapters' tables, `brief.json`, the council's page with its counter-brief in both languages, `index.html` and the
/// pages behind it.
pub fn write_brief(view: &dyn View, context: &Context, options: &Options, write: &mut Write) -> Result<()> {
    let zone = context.config.zone()?;
    let marking = page::Marking::read(context.config)?;
    let mut brief =
        Brief { view, context, options, zone: &zone, register: Register::read(view, &chapters::printed())? };
    let gather::Gathered { all: gathered, gravest, accounts } = gather::gather(&mut brief, write)?;
    let council = Council::of(&brief)?;
    let json = serde_json::to_string_pretty(&Figures::of(&brief, &gathered, &council))
        .map_err(|e| model::Error::new("could not write `brief.json`").because(e))?;
    // As `--json`: what moves a cursor or turns letters round is an escape, line by line, for line ends are ours.
    let json: String = json.lines().map(|line| model::escape::json(line) + "\n").collect();
    write("brief.json", json.as_bytes())?;
    council.write(&brief, write)?;
    let page = page::Page::new(&brief, marking);
    // The first page before the others: a figure stands as it was cited first.
    let answers = gathered.iter().flat_map(|g| g.answers(&page)).collect();
    let cover = page::cover::section(&page, &brief, &council, answers);
    let sentences = gathered.iter().flat_map(|g| g.sentences(&page)).collect();
    let summary = page::summary(&page, sentences);
    let grave = page::gravest::section(&page, &gravest);
    let sections = gathered.iter().flat_map(|g| g.sections(&page));
    let ready = options.readiness.as_ref().map(|r| page::readiness::section(&page, r));
    let sections = [cover].into_iter().chain(grave).chain([summary]).chain(sections).chain(ready).collect();
    let (pages, anchors) = page.bind(sections);
    for bound in &pages {
        write(bound.file, bound.html.as_bytes())?;
    }
    page::findings::write(&page, &brief, &accounts, &anchors, write)
}

/// `brief.json`: the page shows these figures, and nothing else is counted anywhere.
struct Figures<'b> {
    told: Map<String, Value>,
    register: &'b Register,
}

impl serde::Serialize for Figures<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = to.serialize_map(None)?;
        self.told.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        self.register.tell(&mut map)?;
        map.end()
    }
}

impl<'b> Figures<'b> {
    fn of(brief: &'b Brief, gathered: &[Box<dyn chapters::Gathering>], council: &Council) -> Figures<'b> {
        let Brief { context, options, register, .. } = brief;
        let head = [
            ("format", json!("vigie-brief/1")),
            ("version", json!(options.version)),
            ("case", json!(context.config.name)),
            ("election", json!(context.config.election.name)),
            ("zone", json!(page::zone_name(context))),
            ("at", json!(context.at)),
        ];
        let foot = [("origin_source", json!(options.origin_source))];
        let named = |(name, value): (&str, Value)| (name.to_string(), value);
        let told = gathered.iter().flat_map(|g| g.figures());
        let ready = options.readiness.as_ref().map(|r| ("readiness".to_string(), json!(r)));
        let story = [("story".to_string(), council.figures(brief))];
        let told = head.into_iter().map(named).chain(told).chain(story).chain(ready).chain(foot.map(named)).collect();
        Figures { told, register }
    }
}
