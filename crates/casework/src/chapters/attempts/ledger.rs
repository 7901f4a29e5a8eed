//! The ledger: how many attempts and requests per day in the campaign's zone, country, class, outcome and purpose. Built
//! while findings stream by, so that its size is that of its rows and not that of the attempts. Whatever another chapter
//! says in figures is a sum over these rows. An attempt belongs to the day of its first event.

use crate::csv;
use jiff::civil::Date;
use model::Outcome;
use rows::attempt::{Attempt, Class, Purpose};
use std::collections::BTreeMap;

/// Distinct countries kept; beyond it (a hostile or broken detector) they are counted together as `other`.
const WORDS: usize = 4096;

/// Characters of a word that count.
const LONGEST: usize = 80;

/// By what the ledger is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// ISO 3166 code of the source, or why there is none.
    Country,
    /// Kind of attempt.
    Class,
    /// What came of it.
    Outcome,
    /// Web, login service …
    Purpose,
}

/// Attempts and requests.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Count {
    /// Attempts.
    pub attempts: u64,
    /// Requests (events) in them.
    pub requests: u64,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.attempts += other.attempts;
        self.requests = self.requests.saturating_add(other.requests);
    }
}

/// A row's key: day, number of the country, class, outcome, purpose.
type Key = (Option<Date>, u16, Option<Class>, Outcome, Purpose);

/// The ledger.
#[derive(Debug, Default)]
pub struct Ledger {
    rows: BTreeMap<Key, Count>,
    countries: Interned,
}

impl Ledger {
    /// Counts an attempt that began on a day, or several told together; no day where it has no time.
    pub fn add(&mut self, day: Option<Date>, a: &Attempt) {
        let country = self.countries.number(a.country());
        let row = self.rows.entry((day, country, a.class, a.outcome, a.purpose)).or_default();
        row.add(Count { attempts: a.attempts(), requests: a.requests.max(1) });
    }

    /// The sum of all rows.
    pub fn total(&self) -> Count {
        self.sum(|_| true)
    }

    /// Attempts whose time is unknown.
    pub fn undated(&self) -> Count {
        self.sum(|key| key.0.is_none())
    }

    /// Attempts on the days from `first` to `last`, by any word of one column: most attempts first, then by name.
    pub fn by(&self, column: By) -> Vec<(String, Count)> {
        let mut sums: BTreeMap<&str, Count> = BTreeMap::new();
        for (key, count) in &self.rows {
            sums.entry(self.word(column, key)).or_default().add(*count);
        }
        let mut out: Vec<_> = sums.into_iter().map(|(w, c)| (w.to_string(), c)).collect();
        out.sort_by(|a, b| (b.1.attempts, &a.0).cmp(&(a.1.attempts, &b.0)));
        out
    }

    /// Attempts per day and word of a column, in order of days; attempts without a time are left out.
    pub fn days(&self, column: By) -> Vec<(Date, &str, u64)> {
        self.rows
            .iter()
            .filter_map(|(key, count)| key.0.map(|day| (day, self.word(column, key), count.attempts)))
            .collect()
    }

    /// The whole ledger as CSV, one row a line, sorted.
    pub fn csv(&self) -> String {
        let mut lines: Vec<([String; 5], Count)> = self
            .rows
            .iter()
            .map(|(key, count)| {
                let word = |by| self.word(by, key).to_string();
                let day = key.0.map_or_else(String::new, |d| d.to_string());
                ([day, word(By::Country), word(By::Class), word(By::Outcome), word(By::Purpose)], *count)
            })
            .collect();
        lines.sort_by(|a, b| a.0.cmp(&b.0));
        let mut out = String::new();
        csv::row(&mut out, &["day", "country", "class", "outcome", "purpose", "attempts", "requests"]);
        for ([day, country, class, outcome, purpose], count) in lines {
            let (attempts, requests) = (count.attempts.to_string(), count.requests.to_string());
            csv::row(&mut out, &[day, country, class, outcome, purpose, attempts, requests]);
        }
        out
    }

    fn sum(&self, take: impl Fn(&Key) -> bool) -> Count {
        let mut sum = Count::default();
        self.rows.iter().filter(|(key, _)| take(key)).for_each(|(_, count)| sum.add(*count));
        sum
    }

    fn word(&self, column: By, key: &Key) -> &str {
        match column {
            By::Country => self.countries.word(key.1),
            By::Class => key.2.map_or("-", Class::as_str),
            By::Outcome => key.3.as_str(),
            By::Purpose => key.4.as_str(),
        }
    }
}

/// Words by number, so that a row costs bytes and not strings.
#[derive(Debug, Default)]
struct Interned {
    numbers: BTreeMap<String, u16>,
    words: Vec<String>,
}

impl Interned {
    fn number(&mut self, word: &str) -> u16 {
        let word = word.char_indices().nth(LONGEST).map_or(word, |(end, _)| &word[..end]);
        if let Some(&n) = self.numbers.get(word) {
            return n;
        }
        if self.words.len() >= WORDS && word != "other" {
            return self.number("other");
        }
        let n = self.words.len() as u16;
        self.words.push(word.to_string());
        self.numbers.insert(word.to_string(), n);
        n
    }

    fn word(&self, number: u16) -> &str {
        &self.words[number as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn attempt(country: &str, class: Class) -> Attempt {
        let fields = serde_json::json!({
            "class": class, "outcome": "refused", "requests": 3, "country": country, "site": "-", "purpose": "web",
        });
        Attempt::of(&model::Fields::of(&fields).expect("an object")).expect("an attempt")
    }

    #[test]
    fn rows_add_up_and_sort() {
        let mut ledger = Ledger::default();
        ledger.add(Some(date(2017, 1, 2)), &attempt("UA", Class::Scanner));
        ledger.add(Some(date(2017, 1, 1)), &attempt("UA", Class::Scanner));
        ledger.add(Some(date(2017, 1, 1)), &attempt("=cmd()", Class::Flood));
        ledger.add(None, &attempt("UA", Class::Scanner));
        assert_eq!(ledger.total(), Count { attempts: 4, requests: 12 });
        assert_eq!(ledger.undated().attempts, 1);
        assert_eq!(ledger.by(By::Country)[0], ("UA".into(), Count { attempts: 3, requests: 9 }));
        assert_eq!(
            ledger.csv(),
            "day,country,class,outcome,purpose,attempts,requests\r\n,UA,scanner,refused,web,1,3\r\n\
             2017-01-01,\"'=cmd()\",flood,refused,web,1,3\r\n2017-01-01,UA,scanner,refused,web,1,3\r\n\
             2017-01-02,UA,scanner,refused,web,1,3\r\n"
        );
    }

    #[test]
    fn hostile_words_are_bounded() {
        let mut ledger = Ledger::default();
        for i in 0..2 * WORDS {
            ledger.add(None, &attempt(&i.to_string(), Class::Scanner));
        }
        assert_eq!(ledger.by(By::Country)[0].1.attempts, WORDS as u64);
        assert_eq!(ledger.total().attempts, 2 * WORDS as u64);
    }
}
