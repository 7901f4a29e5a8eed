//! What evidence is wrapped in, one format at a time.

use formats::pdf::picture::{self, Picture};
use formats::walk::{Found, Opened, Walk, open};
use formats::{Input, Meter};
use model::{Budget, Step};
use std::io::Cursor;

/// Bytes of one file that are compared.
const MOST: usize = 1 << 16;

fn budget() -> Budget {
    Budget { bytes: 16 << 20, items: 200, ..Budget::default() }
}

/// Bytes, and whether nothing in them was damaged.
type Whole = (Vec<u8>, bool);

fn meter() -> Meter {
    Meter::new(budget())
}

fn read(mut input: Input) -> Whole {
    let (mut bytes, _) = input.whole(MOST as u64).expect("memory never fails");
    bytes.truncate(MOST);
    (bytes, input.damage().is_none())
}

fn entered(bytes: &[u8], mut walk: Walk) {
    let budget = budget();
    let whole = || Input::open(Box::new(Cursor::new(bytes.to_vec())), budget.clone()).expect("memory never fails");
    let mut next = Some(Found::File(Box::new(whole()), None));
    let mut files: Vec<(Vec<Step>, Whole)> = Vec::new();
    while let Some(found) = next {
        if let Found::File(input, _) = found {
            let steps = input.steps().to_vec();
            assert!(steps.len() <= budget.depth as usize);
            if let Some(input) = walk.enter(*input).expect("memory never fails") {
                files.push((steps, read(input)));
            }
        }
        next = walk.next();
    }
    assert!(files.len() as u64 <= budget.items.max(1));
    for (steps, (bytes, undamaged)) in files.into_iter().take(8) {
        if undamaged {
            let Ok(Opened::There(input)) = open(whole(), &steps) else { panic!("{steps:?} lead nowhere") };
            assert!(read(*input).0 == bytes);
        }
    }
}

/// Archives within each other, workbooks too.
pub fn walk(bytes: &[u8]) {
    entered(bytes, Walk::default());
    entered(bytes, Walk::with_sheets());
}

fn behind(head: &[u8], bytes: &[u8]) {
    entered(&[head, bytes].concat(), Walk::default());
}

/// Behind a local header.
pub fn zip(bytes: &[u8]) {
    formats::zip::listing(bytes, 100);
    formats::zip::beginning(bytes, 100);
    formats::zip::first(bytes, MOST);
    match bytes.starts_with(b"PK") {
        true => walk(bytes),
        false => behind(b"PK\x03\x04", bytes),
    }
}

/// A block of tar, its magic put where it belongs.
pub fn tar(bytes: &[u8]) {
    let mut tape = bytes.to_vec();
    if let Some(magic) = tape.get_mut(257..262) {
        magic.copy_from_slice(b"ustar");
    }
    entered(&tape, Walk::default());
    // Damage is an error here, which the walk tells.
    let _ = formats::tar::member(&mut &tape[..]);
}

/// 7z. Half the time the fuzzer is spared the checksum of the beginning: what it wrote is the header.
pub fn seven(bytes: &[u8]) {
    if bytes.starts_with(b"7z") {
        return entered(bytes, Walk::default());
    }
    let crc = |bytes: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        crc.sum().to_le_bytes()
    };
    let (offset, size) = ((0u64).to_le_bytes(), (bytes.len() as u64).to_le_bytes());
    let start = [&offset[..], &size, &crc(bytes)].concat();
    entered(&[b"7z\xbc\xaf\x27\x1c\0\x04", &crc(&start)[..], &start, bytes].concat(), Walk::default());
}

/// Both versions; behind a main header.
pub fn rar(bytes: &[u8]) {
    behind(b"Rar!\x1a\x07\x00", bytes);
    behind(b"Rar!\x1a\x07\x01\x00", bytes);
    behind(b"Rar!\x1a\x07\x00\xcf\x90\x73\0\0\x0d\0\0\0\0\0\0\0", bytes);
}

/// A cabinet, of which only what stands in it as it is is read.
pub fn cab(bytes: &[u8]) {
    behind(b"MSCF", bytes);
    formats::archive::read(&[b"MSCF", bytes].concat());
    formats::archive::read(bytes);
}

/// Sectors from the first, and from where ISO and UDF have their descriptors.
pub fn disk(bytes: &[u8]) {
    let behind = [&[0; 0x8000], bytes].concat();
    for bytes in [bytes, &behind] {
        let disk = formats::disk::Disk::new(bytes);
        let found = disk.files();
        found.files.iter().take(20).for_each(|f| assert!(disk.contents(f, MOST).len() <= MOST));
    }
    entered(&behind, Walk::default());
}

/// A compound file, its macros, its workbook, what it says of itself.
pub fn ole(bytes: &[u8]) {
    let behind = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes].concat();
    let bytes = if bytes.starts_with(b"\xd0\xcf\x11\xe0") { bytes } else { &behind };
    if let Some(file) = formats::ole::Ole::new(bytes) {
        file.streams().take(50).for_each(drop);
        file.places().take(50).for_each(|(_, place)| assert!(file.bytes(place, MOST).len() <= MOST));
    }
    formats::ole::macros(bytes);
    entered(bytes, Walk::with_sheets());
    self::about(bytes);
}

/// PDF.
pub fn pdf(bytes: &[u8]) {
    let behind = [b"%PDF-1.7\n", bytes].concat();
    let bytes = if bytes.starts_with(b"%PDF") { bytes } else { &behind };
    let meter = meter();
    formats::pdf::read(bytes, &meter, &mut |shown| match shown {
        formats::pdf::Shown::Picture(stream) => {
            if let Some(Picture::Jpeg2000(bytes)) = picture::read(stream, None, MOST, &meter) {
                drop(picture::jpeg2000(&bytes, MOST, 64, &meter));
            }
        }
        formats::pdf::Shown::Drawing(content) => drop(formats::pdf::drawing::grid(content)),
    });
    formats::pdf::pages::read(bytes, &meter);
    self::about(bytes);
}

/// RTF, packed as Outlook packs it and plain.
pub fn rtf(bytes: &[u8]) {
    formats::rtf::decompress(bytes);
    formats::rtf::body(bytes);
    self::about(&[b"{\\rtf1", bytes].concat());
}

/// TIFF and Exif.
pub fn tiff(bytes: &[u8]) {
    formats::tiff::pages(bytes, MOST, |_, _| None);
    formats::tiff::pages(&[b"II*\0", bytes].concat(), MOST, |_, _| None);
    self::about(&[b"MM\0*", bytes].concat());
    self::about(&[b"\xff\xd8\xff\xe1", bytes].concat());
}

/// A Windows event log, and a block of one where the fuzzer finds no way through headers.
pub fn evtx(bytes: &[u8]) {
    let block = [b"ElfChnk\0".as_slice(), &[0; 32], &128u32.to_le_bytes(), &[0; 468], bytes].concat();
    for bytes in [bytes, &block] {
        formats::evtx::read(&mut &bytes[..], &mut |found| {
            if let formats::evtx::Found::Record(record) = found {
                assert!(record.start + record.len <= bytes.len() as u64);
            }
        })
        .expect("memory never fails to read");
    }
}

/// HTML.
pub fn html(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    formats::html::read(&text);
    formats::entities::decode(&text);
    self::about(&[b"<!DOCTYPE html>", bytes].concat());
}

/// The XML of a document, stored so that nothing has to be unpacked; the first byte says which.
pub fn xml(bytes: &[u8]) {
    const MAIN: [&[&str]; 6] = [
        &["[Content_Types].xml", "_rels/.rels", "word/document.xml"],
        &["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"],
        &["[Content_Types].xml", "ppt/presentation.xml", "ppt/slides/slide1.xml"],
        &["mimetype", "content.xml", "meta.xml"],
        &["[Content_Types].xml", "docProps/core.xml", "docProps/app.xml", "word/_rels/document.xml.rels"],
        &["mimetype", "META-INF/manifest.xml", "content.xml"],
    ];
    let Some((&first, rest)) = bytes.split_first() else { return };
    let names = MAIN[usize::from(first) % MAIN.len()];
    let mut parts = rest.splitn(names.len(), |b| *b == 0);
    let members: Vec<(&str, &[u8])> = names.iter().map(|n| (*n, parts.next().unwrap_or(b""))).collect();
    let whole = crate::made::stored(&members);
    self::about(&whole);
    entered(&whole, Walk::with_sheets());
}

/// What a document says of itself, what it consists of, what it says.
pub fn about(bytes: &[u8]) {
    let meter = meter();
    if let Some(about) = formats::about::read(bytes, &meter) {
        formats::wording::read(bytes, &about, &meter);
    }
    formats::parts::read(bytes, &meter);
    formats::sniff::media(bytes);
}

/// Transfer encodings and charsets; the first byte chooses the charset.
pub fn encoded(bytes: &[u8]) {
    const CHARSETS: [&[u8]; 8] =
        [b"utf-8", b"utf-16", b"utf-16le", b"utf-7", b"iso-2022-jp", b"gb18030", b"big5", b"nothing"];
    const LONGEST: usize = 256;
    let first = bytes.first().copied().unwrap_or_default();
    assert!(formats::transfer::base64(bytes, LONGEST).bytes.len() <= LONGEST);
    assert!(formats::transfer::quoted_printable(bytes, LONGEST).bytes.len() <= LONGEST);
    assert!(formats::transfer::uuencoded(bytes, LONGEST).is_none_or(|u| u.decoded.bytes.len() <= LONGEST));
    formats::transfer::quoted_word(bytes);
    formats::transfer::percent(bytes);
    formats::charset::decode(CHARSETS[usize::from(first) % CHARSETS.len()], bytes);
    formats::charset::eight_bit(bytes);
    formats::strings::runs(bytes, LONGEST);
    let text = String::from_utf8_lossy(bytes);
    formats::about::date::iso(&text);
    formats::about::date::pdf(&text);
    formats::about::date::exif(&text, Some(&text));
}

/// Lines that something wraps; the first byte chooses the beginning.
pub fn wrapped(bytes: &[u8]) {
    const HEADS: [&[u8]; 6] = [
        b"",
        b"{\"log\":\"a\\n\",\"stream\":\"stdout\",\"time\":\"2017-02-14T03:12:00Z\"}\n",
        b"2017-02-14T03:12:00.000000000Z stdout F a\n",
        b"{\"MESSAGE\":\"a\",\"__REALTIME_TIMESTAMP\":\"1490000000000000\",\"_HOSTNAME\":\"a\"}\n",
        b"6 <1>a b",
        b"\x01\0\0\0",
    ];
    let Some((&first, rest)) = bytes.split_first() else { return };
    let whole = [HEADS[usize::from(first) % HEADS.len()], rest].concat();
    let input = Input::open(Box::new(Cursor::new(whole)), budget()).expect("memory never fails");
    read(input);
}
