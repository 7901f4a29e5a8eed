//! Texts that many accounts posted as their own: the earliest, who copied it, how fast. Specification:
//! `copied_text.md`.

use super::coordination::innocent::says_planned;
use super::copied::Copied;
use super::dataset::Dataset;
use super::table::Table;
use super::text::Post;
use super::text::meaning::Meant;
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Reason, Result, Role, Severity, Text, Time, View};
use rows::posts::{CopiedText, Copier, Copying};
use rows::{Row, Shape};
use std::collections::{BTreeMap, BTreeSet};

/// Copied texts.
pub struct CopiedTextDetector;

/// Texts told, the most copied first; each says how many there are.
const TOLD: usize = 200;
/// Accounts from which one sentence, as it is or barely altered, is a swarm if half of it comes within a day.
const MANY: usize = 25;
const DAY: i64 = 86_400;
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

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let dataset = Dataset::of(case)?;
        let table = &dataset.table;
        if table.is_empty() {
            return Ok(());
        }
        let copied = dataset.copied();
        let meant = super::settings::model(context.config)?.map(|model| copied.meant(table, &model));
        let told = clusters(table, copied, meant.as_ref());
        let all = Whole { told: told.len(), left_out: meant.map_or(0, |meant| meant.left_out) };
        told.iter().take(TOLD).try_for_each(|c| found(finding(table, c, &all)))
    }
}

/// What a finding says of all others.
struct Whole {
    /// Texts worth telling.
    told: usize,
    /// Texts whose meaning was not looked at.
    left_out: usize,
}

/// A text and its copies.
struct Cluster {
    /// Posts, the earliest first, with the kind of copying and how alike each is to the earliest.
    posts: Vec<(u32, Copying, f32)>,
    accounts: usize,
}

/// The texts worth telling: copied by more accounts than copy nearly all other texts of the case.
fn clusters(table: &Table, copied: &Copied, meant: Option<&Meant>) -> Vec<Cluster> {
    let all = copied.posts(table);
    let posts: Vec<Post> = all.iter().map(|(post, text)| Post { text: *text, time: table.time(*post) }).collect();
    let mut clusters: Vec<Cluster> = copied
        .copies
        .spread(&posts, meant)
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
    /// How alike the copies are to the earliest: the median; those of the same meaning apart.
    fn alike(&self) -> f32 {
        self.median(|kind| kind != Copying::Meant).unwrap_or(1.0)
    }

    /// How close to it those of the same meaning lie: the median.
    fn closeness(&self) -> Option<f32> {
        self.median(|kind| kind == Copying::Meant)
    }

    fn median(&self, of: impl Fn(Copying) -> bool) -> Option<f32> {
        let mut all: Vec<f32> = self.posts.iter().skip(1).filter(|(_, kind, _)| of(*kind)).map(|(.., s)| *s).collect();
        all.sort_by(f32::total_cmp);
        all.get(all.len() / 2).copied()
    }
}

/// How many posts are of each kind of copying, the earliest among those word for word.
fn kinds(cluster: &Cluster) -> BTreeMap<Copying, u64> {
    let mut kinds: BTreeMap<Copying, u64> = BTreeMap::new();
    cluster.posts.iter().for_each(|(_, kind, _)| *kinds.entry(*kind).or_default() += 1);
    kinds
}

/// Seconds in which the closest half of these times fall; times are in order.
fn half_within(times: &[Time]) -> Option<i64> {
    let half = times.len().div_ceil(2);
    times.windows(half.max(1)).map(|w| w[w.len() - 1].since(w[0])).min()
}

/// Whether a text is somebody else's words by its own marks.
fn is_quoted(text: &str) -> bool {
    let text = text.trim();
    [('«', '»'), ('“', '”'), ('"', '"'), ('„', '“')]
        .iter()
        .any(|(open, close)| text.starts_with(*open) && text[open.len_utf8()..].contains(*close))
}

/// What it is called: one text where most copies are, else rewordings of one.
fn title(
    kinds: &BTreeMap<Copying, u64>,
    kind: Copying,
    accounts: usize,
    likeness: f64,
    closeness: Option<f64>,
) -> Text {
    let each = |lang: fn(&Text) -> String| -> String {
        let told = kinds.iter().rev().map(|(kind, n)| format!("{n} {}", lang(&kind.text())));
        told.collect::<Vec<_>>().join(", ")
    };
    let (en, fr) = (each(|t| t.en.to_string()), each(|t| t.fr.to_string()));
    match kind {
        Copying::Verbatim | Copying::Edited => Text::new(
            format!("One text by {accounts} accounts: {en}"),
            format!("Un même texte par {accounts} comptes : {fr}"),
        ),
        Copying::Reworded | Copying::Translated => Text::new(
            format!("Texts on one pattern by {accounts} accounts (likeness {likeness:.2}): {en}"),
            format!("Des textes sur un même modèle par {accounts} comptes (ressemblance {likeness:.2}) : {fr}"),
        ),
        Copying::Meant => {
            let closeness = closeness.unwrap_or_default();
            Text::new(
                format!("Texts of the same meaning by {accounts} accounts (closeness {closeness:.2}): {en}"),
                format!("Des textes de même sens par {accounts} comptes (proximité {closeness:.2}) : {fr}"),
            )
        }
    }
}

fn finding(table: &Table, cluster: &Cluster, all: &Whole) -> Finding {
    let posts: Vec<u32> = cluster.posts.iter().map(|(p, ..)| *p).collect();
    let times: Vec<Time> = posts.iter().filter_map(|p| table.time(*p)).collect();
    let half = times.get(times.len().saturating_sub(1) / 2).copied();
    let (first, last) = (times.first().copied(), times.last().copied());
    let kinds = kinds(cluster);
    let copies = |kind: &Copying| kinds[kind] - u64::from(*kind == Copying::Verbatim);
    let kind = kinds.keys().copied().max_by_key(|kind| (copies(kind), *kind)).unwrap_or(Copying::Verbatim);
    let near = |(_, kind, _): &&(u32, Copying, f32)| matches!(kind, Copying::Verbatim | Copying::Edited);
    let saying = cluster.posts.iter().filter(near).map(|(p, ..)| table.account(*p)).collect::<BTreeSet<u32>>().len();
    let within = half_within(&times);
    let planned = posts.iter().filter(|p| says_planned(table.text(**p))).count() * 2 > posts.len();
    let explained = planned || is_quoted(table.text(posts[0]));
    let swarm = saying >= MANY && within.is_some_and(|w| w <= DAY) && !explained;
    let mut by: BTreeMap<u32, usize> = BTreeMap::new();
    posts.iter().for_each(|p| *by.entry(table.account(*p)).or_default() += 1);
    let mut members: Vec<(u32, usize)> = by.into_iter().collect();
    members.sort_by_key(|(a, n)| (std::cmp::Reverse(*n), table.accounts[*a as usize].id.clone()));
    let shown = |a: &u32| table.accounts[*a as usize].id.clone();
    let text: String = table.text(posts[0]).chars().take(SHOWN).collect();
    let (n, accounts) = (posts.len(), cluster.accounts);
    let minutes = first.zip(half).map(|(f, h)| h.since(f) / 60);
    let [similarity, closeness] =
        [Some(cluster.alike()), cluster.closeness()].map(|m| m.map(|m| (f64::from(m) * 1000.0).round() / 1000.0));
    let similarity = similarity.unwrap_or(1.0);
    let title = title(&kinds, kind, accounts, similarity, closeness);
    let row = CopiedText {
        text,
        kind,
        kinds,
        posts: n as u64,
        accounts: accounts as u64,
        first,
        half,
        last,
        similarity,
        closeness,
        members: members.iter().take(MEMBERS).map(|(a, n)| Copier { account: shown(a), posts: *n as u64 }).collect(),
        half_within: within,
        of: all.told as u64,
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
    if let Some(within) = within.filter(|_| swarm) {
        let minutes = (within + 59) / 60;
        reasons.push(Reason::supporting(
            40,
            Text::new(
                format!("{saying} accounts post it as it is or barely altered, half of it within {minutes} minutes"),
                format!("{saying} comptes le publient tel quel ou à peine retouché, pour moitié en {minutes} minutes"),
            ),
        ));
    }
    if explained {
        reasons.push(Reason::against(
            60,
            match planned {
                true => Text::new(
                    "it says that it is a joint campaign, and whose",
                    "il annonce une action commune, et de qui",
                ),
                false => Text::new("it is a quotation by its own marks", "c’est une citation, entre guillemets"),
            },
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
    if let Some(closeness) = closeness {
        reasons.push(Reason::against(
            20,
            Text::new(
                format!(
                    "those of the same meaning are so by a model of language (closeness {closeness:.2}): they need not be \
                     copies, for two may come to say the same by themselves"
                ),
                format!(
                    "ceux de même sens le sont d’après un modèle de langue (proximité {closeness:.2}) : ce ne sont pas \
                     forcément des copies, car on peut en venir à dire la même chose de son côté"
                ),
            ),
        ));
    }
    if all.left_out > 0 {
        let n = all.left_out;
        reasons.push(Reason::against(
            0,
            Text::new(
                format!("{n} different texts were too many for their meaning to be looked at: others may say the same"),
                format!(
                    "{n} textes différents étaient de trop pour que leur sens soit examiné : d’autres peuvent dire la même \
                     chose"
                ),
            ),
        ));
    }
    if all.told > TOLD {
        let all = all.told;
        reasons.push(Reason::against(
            0,
            Text::new(
                format!("{all} texts were copied; the {TOLD} most copied are told one by one"),
                format!("{all} textes ont été copiés ; les {TOLD} plus copiés sont signalés un à un"),
            ),
        ));
    }
    Finding {
        detector: CopiedText::NAME.into(),
        key: format!("{}|{}", table.platform(posts[0]), table.id(posts[0])),
        severity: if swarm { Severity::Medium } else { Severity::Info },
        confidence: 70,
        level: if swarm { Level::Grey } else { Level::Legal },
        title,
        reasons,
        techniques: vec!["T0084.001".into()],
        first,
        last,
        entities: members.iter().map(|(a, _)| Entity::user(shown(a), Role::Account)).collect(),
        traces: table.traces(posts),
        fields: row.fields(),
    }
}
