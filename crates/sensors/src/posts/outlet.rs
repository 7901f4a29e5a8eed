//! Outlets that somebody has classified: which appear, how often, who shared them first, which groups favour them.

use super::dataset::Dataset;
use super::narrative::{build, tell};
use super::outlets::Outlets;
use super::table::Table;
use crate::names::kernel::Scratch;
use crate::{Detector, Specification};
use model::{Context, Entity, EntityKind, Finding, Level, Reason, Result, Role, Severity, Text, View};
use rows::posts::{Classified, Coordination, Favour, Outlet, OutletClass};
use rows::{Row, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// Members of a group who share an outlet, from which the group is said to favour it.
const FAVOUR: usize = 3;
/// Links listed.
const LISTED: usize = 20;

/// The detector.
pub struct OutletDetector;

impl Detector for OutletDetector {
    fn id(&self) -> &'static str {
        Outlet::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Outlet>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        super::INPUTS
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("outlet.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let dataset = Dataset::of(case)?;
        let table = &dataset.table;
        if table.is_empty() {
            return Ok(());
        }
        let outlets = Outlets::of(context)?;
        let (mut scratch, mut judged) = (Scratch::default(), BTreeMap::new());
        let mut shared: BTreeMap<String, (BTreeSet<u32>, BTreeMap<&str, u64>)> = BTreeMap::new();
        for (url, posts) in build::links(table) {
            let host = build::host(url);
            let known = judged.entry(host).or_insert_with(|| outlets.judge(host, &mut scratch));
            if known.is_some() {
                let (all, links) = shared.entry(host.to_string()).or_default();
                all.extend(&posts);
                links.insert(url, posts.len() as u64);
            }
        }
        if shared.is_empty() {
            return Ok(());
        }
        let named = tell::Named::of(case, table, context)?;
        let groups = groups(case)?;
        for (host, (posts, links)) in &shared {
            let Some(Some(classified)) = judged.get(host.as_str()) else { continue };
            let posts: Vec<u32> = posts.iter().copied().collect();
            found(finding(table, host, classified, &posts, links, &named, &groups))?;
        }
        Ok(())
    }
}

/// Groups by the id of their finding, and their members.
pub(super) type Groups = BTreeMap<String, BTreeSet<String>>;

/// The groups of which three members or more are among those who share something.
pub(super) fn favouring(groups: &Groups, sharers: &BTreeSet<&str>) -> Vec<Favour> {
    let favours = groups.iter().filter_map(|(id, members)| {
        let n = members.iter().filter(|m| sharers.contains(m.as_str())).count();
        (n >= FAVOUR).then(|| Favour { finding: id.clone(), members: members.len() as u64, sharers: n as u64 })
    });
    favours.collect()
}

/// The groups of `posts/coordination`.
pub(super) fn groups(case: &dyn View) -> Result<Groups> {
    let mut all = BTreeMap::new();
    case.findings(&mut |f| {
        if f.detector == Coordination::NAME && f.severity >= Severity::Low {
            let id = f.id();
            let members = f.entities.into_iter().filter(|e| e.kind == EntityKind::UserAccount).map(|e| e.value);
            all.insert(id, members.collect());
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all)
}

fn finding(
    table: &Table,
    host: &str,
    classified: &Classified,
    posts: &[u32],
    links: &BTreeMap<&str, u64>,
    named: &tell::Named,
    groups: &Groups,
) -> Finding {
    let sharers: BTreeSet<u32> = posts.iter().filter(|p| !table.is_article(**p)).map(|p| table.account(*p)).collect();
    let sharers: BTreeSet<&str> = sharers.iter().map(|a| table.accounts[*a as usize].id.as_str()).collect();
    let favouring = favouring(groups, &sharers);
    let mut most: Vec<(&&str, &u64)> = links.iter().collect();
    most.sort_by_key(|(url, n)| (std::cmp::Reverse(**n), **url));
    let first = posts.iter().find(|p| !table.is_article(**p));
    let (n, a) = (posts.len(), sharers.len());
    let class = classified.class.text();
    let mut reasons = vec![
        Reason::supporting(
            50,
            Text::new(
                format!("{} classifies it ({})", classified.who, classified.name),
                format!("{} le classe ainsi ({})", classified.who, classified.name),
            ),
        ),
        Reason::against(
            20,
            Text::new(
                "a listing says nothing of a single article, nor of those who share it",
                "une liste ne dit rien d’un article donné, ni de ceux qui le partagent",
            ),
        ),
    ];
    if !favouring.is_empty() {
        reasons.push(Reason::supporting(
            30,
            Text::new(
                format!("{} groups held to act together share it", favouring.len()),
                format!("{} groupes tenus pour agir de concert le partagent", favouring.len()),
            ),
        ));
    }
    let severity = match classified.class {
        OutletClass::Operation | OutletClass::Lookalike => Severity::Medium,
        OutletClass::AnonymousBoard | OutletClass::LeakSite if favouring.is_empty() => Severity::Info,
        _ => Severity::Low,
    };
    let row = Outlet {
        outlet: host.to_string(),
        classified: classified.clone(),
        posts: n as u64,
        accounts: a as u64,
        first_account: first.map(|p| table.accounts[table.account(*p) as usize].id.clone()),
        urls: most.into_iter().take(LISTED).map(|(url, n)| (url.to_string(), *n)).collect(),
        curve: tell::curve(table, posts),
        groups: favouring,
        candidates: named.count(table, posts),
    };
    let times = || posts.iter().filter_map(|p| table.time(*p));
    let (n, a) = (Text::number(n as u64), Text::number(a as u64));
    Finding {
        detector: Cow::Borrowed(Outlet::NAME),
        key: host.to_string(),
        severity,
        confidence: if classified.class == OutletClass::Lookalike { 60 } else { 80 },
        level: Level::Grey,
        title: Text::new(
            format!("`{host}`, {}: {} posts by {} accounts", class.en, n.en, a.en),
            format!("`{host}`, {} : {} publications de {} comptes", class.fr, n.fr, a.fr),
        ),
        reasons,
        techniques: technique(classified.class).into_iter().map(String::from).collect(),
        first: times().min(),
        last: times().max(),
        entities: vec![Entity::domain(host, Role::Mentioned)],
        traces: table.traces(posts.iter().copied()),
        fields: row.fields(),
    }
}

/// The DISARM technique of sharing such an outlet, where there is one.
fn technique(class: OutletClass) -> Option<&'static str> {
    match class {
        OutletClass::StateMedia => Some("T0002"),
        OutletClass::Operation => Some("T0098"),
        OutletClass::Mirror => Some("T0128.004"),
        OutletClass::Lookalike => Some("T0099.004"),
        _ => None,
    }
}
