//! Every detector's Markdown specification is its test: evidence blocks in, findings out, exactly those.

use base64::Engine;
use model::{Finding, Time};
use sensors::testing::{Memory, config};
use sensors::{SENSORS, recognise};

// A test for each specification in the tree, and their ids.
include!(concat!(env!("OUT_DIR"), "/specifications.rs"));

const SECTIONS: [&str; 3] = ["Fires", "Stays silent", "Known misses"];

#[test]
fn every_detector_has_its_specification() {
    let mut detectors: Vec<&str> = SENSORS.iter().flat_map(|s| s.detectors()).map(|d| d.id()).collect();
    detectors.sort_unstable();
    assert_eq!(detectors, SPECIFICATIONS);
}

/// Fails with all that is wrong with a specification.
fn holds(id: &str) {
    let detector = sensors::detector(id).unwrap_or_else(|| panic!("{id}: no detector has this specification"));
    let text = detector.specification().0;
    let mut wrong = Vec::new();
    if !text.starts_with(&format!("# {id}\n")) {
        wrong.push("the title is its id".to_string());
    }
    let summary = detector.specification().summary();
    if summary.en == summary.fr || summary.en.is_empty() {
        wrong.push("a line `> fr: …` after the first paragraph says in French what it claims".to_string());
    }
    let examples = examples(text);
    for section in SECTIONS {
        let body = text.split("\n## ").find_map(|s| s.strip_prefix(section)).unwrap_or_default();
        let searched = section == "Known misses" && body.contains("No public case found: searched ");
        if !searched && !examples.iter().any(|e| e.section == section) {
            wrong.push(format!("`## {section}` has no evidence with its findings"));
        }
    }
    wrong.extend(examples.iter().filter_map(|e| check(e).err()));
    assert!(wrong.is_empty(), "{id}: {}", wrong.join("\n"));
}

/// One example of a specification.
#[derive(Clone, Default)]
struct Example {
    section: String,
    line: usize,
    evidence: Vec<(String, Vec<u8>)>,
    config: String,
    expected: String,
}

fn examples(text: &str) -> Vec<Example> {
    let mut all = Vec::new();
    let mut example = Example::default();
    let mut block: Option<(String, String)> = None;
    for (n, line) in text.lines().enumerate() {
        match &mut block {
            None if line.starts_with("```") => block = Some((line[3..].trim().to_string(), String::new())),
            None if line.starts_with("## ") => example.section = line[3..].into(),
            None => {}
            Some(_) if line == "```" => {
                let (info, body) = block.take().expect("in a block");
                match info.split_once(' ').unwrap_or((&info, "")) {
                    ("evidence", name) => example.evidence.push((name.to_string(), body.into_bytes())),
                    // Evidence that is no text.
                    ("base64", name) => {
                        let packed: String = body.split_whitespace().collect();
                        let bytes = base64::engine::general_purpose::STANDARD.decode(packed).expect("Base64");
                        example.evidence.push((name.to_string(), bytes));
                    }
                    ("toml", _) => example.config = body,
                    ("findings", _) => {
                        let next = Example { section: example.section.clone(), ..Example::default() };
                        (example.line, example.expected) = (n + 1, body);
                        all.push(std::mem::replace(&mut example, next));
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
    all
}

fn check(example: &Example) -> Result<(), String> {
    let config = config(&example.config);
    let at: Time = "2017-06-01T00:00:00Z".parse().expect("a time");
    let origins = sensors::origin::Origin::default();
    let context = model::Context { config: &config, origins: &origins, at, modified: None };
    let mut case = Memory::new();
    for (name, body) in &example.evidence {
        if formats::walk::is_archive(body) {
            case.read_all(name, body, &config, at);
            continue;
        }
        let sensor = recognise(body, &context);
        let sensor = sensor.ok_or_else(|| format!("line {}: `{name}` is not recognised", example.line))?;
        case.read(sensor, name, body, &config, at);
    }
    for detector in SENSORS.iter().flat_map(|s| s.detectors()) {
        case.detect(*detector, &config, at);
    }
    let mut found: Vec<&Finding> = case.findings.iter().collect();
    for line in example.expected.lines().filter(|l| !l.trim().is_empty() && l.trim() != "none") {
        let place = found.iter().position(|f| matches(f, line));
        let place =
            place.ok_or_else(|| format!("line {}: expected `{line}`, found\n{}", example.line, list(&found)))?;
        found.remove(place);
    }
    case.findings.iter().try_for_each(|f| sentence(f).map_err(|e| format!("line {}: {e}", example.line)))?;
    if found.is_empty() { Ok(()) } else { Err(format!("line {}: not expected\n{}", example.line, list(&found))) }
}

/// Whether its title is a sentence's beginning, and no word of it is a machine's: times stand in the case's zone and say which.
fn sentence(finding: &Finding) -> Result<(), String> {
    // What rules, platforms and areas are called is others' choice.
    let named = ["sigma/", "reach/", "station_minutes/"].iter().any(|kind| finding.detector.starts_with(kind));
    let titles = [&finding.title.en, &finding.title.fr];
    if titles.iter().any(|t| t.starts_with(char::is_lowercase)) && !named {
        return Err(format!("`{}` begins without a capital", finding.title.en));
    }
    let reasons = finding.reasons.iter().flat_map(|r| [&r.text.en, &r.text.fr]);
    match titles.into_iter().chain(reasons).find(|t| is_stamped(t)) {
        Some(text) => Err(format!("`{text}` shows a time as machines write it")),
        None => Ok(()),
    }
}

/// `T` between digits, `Z` or none after them, outside of what is quoted.
fn is_stamped(text: &str) -> bool {
    let own: String = text.split('`').step_by(2).collect();
    let own = own.as_bytes();
    own.windows(5).any(|w| w[0].is_ascii_digit() && w[1] == b'T' && w[2].is_ascii_digit() && w[4] == b':')
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
        let fields = serde_json::Value::from(f.fields.clone());
        format!("  {} {} | {fields}", f.severity.as_str(), f.detector)
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}
