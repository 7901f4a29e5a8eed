//! What is usual for each person: from which networks and countries and with which programs he signs in.
//!
//! You may rely on: nothing is new before somebody has a habit ([`ENOUGH`] sign-ins on [`DAYS`] days); a network where
//! several people are at home is the organisation's; our own networks and the provider's programs are never elsewhere.
//! Left out: distances; a registry's country is where a block was assigned, not where it is used.

use super::table::{Item, Row};
use model::{Address, Context, Network};
use rows::sign_in::{Action, Answer, Provider};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Sign-ins before which nothing can be new.
pub const ENOUGH: u64 = 4;
/// Days on which they lie.
pub const DAYS: usize = 2;
/// People at home in a network that make it the organisation's.
const COLLEAGUES: usize = 3;
/// Days of use that make a place somebody's own, whenever it came.
const SETTLED: usize = 8;

/// What a person's place is to him.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Newness {
    /// A network never seen.
    pub network: bool,
    /// A country never seen.
    pub country: bool,
    /// A program never seen.
    pub client: bool,
    /// Sign-ins before.
    pub before: u64,
}

impl Newness {
    /// Whether it is likely somebody else, as far as one sign-in can tell. A new network in the same country with the same
    /// program is a telephone, a train or a hotel.
    pub fn is_elsewhere(&self) -> bool {
        self.country || self.network && self.client
    }

    /// Whether the program speaks for its owner: who travels takes it along, and does what he always does.
    pub fn is_journey(&self) -> bool {
        self.country && !self.client
    }
}

/// What was seen of one person.
#[derive(Default)]
struct Habit {
    entries: u64,
    days: BTreeSet<i64>,
    networks: BTreeMap<Network, BTreeSet<i64>>,
    countries: BTreeMap<String, BTreeSet<i64>>,
    clients: BTreeMap<String, u64>,
    /// What networks were when they were first seen.
    first: HashMap<Network, Newness>,
}

impl Habit {
    fn is_one(&self) -> bool {
        self.entries >= ENOUGH && self.days.len() >= DAYS
    }
}

/// What is usual.
#[derive(Default)]
pub struct Habits {
    people: HashMap<(Provider, String), Habit>,
    /// The organisation's networks.
    shared: BTreeSet<Network>,
    countries: HashMap<Address, String>,
}

/// A country as two letters.
pub fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())
}

impl Habits {
    /// Of all records of a case, which come in the order of time.
    pub fn of(rows: &[Row], items: &[Item], context: &Context) -> Habits {
        let mut habits = Habits::default();
        for row in rows {
            let Some(source) = row.source else { continue };
            habits.countries.entry(source).or_insert_with(|| {
                let known = context.origins.country(source);
                if is_country(&known) || row.activity.country.is_empty() { known } else { row.activity.country.clone() }
            });
        }
        // A log without sign-ins shows where people are by what they do.
        let signed: BTreeSet<(Provider, &str)> = rows.iter().filter(|r| r.is_entry()).map(person).collect();
        let of_habit = |row: &Row| {
            let reads = matches!(row.activity.action, Action::Read | Action::Open | Action::Download);
            row.activity.answer == Answer::Accepted
                && (row.is_entry() || reads && !signed.contains(&person(row)))
                && row
                    .source
                    .is_some_and(|s| !row.is_providers && !context.config.is_own(s) && s.special() != Some("loopback"))
        };
        let at_home = |habits: &Habits, row: &Row, source: Address| -> Newness {
            let Some(habit) = habits.people.get(&(row.activity.provider, row.activity.account.clone())) else {
                return Newness::default();
            };
            let network = source.network();
            let country = habits.country(source);
            match habit.is_one() {
                false => Newness { before: habit.entries, ..Newness::default() },
                true => Newness {
                    network: !habit.networks.contains_key(&network),
                    country: is_country(&country) && !habit.countries.contains_key(&country),
                    client: !row.activity.client.is_empty() && !habit.clients.contains_key(&row.activity.client),
                    before: habit.entries,
                },
            }
        };
        for item in items {
            let row = &rows[item.row as usize];
            let Some(source) = row.source.filter(|_| of_habit(row)) else { continue };
            let newness = at_home(&habits, row, source);
            let country = habits.country(source);
            let who = (row.activity.provider, row.activity.account.clone());
            let habit = habits.people.entry(who).or_default();
            let day = item.at.div_euclid(crate::activity::DAY);
            habit.entries += 1;
            habit.days.insert(day);
            let network = source.network();
            // A known network may come with a new program, which is news as well.
            let first = habit.first.entry(network).or_insert_with(|| newness.clone());
            if newness.is_elsewhere() && !first.is_elsewhere() && newness.network {
                *first = newness;
            }
            habit.networks.entry(network).or_default().insert(day);
            habit.countries.entry(country).or_default().insert(day);
            *habit.clients.entry(row.activity.client.clone()).or_default() += 1;
        }
        let mut colleagues: BTreeMap<Network, usize> = BTreeMap::new();
        for habit in habits.people.values() {
            for (network, first) in &habit.first {
                *colleagues.entry(*network).or_default() += usize::from(!first.network);
            }
        }
        habits.shared = colleagues.into_iter().filter(|(_, n)| *n >= COLLEAGUES).map(|(network, _)| network).collect();
        habits
    }

    /// Where an address is registered; where nobody knows, what the provider says.
    pub fn country(&self, source: Address) -> String {
        self.countries.get(&source).cloned().unwrap_or_default()
    }

    /// What was new of a network when this person first came from there; nothing where it is home to him or to the
    /// organisation.
    pub fn newness(&self, row: &Row) -> Option<&Newness> {
        let source = row.source.filter(|_| !row.is_providers)?;
        let network = source.network();
        if self.shared.contains(&network) {
            return None;
        }
        let habit = self.people.get(&(row.activity.provider, row.activity.account.clone()))?;
        let settled = habit.networks.get(&network).is_some_and(|days| days.len() >= SETTLED);
        habit.first.get(&network).filter(|n| n.network && !settled)
    }

    /// Whether an address is in a network of the organisation's, where several people are at home.
    pub fn is_shared(&self, source: Address) -> bool {
        self.shared.contains(&source.network())
    }

    /// Whether somebody signs in from here on several days.
    pub fn is_home(&self, row: &Row) -> bool {
        let network = row.source.map(Address::network);
        let habit = self.people.get(&(row.activity.provider, row.activity.account.clone()));
        let days = habit.zip(network).and_then(|(h, n)| h.networks.get(&n));
        days.is_some_and(|days| days.len() >= DAYS) || network.is_some_and(|n| self.shared.contains(&n))
    }

    /// Whether somebody did this from where the account's owner had never been.
    pub fn is_elsewhere(&self, row: &Row) -> bool {
        self.newness(row).is_some_and(Newness::is_elsewhere)
    }

    /// Whether a country is one that a person is used to.
    pub fn is_usual(&self, provider: Provider, account: &str, country: &str, days: usize) -> bool {
        let habit = self.people.get(&(provider, account.to_string()));
        habit.and_then(|h| h.countries.get(country)).is_some_and(|d| d.len() >= days)
    }
}

fn person(row: &Row) -> (Provider, &str) {
    (row.activity.provider, row.activity.account.as_str())
}
