//! Which commit this is, for `vigie --version --json`: asked of git, or told by VIGIE_COMMIT and VIGIE_DATE where sources
//! come without their history. Nothing else of the machine goes into the program.

use std::process::Command;

fn git(arguments: &[&str]) -> Option<String> {
    let out = Command::new("git").args(arguments).output().ok().filter(|o| o.status.success())?;
    Some(String::from_utf8(out.stdout).ok()?.trim().to_string()).filter(|t| !t.is_empty())
}

fn main() {
    for name in ["VIGIE_COMMIT", "VIGIE_DATE"] {
        println!("cargo::rerun-if-env-changed={name}");
    }
    // The log of HEAD grows with every commit.
    for file in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", file]) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    let told = |name: &str, ask: &[&str]| std::env::var(name).ok().or_else(|| git(ask)).unwrap_or_default();
    println!("cargo::rustc-env=VIGIE_COMMIT={}", told("VIGIE_COMMIT", &["rev-parse", "HEAD"]));
    println!("cargo::rustc-env=VIGIE_DATE={}", told("VIGIE_DATE", &["log", "-1", "--format=%cs"]));
}
