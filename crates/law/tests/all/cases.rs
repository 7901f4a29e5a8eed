//! `cases.toml`: one second before and after each boundary, by territory, election, version and person.

use super::judged;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    texts: BTreeMap<String, String>,
    #[serde(rename = "group")]
    groups: Vec<Group>,
    said: Vec<Said>,
}

/// Texts of one moment, all held or all free.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    why: String,
    at: String,
    held: bool,
    #[serde(rename = "for", default = "media")]
    who: String,
    texts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    /// What is shown.
    why: String,
    text: String,
    #[serde(default = "france")]
    territory: String,
    #[serde(rename = "for", default = "media")]
    who: String,
    #[serde(default)]
    names: Vec<String>,
    /// Moment, verdict, and until when it is held.
    cases: Vec<Vec<String>>,
}

fn france() -> String {
    "FR".into()
}

fn media() -> String {
    "media".into()
}

#[test]
fn no_verdict_is_wrong() {
    let suite: Suite = toml::from_str(include_str!("cases.toml")).expect("the cases parse");
    let (mut all, mut wrong) = (0, Vec::new());
    for group in &suite.groups {
        let text = suite.texts.get(&group.text).unwrap_or(&group.text);
        for case in &group.cases {
            let (at, verdict, until) = (&case[0], &case[1], case.get(2));
            let (given, free, held) = judged(text, at, &group.territory, &group.who, &group.names, |j| {
                let held: Vec<String> =
                    j.held.iter().map(|h| format!("{} by {}", h.passage.kind.word(), h.interval.rule.id)).collect();
                (j.verdict.word(), j.until, held)
            });
            let free = free.map(|t| t.to_string());
            let until_right = until.is_none_or(|u| Some(u) == free.as_ref());
            if given != verdict || !until_right {
                wrong.push(format!(
                    "{} [{} {} {at}]: {given} until {free:?}, not {verdict} {until:?} {held:?}",
                    group.why, group.territory, group.who
                ));
            }
            all += 1;
        }
    }
    for said in &suite.said {
        for text in &said.texts {
            let given = judged(text, &said.at, "FR", &said.who, &[], |j| j.verdict.word());
            if (given != "may_be_published") != said.held {
                wrong.push(format!("{} [{}]: {given}: {text}", said.why, said.at));
            }
            all += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {all} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(all >= 160, "only {all} cases");
    println!("{all} cases");
}
