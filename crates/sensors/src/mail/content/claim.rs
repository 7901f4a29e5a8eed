//! Whose name a message speaks in, and whether anything of the sender bears it. No list of names is needed: who speaks
//! for a house names it in several places (the sender's name, the subject, the foot, the pictures), and an honest house
//! writes from a domain that bears its name.
//!
//! You may rely on: time linear in the text looked at ([`TEXT`]). Left out: names known beforehand (`words`), names
//! written without spaces.

use super::fold::Words;
use super::ideas::Lexicon;
use super::sender::Sender;
use crate::domain::registrable;
use crate::mail::message::Message;
use formats::html::Html;
use std::collections::BTreeMap;

/// Most of a text that is looked at, in bytes.
const TEXT: usize = 24 << 10;

/// Places where a name counts, as bits.
const NAME: u8 = 1;
const SUBJECT: u8 = 2;
const FOOT: u8 = 4;
const TITLE: u8 = 8;
const PICTURE: u8 = 16;
const BODY: u8 = 32;

/// Words beside which a house's name stands: its team, its service.
const TEAM: [&str; 15] = [
    "team",
    "équipe",
    "Équipe",
    "equipe",
    "equipo",
    "squadra",
    "support",
    "service",
    "kundenservice",
    "kundendienst",
    "department",
    "servicio",
    "assistance",
    "servizio",
    "zespół",
];

/// Text without accents, spaces and signs.
pub fn squash(text: &str) -> String {
    Words::new(text, false).iter().collect()
}

/// The part of a domain that its owner chose, squashed: `boutique-lin.fr` → `boutiquelin`.
pub fn label(domain: &str) -> String {
    let registered = registrable(domain).unwrap_or_else(|| domain.to_string());
    registered.split('.').next().unwrap_or("").replace('-', "")
}

/// Whether a squashed domain bears a name: one of its words, its letters run together, or its initials.
pub fn bears(squashed: &str, name: &[&str]) -> bool {
    let together: String = name.concat();
    let initials: String = name.iter().filter_map(|w| w.chars().next()).collect();
    !squashed.is_empty()
        && (name.iter().any(|w| w.len() >= 4 && squashed.contains(w) || w.len() == 3 && squashed.starts_with(w))
            || squashed.len() >= 4 && together.contains(squashed)
            || initials.len() >= 3 && squashed == initials)
}

/// What a message says of who speaks.
#[derive(Debug, Default)]
pub struct Claim {
    /// The name it speaks in, where it speaks in one.
    pub name: Option<String>,
    /// The name shown or spoken in that some link or picture bears, while the sender's domain does not and another link
    /// leads to a third.
    pub trim: Option<String>,
    /// The sender's domain bears the name shown, or the one spoken in.
    pub borne: bool,
    /// The sender's mailbox bears the name shown: a person.
    pub personal: bool,
    /// A domain that it leads to bears the name shown: a house that writes through a service.
    pub leads: bool,
    /// Nothing of the sender's address bears the name shown.
    pub strange: bool,
    /// The text or its pictures name the sender's domain.
    pub named: bool,
    /// Links or pictures lie on the sender's domain.
    pub linked: bool,
}

impl Claim {
    /// Of a message; `clicked` are the hosts of its links, `hosts` those of its pictures too.
    pub fn new(
        message: &Message,
        sender: &Sender,
        pages: &[Html],
        shown: &str,
        clicked: &[&str],
        hosts: &[&str],
        lexicon: &Lexicon,
    ) -> Claim {
        let telling = |w: &&str| w.len() >= 3 && lexicon.is_telling(w);
        let name: Vec<&str> = sender.name.iter().filter(telling).collect();
        let local = squash(sender.from.local());
        let domain = match sender.freemail {
            true => String::new(),
            false => squash(sender.from.domain().rsplit_once('.').map_or("", |(rest, _)| rest)),
        };
        let personal = bears(&local, &name) || name.len() == 2 && local.len() >= 3 && is_short_of(&local, &name);
        let letters = local.trim_end_matches(|c: char| c.is_ascii_digit());
        let initials: String = name.iter().filter_map(|w| w.chars().next()).collect();
        let personal = personal || letters.len() >= 3 && letters == initials;
        let shown = super::clip(shown, TEXT);
        let mut claim = Claim {
            borne: bears(&domain, &name),
            leads: clicked.iter().any(|h| bears(&label(h), &name)),
            personal,
            // A name in another script is written otherwise in an address.
            strange: name.iter().any(|w| w.is_ascii()) && !personal && !bears(&domain, &name),
            ..Claim::default()
        };
        let own = label(sender.from.domain());
        let mut labels: Vec<String> = hosts.iter().map(|h| label(h)).collect();
        labels.sort_unstable();
        labels.dedup();
        let text = squash(&[&sender.from.name, &message.subject, shown].map(String::from).join(" "));
        let ours = !sender.freemail && own.len() >= 3;
        let told = |p: &Html| squash(&p.title).contains(&own) || p.alt.iter().any(|a| squash(a).contains(&own));
        claim.named = ours && (text.contains(&own) || pages.iter().any(told));
        claim.linked = ours && labels.contains(&own);
        let claimed = Claimed::new(message, sender, pages, shown, lexicon).all(personal);
        if claimed.iter().any(|(w, _)| bears(&domain, &[w])) {
            claim.borne = true;
        }
        if !claim.borne {
            let shown_or_claimed = name.iter().copied().chain(claimed.iter().map(|(w, _)| w.as_str()));
            let trims = |w: &&str| {
                w.len() >= 4
                    && labels.iter().any(|l| l.contains(w))
                    && labels.iter().any(|l| !l.contains(w) && *l != own)
            };
            claim.trim = shown_or_claimed.into_iter().find(|w| trims(w)).map(str::to_string);
            let unborne = |w: &&(String, u32)| !labels.iter().any(|l| l.contains(&w.0)) && !own.contains(&w.0);
            claim.name =
                claimed.iter().filter(unborne).max_by_key(|(w, n)| (*n, std::cmp::Reverse(w))).map(|(w, _)| w.clone());
        }
        claim
    }
}

/// Whether a mailbox is a person's name made short: `jdoe`, `john`, `doej`.
fn is_short_of(local: &str, name: &[&str]) -> bool {
    let [first, last] = name else { return false };
    let initial = |w: &str| w.chars().next().map(String::from).unwrap_or_default();
    [format!("{}{last}", initial(first)), format!("{first}{}", initial(last)), format!("{last}{}", initial(first))]
        .iter()
        .any(|s| local.starts_with(s.as_str()))
}

/// Names and the places they stand in.
struct Claimed(BTreeMap<String, (u8, u32)>);

impl Claimed {
    fn new(message: &Message, sender: &Sender, pages: &[Html], shown: &str, lexicon: &Lexicon) -> Claimed {
        let mut claimed = Claimed(BTreeMap::new());
        sender.name.iter().for_each(|w| claimed.add(w, NAME));
        claimed.capitals(&message.subject, SUBJECT);
        for page in pages {
            claimed.capitals(&page.title, TITLE);
            page.alt.iter().filter(|a| a.len() < 40).take(12).for_each(|alt| claimed.capitals(alt, PICTURE));
        }
        claimed.foot(shown);
        claimed.capitals(shown, BODY);
        // Whom it goes to is named too.
        let to = message.to.iter().chain(&message.cc).take(20);
        let recipients: Vec<String> =
            to.flat_map(|m| [squash(&m.name), squash(m.local()), label(m.domain())]).collect();
        claimed.0.retain(|w, _| {
            w.len() >= 3
                && w.bytes().all(|b| b.is_ascii_alphabetic())
                && lexicon.is_telling(w)
                && !recipients.iter().any(|r| r.contains(w.as_str()))
        });
        claimed
    }

    fn add(&mut self, word: &str, place: u8) {
        if let Some((places, count)) = self.0.get_mut(word) {
            *places |= place;
            *count += 1;
        } else if self.0.len() < 2_000 {
            self.0.insert(word.to_string(), (place, 1));
        }
    }

    /// Words written with a capital where no sentence begins, and words all in capitals.
    fn capitals(&mut self, text: &str, place: u8) {
        for line in text.lines() {
            let mut begins = place == BODY;
            for word in line.split_whitespace() {
                let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
                let capital = bare.chars().next().is_some_and(char::is_uppercase);
                if capital && !begins && bare.len() >= 3 && bare.len() < 24 {
                    for part in Words::new(bare, false).iter() {
                        self.add(part, place);
                    }
                }
                begins = place == BODY && word.ends_with(['.', '!', '?', ':']);
            }
        }
    }

    /// What follows a mark of copyright, and what stands beside `team`.
    fn foot(&mut self, shown: &str) {
        for (at, _) in
            shown.match_indices('©').chain(shown.match_indices("(c)")).chain(shown.match_indices("Copyright")).take(6)
        {
            let words: Vec<&str> = shown[at..]
                .lines()
                .next()
                .unwrap_or("")
                .split_whitespace()
                .filter(|w| w.chars().any(char::is_alphabetic) && !w.starts_with("Copyright"))
                .take(3)
                .collect();
            words.iter().for_each(|w| Words::new(w, false).iter().for_each(|w| self.add(w, FOOT)));
        }
        let words: Vec<&str> = shown.split_whitespace().collect();
        for (n, word) in words.iter().enumerate() {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let (before, last) = bare.rsplit_once('-').unwrap_or(("", bare));
            if !(4..=14).contains(&last.len()) || !TEAM.iter().any(|t| t.eq_ignore_ascii_case(last)) {
                continue;
            }
            Words::new(before, false).iter().for_each(|w| self.add(w, FOOT));
            for beside in [n.checked_sub(1), Some(n + 1)].into_iter().flatten().filter_map(|n| words.get(n)) {
                if beside.chars().next().is_some_and(char::is_uppercase) {
                    Words::new(beside, false).iter().for_each(|w| self.add(w, FOOT));
                }
            }
        }
    }

    /// Names that stand in the foot, or in two places at least, and how often; a person's own name is none.
    fn all(self, personal: bool) -> Vec<(String, u32)> {
        self.0
            .into_iter()
            .filter(|(_, (places, count))| {
                let places = if personal && places & NAME != 0 { 0 } else { *places };
                let several = (places & !BODY).count_ones() >= 2 || places & BODY != 0 && places != BODY && *count >= 2;
                places & FOOT != 0 || several
            })
            .map(|(word, (_, count))| (word, count))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_bear_names() {
        for (domain, name) in [
            ("lapostefr", "la poste"),
            ("boutiquelin", "Boutique Lin"),
            ("bbva", "Banco Bilbao Vizcaya Argentaria"),
            ("infoboutiquelin", "lin boutique"),
        ] {
            let words = Words::new(name, false);
            assert!(bears(domain, &words.iter().collect::<Vec<_>>()), "{domain} {name}");
        }
        for (domain, name) in [("kesslerdach", "la poste"), ("", "Lin"), ("abc", "Boutique Lin")] {
            let words = Words::new(name, false);
            assert!(!bears(domain, &words.iter().collect::<Vec<_>>()), "{domain} {name}");
        }
    }
}
