//! How findings are held against the truth, whatever they are of: a rate, the lines that print a score, and the rows
//! that show found beside true.

use model::Text;
use serde::Serialize;

/// How many examples of each kind of mistake a score keeps.
pub(crate) const EXAMPLES: usize = 20;

/// True, found and both.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Rate {
    /// True ones.
    pub truth: u64,
    /// Found ones.
    pub found: u64,
    /// Found ones that are true.
    pub matched: u64,
    /// `matched / found`; 1 where nothing was found.
    pub precision: f64,
    /// `matched / truth`; 1 where nothing is true.
    pub recall: f64,
}

impl Rate {
    pub(crate) fn new(truth: usize, found: usize, matched: usize) -> Rate {
        let part = |of: usize| if of == 0 { 1.0 } else { matched as f64 / of as f64 };
        let (precision, recall) = (part(found), part(truth));
        Rate { truth: truth as u64, found: found as u64, matched: matched as u64, precision, recall }
    }
}

/// A score as lines: first all parts' rates, then their notes, then their tables.
#[derive(Default, Debug)]
pub struct Sheet {
    rates: Vec<String>,
    notes: Vec<String>,
    tables: Vec<String>,
}

impl Sheet {
    /// A rate.
    pub(crate) fn rate(&mut self, name: &str, rate: &Rate) {
        let Rate { truth, found, matched, precision, recall } = rate;
        self.rates.push(format!("{name:<32}{truth:>8}{found:>8}{matched:>9}{precision:>11.4}{recall:>9.4}"));
    }

    /// A line under the rates.
    pub(crate) fn note(&mut self, line: String) {
        self.notes.push(line);
    }

    /// A line of a table at the end; an empty one stands before each table.
    pub(crate) fn table(&mut self, line: String) {
        self.tables.push(line);
    }

    /// All lines.
    pub(crate) fn lines(self) -> impl Iterator<Item = String> {
        let head = format!("{:<32}{:>8}{:>8}{:>9}{:>11}{:>9}", "", "true", "found", "matched", "precision", "recall");
        [head].into_iter().chain(self.rates).chain(self.notes).chain(self.tables)
    }
}

/// A row of found beside true.
#[derive(Clone, PartialEq, Debug)]
pub enum Row {
    /// What the next rows are of.
    Head(Text),
    /// One thing, counted.
    Count {
        /// What, indented under its head.
        name: Text,
        /// How many the findings say.
        found: u64,
        /// How many there are.
        truth: u64,
    },
}

impl Row {
    /// The head of some rows.
    pub(crate) fn head(en: impl Into<String>, fr: impl Into<String>) -> Row {
        Row::Head(Text::new(en, fr))
    }

    /// One thing, counted.
    pub(crate) fn count(en: &str, fr: &str, [found, truth]: [u64; 2]) -> Row {
        Row::Count { name: Text::new(en, fr), found, truth }
    }
}

/// How many of something an exercise hides.
#[derive(Clone, PartialEq, Debug)]
pub struct Hidden {
    /// Its key in JSON.
    pub key: &'static str,
    /// How many.
    pub count: u64,
    /// What, after a number.
    pub what: Text,
}
