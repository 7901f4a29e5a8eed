//! Hours of the day by day: the darker, the more. The number stands in each cell, so that shade never carries a
//! meaning alone.

use super::px;
use crate::words::Words;
use maud::{Markup, html};

const LEFT: f64 = 92.0;
const CELL: f64 = 36.0;
const ROW: f64 = 24.0;

/// A picture of when something happens.
#[derive(Clone, Debug)]
pub struct Hours {
    /// Unique on the page.
    pub id: String,
    /// What it shows, in a line.
    pub title: String,
    /// What it says, for those who do not see it.
    pub description: String,
    /// A row each: its name, and a count for each hour from 0 to 23.
    pub rows: Vec<(String, Vec<u64>)>,
}

/// The picture.
pub fn hours(chart: &Hours, words: Words) -> Markup {
    let most = chart.rows.iter().flat_map(|r| &r.1).copied().max().unwrap_or(0).max(1);
    let height = ROW * chart.rows.len() as f64 + 24.0;
    let id = &chart.id;
    html! {
        svg.chart viewBox=(format!("0 0 {} {height}", LEFT + 24.0 * CELL + 4.0)) role="img"
            aria-labelledby=(format!("{id}-t {id}-d")) {
            title id=(format!("{id}-t")) { (chart.title) }
            desc id=(format!("{id}-d")) { (chart.description) }
            @for hour in (0..24usize).step_by(2) {
                text.tick x=(px(LEFT + (hour as f64 + 0.5) * CELL)) y="14" text-anchor="middle" { (hour) }
            }
            @for (i, (name, counts)) in chart.rows.iter().enumerate() {
                @let y = 20.0 + ROW * i as f64;
                text.tick x=(LEFT - 8.0) y=(px(y + 16.0)) text-anchor="end" { (name) }
                @for (hour, n) in counts.iter().take(24).enumerate() {
                    @let x = LEFT + hour as f64 * CELL;
                    @let part = (*n as f64 / most as f64).sqrt();
                    rect.cell x=(px(x + 0.5)) y=(px(y + 0.5)) width=(CELL - 1.0) height=(ROW - 1.0)
                        fill=(shade(part)) {}
                    @if *n > 0 {
                        text.inside.dark[part > 0.55] x=(px(x + CELL / 2.0)) y=(px(y + 16.0)) text-anchor="middle" { (short(*n, words)) }
                    }
                }
            }
        }
    }
}

/// From white to a deep blue.
fn shade(part: f64) -> String {
    let mix = |from: f64, to: f64| (from + (to - from) * part.clamp(0.0, 1.0)).round() as u8;
    format!("#{:02x}{:02x}{:02x}", mix(245.0, 16.0), mix(246.0, 62.0), mix(248.0, 110.0))
}

fn short(n: u64, words: Words) -> String {
    if n < 1000 { n.to_string() } else { format!("{}k", words.decimal(n as f64 / 1000.0, usize::from(n < 10_000))) }
}
