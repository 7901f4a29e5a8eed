//! A case from `init` to `forget`: nothing changes unseen, whatever the order and whoever else writes.

use super::{case, gzip, lines, log, other_log, place, result, run, told, vigie};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

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
