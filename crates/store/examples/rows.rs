//! Rows a second through the store, into a temporary case or, with `lasting`, one on disk:
//! `cargo run --release -p store --example rows [lasting [linked]]`.
//! With `linked`, observations are linked to their entities as if they were no runs.

use model::{
    Address, Entity, EvidenceId, Fields, Finding, Level, Observation, Reason, Role, Severity, Sink, Span, SpanSet,
    Text, Time, View,
};
use std::ops::ControlFlow;
use std::time::Instant;
use store::{Arrival, Case, Read, Unit, Window};

const ROWS: u64 = 250_000;

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
        fields: Fields::of(&fields).unwrap(),
        spans,
    }
}

fn main() {
    let asked = |word: &str| std::env::args().any(|a| a == word);
    let dir = tempfile::tempdir().unwrap();
    let lasting = asked("lasting");
    let case =
        if lasting { Case::create(dir.path(), "", Time(0), "test").unwrap() } else { Case::temporary().unwrap() };
    let arrival = Arrival { path: "a.log".into(), bytes: None, modified: None, added: Time(0), by: "test".into() };
    match lasting {
        true => drop(case.take_in(&b"a"[..], arrival).unwrap()),
        false => case.refer_unread(Some("a.log".as_ref()), 1, arrival).unwrap(),
    }
    let registered = case.register().unwrap().remove(0);
    let begun = Instant::now();
    for i in 0..ROWS {
        std::hint::black_box(observation(i));
    }
    println!("make      {:?}", begun.elapsed());
    let begun = Instant::now();
    let mut writer = case.writer(&registered, if asked("linked") { &[] } else { &["web_log/request"] }).unwrap();
    (0..ROWS).for_each(|i| writer.observation(observation(i)));
    let read = Read { recogniser: [1; 32], key: [1; 32], sensor: Some("web_log".into()), steps: Vec::new() };
    writer.finish(&read, (if lasting { registered.evidence.id } else { EvidenceId([7; 32]) }, 1)).unwrap();
    println!("write     {:?}", begun.elapsed());
    let window = Window::of(&case, vec![1], &["web_log/request"], Vec::new());
    let begun = Instant::now();
    let mut n = 0;
    window
        .observations("web_log/request", &mut |v| {
            n += v.observation.count;
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
    println!("visit     {:?} {n}", begun.elapsed());
    let begun = Instant::now();
    case.detect(Unit { detector: "web_log/attempt", evidence: 0 }, [2; 32], |finder| {
        window.observations("web_log/request", &mut |v| {
            finder.found(&Finding {
                detector: "web_log/attempt".into(),
                key: v.observation.key.clone(),
                severity: Severity::Low,
                confidence: (v.observation.first.seconds() % 100) as u8,
                level: Level::Illegal,
                title: Text::new(
                    "path traversal from 192.0.2.1 (US), 1 request",
                    "traversée de 192.0.2.1 (US), 1 requête",
                ),
                reasons: vec![
                    Reason::supporting(50, Text::new("1 request of class path traversal", "1 requête de traversée")),
                    Reason::against(50, Text::new("all was refused", "tout fut refusé")),
                ],
                techniques: vec!["T1190".into()],
                first: Some(v.observation.first),
                last: Some(v.observation.last),
                entities: v.observation.entities.clone(),
                traces: vec![v.trace()],
                fields: v.observation.fields.clone(),
            })?;
            Ok(ControlFlow::Continue(()))
        })
    })
    .unwrap();
    println!("find      {:?}", begun.elapsed());
    let begun = Instant::now();
    case.findings_are_in().unwrap();
    println!("index     {:?}", begun.elapsed());
    let begun = Instant::now();
    let mut n = 0;
    case.whole()
        .findings(&mut |f| {
            n += f.traces.len();
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
    println!("findings  {:?} {n}", begun.elapsed());
}
