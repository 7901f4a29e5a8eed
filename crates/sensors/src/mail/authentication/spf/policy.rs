//! An SPF record (RFC 7208 4.6, 5, 6) as terms. You may rely on: a policy that parses has no syntax error anywhere, as
//! one spoils the whole record.

use super::super::verdict::Word;
use super::macros::MacroString;
use model::Network;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A parsed record.
#[derive(Debug)]
pub struct Policy {
    /// Its directives, in order.
    pub directives: Vec<Directive>,
    /// `redirect=`.
    pub redirect: Option<MacroString>,
    /// `exp=`.
    pub explanation: Option<MacroString>,
}

/// A mechanism with its qualifier.
#[derive(Debug)]
pub struct Directive {
    /// The result where it matches.
    pub result: Word,
    /// The mechanism.
    pub mechanism: Mechanism,
    /// As it is written.
    pub text: String,
}

/// Who is meant.
#[derive(Debug)]
pub enum Mechanism {
    /// Everybody.
    All,
    /// Whom another domain allows.
    Include(MacroString),
    /// The addresses of a name, with prefix lengths for IPv4 and IPv6.
    A(Option<MacroString>, u8, u8),
    /// The addresses of a domain's mail exchangers.
    Mx(Option<MacroString>, u8, u8),
    /// Addresses whose validated name lies under a domain.
    Ptr(Option<MacroString>),
    /// A network.
    Ip(Network),
    /// Anybody for whom this name has an IPv4 address.
    Exists(MacroString),
}

/// Whether a TXT record is an SPF record: `v=spf1`, then a space or nothing.
pub fn is_policy(text: &str) -> bool {
    let head = text.as_bytes().get(..6).is_some_and(|h| h.eq_ignore_ascii_case(b"v=spf1"));
    head && matches!(text.as_bytes().get(6), None | Some(b' '))
}

/// Parses a record that [`is_policy`].
pub fn parse(text: &str) -> Result<Policy, ()> {
    let mut policy = Policy { directives: Vec::new(), redirect: None, explanation: None };
    for term in text.get(6..).ok_or(())?.split(' ').filter(|t| !t.is_empty()) {
        if !term.is_ascii() {
            return Err(());
        }
        let name = term.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b)).count();
        match term[name..].strip_prefix('=') {
            Some(value) => modifier(&mut policy, &term[..name], value)?,
            None => policy.directives.push(directive(term)?),
        }
    }
    Ok(policy)
}

fn modifier(policy: &mut Policy, name: &str, value: &str) -> Result<(), ()> {
    if !name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) {
        return Err(());
    }
    let slot = match name.to_ascii_lowercase().as_str() {
        "redirect" => &mut policy.redirect,
        "exp" => &mut policy.explanation,
        // One that nobody knows is passed over, as long as it is well formed.
        _ => return MacroString::parse(value, false).map(|_| ()),
    };
    if slot.is_some() {
        return Err(());
    }
    *slot = Some(MacroString::domain(value)?);
    Ok(())
}

fn directive(term: &str) -> Result<Directive, ()> {
    let (result, rest) = match term.as_bytes().first() {
        Some(b'+') => (Word::Pass, &term[1..]),
        Some(b'-') => (Word::Fail, &term[1..]),
        Some(b'~') => (Word::Softfail, &term[1..]),
        Some(b'?') => (Word::Neutral, &term[1..]),
        _ => (Word::Pass, term),
    };
    let name = rest.find([':', '/']).unwrap_or(rest.len());
    let (name, arguments) = rest.split_at(name);
    let domain = || MacroString::domain(arguments.strip_prefix(':').ok_or(())?);
    let mechanism = match name.to_ascii_lowercase().as_str() {
        "all" if arguments.is_empty() => Mechanism::All,
        "include" => Mechanism::Include(domain()?),
        "exists" => Mechanism::Exists(domain()?),
        "ptr" if arguments.is_empty() => Mechanism::Ptr(None),
        "ptr" => Mechanism::Ptr(Some(domain()?)),
        "a" => addresses(arguments, Mechanism::A)?,
        "mx" => addresses(arguments, Mechanism::Mx)?,
        "ip4" => {
            let (address, length) = network(arguments, 32)?;
            Mechanism::Ip(Network(
                model::Address::from(std::net::IpAddr::V4(address.parse::<Ipv4Addr>().map_err(drop)?)).0,
                length,
            ))
        }
        "ip6" => {
            let (address, length) = network(arguments, 128)?;
            Mechanism::Ip(Network(u128::from(address.parse::<Ipv6Addr>().map_err(drop)?), length))
        }
        _ => return Err(()),
    };
    Ok(Directive { result, mechanism, text: term.chars().take(100).collect() })
}

/// `[":" domain-spec] ["/" n] ["//" n]`.
fn addresses(arguments: &str, make: fn(Option<MacroString>, u8, u8) -> Mechanism) -> Result<Mechanism, ()> {
    let (mut rest, mut four, mut six) = (arguments, 32, 128);
    // Only digits at the very end are a length: a name may hold slashes too.
    let ends_in = |text: &str| text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let head = &rest[..rest.len() - ends_in(rest)];
    if let Some(before) = head.strip_suffix("//") {
        six = length(&rest[head.len()..], 128)?;
        rest = before;
    }
    let head = &rest[..rest.len() - ends_in(rest)];
    if let Some(before) = head.strip_suffix('/').filter(|b| !b.ends_with('/')) {
        four = length(&rest[head.len()..], 32)?;
        rest = before;
    }
    match rest.strip_prefix(':') {
        Some(domain) => Ok(make(Some(MacroString::domain(domain)?), four, six)),
        None if rest.is_empty() => Ok(make(None, four, six)),
        None => Err(()),
    }
}

/// `":" address ["/" n]`.
fn network(arguments: &str, most: u8) -> Result<(&str, u8), ()> {
    let text = arguments.strip_prefix(':').ok_or(())?;
    match text.split_once('/') {
        Some((address, digits)) => Ok((address, length(digits, most)?)),
        None => Ok((text, most)),
    }
}

/// A prefix length: no leading zero, at most `most`.
fn length(digits: &str, most: u8) -> Result<u8, ()> {
    let plain = digits == "0" || !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
    let value: u8 = digits.parse().map_err(drop)?;
    if plain && value <= most { Ok(value) } else { Err(()) }
}
