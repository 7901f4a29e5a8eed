//! Narratives: what many accounts carry together, over time, with the outlets in it and the side it takes.

pub mod build;
pub mod tell;

use super::BLOCK;
use super::dataset::Dataset;
use super::outlets::{Classified, Outlets};
use super::table::Table;
use crate::names::kernel::Scratch;
use crate::{Detector, Specification};
use build::Narrative;
use knowledge::outlets::Class;
use model::{Context, Entity, EntityKind, Finding, Level, Reason, Result, Role, Severity, Text, View};
use serde_json::{Value, json};
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
        "posts/narrative"
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[BLOCK, super::SHORT]
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
            sides: tell::Sides::of(case, table, context)?,
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
        if f.detector == "posts/coordination" && f.severity >= Severity::Low {
            all.extend(f.entities.into_iter().filter(|e| e.kind == EntityKind::UserAccount).map(|e| e.value));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all)
}

struct Telling<'t> {
    table: &'t Table,
    sides: Rc<tell::Sides>,
    outlets: Outlets,
    coordinated: BTreeSet<String>,
}

impl Telling<'_> {
    fn finding(&self, narrative: &Narrative, rank: usize, of: usize) -> Finding {
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
        let outlets: Vec<Value> = hosts.iter().take(LISTED).map(|(host, c)| outlet(host, c.as_ref())).collect();
        let curve: Vec<Value> = tell::curve(table, posts).into_iter().map(|(t, n)| json!([t, n])).collect();
        let mut fields = model::Fields::new();
        let mut set = |key: &str, value: Value| fields.insert(key.into(), value);
        set("title", json!(title));
        set("posts", json!(n));
        set("accounts", json!(a));
        set("rank", json!(rank + 1));
        set("of", json!(of));
        set("coordinated", json!(carriers));
        set("urls", json!(narrative.urls.iter().take(LISTED).collect::<Vec<_>>()));
        set("outlets", json!(outlets));
        set("curve", json!(curve));
        set("languages", json!(tell::languages(table, posts)));
        set("candidates", Value::Object(self.sides.count(table, posts)));
        set("sides", Value::Object(self.sides.over_time(table, posts)));
        let times = || posts.iter().filter_map(|p| table.time(*p));
        Finding {
            detector: Cow::Borrowed("posts/narrative"),
            key: narrative.urls.iter().min().map_or_else(|| title.clone(), Clone::clone),
            severity,
            confidence: if flagged { 60 } else { 50 },
            level: if flagged { Level::Grey } else { Level::Legal },
            title: Text::new(
                format!("“{title}”: {n} posts by {a} accounts"),
                format!("« {title} » : {n} publications de {a} comptes"),
            ),
            reasons,
            techniques: if flagged { vec!["T0118".into()] } else { Vec::new() },
            first: times().min(),
            last: times().max(),
            entities: hosts.keys().take(LISTED).map(|h| Entity::domain(h, Role::Mentioned)).collect(),
            traces: table.traces(posts.iter().copied()),
            fields,
        }
    }
}

/// How much a class says of what it carries: 2 for those made to deceive.
fn grave(class: Class) -> u8 {
    match class {
        Class::Operation | Class::Lookalike => 2,
        Class::Ordinary => 0,
        _ => 1,
    }
}

/// An outlet in a finding's fields.
pub fn outlet(host: &str, classified: Option<&Classified>) -> Value {
    match classified {
        None => json!({ "host": host }),
        Some(c) => {
            json!({ "host": host, "class": c.class, "name": c.name, "who": c.who, "reference": c.reference })
        }
    }
}

fn reasons(hosts: &BTreeMap<&str, Option<Classified>>, carriers: usize, accounts: usize) -> Vec<Reason> {
    let mut all = Vec::new();
    for (host, c) in hosts.iter().filter_map(|(h, c)| Some((h, c.as_ref()?))) {
        let (en, fr) = class_words(c.class);
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

/// A class in words: `… is (a) …`.
pub fn class_words(class: Class) -> (&'static str, &'static str) {
    match class {
        Class::StateMedia => ("a medium of a state", "un média d’État"),
        Class::Operation => ("a site of an influence operation", "un site d’une opération d’influence"),
        Class::Mirror => {
            ("a site that copies articles of state media", "un site qui recopie des articles de médias d’État")
        }
        Class::LeakSite => ("a site that publishes leaked papers", "un site qui publie des documents ayant fuité"),
        Class::AnonymousBoard => {
            ("a place where anybody publishes without a name", "un lieu où chacun publie sans nom")
        }
        Class::Lookalike => ("a name that imitates an outlet’s", "un nom qui imite celui d’un média"),
        Class::Listed => ("on a list", "sur une liste"),
        Class::Ordinary => ("an ordinary outlet", "un média ordinaire"),
    }
}
