//! Rules as people write them.

mod decisions;
mod hostile;
mod real;

use model::{Event, LogSource, Span, Value};
use sigma::Collection;

/// What an event of a log source with these fields fires of these rules, by title.
fn fires(rules: &[&str], source: LogSource, fields: &[(&str, &str)], raw: &str) -> Vec<String> {
    let all = Collection::read(rules.iter().map(|r| ("rule.yml", *r)));
    assert_eq!(all.refused, [], "all rules are run");
    fired(&all, source, fields, raw)
}

fn fired(all: &Collection, source: LogSource, fields: &[(&str, &str)], raw: &str) -> Vec<String> {
    let fields: Vec<(&str, Option<Value>)> =
        fields.iter().map(|(name, value)| (*name, Some(Value::Text(value.as_bytes())))).collect();
    let place = Span { start: 0, len: 0, line: 1 };
    let event = Event { source, time: None, count: 1, place, raw: raw.as_bytes(), fields: &fields };
    let (mut view, bucket) = (all.view(), all.bucket(source));
    let (mut whole, mut fired) = (Vec::new(), Vec::new());
    all.fill(&mut view, &event);
    bucket.fire(&all.rules, &mut view, &mut whole);
    all.fill_for(&bucket, &mut view, &event);
    bucket.fire(&all.rules, &mut view, &mut fired);
    assert_eq!(fired, whole, "what no rule asks for changes nothing");
    fired.iter().map(|n| all.rules[*n as usize].about.title.clone()).collect()
}

const WINDOWS: LogSource = LogSource { category: "process_creation", product: "windows", service: "sysmon" };

/// A rule for processes with this detection.
fn rule(detection: &str) -> String {
    let indented: String = detection.lines().map(|l| format!("    {l}\n")).collect();
    format!(
        "title: T\nlogsource:\n    category: process_creation\n    product: windows\ndetection:\n{indented}level: high\n"
    )
}

/// Whether a detection holds for fields.
fn holds(detection: &str, fields: &[(&str, &str)]) -> bool {
    !fires(&[&rule(detection)], WINDOWS, fields, "").is_empty()
}
