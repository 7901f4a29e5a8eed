//! An HTML part, as a reader's mail program would lay it out, without laying it out: what it shows, what it hides, where
//! its links lead and under which words, its forms and its script.
//!
//! You may rely on: one pass, memory bounded ([`TEXT`], [`LINKS`], [`DEPTH`]) whatever the markup; nothing is run or
//! fetched. Style sheets are read for classes that hide ([`Sheet`]); what a comment shows to Outlook alone is read as
//! shown. Left out: script that writes markup.

use crate::entities::decode;
use crate::style::{Sheet, Style};

/// Most visible text kept, in bytes.
pub const TEXT: usize = 256 << 10;
/// Most links kept.
pub const LINKS: usize = 2000;
/// Deepest nesting followed; what is deeper is read as if at this depth.
pub const DEPTH: usize = 256;
/// Most script kept, in bytes.
const SCRIPT: usize = 512 << 10;
/// Most addresses of pictures kept.
const PICTURES: usize = 60;
/// Bytes of a style sheet in which one rule stands at least.
const JUNK: usize = 2_000;
/// Line ends in a row that push what follows out of sight.
const GAP: usize = 12;
/// Longest text of a link kept.
const LABEL: usize = 400;

/// What makes a link one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opens {
    /// A link one clicks.
    Click,
    /// A form is sent there.
    Form,
    /// The page goes there by itself.
    Refresh,
    /// A frame shows it.
    Frame,
}

/// A link.
#[derive(Clone, PartialEq, Debug)]
pub struct Link {
    /// The address as written, references resolved, base applied.
    pub href: String,
    /// The words it stands under.
    pub text: String,
    /// A picture is what one clicks.
    pub image: bool,
    /// How it is opened.
    pub opens: Opens,
}

/// What an HTML part says.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Html {
    /// What is shown.
    pub text: String,
    /// What is written and not shown, at most [`TEXT`].
    pub hidden: String,
    /// The title.
    pub title: String,
    /// Where one can go.
    pub links: Vec<Link>,
    /// Texts that stand for pictures.
    pub alt: Vec<String>,
    /// Pictures fetched from elsewhere.
    pub remote_images: usize,
    /// Their addresses, the first of them.
    pub pictures: Vec<String>,
    /// A style sheet holds next to no style.
    pub junk: bool,
    /// Links that lead nowhere (`#`): painted on.
    pub dead: usize,
    /// Words shown below a gap of empty lines that pushes them out of sight; none where there is no gap.
    pub below: usize,
    /// Pictures of one pixel.
    pub pixels: usize,
    /// Pictures carried by the message (`cid:` and `data:`).
    pub own_images: usize,
    /// Forms.
    pub forms: usize,
    /// Fields to write into.
    pub inputs: usize,
    /// Fields for a password.
    pub passwords: usize,
    /// Script elements.
    pub scripts: usize,
    /// Attributes that run script.
    pub handlers: usize,
    /// The script itself, and what handlers and `javascript:` links run.
    pub script: String,
    /// Links that carry their page with them (`data:`).
    pub data_links: usize,
    /// Frames with a page inside (`srcdoc`).
    pub inner_pages: usize,
    /// A bound was met; the rest was not read.
    pub cut: bool,
}

/// An open element.
struct Open {
    name: [u8; 12],
    style: Style,
}

fn name_of(text: &str) -> [u8; 12] {
    let mut name = [0; 12];
    for (a, b) in name.iter_mut().zip(text.bytes()) {
        *a = b.to_ascii_lowercase();
    }
    name
}

/// Attributes of one tag: name (lower case) and value, references resolved.
fn attributes(tag: &str) -> Vec<(String, String)> {
    let bytes = tag.as_bytes();
    let mut all = Vec::new();
    let mut i = 0;
    while i < bytes.len() && all.len() < 64 {
        while i < bytes.len() && (bytes[i].is_ascii_whitespace() || bytes[i] == b'/') {
            i += 1;
        }
        let start = i;
        while i < bytes.len() && !bytes[i].is_ascii_whitespace() && bytes[i] != b'=' && bytes[i] != b'/' {
            i += 1;
        }
        let name = tag.get(start..i).unwrap_or("").to_ascii_lowercase();
        while i < bytes.len() && bytes[i].is_ascii_whitespace() {
            i += 1;
        }
        let mut value = "";
        if bytes.get(i) == Some(&b'=') {
            i += 1;
            while i < bytes.len() && bytes[i].is_ascii_whitespace() {
                i += 1;
            }
            let (from, to);
            match bytes.get(i) {
                Some(&quote @ (b'"' | b'\'')) => {
                    from = i + 1;
                    to = bytes[from..].iter().position(|b| *b == quote).map_or(bytes.len(), |n| from + n);
                    i = (to + 1).min(bytes.len());
                }
                _ => {
                    from = i;
                    to = bytes[from..].iter().position(|b| b.is_ascii_whitespace()).map_or(bytes.len(), |n| from + n);
                    i = to;
                }
            }
            value = tag.get(from..to).unwrap_or("");
        } else if start == i {
            i += 1;
        }
        if !name.is_empty() {
            all.push((name, decode(value)));
        }
    }
    all
}

/// Where a tag that begins at `<` ends: the place of its `>`, quotes respected as long as they close in reason.
fn tag_end(bytes: &[u8]) -> Option<usize> {
    let mut quote = 0u8;
    let mut after_equals = false;
    for (i, &b) in bytes.iter().enumerate().take(1 << 20) {
        match b {
            b'>' if quote == 0 => return Some(i),
            b'"' | b'\'' if quote == 0 && after_equals => quote = b,
            _ if quote != 0 && b == quote => quote = 0,
            _ => {}
        }
        if !b.is_ascii_whitespace() {
            after_equals = b == b'=';
        }
    }
    memchr::memchr(b'>', bytes)
}

/// Elements that end a line.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "br" | "p"
            | "div"
            | "tr"
            | "table"
            | "li"
            | "ul"
            | "ol"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "hr"
            | "td"
            | "th"
            | "center"
            | "section"
            | "blockquote"
            | "title"
            | "option"
            | "button"
            | "form"
    )
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "img"
            | "hr"
            | "input"
            | "meta"
            | "link"
            | "area"
            | "base"
            | "col"
            | "embed"
            | "source"
            | "wbr"
            | "track"
            | "param"
            | "!doctype"
    )
}

/// Shapes that VML makes a link of.
fn is_drawn(name: &str) -> bool {
    matches!(name, "v:roundrect" | "v:rect" | "v:shape" | "v:oval" | "v:image")
}

/// What a comment shows where Outlook reads it: `[if gte mso 9]>…<![endif]`.
fn conditional(comment: &str) -> Option<&str> {
    let (condition, shown) = comment.trim_start().strip_prefix("[if")?.split_once("]>")?;
    let condition = condition.to_ascii_lowercase().replace(' ', "");
    (condition.contains("mso") && !condition.contains('!') && condition.len() < 100)
        .then(|| shown.rsplit_once("<![endif]").map_or(shown, |(shown, _)| shown))
}

/// Reads a part.
pub fn read(source: &str) -> Html {
    let mut reader = Reader {
        html: Html::default(),
        open: Vec::new(),
        base: None,
        link: None,
        sheet: Sheet::default(),
        breaks: 0,
        gap: None,
        outlook: false,
    };
    reader.run(source);
    reader.html
}

struct Reader {
    html: Html,
    open: Vec<Open>,
    base: Option<String>,
    /// The link being read.
    link: Option<Link>,
    /// Classes that hide.
    sheet: Sheet,
    /// Line ends since the last text.
    breaks: usize,
    /// Where the text below the first gap begins.
    gap: Option<usize>,
    /// What is read stands in a comment that Outlook opens.
    outlook: bool,
}

impl Reader {
    fn run(&mut self, source: &str) {
        self.pass(source);
        self.end_link();
        if let Some(below) = self.gap.and_then(|at| self.html.text.get(at..)) {
            self.html.below = below.split_whitespace().count();
        }
        if self.html.text.len() >= TEXT || self.html.links.len() >= LINKS {
            self.html.cut = true;
        }
    }

    fn pass(&mut self, source: &str) {
        let bytes = source.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let next = memchr::memchr(b'<', &bytes[at..]).map_or(bytes.len(), |n| at + n);
            self.text(source.get(at..next).unwrap_or(""));
            if next >= bytes.len() {
                break;
            }
            at = self.markup(source, next);
        }
    }

    /// Reads what Outlook alone shows. Its elements end with it, its styles are its own, and no comment stands in a
    /// comment.
    fn outlook(&mut self, source: &str) {
        let within = Open { name: [0; 12], style: self.style() };
        let open = std::mem::replace(&mut self.open, vec![within]);
        let sheet = std::mem::take(&mut self.sheet);
        let link = self.link.take();
        self.outlook = true;
        self.pass(source);
        self.end_link();
        (self.open, self.sheet, self.link, self.outlook) = (open, sheet, link, false);
    }

    /// Reads the markup that begins at `at`; gives where it ends.
    fn markup(&mut self, source: &str, at: usize) -> usize {
        let bytes = source.as_bytes();
        let rest = &bytes[at..];
        if rest.starts_with(b"<!--") {
            // Browsers take `<!-->` for a whole comment: what follows is shown.
            if let Some(short) = ["<!-->", "<!--->"].iter().find(|c| rest.starts_with(c.as_bytes())) {
                return at + short.len();
            }
            let end = memchr::memmem::find(&rest[4..], b"-->").map_or(bytes.len(), |n| at + 4 + n);
            if let Some(shown) = source.get(at + 4..end).and_then(conditional).filter(|_| !self.outlook) {
                self.outlook(shown);
            }
            return (end + 3).min(bytes.len());
        }
        if !rest.get(1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?')) {
            self.text("<");
            return at + 1;
        }
        let Some(end) = tag_end(rest) else { return bytes.len() };
        let inner = source.get(at + 1..at + end).unwrap_or("");
        let after = at + end + 1;
        if let Some(name) = inner.strip_prefix('/') {
            self.end(name.trim());
            return after;
        }
        let name_end = inner.bytes().position(|b| b.is_ascii_whitespace() || b == b'/').unwrap_or(inner.len());
        let (name, rest) = inner.split_at(name_end);
        let name = name.to_ascii_lowercase();
        self.start(&name, rest);
        let raw = match name.as_str() {
            "script" => "</script",
            "style" => "</style",
            "title" => "</title",
            "textarea" => "</textarea",
            // Settings that Office keeps in a page, and shows nowhere.
            "xml" => "</xml",
            "noscript" | "xmp" | "plaintext" => return after,
            _ => return after,
        };
        let body = source.get(after..).unwrap_or("");
        let closed = find_ignoring_case(body.as_bytes(), raw.as_bytes());
        // Where a sheet never ends, programs show what follows its junk.
        let open = || if name == "style" { body.find('<').unwrap_or(body.len()) } else { body.len() };
        let len = closed.unwrap_or_else(open);
        let body = body.get(..len).unwrap_or("");
        match name.as_str() {
            "script" => self.script(body),
            "style" => {
                self.html.junk |= body.len() > JUNK && body.matches('{').count() * JUNK < body.len();
                self.sheet.read(body);
            }
            "title" => self.html.title = decode(body).split_whitespace().collect::<Vec<_>>().join(" "),
            _ => {}
        }
        after + len
    }

    fn script(&mut self, code: &str) {
        let room = SCRIPT.saturating_sub(self.html.script.len());
        let mut end = code.len().min(room);
        while !code.is_char_boundary(end) {
            end -= 1;
        }
        self.html.cut |= end < code.len();
        self.html.script.push_str(&code[..end]);
        self.html.script.push('\n');
    }

    fn style(&self) -> Style {
        self.open.last().map(|o| o.style).unwrap_or_default()
    }

    fn text(&mut self, raw: &str) {
        if raw.is_empty() {
            return;
        }
        let text = decode(raw);
        let style = self.style();
        if !style.hides() && text.chars().any(char::is_alphanumeric) {
            if self.breaks >= GAP && !self.html.text.is_empty() {
                self.gap = self.gap.or(Some(self.html.text.len()));
            }
            self.breaks = 0;
        }
        let room = if style.hides() { &mut self.html.hidden } else { &mut self.html.text };
        let mut space = room.is_empty() || room.ends_with([' ', '\n']);
        for c in text.chars() {
            if room.len() >= TEXT {
                break;
            }
            let blank = c.is_whitespace();
            if !(blank && space) {
                room.push(if blank { ' ' } else { c });
            }
            space = blank;
        }
        if let Some(link) = &mut self.link
            && !style.hides()
            && link.text.len() < LABEL
        {
            link.text.extend(text.chars().take(LABEL));
        }
    }

    fn start(&mut self, name: &str, rest: &str) {
        let attributes = attributes(rest);
        let get = |key: &str| attributes.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        for (key, value) in &attributes {
            if key.len() > 3 && key.starts_with("on") && name != "meta" {
                self.html.handlers += 1;
                self.script(value);
            }
        }
        if is_block(name) && !self.html.text.is_empty() && !self.html.text.ends_with('\n') && !self.style().hides() {
            self.html.text.push('\n');
        }
        self.breaks += usize::from(name == "br");
        let style = self.style().within(name, &attributes, &self.sheet);
        match name {
            "base" => self.base = self.base.take().or(get("href").map(str::to_string)),
            "a" | "area" => {
                self.end_link();
                let nowhere =
                    |href: &str| matches!(href.trim(), "" | "#" | "javascript:void(0)" | "javascript:void(0);");
                self.html.dead += usize::from(get("href").is_some_and(nowhere));
                // In a drawing it may be XLink's.
                if let Some(href) = get("href").or(get("xlink:href")) {
                    self.link = Some(Link {
                        href: self.resolve(href),
                        text: get("title").filter(|_| name == "area").unwrap_or("").to_string(),
                        image: name == "area",
                        opens: Opens::Click,
                    });
                }
                if name == "area" {
                    self.end_link();
                }
            }
            // A button as Outlook draws it (VML).
            _ if is_drawn(name) && get("href").is_some() => {
                self.end_link();
                let href = self.resolve(get("href").unwrap_or(""));
                self.link = Some(Link { href, text: String::new(), image: false, opens: Opens::Click });
                if rest.ends_with('/') {
                    self.end_link();
                }
            }
            "form" => {
                self.html.forms += 1;
                self.add(get("action").unwrap_or(""), Opens::Form);
            }
            "input" | "textarea" | "select" => {
                let kind = get("type").unwrap_or("text").to_ascii_lowercase();
                let named = get("name").or(get("placeholder")).unwrap_or("").to_ascii_lowercase();
                if !matches!(kind.as_str(), "hidden" | "submit" | "button" | "image" | "reset" | "checkbox" | "radio") {
                    self.html.inputs += 1;
                }
                if kind == "password"
                    || ["passw", "pwd", "kennwort", "contrase", "senha"].iter().any(|w| named.contains(w))
                {
                    self.html.passwords += 1;
                }
                if let Some(action) = get("formaction") {
                    self.add(action, Opens::Form);
                }
            }
            "button" => {
                if let Some(action) = get("formaction") {
                    self.add(action, Opens::Form);
                }
            }
            "meta" if get("http-equiv").is_some_and(|v| v.eq_ignore_ascii_case("refresh")) => {
                let content = get("content").unwrap_or("");
                if let Some(at) = content.to_ascii_lowercase().find("url=") {
                    let to = content.get(at + 4..).unwrap_or("").trim_matches(['\'', '"', ' ']).to_string();
                    self.add(&to, Opens::Refresh);
                }
            }
            "iframe" | "frame" | "embed" | "object" => {
                if let Some(src) = get("src").or(get("data")) {
                    self.add(src, Opens::Frame);
                }
                if let Some(page) = get("srcdoc") {
                    self.html.inner_pages += 1;
                    self.script(page);
                }
            }
            "img" | "image" => self.image(&get, style),
            "script" => {
                self.html.scripts += 1;
                if let Some(src) = get("src") {
                    self.script(src);
                }
            }
            _ => {}
        }
        if !is_void(name) && !rest.ends_with('/') && self.open.len() < DEPTH {
            self.open.push(Open { name: name_of(name), style });
        }
    }

    fn image<'v>(&mut self, get: &impl Fn(&str) -> Option<&'v str>, style: Style) {
        let src = get("src").unwrap_or("").trim();
        let tiny = |v: Option<&str>| v.is_some_and(|v| matches!(v.trim().trim_end_matches("px"), "0" | "1" | "2"));
        if tiny(get("width")) && tiny(get("height")) || style.hides() {
            self.html.pixels += 1;
        } else if src.starts_with("cid:") || src.starts_with("data:") {
            self.html.own_images += 1;
        } else if !src.is_empty() {
            self.html.remote_images += 1;
            if self.html.pictures.len() < PICTURES {
                let src = self.resolve(src);
                self.html.pictures.push(src.chars().take(LABEL).collect());
            }
        }
        if let Some(link) = &mut self.link {
            link.image = true;
        }
        if let Some(alt) = get("alt").filter(|a| !a.trim().is_empty() && self.html.alt.len() < 200) {
            self.html.alt.push(alt.chars().take(LABEL).collect());
            if let Some(link) = &mut self.link
                && link.text.len() < LABEL
            {
                link.text.push_str(alt);
            }
        }
    }

    fn end(&mut self, name: &str) {
        let name = name.to_ascii_lowercase();
        if name == "a" || is_drawn(&name) {
            self.end_link();
        }
        if is_block(&name) && !self.html.text.ends_with('\n') {
            self.html.text.push('\n');
        }
        let key = name_of(&name);
        if let Some(place) = self.open.iter().rposition(|o| o.name == key) {
            self.open.truncate(place);
        }
    }

    fn end_link(&mut self) {
        if let Some(mut link) = self.link.take() {
            link.text = link.text.split_whitespace().collect::<Vec<_>>().join(" ");
            self.push(link);
        }
    }

    fn add(&mut self, href: &str, opens: Opens) {
        let href = self.resolve(href);
        self.push(Link { href, text: String::new(), image: false, opens });
    }

    fn push(&mut self, link: Link) {
        let scheme = link.href.get(..11).unwrap_or(&link.href).to_ascii_lowercase();
        if scheme.starts_with("javascript:") {
            self.html.handlers += 1;
            let code = link.href.clone();
            self.script(&code);
        }
        self.html.data_links += usize::from(scheme.starts_with("data:") && link.opens != Opens::Frame);
        if self.html.links.len() < LINKS {
            self.html.links.push(link);
        }
    }

    /// The address, spaces and line ends out, the base before it where it has no scheme of its own.
    fn resolve(&self, href: &str) -> String {
        let href: String = href.trim().chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).take(8192).collect();
        let has_scheme = href.find(':').is_some_and(|at| {
            href.as_bytes()[..at].iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        });
        let Some(base) = self.base.as_ref().filter(|_| !has_scheme && !href.is_empty() && !href.starts_with('#'))
        else {
            return href;
        };
        let slashes = href.bytes().take_while(|b| matches!(b, b'/' | b'\\')).count();
        // A path from the root stands behind the base's host.
        let host = base.find("://").map_or(0, |at| at + 3);
        let root = base[host..].find(['/', '?', '#']).map_or(base.len(), |at| host + at);
        match slashes {
            0 => format!("{base}{href}"),
            1 => format!("{}{href}", &base[..root]),
            _ => href,
        }
    }
}

fn find_ignoring_case(text: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'<', text).find(|&i| text.get(i..i + what.len()).is_some_and(|t| t.eq_ignore_ascii_case(what)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(source: &str) -> Vec<(String, String)> {
        read(source).links.into_iter().map(|l| (l.href, l.text)).collect()
    }

    #[test]
    fn links_have_their_words_and_their_base() {
        let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
        assert_eq!(links("<base href=https://a.example/x/><a href=/in>I</a>"), [pair("https://a.example/in", "I")]);
        assert_eq!(links("<base href=https://a.example><a href=/in>I</a>"), [pair("https://a.example/in", "I")]);
        assert_eq!(links("<!--><a href=https://a.example>A</a>-->"), [pair("https://a.example", "A")]);
        assert_eq!(links("<!--x><a href=https://a.example>A</a>-->"), []);
        assert_eq!(
            links("<a HREF='http://a.example/?x=1&amp;y=2'>Go <b>now</b></a><a href=//b.example>B"),
            [pair("http://a.example/?x=1&y=2", "Go now"), pair("//b.example", "B")]
        );
        assert_eq!(links("<base href='http://c.example/'><a href='d'>x</a>"), [pair("http://c.example/d", "x")]);
        assert_eq!(
            links("<form action='http://e.example'><input type=password></form>"),
            [pair("http://e.example", "")]
        );
        assert_eq!(
            links("<meta http-equiv=refresh content=\"0; url=http://f.example\">"),
            [pair("http://f.example", "")]
        );
        assert_eq!(links("<a href='ht\ntp://g.example'>x"), [pair("http://g.example", "x")]);
    }

    #[test]
    fn what_is_hidden_is_not_shown() {
        for hidden in [
            "<div style='display: none'>no</div>",
            "<span style='font-size:0px'>no</span>",
            "<p style='color:#fff;background-color:white'>no</p>",
            "<div hidden>no</div>",
            "<div style='mso-hide:all'><b>no</b></div>",
            "<div style='position:absolute;left:-9999px'>no</div>",
            "<table bgcolor=#ffffff><tr><td><font color=white>no</font></td></tr></table>",
            "<style>@media x{p{display:none}} .a, p.k{ DISPLAY : none !important }</style><p class='b k'>no</p>",
            "<style>#q{font-size:0}</style><span id=q>no</span>",
        ] {
            let html = read(&format!("<p>yes{hidden}</p>"));
            assert_eq!((html.text.trim(), html.hidden.trim()), ("yes", "no"), "{hidden}");
        }
        let html = read("<td style='font-size:0'><span style='font-size:14px'>yes</span></td>");
        assert_eq!(html.text.trim(), "yes");
    }

    #[test]
    fn what_outlook_alone_shows_is_read() {
        let html = read(
            "a<!--[if gte mso 9]><xml>96</xml><v:rect href='https://b.example'><center>Open</center></v:rect>\
             <div style='display:none'><![endif]--> c<!--[if !mso]>d<![endif]--><!--[if IE]>e<![endif]-->",
        );
        assert_eq!(html.text.split_whitespace().collect::<Vec<_>>(), ["a", "Open", "c"]);
        assert_eq!((&*html.links[0].href, &*html.links[0].text), ("https://b.example", "Open"));
        assert_eq!(links("<svg><a xlink:href='&#104;ttps://b.example'>x</a></svg>").len(), 1);
        read(&"<!--[if mso]>".repeat(100_000));
    }

    #[test]
    fn painted_links_and_gaps_are_counted() {
        let html = read(&format!("<a href='#'>a</a><a href=\"\">b</a><a href='#top'>c</a>{}x y", "<br> ".repeat(12)));
        assert_eq!((html.dead, html.below), (2, 2));
        assert_eq!(read("a<br><br>b<img src=http://a.example/x.png>").pictures, ["http://a.example/x.png"]);
    }

    #[test]
    fn hostile_markup_ends() {
        for source in
            ["<", "<a", "<a href=\"", "</", "<!--", "<script>", "<a href='x", "&#", "<div ".repeat(3).as_str()]
        {
            read(source);
        }
        let deep = "<div>".repeat(100_000) + "x";
        assert_eq!(read(&deep).text.trim(), "x");
        let many = "<a href=http://a.example>x</a>".repeat(10_000);
        assert_eq!(read(&many).links.len(), LINKS);
    }
}
