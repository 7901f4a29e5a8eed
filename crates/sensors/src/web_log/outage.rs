//! Outages: the site answering ordinary visitors with server errors, or silent when it never is.

use crate::{Detector, Scope, Specification};
use model::{Address, Context, Entity, Finding, Level, Reason, Result, Role, Severity, Span, Text, Time, Trace, View};
use rows::key::RunKey;
use rows::outage::Down;
use rows::web_log::{Request, SLOT, Slot, SlotKey};
use rows::{Row, Shape};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Slots without errors that may lie within one outage.
const BRIDGE: i64 = 2;
/// Requests that should have come during a silence, at least: below, chance explains it.
const EXPECTED: f64 = 30.0;
/// Slots of a silence, at least.
const SILENT: i64 = 2;
/// Weeks of habit needed before silence means anything.
const WEEKS: i64 = 2;
pub use rows::outage::BEFORE;

/// A time in which a site was down or degraded.
#[derive(Clone, Debug, PartialEq)]
pub struct Outage {
    /// The site.
    pub site: String,
    /// Beginning of the first bad slot.
    pub first: Time,
    /// End of the last bad slot.
    pub last: Time,
    /// Whether it answered with errors; else it was silent.
    pub errors: bool,
    /// Requests answered by an error, or expected and not come.
    pub lost: u64,
    /// Requests in that time that were not hostile by themselves.
    pub requests: u64,
}

/// What a slot tells of a site's health.
#[derive(Clone, Copy)]
struct Health {
    /// Ordinary requests.
    ordinary: u64,
    /// Requests not hostile by themselves: a flood answered by errors is an outage too.
    plain: u64,
    /// Those of them answered by a server error.
    failed: u64,
}

type Slots = BTreeMap<i64, Health>;

/// All outages of a case, by site and time.
pub fn outages(case: &dyn View) -> Result<Vec<Outage>> {
    let mut sites: BTreeMap<String, Slots> = BTreeMap::new();
    case.tallies(Slot::NAME, &mut |key, counts| {
        if let Ok(SlotKey { site, at }) = key.parse() {
            let Slot { ordinary, plain, failed, .. } = Slot::of(counts);
            sites.entry(site).or_default().insert(at.seconds() / SLOT, Health { ordinary, plain, failed });
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut stretches: BTreeMap<String, Vec<(i64, i64)>> = BTreeMap::new();
    case.tallies(super::STRETCH_TALLY, &mut |key, _| {
        let mut parts = key.rsplitn(3, '|');
        let mut slot = || parts.next().and_then(|n| n.parse::<i64>().ok());
        if let (Some(last), Some(first)) = (slot(), slot())
            && let Some(site) = parts.next()
        {
            stretches.entry(site.into()).or_default().push((first, last));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut found = Vec::new();
    for (site, slots) in &sites {
        errors(site, slots, &mut found);
        silences(site, slots, stretches.get(site).map_or(&[], Vec::as_slice), &mut found);
    }
    found.sort_by(|a, b| (&a.site, a.first).cmp(&(&b.site, b.first)));
    Ok(found)
}

fn time(slot: i64) -> Time {
    Time::from_seconds(slot * SLOT)
}

/// Stretches in which a quarter of the ordinary requests failed.
fn errors(site: &str, slots: &Slots, found: &mut Vec<Outage>) {
    let bad = |s: &Health| (s.failed >= 5 && s.failed * 4 >= s.plain) || (s.failed >= 3 && s.failed * 2 >= s.plain);
    let mut bad = slots.iter().filter(|(_, counts)| bad(counts)).map(|(&slot, _)| slot).peekable();
    while let Some(first) = bad.next() {
        let mut last = first;
        while let Some(&next) = bad.peek()
            && next - last <= BRIDGE + 1
        {
            last = next;
            bad.next();
        }
        let (requests, failed) = slots.range(first..=last).fold((0, 0), |a, (_, s)| (a.0 + s.plain, a.1 + s.failed));
        found.push(Outage {
            site: site.into(),
            first: time(first),
            last: time(last + 1),
            errors: true,
            lost: failed,
            requests,
        });
    }
}

/// Whether a silence may be no more than a file that is missing or empty: it lies in no file, and is as long as half of
/// one.
fn is_missing_file(first: i64, last: i64, stretches: &[(i64, i64)]) -> bool {
    let mut lengths: Vec<i64> = stretches.iter().map(|(a, b)| b - a + 1).collect();
    lengths.sort_unstable();
    let usual = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
    !stretches.iter().any(|&(a, b)| a < first && last <= b) && 2 * (last - first) >= usual
}

/// Stretches without a single ordinary request in which, by this site's hour-of-week habit at that time's level, at
/// least [`EXPECTED`] should have come.
fn silences(site: &str, slots: &Slots, stretches: &[(i64, i64)], found: &mut Vec<Outage>) {
    const WEEK: i64 = 7 * 86_400 / SLOT;
    const HOUR: i64 = 3600 / SLOT;
    const DAY: i64 = 24 * HOUR;
    let (Some((&begin, _)), Some((&end, _))) = (slots.first_key_value(), slots.last_key_value()) else { return };
    if end - begin < WEEKS * WEEK {
        return;
    }
    // Mean ordinary requests per slot for each hour of the week.
    let hour = |slot: i64| (slot.rem_euclid(WEEK) / HOUR) as usize;
    let mut sums = [0u64; 168];
    slots.iter().for_each(|(&s, c)| sums[hour(s)] += c.ordinary);
    let weeks = (end - begin + 1) as f64 / WEEK as f64;
    let habit: Vec<f64> = sums.iter().map(|&n| n as f64 / (weeks * HOUR as f64)).collect();
    let between = |a: i64, b: i64| -> f64 { (a..b).map(|s| habit[hour(s)]).sum() };
    let seen = |a: i64, b: i64| -> u64 { slots.range(a..b).map(|(_, c)| c.ordinary).sum() };
    let busy: Vec<i64> = slots.iter().filter(|(_, c)| c.ordinary > 0).map(|(&s, _)| s).collect();
    for pair in busy.windows(2) {
        let (first, last) = (pair[0] + 1, pair[1]);
        let gap = last - first;
        if gap < SILENT || is_missing_file(first, last, stretches) {
            continue;
        }
        // A campaign's traffic grows tenfold in a season: the week's shape is scaled to the days around.
        let (a, b) = (first - DAY, last + DAY);
        let usual = between(a, first) + between(last, b);
        let level = if usual > 0.0 { (seen(a, first) + seen(last, b)) as f64 / usual } else { 0.0 };
        // A gap of weeks costs no more than one week: what comes after repeats.
        let expected = level * between(first, last.min(first + WEEK));
        if expected >= EXPECTED {
            found.push(Outage {
                site: site.into(),
                first: time(first),
                last: time(last),
                errors: false,
                lost: expected.round() as u64,
                requests: 0,
            });
        }
    }
}

/// `web_log/outage`.
pub struct OutageDetector;

impl Detector for OutageDetector {
    fn id(&self) -> &'static str {
        rows::outage::Outage::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<rows::outage::Outage>())
    }

    fn scope(&self) -> Scope {
        Scope::Case
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Slot::NAME, super::STRETCH_TALLY, Request::NAME]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("outage.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let outages = outages(case)?;
        if outages.is_empty() {
            return Ok(());
        }
        let mut before: Vec<Vec<(Address, Trace)>> = vec![Vec::new(); outages.len()];
        case.observations(Request::NAME, &mut |visit| {
            let o = &visit.observation;
            let near = |outage: &Outage| o.first < outage.last && outage.first.since(o.last) <= BEFORE;
            if outages.iter().any(near) {
                let (key, row): (RunKey, _) = (o.key.parse()?, Request::of(&o.fields)?);
                for (outage, before) in outages.iter().zip(&mut before) {
                    let hostile = !row.classes.is_empty() && row.site == outage.site;
                    if hostile && near(outage) && before.len() < 100 {
                        before.push((key.source, visit.trace()));
                    }
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let zone = context.config.zone()?;
        for (outage, before) in outages.into_iter().zip(before) {
            found(finding(&outage, before, &zone))?;
        }
        Ok(())
    }
}

fn finding(outage: &Outage, before: Vec<(Address, Trace)>, zone: &jiff::tz::TimeZone) -> Finding {
    let minutes = outage.last.since(outage.first) / 60;
    let at = outage.first.told(zone);
    let site =
        if outage.site == "-" { Text::new("The site", "Le site") } else { Text::same(format!("`{}`", outage.site)) };
    let (title, reason, severity) = if outage.errors {
        (
            Text::new(
                format!("{} answered with server errors for about {minutes} minutes from {at}", site.en),
                format!(
                    "{} a répondu par des erreurs de serveur pendant environ {minutes} minutes à partir du {at}",
                    site.fr
                ),
            ),
            Text::new(
                format!(
                    "{} of {} requests that were not hostile were answered by a server error",
                    outage.lost, outage.requests
                ),
                format!("{} des {} requêtes non hostiles ont reçu une erreur de serveur", outage.lost, outage.requests),
            ),
            if outage.lost * 2 >= outage.requests { Severity::High } else { Severity::Medium },
        )
    } else {
        (
            Text::new(
                format!("{} was silent for about {minutes} minutes from {at}", site.en),
                format!("{} est resté muet pendant environ {minutes} minutes à partir du {at}", site.fr),
            ),
            Text::new(
                format!(
                    "about {} ordinary requests were to be expected at that hour of the week, none came",
                    outage.lost
                ),
                format!(
                    "environ {} requêtes ordinaires étaient attendues à cette heure de la semaine, aucune n’est venue",
                    outage.lost
                ),
            ),
            Severity::Medium,
        )
    };
    let mut reasons = vec![Reason::supporting(80, reason)];
    if !outage.errors {
        reasons.push(Reason::against(
            40,
            Text::new(
                "a gap in the logs, or maintenance, looks the same: ask who runs the server",
                "un trou dans les journaux ou une maintenance a la même apparence : demander à l’exploitant",
            ),
        ));
    }
    let mut sources: Vec<String> = before.iter().map(|(s, _)| s.to_string()).collect();
    sources.sort_unstable();
    sources.dedup();
    if !sources.is_empty() {
        let from = Text::count(sources.len() as u64, ("source", "source"), ("sources", "sources"));
        reasons.push(Reason::supporting(
            20,
            Text::new(
                format!("hostile requests from {} preceded it by at most {} minutes; that is no proof of cause", from.en, BEFORE / 60),
                format!("des requêtes hostiles de {} l’ont précédé de {} minutes au plus ; ce n’est pas une preuve de cause", from.fr, BEFORE / 60),
            ),
        ));
    }
    let mut entities: Vec<Entity> = Vec::new();
    if outage.site.contains('.') {
        entities.push(Entity::domain(&outage.site, Role::Victim));
    }
    let addresses = sources.iter().filter_map(|s| Address::parse(s.as_bytes()));
    entities.extend(addresses.map(|a| Entity::address(a, Role::Source)));
    let mut traces: Vec<Trace> = before.into_iter().map(|(_, t)| t).collect();
    traces.sort_by(|a, b| {
        let place = |t: &Trace| t.spans.iter().next().unwrap_or(Span { start: 0, len: 0, line: 0 });
        (a.evidence, &a.steps, place(a)).cmp(&(b.evidence, &b.steps, place(b)))
    });
    let row = rows::outage::Outage {
        site: outage.site.clone(),
        minutes: minutes.unsigned_abs(),
        kind: if outage.errors { Down::Errors } else { Down::Silence },
        lost: outage.lost,
        preceded_by: sources,
    };
    Finding {
        detector: Cow::Borrowed(rows::outage::Outage::NAME),
        key: format!("{}|{}", outage.site, outage.first),
        severity,
        confidence: if outage.errors { 85 } else { 60 },
        level: Level::Illegal,
        title,
        reasons,
        techniques: vec!["T1499".into()],
        first: Some(outage.first),
        last: Some(outage.last),
        entities,
        traces,
        fields: row.fields(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_no_silence() {
        const DAY: i64 = 86_400 / SLOT;
        // Four weeks of a request a minute, a file a day.
        let whole: Slots = (0..28 * DAY).map(|s| (s, Health { ordinary: 5, plain: 5, failed: 0 })).collect();
        let found = |gap: std::ops::Range<i64>, files: &[i64]| {
            let slots: Slots = whole.iter().filter(|(s, _)| !gap.contains(s)).map(|(s, h)| (*s, *h)).collect();
            let of = |&day: &i64| {
                let within = slots.range(day * DAY..(day + 1) * DAY);
                Some((*within.clone().next()?.0, *within.clone().next_back()?.0))
            };
            let stretches: Vec<(i64, i64)> = files.iter().filter_map(of).collect();
            let mut found = Vec::new();
            silences("-", &slots, &stretches, &mut found);
            found.len()
        };
        let days: Vec<i64> = (0..28).collect();
        assert_eq!(found(10 * DAY..12 * DAY, &days), 0, "two files are missing");
        assert_eq!(found(10 * DAY + 100..10 * DAY + 140, &days), 1, "the site fell silent within a file");
        assert_eq!(found(11 * DAY - 20..11 * DAY + 20, &days), 1, "and around midnight");
    }
}
