//! What is printed: findings and observations as JSON lines or as a table, skips and notes. Everything that comes from
//! evidence is escaped for terminals. Names of the JSON are stable.

use crate::escape;
use model::{
    Entity, Error, EvidenceId, Fields, Finding, Lang, Level, Observation, Result, Severity, Step, Time, Trace, View,
    Visit,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use store::{Change, Remembered};

/// How to print.
#[derive(Clone)]
pub struct Style {
    /// JSON lines.
    pub json: bool,
    /// Words.
    pub lang: Lang,
    /// Times in tables.
    pub zone: jiff::tz::TimeZone,
}

/// Standard output; a reader that goes away ends the program quietly.
pub struct Out {
    out: BufWriter<StdoutLock<'static>>,
    colour: bool,
}

impl Out {
    /// Standard output.
    pub fn new() -> Out {
        let colour = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
        Out { out: BufWriter::with_capacity(64 << 10, io::stdout().lock()), colour }
    }

    /// One line that is safe already.
    pub fn line(&mut self, text: &str) -> Result<()> {
        self.out.write_all(text.as_bytes()).and_then(|()| self.out.write_all(b"\n")).map_err(gone)
    }

    /// One JSON object.
    pub fn json(&mut self, value: &impl Serialize) -> Result<()> {
        let text = serde_json::to_string(value).map_err(|e| Error::new("could not write JSON").because(e))?;
        self.line(&escape::json(&text))
    }

    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes).map_err(gone)
    }

    /// Hands on what is written so far.
    pub fn flush(&mut self) -> Result<()> {
        self.out.flush().map_err(gone)
    }

    /// Says that all is written.
    pub fn end(mut self) -> Result<()> {
        self.out.flush().map_err(gone)
    }

    /// A word with a colour that only repeats it.
    fn severity(&self, severity: Severity, width: usize) -> String {
        let word = severity.as_str();
        let code = match severity {
            Severity::Critical => "1;35",
            Severity::High => "31",
            Severity::Medium => "33",
            Severity::Low => "36",
            Severity::Info => "2",
        };
        match self.colour {
            true => format!("\x1b[{code}m{word:width$}\x1b[0m"),
            false => format!("{word:width$}"),
        }
    }
}

fn gone(e: io::Error) -> Error {
    if e.kind() == io::ErrorKind::BrokenPipe {
        // `vigie … | head`: whoever reads has what he wanted.
        std::process::exit(0);
    }
    Error::new("could not write to standard output").because(e)
}

/// The names of evidence by hash, for traces.
pub struct Names(BTreeMap<EvidenceId, String>);

impl Names {
    /// Of a case.
    pub fn of(view: &dyn View) -> Result<Names> {
        Ok(Names(view.evidence()?.into_iter().map(|e| (e.id, e.path)).collect()))
    }

    /// The name of one.
    pub fn get(&self, id: EvidenceId) -> &str {
        self.0.get(&id).map_or("?", String::as_str)
    }
}

#[derive(Serialize)]
struct FindingLine<'a> {
    id: String,
    detector: &'a str,
    severity: Severity,
    confidence: u8,
    level: Level,
    title: &'a str,
    reasons: Vec<ReasonLine<'a>>,
    techniques: &'a [String],
    first: Option<Time>,
    last: Option<Time>,
    entities: &'a [Entity],
    traces: Vec<Place<'a>>,
    fields: &'a Fields,
}

#[derive(Serialize)]
struct ReasonLine<'a> {
    #[serde(rename = "for")]
    supports: bool,
    weight: u8,
    text: &'a str,
}

/// One byte range of a trace.
#[derive(Serialize)]
struct Place<'a> {
    evidence: EvidenceId,
    path: &'a str,
    steps: Vec<String>,
    start: u64,
    end: u64,
    #[serde(skip_serializing_if = "is_zero")]
    line: u64,
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// A finding's JSON, all its entities and traces.
pub fn finding<'a>(f: &'a Finding, names: &'a Names, lang: Lang) -> impl Serialize + 'a {
    let reasons = f.reasons.iter();
    FindingLine {
        id: f.id(),
        detector: &f.detector,
        severity: f.severity,
        confidence: f.confidence,
        level: f.level,
        title: f.title.get(lang),
        reasons: reasons
            .map(|r| ReasonLine { supports: r.supports, weight: r.weight, text: r.text.get(lang) })
            .collect(),
        techniques: &f.techniques,
        first: f.first,
        last: f.last,
        entities: &f.entities,
        traces: f.traces.iter().flat_map(|t| places(t, names)).collect(),
        fields: &f.fields,
    }
}

/// The same with when it was first made, and what changed of it last.
pub fn finding_with_news<'a>(
    f: &'a Finding,
    names: &'a Names,
    lang: Lang,
    known: &'a Remembered,
) -> impl Serialize + 'a {
    #[derive(Serialize)]
    struct WithNews<'a, F> {
        #[serde(flatten)]
        finding: F,
        since: Time,
        changed: Option<Time>,
        changes: &'a [Change],
    }
    let changed = (!known.changes.is_empty()).then_some(known.last);
    WithNews { finding: finding(f, names, lang), since: known.since, changed, changes: &known.changes }
}

fn places<'a>(trace: &'a Trace, names: &'a Names) -> impl Iterator<Item = Place<'a>> {
    let steps: Vec<String> = trace.steps.iter().map(Step::label).collect();
    trace.spans.iter().map(move |s| Place {
        evidence: trace.evidence,
        path: names.get(trace.evidence),
        steps: steps.clone(),
        start: s.start,
        end: s.start.saturating_add(s.len),
        line: s.line,
    })
}

/// An observation's JSON: its own fields beside the common names. `trace` is where it begins, `ranges` is all of it
/// where that is more than one range.
pub fn observation(visit: &Visit, names: &Names) -> Value {
    let Observation { kind, first, last, count, entities, fields, .. } = &visit.observation;
    let mut line = Map::new();
    line.insert("kind".into(), json!(kind));
    line.insert("time".into(), json!(first));
    line.insert("last".into(), json!(last));
    line.insert("count".into(), json!(count));
    line.insert("entities".into(), json!(entities));
    let trace = visit.trace();
    line.insert("trace".into(), json!(places(&trace, names).next()));
    if trace.spans.len() > 1 {
        let ranges: Vec<[u64; 3]> =
            trace.spans.iter().map(|s| [s.start, s.start.saturating_add(s.len), s.line]).collect();
        line.insert("ranges".into(), json!(ranges));
    }
    for (name, value) in fields {
        // A common name is never another thing.
        line.entry(name.clone()).or_insert_with(|| value.clone());
    }
    Value::Object(line)
}

/// A table of findings.
pub struct Table<'a> {
    style: &'a Style,
    names: &'a Names,
    rows: usize,
}

impl<'a> Table<'a> {
    /// An empty one.
    pub fn new(style: &'a Style, names: &'a Names) -> Table<'a> {
        Table { style, names, rows: 0 }
    }

    /// Adds a row.
    pub fn row(&mut self, out: &mut Out, f: &Finding) -> Result<()> {
        let lang = self.style.lang;
        if self.rows == 0 {
            let (severity, first, what) =
                (lang.of("SEVERITY", "GRAVITÉ"), lang.of("FIRST", "DÉBUT"), lang.of("WHAT", "QUOI"));
            out.line(&format!("{severity:9} {first:19} {what}"))?;
        }
        self.rows += 1;
        let first = f.first.map_or_else(String::new, |t| stamp(t, &self.style.zone));
        let severity = out.severity(f.severity, 9);
        let place = f.traces.iter().flat_map(|t| places(t, self.names)).next();
        let ranges: u64 = f.traces.iter().map(|t| t.spans.len()).sum();
        let place = place.map_or_else(String::new, |p| {
            let more = if ranges > 1 { format!(" (+{})", ranges - 1) } else { String::new() };
            let inside = f.traces.first().map_or_else(String::new, |t| Step::path(&t.steps));
            format!("  [{}:{}{more}]", escape::visible(&format!("{}{inside}", p.path)), p.line.max(1))
        });
        out.line(&format!("{severity} {first:19} {}{place}", escape::visible(f.title.get(lang))))
    }
}

/// A time as a table shows it: in the campaign's zone, to the second.
pub fn stamp(time: Time, zone: &jiff::tz::TimeZone) -> String {
    time.in_zone(zone).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// One observation of a table.
pub fn observation_row(out: &mut Out, visit: &Visit, names: &Names, style: &Style) -> Result<()> {
    let o = &visit.observation;
    let entities: Vec<&str> = o.entities.iter().take(3).map(|e| e.value.as_str()).collect();
    let fields = serde_json::to_string(&o.fields).unwrap_or_default();
    let short: String = fields.chars().take(160).collect();
    let line = o.spans.iter().next().map_or(0, |s| s.line);
    out.line(&format!(
        "{} {:20} {:>5} {}  {}{}  [{}:{line}]",
        stamp(o.first, &style.zone),
        o.kind,
        o.count,
        escape::visible(&entities.join(" ")),
        escape::visible(&short),
        if short.len() < fields.len() { "…" } else { "" },
        escape::visible(&format!("{}{}", names.get(visit.evidence), Step::path(&visit.steps))),
    ))
}

/// Something that was not read: a line on standard error.
pub fn skipped(style: &Style, path: &str, reason: &str, count: u64, line: u64) {
    if style.json {
        let mut told = json!({ "skipped": count, "reason": reason, "path": path });
        if line > 0 {
            told["line"] = line.into();
        }
        eprintln!("{}", escape::json(&told.to_string()));
        return;
    }
    let place = if line > 0 { format!(":{line}") } else { String::new() };
    let times = if count > 1 { format!(" ({count}×)") } else { String::new() };
    let word = style.lang.of("skipped", "ignoré");
    eprintln!("{word}: {}{place}: {}{times}", escape::visible(path), escape::visible(reason));
}

/// Something that is only said to people, on standard error.
pub fn say(style: &Style, en: impl AsRef<str>, fr: impl AsRef<str>) {
    if !style.json {
        eprintln!("{}", escape::visible(style.lang.of(en.as_ref(), fr.as_ref())));
    }
}
