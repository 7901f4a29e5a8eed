//! What is printed: findings and observations as JSON lines or as a table, skips and notes. Everything that comes from
//! evidence is escaped for terminals. Names of the JSON are stable.

use model::{
    Entity, Error, EvidenceId, Fields, Finding, Lang, Level, Lines, Observation, Result, Severity, Step, Time, Trace,
    View, Visit, escape,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
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
}

/// A severity's word with a colour that only repeats it.
pub fn severity(out: &Out, severity: Severity, lang: Lang, width: usize) -> String {
    let text = severity.text();
    let word = text.get(lang);
    let code = match severity {
        Severity::Critical => "1;35",
        Severity::High => "31",
        Severity::Medium => "33",
        Severity::Low => "36",
        Severity::Info => "2",
    };
    match out.colour {
        true => format!("\x1b[{code}m{word:width$}\x1b[0m"),
        false => format!("{word:width$}"),
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

/// A claim, with what speaks for and against it and where it is written.
#[derive(Serialize, JsonSchema)]
pub struct FindingLine<'a> {
    /// The same for the same claim in every run.
    id: String,
    /// Who defends it; `vigie explain` has its specification.
    detector: &'a str,
    /// How much it matters.
    severity: Severity,
    /// How sure, 0 to 100.
    confidence: u8,
    /// Where the act stands towards the law.
    level: Level,
    /// In one sentence.
    title: &'a str,
    /// For and against.
    reasons: Vec<ReasonLine<'a>>,
    /// Numbers of ATT&CK or DISARM.
    techniques: &'a [String],
    /// First event.
    first: Option<Time>,
    /// Last event.
    last: Option<Time>,
    /// Who and what takes part, all of them.
    entities: &'a [Entity],
    /// The evidence, all of it; `vigie show` prints it.
    traces: Vec<Place<'a>>,
    /// What this detector says besides.
    #[schemars(with = "serde_json::Map<String, Value>")]
    fields: &'a Fields,
}

/// Why, or why not.
#[derive(Serialize, JsonSchema)]
struct ReasonLine<'a> {
    /// Whether it speaks for the claim.
    #[serde(rename = "for")]
    supports: bool,
    /// How much, 0 to 100, among the reasons of this finding.
    weight: u8,
    /// In words.
    text: &'a str,
}

/// One byte range of a piece of evidence.
#[derive(Serialize, JsonSchema)]
struct Place<'a> {
    /// Its SHA-256.
    evidence: EvidenceId,
    /// The name under which it was given.
    path: &'a str,
    /// The way inside: decompression, archive members, parts of a message, outermost first.
    steps: Vec<String>,
    /// First byte in the last step.
    start: u64,
    /// The byte after the last.
    end: u64,
    /// The line, counted from 1; left out where there are none.
    #[serde(skip_serializing_if = "is_zero")]
    line: u64,
}

/// Something that happened: its own fields stand beside these.
#[derive(Serialize, JsonSchema)]
pub struct ObservationLine<'a> {
    /// What.
    kind: &'a str,
    /// First event.
    time: Time,
    /// Last event.
    last: Time,
    /// How many events.
    count: u64,
    /// Who and what takes part.
    entities: &'a [Entity],
    /// Where it begins.
    trace: Option<Place<'a>>,
    /// All of it, where that is more than one range: first byte, byte after the last, line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ranges: Vec<[u64; 3]>,
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

/// An observation's JSON: its own fields beside the common names.
pub fn observation(visit: &Visit, names: &Names) -> Value {
    let Observation { kind, first, last, count, entities, fields, .. } = &visit.observation;
    let trace = visit.trace();
    let ranges = trace.spans.iter().map(|s| [s.start, s.start.saturating_add(s.len), s.line]);
    let common = ObservationLine {
        kind,
        time: *first,
        last: *last,
        count: *count,
        entities,
        trace: places(&trace, names).next(),
        ranges: if trace.spans.len() > 1 { ranges.collect() } else { Vec::new() },
    };
    let mut line = json!(common);
    if let Value::Object(line) = &mut line {
        for (name, value) in fields {
            // A common name is never another thing.
            line.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    line
}

/// A time as a table shows it: in the campaign's zone, to the second.
pub fn stamp(time: Time, zone: &jiff::tz::TimeZone) -> String {
    time.in_zone(zone).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A number with decimals as a language writes it.
pub fn decimals(number: &str, lang: Lang) -> String {
    match lang {
        Lang::En => number.into(),
        Lang::Fr => number.replace('.', ","),
    }
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

/// A head of the audit trail, as it is printed, published and given to `verify --head`.
pub fn head(head: store::Hash) -> String {
    model::EvidenceId(head).to_string()
}

/// A finding that stands no more, and why.
pub fn gone_line(gone: &store::Gone, lang: Lang) -> String {
    use store::Reason;
    let reasons = gone.reasons.iter().map(|reason| match reason {
        Reason::EvidenceForgotten => lang.of("evidence was forgotten", "des pièces ont été oubliées"),
        Reason::SettingsChanged => lang.of("the settings have changed", "les réglages ont changé"),
        Reason::DetectorChanged => {
            lang.of("the detectors are another version", "les détecteurs sont d’une autre version")
        }
        Reason::KnowledgeChanged => lang.of("what is known has changed", "les connaissances ont changé"),
        Reason::RowsChanged => lang.of(
            "what was stored was not what was recorded, and was made again",
            "ce qui était enregistré avait changé et a été refait",
        ),
        Reason::EvidenceUnread => lang.of("evidence could not be read", "des pièces n’ont pas pu être lues"),
        Reason::EvidenceAdded => lang.of("evidence was added", "des pièces ont été ajoutées"),
        Reason::Unexplained => lang.of("the case cannot say why", "le dossier ne peut dire pourquoi"),
    });
    let reasons: Vec<&str> = reasons.collect();
    let what = [gone.severity.as_deref(), gone.detector.as_deref(), Some(gone.id.as_str())];
    let what: Vec<&str> = what.into_iter().flatten().collect();
    let (gone, colon) = (lang.of("gone", "disparu"), lang.colon());
    format!("{gone}{colon}{}{colon}{}", what.join(" "), reasons.join(lang.of("; ", " ; ")))
}

/// Says how far workers were held, where that is less than it should be.
pub fn say_isolation(style: &Style) {
    if crate::worker::without_landlock() {
        say(
            style,
            "this kernel has no Landlock: the processes that read were held by seccomp alone",
            "ce noyau n’a pas Landlock : les processus de lecture n’ont été retenus que par seccomp",
        );
    }
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
    let reason = model::skip::words(reason);
    let (path, reason) = (escape::visible(path), escape::visible(reason.get(style.lang)));
    eprintln!("{word}{0}{path}{place}{0}{reason}{times}", style.lang.colon());
}

/// Shapes of lines that were not understood, shown of one log.
const SHAPES: usize = 5;

/// What became of a log's lines, on standard error.
pub fn lines(style: &Style, path: &str, lines: &Lines) {
    if style.json {
        let told = json!({ "path": path, "lines": lines.read, "ordinary": lines.ordinary, "kept": lines.kept,
            "not_understood": lines.not_understood, "refusals": lines.refusals, "shapes": lines.gravest() });
        eprintln!("{}", escape::json(&told.to_string()));
        return;
    }
    let Lines { read, ordinary, kept, not_understood, refusals, .. } = lines;
    say(
        style,
        format!("{path}: {read} lines: {kept} kept, {ordinary} ordinary, {not_understood} not understood"),
        format!("{path} : {read} lignes, dont {kept} retenues, {ordinary} ordinaires, {not_understood} non comprises"),
    );
    if *refusals > 0 {
        say(
            style,
            format!("{path}: {refusals} of the lines not understood have a word of refusal and an address"),
            format!("{path} : parmi les lignes non comprises, {refusals} ont un mot de refus et une adresse"),
        );
    }
    for unknown in lines.gravest().into_iter().take(SHAPES) {
        let word = style.lang.of("not understood", "non compris");
        let place = format!("{path}:{}", unknown.line);
        let colon = style.lang.colon();
        let shape = format!("{} ({}×)", unknown.shape, unknown.count);
        say_plain(&format!("{word}{colon}{place}{colon}{shape}{colon}{}", unknown.example));
    }
    if lines.shapes.len() > SHAPES {
        let more = lines.shapes.len() - SHAPES;
        say(
            style,
            format!("{path}: {more} more kinds of lines not understood: --json lists them"),
            format!("{path} : {more} autres sortes de lignes non comprises : --json les énumère"),
        );
    }
}

fn say_plain(text: &str) {
    eprintln!("{}", escape::visible(text));
}

/// Something that is only said to people, on standard error.
pub fn say(style: &Style, en: impl AsRef<str>, fr: impl AsRef<str>) {
    if !style.json {
        let text = match style.lang {
            Lang::En => en.as_ref().to_string(),
            Lang::Fr => model::spaced(fr.as_ref()),
        };
        eprintln!("{}", escape::visible(&text));
    }
}
