//! Scores mails without a mailbox's history: `mail_score [--verbose] [--above N] NAME=PATH…` prints for each set how many
//! messages reach each severity, and the share of each sign. A path is a file or a folder; each file is one message.
//! `--trusted=NAME` (repeatable) is what `[mail] trusted` says.

use model::{Config, Context, Severity};
use sensors::mail::content::sign::score;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn files(path: &Path, all: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut inner: Vec<PathBuf> =
            std::fs::read_dir(path).into_iter().flatten().flatten().map(|e| e.path()).collect();
        inner.sort();
        inner.iter().for_each(|p| files(p, all));
    } else {
        all.push(path.to_path_buf());
    }
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let verbose = arguments.iter().any(|a| a == "--verbose");
    let table = arguments.iter().any(|a| a == "--signs");
    let matrix = arguments.iter().any(|a| a == "--matrix");
    let trusted: Vec<String> =
        arguments.iter().filter_map(|a| a.strip_prefix("--trusted=")).map(String::from).collect();
    arguments.retain(|a| !a.starts_with("--"));
    let mut config = Config::default();
    config.set("mail", "trusted", trusted);
    let origins = sensors::origin::Origin::default();
    let at = model::Time(0);
    let context = Context { config: &config, origins: &origins, at, modified: None };
    let start = std::time::Instant::now();
    let mut count = 0;
    for argument in arguments {
        let (name, path) = argument.split_once('=').unwrap_or(("mail", &argument));
        let mut all = Vec::new();
        files(Path::new(path), &mut all);
        let mut reached: BTreeMap<&str, usize> = BTreeMap::new();
        let mut signs: BTreeMap<String, usize> = BTreeMap::new();
        for file in &all {
            let Ok(bytes) = std::fs::read(file) else { continue };
            count += 1;
            let begin = std::time::Instant::now();
            let found = sensors::mail::read::signs(&bytes, &context).expect("a default configuration");
            if begin.elapsed().as_millis() > 500 {
                eprintln!("slow: {} {:?}", file.display(), begin.elapsed());
            }
            let score = score(&found);
            let severity = sensors::mail::content::sign::severity(score).map_or("none", Severity::as_str);
            *reached.entry(severity).or_default() += 1;
            found.iter().for_each(|s| *signs.entry(s.sign.to_string()).or_default() += 1);
            if matrix {
                let names: Vec<String> = found.iter().map(|s| s.sign.to_string()).collect();
                println!("{name} {score} {} {}", file.display(), names.join(" "));
            } else if verbose {
                let list: Vec<String> = found.iter().map(|s| format!("{}({})", s.sign, s.on)).collect();
                println!("{score:3} {} | {}", file.display(), list.join(" "));
            }
        }
        if !matrix {
            let total = all.len().max(1);
            let medium: usize = ["medium", "high", "critical"].iter().filter_map(|s| reached.get(s)).sum();
            println!(
                "{name}: {} mails, medium or above {medium} ({:.2} %) {reached:?}",
                all.len(),
                100.0 * medium as f64 / total as f64
            );
        }
        if table {
            signs
                .iter()
                .for_each(|(sign, n)| println!("  {sign} {:.2} %", 100.0 * *n as f64 / all.len().max(1) as f64));
        }
    }
    eprintln!("{:.0} mails/s", f64::from(count) / start.elapsed().as_secs_f64());
}
