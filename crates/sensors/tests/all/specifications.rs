//! Every detector's Markdown specification is its test: evidence blocks in, findings out, exactly those.

use model::{Finding, Time};
use sensors::testing::{Memory, config};
use sensors::{SENSORS, recognise};

/// One example of a specification.
#[derive(Default)]
struct Example {
    line: usize,
    evidence: Vec<(String, String)>,
    config: String,
}

#[test]
fn specifications_hold() {
    let mut examples = 0;
    for detector in SENSORS.iter().flat_map(|s| s.detectors()) {
        let text = detector.specification().0;
        for section in ["## Fires", "## Stays silent", "## Known misses"] {
            assert!(text.contains(section), "{}: no section `{section}`", detector.id());
        }
        assert!(text.starts_with(&format!("# {}\n", detector.id())), "{}: the title is its id", detector.id());
        examples += run(detector.id(), text);
    }
    assert!(examples > 0);
}

fn run(id: &str, text: &str) -> usize {
    let mut example = Example::default();
    let mut examples = 0;
    let mut block: Option<(String, String)> = None;
    for (n, line) in text.lines().enumerate() {
        match &mut block {
            None if line.starts_with("```") => block = Some((line[3..].trim().to_string(), String::new())),
            None => {}
            Some(_) if line == "```" => {
                let (info, body) = block.take().expect("in a block");
                match info.split_once(' ').unwrap_or((&info, "")) {
                    ("evidence", name) => example.evidence.push((name.to_string(), body)),
                    ("toml", _) => example.config = body,
                    ("findings", _) => {
                        example.line = n + 1;
                        check(id, &std::mem::take(&mut example), &body);
                        examples += 1;
                    }
                    _ => {}
                }
            }
            Some((_, body)) => {
                body.push_str(line);
                body.push('\n');
            }
        }
    }
    examples
}

fn check(id: &str, example: &Example, expected: &str) {
    let config = config(&example.config);
    let at: Time = "2017-06-01T00:00:00Z".parse().expect("a time");
    let origins = sensors::origin::Origin::default();
    let context = model::Context { config: &config, origins: &origins, at, modified: None };
    let mut case = Memory::new();
    for (name, body) in &example.evidence {
        let sensor = recognise(body.as_bytes(), &context);
        let sensor = sensor.unwrap_or_else(|| panic!("{id}, line {}: `{name}` is not recognised", example.line));
        case.read(sensor, name, body.as_bytes(), &config, at);
    }
    for detector in SENSORS.iter().flat_map(|s| s.detectors()) {
        case.detect(*detector, &config, at);
    }
    let mut found: Vec<&Finding> = case.findings.iter().collect();
    for line in expected.lines().filter(|l| !l.trim().is_empty() && l.trim() != "none") {
        let place = found.iter().position(|f| matches(f, line));
        let Some(place) = place else {
            panic!("{id}, line {}: expected `{line}`, found\n{}", example.line, list(&found));
        };
        found.remove(place);
    }
    assert!(found.is_empty(), "{id}, line {}: not expected\n{}", example.line, list(&found));
}

/// Whether a finding is the one a line describes: `severity detector | key=value …`.
fn matches(finding: &Finding, line: &str) -> bool {
    let (head, rest) = line.split_once('|').unwrap_or((line, ""));
    let head: Vec<&str> = head.split_whitespace().collect();
    head == [finding.severity.as_str(), &finding.detector]
        && rest.split_whitespace().all(|pair| {
            let (key, value) = pair.split_once('=').expect("key=value");
            match key {
                "entity" => finding.entities.iter().any(|e| e.value == value),
                role if finding.entities.iter().any(|e| e.role.as_str() == role && e.value == value) => true,
                "technique" if finding.techniques.iter().any(|t| t == value) => true,
                _ => finding.fields.get(key).is_some_and(|v| match v.as_str() {
                    Some(text) => text == value,
                    None => *v.to_string() == *value,
                }),
            }
        })
}

fn list(found: &[&Finding]) -> String {
    let line = |f: &&Finding| {
        let fields = serde_json::Value::Object(f.fields.clone());
        format!("  {} {} | {fields}", f.severity.as_str(), f.detector)
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}
