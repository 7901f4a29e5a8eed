//! Asking: hello after hello, each without what the server chose before, until it has nothing left to choose.
//!
//! You may rely on: a question that was not answered is among [`Scan::unknown`], and what hangs on it is told by nobody as a
//! *no*; a server that is silent again and again is not asked on.

use super::hello::{Hello, Offer, Reply, client, client_ssl2, is_whole, server, server_ssl2};
use super::suites::{FINITE, GROUPS, Suites};
use std::collections::{BTreeMap, BTreeSet};

/// Sends bytes over a new connection and gives what comes until the second says that it is whole, and whether it came to an
/// end (else it was waited for in vain). None: nobody answers, or the time is up.
pub type Speak<'s> = &'s mut dyn FnMut(&[u8], &dyn Fn(&[u8]) -> bool) -> Option<(Vec<u8>, bool)>;

/// Suites of one hello: some servers fall over more.
const AT_ONCE: usize = 120;
/// Hellos of one examination.
const HELLOS: usize = 600;
/// Hellos that are waited for in vain: each costs seconds, and a server that drips bytes would be waited for without end.
const LATE: usize = 5;
/// SSL 3.0 to TLS 1.2.
pub const BEFORE_13: [u16; 4] = [0x0300, 0x0301, 0x0302, 0x0303];

/// What a server chose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picked {
    /// The suite.
    pub suite: u16,
    /// The group.
    pub group: Option<u16>,
    /// Bits of the prime.
    pub prime: Option<usize>,
}

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Asked {
    /// Whether SSL 2.0 is spoken.
    Ssl2,
    /// Whether a version is spoken, and with which suites.
    Version(u16),
    /// How TLS 1.3 is refused.
    Refusal,
    /// What a browser gets.
    Usual,
    /// Whose order holds: in TLS 1.3, or before.
    Order(bool),
    /// Groups: in TLS 1.3, or before.
    Groups(bool),
    /// Compression.
    Compression,
    /// Who names nobody.
    Nameless,
    /// A fallback.
    Fallback,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Suites of SSL 2.0, where it is spoken.
    pub ssl2: Option<usize>,
    /// By version, what the server chose, in the order of its choice.
    pub picked: BTreeMap<u16, Vec<Picked>>,
    /// Where it answered a version with another.
    pub other: BTreeMap<u16, u16>,
    /// What a browser gets: version and choice.
    pub usual: Option<(u16, Picked)>,
    /// It follows its own order before TLS 1.3, and in TLS 1.3.
    pub orders: [Option<bool>; 2],
    /// Curves.
    pub curves: BTreeSet<u16>,
    /// Groups of whole numbers.
    pub finite: BTreeSet<u16>,
    /// The prime before TLS 1.3.
    pub prime: Option<Vec<u8>>,
    /// Chains of certificates, one for each certificate of its own.
    pub chains: Vec<Vec<Vec<u8>>>,
    /// What it sends whoever names nobody.
    pub nameless: Option<Vec<Vec<u8>>>,
    /// It sends an answer of OCSP along.
    pub staples: bool,
    /// Extensions it answered with.
    pub extensions: BTreeSet<u16>,
    /// It compresses.
    pub compresses: bool,
    /// The protocol above.
    pub alpn: Option<String>,
    /// It refuses a fallback, where there is anything to fall back to.
    pub guards_fallback: Option<bool>,
    /// It stopped answering before all was asked.
    pub is_cut: bool,
    /// What was asked and not answered, or not asked any more.
    pub unknown: BTreeSet<Asked>,
}

impl Scan {
    /// Whether a version is spoken.
    #[must_use]
    pub fn speaks(&self, version: u16) -> bool {
        self.picked.get(&version).is_some_and(|p| !p.is_empty())
    }

    /// Whether TLS is spoken at all.
    #[must_use]
    pub fn speaks_any(&self) -> bool {
        self.ssl2.is_some() || self.picked.values().any(|p| !p.is_empty())
    }
}

struct Asking<'a, 's> {
    suites: &'a Suites,
    name: Option<&'a str>,
    speak: Speak<'s>,
    left: usize,
    late: usize,
    /// A question since this was set to *no* was not answered.
    failed: bool,
    found: Scan,
}

impl Asking<'_, '_> {
    fn raw(&mut self, bytes: &[u8], whole: &dyn Fn(&[u8]) -> bool) -> Option<(Vec<u8>, bool)> {
        self.found.is_cut |= self.left == 0 || self.late >= LATE;
        let answer = if self.found.is_cut { None } else { (self.speak)(bytes, whole) };
        self.left = self.left.saturating_sub(1);
        self.found.is_cut |= answer.is_none();
        self.failed |= answer.is_none();
        self.late += usize::from(answer.as_ref().is_some_and(|(_, ended)| !ended));
        answer
    }

    fn ask(&mut self, offer: Offer) -> Option<Reply> {
        let (bytes, ended) = self.raw(&client(&offer), &is_whole)?;
        let reply = server(&bytes, self.suites);
        // A hello that came is an answer, whatever was to come behind it.
        self.failed |= !ended && reply == Reply::Nothing;
        Some(reply)
    }

    /// Asks something, and notes where it was not answered.
    fn about<T>(&mut self, asked: Asked, how: impl FnOnce(&mut Self) -> T) -> T {
        self.failed = false;
        let answer = how(self);
        if self.failed {
            self.found.unknown.insert(asked);
        }
        answer
    }

    /// A hello to this server; what it chose must have been offered, else it is no answer.
    fn hello(&mut self, offer: Offer) -> Option<Hello> {
        match self.ask(offer.clone())? {
            Reply::Hello(h) if offer.suites.contains(&h.suite) => {
                self.note(&h);
                Some(*h)
            }
            _ => None,
        }
    }

    /// What every answer may show.
    fn note(&mut self, h: &Hello) {
        let found = &mut self.found;
        found.compresses |= h.compresses;
        found.staples |= h.staples;
        found.extensions.extend(&h.extensions);
        if found.alpn.is_none() {
            found.alpn.clone_from(&h.alpn);
        }
        if let Some(own) = h.chain.first()
            && !found.chains.iter().any(|c| c.first() == Some(own))
            && found.chains.len() < 8
        {
            found.chains.push(h.chain.clone());
        }
    }

    fn all(&mut self, version: u16) {
        let all = self.suites.of(version);
        let groups = groups();
        for part in all.chunks(AT_ONCE) {
            let mut left = part.to_vec();
            while !left.is_empty() {
                let offer =
                    Offer { versions: &[version], suites: &left, groups: &groups, name: self.name, ..Offer::default() };
                let Some(h) = self.hello(offer) else {
                    if self.failed {
                        return;
                    }
                    break;
                };
                if h.version != version {
                    self.found.other.insert(version, h.version);
                    break;
                }
                left.retain(|s| *s != h.suite);
                let picked = picked(&h);
                if version < 0x0304 && self.found.prime.is_none() {
                    self.found.prime = h.prime;
                }
                self.found.picked.entry(version).or_default().push(picked);
            }
        }
    }

    /// Groups that a version takes with these suites, beside those found.
    fn groups(&mut self, version: u16, suites: &[u16], from: &[(u16, &str, u32)]) -> BTreeSet<u16> {
        let mut found = BTreeSet::new();
        loop {
            let left: Vec<u16> = from.iter().map(|g| g.0).filter(|g| !found.contains(g)).collect();
            if left.is_empty() || suites.is_empty() {
                return found;
            }
            let offer = Offer { versions: &[version], suites, groups: &left, name: self.name, ..Offer::default() };
            let Some(group) = self.hello(offer).filter(|h| h.version == version).and_then(|h| finite(&h).or(h.group))
            else {
                return found;
            };
            if !left.contains(&group) {
                return found;
            }
            found.insert(group);
        }
    }

    fn order(&mut self, version: u16) -> Option<bool> {
        let mut own: Vec<u16> = self.found.picked.get(&version)?.iter().map(|p| p.suite).collect();
        let groups = groups();
        let mut first = |list: &[u16]| {
            let offer =
                Offer { versions: &[version], suites: list, groups: &groups, name: self.name, ..Offer::default() };
            self.hello(offer).map(|h| h.suite)
        };
        let one = first(&own)?;
        own.reverse();
        Some(first(&own)? == one)
    }
}

fn picked(h: &Hello) -> Picked {
    Picked { suite: h.suite, group: h.group, prime: h.prime.as_ref().map(|p| bits(p)) }
}

/// Bits of a number.
#[must_use]
pub fn bits(number: &[u8]) -> usize {
    let from = number.iter().position(|b| *b != 0).unwrap_or(number.len());
    number.get(from).map_or(0, |first| (number.len() - from) * 8 - first.leading_zeros() as usize)
}

/// The group of whole numbers a server of TLS 1.2 chose, known by its prime's size where it follows what was offered.
fn finite(h: &Hello) -> Option<u16> {
    let known = super::judge::prime_name(h.prime.as_ref()?)?;
    FINITE.iter().find(|g| known.ends_with(g.1)).map(|g| g.0)
}

fn groups() -> Vec<u16> {
    // What browsers offer first stands first.
    let mut all = vec![29, 23, 24, 25, 30];
    all.extend(GROUPS.iter().chain(&FINITE).map(|g| g.0).filter(|g| ![29, 23, 24, 25, 30].contains(g)));
    all
}

/// Asks a server; none where nobody answers.
pub fn scan(name: Option<&str>, suites: &Suites, speak: Speak) -> Option<Scan> {
    let mut a = Asking { suites, name, speak, left: HELLOS, late: 0, failed: false, found: Scan::default() };
    let everything = groups();
    // As a browser would, first: who does not take that connection is not asked on.
    let modern: Vec<u16> =
        suites.of(0x0304).into_iter().chain(suites.of(0x0303).into_iter().rev().take(AT_ONCE)).collect();
    let versions = [0x0304, 0x0303, 0x0302, 0x0301];
    let usual = Offer { versions: &versions, suites: &modern, groups: &everything, name, ..Offer::default() };
    a.ask(usual)?;
    a.about(Asked::Ssl2, |a| {
        let whole = |b: &[u8]| b.len() >= 2 && (b[0] & 0x80 == 0 || server_ssl2(b).is_some());
        if let Some((bytes, ended)) = a.raw(&client_ssl2(), &whole) {
            a.found.ssl2 = server_ssl2(&bytes);
            a.failed |= !ended && a.found.ssl2.is_none();
        }
    });
    for version in BEFORE_13.into_iter().chain([0x0304]) {
        a.about(Asked::Version(version), |a| a.all(version));
    }
    let top = BEFORE_13.into_iter().rev().find(|v| a.found.speaks(*v));
    let offered =
        |a: &Asking, v: u16| -> Vec<u16> { a.found.picked.get(&v).into_iter().flatten().map(|p| p.suite).collect() };
    // Whoever speaks no TLS 1.3 should answer one who does with a version of his own, and not break off.
    if let Some(v) = top.filter(|_| !a.found.speaks(0x0304)) {
        let both: Vec<u16> = suites.of(0x0304).into_iter().chain(offered(&a, v)).collect();
        let offer = Offer { versions: &versions, suites: &both, groups: &everything, name, ..Offer::default() };
        if let Some(h) = a.about(Asked::Refusal, |a| a.hello(offer)).filter(|h| h.version != 0x0304) {
            a.found.other.insert(0x0304, h.version);
        }
    }
    // What a browser gets: what is offered, in a browser's order.
    let list: Vec<u16> = usual_order(suites)
        .into_iter()
        .filter(|s| [0x0304, 0x0303].iter().any(|v| offered(&a, *v).contains(s)))
        .collect();
    a.about(Asked::Usual, |a| {
        let offer = Offer { versions: &versions, suites: &list, groups: &everything, name, ..Offer::default() };
        if let Some(h) = a.hello(offer) {
            a.found.usual = Some((h.version, picked(&h)));
        } else if let Some(v) = top {
            let list = offered(a, v);
            let h = a.hello(Offer { versions: &[v], suites: &list, groups: &everything, name, ..Offer::default() });
            a.found.usual = h.map(|h| (h.version, picked(&h)));
        }
    });
    let before = top.and_then(|v| a.about(Asked::Order(false), |a| a.order(v)));
    let after = if a.found.speaks(0x0304) { a.about(Asked::Order(true), |a| a.order(0x0304)) } else { None };
    a.found.orders = [before, after];
    let elliptic = |a: &Asking, v: u16, kind: &str| -> Vec<u16> {
        offered(a, v)
            .into_iter()
            .filter(|s| a.suites.get(*s).is_some_and(|s| s.exchange == kind && s.proof != "anon"))
            .collect()
    };
    if let Some(v) = top {
        a.about(Asked::Groups(false), |a| {
            let list = elliptic(a, v, "ECDHE");
            a.found.curves = a.groups(v, &list, &GROUPS);
            let list = elliptic(a, v, "DHE");
            a.found.finite = a.groups(v, &list, &FINITE);
        });
    }
    if a.found.speaks(0x0304) {
        let list = offered(&a, 0x0304);
        a.about(Asked::Groups(true), |a| {
            let (curves, finite) = (a.groups(0x0304, &list, &GROUPS), a.groups(0x0304, &list, &FINITE));
            a.found.curves.extend(curves);
            a.found.finite.extend(finite);
        });
    }
    if let Some(v) = top {
        let list = offered(&a, v);
        let compressed =
            Offer { versions: &[v], suites: &list, groups: &everything, name, compresses: true, ..Offer::default() };
        let _ = a.about(Asked::Compression, |a| a.hello(compressed));
        let nameless = Offer { versions: &[v], suites: &list, groups: &everything, ..Offer::default() };
        if let Some(Reply::Hello(h)) = a.about(Asked::Nameless, |a| a.ask(nameless)) {
            a.found.nameless = Some(h.chain).filter(|c| !c.is_empty());
        }
        // One below the highest that is offered, which may be TLS 1.3.
        let below = if a.found.speaks(0x0304) {
            Some(v)
        } else {
            BEFORE_13.into_iter().rev().find(|w| *w < v && a.found.speaks(*w))
        };
        if let Some(below) = below {
            let list = offered(&a, below);
            let again = Offer {
                versions: &[below],
                suites: &list,
                groups: &everything,
                name,
                falls_back: true,
                ..Offer::default()
            };
            let reply = a.about(Asked::Fallback, |a| a.ask(again).filter(|_| !a.failed));
            a.found.guards_fallback = reply.map(|r| r == Reply::Alert(86));
        }
    }
    Some(a.found)
}

/// Suites in a browser's order: the strong first, those without forward secrecy last.
fn usual_order(suites: &Suites) -> Vec<u16> {
    const FIRST: [u16; 9] = [0x1302, 0x1303, 0x1301, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc02b, 0xc02f];
    let mut all = FIRST.to_vec();
    let rest = suites.of(0x0304).into_iter().chain(suites.of(0x0303)).filter(|s| !FIRST.contains(s));
    let mut rest: Vec<u16> = rest.collect();
    rest.sort_by_key(|s| {
        suites.get(*s).map(|s| (!s.is_forward_secret(), std::cmp::Reverse(s.worth()), std::cmp::Reverse(s.bits())))
    });
    all.extend(rest);
    all.truncate(AT_ONCE);
    all
}
