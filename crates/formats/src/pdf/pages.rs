//! What the pages of a document show, page by page in the order of the page tree (7.7.3): text by the fonts that are set, how
//! much is drawn besides, which pictures, what notes and forms say.
//!
//! You may rely on: each page's drawing is run through once with its own fonts; what a form draws is drawn where it is
//! used; letters that no table tells stand as characters of private use, so that equal drawings give equal text. Left out:
//! passwords; where on the page something stands.

use super::objects::Objects;
use super::picture::{self, Palette};
use super::text::{self, Table};
use super::{Stream, locked};
use crate::Meter;
use crate::charset;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Pages, levels of the tree, forms within forms.
const PAGES: usize = 20_000;
const LEVELS: usize = 64;
const FORMS: usize = 8;
/// Bytes of text of one document.
const TEXT: usize = 16 << 20;
/// Bytes of drawings that are run through.
const DRAWN: usize = 256 << 20;
/// Pictures of one document, and their bytes.
const PICTURES: usize = 2_000;
const PICTURED: usize = 128 << 20;
/// Where letters begin that no table tells.
const UNTOLD: u32 = 0xf_0000;

/// A page.
#[derive(Debug, Default)]
pub struct Page {
    /// What it shows as text.
    pub text: String,
    /// What notes on it and fields in it say.
    pub notes: String,
    /// Shapes that are filled or drawn, shadings and pictures.
    pub painted: u64,
    /// Hashes of the streams that draw it.
    pub drawings: Vec<u64>,
}

/// What a document shows.
#[derive(Debug, Default)]
pub struct Shown {
    /// Its pages.
    pub pages: Vec<Page>,
    /// Its pictures: a JPEG as it stands, or what stands in the stream with its size.
    pub pictures: Vec<Pictured>,
    /// Whether there was more than is kept.
    pub cut: bool,
}

/// A picture of a document.
#[derive(Debug)]
pub enum Pictured {
    /// A JPEG or a JPEG 2000.
    Jpeg(Vec<u8>),
    /// Grey pixels: width, height.
    Grey(usize, usize, Vec<u8>),
    /// One that is not understood.
    Other(Vec<u8>),
}

/// Reads what a document shows.
pub fn read(bytes: &[u8], meter: &Meter) -> Shown {
    let opened = locked::opened(bytes, meter);
    let objects = Objects::new(opened.as_deref().unwrap_or(bytes), meter);
    let mut reading = Reading {
        objects: &objects,
        meter: meter.clone(),
        shown: Shown::default(),
        fonts: BTreeMap::new(),
        pictured: BTreeSet::new(),
        held: 0,
        drawn: 0,
        text: 0,
    };
    if objects.encrypted && opened.is_none() {
        return reading.shown;
    }
    if let Some(root) = objects.root() {
        let mut seen = BTreeSet::new();
        if let Some(pages) = root.get_ref("Pages") {
            reading.tree(pages.obj_number, None, &mut seen, 0);
        }
        if let Some(form) = objects.inner(&root, "AcroForm")
            && let Some(fields) = objects.array(&form, "Fields")
        {
            let mut said = String::new();
            for field in fields.raw_iter().take(5_000) {
                if let MaybeRef::Ref(to) = field
                    && let Some(field) = objects.dictionary(to.obj_number)
                    && let Some(value) = objects.text(&field, "V")
                {
                    said.push_str(&value);
                    said.push('\n');
                }
            }
            if let (Some(first), false) = (reading.shown.pages.first_mut(), said.is_empty()) {
                first.notes.push_str(&said);
            }
        }
    }
    reading.shown
}

/// A font as far as letters go.
struct Font {
    wide: bool,
    table: Option<Table>,
    /// Letters of codes that differ from the base encoding.
    letters: BTreeMap<u8, String>,
    mac: bool,
}

struct Reading<'o, 'b> {
    objects: &'o Objects<'b>,
    meter: Meter,
    shown: Shown,
    fonts: BTreeMap<u32, Rc<Font>>,
    pictured: BTreeSet<u32>,
    held: usize,
    drawn: usize,
    text: usize,
}

impl<'o> Reading<'o, '_> {
    fn tree(&mut self, number: u32, resources: Option<Dict<'o>>, seen: &mut BTreeSet<u32>, level: usize) {
        if level > LEVELS || self.shown.pages.len() >= PAGES || !seen.insert(number) {
            self.shown.cut |= level > LEVELS || self.shown.pages.len() >= PAGES;
            return;
        }
        let Some(node) = self.objects.dictionary(number) else { return };
        let resources = self.objects.inner(&node, "Resources").or(resources);
        match self.objects.array(&node, "Kids") {
            Some(kids) => {
                for kid in kids.raw_iter().take(PAGES) {
                    if let MaybeRef::Ref(to) = kid {
                        self.tree(to.obj_number, resources.clone(), seen, level + 1);
                    }
                }
            }
            None => self.page(&node, resources),
        }
    }

    fn page(&mut self, node: &Dict<'o>, resources: Option<Dict<'o>>) {
        let mut page = Page::default();
        let mut contents = Vec::new();
        match node.get_raw::<Object>("Contents") {
            Some(MaybeRef::Ref(to)) => match self.objects.array(node, "Contents") {
                Some(all) => contents.extend(all.raw_iter().filter_map(|o| match o {
                    MaybeRef::Ref(to) => Some(to.obj_number),
                    MaybeRef::NotRef(_) => None,
                })),
                None => contents.push(to.obj_number),
            },
            Some(MaybeRef::NotRef(_)) => {
                if let Some(all) = self.objects.array(node, "Contents") {
                    contents.extend(all.raw_iter().filter_map(|o| match o {
                        MaybeRef::Ref(to) => Some(to.obj_number),
                        MaybeRef::NotRef(_) => None,
                    }));
                }
            }
            None => {}
        }
        let mut drawing = Vec::new();
        for number in contents.into_iter().take(1_000) {
            if let Some((_, content)) = self.objects.stream(number) {
                page.drawings.push(model::hash::fnv1a(content.trim_ascii().iter().copied()));
                drawing.extend_from_slice(&content);
                drawing.push(b'\n');
            }
        }
        let resources = resources.unwrap_or_else(Dict::empty);
        self.draw(&drawing, &resources, &mut page, 0);
        self.annotations(node, &mut page);
        self.text += page.text.len();
        self.shown.pages.push(page);
    }

    /// Notes on a page: what they say, and what they draw.
    fn annotations(&mut self, node: &Dict<'o>, page: &mut Page) {
        let Some(all) = self.objects.array(node, "Annots") else { return };
        for note in all.raw_iter().take(5_000) {
            let note = match note {
                MaybeRef::Ref(to) => self.objects.dictionary(to.obj_number),
                MaybeRef::NotRef(object) => object.into_dict(),
            };
            let Some(note) = note else { continue };
            let kind = note.get::<Name>("Subtype").map(|n| n.to_vec()).unwrap_or_default();
            if matches!(&kind[..], b"Link" | b"Popup") {
                continue;
            }
            let mut inner = Page::default();
            if let Some(appearance) = self.objects.inner(&note, "AP")
                && let Some(normal) = appearance.get_ref("N")
            {
                self.form(normal.obj_number, &mut inner, 0);
            }
            page.painted += inner.painted;
            let said = match inner.text.trim() {
                "" => {
                    self.objects.text(&note, "Contents").or_else(|| self.objects.text(&note, "V")).unwrap_or_default()
                }
                shown => shown.to_string(),
            };
            if !said.trim().is_empty() {
                page.notes.push_str(said.trim());
                page.notes.push('\n');
            }
        }
    }

    fn form(&mut self, number: u32, page: &mut Page, level: usize) {
        if level >= FORMS {
            return;
        }
        let objects = self.objects;
        let Some((dictionary, content)) = objects.stream(number) else { return };
        let resources = objects.inner(&dictionary, "Resources").unwrap_or_else(Dict::empty);
        self.draw(&content, &resources, page, level + 1);
    }

    fn font(&mut self, resources: &Dict<'o>, name: &[u8]) -> Option<Rc<Font>> {
        let fonts = self.objects.inner(resources, "Font")?;
        let to = fonts.get_ref(name);
        if let Some(font) = to.and_then(|r| self.fonts.get(&r.obj_number)) {
            return Some(font.clone());
        }
        let dictionary = match to {
            Some(to) => self.objects.dictionary(to.obj_number)?,
            None => fonts.get::<Dict>(name)?,
        };
        let wide = dictionary.get::<Name>("Subtype").is_some_and(|n| *n == *b"Type0");
        let table = dictionary.get_ref("ToUnicode").and_then(|r| self.objects.stream(r.obj_number));
        let table = table.map(|(_, content)| text::table(&content)).filter(|t| !t.is_empty());
        let (mut letters, mut mac) = (BTreeMap::new(), false);
        mac |= dictionary.get::<Name>("Encoding").is_some_and(|n| *n == *b"MacRomanEncoding");
        if let Some(encoding) = self.objects.inner(&dictionary, "Encoding") {
            mac |= encoding.get::<Name>("BaseEncoding").is_some_and(|n| *n == *b"MacRomanEncoding");
            let mut code = 0u32;
            let differences = self.objects.array(&encoding, "Differences");
            for value in differences.iter().flat_map(|d| d.raw_iter()).take(2_000) {
                let MaybeRef::NotRef(value) = value else { continue };
                match value {
                    Object::Name(name) => {
                        if let (Ok(code), Some(letter)) = (u8::try_from(code), glyph(&name)) {
                            letters.insert(code, letter);
                        }
                        code += 1;
                    }
                    other => code = other.into_i32().and_then(|n| u32::try_from(n).ok()).unwrap_or(code),
                }
            }
        }
        let font = Rc::new(Font { wide, table, letters, mac });
        if let Some(to) = to {
            self.fonts.insert(to.obj_number, font.clone());
        }
        Some(font)
    }

    /// Runs through a drawing.
    fn draw(&mut self, content: &[u8], resources: &Dict<'o>, page: &mut Page, level: usize) {
        self.drawn += content.len();
        if self.drawn > DRAWN || self.meter.work(content.len() as u64).is_err() {
            self.shown.cut = true;
            return;
        }
        let mut rest = content;
        let mut font: Option<Rc<Font>> = None;
        let (mut words, mut numbers): (Vec<&[u8]>, Vec<f32>) = (Vec::new(), Vec::new());
        let mut array = false;
        let mut line = f32::NAN;
        let mut strings: Vec<(Vec<u8>, f32)> = Vec::new();
        while let Some(&b) = rest.first() {
            if page.text.len() + self.text >= TEXT {
                self.shown.cut = true;
                return;
            }
            match b {
                b'(' => {
                    let (string, after) = text::literal(&rest[1..]);
                    strings.push((string, 0.0));
                    rest = after;
                }
                b'<' if !rest.starts_with(b"<<") => {
                    let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
                    strings.push((text::hexadecimal(&rest[1..end]), 0.0));
                    rest = rest.get(end + 1..).unwrap_or_default();
                }
                b'%' => rest = &rest[memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())..],
                b'[' | b']' => {
                    array = b == b'[';
                    rest = &rest[1..];
                }
                b'/' => {
                    let end = 1 + rest[1..].iter().position(|b| !super::is_regular(*b)).unwrap_or(rest.len() - 1);
                    words.push(&rest[1..end]);
                    rest = &rest[end..];
                }
                _ => {
                    let end = rest.iter().position(|b| !super::is_regular(*b)).unwrap_or(rest.len()).max(1);
                    let (word, after) = rest.split_at(end);
                    rest = after;
                    if let Some(number) = std::str::from_utf8(word).ok().and_then(|w| w.parse::<f32>().ok()) {
                        match (array, strings.last_mut()) {
                            (true, Some(last)) => last.1 += number,
                            _ => numbers.push(number),
                        }
                        if numbers.len() > 64 {
                            numbers.remove(0);
                        }
                        continue;
                    }
                    if !word[0].is_ascii_alphabetic() && !matches!(word[0], b'\'' | b'"') {
                        continue;
                    }
                    match word {
                        b"Tf" => font = words.last().and_then(|name| self.font(resources, name)),
                        b"Td" | b"TD" => {
                            let moved = numbers.last().copied().unwrap_or(0.0);
                            gap(&mut page.text, if moved.abs() > 0.01 { '\n' } else { ' ' });
                        }
                        b"Tm" => {
                            let at = numbers.last().copied().unwrap_or(0.0);
                            gap(&mut page.text, if (at - line).abs() < 0.5 { ' ' } else { '\n' });
                            line = at;
                        }
                        b"T*" | b"BT" | b"ET" => gap(&mut page.text, '\n'),
                        b"Tj" | b"TJ" | b"'" | b"\"" => {
                            if matches!(word, b"'" | b"\"") {
                                gap(&mut page.text, '\n');
                            }
                            for (string, after) in strings.drain(..) {
                                show(font.as_deref(), &string, &mut page.text);
                                // A wide gap between letters is a blank.
                                if after < -180.0 {
                                    gap(&mut page.text, ' ');
                                }
                            }
                        }
                        b"Do" => {
                            if let Some(name) = words.last() {
                                self.object(resources, name, page, level);
                            }
                        }
                        b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s" | b"sh" => page.painted += 1,
                        // A picture within the drawing: its bytes are no words.
                        b"ID" => {
                            page.painted += 1;
                            let end = memchr::memmem::find(rest, b"EI").map_or(rest.len(), |n| n + 2);
                            rest = &rest[end..];
                        }
                        _ => {}
                    }
                    words.clear();
                    numbers.clear();
                    strings.clear();
                }
            }
            if strings.len() > 10_000 {
                strings.clear();
            }
        }
    }

    /// Draws what has a name of its own: a form or a picture.
    fn object(&mut self, resources: &Dict<'o>, name: &[u8], page: &mut Page, level: usize) {
        let objects = self.objects;
        let Some(all) = objects.inner(resources, "XObject") else { return };
        let Some(number) = all.get_ref(name).map(|r| r.obj_number) else { return };
        let Some(stream) = objects.raw(number) else { return };
        if !stream.is(b"Subtype", b"Image") {
            return self.form(number, page, level);
        }
        page.painted += 1;
        if self.pictured.insert(number) {
            self.picture(&stream);
        }
    }

    /// The palette of a picture (8.6.6.3).
    fn palette(&self, of: &Dict) -> Option<Palette> {
        let space = self.objects.array(of, "ColorSpace")?;
        let mut said = space.raw_iter();
        let MaybeRef::NotRef(Object::Name(kind)) = said.next()? else { return None };
        if !matches!(&*kind, b"Indexed" | b"I") {
            return None;
        }
        let channels = match said.next()? {
            MaybeRef::NotRef(Object::Name(name)) if matches!(&*name, b"DeviceGray" | b"CalGray" | b"G") => 1,
            MaybeRef::NotRef(Object::Name(name)) if matches!(&*name, b"DeviceCMYK" | b"CMYK") => 4,
            // Of a profile, how many channels it has; of all others three.
            MaybeRef::NotRef(Object::Array(base)) => self.channels(&base),
            MaybeRef::Ref(to) => self.objects.list(to.obj_number).map_or(3, |base| self.channels(&base)),
            _ => 3,
        };
        let colours = match said.nth(1)? {
            MaybeRef::NotRef(Object::String(text)) => text.to_vec(),
            MaybeRef::Ref(to) => match self.objects.stream(to.obj_number) {
                Some((_, bytes)) => bytes.into_owned(),
                None => self.objects.string(to.obj_number)?,
            },
            _ => return None,
        };
        Some(Palette::of(&colours, channels))
    }

    fn channels(&self, base: &Array) -> usize {
        let mut said = base.raw_iter();
        match (said.next(), said.next()) {
            (Some(MaybeRef::NotRef(Object::Name(kind))), Some(MaybeRef::Ref(to))) if *kind == *b"ICCBased" => {
                let profile = self.objects.dictionary(to.obj_number);
                profile.and_then(|p| p.get::<u32>("N")).map_or(3, |n| n as usize)
            }
            (Some(MaybeRef::NotRef(Object::Name(kind))), _) if *kind == *b"CalGray" => 1,
            _ => 3,
        }
    }

    fn picture(&mut self, stream: &Stream) {
        if self.shown.pictures.len() >= PICTURES || self.held > PICTURED {
            self.shown.cut = true;
            return;
        }
        let palette = self.palette(&stream.dictionary);
        let pictured = match picture::read(stream, palette.as_ref(), 32 << 20, &self.meter) {
            Some(picture::Picture::Jpeg(bytes) | picture::Picture::Jpeg2000(bytes)) => {
                Pictured::Jpeg(bytes.into_owned())
            }
            Some(picture::Picture::Grey { width, height, pixels }) => Pictured::Grey(width, height, pixels),
            None => Pictured::Other(stream.body.to_vec()),
        };
        self.held += match &pictured {
            Pictured::Jpeg(b) | Pictured::Other(b) | Pictured::Grey(_, _, b) => b.len(),
        };
        self.shown.pictures.push(pictured);
    }
}

fn gap(out: &mut String, c: char) {
    if out.is_empty() {
        return;
    }
    match (c, out.ends_with([' ', '\n'])) {
        (_, false) => out.push(c),
        ('\n', true) if out.ends_with(' ') => {
            out.pop();
            out.push('\n');
        }
        _ => {}
    }
}

/// The letters of a string.
fn show(font: Option<&Font>, string: &[u8], out: &mut String) {
    let untold = |code: u32| char::from_u32(UNTOLD + (code & 0xffff)).unwrap_or('\u{fffd}');
    let Some(font) = font else {
        return out.push_str(&charset::decode(b"windows-1252", string));
    };
    if font.wide {
        for pair in string.chunks(2) {
            let code = pair.iter().fold(0, |n, b| n << 8 | u32::from(*b));
            match font.table.as_ref().and_then(|t| t.get(&code)) {
                Some(letters) => out.push_str(letters),
                None => out.push(untold(code)),
            }
        }
        return;
    }
    for &b in string {
        match (font.table.as_ref().and_then(|t| t.get(&u32::from(b))), font.letters.get(&b)) {
            (Some(letters), _) | (None, Some(letters)) => out.push_str(letters),
            (None, None) if b < 0x20 => out.push(untold(u32::from(b))),
            (None, None) => {
                let charset: &[u8] = if font.mac { b"macintosh" } else { b"windows-1252" };
                out.push_str(&charset::decode(charset, &[b]));
            }
        }
    }
}

/// The letter that a glyph's name stands for (Adobe's list, as far as Latin text needs it).
fn glyph(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    let name = name.split('.').next()?;
    if name.len() == 1 {
        return Some(name.to_string());
    }
    let code =
        name.strip_prefix("uni").filter(|h| h.len() == 4).or_else(|| name.strip_prefix('u').filter(|h| h.len() >= 4));
    if let Some(c) = code.and_then(|h| u32::from_str_radix(h, 16).ok()).and_then(char::from_u32) {
        return Some(c.to_string());
    }
    let found = GLYPHS.iter().find(|(known, _)| *known == name);
    if let Some((_, letter)) = found {
        return Some((*letter).to_string());
    }
    // A letter and its accent.
    const ACCENTS: [(&str, char); 9] = [
        ("acute", '\u{301}'),
        ("grave", '\u{300}'),
        ("circumflex", '\u{302}'),
        ("dieresis", '\u{308}'),
        ("tilde", '\u{303}'),
        ("cedilla", '\u{327}'),
        ("ring", '\u{30a}'),
        ("caron", '\u{30c}'),
        ("macron", '\u{304}'),
    ];
    let (accent, mark) = ACCENTS.iter().find(|(word, _)| name.ends_with(word))?;
    let letter = name.strip_suffix(accent).filter(|l| l.len() == 1)?;
    Some(format!("{letter}{mark}"))
}

const GLYPHS: &[(&str, &str)] = &[
    ("space", " "),
    ("nbspace", " "),
    ("exclam", "!"),
    ("quotedbl", "\""),
    ("numbersign", "#"),
    ("dollar", "$"),
    ("percent", "%"),
    ("ampersand", "&"),
    ("quotesingle", "'"),
    ("quoteright", "’"),
    ("quoteleft", "‘"),
    ("quotedblleft", "“"),
    ("quotedblright", "”"),
    ("guillemotleft", "«"),
    ("guillemotright", "»"),
    ("guilsinglleft", "‹"),
    ("guilsinglright", "›"),
    ("quotedblbase", "„"),
    ("quotesinglbase", "‚"),
    ("parenleft", "("),
    ("parenright", ")"),
    ("asterisk", "*"),
    ("plus", "+"),
    ("comma", ","),
    ("hyphen", "-"),
    ("minus", "−"),
    ("period", "."),
    ("slash", "/"),
    ("zero", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("colon", ":"),
    ("semicolon", ";"),
    ("less", "<"),
    ("equal", "="),
    ("greater", ">"),
    ("question", "?"),
    ("at", "@"),
    ("bracketleft", "["),
    ("backslash", "\\"),
    ("bracketright", "]"),
    ("underscore", "_"),
    ("braceleft", "{"),
    ("bar", "|"),
    ("braceright", "}"),
    ("endash", "–"),
    ("emdash", "—"),
    ("bullet", "•"),
    ("ellipsis", "…"),
    ("degree", "°"),
    ("section", "§"),
    ("paragraph", "¶"),
    ("copyright", "©"),
    ("registered", "®"),
    ("trademark", "™"),
    ("Euro", "€"),
    ("sterling", "£"),
    ("periodcentered", "·"),
    ("onehalf", "½"),
    ("multiply", "×"),
    ("fi", "fi"),
    ("fl", "fl"),
    ("ff", "ff"),
    ("ffi", "ffi"),
    ("ffl", "ffl"),
    ("ae", "æ"),
    ("AE", "Æ"),
    ("oe", "œ"),
    ("OE", "Œ"),
    ("germandbls", "ß"),
    ("oslash", "ø"),
    ("Oslash", "Ø"),
];
