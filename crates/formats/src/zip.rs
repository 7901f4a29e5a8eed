//! Zip archives (APPNOTE 6.3): the members as the central directory lists them, duplicates kept apart; of an archive
//! cut short, as their local headers do.
//!
//! You may rely on: lengths and places are held against the bytes that are there; damage ends a member early. Left
//! out: methods other than stored, deflate, bzip2, xz and Zstandard; passwords.

use crate::meter::Meter;
use crate::streams::{Frame, Pushback, Streams};
use model::Time;
use rawzip::ReaderAt;
use rawzip::time::ZipDateTimeKind;
use std::io::{BufReader, Read};

/// Characters of a name.
const NAME: usize = 1024;
/// Bytes before the end in which the end of the directory is looked for: the longest comment and what stands around it.
const TAIL: u64 = 66_000;
/// The length of a local header without its name.
const LOCAL: u64 = 30;

/// A member.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Whether it needs a password.
    pub encrypted: bool,
    /// The size it claims.
    pub size: u64,
    /// When it was last modified; a time without zone is taken for UTC.
    pub modified: Option<Time>,
    method: u16,
    packed: u64,
    /// Where its local header lies.
    local: u64,
}

impl Member {
    /// A folder has no bytes.
    pub fn is_folder(&self) -> bool {
        self.name.ends_with('/')
    }
}

/// The members of an archive.
#[derive(Debug, Default)]
pub struct Directory {
    /// In the directory's order.
    pub members: Vec<Member>,
    /// Members were left out, or the directory is damaged or missing.
    pub damaged: bool,
}

/// Reads the directory of an archive of so many bytes, at most so many members; none where it is no archive.
pub fn directory(source: &impl ReaderAt, size: u64, most: usize) -> Option<Directory> {
    let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
    let locator = rawzip::ZipLocator::new().max_search_space(TAIL);
    let Ok(archive) = locator.locate_in_reader(source, &mut buffer, size) else {
        let members = headers(source, size, most);
        return Some(Directory { members, damaged: true }).filter(|d| !d.members.is_empty());
    };
    let mut directory = Directory::default();
    let mut entries = archive.entries(&mut buffer);
    loop {
        let entry = match entries.next_entry() {
            Ok(Some(entry)) if directory.members.len() < most => entry,
            Ok(None) => return Some(directory),
            Ok(Some(_)) | Err(_) => {
                directory.damaged = true;
                return Some(directory);
            }
        };
        directory.members.push(Member {
            name: name(entry.file_path().as_bytes()),
            encrypted: entry.flags().is_encrypted(),
            size: entry.uncompressed_size_hint(),
            modified: time(entry.last_modified()),
            method: entry.compression_method().as_u16(),
            packed: entry.compressed_size_hint(),
            local: entry.local_header_offset(),
        });
    }
}

fn name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().take(NAME).collect()
}

fn time(time: ZipDateTimeKind) -> Option<Time> {
    macro_rules! civil {
        ($t:expr) => {
            jiff::civil::DateTime::new(
                i16::try_from($t.year()).ok()?,
                $t.month() as i8,
                $t.day() as i8,
                $t.hour() as i8,
                $t.minute() as i8,
                $t.second() as i8,
                0,
            )
        };
    }
    let civil = match time {
        ZipDateTimeKind::Utc(t) => civil!(t),
        ZipDateTimeKind::Local(t) => civil!(t),
    };
    let zoned = civil.ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Time::from_seconds(zoned.timestamp().as_second()))
}

/// The members as local headers tell of them, up to one whose length stands behind it.
fn headers(source: &impl ReaderAt, size: u64, most: usize) -> Vec<Member> {
    let (mut members, mut at) = (Vec::new(), 0);
    while members.len() < most
        && let Some(head) = local(source, at)
    {
        let short = |n: usize| u16::from_le_bytes([head[n], head[n + 1]]);
        let word = |n: usize| u64::from(u32::from_le_bytes([head[n], head[n + 1], head[n + 2], head[n + 3]]));
        let behind = short(6) & 8 != 0;
        let mut text = vec![0; usize::from(short(26))];
        if source.read_exact_at(&mut text, at + LOCAL).is_err() {
            break;
        }
        let body = at + LOCAL + u64::from(short(26)) + u64::from(short(28));
        let packed = if behind { size.saturating_sub(body) } else { word(18) };
        members.push(Member {
            name: name(&text),
            encrypted: short(6) & 1 == 1,
            size: word(22),
            modified: None,
            method: short(8),
            packed,
            local: at,
        });
        at = body.saturating_add(packed);
    }
    members
}

fn local(source: &impl ReaderAt, at: u64) -> Option<[u8; LOCAL as usize]> {
    let mut head = [0; LOCAL as usize];
    source.read_exact_at(&mut head, at).ok()?;
    head.starts_with(b"PK\x03\x04").then_some(head)
}

/// Where the packed bytes of a member begin, and how many it claims; none where its local header is not there.
pub fn body(source: &impl ReaderAt, member: &Member) -> Option<(u64, u64)> {
    let head = local(source, member.local)?;
    let length = |n: usize| u64::from(u16::from_le_bytes([head[n], head[n + 1]]));
    Some((member.local.checked_add(LOCAL + length(26) + length(28))?, member.packed))
}

/// Unpacks a member's packed bytes; none where its method is not read.
pub fn unpacked<'r>(
    member: &Member,
    packed: impl Read + Send + 'r,
    meter: &Meter,
) -> Option<Box<dyn Read + Send + 'r>> {
    let packed = BufReader::new(packed);
    Some(match member.method {
        0 => Box::new(packed),
        8 => Box::new(flate2::bufread::DeflateDecoder::new(packed)),
        12 => Box::new(Streams::<_, bzip2::bufread::BzDecoder<_>>::new(packed, meter)),
        20 | 93 => Box::new(Streams::<_, Frame<_>>::new(Pushback::new(packed), meter)),
        95 => Box::new(Streams::<_, lzma_rust2::XzReader<_>>::new(packed, meter)),
        _ => return None,
    })
}

/// The bytes of a member of an archive in memory, at most so many; none where it is locked, damaged or of a method that
/// is not read.
pub fn read(bytes: &[u8], member: &Member, most: usize) -> Option<Vec<u8>> {
    if member.encrypted {
        return None;
    }
    let (start, length) = body(&bytes, member)?;
    let start = usize::try_from(start).ok()?;
    let end = start.saturating_add(usize::try_from(length).unwrap_or(usize::MAX)).min(bytes.len());
    let packed = bytes.get(start..end)?;
    let mut out = Vec::new();
    // An error after some bytes leaves those.
    let _ = unpacked(member, packed, &Meter::default())?.take(most as u64).read_to_end(&mut out);
    Some(out)
}

/// The bytes of the first member as its local header tells of it, at most so many: for whoever holds but the beginning.
pub fn first(bytes: &[u8], most: usize) -> Option<Vec<u8>> {
    read(bytes, headers(&bytes, bytes.len() as u64, 1).first()?, most)
}

/// The first members as their local headers tell of them: for whoever holds but the beginning.
pub fn beginning(bytes: &[u8], most: usize) -> Vec<Member> {
    headers(&bytes, bytes.len() as u64, most)
}

/// What the headers of a member say beside its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// The time of DOS in the directory, as written: local, in steps of two seconds.
    pub dos: String,
    /// Times in UTC from extra fields (Info-ZIP 0x5455, NTFS 0x000a), of the modification.
    pub utc: String,
    /// Host and version that made it (4.4.2): `fat 2.0`, `unix 3.0`.
    pub made_by: String,
    /// Ids of the extra fields of the directory.
    pub extra: Vec<u16>,
    /// Bytes when unpacked.
    pub size: u64,
    /// Where its local header lies.
    pub at: u64,
}

/// The directory as it stands: what it says of who packed it. Of archives in memory; at most so many members.
pub fn listing(bytes: &[u8], most: usize) -> Vec<Listed> {
    let mut all = Vec::new();
    // The end of the directory, as far from the end as a comment is long.
    let tail = bytes.len().saturating_sub(TAIL as usize);
    let Some(end) = memchr::memmem::rfind(&bytes[tail..], b"PK\x05\x06").map(|n| tail + n) else { return all };
    let short = |at: usize| bytes.get(at..at + 2).map(|b| u16::from_le_bytes([b[0], b[1]]));
    let long = |at: usize| bytes.get(at..at + 4).map(|b| u64::from(u32::from_le_bytes([b[0], b[1], b[2], b[3]])));
    let Some(mut at) = long(end + 16).and_then(|n| usize::try_from(n).ok()) else { return all };
    while all.len() < most && bytes.get(at..).is_some_and(|b| b.starts_with(b"PK\x01\x02")) {
        let (Some(name), Some(extra), Some(comment)) = (short(at + 28), short(at + 30), short(at + 32)) else { break };
        let (name, extra, comment) = (usize::from(name), usize::from(extra), usize::from(comment));
        let Some(text) = bytes.get(at + 46..at + 46 + name) else { break };
        let made = short(at + 4).unwrap_or(0);
        let host = ["fat", "amiga", "vms", "unix", "vm/cms", "atari", "hpfs", "macintosh", "z", "cp/m", "ntfs"];
        let host =
            host.get(usize::from(made >> 8)).copied().unwrap_or(if made >> 8 == 19 { "darwin" } else { "other" });
        let mut listed = Listed {
            name: self::name(text),
            dos: crate::about::dos(short(at + 14).unwrap_or(0), short(at + 12).unwrap_or(0)),
            made_by: format!("{host} {}.{}", (made & 0xff) / 10, (made & 0xff) % 10),
            size: long(at + 24).unwrap_or(0),
            at: long(at + 42).unwrap_or(0),
            ..Listed::default()
        };
        let mut field = at + 46 + name;
        let fields = field + extra;
        while field + 4 <= fields && listed.extra.len() < 20 {
            let (Some(id), Some(length)) = (short(field), short(field + 2)) else { break };
            listed.extra.push(id);
            match id {
                // Seconds since 1970.
                0x5455 if bytes.get(field + 4).is_some_and(|flags| flags & 1 == 1) => {
                    let seconds = long(field + 5).unwrap_or(0) as u32 as i32;
                    listed.utc = crate::about::unix(i64::from(seconds)).unwrap_or_default();
                }
                0x000a => {
                    let time = long(field + 12).unwrap_or(0) | long(field + 16).unwrap_or(0) << 32;
                    listed.utc = crate::about::filetime(time).unwrap_or_default();
                }
                _ => {}
            }
            field += 4 + usize::from(length);
        }
        all.push(listed);
        at += 46 + name + extra + comment;
    }
    all
}
