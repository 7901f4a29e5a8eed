//! What the name of a file says of the table in it: the round, the time, that it is minutes.

use recount::{About, when, words};
use rows::station_minutes::Table;

/// What a name says. Names lie: what the table says itself holds before it.
pub fn about(name: &str) -> About {
    let file = name.rsplit('/').next().unwrap_or(name);
    let folded = words::fold(file);
    let words: Vec<&str> = folded.split(' ').collect();
    About {
        contest: round(&folded),
        minutes: minutes(&folded) || folder(name),
        time: when::time(file),
        level: words::level(&words.join(" ")),
        ..About::default()
    }
}

/// Whether the folder says so: `minutes/`, `pv/`.
fn folder(name: &str) -> bool {
    let mut parts = name.rsplit('/').skip(1);
    parts.any(|p| minutes(&words::fold(p)))
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

/// Gives a table what the name of its file says and it does not say itself.
pub fn apply(table: &mut Table, name: &str, listed: &[String]) {
    let hint = about(name);
    if table.contest.is_empty() {
        table.contest = hint.contest;
    }
    table.minutes |= hint.minutes || listed.iter().any(|l| !l.is_empty() && name.contains(l.as_str()));
    table.time = table.time.or(hint.time);
}
