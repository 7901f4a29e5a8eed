//! Originals: what was sealed, and what is known to be genuine. Which of them a document is a copy of.
//!
//! You may rely on: an original is found by its bytes, by its text, by what most of its words in a row are, by its ids and
//! its name, and the one that is most alike is taken; of what was sealed and is no longer there, hashes are compared. Left
//! out: judgement.

use super::compare::{self, Difference, Formats};
use super::read::OTHER;
use super::settings::{Settings, Told};
use super::table::is_excluded;
use crate::Content;
use crate::input::Input;
use crate::mail::contents::Head;
use formats::Meter;
use model::{Budget, Config, Context, Loaded, Result, Sealed, Time, hash};
use rows::documents::{Document, Embedded, Passage, Sketch, Wording};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Words in a row by which copies are found, and how many of them are kept of a document.
const ROW: usize = 4;
const KEPT: usize = 64;
/// Originals that are compared with one document.
const COMPARED: usize = 6;
/// Originals that are pictures with which one picture is compared.
const PICTURES: usize = 400;

/// Why an original could not be read.
const UNKNOWN: &str = "no known kind of evidence";
const DAMAGED: &str = "document that is damaged, or longer than is kept: what could be read of it is";
const LOCKED: &str = "encrypted: no password was given";
const FAILED: &str = "the reader failed; please report this";

/// An original.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Known {
    /// Where it is.
    pub name: String,
    /// Whether it was sealed, and by which hashes.
    pub sealed: Option<Sealed>,
    /// What it says of itself.
    pub document: Document,
    /// What it says.
    pub wording: Wording,
    /// Whether it is no longer there: hashes are all that is known.
    pub gone: bool,
    /// Of a letter, what its header shows.
    #[serde(default)]
    pub head: Option<Head>,
}

/// As it travels in a configuration.
pub fn pack(known: &Known) -> Loaded {
    let bytes = serde_json::to_vec(known).expect("a row can be written as JSON");
    Loaded { path: "originals".into(), name: known.name.clone(), bytes, sealed: None, unread: None }
}

impl Known {
    /// What a file brings: itself, or the documents in it. What of it cannot be read goes to `unread`, with the reason.
    pub fn read(file: Loaded, unread: &mut Vec<(String, String)>) -> Vec<Known> {
        if let Some(reason) = file.unread {
            unread.push((file.name, reason));
            return Vec::new();
        }
        if file.bytes.is_empty() {
            let gone = Known { name: file.name, sealed: file.sealed, gone: true, ..Known::default() };
            return if gone.sealed.is_some() { vec![gone] } else { Vec::new() };
        }
        let meter = Meter::new(Budget::default());
        meter.take(file.bytes.len() as u64);
        let mut miss = |place: &str, reason: &str| {
            let name = if place.is_empty() { file.name.clone() } else { format!("{}/{place}", file.name) };
            unread.push((name, reason.to_string()));
        };
        let Ok(input) = Input::held(file.bytes, Vec::new(), &meter) else {
            miss("", DAMAGED);
            return Vec::new();
        };
        let config = Config::default();
        let origins = crate::origin::Origin::default();
        let context = Context { config: &config, origins: &origins, at: Time::default(), modified: None };
        let mut all = Vec::new();
        let (mut met, mut known) = (false, 0);
        let told = crate::contents(input, &context, &mut |content: Content| {
            let Content { place, bytes, parts, cut } = content;
            // A walk tells what it could not enter in place of a content.
            if bytes.is_empty() && parts.is_none() && cut {
                let (place, reason) = place.rsplit_once(": ").unwrap_or((&place, DAMAGED));
                met = true;
                return miss(place, reason);
            }
            let name = if place.is_empty() { file.name.clone() } else { format!("{}/{place}", file.name) };
            let is_letter = parts.is_some_and(|p| p.media == LETTER);
            let read = std::panic::catch_unwind(|| match is_letter {
                true => letter(&bytes),
                false => {
                    let (document, wording) = super::document(&bytes, &Meter::new(Budget::default()));
                    Known { document, wording, ..Known::default() }
                }
            });
            match read {
                Ok(read) => {
                    known += 1;
                    // What is no document is known by its bytes, and there is no more to know.
                    if !is_letter && !read.wording.readable && read.document.media != OTHER {
                        miss(&place, if read.document.holds.contains("encrypted") { LOCKED } else { DAMAGED });
                    }
                    all.push(Known { name, sealed: file.sealed.clone(), ..read });
                }
                Err(_) => miss(&place, FAILED),
            }
        });
        if told.is_err() {
            miss("", DAMAGED);
        } else if known == 0 && !met {
            miss("", UNKNOWN);
        }
        all
    }

    /// Whether it is a letter and no document.
    pub fn is_letter(&self) -> bool {
        self.document.media == LETTER
    }

    /// When a letter came, or a document was changed last.
    pub fn at(&self) -> Option<Time> {
        formats::about::instant(if self.is_letter() { &self.document.created } else { &self.document.modified })
    }

    fn told(told: &Told) -> Known {
        let passages = told.text.lines().filter(|l| !l.trim().is_empty());
        let passages = passages.map(|l| Passage { place: "body".into(), text: l.trim().into(), ..Passage::default() });
        let wording = Wording { passages: passages.collect(), readable: true, ..Wording::default() };
        Known { name: told.name.clone(), wording, ..Known::default() }
    }
}

/// All originals of a case, and by what they are found.
#[derive(Default)]
pub struct Originals {
    /// They.
    pub all: Vec<Known>,
    bytes: HashMap<String, usize>,
    texts: HashMap<String, usize>,
    seals: HashMap<String, usize>,
    seal_texts: HashMap<String, usize>,
    rows: HashMap<u64, Vec<u32>>,
    names: HashMap<String, Vec<u32>>,
    ids: HashMap<String, Vec<u32>>,
    paragraphs: BTreeSet<String>,
    /// Letters, by `Message-ID`, and by the key of their bytes.
    letters: HashMap<String, usize>,
    letter_keys: HashMap<String, usize>,
}

/// What a document is a copy of.
pub struct Match<'o> {
    /// The original.
    pub original: &'o Known,
    /// How it differs; none where it is the very same bytes.
    pub difference: Option<Difference>,
}

impl Originals {
    /// Of a configuration.
    pub fn of(config: &Config) -> Result<Originals> {
        let mut originals = Originals::default();
        let settings: Settings = config.settings()?;
        for file in config.attached.get("documents").into_iter().flatten() {
            if let Ok(known) = serde_json::from_slice::<Known>(&file.bytes)
                && !is_excluded(&known.name, &[&known.document.sha256, &known.document.document_id], &settings)
            {
                originals.add(known);
            }
        }
        settings.known.iter().for_each(|told| originals.add(Known::told(told)));
        Ok(originals)
    }

    /// Adds one.
    pub fn add(&mut self, known: Known) {
        let n = self.all.len();
        let id = n as u32;
        if known.is_letter() {
            self.letter_keys.entry(known.document.sha256.clone()).or_insert(n);
            if !known.document.document_id.is_empty() {
                self.letters.entry(known.document.document_id.clone()).or_insert(n);
            }
            self.all.push(known);
            return;
        }
        if !known.document.sha256.is_empty() {
            self.bytes.entry(known.document.sha256.clone()).or_insert(n);
        }
        let body = compare::body(&known.wording);
        if !body.is_empty() {
            self.texts.entry(body).or_insert(n);
        }
        if let Some(sealed) = &known.sealed {
            self.seals.entry(sealed.bytes.clone()).or_insert(n);
            if let Some(text) = &sealed.text {
                self.seal_texts.entry(text.clone()).or_insert(n);
            }
            if known.gone {
                self.paragraphs.extend(sealed.paragraphs.iter().map(|p| p.chars().take(16).collect::<String>()));
            }
        }
        for row in rows_of(&known.wording) {
            self.rows.entry(row).or_default().push(id);
        }
        self.names.entry(stem(&known.name)).or_default().push(id);
        for of in ids(&known.document) {
            self.ids.entry(of).or_default().push(id);
        }
        self.all.push(known);
    }

    /// What a letter is a copy of, and whether it is the very same bytes, ends of lines aside.
    pub fn letter(&self, key: &str, id: &str) -> Option<(&Known, bool)> {
        let same = self.letter_keys.get(key).map(|n| (&self.all[*n], true));
        same.or_else(|| Some((&self.all[*self.letters.get(id)?], false)))
    }

    /// All letters.
    pub fn letters(&self) -> impl Iterator<Item = &Known> {
        self.all.iter().filter(|k| k.is_letter())
    }

    /// What a document is a copy of.
    pub fn find(&self, name: &str, document: &Document, wording: &Wording) -> Option<Match<'_>> {
        let exact = self.bytes.get(&document.sha256).or_else(|| self.seals.get(&wording.seal_bytes));
        if let Some(n) = exact {
            return Some(Match { original: &self.all[*n], difference: None });
        }
        if self.all.is_empty() {
            return None;
        }
        let mut scores: BTreeMap<u32, u32> = BTreeMap::new();
        for row in rows_of(wording) {
            for n in self.rows.get(&row).into_iter().flatten() {
                *scores.entry(*n).or_default() += 2;
            }
        }
        let same_text = self.texts.get(&compare::body(wording)).map(|n| *n as u32);
        if let Some(n) = same_text {
            *scores.entry(n).or_default() += 1_000;
        }
        let named = self.names.get(&stem(name)).into_iter().flatten();
        named.for_each(|n| *scores.entry(*n).or_default() += 3);
        for id in ids(document) {
            self.ids.get(&id).into_iter().flatten().for_each(|n| *scores.entry(*n).or_default() += 3);
        }
        if wording.passages.is_empty() && !wording.pictures.is_empty() && document.media.starts_with("image/") {
            let pictures = self.all.iter().enumerate().filter(|(_, k)| k.document.media.starts_with("image/"));
            pictures.take(PICTURES).for_each(|(n, _)| *scores.entry(n as u32).or_default() += 1);
        }
        let mut order: Vec<(u32, u32)> = scores.into_iter().map(|(n, score)| (score, n)).collect();
        order.sort_unstable_by_key(|(score, n)| (u32::MAX - score, *n));
        let pictures = document.media.starts_with("image/");
        let mut best: Option<(f64, u64, usize, Difference)> = None;
        for (score, n) in order.into_iter().take(if pictures { PICTURES } else { COMPARED }) {
            let original = &self.all[n as usize];
            if original.gone {
                continue;
            }
            let difference = compare::compare(&original.wording, wording, formats(&original.document, document));
            // A name or an id alone is believed only where much is the same; a name and an id, or the moment at which both were
            // made, also where little is left of a short text.
            let made = !document.created.is_empty() && original.document.created == document.created;
            let kin = || ids(document).iter().any(|id| ids(&original.document).contains(id));
            let twin =
                original.document.media == document.media && stem(&original.name) == stem(name) && (made || kin());
            let least = match score >= 12 || same_text == Some(n) {
                _ if twin && wording.readable => 0.0,
                true => 0.25,
                false => 0.4,
            };
            if difference.shared < least {
                continue;
            }
            // Of originals that are as like, the one of that name.
            let same_name = stem(&original.name) == stem(name);
            let better = best.as_ref().is_none_or(|(shared, count, m, _)| {
                let had_name = stem(&self.all[*m].name) == stem(name);
                (difference.shared - shared).abs() > 1e-9 && difference.shared > *shared
                    || (difference.shared - shared).abs() <= 1e-9
                        && (difference.count < *count || difference.count == *count && same_name && !had_name)
            });
            // Nothing can be more alike, and those of its name come first.
            let same = difference.shared >= 1.0 && difference.count == 0;
            if better {
                best = Some((difference.shared, difference.count, n as usize, difference));
            }
            if same {
                break;
            }
        }
        if let Some((_, _, n, difference)) = best {
            return Some(Match { original: &self.all[n], difference: Some(difference) });
        }
        self.by_hashes(wording)
    }

    /// What was sealed and is no longer there: the same text, or many of its paragraphs.
    fn by_hashes(&self, wording: &Wording) -> Option<Match<'_>> {
        if let Some(n) = self.seal_texts.get(&wording.seal_text).filter(|_| !wording.seal_text.is_empty()) {
            let passages = (wording.passages.len() as u64, 0);
            let difference = Difference { shared: 1.0, passages, ..Difference::default() };
            return Some(Match { original: &self.all[*n], difference: Some(difference) });
        }
        let own: BTreeSet<&String> = wording.seal_paragraphs.iter().collect();
        let mut best: Option<(usize, usize)> = None;
        if !own.iter().any(|p| self.paragraphs.contains(p.as_str())) {
            return None;
        }
        for (n, known) in self.all.iter().enumerate().filter(|(_, k)| k.gone) {
            let sealed = known.sealed.iter().flat_map(|s| &s.paragraphs);
            let shared = sealed.filter(|p| own.contains(&p.chars().take(16).collect::<String>())).count();
            if best.is_none_or(|(most, _)| shared > most) {
                best = Some((shared, n));
            }
        }
        let (shared, n) = best.filter(|(shared, _)| *shared >= 2 && shared * 3 >= own.len())?;
        let known: BTreeSet<String> =
            self.all[n].sealed.iter().flat_map(|s| &s.paragraphs).map(|p| p.chars().take(16).collect()).collect();
        let mut difference = Difference { shared: shared as f64 / own.len() as f64, ..Difference::default() };
        for (n, passage) in wording.passages.iter().enumerate().filter(|(_, p)| p.place != "cell") {
            let digest = super::hex(&proofs::seal::of_text(&passage.text)[..8]);
            match known.contains(&digest) {
                true => difference.passages.0 += 1,
                false => {
                    difference.passages.1 += 1;
                    difference.count += 1;
                    if difference.alterations.len() < 100 {
                        difference.alterations.push(rows::documents::Alteration {
                            at: format!("§ {}", n + 1),
                            before: String::new(),
                            after: formats::clip(&passage.text, 400).into(),
                            what: None,
                        });
                    }
                }
            }
        }
        (difference.count > 0).then_some(Match { original: &self.all[n], difference: Some(difference) })
    }
}

/// The place of what a letter shows as HTML beside its text.
pub const HTML: &str = "html";
/// The media type of letters.
const LETTER: &str = "message/rfc822";

/// A letter as an original.
fn letter(bytes: &[u8]) -> Known {
    let letter = crate::mail::contents::letter(bytes);
    let document = Document {
        media: LETTER.into(),
        size: bytes.len() as u64,
        sha256: letter.key,
        document_id: letter.id,
        author: letter.head.from.clone(),
        title: letter.head.subject.clone(),
        created: letter.at.map(|t| t.to_string()).unwrap_or_default(),
        editors: letter.to.into_iter().collect(),
        embedded: letter
            .attached
            .into_iter()
            .map(|(name, sha256)| Embedded { name, sha256, ..Embedded::default() })
            .collect(),
        ..Document::default()
    };
    let passage = |place: &str, text: String| Passage { place: place.into(), text, ..Passage::default() };
    let texts = letter.paragraphs.into_iter().map(|text| passage("body", text));
    let passages = texts.chain(letter.html.into_iter().map(|text| passage(HTML, text))).collect();
    let wording = Wording { passages, readable: true, ..Wording::default() };
    Known { document, wording, head: Some(letter.head), ..Known::default() }
}

/// Which formats two documents are of.
fn formats(a: &Document, b: &Document) -> Formats {
    let same = a.media == b.media || a.media.is_empty() && b.media.starts_with("text/");
    let sheets = same && a.media.contains("spreadsheet");
    Formats { same, sheets, same_producer: same && a.producer == b.producer && a.application == b.application }
}

/// The least hashes of words in a row.
pub fn rows_of(wording: &Wording) -> BTreeSet<u64> {
    let mut least = BTreeSet::new();
    let mut keep = |hash: u64| {
        least.insert(hash);
        if least.len() > KEPT {
            least.pop_last();
        }
    };
    let shown = wording.passages.iter().filter(|p| matches!(p.place.as_str(), "body" | "cell"));
    let texts: Vec<String> = shown.map(|p| compare::squeezable(&p.text)).collect();
    let words: Vec<&str> = texts.iter().flat_map(|text| text.split_whitespace()).take(400_000).collect();
    match words.len() {
        0 => {}
        1..ROW => words.iter().for_each(|w| keep(hash::fnv1a(w.bytes()))),
        _ => words.windows(ROW).for_each(|row| keep(hash::fnv1a(row.iter().flat_map(|w| w.bytes().chain([b' ']))))),
    }
    for Sketch { sha256, .. } in &wording.pictures {
        keep(hash::fnv1a(sha256.bytes()));
    }
    least
}

/// A file's name without folder, ending and what copies add.
fn stem(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    stem.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Ids by which copies are kin.
fn ids(document: &Document) -> Vec<String> {
    let all = [&document.document_id, &document.original_document_id, &document.picture_id];
    let mut ids: Vec<String> = all.into_iter().filter(|i| !i.is_empty()).cloned().collect();
    if !document.taken.is_empty() {
        ids.push(format!("{} {}", document.device, document.taken));
    }
    if document.rsids.len() > 3 {
        ids.push(format!("rsid {}", document.rsid_root));
    }
    ids
}
