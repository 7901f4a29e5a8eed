//! Mail in the brief and in what is sent: told in both languages, who followed first, nothing hostile interpreted.

use crate::made;
use crate::made::Case;
use crate::made::mail::HOSTILE;
use casework::Accounts;
use casework::export::{Order, export};
use model::Lang;

const AT: &str = "2017-05-06T09:00:00Z";

fn page(case: &Case, lang: Lang) -> String {
    made::pages(&made::brief(case, lang, AT))
}

pub fn exported(case: &Case, format: &str, lang: Lang) -> String {
    let accounts = Accounts::of(case, [7; 32], false).expect("accounts");
    let format = export(format).expect("known");
    let at = made::time("2017-05-06T09:00:00Z");
    let line = |_: &model::Finding| Ok(String::new());
    let behind = |_: &model::Finding| Ok(Vec::new());
    let context = model::Context { config: &case.config, origins: &made::Nowhere, at, modified: None };
    let only = std::collections::BTreeSet::new();
    let order = Order {
        least: format.least,
        lang,
        at,
        line: &line,
        accounts: &accounts,
        behind: &behind,
        context: &context,
        decisions: &[],
        only: &only,
        others: &[],
        note: &|_| (),
        mask: &|text: &str| text.to_string(),
        pages: &|| Ok(Vec::new()),
    };
    let mut all = String::new();
    (format.make)(case, &order, &mut |_, bytes| {
        all.push_str(std::str::from_utf8(bytes).expect("UTF-8"));
        Ok(())
    })
    .expect("written");
    all
}

/// The parts stand in a text, in this order.
fn check(text: &str, parts: &[&str]) {
    let text = text.replace(['\u{a0}', '\u{202f}'], " ");
    let mut rest = &text[..];
    for part in parts {
        let at = rest.find(part).unwrap_or_else(|| panic!("`{part}` is not there, or not in its place"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn the_chapter_says_who_followed_before_all_else() {
    let case = made::mail::inbox();
    check(
        &page(&case, Lang::En),
        &[
            "id=\"mail\"",
            "Who followed a lure",
            "anna@parti-bleu.example",
            "Waves",
            "presse",
            "no wave",
            "Mail in the name of",
        ],
    );
    check(
        &page(&case, Lang::Fr),
        &[
            "id=\"mail\"",
            "Qui a donné suite à un piège",
            "anna@parti-bleu.example",
            "Vagues",
            "presse",
            "aucune vague",
            "Courriels au nom de",
        ],
    );
    assert!(!page(&Case::default(), Lang::En).contains("id=\"mail\""));
}

#[test]
fn mail_in_our_name_becomes_things_to_do() {
    let case = made::mail::inbox();
    check(
        &page(&case, Lang::En),
        &[
            "1,370 messages: 1,000 pass, 370 fail (27%). 250 of them are by strangers",
            "petitions.example",
            "proves only its own name",
            "192.0.2.7",
            "250 messages from 2 addresses since 7 March 2017, last on 9 March 2017",
            "listes.example",
            "nothing to do",
            "Not before: our own mail would be lost.",
            "Who sends in our name, and from where",
            "Who told us",
            "Addresses that fail, one by one",
            "203.0.113.1",
            "certificate-expired",
        ],
    );
    check(
        &page(&case, Lang::Fr),
        &[
            "Que faire, dans cet ordre",
            "petitions.example",
            "à partir du 7 mars 2017",
            "Pas avant",
            "Qui nous l’a signalé",
        ],
    );
}

#[test]
fn nothing_hostile_is_interpreted() {
    let case = made::mail::inbox();
    for lang in [Lang::En, Lang::Fr] {
        let page = page(&case, lang);
        assert!(!page.contains("<script>alert") && !page.contains('\u{202e}') && !page.contains(HOSTILE));
        for format in ["reply", "warning", "drill"] {
            let text = exported(&case, format, lang);
            assert!(!text.is_empty(), "{format}");
            assert!(!text.contains('\u{202e}') && (format == "drill" || !text.contains("<script")), "{format}: {text}");
        }
    }
}

#[test]
fn whoever_reported_gets_an_answer_and_nobody_else() {
    let text = exported(&made::mail::inbox(), "reply", Lang::Fr);
    assert_eq!(text.matches("Merci d’avoir signalé ce message.").count(), 1, "{text}");
    assert!(text.contains("Vous n’êtes pas seul : 2 personnes"), "{text}");
}

#[test]
fn what_the_chapter_does_not_tell_others_do() {
    let mut case = made::mail::inbox();
    let mut finding = case.findings[0].clone();
    (finding.detector, finding.key) = ("mail/ransom".into(), "r".into());
    finding.title = model::Text::new("a letter that asks for ransom", "une lettre qui exige une rançon");
    case.findings.push(finding);
    // A verdict in a form that this version does not know.
    let message = case.findings.iter_mut().find(|f| f.detector == "mail/phishing").expect("a message");
    message.title = model::Text::same("a verdict of another version");
    message.fields.insert("signs".into(), serde_json::json!(["unheard_of"]));
    case.sort();
    let page = page(&case, Lang::En);
    assert!(page.contains("a letter that asks for ransom") && page.contains("a verdict of another version"), "{page}");
}
