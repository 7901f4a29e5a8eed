//! The road of an object into the media: who published first, through which accounts and channels it entered which
//! outlets, with delays, from illegal over grey to legal.

mod leak;
mod markers;
pub mod steps;

use super::dataset::Dataset;
use super::narrative::tell;
use super::outlets::Outlets;
use super::table::Table;
use crate::{Detector, Specification};
use model::{Context, Entity, EntityKind, Finding, Level, Reason, Result, Role, Severity, Text, View};
use rows::posts::{Road, RoadStep, StepKind};
use rows::{Row, Shape};
use std::borrow::Cow;
use steps::{How, Step};

/// Roads that are told, those of leaks first.
const TOLD: usize = 20;

/// The detector.
pub struct RoadDetector;

impl Detector for RoadDetector {
    fn id(&self) -> &'static str {
        Road::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Road>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        super::INPUTS
    }

    fn watched(&self) -> &'static [&'static str] {
        &["outlets"]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("road.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let dataset = Dataset::of(case)?;
        let table = &dataset.table;
        if table.is_empty() {
            return Ok(());
        }
        let roads = steps::roads(&dataset, &Outlets::of(context)?);
        roads.iter().take(TOLD).try_for_each(|road| found(finding(table, road, roads.len())))
    }
}

fn finding(table: &Table, road: &steps::Road, of: usize) -> Finding {
    let outlets: Vec<&Step> = road.steps.iter().filter(|s| s.kind == StepKind::Outlet).collect();
    let press = outlets.iter().filter(|s| s.level == Level::Legal).count();
    let illegal = road.steps.iter().any(|s| s.level == Level::Illegal);
    let severity = match (road.leak, press > 0) {
        (true, true) => Severity::High,
        _ => Severity::Medium,
    };
    let first = road.steps.first();
    let title = first.map_or_else(String::new, |s| tell::title(table.text(s.post)));
    let inferred = road.steps.iter().filter(|s| s.how != How::Address).count();
    let mut techniques = vec!["T0128.004".to_string()];
    techniques.extend(road.leak.then(|| "T0089.001".to_string()));
    techniques.extend((press > 0).then(|| "T0117".to_string()));
    let row = Road {
        title,
        leak: road.leak,
        urls: road.urls.clone(),
        hashtags: road.hashtags.clone(),
        posts: road.posts.len() as u64,
        outlets: outlets.len() as u64,
        press: press as u64,
        steps: road.steps.iter().enumerate().map(|(n, step)| told(table, road, n, step)).collect(),
        of: of as u64,
    };
    let entities = |s: &Step| match s.account {
        Some(a) => Entity::user(table.accounts[a as usize].id.clone(), Role::Account),
        None => Entity::domain(&s.host, Role::Mentioned),
    };
    // By these it meets other evidence: the archive that was found, the accounts that carried it on.
    let pages = road.urls.iter().map(|u| Entity::new(EntityKind::Url, u.clone(), Role::Infrastructure));
    let shown = road.steps.iter().map(|s| s.post).chain(road.posts.iter().copied());
    Finding {
        detector: Cow::Borrowed(Road::NAME),
        key: road.urls.first().cloned().unwrap_or_default(),
        severity,
        confidence: if inferred * 2 > road.steps.len() { 55 } else { 70 },
        level: if illegal { Level::Illegal } else { Level::Grey },
        title: words(road, press, outlets.len() - press),
        reasons: reasons(road, first.map(|s| s.level), inferred),
        techniques,
        first: first.map(|s| s.time),
        last: road.steps.last().map(|s| s.time),
        entities: road.steps.iter().map(entities).chain(pages).collect(),
        traces: table.traces(shown),
        fields: row.fields(),
    }
}

fn words(road: &steps::Road, press: usize, grey: usize) -> Text {
    // That papers were leaked, and lie there, is what those say who carry the address: we do not.
    let (en, fr) = match road.leak {
        true => ("Papers said to be leaked", "Documents dits divulgués"),
        false => ("A page", "Une page"),
    };
    let count = |n: usize, one, more| Text::count(n as u64, one, more);
    let addresses = count(road.urls.len(), ("address", "adresse"), ("addresses", "adresses"));
    let (at, at_fr) = match (&road.urls[..], &road.named) {
        ([one], _) => (format!("at `{one}`"), format!("à `{one}`")),
        (_, Some(tag)) => (format!("under #{tag} ({})", addresses.en), format!("sous #{tag} ({})", addresses.fr)),
        _ => (format!("at {}", addresses.en), format!("à {}", addresses.fr)),
    };
    let carriers = count(road.accounts, ("account", "compte"), ("accounts", "comptes"));
    let grey = count(grey, ("classified outlet", "média classé"), ("classified outlets", "médias classés"));
    let press = count(press, ("other outlet", "autre média"), ("other outlets", "autres médias"));
    Text::new(
        format!("{en} {at}: {}, {}, {}", carriers.en, grey.en, press.en),
        format!("{fr} {at_fr} : {}, {}, {}", carriers.fr, grey.fr, press.fr),
    )
}

fn reasons(road: &steps::Road, first: Option<Level>, inferred: usize) -> Vec<Reason> {
    let mut all = Vec::new();
    if road.leak {
        let [accounts, saying] = [road.accounts, road.saying].map(|n| Text::number(n as u64));
        let told = road.steps.iter().filter(|s| s.account.is_some()).count();
        all.push(Reason::supporting(
            40,
            Text::new(
                format!(
                    "of {} accounts that carry it, {} say in their own words that papers were leaked; {told} are told as steps",
                    accounts.en, saying.en
                ),
                format!(
                    "sur {} comptes qui le diffusent, {} disent en leurs propres termes que des documents ont fuité ; {told} figurent parmi les étapes",
                    accounts.fr, saying.fr
                ),
            ),
        ));
        if road.urls.len() > 1 {
            all.push(Reason::against(
                20,
                Text::new(
                    "its addresses are joined by the hashtag that they are carried under; where each leads was not looked at",
                    "ses adresses sont réunies par le mot-dièse qui les accompagne ; où chacune mène n’a pas été regardé",
                ),
            ));
        }
    }
    if first == Some(Level::Illegal) {
        all.push(Reason::supporting(
            30,
            Text::new(
                "the first account in evidence publishes what it says itself are internal or stolen papers",
                "le premier compte connu publie ce qu’il dit lui-même être des documents internes ou volés",
            ),
        ));
    }
    if inferred > 0 {
        all.push(Reason::against(
            20,
            Text::new(
                format!("{inferred} steps are linked by inference (hashtag, copied text or words), not by an address"),
                format!(
                    "{inferred} étapes sont reliées par inférence (mot-dièse, texte copié ou mots), non par une adresse"
                ),
            ),
        ));
    }
    all.push(Reason::against(
        20,
        Text::new(
            "what came first in evidence need not have come first; what follows need not follow from it",
            "le premier dans les pièces n’est pas forcément le premier ; ce qui suit n’en découle pas forcément",
        ),
    ));
    all
}

fn told(table: &Table, road: &steps::Road, n: usize, step: &Step) -> RoadStep {
    let account = step.account.map(|a| &table.accounts[a as usize]);
    let who = account.map_or(&step.host, |a| if a.name.is_empty() { &a.id } else { &a.name });
    let since = |other: Option<&Step>| other.map(|o| step.time.since(o.time));
    let classified = step.classified.as_ref();
    RoadStep {
        time: step.time,
        who: who.clone(),
        kind: step.kind,
        level: step.level,
        url: step.url.clone(),
        posts: step.posts as u64,
        delay: since(n.checked_sub(1).and_then(|n| road.steps.get(n))),
        since_first: since(road.steps.first()),
        how: how(&step.how),
        inferred: step.how != How::Address,
        text: tell::title(table.text(step.post)),
        trace: table.traces([step.post]),
        account: account.map(|a| a.id.clone()),
        class: classified.map(|c| c.class),
        classified_by: classified.map(|c| c.who.clone()),
        class_text: classified.map(|c| c.class.text()),
    }
}

fn how(how: &How) -> Text {
    match how {
        How::Address => Text::new("it carries the address", "il porte l’adresse"),
        How::Text => Text::new(
            "its text is a copy of one that carries the address",
            "son texte est la copie d’un autre qui porte l’adresse",
        ),
        How::Hashtag(tag) => Text::new(
            format!("it is shared under #{tag}, as the address is and few others are"),
            format!("il est partagé sous #{tag}, comme l’adresse et peu d’autres"),
        ),
        How::Words(word) => Text::new(
            format!("it speaks of a leak and uses “{word}”, as those do who carry the address"),
            format!("il parle d’une fuite et emploie « {word} », comme ceux qui portent l’adresse"),
        ),
    }
}
