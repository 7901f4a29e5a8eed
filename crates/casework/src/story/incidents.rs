//! Incidents: findings that links join. Strong links make cores; a weaker one attaches a finding that is in no core, and two
//! cores are joined by weaker ones only where two different values carry them. What a person joins or keeps apart stands
//! above that.
//!
//! You may rely on: the order of input cannot matter; one weak link never joins two stories.

use super::Item;
use super::decision::{Decision, Verb};
use super::links::Link;
use super::null::{CORE, Null};
use model::{Error, Result, Severity, Time};
use rows::story::{Cause, Step};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// An incident.
#[derive(Clone, PartialEq, Debug)]
pub struct Incident {
    /// The same as long as its earliest finding is.
    pub id: String,
    /// Places among the items, in their order.
    pub items: Vec<usize>,
    /// Steps that its findings show.
    pub steps: BTreeSet<Step>,
    /// The gravest of its findings.
    pub severity: Severity,
    /// First event.
    pub first: Option<Time>,
    /// Last event.
    pub last: Option<Time>,
}

/// How sure a finding must be to show a step.
pub const SURE: u8 = 50;

struct Sets(Vec<usize>);

impl Sets {
    fn of(&mut self, mut n: usize) -> usize {
        while self.0[n] != n {
            self.0[n] = self.0[self.0[n]];
            n = self.0[n];
        }
        n
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// The groups that edges join, without those of one.
pub fn groups(n: usize, edges: &[(usize, usize, f64)]) -> Vec<Vec<usize>> {
    let mut sets = Sets((0..n).collect());
    edges.iter().for_each(|(a, b, _)| sets.join(*a, *b));
    let mut all: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (a, b, _) in edges {
        all.entry(sets.of(*a)).or_default().extend([*a, *b]);
    }
    all.into_values().map(|g| g.into_iter().collect()).collect()
}

/// Pairs of findings that a person's decisions of a kind name; what rests on findings that are gone sleeps.
fn said<'d>(items: &[Item], decisions: &'d [Decision], verb: Verb) -> Vec<(&'d Decision, (usize, usize))> {
    let place: BTreeMap<&str, usize> = items.iter().enumerate().map(|(n, i)| (i.id.as_str(), n)).collect();
    let ends = |d: &Decision| -> Option<(usize, usize)> {
        Some((*place.get(d.findings.first()?.as_str())?, *place.get(d.findings.get(1)?.as_str())?))
    };
    decisions.iter().filter(|d| d.verb == verb).filter_map(|d| Some((d, ends(d)?))).collect()
}

/// What strong links join, and people.
fn strong(items: &[Item], links: &[Link], null: &Null, decisions: &[Decision]) -> Result<(Sets, Vec<(usize, usize)>)> {
    let parted = said(items, decisions, Verb::Apart);
    let apart: Vec<(usize, usize)> = parted.iter().map(|(_, e)| *e).collect();
    let mut sets = Sets((0..items.len()).collect());
    for (said, (a, b)) in said(items, decisions, Verb::Join) {
        if !may(&mut sets, a, b, &apart) {
            let against = parted.iter().map(|(d, _)| d.number.to_string()).collect::<Vec<_>>().join(", ");
            return Err(Error::new(format!("decision {} joins what another keeps apart (of {against})", said.number))
                .hint("take one of them back: `vigie links DIR --withdraw NUMBER --reason …`"));
        }
        sets.join(a, b);
    }
    for link in links.iter().filter(|l| is_strong(l, null)) {
        attach(&mut sets, link.ends, &apart);
    }
    Ok((sets, apart))
}

fn is_strong(link: &Link, null: &Null) -> bool {
    link.bits >= null.cut(link.pair) + CORE
}

/// What strong links make of these of the findings: cores, and findings alone.
pub fn cores(
    items: &[Item],
    of: &[usize],
    links: &[Link],
    null: &Null,
    decisions: &[Decision],
) -> Result<Vec<Vec<usize>>> {
    let (mut sets, _) = strong(items, links, null, decisions)?;
    let mut all: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    of.iter().for_each(|n| all.entry(sets.of(*n)).or_default().push(*n));
    Ok(all.into_values().collect())
}

/// Joins.
pub fn join(items: &[Item], links: &[Link], null: &Null, decisions: &[Decision]) -> Result<Vec<Incident>> {
    let (mut sets, apart) = strong(items, links, null, decisions)?;
    let mut weak: Vec<&Link> = links.iter().filter(|l| !is_strong(l, null)).collect();
    let mut size = vec![0_u32; items.len()];
    (0..items.len()).for_each(|n| size[sets.of(n)] += 1);
    let core: Vec<Option<usize>> = (0..items.len()).map(|n| Some(sets.of(n)).filter(|root| size[*root] > 1)).collect();
    let mut between: BTreeMap<(usize, usize), BTreeSet<(Cause, &str)>> = BTreeMap::new();
    for link in &weak {
        if let (Some(a), Some(b)) = (core[link.ends.0], core[link.ends.1])
            && a != b
        {
            // However many people two have in common, that is one value.
            let values = link.values().map(|(cause, v)| (cause, if cause == Cause::Victims { "" } else { v }));
            between.entry((a.min(b), a.max(b))).or_default().extend(values);
        }
    }
    for ((a, b), values) in between {
        if values.len() > 1 {
            attach(&mut sets, (a, b), &apart);
        }
    }
    // From the cores outward, along the strongest link each time: two findings that are nearer to one another than to their
    // story would else find each other and never it.
    weak.sort_by(|a, b| b.bits.total_cmp(&a.bits));
    let mut at: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    for (n, link) in weak.iter().enumerate() {
        at[link.ends.0].push(n);
        at[link.ends.1].push(n);
    }
    let mut done: Vec<bool> = core.iter().map(Option::is_some).collect();
    let cored = (0..items.len()).filter(|n| done[*n]);
    let mut next: BinaryHeap<Reverse<usize>> = cored.flat_map(|n| at[n].iter().map(|l| Reverse(*l))).collect();
    while let Some(Reverse(n)) = next.pop() {
        let (a, b) = weak[n].ends;
        if done[a] != done[b] && attach(&mut sets, (a, b), &apart) {
            let reached = if done[a] { b } else { a };
            done[reached] = true;
            next.extend(at[reached].iter().map(|l| Reverse(*l)));
        }
    }
    for link in &weak {
        let (a, b) = link.ends;
        if (!done[a] || !done[b]) && attach(&mut sets, link.ends, &apart) {
            (done[a], done[b]) = (true, true);
        }
    }
    let mut many: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let root: Vec<usize> = (0..items.len()).map(|n| sets.of(n)).collect();
    let mut size = vec![0_u32; items.len()];
    root.iter().for_each(|r| size[*r] += 1);
    (0..items.len()).filter(|n| size[root[*n]] > 1).for_each(|n| many.entry(root[n]).or_default().push(n));
    let order = |a: &Incident, b: &Incident| {
        gravity(b, items).cmp(&gravity(a, items)).then_with(|| (a.first, &a.id).cmp(&(b.first, &b.id)))
    };
    let mut told: Vec<Incident> = many.into_values().map(|members| Incident::of(items, members)).collect();
    told.sort_by(order);
    let alone = (0..items.len()).filter(|n| size[root[*n]] == 1).map(|n| Incident::of(items, vec![n]));
    let gravest = alone.min_by(order).filter(|a| told.first().is_none_or(|first| order(a, first).is_lt()));
    gravest.into_iter().for_each(|alone| told.insert(0, alone));
    Ok(told)
}

/// Whether two may be together.
fn may(sets: &mut Sets, a: usize, b: usize, apart: &[(usize, usize)]) -> bool {
    let (a, b) = (sets.of(a), sets.of(b));
    !apart.iter().any(|(x, y)| {
        let (x, y) = (sets.of(*x), sets.of(*y));
        (x, y) == (a, b) || (x, y) == (b, a) || a == b && x == y && x == a
    })
}

fn attach(sets: &mut Sets, (a, b): (usize, usize), apart: &[(usize, usize)]) -> bool {
    let allowed = may(sets, a, b, apart);
    if allowed {
        sets.join(a, b);
    }
    allowed
}

impl Incident {
    /// Of these findings.
    pub fn of(items: &[Item], members: Vec<usize>) -> Incident {
        let of = || members.iter().map(|n| &items[*n]);
        let steps = of().flat_map(|i| i.part.shows.iter().filter(|s| s.confidence >= SURE).map(|s| s.step)).collect();
        let earliest = members
            .iter()
            .map(|n| &items[*n])
            .min_by(|a, b| (a.first.is_none(), a.first, &a.id).cmp(&(b.first.is_none(), b.first, &b.id)));
        let id = earliest.map(|i| i.id.trim_start_matches("finding--").to_string()).unwrap_or_default();
        Incident {
            id: format!("incident--{id}"),
            steps,
            severity: of().map(|i| i.severity).max().unwrap_or(Severity::Info),
            first: of().filter_map(|i| i.first).min(),
            last: of().filter_map(|i| i.last.or(i.first)).max(),
            items: members,
        }
    }
}

/// What comes first: the longest chain, then what is illegal in it, then its gravest findings, then how far it went.
fn gravity(incident: &Incident, items: &[Item]) -> (usize, bool, Severity, Option<Step>, i64, usize) {
    let of = || incident.items.iter().map(|n| &items[*n]);
    let illegal = of().any(|i| i.level == model::Level::Illegal);
    let innocent = of().all(|i| i.part.innocent.is_some());
    let steps = if innocent { 0 } else { incident.steps.len() };
    let urgency = of().map(|i| i.urgency).max().unwrap_or_default();
    (steps, illegal, incident.severity, incident.steps.last().copied(), urgency, incident.items.len())
}

#[cfg(test)]
mod tests {
    use super::super::part::Part;
    use super::*;
    use model::Level;

    /// The incidents of six findings that these links join: places, and what each is worth.
    fn check(links: &[(usize, usize, f64)], expected: &[&[usize]]) {
        let items: Vec<Item> = (0..6)
            .map(|n| Item {
                id: format!("finding--{n}"),
                detector: "p/made".into(),
                severity: Severity::High,
                confidence: 80,
                urgency: 0,
                level: Level::Grey,
                first: None,
                last: None,
                part: Part::default(),
            })
            .collect();
        let link =
            |&(a, b, bits): &(usize, usize, f64)| Link { ends: (a, b), pair: (None, None), bits, shared: Vec::new() };
        let links: Vec<Link> = links.iter().map(link).collect();
        let null = Null { cuts: vec![(None, None, 6.0)], ..Null::default() };
        let told = join(&items, &links, &null, &[]).expect("incidents");
        let mut many: Vec<Vec<usize>> = told.into_iter().map(|i| i.items).filter(|i| i.len() > 1).collect();
        many.sort();
        assert_eq!(many, expected);
    }

    #[test]
    fn findings_nearer_to_one_another_find_their_story_all_the_same() {
        check(&[(0, 1, 12.0), (2, 3, 6.9), (1, 2, 6.3), (1, 3, 6.3)], &[&[0, 1, 2, 3]]);
        check(&[(0, 1, 12.0), (2, 3, 6.9), (1, 2, 6.3), (4, 5, 6.9)], &[&[0, 1, 2, 3], &[4, 5]]);
    }

    #[test]
    fn one_weak_link_never_joins_two_stories() {
        check(&[(0, 1, 12.0), (2, 3, 12.0), (1, 2, 6.9)], &[&[0, 1], &[2, 3]]);
        // Nor does a finding between them, which goes with the nearer.
        check(&[(0, 1, 12.0), (2, 3, 12.0), (1, 4, 6.9), (3, 4, 7.1)], &[&[0, 1], &[2, 3, 4]]);
    }
}
