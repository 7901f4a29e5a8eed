//! Infrastructure clusters: domains that share a registrant, a certificate, an address, name servers of their own, or
//! both the day and the registrar, with a name that is already held to be bad. One bad name brings the others.
//!
//! You may rely on: what a big provider gives to all its customers links nobody; every link is named with its value.
//! Left out: two clusters that a human would join by other means.

use super::lookalike::{Suspect, add_records, suspects};
use crate::domain::Parts;
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Reason, Result, Role, Severity, Text, Trace, View};
use rows::names::{Cluster, Registered, Registration, Resemblance, Shared, Sighting};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// Domains a cluster may have; what links more links nobody.
const MOST: usize = 500;
/// Rounds of following links.
const ROUNDS: usize = 4;
/// Domains sharing a thing that is not the registrant's own, beyond which it is a provider's.
const PROVIDER: usize = 50;

/// What two domains may share, and how it is shown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Link {
    Registrant(String),
    Certificate(String),
    Address(String),
    NameServer(String),
    Mail(String),
    /// Registered on one day through one registrar.
    Day(String, String),
}

impl Link {
    /// Enough by itself.
    fn is_strong(&self) -> bool {
        matches!(self, Link::Registrant(_) | Link::Certificate(_) | Link::Address(_))
    }

    fn kind(&self) -> Shared {
        match self {
            Link::Registrant(_) => Shared::Registrant,
            Link::Certificate(_) => Shared::Certificate,
            Link::Address(_) => Shared::Address,
            Link::NameServer(_) => Shared::NameServer,
            Link::Mail(_) => Shared::Mail,
            Link::Day(..) => Shared::Registered,
        }
    }

    fn value(&self) -> String {
        match self {
            Link::Registrant(v) | Link::Certificate(v) | Link::Address(v) | Link::NameServer(v) | Link::Mail(v) => {
                v.clone()
            }
            Link::Day(day, registrar) => format!("{day} {registrar}"),
        }
    }

    fn text(&self) -> Text {
        let value = self.value();
        let (en, fr) = match self {
            Link::Registrant(_) => ("the registrant", "le titulaire"),
            Link::Certificate(_) => ("the certificate", "le certificat"),
            Link::Address(_) => ("the address", "l’adresse"),
            Link::NameServer(_) => ("the name server", "le serveur de noms"),
            Link::Mail(_) => ("the mail server", "le serveur de courrier"),
            Link::Day(..) => ("day and registrar of registration", "le jour et le bureau d’enregistrement"),
        };
        Text::new(format!("they share {en} `{value}`"), format!("ils partagent {fr} `{value}`"))
    }
}

/// The links that a domain's registration offers.
fn links(domain: &str, r: &Registration, parts: &mut Parts) -> BTreeSet<Link> {
    let shared = &super::KNOWLEDGE.shared.domains;
    let mut own = |name: &String| {
        // Below the domain itself it links nothing further.
        parts.set(name.as_bytes()).is_ok()
            && parts.domain() != domain
            && !shared.iter().any(|s| parts.domain() == s || name.ends_with(s.as_str()))
    };
    let mut all: BTreeSet<Link> = BTreeSet::new();
    all.extend(r.name_servers.iter().filter(|n| own(n)).cloned().map(Link::NameServer));
    all.extend(r.mail.iter().filter(|n| own(n)).cloned().map(Link::Mail));
    all.extend(r.registrant.iter().cloned().map(Link::Registrant));
    all.extend(r.certificates.iter().cloned().map(Link::Certificate));
    all.extend(r.addresses.iter().cloned().map(Link::Address));
    if let Some(created) = r.created
        && !r.registrar.is_empty()
    {
        all.insert(Link::Day(created.to_string()[..10].into(), r.registrar.clone()));
    }
    all
}

#[derive(Default)]
struct Member {
    registration: Registration,
    links: BTreeSet<Link>,
    traces: Vec<Trace>,
    lookalike: Option<Suspect>,
    sighted: bool,
}

/// `names/cluster`.
pub struct ClusterDetector;

impl Detector for ClusterDetector {
    fn id(&self) -> &'static str {
        Cluster::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Cluster>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Resemblance::NAME, Registered::NAME, Sighting::NAME]
    }

    fn watched(&self) -> &'static [&'static str] {
        &["domains"]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("cluster.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let members = members(case, context)?;
        for names in groups(&members) {
            if let Some(finding) = finding(&names, &members) {
                found(finding)?;
            }
        }
        Ok(())
    }
}

/// The bad names, and whatever shares something with them.
fn members(case: &dyn View, context: &Context) -> Result<BTreeMap<String, Member>> {
    let mut members: BTreeMap<String, Member> = BTreeMap::new();
    let mut parts = Parts::default();
    for (domain, row) in suspects(case, context)? {
        if row.severity() >= Severity::Medium {
            let registration = row.registration.clone();
            let links = links(&domain, &registration, &mut parts);
            members.insert(
                domain,
                Member { registration, links, traces: row.traces.clone(), lookalike: Some(row), sighted: false },
            );
        }
    }
    if !super::setup::setup(context)?.settings.no_indicators {
        case.observations(Sighting::NAME, &mut |visit| {
            let o = &visit.observation;
            let member = members.entry(o.key.clone()).or_default();
            add_records(&mut member.registration, Sighting::of(&o.fields)?.seen.records);
            member.links = links(&o.key, &member.registration, &mut parts);
            member.sighted = true;
            member.traces.push(visit.trace());
            Ok(ControlFlow::Continue(()))
        })?;
    }
    if members.is_empty() {
        return Ok(members);
    }
    let own: BTreeSet<&str> =
        context.config.protect.domains.iter().chain(&context.config.protect.mail_domains).map(|d| &**d).collect();
    for _ in 0..ROUNDS {
        let wanted: BTreeSet<Link> = members.values().flat_map(|m| m.links.iter().cloned()).collect();
        let before = (members.len(), wanted.len());
        case.observations(Registered::NAME, &mut |visit| {
            let o = &visit.observation;
            let new = Registered::of(&o.fields)?.registration;
            let offered = links(&o.key, &new, &mut parts);
            let joins = members.contains_key(&o.key)
                || offered.iter().any(Link::is_strong) && offered.intersection(&wanted).next().is_some()
                || offered.intersection(&wanted).count() > 1;
            if joins && !own.contains(o.key.as_str()) && members.len() < 20 * MOST {
                let member = members.entry(o.key.clone()).or_default();
                member.links.extend(offered);
                member.registration.merge(new);
                let trace = visit.trace();
                if !member.traces.contains(&trace) {
                    member.traces.push(trace);
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let links: BTreeSet<&Link> = members.values().flat_map(|m| &m.links).collect();
        if (members.len(), links.len()) == before {
            break;
        }
    }
    Ok(members)
}

/// Groups linked by one strong thing, or by two others; each has a bad name.
fn groups(members: &BTreeMap<String, Member>) -> Vec<Vec<&str>> {
    let names: Vec<&str> = members.keys().map(String::as_str).collect();
    let mut by_link: BTreeMap<&Link, Vec<usize>> = BTreeMap::new();
    for (n, member) in members.values().enumerate() {
        member.links.iter().for_each(|l| by_link.entry(l).or_default().push(n));
    }
    let mut parent: Vec<usize> = (0..names.len()).collect();
    fn root(parent: &mut [usize], mut n: usize) -> usize {
        while parent[n] != n {
            parent[n] = parent[parent[n]];
            n = parent[n];
        }
        n
    }
    let mut weak: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (link, all) in &by_link {
        let registrants = matches!(link, Link::Registrant(_) | Link::Certificate(_));
        if all.len() > if registrants { MOST } else { PROVIDER } {
            continue;
        }
        for (i, &a) in all.iter().enumerate().skip(1) {
            if link.is_strong() {
                let (a, b) = (root(&mut parent, a), root(&mut parent, all[0]));
                parent[a.max(b)] = a.min(b);
            } else {
                all[..i].iter().for_each(|&b| *weak.entry((b, a)).or_default() += 1);
            }
        }
    }
    for ((a, b), _) in weak.into_iter().filter(|(_, n)| *n > 1) {
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        parent[a.max(b)] = a.min(b);
    }
    let mut groups: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (n, name) in names.iter().enumerate() {
        groups.entry(root(&mut parent, n)).or_default().push(name);
    }
    let bad = |name: &&str| members.get(*name).is_some_and(|m| m.lookalike.is_some() || m.sighted);
    groups.into_values().filter(|g| g.len() > 1 && g.iter().any(bad)).collect()
}

fn finding(names: &[&str], members: &BTreeMap<String, Member>) -> Option<Finding> {
    let group: Vec<&Member> = names.iter().filter_map(|n| members.get(*n)).collect();
    let bad: Vec<&str> =
        names.iter().zip(&group).filter(|(_, m)| m.lookalike.is_some() || m.sighted).map(|(n, _)| *n).collect();
    let follow: Vec<&str> = names.iter().filter(|n| !bad.contains(*n)).copied().collect();
    let mut counts: BTreeMap<&Link, usize> = BTreeMap::new();
    group.iter().flat_map(|m| &m.links).for_each(|l| *counts.entry(l).or_default() += 1);
    counts.retain(|_, n| *n > 1);
    let worst = group.iter().filter_map(|m| m.lookalike.as_ref()).max_by_key(|l| l.judgement.score);
    let severity = worst.map_or(Severity::Medium, Suspect::severity).max(Severity::Medium);
    let strong = counts.keys().any(|l| l.is_strong());
    let mut reasons: Vec<Reason> = counts
        .iter()
        .take(20)
        .map(|(link, n)| {
            let text = link.text();
            Reason::supporting(
                if link.is_strong() { 50 } else { 20 },
                Text::new(format!("{} ({n} domains)", text.en), format!("{} ({n} domaines)", text.fr)),
            )
        })
        .collect();
    reasons.push(Reason::supporting(
        30,
        Text::new(
            format!("{} of them imitate what is protected or are known to be bad", bad.len()),
            format!("{} d’entre eux imitent ce qui est protégé ou sont connus pour malveillants", bad.len()),
        ),
    ));
    if !follow.is_empty() {
        reasons.push(Reason::against(20, Text::new(format!("{} imitate nobody by themselves: an owner may hold other names for honest reasons", follow.len()), format!("{} n’imitent personne par eux-mêmes : un titulaire peut détenir d’autres noms pour des raisons honnêtes", follow.len()))));
    }
    let mut shared: BTreeMap<Shared, BTreeSet<String>> = BTreeMap::new();
    counts.keys().for_each(|l| {
        shared.entry(l.kind()).or_default().insert(l.value());
    });
    let owned = |names: &[&str]| -> Vec<String> { names.iter().map(|n| n.to_string()).collect() };
    let links = counts.keys().take(20).map(|link| {
        let joined = names.iter().zip(&group).filter(|(_, m)| m.links.contains(link));
        rows::names::Link {
            shared: link.kind(),
            value: link.value(),
            domains: joined.map(|(n, _)| n.to_string()).collect(),
        }
    });
    let abuse = group.iter().map(|m| (m.registration.registrar.clone(), m.registration.abuse.clone()));
    let row = Cluster {
        domains: owned(names),
        size: names.len() as u64,
        imitating: owned(&bad),
        follow: owned(&follow),
        shared,
        links: links.collect(),
        abuse: abuse.filter(|(r, a)| !r.is_empty() && !a.is_empty()).collect(),
    };
    let created: Vec<_> = group.iter().filter_map(|m| m.registration.created).collect();
    let mut traces: Vec<Trace> = group.iter().flat_map(|m| m.traces.iter().cloned()).collect();
    traces.sort_by_key(|t| (t.evidence, t.steps.clone(), t.spans.iter().next()));
    traces.dedup();
    let first = *bad.first()?;
    Some(Finding {
        detector: Cow::Borrowed(Cluster::NAME),
        key: first.into(),
        severity,
        confidence: if strong { 85 } else { 65 },
        level: Level::Grey,
        title: Text::new(
            format!("{} domains of one hand, `{first}` among them", names.len()),
            format!("{} domaines d’une même main, dont `{first}`", names.len()),
        ),
        reasons,
        techniques: vec!["T1583.001".into()],
        first: created.iter().min().copied(),
        last: created.iter().max().copied(),
        entities: names
            .iter()
            .map(|n| Entity::domain(n, Role::Infrastructure))
            .chain(row.shared.get(&Shared::Registrant).into_iter().flat_map(super::registration::holders))
            .collect(),
        traces,
        fields: row.fields(),
    })
}
