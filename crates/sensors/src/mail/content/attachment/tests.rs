use super::super::drawn::tests::dark;
use super::super::ideas::LEXICON;
use super::super::links::{Around, Collector};
use super::*;
use crate::names::kernel::Judge;

/// The signs one file gives.
fn signs(bytes: &[u8], name: &str, shown: &str) -> Vec<String> {
    look(bytes, name, shown).0
}

/// The signs one file gives, where it leads, and what it says.
fn look(bytes: &[u8], name: &str, shown: &str) -> (Vec<String>, Vec<String>, String) {
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
    let (mut signs, mut told) = (Vec::new(), String::new());
    all(&message, shown, &mut links, &mut signs, &mut told);
    let links = links.finish().into_iter().map(|l| l.url).collect();
    (signs.into_iter().map(|s| s.sign.to_string()).collect(), links, told)
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
fn documents_are_read_whole() {
    const LINK: &str = "https://kiosque.fr/a";
    let words = "Your renewal: call 555 0100";
    let check = |bytes: &[u8], name: &str, expected: &[&str]| {
        let (signs, links, told) = look(bytes, name, "");
        assert_eq!(
            (signs, links),
            (expected.iter().map(|s| s.to_string()).collect(), vec![LINK.to_string()]),
            "{name}"
        );
        assert!(told.split_whitespace().collect::<Vec<_>>().join(" ").contains(words), "{name}: {told}");
    };
    let types = ("[Content_Types].xml", &b"<Types/>"[..]);
    let relation = format!("<Relationship Id=\"1\" Type=\"x/hyperlink\" Target=\"{LINK}\" TargetMode=\"External\"/>");
    let text = |tag: &str| {
        format!(
            "<x><{tag}:p><{tag}:r><{tag}:t>Your </{tag}:t></{tag}:r><{tag}:t>renewal: call 555 0100</{tag}:t></{tag}:p></x>"
        )
    };
    for (name, part, body) in [
        ("a.docx", "word/document.xml", text("w")),
        ("a.pptx", "ppt/slides/slide1.xml", text("a")),
        ("a.xlsx", "xl/sharedStrings.xml", format!("<sst><si><t>{words}</t></si></sst>")),
        ("a.xlsx", "xl/worksheets/sheet1.xml", format!("<c t=\"inlineStr\"><is><t>{words}</t></is></c>")),
    ] {
        let relations = format!("{}/_rels/b.xml.rels", part.split('/').next().unwrap());
        let whole = zip(&[types, (part, body.as_bytes()), (&relations, relation.as_bytes())], false);
        check(&whole, name, &["document_link"]);
    }
    let content = format!("<text:p>{words} <text:a xlink:href=\"{LINK}\">here</text:a></text:p>");
    let open = [("mimetype", &b"application/vnd.oasis.opendocument.text"[..]), ("content.xml", content.as_bytes())];
    check(&zip(&open, false), "a.odt", &[]);
    let scripted = [&open[..], &[("Basic/Standard/Module1.xml", &b"x"[..])]].concat();
    check(&zip(&scripted, false), "a.odt", &["macro_attachment"]);
    let field = format!("{{\\field{{\\*\\fldinst HYPERLINK \"{LINK}\"}}{{\\fldrslt here}}}}");
    check(format!("{{\\rtf1 {words} {field}}}").as_bytes(), "a.rtf", &["document_link"]);
    let page = format!(
        "%PDF-1.4\n1 0 obj<</Type/Page/Contents 2 0 R/Annots[<</Subtype/Link/A<</S/URI/URI({LINK})>>>>]>>endobj\n\
         2 0 obj<</Length 60>>stream\nBT /F1 12 Tf 72 700 Td ({words}) Tj ET\nendstream endobj\n"
    );
    check(page.as_bytes(), "a.pdf", &["document_link"]);
    let wide: Vec<u8> = format!("{words} {LINK}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let notebook =
        [b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3\0\x01", &wide[..], b"\0\0\0\x01"].concat();
    check(&notebook, "a.one", &["notebook", "document_link"]);
    let coded: String = LINK.chars().map(|c| format!("&#{};", u32::from(c))).collect();
    let drawing = format!("<svg xmlns='x'><a xlink:href=\"{coded}\"><text>{words}</text></a></svg>");
    check(drawing.as_bytes(), "a.svg", &["html_attachment", "document_link"]);
}

#[test]
fn codes_in_scans_and_in_documents_are_read() {
    let at = |x: usize, y: usize| x >= 16 && y >= 16 && dark(x / 4 - 4, y / 4 - 4);
    let rows = (0..136)
        .flat_map(|y| (0..17).map(move |n| (0..8).fold(0, |byte, bit| byte << 1 | u8::from(at(8 * n + bit, y)))));
    let mut scan = b"II*\0\x08\0\0\0\x07\0".to_vec();
    for (tag, value) in
        [(256, 136), (257, 136), (258, 1), (259, 1), (262, 0), (273, 8 + 2 + 7 * 12 + 4), (279, 136 * 17)]
    {
        scan.extend([&(tag as u16).to_le_bytes()[..], &[4, 0, 1, 0, 0, 0], &(value as u32).to_le_bytes()].concat());
    }
    scan.extend([0; 4]);
    scan.extend(rows);
    let document = zip(&[("[Content_Types].xml", b"x"), ("word/media/image1.tiff", &scan)], false);
    for (bytes, name) in [(&scan, "fax.tif"), (&document, "a.docx")] {
        assert_eq!(look(bytes, name, "").1, ["https://kiosque.example/a"], "{name}");
    }
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

#[test]
fn old_documents_say_what_stands_in_their_stream() {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    let text = b"\xec\xa5\xc1\0\x01Your renewal: call 555 0100 https://kiosque.fr/a\x13\x01\0\0\x02";
    std::io::Write::write_all(&mut file.create_stream("WordDocument").unwrap(), text).unwrap();
    let (signs, links, told) = look(&file.into_inner().into_inner(), "a.doc", "");
    assert_eq!((signs, links), (vec!["document_link".to_string()], vec!["https://kiosque.fr/a".to_string()]));
    assert!(told.contains("Your renewal: call 555 0100"));
}
