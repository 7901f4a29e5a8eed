//! The second factor worn down or changed: many prompts that were refused and then one accepted; factors, recovery
//! addresses and app passwords added or taken away.
//!
//! You may rely on: prompts of one person within an hour are one finding; a factor added on somebody's first days is no
//! news. Left out: what came of a prompt where a log does not say.

use super::change::{ChangeDetector, Judged, Known};
use super::gather::people;
use super::table::{INPUTS, Row, Table, key};
use crate::auth_log::plain;
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Reason, Result, Role, Severity, Text, Time, View};
use rows::sign_in::{Action, Answer, Change, Provider};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Its id, and that of what it finds changed.
const ID: &str = "sign_in/second_factor";
/// Prompts not answered with *yes* within an hour that nobody causes by mistake.
const MANY: u64 = 5;
/// Seconds.
const WITHIN: i64 = 3600;

/// `sign_in/second_factor`.
pub struct SecondFactorDetector;

/// Changes are judged like all others.
static CHANGES: ChangeDetector = ChangeDetector {
    id: ID,
    actions: &[Action::FactorAdded, Action::FactorRemoved, Action::Recovery, Action::AppPassword, Action::Password],
    specification: "",
    judge,
};

/// Prompts of one person.
struct Prompts {
    first: i64,
    last: i64,
    refused: u64,
    denied: u64,
    accepted: Option<i64>,
    rows: BTreeSet<u32>,
    sources: BTreeSet<model::Address>,
}

impl Detector for SecondFactorDetector {
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
        Specification(include_str!("second_factor.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let zone = context.config.zone()?;
        let table = Table::of(case, context)?;
        let mut open: BTreeMap<(Provider, &str), Prompts> = BTreeMap::new();
        for (item, row) in table.doing(&[Action::Prompt, Action::SignIn]) {
            let a = &row.activity;
            let who = (a.provider, a.account.as_str());
            if open.get(&who).is_some_and(|p| item.at - p.last > WITHIN)
                && let Some(prompts) = open.remove(&who)
            {
                told(&table, who, prompts, &zone, found)?;
            }
            let refused = a.answer == Answer::Denied
                || matches!(a.answer, Answer::Failed | Answer::SecondFactor) && a.action == Action::Prompt;
            let accepted = a.answer == Answer::Accepted;
            let begun = open.contains_key(&who);
            if !refused && (!accepted || !begun) {
                continue;
            }
            let prompts = open.entry(who).or_insert_with(|| Prompts {
                first: item.at,
                last: item.at,
                refused: 0,
                denied: 0,
                accepted: None,
                rows: BTreeSet::new(),
                sources: BTreeSet::new(),
            });
            if refused && prompts.accepted.is_none() {
                prompts.refused += 1;
                prompts.denied += u64::from(a.answer == Answer::Denied);
                prompts.last = item.at;
            } else if accepted && prompts.refused >= MANY {
                prompts.accepted.get_or_insert(item.at);
            } else if accepted {
                // Once refused and then accepted is a slip.
                open.remove(&who);
                continue;
            }
            prompts.rows.insert(item.row);
            prompts.sources.extend(row.source.filter(|_| prompts.sources.len() < 50));
        }
        open.into_iter().try_for_each(|(who, prompts)| told(&table, who, prompts, &zone, found))?;
        CHANGES.detect(case, context, found)
    }
}

fn told(
    table: &Table,
    (provider, account): (Provider, &str),
    p: Prompts,
    zone: &jiff::tz::TimeZone,
    found: &mut dyn FnMut(Finding) -> Result<()>,
) -> Result<()> {
    if p.refused < MANY {
        return Ok(());
    }
    let name = plain(account);
    let n = p.refused;
    let mut reasons = vec![Reason::supporting(
        30,
        Text::new(
            format!("{n} prompts within an hour were not answered with yes, {} of them with no", p.denied),
            format!("{n} demandes en une heure sans réponse favorable, dont {} refusées", p.denied),
        ),
    )];
    reasons.push(Reason::supporting(
        20,
        Text::new("whoever causes prompts has the password", "qui provoque ces demandes a le mot de passe"),
    ));
    if let Some(at) = p.accepted {
        let at = Time::from_seconds(at).told(zone);
        reasons.push(Reason::supporting(
            40,
            Text::new(format!("then one was accepted, on {at}"), format!("puis l’une fut acceptée, le {at}")),
        ));
    }
    reasons.push(Reason::against(
        15,
        Text::new(
            "a program with an old password asks again and again",
            "un programme au mot de passe périmé redemande sans cesse",
        ),
    ));
    let first_row = p.rows.first().map(|r| &table.rows[*r as usize]);
    let fields = Change {
        provider,
        action: Action::Prompt,
        operation: first_row.map(|r| r.activity.operation.clone()).unwrap_or_default(),
        account: account.to_string(),
        target: String::new(),
        detail: if p.accepted.is_some() { "accepted".into() } else { String::new() },
        source: p.sources.first().map(ToString::to_string),
        count: n,
        targets: None,
        from_elsewhere: first_row.is_some_and(|r| table.habits.is_elsewhere(r)),
    };
    let mut entities = people(account, Role::Victim);
    entities.extend(p.sources.iter().map(|s| Entity::address(*s, Role::Source)));
    let (en, fr) = match p.accepted {
        Some(_) => (", then one was accepted", ", puis l’une a été acceptée"),
        None => ("", ""),
    };
    found(Finding {
        detector: Cow::Borrowed(ID),
        key: key(&[provider.as_str(), account, &p.first.to_string()]),
        severity: if p.accepted.is_some() { Severity::High } else { Severity::Medium },
        confidence: if p.accepted.is_some() { 80 } else { 60 },
        level: Level::Illegal,
        title: Text::new(
            format!("`{name}` was asked {n} times for the second factor and did not agree{en}"),
            format!("« {name} » a été sollicité {n} fois pour le second facteur sans accepter{fr}"),
        ),
        reasons,
        techniques: vec!["T1621".into(), "T1078.004".into()],
        first: Some(Time::from_seconds(p.first)),
        last: Some(Time::from_seconds(p.accepted.unwrap_or(p.last))),
        entities,
        traces: table.traces(p.rows),
        fields: fields.fields(),
    })
}

fn judge(row: &Row, known: &Known) -> Option<Judged> {
    let a = &row.activity;
    let who = plain(&a.account);
    let of = if a.target.is_empty() { who.clone() } else { plain(&a.target) };
    let by_other = !a.target.is_empty() && a.target.to_lowercase() != a.account;
    let strange = known.is_elsewhere(row);
    let (severity, en, fr, techniques) = match a.action {
        Action::FactorAdded => (
            Severity::Info,
            "A second factor was added to the account of",
            "Un second facteur a été ajouté au compte de",
            vec!["T1098.005"],
        ),
        Action::FactorRemoved => (
            Severity::Low,
            "A second factor was taken from the account of",
            "Un second facteur a été retiré du compte de",
            vec!["T1556.006"],
        ),
        Action::Recovery => (
            Severity::Low,
            "The recovery address or number was changed of the account of",
            "L’adresse ou le numéro de récupération a été changé pour le compte de",
            vec!["T1098"],
        ),
        Action::AppPassword => (
            Severity::Low,
            "A password for programs or a token was made by",
            "Un mot de passe d’application ou un jeton a été créé par",
            vec!["T1098.001"],
        ),
        // Passwords are changed every day; from elsewhere it locks the owner out.
        _ if strange => (
            Severity::Low,
            "The password was changed of the account of",
            "Le mot de passe a été changé pour le compte de",
            vec!["T1098"],
        ),
        _ => return None,
    };
    let mut reasons = vec![Reason::supporting(
        20,
        Text::new(
            "whoever sets this stays in when the password is changed",
            "qui règle cela reste dans le compte quand le mot de passe change",
        ),
    )];
    if by_other {
        reasons.push(Reason::supporting(10, Text::new(format!("set by `{who}`"), format!("réglé par « {who} »"))));
    }
    reasons.push(Reason::against(
        25,
        Text::new("a new telephone needs this as well", "un nouveau téléphone le demande aussi"),
    ));
    Some(Judged {
        severity,
        confidence: 35,
        title: Text::new(format!("{en} `{of}`"), format!("{fr} « {of} »")),
        reasons,
        techniques,
        infrastructure: Vec::new(),
        folds: true,
    })
}
