//! The copied-text kernel measured.
//!
//! `cargo run --release -p sensors --example copied_text accuracy [CORPUS.tsv]`: precision and recall of pairs by kind
//! of copy and language, on this project's own posts with seeded edits, and on what `bench/posts_text.py corpus` makes.
//! Groups whose hash is odd are the part reported apart. They are not unseen: features and
//! thresholds were chosen over the whole, before it was split.
//! `… copied_text speed N [OUT]`: N posts with ordinary repetition, timed; with OUT they are also written, a line each.
//! `… copied_text hostile`: what an adversary would write, timed.
#![allow(missing_docs)]

use sensors::posts::text::Copies;
use std::collections::BTreeMap;
use std::io::Write;
use std::time::Instant;

const OWN: &str = include_str!("texts.txt");

/// A text with what is known of it.
struct Row {
    group: u32,
    lang: String,
    kind: String,
    text: String,
}

/// Chance, drawn by remainder.
struct Random(model::Random);

impl Random {
    fn new(seed: u64) -> Random {
        Random(model::Random::new(seed))
    }

    fn bits(&mut self) -> u64 {
        self.0.bits()
    }

    fn below(&mut self, n: usize) -> usize {
        (self.bits() % n.max(1) as u64) as usize
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        Some("accuracy") => accuracy(args.get(1)),
        Some("speed") => speed(args.get(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000), args.get(2)),
        Some("hostile") => hostile(),
        _ => eprintln!("copied_text accuracy [CORPUS.tsv] | speed N [OUT] | hostile"),
    }
}

fn own() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut random = Random::new(5);
    for line in OWN.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let mut fields = line.splitn(3, ' ');
        let (Some(kind), Some(lang), Some(text)) = (fields.next(), fields.next(), fields.next()) else { continue };
        let group = rows.last().map_or(0, |r: &Row| r.group) + u32::from(kind == "o" || kind == "p");
        let mut add = |kind: &str, text: String| {
            rows.push(Row { group, lang: lang.into(), kind: format!("own {kind}"), text });
        };
        match kind {
            "o" => {
                add("original", text.into());
                for (name, edit) in EDITS {
                    add(&format!("edit: {name}"), edit(text, &mut random));
                }
            }
            "p" => {
                add("phrase", text.into());
                add("phrase", text.to_uppercase());
            }
            "r" => add("rewording", text.into()),
            _ => add("translation", text.into()),
        }
    }
    rows
}

type Edit = fn(&str, &mut Random) -> String;

const EDITS: [(&str, Edit); 8] = [
    ("case, accents, signs", |text, _| {
        text.to_uppercase().replace(['É', 'È', 'Ê'], "E").replace([',', '.', '?', '\''], "")
    }),
    ("emoji, hashtag, mention", |text, random| {
        let tag = ["#vote", "#élections", "#news", "#мир"][random.below(4)];
        format!("@user{} {text} 🔥🔥 {tag} https://t.co/{:x}", random.below(999), random.bits())
    }),
    ("typing errors", |text, random| {
        let mut letters: Vec<char> = text.chars().collect();
        for _ in 0..(letters.len() / 25).max(1) {
            let at = random.below(letters.len() - 1);
            letters.swap(at, at + 1);
        }
        letters.into_iter().collect()
    }),
    ("words dropped", |text, random| text.split(' ').filter(|_| random.below(7) != 0).collect::<Vec<_>>().join(" ")),
    ("words swapped", |text, random| {
        let mut words: Vec<&str> = text.split(' ').collect();
        for _ in 0..words.len() / 4 {
            let at = random.below(words.len() - 1);
            words.swap(at, at + 1);
        }
        words.join(" ")
    }),
    ("cut short", |text, _| text.chars().take(text.chars().count() * 7 / 10).collect()),
    ("text before and after", |text, random| {
        let before =
            ["So true!! Read this:", "À lire absolument :", "Wichtig!", "From my neighbour,", ""][random.below(5)];
        let after =
            ["Share before they delete it", "Faites tourner", "What do you think?", "🙏", "Ужас"][random.below(5)];
        format!("{before} {text} {after}")
    }),
    ("look-alike and invisible letters", |text, _| text.replace('a', "а").replace('e', "е\u{200b}")),
];

fn accuracy(path: Option<&String>) {
    let mut rows = own();
    if let Some(path) = path {
        let base = rows.last().map_or(0, |r| r.group);
        for line in std::fs::read_to_string(path).unwrap_or_default().lines() {
            let mut f = line.splitn(4, '\t');
            let (Some(group), Some(lang), Some(kind), Some(text)) = (f.next(), f.next(), f.next(), f.next()) else {
                continue;
            };
            if kind.starts_with("own") {
                continue;
            }
            let kind = match kind {
                "verse-o" => "verse original",
                "verse-r" => "verse rewording",
                "verse-t" => "verse translation",
                other => other,
            };
            let group = base + group.parse::<u32>().unwrap_or(0);
            rows.push(Row { group, lang: lang.into(), kind: kind.into(), text: text.into() });
        }
    }
    let texts: Vec<&str> = rows.iter().map(|r| r.text.as_str()).collect();
    let copies = Copies::find(&texts);
    println!("{} texts, {} different", texts.len(), copies.different());
    let numbers: Vec<Option<u32>> = (0..rows.len()).map(|n| copies.cluster(n)).collect();
    for held_back in [false, true] {
        report(&rows, &numbers, held_back);
    }
}

fn is_held_back(rows: &[Row], group: u32) -> bool {
    let text = rows.iter().find(|r| r.group == group).map_or("", |r| &r.text);
    let hash = model::hash::fnv1a(text.bytes());
    hash >> 32 & 1 == 1
}

fn report(rows: &[Row], numbers: &[Option<u32>], held_back: bool) {
    let kept: BTreeMap<u32, bool> =
        rows.iter().map(|r| r.group).map(|g| (g, is_held_back(rows, g) == held_back)).collect();
    let chosen: Vec<usize> = (0..rows.len()).filter(|&n| kept[&rows[n].group]).collect();
    let mut table: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    let (mut wrong, mut right, mut all) = (Vec::new(), 0, 0);
    for (i, &a) in chosen.iter().enumerate() {
        for &b in &chosen[..i] {
            let same = rows[a].group == rows[b].group;
            let found = numbers[a].is_some() && numbers[a] == numbers[b];
            if same {
                let (x, y) = (&rows[a], &rows[b]);
                // A pair counts under what was done to one of them, where the other is the original.
                let what = if x.lang != y.lang { "translation" } else { x.kind.split_once(' ').map_or("", |k| k.1) };
                let who = x.kind.split(' ').next().unwrap_or("");
                for key in [
                    format!("{who}, {what}"),
                    format!("{who}, {}", if x.lang == y.lang { &x.lang } else { "two languages" }),
                ] {
                    let cell = table.entry(key).or_default();
                    cell[0] += 1;
                    cell[1] += u64::from(found);
                }
                if x.kind.ends_with("phrase") {
                    continue;
                }
                all += 1;
                right += u64::from(found);
            } else if found {
                wrong.push((a, b));
            }
        }
    }
    println!("\n{}: {} texts", if held_back { "held back" } else { "developed on" }, chosen.len());
    for (key, [n, found]) in table {
        println!("  {key:45} {found:6} of {n:6} = {:.3}", found as f64 / n as f64);
    }
    let verses = wrong.iter().filter(|(a, _)| rows[*a].kind.starts_with("verse")).count();
    let precision = |wrong: usize| right as f64 / (right + wrong as u64).max(1) as f64;
    println!(
        "  recall {:.3}, precision {:.4} ({} wrong; without parallel verses, {} and {:.4})",
        right as f64 / all as f64,
        precision(wrong.len()),
        wrong.len(),
        wrong.len() - verses,
        precision(wrong.len() - verses)
    );
    let mut shown: Vec<(u32, u32)> = Vec::new();
    for (a, b) in wrong {
        let groups = (rows[a].group, rows[b].group);
        if !shown.contains(&groups) && shown.len() < 12 {
            shown.push(groups);
            println!("  wrong: {} | {}", rows[a].text, rows[b].text);
        }
    }
}

/// Words that every tenth to third word of a language is.
const COMMON: [&str; 6] = [
    "the of and to a in that is was for on with as it they at by not are from",
    "le la les de des et un une dans que qui pour sur pas est ce il au par avec",
    "der die das und in den von zu mit sich auf für ist im nicht ein eine als auch es",
    "de la que el en y a los se del las un por con no una su para es al",
    "di e il la che in a per un del non sono con le si da una i al come",
    "и в не на что с по это как но он она они из за у о же от для",
];

/// Posts with ordinary repetition: of a hundred, 17 repeat an earlier text, 9 with an edit, 2 fill in one form, the rest
/// are new, in six languages, half of them under 15 words and one in fifty over 300; words fall as in language (rank to
/// the power −1).
fn posts(n: usize) -> Vec<String> {
    let mut random = Random::new(1);
    let mut popular: Vec<String> = Vec::new();
    let word = |rank: usize, language: usize| {
        let mut rank = (rank as u64 * 6 + language as u64) * 2_654_435_761 % 100_000_007 + 17;
        let letters: (Vec<char>, Vec<char>) = match language {
            5 => ("бвгдклмнпрст".chars().collect(), "аеиоу".chars().collect()),
            _ => ("bcdfglmnprst".chars().collect(), "aeiou".chars().collect()),
        };
        let mut word = String::new();
        while rank > 0 {
            word.push(letters.0[(rank % 12) as usize]);
            word.push(letters.1[(rank / 12 % 5) as usize]);
            rank /= 60;
        }
        word
    };
    (0..n)
        .map(|_| {
            let dice = random.below(100);
            if dice < 26 && !popular.is_empty() {
                let at = random.below(popular.len()).min(random.below(popular.len()));
                let text = popular[at].clone();
                return if dice < 17 { text } else { EDITS[random.below(EDITS.len() - 1)].1(&text, &mut random) };
            }
            if dice < 28 {
                return format!(
                    "Dear {} you have won prize number {} click to claim it today",
                    word(random.below(200_000), 0),
                    random.below(9_999)
                );
            }
            let (language, dice) = (random.below(6), random.below(100));
            let length = match dice {
                0..50 => 5 + random.below(10),
                50..85 => 15 + random.below(25),
                85..98 => 40 + random.below(60),
                _ => 300 + random.below(400),
            };
            let common: Vec<&str> = COMMON[language].split(' ').collect();
            let mut text = String::new();
            for _ in 0..length {
                if random.below(3) == 0 {
                    text.push_str(common[random.below(common.len())]);
                } else {
                    // The inverse of Zipf's distribution over 200,000 words.
                    let share = random.bits() as f64 / u64::MAX as f64;
                    text.push_str(&word(200_000f64.powf(share) as usize, language));
                }
                text.push(' ');
            }
            if random.below(20) == 0 {
                popular.push(text.clone());
            }
            text
        })
        .collect()
}

/// Processor time of this process so far, in seconds (Linux; its clock ticks are hundredths).
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.split(' ').skip(13).take(2).filter_map(|t| t.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

fn speed(n: usize, out: Option<&String>) {
    let posts = posts(n);
    if let Some(mut file) = out.and_then(|path| std::fs::File::create(path).ok()) {
        posts.iter().for_each(|p| {
            let _ = writeln!(file, "{p}");
        });
    }
    let (start, before) = (Instant::now(), processor());
    let copies = Copies::find(&posts);
    let (wall, seconds) = (start.elapsed().as_secs_f64(), processor() - before);
    let copied = (0..n).filter(|&t| copies.cluster(t).is_some()).count();
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = memory.lines().find(|l| l.starts_with("VmHWM")).unwrap_or("").to_string();
    println!(
        "{n} texts of {} MB, {} different, {copied} told: {seconds:.2} s of processor time, {:.0} texts/s a core; {wall:.2} s \
         by the wall on {} threads; {peak}",
        posts.iter().map(String::len).sum::<usize>() / 1_000_000,
        copies.different(),
        n as f64 / seconds,
        rayon_threads()
    );
}

/// Half a million texts each that want every text compared with every other.
fn hostile() {
    let many = 500_000;
    let mut random = Random::new(3);
    let all: [(&str, Vec<String>); 6] = [
        ("one text", vec!["Leaked minutes show that mayor Oskarsen sold the old harbour".into(); many]),
        (
            "one form",
            (0..many).map(|n| format!("Dear reader you have won prize number {n} click to claim it")).collect(),
        ),
        (
            "one text, one word changed",
            (0..many)
                .map(|n| format!("leaked minutes show that mayor sold the old harbour of velmora word{n:x}z"))
                .collect(),
        ),
        (
            "twelve of twenty rare words",
            (0..many)
                .map(|_| (0..12).map(|_| format!("rareword{} ", (b'a' + random.below(20) as u8) as char)).collect())
                .collect(),
        ),
        ("1 MB each", (0..200).map(|n| format!("w{n} ").repeat(1 << 18)).collect()),
        ("letters without spaces", (0..20_000).map(|n| format!("{n}").repeat(6_000)).collect()),
    ];
    for (what, texts) in all {
        let before = processor();
        let copies = Copies::find(&texts);
        let groups: std::collections::BTreeSet<_> = (0..texts.len()).filter_map(|t| copies.cluster(t)).collect();
        println!(
            "{what}: {} texts, {} groups: {:.2} s of processor time",
            texts.len(),
            groups.len(),
            processor() - before
        );
    }
}

fn rayon_threads() -> String {
    std::env::var("RAYON_NUM_THREADS").unwrap_or_else(|_| "all".into())
}
