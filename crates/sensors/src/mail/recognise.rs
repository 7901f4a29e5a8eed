//! Whether a file holds mail, by its first bytes.
//!
//! You may rely on: a log, a list of names or an HTTP answer is none, for it lacks the fields that only mail has.

use super::{batch, header, outlook, report, split};

/// Fields that little else has.
const MAIL: [&str; 21] = [
    "received",
    "from",
    "to",
    "cc",
    "subject",
    "message-id",
    "return-path",
    "delivered-to",
    "reply-to",
    "mime-version",
    "dkim-signature",
    "in-reply-to",
    "x-mailer",
    "sender",
    "arc-seal",
    "authentication-results",
    "received-spf",
    "errors-to",
    "list-id",
    "x-spam-status",
    "resent-from",
];
/// Fields that others have as well.
const WEAK: [&str; 4] = ["date", "content-type", "content-transfer-encoding", "content-disposition"];

/// What a file of mail is kept in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// One message, or an mbox of them.
    Messages,
    /// A report that is a file by itself.
    Report,
    /// A compound file that may be an Outlook item, or a `winmail.dat` by itself.
    Outlook,
    /// An Outlook store.
    Store,
    /// Batch SMTP.
    Batch,
}

/// The form of a file and how sure that is, 0–100.
pub fn form(head: &[u8]) -> Option<(Form, u8)> {
    if head.starts_with(&outlook::MAGIC) {
        return Some((Form::Outlook, outlook::recognise(head))).filter(|(_, sure)| *sure > 0);
    }
    if head.starts_with(&outlook::tnef::MAGIC) {
        return Some((Form::Outlook, 97));
    }
    if head.starts_with(b"!BDN") {
        return Some((Form::Store, 97));
    }
    if batch::recognise(head) {
        return Some((Form::Batch, 90));
    }
    match report::recognise(head) {
        0 => Some((Form::Messages, messages(&split::lines(head)))).filter(|(_, sure)| *sure > 0),
        sure => Some((Form::Report, sure)),
    }
}

fn messages(head: &[u8]) -> u8 {
    let block = header::message(head);
    let (mut mail, mut weak) = (0, 0);
    let mut seen: Vec<&str> = Vec::new();
    for field in &block.fields {
        let name = |n: &&&str| field.is(n);
        if let Some(known) = MAIL.iter().find(name)
            && !seen.contains(known)
        {
            seen.push(known);
            mail += 1;
        }
        weak += u32::from(WEAK.iter().any(|n| field.is(n)));
    }
    let ended = head.len() > block.body || head[..block.body].ends_with(b"\n");
    // A header that fills all that is seen: nobody must hide a message behind hundreds of fields, or one without an end.
    if block.body >= head.len() && head.len() > 16 << 10 && block.garbage == 0 {
        let composed =
            |name: &str| name.len() < 64 && name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.contains('-');
        match &block.fields[..] {
            _ if mail > 0 => return 60,
            [only] if composed(only.name) => return 50,
            _ => {}
        }
    }
    let Some(first) = block.fields.first().filter(|_| ended || mail > 1) else {
        return if split::dated(head) { 70 } else { 0 };
    };
    let value = first.unfolded();
    match mail {
        _ if split::separator(head, 0) && mail > 0 => 98,
        3.. => 96,
        2 => 80,
        // A MIME part by itself is how some programs save a message.
        _ if first.is("content-type") && memchr::memchr(b'/', &value).is_some() && !block.unended => 90,
        1 if weak > 0 || seen[0] == "received" => 60,
        // Hardly anything but mail (and whoever tests it): a subject or an address, then an empty line.
        1 if block.fields.len() <= 2
            && !block.unended
            && (seen[0] == "subject" || memchr::memchr(b'@', &value).is_some()) =>
        {
            60
        }
        _ => 0,
    }
}
