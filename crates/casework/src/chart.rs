//! Pictures as SVG, plain functions from data to markup. Colours are Okabe and Ito's (*Color Universal Design*, 2008),
//! each with a pattern of its own, so that colour never carries a meaning alone; every picture has a title and a
//! description, and whoever calls puts the table of its data beside it. No script, no outside reference.

pub mod hours;
pub mod network;
pub mod road;

use crate::words::Words;
use maud::{Markup, PreEscaped, html};
use std::fmt::Write;

pub(crate) const WIDTH: f64 = 960.0;
const LEFT: f64 = 54.0;
const RIGHT: f64 = 14.0;

/// Fill, and the pattern's strokes drawn over it.
const STYLES: [(&str, &str); 7] = [
    ("#0072b2", ""),
    ("#e69f00", r##"<path d="M-1 1 1-1M0 6 6 0M5 7 7 5" stroke="#5c3d00" stroke-width="1.1"/>"##),
    ("#009e73", r##"<circle cx="3" cy="3" r="1.2" fill="#fff"/>"##),
    ("#cc79a7", r##"<path d="M0 1.5H6M0 4.5H6" stroke="#5e1f45" stroke-width=".9"/>"##),
    ("#56b4e9", r##"<path d="M0 0 6 6M6 0 0 6" stroke="#07466b" stroke-width=".8"/>"##),
    ("#d55e00", r##"<path d="M1.5 0V6M4.5 0V6" stroke="#fff" stroke-width=".9"/>"##),
    ("#b9bec5", r##"<path d="M0 6 6 0" stroke="#5d646d" stroke-width=".7"/>"##),
];

/// What is pointed out in a picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    /// A change of level.
    Change,
    /// The site was down.
    Outage,
}

/// Columns stacked in layers.
#[derive(Clone, Debug)]
pub struct Stacked {
    /// Unique on the page; patterns and labels are named by it.
    pub id: String,
    /// What it shows, in a line.
    pub title: String,
    /// What it says, for those who do not see it.
    pub description: String,
    /// Height of the drawing area in units of which the picture is 960 wide.
    pub height: f64,
    /// A word per column, shown when pointed at.
    pub columns: Vec<String>,
    /// Words under the axis: column and text.
    pub ticks: Vec<(usize, String)>,
    /// Layers from the bottom: name and a count per column. At most [`STYLES`] many; the last style is the rest's.
    pub layers: Vec<(String, Vec<u64>)>,
    /// Whether the last layer is the rest.
    pub rest: bool,
    /// A stepped line over the columns (expected level); may be empty.
    pub level: Vec<f64>,
    /// Marks: column, sign, text.
    pub marks: Vec<(usize, Sign, String)>,
}

fn style(chart: &Stacked, layer: usize) -> usize {
    if chart.rest && layer + 1 == chart.layers.len() { STYLES.len() - 1 } else { layer.min(STYLES.len() - 2) }
}

/// The picture with its legend.
pub fn stacked(chart: &Stacked, words: Words) -> Markup {
    let n = chart.columns.len().max(1);
    let step = (WIDTH - LEFT - RIGHT) / n as f64;
    let x = |column: usize| LEFT + step * column as f64;
    let sums: Vec<u64> = (0..chart.columns.len()).map(|c| chart.layers.iter().map(|l| l.1[c]).sum()).collect();
    let peak = sums.iter().map(|s| *s as f64).chain(chart.level.iter().copied()).fold(1.0, f64::max);
    let scale = steps(peak);
    let top_value = *scale.last().unwrap_or(&1.0);
    let labels = rows(chart, step);
    let top = 14.0 + 17.0 * labels.iter().map(|l| l.row + 1).max().unwrap_or(0) as f64;
    let bottom = top + chart.height;
    let outages = chart.marks.iter().any(|m| m.1 == Sign::Outage);
    let full = bottom + if outages { 52.0 } else { 30.0 };
    let y = |value: f64| bottom - chart.height * value / top_value;
    let (title, text) = (format!("{}-title", chart.id), format!("{}-text", chart.id));
    html! {
        svg.chart viewBox=(format!("0 0 {WIDTH} {full}")) role="img" aria-labelledby=(format!("{title} {text}")) {
            title id=(title) { (chart.title) }
            desc id=(text) { (chart.description) }
            defs { @for layer in 0..chart.layers.len() { (pattern(chart, layer)) } }
            @for value in &scale {
                line.grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(px(y(*value))) y2=(px(y(*value))) {}
                text.tick x=(LEFT - 8.0) y=(px(y(*value) + 4.0)) text-anchor="end" { (words.number(*value as u64)) }
            }
            @for (layer, path) in paths(chart, step, &y).into_iter().enumerate() {
                path d=(path) fill=(format!("url(#{}-{layer})", chart.id)) {}
            }
            @for (column, word) in chart.columns.iter().enumerate() {
                @if sums[column] > 0 {
                    rect x=(px(x(column))) y=(px(top)) width=(px(step)) height=(px(chart.height)) fill="transparent" {
                        title { (word) }
                    }
                }
            }
            line.axis x1=(LEFT) x2=(WIDTH - RIGHT) y1=(px(bottom)) y2=(px(bottom)) {}
            @if !chart.level.is_empty() { path.level d=(stepped(&chart.level, step, &y)) {} }
            @for (column, word) in &chart.ticks {
                line.axis x1=(px(x(*column))) x2=(px(x(*column))) y1=(px(bottom)) y2=(px(bottom + 5.0)) {}
                text.tick x=(px(x(*column) + 1.0)) y=(px(bottom + 19.0)) { (word) }
            }
            @for label in &labels {
                @let at = x(chart.marks[label.mark].0);
                @let base = 12.0 + 17.0 * label.row as f64;
                line.change x1=(px(at)) x2=(px(at)) y1=(px(base - 9.0)) y2=(px(bottom)) {}
                text.note x=(px(at + if label.flip { -5.0 } else { 5.0 })) y=(px(base))
                    text-anchor=(if label.flip { "end" } else { "start" }) { (chart.marks[label.mark].2) }
            }
            @for (i, (column, sign, word)) in chart.marks.iter().enumerate() {
                @if *sign == Sign::Outage {
                    @let at = x(*column) + step / 2.0;
                    path.outage d=(format!("M{} {}l6 10h-12z", px(at), px(bottom + 25.0))) {
                        title { (word) }
                    }
                    @if shown_outage(chart, i, step) {
                        text.note x=(px(at + if at > WIDTH * 0.8 { -10.0 } else { 10.0 })) y=(px(bottom + 36.0))
                            text-anchor=(if at > WIDTH * 0.8 { "end" } else { "start" }) { (word) }
                    }
                }
            }
        }
    }
}

/// The layers' swatches and names, with whatever the caller says beside each.
pub fn legend(chart: &Stacked, beside: &[Markup]) -> Markup {
    html! {
        ul.legend {
            @for (layer, (name, _)) in chart.layers.iter().enumerate() {
                li {
                    svg.swatch viewBox="0 0 26 14" aria-hidden="true" {
                        rect width="26" height="14" fill=(format!("url(#{}-{layer})", chart.id)) {}
                    }
                    (name) @if let Some(more) = beside.get(layer) { " " (more) }
                }
            }
        }
    }
}

/// A curve over the same width as [`stacked`].
#[derive(Clone, Debug)]
pub struct Curve<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// What it shows, in a line.
    pub title: &'a str,
    /// Column and value along the curve.
    pub points: Vec<(f64, f64)>,
    /// Column and value of what was really measured; the curve between is drawn, not known.
    pub measured: Vec<(f64, f64)>,
    /// A count per column of the picture, drawn behind the curve; the highest fills the height.
    pub behind: Vec<u64>,
    /// Words under the axis: column and text.
    pub ticks: Vec<(usize, String)>,
}

/// The curve's picture.
pub fn curve(chart: &Curve, words: Words) -> Markup {
    let (id, points, columns) = (chart.id, &chart.points, chart.behind.len());
    let (low, high) = points.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), p| (l.min(p.1), h.max(p.1)));
    let room = if high > low { 0.08 * (high - low) } else { 1.0 };
    let (low, high) = (low - room, high + room);
    let (top, height) = (10.0, 130.0);
    let step = (WIDTH - LEFT - RIGHT) / columns.max(1) as f64;
    let y = |value: f64| top + height * (high - value) / (high - low);
    let path: String = points.iter().enumerate().fold(String::new(), |mut path, (i, (column, value))| {
        let _ =
            write!(path, "{}{} {}", if i == 0 { "M" } else { "L" }, px(LEFT + step * (column + 0.5)), px(y(*value)));
        path
    });
    let most = chart.behind.iter().copied().max().unwrap_or(0).max(1) as f64;
    let behind = chart.behind.iter().enumerate().filter(|(_, n)| **n > 0).fold(String::new(), |mut path, (i, n)| {
        let tall = height * *n as f64 / most;
        let (left, width) = (px(LEFT + step * i as f64), px(step * 0.86));
        let _ = write!(path, "M{left} {}h{width}v{}h-{width}z", px(top + height - tall), px(tall));
        path
    });
    let places = if high - low < 5.0 { 1 } else { 0 };
    html! {
        svg.chart viewBox=(format!("0 0 {WIDTH} {}", top + height + 28.0)) role="img" aria-labelledby=(id) {
            title id=(id) { (chart.title) }
            path.behind d=(behind) {}
            @for part in [0.1, 0.5, 0.9] {
                @let value = low + (high - low) * part;
                line.grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(px(y(value))) y2=(px(y(value))) {}
                text.tick x=(LEFT - 8.0) y=(px(y(value) + 4.0)) text-anchor="end" { (words.decimal(value, places)) }
            }
            path.curve d=(path) {}
            @for (column, value) in &chart.measured {
                circle.point cx=(px(LEFT + step * (column + 0.5))) cy=(px(y(*value))) r="4" {}
            }
            line.axis x1=(LEFT) x2=(WIDTH - RIGHT) y1=(px(top + height)) y2=(px(top + height)) {}
            @for (column, word) in &chart.ticks {
                @let at = LEFT + step * *column as f64;
                line.axis x1=(px(at)) x2=(px(at)) y1=(px(top + height)) y2=(px(top + height + 5.0)) {}
                text.tick x=(px(at + 1.0)) y=(px(top + height + 19.0)) { (word) }
            }
        }
    }
}

/// A bar for a table's row; it repeats the figure beside it and is hidden from readers aloud.
pub fn bar(part: u64, most: u64) -> Markup {
    let width = if most == 0 { 0.0 } else { 100.0 * part as f64 / most as f64 };
    html! {
        svg.bar viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
            rect width=(px(width)) height="8" {}
        }
    }
}

fn pattern(chart: &Stacked, layer: usize) -> Markup {
    let (fill, strokes) = STYLES[style(chart, layer)];
    html! {
        pattern id=(format!("{}-{layer}", chart.id)) width="6" height="6" patternUnits="userSpaceOnUse" {
            rect width="6" height="6" fill=(fill) {}
            (PreEscaped(strokes))
        }
    }
}

/// One path per layer, so that a picture of years stays small.
fn paths(chart: &Stacked, step: f64, y: &dyn Fn(f64) -> f64) -> Vec<String> {
    // Wide columns stay bars: a single day must not look like a wall.
    let gap = if step > 4.0 { (step * 0.14).max(step - 40.0) } else { 0.0 };
    let mut below = vec![0u64; chart.columns.len()];
    let mut out = Vec::new();
    for (_, counts) in &chart.layers {
        let mut path = String::new();
        for (column, count) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
            let (from, to) = (below[column], below[column] + count);
            let (width, height) = (step - gap, y(from as f64) - y(to as f64));
            let left = LEFT + step * column as f64 + gap / 2.0;
            let _ = write!(path, "M{} {}h{}v{}h-{}z", px(left), px(y(to as f64)), px(width), px(height), px(width));
            below[column] = to;
        }
        out.push(path);
    }
    out
}

fn stepped(level: &[f64], step: f64, y: &dyn Fn(f64) -> f64) -> String {
    let mut path = format!("M{LEFT} {}", px(y(level[0])));
    for (i, value) in level.iter().enumerate() {
        let _ = write!(path, "V{}H{}", px(y(*value)), px(LEFT + step * (i + 1) as f64));
    }
    path
}

struct Label {
    mark: usize,
    row: usize,
    flip: bool,
}

/// Puts the labels of changes into rows so that none covers another; what does not fit in four rows goes unnamed.
fn rows(chart: &Stacked, step: f64) -> Vec<Label> {
    let mut ends = [f64::NEG_INFINITY; 4];
    let mut out = Vec::new();
    for (mark, (column, sign, word)) in chart.marks.iter().enumerate() {
        if *sign != Sign::Change {
            continue;
        }
        let at = LEFT + step * *column as f64;
        let width = 7.0 * word.chars().count() as f64 + 12.0;
        let flip = at + width > WIDTH;
        let (from, to) = if flip { (at - width, at + 2.0) } else { (at - 2.0, at + width) };
        if let Some(row) = (0..ends.len()).find(|r| ends[*r] < from) {
            ends[row] = to;
            out.push(Label { mark, row, flip });
        }
    }
    out
}

/// Whether there is room to name an outage: the next one is far enough.
fn shown_outage(chart: &Stacked, mark: usize, step: f64) -> bool {
    let width = 7.0 * chart.marks[mark].2.chars().count() as f64 + 20.0;
    let near = |other: &(usize, Sign, String)| {
        let distance = (other.0 as f64 - chart.marks[mark].0 as f64) * step;
        other.1 == Sign::Outage && distance.abs() < width
    };
    chart.marks.iter().enumerate().all(|(i, other)| i == mark || !near(other))
}

/// The axis' values: from 0 in steps of 1, 2 or 5 times a power of ten, four to six of them.
fn steps(peak: f64) -> Vec<f64> {
    let rough = (peak / 4.0).max(1.0);
    let power = 10f64.powi(rough.log10().floor() as i32);
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= rough).unwrap_or(rough);
    let n = (peak / step).ceil() as usize;
    (0..=n).map(|i| i as f64 * step).collect()
}

/// A length with two decimals at most, the same in every run.
fn px(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// Something that names share.
#[derive(Clone, Debug)]
pub struct Link {
    /// What it is, with its value.
    pub name: String,
    /// Whose it is.
    pub domains: Vec<String>,
}

/// Rows drawn; the table beside the picture holds all.
const DRAWN: usize = 14;

/// Names on the left, what they share on the right, and lines between.
pub fn shared(number: usize, title: &str, description: &str, domains: &[String], links: &[Link]) -> Markup {
    let (left, right) = (&domains[..domains.len().min(DRAWN)], &links[..links.len().min(DRAWN)]);
    let height = 28.0 * left.len().max(right.len()).max(1) as f64 + 12.0;
    let y = |i: usize, of: usize| 6.0 + (i as f64 + 0.5) * (height - 12.0) / of.max(1) as f64;
    let mut lines = String::new();
    for (l, link) in right.iter().enumerate() {
        for (d, _) in left.iter().enumerate().filter(|(_, name)| link.domains.contains(name)) {
            let (from, to) = (y(d, left.len()), y(l, right.len()));
            let _ = write!(lines, "<path d=\"M352 {from:.1}C430 {from:.1} 450 {to:.1} 528 {to:.1}\"/>");
        }
    }
    let id = format!("shared-{number}");
    html! {
        svg.chart viewBox=(format!("0 0 {WIDTH} {height:.0}")) role="img" aria-labelledby=(format!("{id}-t {id}-d")) {
            title id=(format!("{id}-t")) { (title) }
            desc id=(format!("{id}-d")) { (description) }
            g.joins { (PreEscaped(lines)) }
            @for (i, name) in left.iter().enumerate() {
                circle.point cx="352" cy=(format!("{:.1}", y(i, left.len()))) r="4.5" {}
                text.note x="340" y=(format!("{:.1}", y(i, left.len()) + 4.5)) text-anchor="end" { (name) }
            }
            @for (i, link) in right.iter().enumerate() {
                rect.thing x="523" y=(format!("{:.1}", y(i, right.len()) - 5.0)) width="10" height="10" {}
                text.tick x="542" y=(format!("{:.1}", y(i, right.len()) + 4.5)) { (link.name) }
            }
        }
    }
}
