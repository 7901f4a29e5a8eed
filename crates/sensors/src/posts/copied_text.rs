//! Texts that many accounts posted as their own: the earliest, who copied it, how fast. Specification:
//! `copied_text.md`.

use super::copied::Copied;
use super::dataset::Dataset;
use super::table::Table;
use super::text::Post;
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Reason, Result, Role, Severity, Text, Time, View};
use rows::posts::{CopiedText, Copier, Copying};
use rows::{Row, Shape};
use std::collections::{BTreeMap, BTreeSet};

/// Copied texts.
pub struct CopiedTextDetector;

/// Texts told, the most copied first; what is beyond is counted in the last one's reasons.
const TOLD: usize = 200;
/// A text of fewer accounts is a quotation between two.
const ACCOUNTS: usize = 3;
/// Characters of the text and members that are listed.
const SHOWN: usize = 500;
const MEMBERS: usize = 100;

impl Detector for CopiedTextDetector {
    fn id(&self) -> &'static str {
        CopiedText::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<CopiedText>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        super::INPUTS
    }

    fn watched(&self) -> &'static [&'static str] {
        &["accounts"]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("copied_text.md"))
    }

    fn detect(&self, case: &dyn View, _context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let dataset = Dataset::of(case)?;
        let table = &dataset.table;
        if table.is_empty() {
            return Ok(());
        }
        let told = clusters(table, dataset.copied());
        told.iter().take(TOLD).try_for_each(|c| found(finding(table, c, told.len())))
    }
}

/// A text and its copies.
struct Cluster {
    /// Posts, the earliest first, with the kind of copying and how alike each is to the earliest.
    posts: Vec<(u32, Copying, f32)>,
    accounts: usize,
}

/// The texts worth telling: copied by more accounts than copy nearly all other texts of the case.
fn clusters(table: &Table, copied: &Copied) -> Vec<Cluster> {
    let all = copied.posts(table);
    let posts: Vec<Post> = all.iter().map(|(post, text)| Post { text: *text, time: table.time(*post) }).collect();
    let mut clusters: Vec<Cluster> = copied
        .copies
        .spread(&posts)
        .into_iter()
        .map(|c| {
            let one = |m: &super::text::Member| (all[m.post].0, m.relation.kind, m.relation.similarity);
            let posts: Vec<(u32, Copying, f32)> = c.members.iter().map(one).collect();
            let accounts = posts.iter().map(|(p, ..)| table.account(*p)).collect::<BTreeSet<u32>>().len();
            Cluster { posts, accounts }
        })
        .filter(|c| c.accounts >= ACCOUNTS)
        .collect();
    // A phrase of the day is said by many in their own words, none quite like the first; a copy is like it.
    clusters.retain(|c| c.alike() >= 0.5);
    clusters.sort_by_key(|c| (std::cmp::Reverse(c.accounts), c.posts[0].0));
    clusters
}

impl Cluster {
    /// How alike the copies are to the earliest: the median.
    fn alike(&self) -> f32 {
        let mut all: Vec<f32> = self.posts.iter().skip(1).map(|(.., s)| *s).collect();
        all.sort_by(f32::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(1.0)
    }
}

fn finding(table: &Table, cluster: &Cluster, all: usize) -> Finding {
    let posts: Vec<u32> = cluster.posts.iter().map(|(p, ..)| *p).collect();
    let times: Vec<Time> = posts.iter().filter_map(|p| table.time(*p)).collect();
    let half = times.get(times.len().saturating_sub(1) / 2).copied();
    let (first, last) = (times.first().copied(), times.last().copied());
    let mut kinds: BTreeMap<Copying, u64> = BTreeMap::new();
    cluster.posts.iter().skip(1).for_each(|(_, kind, _)| *kinds.entry(*kind).or_default() += 1);
    let kind = kinds.iter().max_by_key(|(_, n)| **n).map_or(Copying::Verbatim, |(k, _)| *k);
    let mut by: BTreeMap<u32, usize> = BTreeMap::new();
    posts.iter().for_each(|p| *by.entry(table.account(*p)).or_default() += 1);
    let mut members: Vec<(u32, usize)> = by.into_iter().collect();
    members.sort_by_key(|(a, n)| (std::cmp::Reverse(*n), table.accounts[*a as usize].id.clone()));
    let shown = |a: &u32| table.accounts[*a as usize].id.clone();
    let text: String = table.text(posts[0]).chars().take(SHOWN).collect();
    let (n, accounts) = (posts.len(), cluster.accounts);
    let minutes = first.zip(half).map(|(f, h)| h.since(f) / 60);
    let row = CopiedText {
        text,
        kind,
        kinds,
        posts: n as u64,
        accounts: accounts as u64,
        first,
        half,
        last,
        similarity: (f64::from(cluster.alike()) * 1000.0).round() / 1000.0,
        members: members.iter().take(MEMBERS).map(|(a, n)| Copier { account: shown(a), posts: *n as u64 }).collect(),
    };
    let mut reasons = vec![Reason::supporting(
        40,
        Text::new(
            format!("{accounts} accounts posted it as their own, {n} times; most copies are {kind}"),
            format!(
                "{accounts} comptes l’ont publié comme le leur, {n} fois ; la plupart des copies : {}",
                kind.text().fr
            ),
        ),
    )];
    if let Some(minutes) = minutes {
        reasons.push(Reason::supporting(
            10,
            Text::new(
                format!("half of the copies were there {minutes} minutes after the first"),
                format!("la moitié des copies étaient là {minutes} minutes après la première"),
            ),
        ));
    }
    reasons.push(Reason::against(
        30,
        Text::new(
            "a text is also copied because it pleases: that its copiers act as one is `posts/coordination`'s to say",
            "un texte se copie aussi parce qu’il plaît : que ses copistes agissent de concert, c’est à \
             `posts/coordination` de le dire",
        ),
    ));
    if all > TOLD {
        reasons.push(Reason::against(
            0,
            Text::new(
                format!("{all} texts were copied; the {TOLD} most copied are told"),
                format!("{all} textes ont été copiés ; les {TOLD} plus copiés sont signalés"),
            ),
        ));
    }
    Finding {
        detector: CopiedText::NAME.into(),
        key: format!("{}|{}", table.platform(posts[0]), table.id(posts[0])),
        severity: Severity::Info,
        confidence: 70,
        level: Level::Legal,
        title: Text::new(
            format!("One text posted by {accounts} accounts"),
            format!("Un même texte publié par {accounts} comptes"),
        ),
        reasons,
        techniques: vec!["T0084.001".into()],
        first,
        last,
        entities: members.iter().map(|(a, _)| Entity::user(shown(a), Role::Account)).collect(),
        traces: table.traces(posts),
        fields: row.fields(),
    }
}
