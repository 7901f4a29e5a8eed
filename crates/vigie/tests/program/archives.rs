//! Archives: what lies in them is read like any file, and a trace leads to its bytes.

use super::{case, gzip, lines, log, place, run, told};
use serde_json::Value;
use std::fs;

/// A zip archive of stored members; those whose name begins with `!` are said to be encrypted.
fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, body) in members {
        let (at, size) = ((out.len() as u32).to_le_bytes(), (body.len() as u32).to_le_bytes());
        let flags = u8::from(name.starts_with('!'));
        let length = (name.len() as u16).to_le_bytes();
        let common =
            [&[20, 0, flags, 0, 0, 0, 0, 0, 0x21, 0x4a, 0, 0, 0, 0][..], &size, &size, &length, &[0, 0]].concat();
        out.extend([b"PK\x03\x04", &common[..], name.as_bytes(), body].concat());
        directory.extend([&b"PK\x01\x02\x14\0"[..], &common, &[0; 10], &at, name.as_bytes()].concat());
    }
    let (count, at) = ((members.len() as u16).to_le_bytes(), (out.len() as u32).to_le_bytes());
    let size = (directory.len() as u32).to_le_bytes();
    out.extend([&directory[..], b"PK\x05\x06\0\0\0\0", &count, &count, &size, &at, &[0, 0]].concat());
    out
}

fn mail(subject: &str) -> String {
    format!(
        "From: Bureau <bureau@example.org>\r\nTo: paul@parti-bleu.example\r\nSubject: {subject}\r\n\
         Date: Thu, 20 Apr 2017 08:00:00 +0000\r\nMessage-ID: <{subject}@example.org>\r\n\r\nBonjour.\r\n"
    )
}

#[test]
fn members_are_read_as_what_they_are_and_shown() {
    let dir = place();
    let d = dir.path();
    let [one, two, three] = ["one", "two", "three"].map(mail);
    let inner = zip(&[("a.log.gz", &gzip(log().as_bytes()))]);
    let members: [(&str, &[u8]); 6] = [
        ("mails/a.eml", one.as_bytes()),
        ("mails/a.eml", two.as_bytes()),
        ("mails/b.eml", three.as_bytes()),
        ("logs.zip", &inner),
        ("!secret.eml", b"x"),
        ("noise.bin", b"\0\x01\x02\xff"),
    ];
    fs::write(d.join("all.zip"), zip(&members)).expect("written");
    let read = lines(&run(d, &["read", "all.zip", "--json"], 0));
    let steps =
        |o: &Value| o["trace"]["steps"].as_array().expect("steps").iter().map(|s| s.to_string()).collect::<String>();
    let messages: Vec<&Value> = read.iter().filter(|o| o["kind"] == "mail/message").collect();
    let of: Vec<(String, &str)> =
        messages.iter().map(|m| (steps(m), m["subject"].as_str().expect("a subject"))).collect();
    assert_eq!(
        of,
        [
            ("\"member 0 mails/a.eml\"".into(), "one"),
            ("\"member 1 mails/a.eml\"".into(), "two"),
            ("\"member 2 mails/b.eml\"".into(), "three")
        ]
    );
    let runs = read.iter().find(|o| o["kind"].as_str().is_some_and(|k| k.starts_with("web_log/"))).expect("the log");
    assert_eq!(steps(runs), "\"member 3 logs.zip\"\"member 0 a.log.gz\"\"gzip\"");
    let said = told(d, &["check", "all.zip"]);
    assert!(said.contains("all.zip: Mail (mail)"), "{said}");
    assert!(said.contains("all.zip/!secret.eml: encrypted: no password was given"), "{said}");
    assert!(said.contains("all.zip/noise.bin: no known kind of evidence"), "{said}");
    // And back: the line behind a finding, and in the brief.
    case(d, "c", &["all.zip"]);
    let found = lines(&run(d, &["findings", "c", "--json"], 0));
    let attempt = found.iter().find(|f| f["detector"] == "web_log/attempt").expect("the attempt");
    let shown = run(d, &["show", "c", attempt["id"].as_str().expect("an id"), "--raw"], 0);
    assert!(shown.starts_with("203.0.113.9 ") && log().contains(shown.lines().next().expect("a line")), "{shown}");
    run(d, &["verify", "c"], 0);
    let again = lines(&run(d, &["run", "c", "--json"], 0));
    assert_eq!(again[0]["read"], 0);
}

/// A workbook: its sheets by name, each a list of rows of cells.
fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let names = sheets.iter().enumerate().map(|(n, (name, _))| format!("<sheet name=\"{name}\" r:id=\"r{n}\"/>"));
    let mut members = vec![
        ("[Content_Types].xml".to_string(), "<Types/>".to_string()),
        ("xl/workbook.xml".into(), format!("<workbook><sheets>{}</sheets></workbook>", names.collect::<String>())),
    ];
    for (n, (_, rows)) in sheets.iter().enumerate() {
        let cell = |c: &&str| format!("<c t=\"inlineStr\"><is><t>{c}</t></is></c>");
        let row = |r: &&[&str]| format!("<row>{}</row>", r.iter().map(cell).collect::<String>());
        let rows: String = rows.iter().map(row).collect();
        let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
        members.push((format!("xl/worksheets/sheet{}.xml", n + 1), sheet));
    }
    let members: Vec<(&str, &[u8])> = members.iter().map(|(n, b)| (n.as_str(), b.as_bytes())).collect();
    zip(&members)
}

#[test]
fn sheets_of_workbooks_are_read_like_files() {
    let dir = tempfile::tempdir().expect("a folder");
    let d = dir.path();
    let posts: &[&[&str]] = &[
        &["created_at", "username", "text", "url"],
        &["2026-11-12 09:00:00", "anne", "see &amp; read", "https://a.example/1"],
        &["2026-11-12 09:00:10", "bob", "see &amp; read", "https://a.example/1"],
        &["2026-11-13 09:00:00", "anne", "more", "https://a.example/2"],
        &["2026-11-13 09:00:09", "bob", "more", "https://a.example/2"],
    ];
    let counts: &[&[&str]] = &[
        &["commune", "station", "registered", "voters", "blank", "null", "valid", "Brandt", "Costa"],
        &["Arles", "1", "800", "600", "5", "5", "590", "390", "200"],
        &["Arles", "2", "700", "900", "2", "8", "490", "290", "200"],
    ];
    let notes: &[&[&str]] = &[&["12", "13,5"], &["14", "15,5"]];
    fs::write(
        d.join("mixed.xlsx"),
        workbook(&[("Posts", posts), ("Tour 1", counts), ("Notes", notes), ("Empty", &[])]),
    )
    .expect("written");
    fs::write(d.join("notes.xlsx"), workbook(&[("One", notes), ("Two", notes), ("Three", &[])])).expect("written");
    let said = told(d, &["check", "mixed.xlsx", "notes.xlsx"]);
    // A workbook is a document besides: no sheet of it is unknown.
    assert!(!said.contains("no known kind of evidence"), "{said}");
    case(d, "c", &["mixed.xlsx"]);
    let found = lines(&run(d, &["findings", "c", "--json", "--all"], 0));
    let wrong = found.iter().find(|f| f["detector"] == "station_minutes/discrepancy").expect("a row that cannot be");
    assert_eq!(wrong["fields"]["source"], "mixed.xlsx/Tour 1");
    let shown = run(d, &["show", "c", wrong["id"].as_str().expect("an id")], 0);
    assert!(shown.contains("Arles\t2\t700\t900") || shown.contains("Arles\\t2\\t700\\t900"), "{shown}");
    // Commands that a kind brings enter them as well.
    let pairs = run(d, &["network", "mixed.xlsx", "--by", "url", "--csv"], 0);
    assert!(pairs.contains("anne") && pairs.contains("bob"), "{pairs}");
}
