//! Nothing in the house but this crate names an operating system: neither a crate's code nor what it depends on.

use std::fs;
use std::path::{Path, PathBuf};

/// What one system has. Tests may make links and pipes; the program may not.
const NAMES: [&str; 13] = [
    "cfg(unix",
    "cfg(windows",
    "cfg(not(unix",
    "target_os",
    "target_family",
    "std::os::",
    "rustix",
    "libc::",
    "landlock::",
    "seccompiler",
    "\"/proc/sys",
    "\"/proc/meminfo",
    "\"/dev/",
];

fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()) {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match entry.is_dir() {
            true if name != "tests" => sources(&entry, all),
            false if name.ends_with(".rs") && name != "tests.rs" => all.push(entry),
            _ => {}
        }
    }
}

#[test]
fn nothing_else_names_a_system() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut looked, mut found) = (0, Vec::new());
    for home in fs::read_dir(&crates).expect("the crates").map(|e| e.expect("an entry").path()) {
        if home.ends_with("platform") || !home.join("src").is_dir() {
            continue;
        }
        let manifest = fs::read_to_string(home.join("Cargo.toml")).expect("a manifest");
        let used = manifest.split("dev-dependencies").next().unwrap_or_default();
        for name in ["rustix", "libc", "landlock", "seccompiler", "windows-sys", "nix"] {
            if used.lines().any(|l| l.starts_with(&format!("{name}.")) || l.starts_with(&format!("{name} "))) {
                found.push(format!("{}/Cargo.toml depends on {name}", home.display()));
            }
        }
        let mut all = Vec::new();
        sources(&home.join("src"), &mut all);
        for path in all {
            looked += 1;
            let text = fs::read_to_string(&path).expect("UTF-8");
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            // Words of comments, and of what evidence says, are no code.
            for (n, line) in code.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//")) {
                let is_evidence = line.contains("b\"") || path.to_string_lossy().contains("/sensors/src/");
                if !is_evidence && let Some(name) = NAMES.iter().find(|name| line.contains(*name)) {
                    found.push(format!("{}:{}: {name}", path.display(), n + 1));
                }
            }
        }
    }
    assert!(looked > 300, "only {looked} files were looked at");
    assert!(found.is_empty(), "belongs into `platform`:\n{}", found.join("\n"));
}
