//! Log formats of one's own, learned from the evidence: what stands where is told by the first lines themselves, and
//! becomes a [`Pattern`] like those that `case.toml` names.
//!
//! A line is cut into tokens: stamps, quoted texts, a request without quotes, words. Lines cut alike are one *shape*;
//! what each token means is told by the word before it (`status:`, `client=`, `[Sent-to`) or by what stands there in nearly
//! all lines of the shape. A shape without stamp, client, request and answer is none. You may rely on: nothing but the
//! head decides; one hostile line makes a shape of its own and moves no other's. Left out: unquoted texts of many words
//! (a user agent without quotes), and JSON, which says itself what is what.

use super::line::{address_with_port, host_name};
use super::pattern::{Field, Pattern, stamp_length};
use super::record::dash;
use model::Address;
use std::collections::{BTreeMap, BTreeSet};

/// Tokens of a line that are looked at.
const TOKENS: usize = 96;
/// Lines of the head that are learned from.
const LINES: usize = 400;
/// Shapes kept: formats of one server, and a line now and then without its optional part.
const SHAPES: usize = 4;

/// Methods of HTTP and WebDAV (RFC 9110, 5789, 4918, 3253, 5323).
const METHODS: [&[u8]; 20] = [
    b"GET",
    b"POST",
    b"HEAD",
    b"PUT",
    b"DELETE",
    b"OPTIONS",
    b"PATCH",
    b"CONNECT",
    b"TRACE",
    b"PROPFIND",
    b"PROPPATCH",
    b"MKCOL",
    b"COPY",
    b"MOVE",
    b"LOCK",
    b"UNLOCK",
    b"REPORT",
    b"SEARCH",
    b"PURGE",
    b"MKACTIVITY",
];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Kind {
    Stamp,
    /// `GET /a HTTP/1.1` without quotes.
    Line,
    Quoted,
    Word,
}

#[derive(Clone, Copy, Debug)]
struct Token {
    kind: Kind,
    start: usize,
    end: usize,
}

/// Lines cut alike.
struct Cut<'l> {
    lines: Vec<(&'l [u8], Vec<Token>)>,
}

/// The patterns of a head's lines, the commonest first.
pub fn learn<'l>(lines: impl Iterator<Item = &'l [u8]>) -> Vec<Pattern> {
    let mut shapes: BTreeMap<Vec<(Kind, &[u8])>, Cut> = BTreeMap::new();
    for line in
        lines.filter(|l| !matches!(l.first(), None | Some(b'{' | b'[' | b'<' | b'#')) || bracketed_stamp(l)).take(LINES)
    {
        let Some(tokens) = needed(line, tokens(line)) else { continue };
        let mut from = 0;
        let skeleton = tokens.iter().map(|t| {
            let between = &line[from..t.start];
            from = t.end;
            (t.kind, between)
        });
        shapes.entry(skeleton.collect()).or_insert_with(|| Cut { lines: Vec::new() }).lines.push((line, tokens));
    }
    let mut shapes: Vec<Cut> = shapes.into_values().collect();
    shapes.sort_by_key(|c| std::cmp::Reverse(c.lines.len()));
    shapes.iter().filter_map(Cut::pattern).take(SHAPES).collect()
}

/// Whether a line that begins with a bracket begins with a stamp in it; a list in JSON does not.
fn bracketed_stamp(line: &[u8]) -> bool {
    line.first() == Some(&b'[') && stamp_length(&line[1..]).is_some()
}

/// The tokens up to the last that is needed: behind stamp, client, request and answer only what is quoted or a number.
fn needed(line: &[u8], tokens: Vec<Token>) -> Option<Vec<Token>> {
    let text = |t: &Token| &line[t.start..t.end];
    let position = |test: &dyn Fn(&Token) -> bool| tokens.iter().position(test);
    let stamp = position(&|t| t.kind == Kind::Stamp)?;
    let request = position(&|t| t.kind == Kind::Line || is_request(text(t)))
        .or_else(|| position(&|t| METHODS.contains(&text(t))).and(position(&|t| is_target(text(t)))))?;
    let client = position(&|t| address_with_port(text(t)).is_some())?;
    let labelled = |t: usize| label(line, &tokens, t).is_some_and(|l| STATUS.contains(&l.as_str()));
    let answer = (0..tokens.len())
        .find(|&t| labelled(t))
        .or_else(|| (request..tokens.len()).find(|&t| is_status(text(&tokens[t]))))
        .or_else(|| (0..request).rev().find(|&t| is_status(text(&tokens[t]))))?;
    let mut end = 1 + stamp.max(request).max(client).max(answer);
    let plain =
        |t: &Token| t.kind == Kind::Quoted || text(t).iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    while end < tokens.len() && plain(&tokens[end]) {
        end += 1;
    }
    // What is told by the word before it may stand further behind.
    let told = |t: usize| {
        label(line, &tokens, t).is_some_and(|l| [CLIENT, SIZE, HOST, AGENT, REFERER].concat().contains(&l.as_str()))
    };
    if let Some(last) = (end..tokens.len()).rev().find(|&t| told(t)) {
        end = last + 1;
    }
    Some(tokens[..end].to_vec())
}

const CLIENT: &[&str] = &[
    "client",
    "client_ip",
    "clientip",
    "c-ip",
    "remote",
    "remote_addr",
    "remote_ip",
    "src",
    "src_ip",
    "srcip",
    "from",
    "ip",
    "peer",
];
const FORWARDED: &[&str] =
    &["xff", "forwarded", "x-forwarded-for", "x_forwarded_for", "forwarded_for", "x-real-ip", "real_ip"];
/// What stands before the address of a machine of one's own.
const NOT_CLIENT: &[&str] = &[
    "to",
    "upstream",
    "upstream_addr",
    "sent-to",
    "server",
    "backend",
    "dst",
    "dest",
    "local",
    "via",
    "->",
    "=>",
    "proxy",
    "s-ip",
];
const STATUS: &[&str] = &["status", "code", "response", "http_status", "status_code", "sc-status", "rc"];
const SIZE: &[&str] = &["length", "bytes", "size", "bytes_sent", "body_bytes_sent", "sc-bytes"];
const HOST: &[&str] = &["host", "vhost", "server_name", "site", "http_host", "cs-host"];
const AGENT: &[&str] = &["ua", "agent", "useragent", "user_agent", "user-agent", "http_user_agent"];
const REFERER: &[&str] = &["referer", "referrer", "ref", "http_referer"];

/// The word before a token, in lower case, where it may say what the token is.
fn label(line: &[u8], tokens: &[Token], at: usize) -> Option<String> {
    let before = tokens.get(at.checked_sub(1)?)?;
    let word = &line[before.start..before.end];
    let told = before.kind == Kind::Word
        && word.len() <= 20
        && !word.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    told.then(|| String::from_utf8_lossy(word).to_ascii_lowercase())
}

fn is_request(text: &[u8]) -> bool {
    let Some(blank) = memchr::memchr(b' ', &text[..text.len().min(16)]) else { return false };
    METHODS.contains(&&text[..blank]) && is_target(&text[blank + 1..])
}

fn is_target(text: &[u8]) -> bool {
    text.starts_with(b"/") || text.starts_with(b"http://") || text.starts_with(b"https://") || text == b"*"
}

fn is_status(text: &[u8]) -> bool {
    matches!(text, [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'])
}

/// Cuts a line.
fn tokens(line: &[u8]) -> Vec<Token> {
    let mut all: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < line.len() && all.len() < TOKENS {
        let rest = &line[at..];
        let mut push = |kind, from: usize, to: usize| all.push(Token { kind, start: at + from, end: at + to });
        if let Some(length) = stamp_length(rest) {
            push(Kind::Stamp, 0, length);
            at += length;
        } else if rest[0] == b'"' {
            // The quote that ends it is not escaped, and a separator or nothing follows.
            let close = memchr::memchr_iter(b'"', &rest[1..])
                .map(|n| n + 1)
                .find(|&n| rest[n - 1] != b'\\' && rest.get(n + 1).is_none_or(|&b| is_separator(b)));
            let Some(close) = close else { break };
            push(Kind::Quoted, 1, close);
            at += close + 1;
        } else if is_separator(rest[0])
            || rest[0] == b'='
            || rest[0] == b':' && rest.get(1).is_none_or(|&b| is_separator(b))
        {
            at += 1;
        } else {
            // A target may hold anything but blanks.
            let ends = |b: u8| if rest[0] == b'/' { matches!(b, b' ' | b'\t') } else { is_separator(b) };
            let mut end = rest.iter().position(|&b| ends(b)).unwrap_or(rest.len());
            // `status=404`
            let named = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
            if let Some(equals) = memchr::memchr(b'=', &rest[..end]).filter(|&n| n > 0 && rest[..n].iter().all(named)) {
                end = equals;
            }
            if METHODS.contains(&&rest[..end])
                && rest.get(end) == Some(&b' ')
                && is_target(rest[end + 1..].split(|&b| b == b' ').next().unwrap_or(b""))
            {
                let target = &rest[end + 1..];
                let protocol = memchr::memmem::find(target, b" HTTP/");
                let stop = |from: usize| {
                    target[from..].iter().position(|&b| b == b' ' || b == b'\t').map_or(target.len(), |n| from + n)
                };
                let end = end + 1 + protocol.map_or_else(|| stop(0), |p| stop(p + 1));
                push(Kind::Line, 0, end);
                at += end;
                continue;
            }
            while end > 1 && rest[end - 1] == b':' {
                end -= 1;
            }
            push(Kind::Word, 0, end);
            at += end;
        }
    }
    all
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'|' | b';' | b',' | b'[' | b']' | b'(' | b')')
}

impl Cut<'_> {
    /// The pattern of the shape; none where nothing is a request that somebody made and that was answered.
    fn pattern(&self) -> Option<Pattern> {
        let (line, tokens) = self.lines.first()?;
        let columns = tokens.len();
        let values = |column: usize| self.lines.iter().map(move |(l, t)| &l[t[column].start..t[column].end]);
        let most = |column: usize, test: &dyn Fn(&[u8]) -> bool| {
            10 * values(column).filter(|v| test(v)).count() >= 9 * self.lines.len()
        };
        let labels: Vec<Option<String>> = (0..columns).map(|n| label(line, tokens, n)).collect();
        let told = |n: usize, words: &[&str]| labels[n].as_deref().is_some_and(|l| words.contains(&l));
        let kind = |n: usize| tokens[n].kind;
        let mut fields = vec![Field::Other; columns];
        let column = |test: &dyn Fn(usize) -> bool| (0..columns).find(|&n| test(n));

        let time = column(&|n| kind(n) == Kind::Stamp)?;
        fields[time] = Field::Time;
        // A request that was no request (`-`, a handshake) stands where the others do.
        let half = |n: usize| 2 * values(n).filter(|v| is_request(v)).count() >= self.lines.len();
        let request = match column(&|n| kind(n) == Kind::Line || kind(n) == Kind::Quoted && half(n)) {
            Some(n) => {
                let protocol = |v: &[u8]| memchr::memmem::find(v, b" HTTP/").is_some();
                fields[n] = if kind(n) == Kind::Line && most(n, &protocol) { Field::Line } else { Field::Request };
                n
            }
            None => {
                let method = column(&|n| most(n, &|v| METHODS.contains(&v)))?;
                let target = column(&|n| n != method && most(n, &is_target))?;
                fields[method] = Field::Method;
                fields[target] = Field::Target;
                target
            }
        };
        let free = |fields: &[Field], n: usize| fields[n] == Field::Other;
        let clients: Vec<usize> = (0..columns)
            .filter(|&n| free(&fields, n) && !told(n, NOT_CLIENT) && !told(n, FORWARDED))
            .filter(|&n| most(n, &|v| address_with_port(v).is_some()))
            .collect();
        let distinct = |n: usize| values(n).collect::<BTreeSet<_>>().len();
        let client = clients.iter().copied().find(|&n| told(n, CLIENT)).or_else(|| {
            let first = *clients.first()?;
            // Where the first is always the same, it is the server's own.
            let other = clients.iter().copied().find(|&n| distinct(first) == 1 && distinct(n) >= 5);
            Some(other.unwrap_or(first))
        })?;
        fields[client] = Field::Source;
        let chain = |v: &[u8]| v.split(|&b| b == b',').all(|a| Address::parse(a.trim_ascii()).is_some());
        if let Some(n) = column(&|n| {
            free(&fields, n)
                && (told(n, FORWARDED)
                    || kind(n) == Kind::Quoted && most(n, &|v| dash(v).is_empty() || chain(v)) && values(n).any(chain))
        }) {
            fields[n] = Field::Forwarded;
        }
        let status = |v: &[u8]| is_status(v) || v == b"-" || v == b"000";
        let statuses: Vec<usize> =
            (0..columns).filter(|&n| free(&fields, n) && most(n, &status) && values(n).any(is_status)).collect();
        let number = |v: &[u8]| v == b"-" || !v.is_empty() && v.iter().all(u8::is_ascii_digit);
        let numbers = |n: usize| most(n, &number) && values(n).any(|v| v != b"-");
        // Before a request the status stands last, or before the size.
        let sized = column(&|n| told(n, SIZE)).is_none();
        let before = statuses.iter().copied().rev().filter(|&n| n < request);
        let answer = statuses
            .iter()
            .copied()
            .find(|&n| told(n, STATUS))
            .or_else(|| statuses.iter().copied().find(|&n| n > request))
            .or_else(|| before.clone().find(|&n| sized && n + 1 != request && numbers(n + 1)))
            .or_else(|| before.clone().next())?;
        fields[answer] = Field::Status;
        let sizes = |n: usize| free(&fields, n) && numbers(n);
        if let Some(n) = column(&|n| sizes(n) && told(n, SIZE)).or_else(|| column(&|n| n == answer + 1 && sizes(n))) {
            fields[n] = Field::Size;
        }
        let name = |v: &[u8]| {
            let host = host_name(v);
            memchr::memrchr(b'.', host).is_some_and(|dot| host[dot + 1..].iter().any(u8::is_ascii_alphabetic))
        };
        let hosts = |n: usize| free(&fields, n) && !told(n, NOT_CLIENT) && most(n, &name);
        if let Some(n) = column(&|n| free(&fields, n) && told(n, HOST)).or_else(|| column(&hosts)) {
            fields[n] = Field::Host;
        }
        let quoted = |fields: &[Field], n: usize| free(fields, n) && kind(n) == Kind::Quoted;
        let product = |v: &[u8]| {
            dash(v).is_empty()
                || v.starts_with(b"Mozilla/")
                || memchr::memchr(b'/', v).is_some_and(|at| v[at + 1..].first().is_some_and(u8::is_ascii_digit))
        };
        if let Some(n) = column(&|n| free(&fields, n) && told(n, AGENT))
            .or_else(|| column(&|n| quoted(&fields, n) && most(n, &product) && values(n).any(|v| v.len() > 1)))
        {
            fields[n] = Field::Agent;
        }
        let address = |v: &[u8]| dash(v).is_empty() || v.starts_with(b"http");
        if let Some(n) = column(&|n| free(&fields, n) && told(n, REFERER))
            .or_else(|| column(&|n| quoted(&fields, n) && most(n, &address) && values(n).any(|v| v.len() > 1)))
        {
            fields[n] = Field::Referer;
        }
        let between = |n: usize| {
            let end = tokens.get(n + 1).map_or(line.len(), |t| t.start);
            &line[tokens[n].end..end]
        };
        let literals = (0..columns).map(|n| match n + 1 < columns {
            true => between(n).to_vec(),
            // What follows the last is anybody's; where it was quoted the quote ends it.
            false if kind(n) == Kind::Quoted => vec![b'"'],
            false => line[tokens[n].end..].iter().take(1).copied().collect(),
        });
        Some(Pattern::of(&line[..tokens[0].start], fields.iter().copied().zip(literals)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: [&str; 6]) {
        let patterns = learn([line.as_bytes()].into_iter());
        let r = patterns.iter().find_map(|p| p.parse(line.as_bytes())).unwrap_or_else(|| panic!("not read: {line}"));
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        let got = [
            r.time.to_string(),
            r.source.to_string(),
            text(r.host),
            text(r.method),
            text(r.target),
            r.status.to_string(),
        ];
        assert_eq!(got, expected.map(String::from), "{line}");
    }

    #[test]
    fn shapes_of_ones_own() {
        let seen = |host| ["2017-02-14T08:12:00Z", "8.8.8.8", host, "GET", "/a?b=c", "404"];
        // Between request and status; between stamp and request.
        check(
            r#"8.8.8.8 - - [14/Feb/2017:09:12:00 +0100] "GET /a?b=c HTTP/2.0" to: 10.0.0.9:80 404 12 "-" "ua/1" "x""#,
            seen(""),
        );
        check(
            r#"8.8.8.8 - - [14/Feb/2017:09:12:00 +0100] [0.003] [PORT 80] "GET /a?b=c HTTP/1.1" 404 12 "-" "ua/1""#,
            seen(""),
        );
        check(
            r#"8.8.8.8 - - [14/Feb/2017:09:12:00 +0100] "GET /a?b=c HTTP/1.1" user=1&op=2 404 12 "-" "ua/1""#,
            seen(""),
        );
        // The stamp first, no quotes.
        check(
            "[14/Feb/2017:09:12:00 +0100] 8.8.8.8 -> 127.0.0.1 | https GET /a?b=c HTTP/1.1 | rt: 0.016 | status: 404",
            seen(""),
        );
        check(
            "[14/Feb/2017:09:12:00 +0100] 8.8.8.8 - www.example.org to: 10.0.0.1:80: GET /a?b=c HTTP/1.1 404 rt 0.1",
            seen("www.example.org"),
        );
        check(
            r#"[2017-02-14T08:12:00+00:00] - www.example.org - 8.8.8.8 - 404 - - - GET - HTTP/2.0 - 12 - "-" "ua/8" - "/a?b=c""#,
            seen("www.example.org"),
        );
        check("2017/02/14 08:12:00 client=8.8.8.8 server=10.0.0.9 method=GET uri=/a?b=c status=404 bytes=12", seen(""));
        // Nginx Proxy Manager, HAProxy.
        check(
            r#"[14/Feb/2017:09:12:00 +0100] - 200 404 - GET https www.example.org "/a?b=c" [Client 8.8.8.8] [Length 12] [Gzip -] [Sent-to 10.0.0.2] "ua/1" "-""#,
            seen("www.example.org"),
        );
        check(
            r#"Feb 14 09:12:00 lb haproxy[23]: 8.8.8.8:1025 [14/Feb/2017:08:12:00.088] front~ back/web 0/0/0/1263/1264 404 206 - - ---- 19/19/3/4/0 0/0 "GET /a?b=c HTTP/1.1""#,
            ["2017-02-14T08:12:00.088Z", "8.8.8.8", "", "GET", "/a?b=c", "404"],
        );
    }

    #[test]
    fn a_hostile_request_keeps_its_place() {
        let head: Vec<String> = (0..30)
            .map(|n| {
                format!(r#"8.8.8.{n} - - [14/Feb/2017:09:12:00 +0100] [0.0{n}] "GET /{n} HTTP/1.1" 200 12 "-" "ua/1""#)
            })
            .collect();
        let patterns = learn(head.iter().map(String::as_bytes));
        let line =
            br#"9.9.9.9 - - [14/Feb/2017:09:12:00 +0100] [0.1] "GET /?q="><b x="1" 200 y" HTTP/1.1" 403 7 "-" "ua""#;
        let r = patterns.iter().find_map(|p| p.parse(line)).expect("read");
        assert_eq!((r.target, r.status), (&br#"/?q="><b x="1" 200 y""#[..], 403));
    }

    #[test]
    fn what_is_no_access_log_has_no_shape() {
        for line in [
            "Feb 14 09:10:00 host sshd[1]: Failed password for root from 192.0.2.1 port 22 ssh2",
            "2017-02-14 09:12:00 8.8.8.8 login ok",
            "2017-02-14 09:12:00 GET /a HTTP/1.1 200",
            r#"{"time":"2017-02-14T09:12:00Z","ip":"8.8.8.8","line":"GET /a HTTP/1.1","status":200}"#,
        ] {
            assert!(learn([line.as_bytes()].into_iter()).is_empty(), "{line}");
        }
    }
}
