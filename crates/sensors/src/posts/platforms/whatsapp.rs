//! WhatsApp's exported chats: `[13/11/2026, 08:00:05] Anne: text` (iOS), `13/11/2026, 08:00 - Anne: text` (Android), in the
//! order of day and month that the telephone's language had.
//!
//! You may rely on: lines without a stamp belong to the message above; what the service says (no `name:`) is nobody's. The
//! order of day and month is settled for the whole beginning, as for tables. Left out: media, polls.

use crate::input::Input;
use crate::posts::damage::{Damage, OTHER};
use crate::posts::post::Post;
use crate::posts::shares::{Chunks, Dates};
use model::{Result, Span};

/// A line's stamp, who wrote it, and what.
struct Line<'l> {
    stamp: String,
    who: &'l str,
    said: &'l str,
}

fn line(text: &str) -> Option<Line<'_>> {
    let text = text.trim_start_matches(['\u{200e}', '\u{200f}', '\u{feff}']);
    let (stamp, rest) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once("] ")?,
        None => text.split_once(" - ")?,
    };
    let dated = stamp.starts_with(|c: char| c.is_ascii_digit()) && stamp.contains(':') && stamp.len() < 32;
    // To the second at most: a fraction or an offset is a program's.
    let numbers = stamp.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).count();
    if !dated || !(5..=6).contains(&numbers) {
        return None;
    }
    let stamp = stamp.replace(['\u{202f}', '\u{a0}'], " ");
    let (who, said) = rest.split_once(": ").unwrap_or(("", rest));
    Some(Line { stamp, who: who.trim_start_matches(['\u{200e}', '~', '\u{202f}', ' ']), said })
}

/// Whether a program is named, as logs do: `NOTICE[123] chan_sip.c`, `[INF] [16] Server`, `ERROR main`.
fn is_program(who: &str) -> bool {
    let level = who.trim_start_matches('[').split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    const LEVELS: [&str; 12] =
        ["DEBUG", "INFO", "INF", "NOTICE", "WARN", "WRN", "WARNING", "ERROR", "ERR", "CRITICAL", "FATAL", "VERBOSE"];
    LEVELS.contains(&level) || who.starts_with('[') && who.contains(']')
}

/// Whether a file begins as such a chat.
pub fn sniff(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&head[..head.len().min(4096)]);
    let found: Vec<Line> = text.lines().take(12).filter_map(line).collect();
    found.len() >= 2
        && found.iter().any(|l| !l.who.is_empty())
        && !found.iter().all(|l| is_program(l.who))
        && text.lines().next().is_some_and(|l| line(l).is_some())
}

/// Reads a chat.
pub fn read(input: &mut Input, damage: &mut Damage, each: &mut dyn FnMut(Post, Span)) -> Result<()> {
    let head = String::from_utf8_lossy(input.head()).into_owned();
    let stamps: Vec<String> = head.lines().filter_map(|l| Some(line(l)?.stamp)).collect();
    let dates = Dates::of(stamps.iter().map(|s| s.as_bytes()), true);
    let mut chunks = Chunks::new(input, None);
    let (mut number, mut open): (u64, Option<(Post, String, Span)>) = (1, None);
    let mut give = |open: Option<(Post, String, Span)>, damage: &mut Damage| {
        let Some((post, stamp, place)) = open else { return };
        let read = dates.read(stamp.as_bytes());
        super::finish_at(post, read, true, place, damage).into_iter().for_each(|post| each(post, place));
    };
    while let Some(chunk) = chunks.next()? {
        let mut start = 0;
        for bytes in chunk.bytes.split_inclusive(|b| *b == b'\n') {
            let text = String::from_utf8_lossy(bytes.trim_ascii_end());
            let place =
                Span { start: chunk.start + start as u64, len: bytes.trim_ascii_end().len() as u64, line: number };
            match line(&text) {
                Some(Line { stamp, who, said }) => {
                    give(open.take(), damage);
                    if !who.is_empty() {
                        let post = Post {
                            platform: "whatsapp".into(),
                            account: who.into(),
                            account_name: who.into(),
                            text: said.trim_start_matches('\u{200e}').into(),
                            ..Post::default()
                        };
                        open = Some((post, stamp, place));
                    }
                }
                None => match &mut open {
                    Some((post, _, at)) if post.text.len() < crate::posts::post::TEXT_MAX => {
                        post.text = format!("{}\n{text}", post.text);
                        at.len = place.start + place.len - at.start;
                    }
                    None if !text.is_empty() && number == 1 => damage.count(OTHER, place),
                    _ => {}
                },
            }
            (start, number) = (start + bytes.len(), number + 1);
        }
    }
    give(open, damage);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::sniff;

    #[test]
    fn a_log_is_no_chat() {
        let twice = |line: &str| sniff(format!("{line}\n{line}\n").as_bytes());
        for chat in [
            "[13/11/2026, 08:00:05] Anne: hello",
            "13/11/2026, 08:00 - Anne: hello",
            "[2026-11-13, 08:00:05] Info Desk: hello",
            "11/13/26, 8:00 AM - ~ Anne [press]: ERROR: no coffee",
        ] {
            assert!(twice(chat), "{chat}");
        }
        for log in [
            "[2026-11-13 08:00:05] NOTICE[123] chan_sip.c: Registration from 'x' failed for '192.0.2.1:5060' - Wrong password",
            "[2026-11-13 08:00:05.123 +02:00] [INF] [16] Server.UserManager: Authentication request for x has been denied",
            "[2026-11-13 08:00:05] ERROR main.go: refused",
            "2026-11-13 08:00:05 - WARNING - app: refused",
        ] {
            assert!(!twice(log), "{log}");
        }
    }
}
