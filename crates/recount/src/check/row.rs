//! What one row says of itself: more voters than registered, candidates who do not add up; and rows that are there twice.

use super::{Raw, View, known};
use crate::world::{FIGURES, NONE};
use rows::station_minutes::{Disagreement, Figure, Level};
use std::collections::{BTreeMap, BTreeSet};

/// Relations between figures: each held as exact only where tables keep to it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Relation {
    /// Registered are voters and abstentions.
    Registered,
    /// Voters are valid, blank and null.
    Voters,
    /// Valid votes are those of the candidates.
    Valid,
}

impl Relation {
    const ALL: [Relation; 3] = [Relation::Registered, Relation::Voters, Relation::Valid];

    /// The column of the total, what the parts give, and what stands there; none where figures are missing.
    fn of(self, row: &[u32]) -> Option<(usize, u64, u64)> {
        let get = |f: Figure| known(row[f as usize]);
        let votes = || {
            row[FIGURES..]
                .iter()
                .any(|v| *v != NONE)
                .then(|| row[FIGURES..].iter().filter_map(|v| known(*v)).sum::<u64>())
        };
        let (total, parts) = match self {
            Relation::Registered => (Figure::Registered, get(Figure::Voters)? + get(Figure::Abstentions)?),
            Relation::Voters => (
                Figure::Voters,
                get(Figure::Valid).or_else(votes)? + get(Figure::Blank).unwrap_or(0) + get(Figure::Null)?,
            ),
            Relation::Valid => (Figure::Valid, votes()?),
        };
        Some((total as usize, parts, get(total)?))
    }
}

pub fn check(view: &View, raw: &mut Vec<Raw>) {
    // The same row wrong in snapshot after snapshot is one.
    let (mut met, mut twice) = (BTreeSet::new(), BTreeSet::new());
    for &r in view.published.iter().chain(&view.minutes) {
        let release = &view.world.releases[r];
        let rows: Vec<Vec<u32>> = (0..release.areas.len() as u32).map(|row| view.row(r, row)).collect();
        // A relation holds in this table where it holds in most rows of a level.
        let mut kept: BTreeMap<(Level, Relation), (u64, u64)> = BTreeMap::new();
        for (row, area) in rows.iter().zip(&release.areas) {
            for relation in Relation::ALL {
                if let Some((_, parts, total)) = relation.of(row) {
                    let n = kept.entry((view.level(*area), relation)).or_default();
                    *n = (n.0 + u64::from(parts == total), n.1 + 1);
                }
            }
        }
        for (n, (row, area)) in rows.iter().zip(&release.areas).enumerate() {
            let wrong = wrong(row, |relation| {
                kept.get(&(view.level(*area), relation)).is_some_and(|(kept, all)| kept * 2 >= *all || *all < 5)
            });
            if wrong.is_empty() {
                continue;
            }
            let mut one = view.raw(Disagreement::Impossible, *area, r, Some(n as u32));
            one.figures = wrong;
            one.since = Some(view.upload(r)).filter(|u| u.time.is_some());
            if met.insert((*area, release.minutes, row.clone())) {
                raw.push(one);
            }
        }
        for (first, second) in &release.twice {
            let area = release.areas[*second as usize];
            if twice.insert((area, release.minutes)) {
                let mut one = view.raw(Disagreement::Twice, area, r, Some(*second));
                // Counted a second time: all its votes.
                let row = &rows[*second as usize];
                one.figures = (0..view.width)
                    .filter(|c| row[*c] != NONE && row[*c] > 0)
                    .map(|c| (c, Some(0), known(row[c])))
                    .collect();
                one.since = Some(view.upload(r)).filter(|u| u.time.is_some());
                one.against = format!("line {}", release.lines[*first as usize]);
                raw.push(one);
            }
        }
    }
}

/// The figures that cannot be: column, what it can be at most or must be, what stands there.
fn wrong(row: &[u32], holds: impl Fn(Relation) -> bool) -> Vec<(usize, Option<u64>, Option<u64>)> {
    let mut wrong: Vec<(usize, Option<u64>, Option<u64>)> = Vec::new();
    for relation in Relation::ALL {
        if let Some((column, parts, total)) = relation.of(row)
            && parts != total
            && holds(relation)
        {
            wrong.push((column, Some(parts), Some(total)));
        }
    }
    let get = |f: Figure| known(row[f as usize]);
    let mut at_most = |of: usize, few: Option<u64>, many: Option<u64>| {
        if let (Some(few), Some(many)) = (few, many)
            && few > many
            && !wrong.iter().any(|w| w.0 == of)
        {
            wrong.push((of, Some(many), Some(few)));
        }
    };
    at_most(Figure::Voters as usize, get(Figure::Voters), get(Figure::Registered));
    at_most(Figure::Valid as usize, get(Figure::Valid), get(Figure::Voters).or(get(Figure::Registered)));
    for (column, votes) in row.iter().enumerate().skip(FIGURES) {
        at_most(column, known(*votes), get(Figure::Valid).or(get(Figure::Voters)).or(get(Figure::Registered)));
    }
    wrong
}
