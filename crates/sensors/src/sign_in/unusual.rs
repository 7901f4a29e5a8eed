//! Sign-ins that are not like the same person's others: from a country or a network, or with a program, that is new; or too
//! soon after one from another country.
//!
//! You may rely on: one finding for each person and network; what a journey, a telephone or the organisation's own private
//! network explains is weighed, and said. Left out: who has no habit yet.

use super::gather::people;
use super::habit::{Newness, is_country};
use super::table::{INPUTS, Item, Row, Table, key, of};
use crate::auth_log::plain;
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Network, Reason, Result, Role, Severity, Text, Time, View};
use rows::sign_in::{Provider, Unusual};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Seconds between two countries that nobody travels in.
const SOON: i64 = 3600;
/// Days on which somebody signs in from a country that make it usual.
const USUAL: usize = 3;

/// `sign_in/unusual`.
pub struct UnusualDetector;

/// Sign-ins of one person from one network that is new to him.
struct Group {
    /// The row to judge by: the first of those with most that is new.
    row: u32,
    rows: Vec<u32>,
    first: i64,
    last: i64,
    count: u64,
    /// Minutes since a sign-in in another country, and that one's row.
    travel: Option<(i64, u32)>,
}

impl Detector for UnusualDetector {
    fn id(&self) -> &'static str {
        Unusual::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Unusual>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        INPUTS
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("unusual.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let table = Table::of(case, context)?;
        let mut groups: BTreeMap<(Provider, &str, Network), Group> = BTreeMap::new();
        let mut before: BTreeMap<(Provider, &str), (&Item, String)> = BTreeMap::new();
        for (item, row) in table.doing(&[rows::sign_in::Action::SignIn]).filter(|(_, row)| row.is_entry()) {
            let Some(source) = row.source.filter(|s| !row.is_providers && !context.config.is_own(*s)) else { continue };
            let a = &row.activity;
            let who = (a.provider, a.account.as_str());
            let country = table.habits.country(source);
            let usual = |c: &str| table.habits.is_usual(a.provider, &a.account, c, USUAL);
            let travel = before.get(&who).and_then(|(other, from)| {
                let far = is_country(from) && is_country(&country) && *from != country;
                let soon = far && item.at - other.at <= SOON && !(usual(from) && usual(&country));
                // The organisation's own private network takes everybody abroad.
                let shared = |row: &Row| row.source.is_some_and(|s| table.habits.is_shared(s));
                (soon && !shared(row) && !shared(table.row(other))).then_some(((item.at - other.at) / 60, other.row))
            });
            before.insert(who, (item, country));
            let elsewhere = table.habits.is_elsewhere(row);
            if !elsewhere && travel.is_none() {
                continue;
            }
            let group = groups.entry((who.0, who.1, source.network())).or_insert_with(|| Group {
                row: item.row,
                rows: Vec::new(),
                first: item.at,
                last: item.at,
                count: 0,
                travel: None,
            });
            group.last = item.at;
            let known = &table.rows[group.row as usize];
            if weight(&table, row) > weight(&table, known) {
                group.row = item.row;
            }
            group.count += 1;
            group.travel = group.travel.or(travel);
            if group.rows.last() != Some(&item.row) {
                group.rows.push(item.row);
            }
        }
        groups.into_iter().try_for_each(|((.., network), group)| found(finding(&table, network, group)))
    }
}

/// How much is new in a row: what decides its severity first.
fn weight(table: &Table, row: &Row) -> (bool, bool, bool) {
    table.habits.newness(row).map_or_else(Default::default, |n| (n.country && n.client, n.country, n.client))
}

fn finding(table: &Table, network: Network, group: Group) -> Finding {
    let row = &table.rows[group.row as usize];
    let a = &row.activity;
    let (name, source) = (plain(&a.account), row.source.map(|s| s.to_string()).unwrap_or_default());
    let country = row.source.map(|s| table.habits.country(s)).unwrap_or_default();
    let none = Newness::default();
    let newness = table.habits.newness(row).unwrap_or(&none);
    let mut new: Vec<String> = Vec::new();
    let mut reasons = Vec::new();
    let before = newness.before;
    let mut add = |word: &str, weight, en: String, fr: String| {
        new.push(word.into());
        reasons.push(Reason::supporting(weight, Text::new(en, fr)));
    };
    if newness.country {
        add(
            "country",
            30,
            format!("none of the {before} sign-ins before came from {country}"),
            format!("aucune des {before} connexions précédentes ne venait de {country}"),
        );
    }
    if newness.network {
        add("network", 10, format!("the network of {source} is new"), format!("le réseau de {source} est nouveau"));
    }
    if newness.client {
        let client = plain(&a.client);
        add("client", 20, format!("`{client}` was never used before"), format!("« {client} » n’avait jamais servi"));
    }
    if let Some((minutes, _)) = group.travel {
        add(
            "travel",
            30,
            format!("{minutes} minutes after a sign-in from another country: nobody travels so fast"),
            format!("{minutes} minutes après une connexion depuis un autre pays : personne ne voyage aussi vite"),
        );
    }
    let whole = newness.country && newness.client;
    let severity = match (whole, group.travel.is_some()) {
        (true, true) => Severity::High,
        (true, false) => Severity::Medium,
        (false, true) if newness.country => Severity::Medium,
        _ => Severity::Low,
    };
    let device = row.activity.method == "device_code" || row.activity.method == "password_grant";
    if device {
        reasons.push(Reason::supporting(
            20,
            Text::new(
                format!("by a way that shows its owner no page ({})", a.method),
                format!("par une voie qui ne montre aucune page à son titulaire ({})", a.method),
            ),
        ));
    }
    reasons.push(Reason::against(
        if newness.client { 15 } else { 30 },
        Text::new(
            "a journey, a new telephone or a private network service looks the same",
            "un voyage, un nouveau téléphone ou un réseau privé virtuel ont la même apparence",
        ),
    ));
    let sum: i32 = reasons.iter().map(|r| if r.supports { i32::from(r.weight) } else { -i32::from(r.weight) }).sum();
    let mut entities = people(&a.account, Role::Victim);
    entities.extend(row.source.map(|s| Entity::address(s, Role::Source)));
    let mut rows = group.rows.clone();
    if let Some((_, other)) = group.travel {
        rows.push(other);
        let other = &table.rows[other as usize];
        entities.extend(other.source.map(|s| Entity::address(s, Role::Mentioned)));
    }
    rows.sort_unstable();
    rows.dedup();
    let provider = a.provider.text();
    let fields = Unusual {
        provider: a.provider,
        account: a.account.clone(),
        source: source.clone(),
        country: country.clone(),
        client: a.client.clone(),
        new,
        before,
        count: group.count,
        minutes: group.travel.map(|(minutes, _)| minutes),
    };
    Finding {
        detector: Cow::Borrowed(Unusual::NAME),
        key: key(&[a.provider.as_str(), &a.account, &of(Some(network)), &group.first.to_string()]),
        severity,
        confidence: (25 + sum).clamp(5, 95) as u8,
        level: Level::Illegal,
        title: Text::new(
            format!(
                "`{name}` signed in to {} from {source} ({country}), which is not like the times before",
                provider.en
            ),
            format!(
                "« {name} » s’est connecté à {} depuis {source} ({country}), à la différence des autres fois",
                provider.fr
            ),
        ),
        reasons,
        techniques: vec!["T1078.004".into()],
        first: Some(Time::from_seconds(group.first)),
        last: Some(Time::from_seconds(group.last)),
        entities,
        traces: table.traces(rows),
        fields: fields.fields(),
    }
}
