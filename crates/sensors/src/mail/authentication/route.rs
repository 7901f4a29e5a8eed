//! The way a message came, as far as the case trusts who wrote it down: which `Received`, `Return-Path` and
//! `Authentication-Results` fields are the work of one's own servers, and which may be anybody's.
//!
//! A server puts its fields above those it was given. Read from the top, fields are believed as far as the first
//! `Received` written by a server that is not trusted, and below the one by which the message entered (written by a
//! trusted server, from one that is not) as far as the next `Received` or the first field that an author writes. Of
//! one trusted server's results, those below its first field and a further `Received` are another's. What this rests
//! on: a trusted server removes fields that came in under its own name (RFC 8601 5). Without a trusted server nothing
//! is believed.

use super::header::{Message, Name};
use super::results::{self, Results};
use model::{Address, Network, Time};

/// Bytes of a `Received` field that are looked at, and fields.
const MAX_RECEIVED: usize = 4096;
const MAX_HOPS: usize = 200;

/// Fields that stand in a message when it is handed in: a server writes its own above them (RFC 5321 4.4).
const AUTHORS: [&[u8]; 9] =
    [b"from", b"to", b"cc", b"reply-to", b"subject", b"date", b"message-id", b"mime-version", b"content-type"];

/// What trusted servers wrote.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Route {
    /// The trusted server by which the message entered.
    pub by: Option<String>,
    /// The address it came from.
    pub ip: Option<Address>,
    /// The name that address greeted with.
    pub helo: Option<String>,
    /// The envelope's sender; empty for the null sender.
    pub mail_from: Option<String>,
    /// When it entered.
    pub at: Option<Time>,
    /// What trusted servers found, topmost first.
    pub results: Vec<Results>,
    /// It was handed to a trusted server from one's own networks, or by somebody who had logged in there.
    pub within: bool,
}

/// One `Received` field.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Hop {
    /// `from`: the name the sender greeted with, or whatever stands first.
    pub from: Option<String>,
    /// The address in it.
    pub ip: Option<Address>,
    /// `by`, lower case.
    pub by: Option<String>,
    /// `(envelope-from <…>)`, as Exim and Sendmail note it.
    pub mail_from: Option<String>,
    /// When.
    pub at: Option<Time>,
    /// Whether the sender had logged in (`with ESMTPSA`, RFC 3848).
    pub login: bool,
}

/// Follows a message's way back as far as it can be trusted; `networks` are one's own.
pub fn route(message: &Message, trusted: &[String], networks: &[Network]) -> Route {
    let mut route = Route::default();
    if trusted.is_empty() {
        return route;
    }
    let is_trusted = |name: &str| trusted.iter().any(|t| is_same_or_under(name, t));
    let is_inside = |ip: Address| {
        matches!(ip.special(), Some("private" | "loopback" | "link-local" | "shared"))
            || networks.iter().any(|n| n.contains(ip))
    };
    let (received, results, return_path, received_spf) = (
        Name::new(b"received"),
        Name::new(b"authentication-results"),
        Name::new(b"return-path"),
        Name::new(b"received-spf"),
    );
    let authors = AUTHORS.map(Name::new);
    let mut spf = None;
    let (mut entered, mut hops, mut closed): (bool, usize, Vec<String>) = (false, 0, Vec::new());
    let mut return_to = None;
    for field in &message.fields {
        if message.is(field, &received) {
            hops += 1;
            if entered || hops > MAX_HOPS {
                break;
            }
            closed = route.results.iter().map(|r| r.server.clone()).collect();
            let hop = hop(message.value(field));
            match hop.by.as_deref() {
                Some(by) if is_trusted(by) => {
                    route.within = hop.login || hop.ip.is_some_and(is_inside);
                    if hop.ip.is_some_and(is_inside) || hop.ip.is_none() {
                        continue;
                    }
                    entered = true;
                    // One that greets with our own name may be our own server or pass for it: it ends what is believed,
                    // and says nothing of where the message came from.
                    if !hop.from.as_deref().is_some_and(is_trusted) {
                        (route.ip, route.helo) = (hop.ip, hop.from);
                    }
                    (route.at, route.by, route.mail_from) = (hop.at, hop.by, hop.mail_from);
                }
                // Handed on inside one machine: a fetcher, a delivery agent, a store's own address.
                Some(by) if hop.from.is_none() || is_local(by) => {}
                None => {}
                // Inside, and yet from a stranger's server: a relay of ours brought it in.
                Some(_) => {
                    route.within = false;
                    break;
                }
            }
        } else if message.is(field, &results) {
            if let Some(read) = results::parse(message.value(field))
                && is_trusted(&read.server)
                && !closed.contains(&read.server)
            {
                route.results.push(read);
            }
        } else if !entered && message.is(field, &received_spf) {
            spf = results::received_spf(message.value(field));
        } else if return_to.is_none() && message.is(field, &return_path) {
            return_to = angle(message.value(field));
        } else if entered && authors.iter().any(|name| message.is(field, name)) {
            break;
        }
    }
    if entered {
        route.mail_from = return_to.or(route.mail_from);
        // Nobody removes a forged `Received-SPF`: one counts above the entering `Received` only, the lowest there.
        if let (Some(stated), Some(by)) = (spf, &route.by) {
            route.results.push(Results { server: by.clone(), stated: vec![stated] });
        }
    }
    route
}

/// The time of the topmost `Received` and of `Date`: what there is, where nobody says when a message came.
pub fn dates(message: &Message) -> (Option<Time>, Option<Time>) {
    let received = message.named("received").next().and_then(|(_, f)| hop(message.value(f)).at);
    let date = message.named("date").next().and_then(|(_, f)| date(message.value(f)));
    (received, date)
}

/// Whether a host is this server or under the registrable domain they share (mx1.example.org, mx.example.org).
fn is_same_or_under(name: &str, trusted: &str) -> bool {
    let (name, trusted) = (name.trim_end_matches('.'), trusted.trim_end_matches('.'));
    if name.eq_ignore_ascii_case(trusted) {
        return true;
    }
    let under = |name: &str, domain: &str| {
        name.len() > domain.len()
            && name.as_bytes()[name.len() - domain.len()..].eq_ignore_ascii_case(domain.as_bytes())
            && name.as_bytes()[name.len() - domain.len() - 1] == b'.'
    };
    // A trusted host name stands for the servers of its own domain; a trusted domain for all hosts under it.
    let organisation = psl::domain_str(trusted).unwrap_or(trusted);
    under(name, organisation)
}

fn is_local(by: &str) -> bool {
    !by.contains('.') || Address::parse(by.as_bytes()).is_some() || by.starts_with('[')
}

/// Reads a `Received` field (RFC 5321 4.4), in the forms that Postfix, Exim, Sendmail, Exchange and qmail write.
pub fn hop(value: &[u8]) -> Hop {
    let value = &value[..value.len().min(MAX_RECEIVED)];
    let text = String::from_utf8_lossy(value);
    let mut hop = Hop::default();
    let (clauses, stamp) = text.rsplit_once(';').unwrap_or((&text, ""));
    hop.at = date(stamp.as_bytes());
    // Words, and comments whole.
    let mut words: Vec<String> = Vec::new();
    let (mut word, mut depth) = (String::new(), 0u32);
    for c in clauses.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if c.is_whitespace() && depth == 0 {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
        } else {
            word.push(c);
        }
    }
    words.push(word);
    let mut clause = "";
    for (n, word) in words.iter().enumerate() {
        let lower = word.to_ascii_lowercase();
        match lower.as_str() {
            "from" if n == 0 => clause = "from",
            "by" if hop.by.is_none() => clause = "by",
            "with" => clause = "with",
            "id" | "via" | "for" => clause = "other",
            "esmtpa" | "esmtpsa" | "utf8smtpa" | "utf8smtpsa" if clause == "with" => hop.login = true,
            _ if word.starts_with('(') => {
                if hop.mail_from.is_none() {
                    hop.mail_from = word.split_once("envelope-from").and_then(|(_, rest)| angle(rest.as_bytes()));
                }
                if clause == "from" {
                    if let Some((_, name)) = word.split_once("helo=").or_else(|| word.split_once("HELO ")) {
                        hop.from = Some(name.chars().take_while(|c| !c.is_whitespace() && *c != ')').collect());
                    }
                    hop.ip = address(word).or(hop.ip);
                }
            }
            _ if clause == "from" && hop.from.is_none() => {
                hop.ip = address(word);
                hop.from = Some(word.clone());
            }
            _ if clause == "by" && hop.by.is_none() => hop.by = Some(lower.trim_end_matches('.').to_owned()),
            _ => {}
        }
    }
    hop
}

/// The address in brackets, or standing alone in a comment, the last one where there are several.
fn address(text: &str) -> Option<Address> {
    let pieces = text.split(|c: char| c.is_whitespace() || "()[]".contains(c));
    pieces
        .filter_map(|p| {
            let p = p.strip_prefix("IPv6:").or_else(|| p.strip_prefix("ipv6:")).unwrap_or(p);
            Address::parse(p.as_bytes()).filter(|_| p.contains('.') || p.contains(':'))
        })
        .next_back()
}

/// What stands in angle brackets; `<>` is empty.
fn angle(value: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&value[..value.len().min(MAX_RECEIVED)]).into_owned();
    let (_, rest) = text.split_once('<')?;
    rest.split_once('>').map(|(address, _)| address.trim().to_owned())
}

/// A date of a header (RFC 5322 3.3), whatever weekday it claims.
pub fn date(value: &[u8]) -> Option<Time> {
    let text = std::str::from_utf8(&value[..value.len().min(200)]).ok()?;
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let text = words.join(" ");
    let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    parser.parse_timestamp(&text).ok().map(Time::from)
}
