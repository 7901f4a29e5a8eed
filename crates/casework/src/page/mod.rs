//! The pages: files of HTML and CSS without any request; a script, named by its hash, sorts and filters and nothing needs
//! it. The first carries what a council reads, then the gravest findings; chapters say on which page each of their sections
//! stands ([`Leaf`]), and [`bound`] makes the links between them. Every figure a section shows goes through
//! [`Page::cite`], which links it to the register of figures; none can be shown without its source.

pub mod bound;
pub mod cover;
pub mod findings;
pub mod gravest;
pub mod grounds;
pub mod readiness;
mod sources;
mod summary;
pub mod told;

pub use summary::summary;

use crate::words::{Pair, Words};
use crate::{Brief, Options, Register, Settings, country, show};
use base64::Engine;
use jiff::tz::TimeZone;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use model::{Config, Context, EvidenceId, Finding, Result};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

/// Where a section, or a sentence of the summary, stands; within a place, chapters follow their list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    /// What a person must look at today: before all counting.
    First,
    /// What a kind has to say.
    Body,
    /// Long lists, and what is said of all that stands before.
    Last,
}

/// A page of the brief.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leaf {
    /// Its file in `brief/`.
    pub file: &'static str,
    /// What it is called.
    pub title: Pair,
}

/// The page everybody opens.
pub const BRIEF: Leaf = Leaf { file: "index.html", title: ("Situation brief", "Note de situation") };

/// The registers.
pub const SOURCES: Leaf =
    Leaf { file: "sources.html", title: ("Where each figure comes from", "D’où vient chaque chiffre") };

/// A section of a page.
pub struct Section {
    /// The page it stands on.
    pub leaf: Leaf,
    /// Whether it comes before the contents, without a heading of its own.
    pub cover: bool,
    /// Where it stands.
    pub place: Place,
    /// Its anchor.
    pub id: &'static str,
    /// Its heading.
    pub title: Pair,
    /// Its text.
    pub markup: Markup,
}

/// What a council asks first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Asks {
    /// What happened?
    What,
    /// Since when?
    Since,
    /// From where?
    Where,
    /// Did any succeed?
    Succeeded,
}

/// A short answer on the first page. It names nobody.
pub struct Answer {
    /// To what.
    pub asks: Asks,
    /// Whether somebody must act today.
    pub alarm: bool,
    /// The sentence.
    pub markup: Markup,
}

/// A sentence of the summary.
pub struct Sentence {
    /// Where it stands.
    pub place: Place,
    /// The sentence.
    pub markup: Markup,
}

/// Links from a figure in the register to what it counts.
const LINKS: usize = 10;

/// How a figure came about.
pub struct Source {
    /// What the figure is, in a few words.
    pub what: String,
    /// How it is counted.
    pub how: String,
    /// Which rows of `attempts.csv` it counts, or another file and field.
    pub rows: String,
    /// What is told on the page of what it counts: the first [`LINKS`] are linked.
    pub opens: Vec<Opens>,
    /// The words that choose the findings it counts in the list of all findings; none where it counts something else.
    pub find: String,
}

/// Something told on the page.
pub struct Opens {
    /// Where.
    pub anchor: String,
    /// What it is called.
    pub label: String,
}

/// A figure in the register.
struct Cited {
    value: String,
    source: Source,
}

/// The Traffic Light Protocol's marking (FIRST, version 2.0).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Marking(&'static str, Pair, &'static str);

const MARKINGS: [Marking; 5] = [
    Marking("CLEAR", ("may be shared without limit", "diffusion libre"), "#ffffff"),
    Marking(
        "GREEN",
        ("may be shared within the community, not in public", "diffusion limitée à la communauté, non publique"),
        "#33ff00",
    ),
    Marking(
        "AMBER",
        (
            "for those who need to know, in the recipient's organisation and among its clients",
            "réservé à qui a besoin d’en connaître, dans l’organisation destinataire et chez ses clients",
        ),
        "#ffc000",
    ),
    Marking(
        "AMBER+STRICT",
        (
            "for those who need to know, in the recipient's organisation only",
            "réservé à qui a besoin d’en connaître, dans la seule organisation destinataire",
        ),
        "#ffc000",
    ),
    Marking("RED", ("for the named recipients only", "réservé aux seuls destinataires nommés"), "#ff2b2b"),
];

impl Marking {
    /// Its word, what it means, and its colour on black.
    pub fn parts(self) -> (&'static str, Pair, &'static str) {
        (self.0, self.1, self.2)
    }

    /// From `[brief] tlp`.
    pub fn read(config: &Config) -> Result<Marking> {
        let word = config.settings::<Settings>()?.tlp;
        let word = word.trim().to_uppercase();
        let word = word.strip_prefix("TLP:").unwrap_or(&word);
        MARKINGS.into_iter().find(|m| m.0 == word).ok_or_else(|| {
            model::Error::new(format!("`{}` is no marking of the Traffic Light Protocol", show::plain(word, 40)))
                .hint("use CLEAR, GREEN, AMBER, AMBER+STRICT or RED for `tlp` under `[brief]` in case.toml")
        })
    }
}

/// Everything a section may ask for.
pub struct Page<'a> {
    /// How its language says things.
    pub words: Words,
    /// The campaign's zone.
    pub zone: TimeZone,
    /// The case's configuration and the brief's date.
    pub context: &'a Context<'a>,
    /// What the caller said.
    pub options: &'a Options<'a>,
    /// What the brief rests on.
    pub register: &'a Register,
    marking: Marking,
    cited: RefCell<BTreeMap<String, Cited>>,
    told: RefCell<BTreeSet<String>>,
}

/// The page as a chapter writes on it: with what that chapter gathered.
pub struct ChapterPage<'a, G> {
    page: &'a Page<'a>,
    /// What the chapter gathered.
    pub gathered: &'a G,
}

impl<'a, G> ChapterPage<'a, G> {
    /// For what a chapter gathered.
    pub fn new(page: &'a Page<'a>, gathered: &'a G) -> ChapterPage<'a, G> {
        ChapterPage { page, gathered }
    }
}

impl<'a, G> Deref for ChapterPage<'a, G> {
    type Target = Page<'a>;
    fn deref(&self) -> &Page<'a> {
        self.page
    }
}

impl<'a> Page<'a> {
    /// Ready to be written.
    pub fn new(brief: &'a Brief<'a>, marking: Marking) -> Page<'a> {
        let Brief { context, options, zone, register, .. } = brief;
        let (words, zone) = (Words(options.lang), (*zone).clone());
        Page { words, zone, context, options, register, marking, cited: RefCell::default(), told: RefCell::default() }
    }

    /// In the page's language.
    pub fn say(&self, en: &str, fr: &str) -> String {
        self.words.say(en, fr)
    }

    /// The head of a table.
    pub fn head(&self, columns: &[Column]) -> Markup {
        html! { thead { tr { @for column in columns {
            th.num[column.numbers] scope="col" { (self.words.pair(column.name)) }
        } } } }
    }

    /// A sentence with figures in it: `{0}`, `{1}` … are replaced.
    pub fn sentence(&self, en: &str, fr: &str, parts: &[Markup]) -> Markup {
        let text = self.say(en, fr);
        let mut rest = text.as_str();
        let mut out = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            let (number, after) = after.split_once('}').expect("our own sentences close their braces");
            out += &html! { (before) }.into_string();
            out += &parts[number.parse::<usize>().expect("a place is a number")].0;
            rest = after;
        }
        out += &html! { (rest) }.into_string();
        PreEscaped(out)
    }

    /// A figure, linked to its line in the register. Citing it again gives the same line.
    pub fn cite(&self, id: &str, value: &str, source: impl FnOnce() -> Source) -> Markup {
        let id = anchor(id);
        self.cited
            .borrow_mut()
            .entry(id.clone())
            .or_insert_with(|| Cited { value: value.to_string(), source: source() });
        html! { a.n href=(format!("#n-{id}")) { (value) } }
    }

    /// A country's name, fit to be shown.
    pub fn country(&self, code: &str) -> String {
        show::plain(&country::name(code, self.words), 80)
    }

    /// The anchor of a finding where it is told in full: the first time only.
    pub fn tell(&self, finding: &Finding) -> Option<String> {
        let anchor = finding_anchor(&finding.id());
        self.told.borrow_mut().insert(anchor.clone()).then_some(anchor)
    }

    /// The case's name.
    pub fn name(&self) -> String {
        match self.context.config.name.trim() {
            "" => self.say("Unnamed case", "Dossier sans nom"),
            name => show::plain(name, 200),
        }
    }

    /// All pages. The sections' list is that of the chapters; the registers come last, for they list what the others cited.
    pub fn bind(&self, mut sections: Vec<Section>) -> (Vec<bound::Bound>, bound::Anchors) {
        sections.sort_by_key(|s| s.place);
        sections.extend(sources::sections(self));
        bound::bind(self, sections)
    }

    /// A page around its text.
    fn frame(&self, leaf: Leaf, body: &Markup, script: &str) -> Markup {
        let name = self.name();
        let election = show::plain(&self.context.config.election.name, 200);
        let date = self.words.day(self.context.at.in_zone(&self.zone).date());
        let brief = leaf.file == BRIEF.file;
        let title = self.words.pair(leaf.title);
        html! {
            (DOCTYPE)
            html lang=(self.options.lang.of("en", "fr")) {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(format!(
                        "default-src 'none'; style-src 'unsafe-inline'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
                        hash(script),
                    ));
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="referrer" content="no-referrer";
                    meta name="generator" content=(format!("Vigie {}", self.options.version));
                    title { (title) " – " (name) }
                    link rel="icon" href="data:,";
                    style { (PreEscaped(include_str!("style.css"))) (PreEscaped(self.running_title(&name))) }
                }
                body {
                    a.skip href="#main" { (self.say("Skip to the text", "Aller au texte")) }
                    header {
                        p {
                            @if !brief { a href=(BRIEF.file) { "‹ " (self.words.pair(BRIEF.title)) } " · " } @else { (title) " · " }
                            strong { (name) }
                            @if !election.is_empty() { " · " (election) }
                            " · " (date) ", " (self.say("times in zone", "heures du fuseau")) " " (zone_name(self.context))
                            @if brief { span.no-print { " · " a href="council.html" lang="en" { "Council’s page" } " · " a href="conseil.html" lang="fr" { "Page du conseil" } } }
                        }
                        p.tlp title=(self.words.pair(self.marking.1)) {
                            strong style=(format!("color:{}", self.marking.2)) { "TLP:" (self.marking.0) }
                        }
                    }
                    main id="main" tabindex="-1" {
                        @if !brief { h1 { (title) } }
                        (body)
                    }
                    footer {
                        p { "TLP:" (self.marking.0) " – " (self.words.pair(self.marking.1)) ". "
                            (self.say(
                            "Written by Vigie, an open-source lookout for elections, from the evidence it registers; no figure was entered by hand.",
                            "Rédigé par Vigie, vigie libre des élections, à partir des pièces qu’elle enregistre ; aucun chiffre n’a été saisi à la main.",
                        )) " Vigie " (self.options.version) "." }
                    }
                    script { (PreEscaped(script)) }
                }
            }
        }
    }

    /// What stands at the foot of every printed sheet. Written with CSS escapes only: the name is not ours.
    fn running_title(&self, name: &str) -> String {
        let text = format!("TLP:{} · {}", self.marking.0, name.chars().take(70).collect::<String>());
        let escaped: String = text.chars().map(|c| format!("\\{:x} ", c as u32)).collect();
        format!(
            "@page{{@bottom-left{{content:\"{escaped}\"}}@bottom-right{{content:counter(page) \" / \" counter(pages)}}}}"
        )
    }

    /// A decimal in the page's language, as markup.
    pub fn decimal(&self, value: f64, places: usize) -> Markup {
        html! { (self.words.decimal(value, places)) }
    }
}

/// The campaign's zone as it is written on the brief.
pub fn zone_name(context: &Context) -> String {
    let zone = &context.config.election.zone;
    if zone.is_empty() { "UTC".into() } else { show::plain(zone, 64) }
}

/// A column of a table: its name in both languages, and whether figures stand in it.
pub struct Column {
    name: (&'static str, &'static str),
    numbers: bool,
}

/// A column of words.
pub const fn column(en: &'static str, fr: &'static str) -> Column {
    Column { name: (en, fr), numbers: false }
}

/// A column of figures.
pub const fn numbers(en: &'static str, fr: &'static str) -> Column {
    Column { name: (en, fr), numbers: true }
}

/// What sorts and filters tables and lists.
const SCRIPT: &str = include_str!("script.js");

/// How the Content Security Policy names a script.
fn hash(script: &str) -> String {
    format!("sha256-{}", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(script)))
}

/// The anchor under which a finding is told in full.
pub fn finding_anchor(id: &str) -> String {
    format!("f-{}", id.trim_start_matches("finding--"))
}

/// The anchor of a piece of evidence in the register.
pub fn evidence_anchor(id: EvidenceId) -> String {
    format!("e-{:.16}", id.to_string())
}

/// An anchor of letters, digits and hyphens that is different for different words, whatever they hold.
pub fn anchor(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars().take(120) {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' => out.push(c),
            c => out += &format!("_{:x}_", c as u32),
        }
    }
    out
}
