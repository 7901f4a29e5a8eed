//! Every finding of the case on one page, a line each, gravest first: what a figure counts is chosen in it by words
//! (`findings.html#detector:mail/phishing`), and each line leads to where the finding is told with its reasons and lines, or
//! says where in the evidence it stands and the id that `vigie show` takes. You may rely on: rows are written as findings go
//! by; the first [`PLAIN`] are HTML and need no script, all of them are data beside it that a script filters and sorts, so
//! that a hundred thousand open as fast as a hundred. Left out: findings beyond [`MOST`], which the page counts.

use super::bound::Anchors;
use super::{Leaf, Page, column, finding_anchor};
use crate::chapters::CHAPTERS;
use crate::{Accounts, Brief, Write, show};
use maud::{Markup, PreEscaped, html};
use model::{Finding, Result, Severity};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// The page.
pub const LEAF: Leaf = Leaf { file: "findings.html", title: ("All findings", "Tous les constats") };

/// Findings that stand there without a script.
const PLAIN: usize = 300;
/// Findings on the page.
const MOST: usize = 250_000;
/// Characters of an id that tell a finding from all others.
const SHORT: usize = 13;
/// Where the rows go.
const ROWS: &str = "<!--rows-->";

/// Words for many rows are written once.
#[derive(Default)]
struct Words {
    numbers: BTreeMap<String, usize>,
    list: Vec<String>,
}

impl Words {
    fn number(&mut self, word: &str) -> usize {
        *self.numbers.entry(word.to_string()).or_insert_with(|| {
            self.list.push(word.to_string());
            self.list.len() - 1
        })
    }
}

/// A line of the list.
struct Line {
    severity: Severity,
    when: String,
    title: String,
    detector: String,
    place: String,
    id: String,
    way: Option<String>,
    tags: String,
}

/// Writes the page.
pub fn write(page: &Page, brief: &Brief, accounts: &Accounts, anchors: &Anchors, write: &mut Write) -> Result<()> {
    let whole = page.frame(LEAF, &frame(page), include_str!("findings.js")).into_string();
    let (before, after) = whole.split_once(ROWS).unwrap_or((&whole, ""));
    let (table, after) = (before.to_string(), after.to_string());
    let mut plain = table;
    let (mut data, mut words, mut n) = (String::new(), Words::default(), 0usize);
    brief.view.findings(&mut |mut finding| {
        n += 1;
        if n > MOST {
            return Ok(ControlFlow::Break(()));
        }
        accounts.redact(&mut finding);
        let line = line(page, anchors, &finding);
        if n <= PLAIN {
            plain += &row(page, &line).into_string();
        } else if n == PLAIN + 1 {
            plain += BETWEEN;
            write(LEAF.file, plain.as_bytes())?;
            plain.clear();
        }
        if n > 1 {
            data.push(',');
        }
        data += &packed(&line, &mut words).to_string().replace('<', "\\u003c");
        // Until the plain rows are out, the data waits.
        if n > PLAIN && data.len() > 1 << 16 {
            write(LEAF.file, data.as_bytes())?;
            data.clear();
        }
        Ok(ControlFlow::Continue(()))
    })?;
    if n > MOST {
        // Those that are not listed are counted, without being put in order for it.
        n = 0;
        brief.view.glances(&mut |_| {
            n += 1;
            Ok(())
        })?;
    }
    if n <= PLAIN {
        plain += BETWEEN;
        write(LEAF.file, plain.as_bytes())?;
    }
    let severities: Vec<[String; 2]> =
        Severity::ALL.into_iter().map(|s| [s.as_str().to_string(), page.words.text(&s.text())]).collect();
    let words = json!({ "words": words.list, "severities": severities }).to_string().replace('<', "\\u003c");
    data += &format!("],{}", &words[1..]);
    write(LEAF.file, data.as_bytes())?;
    let rest = after.replace("<!--more-->", &more(page, n).into_string());
    write(LEAF.file, rest.as_bytes())
}

/// Between the rows and the data.
const BETWEEN: &str = "</tbody></table><script type=\"application/json\" id=\"rows\">{\"rows\":[";

fn frame(page: &Page) -> Markup {
    html! {
        p { (page.say(
            "Gravest first, a line each. The title leads to where a finding is told with its reasons and its lines; of the others this list says where they stand, and `vigie show DIR ID` shows the exact bytes.",
            "Le plus grave d’abord, une ligne par constat. Le titre mène au récit du constat, avec ses raisons et ses lignes ; pour les autres, la liste dit où ils se lisent, et « vigie show DIR ID » en montre les octets exacts.",
        )) }
        div #controls {}
        // The rows, the end of the table and the data are written one after the other.
        (PreEscaped(format!("<table class=\"findings\" data-own><caption>{}</caption>", page.say("Findings", "Constats"))))
        (page.head(&[column("Gravity", "Gravité"), column("First", "Début"), column("What", "Quoi"), column("Where it stands", "Où cela se lit"), column("ID", "Identifiant")]))
        (PreEscaped("<tbody>")) (PreEscaped(ROWS)) (PreEscaped("</script>"))
        (PreEscaped("<!--more-->"))
    }
}

/// What is said below the list.
fn more(page: &Page, n: usize) -> Markup {
    html! {
        @if n > PLAIN { noscript { p { (page.sentence(
            "Without a script, the {0} gravest of {1} are shown: all of them are in `vigie export DIR --to csv`.",
            "Sans script, les {0} plus graves sur {1} sont montrés : tous figurent dans « vigie export DIR --to csv ».",
            &[html! { (PLAIN) }, html! { (page.words.number(n as u64)) }],
        )) } } }
        @if n > MOST { p { (page.sentence(
            "The {0} gravest of {1} are listed here; `vigie export DIR --to csv` has all.",
            "Les {0} plus graves sur {1} sont listés ici ; « vigie export DIR --to csv » les donne tous.",
            &[html! { (page.words.number(MOST as u64)) }, html! { (page.words.number(n as u64)) }],
        )) } }
    }
}

fn line(page: &Page, anchors: &Anchors, f: &Finding) -> Line {
    let id = f.id();
    let place = f.traces.first().map(|t| {
        let path = page.register.evidence.iter().find(|e| e.id == t.evidence).map_or("?", |e| e.path.as_str());
        let ranges: u64 = f.traces.iter().map(|t| t.spans.len()).sum();
        let first = t.spans.iter().next().map_or(0, |s| s.line);
        let line = if first > 0 { format!(":{first}") } else { String::new() };
        let lines = page.words.count(ranges.saturating_sub(1), ("line", "ligne"), ("lines", "lignes"));
        let more = if ranges > 1 { format!(" + {lines}") } else { String::new() };
        format!("{}{line}{more}", show::plain(file_name(path), 60))
    });
    let tags: Vec<String> = CHAPTERS.iter().flat_map(|c| c.tags(f)).collect();
    Line {
        severity: f.severity,
        when: f.first.map(|t| page.words.moment(t, &page.zone)).unwrap_or_default(),
        title: show::plain(&page.words.said(&f.title), 300),
        detector: show::plain(&f.detector, 60),
        place: place.unwrap_or_default(),
        way: anchors.way(LEAF.file, &finding_anchor(&id)),
        id: short(&id),
        tags: show::plain(&tags.join(" "), 300),
    }
}

/// The digits of a finding's id that tell it from all others.
pub fn short(id: &str) -> String {
    id.trim_start_matches("finding--").chars().take(SHORT).collect()
}

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn row(page: &Page, line: &Line) -> Markup {
    html! { tr {
        td { (page.words.text(&line.severity.text())) }
        td.when { (line.when) }
        td { @match &line.way { Some(way) => a href=(way) { (line.title) }, None => (line.title) } " " span.quiet { (line.detector) } }
        td { (line.place) }
        td { code { (line.id) } }
    } }
}

fn packed(line: &Line, words: &mut Words) -> Value {
    let way = line.way.as_ref().map_or(-1, |way| {
        let file = way.split_once('#').map_or("", |(file, _)| file);
        words.number(file) as i64
    });
    let anchor = line.way.as_ref().and_then(|w| w.split_once('#')).map_or("", |(_, anchor)| anchor);
    let (detector, tags) = (words.number(&line.detector), words.number(&line.tags));
    json!([
        line.severity as u8,
        line.when,
        line.title,
        detector,
        line.place,
        line.id,
        way,
        anchor.get(SHORT + 2..).unwrap_or(""),
        tags
    ])
}

/// The way to the findings that words choose.
pub fn way(find: &str) -> String {
    let mut way = format!("{}#", LEAF.file);
    for b in find.bytes() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b':' | b'/' | b'=' => way.push(b as char),
            b => way += &format!("%{b:02X}"),
        }
    }
    way
}
