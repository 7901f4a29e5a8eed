//! The program as a person meets it: its commands, its exit codes, what it prints, on the smallest evidence.

mod collect;

use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

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
    command.current_dir(dir).args(args).args(["--at", AT]).env("LANG", "C").env_remove("LC_ALL").env("USER", "tester");
    command.stdin(Stdio::null()).output().expect("the program starts")
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
        ("logs/long.log", "line too long"),
        ("logs/cut.gz", "cut short"),
    ] {
        let told = lines(&skips);
        let told = told.iter().find(|s| s["path"] == path && s["reason"].as_str().is_some_and(|r| r.contains(reason)));
        assert!(told.is_some_and(|t| t["skipped"].as_u64() > Some(0)), "{path}: {reason} in\n{skips}");
    }
    run(d, &["check", "nowhere"], 2);
    run(d, &["check", "logs/pipe"], 2);
    run(d, &["check", "logs/empty"], 0);
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

#[test]
fn a_case_from_init_to_forget() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("a.log"), log()).expect("written");
    fs::write(d.join("b.log"), other_log()).expect("written");
    case(d, "c", &["a.log", "b.log"]);
    run(d, &["verify", "c"], 0);
    let found = lines(&run(d, &["findings", "c", "--json"], 0));
    let id = found[0]["id"].as_str().expect("an id");
    let shown = run(d, &["show", "c", id, "--raw"], 0);
    assert!(log().contains(shown.lines().next().expect("a line")), "{shown}");
    let trace = &found[0]["traces"][0];
    let range = format!("{}:{}-{}", &trace["evidence"].as_str().expect("hash")[..8], trace["start"], trace["end"]);
    assert!(run(d, &["show", "c", &range], 0).contains(shown.lines().next().expect("a line")));
    // Adding the same again changes nothing; nor does running again.
    assert!(lines(&run(d, &["add", "c", "a.log", "--json"], 0))[0]["known"].as_bool() == Some(true));
    let again = lines(&run(d, &["run", "c", "--json"], 0));
    assert_eq!((again[0]["read"].as_u64(), again[0]["changed"].as_bool()), (Some(0), Some(false)));
    let evidence =
        lines(&run(d, &["add", "c", "b.log", "--json"], 0))[0]["evidence"].as_str().expect("hash").to_string();
    run(d, &["forget", "c", &evidence[..12], "--reason", "asked for"], 0);
    assert!(!d.join("c/vault").join(&evidence).exists());
    for file in ["case.db", "case.db-wal"] {
        let bytes = fs::read(d.join("c").join(file)).unwrap_or_default();
        assert!(!bytes.windows(12).any(|w| w == b"203.0.113.77"), "{file} still holds forgotten text");
    }
    run(d, &["verify", "c"], 0);
    run(d, &["run", "c"], 0);
    run(d, &["verify", "c"], 0);
    case(d, "only-a", &["a.log"]);
    assert_eq!(result(d, "c").0, result(d, "only-a").0);
    run(d, &["forget", "c", &evidence[..12], "--reason", "again"], 2);
}

#[test]
fn one_changed_byte_is_found() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("a.log"), log()).expect("written");
    fs::write(d.join("b.log"), other_log()).expect("written");
    run(d, &["init", "c"], 0);
    let evidence =
        lines(&run(d, &["add", "c", "a.log", "--json"], 0))[0]["evidence"].as_str().expect("hash").to_string();
    run(d, &["add", "c", "--reference", "b.log"], 0);
    run(d, &["run", "c"], 0);
    run(d, &["verify", "c"], 0);
    let flip = |path: &Path, at: usize| {
        let mut bytes = fs::read(path).expect("read");
        bytes[at] ^= 1;
        let mode = fs::metadata(path).expect("there").permissions();
        fs::remove_file(path).expect("removed");
        fs::write(path, bytes).expect("written");
        fs::set_permissions(path, mode).expect("set");
    };
    let check = |path: &Path, at: usize, expected: &str| {
        flip(path, at);
        let told = run(d, &["verify", "c"], 1);
        assert!(told.contains(expected), "{expected} in {told}");
        flip(path, at);
        run(d, &["verify", "c"], 0);
    };
    check(&d.join("c/vault").join(&evidence), 77, &evidence);
    check(&d.join("b.log"), 5, "b.log");
    if let Some(file) = fs::read_dir(d.join("c/brief")).expect("a brief").next() {
        let path = file.expect("a file").path();
        check(&path, 0, &path.file_name().expect("a name").to_string_lossy());
    }
    // A changed row of findings, of the trail, of the register.
    for change in [
        "UPDATE findings SET confidence = confidence, body = replace(body, '\"weight\":', '\"weight\":1')",
        "UPDATE audit SET actor = 'somebody' WHERE seq = 1",
        "DELETE FROM audit WHERE seq = 1",
        "UPDATE evidence SET added = added + 1",
    ] {
        let copy = d.join("copy");
        assert!(Command::new("cp").arg("-a").arg(d.join("c")).arg(&copy).status().is_ok_and(|s| s.success()));
        let changed =
            rusqlite::Connection::open(copy.join("case.db")).expect("opened").execute(change, []).expect("changed");
        assert!(changed > 0, "{change}");
        run(d, &["verify", "copy"], 1);
        fs::remove_dir_all(copy).expect("removed");
    }
    // A run does not read evidence that is not what was added.
    flip(&d.join("b.log"), 5);
    fs::write(d.join("c/case.toml"), "name = \"c\"\n[protect]\ndomains = [\"example.org\"]\n").expect("written");
    assert!(told(d, &["run", "c"]).contains("have changed since they were added"));
}

#[test]
fn any_order_and_any_number_of_runs_give_the_same_bytes() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("a.log"), log()).expect("written");
    fs::write(d.join("b.log"), other_log()).expect("written");
    fs::write(d.join("c.gz"), gzip(log().replace("203.0.113.9", "203.0.113.10").as_bytes())).expect("written");
    case(d, "one", &["a.log", "b.log", "c.gz"]);
    case(d, "two", &["c.gz", "b.log", "a.log"]);
    case(d, "three", &["b.log"]);
    for file in ["c.gz", "a.log"] {
        run(d, &["add", "three", file], 0);
        run(d, &["run", "three"], 0);
    }
    run(d, &["init", "four", "--name", "test"], 0);
    run(d, &["add", "four", "a.log", "b.log", "c.gz"], 0);
    run(d, &["run", "four", "--isolate"], 0);
    let one = result(d, "one");
    assert!(!one.0.is_empty() && one.1.iter().any(|(name, _)| name == "index.html"));
    for name in ["two", "three", "four"] {
        let other = result(d, name);
        assert_eq!(other.0, one.0, "findings of {name}");
        let differ: Vec<_> = one.1.iter().zip(&other.1).filter(|(a, b)| a != b).map(|(a, _)| &a.0).collect();
        assert!(differ.is_empty() && other.1.len() == one.1.len(), "brief of {name}: {differ:?}");
    }
}

#[test]
fn a_changed_setting_is_read_with() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("a.log"), log()).expect("written");
    case(d, "c", &["a.log"]);
    let again = |toml: &str| {
        fs::write(d.join("c/case.toml"), toml).expect("written");
        lines(&run(d, &["run", "c", "--json"], 0))[0]["read"].as_u64()
    };
    assert_eq!(again("name = \"c\"\n[web_log]\nwindow = \"10m\"\n"), Some(1));
    assert_eq!(again("name = \"another\"\nlang = \"fr\"\n[web_log]\nwindow = \"10m\"\n"), Some(0));
    fs::write(d.join("c/case.toml"), "[web_log]\nwindow = 7\n").expect("written");
    run(d, &["run", "c"], 2);
    fs::write(d.join("c/case.toml"), "name = \n").expect("written");
    run(d, &["run", "c"], 2);
}

#[test]
fn one_writer_at_a_time() {
    let dir = place();
    let d = dir.path();
    run(d, &["init", "c"], 0);
    let mut writer = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .current_dir(d)
        .args(["add", "c", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let begun = Instant::now();
    while !d.join("c/vault/.incoming").exists() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the writer never began");
        std::thread::sleep(Duration::from_millis(10));
    }
    let refused = vigie(d, &["run", "c"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("another vigie is working on this case"));
    run(d, &["findings", "c"], 0);
    // Killed in the middle, it leaves nothing that the next one minds.
    writer.kill().expect("killed");
    writer.wait().expect("gone");
    run(d, &["run", "c"], 0);
    assert!(!d.join("c/vault/.incoming").exists());
    run(d, &["verify", "c"], 0);
}

#[test]
#[cfg(target_os = "linux")]
fn a_worker_cannot_get_out() {
    let out = vigie(Path::new("/"), &["worker", "1", "10", "--probe"]);
    let text = String::from_utf8_lossy(&out.stdout);
    assert_eq!(text, "could: \nthreads: true\n", "{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn workers_say_what_this_process_says() {
    let dir = place();
    let d = dir.path();
    fs::create_dir(d.join("logs")).expect("made");
    fs::write(d.join("logs/a.log"), log()).expect("written");
    fs::write(d.join("logs/b.gz"), gzip(other_log().as_bytes())).expect("written");
    fs::write(d.join("logs/empty"), "").expect("written");
    for command in ["check", "read"] {
        let here = vigie(d, &[command, "logs", "--json"]);
        let there = vigie(d, &[command, "logs", "--json", "--isolate"]);
        assert_eq!(String::from_utf8_lossy(&here.stdout), String::from_utf8_lossy(&there.stdout));
        assert_eq!(String::from_utf8_lossy(&here.stderr), String::from_utf8_lossy(&there.stderr));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_killed_worker_costs_one_piece_of_evidence() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("a.log"), log().repeat(200_000)).expect("written");
    fs::write(d.join("b.log"), other_log()).expect("written");
    let program = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .current_dir(d)
        .args(["check", "a.log", "b.log", "--isolate", "--json", "--at", AT])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // The first worker takes the first file, which takes long.
    let threads = format!("/proc/{}/task", program.id());
    let begun = Instant::now();
    let worker = loop {
        let children = fs::read_dir(&threads).into_iter().flatten().flatten();
        let mut children: Vec<String> = children
            .filter_map(|t| fs::read_to_string(t.path().join("children")).ok())
            .flat_map(|c| c.split_whitespace().map(str::to_string).collect::<Vec<_>>())
            .collect();
        children.sort_by_key(|c| c.parse::<u64>().unwrap_or(0));
        // Between fork and exec a child still holds whatever its parent had open: it must be a worker already.
        let reads_a = |c: &String| {
            let line = fs::read(format!("/proc/{c}/cmdline")).unwrap_or_default();
            if !line.split(|&b| b == 0).any(|word| word == b"worker") {
                return false;
            }
            let files = fs::read_dir(format!("/proc/{c}/fd")).into_iter().flatten().flatten();
            files.filter_map(|f| fs::read_link(f.path()).ok()).any(|f| f.ends_with("a.log"))
        };
        if let Some(c) = children.into_iter().find(reads_a) {
            break c;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "no worker came");
    };
    assert!(Command::new("kill").args(["-9", &worker]).status().is_ok_and(|s| s.success()));
    let out = program.wait_with_output().expect("it ends");
    let (found, told) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert_eq!(out.status.code(), Some(0), "{told}");
    assert!(told.contains("the worker that read it died"), "{told}");
    assert!(found.contains("203.0.113.77") && !found.contains("203.0.113.9\""), "{}", &found[..found.len().min(2000)]);
}

#[test]
fn the_help_names_kinds_and_what_comes_next() {
    let help = run(Path::new("/"), &["check", "--help"], 0);
    for sensor in ["web_log", "auth_log", "Examples:", "Next:"] {
        assert!(help.contains(sensor), "{sensor} in {help}");
    }
    let all = run(Path::new("/"), &["--help"], 0);
    assert!(all.contains("vigie demo") && !all.contains("worker"), "{all}");
    let listed = lines(&run(Path::new("/"), &["explain", "--json"], 0));
    for kind in listed {
        for detector in kind["detectors"].as_array().expect("a list") {
            assert!(run(Path::new("/"), &["explain", detector.as_str().expect("an id")], 0).contains("## Fires"));
        }
    }
    run(Path::new("/"), &["explain", "nothing/such"], 2);
    run(Path::new("/"), &["knowledge"], 0);
}

#[test]
fn french_is_spoken() {
    let dir = place();
    fs::write(dir.path().join("a.log"), log()).expect("written");
    assert!(run(dir.path(), &["check", "a.log", "--lang", "fr"], 0).contains("constats"));
}

#[test]
fn indicators_named_in_a_case_are_met_and_keep_who_said_so() {
    let dir = place();
    let list =
        "operation,domain,source,identified,report_url\nRouge,bad.example.com,CERT-X,2024-01-01,https://r.example\n";
    fs::write(dir.path().join("names.txt"), "a.bad.example.com\ngood.example.net\n").expect("written");
    fs::write(dir.path().join("list.csv"), list).expect("written");
    let found = lines(&run(dir.path(), &["check", "names.txt", "--indicators", "list.csv", "--json"], 0));
    let said = &found[0]["fields"]["indicators"][0];
    assert_eq!(
        [&said["source"], &said["what"], &said["when"], &said["reference"]],
        ["CERT-X", "Rouge", "2024-01-01", "https://r.example"]
    );
    // Relative to the case; another list, another reading.
    run(dir.path(), &["init", "case", "--name", "test"], 0);
    run(dir.path(), &["add", "case", "names.txt"], 0);
    let toml = dir.path().join("case/case.toml");
    let text = fs::read_to_string(&toml).expect("read");
    fs::write(&toml, text.clone() + "\n[names]\nindicators = \"list.txt\"\n").expect("written");
    assert!(told(dir.path(), &["run", "case"]).contains("list.txt"), "a missing list is told");
    fs::write(dir.path().join("case/list.txt"), gzip(b"# nothing to see\nother.example\n")).expect("written");
    run(dir.path(), &["run", "case"], 0);
    assert!(run(dir.path(), &["findings", "case", "--json"], 0).is_empty());
    fs::write(dir.path().join("case/list.txt"), list).expect("written");
    for isolate in [&["run", "case"][..], &["run", "case", "--isolate"]] {
        run(dir.path(), isolate, 0);
        assert_eq!(lines(&run(dir.path(), &["findings", "case", "--json"], 0)).len(), 1);
    }
    fs::write(&toml, text + "\n[names]\nindicators = [\"list.txt\"]\nno_indicators = true\n").expect("written");
    run(dir.path(), &["run", "case"], 0);
    assert!(run(dir.path(), &["findings", "case", "--json"], 0).is_empty());
}

/// Whether another program holds a file to be valid; none, with a message, where it is not installed.
fn valid(program: &str, args: &[&Path]) -> Option<bool> {
    let out = Command::new(program).args(args).output();
    if out.is_err() {
        eprintln!("skipped: `{program}` is not installed");
    }
    out.ok().map(|o| {
        let told = String::from_utf8_lossy(&o.stdout).into_owned() + &String::from_utf8_lossy(&o.stderr);
        println!("{told}");
        o.status.success()
    })
}

#[test]
fn exports_are_what_other_programs_read() {
    let dir = place();
    let at = |name: &str| dir.path().join(name);
    let rdap = |name: &str| {
        format!(
            "{{\"objectClassName\":\"domain\",\"ldhName\":\"{name}\",\"events\":[{{\"eventAction\":\"registration\",\
             \"eventDate\":\"2017-03-15T10:00:00Z\"}}],\"entities\":[{{\"roles\":[\"registrant\"],\"vcardArray\":[\"vcard\",\
             [[\"email\",{{}},\"text\",\"jo@mail.example\"]]]}}]}}\n"
        )
    };
    fs::write(at("rdap.jsonl"), rdap("mail-parti-bleu.fr") + &rdap("kiosque.fr")).expect("written");
    fs::write(at("names.txt"), "parti-bIeu.fr\nparti-bleu.fr.login.example.net\n").expect("written");
    run(dir.path(), &["init", "case", "--name", "test", "--protect", "parti-bleu.fr"], 0);
    run(dir.path(), &["add", "case", "rdap.jsonl", "names.txt"], 0);
    run(dir.path(), &["run", "case"], 0);
    let export = |format: &str| run(dir.path(), &["export", "case", "--to", format], 0);
    assert_eq!(export("json"), run(dir.path(), &["findings", "case", "--json"], 0));
    assert_eq!(export("csv").lines().count(), 1 + export("json").lines().count());
    let bundle: Value = serde_json::from_str(&export("stix")).expect("JSON");
    assert_eq!(bundle["objects"].as_array().map(Vec::len), Some(3));
    for (format, name) in [("stix", "a.json"), ("rpz", "a.rpz"), ("unbound", "a.conf"), ("hosts", "a.hosts")] {
        assert!(export(format).contains("mail-parti-bleu.fr"));
        run(dir.path(), &["export", "case", "--to", format, "-o", name], 0);
        assert_eq!(fs::read_to_string(at(name)).expect("read"), export(format));
    }
    assert_ne!(valid("named-checkzone", &[Path::new("rpz.local"), &at("a.rpz")]), Some(false));
    assert_ne!(valid("unbound-checkconf", &[&at("a.conf")]), Some(false));
    // OASIS's own library refuses what is not STIX 2.1; PyPI's stix2-validator comes without its schemas.
    let script = "import sys\ntry:\n import stix2\nexcept ImportError:\n sys.exit(print('skipped: no stix2'))\n\
                  stix2.parse(open(sys.argv[1]).read(), allow_custom=False)";
    assert_ne!(valid("python3", &[Path::new("-c"), Path::new(script), &at("a.json")]), Some(false));
    run(dir.path(), &["export", "case", "--to", "dossier"], 2);
    run(dir.path(), &["export", "case", "--to", "dossier", "-o", "out", "--lang", "fr"], 0);
    let dossier = fs::read_to_string(at("out/mail-parti-bleu.fr.md")).expect("a dossier of the cluster");
    assert!(dossier.contains("kiosque.fr") && dossier.contains("jo@mail.example"), "{dossier}");
    assert_eq!(fs::read_dir(at("out")).expect("a folder").count(), 3);
    run(dir.path(), &["export", "case", "--to", "nothing"], 2);
    let page = fs::read_to_string(at("case/brief/index.html")).expect("a brief");
    for part in ["id=\"decoys\"", ">mail-parti-bleu.fr</code>", "registrant jo@mail.example", "#n-names-lookalike"] {
        assert!(page.contains(part), "{part} in the chapter of decoys");
    }
    let brief: Value = serde_json::from_slice(&fs::read(at("case/brief/brief.json")).expect("read")).expect("JSON");
    assert_eq!((&brief["names"]["lookalikes"], &brief["names"]["clusters"]), (&3.into(), &1.into()));
}

#[test]
fn a_case_remembers_and_tells_what_is_new_or_changed() {
    let dir = place();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).expect("written");
    let later = |args: &[&str]| {
        let mut all = args.to_vec();
        all.extend(["--json"]);
        lines(&run(dir.path(), &all, 0))
    };
    write("names.txt", "mail-parti-bleu.fr\nkiosque.fr\n");
    write("more.txt", "portail-parti-bleu.fr\nkiosque.net\n");
    // A zone diff: the decoy got a mail server.
    write("zone.txt", "mail-parti-bleu.fr. 3600 IN MX 10 mx.kiosque.net.\nkiosque.fr. 3600 IN NS ns.kiosque.net.\n");
    run(dir.path(), &["init", "case", "--name", "test", "--protect", "parti-bleu.fr"], 0);
    run(dir.path(), &["add", "case", "names.txt"], 0);
    assert_eq!(later(&["run", "case"])[0]["news"]["new"], 1);
    assert!(later(&["run", "case"])[0]["news"].is_null());
    let first = later(&["findings", "case", "--new"]);
    assert_eq!((first.len(), first[0]["changed"].is_null()), (1, true));
    run(dir.path(), &["add", "case", "more.txt"], 0);
    run(dir.path(), &["run", "case"], 0);
    let second = later(&["findings", "case", "--new"]);
    assert_eq!((second.len(), &second[0]["fields"]["domain"]), (1, &"portail-parti-bleu.fr".into()));
    run(dir.path(), &["add", "case", "zone.txt"], 0);
    assert_eq!(later(&["run", "case"])[0]["news"]["changed"], 1);
    let third = later(&["findings", "case", "--new"]);
    assert_eq!((third.len(), &third[0]["id"]), (1, &first[0]["id"]));
    let changes = third[0]["changes"].as_array().expect("changes");
    let mail = changes.iter().find(|c| c["field"] == "mail").expect("its mail server is told");
    assert_eq!((&mail["from"], &mail["to"][0]), (&Value::Null, &"mx.kiosque.net".into()));
    let table = run(dir.path(), &["findings", "case", "--new"], 0);
    assert!(table.contains("mail: – → mx.kiosque.net"), "{table}");
    assert_eq!(later(&["findings", "case", "--since", "2017-01-01"]).len(), 2);
    assert!(later(&["findings", "case", "--since", "2017-06-01"]).is_empty());
    // Brief and findings are those of a case that took everything in at once.
    case(dir.path(), "once", &["zone.txt", "more.txt", "names.txt"]);
    let toml = fs::read(dir.path().join("case/case.toml")).expect("read");
    fs::write(dir.path().join("once/case.toml"), toml).expect("written");
    run(dir.path(), &["run", "once"], 0);
    assert_eq!(result(dir.path(), "case"), result(dir.path(), "once"));
    // What rests on forgotten evidence is not told any more.
    let zone = lines(&run(dir.path(), &["add", "case", "zone.txt", "--json"], 0))[0]["evidence"].clone();
    run(dir.path(), &["forget", "case", zone.as_str().expect("a hash"), "--reason", "asked"], 0);
    let after = later(&["run", "case"]);
    assert!(after[0]["news"].is_null(), "{after:?}");
    run(dir.path(), &["verify", "case"], 0);
}

const SHARES: &str = "object_id,account_id,content_id,timestamp_share\no1,a,1,0\no1,b,2,60\no2,a,3,100\no2,b,4,130\n\
    o2,b,4,131\no3,=c,5,0\no3,a,6,5\n";

#[test]
fn texts_are_compared_whoever_wrote_them_whenever() {
    let dir = tempfile::tempdir().unwrap();
    let said = "Leaked minutes show that mayor Oskarsen sold the old harbour of Velmora to his brother-in-law";
    let again = "BREAKING leaked minutes show that mayor Oskarsen sold Velmora's old harbour to his brother in law";
    let check = |rows: &[[&str; 5]], columns: &[usize], arguments: &[&str], edges: &str| {
        let header = ["object_id", "account_id", "content_id", "timestamp_share", "text"];
        let rows = std::iter::once(&header).chain(rows);
        let line = |row: &[&str; 5]| columns.iter().map(|c| row[*c]).collect::<Vec<_>>().join(",") + "\n";
        fs::write(dir.path().join("texts.csv"), rows.map(line).collect::<String>()).unwrap();
        let all = [&["network", "texts.csv", "--by", "text", "--csv"], arguments].concat();
        let found = run(dir.path(), &all, 0);
        let edges: String = edges.split_whitespace().map(|edge| format!("{edge}\n")).collect();
        assert_eq!(found, format!("account_1,account_2,weight\n{edges}"), "{columns:?} {arguments:?}");
    };
    let far =
        [["1", "a", "p1", "5", said], ["2", "b", "p2", "1900000000", again], ["3", "c", "p3", "7", "Rain in Torquay"]];
    check(&far, &[0, 1, 2, 3, 4], &[], "a,b,1 b,a,1");
    check(&far, &[0, 1, 2, 3, 4], &["--window", "1h"], "");
    check(&far, &[1, 2, 4], &[], "a,b,1 b,a,1");
    check(&far, &[2, 4], &[], "p1,p2,1 p2,p1,1");
    check(&far, &[4], &[], "texts.csv:2,texts.csv:3,1 texts.csv:3,texts.csv:2,1");
    let untimed = [["", "a", "p1", "", said], ["", "b", "p2", "never", again], ["", "", "p3", "9", said]];
    check(&untimed, &[0, 1, 2, 3, 4], &[], "a,b,1 a,p3,1 b,a,1 b,p3,1 p3,a,1 p3,b,1");
    check(&untimed, &[0, 1, 2, 3, 4], &["--window", "1h"], "");
    let alone = [["", "a", "p1", "5", said], ["", "a", "p2", "5", again]];
    check(&alone, &[1, 2, 3, 4], &[], "");
    check(&alone, &[1, 2, 3, 4], &["--map", "account=content_id"], "p1,p2,1 p2,p1,1");
}

#[test]
fn network_prints_edges_in_every_form() {
    let dir = place();
    fs::write(dir.path().join("shares.csv"), SHARES).expect("written");
    fs::write(dir.path().join("shares.csv.gz"), gzip(SHARES.as_bytes())).expect("written");
    let edges = "account_1,account_2,weight\na,b,2\nb,a,2\n";
    for file in ["shares.csv", "shares.csv.gz"] {
        assert_eq!(run(dir.path(), &["network", file, "--csv"], 0), edges);
    }
    let all = run(dir.path(), &["network", "shares.csv", "--csv", "--min-weight", "1", "--loops"], 0);
    assert_eq!(
        all,
        "account_1,account_2,weight\n\"'=c\",\"'=c\",1\n\"'=c\",a,1\na,\"'=c\",1\na,a,3\na,b,2\nb,a,2\nb,b,2\n"
    );
    assert_eq!(
        run(dir.path(), &["network", "shares.csv", "--csv", "--window", "59s"], 0),
        "account_1,account_2,weight\n"
    );
    let json = lines(&run(dir.path(), &["network", "shares.csv", "--json"], 0));
    assert_eq!(json[0], serde_json::json!({ "account_1": "a", "account_2": "b", "weight": 2 }));
    assert!(run(dir.path(), &["network", "shares.csv", "--graphml"], 0).contains("edgedefault=\"directed\""));
    assert_eq!(run(dir.path(), &["network", "shares.csv", "--explain-window", "--csv"], 0).lines().count(), 11);
    let pairs = run(dir.path(), &["network", "shares.csv", "--p-values", "--csv"], 0);
    assert!(pairs.starts_with("account_1,account_2,trials,together,expected,p,p_corrected\na,b,2,2,"), "{pairs}");
    assert_eq!(run(dir.path(), &["network", "shares.csv", "--groups"], 0), "");
}

#[test]
fn network_tells_what_it_leaves_out() {
    let dir = place();
    fs::write(dir.path().join("shares.csv"), format!("{SHARES}o4,,7,5\no4,d,8,soon\n")).expect("written");
    fs::write(dir.path().join("other.csv"), "name,url\nx,http://x.fr\n").expect("written");
    let said = told(dir.path(), &["network", "shares.csv", "--csv", "--max-fanout", "2"]);
    for part in ["no account", "no time that can be read", "1 records repeat a post"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(
        told(dir.path(), &["network", "shares.csv", "--max-fanout", "1"]).contains("3 objects with 6 shares left out")
    );
    run(dir.path(), &["network", "other.csv", "--csv"], 2);
    assert!(told(dir.path(), &["network", "other.csv"]).contains("`name`, `url`"));
    run(dir.path(), &["network", "shares.csv", "absent.csv", "--csv"], 2);
    run(dir.path(), &["network", "shares.csv", "--map", "colour=x"], 2);
}

/// Whether a word of letters, digits and `_` stands in a text.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == word)
}

#[test]
fn nobody_innocent_of_a_debate_is_named() {
    let dir = place();
    let at = |name: &str| dir.path().join(name);
    let mut rows = String::from("content_id,account_id,account_name,timestamp,text,url\n");
    for i in 0..400 {
        let (account, time) = (i % 80, 1_494_000_000 + i * 97);
        rows += &format!(
            "p{i},folk{account},Voisin{account},{time},bonjour @folk{} {i},https://a.example/{}\n",
            i % 7,
            i % 90
        );
    }
    for act in 0..12 {
        for member in 0..8 {
            let time = 1_494_001_000 + act * 2900 + member;
            rows += &format!("g{act}x{member},meute{member},Meute{member},{time},vu,https://leak.example/{act}\n");
        }
    }
    fs::write(at("posts.csv"), rows).expect("written");
    run(dir.path(), &["init", "case", "--name", "test"], 0);
    run(dir.path(), &["add", "case", "posts.csv"], 0);
    run(dir.path(), &["run", "case"], 0);
    run(dir.path(), &["export", "case", "--to", "dossier", "-o", "out"], 2);
    run(dir.path(), &["export", "case", "--to", "dossier", "--names", "-o", "out"], 0);
    let mut files: Vec<(String, String)> = Vec::new();
    for folder in ["case/brief", "out"] {
        for file in fs::read_dir(at(folder)).expect("a folder") {
            let path = file.expect("a file").path();
            files.push((path.display().to_string(), fs::read_to_string(&path).expect("text")));
        }
    }
    for format in ["json", "csv", "graphml", "coortweet", "misp"] {
        let hidden = run(dir.path(), &["export", "case", "--to", format], 0);
        assert!(
            (0..8).all(|m| !has_word(&hidden, &format!("meute{m}")) && !has_word(&hidden, &format!("Meute{m}"))),
            "{format}"
        );
        files.push((format.into(), hidden));
        files.push((format!("{format} --names"), run(dir.path(), &["export", "case", "--to", format, "--names"], 0)));
    }
    for (name, text) in &files {
        let named = (0..80).find(|n| has_word(text, &format!("folk{n}")) || has_word(text, &format!("Voisin{n}")));
        assert!(named.is_none(), "folk{named:?} in {name}");
    }
    let brief = fs::read_to_string(at("case/brief/index.html")).expect("a brief");
    assert!(brief.contains("id=\"amplification\"") && has_word(&brief, "meute3"));
    run(dir.path(), &["verify", "case"], 0);
}
