//! Files as they are sealed: which hashes stand for what they hold, and what a run covered.

mod coverage;

pub use coverage::{Coverage, lines};

use crate::gather::why;
use crate::settings::Configured;
use formats::parts::Parts;
use model::{Budget, Context, Time};
use proofs::Hash;
use proofs::seal::{self, Hasher, Kind};
use seals::{Document, sample};
use sensors::Content;
use sensors::input::Input;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Characters from which on a paragraph tells a document from others.
const TELLING: usize = 24;
/// Samples of paragraphs, and of words in a row.
const SAMPLES: usize = 4;
/// Words in a row.
const ROW: usize = 4;

/// The hash of a file's bytes.
pub fn hash_of(path: &Path) -> io::Result<Hash> {
    let mut file = File::open(path)?;
    let mut hasher = Hasher::default();
    let mut buffer = vec![0; 128 << 10];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(n) => hasher.update(&buffer[..n]),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}

/// How long a file is, and how it begins.
fn beginning(path: &Path) -> io::Result<(u64, Vec<u8>)> {
    let file = File::open(path)?;
    let (size, mut head) = (file.metadata()?.len(), Vec::new());
    file.take(4096).read_to_end(&mut head)?;
    Ok((size, head))
}

/// What tells that a file was changed since it was looked at.
pub fn stamp(path: &Path) -> io::Result<Vec<u8>> {
    let fields = platform::stamp(&std::fs::metadata(path)?);
    Ok(fields.iter().flat_map(|f| f.to_be_bytes()).collect())
}

/// What lies in a file, told one by one.
pub fn contents(path: &Path, configured: &Configured, at: Time, each: &mut dyn FnMut(Content)) -> Result<(), String> {
    let file = File::open(path).map_err(|e| why(&e))?;
    let size = file.metadata().map_err(|e| why(&e))?.len();
    let input = Input::of_file(file, size, Budget::default()).map_err(|e| why(&e))?;
    let context = Context { config: &configured.config, origins: &configured.origins, at, modified: None };
    sensors::contents(input, &context, each).map_err(|e| e.to_string())
}

/// A file's documents: itself, and what lies in it.
pub struct Examined {
    /// The documents; the file itself is the last.
    pub documents: Vec<Document>,
    /// Messages in it.
    pub messages: u64,
    /// What of a mailbox it says.
    pub coverage: Coverage,
    /// Things of which not all could be read.
    pub cut: Vec<String>,
}

/// Reads a file and hashes what it holds.
pub fn examine(path: &Path, name: &str, configured: &Configured, at: Time) -> Result<Examined, String> {
    let (size, head) = beginning(path).map_err(|e| why(&e))?;
    let mut examined = Examined { documents: Vec::new(), messages: 0, coverage: Coverage::default(), cut: Vec::new() };
    let mut own: Option<Document> = None;
    let told = contents(path, configured, at, &mut |content| {
        if content.cut {
            examined.cut.push(content.place.clone());
        }
        if content.bytes.is_empty() {
            return;
        }
        examined.coverage.meet(&content);
        examined.messages += u64::from(content.parts.as_ref().is_some_and(|p| p.media == "message/rfc822"));
        let document = document(name, seal::of_bytes(&content.bytes), content.parts.as_ref());
        // Nothing that leads to it and nothing missing: the file itself, unless its encoding was peeled off, which shows at once.
        let whole = content.bytes.len() as u64 == size && content.bytes.starts_with(&head);
        match content.place.is_empty() && whole {
            true => own = own.take().or(Some(document)),
            false => examined.documents.push(Document { inside: Some(content.place), ..document }),
        }
    });
    // What was too long to be held, or is packed, is hashed as it lies there.
    let own = match own {
        Some(document) => document,
        None => document(name, hash_of(path).map_err(|e| why(&e))?, None),
    };
    examined.documents.retain(|d| d.bytes != own.bytes);
    // What cannot be taken apart is sealed as it is.
    if let Err(reason) = told {
        examined.cut.push(reason);
    }
    examined.coverage.beside(path);
    examined.documents.push(own);
    Ok(examined)
}

/// The hashes that stand for a document.
pub fn document(name: &str, bytes: Hash, parts: Option<&Parts>) -> Document {
    let mut document =
        Document { name: name.into(), inside: None, bytes, text: None, parts: Vec::new(), samples: Vec::new() };
    let Some(parts) = parts else { return document };
    let text = seal::normalised(&parts.text());
    if !text.is_empty() {
        document.text = Some(seal::of_text(&text));
    }
    let mut least = BTreeSet::new();
    for paragraph in &parts.paragraphs {
        let digest = seal::of_text(paragraph);
        document.parts.push((Kind::Paragraph, digest));
        if paragraph.chars().take(TELLING).count() == TELLING {
            keep(&mut least, sample(&digest), SAMPLES);
        }
    }
    document.samples.extend(least);
    for (_, rows) in &parts.sheets {
        document.parts.push((Kind::Sheet, seal::of_text(&parts.sheet(rows))));
    }
    for (_, bytes) in &parts.attachments {
        let digest = seal::of_bytes(bytes);
        document.parts.push((Kind::Attachment, digest));
        document.samples.push(sample(&digest));
    }
    let mut sketch = BTreeSet::new();
    let words: Vec<&str> = text.split(' ').collect();
    for row in words.windows(ROW) {
        let bytes = row.iter().flat_map(|w| w.bytes().chain([b' ']));
        keep(&mut sketch, model::hash::fnv1a(bytes) as i64, SKETCH);
    }
    if !sketch.is_empty() {
        let bytes: Vec<u8> = sketch.iter().flat_map(|h| h.to_be_bytes()).collect();
        document.parts.push((Kind::Sketch, seal::of_bytes(&bytes)));
        document.samples.extend(sketch.iter().take(SAMPLES));
    }
    document
}

/// Hashes of a sketch.
const SKETCH: usize = 32;

/// Keeps the least of them.
fn keep(least: &mut BTreeSet<i64>, hash: i64, most: usize) {
    least.insert(hash);
    if least.len() > most {
        least.pop_last();
    }
}
