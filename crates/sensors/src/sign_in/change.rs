//! What all detectors of changes share: a change is what one account set for one target in one way, however often; each
//! detector judges it, and here it becomes a finding.
//!
//! You may rely on: a change made from where the account's owner had never been counts for more; many at once by one
//! person are one finding (a migration or a set-up), unless each is grave.

use super::gather::people;
use super::table::{INPUTS, Row, Table, key};
use crate::auth_log::plain;
use crate::{Detector, Specification};
use model::{Context, Entity, EntityKind, Finding, Level, Reason, Result, Role, Severity, Text, Time, View};
use rows::sign_in::{Action, Activity, Answer, Change, Provider};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Targets of one day and one kind of change from which on they are one finding.
const MANY: usize = 8;
/// Targets named in one finding.
const NAMED: usize = 20;

/// What a detector makes of a change.
pub struct Judged {
    /// How much it matters, were it made from where its maker always is.
    pub severity: Severity,
    /// How sure, likewise.
    pub confidence: u8,
    /// In a few words: *mail of X goes on to Y*.
    pub title: Text,
    /// For and against.
    pub reasons: Vec<Reason>,
    /// ATT&CK.
    pub techniques: Vec<&'static str>,
    /// What it rests on: where mail goes, an application.
    pub infrastructure: Vec<Entity>,
    /// Whether it may stand in one finding with others of its kind and day.
    pub folds: bool,
}

/// What judges know besides the change.
pub struct Known<'k> {
    /// All activities.
    pub table: &'k Table,
    /// Domains that the organisation's accounts are of.
    pub domains: BTreeSet<String>,
}

impl Known<'_> {
    /// Whether an address of mail is outside the organisation.
    pub fn is_outside(&self, address: &str) -> bool {
        let domain = address.rsplit_once('@').map(|(_, d)| d.trim_end_matches('>').to_lowercase());
        domain.is_some_and(|d| !self.domains.contains(&d))
    }

    /// Whether it was done from where its maker had never been.
    pub fn is_elsewhere(&self, row: &Row) -> bool {
        self.table.habits.is_elsewhere(row)
    }
}

/// A detector of changes.
pub struct ChangeDetector {
    /// Its id.
    pub id: &'static str,
    /// What it looks at.
    pub actions: &'static [Action],
    /// Its specification.
    pub specification: &'static str,
    /// What it makes of one.
    pub judge: fn(&Row, &Known) -> Option<Judged>,
}

/// All records of one change.
struct Group {
    first: i64,
    last: i64,
    count: u64,
    /// In the order of time.
    rows: Vec<u32>,
    seen: HashSet<u32>,
    /// The row to judge by.
    row: u32,
    elsewhere: bool,
}

impl Detector for ChangeDetector {
    fn id(&self) -> &'static str {
        self.id
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape { name: self.id, ..Shape::of::<Change>() })
    }

    fn inputs(&self) -> &'static [&'static str] {
        INPUTS
    }

    fn specification(&self) -> Specification {
        Specification(self.specification)
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let table = Table::of(case, context)?;
        let known = Known { table: &table, domains: domains(&table, context) };
        type Key<'t> = (Provider, &'t str, Action, &'t str, &'t str, &'t str);
        let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
        for (item, row) in table.doing(self.actions) {
            let a = &row.activity;
            if a.answer != Answer::Accepted {
                continue;
            }
            let elsewhere = known.is_elsewhere(row);
            let text = (a.operation.as_str(), a.target.as_str(), a.detail.as_str());
            let key = (a.provider, a.account.as_str(), a.action, text.0, text.1, text.2);
            let group = groups.entry(key).or_insert_with(|| Group {
                first: item.at,
                last: item.at,
                count: 0,
                rows: Vec::new(),
                seen: HashSet::new(),
                row: item.row,
                elsewhere,
            });
            group.last = item.at;
            group.count += 1;
            if group.seen.insert(item.row) {
                group.rows.push(item.row);
            }
            group.elsewhere |= elsewhere;
        }
        // What one person does to many on one day is one thing.
        type Day<'a> = (&'a str, Action, i64);
        let mut days: BTreeMap<Day, Vec<(Group, Judged)>> = BTreeMap::new();
        for ((_, account, action, ..), mut group) in groups {
            // Rows of a group differ by the address and the program: of those from elsewhere, where there are some, the gravest
            // speaks, the first of equals.
            let mut gravest: Option<(u32, Judged)> = None;
            let rows = group.rows.iter().map(|r| (r, &table.rows[*r as usize]));
            for (n, row) in rows.filter(|(_, row)| known.is_elsewhere(row) == group.elsewhere) {
                let Some(judged) = (self.judge)(row, &known) else { continue };
                let weight = |j: &Judged| (j.severity, j.confidence);
                if gravest.as_ref().is_none_or(|(_, other)| weight(other) < weight(&judged)) {
                    gravest = Some((*n, judged));
                }
            }
            let Some((row, judged)) = gravest else { continue };
            group.row = row;
            match judged.folds && !group.elsewhere {
                true => {
                    let day = group.first.div_euclid(crate::activity::DAY);
                    days.entry((account, action, day)).or_default().push((group, judged));
                }
                false => found(self.finding(&table, vec![(group, judged)]))?,
            }
        }
        for of_day in days.into_values() {
            if of_day.len() >= MANY {
                found(self.finding(&table, of_day))?;
            } else {
                of_day.into_iter().try_for_each(|one| found(self.finding(&table, vec![one])))?;
            }
        }
        Ok(())
    }
}

/// The domains of the case and of the accounts that sign in.
fn domains(table: &Table, context: &Context) -> BTreeSet<String> {
    let protect = &context.config.protect;
    let mut all: BTreeSet<String> =
        protect.mail_domains.iter().chain(&protect.domains).map(ToString::to_string).collect();
    let entries = table.rows.iter().filter(|r| r.is_entry());
    all.extend(entries.filter_map(|r| Some(r.activity.account.rsplit_once('@')?.1.to_string())));
    all
}

impl ChangeDetector {
    fn finding(&self, table: &Table, mut all: Vec<(Group, Judged)>) -> Finding {
        let several = all.len();
        // The gravest speaks for all.
        all.sort_by_key(|(g, j)| (std::cmp::Reverse(j.severity), g.first, g.row));
        let (first, last) =
            (all.iter().map(|(g, _)| g.first).min().unwrap_or(0), all.iter().map(|(g, _)| g.last).max().unwrap_or(0));
        let count = all.iter().map(|(g, _)| g.count).sum();
        let elsewhere = all.iter().any(|(g, _)| g.elsewhere);
        let mut entities: Vec<Entity> = Vec::new();
        let mut rows: Vec<u32> = Vec::new();
        for (group, judged) in &all {
            rows.extend(&group.rows);
            let a = &table.rows[group.row as usize].activity;
            if entities.len() < 4 * NAMED {
                entities.extend(judged.infrastructure.iter().cloned());
                if a.target.contains('@') && a.target.to_lowercase() != a.account {
                    entities.extend(people(&a.target.to_lowercase(), Role::Victim));
                }
            }
        }
        let (group, judged) = all.swap_remove(0);
        let row = &table.rows[group.row as usize];
        let a: &Activity = &row.activity;
        entities.extend(people(&a.account, Role::Account));
        entities.extend(row.source.map(|s| Entity::address(s, Role::Source)));
        entities.sort();
        entities.dedup();
        let Judged { mut severity, mut confidence, mut title, mut reasons, mut techniques, .. } = judged;
        if elsewhere {
            severity = severity.max(Severity::Low);
            severity = match severity {
                Severity::Info | Severity::Low => Severity::Medium,
                Severity::Medium => Severity::High,
                grave => grave,
            };
            confidence = (confidence + 20).min(95);
            let source = row.source.map(|s| s.to_string()).unwrap_or_default();
            reasons.insert(
                0,
                Reason::supporting(
                    40,
                    Text::new(
                        format!("done from {source}, where `{}` had never signed in before", plain(&a.account)),
                        format!("fait depuis {source}, d’où « {} » ne s’était jamais connecté", plain(&a.account)),
                    ),
                ),
            );
            techniques.push("T1078.004");
        }
        if several > 1 {
            let n = several - 1;
            title = Text::new(
                format!("{}, and {n} more like it that day", title.en),
                format!("{}, et {n} autres ce jour-là", title.fr),
            );
            severity = severity.min(Severity::Low);
            reasons.push(Reason::against(
                30,
                Text::new(
                    "so many at once by one administrator are most often a migration or a set-up",
                    "autant à la fois, par un même administrateur, relève le plus souvent d’une migration ou d’une mise en place",
                ),
            ));
        }
        let fields = Change {
            provider: a.provider,
            action: a.action,
            operation: a.operation.clone(),
            account: a.account.clone(),
            target: a.target.clone(),
            detail: a.detail.clone(),
            source: a.source.clone(),
            count,
            targets: Some(several as u64).filter(|n| *n > 1),
            from_elsewhere: elsewhere,
        };
        let (target, detail, first_at) = (&*a.target, &*a.detail, first.to_string());
        let parts = [a.provider.as_str(), &a.account, a.action.as_str(), &a.operation, target, detail, &first_at];
        let key = key(&parts);
        Finding {
            detector: Cow::Borrowed(self.id),
            key,
            severity,
            confidence,
            level: Level::Illegal,
            title,
            reasons,
            techniques: techniques.into_iter().map(String::from).collect(),
            first: Some(Time::from_seconds(first)),
            last: Some(Time::from_seconds(last)),
            entities,
            traces: table.traces(rows),
            fields: fields.fields(),
        }
    }
}

/// A mailbox that mail goes to.
pub fn mailbox(address: &str) -> Option<Entity> {
    let address =
        address.split([';', ',', ' ']).next().unwrap_or_default().trim_matches(['<', '>', '"']).to_lowercase();
    address.contains('@').then(|| Entity::new(EntityKind::EmailAddr, address, Role::Infrastructure))
}
