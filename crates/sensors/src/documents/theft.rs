//! When what came out was taken: for each mailbox, and for the papers of each piece of evidence, an interval from the newest
//! thing that is in it to what tells that it was over: what came next and is missing, the rhythm in which things come, or
//! that it was out by then.
//!
//! You may rely on: where a seal, an original or a signature vouches for things, only these say what is the newest; what was
//! held back before does not make an end of it. Left out: who took it, and by which way.

use super::known::Originals;
use super::leaked::{Leaked, is_member};
use super::letters;
use super::settings::Settings;
use super::table::{entries, name, names};
use crate::mail::MESSAGE;
use crate::{Detector, Specification};
use formats::about::instant;
use jiff::tz::TimeZone;
use model::{
    Context, Entity, EntityKind, EvidenceId, Finding, Level, Reason, Result, Role, Severity, Text, Time, Trace, View,
};
use rows::documents::{Authenticity, Bound, Class, Document, Publication, Theft};
use rows::mail::message::Letter;
use rows::{Row, Shape};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

/// Letters and papers that make a beginning of a rhythm.
const LEAST: usize = 8;
/// How much of the rhythm before is looked at.
const MEMORY: i64 = 56 * 86_400;
/// Of a hundred thefts in such a mailbox, how many lie within the interval.
const SURE: f64 = 0.975;
/// The chance that what is missing was merely held back must be under this.
const HELD_BACK: f64 = 0.01;
/// What came so many times later than anything is usual, and alone, does not count as the newest.
const STRAY: f64 = 25.0;

/// The detector.
pub struct TheftDetector;

impl Detector for TheftDetector {
    fn id(&self) -> &'static str {
        Theft::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Theft>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Document::NAME, MESSAGE]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("theft.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let settings: Settings = context.config.settings()?;
        let told = Told::of(case)?;
        let entries = entries(case)?;
        let leaked = Leaked::of(case, &entries, &settings, told.forged.clone())?;
        if leaked.is_empty() {
            return Ok(());
        }
        let originals = Originals::of(context.config)?;
        let mut boxes: BTreeMap<String, Items> = BTreeMap::new();
        case.observations(MESSAGE, &mut |visit| {
            let letter = Letter::of(&visit.observation.fields)?;
            let (key, at) = (&visit.observation.key, visit.observation.first);
            if !leaked.holds(visit.evidence) || letter.container.is_some() || letter.quoted || at.0 == 0 {
                return Ok(ControlFlow::Continue(()));
            }
            let owner = letters::owner(&letter);
            let class = told.class(key);
            if !owner.is_empty() && class != Some(Class::LikelyFabricated) {
                let items = boxes.entry(owner).or_default();
                items.all.push(Item { at, vouched: class.is_some_and(is_vouched) });
                items.ids.extend([letter.message_id.to_string(), key.clone()]);
                items.meet(at, visit.trace());
            }
            Ok(ControlFlow::Continue(()))
        })?;
        for (owner, mut items) in boxes {
            let kept =
                originals.letters().filter(|k| k.document.editors.iter().any(|e| e.eq_ignore_ascii_case(&owner)));
            items.kept = kept
                .filter_map(|k| {
                    Some((
                        k.at()?,
                        [&k.document.document_id, &k.document.sha256].into_iter().any(|i| items.ids.contains(i)),
                    ))
                })
                .collect();
            if let Some(finding) = dated(&owner, true, items, &told, context)? {
                found(finding)?;
            }
        }
        // Papers: by the evidence that they lie in, told by what is known of their originals.
        let names = names(case)?;
        let known: HashMap<&str, Time> =
            originals.all.iter().filter(|k| !k.is_letter()).filter_map(|k| Some((k.name.as_str(), k.at()?))).collect();
        let mut papers: BTreeMap<EvidenceId, (Items, BTreeSet<String>)> = BTreeMap::new();
        for entry in entries.iter().filter(|e| leaked.holds(e.trace.evidence) && is_member(&e.trace.steps)) {
            let Some((class, original)) = told.documents.get(&entry.document.sha256) else { continue };
            let (items, there) = papers.entry(entry.trace.evidence).or_default();
            there.insert(original.clone());
            // Of an altered copy, the version that was taken is the original's.
            let at = match class {
                Class::SealedOriginal => instant(&entry.document.modified),
                Class::AlteredCopy | Class::ReissuedCopy => known.get(original.as_str()).copied(),
                _ => None,
            };
            if let Some(at) = at.filter(|at| at.0 != 0) {
                items.all.push(Item { at, vouched: true });
                items.meet(at, entry.trace.clone());
            }
        }
        for (evidence, (mut items, there)) in papers {
            items.kept = known.iter().map(|(name, at)| (*at, there.contains(*name))).collect();
            items.kept.sort_unstable();
            let of = name(&names, evidence, &[]);
            if let Some(finding) = dated(&of, false, items, &told, context)? {
                found(finding)?;
            }
        }
        Ok(())
    }
}

/// What was found before.
#[derive(Default)]
struct Told {
    /// Of each document and letter, by hash or key.
    documents: HashMap<String, (Class, String)>,
    /// Evidence with forgeries or decoys in it.
    forged: BTreeSet<EvidenceId>,
    /// When all of it was out.
    out: Option<Time>,
}

impl Told {
    fn of(case: &dyn View) -> Result<Told> {
        let mut told = Told::default();
        case.findings(&mut |finding| {
            if let (Authenticity::NAME, Ok(row)) = (&*finding.detector, Authenticity::of(&finding.fields)) {
                if row.decoy || matches!(row.class, Class::AlteredCopy | Class::LikelyFabricated) {
                    told.forged.extend(finding.traces.iter().filter(|t| is_member(&t.steps)).map(|t| t.evidence));
                }
                told.documents.insert(row.sha256, (row.class, row.original));
            } else if &*finding.detector == Publication::NAME && finding.severity > Severity::Info {
                told.out = [told.out, finding.first].into_iter().flatten().min();
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(told)
    }

    fn class(&self, key: &str) -> Option<Class> {
        self.documents.get(key).map(|(class, _)| *class)
    }
}

/// Whether somebody else than the leak says that a thing of this day was there.
fn is_vouched(class: Class) -> bool {
    matches!(class, Class::SealedOriginal | Class::GenuineBySignature | Class::ReissuedCopy | Class::AlteredCopy)
}

#[derive(Clone, Copy)]
struct Item {
    at: Time,
    vouched: bool,
}

/// The things of one mailbox or archive.
#[derive(Default)]
struct Items {
    all: Vec<Item>,
    ids: BTreeSet<String>,
    /// Known ones, and whether the leak has them.
    kept: Vec<(Time, bool)>,
    /// The traces of the newest.
    newest: BTreeMap<Time, Trace>,
}

impl Items {
    fn meet(&mut self, at: Time, trace: Trace) {
        self.newest.insert(at, trace);
        if self.newest.len() > 5 {
            self.newest.pop_first();
        }
    }
}

/// The rhythm in which things come: how many in each hour of a working day, and of the others.
struct Rhythm<'z> {
    rates: [[f64; 24]; 2],
    zone: &'z TimeZone,
}

impl<'z> Rhythm<'z> {
    fn of(times: &[Time], zone: &'z TimeZone) -> Rhythm<'z> {
        let (Some(first), Some(last)) = (times.first(), times.last()) else {
            return Rhythm { rates: [[0.0; 24]; 2], zone };
        };
        let mut counts = [[0.0f64; 24]; 2];
        for at in times {
            let (kind, hour) = hour(*at, zone);
            counts[kind][hour] += 1.0;
        }
        let mut days = [0.0f64; 2];
        let mut at = *first;
        while at <= *last {
            days[hour(at, zone).0] += 1.0;
            at = Time::from_seconds(at.seconds() + 86_400);
        }
        // An hour borrows from the two beside it, and none is held to be impossible.
        let smooth = |kind: usize, h: usize| {
            let of = |h: usize| counts[kind][h % 24];
            (0.5 * of(h) + 0.25 * (of(h + 1) + of(h + 23)) + 0.02) / days[kind].max(1.0)
        };
        let rates = [0, 1].map(|kind| std::array::from_fn(|h| smooth(kind, h)));
        Rhythm { rates, zone }
    }

    /// How many things usually come from one moment to another, counted by tenths of an hour; stops where enough came.
    fn expected(&self, from: Time, to: Time, enough: f64) -> (f64, Time) {
        const STEP: i64 = 360;
        let (mut at, mut sum) = (from.seconds(), 0.0);
        while at < to.seconds() && sum < enough {
            let (kind, hour) = hour(Time::from_seconds(at), self.zone);
            let step = STEP.min(to.seconds() - at);
            sum += self.rates[kind][hour] * step as f64 / 3600.0;
            at += step;
        }
        (sum, Time::from_seconds(at))
    }
}

fn hour(at: Time, zone: &TimeZone) -> (usize, usize) {
    let z = at.in_zone(zone);
    let weekend = matches!(z.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday);
    (usize::from(weekend), z.hour() as usize)
}

/// How much of the rhythm passes, at most, before the next comes: of all moments, this share lies nearer to what came last.
fn patience(gaps: &mut [f64]) -> f64 {
    gaps.sort_by(f64::total_cmp);
    let (total, n) = (gaps.iter().sum::<f64>(), gaps.len() as f64);
    // What came by chance alone needs −ln(1 − sure); bursts and silences need what was seen.
    let least = -(1.0 - SURE).ln();
    let mut before = 0.0;
    for (rank, gap) in gaps.iter().enumerate() {
        let covered = before + gap * (n - rank as f64);
        if total > 0.0 && covered >= SURE * total {
            return gap.max(least);
        }
        before += gap;
    }
    gaps.last().copied().unwrap_or(0.0).max(least)
}

/// The interval, as a finding; none where too little is known.
fn dated(of: &str, is_mailbox: bool, mut items: Items, told: &Told, context: &Context) -> Result<Option<Finding>> {
    items.all.sort_by_key(|i| i.at);
    let vouched = items.all.iter().filter(|i| i.vouched).count();
    // Where enough is vouched for, nothing else says what is the newest: a forger dates as he likes.
    let only = vouched >= LEAST;
    let times: Vec<Time> = items.all.iter().filter(|i| i.vouched || !only).map(|i| i.at).collect();
    if times.len() < LEAST {
        return Ok(None);
    }
    let zone = context.config.zone()?;
    let since = times[times.len() - 1].seconds() - MEMORY;
    let recent: Vec<Time> = times.iter().copied().filter(|t| t.seconds() >= since).collect();
    let rhythm = Rhythm::of(&recent, &zone);
    let far = |a: Time, b: Time| rhythm.expected(a, b, f64::INFINITY).0;
    let mut gaps: Vec<f64> = recent.windows(2).map(|w| far(w[0], w[1])).collect();
    let mut newest = times[times.len() - 1];
    // Without anybody to vouch for it, one that comes long after all others is no witness.
    if !only {
        while let [.., before, last] = &recent[..=recent.partition_point(|t| *t < newest)]
            && far(*before, *last) > STRAY
        {
            newest = *before;
            gaps.retain(|g| *g <= STRAY);
        }
    }
    let patience = patience(&mut gaps);
    items.kept.sort_unstable();
    let before: Vec<bool> = items.kept.iter().filter(|(at, _)| *at <= newest).map(|(_, there)| *there).collect();
    let withheld = before.iter().filter(|there| !**there).count();
    let after: Vec<Time> = items.kept.iter().filter(|(at, there)| *at > newest && !there).map(|(at, _)| *at).collect();
    let shared = before.len() - withheld;
    // So many in a row must be missing that it is not likely that they were all held back.
    let share = (withheld as f64 + 0.5) / (before.len() as f64 + 1.0);
    let row = (HELD_BACK.ln() / share.ln()).ceil().max(1.0);
    let known = after.get(row as usize - 1).filter(|_| shared >= LEAST && share < 0.5).copied();
    let horizon = Time::from_seconds(newest.seconds() + 400 * 86_400);
    let (passed, over) = rhythm.expected(newest, horizon, patience);
    let ends = [
        known.map(|at| (at, Bound::Missing, 97)),
        (passed >= patience && recent.len() >= LEAST).then_some((over, Bound::Rhythm, (SURE * 100.0) as u8)),
        told.out.filter(|out| *out >= newest).map(|at| (at, Bound::Published, 90)),
    ];
    // What is missing is worth more than what is usual; nothing is taken once it is out.
    let chosen = match ends {
        [Some(missing), _, out] => out.filter(|o| o.0 < missing.0).unwrap_or(missing),
        [None, usual, out] => {
            let Some(chosen) = usual.into_iter().chain(out).min_by_key(|e| e.0) else { return Ok(None) };
            chosen
        }
    };
    let (latest, bound, sure) = chosen;
    let days: BTreeSet<i64> = times.iter().map(|t| t.seconds().div_euclid(86_400)).collect();
    let row = Theft {
        of: of.into(),
        earliest: newest,
        latest: latest.max(newest),
        bound,
        items: times.len() as u64,
        vouched: vouched as u64,
        withheld: withheld as u64,
        days: days.len() as u64,
        sure,
    };
    Ok(Some(finding(row, is_mailbox, items.newest.into_values().collect(), &zone)))
}

fn finding(row: Theft, is_mailbox: bool, traces: Vec<Trace>, zone: &TimeZone) -> Finding {
    let (from, to) = (row.earliest.told(zone), row.latest.told(zone));
    let (items, vouched) = (Text::number(row.items), Text::number(row.vouched));
    let (what, fr) =
        if is_mailbox { ("The mailbox of", "La boîte de") } else { ("The papers in", "Les documents de") };
    let bound = row.bound.text();
    let mut reasons = vec![
        Reason::supporting(
            60,
            match row.vouched {
                0 => Text::new(
                    format!(
                        "the newest of {} things in it says that it is of {from}; nothing vouches for a date",
                        items.en
                    ),
                    format!("la plus récente de {} choses se dit du {from} ; rien n’en garantit la date", items.fr),
                ),
                _ => Text::new(
                    format!("the newest of {} things in it is of {from}; {} are vouched for", items.en, vouched.en),
                    format!("la plus récente de {} choses est du {from} ; {} sont garanties", items.fr, vouched.fr),
                ),
            },
        ),
        Reason::supporting(50, Text::new(format!("until {to}: {}", bound.en), format!("jusqu’au {to} : {}", bound.fr))),
    ];
    if row.withheld > 0 {
        reasons.push(Reason::against(
            15,
            Text::new(
                format!(
                    "{} earlier ones that are known were left out of the leak: the last may have been too",
                    row.withheld
                ),
                format!(
                    "{} choses plus anciennes et connues manquent dans la fuite : les dernières ont pu être retenues",
                    row.withheld
                ),
            ),
        ));
    }
    reasons.push(Reason::against(
        15,
        Text::new(
            "it is the last copying that is dated: earlier copies leave no mark here",
            "c’est la dernière copie qui est datée : des copies antérieures ne laissent pas de trace ici",
        ),
    ));
    reasons.push(Reason::against(
        20,
        Text::new(
            "that it was copied says neither by whom nor whether he was allowed to",
            "qu’on l’ait copié ne dit ni qui l’a fait, ni s’il en avait le droit",
        ),
    ));
    if row.bound == Bound::Rhythm {
        reasons.push(Reason::against(
            10,
            Text::new(
                format!("the end is where {} of 100 waits in this rhythm would have brought something more: in the others it is later", row.sure),
                format!("la fin est là où {} attentes sur 100, à ce rythme, auraient apporté autre chose : dans les autres, elle est plus tardive", row.sure),
            ),
        ));
    }
    let mut entities = Vec::new();
    if is_mailbox {
        entities.push(Entity::new(EntityKind::UserAccount, row.of.clone(), Role::Victim));
        entities.push(Entity::new(EntityKind::EmailAddr, row.of.clone(), Role::Victim));
    }
    Finding {
        detector: Theft::NAME.into(),
        key: row.of.clone(),
        severity: Severity::High,
        confidence: if row.vouched > 0 { 85 } else { 65 },
        level: Level::Grey,
        title: Text::new(
            format!("{what} `{}`: what came out was copied last between {from} and {to}", row.of),
            format!("{fr} « {} » : ce qui a fuité a été copié en dernier entre le {from} et le {to}", row.of),
        ),
        reasons,
        // ATT&CK: email collection; data from information repositories.
        techniques: vec![if is_mailbox { "T1114".into() } else { "T1213".into() }],
        first: Some(row.earliest),
        last: Some(row.latest),
        entities,
        traces,
        fields: row.fields(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Config, Random};

    /// Letters of a hundred days, sixteen on a working day, between seven and ten in the evening.
    fn letters(random: &mut Random) -> Vec<Time> {
        let mut all = Vec::new();
        for day in 0..100 {
            let begin = 1_484_000_000 / 86_400 * 86_400 + day * 86_400;
            let weekend = hour(Time::from_seconds(begin + 43_200), &TimeZone::UTC).0 == 1;
            for _ in 0..random.poisson(if weekend { 6.4 } else { 16.0 }) {
                all.push(Time::from_seconds(begin + 7 * 3600 + random.below(15 * 3600) as i64));
            }
        }
        all.sort_unstable();
        all
    }

    #[test]
    fn the_interval_holds_the_theft_and_is_a_day_at_most() {
        let config = Config::default();
        let origins = crate::origin::Origin::default();
        let context = Context { config: &config, origins: &origins, at: Time::default(), modified: None };
        for known in [false, true] {
            let (mut held, seeds) = (0, 20);
            for seed in 0..seeds {
                let mut random = Random::stream(seed, "theft", 0);
                let all = letters(&mut random);
                let taken = Time::from_seconds(all[0].seconds() + random.range(80 * 86_400, 95 * 86_400) as i64);
                let mut items = Items::default();
                for at in &all {
                    // One in fifty is held back.
                    let there = *at <= taken && !random.chance(0.02);
                    items.kept.extend(known.then_some((*at, there)));
                    if there {
                        items.all.push(Item { at: *at, vouched: known });
                    }
                }
                let found = dated("anna@parti.example", true, items, &Told::default(), &context);
                let row = found.ok().flatten().and_then(|f| Theft::of(&f.fields).ok()).expect("a finding");
                assert_eq!(row.bound, if known { Bound::Missing } else { Bound::Rhythm });
                // One letter missing may have been held back: on a day that brought no more, it takes longer to say.
                let day = row.earliest.seconds()..row.earliest.seconds() + 86_400;
                let quiet =
                    known && all.iter().filter(|t| day.contains(&t.seconds()) && **t > row.earliest).count() < 2;
                assert!(row.latest.since(row.earliest) <= 86_400 || quiet, "{seed}: {row:?}");
                held += u64::from(row.earliest <= taken && taken <= row.latest);
            }
            assert!(held * 100 >= seeds * 95, "{held} of {seeds}");
        }
    }
}
