//! What documents that a page offers say beside what they show: who wrote them, on which machine, where a picture was taken.
//!
//! You may rely on: pure; read by [`formats::about`] within a budget; what cannot be read is not told as clean. Left out:
//! documents that are not linked from the front page, and those of other hosts.

use crate::answer::{Answer, Seen};
use crate::markup::tags;
use crate::privacy::Finding;
use formats::Meter;
use formats::about::{self, About};
use model::{Budget, Severity, Text};

/// Documents that are fetched.
pub const FETCHED: usize = 8;
/// What documents end in.
const ENDS: [&str; 16] = [
    "pdf", "doc", "docx", "docm", "dotx", "xls", "xlsx", "xlsm", "ppt", "pptx", "odt", "ods", "odp", "rtf", "jpg",
    "jpeg",
];
/// What is said of people and machines.
const PERSONAL: [&str; 15] = [
    "author",
    "last_modified_by",
    "manager",
    "owner",
    "by_line",
    "credit",
    "gps",
    "device",
    "device_serial",
    "host",
    "printer",
    "template",
    "publisher",
    "company",
    "tracker",
];
/// Of these, what is of a person.
const OF_PEOPLE: [&str; 7] = ["author", "last_modified_by", "manager", "owner", "by_line", "gps", "device_serial"];

/// Addresses of documents that a page offers, on the site itself; pictures are taken where they are offered as a link.
#[must_use]
pub fn links(page: &Answer, host: &str) -> Vec<String> {
    let all = if page.is_html() { tags(&page.text()) } else { Vec::new() };
    let mut out: Vec<String> = Vec::new();
    for href in all.iter().filter(|t| t.name == "a").filter_map(|t| t.get("href")) {
        let path = href.split(['?', '#']).next().unwrap_or("").to_lowercase();
        let fits = path.rsplit_once('.').is_some_and(|(_, end)| ENDS.contains(&end));
        if let Some(url) = fits.then(|| crate::links::own(page, host, href)).flatten()
            && !out.contains(&url)
        {
            out.push(url);
        }
    }
    out.truncate(FETCHED);
    out
}

fn shown(about: &About) -> Vec<String> {
    let mut all: Vec<String> =
        PERSONAL.iter().filter_map(|k| Some(format!("{k}={}", formats::clip(about.get(k)?, 80)))).collect();
    all.extend(about.editors.iter().take(3).map(|e| format!("editor={}", formats::clip(e, 80))));
    all.extend(about.paths.iter().take(3).map(|p| format!("path={}", formats::clip(p, 120))));
    for held in ["thumbnail", "external_template"] {
        all.extend(about.holds.contains(held).then(|| held.to_string()));
    }
    let tracked = about.changes.len();
    all.extend((tracked > 0).then(|| format!("tracked changes and comments={tracked}")));
    all
}

/// What they say.
#[must_use]
pub fn findings(seen: &Seen) -> Vec<Finding> {
    let mut found = Vec::new();
    for answer in seen.documents.iter().filter(|a| a.status == 200) {
        let meter = Meter::new(Budget { bytes: 256 << 20, items: 20_000, ..Budget::default() });
        let Some(about) = about::read(&answer.body, &meter) else { continue };
        let said = shown(&about);
        if said.is_empty() {
            continue;
        }
        let people =
            OF_PEOPLE.iter().any(|k| about.get(k).is_some()) || !about.editors.is_empty() || !about.changes.is_empty();
        found.push(Finding {
            id: "document-metadata",
            severity: if people { Severity::Medium } else { Severity::Low },
            seen: format!("{}: {}", answer.url, said.join(", ")),
            why: Text::new(
                "the document tells everybody who wrote it, where and with what: names for a lure, and people who did not ask to be named",
                "le document dit à tous qui l’a écrit, où et avec quoi\u{202f}: des noms pour un hameçon, et des personnes qui n’ont pas demandé à être nommées",
            ),
            mend: Text::new(
                "take it out before publishing, then put the clean file in its place",
                "les retirer avant publication, puis remplacer le fichier",
            ),
            article: Some("GDPR art. 5(1)(c) and 25"),
            points: 5,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_tell_who_made_them() {
        let page = Answer {
            url: "https://a.test/".into(),
            status: 200,
            headers: vec![("content-type".into(), "text/html".into())],
            body:
                b"<a href=/p.pdf?v=1>p</a><a href='//b.test/q.pdf'>q</a><a href=/x.html>x</a><a href=/p.pdf?v=1>p</a>"
                    .to_vec(),
        };
        assert_eq!(links(&page, "a.test"), ["https://a.test/p.pdf?v=1"]);
        let rtf = br"{\rtf1{\info{\author Ada Lovelace}{\operator Charles}{\company Made up}}text}".to_vec();
        let document =
            |body: Vec<u8>| Answer { url: "https://a.test/p.rtf".into(), status: 200, body, ..Answer::default() };
        let seen = Seen {
            documents: vec![document(rtf), document(b"{\\rtf1 text}".to_vec()), document(vec![0; 9])],
            ..Seen::default()
        };
        let found = findings(&seen);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].seen.contains("author=Ada Lovelace"), "{}", found[0].seen);
    }
}
