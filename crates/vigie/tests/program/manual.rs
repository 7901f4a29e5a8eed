//! Manual, completions, version and `doctor`: what a person needs before any evidence.

use super::{lines, place, run};
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn the_table_of_options_is_that_of_the_program() {
    let told = run(Path::new("/"), &["man", "--markdown"], 0);
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/options.md");
    let kept = fs::read_to_string(kept).expect("docs/options.md");
    assert!(told == kept, "`vigie man --markdown > docs/options.md` makes it anew");
}

#[test]
fn every_command_has_a_page_and_is_completed() {
    let dir = place();
    run(dir.path(), &["man", "pages"], 0);
    let all = run(dir.path(), &["--help"], 0);
    let commands = all.lines().skip_while(|l| !l.starts_with("Usage:")).take_while(|l| *l != "Options:");
    let scripts = ["bash", "zsh", "fish"].map(|shell| run(dir.path(), &["completions", shell], 0));
    let mut n = 0;
    for command in commands.filter(|l| l.starts_with("  ") && !l.starts_with("   ")) {
        let name = command.split_whitespace().next().expect("a name");
        let page = fs::read_to_string(dir.path().join(format!("pages/vigie-{name}.1"))).expect(name);
        assert!(page.contains("SYNOPSIS"), "{page}");
        assert!(scripts.iter().all(|s| s.contains(name)), "{name}");
        n += 1;
    }
    assert!(n > 20, "{n} commands: {all}");
    let whole = fs::read_to_string(dir.path().join("pages/vigie.1")).expect("a page");
    assert_eq!(whole.matches("vigie\\-").count(), n, "{whole}");
    run(dir.path(), &["completions", "tcsh"], 2);
}

#[test]
fn the_program_says_what_it_is() {
    let version = |args: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_vigie")).args(args).output().expect("the program starts");
        assert!(out.status.success());
        String::from_utf8(out.stdout).expect("text")
    };
    assert!(version(&["--version"]).starts_with("vigie 0."));
    let told = &lines(&version(&["--version", "--json"]))[0];
    let parts = told["knowledge"]["parts"].as_array().expect("parts");
    assert!(parts.len() > 10 && parts.iter().all(|p| p["date"].as_str().is_some_and(|d| d.len() == 10)), "{told}");
    assert!(told["workers"].as_str().is_some_and(|w| w != "none"), "{told}");
}

#[test]
fn the_doctor_knows_a_wrong_clock() {
    let at = |day: &str, code| lines(&run(Path::new("/tmp"), &["doctor", "--json", "--at", day], code));
    let state = |all: &[serde_json::Value], what: &str| {
        all.iter().find(|l| l["what"] == what).map(|l| l["state"].as_str().unwrap_or_default().to_string())
    };
    assert_eq!(state(&at("1980-01-01", 1), "clock").as_deref(), Some("bad"));
    let later = at("2035-01-01", 0);
    assert_eq!(state(&later, "clock").as_deref(), Some("good"));
    assert_eq!(state(&later, "knowledge").as_deref(), Some("lacking"));
    assert_eq!(state(&later, "workers").as_deref(), Some("good"));
}
