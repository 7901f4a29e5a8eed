//! Reports that mail servers send of each other: DMARC aggregate reports (RFC 7489), TLS-RPT (RFC 8460) and abuse
//! reports in ARF (RFC 5965), in messages or as files of their own. Each row is an observation `mail/report`.
//!
//! You may rely on: rows and bytes are bounded; a report that cannot be read is a skip. Left out: whether a report is
//! genuine (its own authentication stands in the message that brought it).

pub mod arf;
pub mod dmarc;
pub mod tls;

use super::message::{Message, Role};
use model::{Entity, Observation, Skip, SpanSet, Time};
use rows::Row as _;
use rows::mail::report::{Key, Report};
use std::io::Read;

/// Bytes of one report, unpacked.
const BYTES: u64 = 32 << 20;
/// Rows of one report, at most.
const ROWS: usize = 50_000;

/// What a report came to.
#[derive(Default, Debug)]
pub struct Rows {
    /// Its rows; what they say stands beside.
    rows: Vec<(Observation, Report)>,
    /// What was not read.
    pub skips: Vec<Skip>,
}

impl Rows {
    fn row(&mut self, key: Key, (first, last): (Time, Time), count: u64, mut entities: Vec<Entity>, row: Report) {
        entities.sort();
        entities.dedup();
        let (kind, key, fields, spans) = (Report::NAME.into(), key.to_string(), Default::default(), SpanSet::new());
        self.rows.push((Observation { kind, key, first, last, count, entities, fields, spans }, row));
    }

    /// As observations; `message` is the key of the one that brought them.
    pub fn observations(self, message: Option<&str>) -> impl Iterator<Item = Observation> {
        self.rows.into_iter().map(move |(observation, row)| {
            let row = if let Some(key) = message { row.within(key) } else { row };
            Observation { fields: row.fields(), ..observation }
        })
    }

    fn skip(&mut self, reason: &str) {
        self.skips.push(Skip { reason: reason.into(), count: 1, first: 0, line: 0 });
    }
}

/// Whether a file that begins so is a report by itself: how sure, 0–100.
pub fn recognise(head: &[u8]) -> u8 {
    let unpacked = formats::zip::first(head, 4096);
    let head = unpacked.as_deref().unwrap_or(head);
    let head = head.get(..4096).unwrap_or(head);
    let holds = |what: &str| memchr::memmem::find(head, what.as_bytes()).is_some();
    match head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start().first() {
        Some(b'<') if holds("<feedback") && (holds("<report_metadata") || holds("<policy_published")) => 97,
        Some(b'{') if holds("\"organization-name\"") && (holds("\"report-id\"") || holds("\"policies\"")) => 97,
        _ => 0,
    }
}

/// Reads a report that is a file by itself or an attachment: XML or JSON, bare, gzip or zip.
pub fn read(bytes: &[u8]) -> Option<Rows> {
    let mut unpacked = Vec::new();
    let mut rows = Rows::default();
    let bytes = match bytes {
        [0x1f, 0x8b, ..] => {
            let decoder = flate2::read::MultiGzDecoder::new(bytes);
            if decoder.take(BYTES + 1).read_to_end(&mut unpacked).is_err() {
                rows.skip("compressed report is damaged");
            }
            unpacked
        }
        [b'P', b'K', ..] => formats::zip::first(bytes, BYTES as usize + 1)?,
        _ => bytes.to_vec(),
    };
    if bytes.len() as u64 > BYTES {
        rows.skip("report longer than is read");
        return Some(rows);
    }
    let text = formats::charset::eight_bit(&bytes);
    let start = text.trim_start();
    if start.starts_with('{') && text.contains("\"organization-name\"") {
        tls::read(start, &mut rows);
    } else if start.starts_with('<') && text.contains("<feedback") {
        dmarc::read(start, &mut rows);
    } else {
        return None;
    }
    Some(rows)
}

/// The reports that a message brings.
pub fn of_message(message: &Message) -> Rows {
    let mut all = Rows::default();
    for part in message.parts.iter().filter(|p| matches!(p.role, Role::Attachment | Role::Text)).take(50) {
        let may =
            matches!(part.bytes.trim_ascii_start(), [b'<', ..] | [b'{', ..] | [0x1f, 0x8b, ..] | [b'P', b'K', ..]);
        if part.media == "message/feedback-report" {
            arf::read(message, part, &mut all);
        } else if part.role == Role::Text && part.text.contains("Sender IP Address:") {
            arf::plain(message, &part.text, &mut all);
        } else if may
            && part.bytes.len() as u64 <= BYTES
            && looks(&part.bytes)
            && let Some(rows) = read(&part.bytes)
        {
            all.rows.extend(rows.rows);
            all.skips.extend(rows.skips);
        }
    }
    all
}

/// A cheap look before a part is unpacked whole.
fn looks(bytes: &[u8]) -> bool {
    match bytes {
        [0x1f, 0x8b, ..] => {
            let mut head = Vec::new();
            // An error may come after enough of it.
            let _ = flate2::read::GzDecoder::new(bytes).take(4096).read_to_end(&mut head);
            recognise(&head) > 0
        }
        _ => recognise(bytes) > 0,
    }
}
