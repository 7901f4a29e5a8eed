//! A platform to vote or to register.

use crate::common::{make, scenario};
use std::collections::BTreeSet;

const DAY: &str = "name = \"vote\"\nfrom = \"2017-05-06\"\nto = \"2017-05-07\"\n[platform]\nhost = \"vote.example\"\n\
    from = \"2017-05-06\"\nto = \"2017-05-07\"\nper_hour = 80\ncountries = [\"FR\", \"US\", \"BR\"]\n\
    [[platform.troubles]]\nhow = \"queue\"\nat = \"2017-05-06T12:00\"\nhours = 2\ncountry = \"US\"\n\
    [[platform.troubles]]\nhow = \"absent\"\nat = \"2017-05-06T18:00\"\nhours = 2\ncountry = \"BR\"\n\
    [[platform.troubles]]\nhow = \"errors\"\nat = \"2017-05-07T09:00\"\nhours = 1\n";

#[test]
fn what_is_true_of_a_platform_is_true_of_its_log() {
    let (truth, files) = make(&scenario(DAY), 1);
    let platform = truth.parts.reach.platform.as_ref().expect("a platform");
    let log = String::from_utf8(files["platform.access.log"].clone()).expect("text");
    assert_eq!((platform.requests, platform.troubles.len()), (log.lines().count() as u64, 3));
    let of = |hour: &str, status: &str| log.lines().filter(|l| l.contains(hour) && l.contains(status)).count();
    assert!(of("[06/May/2017:12:", " 503 ") > 30 && of("[06/May/2017:11:", " 503 ") == 0);
    assert!(of("[07/May/2017:09:", " 502 ") > 100 && of("[07/May/2017:10:", " 502 ") == 0);
    // Whoever waits is of one country: few sources.
    let waiting: BTreeSet<&str> = log
        .lines()
        .filter(|l| l.contains("[06/May/2017:12:") && l.contains(" 503 "))
        .filter_map(|l| l.split(' ').nth(1))
        .collect();
    assert!(waiting.len() > 20);
    assert_eq!(make(&scenario(DAY), 1), (truth, files), "the same seed gives the same bytes");
    for (right, wrong) in [
        ("per_hour = 80", "per_hour = 5"),
        ("country = \"BR\"", "country = \"DE\""),
        ("hours = 1", "hours = 9"),
        ("how = \"errors\"", "how = \"probe\""),
        ("\"vote.example\"", "\"a b\""),
    ] {
        assert!(exercise::Scenario::parse(&DAY.replace(right, wrong)).is_err(), "{wrong}");
    }
}
