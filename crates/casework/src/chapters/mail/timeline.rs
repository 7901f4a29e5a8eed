//! Events of several things, each on its own line, against one axis of hours: a plain function from data to SVG. Marks
//! differ by form as well as by colour; whoever calls puts the words beside it.

use crate::words::Words;
use maud::{Markup, html};

const WIDTH: f64 = 960.0;
const LEFT: f64 = 300.0;
const RIGHT: f64 = 24.0;
const LINE: f64 = 34.0;

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// A message came.
    Message,
    /// Somebody followed it.
    Followed,
    /// Somebody reported it.
    Reported,
}

/// A line.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name, fit to be shown.
    pub name: String,
    /// Hours after the line's beginning, and what.
    pub marks: Vec<(f64, Mark)>,
}

/// The picture.
pub fn timeline(title: &str, description: &str, axis: &str, rows: &[Row], words: Words) -> Markup {
    let most = rows.iter().flat_map(|r| &r.marks).map(|m| m.0).filter(|h| h.is_finite()).fold(1.0, f64::max);
    let step = [0.25, 0.5, 1.0, 2.0, 4.0, 6.0, 12.0, 24.0, 48.0, 168.0]
        .into_iter()
        .find(|s| most / s <= 9.0)
        .unwrap_or(most / 8.0);
    let end = (most / step).ceil() * step;
    let x = |hours: f64| LEFT + (WIDTH - LEFT - RIGHT) * (hours / end).clamp(0.0, 1.0);
    let bottom = 10.0 + LINE * rows.len() as f64;
    let y = |n: usize| 10.0 + LINE * (n as f64 + 0.5);
    let ticks: Vec<f64> = (0..=(end / step) as usize).map(|n| n as f64 * step).collect();
    let px = |v: f64| format!("{v:.1}");
    html! {
        svg.chart viewBox=(format!("0 0 {WIDTH} {:.0}", bottom + 44.0)) role="img" aria-labelledby="waves-t waves-d" {
            title id="waves-t" { (title) }
            desc id="waves-d" { (description) }
            @for tick in &ticks {
                line.grid x1=(px(x(*tick))) x2=(px(x(*tick))) y1="6" y2=(px(bottom)) {}
                text.tick x=(px(x(*tick))) y=(px(bottom + 18.0)) text-anchor="middle" { (words.decimal(*tick, if step < 1.0 { 2 } else { 0 })) }
            }
            line.axis x1=(px(LEFT)) x2=(px(WIDTH - RIGHT)) y1=(px(bottom)) y2=(px(bottom)) {}
            text.tick x=(px((LEFT + WIDTH - RIGHT) / 2.0)) y=(px(bottom + 37.0)) text-anchor="middle" { (axis) }
            @for (n, row) in rows.iter().enumerate() {
                text.note x=(px(LEFT - 14.0)) y=(px(y(n) + 4.5)) text-anchor="end" { (row.name) }
                @for kind in [Mark::Message, Mark::Reported, Mark::Followed] {
                    @for (hours, _) in row.marks.iter().filter(|m| m.1 == kind).take(1000) {
                        @let (cx, cy) = (x(*hours), y(n));
                        @match kind {
                            Mark::Message => circle cx=(px(cx)) cy=(px(cy)) r="4.2" fill="#0072b2" fill-opacity=".55" {},
                            Mark::Followed => path d=(format!("M{:.1} {:.1}l7 12h-14z", cx, cy - 15.0)) fill="#d55e00" stroke="#fff" stroke-width="1" {},
                            Mark::Reported => rect x=(px(cx - 4.5)) y=(px(cy + 3.0)) width="9" height="9" fill="#009e73" stroke="#fff" stroke-width="1" {},
                        }
                    }
                }
            }
        }
    }
}
