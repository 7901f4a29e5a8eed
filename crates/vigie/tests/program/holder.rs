//! Whoever holds a case's folder for an hour, or sends one: what he changes is told, what he planted is not followed, and
//! nothing he deletes is gone for good. `bench/tamper.py` does the same for every file, table and column.

use super::{case, lines, log, other_log, place, run, told, vigie};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

fn copied(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().is_ok_and(|s| s.success()));
}

fn sql(dir: &Path, change: &str) -> usize {
    rusqlite::Connection::open(dir.join("case.db")).expect("opened").execute(change, []).expect(change)
}

fn last(text: &str) -> String {
    text.lines().last().and_then(|l| l.split_whitespace().last()).expect("a last line").to_string()
}

#[test]
fn what_findings_are_made_of_cannot_be_laundered() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("a.log"), log()).expect("written");
    fs::write(d.join("b.log"), other_log()).expect("written");
    case(d, "c", &["a.log"]);
    let before = run(d, &["findings", "c", "--json"], 0);
    assert!(sql(&d.join("c"), "DELETE FROM observations WHERE kind = 'web_log/request'") > 0);
    assert!(run(d, &["verify", "c"], 1).contains("what was read in a.log"));
    run(d, &["add", "c", "b.log"], 0);
    run(d, &["verify", "c"], 1);
    let again = lines(&run(d, &["run", "c", "--json"], 0));
    assert_eq!((again[0]["again"].as_u64(), again[0]["news"]["gone"].as_u64()), (Some(1), Some(0)));
    let after = run(d, &["findings", "c", "--json"], 0);
    assert!(before.lines().all(|finding| after.contains(finding)), "nothing is gone");
    run(d, &["verify", "c", "--deep"], 0);
}

#[test]
fn settings_are_part_of_the_trail_and_what_vanishes_says_why() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("names.txt"), "mail-parti-bleu.fr\n").expect("written");
    run(d, &["init", "c", "--name", "test", "--protect", "parti-bleu.fr"], 0);
    run(d, &["add", "c", "names.txt"], 0);
    assert_eq!(lines(&run(d, &["run", "c", "--json"], 0))[0]["news"]["new"], 1);
    let toml = d.join("c/case.toml");
    let text = fs::read_to_string(&toml).expect("read");
    fs::write(&toml, text.replace("\"parti-bleu.fr\"", "\"kiosque.fr\"")).expect("written");
    let changed = run(d, &["verify", "c"], 1);
    assert!(changed.contains("protect.domains: [\"parti-bleu.fr\"] → [\"kiosque.fr\"]"), "{changed}");
    let ran = lines(&run(d, &["run", "c", "--json"], 0));
    assert_eq!(ran[0]["gone"][0]["reasons"], serde_json::json!(["settings-changed"]));
    assert_eq!(ran[0]["gone"][0]["detector"], "names/lookalike");
    run(d, &["verify", "c"], 0);
    assert!(run(d, &["findings", "c", "--new"], 0).contains("the settings have changed"));
    // And back again, with evidence that is then forgotten.
    fs::write(&toml, text).expect("written");
    assert_eq!(lines(&run(d, &["run", "c", "--json"], 0))[0]["news"]["new"], 1);
    let id =
        lines(&run(d, &["add", "c", "names.txt", "--json"], 0))[0]["evidence"].as_str().expect("a hash").to_string();
    run(d, &["forget", "c", &id, "--reason", "asked"], 0);
    let told = told(d, &["run", "c"]);
    assert!(told.contains("evidence was forgotten") && !told.contains("settings"), "{told}");
    // A broken `case.toml` is a change as well.
    fs::write(toml, "name = ").expect("written");
    run(d, &["verify", "c"], 1);
}

#[test]
fn a_head_kept_elsewhere_shows_an_older_state() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("a.log"), log()).expect("written");
    fs::write(d.join("b.log"), other_log()).expect("written");
    run(d, &["init", "c"], 0);
    run(d, &["add", "c", "a.log"], 0);
    let first = last(&run(d, &["run", "c"], 0));
    assert_eq!(first, last(&run(d, &["verify", "c"], 0)));
    copied(&d.join("c"), &d.join("older"));
    run(d, &["add", "c", "b.log"], 0);
    let ran = run(d, &["run", "c"], 0);
    let second = last(&ran);
    assert_eq!(lines(&run(d, &["verify", "c", "--json"], 0))[0]["head"], second.as_str());
    for head in [&first, &second, &format!("head: {second}")] {
        run(d, &["verify", "c", "--head", head], 0);
    }
    run(d, &["verify", "older"], 0);
    run(d, &["verify", "older", "--head", &second], 1);
    run(d, &["verify", "older", "--head", "nonsense"], 2);
    // The last `add` cut off, with all that tells of it.
    let c = d.join("c");
    let added =
        lines(&run(d, &["add", "c", "b.log", "--json"], 0))[0]["evidence"].as_str().expect("a hash").to_string();
    sql(
        &c,
        "DELETE FROM audit WHERE seq > (SELECT max(seq) FROM audit WHERE action = 'run' AND seq < (SELECT max(seq) FROM audit))",
    );
    sql(&c, "DELETE FROM evidence WHERE path = 'b.log'");
    fs::remove_file(c.join("vault").join(added)).expect("removed");
    run(d, &["verify", "c", "--head", &second], 1);
}

#[test]
fn a_forget_that_was_killed_is_completed_by_whoever_comes_next() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("a.log"), log()).expect("written");
    case(d, "c", &["a.log"]);
    let id = lines(&run(d, &["add", "c", "a.log", "--json"], 0))[0]["evidence"].as_str().expect("a hash").to_string();
    copied(&d.join("c/vault").join(&id), &d.join("bytes"));
    run(d, &["forget", "c", &id, "--reason", "asked"], 0);
    // As it is between the intent and the bytes.
    copied(&d.join("bytes"), &d.join("c/vault").join(&id));
    fs::write(d.join("c/brief/index.html"), "quoted").expect("written");
    assert_eq!(sql(&d.join("c"), "INSERT INTO erasing SELECT n, sha256 FROM evidence"), 1);
    run(d, &["verify", "c"], 0);
    assert!(!d.join("c/vault").join(&id).exists() && !d.join("c/brief/index.html").exists());
    // What killed commands left goes.
    for left in [".case.toml.next", ".pseudonyms.key.77", "vault/.incoming", ".brief.next"] {
        match left {
            ".brief.next" => fs::create_dir(d.join("c").join(left)).expect("made"),
            _ => fs::write(d.join("c").join(left), "half").expect("written"),
        }
    }
    run(d, &["run", "c"], 0);
    let left: Vec<_> = fs::read_dir(d.join("c")).expect("listed").map(|e| e.expect("an entry").file_name()).collect();
    assert!(left.iter().all(|name| !name.as_bytes().starts_with(b".")), "{left:?}");
    run(d, &["verify", "c"], 0);
}

#[test]
fn links_pipes_and_endless_files_in_a_folder_from_somebody_else() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("a.log"), log()).expect("written");
    fs::create_dir(d.join("outside")).expect("made");
    let nothing_outside = || assert_eq!(fs::read_dir(d.join("outside")).expect("listed").count(), 0);
    // `init` in a folder with planted links.
    for (name, to) in [("vault", "outside"), ("brief", "outside"), ("case.lock", "outside/x"), ("case.db", "outside/y")]
    {
        let planted = d.join(format!("planted-{name}"));
        fs::create_dir(&planted).expect("made");
        symlink(d.join(to), planted.join(name)).expect("linked");
        run(d, &["init", &format!("planted-{name}")], 2);
        nothing_outside();
    }
    case(d, "c", &["a.log"]);
    let plant = |name: &str, to: &str, commands: &[&[&str]]| {
        let copy = d.join("copy");
        copied(&d.join("c"), &copy);
        let path = copy.join(name);
        if path.is_dir() {
            fs::remove_dir_all(&path).expect("removed");
        } else {
            let _ = fs::remove_file(&path);
        }
        match to {
            "pipe" => assert!(Command::new("mkfifo").arg(&path).status().is_ok_and(|s| s.success())),
            to => symlink(to, &path).expect("linked"),
        }
        for command in commands {
            let out = vigie(d, command);
            let told = String::from_utf8_lossy(&out.stderr);
            assert!(
                matches!(out.status.code(), Some(1 | 2)) && !told.contains("panicked"),
                "{name} {to} {command:?} {told}"
            );
        }
        nothing_outside();
        fs::remove_dir_all(copy).expect("removed");
    };
    let outside = d.join("outside").display().to_string();
    for to in ["/dev/zero", "pipe"] {
        plant("brief/index.html", to, &[&["verify", "copy"]]);
        plant("pseudonyms.key", to, &[&["verify", "copy"], &["export", "copy", "--to", "stix"]]);
        plant("case.toml", to, &[&["verify", "copy"], &["run", "copy"]]);
        plant("case.db", to, &[&["verify", "copy"], &["findings", "copy"]]);
        plant("case.lock", to, &[&["run", "copy"], &["add", "copy", "a.log"]]);
    }
    for room in ["vault", "brief"] {
        plant(room, &outside, &[&["add", "copy", "a.log"], &["run", "copy"], &["verify", "copy"]]);
    }
    // Links met on the way are not followed; what the kernel makes up is not read, though it calls it a regular file.
    fs::create_dir(d.join("logs")).expect("made");
    symlink("/etc/passwd", d.join("logs/x.log")).expect("linked");
    symlink("/proc/kmsg", d.join("logs/y.log")).expect("linked");
    fs::write(d.join("logs/z.log"), other_log()).expect("written");
    let added = lines(&run(d, &["add", "c", "logs", "--json"], 0));
    assert_eq!((added.len(), &added[0]["path"]), (1, &"logs/z.log".into()));
    run(d, &["add", "c", "/proc/kmsg"], 2);
    // Whatever is named in options.
    assert!(Command::new("mkfifo").arg(d.join("pipe")).status().is_ok_and(|s| s.success()));
    for endless in ["pipe", "/dev/zero"] {
        for option in ["--config", "--indicators", "--records", "--mmdb"] {
            run(d, &["check", "a.log", option, endless], 2);
        }
        run(d, &["run", "c", "--series", endless], 2);
    }
}

#[test]
fn a_crafted_database_is_refused() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("a.log"), log()).expect("written");
    for (n, change) in [
        "CREATE TRIGGER y BEFORE INSERT ON evidence BEGIN SELECT RAISE(IGNORE); END",
        "ALTER TABLE evidence RENAME TO e; CREATE VIEW evidence AS WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT n FROM x",
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("c{n}");
        run(d, &["init", &name], 0);
        let db = rusqlite::Connection::open(d.join(&name).join("case.db")).expect("opened");
        db.execute_batch(change).expect(change);
        drop(db);
        for command in [&["add", &name, "a.log"][..], &["findings", &name], &["run", &name]] {
            run(d, command, 2);
        }
        run(d, &["verify", &name], 1);
    }
}

#[test]
fn names_that_are_not_utf8_survive() {
    let dir = place();
    let d = dir.path();
    for name in [&b"caf\xe9.log"[..], b"caf\xe8.log"] {
        fs::write(d.join(std::ffi::OsStr::from_bytes(name)), log().replace("sqlmap", &format!("{name:?}")))
            .expect("written");
    }
    run(d, &["init", "c"], 0);
    let added = lines(&run(d, &["add", "c", ".", "--json"], 0));
    let names: Vec<&str> = added.iter().filter_map(|a| a["path"].as_str()).filter(|p| p.contains("caf")).collect();
    assert_eq!(names, ["./caf\\xe8.log", "./caf\\xe9.log"]);
    let db = rusqlite::Connection::open(d.join("c/case.db")).expect("opened");
    let stored: Vec<u8> = db
        .query_row("SELECT name FROM lines WHERE name IS NOT NULL ORDER BY name LIMIT 1", [], |r| r.get(0))
        .expect("a name in bytes");
    assert!(stored.ends_with(b"caf\xe8.log"));
}

#[test]
fn what_vanished_or_the_machine_refuses_is_not_nothing() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("a.log"), log()).expect("written");
    fs::write(d.join("b.log"), other_log()).expect("written");
    run(d, &["init", "c"], 0);
    let ids: Vec<String> = lines(&run(d, &["add", "c", "a.log", "b.log", "--json"], 0))
        .iter()
        .map(|a| a["evidence"].as_str().expect("a hash").to_string())
        .collect();
    fs::remove_file(d.join("c/vault").join(&ids[0])).expect("removed");
    let out = vigie(d, &["run", "c"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("no such file"));
    assert!(crate::brief(&d.join("c")).contains("no such file"));
}
