//! The program as a person meets it: its commands, its exit codes, what it prints, on the smallest evidence.

mod archives;
mod case;
mod check;
mod collect;
mod count;
mod documents;
mod export;
mod help;
mod holder;
mod hygiene;
mod kinds;
mod knowledge;
mod mail;
mod manual;
mod names;
mod network;
mod posts;
mod seals;
mod settings;
mod silence;
mod site;
mod words;
mod workers;

use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const AT: &str = "2017-03-01T00:00:00Z";

/// An attack that a site answered, among ordinary requests.
fn log() -> String {
    let mut log = String::new();
    for i in 0..40 {
        log += &format!(
            "198.51.100.{i} - - [14/Feb/2017:10:{i:02}:00 +0100] \"GET /page{} HTTP/1.1\" 200 {} \"-\" \"Mozilla/5.0\"\n",
            i % 4,
            1000 + i % 4
        );
    }
    log + "203.0.113.9 - - [14/Feb/2017:11:00:00 +0100] \"GET /?id=1%27%20OR%20%271%27=%271 HTTP/1.1\" 403 100 \"-\" \"sqlmap/1.0\"\n\
        203.0.113.9 - - [14/Feb/2017:11:00:01 +0100] \"GET /../../etc/passwd HTTP/1.1\" 404 100 \"-\" \"sqlmap/1.0\"\n"
}

fn other_log() -> String {
    "203.0.113.77 - - [15/Feb/2017:11:00:00 +0100] \"GET /.git/config HTTP/1.1\" 404 100 \"-\" \"curl\"\n".repeat(3)
}

fn vigie(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.current_dir(dir).args(args).env("LANG", "C").env_remove("LC_ALL").env("USER", "tester");
    if !args.contains(&"--at") {
        command.args(["--at", AT]);
    }
    command.stdin(Stdio::null()).output().expect("the program starts")
}

/// All pages of a case's brief, one after the other.
fn brief(case: &std::path::Path) -> String {
    let files = std::fs::read_dir(case.join("brief")).expect("a brief").flatten().map(|f| f.path());
    let mut pages: Vec<_> = files.filter(|f| f.extension().is_some_and(|e| e == "html")).collect();
    // That of the brief itself first.
    pages.sort_by_key(|f| (!f.ends_with("index.html"), f.clone()));
    pages.into_iter().map(|f| std::fs::read_to_string(f).expect("a page")).collect()
}

/// Runs the program, wants this exit code, and gives back what it printed.
fn run(dir: &Path, args: &[&str], code: i32) -> String {
    let out = vigie(dir, args);
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let told = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(code), "{args:?}\n{text}\n{told}");
    assert!(!told.contains("panicked"), "{told}");
    text
}

fn told(dir: &Path, args: &[&str]) -> String {
    String::from_utf8_lossy(&vigie(dir, args).stderr).into_owned()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect()
}

fn place() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut child = Command::new("gzip").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("gzip");
    child.stdin.take().expect("piped").write_all(bytes).expect("gzip reads");
    let mut out = Vec::new();
    child.stdout.take().expect("piped").read_to_end(&mut out).expect("gzip writes");
    child.wait().expect("gzip ends");
    out
}

/// A case with these files, added one by one, and run.
fn case(dir: &Path, name: &str, files: &[&str]) {
    run(dir, &["init", name, "--name", "test"], 0);
    files.iter().for_each(|f| drop(run(dir, &["add", name, f], 0)));
    run(dir, &["run", name], 0);
}

/// Everything a person is handed of a case.
fn result(dir: &Path, name: &str) -> (String, Vec<(String, Vec<u8>)>) {
    let mut brief: Vec<_> = fs::read_dir(dir.join(name).join("brief"))
        .expect("a brief")
        .map(|e| e.expect("a file").path())
        .map(|p| (p.file_name().expect("a name").to_string_lossy().into_owned(), fs::read(&p).expect("its bytes")))
        .collect();
    brief.sort();
    (run(dir, &["findings", name, "--json"], 0), brief)
}
