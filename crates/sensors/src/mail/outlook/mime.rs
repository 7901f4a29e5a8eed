//! An item as RFC 5322 and MIME. Bodies are written as they are (`binary`) between boundaries made of their hash: no
//! sender can know them.

use super::item::Item;
use crate::mail::header;
use crate::mail::parse::hex;
use formats::rtf;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// Fields that describe a body which is written anew.
const BODY: [&str; 5] =
    ["content-type", "content-transfer-encoding", "mime-version", "content-disposition", "content-length"];

/// Writes an item.
pub fn write(item: &Item) -> Vec<u8> {
    let mut out = Vec::new();
    header_of(item, &mut out);
    let mut bodies = Vec::new();
    if let Some(text) = item.text(0x1000) {
        bodies.push(("text/plain; charset=utf-8", Cow::Owned(text.into_bytes())));
    }
    if let Some(html) = item.bytes(0x1013) {
        bodies.push(("text/html", Cow::Borrowed(html)));
    } else if let Some(html) = item.text(0x1013) {
        bodies.push(("text/html; charset=utf-8", Cow::Owned(html.into_bytes())));
    } else if let Some(rtf) = item.bytes(0x1009).and_then(rtf::decompress) {
        let body = rtf::body(&rtf);
        if body.html || bodies.is_empty() {
            let media = if body.html { "text/html; charset=utf-8" } else { "text/plain; charset=utf-8" };
            bodies.push((media, Cow::Owned(body.text.into_bytes())));
        }
    }
    let charset = String::from_utf8_lossy(item.charset());
    let parts: Vec<(String, Cow<[u8]>)> = bodies
        .into_iter()
        .map(|(media, body)| match media {
            // The page says its charset itself or is in the item's.
            "text/html" => (format!("Content-Type: text/html; charset={charset}\r\n"), body),
            _ => (format!("Content-Type: {media}\r\n"), body),
        })
        .collect();
    if item.attachments.is_empty() && parts.len() <= 1 {
        let (head, body) = parts.into_iter().next().unwrap_or_default();
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(b"Content-Transfer-Encoding: binary\r\n\r\n");
        out.extend_from_slice(&body);
        return out;
    }
    let mut all = Vec::new();
    if parts.len() > 1 {
        let mut inner = Vec::new();
        let media = multipart("alternative", &parts, &mut inner);
        all.push((media, Cow::Owned(inner)));
    } else {
        all.extend(parts);
    }
    all.extend(item.attachments.iter().map(|a| (head_of(a), body_of(a))));
    let mut inner = Vec::new();
    let media = multipart("mixed", &all, &mut inner);
    out.extend_from_slice(media.as_bytes());
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(&inner);
    out
}

/// Writes parts between boundaries; gives the field that announces them.
pub fn multipart(kind: &str, parts: &[(String, Cow<[u8]>)], out: &mut Vec<u8>) -> String {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|(head, body)| {
        hasher.update(head);
        hasher.update(body);
    });
    let boundary = hex(&hasher.finalize());
    for (head, body) in parts {
        out.extend_from_slice(format!("--{boundary}\r\n{head}Content-Transfer-Encoding: binary\r\n\r\n").as_bytes());
        out.extend_from_slice(body);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    format!("Content-Type: multipart/{kind}; boundary=\"{boundary}\"\r\n")
}

/// The header: that of transport, or one made of the item's properties.
fn header_of(item: &Item, out: &mut Vec<u8>) {
    if let Some(transport) = item.text(0x007d) {
        // Outlook may put a line of its own before it.
        let transport = transport.trim_start();
        for field in header::block(transport.as_bytes()).fields {
            if !BODY.iter().any(|n| field.is(n)) {
                out.extend_from_slice(field.raw);
                if !field.raw.ends_with(b"\n") {
                    out.extend_from_slice(b"\r\n");
                }
            }
        }
    }
    let has = |out: &[u8], name: &str| header::block(out).fields.iter().any(|f| f.is(name));
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|v| !v.is_empty() && !has(out, name)) {
            out.extend_from_slice(format!("{name}: {}\r\n", value.replace(['\r', '\n', '\0'], " ")).as_bytes());
        }
    };
    // PidTagSentRepresenting…, PidTagSender…: name, SMTP address, address. Exchange knows its own by a name in its directory
    // (`/o=…`), and may note the address elsewhere: PidTagCreatorSmtpAddress, PidTagLastModifierSmtpAddress.
    let smtp = |ids: &[u16]| ids.iter().find_map(|id| item.text(*id).filter(|a| a.contains('@')));
    let sender = |name, own: [u16; 2], other: [u16; 3]| {
        let address = smtp(&own).or_else(|| smtp(&other)).or(item.text(own[1]).filter(|a| a.starts_with('/')));
        mailbox(item.text(name), address)
    };
    let represented = sender(0x0042, [0x5d02, 0x0065], [0x5d01, 0x5d0a, 0x5d0b]);
    put("From", represented.or_else(|| sender(0x0c1a, [0x5d01, 0x0c1f], [0x5d02, 0x5d0a, 0x5d0b])));
    for (kind, name) in [(1, "To"), (2, "Cc")] {
        let of = item.recipients.iter().filter(|r| r.long(0x0c15).unwrap_or(1) & 0xf == kind);
        let all: Vec<String> = of
            .filter_map(|r| mailbox(r.text(0x3001), r.text(0x39fe).or(r.text(0x3003).filter(|a| a.contains('@')))))
            .collect();
        put(name, Some(all.join(", ")));
    }
    put("Subject", item.text(0x0037));
    put("Date", item.time(0x0039).or(item.time(0x0e06)).and_then(rfc2822));
    put("Message-ID", item.text(0x1035));
    put("In-Reply-To", item.text(0x1042));
    put("References", item.text(0x1039));
    put("MIME-Version", Some("1.0".into()));
}

fn mailbox(name: Option<String>, address: Option<String>) -> Option<String> {
    let quoted = |n: String| n.replace('\\', "\\\\").replace('"', "\\\"");
    match (name, address) {
        (None, None) => None,
        (Some(name), Some(address)) if name != address => Some(format!("\"{}\" <{address}>", quoted(name))),
        (_, Some(address)) => Some(format!("<{address}>")),
        (Some(name), None) => Some(format!("\"{}\" <>", quoted(name))),
    }
}

fn rfc2822(time: model::Time) -> Option<String> {
    jiff::fmt::rfc2822::to_string(&time.in_zone(&jiff::tz::TimeZone::UTC)).ok()
}

/// The header of an attachment.
fn head_of(attachment: &Item) -> String {
    let clean = |t: String| t.replace(['\r', '\n', '\0'], " ");
    if attachment.item.is_some() {
        return "Content-Type: message/rfc822\r\n".into();
    }
    let media = attachment.text(0x370e).map(clean).filter(|m| m.contains('/') && m.is_ascii());
    let mut head = format!("Content-Type: {}\r\n", media.as_deref().unwrap_or("application/octet-stream"));
    let name = attachment.text(0x3707).or(attachment.text(0x3704)).or(attachment.text(0x3001)).unwrap_or_default();
    let name = clean(name).replace('\\', "\\\\").replace('"', "\\\"");
    head += &format!("Content-Disposition: attachment; filename=\"{name}\"\r\n");
    if let Some(id) = attachment.text(0x3712).map(clean) {
        head += &format!("Content-ID: <{id}>\r\n");
    }
    head
}

fn body_of(attachment: &Item) -> Cow<'_, [u8]> {
    match &attachment.item {
        Some(item) => Cow::Owned(write(item)),
        None => Cow::Borrowed(attachment.bytes(0x3701).unwrap_or_default()),
    }
}
