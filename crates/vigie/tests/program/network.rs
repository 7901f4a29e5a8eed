//! `network` over tables of shares.

use super::{gzip, lines, place, run, told};
use std::fs;

const SHARES: &str = "object_id,account_id,content_id,timestamp_share\no1,a,1,0\no1,b,2,60\no2,a,3,100\no2,b,4,130\n\
    o2,b,4,131\no3,=c,5,0\no3,a,6,5\n";

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
