//! Messages as far as waves go: who got them, and what they may share with others.
//!
//! You may rely on: what everybody shares (free mailboxes, known services, shorteners, hosts of anybody's pages) is no
//! trait by itself; only the part of it that is one sender's own is. Left out: judging a message.

use crate::domain::registrable;
use crate::mail::content::ideas::under;
use crate::mail::content::links::{HOSTS, Trait as LinkTrait};
use crate::mail::content::sign::Kind;
use crate::mail::profile::{domain, is_own};
use model::{Config, Severity, Time, Trace, Visit};
use rows::mail::message::{Target, Traits};
use rows::mail::wave::Shared;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Links, files and recipients looked at, of one message.
const MOST: usize = 100;

/// Domains of services that everybody uses: they link nobody.
static SERVICES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let brands = knowledge::mail::Mail::embedded().brand;
    brands.into_values().flat_map(|b| b.own).filter_map(|d| registrable(&d)).collect()
});

/// Something that messages may share.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Common {
    /// What.
    pub what: Shared,
    /// Which.
    pub value: String,
}

impl Common {
    /// Enough by itself.
    pub fn is_strong(&self) -> bool {
        !matches!(self.what, Shared::Server | Shared::Subject | Shared::Name | Shared::FileName)
    }
}

fn common(what: Shared, value: impl Into<String>) -> Common {
    Common { what, value: value.into() }
}

/// What the verdict on a message was.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// How grave.
    pub severity: Severity,
    /// Its score.
    pub score: u8,
    /// Its signs.
    pub signs: Vec<Kind>,
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
    pub shared: BTreeSet<Common>,
    /// It is but quoted by whoever reported it.
    pub quoted: bool,
    /// Where it stands.
    pub trace: Trace,
}

/// Words of three letters and more, without those that hold a digit: what is left of a subject when a name or number
/// in it changes is found by [`Shared::Template`]; here only numbers are passed over.
fn plain(words: &str) -> String {
    let kept = words.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 2);
    let kept = kept.filter(|w| !w.chars().any(|c| c.is_ascii_digit()));
    kept.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// The address that handed the message to one's own servers: the first public one in the route.
fn server(message: &Traits, config: &Config) -> Option<String> {
    message.received.iter().filter_map(|hop| model::Address::parse(hop.ip.as_bytes())).find_map(|ip| {
        let own = config.is_own(ip) || matches!(ip.special(), Some("private" | "loopback" | "link-local"));
        (!own).then(|| ip.to_string())
    })
}

impl Member {
    /// Of an observation `mail/message`, whose fields are these.
    pub fn new(visit: &Visit, message: &Traits, verdict: Option<Verdict>, config: &Config) -> Member {
        let o = &visit.observation;
        let id = Some(message.message_id).filter(|id| !id.is_empty()).unwrap_or(&o.key);
        let urls = message.links.iter().take(MOST).map(|l| l.url).filter(|u| u.starts_with("http"));
        let mut member = Member {
            key: o.key.clone(),
            id: id.to_string(),
            time: o.first,
            verdict,
            recipients: recipients(message, config),
            subject: message.subject.to_string(),
            urls: urls.map(String::from).collect(),
            sketch: message.sketch.clone(),
            shared: BTreeSet::new(),
            quoted: message.quoted,
            trace: visit.trace(),
            from: message.from.to_lowercase(),
            reply_to: message.reply_to.iter().map(|a| a.to_lowercase()).collect(),
        };
        member.shared = member.traits(message, config);
        member
    }

    fn traits(&self, message: &Traits, config: &Config) -> BTreeSet<Common> {
        let mut all = BTreeSet::new();
        let service = |d: &str| registrable(d).is_some_and(|d| SERVICES.contains(&d));
        let own = |d: &str| config.protect.domains.iter().chain(&config.protect.mail_domains).any(|o| under(d, o));
        for &Target { url, host, domain } in message.links.iter().take(MOST) {
            let kinds = HOSTS.of(host);
            let any = |some: &[LinkTrait]| kinds.iter().any(|k| some.contains(k));
            if host.is_empty() || own(host) || any(&[LinkTrait::Bulk]) {
                continue;
            }
            if any(&[LinkTrait::Shortener, LinkTrait::File, LinkTrait::Bio, LinkTrait::Gateway]) {
                all.insert(common(Shared::Page, url));
            } else if any(&[LinkTrait::Site, LinkTrait::Dynamic]) {
                all.insert(common(Shared::Page, host));
            } else if !service(host) {
                all.insert(common(Shared::Domain, if domain.is_empty() { host } else { domain }));
            }
        }
        for file in message.attachments.iter().take(MOST).filter(|f| !f.media.starts_with("image/")) {
            let name = plain(file.name.unwrap_or(""));
            if file.size >= 64 {
                all.insert(common(Shared::File, file.sha256));
            }
            if name.len() >= 4 {
                all.insert(common(Shared::FileName, name));
            }
        }
        let stranger = |a: &str| a.contains('@') && !is_own(config, a) && !service(domain(a));
        let mailing = |a: &str| HOSTS.of(domain(a)).contains(&LinkTrait::Bulk);
        let answers = self.reply_to.iter().filter(|a| stranger(a) && **a != self.from);
        all.extend(answers.map(|a| common(Shared::ReplyTo, a)));
        if stranger(&self.from) && !mailing(&self.from) {
            all.insert(common(Shared::Sender, &self.from));
        }
        all.extend(server(message, config).map(|ip| common(Shared::Server, ip)));
        let (subject, name) = (plain(&self.subject), plain(message.from_name));
        all.extend((subject.len() >= 12).then(|| common(Shared::Subject, subject)));
        all.extend((name.len() >= 4).then(|| common(Shared::Name, name)));
        all
    }

    /// Whether it weighs enough to make a wave.
    pub fn is_seed(&self) -> bool {
        self.verdict.as_ref().is_some_and(|v| v.severity >= Severity::Medium)
    }
}

fn recipients(message: &Traits, config: &Config) -> BTreeSet<String> {
    let named = message.to.iter().chain(&message.cc).chain([&message.delivered_to]).map(|a| a.to_lowercase());
    let all: BTreeSet<String> = named.filter(|a| a.contains('@')).take(MOST).collect();
    let own: BTreeSet<String> = all.iter().filter(|a| is_own(config, a)).cloned().collect();
    if own.is_empty() { all } else { own }
}
