//! Office documents of zip and XML (ECMA-376), and rich text: what they run, fetch or hold when opened.

use super::super::sign::Kind as Sign;
use super::Look;
use super::kind;
use formats::{ole, zip};

/// Looks into a document of zip and XML.
pub fn ooxml(bytes: &[u8], name: &str, look: &mut Look, depth: u32) {
    let Some(zip) = zip::directory(&bytes, bytes.len() as u64, super::MEMBERS) else {
        return look.room.skip("document that cannot be read");
    };
    let mut hyperlinks = Vec::new();
    for member in &zip.members {
        let lower = member.name.to_ascii_lowercase();
        let wanted = lower.ends_with("vbaproject.bin")
            || lower.ends_with(".rels")
            || lower.contains("/embeddings/")
            || is_text(&lower)
            || lower.starts_with("xl/worksheets/sheet")
            || lower.contains("/media/")
            || lower.contains("macrosheets/")
            || lower.contains("activex/") && lower.ends_with(".bin");
        if !wanted || look.room.items == 0 {
            continue;
        }
        look.room.items -= 1;
        if lower.contains("macrosheets/") {
            look.sign(Sign::AutoMacro, name);
            continue;
        }
        let Some(inner) = look.room.member(bytes, member) else { continue };
        if lower.ends_with("vbaproject.bin") {
            let auto = matches!(ole::macros(&inner), Some("auto"));
            look.sign(if auto { Sign::AutoMacro } else { Sign::MacroAttachment }, name);
        } else if lower.ends_with(".rels") {
            relations(&String::from_utf8_lossy(&inner), name, look, &mut hyperlinks);
        } else if lower.starts_with("xl/worksheets/sheet") {
            // Other sheets hold figures, and their words lie apart.
            if memchr::memmem::find(&inner, b"inlineStr").is_some() {
                self::text(&inner, look);
            }
        } else if is_text(&lower) {
            let text = String::from_utf8_lossy(&inner).into_owned();
            if lower.ends_with("document.xml") && (text.contains("DDEAUTO") || text.contains(" DDE ")) {
                look.sign(Sign::ActiveDocument, name);
            }
            self::text(&inner, look);
        } else if lower.contains("/media/") {
            look.image(&inner);
        } else if lower.contains("/embeddings/") {
            let kind = kind::kind(&inner, &member.name);
            if kind == kind::Kind::Ole
                && memchr::memmem::find(&inner, b"O\x00l\x00e\x001\x000\x00N\x00a\x00t\x00i\x00v\x00e").is_some()
            {
                look.sign(Sign::ActiveDocument, &member.name);
            } else if kind != kind::Kind::Ole && kind != kind::Kind::Ooxml {
                look.file(&inner, &member.name, kind, depth + 1);
            }
        }
    }
    if let [one] = hyperlinks.as_slice() {
        look.sign(Sign::DocumentLink, one);
    }
}

/// Whether a member holds what a document, its sheets or its slides say.
fn is_text(member: &str) -> bool {
    member.ends_with("word/document.xml")
        || member.ends_with("xl/sharedstrings.xml")
        || member.ends_with(".xml")
            && ["ppt/slides/slide", "word/header", "word/footer"].iter().any(|begin| member.starts_with(begin))
}

/// Looks into an OpenDocument: its text is one page of XML, its pictures stand beside it, and so do its scripts.
pub fn open(bytes: &[u8], zip: &zip::Directory, name: &str, look: &mut Look) {
    for member in zip.members.iter().filter(|m| !m.encrypted && !m.is_folder()) {
        let (text, picture) = (member.name == "content.xml", member.name.starts_with("Pictures/"));
        if ["Basic/", "Scripts/"].iter().any(|f| member.name.starts_with(f)) {
            look.sign(Sign::MacroAttachment, name);
        }
        if look.room.items == 0 || !text && !picture {
            continue;
        }
        look.room.items -= 1;
        match look.room.member(bytes, member) {
            Some(inner) if text => self::text(&inner, look),
            Some(inner) => look.image(&inner),
            None => {}
        }
    }
}

/// The text of a document in XML, paragraph by paragraph, and where it leads.
pub fn text(xml: &[u8], look: &mut Look) {
    let xml = String::from_utf8_lossy(xml);
    let mut out = String::new();
    for piece in xml.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        if let Some(href) =
            tag.split("xlink:href=\"").nth(1).and_then(|t| t.split('"').next()).filter(|_| tag.starts_with("text:a"))
        {
            look.link(&href.replace("&amp;", "&"), "");
        }
        if matches!(
            tag,
            "/w:p" | "/text:p" | "/text:h" | "w:br/" | "text:line-break/" | "w:tab/" | "/a:p" | "/si" | "/is"
        ) {
            out.push('\n');
        }
        out.push_str(&formats::entities::decode(text));
        if out.len() > super::TOLD {
            break;
        }
    }
    for (url, caption) in super::links::in_text(&out) {
        look.link(&url, caption);
    }
    look.tell(&out);
}

/// Relations that lead outside: links one clicks, and templates or objects that are fetched at once.
fn relations(xml: &str, name: &str, look: &mut Look, hyperlinks: &mut Vec<String>) {
    for element in xml.split("<Relationship ").skip(1).take(2000) {
        let element = element.split("/>").next().unwrap_or("");
        if !element.contains("TargetMode=\"External\"") {
            continue;
        }
        let target =
            element.split("Target=\"").nth(1).and_then(|t| t.split('"').next()).unwrap_or("").replace("&amp;", "&");
        let is = |what: &str| element.contains(what);
        look.link(&target, "");
        if is("/hyperlink\"") {
            if target.starts_with("http") && !hyperlinks.contains(&target) {
                hyperlinks.push(target);
            }
        } else if is("attachedTemplate")
            || is("oleObject")
            || is("/frame\"")
            || is("/subDocument\"")
            || is("externalLinkPath") && target.starts_with("http")
        {
            look.sign(Sign::ActiveDocument, name);
        }
    }
}

/// Looks into rich text: objects that run, templates that are fetched.
pub fn rtf(bytes: &[u8], name: &str, look: &mut Look) {
    let text: Vec<u8> =
        look.room.take(bytes).iter().filter(|b| !b.is_ascii_whitespace()).map(u8::to_ascii_lowercase).collect();
    let has = |what: &str| memchr::memmem::find(&text, what.as_bytes()).is_some();
    let template = memchr::memmem::find(&text, b"\\*\\template").and_then(|at| text.get(at + 11..at + 400));
    if let Some(target) = template.map(|t| String::from_utf8_lossy(t).into_owned()).filter(|t| t.starts_with("http")) {
        look.link(target.split('}').next().unwrap_or(&target), "");
        look.sign(Sign::ActiveDocument, name);
    }
    // `Equation` and `Package` in hexadecimal, as objects name their class.
    if has("\\objdata")
        && (has("\\objupdate")
            || has("\\objautlink")
            || has("4571756174696f6e")
            || has("equation.")
            || has("5061636b616765"))
        || has("ddeauto")
    {
        look.sign(Sign::ActiveDocument, name);
    }
    // What it says, and where its fields lead.
    look.say(&formats::rtf::body(bytes).text);
    let fields = memchr::memmem::find_iter(bytes, b"HYPERLINK \"").take(100);
    let targets: Vec<String> = fields
        .filter_map(|at| bytes.get(at + 11..(at + 11 + 2048).min(bytes.len())))
        .map(|rest| String::from_utf8_lossy(rest.split(|b| *b == b'"').next().unwrap_or(rest)).into_owned())
        .collect();
    targets.iter().for_each(|url| look.link(url, ""));
    look.leads(targets.iter().map(String::as_str));
}
