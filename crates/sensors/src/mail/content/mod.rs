//! What is inside a message, and what of it speaks for phishing or against: text, links, attachments, who it says it
//! is. Every function here takes bytes or text and gives facts; nothing is run, opened or fetched.
//!
//! You may rely on: bounded time and memory per message whatever it holds ([`attachment`] spends one budget for all
//! that is nested). Left out: authentication, and who the sender is to this mailbox, which the verdict adds.

pub mod attachment;
pub(crate) mod claim;
mod coherence;
mod drawn;
mod filtered;
pub mod fold;
mod head;
pub mod ideas;
pub mod links;
pub mod nature;
pub mod qr;
mod redirect;
mod scheme;
mod sender;
mod shape;
pub mod sign;
mod sketch;
mod text;
pub mod url;

use super::message::{Message, Role};
use attachment::Attachment;
use fold::Words;
use formats::clip;
use formats::html::{self, Html};
use ideas::{Asks, LEXICON};
use links::{Around, Collector, Link};
use model::{Config, Context, Result, Skip};
use sender::Sender;
use serde::{Deserialize, Serialize};
use sign::{Kind, Sign};
use std::sync::Arc;

/// Words below which a letter says next to nothing.
const LITTLE: usize = 40;
/// Parts of one message that are read as shown, of text and of HTML, at most.
const SHOWN: usize = 20;
/// Most visible text kept for reading, in bytes.
const TEXT: usize = 96 << 10;

/// What a message holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// What speaks for phishing, and what against.
    pub signs: Vec<Sign>,
    /// Where one can go from it.
    pub links: Vec<Link>,
    /// The language of its text (ISO 639-1), where it says enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What it asks for.
    pub asks: Asks,
    /// What is inside its attachments, one for each part that is one.
    pub attachments: Vec<Attachment>,
    /// Registrable domains of its links, sorted.
    pub domains: Vec<String>,
    /// The sketch of its text, by which messages of one template are found.
    pub sketch: Vec<u64>,
    /// What could not be looked at.
    #[serde(skip)]
    pub skips: Vec<Skip>,
}

/// Looks into messages; made once for a case.
pub struct Analyser {
    names: Arc<crate::names::setup::Setup>,
    config: Config,
}

impl Analyser {
    /// Of a case.
    pub fn new(context: &Context) -> Result<Analyser> {
        Ok(Analyser { names: crate::names::setup::setup(context)?, config: context.config.clone() })
    }

    /// Looks into a message.
    pub fn look(&self, message: &Message) -> Content {
        let recipients: Vec<String> = message
            .to
            .iter()
            .chain(&message.cc)
            .map(|m| m.address.to_lowercase())
            .filter(|a| !a.is_empty())
            .take(50)
            .collect::<std::collections::BTreeSet<String>>()
            .into_iter()
            .collect();
        let around = Around { recipients: &recipients, judge: &self.names.judge, lexicon: &LEXICON };
        let mut links = Collector::new(around);
        let body = Body::new(message, &mut links);
        let mut signs = Vec::new();
        let mut told = String::new();
        let attachments = attachment::all(message, &body.shown, &mut links, &mut signs, &mut told);
        for part in message.parts.iter().filter(|p| matches!(p.role, Role::Html | Role::Text)).take(20) {
            let drawn = drawn::codes(&part.text, part.role == Role::Html);
            drawn.iter().for_each(|text| signs.extend(code(text, &mut links)));
        }
        let mut skips: Vec<Skip> = attachments.iter().flat_map(|a| a.skips.iter().cloned()).collect();
        let mut skip = |reason: &str, count: u64| {
            skips.extend((count > 0).then(|| Skip { reason: reason.into(), count, first: 0, line: 0 }));
        };
        skip("more text in a message than is looked at", u64::from(body.cut));
        skip("more links in a message than are looked at", links.cut);
        // A colleague of whom an item notes no address.
        let sender = Sender::new(message).filter(|_| !message.is_of_directory());
        match &sender {
            None if message.is_of_directory() => {}
            Some(sender) => sender.signs(message, &self.config.protect, &LEXICON, &mut links, &mut signs),
            None => signs.push(Kind::NoSender.on("")),
        }
        filtered::signs(message, &mut signs);
        let links = links.finish();
        let subject = Words::new(&message.subject, false);
        let words = Words::new(&format!("{}\n{}", message.subject, body.shown), true);
        let mut asks = LEXICON.asks(&words);
        // A letter that says next to nothing has what it says attached.
        if asks.words < LITTLE && !told.trim().is_empty() {
            asks = LEXICON.asks(&Words::new(&format!("{}\n{}\n{told}", message.subject, body.shown), true));
        } else {
            told.clear();
        }
        text::Reading {
            message,
            body: &body,
            sender: sender.as_ref(),
            links: &links,
            words: &words,
            subject: &subject,
            told: &told,
            asks: &asks,
            recipients: &recipients,
            attachments: &attachments,
        }
        .signs(&mut signs);
        signs.sort();
        signs.dedup_by_key(|s| s.sign);
        let mut domains: Vec<String> = links.iter().map(|l| l.domain.clone()).filter(|d| !d.is_empty()).collect();
        domains.sort();
        domains.dedup();
        Content {
            language: ideas::language(&words).map(str::to_string),
            sketch: sketch::sketch(&words),
            signs,
            links,
            asks,
            attachments,
            domains,
            skips,
        }
    }
}

/// What a message shows.
#[derive(Debug, Default)]
pub struct Body {
    /// The text a reader sees.
    pub shown: String,
    /// HTML parts, read.
    pub pages: Vec<Html>,
    /// A bound was met.
    pub cut: bool,
}

impl Body {
    fn new(message: &Message, links: &mut Collector) -> Body {
        let cut = [Role::Html, Role::Text].iter().any(|role| message.of(*role).count() > SHOWN);
        let mut body = Body { cut, ..Body::default() };
        for part in message.of(Role::Html).take(SHOWN) {
            let page = html::read(&part.text);
            for link in &page.links {
                links.add(&link.href, &link.text, link.opens, link.image, "body");
            }
            if body.shown.len() < TEXT {
                body.shown.push_str(&page.text);
                body.shown.push('\n');
            }
            body.cut |= page.cut;
            body.pages.push(page);
        }
        // Where there is HTML, its text is what is shown; the plain text beside it is read when it says more.
        let enough = body.shown.split_whitespace().take(12).count() >= 12;
        for part in message.of(Role::Text).take(SHOWN) {
            if enough && part.media == "text/plain" && !part.attached {
                continue;
            }
            let text = clip(&part.text, TEXT.saturating_sub(body.shown.len()));
            body.cut |= text.len() < part.text.len();
            for (url, caption) in links::in_text(text) {
                links.add(&url, caption, html::Opens::Click, false, "body");
            }
            body.shown.push_str(text);
            body.shown.push('\n');
        }
        if body.pages.iter().all(|p| p.links.is_empty()) && enough {
            let found = links::in_text(&body.shown);
            found.iter().for_each(|(url, caption)| links.add(url, caption, html::Opens::Click, false, "body"));
        }
        body
    }
}

/// What a QR code says, where it leads somewhere.
fn code(text: &str, links: &mut Collector) -> Option<Sign> {
    let url = url::Url::parse(text).filter(|u| u.is_web() || scheme::does(u).is_some())?;
    links.add(text, "", html::Opens::Click, true, "qr");
    Some(Kind::QrCode.on(if url.host.is_empty() { url.scheme } else { url.host }))
}
