//! Authentication of mail, offline first: SPF (RFC 7208), DKIM (RFC 6376, 8301, 8463), DMARC (RFC 7489) and ARC
//! (RFC 8617), judged as of the receipt by answers of the DNS that somebody kept ([`keys::Archive`]) and by what servers
//! the case trusts wrote down ([`route`]).
//!
//! You may rely on: a plain function of its arguments, no clock, no network; time and memory bounded whatever the
//! message says; every verdict names what it rests on; *could not be checked* is a word of its own and never *failed*.
//! Left out: decoding MIME, lists of whom to believe when an ARC chain passes.

pub mod arc;
pub mod arithmetic;
mod boundary;
pub mod canonical;
mod claims;
pub mod dkim;
pub mod dmarc;
pub mod header;
pub mod keys;
pub mod records;
pub mod results;
pub mod route;
pub mod spf;
pub mod tags;
pub mod verdict;
mod zone;

#[cfg(test)]
mod tests;

pub use boundary::Boundary;
pub use keys::Archive;
pub use records::Records;
pub use verdict::{Verdicts, Word};

use header::Message;
use model::{Address, Network, Text, Time};
use results::{Results, Stated};
use route::Route;
use verdict::{Basis, Dkim, Dmarc, Signature, Spf};

/// What is known of a message's delivery besides its own bytes. What is missing is taken from what trusted servers wrote
/// into the message, or stays unknown.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Envelope {
    /// The address that sent.
    pub ip: Option<Address>,
    /// The name it greeted with.
    pub helo: Option<String>,
    /// MAIL FROM; empty for the null sender.
    pub mail_from: Option<String>,
    /// When it was received.
    pub received: Option<Time>,
}

/// Whom the case trusts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Trust {
    /// Servers whose `Received` and `Authentication-Results` are believed (`[mail] trusted`), and who they are.
    pub servers: Vec<String>,
    /// One's own networks: a message from there has not come from outside yet.
    pub networks: Vec<Network>,
}

/// Judges a message.
pub fn judge(raw: &[u8], envelope: &Envelope, records: &dyn Records, trust: &Trust) -> Verdicts {
    judged(raw, envelope, records, trust, true)
}

/// Judges a message that is not there as it was signed (written anew, cut): by its way and by what trusted servers found
/// when it came. Signatures could not be checked.
pub fn judge_rewritten(raw: &[u8], envelope: &Envelope, records: &dyn Records, trust: &Trust) -> Verdicts {
    judged(raw, envelope, records, trust, false)
}

fn judged(raw: &[u8], envelope: &Envelope, records: &dyn Records, trust: &Trust, whole: bool) -> Verdicts {
    let message = Message::new(raw);
    let route = route::route(&message, &trust.servers, &trust.networks);
    let (stamped, dated) = route::dates(&message);
    let times = [(envelope.received, "envelope"), (route.at, "received"), (stamped, "received"), (dated, "date")];
    let time = times.into_iter().find_map(|(time, from)| time.map(|t| (t, from)));
    let at = time.map(|(t, _)| t);
    let spf = stated_spf(spf(envelope, &route, records, at), &route);
    let mut verifier = dkim::Verifier::new(&message, records, at);
    let signatures = verifier.all();
    let dkim = stated_dkim(if whole { signatures } else { unchecked(signatures) }, &route);
    let mut dmarc = dmarc::judge(raw, &spf, &dkim, records, at);
    stated_dmarc(&mut dmarc, &route);
    let mut arc = arc::chain(&mut verifier);
    if !whole && arc.result != Word::None {
        (arc.result, arc.reason) = (Word::Unchecked, gone());
    }
    if let Some((server, word, _)) = stated(&route, "arc").filter(|_| is_open(arc.result)) {
        (arc.result, arc.reason) = (word, says(server, "ARC", word));
        arc.basis.server = Some(server.to_owned());
    }
    Verdicts {
        received: at,
        received_from: time.map(|(_, from)| from),
        within: route.within,
        restored_line_ends: canonical::has_bare_line_feeds(raw),
        spf,
        dkim,
        dmarc,
        arc,
    }
}

fn spf(envelope: &Envelope, route: &Route, records: &dyn Records, at: Option<Time>) -> Spf {
    // Parts of two deliveries must not be mixed: an address from outside goes with its own names.
    let (ip, helo, mail_from) = match envelope.ip {
        Some(ip) => (Some(ip), envelope.helo.as_ref(), envelope.mail_from.as_ref()),
        None => (route.ip, route.helo.as_ref(), envelope.mail_from.as_ref().or(route.mail_from.as_ref())),
    };
    let (helo, sender) = (helo.map_or("", |h| h), mail_from.map_or("", |m| m));
    match ip {
        Some(ip) if mail_from.is_some() => {
            let receiver = route.by.as_deref().unwrap_or_default();
            spf::check(&spf::Query { ip, helo, mail_from: sender, receiver, at }, records)
        }
        _ => Spf {
            result: Word::Unchecked,
            domain: sender.rsplit_once('@').map_or("", |(_, d)| d).to_owned(),
            identity: "mailfrom",
            ip: ip.map(|ip| ip.to_string()),
            mechanism: None,
            explanation: None,
            reason: Text::new(
                "could not be checked: no trusted server says which address sent it, and for whom",
                "n’a pas pu être vérifié : aucun serveur de confiance ne dit quelle adresse l’a envoyé, ni pour qui",
            ),
            basis: Basis::default(),
        },
    }
}

fn gone() -> Text {
    Text::new(
        "could not be checked: the bytes that were signed are not there as they were",
        "n’a pas pu être vérifiée : les octets signés ne sont plus là tels quels",
    )
}

/// Signatures over bytes that are gone.
fn unchecked(mut dkim: Dkim) -> Dkim {
    for signature in &mut dkim.signatures {
        (signature.result, signature.reason, signature.body) = (Word::Unchecked, gone(), None);
    }
    (dkim.result, dkim.reason) = dkim::summary(&dkim.signatures, dkim.ignored);
    dkim
}

/// Whether a trusted server's word is worth more than ours.
fn is_open(word: Word) -> bool {
    matches!(word, Word::Unchecked | Word::Temperror)
}

/// The first thing that trusted servers say of a method.
fn stated<'r>(route: &'r Route, method: &str) -> Option<(&'r str, Word, &'r Stated)> {
    all_stated(&route.results, method).next()
}

fn all_stated<'r>(results: &'r [Results], method: &str) -> impl Iterator<Item = (&'r str, Word, &'r Stated)> {
    results.iter().flat_map(move |r| {
        let of = r.stated.iter().filter(move |s| s.method == method);
        of.filter_map(|s| Some((r.server.as_str(), Word::named(&s.result)?, s)))
    })
}

fn says(server: &str, method: &str, word: Word) -> Text {
    let word = word.as_str();
    Text::new(
        format!("{server} found at the receipt: {method} {word}"),
        format!("constaté par {server} à la réception : {method} {word}"),
    )
}

fn stated_spf(mut spf: Spf, route: &Route) -> Spf {
    if let Some((server, word, said)) = stated(route, "spf").filter(|_| is_open(spf.result)) {
        (spf.result, spf.reason) = (word, says(server, "SPF", word));
        spf.basis.server = Some(server.to_owned());
        let (identity, address) = match (said.get("smtp.mailfrom"), said.get("smtp.helo")) {
            (Some(from), _) => ("mailfrom", from),
            (None, helo) => ("helo", helo.unwrap_or_default()),
        };
        spf.identity = identity;
        spf.domain = address.rsplit_once('@').map_or(address, |(_, d)| d).to_owned();
    }
    spf
}

/// What a trusted server found for the domain that is shown. What it found for another is no proof of this one, and worth
/// telling whatever was found here.
fn stated_dmarc(dmarc: &mut Dmarc, route: &Route) {
    let composite = stated(route, "compauth").filter(|(_, word, said)| {
        // Microsoft's own judgement: a mail in one's own name that is none (6xx), or DMARC itself (000).
        *word == Word::Fail && said.get("reason").is_some_and(|r| r == "000" || r.starts_with('6'))
    });
    let decided = stated(route, "dmarc").filter(|(_, word, _)| *word != Word::None || composite.is_none());
    let Some((server, word, said)) = decided.or(composite) else { return };
    let shown = dmarc.domain.as_deref().unwrap_or_default();
    let other = said.get("header.from").and_then(dmarc::ascii);
    // Some servers name the domain of the policy that they applied.
    if let Some(other) = other.filter(|d| d != shown && d != dmarc::organisational(shown)) {
        if word == Word::Pass && dmarc.result != Word::Pass {
            dmarc.reason = Text::new(
                format!("{server} found at the receipt that DMARC passes for {other}, which is not the From shown"),
                format!(
                    "{server} a constaté à la réception que DMARC passe pour {other}, qui n’est pas l’expéditeur affiché"
                ),
            );
            dmarc.basis.server = Some(server.to_owned());
            dmarc.other = Some(other);
        }
    } else if is_open(dmarc.result) {
        (dmarc.result, dmarc.reason) = (word, says(server, "DMARC", word));
        dmarc.basis.server = Some(server.to_owned());
    }
}

/// What a trusted server found of the signatures when the message came. A signature that held then and does not now has
/// met a change in storage (a banner, a scanner), not a forger; one that we cannot check, it has checked.
fn stated_dkim(mut dkim: Dkim, route: &Route) -> Dkim {
    let mut taken = vec![false; dkim.signatures.len()];
    for (server, word, said) in all_stated(&route.results, "dkim") {
        let domain = said.get("header.d").or_else(|| said.get("header.i").and_then(|i| i.rsplit('@').next()));
        let Some(domain) = domain else { continue };
        let is_it = |s: &Signature| {
            s.domain.eq_ignore_ascii_case(domain)
                && said.get("header.s").is_none_or(|x| s.selector.eq_ignore_ascii_case(x))
                && said.get("header.a").is_none_or(|x| s.algorithm.eq_ignore_ascii_case(x))
        };
        let found = dkim.signatures.iter().zip(&taken).position(|(s, taken)| !taken && is_it(s));
        let Some(n) = found else { continue };
        taken[n] = true;
        let signature = &mut dkim.signatures[n];
        let better = is_open(signature.result) || word == Word::Pass && signature.result != Word::Pass;
        if !better {
            continue;
        }
        let mut reason = says(server, "DKIM", word);
        if !is_open(signature.result) {
            reason.en += &format!("; today: {}", signature.reason.en);
            reason.fr += &format!(" ; aujourd’hui : {}", signature.reason.fr);
        }
        (signature.result, signature.reason) = (word, reason);
        signature.basis.server = Some(server.to_owned());
    }
    if taken.contains(&true) {
        (dkim.result, dkim.reason) = dkim::summary(&dkim.signatures, dkim.ignored);
    }
    dkim
}
