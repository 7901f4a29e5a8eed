//! A drill: a document that one has is forged in each way that its format allows, and held against itself, so that one sees
//! beforehand which forgeries of one's own papers would be caught.
//!
//! You may rely on: nothing is kept, nothing leaves memory; a document saved again unchanged is among them, and must not be
//! called altered. Left out: pages of PDF and pictures, which are not drawn anew here.

use super::authenticity::{Corpus, judge};
use super::known::{Known, Originals};
use super::read;
use super::settings::Settings;
use super::table::Entry;
use crate::Drilled;
use flate2::Crc;
use formats::{Meter, zip};
use model::{Budget, Config, Context, EvidenceId, SpanSet, Text, Time, Trace};
use rows::documents::{Class, Document, Wording};

/// Members of a package, and bytes of one.
const MEMBERS: usize = 4_000;
const LONGEST: usize = 32 << 20;
/// What is written into it.
const SENTENCE: &str = "We moved the money to the Bahamas in March.";

/// Ways of forging: how each is called, whether it changes what is said.
type Way = (&'static str, &'static str, Kind);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Altered,
    Described,
    Innocent,
}

const WORD: Way = ("a word or figure changed", "un mot ou un chiffre changé", Kind::Altered);
const PUT_IN: Way = ("a paragraph put in", "un paragraphe ajouté", Kind::Altered);
const TAKEN_OUT: Way = ("a paragraph taken out", "un paragraphe retiré", Kind::Altered);
const CELL: Way = ("a number in a cell changed", "un nombre d’une cellule changé", Kind::Altered);
const AUTHOR: Way = ("another author named", "un autre auteur indiqué", Kind::Described);
const AGAIN: Way = ("saved again unchanged", "enregistré de nouveau, inchangé", Kind::Innocent);

/// Forges a document and judges each forgery against it.
pub fn drill(name: &str, bytes: &[u8], at: Time) -> Vec<Drilled> {
    let meter = || Meter::new(Budget::default());
    let (document, wording) = read::document(bytes, &meter());
    let mut originals = Originals::default();
    originals.add(Known { name: name.into(), document, wording, ..Known::default() });
    let corpus = Corpus::of(&originals);
    let config = Config::default();
    let Ok(settings) = config.settings::<Settings>() else { return Vec::new() };
    let origins = crate::origin::Origin::default();
    let context = Context { config: &config, origins: &origins, at, modified: None };
    let mut all = Vec::new();
    for ((en, fr, kind), forged) in forgeries(bytes) {
        let (document, wording) = read::document(&forged, &meter());
        let entry = entry(name, document);
        let row = judge(&entry, &wording as &Wording, &originals, &corpus, &settings, &context).row;
        let altered = matches!(row.class, Class::AlteredCopy | Class::LikelyFabricated);
        all.push(Drilled {
            method: Text::new(en, fr),
            innocent: kind == Kind::Innocent,
            caught: match kind {
                Kind::Altered => altered,
                // A description is told, and never called an alteration.
                Kind::Described => !altered && row.metadata.iter().any(|m| m.name == "author"),
                Kind::Innocent => altered,
            },
            held: row.class.text(),
        });
    }
    all
}

fn entry(name: &str, document: Document) -> Entry {
    let trace = Trace { evidence: EvidenceId([0; 32]), steps: Vec::new(), spans: SpanSet::new() };
    Entry { name: name.into(), trace, document }
}

/// All that can be made of a file.
fn forgeries(bytes: &[u8]) -> Vec<(Way, Vec<u8>)> {
    let mut all = Vec::new();
    if !bytes.starts_with(b"PK\x03\x04") {
        let text = bytes.starts_with(b"{\\rtf") || std::str::from_utf8(bytes).is_ok();
        if let Some(text) = text.then(|| String::from_utf8_lossy(bytes)) {
            all.extend(changed(&text, 0).map(|t| (WORD, t.into_bytes())));
        }
        return all;
    }
    let Some(members) = members(bytes) else { return all };
    let mut with = |way: Way, which: &dyn Fn(&str) -> bool, turn: &dyn Fn(&str) -> Option<String>| {
        let turned = members
            .iter()
            .enumerate()
            .filter(|(_, (name, _))| which(name))
            .find_map(|(n, (_, xml))| Some((n, turn(std::str::from_utf8(xml).ok()?)?)));
        if let Some((n, xml)) = turned {
            let mut forged = members.clone();
            forged[n].1 = xml.into_bytes();
            all.push((way, packed(&forged)));
        }
    };
    let is_text = |n: &str| matches!(n, "word/document.xml" | "content.xml") || n.starts_with("ppt/slides/slide");
    let is_sheet = |n: &str| n.starts_with("xl/worksheets/sheet");
    with(WORD, &is_text, &|xml| in_element(xml, &["<w:t", "<a:t", "<text:p"]));
    with(PUT_IN, &|n| n == "word/document.xml", &|xml| {
        let paragraph = format!("<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>");
        let (from, _) = middle(elements(xml, "<w:p", "</w:p>"))?;
        Some(format!("{}{paragraph}{}", &xml[..from], &xml[from..]))
    });
    with(TAKEN_OUT, &|n| n == "word/document.xml", &|xml| {
        let long = |(from, to): &(usize, usize)| letters(&xml[*from..*to]) > 20;
        let (from, to) = middle(elements(xml, "<w:p", "</w:p>").into_iter().filter(long).collect())?;
        Some(format!("{}{}", &xml[..from], &xml[to..]))
    });
    with(CELL, &is_sheet, &|xml| {
        let plain = |(from, to): &(usize, usize)| {
            let cell = &xml[*from..*to];
            !cell.contains("t=\"s\"") && cell.contains("<v>") && !cell.contains("<f")
        };
        let (from, to) = middle(elements(xml, "<c", "</c>").into_iter().filter(plain).collect())?;
        let value = from + xml[from..to].find("<v>")? + 3;
        let end = value + xml[value..to].find("</v>")?;
        let number: f64 = xml[value..end].parse().ok()?;
        Some(format!("{}{}{}", &xml[..value], number + 17.0, &xml[end..]))
    });
    with(AUTHOR, &|n| matches!(n, "docProps/core.xml" | "meta.xml"), &|xml| {
        let (from, _) = *elements(xml, "<dc:creator", "</dc:creator>").first()?;
        let begin = from + xml[from..].find('>')? + 1;
        let end = begin + xml[begin..].find("</dc:creator>")?;
        (end > begin).then(|| format!("{}Somebody Else{}", &xml[..begin], &xml[end..]))
    });
    all.push((AGAIN, packed(&members)));
    all
}

fn letters(xml: &str) -> usize {
    let mut inside = false;
    xml.chars()
        .filter(|c| {
            inside = match c {
                '<' => true,
                '>' => false,
                _ => inside,
            };
            !inside && c.is_alphabetic()
        })
        .count()
}

/// Where elements of a name begin and end; none within another.
fn elements(xml: &str, begin: &str, end: &str) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(from) = xml[at..].find(begin).map(|n| at + n) {
        at = from + begin.len();
        // `<w:p>` and `<w:p …>`, not `<w:pPr>`.
        if !xml[at..].starts_with(['>', ' ']) {
            continue;
        }
        let Some(to) = xml[at..].find(end).map(|n| at + n + end.len()) else { break };
        all.push((from, to));
        at = to;
    }
    all
}

fn middle(all: Vec<(usize, usize)>) -> Option<(usize, usize)> {
    all.get(all.len() / 2).copied()
}

/// Changes the text of an element in the middle that has enough of it.
fn in_element(xml: &str, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        let end = format!("</{}>", &name[1..]);
        let long = |(from, to): &(usize, usize)| letters(&xml[*from..*to]) > 8;
        let (from, to) = middle(elements(xml, name, &end).into_iter().filter(long).collect())?;
        let begin = from + xml[from..to].find('>')? + 1;
        let text = &xml[begin..to - end.len()];
        if text.contains('<') {
            return None;
        }
        Some(format!("{}{}{}", &xml[..begin], changed(text, 0)?, &xml[to - end.len()..]))
    })
}

/// A word from the middle on is another; places before `from` are left.
fn changed(text: &str, from: usize) -> Option<String> {
    let half = text.len() / 2;
    let words = text[from..].split_whitespace().map(|w| (w.as_ptr() as usize - text.as_ptr() as usize, w));
    let plain = |w: &str| w.len() > 3 && w.chars().all(char::is_alphabetic);
    let words: Vec<(usize, &str)> = words.filter(|(_, w)| plain(w)).collect();
    let (at, word) = words.iter().find(|(at, _)| *at >= half).or(words.last())?;
    let other = if *word == "forged" { "other" } else { "forged" };
    Some(format!("{}{other}{}", &text[..*at], &text[at + word.len()..]))
}

fn members(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let directory = zip::directory(&bytes, bytes.len() as u64, MEMBERS)?;
    let all = directory.members.iter().filter(|m| !m.is_folder());
    all.map(|m| Some((m.name.clone(), zip::read(bytes, m, LONGEST)?))).collect()
}

/// A package with all members as they are, as a program that does not compress would write it.
fn packed(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let mut crc = Crc::new();
        crc.update(bytes);
        let size = (bytes.len() as u32).to_le_bytes();
        let at = (out.len() as u32).to_le_bytes();
        let head = [
            &[20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0][..],
            &crc.sum().to_le_bytes(),
            &size,
            &size,
            &(name.len() as u16).to_le_bytes(),
            &[0, 0],
        ]
        .concat();
        out.extend([&b"PK\x03\x04"[..], &head, name.as_bytes(), bytes].concat());
        directory.extend([&b"PK\x01\x02"[..], &[20, 0], &head, &[0; 10], &at, name.as_bytes()].concat());
    }
    let (count, at) = ((members.len() as u16).to_le_bytes(), (out.len() as u32).to_le_bytes());
    let length = (directory.len() as u32).to_le_bytes();
    out.extend(directory);
    out.extend([&b"PK\x05\x06"[..], &[0; 4], &count, &count, &length, &at, &[0, 0]].concat());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgeries_are_caught_and_a_copy_is_none() {
        let document = "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>\
            <w:p><w:r><w:t>The hall in the town costs nothing at all.</w:t></w:r></w:p>\
            <w:p><w:r><w:t>The treasurer agrees with everything that was said.</w:t></w:r></w:p>\
            <w:p><w:r><w:t>Nobody spoke against it, and the meeting was closed.</w:t></w:r></w:p></w:body></w:document>";
        let core = "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
            xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:creator>Anna</dc:creator></cp:coreProperties>";
        let relations = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"a\" \
            Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/></Relationships>";
        let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
        let all = [
            ("[Content_Types].xml", types),
            ("_rels/.rels", relations),
            ("word/document.xml", document),
            ("docProps/core.xml", core),
        ];
        let members: Vec<(String, Vec<u8>)> =
            all.iter().map(|(name, text)| (name.to_string(), text.as_bytes().to_vec())).collect();
        let drilled = drill("note.docx", &packed(&members), Time::from_seconds(1_500_000_000));
        let told: Vec<(&str, bool)> = drilled.iter().map(|d| (d.method.en.as_ref(), d.caught)).collect();
        let expected = [(WORD.0, true), (PUT_IN.0, true), (TAKEN_OUT.0, true), (AUTHOR.0, true), (AGAIN.0, false)];
        assert_eq!(told, expected);
    }
}
