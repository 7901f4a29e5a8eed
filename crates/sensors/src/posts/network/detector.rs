//! The network of a case as a whole: whether chance explains how much is shared at the same time. Specification:
//! `network.md`.

use super::whole::{MOST, Whole, whole};
use super::{Clock, Index, Network, Options};
use crate::posts::chance::SPANS;
use crate::posts::dataset::Dataset;
use crate::posts::shares::{By, Shares};
use crate::posts::table::Table;
use crate::{Detector, Specification};
use model::{Context, Finding, Level, Reason, Result, Severity, Text, View};
use rows::posts::{ByWeight, CoAction, WholeNetwork};
use rows::{Row, Shape};
use std::collections::BTreeSet;

/// The kinds of traces that are looked at; a page shared is a site shared, and copies have no moment.
const KINDS: [By; 7] = [By::Url, By::Hashtags, By::Repost, By::Reply, By::Mentions, By::Image, By::Object];
/// The window and the least weight of published networks.
const SECONDS: i64 = 60;
const WEIGHT: u32 = 2;
/// How often chance may be mistaken for more in one case, all kinds together.
const LEVEL: f64 = 0.05;
/// Fewer accounts are no network that could be told as a whole.
const ACCOUNTS: usize = 10;
/// The share of false rows up to which a network is told.
const FALSE: f64 = 0.5;
/// The share of false rows up to which rows of a weight are held to be no chance.
const SURE: f64 = 0.01;

/// The detector.
pub struct WholeNetworkDetector;

impl Detector for WholeNetworkDetector {
    fn id(&self) -> &'static str {
        WholeNetwork::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<WholeNetwork>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        crate::posts::INPUTS
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("network.md"))
    }

    fn detect(&self, case: &dyn View, _: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let dataset = Dataset::of(case)?;
        let table = &dataset.table;
        let options = Options { window: SECONDS * 1_000_000, min_weight: WEIGHT, loops: false };
        let mut all: Vec<(By, Shares, Whole)> = Vec::new();
        let mut tried = 0;
        for by in KINDS.into_iter().filter(|by| table.has(*by)) {
            let shares = table.shares(by);
            if shares.objects.is_empty() || shares.all() > MOST {
                continue;
            }
            let index = Index::new(&shares, Clock::of(options.window), None);
            let told = whole(&index, options);
            tried += usize::from(told.is_some());
            drop(index);
            all.extend(told.map(|whole| (by, shares, whole)));
        }
        let sure =
            |whole: &Whole| whole.p <= LEVEL / tried as f64 && whole.is_network() && whole.false_share() <= FALSE;
        let told = all.iter().filter(|(.., whole)| sure(whole));
        told.filter_map(|(by, shares, whole)| finding(table, *by, shares, whole, options)).try_for_each(found)
    }
}

fn finding(table: &Table, by: By, shares: &Shares, whole: &Whole, options: Options) -> Option<Finding> {
    let index = Index::new(shares, Clock::of(options.window), None);
    let edges = Network::new(&index, options).edges();
    let ranks: BTreeSet<u32> = edges.iter().flat_map(|e| [e.account_1, e.account_2]).collect();
    let members: BTreeSet<u32> = ranks.iter().map(|rank| index.accounts[*rank as usize]).collect();
    if members.len() < ACCOUNTS {
        return None;
    }
    let posts: Vec<u32> = (0..table.len() as u32)
        .filter(|post| members.contains(&table.account(*post)) && !shares.shared(*post).is_empty())
        .collect();
    let times = || posts.iter().filter_map(|p| table.time(*p));
    let rounded = |x: f64| (x * 1000.0).round() / 1000.0;
    let by_weight: Vec<ByWeight> = whole
        .by_weight
        .iter()
        .map(|(least, rows, expected, share)| ByWeight {
            min_weight: u64::from(*least),
            rows: *rows as u64,
            expected: rounded(*expected),
            false_share: rounded(*share),
        })
        .collect();
    let row = WholeNetwork {
        by: CoAction::from(by),
        window: SECONDS,
        min_weight: u64::from(WEIGHT),
        accounts: members.len() as u64,
        rows: whole.rows as u64,
        expected: rounded(whole.expected),
        sd: rounded(whole.sd),
        p: whole.p,
        runs: whole.runs as u64,
        false_share: rounded(whole.false_share()),
        sure_weight: by_weight.iter().find(|w| w.false_share <= SURE).map(|w| w.min_weight),
        by_weight,
    };
    let many = Text::number(row.rows);
    Some(Finding {
        detector: WholeNetwork::NAME.into(),
        key: row.by.as_str().into(),
        severity: Severity::Info,
        confidence: 90,
        level: Level::Grey,
        title: Text::new(
            format!("The network as a whole is no chance: {}, {} rows", row.by.text().en, many.en),
            format!("Le réseau dans son ensemble n’est pas dû au hasard : {}, {} lignes", row.by.text().fr, many.fr),
        ),
        reasons: reasons(&row),
        techniques: Vec::new(),
        first: times().min(),
        last: times().max(),
        // Nobody is accused: it is said of the set.
        entities: Vec::new(),
        traces: table.traces(posts),
        fields: row.fields(),
    })
}

fn reasons(row: &WholeNetwork) -> Vec<Reason> {
    let WholeNetwork { rows, expected, sd, p, runs, false_share, .. } = row;
    let part = 100.0 * false_share;
    let [expected_fr, sd_fr] = [expected, sd].map(|n| format!("{n:.1}").replace('.', ","));
    let (many, p_fr) = (Text::number(*rows), format!("{p:.3}").replace('.', ","));
    let mut all = vec![Reason::supporting(
        60,
        Text::new(
            format!(
                "{} rows (account 1 with account 2, at least {WEIGHT} times within {SECONDS} s) where {expected:.1} ± {sd:.1} \
                 come by chance: {runs} times every post was moved within its span of {span} s, what it shares kept (p = {p:.3})",
                many.en,
                span = SECONDS * SPANS,
            ),
            format!(
                "{} lignes (compte 1 avec compte 2, au moins {WEIGHT} fois en {SECONDS} s) là où le hasard en donne \
                 {expected_fr} ± {sd_fr} : {runs} fois, chaque publication a été déplacée dans son intervalle de {span} s, \
                 ce qu’elle partage étant conservé (p = {p_fr})",
                many.fr,
                span = SECONDS * SPANS,
            ),
        ),
    )];
    if let Some(sure) = row.sure_weight {
        let left = row.by_weight.iter().find(|w| w.min_weight == sure).map_or(0, |w| w.rows);
        all.push(Reason::supporting(
            20,
            Text::new(
                format!("of the {left} rows of weight {sure} or more at most one in a hundred is chance’s"),
                format!("parmi les {left} lignes de poids {sure} ou plus, une sur cent au plus relève du hasard"),
            ),
        ));
    }
    all.push(Reason::against(
        30,
        Text::new(
            format!(
                "about {part:.0}% of the rows are chance’s, and which those are cannot be said: it accuses no account; whom the \
                 evidence suffices to name stands under `posts/coordination`"
            ),
            format!(
                "environ {part:.0} % des lignes relèvent du hasard, sans qu’on sache lesquelles : aucun compte n’est accusé ; \
                 ceux que les indices suffisent à nommer figurent sous `posts/coordination`"
            ),
        ),
    ));
    all.push(Reason::against(
        30,
        Text::new(
            "many who wait for the same thing look like this too: readers of an alert, fans of a show at its first minute",
            "beaucoup de gens qui attendent la même chose laissent les mêmes traces : les lecteurs d’une alerte, les amateurs \
             d’une émission à sa première minute",
        ),
    ));
    all
}
