//! Batch SMTP (RFC 2442): what a client would have said to a server, kept in a file, message after message.
//!
//! You may rely on: a message without its final `.` is read to the end of the file. Left out: recipients (they are not
//! the header's); chunks (`BDAT`).

use super::split::Raw;

/// Whether a file begins as a client of SMTP does, and comes to data.
pub fn recognise(head: &[u8]) -> bool {
    let begins = |word: &[u8]| head.get(..word.len()).is_some_and(|h| h.eq_ignore_ascii_case(word));
    let greets = [&b"HELO "[..], b"EHLO ", b"LHLO ", b"MAIL FROM:"].iter().any(|w| begins(w));
    greets && head.split(|b| *b == b'\n').take(2_000).any(|line| line.trim_ascii().eq_ignore_ascii_case(b"DATA"))
}

/// The messages of a file, each with its sender as `Return-Path` and without what the protocol added.
pub fn messages(bytes: &[u8]) -> Vec<Raw> {
    let (mut all, mut open): (Vec<Raw>, Option<Raw>) = (Vec::new(), None);
    let (mut at, mut sender) = (0u64, Vec::new());
    for (n, line) in bytes.split_inclusive(|b| *b == b'\n').enumerate() {
        let text = line.trim_ascii_end();
        match &mut open {
            Some(raw) if text == b"." => {
                raw.len = at - raw.start;
                all.extend(open.take());
            }
            Some(raw) => raw.bytes.extend_from_slice(line.strip_prefix(b".").unwrap_or(line)),
            None if text.eq_ignore_ascii_case(b"DATA") => {
                let start = at + line.len() as u64;
                open = Some(Raw { bytes: std::mem::take(&mut sender), start, line: n as u64 + 2, ..Raw::default() });
            }
            None if text.len() > 10 && text[..10].eq_ignore_ascii_case(b"MAIL FROM:") => {
                let address = text[10..].split(|b| b.is_ascii_whitespace()).find(|w| !w.is_empty());
                sender = [b"Return-Path: ", address.unwrap_or(b"<>"), b"\r\n"].concat();
            }
            None => {}
        }
        at += line.len() as u64;
    }
    all.extend(open.map(|raw| Raw { len: at - raw.start, ..raw }));
    // Some begin with the separator of an mbox.
    for raw in &mut all {
        let begin = memchr::memchr(b'\n', &raw.bytes).map_or(0, |n| n + 1);
        let from = if raw.bytes.starts_with(b"Return-Path: ") { begin } else { 0 };
        if raw.bytes[from..].starts_with(b"From ") {
            let end = memchr::memchr(b'\n', &raw.bytes[from..]).map_or(raw.bytes.len(), |n| from + n + 1);
            raw.bytes.drain(from..end);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_between_commands_are_read() {
        let batch = b"HELO a.example\r\nMAIL FROM:<a@b.example> SIZE=1\r\nRCPT TO:<c@d.example>\r\nDATA\r\nFrom x  Fri Aug 31 13:39:16 2001\r\n\
            Subject: 1\r\n\r\n..dot\r\n.\r\nmail from:<>\r\ndata\r\nSubject: 2\r\n\r\ncut";
        assert!(recognise(batch) && !recognise(b"HELO a.example\r\n") && !recognise(b"Subject: 1\n\nDATA\n"));
        let all = messages(batch);
        let texts: Vec<_> = all.iter().map(|r| String::from_utf8_lossy(&r.bytes).replace('\r', "")).collect();
        assert_eq!(texts, ["Return-Path: <a@b.example>\nSubject: 1\n\n.dot\n", "Return-Path: <>\nSubject: 2\n\ncut"]);
        let stored = |r: &Raw| &batch[r.start as usize..(r.start + r.len) as usize];
        assert!(stored(&all[0]).ends_with(b"..dot\r\n") && stored(&all[1]).starts_with(b"Subject: 2"));
    }
}
