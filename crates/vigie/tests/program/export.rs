//! Exports, held valid by other programs.

use super::{case, log, place, run};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Whether another program holds a file to be valid; none, with a message, where it is not installed.
fn valid(program: &str, args: &[&Path]) -> Option<bool> {
    let out = Command::new(program).args(args).output();
    if out.is_err() {
        eprintln!("skipped: `{program}` is not installed");
    }
    out.ok().map(|o| {
        let told = String::from_utf8_lossy(&o.stdout).into_owned() + &String::from_utf8_lossy(&o.stderr);
        println!("{told}");
        o.status.success()
    })
}

#[test]
fn exports_are_what_other_programs_read() {
    let dir = place();
    let at = |name: &str| dir.path().join(name);
    let rdap = |name: &str| {
        format!(
            "{{\"objectClassName\":\"domain\",\"ldhName\":\"{name}\",\"events\":[{{\"eventAction\":\"registration\",\
             \"eventDate\":\"2017-03-15T10:00:00Z\"}}],\"entities\":[{{\"roles\":[\"registrant\"],\"vcardArray\":[\"vcard\",\
             [[\"email\",{{}},\"text\",\"jo@mail.example\"]]]}}]}}\n"
        )
    };
    fs::write(at("rdap.jsonl"), rdap("mail-parti-bleu.fr") + &rdap("kiosque.fr")).expect("written");
    fs::write(at("names.txt"), "parti-bIeu.fr\nparti-bleu.fr.login.example.net\n").expect("written");
    run(dir.path(), &["init", "case", "--name", "test", "--protect", "parti-bleu.fr"], 0);
    run(dir.path(), &["add", "case", "rdap.jsonl", "names.txt"], 0);
    run(dir.path(), &["run", "case"], 0);
    let export = |format: &str| run(dir.path(), &["export", "case", "--to", format], 0);
    assert_eq!(export("json"), run(dir.path(), &["findings", "case", "--json"], 0));
    assert_eq!(export("csv").lines().count(), 1 + export("json").lines().count());
    let bundle: Value = serde_json::from_str(&export("stix")).expect("JSON");
    let objects = bundle["objects"].as_array().expect("objects");
    assert_eq!(objects.iter().filter(|o| o["type"] == "indicator").count(), 3);
    assert_eq!(export("stix"), export("stix"));
    for (format, name) in [("stix", "a.json"), ("rpz", "a.rpz"), ("unbound", "a.conf"), ("hosts", "a.hosts")] {
        assert!(export(format).contains("mail-parti-bleu.fr"));
        run(dir.path(), &["export", "case", "--to", format, "-o", name], 0);
        assert_eq!(fs::read_to_string(at(name)).expect("read"), export(format));
    }
    assert_ne!(valid("named-checkzone", &[Path::new("rpz.local"), &at("a.rpz")]), Some(false));
    assert_ne!(valid("unbound-checkconf", &[&at("a.conf")]), Some(false));
    // OASIS's own library and validator.
    let script = "import sys\ntry:\n import stix2\nexcept ImportError:\n sys.exit(print('skipped: no stix2'))\n\
                  stix2.parse(open(sys.argv[1]).read(), allow_custom=False)";
    assert_ne!(valid("python3", &[Path::new("-c"), Path::new(script), &at("a.json")]), Some(false));
    assert_ne!(valid("stix2_validator", &[Path::new("--version=2.1"), &at("a.json")]), Some(false));
    run(dir.path(), &["export", "case", "--to", "dossier"], 2);
    run(dir.path(), &["export", "case", "--to", "dossier", "-o", "out", "--lang", "fr"], 0);
    let dossier = fs::read_to_string(at("out/mail-parti-bleu.fr.md")).expect("a dossier of the cluster");
    assert!(dossier.contains("kiosque.fr") && dossier.contains("jo@mail.example"), "{dossier}");
    assert_eq!(fs::read_dir(at("out")).expect("a folder").count(), 3);
    run(dir.path(), &["export", "case", "--to", "nothing"], 2);
    let page = crate::brief(&at("case"));
    for part in ["id=\"decoys\"", ">mail-parti-bleu.fr</code>", "registrant jo@mail.example", "#n-names-lookalike"] {
        assert!(page.contains(part), "{part} in the chapter of decoys");
    }
    let brief: Value = serde_json::from_slice(&fs::read(at("case/brief/brief.json")).expect("read")).expect("JSON");
    assert_eq!((&brief["names"]["lookalikes"], &brief["names"]["clusters"]), (&3.into(), &1.into()));
}

/// Pictures alone: SVG always; PNG where a browser is installed, else it is said where to have them from.
#[test]
fn pictures_are_had_alone() {
    let dir = place();
    fs::write(dir.path().join("a.log"), log()).expect("written");
    case(dir.path(), "c", &["a.log"]);
    run(dir.path(), &["export", "c", "--to", "svg", "-o", "svg"], 0);
    let names = |folder: &str, ending: &str| {
        let all = fs::read_dir(dir.path().join(folder)).expect("a folder").flatten();
        let mut all: Vec<String> = all.map(|e| e.file_name().to_string_lossy().replace(ending, "")).collect();
        all.sort();
        all
    };
    let drawn = names("svg", ".svg");
    assert!(!drawn.is_empty());
    let png = |path: &std::ffi::OsStr| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_vigie"));
        let asked = ["export", "c", "--to", "png", "-o", "png"];
        program.current_dir(dir.path()).args(asked).env("PATH", path).output().expect("the program starts")
    };
    let without = png("/nowhere".as_ref());
    let said = String::from_utf8_lossy(&without.stderr).into_owned();
    assert!(without.status.code() == Some(2) && said.contains("Chromium"), "{said}");
    let path = std::env::var_os("PATH").unwrap_or_default();
    if !std::env::split_paths(&path).any(|d| d.join("chromium").is_file()) {
        return println!("skipped: Chromium is not installed");
    }
    let with = png(&path);
    assert!(with.status.success(), "{}", String::from_utf8_lossy(&with.stderr));
    assert_eq!(names("png", ".png"), drawn);
    let first = fs::read(dir.path().join(format!("png/{}.png", drawn[0]))).expect("a picture");
    // Twice as many pixels as it has units (IHDR).
    assert!(first.starts_with(b"\x89PNG") && first[16..20] > [0, 0, 2, 0][..], "{:?}", &first[..24]);
}
