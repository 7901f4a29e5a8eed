//! Areas, races and releases of all tables together: which areas of two tables are one, which candidates, and which figures
//! stand where.
//!
//! You may rely on: codes match whatever zeros they begin with; a commune's code with or without its department's is one; what
//! has no code is known by its name, where that is only one's. Left out: communes that merged or changed their code from one
//! year to the next.

use crate::heads;
use foldhash::{HashMap, HashMapExt};
use model::Time;
use rows::station_minutes::{Figure, Level, Table};

/// No figure.
pub const NONE: u32 = u32::MAX;
/// Columns of figures; candidates come after.
pub const FIGURES: usize = Figure::ALL.len();

/// An area.
#[derive(Clone, Debug)]
pub struct Area {
    /// Its level.
    pub level: Level,
    /// Its code as evidence writes it; its name where it has none.
    pub shown: String,
    /// Its name, empty where only a code is told.
    pub name: String,
    /// The areas around it.
    pub parents: Vec<(Level, u32)>,
    /// Its key, the same for all spellings of its code.
    key: String,
}

/// A race: an election, an office or a round.
#[derive(Clone, Debug, Default)]
pub struct Contest {
    /// What it is called; empty where nothing says so.
    pub name: String,
    /// Its candidates.
    pub candidates: Vec<String>,
    words: Vec<Vec<String>>,
    /// What its name says.
    told: Race,
}

/// What one file or sheet says of one race as of one time.
#[derive(Clone, Debug)]
pub struct Release {
    /// Which file: its place among the sources.
    pub source: usize,
    /// The sheet.
    pub part: String,
    /// The race.
    pub contest: usize,
    /// As of when.
    pub time: Option<Time>,
    /// Minutes of stations.
    pub minutes: bool,
    /// Who collected them.
    pub by: String,
    /// Which area each row is of.
    pub areas: Vec<u32>,
    /// The rows' lines.
    pub lines: Vec<u32>,
    /// Columns.
    width: usize,
    cells: Vec<u32>,
    /// The first row of each area.
    index: HashMap<u32, u32>,
    /// Rows of an area that has one already.
    pub twice: Vec<(u32, u32)>,
}

impl Release {
    /// The figure of a row; [`NONE`] where there is none.
    pub fn cell(&self, row: u32, column: usize) -> u32 {
        if column < self.width { self.cells[row as usize * self.width + column] } else { NONE }
    }

    /// The row of an area.
    pub fn row(&self, area: u32) -> Option<u32> {
        self.index.get(&area).copied()
    }
}

/// All tables together.
#[derive(Debug, Default)]
pub struct World {
    /// Names of files.
    pub sources: Vec<String>,
    /// Areas.
    pub areas: Vec<Area>,
    /// Races.
    pub contests: Vec<Contest>,
    /// Releases.
    pub releases: Vec<Release>,
    by_key: HashMap<(Level, String), u32>,
    by_name: HashMap<(Level, String), Vec<u32>>,
    /// Words of a path that were met before, by the words themselves: most rows repeat their parents.
    met: HashMap<(Level, u32, String, String), u32>,
}

impl World {
    /// Of tables, each with the place of its file among the sources. What has codes comes first, so that names find them.
    pub fn new(sources: Vec<String>, tables: Vec<(usize, Table)>) -> World {
        let mut world = World { sources, ..World::default() };
        world.area(Level::Country, "", "", &[]);
        let coded = |t: &Table| {
            let width = 2 * t.levels.len();
            t.areas.iter().enumerate().any(|(n, s)| (n % width.max(1)).is_multiple_of(2) && *s != 0)
        };
        let mut tables: Vec<(bool, usize, Table)> = tables.into_iter().map(|(s, t)| (!coded(&t), s, t)).collect();
        tables.sort_by(|a, b| {
            (a.0, &world.sources[a.1], &a.2.part, &a.2.contest, a.2.time).cmp(&(
                b.0,
                &world.sources[b.1],
                &b.2.part,
                &b.2.contest,
                b.2.time,
            ))
        });
        for (_, source, table) in tables {
            world.add(source, &table);
        }
        for r in &mut world.releases {
            for (row, area) in r.areas.iter().enumerate() {
                match r.index.entry(*area) {
                    std::collections::hash_map::Entry::Occupied(first) => r.twice.push((*first.get(), row as u32)),
                    std::collections::hash_map::Entry::Vacant(free) => drop(free.insert(row as u32)),
                }
            }
        }
        world
    }

    fn add(&mut self, source: usize, table: &Table) {
        // Ballots that an audit drew are no result.
        if table.figures.is_empty() && table.candidates.is_empty() || !table.round.is_empty() {
            return;
        }
        let contest = self.contest(table);
        let columns: Vec<usize> = table
            .figures
            .iter()
            .map(|f| *f as usize)
            .chain(self.candidates(contest, &table.candidates).into_iter().map(|c| FIGURES + c))
            .collect();
        let width = FIGURES + self.contests[contest].candidates.len();
        let same = |r: &Release| {
            r.source == source
                && r.part == table.part
                && r.contest == contest
                && r.time == table.time
                && r.minutes == table.minutes
                && r.by == table.by
                && r.width == width
        };
        let at = match self.releases.iter().rposition(same) {
            Some(at) => at,
            None => {
                self.releases.push(Release {
                    source,
                    part: table.part.clone(),
                    contest,
                    time: table.time,
                    minutes: table.minutes,
                    by: table.by.clone(),
                    areas: Vec::new(),
                    lines: Vec::new(),
                    width,
                    cells: Vec::new(),
                    index: HashMap::new(),
                    twice: Vec::new(),
                });
                self.releases.len() - 1
            }
        };
        let mut known = HashMap::new();
        for row in 0..table.len() {
            let area = self.place(table, row, &mut known);
            let release = &mut self.releases[at];
            let from = release.cells.len();
            release.cells.resize(from + width, NONE);
            for (column, count) in columns.iter().zip(table.row(row)) {
                if let Some(count) = count {
                    release.cells[from + column] = (*count).min(NONE - 1);
                }
            }
            release.areas.push(area);
            release.lines.push(table.lines[row]);
        }
    }

    /// The area of a row, and all around it. `known` are those of the table so far, by the area around them and the numbers of
    /// their words: most rows repeat their parents.
    fn place(&mut self, table: &Table, row: usize, known: &mut HashMap<(Level, u32, [u32; 2]), u32>) -> u32 {
        let mut parents: Vec<(Level, u32)> = Vec::with_capacity(4);
        parents.push((Level::Country, 0));
        let mut last = 0;
        for (level, code, name) in table.area(row) {
            let at = row * 2 * table.levels.len();
            let n = table.levels.iter().position(|l| *l == level).unwrap_or_default();
            let words = table.areas.get(at + 2 * n..at + 2 * n + 2).map_or([0; 2], |w| [w[0], w[1]]);
            let nearest = parents.last().map_or(u32::MAX, |p| p.1);
            last = match known.get(&(level, nearest, words)) {
                Some(area) => *area,
                None => {
                    let area = self.area(level, code, name, &parents);
                    known.insert((level, nearest, words), area);
                    area
                }
            };
            if level != Level::Country {
                parents.push((level, last));
            }
        }
        last
    }

    fn area(&mut self, level: Level, code: &str, name: &str, parents: &[(Level, u32)]) -> u32 {
        let nearest = parents.last().map_or(u32::MAX, |p| p.1);
        let met = (level, nearest, code.to_string(), name.to_string());
        if let Some(area) = self.met.get(&met) {
            return *area;
        }
        let area = self.find(level, code, name, parents);
        self.met.insert(met, area);
        let known = &mut self.areas[area as usize];
        if known.name.is_empty() {
            known.name = name.to_string();
            if !name.is_empty() && level != Level::Country {
                self.by_name.entry((level, heads::fold(name))).or_default().push(area);
            }
        }
        for parent in parents {
            if parent.1 != area && !known.parents.iter().any(|p| p.0 == parent.0) {
                known.parents.push(*parent);
            }
        }
        area
    }

    fn find(&mut self, level: Level, code: &str, name: &str, parents: &[(Level, u32)]) -> u32 {
        let key = if level == Level::Country { String::new() } else { self.key(level, code, name, parents) };
        if let Some(area) = self.by_key.get(&(level, key.clone())) {
            return *area;
        }
        // Without a code, a name that only one has, within the same area where that is known.
        if code.is_empty() && !name.is_empty() {
            let around = parents.last().filter(|p| p.0 != Level::Country);
            let named = self.by_name.get(&(level, heads::fold(name)));
            let fits = |a: &&u32| {
                around.is_none_or(|p| self.areas[**a as usize].parents.iter().all(|q| q.0 != p.0 || q.1 == p.1))
            };
            let fitting: Vec<u32> = named.into_iter().flatten().filter(fits).copied().collect();
            if let [one] = fitting[..] {
                return one;
            }
        }
        let area = self.areas.len() as u32;
        let parent_code = |level| parents.iter().find(|p| p.0 == level).map(|p| self.areas[p.1 as usize].shown.clone());
        let shown = match (code, level) {
            ("", _) => name.to_string(),
            (code, Level::Commune) if code.len() <= 3 => {
                parent_code(Level::Department).unwrap_or_default() + &format!("{code:0>3}")
            }
            (code, Level::Station) => match [Level::Commune, Level::County].into_iter().find_map(parent_code) {
                Some(parent) => format!("{parent} {code}"),
                None => code.to_string(),
            },
            (code, Level::Canton | Level::Constituency) if code.len() <= 2 => match parent_code(Level::Department) {
                Some(parent) => format!("{parent}-{code}"),
                None => code.to_string(),
            },
            (code, _) => code.to_string(),
        };
        self.areas.push(Area { level, shown, name: String::new(), parents: Vec::new(), key: key.clone() });
        self.by_key.insert((level, key), area);
        area
    }

    /// The key of an area.
    fn key(&self, level: Level, code: &str, name: &str, parents: &[(Level, u32)]) -> String {
        let parent = |of: &[Level]| {
            of.iter().find_map(|l| parents.iter().find(|p| p.0 == *l)).map(|p| self.areas[p.1 as usize].key.as_str())
        };
        let plain = plain(code);
        match level {
            _ if code.is_empty() => {
                let name = match level {
                    Level::Region => region(name),
                    _ => heads::fold(name),
                };
                if level == Level::Region && name.bytes().all(|b| b.is_ascii_digit()) {
                    return name;
                }
                let around = parents
                    .last()
                    .filter(|p| p.0 != Level::Country && level < Level::Department)
                    .map(|p| self.areas[p.1 as usize].key.as_str());
                format!("{}={name}", around.unwrap_or_default())
            }
            Level::Commune => match parent(&[Level::Department]) {
                Some(dep) if plain.len() <= 3 => {
                    let dep = overseas(dep);
                    // A department overseas has three figures, the last of which begins the codes of its communes.
                    let dep =
                        if dep.len() == 3 && dep.starts_with('9') && plain.len() == 3 && plain.starts_with(&dep[2..]) {
                            &dep[..2]
                        } else {
                            dep
                        };
                    format!("{dep}{plain:0>width$}", width = 5 - dep.len().clamp(2, 3))
                        .trim_start_matches('0')
                        .to_string()
                }
                _ => plain,
            },
            Level::Department => overseas(&plain).to_string(),
            Level::Station => {
                match parent(&[Level::Commune, Level::County, Level::Constituency, Level::Department, Level::State]) {
                    Some(around) => format!("{around}/{plain}"),
                    None => plain,
                }
            }
            Level::Canton | Level::Constituency | Level::County => match parent(&[Level::Department, Level::State]) {
                Some(around) => match (code.trim(), plain.strip_prefix(around)) {
                    // `10` of department 1 is no canton 0 of it.
                    (short, _) if short.len() <= 2 || short.len() == 3 && short.starts_with('0') => {
                        format!("{around}-{plain}")
                    }
                    (_, Some(own)) if !own.is_empty() => format!("{around}-{}", own.trim_start_matches('0')),
                    _ if plain.len() <= 3 => format!("{around}-{plain}"),
                    _ => plain,
                },
                None => plain,
            },
            _ => plain,
        }
    }

    /// The race of a table: what is told of year, round and office must agree, and of the candidates most; of several races
    /// that with the most in common.
    fn contest(&mut self, table: &Table) -> usize {
        let told = Race::of(&table.contest);
        let named: Vec<Vec<String>> = table.candidates.iter().map(|c| heads::name_words(c)).collect();
        let alike = |contest: &Contest| {
            let both = named.iter().filter(|c| contest.words.iter().any(|w| one(w, c))).count();
            let most = named.len().max(contest.words.len());
            // Few candidates of an office that is told by its name are still that office's.
            let same = told == contest.told && !told.office.is_empty();
            let enough = both * 4 >= most * 3
                || named.is_empty()
                || contest.words.is_empty()
                || same && (both > 0 || named.len() < 2);
            enough.then_some(both)
        };
        let fitting = self.contests.iter().enumerate().filter(|(_, c)| told.agrees(&c.told));
        match fitting.filter_map(|(n, c)| Some((alike(c)?, std::cmp::Reverse(n)))).max() {
            Some((_, std::cmp::Reverse(n))) => {
                if self.contests[n].name.len() < table.contest.len() {
                    self.contests[n].name = table.contest.clone();
                    self.contests[n].told = told;
                }
                n
            }
            None => {
                self.contests.push(Contest { name: table.contest.clone(), told, ..Contest::default() });
                self.contests.len() - 1
            }
        }
    }

    /// The race's candidates that a table names, in its order.
    fn candidates(&mut self, contest: usize, names: &[String]) -> Vec<usize> {
        let contest = &mut self.contests[contest];
        let mut taken: Vec<usize> = Vec::new();
        let all: Vec<Vec<String>> = names.iter().map(|n| heads::name_words(n)).collect();
        let exact: Vec<Option<usize>> = all.iter().map(|w| contest.words.iter().position(|c| c == w)).collect();
        for (name, (words, own)) in names.iter().zip(all.iter().zip(&exact)) {
            let like = || {
                let mut fitting =
                    (0..contest.words.len()).filter(|c| one(&contest.words[*c], words) && !exact.contains(&Some(*c)));
                fitting.next().filter(|_| fitting.next().is_none())
            };
            let found = own.or_else(like).filter(|c| !taken.contains(c));
            let n = match found {
                Some(n) => {
                    if words.len() > contest.words[n].len() {
                        (contest.words[n], contest.candidates[n]) = (words.clone(), name.clone());
                    }
                    n
                }
                None => {
                    contest.words.push(words.clone());
                    contest.candidates.push(name.clone());
                    contest.words.len() - 1
                }
            };
            taken.push(n);
        }
        taken
    }

    /// What a column counts.
    pub fn column(&self, contest: usize, column: usize) -> &str {
        match Figure::ALL.get(column) {
            Some(figure) => figure.as_str(),
            None => &self.contests[contest].candidates[column - FIGURES],
        }
    }

    /// The file of a release, and its sheet.
    pub fn source(&self, release: &Release) -> String {
        let file = &self.sources[release.source];
        if release.part.is_empty() { file.clone() } else { format!("{file} [{}]", release.part) }
    }

    /// The area around another at a level; itself at its own.
    pub fn around(&self, area: u32, level: Level) -> Option<u32> {
        let a = &self.areas[area as usize];
        if a.level == level {
            return Some(area);
        }
        if level == Level::Country {
            return Some(0);
        }
        a.parents.iter().find(|p| p.0 == level).map(|p| p.1)
    }

    /// Whether the departments are those of France.
    pub fn is_france(&self) -> bool {
        ["2A", "2B", "75", "974"].iter().all(|d| self.by_key.contains_key(&(Level::Department, d.to_string())))
    }

    /// The key of an area, the same for all spellings.
    pub fn key_of(&self, area: u32) -> &str {
        &self.areas[area as usize].key
    }
}

/// A code without the zeros before it, in capitals.
fn plain(code: &str) -> String {
    let code = code.trim().trim_end_matches(".0");
    let code = code.trim_start_matches('0');
    if code.is_empty() { "0".into() } else { code.to_uppercase() }
}

/// Departments overseas as the ministry's own letters, and as INSEE numbers them.
fn overseas(dep: &str) -> &str {
    match dep {
        "ZA" => "971",
        "ZB" => "972",
        "ZC" => "973",
        "ZD" => "974",
        "ZM" => "976",
        "ZN" => "988",
        "ZP" => "987",
        "ZS" => "975",
        "ZW" => "986",
        "ZX" => "977",
        "ZZ" => "99",
        other => other,
    }
}

/// Regions of France by name: their codes (INSEE, code officiel géographique since 2016).
fn region(name: &str) -> String {
    const NAMES: &[(&str, &str)] = &[
        ("guadeloupe", "1"),
        ("martinique", "2"),
        ("guyane", "3"),
        ("reunion", "4"),
        ("mayotte", "6"),
        ("ile france", "11"),
        ("centre val loire", "24"),
        ("bourgogne franche comte", "27"),
        ("normandie", "28"),
        ("hauts france", "32"),
        ("grand est", "44"),
        ("pays loire", "52"),
        ("bretagne", "53"),
        ("nouvelle aquitaine", "75"),
        ("occitanie", "76"),
        ("auvergne rhone alpes", "84"),
        ("provence alpes cote azur", "93"),
        ("corse", "94"),
    ];
    let folded = heads::fold(name);
    let words: Vec<&str> = folded
        .split(' ')
        .filter(|w| {
            !["region", "et", "la", "de", "d", "des", "france"].contains(w)
                || *w == "france" && folded.contains(" de france")
        })
        .collect();
    let words = words.join(" ");
    NAMES.iter().find(|(n, _)| *n == words).map_or(folded, |(_, code)| code.to_string())
}

/// What the name of a race says.
#[derive(Clone, PartialEq, Debug, Default)]
struct Race {
    year: Option<String>,
    round: Option<char>,
    office: String,
}

impl Race {
    /// Rounds by their number, however they are written.
    fn of(name: &str) -> Race {
        let mut race = Race { year: None, round: None, office: String::new() };
        for word in heads::fold(name).split(' ') {
            match word {
                "round" | "tour" | "le" | "de" | "du" | "the" => {}
                "1" | "1er" | "premier" | "first" | "t1" | "tour1" | "i" => race.round = Some('1'),
                "2" | "2e" | "2nd" | "2eme" | "second" | "deuxieme" | "t2" | "tour2" | "ii" => race.round = Some('2'),
                year if year.len() == 4
                    && (year.starts_with("19") || year.starts_with("20"))
                    && year.bytes().all(|b| b.is_ascii_digit()) =>
                {
                    race.year = Some(year.into());
                }
                word => {
                    race.office.push_str(word);
                    race.office.push(' ');
                }
            }
        }
        race
    }

    /// Whether nothing that both say differs.
    fn agrees(&self, other: &Race) -> bool {
        fn either<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
            a.is_none() || b.is_none() || a == b
        }
        either(&self.year, &other.year)
            && either(&self.round, &other.round)
            && (self.office.is_empty() || other.office.is_empty() || self.office == other.office)
    }
}

/// Whether two sorted lists of words may be one name: one holds all of the other.
fn one(a: &[String], b: &[String]) -> bool {
    let within = |few: &[String], many: &[String]| few.iter().all(|w| many.contains(w));
    !a.is_empty() && !b.is_empty() && (within(a, b) || within(b, a))
}
