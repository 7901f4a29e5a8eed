//! What `recount` says of an audit of the paper: how many ballots, which stations by a public seed, and what the rounds so far
//! have shown.

use super::{read, told};
use crate::command::{Given, Host};
use model::{Error, Result, escape};
use recount::check::{Report, shown};
use recount::world::FIGURES;
use recount::{World, audit, heads};
use rows::station_minutes::{Figure, Level};
use serde_json::json;
use std::collections::BTreeMap;

/// The risk limit where none is given.
const LIMIT: f64 = 0.05;
/// How many ballots the reported share is worth to ALPHA.
const WEIGHT: f64 = 100.0;

/// Prints what was asked for of an audit.
pub fn print(given: &Given, world: &World, report: &Report, host: &mut dyn Host) -> Result<()> {
    let limit = given.value::<f64>("risk-limit")?.unwrap_or(LIMIT);
    if let Some(seed) = given.value::<String>("seed")? {
        let draws = given.value::<u64>("draw")?.unwrap_or(50);
        let paper = if given.has("recounted") { Some(recounted(given, host)?) } else { None };
        plan(world, report, Draw { seed: &seed, draws, limit }, paper.as_ref(), host)?;
    } else if given.has("recounted") {
        return Err(Error::new("--recounted needs the seed by which stations were drawn")
            .hint("give --seed and --draw as they were when the stations were drawn"));
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

/// How stations are drawn.
struct Draw<'a> {
    seed: &'a str,
    draws: u64,
    limit: f64,
}

/// Counts of the paper by area and candidate, as tables of stations counted again tell them.
type Paper = World;

/// The tables of stations that were counted again.
fn recounted(given: &Given, host: &mut dyn Host) -> Result<Paper> {
    let (mut names, mut tables) = (Vec::new(), Vec::new());
    for source in host.sources(given.values("recounted")) {
        let file = source.name.clone();
        source.each(host, &mut |mut input, name, host| {
            names.push(name.to_string());
            let found = read::tables(&mut input, &file, &mut |skip| host.skipped(name, &skip))?;
            tables.extend(found.into_iter().map(|t| (names.len() - 1, t)));
            Ok(())
        })?;
    }
    if tables.is_empty() {
        return Err(Error::new("no station that was counted again could be read")
            .hint("write a table like that of the results, with the stations drawn and the votes found on the paper"));
    }
    Ok(World::new(names, tables))
}

/// What one station may hide of the margins, and what the paper says it hid: by area key.
#[derive(Default)]
struct Bound {
    most: f64,
    /// The largest overstatement of any margin, as a part of it; none where it was not counted again.
    found: Option<f64>,
}

/// Which stations to count again so that all races are bounded at once: drawn with probability in proportion to the largest
/// part of any race's margin that each could hide; and, of those counted again, the risk that is left.
fn plan(world: &World, report: &Report, draw: Draw, paper: Option<&Paper>, host: &mut dyn Host) -> Result<()> {
    let Draw { seed, draws, limit } = draw;
    let lang = host.lang();
    let mut bounds: BTreeMap<u32, Bound> = BTreeMap::new();
    for contest in 0..world.contests.len() {
        let standing = standing(world, report, contest);
        let [(winner, first), (_, second), ..] = standing[..] else { continue };
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
            let on_paper = paper.and_then(|paper| again(world, contest, t.area, paper));
            let bound = bounds.entry(t.area).or_default();
            for (loser, votes) in &standing[1..] {
                let margin = (first - votes).max(1) as f64;
                let (won, lost) = (get(FIGURES + winner), get(FIGURES + loser));
                bound.most = bound.most.max((valid + won).saturating_sub(lost) as f64 / margin);
                if let Some(paper) = &on_paper {
                    let of = |c: usize| paper.get(&c).copied().unwrap_or(0) as f64;
                    let over = (won as f64 - lost as f64 - of(winner) + of(*loser)) / margin;
                    bound.found = Some(bound.found.map_or(over, |f| f.max(over)));
                }
            }
        }
    }
    if bounds.is_empty() {
        return Err(Error::new("there are no stations to draw from")
            .hint("give results or minutes by station, precinct or Wahlbezirk"));
    }
    let mut stations: Vec<(String, u32, Bound)> =
        bounds.into_iter().map(|(a, b)| (shown(&world.areas[a as usize]), a, b)).collect();
    stations.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let weights: Vec<f64> = stations.iter().map(|s| s.2.most).collect();
    let bound: f64 = weights.iter().sum();
    let drawn = audit::batches(&weights, draws.min(100_000), seed);
    let mut times: BTreeMap<usize, u64> = BTreeMap::new();
    drawn.iter().for_each(|b| *times.entry(*b).or_default() += 1);
    for (n, times) in &times {
        let (area, name) = (&stations[*n].0, &world.areas[stations[*n].1 as usize].name);
        let found = stations[*n].2.found;
        if host.wants_json() {
            host.json(&json!({ "draw": area, "name": name, "times": times, "bound": stations[*n].2.most, "overstated": found }))?;
        } else {
            let name = if name == area { "" } else { name };
            let word = match found {
                None => lang.of("count again", "recompter"),
                Some(f) if f > 0.0 => lang.of("overstated the winner:", "surestimait le vainqueur :"),
                Some(_) => lang.of("counted again, nothing overstated:", "recompté, rien de surestimé :"),
            };
            host.line(&escape::visible(&format!("  {word} {area} {name} × {times}")))?;
        }
    }
    // In the order of the draws, up to the first that is not counted: whoever chose which to count could choose the result.
    let taint = |n: &usize| Some(stations[*n].2.found? / stations[*n].2.most.max(1e-12));
    let taints: Vec<f64> = drawn.iter().map_while(taint).collect();
    let (risk, left) = match paper {
        Some(_) => (audit::kaplan_markov(bound.max(1.0), &taints), drawn.len() - taints.len()),
        None => (audit::clean(bound, draws.min(1 << 20) as u32), drawn.len()),
    };
    if host.wants_json() {
        return host.json(&json!({ "plan": draws, "seed": seed, "stations": stations.len(), "total_bound": bound,
            "counted": taints.len(), "to_count": left, (if paper.is_some() { "risk" } else { "risk_if_clean" }): risk,
            "risk_limit": limit, "stop": paper.is_some() && risk <= limit }));
    }
    let all = stations.len();
    let text = match (paper.is_some(), lang) {
        (false, model::Lang::En) => format!(
            "{draws} draws of {all} stations by seed {seed}: if none of them errs, the risk that another won is at most {risk:.4}"
        ),
        (false, model::Lang::Fr) => format!(
            "{draws} tirages parmi {all} bureaux par la graine {seed} : si aucun n’est faux, le risque qu’un autre ait gagné est d’au plus {risk:.4}"
        ),
        (true, model::Lang::En) => format!(
            "{} of {draws} draws are counted again: the risk that another won is at most {risk:.4}; {}",
            taints.len(),
            if risk <= limit { "stop: the outcome is confirmed" } else { "count and draw on" }
        ),
        (true, model::Lang::Fr) => format!(
            "{} tirages sur {draws} sont recomptés : le risque qu’un autre ait gagné est d’au plus {risk:.4} ; {}",
            taints.len(),
            if risk <= limit { "arrêter : le résultat est confirmé" } else { "recompter et tirer encore" }
        ),
    };
    host.line(&escape::visible(&text))
}

/// The votes that the paper has of a station, by candidate of the race; none where it was not counted again.
fn again(world: &World, contest: usize, area: u32, paper: &Paper) -> Option<BTreeMap<usize, u64>> {
    let key = world.key_of(area);
    let same = |n: &usize| paper.areas[*n].level == Level::Station && paper.key_of(*n as u32) == key;
    let there = (0..paper.areas.len()).find(same)? as u32;
    let mut votes = BTreeMap::new();
    for release in &paper.releases {
        let Some(row) = release.row(there) else { continue };
        for (c, name) in paper.contests[release.contest].candidates.iter().enumerate() {
            let count = release.cell(row, FIGURES + c);
            if let (Some(candidate), true) = (matching(world, contest, name), count != recount::world::NONE) {
                votes.insert(candidate, u64::from(count));
            }
        }
    }
    Some(votes).filter(|v| !v.is_empty())
}

/// The rounds of an audit by ballot polling: after each the risk, over all pairs of the winner and a loser. ALPHA's estimate is
/// renewed from round to round, so that the order of ballots within one need not be known.
fn rounds(given: &Given, world: &World, report: &Report, limit: f64, host: &mut dyn Host) -> Result<()> {
    let lang = host.lang();
    let mut told_rounds: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    let weight = match given.value::<String>("method")?.as_deref() {
        Some("alpha") => Some(WEIGHT),
        _ => None,
    };
    for source in host.sources(given.values("audit")) {
        source.each(host, &mut |mut input, name, host| {
            // The file's name tells no round: a column does.
            for table in read::tables(&mut input, "", &mut |skip| host.skipped(name, &skip))? {
                let round = told_rounds.entry(table.contest.clone()).or_default();
                for row in 0..table.len() {
                    for (name, n) in table.candidates.iter().zip(table.row(row).iter().skip(table.figures.len())) {
                        *round.entry(name.clone()).or_default() += u64::from(n.unwrap_or(0));
                    }
                }
            }
            Ok(())
        })?;
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
    let audit = |lost: u64| {
        let share = votes as f64 / (votes + lost).max(1) as f64;
        weight.map_or_else(|| audit::Alpha::bravo(share), |d| audit::Alpha::new(share, d))
    };
    let mut audits: BTreeMap<usize, audit::Alpha> =
        standing[1..].iter().filter(|(_, v)| *v > 0).map(|(c, v)| (*c, audit(*v))).collect();
    for (n, (name, ballots)) in order.into_iter().enumerate() {
        let of = |candidate: usize| {
            ballots
                .iter()
                .filter(|(name, _)| matching(world, contest, name) == Some(candidate))
                .map(|(_, n)| *n)
                .sum::<u64>()
        };
        audits.iter_mut().for_each(|(loser, audit)| audit.round(of(winner), of(*loser)));
        let risk = audits.values().map(audit::Alpha::risk).fold(0.0, f64::max);
        let stop = risk <= limit;
        if host.wants_json() {
            host.json(&json!({ "audit": world.contests[contest].name, "method": if weight.is_some() { "alpha" } else { "bravo" }, "round": n + 1, "told_as": name, "ballots": ballots, "risk": risk, "risk_limit": limit, "stop": stop }))?;
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
    let told = heads::name_words(name);
    let within = |few: &[String], many: &[String]| !few.is_empty() && few.iter().all(|w| many.contains(w));
    let all = world.contests[contest].candidates.iter().map(|c| heads::name_words(c));
    let fitting: Vec<usize> =
        all.enumerate().filter(|(_, c)| within(c, &told) || within(&told, c)).map(|(n, _)| n).collect();
    if let [one] = fitting[..] { Some(one) } else { None }
}
