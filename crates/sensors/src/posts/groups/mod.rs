//! Groups of accounts that act as one: connected components of the pairs that are no chance.
//!
//! Edges are kept by significance rather than by a share of the heaviest (as Pacheco et al. 2021, *Uncovering
//! Coordinated Networks on Social Media*, do); members are pruned by eigenvector centrality (as Luceri et al. 2024,
//! *Unmasking the Web of Deceit*, propose), so that an account which hangs on one edge of a group is not called part
//! of it. A group's probability is that of its least probable pair, corrected for all pairs.
//!
//! You may rely on: groups in order of size, then of their first member's id; all of it without randomness.
//! Left out: what a group favours, and innocent explanations (the detector's).

use crate::posts::chance::{self, LEVEL, Pair};
use crate::posts::network::{Clock, Index, Options};
use crate::posts::shares::Shares;
use model::Time;
use std::collections::BTreeMap;

/// A member whose centrality is under this part of the group's largest is not counted as one.
pub const PRUNE: f64 = 0.05;

/// Accounts that act as one.
#[derive(Clone, Debug)]
pub struct Group {
    /// The members, in order of their ids' bytes.
    pub members: Vec<Member>,
    /// What they shared together, most members first.
    pub objects: Vec<Shared>,
    /// The pairs that are no chance.
    pub edges: Vec<Tie>,
    /// Of all pairs of members, the part that is no chance.
    pub density: f64,
    /// The member that was first with the most objects (ties: the lower id); its number in [`Shares::accounts`].
    pub first_mover: u32,
    /// Posts made together by hour of the day, UTC.
    pub hours: [u32; 24],
    /// The first post made together.
    pub first: Time,
    /// The last.
    pub last: Time,
    /// The probability of its least probable pair, corrected for all pairs.
    pub p: f64,
}

/// One account of a group.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its number in [`Shares::accounts`].
    pub account: u32,
    /// Its posts that were made together with another member's.
    pub posts: u32,
    /// Objects it was the first member to share.
    pub first: u32,
    /// Eigenvector centrality in the group, the largest being 1.
    pub centrality: f64,
}

/// An object that members shared together.
#[derive(Clone, Debug)]
pub struct Shared {
    /// Its number in [`Shares::objects`].
    pub object: u32,
    /// Members who shared it within the window of another.
    pub members: u32,
    /// When the first of them did.
    pub first: Time,
}

/// Two members with the posts that make their tie.
#[derive(Clone, Debug)]
pub struct Tie {
    /// Accounts, by their number in [`Shares::accounts`].
    pub accounts: [u32; 2],
    /// Counts and probabilities; its accounts are ranks of the index that made them.
    pub pair: Pair,
    /// Posts of either that share an object with a post of the other within the window, in order of time.
    pub posts: Vec<u32>,
}

/// The groups of a table: `options.min_weight` is the least weight of an edge that is tested.
pub fn groups(shares: &Shares, options: &Options) -> Vec<Group> {
    let index = Index::new(shares, Clock::of(options.window), None);
    groups_of(&index, options, &chance::test(&index, *options).pairs)
}

/// The groups that these tested pairs make.
pub fn groups_of(index: &Index, options: &Options, pairs: &[Pair]) -> Vec<Group> {
    let significant: Vec<Pair> = pairs.iter().copied().filter(|p| p.corrected <= LEVEL).collect();
    let mut groups: Vec<Group> = components(&significant)
        .into_iter()
        .filter_map(|pairs| {
            let central = centrality(&pairs);
            let kept = |a: u32| central.get(&a).copied().unwrap_or(0.0) >= PRUNE;
            let pairs: Vec<Pair> = pairs.into_iter().filter(|p| kept(p.account_1) && kept(p.account_2)).collect();
            (!pairs.is_empty()).then(|| group(index, options, &pairs, &central))
        })
        .collect();
    let name = |g: &Group| index.shares.accounts.get(g.members[0].account);
    groups.sort_by(|a, b| b.members.len().cmp(&a.members.len()).then_with(|| name(a).cmp(name(b))));
    groups
}

/// Pairs by connected component.
pub fn components(pairs: &[Pair]) -> Vec<Vec<Pair>> {
    let mut above: BTreeMap<u32, u32> = BTreeMap::new();
    fn root(above: &mut BTreeMap<u32, u32>, mut at: u32) -> u32 {
        while let Some(&up) = above.get(&at).filter(|up| **up != at) {
            let next = above.get(&up).copied().unwrap_or(up);
            above.insert(at, next);
            at = next;
        }
        at
    }
    for pair in pairs {
        let (a, b) = (root(&mut above, pair.account_1), root(&mut above, pair.account_2));
        above.insert(a.max(b), a.min(b));
    }
    let mut found: BTreeMap<u32, Vec<Pair>> = BTreeMap::new();
    for pair in pairs {
        found.entry(root(&mut above, pair.account_1)).or_default().push(*pair);
    }
    found.into_values().collect()
}

/// Eigenvector centrality by power iteration on the adjacency plus the identity, which also settles where the graph
/// is bipartite; weights are the times together.
pub fn centrality(pairs: &[Pair]) -> BTreeMap<u32, f64> {
    let mut now: BTreeMap<u32, f64> = pairs.iter().flat_map(|p| [(p.account_1, 1.0), (p.account_2, 1.0)]).collect();
    let heaviest = pairs.iter().map(|p| p.together).max().unwrap_or(1).max(1);
    for _ in 0..100 {
        let mut next = now.clone();
        for pair in pairs {
            let weight = f64::from(pair.together) / f64::from(heaviest);
            *next.entry(pair.account_1).or_default() += weight * now[&pair.account_2];
            *next.entry(pair.account_2).or_default() += weight * now[&pair.account_1];
        }
        let largest = next.values().copied().fold(f64::MIN_POSITIVE, f64::max);
        next.values_mut().for_each(|v| *v /= largest);
        now = next;
    }
    now
}

fn group(index: &Index, options: &Options, pairs: &[Pair], central: &BTreeMap<u32, f64>) -> Group {
    let shares = index.shares;
    let window = options.window.max(0) / index.clock.unit;
    let mut ranks: Vec<u32> = pairs.iter().flat_map(|p| [p.account_1, p.account_2]).collect();
    ranks.sort_unstable();
    ranks.dedup();
    let mut edges = Vec::new();
    // Posts made together, and for each object and member when.
    let mut together: BTreeMap<u32, u32> = BTreeMap::new();
    let mut objects: BTreeMap<u32, BTreeMap<u32, i64>> = BTreeMap::new();
    for pair in pairs {
        let mut posts = Vec::new();
        for (object, post) in posts_of(index, window, pair.account_1, pair.account_2) {
            let (rank, time) = (
                if index.shares.account(post) == index.accounts[pair.account_1 as usize] {
                    pair.account_1
                } else {
                    pair.account_2
                },
                shares.time(post).0,
            );
            together.insert(post, rank);
            let first = objects.entry(object).or_default().entry(rank).or_insert(time);
            *first = time.min(*first);
            posts.push(post);
        }
        posts.sort_unstable_by_key(|p| (shares.time(*p), *p));
        posts.dedup();
        let accounts = [pair.account_1, pair.account_2].map(|r| index.accounts[r as usize]);
        edges.push(Tie { accounts, pair: *pair, posts });
    }
    let mut firsts: BTreeMap<u32, u32> = BTreeMap::new();
    let mut shared: Vec<Shared> = Vec::new();
    for (object, members) in &objects {
        let Some((rank, time)) = members.iter().min_by_key(|(rank, time)| (**time, **rank)) else { continue };
        *firsts.entry(*rank).or_default() += 1;
        shared.push(Shared { object: *object, members: members.len() as u32, first: Time(*time) });
    }
    shared.sort_by_key(|s| (std::cmp::Reverse(s.members), s.first, s.object));
    let posts_by = |rank: u32| together.values().filter(|r| **r == rank).count() as u32;
    let members: Vec<Member> = ranks
        .iter()
        .map(|rank| Member {
            account: index.accounts[*rank as usize],
            posts: posts_by(*rank),
            first: firsts.get(rank).copied().unwrap_or(0),
            centrality: central.get(rank).copied().unwrap_or(0.0),
        })
        .collect();
    let first_mover = members.iter().rev().max_by_key(|m| m.first).map_or(u32::MAX, |m| m.account);
    let mut hours = [0; 24];
    for post in together.keys() {
        hours[(shares.time(*post).seconds().rem_euclid(86_400) / 3600) as usize] += 1;
    }
    let times = || together.keys().map(|p| shares.time(*p));
    let n = members.len() as f64;
    Group {
        density: pairs.len() as f64 / (n * (n - 1.0) / 2.0),
        first: times().min().unwrap_or_default(),
        last: times().max().unwrap_or_default(),
        p: pairs.iter().map(|p| p.corrected).fold(1.0, f64::min),
        members,
        objects: shared,
        edges,
        first_mover,
        hours,
    }
}

/// The posts of two accounts that are within the window of each other on an object: object, post.
pub fn posts_of(index: &Index, window: i64, a: u32, b: u32) -> Vec<(u32, u32)> {
    let moments = |rank: u32| {
        let mut places: Vec<(u32, i64, u32)> = index
            .of(rank)
            .iter()
            .map(|p| (index.object(*p), index.moments[*p as usize].0, index.moments[*p as usize].1))
            .collect();
        places.sort_unstable();
        places
    };
    let (ours, theirs) = (moments(a), moments(b));
    let mut found = Vec::new();
    for (one, other) in [(&ours, &theirs), (&theirs, &ours)] {
        for &(object, tick, post) in one.iter() {
            let at = other.partition_point(|(o, t, _)| (*o, *t) < (object, tick.saturating_sub(window)));
            if other.get(at).is_some_and(|(o, t, _)| *o == object && *t <= tick.saturating_add(window)) {
                found.push((object, post));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}
