//! Passwords guessed at Windows machines: at the desktop, over the network, by remote desktop, SSH and the domain's controllers.
//!
//! You may rely on: a person who mistypes is no attempt; what two logs of one machine tell of one logon counts once. Left out:
//! a few guesses an hour over weeks.

use super::deed::plain;
use super::table::{INPUTS, Item, Row, Table};
use crate::{Detector, Specification};
use model::{Address, Context, Entity, Finding, Level, Outcome, Reason, Result, Role, Severity, Text, Time, View};
use rows::attempt::{self, Class, Purpose, Shape as Lie};
use rows::windows_event::{Action, Attempt};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Tries that are no longer a slip.
const MANY: u64 = 8;
/// Accounts that one source tries, from which on it is no person.
const SEVERAL: usize = 4;
/// Seconds within which a logon after refusals belongs to them.
const AFTER: i64 = 600;
const ENTITIES: usize = 500;

/// `windows_event/attempt`.
pub struct AttemptDetector;

/// Tries of one source at one machine that belong together.
#[derive(Default)]
struct Burst {
    computer: String,
    source: Option<Address>,
    from: String,
    first: i64,
    last: i64,
    /// By account and second: the machine and the controller tell of one try each.
    tries: BTreeMap<String, BTreeMap<i64, u64>>,
    unknown: BTreeSet<String>,
    methods: BTreeSet<String>,
    entered: BTreeSet<String>,
    entered_at: Option<i64>,
    rows: BTreeSet<u32>,
}

impl Burst {
    fn of(&self, account: &str) -> u64 {
        self.tries.get(account).map_or(0, |t| t.values().sum())
    }

    fn count(&self) -> u64 {
        self.tries.keys().map(|a| self.of(a)).sum()
    }

    /// Often, or at several accounts. Whoever sits at the machine and gets in has mistyped.
    fn is_guessing(&self) -> bool {
        let slip = |account: &&String| self.entered.contains(*account) && self.of(account) < MANY;
        let guessed: Vec<&String> = self.tries.keys().filter(|a| !slip(a)).collect();
        guessed.iter().map(|a| self.of(a)).sum::<u64>() >= MANY || guessed.len() >= SEVERAL
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
        let table = Table::of(case)?;
        let window = context.config.settings::<super::Settings>()?.window.0;
        for burst in bursts(&table, window) {
            if burst.is_guessing() {
                found(finding(&table, context, burst))?;
            }
        }
        Ok(())
    }
}

fn bursts(table: &Table, window: i64) -> Vec<Burst> {
    let mut open: BTreeMap<(&str, String), Burst> = BTreeMap::new();
    let mut done = Vec::new();
    for (item, row) in table.doing(&[Action::Logon]) {
        let a = &row.activity;
        let from = match row.source {
            Some(source) => source.to_string(),
            None => a.target.trim_start_matches('\\').to_string(),
        };
        let key = (a.computer.as_str(), from);
        if open.get(&key).is_some_and(|b| item.at - b.last > window)
            && let Some(burst) = open.remove(&key)
        {
            done.push(burst);
        }
        match (a.refused, open.get_mut(&key)) {
            (true, Some(burst)) => refused(burst, item, row),
            (true, None) => {
                let from = key.1.clone();
                let mut burst = Burst {
                    computer: a.computer.clone(),
                    source: row.source,
                    from,
                    first: item.at,
                    ..Burst::default()
                };
                refused(&mut burst, item, row);
                open.insert(key, burst);
            }
            (false, Some(burst)) if item.at - burst.last <= AFTER && burst.tries.contains_key(&a.account) => {
                burst.entered.insert(a.account.clone());
                burst.entered_at.get_or_insert(item.at);
                burst.rows.insert(item.row);
            }
            (false, _) => {}
        }
    }
    done.extend(open.into_values());
    done.sort_by(|a, b| (a.first, &a.computer, &a.from).cmp(&(b.first, &b.computer, &b.from)));
    done
}

fn refused(burst: &mut Burst, item: &Item, row: &Row) {
    let a = &row.activity;
    burst.last = item.at;
    let of = burst.tries.entry(a.account.clone()).or_default();
    // One try may be written by the machine, by Kerberos and by NTLM: the log that tells most of a second counts.
    let second = of.entry(item.at).or_default();
    let same = burst.methods.contains(&a.method) || burst.methods.is_empty();
    *second = if same { *second + 1 } else { (*second).max(1) };
    if a.detail == "no such account" {
        burst.unknown.insert(a.account.clone());
    }
    if !a.method.is_empty() {
        burst.methods.insert(a.method.clone());
    }
    burst.rows.insert(item.row);
}

/// A part of a key, that does not run into the next.
fn bar(part: &str) -> String {
    part.replace('%', "%25").replace('|', "%7C")
}

fn finding(table: &Table, context: &Context, burst: Burst) -> Finding {
    let (count, accounts) = (burst.count(), burst.tries.len() as u64);
    let country = burst.source.map(|s| context.origins.country(s));
    let (as_number, as_name) = burst.source.and_then(|s| context.origins.network(s)).unzip();
    let let_in = !burst.entered.is_empty();
    let outcome = if let_in { Outcome::PossiblySucceeded } else { Outcome::Refused };
    let purpose = match () {
        () if burst.methods.contains("remote_desktop") => Purpose::Rdp,
        () if burst.methods.contains("ssh") => Purpose::Ssh,
        () => Purpose::Windows,
    };
    let spray = accounts >= SEVERAL as u64 && count <= 3 * accounts;
    let from = if burst.from.is_empty() { "the machine itself".to_string() } else { plain(&burst.from) };
    let depuis = if burst.from.is_empty() { "la machine elle-même".to_string() } else { plain(&burst.from) };
    let on = plain(&burst.computer);
    let entered: Vec<String> = burst.entered.iter().map(|a| format!("`{}`", plain(a))).collect();
    let entered = entered.join(", ");
    let mut reasons = vec![Reason::supporting(
        40,
        Text::new(
            format!("{count} logons refused, at {accounts} accounts"),
            format!("{count} ouvertures de session refusées, sur {accounts} comptes"),
        ),
    )];
    if !burst.unknown.is_empty() {
        let n = burst.unknown.len();
        reasons.push(Reason::supporting(
            20,
            Text::new(format!("{n} of the accounts do not exist"), format!("{n} de ces comptes n’existent pas")),
        ));
    }
    if let_in {
        reasons.push(Reason::supporting(
            60,
            Text::new(format!("then {entered} was let in"), format!("puis {entered} est entré")),
        ));
    }
    if burst.tries.len() == 1 {
        reasons.push(Reason::against(
            25,
            Text::new(
                "a program that keeps an old password is refused as often",
                "un programme qui garde un ancien mot de passe est refusé aussi souvent",
            ),
        ));
    }
    let mut entities: Vec<Entity> =
        burst.tries.keys().filter(|a| !a.is_empty()).take(ENTITIES).map(|a| Entity::user(a, Role::Victim)).collect();
    entities.extend(burst.source.map(|s| Entity::address(s, Role::Source)));
    let fields = Attempt {
        attempt: attempt::Attempt {
            class: Some(Class::LoginAttempt),
            classes: None,
            outcome,
            requests: count,
            attempts: None,
            sources: Some(1),
            country,
            network: burst.source.map(|s| s.network().to_string()),
            as_number,
            as_name,
            site: burst.computer.clone(),
            shape: Some(if spray { Lie::Spray } else { Lie::Burst }),
            purpose,
        },
        methods: burst.methods,
        accounts,
        entered: burst.entered,
        entered_at: burst.entered_at.map(Time::from_seconds),
    };
    let title = match let_in {
        true => Text::new(
            format!("{count} logons refused on {on} from {from}, then {entered} let in"),
            format!("{count} ouvertures de session refusées sur {on} depuis {depuis}, puis {entered} entré"),
        ),
        false => Text::new(
            format!("{count} logons refused on {on} from {from}"),
            format!("{count} ouvertures de session refusées sur {on} depuis {depuis}"),
        ),
    };
    Finding {
        detector: Cow::Borrowed(Attempt::NAME),
        key: format!("{}|{}|{}", bar(&burst.computer), bar(&burst.from), burst.first),
        severity: if let_in {
            Severity::High
        } else if burst.source.is_some() {
            Severity::Medium
        } else {
            Severity::Low
        },
        confidence: if burst.tries.len() == 1 && !let_in { 50 } else { 75 },
        level: Level::Illegal,
        title: title.capital(),
        reasons,
        techniques: vec![if spray { "T1110.003".into() } else { "T1110.001".into() }],
        first: Some(Time::from_seconds(burst.first)),
        last: Some(Time::from_seconds(burst.last)),
        entities,
        traces: table.traces(burst.rows),
        fields: fields.fields(),
    }
}
