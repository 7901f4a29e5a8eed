//! Ties: pairs of accounts whose acting together is no chance, by every kind of trace and in several windows, each
//! probability corrected for all of these looks.
//!
//! You may rely on: a window is tried where the case covers the [`SPANS`] windows that the null model compares it with,
//! and a kind where posts have it; what was tried, and which part of a crowd stood for all, is told. Left out: domains
//! (a page shared is a domain shared), judgement.

use crate::domain::registrable;
use crate::posts::chance::company::{self, Company, Kin};
use crate::posts::chance::lists::{List, lists};
use crate::posts::chance::{self, COMPACT, LEVEL, Pair, SPANS, copies};
use crate::posts::copied::Copied;
use crate::posts::network::{Clock, Index, Options};
use crate::posts::shares::{By, Shares, host};
use crate::posts::table::Table;
use rows::posts::CoAction;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Kinds of traces that have a moment.
pub const KINDS: [By; 7] = [By::Url, By::Hashtags, By::Repost, By::Reply, By::Mentions, By::Image, By::Object];
/// Windows tried, in seconds.
pub const WINDOWS: [i64; 8] = [10, 60, 120, 300, 1_800, 7_200, 28_800, 86_400];
/// The widest window that can show a band. Within half an hour readers of one paper are together every morning: wider
/// windows only tell how a band that a narrower one shows looks in them.
pub const CALLS: i64 = 300;

/// What one kind of trace shows in one window.
#[derive(Debug)]
pub struct Look {
    /// The kind; [`CoAction::Mixed`] shows a group that uses a link here and a hashtag there.
    pub kind: CoAction,
    /// Seconds; none where time plays no part.
    pub window: Option<i64>,
    /// The pairs that are no chance: accounts by number in the table, corrected for pairs, kinds and windows.
    pub ties: Vec<Pair>,
    /// How many of the ties, the first, are told from chance pair by pair. The others join accounts each of which is with
    /// its kin by no chance ([`company`]).
    pub alone: usize,
    /// The list that they share, where that is all that shows them.
    pub list: Option<List>,
    /// On how many occasions those accounts are with their kin, and of how many.
    pub company: BTreeMap<u32, (u32, u32)>,
    /// The part of accounts that stood for all where crowds share; 1 where every pair was walked.
    pub part: f64,
}

/// All looks at a case.
#[derive(Debug, Default)]
pub struct Looks {
    /// Kinds and windows in which anything was found.
    pub found: Vec<Look>,
    /// Kinds times windows that were tried and can show a band.
    pub tries: u32,
    /// The same for accounts with their kin: another question, corrected by itself.
    pub company_tries: u32,
    /// Accounts and the copied texts they hold, in order.
    pub holdings: Vec<(u32, u32)>,
    /// What each kind of trace says is shared.
    pub shares: BTreeMap<CoAction, Shares>,
}

/// Looks at a case in all ways.
pub fn look(table: &Table, copied: &Copied) -> Looks {
    let covered = table.period().map_or(0, |(first, last)| last.since(first));
    let windows: Vec<i64> = WINDOWS.into_iter().filter(|w| w * SPANS <= covered.max(WINDOWS[0] * SPANS)).collect();
    let mut looks = Looks::default();
    for by in KINDS.into_iter().filter(|by| table.has(*by)) {
        let shares = table.shares(by);
        if shares.objects.len() < shares.all() {
            looks.shares.insert(by.into(), shares);
        }
    }
    let text = copied_texts(table, copied);
    let mut kinds: Vec<CoAction> =
        KINDS.into_iter().map(CoAction::from).filter(|k| looks.shares.contains_key(k)).collect();
    if kinds.len() > 1 {
        looks.shares.insert(CoAction::Mixed, mixed(table, &looks.shares));
        kinds.push(CoAction::Mixed);
    }
    let [calls, compact] = [CALLS, COMPACT / 1_000_000].map(|most| windows.iter().filter(|w| **w <= most).count());
    looks.tries = (kinds.len() * calls + usize::from(!text.is_empty())) as u32;
    looks.company_tries = (kinds.len() * compact) as u32;
    for kind in kinds {
        // All windows are whole seconds: one order serves them.
        let index = Index::new(&looks.shares[&kind], Clock::of(1_000_000), None);
        let kin = Kin::of(&index);
        if kind == CoAction::Url {
            let text = |object| looks.shares[&kind].objects.text(object).into_owned();
            let site = |object| host(&text(object)).map(|h| registrable(&h).unwrap_or(h));
            looks.found.extend(lists(&index, &kin, site).into_iter().map(|list| listed(&index, kind, list)));
        }
        for &window in &windows {
            let mut found = timed(&index, kind, window, f64::from(looks.tries));
            if window * 1_000_000 <= COMPACT {
                let tries = f64::from(looks.company_tries);
                with_kin(&mut found, &index, &company::test(&index, window * 1_000_000, &kin), tries);
            }
            looks.found.extend((!found.ties.is_empty()).then_some(found));
        }
    }
    let found = untimed(table, &text, f64::from(looks.tries));
    looks.found.extend((!found.ties.is_empty()).then_some(found));
    looks.holdings = text.iter().map(|(post, cluster)| (table.account(*post), *cluster)).collect();
    looks.holdings.sort_unstable();
    looks.holdings.dedup();
    let objects: HashMap<u32, u32> = text.iter().map(|(post, cluster)| (*post, *cluster)).collect();
    if !objects.is_empty() {
        let shares = table.shares(By::Text).with_objects(|_, post| objects.get(&post).copied());
        looks.shares.insert(CoAction::Text, shares);
    }
    looks
}

/// Every post with the rarest thing that it shares with anybody.
fn mixed(table: &Table, shares: &BTreeMap<CoAction, Shares>) -> Shares {
    let counted: Vec<(&Shares, Vec<u32>)> = shares.values().map(|of| (of, popularity(of))).collect();
    let mut numbers: HashMap<(usize, u32), u32> = HashMap::new();
    let mut rarest = |post: u32| {
        let all = counted.iter().enumerate().flat_map(|(kind, (of, counts))| {
            of.shared(post).iter().map(move |object| (counts[*object as usize], kind, *object))
        });
        let (_, kind, object) = all.filter(|(count, ..)| *count > 1).min()?;
        let next = numbers.len() as u32;
        Some(*numbers.entry((kind, object)).or_insert(next))
    };
    table.shares(By::Text).with_objects(|_, post| rarest(post))
}

/// How often each object is shared.
fn popularity(shares: &Shares) -> Vec<u32> {
    let mut counts = vec![0; shares.objects.len()];
    for post in 0..shares.len() as u32 {
        shares.shared(post).iter().for_each(|object| counts[*object as usize] += 1);
    }
    counts
}

/// Posts of known time with the number of the copied text that each holds.
fn copied_texts(table: &Table, copied: &Copied) -> Vec<(u32, u32)> {
    let timed = copied.posts(table).into_iter().filter(|(post, _)| table.time(*post).is_some());
    timed.filter_map(|(post, text)| Some((post, copied.copies.cluster(text)?))).collect()
}

fn timed(index: &Index, kind: CoAction, seconds: i64, tries: f64) -> Look {
    let (shares, window) = (index.shares, seconds * 1_000_000);
    let most = (0..shares.len() as u32).map(|p| shares.shared(p).len()).max().unwrap_or(1).max(1) as u32;
    let min_weight = chance::least(index, window).div_ceil(most).max(2);
    let tested = chance::test(index, Options { window, min_weight, loops: false });
    let part = tested.part;
    let sure = tested.pairs.into_iter().filter(|p| p.corrected * tries <= LEVEL);
    let ties = sure.map(|p| {
        let (a, b) = (index.accounts[p.account_1 as usize], index.accounts[p.account_2 as usize]);
        Pair { account_1: a.min(b), account_2: a.max(b), corrected: p.corrected * tries, ..p }
    });
    let ties: Vec<Pair> = ties.collect();
    Look { kind, window: Some(seconds), alone: ties.len(), ties, company: BTreeMap::new(), list: None, part }
}

/// Ties all who share one list.
fn listed(index: &Index, kind: CoAction, list: List) -> Look {
    let mut numbers: Vec<u32> = list.accounts.iter().map(|rank| index.accounts[*rank as usize]).collect();
    numbers.sort_unstable();
    let together = (list.least.0 * list.links.len() as f64) as u32;
    let mut ties = Vec::new();
    for (n, &account_1) in numbers.iter().enumerate() {
        ties.extend(numbers[n + 1..].iter().map(|&account_2| Pair {
            account_1,
            account_2,
            trials: list.links.len() as u32,
            together,
            expected: 0.0,
            p: list.p,
            corrected: list.p,
        }));
    }
    Look { kind, window: None, ties, alone: 0, list: Some(list), company: BTreeMap::new(), part: 1.0 }
}

/// Ties accounts that are each with their kin by no chance, and with one another.
fn with_kin(look: &mut Look, index: &Index, found: &[Company], tries: f64) {
    let sure: BTreeMap<u32, &Company> = found.iter().filter(|c| c.p * tries <= LEVEL).map(|c| (c.account, c)).collect();
    let number = |rank: u32| index.accounts[rank as usize];
    let known: BTreeSet<(u32, u32)> = look.ties.iter().map(|t| (t.account_1, t.account_2)).collect();
    for (one, of) in &sure {
        for (other, trials, together) in of.with.iter().filter(|(other, ..)| other > one) {
            let Some(with) = sure.get(other).filter(|c| c.with.iter().any(|w| w.0 == *one)) else { continue };
            let (a, b) = (number(*one), number(*other));
            let (account_1, account_2) = (a.min(b), a.max(b));
            if known.contains(&(account_1, account_2)) {
                continue;
            }
            // A tie is as sure as the less sure of its two.
            let p = of.p.max(with.p) * tries;
            let (trials, together) = (*trials, *together);
            look.ties.push(Pair { account_1, account_2, trials, together, expected: 0.0, p, corrected: p });
            for company in [of, with] {
                look.company.insert(number(company.account), (company.near, company.of));
            }
        }
    }
}

fn untimed(table: &Table, text: &[(u32, u32)], tries: f64) -> Look {
    let holdings = text.iter().map(|(post, cluster)| (table.account(*post), *cluster)).collect();
    let sure = copies::test(holdings).into_iter().filter(|c| c.corrected * tries <= LEVEL);
    let ties = sure.map(|c| Pair {
        account_1: c.account_1,
        account_2: c.account_2,
        trials: c.trials,
        together: c.together,
        expected: 0.0,
        p: c.p,
        corrected: c.corrected * tries,
    });
    let ties: Vec<Pair> = ties.collect();
    Look {
        kind: CoAction::Text,
        window: None,
        alone: ties.len(),
        ties,
        company: BTreeMap::new(),
        list: None,
        part: 1.0,
    }
}
