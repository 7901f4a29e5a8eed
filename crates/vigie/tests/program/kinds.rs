//! Who knows a kind of evidence by name: its folders and nobody else. What all kinds share walks the lists.

use std::fs;
use std::path::{Path, PathBuf};

/// Sources where no kind is named, and the folders in them that belong to one kind each.
const SHARED: [(&str, Option<&str>); 3] =
    [("vigie", None), ("casework", Some("chapters")), ("exercise", Some("parts"))];

#[test]
fn no_kind_is_known_by_name() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut named = Vec::new();
    for (name, own) in SHARED {
        let sources = crates.join(name).join("src");
        for file in files(&sources, own.map(|own| sources.join(own)).as_deref()) {
            let text = fs::read_to_string(&file).expect("UTF-8");
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().lines().enumerate();
            for (n, line) in code.filter(|(_, line)| !line.trim_start().starts_with("//")) {
                if sensors::SENSORS.iter().any(|s| names(line, s.name())) {
                    named.push(format!("{}:{}: {}", file.display(), n + 1, line.trim()));
                }
            }
        }
    }
    assert!(named.is_empty(), "a kind is named outside its folders:\n{}", named.join("\n"));
}

/// Whether a line of code names a kind: as text (`"mail"`, `"mail/…"`) or as a module of `sensors`.
fn names(line: &str, kind: &str) -> bool {
    let text = [format!("\"{kind}\""), format!("\"{kind}/")].iter().any(|t| line.contains(t));
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let module = line.match_indices("sensors::").any(|(at, prefix)| {
        let rest = &line[at + prefix.len()..];
        let mut words = rest.split(|c| !word(c)).filter(|w| !w.is_empty());
        if rest.starts_with('{') { words.any(|w| w == kind) } else { words.next() == Some(kind) }
    });
    text || module
}

/// All sources below a folder but tests, and but the folders in `own`.
fn files(folder: &Path, own: Option<&Path>) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path());
    let tests = |p: &Path| p.file_stem().is_some_and(|n| ["tests", "testing"].iter().any(|t| n == *t));
    let inside = entries.filter(|p| !(tests(p) || p.is_dir() && own == p.parent()));
    inside.flat_map(|p| if p.is_dir() { files(&p, own) } else { vec![p] }).collect()
}

#[test]
fn a_name_is_seen_in_text_and_paths() {
    for line in ["\"mail\" => 1", "f(\"mail/wave\")", "use sensors::mail;", "use sensors::{Sensor, mail::x};"] {
        assert!(names(line, "mail"), "{line}");
    }
    for line in ["\"mails\"", "collect::mail", "sensors::mailbox", "sensors::open(mail)", "let mail = 1;"] {
        assert!(!names(line, "mail"), "{line}");
    }
}
