//! What may be published before a vote.

use super::{lines, place, run, vigie};
use std::fs;

const EVE: [&str; 2] = ["--at", "2017-05-06T12:00:00+02:00"];

fn ask(dir: &std::path::Path, args: &[&str], code: i32) -> String {
    run(dir, &[&["silence"], args, &EVE].concat(), code)
}

#[test]
fn a_text_is_judged() {
    let dir = place();
    let at = dir.path();
    let text = "Les serveurs ont été attaqués. Emmanuel Macron a porté plainte. La police enquête.";
    fs::write(at.join("a.txt"), text).expect("written");
    fs::write(at.join("b.txt"), "Il pleut sur la côte.").expect("written");
    let judged = &lines(&ask(at, &["a.txt", "--json", "--redact", "c.txt", "--log", "log.jsonl"], 1))[0];
    assert_eq!(judged["verdict"], "redact");
    assert_eq!(judged["until"], "2017-05-07T18:00:00Z");
    assert_eq!(judged["minutes_left"], 1920);
    assert_eq!(judged["passages"][0]["article"], "Code électoral, art. L49");
    let copy = fs::read_to_string(at.join("c.txt")).expect("a copy");
    assert_eq!(copy, text.replace("Emmanuel Macron", "[…]"));
    assert_eq!(judged["redacted"], copy.as_str());
    ask(at, &["c.txt", "--log", "log.jsonl"], 0);
    ask(at, &["b.txt"], 0);
    assert!(ask(at, &["a.txt", "--lang", "fr"], 1).contains("à caviarder"));
    run(at, &["silence", "a.txt", "--at", "2017-05-07T20:00:00+02:00"], 0);
    // The log is held together by its hashes.
    ask(at, &["--check-log", "log.jsonl"], 0);
    let log = fs::read_to_string(at.join("log.jsonl")).expect("a log");
    fs::write(at.join("log.jsonl"), log.replacen("redact", "hold_until", 1)).expect("written");
    ask(at, &["--check-log", "log.jsonl"], 1);
    ask(at, &["b.txt", "--log", "log.jsonl"], 2);
}

#[test]
fn what_cannot_be_said_is_not_said() {
    let dir = place();
    let at = dir.path();
    fs::write(at.join("a.txt"), "Il pleut.").expect("written");
    fs::write(at.join("empty.txt"), "").expect("written");
    fs::write(at.join("a.pdf"), "%PDF-1.7\n").expect("written");
    for args in [
        &["a.txt", "--territory", "XX"][..],
        &["a.txt", "--for", "nobody"],
        &["none.txt"],
        &["empty.txt"],
        &["a.pdf"],
        &["a.txt", "--vote", "2026-01-01"],
        &["a.txt", "--territory", "CH", "--vote", "2026-01-01"],
        &["--table", "--election", "none"],
        &[],
    ] {
        ask(at, args, 2);
    }
    let out = vigie(at, &["silence", "a.txt", "--at", "2035-01-01"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("hint:"));
}

#[test]
fn the_table_names_every_change() {
    let dir = place();
    let table = lines(&ask(dir.path(), &["--table", "--territory", "GP", "--election", "president-2017", "--json"], 0));
    let has = |local: &str, rule: &str, change: &str| {
        table.iter().any(|r| r["local"] == local && r["rule"] == rule && r["change"] == change)
    };
    assert!(has("2017-05-05T00:00:00-04:00", "l49-2011", "begins"));
    assert!(has("2017-05-07T14:00:00-04:00", "l49-2011", "ends"));
    assert!(has("2017-05-05T18:00:00-04:00", "polls-2016", "begins"));
    assert!(lines(&ask(dir.path(), &["--table", "--json"], 0)).len() > table.len() * 12);
}

#[test]
fn a_case_says_who_publishes_and_keeps_the_verdict() {
    let dir = place();
    let at = dir.path();
    run(
        at,
        &["init", "case", "--name", "Macron 2017", "--protect", "en-marche.fr", "--protect-name", "Zoé Lafleur"],
        0,
    );
    let toml = fs::read_to_string(at.join("case/case.toml")).expect("a case");
    fs::write(at.join("case/case.toml"), toml + "\n[silence]\npublisher = \"candidate\"\nterritory = \"GP\"\n")
        .expect("written");
    fs::write(at.join("a.txt"), "Zoé Lafleur a visité le marché de Basse-Terre.").expect("written");
    let judged = &lines(&ask(at, &["a.txt", "--case", "case", "--json"], 1))[0];
    assert_eq!(
        (&judged["verdict"], &judged["for"], &judged["territory"]),
        (&"hold_until".into(), &"candidate".into(), &"GP".into())
    );
    let verified = &lines(&run(at, &["verify", "case", "--json"], 0))[0];
    let before = verified["audit"].as_u64().expect("rows");
    ask(at, &["a.txt", "--case", "case"], 1);
    assert_eq!(lines(&run(at, &["verify", "case", "--json"], 0))[0]["audit"].as_u64(), Some(before + 1));
}
