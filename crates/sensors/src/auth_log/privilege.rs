//! On the machine itself: somebody who is in tries to become somebody else (`sudo`, `su`), and is refused again and
//! again or is not allowed to at all.

use super::claim::plain;
use super::party::MANY;
use crate::attempt::traces;
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Outcome, Reason, Result, Role, Severity, Text, View, Visit};
use rows::auth_log::{self, Local, Outcome as Answer};
use rows::key::LocalKey;
use rows::{Row, Shape, attempt};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// `auth_log/privilege`.
pub struct PrivilegeDetector;

impl Detector for PrivilegeDetector {
    fn id(&self) -> &'static str {
        auth_log::Privilege::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<auth_log::Privilege>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Local::NAME]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("privilege.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let window = context.config.settings::<super::Settings>()?.window.0;
        let mut group: Vec<Visit> = Vec::new();
        let mut flush = |group: &mut Vec<Visit>| claim(&std::mem::take(group))?.map_or(Ok(()), &mut *found);
        case.observations(Local::NAME, &mut |visit| {
            let joins = group.iter().any(|g| {
                g.observation.key == visit.observation.key
                    && visit.observation.first.since(g.observation.last) <= window
            });
            if !joins {
                flush(&mut group)?;
            }
            group.push(visit);
            Ok(ControlFlow::Continue(()))
        })?;
        flush(&mut group)
    }
}

fn claim(runs: &[Visit]) -> Result<Option<Finding>> {
    let Some(key) = runs.first().map(|v| &v.observation.key) else { return Ok(None) };
    let LocalKey { purpose: service, host, user } = key.parse()?;
    let rows = runs.iter().map(|v| Ok((&v.observation, Local::of(&v.observation.fields)?.0)));
    let rows: Vec<_> = rows.collect::<Result<_>>()?;
    let sum = |answer| rows.iter().filter(|(_, r)| r.outcome == answer).map(|(o, _)| o.count).sum::<u64>();
    // PAM's lines tell the same refusals.
    let refused = sum(Answer::Failed).max(sum(Answer::Echo));
    let forbidden = rows.iter().any(|(_, r)| matches!(r.method.as_deref(), Some("not_allowed" | "several")));
    if refused < MANY && !forbidden {
        return Ok(None);
    }
    let (accepted, others): (Vec<_>, Vec<_>) = rows.iter().partition(|(_, r)| r.outcome == Answer::Accepted);
    let Some(last_refusal) = others.iter().map(|(o, _)| o.last).max() else { return Ok(None) };
    let entered = refused >= MANY && accepted.iter().any(|(o, _)| o.first >= last_refusal);
    let outcome = if entered { Outcome::PossiblySucceeded } else { Outcome::Refused };
    let mut reasons = vec![Reason::supporting(
        30,
        Text::new(format!("{refused} refusals by {service}"), format!("{refused} refus par {service}")),
    )];
    if forbidden {
        reasons
            .push(Reason::supporting(20, Text::new("the account is not allowed to", "le compte n’y est pas autorisé")));
    }
    if entered {
        reasons.push(Reason::supporting(30, Text::new("after that it was allowed", "ensuite, cela lui a été accordé")));
    }
    reasons.push(Reason::against(
        20,
        Text::new("people forget their own passwords", "chacun peut oublier son propre mot de passe"),
    ));
    let mut spans: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for run in runs {
        spans.entry((run.evidence, run.steps.clone())).or_default().extend(run.observation.spans.iter());
    }
    let row = auth_log::Privilege {
        attempt: attempt::Attempt {
            class: None,
            classes: None,
            outcome,
            requests: refused,
            attempts: None,
            sources: None,
            country: None,
            network: None,
            as_number: None,
            as_name: None,
            site: host,
            shape: None,
            purpose: service,
        },
        user: user.clone(),
    };
    let first = rows.iter().map(|(o, _)| o.first).min();
    let name = plain(&user);
    Ok(Some(Finding {
        detector: Cow::Borrowed(auth_log::Privilege::NAME),
        key: format!("{key}|{}", first.unwrap_or_default()),
        severity: if entered { Severity::Medium } else { Severity::Low },
        confidence: if refused >= 2 * MANY || forbidden { 60 } else { 45 },
        level: Level::Illegal,
        title: Text::new(
            format!("`{name}` was refused {service} {refused} times: {}", outcome.text().en),
            format!("« {name} » s’est vu refuser {service} {refused} fois : {}", outcome.text().fr),
        ),
        reasons,
        techniques: vec!["T1548.003".into()],
        first,
        last: rows.iter().map(|(o, _)| o.last).max(),
        entities: if user.is_empty() { Vec::new() } else { vec![Entity::user(user, Role::Account)] },
        traces: traces(spans),
        fields: row.fields(),
    }))
}
