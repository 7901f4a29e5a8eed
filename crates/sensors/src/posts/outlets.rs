//! Outlets that somebody has classified: the shipped lists (`knowledge::outlets`), the user's own, and names that imitate
//! an outlet's (the `names` kernel).
//!
//! You may rely on: the longest listed domain above a host speaks for it; what the user says replaces what a list says,
//! and `ordinary` takes it back. Left out: accounts and channels without a domain of their own.

use super::settings::Settings;
use super::shares::csv;
use crate::names::kernel::Scratch;
use crate::names::setup::{self, Setup};
use crate::names::things;
use knowledge::outlets::Outlets as Lists;
use model::{Context, Result};
use rows::posts::{Classified, OutletClass};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A score as a look-alike from which a name is shown as one.
const LOOKALIKE: u8 = 60;

/// What somebody says of a domain, as a user writes it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Listing {
    /// The domain, with all below it.
    pub domain: String,
    /// Who says so.
    pub who: String,
    /// As what.
    pub what: String,
    /// Where.
    pub reference: String,
}

/// All that is classified.
pub struct Outlets {
    by_domain: BTreeMap<String, Classified>,
    /// The first labels of those that publish leaks.
    leak_sites: BTreeSet<String>,
    names: Arc<Setup>,
}

impl Outlets {
    /// Of a case.
    pub fn of(context: &Context) -> Result<Outlets> {
        let mut by_domain = BTreeMap::new();
        for list in Lists::embedded().list {
            for domain in list.domains {
                let (name, who, reference) = (list.name.clone(), list.who.clone(), list.reference.clone());
                by_domain.insert(domain, Classified { class: list.class, name, who, reference });
            }
        }
        for told in context.config.settings::<Settings>()?.classified {
            let class = told.what.trim().parse().unwrap_or(OutletClass::Listed);
            let domain = told.domain.trim().trim_start_matches("www.").trim_end_matches('.').to_lowercase();
            by_domain.insert(domain, Classified { class, name: told.what, who: told.who, reference: told.reference });
        }
        let leaks = by_domain.iter().filter(|(_, c)| c.class == OutletClass::LeakSite);
        let leak_sites = leaks.filter_map(|(domain, _)| Some(domain.split_once('.')?.0.to_string())).collect();
        Ok(Outlets { by_domain, leak_sites, names: setup::setup(context)? })
    }

    /// What is said of a host.
    pub fn get(&self, host: &str) -> Option<&Classified> {
        let above = host.match_indices('.').map(|(at, _)| &host[at + 1..]);
        let told = std::iter::once(host).chain(above).find_map(|domain| self.by_domain.get(domain));
        told.filter(|c| c.class != OutletClass::Ordinary)
    }

    /// Whether a hashtag is the name of a site that publishes leaks.
    pub fn publishes_leaks(&self, tag: &str) -> bool {
        self.leak_sites.contains(tag.trim_end_matches(|c: char| c.is_ascii_digit()))
    }

    /// What is said of a host, or the outlet its name imitates.
    pub fn judge(&self, host: &str, scratch: &mut Scratch) -> Option<Classified> {
        if let Some(told) = self.get(host) {
            return Some(told.clone());
        }
        let judged = self.names.judge.judge(host.as_bytes(), scratch)?;
        let imitates = judged.class == things::Class::Outlet && judged.score >= LOOKALIKE;
        (imitates && !self.by_domain.contains_key(&judged.domain)).then(|| Classified {
            class: OutletClass::Lookalike,
            name: judged.imitates,
            who: "Vigie".into(),
            reference: String::new(),
        })
    }
}

/// Reads a user's list: CSV with a heading that holds `domain`; rows without a domain are passed over.
pub fn parse(text: &str) -> Vec<Listing> {
    let bytes = text.trim_start_matches('\u{feff}').as_bytes();
    let first = bytes.split(|&b| b == b'\n').next().unwrap_or_default();
    let separator = csv::SEPARATORS.into_iter().max_by_key(|s| first.iter().filter(|b| *b == s).count());
    let separator = separator.unwrap_or(b',');
    let heading: Vec<String> = csv::first(bytes, separator).iter().map(|c| c.trim().to_lowercase()).collect();
    let place = |name: &str| heading.iter().position(|h| h == name);
    let Some(domain) = place("domain") else { return Vec::new() };
    let columns = [Some(domain), place("who"), place("what"), place("reference")];
    let mut all = Vec::new();
    csv::records(bytes, separator, |_, _, _, cells| {
        let cell = |column: Option<usize>| {
            let cell = column.and_then(|c| cells.get(c)).map(|c| String::from_utf8_lossy(c));
            cell.map_or_else(String::new, |c| c.trim().to_string())
        };
        let [domain, who, what, reference] = columns.map(cell);
        if domain.contains('.') {
            all.push(Listing { domain, who, what, reference });
        }
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::Origin;
    use crate::testing::config;

    fn check(toml: &str, host: &str, expected: Option<OutletClass>) {
        let (config, origins) = (config(toml), Origin::default());
        let context = Context { config: &config, origins: &origins, at: Default::default(), modified: None };
        let outlets = Outlets::of(&context).expect("a usable configuration");
        assert_eq!(outlets.judge(host, &mut Scratch::default()).map(|c| c.class), expected, "{host}");
    }

    #[test]
    fn hosts_are_known_by_the_domains_above_them() {
        check("", "francais.rt.com", Some(OutletClass::StateMedia));
        check("", "rt.com.example.org", None);
        check("", "smart.com", None);
        check("", "www-lemonde.fr.example", None);
        let own = "[[posts.classified]]\ndomain = \"www.Mine.example\"\nwho = \"us\"\nwhat = \"odd\"\n";
        check(own, "a.mine.example", Some(OutletClass::Listed));
        let back = "[[posts.classified]]\ndomain = \"rt.com\"\nwhat = \"ordinary\"\n";
        check(back, "rt.com", None);
    }

    #[test]
    fn a_users_list_is_read() {
        let told = parse("Who;Domain;what\r\n\"a; b\";x.example;operation\r\n;no domain;\r\n");
        assert_eq!(
            told,
            [Listing {
                domain: "x.example".into(),
                who: "a; b".into(),
                what: "operation".into(),
                reference: String::new()
            }]
        );
    }
}
