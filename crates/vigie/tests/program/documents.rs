//! Documents of a leak: what an editor excludes leaves by no way, what was looked at is recorded and masked.

use super::{brief, case, place, run};
use std::fs;
use std::path::Path;

fn letter(id: &str, subject: &str) -> String {
    format!(
        "From paul@printer.example Mon Apr 03 09:00:00 2017\nFrom: Paul <paul@printer.example>\nTo: anna@parti.example\n\
         Subject: {subject}\nDate: Mon, 03 Apr 2017 09:00:00 +0000\nMessage-ID: <{id}@printer.example>\n\n\
         Nothing but {subject}.\n\n"
    )
}

fn paper(word: &str) -> String {
    format!(
        "{{\\rtf1\\ansi{{\\info{{\\author {word}author}}}}The {word} says that 4111 1111 1111 1111 is the card of zoe@parti.example.\\par}}"
    )
}

/// A case of two papers and two letters, with these lines in `case.toml`.
fn leak(dir: &Path, toml: &str) {
    fs::write(dir.join("whistle.rtf"), paper("whistle")).expect("written");
    fs::write(dir.join("budget.rtf"), paper("budget")).expect("written");
    fs::write(dir.join("box.mbox"), letter("a1", "whistlemail") + &letter("b1", "ordinary")).expect("written");
    case(dir, "c", &["whistle.rtf", "budget.rtf", "box.mbox"]);
    let path = dir.join("c/case.toml");
    let text = fs::read_to_string(&path).expect("a case");
    fs::write(&path, format!("{text}\n{toml}")).expect("written");
    run(dir, &["run", "c"], 0);
}

#[test]
fn what_is_excluded_leaves_by_no_way_and_its_number_is_told() {
    let dir = place();
    let d = dir.path();
    leak(
        d,
        "[documents]\nleaked = [\"box.mbox\"]\nexcluded = [\"whistle.rtf\", \"a1@printer.example\"]\n[brief]\npurpose = \"press\"\nlegal_basis = \"GDPR 85\"\n",
    );
    let pages = brief(&d.join("c"));
    assert!(!pages.to_lowercase().contains("whistle"), "the brief");
    assert!(pages.contains("budget.rtf"));
    let json = fs::read_to_string(d.join("c/brief/brief.json")).expect("a brief");
    assert!(json.contains("\"withheld\": 2") || json.contains("\"withheld\":2"), "{json}");
    for to in ["json", "csv", "stix", "misp", "documents", "exposed", "notification", "timesketch"] {
        let all = run(d, &["export", "c", "--to", to, "--severity", "info"], 0).to_lowercase();
        assert!(!all.contains("whistle"), "{to}");
    }
    assert!(
        run(d, &["export", "c", "--to", "notification"], 0).contains("2 documents, letters or files are kept back")
    );
    for args in [&["findings", "c", "--all", "--json"][..], &["timeline", "c", "--json"]] {
        assert!(!run(d, args, 0).to_lowercase().contains("whistle"), "{args:?}");
    }
    run(d, &["search", "c", "whistle"], 1);
    run(d, &["export", "c", "--to", "texts", "-o", "t"], 0);
    let mut texts = String::new();
    for file in fs::read_dir(d.join("t")).expect("a folder") {
        texts += &fs::read_to_string(file.expect("a file").path()).expect("a page");
    }
    assert!(texts.contains("budget") && !texts.contains("whistle") && !texts.contains("4111 1111"), "{texts}");
}

#[test]
fn what_is_excluded_later_is_seen_by_no_question_id_or_range() {
    let dir = place();
    let d = dir.path();
    leak(d, "[documents]\nleaked = [\"box.mbox\"]\n");
    let asked = |question: &str, code: i32| run(d, &["sql", "c", question], code).to_lowercase();
    let hash = |name: &str| asked(&format!("SELECT sha256 FROM evidence_list WHERE path = '{name}'"), 0);
    let (paper, letters) = (hash("whistle.rtf"), hash("box.mbox"));
    let (paper, letters) = (paper.lines().nth(1).expect("a hash"), letters.lines().nth(1).expect("a hash"));
    let ids = asked("SELECT id FROM finding WHERE fields LIKE '%whistle%' OR fields LIKE '%a1@printer%'", 0);
    assert!(ids.lines().count() > 1, "{ids}");
    let findings = run(d, &["findings", "c", "--all", "--json"], 0).lines().count();
    let (first, second) = (format!("{letters}:60-90"), format!("{letters}:380-430"));
    run(d, &["show", "c", &first], 0);

    let path = d.join("c/case.toml");
    let text = fs::read_to_string(&path).expect("a case");
    let excluded = "leaked = [\"box.mbox\"]\nexcluded = [\"whistle.rtf\", \"a1@printer.example\"]";
    fs::write(&path, text.replace("leaked = [\"box.mbox\"]", excluded)).expect("written");
    // What was found before may name it and lead elsewhere.
    for args in
        [&["findings", "c"][..], &["sql", "c", "SELECT 1"], &["show", "c", &first], &["export", "c", "--to", "csv"]]
    {
        run(d, args, 2);
    }
    let told = run(d, &["run", "c", "--json"], 0);
    assert!(!told.to_lowercase().contains("whistle"), "{told}");
    assert!(!brief(&d.join("c")).to_lowercase().contains("whistle"), "the brief");
    for view in ["evidence_list", "finding", "observation", "entity", "skip"] {
        let all = asked(&format!("SELECT * FROM {view}"), 0);
        assert!(!all.contains("whistle") && !all.contains("a1@printer"), "{view}: {all}");
    }
    assert!(asked("SELECT count(*) FROM evidence_list", 0).contains('2'));
    assert!(asked("SELECT value FROM finding, json_each(fields) WHERE detector LIKE 'doc%'", 0).contains("budget"));
    // Not around the views either, nor under the name of one.
    asked("SELECT * FROM main.observations", 2);
    asked("WITH finding AS (SELECT body FROM main.findings) SELECT * FROM finding", 2);
    asked("SELECT key FROM tallies", 2);
    for id in ids.lines().skip(1).filter(|id| !asked("SELECT id FROM finding", 0).contains(*id)) {
        run(d, &["show", "c", id], 2);
    }
    run(d, &["show", "c", &format!("{paper}:0-20")], 2);
    run(d, &["show", "c", &first], 2);
    assert!(run(d, &["show", "c", &second], 0).contains("b1@"));
    let left = run(d, &["findings", "c", "--all", "--json"], 0).lines().count();
    assert!(left < findings, "{left} of {findings}");
}

#[test]
fn texts_are_opened_for_a_purpose_masked_and_recorded() {
    let dir = place();
    let d = dir.path();
    leak(d, "[brief]\n");
    run(d, &["export", "c", "--to", "texts", "-o", "t"], 2);
    let found = run(d, &["search", "c", "card", "budget"], 0);
    assert!(found.contains("41•••••••••••111") && !found.contains("zoe@"), "{found}");
    assert!(run(d, &["search", "c", "card", "budget", "--unmasked"], 0).contains("zoe@parti.example"));
    let budget = run(d, &["findings", "c", "--all", "--json"], 0);
    let id = budget.lines().find(|l| l.contains("budget.rtf")).and_then(|l| {
        let value: serde_json::Value = serde_json::from_str(l).ok()?;
        Some(value["id"].as_str()?.to_string())
    });
    run(d, &["show", "c", &id.expect("a finding")], 0);
    let trail = rusqlite::Connection::open(d.join("c/case.db")).expect("a case");
    let count = |action: &str| -> i64 {
        trail.query_row("SELECT count(*) FROM audit WHERE action = ?", [action], |r| r.get(0)).expect("a number")
    };
    assert_eq!((count("search"), count("open")), (2, 1));
}

#[test]
fn decoys_that_came_out_are_told_and_originals_that_cannot_be_read_are_named() {
    let dir = place();
    let d = dir.path();
    fs::create_dir_all(d.join("originals/below")).expect("made");
    fs::write(d.join("originals/below/budget.rtf"), paper("budget")).expect("written");
    let noise = [0u8, 1, 2, 0xff, 0xfe, 7].repeat(99);
    fs::write(d.join("originals/noise.doc"), [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", &noise[..]].concat())
        .expect("written");
    // What is no document is known by its bytes, and there is no more to read.
    fs::write(d.join("originals/noise.bin"), noise).expect("written");
    leak(
        d,
        "[documents]\noriginals = [\"../originals\"]\ndecoys = [\"WHISTLE SAYS\", \"whistle says that\"]\n[brief]\npurpose = \"press\"\n",
    );
    let all = run(d, &["findings", "c", "--all", "--json"], 0);
    let decoys: Vec<&str> = all.lines().filter(|l| l.contains("\"decoy\":true")).collect();
    assert!(decoys.len() == 1 && decoys[0].contains("\"document\":\"whistle.rtf\""), "{decoys:?}");
    // Where on this machine an original lies stands nowhere.
    assert!(all.contains("\"original\":\"below/budget.rtf\""), "{all}");
    let json = fs::read_to_string(d.join("c/brief/brief.json")).expect("a brief");
    assert!(json.contains("\"decoys\": 1") && !json.contains(&d.display().to_string()), "{json}");
    let pages = brief(&d.join("c"));
    assert!(pages.contains("Decoys of ours among them") && pages.contains("noise.doc") && !pages.contains("noise.bin"));
    assert!(!pages.contains(&d.display().to_string()));
}

#[test]
fn equal_files_of_a_leak_are_told_at_each_place() {
    let dir = place();
    let d = dir.path();
    fs::create_dir_all(d.join("leak/again")).expect("a folder");
    for name in ["leak/budget.rtf", "leak/again/budget-2.rtf"] {
        fs::write(d.join(name), paper("budget")).expect("written");
    }
    for name in ["leak/box.mbox", "leak/again/box.mbox"] {
        fs::write(d.join(name), letter("a1", "ordinary")).expect("written");
    }
    let out = run(d, &["check", "leak", "--leaked", "*", "--json", "--all"], 0);
    let told = |name: &str| {
        let found = |line: &&str| {
            line.contains("\"documents/authenticity\"") && line.contains(&format!("\"document\":\"{name}"))
        };
        out.lines().filter(found).count()
    };
    for name in ["leak/budget.rtf", "leak/again/budget-2.rtf", "leak/box.mbox/a1@", "leak/again/box.mbox/a1@"] {
        assert_eq!(told(name), 1, "{name}: {out}");
    }
}
