//! The way a message came, as far as the case trusts who wrote it down: which `Received`, `Return-Path` and
//! `Authentication-Results` fields are the work of one's own servers, and which may be anybody's.
//!
//! A server puts its fields above those it was given. Read from the top, fields are believed as far as the first
//! `Received` written by a server that is not trusted, and below the one by which the message entered (written by a
//! trusted server, from one that is not, where it did not look up a gateway of ours) as far as the next `Received` or the first field that an author writes. Of
//! one trusted server's results, those below its first field and a further `Received` are another's. What this rests
//! on: a trusted server removes fields that came in under its own name (RFC 8601 5). What bears no name (Microsoft) is the
//! word of the trusted server whose `Received` follows it, and nobody's below the one by which the message entered. Without a trusted server nothing
//! is believed.

use super::boundary::Boundary;
use super::header::{Message, Name};
use super::results::{self, Results};
use super::verdict::Word;
use crate::mail::message::Hop;
use crate::mail::{date, received};
use model::{Address, Network, Time};
use std::borrow::Cow;

/// `Received` fields that are looked at.
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

/// Follows a message's way back as far as it can be trusted; `networks` are one's own.
pub fn route(message: &Message, trusted: &[String], networks: &[Network]) -> Route {
    let mut route = Route::default();
    if trusted.is_empty() {
        return route;
    }
    let services: Vec<&Boundary> = trusted.iter().filter_map(|t| Boundary::trusted(t)).collect();
    let service = |name: &str| Boundary::of(name).filter(|b| services.iter().any(|s| std::ptr::eq(*s, *b)));
    let is_trusted = |name: &str| trusted.iter().any(|t| is_same_or_under(name, t)) || service(name).is_some();
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
    let (sealed, standing) =
        (Name::new(b"arc-authentication-results"), Name::new(b"x-ms-exchange-organization-authas"));
    let authors = AUTHORS.map(Name::new);
    let mut spf = None;
    let (mut entered, mut hops, mut closed): (bool, usize, Vec<String>) = (false, 0, Vec::new());
    let mut through = false;
    let (mut return_to, mut unnamed, mut later) = (None, Vec::<Results>::new(), Vec::<Results>::new());
    for field in &message.fields {
        if message.is(field, &received) {
            hops += 1;
            if entered || hops > MAX_HOPS {
                break;
            }
            closed = route.results.iter().map(|r| r.server.clone()).collect();
            let hop = hop(message.value(field));
            match hop.by.as_str() {
                "" => {}
                by if is_trusted(by) => {
                    let home = service(by);
                    // Results without a name are of the server that stands below them: it put both above what it was given.
                    let named = unnamed.drain(..).filter(|_| home.is_some_and(|s| s.unnamed));
                    route.results.extend(named.map(|r| Results { server: by.into(), ..r }));
                    let behind = home.is_some_and(|s| s.is_inside(&hop.helo, by));
                    // A gateway of ours that our own server looked up by its name, once; and what was handed on to be
                    // delivered there, which is done within a house alone (RFC 2033).
                    let named = |t: &String| t.eq_ignore_ascii_case(&hop.name);
                    let gateway = trusted.iter().any(named) || service(&hop.name).is_some_and(|s| !s.is_open());
                    let ours = !through && hop.confirmed && gateway;
                    let delivered = hop.with.get(..4).is_some_and(|w| w.eq_ignore_ascii_case("lmtp"));
                    through |= ours;
                    let inside = behind || ours || delivered || hop.ip.is_none_or(is_inside);
                    route.within = hop.login() || behind || hop.ip.is_some_and(is_inside);
                    if inside {
                        continue;
                    }
                    entered = true;
                    // One that greets with our own name may be our own server or pass for it: it ends what is believed,
                    // and says nothing of where the message came from. What is found of a gateway of ours is nothing
                    // against those who wrote to it.
                    if !is_trusted(&hop.helo) {
                        (route.ip, route.helo) = (hop.ip, Some(hop.helo).filter(|h| !h.is_empty()));
                    } else if home.is_none()
                        || !service(&hop.helo).is_some_and(|s| home.is_some_and(|h| std::ptr::eq(s, h)))
                    {
                        let holds = |s: &results::Stated| Word::named(&s.result) == Some(Word::Pass);
                        route.results.iter_mut().for_each(|r| r.stated.retain(holds));
                    }
                    (route.at, route.by, route.mail_from) = (hop.time, Some(hop.by), hop.mail_from);
                }
                // Handed on inside one machine: a fetcher, a delivery agent, a store's own address.
                by if !hop.has_client() || is_local(by) => {}
                // Inside, and yet from a stranger's server: a relay of ours brought it in.
                _ => {
                    route.within = false;
                    break;
                }
            }
        } else if message.is(field, &results) {
            match results::parse(message.value(field)) {
                Some(read) if read.server.is_empty() && !entered => unnamed.push(read),
                Some(read) if is_trusted(&read.server) && !closed.contains(&read.server) => route.results.push(read),
                _ => {}
            }
        } else if !entered && message.is(field, &sealed) {
            later.extend(results::sealed(message.value(field)).filter(|r| is_trusted(&r.server)));
        } else if !entered && message.is(field, &received_spf) {
            spf = results::received_spf(message.value(field));
        } else if return_to.is_none() && message.is(field, &return_path) {
            return_to = angle(message.value(field));
        } else if entered && authors.iter().any(|name| message.is(field, name)) {
            break;
        }
    }
    // What a service noted in the seal it set says the same, where its own field was taken out.
    if route.results.is_empty() {
        route.results = later;
    }
    // Exchange takes this field out of what comes from outside, wherever it stands then.
    let stranger = |f| message.value(f).trim_ascii().eq_ignore_ascii_case(b"anonymous");
    route.within &= !message.fields.iter().any(|f| message.is(f, &standing) && stranger(f));
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
    let received = message.named("received").next().and_then(|(_, f)| hop(message.value(f)).time);
    let date = message.named("date").next().and_then(|(_, f)| date::parse(text(message.value(f)).trim()));
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
    let organisation = knowledge::suffixes::registrable(trusted).unwrap_or(trusted);
    under(name, organisation)
}

fn is_local(by: &str) -> bool {
    !by.contains('.') || Address::parse(by.as_bytes()).is_some() || by.starts_with('[')
}

fn hop(value: &[u8]) -> Hop {
    let mut hop = received::parse(&text(value));
    hop.by = hop.by.trim_end_matches('.').to_ascii_lowercase();
    hop
}

/// A field's value as far as one is looked at.
fn text(value: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(&value[..value.len().min(2_000)])
}

/// What stands in angle brackets; `<>` is empty.
fn angle(value: &[u8]) -> Option<String> {
    let text = text(value);
    let (_, rest) = text.split_once('<')?;
    rest.split_once('>').map(|(address, _)| address.trim().to_owned())
}
