//! Accounts as dots, what they did together as lines between. The layout is that of Fruchterman and Reingold (*Graph
//! drawing by force-directed placement*, 1991) from a fixed seed, with square roots only: the same group gives the
//! same picture on every machine. Left out: dots beyond [`MOST`], which the table beside the picture lists.

use super::{WIDTH, px};
use maud::{Markup, PreEscaped, html};
use model::Random;
use std::fmt::Write;

/// Dots drawn.
pub const MOST: usize = 150;
const HEIGHT: f64 = 420.0;
const EDGE: f64 = 26.0;
const STEPS: usize = 160;
/// How strongly the middle draws.
const PULL: f64 = 0.15;
/// Ties beyond this many to a dot share their strength, or those who act with everybody fall together into one spot.
const TIES: f64 = 4.0;
/// Names written beside dots.
const NAMED: usize = 12;

/// A dot.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// What its area shows.
    pub size: u64,
    /// Whether it is pointed out.
    pub first: bool,
}

/// A picture of who acts with whom.
#[derive(Clone, Debug)]
pub struct Network {
    /// Unique on the page.
    pub id: String,
    /// What it shows, in a line.
    pub title: String,
    /// What it says, for those who do not see it.
    pub description: String,
    /// The dots, at most [`MOST`].
    pub nodes: Vec<Node>,
    /// Pairs of dots and how often they acted together.
    pub edges: Vec<(usize, usize, f64)>,
}

/// The picture.
pub fn network(chart: &Network) -> Markup {
    let places = layout(chart.nodes.len(), &chart.edges);
    let most = chart.nodes.iter().map(|n| n.size).max().unwrap_or(1).max(1) as f64;
    let heaviest = chart.edges.iter().map(|e| e.2).fold(1.0, f64::max);
    let radius = |n: &Node| 4.0 + 7.0 * (n.size as f64 / most).sqrt();
    let mut lines = String::new();
    for (a, b, weight) in &chart.edges {
        let (Some(from), Some(to)) = (places.get(*a), places.get(*b)) else { continue };
        let width = 0.6 + 2.4 * (weight / heaviest).clamp(0.0, 1.0).sqrt();
        let _ = write!(
            lines,
            "<path d=\"M{} {}L{} {}\" stroke-width=\"{}\"/>",
            px(from.0),
            px(from.1),
            px(to.0),
            px(to.1),
            px(width)
        );
    }
    let id = &chart.id;
    html! {
        svg.chart viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-labelledby=(format!("{id}-t {id}-d")) {
            title id=(format!("{id}-t")) { (chart.title) }
            desc id=(format!("{id}-d")) { (chart.description) }
            g.ties { (PreEscaped(lines)) }
            @for (node, (x, y)) in chart.nodes.iter().zip(&places) {
                @let r = radius(node);
                @if node.first {
                    rect.thing x=(px(x - r)) y=(px(y - r)) width=(px(2.0 * r)) height=(px(2.0 * r)) { title { (node.name) } }
                } @else {
                    circle.point cx=(px(*x)) cy=(px(*y)) r=(px(r)) { title { (node.name) } }
                }
            }
            @for i in named(chart, &places) {
                @let (x, y) = places[i];
                @let left = x > WIDTH * 0.7;
                @let away = radius(&chart.nodes[i]) + 4.0;
                text.name x=(px(if left { x - away } else { x + away })) y=(px(y + 4.5))
                    text-anchor=(if left { "end" } else { "start" }) { (chart.nodes[i].name) }
            }
        }
    }
}

/// The dots to name: the first mover, then those with most ties, as far as no name covers another.
fn named(chart: &Network, places: &[(f64, f64)]) -> Vec<usize> {
    let mut ties = vec![0u32; chart.nodes.len()];
    chart.edges.iter().flat_map(|e| [e.0, e.1]).for_each(|n| ties[n] += 1);
    let mut order: Vec<usize> = (0..chart.nodes.len()).collect();
    order.sort_by_key(|&i| (!chart.nodes[i].first, std::cmp::Reverse((ties[i], chart.nodes[i].size)), i));
    let mut boxes: Vec<(f64, f64, f64)> = Vec::new();
    let mut out = Vec::new();
    for i in order {
        let (x, y) = places[i];
        let width = 7.4 * chart.nodes[i].name.chars().count() as f64 + 18.0;
        let (from, to) = if x > WIDTH * 0.7 { (x - width, x) } else { (x, x + width) };
        let free = boxes.iter().all(|b| (b.2 - y).abs() > 15.0 || to < b.0 || from > b.1);
        if free && from > 0.0 && to < WIDTH && out.len() < NAMED {
            boxes.push((from, to, y));
            out.push(i);
        }
    }
    out
}

/// Places within the picture.
fn layout(n: usize, edges: &[(usize, usize, f64)]) -> Vec<(f64, f64)> {
    let mut random = Random::new(0x5eed);
    let mut at: Vec<(f64, f64)> = (0..n).map(|_| (random.unit(), random.unit())).collect();
    let near = (1.0 / n.max(1) as f64).sqrt();
    let edges: Vec<&(usize, usize, f64)> = edges.iter().filter(|e| e.0 < n && e.1 < n).collect();
    let mut ties = vec![0.0f64; n];
    edges.iter().flat_map(|e| [e.0, e.1]).for_each(|m| ties[m] += 1.0);
    let heaviest = edges.iter().map(|e| e.2).fold(f64::MIN_POSITIVE, f64::max);
    for step in 0..STEPS {
        let mut push: Vec<(f64, f64)> =
            at.iter().map(|p| (PULL / near * (0.5 - p.0), PULL / near * (0.5 - p.1))).collect();
        for a in 0..n {
            for b in a + 1..n {
                let (dx, dy) = (at[a].0 - at[b].0, at[a].1 - at[b].1);
                let force = near * near / (dx * dx + dy * dy).max(1e-6);
                push[a] = (push[a].0 + dx * force, push[a].1 + dy * force);
                push[b] = (push[b].0 - dx * force, push[b].1 - dy * force);
            }
        }
        for (a, b, weight) in &edges {
            let (dx, dy) = (at[*a].0 - at[*b].0, at[*a].1 - at[*b].1);
            let force = (dx * dx + dy * dy).sqrt() / near * (0.3 + 0.7 * weight / heaviest);
            let force = force * TIES / (ties[*a] * ties[*b]).sqrt().max(TIES);
            push[*a] = (push[*a].0 - dx * force, push[*a].1 - dy * force);
            push[*b] = (push[*b].0 + dx * force, push[*b].1 + dy * force);
        }
        let heat = 0.1 * (1.0 - step as f64 / STEPS as f64) + 0.002;
        for (p, (dx, dy)) in at.iter_mut().zip(push) {
            let length = (dx * dx + dy * dy).sqrt().max(1e-9);
            let far = length.min(heat) / length;
            *p = (p.0 + dx * far, p.1 + dy * far);
        }
    }
    let (low, high) = at.iter().fold(((f64::MAX, f64::MAX), (f64::MIN, f64::MIN)), |(l, h), p| {
        ((l.0.min(p.0), l.1.min(p.1)), (h.0.max(p.0), h.1.max(p.1)))
    });
    let fit = |v: f64, low: f64, high: f64, size: f64| {
        if high - low < 1e-9 { size / 2.0 } else { EDGE + (size - 2.0 * EDGE) * (v - low) / (high - low) }
    };
    at.into_iter().map(|(x, y)| (fit(x, low.0, high.0, WIDTH), fit(y, low.1, high.1, HEIGHT))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_is_the_same_each_time_and_stays_inside() {
        let edges: Vec<(usize, usize, f64)> = (1..40).map(|i| (i, i / 3, i as f64)).collect();
        let places = layout(40, &edges);
        assert_eq!(places, layout(40, &edges));
        let inside = |p: &(f64, f64)| (0.0..=WIDTH).contains(&p.0) && (0.0..=HEIGHT).contains(&p.1);
        assert!(places.iter().all(inside) && layout(1, &[]).iter().all(inside) && layout(0, &[]).is_empty());
    }
}
