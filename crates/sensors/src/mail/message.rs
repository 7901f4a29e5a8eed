//! The parsed message: what every judge of mail looks at. [`parse`](super::parse::parse) makes it of bytes, whatever
//! they are; `.msg` and `.pst` items are first written as RFC 5322 and go the same way.
//!
//! You may rely on: everything is bounded (headers, parts, bytes decoded), nothing here fails, text is UTF-8, and what
//! was cut or broken stands in [`Message::damage`]. Parts are in depth-first order, part 0 is the message itself.
//! Left out: judgement; what is inside attachments (`content`); messages within messages, which are parts of role
//! [`Role::Message`] and parsed on their own.

use super::header::Header;
use model::{Address, Skip, Step, Time};
use std::borrow::Cow;
use std::ops::Range;

/// One message.
#[derive(Clone, Debug, Default)]
pub struct Message<'m> {
    /// Its bytes as received, header block and body. Of an mbox without the `From ` line and its quoting.
    pub raw: &'m [u8],
    /// Where the body begins in `raw`.
    pub body: usize,
    /// The header fields of the message, in order, as they stand.
    pub headers: Vec<Header<'m>>,
    /// Whether `raw` is what was transported: not cut for size, not written anew from an Outlook item. Signatures can
    /// be checked only then.
    pub whole: bool,
    /// Authors.
    pub from: Vec<Mailbox>,
    /// The one who sent it for them.
    pub sender: Option<Mailbox>,
    /// Where answers go.
    pub reply_to: Vec<Mailbox>,
    /// The envelope's sender, as the last server wrote it; an empty address for a bounce.
    pub return_path: Option<Mailbox>,
    /// Recipients.
    pub to: Vec<Mailbox>,
    /// Recipients of a copy.
    pub cc: Vec<Mailbox>,
    /// Subject, decoded.
    pub subject: String,
    /// When its author says it was sent.
    pub date: Option<Time>,
    /// Its id, without angle brackets.
    pub message_id: Option<String>,
    /// What it answers.
    pub in_reply_to: Vec<String>,
    /// Its thread.
    pub references: Vec<String>,
    /// The way it took, the last hop (the receiver's) first, as in the header.
    pub received: Vec<Hop>,
    /// All MIME parts, depth first; the message itself is part 0.
    pub parts: Vec<Part<'m>>,
    /// What was broken or left out.
    pub damage: Vec<Skip>,
}

/// A display name and an address.
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash, PartialOrd, Ord)]
pub struct Mailbox {
    /// The display name, decoded; empty where there is none.
    pub name: String,
    /// The address, its domain in lower case; empty where there is none (a group, `<>`, damage).
    pub address: String,
}

impl Mailbox {
    /// The domain, lower case; empty where there is none.
    pub fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// What stands before the `@`.
    pub fn local(&self) -> &str {
        self.address.rsplit_once('@').map_or(self.address.as_str(), |(local, _)| local)
    }
}

/// One `Received` field (RFC 5321 4.4).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Hop {
    /// What the client called itself (HELO, EHLO).
    pub helo: String,
    /// The client's name as the server looked it up; empty where it did not say.
    pub name: String,
    /// The server writes that name beside the address, as those do that also ask whether the name has it.
    pub confirmed: bool,
    /// The client's address.
    pub ip: Option<Address>,
    /// The server that took it.
    pub by: String,
    /// By which protocol (`ESMTPS` …).
    pub with: String,
    /// For whom.
    pub recipient: String,
    /// The envelope's sender, as Exim and Sendmail note it.
    pub mail_from: Option<String>,
    /// When.
    pub time: Option<Time>,
}

impl Hop {
    /// Whether the client had logged in (RFC 3848).
    pub fn login(&self) -> bool {
        ["esmtpa", "esmtpsa", "utf8smtpa", "utf8smtpsa"].iter().any(|w| self.with.eq_ignore_ascii_case(w))
    }

    /// Whether it came from another machine; else a program handed it to another on one.
    pub fn has_client(&self) -> bool {
        !self.helo.is_empty() || self.ip.is_some()
    }
}

/// What a part is for the reader of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Role {
    /// Holds other parts (`multipart/*`).
    Container,
    /// Shown as plain text.
    #[default]
    Text,
    /// Shown as HTML.
    Html,
    /// Any other content, attached or inline.
    Attachment,
    /// A message within this one (`message/rfc822`, `message/global`, an attached `.eml`).
    Message,
}

/// A MIME part (RFC 2046).
#[derive(Clone, Debug, Default)]
pub struct Part<'m> {
    /// Its place in depth-first order: `Step::Part(number)`.
    pub number: u64,
    /// The place in [`Message::parts`] of the part that holds it.
    pub parent: Option<usize>,
    /// What it is for.
    pub role: Role,
    /// The declared media type, lower case, without parameters.
    pub media: String,
    /// The parameters of its `Content-Type`, names in lower case.
    pub params: Vec<(String, String)>,
    /// The file name, of `Content-Disposition` or `Content-Type`, decoded.
    pub name: Option<String>,
    /// Whether the disposition is `attachment`.
    pub attached: bool,
    /// `Content-ID` without brackets: HTML shows the part by `cid:`.
    pub content_id: Option<String>,
    /// Where its body stands in the message's `raw`, still encoded.
    pub place: Range<usize>,
    /// Its body with the transfer encoding undone; cut where the message's budget ended.
    pub bytes: Cow<'m, [u8]>,
    /// Whether `bytes` is cut short.
    pub cut: bool,
    /// For text and HTML: the body as UTF-8, else empty.
    pub text: String,
    /// For attachments: the media type its first bytes show; empty where they show none.
    pub sniffed: &'static str,
    /// For attachments: SHA-256 of `bytes`, in hexadecimal.
    pub sha256: String,
    /// For attachments: whether it cannot be opened without a password, as far as its first bytes tell.
    pub encrypted: bool,
}

impl Part<'_> {
    /// A parameter of `Content-Type`.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

impl<'m> Message<'m> {
    /// The first header field of a name (ASCII case does not matter).
    pub fn header(&self, name: &str) -> Option<&Header<'m>> {
        self.headers.iter().find(|h| h.is(name))
    }

    /// All header fields of a name.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Header<'m>> {
        self.headers.iter().filter(move |h| h.is(name))
    }

    /// The parts of a role.
    pub fn of(&self, role: Role) -> impl Iterator<Item = &Part<'m>> {
        self.parts.iter().filter(move |p| p.role == role)
    }

    /// The first author.
    pub fn author(&self) -> Option<&Mailbox> {
        self.from.first()
    }

    /// Whether its author is known by a name in Exchange's directory alone (`/o=…`), as an Outlook item has colleagues: that
    /// there is no address is then no sign. In a message as it was transported it would be.
    pub fn is_of_directory(&self) -> bool {
        !self.whole && self.author().is_some_and(|m| m.address.starts_with('/') && !m.address.contains('@'))
    }

    /// The steps from the message to a part.
    pub fn steps(&self, part: &Part) -> Vec<Step> {
        let mut steps = vec![Step::Part(part.number)];
        let mut at = part.parent;
        while let Some(p) = at.filter(|&p| p > 0).and_then(|p| self.parts.get(p)) {
            steps.push(Step::Part(p.number));
            at = p.parent;
        }
        steps.reverse();
        steps
    }

    /// When it arrived at the server that received it last; else when its author says it was sent.
    pub fn time(&self) -> Option<Time> {
        self.received.iter().find_map(|h| h.time).or(self.date)
    }
}
