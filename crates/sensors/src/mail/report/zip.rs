//! The first member of a ZIP archive (APPNOTE 4.3), enough for reports that are sent so: stored or deflated.
//!
//! You may rely on: no more than was asked for is unpacked; lengths in headers are not trusted.

use std::io::Read;

/// The first member's bytes, at most `most`; of a truncated archive what is there.
pub fn first(bytes: &[u8], most: usize) -> Option<Vec<u8>> {
    let header = bytes.get(..30).filter(|h| h.starts_with(b"PK\x03\x04"))?;
    let short = |at: usize| usize::from(u16::from_le_bytes([header[at], header[at + 1]]));
    let (encrypted, method) = (short(6) & 1 == 1, short(8));
    let data = bytes.get(30 + short(26) + short(28)..)?;
    let mut out = Vec::new();
    match method {
        _ if encrypted => return None,
        0 => {
            let size = u32::from_le_bytes([header[18], header[19], header[20], header[21]]) as usize;
            out.extend_from_slice(data.get(..size.min(most)).unwrap_or(data.get(..most).unwrap_or(data)));
        }
        // A stream cut short gives what came before.
        8 => drop(flate2::read::DeflateDecoder::new(data).take(most as u64).read_to_end(&mut out)),
        _ => return None,
    }
    Some(out)
}
