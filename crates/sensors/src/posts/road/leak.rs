//! Whether a text, a hashtag or a link is of leaked papers.
//!
//! A leak alone is a word: a gas leak, a leak in the roof, a leak of memory, a burglary. What counts is a leak *of papers*.

use crate::posts::naming;
use crate::posts::narrative::build::host;

/// What is leaked, without accents; `*` stands for any end. A report is not here: journalists have leaked ones.
const PAPERS: [&str; 32] = [
    "document*",
    "doc",
    "docs",
    "email",
    "emails",
    "mail",
    "mails",
    "mailbox*",
    "courriel*",
    "correspond*",
    "file",
    "files",
    "fichier*",
    "dossier*",
    "archive",
    "archives",
    "archivos",
    "paper",
    "papers",
    "memo",
    "memos",
    "cables",
    "recording*",
    "dokument*",
    "unterlag*",
    "akten",
    "correo*",
    "документ*",
    "письм*",
    "переписк*",
    "фаил*",
    "почт*",
];
/// A leak, of papers or of gas: which, stands beside it.
const NOUNS: [&str; 9] =
    ["leak", "leaks", "leaking", "hack", "fuite", "fuites", "piratage", "filtracion", "filtraciones"];
/// Words between a leak and what was leaked.
const OF: [&str; 12] = ["of", "de", "des", "du", "d", "del", "von", "der", "di", "dei", "degli", "delle"];
/// Words between papers and what they did.
const HAVE: [&str; 8] = ["have", "had", "a", "ont", "avaient", "auraient", "online", "internes"];
/// How near leaked and papers must stand.
const NEAR: usize = 5;
/// Words by which somebody says that they are to be had.
const PUBLISHED: [&str; 34] = [
    "here",
    "out",
    "download",
    "read",
    "released",
    "release",
    "publish",
    "published",
    "archive",
    "dump",
    "link",
    "mirror",
    "torrent",
    "ici",
    "voici",
    "lire",
    "telecharger",
    "publie",
    "publies",
    "publions",
    "disponible",
    "disponibles",
    "hier",
    "herunterladen",
    "veroffentlicht",
    "aqui",
    "descargar",
    "publicado",
    "qui",
    "scaricare",
    "здесь",
    "скачать",
    "тут",
    "опубликованы",
];
/// Ends of a hashtag that say that something was leaked.
const LEAKED: [&str; 4] = ["leaks", "leak", "fuites", "fuite"];
/// Ends of a hashtag that say what, not that it was leaked.
const WHAT: [&str; 5] = ["emails", "mails", "files", "papers", "dump"];
/// What leaks and is no paper.
const PHYSICAL: [&str; 16] = [
    "air",
    "chemical",
    "eau",
    "fuel",
    "gas",
    "gaz",
    "memory",
    "methane",
    "nuclear",
    "oil",
    "petrole",
    "pipe",
    "radiation",
    "roof",
    "toiture",
    "water",
];
/// Where archives and pastes are put.
const STORES: [&str; 16] = [
    "pastebin.com",
    "archive.org",
    "mega.nz",
    "mega.co.nz",
    "mediafire.com",
    "dropbox.com",
    "drive.google.com",
    "anonfiles.com",
    "gofile.io",
    "ghostbin.com",
    "justpaste.it",
    "privatebin.net",
    "wetransfer.com",
    "4shared.com",
    "sendspace.com",
    "ipfs.io",
];
const ARCHIVES: [&str; 9] = [".zip", ".rar", ".7z", ".tar", ".gz", ".torrent", ".pst", ".mbox", ".eml"];

/// A hashtag that may be a leak's own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Tag<'t> {
    /// What it begins with: one leak for `#PodestaEmails` and `#PodestaEmails14`, for `#DNCLeak` and `#DNCLeaks2`.
    pub(super) stem: &'t str,
    /// Whether it says that something was leaked, and not only what.
    pub(super) leaked: bool,
}

impl<'t> Tag<'t> {
    /// Of a hashtag, lower case and without its mark.
    pub(super) fn of(tag: &'t str) -> Option<Tag<'t>> {
        let tag = tag.trim_end_matches(|c: char| c.is_ascii_digit());
        let (before, leaked) = (LEAKED.iter().map(|end| (end, true)))
            .chain(WHAT.iter().map(|end| (end, false)))
            .find_map(|(end, leaked)| Some((tag.strip_suffix(end)?, leaked)))?;
        let named = before.chars().count() > 2 && !PHYSICAL.contains(&before);
        named.then(|| Tag { stem: tag.strip_suffix('s').unwrap_or(tag), leaked })
    }
}

/// Whether a text says of papers that they were leaked; `tags` are its hashtags, which may say the latter.
pub(super) fn leaks_papers<'t>(text: &str, mut tags: impl Iterator<Item = &'t str>) -> bool {
    let tagged = tags.any(|tag| LEAKED.contains(&tag) || Tag::of(tag).is_some_and(|t| t.leaked));
    if !tagged && !naming::says_leak(text) {
        return false;
    }
    let words: Vec<String> = naming::words(text).collect();
    if tagged && words.iter().any(is_paper) {
        return true;
    }
    let noun = |word: &String| NOUNS.contains(&word.as_str());
    let named = (0..words.len()).filter(|at| noun(&words[*at])).any(|at| {
        let (before, after) = (&words[..at], &words[at + 1..]);
        // `The emails of the staff have leaked`: behind a verb, what leaked may stand further off.
        let did = before.last().is_some_and(|w| HAVE.contains(&w.as_str()));
        let close = before.iter().rev().take(if did { NEAR + 1 } else { 1 }).any(is_paper);
        let first = after.first().is_some_and(is_paper);
        let of = |(n, word): (usize, &String)| {
            let what = after[n + 1..].iter().filter(|w| !w.starts_with(|c: char| c.is_ascii_digit()));
            OF.contains(&word.as_str()) && what.take(2).any(is_paper)
        };
        close || first || after.iter().enumerate().take(NEAR).any(of)
    });
    // What is left says itself that it was taken: leaked, hacked, stolen.
    let rest: Vec<&str> = words.iter().map(|w| if noun(w) { "_" } else { w.as_str() }).collect();
    let taken = |near: &[&str]| near.iter().any(is_paper) && naming::says_leak(&near.join(" "));
    named || rest.windows(rest.len().clamp(1, NEAR)).any(taken)
}

fn is_paper(word: impl AsRef<str>) -> bool {
    PAPERS.iter().any(|p| p.strip_suffix('*').map_or(*p == word.as_ref(), |stem| word.as_ref().starts_with(stem)))
}

/// Whether a text that leaks papers says that they are to be had.
pub(super) fn publishes(text: &str) -> bool {
    naming::words(text).any(|word| PUBLISHED.contains(&word.as_str()))
}

/// Whether a link, in canonical spelling, leads to an archive, or to where pastes are put.
pub(super) fn is_archive(url: &str) -> bool {
    let at = host(url);
    let path = url.split(['?', '#']).next().unwrap_or(url).to_lowercase();
    STORES.iter().any(|store| at == *store || at.strip_suffix(store).is_some_and(|above| above.ends_with('.')))
        || ARCHIVES.iter().any(|end| path.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn papers(text: &str, tag: &str) -> bool {
        leaks_papers(text, tag.split(' ').filter(|t| !t.is_empty()))
    }

    #[test]
    fn papers_are_leaked_and_not_gas() {
        for (text, tag) in [
            ("Massive doc dump: correspondence and photos", "macronleaks"),
            ("the leaked emails of the campaign", ""),
            ("a leak of 20,000 emails and photos", ""),
            ("les courriels de l’équipe ont fuité", ""),
            ("une fuite massive de documents", ""),
            ("stolen emails are online", ""),
            ("the email leak", ""),
            ("À lire : ses courriels", "leak"),
            ("утечка документов", ""),
        ] {
            assert!(papers(text, tag), "{text} #{tag}");
        }
        for (text, tag) in [
            ("read our document on the gas leak", "gasleak"),
            ("a memory leak when many files are open", ""),
            ("fuite d’eau : le dossier", ""),
            ("a life hack for your email", ""),
            ("a leaked report of the bank", ""),
            ("the minister wages war on leaks", ""),
            ("the emails of the mayor", "mayoremails"),
            ("see a doctor about leaked blood", ""),
        ] {
            assert!(!papers(text, tag), "{text} #{tag}");
        }
    }

    #[test]
    fn a_hashtag_may_be_a_leaks_own() {
        let stem = |tag| Tag::of(tag).map(|t| (t.stem, t.leaked));
        assert_eq!(stem("podestaemails14"), Some(("podestaemail", false)));
        assert_eq!(stem("dncleaks2"), stem("dncleak"));
        assert_eq!(stem("macronleaks"), Some(("macronleak", true)));
        for none in ["leaks", "trumptapes", "gasleak", "waterleaks", "emails", "vote2017"] {
            assert_eq!(stem(none), None, "{none}");
        }
    }

    #[test]
    fn archives_and_pastes_are_known_by_place_or_end() {
        for link in ["pastebin.com/bUJK", "ia800.archive.org/x", "a.example/b.torrent?x=1"] {
            assert!(is_archive(link), "{link}");
        }
        for link in ["notpastebin.com/a", "a.example/zip", "a.example/?f=b.zip"] {
            assert!(!is_archive(link), "{link}");
        }
    }
}
