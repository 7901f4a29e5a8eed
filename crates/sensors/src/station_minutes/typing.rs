//! Minutes typed from their sheets (or photographs of them) on a terminal, station by station: sums are checked while they are
//! typed, and what another typed before is held against it, so that two people make one double entry.
//!
//! You may rely on: a station is written as soon as it is typed, so that nothing is lost when one stops; what the sheet says is
//! written even where it cannot be, once that was said and kept. Left out: reading photographs.

use super::told;
use crate::command::Host;
use model::{Error, Lang, Result, Text, escape};
use recount::heads;
use recount::number::{self, Count};
use rows::station_minutes::{Figure, Level, Table};
use std::collections::BTreeMap;

/// What a sheet of minutes says besides votes, in its order.
const FIGURES: [Figure; 5] = [Figure::Registered, Figure::Voters, Figure::Blank, Figure::Null, Figure::Valid];

/// An area as tables tell it: levels with code and name, the widest first.
type Place = Vec<(Level, String, String)>;

/// Who typed, and the counts by figure and candidate.
type Typed = (String, Vec<Option<u32>>);

/// What is known before anybody types: stations, candidates, what others typed.
struct Known {
    places: Vec<Place>,
    candidates: Vec<String>,
    /// By place: who typed it, and the counts by figure and candidate.
    minutes: BTreeMap<Place, Vec<Typed>>,
}

impl Known {
    fn of(tables: &[(usize, Table)]) -> Result<Known> {
        let mut known = Known { places: Vec::new(), candidates: Vec::new(), minutes: BTreeMap::new() };
        let least = tables.iter().flat_map(|(_, t)| t.levels.last().copied()).min();
        for (_, t) in tables {
            for name in &t.candidates {
                let alike = |c: &String| heads::name_words(c) == heads::name_words(name);
                if !known.candidates.iter().any(alike) {
                    known.candidates.push(name.clone());
                }
            }
        }
        for (_, t) in tables.iter().filter(|(_, t)| t.levels.last().copied() == least) {
            let columns: Vec<Option<usize>> = FIGURES
                .iter()
                .map(|f| t.figures.iter().position(|g| g == f))
                .chain(known.candidates.iter().map(|c| {
                    let at = t.candidates.iter().position(|n| heads::name_words(n) == heads::name_words(c));
                    at.map(|n| n + t.figures.len())
                }))
                .collect();
            for row in 0..t.len() {
                let place: Place = t.area(row).map(|(l, c, n)| (l, c.to_string(), n.to_string())).collect();
                if t.minutes {
                    let counts = columns.iter().map(|c| c.and_then(|c| t.row(row).get(c).copied().flatten())).collect();
                    known.minutes.entry(place.clone()).or_default().push((t.by.clone(), counts));
                }
                known.places.push(place);
            }
        }
        // Totals that stand among the stations are nobody's sheet.
        let own = |p: &Place| p.last().map(|(level, ..)| *level);
        let smallest = known.places.iter().filter_map(own).min();
        known.places.retain(|p| own(p) == smallest);
        known.places.sort();
        known.places.dedup();
        if known.candidates.is_empty() || known.places.is_empty() {
            return Err(Error::new("there are no stations and candidates to type minutes of").hint(
                "name a table that has them: results, or a list of stations with a head of candidates and no counts",
            ));
        }
        Ok(known)
    }

    /// The levels that areas are told by, each with whether it has codes and names.
    fn levels(&self) -> Vec<(Level, bool, bool)> {
        let mut all: BTreeMap<std::cmp::Reverse<Level>, (bool, bool)> = BTreeMap::new();
        for (level, code, name) in self.places.iter().flatten() {
            let has = all.entry(std::cmp::Reverse(*level)).or_default();
            *has = (has.0 | !code.is_empty(), has.1 | !name.is_empty());
        }
        all.into_iter().filter(|(l, _)| l.0 != Level::Country).map(|(l, (code, name))| (l.0, code, name)).collect()
    }

    fn head(&self) -> Vec<String> {
        let mut head = Vec::new();
        for (level, code, name) in self.levels() {
            head.extend(code.then(|| format!("{level} code")));
            head.extend(name.then(|| format!("{level} name")));
        }
        head.extend(FIGURES.map(|f| f.to_string()));
        head.extend(self.candidates.iter().cloned());
        head.push("collector".into());
        head
    }

    fn cells(&self, place: &Place) -> Vec<String> {
        let mut cells = Vec::new();
        for (level, code, name) in self.levels() {
            let own = place.iter().find(|p| p.0 == level);
            cells.extend(code.then(|| own.map_or_else(String::new, |p| p.1.clone())));
            cells.extend(name.then(|| own.map_or_else(String::new, |p| p.2.clone())));
        }
        cells
    }

    /// The stations that words mean: all words must stand in codes and names.
    fn find(&self, said: &str) -> Vec<&Place> {
        let asked = heads::fold(said);
        let asked: Vec<&str> = asked.split(' ').filter(|w| !w.is_empty()).collect();
        let plain = |w: &str| w.trim_start_matches('0').to_string();
        let fits = |place: &&Place| {
            let own: Vec<String> = place
                .iter()
                .flat_map(|(_, c, n)| [heads::fold(c), heads::fold(n)])
                .collect::<Vec<_>>()
                .join(" ")
                .split(' ')
                .map(plain)
                .collect();
            // `13004` is commune 004 of department 13.
            let joined: String = place.iter().filter(|p| p.0 > Level::Station).map(|p| heads::fold(&p.1)).collect();
            asked.iter().all(|w| own.contains(&plain(w)) || plain(w) == plain(&joined))
        };
        let found: Vec<&Place> = self.places.iter().filter(fits).collect();
        // The station's own number before the same number of a commune.
        let exact = |p: &&Place| {
            p.last().is_some_and(|(_, c, n)| {
                [c, n].iter().any(|t| asked.last().is_some_and(|w| plain(w) == plain(&heads::fold(t))))
            })
        };
        let own: Vec<&Place> = found.iter().copied().filter(|p| exact(p)).collect();
        if own.is_empty() { found } else { own }
    }
}

/// A place in words.
fn shown(place: &Place) -> String {
    let words = place.iter().filter(|p| p.0 != Level::Country).map(|(_, c, n)| match (c.as_str(), n.as_str()) {
        (c, "") => c.to_string(),
        ("", n) => n.to_string(),
        (c, n) => format!("{n} ({c})"),
    });
    words.collect::<Vec<_>>().join(", ")
}

fn line(cells: &[String], host: &mut dyn Host) -> Result<()> {
    // What a spreadsheet would run as a formula is kept from running.
    let safe = |c: &String| {
        let formula = c.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let quoted = formula || c.contains(['"', ',', ';', '\n']);
        let text = format!("{}{}", if formula { "'" } else { "" }, c.replace('"', "\"\""));
        if quoted { format!("\"{text}\"") } else { text }
    };
    host.write((cells.iter().map(safe).collect::<Vec<_>>().join(",") + "\n").as_bytes())
}

/// Prints a table to be filled in: the head, and each station with nothing in it.
pub fn template(tables: &[(usize, Table)], host: &mut dyn Host) -> Result<()> {
    let known = Known::of(tables)?;
    let head = known.head();
    line(&head, host)?;
    for place in &known.places {
        let mut cells = known.cells(place);
        cells.resize(head.len(), String::new());
        line(&cells, host)?;
    }
    Ok(())
}

/// Asks for stations one by one, and prints each as a row.
pub fn form(tables: &[(usize, Table)], who: &str, host: &mut dyn Host) -> Result<()> {
    let known = Known::of(tables)?;
    line(&known.head(), host)?;
    host.say(&Text::new(
        format!("minutes typed by {who}: an empty station ends, an empty figure is one the sheet does not show, `<` goes back"),
        format!("procès-verbaux saisis par {who} : un bureau vide termine, un chiffre vide n’est pas sur le procès-verbal, « < » revient en arrière"),
    ));
    loop {
        let Some(said) = host.ask(&Text::new("station", "bureau"))?.filter(|s| !s.trim().is_empty()) else {
            return Ok(());
        };
        let found = known.find(&said);
        let place = match found[..] {
            [one] => one,
            [] => {
                host.say(&Text::new(
                    "no such station: its code, or words of its name and commune",
                    "aucun bureau de ce nom : son code, ou des mots de son nom et de sa commune",
                ));
                continue;
            }
            _ => {
                let some: Vec<String> = found.iter().take(8).map(|p| escape::visible(&shown(p)).into_owned()).collect();
                let n = found.len();
                host.say(&Text::new(
                    format!("{n} stations are meant, say more: {}", some.join("; ")),
                    format!("{n} bureaux possibles, précisez : {}", some.join(" ; ")),
                ));
                continue;
            }
        };
        host.say(&Text::same(&*escape::visible(&shown(place))));
        let Some(counts) = sheet(&known, place, who, host)? else { return Ok(()) };
        let mut cells = known.cells(place);
        cells.extend(counts.iter().map(|n| n.map_or_else(String::new, |n| n.to_string())));
        cells.push(who.to_string());
        line(&cells, host)?;
    }
}

/// One sheet: asked until its sums hold or are kept as they are; none where input ends.
fn sheet(known: &Known, place: &Place, who: &str, host: &mut dyn Host) -> Result<Option<Vec<Option<u32>>>> {
    let names: Vec<String> = FIGURES.iter().map(|f| f.to_string()).chain(known.candidates.iter().cloned()).collect();
    let label = |n: usize, lang: Lang| told::figure(&names[n], lang);
    let mut counts: Vec<Option<u32>> = vec![None; names.len()];
    let (mut at, mut again) = (0, None::<Vec<usize>>);
    loop {
        let order: Vec<usize> = again.clone().unwrap_or_else(|| (0..names.len()).collect());
        while at < order.len() {
            let n = order[at];
            let ask = |lang| escape::visible(&format!("  {}", label(n, lang))).into_owned();
            let Some(said) = host.ask(&Text::new(ask(Lang::En), ask(Lang::Fr)))? else { return Ok(None) };
            if said.trim() == "<" {
                at = at.saturating_sub(1);
                continue;
            }
            match number::count(&said) {
                Count::Is(count) => counts[n] = Some(count),
                Count::Nothing => counts[n] = None,
                Count::Wrong(why) => {
                    host.say(&Text::new(format!("not a count: {why}"), "ce n’est pas un nombre"));
                    continue;
                }
            }
            at += 1;
        }
        let others = known.minutes.get(place).into_iter().flatten().filter(|(by, _)| by != who);
        let mut wrong: Vec<Text> = impossible(&counts);
        let mut differing: Vec<usize> = Vec::new();
        for (by, theirs) in others {
            for n in 0..names.len() {
                let (Some(mine), Some(other)) = (counts[n], theirs[n]) else { continue };
                if mine != other {
                    differing.push(n);
                    let by = if by.is_empty() { "?" } else { by };
                    let says = |lang: Lang| {
                        escape::visible(&format!("{}: {mine}; {by}: {other}", label(n, lang))).into_owned()
                    };
                    wrong.push(Text::new(says(Lang::En), says(Lang::Fr)));
                }
            }
        }
        if wrong.is_empty() {
            return Ok(Some(counts));
        }
        wrong.iter().for_each(|text| host.say(text));
        let question = Text::new(
            "as it stands on the sheet? (y keeps it, anything else types again)",
            "est-ce bien ce que dit le procès-verbal ? (o garde, toute autre réponse ressaisit)",
        );
        let Some(said) = host.ask(&question)? else { return Ok(None) };
        if matches!(said.trim().to_lowercase().as_str(), "y" | "yes" | "o" | "oui") {
            return Ok(Some(counts));
        }
        differing.dedup();
        // Only what differs, where the sums hold.
        again = (impossible(&counts).is_empty() && !differing.is_empty()).then_some(differing);
        at = 0;
    }
}

/// The sums of a sheet that do not hold.
fn impossible(counts: &[Option<u32>]) -> Vec<Text> {
    let (figures, votes) = counts.split_at(FIGURES.len());
    let [registered, voters, blank, null, valid] = [0, 1, 2, 3, 4].map(|n| figures[n].map(u64::from));
    let mut wrong = Vec::new();
    let mut unless = |holds: Option<bool>, en: String, fr: String| {
        if holds == Some(false) {
            wrong.push(Text::new(en, fr));
        }
    };
    if let (Some(r), Some(v)) = (registered, voters) {
        unless(Some(v <= r), format!("{v} voters of {r} registered"), format!("{v} votants sur {r} inscrits"));
    }
    if let (Some(v), Some(b), Some(n), Some(e)) = (voters, blank, null, valid) {
        unless(
            Some(b + n + e == v),
            format!("blank, null and valid are {}, voters {v}", b + n + e),
            format!("blancs, nuls et exprimés font {}, les votants {v}", b + n + e),
        );
    }
    if let (Some(e), true) = (valid, votes.iter().all(Option::is_some)) {
        let sum: u64 = votes.iter().flatten().map(|n| u64::from(*n)).sum();
        unless(
            Some(sum == e),
            format!("votes are {sum} in all, valid {e}"),
            format!("les voix font {sum}, les exprimés {e}"),
        );
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Source;
    use model::Skip;
    use std::collections::VecDeque;
    use std::ffi::OsString;

    /// Somebody at a terminal.
    struct Typist {
        says: VecDeque<&'static str>,
        told: Vec<String>,
        out: Vec<u8>,
    }

    impl Host for Typist {
        fn lang(&self) -> Lang {
            Lang::En
        }
        fn wants_json(&self) -> bool {
            false
        }
        fn sources(&mut self, _: &[OsString]) -> Vec<Source> {
            Vec::new()
        }
        fn write(&mut self, bytes: &[u8]) -> Result<()> {
            self.out.extend_from_slice(bytes);
            Ok(())
        }
        fn say(&mut self, text: &Text) {
            self.told.push(text.en.clone());
        }
        fn skipped(&mut self, _: &str, _: &Skip) {}
        fn ask(&mut self, _: &Text) -> Result<Option<String>> {
            Ok(self.says.pop_front().map(String::from))
        }
        fn hash(&mut self, _: &Source) -> Option<proofs::Hash> {
            None
        }
        fn proof(&mut self, _: &std::ffi::OsStr, _: &proofs::Hash) -> Result<Option<(String, String)>> {
            Ok(None)
        }
    }

    fn table(minutes: bool, by: &str, counts: &[u32]) -> (usize, Table) {
        let words = ["Arles", "1", "2"].map(String::from).to_vec();
        let both = [counts, counts].concat();
        let table = Table {
            minutes,
            by: by.into(),
            levels: vec![Level::Commune, Level::Station],
            figures: FIGURES.to_vec(),
            candidates: vec!["Brandt".into(), "=Costa".into()],
            strings: words,
            areas: vec![0, 1, 2, 0, 0, 1, 3, 0],
            counts: both.into_iter().map(Some).collect(),
            lines: vec![2, 3],
            ..Table::default()
        };
        (0, table)
    }

    fn typed(tables: &[(usize, Table)], says: &[&'static str]) -> (String, Vec<String>) {
        let mut typist = Typist { says: says.iter().copied().collect(), told: Vec::new(), out: Vec::new() };
        form(tables, "anne", &mut typist).expect("a form");
        (String::from_utf8(typist.out).expect("text"), typist.told)
    }

    #[test]
    fn sums_are_checked_and_a_second_hand_is_held_against_the_first() {
        let head = "commune name,station code,registered,voters,blank,null,valid,Brandt,\"'=Costa\",collector\n";
        let published = table(false, "", &[800, 600, 5, 5, 590, 390, 200]);
        let says = [
            "arles", "1", "800", "6OO", "600", "5", "5", "590", "390", "201", "n", "800", "600", "5", "5", "590",
            "390", "200",
        ];
        let (out, told) = typed(std::slice::from_ref(&published), &says);
        assert_eq!(out, format!("{head}Arles,1,800,600,5,5,590,390,200,anne\n"));
        let of = |what: &str| told.iter().filter(|t| t.contains(what)).count();
        assert_eq!(
            (of("2 stations are meant"), of("not a count"), of("votes are 591 in all, valid 590")),
            (1, 1, 1),
            "{told:?}"
        );
        // Another typed it before: only what differs is asked again.
        let ben = table(true, "ben", &[800, 600, 5, 5, 590, 380, 210]);
        let says = ["Arles 2", "800", "600", "5", "5", "590", "390", "200", "n", "380", "210"];
        let (out, told) = typed(&[published.clone(), ben], &says);
        assert_eq!(out, format!("{head}Arles,2,800,600,5,5,590,380,210,anne\n"));
        assert!(told.contains(&"Brandt: 390; ben: 380".to_string()), "{told:?}");
        // Stopped in the middle of a sheet: what was typed before is there, no half row.
        assert_eq!(typed(&[published], &["arles 1", "800"]).0, head);
    }
}
