//! The plan as iCalendar (RFC 5545): a to-do for each step that has a day, an event for each seminar and drill.

use crate::report::Report;
use model::{Lang, Time};

/// Longest line in octets (RFC 5545 3.1).
const LINE: usize = 75;

/// The text of the file; `at` is when it was made, `case` what it is of.
#[must_use]
pub fn calendar(report: &Report, case: &str, lang: Lang, at: Time) -> String {
    let stamp = at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut out = String::new();
    let mut line = |text: String| fold(&text, &mut out);
    line("BEGIN:VCALENDAR".into());
    line("VERSION:2.0".into());
    line("PRODID:-//Vigie//hygiene//EN".into());
    for step in report.plan.iter().filter(|s| !s.due.is_empty()) {
        line("BEGIN:VTODO".into());
        line(format!("UID:{}-{}@vigie", slug(case), slug(&step.measure.id)));
        line(format!("DTSTAMP:{stamp}"));
        line(format!("DUE;VALUE=DATE:{}", step.due.replace('-', "")));
        line(format!("SUMMARY:{}", escape(&format!("{} {}", step.measure.id, step.measure.title.get(lang)))));
        let question = match step.to {
            crate::Level::Reinforced => step.measure.reinforced.as_ref(),
            _ => step.measure.standard.as_ref(),
        };
        let owner = if step.owner.is_empty() { String::new() } else { format!("{}\n", step.owner) };
        line(format!("DESCRIPTION:{}", escape(&format!("{owner}{}", question.map_or("", |q| q.get(lang))))));
        line("END:VTODO".into());
    }
    for (i, e) in report.events.iter().enumerate().filter(|(_, e)| !e.automatic) {
        line("BEGIN:VEVENT".into());
        line(format!("UID:{}-event-{i}@vigie", slug(case)));
        line(format!("DTSTAMP:{stamp}"));
        line(format!("DTSTART;VALUE=DATE:{}", e.event.day.replace('-', "")));
        line(format!("SUMMARY:{}", escape(&e.event.name)));
        line("END:VEVENT".into());
    }
    line("END:VCALENDAR".into());
    out
}

fn slug(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).take(60).collect()
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Lines of at most 75 octets, none cut within a character.
fn fold(text: &str, out: &mut String) {
    let mut used = 0;
    for c in text.chars() {
        if used + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
}
