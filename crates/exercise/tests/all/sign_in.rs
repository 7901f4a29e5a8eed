//! A cloud provider's audit log.

use super::common::{make, scenario};
use exercise::Scenario;
use std::collections::BTreeSet;

const TEXT: &str = "name = \"cloud\"\nfrom = \"2017-03-01\"\nto = \"2017-05-05\"\n[logins]\ndomain = \"en-avant.example\"\n\
    [sign_ins]\nfrom = \"2017-03-20\"\nto = \"2017-05-05\"\nstaff = 6\ncountry = \"FR\"\njourney = \"PT\"\n\
    [sign_ins.spray]\nat = \"2017-04-19T03:10\"\npasswords = 2\ncountry = \"UA\"\n\
    [[sign_ins.taken]]\nuntil = \"2017-04-24\"\nnights = 3\nmessages = 100\ncountry = \"NL\"\napplication = \"Docs\"\n";

#[test]
fn two_exports_overlap_and_the_truth_is_true_of_them() {
    let (truth, files) = make(&scenario(TEXT), 3);
    assert_eq!(make(&scenario(TEXT), 3).1, files, "the same seed gives the same bytes");
    let log = truth.parts.sign_in.sign_ins.expect("a log");
    let text = |name: &str| String::from_utf8(files[name].clone()).expect("UTF-8");
    let both = [text("m365.audit-1.csv"), text("m365.audit-2.csv")];
    let rows: Vec<&str> = both.iter().flat_map(|t| t.lines().skip(1)).collect();
    let distinct: BTreeSet<&str> = rows.iter().copied().collect();
    assert_eq!((rows.len() as u64, distinct.len() as u64), (log.rows, log.records));
    assert!(log.rows > log.records, "they overlap");
    let taken = &log.taken[0];
    let source = format!("\"\"{}\"\"", taken.source);
    let read: Vec<&&str> =
        distinct.iter().filter(|r| r.contains(&source) && r.contains(",MailItemsAccessed,")).collect();
    let count = |row: &str| -> u64 {
        let rest = row.split("\"\"OperationCount\"\":").nth(1).expect("a count");
        rest.split([',', '}']).next().expect("a number").parse().expect("a number")
    };
    assert_eq!(read.iter().map(|r| count(r)).sum::<u64>(), taken.messages);
    assert_eq!(taken.messages, 300);
    let last = read.iter().map(|r| r.split(',').next().expect("a time")).max().expect("one");
    assert_eq!(last, taken.cut_off.to_string());
    assert!(last.starts_with("2017-04-24T"), "{last}");
    assert_eq!(distinct.iter().filter(|r| r.contains("BAV2ROPC")).count() as u64, log.sprayed);
}

#[test]
fn what_cannot_be_made_is_refused() {
    for (right, wrong) in [
        ("staff = 6", "staff = 2"),
        ("until = \"2017-04-24\"", "until = \"2017-05-24\""),
        ("until = \"2017-04-24\"", "until = \"2017-03-24\""),
        ("country = \"NL\"", "country = \"Netherlands\""),
        ("nights = 3", "night = 3"),
    ] {
        assert!(Scenario::parse(&TEXT.replacen(right, wrong, 1)).is_err(), "{wrong}");
    }
}
