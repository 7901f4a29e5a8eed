//! A debate: nobody below the threshold is named.

use super::{place, run};
use std::fs;

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
    run(dir.path(), &["export", "case", "--to", "dossier", "-o", "out"], 0);
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
    let brief = crate::brief(&at("case"));
    assert!(brief.contains("id=\"amplification\"") && has_word(&brief, "meute3"));
    run(dir.path(), &["verify", "case"], 0);
}

/// A leak as they are: a paste, an archive of torrents, a hashtag that names somebody, and everybody's own words.
#[test]
fn the_road_of_a_leak_is_told() {
    let dir = place();
    let scenario = "name = \"leak\"\nzone = \"Europe/Paris\"\nfrom = \"2017-05-05\"\nto = \"2017-05-06\"\n[posts]\n\
        from = \"2017-05-05T18:00\"\nto = \"2017-05-06T07:00\"\nposts = 9000\naccounts = 2000\n\
        candidates = [\"Anselme Morel\", \"Claire Le Goff\"]\nleak = \"2017-05-05T20:35\"\n";
    fs::write(dir.path().join("leak.toml"), scenario).expect("written");
    run(dir.path(), &["exercise", "made", "--seed", "3", "--scenario", "leak.toml"], 0);
    run(dir.path(), &["init", "case", "--name", "test"], 0);
    fs::copy(dir.path().join("made/case.toml"), dir.path().join("case/case.toml")).expect("copied");
    run(dir.path(), &["add", "case", "made/evidence"], 0);
    run(dir.path(), &["run", "case"], 0);
    let score = run(dir.path(), &["exercise", "--score", "case", "made/truth.json"], 0);
    assert!(score.contains("road  8 of 8 steps in order (told: 8), level right: 8, time right: 8"), "{score}");
}
