//! What the name of a file, and of the archive's member or the sheet in it, says of a table: the round, the time, that it is
//! minutes.

use crate::{About, heads, when};
use model::Step;
use rows::station_minutes::Table;

/// What names say, the innermost first. Names lie: what the table says itself holds before them.
pub fn about(file: &str, steps: &[Step]) -> About {
    let mut names: Vec<&str> = steps
        .iter()
        .filter_map(|s| match s {
            Step::Member(_, name) | Step::Sheet(_, name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    names.insert(0, file);
    let mut about = About::default();
    for name in names.iter().rev() {
        let last = name.rsplit('/').next().unwrap_or(name);
        let folded = heads::fold(last);
        if about.contest.is_empty() {
            about.contest = round(&folded);
        }
        about.minutes |= minutes(&folded) || folder(name);
        about.time = about.time.or_else(|| when::time(last));
        about.level = about.level.or_else(|| heads::level(&folded));
    }
    about
}

/// Whether the folder says so: `minutes/`, `pv/`.
fn folder(name: &str) -> bool {
    let mut parts = name.rsplit('/').skip(1);
    parts.any(|p| minutes(&heads::fold(p)))
}

/// Whether words say that these are minutes.
pub fn minutes(folded: &str) -> bool {
    let words: Vec<&str> = folded.split(' ').collect();
    words
        .iter()
        .any(|w| ["minutes", "pv", "pvs", "niederschrift", "wahlniederschrift", "acta", "actas", "verbali"].contains(w))
        || folded.contains("proces verba")
}

/// The round that words tell, as `round 1`.
pub fn round(folded: &str) -> String {
    let words: Vec<&str> = folded.split(' ').collect();
    for (n, word) in words.iter().enumerate() {
        let next = words.get(n + 1).copied().unwrap_or_default();
        let before = n.checked_sub(1).map_or("", |n| words[n]);
        let is = ["tour", "round", "t"].contains(word);
        let number = |w: &str| match w {
            "1" | "1er" | "premier" | "first" => Some(1),
            "2" | "2e" | "2eme" | "2nd" | "second" | "deuxieme" => Some(2),
            _ => None,
        };
        let found = match *word {
            "t1" | "tour1" | "round1" => Some(1),
            "t2" | "tour2" | "round2" => Some(2),
            _ if is => number(before).or(number(next)),
            _ => None,
        };
        if let Some(n) = found {
            return format!("round {n}");
        }
    }
    String::new()
}

/// Gives a table what names say and it does not say itself.
pub fn apply(table: &mut Table, file: &str, steps: &[Step], listed: &[String]) {
    let hint = about(file, steps);
    if table.contest.is_empty() {
        table.contest = hint.contest;
    }
    let named = || format!("{file}{}", Step::path(steps));
    table.minutes |= hint.minutes || listed.iter().any(|l| !l.is_empty() && named().contains(l.as_str()));
    table.time = table.time.or(hint.time);
}
