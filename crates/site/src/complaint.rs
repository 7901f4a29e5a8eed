//! Drafts of complaints, one for each article of the GDPR that what was seen touches: facts, exhibits with their place and digest,
//! how anybody can look at the bytes again, what is asked for. For a supporter whose data left, or for the owner who wants to
//! know what could be held against him.
//!
//! You may rely on: a draft says that it is one, claims only what a finding rests on, and leaves who complains and against whom
//! open; the same examination gives the same text. Left out: whether an exception holds (strictly necessary, a contract), which a
//! lawyer judges.

use crate::privacy::Finding;
use model::{Lang, Time};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A place in the kept evidence.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Exhibit {
    /// What it is: `GET …`, `browser GET …`, `dns`.
    pub what: String,
    /// The line of the file of evidence, from 1.
    pub line: usize,
    /// SHA-256 of that line without its end.
    pub sha256: String,
}

/// What a draft is made of.
pub struct Facts<'a> {
    /// The site's address.
    pub url: &'a str,
    /// When it was visited.
    pub at: Time,
    /// A browser loaded it, and nobody clicked; else its HTML was read.
    pub by_browser: bool,
    /// The file of evidence and its SHA-256.
    pub evidence: (&'a str, &'a str),
    /// Findings, each with what shows it.
    pub found: Vec<(&'a Finding, Vec<Exhibit>)>,
}

/// What an article asks for: its number, and that in English and French.
const ARTICLES: [(u32, &str, &str); 12] = [
    (
        4,
        "consent is free, specific, informed and unambiguous (4(11))",
        "le consentement est libre, spécifique, éclairé et univoque (4, point 11)",
    ),
    (
        5,
        "data are collected lawfully, no more of them than needed, and kept safe",
        "les données sont traitées licitement, réduites au nécessaire et protégées",
    ),
    (
        6,
        "each processing has a ground: consent, a contract, a duty, an interest that outweighs",
        "tout traitement a un fondement\u{202f}: accord, contrat, obligation, intérêt prépondérant",
    ),
    (
        7,
        "consent can be shown, and taken back as easily as it is given",
        "le consentement se prouve, et se retire aussi simplement qu’il se donne",
    ),
    (
        9,
        "data that reveal political opinions may be processed in few cases only, as with explicit consent",
        "les données révélant des opinions politiques ne se traitent que dans de rares cas, dont le consentement explicite",
    ),
    (
        13,
        "people are told who processes what, why, how long, and who receives it",
        "les personnes apprennent qui traite quoi, pourquoi, combien de temps, et qui le reçoit",
    ),
    (
        25,
        "data protection is built in, and on by default",
        "la protection des données est prévue dès la conception et par défaut",
    ),
    (
        26,
        "those who decide together settle openly who answers for what",
        "les responsables conjoints définissent de façon transparente qui répond de quoi",
    ),
    (28, "a processor works under a contract that binds it", "un sous-traitant travaille sous un contrat qui le lie"),
    (32, "data are secured as the risk asks for", "les données sont sécurisées à la mesure du risque"),
    (33, "a breach is told to the authority within 72 hours", "une violation est notifiée à l’autorité sous 72 heures"),
    (44, "data leave the Union under conditions only", "les données ne quittent l’Union que sous conditions"),
];

/// Numbers of articles of the GDPR that a reference names: `GDPR art. 5(1)(f) and 32` are 5 and 32.
fn articles(reference: &str) -> Vec<u32> {
    let mut all = Vec::new();
    for part in reference.split(';').filter_map(|p| p.trim().strip_prefix("GDPR art. ")) {
        let mut depth = 0;
        let mut number = String::new();
        for c in part.chars().chain([' ']) {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                c if depth == 0 && c.is_ascii_digit() => {
                    number.push(c);
                    continue;
                }
                _ => {}
            }
            if let Ok(n) = std::mem::take(&mut number).parse() {
                all.push(n);
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Text of evidence inside Markdown: on one line, nothing of it a mark.
fn plain(text: &str) -> String {
    let line: String = formats::clip(text, 400).split_whitespace().collect::<Vec<_>>().join(" ");
    model::escape::visible(&line).replace('`', "'")
}

/// The drafts: a name for each file, and its text (Markdown).
#[must_use]
pub fn drafts(facts: &Facts, lang: Lang) -> Vec<(String, String)> {
    let mut by: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (n, (finding, _)) in facts.found.iter().enumerate() {
        for article in finding.article.map(articles).unwrap_or_default() {
            by.entry(article).or_default().push(n);
        }
    }
    by.into_iter()
        .map(|(article, all)| (format!("complaint-gdpr-{article:02}.md"), draft(facts, article, &all, lang)))
        .collect()
}

fn draft(facts: &Facts, article: u32, all: &[usize], lang: Lang) -> String {
    let mut out = String::new();
    let mut say = |en: String, fr: String| {
        out.push_str(match lang {
            Lang::En => &en,
            Lang::Fr => &fr,
        });
        out.push('\n');
    };
    let (url, at) = (plain(facts.url), facts.at);
    let (file, digest) = facts.evidence;
    let file = plain(file);
    say(
        format!("# Draft of a complaint: GDPR, article {article}\n"),
        format!("# Projet de plainte\u{202f}: RGPD, article {article}\n"),
    );
    say(
        "This is a draft made by a program. It is no legal advice and was judged by nobody; a lawyer should read it, and whoever signs it answers for it.\n".into(),
        "Ceci est un projet établi par un programme. Ce n’est pas un conseil juridique et personne ne l’a apprécié\u{202f}; un avocat devrait le relire, et qui le signe en répond.\n".into(),
    );
    say(
        "- Complainant: [name, address, in which quality]\n- Controller: [publisher of the site, as its legal notice names it]\n- Authority: [of the complainant’s residence or of the place of the infringement, GDPR art. 77; in France the CNIL]\n".into(),
        "- Plaignant\u{202f}: [nom, adresse, qualité]\n- Responsable du traitement\u{202f}: [éditeur du site, d’après ses mentions légales]\n- Autorité\u{202f}: [celle de la résidence du plaignant ou du lieu de la violation, RGPD art. 77\u{202f}; en France, la CNIL]\n".into(),
    );
    say("## Facts\n".into(), "## Faits\n".into());
    if facts.by_browser {
        say(
            format!(
                "On {at} a browser (Chromium, new profile) loaded `{url}`. Nobody clicked on anything, so nobody had agreed to anything. Of other pages that are named below the HTML was read.\n"
            ),
            format!(
                "Le {at}, un navigateur (Chromium, profil neuf) a chargé `{url}`. Personne n’a cliqué sur quoi que ce soit, donc personne n’avait consenti à quoi que ce soit. Des autres pages nommées ci-dessous, le HTML a été lu.\n"
            ),
        );
    } else {
        say(
            format!(
                "On {at} `{url}` was asked for and its HTML read. No browser ran it: what is told of third parties is what the page orders a browser to load.\n"
            ),
            format!(
                "Le {at}, `{url}` a été demandé et son HTML lu. Aucun navigateur ne l’a exécuté\u{202f}: ce qui est dit des tiers est ce que la page ordonne à un navigateur de charger.\n"
            ),
        );
    }
    for (n, at) in all.iter().enumerate() {
        let Some((finding, exhibits)) = facts.found.get(*at) else { continue };
        let seen = plain(&finding.seen);
        let why = finding.why.get(lang);
        let article = finding.article.unwrap_or_default();
        say(
            format!("{}. `{}`: {why}. Seen: `{seen}`. ({article})", n + 1, finding.id),
            format!("{}. `{}`\u{202f}: {why}. Constaté\u{202f}: `{seen}`. ({article})", n + 1, finding.id),
        );
        for e in exhibits.iter().take(EXHIBITS) {
            let what = plain(&e.what);
            say(
                format!("   - exhibit: line {} (`{what}`), SHA-256 `{}`", e.line, e.sha256),
                format!("   - pièce\u{202f}: ligne {} (`{what}`), SHA-256 `{}`", e.line, e.sha256),
            );
        }
        if exhibits.len() > EXHIBITS {
            let more = exhibits.len() - EXHIBITS;
            say(format!("   - and {more} more lines"), format!("   - et {more} autres lignes"));
        }
        if exhibits.is_empty() {
            say(
                "   - no line of its own: it follows from the page as a whole".into(),
                "   - pas de ligne propre\u{202f}: cela résulte de la page entière".into(),
            );
        }
    }
    say("\n## Exhibits, and how to look at them again\n".into(), "\n## Pièces, et comment les revoir\n".into());
    say(
        format!(
            "`{file}`, SHA-256 `{digest}`: a line for each thing that was sent and came. Of `GET …`, `sent` and `received` are the bytes themselves (Base64; of HTTPS: inside TLS). Of `browser …`, `sent` is the request as the browser told it, written as HTTP/1.1; the browser’s own messages stand beside it, as they came. `browser (not sent) …` was ordered by the page and did not leave this machine.\n"
        ),
        format!(
            "`{file}`, SHA-256 `{digest}`\u{202f}: une ligne par échange. Pour `GET …`, `sent` et `received` sont les octets mêmes (Base64\u{202f}; en HTTPS\u{202f}: à l’intérieur de TLS). Pour `browser …`, `sent` est la requête telle que le navigateur l’a dite, écrite en HTTP/1.1\u{202f}; les messages mêmes du navigateur figurent à côté, tels quels. `browser (not sent) …` a été ordonné par la page et n’a pas quitté cette machine.\n"
        ),
    );
    out.push_str("    sha256sum FILE\n    sed -n LINEp FILE | tr -d '\\n' | sha256sum\n    sed -n LINEp FILE | jq -r .sent | base64 -d\n\n");
    let mut say = |en: String, fr: String| {
        out.push_str(match lang {
            Lang::En => &en,
            Lang::Fr => &fr,
        });
        out.push('\n');
    };
    say("## Law\n".into(), "## Droit\n".into());
    if let Some((_, en, fr)) = ARTICLES.iter().find(|a| a.0 == article) {
        say(
            format!("Article {article} of Regulation (EU) 2016/679, in our own words: {en}."),
            format!("Article {article} du règlement (UE) 2016/679, en nos propres termes\u{202f}: {fr}."),
        );
    }
    say(
        "Who reads the pages of a campaign shows an interest in a political opinion; whether that alone makes the data those of article 9 is for the authority to judge.".into(),
        "Lire les pages d’une campagne révèle un intérêt pour une opinion politique\u{202f}; dire si cela suffit à relever de l’article 9 appartient à l’autorité.".into(),
    );
    say("\n## What is asked for\n".into(), "\n## Demandes\n".into());
    for at in all {
        let Some((finding, _)) = facts.found.get(*at) else { continue };
        let mend = finding.mend.get(lang);
        say(format!("- `{}`: {mend}", finding.id), format!("- `{}`\u{202f}: {mend}", finding.id));
    }
    say(
        "- that the controller says to whom the data went, and has them erased there (GDPR art. 15, 17 and 19)\n\n## What is not known\n".into(),
        "- que le responsable dise à qui les données sont parties, et les y fasse effacer (RGPD art. 15, 17 et 19)\n\n## Ce qui n’est pas connu\n".into(),
    );
    say(
        "- few pages, one moment, one place of the network; other visitors may be shown something else\n- whether something is strictly necessary, or rests on another ground than consent\n- what the recipients did with what they received".into(),
        "- peu de pages, un instant, un point du réseau\u{202f}; d’autres visiteurs peuvent voir autre chose\n- si tel élément est strictement nécessaire, ou repose sur un autre fondement que le consentement\n- ce que les destinataires ont fait de ce qu’ils ont reçu".into(),
    );
    let _ = writeln!(out);
    out
}

/// Lines that are told of one finding.
const EXHIBITS: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Severity, Text};

    #[test]
    fn articles_are_read() {
        assert_eq!(articles("GDPR art. 6 and 9; directive 2002/58/EC art. 5(3)"), [6, 9]);
        assert_eq!(articles("GDPR art. 9, 26 and 28"), [9, 26, 28]);
        assert_eq!(articles("GDPR art. 5(1)(f) and 32"), [5, 32]);
        assert_eq!(articles("directive 2002/58/EC art. 5(3); GDPR art. 7"), [7]);
        assert_eq!(articles("law 2004-575 (LCEN) art. 1-1"), [0u32; 0]);
    }

    #[test]
    fn a_draft_for_each_article() {
        let finding = Finding {
            id: "trackers-before-consent",
            severity: Severity::High,
            seen: "t.example\n# `x`".into(),
            why: Text::new("why", "pourquoi"),
            mend: Text::new("mend", "remède"),
            article: Some("GDPR art. 6 and 9"),
            points: 1,
        };
        let exhibit = Exhibit { what: "browser GET https://t.example/".into(), line: 7, sha256: "ab".into() };
        let facts = Facts {
            url: "https://example.org",
            at: "2026-11-29T00:00:00Z".parse().expect("a time"),
            by_browser: true,
            evidence: ("e.jsonl", "cd"),
            found: vec![(&finding, vec![exhibit])],
        };
        let all = drafts(&facts, Lang::Fr);
        assert_eq!(
            all.iter().map(|d| d.0.as_str()).collect::<Vec<_>>(),
            ["complaint-gdpr-06.md", "complaint-gdpr-09.md"]
        );
        assert!(all[0].1.contains("ligne 7") && all[0].1.contains("t.example # 'x'"), "{}", all[0].1);
        assert!(drafts(&facts, Lang::En)[1].1.contains("no legal advice"));
    }
}
