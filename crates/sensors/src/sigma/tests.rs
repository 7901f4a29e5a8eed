//! Rules over real logs, what is said of those that are not run, and why an event fires one or not.

use super::{Sigma, rule::RuleDetector};
use crate::Sensor as _;
use crate::sign_in::SignIn;
use crate::testing::{Memory, config};
use crate::web_log::WebLog;
use model::Time;

fn at() -> Time {
    "2017-06-01T00:00:00Z".parse().expect("a time")
}

const RULE: &str = "title: T\\nid: r1\\nlogsource:\\n    category: webserver\\ndetection:\\n    a:\\n        cs-uri-query|contains: secret\\n    condition: a\\n";

fn line(n: u32, query: &str) -> String {
    format!(
        "198.51.100.7 - - [12/Apr/2017:08:00:{:02} +0000] \"GET /?{query} HTTP/1.1\" 200 10 \"-\" \"curl\"\n",
        n % 60
    )
}

#[test]
fn why_is_said_of_the_line_that_is_asked_for() {
    for (wanted, expected) in [(2, "T: it fires"), (3, "T: it does not fire"), (4, "no event here is line or record 4")]
    {
        let config =
            config(&format!("[sigma]\nwhy = \"{wanted}\"\n[[sigma.told]]\nname = \"a.yml\"\ntext = \"{RULE}\"\n"));
        let mut memory = Memory::new();
        let log = [line(1, "a"), line(2, "x=secret"), line(3, "b")].concat();
        memory.read(&WebLog, "access.log", log.as_bytes(), &config, at());
        let said: Vec<&str> = memory.notes.iter().map(|(_, n)| n.text.en.as_str()).collect();
        assert!(said.iter().any(|s| s.contains(expected)), "{wanted}: {said:?}");
        assert_eq!(memory.detect(&RuleDetector, &config, at()).len(), 1);
    }
}

#[test]
fn a_rule_that_is_not_run_is_named_and_costs_no_other() {
    let bad = RULE.replace("contains", "frobnicates").replace("title: T", "title: Bad");
    let config = config(&format!(
        "[[sigma.told]]\nname = \"a.yml\"\ntext = \"{RULE}\"\n[[sigma.told]]\nname = \"b.yml\"\ntext = \"{bad}\"\n"
    ));
    let mut memory = Memory::new();
    memory.read(&WebLog, "access.log", line(1, "secret").as_bytes(), &config, at());
    assert!(memory.notes.iter().any(|(_, n)| n.text.en.contains("`Bad` (b.yml) is not run")), "{:?}", memory.notes);
    assert_eq!(memory.detect(&RuleDetector, &config, at()).len(), 1);
    let explained = Sigma.explain("Bad", &config).expect("a usable configuration").expect("known");
    assert!(explained.contains("no modifier"), "{explained}");
    assert!(Sigma.explain("r1", &config).expect("usable").expect("known").contains("cs-uri-query"));
}

#[test]
fn rules_none_of_which_can_be_run_are_refused() {
    let config = config("[[sigma.told]]\nname = \"a.yml\"\ntext = \"a: [\"\n");
    let error = Sigma.check(&config).expect_err("refused").to_string();
    assert!(error.contains("none of the Sigma rules can be run"), "{error}");
}

#[test]
fn many_lines_that_fire_are_one_finding_for_each_source() {
    let config = config(&format!("[[sigma.told]]\nname = \"a.yml\"\ntext = \"{RULE}\"\n"));
    let mut memory = Memory::new();
    let log: String = (0..5000).map(|n| line(n, "secret")).collect();
    memory.read(&WebLog, "access.log", log.as_bytes(), &config, at());
    let found = memory.detect(&RuleDetector, &config, at());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].fields["events"], 5000);
}

#[test]
fn a_record_of_two_overlapping_exports_is_one_event_with_a_trace_into_each() {
    let rule = RULE
        .replace("category: webserver", "product: slack")
        .replace("cs-uri-query|contains: secret", "action: file_downloaded");
    let config = config(&format!("[[sigma.told]]\nname = \"a.yml\"\ntext = \"{rule}\"\n"));
    let records: Vec<String> = (0..9)
        .map(|n| {
            format!(
                r#"{{"id":"s{n}","date_create":149120640{n},"action":"file_downloaded","actor":{{"user":{{"email":"anne@parti.example"}}}},"entity":{{"type":"file"}},"context":{{"ip_address":"90.1.0.10"}}}}"#
            )
        })
        .collect();
    let mut memory = Memory::new();
    memory.read(&SignIn, "a", records[..6].join("\n").as_bytes(), &config, at());
    memory.read(&SignIn, "b", format!("{{\"entries\":[{}]}}", records[3..].join(",\n ")).as_bytes(), &config, at());
    let found = memory.detect(&RuleDetector, &config, at());
    assert_eq!((found.len(), found[0].fields["events"].as_u64(), found[0].traces.len()), (1, Some(9), 2));
}
