//! A password used by somebody else: the sign-in from where its owner had never been, what was set then, what was read, and
//! where the reading ends. The link between a decoy and a leak.
//!
//! You may rely on: one finding for each person, from the first sign-in of those hands (a program, a network) that did enough;
//! the sign-in alone is told elsewhere and is no takeover; times are the log's, with their bounds. The person's mail address is
//! an entity of role *victim*, so that a lure he got and what was published of him can be joined to it.
//! Left out: how the password was got.

use super::gather::people;
use super::habit::Newness;
use super::table::{INPUTS, Row, Table, key};
use super::theft::{Taken, takes, usual};
use crate::auth_log::plain;
use crate::{Detector, Specification};
use model::{Address, Context, Entity, Finding, Level, Network, Reason, Result, Role, Severity, Text, Time, View};
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

/// Who signs in to one account from where its owner had never been, with one program or from one network: a telephone's
/// first evening is not the hand of the thief who comes weeks later.
#[derive(Default)]
struct Hand {
    /// Of the table's, in the order of time: its sign-ins and what it did.
    items: Vec<usize>,
    last_entry: i64,
    /// When the owner signed in last before it came.
    last_own: Option<i64>,
}

/// All that use one account from elsewhere.
#[derive(Default)]
struct Hands<'t> {
    all: Vec<Hand>,
    networks: BTreeMap<Network, usize>,
    clients: BTreeMap<&'t str, usize>,
    /// Who signed in last.
    latest: Option<usize>,
}

impl<'t> Hands<'t> {
    /// Whose sign-in it is: his who came from that network, or with that program if it is not the owner's.
    fn enter(&mut self, item: (usize, i64), row: &'t Row, newness: &Newness, last_own: Option<i64>) {
        let network = row.source.map(Address::network);
        let client = Some(row.activity.client.as_str()).filter(|_| newness.client);
        let by_network = network.and_then(|n| self.networks.get(&n));
        let known = by_network.or_else(|| client.and_then(|c| self.clients.get(c))).copied();
        let hand = known.unwrap_or_else(|| {
            self.all.push(Hand { last_own, ..Hand::default() });
            self.all.len() - 1
        });
        network.map(|n| self.networks.entry(n).or_insert(hand));
        client.map(|c| self.clients.entry(c).or_insert(hand));
        self.latest = Some(hand);
        self.all[hand].last_entry = item.1;
        self.all[hand].items.push(item.0);
    }

    /// Whose deed it is: his who came from that network; of what names none, his who signed in last.
    fn of(&mut self, source: Option<Address>) -> Option<&mut Hand> {
        let hand = source.and_then(|s| self.networks.get(&s.network())).copied().or(self.latest)?;
        self.all.get_mut(hand)
    }
}

/// All hands, by account.
fn hands(table: &Table) -> BTreeMap<(Provider, &str), Hands<'_>> {
    let mut people: BTreeMap<(Provider, &str), Hands> = BTreeMap::new();
    let mut own: BTreeMap<(Provider, &str), i64> = BTreeMap::new();
    for (n, item) in table.items.iter().enumerate() {
        let row = table.row(item);
        let who = (row.activity.provider, row.activity.account.as_str());
        let newness = table.habits.newness(row).filter(|n| n.is_elsewhere());
        match newness {
            None if row.is_entry() => drop(own.insert(who, item.at)),
            Some(newness) if row.is_entry() => {
                people.entry(who).or_default().enter((n, item.at), row, newness, own.get(&who).copied());
            }
            _ => {
                let source = row.source.filter(|_| !row.is_providers);
                let Some(hand) = people.get_mut(&who).and_then(|h| h.of(source)) else { continue };
                // What names no address is his who signed in last.
                let late = own.get(&who).is_some_and(|t| *t > hand.last_entry);
                let his = newness.is_some() || source.is_none() && !late && item.at - hand.last_entry <= SESSION;
                if his && (is_deed(row) || takes(row) && source.is_some()) {
                    hand.items.push(n);
                }
            }
        }
    }
    people
}

/// What one person's account was used for by another.
#[derive(Default)]
struct Other {
    signed_in: i64,
    last_entry: i64,
    entries: u64,
    sources: BTreeSet<Address>,
    countries: BTreeSet<String>,
    new_country: bool,
    /// No program of his spoke for the owner.
    new_client: bool,
    deeds: Vec<Deed>,
    taken: Taken,
    rows: BTreeSet<u32>,
}

impl Other {
    /// By these of the table's items, in the order of time.
    fn of(table: &Table, items: &[usize]) -> Other {
        let mut other = Other::default();
        for item in items.iter().map(|n| &table.items[*n]) {
            let row = table.row(item);
            let a = &row.activity;
            other.rows.insert(item.row);
            if row.is_entry() {
                other.enter(table, item.at, row);
                continue;
            }
            if takes(row) && row.source.is_some() {
                other.taken.add(item, row);
            }
            if is_deed(row) {
                let detail = [a.target.as_str(), a.detail.as_str()];
                let detail = detail.iter().filter(|t| !t.is_empty()).copied().collect::<Vec<_>>().join(": ");
                let deed = Deed { time: item.time(), action: a.action, operation: a.operation.clone(), detail };
                if other.deeds.len() < DEEDS && !other.deeds.contains(&deed) {
                    other.deeds.push(deed);
                }
            }
        }
        other
    }

    fn enter(&mut self, table: &Table, at: i64, row: &Row) {
        if self.entries == 0 {
            self.signed_in = at;
        }
        self.entries += 1;
        self.last_entry = at;
        let newness = table.habits.newness(row);
        self.new_country |= newness.is_some_and(|n| n.country);
        self.new_client |= newness.is_some_and(|n| !n.is_journey());
        if let Some(source) = row.source
            && self.sources.len() < 50
        {
            self.sources.insert(source);
            self.countries.insert(table.habits.country(source));
        }
    }

    /// Whether it is more than a journey. Who travels with his own machine reads as he always reads, and sets little.
    fn is_much(&self, usual: u64) -> bool {
        let more = self.new_client || self.taken.is_more_than(usual);
        self.taken.is_much() && more || if self.new_client { !self.deeds.is_empty() } else { self.persists() }
    }

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
        let usual = usual(&table);
        let zone = context.config.zone()?;
        for (who, hands) in hands(&table) {
            let usual = usual.get(&who).copied().unwrap_or(0);
            let much = |hand: &Hand| Other::of(&table, &hand.items).is_much(usual);
            // Who did enough by himself is told without those who did not; where nobody did, all together may have.
            let mut told: Vec<&Hand> = hands.all.iter().filter(|h| much(h)).collect();
            if told.is_empty() {
                told.extend(&hands.all);
            }
            let mut items: Vec<usize> = told.iter().flat_map(|h| h.items.iter().copied()).collect();
            items.sort_unstable();
            let other = Other::of(&table, &items);
            if other.is_much(usual) {
                let last_own = told.first().and_then(|h| h.last_own);
                found(finding(&table, who, other, last_own, &zone))?;
            }
        }
        Ok(())
    }
}

fn finding(
    table: &Table,
    (provider, account): (Provider, &str),
    other: Other,
    last_own: Option<i64>,
    zone: &jiff::tz::TimeZone,
) -> Finding {
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
        last_own: last_own.map(Time::from_seconds),
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
            format!("Somebody else seems to use the account of `{name}` at {} since {since}", text.en),
            format!("Quelqu’un d’autre semble utiliser le compte de « {name} » ({}) depuis le {since}", text.fr),
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
