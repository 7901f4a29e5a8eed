//! What is told of a set of posts: its curve, its languages and whom it names.

use crate::posts::naming::People;
use crate::posts::settings::Settings;
use crate::posts::table::Table;
use crate::sensor::once;
use model::{Context, Result, Time, View};
use rows::posts::{Candidates, Curve};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Widths of a curve's bins, in seconds.
const WIDTHS: [i64; 9] = [10, 60, 300, 900, 3600, 6 * 3600, 86_400, 7 * 86_400, 30 * 86_400];
/// Bins of a curve, about and at most.
const BINS: i64 = 80;
/// Letters of a title.
const TITLE: usize = 90;

/// Posts over time: the beginning of each bin and its posts, empty bins between the first and the last included.
pub fn curve(table: &Table, posts: &[u32]) -> Curve {
    let times: Vec<i64> = posts.iter().filter_map(|p| table.time(*p)).map(Time::seconds).collect();
    let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else { return Vec::new() };
    let span = last.saturating_sub(*first);
    let width = WIDTHS.into_iter().find(|w| span / w < BINS).unwrap_or_else(|| span / BINS + 1);
    let from = first.div_euclid(width) * width;
    let mut bins = vec![0u64; usize::try_from((last - from) / width).unwrap_or_default() + 1];
    times.iter().for_each(|t| bins[((t - from) / width) as usize] += 1);
    bins.into_iter().enumerate().map(|(n, count)| (Time::from_seconds(from + n as i64 * width), count)).collect()
}

/// How many posts of each language their platform names.
pub fn languages(table: &Table, posts: &[u32]) -> BTreeMap<String, u64> {
    let mut all = BTreeMap::new();
    for language in posts.iter().map(|p| table.language(*p)).filter(|l| !l.is_empty()) {
        *all.entry(language.to_string()).or_default() += 1;
    }
    all
}

/// A text as a title: one line, cut.
pub fn title(text: &str) -> String {
    let words = text.split_whitespace().map(|w| w.chars().filter(|c| !c.is_control()).collect::<String>());
    let line = words.filter(|w| !w.starts_with("http")).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(TITLE) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

/// The people whose names are counted: those protected and the candidates.
pub fn people(context: &Context) -> Result<(Vec<String>, People)> {
    let mut names = context.config.protect.people.clone();
    for name in context.config.settings::<Settings>()?.candidates {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let people = People::new(&names);
    Ok((names, people))
}

/// Whom each post names, once for each different text.
pub struct Named {
    names: Vec<String>,
    /// By the number of a text.
    told: BTreeMap<u32, Vec<usize>>,
}

impl Named {
    /// Of all posts of a case; looked for by the first detector that asks.
    pub fn of(case: &dyn View, table: &Table, context: &Context) -> Result<Rc<Named>> {
        once(case, || Named::find(table, context))
    }

    fn find(table: &Table, context: &Context) -> Result<Named> {
        let (names, people) = people(context)?;
        let mut told = BTreeMap::new();
        for post in 0..table.len() as u32 {
            if people.is_empty() {
                break;
            }
            told.entry(table.text_number(post)).or_insert_with(|| people.named(table.text(post)));
        }
        told.retain(|_, named| !named.is_empty());
        Ok(Named { names, told })
    }

    /// Posts by whom they name.
    pub fn count(&self, table: &Table, posts: &[u32]) -> Candidates {
        let mut all = Candidates::new();
        for who in posts.iter().filter_map(|p| self.told.get(&table.text_number(*p))).flatten() {
            *all.entry(self.names[*who].clone()).or_default() += 1;
        }
        all
    }
}
