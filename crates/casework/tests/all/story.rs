//! The case put together, on findings that no chapter knows: what joins them comes of entities, roles, techniques and time
//! alone. The worked example of eight findings and 45 accounts, and what must never happen.

use crate::made::{Case, Dice, Nowhere, brief, time};
use casework::story::chain::Chain;
use casework::story::who::Who;
use casework::story::{Alert, Decision, Story, Verb};
use model::{
    Config, Context, Entity, EntityKind, Evidence, EvidenceId, Finding, Lang, Level, Lines, Note, Reason, Result, Role,
    Severity, Skip, Step as Inside, Text, View, Visit,
};
use rows::story::{State, Step};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Findings, and whose accounts there are.
#[derive(Clone, Default)]
struct Made {
    findings: Vec<Finding>,
}

impl View for Made {
    fn evidence(&self) -> Result<Vec<Evidence>> {
        Ok(Vec::new())
    }
    fn skips(&self) -> Result<Vec<(EvidenceId, Skip)>> {
        Ok(Vec::new())
    }
    fn notes(&self) -> Result<Vec<(EvidenceId, Note)>> {
        Ok(Vec::new())
    }
    fn lines(&self) -> Result<Vec<(EvidenceId, Vec<Inside>, Lines)>> {
        Ok(Vec::new())
    }
    fn observations(&self, _: &str, _: &mut dyn FnMut(Visit) -> Result<ControlFlow<()>>) -> Result<()> {
        Ok(())
    }
    fn tallies(&self, kind: &str, each: &mut dyn FnMut(&str, &[u64]) -> Result<ControlFlow<()>>) -> Result<()> {
        for n in (0..45).filter(|_| kind == "mail/pair") {
            let _ = each(&format!("p{n}@parti.example someone@elsewhere.example 2017-03"), &[3])?;
        }
        Ok(())
    }
    fn tally(&self, _: &str, _: &str) -> Result<Option<Vec<u64>>> {
        Ok(None)
    }
    fn findings(&self, each: &mut dyn FnMut(Finding) -> Result<ControlFlow<()>>) -> Result<()> {
        for finding in &self.findings {
            if each(finding.clone())?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn finding(detector: &'static str, key: &str, at: [&str; 2], techniques: &[&str], entities: Vec<Entity>) -> Finding {
    Finding {
        detector: detector.into(),
        key: key.into(),
        severity: Severity::High,
        confidence: 80,
        level: Level::Illegal,
        title: Text::same("made up"),
        reasons: vec![Reason::against(10, Text::new("may be chance", "peut être le hasard"))],
        techniques: techniques.iter().map(|t| (*t).into()).collect(),
        first: Some(time(at[0])),
        last: Some(time(at[1])),
        entities,
        traces: Vec::new(),
        fields: Default::default(),
    }
}

fn victims(people: &[u32]) -> impl Iterator<Item = Entity> + '_ {
    people.iter().map(|n| Entity::user(format!("p{n}@parti.example"), Role::Victim))
}

fn own(kind: EntityKind, value: &str, role: Role) -> Vec<Entity> {
    vec![Entity::new(kind, value, role)]
}

/// The story of one incident, its identities marked with a word.
pub fn incident(mark: &str, people: [u32; 5]) -> Vec<Finding> {
    let decoy = || vec![Entity::domain(&format!("onedrive-{mark}.example"), Role::Infrastructure)];
    let url = format!("https://depot-{mark}.example/archive");
    let url = || own(EntityKind::Url, &url, Role::Infrastructure);
    let app = || own(EntityKind::Software, &format!("Sync {mark}"), Role::Source);
    let with = |mut all: Vec<Entity>, people: &[u32]| {
        all.extend(victims(people));
        all
    };
    let [a, b, c, d, e] = people;
    vec![
        finding(
            "w/attempt",
            &format!("{mark}1"),
            ["2017-04-24T02:00:00Z", "2017-04-24T03:00:00Z"],
            &["T1190"],
            own(EntityKind::Ipv4Addr, &format!("198.51.100.{}", a + 1), Role::Source),
        ),
        finding(
            "n/decoy",
            &format!("{mark}2"),
            ["2017-03-14T00:00:00Z", "2017-03-14T00:00:00Z"],
            &["T1583.001"],
            decoy(),
        ),
        finding(
            "m/wave",
            &format!("{mark}3"),
            ["2017-03-15T08:00:00Z", "2017-03-16T08:00:00Z"],
            &["T1566.002", "T1204.001"],
            with(decoy(), &[a, b, c]),
        ),
        finding(
            "s/sign-in",
            &format!("{mark}4"),
            ["2017-03-17T08:00:00Z", "2017-03-18T08:00:00Z"],
            &["T1078.004"],
            with(app(), &[a, b, c, d]),
        ),
        finding(
            "s/theft",
            &format!("{mark}5"),
            ["2017-03-18T08:00:00Z", "2017-04-24T08:00:00Z"],
            &["T1114.002"],
            with(app(), &[a, b]),
        ),
        finding(
            "d/altered",
            &format!("{mark}6"),
            ["2017-04-30T08:00:00Z", "2017-04-30T08:00:00Z"],
            &["T1565.001"],
            with(url(), &[a, b, c, d, e]),
        ),
        finding("p/road", &format!("{mark}7"), ["2017-05-05T18:35:00Z", "2017-05-05T23:00:00Z"], &["T0089.001"], url()),
        finding("p/group", &format!("{mark}8"), ["2017-05-05T18:49:00Z", "2017-05-06T06:00:00Z"], &["T0049"], url()),
        finding("p/press", &format!("{mark}9"), ["2017-05-05T20:45:00Z", "2017-05-06T06:00:00Z"], &["T0117"], url()),
    ]
}

pub fn config() -> Config {
    let table = r#"
        [protect]
        domains = ["parti.example"]
        [election]
        name = "the vote"
        days = ["2017-05-07"]
    "#;
    toml::from_str(table).expect("a configuration")
}

fn told(made: &Made, decisions: &[Decision]) -> Story {
    let config = config();
    let context = Context { config: &config, origins: &Nowhere, at: time("2017-05-06T07:30:00Z"), modified: None };
    Story::of(made, &context, decisions, &|_| true).expect("a story")
}

fn states(story: &Story) -> Vec<(Step, State)> {
    Chain::of(story, story.gravest()).steps.iter().map(|s| (s.step, s.state)).collect()
}

fn found(story: &Story) -> BTreeSet<Step> {
    states(story).into_iter().filter(|(_, s)| *s == State::Found).map(|(s, _)| s).collect()
}

pub const PEOPLE: [u32; 5] = [3, 8, 21, 30, 41];

/// All but the attempt, whose address nothing else shares.
fn linked() -> BTreeSet<Step> {
    Step::ALL.into_iter().filter(|s| *s != Step::IntrusionAttempt).collect()
}

#[test]
fn what_hands_its_things_on_is_one_incident() {
    let made = Made { findings: incident("a", PEOPLE) };
    let story = told(&made, &[]);
    assert_eq!(found(&story), linked());
    assert_eq!(story.incidents.iter().filter(|i| i.items.len() > 1).count(), 1);
    assert!(story.null.share <= 0.01, "{:?}", story.null);
    assert_eq!(story.null.false_incidents, 0);
    let chain = Chain::of(&story, story.gravest());
    let theft = chain.step(Step::DocumentsTaken).expect("a step");
    assert_eq!(theft.last, Some(time("2017-04-24T08:00:00Z")));
    // A later finding that carries the address as well says how long it took.
    let amplified = chain.step(Step::Amplified).and_then(|s| s.delay.clone()).expect("a delay");
    assert_eq!((amplified.from, amplified.least, amplified.most), (Step::Published, 840, 840));
}

/// A lure that three of 45 followed, and as many of these accounts used by one hand afterwards: one finding each.
fn taken_one_by_one(people: &[u32], day: u32) -> Vec<Finding> {
    let mut all = incident("a", PEOPLE);
    all.truncate(3);
    for n in people {
        let used = |detector, key: &str, last: &str, technique: &str| {
            let mut entities = own(EntityKind::Ipv4Addr, "203.0.113.77", Role::Source);
            entities.extend(own(EntityKind::Software, "rnicrosoft Docs", Role::Infrastructure));
            entities.extend(victims(&[*n]));
            finding(
                detector,
                &format!("{key}{n}"),
                [&format!("2017-03-{day:02}T08:00:00Z"), last],
                &[technique],
                entities,
            )
        };
        all.push(used("s/takeover", "t", "2017-03-28T08:00:00Z", "T1078.004"));
        all.push(used("s/theft", "r", "2017-04-24T02:00:00Z", "T1114.002"));
    }
    all
}

#[test]
fn accounts_entered_one_by_one_are_those_that_followed_the_lure() {
    let story = told(&Made { findings: taken_one_by_one(&[3, 8, 21], 18) }, &[]);
    let wanted = [Step::DecoyRegistered, Step::Mail, Step::Click, Step::CredentialUsed, Step::DocumentsTaken];
    assert_eq!(found(&story), BTreeSet::from(wanted));
    assert!(story.null.share <= 0.01, "{:?}", story.null);
    // One account alone may be chance, three in forty-five; others than those who followed it are; so is what came before.
    for (people, day) in [(&[3][..], 18), (&[1, 2, 5], 18), (&[3, 1, 2], 18), (&[3, 8, 21], 2)] {
        let story = told(&Made { findings: taken_one_by_one(people, day) }, &[]);
        let lure = story.incidents.iter().find(|i| i.steps.contains(&Step::Mail)).expect("the lure");
        assert!(!lure.steps.contains(&Step::DocumentsTaken), "{people:?} {day}");
    }
}

/// Accounts of one hand, fifteen findings with one address: each is compared with every other.
#[test]
fn many_findings_of_one_address_are_compared_with_one_another() {
    let mut findings = taken_one_by_one(&[3, 8, 21], 18);
    for n in [3, 8, 21] {
        for (k, technique) in ["T1078.004", "T1114.003", "T1564.008"].into_iter().enumerate() {
            let mut entities = own(EntityKind::Ipv4Addr, "203.0.113.77", Role::Source);
            entities.extend(victims(&[n]));
            let at = ["2017-03-18T09:00:00Z", "2017-03-18T09:00:00Z"];
            findings.push(finding("s/other", &format!("o{n}{k}"), at, &[technique], entities));
        }
    }
    let story = told(&Made { findings }, &[]);
    assert!(found(&story).contains(&Step::DocumentsTaken), "{:?}", found(&story));
    assert_eq!(story.incidents.iter().filter(|i| i.steps.contains(&Step::CredentialUsed)).count(), 1);
}

#[test]
fn strangers_accounts_by_lot_join_no_lure() {
    let mut dice = Dice(46);
    let mut joined = 0;
    for _ in 0..50 {
        let mut people: Vec<u32> = (0..45).collect();
        for n in 0..3 {
            people.swap(n, n + dice.below(45 - n as u64) as usize);
        }
        let story = told(&Made { findings: taken_one_by_one(&people[..3], 18) }, &[]);
        joined += story
            .incidents
            .iter()
            .filter(|i| i.steps.contains(&Step::Mail) && i.steps.contains(&Step::DocumentsTaken))
            .count();
    }
    assert!(joined <= 1, "{joined} of 50");
}

#[test]
fn the_order_of_evidence_cannot_matter() {
    let mut made = Made { findings: [incident("a", PEOPLE), incident("b", [1, 2, 5, 11, 12])].concat() };
    let first = told(&made, &[]);
    let ids = |s: &Story| s.incidents.iter().map(|i| (i.id.clone(), i.items.clone())).collect::<Vec<_>>();
    let mut dice = Dice(7);
    for _ in 0..20 {
        for n in (1..made.findings.len()).rev() {
            made.findings.swap(n, dice.below(n as u64 + 1) as usize);
        }
        let again = told(&made, &[]);
        assert_eq!(ids(&again), ids(&first));
        assert_eq!(format!("{:?}", again.null), format!("{:?}", first.null));
    }
    // What stands twice stands once.
    made.findings = made.findings.iter().flat_map(|f| [f.clone(), f.clone()]).collect();
    assert_eq!(ids(&told(&made, &[])), ids(&first));
}

#[test]
fn a_step_whose_evidence_is_gone_is_missing_and_no_other_comes_up() {
    for n in 1..9 {
        let mut findings = incident("a", PEOPLE);
        let gone = findings.remove(n);
        let story = told(&Made { findings }, &[]);
        let shown: BTreeSet<Step> = story.known().shown(&gone.techniques).collect();
        let left = found(&story);
        assert!(left.is_subset(&linked()), "{n}");
        for step in shown {
            assert!(!left.contains(&step), "{n} {step}");
            assert!(states(&story).contains(&(step, State::Missing)), "{n} {step}");
        }
    }
}

#[test]
fn two_incidents_stay_two() {
    let mut both = incident("a", PEOPLE);
    both.extend(incident("b", [1, 2, 5, 11, 12]));
    // They share a host, and both came against us.
    for f in &mut both {
        f.entities.push(Entity::new(EntityKind::Ipv4Addr, "203.0.113.9", Role::Mentioned));
        f.entities.push(Entity::domain("parti.example", Role::Victim));
    }
    let story = told(&Made { findings: both }, &[]);
    let many: Vec<usize> = story.incidents.iter().map(|i| i.items.len()).filter(|n| *n > 1).collect();
    assert_eq!(many, [8, 8]);
}

#[test]
fn shuffled_identities_make_no_chain() {
    let mut dice = Dice(2017);
    for round in 0..20 {
        let mut findings = incident("a", PEOPLE);
        for (n, f) in findings.iter_mut().enumerate() {
            for e in &mut f.entities {
                if e.role == Role::Victim {
                    e.value = format!("p{}@parti.example", dice.below(45));
                } else {
                    e.value = format!("{n}-{round}-{}", e.value);
                }
            }
        }
        let story = told(&Made { findings }, &[]);
        assert!(story.incidents[0].steps.len() < 3, "{round}: {:?}", story.incidents[0].steps);
    }
}

#[test]
fn what_precedes_its_cause_is_not_joined_to_it() {
    let mut findings = incident("a", PEOPLE);
    findings.retain(|f| f.detector != "p/press");
    // The group carried the address, and ceased, hours before it came out.
    let group = findings.iter_mut().find(|f| f.detector == "p/group").expect("a group");
    (group.first, group.last) = (Some(time("2017-05-05T10:00:00Z")), Some(time("2017-05-05T12:00:00Z")));
    let story = told(&Made { findings }, &[]);
    assert!(!found(&story).contains(&Step::Amplified));
}

fn decision(number: u64, verb: Verb, findings: &[&Finding], of: Option<u64>) -> Decision {
    Decision {
        number,
        time: time("2017-05-06T08:00:00Z"),
        by: "a@b".into(),
        verb,
        findings: findings.iter().map(|f| f.id()).collect(),
        of,
        hypothesis: String::new(),
        ratio: None,
        rows: Vec::new(),
        reason: "a reason".into(),
    }
}

#[test]
fn people_part_and_join_and_take_it_back() {
    let made = Made { findings: incident("a", PEOPLE) };
    let [attempt, .., altered, road, _, _] = made.findings.as_slice() else { panic!("nine findings") };
    let before = told(&made, &[]);
    let apart = decision(1, Verb::Apart, &[altered, road], None);
    let parted = told(&made, std::slice::from_ref(&apart));
    assert!(!found(&parted).contains(&Step::Published), "{:?}", found(&parted));
    let back = told(&made, &[apart.clone(), decision(2, Verb::Withdraw, &[], Some(1))]);
    assert_eq!(format!("{:?}", back.incidents), format!("{:?}", before.incidents));
    let joined = told(&made, &[decision(1, Verb::Join, &[attempt, road], None)]);
    assert!(found(&joined).contains(&Step::IntrusionAttempt));
    // Contradictions stop.
    let config = config();
    let context = Context { config: &config, origins: &Nowhere, at: time("2017-05-06T07:30:00Z"), modified: None };
    let both = [apart, decision(2, Verb::Join, &[altered, road], None)];
    assert!(Story::of(&made, &context, &both, &|_| true).is_err());
}

#[test]
fn what_has_innocent_causes_ranks_coincidence_first() {
    let made = Made { findings: incident("a", PEOPLE) };
    let innocent: Vec<Decision> = made
        .findings
        .iter()
        .zip(1..)
        .map(|(f, n)| Decision { reason: format!("ours {n}"), ..decision(n, Verb::Innocent, &[f], None) })
        .collect();
    for decisions in [innocent.as_slice(), &innocent[..7]] {
        let story = told(&made, decisions);
        let incident = story.gravest();
        let chain = Chain::of(&story, incident);
        let who = Who::of(&story, incident, &chain);
        assert_eq!(who.rows[0].hypothesis, "coincidence", "{:#?}", who.rows);
    }
    // Nothing that joins is coincidence, too.
    let alone = Made { findings: vec![incident("a", PEOPLE).remove(2)] };
    let story = told(&alone, &[]);
    let chain = Chain::of(&story, story.gravest());
    assert_eq!(Who::of(&story, story.gravest(), &chain).rows[0].hypothesis, "coincidence");
}

#[test]
fn the_alert_follows_stated_rules() {
    let level = |findings: Vec<Finding>, at: &str| {
        let story = told(&Made { findings }, &[]);
        let chain = Chain::of(&story, story.gravest());
        Alert::of(&story, &chain, &config(), time(at)).level
    };
    let all = || incident("a", PEOPLE);
    assert_eq!(level(all(), "2017-05-06T07:30:00Z"), 5);
    // Before it came out, the use of an account.
    assert_eq!(level(all(), "2017-04-01T00:00:00Z"), 4);
    assert_eq!(level(all()[..3].to_vec(), "2017-03-20T00:00:00Z"), 4);
    assert_eq!(level(Vec::new(), "2016-01-01T00:00:00Z"), 1);
}

#[test]
fn the_council_reads_one_sheet_in_two_languages() {
    let mut case = Case { config: config(), findings: incident("a", PEOPLE), ..Case::default() };
    case.sort();
    let files = brief(&case, Lang::En, "2017-05-06T07:30:00Z");
    for (name, budget) in [("council.html", 620), ("conseil.html", 720)] {
        let html = String::from_utf8(files[name].clone()).expect("UTF-8");
        let body = html.split_once("<body>").expect("a body").1;
        let mut text = String::new();
        let mut inside = false;
        for c in body.chars() {
            match c {
                '<' => inside = true,
                '>' => (inside, _) = (false, text.push(' ')),
                c if !inside => text.push(c),
                _ => {}
            }
        }
        let words = text.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count();
        println!("{name}: {words} of {budget} words");
        assert!(words <= budget, "{name}: {words} words");
        assert!(words > 200, "{name}: {words} words");
        // No person, address, or technique stands on it.
        for never in ["p3@", "198.51.100", "T1566", "onedrive-"] {
            assert!(!text.contains(never), "{name}: {never}");
        }
        // Every link leads somewhere.
        let counter =
            String::from_utf8(files[if name == "council.html" { "counter.html" } else { "contre.html" }].clone())
                .expect("UTF-8");
        for link in html.split("href=\"").skip(1).filter_map(|l| l.split('"').next()) {
            if let Some((_, anchor)) = link.split_once('#') {
                assert!(counter.contains(&format!("id=\"{anchor}\"")), "{name}: {link}");
            }
        }
    }
}

#[test]
fn one_story_and_coincidence_are_one_number() {
    let case = Case { config: config(), findings: incident("a", PEOPLE), ..Case::default() };
    let files = brief(&case, Lang::En, "2017-05-06T07:30:00Z");
    let json: serde_json::Value = serde_json::from_slice(&files["brief.json"]).expect("JSON");
    let rows = json["story"]["hypotheses"]["rows"].as_array().expect("rows");
    let low: f64 = rows.iter().map(|r| r["probability"][0].as_f64().expect("a number")).sum();
    let high: f64 = rows.iter().map(|r| r["probability"][1].as_f64().expect("a number")).sum();
    assert!(low <= 1.0 + 1e-6 && high >= 1.0 - 1e-6, "{low} {high}");
    let undetermined: BTreeSet<bool> = rows.iter().map(|r| r["undetermined"].as_bool().expect("said")).collect();
    assert_eq!(undetermined.len(), 1);
}
