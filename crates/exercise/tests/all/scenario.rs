//! Scenario files: the shipped ones are read; wrong and hostile ones end in an error that says where.

use exercise::parts::PARTS;
use exercise::{SHIPPED, Scenario, generate, shipped};

#[test]
fn wrong_scenarios_say_what_is_wrong() {
    let whole = shipped("france-2017").unwrap();
    let wrong = |from: &str, to: &str| whole.replacen(from, to, 1);
    let cases = [
        ("".to_string(), "missing field"),
        ("\u{0}\u{1}[[[[".to_string(), "could not be read"),
        (wrong("zone = \"Europe/Paris\"", "zone = \"Mars/Base\""), "zone"),
        (wrong("to = \"2017-05-09\"", "to = \"2016-05-09\""), "empty"),
        (wrong("to = \"2017-05-09\"", "to = \"9999-12-31\""), "2100"),
        (wrong("host = \"www", "host = \"www\\n\\u001b[2J"), "`host`"),
        (wrong("name = \"www\"", "name = \"../../etc/cron.d/x\""), "`name`"),
        (wrong("format = \"combined\"", "format = \"csv\""), "unknown variant"),
        (wrong("country = \"UA\"", "country = \"ZZ\""), "ZZ"),
        (wrong("country = \"UA\"", "country = \"Ukraine\""), "two capital letters"),
        (wrong("count = 599", "count = 599000000000"), "count"),
        (wrong("count = 599", "requests = [1, 10000000]\ncount = 5000"), "`forced_browsing`"),
        (wrong("count = 599", "colour = 1\ncount = 5"), "colour"),
        (wrong("requests_per_day = 2600", "requests_per_day = 1e12"), "requests_per_day"),
        (wrong("requests_per_day = 2600", "requests_per_day = nan"), "requests_per_day"),
        (wrong("classes = \"secret_probe\"", "classes = \"brute_force\""), "does not go with"),
        (wrong("outcome = \"possibly_succeeded\"", "outcome = \"great\""), "great"),
        (wrong("shape = \"spray\"", "shape = \"star\""), "star"),
        (wrong("preceded_by = [\"february-14\"]", "preceded_by = [\"nobody\"]"), "nobody"),
        (wrong("requests = [20, 30]", "requests = [30, 20]"), "`requests`"),
        (wrong("requests = [24, 90]", "requests = [24, 90]\nsite = \"ghost\""), "ghost"),
        (wrong("minutes = 10", "minutes = 9223372036854775807"), "outage"),
        (wrong("traffic = 4", "traffic = 1000\nhours = 1000").replace("_day = 2600", "_day = 260000"), "log lines"),
        (wrong("\"2016-11-01\", 0.6", "\"2016-11-01\", 1e9"), "log lines"),
        (wrong("ipv6 = 0.12", "ipv6 = -3"), "ipv6"),
        (wrong("ipv6 = 0.12", "hours = [1, 2]"), "hours"),
        (format!("a = {}1{}", "[".repeat(5000), "]".repeat(5000)), "could not be read"),
    ];
    for (text, needle) in cases {
        let dir = tempfile::tempdir().unwrap();
        let result = Scenario::parse(&text).and_then(|s| generate(&s, 1, dir.path()).map(drop));
        let e = result.expect_err(needle);
        let said = format!("{e} | {}", e.get_hint().unwrap_or_default());
        assert!(said.contains(needle), "{needle}: {said}");
        assert!(!said.contains('\u{1b}') && e.get_hint().is_some(), "{said}");
    }
}

#[test]
fn a_block_is_named_by_its_line() {
    let text =
        shipped("france-2017").unwrap().replacen("service = \"ssh\"", "service = \"ssh\"\noutcome = \"no_effect\"", 1);
    let line = text.lines().position(|l| l == "service = \"ssh\"").unwrap();
    let before = text.lines().take(line).collect::<Vec<_>>();
    let block = before.iter().rposition(|l| *l == "[[attempts]]").unwrap() + 1;
    let said = Scenario::parse(&text).unwrap_err().to_string();
    assert!(said.contains(&format!("line {block}")), "{said}");
}

#[test]
fn an_unknown_table_is_refused_with_the_nearest_known() {
    let text = shipped("inbox").unwrap();
    let said = |text: &str| {
        let e = Scenario::parse(text).unwrap_err();
        format!("{e} | {}", e.get_hint().unwrap_or_default())
    };
    let near = said(&text.replace("[mail", "[mial"));
    assert!(near.contains("`mial`") && near.contains("did you mean `mail`?"), "{near}");
    let far = said(&format!("{text}\n[weather]\nrain = 1\n"));
    assert!(far.contains("`weather`") && !far.contains("did you mean"), "{far}");
}

#[test]
fn the_shipped_are_usable_and_the_reference_names_every_key() {
    for (name, text) in SHIPPED {
        assert_eq!(Scenario::parse(text).unwrap_or_else(|e| panic!("{name}: {e}")).name, name);
    }
    let reference = include_str!("../../scenarios/README.md");
    for part in PARTS {
        assert!(!part.keys().is_empty(), "{} has tables", part.name);
        for key in part.keys() {
            assert!(reference.contains(&format!("`{key}`")) || reference.contains(&format!("[{key}]")), "{key}");
        }
    }
}
