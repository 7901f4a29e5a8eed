//! Families among the names of one list: names that somebody made after one pattern, and days on which many were
//! registered, whether or not they imitate anybody.
//!
//! You may rely on: at most [`MOST`] names are held, and longer lists have no families (which is said); the families do not
//! depend on the order of names. Left out: what a family means, which `family.rs` weighs; two letters replaced, far
//! apart, in names that have nothing between them.

use super::lexicon::{Role, Vocabulary};
use crate::domain::Parts;
use foldhash::fast::RandomState;
use model::{Span, SpanSet, Time};
use rows::names::{Family, Kinship};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Names of a list among which families are looked for.
pub const MOST: usize = 20_000;
/// Names that make a family.
const FEWEST: usize = 5;
/// A pattern of words without days is of at least one name of so many of the list; names of words of logging in alone are
/// of one in so many.
const SHARE: usize = 1000;
const PART: usize = 50;
/// Letters from which names that are a letter or two apart are no chance.
const LONG: usize = 9;
/// Letters that a pattern must have besides what changes.
const FIXED: usize = 4;
/// Days within which names of an everyday pattern must have been registered.
const TOGETHER: i64 = 14;
const DAY: i64 = 86_400;

/// The names of one list.
#[derive(Default)]
pub struct Kin {
    names: BTreeMap<String, (Option<Time>, Span)>,
    full: bool,
}

/// A family, and where its names stand.
pub type Found = (Family, SpanSet);

impl Kin {
    /// Whether there were too many names.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Takes in a registrable domain, perhaps with its day of registration.
    pub fn add(&mut self, domain: String, created: Option<Time>, place: Span) {
        if self.full {
            return;
        }
        let known = self.names.entry(domain).or_insert((None, place));
        known.0 = known.0.into_iter().chain(created).min();
        if self.names.len() > MOST {
            self.full = true;
            self.names.clear();
        }
    }

    /// Takes in a name's day of registration, told apart from it.
    pub fn date(&mut self, domain: &str, created: Option<Time>) {
        if let Some(known) = self.names.get_mut(domain) {
            known.0 = known.0.into_iter().chain(created).min();
        }
    }

    /// The families, each name in the largest that it could be of; days stand beside them.
    pub fn families(self, words: &Vocabulary) -> Vec<Found> {
        let mut parts = Parts::default();
        let names: Vec<Name> = self
            .names
            .iter()
            .filter_map(|(domain, &(created, place))| {
                parts.set(domain.as_bytes()).ok()?;
                let label = String::from_utf8_lossy(parts.label(parts.registered())).into_owned();
                Some(Name { domain, label, created, place })
            })
            .collect();
        let mut all: Vec<((Kinship, String), Vec<usize>)> = Vec::new();
        let mut groups: BTreeMap<(Kinship, String), Vec<usize>> = BTreeMap::new();
        for (n, name) in names.iter().enumerate() {
            groups.entry((Kinship::Label, name.label.clone())).or_default().push(n);
            name.patterns(words, &mut |kinship, pattern| groups.entry((kinship, pattern)).or_default().push(n));
        }
        // In a long list a few names are alike by chance.
        let few = names.len() / SHARE;
        all.extend(groups.into_iter().filter(|((kinship, pattern), members)| {
            members.len() >= FEWEST
                && match kinship {
                    Kinship::Label => pattern.len() >= FIXED,
                    Kinship::Word => {
                        members.len() >= few && !is_everyday(pattern, words) || is_together(&names, members)
                    }
                    Kinship::Words => members.len() * PART >= names.len(),
                    _ => true,
                }
        }));
        all.extend(near(&names).into_iter().map(|members| ((Kinship::Near, names[members[0]].label.clone()), members)));
        // The largest first; of equals the kind that says more.
        all.sort_by(|a, b| (b.1.len(), &b.0).cmp(&(a.1.len(), &a.0)));
        let mut free: Vec<bool> = vec![true; names.len()];
        let mut found = Vec::new();
        for ((kinship, pattern), members) in all {
            let members: Vec<usize> = members.into_iter().filter(|&n| free[n]).collect();
            if members.len() >= FEWEST {
                members.iter().for_each(|&n| free[n] = false);
                found.push(family(kinship, pattern, &names, &members));
            }
        }
        for (day, members) in days(&names) {
            let pattern = Time::from_seconds(day * DAY).to_string()[..10].to_string();
            found.push(family(Kinship::Day, pattern, &names, &members));
        }
        found.sort_by(|a, b| (a.0.kinship, &a.0.pattern).cmp(&(b.0.kinship, &b.0.pattern)));
        found
    }
}

struct Name<'n> {
    domain: &'n str,
    label: String,
    created: Option<Time>,
    place: Span,
}

impl Name<'_> {
    /// The patterns that the name is of.
    fn patterns(&self, words: &Vocabulary, each: &mut dyn FnMut(Kinship, String)) {
        let label = self.label.as_str();
        if label.starts_with("xn--") {
            return;
        }
        if label.bytes().any(|b| b.is_ascii_digit()) {
            let mut stem = String::new();
            for c in label.chars() {
                match c.is_ascii_digit() {
                    true if stem.ends_with('#') => {}
                    true => stem.push('#'),
                    false => stem.push(c),
                }
            }
            if letters(&stem) >= FIXED {
                each(Kinship::Number, stem);
            }
        }
        let tokens: Vec<&str> = label.split('-').filter(|t| !t.is_empty()).collect();
        if !(2..=5).contains(&tokens.len()) {
            return;
        }
        let telling = Role::SERVICE.with(Role::ACTION).with(Role::BRAND);
        if tokens.iter().all(|t| words.roles(t.as_bytes()).any(telling)) {
            each(Kinship::Words, "*".into());
        }
        for n in 0..tokens.len() {
            let rest = tokens.iter().enumerate().map(|(i, t)| if i == n { "*" } else { t });
            let pattern = rest.collect::<Vec<_>>().join("-");
            if letters(&pattern) >= FIXED {
                each(Kinship::Word, pattern);
            }
        }
    }
}

fn letters(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_alphabetic).count()
}

/// Whether what is fixed in a pattern is made of words that anybody uses: `*-news`, `mairie-*`.
fn is_everyday(pattern: &str, words: &Vocabulary) -> bool {
    let fixed = pattern.split('-').filter(|t| *t != "*");
    fixed.clone().all(|t| words.own_letters(t.as_bytes()) == 0 || t.len() < FIXED)
        || fixed.clone().all(|t| HANDS.contains(&t))
}

/// What the names of many institutions begin with, each of its own hand: town halls, schools, unions, shops.
const HANDS: [&str; 24] = [
    "mairie",
    "ville",
    "commune",
    "cc",
    "cci",
    "cma",
    "lycee",
    "college",
    "ecole",
    "office",
    "tourisme",
    "departement",
    "region",
    "agglo",
    "paroisse",
    "diocese",
    "univ",
    "chu",
    "hopital",
    "pharmacie",
    "hotel",
    "restaurant",
    "immobilier",
    "avocat",
];

/// Whether names enough were registered within a fortnight.
fn is_together(names: &[Name], members: &[usize]) -> bool {
    let mut days: Vec<i64> = members.iter().filter_map(|&n| names[n].created).map(|t| t.seconds() / DAY).collect();
    days.sort_unstable();
    days.windows(FEWEST).any(|d| d[FEWEST - 1] - d[0] <= TOGETHER)
}

/// Groups of long labels, each a letter or two from another of the group.
fn near(names: &[Name]) -> Vec<Vec<usize>> {
    let mut labels: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (n, name) in names.iter().enumerate() {
        if letters(&name.label) >= LONG && !name.label.starts_with("xn--") {
            labels.entry(&name.label).or_default().push(n);
        }
    }
    let all: Vec<(&str, Vec<usize>)> = labels.into_iter().collect();
    let mut parent: Vec<usize> = (0..all.len()).collect();
    fn root(parent: &mut [usize], mut n: usize) -> usize {
        while parent[n] != n {
            parent[n] = parent[parent[n]];
            n = parent[n];
        }
        n
    }
    // Labels two edits apart have a text in common when one character of each is left out.
    let mut holes: HashMap<Vec<u8>, Vec<usize>, RandomState> = HashMap::default();
    for (n, (label, _)) in all.iter().enumerate() {
        let label = label.as_bytes();
        for out in 0..=label.len() {
            let mut hole = label.to_vec();
            if out < label.len() {
                hole.remove(out);
            }
            let others = holes.entry(hole).or_default();
            for &other in others.iter().filter(|&&o| o != n).take(4) {
                let (a, b) = (root(&mut parent, n), root(&mut parent, other));
                parent[a.max(b)] = a.min(b);
            }
            if others.last() != Some(&n) && others.len() < 4 {
                others.push(n);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for n in 0..all.len() {
        groups.entry(root(&mut parent, n)).or_default().push(n);
    }
    // A name under many suffixes is one label.
    groups
        .into_values()
        .filter(|labels| labels.len() >= 3)
        .map(|labels| labels.into_iter().flat_map(|l| all[l].1.iter().copied()).collect::<Vec<_>>())
        .filter(|members| members.len() >= FEWEST)
        .collect()
}

/// Days on which so many of the names were registered as chance does not put there.
fn days(names: &[Name]) -> Vec<(i64, Vec<usize>)> {
    let mut days: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (n, name) in names.iter().enumerate() {
        if let Some(created) = name.created {
            days.entry(created.seconds().div_euclid(DAY)).or_default().push(n);
        }
    }
    let dated: usize = days.values().map(Vec::len).sum();
    let (Some(first), Some(last)) = (days.first_key_value(), days.last_key_value()) else { return Vec::new() };
    let span = (last.0 - first.0 + 1).max(30) as f64;
    let rate = dated as f64 / span;
    // The chance of so many by Poisson's law, for each day of the span; its first term bounds the tail well enough here.
    let tail = |n: usize| (1..=n).fold(-rate, |log, k| log + (rate / k as f64).ln()) + (2.0 * span).ln();
    days.into_iter()
        .filter(|(_, m)| m.len() >= FEWEST && m.len() as f64 > 2.0 * rate && tail(m.len()) < -11.5)
        .collect()
}

fn family(kinship: Kinship, pattern: String, names: &[Name], members: &[usize]) -> Found {
    let spans = SpanSet::of(members.iter().map(|&n| names[n].place).collect());
    let created = || members.iter().filter_map(|&n| names[n].created);
    let count = members.len() as u64;
    let names: BTreeSet<String> = members.iter().take(1000).map(|&n| names[n].domain.to_string()).collect();
    (Family { kinship, pattern, count, names, from: created().min(), to: created().max() }, spans)
}

#[cfg(test)]
mod tests {
    use super::*;
    use knowledge::names::Names;

    fn told(list: &[(&str, &str)]) -> Vec<(Kinship, String, u64)> {
        let mut kin = Kin::default();
        for (n, (domain, day)) in list.iter().enumerate() {
            let created = (!day.is_empty()).then(|| format!("{day}T00:00:00Z").parse().expect("a day"));
            kin.add(domain.to_string(), created, Span { start: n as u64, len: 1, line: n as u64 });
        }
        let words = Vocabulary::new(&Names::embedded());
        kin.families(&words).into_iter().map(|(f, _)| (f.kinship, f.pattern, f.count)).collect()
    }

    fn undated(names: &[&str]) -> Vec<(Kinship, String, u64)> {
        told(&names.iter().map(|n| (*n, "")).collect::<Vec<_>>())
    }

    #[test]
    fn names_of_one_pattern_are_one_family() {
        assert_eq!(
            undated(&[
                "kervoldan1.fr",
                "kervoldan2.fr",
                "kervoldan17.net",
                "kervoldan4.fr",
                "kervoldan5.fr",
                "ordinary.fr"
            ]),
            [(Kinship::Number, "kervoldan#".into(), 5)]
        );
        assert_eq!(
            undated(&["kervoldan-be.fr", "kervoldan-de.fr", "kervoldan-it.fr", "kervoldan-pl.fr", "kervoldan-ua.fr"]),
            [(Kinship::Word, "kervoldan-*".into(), 5)]
        );
        assert_eq!(
            undated(&[
                "account-verify.com",
                "login-secure.net",
                "mail-update.org",
                "secure-mail.info",
                "verify-login.com"
            ]),
            [(Kinship::Words, "*".into(), 5)]
        );
        assert_eq!(
            undated(&[
                "nachrichtenwelt.de",
                "nachrichtenwelts.de",
                "nachrichtenwlet.de",
                "nachrichtenwe1t.de",
                "nachrichtenweit.de"
            ])[0]
                .2,
            5
        );
        assert_eq!(
            undated(&["kervoldan.fr", "kervoldan.be", "kervoldan.de", "kervoldan.it", "kervoldan.com"]),
            [(Kinship::Label, "kervoldan".into(), 5)]
        );
    }

    #[test]
    fn what_many_hands_make_alike_is_no_family() {
        assert_eq!(
            undated(&["mairie-a.fr", "mairie-bourg.fr", "mairie-c.fr", "mairie-d.fr", "mairie-e.fr", "mairie-f.fr"]),
            []
        );
        assert_eq!(undated(&["a-news.fr", "bourg-news.fr", "c-news.fr", "d-news.fr", "e-news.fr", "f-news.fr"]), []);
        assert_eq!(undated(&["1.fr", "22.fr", "360.cn", "163.com", "4.de", "a1.fr", "b2.fr"]), []);
    }

    #[test]
    fn a_day_of_many_registrations_is_told_and_joins_an_everyday_pattern() {
        let list: Vec<(String, String)> = (0..12)
            .map(|n| {
                (
                    format!(
                        "{}-news.fr",
                        ["rouen", "brest", "lille", "nantes", "paris", "nice"][n % 6].repeat(1 + n / 6)
                    ),
                    "2022-09-12".to_string(),
                )
            })
            .chain((0..30).map(|n| {
                (
                    format!("other{}x.fr", char::from(b'a' + n as u8 % 26).to_string().repeat(3 + n)),
                    format!("20{:02}-03-0{}", 10 + n % 12, 1 + n % 9),
                )
            }))
            .collect();
        let list: Vec<(&str, &str)> = list.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let found = told(&list);
        assert!(found.contains(&(Kinship::Day, "2022-09-12".into(), 12)), "{found:?}");
        assert!(found.contains(&(Kinship::Word, "*-news".into(), 12)), "{found:?}");
    }

    #[test]
    fn a_long_list_has_none() {
        let mut kin = Kin::default();
        (0..=MOST).for_each(|n| kin.add(format!("a{n}.fr"), None, Span { start: 0, len: 0, line: 0 }));
        assert!(kin.is_full() && kin.families(&Vocabulary::new(&Names::embedded())).is_empty());
    }
}
