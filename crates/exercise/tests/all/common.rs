//! What the tests share: an exercise made and read again, and a finding to begin from.

use exercise::{Scenario, Truth, generate};
use model::{Fields, Finding, Level, Severity, Text};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// Makes an exercise; its truth and its files by name, decompressed.
pub fn make(scenario: &Scenario, seed: u64) -> (Truth, BTreeMap<String, Vec<u8>>) {
    let dir = tempfile::tempdir().unwrap();
    let truth = generate(scenario, seed, dir.path()).unwrap();
    assert_eq!(Truth::read(&dir.path().join("truth.json")).unwrap(), truth);
    assert!(dir.path().join("case.toml").exists());
    let mut files = BTreeMap::new();
    gather(&dir.path().join("evidence"), "", &mut files);
    (truth, files)
}

/// The files of a folder and of those in it, by path.
pub fn gather(folder: &Path, within: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = format!("{within}{}", entry.file_name().into_string().unwrap());
        match entry.path().is_dir() {
            true => gather(&entry.path(), &format!("{name}/"), files),
            false => drop(files.insert(name, unpacked(&entry.path()))),
        }
    }
}

pub fn unpacked(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).unwrap();
    let mut out = Vec::new();
    match path.extension().and_then(|e| e.to_str()) {
        Some("gz") => flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut out),
        Some("bz2") => bzip2::read::BzDecoder::new(&bytes[..]).read_to_end(&mut out),
        Some("xz") => lzma_rust2::XzReader::new(&bytes[..], false).read_to_end(&mut out),
        Some("zst") => ruzstd::decoding::StreamingDecoder::new(&bytes[..]).unwrap().read_to_end(&mut out),
        _ => return bytes,
    }
    .unwrap();
    out
}

pub fn scenario(text: &str) -> Scenario {
    Scenario::parse(text).unwrap_or_else(|e| panic!("{e}"))
}

pub fn blank_finding(truth: &Truth) -> Finding {
    Finding {
        detector: "".into(),
        key: String::new(),
        severity: Severity::Medium,
        confidence: 90,
        level: Level::Grey,
        title: Text::new("", ""),
        reasons: Vec::new(),
        techniques: Vec::new(),
        first: Some(truth.from),
        last: Some(truth.to),
        entities: Vec::new(),
        traces: Vec::new(),
        fields: Fields::new(),
    }
}
