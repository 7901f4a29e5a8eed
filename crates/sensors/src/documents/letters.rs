//! Letters that came out: held against those that were sealed or are known (by `Message-ID`), against the signatures of the
//! providers they came from, against their neighbours in the same mailbox.
//!
//! You may rely on: a signature vouches only where it was verified here, by a key of 1,024 bits or more (or Ed25519), of the
//! domain that the letter shows as its author's, over the whole body, and that key's private half is not known to be
//! published. It vouches for the bytes and for the time in which the key was used, never for the date that is shown. Left
//! out: what a letter says, of which a row holds hashes by paragraph.

use super::authenticity::{Judged, sign};
use super::known::{HTML, Known, Originals};
use super::settings::Settings;
use crate::mail::contents::{Head, PRINTS, Prints, each_print, print};
use crate::mail::observe::MOST;
use model::{Reason, Severity, Text, Time};
use rows::documents::{Alteration, Authenticity, Class, Cost, Grounds, Metadata, Sign};
use rows::mail::authentication::Word;
use rows::mail::message::{Letter, Signed};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Letters of a domain that are signed, from which on one that is not stands out; of a hundred, how many must be.
const SIGNED: u64 = 20;
const OF_HUNDRED: u64 = 95;
/// Letters known before and after one that is missing among originals, and the share of a mailbox that they must hold.
const AROUND: usize = 10;
const SHARE: f64 = 0.8;
/// Alterations that are told of one.
const TOLD: usize = 50;

/// The signature that vouches for a letter.
pub fn vouched<'s, 'l>(letter: &'s Letter<'l>, settings: &Settings) -> Option<&'s Signed<'l>> {
    // Every author shown must be of the domain that signed.
    let of = |domain: &str| {
        let own = |from: &str| {
            let from = from.rsplit_once('@').map_or("", |(_, domain)| domain).to_ascii_lowercase();
            let domain = domain.to_ascii_lowercase();
            from == domain || from.strip_suffix(domain.as_str()).is_some_and(|f| f.ends_with('.'))
        };
        !domain.is_empty() && own(letter.from) && letter.authors.iter().all(|a| own(a))
    };
    let vouches = |s: &&Signed| {
        let strong = s.algorithm.starts_with("ed25519") || s.bits.is_some_and(|b| b >= 1024);
        let key = format!("{}._domainkey.{}", s.selector, s.domain);
        // What cuts the body into parts, or says how they are written, must not stand there twice.
        let ambiguous = ["content-type", "content-transfer-encoding", "mime-version"];
        s.result == Some(Word::Pass)
            && s.body == Some(true)
            && s.basis.server.is_none()
            && !s.limited
            && !s.testing
            && s.covers.contains(&"from")
            && !s.repeated.iter().any(|name| ambiguous.contains(name))
            && strong
            && of(s.domain)
            && !settings.published_keys.iter().any(|p| p.trim_end_matches('.').eq_ignore_ascii_case(&key))
    };
    letter.authentication.dkim.signatures.iter().find(vouches)
}

/// What is shown of a letter that a signature does not cover.
fn uncovered(signed: &Signed) -> Vec<&'static str> {
    let all = ["to", "cc", "subject", "date", "content-type"];
    all.into_iter().filter(|name| !signed.covers.contains(name) || signed.repeated.contains(name)).collect()
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

/// How a copy of a letter differs from the original: header, paragraphs, HTML, what is attached.
#[derive(Default)]
struct Difference {
    alterations: Vec<Alteration>,
    count: u64,
    /// What a program changes that writes a letter anew: names beside addresses, what it leaves out.
    metadata: Vec<Metadata>,
    /// Paragraphs that stand in the original, and others.
    passages: (u64, u64),
    /// Nothing is the same, and it may have been converted.
    other: bool,
    /// Paragraphs beyond those that a row holds were compared as a whole.
    beyond: bool,
}

impl Difference {
    fn put(&mut self, at: impl Into<String>, before: impl Into<String>, after: impl Into<String>) {
        self.count += 1;
        if self.alterations.len() < TOLD {
            let (at, before, after) = (at.into(), before.into(), after.into());
            self.alterations.push(Alteration { at, before, after, what: None });
        }
    }

    /// What a header shows. What the copy leaves out, exports leave out too.
    fn head(&mut self, original: &Head, letter: &Letter) {
        let list = |all: &[&str]| {
            let mut all: Vec<String> = all.iter().map(|a| a.trim().to_lowercase()).collect();
            all.sort_unstable();
            all.dedup();
            all.join(", ")
        };
        let owned = |all: &[String]| list(&all.iter().map(String::as_str).collect::<Vec<_>>());
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let second = |text: &str| text.parse::<Time>().map_or_else(|_| text.to_string(), |t| t.seconds().to_string());
        let date = letter.date.unwrap_or_default();
        for (name, before, after) in [
            ("From", original.from.to_lowercase(), letter.from.to_lowercase()),
            ("Reply-To", owned(&original.reply_to), list(&letter.reply_to)),
            ("To", owned(&original.to), list(&letter.to)),
            ("Cc", owned(&original.cc), list(&letter.cc)),
            ("Subject", plain(&original.subject), plain(letter.subject)),
        ] {
            match () {
                () if before == after => {}
                () if after.is_empty() => self.metadata.push(Metadata { name: name.into(), before, after }),
                () => self.put(name, before, after),
            }
        }
        if second(&original.date) != second(date) {
            match date.is_empty() {
                true => self.metadata.push(Metadata {
                    name: "Date".into(),
                    before: original.date.clone(),
                    after: String::new(),
                }),
                false => self.put("Date", original.date.clone(), date),
            }
        }
        let (before, after) = (plain(&original.from_name), plain(letter.from_name));
        if before != after {
            self.metadata.push(Metadata { name: "from_name".into(), before, after });
        }
    }

    /// What is attached, by its bytes.
    fn attached(&mut self, original: &Known, letter: &Letter) {
        let whole = letter.attachments.len() < MOST;
        let attached: BTreeSet<&str> = letter.attachments.iter().map(|a| a.sha256).collect();
        let kept: BTreeSet<&str> = original.document.embedded.iter().map(|e| e.sha256.as_str()).collect();
        let short = |name: &str, sha256: &str| format!("{name} (SHA-256 {sha256:.16}…)").trim().to_string();
        for e in original.document.embedded.iter().filter(|e| whole && !attached.contains(e.sha256.as_str())) {
            self.put("attachment", short(&e.name, &e.sha256), "");
        }
        for a in letter.attachments.iter().filter(|a| a.size > 0 && !kept.contains(a.sha256)) {
            self.put("attachment", "", short(a.name.unwrap_or_default(), a.sha256));
        }
        let before = original.head.iter().flat_map(|h| &h.messages).map(String::as_str);
        let before: BTreeSet<&str> = before.collect();
        let after: BTreeSet<&str> = letter.messages.iter().copied().collect();
        for gone in before.difference(&after).filter(|_| letter.messages.len() < MOST) {
            self.put("attached message", short("", gone), "");
        }
        for new in after.difference(&before) {
            self.put("attached message", "", short("", new));
        }
    }

    /// Paragraphs of the text, each as often as it stands there, and in their order.
    fn texts(&mut self, texts: &[&str], letter: &Letter) {
        let prints: Vec<String> = texts.iter().take(PRINTS).map(|t| print(t)).collect();
        let copies: Vec<&str> = each_print(letter.paragraphs).collect();
        let count = |all: &mut dyn Iterator<Item = &str>| {
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            all.for_each(|p| *counts.entry(p.to_string()).or_default() += 1);
            counts
        };
        let take = |counts: &mut BTreeMap<String, u64>, print: &str| match counts.get_mut(print) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        };
        let mut own = count(&mut copies.iter().copied());
        let mut known = count(&mut prints.iter().map(String::as_str));
        let (mut missing, mut added) = (Vec::new(), Vec::new());
        for (n, print) in prints.iter().enumerate() {
            if !take(&mut own, print) {
                missing.push(n);
            }
        }
        for (n, print) in copies.iter().enumerate() {
            if !take(&mut known, print) {
                added.push((n, *print));
            }
        }
        for n in &missing {
            self.put(format!("§ {}", n + 1), formats::clip(texts[*n], 400), "");
        }
        for (n, print) in &added {
            self.put(format!("§ {} of the copy", n + 1), "", format!("(SHA-256 {print}…)"));
        }
        // A paragraph that became another is one difference and not two.
        self.count -= missing.len().min(added.len()) as u64;
        if missing.is_empty() && added.is_empty() && !prints.iter().map(String::as_str).eq(copies.iter().copied()) {
            self.put("order of paragraphs", "", "");
        }
        let (all, new) = (copies.len() as u64, added.len() as u64);
        self.passages = (all - new, new);
        self.other = missing.len() == prints.len() && !missing.is_empty() && prints.len() != copies.len();
    }

    /// What is shown as HTML beside the text: of the original, in either form, or it was put in. A copy without any was
    /// exported so.
    fn html(&mut self, texts: &[&str], pages: &[&str], letter: &Letter) {
        let shown: Vec<&str> = each_print(letter.html).collect();
        if shown.is_empty() {
            return;
        }
        let known: BTreeSet<String> = texts.iter().chain(pages).map(|t| print(t)).collect();
        for (n, new) in shown.iter().enumerate().filter(|(_, p)| !known.contains(**p)) {
            self.put(format!("HTML § {} of the copy", n + 1), "", format!("(SHA-256 {new}…)"));
        }
        let own: BTreeSet<&str> = shown.iter().copied().chain(each_print(letter.paragraphs)).collect();
        for (n, text) in pages.iter().take(PRINTS).enumerate().filter(|(_, t)| !own.contains(print(t).as_str())) {
            self.put(format!("HTML § {}", n + 1), formats::clip(text, 400), "");
        }
    }
}

fn differ(original: &Known, letter: &Letter) -> Difference {
    let of = |html: bool| -> Vec<&str> {
        let all = original.wording.passages.iter().filter(|p| (p.place == HTML) == html);
        all.map(|p| p.text.as_str()).collect()
    };
    let (texts, pages) = (of(false), of(true));
    let mut d = Difference::default();
    d.texts(&texts, letter);
    d.html(&texts, &pages, letter);
    if let Some(head) = &original.head {
        d.head(head, letter);
    }
    d.attached(original, letter);
    let owned = |all: &[&str]| all.iter().map(|t| t.to_string()).collect::<Vec<_>>();
    let all = Prints::of(&owned(&texts), &owned(&pages)).all;
    d.beyond = !(all.is_empty() && letter.all.is_empty());
    if d.beyond && d.count == 0 && all != letter.all && (letter.html.is_empty() == pages.is_empty()) {
        d.put(format!("§ {} …", PRINTS + 1), "", "");
    }
    d
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
    let signed = vouched(letter, settings);
    let signer = signed.map(|s| s.domain);
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
        (Some(_), Some(d), _) => {
            (Class::ReissuedCopy, (45 + 5 * d.metadata.iter().filter(|m| !m.after.is_empty()).count()).min(60) as u8)
        }
        (Some(_), None, _) => (Class::ReissuedCopy, 45),
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
    // What a signature vouches for differs from what is known without being forged: it is another copy, which is told.
    let other_copy = difference.as_ref().map_or(0, |d| d.count);
    let beyond = difference.as_ref().is_some_and(|d| d.beyond);
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
        metadata: difference.as_ref().map(|d| d.metadata.clone()).unwrap_or_default(),
        alterations: difference.map(|d| d.alterations).unwrap_or_default(),
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
    let mut reasons = reasons(&row, signed);
    if class == Class::GenuineBySignature && other_copy > 0 {
        reasons.push(Reason::supporting(
            10,
            Text::new(
                format!("the letter known under that id is another version: it differs in {other_copy} places"),
                format!(
                    "le courriel connu sous cet identifiant est une autre version : {other_copy} endroits diffèrent"
                ),
            ),
        ));
    }
    if beyond {
        reasons.push(Reason::supporting(
            5,
            Text::new(
                format!("of its paragraphs beyond the first {PRINTS} it is known only whether all are the same"),
                format!("de ses paragraphes au-delà des {PRINTS} premiers, on sait seulement si tous sont les mêmes"),
            ),
        ));
    }
    reasons.extend(told.into_iter().map(|t| Reason::supporting(t.sign.weight, t.text)));
    let subject = formats::clip(letter.subject, 80);
    let word = class.text();
    let title = Text::new(format!("Letter “{subject}”: {}", word.en), format!("Courriel « {subject} » : {}", word.fr));
    Judged { row, severity, title, reasons }
}

fn reasons(row: &Authenticity, signed: Option<&Signed>) -> Vec<Reason> {
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
            let open = signed.map(uncovered).unwrap_or_default();
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
            let told = row.alterations.iter().take(10).map(|a| a.placed(120));
            let mut told: Vec<Reason> = told.map(|text| Reason::supporting(90, text)).collect();
            if row.alterations_count > 10 {
                told.push(Reason::supporting(
                    90,
                    Text::new(
                        format!("{} places differ in all", row.alterations_count),
                        format!("{} endroits diffèrent en tout", row.alterations_count),
                    ),
                ));
            }
            told
        }
        Class::ReissuedCopy => [Reason::against(
            80,
            Text::new(
                format!("author, recipients, subject, date, every paragraph and what is attached are those of the {} letter; its bytes differ", kept.0),
                format!("auteur, destinataires, objet, date, chaque paragraphe et pièce jointe sont ceux du courriel {} ; ses octets diffèrent", kept.1),
            ),
        )]
        .into_iter()
        .chain(row.metadata.iter().map(|m| {
            let name = if m.name == "from_name" { ("name shown", "nom affiché") } else { (&*m.name, &*m.name) };
            let weight = if m.after.is_empty() { 5 } else { 15 };
            Reason::supporting(
                weight,
                Text::new(
                    format!("{}: “{}” in the original, “{}” here", name.0, m.before, m.after),
                    format!("{} : « {} » dans l’original, « {} » ici", name.1, m.before, m.after),
                ),
            )
        }))
        .collect(),
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

#[cfg(test)]
mod tests {
    use super::super::authenticity::AuthenticityDetector;
    use super::super::known::pack;
    use super::*;
    use crate::testing::{Memory, config};
    use model::Loaded;
    use rows::Row;

    const LETTER: &str = "From paul@printer.example Mon Apr 03 09:00:00 2017\n\
        From: Paul <paul@printer.example>\nTo: anna@parti.example\nCc: zoe@parti.example\nSubject: proofs\n\
        Date: Mon, 03 Apr 2017 09:00:00 +0000\nMessage-ID: <p1@printer.example>\nMIME-Version: 1.0\n\
        Content-Type: multipart/alternative; boundary=x\n\n\
        --x\nContent-Type: text/plain\n\nThe proofs cost 300 euros.\n\nPay on Monday.\n\n\
        --x\nContent-Type: text/html\n\n<p>The proofs cost 300 euros.</p><p>Pay on Monday.</p>\n\n--x--\n";

    fn judged(copy: &str, more: &str) -> Option<Authenticity> {
        let mut config = config(&format!("[documents]\nleaked = [\"*\"]\n{more}"));
        let original = Loaded {
            path: "box.mbox".into(),
            name: "box.mbox".into(),
            bytes: LETTER.as_bytes().to_vec(),
            sealed: None,
            unread: None,
        };
        let known: Vec<Loaded> = Known::read(original, &mut Vec::new()).iter().map(pack).collect();
        assert_eq!(known.len(), 1);
        config.attached.entry("documents").or_default().extend(known);
        let mut case = Memory::new();
        case.read(&crate::mail::Mail, "leak.mbox", copy.as_bytes(), &config, Time::from_seconds(1_496_275_200));
        let found = case.detect(&AuthenticityDetector, &config, Time::from_seconds(1_496_275_200));
        found.iter().find_map(|f| Authenticity::of(&f.fields).ok())
    }

    #[test]
    fn a_copy_is_held_wholly_against_the_original() {
        let check = |from: &str, to: &str, class: Class, at: &[&str]| {
            let row = judged(&LETTER.replace(from, to), "").expect("it is judged");
            let found: Vec<&str> = row.alterations.iter().map(|a| a.at.as_str()).collect();
            assert_eq!((row.class, &found[..]), (class, at), "{from} → {to}");
        };
        check("", "", Class::SealedOriginal, &[]);
        check("MIME-Version", "X-Way: export\nMIME-Version", Class::ReissuedCopy, &[]);
        check("Subject: proofs", "Subject: bribes", Class::AlteredCopy, &["Subject"]);
        check("To: anna@", "To: boss@", Class::AlteredCopy, &["To"]);
        check("From: Paul <paul@", "From: Paul <max@", Class::AlteredCopy, &["From"]);
        check("Date: Mon, 03", "Date: Tue, 04", Class::AlteredCopy, &["Date"]);
        check("Cc: zoe@parti.example\n", "", Class::ReissuedCopy, &[]);
        check("From: Paul <", "From: Pavel <", Class::ReissuedCopy, &[]);
        // What most programs show is the HTML.
        check("<p>The proofs cost 300", "<p>The proofs cost 900", Class::AlteredCopy, &["HTML § 1 of the copy"]);
        check("\n\nThe proofs cost 300", "\n\nThe proofs cost 900", Class::AlteredCopy, &["§ 1", "§ 1 of the copy"]);
        let twice = ["§ 3 of the copy"];
        check("\n\nPay on Monday.\n", "\n\nPay on Monday.\n\nPay on Monday.\n", Class::AlteredCopy, &twice);
        let order = "\n\nPay on Monday.\n\nThe proofs cost 300 euros.\n";
        check(
            "\n\nThe proofs cost 300 euros.\n\nPay on Monday.\n",
            order,
            Class::AlteredCopy,
            &["order of paragraphs"],
        );
        let attached = "\n\n--x\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment\n\n%PDF-1.4\n\n--x--\n";
        check("\n\n--x--\n", attached, Class::AlteredCopy, &["attachment"]);
    }

    #[test]
    fn what_is_excluded_is_judged_by_nobody() {
        for said in ["p1@printer.example", "<P1@printer.example>", "leak.mbox"] {
            assert_eq!(judged(LETTER, &format!("excluded = [\"{said}\"]\n")), None, "{said}");
        }
    }

    #[test]
    fn a_signature_vouches_for_the_mail_of_its_own_domain_alone() {
        let signed = Signed {
            result: Some(Word::Pass),
            domain: "parti.example",
            selector: "s1",
            algorithm: "rsa-sha256",
            bits: Some(2048),
            body: Some(true),
            covers: vec!["from", "subject"],
            ..Signed::default()
        };
        let vouches = |from: &str, change: &dyn Fn(&mut Signed), published: &str| {
            let mut signed = signed.clone();
            change(&mut signed);
            let mut letter = Letter { from, ..Letter::default() };
            letter.authentication.dkim.signatures.push(signed);
            let settings: Settings =
                config(&format!("[documents]\npublished_keys = [\"{published}\"]")).settings().expect("settings");
            vouched(&letter, &settings).is_some()
        };
        assert!(vouches("a@parti.example", &|_| {}, "x"));
        assert!(vouches("a@Mail.Parti.example", &|_| {}, "x"));
        for other in ["a@other.example", "a@notparti.example", "a@parti.example.org", "", "parti.example"] {
            assert!(!vouches(other, &|_| {}, "x"), "{other}");
        }
        assert!(!vouches("a@parti.example", &|_| {}, "S1._domainkey.parti.example."));
        let not: [&dyn Fn(&mut Signed); 7] = [
            &|s| s.limited = true,
            &|s| s.bits = Some(768),
            &|s| s.bits = None,
            &|s| s.testing = true,
            &|s| s.body = None,
            &|s| s.covers = vec!["subject"],
            &|s| s.repeated = vec!["content-type"],
        ];
        for (n, change) in not.iter().enumerate() {
            assert!(!vouches("a@parti.example", change, "x"), "{n}");
        }
        assert_eq!(
            uncovered(&Signed { repeated: vec!["subject"], ..signed.clone() }),
            ["to", "cc", "subject", "date", "content-type"]
        );
    }
}
