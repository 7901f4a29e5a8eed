//! Documents made here: what an honest writer writes, and what a hostile one does.

use super::*;
use model::Budget;
use std::io::Write;

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).and_then(|()| out.finish()).expect("memory never fails")
}

fn stream(dictionary: &str, body: &[u8]) -> Vec<u8> {
    [b"1 0 obj <<", dictionary.as_bytes(), b">>\nstream\r\n", body, b"\nendstream endobj\n"].concat()
}

/// The document, and what it draws.
fn read_all(bytes: &[u8]) -> (Document, Vec<String>) {
    let mut drawn = Vec::new();
    let document = read(bytes, &Meter::default(), &mut |shown| match shown {
        Shown::Drawing(content) => drawn.push(String::from_utf8_lossy(content).into_owned()),
        Shown::Picture(_) => drawn.push("picture".into()),
    });
    (document, drawn)
}

#[test]
fn links_are_read_however_they_are_written() {
    let check = |bytes: &[u8], expected: &[&str]| {
        let found = read_all(bytes).0.links;
        assert_eq!(
            found.iter().map(String::as_str).collect::<Vec<_>>(),
            expected,
            "{}",
            String::from_utf8_lossy(bytes)
        );
    };
    let link = "https://kiosque.fr/a";
    check(b"%PDF-1.4\n1 0 obj<</A<</S/URI/URI(https://kiosque.fr/a)>>>>endobj", &[link]);
    check(b"/URI (https://kiosque\\056fr/a) /#55#52I <68747470733a2f2f6b2e6672>", &["https://k.fr", link]);
    check(b"<</S/URI/URI 7 0 R>>endobj 7 0 obj (https://kiosque.fr/a)endobj 17 0 obj(no link)", &[link]);
    check(b"/URI 7 0 R /URI (short) /URI (unclosed http://", &[]);
    let objects = b"8 0 7 21 <</S/URI/URI 7 0 R>> (https://kiosque.fr/a)";
    check(&stream("/Type/ObjStm/N 2/First 9/Filter/FlateDecode", &deflated(objects)), &[link]);
    check(&stream("/Type/ObjStm/N 2/First 9/Filter[/Fl /Fl]", &deflated(&deflated(objects))), &[link]);
    // The filter stands elsewhere.
    check(&stream("/Filter 9 0 R", &deflated(b"/URI(https://kiosque.fr/a)")), &[link]);
}

#[test]
fn actions_are_told_by_whole_names() {
    let check = |bytes: &[u8], expected: [bool; 2]| {
        let found = read_all(bytes).0;
        assert_eq!([found.launches, found.scripts], expected, "{}", String::from_utf8_lossy(bytes));
    };
    check(b"<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>", [false, true]);
    check(b"<</Open#41ction<</S/#4aavaScript/JS<00>>>>>", [false, true]);
    check(b"<</S/Launch/F(cmd.exe)>>", [true, false]);
    // A font's name begins so.
    check(b"<</FontName/AAAAAA+Arial/JS(f)/LaunchPad 1>>", [false, false]);
}

#[test]
fn streams_are_unpacked_and_what_they_show_is_told_apart() {
    let length = stream("/Length 12", b"a endstream b");
    assert_eq!(read_all(&length).1, ["a "]);
    let length = stream("/Length 13", b"a endstream b");
    assert_eq!(read_all(&length).1[0], "a endstream b");
    assert_eq!(read_all(&stream("/Subtype/Image", b"x")).1, ["picture"]);
    // A form that uses pictures is none.
    assert_eq!(read_all(&stream("/Subtype/Form/Resources<</ProcSet[/PDF/ImageC]>>", b"x")).1, ["x\n"]);
    assert_eq!(read_all(&stream("/Filter/LZWDecode", b"x")).1, [""; 0]);
}

#[test]
fn hostile_documents_end() {
    let bomb = stream("/Filter/FlateDecode", &deflated(&vec![0; 8 << 20]));
    let meter = Meter::new(Budget { bytes: 1 << 20, ..Budget::default() });
    read(&bomb.repeat(100), &meter, &mut |_| {});
    assert!(meter.exceeded().is_some());
    let deep = [b"1 0 obj <</A ".repeat(2_000), b"<< [".repeat(100_000), b"stream\n".repeat(10)].concat();
    read_all(&deep);
    assert!(read_all(&b"/URI (".repeat(100_000)).0.cut);
    read_all(&b"/URI 7 0 R 7 0 obj ".repeat(50_000));
    let objects = b"8 0 7 21 <</S/URI/URI 7 0 R>> (https://kiosque.fr/a)";
    let whole = stream("/Type/ObjStm/N 2/First 9/Filter[/A85/FlateDecode]/DecodeParms[<</Predictor 12>>]", objects);
    (0..whole.len()).for_each(|cut| drop(read_all(&whole[..cut])));
    (0..whole.len()).for_each(|cut| drop(read_all(&whole[cut..])));
}
