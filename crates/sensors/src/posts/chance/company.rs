//! Is an account with the others whenever they act? For groups whose pairs met too seldom to be told from chance one by one:
//! members who do not come each time, and groups drowned in what their members post besides.
//!
//! **Kin** of an account are those who have so many rare things in common with it that volumes and popularities do not
//! explain it (`copies`). It is asked without any time, and is no claim: fans are kin. It only says whom to look at.
//! **Occasion**: an object that is mostly the account's and its kin's, and a span in which the account shares it with at least
//! two of them; of one span one occasion, for who sits at his screen shares several things. **Success**: it shares within the window of at least half of the kin there.
//! By chance it would with the part of the span that lies so, or with the part of strangers there that do, or of its own
//! other shares at this minute and hour (`habits`), whichever is largest. Successes are a sum of unequal tosses; the
//! tail counts times the accounts that have occasions enough, which their times have no part in.
//!
//! An audience is with its kin as well. So it is asked only where no tail is seen at all: of all that an account and its kin
//! ever shared of these objects one in fifty at most falls outside of two windows, and windows are [`super::COMPACT`] at most.
//!
//! You may rely on: no randomness; time and memory near the shares of rare objects. Left out: objects that more than
//! [`HOLDERS`] accounts share; groups of fewer than four.

use super::audience::{Audience, densest};
use super::habits;
use super::joining::near_part;
use super::{COMPANION, LEVEL, Model, PRIOR, SPANS, Scratch, Trial, at_least, once};
use crate::posts::network::Index;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// An object that more accounts share says nothing of kin.
pub const HOLDERS: usize = 128;
/// Kin are looked for among the rarest objects alone, and among commoner ones, which would hide them.
const RARITIES: [usize; 5] = [8, 16, 32, 64, HOLDERS];
/// Pairs of holders that are walked: of commoner objects none where these are too many.
const WALKED: usize = 20_000_000;
/// Rare things that kin have in common, at least.
const COMMON: usize = 3;
/// How improbable kin are, pair by pair: whom to look at is no claim, and needs no correction.
const PERHAPS: f64 = 1e-3;
/// Kin without whom there is no group.
const KIN: usize = 3;
/// What one in so many of the kin shares is theirs; what fewer do they share as anybody does.
const PART: usize = 4;
/// Fewer occasions are a coincidence.
const OCCASIONS: usize = 5;
/// One in so many shares may fall outside of what is compact.
const OUTSIDE: usize = 50;

/// Who is kin to whom, by rank; and who holds what is rare.
#[derive(Debug, Default)]
pub struct Kin {
    /// By account, in order; with how improbable the surest is, corrected for all pairs.
    pub(super) of: BTreeMap<u32, (Vec<u32>, f64)>,
    /// By object; nobody where it is common.
    pub(super) holders: Vec<Vec<u32>>,
}

/// An account that is with its kin by no chance.
#[derive(Clone, PartialEq, Debug)]
pub struct Company {
    /// By rank.
    pub account: u32,
    /// Occasions on which it is near at least half of those there.
    pub near: u32,
    /// Occasions.
    pub of: u32,
    /// Kin near whom it mostly is, with how often they met and how often near.
    pub with: Vec<(u32, u32, u32)>,
    /// By chance as often, corrected for all accounts that were asked.
    pub p: f64,
}

impl Kin {
    /// Of an index, whatever the window.
    ///
    /// Of a thing that `d` accounts hold, one with `n` of all `s` holdings is a holder with a chance of n (d − 1) / s at most
    /// (the bipartite configuration model of `copies`); the tail of as many in common is at most
    /// that of a Poisson variable (Hoeffding, Ann. Math. Statist. 27, 1956; Stirling for its factorial).
    pub fn of(index: &Index) -> Kin {
        let accounts = index.accounts.len();
        let (mut volume, mut all) = (vec![0u32; accounts], 0.0);
        let mut holders: Vec<Vec<u32>> = Vec::with_capacity(index.objects.len());
        for object in index.objects.windows(2) {
            if object[1] - object[0] < 2 {
                holders.push(Vec::new());
                continue;
            }
            let mut held = index.account[object[0] as usize..object[1] as usize].to_vec();
            held.sort_unstable();
            held.dedup();
            if held.len() > 1 {
                all += held.len() as f64;
                held.iter().for_each(|who| volume[*who as usize] += 1);
            }
            holders.push(if (2..=HOLDERS).contains(&held.len()) { held } else { Vec::new() });
        }
        let mut work = [0usize; HOLDERS + 1];
        holders.iter().for_each(|h| work[h.len()] += h.len() * h.len());
        let most = (0..=HOLDERS).rev().find(|most| work[..=*most].iter().sum::<usize>() <= WALKED).unwrap_or(0);
        holders.iter_mut().filter(|h| h.len() > most).for_each(Vec::clear);
        // By account, what is rare: object and holders.
        let mut held: Vec<Vec<u32>> = vec![Vec::new(); accounts];
        for (object, h) in holders.iter().enumerate() {
            h.iter().for_each(|who| held[*who as usize].push(object as u32));
        }
        let reach = |who: u32, rarity: usize| {
            let rare = held[who as usize].iter().map(|object| holders[*object as usize].len());
            rare.filter(|d| *d <= rarity).map(|d| d as f64 - 1.0).sum::<f64>()
        };
        let reached: Vec<[f64; 5]> =
            (0..accounts as u32).map(|who| RARITIES.map(|rarity| reach(who, rarity))).collect();
        let able = held.iter().filter(|own| own.len() >= COMMON).count() as f64;
        let tests = (able * (able - 1.0) / 2.0).max(1.0) * RARITIES.len() as f64;
        let one = |who: usize| -> Vec<(u32, u32, f64)> {
            if held[who].len() < COMMON {
                return Vec::new();
            }
            let rare = held[who].iter().map(|object| &holders[*object as usize]);
            let met = rare.flat_map(|h| h.iter().filter(|o| **o as usize > who).map(|o| (*o, h.len())));
            let mut met: Vec<(u32, usize)> = met.collect();
            met.sort_unstable();
            let mut found = Vec::new();
            for with in met.chunk_by(|a, b| a.0 == b.0).filter(|with| with.len() >= COMMON) {
                let other = with[0].0;
                let tail = |(at, rarity): (usize, usize)| {
                    let common = with.partition_point(|(_, d)| *d <= rarity) as f64;
                    let [own, theirs] = [(other, who as u32), (who as u32, other)]
                        .map(|(a, b)| f64::from(volume[a as usize]) / all * reached[b as usize][at]);
                    let expected = own.max(theirs);
                    if common <= expected + 1.0 {
                        return 1.0;
                    }
                    let most_likely = (common - expected - common * (common / expected).ln()).exp();
                    most_likely / (std::f64::consts::TAU * common).sqrt() / (1.0 - expected / (common + 1.0))
                };
                let p = RARITIES.into_iter().enumerate().map(tail).fold(1.0, f64::min);
                if p <= PERHAPS {
                    found.push((who as u32, other, (p * tests).min(1.0)));
                }
            }
            found
        };
        let pairs: Vec<(u32, u32, f64)> = (0..accounts).into_par_iter().flat_map_iter(one).collect();
        let mut of: BTreeMap<u32, (Vec<u32>, f64)> = BTreeMap::new();
        for (one, other, p) in pairs.into_iter().flat_map(|(a, b, p)| [(a, b, p), (b, a, p)]) {
            let (kin, least) = of.entry(one).or_insert((Vec::new(), 1.0));
            kin.push(other);
            *least = p.min(*least);
        }
        of.retain(|_, (kin, _)| kin.len() >= KIN);
        of.values_mut().for_each(|(kin, _)| kin.sort_unstable());
        Kin { of, holders }
    }

    /// Whether an object is mostly held by an account and its kin, by a part of them that can be called all of them.
    pub(super) fn is_theirs(&self, object: u32, account: u32, kin: &[u32]) -> bool {
        let holders = &self.holders[object as usize];
        let theirs = holders.iter().filter(|who| **who == account || kin.binary_search(who).is_ok()).count();
        theirs >= KIN.max((kin.len() + 1) / PART) && 2 * theirs >= holders.len()
    }
}

/// One time that an account shares something rare with its kin.
struct Occasion {
    /// The first place of the cell.
    cell: u32,
    /// Spans since the epoch.
    sitting: i64,
    /// Kin there.
    present: usize,
    /// What is compared: near, and the chance of it.
    trial: Trial,
    /// By kin: whether near.
    met: Vec<(u32, bool)>,
    object: u32,
}

/// Asks all accounts that have kin, in a window in microseconds.
pub fn test(index: &Index, window: i64, kin: &Kin) -> Vec<Company> {
    if kin.of.is_empty() {
        return Vec::new();
    }
    let model = Model::of(index, window);
    let one = |scratch: &mut Scratch, (account, (of, _)): (&u32, &(Vec<u32>, f64))| {
        let occasions = model.occasions(*account, of, kin);
        (occasions.len() >= OCCASIONS).then(|| model.company(*account, of, occasions, scratch))
    };
    let asked: Vec<Option<Company>> = kin.of.par_iter().map_init(Scratch::default, one).flatten().collect();
    let tests = asked.len() as f64;
    asked.into_iter().flatten().map(|c| Company { p: (c.p * tests).min(1.0), ..c }).filter(|c| c.p <= LEVEL).collect()
}

impl Model<'_> {
    fn tick(&self, place: u32) -> i64 {
        self.index.moments[place as usize].0
    }

    /// The occasions of an account, one for each span.
    fn occasions(&self, account: u32, of: &[u32], kin: &Kin) -> Vec<Occasion> {
        let mut places = self.index.of(account).to_vec();
        places.sort_unstable();
        let mut found: Vec<Occasion> = Vec::new();
        for own in places.chunk_by(|x, y| self.cells[*x as usize] == self.cells[*y as usize]) {
            let object = self.index.object(own[0]);
            if kin.is_theirs(object, account, of) {
                found.extend(self.occasion(account, own, of, object));
            }
        }
        found.sort_by(|a, b| (a.sitting, b.present, a.cell).cmp(&(b.sitting, a.present, b.cell)));
        found.dedup_by_key(|o| o.sitting);
        found
    }

    fn occasion(&self, account: u32, own: &[u32], kin: &[u32], object: u32) -> Option<Occasion> {
        let (from, to) = self.cells[own[0] as usize];
        let reach = self.window;
        // Places are in order of time, and one's own are searched: a few who repeat one link for an hour would cost a square.
        let is_near = |tick: i64| {
            let at = own.partition_point(|place| self.tick(*place) < tick.saturating_sub(reach));
            own.get(at).is_some_and(|place| self.tick(*place) <= tick.saturating_add(reach))
        };
        // Each of the others once: where it first shares, and whether any of its shares is near.
        let mut others: BTreeMap<u32, (u32, bool)> = BTreeMap::new();
        for place in (from..to).filter(|p| self.index.account[*p as usize] != account) {
            let (_, near) = others.entry(self.index.account[place as usize]).or_insert((place, false));
            *near = *near || is_near(self.tick(place));
        }
        let is_kin = |who: &u32| kin.binary_search(who).is_ok();
        let there: Vec<(u32, u32, bool)> =
            others.iter().filter(|(who, _)| is_kin(who)).map(|(who, (place, near))| (*who, *place, *near)).collect();
        if there.len() < 2 {
            return None;
        }
        let mut members: Vec<(i64, u32)> = there.iter().map(|(who, place, _)| (self.tick(*place), *who)).collect();
        members.sort_unstable();
        let need = members.len().div_ceil(2);
        let count = |tick: i64| {
            let from = members.partition_point(|(t, _)| *t < tick.saturating_sub(reach));
            members.partition_point(|(t, _)| *t <= tick.saturating_add(reach)) - from
        };
        let near = own.iter().any(|place| count(self.tick(*place)) >= need);
        let even = near_part(&members, self.window, self.window.saturating_mul(SPANS).max(1), need, self.grain);
        let strangers = others.iter().filter(|(who, _)| !is_kin(who));
        let (all, with) = strangers.fold((0.0, 0.0), |(all, with), (_, (place, _))| {
            (all + 1.0, with + f64::from(u8::from(count(self.tick(*place)) >= need)))
        });
        let seen = even.max((PRIOR * even + with) / (PRIOR + all));
        let middle = members[members.len() / 2].0;
        let place = there.iter().map(|(_, place, _)| *place).find(|p| self.tick(*p) == middle)?;
        let times = own.len() as f64;
        Some(Occasion {
            cell: from,
            sitting: self.tick(from).div_euclid(self.window.saturating_mul(SPANS).max(1)),
            present: there.len(),
            trial: Trial { near, place, even: once(even, times), seen: once(seen.min(1.0), times) },
            met: there.iter().map(|(who, _, near)| (*who, *near)).collect(),
            object,
        })
    }

    /// What these occasions say; none where there is a tail.
    fn company(&self, account: u32, kin: &[u32], occasions: Vec<Occasion>, scratch: &mut Scratch) -> Option<Company> {
        let is_of = |place: usize| {
            let who = self.index.account[place];
            who == account || kin.binary_search(&who).is_ok()
        };
        let mut objects: Vec<u32> = occasions.iter().map(|o| o.object).collect();
        objects.sort_unstable();
        objects.dedup();
        let (mut outside, mut total) = (0, 0);
        for object in objects {
            let [from, to] = [object, object + 1].map(|o| self.index.objects[o as usize] as usize);
            let ticks: Vec<i64> = (from..to).filter(|p| is_of(*p)).map(|p| self.tick(p as u32)).collect();
            total += ticks.len();
            outside += ticks.len() - densest(&ticks, 2 * self.window);
        }
        if outside * OUTSIDE > total + OUTSIDE / 2 {
            return None;
        }
        let mut apart = std::mem::take(&mut scratch.apart).cleared(self.index.accounts.len());
        kin.iter().for_each(|who| apart.set(*who));
        let audience = Audience { apart, onsets: false };
        let own = occasions.iter().map(|o| o.cell).collect();
        let mut met: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        for (who, near) in occasions.iter().flat_map(|o| &o.met) {
            let (times, close) = met.entry(*who).or_default();
            (*times, *close) = (*times + 1, *close + u32::from(*near));
        }
        let trials: Vec<Trial> = occasions.into_iter().map(|o| o.trial).collect();
        let mut chances: Vec<f64> = trials.iter().map(|t| t.seen.max(t.even)).collect();
        self.habits(account, &trials, &habits::Company { own, audience: &audience }, &mut chances);
        scratch.apart = audience.apart;
        let near = trials.iter().filter(|t| t.near).count();
        let mostly = |(times, close): (u32, u32)| close >= 2 && f64::from(close) >= COMPANION * f64::from(times);
        let with =
            met.into_iter().filter(|(_, counts)| mostly(*counts)).map(|(who, (times, close))| (who, times, close));
        Some(Company {
            account,
            near: near as u32,
            of: trials.len() as u32,
            with: with.collect(),
            p: at_least(near, &chances),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::lists::lists;
    use super::*;
    use crate::posts::network::Clock;
    use crate::posts::shares::{Place, Record, Shares};
    use model::{Random, Time};

    fn table(posts: &[(String, String, i64)]) -> Shares {
        let mut table = Shares::new(false);
        for (n, (who, what, at)) in posts.iter().enumerate() {
            let id = n.to_string();
            let record = Record {
                account: table.key(who.as_bytes()),
                post: table.key(id.as_bytes()),
                time: Time::from_seconds(*at),
                objects: [table.key(what.as_bytes())].into_iter(),
                text: None,
                place: Place::default(),
            };
            table.add(record).expect("room");
        }
        table
    }

    /// Fifteen members with ten links of their own within `within` seconds, of each eight in ten; a public that shares two
    /// hundred links, as the members do besides.
    fn drowned(seed: u64, within: f64) -> Vec<(String, String, i64)> {
        let mut random = Random::new(seed);
        let mut posts = Vec::new();
        for n in 0..6000 {
            let (who, what) = (random.below(400), random.below(200));
            posts.push((format!("a{who}"), format!("page{what}"), (random.unit() * 40_000.0) as i64));
            if n < 600 {
                posts.push((format!("h{}", n % 15), format!("page{what}"), (random.unit() * 40_000.0) as i64));
            }
        }
        for action in 0..10 {
            for member in 0..15 {
                if random.chance(0.8) {
                    let at = f64::from(action) * 4000.0 + 500.0 + random.unit() * within;
                    posts.push((format!("h{member}"), format!("own{action}"), at as i64));
                }
            }
        }
        posts
    }

    fn found(posts: &[(String, String, i64)]) -> usize {
        let shares = table(posts);
        let index = Index::new(&shares, Clock::of(1_000_000), None);
        let found = test(&index, 120_000_000, &Kin::of(&index));
        let name = |c: &Company| index.name(c.account)[0];
        assert!(found.iter().all(|c| name(c) == b'h'), "{found:?}");
        found.len()
    }

    #[test]
    fn who_is_drowned_is_told_by_its_company_and_slow_fans_are_not() {
        assert!(found(&drowned(1, 100.0)) >= 10);
        for seed in 1..4 {
            assert_eq!(found(&drowned(seed, 2400.0)), 0);
        }
    }

    #[test]
    fn a_list_is_shared_whole_and_an_audience_shares_a_part() {
        let posts = |part: &dyn Fn(u32) -> f64| {
            let mut random = Random::new(7);
            let mut posts = Vec::new();
            for _ in 0..4000 {
                let (who, what) = (random.below(300), random.below(800));
                posts.push((format!("a{who}"), format!("https://p.example/{what}"), (random.unit() * 9e5) as i64));
            }
            for link in 0..50 {
                for who in 0..10 {
                    if random.chance(part(who)) {
                        let site = link % 6;
                        posts.push((
                            format!("h{who}"),
                            format!("https://s{site}.example/{link}"),
                            (random.unit() * 9e5) as i64,
                        ));
                    }
                }
            }
            posts
        };
        let of = |posts: &[(String, String, i64)], sites: bool| {
            let shares = table(posts);
            let index = Index::new(&shares, Clock::of(1_000_000), None);
            let site = |object: u32| {
                let text = shares.objects.text(object).into_owned();
                text.split('/').nth(2).filter(|_| sites).map_or(Some("one".into()), |s| Some(s.into()))
            };
            lists(&index, &Kin::of(&index), site)
        };
        let puppets = of(&posts(&|_| 0.92), true);
        assert_eq!(puppets.iter().map(|l| l.accounts.len()).collect::<Vec<_>>(), [10]);
        assert_eq!(puppets[0].sites, 6);
        // Some who share a part of it; followers of one site.
        assert_eq!(of(&posts(&|who| if who < 6 { 0.92 } else { 0.4 }), true), []);
        assert_eq!(of(&posts(&|_| 0.92), false), []);
    }
}
