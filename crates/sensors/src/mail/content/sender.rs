//! What the header says of who sends: names that are somebody else's, addresses that look made up, answers that go
//! elsewhere.

use super::fold::Words;
use super::ideas::{Lexicon, under};
use super::links::{Collector, HOSTS, Trait, related};
use super::sign::{Kind, Sign};
use crate::domain::registrable;
use crate::mail::message::{Mailbox, Message};
use model::Protect;

/// What is held against the sender.
pub struct Sender<'a> {
    /// The author.
    pub from: &'a Mailbox,
    /// The registrable domain of its address.
    pub domain: String,
    /// Anybody can have an address there.
    pub freemail: bool,
    /// The words of its name.
    pub name: Words,
}

impl<'a> Sender<'a> {
    /// Of a message; none where nobody is named.
    pub fn new(message: &'a Message) -> Option<Sender<'a>> {
        let from = message.author().filter(|m| !m.address.is_empty() || !m.name.is_empty())?;
        let domain = registrable(from.domain()).unwrap_or_else(|| from.domain().to_string());
        let freemail = HOSTS.is_freemail(from.domain());
        Some(Sender { from, domain, freemail, name: Words::new(&from.name, false) })
    }

    /// Signs on names and addresses; brands are judged with the text.
    pub fn signs(
        &self,
        message: &Message,
        protect: &Protect,
        lexicon: &Lexicon,
        links: &mut Collector,
        signs: &mut Vec<Sign>,
    ) {
        self.name(message, protect, lexicon, signs);
        self.address(lexicon, links, signs);
        let replies = message.reply_to.iter().find(|m| !m.address.is_empty() && !related(m.domain(), &self.domain));
        if let Some(reply) = replies.filter(|r| r.address != self.from.address) {
            let free = HOSTS.is_freemail(reply.domain()) && !self.freemail;
            signs.push(if free { Kind::ReplyToFreemail } else { Kind::ReplyElsewhere }.on(&reply.address));
        }
        let back = message.return_path.as_ref().filter(|r| HOSTS.is_freemail(r.domain()) && !self.freemail);
        if let Some(back) = back.filter(|r| !related(r.domain(), &self.domain)) {
            signs.push(Kind::ReturnToFreemail.on(&back.address));
        }
        if message.to.first().is_some_and(|to| to.address.eq_ignore_ascii_case(&self.from.address))
            && message.to.len() == 1
        {
            signs.push(Kind::ToItself.on(""));
        }
    }

    fn name(&self, message: &Message, protect: &Protect, lexicon: &Lexicon, signs: &mut Vec<Sign>) {
        let own = |d: &str| protect.domains.iter().chain(&protect.mail_domains).any(|p| under(d, p));
        let shown = self
            .from
            .name
            .split([' ', '<', '>', '(', ')', '"', ',', ':', '|'])
            .find(|w| w.contains('@') && w.len() > 5);
        if let Some(shown) = shown.filter(|s| !s.to_lowercase().contains(&self.from.address.to_lowercase())) {
            let domain = shown.rsplit('@').next().unwrap_or("").to_lowercase();
            if registrable(&domain).is_some() && !related(&domain, &self.domain) {
                // Services and lists say for whom they write.
                let service = lexicon.is_known(self.from.domain()) && !self.freemail
                    || self.name.iter().any(|w| w == "via")
                    || message.header("list-id").is_some();
                let lie = own(&domain) && !service;
                signs.push(if lie { Kind::OwnAddressInName } else { Kind::AddressInName }.on(shown));
            }
        }
        if self.freemail && lexicon.is_role(&self.name) {
            signs.push(Kind::RoleFromFreemail.on(&self.from.address));
        } else if lexicon.is_role(&self.name) && !lexicon.is_known(self.from.domain()) {
            signs.push(Kind::RoleName.on(&self.from.name));
        }
        if !own(self.from.domain()) {
            let person = protect.people.iter().find(|p| same_words(&Words::new(p, false), &self.name));
            signs.extend(person.map(|p| Kind::ProtectedName.on(p)));
            let recipients = message.to.iter().chain(&message.cc).map(Mailbox::domain);
            let label =
                |d: &str| registrable(d).and_then(|d| d.split('.').next().map(str::to_string)).unwrap_or_default();
            let ours = recipients
                .chain(protect.domains.iter().map(|d| &**d))
                .filter(|d| !HOSTS.is_freemail(d) && !related(d, &self.domain))
                .map(label)
                .find(|l| l.len() >= 4 && self.name.iter().any(|w| w == *l) && lexicon.has_role(&self.name));
            signs.extend(ours.map(|l| Kind::OwnName.on(l)));
        }
    }

    fn address(&self, lexicon: &Lexicon, links: &mut Collector, signs: &mut Vec<Sign>) {
        if self.from.address.is_empty() {
            signs.push(Kind::NoSender.on(""));
            return;
        }
        // The space that a customer has at a service bears the customer's name.
        let space = HOSTS.of(self.from.domain()).contains(&Trait::Space);
        if let Some((_, what)) = links
            .imitates(self.from.domain())
            .filter(|(score, _)| *score >= 60 && !space && !lexicon.is_known(self.from.domain()))
        {
            signs.push(Kind::LookAlikeSender.on(what));
        }
        // Initials are somebody's: a short name counts in a domain only.
        let (local, domain) = (self.from.local(), self.from.domain().replace(['.', '-', '_'], " "));
        let words = |text: &str| lexicon.brands(&Words::new(text, false), false);
        let long = words(&local.replace(['.', '_', '-', '+'], " ")).into_iter().filter(|b| b.shown.len() >= 5);
        let borrowed = words(&domain).into_iter().chain(long).find(|b| !lexicon.owns(b.brand, self.from.domain()));
        if let Some(brand) = borrowed.filter(|_| !lexicon.is_known(self.from.domain()) || self.freemail) {
            signs.push(Kind::BrandInAddress.on(brand.shown));
        }
        let label = self.domain.split('.').next().unwrap_or("");
        // Addresses to count returns by are made by machines, and honest.
        let local = self.from.local();
        let counted = local.len() > 28 || local.contains(['#', '=', '+']);
        let digits = local.bytes().filter(u8::is_ascii_digit).count();
        if !counted && (is_random(local) || digits >= 6 && digits * 10 >= local.len() * 7)
            || !self.freemail && (is_random(label) || is_random(self.from.domain().split('.').next().unwrap_or("")))
        {
            signs.push(Kind::RandomSender.on(&self.from.address));
        }
        let kinds = HOSTS.of(self.from.domain());
        // What a service writes in its users' name it writes itself.
        let itself = kinds.contains(&Trait::Voice) && self.from.domain() == self.domain;
        if !itself && kinds.iter().any(|k| matches!(k, Trait::Site | Trait::Dynamic | Trait::File))
            || under(self.from.domain(), "onmicrosoft.com")
        {
            signs.push(Kind::HostedSender.on(self.from.domain()));
        }
        if super::links::is_cheap(self.from.domain()) {
            signs.push(Kind::CheapSender.on(self.from.domain()));
        }
    }
}

/// Whether two names are the same words in any order.
fn same_words(a: &Words, b: &Words) -> bool {
    let sorted = |w: &Words| {
        let mut all: Vec<String> = w.iter().map(str::to_string).collect();
        all.sort();
        all
    };
    !a.is_empty() && a.len() >= 2 && sorted(a) == sorted(b)
}

/// Whether a text looks made by a machine: letters and digits by turns, or letters nobody can say.
pub fn is_random(text: &str) -> bool {
    let longest = text.split(['-', '_', '.', '+', '=']).max_by_key(|t| t.len()).unwrap_or("");
    let bytes = longest.as_bytes();
    if bytes.len() < 8 {
        return false;
    }
    let turns = bytes.windows(2).filter(|w| w[0].is_ascii_digit() != w[1].is_ascii_digit()).count();
    let vowel = |b: &u8| matches!(b.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let letters: Vec<u8> = bytes.iter().copied().filter(u8::is_ascii_alphabetic).collect();
    let mut run = 0;
    let longest_run = letters.iter().fold(0, |most, b| {
        run = if vowel(b) { 0 } else { run + 1 };
        most.max(run)
    });
    turns >= 4
        || longest_run >= 7
        || (letters.len() >= 9 && letters.iter().filter(|b| vowel(b)).count() * 6 < letters.len())
}

#[cfg(test)]
mod tests {
    #[test]
    fn machine_made_names_are_told() {
        for text in ["xk3j9f2q", "qwrtzpsdfg", "no-reply-a8f3k2j9d1", "bvncxzlkjh"] {
            assert!(super::is_random(text), "{text}");
        }
        for text in ["marie.dupont", "newsletter", "christophe1987", "no-reply", "strasbourg", "trackingupdates"] {
            assert!(!super::is_random(text), "{text}");
        }
    }
}
