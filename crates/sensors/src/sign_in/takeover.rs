//! A password used by somebody else: the sign-in from where its owner had never been, what was set then, what was read, and
//! where the reading ends. The link between a decoy and a leak.
//!
//! You may rely on: one finding for each person, from the first such sign-in that was followed by a deed; the sign-in
//! alone is told elsewhere and is no takeover; times are the log's, with their bounds. The person's mail address is
//! an entity of role *victim*, so that a lure he got and what was published of him can be joined to it.
//! Left out: how the password was got.

use super::gather::people;
use super::table::{INPUTS, Row, Table, key};
use super::theft::{Taken, takes, usual};
use crate::auth_log::plain;
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Reason, Result, Role, Severity, Text, Time, View};
use rows::sign_in::{Action, Answer, Deed, Provider, Takeover};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Deeds that are listed.
const DEEDS: usize = 100;
/// Seconds after the last sign-in from elsewhere within which a record without an address is its maker's, too: records of
/// the directory name none.
const SESSION: i64 = 3600;

/// `sign_in/takeover`.
pub struct TakeoverDetector;

/// What a thief does beside reading.
fn is_deed(row: &Row) -> bool {
    !matches!(row.activity.action, Action::SignIn | Action::Prompt | Action::Read | Action::Open | Action::Download)
        && row.activity.answer == Answer::Accepted
}

/// What one person's account was used for by another.
#[derive(Default)]
struct Other {
    signed_in: i64,
    last_entry: i64,
    last_own: Option<i64>,
    entries: u64,
    sources: BTreeSet<model::Address>,
    countries: BTreeSet<String>,
    new_country: bool,
    /// No program of his spoke for the owner.
    new_client: bool,
    deeds: Vec<Deed>,
    taken: Taken,
    rows: BTreeSet<u32>,
}

impl Other {
    /// Whether something was set that stays when the password is changed.
    fn persists(&self) -> bool {
        use Action::*;
        let stays = |d: &Deed| {
            matches!(
                d.action,
                Forwarding
                    | InboxRule
                    | Consent
                    | FactorAdded
                    | Delegate
                    | AppPassword
                    | Role
                    | Logging
                    | TransportRule
                    | Recovery
            )
        };
        self.deeds.iter().any(stays)
    }
}

impl Detector for TakeoverDetector {
    fn id(&self) -> &'static str {
        Takeover::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Takeover>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        INPUTS
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("takeover.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let table = Table::of(case, context)?;
        let mut others: BTreeMap<(Provider, &str), Other> = BTreeMap::new();
        let mut own: BTreeMap<(Provider, &str), i64> = BTreeMap::new();
        for item in &table.items {
            let row = table.row(item);
            let a = &row.activity;
            let who = (a.provider, a.account.as_str());
            let newness = table.habits.newness(row).filter(|n| n.is_elsewhere());
            if row.is_entry() && newness.is_none() {
                own.insert(who, item.at);
                continue;
            }
            if let Some(newness) = newness
                && row.is_entry()
            {
                let other = others.entry(who).or_insert_with(|| Other {
                    signed_in: item.at,
                    last_own: own.get(&who).copied(),
                    ..Other::default()
                });
                other.last_entry = item.at;
                other.entries += 1;
                other.new_country |= newness.country;
                other.new_client |= !newness.is_journey();
                see(&table, other, row);
                other.rows.insert(item.row);
                continue;
            }
            let Some(other) = others.get_mut(&who) else { continue };
            // What names no address is his who signed in last.
            let unnamed = row.source.is_none() || row.is_providers;
            let late = own.get(&who).is_some_and(|t| *t > other.last_entry);
            let his = newness.is_some() || unnamed && !late && item.at - other.last_entry <= SESSION;
            if !his {
                continue;
            }
            if takes(row) && !unnamed {
                other.taken.add(item, row);
                other.rows.insert(item.row);
            }
            if is_deed(row) {
                let detail = [a.target.as_str(), a.detail.as_str()];
                let detail = detail.iter().filter(|t| !t.is_empty()).copied().collect::<Vec<_>>().join(": ");
                let deed = Deed { time: item.time(), action: a.action, operation: a.operation.clone(), detail };
                if other.deeds.len() < DEEDS && !other.deeds.contains(&deed) {
                    other.deeds.push(deed);
                }
                other.rows.insert(item.row);
            }
        }
        let usual = usual(&table);
        // Who travels with his own machine reads as he always reads, and sets little.
        let much = |who: &(Provider, &str), o: &Other| {
            let more = o.new_client || o.taken.is_more_than(usual.get(who).copied().unwrap_or(0));
            o.taken.is_much() && more || if o.new_client { !o.deeds.is_empty() } else { o.persists() }
        };
        let told = others.into_iter().filter(|(who, o)| much(who, o));
        let zone = context.config.zone()?;
        told.into_iter().try_for_each(|(who, other)| found(finding(&table, who, other, &zone)))
    }
}

fn see(table: &Table, other: &mut Other, row: &Row) {
    if let Some(source) = row.source
        && other.sources.len() < 50
    {
        other.sources.insert(source);
        other.countries.insert(table.habits.country(source));
    }
}

fn finding(table: &Table, (provider, account): (Provider, &str), other: Other, zone: &jiff::tz::TimeZone) -> Finding {
    let name = plain(account);
    let items = other.taken.items();
    let countries = other.countries.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let at = Time::from_seconds(other.signed_in);
    let entries = Text::count(other.entries, ("sign-in", "connexion"), ("sign-ins", "connexions"));
    let mut reasons = vec![Reason::supporting(
        if other.new_country { 40 } else { 25 },
        Text::new(
            format!("{} from where `{name}` had never been ({countries})", entries.en),
            format!("{} depuis un lieu d’où « {name} » n’était jamais venu ({countries})", entries.fr),
        ),
    )];
    let mut kinds: BTreeMap<Action, u64> = BTreeMap::new();
    other.deeds.iter().for_each(|d| *kinds.entry(d.action).or_default() += 1);
    for (action, n) in kinds.iter().take(6) {
        let text = action.text();
        reasons.push(Reason::supporting(
            20,
            Text::new(format!("then {} ({n})", text.en), format!("puis {} ({n})", text.fr)),
        ));
    }
    let cut_off = (!other.taken.is_empty()).then(|| other.taken.cut_off());
    if let Some(cut_off) = cut_off {
        let (many, last) = (Text::number(items), cut_off.from.told(zone));
        reasons.push(Reason::supporting(
            30,
            Text::new(
                format!("{} things read or downloaded, the last on {last}", many.en),
                format!("{} éléments lus ou téléchargés, le dernier le {last}", many.fr),
            ),
        ));
    }
    reasons.push(Reason::against(
        20,
        Text::new(
            "its owner may be on a journey with a new machine: ask",
            "le titulaire peut être en voyage avec une nouvelle machine : demandez-lui",
        ),
    ));
    let persists = other.persists();
    let severity = match (other.new_country, persists || other.taken.is_much()) {
        (true, true) => Severity::Critical,
        (false, true) => Severity::High,
        _ => Severity::Medium,
    };
    let mut techniques = vec!["T1078.004"];
    if other.taken.is_much() {
        techniques.push("T1114.002");
    }
    let of = |action: Action| kinds.contains_key(&action);
    for (action, technique) in [
        (Action::Consent, "T1528"),
        (Action::Forwarding, "T1114.003"),
        (Action::InboxRule, "T1564.008"),
        (Action::FactorAdded, "T1098.005"),
        (Action::Delegate, "T1098.002"),
        (Action::Role, "T1098.003"),
    ] {
        if of(action) {
            techniques.push(technique);
        }
    }
    let mut entities = people(account, Role::Victim);
    entities.extend(other.sources.iter().map(|s| Entity::address(*s, Role::Source)));
    let sum: i32 = reasons.iter().map(|r| if r.supports { i32::from(r.weight) } else { -i32::from(r.weight) }).sum();
    let last =
        other.deeds.last().map(|d| d.time).max(cut_off.map(|c| c.from)).max(Some(Time::from_seconds(other.last_entry)));
    let fields = Takeover {
        provider,
        account: account.to_string(),
        sources: other.sources.iter().map(ToString::to_string).collect(),
        countries: other.countries,
        last_own: other.last_own.map(Time::from_seconds),
        signed_in: at,
        deeds: other.deeds,
        items,
        read_from: cut_off.map(|_| other.taken.from()),
        cut_off,
    };
    let (text, since) = (provider.text(), at.told(zone));
    Finding {
        detector: Cow::Borrowed(Takeover::NAME),
        key: key(&[provider.as_str(), account, &other.signed_in.to_string()]),
        severity,
        confidence: (20 + sum).clamp(5, 95) as u8,
        level: Level::Illegal,
        title: Text::new(
            format!("Somebody else uses the account of `{name}` at {} since {since}", text.en),
            format!("Quelqu’un d’autre utilise le compte de « {name} » ({}) depuis le {since}", text.fr),
        ),
        reasons,
        techniques: techniques.into_iter().map(String::from).collect(),
        first: Some(at),
        last,
        entities,
        traces: table.traces(other.rows),
        fields: fields.fields(),
    }
}
