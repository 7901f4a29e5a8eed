//! Look-alikes: names made to resemble what is protected, weighed with what is known of their registration.

use super::flood::{Domain, Patterns, domains};
use super::kernel::{Judge, Judgement, Scratch};
use super::registration::date;
use super::score::{HIGH, MEDIUM};
use super::settings::Settings;
use crate::domain::Parts;
use crate::{Detector, Specification};
use model::{Context, Day, Entity, Finding, Level, Reason, Result, Role, Severity, Text, Time, Trace, View};
use rows::names::{Lookalike, Record, Registered, Registration, Resemblance, Seen, Via};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// A domain that resembles something, with all that was seen of it.
pub struct Suspect {
    /// The judgement of its most telling name, weighed.
    pub judgement: Judgement,
    /// All names seen under it.
    pub names: BTreeSet<String>,
    /// First and last time it was seen, where known.
    pub seen: Option<(Time, Time)>,
    /// Its registration, as far as known.
    pub registration: Registration,
    /// The evidence.
    pub traces: Vec<Trace>,
    /// Who asked for it.
    pub clients: BTreeSet<String>,
    /// Where it was met in evidence of other kinds.
    pub met: BTreeSet<Via>,
    /// The addresses that asked for it or brought it.
    pub parties: BTreeSet<Entity>,
}

impl Suspect {
    /// How much it matters.
    pub fn severity(&self) -> Severity {
        severity(self.judgement.score)
    }
}

/// How much a resemblance matters.
pub fn severity(score: u8) -> Severity {
    match score {
        HIGH.. => Severity::High,
        MEDIUM.. => Severity::Medium,
        30.. => Severity::Low,
        _ => Severity::Info,
    }
}

/// Adds the records that were seen with a name.
pub fn add_records(registration: &mut Registration, records: BTreeMap<Record, BTreeSet<String>>) {
    for (kind, values) in records {
        match kind {
            Record::A | Record::Aaaa => registration.addresses.extend(values),
            Record::Ns => registration.name_servers.extend(values),
            Record::Mx => registration.mail.extend(values),
            Record::Certificate => registration.certificates.extend(values),
            Record::Created => {
                registration.created = registration.created.or(values.iter().filter_map(|v| date(v)).min())
            }
            Record::Registrar if registration.registrar.is_empty() => {
                registration.registrar = values.into_iter().max().unwrap_or_default()
            }
            _ => {}
        }
    }
    registration.bound();
}

/// All look-alikes of a case that are told one by one, by domain.
pub fn suspects(case: &dyn View, context: &Context) -> Result<BTreeMap<String, Suspect>> {
    let setup = super::setup::setup(context)?;
    let mut scratch = Scratch::default();
    let mut all: BTreeMap<String, Suspect> = BTreeMap::new();
    let mut patterns = Patterns::new(case, setup.settings.flood)?;
    domains(case, &mut |domain| {
        if patterns.is_apart(&domain) {
            all.extend(suspect(domain, &setup.judge, &mut scratch).map(|s| (s.judgement.domain.clone(), s)));
        }
        Ok(())
    })?;
    let own = own_domains(context);
    let mut owners: BTreeSet<String> = BTreeSet::new();
    case.observations(Registered::NAME, &mut |visit| {
        let o = &visit.observation;
        if own.contains(&o.key) {
            owners.extend(Registered::of(&o.fields)?.registration.registrant);
        } else if let Some(row) = all.get_mut(&o.key) {
            row.registration.merge(Registered::of(&o.fields)?.registration);
            row.traces.push(visit.trace());
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let since = since(context, &setup.settings);
    let popular = setup.settings.popular.iter().filter(|_| !setup.settings.no_indicators);
    let popular: BTreeSet<&str> = popular.map(String::as_str).collect();
    for row in all.values_mut() {
        weigh(row, &owners, since, popular.contains(row.judgement.domain.as_str()));
    }
    Ok(all)
}

/// Brings together what rows say of a domain; none where no name of it resembles anything now.
fn suspect(domain: Domain, judge: &Judge, scratch: &mut Scratch) -> Option<Suspect> {
    let mut all: Option<Suspect> = None;
    for (visit, Resemblance { seen: Seen { names, clients, met, records, .. }, .. }) in domain.rows {
        let o = &visit.observation;
        // Who else may be allowed or protected since it was read: judge again, with reasons.
        let best = names
            .iter()
            .filter_map(|n| judge.judge(n.as_bytes(), scratch))
            .max_by_key(|j| (j.score, std::cmp::Reverse(j.name.clone())));
        let Some(judgement) = best else { continue };
        let seen = (o.first != Time::default()).then_some((o.first, o.last));
        let row = all.get_or_insert_with(|| Suspect {
            judgement: judgement.clone(),
            names: BTreeSet::new(),
            seen: None,
            registration: Registration::default(),
            traces: Vec::new(),
            clients: BTreeSet::new(),
            met: BTreeSet::new(),
            parties: BTreeSet::new(),
        });
        if judgement.score > row.judgement.score {
            row.judgement = judgement;
        }
        row.names.extend(names);
        row.clients.extend(clients);
        row.met.extend(met);
        row.parties.extend(o.entities.iter().filter(|e| e.kind.is_address()).cloned());
        row.seen = match (row.seen, seen) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        add_records(&mut row.registration, records);
        row.traces.push(visit.trace());
    }
    all
}

fn own_domains(context: &Context) -> BTreeSet<String> {
    let protect = &context.config.protect;
    let mut parts = Parts::default();
    let all = protect.domains.iter().chain(&protect.mail_domains);
    all.filter_map(|d| parts.set_protected(d.as_bytes()).ok().map(|_| parts.domain().to_string())).collect()
}

/// The day before which nobody can have meant this campaign.
fn since(context: &Context, settings: &Settings) -> Option<Time> {
    let first = || context.config.election.days.iter().map(Day::start).min();
    let day = settings.since.0.as_ref().map(Day::start);
    day.or_else(|| first().map(|day| Time::from_seconds(day.seconds() - 2 * 365 * 86_400)))
}

/// What else is known of the name, for and against.
fn weigh(row: &mut Suspect, owners: &BTreeSet<String>, since: Option<Time>, popular: bool) {
    let mut score = i32::from(row.judgement.score);
    let reasons = &mut row.judgement.reasons;
    let mut against = |score: &mut i32, weight: u8, en: String, fr: String| {
        *score -= i32::from(weight);
        reasons.push(Reason::against(weight, Text::new(en, fr)));
    };
    let r = &row.registration;
    let day = |t: Time| t.to_string()[..10].to_string();
    if let Some(owner) = r.registrant.iter().find(|o| owners.contains(*o)) {
        against(
            &mut score,
            60,
            format!("it has the same owner as a protected domain: `{owner}`"),
            format!("il a le même titulaire qu’un domaine protégé : `{owner}`"),
        );
    }
    if popular {
        against(&mut score, 40, "it is a popular site".into(), "c’est un site populaire".into());
    }
    if let (Some(created), Some(since)) = (r.created, since)
        && created < since
    {
        against(
            &mut score,
            30,
            format!("it was registered on {}, before the campaign began", day(created)),
            format!("il a été enregistré le {}, avant le début de la campagne", day(created)),
        );
    }
    if !r.mail.is_empty() {
        score += 4;
        reasons.push(Reason::supporting(10, Text::new("it can receive mail", "il peut recevoir du courrier")));
    }
    if let (Some(created), Some(since)) = (r.created, since)
        && created >= since
    {
        score += 4;
        reasons.push(Reason::supporting(
            10,
            Text::new(
                format!("it was registered during the campaign, on {}", day(created)),
                format!("il a été enregistré pendant la campagne, le {}", day(created)),
            ),
        ));
    }
    if !row.clients.is_empty() {
        reasons.push(Reason::supporting(
            10,
            Text::count(
                row.clients.len() as u64,
                ("machine asked for it", "machine l’a demandé"),
                ("machines asked for it", "machines l’ont demandé"),
            ),
        ));
    }
    for via in &row.met {
        score += 4;
        reasons.push(Reason::supporting(10, via.text()));
    }
    row.judgement.score = score.clamp(0, 100) as u8;
}

/// `names/lookalike`.
pub struct LookalikeDetector;

impl Detector for LookalikeDetector {
    fn id(&self) -> &'static str {
        Lookalike::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Lookalike>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Resemblance::NAME, Registered::NAME]
    }

    fn watched(&self) -> &'static [&'static str] {
        &["score", "imitates", "registrar", "registrant", "name_servers", "mail", "addresses", "certificates", "met"]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("lookalike.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        suspects(case, context)?.into_values().try_for_each(|row| found(finding(row)))
    }
}

fn finding(row: Suspect) -> Finding {
    let severity = row.severity();
    let Suspect { judgement: j, names, seen, registration, mut traces, clients, met, parties } = row;
    traces.sort_by_key(|t| (t.evidence, t.steps.clone(), t.spans.iter().next()));
    let technique = j.techniques.first().copied();
    let by = technique.map(|t| t.text()).unwrap_or_default();
    let shown = j.shown.as_deref().map_or(String::new(), |s| format!(" (`{s}`)"));
    let title = Text::new(
        format!("`{}`{shown} looks like `{}`: {}", j.name, j.imitates, by.en),
        format!("`{}`{shown} ressemble à `{}` : {}", j.name, j.imitates, by.fr),
    );
    let mut entities = vec![Entity::domain(&j.domain, Role::Infrastructure)];
    let others = names.iter().filter(|n| **n != j.domain);
    entities.extend(others.map(|n| Entity::domain(n, Role::Infrastructure)));
    let hosts = registration.addresses.iter().filter_map(|a| model::Address::parse(a.as_bytes()));
    entities.extend(hosts.map(|a| Entity::address(a, Role::Infrastructure)));
    entities.extend(super::registration::holders(&registration.registrant));
    entities.extend(parties);
    let created = registration.created;
    let row = Lookalike {
        domain: j.domain,
        technique,
        techniques: j.techniques,
        imitates: j.imitates,
        score: j.score,
        names,
        shown: j.shown,
        registration,
        clients,
        met,
    };
    Finding {
        detector: Cow::Borrowed(Lookalike::NAME),
        fields: row.fields(),
        key: row.domain,
        severity,
        confidence: row.score,
        level: Level::Grey,
        title,
        reasons: j.reasons,
        techniques: vec!["T1583.001".into()],
        first: seen.map(|s| s.0).or(created),
        last: seen.map(|s| s.1).or(created),
        entities,
        traces,
    }
}
