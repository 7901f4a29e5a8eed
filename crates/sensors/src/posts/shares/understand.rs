//! What a table is taken for: which column says what and how its times are written, told by the names of the columns
//! and by what stands in them, before anything is made of it.
//!
//! You may rely on: a mapping by hand is believed; of the usual names that one is taken whose cells are what they should
//! be. A column of ids that a spreadsheet rounded, of row numbers beside ids, of the posts' own addresses, of times that
//! no post can have is seen and said ([`Understood::told`]). Left out: what lies beyond the first 64 KiB.

use super::columns::{Columns, Mapping, ROLES, Role, normal};
use super::dates::Dates;
use super::read::{Format, fed, only_returns};
use super::{csv, json, url};
use model::Text;
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Records of the beginning that are looked at.
const SAMPLE: usize = 400;
/// Records above a header: what a monitoring service writes of the query.
const PREAMBLE: usize = 40;
/// Columns that are looked at.
const WIDTH: usize = 2_000;
/// Heads of tables that were made where the day comes before the month.
const DAY_FIRST: [&str; 12] = [
    "auteur",
    "texte",
    "lien",
    "liens",
    "compte",
    "heure",
    "utilisateur",
    "fecha",
    "autor",
    "datum",
    "testo",
    "horodatage",
];

/// A table as it is understood.
#[derive(Clone, Debug)]
pub struct Understood {
    /// How it is written.
    pub format: Format,
    /// The names of its columns; of JSON the keys that were seen, dotted.
    pub header: Vec<String>,
    /// Which column says what.
    pub columns: Columns,
    /// How times are written.
    pub dates: Dates,
    /// The column of the hour beside a column of days.
    pub clock: Option<usize>,
    /// Further columns of links.
    pub links: Vec<usize>,
    /// The column that holds each post's own address.
    pub own: Option<usize>,
    /// Columns of ids that a spreadsheet spoilt.
    pub spoilt: Vec<usize>,
    /// Articles of media, known by their addresses.
    pub articles: bool,
    /// How sure it is that these are posts.
    pub sure: u8,
    /// The names of the columns alone say all of this: the fast reader may read it.
    pub plain: bool,
}

/// The cells of some records, by record and column.
pub type Sample = Vec<Vec<Vec<u8>>>;

impl Understood {
    /// Of a file's beginning; none where it has no columns of posts.
    pub fn of(head: &[u8], mapping: &Mapping, fit: impl Fn(&Columns) -> bool) -> Option<Understood> {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let mended = only_returns(head).then(|| {
            let mut head = head.to_vec();
            fed(&mut head);
            head
        });
        let head = mended.as_deref().unwrap_or(head);
        let line = &head[..memchr::memchr(b'\n', head).unwrap_or(head.len())];
        if line.trim_ascii_start().starts_with(b"{") {
            return lines(head, line, mapping, fit);
        }
        if matches!(line.trim_ascii_start().first(), Some(b'[' | b'<')) {
            return None;
        }
        csv::SEPARATORS.iter().find_map(|&separator| {
            let whole = csv::whole(head, separator).unwrap_or(head.len());
            let mut found: Option<(Vec<String>, usize)> = None;
            let (mut sample, mut before) = (Sample::new(), 0);
            csv::records(&head[..whole], separator, |start, len, _, cells| {
                match &found {
                    // Every file is asked whether it is a table: what programs wrote for programs has no header.
                    None if before < PREAMBLE && cells.iter().any(|c| c.contains(&0)) => before += 1,
                    None if before < PREAMBLE => {
                        before += 1;
                        let names: Vec<String> =
                            cells.iter().take(WIDTH).map(|c| String::from_utf8_lossy(c).into_owned()).collect();
                        // Above a header stands anything; what has two cells is no header there.
                        let is_header = fit(&mapping.proposed(&names)) && (start == 0 || names.len() > 2);
                        found = is_header.then_some((names, start + len));
                    }
                    Some(_) if sample.len() < SAMPLE => {
                        sample.push(cells.iter().take(WIDTH).map(|c| c.to_vec()).collect());
                    }
                    _ => {}
                }
            });
            let (header, body) = found?;
            let format =
                Format::Csv { separator, width: header.len(), body: if before == 1 { 0 } else { body as u64 } };
            Some(Understood::made(format, header, &sample, mapping))
        })
    }

    /// Of records that were cut out of a document, or of rows of a sheet.
    pub fn of_values(values: &[Value], mapping: &Mapping, fit: impl Fn(&Columns) -> bool) -> Option<Understood> {
        let mut header = Vec::new();
        let mut seen = BTreeSet::new();
        for value in values.iter().take(SAMPLE) {
            json::paths(value, &mut |path| {
                if header.len() < WIDTH && seen.insert(path.to_string()) {
                    header.push(path.to_string());
                }
            });
        }
        if !fit(&mapping.columns(&header)) {
            return None;
        }
        let row = |value: &Value| header.iter().map(|key| json::said(value, &[key]).into_bytes()).collect();
        let sample: Sample = values.iter().take(SAMPLE).map(row).collect();
        Some(Understood::made(Format::Json, header, &sample, mapping))
    }

    fn made(format: Format, header: Vec<String>, sample: &Sample, mapping: &Mapping) -> Understood {
        let is_table = matches!(format, Format::Csv { .. });
        let choice = Choice { header: &header, sample, mapping, is_table };
        let by_name = if is_table { mapping.proposed(&header) } else { mapping.columns(&header) };
        let mut columns = Columns::default();
        for role in Role::ALL {
            columns.set(role, choice.column(role));
        }
        let spoilt: Vec<usize> = [Role::Account, Role::Content]
            .into_iter()
            .flat_map(|role| mapping.candidates(role, &header))
            .filter(|at| is_spoilt(choice.cells(*at)))
            .collect();
        let mut own = None;
        if !mapping.names(Role::Url) {
            let places = mapping.candidates(Role::Url, &header);
            own = places.iter().copied().find(|at| choice.is_own(*at, &columns));
            let guessed = choice.guesses(Role::Url);
            own = own.or_else(|| guessed.iter().copied().find(|at| choice.is_own(*at, &columns)));
            let other = places.into_iter().find(|at| choice.filled(*at) && !choice.is_own(*at, &columns));
            let proposed = |at: &usize| choice.proves(*at, Role::Url) && !choice.is_own(*at, &columns);
            let other = other.or_else(|| guessed.into_iter().find(proposed));
            if own.is_some() {
                columns.set(Role::Url, other);
            }
            // A post without an id is known by its address.
            if let (Some(at), None, false) = (own, columns.get(Role::Content), mapping.names(Role::Content)) {
                columns.set(Role::Content, Some(at));
            }
        }
        // Where the same words name who is meant and what it is called, the id is the one to be known by.
        let day_first = matches!(format, Format::Csv { separator: b';', .. })
            || header.iter().any(|name| DAY_FIRST.contains(&normal(name).as_str()));
        let (dates, clock) = choice.dates(columns.get(Role::Timestamp), day_first);
        let links = match columns.get(Role::Url).map(|at| normal(&header[at])) {
            Some(name) if name == "tco1_step1" => {
                let more = |name: &String| matches!(normal(name).as_str(), "tco2_step1" | "tco3_step1");
                (0..header.len()).filter(|at| more(&header[*at])).collect()
            }
            _ => Vec::new(),
        };
        let has = |name: &str| header.iter().any(|h| normal(h) == name);
        let articles = has("media_name") && has("url") && has("title") && !mapping.names(Role::Account);
        let sure = choice.sure(&columns, &dates, clock, mapping);
        let dictionary = columns.get(Role::Account).is_some_and(|at| choice.cells(at).any(|c| c.starts_with(b"{")));
        // The fast reader looks for keys of JSON by their usual names, letter by letter.
        let known = |role: Role, at: usize| {
            matches!(format, Format::Csv { .. }) || mapping.keys(role).contains(&header[at].as_str())
        };
        let same = Role::ALL.iter().all(|role| {
            let at = columns.get(*role);
            at == by_name.get(*role) && at.is_none_or(|at| known(*role, at))
        });
        let above = matches!(format, Format::Csv { body: 1.., .. });
        let latin = sample.iter().flatten().any(|c| std::str::from_utf8(c).is_err());
        // What somebody says holds links may hold their numbers.
        let plain = same
            && !mapping.names(Role::Url)
            && !(above || latin || dictionary || articles || own.is_some() || clock.is_some())
            && dates.is_plain()
            && links.is_empty();
        Understood { format, header, columns, dates, clock, links, own, spoilt, articles, sure, plain }
    }

    /// What was taken for what, in words.
    pub fn told(&self) -> Text {
        let name = |at: usize| format!("`{}`", self.header.get(at).map_or("", String::as_str).trim());
        let (mut en, mut fr) = (Vec::new(), Vec::new());
        for role in Role::ALL {
            let Some(at) = self.columns.get(role) else { continue };
            en.push(format!("{role} = {}", name(at)));
            fr.push(format!("{role} = {}", name(at)));
        }
        let order = match (self.dates.order, self.dates.guessed, self.dates.serial) {
            (_, _, true) => Some(("times are day numbers of a spreadsheet", "heures : nombres de jours d’un tableur")),
            (Some(super::dates::Order::Day), false, _) => Some(("days stand before months", "le jour précède le mois")),
            (Some(super::dates::Order::Month), false, _) => {
                Some(("months stand before days", "le mois précède le jour"))
            }
            (Some(super::dates::Order::Day), true, _) => Some((
                "days are taken to stand before months, though no number above 12 says so",
                "le jour est supposé précéder le mois, sans qu’un nombre supérieur à 12 le confirme",
            )),
            (Some(super::dates::Order::Month), true, _) => Some((
                "months are taken to stand before days, though no number above 12 says so",
                "le mois est supposé précéder le jour, sans qu’un nombre supérieur à 12 le confirme",
            )),
            _ => None,
        };
        let mut more_en: Vec<String> = order.iter().map(|o| o.0.to_string()).collect();
        let mut more_fr: Vec<String> = order.iter().map(|o| o.1.to_string()).collect();
        if self.dates.wrong {
            more_en.push("what stands there can be no time of a post: name the right column (`timestamp=…`)".into());
            more_fr.push(
                "ce qui s’y trouve ne peut être l’heure d’une publication : nommer la bonne colonne (`timestamp=…`)"
                    .into(),
            );
        }
        if let Some(at) = self.own {
            more_en.push(format!("{} is each post’s own address, no link it shares", name(at)));
            more_fr.push(format!("{} est l’adresse de chaque publication, non un lien partagé", name(at)));
        }
        for at in &self.spoilt {
            more_en.push(format!("ids in {} were rounded by a spreadsheet and are not used", name(*at)));
            more_fr
                .push(format!("les identifiants de {} ont été arrondis par un tableur et ne servent pas", name(*at)));
        }
        let join = |columns: Vec<String>, more: Vec<String>| {
            [vec![columns.join(", ")], more]
                .concat()
                .into_iter()
                .filter(|p| !p.is_empty())
                .collect::<Vec<_>>()
                .join("; ")
        };
        Text::new(join(en, more_en), join(fr, more_fr).replace("; ", " ; "))
    }
}

/// JSON on lines.
fn lines(head: &[u8], line: &[u8], mapping: &Mapping, fit: impl Fn(&Columns) -> bool) -> Option<Understood> {
    // One record may lack what others have: the first few tell.
    let mut values: Vec<Value> =
        head.split(|b| *b == b'\n').take(SAMPLE).filter_map(|l| json::object(l.trim_ascii())).collect();
    if values.is_empty() && line.len() == head.len() {
        // The first record is longer than all that is seen of the file: its keys tell.
        values = vec![json::keys(line)];
    }
    Understood::of_values(&values, mapping, fit)
}

/// Choosing columns.
struct Choice<'s> {
    header: &'s [String],
    sample: &'s Sample,
    mapping: &'s Mapping,
    /// Separated values, whose heads somebody wrote for people.
    is_table: bool,
}

impl Choice<'_> {
    fn guesses(&self, role: Role) -> Vec<usize> {
        if self.is_table { self.mapping.guesses(role, self.header) } else { Vec::new() }
    }

    fn cells(&self, at: usize) -> impl Iterator<Item = &[u8]> + Clone {
        self.sample.iter().map(move |row| row.get(at).map_or(&[][..], |c| c.trim_ascii())).filter(|c| !c.is_empty())
    }

    fn filled(&self, at: usize) -> bool {
        self.cells(at).next().is_some()
    }

    fn column(&self, role: Role) -> Option<usize> {
        let candidates = self.mapping.candidates(role, self.header);
        if self.mapping.names(role) || self.sample.is_empty() {
            return candidates.first().copied();
        }
        let sound = |at: &usize| match role {
            Role::Account | Role::Content => !is_spoilt(self.cells(*at)),
            _ => true,
        };
        let fits = |at: &usize| match role {
            Role::Account => 2 * self.cells(*at).count() >= self.sample.len(),
            Role::Content => self.filled(*at) && !is_count(self.cells(*at)),
            // A video's `caption` says whether it has one.
            Role::Text => self.cells(*at).any(|c| !matches!(c, b"true" | b"false" | b"True" | b"False" | b"0" | b"1")),
            Role::Timestamp => {
                let (all, read) = self.cells(*at).fold((0, 0), |(n, read), cell| {
                    let order = [super::dates::Order::Day, super::dates::Order::Month];
                    let reads = super::stamp(cell).is_some()
                        || order.into_iter().any(|o| super::dates::written(cell, Some(o)).is_some());
                    (n + 1, read + usize::from(reads))
                });
                all > 0 && 2 * read >= all
            }
            _ => self.filled(*at),
        };
        let mut sound = candidates.into_iter().filter(sound);
        let first = sound.clone().next();
        let guess = || {
            let mut proved = self.guesses(role).into_iter().filter(|at| self.proves(*at, role));
            match role {
                // Of several texts the longest is what the post says.
                Role::Text => proved.max_by_key(|at| (self.cells(*at).map(<[u8]>::len).sum::<usize>(), Reverse(*at))),
                _ => proved.find(fits),
            }
        };
        sound.find(fits).or_else(guess).or(first)
    }

    /// Whether what stands in a column is what its head, which is no usual name, says: for posts are told by it.
    fn proves(&self, at: usize, role: Role) -> bool {
        let (mut all, mut links, mut words, mut long) = (0, 0, 0, 0);
        let mut seen = BTreeSet::new();
        for cell in self.cells(at) {
            all += 1;
            links += usize::from(memchr::memmem::find(cell, b"://").is_some());
            words += usize::from(cell.iter().filter(|b| **b == b' ').count() >= 2);
            long += usize::from(cell.len() > 100);
            seen.insert(cell);
        }
        let most = |n: usize| all > 0 && 2 * n >= all;
        match role {
            Role::Url => most(links),
            Role::Text => most(words),
            // Names and ids are short, and no numbers that count something.
            Role::Account => {
                2 * all >= self.sample.len()
                    && long == 0
                    && links == 0
                    && !is_count(self.cells(at))
                    && !is_spoilt(self.cells(at))
            }
            Role::Content => {
                seen.len() == all && all == self.sample.len() && !is_count(self.cells(at)) && !is_spoilt(self.cells(at))
            }
            Role::Timestamp => true,
            _ => false,
        }
    }

    /// Whether a column holds the address of each post itself: with its id, or under its account's name.
    fn is_own(&self, at: usize, columns: &Columns) -> bool {
        fn cell(row: &[Vec<u8>], at: Option<usize>) -> Cow<'_, str> {
            at.and_then(|at| row.get(at)).map_or(Cow::Borrowed(""), |c| String::from_utf8_lossy(c.trim_ascii()))
        }
        let (mut all, mut by_id, mut by_name) = (0, 0, 0);
        let mut seen = BTreeSet::new();
        let of = |role| [self.mapping.candidates(role, self.header), self.guesses(role)].concat();
        let whose: BTreeSet<usize> =
            [Role::Account, Role::Name].into_iter().flat_map(of).filter(|n| *n != at).collect();
        for row in self.sample.iter() {
            let link = cell(row, Some(at));
            let Some((_, path)) = link.split_once("://").and_then(|(_, rest)| rest.split_once('/')) else {
                all += usize::from(!link.is_empty());
                continue;
            };
            all += 1;
            seen.insert(url(&link).unwrap_or_default());
            let parts: Vec<&str> = path.split(['/', '?', '=', '&', '#']).collect();
            let id = cell(row, columns.get(Role::Content));
            let id = id.trim_start_matches('x');
            by_id += usize::from(id.len() > 3 && parts.iter().any(|p| p.ends_with(id)));
            let names: Vec<String> = whose.iter().map(|at| cell(row, Some(*at)).to_lowercase()).collect();
            let named = |p: &&str| {
                let part = p.trim_start_matches('@').to_lowercase();
                !part.is_empty() && names.iter().any(|n| n.trim_start_matches('@') == part)
            };
            by_name += usize::from(parts.len() > 1 && parts.iter().any(named));
        }
        let most = |n: usize| all > 0 && 10 * n >= 9 * all;
        most(by_id) || (all > 2 && seen.len() == all && most(by_name))
    }

    /// How times are written, and the column of the hour where the day stands alone.
    fn dates(&self, at: Option<usize>, day_first: bool) -> (Dates, Option<usize>) {
        let Some(at) = at else { return (Dates::default(), None) };
        let day = |cell: &[u8]| !cell.contains(&b':') && cell.len() < 24 && cell.iter().any(u8::is_ascii_digit);
        let time = |cell: &[u8]| cell.len() <= 11 && cell.contains(&b':') && cell[0].is_ascii_digit();
        let alone = self.filled(at) && self.cells(at).all(|c| day(c) && !c.iter().all(u8::is_ascii_digit));
        let named =
            |name: &String| matches!(normal(name).as_str(), "time" | "hour" | "heure" | "hora" | "uhrzeit" | "ora");
        let clock = (0..self.header.len())
            .find(|c| alone && *c != at && named(&self.header[*c]) && self.filled(*c) && self.cells(*c).all(time));
        (Dates::of(self.cells(at), day_first), clock)
    }

    fn sure(&self, columns: &Columns, dates: &Dates, clock: Option<usize>, mapping: &Mapping) -> u8 {
        let has = |role: Role| columns.get(role).is_some();
        let guessed = |role: &Role| columns.get(*role).is_some_and(|at| self.guesses(*role).contains(&at));
        let named = has(Role::Content) && ![Role::Account, Role::Timestamp, Role::Content].iter().any(guessed);
        match () {
            () if !mapping.is_empty() => 88,
            () if named && has(Role::Text) => 88,
            () if named => 80,
            // An account, a time and something said are columns of many a table: what stands in them must be that.
            () => {
                let cells = |role: Role| columns.get(role).into_iter().flat_map(|at| self.cells(at));
                let link = |c: &[u8]| memchr::memmem::find(c, b"://").is_some();
                let words = |c: &[u8]| c.iter().filter(|b| **b == b' ').count() >= 2;
                let (said, all) = cells(Role::Text)
                    .chain(cells(Role::Url))
                    .fold((0, 0), |(said, all), c| (said + usize::from(link(c) || words(c)), all + 1));
                let read = clock.is_some() || cells(Role::Timestamp).take(20).all(|c| dates.read(c).is_some());
                if has(Role::Account) && has(Role::Timestamp) && read && 2 * said >= all && said > 0 { 60 } else { 40 }
            }
        }
    }
}

/// Ids that a spreadsheet wrote in powers of ten, or rounded to fifteen digits.
fn is_spoilt<'c>(cells: impl Iterator<Item = &'c [u8]>) -> bool {
    let (mut all, mut powers, mut long, mut rounded) = (0usize, 0, 0usize, 0);
    for cell in cells {
        all += 1;
        let text = cell.strip_prefix(b"x").unwrap_or(cell).to_ascii_lowercase();
        let power = memchr::memmem::find(&text, b"e+").is_some_and(|at| {
            let (digits, power) = (&text[..at], &text[at + 2..]);
            !digits.is_empty()
                && digits.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
                && !power.is_empty()
                && power.iter().all(u8::is_ascii_digit)
        });
        powers += usize::from(power);
        if text.len() > 16 && text.iter().all(u8::is_ascii_digit) {
            long += 1;
            rounded += usize::from(text[15..].iter().all(|b| *b == b'0'));
        }
    }
    // Of ids that are whole, one in a hundred ends in two noughts.
    2 * powers > all || (long > 1 && 2 * rounded > long)
}

/// Numbers of rows: one more each time.
fn is_count<'c>(cells: impl Iterator<Item = &'c [u8]>) -> bool {
    let numbers: Vec<Option<u64>> = cells.map(|c| std::str::from_utf8(c).ok().and_then(|t| t.parse().ok())).collect();
    numbers.len() > 1 && numbers.windows(2).all(|pair| pair[0].is_some() && pair[0].map(|n| n + 1) == pair[1])
}

/// The cells of a record in the order of the roles.
pub fn cells_of<'r>(understood: &Understood, cell: impl Fn(usize) -> Cow<'r, str>) -> [Cow<'r, str>; ROLES] {
    Role::ALL.map(|role| understood.columns.get(role).map_or(Cow::Borrowed(""), &cell))
}

/// The keys under which a record of JSON says something: the column chosen, then the other usual names that are sound.
pub fn keys_of(understood: &Understood, mapping: &Mapping, role: Role) -> Vec<String> {
    let own = |at: &usize| role == Role::Url && understood.own == Some(*at);
    let sound =
        |at: &usize| !(own(at) || understood.spoilt.contains(at) && matches!(role, Role::Account | Role::Content));
    let chosen = understood.columns.get(role);
    let others = mapping.candidates(role, &understood.header).into_iter().filter(sound);
    let mut places: Vec<usize> = chosen.into_iter().collect();
    // A row number is no post's id where another record lacks one.
    if role != Role::Content || chosen.is_none() {
        places.extend(others.filter(|at| Some(*at) != chosen));
    }
    places.into_iter().filter_map(|at| understood.header.get(at).cloned()).collect()
}

/// The first line's cells, shortened, for a refusal that names the columns seen.
pub fn columns_of(head: &[u8]) -> Vec<String> {
    let line = &head[..memchr::memchr(b'\n', head).unwrap_or(head.len()).min(64 << 10)];
    let cut = |name: String| match name.chars().count() > 40 {
        true => name.chars().take(40).chain(['…']).collect(),
        false => name,
    };
    let widest = csv::SEPARATORS.into_iter().map(|s| csv::first(line, s)).max_by_key(|cells| (cells.len(), 0));
    widest.unwrap_or_default().into_iter().take(50).map(cut).collect()
}
