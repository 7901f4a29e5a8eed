//! The whole case in the formats of others: nothing refers to what is not there, nobody who was done to is named, hostile
//! titles are text; and other programs, where they are installed, find no fault (`VIGIE_PYTHON` names a Python that has
//! `stix2`, `stix2-validator` and `pymisp`).

use crate::made::{Case, Files, Nowhere, posts, time};
use crate::story::{PEOPLE, config, incident};
use casework::Accounts;
use casework::export::{Order, Others, export};
use model::{Finding, Lang, Severity, Text};
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

const HOSTILE: &str = "made up of p3@parti.example </note> ]] 'OR' | \u{202e}gpj \u{7}\u{0} \"end\"";

/// An incident of nine findings, whose titles are hostile.
fn case() -> Case {
    let mut findings = incident("a", PEOPLE);
    findings.iter_mut().for_each(|f| f.title = Text::same(HOSTILE));
    let mut case = Case { config: config(), findings, ..Case::default() };
    case.sort();
    case
}

fn files(case: &Case, name: &str, only: &BTreeSet<String>) -> Files {
    files_with(case, name, only, &[])
}

fn files_with(case: &Case, name: &str, only: &BTreeSet<String>, others: &[Others]) -> Files {
    let accounts = Accounts::of(case, [7; 32], false).expect("accounts");
    let line = |f: &Finding| Ok(serde_json::to_string(f).expect("JSON"));
    let behind = |_: &Finding| Ok(Vec::new());
    let format = export(name).expect("known");
    let at = time("2017-05-06T09:00:00Z");
    let context = model::Context { config: &case.config, origins: &Nowhere, at, modified: None };
    let order = Order {
        least: format.least.min(Severity::Low),
        lang: Lang::En,
        at,
        line: &line,
        accounts: &accounts,
        behind: &behind,
        context: &context,
        decisions: &[],
        only,
        others,
        note: &|_| (),
        mask: &|text: &str| text.to_string(),
        pages: &|| Ok(Vec::new()),
    };
    let mut files = Files::new();
    (format.make)(case, &order, &mut |name, bytes| {
        files.entry(name.into()).or_default().extend_from_slice(bytes);
        Ok(())
    })
    .expect("written");
    files
}

fn text(case: &Case, name: &str) -> String {
    files(case, name, &BTreeSet::new()).into_values().map(|b| String::from_utf8(b).expect("UTF-8")).collect()
}

fn objects(bundle: &str) -> Vec<Value> {
    let bundle: Value = serde_json::from_str(bundle).expect("JSON");
    bundle["objects"].as_array().expect("objects").clone()
}

#[test]
fn a_bundle_refers_to_nothing_that_is_not_there() {
    for name in ["stix", "stix-core"] {
        for case in [case(), posts::debate()] {
            let objects = objects(&text(&case, name));
            let ids: BTreeSet<&str> = objects.iter().filter_map(|o| o["id"].as_str()).collect();
            assert_eq!(ids.len(), objects.len());
            for object in &objects {
                for (key, value) in object.as_object().expect("an object") {
                    let refs: Vec<&Value> = match () {
                        () if key.ends_with("_ref") => vec![value],
                        () if key.ends_with("_refs") => value.as_array().expect("a list").iter().collect(),
                        () => Vec::new(),
                    };
                    refs.iter().for_each(|r| assert!(ids.contains(r.as_str().expect("an id")), "{name}: {key} {r}"));
                }
                assert!(object["stop_time"].is_null() || object["stop_time"] != object["start_time"]);
                let core = ["channel", "narrative", "media-content", "event", "extension-definition"];
                assert!(name == "stix" || !core.contains(&object["type"].as_str().unwrap_or_default()));
            }
        }
    }
}

#[test]
fn a_campaign_uses_what_its_findings_show_and_accuses_nobody() {
    let objects = objects(&text(&case(), "stix"));
    let of = |kind: &str| objects.iter().filter(|o| o["type"] == kind).count();
    // Nobody's accounts are counted here, so that victims join nothing: three incidents.
    assert_eq!((of("campaign"), of("intrusion-set"), of("threat-actor"), of("report")), (3, 0, 0, 1));
    assert_eq!(of("event"), 1);
    let uses = |o: &&Value| {
        o["relationship_type"] == "uses" && o["target_ref"].as_str().is_some_and(|t| t.starts_with("attack-pattern"))
    };
    assert!(objects.iter().filter(uses).count() >= 8);
    let ours = objects.iter().find(|o| o["type"] == "identity").expect("an identity");
    assert!(objects.iter().any(|o| o["relationship_type"] == "targets" && o["target_ref"] == ours["id"]));
}

#[test]
fn whoever_was_done_to_is_not_named_and_bytes_are_the_same() {
    let case = case();
    for name in [
        "stix",
        "stix-core",
        "misp",
        "graph",
        "timesketch",
        "navigator",
        "disarm",
        "veris",
        "press",
        "communique",
        "effect",
    ] {
        let told = text(&case, name);
        assert!(!told.contains("p3@parti.example"), "{name}");
        assert_eq!(told, text(&case, name), "{name}");
    }
    // Chosen findings only.
    let one: BTreeSet<String> = case.findings.iter().take(1).map(Finding::id).collect();
    let few = files(&case, "timesketch", &one)
        .into_values()
        .map(|b| String::from_utf8(b).expect("UTF-8"))
        .collect::<String>();
    assert!(few.lines().count() <= 2 && !few.is_empty());
    for line in few.lines() {
        let event: Value = serde_json::from_str(line).expect("JSON");
        assert!(event["timestamp"].as_i64().is_some_and(|t| t > 1_000_000_000_000_000));
    }
}

#[test]
fn editions_say_what_is_shown_and_what_is_not() {
    let case = case();
    let press = text(&case, "press");
    for part in ["## In short", "intrusion attempt", "missing", "## Corrections"] {
        assert!(press.contains(part), "{part}\n{press}");
    }
    assert!(press.split_whitespace().count() < 2500, "five pages");
    assert!(press.contains("undetermined"), "{press}");
    let complaint = text(&case, "complaint");
    assert!(complaint.contains("323-3") && complaint.contains("SHA-256"), "{complaint}");
    let effect = text(&case, "effect");
    assert!(effect.contains("No effect is claimed") && effect.contains("58-1067"), "{effect}");
    let communique = text(&case, "communique");
    assert!(communique.contains("2017") && !communique.contains("APT"), "{communique}");
}

/// VIGINUM's own bundles, where the data folder is there: each object comes back as it came.
#[test]
fn bundles_of_others_come_back_unchanged() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let data = std::env::var("VIGIE_DATA").unwrap_or_else(|_| beside.into());
    let Ok(folders) = std::fs::read_dir(format!("{data}/case/viginum-stix")) else {
        eprintln!("skipped: no data folder");
        return;
    };
    let inside = folders.flatten().filter_map(|f| std::fs::read_dir(f.path()).ok()).flat_map(|f| f.flatten());
    let mut others = Vec::new();
    for file in inside {
        let bundle = Others::read(&std::fs::read(file.path()).expect("read")).expect("read").expect("a bundle");
        println!("{} objects, unknown {:?}, dangling {}", bundle.objects.len(), bundle.unknown, bundle.dangling);
        others.push(bundle);
    }
    let told = files_with(&case(), "stix", &BTreeSet::new(), &others).into_values().next().expect("a file");
    let ours = objects(std::str::from_utf8(&told).expect("UTF-8"));
    let there: BTreeSet<String> = ours.iter().map(Value::to_string).collect();
    let lost = others.iter().flat_map(|o| &o.objects).filter(|o| !there.contains(&o.to_string())).count();
    assert_eq!(lost, 0);
    assert!(others.len() == 3 || others.is_empty(), "{}", others.len());
}

const SCRIPT: &str = r#"
import sys, json, warnings
warnings.filterwarnings("ignore")
try:
    import stix2, stix2validator, pymisp
    from stix2patterns.validator import run_validator
except ImportError as e:
    print("skipped:", e); sys.exit(0)
full, core, misp = sys.argv[1:4]
bad = 0
for path in (full, core):
    r = stix2validator.validate_file(path, stix2validator.ValidationOptions(version="2.1"))
    for o in getattr(r, "object_results", []) or []:
        for e in (o.errors or []):
            print(path, o.object_id, e); bad += 1
ours = {o["id"]: o for o in json.load(open(core))["objects"]}
back = json.loads(stix2.parse(open(core).read(), allow_custom=False).serialize())
for o in back["objects"]:
    if o != ours[o["id"]]:
        print("round trip:", o["id"], [k for k in o if o[k] != ours[o["id"]].get(k)]); bad += 1
stix2.parse(open(full).read(), allow_custom=True)
for o in json.load(open(core))["objects"]:
    if o["type"] == "indicator":
        for e in run_validator(o["pattern"], stix_version="2.1"):
            print(o["pattern"], e); bad += 1
event = pymisp.MISPEvent()
event.load_file(misp, validate=True) if "validate" in pymisp.MISPEvent.load_file.__code__.co_varnames else event.load_file(misp)
print(len(event.objects), "objects,", len(event.attributes), "attributes,", len(event.galaxies), "galaxies,", len(event.notes), "notes,", len(event.opinions), "opinions")
sys.exit(bad)
"#;

#[test]
fn other_programs_find_no_fault() {
    let dir = tempfile::tempdir().expect("a folder");
    let python = std::env::var("VIGIE_PYTHON").unwrap_or_else(|_| "python3".into());
    for (n, case) in [case(), posts::debate()].into_iter().enumerate() {
        let mut args = vec!["-c".to_string(), SCRIPT.to_string()];
        for name in ["stix", "stix-core", "misp"] {
            let path = dir.path().join(format!("{n}-{name}.json"));
            std::fs::write(&path, text(&case, name)).expect("written");
            args.push(path.display().to_string());
        }
        let Ok(out) = Command::new(&python).args(&args).output() else {
            eprintln!("skipped: `{python}` is not installed");
            return;
        };
        let told = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        println!("{told}");
        assert!(out.status.success(), "{told}");
    }
}
