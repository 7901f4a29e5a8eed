//! Ways of signing in that pass by the second factor or show its owner no page: legacy protocols, passwords sent to where
//! programs get tokens, device codes.
//!
//! You may rely on: one finding for each person, way and network, accepted sign-ins only; a way that somebody uses day by
//! day is his habit and is told once, as a weakness. Left out: refused ones, which are attempts.

use super::gather::people;
use super::table::{INPUTS, Table, key, of};
use crate::auth_log::plain;
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Network, Reason, Result, Role, Severity, Text, Time, View};
use rows::sign_in::{Action, Change, Provider};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Its id.
const ID: &str = "sign_in/method";
/// Days of use that make a way somebody's habit.
const HABIT: usize = 5;

/// `sign_in/method`.
pub struct MethodDetector;

struct Used {
    first: i64,
    last: i64,
    count: u64,
    days: BTreeSet<i64>,
    row: u32,
    rows: BTreeSet<u32>,
    elsewhere: bool,
}

impl Detector for MethodDetector {
    fn id(&self) -> &'static str {
        ID
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape { name: ID, ..Shape::of::<Change>() })
    }

    fn inputs(&self) -> &'static [&'static str] {
        INPUTS
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("method.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let table = Table::of(case, context)?;
        let mut all: BTreeMap<(Provider, &str, &str, Option<Network>), Used> = BTreeMap::new();
        for (item, row) in table.doing(&[Action::SignIn]).filter(|(_, r)| r.is_entry() && !r.activity.method.is_empty())
        {
            let a = &row.activity;
            let key = (a.provider, a.account.as_str(), a.method.as_str(), row.source.map(|s| s.network()));
            let elsewhere = table.habits.is_elsewhere(row);
            let used = all.entry(key).or_insert_with(|| Used {
                first: item.at,
                last: item.at,
                count: 0,
                days: BTreeSet::new(),
                row: item.row,
                rows: BTreeSet::new(),
                elsewhere: false,
            });
            used.last = item.at;
            used.count += 1;
            used.days.insert(item.at.div_euclid(crate::activity::DAY));
            used.rows.insert(item.row);
            if elsewhere && !used.elsewhere {
                (used.row, used.elsewhere) = (item.row, true);
            }
        }
        for ((provider, account, method, network), used) in all {
            found(finding(&table, provider, account, method, network, used))?;
        }
        Ok(())
    }
}

fn finding(
    table: &Table,
    provider: Provider,
    account: &str,
    method: &str,
    network: Option<Network>,
    used: Used,
) -> Finding {
    let row = &table.rows[used.row as usize];
    let (name, way) = (plain(account), plain(method));
    let device = method == "device_code";
    let habit = used.days.len() >= HABIT && !used.elsewhere;
    let source = row.source.map(|s| s.to_string()).unwrap_or_default();
    let mut reasons = vec![match device {
        true => Reason::supporting(
            25,
            Text::new(
                "whoever sends somebody such a code and has it entered gets in as that person",
                "qui envoie un tel code à quelqu’un et le lui fait saisir entre à sa place",
            ),
        ),
        false => Reason::supporting(
            20,
            Text::new("this way asks for no second factor", "cette voie ne demande aucun second facteur"),
        ),
    }];
    if used.elsewhere {
        reasons.push(Reason::supporting(
            40,
            Text::new(
                format!("from {source}, where `{name}` had never signed in before"),
                format!("depuis {source}, d’où « {name} » ne s’était jamais connecté"),
            ),
        ));
    }
    reasons.push(Reason::against(
        25,
        match habit {
            true => Text::new("this person uses it day by day", "cette personne s’en sert chaque jour"),
            false => Text::new(
                "old mail programs, printers and televisions need it",
                "vieux logiciels, imprimantes et téléviseurs en ont besoin",
            ),
        },
    ));
    let severity = match (used.elsewhere, device, habit) {
        (true, ..) => Severity::High,
        (_, _, true) => Severity::Info,
        (_, true, _) => Severity::Medium,
        _ => Severity::Low,
    };
    let fields = Change {
        provider,
        action: Action::SignIn,
        operation: row.activity.operation.clone(),
        account: account.to_string(),
        target: String::new(),
        detail: method.to_string(),
        source: row.activity.source.clone(),
        count: used.count,
        targets: None,
        from_elsewhere: used.elsewhere,
    };
    let mut entities = people(account, if used.elsewhere { Role::Victim } else { Role::Account });
    entities.extend(row.source.map(|s| Entity::address(s, Role::Source)));
    let shown = match method {
        "device_code" => Text::new("a device code", "un code d’appareil"),
        "password_grant" => Text::new("a password sent without any page", "un mot de passe envoyé sans aucune page"),
        _ => Text::new(format!("a legacy way ({way})"), format!("une voie ancienne ({way})")),
    };
    let mut techniques = vec!["T1078.004"];
    techniques.extend(if device { Some("T1528") } else { None });
    Finding {
        detector: Cow::Borrowed(ID),
        key: key(&[provider.as_str(), account, method, &of(network), &used.first.to_string()]),
        severity,
        confidence: if used.elsewhere { 75 } else { 45 },
        level: Level::Illegal,
        title: Text::new(
            format!("`{name}` signed in by {} from {source}", shown.en),
            format!("« {name} » s’est connecté par {} depuis {source}", shown.fr),
        ),
        reasons,
        techniques: techniques.into_iter().map(String::from).collect(),
        first: Some(Time::from_seconds(used.first)),
        last: Some(Time::from_seconds(used.last)),
        entities,
        traces: table.traces(used.rows),
        fields: fields.fields(),
    }
}
