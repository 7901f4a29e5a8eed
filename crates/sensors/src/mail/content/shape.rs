//! The shape of subject and text, whatever the language: pictures among the letters, numbers of cases and orders, sums of
//! money, hours that run out, the reader's own address for a name, a conversation that is none.
//!
//! You may rely on: each is weak by itself. Left out: what the words mean (`words`).

use super::sign::{Kind, Sign};
use super::text::Reading;
use crate::domain::registrable;
use regex::Regex;
use std::sync::LazyLock;

macro_rules! pattern {
    ($name:ident $pattern:literal) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).expect("a fixed pattern"));
    };
}

pattern! { AMOUNT r"(?:[$€£¥₹]|(?-u:\b)(?:usd|eur|gbp|chf|brl|aud|cad|mxn))\s?\d|\d\s?(?:[€$£¥₹]|(?:usd|eur|gbp|chf|euros?|dollars?|reais|pesos|pln|zł|kr|btc|eth|usdt)(?-u:\b))" }
pattern! { LARGE r"\d\s?(?:million|millón|milhão|millones|milhões|milioni|miljoen|milion|mln(?-u:\b)|mio(?-u:\b)|billion)|(?-u:\b)[1-9]\d{0,2}[.,]\d{3}[.,]\d{3}(?-u:\b)|[$€£]\s?\d{3}[.,]\d{3}|\d{3}[., ]000\s?(?:[€$£]|usd|eur|dollar)" }
pattern! { HOURS r"(?-u:\b)(?:12|24|36|48|72)\s?-?(?:h(?-u:\b)|hrs?(?-u:\b)|hours?|heures?|stunden|horas|ore(?-u:\b)|uur|godzin|timer|timmar|saat|часов|часа)" }
pattern! { CASE r"(?:#|(?-u:\b)n[o°º]\.?\s?|(?-u:\b)(?:id|ref|case|ticket|order|inv)[\s.:#-]{0,3})[a-z]{0,5}-?\d{3,}|(?-u:\b)[a-z]{0,4}-?\d{6,}[a-z0-9-]*(?-u:\b)" }
pattern! { ANSWER r"^\s*(?:re|aw|sv|antw|rif|res|odp|vs|回复|答复)\s?(?:\[\d+\])?[:：]" }

/// Whether a letter is a picture: emoji, dingbats, arrows and the like.
fn is_picture(c: char) -> bool {
    matches!(c as u32, 0x2190..=0x21ff | 0x2300..=0x23ff | 0x2500..=0x27bf | 0x2900..=0x297f | 0x2b00..=0x2bff | 0x1f000..=0x1faff)
}

/// Whether letters and figures stand by turns, as no word or number writes them.
fn is_token(token: &str) -> bool {
    let turns = token.as_bytes().windows(2).filter(|w| w[0].is_ascii_digit() != w[1].is_ascii_digit()).count();
    token.len() >= 6 && token.len() <= 40 && turns >= 3
}

impl Reading<'_> {
    /// Signs on the shape of subject and text.
    pub fn shape(&self, web: bool, signs: &mut Vec<Sign>) {
        let subject = &self.message.subject;
        let name = self.sender.map_or("", |s| s.from.name.as_str());
        if subject.chars().chain(name.chars()).any(is_picture) {
            signs.push(Kind::Pictograms.on(""));
        }
        let letters = subject.chars().filter(|c| c.is_alphabetic()).count();
        let capitals = subject.chars().filter(|c| c.is_uppercase()).count();
        if letters >= 8 && capitals * 10 > letters * 7 || subject.matches('!').count() >= 2 {
            signs.push(Kind::Shouts.on(""));
        }
        let head = super::clip(self.body.shown.trim_start(), 1_500).to_lowercase();
        let (head, subject) = (head.as_str(), subject.to_lowercase());
        let subject = subject.as_str();
        if let Some(token) = subject.split(|c: char| !c.is_ascii_alphanumeric()).find(|t| is_token(t)) {
            signs.push(Kind::RandomSubject.on(token));
        }
        if CASE.is_match(subject) {
            signs.push(Kind::CaseNumber.on(""));
        }
        if !self.is_thread() && (AMOUNT.is_match(subject) || AMOUNT.is_match(head)) {
            signs.push(Kind::Amount.on(""));
        }
        if !self.is_thread() && self.asks.words < 500 && (LARGE.is_match(subject) || LARGE.is_match(head)) {
            signs.push(Kind::LargeSum.on(""));
        }
        if HOURS.is_match(subject) || HOURS.is_match(head) {
            signs.push(Kind::Hours.on(""));
        }
        let quotes = self.body.shown.lines().any(|l| l.trim_start().starts_with('>'));
        if ANSWER.is_match(subject) && !self.is_thread() && !quotes {
            signs.push(Kind::BrokenThread.on(""));
        }
        self.you(web, signs);
    }

    /// The reader's own address instead of a name, the reader's own domain in a stranger's mail.
    fn you(&self, web: bool, signs: &mut Vec<Sign>) {
        let [you] = self.message.to.as_slice() else { return };
        let Some(sender) = self.sender.filter(|_| !self.is_thread()) else { return };
        let head = super::clip(self.body.shown.trim_start(), 400).to_lowercase();
        let (subject, name) = (self.message.subject.to_lowercase(), sender.from.name.to_lowercase());
        let local = you.local().to_lowercase();
        let theirs = super::links::related(you.domain(), sender.from.domain());
        let whole = |text: &str, what: &str| {
            text.match_indices(what).any(|(at, _)| {
                let beside = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
                beside(text[..at].chars().next_back()) && beside(text[at + what.len()..].chars().next())
            })
        };
        // A first name that is the mailbox too is no machine's greeting.
        let plain = local.contains(['.', '_', '-']) || local.bytes().any(|b| b.is_ascii_digit());
        if local.len() >= 5 && plain && [&head, &subject, &name].iter().any(|t| whole(t, &local)) {
            signs.push(Kind::GreetsLocal.on(""));
        }
        let domain = registrable(you.domain()).unwrap_or_default();
        let label = domain.split('.').next().unwrap_or("");
        let free = super::links::HOSTS.is_freemail(you.domain());
        if label.len() >= 4
            && !free
            && !theirs
            && web
            && (whole(&head, label) || whole(&subject, label) || whole(&name, label))
        {
            signs.push(Kind::SpeaksOfYours.on(domain));
        }
    }
}
