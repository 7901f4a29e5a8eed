//! The road of a leak: numbered steps from left to right in the order of time, in three lanes (illegal, grey, legal),
//! with the delay from one to the next. The table beside the picture says who each number is.

use super::{WIDTH, px};
use maud::{Markup, html};
use model::Level;

/// Steps drawn.
pub const MOST: usize = 14;
const LEFT: f64 = 110.0;
const LANE: f64 = 74.0;

/// A step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its lane.
    pub level: Level,
    /// What it is, shown when pointed at.
    pub name: String,
    /// How long after the step before, in a few letters.
    pub delay: String,
}

/// The picture; `lanes` names the three levels.
pub fn road(id: &str, title: &str, description: &str, lanes: [String; 3], steps: &[Step]) -> Markup {
    let steps = &steps[..steps.len().min(MOST)];
    let height = 3.0 * LANE + 8.0;
    let gap = (WIDTH - LEFT - 40.0) / steps.len().max(2).saturating_sub(1) as f64;
    let y = |level: Level| 4.0 + LANE * (level as usize as f64 + 0.5);
    let x = |i: usize| LEFT + 20.0 + gap * i as f64;
    html! {
        svg.chart viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-labelledby=(format!("{id}-t {id}-d")) {
            title id=(format!("{id}-t")) { (title) }
            desc id=(format!("{id}-d")) { (description) }
            @for (i, (name, fill)) in lanes.iter().zip(["var(--lane-1)", "var(--faint)", "var(--lane-3)"]).enumerate() {
                rect x="0" y=(px(4.0 + LANE * i as f64)) width=(WIDTH) height=(LANE - 3.0) fill=(fill) {}
                text.note x="10" y=(px(4.0 + LANE * (i as f64 + 0.5) + 4.0)) { (name) }
            }
            @for (i, pair) in steps.windows(2).enumerate() {
                @let (from, to) = (y(pair[0].level), y(pair[1].level));
                path.way d=(format!("M{} {}L{} {}", px(x(i)), px(from), px(x(i + 1)), px(to))) {}
                text.tick.on x=(px((x(i) + x(i + 1)) / 2.0)) y=(px((from + to) / 2.0 - 7.0)) text-anchor="middle" { (pair[1].delay) }
            }
            @for (i, step) in steps.iter().enumerate() {
                circle.step cx=(px(x(i))) cy=(px(y(step.level))) r="15" { title { (step.name) } }
                text.inside.dark x=(px(x(i))) y=(px(y(step.level) + 5.0)) text-anchor="middle" { (i + 1) }
            }
        }
    }
}
