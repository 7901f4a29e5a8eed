//! Passwords guessed: many for one account, few for many accounts, stolen pairs; by one source, or by several that act
//! alike; and what the guessing found out.
//!
//! You may rely on: every refused try is in one finding at most; a person who mistypes is none. An account whose password
//! was right and whose sign-in was stopped by the second factor is told: that password is known to somebody.
//! Left out: guesses from where the account's owner is at home.

use super::gather::people;
use super::table::{INPUTS, Item, Row, Table};
use crate::auth_log::plain;
use crate::{Detector, Specification};
use model::{Address, Context, Entity, Finding, Level, Outcome, Reason, Result, Role, Severity, Text, Time, View};
use rows::attempt::{self, Class, Purpose, Shape as Lie};
use rows::sign_in::{Answer, Attempt, Provider};
use rows::{Counts, Row as _, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Tries that are no longer a slip.
const MANY: u64 = 5;
/// Accounts that one source tries, from which on it is no person.
const SEVERAL: usize = 3;
/// Sources that each try little, over several accounts, within an hour: one hand with many addresses.
const SOURCES: usize = 4;
/// Tries of one such source, at most.
const FEW: u64 = 6;
/// Entities of one kind in a finding.
const ENTITIES: usize = 500;

/// `sign_in/attempt`.
pub struct AttemptDetector;

/// Tries of one source that belong together.
#[derive(Clone, Default)]
struct Burst {
    provider: Option<Provider>,
    sources: BTreeSet<Address>,
    first: i64,
    last: i64,
    tries: BTreeMap<String, u64>,
    unknown: u64,
    locked: u64,
    /// Accounts whose password was right: when, and whether they were let in.
    right: BTreeMap<String, (i64, bool)>,
    /// Of these, those whose source was theirs before.
    known: BTreeSet<String>,
    clients: BTreeSet<String>,
    methods: BTreeSet<String>,
    rows: BTreeSet<u32>,
}

impl Burst {
    fn count(&self) -> u64 {
        self.tries.values().sum()
    }

    fn join(&mut self, other: Burst) {
        self.provider = self.provider.or(other.provider);
        self.sources.extend(other.sources);
        (self.first, self.last) = (self.first.min(other.first), self.last.max(other.last));
        for (account, n) in other.tries {
            *self.tries.entry(account).or_default() += n;
        }
        self.unknown += other.unknown;
        self.locked += other.locked;
        self.right.extend(other.right);
        self.known.extend(other.known);
        self.clients.extend(other.clients);
        self.methods.extend(other.methods);
        self.rows.extend(other.rows);
    }

    /// One that guesses: often, or at several accounts. Colleagues behind one address who mistype and get in are many people
    /// with a slip each; whoever guesses there gets in nowhere.
    fn is_guessing(&self) -> bool {
        let slip = |(account, n): &(&String, &u64)| {
            **n < MANY && self.is_at_home(account) && self.right.contains_key(*account)
        };
        let guessed: Vec<u64> = self.tries.iter().filter(|t| !slip(t)).map(|(_, n)| *n).collect();
        guessed.iter().sum::<u64>() >= MANY && !self.is_slip() || guessed.len() >= SEVERAL
    }

    fn is_at_home(&self, account: &str) -> bool {
        self.known.contains(account)
    }

    /// A person who mistypes the own password from where he always is.
    fn is_slip(&self) -> bool {
        self.tries.len() == 1 && self.count() < 4 * MANY && self.tries.keys().all(|a| self.is_at_home(a))
    }
}

impl Detector for AttemptDetector {
    fn id(&self) -> &'static str {
        Attempt::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Attempt>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        INPUTS
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("attempt.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let table = Table::of(case, context)?;
        let window = context.config.settings::<super::Settings>()?.window.0;
        let bursts = bursts(&table, window);
        let (alone, few): (Vec<Burst>, Vec<Burst>) = bursts.into_iter().partition(Burst::is_guessing);
        for burst in alone {
            let shape = if burst.sources.len() > 1 { Lie::Distributed } else { Lie::Burst };
            found(finding(&table, context, burst, shape))?;
        }
        for spray in sprays(few, window) {
            found(finding(&table, context, spray, Lie::Spray))?;
        }
        Ok(())
    }
}

/// What each source tried, cut where it paused.
fn bursts(table: &Table, window: i64) -> Vec<Burst> {
    use rows::sign_in::Action::{Prompt, SignIn};
    let mut open: BTreeMap<(Provider, Option<Address>), Burst> = BTreeMap::new();
    let mut done: Vec<Burst> = Vec::new();
    for (item, row) in table.doing(&[SignIn, Prompt]) {
        let a = &row.activity;
        let key = (a.provider, row.source);
        if open.get(&key).is_some_and(|b| item.at - b.last > window)
            && let Some(burst) = open.remove(&key)
        {
            done.push(burst);
        }
        let guess = a.answer.is_guess();
        let right = row.is_entry() || a.answer.knew_password();
        if !guess && !right {
            continue;
        }
        // What is right opens no attempt; it ends one.
        if right && !open.contains_key(&key) {
            continue;
        }
        let burst = open.entry(key).or_insert_with(|| Burst {
            provider: Some(a.provider),
            sources: row.source.into_iter().collect(),
            first: item.at,
            ..Burst::default()
        });
        take(burst, item, row, table, guess);
    }
    done.extend(open.into_values());
    done.retain(|b| b.count() > 0);
    done.sort_by_key(|b| (b.first, b.last, b.sources.first().copied()));
    done
}

fn take(burst: &mut Burst, item: &Item, row: &Row, table: &Table, guess: bool) {
    let a = &row.activity;
    let home = !table.habits.is_elsewhere(row) && table.habits.is_home(row);
    if home {
        burst.known.insert(a.account.clone());
    }
    if !guess {
        // A password that was right at once was not guessed, unless many accounts were tried.
        let tried = burst.tries.contains_key(&a.account) || burst.tries.len() >= SEVERAL && !home;
        if tried {
            let right = burst.right.entry(a.account.clone()).or_insert((item.at, false));
            right.1 |= row.is_entry();
            burst.rows.insert(item.row);
        }
        return;
    }
    burst.last = item.at;
    *burst.tries.entry(a.account.clone()).or_default() += 1;
    burst.unknown += u64::from(a.answer == Answer::UnknownAccount);
    burst.locked += u64::from(a.answer == Answer::Locked);
    if !a.client.is_empty() && burst.clients.len() < 20 {
        burst.clients.insert(a.client.clone());
    }
    if !a.method.is_empty() && burst.methods.len() < 20 {
        burst.methods.insert(a.method.clone());
    }
    burst.rows.insert(item.row);
}

/// Sources that each try little within the window of one another, over several accounts.
fn sprays(few: Vec<Burst>, window: i64) -> Vec<Burst> {
    let mut all: Vec<Burst> = Vec::new();
    let mut open: BTreeMap<Provider, Burst> = BTreeMap::new();
    for burst in few.into_iter().filter(|b| b.count() <= FEW && !b.is_slip() && b.known.is_empty()) {
        let Some(provider) = burst.provider else { continue };
        match open.get_mut(&provider) {
            Some(spray) if burst.first - spray.last <= window.min(3600) => spray.join(burst),
            _ => all.extend(open.insert(provider, burst)),
        }
    }
    all.extend(open.into_values());
    all.retain(|s| s.sources.len() >= SOURCES && s.tries.len() >= SEVERAL && s.count() >= 2 * MANY);
    all
}

fn class(burst: &Burst) -> Class {
    let (accounts, tries) = (burst.tries.len() as u64, burst.count());
    match () {
        () if accounts >= SEVERAL as u64 && burst.unknown * 2 > tries => Class::UserEnumeration,
        () if accounts >= 20 && tries <= accounts + accounts / 4 && burst.unknown * 5 > tries => {
            Class::CredentialStuffing
        }
        () if accounts >= SEVERAL as u64 => Class::PasswordSpraying,
        () => Class::BruteForce,
    }
}

fn finding(table: &Table, context: &Context, burst: Burst, shape: Lie) -> Finding {
    let class = class(&burst);
    let (tries, accounts) = (burst.count(), burst.tries.len() as u64);
    let provider = burst.provider.unwrap_or(Provider::Microsoft);
    // Where the owner is at home, a password that was right at last is the owner's.
    let entered: BTreeSet<String> = burst.right.keys().filter(|a| !burst.known.contains(*a)).cloned().collect();
    let let_in: BTreeSet<String> = entered.iter().filter(|a| burst.right[*a].1).cloned().collect();
    let own = !burst.sources.is_empty() && burst.sources.iter().all(|s| context.config.is_own(*s));
    let outcome = if entered.is_empty() || own { Outcome::Refused } else { Outcome::PossiblySucceeded };
    let aimed = Text::count(accounts, ("account", "compte"), ("accounts", "comptes"));
    let mut reasons = vec![Reason::supporting(
        if tries >= 20 { 30 } else { 20 },
        Text::new(format!("{tries} refusals, of {}", aimed.en), format!("{tries} refus, pour {}", aimed.fr)),
    )];
    let mut add = |supports: bool, weight: u8, en: String, fr: String| {
        reasons.push(Reason { supports, weight, text: Text::new(en, fr) });
    };
    if !let_in.is_empty() {
        let names = let_in.iter().take(5).map(|n| plain(n)).collect::<Vec<_>>().join(", ");
        add(true, 40, format!("then let in: {names}"), format!("puis entrée : {names}"));
    }
    let stopped: Vec<String> = entered.difference(&let_in).take(5).map(|n| plain(n)).collect();
    if !stopped.is_empty() {
        let names = stopped.join(", ");
        add(
            true,
            30,
            format!("a password was right and only the second factor or a policy stopped it: {names}"),
            format!("un mot de passe était juste, seul le second facteur ou une règle a arrêté : {names}"),
        );
    }
    if burst.unknown > 0 {
        add(
            true,
            15,
            format!("{} tries at accounts that do not exist", burst.unknown),
            format!("{} essais sur des comptes qui n’existent pas", burst.unknown),
        );
    }
    if burst.methods.contains("password_grant") || burst.methods.contains("basic") {
        add(
            true,
            15,
            "passwords were sent to where programs sign in, without any page".into(),
            "les mots de passe allaient là où se connectent les programmes, sans aucune page".into(),
        );
    }
    if burst.sources.len() > 1 {
        let n = burst.sources.len();
        add(true, 20, format!("{n} sources act alike"), format!("{n} sources agissent de même"));
    }
    if !burst.known.is_empty() {
        add(
            false,
            30,
            "the source is where some of these people sign in every day".into(),
            "la source est celle d’où certaines de ces personnes se connectent chaque jour".into(),
        );
    }
    if tries < 10 && entered.is_empty() {
        add(false, 20, "so few tries may be a mistake".into(), "si peu d’essais peuvent être une erreur".into());
    }
    if own {
        add(false, 40, "the source is our own network".into(), "la source est notre propre réseau".into());
    }
    let severity = match () {
        () if own => Severity::Info,
        () if !let_in.is_empty() => Severity::High,
        () if !entered.is_empty() => Severity::Medium,
        () if tries >= 100 || accounts >= 20 => Severity::Medium,
        () => Severity::Low,
    };
    let sum: i32 = reasons.iter().map(|r| if r.supports { i32::from(r.weight) } else { -i32::from(r.weight) }).sum();
    let origin = burst.sources.first().copied();
    let country = origin.map(|s| context.origins.country(s)).unwrap_or_else(|| "unknown".into());
    let (as_number, as_name) = origin.and_then(|s| context.origins.network(s)).unzip();
    let networks: BTreeSet<_> = burst.sources.iter().map(|s| s.network()).collect();
    let row = Attempt {
        attempt: attempt::Attempt {
            class: Some(class),
            classes: Some(Counts(vec![(class, tries)])),
            outcome,
            requests: tries,
            attempts: None,
            sources: Some(burst.sources.len() as u64),
            country: Some(country.clone()),
            network: Some(networks.first().filter(|_| networks.len() == 1).map_or("-".into(), ToString::to_string)),
            as_number,
            as_name,
            site: provider.to_string(),
            shape: Some(shape),
            purpose: Purpose::CloudSignIn,
        },
        provider,
        accounts,
        unknown: Some(burst.unknown).filter(|n| *n > 0),
        entered: entered.clone(),
        let_in,
    };
    let mut entities: Vec<Entity> =
        burst.sources.iter().take(ENTITIES).map(|s| Entity::address(*s, Role::Source)).collect();
    let mut named: Vec<&String> = entered.iter().collect();
    named.extend(burst.tries.keys().filter(|a| !entered.contains(*a)));
    entities.extend(named.into_iter().take(ENTITIES).flat_map(|a| people(a, Role::Victim)));
    let (en, fr) = match class {
        Class::UserEnumeration => ("Account names guessed", "Noms de compte devinés"),
        Class::PasswordSpraying => {
            ("A few passwords tried on several accounts", "Quelques mots de passe essayés sur plusieurs comptes")
        }
        Class::CredentialStuffing => {
            ("Stolen pairs of account and password tried", "Couples volés de compte et mot de passe essayés")
        }
        _ => ("Passwords guessed", "Mots de passe devinés"),
    };
    let name = provider.text();
    let who = match (burst.sources.len(), origin) {
        (1, Some(source)) => Text::same(format!("{source} ({country})")),
        (0, _) | (_, None) => Text::new("an unknown source", "une source inconnue"),
        (n, _) => Text::new(format!("{n} addresses"), format!("{n} adresses")),
    };
    let mut techniques = vec![match class {
        Class::UserEnumeration => "T1589.002",
        Class::PasswordSpraying => "T1110.003",
        Class::CredentialStuffing => "T1110.004",
        _ => "T1110.001",
    }];
    if !entered.is_empty() {
        techniques.push("T1078.004");
    }
    let said = outcome.text();
    Finding {
        detector: Cow::Borrowed(Attempt::NAME),
        key: format!("{provider}|{}|{}", origin.map(|s| s.to_string()).unwrap_or_default(), burst.first),
        severity,
        confidence: (40 + sum).clamp(5, 99) as u8,
        level: Level::Illegal,
        title: Text::new(
            format!("{en} at {} from {}, {tries} tries: {}", name.en, who.en, said.en),
            format!("{fr} ({}) depuis {}, {tries} essais : {}", name.fr, who.fr, said.fr),
        ),
        reasons,
        techniques: techniques.into_iter().map(String::from).collect(),
        first: Some(Time::from_seconds(burst.first)),
        last: Some(Time::from_seconds(burst.right.values().map(|r| r.0).max().unwrap_or(burst.last).max(burst.last))),
        entities,
        traces: table.traces(burst.rows),
        fields: row.fields(),
    }
}
