//! Which attacks a single HTTP request shows: the hot function of the web log's reader.
//!
//! [`Classifier::classify`] gets the parts of one request as the log gave them and answers with a
//! [`Verdict`]: which classes are *strong* (this request alone is an attempt, whatever the answer was), which
//! are *weak* (an ordinary visitor may do this; only repetition or context makes it an attempt), and
//! which rule is the most telling one, in which part of the request.
//!
//! How it works. An ordinary request is recognised by a look at its bytes and one pass of the literal index
//! ([`literals`]). Anything else is decoded ([`decode`]), cut into path, parameter names and values, and given to
//! one reader for each family: [`sql`], [`html`], [`paths`], [`shell`], [`templates`], [`line`]. What they
//! recognise are rules of `knowledge/data/web_attacks.toml`, which also holds every literal and word.
//!
//! You may rely on: no panic on any bytes; no recursion; time linear in the request's length, of which at most
//! [`decode::LIMIT`] bytes of each part are read; what is remembered between requests is
//! compared whole ([`Scratch`]), so the adversary cannot poison anything. The answer depends on nothing but the request and the knowledge file.
//!
//! Left out: bodies and cookies (logs do not hold them), several requests together (the attempts' detector
//! counts those), and whether the attempt succeeded.

pub mod control;
pub mod decode;
pub mod html;
pub mod line;
pub mod literals;
pub mod paths;
pub mod rules;
pub mod shell;
pub mod sql;
mod sql_clauses;
pub mod sql_tokens;
pub mod templates;
pub mod value;
pub mod wordset;

mod kinds;
#[cfg(test)]
mod tests;

use decode::{LIMIT, decode};
use html::HtmlWords;
pub use kinds::{Class, ClassSet, Part, Verdict, techniques};
use literals::LiteralIndex;
use rules::Rules;
pub use rules::{Engine, Rule, Strength};
use sql_tokens::Token;
use value::{Found, Value};
use wordset::WordTable;

/// The parts of one request, as logged. An empty slice means: not logged.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// `GET`, `POST`, …; empty if the line was malformed and is all in `target`.
    pub method: &'a [u8],
    /// Path and query, an absolute address, or a whole malformed request line.
    pub target: &'a [u8],
    /// `HTTP/1.1`, …
    pub protocol: &'a [u8],
    /// The `User-Agent` header.
    pub user_agent: &'a [u8],
    /// The `Referer` header.
    pub referer: &'a [u8],
    /// The host the request was for.
    pub host: &'a [u8],
    /// The answer's status code, 0 if unknown.
    pub status: u16,
}

/// Working room, kept between calls so that none allocates. Holds of one request for the next only headers that were
/// found silent, whole: they change the time an answer takes, never the answer.
#[derive(Debug, Default)]
pub struct Scratch {
    silent_agents: Silent,
    silent_referers: Silent,
    text: Vec<u8>,
    spare: Vec<u8>,
    pieces: Vec<Piece>,
    tokens: Vec<Token>,
}

/// Headers in which nothing was found, each in the place its length and a few of its bytes choose. Real visitors
/// share a few hundred; whoever makes up new ones pays with a look at each, as before.
#[derive(Debug, Default)]
struct Silent(Vec<Vec<u8>>);

impl Silent {
    const PLACES: usize = 256;
    const LONGEST: usize = 400;

    fn place(agent: &[u8]) -> usize {
        let sample = |at: usize| usize::from(agent[at * agent.len() / 8]) << (at & 3);
        (0..8).fold(agent.len(), |h, at| h.wrapping_mul(31) + sample(at)) % Self::PLACES
    }

    fn holds(&self, agent: &[u8]) -> bool {
        !agent.is_empty() && self.0.get(Self::place(agent)).is_some_and(|known| known == agent)
    }

    fn keep(&mut self, agent: &[u8]) {
        if agent.is_empty() || agent.len() > Self::LONGEST {
            return;
        }
        self.0.resize_with(Self::PLACES, Vec::new);
        let place = &mut self.0[Self::place(agent)];
        place.clear();
        place.extend_from_slice(agent);
    }
}

/// A decoded piece of the target in `Scratch::text`.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: usize,
    end: usize,
    raw: (usize, usize),
    disguise: decode::Disguise,
    name: bool,
    path: bool,
}

/// Parameters looked at one by one; the rest of a longer query is looked at as one.
const MOST_PARAMETERS: usize = 64;

/// The compiled knowledge. Build it once; it is read-only and can be shared between threads.
#[derive(Debug, Clone)]
pub struct Classifier {
    rules: Rules,
    literals: LiteralIndex,
    extensions: WordTable,
    extension_rules: Vec<u16>,
    functions: WordTable,
    programs: WordTable,
    html: HtmlWords,
    redirects: WordTable,
    logins: WordTable,
    tools: WordTable,
}

impl Classifier {
    /// Compiles the knowledge. Rules it does not understand (a newer file) are left out.
    #[must_use]
    pub fn new(data: &knowledge::web_attacks::WebAttacks) -> Self {
        let words = &data.words;
        let rules = Rules::new(data);
        let two = |sure: &'_ [String], other: &'_ [String]| -> WordTable {
            WordTable::new(
                sure.iter().map(|word| (word.as_str(), 0)).chain(other.iter().map(|word| (word.as_str(), 1))),
            )
        };
        let one = |list: &[String]| WordTable::new(list.iter().map(|word| (word.as_str(), 0)));
        let literals = LiteralIndex::new(&rules.literals(data));
        let (extensions, extension_rules) = rules.extensions(data);
        Self {
            literals,
            extensions,
            extension_rules,
            functions: two(&words.sql_functions_sure, &words.sql_functions),
            programs: two(&words.commands_sure, &words.commands),
            html: HtmlWords { elements: two(&words.html_active, &words.html_plain), events: one(&words.html_events) },
            redirects: one(&words.redirect_parameters),
            logins: one(&words.login_pages),
            tools: one(&words.scanner_agents),
            rules,
        }
    }

    /// The rule a verdict names.
    #[must_use]
    pub fn rule(&self, index: u16) -> Option<&Rule> {
        self.rules.get(index)
    }

    /// All rules, for documentation and tests.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter()
    }

    /// Judges one request.
    pub fn classify(&self, request: &Request<'_>, scratch: &mut Scratch) -> Verdict {
        let mut verdict = Verdict::default();
        let mut found = Found::default();
        line::scan(request, &mut found);
        self.note(found, Part::Target, &mut verdict);
        self.short_agent(request.user_agent, &mut verdict);

        let target = &request.target[..request.target.len().min(LIMIT)];
        let target = match target.first() {
            Some(b'/') | None => target,
            Some(_) => line::split_absolute(target).map_or(target, |(_, path)| path),
        };
        let look = glance(target);
        let path_end = memchr::memchr(b'?', target).unwrap_or(target.len());
        // `=//host` may be a redirect, which needs the parameter's name.
        if look.plain && !(look.dots && value::has(target, b"=//")) {
            self.literals
                .scan(target, false, path_end, |rule, _| self.literal(rule, request, Part::Target, &mut verdict));
            if look.dots {
                self.pieces_plain(target, path_end, &mut verdict, scratch);
            }
            self.page(request, &target[..path_end], &mut verdict);
        } else {
            self.target(request, target, &mut verdict, scratch);
        }
        self.agent(request, &mut verdict, scratch);
        let referer = request.referer;
        if (odd_header(referer)
            || referer.contains(&b'(')
            || any_pair(referer, |one, two| (one == b'.') & (two == b'.')))
            && !scratch.silent_referers.holds(referer)
            && self.header(request, Part::Referer, &mut verdict, scratch)
        {
            scratch.silent_referers.keep(referer);
        }
        verdict
    }

    /// An agent of one short word, which the literal index cannot hold.
    #[inline]
    fn short_agent(&self, agent: &[u8], verdict: &mut Verdict) {
        let mut word = [0; 8];
        if let Some(word) = word.get_mut(..agent.len()) {
            word.copy_from_slice(agent);
            word.make_ascii_lowercase();
            if self.tools.has(word) {
                let mut found = Found::default();
                found.add(Engine::AgentName);
                self.note(found, Part::UserAgent, verdict);
            }
        }
    }

    /// Takes the tokenizers' finds over into the verdict.
    #[inline]
    fn note(&self, found: Found, part: Part, verdict: &mut Verdict) {
        if found.is_empty() {
            return;
        }
        for number in found.iter() {
            if let Some(index) = self.rules.of_engine(number) {
                verdict.add(self.rules.at(index), index, part);
            }
        }
    }

    #[cold]
    fn literal(&self, index: u16, request: &Request<'_>, part: Part, verdict: &mut Verdict) {
        let rule = self.rules.at(index);
        if rule.methods.is_empty() || rule.methods.iter().any(|method| **method == *request.method) {
            verdict.add(rule, index, part);
        }
    }

    /// A target of plain characters with dots or slashes side by side.
    #[cold]
    fn pieces_plain(&self, target: &[u8], path_end: usize, verdict: &mut Verdict, scratch: &mut Scratch) {
        let mut found = Found::default();
        for (piece, path) in std::iter::once((&target[..path_end], true)).chain(
            target[path_end..]
                .split(|&byte| matches!(byte, b'&' | b'=' | b'?'))
                .take(MOST_PARAMETERS * 2)
                .map(|piece| (piece, false)),
        ) {
            if glance(piece).dots || (!path && piece.first() == Some(&b'/')) {
                scratch.spare.clear();
                scratch.spare.extend_from_slice(piece);
                scratch.spare.make_ascii_lowercase();
                let value = Value::new(&scratch.spare, piece, decode::Disguise::default(), path);
                paths::scan(&value, &mut found);
                if !path {
                    shell::scan(&value, &self.programs, &mut found);
                }
            }
        }
        self.note(found, Part::Target, verdict);
    }

    /// Extensions of backups and the like, log-in pages.
    #[inline]
    fn page(&self, request: &Request<'_>, path: &[u8], verdict: &mut Verdict) {
        if let Some(number) = literals::extension_rule(path, &self.extensions) {
            let index = self.extension_rules[usize::from(number)];
            verdict.add(self.rules.at(index), index, Part::Target);
        }
        if let Some(b"php" | b"PHP" | b"php5" | b"php7" | b"phtml" | b"phar" | b"jsp" | b"asp" | b"aspx") =
            literals::extension(path)
            && has_upload_directory(path)
        {
            let mut found = Found::default();
            found.add(Engine::UploadProgram);
            self.note(found, Part::Target, verdict);
        }
        if request.method == b"POST" || request.status == 401 {
            self.login(request, path, verdict);
        }
    }

    fn login(&self, request: &Request<'_>, path: &[u8], verdict: &mut Verdict) {
        let mut found = Found::default();
        if request.status == 401 {
            found.add(Engine::LoginRefused);
        }
        let path = path.strip_suffix(b"/").unwrap_or(path);
        let last = path.rsplit(|&byte| byte == b'/').next().unwrap_or(path);
        let mut lower = [0_u8; 40];
        if request.method == b"POST"
            && let Some(lower) = lower.get_mut(..last.len())
        {
            lower.copy_from_slice(last);
            lower.make_ascii_lowercase();
            if self.logins.has(lower) {
                found.add(Engine::LoginPosted);
            }
        }
        self.note(found, Part::Target, verdict);
    }

    /// The whole way: decode, cut, read.
    #[cold]
    fn target(&self, request: &Request<'_>, target: &[u8], verdict: &mut Verdict, scratch: &mut Scratch) {
        let Scratch { text, spare, pieces, tokens, .. } = scratch;
        text.clear();
        pieces.clear();
        let path_end = query_start(target);
        let mut piece = |text: &mut Vec<u8>, from: usize, to: usize, name: bool, path: bool| {
            let start = text.len();
            let disguise = decode(&target[from..to], !path, text, spare);
            let end = text.len();
            text.push(b'&');
            pieces.push(Piece { start, end, raw: (from, to), disguise, name, path });
        };
        piece(text, 0, path_end, false, true);
        let decoded_path_end = text.len() - 1;
        if path_end < target.len() {
            if let Some(last) = text.last_mut() {
                *last = b'?';
            }
            let mut at = path_end + 1;
            let mut count = 0;
            while at < target.len() {
                count += 1;
                let end = if count < MOST_PARAMETERS { parameter_end(target, at) } else { target.len() };
                let parameter = &target[at..end];
                let equals = memchr::memchr(b'=', parameter).filter(|&sign| named(&parameter[..sign]));
                match equals {
                    Some(sign) => {
                        piece(text, at, at + sign, true, false);
                        if let Some(last) = text.last_mut() {
                            *last = b'=';
                        }
                        piece(text, at + sign + 1, end, false, false);
                    }
                    None => piece(text, at, end, false, false),
                }
                at = end + 1;
            }
        }
        text.pop();
        self.literals.scan(text, false, decoded_path_end, |rule, _| self.literal(rule, request, Part::Target, verdict));
        self.page(request, &text[..decoded_path_end], verdict);
        let mut found = Found::default();
        let mut redirect = false;
        for piece in pieces.iter() {
            let value = Value::new(
                &text[piece.start..piece.end],
                &target[piece.raw.0..piece.raw.1],
                piece.disguise,
                piece.path,
            );
            if piece.name {
                redirect = self.redirects.has(value.text);
                templates::parameter_name(value.text, &mut found);
                if !value.any(b"'\"<(;|`${") {
                    continue;
                }
            } else if redirect {
                redirect = false;
                if foreign(value.text, request.host) {
                    found.add(Engine::RedirectForeign);
                }
            }
            self.read(&value, tokens, spare, &mut found);
            if !value.path && value.any(b"$'\"\\[") && value.any(b"/") && shell::unquoted(value.text, spare) {
                self.literals.scan(spare, false, 0, |rule, _| {
                    if matches!(self.rules.at(rule).class, Class::FileInclusion | Class::CommandInjection) {
                        self.literal(rule, request, Part::Target, verdict);
                    }
                });
            }
        }
        self.note(found, Part::Target, verdict);
    }

    /// Gives one value to all readers.
    fn read(&self, value: &Value<'_>, tokens: &mut Vec<Token>, spare: &mut Vec<u8>, found: &mut Found) {
        if value.text.is_empty() {
            return;
        }
        sql::scan(value, &self.functions, tokens, found);
        // Prose, in whatever language: nothing here that markup, shells or templates could act on.
        if !value.any(b"!\"#$%&'()*+/:;<=>?@[\\]^`{|}~\0\t\n\r") && !value.disguise.overlong {
            shell::scan(value, &self.programs, found);
            if value.has(b"..") {
                paths::scan(value, found);
            }
            return;
        }
        html::scan(value, &self.html, found);
        paths::scan(value, found);
        shell::scan(value, &self.programs, found);
        templates::scan(value, spare, found);
    }

    #[inline]
    fn agent(&self, request: &Request<'_>, verdict: &mut Verdict, scratch: &mut Scratch) {
        let agent = &request.user_agent[..request.user_agent.len().min(LIMIT)];
        if agent.is_empty() || scratch.silent_agents.holds(agent) {
            return;
        }
        let mut silent = true;
        self.literals.scan(agent, true, 0, |rule, _| {
            silent = false;
            self.literal(rule, request, Part::UserAgent, verdict);
        });
        // A program names itself and its version: `name/1.0 …` (RFC 9110 10.1.5).
        if odd_header(agent)
            || agent.len() > 1 && (!agent[0].is_ascii_alphanumeric() || memchr::memchr(b'/', agent).is_none())
        {
            silent &= self.header(request, Part::UserAgent, verdict, scratch);
        }
        if silent {
            scratch.silent_agents.keep(agent);
        }
    }

    /// Injection by way of a header. Says whether nothing was found.
    #[cold]
    fn header(&self, request: &Request<'_>, part: Part, verdict: &mut Verdict, scratch: &mut Scratch) -> bool {
        let agent = part == Part::UserAgent;
        let header = if agent { request.user_agent } else { request.referer };
        let header = &header[..header.len().min(LIMIT)];
        let Scratch { text, spare, tokens, .. } = scratch;
        let (mut found, mut silent) = (Found::default(), true);
        let mut read = |from: usize, to: usize, found: &mut Found| {
            text.clear();
            let disguise = decode(&header[from..to], !agent, text, spare);
            let value = Value::new(text, &header[from..to], disguise, agent || from == 0);
            templates::scan(&value, spare, found);
            html::scan(&value, &self.html, found);
            sql::scan(&value, &self.functions, tokens, found);
            shell::scan(&value, &self.programs, found);
            if !value.path {
                paths::scan(&value, found);
            }
            if agent {
                // A browser's remarks in parentheses hold words between semicolons, which are no commands.
                let remarks = text.starts_with(b"mozilla/") || text.starts_with(b"opera/");
                if !remarks && shell::begins(text, &self.programs) {
                    found.add(Engine::CmdSubstitution);
                }
            }
            // What names a file or an object that an attack reaches for says so here too; pages are ordinary.
            self.literals.scan(text, false, 0, |rule, _| {
                if injects(self.rules.at(rule)) {
                    silent = false;
                    self.literal(rule, request, part, verdict);
                }
            });
        };
        if agent {
            read(0, header.len(), &mut found);
        } else {
            let mut at = 0;
            for _ in 0..MOST_PARAMETERS {
                if at >= header.len() {
                    break;
                }
                let end = header[at..]
                    .iter()
                    .position(|&byte| matches!(byte, b'?' | b'&' | b'='))
                    .map_or(header.len(), |end| at + end);
                read(at, end, &mut found);
                at = end + 1;
            }
        }
        let found = found.for_header();
        self.note(found, part, verdict);
        silent && found.is_empty()
    }
}

/// Whether a literal's rule is of code or files, wherever it stands; not of pages that somebody may come from.
fn injects(rule: &Rule) -> bool {
    rule.strength == Strength::Strong
        && matches!(
            rule.class,
            Class::SqlInjection
                | Class::CrossSiteScripting
                | Class::FileInclusion
                | Class::CommandInjection
                | Class::TemplateInjection
                | Class::Deserialization
        )
}

/// What a first look at the target tells.
struct Glance {
    /// Only letters, digits and `/ _ . - = & ?`: nothing to decode, no syntax.
    plain: bool,
    /// Dots or slashes side by side.
    dots: bool,
}

/// Whether any byte passes the test. Sixteen at a time, and the last sixteen once more instead of a remainder, so
/// that the compiler makes vector instructions of it.
#[inline(always)]
fn any_byte(text: &[u8], test: impl Fn(u8) -> bool) -> bool {
    let (blocks, rest) = text.as_chunks::<16>();
    let mut met = [0_u8; 16];
    for block in blocks.iter().chain(text.last_chunk::<16>()) {
        for (met, &byte) in met.iter_mut().zip(block) {
            *met |= u8::from(test(byte));
        }
    }
    met != [0; 16] || (text.len() < 16 && rest.iter().any(|&byte| test(byte)))
}

/// The same for pairs of neighbours.
#[inline(always)]
fn any_pair(text: &[u8], test: impl Fn(u8, u8) -> bool) -> bool {
    let Some(next) = text.get(1..) else { return false };
    let text = &text[..next.len()];
    let (ones, rest) = text.as_chunks::<16>();
    let (twos, rest_twos) = next.as_chunks::<16>();
    let mut met = [0_u8; 16];
    let last = text.last_chunk::<16>().zip(next.last_chunk::<16>());
    for (one, two) in ones.iter().zip(twos).chain(last) {
        for ((met, &one), &two) in met.iter_mut().zip(one).zip(two) {
            *met |= u8::from(test(one, two));
        }
    }
    met != [0; 16] || (text.len() < 16 && rest.iter().zip(rest_twos).any(|(&one, &two)| test(one, two)))
}

/// The first look at a target.
#[inline]
fn glance(text: &[u8]) -> Glance {
    let odd = any_byte(text, |byte| {
        let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
        let low = byte.wrapping_sub(b'-') < 13; // - . / 0-9
        !(letter | low | (byte == b'_') | (byte == b'=') | (byte == b'&') | (byte == b'?'))
    });
    let dots =
        any_pair(text, |one, two| ((one == b'.') | (one == b'/') | (one == b'=')) & ((two == b'.') | (two == b'/')));
    Glance { plain: !odd, dots }
}

/// Whether a header holds a character that injections need and browsers do not write.
#[inline]
fn odd_header(text: &[u8]) -> bool {
    any_byte(&text[..text.len().min(LIMIT)], |byte| {
        (byte < 0x20)
            | (byte == b'$')
            | (byte == b'{')
            | (byte == b'<')
            | (byte == b'\'')
            | (byte == b'"')
            | (byte == b'`')
            | (byte == b'\\')
            | (byte == b'|')
            | (byte == b'%')
    })
}

/// Directories that hold what visitors and editors uploaded, never programs.
fn has_upload_directory(path: &[u8]) -> bool {
    [&b"/uploads/"[..], b"/upload/", b"/wp-content/languages/", b"/images/stories/", b"/userfiles/", b"/avatars/"]
        .iter()
        .any(|directory| value::has(path, directory))
}

/// Where the query begins: at the first `?`, also an encoded one if the whole target is encoded.
fn query_start(target: &[u8]) -> usize {
    memchr::memchr(b'?', target).unwrap_or_else(|| {
        if target.first() == Some(&b'%') {
            memchr::memmem::find(target, b"%3F")
                .or_else(|| memchr::memmem::find(target, b"%3f"))
                .unwrap_or(target.len())
        } else {
            target.len()
        }
    })
}

/// Where a parameter ends: at `&`, unless that is half of `&&`, begins an HTML entity, or a shell's `& command`.
fn parameter_end(target: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(found) = memchr::memchr(b'&', &target[at..]) {
        let here = at + found;
        let rest = &target[here + 1..];
        let doubled = rest.first() == Some(&b'&') || (here > from && target[here - 1] == b'&');
        let entity = rest.first() == Some(&b'#')
            || [&b"lt;"[..], b"gt;", b"quot;", b"apos;", b"amp;lt"].iter().any(|name| rest.starts_with(name));
        let spaced = rest.starts_with(b"%20") || rest.starts_with(b"+") || rest.starts_with(b" ");
        if !(doubled || entity || spaced) {
            return here;
        }
        at = here + 1;
        if at - from > 2048 {
            break;
        }
    }
    memchr::memchr(b'&', &target[at.min(target.len())..]).map_or(target.len(), |found| at + found)
}

/// Whether this looks like a parameter's name and not like the left side of an expression.
fn named(name: &[u8]) -> bool {
    name.len() <= 64
        && !name.iter().any(|&byte| matches!(byte, b' ' | b'\'' | b'"' | b'(' | b'<' | b'+' | b';' | b'|'))
        && memchr::memmem::find(name, b"%2")
            .is_none_or(|at| !matches!(name.get(at + 2), Some(b'0' | b'2' | b'7' | b'8')))
        && memchr::memmem::find(name, b"%3").is_none_or(|at| !matches!(name.get(at + 2), Some(b'c' | b'C')))
}

/// An address of another host than the site's own.
fn foreign(value: &[u8], host: &[u8]) -> bool {
    let value = value.trim_ascii();
    let rest = match value {
        [b'/' | b'\\', b'/' | b'\\', rest @ ..] => rest,
        _ if value.starts_with(b"http") => match memchr::memmem::find(value, b"://") {
            Some(at) => &value[at + 3..],
            None => return false,
        },
        _ => return false,
    };
    let end = rest.iter().position(|&byte| matches!(byte, b'/' | b'?' | b'#' | b'\\')).unwrap_or(rest.len());
    let there = line::without_port(&rest[..end]);
    let own = line::without_port(host);
    if own.is_empty() || own == b"-" {
        return false;
    }
    let bare = |name: &[u8]| name.strip_prefix(b"www.").unwrap_or(name).to_ascii_lowercase();
    let (there, own) = (bare(there), bare(own));
    let within =
        |name: &[u8], site: &[u8]| name.strip_suffix(site).is_some_and(|rest| rest.is_empty() || rest.ends_with(b"."));
    !there.is_empty() && !within(&there, &own) && !within(&own, &there)
}
