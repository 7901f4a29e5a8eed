//! Evidence made of choices that the bytes make: well-formed enough to come past the beginning, lying where it can. A change of
//! one byte changes a choice, not a place in a file.
//!
//! Left out: what a format may say in full; each choice here is one that a reader acts on.

use crate::{formats, readers};
use arbitrary::{Result, Unstructured};
use std::io::{Cursor, Write};

/// Parts of one thing, and levels of things within each other, at most.
const MANY: usize = 8;
const DEEP: u32 = 4;

type Choices<'a, 'b> = &'a mut Unstructured<'b>;

fn of<'c, T: ?Sized>(u: Choices, all: &[&'c T]) -> Result<&'c T> {
    Ok(*u.choose(all)?)
}

/// Short text: mostly one of those given, sometimes anything.
fn word(u: Choices, all: &[&str]) -> Result<String> {
    match u.ratio(1, 8)? {
        true => Ok(String::from_utf8_lossy(some(u, 40)?).into_owned()),
        false => Ok(of(u, all)?.to_string()),
    }
}

/// Some of the bytes, at most so many.
fn some<'b>(u: &mut Unstructured<'b>, most: usize) -> Result<&'b [u8]> {
    let n = u.int_in_range(0..=most.min(u.len()))?;
    u.bytes(n)
}

/// A number: mostly the true one, sometimes one that lies.
fn lie(u: Choices, truth: usize) -> Result<u32> {
    let truth = truth as u32;
    Ok(match u.int_in_range(0..=15)? {
        0 => u32::MAX,
        1 => 0,
        2 => truth.wrapping_add(1),
        3 => truth.wrapping_sub(1),
        4 => 0x7fff_ffff,
        5 => u.arbitrary()?,
        _ => truth,
    })
}

fn deflated(bytes: &[u8], zlib: bool) -> Vec<u8> {
    let level = flate2::Compression::fast();
    match zlib {
        true => {
            let mut out = flate2::write::ZlibEncoder::new(Vec::new(), level);
            out.write_all(bytes).and_then(|()| out.finish())
        }
        false => {
            let mut out = flate2::write::DeflateEncoder::new(Vec::new(), level);
            out.write_all(bytes).and_then(|()| out.finish())
        }
    }
    .expect("memory never fails")
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// A member of an archive: its name, how it is packed, its bytes as stored, what is said of it.
struct Member<'m> {
    name: &'m str,
    method: u16,
    flags: u16,
    stored: Vec<u8>,
    crc: u32,
    sizes: [u32; 2],
    /// Where its header is said to be; none: where it is.
    place: Option<u32>,
}

fn archive(members: &[Member]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for m in members {
        let place = m.place.unwrap_or(out.len() as u32);
        let mut shared = Vec::new();
        for n in [20, m.flags, m.method, 0x6000, 0x4a94] {
            shared.extend(n.to_le_bytes());
        }
        for n in [m.crc, m.sizes[0], m.sizes[1]] {
            shared.extend(n.to_le_bytes());
        }
        shared.extend((m.name.len() as u16).to_le_bytes());
        shared.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&shared);
        out.extend(m.name.as_bytes());
        out.extend(&m.stored);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&shared);
        directory.extend([0; 10]);
        directory.extend(place.to_le_bytes());
        directory.extend(m.name.as_bytes());
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        out.extend((members.len() as u16).to_le_bytes());
    }
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// A zip that says the truth and packs nothing.
pub fn stored(members: &[(&str, &[u8])]) -> Vec<u8> {
    let members = members.iter().map(|(name, bytes)| Member {
        name,
        method: 0,
        flags: 0,
        stored: bytes.to_vec(),
        crc: crc(bytes),
        sizes: [bytes.len() as u32; 2],
        place: None,
    });
    archive(&members.collect::<Vec<_>>())
}

fn zipped(u: Choices, deep: u32) -> Result<Vec<u8>> {
    const NAMES: [&str; 22] = [
        "[Content_Types].xml",
        "_rels/.rels",
        "word/document.xml",
        "word/comments.xml",
        "word/_rels/document.xml.rels",
        "word/vbaProject.bin",
        "docProps/core.xml",
        "docProps/app.xml",
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/_rels/workbook.xml.rels",
        "ppt/slides/slide1.xml",
        "mimetype",
        "META-INF/manifest.xml",
        "content.xml",
        "meta.xml",
        "a.log",
        "b.zip",
        "../../etc/passwd",
        "folder/",
        "a.eml",
    ];
    let count = u.int_in_range(0..=MANY)?;
    let names: Vec<String> = (0..count).map(|_| word(u, &NAMES)).collect::<Result<_>>()?;
    let mut members = Vec::new();
    for name in &names {
        let bytes = match u.int_in_range(0..=4)? {
            0 if deep > 0 => zipped(u, deep - 1)?,
            1 => markup(u)?.into_bytes(),
            _ => some(u, 400)?.to_vec(),
        };
        let method = of(u, &[&8u16, &8, &0, &0, &12, &14, &93, &99])?;
        let packed = if *method == 8 { deflated(&bytes, false) } else { bytes.clone() };
        members.push(Member {
            name,
            method: *method,
            flags: *of(u, &[&0u16, &0, &0, &8, &1, &0x800, &0xffff])?,
            crc: lie(u, crc(&bytes) as usize)?,
            sizes: [lie(u, packed.len())?, lie(u, bytes.len())?],
            place: u.ratio(1, 16)?.then(|| lie(u, 0)).transpose()?,
            stored: packed,
        });
    }
    Ok(archive(&members))
}

/// Elements that readers of Office and OpenDocument know.
fn markup(u: Choices) -> Result<String> {
    const TAGS: [&str; 26] = [
        "w:document",
        "w:body",
        "w:p",
        "w:r",
        "w:t",
        "w:ins w:author=\"a\" w:date=\"2017-04-20T08:00:00Z\"",
        "w:del",
        "w:tbl",
        "w:tr",
        "w:tc",
        "worksheet",
        "sheetData",
        "row r=\"9\"",
        "c r=\"ZZZ9\" t=\"s\"",
        "c r=\"A1\"",
        "v",
        "f",
        "si",
        "t",
        "sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"",
        "Relationship Id=\"rId1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"",
        "table:table table:name=\"a\"",
        "table:table-row table:number-rows-repeated=\"1048576\"",
        "table:table-cell table:number-columns-repeated=\"16384\"",
        "text:p",
        "dc:creator",
    ];
    let (mut out, mut open) = (String::from("<?xml version=\"1.0\"?>"), Vec::new());
    for _ in 0..u.int_in_range(0..=60)? {
        match u.int_in_range(0..=4)? {
            0 => out += &open.pop().map(|tag| format!("</{tag}>")).unwrap_or_default(),
            1 => out += &word(u, &["0", "1", "a text", "&amp;", "&#0;", "&lol;", "<!--", "]]>", "1e309", "-1"])?,
            2 => out += &format!("<{}/>", of(u, &TAGS)?),
            _ => {
                let tag = of(u, &TAGS)?;
                out += &format!("<{tag}>");
                open.push(tag.split(' ').next().unwrap_or(tag));
            }
        }
    }
    while let Some(tag) = open.pop().filter(|_| !u.is_empty()) {
        out += &format!("</{tag}>");
    }
    Ok(out)
}

/// An archive; also as a document and as a workbook.
pub fn zip(bytes: &[u8]) {
    if let Ok(made) = zipped(&mut Unstructured::new(bytes), DEEP) {
        formats::walk(&made);
        formats::about(&made);
    }
}

fn letter(u: Choices, deep: u32) -> Result<Vec<u8>> {
    const FIELDS: [&str; 22] = [
        "From",
        "To",
        "Cc",
        "Reply-To",
        "Return-Path",
        "Sender",
        "Subject",
        "Date",
        "Message-ID",
        "Received",
        "Authentication-Results",
        "DKIM-Signature",
        "ARC-Seal",
        "ARC-Message-Signature",
        "Received-SPF",
        "List-Id",
        "X-Mailer",
        "X-Originating-IP",
        "In-Reply-To",
        "References",
        "MIME-Version",
        "Content-Type",
    ];
    const VALUES: [&str; 24] = [
        "a@kiosque.example",
        "\"Kiosque\" <x@kiosqve.example>",
        "=?utf-8?B?w6k=?= <a@b.example>",
        "=?utf-8?Q?=E9=?= =?x?Q?a?=",
        "g: a@b.example, c@d.example;",
        "<>",
        "a(b(c))d@e.example",
        "Thu, 20 Apr 2017 08:00:00 +0000",
        "Thu, 32 Foo 99999 25:61:61 -9999",
        "<1@x.example>",
        "from a (b [192.0.2.1]) by mx.example (envelope-from <a@b.example>); Thu, 20 Apr 2017 08:00:00 +0000",
        "mx.example 1; spf=pass smtp.mailfrom=a@b.example; dkim=fail header.d=b.example; dmarc=none",
        "v=1; a=rsa-sha256; c=relaxed/simple; d=b.example; s=s; h=from:to; bh=AAAA; b=AA==; l=99999999999",
        "i=1; cv=none; a=rsa-sha256; d=b.example; s=s; b=AA==",
        "pass (x)",
        "1.0",
        "multipart/mixed; boundary=b",
        "multipart/report; report-type=delivery-status; boundary=\"b\"",
        "message/rfc822",
        "text/html; charset=utf-7",
        "text/plain; charset=\"\"",
        "application/octet-stream; name*0*=utf-8''%41; name*1=.exe",
        "Réponse : urgent",
        "",
    ];
    let end: &str = of(u, &["\r\n", "\n", "\r\n", "\n", "\r"])?;
    let mut out = Vec::new();
    if deep == DEEP && u.ratio(1, 4)? {
        out.extend(b"From x Thu Apr 20 08:00:00 2017\n");
    }
    for _ in 0..u.int_in_range(0..=MANY)? {
        let fold = if u.ratio(1, 8)? { format!("{end}\t") } else { String::new() };
        let (field, value) = (word(u, &FIELDS)?, word(u, &VALUES)?);
        out.extend(format!("{field}:{fold} {value}{end}").bytes());
    }
    part(u, deep, end, &mut out)?;
    Ok(out)
}

fn part(u: Choices, deep: u32, end: &str, out: &mut Vec<u8>) -> Result<()> {
    const KINDS: [&str; 14] = [
        "text/plain",
        "text/html; charset=iso-8859-1",
        "text/html",
        "application/pdf; name=a.pdf",
        "application/zip; name=\"a.zip\"",
        "application/ms-tnef; name=winmail.dat",
        "image/png",
        "message/delivery-status",
        "text/calendar; method=REQUEST",
        "application/x-msdownload; name=a.exe",
        "message/partial; id=a; number=1; total=9",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "text/rfc822-headers",
        "message/feedback-report",
    ];
    let nested = deep > 0 && u.ratio(1, 2)?;
    if nested && u.ratio(1, 3)? {
        out.extend(format!("Content-Type: message/rfc822{end}{end}").bytes());
        out.extend(letter(u, deep - 1)?);
        return Ok(());
    }
    if nested {
        let boundary = word(u, &["b", "b", "bb", "-", "a b", "\"", "b--"])?;
        let kind: &str = of(u, &["mixed", "alternative", "related", "signed", "report", "x"])?;
        out.extend(format!("Content-Type: multipart/{kind}; boundary=\"{boundary}\"{end}{end}").bytes());
        for _ in 0..u.int_in_range(0..=4)? {
            out.extend(format!("{end}--{boundary}{end}").bytes());
            part(u, deep - 1, end, out)?;
        }
        if u.ratio(3, 4)? {
            out.extend(format!("{end}--{boundary}--{end}").bytes());
        }
        return Ok(());
    }
    let encoding: &str = of(u, &["7bit", "base64", "quoted-printable", "x-uuencode", "8bit", "binary", "base64"])?;
    let kind = word(u, &KINDS)?;
    let held: &str =
        of(u, &["inline", "attachment; filename=a.docm", "attachment; filename*=utf-8''%e2%80%aegnp.exe", "x"])?;
    let head = format!(
        "Content-Type: {kind}{end}Content-Transfer-Encoding: {encoding}{end}Content-Disposition: {held}{end}{end}"
    );
    out.extend(head.bytes());
    let body = match u.int_in_range(0..=5)? {
        0 => zipped(u, 1)?,
        1 => document(u)?,
        2 => compound(u)?,
        3 => {
            const BITS: [&str; 8] = [
                "<a href=\"http://kiosqve.example/login\">https://kiosque.example</a>",
                "<form action=http://192.0.2.1/>",
                "<input type=password>",
                "<img src=cid:a>",
                "<style>p{display:none}</style>",
                "mot de passe",
                "<div>",
                "&#x202e;",
            ];
            let mut text = String::new();
            for _ in 0..u.int_in_range(0..=12)? {
                text += &word(u, &BITS)?;
            }
            text.into_bytes()
        }
        _ => some(u, 300)?.to_vec(),
    };
    match encoding {
        "base64" => out.extend(base64(&body, end).bytes()),
        _ => out.extend(body),
    }
    Ok(())
}

fn base64(bytes: &[u8], end: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for (n, three) in bytes.chunks(3).enumerate() {
        if n > 0 && n % 19 == 0 {
            out += end;
        }
        let all = three.iter().fold(0u32, |all, b| all << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        let digit = |n: usize| char::from(DIGITS[(all >> (18 - 6 * n)) as usize & 63]);
        out.extend((0..4).map(|n| if n <= three.len() { digit(n) } else { '=' }));
    }
    out
}

/// A message.
pub fn mail(bytes: &[u8]) {
    if let Ok(made) = letter(&mut Unstructured::new(bytes), DEEP) {
        readers::one("mail", &made);
    }
}

fn compound(u: Choices) -> Result<Vec<u8>> {
    const NAMES: [&str; 18] = [
        "/WordDocument",
        "/1Table",
        "/0Table",
        "/Workbook",
        "/Book",
        "/PowerPoint Document",
        "/\u{5}SummaryInformation",
        "/\u{5}DocumentSummaryInformation",
        "/EncryptedPackage",
        "/Macros",
        "/Macros/VBA",
        "/Macros/VBA/dir",
        "/Macros/VBA/ThisDocument",
        "/__properties_version1.0",
        "/__substg1.0_0037001F",
        "/__substg1.0_1000001F",
        "/__attach_version1.0_#00000000",
        "/__attach_version1.0_#00000000/__substg1.0_37010102",
    ];
    let version = if u.ratio(1, 4)? { cfb::Version::V4 } else { cfb::Version::V3 };
    let mut file =
        cfb::CompoundFile::create_with_version(version, Cursor::new(Vec::new())).expect("memory never fails");
    for _ in 0..u.int_in_range(0..=MANY)? {
        let name = of(u, &NAMES)?;
        if u.ratio(1, 6)? {
            let _ = file.create_storage_all(name);
            continue;
        }
        let body = match u.int_in_range(0..=4)? {
            0 => {
                [&[0xfe, 0xff, 0, 0, 5, 1, 2, 0][..], &[0; 16], &[1, 0, 0, 0], &[0; 16], &[48, 0, 0, 0], some(u, 300)?]
                    .concat()
            }
            1 => [&[0xec, 0xa5, 0xc1, 0][..], &[0; 6], some(u, 400)?, &[0; 300]].concat(),
            2 => [&[9, 8, 16, 0, 0, 6, 5, 0][..], some(u, 400)?].concat(),
            3 => vec![u.arbitrary()?; u.int_in_range(0..=9000)?],
            _ => some(u, 300)?.to_vec(),
        };
        if let Ok(mut stream) = file.create_stream(name) {
            let _ = stream.write_all(&body);
        }
    }
    let _ = file.flush();
    let mut out = file.into_inner().into_inner();
    for _ in 0..u.int_in_range(0..=6)? {
        let at = u.int_in_range(0..=out.len().saturating_sub(4))?;
        let lie = lie(u, 1)?.to_le_bytes();
        out[at..at + 4].copy_from_slice(&lie);
    }
    Ok(out)
}

/// A compound file.
pub fn ole(bytes: &[u8]) {
    if let Ok(made) = compound(&mut Unstructured::new(bytes)) {
        formats::ole(&made);
        readers::one("documents", &made);
        if made.len() < 20_000 {
            readers::one("mail", &made);
        }
    }
}

fn object(u: Choices, deep: u32) -> Result<String> {
    const KEYS: [&str; 34] = [
        "Type",
        "Kids",
        "Parent",
        "Pages",
        "Contents",
        "Resources",
        "Font",
        "XObject",
        "Subtype",
        "Filter",
        "DecodeParms",
        "Length",
        "Width",
        "Height",
        "BitsPerComponent",
        "ColorSpace",
        "OpenAction",
        "AA",
        "S",
        "JS",
        "URI",
        "A",
        "Annots",
        "Names",
        "EmbeddedFiles",
        "EF",
        "F",
        "ToUnicode",
        "Encoding",
        "Info",
        "Metadata",
        "Encrypt",
        "W",
        "Index",
    ];
    const ATOMS: [&str; 34] = [
        "/Catalog",
        "/Pages",
        "/Page",
        "/Image",
        "/Form",
        "/Link",
        "/FlateDecode",
        "/LZWDecode",
        "/ASCIIHexDecode",
        "/ASCII85Decode",
        "/RunLengthDecode",
        "/CCITTFaxDecode",
        "/DCTDecode",
        "/JBIG2Decode",
        "/DeviceGray",
        "/Indexed",
        "/JavaScript",
        "/URI",
        "/Launch",
        "/ObjStm",
        "/XRef",
        "0",
        "1",
        "-1",
        "8",
        "99999999999",
        "true",
        "null",
        "(a\\)b)",
        "<41>",
        "(D:20170420080000+01'00')",
        "(https://kiosqve.example/)",
        "1.5",
        "/Type0",
    ];
    Ok(match u.int_in_range(0..=5)? {
        0 if deep > 0 => {
            let mut out = String::from("<<");
            for _ in 0..u.int_in_range(0..=MANY)? {
                out += &format!("/{} {} ", of(u, &KEYS)?, object(u, deep - 1)?);
            }
            out + ">>"
        }
        1 if deep > 0 => {
            let mut out = String::from("[");
            for _ in 0..u.int_in_range(0..=MANY)? {
                out += &(object(u, deep - 1)? + " ");
            }
            out + "]"
        }
        2 => format!("{} 0 R", u.int_in_range(0..=9)?),
        _ => word(u, &ATOMS)?,
    })
}

fn document(u: Choices) -> Result<Vec<u8>> {
    const DRAWN: [&str; 14] = [
        "BT",
        "ET",
        "/F1 12 Tf",
        "(text) Tj",
        "[(a) -200 (b)] TJ",
        "0 0 10 10 re",
        "f",
        "q",
        "Q",
        "/Im1 Do",
        "1 0 0 1 0 0 cm",
        "BI /W 9 /H 9 ID xx EI",
        "0 g",
        "Td",
    ];
    let mut out = b"%PDF-1.7\n".to_vec();
    let count = u.int_in_range(1..=9)?;
    let mut places = Vec::new();
    for n in 1..=count {
        places.push(out.len());
        let mut said = match n {
            1 => format!("/Type/Catalog/Pages 2 0 R/OpenAction {}", object(u, 2)?),
            2 => "/Type/Pages/Kids[3 0 R]/Count 1".to_string(),
            3 => "/Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</Im1 6 0 R>>>>"
                .to_string(),
            _ => String::new(),
        };
        for _ in 0..u.int_in_range(0..=3)? {
            said += &format!(
                " /{} {}",
                word(u, &["Annots", "Length", "Filter", "Type", "Width", "Height", "Subtype", "First", "N"])?,
                object(u, 2)?
            );
        }
        out.extend(format!("{n} 0 obj\n").bytes());
        if n <= 3 || u.ratio(1, 3)? {
            out.extend(format!("<<{said}>>\nendobj\n").bytes());
            continue;
        }
        let mut body = Vec::new();
        match u.ratio(1, 2)? {
            true => {
                for _ in 0..u.int_in_range(0..=20)? {
                    body.extend((word(u, &DRAWN)? + "\n").bytes());
                }
            }
            false => body.extend(some(u, 200)?),
        }
        let mut filter = "";
        if u.ratio(1, 2)? {
            (body, filter) = (deflated(&body, true), "/Filter/FlateDecode");
        }
        let length = lie(u, body.len())?;
        out.extend(format!("<</Length {length}{filter}{said}>>\nstream\n").bytes());
        out.extend(body);
        out.extend(b"\nendstream\nendobj\n");
    }
    let start = out.len();
    if u.ratio(1, 2)? {
        out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", count + 1).bytes());
        for place in places {
            out.extend(format!("{:010} 00000 n \n", lie(u, place)?).bytes());
        }
    }
    out.extend(
        format!(
            "trailer\n<</Root 1 0 R/Size {} {}>>\nstartxref\n{}\n%%EOF\n",
            count + 1,
            word(u, &["", "/Encrypt 4 0 R", "/Prev 9", "/Info 4 0 R"])?,
            lie(u, start)?
        )
        .bytes(),
    );
    Ok(out)
}

/// A PDF.
pub fn pdf(bytes: &[u8]) {
    if let Ok(made) = document(&mut Unstructured::new(bytes)) {
        formats::pdf(&made);
        readers::one("documents", &made);
    }
}

/// Values in which readers see more than text.
const VALUES: [&str; 30] = [
    "",
    "0",
    "1",
    "12",
    "-1",
    "1e309",
    "2017-05-05 10:00:00",
    "2017-05-05T10:00:00Z",
    "05/05/2017 10:00",
    "1490000000",
    "1490000000000",
    "true",
    "https://x.example/1",
    "https://kiosqve.example/login",
    "a@kiosque.example",
    "192.0.2.1",
    "2001:db8::1",
    "kiosqve.example",
    "un texte que tous copient mot pour mot",
    "RT @a: text #b",
    "=cmd|'/c calc'!A1",
    "MailItemsAccessed",
    "UserLoggedIn",
    "Paris",
    "Bureau 1",
    "Voix",
    "75056",
    "\u{202e}x",
    "GET",
    "12,5 %",
];

/// A table: heads that one of the readers knows, rows of values.
fn table(u: Choices) -> Result<Vec<u8>> {
    const HEADS: [&str; 44] = [
        "id",
        "author",
        "text",
        "url",
        "created_at",
        "object_id",
        "account_id",
        "content_id",
        "timestamp",
        "urls",
        "repost_id",
        "image_hash",
        "domain",
        "registrar",
        "name",
        "CreationTime",
        "UserId",
        "Operation",
        "ClientIP",
        "AuditData",
        "Date (UTC)",
        "User",
        "IP address",
        "Location",
        "Status",
        "Actor",
        "Event",
        "Code du département",
        "Code commune",
        "Libellé",
        "Inscrits",
        "Votants",
        "Exprimés",
        "Abstentions",
        "Blancs",
        "Nuls",
        "Nom",
        "Prénom",
        "Voix",
        "% Voix/Exp",
        "precinct",
        "candidate",
        "votes",
        "county",
    ];
    let comma: &str = of(u, &[",", ";", "\t", ",", ";", "|"])?;
    let end: &str = of(u, &["\n", "\r\n"])?;
    let width = u.int_in_range(1..=12)?;
    let mut out = String::from(*u.choose(&["", "", "\u{feff}", "Titre\n\n", "sep=;\n"])?);
    for row in 0..u.int_in_range(1..=40)? {
        for column in 0..width {
            let cell = if row == 0 { word(u, &HEADS)? } else { word(u, &VALUES)? };
            let quoted = u.ratio(1, 6)?;
            out += if column == 0 { "" } else { comma };
            match quoted {
                true => out += &format!("\"{}\"", if u.ratio(7, 8)? { cell.replace('"', "\"\"") } else { cell }),
                false => out += &cell,
            }
        }
        out += end;
    }
    Ok(out.into_bytes())
}

/// Which reader is tried beside the surest one.
fn tried(u: Choices) -> Result<&'static str> {
    of(u, &["posts", "station_minutes", "sign_in", "names", "web_log", "auth_log", "reach"])
}

/// A table.
pub fn csv(bytes: &[u8]) {
    let mut u = Unstructured::new(bytes);
    if let Ok(reader) = tried(&mut u)
        && let Ok(made) = table(&mut u)
    {
        readers::one(reader, &made);
    }
}

fn value(u: Choices, deep: u32, out: &mut String) -> Result<()> {
    const KEYS: [&str; 62] = [
        "id",
        "id_str",
        "type",
        "objects",
        "pattern",
        "value",
        "text",
        "full_text",
        "user",
        "screen_name",
        "created_at",
        "author_id",
        "account",
        "acct",
        "content",
        "data",
        "orderedItems",
        "messages",
        "from_id",
        "date",
        "ts",
        "request",
        "remote_ip",
        "method",
        "host",
        "uri",
        "status",
        "size",
        "MESSAGE",
        "__REALTIME_TIMESTAMP",
        "CreationTime",
        "Operation",
        "UserId",
        "ClientIP",
        "AuditData",
        "Parameters",
        "Name",
        "Value",
        "records",
        "items",
        "events",
        "parameters",
        "actor",
        "email",
        "ipAddress",
        "eventType",
        "domain",
        "ldhName",
        "entities",
        "vcardArray",
        "Event",
        "Attribute",
        "category",
        "vigie",
        "took_ms",
        "rows",
        "candidate",
        "votes",
        "areas",
        "name",
        "policies",
        "summary",
    ];
    match u.int_in_range(0..=7)? {
        0..=2 if deep > 0 => {
            *out += "{";
            for n in 0..u.int_in_range(0..=MANY)? {
                *out += if n > 0 { "," } else { "" };
                *out += &format!("\"{}\":", of(u, &KEYS)?);
                value(u, deep - 1, out)?;
            }
            *out += "}";
        }
        3 if deep > 0 => {
            *out += "[";
            for n in 0..u.int_in_range(0..=MANY)? {
                *out += if n > 0 { "," } else { "" };
                value(u, deep - 1, out)?;
            }
            *out += "]";
        }
        4 => *out += of(u, &["0", "1", "-1", "1e400", "1490000000", "true", "null", "0.5", "18446744073709551616"])?,
        5 => {
            const KINDS: [&str; 12] = [
                "bundle",
                "indicator",
                "[domain-name:value = 'kiosqve.example']",
                "Create",
                "Note",
                "public_channel",
                "message",
                "probe",
                "Fri May 05 22:10:00 +0000 2017",
                "{\\\"Operation\\\":\\\"New-InboxRule\\\"}",
                "\\ud83d",
                "\\u0000",
            ];
            *out += &format!("\"{}\"", of(u, &KINDS)?);
        }
        _ => {
            let text = word(u, &VALUES)?;
            let safe = text.replace('\\', "\\\\").replace('"', "\\\"");
            *out += &format!("\"{}\"", safe.replace(|c: char| c < ' ', " "));
        }
    }
    Ok(())
}

/// One object, an array, or an object a line.
pub fn json(bytes: &[u8]) {
    let mut u = Unstructured::new(bytes);
    let Ok(reader) = tried(&mut u) else { return };
    let mut out = String::new();
    for _ in 0..u.int_in_range(1..=6).unwrap_or(1) {
        if value(&mut u, 6, &mut out).is_err() {
            break;
        }
        out += "\n";
    }
    readers::one(reader, out.as_bytes());
}
