//! Bands: the groups of all looks, those joined that are mostly the same accounts, with the posts that they made
//! together.
//!
//! You may rely on: order by size, then by the first member's id. Left out: explanations.

use super::ties::{CALLS, Look, Looks};
use crate::posts::chance::joining::joining;
use crate::posts::chance::lists::List;
use crate::posts::chance::{LEVEL, Pair, copies};
use crate::posts::groups::{PRUNE, centrality, components};
use crate::posts::network::{Clock, Index};
use rows::posts::CoAction;
use std::collections::{BTreeMap, BTreeSet};

/// How often a band is asked who else belongs to it.
const ROUNDS: usize = 4;
/// Groups are one band where at least this part of the smaller is in the other.
const SAME: f64 = 0.5;

/// Accounts that act as one, by any kind of trace.
#[derive(Clone, Debug, Default)]
pub struct Band {
    /// Members by number in the table.
    pub members: BTreeSet<u32>,
    /// The looks that show it, by place among the looks found.
    pub looks: BTreeSet<usize>,
    /// For every tied pair: times together and the least probability of all looks.
    pub ties: BTreeMap<(u32, u32), (u32, f64)>,
}

/// The bands that these looks show.
pub fn bands(looks: &Looks) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    let calls = |look: &&Look| look.window.is_none_or(|w| w <= CALLS);
    for (place, look) in looks.found.iter().enumerate().filter(|(_, look)| calls(look)) {
        for pairs in components(&look.ties) {
            let central = centrality(&pairs);
            let kept = |a: u32| central.get(&a).copied().unwrap_or(0.0) >= PRUNE;
            let pairs: Vec<Pair> = pairs.into_iter().filter(|p| kept(p.account_1) && kept(p.account_2)).collect();
            bands.extend((!pairs.is_empty()).then(|| Band::of(place, &pairs)));
        }
    }
    // The largest first, so that small groups join what they are part of.
    bands.sort_by_key(|b| (std::cmp::Reverse(b.members.len()), b.members.first().copied()));
    let mut joined = together(bands);
    let tries = f64::from(looks.tries) * joined.len() as f64;
    joined
        .iter_mut()
        .filter(|b| b.looks.iter().any(|at| looks.found[*at].kind == CoAction::Text))
        .for_each(|b| b.grow(looks, tries));
    let mut orders: BTreeMap<CoAction, Index> = BTreeMap::new();
    joined.iter_mut().for_each(|b| b.grow_in_time(looks, &mut orders));
    // Bands that grew may have become one.
    joined.sort_by_key(|b| (std::cmp::Reverse(b.members.len()), b.members.first().copied()));
    let mut joined = together(joined);
    for (place, look) in looks.found.iter().enumerate().filter(|(_, look)| !calls(look)) {
        for band in &mut joined {
            let ours = |t: &Pair| band.members.contains(&t.account_1) && band.members.contains(&t.account_2);
            if look.ties.iter().any(ours) {
                band.looks.insert(place);
            }
        }
    }
    joined
}

/// Bands that are mostly the same accounts, as one: so often as any are.
fn together(bands: Vec<Band>) -> Vec<Band> {
    let mut joined: Vec<Band> = Vec::new();
    let before = bands.len();
    for band in bands {
        let same = |other: &&mut Band| {
            let both = band.members.intersection(&other.members).count() as f64;
            both >= SAME * band.members.len().min(other.members.len()) as f64
        };
        match joined.iter_mut().find(same) {
            Some(other) => other.join(band),
            None => joined.push(band),
        }
    }
    if joined.len() < before { together(joined) } else { joined }
}

impl Band {
    /// Takes in who copies the band's texts by no chance, though with no single member often enough: tied to the three
    /// members with whom it has most in common.
    fn grow(&mut self, looks: &Looks, tries: f64) {
        let joining = copies::joining(&looks.holdings, &self.members);
        let things = |account: u32| -> BTreeSet<u32> {
            let from = looks.holdings.partition_point(|h| h.0 < account);
            looks.holdings[from..].iter().take_while(|h| h.0 == account).map(|h| h.1).collect()
        };
        let held: Vec<(u32, BTreeSet<u32>)> = self.members.iter().map(|m| (*m, things(*m))).collect();
        for (account, p) in joining.into_iter().filter(|(_, p)| p * tries <= LEVEL) {
            let own = things(account);
            let mut near: Vec<(usize, u32)> = held.iter().map(|(m, t)| (t.intersection(&own).count(), *m)).collect();
            near.sort_by_key(|(n, m)| (std::cmp::Reverse(*n), *m));
            for (together, member) in near.into_iter().take(3).filter(|(n, _)| *n > 0) {
                self.ties.insert((account.min(member), account.max(member)), (together as u32, p * tries));
            }
            self.members.insert(account);
        }
    }

    /// Takes in who is there whenever the band is, in the windows that show it, until nobody comes any more.
    fn grow_in_time<'l>(&mut self, looks: &'l Looks, orders: &mut BTreeMap<CoAction, Index<'l>>) {
        for look in self.looks.clone().into_iter().filter_map(|at| looks.found.get(at)) {
            let Some((window, shares)) = look.window.zip(looks.shares.get(&look.kind)) else { continue };
            let window = window * 1_000_000;
            let index = &*orders.entry(look.kind).or_insert_with(|| Index::new(shares, Clock::of(1_000_000), None));
            let ranks = index.ranks();
            for _ in 0..ROUNDS {
                let members = self.members.iter().map(|m| ranks[*m as usize]).collect();
                let found = joining(index, window, &members);
                let sure = found.into_iter().filter(|j| j.p * f64::from(looks.tries) <= LEVEL);
                let before = self.members.len();
                for join in sure {
                    let account = index.accounts[join.account as usize];
                    for member in join.members.iter().map(|m| index.accounts[*m as usize]) {
                        let p = join.p * f64::from(looks.tries);
                        self.ties.insert((account.min(member), account.max(member)), (join.together, p));
                    }
                    self.members.insert(account);
                }
                if self.members.len() == before {
                    break;
                }
            }
        }
    }

    fn of(look: usize, pairs: &[Pair]) -> Band {
        let mut band = Band { looks: [look].into(), ..Band::default() };
        for p in pairs {
            band.members.extend([p.account_1, p.account_2]);
            band.ties.insert((p.account_1, p.account_2), (p.together, p.corrected));
        }
        band
    }

    /// Whether one of its ties is this pair's.
    pub fn ties(&self, pair: &Pair) -> bool {
        self.ties.contains_key(&(pair.account_1, pair.account_2))
    }

    /// Keeps the looks that show one of its ties, so that nothing is told of what shows none: all kinds at once only where no
    /// kind does by itself, for of these it is not known which made them rare.
    pub fn settled(mut self, looks: &Looks) -> Band {
        let kind = |at: &usize| looks.found.get(*at).map(|l| l.kind);
        let shows = |at: &usize| looks.found.get(*at).is_some_and(|l| l.ties.iter().any(|t| self.ties(t)));
        let mut showing: BTreeSet<usize> = self.looks.iter().copied().filter(shows).collect();
        if showing.iter().any(|at| kind(at) != Some(CoAction::Mixed)) {
            showing.retain(|at| kind(at) != Some(CoAction::Mixed));
        }
        if !showing.is_empty() {
            self.looks = showing;
        }
        self
    }

    fn join(&mut self, other: Band) {
        self.members.extend(other.members);
        self.looks.extend(other.looks);
        for (pair, (together, p)) in other.ties {
            let tie = self.ties.entry(pair).or_insert((together, p));
            *tie = (tie.0.max(together), tie.1.min(p));
        }
    }

    /// What is left of it without some members: the ties among the others, and those who still have one.
    pub fn without(&self, gone: &BTreeSet<u32>) -> Vec<Band> {
        let pairs: Vec<Pair> = self
            .ties
            .iter()
            .filter(|((a, b), _)| !gone.contains(a) && !gone.contains(b))
            .map(|(&(account_1, account_2), &(together, p))| Pair {
                account_1,
                account_2,
                trials: together,
                together,
                expected: 0.0,
                p,
                corrected: p,
            })
            .collect();
        let whole = |pairs: Vec<Pair>| Band { looks: self.looks.clone(), ..Band::of(0, &pairs) };
        components(&pairs).into_iter().map(whole).collect()
    }

    /// Whether any of its pairs is told from chance by itself, and not only by whom its accounts are with.
    pub fn has_pairs(&self, looks: &Looks) -> bool {
        let shown = self.looks.iter().filter_map(|at| looks.found.get(*at));
        shown.flat_map(|l| &l.ties[..l.alone]).any(|tie| self.ties(tie))
    }

    /// The list that its members share, where that shows any of its pairs.
    pub fn list<'l>(&self, looks: &'l Looks) -> Option<&'l List> {
        self.looks.iter().find_map(|at| looks.found.get(*at)?.list.as_ref())
    }

    /// The members that are with their kin by no chance: how many, and the least of what they are there, of how many
    /// occasions.
    pub fn company(&self, looks: &Looks) -> Option<(usize, (u32, u32))> {
        let shown = self.looks.iter().filter_map(|at| looks.found.get(*at));
        let mut told: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        let ours = shown.flat_map(|l| &l.company).filter(|(member, _)| self.members.contains(member));
        for (member, counts) in ours {
            // The look that shows most of it.
            let most = told.entry(*member).or_insert(*counts);
            *most = (*most).max(*counts);
        }
        let part = |(near, of): &(u32, u32)| f64::from(*near) / f64::from((*of).max(1));
        let least = told.values().min_by(|a, b| part(a).total_cmp(&part(b)))?;
        Some((told.len(), *least))
    }

    /// The least probability of a pair.
    pub fn p(&self) -> f64 {
        self.ties.values().map(|(_, p)| *p).fold(1.0, f64::min)
    }

    /// Of all pairs, the part that is no chance.
    pub fn density(&self) -> f64 {
        let n = self.members.len() as f64;
        self.ties.len() as f64 / (n * (n - 1.0) / 2.0).max(1.0)
    }

    /// The posts made together, by kind: those that share an object with another member's within the window of a look.
    pub fn together(&self, looks: &Looks, posts_of: &[Vec<u32>]) -> Together {
        let mut all = Together::new();
        // What is together in a narrow window is so in a wide one: the widest of each kind tells all.
        let mut widest: BTreeMap<CoAction, i64> = BTreeMap::new();
        for look in self.looks.iter().filter_map(|at| looks.found.get(*at)) {
            // What all kinds at once show, each kind tells by itself.
            let kinds = looks.shares.keys().filter(|kind| match look.kind {
                CoAction::Mixed => ![CoAction::Mixed, CoAction::Text].contains(kind),
                one => **kind == one,
            });
            let window = look.window.map_or(i64::MAX, |w| w * 1_000_000 + 500_000);
            for kind in kinds {
                let known = widest.entry(*kind).or_insert(window);
                *known = window.max(*known);
            }
        }
        for (kind, window) in widest {
            let shares = &looks.shares[&kind];
            let mut objects: BTreeMap<u32, Vec<(i64, u32, u32)>> = BTreeMap::new();
            for &account in &self.members {
                for &post in &posts_of[account as usize] {
                    for &object in shares.shared(post) {
                        objects.entry(object).or_default().push((shares.time(post).0, account, post));
                    }
                }
            }
            let joint: &mut Vec<Joint> = all.entry(kind).or_default();
            for (object, mut times) in objects {
                times.sort_unstable();
                for (at, (time, account, post)) in times.iter().enumerate() {
                    let near = |other: &(i64, u32, u32)| {
                        other.1 != *account && other.0.saturating_sub(*time).saturating_abs() <= window
                    };
                    // The nearest of another account stands beside it, past its own.
                    let before = times[..at].iter().rev().find(|o| o.1 != *account).is_some_and(near);
                    let after = times[at + 1..].iter().find(|o| o.1 != *account).is_some_and(near);
                    if before || after {
                        joint.push(Joint { object, time: *time, account: *account, post: *post });
                    }
                }
            }
        }
        for joint in all.values_mut() {
            joint.sort_unstable();
            joint.dedup();
        }
        all
    }
}

/// The posts made together, by kind.
pub type Together = BTreeMap<CoAction, Vec<Joint>>;

/// A post made together with another member's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Joint {
    /// What is shared, by number among the kind's objects.
    pub object: u32,
    /// When, in microseconds.
    pub time: i64,
    /// By whom.
    pub account: u32,
    /// In which post.
    pub post: u32,
}
