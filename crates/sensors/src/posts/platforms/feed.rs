//! Feeds of media: RSS 2.0 (and 0.9x), Atom (RFC 4287), RSS 1.0 in RDF, news sitemaps.
//!
//! You may rely on: items are cut out of the stream one by one (at most [`RECORD_MAX`]), so that a feed of any size
//! needs no memory and a damaged item costs itself alone; no entity but the five of XML, character references and
//! HTML's usual names is read, none is ever expanded or fetched. An item is an article; its account is the host of its
//! link, else of the feed's; a relative link is one of `xml:base`, else of the feed's own. Left out: enclosures, comments,
//! sitemaps that list pages and no news. Fields: RSS 2.0 specification, RFC 4287, RSS 1.0, Dublin Core, Google's news
//! sitemaps (`sitemap-news/0.9`).

use super::cut::RECORD_MAX;
use super::{gdelt, html};
use crate::input::Input;
use crate::posts::damage::{CUT, Damage, TOO_LONG};
use crate::posts::post::Post;
use crate::posts::shares::host;
use encoding_rs::{Encoding, UTF_8};
use memchr::memmem::find;
use memchr::{memchr, memchr_iter};
use model::{Error, Result, Span};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;

/// Bytes read at once.
const READ: usize = 1 << 20;
/// Elements that hold an article; in a sitemap the other name, which is something else in RSS.
const ITEMS: &[&str] = &["item", "entry"];
const SITEMAP: &[&str] = &["url"];
/// Elements whose children speak for the article as its own do.
const WITHIN: [&str; 2] = ["news:news", "news:publication"];

/// How sure a head is a feed.
pub fn recognise(head: &[u8]) -> u8 {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let mut at = 0;
    // Past the declaration, comments, style sheets and the document type: the root.
    while let Some(open) = memchr(b'<', &head[at..]).map(|n| at + n) {
        let rest = &head[open..];
        if at == 0 && open > 0 {
            return 0;
        }
        let end = if rest.starts_with(b"<!--") {
            find(rest, b"-->").map(|n| n + 3)
        } else {
            memchr(b'>', rest).map(|n| n + 1)
        };
        let Some(end) = end else { return 0 };
        if !matches!(rest.get(1), Some(b'?' | b'!')) {
            let root = &rest[..end];
            let named = |name: &[u8]| root[1..].starts_with(name);
            return match () {
                () if named(b"rss") => 92,
                () if named(b"feed") && find(root, b"Atom").is_some() => 92,
                () if named(b"feed") && find(head, b"<entry").is_some() => 80,
                () if named(b"urlset") && find(head, b"sitemap-news").is_some() => 92,
                () if named(b"rdf:RDF") && find(head, b"purl.org/rss/").is_some() => 92,
                () => 0,
            };
        }
        at = open + end;
    }
    0
}

/// An item on its way to a post: what its elements and their attributes say.
struct Item(HashMap<String, Vec<String>>);

impl Item {
    /// Reads the children of one element.
    fn read(xml: &str) -> Item {
        let mut said: HashMap<String, Vec<String>> = HashMap::new();
        let mut reader = Reader::from_str(xml);
        let config = reader.config_mut();
        (config.check_end_names, config.allow_unmatched_ends, config.allow_dangling_amp) = (false, true, true);
        let (mut depth, mut key) = (0usize, String::new());
        let mut text = String::new();
        // Damage inside an item ends it: what came before is kept.
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Eof => break,
                Event::Start(start) if WITHIN.contains(&start.name().as_ref().to_lowercase().as_str()) => {}
                Event::End(end) if WITHIN.contains(&end.name().as_ref().to_lowercase().as_str()) => {}
                Event::Start(start) => {
                    depth += 1;
                    if depth == 2 {
                        (key, text) = (start.name().as_ref().to_lowercase(), String::new());
                    } else if depth == 3 {
                        text.push('\n');
                    }
                    attributes(&start, depth, &key, &mut said);
                }
                Event::Empty(start) => {
                    let name = start.name().as_ref().to_lowercase();
                    attributes(&start, depth + 1, &name, &mut said);
                }
                Event::End(_) => {
                    if depth == 2 {
                        said.entry(key.clone()).or_default().push(text.trim().to_string());
                    }
                    depth = depth.saturating_sub(1);
                }
                Event::Text(part) if depth >= 2 => text.push_str(&part),
                Event::CData(part) if depth >= 2 => text.push_str(&part),
                Event::GeneralRef(name) if depth >= 2 => html::unescape(&format!("&{};", &*name), &mut text),
                _ => {}
            }
        }
        Item(said)
    }

    fn first(&self, keys: &[&str]) -> String {
        let said = keys.iter().filter_map(|k| self.0.get(*k)).flatten();
        said.map(|t| t.trim()).find(|t| !t.is_empty()).unwrap_or_default().to_string()
    }

    /// The address: RSS says it as text, Atom as an attribute of the link that is the alternate.
    fn link(&self) -> String {
        let all =
            ["feedburner:origlink", "link", "link@alternate", "loc", "guid", "id", "@rdf:about", "link@self", "link@"];
        self.first(&all)
    }

    fn post(&self, feed: &Feed) -> Option<(Post, String)> {
        // An item's base is itself relative to the feed's.
        let base = absolute(&self.first(&["@xml:base"]), &feed.base).unwrap_or_else(|| feed.base.clone());
        let named = |link: &String| absolute(link, "");
        let written = |link: String| absolute(&link, &base);
        let link = named(&self.link()).or_else(|| named(&self.first(&["guid", "id"])));
        let link = link.or_else(|| written(self.first(&["link", "link@alternate", "link@self", "link@"])));
        let (title, _) = html::text(&self.first(&["title", "media:title", "news:title"]));
        let (body, links) = html::text(&self.first(&["content:encoded", "content", "description", "summary"]));
        let mut post = link.as_deref().and_then(gdelt::article).unwrap_or_default();
        if post.id.is_empty() {
            let name = self.first(&["guid", "id"]);
            if (name.is_empty() && title.is_empty()) || feed.host.is_empty() {
                return None;
            }
            (post.id, post.platform) = (if name.is_empty() { title.clone() } else { name }, "web".into());
            (post.account, post.account_name, post.article) = (feed.host.clone(), feed.host.clone(), true);
        }
        let name = self.first(&["source", "news:name"]);
        if !name.is_empty() {
            post.account_name = name;
        }
        post.text = match (title.is_empty(), body.is_empty() || body == title) {
            (_, true) => title,
            (true, false) => body,
            _ => format!("{title}\n{body}"),
        };
        post.language = Some(self.first(&["dc:language", "@xml:lang", "news:language"]))
            .filter(|l| !l.is_empty())
            .unwrap_or_else(|| feed.language.clone());
        let own = post.urls.clone();
        post.urls.extend(links.into_iter().filter(|l| !own.contains(l)));
        let tags = ["category", "category@term", "dc:subject"].iter().filter_map(|k| self.0.get(*k)).flatten();
        post.hashtags = tags.filter(|t| !t.is_empty()).cloned().collect();
        Some((post, self.first(&["pubdate", "published", "dc:date", "news:publication_date", "updated", "date"])))
    }
}

/// Attributes that say something: `link href` by its `rel`, a category's `term`, the item's own.
fn attributes(start: &BytesStart, depth: usize, key: &str, said: &mut HashMap<String, Vec<String>>) {
    if depth > 2 {
        return;
    }
    let all: Vec<(String, String)> = start
        .attributes()
        .with_checks(false)
        .flatten()
        .take(64)
        .map(|a| {
            let mut value = String::new();
            html::unescape(&a.value, &mut value);
            (a.key.as_ref().to_lowercase(), value)
        })
        .collect();
    let get = |name: &str| all.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone());
    let mut put = |key: String, value: Option<String>| said.entry(key).or_default().extend(value);
    match (depth, key) {
        (2, "link") => {
            let rel = get("rel").unwrap_or_else(|| "alternate".into());
            let rel = ["alternate", "self"].into_iter().find(|known| rel == *known).unwrap_or_default();
            put(format!("link@{rel}"), get("href"));
        }
        (2, "category") => put("category@term".into(), get("term")),
        (1, _) => ["rdf:about", "xml:lang", "xml:base"].into_iter().for_each(|name| put(format!("@{name}"), get(name))),
        _ => {}
    }
}

/// An address that may be relative to another (RFC 3986, section 5.2, as far as feeds need it): none where it is no
/// page's.
fn absolute(link: &str, base: &str) -> Option<String> {
    let link = link.trim();
    if link.is_empty() {
        return None;
    }
    let is_page = |l: &str| l.starts_with("http") && l.contains("://") && host(l).is_some();
    if is_page(link) || !is_page(base) {
        return is_page(link).then(|| link.to_string());
    }
    // A scheme of another kind (`urn:`, `tag:`) is no path.
    let scheme = link.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    let (protocol, rest) = base.split_once("://").filter(|_| !scheme)?;
    let path = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = (&rest[..path], rest[path..].split(['?', '#']).next().unwrap_or_default());
    let joined = match link {
        _ if link.starts_with("//") => format!("{protocol}:{link}"),
        _ if link.starts_with('/') => format!("{protocol}://{authority}{link}"),
        _ if link.starts_with(['?', '#']) => format!("{protocol}://{authority}{path}{link}"),
        _ => {
            let folder = &path[..path.rfind('/').map_or(0, |at| at)];
            let mut steps: Vec<&str> = folder.split('/').filter(|s| !s.is_empty()).collect();
            let mut rest = link;
            loop {
                match rest {
                    _ if rest.starts_with("./") => rest = &rest[2..],
                    _ if rest.starts_with("../") => {
                        steps.pop();
                        rest = &rest[3..];
                    }
                    _ => break,
                }
            }
            steps.push(rest);
            format!("{protocol}://{authority}/{}", steps.join("/"))
        }
    };
    is_page(&joined).then_some(joined)
}

/// What the feed says of itself before its items.
#[derive(Default)]
struct Feed {
    host: String,
    /// What relative links are relative to.
    base: String,
    language: String,
}

impl Feed {
    fn read(xml: &str) -> Feed {
        // RSS keeps its own words one level deeper than Atom.
        let inner = xml.find("<channel").map_or(xml.find("<feed").map_or("", |at| &xml[at..]), |at| &xml[at..]);
        let said = Item::read(inner);
        let links = ["link", "link@alternate", "id", "link@self", "link@"].map(|k| said.first(&[k]));
        let bases = ["@xml:base", "link@self", "link@alternate", "link", "id"].map(|k| said.first(&[k]));
        Feed {
            host: links.iter().find_map(|l| host(l)).unwrap_or_default(),
            base: bases.iter().find_map(|l| absolute(l, "")).unwrap_or_default(),
            language: said.first(&["language", "dc:language", "@xml:lang"]),
        }
    }
}

/// Reads a feed.
pub fn read(
    input: &mut Input,
    damage: &mut Damage,
    each: &mut dyn FnMut(Post, String, Span, &mut Damage),
) -> Result<()> {
    let mut stream = Stream { input, bytes: Vec::new(), at: 0, base: 0, line: 1, ended: false };
    let mut feed: Option<(Feed, &'static Encoding)> = None;
    let items = if find(stream.input.head(), b"<urlset").is_some() { SITEMAP } else { ITEMS };
    loop {
        let Some(start) = next(stream.rest(), items) else {
            // What cannot be the beginning of an item is let go; a feed's head may be long, but is read once.
            let keep = if feed.is_none() && stream.rest().len() < RECORD_MAX {
                0
            } else {
                stream.rest().len().saturating_sub(16)
            };
            stream.pass(keep);
            match stream.more()? {
                true => continue,
                false => return Ok(()),
            }
        };
        let (about, encoding) = feed.get_or_insert_with(|| {
            let head = &stream.rest()[..start];
            let encoding = encoding(head);
            (Feed::read(&encoding.decode(head).0), encoding)
        });
        stream.pass(start);
        let end = loop {
            match ends(stream.rest(), items) {
                Some(end) => break Some(end),
                None if stream.rest().len() > RECORD_MAX => break None,
                None if stream.more()? => {}
                None => break None,
            }
        };
        let Some((end, whole)) = end else {
            damage.count(if stream.ended { CUT } else { TOO_LONG }, stream.place(0));
            stream.pass(1);
            continue;
        };
        let place = stream.place(end);
        let item = Item::read(&encoding.decode(&stream.rest()[..end]).0);
        match item.post(about) {
            _ if !whole => damage.count(CUT, place),
            Some((post, time)) => each(post, time, place, damage),
            None => damage.count(crate::posts::damage::NO_ID, place),
        }
        stream.pass(end);
    }
}

fn encoding(head: &[u8]) -> &'static Encoding {
    let head = &head[..head.len().min(200)];
    let label = find(head, b"encoding=").and_then(|at| head.get(at + 10..));
    let label = label.and_then(|l| l.split(|b| matches!(b, b'"' | b'\'')).next());
    // What calls itself UTF-16 and could be read this far has been made UTF-8 by then.
    label.and_then(Encoding::for_label).filter(|e| e.is_ascii_compatible()).unwrap_or(UTF_8)
}

/// Where the next item begins, outside of comments and sections of text.
fn next(bytes: &[u8], items: &[&str]) -> Option<usize> {
    let mut at = 0;
    while let Some(open) = memchr(b'<', bytes.get(at..)?).map(|n| at + n) {
        let rest = &bytes[open..];
        if item(&rest[1..], items) {
            return Some(open);
        }
        at = open + passed(rest)?;
    }
    None
}

/// The end of the item that begins here, and whether it is its own end or the beginning of another.
fn ends(bytes: &[u8], items: &[&str]) -> Option<(usize, bool)> {
    let mut at = 1;
    while let Some(open) = memchr(b'<', bytes.get(at..)?).map(|n| at + n) {
        let rest = &bytes[open..];
        if rest.starts_with(b"</") && item(&rest[2..], items) {
            return memchr(b'>', rest).map(|n| (open + n + 1, true));
        }
        if item(&rest[1..], items) {
            return Some((open, false));
        }
        at = open + passed(rest)?;
    }
    None
}

/// Whether a tag's name is an item's; its next byte must be here.
fn item(tag: &[u8], items: &[&str]) -> bool {
    items.iter().any(|name| {
        tag.starts_with(name.as_bytes())
            && tag.get(name.len()).is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'))
    })
}

/// How far a comment or a section of text reaches (its end must be here); of anything else, past its bracket.
fn passed(rest: &[u8]) -> Option<usize> {
    match rest {
        [b'<', b'!', b'-', b'-', ..] => find(rest, b"-->").map(|n| n + 3),
        [b'<', b'!', b'[', ..] => find(rest, b"]]>").map(|n| n + 3),
        _ => Some(1),
    }
}

/// The feed as it comes; `bytes` from `at` on are still to be looked at.
struct Stream<'i> {
    input: &'i mut Input,
    bytes: Vec<u8>,
    at: usize,
    base: u64,
    line: u64,
    ended: bool,
}

impl Stream<'_> {
    fn rest(&self) -> &[u8] {
        &self.bytes[self.at..]
    }

    fn more(&mut self) -> Result<bool> {
        if self.ended {
            return Ok(false);
        }
        self.bytes.drain(..self.at);
        (self.base, self.at) = (self.base + self.at as u64, 0);
        let filled = self.bytes.len();
        self.bytes.resize(filled + READ, 0);
        let read = self.input.fill(&mut self.bytes[filled..]);
        let read = read.map_err(|e| Error::new("could not read on").because(e).hint("check the disk"))?;
        self.bytes.truncate(filled + read);
        self.ended = read < READ;
        Ok(read > 0)
    }

    fn pass(&mut self, n: usize) {
        self.line += memchr_iter(b'\n', &self.rest()[..n]).count() as u64;
        self.at += n;
    }

    fn place(&self, len: usize) -> Span {
        Span { start: self.base + self.at as u64, len: len as u64, line: self.line }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_links_are_of_their_base() {
        let base = "https://a.example/blog/feed.atom?x=1";
        for (link, expected) in [
            ("/2017/1", "https://a.example/2017/1"),
            ("2017/1", "https://a.example/blog/2017/1"),
            ("../2017/1", "https://a.example/2017/1"),
            ("../../../1", "https://a.example/1"),
            ("./1", "https://a.example/blog/1"),
            ("//b.example/1", "https://b.example/1"),
            ("?p=1", "https://a.example/blog/feed.atom?p=1"),
            ("https://c.example/1", "https://c.example/1"),
        ] {
            assert_eq!(absolute(link, base).as_deref(), Some(expected), "{link}");
        }
        for none in ["", "urn:uuid:1", "tag:a.example,2017:1", "mailto:a@b.example"] {
            assert_eq!(absolute(none, base), None, "{none}");
        }
        assert_eq!(absolute("/1", ""), None);
    }
}
