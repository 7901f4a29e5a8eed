//! A debate on social networks.

use crate::common::{blank_finding, make, scenario};
use exercise::{score, shipped};
use model::{Entity, Finding, Role};
use std::collections::HashSet;

/// A debate a tenth as large as the shipped one: its truth is true of its posts.
#[test]
fn a_debate_and_its_truth() {
    let small = shipped("debate")
        .unwrap()
        .replace("posts = 150000", "posts = 30000")
        .replace("accounts = 30000", "accounts = 4000");
    let (truth, files) = make(&scenario(&small), 3);
    assert_eq!(make(&scenario(&small), 3).1, files);
    let debate = truth.parts.posts.debate.unwrap();
    let rows: Vec<Vec<&str>> =
        std::str::from_utf8(&files["posts.csv"]).unwrap().lines().map(|l| l.split(',').collect()).collect();
    assert_eq!(rows.len() as u64, debate.posts + 1);
    assert_eq!(rows[0][..3], ["content_id", "account_id", "account_name"]);
    let posting: HashSet<&str> = rows[1..].iter().map(|r| r[1]).collect();
    assert_eq!(posting.len() as u64, debate.accounts);
    assert_eq!(debate.groups.len(), 3);
    for group in debate.groups.iter().chain(&debate.innocents) {
        let silent = group.members.iter().filter(|m| !posting.contains(m.as_str())).count();
        assert!(silent * 20 <= group.members.len(), "{} has {silent} silent members", group.name);
    }
    assert_eq!(rows.iter().filter(|r| Some(r[1]) == debate.restless.as_deref()).count(), 486);
    assert!(debate.road.is_sorted_by_key(|step| step.at) && files.contains_key("articles.xml"));
}

#[test]
fn accounts_called_coordinated_are_scored() {
    let small = shipped("debate")
        .unwrap()
        .replace("posts = 150000", "posts = 30000")
        .replace("accounts = 30000", "accounts = 4000");
    let (truth, _) = make(&scenario(&small), 3);
    let debate = truth.parts.posts.debate.as_ref().unwrap();
    let called = |members: &[String]| Finding {
        detector: <rows::posts::Coordination as rows::Row>::NAME.into(),
        entities: members.iter().map(|m| Entity::user(m, Role::Account)).collect(),
        ..blank_finding(&truth)
    };
    let fan = &debate.innocents.iter().find(|g| g.name == "fans").unwrap().members[..1];
    let score = score([called(&debate.groups[0].members), called(fan)].into_iter(), &truth).posts.debate.unwrap();
    assert_eq!((score.accounts.truth, score.accounts.found, score.accounts.matched), (140, 41, 40));
    assert_eq!((score.groups["vigilance"].called, score.innocents["fans"].called), (40, 1));
}
