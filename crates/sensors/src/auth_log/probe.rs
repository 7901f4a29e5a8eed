//! Connections to a login service that never come to a login: scanners, and whoever was turned away at the door.
//!
//! Left out: counting these among attempts; nobody tried a name.

use super::claim::{plural, traces};
use super::runs::{LOGIN, UNKNOWN};
use crate::attempt::{self, Attempt, Joining};
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Network, Reason, Result, Role, Severity, Text, Time, View, Visit};
use serde_json::json;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Connections that make a scan, where none was turned away.
const MANY: u64 = 5;

/// `auth_log/probe`.
pub struct ProbeDetector;

impl Detector for ProbeDetector {
    fn id(&self) -> &'static str {
        "auth_log/probe"
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[LOGIN]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("probe.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        // Neighbours are not joined: a scan is one source's.
        let joining = Joining {
            window: context.config.settings::<super::Settings>()?.window.0,
            distributed_sources: usize::MAX,
            ..Joining::default()
        };
        attempt::attempts(case, LOGIN, joining, &|_| false, &mut |a| match probe(a, context) {
            Some(finding) => found(finding),
            None => Ok(()),
        })
    }
}

fn probe(a: Attempt, context: &Context) -> Option<Finding> {
    let source = *a.sources.first().filter(|&&s| s != UNKNOWN)?;
    // Whoever names an account belongs to `auth_log/attempt`, or is a person.
    let is_probe = |v: &Visit| v.observation.fields.get("outcome").is_some_and(|w| w == "probe");
    if !a.runs.iter().all(is_probe) {
        return None;
    }
    let refused = a.runs.iter().any(|v| v.observation.fields.get("method").is_some());
    let count = a.count;
    if !refused && count < MANY {
        return None;
    }
    let own = context.config.is_own(source);
    let mut reasons = vec![Reason::supporting(
        if count >= MANY { 40 } else { 20 },
        Text::new(
            format!("{count} {} without a login", plural(count, "connection", "connections")),
            format!("{count} {} sans tentative d’identification", plural(count, "connexion", "connexions")),
        ),
    )];
    if refused {
        reasons.push(Reason::supporting(
            20,
            Text::new(
                "turned away at the door, kept by a decoy, or speaking another protocol",
                "éconduit d’emblée, retenu par un leurre, ou parlant un autre protocole",
            ),
        ));
    }
    if own {
        reasons.push(Reason::against(
            40,
            Text::new("the source is one of our own networks", "la source est l’un de nos propres réseaux"),
        ));
    }
    let country = context.origins.country(source);
    let network: Network = source.network();
    let mut spans: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for run in &a.runs {
        spans.entry((run.evidence, run.steps.clone())).or_default().extend(run.observation.spans.iter());
    }
    let (first, last): (Time, Time) = (a.first, a.last);
    let mut fields = model::Fields::new();
    fields.insert("class".into(), json!("scanner"));
    fields.insert("requests".into(), json!(count));
    fields.insert("country".into(), json!(country));
    fields.insert("network".into(), json!(network.to_string()));
    fields.insert("site".into(), json!(a.site));
    fields.insert("purpose".into(), json!(a.purpose));
    Some(Finding {
        detector: Cow::Borrowed("auth_log/probe"),
        key: a.finding_key(),
        severity: if own { Severity::Info } else { Severity::Low },
        confidence: if count >= MANY { 70 } else { 50 },
        level: Level::Illegal,
        title: Text::new(
            format!(
                "{} probed from {source} ({country}), {count} {}",
                a.purpose,
                plural(count, "connection", "connections")
            ),
            format!(
                "Sonde du service {} depuis {source} ({country}), {count} {}",
                a.purpose,
                plural(count, "connexion", "connexions")
            ),
        ),
        reasons,
        techniques: vec!["T1595".into()],
        first: Some(first),
        last: Some(last),
        entities: vec![Entity::address(source, Role::Source)],
        traces: traces(spans),
        fields,
    })
}
