//! Letters that came out: held against those that were sealed or are known (by `Message-ID`), against the signatures of the
//! providers they came from, against their neighbours in the same mailbox.
//!
//! You may rely on: a signature vouches only where it was verified here, by a key of 1,024 bits or more (or Ed25519), of the
//! domain that the letter shows as its author's, over the whole body, and that key's private half is not known to be
//! published. It vouches for the bytes and for the time in which the key was used, never for the date that is shown. Left
//! out: what a letter says, of which a row holds hashes by paragraph.

use super::authenticity::{Judged, sign};
use super::known::{Known, Originals};
use super::settings::Settings;
use crate::mail::contents::{each_print, print};
use model::{Reason, Severity, Text, Time};
use rows::documents::{Alteration, Authenticity, Class, Cost, Grounds, Sign};
use rows::mail::authentication::Word;
use rows::mail::message::{Letter, Signed};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Letters of a domain that are signed, from which on one that is not stands out; of a hundred, how many must be.
const SIGNED: u64 = 20;
const OF_HUNDRED: u64 = 95;
/// Letters known before and after one that is missing among originals, and the share of a mailbox that they must hold.
const AROUND: usize = 10;
const SHARE: f64 = 0.8;
/// Paragraphs that a row holds hashes of.
const PRINTS: usize = 200;

/// Whose key vouches for a letter.
pub fn vouched<'l>(letter: &Letter<'l>, settings: &Settings) -> Option<&'l str> {
    let from = letter.from.rsplit_once('@').map_or("", |(_, domain)| domain);
    let vouches = |s: &&Signed| {
        let strong = s.algorithm.starts_with("ed25519") || s.bits.is_some_and(|b| b >= 1024);
        let own = from.eq_ignore_ascii_case(s.domain)
            || from.len() > s.domain.len()
                && from.to_ascii_lowercase().ends_with(&format!(".{}", s.domain.to_ascii_lowercase()));
        let key = format!("{}._domainkey.{}", s.selector, s.domain);
        s.result == Some(Word::Pass)
            && s.body == Some(true)
            && s.basis.server.is_none()
            && !s.limited
            && s.covers.contains(&"from")
            && strong
            && own
            && !settings.published_keys.iter().any(|p| p.trim_end_matches('.').eq_ignore_ascii_case(&key))
    };
    letter.authentication.dkim.signatures.iter().find(vouches).map(|s| s.domain)
}

/// Whose mailbox a letter came into.
pub fn owner(letter: &Letter) -> String {
    let way = letter.received.iter().map(|w| w.recipient).find(|r| r.contains('@'));
    let all = [letter.delivered_to].into_iter().chain(way).chain(letter.to.iter().copied());
    all.map(str::trim).find(|a| a.contains('@')).unwrap_or_default().to_lowercase()
}

/// What the letters of a leak have in common.
#[derive(Default)]
pub struct Neighbours {
    /// By the author's domain: signed by it, and all that came from outside.
    domains: HashMap<String, (u64, u64)>,
    /// By mailbox: how many are known originals, and all.
    boxes: HashMap<String, (u64, u64)>,
    /// Of known letters, by whom they went to, the times.
    known: HashMap<String, Vec<Time>>,
}

impl Neighbours {
    /// With what originals tell.
    pub fn of(originals: &Originals) -> Neighbours {
        let mut all = Neighbours::default();
        for known in originals.letters() {
            let Some(at) = known.at() else { continue };
            for to in &known.document.editors {
                all.known.entry(to.to_lowercase()).or_default().push(at);
            }
        }
        all.known.values_mut().for_each(|times| times.sort_unstable());
        all
    }

    /// Takes in a letter.
    pub fn meet(&mut self, letter: &Letter, is_known: bool, settings: &Settings) {
        if !letter.received.is_empty() {
            let all = self.domains.entry(domain(letter)).or_default();
            all.0 += u64::from(vouched(letter, settings).is_some());
            all.1 += 1;
        }
        let all = self.boxes.entry(owner(letter)).or_default();
        all.0 += u64::from(is_known);
        all.1 += 1;
    }

    /// Whether nearly all others of that domain are signed: how many.
    fn signed(&self, letter: &Letter) -> Option<u64> {
        let (signed, all) = *self.domains.get(&domain(letter)).filter(|_| !letter.received.is_empty())?;
        (signed >= SIGNED && signed * 100 >= (all - 1) * OF_HUNDRED).then_some(signed)
    }

    /// Whether originals hold that mailbox before and after, but not this letter.
    fn is_missing(&self, letter: &Letter, at: Time) -> bool {
        let owner = owner(letter);
        let Some((known, all)) = self.boxes.get(&owner) else { return false };
        let Some(times) = self.known.get(&owner) else { return false };
        let before = times.partition_point(|t| *t < at);
        before >= AROUND && times.len() - before >= AROUND && *known as f64 >= SHARE * *all as f64
    }
}

fn domain(letter: &Letter) -> String {
    letter.from.rsplit_once('@').map_or(String::new(), |(_, domain)| domain.to_lowercase())
}

/// How a copy of a letter differs from the original, by paragraphs and what is attached.
struct Difference {
    alterations: Vec<Alteration>,
    count: u64,
    /// Paragraphs that stand in the original, and others.
    passages: (u64, u64),
    /// Nothing is the same, and it may have been converted.
    other: bool,
}

fn differ(original: &Known, letter: &Letter) -> Difference {
    let mut own: BTreeMap<&str, u64> = BTreeMap::new();
    each_print(letter.paragraphs).for_each(|p| *own.entry(p).or_default() += 1);
    let texts: Vec<&str> = original.wording.passages.iter().take(PRINTS).map(|p| p.text.as_str()).collect();
    let prints: Vec<String> = texts.iter().map(|t| print(t)).collect();
    let known: BTreeSet<&str> = prints.iter().map(String::as_str).collect();
    let all = each_print(letter.paragraphs).count();
    let mut alterations = Vec::new();
    let mut missing = 0u64;
    for (n, (text, print)) in texts.iter().zip(&prints).enumerate() {
        match own.get_mut(print.as_str()).filter(|left| **left > 0) {
            Some(left) => *left -= 1,
            None => {
                missing += 1;
                let before = formats::clip(text, 400).to_string();
                alterations.push(Alteration { at: format!("§ {}", n + 1), before, after: String::new() });
            }
        }
    }
    let mut added = 0u64;
    for (n, _) in each_print(letter.paragraphs).enumerate().filter(|(_, p)| !known.contains(p)) {
        added += 1;
        let after = "a paragraph that the original does not have".to_string();
        alterations.push(Alteration { at: format!("§ {} of the copy", n + 1), before: String::new(), after });
    }
    let attached: BTreeSet<&str> = letter.attachments.iter().map(|a| a.sha256).collect();
    let kept: BTreeSet<&str> = original.document.embedded.iter().map(|e| e.sha256.as_str()).collect();
    let mut files = 0;
    for e in original.document.embedded.iter().filter(|e| !attached.contains(e.sha256.as_str())) {
        files += 1;
        let before = format!("{} (SHA-256 {:.16}…)", e.name, e.sha256);
        alterations.push(Alteration { at: "attachment".into(), before, after: String::new() });
    }
    for a in letter.attachments.iter().filter(|a| !kept.contains(a.sha256)) {
        files += 1;
        let after = format!("{} (SHA-256 {:.16}…)", a.name.unwrap_or_default(), a.sha256);
        alterations.push(Alteration { at: "attachment".into(), before: String::new(), after });
    }
    let shared = texts.len() as u64 - missing;
    Difference {
        count: missing.max(added) + files,
        passages: (all as u64 - added.min(all as u64), added),
        other: shared == 0 && missing > 0 && texts.len() != all,
        alterations,
    }
}

/// Judges a letter: what it is called, its key, when it came.
pub fn judge(
    (name, key, at): (&str, &str, Time),
    letter: &Letter,
    originals: &Originals,
    neighbours: &Neighbours,
    settings: &Settings,
) -> Judged {
    let known = originals.letter(key, letter.message_id);
    let signer = vouched(letter, settings);
    let difference = known.filter(|(_, same)| !same).map(|(original, _)| differ(original, letter));
    let mut told = Vec::new();
    if known.is_none() && signer.is_none() {
        let broken = letter.authentication.dkim.signatures.iter();
        let broken = broken.filter(|s| s.body == Some(false)).map(|s| s.domain).next();
        if let Some(domain) = broken {
            told.push(sign(
                "signature_broken",
                25,
                Cost::Key,
                format!("its body is not the one that {domain} signed; lists and gateways change one too"),
                format!("son corps n’est pas celui que {domain} a signé ; listes et passerelles le changent aussi"),
            ));
        } else if let Some(signed) =
            neighbours.signed(letter).filter(|_| letter.authentication.dkim.signatures.is_empty())
        {
            told.push(sign(
                "unsigned_unlike_its_neighbours",
                60,
                Cost::Key,
                format!("nobody signed it, and {signed} other letters of that domain are signed by its key"),
                format!("nul ne l’a signé, et {signed} autres courriels de ce domaine le sont par sa clef"),
            ));
        }
        if neighbours.is_missing(letter, at) {
            told.push(sign(
                "not_in_known_mailbox",
                45,
                Cost::Key,
                "originals hold that mailbox before and after it, and not this letter; its owner may have deleted it"
                    .into(),
                "les originaux ont cette boîte avant et après lui, mais pas ce courriel ; son titulaire a pu l’effacer"
                    .into(),
            ));
        }
    }
    let sum: u32 = told.iter().map(|t| u32::from(t.sign.weight)).sum();
    let (class, rank) = match (&known, &difference, signer) {
        (Some((_, true)), ..) => (Class::SealedOriginal, 0),
        (_, _, Some(_)) => (Class::GenuineBySignature, 2),
        (Some(_), Some(d), _) if d.other => (Class::CannotSay, 40),
        (Some(_), Some(d), _) if d.count > 0 => (Class::AlteredCopy, 90),
        (Some(_), ..) => (Class::ReissuedCopy, 45),
        _ if sum >= 75 => (Class::LikelyFabricated, (70 + (sum.saturating_sub(60) / 4).min(14)) as u8),
        _ => (Class::Consistent, (5 + (sum / 2).min(39)) as u8),
    };
    let passages = each_print(letter.paragraphs).count() as u64;
    let grounds: Vec<(Grounds, u64)> = match (class, &difference) {
        (Class::SealedOriginal, _) => vec![(Grounds::Sealed, passages)],
        (Class::GenuineBySignature, _) => vec![(Grounds::Signed, passages)],
        (_, Some(d)) => vec![(Grounds::Sealed, d.passages.0), (Grounds::Nothing, d.passages.1)],
        _ => vec![(Grounds::Nothing, passages)],
    };
    let original = known.map(|(original, _)| original);
    // What a signature vouches for differs from what is known without being forged: it is another copy.
    let difference = difference.filter(|_| class != Class::GenuineBySignature);
    let row = Authenticity {
        class,
        rank,
        class_without_cheap_signs: class,
        rank_without_cheap_signs: rank,
        document: name.into(),
        sha256: key.into(),
        media: "message/rfc822".into(),
        original: original.map(|o| o.name.clone()).unwrap_or_default(),
        original_sealed: original.is_some_and(|o| o.sealed.is_some()),
        alterations_count: difference.as_ref().map_or(0, |d| d.count),
        alterations: difference.map(|d| d.alterations.into_iter().take(50).collect()).unwrap_or_default(),
        metadata: Vec::new(),
        paragraphs: grounds.into_iter().filter(|(_, n)| *n > 0).collect(),
        signs: told.iter().map(|t| t.sign.clone()).collect::<Vec<Sign>>(),
        author: letter.from.into(),
        modified: at.to_string(),
        signed_by: signer.filter(|_| class == Class::GenuineBySignature).unwrap_or_default().into(),
        decoy: settings
            .decoys
            .iter()
            .any(|d| d.len() > 3 && (letter.message_id == d || letter.subject.contains(d.as_str()))),
    };
    let severity = match class {
        Class::AlteredCopy => Severity::High,
        Class::LikelyFabricated => Severity::Medium,
        _ if row.decoy => Severity::Low,
        _ => Severity::Info,
    };
    let mut reasons = reasons(&row, letter);
    reasons.extend(told.into_iter().map(|t| Reason::supporting(t.sign.weight, t.text)));
    let subject = formats::clip(letter.subject, 80);
    let word = class.text();
    let title = Text::new(format!("letter “{subject}”: {}", word.en), format!("courriel « {subject} » : {}", word.fr));
    Judged { row, severity, title, reasons }
}

fn reasons(row: &Authenticity, letter: &Letter) -> Vec<Reason> {
    let kept = if row.original_sealed { ("sealed", "scellé") } else { ("known", "connu") };
    match row.class {
        Class::SealedOriginal => vec![Reason::against(
            100,
            Text::new(
                format!("its bytes are those of the {} letter `{}`", kept.0, row.original),
                format!("ses octets sont ceux du courriel {} « {} »", kept.1, row.original),
            ),
        )],
        Class::GenuineBySignature => {
            let open: Vec<&str> = ["to", "subject", "date"]
                .into_iter()
                .filter(|h| !letter.authentication.dkim.signatures.iter().any(|s| s.covers.contains(h)))
                .collect();
            let mut all = vec![Reason::against(
                95,
                Text::new(
                    format!(
                        "the key of {} signed these bytes: it speaks for the time in which that key was used, not for the date shown",
                        row.signed_by
                    ),
                    format!(
                        "la clef de {} a signé ces octets : elle vaut pour le temps où elle servait, non pour la date affichée",
                        row.signed_by
                    ),
                ),
            )];
            if !open.is_empty() {
                all.push(Reason::supporting(
                    10,
                    Text::new(
                        format!("the signature does not cover: {}", open.join(", ")),
                        format!("la signature ne couvre pas : {}", open.join(", ")),
                    ),
                ));
            }
            all
        }
        Class::AlteredCopy => {
            let told = row.alterations.iter().take(10).map(|a| match a.before.is_empty() {
                true => Text::new(format!("{}: {}", a.at, a.after), format!("{} : absent de l’original", a.at)),
                false => Text::new(
                    format!("{}: “{}” of the original is not there", a.at, formats::clip(&a.before, 120)),
                    format!("{} : « {} » de l’original n’y est pas", a.at, formats::clip(&a.before, 120)),
                ),
            });
            told.map(|text| Reason::supporting(90, text)).collect()
        }
        Class::ReissuedCopy => vec![Reason::against(
            80,
            Text::new(
                format!("every paragraph and what is attached are those of the {} letter; its header differs", kept.0),
                format!("chaque paragraphe et pièce jointe sont ceux du courriel {} ; son en-tête diffère", kept.1),
            ),
        )],
        Class::CannotSay => vec![Reason::supporting(
            10,
            Text::new(
                "a letter of that id is known, but no paragraph is the same: it may have been converted, or written anew",
                "un courriel de cet identifiant est connu, mais aucun paragraphe n’est le même : converti, ou récrit",
            ),
        )],
        _ if row.signs.is_empty() => vec![Reason::against(
            20,
            Text::new(
                "nothing in it contradicts itself; no key and no known original vouches for it",
                "rien n’y est contradictoire ; aucune clef ni original connu ne le garantit",
            ),
        )],
        _ => Vec::new(),
    }
}
