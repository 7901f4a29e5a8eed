//! Messages as far as waves go: who got them, and what they may share with others.
//!
//! You may rely on: what everybody shares (free mailboxes, known services, shorteners, hosts of anybody's pages) is no
//! trait by itself; only the part of it that is one sender's own is. Left out: judging a message.

use crate::mail::content::links::{HOSTS, Trait as LinkTrait};
use crate::mail::content::words::under;
use crate::mail::profile::{domain, is_own, texts};
use crate::names::domain::registrable;
use model::{Config, Fields, Severity, Time, Trace, Visit};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Links, files and recipients looked at, of one message.
const MOST: usize = 100;

/// Domains of services that everybody uses: they link nobody.
static SERVICES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let brands = knowledge::mail::Mail::embedded().brand;
    brands.into_values().flat_map(|b| b.own).filter_map(|d| registrable(&d)).collect()
});

/// What messages may share.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Shared {
    /// The registrable domain of a link.
    Domain(String),
    /// A host or page at a place where anybody can have one.
    Page(String),
    /// A file, by SHA-256.
    File(String),
    /// Where answers go.
    ReplyTo(String),
    /// The sender's address.
    Sender(String),
    /// A text, by the key of the first message that has it.
    Template(String),
    /// The address of the server it came from.
    Server(String),
    /// The subject, names and numbers aside.
    Subject(String),
    /// The sender's display name.
    Name(String),
    /// The name of a file, numbers aside.
    FileName(String),
}

impl Shared {
    /// Enough by itself.
    pub fn is_strong(&self) -> bool {
        !matches!(self, Shared::Server(_) | Shared::Subject(_) | Shared::Name(_) | Shared::FileName(_))
    }

    /// The word in JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Shared::Domain(_) => "domain",
            Shared::Page(_) => "page",
            Shared::File(_) => "file",
            Shared::ReplyTo(_) => "reply_to",
            Shared::Sender(_) => "sender",
            Shared::Template(_) => "template",
            Shared::Server(_) => "server",
            Shared::Subject(_) => "subject",
            Shared::Name(_) => "name",
            Shared::FileName(_) => "file_name",
        }
    }

    /// Which.
    pub fn value(&self) -> &str {
        match self {
            Shared::Domain(v)
            | Shared::Page(v)
            | Shared::File(v)
            | Shared::ReplyTo(v)
            | Shared::Sender(v)
            | Shared::Template(v)
            | Shared::Server(v)
            | Shared::Subject(v)
            | Shared::Name(v)
            | Shared::FileName(v) => v,
        }
    }
}

/// What the verdict on a message was.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// How grave.
    pub severity: Severity,
    /// Its score.
    pub score: u8,
    /// Names of its signs.
    pub signs: Vec<String>,
}

/// A message that may be of a wave.
#[derive(Clone, Debug)]
pub struct Member {
    /// The observation's key.
    pub key: String,
    /// `Message-ID` without brackets; the key where it has none.
    pub id: String,
    /// When it was received.
    pub time: Time,
    /// The verdict; none below low.
    pub verdict: Option<Verdict>,
    /// The sender's address, lower case.
    pub from: String,
    /// Where answers go.
    pub reply_to: Vec<String>,
    /// Own people who got it; all recipients where the case names no mail domain.
    pub recipients: BTreeSet<String>,
    /// Its subject.
    pub subject: String,
    /// Addresses its links open.
    pub urls: Vec<String>,
    /// The sketch of its text.
    pub sketch: Vec<u64>,
    /// What it may share.
    pub shared: BTreeSet<Shared>,
    /// It is but quoted by whoever reported it.
    pub quoted: bool,
    /// Where it stands.
    pub trace: Trace,
}

/// A text field; empty where there is none.
pub fn text<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.get(name).and_then(Value::as_str).unwrap_or("")
}

/// The entries of a list of objects.
pub fn objects<'f>(fields: &'f Fields, name: &str) -> impl Iterator<Item = &'f Fields> + use<'f> {
    fields.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object).take(MOST)
}

/// Words of three letters and more, without those that hold a digit: what is left of a subject when a name or number
/// in it changes is found by [`Shared::Template`]; here only numbers are passed over.
fn plain(words: &str) -> String {
    let kept = words.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 2);
    let kept = kept.filter(|w| !w.chars().any(|c| c.is_ascii_digit()));
    kept.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// The address that handed the message to one's own servers: the first public one in the route.
fn server(fields: &Fields, config: &Config) -> Option<String> {
    objects(fields, "received").filter_map(|hop| model::Address::parse(text(hop, "ip").as_bytes())).find_map(|ip| {
        let own = config.is_own(ip) || matches!(ip.special(), Some("private" | "loopback" | "link-local"));
        (!own).then(|| ip.to_string())
    })
}

impl Member {
    /// Of an observation `mail/message`.
    pub fn new(visit: &Visit, verdict: Option<Verdict>, config: &Config) -> Member {
        let o = &visit.observation;
        let fields = &o.fields;
        let from = text(fields, "from").to_lowercase();
        let reply_to: Vec<String> = texts(fields, "reply_to").into_iter().map(str::to_lowercase).collect();
        let id = Some(text(fields, "message_id")).filter(|id| !id.is_empty()).unwrap_or(&o.key);
        let urls = objects(fields, "links").map(|l| text(l, "url")).filter(|u| u.starts_with("http"));
        let sketch = fields.get("sketch").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_u64);
        let mut member = Member {
            key: o.key.clone(),
            id: id.to_string(),
            time: o.first,
            verdict,
            recipients: recipients(fields, config),
            subject: text(fields, "subject").to_string(),
            urls: urls.map(String::from).collect(),
            sketch: sketch.collect(),
            shared: BTreeSet::new(),
            quoted: fields.contains_key("quoted"),
            trace: visit.trace(),
            from,
            reply_to,
        };
        member.shared = member.traits(fields, config);
        member
    }

    fn traits(&self, fields: &Fields, config: &Config) -> BTreeSet<Shared> {
        let mut all = BTreeSet::new();
        let service = |d: &str| registrable(d).is_some_and(|d| SERVICES.contains(&d));
        let own = |d: &str| config.protect.domains.iter().chain(&config.protect.mail_domains).any(|o| under(d, o));
        for link in objects(fields, "links") {
            let (url, host) = (text(link, "url"), text(link, "host"));
            let kinds = HOSTS.of(host);
            let any = |some: &[LinkTrait]| kinds.iter().any(|k| some.contains(k));
            if host.is_empty() || own(host) || any(&[LinkTrait::Bulk]) {
                continue;
            }
            if any(&[LinkTrait::Shortener, LinkTrait::File, LinkTrait::Bio, LinkTrait::Gateway]) {
                all.insert(Shared::Page(url.to_string()));
            } else if any(&[LinkTrait::Site, LinkTrait::Dynamic]) {
                all.insert(Shared::Page(host.to_string()));
            } else if !service(host) {
                let name = Some(text(link, "domain")).filter(|d| !d.is_empty()).unwrap_or(host);
                all.insert(Shared::Domain(name.to_string()));
            }
        }
        for file in objects(fields, "attachments") {
            let picture = text(file, "type").starts_with("image/");
            if !picture && file.get("size").and_then(Value::as_u64).is_some_and(|n| n >= 64) {
                all.insert(Shared::File(text(file, "sha256").to_string()));
            }
            if !picture && plain(text(file, "name")).len() >= 4 {
                all.insert(Shared::FileName(plain(text(file, "name"))));
            }
        }
        let stranger = |a: &str| a.contains('@') && !is_own(config, a) && !service(domain(a));
        let mailing = |a: &str| HOSTS.of(domain(a)).contains(&LinkTrait::Bulk);
        all.extend(self.reply_to.iter().filter(|a| stranger(a) && **a != self.from).cloned().map(Shared::ReplyTo));
        if stranger(&self.from) && !mailing(&self.from) {
            all.insert(Shared::Sender(self.from.clone()));
        }
        all.extend(server(fields, config).map(Shared::Server));
        all.extend(Some(plain(&self.subject)).filter(|s| s.len() >= 12).map(Shared::Subject));
        all.extend(Some(plain(text(fields, "from_name"))).filter(|n| n.len() >= 4).map(Shared::Name));
        all
    }

    /// Whether it weighs enough to make a wave.
    pub fn is_seed(&self) -> bool {
        self.verdict.as_ref().is_some_and(|v| v.severity >= Severity::Medium)
    }
}

fn recipients(fields: &Fields, config: &Config) -> BTreeSet<String> {
    let named = ["to", "cc", "delivered_to"].into_iter().flat_map(|f| texts(fields, f)).map(str::to_lowercase);
    let all: BTreeSet<String> = named.filter(|a| a.contains('@')).take(MOST).collect();
    let own: BTreeSet<String> = all.iter().filter(|a| is_own(config, a)).cloned().collect();
    if own.is_empty() { all } else { own }
}
