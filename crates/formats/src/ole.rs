//! Compound files (MS-CFB): the names of streams and the bytes of one; VBA code decompressed (MS-OVBA 2.4.1). Only
//! what tells whether a document runs something.

/// Most directory entries read.
const ENTRIES: usize = 4096;
/// Most bytes of one stream.
const STREAM: usize = 4 << 20;

/// Names of streams and storages that are looked for.
const KNOWN: [&str; 14] = [
    "SummaryInformation",
    "DocumentSummaryInformation",
    "WordDocument",
    "0Table",
    "1Table",
    "Workbook",
    "Book",
    "PowerPoint Document",
    "EncryptedPackage",
    "EncryptedSummary",
    "_VBA_PROJECT",
    "VBA",
    "Macros",
    "\u{1}Ole10Native",
];

/// A compound file.
pub struct Ole<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
    mini: Vec<u8>,
    minifat: Vec<u32>,
    /// Entries: name, start sector, size.
    entries: Vec<(String, u32, usize)>,
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

impl<'a> Ole<'a> {
    /// Reads the tables; none where they are not there.
    pub fn new(bytes: &'a [u8]) -> Option<Ole<'a>> {
        if !bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            return None;
        }
        let shift = u16::from_le_bytes(bytes.get(30..32)?.try_into().ok()?);
        if !matches!(shift, 9 | 12) {
            return None;
        }
        let sector = 1usize << shift;
        let mut ole =
            Ole { bytes, sector, fat: Vec::new(), mini: Vec::new(), minifat: Vec::new(), entries: Vec::new() };
        for place in ole.tables() {
            let Some(table) = ole.sector(place) else { break };
            ole.fat.extend(table.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])));
        }
        let directory = ole.chain(u32_at(bytes, 48)?, ENTRIES * 128);
        let minifat = ole.chain(u32_at(bytes, 60)?, 1 << 20);
        ole.minifat = minifat.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect();
        for entry in directory.chunks_exact(128).take(ENTRIES) {
            let kind = entry[66];
            let len = usize::from(u16::from_le_bytes([entry[64], entry[65]])).clamp(2, 64) - 2;
            let name: Vec<u16> = entry[..len].chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect();
            let start = u32_at(entry, 116)?;
            let size = u32_at(entry, 120)? as usize;
            if kind == 5 {
                ole.mini = ole.chain(start, size.min(STREAM * 4));
            }
            if matches!(kind, 1 | 2 | 5) {
                ole.entries.push((String::from_utf16_lossy(&name), start, size));
            }
        }
        Some(ole)
    }

    /// Where the sectors of the table lie: in the header, and beyond it (2.5), as many as the file can hold.
    fn tables(&self) -> Vec<u32> {
        let places = |from: usize, n: usize| {
            (0..n).map_while(move |n| u32_at(self.bytes, from + 4 * n).filter(|p| *p < 0xffff_fffa)).collect::<Vec<_>>()
        };
        let mut all = places(76, 109);
        let most = self.bytes.len() / self.sector / (self.sector / 4) + 1;
        let mut next = u32_at(self.bytes, 68).filter(|p| *p < 0xffff_fffa);
        while let Some(place) = next.filter(|_| all.len() < most) {
            let start = (place as usize + 1).saturating_mul(self.sector);
            let more = places(start, self.sector / 4 - 1);
            if more.is_empty() {
                break;
            }
            all.extend(more);
            next = u32_at(self.bytes, start + self.sector - 4).filter(|p| *p < 0xffff_fffa);
        }
        all.truncate(most);
        all
    }

    fn sector(&self, n: u32) -> Option<&'a [u8]> {
        let start = (n as usize + 1).checked_mul(self.sector)?;
        self.bytes.get(start..start.checked_add(self.sector)?.min(self.bytes.len()))
    }

    fn chain(&self, mut n: u32, most: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut steps = 0;
        while n < 0xffff_fffa && out.len() < most && steps <= self.fat.len() {
            let Some(sector) = self.sector(n) else { break };
            out.extend_from_slice(sector);
            n = self.fat.get(n as usize).copied().unwrap_or(u32::MAX);
            steps += 1;
        }
        out.truncate(most);
        out
    }

    /// The names of all storages and streams.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(name, _, _)| name.as_str())
    }

    /// The bytes of all streams with their names, each bounded.
    pub fn streams(&self) -> impl Iterator<Item = (&str, Vec<u8>)> {
        self.entries.iter().map(|(name, start, size)| (name.as_str(), self.stream(*start, (*size).min(STREAM))))
    }

    /// All storages and streams: the name, and by what its bytes are had.
    pub fn places(&self) -> impl Iterator<Item = (&str, (u32, usize))> {
        self.entries.iter().map(|(name, start, size)| (name.as_str(), (*start, *size)))
    }

    /// All storages and streams by the names that programs know them by: of letters, small ones and large are the same here.
    pub fn known(&self) -> impl Iterator<Item = (&str, (u32, usize))> {
        let usual =
            |name: &'_ str| KNOWN.iter().find(|k| k.eq_ignore_ascii_case(name.trim_start_matches('\u{5}'))).copied();
        self.places().map(move |(name, place)| (usual(name).unwrap_or(name), place))
    }

    /// The bytes of a stream, at most so many.
    pub fn bytes(&self, (start, size): (u32, usize), most: usize) -> Vec<u8> {
        self.stream(start, size.min(most))
    }

    fn stream(&self, start: u32, size: usize) -> Vec<u8> {
        if size >= 4096 {
            return self.chain(start, size);
        }
        let (mut out, mut n, mut steps) = (Vec::new(), start as usize, 0);
        while out.len() < size && steps <= self.minifat.len() {
            let Some(part) = self.mini.get(n.saturating_mul(64)..n.saturating_mul(64).saturating_add(64)) else {
                break;
            };
            out.extend_from_slice(part);
            n = self.minifat.get(n).map_or(usize::MAX, |n| *n as usize);
            steps += 1;
        }
        out.truncate(size);
        out
    }
}

/// What a compound file runs: `auto` when its code names an event that runs by itself, `macros` when there is code,
/// `xlm` for a macro sheet of Excel 4.
pub fn macros(bytes: &[u8]) -> Option<&'static str> {
    let ole = Ole::new(bytes)?;
    let mut found = None;
    for (name, stream) in ole.streams() {
        let lower = name.to_ascii_lowercase();
        if matches!(lower.as_str(), "_vba_project" | "vba" | "macros" | "_vba_project_cur") {
            found = found.or(Some("macros"));
        }
        if let Some(at) = memchr::memmem::find(&stream, b"\0Attribut") {
            let code = decompress(stream.get(at.saturating_sub(2)..).unwrap_or_default());
            if is_auto(&code) {
                return Some("auto");
            }
            found = found.or(Some("macros"));
        }
        // BOUNDSHEET records of Excel 97: kind 1 is a macro sheet.
        if matches!(lower.as_str(), "workbook" | "book")
            && memchr::memmem::find_iter(&stream, b"\x85\0").take(2000).any(|at| {
                stream.get(at + 9) == Some(&1)
                    && stream.get(at + 3) == Some(&0)
                    && stream.get(at + 2).is_some_and(|n| *n < 80)
            })
        {
            found = Some("xlm");
        }
    }
    found
}

/// Whether code names an event that runs by itself, or runs programs.
pub fn is_auto(code: &[u8]) -> bool {
    let lower: Vec<u8> = code.iter().map(u8::to_ascii_lowercase).collect();
    [
        "autoopen",
        "auto_open",
        "document_open",
        "workbook_open",
        "autoexec",
        "document_close",
        "auto_close",
        "autoclose",
        "workbook_activate",
        "wscript.shell",
        "shell(",
        "urldownloadtofile",
        "document_contentcontrolonenter",
    ]
    .iter()
    .any(|w| memchr::memmem::find(&lower, w.as_bytes()).is_some())
}

/// A compressed container of MS-OVBA, as far as it goes.
fn decompress(bytes: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    let mut at = 1;
    if bytes.first() != Some(&1) {
        return bytes.to_vec();
    }
    while let Some(header) = bytes.get(at..at + 2) {
        let header = u16::from_le_bytes([header[0], header[1]]);
        let end = (at + usize::from(header & 0xfff) + 3).min(bytes.len());
        let start = out.len();
        at += 2;
        if header & 0x8000 == 0 {
            out.extend_from_slice(bytes.get(at..end).unwrap_or_default());
            at = end;
        }
        while at < end && out.len() < STREAM {
            let flags = bytes[at];
            at += 1;
            for bit in 0..8 {
                if at >= end {
                    break;
                }
                if flags >> bit & 1 == 0 {
                    out.push(bytes[at]);
                    at += 1;
                    continue;
                }
                let Some(token) = bytes.get(at..at + 2) else { return out };
                let token = u16::from_le_bytes([token[0], token[1]]);
                at += 2;
                let position = out.len() - start;
                let bits = (usize::BITS - position.saturating_sub(1).leading_zeros()).clamp(4, 12);
                let length = usize::from(token & (0xffff >> bits)) + 3;
                let offset = usize::from(token >> (16 - bits)) + 1;
                for _ in 0..length {
                    let Some(from) = out.len().checked_sub(offset) else { return out };
                    out.push(out[from]);
                }
            }
        }
        if out.len() >= STREAM {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_decompressed_as_the_specification_shows() {
        // MS-OVBA 3.2.2: the example of a normal compressed container.
        let packed = [
            0x01, 0x2f, 0xb0, 0x00, 0x23, 0x61, 0x61, 0x61, 0x62, 0x63, 0x64, 0x65, 0x82, 0x66, 0x00, 0x70, 0x61, 0x67,
            0x68, 0x69, 0x6a, 0x01, 0x38, 0x08, 0x61, 0x6b, 0x6c, 0x00, 0x30, 0x6d, 0x6e, 0x6f, 0x70, 0x06, 0x71, 0x02,
            0x70, 0x04, 0x10, 0x72, 0x73, 0x74, 0x75, 0x76, 0x10, 0x77, 0x78, 0x79, 0x7a, 0x00, 0x3c,
        ];
        assert_eq!(decompress(&packed), b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa");
        assert!(is_auto(b"Sub AutoOpen()"));
        assert!(Ole::new(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").is_none());
    }
}
