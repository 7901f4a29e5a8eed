//! What is inside attachments: their type by content, what they would do when opened, the links and texts they hold.
//!
//! You may rely on: one [`Room`] bounds depth, items and bytes for all that is nested in a message; nothing is run;
//! every format's reader takes hostile bytes. Left out: executables' own contents; 7z, RAR and CAB beyond their
//! headers; words in pictures; the order of what a notebook or an old Word document says.

mod kind;
mod office;
mod pdf;
pub mod script;
mod shortcut;

use super::links::{self, Collector};
use super::qr;
use super::sign::{Kind as Sign, Sign as Seen};
use super::url::Url;
use crate::mail::message::{Message, Part, Role};
use formats::html::{self, Opens};
use formats::{Meter, archive, clip, disk, ole, zip};
use kind::Kind;
use model::{Budget, Skip};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::Read;

/// Most bytes of one nested thing.
pub const LARGEST: usize = 16 << 20;
/// Attachments of one message that are looked into, at most.
pub const ATTACHMENTS: usize = 60;
/// Most members of one zip archive listed.
const MEMBERS: usize = 4096;
/// Most names kept of what an archive holds.
const NAMES: usize = 50;

/// What may still be spent on everything nested in one message.
#[derive(Debug)]
pub struct Room {
    bytes: u64,
    items: u32,
    images: u32,
    /// Pixels of pictures that may still be searched for codes.
    pub pixels: usize,
    /// Bounds that were met.
    pub skips: Vec<Skip>,
}

impl Default for Room {
    fn default() -> Room {
        Room { bytes: 64 << 20, items: 400, images: 12, pixels: qr::SEARCHED, skips: Vec::new() }
    }
}

impl Room {
    fn spend(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_sub(bytes as u64);
        if self.bytes == 0 {
            self.skip("attachments hold more than is read");
        }
    }

    /// Decompresses as far as the room goes; damage ends it early.
    fn expand(&mut self, reader: impl Read) -> Vec<u8> {
        let mut out = Vec::new();
        // An error after some bytes leaves those.
        let _ = reader.take(self.bytes.min(LARGEST as u64)).read_to_end(&mut out);
        self.spend(out.len());
        out
    }

    /// The bytes of a member of a zip archive; none where it is locked, damaged or of an unknown method.
    fn member(&mut self, bytes: &[u8], member: &zip::Member) -> Option<Vec<u8>> {
        let out = zip::read(bytes, member, self.bytes.min(LARGEST as u64) as usize)?;
        self.spend(out.len());
        Some(out)
    }

    /// Counts what a document holds.
    fn meter(&self) -> Meter {
        let items = u64::from(Room::default().items);
        Meter::new(Budget { bytes: self.bytes, items, ratio: u64::MAX, ..Budget::default() })
    }

    fn metered(&mut self, meter: &Meter) {
        self.spend(meter.worked() as usize);
        if let Some(over) = meter.exceeded().filter(|_| self.bytes > 0) {
            self.skip(&over.reason);
        }
    }

    fn take<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let some = bytes.get(..bytes.len().min(self.bytes as usize).min(LARGEST)).unwrap_or_default();
        self.spend(some.len());
        some
    }

    fn skip(&mut self, reason: &str) {
        match self.skips.iter_mut().find(|s| s.reason == reason) {
            Some(skip) => skip.count += 1,
            None => self.skips.push(Skip { reason: reason.into(), count: 1, first: 0, line: 0 }),
        }
    }
}

/// What an attachment is and holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its part.
    pub part: u64,
    /// SHA-256.
    pub sha256: String,
    /// What it is, by content.
    pub kind: String,
    /// What about it matters: the signs it gave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traits: Vec<String>,
    /// Names of what it holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<String>,
    /// What could not be looked at.
    #[serde(skip)]
    pub skips: Vec<Skip>,
}

/// Most of what attachments say that is read, in bytes.
const TOLD: usize = 32 << 10;

/// Looks into all attachments; links go to `links`, signs to `signs`, what they say to `told`.
pub fn all(
    message: &Message,
    shown: &str,
    links: &mut Collector,
    signs: &mut Vec<Seen>,
    told: &mut String,
) -> Vec<Attachment> {
    let mut room = Room::default();
    let mut found = Vec::new();
    let parts: Vec<&Part> = message.of(Role::Attachment).chain(message.of(Role::Html).filter(|p| p.attached)).collect();
    for part in parts.iter().take(ATTACHMENTS) {
        let mut look = Look { room: &mut room, links, told, signs: Vec::new(), holds: Vec::new(), shown };
        let name = part.name.as_deref().unwrap_or("");
        let kind = kind::kind(bytes_of(part), name);
        look.file(bytes_of(part), name, kind, 0);
        if part.encrypted && !look.signs.iter().any(|s| matches!(s.sign, Sign::PasswordInBody | Sign::LockedArchive)) {
            look.locked(name);
        }
        look.signs.sort();
        look.signs.dedup_by_key(|s| s.sign);
        let (seen, holds) = (look.signs, look.holds);
        found.push(Attachment {
            part: part.number,
            sha256: part.sha256.clone(),
            kind: serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_string)).unwrap_or_default(),
            traits: seen.iter().map(|s| s.sign.to_string()).collect(),
            holds,
            skips: std::mem::take(&mut room.skips),
        });
        signs.extend(seen);
    }
    if let Some(last) = found.last_mut().filter(|_| parts.len() > ATTACHMENTS) {
        let count = (parts.len() - ATTACHMENTS) as u64;
        last.skips.push(Skip { reason: "more attachments than are looked into".into(), count, first: 0, line: 0 });
    }
    found
}

/// A part's bytes; of text parts the text.
fn bytes_of<'p>(part: &'p Part) -> &'p [u8] {
    if part.bytes.is_empty() { part.text.as_bytes() } else { &part.bytes }
}

struct Look<'l, 'c> {
    room: &'l mut Room,
    links: &'l mut Collector<'c>,
    signs: Vec<Seen>,
    holds: Vec<String>,
    shown: &'l str,
    /// What attachments say.
    told: &'l mut String,
}

impl Look<'_, '_> {
    fn sign(&mut self, sign: Sign, on: &str) {
        self.signs.push(sign.on(on));
    }

    /// Keeps what a document says.
    fn tell(&mut self, text: &str) {
        let left = TOLD.saturating_sub(self.told.len());
        self.told.push_str(clip(text, left));
        self.told.push('\n');
    }

    fn link(&mut self, href: &str, text: &str) {
        self.links.add(href, text, Opens::Click, false, "attachment");
    }

    fn file(&mut self, bytes: &[u8], name: &str, kind: Kind, depth: u32) {
        if depth > 6 || self.room.items == 0 || self.room.bytes == 0 {
            return self.room.skip("attachments nested deeper than is read");
        }
        self.room.items -= 1;
        if let Some(how) = kind::disguise(name, kind) {
            self.sign(Sign::Disguised, if name.is_empty() { how } else { name });
        }
        match kind {
            Kind::Program | Kind::Script | Kind::Help => self.sign(Sign::RunsAttachment, name),
            Kind::Shortcut => self.shortcut(bytes, name),
            Kind::DiskImage => self.disk(bytes, name, depth),
            Kind::Html => self.page(bytes, name),
            Kind::Svg => self.drawing(bytes, name),
            Kind::Ooxml => office::ooxml(bytes, name, self, depth),
            Kind::Ole => self.compound(bytes, name),
            Kind::Rtf => office::rtf(bytes, name, self),
            Kind::Pdf => pdf::look(bytes, name, self),
            Kind::Zip => self.zip(bytes, name, depth),
            Kind::Archive => self.archive(bytes, name, depth),
            Kind::Compressed => self.compressed(bytes, name, depth),
            Kind::OneNote => self.notebook(bytes, name),
            Kind::Calendar => self.calendar(bytes),
            Kind::Profile => self.sign(Sign::Profile, name),
            Kind::Image => self.image(bytes),
            Kind::Other => self.plain(bytes),
        }
    }

    /// What it would run is told; where that names addresses, they are links.
    fn shortcut(&mut self, bytes: &[u8], name: &str) {
        if bytes.starts_with(b"\x4c\0\0\0") {
            let Some(command) = shortcut::command(bytes) else { return self.sign(Sign::RunsAttachment, name) };
            links::in_text(&command).iter().for_each(|(url, _)| self.link(url, ""));
            return self.sign(Sign::RunsAttachment, &format!("{name} → {command}"));
        }
        let text = String::from_utf8_lossy(bytes.get(..64 << 10).unwrap_or(bytes)).into_owned();
        let target = text.lines().find_map(|l| l.trim().strip_prefix("URL=").or_else(|| l.trim().strip_prefix("url=")));
        match target.filter(|t| t.starts_with("http")) {
            Some(target) => {
                self.link(target, "");
                self.sign(Sign::ActiveDocument, name);
            }
            None => self.sign(Sign::RunsAttachment, name),
        }
    }

    /// A disk: the files on it, as those of an archive.
    fn disk(&mut self, bytes: &[u8], name: &str, depth: u32) {
        self.sign(Sign::DiskImage, name);
        let disk = disk::Disk::new(bytes);
        let found = disk.files();
        if !found.known {
            self.room.skip("disk image whose file system is not read");
        }
        if found.cut {
            self.room.skip("more on a disk image than is read");
        }
        for file in &found.files {
            if self.room.items == 0 || self.room.bytes == 0 {
                break;
            }
            self.hold(&file.path);
            let inner = disk.contents(file, LARGEST.min(self.room.bytes as usize));
            self.room.spend(inner.len());
            let kind = kind::kind(&inner, &file.path);
            self.file(&inner, &file.path, kind, depth + 1);
        }
    }

    /// Keeps a name of what it holds.
    fn hold(&mut self, name: &str) {
        if self.holds.len() < NAMES {
            self.holds.push(name.chars().take(1_000).collect());
        }
    }

    /// A text as it stands.
    fn plain(&mut self, bytes: &[u8]) {
        let head = bytes.get(..512).unwrap_or(bytes);
        if head.contains(&0) || head.iter().filter(|b| b.is_ascii_control() && !b.is_ascii_whitespace()).count() > 2 {
            return;
        }
        let text = formats::charset::eight_bit(self.room.take(bytes.get(..TOLD).unwrap_or(bytes))).into_owned();
        for (url, caption) in links::in_text(&text) {
            self.link(&url, caption);
        }
        self.tell(&text);
    }

    /// A web page: as a letter's own, and what it does besides.
    fn page(&mut self, bytes: &[u8], name: &str) {
        let text = String::from_utf8_lossy(self.room.take(bytes)).into_owned();
        let page = html::read(&text);
        self.tell(&page.text);
        for link in &page.links {
            self.links.add(&link.href, &link.text, link.opens, link.image, "attachment");
        }
        for (url, _) in links::in_text(&page.script) {
            self.link(&url, "");
        }
        match script::smuggles(&page.script) {
            Some(how) => self.sign(Sign::Smuggling, how),
            // Names under which nobody sends a letter's page, and browsers open one.
            None if matches!(kind::extension(name).as_str(), "shtml" | "xhtml" | "xht")
                || page.passwords > 0
                || page.links.iter().any(|l| l.opens == Opens::Refresh)
                || page.scripts + page.handlers > 0 && (script::goes(&page.script) || page.inputs > 0) =>
            {
                self.sign(Sign::HtmlAttachmentForm, name);
            }
            None => self.sign(Sign::HtmlAttachment, name),
        }
    }

    /// SVG runs script where a browser opens it, and leads where a picture leads nowhere.
    fn drawing(&mut self, bytes: &[u8], name: &str) {
        if bytes.starts_with(b"\x1f\x8b") {
            let inner = self.room.expand(flate2::read::MultiGzDecoder::new(bytes));
            return self.drawing(&inner, name);
        }
        let text = String::from_utf8_lossy(self.room.take(bytes)).into_owned();
        let page = html::read(&text);
        self.tell(&page.text);
        for link in &page.links {
            self.link(&link.href, &link.text);
        }
        if let Some(first) = page.links.iter().find(|l| l.href.contains(':') || l.href.starts_with("//")) {
            self.sign(Sign::HtmlAttachment, name);
            self.sign(Sign::DocumentLink, &first.href);
        }
        if page.scripts > 0 || page.handlers > 0 || text.contains("<foreignObject") || text.contains("<foreignobject") {
            for (url, _) in links::in_text(&page.script) {
                self.link(&url, "");
            }
            self.sign(
                if script::smuggles(&page.script).is_some() { Sign::Smuggling } else { Sign::HtmlAttachmentForm },
                name,
            );
        }
    }

    /// Keeps a text and where it leads; one way out of all is a sign.
    fn say(&mut self, text: &str) {
        let found = links::in_text(text);
        found.iter().for_each(|(url, _)| self.link(url, ""));
        self.leads(found.iter().map(|(url, _)| url.as_str()));
        self.tell(text);
    }

    /// A document that leads to one place only.
    fn leads<'u>(&mut self, urls: impl Iterator<Item = &'u str>) {
        let hosts: BTreeSet<String> =
            urls.filter_map(Url::parse).map(|u| u.host).filter(|h| !h.is_empty()).take(100).collect();
        if hosts.len() == 1 {
            hosts.iter().for_each(|host| self.sign(Sign::DocumentLink, host));
        }
    }

    fn compound(&mut self, bytes: &[u8], name: &str) {
        match ole::macros(bytes) {
            Some("auto" | "xlm") => self.sign(Sign::AutoMacro, name),
            Some(_) => self.sign(Sign::MacroAttachment, name),
            None => {}
        }
        let Some(file) = ole::Ole::new(bytes) else { return self.room.skip("compound file that cannot be read") };
        let names: Vec<String> = file.names().map(str::to_string).collect();
        if names.iter().any(|n| n == "EncryptedPackage") {
            self.locked(name);
        }
        if names.iter().any(|n| n.eq_ignore_ascii_case("Equation Native") || n.ends_with("Ole10Native")) {
            self.sign(Sign::ActiveDocument, name);
        }
        // Word and PowerPoint keep their text in one stream, as it is typed.
        let texts = file.streams().filter(|(n, _)| matches!(*n, "WordDocument" | "PowerPoint Document"));
        let texts: Vec<String> = texts.take(2).map(|(_, stream)| formats::strings::runs(&stream, TOLD)).collect();
        texts.iter().for_each(|text| self.say(text));
    }

    fn zip(&mut self, bytes: &[u8], name: &str, depth: u32) {
        let Some(zip) = zip::directory(&bytes, bytes.len() as u64, MEMBERS) else {
            return self.room.skip("archive that cannot be read");
        };
        if zip.damaged {
            self.room.skip("archive whose directory is damaged");
        }
        if zip.members.iter().any(|m| m.encrypted) {
            self.locked(name);
        }
        if zip.members.first().is_some_and(|m| m.name == "mimetype")
            && zip.members.iter().any(|m| m.name == "content.xml" && !m.encrypted)
        {
            return office::open(bytes, &zip, name, self);
        }
        for member in &zip.members {
            self.hold(&member.name);
            if member.encrypted {
                self.named(&member.name);
                continue;
            }
            if member.is_folder() || self.room.items == 0 || self.room.bytes == 0 {
                continue;
            }
            if let Some(inner) = self.room.member(bytes, member) {
                let kind = kind::kind(&inner, &member.name);
                self.file(&inner, &member.name, kind, depth + 1);
            }
        }
    }

    /// What an archive's member is by its name alone.
    fn named(&mut self, name: &str) {
        let runs = matches!(kind::kind(b"", name), Kind::Program | Kind::Script | Kind::Shortcut)
            || kind::DISKS.contains(&kind::extension(name).as_str());
        if runs {
            self.sign(Sign::RunsAttachment, name);
        }
    }

    fn archive(&mut self, bytes: &[u8], name: &str, depth: u32) {
        if bytes.get(257..262) == Some(b"ustar") {
            return self.tape(bytes, depth);
        }
        let Some(archive) = archive::read(bytes) else {
            self.room.skip("archive of a kind that is not opened");
            return self.sign(Sign::LockedArchive, name);
        };
        if archive.locked {
            self.locked(name);
        }
        if archive.damaged {
            self.room.skip("archive whose headers are damaged");
            if archive.members.is_empty() && !archive.locked {
                self.locked(name);
            }
        }
        for (member, stored) in &archive.members {
            if self.room.items == 0 || self.room.bytes == 0 {
                break;
            }
            self.hold(member);
            match stored {
                Some(stored) => {
                    let inner = self.room.take(stored);
                    let kind = kind::kind(inner, member);
                    self.file(inner, member, kind, depth + 1);
                }
                None => self.named(member),
            }
        }
        if archive.members.iter().any(|(_, stored)| stored.is_none()) && !archive.locked {
            self.room.skip("archive whose members are not unpacked (RAR, 7z, CAB): their names only");
        }
    }

    /// tar: members stand as they are.
    fn tape(&mut self, bytes: &[u8], depth: u32) {
        let mut at = 0usize;
        while let Some(header) = bytes.get(at..at + 512).filter(|h| h[0] != 0) {
            let text =
                |r: std::ops::Range<usize>| String::from_utf8_lossy(&header[r]).trim_matches(['\0', ' ']).to_string();
            let (inner, size) = (text(0..100), usize::from_str_radix(&text(124..136), 8).unwrap_or(0));
            if self.room.items == 0 {
                break;
            }
            let body = bytes.get(at + 512..(at + 512).saturating_add(size).min(bytes.len())).unwrap_or_default();
            self.hold(&inner);
            let body = self.room.take(body);
            let kind = kind::kind(body, &inner);
            self.file(body, &inner, kind, depth + 1);
            let Some(next) = size.div_ceil(512).checked_mul(512).and_then(|n| n.checked_add(at + 512)) else {
                break;
            };
            at = next;
        }
    }

    fn compressed(&mut self, bytes: &[u8], name: &str, depth: u32) {
        if !bytes.starts_with(b"\x1f\x8b") {
            return;
        }
        let inner = self.room.expand(flate2::read::MultiGzDecoder::new(bytes));
        let inner_name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".tgz")).unwrap_or(name).to_string();
        let kind = kind::kind(&inner, &inner_name);
        self.file(&inner, &inner_name, kind, depth + 1);
    }

    /// Files lie in a notebook as they are (MS-ONESTORE FileDataStoreObject); what runs among them is told by its head.
    fn notebook(&mut self, bytes: &[u8], name: &str) {
        let store = b"\xe7\x16\xe3\xbd\x65\x26\x11\x45\xa4\xc4\x8d\x4d\x0b\x7a\x9e\xac";
        for at in memchr::memmem::find_iter(bytes, store).take(50) {
            let body = bytes.get(at + 36..(at + 36 + 4096).min(bytes.len())).unwrap_or_default();
            let kind = kind::kind(body, "");
            if matches!(kind, Kind::Program | Kind::Script | Kind::Shortcut | Kind::Html | Kind::Help) {
                return self.sign(Sign::RunsAttachment, name);
            }
            if kind == Kind::Image {
                let end = bytes.len().min(at + 36 + LARGEST);
                self.image(bytes.get(at + 36..end).unwrap_or_default());
            }
        }
        self.sign(Sign::Notebook, name);
        let text = formats::strings::runs(self.room.take(bytes), TOLD);
        self.say(&text);
    }

    fn calendar(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes.get(..256 << 10).unwrap_or(bytes))
            .replace("\r\n ", "")
            .replace("\n ", "")
            .replace("\\n", " ");
        self.tell(&text);
        let found = links::in_text(&text);
        if let Some(first) = found.first() {
            self.sign(Sign::InvitationLink, &first.0);
        }
        found.iter().for_each(|(url, _)| self.link(url, ""));
    }

    fn image(&mut self, bytes: &[u8]) {
        if self.room.images == 0 {
            return;
        }
        self.room.images -= 1;
        for text in qr::codes(bytes, &mut self.room.pixels) {
            self.code(&text);
        }
    }

    /// What a QR code says.
    fn code(&mut self, text: &str) {
        self.signs.extend(super::code(text, self.links));
    }

    /// Nobody can look inside; with the password in the letter that is a known trick.
    fn locked(&mut self, name: &str) {
        let lower = self.shown.to_lowercase();
        let words = [
            "password",
            "passcode",
            "mot de passe",
            "kennwort",
            "passwort",
            "contraseña",
            "senha",
            "wachtwoord",
            "pw:",
            "pass:",
            "mdp",
        ];
        let said = words.iter().any(|w| lower.contains(w));
        self.sign(if said { Sign::PasswordInBody } else { Sign::LockedArchive }, name);
    }
}

#[cfg(test)]
mod tests;
