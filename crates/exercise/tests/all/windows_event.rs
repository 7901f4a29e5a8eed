//! Windows machines' event logs.

use super::common::{make, scenario};
use exercise::Scenario;
use std::collections::BTreeSet;

const TEXT: &str = "name = \"machines\"\nfrom = \"2017-03-01\"\nto = \"2017-05-05\"\n[logins]\ndomain = \"en-avant.example\"\n\
    [windows]\nfrom = \"2017-04-10\"\nto = \"2017-04-30\"\nmachines = 5\n\
    [[windows.entered]]\nat = \"2017-04-22T02:10\"\nguesses = 60\ncountry = \"NL\"\n";

#[test]
fn two_forms_overlap_and_the_truth_is_true_of_them() {
    let (truth, files) = make(&scenario(TEXT), 3);
    assert_eq!(make(&scenario(TEXT), 3).1, files, "the same seed gives the same bytes");
    let events = truth.parts.windows_event.windows.expect("logs");
    let text = |name: &str| String::from_utf8(files[name].clone()).expect("UTF-8");
    let (xml, lines) = (text("windows.events-1.xml"), text("windows.events-2.ndjson"));
    let part = |line: &str, from: &str, to: &str| -> String {
        let rest = line.split(from).nth(1).unwrap_or_else(|| panic!("{from} in {line}"));
        rest.split(to).next().unwrap_or_default().to_string()
    };
    let mut all: Vec<(String, String, String)> = Vec::new();
    for line in xml.lines().filter(|l| l.starts_with("<Event ")) {
        all.push((part(line, "<Computer>", "<"), part(line, "<Channel>", "<"), part(line, "<EventRecordID>", "<")));
    }
    for line in lines.lines() {
        all.push((
            part(line, "\"computer_name\":\"", "\""),
            part(line, "\"channel\":\"", "\""),
            part(line, "\"record_id\":", "}")
                .trim_end_matches(|c: char| !c.is_ascii_digit())
                .split(',')
                .next()
                .unwrap_or_default()
                .into(),
        ));
    }
    let distinct: BTreeSet<_> = all.iter().collect();
    assert_eq!((all.len() as u64, distinct.len() as u64), (events.written, events.records));
    let entered = &events.entered[0];
    assert_eq!((events.entered.len(), entered.guesses), (1, 60));
    let both = format!("{xml}{lines}");
    assert!(both.contains(&entered.source) && both.to_lowercase().contains(&entered.computer));
}

#[test]
fn what_cannot_be_made_is_refused() {
    for (right, wrong) in [
        ("machines = 5", "machines = 1"),
        ("guesses = 60", "guesses = 2"),
        ("to = \"2017-04-30\"", "to = \"2017-04-01\""),
        ("at = \"2017-04-22T02:10\"", "at = \"2017-05-22T02:10\""),
        ("country = \"NL\"", "country = \"Netherlands\""),
        ("guesses = 60", "guess = 60"),
    ] {
        assert!(Scenario::parse(&TEXT.replacen(right, wrong, 1)).is_err(), "{wrong}");
    }
}
