//! The sites of a log, by number. The Host header is the client's, so names come by the million if somebody wants it.
//!
//! You may rely on: a name costs one look-up however many there are; past the cap no request is counted for another's
//! site: all of them share the row [`OTHERS`], and a note says how many. Our own sites always have a row of their own,
//! so that nobody can fill the table before they are first asked for.

use super::runs::excerpt;
use model::{Note, Text};
use std::collections::HashMap;

/// Sites told apart in one piece of evidence.
pub const SITES: usize = 4_000;

/// The site of requests whose own has no row. No host has this name (RFC 952).
pub const OTHERS: &str = "*";

/// The name of a host as a site's: `-` where the log does not say it.
pub fn name(host: &[u8]) -> String {
    if host.is_empty() { "-".into() } else { excerpt(host, 253).to_lowercase() }
}

/// The hosts of one block, as they are written there. Its size bounds them.
#[derive(Default)]
pub struct Hosts {
    /// In lower case, with the requests to each.
    all: Vec<(Box<[u8]>, u64)>,
    index: HashMap<Box<[u8]>, u32, foldhash::fast::RandomState>,
    last: usize,
    lower: Vec<u8>,
}

impl Hosts {
    /// The number of a host that was asked once more.
    pub fn number(&mut self, host: &[u8]) -> u32 {
        /// Where there are no more, looking at each is faster than a hash.
        const FEW: usize = 4;
        let is = |(known, _): &(Box<[u8]>, u64)| known.eq_ignore_ascii_case(host);
        if !self.all.get(self.last).is_some_and(is) {
            self.last = match self.all.iter().take(FEW).position(is) {
                Some(i) => i,
                None => {
                    self.lower.clear();
                    self.lower.extend(host.iter().map(u8::to_ascii_lowercase));
                    match self.index.get(self.lower.as_slice()) {
                        Some(&i) => i as usize,
                        None => {
                            self.index.insert(self.lower.as_slice().into(), self.all.len() as u32);
                            self.all.push((self.lower.as_slice().into(), 0));
                            self.all.len() - 1
                        }
                    }
                }
            };
        }
        self.all[self.last].1 += 1;
        self.last as u32
    }

    /// The hosts in the order of their numbers, with the requests to each.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], u64)> {
        self.all.iter().map(|(host, requests)| (&**host, *requests))
    }
}

/// The sites of one piece of evidence.
pub struct Sites<'c> {
    names: Vec<String>,
    index: HashMap<String, u32>,
    most: usize,
    own: &'c [String],
    /// Requests to sites without a row.
    more: u64,
}

impl<'c> Sites<'c> {
    /// None yet, and room for so many besides our `own`.
    pub fn new(most: usize, own: &'c [String]) -> Sites<'c> {
        Sites { names: Vec::new(), index: HashMap::new(), most, own, more: 0 }
    }

    /// The number of the site that so many requests asked for.
    pub fn number(&mut self, host: &[u8], requests: u64) -> u32 {
        let name = name(host);
        if let Some(&i) = self.index.get(&name) {
            return i;
        }
        let own = || self.own.iter().any(|o| *o == name || name.strip_prefix("www.").is_some_and(|n| n == o));
        if self.names.len() < self.most || own() {
            return self.push(name);
        }
        self.more += requests;
        match self.index.get(OTHERS) {
            Some(&i) => i,
            None => self.push(OTHERS.into()),
        }
    }

    fn push(&mut self, name: String) -> u32 {
        let i = self.names.len() as u32;
        self.index.insert(name.clone(), i);
        self.names.push(name);
        i
    }

    /// The name of a site.
    pub fn name(&self, site: u32) -> &str {
        self.names.get(site as usize).map_or(OTHERS, String::as_str)
    }

    /// What must be said of it.
    pub fn note(&self) -> Option<Note> {
        (self.more > 0).then(|| Note {
            text: Text::new(
                format!(
                    "more than {} host names were asked for: {} requests to others of them are counted together, as \
                     of one site `{OTHERS}`",
                    self.most, self.more
                ),
                format!(
                    "plus de {} noms d’hôte ont été demandés : {} requêtes vers d’autres sont comptées ensemble, \
                     comme celles d’un seul site `{OTHERS}`",
                    self.most, self.more
                ),
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn past_the_cap_nobody_stands_in_for_another() {
        let own = ["parti-bleu.fr".to_string()];
        let mut sites = Sites::new(2, &own);
        let numbers: Vec<_> = ["a.example", "b.example"].iter().map(|h| sites.number(h.as_bytes(), 1)).collect();
        assert_eq!((numbers, sites.note()), (vec![0, 1], None));
        assert_eq!([sites.number(b"c.example", 5), sites.number(b"d.example", 2)].map(|s| sites.name(s)), ["*", "*"]);
        let site = sites.number(b"WWW.parti-bleu.fr", 1);
        assert_eq!(sites.name(site), "www.parti-bleu.fr");
        assert_eq!(sites.number(b"A.example", 1), 0);
        let note = sites.note().expect("what passed the cap is said").text.en;
        assert!(note.contains("more than 2 host names") && note.contains("7 requests"), "{note}");
    }

    #[test]
    fn hosts_of_a_block_have_one_number_in_whatever_case() {
        let mut hosts = Hosts::default();
        let names: Vec<String> = (0..20).map(|i| format!("h{i}.example")).collect();
        for name in names.iter().chain(&names) {
            hosts.number(name.to_uppercase().as_bytes());
        }
        let seen: Vec<_> = hosts.iter().map(|(h, n)| (String::from_utf8_lossy(h).into_owned(), n)).collect();
        assert_eq!(seen, names.into_iter().map(|n| (n, 2)).collect::<Vec<_>>());
    }
}
