//! Tape archives (POSIX.1-1988 ustar, pax, GNU): one header after the other, read forwards only, so that a compressed
//! one is never held.
//!
//! You may rely on: names and pax records are bounded; a header whose sum is wrong ends the archive. Left out: sparse
//! files.

use model::Time;
use std::io::{self, Read};

/// Bytes of a header and of what a body is rounded up to.
pub const BLOCK: u64 = 512;
/// Bytes of a long name or of pax records.
const RECORDS: u64 = 64 << 10;
/// Headers about one member.
const ABOUT: usize = 16;
/// Characters of a name.
const NAME: usize = 1024;

/// What lies in an archive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Bytes that follow.
    pub size: u64,
    /// What it is.
    pub kind: Kind,
    /// When it was last modified.
    pub modified: Option<Time>,
}

/// What a member is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A link to something else: nothing is followed.
    Link,
    /// A device, a sparse file or something unknown.
    Other,
}

/// Whether these first bytes are a header.
pub fn is_tar(head: &[u8]) -> bool {
    head.get(..BLOCK as usize).is_some_and(|h| h[257..262] == *b"ustar" && sum(h) == number(&h[148..156]))
}

/// The next member; the reader then stands at its bytes. None at the end; an error where damage ends it.
pub fn member(reader: &mut impl Read) -> io::Result<Option<Member>> {
    let (mut name, mut size, mut modified) = (None, None, None);
    for _ in 0..ABOUT {
        let mut head = [0; BLOCK as usize];
        let mut read = Vec::new();
        reader.by_ref().take(BLOCK).read_to_end(&mut read)?;
        if read.is_empty() || read.iter().all(|b| *b == 0) {
            return Ok(None);
        }
        if read.len() < head.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.copy_from_slice(&read);
        if sum(&head) != number(&head[148..156]) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let length = number(&head[124..136]).ok_or(io::ErrorKind::InvalidData)?;
        let kind = match head[156] {
            0 | b'0' | b'7' => Kind::File,
            b'5' => Kind::Folder,
            b'1' | b'2' => Kind::Link,
            b'L' => {
                name = Some(text(&records(reader, length)?));
                continue;
            }
            b'x' => {
                for (key, value) in pax(&records(reader, length)?) {
                    match key.as_str() {
                        "path" => name = Some(value),
                        "size" => size = value.parse().ok(),
                        "mtime" => modified = value.split('.').next().and_then(|s| s.parse().ok()),
                        _ => {}
                    }
                }
                continue;
            }
            b'K' | b'g' => {
                records(reader, length)?;
                continue;
            }
            _ => Kind::Other,
        };
        let prefix = if head[257..263] == *b"ustar\0" { text(&head[345..500]) } else { String::new() };
        let own = || match prefix.is_empty() {
            true => text(&head[..100]),
            false => format!("{prefix}/{}", text(&head[..100])),
        };
        let name = name.unwrap_or_else(own).chars().take(NAME).collect();
        let modified = modified.or(number(&head[136..148]).and_then(|s| i64::try_from(s).ok())).map(Time::from_seconds);
        return Ok(Some(Member { name, size: size.unwrap_or(length), kind, modified }));
    }
    Err(io::ErrorKind::InvalidData.into())
}

/// The sum of a header with blanks for the sum itself.
fn sum(head: &[u8]) -> Option<u64> {
    Some(head.iter().enumerate().map(|(n, b)| if (148..156).contains(&n) { 32 } else { u64::from(*b) }).sum())
}

/// Octal, or, where the first bit is set, the rest as it is (GNU).
fn number(field: &[u8]) -> Option<u64> {
    let (first, rest) = field.split_first()?;
    if first & 0x80 != 0 {
        let add = |sum: u64, byte: &u8| sum.checked_mul(256)?.checked_add(u64::from(*byte));
        return rest.iter().try_fold(u64::from(first & 0x7f), add);
    }
    let text = text(field);
    u64::from_str_radix(text.trim_matches(' '), 8).ok().or(text.trim().is_empty().then_some(0))
}

fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field.split(|b| *b == 0).next().unwrap_or(field)).into_owned()
}

/// What stands in the body of a header about the next one.
fn records(reader: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let padded = length.checked_next_multiple_of(BLOCK).ok_or(io::ErrorKind::InvalidData)?;
    let mut body = reader.by_ref().take(padded);
    body.by_ref().take(length.min(RECORDS)).read_to_end(&mut out)?;
    io::copy(&mut body, &mut io::sink())?;
    Ok(out)
}

/// Records `length key=value\n`.
fn pax(mut bytes: &[u8]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    while let Some(blank) = memchr::memchr(b' ', bytes)
        && let Some(length) = std::str::from_utf8(&bytes[..blank]).ok().and_then(|n| n.parse::<usize>().ok())
        && let Some(record) = bytes.get(blank + 1..length)
    {
        let record = record.strip_suffix(b"\n").unwrap_or(record);
        if let Some(equals) = memchr::memchr(b'=', record) {
            let part = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
            found.push((part(&record[..equals]), part(&record[equals + 1..])));
        }
        bytes = &bytes[length..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_octal_or_as_they_are() {
        let large = [&[0x80, 0, 0][..], &[0; 5], &[1, 2, 3, 4]].concat();
        let fields: [(&[u8], Option<u64>); 7] = [
            (b"0000644\0", Some(0o644)),
            (b"        ", Some(0)),
            (b"\x80\0\0\0\0\0\x01\x02", Some(0x102)),
            (&large, Some(0x0102_0304)),
            (&[0xff; 12], None),
            (b"\x80", Some(0)),
            (b"", None),
        ];
        for (field, wanted) in fields {
            assert_eq!(number(field), wanted, "{field:?}");
        }
    }

    #[test]
    fn a_sum_that_is_no_sum_is_no_header() {
        let mut head = [0; BLOCK as usize];
        head[257..262].copy_from_slice(b"ustar");
        head[148] = 0x80;
        assert!(!is_tar(&head));
    }
}
