//! Tables that stand upright: one area, a row for each figure and each candidate, as the sheet of the whole country in a
//! workbook or the page of a commune has them.
//!
//! You may rely on: no row is taken for a candidate's but below figures that are known; what is left out is told by its line.
//! Left out: several areas side by side.

use crate::build::{About, Direct};
use crate::heads;
use crate::number::{self, Count};
use rows::station_minutes::{Figure, Level, Table};

/// Rows of such a table; more are no such table.
pub const ROWS: usize = 400;

/// What stands in an upright table.
pub struct Upright {
    figures: Vec<(Figure, u32)>,
    votes: Vec<(String, u32)>,
    /// Words above the figures.
    pub title: String,
    /// Rows that are none of it: why, and which, from 0.
    pub left: Vec<(String, usize)>,
}

/// Reads one; none where this is no such table.
pub fn read(rows: &[Vec<String>]) -> Option<Upright> {
    if rows.len() > ROWS {
        return None;
    }
    let mut found = Upright { figures: Vec::new(), votes: Vec::new(), title: String::new(), left: Vec::new() };
    for (n, row) in rows.iter().enumerate() {
        let cells: Vec<&str> = row.iter().map(|c| c.trim()).filter(|c| !c.is_empty()).collect();
        let Some((label, rest)) = cells.split_first() else { continue };
        let count = rest.iter().find_map(|c| match number::count(c) {
            Count::Is(count) => Some(count),
            _ => None,
        });
        let folded = heads::fold(label);
        let figure = heads::figure(&folded).filter(|_| !label.contains('%'));
        match (figure, count) {
            // A percentage of it may come in a row of its own.
            (Some(figure), Some(count)) if !found.figures.iter().any(|f| f.0 == figure) => {
                found.figures.push((figure, count));
            }
            (None, Some(count))
                if found.figures.len() >= 2
                    && !heads::is_total(label)
                    && number::count(label) == Count::Wrong("no number") =>
            {
                found.votes.push((label.to_string(), count));
            }
            // The sum of the votes above it.
            (_, Some(_)) if !found.votes.is_empty() && heads::is_total(label) => {}
            // Numbers before any figure: a table of another kind.
            (None, Some(_)) if found.figures.is_empty() => found.left.push(("no figure that is known".into(), n)),
            (_, None) if found.figures.is_empty() => {
                if !found.title.is_empty() {
                    found.title.push(' ');
                }
                found.title.push_str(&cells.join(" "));
            }
            // Heads, and notes below.
            (_, None) if rest.iter().all(|c| heads::fold(c).len() < 20) && cells.len() > 1 => {}
            _ => found.left.push(("a note, no row of counts".into(), n)),
        }
    }
    let essential = found.figures.iter().any(|f| matches!(f.0, Figure::Registered | Figure::Voters | Figure::Valid));
    let few = found.figures.len() + found.votes.len() > found.left.len();
    (essential && few && found.figures.len() >= 2 && found.votes.len() >= 2).then_some(found)
}

impl Upright {
    /// As a table of one row.
    pub fn table(&self, about: &About, name: &str) -> Table {
        let mut direct = Direct::new(about);
        let votes: Vec<(&str, u32)> = self.votes.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        let level = about.level.unwrap_or(Level::Country);
        direct.row(&[(level, "", name)], &self.figures, &votes, 1);
        direct.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines().map(|l| l.split('|').map(String::from).collect()).collect()
    }

    #[test]
    fn the_whole_of_a_workbook_is_read() {
        let text = "Result of the first round\n||\n|Number|% of registered\nInscrits|1 000|\nVotants|800|80.0\nBlancs|20|2\n\
                    Exprimés|780|78\n\nListe des candidats|Voix|%\nMme Ada BRANDT|400|40.0\nM. Lin COSTA|380|38\nTotal|780|\n* a note\n";
        let found = read(&rows(text)).expect("a table");
        let table = found.table(&About::default(), "France entière");
        assert_eq!(table.candidates, ["Mme Ada BRANDT", "M. Lin COSTA"]);
        assert_eq!(table.row(0), [1000, 800, 20, 780, 400, 380].map(Some));
        assert_eq!((found.title.as_str(), found.left.len()), ("Result of the first round Number % of registered", 1));
        // A list of goods is none, nor is a table of areas.
        assert!(read(&rows("Apples|12\nPears|13\nPlums|4\n")).is_none());
        assert!(read(&rows("Arles|800|600\nNîmes|900|700\nvoters|12\n")).is_none());
    }
}
