//! Two documents held against each other: whether the copy says the same, and if not, where and what, word by word.
//!
//! You may rely on: what another program does to a document when it saves it again (container, styles, line breaks, order
//! of parts, cached results of formulas, pictures recompressed) is no difference; work is bounded. Left out: layout.

use super::hunks::hunks;
use super::picture::{self, Drawn, Likeness};
use formats::clip;
use rows::documents::{Alteration, Passage, Sketch, Visual, Wording};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// Alterations that are told; all are counted.
const TOLD: usize = 100;
/// Bytes of text of an alteration.
const LONGEST: usize = 400;

/// How a copy differs from an original.
#[derive(Debug, Default)]
pub struct Difference {
    /// What is said otherwise.
    pub alterations: Vec<Alteration>,
    /// How many there are.
    pub count: u64,
    /// How much of either the two share, 0–1.
    pub shared: f64,
    /// What the copy leaves out that programs leave out: comments, heads, pictures.
    pub left_out: BTreeSet<&'static str>,
    /// Passages of the copy: those that the original has, those that it has not.
    pub passages: (u64, u64),
}

/// Which formats the two are of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Formats {
    /// Whether both are of one.
    pub same: bool,
    /// Whether that is one of workbooks: their drawings some programs leave out.
    pub sheets: bool,
    /// Whether both were made by one program, as they say.
    pub same_producer: bool,
}

impl Difference {
    fn add(&mut self, at: &str, before: &str, after: &str) {
        let cut = |text: &str| clip(text, LONGEST).to_string();
        self.put(Alteration { at: at.into(), before: cut(before), after: cut(after), what: None });
    }

    /// What is no text.
    fn change(&mut self, at: &str, what: Visual) {
        self.put(Alteration { at: at.into(), what: Some(what), ..Alteration::default() });
    }

    fn put(&mut self, alteration: Alteration) {
        self.count += 1;
        if self.alterations.len() < TOLD {
            self.alterations.push(alteration);
        }
    }
}

/// Text as it is compared: compatibility forms, nothing invisible. Letters of symbol fonts are brackets in Word before 2007.
fn folded(text: &str) -> String {
    let symbol = |c| if matches!(c, '\u{f020}'..='\u{f0ff}') { '(' } else { c };
    let keep =
        |c: &char| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe0e}' | '\u{fe0f}');
    if text.is_ascii() {
        return text.to_string();
    }
    text.nfkc().filter(keep).map(symbol).collect()
}

/// Text by which copies are found: small letters and figures only.
pub fn squeezable(text: &str) -> String {
    folded(text).to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect()
}

/// Text without what breaks lines.
pub fn squeezed(text: &str) -> String {
    folded(text).chars().filter(|c| !c.is_whitespace()).collect()
}

fn without_hyphens(text: &str) -> String {
    squeezed(text).chars().filter(|c| !matches!(c, '-' | '\u{2010}' | '\u{2011}')).collect()
}

/// The words of the body of a document.
pub fn words(wording: &Wording, place: &str) -> Vec<String> {
    let passages = wording.passages.iter().filter(|p| p.place == place);
    passages.flat_map(|p| folded(&p.text).split_whitespace().map(str::to_string).collect::<Vec<_>>()).collect()
}

/// The body without any white space.
pub fn body(wording: &Wording) -> String {
    let mut out = String::new();
    for passage in wording.passages.iter().filter(|p| matches!(p.place.as_str(), "body" | "cell")) {
        out.push_str(&squeezed(&passage.text));
    }
    out
}

/// Holds a copy against an original.
pub fn compare(original: &Wording, copy: &Wording, formats: Formats) -> Difference {
    let mut difference = Difference::default();
    let cells = |w: &Wording| w.passages.iter().any(|p| p.place == "cell");
    match formats.same && cells(original) && cells(copy) {
        true => sheets(original, copy, &mut difference),
        false => text(original, copy, formats, &mut difference),
    }
    aside(original, copy, formats, &mut difference);
    pictures(original, copy, formats, &mut difference);
    drawn(original, copy, formats, &mut difference);
    if !says(original) && !says(copy) && copy.pictures.is_empty() {
        difference.shared = pages_alike(original, copy);
    }
    difference
}

/// Whether there is any text by which a document could be told from others.
fn says(wording: &Wording) -> bool {
    wording.passages.iter().any(|p| matches!(p.place.as_str(), "body" | "cell"))
}

/// How many pages of what has no text are drawn alike.
fn pages_alike(original: &Wording, copy: &Wording) -> f64 {
    let pages = original.drawn.iter().zip(&copy.drawn);
    let alike = pages.filter(|(before, after)| before.0.iter().all(|h| after.0.contains(h))).count();
    match original.drawn.len().max(copy.drawn.len()) {
        0 => 1.0,
        pages => alike as f64 / pages as f64,
    }
}

/// Cell by cell.
fn sheets(original: &Wording, copy: &Wording, difference: &mut Difference) {
    let map = |w: &'_ Wording| -> BTreeMap<String, Passage> {
        let cells = w.passages.iter().filter(|p| p.place == "cell");
        cells.map(|p| (p.at.clone(), p.clone())).collect()
    };
    let (before, after) = (map(original), map(copy));
    let none = Passage::default();
    let (mut equal, mut all) = (0u64, 0u64);
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let (a, b) = (before.get(key).unwrap_or(&none), after.get(key).unwrap_or(&none));
        all += 1;
        if same_cell(a, b) {
            equal += 1;
            continue;
        }
        let shown = |p: &Passage| {
            if p.text.is_empty() && !p.formula.is_empty() { format!("={}", p.formula) } else { p.text.clone() }
        };
        difference.add(key, &shown(a), &shown(b));
    }
    difference.passages = (equal, all - equal);
    difference.shared = if all == 0 { 0.0 } else { equal as f64 / all as f64 };
}

/// Whether two texts say the same but for characters that a program lost (`U+FFFD`).
fn is_worn(before: &str, after: &str) -> bool {
    let lost = |c: char| c == char::REPLACEMENT_CHARACTER;
    let same = |(a, b): (char, char)| a == b || lost(b) && !a.is_ascii() || lost(a) && !b.is_ascii();
    before.chars().count() == after.chars().count()
        && (before.chars().any(lost) || after.chars().any(lost))
        && before.chars().zip(after.chars()).all(same)
}

/// Whether two texts are the same time of day but for a second, which programs round up or down.
fn is_rounded(a: &str, b: &str) -> bool {
    let clock = |text: &str| -> Option<(usize, i64)> {
        let bytes = text.as_bytes();
        let at = bytes
            .windows(8)
            .rposition(|w| w[2] == b':' && w[5] == b':' && w.iter().filter(|b| b.is_ascii_digit()).count() == 6)?;
        let two = |n: usize| text.get(at + n..at + n + 2)?.parse::<i64>().ok();
        Some((at, two(0)? * 3_600 + two(3)? * 60 + two(6)?))
    };
    let (Some((n, x)), Some((m, y))) = (clock(a), clock(b)) else { return false };
    n == m && (x - y).abs() <= 1 && a[..n] == b[..m] && a[n + 8..] == b[m + 8..]
}

/// Half of the fifteenth digit of a number, which is the last that every program keeps.
const DIGITS: f64 = 5.1e-15;

fn same_cell(a: &Passage, b: &Passage) -> bool {
    if squeezed(&a.text) == squeezed(&b.text) || is_rounded(&a.text, &b.text) {
        return true;
    }
    if let (Ok(x), Ok(y)) = (a.text.trim().parse::<f64>(), b.text.trim().parse::<f64>())
        && (x - y).abs() <= DIGITS * x.abs().max(y.abs())
    {
        return true;
    }
    let formula = |p: &Passage| {
        let upper = p.formula.to_ascii_uppercase().replace("_XLFN.", "").replace("_XLWS.", "");
        upper.chars().filter(|c| !c.is_whitespace() && *c != '$' && *c != '=').collect::<String>()
    };
    match (a.formula.is_empty(), b.formula.is_empty()) {
        // Results are computed anew, or left out.
        (false, false) => {
            let (x, y) = (formula(a), formula(b));
            a.text.is_empty() || b.text.is_empty() || x == y || x.is_empty() || y.is_empty()
        }
        // A formula whose result stands there as a value is another thing.
        _ => false,
    }
}

/// Word by word.
fn text(original: &Wording, copy: &Wording, formats: Formats, difference: &mut Difference) {
    let of = |w: &Wording| {
        let mut all = words(w, "body");
        all.extend(words(w, "cell"));
        all
    };
    let places = passages_of_words(copy);
    let (a, b) = (of(original), of(copy));
    let passages = copy.passages.iter().filter(|p| matches!(p.place.as_str(), "body" | "cell")).count() as u64;
    if a.is_empty() && b.is_empty() {
        return;
    }
    if a.concat() == b.concat() {
        (difference.shared, difference.passages) = (1.0, (passages, 0));
        return;
    }
    let found = hunks(&a, &b);
    let lost: usize = found.iter().map(|(x, y)| x.len().max(y.len())).sum();
    difference.shared = 1.0 - lost as f64 / a.len().max(b.len()).max(1) as f64;
    let mut aside: BTreeSet<String> = BTreeSet::new();
    if !formats.same {
        // What stands in margins and notes comes into the text of a page.
        let other =
            original.passages.iter().chain(&copy.passages).filter(|p| !matches!(p.place.as_str(), "body" | "cell"));
        aside.extend(other.map(|p| squeezed(&p.text)).filter(|t| !t.is_empty()));
    }
    let mut moved: HashMap<String, i64> = HashMap::new();
    if !formats.same {
        for (x, y) in &found {
            *moved.entry(without_hyphens(&a[x.clone()].concat())).or_default() -= 1;
            *moved.entry(without_hyphens(&b[y.clone()].concat())).or_default() += 1;
        }
    }
    let mut changed: BTreeSet<usize> = BTreeSet::new();
    for (x, y) in found {
        let (before, after) = (a[x.clone()].concat(), b[y.clone()].concat());
        if without_hyphens(&before) == without_hyphens(&after) || is_worn(&before, &after) {
            continue;
        }
        if !formats.same {
            let elsewhere =
                |text: &str| text.is_empty() || moved.get(&without_hyphens(text)) == Some(&0) || aside.contains(text);
            if elsewhere(&before) && elsewhere(&after)
                || is_marker(without(&b[y.clone()], &aside)) && before.is_empty()
                || is_marker(without(&a[x.clone()], &aside)) && after.is_empty()
            {
                continue;
            }
        }
        let at = places.get(y.start).or(places.last()).copied().unwrap_or(0);
        changed.extend(y.clone().filter_map(|n| places.get(n).copied()).chain([at]));
        let around = |w: &[String], r: &Range<usize>| w[r.clone()].join(" ");
        let place = copy.passages.get(at).map(|p| place(p, at)).unwrap_or_default();
        difference.add(&place, &around(&a, &x), &around(&b, &y));
    }
    difference.passages = (passages.saturating_sub(changed.len() as u64), changed.len() as u64);
}

/// A place in words: the page, the slide, the paragraph.
fn place(passage: &Passage, n: usize) -> String {
    match passage.at.as_str() {
        "" => format!("§ {}", n + 1),
        at => at.to_string(),
    }
}

/// The passage that each word of the body stands in.
fn passages_of_words(wording: &Wording) -> Vec<usize> {
    let mut all = Vec::new();
    for place in ["body", "cell"] {
        for (n, passage) in wording.passages.iter().enumerate().filter(|(_, p)| p.place == place) {
            all.extend(std::iter::repeat_n(n, folded(&passage.text).split_whitespace().count()));
        }
    }
    all
}

/// Words without the heads and feet that stand before or behind them.
fn without<'a>(words: &'a [String], aside: &BTreeSet<String>) -> &'a [String] {
    // Longer ones are looked up whole; all lengths of all hunks would be quadratic.
    const LONGEST: usize = 64;
    let mut rest = words;
    loop {
        let most = rest.len().min(LONGEST);
        let known = |run: &[String]| aside.contains(&run.concat());
        if let Some(n) = (1..=most).rev().find(|n| known(&rest[..*n])) {
            rest = &rest[n..];
        } else if let Some(n) = (1..=most).rev().find(|n| known(&rest[rest.len() - n..])) {
            rest = &rest[..rest.len() - n];
        } else {
            return rest;
        }
    }
}

/// The number or point of a list, which one format says and another leaves to be drawn.
fn is_marker(words: &[String]) -> bool {
    words.iter().all(|word| {
        let bare = word.trim_end_matches(['.', ')', ':']).trim_start_matches('(');
        let ended = bare.len() < word.len();
        let numbered = ended
            && bare.len() <= 6
            && bare.split('.').all(|p| p.len() <= 3 && p.chars().all(|c| c.is_ascii_alphanumeric()));
        numbered || word.chars().count() <= 2 && !word.chars().any(char::is_alphanumeric) || word == "o"
    })
}

/// Notes, comments, heads and feet: what is new in the copy was put in; what is missing, programs leave out.
fn aside(original: &Wording, copy: &Wording, formats: Formats, difference: &mut Difference) {
    if !formats.same {
        return;
    }
    let known: BTreeSet<String> = original.passages.iter().map(|p| squeezed(&p.text)).collect();
    let there: BTreeSet<String> = copy.passages.iter().map(|p| squeezed(&p.text)).collect();
    let sheets = formats.sheets || copy.passages.iter().any(|p| p.place == "cell");
    for passage in copy.passages.iter().filter(|p| matches!(p.place.as_str(), "note" | "comment" | "margin")) {
        if !known.contains(&squeezed(&passage.text)) {
            difference.add(&passage.place, "", &passage.text);
        }
    }
    for passage in original.passages.iter().filter(|p| !matches!(p.place.as_str(), "body" | "cell")) {
        if there.contains(&squeezed(&passage.text)) {
            continue;
        }
        match passage.place.as_str() {
            "note" if !sheets => difference.add("note", &passage.text, ""),
            "note" => drop(difference.left_out.insert("drawings")),
            "comment" => drop(difference.left_out.insert("comments")),
            _ => drop(difference.left_out.insert("margins")),
        }
    }
}

/// Pictures: each of the copy has one of the original that it is like.
fn pictures(original: &Wording, copy: &Wording, formats: Formats, difference: &mut Difference) {
    let is_thumbnail = |s: &&Sketch| s.name != "thumbnail.jpg";
    let all: Vec<&Sketch> = original.pictures.iter().filter(is_thumbnail).collect();
    let drawn: Vec<(&Sketch, Drawn)> = all.iter().filter_map(|s| Some((*s, Drawn::of(s)?))).collect();
    let undecoded = drawn.len() < all.len();
    let alone = copy.passages.is_empty() && original.passages.is_empty();
    let (mut same, mut other, mut strange) = (0u64, 0u64, Vec::new());
    for sketch in copy.pictures.iter().filter(is_thumbnail).take(200) {
        if all.iter().any(|s| s.sha256 == sketch.sha256) {
            same += 1;
            continue;
        }
        let Some(own) = Drawn::of(sketch) else { continue };
        let mut best = Likeness::Other;
        let mut of = String::new();
        for (candidate, drawn) in &drawn {
            let likeness = picture::compare(drawn, &own);
            let better = match (&best, &likeness) {
                (_, Likeness::Same) => true,
                (Likeness::Other, Likeness::Painted(..) | Likeness::Cropped(_)) => true,
                (Likeness::Painted(a, ..), Likeness::Painted(b, ..)) => b < a,
                _ => false,
            };
            if better {
                (best, of) = (likeness, candidate.name.clone());
            }
            if best == Likeness::Same {
                break;
            }
        }
        let at = if of.is_empty() { "picture".to_string() } else { of };
        match best {
            Likeness::Same => same += 1,
            Likeness::Painted(share, x, y) => {
                other += 1;
                difference.change(&at, Visual::Painted { per_mille: share, left: x, top: y });
            }
            Likeness::Cropped(part) => {
                other += 1;
                difference.change(&at, Visual::Cropped { percent: part });
            }
            // What was not decoded may have been converted.
            Likeness::Other if formats.same && !undecoded && own_size(sketch) => {
                other += 1;
                strange.push(&sketch.name);
            }
            Likeness::Other if alone => other += 1,
            Likeness::Other => {}
        }
    }
    if copy.pictures.len() < original.pictures.len() {
        difference.left_out.insert("pictures");
    }
    if alone && same + other > 0 {
        difference.shared = if same > 0 || difference.count > 0 { 1.0 } else { 0.0 };
        difference.passages = (same, other);
    }
    strange.into_iter().for_each(|name| difference.change(name, Visual::Inserted));
}

/// Pictures of some pixels are bullets and lines that programs make.
fn own_size(sketch: &Sketch) -> bool {
    sketch.width >= 48 && sketch.height >= 48
}

/// Drawings of pages: where all that drew a page is still there, and more, something was drawn over it.
fn drawn(original: &Wording, copy: &Wording, formats: Formats, difference: &mut Difference) {
    if !formats.same || original.drawn.is_empty() || original.drawn.len() != copy.drawn.len() || difference.count > 0 {
        return;
    }
    for (n, ((before, shapes), (after, more))) in original.drawn.iter().zip(&copy.drawn).enumerate() {
        let kept = !before.is_empty() && before.iter().all(|h| after.contains(h));
        if more > shapes && (kept || formats.same_producer) {
            difference.change(&format!("p. {}", n + 1), Visual::Drawn { shapes: more - shapes });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(passages: &[(&str, &str)]) -> Wording {
        let passages = passages.iter().map(|(place, text)| Passage {
            place: (*place).into(),
            text: (*text).into(),
            ..Passage::default()
        });
        Wording { passages: passages.collect(), readable: true, ..Wording::default() }
    }

    const SAME: Formats = Formats { same: true, sheets: false, same_producer: false };
    const OTHER: Formats = Formats { same: false, ..SAME };

    #[test]
    fn words_that_were_changed_are_found_and_line_breaks_are_none() {
        let check = |a: &[(&str, &str)], b: &[(&str, &str)], formats: Formats, expected: &[(&str, &str)]| {
            let found = compare(&of(a), &of(b), formats);
            let found: Vec<(&str, &str)> =
                found.alterations.iter().map(|a| (a.before.as_str(), a.after.as_str())).collect();
            assert_eq!(found, expected, "{a:?} {b:?}");
        };
        let original = [("body", "We pay 300 euros to nobody."), ("body", "That is all."), ("margin", "Page of us")];
        check(
            &original,
            &[("body", "We pay 300"), ("body", "euros to no\u{ad}body. That is all."), ("margin", "Page of us")],
            SAME,
            &[],
        );
        check(
            &original,
            &[("body", "We pay 900 euros to nobody."), ("body", "That is all."), ("margin", "Page of us")],
            SAME,
            &[("300", "900")],
        );
        check(
            &original,
            &[("body", "We pay 300 euros to nobody."), ("margin", "Page of us")],
            SAME,
            &[("That is all.", "")],
        );
        check(&original, &original[..2], SAME, &[]);
        check(&original, &[("body", "Page of us 1. We pay 300 euros to nobody. • That is all.")], OTHER, &[]);
        check(&original, &[("body", "1. We pay 900 euros to nobody. That is all.")], OTHER, &[("300", "900")]);
        check(
            &original[..2],
            &[("body", "We pay 300 euros to nobody."), ("body", "That is all."), ("comment", "Burn this")],
            SAME,
            &[("", "Burn this")],
        );
    }
}
