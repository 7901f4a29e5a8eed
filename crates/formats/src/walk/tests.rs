//! Archives made here, walked through and gone into again.

use super::*;
use model::Budget;
use std::io::{Cursor, Write};

/// A zip archive of stored members; those whose name begins with `!` are encrypted.
fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, body) in members {
        let flags = u8::from(name.starts_with('!'));
        let (at, size) = ((out.len() as u32).to_le_bytes(), (body.len() as u32).to_le_bytes());
        let (length, crc) = ((name.len() as u16).to_le_bytes(), [0; 4]);
        let common = [&[20, 0, flags, 0, 0, 0, 0, 0, 0x21, 0x4a][..], &crc, &size, &size, &length, &[0, 0]].concat();
        out.extend([b"PK\x03\x04", &common[..], name.as_bytes(), body].concat());
        directory.extend([&b"PK\x01\x02\x14\0"[..], &common, &[0; 10], &at, name.as_bytes()].concat());
    }
    let (count, at) = ((members.len() as u16).to_le_bytes(), (out.len() as u32).to_le_bytes());
    let size = (directory.len() as u32).to_le_bytes();
    out.extend([&directory[..], b"PK\x05\x06\0\0\0\0", &count, &count, &size, &at, &[0, 0]].concat());
    out
}

fn tar(members: &[(&str, u8, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, kind, body) in members {
        let mut head = [0; 512];
        head[..name.len()].copy_from_slice(name.as_bytes());
        head[124..135].copy_from_slice(format!("{:011o}", body.len()).as_bytes());
        head[136..147].copy_from_slice(b"13106600000");
        head[156] = *kind;
        head[148..156].fill(b' ');
        head[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = head.iter().map(|b| u32::from(*b)).sum();
        head[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        out.extend(head);
        out.extend_from_slice(body);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).and_then(|()| out.finish()).expect("memory never fails")
}

fn input(bytes: &[u8], budget: Budget) -> Input {
    Input::open(Box::new(Cursor::new(bytes.to_vec())), budget).expect("memory never fails")
}

fn text(input: &mut Input) -> String {
    String::from_utf8_lossy(&input.whole(1 << 20).expect("memory never fails").0).into_owned()
}

/// What is met, as the path to it and its text or why there is none.
fn met(bytes: &[u8], budget: Budget) -> Vec<(Vec<Step>, String)> {
    met_with(Walk::default(), bytes, budget)
}

fn met_with(mut walk: Walk, bytes: &[u8], budget: Budget) -> Vec<(Vec<Step>, String)> {
    let mut out = Vec::new();
    let mut next = Some(Found::File(Box::new(input(bytes, budget)), None));
    while let Some(found) = next {
        match found {
            Found::Skip(steps, skip) => out.push((steps, format!("? {}", skip.reason))),
            Found::File(file, _) => {
                if let Some(mut file) = walk.enter(*file).expect("memory never fails") {
                    out.push((file.steps().to_vec(), text(&mut file)));
                }
            }
        }
        next = walk.next();
    }
    out
}

fn paths(found: &[(Vec<Step>, String)]) -> Vec<(String, &str)> {
    found.iter().map(|(steps, text)| (Step::path(steps), text.as_str())).collect()
}

#[test]
fn members_come_with_their_steps_and_are_found_again() {
    let inner = zip(&[("a", b"first"), ("a", b"second")]);
    let tape =
        tar(&[("folder/", b'5', b""), ("link", b'2', b""), ("b", b'0', &gzip(b"third")), ("in.zip", b'0', &inner)]);
    let bytes = zip(&[("tape.tgz", &gzip(&tape)), ("!locked", b"x"), ("last", b"fourth")]);
    let found = met(&bytes, Budget::default());
    let expected = [
        ("/tape.tgz/link", "? link in an archive, not followed"),
        ("/tape.tgz/b", "third"),
        ("/tape.tgz/in.zip/a", "first"),
        ("/tape.tgz/in.zip/a", "second"),
        ("/!locked", "? encrypted: no password was given"),
        ("/last", "fourth"),
    ];
    assert_eq!(paths(&found), expected.map(|(path, text)| (path.to_string(), text)));
    for (steps, wanted) in found.iter().filter(|(_, text)| !text.starts_with('?')) {
        match open(input(&bytes, Budget::default()), steps).expect("memory never fails") {
            Opened::There(mut file) => assert_eq!(&text(&mut file), wanted),
            _ => panic!("{steps:?} lead nowhere"),
        }
    }
    let elsewhere = [Step::Member(0, "other".into())];
    assert!(matches!(open(input(&bytes, Budget::default()), &elsewhere), Ok(Opened::Nowhere)));
}

#[test]
fn one_budget_bounds_all_that_is_nested() {
    let mut nested = b"x".to_vec();
    for _ in 0..40 {
        nested = zip(&[("a", &nested)]);
    }
    let deep = met(&nested, Budget::default());
    assert_eq!(deep.len(), 1);
    assert_eq!((deep[0].0.len(), deep[0].1.as_str()), (16, "? archives within each other deeper than is read"));
    let many = zip(&[("a", &zip(&[("b", b"1"), ("c", b"2")])), ("d", b"3")]);
    let found = met(&many, Budget { items: 2, ..Budget::default() });
    assert_eq!(paths(&found)[..2], [("/a/b".into(), "1"), ("/a".into(), "? holds more than is opened")]);
    // Two in each of two, fifteen times: few bytes, and members by the power.
    let mut twice = b"x".to_vec();
    for _ in 0..15 {
        twice = zip(&[("a", &twice), ("b", &twice)]);
        twice = gzip(&twice);
    }
    let found = met(&twice, Budget { depth: 64, ..Budget::default() });
    assert_eq!(found.last().map(|(_, t)| t.as_str()), Some("? holds more than is opened"));
    assert!(found.len() < 20_000, "{}", found.len());
    // A tape whose members are said to be longer than it is.
    let mut cut = tar(&[("a", b'0', &[b'x'; 2000])]);
    cut.truncate(1500);
    assert_eq!(
        met(&cut, Budget::default()).last().map(|(_, t)| t.as_str()),
        Some("? archive that is cut short or damaged")
    );
}

#[test]
fn documents_are_no_archives_and_damage_is_told() {
    let document = zip(&[("_rels/.rels", b"x"), ("[Content_Types].xml", b"y")]);
    assert_eq!(met(&document, Budget::default())[0].0, []);
    assert_eq!(met(&gzip(&document), Budget::default())[0].0, [Step::Gzip]);
    let whole = zip(&[("a", b"first"), ("b", b"second")]);
    let cut = met(&whole[..whole.len() - 60], Budget::default());
    assert_eq!(cut[0].1, "? archive whose directory is damaged");
    assert_eq!(paths(&cut)[1..], [("/a".into(), "first"), ("/b".into(), "second")]);
    for end in 0..whole.len() {
        met(&whole[..end], Budget::default());
    }
    let tape = tar(&[("a", b'0', b"first")]);
    (0..tape.len()).step_by(37).for_each(|end| drop(met(&tape[..end], Budget::default())));
}

#[test]
fn an_archive_that_begins_with_a_document_is_held_by_nobody() {
    let document = zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>")]);
    let check = |bytes: &[u8], whole: bool| {
        let (held, back) = super::document(input(bytes, Budget::default())).expect("memory").expect("short");
        assert_eq!(held.as_deref(), whole.then_some(bytes));
        assert_eq!(back.head(), bytes);
    };
    check(&document, true);
    // It lies there as it is: what the first bytes name is in it.
    check(&zip(&[("a.docx", &document), ("b.txt", b"second")]), false);
    // Of what has no directory that can be read nobody knows better.
    check(&document[..document.len() - 8], true);
}

#[test]
fn seven_zip_is_unpacked() {
    // One file `a.txt` of `hello\n`, stored without compression (7zFormat.txt).
    let name: Vec<u8> = "a.txt\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let header =
        [&[1, 4, 6, 0, 1, 9, 6, 0, 7, 11, 1, 0, 1, 1, 0, 12, 6, 0, 8, 0, 0, 5, 1, 17, 13, 0][..], &name, &[0, 0]]
            .concat();
    let crc = |bytes: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        crc.sum().to_le_bytes()
    };
    let start = [&6u64.to_le_bytes()[..], &(header.len() as u64).to_le_bytes(), &crc(&header)].concat();
    let bytes = [b"7z\xbc\xaf\x27\x1c\0\x04", &crc(&start)[..], &start, b"hello\n", &header].concat();
    let found = met(&bytes, Budget::default());
    assert_eq!(paths(&found), [("/a.txt".to_string(), "hello\n")]);
    (0..bytes.len()).for_each(|end| drop(met(&bytes[..end], Budget::default())));
}

#[test]
fn the_sheets_of_a_workbook_are_members_of_who_reads_tables() {
    let sheet = |rows: &str| format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    let first = sheet(r#"<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2"><v>12.0</v></c></row>"#);
    let book = r#"<workbook><sheets><sheet name="One" r:id="r1"/><sheet name="None" r:id="r2"/><sheet name="Lost" r:id="r3"/></sheets></workbook>"#;
    let members: [(&str, &[u8]); 5] = [
        ("[Content_Types].xml", b"x"),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/sharedStrings.xml", b"<sst><si><r><t>a &amp;</t></r><r><t> b</t></r></si></sst>"),
        ("xl/worksheets/sheet1.xml", first.as_bytes()),
        ("xl/worksheets/sheet2.xml", b"<worksheet><sheetData/></worksheet>"),
    ];
    let xlsx = zip(&members);
    // Whoever seals documents sees the document.
    assert_eq!(met(&xlsx, Budget::default())[0].0, []);
    let tape = tar(&[("in.xlsx", b'0', &xlsx)]);
    let found = met_with(Walk::with_sheets(), &tape, Budget::default());
    let lost = "? a sheet that is not there or cannot be unpacked";
    let expected = [("/in.xlsx/One", "\na & b\t\t12\n"), ("/in.xlsx/Lost", lost)];
    assert_eq!(paths(&found), expected.map(|(path, text)| (path.to_string(), text)));
    assert_eq!(found[0].0[1], Step::Sheet(0, "One".into()));
    match open(input(&tape, Budget::default()), &found[0].0).expect("memory never fails") {
        Opened::There(mut file) => assert_eq!(text(&mut file), "\na & b\t\t12\n"),
        _ => panic!("the steps lead nowhere"),
    }
    let empty =
        zip(&[members[0], ("xl/workbook.xml", b"<sheet name='1'/>"), ("xl/worksheets/sheet1.xml", members[4].1)]);
    let found = met_with(Walk::with_sheets(), &empty, Budget::default());
    assert_eq!(paths(&found), [(String::new(), "? workbook without a cell that holds anything")]);
    (0..xlsx.len()).step_by(7).for_each(|end| drop(met_with(Walk::with_sheets(), &xlsx[..end], Budget::default())));
}

#[test]
fn sheets_of_open_document_repeat_what_is_said_once() {
    let content = r#"<office:body><office:spreadsheet><table:table table:name="Un">
        <table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string" table:number-columns-repeated="2"><text:p>a</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="1200"><text:p>1 200</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16000"/></table:table-row>
        <table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
        </table:table></office:spreadsheet></office:body>"#;
    let ods =
        zip(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_bytes())]);
    let found = met_with(Walk::with_sheets(), &ods, Budget::default());
    assert_eq!(paths(&found), [("/Un".to_string(), "a\ta\t1200\na\ta\t1200\n")]);
}

/// Each sheet begins where it begins: none is read for another, and a table in a comment is no sheet.
#[test]
fn many_sheets_of_open_document_are_walked_twice_in_all() {
    let cells = "<table:table-row><table:table-cell><office:annotation><table:table table:name='no'/><text:p>no</text:p></office:annotation><text:p>é@</text:p></table:table-cell></table:table-row>";
    let sheet = |n: usize, cells: &str| format!("<table:table table:name='{n}'>{cells}</table:table>");
    let book = |sheets: &str| {
        zip(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", sheets.as_bytes())])
    };
    let rows = |n: usize| cells.replace('@', &n.to_string()).repeat(200);
    let sheets: String = (0..200).map(|n| sheet(n, &rows(n))).collect();
    let found = met_with(Walk::with_sheets(), &book(&format!("\u{feff}<x>{sheets}</x>")), Budget::default());
    assert_eq!(found.len(), 200);
    assert!(found.iter().enumerate().all(|(n, (_, text))| *text == format!("é{n}\n").repeat(200)));
    // A sheet that its text ends in is told as cut; cells beyond the last column cost nothing, however often they are said.
    let cut = book(&format!("{}<table:table table:name='cut'>{cells}", sheet(0, "")));
    let found = met_with(Walk::with_sheets(), &cut, Budget::default());
    assert_eq!(paths(&found)[1..], [("/cut".to_string(), "? a sheet that is damaged or cut short")]);
    let far = "<table:table-row table:number-rows-repeated='1048576'><table:table-cell table:number-columns-repeated='16384'/><table:table-cell table:number-columns-repeated='1048576'><text:p>x</text:p></table:table-cell></table:table-row>";
    let found = met_with(Walk::with_sheets(), &book(&sheet(0, far)), Budget::default());
    assert_eq!(paths(&found), [("/0".to_string(), "? more cells than are read")]);
}

/// Workbooks that others made: none is an archive of members, and what is no workbook stays whole.
#[test]
fn real_workbooks_are_entered() {
    let root = std::env::var("VIGIE_DATA").unwrap_or_else(|_| "../../../shared/data".into());
    let folder = std::path::Path::new(&root).join("documents/tika-test-documents");
    let Ok(list) = std::fs::read_dir(&folder) else {
        println!("skipped: no shared data at `{root}`");
        return;
    };
    let mut all: Vec<_> = list.flatten().map(|e| e.path()).collect();
    all.sort();
    let (mut texts, mut whole) = (0, 0);
    for path in all {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_string();
        let bytes = std::fs::read(&path).unwrap_or_default();
        let found = met_with(Walk::with_sheets(), &bytes, Budget::default());
        let sheets = found.iter().any(|(steps, _)| matches!(steps.last(), Some(Step::Sheet(..))));
        let office = [".xls", ".xlsx", ".xlsm", ".ods"].iter().any(|e| name.ends_with(e));
        assert!(office || !sheets || name.ends_with(".xltx") || name.ends_with(".xlt"), "{name}");
        texts += usize::from(sheets);
        if [".docx", ".doc", ".msg", ".pptx", ".odt"].iter().any(|e| name.ends_with(e)) && found.len() == 1 {
            whole += usize::from(found[0].0.is_empty() && !found[0].1.starts_with('?'));
        }
    }
    assert!(texts > 40 && whole > 100, "{texts} workbooks, {whole} documents");
}
