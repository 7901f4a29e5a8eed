//! The rounds of an audit by ballot polling, held against a result: the risk after each.
//!
//! You may rely on: ballots of a round may have been drawn in any order; a round that is told twice counts once, and where the two
//! differ that is said. Left out: whether the ballots were drawn by chance; the public seed and who watched show that.

use crate::audit::Alpha;
use crate::check::Report;
use crate::heads;
use crate::world::{FIGURES, World};
use std::collections::BTreeMap;

/// What somebody told of a round.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Told {
    /// Its number or name.
    pub round: String,
    /// Ballots for each candidate, as they are named there.
    pub ballots: BTreeMap<String, u64>,
    /// Where it stands.
    pub source: String,
}

/// A round, and what is known after it.
#[derive(Clone, PartialEq, Debug)]
pub struct Round {
    /// As it was told.
    pub told: Told,
    /// The risk that another won, after it.
    pub risk: f64,
    /// Ballots of those who are not among the candidates: they were counted for nobody.
    pub nobody: u64,
}

/// An audit.
#[derive(Clone, PartialEq, Debug)]
pub struct Polling {
    /// Which race.
    pub contest: usize,
    /// Who won, as it is reported.
    pub winner: String,
    /// The share of the votes for the first two that he has.
    pub share: f64,
    /// Its rounds, in their order.
    pub rounds: Vec<Round>,
    /// Rounds that are told in two ways, which the first holds.
    pub twice: Vec<Told>,
}

/// Votes of a race's candidates, the most first.
pub fn standing(world: &World, report: &Report, contest: usize) -> Vec<(usize, u64)> {
    let Some(whole) = report
        .totals
        .iter()
        .find(|t| t.contest == contest && t.area == 0)
        .or(report.totals.iter().find(|t| t.contest == contest))
    else {
        return Vec::new();
    };
    let votes = |c: usize| {
        let of = |all: &[Option<u64>]| all.get(FIGURES + c).copied().flatten();
        of(&whole.published).or(of(&whole.sums)).unwrap_or(0)
    };
    let mut all: Vec<(usize, u64)> = (0..world.contests[contest].candidates.len()).map(|c| (c, votes(c))).collect();
    all.sort_by_key(|(c, v)| (std::cmp::Reverse(*v), *c));
    all
}

/// The candidate of a race whose name holds all words of another, or the other way round.
pub fn matching(world: &World, contest: usize, name: &str) -> Option<usize> {
    let told = heads::name_words(name);
    let within = |few: &[String], many: &[String]| !few.is_empty() && few.iter().all(|w| many.contains(w));
    let all = world.contests[contest].candidates.iter().map(|c| heads::name_words(c));
    let fitting: Vec<usize> =
        all.enumerate().filter(|(_, c)| within(c, &told) || within(&told, c)).map(|(n, _)| n).collect();
    if let [one] = fitting[..] { Some(one) } else { None }
}

/// The audit of the race whose candidates the rounds name most; none where they name nobody's. `weight` is ALPHA's *d*; without
/// it, BRAVO.
pub fn polling(world: &World, report: &Report, told: &[Told], weight: Option<f64>) -> Option<Polling> {
    let known = |contest: usize| {
        let names = told.iter().flat_map(|r| r.ballots.keys());
        names.filter(|n| matching(world, contest, n).is_some()).count()
    };
    let contest = (0..world.contests.len()).max_by_key(|c| (known(*c), std::cmp::Reverse(*c)))?;
    if known(contest) == 0 {
        return None;
    }
    let standing = standing(world, report, contest);
    let &(winner, votes) = standing.first()?;
    if votes == 0 {
        return None;
    }
    // One who is said to have no vote may have them on paper: of him too there is a chance.
    let share = |lost: u64| votes as f64 / (votes + lost.max(1)) as f64;
    let audit = |lost: u64| weight.map_or_else(|| Alpha::bravo(share(lost)), |d| Alpha::new(share(lost), d));
    // Of a tie nothing can be shown: nobody won it.
    let mut audits: Vec<(usize, Alpha)> = standing[1..].iter().map(|(c, v)| (*c, audit(*v))).collect();
    let mut order: Vec<&Told> = told.iter().collect();
    order.sort_by_key(|t| {
        let number = t.round.chars().filter(char::is_ascii_digit).collect::<String>().parse::<u64>().unwrap_or(0);
        (number, t.round.clone(), t.source.clone())
    });
    let (mut rounds, mut twice): (Vec<Round>, Vec<Told>) = (Vec::new(), Vec::new());
    for one in order {
        if let Some(known) = rounds.iter().find(|r| r.told.round == one.round) {
            if known.told.ballots != one.ballots {
                twice.push(one.clone());
            }
            continue;
        }
        let mut of: BTreeMap<usize, u64> = BTreeMap::new();
        let mut nobody = 0;
        for (name, n) in &one.ballots {
            match matching(world, contest, name) {
                Some(c) => *of.entry(c).or_default() += n,
                None => nobody += n,
            }
        }
        let of = |c: usize| of.get(&c).copied().unwrap_or(0);
        audits.iter_mut().for_each(|(loser, audit)| audit.round(of(winner), of(*loser)));
        let risk = audits.iter().map(|(_, a)| a.risk()).fold(0.0, f64::max);
        rounds.push(Round { told: one.clone(), risk, nobody });
    }
    let second = standing.get(1).map_or(0, |s| s.1);
    let winner = world.contests[contest].candidates[winner].clone();
    Some(Polling { contest, winner, share: share(second), rounds, twice })
}
