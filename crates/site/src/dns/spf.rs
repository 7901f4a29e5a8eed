//! SPF (RFC 7208) of one's own domain: what it comes to for whoever is not named in it, and what makes receivers give up.
//!
//! You may rely on: read in the order receivers read it (nothing behind `all` counts, a redirection only where there is no
//! `all`, modifiers that nobody knows are passed over); lookups are counted as often as they are made. Where a reply is
//! missing, what hangs on it is *not known*. Left out: macros (their lookups are counted, and not made); who sends what from where.

use super::Said;

/// Most lookups of one record, and most of them in vain (RFC 7208 4.6.4); most exchangers of an `mx`.
pub const LOOKUPS: usize = 10;
const VOID: usize = 2;
const EXCHANGERS: usize = 10;
/// From here on counting ends: a record that includes itself twice over would be counted for ever.
const COUNTED: usize = 200;

/// A part of a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Term {
    /// Sign, name, what it names (behind `:`), and the length of a prefix (behind `/`).
    Mechanism(char, String, Option<String>, Option<String>),
    /// Name and value (behind `=`).
    Modifier(String, String),
}

/// The terms of a record.
pub fn terms(record: &str) -> impl Iterator<Item = Term> + '_ {
    record.split_ascii_whitespace().skip(1).map(|term| {
        let term = term.to_ascii_lowercase();
        let end = term.find([':', '/', '=']).unwrap_or(term.len());
        if let Some(value) = term[end..].strip_prefix('=') {
            return Term::Modifier(term[..end].to_string(), value.trim_end_matches('.').to_string());
        }
        let sign = term.chars().next().filter(|c| "+-~?".contains(*c));
        let name = &term[usize::from(sign.is_some())..end];
        let (value, prefix) = match term[end..].strip_prefix(':') {
            Some(rest) => rest.split_once('/').map_or((rest, None), |(v, p)| (v, Some(p))),
            None => ("", term[end..].strip_prefix('/')),
        };
        let value = Some(value.trim_end_matches('.').to_string()).filter(|v| !v.is_empty());
        Term::Mechanism(sign.unwrap_or('+'), name.to_string(), value, prefix.map(str::to_string))
    })
}

/// Names whose records a record leads to: of SPF, of addresses, of exchangers.
pub fn named(record: &str, domain: &str) -> Vec<(String, &'static str)> {
    let mut all = Vec::new();
    for term in terms(record) {
        let (kinds, name): (&[&str], String) = match term {
            Term::Mechanism(_, name, _, _) if name == "all" => break,
            Term::Mechanism(_, name, Some(value), _) if name == "include" => (&["TXT"], value),
            Term::Mechanism(_, name, value, _) if name == "a" => (&["A", "AAAA"], value.unwrap_or(domain.into())),
            Term::Mechanism(_, name, value, _) if name == "mx" => (&["MX"], value.unwrap_or(domain.into())),
            Term::Modifier(name, value) if name == "redirect" => (&["TXT"], value),
            _ => continue,
        };
        if !name.contains('%') {
            all.extend(kinds.iter().map(|k| (name.clone(), *k)));
        }
    }
    all
}

/// What a record comes to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Spf {
    /// Lookups it asks for.
    pub lookups: usize,
    /// Those of them that find nothing.
    pub void: usize,
    /// The sign for everybody who is not named; none: neutral.
    pub all: Option<char>,
    /// What makes receivers give up.
    pub amiss: Option<String>,
    /// A record was missing: there may be more lookups, and where `all` is none another sign.
    pub unsure: bool,
    /// Whether names that are looked up exist was not answered: there may be more in vain.
    pub uncounted: bool,
}

/// Follows a record.
pub fn follow(said: &Said, domain: &str, record: &str) -> Spf {
    let mut out = Spf::default();
    let mut path = vec![domain.to_string()];
    out.all = out.walk(said, record, &mut path);
    if out.amiss.is_none() {
        if out.lookups > LOOKUPS {
            let more = if out.lookups > COUNTED { "more than " } else { "" };
            out.amiss = Some(format!("{more}{} lookups, where receivers stop at {LOOKUPS}", out.lookups.min(COUNTED)));
        } else if out.void > VOID {
            out.amiss = Some(format!("{} lookups that find nothing, where receivers stop at {VOID}", out.void));
        }
    }
    out
}

impl Spf {
    fn wrong(&mut self, what: String) {
        self.amiss.get_or_insert(what);
    }

    /// What a record says of everybody.
    fn walk(&mut self, said: &Said, record: &str, path: &mut Vec<String>) -> Option<char> {
        let domain = path.last().cloned().unwrap_or_default();
        let mut redirect = None;
        for term in terms(record) {
            if self.lookups > COUNTED {
                return None;
            }
            match term {
                Term::Modifier(name, value) if name == "redirect" => {
                    if redirect.replace(value).is_some() {
                        self.wrong(format!("`{domain}` redirects twice"));
                    }
                }
                // What nobody knows is passed over (RFC 7208 6).
                Term::Modifier(..) => {}
                Term::Mechanism(sign, name, value, prefix) => match (name.as_str(), value) {
                    ("all", None) => return Some(sign),
                    ("include", Some(name)) => {
                        self.lookups += 1;
                        // Who is in it is everybody.
                        if self.into(said, &name, path) == Some('+') {
                            return Some(sign);
                        }
                    }
                    ("a", name) => {
                        self.lookups += 1;
                        let name = name.unwrap_or_else(|| domain.clone());
                        let replies = [said.of(&name, "A"), said.of(&name, "AAAA")];
                        match replies {
                            [Some(a), Some(b)] => {
                                self.void += usize::from(a.answers.is_empty() && b.answers.is_empty())
                            }
                            _ => self.uncounted |= !name.contains('%'),
                        }
                    }
                    ("mx", name) => {
                        self.lookups += 1;
                        let name = name.unwrap_or_else(|| domain.clone());
                        match said.of(&name, "MX") {
                            Some(mx) if mx.answers.len() > EXCHANGERS => {
                                self.wrong(format!("`{name}` has more than {EXCHANGERS} exchangers"));
                            }
                            Some(mx) => self.void += usize::from(mx.answers.is_empty()),
                            None => self.uncounted |= !name.contains('%'),
                        }
                    }
                    ("ptr", _) | ("exists", Some(_)) => self.lookups += 1,
                    // All addresses there are.
                    ("ip4" | "ip6", Some(_)) if prefix.as_deref() == Some("0") => return Some(sign),
                    ("ip4", Some(address)) if address.parse::<std::net::Ipv4Addr>().is_ok() => {}
                    ("ip6", Some(address)) if address.parse::<std::net::Ipv6Addr>().is_ok() => {}
                    ("ip4" | "ip6", address) => {
                        self.wrong(format!("`{name}:{}` is no address", address.unwrap_or_default()));
                    }
                    (other, _) => self.wrong(format!("`{other}` is no term of SPF")),
                },
            }
        }
        let name = redirect?;
        self.lookups += 1;
        self.into(said, &name, path)
    }

    /// What the record of another name says of everybody.
    fn into(&mut self, said: &Said, name: &str, path: &mut Vec<String>) -> Option<char> {
        if name.contains('%') {
            self.unsure = true;
            return None;
        }
        if path.iter().any(|p| p == name) {
            self.wrong(format!("`{name}` leads back to itself"));
            return None;
        }
        if path.len() > LOOKUPS {
            return None;
        }
        match said.texts(name, "v=spf1").as_deref() {
            Some([one]) => {
                path.push(name.to_string());
                let all = self.walk(said, one, path);
                path.pop();
                all
            }
            Some([]) => {
                self.wrong(format!("`{name}` has no SPF record"));
                None
            }
            Some(_) => {
                self.wrong(format!("`{name}` has more than one SPF record"));
                None
            }
            None => {
                self.unsure = true;
                None
            }
        }
    }
}
