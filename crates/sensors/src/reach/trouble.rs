//! When a platform failed people: which, of which region, how, and whether others were served at the same time.

use super::Settings;
use super::hours::{cell, is_named};
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Lang, Level, Reason, Result, Role, Severity, Text, Time, Trace, View};
use rows::auth_log::{Login, Outcome};
use rows::key::RunKey;
use rows::reach::{CELLS, Hour, HourKey, How, Met, Step, Trouble};
use rows::{Row, Shape};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Requests that many people must have lost within one hour: those of any one cell of sources are left out.
const LOST: u64 = 10;
/// Cells of sources in which something was lost.
const SOURCES: u64 = 5;
/// Of a thousand: from here on a platform fails.
const SHARE: u64 = 250;
/// Requests of a region in the hours before and after a silence.
const BUSY: u64 = 50;
/// Hours of a silence, at most: beyond, it may be night.
const SILENCE: i64 = 6;
/// Hostile requests of one hour, and cells of their sources.
const ATTEMPTS: (u64, u64) = (100, 16);
/// Refused sign-ins of one hour, sources, and the thousandth of all sign-ins that they are.
const SIGN_INS: (u64, u64, u64) = (20, 8, 700);
/// Traces of one finding.
const TRACES: usize = 20;
/// Findings of one platform; the overview counts all.
const TOLD: usize = 2000;

/// The detector.
pub struct TroubleDetector;

impl Detector for TroubleDetector {
    fn id(&self) -> &'static str {
        Trouble::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Trouble>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Hour::NAME, Login::NAME, Step::NAME]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("trouble.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let mut all = Vec::new();
        for (site, regions) in &sites(case)? {
            of_site(site, regions, &mut all);
        }
        sign_ins(case, context, &mut all)?;
        probes(case, &mut all)?;
        let zone = context.config.zone()?;
        all.sort_by(|a, b| {
            (&a.row.platform, a.first, &a.row.region, a.row.how).cmp(&(
                &b.row.platform,
                b.first,
                &b.row.region,
                b.row.how,
            ))
        });
        let mut told: BTreeMap<String, usize> = BTreeMap::new();
        for one in all {
            let n = told.entry(one.row.platform.clone()).or_default();
            *n += 1;
            if *n <= TOLD {
                found(finding(one, &zone))?;
            }
        }
        Ok(())
    }
}

/// Hours of each region of one site, by the hour's number since 1970.
pub type Regions = BTreeMap<String, BTreeMap<i64, Hour>>;

/// What was counted, by site and region.
pub fn sites(case: &dyn View) -> Result<BTreeMap<String, Regions>> {
    let mut sites: BTreeMap<String, Regions> = BTreeMap::new();
    case.tallies(Hour::NAME, &mut |key, counts| {
        if let Ok(HourKey { site, hour, region }) = key.parse() {
            let hours = sites.entry(site).or_default().entry(region).or_default();
            hours.entry(hour.seconds().div_euclid(3600)).or_default().add(&Hour::of(counts));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(sites)
}

/// A trouble on its way to be told.
struct One {
    row: Trouble,
    first: Time,
    last: Time,
    traces: Vec<Trace>,
    /// Answers by kind, for reasons: busy, errors, gone.
    parts: [u64; 3],
    /// The certainty with which it is said.
    confidence: u8,
}

/// What people lost in an hour, what they asked, and how many cells of sources lost something; of each the largest cell is
/// left out, so that one who hammers is nobody's crowd.
fn lost(h: &Hour) -> (u64, u64, u64) {
    let largest = h.lost.iter().copied().max().unwrap_or(0);
    let all = h.busy + h.errors + h.gone;
    (all.saturating_sub(largest), h.requests.saturating_sub(largest), h.lost.iter().filter(|n| **n > 0).count() as u64)
}

fn fails(h: &Hour) -> bool {
    let (lost, asked, cells) = lost(h);
    lost >= LOST && cells >= SOURCES && lost * 1000 >= asked * SHARE
}

fn time(hour: i64) -> Time {
    Time::from_seconds(hour * 3600)
}

/// Stretches of hours of which something holds, none apart by more than an hour.
fn stretches(mut hours: impl Iterator<Item = i64>) -> Vec<(i64, i64)> {
    let mut all: Vec<(i64, i64)> = Vec::new();
    for hour in hours.by_ref() {
        match all.last_mut() {
            Some((_, last)) if hour - *last <= 2 => *last = hour,
            _ => all.push((hour, hour)),
        }
    }
    all
}

fn sum<'h>(hours: impl Iterator<Item = &'h Hour>) -> Hour {
    hours.fold(Hour::default(), |mut all, h| {
        all.add(h);
        all
    })
}

fn of_site(site: &str, regions: &Regions, all: &mut Vec<One>) {
    let mut whole: BTreeMap<i64, Hour> = BTreeMap::new();
    for (hour, counts) in regions.values().flatten() {
        whole.entry(*hour).or_default().add(counts);
    }
    let failing = |hours: &BTreeMap<i64, Hour>| stretches(hours.iter().filter(|(_, h)| fails(h)).map(|(n, _)| *n));
    let one = |region: &str, (from, to): (i64, i64), h: Hour, others: Option<Hour>| {
        let parts = [h.busy, h.errors, h.gone];
        let all: u64 = parts.iter().sum();
        let most = |n: u64| n * 4 >= all * 3;
        let how = match parts {
            [busy, ..] if most(busy) => How::Queue,
            [_, errors, _] if most(errors) => How::Errors,
            [.., gone] if most(gone) => How::Gone,
            _ => How::Several,
        };
        let elsewhere = others.filter(|o| o.requests >= 20).map(|o| (o.busy + o.errors + o.gone) * 1000 / o.requests);
        let row = Trouble {
            platform: site.into(),
            region: region.into(),
            how,
            hours: (to - from + 1).unsigned_abs(),
            asked: h.requests,
            lost: all,
            sources: lost(&h).2,
            elsewhere,
        };
        One { row, first: time(from), last: time(to + 1), traces: Vec::new(), parts, confidence: 85 }
    };
    // What one region alone lost, while others were served, is told of that region.
    let of_one = |from: i64, to: i64| {
        let all = sum(whole.range(from..=to).map(|(_, h)| h));
        let lost = |h: &Hour| h.busy + h.errors + h.gone;
        regions.values().any(|hours| {
            let own = sum(hours.range(from..=to).map(|(_, h)| h));
            let (lost_else, asked_else) = (lost(&all) - lost(&own), all.requests - own.requests);
            lost(&own) * 10 >= lost(&all) * 9 && asked_else >= 20 && lost_else * 4000 < asked_else * SHARE
        })
    };
    let everywhere: Vec<(i64, i64)> = failing(&whole).into_iter().filter(|(from, to)| !of_one(*from, *to)).collect();
    for (from, to) in &everywhere {
        all.push(one("", (*from, *to), sum(whole.range(from..=to).map(|(_, h)| h)), None));
    }
    for (region, hours) in regions {
        for (from, to) in failing(hours) {
            let own = sum(hours.range(from..=to).map(|(_, h)| h));
            let others =
                sum(regions.iter().filter(|(r, _)| *r != region).flat_map(|(_, h)| h.range(from..=to)).map(|(_, h)| h));
            let share = |h: &Hour| (h.busy + h.errors + h.gone) * 1000 / h.requests.max(1);
            // Where all fail alike, that is told once.
            let alike =
                everywhere.iter().any(|(a, b)| *a <= to && from <= *b) && share(&own) < 2 * share(&others).max(1);
            if !alike {
                all.push(one(region, (from, to), own, Some(others)));
            }
        }
        absent(site, region, hours, &whole, all);
    }
    // Attempts from many sources at once.
    let many =
        |h: &Hour| h.hostile >= ATTEMPTS.0 && h.attackers.iter().filter(|n| **n > 0).count() as u64 >= ATTEMPTS.1;
    for (from, to) in stretches(whole.iter().filter(|(_, h)| many(h)).map(|(n, _)| *n)) {
        let h = sum(whole.range(from..=to).map(|(_, h)| h));
        let row = Trouble {
            platform: site.into(),
            region: String::new(),
            how: How::Attempts,
            hours: (to - from + 1).unsigned_abs(),
            asked: h.requests + h.hostile,
            lost: h.hostile,
            sources: h.attackers.iter().filter(|n| **n > 0).count() as u64,
            elsewhere: None,
        };
        all.push(One { row, first: time(from), last: time(to + 1), traces: Vec::new(), parts: [0; 3], confidence: 75 });
    }
}

/// Hours in which nobody of a region came, between hours in which many did, while others came as before.
fn absent(site: &str, region: &str, hours: &BTreeMap<i64, Hour>, whole: &BTreeMap<i64, Hour>, all: &mut Vec<One>) {
    let busy: Vec<i64> = hours.iter().filter(|(_, h)| h.requests >= BUSY).map(|(n, _)| *n).collect();
    for pair in busy.windows(2) {
        let (before, after) = (pair[0], pair[1]);
        let gap = after - before - 1;
        if !(1..=SILENCE).contains(&gap) {
            continue;
        }
        let of =
            |all: &BTreeMap<i64, Hour>, from: i64, to: i64| all.range(from..=to).map(|(_, h)| h.requests).sum::<u64>();
        let came = of(hours, before + 1, after - 1);
        let expected = (hours[&before].requests + hours[&after].requests) / 2 * gap.unsigned_abs();
        // The others, who show that the platform itself was there.
        let others = |from: i64, to: i64| of(whole, from, to).saturating_sub(of(hours, from, to));
        let usual = (others(before, before) + others(after, after)) / 2 * gap.unsigned_abs();
        let there = others(before + 1, after - 1);
        if came * 20 <= expected && usual >= BUSY && there * 2 >= usual {
            let row = Trouble {
                platform: site.into(),
                region: region.into(),
                how: How::Absent,
                hours: gap.unsigned_abs(),
                asked: expected,
                lost: expected - came,
                sources: 0,
                elsewhere: Some(0),
            };
            let (first, last) = (time(before + 1), time(after));
            all.push(One { row, first, last, traces: Vec::new(), parts: [0; 3], confidence: 55 });
        }
    }
}

/// Sign-ins of one machine, region and hour.
#[derive(Default)]
struct SignIns {
    accepted: u64,
    refused: u64,
    cells: [u64; CELLS],
    traces: Vec<Trace>,
}

/// Sign-ins that were refused to many at once.
fn sign_ins(case: &dyn View, context: &Context, all: &mut Vec<One>) -> Result<()> {
    let Settings { machines, .. } = context.config.settings()?;
    let machines: Vec<String> = machines.iter().map(|m| m.trim().to_lowercase()).collect();
    if machines.is_empty() {
        return Ok(());
    }
    let mut counted: BTreeMap<(String, String, i64), SignIns> = BTreeMap::new();
    case.observations(Login::NAME, &mut |visit| {
        let o = &visit.observation;
        let (key, login): (RunKey, _) = (o.key.parse()?, Login::of(&o.fields)?);
        if !is_named(&machines, &login.host.to_lowercase())
            || !matches!(login.outcome, Outcome::Accepted | Outcome::Failed)
        {
            return Ok(ControlFlow::Continue(()));
        }
        // A run of one source is counted in the hour in which it began.
        let hour = o.first.seconds().div_euclid(3600);
        for region in [String::new(), context.origins.region(key.source)] {
            let one = counted.entry((login.host.clone(), region, hour)).or_default();
            match login.outcome {
                Outcome::Accepted => one.accepted += o.count,
                _ => {
                    one.refused += o.count;
                    one.cells[cell(key.source)] += o.count;
                    if one.traces.len() < TRACES {
                        one.traces.push(visit.trace());
                    }
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut everywhere: Vec<(String, i64)> = Vec::new();
    for ((machine, region, hour), one) in counted {
        let largest = one.cells.iter().copied().max().unwrap_or(0);
        let cells = one.cells.iter().filter(|n| **n > 0).count() as u64;
        let (refused, every) = (one.refused - largest, one.refused - largest + one.accepted);
        if refused < SIGN_INS.0 || cells < SIGN_INS.1 || refused * 1000 < every * SIGN_INS.2 {
            continue;
        }
        // The whole comes first: a region of it says the same.
        if region.is_empty() {
            everywhere.push((machine.clone(), hour));
        } else if everywhere.contains(&(machine.clone(), hour)) {
            continue;
        }
        let row = Trouble {
            platform: machine,
            region,
            how: How::SignIn,
            hours: 1,
            asked: one.refused + one.accepted,
            lost: one.refused,
            sources: cells,
            elsewhere: None,
        };
        all.push(One {
            row,
            first: time(hour),
            last: time(hour + 1),
            traces: one.traces,
            parts: [0; 3],
            confidence: 60,
        });
    }
    Ok(())
}

/// The steps of a probe, by their time.
type Moments = BTreeMap<Time, Vec<(Step, Trace)>>;

/// Rounds of probes that did not come to their end.
fn probes(case: &dyn View, all: &mut Vec<One>) -> Result<()> {
    // By host and from where: each moment with whether it was served, and where it stands.
    let mut rounds: BTreeMap<(String, String), Moments> = BTreeMap::new();
    case.observations(Step::NAME, &mut |visit| {
        let step = Step::of(&visit.observation.fields)?;
        let (key, trace) = ((step.site.clone(), step.from.clone()), visit.trace());
        rounds.entry(key).or_default().entry(visit.observation.first).or_default().push((step, trace));
        Ok(ControlFlow::Continue(()))
    })?;
    // A round begins with its first step.
    let mut failed: BTreeMap<(String, String), Vec<Round>> = BTreeMap::new();
    for (key, steps) in rounds {
        let list = failed.entry(key).or_default();
        for (at, (step, trace)) in steps.into_iter().flat_map(|(at, s)| s.into_iter().map(move |s| (at, s))) {
            if step.step <= 1 || list.is_empty() {
                list.push(Round { at, end: at, met: Vec::new(), traces: Vec::new() });
            }
            let round = list.last_mut().expect("one was pushed");
            round.end = at;
            if step.met != Met::Served {
                round.met.push(step.met);
                round.traces.push(trace);
            }
        }
    }
    for ((site, from), list) in &failed {
        let mut n = 0;
        while n < list.len() {
            if list[n].met.is_empty() {
                n += 1;
                continue;
            }
            let end = (n..list.len()).find(|k| list[*k].met.is_empty()).unwrap_or(list.len());
            let some = &list[n..end];
            let (first, last) = (some[0].at, some[some.len() - 1].end);
            let others: Vec<&Round> = failed
                .iter()
                .filter(|((s, f), _)| s == site && f != from)
                .flat_map(|(_, l)| l)
                .filter(|r| r.end >= first && r.at <= last)
                .collect();
            let elsewhere = (!others.is_empty())
                .then(|| others.iter().filter(|r| !r.met.is_empty()).count() as u64 * 1000 / others.len() as u64);
            let row = Trouble {
                platform: site.clone(),
                region: from.clone(),
                how: How::Probe,
                hours: (last.since(first) / 3600).unsigned_abs(),
                asked: some.len() as u64,
                lost: some.len() as u64,
                sources: 1,
                elsewhere,
            };
            let traces = some.iter().flat_map(|r| r.traces.iter().cloned()).take(TRACES).collect();
            all.push(One { row, first, last, traces, parts: [0; 3], confidence: if some.len() > 1 { 95 } else { 70 } });
            n = end;
        }
    }
    Ok(())
}

/// One round of a probe: what it met that was not to be expected.
struct Round {
    at: Time,
    end: Time,
    met: Vec<Met>,
    traces: Vec<Trace>,
}

fn severity(t: &Trouble) -> Severity {
    match t.how {
        How::Attempts => Severity::Medium,
        How::Absent => Severity::Medium,
        How::SignIn => Severity::Medium,
        How::Probe if t.lost < 2 => Severity::Low,
        How::Probe => Severity::High,
        _ if t.lost * 2 >= t.asked => Severity::High,
        _ => Severity::Medium,
    }
}

fn finding(one: One, zone: &jiff::tz::TimeZone) -> Finding {
    let One { row, first, last, traces, parts, confidence } = one;
    let at = first.in_zone(zone).strftime("%Y-%m-%d %H:%M").to_string();
    let both = |say: &dyn Fn(Lang) -> String| Text::new(say(Lang::En), say(Lang::Fr));
    let platform =
        if row.platform == "-" { Text::new("the platform", "la plateforme") } else { Text::same(&row.platform) };
    let whom = |lang: Lang| match row.region.as_str() {
        "" => String::new(),
        region => format!("{}{region}", lang.of(", people from ", ", public venant de ")),
    };
    let title = both(&|lang| {
        let (p, hours, n) = (platform.get(lang), row.hours, row.lost);
        match (row.how, lang) {
            (How::Absent, Lang::En) => {
                format!("{p}: nobody came from {} for {hours} h from {at}, while others did", row.region)
            }
            (How::Absent, Lang::Fr) => {
                format!(
                    "{p}\u{202f}: plus personne venant de {} pendant {hours} h à partir du {at}, alors que d’autres venaient",
                    row.region
                )
            }
            (How::SignIn, Lang::En) => {
                format!("{p}{}: {n} of {} sign-ins refused, to many sources, from {at}", whom(lang), row.asked)
            }
            (How::SignIn, Lang::Fr) => {
                format!(
                    "{p}{}\u{202f}: {n} connexions refusées sur {}, à de nombreuses sources, à partir du {at}",
                    whom(lang),
                    row.asked
                )
            }
            (How::Attempts, Lang::En) => {
                format!("{p}: {n} hostile requests from many sources within {hours} h from {at}")
            }
            (How::Attempts, Lang::Fr) => {
                format!("{p}\u{202f}: {n} requêtes hostiles de nombreuses sources en {hours} h à partir du {at}")
            }
            (How::Probe, Lang::En) => {
                format!("{p}: a probe from {} failed in {n} rounds in a row from {at}", row.region)
            }
            (How::Probe, Lang::Fr) => {
                format!("{p}\u{202f}: une sonde depuis {} a échoué {n} fois de suite à partir du {at}", row.region)
            }
            (how, Lang::En) => {
                format!(
                    "{p}{}: {n} of {} requests lost ({}) within {hours} h from {at}",
                    whom(lang),
                    row.asked,
                    how.text().en
                )
            }
            (how, Lang::Fr) => {
                format!(
                    "{p}{}\u{202f}: {n} requêtes perdues sur {} ({}) en {hours} h à partir du {at}",
                    whom(lang),
                    row.asked,
                    how.text().fr
                )
            }
        }
    });
    let mut reasons = Vec::new();
    if parts.iter().any(|n| *n > 0) {
        let [busy, errors, gone] = parts;
        reasons.push(Reason::supporting(
            70,
            Text::new(
                format!("told to wait {busy}, server errors {errors}, ended before the answer {gone}; at least {} sources, none of which makes the crowd alone", row.sources),
                format!("mises en attente {busy}, erreurs du serveur {errors}, interrompues {gone} ; au moins {} sources, dont aucune ne fait à elle seule la foule", row.sources),
            ),
        ));
    }
    if let Some(elsewhere) = row.elsewhere.filter(|_| row.how != How::Absent) {
        reasons.push(Reason::supporting(
            30,
            Text::new(
                format!("in the same time {} in 1,000 were lost elsewhere", elsewhere),
                format!("dans le même temps, {elsewhere} sur 1\u{202f}000 étaient perdues ailleurs"),
            ),
        ));
    }
    reasons.push(Reason::against(
        40,
        match row.how {
            How::Absent => Text::new(
                "people may have had no reason to come, their provider may have changed addresses, or a filter before the server keeps its own log",
                "ces personnes pouvaient n’avoir aucune raison de venir, leur fournisseur avoir changé d’adresses, ou un filtre placé devant le serveur tenir son propre journal",
            ),
            How::SignIn => Text::new(
                "passwords tried from many addresses look the same as people who cannot sign in: ask whether the accounts are theirs",
                "des mots de passe essayés depuis de nombreuses adresses ont la même apparence que des gens qui ne peuvent se connecter : demander si les comptes sont les leurs",
            ),
            How::Attempts => Text::new(
                "scanners of the whole Internet come every day, to everybody",
                "des robots balaient tout Internet chaque jour, chez tout le monde",
            ),
            How::Probe => Text::new(
                "the way from the probe to the platform may have failed, and not the platform",
                "le chemin entre la sonde et la plateforme peut avoir failli, et non la plateforme",
            ),
            _ => Text::new(
                "a rush of people, or maintenance, looks the same as an attack",
                "une affluence ou une maintenance a la même apparence qu’une attaque",
            ),
        },
    ));
    let entities =
        if row.platform.contains('.') { vec![Entity::domain(&row.platform, Role::Victim)] } else { Vec::new() };
    Finding {
        detector: Cow::Borrowed(Trouble::NAME),
        key: format!("{}|{}|{}|{first}", row.platform, row.region, row.how),
        severity: severity(&row),
        confidence,
        level: Level::Grey,
        title,
        reasons,
        techniques: if row.how == How::Attempts { vec!["T1595".into()] } else { Vec::new() },
        first: Some(first),
        last: Some(last),
        entities,
        traces,
        fields: row.fields(),
    }
}
