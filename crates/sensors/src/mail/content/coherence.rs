//! Whether a message hangs together: the name it speaks in, the sender's address, the ids of its making, where its links
//! and pictures lie. Honest senders, private or bulk, mostly agree with themselves; who borrows a name does not. Needs no
//! list of brands and no language.
//!
//! You may rely on: weak signs each, weighed together. Left out: who the sender is to this mailbox.

use super::claim::Claim;
use super::ideas::LEXICON;
use super::links::{HOSTS, Link, Trait, related};
use super::sender::is_random;
use super::sign::{Kind, Sign};
use super::text::{Reading, borrows};
use super::url::Url;
use crate::domain::registrable;
use crate::mail::message::Mailbox;
use regex::Regex;
use std::sync::LazyLock;

/// Addresses of mailboxes in a text.
static MAILBOX: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)[A-Za-z0-9._%+-]{2,64}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,12}(?-u:\b)")
        .expect("a fixed pattern")
});
/// Suffixes of schools and offices.
static OFFICE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\.(?:edu|gov|mil)$|\.(?:edu|gov|gob|gouv|ac|k12|go|sch)\.[a-z]{2}$|\.k12\.[a-z]{2}\.us$")
        .expect("a fixed pattern")
});

impl Reading<'_> {
    /// Whether it answers or continues.
    pub fn is_thread(&self) -> bool {
        !self.message.in_reply_to.is_empty() || !self.message.references.is_empty()
    }

    /// Signs on whether the message agrees with itself.
    pub fn coherence(&self, clicks: &[&Link], home: usize, signs: &mut Vec<Sign>) {
        self.ways(clicks, home, signs);
        let Some(sender) = self.sender else { return };
        let pictures: Vec<String> =
            self.body.pages.iter().flat_map(|p| &p.pictures).filter_map(|p| Url::parse(p)).map(|u| u.host).collect();
        let clicked: Vec<&str> = clicks.iter().map(|l| l.host.as_str()).collect();
        let mut hosts = clicked.clone();
        hosts.extend(pictures.iter().map(String::as_str));
        let claim = Claim::new(self.message, sender, &self.body.pages, &self.body.shown, &clicked, &hosts, &LEXICON);
        let borrowed = borrows(signs);
        self.names(&claim, clicks, signs);
        self.pictures(&pictures, clicks, borrowed, signs);
        self.making(borrowed, signs);
        self.elsewhere(signs);
    }

    /// The name it speaks in against the address it comes from.
    fn names(&self, claim: &Claim, clicks: &[&Link], signs: &mut Vec<Sign>) {
        let Some(sender) = self.sender else { return };
        let domain = sender.from.domain();
        if claim.borne {
            signs.push(Kind::NameFitsDomain.on(domain));
        } else if claim.personal {
            signs.push(Kind::NameFitsAddress.on(""));
        } else if claim.strange {
            let kind = if sender.freemail { Kind::FreemailStrange } else { Kind::NameStrange };
            signs.push(kind.on(&sender.from.name));
        }
        if claim.leads && !claim.borne && !sender.freemail {
            signs.push(Kind::NameFitsLink.on(""));
        }
        let asks = !clicks.is_empty() && !self.is_thread();
        if let Some(name) = claim.trim.as_ref().filter(|_| asks) {
            signs.push(Kind::BorrowedTrim.on(name));
        }
        if let Some(name) = claim.name.as_ref().filter(|_| asks && !claim.personal) {
            signs.push(Kind::ClaimUnborne.on(name));
        }
        if !sender.freemail && !domain.is_empty() {
            if claim.named {
                signs.push(Kind::SenderNamed.on(domain));
            } else if asks && !claim.linked {
                signs.push(Kind::SenderUnnamed.on(domain));
            }
        }
        let estranged = |s: &Sign| matches!(s.sign, Kind::SenderUnnamed | Kind::FreemailStrange);
        if let Some(out) = signs.iter().find(|s| s.sign == Kind::OneButton).map(|s| s.on.clone())
            && !claim.borne
            && !claim.personal
            && !claim.leads
            && !signs.iter().any(|s| s.sign == Kind::OwnBrand)
            && signs.iter().any(estranged)
        {
            signs.push(Kind::NothingFits.on(out));
        }
        let lures = ["credential", "payment", "parcel", "storage", "wallet", "authority", "prize", "infection"];
        let lure = lures.iter().any(|l| self.asks.lures.contains_key(*l));
        let button = signs.iter().any(|s| s.sign == Kind::AskButton);
        let away = clicks.iter().any(|l| !related(&l.host, domain));
        if sender.freemail && away && (lure || button) {
            signs.push(Kind::DemandFromFreemail.on(&sender.from.address));
        }
        if !sender.freemail && (lure || button) && LEXICON.is_generic(domain) {
            signs.push(Kind::DomainOfDemand.on(domain));
        }
        if OFFICE.is_match(domain) && away && lure && !clicks.iter().any(|l| related(&l.host, domain)) {
            signs.push(Kind::OfficeBorrowed.on(domain));
        }
    }

    /// Where it wants one to go: by one way out that is not the sender's.
    fn ways(&self, clicks: &[&Link], home: usize, signs: &mut Vec<Sign>) {
        let words = |l: &&&Link| l.image || l.text.len() > 1 && l.shown.is_none() && !l.text.contains("://");
        let buttons: Vec<&&Link> = clicks.iter().filter(words).collect();
        let mut domains: Vec<&str> = buttons.iter().map(|l| l.domain.as_str()).collect();
        domains.sort_unstable();
        domains.dedup();
        let stranger = |l: &&&Link| {
            !l.has(Trait::Bulk)
                && (!LEXICON.is_known(&l.host)
                    || HOSTS.of(&l.host).iter().any(|t| matches!(t, Trait::File | Trait::Site)))
        };
        if home == 0 && !self.is_thread() {
            if let ([domain], true) = (domains.as_slice(), buttons.iter().all(stranger)) {
                signs.push(Kind::OneButton.on(*domain));
            }
            if self.asks.words < 80 && buttons.iter().any(stranger) {
                signs.push(Kind::ShortAsk.on(""));
            }
        }
        let odd = |l: &&&Link| !l.has(Trait::Bulk) && l.host.split('.').any(is_random);
        if self.body.pages.iter().any(|p| p.junk) {
            signs.push(Kind::JunkStyle.on(""));
        }
        let twice = |p: &formats::html::Html| {
            let bare = p.pictures.iter().filter(|a| a.starts_with("//"));
            bare.into_iter().any(|b| p.pictures.iter().any(|a| !a.starts_with("//") && a.ends_with(b.as_str())))
        };
        if self.body.pages.iter().any(twice) {
            signs.push(Kind::PictureTwice.on(""));
        }
        if let Some(link) = clicks.iter().find(odd) {
            signs.push(Kind::RandomLink.on(&link.host));
        }
        let dead: usize = self.body.pages.iter().map(|p| p.dead).sum();
        if dead >= 1 && !clicks.is_empty() && home == 0 {
            signs.push(Kind::DeadLinks.on(""));
        }
        if self.body.pages.iter().any(|p| p.below > 8) && !clicks.is_empty() {
            signs.push(Kind::BelowGap.on(""));
        }
    }

    /// Where its pictures lie.
    fn pictures(&self, pictures: &[String], clicks: &[&Link], borrowed: bool, signs: &mut Vec<Sign>) {
        let Some(sender) = self.sender else { return };
        let free = |h: &&String| HOSTS.of(h).iter().any(|t| matches!(t, Trait::Picture | Trait::File | Trait::Site));
        if let Some(host) = pictures.iter().find(free).filter(|_| !clicks.is_empty()) {
            signs.push(Kind::FreePicture.on(host));
        }
        let foreign = |h: &&String| {
            !related(h, sender.from.domain())
                && !clicks.iter().any(|l| related(&l.host, h))
                && !HOSTS.of(h).contains(&Trait::Bulk)
        };
        if !pictures.is_empty() && pictures.iter().all(|h| foreign(&h)) && !clicks.is_empty() {
            signs.push(Kind::PicturesElsewhere.on(&pictures[0]));
        } else if !borrowed && pictures.iter().any(|h| related(h, sender.from.domain())) {
            signs.push(Kind::PicturesHome.on(""));
        }
    }

    /// The ids that servers and programs left.
    fn making(&self, borrowed: bool, signs: &mut Vec<Sign>) {
        let Some(sender) = self.sender else { return };
        let from = sender.from.domain();
        let fits = |d: &str| related(d, from) || HOSTS.of(d).contains(&Trait::Bulk) || LEXICON.is_known(d);
        let id =
            self.message.message_id.as_deref().and_then(|i| i.rsplit_once('@')).map_or("", |(_, d)| d).to_lowercase();
        let known = |d: &str| registrable(d).is_some() && crate::mail::address::exists(d);
        if known(&id) && !fits(&id) {
            signs.push(Kind::MadeElsewhere.on(&id));
        }
        let back = self.message.return_path.as_ref().map_or("", Mailbox::domain);
        if known(back) && !fits(back) && !HOSTS.is_freemail(back) {
            signs.push(Kind::ReturnElsewhere.on(back));
        }
        let came = |h: &crate::mail::message::Hop| related(&h.name, from) || related(&h.helo, from);
        if !self.message.received.is_empty() && !sender.freemail {
            match self.message.received.iter().any(came) {
                true if borrowed => {}
                true => signs.push(Kind::CameFromHome.on("")),
                false => signs.push(Kind::CameFromElsewhere.on("")),
            }
        }
        let addressed = self.message.to.iter().chain(&self.message.cc).any(|m| m.address.contains('@'));
        if !addressed {
            signs.push(Kind::Unaddressed.on(""));
        }
    }

    /// Whom one is to write to instead of the sender.
    fn elsewhere(&self, signs: &mut Vec<Sign>) {
        let Some(sender) = self.sender else { return };
        let from = sender.from.address.to_lowercase();
        let strange = |a: &str| {
            let a = a.to_lowercase();
            let domain = a.rsplit('@').next().unwrap_or("");
            let local = a.split('@').next().unwrap_or("");
            HOSTS.is_freemail(domain)
                && a != from
                && local != sender.from.local().to_lowercase()
                && !self.recipients.contains(&a)
        };
        if self.asks.words < 700 && !self.is_thread() {
            let own: String = super::clip(&self.body.shown, 16 << 10)
                .lines()
                .filter(|l| l.contains('@') && !l.trim_start().starts_with('>'))
                .collect::<Vec<_>>()
                .join("\n");
            let mail = self.body.pages.iter().flat_map(|p| &p.links).filter_map(|l| l.href.strip_prefix("mailto:"));
            let mail = mail.map(|m| m.split('?').next().unwrap_or(m));
            let found = MAILBOX.find_iter(&own).take(20).map(|m| m.as_str()).chain(mail).find(|a| strange(a));
            signs.extend(found.map(|a| Kind::WriteElsewhere.on(a)));
        }
        let button = self.body.pages.iter().flat_map(|p| &p.links).find(|l| {
            let to = l.href.strip_prefix("mailto:").map(|m| m.split('?').next().unwrap_or(m));
            to.is_some_and(strange) && !l.text.contains('@') && (l.image || l.text.len() > 2)
        });
        if let Some(link) = button {
            signs.push(Kind::MailButton.on(&link.href[7..]));
        }
        let reply = self.message.reply_to.iter().find(|m| sender.freemail && strange(&m.address));
        signs.extend(reply.map(|m| Kind::ReplyOtherMailbox.on(&m.address)));
    }
}
