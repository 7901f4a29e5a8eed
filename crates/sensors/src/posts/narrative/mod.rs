//! Narratives: what many accounts carry together, over time, with the outlets in it and the side it takes.

pub mod build;
pub mod tell;

use super::dataset::Dataset;
use super::outlets::Outlets;
use super::table::Table;
use crate::names::kernel::Scratch;
use crate::{Detector, Specification};
use model::{Context, Entity, EntityKind, Finding, Level, Reason, Result, Role, Severity, Text, View};
use rows::posts::{Classified, Coordination, Narrative, OutletClass, Shared};
use rows::{Row, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::rc::Rc;

/// Accounts from which something carried together is a narrative.
const ACCOUNTS: usize = 10;
/// Narratives that are told, the widest first.
const TOLD: usize = 40;
/// Links and outlets listed in one.
const LISTED: usize = 20;
/// Coordinated accounts from which a narrative is said to be carried by them.
const CARRIERS: usize = 5;

/// The detector.
pub struct NarrativeDetector;

impl Detector for NarrativeDetector {
    fn id(&self) -> &'static str {
        Narrative::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Narrative>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        super::INPUTS
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("narrative.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let dataset = Dataset::of(case)?;
        let table = &dataset.table;
        if table.is_empty() {
            return Ok(());
        }
        let told = Telling {
            table,
            named: tell::Named::of(case, table, context)?,
            outlets: Outlets::of(context)?,
            coordinated: coordinated(case)?,
        };
        let all = build::narratives(&dataset, ACCOUNTS);
        all.iter().take(TOLD).enumerate().try_for_each(|(n, narrative)| found(told.finding(narrative, n, all.len())))
    }
}

/// The accounts that `posts/coordination` calls coordinated.
pub fn coordinated(case: &dyn View) -> Result<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    case.findings(&mut |f| {
        if f.detector == Coordination::NAME && f.severity >= Severity::Low {
            all.extend(f.entities.into_iter().filter(|e| e.kind == EntityKind::UserAccount).map(|e| e.value));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all)
}

struct Telling<'t> {
    table: &'t Table,
    named: Rc<tell::Named>,
    outlets: Outlets,
    coordinated: BTreeSet<String>,
}

impl Telling<'_> {
    fn finding(&self, narrative: &build::Narrative, rank: usize, of: usize) -> Finding {
        let table = self.table;
        let posts = &narrative.posts;
        let title = tell::title(table.text(narrative.typical));
        let hosts: BTreeMap<&str, Option<Classified>> =
            narrative.urls.iter().map(|u| build::host(u)).map(|h| (h, None)).collect();
        let mut scratch = Scratch::default();
        let hosts: BTreeMap<&str, Option<Classified>> =
            hosts.into_keys().map(|h| (h, self.outlets.judge(h, &mut scratch))).collect();
        let accounts: BTreeSet<u32> =
            posts.iter().filter(|p| !table.is_article(**p)).map(|p| table.account(*p)).collect();
        let carriers = accounts.iter().filter(|a| self.coordinated.contains(&table.accounts[**a as usize].id)).count();
        let reasons = reasons(&hosts, carriers, accounts.len());
        let severity = match (carriers >= CARRIERS, hosts.values().flatten().map(|c| c.class).max_by_key(|c| grave(*c)))
        {
            (_, Some(class)) if grave(class) == 2 => Severity::Medium,
            (true, _) | (_, Some(_)) => Severity::Low,
            _ => Severity::Info,
        };
        let flagged = severity >= Severity::Low;
        let (n, a) = (posts.len(), accounts.len());
        let outlet = |(host, classified): (&&str, &Option<Classified>)| Shared {
            host: host.to_string(),
            classified: classified.clone(),
        };
        let row = Narrative {
            title: title.clone(),
            posts: n as u64,
            accounts: a as u64,
            rank: rank as u64 + 1,
            of: of as u64,
            coordinated: carriers as u64,
            urls: narrative.urls.iter().take(LISTED).map(ToString::to_string).collect(),
            outlets: hosts.iter().take(LISTED).map(outlet).collect(),
            curve: tell::curve(table, posts),
            languages: tell::languages(table, posts),
            candidates: self.named.count(table, posts),
        };
        let times = || posts.iter().filter_map(|p| table.time(*p));
        let (n, a) = (Text::number(n as u64), Text::number(a as u64));
        Finding {
            detector: Cow::Borrowed(Narrative::NAME),
            key: narrative.urls.iter().min().map_or_else(|| title.clone(), Clone::clone),
            severity,
            confidence: if flagged { 60 } else { 50 },
            level: if flagged { Level::Grey } else { Level::Legal },
            title: Text::new(
                format!("“{title}”: {} posts by {} accounts", n.en, a.en),
                format!("« {title} » : {} publications de {} comptes", n.fr, a.fr),
            ),
            reasons,
            techniques: if flagged { vec!["T0118".into()] } else { Vec::new() },
            first: times().min(),
            last: times().max(),
            entities: hosts.keys().take(LISTED).map(|h| Entity::domain(h, Role::Mentioned)).collect(),
            traces: table.traces(posts.iter().copied()),
            fields: row.fields(),
        }
    }
}

/// How much a class says of what it carries: 2 for those made to deceive.
fn grave(class: OutletClass) -> u8 {
    match class {
        OutletClass::Operation | OutletClass::Lookalike => 2,
        OutletClass::Ordinary => 0,
        _ => 1,
    }
}

fn reasons(hosts: &BTreeMap<&str, Option<Classified>>, carriers: usize, accounts: usize) -> Vec<Reason> {
    let mut all = Vec::new();
    for (host, c) in hosts.iter().filter_map(|(h, c)| Some((h, c.as_ref()?))) {
        let Text { en, fr } = c.class.text();
        all.push(Reason::supporting(
            30,
            Text::new(
                format!("`{host}` is {en}, according to {} ({})", c.who, c.name),
                format!("`{host}` est {fr}, selon {} ({})", c.who, c.name),
            ),
        ));
    }
    if carriers > 0 {
        all.push(Reason::supporting(
            if carriers >= CARRIERS { 30 } else { 10 },
            Text::new(
                format!("{carriers} of its {accounts} accounts are held to act together"),
                format!("{carriers} de ses {accounts} comptes sont tenus pour agir de concert"),
            ),
        ));
    }
    all.push(Reason::against(
        20,
        Text::new(
            "many people saying the same is what a debate is: the number of posts alone shows nothing",
            "beaucoup de gens qui disent la même chose, c’est un débat : le nombre de publications seul ne montre rien",
        ),
    ));
    all
}
