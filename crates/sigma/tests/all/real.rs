//! Rules that others wrote: all are run, or named with the reason.

use sigma::Collection;
use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path, all: &mut Vec<(String, String)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        match path.extension().and_then(|e| e.to_str()) {
            _ if path.is_dir() => files(&path, all),
            Some("yml" | "yaml") => {
                all.extend(fs::read_to_string(&path).ok().map(|text| (path.display().to_string(), text)));
            }
            _ => {}
        }
    }
}

#[test]
fn all_rules_for_web_logs_are_run() {
    let shared = std::env::var_os("VIGIE_DATA").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let mut all = Vec::new();
    files(&shared.join("web-logs/sigma-web-rules"), &mut all);
    if all.is_empty() {
        return eprintln!("skipped: no {}", shared.display());
    }
    let rules = Collection::read(all.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    assert_eq!(rules.refused, []);
    assert_eq!(rules.rules.len(), 45);
}
