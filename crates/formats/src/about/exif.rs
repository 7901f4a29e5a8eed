//! Pictures: EXIF (CIPA DC-008) in JPEG, PNG, WebP, TIFF and HEIF, XMP beside it, text of PNG.

use super::{About, date, xmp};
use std::collections::BTreeMap;

/// Entries of one directory, and directories.
const ENTRIES: usize = 512;
const DIRECTORIES: usize = 16;
/// Segments or chunks of one picture.
const SEGMENTS: usize = 20_000;

/// Reads a picture.
pub fn read(bytes: &[u8], about: &mut About) {
    let mut packet = None;
    match about.media {
        "image/jpeg" => jpeg(bytes, about, &mut packet),
        "image/png" => png(bytes, about, &mut packet),
        "image/webp" => webp(bytes, about, &mut packet),
        "image/tiff" => {
            tiff(bytes, about);
            packet = xmp::find(bytes);
        }
        _ => {
            // HEIF keeps it as an item; its place is found by how it begins.
            for at in memchr::memmem::find_iter(bytes, b"Exif\0\0").take(4) {
                tiff(&bytes[at + 6..], about);
            }
            packet = xmp::find(bytes);
        }
    }
    if let Some(packet) = packet {
        xmp::read(&packet, about, false);
    }
    if is_c2pa(bytes) {
        about.holds.insert("c2pa");
    }
}

/// Whether a manifest of C2PA stands in it (a JUMBF box of that label).
pub fn is_c2pa(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"jumdc2pa").is_some()
}

/// How a picture is turned to be shown (EXIF tag 274), 1–8.
pub fn orientation(bytes: &[u8]) -> u8 {
    let mut about = About { media: "image/jpeg", ..About::default() };
    if bytes.starts_with(&[0xff, 0xd8]) {
        jpeg(bytes, &mut about, &mut None);
    }
    about.get("orientation").and_then(|o| o.parse().ok()).unwrap_or(1)
}

fn jpeg(bytes: &[u8], about: &mut About, packet: &mut Option<String>) {
    let mut at = 2;
    for _ in 0..SEGMENTS {
        let Some([0xff, kind]) = bytes.get(at..at + 2) else { break };
        if *kind == 0xff {
            at += 1;
            continue;
        }
        if matches!(kind, 0xd9 | 0xda) {
            break;
        }
        let Some(length) = bytes.get(at + 2..at + 4).map(|b| usize::from(u16::from_be_bytes([b[0], b[1]]))) else {
            break;
        };
        let body = bytes.get(at + 4..(at + 2 + length).min(bytes.len())).unwrap_or_default();
        match kind {
            0xe1 if body.starts_with(b"Exif\0") => tiff(body.get(6..).unwrap_or_default(), about),
            0xe1 if body.starts_with(b"http://ns.adobe.com/xap/1.0/\0") => {
                *packet = packet.take().or(Some(xmp::text(&body[29..])));
            }
            0xed if body.starts_with(b"Photoshop 3.0\0") => iptc(&body[14..], about),
            0xfe => about.say("comment", &String::from_utf8_lossy(body)),
            0xc0..=0xc3 | 0xc5..=0xc7 => {
                if let Some([h1, h2, w1, w2]) = body.get(1..5) {
                    let (h, w) = (u16::from_be_bytes([*h1, *h2]), u16::from_be_bytes([*w1, *w2]));
                    about.say("dimensions", &format!("{w}x{h}"));
                }
            }
            _ => {}
        }
        at += 2 + length.max(2);
    }
}

/// By-line, city and credit of IPTC-IIM within Photoshop's resources.
fn iptc(bytes: &[u8], about: &mut About) {
    let mut rest = bytes;
    while let Some(at) = memchr::memmem::find(rest, &[0x1c, 2]) {
        let Some([kind, h, l]) = rest.get(at + 2..at + 5) else { return };
        let length = usize::from(u16::from_be_bytes([*h, *l]));
        let Some(value) = rest.get(at + 5..at + 5 + length) else { return };
        let text = String::from_utf8_lossy(value);
        match kind {
            80 => about.say("by_line", &text),
            110 => about.say("credit", &text),
            120 => about.say("description", &text),
            _ => {}
        }
        rest = &rest[at + 5 + length..];
    }
}

fn png(bytes: &[u8], about: &mut About, packet: &mut Option<String>) {
    let mut at = 8;
    for _ in 0..SEGMENTS {
        let Some(head) = bytes.get(at..at + 8) else { return };
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let Some(body) = (at + 8).checked_add(length).and_then(|end| bytes.get(at + 8..end)) else {
            about.cut = true;
            return;
        };
        match &head[4..8] {
            b"IHDR" if body.len() >= 8 => {
                let n = |at: usize| u32::from_be_bytes([body[at], body[at + 1], body[at + 2], body[at + 3]]);
                about.say("dimensions", &format!("{}x{}", n(0), n(4)));
            }
            b"eXIf" => tiff(body, about),
            b"tIME" if body.len() >= 7 => {
                let year = u16::from_be_bytes([body[0], body[1]]);
                let text = format!("{year}-{:02}-{:02}T{:02}:{:02}:{:02}", body[2], body[3], body[4], body[5], body[6]);
                about.say("modified", &date::iso(&text).unwrap_or_default());
            }
            kind @ (b"tEXt" | b"iTXt") => {
                let (key, rest) = split(body).unwrap_or_default();
                let value = match kind {
                    b"tEXt" => rest.to_vec(),
                    // Compression flag and method, language, translated keyword.
                    _ => rest
                        .get(2..)
                        .and_then(split)
                        .and_then(|(_, r)| split(r))
                        .map(|(_, r)| r.to_vec())
                        .unwrap_or_default(),
                };
                let text = String::from_utf8_lossy(&value);
                match key {
                    b"Author" => about.say("author", &text),
                    b"Software" => about.say("application", &text),
                    b"Title" => about.say("title", &text),
                    b"Description" | b"Comment" => about.say("description", &text),
                    b"XML:com.adobe.xmp" => *packet = Some(text.into_owned()),
                    _ => {}
                }
            }
            b"caBX" => drop(about.holds.insert("c2pa")),
            b"IEND" => return,
            _ => {}
        }
        at += 12 + length;
    }
}

fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(0, bytes)?;
    Some((&bytes[..at], &bytes[at + 1..]))
}

fn webp(bytes: &[u8], about: &mut About, packet: &mut Option<String>) {
    let mut at = 12;
    for _ in 0..SEGMENTS {
        let Some(head) = bytes.get(at..at + 8) else { return };
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let body = bytes.get(at + 8..(at + 8).saturating_add(length).min(bytes.len())).unwrap_or_default();
        match &head[..4] {
            b"EXIF" => tiff(body.strip_prefix(b"Exif\0\0").unwrap_or(body), about),
            b"XMP " => *packet = Some(xmp::text(body)),
            _ => {}
        }
        at = match at.checked_add(8 + length + length % 2) {
            Some(next) => next,
            None => return,
        };
    }
}

/// A structure of TIFF, in either order of bytes.
struct Tiff<'b> {
    bytes: &'b [u8],
    little: bool,
}

/// Values by tag, each with its kind.
type Directory<'b> = BTreeMap<u16, (u16, &'b [u8])>;

impl<'b> Tiff<'b> {
    fn short(&self, at: usize) -> Option<u16> {
        let b: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little { u16::from_le_bytes(b) } else { u16::from_be_bytes(b) })
    }

    fn long(&self, at: usize) -> Option<u32> {
        let b: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little { u32::from_le_bytes(b) } else { u32::from_be_bytes(b) })
    }

    /// The values of a directory by tag, each with its kind, and the place of the next directory.
    fn directory(&self, at: usize) -> Option<(Directory<'b>, usize)> {
        let count = usize::from(self.short(at)?).min(ENTRIES);
        let mut values = BTreeMap::new();
        for n in 0..count {
            let entry = at + 2 + 12 * n;
            let (Some(tag), Some(kind), Some(many)) = (self.short(entry), self.short(entry + 2), self.long(entry + 4))
            else {
                break;
            };
            let unit = match kind {
                1 | 2 | 6 | 7 => 1,
                3 | 8 => 2,
                4 | 9 | 11 => 4,
                5 | 10 | 12 => 8,
                _ => continue,
            };
            let length = (many as usize).saturating_mul(unit);
            let start = if length <= 4 { entry + 8 } else { self.long(entry + 8)? as usize };
            let end = start.saturating_add(length).min(self.bytes.len());
            if let Some(value) = self.bytes.get(start..end) {
                values.entry(tag).or_insert((kind, value));
            }
        }
        Some((values, self.long(at + 2 + 12 * count).unwrap_or(0) as usize))
    }

    fn number(&self, value: &(u16, &[u8])) -> Option<u32> {
        let inner = Tiff { bytes: value.1, little: self.little };
        match value.0 {
            3 => inner.short(0).map(u32::from),
            4 => inner.long(0),
            1 => value.1.first().map(|b| u32::from(*b)),
            _ => None,
        }
    }

    fn rational(&self, value: &(u16, &[u8]), n: usize) -> Option<f64> {
        let inner = Tiff { bytes: value.1, little: self.little };
        let (over, under) = (inner.long(8 * n)?, inner.long(8 * n + 4)?);
        (under != 0).then(|| f64::from(over) / f64::from(under))
    }
}

fn tiff(bytes: &[u8], about: &mut About) {
    let little = match bytes.get(..4) {
        Some([b'I', b'I', 0x2a, 0]) => true,
        Some([b'M', b'M', 0, 0x2a]) => false,
        _ => return,
    };
    let tiff = Tiff { bytes, little };
    let Some(first) = tiff.long(4) else { return };
    let text = |v: Option<&(u16, &[u8])>| v.map(|v| String::from_utf8_lossy(v.1).trim_matches(['\0', ' ']).to_string());
    let (mut next, mut seen) = (first as usize, 0);
    while next != 0 && seen < DIRECTORIES {
        let Some((values, after)) = tiff.directory(next) else { break };
        seen += 1;
        if seen == 2
            && let (Some(at), Some(length)) = (
                values.get(&0x201).and_then(|v| tiff.number(v)).map(|n| n as usize),
                values.get(&0x202).and_then(|v| tiff.number(v)).map(|n| n as usize),
            )
            && let Some(thumbnail) = at.checked_add(length).and_then(|end| bytes.get(at..end))
        {
            about.holds.insert("thumbnail");
            about.embed("thumbnail.jpg", thumbnail.to_vec());
        }
        if seen == 1 {
            let said = |tag: u16| text(values.get(&tag)).unwrap_or_default();
            let device = format!("{} {}", said(0x10f), said(0x110));
            about.say("device", device.trim());
            about.say("application", &said(0x131));
            about.say("author", &said(0x13b));
            about.say("description", &said(0x10e));
            about.say("host", &said(0x13c));
            if let Some(turned) = values.get(&0x112).and_then(|v| tiff.number(v)) {
                about.say("orientation", &turned.to_string());
            }
            let inner = values.get(&0x8769).and_then(|v| tiff.number(v)).and_then(|at| tiff.directory(at as usize));
            let inner = inner.map(|(values, _)| values).unwrap_or_default();
            let offset = |tag: u16| text(inner.get(&tag)).filter(|o| o.len() == 6);
            let day = |text: &str, offset: Option<String>| date::exif(text, offset.as_deref()).unwrap_or_default();
            about.say("modified", &day(&said(0x132), offset(0x9010)));
            let taken = text(inner.get(&0x9003)).unwrap_or_default();
            about.say("created", &day(&text(inner.get(&0x9004)).unwrap_or_default(), offset(0x9012)));
            about.say("taken", &day(&taken, offset(0x9011)));
            about.say("device_serial", &text(inner.get(&0xa431)).unwrap_or_default());
            about.say("owner", &text(inner.get(&0xa430)).unwrap_or_default());
            about.say("picture_id", &text(inner.get(&0xa420)).unwrap_or_default());
            let size = |tag: u16| inner.get(&tag).and_then(|v| tiff.number(v));
            if let (Some(w), Some(h)) = (size(0xa002), size(0xa003)) {
                about.say("recorded_dimensions", &format!("{w}x{h}"));
            }
            let gps = values.get(&0x8825).and_then(|v| tiff.number(v)).and_then(|at| tiff.directory(at as usize));
            if let Some((gps, _)) = gps {
                place(&tiff, &gps, &day(&taken, None), about);
            }
        }
        // Directories lead onwards, or nowhere.
        next = if after > next { after } else { 0 };
    }
}

fn place(tiff: &Tiff, gps: &BTreeMap<u16, (u16, &[u8])>, taken: &str, about: &mut About) {
    let angle = |tag: u16, sign: u16, negative: u8| {
        let value = gps.get(&tag)?;
        let degrees = tiff.rational(value, 0)?
            + tiff.rational(value, 1).unwrap_or(0.0) / 60.0
            + tiff.rational(value, 2).unwrap_or(0.0) / 3600.0;
        let south = gps.get(&sign).is_some_and(|v| v.1.first() == Some(&negative));
        Some(if south { -degrees } else { degrees })
    };
    if let (Some(latitude), Some(longitude)) = (angle(2, 1, b'S'), angle(4, 3, b'W')) {
        about.say("gps", &format!("{latitude:.5},{longitude:.5}"));
    }
    // The satellites' clock is UTC, the camera's is that of who set it.
    if let (Some(day), Some(clock)) = (gps.get(&29), gps.get(&7))
        && let (Some(h), Some(m), Some(s)) = (tiff.rational(clock, 0), tiff.rational(clock, 1), tiff.rational(clock, 2))
        && let Some(utc) = date::exif(
            &format!("{} {h:02.0}:{m:02.0}:{:02.0}Z", String::from_utf8_lossy(day.1).trim_matches('\0'), s.floor()),
            None,
        )
        && !taken.is_empty()
    {
        about.zones.push(("gps", taken.chars().take(19).collect(), utc));
    }
}
