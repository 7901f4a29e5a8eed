//! What texts cluster to and what the detectors say on exercises: `posts_detect DIR...` (each with evidence/posts.csv and
//! truth.json).

use model::Time;
use sensors::posts::shares::By;
use sensors::posts::{Posts, table::Table, text::Copies};
use sensors::testing::{Memory, config};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

fn main() {
    for dir in std::env::args().skip(1) {
        let posts = std::fs::read(format!("{dir}/evidence/posts.csv")).expect("posts");
        let truth: serde_json::Value =
            serde_json::from_slice(&std::fs::read(format!("{dir}/truth.json")).expect("truth")).expect("json");
        let truth = &truth["posts"];
        let mut of: BTreeMap<String, String> = BTreeMap::new();
        for kind in ["groups", "innocents"] {
            for group in truth[kind].as_array().into_iter().flatten() {
                for m in group["members"].as_array().into_iter().flatten() {
                    of.insert(m.as_str().unwrap_or_default().into(), group["name"].as_str().unwrap_or_default().into());
                }
            }
        }
        let start = Instant::now();
        let mut memory = Memory::new();
        memory.read(&Posts, "posts.csv", &posts, &config(""), Time(0));
        println!("read {:?}", start.elapsed());
        let start = Instant::now();
        let table = Table::load(&memory).expect("table");
        println!("table {:?} {} posts {} accounts", start.elapsed(), table.len(), table.accounts.len());
        if std::env::var("TEXT").is_ok() {
            let start = Instant::now();
            let kept: Vec<u32> = (0..table.len() as u32).filter(|p| table.repost_of(*p).is_empty()).collect();
            let texts: Vec<&str> = kept.iter().map(|p| table.text(*p)).collect();
            let copies = Copies::find(&texts);
            println!("copies {:?} {} texts {} different", start.elapsed(), texts.len(), copies.different());
            let mut clusters: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for (n, p) in kept.iter().enumerate() {
                if let Some(c) = copies.cluster(n) {
                    clusters.entry(c).or_default().push(*p);
                }
            }
            let mut all: Vec<&Vec<u32>> = clusters.values().collect();
            all.sort_by_key(|v| std::cmp::Reverse(v.len()));
            println!(
                "{} clusters, {} of 2+, sizes {:?}",
                all.len(),
                all.iter().filter(|c| c.len() > 1).count(),
                all.iter().take(40).map(|c| c.len()).collect::<Vec<_>>()
            );
            // The text group's posts: which clusters hold them, how pure these are.
            for group in ["bon-sens", "planned", "fans", "vigilance", "sursaut"] {
                let mut rows = Vec::new();
                for c in &all {
                    let who: BTreeSet<u32> = c.iter().map(|p| table.account(*p)).collect();
                    let ours = who
                        .iter()
                        .filter(|a| of.get(&table.accounts[**a as usize].id).is_some_and(|g| g == group))
                        .count();
                    if ours > 2 {
                        rows.push((ours, who.len(), c.len()));
                    }
                }
                println!("{group}: {rows:?}");
            }
        }
        let _ = By::Url;
        let start = Instant::now();
        let found = memory.detect(&sensors::posts::coordination::Coordination, &config(""), Time(0));
        println!("coordination {:?}", start.elapsed());
        let mut called: BTreeSet<String> = BTreeSet::new();
        for f in &found {
            let mut who: BTreeMap<&str, usize> = BTreeMap::new();
            for e in &f.entities {
                *who.entry(of.get(&e.value).map_or("-", |s| s.as_str())).or_default() += 1;
                if f.severity >= model::Severity::Low {
                    called.insert(e.value.clone());
                }
            }
            println!(
                "{:?} {} {:?} p {} density {} {} {}",
                f.severity,
                f.title.en,
                who,
                f.fields["p"],
                f.fields["density"],
                f.fields["windows"],
                f.traces.len()
            );
        }
        for detector in [
            &sensors::posts::copied_text::CopiedText as &dyn sensors::Detector,
            &sensors::posts::automation::Automation,
        ] {
            let start = Instant::now();
            let found = memory.detect(detector, &config(""), Time(0));
            println!("{} {:?} {} findings", detector.id(), start.elapsed(), found.len());
            for f in found.iter().take(12) {
                println!(
                    "   {:?} {} {}",
                    f.severity,
                    f.title.en,
                    f.reasons.iter().map(|r| r.text.en.as_str()).collect::<Vec<_>>().join("; ")
                );
                if let Some(t) = f.fields.get("text") {
                    println!("      {t}");
                }
            }
        }
        let truly: BTreeSet<&str> = truth["groups"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|g| g["members"].as_array().into_iter().flatten())
            .filter_map(|m| m.as_str())
            .collect();
        let right = called.iter().filter(|c| truly.contains(c.as_str())).count();
        println!(
            "{dir}: called {} right {right} of {}: precision {:.3} recall {:.3}",
            called.len(),
            truly.len(),
            right as f64 / called.len().max(1) as f64,
            right as f64 / truly.len() as f64
        );
    }
}
