//! Rows of a learnt table → [`Table`]s: one for each race that it tells.
//!
//! You may rely on: a row that is not understood is told with its line and why, never dropped in silence; a table holds
//! at most so many rows, then begins another. Left out: what areas of several tables are one (`world`).

use crate::heads::{self, Column, Part};
use crate::learn::Shape;
use crate::number::{self, Count};
use foldhash::HashMap;
use model::Time;
use rows::station_minutes::{Figure, Level, Table};

/// Rows of one table; then another begins.
const ROWS: usize = 20_000;
/// Races told apart.
pub const RACES: usize = 10_000;
/// Candidates of a race.
pub const CANDIDATES: usize = 10_000;
/// Cells of a table: areas by candidates.
pub const CELLS: usize = 20_000_000;

/// What is known of a table besides its cells.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The sheet, or the place in the document.
    pub part: String,
    /// The race, where title or file name say so.
    pub contest: String,
    /// Minutes of stations.
    pub minutes: bool,
    /// Who collected them.
    pub by: String,
    /// Of when it is.
    pub time: Option<Time>,
    /// The level of areas whose columns do not say it.
    pub level: Option<Level>,
}

/// Why votes of one more candidate are not counted.
const MANY: &str = "more candidates than are read";

/// What was not understood: why, and where.
pub type Trouble<'t> = dyn FnMut(String, u32) + 't;

/// A table that is being built.
struct Open {
    /// All but its counts.
    table: Table,
    rows: Vec<Counts>,
    strings: HashMap<String, u32>,
    candidates: HashMap<String, usize>,
    /// Of a table with a row for each candidate: the rows by area.
    by_area: HashMap<Vec<u32>, usize>,
}

/// The counts of a row: figures by their number, votes by the candidate's; what was never told is not there.
#[derive(Default)]
struct Counts {
    figures: [Option<u32>; Figure::ALL.len()],
    votes: Vec<Option<u32>>,
}

/// What keeps tables apart: contest, who told it, time, round of an audit.
type Key = (String, String, Option<Time>, String);

/// Builds tables, row by row.
pub struct Builder<'a> {
    shape: &'a Shape,
    about: &'a About,
    long: bool,
    levels: Vec<Level>,
    generic: bool,
    open: Vec<Open>,
    /// Which of them a race is counted in; the last one is asked first.
    index: HashMap<Key, usize>,
    last: Option<(Key, usize)>,
    done: Vec<Table>,
    /// Parents of generic areas, by code.
    above: Vec<(String, String)>,
    told: bool,
    /// Where the row stands that is taken.
    place: Option<(u64, u64)>,
    /// The round of an audit that it tells.
    round: String,
}

impl<'a> Builder<'a> {
    /// Of a shape.
    pub fn new(shape: &'a Shape, about: &'a About) -> Builder<'a> {
        let mut levels = shape.levels();
        let somewhere = shape.columns.iter().any(|c| matches!(c.column, Column::Somewhere(_)));
        let generic = somewhere && shape.levels().is_empty()
            || shape.columns.iter().any(|c| matches!(c.column, Column::Level | Column::Above));
        if generic {
            levels = Level::ALL.to_vec();
            levels.reverse();
        } else if levels.is_empty() {
            levels.push(Level::Country);
        }
        if levels.first() != Some(&Level::Country) {
            levels.insert(0, Level::Country);
        }
        Builder {
            shape,
            about,
            long: shape.is_long(),
            levels,
            generic,
            open: Vec::new(),
            index: HashMap::default(),
            last: None,
            done: Vec::new(),
            above: Vec::new(),
            told: false,
            place: None,
            round: String::new(),
        }
    }

    /// Takes a row: its cells, its line, and where it stands if lines are bytes.
    pub fn row(&mut self, cells: &[&str], line: u32, place: Option<(u64, u64)>, trouble: &mut Trouble) {
        self.place = place;
        self.round.clear();
        let cell = |n: usize| cells.get(n).map_or("", |c| c.trim());
        if cells.iter().all(|c| c.trim().is_empty()) {
            return;
        }
        let mut contest: Vec<&str> = Vec::new();
        let (mut by, mut time, mut way) = ("", None, "");
        let mut places: Vec<(Level, [&str; 2])> = Vec::new();
        let (mut spot, mut stated, mut above) = ([""; 2], None, "");
        for (n, told) in self.shape.columns.iter().enumerate() {
            let text = cell(n);
            if text.is_empty() {
                continue;
            }
            match told.column {
                Column::Area(level, part) => {
                    let slot = usize::from(part == Part::Name);
                    match places.iter_mut().find(|p| p.0 == level) {
                        Some(p) if p.1[slot].is_empty() => p.1[slot] = text,
                        Some(_) => {}
                        None => {
                            let mut pair = [""; 2];
                            pair[slot] = text;
                            places.push((level, pair));
                        }
                    }
                }
                Column::Somewhere(part) => spot[usize::from(part != Part::Code)] = text,
                Column::Level => stated = heads::level(&heads::fold(text)).or(stated),
                Column::Above => above = text,
                Column::Contest => contest.push(text),
                Column::Time => time = crate::when::time(text),
                Column::By => by = text,
                Column::Round => self.round = clip(text).to_string(),
                Column::Way => way = text,
                _ => {}
            }
        }
        if !cells.iter().any(|c| matches!(number::count(c), Count::Is(_))) {
            // A footnote, a title within, or minutes nobody has filled in.
            let what = if cells.iter().filter(|c| !c.trim().is_empty()).count() <= 2 {
                "a note, no row of counts"
            } else {
                "a row without any count"
            };
            trouble(what.into(), line);
            return;
        }
        // Totals are rows of the area above.
        let total = |pair: &[&str; 2]| heads::is_total(pair[1]) || heads::is_total(pair[0]);
        places.sort_by_key(|p| std::cmp::Reverse(p.0));
        if let Some(at) = places.iter().position(|p| total(&p.1)) {
            places.truncate(at);
        }
        if self.generic && (!spot[0].is_empty() || !spot[1].is_empty()) {
            if total(&spot) {
                places.clear();
                if spot[1].is_empty() || stated.is_some() {
                    places.push((stated.unwrap_or(Level::Country), spot));
                }
            } else {
                let level = stated
                    .or(self.by_parent(spot[0], above))
                    .or(self.about.level)
                    .or(heads::level(&heads::fold(spot[1])))
                    .unwrap_or(Level::Station);
                if !above.is_empty() && level < Level::State && self.by_parent(spot[0], above).is_some() {
                    places.push((Level::State, [above, ""]));
                }
                places.push((level, spot));
            }
        }
        let race = contest.join(" ");
        // A candidate's row may hold a figure instead: `Registered Voters`, `Ballots Cast`.
        if self.long {
            self.long_row(cells, &places, &race, (by, time, way), line, trouble);
        } else {
            self.wide_row(cells, &places, &race, (by, time), line, trouble);
        }
    }

    /// The level of an area that only tells to which other it belongs: no other, the whole; the whole, a state.
    fn by_parent(&mut self, code: &str, above: &str) -> Option<Level> {
        if !self.shape.columns.iter().any(|c| c.column == Column::Above) {
            return None;
        }
        if self.above.len() < 10_000 {
            self.above.push((code.to_string(), above.to_string()));
        }
        // The whole is the last row of some tables, so its code is known by convention before it comes.
        let whole = |c: &str| c == "99" || self.above.iter().any(|(code, above)| code == c && above.is_empty());
        Some(match above {
            "" => Level::Country,
            a if whole(a) => Level::State,
            _ => Level::Constituency,
        })
    }

    fn wide_row(
        &mut self,
        cells: &[&str],
        places: &[(Level, [&str; 2])],
        race: &str,
        whose: (&str, Option<Time>),
        line: u32,
        trouble: &mut Trouble,
    ) {
        let shape = self.shape;
        let begin = shape.blocks.map_or(usize::MAX, |b| b.0);
        let mut races: Vec<&str> = shape.columns.iter().map(|c| c.race.as_str()).filter(|r| !r.is_empty()).collect();
        races.sort_unstable();
        races.dedup();
        if races.is_empty() {
            races.push("");
        }
        for part in races {
            let contest =
                if part.is_empty() || race.is_empty() { format!("{race}{part}") } else { format!("{race} {part}") };
            let Some((open, row)) = self.open(&contest, places, whose, line, false, trouble) else { return };
            for (n, told) in shape.columns.iter().enumerate().take(begin.min(cells.len())) {
                if !told.race.is_empty() && told.race != part {
                    continue;
                }
                let column = match told.column {
                    Column::Count(figure) => open.figure(figure),
                    Column::Votes | Column::Unknown | Column::Mode if !told.candidate.is_empty() => {
                        match open.candidate(&told.candidate) {
                            Some(column) => column,
                            None => {
                                trouble(MANY.into(), line);
                                continue;
                            }
                        }
                    }
                    _ => continue,
                };
                match number::count(cells[n]) {
                    Count::Is(count) => open.add(row, column, count),
                    Count::Nothing => {
                        trouble(format!("`{}` is missing", clip(told.path.last().map_or("", String::as_str))), line)
                    }
                    Count::Wrong(why) => {
                        trouble(format!("`{}` is {why}", clip(told.path.last().map_or("", String::as_str))), line)
                    }
                }
            }
            let Some((begin, period)) = shape.blocks else { continue };
            let mut at = begin;
            while at < cells.len() {
                let (mut last, mut first, mut whole, mut party, mut votes) = ("", "", "", "", None);
                for k in 0..period {
                    let (Some(told), Some(cell)) = (shape.columns.get(begin + k), cells.get(at + k)) else { continue };
                    match told.column {
                        Column::Last => last = cell.trim(),
                        Column::First => first = cell.trim(),
                        Column::Candidate => whole = cell.trim(),
                        Column::Party => party = cell.trim(),
                        Column::Votes => votes = Some(*cell),
                        _ => {}
                    }
                }
                at += period;
                let name = name(last, first, whole, party);
                match votes.map(number::count) {
                    Some(Count::Is(count)) if !name.is_empty() => match open.candidate(&name) {
                        Some(column) => open.add(row, column, count),
                        None => trouble(MANY.into(), line),
                    },
                    Some(Count::Is(_)) => trouble("votes of nobody".into(), line),
                    Some(Count::Wrong(why)) => trouble(format!("votes of `{}` are {why}", clip(&name)), line),
                    Some(Count::Nothing) if !name.is_empty() => {
                        trouble(format!("votes of `{}` are missing", clip(&name)), line)
                    }
                    _ => {}
                }
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one row")]
    fn long_row(
        &mut self,
        cells: &[&str],
        places: &[(Level, [&str; 2])],
        race: &str,
        whose: (&str, Option<Time>, &str),
        line: u32,
        trouble: &mut Trouble,
    ) {
        let shape = self.shape;
        let cell = |wanted: Column| {
            shape.columns.iter().position(|c| c.column == wanted).and_then(|n| cells.get(n)).map_or("", |c| c.trim())
        };
        let name = name(cell(Column::Last), cell(Column::First), cell(Column::Candidate), cell(Column::Party));
        let office = heads::fold(race);
        let figure = heads::figure(&heads::fold(&name))
            .or_else(|| heads::figure(&office).filter(|_| name.is_empty() || heads::fold(&name) == office));
        let figure = figure.filter(|_| cell(Column::Party).is_empty() || name == cell(Column::Party));
        if name.is_empty() && figure.is_none() {
            trouble("votes of nobody".into(), line);
            return;
        }
        // What is counted of all races at once has none.
        let race = if figure.is_some_and(|f| heads::figure(&office) == Some(f)) { "" } else { race };
        if heads::is_total(&name) && figure.is_none() {
            return;
        }
        // The total of all ways of voting stands beside them: its parts are counted.
        if !whose.2.is_empty() && heads::is_total(whose.2) {
            return;
        }
        let Some((open, row)) = self.open(race, places, (whose.0, whose.1), line, true, trouble) else { return };
        let column = match figure {
            Some(figure) => Some(open.figure(figure)),
            None => open.candidate(&name),
        };
        let Some(column) = column else {
            trouble(MANY.into(), line);
            return;
        };
        let has_votes =
            shape.columns.iter().zip(cells).any(|(c, cell)| c.column == Column::Votes && !cell.trim().is_empty());
        for (told, cell) in shape.columns.iter().zip(cells) {
            match (told.column, number::count(cell)) {
                (Column::Votes, Count::Is(count)) => open.add(row, column, count),
                (Column::Mode, Count::Is(count)) if !has_votes => open.add(row, column, count),
                (Column::Votes, Count::Nothing) => trouble(format!("votes of `{}` are missing", clip(&name)), line),
                (Column::Votes, Count::Wrong(why)) => trouble(format!("votes of `{}` are {why}", clip(&name)), line),
                (Column::Count(f), Count::Is(count)) if figure != Some(f) => {
                    let column = open.figure(f);
                    open.set(row, column, count);
                }
                _ => {}
            }
        }
    }

    /// The table of a race, and in it the row of an area.
    fn open(
        &mut self,
        race: &str,
        places: &[(Level, [&str; 2])],
        whose: (&str, Option<Time>),
        line: u32,
        long: bool,
        trouble: &mut Trouble,
    ) -> Option<(&mut Open, usize)> {
        let same = |key: &Key| key.0 == race && key.1 == whose.0 && key.2 == whose.1 && key.3 == self.round;
        let known = self.last.as_ref().filter(|(key, _)| same(key)).map(|(_, at)| *at);
        let key = || (race.to_string(), whose.0.to_string(), whose.1, self.round.clone());
        let at = match known.or_else(|| self.index.get(&key()).copied()) {
            Some(at) => at,
            None => {
                if self.open.len() >= RACES {
                    trouble("more races than are read".into(), line);
                    return None;
                }
                let about = self.about;
                let contest =
                    [about.contest.as_str(), race].into_iter().filter(|c| !c.is_empty()).collect::<Vec<_>>().join(" ");
                let table = Table {
                    part: about.part.clone(),
                    contest,
                    minutes: about.minutes || !whose.0.is_empty(),
                    by: if whose.0.is_empty() { about.by.clone() } else { whose.0.to_string() },
                    time: whose.1.or(about.time),
                    round: self.round.clone(),
                    levels: self.levels.clone(),
                    ..Table::default()
                };
                let open = Open {
                    table,
                    rows: Vec::new(),
                    strings: HashMap::default(),
                    candidates: HashMap::default(),
                    by_area: HashMap::default(),
                };
                self.open.push(open);
                self.index.insert(key(), self.open.len() - 1);
                self.open.len() - 1
            }
        };
        if known.is_none() {
            self.last = Some((key(), at));
        }
        if self.open[at].rows.len() >= ROWS && !long {
            let done = self.open[at].cut();
            self.done.push(done);
        }
        let (levels, place) = (&self.levels, self.place);
        let open = &mut self.open[at];
        let mut area = vec![0; 2 * levels.len()];
        for (n, level) in levels.iter().enumerate() {
            if let Some((_, pair)) = places.iter().find(|p| p.0 == *level) {
                for (k, text) in pair.iter().enumerate() {
                    area[2 * n + k] = open.string(text);
                }
            }
        }
        let row = match open.by_area.get(&area) {
            Some(row) if long => *row,
            _ => {
                let row = open.rows.len();
                if (row + 1).saturating_mul(open.table.candidates.len()) > CELLS {
                    trouble("more cells than are read".into(), line);
                    return None;
                }
                open.table.areas.extend(&area);
                open.rows.push(Counts::default());
                open.table.lines.push(line);
                open.table.places.extend(place.into_iter().flat_map(|(start, len)| [start, len]));
                if long {
                    open.by_area.insert(area, row);
                }
                row
            }
        };
        Some((open, row))
    }

    /// All tables, and which columns were not understood.
    pub fn finish(mut self, trouble: &mut Trouble) -> Vec<Table> {
        if !self.told {
            self.told = true;
            for head in &self.shape.unknown {
                trouble(format!("a column that is not understood: `{}`", clip(head)), self.shape.first as u32);
            }
        }
        self.done.extend(self.open.into_iter().map(|mut o| o.cut()).filter(|t| !t.is_empty()));
        self.done
    }
}

impl Open {
    fn string(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if let Some(n) = self.strings.get(text) {
            return *n;
        }
        self.table.strings.push(clip(text).to_string());
        let n = self.table.strings.len() as u32;
        self.strings.insert(text.to_string(), n);
        n
    }

    /// The column of a figure.
    fn figure(&mut self, figure: Figure) -> usize {
        if !self.table.figures.contains(&figure) {
            self.table.figures.push(figure);
        }
        figure as usize
    }

    /// The column of a candidate; none where there are more than are read.
    fn candidate(&mut self, name: &str) -> Option<usize> {
        let n = match self.candidates.get(name) {
            Some(n) => *n,
            None => {
                let n = self.table.candidates.len();
                // A table of candidates by the million is none.
                if n >= CANDIDATES || (n + 1).saturating_mul(self.rows.len()) > CELLS {
                    return None;
                }
                self.table.candidates.push(clip(name).to_string());
                self.candidates.insert(name.to_string(), n);
                n
            }
        };
        Some(Figure::ALL.len() + n)
    }

    fn slot(&mut self, row: usize, column: usize) -> &mut Option<u32> {
        let row = &mut self.rows[row];
        match column.checked_sub(Figure::ALL.len()) {
            None => &mut row.figures[column],
            Some(n) => {
                if row.votes.len() <= n {
                    row.votes.reserve_exact(self.table.candidates.len().saturating_sub(row.votes.len()));
                    row.votes.resize(n + 1, None);
                }
                &mut row.votes[n]
            }
        }
    }

    fn set(&mut self, row: usize, column: usize, count: u32) {
        *self.slot(row, column) = Some(count);
    }

    /// Adds to what stands there: ways of voting are parts, and one area may have several rows of one candidate.
    fn add(&mut self, row: usize, column: usize, count: u32) {
        let slot = self.slot(row, column);
        *slot = Some(slot.unwrap_or(0).saturating_add(count));
    }

    /// The table so far; another of the same columns begins.
    fn cut(&mut self) -> Table {
        let next = Table {
            strings: Vec::new(),
            areas: Vec::new(),
            counts: Vec::new(),
            lines: Vec::new(),
            places: Vec::new(),
            ..self.table.clone()
        };
        let mut table = std::mem::replace(&mut self.table, next);
        (self.strings, self.by_area) = (HashMap::default(), HashMap::default());
        let votes = table.candidates.len();
        table.counts.reserve_exact(self.rows.len() * table.width());
        for row in std::mem::take(&mut self.rows) {
            table.counts.extend(table.figures.iter().map(|f| row.figures[*f as usize]));
            table.counts.extend_from_slice(&row.votes);
            table.counts.extend(std::iter::repeat_n(None, votes - row.votes.len()));
        }
        table
    }
}

/// A table that is built of what is known already, row by row: documents that are no tables.
pub struct Direct(Open);

impl Direct {
    /// A new one.
    pub fn new(about: &About) -> Direct {
        let mut levels = Level::ALL.to_vec();
        levels.reverse();
        let table = Table {
            part: about.part.clone(),
            contest: about.contest.clone(),
            minutes: about.minutes,
            by: about.by.clone(),
            time: about.time,
            levels,
            ..Table::default()
        };
        let (strings, candidates, by_area) = (HashMap::default(), HashMap::default(), HashMap::default());
        Direct(Open { table, rows: Vec::new(), strings, candidates, by_area })
    }

    /// Adds a row: the areas from the widest on, figures and votes.
    pub fn row(&mut self, places: &[(Level, &str, &str)], figures: &[(Figure, u32)], votes: &[(&str, u32)], line: u32) {
        let open = &mut self.0;
        let row = open.rows.len();
        let mut area = vec![0; 2 * open.table.levels.len()];
        for (level, code, name) in places {
            let n = open.table.levels.iter().position(|l| l == level).unwrap_or_default();
            (area[2 * n], area[2 * n + 1]) = (open.string(code), open.string(name));
        }
        open.table.areas.extend(area);
        open.rows.push(Counts::default());
        open.table.lines.push(line);
        for (figure, count) in figures {
            let column = open.figure(*figure);
            open.add(row, column, *count);
        }
        for (name, count) in votes {
            if let Some(column) = open.candidate(name) {
                open.add(row, column, *count);
            }
        }
    }

    /// The table.
    pub fn finish(mut self) -> Table {
        self.0.cut()
    }
}

/// A candidate's name of what is told of him.
fn name(last: &str, first: &str, whole: &str, party: &str) -> String {
    match (last.is_empty(), whole.is_empty()) {
        (false, _) if first.is_empty() => last.to_string(),
        (false, _) => format!("{first} {last}"),
        (true, false) => whole.to_string(),
        (true, true) => party.to_string(),
    }
}

/// At most so many bytes of a name.
fn clip(text: &str) -> &str {
    let mut end = text.len().min(200);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
