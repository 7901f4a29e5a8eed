//! `check` and `read`: what they print, of what, and what cannot be read.

use super::{AT, gzip, lines, log, other_log, place, run, told, vigie};
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn a_finding_has_the_names_the_design_gives() {
    let dir = place();
    fs::write(dir.path().join("a.log"), log()).expect("written");
    let found = lines(&run(dir.path(), &["check", "a.log", "--json"], 0));
    let flagged = found.iter().find(|f| f["severity"] != "info").expect("an attack was found");
    for name in [
        "id",
        "detector",
        "severity",
        "confidence",
        "level",
        "title",
        "reasons",
        "techniques",
        "first",
        "last",
        "entities",
    ] {
        assert!(!flagged[name].is_null(), "{name} in {flagged}");
    }
    assert_eq!(flagged["entities"][0]["type"], "ipv4-addr");
    let trace = &flagged["traces"][0];
    assert_eq!((trace["path"].as_str(), trace["steps"].as_array().map(Vec::len)), (Some("a.log"), Some(0)));
    let (start, end) = (trace["start"].as_u64().expect("start") as usize, trace["end"].as_u64().expect("end") as usize);
    assert!(log()[start..end].starts_with("203.0.113.9 "), "{}", &log()[start..end]);
    run(dir.path(), &["check", "a.log", "--fail-on", "info"], 1);
}

#[test]
fn observations_lie_flat() {
    let dir = place();
    fs::write(dir.path().join("a.log"), log()).expect("written");
    let read = lines(&run(dir.path(), &["read", "a.log", "--json"], 0));
    let first = read.first().expect("an observation");
    for name in ["kind", "time", "entities", "trace"] {
        assert!(!first[name].is_null(), "{name} in {first}");
    }
    assert!(run(dir.path(), &["read", "a.log"], 0).contains("203.0.113.9"));
}

#[test]
fn compressed_or_piped_evidence_says_the_same() {
    let dir = place();
    fs::write(dir.path().join("a.log"), log()).expect("written");
    fs::write(dir.path().join("a.gz"), gzip(log().as_bytes())).expect("written");
    let ids = |text: &str| lines(text).iter().map(|f| f["id"].clone()).collect::<Vec<_>>();
    let plain = ids(&run(dir.path(), &["check", "a.log", "--json"], 0));
    assert!(!plain.is_empty());
    let packed = run(dir.path(), &["check", "a.gz", "--json"], 0);
    assert_eq!(ids(&packed), plain);
    assert_eq!(lines(&packed)[0]["traces"][0]["steps"][0], "gzip");
    for isolate in [&[][..], &["--isolate"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vigie"))
            .args(["check", "-", "--json", "--at", AT])
            .args(isolate)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        child.stdin.take().expect("piped").write_all(log().as_bytes()).expect("it reads");
        let out = child.wait_with_output().expect("it ends");
        assert_eq!(ids(&String::from_utf8_lossy(&out.stdout)), plain, "{isolate:?}");
    }
}

#[test]
fn what_cannot_be_read_is_told_and_never_waited_for() {
    let dir = place();
    let d = dir.path();
    fs::create_dir(d.join("logs")).expect("made");
    fs::write(d.join("logs/a.log"), log()).expect("written");
    fs::write(d.join("logs/empty"), "").expect("written");
    fs::write(d.join("logs/noise"), [0u8, 1, 2, 255].repeat(100)).expect("written");
    fs::write(d.join("logs/long.log"), log() + &"x".repeat(200 << 10) + "\n" + &other_log()).expect("written");
    let mut cut = gzip((log() + &other_log().repeat(50)).as_bytes());
    cut.truncate(cut.len() - 20);
    fs::write(d.join("logs/cut.gz"), cut).expect("written");
    assert!(Command::new("mkfifo").arg(d.join("logs/pipe")).status().is_ok_and(|s| s.success()));
    #[cfg(unix)]
    std::os::unix::fs::symlink(d.join("logs"), d.join("logs/round")).expect("linked");
    let begun = Instant::now();
    run(d, &["check", "logs", "--json"], 0);
    assert!(begun.elapsed() < Duration::from_secs(60));
    let skips = told(d, &["check", "logs", "--json"]);
    for (path, reason) in [
        ("logs/empty", "empty"),
        ("logs/noise", "no known kind of evidence"),
        ("logs/pipe", "not a regular file"),
        ("logs/round", "symbolic link"),
        ("logs/long.log", "judged without its middle"),
        ("logs/cut.gz", "cut short"),
    ] {
        let told = lines(&skips);
        let told = told.iter().find(|s| s["path"] == path && s["reason"].as_str().is_some_and(|r| r.contains(reason)));
        assert!(told.is_some_and(|t| t["skipped"].as_u64() > Some(0)), "{path}: {reason} in\n{skips}");
    }
    run(d, &["check", "nowhere"], 2);
    run(d, &["check", "logs/pipe"], 2);
}

#[test]
fn nothing_read_is_not_nothing_found() {
    let dir = place();
    let d = dir.path();
    fs::create_dir(d.join("dump")).expect("made");
    fs::write(d.join("dump/empty"), "").expect("written");
    fs::write(d.join("dump/noise"), [0u8, 1, 2, 255].repeat(100)).expect("written");
    for args in [&["check", "dump"][..], &["check", "dump", "--isolate", "--fail-on", "low"], &["network", "dump"]] {
        run(d, args, 2);
        let told = told(d, args);
        assert!(told.contains("error: nothing could be read") && told.contains("\nhint: "), "{args:?}: {told}");
        assert!(!told.contains("nothing found"), "{args:?}: {told}");
    }
    run(d, &["init", "c", "--name", "test"], 0);
    run(d, &["add", "c", "dump/noise"], 0);
    let brief = || crate::brief(&d.join("c"));
    let first = "<h1>Nothing could be read";
    run(d, &["run", "c"], 2);
    assert!(brief().contains(first) && !brief().contains("No intrusion attempt was found"), "{}", brief());
    // Beside evidence that was read it is named, and no more.
    fs::write(d.join("a.log"), log()).expect("written");
    run(d, &["check", "dump", "a.log"], 0);
    run(d, &["add", "c", "a.log"], 0);
    run(d, &["run", "c"], 0);
    assert!(!brief().contains(first), "{}", brief());
    let brief = brief();
    let named = brief.split_once("Not read at all: ").expect("it is named").1;
    assert!(named.split_once("</li>").is_some_and(|(line, _)| line.contains("no known kind of evidence")), "{named}");
}

#[test]
#[cfg(debug_assertions)]
fn a_reader_that_fails_costs_one_piece_of_evidence_and_is_told() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("a.log"), log()).expect("written");
    fs::write(d.join("b.log"), other_log()).expect("written");
    let failing = |args: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_vigie"))
            .current_dir(d)
            .args(args)
            .args(["--at", AT])
            .env("VIGIE_TEST_READER_FAILS", "a.log")
            .output()
            .expect("the program starts");
        (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    let reason = "skipped: a.log: the reader failed; please report this";
    let (code, told) = failing(&["check", "a.log"]);
    assert!(code == Some(2) && told.contains(reason) && told.contains("nothing could be read"), "{code:?} {told}");
    let (code, told) = failing(&["check", "a.log", "b.log", "--fail-on", "low"]);
    assert!(code == Some(1) && told.contains(reason) && !told.contains("nothing could be read"), "{code:?} {told}");
    run(d, &["init", "c", "--name", "test"], 0);
    run(d, &["add", "c", "a.log"], 0);
    assert_eq!(failing(&["run", "c"]).0, Some(2));
    run(d, &["add", "c", "b.log"], 0);
    assert_eq!(failing(&["run", "c"]).0, Some(0));
    let brief = crate::brief(&d.join("c"));
    let named = brief.split_once("Not read at all: ").expect("it is named").1;
    assert!(named.split_once("</li>").is_some_and(|(line, _)| line.contains("the reader failed")), "{named}");
    // The next run reads it.
    run(d, &["run", "c"], 0);
    let brief = crate::brief(&d.join("c"));
    assert!(!brief.contains("Not read at all"));
}

#[test]
fn evidence_does_not_command_the_terminal() {
    let dir = place();
    let hostile = log().replace("sqlmap/1.0", "\u{1b}]0;x\u{7} \u{202e}\u{9b}2J");
    fs::write(dir.path().join("a\u{1b}[2J.log"), hostile).expect("written");
    for args in [&["check", "."][..], &["check", ".", "--json"], &["read", "."], &["read", ".", "--json"]] {
        let out = vigie(dir.path(), args);
        for text in [out.stdout, out.stderr] {
            let text = String::from_utf8(text).expect("UTF-8");
            assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{9b}']), "{args:?}: {text:?}");
        }
    }
}
