//! Text of PowerPoint 97–2003 (MS-PPT 2.9.42, 2.9.43): records within records, one after the other.

use super::{Place, Wording};

/// Records of one document.
const RECORDS: usize = 2_000_000;

/// Reads the stream of a presentation.
pub fn read(stream: &[u8], wording: &mut Wording) {
    let mut at = 0;
    for _ in 0..RECORDS {
        let Some(head) = stream.get(at..at + 8) else { return };
        let kind = u16::from_le_bytes([head[2], head[3]]);
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        // Containers are entered: what is in them comes next.
        if head[0] & 15 == 15 {
            at += 8;
            continue;
        }
        let body = stream.get(at + 8..(at + 8).saturating_add(length).min(stream.len())).unwrap_or_default();
        let text = match kind {
            0x0fa0 => encoding_rs::UTF_16LE.decode_without_bom_handling(body).0.into_owned(),
            0x0fa8 => crate::charset::decode(b"windows-1252", body).into_owned(),
            _ => String::new(),
        };
        text.split(['\r', '\u{b}']).for_each(|line| wording.say(Place::Body, "", line));
        let Some(next) = at.checked_add(8 + length) else { return };
        at = next;
    }
}
