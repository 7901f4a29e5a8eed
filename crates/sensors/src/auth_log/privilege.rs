//! On the machine itself: somebody who is in tries to become somebody else (`sudo`, `su`), and is refused again and
//! again or is not allowed to at all.

use super::claim::{plain, traces};
use super::party::MANY;
use super::runs::LOCAL;
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Outcome, Reason, Result, Role, Severity, Text, View, Visit};
use serde_json::json;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// `auth_log/privilege`.
pub struct PrivilegeDetector;

impl Detector for PrivilegeDetector {
    fn id(&self) -> &'static str {
        "auth_log/privilege"
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[LOCAL]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("privilege.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let window = context.config.settings::<super::Settings>()?.window.0;
        let mut group: Vec<Visit> = Vec::new();
        let mut flush = |group: &mut Vec<Visit>| match claim(&std::mem::take(group)) {
            Some(finding) => found(finding),
            None => Ok(()),
        };
        case.observations(LOCAL, &mut |visit| {
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

fn claim(runs: &[Visit]) -> Option<Finding> {
    let key = &runs.first()?.observation.key;
    let mut parts = key.splitn(3, '|');
    let (service, host, user) = (parts.next()?, parts.next()?, parts.next()?);
    let is = |v: &&Visit, name: &str, word: &str| v.observation.fields.get(name).is_some_and(|w| w == word);
    let sum = |outcome| runs.iter().filter(|v| is(v, "outcome", outcome)).map(|v| v.observation.count).sum::<u64>();
    // PAM's lines tell the same refusals.
    let refused = sum("failed").max(sum("echo"));
    let forbidden = runs.iter().any(|v| is(&v, "method", "not_allowed") || is(&v, "method", "several"));
    if refused < MANY && !forbidden {
        return None;
    }
    let last_refusal = runs.iter().filter(|v| !is(v, "outcome", "accepted")).map(|v| v.observation.last).max()?;
    let entered =
        refused >= MANY && runs.iter().any(|v| is(&v, "outcome", "accepted") && v.observation.first >= last_refusal);
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
    let mut fields = model::Fields::new();
    fields.insert("outcome".into(), json!(outcome.as_str()));
    fields.insert("requests".into(), json!(refused));
    fields.insert("site".into(), json!(host));
    fields.insert("purpose".into(), json!(service));
    fields.insert("user".into(), json!(user));
    let first = runs.iter().map(|v| v.observation.first).min();
    let name = plain(user);
    Some(Finding {
        detector: Cow::Borrowed("auth_log/privilege"),
        key: format!("{key}|{}", first?),
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
        last: runs.iter().map(|v| v.observation.last).max(),
        entities: if user.is_empty() { Vec::new() } else { vec![Entity::user(user, Role::Account)] },
        traces: traces(spans),
        fields,
    })
}
