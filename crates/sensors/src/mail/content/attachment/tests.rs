use super::super::links::{Around, Collector};
use super::super::words::LEXICON;
use super::*;
use crate::names::kernel::Judge;

/// The signs one file gives.
fn signs(bytes: &[u8], name: &str, shown: &str) -> Vec<String> {
    let judge = Judge::new(&model::Protect::default(), &knowledge::names::Names::embedded());
    let mut links = Collector::new(Around { recipients: &[], judge: &judge, lexicon: &LEXICON });
    let part = Part {
        number: 1,
        role: Role::Attachment,
        name: Some(name.into()),
        bytes: bytes.to_vec().into(),
        ..Part::default()
    };
    let message = Message { parts: vec![part], ..Message::default() };
    let mut signs = Vec::new();
    all(&message, shown, &mut links, &mut signs, &mut String::new());
    signs.into_iter().map(|s| s.sign.to_string()).collect()
}

/// A zip of stored members.
fn zip(members: &[(&str, &[u8])], encrypted: bool) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, body) in members {
        let flags = [u8::from(encrypted), 0];
        let sizes = [(body.len() as u32).to_le_bytes(), (body.len() as u32).to_le_bytes()].concat();
        let common = [&flags[..], &[0; 2], &[0; 8], &sizes, &(name.len() as u16).to_le_bytes(), &[0; 2]].concat();
        directory.extend(
            [&b"PK\x01\x02\0\0\0\0"[..], &common, &[0; 10], &(out.len() as u32).to_le_bytes(), name.as_bytes()]
                .concat(),
        );
        out.extend([&b"PK\x03\x04\0\0"[..], &common, name.as_bytes(), body].concat());
    }
    let at = out.len() as u32;
    out.extend(&directory);
    out.extend([&b"PK\x05\x06\0\0\0\0"[..], &[0; 8], &at.to_le_bytes(), &[0; 2]].concat());
    out
}

#[test]
fn attachments_tell_what_they_would_do() {
    let check = |bytes: &[u8], name: &str, expected: &[&str]| {
        assert_eq!(signs(bytes, name, "the password is 1234"), expected, "{name}")
    };
    check(b"plain", "notes.txt", &[]);
    check(b"MZ\x90\0", "setup.exe", &["runs_attachment"]);
    check(b"MZ\x90\0", "invoice.pdf.exe", &["runs_attachment", "disguised"]);
    check(b"\x4c\0\0\0\x01\x14\x02\0", "a.lnk", &["runs_attachment"]);
    check(b"<html><form action='https://kiosque.fr'><input type=password></form>", "a.html", &["html_attachment_form"]);
    check(b"<html><script>document.write(atob('PGI+'))</script>", "a.htm", &["smuggling"]);
    check(b"<svg xmlns='x'><script>location='https://kiosque.fr'</script></svg>", "a.svg", &["html_attachment_form"]);
    check(&zip(&[("a.js", b"x")], false), "a.zip", &["runs_attachment"]);
    check(&zip(&[("a.txt", b"x")], true), "a.zip", &["password_in_body"]);
    check(&zip(&[("b.zip", &zip(&[("c.exe", b"MZ")], false))], false), "a.zip", &["runs_attachment"]);
    let relation = b"<Relationship Id=\"1\" Type=\"x/attachedTemplate\" Target=\"https://kiosque.fr/a.dotm\" TargetMode=\"External\"/>";
    check(
        &zip(&[("[Content_Types].xml", b"x"), ("word/_rels/settings.xml.rels", relation)], false),
        "a.docx",
        &["active_document"],
    );
    check(b"{\\rtf1{\\object\\objupdate{\\*\\objdata 01050000}}}", "a.doc", &["active_document"]);
    check(b"%PDF-1.4\n1 0 obj<</A<</S/URI/URI(https://kiosque.fr/a)>>>>endobj", "a.pdf", &["document_link"]);
    check(
        b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS (app.alert\\(1\\))>>>>endobj",
        "a.pdf",
        &["active_document"],
    );
    check(b"BEGIN:VCALENDAR\r\nDESCRIPTION:https://kiosque.fr/a\r\nEND:VCALENDAR", "a.ics", &["invitation_link"]);
    check(b"[InternetShortcut]\nURL=https://kiosque.fr/\n", "a.url", &["active_document"]);
}

#[test]
fn hostile_archives_end() {
    let mut nested = b"x".to_vec();
    for _ in 0..40 {
        nested = zip(&[("a.zip", &nested)], false);
    }
    signs(&nested, "a.zip", "");
    let many: Vec<(&str, &[u8])> = vec![("a.txt", b"x"); 10_000];
    signs(&zip(&many, false), "a.zip", "");
    for cut in 0..200 {
        let whole = zip(&[("a.js", b"x"), ("b.txt", b"y")], false);
        signs(whole.get(..cut).unwrap_or(&whole), "a.zip", "");
        signs(&[b"%PDF-1.4 /URI(".as_slice(), &vec![b'('; cut]].concat(), "a.pdf", "");
    }
}
