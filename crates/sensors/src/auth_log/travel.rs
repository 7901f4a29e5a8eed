//! One account let in from two countries, too soon after another for one person to travel.
//!
//! You may rely on: a country that an account is used from on several days is its habit, and two habits say nothing.
//! Left out: distances within a country, for which registry data is too coarse.

use super::claim::plain;
use crate::attempt::traces;
use crate::{Detector, Specification};
use model::{Address, Context, Entity, Finding, Level, Reason, Result, Role, Severity, Text, Time, View, Visit};
use rows::attempt::Purpose;
use rows::auth_log::{Login as LoginRow, Outcome, Travel};
use rows::key::RunKey;
use rows::{Row, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

/// Seconds between two logins that nobody travels in.
const SOON: i64 = 3600;
/// Days on which an account is used from a country that make it a habit.
const DAYS: usize = 3;
/// Logins looked at; beyond, later ones in the order of keys are not.
const LOGINS: usize = 1_000_000;

/// `auth_log/travel`.
pub struct TravelDetector;

/// A login as far as travelling goes.
#[derive(Clone, Copy)]
struct Login {
    first: Time,
    last: Time,
    source: Address,
    /// ISO 3166 alpha-2.
    country: [u8; 2],
}

/// An account: service, site and name.
type Account = (Purpose, String, String);

/// The earliest two logins of an account from two countries.
type Journey = (Login, Login);

impl Detector for TravelDetector {
    fn id(&self) -> &'static str {
        Travel::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Travel>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[LoginRow::NAME]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("travel.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let mut logins: BTreeMap<Account, Vec<Login>> = BTreeMap::new();
        let mut countries: HashMap<Address, Option<[u8; 2]>> = HashMap::new();
        let mut left = LOGINS;
        case.observations(LoginRow::NAME, &mut |visit| {
            if left > 0
                && let Some((account, source)) = accepted(&visit)?
                && let Some(country) = *countries.entry(source).or_insert_with(|| country(context, source))
            {
                left -= 1;
                let (first, last) = (visit.observation.first, visit.observation.last);
                logins.entry(account).or_default().push(Login { first, last, source, country });
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let journeys: BTreeMap<Account, Journey> =
            logins.into_iter().filter_map(|(account, logins)| Some((account, journey(logins)?))).collect();
        // Only now are traces kept: of the few logins that matter.
        let mut runs: BTreeMap<&Account, Vec<Visit>> = BTreeMap::new();
        case.observations(LoginRow::NAME, &mut |visit| {
            if let Some((account, source)) = accepted(&visit)?
                && let Some((account, (a, b))) = journeys.get_key_value(&account)
                && [a, b].iter().any(|l| l.source == source && l.first == visit.observation.first)
            {
                runs.entry(account).or_default().push(visit);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        for (account, journey) in &journeys {
            found(claim(account, journey, runs.remove(account).unwrap_or_default()))?;
        }
        Ok(())
    }
}

/// The account and source of an accepted login.
fn accepted(visit: &Visit) -> Result<Option<(Account, Address)>> {
    if LoginRow::outcome(&visit.observation.fields)? != Outcome::Accepted {
        return Ok(None);
    }
    let users = LoginRow::of(&visit.observation.fields)?.users;
    let RunKey { purpose, site, source } = visit.observation.key.parse()?;
    let user = users.into_keys().next().filter(|u| !u.is_empty());
    Ok(user.map(|user| ((purpose, site, user), source)))
}

/// A country, and none for addresses that have none or are our own.
fn country(context: &Context, source: Address) -> Option<[u8; 2]> {
    let code = context.origins.country(source);
    let code: [u8; 2] = code.as_bytes().try_into().ok()?;
    (code.iter().all(u8::is_ascii_uppercase) && !context.config.is_own(source)).then_some(code)
}

/// The first two logins from two countries within the time, unless both countries are habits.
fn journey(mut logins: Vec<Login>) -> Option<Journey> {
    logins.sort_by_key(|l| (l.first, l.last, l.source));
    let mut days: BTreeMap<[u8; 2], BTreeSet<i64>> = BTreeMap::new();
    for login in &logins {
        days.entry(login.country)
            .or_default()
            .extend([login.first, login.last].map(|t| t.seconds().div_euclid(86_400)));
    }
    let habit = |country: [u8; 2]| days.get(&country).is_some_and(|d| d.len() >= DAYS);
    let pairs = logins.windows(2).map(|w| (w[0], w[1]));
    let soon = |(a, b): &Journey| {
        a.country != b.country && b.first.since(a.last) <= SOON && !(habit(a.country) && habit(b.country))
    };
    pairs.into_iter().find(soon)
}

fn claim((service, site, user): &Account, (a, b): &Journey, runs: Vec<Visit>) -> Finding {
    let code = |login: &Login| String::from_utf8_lossy(&login.country).into_owned();
    let (from, to, name) = (code(a), code(b), plain(user));
    let minutes = b.first.since(a.last).max(0) / 60;
    let mut spans: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for run in runs {
        spans.entry((run.evidence, run.steps)).or_default().extend(run.observation.spans.iter());
    }
    let row = Travel {
        countries: [from.clone(), to.clone()],
        minutes,
        user: user.clone(),
        site: site.clone(),
        purpose: *service,
    };
    Finding {
        detector: Cow::Borrowed(Travel::NAME),
        key: format!("{service}|{site}|{user}|{}", b.first),
        severity: Severity::Low,
        confidence: 40,
        level: Level::Illegal,
        title: Text::new(
            format!("`{name}` logged in to {service} from {from} and, {minutes} minutes later, from {to}"),
            format!(
                "« {name} » s’est connecté ({service}) depuis {from} puis, {minutes} minutes plus tard, depuis {to}"
            ),
        ),
        reasons: vec![
            Reason::supporting(
                40,
                Text::new(
                    format!("{} is registered in {from}, {} in {to}: nobody travels so fast", a.source, b.source),
                    format!(
                        "{} est enregistrée en {from}, {} en {to} : personne ne voyage aussi vite",
                        a.source, b.source
                    ),
                ),
            ),
            Reason::against(
                30,
                Text::new(
                    "a private network service, a mobile operator or a shared account looks the same",
                    "un réseau privé virtuel, un opérateur mobile ou un compte partagé ont la même apparence",
                ),
            ),
        ],
        techniques: vec!["T1078".into()],
        first: Some(a.first),
        last: Some(b.last.max(a.last)),
        entities: vec![
            Entity::address(a.source, Role::Source),
            Entity::address(b.source, Role::Source),
            Entity::user(user, Role::Victim),
        ],
        traces: traces(spans),
        fields: row.fields(),
    }
}
