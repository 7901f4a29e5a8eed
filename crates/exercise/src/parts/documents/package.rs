//! Files as programs write them, from what they say: zip, Office Open XML, PDF, PNG, torrents. Just what a program of the
//! day writes, with times that are given; the same input gives the same bytes.

use flate2::write::{DeflateEncoder, ZlibEncoder};
use flate2::{Compression, Crc};
use jiff::tz::TimeZone;
use model::Time;
use std::io::Write;

/// Members with the wall-clock time each has, as zip keeps it; the first of 1980 where none is given.
pub(super) type Members<'m> = &'m [(&'m str, &'m [u8], Option<i64>)];

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::new(6));
    // A vector takes all that is written into it.
    let _ = packer.write_all(bytes);
    packer.finish().unwrap_or_default()
}

/// Time and date of MS-DOS, as the clock on the packer's wall shows them.
fn dos(at: Option<i64>, zone: &TimeZone) -> [u8; 4] {
    let Some(at) = at else { return [0, 0, 0x21, 0] };
    let z = Time::from_seconds(at).in_zone(zone);
    let time = (z.hour() as u16) << 11 | (z.minute() as u16) << 5 | ((z.second() as u16) / 2);
    let date = (z.year() as u16).saturating_sub(1980) << 9 | (z.month() as u16) << 5 | z.day() as u16;
    [time.to_le_bytes(), date.to_le_bytes()].concat().try_into().unwrap_or_default()
}

/// A zip archive; `host` is the byte of the system that packed it (0 MS-DOS and Windows, 3 Unix).
pub(super) fn zip(members: Members, zone: &TimeZone, host: u8) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes, at) in members {
        let packed = deflated(bytes);
        let at_byte = (out.len() as u32).to_le_bytes();
        let mut head = vec![20, 0, 0, 8, 8, 0];
        head.extend(dos(*at, zone));
        head.extend(checksum(bytes).to_le_bytes());
        head.extend((packed.len() as u32).to_le_bytes());
        head.extend((bytes.len() as u32).to_le_bytes());
        head.extend((name.len() as u16).to_le_bytes());
        head.extend([0, 0]);
        out.extend([&b"PK\x03\x04"[..], &head, name.as_bytes(), &packed].concat());
        directory.extend([&b"PK\x01\x02"[..], &[20, host], &head, &[0; 10], &at_byte, name.as_bytes()].concat());
    }
    let (count, begin) = ((members.len() as u16).to_le_bytes(), (out.len() as u32).to_le_bytes());
    let length = (directory.len() as u32).to_le_bytes();
    out.extend(directory);
    out.extend([&b"PK\x05\x06"[..], &[0; 4], &count, &count, &length, &begin, &[0, 0]].concat());
    out
}

/// What a document says of itself.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Properties {
    pub(super) author: String,
    pub(super) saved_by: String,
    pub(super) company: String,
    pub(super) language: &'static str,
    pub(super) created: i64,
    pub(super) modified: i64,
    /// The family of revisions.
    pub(super) root: u32,
    /// A change that was tracked: who, and the offset of his clock in seconds.
    pub(super) tracked: Option<(String, i64)>,
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const S: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const P: &str = "http://schemas.openxmlformats.org/package/2006";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn core(said: &Properties) -> String {
    format!(
        "{XML}<cp:coreProperties xmlns:cp=\"{P}/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <dc:creator>{}</dc:creator><cp:lastModifiedBy>{}</cp:lastModifiedBy>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{}</dcterms:created>\
         <dcterms:modified xsi:type=\"dcterms:W3CDTF\">{}</dcterms:modified></cp:coreProperties>",
        escaped(&said.author),
        escaped(&said.saved_by),
        Time::from_seconds(said.created),
        Time::from_seconds(said.modified)
    )
}

fn app(said: &Properties, program: &str) -> String {
    format!(
        "{XML}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">\
         <Application>{program}</Application><Company>{}</Company><AppVersion>15.0000</AppVersion></Properties>",
        escaped(&said.company)
    )
}

fn package(kind: &str, main: &str, parts: &[(&str, String)], program: &str, said: &Properties) -> Vec<u8> {
    let types: String = parts
        .iter()
        .map(|(name, _)| {
            let of = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".xml");
            let of = match of {
                "document" => "wordprocessingml.document.main",
                "settings" => "wordprocessingml.settings",
                "workbook" => "spreadsheetml.sheet.main",
                "sharedStrings" => "spreadsheetml.sharedStrings",
                _ => "spreadsheetml.worksheet",
            };
            format!(
                "<Override PartName=\"/{name}\" ContentType=\"application/vnd.openxmlformats-officedocument.{of}+xml\"/>"
            )
        })
        .collect();
    let types = format!(
        "{XML}<Types xmlns=\"{P}/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
         ContentType=\"application/xml\"/>{types}</Types>"
    );
    let relations = format!(
        "{XML}<Relationships xmlns=\"{P}/relationships\"><Relationship Id=\"rId1\" Type=\"{R}/officeDocument\" \
         Target=\"{main}\"/><Relationship Id=\"rId2\" Type=\"{P}/relationships/metadata/core-properties\" \
         Target=\"docProps/core.xml\"/><Relationship Id=\"rId3\" Type=\"{R}/extended-properties\" \
         Target=\"docProps/app.xml\"/></Relationships>"
    );
    let inner: String = parts
        .iter()
        .skip(1)
        .enumerate()
        .map(|(n, (name, _))| {
            let file = name.split_once('/').map_or(*name, |(_, rest)| rest);
            let of = match file.trim_end_matches(".xml") {
                "settings" => "settings",
                "sharedStrings" => "sharedStrings",
                _ => "worksheet",
            };
            format!("<Relationship Id=\"rId{}\" Type=\"{R}/{of}\" Target=\"{file}\"/>", n + 1)
        })
        .collect();
    let inner = format!("{XML}<Relationships xmlns=\"{P}/relationships\">{inner}</Relationships>");
    let inner_name = format!("{kind}/_rels/{}.rels", main.rsplit('/').next().unwrap_or(main));
    let (core, app) = (core(said), app(said, program));
    let mut members: Vec<(&str, &[u8], Option<i64>)> =
        vec![("[Content_Types].xml", types.as_bytes(), None), ("_rels/.rels", relations.as_bytes(), None)];
    members.push((&inner_name, inner.as_bytes(), None));
    members.extend(parts.iter().map(|(name, text)| (*name, text.as_bytes(), None)));
    members.push(("docProps/core.xml", core.as_bytes(), None));
    members.push(("docProps/app.xml", app.as_bytes(), None));
    zip(&members, &TimeZone::UTC, 0)
}

/// A text of Word.
pub(super) fn docx(paragraphs: &[String], said: &Properties) -> Vec<u8> {
    let mut body: String = paragraphs
        .iter()
        .map(|p| {
            format!(
                "<w:p w:rsidR=\"{:08X}\"><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
                said.root,
                escaped(p)
            )
        })
        .collect();
    if let Some((who, offset)) = &said.tracked {
        // The clock on the wall with a `Z`, as Word writes it, and the same in UTC beside it, as it does since 2021.
        let (utc, wall) = (Time::from_seconds(said.modified - 120), Time::from_seconds(said.modified - 120 + offset));
        body += &format!(
            "<w:p><w:ins w:id=\"1\" w:author=\"{}\" w:date=\"{wall}\" w16du:dateUtc=\"{utc}\"><w:r><w:t> </w:t></w:r></w:ins></w:p>",
            escaped(who)
        );
    }
    let document = format!(
        "{XML}<w:document xmlns:w=\"{W}\" xmlns:w16du=\"http://schemas.microsoft.com/office/word/2023/wordml/word16du\">\
         <w:body>{body}<w:sectPr/></w:body></w:document>"
    );
    let settings = format!(
        "{XML}<w:settings xmlns:w=\"{W}\"><w:rsids><w:rsidRoot w:val=\"{0:08X}\"/><w:rsid w:val=\"{0:08X}\"/></w:rsids>\
         <w:themeFontLang w:val=\"{1}\"/></w:settings>",
        said.root, said.language
    );
    let parts = [("word/document.xml", document), ("word/settings.xml", settings)];
    package("word", "word/document.xml", &parts, "Microsoft Office Word", said)
}

/// A workbook of one sheet: words and numbers.
pub(super) fn xlsx(rows: &[Vec<String>], said: &Properties) -> Vec<u8> {
    let cell = |r: usize, c: usize, value: &str| {
        let at = format!("{}{}", (b'A' + (c % 26) as u8) as char, r + 1);
        match value.parse::<f64>() {
            Ok(_) => format!("<c r=\"{at}\"><v>{value}</v></c>"),
            Err(_) => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(value)),
        }
    };
    let all: String = rows
        .iter()
        .enumerate()
        .map(|(r, cells)| {
            let cells: String = cells.iter().enumerate().map(|(c, value)| cell(r, c, value)).collect();
            format!("<row r=\"{}\">{cells}</row>", r + 1)
        })
        .collect();
    let sheet = format!("{XML}<worksheet xmlns=\"{S}\"><sheetData>{all}</sheetData></worksheet>");
    let book = format!(
        "{XML}<workbook xmlns=\"{S}\" xmlns:r=\"{R}\"><sheets><sheet name=\"Budget\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let parts = [("xl/workbook.xml", book), ("xl/worksheets/sheet1.xml", sheet)];
    package("xl", "xl/workbook.xml", &parts, "Microsoft Excel", said)
}

/// A page of text in PDF.
pub(super) fn pdf(lines: &[String], said: &Properties) -> Vec<u8> {
    // WinAnsi: what is not in Latin 1 has no place on these pages.
    let latin = |text: &str| -> Vec<u8> {
        let byte = |c: char| u8::try_from(u32::from(c)).unwrap_or(if c == '’' { b'\'' } else { b'-' });
        text.chars().map(byte).flat_map(|b| if b"()\\".contains(&b) { vec![b'\\', b] } else { vec![b] }).collect()
    };
    let mut text = b"BT /F1 11 Tf 14 TL 56 780 Td\n".to_vec();
    for line in lines {
        text.extend([&b"("[..], &latin(line), b") Tj T*\n"].concat());
    }
    text.extend(b"ET");
    let stamp = |at: i64| Time::from_seconds(at).in_zone(&TimeZone::UTC).strftime("D:%Y%m%d%H%M%S+00'00'").to_string();
    let info = [
        &b"<< /Author ("[..],
        &latin(&said.author),
        b") /Creator (Microsoft\\256 Word 2013) /Producer (Microsoft\\256 Word 2013) /CreationDate (",
        stamp(said.created).as_bytes(),
        b") /ModDate (",
        stamp(said.modified).as_bytes(),
        b") >>",
    ]
    .concat();
    let objects: [Vec<u8>; 6] = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_vec(),
        [format!("<< /Length {} >>\nstream\n", text.len()).as_bytes(), &text, b"\nendstream"].concat(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
        info,
    ];
    let mut out = b"%PDF-1.5\n%\xb5\xb5\xb5\xb5\n".to_vec();
    let mut table = "xref\n0 7\n0000000000 65535 f \n".to_string();
    for (n, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", out.len());
        out.extend([format!("{} 0 obj\n", n + 1).as_bytes(), object, b"\nendobj\n"].concat());
    }
    let at = out.len();
    out.extend(format!("{table}trailer\n<< /Size 7 /Root 1 0 R /Info 6 0 R >>\nstartxref\n{at}\n%%EOF\n").bytes());
    out
}

/// A grey picture.
pub(super) fn png(width: usize, pixels: &[u8]) -> Vec<u8> {
    let height = pixels.len() / width.max(1);
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::new(6));
    for row in pixels.chunks(width.max(1)) {
        let _ = packer.write_all(&[0]).and_then(|()| packer.write_all(row));
    }
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |name: &[u8], data: &[u8]| {
        let named = [name, data].concat();
        out.extend((data.len() as u32).to_be_bytes());
        out.extend(&named);
        out.extend(checksum(&named).to_be_bytes());
    };
    let size = [(width as u32).to_be_bytes(), (height as u32).to_be_bytes()].concat();
    chunk(b"IHDR", &[&size[..], &[8, 0, 0, 0, 0]].concat());
    chunk(b"IDAT", &packer.finish().unwrap_or_default());
    chunk(b"IEND", b"");
    out
}

/// A torrent (BEP 3) of one folder.
pub(super) fn torrent(folder: &str, files: &[(&str, usize)], at: i64, pieces: &[u8]) -> Vec<u8> {
    let text = |t: &str| format!("{}:{t}", t.len());
    let files: String = files.iter().map(|(name, size)| format!("d6:lengthi{size}e4:pathl{}ee", text(name))).collect();
    let begin = format!(
        "d8:announce{}10:created by{}13:creation datei{at}e4:infod5:filesl{files}e4:name{}12:piece lengthi262144e6:pieces{}:",
        text("udp://tracker.depot-anonyme.example:1337/announce"),
        text("qBittorrent v3.3.11"),
        text(folder),
        pieces.len()
    );
    [begin.as_bytes(), pieces, b"ee"].concat()
}
