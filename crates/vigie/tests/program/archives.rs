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
        ("photo.jpg", b"\xff\xd8\xff\xe0"),
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
    assert!(said.contains("all.zip/photo.jpg: no known kind of evidence"), "{said}");
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
