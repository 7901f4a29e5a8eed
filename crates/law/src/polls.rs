//! Whether a poll was published before, as the law of 2016 wants it said: the date of first publication, the medium, the
//! institute.

use crate::fold::Token;
use crate::markup::Ch;
use crate::phrases::Found;
use jiff::civil::{Date, Weekday};

/// What one sentence says about where a poll comes from.
#[derive(Clone, Debug, Default)]
pub struct Mentions {
    /// Institutes.
    pub institutes: Vec<String>,
    /// A medium is named.
    pub medium: bool,
    /// Dates of publication; those of the inquiry are left out.
    pub dates: Vec<Date>,
    /// It says that it is of today, or of the days of silence.
    pub today: bool,
}

const MONTHS: [[&str; 3]; 12] = [
    ["janvier", "january", "janv"],
    ["fevrier", "february", "fevr"],
    ["mars", "march", "mar"],
    ["avril", "april", "avr"],
    ["mai", "may", "mai"],
    ["juin", "june", "jun"],
    ["juillet", "july", "juil"],
    ["aout", "august", "aug"],
    ["septembre", "september", "sept"],
    ["octobre", "october", "oct"],
    ["novembre", "november", "nov"],
    ["decembre", "december", "dec"],
];
const WEEKDAYS: [(&str, &str, Weekday); 7] = [
    ("lundi", "monday", Weekday::Monday),
    ("mardi", "tuesday", Weekday::Tuesday),
    ("mercredi", "wednesday", Weekday::Wednesday),
    ("jeudi", "thursday", Weekday::Thursday),
    ("vendredi", "friday", Weekday::Friday),
    ("samedi", "saturday", Weekday::Saturday),
    ("dimanche", "sunday", Weekday::Sunday),
];

fn month(word: &str) -> Option<i8> {
    MONTHS.iter().position(|m| m.contains(&word)).map(|n| n as i8 + 1)
}

fn number(token: &Token) -> Option<i16> {
    let digits = token.text.strip_suffix("er").unwrap_or(&token.text);
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|s| digits.strip_suffix(s)).unwrap_or(digits);
    (digits.len() <= 4).then(|| digits.parse().ok()).flatten()
}

/// The dates in these words, each with its first word; a year that is not said is `year`.
fn dates(tokens: &[Token], year: i16) -> Vec<(usize, Date)> {
    let mut all = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let at = |k: usize| tokens.get(i + k).and_then(number);
        let word = |k: usize| tokens.get(i + k).and_then(|t| month(&t.text));
        let said = |k: usize| at(k).filter(|y| (1900..2100).contains(y));
        // 5 mai 2017; 2017-05-05; 05/05/2017; May 5, 2017.
        let (date, used) = match (at(0), word(1), word(0), at(1), at(2)) {
            (Some(d), Some(m), ..) => {
                (Date::new(said(2).unwrap_or(year), m, d as i8), if said(2).is_some() { 3 } else { 2 })
            }
            (_, _, Some(m), Some(d), _) if d <= 31 => (Date::new(said(2).unwrap_or(year), m, d as i8), 2),
            (Some(y), _, _, Some(m), Some(d)) if y >= 1900 && m <= 12 && d <= 31 => (Date::new(y, m as i8, d as i8), 3),
            (Some(d), _, _, Some(m), Some(y)) if d <= 31 && m <= 12 && (1900..2100).contains(&y) => {
                (Date::new(y, m as i8, d as i8), 3)
            }
            _ => {
                i += 1;
                continue;
            }
        };
        if let Ok(date) = date {
            all.push((i, date));
        }
        i += used;
    }
    all
}

impl Mentions {
    /// Of a sentence; `today` is the day on which it is published, in the territory.
    pub fn of(tokens: &[Token], chars: &[Ch], found: &[Found], today: Date) -> Mentions {
        let has = |list: &str| found.iter().any(|f| f.list == list);
        let words = |f: &Found| tokens[f.first..f.end].iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ");
        let mut mentions = Mentions {
            institutes: found.iter().filter(|f| f.list == "institutes").map(words).collect(),
            medium: has("media"),
            ..Mentions::default()
        };
        // «pour Paris Match», «publié par X»: a name with a capital that no list has.
        for f in found.iter().filter(|f| f.list == "published") {
            let behind = tokens[f.end..].iter().take(8);
            let mut preposition = false;
            for token in behind {
                mentions.medium |= preposition && token.capital && month(&token.text).is_none();
                preposition = matches!(token.text.as_str(), "par" | "dans" | "sur" | "by" | "in" | "on");
            }
        }
        for pair in tokens.windows(2) {
            let quoted =
                chars.get(pair[1].chars.start.wrapping_sub(1)).is_some_and(|c| matches!(c.c, ' ' | '\u{a0}' | '«'));
            mentions.medium |= !mentions.institutes.is_empty()
                && matches!(pair[0].text.as_str(), "pour" | "for")
                && pair[1].capital
                && quoted;
        }
        for (at, date) in dates(tokens, today.year()) {
            // What stands nearest before it says which date it is.
            let before = |list: &str| found.iter().filter(|f| f.list == list && f.first < at).map(|f| f.first).max();
            if before("published") >= before("fieldwork") {
                mentions.dates.push(date);
            }
        }
        for (i, token) in tokens.iter().enumerate() {
            let weekday = WEEKDAYS.iter().find(|w| w.0 == token.text || w.1 == token.text);
            let named = tokens.get(i + 1).and_then(number).is_some();
            if let (Some((.., weekday)), false) = (weekday, named) {
                // The last day of that name; today's own is today.
                if today.weekday() == *weekday {
                    mentions.today = true;
                } else if let Ok(date) = today.nth_weekday(-1, *weekday) {
                    mentions.dates.push(date);
                }
            }
            let next = tokens.get(i + 1).map_or("", |t| t.text.as_str());
            match (token.text.as_str(), next) {
                ("hier" | "yesterday", _) => mentions.dates.extend(today.yesterday().ok()),
                ("avant", "hier") => {}
                ("aujourd", "hui")
                | ("today", _)
                | ("ce", "matin" | "soir" | "midi" | "jour")
                | ("cet", "apres")
                | ("this", "morning" | "evening") => {
                    mentions.today = true;
                }
                ("exclusif" | "inedit" | "dernier" | "nouveau", "sondage") => {}
                _ => {}
            }
        }
        mentions
    }
}
