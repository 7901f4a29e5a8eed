//! Labels on paid political content (Regulation (EU) 2024/900, applied since 10 October 2025): article 11(1) asks of whoever
//! publishes a political advertisement that it says so, who pays, for which vote, whether people were targeted, and where the
//! transparency notice of article 12 is; the label's form is that of Implementing Regulation (EU) 2025/1410.
//!
//! You may rely on: something is told only where the page itself says that content is paid for (`rel=sponsored`, places of
//! advertising networks, words above it). Left out: whether an advertisement is political (a campaign's own site shows hardly any
//! other), whether what a label says is true, what a campaign places elsewhere.

use crate::answer::Answer;
use crate::forms::Put;
use crate::markup::{Tag, text};
use model::Severity;

/// Words that stand above what is paid for.
const PAID: [&str; 12] = [
    "contenu sponsorisé",
    "contenu sponsorise",
    "publication sponsorisée",
    "article sponsorisé",
    "publireportage",
    "publi-rédactionnel",
    "sponsored content",
    "sponsored post",
    "paid partnership",
    "partenariat rémunéré",
    "paid content",
    "advertorial",
];
/// Words of the label.
const LABELS: [&str; 8] = [
    "annonce politique",
    "annonces politiques",
    "publicité politique",
    "publicité à caractère politique",
    "political advertisement",
    "political advertising",
    "political ad ",
    "politische anzeige",
];
const SPONSORS: [&str; 9] = [
    "financé par",
    "financée par",
    "payé par",
    "payée par",
    "parrainé par",
    "commanditaire",
    "parraineur",
    "paid for by",
    "sponsor:",
];
const NOTICES: [&str; 5] = [
    "avis de transparence",
    "notice de transparence",
    "transparency notice",
    "transparenzbekanntmachung",
    "déclaration de transparence",
];

/// What of a page is paid for, as it says itself.
fn paid(tags: &[Tag], words: &str) -> Option<String> {
    let has = |value: Option<&str>, word: &str| {
        value.is_some_and(|v| v.split_ascii_whitespace().any(|w| w.eq_ignore_ascii_case(word)))
    };
    let link = tags.iter().find(|t| t.name == "a" && has(t.get("rel"), "sponsored"));
    let place = tags.iter().find(|t| t.name == "ins" && has(t.get("class"), "adsbygoogle"));
    let word = PAID.iter().find(|w| words.contains(**w));
    link.map(|t| format!("rel=sponsored: {}", t.get("href").unwrap_or("")))
        .or_else(|| place.map(|_| "<ins class=adsbygoogle>".to_string()))
        .or_else(|| word.map(|w| format!("“{w}”")))
}

/// Looks at a page.
pub fn labels(page: &Answer, tags: &[Tag], put: Put) {
    let words = text(&page.text()).to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let has = |list: &[&str]| list.iter().any(|w| words.contains(w));
    let labelled = has(&LABELS);
    let Some(paid) = paid(tags, &words).or_else(|| (labelled && has(&SPONSORS)).then(String::new)) else { return };
    if !labelled {
        put(
            "paid-content-unlabelled",
            Severity::Medium,
            0,
            paid,
            "Regulation (EU) 2024/900 art. 11(1)(a)",
            (
                "the page says that content is paid for, and not that it is a political advertisement; where it is one, it must",
                "la page dit qu’un contenu est payé, et non qu’il s’agit d’une annonce politique\u{202f}; si c’en est une, elle le doit",
            ),
            (
                "label it as a political advertisement, in the form of Implementing Regulation (EU) 2025/1410; if it is none, leave it",
                "le marquer comme annonce politique, dans la forme du règlement d’exécution (UE) 2025/1410\u{202f}; sinon, ne rien changer",
            ),
        );
        return;
    }
    let lacks: Vec<&str> = [("sponsor", has(&SPONSORS)), ("transparency notice", has(&NOTICES))]
        .iter()
        .filter(|l| !l.1)
        .map(|l| l.0)
        .collect();
    if !lacks.is_empty() {
        put(
            "political-label-incomplete",
            Severity::Low,
            0,
            format!("{paid} {}", lacks.join(", ")).trim().to_string(),
            "Regulation (EU) 2024/900 art. 11(1)(b) and (e), 12",
            (
                "who pays and where the transparency notice is must stand with each political advertisement",
                "le commanditaire et l’accès à l’avis de transparence doivent accompagner chaque annonce politique",
            ),
            (
                "name the sponsor beside it and link the notice of article 12",
                "nommer le commanditaire à côté et lier l’avis de l’article 12",
            ),
        );
    }
}
