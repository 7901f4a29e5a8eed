//! Recall and false alarms on a labelled set of parameter values, each sent as one percent-encoded GET.
//!
//! `VIGIE_DATA` names the directory with the public data (default `../shared/data`); without it the
//! program says so and ends. Rows are split by a hash of the value: rules were written looking only at the
//! development half. With `--misses` the development half's wrong answers are listed, never the other's.

use knowledge::web_attacks::WebAttacks;
use sensors::web_log::classify::{Class, Classifier, Request, Scratch};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Rows, flagged, flagged with the label's own class, flagged weakly only.
#[derive(Default, Clone, Copy)]
struct Count {
    rows: usize,
    strong: usize,
    right: usize,
    weak: usize,
}

fn main() {
    let data = std::env::var_os("VIGIE_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let path = data.join("web-logs/http-params/payload_train.csv");
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: {} is not there", path.display());
        return;
    };
    let misses = std::env::args().any(|word| word == "--misses");
    let classifier = Classifier::new(&WebAttacks::embedded());
    let mut scratch = Scratch::default();
    let mut table: BTreeMap<(String, bool), Count> = BTreeMap::new();
    for row in rows(&bytes).skip(1) {
        let [value, _, label, _] = row.as_slice() else { continue };
        let held_back = fnv(value) & 1 == 1;
        let label = String::from_utf8_lossy(label).into_owned();
        let target = [b"/?q=".to_vec(), encode(value)].concat();
        let request =
            Request { method: b"GET", target: &target, protocol: b"HTTP/1.1", status: 200, ..Request::default() };
        let verdict = classifier.classify(&request, &mut scratch);
        let count = table.entry((label.clone(), held_back)).or_default();
        count.rows += 1;
        count.strong += usize::from(!verdict.strong.is_empty());
        count.weak += usize::from(verdict.strong.is_empty() && !verdict.weak.is_empty());
        let own: &[Class] = match label.as_str() {
            "sqli" => &[Class::SqlInjection],
            "xss" => &[Class::CrossSiteScripting],
            "cmdi" => &[Class::CommandInjection],
            "path-traversal" => &[Class::PathTraversal, Class::FileInclusion],
            _ => &[],
        };
        count.right += usize::from(own.iter().any(|class| verdict.strong.has(*class)));
        let wrong = verdict.strong.is_empty() != (label == "norm");
        if misses && wrong && !held_back {
            let rule = verdict.best.and_then(|best| classifier.rule(best.0)).map_or("-", |rule| &*rule.id);
            let shown: String = String::from_utf8_lossy(value).chars().take(160).collect();
            println!("{label}\t{rule}\t{shown}");
        }
    }
    println!("{:16} {:12} {:>6} {:>7} {:>8} {:>8} {:>6}", "label", "half", "rows", "strong", "share", "class", "weak");
    for half in [false, true] {
        let mut all = Count::default();
        for ((label, held_back), count) in table.iter().filter(|((_, side), _)| *side == half) {
            print(label, *held_back, *count);
            if label != "norm" {
                all.rows += count.rows;
                all.strong += count.strong;
                all.right += count.right;
                all.weak += count.weak;
            }
        }
        print("all attacks", half, all);
    }
}

fn print(label: &str, held_back: bool, count: Count) {
    let share = |part: usize| 100.0 * part as f64 / count.rows.max(1) as f64;
    println!(
        "{label:16} {:12} {:6} {:7} {:7.2}% {:7.2}% {:6}",
        if held_back { "held back" } else { "development" },
        count.rows,
        count.strong,
        share(count.strong),
        share(count.right),
        count.weak
    );
}

fn fnv(value: &[u8]) -> u64 {
    model::hash::fnv1a(value.iter().copied())
}

fn encode(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() * 3);
    for &byte in value {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    out
}

/// RFC 4180 rows: quoted fields, doubled quotes, new lines inside quotes.
fn rows(bytes: &[u8]) -> impl Iterator<Item = Vec<Vec<u8>>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= bytes.len() {
            return None;
        }
        let mut row = vec![Vec::new()];
        let mut quoted = false;
        while at < bytes.len() {
            let byte = bytes[at];
            at += 1;
            let field = row.last_mut().expect("one field");
            match byte {
                b'"' if quoted && bytes.get(at) == Some(&b'"') => {
                    field.push(b'"');
                    at += 1;
                }
                b'"' => quoted = !quoted,
                b',' if !quoted => row.push(Vec::new()),
                b'\n' if !quoted => break,
                b'\r' if !quoted => {}
                _ => field.push(byte),
            }
        }
        Some(row)
    })
}
