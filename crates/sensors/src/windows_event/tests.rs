//! Every form says the same; damage, records told twice, scripts in parts; real logs.

use super::WindowsEvent;
use crate::testing::{Memory, config};
use model::Time;
use rows::Row as _;
use rows::windows_event::Activity;
use std::path::PathBuf;

fn at() -> Time {
    "2017-06-01T00:00:00Z".parse().expect("a time")
}

fn read(files: &[&[u8]]) -> Memory {
    let config = config("");
    let mut memory = Memory::new();
    for (n, bytes) in files.iter().enumerate() {
        assert!(
            super::read::sniff(&bytes[..bytes.len().min(65536)]).is_some_and(|(_, sure)| sure >= 90),
            "not recognised"
        );
        memory.read(&WindowsEvent, &format!("f{n}"), bytes, &config, at());
    }
    memory
}

/// How many events were read, by all tallies.
fn events(memory: &Memory) -> u64 {
    let all = memory.tallies.iter().filter(|((kind, _), _)| kind == super::EVENT);
    all.map(|(_, counts)| counts[0]).sum()
}

fn told(text: &str) -> Vec<String> {
    let memory = read(&[text.as_bytes()]);
    let all = memory.observations.iter().map(|v| Activity::of(&v.observation.fields).expect("a row"));
    let parts = all.map(|a| [a.action.as_str().to_string(), a.computer, a.target, a.detail].join(" | "));
    parts.collect()
}

#[test]
fn every_form_says_the_same() {
    let expected = ["service | pc1 | a | C:\\a.exe"];
    let head = r#"<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Service Control Manager" EventSourceName="SCM"/><EventID Qualifiers="16384">7045</EventID><TimeCreated SystemTime="2017-04-12T08:00:00.5Z"/><EventRecordID>7</EventRecordID><Channel>System</Channel><Computer>PC1</Computer></System>"#;
    let xml = format!(
        "<?xml version=\"1.0\"?><Events>{head}<EventData><Data Name=\"ServiceName\">a</Data><Data Name=\"ImagePath\">C:\\a.exe</Data></EventData></Event></Events>"
    );
    for text in [
        xml.as_str(),
        r##"{"Event":{"#attributes":{"xmlns":"x"},"System":{"Provider":{"#attributes":{"Name":"Service Control Manager"}},"EventID":{"#attributes":{"Qualifiers":16384},"#text":7045},"TimeCreated":{"#attributes":{"SystemTime":"2017-04-12T08:00:00Z"}},"EventRecordID":7,"Channel":"System","Computer":"PC1"},"EventData":{"ServiceName":"a","ImagePath":"C:\\a.exe"}}}"##,
        r##"{"@timestamp":"2017-04-12T08:00:00.000Z","winlog":{"event_id":"7045","channel":"System","provider_name":"Service Control Manager","computer_name":"PC1","record_id":7,"event_data":{"ServiceName":"a","ImagePath":"C:\\a.exe"}}}"##,
        r#"{"EventTime":"2017-04-12 08:00:00","Hostname":"PC1","EventID":7045,"SourceName":"Service Control Manager","Channel":"System","RecordNumber":7,"ServiceName":"a","ImagePath":"C:\\a.exe"}"#,
        r#"[{"TimeCreated":"\/Date(1491984000000)\/","Id":7045,"ProviderName":"Service Control Manager","LogName":"System","MachineName":"PC1","RecordId":7,"ServiceName":"a","ImagePath":"C:\\a.exe"}]"#,
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
}

#[test]
fn a_record_in_two_files_counts_once() {
    let event = |n: u32| {
        format!(
            r#"{{"EventTime":"2017-04-12 08:00:0{n}","Hostname":"PC1","EventID":1102,"SourceName":"x","Channel":"Security","RecordNumber":{n}}}"#
        )
    };
    let (first, second) = (format!("{}\n{}\n", event(1), event(2)), format!("{}\n{}\n", event(2), event(3)));
    let mut memory = read(&[first.as_bytes(), second.as_bytes()]);
    let findings = memory.detect(&super::log_cleared::LOG_CLEARED, &config(""), at());
    let [finding] = &findings[..] else { panic!("{findings:?}") };
    assert_eq!(finding.fields["count"], 3);
    assert_eq!(finding.traces.len(), 2);
}

#[test]
fn damage_costs_what_it_hits() {
    let deep = format!("<Event ><System><EventRecordID>1</EventRecordID>{}", "<a>".repeat(100_000));
    for hostile in [
        "<Event ><System><EventRecordID>1</EventRecordID></Event>".to_string(),
        "<Event ><System><EventRecordID>1".to_string(),
        format!("{deep}</Event>"),
        format!("<Event ><EventRecordID>{}", "x".repeat(10 << 20)),
    ] {
        let memory = read(&[hostile.as_bytes()]);
        assert_eq!(events(&memory), 0);
        assert!(!memory.skips.is_empty(), "said of {}", &hostile[..50]);
    }
}

fn samples() -> Option<PathBuf> {
    let shared = std::env::var_os("VIGIE_DATA").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let dir = shared.join("windows-events/evtx-samples");
    if !dir.is_dir() {
        eprintln!("skipped: no {}", dir.display());
        return None;
    }
    Some(dir)
}

/// Records that another program's reader gives for each sample, and what is damaged in it.
#[test]
fn real_logs_are_read_to_their_last_record() {
    let Some(dir) = samples() else { return };
    let mut all = String::new();
    let mut names: Vec<_> = std::fs::read_dir(&dir).expect("a folder").filter_map(|e| Some(e.ok()?.path())).collect();
    names.sort();
    for path in names.iter().filter(|p| p.extension().is_some_and(|e| e == "evtx")) {
        let bytes = std::fs::read(path).expect("a file");
        let memory = read(&[&bytes]);
        let skips: Vec<String> = memory.skips.iter().map(|(_, s)| format!("{} ({})", s.reason, s.count)).collect();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        all.push_str(&format!("{name} {} {skips:?}\n", events(&memory)));
    }
    eprintln!("{all}");
    let Ok(bytes) = std::fs::read(dir.join("security.evtx")) else { return };
    let whole = events(&read(&[&bytes]));
    // Without a header, or with half of one, every block is still read.
    for cut in [4096, 2000] {
        assert_eq!(events(&read(&[&bytes[cut..]])), whole);
    }
    // A block that is cut costs no other.
    let shorter = [&bytes[..4096 + 65536 + 40_000], &bytes[4096 + 2 * 65536..]].concat();
    let read_of_it = events(&read(&[&shorter]));
    assert!(read_of_it < whole && read_of_it > whole - 150, "{read_of_it} of {whole}");
}

/// Bytes turned over by chance: the reader ends, and what it gives lies within the file.
#[test]
fn damage_by_chance_costs_no_more_than_what_it_hits() {
    let Some(dir) = samples() else { return };
    let Ok(bytes) = std::fs::read(dir.join("security.evtx")) else { return };
    let whole = &bytes[..4096 + 2 * 65536];
    let untouched = events(&read(&[whole]));
    let mut state = 1u64;
    let mut chance = |most: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % most
    };
    for _ in 0..60 {
        let mut damaged = whole.to_vec();
        for _ in 0..8 {
            let at = 4096 + chance(damaged.len() - 4096);
            damaged[at] = chance(256) as u8;
        }
        let memory = read(&[&damaged]);
        assert!(events(&memory) <= untouched + 8);
        let spans = memory.observations.iter().flat_map(|v| v.observation.spans.iter());
        spans.for_each(|s| assert!(s.start + s.len <= damaged.len() as u64));
    }
}

/// A service that is set, as XML: what anybody may write into an export, or into a log.
fn service(record: u32, image: &str) -> String {
    format!(
        r#"<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Service Control Manager"/><EventID>7045</EventID><TimeCreated SystemTime="2017-04-12T08:00:00Z"/><EventRecordID>{record}</EventRecordID><Channel>System</Channel><Computer>PC1</Computer></System><EventData><Data Name="ServiceName">a</Data><Data Name="ImagePath">{image}</Data></EventData></Event>"#
    )
}

#[test]
fn a_forged_record_with_the_number_of_a_true_one_hides_nothing() {
    let (innocent, true_one) = (service(7, "C:\\Program Files\\a.exe"), service(7, "cmd.exe /c powershell -enc AAAA"));
    for files in [[&innocent, &true_one], [&true_one, &innocent]] {
        let mut memory = read(&[files[0].as_bytes(), files[1].as_bytes(), true_one.as_bytes()]);
        let found = memory.detect(&super::service::SERVICE, &config(""), at());
        assert_eq!(found.len(), 2, "{found:?}");
        let told: Vec<(bool, usize, u64)> = found
            .iter()
            .map(|f| {
                let deed = rows::windows_event::Deed::of(&f.fields).expect("a deed");
                (deed.detail.contains("powershell"), f.traces.len(), deed.count)
            })
            .collect();
        assert!(told.contains(&(true, 2, 1)), "once, with a trace into each file: {told:?}");
        assert!(told.contains(&(false, 1, 1)), "{told:?}");
    }
}

#[test]
fn a_group_is_judged_by_its_gravest_row_and_no_id_comes_twice() {
    // One deed as its key has it, whose rows differ by the way: the first is innocent.
    let met = |record: u32, id: u32, second: u32| {
        format!(
            r#"<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Windows Defender"/><EventID>{id}</EventID><TimeCreated SystemTime="2017-04-12T08:00:{second:02}Z"/><EventRecordID>{record}</EventRecordID><Channel>Microsoft-Windows-Windows Defender/Operational</Channel><Computer>PC1</Computer></System><EventData><Data Name="Threat Name">Trojan:A</Data><Data Name="Severity Name">{}</Data><Data Name="Path">C:\x</Data></EventData></Event>"#,
            if record == 1 { "Low" } else { "Severe" }
        )
    };
    let mut memory = read(&[format!("{}{}", met(1, 1116, 1), met(2, 1116, 2)).as_bytes()]);
    let found = memory.detect(&super::account::MALWARE, &config(""), at());
    assert!(found.iter().any(|f| f.severity >= model::Severity::Medium), "{found:?}");
    // Logons from two addresses within one second are two findings.
    let logon = |record: u32, from: &str| {
        format!(
            r#"<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Security-Auditing"/><EventID>4624</EventID><TimeCreated SystemTime="2017-04-12T08:00:00Z"/><EventRecordID>{record}</EventRecordID><Channel>Security</Channel><Computer>PC1</Computer></System><EventData><Data Name="TargetUserSid">S-1-5-21-1-2-3-1001</Data><Data Name="TargetUserName">anne</Data><Data Name="LogonType">10</Data><Data Name="LogonProcessName">User32</Data><Data Name="IpAddress">{from}</Data></EventData></Event>"#
        )
    };
    let mut memory = read(&[format!("{}{}", logon(1, "9.9.9.9"), logon(2, "8.8.8.8")).as_bytes()]);
    let found = memory.detect(&super::logon::LOGON, &config(""), at());
    let ids: std::collections::BTreeSet<String> = found.iter().map(|f| f.key.clone()).collect();
    assert_eq!((found.len(), ids.len()), (2, 2), "{found:?}");
}

#[test]
fn what_is_damaged_from_end_to_end_was_not_understood() {
    let mut header = vec![0; 4096];
    header[..8].copy_from_slice(b"ElfFile\0");
    header[42] = 2;
    let mut garbage = header.clone();
    garbage.extend(vec![0xaa; 70_000]);
    for bytes in [&header[..100], &header, &garbage] {
        let memory = read(&[bytes]);
        let lines = &memory.lines[0].2;
        assert!(lines.understood() == 0 && lines.not_understood > 0, "{lines:?} {:?}", memory.skips);
    }
}

#[test]
fn a_forged_part_of_a_script_hides_none_of_it() {
    let part = |record: u32, n: u32, text: &str| {
        format!(
            r#"<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-PowerShell"/><EventID>4104</EventID><TimeCreated SystemTime="2017-04-12T08:00:00Z"/><EventRecordID>{record}</EventRecordID><Channel>Microsoft-Windows-PowerShell/Operational</Channel><Computer>PC1</Computer></System><EventData><Data Name="MessageNumber">{n}</Data><Data Name="MessageTotal">2</Data><Data Name="ScriptBlockText">{text}</Data><Data Name="ScriptBlockId">s1</Data></EventData></Event>"#
        )
    };
    let bad = "Invoke-Mimikatz -DumpCreds";
    let all = [part(1, 1, "Get-Date"), part(2, 1, bad), part(3, 2, "Get-Host")].concat();
    assert_eq!(told(&all).len(), 1, "{:?}", told(&all));
}
