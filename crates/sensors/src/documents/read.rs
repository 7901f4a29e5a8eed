//! Bytes → what a document says of itself, and what it says.

use super::picture;
use crate::input::Input;
use formats::about::{self, About};
use formats::wording::{self, Picture, Place};
use formats::{Meter, charset, parts, walk};
use model::{Entity, EntityKind, Error, Note, Observation, Result, Role, Sink, Skip, Span, SpanSet, Text};
use proofs::seal;
use rows::Row;
use rows::documents::{Change, Document, Embedded, Packing, Passage, Revision, Wording, Zone};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Bytes of text that are kept of one document; beyond, it is said that there is more.
const TEXT: usize = 4 << 20;
/// Levels of what is embedded in what is embedded.
const LEVELS: usize = 4;
/// Pictures of one document that are made small, and paragraphs whose hashes are kept.
const PICTURES: usize = 100;
const PARAGRAPHS: usize = 5_000;

/// The media type of text that is none of those known.
const TEXT_MEDIA: &str = "text/plain";
/// The media type of what is no document that is known.
pub const OTHER: &str = "application/octet-stream";

/// How sure it is that a file which begins so is a document; where `all` that nobody else knows are, no other need be less sure.
pub fn recognise(head: &[u8], all: bool) -> u8 {
    match about::media(head) {
        // An archive is what lies in it.
        "" => u8::from(all && !head.is_empty() && !walk::is_archive(head) || is_prose(head)) * 50,
        "text/html" => 50,
        "application/x-bittorrent" => 70,
        "application/x-ole-storage" => 55,
        _ => 60,
    }
}

/// Words among which a sentence ends at least once, in what people write.
const SENTENCE: usize = 40;

/// Whether a text is written in sentences, as people write and machines do not.
fn is_prose(head: &[u8]) -> bool {
    let head = head.get(..16 << 10).unwrap_or(head);
    if head.len() < 40 || head.iter().any(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c)) {
        return false;
    }
    let text = charset::guessed(head);
    if text.trim_start().starts_with(['{', '[', '<', '%', ';']) {
        return false;
    }
    let (mut letters, mut all) = (0usize, 0usize);
    for c in text.chars() {
        all += 1;
        letters += usize::from(c.is_alphabetic() || c.is_whitespace() || matches!(c, '\'' | '’'));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let stop = |word: &str| word.ends_with(['.', '!', '?', '…', '»']);
    let ends = words.windows(2).filter(|w| stop(w[0]) && w[1].starts_with(char::is_uppercase)).count()
        + usize::from(words.last().is_some_and(|w| stop(w)));
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    // A paragraph that is one line has many commas, and more words.
    let fields = |l: &str| l.matches([',', ';', '\t', '|', '=']).count();
    let machine = lines.iter().filter(|l| {
        l.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '#' | '/' | '$'))
            || l.contains("://")
            || l.ends_with([';', '{', '}'])
            || fields(l) > 8 && fields(l) * 4 > l.split_whitespace().count()
    });
    // A list has lines of a word or two; so has a configuration.
    let said = lines.iter().filter(|l| l.split_whitespace().count() >= 4).count();
    let header = lines.first().is_some_and(|l| l.split_once(':').is_some_and(|(name, _)| !name.contains(' ')));
    !header
        && letters * 100 >= all * 85
        && words.len() >= 8
        && ends * SENTENCE >= words.len()
        && said * 2 >= lines.len()
        && machine.count() * 5 <= lines.len()
}

/// Reads a file.
pub fn evidence(input: &mut Input, out: &mut dyn Sink) -> Result<()> {
    let failed = |e: std::io::Error| Error::new("could not read on").because(e).hint("check the disk");
    let (bytes, cut) = input.written(crate::LONGEST).map_err(failed)?;
    let once = |reason: &str| Skip { reason: reason.into(), count: 1, first: 0, line: 0 };
    if let Some(damage) = input.damage() {
        out.skip(damage.clone());
    }
    if cut {
        out.skip(once("longer than is read of one document: its first 64 MiB are"));
    }
    let (mut document, mut wording) = document(&bytes, &input.meter().clone());
    if cut {
        whole(bytes.as_slice(), input, &mut document, &mut wording).map_err(failed)?;
    }
    if document.holds.contains("encrypted") {
        out.skip(once("encrypted: no password was given; what stands outside is read"));
    } else if document.cut {
        out.skip(once("document that is damaged, or longer than is kept: what could be read of it is"));
    }
    // A log that nobody understands must not seem to have been looked at.
    let prose = || is_prose(charset::utf16(&bytes).as_deref().map_or(&bytes[..], str::as_bytes));
    if matches!(document.media.as_str(), TEXT_MEDIA | OTHER) && !prose() {
        out.note(Note {
            text: Text::new(
                "no other kind knows it: it is read as a document, and not as a log",
                "aucun autre type ne le connaît : il est lu comme un document, et non comme un journal",
            ),
        });
    }
    document.packed_at = input.packed_at();
    let times = [&document.modified, &document.created, &document.taken];
    let time = times.into_iter().find_map(|t| about::instant(t)).unwrap_or_default();
    let mut spans = SpanSet::new();
    spans.push(Span { start: 0, len: input.produced(), line: 0 });
    let key = document.sha256.clone();
    let entities = vec![Entity::new(EntityKind::File, key.clone(), Role::Mentioned)];
    let observation = |kind: &str, fields, entities| Observation {
        kind: kind.into(),
        key: key.clone(),
        first: time,
        last: time,
        count: 1,
        entities,
        fields,
        spans: spans.clone(),
    };
    out.observation(observation(Document::NAME, document.fields(), entities));
    out.observation(observation(Wording::NAME, wording.fields(), Vec::new()));
    out.progress(input.consumed());
    Ok(())
}

/// The hashes and the size of what is longer than is read: of all of it.
fn whole(begin: &[u8], rest: &mut Input, document: &mut Document, wording: &mut Wording) -> std::io::Result<()> {
    let (mut own, mut sealed) = (Sha256::new_with_prefix(begin), seal::Hasher::default());
    sealed.update(begin);
    let mut block = vec![0; 256 << 10];
    loop {
        let n = rest.fill(&mut block)?;
        if n == 0 {
            break;
        }
        own.update(&block[..n]);
        sealed.update(&block[..n]);
        document.size += n as u64;
    }
    document.sha256 = super::hex(&own.finalize());
    wording.seal_bytes = super::hex(&sealed.finish());
    Ok(())
}

/// What a document says of itself and what it says. Of what is none that is known, its hashes, and what it says if it is text.
pub fn document(bytes: &[u8], meter: &Meter) -> (Document, Wording) {
    let (size, sha256, seal_bytes) = (bytes.len() as u64, super::sha256(bytes), super::hex(&seal::of_bytes(bytes)));
    let decoded = charset::utf16(bytes);
    let bytes = decoded.as_ref().map_or(bytes, String::as_bytes);
    let about = about::read(bytes, meter).unwrap_or_else(|| {
        let media = if parts::is_text(bytes) { TEXT_MEDIA } else { OTHER };
        About { media, ..About::default() }
    });
    let mut wording = Wording { seal_bytes, ..wording(bytes, &about, meter) };
    let mut document = Document { media: about.media.into(), size, sha256, ..Document::default() };
    document.embedded = embedded(&about, meter, 0);
    revised(bytes, &about, meter, &mut document);
    document.set(about.said);
    document.rsids = about.rsids;
    document.paths = about.paths;
    document.editors = about.editors;
    let change = |c: about::Change| Change { kind: c.kind, author: c.author, date: c.date, utc: c.utc };
    document.changes = about.changes.into_iter().map(change).collect();
    document.hidden = about.hidden.into_iter().map(|(k, n)| (k.to_string(), n)).collect::<BTreeMap<_, _>>();
    let zone = |(of, local, utc): (&str, String, String)| Zone { of: of.into(), local, utc };
    document.zones = about.zones.into_iter().map(zone).collect();
    document.signed = about.signed;
    document.packing = about.packed.map(|p| Packing {
        members: p.members,
        other_times: p.other_times,
        time: p.time,
        made_by: p.made_by,
        usual_order: p.usual_order,
        repeated: p.repeated,
    });
    document.holds.extend(about.holds.into_iter().map(str::to_string));
    document.files = about.files;
    document.cut = about.cut || wording.cut;
    sealed(bytes, meter, &document.media, &mut wording);
    (document, wording)
}

fn embedded(about: &About, meter: &Meter, level: usize) -> Vec<Embedded> {
    let one = |(name, bytes): &(String, Vec<u8>)| {
        let mut one = Embedded {
            name: name.clone(),
            media: formats::sniff::media(bytes).into(),
            sha256: super::sha256(bytes),
            size: bytes.len() as u64,
            ..Embedded::default()
        };
        if level < LEVELS
            && meter.item().is_ok()
            && let Some(inner) = about::read(bytes, meter)
        {
            one.author = inner.get("author").unwrap_or_default().into();
            one.modified = inner.get("modified").unwrap_or_default().into();
            one.embedded = embedded(&inner, meter, level + 1);
        }
        one
    };
    about.embedded.iter().map(one).collect()
}

/// What each later revision of a PDF says otherwise than the one before.
fn revised(bytes: &[u8], about: &About, meter: &Meter, document: &mut Document) {
    let mut before: Option<Vec<String>> = None;
    for (n, revision) in about.revisions.iter().enumerate() {
        let mut row = Revision {
            end: revision.end,
            objects: revision.objects,
            kinds: revision.kinds.clone(),
            changed: Vec::new(),
        };
        // Few revisions are looked at: each is read whole.
        if about.revisions.len() > 1
            && n < 8
            && let Some(so_far) = usize::try_from(revision.end).ok().and_then(|end| bytes.get(..end))
        {
            let inner = About { media: "application/pdf", ..About::default() };
            let wording = wording::read(so_far, &inner, meter);
            let words: Vec<String> = wording
                .passages
                .iter()
                .flat_map(|p| p.text.split_whitespace().map(str::to_string).collect::<Vec<_>>())
                .collect();
            if let Some(before) = &before {
                let hunks = super::hunks::hunks(before, &words);
                row.changed = hunks
                    .iter()
                    .take(50)
                    .map(|(a, b)| (before[a.clone()].join(" "), words[b.clone()].join(" ")))
                    .map(|(a, b)| (a.chars().take(300).collect(), b.chars().take(300).collect()))
                    .collect();
            }
            before = Some(words);
        }
        document.revisions.push(row);
    }
}

fn wording(bytes: &[u8], about: &About, meter: &Meter) -> Wording {
    let read = wording::read(bytes, about, meter);
    let mut wording = Wording { readable: read.readable, cut: read.cut, drawn: read.drawn, ..Wording::default() };
    let mut held = 0;
    for passage in read.passages {
        held += passage.text.len();
        if held > TEXT {
            wording.cut = true;
            break;
        }
        let place = match passage.place {
            Place::Body => "body",
            Place::Cell => "cell",
            Place::Note => "note",
            Place::Comment => "comment",
            Place::Margin => "margin",
        };
        wording.passages.push(Passage {
            place: place.into(),
            at: passage.at,
            text: passage.text,
            formula: passage.formula,
        });
    }
    let alone = about.media.starts_with("image/");
    for picture in read.pictures.into_iter().take(PICTURES) {
        wording.pictures.extend(match picture {
            Picture::File(name, bytes) => picture::sketch(&name, &bytes, alone, meter),
            Picture::Grey(name, width, height, pixels) => picture::grey(&name, width, height, &pixels, alone),
        });
    }
    // What a camera put beside its picture.
    if alone && let Some((name, thumbnail)) = about.embedded.first() {
        wording.pictures.extend(picture::sketch(name, thumbnail, false, meter));
    }
    wording
}

/// The hashes by which seals know what a document says.
fn sealed(bytes: &[u8], meter: &Meter, media: &str, wording: &mut Wording) {
    if media.starts_with("image/") {
        return;
    }
    let Some(parts) = parts::read(bytes, meter) else { return };
    let text = seal::normalised(&parts.text());
    if !text.is_empty() {
        wording.seal_text = super::hex(&seal::of_text(&text));
    }
    let paragraphs = parts.paragraphs.iter().take(PARAGRAPHS);
    wording.seal_paragraphs = paragraphs.map(|p| super::hex(&seal::of_text(p)[..8])).collect();
}

#[cfg(test)]
mod tests {
    use super::super::authenticity::AuthenticityDetector;
    use crate::testing::{Memory, config};
    use model::{Context, Time};
    use rows::Row;
    use rows::documents::{Authenticity, Class};

    const TOLD: &str = "[[documents.known]]\nname = \"note.txt\"\ntext = \"\"\"\nThe hall costs 10 000 euros, café included.\nTell nobody.\n\"\"\"";

    #[test]
    fn what_nobody_else_knows_is_a_document_where_it_may_be_held_against_something() {
        let check = |toml: &str, bytes: &[u8], expected: Option<&str>| {
            let config = config(toml);
            let origins = crate::origin::Origin::default();
            let context = Context { config: &config, origins: &origins, at: Time::default(), modified: None };
            let found = crate::recognise(bytes, &context).map(|s| s.name());
            assert_eq!(found, expected, "{toml} {}", String::from_utf8_lossy(bytes));
        };
        let log = "2017-02-14T03:12:00+01:00 web1 sshd[7]: Accepted password for alice from 192.0.2.7 port 5022 ssh2\n"
            .repeat(3);
        let web =
            "203.0.113.9 - - [14/Feb/2017:11:00:00 +0100] \"GET / HTTP/1.1\" 200 100 \"-\" \"curl/7\"\n".repeat(3);
        let mail = "From: A <a@example.org>\nTo: b@example.com\nSubject: note\nMessage-ID: <1@example.org>\n\nHello.\n";
        let posts = "author,created_at,text,url\nanna,2017-02-14T10:00:00Z,Vote,https://kiosque.fr/a\nbob,2017-02-14T10:00:05Z,Vote,https://kiosque.fr/a\n";
        for toml in ["", TOLD, "[documents]\nleaked = [\"*\"]", "[documents]\nevery_file = true"] {
            let all = !toml.is_empty();
            let only = |name| all.then_some(name);
            check(toml, log.as_bytes(), Some("auth_log"));
            check(toml, web.as_bytes(), Some("web_log"));
            check(toml, mail.as_bytes(), Some("mail"));
            check(toml, posts.as_bytes(), Some("posts"));
            check(toml, b"kiosque.fr\nportail-parti.fr\nmail.kiosque.fr\n", Some("names"));
            check(
                toml,
                b"The rally costs 10 000 euros, the hall included. The treasurer has agreed to it.\n",
                Some("documents"),
            );
            check(toml, b"Call Anna about the hall.\n", only("documents"));
            check(toml, b"anna\nbob\ncarol\n", only("documents"));
            check(toml, b"hall;euros\nLyon;10000\n", only("documents"));
            check(toml, b"10:00:01 squid[7]: TCP_MISS/200 512 GET a\n", only("documents"));
            check(toml, b"\x01\x02\x03 of no kind", only("documents"));
            check(toml, b"", None);
            check(toml, b"7z\xbc\xaf\x27\x1c\0\x04", None);
        }
        check(&format!("[documents]\nevery_file = false\n{TOLD}"), b"Call Anna about the hall.\n", None);
    }

    #[test]
    fn a_text_is_the_same_however_it_is_written_and_altered_by_a_word() {
        let check = |bytes: &[u8], expected: (Class, &str)| {
            let config = config(TOLD);
            let mut memory = Memory::default();
            memory.read_all("note.txt", bytes, &config, Time::default());
            let found = memory.detect(&AuthenticityDetector, &config, Time::default());
            let row = Authenticity::of(&found[0].fields).expect("a row");
            let after = row.alterations.first().map_or("", |a| a.after.as_str());
            assert_eq!(
                (row.class, after, found.len()),
                (expected.0, expected.1, 1),
                "{}",
                String::from_utf8_lossy(bytes)
            );
            row.sha256
        };
        let same = (Class::ReissuedCopy, "");
        let text = "The hall costs 10 000 euros, café included.\n\nTell nobody.\n";
        let plain = check(text.as_bytes(), same);
        check(text.replace('\n', "\r\n").as_bytes(), same);
        check(format!("\u{feff}{text}").as_bytes(), same);
        check(
            &formats::charset::decode(b"utf-8", text.as_bytes()).chars().map(|c| c as u32 as u8).collect::<Vec<_>>(),
            same,
        );
        for mark in [[0xff, 0xfe], [0xfe, 0xff]] {
            let bytes = formats::charset::to_utf16(text, mark);
            let own = check(&bytes, same);
            assert_eq!(own, super::super::sha256(&bytes));
            assert_ne!(own, plain);
            let forged = formats::charset::to_utf16(&text.replace("10", "30"), mark);
            check(&forged, (Class::AlteredCopy, "30"));
        }
        check(text.replace("nobody", "everybody").as_bytes(), (Class::AlteredCopy, "everybody."));
        check(text.replace("\n\nTell nobody.", "").as_bytes(), (Class::AlteredCopy, ""));
    }
}
