//! Reading and downloading in mass: when it began, when it ended, how much it was. What a leak may be made of.
//!
//! You may rely on: one finding for each person and network (or owner's mailbox) with all its stretches; amounts are what
//! the log tells, and *at least* where it says that it stopped writing or where whole folders were copied; the bounds of
//! the end are said. Left out: what was in what was read; programs of the provider's own.

use super::gather::people;
use super::habit::Newness;
use super::table::{INPUTS, Item, Row, Table, key, of};
use crate::auth_log::plain;
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Network, Reason, Result, Role, Severity, Text, Time, View};
use rows::sign_in::{Action, Answer, CutOff, Provider, Stretch, Theft};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Seconds without reading that end a stretch: six hours, so that nights are told apart.
const PAUSE: i64 = 6 * 3600;
/// Days without reading that end a theft.
const OVER: i64 = 14 * 86_400;
/// Things read from where a person had never been that are no longer a look.
const FEW: u64 = 20;
/// Things read on one day from where a person always is that are looked at, and how many times the usual they must be.
const MASS: u64 = 500;
const TIMES: u64 = 10;
/// Seconds that one record of messages read stands for: reads within two minutes are one record.
const TOGETHER: i64 = 120;
/// Stretches that are listed.
const STRETCHES: usize = 200;

/// What takes things.
pub const TAKES: &[Action] = &[Action::Read, Action::Open, Action::Download, Action::Export];

/// `sign_in/theft`.
pub struct TheftDetector;

/// What one person took from one network.
#[derive(Default)]
pub struct Taken {
    first: i64,
    last: i64,
    /// The last record was of messages read, which stand for two minutes.
    together: bool,
    messages: u64,
    files: u64,
    exports: u64,
    folders: u64,
    bytes: u64,
    throttled: bool,
    stretches: Vec<Stretch>,
    rows: BTreeSet<u32>,
}

impl Taken {
    /// Takes in one record.
    pub fn add(&mut self, item: &Item, row: &Row) {
        if self.rows.is_empty() {
            self.first = item.at;
        }
        let items = match (row.activity.action, row.activity.method.as_str()) {
            (Action::Read, "sync") => {
                self.folders = self.folders.saturating_add(item.items);
                0
            }
            (Action::Read, _) => {
                self.messages = self.messages.saturating_add(item.items);
                item.items
            }
            (Action::Export, _) => {
                self.exports += 1;
                0
            }
            _ => {
                self.files = self.files.saturating_add(item.items);
                item.items
            }
        };
        self.bytes = self.bytes.saturating_add(item.bytes);
        self.throttled |= row.activity.throttled;
        match self.stretches.last_mut() {
            Some(last) if item.at - last.last.seconds() <= PAUSE => {
                last.last = item.time();
                last.items = last.items.saturating_add(items);
            }
            _ => self.stretches.push(Stretch { first: item.time(), last: item.time(), items }),
        }
        self.last = item.at;
        self.together = row.activity.action == Action::Read && row.activity.provider == Provider::Microsoft;
        self.rows.insert(item.row);
    }

    /// Things taken; a folder or an export stands for many.
    pub fn items(&self) -> u64 {
        self.messages.saturating_add(self.files)
    }

    /// Whether it is worth telling.
    pub fn is_much(&self) -> bool {
        self.items() >= FEW || self.folders > 2 || self.exports > 0
    }

    /// Whether it is more than somebody with this many things a day takes on a journey.
    pub fn is_more_than(&self, usual: u64) -> bool {
        self.exports > 0
            || self.folders > 2
            || self.items() > usual.saturating_mul(3).saturating_mul(self.stretches.len() as u64)
    }

    /// When the last was taken.
    pub fn cut_off(&self) -> CutOff {
        let until = self.last + if self.together { TOGETHER } else { 0 };
        CutOff { from: Time::from_seconds(self.last), until: Time::from_seconds(until) }
    }

    /// The first record.
    pub fn from(&self) -> Time {
        Time::from_seconds(self.first)
    }

    /// Whether nothing was taken.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Things that each person takes on a day, at the median of the days on which he is where he always is.
pub fn usual(table: &Table) -> BTreeMap<(Provider, &str), u64> {
    let mut days: BTreeMap<(Provider, &str), BTreeMap<i64, u64>> = BTreeMap::new();
    for (item, row) in table.doing(TAKES).filter(|(_, row)| takes(row) && !table.habits.is_elsewhere(row)) {
        let of_person = days.entry((row.activity.provider, &row.activity.account)).or_default();
        let of_day = of_person.entry(item.at.div_euclid(crate::activity::DAY)).or_default();
        *of_day = of_day.saturating_add(item.items);
    }
    let median = |days: BTreeMap<i64, u64>| {
        let mut all: Vec<u64> = days.into_values().collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied().unwrap_or(0)
    };
    days.into_iter().map(|(who, days)| (who, median(days))).collect()
}

/// Whether a record takes something for its account, and not the provider's programs.
pub fn takes(row: &Row) -> bool {
    TAKES.contains(&row.activity.action) && row.activity.answer == Answer::Accepted && !row.is_providers
}

impl Detector for TheftDetector {
    fn id(&self) -> &'static str {
        Theft::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Theft>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        INPUTS
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("theft.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let table = Table::of(case, context)?;
        let usual = usual(&table);
        // By person, network and whether it is elsewhere; from home by day, so that a mass stands out.
        let mut open: BTreeMap<Key, Taken> = BTreeMap::new();
        for (item, row) in table.doing(TAKES).filter(|(_, row)| takes(row)) {
            let a = &row.activity;
            let elsewhere = table.habits.is_elsewhere(row);
            let day = item.at.div_euclid(crate::activity::DAY);
            let network = row.source.map(model::Address::network);
            let key = (a.provider, a.account.as_str(), network, if elsewhere { -1 } else { day });
            if open.get(&key).is_some_and(|t| item.at - t.last > OVER)
                && let Some(taken) = open.remove(&key)
            {
                told(&table, key, taken, &usual, found)?;
            }
            open.entry(key).or_default().add(item, row);
        }
        open.into_iter().try_for_each(|(key, taken)| told(&table, key, taken, &usual, found))
    }
}

type Key<'t> = (Provider, &'t str, Option<Network>, i64);

fn told(
    table: &Table,
    (provider, account, network, day): Key,
    taken: Taken,
    usual: &BTreeMap<(Provider, &str), u64>,
    found: &mut dyn FnMut(Finding) -> Result<()>,
) -> Result<()> {
    let elsewhere = day < 0;
    let median = usual.get(&(provider, account)).copied().unwrap_or(0);
    let mass = taken.items() >= MASS && taken.items() >= median.max(1).saturating_mul(TIMES);
    // One row that is like a journey explains no other that is not.
    let mut rows = taken.rows.iter().map(|r| &table.rows[*r as usize]);
    let journey = rows.all(|r| table.habits.newness(r).is_some_and(Newness::is_journey));
    let from_elsewhere = elsewhere && taken.is_much() && (!journey || taken.is_more_than(median));
    if !(from_elsewhere || mass || taken.exports > 0) {
        return Ok(());
    }
    let day = day.to_string();
    let key = key(&[provider.as_str(), account, &of(network), &day, &taken.first.to_string()]);
    found(finding(table, provider, account, key, taken, elsewhere, mass.then_some(median)))
}

fn finding(
    table: &Table,
    provider: Provider,
    account: &str,
    key: String,
    taken: Taken,
    elsewhere: bool,
    median: Option<u64>,
) -> Finding {
    let name = plain(account);
    let (mut sources, mut clients, mut owners, mut names) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut entities = people(account, if elsewhere { Role::Victim } else { Role::Account });
    for row in taken.rows.iter().map(|r| &table.rows[*r as usize]) {
        if let Some(source) = row.source
            && sources.len() < 50
            && sources.insert(source.to_string())
        {
            entities.push(Entity::address(source, Role::Source));
        }
        let a = &row.activity;
        if clients.len() < 20 && !a.client.is_empty() {
            clients.insert(a.client.clone());
        }
        if owners.len() < 50 && a.target.contains('@') && owners.insert(a.target.to_lowercase()) {
            entities.extend(people(&a.target.to_lowercase(), Role::Victim));
        }
        names.extend(a.names.iter().cloned());
        while names.len() > 20 {
            names.pop_last();
        }
    }
    let at_least = taken.throttled || taken.folders > 0 || taken.exports > 0;
    let amount = amount(&taken);
    let stretches = Text::count(taken.stretches.len() as u64, ("stretch", "période"), ("stretches", "périodes"));
    let cut_off = taken.cut_off();
    let mut reasons = vec![Reason::supporting(
        20,
        Text::new(format!("{} within {}", amount.en, stretches.en), format!("{} en {}", amount.fr, stretches.fr)),
    )];
    let mut add = |supports: bool, weight: u8, en: String, fr: String| {
        reasons.push(Reason { supports, weight, text: Text::new(en, fr) });
    };
    if elsewhere {
        add(
            true,
            40,
            format!("from where `{name}` had never signed in before"),
            format!("depuis un lieu d’où « {name} » ne s’était jamais connecté"),
        );
    }
    if let Some(median) = median {
        add(
            true,
            20,
            format!("on other days it was {median} at the median"),
            format!("les autres jours, la médiane était de {median}"),
        );
    }
    if !owners.is_empty() {
        add(true, 20, "of mailboxes or files of others".into(), "dans des boîtes ou des fichiers d’autrui".into());
    }
    if taken.throttled {
        add(
            true,
            10,
            "the log says that it stopped writing: more was read than it tells".into(),
            "le journal dit avoir cessé d’écrire : davantage a été lu".into(),
        );
    }
    if taken.folders > 0 {
        let folders = Text::count(
            taken.folders,
            ("folder was copied whole to a machine", "dossier copié en entier sur une machine"),
            ("folders were copied whole to a machine", "dossiers copiés en entier sur une machine"),
        );
        add(true, 10, folders.en, folders.fr);
    }
    if !elsewhere {
        add(
            false,
            25,
            "from where its owner always is: a new machine or a move of files looks the same".into(),
            "depuis le lieu habituel du titulaire : une nouvelle machine ou un déménagement de fichiers ont la même apparence".into(),
        );
    } else {
        add(false, 15, "a journey looks the same".into(), "un voyage a la même apparence".into());
    }
    let severity = match (elsewhere, taken.exports > 0) {
        (true, _) => Severity::High,
        (false, true) => Severity::Low,
        (false, false) => Severity::Low,
    };
    let sum: i32 = reasons.iter().map(|r| if r.supports { i32::from(r.weight) } else { -i32::from(r.weight) }).sum();
    let mut techniques = Vec::new();
    if taken.messages + taken.folders > 0 {
        techniques.push("T1114.002");
    }
    if taken.files > 0 {
        techniques.push("T1530");
    }
    if taken.exports > 0 {
        techniques.push("T1567");
    }
    if elsewhere {
        techniques.push("T1078.004");
    }
    let fields = Theft {
        provider,
        account: account.to_string(),
        owners,
        sources,
        clients,
        messages: taken.messages,
        files: taken.files,
        exports: taken.exports,
        folders: taken.folders,
        bytes: Some(taken.bytes).filter(|b| *b > 0),
        at_least,
        stretches: taken.stretches.iter().take(STRETCHES).cloned().collect(),
        cut_off,
        names,
        from_elsewhere: elsewhere,
    };
    let (en, fr) = match elsewhere {
        true => ("Somebody with the account of", "Quelqu’un, avec le compte de"),
        false => ("", ""),
    };
    let least = if at_least { Text::new("at least ", "au moins ") } else { Text::same("") };
    Finding {
        detector: Cow::Borrowed(Theft::NAME),
        key,
        severity,
        confidence: (30 + sum).clamp(5, 95) as u8,
        level: Level::Illegal,
        title: Text::new(
            format!("{en} `{name}` took {}{}", least.en, amount.en).trim().to_string(),
            format!("{fr} « {name} »{} a pris {}{}", if elsewhere { "," } else { "" }, least.fr, amount.fr)
                .trim()
                .to_string(),
        ),
        reasons,
        techniques: techniques.into_iter().map(String::from).collect(),
        first: Some(taken.from()),
        last: Some(cut_off.from),
        entities,
        traces: table.traces(taken.rows.iter().copied()),
        fields: fields.fields(),
    }
}

/// How much, in words.
fn amount(taken: &Taken) -> Text {
    let mut parts: Vec<(String, String)> = Vec::new();
    let mut add = |n: u64, en: [&str; 2], fr: [&str; 2]| {
        if n > 0 {
            let several = usize::from(n > 1);
            let n = Text::number(n);
            parts.push((format!("{} {}", n.en, en[several]), format!("{} {}", n.fr, fr[several])));
        }
    };
    add(taken.messages, ["message", "messages"], ["message", "messages"]);
    add(taken.files, ["file", "files"], ["fichier", "fichiers"]);
    add(taken.folders, ["whole folder", "whole folders"], ["dossier entier", "dossiers entiers"]);
    add(taken.exports, ["export of everything", "exports of everything"], ["export intégral", "exports intégraux"]);
    let (en, fr): (Vec<String>, Vec<String>) = parts.into_iter().unzip();
    Text::new(en.join(", "), fr.join(", "))
}
