//! Whom a leak hurts: what in documents exposes persons, masked; checksums tell numbers that are such from those that only
//! look so.

use super::table;
use crate::{Detector, Specification};
use formats::about::instant;
use model::{Context, Finding, Level, Reason, Result, Severity, Text, View, hash};
use regex::Regex;
use rows::documents::{Exposed, Exposure, Wording};
use rows::{Row, Shape};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::LazyLock;

/// Values that are told, and documents named beside one.
const TOLD: usize = 5_000;
const DOCUMENTS: usize = 20;
/// Values of one kind beyond those told that are counted.
const COUNTED: usize = 1 << 20;

/// Letters, figures and signs as each kind is written.
static PATTERNS: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    let of = |name, pattern: &str| (name, Regex::new(pattern).expect("a fixed pattern"));
    vec![
        of("email", r"\b[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,190}\.[a-z]{2,24}\b"),
        of("iban", r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{2,4}){3,8}\b"),
        of(
            "social_security",
            r"\b[1278] ?[0-9]{2} ?(?:0[1-9]|1[0-2]|[2-9][0-9]) ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3}(?: ?[0-9]{2})\b",
        ),
        of("card", r"\b[3-6][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{1,7}\b"),
        of("phone", r"(?:\+33[ .]?(?:\(0\))?[ .]?[1-9]|\b0[1-9])(?:[ .-]?[0-9]{2}){4}\b"),
        of(
            "password",
            r"\b(?:password|passwd|pwd|mot de passe|mdp|passphrase|code d.acc[eè]s)\b\s*(?:[:=]|est|is)\s*(\S{4,64})",
        ),
        of(
            "health",
            r"\b(?:cancer|dépression|depression|vih|hiv|sida|grossesse|pregnan\w+|arrêt maladie|sick leave|psychiatr\w+|chimiothérapie|chemotherapy|diab[eè]t\w+|addiction|alcoolisme|handicap\w*|ordonnance médicale|dossier médical|medical record)\b",
        ),
    ]
});

/// The detector.
pub struct ExposureDetector;

impl Detector for ExposureDetector {
    fn id(&self) -> &'static str {
        Exposure::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Exposure>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Wording::NAME]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("exposure.md"))
    }

    fn detect(&self, case: &dyn View, _: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let names = table::names(case)?;
        let mut all: BTreeMap<(&str, String), (BTreeSet<String>, u64)> = BTreeMap::new();
        // Values beyond those told, by hash: each is counted once.
        let mut beyond: HashMap<&str, HashSet<u64>> = HashMap::new();
        let (mut documents, mut traces, mut when) = (BTreeSet::new(), Vec::new(), None);
        case.observations(Wording::NAME, &mut |visit| {
            let wording = Wording::of(&visit.observation.fields)?;
            let name = table::name(&names, visit.evidence, &visit.steps);
            let mut here: BTreeSet<(&str, String)> = BTreeSet::new();
            for passage in &wording.passages {
                each(&passage.text, &mut |kind, value| _ = here.insert((kind, value)));
            }
            let any = !here.is_empty();
            for (kind, value) in here {
                if all.len() >= TOLD && !all.contains_key(&(kind, value.clone())) {
                    let of = beyond.entry(kind).or_default();
                    if of.len() < COUNTED {
                        of.insert(hash::fnv1a(value.bytes()));
                    }
                    continue;
                }
                let (of, more) = all.entry((kind, value)).or_default();
                if of.len() < DOCUMENTS {
                    of.insert(name.clone());
                } else if !of.contains(&name) {
                    *more += 1;
                }
            }
            if any {
                documents.insert(name);
                when = when.max(Some(visit.observation.last));
                if traces.len() < 200 {
                    traces.push(visit.trace());
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if all.is_empty() {
            return Ok(());
        }
        let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
        all.keys().for_each(|(kind, _)| *kinds.entry((*kind).to_string()).or_default() += 1);
        for (kind, of) in &beyond {
            *kinds.entry((*kind).to_string()).or_default() += of.len() as u64;
        }
        let exposed_count = kinds.values().sum();
        let exposed: Vec<Exposed> = all
            .into_iter()
            .map(|((kind, value), (documents, more))| {
                let masked = masked(kind, &value);
                Exposed { kind: kind.into(), masked, documents, more }
            })
            .collect();
        let grave = ["iban", "social_security", "card", "password", "health"].iter().any(|k| kinds.contains_key(*k));
        let list = |lang: &str| {
            let all = kinds.iter().map(|(k, n)| format!("{n} {}", word(k, lang)));
            all.collect::<Vec<_>>().join(", ")
        };
        let (en, fr) = (list("en"), list("fr"));
        let row = Exposure { documents: documents.len() as u64, kinds: kinds.clone(), exposed, exposed_count };
        let first = instant("").or(when.filter(|t| t.0 != 0));
        found(Finding {
            detector: Exposure::NAME.into(),
            key: "case".into(),
            severity: if grave { Severity::Medium } else { Severity::Info },
            confidence: 80,
            level: Level::Grey,
            title: Text::new(
                format!("{} documents expose persons: {en}", row.documents),
                format!("{} documents exposent des personnes : {fr}", row.documents),
            ),
            reasons: vec![
                Reason::supporting(
                    60,
                    Text::new(
                        "numbers of accounts, cards and social security have valid check digits",
                        "les numéros de compte, de carte et de sécurité sociale ont une clef valide",
                    ),
                ),
                Reason::against(
                    20,
                    Text::new(
                        "words of health are found without knowing whom they are about",
                        "les mots de santé sont relevés sans savoir de qui ils parlent",
                    ),
                ),
            ],
            techniques: Vec::new(),
            first,
            last: first,
            entities: Vec::new(),
            traces,
            fields: row.fields(),
        })
    }
}

fn word(kind: &str, lang: &str) -> &'static str {
    match (kind, lang) {
        ("email", "en") => "mail addresses",
        ("email", _) => "adresses de courriel",
        ("phone", "en") => "telephone numbers",
        ("phone", _) => "numéros de téléphone",
        ("iban", "en") => "bank accounts",
        ("iban", _) => "comptes bancaires",
        ("card", "en") => "payment cards",
        ("card", _) => "cartes de paiement",
        ("social_security", "en") => "social security numbers",
        ("social_security", _) => "numéros de sécurité sociale",
        ("password", "en") => "passwords",
        ("password", _) => "mots de passe",
        (_, "en") => "words of health",
        _ => "mots de santé",
    }
}

/// Tells what in a text exposes somebody.
fn each(text: &str, tell: &mut dyn FnMut(&'static str, String)) {
    let digits = |t: &str| t.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>();
    // Words in whatever letters; numbers as they stand.
    let lower = text.to_lowercase();
    for (kind, pattern) in PATTERNS.iter() {
        let text = if matches!(*kind, "email" | "password" | "health") { lower.as_str() } else { text };
        for found in pattern.captures_iter(text).take(1_000) {
            let Some(whole) = found.get(1).or(found.get(0)) else { continue };
            let value = whole.as_str();
            let kept = match *kind {
                "iban" => Some(digits(value)).filter(|v| is_iban(v)),
                "social_security" => Some(digits(value)).filter(|v| is_social_security(v)),
                "card" => Some(digits(value)).filter(|v| is_card(v)),
                "phone" => Some(digits(value)),
                "password" => Some(value.to_string()),
                _ => Some(value.to_lowercase()),
            };
            if let Some(value) = kept {
                tell(kind, value);
            }
        }
    }
}

/// ISO 13616: letters as numbers from 10, the first four characters last, modulo 97 one.
fn is_iban(value: &str) -> bool {
    if !(15..=34).contains(&value.len()) {
        return false;
    }
    let turned = value[4..].chars().chain(value[..4].chars());
    let rest = turned
        .filter_map(|c| c.to_digit(36))
        .fold(0u64, |rest, n| if n > 9 { (rest * 100 + u64::from(n)) % 97 } else { (rest * 10 + u64::from(n)) % 97 });
    rest == 1
}

/// The French number: its last two figures are 97 minus the rest modulo 97; Corsica's letters count as 19 and 18.
fn is_social_security(value: &str) -> bool {
    if value.len() != 15 {
        return false;
    }
    let number = value[..13].replace("2A", "19").replace("2B", "18");
    match (number.parse::<u64>(), value[13..].parse::<u64>()) {
        (Ok(number), Ok(key)) => 97 - number % 97 == key,
        _ => false,
    }
}

/// ISO/IEC 7812: Luhn's sum.
fn is_card(value: &str) -> bool {
    let digits: Vec<u32> = value.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 =
        digits.iter().rev().enumerate().map(|(n, d)| if n % 2 == 1 { d * 2 / 10 + d * 2 % 10 } else { *d }).sum();
    (13..=19).contains(&digits.len()) && sum.is_multiple_of(10) && digits.iter().any(|d| *d != digits[0])
}

/// A text in which nothing that exposes somebody can be read.
pub fn mask(text: &str) -> String {
    let lower = text.to_lowercase();
    // Where small letters are as long as the text's own, places in the one are places in the other.
    let mut hidden: Vec<(usize, usize, &str)> = Vec::new();
    for (kind, pattern) in PATTERNS.iter() {
        let folds = matches!(*kind, "email" | "password" | "health");
        if folds && lower.len() != text.len() {
            let own = Regex::new(&format!("(?i){}", pattern.as_str())).expect("a fixed pattern");
            hidden.extend(
                own.captures_iter(text).filter_map(|c| c.get(1).or(c.get(0))).map(|m| (m.start(), m.end(), *kind)),
            );
            continue;
        }
        let text = if folds { lower.as_str() } else { text };
        hidden.extend(
            pattern.captures_iter(text).filter_map(|c| c.get(1).or(c.get(0))).map(|m| (m.start(), m.end(), *kind)),
        );
    }
    hidden.sort_unstable();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for (from, to, kind) in hidden {
        if from < at || !text.is_char_boundary(from) || !text.is_char_boundary(to) {
            continue;
        }
        out.push_str(&text[at..from]);
        let value = &text[from..to];
        let figures: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
        let folds = matches!(kind, "email" | "password" | "health");
        out.push_str(&masked(kind, if folds { value } else { &figures }));
        at = to;
    }
    out.push_str(&text[at..]);
    out
}

/// Enough for whoever it concerns to know it, and no more.
fn masked(kind: &str, value: &str) -> String {
    let stars = |n: usize| "•".repeat(n.min(12));
    let chars: Vec<char> = value.chars().collect();
    match kind {
        // Of a special category (GDPR 9): the kind is told, the word is not.
        "health" | "password" => stars(8),
        "email" => {
            let (name, domain) = value.split_once('@').unwrap_or((value, ""));
            let first: String = name.chars().take(1).collect();
            format!("{first}{}@{domain}", stars(name.chars().count().saturating_sub(1)))
        }
        _ => {
            let last: String = chars.iter().skip(chars.len().saturating_sub(3)).collect();
            let first: String = chars.iter().take(2).collect();
            format!("{first}{}{last}", stars(chars.len().saturating_sub(5)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_tell_numbers_from_what_looks_like_them() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let mut found = Vec::new();
            each(text, &mut |kind, value| found.push((kind, masked(kind, &value))));
            let found: Vec<(&str, &str)> = found.iter().map(|(k, v)| (*k, v.as_str())).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("IBAN FR76 3000 6000 0112 3456 7890 189", &[("iban", "FR••••••••••••189")]);
        check("IBAN FR76 3000 6000 0112 3456 7890 188", &[]);
        check("carte 4111 1111 1111 1111", &[("card", "41•••••••••••111")]);
        check("carte 4111 1111 1111 1112", &[]);
        check("n° 2 55 08 14 168 025 38", &[("social_security", "25••••••••••538")]);
        check("tél. 06 12 34 56 78", &[("phone", "06•••••678")]);
        check("mot de passe : hunter2!", &[("password", "••••••••")]);
        check("Un arrêt maladie", &[("health", "••••••••")]);
        assert_eq!(
            mask("Écrire à Marie.Dupont@parti-bleu.fr, en arrêt maladie, mdp : hunter2!"),
            "Écrire à M•••••••••••@parti-bleu.fr, en ••••••••, mdp : ••••••••"
        );
        check("Marie.Dupont@parti-bleu.fr", &[("email", "m•••••••••••@parti-bleu.fr")]);
    }
}
