//! Which of all made look-alikes the names' judgement sees, and which innocents it takes for them, without indicators
//! and without any list of popular sites: `cargo run --release -p sensors --example names_edits [shared/data/names] [-v]`.
//!
//! Positives are made: for every protected domain one of each kind, from a seed. Protected are the outlets that
//! operations copy (examples/names_accuracy.rs), then 100 and 1,000 of the 10,000 most visited sites, which leaves the
//! other popular names as innocents: names one edit from a popular name are the hard part. Targets whose FNV-1a hash
//! is odd are held back. Words set beside a label come from dnstwist's dictionaries, not from our vocabulary.

use knowledge::names::Names;
use model::Protect;
use sensors::names::kernel::{Judge, Scratch};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

#[path = "names/lists.rs"]
mod lists;
use lists::{OUTLETS, is_odd, label, list, read};

/// A cheap deterministic generator: the same names in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }

    fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }

    fn letter(&mut self) -> char {
        (b'a' + self.below(26) as u8) as char
    }
}

const OPEN: [&str; 16] = [
    "live", "today", "ltd", "online", "site", "top", "click", "media", "news", "agency", "life", "press", "cam",
    "pics", "xyz", "icu",
];
const PLAIN: [&str; 16] =
    ["ws", "pm", "me", "co", "cc", "in", "eu", "re", "li", "su", "info", "cx", "tv", "com", "net", "org"];
const KINDS: [&str; 19] = [
    "another suffix, open",
    "another suffix, country",
    "omission",
    "repetition",
    "insertion",
    "substitution",
    "transposition",
    "vowel",
    "homoglyph",
    "international",
    "plural",
    "hyphen",
    "one letter beside",
    "word-label",
    "label-word",
    "wordlabel",
    "labelword",
    "label-suffix",
    "subdomain",
];

/// A look-alike of a kind, where the target allows one.
fn make(kind: &str, domain: &str, words: &[&str], random: &mut Random) -> Option<String> {
    let name = label(domain);
    let suffix = domain.strip_prefix(name)?.strip_prefix('.')?;
    let chars: Vec<char> = name.chars().collect();
    let n = chars.len();
    let at = random.below(n);
    let with = |i: usize, new: &str| -> String {
        chars[..i].iter().collect::<String>() + new + &chars[(i + 1).min(n)..].iter().collect::<String>()
    };
    let put = |i: usize, new: char| chars[..i].iter().chain([&new]).chain(&chars[i..]).collect::<String>();
    let vowels = ['a', 'e', 'i', 'o', 'u'];
    let word = random.of(words);
    let seen = match kind {
        "another suffix, open" => return Some(format!("{name}.{}", random.of(&OPEN))),
        "another suffix, country" => return Some(format!("{name}.{}", random.of(&PLAIN[..13]))),
        "omission" => with(at, ""),
        "repetition" => put(at, chars[at]),
        "insertion" => put(random.below(n + 1), random.letter()),
        "substitution" => with(at, &random.letter().to_string()),
        "transposition" => {
            let i = (0..n.saturating_sub(1)).cycle().skip(at).take(n).find(|&i| chars[i] != chars[i + 1])?;
            let mut all = chars.clone();
            all.swap(i, i + 1);
            all.into_iter().collect()
        }
        "vowel" => {
            let i = (0..n).cycle().skip(at).take(n).find(|&i| vowels.contains(&chars[i]))?;
            with(i, &vowels[random.below(5)].to_string())
        }
        "homoglyph" | "international" => {
            const ASCII: [(char, &str); 8] =
                [('l', "i"), ('i', "l"), ('o', "0"), ('m', "rn"), ('w', "vv"), ('e', "3"), ('d', "cl"), ('s', "5")];
            const WIDE: [(char, &str); 8] =
                [('a', "а"), ('e', "е"), ('o', "о"), ('i', "í"), ('c', "с"), ('n', "ñ"), ('u', "ü"), ('p', "р")];
            let pairs = if kind == "homoglyph" { &ASCII } else { &WIDE };
            let find = |i: usize| pairs.iter().find(|(c, _)| *c == chars[i]);
            let i = (0..n).cycle().skip(at).take(n).find(|&i| find(i).is_some())?;
            with(i, find(i)?.1)
        }
        "plural" if name.ends_with('s') => name[..n - 1].to_string(),
        "plural" => format!("{name}s"),
        "hyphen" if name.contains('-') => name.replacen('-', "", 1),
        "hyphen" if n >= 4 => put(1 + random.below(n - 1), '-'),
        "hyphen" => return None,
        "one letter beside" => format!("{name}-{}", random.letter()),
        "word-label" => format!("{word}-{name}"),
        "label-word" => format!("{name}-{word}"),
        "wordlabel" => format!("{word}{name}"),
        "labelword" => format!("{name}{word}"),
        "label-suffix" => format!("{name}-{}", suffix.replace('.', "-")),
        "subdomain" => return Some(format!("{domain}.{word}-{}.{}", random.letter(), random.of(&OPEN))),
        _ => return None,
    };
    let suffix = match random.below(3) {
        0 => suffix,
        1 => random.of(&OPEN),
        _ => random.of(&PLAIN),
    };
    (seen != name && !seen.is_empty()).then(|| format!("{seen}.{suffix}"))
}

/// Draws some of a list.
fn draw(all: &[String], n: usize, random: &mut Random) -> Vec<String> {
    let mut all: Vec<String> = all.iter().filter(|d| label(d).len() >= 4).cloned().collect();
    for i in 0..n.min(all.len()) {
        let j = i + random.below(all.len() - i);
        all.swap(i, j);
    }
    all.truncate(n);
    all
}

fn main() {
    let mut verbose = false;
    let mut root = PathBuf::from("../shared/data/names");
    for arg in std::env::args().skip(1) {
        if arg == "-v" { verbose = true } else { root = PathBuf::from(arg) }
    }
    let data = Names::embedded();
    let top = list(&root, "tranco10k");
    let others = [list(&root, "university_domains"), list(&root, "bank-website")].concat();
    let texts = [read(&root, "dnstwist-dictionaries/english.dict"), read(&root, "dnstwist-dictionaries/french.dict")];
    let words: Vec<&str> =
        texts.iter().flat_map(|t| t.split_whitespace()).filter(|w| w.chars().all(|c| c.is_ascii_lowercase())).collect();
    if top.is_empty() || words.is_empty() {
        println!("skipped: {} is not there", root.display());
        return;
    }
    let mut random = Random(0x5eed);
    let sets = [
        ("outlets", OUTLETS.split_whitespace().map(String::from).collect()),
        ("100 of the top 10k", draw(&top, 100, &mut random)),
        ("1,000 of the top 10k", draw(&top, 1000, &mut random)),
    ];
    for (title, targets) in sets {
        let judge = Judge::new(&Protect::of_domains(&targets), &data);
        let mut scratch = Scratch::default();
        let mut score = |n: &str| {
            judge
                .judge(n.as_bytes(), &mut scratch)
                .map_or((0, String::new()), |j| (j.score, format!("{:?} {}", j.techniques, j.imitates)))
        };
        let labels: BTreeSet<&str> = targets.iter().map(|d| label(d)).collect();
        println!("\n== {title}: {} protected", targets.len());

        let mut by_kind: BTreeMap<(usize, usize), [usize; 4]> = BTreeMap::new();
        let mut curve: [Vec<u8>; 2] = Default::default();
        let rounds = (3000 / targets.len()).clamp(1, 10);
        for domain in targets.iter().filter(|d| label(d).len() >= 3) {
            let held = usize::from(is_odd(domain));
            for (k, kind) in KINDS.iter().enumerate() {
                for _ in 0..rounds {
                    let Some(name) = make(kind, domain, &words, &mut random) else { continue };
                    if top.contains(&name) || targets.contains(&name) {
                        continue;
                    }
                    let (score, why) = score(&name);
                    let length = label(domain).replace('-', "").len().clamp(3, 9);
                    let row = by_kind.entry((k, length)).or_default();
                    row[held * 2 + 1] += 1;
                    row[held * 2] += usize::from(score >= 60);
                    if length >= 5 {
                        curve[held].push(score);
                    }
                    if verbose && held == 0 && score < 60 && length >= 5 {
                        println!("  missed {score} {name} ({kind} of {domain}) {why}");
                    }
                }
            }
        }
        println!("  at medium or above, by length of the label; each: developed on | held back");
        println!(
            "  {:24}{}",
            "",
            (3..=9).map(|n| format!("{:>12}", format!("{n}{}", if n == 9 { "+" } else { "" }))).collect::<String>()
        );
        for (k, kind) in KINDS.iter().enumerate() {
            let cell = |n: usize| {
                let r = by_kind.get(&(k, n)).copied().unwrap_or_default();
                let share = |a: usize, b: usize| {
                    if b == 0 { "-".into() } else { format!("{:.0}", 100.0 * a as f64 / b as f64) }
                };
                format!("{:>12}", format!("{}|{}", share(r[0], r[1]), share(r[2], r[3])))
            };
            println!("  {kind:24}{}", (3..=9).map(cell).collect::<String>());
        }

        let innocent: Vec<&String> =
            top.iter().chain(&others).filter(|n| !targets.contains(n) && !labels.contains(label(n))).collect();
        let mut wrong: Vec<(u8, &String, String)> = innocent
            .iter()
            .map(|n| {
                let (score, why) = score(n);
                (score, *n, why)
            })
            .filter(|w| w.0 >= 40)
            .collect();
        wrong.sort_by_key(|(s, n, _)| (std::cmp::Reverse(*s), *n));
        println!(
            "  score  recall(set)  recall(held back)  false alarms of {} that bear no protected label",
            innocent.len()
        );
        for at in (40..=90).step_by(5) {
            let recall = |all: &[u8]| 100.0 * all.iter().filter(|s| **s >= at).count() as f64 / all.len().max(1) as f64;
            let n = wrong.iter().filter(|w| w.0 >= at).count();
            println!(
                "  {at:5} {:9.2} % {:16.2} %  {n} = {:.3} %",
                recall(&curve[0]),
                recall(&curve[1]),
                100.0 * n as f64 / innocent.len() as f64
            );
        }
        if verbose {
            wrong.iter().filter(|w| w.0 >= 55).for_each(|(s, n, why)| println!("  wrong {s} {n} {why}"));
        }
    }
}
