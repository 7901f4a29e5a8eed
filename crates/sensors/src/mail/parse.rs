//! Bytes → [`Message`]: one pass over the body with a stack of open boundaries (RFC 2046 5.1), so that time grows with
//! the bytes and nothing recurses.
//!
//! You may rely on: any bytes give a message; parts beyond [`PARTS`], levels beyond [`LEVELS`] and bytes beyond
//! [`DECODED`] are left out and told in `damage`, all others are read. A boundary of an outer part ends an inner one
//! whose own end is missing.

use super::header::{self, Header};
use super::message::{Hop, Message, Part, Role};
use super::{address, date, received};
use formats::transfer::{self, Decoded};
use formats::{charset, sniff};
use model::{Address, Skip};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::ops::Range;

/// Parts of one message that are read, at most.
pub const PARTS: usize = 1_000;
/// Levels of multiparts within each other that are read, at most.
pub const LEVELS: usize = 32;
/// Bytes that the parts of one message may come to when decoded.
pub const DECODED: usize = 40 << 20;
/// Bytes of text (as UTF-8) over all parts that are decoded for judgement.
pub const TEXT: usize = 8 << 20;
/// Files that stand uuencoded in the texts of one message, at most.
const UUENCODED: usize = 50;
/// Hops and ids read, at most.
const MANY: usize = 200;

/// Parses a message; `whole` as in [`Message::whole`].
pub fn parse(raw: &[u8], whole: bool) -> Message<'_> {
    let block = header::message(raw);
    let mut message = Message { raw, body: block.body, whole, ..Message::default() };
    let mut damage = Damage::default();
    damage.of_block(&block, 0);
    message.headers = block.fields;
    Walk { raw, parts: Vec::new(), damage: &mut damage, budget: DECODED, text: TEXT }.walk(
        &message.headers,
        block.body,
        &mut message.parts,
    );
    fields(&mut message);
    message.damage = damage.0;
    message
}

/// What a message's header says.
fn fields(message: &mut Message) {
    let headers = std::mem::take(&mut message.headers);
    let mut said = [false; 8];
    let mut first = |n: usize| !std::mem::replace(&mut said[n], true);
    for header in &headers {
        let list = || address::list(&header.unfolded());
        match header.name.to_ascii_lowercase().as_str() {
            "from" => message.from.extend(list()),
            "to" => message.to.extend(list()),
            "cc" => message.cc.extend(list()),
            "reply-to" => message.reply_to.extend(list()),
            "sender" if first(0) => message.sender = list().into_iter().next(),
            "return-path" if first(1) => message.return_path = Some(list().into_iter().next().unwrap_or_default()),
            "subject" if first(2) => message.subject = header.text(),
            "date" if first(3) => message.date = date::parse(&header.plain()),
            "message-id" if first(4) => message.message_id = ids(&header.plain()).into_iter().next(),
            "in-reply-to" if first(5) => message.in_reply_to = ids(&header.plain()),
            "references" if first(6) => message.references = ids(&header.plain()),
            "received" if message.received.len() < MANY => message.received.push(received::parse(&header.plain())),
            "x-originating-ip" if first(7) && message.received.is_empty() => {
                let ip = Address::parse(header.plain().trim_matches(['[', ']', ' ']).as_bytes());
                message.received.extend(ip.map(|ip| Hop { ip: Some(ip), ..Hop::default() }));
            }
            _ => {}
        }
    }
    for list in [&mut message.from, &mut message.to, &mut message.cc, &mut message.reply_to] {
        list.truncate(address::MOST);
    }
    message.headers = headers;
}

/// Message ids in angle brackets; of a field without any, its words that hold an `@`.
fn ids(value: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut rest = value;
    while let Some((id, after)) = rest.split_once('<').and_then(|(_, inside)| inside.split_once('>')) {
        out.push(id.trim().to_string());
        rest = after;
        if out.len() >= MANY {
            break;
        }
    }
    if out.is_empty() {
        out.extend(value.split_whitespace().filter(|w| w.contains('@')).take(MANY).map(str::to_string));
    }
    out
}

/// Damage, counted by reason.
#[derive(Default)]
struct Damage(Vec<Skip>);

impl Damage {
    fn add(&mut self, reason: &str, count: u64, at: usize) {
        match self.0.iter_mut().find(|s| s.reason == reason) {
            Some(skip) => skip.count += count,
            None => self.0.push(Skip { reason: reason.into(), count, first: at as u64, line: 0 }),
        }
    }

    fn of_block(&mut self, block: &header::Block, at: usize) {
        if block.garbage > 0 {
            self.add("line in a header that is no field", block.garbage, at);
        }
        if block.unended {
            self.add("header without an empty line after it", 1, at + block.body);
        }
        if block.cut {
            self.add("more header fields than are read", 1, at);
        }
    }
}

struct Walk<'m, 'w> {
    raw: &'m [u8],
    parts: Vec<Part<'m>>,
    damage: &'w mut Damage,
    /// Bytes that may still be decoded.
    budget: usize,
    /// Bytes of text that may still be decoded.
    text: usize,
}

/// A multipart whose end has not come.
struct Open<'m> {
    part: usize,
    boundary: Cow<'m, [u8]>,
    digest: bool,
}

/// A line that begins with `--` and is a boundary.
struct Delimiter {
    level: usize,
    closes: bool,
    start: usize,
    end: usize,
}

impl<'m> Walk<'m, '_> {
    fn walk(mut self, headers: &[Header<'m>], body: usize, out: &mut Vec<Part<'m>>) {
        let mut open: Vec<Open<'m>> = Vec::new();
        let mut left_out = 0u64;
        let mut from = body;
        self.begin(headers, None, false, &mut open);
        // The leaf or preamble that is being passed.
        let mut current = Some(0);
        loop {
            let next = if open.is_empty() { None } else { delimiter(self.raw, from, &open) };
            let end = next.as_ref().map_or(self.raw.len(), |d| d.start);
            if let Some(n) = current.take() {
                // A multipart whose first boundary never comes, before an outer one or its own end does.
                let childless = next.as_ref().is_none_or(|d| d.level + 1 < open.len() || d.closes);
                self.end(n, from..end.max(from), childless);
            }
            let Some(found) = next else { break };
            if open.len() > found.level + 1 {
                self.damage.add("multipart without its end", (open.len() - found.level - 1) as u64, found.start);
            }
            open.truncate(found.level + 1);
            from = found.end;
            if found.closes {
                open.pop();
                continue;
            }
            if self.parts.len() >= PARTS {
                left_out += 1;
                continue;
            }
            let block = header::block(self.raw.get(from..).unwrap_or_default());
            // A boundary may come before the header ends: the header is then all there is.
            let stop = delimiter(self.raw, from, &open).map_or(self.raw.len(), |d| d.start);
            let mut block = block;
            if from + block.body > stop {
                let short = self.raw.get(from..stop).unwrap_or_default();
                block = header::block(short);
            }
            self.damage.of_block(&block, from);
            let (parent, digest) = open.last().map_or((None, false), |o| (Some(o.part), o.digest));
            let number = self.parts.len();
            from += block.body;
            self.begin(&block.fields, parent, digest, &mut open);
            current = Some(number);
        }
        if !open.is_empty() {
            self.damage.add("multipart without its end", open.len() as u64, self.raw.len());
        }
        left_out += self.uuencoded();
        if left_out > 0 {
            self.damage.add("more parts than are read", left_out, 0);
        }
        *out = self.parts;
    }

    /// Begins a part with its header.
    fn begin(&mut self, headers: &[Header<'m>], parent: Option<usize>, digest: bool, open: &mut Vec<Open<'m>>) {
        let number = self.parts.len();
        let field = |name: &str| headers.iter().find(|h| h.is(name));
        let mut part = Part { number: number as u64, parent, ..Part::default() };
        if let Some(h) = field("content-type") {
            (part.media, part.params) = header::parameters(&h.unfolded());
        }
        if !part.media.contains('/') {
            part.media = if digest { "message/rfc822".into() } else { "text/plain".into() };
        }
        let (disposition, params) =
            field("content-disposition").map(|h| header::parameters(&h.unfolded())).unwrap_or_default();
        part.attached = disposition == "attachment";
        let name = params.into_iter().find(|(n, _)| n == "filename").map(|(_, v)| v);
        part.name = name.or_else(|| part.param("name").map(str::to_string)).filter(|n| !n.is_empty());
        part.content_id = field("content-id").map(|h| h.plain().trim_matches(['<', '>', ' ']).to_string());
        let encoding =
            field("content-transfer-encoding").map(|h| header::parameters(&h.unfolded()).0).unwrap_or_default();
        part.role = role(&part);
        if part.role == Role::Container {
            match part.param("boundary").map(|b| b.trim_end().as_bytes().to_vec()).filter(|b| !b.is_empty()) {
                Some(_) if open.len() >= LEVELS => {
                    self.damage.add("more levels of parts than are read", 1, 0);
                    part.role = Role::Attachment;
                }
                Some(boundary) => {
                    let digest = part.media == "multipart/digest";
                    open.push(Open { part: number, boundary: Cow::Owned(boundary), digest });
                }
                None => {
                    self.damage.add("multipart without a boundary", 1, 0);
                    part.role = Role::Text;
                }
            }
        }
        // Kept until the end of the part is known.
        part.params.push((ENCODING.into(), encoding));
        self.parts.push(part);
    }

    /// Ends a part whose body stands at `place`.
    fn end(&mut self, n: usize, place: Range<usize>, childless: bool) {
        let Some(mut part) = self.parts.get_mut(n).map(std::mem::take) else { return };
        let encoding = part.params.pop().map(|(_, e)| e).unwrap_or_default();
        part.place = place.clone();
        let body = self.raw.get(place.clone()).unwrap_or_default();
        if part.role == Role::Container {
            // Its parts never came: what stands there is what a mail program shows.
            if childless && !body.trim_ascii().is_empty() {
                self.damage.add("multipart whose boundary never comes", 1, place.start);
                part.role = Role::Text;
            } else {
                self.parts[n] = part;
                return;
            }
        }
        self.decode(&mut part, &encoding, body);
        match part.role {
            Role::Text | Role::Html => self.text(&mut part),
            Role::Attachment => known(&mut part),
            Role::Message | Role::Container => {}
        }
        self.parts[n] = part;
    }

    fn decode(&mut self, part: &mut Part<'m>, encoding: &str, body: &'m [u8]) {
        let done = match encoding {
            "base64" => transfer::base64(body, self.budget),
            "quoted-printable" => transfer::quoted_printable(body, self.budget),
            "x-uuencode" | "uuencode" | "x-uue" => match transfer::uuencoded(body, self.budget) {
                Some(found) => {
                    part.name.get_or_insert(found.name);
                    found.decoded
                }
                None => Decoded { bytes: body.get(..self.budget).unwrap_or(body).to_vec(), strange: 1, cut: false },
            },
            "" | "7bit" | "8bit" | "binary" => {
                part.bytes = Cow::Borrowed(body);
                return;
            }
            _ => {
                self.damage.add("unknown transfer encoding", 1, part.place.start);
                part.bytes = Cow::Borrowed(body);
                return;
            }
        };
        if done.strange > 0 {
            self.damage.add("characters that do not belong to the transfer encoding", done.strange, part.place.start);
        }
        if done.cut {
            self.damage.add("more bytes than are decoded of one message", 1, part.place.start);
        }
        part.cut = done.cut;
        self.budget -= done.bytes.len().min(self.budget);
        part.bytes = Cow::Owned(done.bytes);
    }

    /// Files that stand uuencoded in a text are attachments, behind all parts. How many were too many.
    fn uuencoded(&mut self) -> u64 {
        let (mut left_out, least) = (0, self.parts.len());
        for n in 0..least {
            while self.parts[n].media == "text/plain" && self.parts[n].role == Role::Text {
                let Some(found) = transfer::uuencoded(self.parts[n].text.as_bytes(), self.budget) else { break };
                let (begin, end) = (found.place.start, found.place.end);
                self.parts[n].text.replace_range(begin..end, "");
                if self.parts.len() >= PARTS.min(least + UUENCODED) {
                    left_out += 1;
                    break;
                }
                self.budget -= found.decoded.bytes.len().min(self.budget);
                let mut part = Part {
                    number: self.parts.len() as u64,
                    parent: self.parts[n].parent,
                    media: "application/octet-stream".into(),
                    name: Some(found.name).filter(|n| !n.is_empty()),
                    attached: true,
                    role: Role::Attachment,
                    place: self.parts[n].place.clone(),
                    cut: found.decoded.cut,
                    bytes: Cow::Owned(found.decoded.bytes),
                    ..Part::default()
                };
                known(&mut part);
                self.parts.push(part);
            }
        }
        left_out
    }

    fn text(&mut self, part: &mut Part<'m>) {
        let most = part.bytes.len().min(self.text);
        if most < part.bytes.len() {
            self.damage.add("more text than is read of one message", 1, part.place.start);
            part.cut = true;
        }
        self.text -= most;
        part.text =
            charset::decode(part.param("charset").unwrap_or_default().as_bytes(), &part.bytes[..most]).into_owned();
    }
}

/// What an attachment is by its bytes.
fn known(part: &mut Part) {
    part.sniffed = sniff::media(&part.bytes);
    part.sha256 = hex(&Sha256::digest(&part.bytes));
    part.encrypted = sniff::encrypted(part.sniffed, &part.bytes);
}

/// A name no header can give a parameter.
const ENCODING: &str = " ";

/// What a part is for, by its declaration: text is shown unless it is attached under a name.
fn role(part: &Part) -> Role {
    let named = |ends: &[&str]| {
        part.name.as_deref().is_some_and(|n| {
            let n = n.trim_end_matches(['.', ' ']).to_lowercase();
            ends.iter().any(|e| n.ends_with(e))
        })
    };
    match part.media.as_str() {
        "message/rfc822" | "message/global" | "message/news" => Role::Message,
        m if m.starts_with("multipart/") => Role::Container,
        _ if named(&[".eml"]) => Role::Message,
        _ if part.attached => Role::Attachment,
        "text/html" | "application/xhtml+xml" => Role::Html,
        "text/rfc822-headers" | "text/calendar" | "text/vcard" | "text/x-vcard" | "text/xml" => Role::Attachment,
        m if m.starts_with("text/") && part.name.is_none() => Role::Text,
        m if m.starts_with("text/") && named(&[".txt"]) => Role::Text,
        m if m.starts_with("message/") => Role::Attachment,
        _ => Role::Attachment,
    }
}

/// The next boundary line from `from` of any open multipart; where several would do, the innermost one's.
fn delimiter(raw: &[u8], from: usize, open: &[Open]) -> Option<Delimiter> {
    let finder = memchr::memmem::Finder::new(b"\n--");
    let mut at = from.saturating_sub(1);
    if from == 0
        && raw.starts_with(b"--")
        && let Some(found) = boundary(raw, 0, 2, open)
    {
        return Some(found);
    }
    loop {
        let hit = at + finder.find(raw.get(at..)?)?;
        if let Some(mut found) = boundary(raw, hit + 1, hit + 3, open) {
            // The line end before a boundary belongs to it.
            found.start = if hit > 0 && raw[hit - 1] == b'\r' { hit - 1 } else { hit };
            found.start = found.start.max(from);
            return Some(found);
        }
        at = hit + 1;
    }
}

fn boundary(raw: &[u8], start: usize, text: usize, open: &[Open]) -> Option<Delimiter> {
    let rest = raw.get(text..)?;
    let rest = rest.get(..1_000).unwrap_or(rest);
    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let line = rest[..end].trim_ascii_end();
    let (level, closes) = open.iter().enumerate().rev().find_map(|(level, o)| {
        let after = line.strip_prefix(&o.boundary[..])?;
        match after {
            [] => Some((level, false)),
            b"--" => Some((level, true)),
            _ => None,
        }
    })?;
    Some(Delimiter { level, closes, start, end: (text + end + 1).min(raw.len()) })
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from(b"0123456789abcdef"[usize::from(n & 15)]);
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(*b)]).collect()
}
