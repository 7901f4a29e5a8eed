//! Connections to a login service that never come to a login: scanners, and whoever was turned away at the door.
//!
//! Left out: counting these among attempts; nobody tried a name.

use super::claim::plural;
use super::runs::UNKNOWN;
use crate::attempt::{self, Attempt, Joining};
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Reason, Result, Role, Severity, Text, View};
use rows::attempt::Class;
use rows::auth_log::{self, Login, Outcome};
use rows::{Row, Shape};
use std::borrow::Cow;

/// Connections that make a scan, where none was turned away.
const MANY: u64 = 5;

/// `auth_log/probe`.
pub struct ProbeDetector;

impl Detector for ProbeDetector {
    fn id(&self) -> &'static str {
        auth_log::Probe::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<auth_log::Probe>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Login::NAME]
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
        attempt::attempts(case, &joining, |r: Login| r, &|_| false, &mut |a| match probe(a, context) {
            Some(finding) => found(finding),
            None => Ok(()),
        })
    }
}

fn probe(a: Attempt<Login>, context: &Context) -> Option<Finding> {
    let source = *a.sources.first().filter(|&&s| s != UNKNOWN)?;
    // Whoever names an account belongs to `auth_log/attempt`, or is a person.
    if !a.runs.iter().all(|r| r.row.outcome == Outcome::Probe) {
        return None;
    }
    let refused = a.runs.iter().any(|r| r.row.method.is_some());
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
    let row = auth_log::Probe {
        class: Class::Scanner,
        requests: count,
        country: country.clone(),
        network: a.network.to_string(),
        site: a.site.clone(),
        purpose: a.purpose,
    };
    Some(Finding {
        detector: Cow::Borrowed(auth_log::Probe::NAME),
        key: a.finding_key(),
        severity: if own { Severity::Info } else { Severity::Low },
        confidence: if count >= MANY { 70 } else { 50 },
        level: Level::Illegal,
        title: Text::new(
            format!(
                "Service {} probed from {source} ({country}), {count} {}",
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
        first: Some(a.first),
        last: Some(a.last),
        entities: vec![Entity::address(source, Role::Source)],
        traces: a.traces(),
        fields: row.fields(),
    })
}
