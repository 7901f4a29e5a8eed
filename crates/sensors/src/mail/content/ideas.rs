//! What a text asks for: ideas (an account, a loss, a deadline) that stand close together make a lure. And whose name
//! it speaks in, and its language. Weak evidence: honest mail speaks of accounts and parcels too.
//!
//! You may rely on: time linear in the words; the data is `knowledge::mail`. Left out: meaning.

use super::fold::Words;
use crate::domain::registrable;
use knowledge::mail::Mail;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// A phrase: its first word leads to the rest and what it means.
type Phrases<T> = HashMap<Box<str>, Vec<(Vec<Box<str>>, T)>, foldhash::fast::RandomState>;

/// Bytes of the longest stem that is looked for.
const LONGEST: usize = 24;

/// What brands own.
type Owners = HashMap<Box<str>, Vec<u16>, foldhash::fast::RandomState>;

/// Ideas as bits, in the order of their names.
type Ideas = u64;

/// A rule made ready.
struct Rule {
    lure: &'static str,
    ideas: Ideas,
    within: usize,
}

/// The words made ready.
pub struct Lexicon {
    concepts: Vec<String>,
    exact: Phrases<Ideas>,
    stems: HashMap<Box<str>, Ideas, foldhash::fast::RandomState>,
    /// Words that mean something by themselves.
    alone: std::collections::HashSet<Box<str>, foldhash::fast::RandomState>,
    rules: Vec<Rule>,
    /// Phrase → brand, whether it is a word of every day.
    brands: Phrases<(u16, bool)>,
    /// Brands' names.
    names: Vec<String>,
    /// Domain → brands whose own it is, and all under it.
    domains: Owners,
    /// Label → brands whose own it is under every suffix.
    labels: Owners,
    /// The first three bytes of stems: few words go on like that.
    begin: std::collections::HashSet<[u8; 3], foldhash::fast::RandomState>,
    service: std::collections::BTreeSet<String>,
}

/// The names of the lures, as the data spells them.
pub const LURES: [&str; 14] = [
    "credential",
    "payment",
    "parcel",
    "document",
    "storage",
    "wallet",
    "authority",
    "prize",
    "advance_fee",
    "extortion",
    "errand",
    "callback",
    "infection",
    "income",
];

/// What a text asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Asks {
    /// How many different rules of each lure were met.
    pub lures: BTreeMap<String, u8>,
    /// How often the idea of haste was met.
    pub urgent: u8,
    /// How often one is told to click, open, sign in.
    pub act: u8,
    /// Addressed as one of many: `dear customer`.
    pub stranger: bool,
    /// One is to answer, write or send something.
    #[serde(default)]
    pub answer: bool,
    /// A payment is to go to another account than before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moved: bool,
    /// Words looked at.
    pub words: usize,
}

/// A brand a text names, and by which words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Which.
    pub brand: u16,
    /// The words.
    pub shown: String,
}

/// The embedded words made ready.
pub static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&Mail::embedded()));

fn split(phrase: &str) -> Vec<Box<str>> {
    Words::new(phrase, false).iter().map(Box::from).collect()
}

impl Lexicon {
    fn new(data: &Mail) -> Lexicon {
        let concepts: Vec<String> = data.concept.keys().cloned().collect();
        let mut exact: Phrases<Ideas> = HashMap::default();
        let mut stems: HashMap<Box<str>, Ideas, _> = HashMap::default();
        for (n, words) in data.concept.values().enumerate() {
            let idea: Ideas = 1 << (n & 63);
            for word in words {
                if let Some(stem) = word.strip_suffix('*').filter(|s| split(s).len() == 1) {
                    *stems.entry(stem.into()).or_default() |= idea;
                    // A word of other letters that all look Latin is read as Latin; a short one would be found in too many.
                    let looks = split(stem).remove(0);
                    if *looks != *stem && looks.len() >= 5 {
                        *stems.entry(looks).or_default() |= idea;
                    }
                    continue;
                }
                let mut phrase = split(word.trim_end_matches('*'));
                // The star stays on the last word: it may go on.
                if let Some(last) = phrase.last_mut().filter(|_| word.ends_with('*')) {
                    *last = format!("{last}*").into();
                }
                let mut phrase = phrase.into_iter();
                let Some(first) = phrase.next() else { continue };
                exact.entry(first).or_default().push((phrase.collect(), idea));
            }
        }
        let bit = |name: &String| concepts.iter().position(|c| c == name).map_or(0, |n| 1u64 << (n & 63));
        let rules = data
            .rule
            .iter()
            .filter_map(|r| {
                let lure = LURES.iter().find(|l| **l == r.lure)?;
                Some(Rule { lure, ideas: r.all.iter().map(bit).fold(0, |a, b| a | b), within: r.within })
            })
            .collect();
        let mut brands: Phrases<(u16, bool)> = HashMap::default();
        for (n, brand) in data.brand.values().enumerate() {
            for (word, common) in brand.words.iter().map(|w| (w, false)).chain(brand.common.iter().map(|w| (w, true))) {
                let mut phrase = split(word).into_iter();
                let Some(first) = phrase.next() else { continue };
                brands.entry(first).or_default().push((phrase.collect(), (n as u16, common)));
            }
        }
        let (mut domains, mut labels) = (Owners::default(), Owners::default());
        for (n, brand) in data.brand.values().enumerate() {
            for own in &brand.own {
                let (owners, own) = own.strip_suffix(".*").map_or((&mut domains, &**own), |label| (&mut labels, label));
                owners.entry(own.into()).or_default().push(n as u16);
            }
        }
        let begin = stems.keys().filter_map(|s| s.as_bytes().first_chunk().copied()).collect();
        let names = knowledge::names::Names::embedded();
        let service = names.words.service.iter().chain(&names.words.action).chain(&names.words.glue).cloned().collect();
        // What domains of demands are made of is also in honest names.
        let means = |(rest, idea): &(Vec<Box<str>>, Ideas)| rest.is_empty() && idea & !bit(&"generic".to_string()) != 0;
        let alone = exact.iter().filter(|(_, p)| p.iter().any(means)).map(|(w, _)| w.clone()).collect();
        let brand_names = data.brand.keys().cloned().collect();
        Lexicon { concepts, exact, stems, begin, alone, rules, brands, names: brand_names, domains, labels, service }
    }

    /// The stems that a word begins with.
    fn stems_of<'s, 'w: 's>(&'s self, word: &'w str) -> impl Iterator<Item = &'w str> + 's {
        let begins = word.as_bytes().first_chunk().is_some_and(|b: &[u8; 3]| self.begin.contains(b));
        let longest = if begins { word.len().min(LONGEST) } else { 0 };
        (3..=longest).filter_map(|end| word.get(..end)).filter(|stem| self.stems.contains_key(*stem))
    }

    /// The ideas of each word; a phrase gives its ideas to its first word.
    fn ideas(&self, words: &Words, n: usize) -> Ideas {
        let word = words.get(n);
        let mut ideas = 0;
        if let Some(phrases) = self.exact.get(word) {
            for (rest, idea) in phrases {
                if rest.iter().enumerate().all(|(i, w)| is_word(words.get(n + 1 + i), w)) {
                    ideas |= idea;
                }
            }
        }
        for stem in self.stems_of(word) {
            ideas |= self.stems[stem];
        }
        ideas
    }

    /// What a text asks for.
    pub fn asks(&self, words: &Words) -> Asks {
        let bit = |name: &str| self.concepts.iter().position(|c| c == name).map_or(0, |n| 1u64 << (n & 63));
        let (urgent, act, stranger, answer) = (bit("urgent"), bit("act"), bit("stranger"), bit("answer"));
        let moved = bit("bank_change");
        let mut asks = Asks { words: words.len(), ..Asks::default() };
        let mut last = [usize::MAX; 64];
        let mut met = vec![false; self.rules.len()];
        for n in 0..words.len() {
            let ideas = self.ideas(words, n);
            if ideas == 0 {
                continue;
            }
            let mut rest = ideas;
            while rest != 0 {
                last[rest.trailing_zeros() as usize] = n;
                rest &= rest - 1;
            }
            asks.urgent = asks.urgent.saturating_add(u8::from(ideas & urgent != 0));
            asks.act = asks.act.saturating_add(u8::from(ideas & act != 0));
            asks.answer |= ideas & answer != 0;
            asks.moved |= ideas & moved != 0;
            asks.stranger |= ideas & stranger != 0 && n < 60;
            for (rule, met) in self.rules.iter().zip(&mut met).filter(|(r, m)| !**m && r.ideas & ideas != 0) {
                // Each idea by another word than the others', so that one word of two ideas is no lure.
                let mut rest = rule.ideas;
                let mut places = [usize::MAX; 4];
                let mut all = true;
                for place in &mut places {
                    if rest == 0 {
                        break;
                    }
                    *place = last[rest.trailing_zeros() as usize];
                    all &= *place != usize::MAX && n - *place <= rule.within;
                    rest &= rest - 1;
                }
                let alone = rule.ideas.count_ones() == 1;
                let apart = places.iter().filter(|p| **p != usize::MAX).any(|p| *p != n);
                if all && (alone || apart) {
                    *met = true;
                    let count = asks.lures.entry(rule.lure.into()).or_insert(0);
                    *count = count.saturating_add(1);
                }
            }
        }
        asks
    }

    /// Whether the words of a button ask one to act: to confirm, sign in, pay, fetch.
    pub fn is_demand(&self, words: &Words) -> bool {
        let bit = |name: &str| self.concepts.iter().position(|c| c == name).map_or(0, |n| 1u64 << (n & 63));
        let (asks, things) = (
            bit("check") | bit("act") | bit("view"),
            bit("account")
                | bit("mailbox")
                | bit("card")
                | bit("payment")
                | bit("password")
                | bit("subscription")
                | bit("parcel")
                | bit("document")
                | bit("storage")
                | bit("wallet")
                | bit("tax")
                | bit("prize"),
        );
        let ideas = (0..words.len()).fold(0, |all, n| all | self.ideas(words, n));
        words.len() <= 8
            && (ideas & bit("check") != 0 || ideas & asks != 0 && ideas & things != 0 || ideas & bit("prize") != 0)
    }

    /// The brands a text names. With `name`, the text is a sender's name: words of every day count there, alone or
    /// beside words of service only.
    pub fn brands(&self, words: &Words, name: bool) -> Vec<Named> {
        let mut found = Vec::new();
        for n in 0..words.len().min(600) {
            let Some(phrases) = self.brands.get(words.get(n)) else { continue };
            for (rest, (brand, common)) in phrases {
                let whole = rest.iter().enumerate().all(|(i, w)| words.get(n + 1 + i) == &**w);
                let alone = || {
                    (0..words.len()).filter(|i| !(n..=n + rest.len()).contains(i)).all(|i| {
                        self.service.contains(words.get(i)) || words.get(i).bytes().all(|b| b.is_ascii_digit())
                    })
                };
                if whole && (!common || name && alone()) && !found.iter().any(|f: &Named| f.brand == *brand) {
                    let shown: Vec<&str> = (n..=n + rest.len()).map(|i| words.get(i)).collect();
                    found.push(Named { brand: *brand, shown: shown.join(" ") });
                }
            }
        }
        found
    }

    /// A brand's name.
    pub fn brand(&self, brand: u16) -> &str {
        self.names.get(usize::from(brand)).map_or("", String::as_str)
    }

    /// The brands whose own a domain is.
    fn owners<'s>(&'s self, domain: &'s str) -> impl Iterator<Item = u16> + 's {
        let above = std::iter::successors(Some(domain), |d| d.split_once('.').map(|(_, parent)| parent));
        let known = above.filter_map(|d| self.domains.get(d)).flatten();
        let registered = registrable(domain);
        let label = registered.as_deref().unwrap_or(domain).split('.').next().unwrap_or("");
        known.chain(self.labels.get(label).into_iter().flatten()).copied()
    }

    /// Whether a domain is a brand's own.
    pub fn owns(&self, brand: u16, domain: &str) -> bool {
        self.owners(domain).any(|b| b == brand)
    }

    /// Whether two domains are the same brand's own.
    pub fn same_house(&self, a: &str, b: &str) -> bool {
        let of_a: Vec<u16> = self.owners(a).collect();
        self.owners(b).any(|brand| of_a.contains(&brand))
    }

    /// Whether a domain is some brand's own.
    pub fn is_known(&self, domain: &str) -> bool {
        self.owners(domain).next().is_some()
    }

    /// Whether a domain is made of words of demands and services alone, several of them: nobody's name.
    pub fn is_generic(&self, domain: &str) -> bool {
        let registered = registrable(domain);
        let label = registered.as_deref().unwrap_or(domain).split('.').next().unwrap_or("");
        let words = Words::new(label, false);
        let generic = self.concepts.iter().position(|c| c == "generic").map_or(0, |n| 1u64 << (n & 63));
        let is_idea = |n| self.ideas(&words, n) & !generic != 0;
        words.len() >= 2
            && words.iter().enumerate().all(|(n, w)| !self.is_telling(w) || self.ideas(&words, n) & generic != 0)
            && (0..words.len()).any(is_idea)
            && !self.is_known(domain)
    }

    /// Whether a word tells somebody apart: it is none of a service's, and means nothing of what lures speak of.
    pub fn is_telling(&self, word: &str) -> bool {
        let stem = || self.stems_of(word).next().is_some();
        !self.service.contains(word)
            && !word.bytes().all(|b| b.is_ascii_digit())
            && !stem()
            && !self.alone.contains(word)
    }

    /// Whether all words of a sender's name are words of a service: `Support Team`.
    pub fn is_role(&self, words: &Words) -> bool {
        !words.is_empty() && words.iter().all(|w| self.service.contains(w) || w.len() < 2)
    }

    /// Whether a sender's name holds a word of a service.
    pub fn has_role(&self, words: &Words) -> bool {
        words.iter().any(|w| w.len() > 3 && self.service.contains(w))
    }
}

/// Whether a word is another, or begins as a stem does.
fn is_word(word: &str, known: &str) -> bool {
    known.strip_suffix('*').map_or(word == known, |stem| word.starts_with(stem))
}

/// Whether a host is a domain or below it.
pub fn under(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Small words by which a language is told.
const SMALL: [(&str, &str); 7] = [
    ("en", " the and of to your you is for this with that have are "),
    ("fr", " le les des vous votre est pour une que dans nous sur et "),
    ("de", " der die das und sie ist ihr ihre nicht wir fur ein zu "),
    ("es", " el los su para con por una usted que las del es y "),
    ("it", " il di che per una della con suo gli non sono e la "),
    ("pt", " o os sua seu para com uma voce nao dos em ao e "),
    ("nl", " het een van uw voor niet met wij op dat zijn en de "),
];

/// The language a text is most likely written in; none where it says too little.
pub fn language(words: &Words) -> Option<&'static str> {
    let mut counts = [0usize; 7];
    for word in words.iter().take(400).filter(|w| w.len() < 6) {
        let padded = format!(" {word} ");
        for (count, (_, small)) in counts.iter_mut().zip(SMALL) {
            *count += usize::from(small.contains(&padded));
        }
    }
    let best = (0..7).max_by_key(|&n| (counts[n], 7 - n))?;
    (counts[best] >= 3 && counts[best] * 12 >= words.len().min(400)).then(|| SMALL[best].0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(text: &str) -> Asks {
        LEXICON.asks(&Words::new(text, true))
    }

    #[test]
    fn lures_are_told_in_every_language() {
        for (text, lure) in [
            ("Your mailbox is almost full, upgrade now", "credential"),
            ("Votre compte sera suspendu sous 24 heures", "credential"),
            ("Ihr Konto wurde gesperrt. Bitte bestätigen Sie", "credential"),
            ("Su cuenta ha sido bloqueada", "credential"),
            ("Il tuo account è stato sospeso", "credential"),
            ("Votre colis est en attente de livraison", "parcel"),
            ("your webcam recorded you; send 900 USD in Bitcoin to this wallet", "extortion"),
            ("Congratulations! You have been selected to claim your reward", "prize"),
            ("The beneficiary of this fund is confidential", "advance_fee"),
            ("Ваша карта заблокирована, подтвердите данные", "credential"),
            ("Вашу посилку затримано, сплатіть митний збір", "parcel"),
            ("Kargonuz teslim edilemedi, ücreti ödeyin", "parcel"),
            ("سيتم إيقاف حسابك، سجل الدخول", "credential"),
            ("Proszę pilnie o poufny przelew", "errand"),
            ("Ich bin nur per E-Mail erreichbar, die Überweisung ist eilig", "errand"),
        ] {
            assert!(asks(text).lures.contains_key(lure), "{text}: {:?}", asks(text));
        }
        assert!(asks("We discussed the kernel patch at lunch and liked it").lures.is_empty());
    }

    #[test]
    fn names_of_demands_are_nobodys() {
        for domain in ["pago-multas.example", "toll-services.example", "wallet-migration-center.example"] {
            assert!(LEXICON.is_generic(domain), "{domain}");
        }
        for domain in
            ["kessler-dach.example", "energie-vosges.fr", "multas.example", "stadtwerke-kiel.example", "impots.gouv.fr"]
        {
            assert!(!LEXICON.is_generic(domain), "{domain}");
        }
    }

    #[test]
    fn brands_are_told_from_words() {
        let brands = |text: &str| -> Vec<String> {
            LEXICON.brands(&Words::new(text, false), true).iter().map(|b| LEXICON.brand(b.brand).to_string()).collect()
        };
        assert_eq!(brands("PayPal Service"), ["PayPal"]);
        assert_eq!(brands("Orange Service Client"), ["Orange"]);
        assert!(brands("Marie Orange").is_empty());
        let dhl = LEXICON.brands(&Words::new("DHL", false), true)[0].brand;
        assert!(LEXICON.owns(dhl, "mail.dhl.de") && !LEXICON.owns(dhl, "dhl.evil.example"));
    }

    #[test]
    fn languages_are_told() {
        for (text, expected) in [
            ("Bonjour, nous vous informons que votre dossier est complet pour la suite", "fr"),
            ("Please find the report of the meeting with your comments", "en"),
            ("Wir freuen uns, dass Sie da sind und die Rechnung nicht offen ist", "de"),
        ] {
            assert_eq!(language(&Words::new(text, true)), Some(expected), "{text}");
        }
    }
}
