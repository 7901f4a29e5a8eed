//! The kept corpus goes through all targets, and what is said of targets holds.

use fuzzed::TARGETS;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().map(|f| f.expect("a folder is listed").path()).collect();
    all.sort();
    all
}

#[test]
fn what_is_kept_holds() {
    for (name, _, trial) in TARGETS {
        let kept = files(&corpus().join(name));
        assert!(!kept.is_empty(), "{name} keeps nothing in fuzz/corpus");
        for path in kept {
            let bytes = std::fs::read(&path).expect("the corpus is read");
            let held = std::panic::catch_unwind(|| trial(&bytes));
            assert!(held.is_ok(), "{}", path.display());
        }
    }
}

#[test]
fn sensors_folders_and_the_page_agree_with_the_targets() {
    let names: BTreeSet<&str> = TARGETS.iter().map(|t| t.0).collect();
    assert_eq!(names.len(), TARGETS.len(), "a name stands there twice");
    for sensor in sensors::SENSORS {
        assert!(names.contains(&*format!("reader_{}", sensor.name())), "no target reads as {}", sensor.name());
    }
    let page = std::fs::read_to_string(corpus().join("../README.md")).expect("the page on fuzzing is read");
    for (name, what, _) in TARGETS {
        assert!(page.contains(&format!("| `{name}` | {what} |")), "fuzz/README.md does not list {name} as it is");
    }
    for folder in files(&corpus()) {
        let name = folder.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_string();
        assert!(names.contains(&*name), "fuzz/corpus/{name} is no target's");
    }
}
