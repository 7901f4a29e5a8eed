//! A night of counting.

use crate::common::{make, scenario};

const NIGHT: &str = "name = \"night\"\nfrom = \"2017-04-23\"\nto = \"2017-04-24\"\n[count]\nat = \"2017-04-23T20:00\"\nstations = 120\n\
    candidates = [\"Brandt\", \"Costa\", \"Dumas\"]\nsnapshots = 4\nminutes = 0.9\n[[count.altered]]\nkind = \"swapped\"\nstations = 3\n\
    [[count.altered]]\nkind = \"missing\"\nstations = 2\n";

#[test]
fn what_is_published_follows_from_the_minutes_but_where_it_is_altered() {
    let (truth, files) = make(&scenario(NIGHT), 1);
    let count = &truth.parts.count;
    assert_eq!((count.alterations.len(), count.counted_stations), (5, 120));
    let text = |name: &str| String::from_utf8(files[name].clone()).expect("text");
    let cells = |line: &str, sep: char| line.split(sep).map(str::to_string).collect::<Vec<_>>();
    let minutes: Vec<Vec<String>> = text("count/minutes/minutes.csv").lines().skip(1).map(|l| cells(l, ',')).collect();
    let last = files.keys().filter(|n| n.starts_with("count/published/")).max().expect("snapshots");
    let published: Vec<Vec<String>> =
        text(last).lines().skip(1).map(|l| cells(&l.replace('\u{a0}', ""), ';')).collect();
    let mut differing = Vec::new();
    for m in &minutes {
        let there = published.iter().find(|p| format!("{}{}", p[0], p[1]) == m[1] && p[3] == m[3]);
        if there.is_none_or(|p| p[4..] != m[4..m.len() - 1]) {
            differing.push(format!("{} {}", m[1], m[3]));
        }
    }
    let altered: Vec<&String> = count.alterations.iter().filter(|a| a.with_minutes).map(|a| &a.station).collect();
    differing.sort();
    assert_eq!(differing.iter().collect::<Vec<_>>(), altered);
    // Sums hold in every row of minutes.
    for m in &minutes {
        let n: Vec<u64> = m[4..m.len() - 1].iter().map(|c| c.parse().expect("a count")).collect();
        assert_eq!((n[1], n[4]), (n[2] + n[3] + n[4], n[5..].iter().sum()), "{m:?}");
    }
    assert_eq!(make(&scenario(NIGHT), 1), (truth, files), "the same seed gives the same bytes");
    for wrong in ["stations = 8", "stations = 120\nminutes = 2", "stations = 0"] {
        let text = NIGHT.replace("minutes = 0.9\n", "").replace("stations = 120", wrong);
        assert!(exercise::Scenario::parse(&text).is_err(), "{wrong}");
    }
}
