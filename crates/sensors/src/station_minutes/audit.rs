//! What `recount` says of an audit of the paper: how many ballots, which stations by a public seed, and what the rounds so far
//! have shown.

use super::{read, told};
use crate::command::{Given, Host};
use model::{Error, Result, escape};
use recount::check::{Report, shown};
use recount::world::FIGURES;
use recount::{World, audit, words};
use rows::station_minutes::{Figure, Level};
use serde_json::json;
use std::collections::BTreeMap;

/// The risk limit where none is given.
const LIMIT: f64 = 0.05;

/// Prints what was asked for of an audit.
pub fn print(given: &Given, world: &World, report: &Report, host: &mut dyn Host) -> Result<()> {
    let limit = given.value::<f64>("risk-limit")?.unwrap_or(LIMIT);
    if let Some(seed) = given.value::<String>("seed")? {
        plan(world, report, &seed, given.value::<u64>("draw")?.unwrap_or(50), limit, host)?;
    }
    if given.has("audit") { rounds(given, world, report, limit, host) } else { Ok(()) }
}

/// Votes of a race's candidates, the most first.
fn standing(world: &World, report: &Report, contest: usize) -> Vec<(usize, u64)> {
    let Some(whole) = report
        .totals
        .iter()
        .find(|t| t.contest == contest && t.area == 0)
        .or(report.totals.iter().find(|t| t.contest == contest))
    else {
        return Vec::new();
    };
    let votes = |c: usize| {
        whole
            .published
            .get(FIGURES + c)
            .copied()
            .flatten()
            .or(whole.sums.get(FIGURES + c).copied().flatten())
            .unwrap_or(0)
    };
    let mut all: Vec<(usize, u64)> = (0..world.contests[contest].candidates.len()).map(|c| (c, votes(c))).collect();
    all.sort_by_key(|(c, v)| (std::cmp::Reverse(*v), *c));
    all
}

/// Which stations to count again so that all races are bounded at once: drawn with probability in proportion to the largest
/// part of any race's margin that each could hide.
fn plan(world: &World, report: &Report, seed: &str, draws: u64, limit: f64, host: &mut dyn Host) -> Result<()> {
    let lang = host.lang();
    let mut bounds: BTreeMap<u32, f64> = BTreeMap::new();
    for contest in 0..world.contests.len() {
        let standing = standing(world, report, contest);
        let [(winner, first), (loser, second), ..] = standing[..] else { continue };
        let margin = (first - second).max(1) as f64;
        let share = first as f64 / (first + second).max(1) as f64;
        if share > 0.5 {
            let n = audit::bravo_mean(share, limit).ceil() as u64;
            let name = &world.contests[contest].name;
            if host.wants_json() {
                host.json(&json!({ "sample": "bravo", "contest": name, "risk_limit": limit, "share": share, "mean_ballots": n }))?;
            } else {
                let text = format!(
                    "{name}: {} {} ({} {limit})",
                    lang.of("ballots to draw by BRAVO, in the mean:", "bulletins à tirer par BRAVO, en moyenne :"),
                    told::number(n, lang),
                    lang.of("risk limit", "risque maximal")
                );
                host.line(&escape::visible(text.trim_start_matches(": ")))?;
            }
        }
        for t in report
            .totals
            .iter()
            .filter(|t| t.contest == contest && world.areas[t.area as usize].level == Level::Station)
        {
            let get = |c: usize| t.published[c].or(t.sums[c]).unwrap_or(0);
            let valid = match get(Figure::Valid as usize) {
                0 => (FIGURES..t.sums.len()).map(get).sum(),
                n => n,
            };
            let most = (valid + get(FIGURES + winner)).saturating_sub(get(FIGURES + loser)) as f64 / margin;
            let bound = bounds.entry(t.area).or_default();
            *bound = bound.max(most);
        }
    }
    if bounds.is_empty() {
        return Err(Error::new("there are no stations to draw from")
            .hint("give results or minutes by station, precinct or Wahlbezirk"));
    }
    let mut stations: Vec<(String, u32, f64)> =
        bounds.into_iter().map(|(a, b)| (shown(&world.areas[a as usize]), a, b)).collect();
    stations.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let weights: Vec<f64> = stations.iter().map(|s| s.2).collect();
    let bound: f64 = weights.iter().sum();
    let left = audit::clean(bound, draws.min(1 << 20) as u32);
    let mut times: BTreeMap<usize, u64> = BTreeMap::new();
    audit::batches(&weights, draws.min(100_000), seed).into_iter().for_each(|b| *times.entry(b).or_default() += 1);
    for (n, times) in &times {
        let (area, name) = (&stations[*n].0, &world.areas[stations[*n].1 as usize].name);
        if host.wants_json() {
            host.json(&json!({ "draw": area, "name": name, "times": times, "bound": stations[*n].2 }))?;
        } else {
            let name = if name == area { "" } else { name };
            host.line(&escape::visible(&format!("  {} {area} {name} × {times}", lang.of("count again", "recompter"))))?;
        }
    }
    if host.wants_json() {
        host.json(&json!({ "plan": draws, "seed": seed, "stations": stations.len(), "total_bound": bound, "risk_if_clean": left, "risk_limit": limit }))
    } else {
        let text = match lang {
            model::Lang::En => format!(
                "{draws} draws of {} stations by seed {seed}: if none of them errs, the risk that another won is at most {left:.4}",
                stations.len()
            ),
            model::Lang::Fr => format!(
                "{draws} tirages parmi {} bureaux par la graine {seed} : si aucun n’est faux, le risque qu’un autre ait gagné est d’au plus {left:.4}",
                stations.len()
            ),
        };
        host.line(&escape::visible(&text))
    }
}

/// The rounds of an audit by ballot polling: after each the risk, by BRAVO, over all pairs of the winner and a loser.
fn rounds(given: &Given, world: &World, report: &Report, limit: f64, host: &mut dyn Host) -> Result<()> {
    let lang = host.lang();
    let mut told_rounds: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for source in host.sources(given.values("audit")) {
        let Some(mut input) = (source.open)() else { continue };
        // The file's name tells no round: a column does.
        for table in read::tables(&mut input, "", &mut |skip| host.skipped(&source.name, &skip))? {
            let round = told_rounds.entry(table.contest.clone()).or_default();
            for row in 0..table.len() {
                for (name, n) in table.candidates.iter().zip(table.row(row).iter().skip(table.figures.len())) {
                    *round.entry(name.clone()).or_default() += u64::from(n.unwrap_or(0));
                }
            }
        }
    }
    if told_rounds.is_empty() {
        return Err(Error::new("no rounds of an audit could be read")
            .hint("write a table with the columns round, candidate, votes: the ballots drawn in each round"));
    }
    let fits = |contest: usize| {
        let known =
            told_rounds.values().flat_map(|r| r.keys()).filter(|n| matching(world, contest, n).is_some()).count();
        (known, std::cmp::Reverse(contest))
    };
    let Some(contest) = (0..world.contests.len()).max_by_key(|c| fits(*c)) else { return Ok(()) };
    let standing = standing(world, report, contest);
    let Some(&(winner, votes)) = standing.first() else { return Ok(()) };
    // Rounds by their number.
    let mut order: Vec<(&String, &BTreeMap<String, u64>)> = told_rounds.iter().collect();
    order.sort_by_key(|(name, _)| {
        (name.chars().filter(char::is_ascii_digit).collect::<String>().parse::<u64>().unwrap_or(0), (*name).clone())
    });
    let mut logs: BTreeMap<usize, f64> = standing[1..].iter().filter(|(_, v)| *v > 0).map(|(c, _)| (*c, 0.0)).collect();
    for (n, (name, ballots)) in order.into_iter().enumerate() {
        let of = |candidate: usize| {
            ballots
                .iter()
                .filter(|(name, _)| matching(world, contest, name) == Some(candidate))
                .map(|(_, n)| *n)
                .sum::<u64>() as f64
        };
        for (loser, log) in &mut logs {
            let lost = standing.iter().find(|s| s.0 == *loser).map_or(0, |s| s.1);
            let share = votes as f64 / (votes + lost) as f64;
            *log += of(winner) * (2.0 * share).ln() + of(*loser) * (2.0 * (1.0 - share)).ln();
        }
        let risk = logs.values().map(|log| (-log).exp().min(1.0)).fold(0.0, f64::max);
        let stop = risk <= limit;
        if host.wants_json() {
            host.json(&json!({ "audit": world.contests[contest].name, "method": "bravo", "round": n + 1, "told_as": name, "ballots": ballots, "risk": risk, "risk_limit": limit, "stop": stop }))?;
        } else {
            let all: u64 = ballots.values().sum();
            let word = if stop {
                lang.of("stop: the outcome is confirmed", "arrêter : le résultat est confirmé")
            } else {
                lang.of("draw on", "tirer encore")
            };
            host.line(&format!(
                "  {} {}: {} {}, {} {risk:.4}, {word}",
                lang.of("round", "tour d’audit"),
                n + 1,
                told::number(all, lang),
                lang.of("ballots", "bulletins"),
                lang.of("risk", "risque")
            ))?;
        }
    }
    Ok(())
}

/// The candidate of a race whose name holds all words of another, or the other way round.
fn matching(world: &World, contest: usize, name: &str) -> Option<usize> {
    let told = words::name_words(name);
    let within = |few: &[String], many: &[String]| !few.is_empty() && few.iter().all(|w| many.contains(w));
    let all = world.contests[contest].candidates.iter().map(|c| words::name_words(c));
    let fitting: Vec<usize> =
        all.enumerate().filter(|(_, c)| within(c, &told) || within(&told, c)).map(|(n, _)| n).collect();
    if let [one] = fitting[..] { Some(one) } else { None }
}
