//! Words that tell an object: used by many of those who say what they carry, and by few others.

use crate::posts::stance;
use crate::posts::table::Table;
use std::collections::{BTreeMap, BTreeSet};

/// Letters of a word that can tell something.
const LETTERS: usize = 6;
/// Part of the telling texts that must use it.
const PART: f64 = 0.3;
/// Part of all texts that may use it.
const RARE: f64 = 0.01;

/// The words, in order, of those posts for which `says` holds.
pub(super) fn telling(table: &Table, posts: &[u32], says: impl Fn(u32) -> bool) -> Vec<String> {
    let texts: BTreeSet<u32> = posts.iter().filter(|p| says(**p)).map(|p| table.text_number(*p)).collect();
    let (mut counts, mut done): (BTreeMap<String, usize>, BTreeSet<u32>) = Default::default();
    for post in posts.iter().filter(|p| texts.contains(&table.text_number(**p))) {
        if done.insert(table.text_number(*post)) {
            let own: BTreeSet<String> = stance::words(table.text(*post)).collect();
            own.into_iter().filter(|w| w.chars().count() >= LETTERS).for_each(|w| *counts.entry(w).or_default() += 1);
        }
    }
    counts.retain(|_, n| *n as f64 >= PART * texts.len() as f64);
    let (mut usual, mut all, mut seen): (BTreeMap<&str, usize>, usize, BTreeSet<u32>) = Default::default();
    for post in (0..table.len() as u32).filter(|p| seen.insert(table.text_number(*p))) {
        all += 1;
        let text = table.text(post).to_lowercase();
        for word in counts.keys().filter(|w| text.contains(w.as_str())) {
            *usual.entry(word).or_default() += 1;
        }
    }
    let most = (RARE * all as f64).max(texts.len() as f64);
    counts.keys().filter(|w| usual.get(w.as_str()).copied().unwrap_or_default() as f64 <= most).cloned().collect()
}

/// The first of these words that a text uses.
pub(super) fn shared(text: &str, words: &[String]) -> Option<String> {
    stance::words(text).find(|w| words.contains(w))
}

/// Beginnings of words for what is leaked, without accents.
const PAPERS: [&str; 32] = [
    "document",
    "email",
    "mail",
    "courriel",
    "courrier",
    "file",
    "fichier",
    "dossier",
    "archive",
    "archivo",
    "paper",
    "memo",
    "cable",
    "recording",
    "tape",
    "dokument",
    "unterlag",
    "akten",
    "correo",
    "documento",
    "documenti",
    "документ",
    "письм",
    "переписк",
    "фаил",
    "почт",
    "transcript",
    "spreadsheet",
    "report",
    "rapport",
    "note interne",
    "message",
];
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
/// Words a leak's own hashtag ends in.
const TAGS: [&str; 9] = ["leak", "leaks", "emails", "mails", "files", "papers", "dump", "tapes", "fuites"];
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

/// Whether a text says of papers, in so many words of one another, that they were leaked: a leak alone is a word, and so
/// is a burglary.
pub(super) fn leaks_papers(text: &str) -> bool {
    if !stance::says_leak(text) {
        return false;
    }
    let words: Vec<String> = stance::words(text).collect();
    let paper = |word: &String| PAPERS.iter().any(|p| word.starts_with(p));
    words.windows(words.len().min(NEAR)).any(|near| near.iter().any(paper) && stance::says_leak(&near.join(" ")))
}

/// How near the words must stand.
const NEAR: usize = 5;

/// Whether a text says that the papers are to be had.
pub(super) fn publishes(text: &str) -> bool {
    leaks_papers(text) && stance::words(text).any(|word| PUBLISHED.contains(&word.as_str()))
}

/// Whether a hashtag is a leak's own by its name.
pub(super) fn names_leak(tag: &str) -> bool {
    TAGS.iter().any(|end| tag.ends_with(end) && tag.len() > end.len() + 2)
}

/// Whether a link leads to an archive, or to where pastes are put.
pub(super) fn is_archive(url: &str) -> bool {
    let at = crate::posts::narrative::build::host(url);
    let path = url.split('?').next().unwrap_or(url).to_lowercase();
    STORES.iter().any(|store| at == *store || at.ends_with(&format!(".{store}")))
        || ARCHIVES.iter().any(|end| path.ends_with(end))
}
