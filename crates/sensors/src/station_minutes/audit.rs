//! What `recount` says of an audit of the paper: how many ballots, which stations by a public seed, and what the rounds so far
//! have shown.

use super::discrepancy::{Counted, both};
use super::{read, told};
use crate::command::{Given, Host};
use crate::{Detector, Specification};
use model::{Context, Error, Finding, Lang, Level as Law, Reason, Result, Severity, Text, View, escape};
use recount::check::{Report, shown};
use recount::polling::{Polling, Told, matching, polling, standing};
use recount::world::FIGURES;
use recount::{World, audit};
use rows::station_minutes::{Audit, AuditRound, Figure, Level, Table as Counts};
use rows::{Row, Shape};
use serde_json::json;
use std::borrow::Cow;
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
    let alpha = given.value::<String>("method")?.as_deref() == Some("alpha");
    let mut all: Vec<Told> = Vec::new();
    for source in host.sources(given.values("audit")) {
        source.each(host, &mut |mut input, name, host| {
            // The file's name tells no round: a column does.
            let tables = read::tables(&mut input, "", &mut |skip| host.skipped(name, &skip))?;
            all.extend(tables.iter().flat_map(|t| told_of(t, name)));
            Ok(())
        })?;
    }
    let Some(polling) = polling(world, report, &joined(all), alpha.then_some(WEIGHT)) else {
        return Err(Error::new("no rounds of an audit could be read").hint(
            "write a table with the columns `audit round`, `candidate`, `votes`: the ballots drawn in each round",
        ));
    };
    for (n, r) in polling.rounds.iter().enumerate() {
        let stop = r.risk <= limit;
        if host.wants_json() {
            host.json(
                &json!({ "audit": world.contests[polling.contest].name, "method": method(alpha), "round": n + 1,
                "told_as": r.told.round, "source": r.told.source, "ballots": r.told.ballots, "for_nobody": r.nobody,
                "risk": r.risk, "risk_limit": limit, "stop": stop }),
            )?;
            continue;
        }
        let all: u64 = r.told.ballots.values().sum();
        let word = if stop {
            lang.of("stop: the outcome is confirmed", "arrêter : le résultat est confirmé")
        } else {
            lang.of("draw on", "tirer encore")
        };
        host.line(&format!(
            "  {} {}: {} {}, {} {:.4}, {word}",
            lang.of("round", "tour d’audit"),
            n + 1,
            told::number(all, lang),
            lang.of("ballots", "bulletins"),
            lang.of("risk", "risque"),
            r.risk
        ))?;
        if r.nobody > 0 {
            host.line(&format!(
                "    {} {}",
                told::number(r.nobody, lang),
                lang.of(
                    "ballots for names that are no candidate's",
                    "bulletins pour des noms qui ne sont d’aucun candidat"
                )
            ))?;
        }
    }
    for t in &polling.twice {
        let text = Text::new(
            format!("round {} is told in another way in {}: the first holds", t.round, t.source),
            format!("le tour {} est dit autrement dans {} : le premier vaut", t.round, t.source),
        );
        host.say(&Text::new(escape::visible(&text.en), escape::visible(&text.fr)));
    }
    Ok(())
}

fn method(alpha: bool) -> &'static str {
    if alpha { "alpha" } else { "bravo" }
}

/// The rounds that a table tells: by its column of rounds, else as its race.
pub fn told_of(table: &Counts, source: &str) -> Vec<Told> {
    let round = if table.round.is_empty() { &table.contest } else { &table.round };
    let mut told = Told { round: round.clone(), source: source.to_string(), ..Told::default() };
    for row in 0..table.len() {
        for (name, n) in table.candidates.iter().zip(table.row(row).iter().skip(table.figures.len())) {
            *told.ballots.entry(name.clone()).or_default() += u64::from(n.unwrap_or(0));
        }
    }
    if told.ballots.is_empty() { Vec::new() } else { vec![told] }
}

/// Parts of one round in one file are one.
pub fn joined(all: Vec<Told>) -> Vec<Told> {
    let mut joined: Vec<Told> = Vec::new();
    for one in all {
        match joined.iter_mut().find(|t| t.round == one.round && t.source == one.source) {
            Some(known) => {
                for (name, n) in one.ballots {
                    *known.ballots.entry(name).or_default() += n;
                }
            }
            None => joined.push(one),
        }
    }
    joined
}

/// The detector of audits: each round that is among a case's evidence, and the risk after it.
pub struct AuditDetector;

impl Detector for AuditDetector {
    fn id(&self) -> &'static str {
        Audit::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Audit>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        super::INPUTS
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("audit.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let settings = context.config.settings::<super::settings::Settings>()?;
        let counted = Counted::of(case, context)?;
        let alpha = settings.audit_method == "alpha";
        let limit = settings.limit()?;
        // Races are audited apart: a round names its own where there are several.
        let mut races: BTreeMap<&str, Vec<Told>> = BTreeMap::new();
        for (contest, told) in &counted.rounds {
            races.entry(contest).or_default().push(told.clone());
        }
        for told in races.into_values() {
            let Some(polling) = polling(&counted.world, &counted.report, &joined(told), alpha.then_some(WEIGHT)) else {
                continue;
            };
            found(finding(&counted, &polling, alpha, limit))?;
        }
        Ok(())
    }
}

fn finding(counted: &Counted, polling: &Polling, alpha: bool, limit: f64) -> Finding {
    let contest = counted.world.contests[polling.contest].name.clone();
    let rounds: Vec<AuditRound> = polling
        .rounds
        .iter()
        .map(|r| AuditRound {
            round: r.told.round.clone(),
            source: r.told.source.clone(),
            ballots: r.told.ballots.clone(),
            risk: r.risk,
            stop: r.risk <= limit,
        })
        .collect();
    let drawn: u64 = rounds.iter().flat_map(|r| r.ballots.values()).sum();
    let risk = polling.rounds.last().map_or(1.0, |r| r.risk);
    let confirmed = risk <= limit;
    // Twice as many as are needed in the mean, and nothing shown: the paper speaks against the result, or the draw was none.
    let mean = if polling.share > 0.5 { audit::bravo_mean(polling.share, limit) } else { f64::INFINITY };
    let doubtful = !confirmed && risk > 0.5 && drawn as f64 > 2.0 * mean;
    let what = |lang: Lang| {
        if contest.is_empty() { lang.of("the result", "le résultat").to_string() } else { contest.clone() }
    };
    let n = rounds.len();
    let title = both(|lang| {
        let (what, drawn) = (what(lang), told::number(drawn, lang));
        match (confirmed, lang) {
            (true, Lang::En) => {
                format!("{what}: {n} rounds of an audit, {drawn} ballots, confirm the outcome (risk {risk:.4})")
            }
            (true, Lang::Fr) => {
                format!("{what} : {n} tours d’audit, {drawn} bulletins, confirment le résultat (risque {risk:.4})")
            }
            (false, Lang::En) => {
                format!(
                    "{what}: {n} rounds of an audit, {drawn} ballots, do not yet confirm the outcome (risk {risk:.4}): draw on"
                )
            }
            (false, Lang::Fr) => format!(
                "{what} : {n} tours d’audit, {drawn} bulletins, ne confirment pas encore le résultat (risque {risk:.4}) : tirer encore"
            ),
        }
    });
    let mut reasons: Vec<Reason> = rounds
        .iter()
        .take(20)
        .map(|r| {
            let all: u64 = r.ballots.values().sum();
            Reason::supporting(
                20,
                both(|lang| {
                    let all = told::number(all, lang);
                    match lang {
                        Lang::En => format!("round {} ({}): {all} ballots, risk {:.4}", r.round, r.source, r.risk),
                        Lang::Fr => format!("tour {} ({}) : {all} bulletins, risque {:.4}", r.round, r.source, r.risk),
                    }
                }),
            )
        })
        .collect();
    for t in polling.twice.iter().take(5) {
        reasons.push(Reason::against(
            40,
            Text::new(
                format!("round {} is told in another way in {}: the first holds", t.round, t.source),
                format!("le tour {} est dit autrement dans {} : le premier vaut", t.round, t.source),
            ),
        ));
    }
    reasons.push(Reason::against(
        30,
        Text::new(
            "the risk is what is said only where ballots were drawn by chance from all the paper, by a seed nobody could choose",
            "le risque n’est celui qui est dit que si les bulletins ont été tirés au hasard parmi tous, par une graine que nul ne pouvait choisir",
        ),
    ));
    let row = Audit {
        contest: contest.clone(),
        method: method(alpha).into(),
        winner: polling.winner.clone(),
        risk_limit: limit,
        risk,
        stop: confirmed,
        rounds,
        conflicts: polling.twice.len() as u64,
    };
    let traces: Vec<_> = row.rounds.iter().filter_map(|r| counted.trace(&r.source, 0)).collect();
    Finding {
        detector: Cow::Borrowed(Audit::NAME),
        key: contest,
        severity: if doubtful || row.conflicts > 0 { Severity::Medium } else { Severity::Info },
        confidence: 90,
        level: Law::Legal,
        title,
        reasons,
        techniques: Vec::new(),
        first: None,
        last: None,
        entities: Vec::new(),
        traces,
        fields: row.fields(),
    }
}
