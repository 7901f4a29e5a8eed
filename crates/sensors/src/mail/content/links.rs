//! Links: where each leads, and what about that should make one look twice. Context, not judgement: a shortener is no
//! crime.
//!
//! You may rely on: every link is unwrapped within bounds; equal addresses are one link. Left out: fetching anything;
//! what the page behind a link is.

use super::ideas::under;
use super::redirect;
use super::scheme::{self, Does};
use super::url::{Url, percent};
use crate::domain::{Parts, registrable};
use crate::names::kernel::{Judge, Scratch};
use formats::html::Opens;
use knowledge::mail::Hosts;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Most distinct links kept.
pub const MOST: usize = 200;
/// Longest address kept.
const LONGEST: usize = 2048;

/// What about a link should make one look twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trait {
    /// Its host is an address, not a name.
    Address,
    /// A host of numbers written so that nobody reads it.
    OddAddress,
    /// Something stands before the host to look like it: `https://bank.example@evil.example`.
    User,
    /// A port that is not the web's.
    Port,
    /// The host holds letters that are not ASCII.
    International,
    /// A shortener.
    Shortener,
    /// Anybody can put a file there.
    File,
    /// Anybody can put a page there.
    Site,
    /// A page of links.
    Bio,
    /// A name for an address that changes.
    Dynamic,
    /// A gateway to content of elsewhere.
    Gateway,
    /// A service that counts clicks for senders.
    Bulk,
    /// A service that rewrites links for safety led here.
    Rewritten,
    /// An open redirect hands on to another domain.
    Redirect,
    /// The host is made to look like something protected or known.
    LookAlike,
    /// A known name stands in the host or path of a stranger.
    Borrowed,
    /// The words show another address than the one opened.
    ShownOther,
    /// The recipient's own address stands in it, plain in the fragment or coded.
    Recipient,
    /// A long part that only a machine reads.
    Random,
    /// What is fetched can be run.
    Runs,
    /// The page is in the address itself.
    Data,
    /// Script.
    Script,
    /// It starts a program with what the address says.
    Program,
    /// It opens a file on another computer.
    Share,
    /// It gives another device the reader's account.
    Device,
    /// The host's suffix costs next to nothing and is used for little else.
    CheapSuffix,
    /// Anybody can put a picture there.
    Picture,
    /// A service gives its customers spaces of their names there.
    Space,
    /// A service that sends what its users write, under its own name.
    Voice,
    /// A filter of mail shows there what it held back.
    Filter,
    /// The inner folders of a site's program, where no page belongs: somebody put it there.
    Planted,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// The address opened, rewriting undone.
    pub url: String,
    /// The address its words show, where they show one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
    /// Its words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Its host.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub host: String,
    /// The registrable domain of the host.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub domain: String,
    /// Where an open redirect hands on to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leads_to: Option<String>,
    /// What it is made to look like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imitates: Option<String>,
    /// How it is opened.
    pub opens: Opens,
    /// What should make one look twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traits: Vec<Trait>,
    /// How often it stands in the message.
    pub count: u32,
    /// A picture is what one clicks.
    #[serde(default)]
    pub image: bool,
    /// Where it was found: `body`, `attachment`, `qr`.
    pub place: String,
}

impl Link {
    /// Whether it has a trait.
    pub fn has(&self, t: Trait) -> bool {
        self.traits.contains(&t)
    }
    /// Whether one clicks it to go somewhere on the web.
    pub fn is_web(&self) -> bool {
        !self.host.is_empty()
    }
    /// What it does by itself, by its scheme.
    pub fn does(&self) -> Option<Trait> {
        use Trait::*;
        self.traits.iter().copied().find(|t| matches!(t, Data | Script | Program | Share | Device))
    }
}

/// Kinds of hosts made ready.
pub struct HostKinds(HashMap<String, Vec<Trait>, foldhash::fast::RandomState>, std::collections::HashSet<String>);

/// The embedded kinds of hosts.
pub static HOSTS: LazyLock<HostKinds> = LazyLock::new(|| {
    let hosts = Hosts::embedded();
    let mut kinds: HashMap<String, Vec<Trait>, _> = HashMap::default();
    for (list, kind) in [
        (&hosts.shortener, Trait::Shortener),
        (&hosts.file, Trait::File),
        (&hosts.site, Trait::Site),
        (&hosts.bio, Trait::Bio),
        (&hosts.dynamic, Trait::Dynamic),
        (&hosts.gateway, Trait::Gateway),
        (&hosts.bulk, Trait::Bulk),
        (&hosts.picture, Trait::Picture),
        (&hosts.filter, Trait::Filter),
        (&hosts.voice, Trait::Voice),
        (&hosts.space, Trait::Space),
    ] {
        for host in list {
            kinds.entry(host.clone()).or_default().push(kind);
        }
    }
    HostKinds(kinds, hosts.freemail.into_iter().collect())
});

impl HostKinds {
    /// The kinds of a host, by the longest entry it stands under.
    pub fn of(&self, host: &str) -> &[Trait] {
        let mut rest = host;
        loop {
            if let Some(kinds) = self.0.get(rest) {
                return kinds;
            }
            match rest.split_once('.') {
                Some((_, parent)) => rest = parent,
                None => return &[],
            }
        }
    }

    /// Whether anybody can have an address at a domain.
    pub fn is_freemail(&self, domain: &str) -> bool {
        self.1.contains(domain)
    }
}

/// File names that are run when opened.
const RUNS: [&str; 30] = [
    ".exe", ".scr", ".js", ".jse", ".vbs", ".vbe", ".hta", ".bat", ".cmd", ".ps1", ".msi", ".jar", ".apk", ".iso",
    ".img", ".vhd", ".lnk", ".wsf", ".cpl", ".pif", ".com.exe", ".dll", ".docm", ".xlsm", ".xll", ".one", ".chm",
    ".appx", ".msix", ".dmg",
];

/// Folders of sites' programs that hold code and files, not pages.
const INNER: [&str; 6] =
    ["/wp-includes/", "/wp-content/", "/wp-admin/", "/.well-known/", "/cgi-sys/", "/vendor/phpunit/"];

/// Files that honest sites do serve from there.
const FILES: [&str; 16] = [
    ".pdf", ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".mp3", ".mp4", ".doc", ".docx", ".xlsx", ".ics", ".css",
    ".epub", ".odt",
];

/// Suffixes with next to no price that abuse lists name most; weak.
const CHEAP: [&str; 40] = [
    "top", "xyz", "icu", "cfd", "sbs", "click", "link", "buzz", "cyou", "rest", "bond", "quest", "lol", "monster",
    "tk", "ml", "ga", "cf", "gq", "live", "online", "site", "website", "space", "fun", "shop", "store", "club", "vip",
    "work", "life", "info", "ru", "su", "beauty", "autos", "hair", "skin", "makeup", "pics",
];

/// Whom a message goes to and where it says it comes from: what links are held against.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Addresses of recipients, lower case.
    pub recipients: &'a [String],
    /// What is protected and known.
    pub judge: &'a Judge,
    /// The words and brands.
    pub lexicon: &'a super::ideas::Lexicon,
}

/// Whether a name's suffix is one of the cheap ones.
pub fn is_cheap(host: &str) -> bool {
    host.rsplit('.').next().is_some_and(|s| CHEAP.contains(&s))
}

/// Links being collected.
pub struct Collector<'a> {
    around: Around<'a>,
    scratch: Scratch,
    links: Vec<Link>,
    /// Judgements by host.
    judged: HashMap<String, Option<(u8, String)>, foldhash::fast::RandomState>,
    seen: HashMap<String, usize, foldhash::fast::RandomState>,
    /// How many were left out.
    pub cut: u64,
}

impl<'a> Collector<'a> {
    /// None yet.
    pub fn new(around: Around<'a>) -> Collector<'a> {
        Collector {
            around,
            scratch: Scratch::default(),
            links: Vec::new(),
            judged: HashMap::default(),
            seen: HashMap::default(),
            cut: 0,
        }
    }

    /// All that were added.
    pub fn finish(self) -> Vec<Link> {
        self.links
    }

    /// How a host or domain is made to look: score and what it imitates.
    pub fn imitates(&mut self, host: &str) -> Option<(u8, String)> {
        if let Some(known) = self.judged.get(host) {
            return known.clone();
        }
        // A name nobody can register is a slip of the pen.
        if !crate::mail::address::exists(host) {
            return None;
        }
        let found = self.around.judge.judge(host.as_bytes(), &mut self.scratch).map(|j| (j.score, j.imitates));
        self.judged.insert(host.to_string(), found.clone());
        found
    }

    /// Adds a link.
    pub fn add(&mut self, href: &str, text: &str, opens: Opens, image: bool, place: &str) {
        if href.len() < 4 {
            return;
        }
        let key: String = href.chars().take(LONGEST).collect();
        if let Some(&at) = self.seen.get(&key) {
            let link = &mut self.links[at];
            link.count += 1;
            link.image |= image;
            if link.text.is_empty() {
                link.text = text.chars().take(120).collect();
                self.show(at, text);
            }
            return;
        }
        if self.links.len() >= MOST {
            self.cut += 1;
            return;
        }
        let Some(mut url) = Url::parse(href) else { return };
        if matches!(url.scheme.as_str(), "mailto" | "tel" | "sms" | "cid" | "about" | "whatsapp" | "news" | "ftp")
            && url.host.is_empty()
        {
            return;
        }
        let mut link = Link {
            url: key.clone(),
            shown: None,
            text: text.chars().take(120).collect(),
            host: String::new(),
            domain: String::new(),
            leads_to: None,
            imitates: None,
            opens,
            traits: Vec::new(),
            count: 1,
            image,
            place: place.to_string(),
        };
        let does = scheme::does(&url);
        if let Some(does) = does {
            link.traits.push(match does {
                Does::Carries => Trait::Data,
                Does::Scripts => Trait::Script,
                Does::Starts | Does::Hands => Trait::Program,
                Does::Fetches => Trait::Share,
                Does::Links => Trait::Device,
            });
            // Where it leads is judged as any address.
            let web = match does {
                Does::Fetches => url.path.starts_with("//").then(|| format!("http:{}", url.path)),
                _ => scheme::target(&url),
            };
            url = web.and_then(|w| Url::parse(&w)).filter(Url::is_web).unwrap_or(url);
        }
        for _ in 0..redirect::MOST {
            let Some(next) = redirect::unwrap(&url).and_then(|t| Url::parse(&t).filter(Url::is_web).map(|u| (t, u)))
            else {
                break;
            };
            link.url = next.0.chars().take(LONGEST).collect();
            url = next.1;
            link.traits.push(Trait::Rewritten);
        }
        if url.is_web() {
            self.look(&mut link, &url);
        }
        link.traits.sort_unstable();
        link.traits.dedup();
        self.seen.insert(key, self.links.len());
        self.links.push(link);
        self.show(self.links.len() - 1, text);
    }

    fn look(&mut self, link: &mut Link, url: &Url) {
        link.host.clone_from(&url.host);
        link.domain =
            if url.is_ip { url.host.clone() } else { registrable(&url.host).unwrap_or_else(|| url.host.clone()) };
        self.host(link, url);
        let target = redirect::inner(url).filter(|t| registrable(&t.host) != registrable(&url.host));
        if let Some(target) = target {
            if redirect::is_open(url) || self.around.lexicon.is_known(&url.host) {
                link.traits.push(Trait::Redirect);
                self.host(link, &target);
            }
            link.leads_to = Some(target.host);
        }
        let path = percent(&url.path).to_lowercase();
        if RUNS.iter().any(|r| path.ends_with(r)) {
            link.traits.push(Trait::Runs);
        }
        // A page among files: somebody put it up for this.
        if link.has(Trait::File) && [".html", ".htm", ".php"].iter().any(|e| path.ends_with(e)) {
            link.traits.push(Trait::Site);
        }
        if INNER.iter().any(|i| path.contains(i)) && !FILES.iter().any(|f| path.ends_with(f)) {
            link.traits.push(Trait::Planted);
        }
        if url.port.is_some_and(|p| !matches!(p, 80 | 443)) {
            link.traits.push(Trait::Port);
        }
        if !url.user.is_empty() {
            link.traits.push(Trait::User);
        }
        let longest =
            |text: &str| text.split(['/', '.', '-', '_', '=', '&', '?', '+']).map(str::len).max().unwrap_or(0);
        if longest(&url.path) >= 24 || longest(&url.fragment) >= 24 {
            link.traits.push(Trait::Random);
        }
        // What a document leads to is no letter's that counts its readers.
        let plain = |r: &String| r.contains('@') && percent(&url.query).to_lowercase().contains(r.as_str());
        if self.names_recipient(url) || link.place == "attachment" && self.around.recipients.iter().any(plain) {
            link.traits.push(Trait::Recipient);
        }
    }

    /// What a host is.
    fn host(&mut self, link: &mut Link, url: &Url) {
        if url.is_ip {
            link.traits.push(if url.odd_ip { Trait::OddAddress } else { Trait::Address });
            return;
        }
        // What a sender may be is said of hosts, and of no link.
        let of_link = |t: &&Trait| !matches!(t, Trait::Space | Trait::Voice | Trait::Filter);
        link.traits.extend(HOSTS.of(&url.host).iter().filter(of_link));
        if !url.host.is_ascii() || url.host.contains("xn--") {
            link.traits.push(Trait::International);
        }
        if is_cheap(&url.host) {
            link.traits.push(Trait::CheapSuffix);
        }
        if let Some((_, what)) =
            self.imitates(&url.host).filter(|(score, _)| *score >= 60 && !self.around.lexicon.is_known(&url.host))
        {
            link.traits.push(Trait::LookAlike);
            link.imitates = Some(what);
        }
        let words = super::fold::Words::new(&url.host.replace('.', " "), false);
        let named = self.around.lexicon.brands(&words, false);
        let lexicon = self.around.lexicon;
        if named.iter().any(|b| !lexicon.owns(b.brand, &url.host)) && !lexicon.is_known(&url.host) {
            link.traits.push(Trait::Borrowed);
            link.imitates = link.imitates.take().or(named.first().map(|b| b.shown.clone()));
        }
    }

    /// The recipient's address plain after the hash or in the path's end, or coded in base64.
    fn names_recipient(&self, url: &Url) -> bool {
        let tail = percent(&format!("{} {}", url.fragment, url.query)).to_lowercase();
        let coded: Vec<String> = tail_parts(url)
            .filter(|p| {
                p.len() >= 12
                    && p.len() < 400
                    && p.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'_' | b'='))
            })
            .map(|p| {
                let plain = p.replace('-', "+").replace('_', "/");
                String::from_utf8_lossy(&formats::transfer::base64(plain.as_bytes(), 400).bytes).to_lowercase()
            })
            .collect();
        self.around.recipients.iter().filter(|r| r.len() > 5 && r.contains('@')).any(|r| {
            url.fragment.to_lowercase().contains(r.as_str())
                || coded.iter().any(|c| c.contains(r.as_str()))
                || !url.fragment.is_empty() && tail.contains(r.as_str())
        })
    }

    /// Holds the words of a link against where it leads.
    fn show(&mut self, at: usize, text: &str) {
        let Some(shown) = shown_host(text) else { return };
        let link = &mut self.links[at];
        let other = registrable(&shown).is_some_and(|s| s != link.domain)
            && link.leads_to.as_deref().and_then(registrable) != registrable(&shown);
        link.shown = Some(shown);
        if other && link.is_web() && !link.has(Trait::ShownOther) {
            link.traits.push(Trait::ShownOther);
            link.traits.sort_unstable();
        }
    }
}

fn tail_parts(url: &Url) -> impl Iterator<Item = &str> {
    [url.path.as_str(), url.query.as_str(), url.fragment.as_str()]
        .into_iter()
        .flat_map(|t| t.split(['/', '=', '&', '?', '#', '.', '$', '*']))
        .take(100)
}

/// The host that the words of a link show, where they are an address.
pub fn shown_host(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['<', '>', '"', '\'', '(', ')', '[', ']', '.', ',']);
    if text.len() > 300 || text.contains(char::is_whitespace) || text.contains('@') && !text.contains("://") {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let host = if lower.starts_with("http://") || lower.starts_with("https://") {
        Url::parse(text)?.host
    } else {
        lower.split(['/', '?', '#', ':']).next()?.to_string()
    };
    let mut parts = Parts::default();
    parts.set(host.as_bytes()).ok()?;
    // A suffix that is on no list is a file name or the end of a sentence.
    let suffix = std::str::from_utf8(parts.suffix()).ok()?;
    (knowledge::suffixes::suffix(host.as_bytes()).is_some_and(|s| s.is_known())
        && (lower.starts_with("http")
            || lower.starts_with("www.")
            || !matches!(suffix, "zip" | "mov" | "sh" | "py" | "rs" | "pl" | "md" | "cc")))
    .then_some(host)
}

/// The words that a line of plain text sets before an address like a button's: `Read the answer: http://…`.
fn caption(text: &str, at: usize) -> &str {
    let line = text[..at].rsplit('\n').next().unwrap_or("").trim();
    let words =
        line.strip_suffix(':').or_else(|| line.strip_suffix("->")).or_else(|| line.strip_suffix("»")).unwrap_or("");
    let count = words.split_whitespace().count();
    if (2..=6).contains(&count) && words.len() < 60 && !line.starts_with('>') { words.trim() } else { "" }
}

/// Addresses written in plain text, and the words before them that are a caption.
pub fn in_text(text: &str) -> Vec<(String, &str)> {
    let mut found = Vec::new();
    let lower = text.to_ascii_lowercase();
    // What can be clicked beside the web's is found by what stands before its colon.
    let starts = ["http", "www.", "ms-", "search-ms:", "file:", "tg:", "sgnl:", "intent:", "itms-services:"];
    for (at, _) in starts.iter().flat_map(|s| lower.match_indices(s)).take(MOST * 4) {
        let Some(rest) = text.get(at..) else { continue };
        let head = &lower[at..];
        let begins = !lower[..at].ends_with(|c: char| c.is_alphanumeric() || c == '-');
        let other = || {
            begins
                && Url::parse(head.get(..head.floor_char_boundary(80)).unwrap_or(""))
                    .is_some_and(|u| scheme::does(&u).is_some())
        };
        let scheme =
            head.starts_with("http://") || head.starts_with("https://") || !head.starts_with("http") && other();
        let bare = head.starts_with("www.")
            && !lower[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '@' | '-'));
        if !scheme && !bare {
            continue;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '|' | '{' | '}' | '^' | '`'))
            .unwrap_or(rest.len());
        let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '*', '_']);
        if url.len() > 10 && found.len() < MOST {
            let url = if scheme { url.to_string() } else { format!("http://{url}") };
            found.push((url, caption(text, at)));
        }
    }
    found
}

/// Whether two domains belong together: the same registrable domain, or the same label under two suffixes.
pub fn related(a: &str, b: &str) -> bool {
    if a == b {
        return !a.is_empty();
    }
    let (Some(a), Some(b)) = (registrable(a), registrable(b)) else { return false };
    let label = |d: &str| d.split('.').next().unwrap_or("").to_string();
    a == b || under(&a, &b) || under(&b, &a) || (label(&a) == label(&b) && label(&a).len() >= 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(href: &str, text: &str, expected: &[Trait]) {
        let config = crate::testing::config("[protect]\ndomains = [\"parti-bleu.fr\"]");
        let judge = Judge::new(&config.protect, &knowledge::names::Names::embedded());
        let recipients = ["anna@parti-bleu.fr".to_string()];
        let around = Around { recipients: &recipients, judge: &judge, lexicon: &super::super::ideas::LEXICON };
        let mut all = Collector::new(around);
        all.add(href, text, Opens::Click, false, "body");
        assert_eq!(all.finish()[0].traits, expected, "{href}");
    }

    #[test]
    fn links_are_looked_at() {
        check("https://kiosque.example.fr/a", "Read", &[]);
        check("https://bank.fr@kiosque.fr/", "x", &[Trait::User]);
        check("http://0x7f000001/", "x", &[Trait::OddAddress]);
        check("http://kiosque.fr:8081/x", "x", &[Trait::Port]);
        check("https://tinyurl.com/abc", "x", &[Trait::Shortener]);
        check("https://kiosque.fr/", "https://www.parti-bleu.fr/", &[Trait::ShownOther]);
        check("https://www.parti-bleu.fr/a", "parti-bleu.fr", &[]);
        check("https://kiosque.fr/a#anna@parti-bleu.fr", "x", &[Trait::Recipient]);
        check("https://kiosque.fr/a#YW5uYUBwYXJ0aS1ibGV1LmZy", "x", &[Trait::Recipient, Trait::Random]);
        check("https://www.google.com/url?q=https://kiosque.fr/", "x", &[Trait::Redirect]);
        check("https://parti-bleu-login.fr/", "x", &[Trait::LookAlike]);
        check("data:text/html;base64,PGI+", "x", &[Trait::Data]);
        check("https://kiosque.fr/a.exe", "x", &[Trait::Runs]);
    }

    #[test]
    fn plain_text_holds_addresses() {
        assert_eq!(
            in_text("see http://a.example/x, or <www.b.example>. nothttp here\nRead it: http://c.example"),
            [
                ("http://a.example/x".to_string(), ""),
                ("http://c.example".to_string(), "Read it"),
                ("http://www.b.example".to_string(), "")
            ]
        );
    }
}
