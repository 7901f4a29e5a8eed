//! What the text, the brands it names and its links say together: a name alone is nothing, a name that is not the
//! sender's beside a demand and a link to somewhere else is much.

use super::Body;
use super::attachment::Attachment;
use super::fold::Words;
use super::ideas::{Asks, LEXICON, Named};
use super::links::{HOSTS, Link, Trait, related};
use super::redirect;
use super::sender::Sender;
use super::sign::{Kind, Sign};
use super::url::Url;
use crate::mail::message::{Message, Role};
use formats::html::Opens;
use regex::Regex;
use std::sync::LazyLock;

/// Numbers one is to call, as fraud writes them: with an area code of three figures, or international.
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\+\s?\d{1,3}|(?-u:\b)1)[\s.\-(]{0,2}\(?\d{3}\)?[\s.\-)]{1,2}\d{3}[\s.\-]{1,2}\d{4}(?-u:\b)|\(?(?-u:\b)8\d{2}\)?[\s.\-]{1,2}\d{3}[\s.\-]{1,2}\d{4}(?-u:\b)|(?-u:\b)0[89][\s.]?\d{2}([\s.]?\d{2}){3}(?-u:\b)|\+\d{1,3}(?:[\s.\-/(]{1,2}0?\)?\d{2,5}){3,5}(?-u:\b)").expect("a fixed pattern")
});
/// Addresses of wallets (base58check and bech32 shapes).
static WALLET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:[13][a-km-zA-HJ-NP-Z1-9]{25,34}|bc1[ac-hj-np-z02-9]{25,62}|0x[0-9a-fA-F]{40}|ltc1[a-z0-9]{25,60})\b",
    )
    .expect("a fixed pattern")
});

/// Numbers of bank accounts (ISO 13616), in groups or not.
static ACCOUNT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?-u:\b)").expect("a fixed pattern")
});

/// Pages on which one lets another device into an account (RFC 8628), as the services document them.
const DEVICES: [&str; 12] = [
    "microsoft.com/devicelogin",
    "aka.ms/devicelogin",
    "login.microsoftonline.com/common/oauth2/deviceauth",
    "login.microsoft.com/device",
    "microsoft.com/link",
    "google.com/device",
    "github.com/login/device",
    "device.sso.",
    "okta.com/activate",
    "slack.com/device",
    "oauth2/deviceauth",
    "/oauth/device",
];
/// Codes as such pages ask for them.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:[A-Z0-9]{8,9}|[A-Z0-9]{4}-[A-Z0-9]{4})(?-u:\b)").expect("a fixed pattern")
});

/// Whether it is made by a machine: letters and figures, or consonants in two halves.
fn is_code(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let vowels = text.bytes().filter(|b| matches!(b, b'A' | b'E' | b'I' | b'O' | b'U')).count();
    digits > 0 && digits + 1 < text.len() || digits == 0 && vowels == 0 && text.contains('-')
}

/// Domains of networks and shops of programs whose pictures stand at the foot of everybody's mail.
const FOOT: [&str; 9] =
    ["Facebook", "Twitter", "LinkedIn", "YouTube", "TikTok", "Google", "Apple", "GitHub", "X (Twitter)"];

/// Whether it comes under somebody else's name, or uses a page that is nobody's home.
pub fn borrows(signs: &[Sign]) -> bool {
    let own = |k| matches!(k, Kind::BrandInName | Kind::BrandInAddress | Kind::LookAlikeSender | Kind::PlantedPage);
    signs.iter().any(|s| own(s.sign))
}

/// Everything that is judged together.
pub struct Reading<'a> {
    /// The message.
    pub message: &'a Message<'a>,
    /// What it shows.
    pub body: &'a Body,
    /// Who sends it.
    pub sender: Option<&'a Sender<'a>>,
    /// Its links.
    pub links: &'a [Link],
    /// Words of subject and text.
    pub words: &'a Words,
    /// Words of the subject.
    pub subject: &'a Words,
    /// What is attached says, where the text says next to nothing.
    pub told: &'a str,
    /// What both ask for.
    pub asks: &'a Asks,
    /// Lower-case addresses it goes to.
    pub recipients: &'a [String],
    /// What is attached.
    pub attachments: &'a [Attachment],
}

impl Reading<'_> {
    /// All signs on text, brands and links.
    pub fn signs(&self, signs: &mut Vec<Sign>) {
        let domain = self.sender.map_or("", |s| s.from.domain());
        let clicks: Vec<&Link> = self
            .links
            .iter()
            .filter(|l| l.is_web() && l.place != "attachment" && matches!(l.opens, Opens::Click | Opens::Form))
            .collect();
        // A known service's notice leads to another domain of the same house; where anybody has a mailbox is no house.
        let house = !HOSTS.is_freemail(domain) && LEXICON.is_known(domain);
        let is_home = |l: &&&Link| related(&l.host, domain) || house && LEXICON.same_house(&l.host, domain);
        let home = clicks.iter().filter(is_home).count();
        self.lures(signs);
        self.device(signs);
        let button = self.button(&clicks);
        signs.extend(button.as_ref().map(|b| Kind::AskButton.on(b)));
        // A place that anybody can have, or a page where none belongs, is a demand by itself.
        let odd = |l: &&Link| [Trait::Site, Trait::Dynamic, Trait::Gateway, Trait::Planted].iter().any(|t| l.has(*t));
        let demand = button.is_some() || self.asks.lures.keys().any(|l| l != "document") || clicks.iter().any(odd);
        self.links_signs(&clicks, home, demand, domain, signs);
        self.brands(&clicks, demand, signs);
        self.tone(signs);
        self.disguise(&clicks, signs);
        self.coherence(&clicks, home, signs);
        self.head(signs);
        self.shape(!clicks.is_empty(), signs);
        self.against(&clicks, home, signs);
        self.nature(&clicks, signs);
    }

    fn lures(&self, signs: &mut Vec<Sign>) {
        let met = |lure: &str| self.asks.lures.get(lure).copied().unwrap_or(0);
        // In a long text words stand beside each other by chance.
        let slack = (self.asks.words / 300) as u8;
        let strong = |lure: &str, least: u8| met(lure) >= least + 2 * slack;
        let weak = |lure: &str| met(lure) > slack;
        match () {
            () if strong("credential", 3) => signs.push(Kind::CredentialStrong.on("")),
            () if weak("credential") => signs.push(Kind::Credential.on("")),
            () => {}
        }
        match () {
            () if strong("prize", 3) => signs.push(Kind::PrizeStrong.on("")),
            () if weak("prize") => signs.push(Kind::Prize.on("")),
            () => {}
        }
        for (lure, least, kind) in [("wallet", 3, Kind::WalletStrong), ("income", 3, Kind::IncomeStrong)] {
            signs.extend(strong(lure, least).then(|| kind.on("")));
        }
        for (lure, kind) in [
            ("payment", Kind::Payment),
            ("parcel", Kind::Parcel),
            ("document", Kind::Document),
            ("storage", Kind::Storage),
            ("wallet", Kind::Wallet),
            ("authority", Kind::Authority),
            ("infection", Kind::Infection),
            ("income", Kind::Income),
        ] {
            if weak(lure) {
                signs.push(kind.on(""));
            }
        }
        if self.asks.lures.iter().filter(|(_, n)| **n > slack + 1).count() >= 2 {
            signs.push(Kind::SeveralLures.on(""));
        }
        if !LEXICON.asks(self.subject).lures.is_empty() {
            signs.push(Kind::LureInSubject.on(""));
        }
        match () {
            () if strong("advance_fee", 3) => signs.push(Kind::FortuneStrong.on("")),
            () if strong("advance_fee", 2) => signs.push(Kind::Fortune.on("")),
            () => {}
        }
        let shown = super::clip(&self.body.shown, 32 << 10);
        let told = |pattern: &Regex| pattern.is_match(shown) || pattern.is_match(self.told);
        if weak("extortion") && told(&WALLET) || strong("extortion", 2) {
            signs.push(Kind::Extortion.on(""));
        }
        let short = self.asks.words < 220;
        let account = self.asks.moved && told(&ACCOUNT);
        match () {
            () if short && (strong("errand", 2) || weak("errand") && account) => signs.push(Kind::ErrandStrong.on("")),
            () if short && strong("errand", 1) => signs.push(Kind::Errand.on("")),
            () => {}
        }
        if weak("callback") && self.asks.words < 500 && (told(&PHONE) || PHONE.is_match(&self.message.subject)) {
            signs.push(if strong("callback", 2) { Kind::CallbackStrong } else { Kind::Callback }.on(""));
        }
    }

    /// A page on which one lets another device in, and a code to enter there: whoever made the code is let in.
    fn device(&self, signs: &mut Vec<Sign>) {
        let shown = super::clip(&self.body.shown, 32 << 10);
        let lower = shown.to_ascii_lowercase();
        // The whole name of the page: `…/device-activity` is another.
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-');
        let is_at =
            |text: &str, d: &str| text.match_indices(d).any(|(at, _)| d.ends_with('.') || ends(&text[at + d.len()..]));
        let is_page = |text: &str| DEVICES.iter().find(|d| is_at(text, d)).copied();
        let page = self.links.iter().find_map(|l| is_page(&l.url.to_ascii_lowercase())).or_else(|| is_page(&lower));
        if let Some(page) = page.filter(|_| CODE.find_iter(shown).any(|m| is_code(m.as_str()))) {
            signs.push(Kind::DeviceCode.on(page));
        }
    }

    /// The words of a link that ask one to act.
    fn button(&self, clicks: &[&Link]) -> Option<String> {
        clicks
            .iter()
            .map(|l| l.text.as_str())
            .filter(|t| t.len() > 2 && t.len() < 60)
            .find(|t| LEXICON.is_demand(&Words::new(t, false)))
            .map(str::to_string)
    }

    fn links_signs(&self, clicks: &[&Link], home: usize, demand: bool, domain: &str, signs: &mut Vec<Sign>) {
        let first = |t: Trait| {
            self.links.iter().find(|l| l.is_web() && l.has(t) && !(l.has(Trait::Bulk) && t != Trait::LookAlike))
        };
        for (t, kind) in [
            (Trait::Address, Kind::LinkToAddress),
            (Trait::OddAddress, Kind::OddAddress),
            (Trait::User, Kind::UserInLink),
            (Trait::International, Kind::International),
            (Trait::Shortener, Kind::Shortener),
            (Trait::Gateway, Kind::Gateway),
            (Trait::Recipient, Kind::RecipientInLink),
            (Trait::Port, Kind::OddPort),
            (Trait::Planted, Kind::PlantedPage),
            (Trait::Runs, Kind::RunsFromLink),
            (Trait::CheapSuffix, Kind::CheapLink),
        ] {
            // A known house may well know whom it writes to.
            let known = |l: &&Link| {
                t == Trait::Recipient
                    && LEXICON.is_known(&l.host)
                    && !l.has(Trait::File)
                    && !l.has(Trait::Site)
                    && !l.has(Trait::Redirect)
            };
            if let Some(link) = first(t).filter(|l| !known(l)).filter(|l| {
                !related(&l.host, domain)
                    || !matches!(t, Trait::CheapSuffix | Trait::Runs | Trait::Port | Trait::Planted)
            }) {
                let on = link.leads_to.as_ref().filter(|_| link.has(Trait::Redirect)).unwrap_or(&link.host);
                signs.push(kind.on(on));
            }
        }
        if let Some(link) = first(Trait::Redirect) {
            signs.push(Kind::Redirect.on(link.leads_to.clone().unwrap_or_default()));
        }
        if let Some(link) = self.links.iter().find(|l| {
            (l.has(Trait::File) || l.has(Trait::Site) || l.has(Trait::Bio) || l.has(Trait::Dynamic))
                && !related(&l.host, domain)
        }) {
            signs.push(Kind::FreeHosting.on(&link.host));
        }
        if let Some(link) = first(Trait::ShownOther) {
            signs.push(Kind::ShownOther.on(&link.host));
        }
        // A service's mail leads to its customer's space there.
        let space = |l: &Link| related(&l.host, domain) && HOSTS.of(domain).contains(&Trait::Space);
        if let Some(link) = self.links.iter().find(|l| l.has(Trait::LookAlike) && !space(l)) {
            signs.push(Kind::LookAlikeLink.on(link.imitates.clone().unwrap_or_default()));
        }
        if let Some(link) = first(Trait::Borrowed) {
            signs.push(Kind::BorrowedLink.on(link.imitates.clone().unwrap_or_default()));
        }
        // What is allowed to who asks goes to who asks.
        let asked = self.links.iter().filter(|l| l.is_web()).filter_map(|l| redirect::consent(&Url::parse(&l.url)?));
        if let Some(to) = asked.into_iter().find(|to| !related(to, domain)) {
            signs.push(Kind::Consent.on(to));
        }
        for (t, kind) in [
            (Trait::Data, Kind::DataLink),
            (Trait::Script, Kind::ScriptLink),
            (Trait::Program, Kind::ProgramLink),
            (Trait::Share, Kind::FileLink),
            (Trait::Device, Kind::DeviceLink),
        ] {
            if let Some(link) = self.links.iter().find(|l| l.has(t)) {
                let scheme = link.url.split(':').next().filter(|_| t == Trait::Program).unwrap_or("");
                signs.push(kind.on(scheme));
            }
        }
        let free = self.sender.is_some_and(|s| s.freemail);
        if let Some(link) = clicks.first().filter(|_| demand && home == 0 && !free) {
            signs.push(Kind::LinksAway.on(&link.domain));
        }
        let mut domains: Vec<&str> = clicks.iter().map(|l| l.domain.as_str()).collect();
        domains.sort_unstable();
        domains.dedup();
        if domains.len() == 1 && home == 0 && demand {
            signs.push(Kind::OneTarget.on(domains[0]));
            let free = |l: &&&Link| l.has(Trait::Site) || l.has(Trait::Dynamic);
            signs.extend(clicks.iter().find(free).map(|l| Kind::FreePage.on(&l.host)));
        }
        // All there is to do stands in what is attached.
        if clicks.is_empty() && demand {
            let free =
                |l: &&Link| l.is_web() && (l.has(Trait::Site) || l.has(Trait::Dynamic)) && !related(&l.host, domain);
            signs.extend(self.links.iter().find(free).map(|l| Kind::FreePage.on(&l.host)));
        }
    }

    fn brands(&self, clicks: &[&Link], demand: bool, signs: &mut Vec<Sign>) {
        let Some(sender) = self.sender else { return };
        let from = sender.from.domain();
        let mut named = LEXICON.brands(&sender.name, true);
        if super::fold::disguised(&sender.from.name).is_some() {
            let plain = super::fold::undisguised(&sender.from.name);
            named.extend(LEXICON.brands(&Words::new(&plain, false), true));
        }
        if let Some(brand) = named.iter().find(|b| LEXICON.owns(b.brand, from) && !sender.freemail) {
            signs.push(Kind::OwnBrand.on(brand.shown.clone()));
        } else if let Some(brand) = named.first().filter(|_| !LEXICON.is_known(from) || sender.freemail) {
            signs.push(Kind::BrandInName.on(brand.shown.clone()));
            if !clicks.is_empty() && !clicks.iter().any(|l| LEXICON.owns(brand.brand, &l.host)) {
                signs.push(Kind::BrandElsewhere.on(brand.shown.clone()));
            }
        }
        let strangers = |brands: Vec<Named>| -> Vec<Named> {
            brands.into_iter().filter(|b| !LEXICON.owns(b.brand, from) || sender.freemail).collect()
        };
        let subject = strangers(LEXICON.brands(self.subject, false));
        if let Some(brand) = subject.first() {
            signs.push(Kind::BrandInSubject.on(brand.shown.clone()));
        }
        // Who a text speaks for stands at its head and foot, in its title and its pictures.
        let count = self.words.len();
        let mut head = String::new();
        for n in (0..count.min(90)).chain(count.saturating_sub(60).max(90)..count) {
            head.push_str(self.words.get(n));
            head.push(' ');
        }
        for page in &self.body.pages {
            head.push_str(&page.title);
            head.push(' ');
            page.alt.iter().take(20).for_each(|alt| {
                head.push_str(alt);
                head.push(' ');
            });
        }
        let mut body = strangers(LEXICON.brands(&Words::new(&head, false), false));
        // A network that is named but once is where one may follow the sender.
        let once = |b: &Named| {
            let first = b.shown.split(' ').next().unwrap_or("");
            self.words.iter().filter(|w| *w == first).count() < 2
        };
        let alone = body.len() == 1;
        body.retain(|b| !FOOT.contains(&LEXICON.brand(b.brand)) || alone && !once(b));
        let known_sender = LEXICON.is_known(from) && !sender.freemail;
        if known_sender || body.len() > 2 || body.is_empty() && subject.is_empty() {
            return;
        }
        let Some(brand) = subject.first().or(body.first()) else { return };
        let only_there = !clicks.is_empty() && clicks.iter().all(|l| LEXICON.owns(brand.brand, &l.host));
        if !body.is_empty() && !only_there {
            signs.push(Kind::BrandInBody.on(brand.shown.clone()));
        }
        let leads_there = clicks.iter().any(|l| {
            LEXICON.owns(brand.brand, &l.host)
                && !l.has(Trait::File)
                && !l.has(Trait::Redirect)
                && l.has(Trait::ShownOther)
        });
        let home = clicks.iter().any(|l| related(&l.host, from));
        if demand
            && !leads_there
            && !home
            && clicks.len() <= 20
            && self.asks.words < 900
            && !clicks.is_empty()
            && clicks.iter().any(|l| !LEXICON.owns(brand.brand, &l.host))
        {
            signs.push(Kind::BrandAsks.on(brand.shown.clone()));
        }
    }

    fn tone(&self, signs: &mut Vec<Sign>) {
        if self.asks.urgent > 0 && self.asks.words < 600 {
            signs.push(Kind::Urgency.on(""));
        }
        if self.asks.act > 0 && self.asks.words < 600 {
            signs.push(Kind::Asks.on(""));
        }
        if self.asks.stranger {
            signs.push(Kind::Stranger.on(""));
        }
        let head = super::clip(self.body.shown.trim_start(), 240).to_lowercase();
        let subject = self.message.subject.to_lowercase();
        let greets = |r: &String| r.len() > 5 && (head.contains(r.as_str()) || subject.contains(r.as_str()));
        if self.recipients.len() == 1
            && self.recipients.iter().any(greets)
            && self.message.in_reply_to.is_empty()
            && self.message.references.is_empty()
        {
            signs.push(Kind::GreetsAddress.on(""));
        }
    }

    fn disguise(&self, clicks: &[&Link], signs: &mut Vec<Sign>) {
        let pages = &self.body.pages;
        let pictures: usize = pages.iter().map(|p| p.remote_images + p.own_images).sum();
        if pictures > 0
            && !clicks.is_empty()
            && self.words.len() < self.subject.len() + 25
            && clicks.iter().any(|l| l.image)
        {
            signs.push(Kind::ImageOnly.on(""));
        }
        let hidden: usize = pages.iter().map(|p| Words::new(&p.hidden, false).len()).sum();
        if hidden > 60 && hidden * 2 > self.words.len() || hidden > 400 {
            signs.push(Kind::HiddenText.on(""));
        }
        let names = self.sender.map(|s| &s.name);
        let all = |f: fn(&Words) -> usize| f(self.words) + names.map_or(0, f);
        if all(|w| w.mixed) >= 2 || names.is_some_and(|n| n.mixed > 0) || self.subject.mixed > 0 {
            signs.push(Kind::MixedLetters.on(super::clip(&self.message.subject, 60)));
        }
        let shown = self.sender.map_or("", |s| s.from.name.as_str());
        if let Some(word) = super::fold::disguised(shown).or_else(|| super::fold::disguised(&self.message.subject)) {
            signs.push(Kind::DisguisedWord.on(word));
        }
        if all(|w| w.invisible) >= 8 || names.is_some_and(|n| n.invisible > 0) || self.subject.invisible > 0 {
            signs.push(Kind::InvisibleLetters.on(""));
        }
        if all(|w| w.styled) >= 6 {
            signs.push(Kind::StyledLetters.on(""));
        }
        let passwords: usize = pages.iter().map(|p| p.passwords).sum();
        if passwords > 0 {
            signs.push(Kind::PasswordForm.on(""));
        } else if pages.iter().any(|p| p.forms > 0 && p.inputs > 1) {
            signs.push(Kind::Form.on(""));
        }
        if pages.iter().any(|p| p.scripts > 0) {
            signs.push(Kind::Script.on(""));
        }
        if let Some(what) = pages.iter().find_map(|p| super::attachment::script::smuggles(&p.script)) {
            signs.push(Kind::Smuggling.on(what));
        }
    }

    fn against(&self, clicks: &[&Link], home: usize, signs: &mut Vec<Sign>) {
        let header = |name: &str| self.message.header(name).map(|h| h.text());
        let away = clicks
            .iter()
            .filter(|l| !related(&l.host, self.sender.map_or("", |s| s.from.domain())))
            .filter(|l| !l.has(Trait::Bulk) && !LEXICON.is_known(&l.host))
            .count();
        // Whoever borrows a name is at home on a stranger's domain: what leads there proves nothing.
        let borrowed = borrows(signs);
        let speaks = |s: &Sign| matches!(s.sign, Kind::BrandInSubject | Kind::BrandInBody | Kind::RecipientInLink);
        // A domain of which nothing in the letter speaks is a home to nobody: whoever bought it for this leads there alone.
        let names = |k| matches!(k, Kind::NameFitsDomain | Kind::NameFitsAddress | Kind::SenderNamed | Kind::OwnBrand);
        let known = self.sender.is_some_and(|s| LEXICON.is_known(s.from.domain()));
        let named = known || signs.iter().any(|s| names(s.sign));
        if home > 0 && home >= away && !borrowed {
            signs.push(Kind::LinksHome.on(""));
        }
        if named && home > 0 && home == clicks.len() && !borrowed && !signs.iter().any(speaks) {
            signs.push(Kind::OnlyHome.on(""));
        }
        let thread = !self.message.in_reply_to.is_empty() || !self.message.references.is_empty();
        let quotes = self.body.shown.lines().filter(|l| l.trim_start().starts_with('>')).count() >= 2
            || ["wrote:", "a écrit :", "a écrit:", "schrieb:", "escribió:", "ha scritto:", "-----Original", "From: "]
                .iter()
                .any(|m| self.body.shown.contains(m));
        if thread && quotes {
            signs.push(Kind::Conversation.on(""));
        }
        let list = header("list-post")
            .or_else(|| header("mailing-list"))
            .or_else(|| header("x-mailing-list"))
            .or_else(|| header("x-mailman-version").and(header("list-id")));
        if let Some(list) = list.filter(|l| !l.trim().is_empty()) {
            signs.push(Kind::MailingList.on(list.trim().trim_matches(['<', '>'])));
        }
        let files = self.message.of(Role::Attachment).any(|p| !p.sniffed.starts_with("image/"))
            || self.attachments.iter().any(|a| !a.traits.is_empty());
        let story = signs.iter().any(|s| {
            matches!(
                s.sign,
                Kind::Extortion
                    | Kind::Fortune
                    | Kind::FortuneStrong
                    | Kind::Errand
                    | Kind::ErrandStrong
                    | Kind::Callback
                    | Kind::CallbackStrong
            )
        });
        let pictures: usize = self.body.pages.iter().map(|p| p.own_images).sum();
        let shown = super::clip(&self.body.shown, 32 << 10);
        let number = || WALLET.is_match(shown) || PHONE.is_match(shown);
        let elsewhere = |s: &Sign| {
            matches!(s.sign, Kind::LargeSum | Kind::WriteElsewhere | Kind::ReplyOtherMailbox | Kind::ReplyToFreemail)
        };
        let asked = !self.asks.lures.is_empty() && (self.asks.answer || number()) || signs.iter().any(elsewhere);
        let acts = self.links.iter().any(|l| l.does().is_some());
        if clicks.is_empty() && !acts && !files && !story && !asked && pictures == 0 && self.asks.words > 0 {
            signs.push(Kind::NothingToDo.on(""));
        }
        if self.asks.words > 700 && !story {
            signs.push(Kind::LongText.on(""));
        }
    }
}
