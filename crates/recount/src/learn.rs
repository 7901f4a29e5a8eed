//! The shape of a table, learnt from its first rows: which rows are heads, at which level each column tells an area, which
//! columns count, and how candidates stand (a column each, a block of columns repeated, or a row each).
//!
//! You may rely on: nothing is known of one publisher; heads of several rows are read from above with merged cells carried
//! on; a column that is not understood is told. Left out: tables without heads.

use crate::heads::{self, Column, Part};
use crate::number::{self, Count};
use rows::station_minutes::{Figure, Level};

/// Rows in which heads are looked for.
pub const HEAD: usize = 40;
/// Rows of one head, at most.
const DEEP: usize = 6;

/// What a column says, and its head.
#[derive(Clone, Debug)]
pub(crate) struct Learnt {
    pub column: Column,
    /// Its head, all rows of it, the lowest last.
    pub path: Vec<String>,
    /// The candidate whose votes it holds, where the head names one.
    pub candidate: String,
    /// The race it belongs to, where the head says so.
    pub race: String,
}

/// A learnt shape.
#[derive(Clone, Debug)]
pub struct Shape {
    pub(crate) columns: Vec<Learnt>,
    /// The first row that is no head.
    pub first: usize,
    /// Words above the head: titles, dates.
    pub title: String,
    /// Where blocks of candidates begin, and how long one is.
    pub(crate) blocks: Option<(usize, usize)>,
    /// Columns that were not understood.
    pub unknown: Vec<String>,
}

/// Learns from the first rows; none where they are no table of counts.
pub fn learn(rows: &[Vec<String>]) -> Option<Shape> {
    let rows = &rows[..rows.len().min(HEAD)];
    let first = first_row(rows)?;
    let filled = |row: &[String]| row.iter().filter(|c| !c.trim().is_empty()).count();
    let mut begin = first;
    while begin > 0 && first - begin < DEEP && filled(&rows[begin - 1]) >= 2 {
        begin -= 1;
    }
    if begin == first {
        begin = first.checked_sub(1)?;
    }
    // A line of title may have two cells; heads have words that are known.
    while begin + 1 < first
        && rows[begin].iter().all(|c| matches!(heads::column(c), Column::Unknown | Column::Time))
        && filled(&rows[begin]) <= 2
    {
        begin += 1;
    }
    let title: Vec<&str> = rows[..begin].iter().flatten().map(|c| c.trim()).filter(|c| !c.is_empty()).collect();
    let width = rows[begin..].iter().map(Vec::len).max().unwrap_or_default().min(20_000);
    let paths = paths(&rows[begin..first], width);
    let mut columns: Vec<Learnt> = paths.into_iter().map(told).collect();
    if !columns.iter().any(|c| is_count(c.column)) && !letters(&mut columns) && !columns.iter().any(|c| area(c.column))
    {
        return None;
    }
    letters(&mut columns);
    let head_end = columns.iter().rposition(|c| !c.path.is_empty()).map_or(0, |n| n + 1);
    let blocks = blocks(&columns, head_end, width);
    let mut shape = Shape { columns, first, title: title.join(" "), blocks, unknown: Vec::new() };
    shape.settle(&rows[first..]);
    let counts = |c: &Learnt| is_count(c.column) || !c.candidate.is_empty();
    shape.columns.iter().any(counts).then_some(shape)
}

fn is_count(column: Column) -> bool {
    matches!(column, Column::Count(_) | Column::Votes)
}

fn area(column: Column) -> bool {
    matches!(column, Column::Area(..) | Column::Somewhere(_))
}

/// Whether a cell is a percentage, or another number that counts nothing.
fn is_share(cell: &str) -> bool {
    let bare = cell.trim().trim_end_matches('%').trim_end();
    number::count(cell) == Count::Wrong("no whole number")
        || bare.len() < cell.trim().len() && bare.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
}

/// The first row of counts: numbers in it, a head above.
fn first_row(rows: &[Vec<String>]) -> Option<usize> {
    let mut known = 0;
    for (n, row) in rows.iter().enumerate() {
        let filled = row.iter().filter(|c| !c.trim().is_empty()).count();
        let numbers = row.iter().filter(|c| matches!(number::count(c), Count::Is(_))).count();
        // Ministries tell two percentages for each count.
        let shares = row.iter().filter(|c| is_share(c)).count();
        let heads = row
            .iter()
            .filter(|c| number::count(c) == Count::Wrong("no number"))
            .filter(|c| heads::column(c) != Column::Unknown)
            .count();
        if known >= 2
            && numbers >= 1
            && (numbers >= 2 || filled <= 6)
            && heads * 3 < filled.max(1) + 2
            && (numbers + shares) * 4 >= filled
        {
            return Some(n);
        }
        known += heads;
    }
    None
}

/// Each column's head from above. A cell of an upper row holds for the empty ones right of it, where the row below says
/// something: that is how merged cells are written.
fn paths(rows: &[Vec<String>], width: usize) -> Vec<Vec<String>> {
    let cell = |r: usize, c: usize| rows[r].get(c).map_or("", |t| t.trim());
    let mut paths = vec![Vec::new(); width];
    for r in 0..rows.len() {
        let mut carried = String::new();
        for (c, path) in paths.iter_mut().enumerate() {
            let own = cell(r, c);
            let below = (r + 1..rows.len()).any(|b| !cell(b, c).is_empty());
            if !own.is_empty() {
                carried = own.to_string();
            } else if !below {
                carried.clear();
            }
            if !carried.is_empty() && (!own.is_empty() || below) && path.last() != Some(&carried) {
                path.push(carried.clone());
            }
        }
    }
    paths
}

/// What a head of one or several rows says. The lowest row says what is counted, the upper of whom.
fn told(path: Vec<String>) -> Learnt {
    let mut race = String::new();
    let mut said: Vec<(Column, &String)> = Vec::new();
    for words in &path {
        let folded = heads::fold(words);
        if ["erststimme", "zweitstimme"].iter().any(|r| folded.starts_with(r)) {
            race = words.clone();
            continue;
        }
        if matches!(folded.as_str(), "endgultig" | "final" | "vorlaufig" | "total votes" | "total" | "nombre")
            && path.len() > 1
        {
            said.push((Column::Votes, words));
            continue;
        }
        said.push((heads::column(words), words));
    }
    let mut column = Column::Unknown;
    let mut candidate = String::new();
    for (c, words) in said {
        match (column, c) {
            (Column::Ignored, _) | (_, Column::Ignored) => column = Column::Ignored,
            (Column::Count(_) | Column::Area(..), Column::Votes) => {}
            (_, Column::Unknown) => candidate = words.clone(),
            _ => column = c,
        }
    }
    // A head may go on in the row below: `gehört` above `zu`.
    if column == Column::Unknown && path.len() > 1 {
        column = heads::column(&path.join(" "));
    }
    // `Votes` below a name are that candidate's; a way of voting below one is a part of his.
    if !matches!(column, Column::Votes | Column::Mode | Column::Unknown) {
        candidate.clear();
    }
    if column == Column::Unknown {
        candidate = path.last().cloned().unwrap_or_default();
    }
    Learnt { column, path, candidate, race }
}

/// Open data of German cities head their columns by letters (A: entitled, B: voters, C: invalid, D: valid, D1 …: votes).
fn letters(columns: &mut [Learnt]) -> bool {
    let is = |c: &Learnt, name: &str| c.path.len() == 1 && c.path[0].eq_ignore_ascii_case(name);
    if !["A", "B", "C", "D", "D1"].iter().all(|name| columns.iter().any(|c| is(c, name))) {
        return false;
    }
    let two = columns.iter().any(|c| is(c, "F1"));
    for c in columns.iter_mut() {
        let Some(name) = c.path.first().map(|p| p.to_ascii_uppercase()) else { continue };
        let (letter, rest) = name.split_at(name.chars().next().map_or(0, char::len_utf8));
        let whole = rest.is_empty();
        let numbered = !whole && rest.bytes().all(|b| b.is_ascii_digit());
        let race = if two { if matches!(letter, "C" | "D") { "Erststimmen" } else { "Zweitstimmen" } } else { "" };
        let (column, candidate, race) = match letter {
            "A" if whole => (Column::Count(Figure::Registered), "", ""),
            "B" if whole => (Column::Count(Figure::Voters), "", ""),
            "C" | "E" if whole => (Column::Count(Figure::Null), "", race),
            "D" | "F" if whole => (Column::Count(Figure::Valid), "", race),
            "D" | "F" if numbered => (Column::Unknown, name.as_str(), race),
            "A" | "B" if numbered => (Column::Ignored, "", ""),
            _ => continue,
        };
        (c.column, c.candidate, c.race) = (column, candidate.to_string(), race.to_string());
    }
    true
}

/// Where a block of columns begins that is told again for each candidate, and its length. Ministries often head the
/// first block only.
fn blocks(columns: &[Learnt], head_end: usize, width: usize) -> Option<(usize, usize)> {
    let votes: Vec<usize> = (0..columns.len())
        .filter(|c| columns[*c].column == Column::Votes && columns[*c].candidate.is_empty())
        .collect();
    let first = *votes.first()?;
    let named = |c: &Learnt| {
        matches!(c.column, Column::Last | Column::First | Column::Candidate | Column::Party | Column::Beside)
    };
    let begin = (0..first).rev().take_while(|c| named(&columns[*c])).last()?;
    if votes.len() > 1 {
        let period = votes[1] - first;
        let regular = votes.windows(2).all(|w| w[1] - w[0] == period);
        return regular.then_some((begin, period));
    }
    // What stands behind the only block that is headed and has no head is the next.
    (width > head_end + 1 && head_end > first).then_some((begin, head_end - begin))
}

impl Shape {
    /// What the first rows say of columns whose heads leave it open.
    fn settle(&mut self, rows: &[Vec<String>]) {
        let blocks = self.blocks.map_or(usize::MAX, |(begin, _)| begin);
        let long = self.is_long();
        let cell = |r: &Vec<String>, c: usize| r.get(c).map(|t| t.trim().to_string()).unwrap_or_default();
        for c in 0..self.columns.len() {
            let values: Vec<String> = rows.iter().map(|r| cell(r, c)).filter(|t| !t.is_empty()).collect();
            let counts = values.iter().filter(|v| matches!(number::count(v), Count::Is(_))).count();
            let mostly = !values.is_empty() && counts * 10 >= values.len() * 6;
            // Words have no counts among them, percentages few: what has more is a candidate's, and each other cell is told.
            let some = !values.is_empty() && counts * 10 >= values.len() * 3;
            let told = &mut self.columns[c];
            match told.column {
                Column::Area(level, Part::Either) => {
                    let part = if mostly || values.iter().all(|v| v.len() <= 3) { Part::Code } else { Part::Name };
                    told.column = Column::Area(level, part);
                }
                Column::Area(level, Part::Name) if mostly => told.column = Column::Area(level, Part::Code),
                // A candidate in a column of his own.
                Column::Unknown if c < blocks && !long && !told.candidate.is_empty() && some => {}
                Column::Unknown if c < blocks && !long && !told.candidate.is_empty() => {
                    if !values.is_empty() {
                        self.unknown.push(told.candidate.clone());
                    }
                    told.candidate.clear();
                    told.column = Column::Ignored;
                }
                Column::Unknown if c < blocks => {
                    let head = told.path.last().cloned().unwrap_or_default();
                    if !values.is_empty() && !head.is_empty() {
                        self.unknown.push(head);
                    }
                    told.candidate.clear();
                    told.column = Column::Ignored;
                }
                Column::Count(_)
                    if !mostly && !values.is_empty() && values.iter().any(|v| v.contains(['.', ',', '%'])) =>
                {
                    told.column = Column::Ignored
                }
                _ => {}
            }
        }
        // Where totals of a candidate stand beside the ways of voting, those are their parts.
        let totals: Vec<String> =
            self.columns.iter().filter(|c| c.column == Column::Votes).map(|c| c.candidate.clone()).collect();
        for c in &mut self.columns {
            if c.column == Column::Mode && totals.contains(&c.candidate) {
                c.column = Column::Ignored;
            }
        }
        // Without a column for its area, the first that holds words tells it.
        if !self.columns.iter().any(|c| area(c.column)) {
            let words = |c: usize| {
                rows.iter().filter(|r| number::count(&cell(r, c)) == Count::Wrong("no number")).count() * 2 > rows.len()
            };
            let first = (0..self.columns.len().min(blocks)).find(|c| {
                let column = self.columns[*c].column;
                matches!(column, Column::Ignored | Column::Unknown) && words(*c)
                    || column == Column::Last && !long && words(*c)
            });
            if let Some(c) = first
                && !rows.is_empty()
            {
                let head = self.columns[c].path.last().cloned().unwrap_or_default();
                self.unknown.retain(|u| *u != head);
                self.columns[c].column = Column::Somewhere(Part::Name);
            }
        }
    }

    /// Whether each candidate has a row.
    pub(crate) fn is_long(&self) -> bool {
        let votes = self
            .columns
            .iter()
            .filter(|c| matches!(c.column, Column::Votes | Column::Mode) && c.candidate.is_empty())
            .count();
        let named = self.columns.iter().any(|c| matches!(c.column, Column::Candidate | Column::Last | Column::Party));
        self.blocks.is_none() && votes >= 1 && named
    }

    /// The levels that columns tell, the widest first.
    pub(crate) fn levels(&self) -> Vec<Level> {
        let mut levels: Vec<Level> = self
            .columns
            .iter()
            .filter_map(|c| if let Column::Area(level, _) = c.column { Some(level) } else { None })
            .collect();
        levels.sort();
        levels.dedup();
        levels.reverse();
        levels
    }

    /// How sure one may be that this is a table of an election's counts, 0–100.
    pub fn sure(&self) -> u8 {
        let figures = self.columns.iter().filter(|c| matches!(c.column, Column::Count(_))).count();
        let areas = self.columns.iter().any(|c| area(c.column));
        let votes = self.blocks.is_some() || self.is_long() || self.columns.iter().any(|c| c.column == Column::Votes);
        let levels = !self.levels().is_empty();
        match () {
            () if (votes || areas) && self.columns.iter().any(|c| c.column == Column::Round) => 90,
            () if figures >= 3 && areas => 95,
            () if figures >= 2 && (areas || votes) => 90,
            () if votes
                && levels
                && (figures >= 1
                    || self
                        .columns
                        .iter()
                        .any(|c| matches!(c.column, Column::Contest | Column::Candidate | Column::Party))) =>
            {
                90
            }
            () if figures >= 3 => 80,
            () => 0,
        }
    }
}
