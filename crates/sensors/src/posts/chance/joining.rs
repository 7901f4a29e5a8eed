//! Who belongs to a band though with no single member often enough: accounts that share near most of the band's members
//! present, whenever they share what the band shares.
//!
//! A trial is an object and span in which an account and members of the band share; a success is that it shares within
//! the window of at least half of those members. By chance it would with the part of the span that lies so, or with the
//! part of other accounts there that do so, whichever is larger; accounts that mostly do so are left out of that part where
//! they cannot be an audience (`audience`). One test for each account that meets the band (Bonferroni).
//!
//! You may rely on: an account is tested against others only, so that the band's choice does not favour it.
//! Left out: who meets the band too seldom.

use super::audience::densest;
use super::{COMPACT, COMPANION, PRIOR, SPANS, at_least};
use crate::posts::network::Index;
use std::collections::{BTreeMap, BTreeSet};

/// Meetings, and members of each, among whom those that an account is with most often are looked for.
const MEETINGS: usize = 50;
const MEMBERS: usize = 100;

/// An account that belongs to a band.
#[derive(Clone, PartialEq, Debug)]
pub struct Joining {
    /// By rank.
    pub account: u32,
    /// Cells in which it is with the band.
    pub together: u32,
    /// The members it is with most often, three at most.
    pub members: Vec<u32>,
    /// The probability by chance, corrected for all accounts that met the band.
    pub p: f64,
}

/// One cell in which the band acts: others there, with whether each is near, and with whom.
struct Meeting {
    /// Part of the span that is near.
    even: f64,
    /// Others: account, near.
    others: Vec<(u32, bool)>,
    /// Members with their ticks.
    members: Vec<(i64, u32)>,
}

/// The accounts that belong to these members (by rank), in a window in microseconds.
pub fn joining(index: &Index, window: i64, members: &BTreeSet<u32>) -> Vec<Joining> {
    let reach = window.max(0) / index.clock.unit;
    let span = reach.saturating_mul(SPANS).max(1);
    let mut is_member = vec![false; index.accounts.len()];
    members.iter().for_each(|member| is_member[*member as usize] = true);
    let meetings = meetings(index, reach, span, &is_member);
    let met = meetings.iter().enumerate().flat_map(|(at, m)| m.others.iter().map(move |(who, near)| (*who, at, *near)));
    let mut met: Vec<(u32, usize, bool)> = met.collect();
    met.sort_unstable();
    let trials: BTreeMap<u32, Vec<(usize, bool)>> = met
        .chunk_by(|a, b| a.0 == b.0)
        .map(|own| (own[0].0, own.iter().map(|(_, at, near)| (*at, *near)).collect()))
        .collect();
    let close = |own: &[(usize, bool)]| {
        let near = own.iter().filter(|(_, near)| *near).count();
        own.len() >= 3 && near as f64 >= COMPANION * own.len() as f64
    };
    let mut suspect = vec![false; index.accounts.len()];
    trials.iter().filter(|(_, own)| close(own)).for_each(|(who, _)| suspect[*who as usize] = true);
    let (mut outside, mut total, mut passing, mut companions) = (0, 0, 0, 0);
    for meeting in &meetings {
        let ticks: Vec<i64> = meeting.members.iter().map(|(tick, _)| *tick).collect();
        total += ticks.len();
        outside += ticks.len() - densest(&ticks, 2 * reach);
        let with = meeting.others.iter().filter(|(who, _)| suspect[*who as usize]).count();
        companions += with + ticks.len();
        passing += meeting.others.len() - with;
    }
    let compact = window <= COMPACT && outside * 20 <= total;
    if !compact && passing <= companions {
        suspect.fill(false);
    }
    // Strangers of each meeting, and those of them that are near.
    let strangers = |meeting: &Meeting| {
        let others = meeting.others.iter().filter(|(o, _)| !suspect[*o as usize]);
        others.fold((0u32, 0u32), |(all, close), (_, near)| (all + 1, close + u32::from(*near)))
    };
    let strangers: Vec<(u32, u32)> = meetings.iter().map(strangers).collect();
    let part = |at: usize, who: u32, is_near: bool| {
        let (even, (all, near)) = (meetings[at].even, strangers[at]);
        let itself = u32::from(!suspect[who as usize]);
        let (all, near) = (all - itself, near - if is_near { itself } else { 0 });
        even.max((PRIOR * even + f64::from(near)) / (PRIOR + f64::from(all)))
    };
    let tests = trials.len().max(1) as f64;
    let one = |(who, own): (&u32, &Vec<(usize, bool)>)| {
        let together = own.iter().filter(|(_, near)| *near).count();
        if together < 3 {
            return None;
        }
        let chances: Vec<f64> = own.iter().map(|(at, near)| part(*at, *who, *near)).collect();
        let p = (at_least(together, &chances) * tests).min(1.0);
        let mut with: BTreeMap<u32, u32> = BTreeMap::new();
        for (at, _) in own.iter().filter(|(_, near)| *near).take(MEETINGS) {
            meetings[*at].members.iter().take(MEMBERS).for_each(|(_, member)| *with.entry(*member).or_default() += 1);
        }
        let mut with: Vec<(u32, u32)> = with.into_iter().collect();
        with.sort_by_key(|(member, n)| (std::cmp::Reverse(*n), *member));
        let members = with.into_iter().take(3).map(|(member, _)| member).collect();
        Some(Joining { account: *who, together: together as u32, members, p })
    };
    trials.iter().filter_map(one).collect()
}

fn meetings(index: &Index, window: i64, span: i64, is_member: &[bool]) -> Vec<Meeting> {
    let grain = index.grain;
    let mut found = Vec::new();
    for object in index.objects.windows(2) {
        let (mut from, end) = (object[0] as usize, object[1] as usize);
        while from < end {
            let cell = index.moments[from].0.div_euclid(span);
            let to = from + index.moments[from..end].partition_point(|m| m.0.div_euclid(span) <= cell);
            let places = from..to;
            from = to;
            let own = places.clone().filter(|p| is_member[index.account[*p] as usize]);
            let mut one_each: Vec<(u32, i64)> = own.map(|p| (index.account[p], index.moments[p].0)).collect();
            one_each.sort_unstable();
            one_each.dedup_by_key(|(who, _)| *who);
            // One member alone is not the band.
            if one_each.len() < 2 {
                continue;
            }
            let need = one_each.len().div_ceil(2);
            let mut ticks: Vec<i64> = one_each.iter().map(|(_, tick)| *tick).collect();
            ticks.sort_unstable();
            // Places are in order of time, as ticks are: what is near only moves on.
            let (mut first, mut last) = (0, 0);
            let mut count = |tick: i64| {
                first += ticks[first..].iter().take_while(|t| **t < tick - window).count();
                last += ticks[last..].iter().take_while(|t| **t <= tick + window).count();
                last - first
            };
            let others = places.filter(|p| !is_member[index.account[*p] as usize]);
            let mut others: Vec<(u32, bool)> =
                others.map(|p| (index.account[p], count(index.moments[p].0) >= need)).collect();
            // Of each whether any of its shares is near.
            others.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
            others.dedup_by_key(|(who, _)| *who);
            let mut members: Vec<(i64, u32)> = one_each.iter().map(|(who, tick)| (*tick, *who)).collect();
            members.sort_unstable();
            let even = near_part(&members, window, span, need, grain);
            found.push(Meeting { even, others, members });
        }
    }
    found
}

/// The part of a span in which a share is within the window of `need` of these members, where stamps are whole multiples
/// of a grain.
pub(super) fn near_part(members: &[(i64, u32)], window: i64, span: i64, need: usize, grain: i64) -> f64 {
    let mut ends: Vec<(i64, i32)> = Vec::new();
    let steps = window / grain * grain;
    for (tick, _) in members {
        let from = tick - steps - grain / 2;
        ends.extend([(from, 1), (from + 2 * steps + grain, -1)]);
    }
    ends.sort_unstable();
    let (mut depth, mut length) = (0, 0);
    for pair in ends.windows(2) {
        depth += pair[0].1;
        if depth >= need as i32 {
            length += pair[1].0 - pair[0].0;
        }
    }
    (length as f64 / span as f64).clamp(0.0, 1.0)
}
