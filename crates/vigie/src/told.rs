//! What a person reads on a terminal of 80 columns: findings with time and zone, the summary after them, verdicts on what was
//! handed in. You may rely on: nothing is wider but a word that is; text of evidence is escaped; what can be counted is
//! counted by the rules of the brief. Left out: JSON (`output`).

use crate::output::{Names, Out, Style, severity};
use casework::short::{Grave, Short};
use model::{Context, Finding, Result, Step, Text, Trace, View, escape};
use sensors::{SENSORS, Verdict};

/// Columns.
const WIDTH: usize = 80;
/// Characters of an id that tell a finding from all others.
const SHORT: usize = 13;
/// Verdicts told in full; of more, those that are not harmless, and counts.
const VERDICTS: usize = 12;
/// Reasons of one verdict, for and against.
const REASONS: usize = 4;

/// The digits of a finding's id that `vigie show` takes.
pub fn short(id: &str) -> &str {
    let id = id.trim_start_matches("finding--");
    id.get(..SHORT).unwrap_or(id)
}

/// A time with its zone, and when it ended, where that is another.
pub fn between(first: model::Time, last: Option<model::Time>, style: &Style) -> String {
    match last.filter(|l| *l != first) {
        Some(last) => format!("{} – {}", moment(first, style), moment(last, style)),
        None => moment(first, style),
    }
}

/// A time with its zone.
pub fn moment(time: model::Time, style: &Style) -> String {
    time.in_zone(&style.zone).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// Text in lines no wider than the terminal: the first behind `first`, the others as deep.
pub fn wrapped(out: &mut Out, first: &str, text: &str) -> Result<()> {
    let depth = first.chars().count();
    let (mut line, mut length) = (first.to_string(), depth);
    // What French sets apart by a space stays with its word.
    let joined = model::spaced(text);
    for word in joined.split(' ') {
        let n = word.chars().count();
        if length > depth && length + 1 + n > WIDTH {
            out.line(line.trim_end())?;
            (line, length) = (" ".repeat(depth), depth);
        }
        if length > depth {
            line.push(' ');
            length += 1;
        }
        line += word;
        length += n;
    }
    out.line(line.trim_end())
}

/// A table of findings.
pub struct Table<'a> {
    style: &'a Style,
    names: &'a Names,
}

impl<'a> Table<'a> {
    /// An empty one.
    pub fn new(style: &'a Style, names: &'a Names) -> Table<'a> {
        Table { style, names }
    }

    /// Adds a finding: gravity, time, id; what; where.
    pub fn row(&mut self, out: &mut Out, f: &Finding) -> Result<()> {
        let (style, lang) = (self.style, self.style.lang);
        let when = f.first.map_or_else(|| lang.of("undated", "sans date").to_string(), |t| moment(t, style));
        let id = f.id();
        out.line(&format!("{} {when:26}  {}", severity(out, f.severity, lang, 9), short(&id)))?;
        wrapped(out, "          ", &escape::visible(f.title.get(lang)))?;
        let place = self.place(f);
        if place.is_empty() { Ok(()) } else { wrapped(out, "          ", &place) }
    }

    fn place(&self, f: &Finding) -> String {
        let lang = self.style.lang;
        let Some(first) = f.traces.first() else { return String::new() };
        let ranges: u64 = f.traces.iter().map(|t| t.spans.len()).sum();
        let more = match ranges.saturating_sub(1) {
            0 => String::new(),
            1 => lang.of(" and 1 more line", " et 1 autre ligne").into(),
            n => format!("{} {n} {}", lang.of(" and", " et"), lang.of("more lines", "autres lignes")),
        };
        format!("{}{more}", place(first, self.names))
    }
}

/// Where something stands.
fn place(trace: &Trace, names: &Names) -> String {
    let line = trace.spans.iter().next().map_or(0, |s| s.line).max(1);
    escape::visible(&format!("{}{}:{line}", names.get(trace.evidence), Step::path(&trace.steps))).into_owned()
}

/// The summary that ends the output: how much, by day, from where, what, whether any succeeded; the gravest with what to do.
pub fn summary(view: &dyn View, style: &Style, out: &mut Out) -> Result<()> {
    let lang = style.lang;
    let short = Short::of(view, &style.zone)?;
    let zone = style.zone.iana_name().unwrap_or("UTC");
    let lines = short.lines(zone, lang);
    if !lines.is_empty() {
        out.line("")?;
    }
    for (n, (label, text)) in lines.iter().enumerate() {
        // The head stands at the margin, what follows behind its label.
        let first = if n == 0 { String::new() } else { format!("  {label:10} ") };
        wrapped(out, &first, &escape::visible(text))?;
    }
    if !short.gravest.is_empty() {
        out.line("")?;
        out.line(lang.of("THE GRAVEST", "LE PLUS GRAVE"))?;
        for (n, grave) in short.gravest.iter().enumerate() {
            told(n + 1, grave, style, out)?;
        }
    }
    Ok(())
}

fn told(n: usize, grave: &Grave, style: &Style, out: &mut Out) -> Result<()> {
    let (f, lang) = (&grave.finding, style.lang);
    let id = f.id();
    let when = f.first.map_or_else(String::new, |t| moment(t, style));
    out.line(&format!("{n:>3} {} {when}  {}", severity(out, f.severity, lang, 0), short(&id)))?;
    wrapped(out, "    ", &escape::visible(f.title.get(lang)))?;
    if let Some((what, who)) = &grave.advice {
        let text = format!("{} ({})", what.get(lang), who.get(lang)).replace('`', "");
        wrapped(out, lang.of("    do: ", "    à faire : "), &escape::visible(&text))?;
    }
    match grave.more {
        0 => Ok(()),
        1 => out.line(lang.of("    and 1 more of this kind", "    et 1 autre de cette nature")),
        n => out.line(&format!(
            "    {} {n} {}",
            lang.of("and", "et"),
            lang.of("more of this kind", "autres de cette nature")
        )),
    }
}

/// What is said of each thing handed in, harmless too. How many there were.
pub fn verdicts(view: &dyn View, context: &Context, names: &Names, style: &Style, out: &mut Out) -> Result<u64> {
    let mut all: Vec<Verdict> = Vec::new();
    let mut counts: Vec<(Text, u64)> = Vec::new();
    for sensor in SENSORS {
        sensor.verdicts(view, context, &mut |verdict| {
            match counts.iter_mut().find(|(word, _)| *word == verdict.word) {
                Some((_, n)) => *n += 1,
                None => counts.push((verdict.word.clone(), 1)),
            }
            if all.len() < VERDICTS {
                all.push(verdict);
            }
            Ok(())
        })?;
    }
    let lang = style.lang;
    let total: u64 = counts.iter().map(|(_, n)| n).sum();
    if total == 0 {
        return Ok(0);
    }
    if total <= VERDICTS as u64 {
        all.sort_by_key(|v| std::cmp::Reverse((v.severity, v.score)));
        for verdict in &all {
            one(verdict, names, style, out)?;
        }
    }
    let counts: Vec<String> = counts.iter().map(|(word, n)| format!("{n} {}", word.get(lang))).collect();
    let head = if total == 1 { lang.of("message", "message") } else { lang.of("messages", "messages") };
    wrapped(out, "", &format!("{total} {head}{}{}", lang.of(": ", " : "), counts.join(", ")))?;
    Ok(total)
}

fn one(v: &Verdict, names: &Names, style: &Style, out: &mut Out) -> Result<()> {
    let lang = style.lang;
    let head = format!("{} {}/100  ", v.word.get(lang).to_uppercase(), v.score);
    wrapped(out, "", &format!("{head}{}", place(&v.place, names)))?;
    wrapped(
        out,
        "          ",
        &escape::visible(&format!(
            "{} {} {}",
            lang.of("“", "« ").to_string() + &v.what + lang.of("”", " »"),
            lang.of("from", "de"),
            v.from
        )),
    )?;
    for (supports, label) in [(true, lang.of("  for     ", "  pour    ")), (false, lang.of("  against ", "  contre  "))]
    {
        let mut reasons = v.reasons.iter().filter(|r| r.supports == supports).take(REASONS).peekable();
        if reasons.peek().is_none() {
            out.line(&format!("{label}{}", lang.of("nothing", "rien")))?;
        }
        for (n, reason) in reasons.enumerate() {
            let first = if n == 0 { label } else { "          " };
            wrapped(out, first, &escape::visible(&reason.text.get(lang).replace('`', "")))?;
        }
    }
    wrapped(out, lang.of("  do      ", "  à faire "), &escape::visible(v.todo.get(lang)))?;
    out.line("")
}
