//! What findings become for other programs, registrars and platforms. [`SHARED`] are the formats that every chapter may
//! add to; a chapter brings those of its own ([`crate::chapters::Chapter::exports`]). To add a format to all: a function
//! from a case to bytes, and its line in [`SHARED`]; the command line's help and `vigie export` walk [`exports`].
//!
//! You may rely on: the same findings give the same bytes; nobody is named who must not be ([`Accounts`]). Left out:
//! writing files.

mod blocklist;
mod editions;
mod graph;
mod ids;
mod layer;
pub mod markdown;
mod misp;
mod misp_case;
mod pictures;
mod stix;
mod timesketch;
mod veris;
mod whole;

pub use misp::Event;
pub use stix::{Bundle, Channel, Indicator, Objects, Others};
pub use whole::Exported;

pub(crate) use blocklist::{Form, blocklist, is_plain};

use crate::chapters::CHAPTERS;
use crate::story::Decision;
use crate::{Accounts, Write, csv};
use model::{Context, Error, Fields, Finding, Lang, Result, Severity, Text, Time, View};
use serde_json::Value;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// What is asked of an exporter.
pub struct Order<'a> {
    /// Findings at or above this only.
    pub least: Severity,
    /// The language of titles and reasons.
    pub lang: Lang,
    /// The date the export bears: that of the newest evidence, so that the same case gives the same bytes.
    pub at: Time,
    /// A finding as one line of JSON, as everywhere.
    pub line: &'a dyn Fn(&Finding) -> Result<String>,
    /// Whose names may leave the machine.
    pub accounts: &'a Accounts,
    /// What stands behind a finding beyond its traces: rows that the chapter of its kind understands.
    pub behind: &'a dyn Fn(&Finding) -> Result<Vec<Fields>>,
    /// The case's configuration, by which it is put together.
    pub context: &'a Context<'a>,
    /// What people decided of it.
    pub decisions: &'a [Decision],
    /// These findings only; all where none is named.
    pub only: &'a BTreeSet<String>,
    /// Bundles of others that are given back with the whole case.
    pub others: &'a [Others],
    /// Says to whoever asked what was left out, and why.
    pub note: &'a dyn Fn(&Text),
    /// A text in which nothing exposes anybody.
    pub mask: &'a dyn Fn(&str) -> String,
    /// The pages of the case's brief.
    pub pages: &'a dyn Fn() -> Result<Vec<String>>,
}

/// A text for those who can act.
pub struct Dossier<'o> {
    /// What its file is called, without `.md`.
    pub name: String,
    /// Writes it.
    pub make: Box<dyn FnOnce() -> Result<String> + 'o>,
}

/// A format.
#[derive(Debug)]
pub struct Export {
    /// What `--to` calls it.
    pub name: &'static str,
    /// What it is (English, French).
    pub help: (&'static str, &'static str),
    /// The least severity unless another is asked for.
    pub least: Severity,
    /// Whether it writes a folder of files instead of one file.
    pub folder: bool,
    /// Whether it is JSON, whose treacherous characters can be written as escapes.
    pub json: bool,
    /// Whether it shows what private documents say: then it is recorded, and why must have been said.
    pub opens: bool,
    /// Writes it; the names of files matter for a folder only.
    pub make: fn(&dyn View, &Order, &mut Write) -> Result<()>,
}

/// The formats that every chapter may add to.
static SHARED: &[Export] = &[
    Export {
        name: "json",
        help: ("all findings, one JSON object a line", "tous les constats, un objet JSON par ligne"),
        least: Severity::Info,
        folder: false,
        json: true,
        opens: false,
        make: lines,
    },
    Export {
        name: "csv",
        help: ("all findings, a table", "tous les constats, en tableau"),
        least: Severity::Info,
        folder: false,
        json: false,
        opens: false,
        make: table,
    },
    Export {
        name: "stix",
        help: (
            "the whole case as a STIX 2.1 bundle, with channels, narratives, media content and events",
            "tout le dossier en un lot STIX 2.1, avec canaux, récits, contenus et événements",
        ),
        least: Severity::Medium,
        folder: false,
        json: true,
        opens: false,
        make: |view, order, write| {
            write("case.stix.json", &pretty(&stix::joined(stix::bundle(view, order, true)?, order.others))?)
        },
    },
    Export {
        name: "stix-core",
        help: (
            "the same without types that STIX 2.1 does not have itself",
            "le même sans les types que STIX 2.1 n’a pas lui-même",
        ),
        least: Severity::Medium,
        folder: false,
        json: true,
        opens: false,
        make: |view, order, write| write("case.stix.json", &pretty(&stix::bundle(view, order, false)?)?),
    },
    Export {
        name: "misp",
        help: (
            "a MISP event: indicators, documents, sources, techniques, notes and opinions",
            "un événement MISP : indicateurs, documents, sources, techniques, notes et avis",
        ),
        least: Severity::Medium,
        folder: false,
        json: true,
        opens: false,
        make: misp,
    },
    Export {
        name: "navigator",
        help: ("a layer of the ATT&CK Navigator", "une couche de l’ATT&CK Navigator"),
        least: Severity::Low,
        folder: false,
        json: true,
        opens: false,
        make: |view, order, write| write("layer.json", &pretty(&layer::layer(view, order, false)?)?),
    },
    Export {
        name: "disarm",
        help: ("the same for DISARM’s techniques", "la même pour les techniques de DISARM"),
        least: Severity::Low,
        folder: false,
        json: true,
        opens: false,
        make: |view, order, write| write("disarm.json", &pretty(&layer::layer(view, order, true)?)?),
    },
    Export {
        name: "graph",
        help: ("the whole case as a graph, GraphML", "tout le dossier en graphe, GraphML"),
        least: Severity::Medium,
        folder: false,
        json: false,
        opens: false,
        make: |view, order, write| write("case.graphml", graph::graphml(view, order)?.as_bytes()),
    },
    Export {
        name: "timesketch",
        help: (
            "a timeline for Timesketch, one JSON object a line",
            "une chronologie pour Timesketch, un objet JSON par ligne",
        ),
        least: Severity::Low,
        folder: false,
        json: true,
        opens: false,
        make: timesketch::lines,
    },
    Export {
        name: "veris",
        help: (
            "incidents in the words of VERIS, a file each; a folder",
            "les incidents dans les termes de VERIS, un fichier chacun ; un répertoire",
        ),
        least: Severity::Low,
        folder: true,
        json: true,
        opens: false,
        make: veris::incidents,
    },
    Export {
        name: "hosts",
        help: ("a blocklist as a hosts file", "une liste de blocage au format hosts"),
        least: Severity::Medium,
        folder: false,
        json: false,
        opens: false,
        make: |view, order, write| block(view, order, write, Form::Hosts),
    },
    Export {
        name: "rpz",
        help: ("a blocklist as a response policy zone", "une liste de blocage au format RPZ"),
        least: Severity::Medium,
        folder: false,
        json: false,
        opens: false,
        make: |view, order, write| block(view, order, write, Form::Rpz),
    },
    Export {
        name: "unbound",
        help: ("a blocklist for Unbound", "une liste de blocage pour Unbound"),
        least: Severity::Medium,
        folder: false,
        json: false,
        opens: false,
        make: |view, order, write| block(view, order, write, Form::Unbound),
    },
    Export {
        name: "svg",
        help: (
            "the brief's pictures, each a file for a dossier or a slide; a folder",
            "les images de la note, une par fichier, pour un dossier ou une diapositive ; un répertoire",
        ),
        least: Severity::Info,
        folder: true,
        json: false,
        opens: false,
        make: pictures::svg,
    },
    Export {
        name: "png",
        help: (
            "the same pictures as PNG, drawn by Chromium where it is installed; a folder",
            "les mêmes images en PNG, dessinées par Chromium s’il est installé ; un répertoire",
        ),
        least: Severity::Info,
        folder: true,
        json: false,
        opens: false,
        make: pictures::svg,
    },
    Export {
        name: "dossier",
        help: (
            "dossiers in Markdown: for registrars, of each cluster of decoys; for platforms, of each group of accounts; a folder",
            "dossiers en Markdown : pour les bureaux d’enregistrement, par groupe de leurres ; pour les plateformes, par groupe de comptes ; un répertoire",
        ),
        least: Severity::Medium,
        folder: true,
        json: false,
        opens: false,
        make: dossiers,
    },
];

/// All formats: those that all share, then each chapter's own.
pub fn exports() -> impl Iterator<Item = &'static Export> {
    SHARED.iter().chain(&editions::EDITIONS).chain(CHAPTERS.iter().flat_map(|c| c.exports()))
}

/// The exporter of a name.
pub fn export(name: &str) -> Option<&'static Export> {
    exports().find(|e| e.name == name)
}

/// Every finding that is asked for, the gravest first.
fn asked(view: &dyn View, order: &Order, work: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
    let chosen = |f: &Finding| order.only.is_empty() || order.only.contains(&f.id());
    each(view, order.least, &mut |finding| if chosen(&finding) { work(finding) } else { Ok(()) })
}

/// Every finding at or above a severity, the gravest first.
pub(crate) fn each(view: &dyn View, least: Severity, work: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
    view.findings(&mut |finding| {
        if finding.severity >= least {
            work(finding)?;
        }
        Ok(ControlFlow::Continue(()))
    })
}

fn lines(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    asked(view, order, &mut |finding| {
        let mut line = (order.line)(&order.accounts.redacted(finding))?;
        line.push('\n');
        write("findings.json", line.as_bytes())
    })
}

fn table(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let mut out = String::new();
    csv::row(
        &mut out,
        &[
            "id",
            "detector",
            "severity",
            "confidence",
            "level",
            "first",
            "last",
            "title",
            "techniques",
            "entities",
            "evidence",
            "lines",
            "fields",
        ],
    );
    asked(view, order, &mut |finding| {
        let f = order.accounts.redacted(finding);
        let time = |t: Option<Time>| t.map_or_else(String::new, |t| t.to_string());
        let entities: Vec<&str> = f.entities.iter().take(20).map(|e| e.value.as_str()).collect();
        let mut evidence: Vec<String> = f.traces.iter().take(20).map(|t| t.evidence.to_string()).collect();
        evidence.dedup();
        let spans = f.traces.iter().flat_map(|t| t.spans.iter());
        let lines: Vec<String> = spans.filter(|s| s.line > 0).take(20).map(|s| s.line.to_string()).collect();
        let row = [
            f.id(),
            f.detector.to_string(),
            f.severity.as_str().to_string(),
            f.confidence.to_string(),
            f.level.to_string(),
            time(f.first),
            time(f.last),
            f.title.get(order.lang).to_string(),
            f.techniques.join(" "),
            entities.join(" "),
            evidence.join(" "),
            lines.join(" "),
            serde_json::to_string(&f.fields).unwrap_or_default(),
        ];
        csv::row(&mut out, &row);
        if out.len() > 1 << 16 {
            write("findings.csv", out.as_bytes())?;
            out.clear();
        }
        Ok(())
    })?;
    write("findings.csv", out.as_bytes())
}

fn misp(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let whole = whole::Whole::of(view, order)?;
    let mut event = Event::new(order.at);
    // Titles stand beside attributes: nobody is named in those of the whole.
    whole.told.iter().for_each(|t| CHAPTERS.iter().for_each(|c| c.attributes(&t.finding, &mut event)));
    let mut event = event.json();
    misp_case::complete(&mut event, &whole, order)?;
    write("event.misp.json", &pretty(&event)?)
}

fn pretty(value: &Value) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|e| Error::new("could not write JSON").because(e))?;
    text.push(b'\n');
    Ok(text)
}

fn block(view: &dyn View, order: &Order, write: &mut Write, form: Form) -> Result<()> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    asked(view, order, &mut |finding| {
        let blocked = CHAPTERS.iter().flat_map(|c| c.blocked(&finding));
        names.extend(blocked.filter(|name| is_plain(name)).map(str::to_string));
        Ok(())
    })?;
    write("blocklist", blocklist(&names, order.least, form, order.at).as_bytes())
}

/// All are asked before the first is written: one that must not be made must not leave half of them behind.
fn dossiers(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let all = CHAPTERS.iter().map(|c| c.dossiers(view, order)).collect::<Result<Vec<_>>>()?;
    all.into_iter().flatten().try_for_each(|d| write(&format!("{}.md", d.name), (d.make)()?.as_bytes()))
}

#[cfg(test)]
pub(crate) mod tests {
    use model::{Entity, Fields, Finding, Level, Reason, Role, Severity, Text, Time};
    use serde_json::Value;

    /// A finding of a decoy, with these fields.
    pub fn finding(detector: &'static str, fields: Value) -> Finding {
        let Value::Object(fields) = fields else { panic!("fields are an object") };
        let fields: Fields = fields.into();
        Finding {
            detector: detector.into(),
            key: fields.get("domain").and_then(Value::as_str).unwrap_or("cluster").into(),
            severity: Severity::High,
            confidence: 88,
            level: Level::Grey,
            title: Text::same("a title"),
            reasons: vec![Reason::supporting(50, Text::same("a reason"))],
            techniques: vec!["T1583.001".into()],
            first: Some(Time::from_seconds(1_490_000_000)),
            last: None,
            entities: vec![Entity::domain("mail-parti-bleu.fr", Role::Infrastructure)],
            traces: Vec::new(),
            fields,
        }
    }
}
