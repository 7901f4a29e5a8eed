//! The chain as a picture: equal columns, levels as lanes, a state told by shape, word and line; on a telephone, where ten
//! columns have no room, a list that says the same. And the bar of a probability. Both have words beside them; nothing rests on colour.

use crate::story::Chain;
use crate::words::Words;
use jiff::tz::TimeZone;
use maud::{Markup, PreEscaped, html};
use model::Level;
use rows::story::{State, Step};
use std::fmt::Write;

const WIDTH: f64 = 960.0;
const LEFT: f64 = 70.0;
const LANE: f64 = 66.0;
const TOP: f64 = 44.0;

/// The chain.
pub fn chain(chain: &Chain, words: Words, zone: &TimeZone, counter: &str) -> Markup {
    let column = (WIDTH - LEFT) / Step::ALL.len() as f64;
    let lane = |level: Level| match level {
        Level::Illegal => 0.0,
        Level::Grey => 1.0,
        Level::Legal => 2.0,
    };
    let mut svg = String::new();
    for level in [Level::Illegal, Level::Grey, Level::Legal] {
        let y = TOP + lane(level) * LANE;
        let fill = if lane(level) == 1.0 { "var(--paper)" } else { "var(--faint)" };
        let _ = write!(svg, r#"<rect x="0" y="{y}" width="{WIDTH}" height="{LANE}" fill="{fill}"/>"#);
        let name = words.text(&level.text());
        let _ = write!(svg, r#"<text x="4" y="{}" font-weight="700">{name}</text>"#, y + LANE / 2.0);
    }
    let mut description = String::new();
    let mut list: Vec<Markup> = Vec::new();
    let mut before: Option<(f64, f64, bool)> = None;
    for (n, step) in chain.steps.iter().enumerate() {
        let (x, y) = (LEFT + column * (n as f64 + 0.5), TOP + lane(step.level) * LANE + 28.0);
        let shown = step.state == State::Found;
        if let Some((from_x, from_y, was)) = before {
            let dash = if shown && was { "" } else { r#" stroke-dasharray="3 3""# };
            let middle = (from_x + x) / 2.0;
            let _ = write!(
                svg,
                r##"<path d="M{} {from_y}H{middle}V{y}H{}" fill="none" stroke="var(--quiet)"{dash}/>"##,
                from_x + 11.0,
                x - 11.0
            );
        }
        before = Some((x, y, shown));
    }
    for (n, step) in chain.steps.iter().enumerate() {
        let (x, y) = (LEFT + column * (n as f64 + 0.5), TOP + lane(step.level) * LANE + 28.0);
        let name = words.text(&step.step.text());
        for (line, part) in halves(&name).into_iter().enumerate() {
            let at = 14.0 + 13.0 * line as f64;
            let _ = write!(svg, r#"<text x="{x}" y="{at}" text-anchor="middle" font-weight="700">{part}</text>"#);
        }
        let _ = match step.state {
            State::Found => write!(
                svg,
                r##"<circle cx="{x}" cy="{y}" r="10" fill="var(--blue)"/><path d="M{} {y}l4 4 6-8" fill="none" stroke="#fff" stroke-width="2.4"/>"##,
                x - 5.0
            ),
            State::Contradicted => write!(
                svg,
                r##"<path d="M{x} {}l11 11-11 11-11-11z" fill="#9a3a10"/><path d="M{} {}l8 8m0-8l-8 8" stroke="#fff" stroke-width="2"/>"##,
                y - 11.0,
                x - 4.0,
                y - 4.0
            ),
            State::Exhausted => write!(
                svg,
                r##"<rect x="{}" y="{}" width="18" height="18" fill="var(--paper)" stroke="var(--ink)" stroke-width="1.6"/><path d="M{} {}l10-10" stroke="var(--ink)" stroke-width="1.4"/>"##,
                x - 9.0,
                y - 9.0,
                x - 5.0,
                y + 5.0
            ),
            State::Missing => write!(
                svg,
                r##"<circle cx="{x}" cy="{y}" r="10" fill="var(--paper)" stroke="var(--ink)" stroke-width="1.4" stroke-dasharray="3 2"/><text x="{x}" y="{}" text-anchor="middle" font-weight="700">?</text>"##,
                y + 4.0
            ),
        };
        let state = words.text(&step.state.text());
        let _ = write!(svg, r#"<text x="{x}" y="{}" text-anchor="middle" font-weight="700">{state}</text>"#, y - 14.0);
        let when = step.first.filter(|_| step.state != State::Missing).map(|t| t.in_zone(zone));
        let when = when.map(|t| words.short_day(t.date())).unwrap_or_default();
        let _ = write!(svg, r#"<text x="{x}" y="{}" text-anchor="middle">{when}</text>"#, y + 24.0);
        if let Some(delay) = &step.delay {
            let told = span(delay.least, delay.most, words);
            let _ = write!(
                svg,
                r##"<text x="{x}" y="{}" text-anchor="middle" fill="var(--quiet)">{told}</text>"##,
                TOP + 3.0 * LANE + 14.0
            );
        }
        let (colon, space) = (words.say(": ", " : "), if when.is_empty() { "" } else { " " });
        let _ = write!(description, "{name}{colon}{state}{space}{when}. ");
        let day = if when.is_empty() { String::new() } else { format!(", {when}") };
        let level = words.text(&step.level.text());
        list.push(html! { li { a href=(format!("{counter}#{}", step.step)) { b { (name) } } (words.say(": ", " : ")) (state) (day) " (" (level) ")" } });
    }
    let _ = write!(
        svg,
        r##"<text x="4" y="{}" fill="var(--quiet)">{}</text>"##,
        TOP + 3.0 * LANE + 14.0,
        words.say("after", "après")
    );
    let height = TOP + 3.0 * LANE + 20.0;
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-labelledby="chain-title chain-desc" font-size="11" font-family="Arial, Liberation Sans, sans-serif" fill="var(--ink)" {
            title id="chain-title" { (words.say("The ten steps", "Les dix étapes")) }
            desc id="chain-desc" { (description) }
            (PreEscaped(svg))
        }
        ol.steps { @for step in list { (step) } }
    }
}

/// A name on two lines.
fn halves(name: &str) -> Vec<&str> {
    if name.chars().count() <= 11 {
        return vec![name];
    }
    let middle = name.len() / 2;
    let spaces = name.match_indices(' ').map(|(at, _)| at);
    match spaces.min_by_key(|at| at.abs_diff(middle)) {
        Some(at) => vec![&name[..at], &name[at + 1..]],
        None => vec![name],
    }
}

/// How long after the step before.
fn span(least: i64, most: i64, words: Words) -> String {
    let one = |s: i64| match s {
        s if s < 5400 => (s / 60, words.say("min", "min")),
        s if s < 2 * 86_400 => (s / 3600, "h".to_string()),
        s => (s / 86_400, words.say("d", "j")),
    };
    let ((a, unit), (b, other)) = (one(least), one(most));
    match (unit == other, a == b) {
        (true, true) => format!("{a}\u{a0}{unit}"),
        (true, false) => format!("{a}–{b}\u{a0}{unit}"),
        _ => format!("{a}\u{a0}{unit} – {b}\u{a0}{other}"),
    }
}

/// A probability's range, on a line from none to certain.
pub fn bar([low, high]: [f64; 2]) -> Markup {
    let (x, width) = (low * 90.0, ((high - low) * 90.0).max(2.0));
    html! {
        svg viewBox="0 0 90 10" width="90" height="10" aria-hidden="true" {
            rect x="0" y="3" width="90" height="4" fill="var(--faint)" {}
            rect x=(format!("{x:.1}")) y="3" width=(format!("{width:.1}")) height="4" fill="var(--blue)" {}
            path d="M45 0V10" stroke="var(--quiet)" stroke-width="0.7" {}
        }
    }
}
