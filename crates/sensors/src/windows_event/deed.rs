//! What all detectors of single deeds share: a deed is what was done on one machine in one way, however often; each detector
//! judges it, and here it becomes a finding.

use super::table::{INPUTS, Row, Table};
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Reason, Result, Role, Severity, Text, Time, View};
use rows::windows_event::{Action, Deed, Sign};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

/// What a detector makes of a deed.
pub struct Judged {
    /// How much it matters.
    pub severity: Severity,
    /// How sure.
    pub confidence: u8,
    /// In a few words.
    pub title: Text,
    /// For and against.
    pub reasons: Vec<Reason>,
    /// ATT&CK.
    pub techniques: Vec<&'static str>,
}

/// A detector of deeds.
pub struct DeedDetector {
    /// Its id.
    pub id: &'static str,
    /// What it looks at.
    pub actions: &'static [Action],
    /// Its specification.
    pub specification: &'static str,
    /// What it makes of one, which happened so often.
    pub judge: fn(&Row, &Context) -> Option<Judged>,
}

struct Group {
    first: i64,
    last: i64,
    count: u64,
    /// In the order of time.
    rows: Vec<u32>,
    seen: HashSet<u32>,
}

impl Detector for DeedDetector {
    fn id(&self) -> &'static str {
        self.id
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape { name: self.id, ..Shape::of::<Deed>() })
    }

    fn inputs(&self) -> &'static [&'static str] {
        INPUTS
    }

    fn specification(&self) -> Specification {
        Specification(self.specification)
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let table = Table::of(case)?;
        // The same on several days is one deed: rows differ by their day and by nothing that is in this key.
        type Key<'t> = (&'t str, Action, u32, &'t str, &'t str, &'t str, &'t str, Option<&'t str>);
        let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
        for (item, row) in table.doing(self.actions) {
            let a = &row.activity;
            if a.refused {
                continue;
            }
            let source = a.source.as_deref();
            let key = (&*a.computer, a.action, a.event_id, &*a.target, &*a.detail, &*a.account, &*a.actor, source);
            let group = groups.entry(key).or_insert_with(|| Group {
                first: item.at,
                last: item.at,
                count: 0,
                rows: Vec::new(),
                seen: HashSet::new(),
            });
            group.last = item.at;
            group.count += 1;
            if group.seen.insert(item.row) {
                group.rows.push(item.row);
            }
        }
        for group in groups.into_values() {
            // What is judged may differ within a group (the way, what started it, what its log says): the gravest row speaks,
            // the first of equals, so that no innocent one stands before it.
            let mut gravest: Option<(u32, Judged)> = None;
            for row in &group.rows {
                let Some(judged) = (self.judge)(&table.rows[*row as usize], context) else { continue };
                let weight = |j: &Judged| (j.severity, j.confidence);
                if gravest.as_ref().is_none_or(|(_, known)| weight(known) < weight(&judged)) {
                    gravest = Some((*row, judged));
                }
            }
            if let Some((row, judged)) = gravest {
                found(self.finding(&table, group, row, judged))?;
            }
        }
        Ok(())
    }
}

impl DeedDetector {
    fn finding(&self, table: &Table, group: Group, row: u32, judged: Judged) -> Finding {
        let row = &table.rows[row as usize];
        let a = &row.activity;
        let mut entities = Vec::new();
        let role = if a.action == Action::Malware || a.actor.is_empty() { Role::Account } else { Role::Victim };
        if !a.account.is_empty() && a.action != Action::Service {
            entities.push(Entity::user(&a.account, role));
        }
        if !a.actor.is_empty() {
            entities.push(Entity::user(&a.actor, Role::Account));
        }
        entities.extend(row.source.map(|s| Entity::address(s, Role::Source)));
        entities.sort();
        entities.dedup();
        let fields = Deed {
            action: a.action,
            event_id: a.event_id,
            channel: a.channel.clone(),
            computer: a.computer.clone(),
            account: a.account.clone(),
            actor: a.actor.clone(),
            source: a.source.clone(),
            method: a.method.clone(),
            target: a.target.clone(),
            detail: a.detail.clone(),
            parent: a.parent.clone(),
            signs: a.signs.clone(),
            count: group.count,
        };
        // All that tells groups apart, each part so that none runs into the next.
        let (id, first) = (a.event_id.to_string(), group.first.to_string());
        let source = a.source.as_deref().unwrap_or_default();
        let parts = [&a.computer, a.action.as_str(), &id, &a.target, &a.detail, &a.account, &a.actor, source, &first];
        let key = parts.map(|part| part.replace('%', "%25").replace('|', "%7C")).join("|");
        Finding {
            detector: Cow::Borrowed(self.id),
            key,
            severity: judged.severity,
            confidence: judged.confidence,
            level: Level::Illegal,
            title: judged.title.capital(),
            reasons: judged.reasons,
            techniques: judged.techniques.into_iter().map(String::from).collect(),
            first: Some(Time::from_seconds(group.first)),
            last: Some(Time::from_seconds(group.last)),
            entities,
            traces: table.traces(group.rows),
            fields: fields.fields(),
        }
    }
}

/// How much a sign weighs, and the technique that it shows.
pub fn weight(sign: Sign) -> (u8, &'static str) {
    match sign {
        Sign::Encoded => (15, "T1027.010"),
        Sign::Download => (25, "T1105"),
        Sign::RunsText => (25, "T1059.001"),
        Sign::Hidden => (15, "T1564.003"),
        Sign::InMemory => (45, "T1620"),
        Sign::Blinds => (45, "T1562.001"),
        Sign::Credentials => (60, "T1003"),
        Sign::FromDocument => (45, "T1204.002"),
        Sign::ByProxy => (35, "T1218"),
        Sign::NoRecovery => (50, "T1490"),
        Sign::ClearsLogs => (40, "T1070.001"),
        Sign::Remote => (25, "T1570"),
        Sign::Obfuscated => (20, "T1027"),
        Sign::UserPath => (20, "T1036.005"),
        Sign::Interpreter => (20, "T1059"),
        Sign::MadeUpName => (30, "T1036.004"),
    }
}

/// What the signs weigh together, their reasons and their techniques.
pub fn weigh(signs: impl IntoIterator<Item = Sign>) -> (u32, Vec<Reason>, Vec<&'static str>) {
    let (mut sum, mut reasons, mut techniques) = (0, Vec::new(), Vec::new());
    for sign in signs {
        let (weight, technique) = weight(sign);
        sum += u32::from(weight);
        reasons.push(Reason::supporting(weight, sign.text()));
        techniques.push(technique);
    }
    reasons.sort_by_key(|r| std::cmp::Reverse(r.weight));
    (sum, reasons, techniques)
}

/// The severity of a sum of weights.
pub fn severity(sum: u32) -> Severity {
    match sum {
        0..15 => Severity::Info,
        15..40 => Severity::Low,
        40..70 => Severity::Medium,
        _ => Severity::High,
    }
}

/// The confidence of a sum of weights.
pub fn confidence(sum: u32) -> u8 {
    (30 + sum / 2).min(90) as u8
}

/// A text for a sentence: not too long, and nothing that a terminal obeys.
pub fn plain(text: &str) -> String {
    text.chars().take(160).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
