//! Who sends in one's name, as other servers report it (DMARC aggregate reports), and whether mail to one's own servers
//! came over TLS (TLS-RPT). Specification: `dmarc.md`.
//!
//! You may rely on: one finding for each domain and kind of report; a row that two reporters told twice in one report
//! of theirs counts once. Left out: single failures (RFC 6591), which hold other people's mail.

use crate::{Detector, Specification};
use model::{
    Address, Context, Entity, Finding, Level, Network, Reason, Result, Role, Severity, Text, Time, Trace, View, Visit,
};
use rows::mail::dmarc::{self, Day, Encryption, Party, Reported, Reporter, Senders, Service};
use rows::mail::report::{Record, Report, Sessions};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// Sources and days told of a domain.
const LISTED: usize = 100;
/// Sources held of a domain.
const SOURCES: usize = 100_000;
/// Messages by strangers that make it worth a look today.
const MANY: u64 = 100;

/// What is noted where a reporter believed a seal.
const SEALED: &str = "arc";

/// `mail/dmarc`.
pub struct DmarcDetector;

/// What one source sent in a domain's name.
#[derive(Clone, Default)]
struct Source {
    messages: u64,
    passed: u64,
    spf: u64,
    dkim: u64,
    rejected: u64,
    first: Option<Time>,
    last: Option<Time>,
    /// Domains it authenticated as, aligned or not.
    proved: BTreeSet<String>,
    reasons: BTreeSet<String>,
}

/// What is known of a domain.
#[derive(Default)]
struct Domain {
    sources: BTreeMap<Address, Source>,
    days: BTreeMap<String, (u64, u64)>,
    /// Messages and failures, by who reported them.
    reporters: BTreeMap<String, (u64, u64)>,
    policy: BTreeMap<Time, String>,
    traces: Vec<Trace>,
    seen: BTreeSet<String>,
}

/// What is known of the encryption of mail to a domain.
#[derive(Default)]
struct Tls {
    successful: u64,
    failed: u64,
    failures: BTreeMap<String, u64>,
    reporters: BTreeSet<String>,
    first: Option<Time>,
    last: Option<Time>,
    traces: Vec<Trace>,
    seen: BTreeSet<String>,
}

impl Detector for DmarcDetector {
    fn id(&self) -> &'static str {
        Reported::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Reported>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Report::NAME]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("dmarc.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let mut domains: BTreeMap<String, Domain> = BTreeMap::new();
        let mut tls: BTreeMap<String, Tls> = BTreeMap::new();
        case.observations(Report::NAME, &mut |visit| {
            match Report::of(&visit.observation.fields)? {
                Report::Dmarc(row) => domains.entry(row.domain.clone()).or_default().add(&visit, row),
                Report::Tls(row) => tls.entry(row.policy_domain.to_lowercase()).or_default().add(&visit, row),
                Report::Arf(_) => {}
            }
            Ok(ControlFlow::Continue(()))
        })?;
        for (name, domain) in &domains {
            if let Some(finding) = domain.finding(name, context) {
                found(finding)?;
            }
        }
        for (name, tls) in &tls {
            if let Some(finding) = tls.finding(name) {
                found(finding)?;
            }
        }
        Ok(())
    }
}

fn span(first: &mut Option<Time>, last: &mut Option<Time>, visit: &Visit) {
    let o = &visit.observation;
    if o.first.0 > 0 {
        *first = Some(first.map_or(o.first, |t| t.min(o.first)));
        *last = Some(last.map_or(o.last, |t| t.max(o.last)));
    }
}

fn day(time: Time) -> String {
    time.to_string().chars().take(10).collect()
}

impl Domain {
    fn add(&mut self, visit: &Visit, row: Record) {
        let o = &visit.observation;
        let Some(address) = Address::parse(row.source_ip.as_bytes()) else { return };
        // The same report may have come twice.
        let Record { org_name, report_id, header_from, envelope_from, .. } = &row;
        let id = format!("{org_name}|{report_id}|{}|{}|{header_from:?}", o.key, o.count);
        let id = format!("{id}|{}|{}|{envelope_from}", row.dkim, row.spf);
        let is_new = self.seen.len() >= SOURCES || self.seen.insert(id);
        if !is_new || self.sources.len() >= SOURCES && !self.sources.contains_key(&address) {
            return;
        }
        let (spf, dkim) = (row.spf == "pass", row.dkim == "pass");
        let source = self.sources.entry(address).or_default();
        let refused = matches!(row.disposition.as_str(), "reject" | "quarantine");
        for (sum, counts) in [
            (&mut source.messages, true),
            (&mut source.passed, spf || dkim),
            (&mut source.spf, spf),
            (&mut source.dkim, dkim),
            (&mut source.rejected, refused),
        ] {
            // Counts are the reporter's word: they may be any number.
            *sum = sum.saturating_add(if counts { o.count } else { 0 });
        }
        span(&mut source.first, &mut source.last, visit);
        source.reasons.extend(Some(row.reason).filter(|r| !r.is_empty()));
        // Microsoft and Google note as a local policy that a seal (ARC) was believed.
        let sealed = row.comment.split([' ', ';', ',']).any(|w| w.eq_ignore_ascii_case("arc=pass"));
        source.reasons.extend(sealed.then(|| SEALED.to_string()));
        for results in [row.spf_results, row.dkim_results] {
            let passed = results.into_iter().filter(|r| r.result.as_deref() == Some("pass"));
            let domains = passed.filter_map(|r| r.domain).filter(|d| !d.is_empty());
            source.proved.extend(domains.map(|d| d.to_lowercase()).take(8));
        }
        let counts = self.days.entry(day(o.first)).or_default();
        let sum = if spf || dkim { &mut counts.0 } else { &mut counts.1 };
        *sum = sum.saturating_add(o.count);
        let told = self.reporters.entry(row.org_name).or_default();
        told.0 = told.0.saturating_add(o.count);
        told.1 = told.1.saturating_add(if spf || dkim { 0 } else { o.count });
        self.policy.insert(o.last, row.policy_p);
        let trace = visit.trace();
        if self.traces.len() < LISTED && !self.traces.contains(&trace) {
            self.traces.push(trace);
        }
    }

    /// What each source is, by what it proves and where it stands.
    fn role(&self, address: Address, source: &Source, name: &str, own: &BTreeSet<Network>, context: &Context) -> Party {
        let ours = |d: &String| super::content::ideas::under(d, name) || super::content::ideas::under(name, d);
        match () {
            () if source.passed >= source.messages - source.passed => Party::Authentic,
            () if context.config.is_own(address) || own.contains(&address.network()) => Party::Misconfigured,
            () if source.passed > 0 || source.proved.iter().any(ours) => Party::Misconfigured,
            () if !source.proved.is_empty() || source.reasons.iter().any(|r| forwards(r)) => Party::OtherService,
            () => Party::Stranger,
        }
    }

    fn finding(&self, name: &str, context: &Context) -> Option<Finding> {
        // Networks from which most of what comes passes are one's own.
        let mut networks: BTreeMap<Network, (u64, u64)> = BTreeMap::new();
        for (address, source) in &self.sources {
            let counts = networks.entry(address.network()).or_default();
            counts.0 = counts.0.saturating_add(source.messages);
            counts.1 = counts.1.saturating_add(source.passed);
        }
        let own: BTreeSet<Network> =
            networks.into_iter().filter(|(_, (all, passed))| *passed > *all / 2).map(|(n, _)| n).collect();
        let mut by_role: BTreeMap<Party, (u64, u64)> = BTreeMap::new();
        let mut rows: Vec<(Party, Address, &Source)> =
            self.sources.iter().map(|(a, s)| (self.role(*a, s, name, &own, context), *a, s)).collect();
        rows.sort_by_key(|(role, address, s)| (std::cmp::Reverse(*role), std::cmp::Reverse(s.messages), *address));
        let mut countries: BTreeMap<String, u64> = BTreeMap::new();
        for (role, address, source) in &rows {
            let counts = by_role.entry(*role).or_default();
            counts.0 += 1;
            counts.1 = counts.1.saturating_add(source.messages);
            if *role == Party::Stranger {
                let sum = countries.entry(context.origins.country(*address)).or_default();
                *sum = sum.saturating_add(source.messages);
            }
        }
        let sum = |f: &dyn Fn(&Source) -> u64| self.sources.values().map(f).fold(0, u64::saturating_add);
        let (messages, passed) = (sum(&|s| s.messages), sum(&|s| s.passed));
        let of = |role: Party| by_role.get(&role).copied().unwrap_or_default();
        let (strangers, others, broken) = (of(Party::Stranger), of(Party::OtherService), of(Party::Misconfigured));
        let policy = self.policy.last_key_value().map_or("", |(_, p)| p.as_str());
        let open = !matches!(policy, "reject" | "quarantine");
        let severity = match () {
            () if open && strangers.1 >= MANY => Severity::Medium,
            () if strangers.1 > 0 || broken.1 > 0 => Severity::Low,
            () => Severity::Info,
        };
        let first = self.sources.values().filter_map(|s| s.first).min();
        let last = self.sources.values().filter_map(|s| s.last).max();
        let source = |(role, address, s): &(Party, Address, &Source)| dmarc::Source {
            source: address.to_string(),
            country: context.origins.country(*address),
            network: context.origins.network(*address).map(|(_, name)| name),
            role: *role,
            messages: s.messages,
            passed: s.passed,
            spf: s.spf,
            dkim: s.dkim,
            rejected: s.rejected,
            first: s.first,
            last: s.last,
            proved: s.proved.clone(),
        };
        let seen = |role: Party| rows.iter().filter(move |r| r.0 == role).map(|r| r.2);
        let row = Senders {
            domain: name.to_string(),
            messages,
            passed,
            failed: messages - passed,
            spf: sum(&|s| s.spf),
            dkim: sum(&|s| s.dkim),
            stranger_messages: strangers.1,
            strangers: strangers.0,
            misconfigured: broken.0,
            other_services: others.0,
            policy: policy.to_string(),
            countries,
            strangers_first: seen(Party::Stranger).filter_map(|s| s.first).min(),
            strangers_last: seen(Party::Stranger).filter_map(|s| s.last).max(),
            services: services(seen(Party::OtherService)),
            // Some of each kind: a thousand strangers must not hide the one service that was forgotten.
            sources: rows.chunk_by(|a, b| a.0 == b.0).flat_map(|of| of.iter().take(LISTED)).map(source).collect(),
            days: (self.days.iter().take(4000))
                .map(|(day, (passed, failed))| Day { day: day.clone(), passed: *passed, failed: *failed })
                .collect(),
            reporters: (self.reporters.iter().take(LISTED))
                .map(|(name, (all, failed))| Reporter { name: name.clone(), messages: *all, failed: *failed })
                .collect(),
        };
        let mut reasons = Vec::new();
        let mut say = |supports: bool, weight: u8, en: String, fr: String| {
            reasons.push(Reason { supports, weight, text: Text::new(en, fr) });
        };
        if strangers.1 > 0 {
            say(
                true,
                60,
                format!("{} sources that prove nothing sent {} messages in its name", strangers.0, strangers.1),
                format!("{} sources qui ne prouvent rien ont envoyé {} messages en son nom", strangers.0, strangers.1),
            );
        }
        if open && strangers.1 > 0 {
            say(
                true,
                30,
                "its policy asks nobody to refuse them (`p=none`)".into(),
                "sa politique ne demande à personne de les refuser (`p=none`)".into(),
            );
        }
        if broken.1 > 0 {
            say(
                true,
                30,
                format!(
                    "{} sources that look like its own fail: put them in order before the policy is made stricter",
                    broken.0
                ),
                format!(
                    "{} sources qui semblent lui appartenir échouent : à régler avant de durcir la politique",
                    broken.0
                ),
            );
        }
        if others.1 > 0 {
            say(
                false,
                20,
                format!("{} sources prove another name: services not set up for it, or forwarders", others.0),
                format!(
                    "{} sources prouvent un autre nom : services non configurés pour lui, ou redirections",
                    others.0
                ),
            );
        }
        let (many, passing, failed) =
            (Text::number(messages), Text::number(passed), Text::number(messages.saturating_sub(passed)));
        say(
            false,
            20,
            format!("{} of {} messages pass", passing.en, many.en),
            format!("{} messages sur {} passent", passing.fr, many.fr),
        );
        let mut entities = vec![Entity::domain(name, Role::Victim)];
        let others = rows.iter().filter(|r| r.0 == Party::Stranger).map(|r| r.1);
        entities.extend(others.take(50).map(|a| Entity::address(a, Role::Sender)));
        Some(Finding {
            detector: Cow::Borrowed(Reported::NAME),
            key: format!("dmarc|{name}"),
            severity,
            confidence: 80,
            level: if strangers.1 > 0 { Level::Illegal } else { Level::Legal },
            title: Text::new(
                format!("Mail in the name of `{name}`: {} messages, {} of them fail", many.en, failed.en),
                format!("Courriels au nom de `{name}` : {} messages, dont {} échouent", many.fr, failed.fr),
            ),
            reasons,
            techniques: if strangers.1 > 0 { vec!["T1656".into()] } else { Vec::new() },
            first,
            last,
            entities,
            traces: self.traces.clone(),
            fields: Reported::Dmarc(row).fields(),
        })
        .filter(|_| messages > 0)
    }
}

/// Services that prove another name, by that name, the busiest first.
fn services<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<Service> {
    let mut by_name: BTreeMap<&str, Service> = BTreeMap::new();
    for source in sources {
        let Some(name) = source.proved.first() else { continue };
        let service = by_name.entry(name).or_insert_with(|| Service { name: name.clone(), ..Service::default() });
        service.messages = service.messages.saturating_add(source.messages);
        service.addresses += 1;
        service.first = service.first.into_iter().chain(source.first).min();
        service.last = service.last.max(source.last);
        service.forwards |= source.reasons.iter().any(|r| forwards(r));
    }
    let mut all: Vec<Service> = by_name.into_values().collect();
    all.sort_by_key(|s| std::cmp::Reverse(s.messages));
    all.truncate(LISTED);
    all
}

/// Whether a reporter's reason says that the mail was passed on.
fn forwards(reason: &str) -> bool {
    matches!(reason, "forwarded" | "mailing_list" | SEALED)
}

impl Tls {
    fn add(&mut self, visit: &Visit, row: Sessions) {
        let o = &visit.observation;
        let Sessions { org_name, report_id, result_type, .. } = &row;
        let id = format!("{org_name}|{report_id}|{}|{}|{result_type}", o.key, o.count);
        if self.seen.len() < SOURCES && !self.seen.insert(id) {
            return;
        }
        match row.result_type {
            why if why.is_empty() => {
                self.successful = self.successful.saturating_add(row.successful.unwrap_or(0));
                self.failed = self.failed.saturating_add(row.failed);
            }
            why if self.failures.len() < LISTED => {
                let sum = self.failures.entry(why).or_default();
                *sum = sum.saturating_add(row.failed);
            }
            _ => {}
        }
        self.reporters.insert(row.org_name);
        span(&mut self.first, &mut self.last, visit);
        let trace = visit.trace();
        if self.traces.len() < LISTED && !self.traces.contains(&trace) {
            self.traces.push(trace);
        }
    }

    fn finding(&self, name: &str) -> Option<Finding> {
        let (all, failed) = (self.successful.saturating_add(self.failed), self.failed);
        let row = Encryption {
            domain: name.to_string(),
            sessions: all,
            failed,
            failures: self.failures.clone(),
            reporters: self.reporters.clone(),
        };
        let reason = |(why, n): (&String, &u64)| {
            let text = Text::new(format!("`{why}`: {n} sessions"), format!("`{why}` : {n} sessions"));
            Reason::supporting(30, text)
        };
        Some(Finding {
            detector: Cow::Borrowed(Reported::NAME),
            key: format!("tls|{name}"),
            severity: if failed > 0 { Severity::Low } else { Severity::Info },
            confidence: 80,
            level: Level::Legal,
            title: Text::new(
                format!("Encryption of mail to `{name}`: {failed} of {all} sessions failed"),
                format!("Chiffrement des courriels vers `{name}` : {failed} sessions sur {all} ont échoué"),
            ),
            reasons: self.failures.iter().take(20).map(reason).collect(),
            techniques: if failed > 0 { vec!["T1557".into()] } else { Vec::new() },
            first: self.first,
            last: self.last,
            entities: vec![Entity::domain(name, Role::Victim)],
            traces: self.traces.clone(),
            fields: Reported::Tls(row).fields(),
        })
        .filter(|_| all > 0)
    }
}
