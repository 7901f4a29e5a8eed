//! Floods of look-alikes: so many names that imitate one thing in one way that a case would drown in them. The most
//! telling of a pattern are told one by one, the others as one finding.
//!
//! You may rely on: memory holds the names of a flood and where they stand, no judgement of each; what is told one by one
//! is the same whatever the order of evidence. Left out: names under one registrable domain, which are one look-alike.

use super::lookalike::severity;
use crate::{Detector, Specification};
use model::{
    Address, Context, Entity, EvidenceId, Finding, Level, Reason, Result, Role, Span, Step, Text, Time, View, Visit,
};
use rows::names::{Flood, MOST, Resemblance, Technique};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Look-alikes of a case told one by one, as long as each pattern has one.
const APART: u64 = 20_000;
/// Domains of a flood that stand among its entities.
const ENTITIES: usize = 100;

/// What is imitated, and how.
type Pattern = (String, Option<Technique>);

/// A domain that resembles something, with all rows that say so.
pub struct Domain {
    /// Visits and their rows; at least one.
    pub rows: Vec<(Visit, Resemblance)>,
}

impl Domain {
    /// The row of its most telling name.
    fn best(&self) -> Option<&Resemblance> {
        self.rows.iter().map(|(_, row)| row).reduce(|best, row| if row.score > best.score { row } else { best })
    }

    /// How telling it is: names that machines asked for before all others, then by score.
    fn rank(&self) -> u16 {
        let asked = self.rows.iter().any(|(_, row)| !row.seen.clients.is_empty());
        u16::from(asked) << 8 | self.best().map_or(0, |row| u16::from(row.score))
    }
}

/// Visits the domains that resemble something, in order.
pub fn domains(case: &dyn View, each: &mut dyn FnMut(Domain) -> Result<()>) -> Result<()> {
    let mut domain = Domain { rows: Vec::new() };
    case.observations(Resemblance::NAME, &mut |visit| {
        let row = Resemblance::of(&visit.observation.fields)?;
        if domain.rows.first().is_some_and(|(first, _)| first.observation.key != visit.observation.key) {
            each(Domain { rows: std::mem::take(&mut domain.rows) })?;
        }
        domain.rows.push((visit, row));
        Ok(ControlFlow::Continue(()))
    })?;
    if domain.rows.is_empty() { Ok(()) } else { each(domain) }
}

/// How many look-alikes a pattern has.
#[derive(Default)]
struct Share {
    /// By rank.
    ranks: BTreeMap<u16, u64>,
    /// The least rank that is told one by one, and how many of that rank still are.
    least: (u16, u64),
}

/// Which look-alikes are told one by one.
pub struct Patterns {
    shares: BTreeMap<Pattern, Share>,
    /// How many of a pattern.
    most: u64,
}

impl Patterns {
    /// Of a case, at most so many of each pattern.
    pub fn new(case: &dyn View, most: u32) -> Result<Patterns> {
        let mut shares: BTreeMap<Pattern, Share> = BTreeMap::new();
        domains(case, &mut |domain| {
            if let Some(row) = domain.best() {
                let share = shares.entry((row.imitates.clone(), row.technique)).or_default();
                *share.ranks.entry(domain.rank()).or_default() += 1;
            }
            Ok(())
        })?;
        let all = |most: u64| shares.values().map(|s| s.ranks.values().sum::<u64>().min(most)).sum::<u64>();
        let mut most = u64::from(most.max(1));
        while most > 1 && all(most) > APART {
            most /= 2;
        }
        for share in shares.values_mut() {
            let mut left = most;
            for (&rank, &count) in share.ranks.iter().rev() {
                share.least = (rank, left.min(count));
                left = left.saturating_sub(count);
                if left == 0 {
                    break;
                }
            }
        }
        Ok(Patterns { shares, most })
    }

    /// Whether a domain is told by itself. To be asked of each once, in order.
    pub fn is_apart(&mut self, domain: &Domain) -> bool {
        let Some(row) = domain.best() else { return false };
        let Some(share) = self.shares.get_mut(&(row.imitates.clone(), row.technique)) else { return false };
        let (least, left) = &mut share.least;
        match domain.rank().cmp(least) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => {
                let apart = *left > 0;
                *left -= u64::from(apart);
                apart
            }
        }
    }
}

/// The look-alikes of one pattern that are not told one by one.
struct Many {
    row: Flood,
    best: String,
    seen: Option<(Time, Time)>,
    spans: BTreeMap<(EvidenceId, Vec<Step>), Vec<Span>>,
}

impl Many {
    fn add(&mut self, domain: Domain) {
        self.row.count += 1;
        for (visit, row) in domain.rows {
            let o = visit.observation;
            if row.score > self.row.score {
                (self.row.score, self.best) = (row.score, o.key.clone());
            }
            self.row.met.extend(row.seen.met);
            let room = MOST.saturating_sub(self.row.clients.len());
            self.row.clients.extend(row.seen.clients.into_iter().take(room));
            if o.first != Time::default() {
                let (first, last) = self.seen.unwrap_or((o.first, o.last));
                self.seen = Some((first.min(o.first), last.max(o.last)));
            }
            // A stranger's domain may be innocent: only the names under it imitate.
            match row.technique {
                Some(Technique::Subdomain) => self.row.names.extend(row.seen.names),
                _ if self.row.names.last() != Some(&o.key) => self.row.names.push(o.key),
                _ => {}
            }
            self.spans.entry((visit.evidence, visit.steps)).or_default().extend(o.spans.iter());
        }
    }

    fn finding(self, most: u64) -> Finding {
        let Many { row, best, seen, spans } = self;
        let (count, by) = (row.count, row.technique.map(|t| t.text()).unwrap_or_default());
        let reasons = vec![
            Reason::supporting(
                row.score,
                Text::new(
                    format!("the most telling of them is `{best}`, {} of 100", row.score),
                    format!("le plus parlant est `{best}`, {} sur 100", row.score),
                ),
            ),
            Reason::supporting(20, Text::new(format!("technique: {}", by.en), format!("technique : {}", by.fr))),
            Reason::against(
                20,
                Text::new(
                    format!(
                        "whoever writes the evidence can make names by the thousand; the {most} most telling of this pattern are told one by one"
                    ),
                    format!(
                        "qui écrit les pièces peut fabriquer des noms par milliers ; les {most} plus parlants de ce motif sont dits un par un"
                    ),
                ),
            ),
        ];
        let named = row.names.iter().take(ENTITIES).map(|n| Entity::domain(n, Role::Infrastructure));
        let clients = row.clients.iter().filter_map(|a| Address::parse(a.as_bytes()));
        Finding {
            detector: Cow::Borrowed(Flood::NAME),
            key: format!("{}|{}", row.imitates, row.technique.map_or("", Technique::as_str)),
            severity: severity(row.score),
            confidence: row.score,
            level: Level::Grey,
            title: Text::new(
                format!("{count} more domains look like `{}`: {}", row.imitates, by.en),
                format!("{count} autres domaines ressemblent à `{}` : {}", row.imitates, by.fr),
            ),
            reasons,
            techniques: vec!["T1583.001".into()],
            first: seen.map(|s| s.0),
            last: seen.map(|s| s.1),
            entities: named.chain(clients.map(|a| Entity::address(a, Role::Victim))).collect(),
            traces: crate::attempt::traces(spans),
            fields: row.fields(),
        }
    }
}

/// `names/flood`.
pub struct FloodDetector;

impl Detector for FloodDetector {
    fn id(&self) -> &'static str {
        Flood::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Flood>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Resemblance::NAME]
    }

    fn watched(&self) -> &'static [&'static str] {
        &["count"]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("flood.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let mut patterns = Patterns::new(case, super::setup::setup(context)?.settings.flood)?;
        let mut floods: BTreeMap<Pattern, Many> = BTreeMap::new();
        domains(case, &mut |domain| {
            if !patterns.is_apart(&domain)
                && let Some(row) = domain.best()
            {
                let pattern = (row.imitates.clone(), row.technique);
                let many = floods.entry(pattern).or_insert_with_key(|(imitates, technique)| Many {
                    row: Flood { imitates: imitates.clone(), technique: *technique, ..Flood::default() },
                    best: String::new(),
                    seen: None,
                    spans: BTreeMap::new(),
                });
                many.add(domain);
            }
            Ok(())
        })?;
        floods.into_values().try_for_each(|many| found(many.finding(patterns.most)))
    }
}
