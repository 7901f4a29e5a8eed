//! What the store promises: one order, sums, all or nothing, nothing undeclared.

use model::{
    Address, Entity, EntityKind, EvidenceId, Finding, Level, Observation, Role, Severity, Sink, Span, SpanSet, Tally,
    Text, Time, View,
};
use std::ops::ControlFlow;
use store::{Arrival, Case, Program, Ran, Read, Registered, Unit, Window};

fn observation(i: u64) -> Observation {
    let mixed = (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32;
    let source = Address::v4(mixed.to_be_bytes());
    let mut spans = SpanSet::new();
    spans.push(Span { start: i * 100, len: 99, line: i });
    let fields = serde_json::json!({ "site": "-", "classes": { "path_traversal": 1 }, "paths": ["9549d5510a0c4ce4"],
        "statuses": { "403": 1 }, "rules": ["file-sensitive-path"], "samples": ["GET /../../etc/passwd"],
        "user_agent": "Mozilla/5.0" });
    let time = Time::from_seconds(1_500_000_000 + i as i64);
    Observation {
        kind: "web_log/request".into(),
        key: format!("web|-|{}|{source}", source.network()),
        first: time,
        last: time,
        count: 1,
        entities: vec![Entity::address(source, Role::Source)],
        fields: match fields {
            serde_json::Value::Object(m) => m.into(),
            _ => unreachable!(),
        },
        spans,
    }
}

/// A temporary case with two files, registered in this order, each with an observation and tallies.
fn two(order: [u8; 2]) -> Case {
    filed(order, &|_| vec![observation(1)])
}

/// The same with these observations of each file.
fn filed(order: [u8; 2], rows: &dyn Fn(u8) -> Vec<Observation>) -> Case {
    let case = Case::temporary().unwrap();
    for name in order {
        let path = format!("{}.log", name as char);
        let arrival = Arrival { path: path.clone(), bytes: None, modified: None, added: Time(0), by: "test".into() };
        case.refer_unread(Some(path.as_ref()), 1, arrival).unwrap();
    }
    for registered in case.register().unwrap() {
        let name = registered.evidence.path.as_bytes()[0];
        let mut writer = case.writer(&registered, &[]).unwrap();
        for mut o in rows(name) {
            o.fields.insert("from".into(), registered.evidence.path.clone().into());
            writer.observation(o);
        }
        for key in ["x", "x", "y"] {
            writer.tally(Tally { kind: "t".into(), key: key.into(), counts: vec![1, u64::MAX] });
        }
        writer.finish(&read(), (EvidenceId([name; 32]), 1)).unwrap();
    }
    case
}

fn read() -> Read {
    Read { recogniser: [1; 32], key: [1; 32], sensor: Some("web_log".into()), steps: Vec::new() }
}

fn seen(case: &Case) -> Vec<String> {
    let mut seen = Vec::new();
    let mut each = |v: model::Visit| {
        seen.push(format!("{} {}", v.evidence, v.observation.fields["from"]));
        Ok(ControlFlow::Continue(()))
    };
    case.whole().observations("web_log/request", &mut each).unwrap();
    seen
}

#[test]
fn order_does_not_depend_on_adding() {
    assert_eq!(seen(&two(*b"ab")), seen(&two(*b"ba")));
    assert_eq!(seen(&two(*b"ab")).len(), 2);
}

/// Few rows are sorted here, rows that lie in long stretches are merged, others sorted by the database: the order is the same.
#[test]
fn order_does_not_depend_on_stretches() {
    let row = |i: u64| Observation { key: format!("{:05}", i / 3), first: Time((i % 2) as i64), ..observation(i) };
    let order = |o: &Observation| (o.key.clone(), o.first, o.last);
    let stretches = |name: u8, all: u64, length: usize| {
        let mut rows: Vec<Observation> = (0..all).map(|i| row(i * u64::from(name) % 6007)).collect();
        rows.chunks_mut(length).for_each(|stretch| stretch.sort_by_key(order));
        rows
    };
    let shown = |all: u64, length: usize| {
        let case = filed(*b"ba", &|name| stretches(name, all, length));
        let mut shown = Vec::new();
        let mut each = |v: model::Visit| {
            shown.push((order(&v.observation), v.evidence, v.observation.spans.to_bytes()));
            Ok(ControlFlow::Continue(()))
        };
        case.whole().observations("web_log/request", &mut each).unwrap();
        assert!(shown.is_sorted_by_key(|(order, evidence, _)| (order.clone(), *evidence)), "{length}");
        shown.sort();
        shown
    };
    for all in [300, 6000] {
        let sorted = shown(all, 1);
        assert_eq!(sorted.len() as u64, 2 * all);
        for length in [1500, 2000, 6000] {
            assert_eq!(shown(all, length), sorted, "{all} {length}");
        }
    }
}

#[test]
fn tallies_add_up() {
    let case = two(*b"ab");
    assert_eq!(case.whole().tally("t", "x").unwrap(), Some(vec![4, u64::MAX]));
    assert_eq!(case.whole().tally("t", "z").unwrap(), None);
    let mut rows = Vec::new();
    let mut each = |key: &str, counts: &[u64]| {
        rows.push((key.to_string(), counts[0]));
        Ok(ControlFlow::Continue(()))
    };
    case.whole().tallies("t", &mut each).unwrap();
    assert_eq!(rows, [("x".to_string(), 4), ("y".to_string(), 2)]);
    let one = Window::of(&case, vec![1], &["t"], Vec::new());
    assert_eq!(one.tally("t", "x").unwrap(), Some(vec![2, u64::MAX]));
}

#[test]
fn a_detector_sees_what_it_declared() {
    let case = two(*b"ab");
    let window = Window::of(&case, vec![1, 2], &["t"], Vec::new());
    let told = window.observations("web_log/request", &mut |_| Ok(ControlFlow::Continue(()))).unwrap_err();
    assert!(told.to_string().contains("not among its inputs"), "{told}");
}

#[test]
fn an_unfinished_reading_leaves_what_was() {
    let case = two(*b"ab");
    let before = seen(&case);
    let registered = case.register().unwrap().remove(0);
    let mut writer = case.writer(&registered, &[]).unwrap();
    writer.observation(observation(2));
    drop(writer);
    assert_eq!(seen(&case), before);
}

#[test]
fn a_broken_detection_leaves_what_was() {
    let case = two(*b"ab");
    let unit = Unit { detector: "a/b", evidence: 0 };
    let broken = case.detect(unit, [1; 32], |_| Err(model::Error::new("no")));
    assert!(broken.is_err());
    assert_eq!(case.detected(unit).unwrap(), None);
    case.detect(unit, [1; 32], |_| Ok(())).unwrap();
    assert_eq!(case.detected(unit).unwrap(), Some([1; 32]));
}

const DOMAIN: &str = "kiosque-citoyen.example";

fn lookalike(registered: &Registered, case: &Case) {
    let finding = Finding {
        detector: "names/lookalike".into(),
        key: DOMAIN.into(),
        severity: Severity::High,
        confidence: 80,
        level: Level::Grey,
        title: Text::new("a look-alike", "un sosie"),
        reasons: Vec::new(),
        techniques: Vec::new(),
        first: Some(Time(7)),
        last: None,
        entities: vec![Entity::domain(DOMAIN, Role::Infrastructure)],
        traces: Vec::new(),
        fields: Default::default(),
    };
    let unit = Unit { detector: "names/lookalike", evidence: registered.n };
    case.detect(unit, [1; 32], |finder| finder.found(&finding)).unwrap();
}

/// A lasting case with a zone in which a look-alike was found, and a mail that links to it beside a line of a log.
fn zone_and_mail(dir: &std::path::Path) -> (Case, [Registered; 2]) {
    let case = Case::create(dir, "", Time(0), "test").unwrap();
    let registered = ["zone", "mail"].map(|name| {
        let arrival = Arrival { path: name.into(), bytes: None, modified: None, added: Time(0), by: "test".into() };
        case.take_in(name.as_bytes(), arrival).unwrap().0
    });
    lookalike(&registered[0], &case);
    let mut writer = case.writer(&registered[1], &["web_log/request"]).unwrap();
    writer.observation(observation(1));
    let marie = Entity::new(EntityKind::EmailAddr, "marie@example.org", Role::Sender);
    writer.observation(Observation {
        kind: "mail/message".into(),
        // The same value in two roles, and one of them twice.
        entities: [Role::Mentioned, Role::Sender, Role::Sender]
            .map(|role| Entity::domain(DOMAIN, role))
            .into_iter()
            .chain([marie])
            .collect(),
        ..observation(2)
    });
    writer.finish(&read(), (registered[1].evidence.id, 4)).unwrap();
    case.findings_are_in().unwrap();
    (case, registered)
}

/// The rows of a query whose columns are all text.
fn rows(dir: &std::path::Path, query: &str) -> Vec<String> {
    let db = rusqlite::Connection::open(dir.join("case.db")).unwrap();
    let mut statement = db.prepare(query).unwrap();
    let columns = statement.column_count();
    let row = |r: &rusqlite::Row| (0..columns).map(|n| r.get(n)).collect::<rusqlite::Result<Vec<String>>>();
    statement.query_map([], |r| Ok(row(r)?.join(" "))).unwrap().map(|r| r.unwrap()).collect()
}

#[test]
fn findings_and_observations_meet_in_their_entities() {
    let dir = tempfile::tempdir().unwrap();
    let _case = zone_and_mail(dir.path());
    let meet = "SELECT a.name, a.role, b.name, b.role FROM entity_links a JOIN entity_links b USING(kind, value)
        WHERE kind = 'domain-name' AND a.what = 'finding' AND b.what = 'observation' ORDER BY b.role";
    let met = ["mentioned", "sender"].map(|role| format!("names/lookalike infrastructure mail/message {role}"));
    assert_eq!(rows(dir.path(), meet), met);
    // The run is not there.
    let all = "SELECT kind, value FROM entities ORDER BY kind";
    assert_eq!(rows(dir.path(), all), [format!("domain-name {DOMAIN}"), "email-addr marie@example.org".into()]);
}

#[test]
fn what_is_forgotten_or_found_no_more_leaves_no_entity() {
    let dir = tempfile::tempdir().unwrap();
    let (case, [zone, mail]) = zone_and_mail(dir.path());
    // Recorded, or `forget` would not believe the findings.
    let program = Program { knowledge: [0; 32], code: [0; 32] };
    let ran = Ran { settings: "", program, watched: &[], distrust: Default::default() };
    case.write_brief(Time(0), "test", &ran, |_| Ok(())).unwrap();
    case.forget(&mail, "asked", Time(0), "test").unwrap();
    assert_eq!(rows(dir.path(), "SELECT value FROM entities"), [DOMAIN]);
    assert_eq!(rows(dir.path(), "SELECT what FROM entity_links"), ["finding"]);
    let bytes: Vec<u8> =
        ["case.db", "case.db-wal"].iter().flat_map(|f| std::fs::read(dir.path().join(f)).unwrap_or_default()).collect();
    assert!(!bytes.windows(5).any(|w| w == b"marie"));
    let unit = Unit { detector: "names/lookalike", evidence: zone.n };
    case.detect(unit, [2; 32], |_| Ok(())).unwrap();
    case.findings_are_in().unwrap();
    assert!(rows(dir.path(), "SELECT value FROM entities").is_empty());
}

#[test]
fn what_is_read_again_is_linked_again() {
    let dir = tempfile::tempdir().unwrap();
    let (case, [_, mail]) = zone_and_mail(dir.path());
    let mut writer = case.writer(&mail, &[]).unwrap();
    writer.observation(observation(1));
    writer.finish(&read(), (mail.evidence.id, 4)).unwrap();
    let linked = "SELECT name, kind FROM entity_links ORDER BY name";
    assert_eq!(rows(dir.path(), linked), ["names/lookalike domain-name", "web_log/request ipv4-addr"]);
}
