//! What `recount` says of an audit of the paper: how many ballots, which stations by a public seed, and what the rounds so far
//! have shown.

use super::discrepancy::{Counted, both};
use super::{read, told};
use crate::command::{Given, Host};
use crate::{Detector, Specification};
use model::{Context, Error, Finding, Lang, Level as Law, Reason, Result, Severity, Text, View, escape};
use recount::check::{Report, shown};
use recount::polling::{Polling, Told, polling, standing};
use recount::{World, audit, batches};
use rows::station_minutes::{Audit, AuditRound, Table as Counts};
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

/// Which stations to count again so that all races are bounded at once: drawn with probability in proportion to the largest
/// part of any race's margin that each could hide; and, of those counted again, the risk that is left.
fn plan(world: &World, report: &Report, draw: Draw, paper: Option<&Paper>, host: &mut dyn Host) -> Result<()> {
    let Draw { seed, draws, limit } = draw;
    let lang = host.lang();
    for contest in 0..world.contests.len() {
        let standing = standing(world, report, contest);
        let [(_, first), (_, second), ..] = standing[..] else { continue };
        let share = first as f64 / (first + second).max(1) as f64;
        if share <= 0.5 {
            continue;
        }
        let n = audit::bravo_mean(share, limit).ceil() as u64;
        let name = &world.contests[contest].name;
        if host.wants_json() {
            host.json(
                &json!({ "sample": "bravo", "contest": name, "risk_limit": limit, "share": share, "mean_ballots": n }),
            )?;
        } else {
            let colon = lang.of(":", "\u{202f}:");
            let name = if name.is_empty() { String::new() } else { format!("{name}{colon} ") };
            let text = format!(
                "{name}{} {} ({} {limit})",
                lang.of("ballots to draw by BRAVO, in the mean:", "bulletins à tirer par BRAVO, en moyenne :"),
                told::number(n, lang),
                lang.of("risk limit", "risque maximal")
            );
            host.line(&escape::visible(&text))?;
        }
    }
    let made = batches::plan(world, report, seed, draws, paper);
    if made.stations.is_empty() {
        return Err(Error::new("there are no stations to draw from")
            .hint("give results or minutes by station, precinct or Wahlbezirk"));
    }
    let mut times: BTreeMap<usize, u64> = BTreeMap::new();
    made.drawn.iter().for_each(|b| *times.entry(*b).or_default() += 1);
    for (n, times) in &times {
        let station = &made.stations[*n];
        let known = &world.areas[station.area as usize];
        let (area, name, found) = (shown(known), &known.name, station.found);
        if host.wants_json() {
            host.json(
                &json!({ "draw": area, "name": name, "times": times, "bound": station.most, "overstated": found }),
            )?;
        } else {
            let name = if *name == area { "" } else { name };
            let word = match found {
                None => lang.of("count again", "recompter"),
                Some(f) if f > 0.0 => lang.of("overstated the winner:", "surestimait le vainqueur :"),
                Some(_) => lang.of("counted again, nothing overstated:", "recompté, rien de surestimé :"),
            };
            host.line(&escape::visible(&format!("  {word} {area} {name} × {times}")))?;
        }
    }
    let (risk, counted, all) = (made.risk, made.counted, made.stations.len());
    if host.wants_json() {
        return host.json(&json!({ "plan": draws, "seed": seed, "stations": all, "total_bound": made.bound,
            "counted": counted, "to_count": made.drawn.len() - counted,
            (if paper.is_some() { "risk" } else { "risk_if_clean" }): risk,
            "risk_limit": limit, "stop": paper.is_some() && risk <= limit }));
    }
    let told_risk = told::decimal(risk, 4, lang);
    let text = match (paper.is_some(), lang) {
        (false, model::Lang::En) => format!(
            "{draws} draws of {all} stations by seed {seed}: if none of them errs, the risk that another won is at most {told_risk}"
        ),
        (false, model::Lang::Fr) => format!(
            "{draws} tirages parmi {all} bureaux par la graine {seed} : si aucun n’est faux, le risque qu’un autre ait gagné est d’au plus {told_risk}"
        ),
        (true, model::Lang::En) => format!(
            "{} of {draws} draws are counted again: the risk that another won is at most {told_risk}; {}",
            counted,
            if risk <= limit { "stop: the outcome is confirmed" } else { "count and draw on" }
        ),
        (true, model::Lang::Fr) => format!(
            "{} tirages sur {draws} sont recomptés : le risque qu’un autre ait gagné est d’au plus {told_risk} ; {}",
            counted,
            if risk <= limit { "arrêter : le résultat est confirmé" } else { "recompter et tirer encore" }
        ),
    };
    host.line(&escape::visible(&text))
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
            "  {} {}{} {} {}, {} {}, {word}",
            lang.of("round", "tour d’audit"),
            n + 1,
            lang.of(":", "\u{202f}:"),
            told::number(all, lang),
            lang.of("ballots", "bulletins"),
            lang.of("risk", "risque"),
            told::decimal(r.risk, 4, lang)
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
        match batch_rounds(&counted, &settings) {
            Some(row) => found(of_batches(&counted, row)),
            None => Ok(()),
        }
    }
}

/// The method of an audit by batch comparison.
const BATCHES: &str = "kaplan_markov";

/// Rounds in which stations were counted again: after each the risk that is left, by the seed and draws that the case names.
fn batch_rounds(counted: &Counted, settings: &super::settings::Settings) -> Option<Audit> {
    let limit = settings.limit().ok()?;
    let number = |round: &str| {
        (round.chars().filter(char::is_ascii_digit).collect::<String>().parse::<u64>().unwrap_or(0), round.to_string())
    };
    let mut order: Vec<&str> = counted.papers.iter().map(|(_, t)| t.round.as_str()).collect();
    order.sort_by_key(|r| number(r));
    order.dedup();
    let mut rounds = Vec::new();
    let mut risk = 1.0;
    for (n, round) in order.iter().enumerate() {
        let of = |t: &Counts| order[..=n].contains(&t.round.as_str());
        let so_far = counted.papers.iter().filter(|(_, t)| of(t));
        let tables = so_far.enumerate().map(|(n, (_, t))| (n, Counts { round: String::new(), ..t.clone() })).collect();
        let names = counted.papers.iter().map(|(source, _)| source.clone()).collect();
        let paper = World::new(names, tables);
        if !settings.audit_seed.is_empty() {
            let draws = u64::from(settings.audit_draws);
            risk = batches::plan(&counted.world, &counted.report, &settings.audit_seed, draws, Some(&paper)).risk;
        }
        let own: Vec<&(String, Counts)> = counted.papers.iter().filter(|(_, t)| t.round == *round).collect();
        let mut ballots: BTreeMap<String, u64> = BTreeMap::new();
        for told in own.iter().flat_map(|(source, t)| told_of(t, source)) {
            told.ballots.into_iter().for_each(|(name, n)| *ballots.entry(name).or_default() += n);
        }
        let source = own.first().map(|(source, _)| source.clone()).unwrap_or_default();
        rounds.push(AuditRound { round: round.to_string(), source, ballots, risk, stop: risk <= limit });
    }
    (!rounds.is_empty()).then(|| Audit {
        contest: String::new(),
        method: BATCHES.into(),
        winner: String::new(),
        risk_limit: limit,
        risk,
        stop: risk <= limit,
        rounds,
        conflicts: 0,
    })
}

fn of_batches(counted: &Counted, row: Audit) -> Finding {
    let (n, risk) = (row.rounds.len(), row.risk);
    let title = both(|lang| {
        let told_risk = told::decimal(risk, 4, lang);
        match (row.stop, lang) {
            (true, Lang::En) => format!("{n} rounds of stations counted again confirm the outcome (risk {told_risk})"),
            (true, Lang::Fr) => format!("{n} tours de bureaux recomptés confirment le résultat (risque {told_risk})"),
            (false, Lang::En) => {
                format!("{n} rounds of stations counted again do not yet confirm the outcome (risk {told_risk})")
            }
            (false, Lang::Fr) => {
                format!("{n} tours de bureaux recomptés ne confirment pas encore le résultat (risque {told_risk})")
            }
        }
    });
    let reasons = vec![Reason::against(
        30,
        Text::new(
            "draws count in the order of the seed, up to the first station that is not counted again; without `audit_seed` and `audit_draws` under [station_minutes] nothing is confirmed",
            "les tirages comptent dans l’ordre de la graine, jusqu’au premier bureau qui n’est pas recompté ; sans `audit_seed` ni `audit_draws` sous [station_minutes], rien n’est confirmé",
        ),
    )];
    let traces: Vec<_> = row.rounds.iter().filter_map(|r| counted.trace(&r.source, 0)).collect();
    Finding {
        detector: Cow::Borrowed(Audit::NAME),
        key: BATCHES.into(),
        severity: Severity::Info,
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
        let (what, drawn, told_risk) = (what(lang), told::number(drawn, lang), told::decimal(risk, 4, lang));
        match (confirmed, lang) {
            (true, Lang::En) => {
                format!("{what}: {n} rounds of an audit, {drawn} ballots, confirm the outcome (risk {told_risk})")
            }
            (true, Lang::Fr) => {
                format!("{what} : {n} tours d’audit, {drawn} bulletins, confirment le résultat (risque {told_risk})")
            }
            (false, Lang::En) => {
                format!(
                    "{what}: {n} rounds of an audit, {drawn} ballots, do not yet confirm the outcome (risk {told_risk}): draw on"
                )
            }
            (false, Lang::Fr) => format!(
                "{what} : {n} tours d’audit, {drawn} bulletins, ne confirment pas encore le résultat (risque {told_risk}) : tirer encore"
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
