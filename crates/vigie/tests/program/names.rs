//! Indicators named in a case.

use super::{gzip, lines, place, run, told};
use std::fs;

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
