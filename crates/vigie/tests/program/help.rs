//! What the program says of itself.

use super::{lines, log, place, run};
use std::fs;
use std::path::Path;

#[test]
fn the_help_names_kinds_and_what_comes_next() {
    let help = run(Path::new("/"), &["check", "--help"], 0);
    for sensor in ["web_log", "auth_log", "Examples:", "Next:"] {
        assert!(help.contains(sensor), "{sensor} in {help}");
    }
    let all = run(Path::new("/"), &["--help"], 0);
    assert!(all.contains("vigie demo") && !all.contains("worker"), "{all}");
    let listed = lines(&run(Path::new("/"), &["explain", "--json"], 0));
    for kind in listed {
        assert!(kind["settings"].is_array(), "{kind}");
        for detector in kind["detectors"].as_array().into_iter().flatten() {
            assert!(run(Path::new("/"), &["explain", detector.as_str().expect("an id")], 0).contains("## Fires"));
        }
    }
    run(Path::new("/"), &["explain", "nothing/such"], 2);
    run(Path::new("/"), &["knowledge"], 0);
}

#[test]
fn what_a_detector_prints_has_a_schema() {
    let schema = &lines(&run(Path::new("/"), &["explain", "--schema", "auth_log/travel"], 0))[0];
    let properties = &schema["properties"];
    assert_eq!(properties["fields"]["properties"]["countries"]["minItems"], 2, "{schema}");
    assert_eq!(properties["severity"]["$ref"], "#/$defs/Severity", "{schema}");
    assert!(schema["$defs"]["Severity"]["enum"].as_array().is_some_and(|words| words.len() == 5), "{schema}");
    run(Path::new("/"), &["explain", "--schema", "nothing/such"], 2);
}

#[test]
fn french_is_spoken() {
    let dir = place();
    fs::write(dir.path().join("a.log"), log()).expect("written");
    assert!(run(dir.path(), &["check", "a.log", "--lang", "fr"], 0).contains("constat"));
}
