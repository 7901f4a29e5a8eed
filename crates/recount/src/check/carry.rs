//! Which totals hold what is known to be wrong below them, and which are right.
//!
//! A total that follows from its wrong parts is wrong by the same votes; one that differs from their sum by just these votes is
//! right. Between the two lies what is not known: that is told of neither.

use super::{Raw, View, sums::holds_at};
use foldhash::{HashMap, HashMapExt, HashSet};
use model::Time;
use rows::station_minutes::{Disagreement, Level};
use std::collections::BTreeMap;

/// What stands in one state of the published figures.
pub struct Carry {
    /// Of when the state is; none in the end.
    time: Option<Time>,
    /// Discrepancies by the areas around them.
    within: HashMap<u32, Vec<usize>>,
    /// Totals that do not follow from their parts, by area.
    sums: HashMap<u32, Vec<usize>>,
    /// Whether a total holds a discrepancy, where that is known.
    held: HashMap<(usize, u32), bool>,
}

impl Carry {
    /// What stands at a time; in the end where that is none.
    pub fn at(view: &View, time: Option<Time>, raw: &[Raw]) -> Carry {
        let mut carry = Carry { time, within: HashMap::new(), sums: HashMap::new(), held: HashMap::new() };
        for (n, r) in raw.iter().enumerate() {
            carry.take(view, time, n, r);
        }
        carry
    }

    /// Takes a discrepancy that was found.
    pub fn take(&mut self, view: &View, time: Option<Time>, n: usize, r: &Raw) {
        if r.kind == Disagreement::Sum {
            self.sums.entry(r.area).or_default().push(n);
        }
        let kinds = [Disagreement::Impossible, Disagreement::DoubleEntry, Disagreement::Overlap];
        if kinds.contains(&r.kind) || view.world.releases[r.release].minutes || !holds_at(r, time) {
            return;
        }
        let parents = view.world.areas[r.area as usize].parents.iter().map(|p| p.1);
        let country = (r.area != 0).then_some(0);
        for area in parents.filter(|a| *a != 0).chain(country) {
            self.within.entry(area).or_default().push(n);
        }
    }

    /// The totals of an area that were found not to follow.
    pub fn sums_of(&self, area: u32) -> &[usize] {
        self.sums.get(&area).map_or(&[], Vec::as_slice)
    }

    /// Decides what a total holds, by its difference from the sum of its parts at a level (what is published, less the sum), and
    /// says whether that difference is explained.
    pub fn explains(
        &mut self,
        view: &View,
        (area, below): (u32, Level),
        columns: &[usize],
        difference: &[(usize, i64)],
        raw: &mut [Raw],
    ) -> bool {
        let Some(within) = self.within.get(&area) else { return difference.is_empty() };
        let effect = |n: usize, raw: &[Raw]| -> BTreeMap<usize, i64> {
            let figures = raw[n].figures.iter().filter(|f| columns.contains(&f.0));
            figures
                .map(|(c, expected, found)| (*c, found.unwrap_or(0) as i64 - expected.unwrap_or(0) as i64))
                .filter(|(_, d)| *d != 0)
                .collect()
        };
        let mut left: BTreeMap<usize, i64> = difference.iter().copied().collect();
        let mut add = |n: usize, sign: i64, raw: &[Raw]| {
            effect(n, raw).into_iter().for_each(|(c, d)| *left.entry(c).or_default() += sign * d);
        };
        let mut open: Vec<usize> = Vec::new();
        // A smaller total may have been found right again in this very state.
        for &n in within.iter().filter(|n| holds_at(&raw[**n], self.time)) {
            let own = view.level(raw[n].area);
            let held = self.held.get(&(n, area)).copied();
            // Wrong between the parts and the total: in the total, and in none of the parts.
            if own > below {
                if held == Some(true) {
                    add(n, -1, raw);
                }
                continue;
            }
            let there = own == below
                || view.world.around(raw[n].area, below).is_some_and(|p| self.held.get(&(n, p)) == Some(&true));
            match held {
                _ if !there => {}
                Some(true) => {}
                Some(false) => add(n, 1, raw),
                None => open.push(n),
            }
        }
        left.retain(|_, d| *d != 0);
        let open: Vec<(usize, BTreeMap<usize, i64>)> = open.into_iter().map(|n| (n, effect(n, raw))).collect();
        let open: Vec<(usize, BTreeMap<usize, i64>)> = open.into_iter().filter(|(_, e)| !e.is_empty()).collect();
        // Of all that is wrong below, none is put right in the total; or all; or those of the level below; or one.
        let makes_up = |right: &dyn Fn(usize) -> bool| {
            let mut sum = left.clone();
            for (_, effect) in open.iter().enumerate().filter(|(k, _)| right(*k)).map(|(_, o)| o) {
                effect.iter().for_each(|(c, d)| *sum.entry(*c).or_default() += d);
            }
            sum.values().all(|d| *d == 0)
        };
        let at_below = |k: usize| view.level(raw[open[k].0].area) == below;
        let right: Option<Vec<bool>> = if makes_up(&|_| false) {
            Some(vec![false; open.len()])
        } else if makes_up(&|_| true) {
            Some(vec![true; open.len()])
        } else if makes_up(&at_below) {
            Some((0..open.len()).map(at_below).collect())
        } else {
            let one = (0..open.len()).find(|one| {
                let alone = &open[*one].1;
                alone.len() == left.len() && alone.iter().all(|(c, d)| left.get(c) == Some(&-d))
            });
            one.map(|one| (0..open.len()).map(|k| k == one).collect())
        };
        // What stands within what is right, or around it, is the same votes told at another level.
        let right = right.map(|mut right| {
            let around = |k: usize| view.world.areas[raw[open[k].0].area as usize].parents.iter().map(|p| p.1);
            let those = || (0..open.len()).filter(|k| right[*k]);
            let areas: HashSet<u32> = those().map(|k| raw[open[k].0].area).collect();
            let above: HashSet<u32> = those().flat_map(around).collect();
            for k in 0..open.len() {
                let area = raw[open[k].0].area;
                right[k] |= areas.contains(&area) || above.contains(&area) || around(k).any(|a| areas.contains(&a));
            }
            right
        });
        for (k, (n, effect)) in open.iter().enumerate() {
            let held = match &right {
                Some(right) => !right[k],
                // What is not explained lies in other figures.
                None if effect.keys().all(|c| !left.contains_key(c)) => true,
                None => continue,
            };
            self.held.insert((*n, area), held);
            match raw[*n].carried.iter_mut().find(|(a, _)| *a == area) {
                Some(known) => known.1 = held,
                None => raw[*n].carried.push((area, held)),
            }
        }
        right.is_some()
    }
}

#[cfg(test)]
mod tests {
    use crate::{World, check};
    use model::Time;
    use rows::station_minutes::{Discrepancy, Figure, Level, Table};

    /// A table of areas by levels, with valid votes and those of two candidates.
    fn table(hour: Option<u32>, minutes: bool, levels: &[Level], rows: &[(&[&str], u32, u32)]) -> Table {
        let mut strings: Vec<String> = Vec::new();
        let mut areas = Vec::new();
        for (path, ..) in rows {
            for word in *path {
                strings.push((*word).into());
                areas.extend([strings.len() as u32, 0]);
            }
        }
        Table {
            minutes,
            time: hour.map(|h| format!("2017-04-23T{h:02}:00:00Z").parse::<Time>().expect("a time")),
            levels: levels.to_vec(),
            figures: vec![Figure::Valid],
            candidates: vec!["Brandt".into(), "Costa".into()],
            strings,
            areas,
            counts: rows.iter().flat_map(|(_, a, b)| [Some(a + b), Some(*a), Some(*b)]).collect(),
            lines: (2..2 + rows.len() as u32).collect(),
            ..Table::default()
        }
    }

    /// Station 2 of commune 11 is published with ten votes moved at nine o'clock; the commune's total holds them until ten, the
    /// department's and the country's never.
    #[test]
    fn a_total_is_named_where_it_holds_what_is_wrong() {
        use Level::{Commune, Department, Station};
        let stations = [Department, Commune, Station];
        let right: [(&[&str], u32, u32); 3] =
            [(&["1", "11", "1"], 400, 200), (&["1", "11", "2"], 300, 200), (&["2", "22", "1"], 350, 350)];
        let mut wrong = right;
        (wrong[1].1, wrong[1].2) = (290, 210);
        let communes = |moved: u32| table_of_communes(moved);
        fn table_of_communes(moved: u32) -> [(&'static [&'static str], u32, u32); 2] {
            [(&["1", "11"], 700 - moved, 400 + moved), (&["2", "22"], 350, 350)]
        }
        let mut tables = vec![(0, table(None, true, &stations, &right))];
        let mut sources = vec!["minutes.csv".to_string()];
        for (hour, rows, moved) in [(20, &right, 0), (21, &wrong, 10), (22, &right, 10), (23, &right, 0)] {
            for (level, t) in [
                ("stations", table(Some(hour), false, &stations, rows)),
                ("communes", table(Some(hour), false, &[Department, Commune], &communes(moved))),
                ("departments", table(Some(hour), false, &[Department], &[(&["1"], 700, 400), (&["2"], 350, 350)])),
            ] {
                tables.push((sources.len(), t));
                sources.push(format!("{level}-{hour}.csv"));
            }
        }
        let report = check(&World::new(sources, tables));
        let of = |level: Level| report.discrepancies.iter().filter(|d| d.level == level).collect::<Vec<&Discrepancy>>();
        let [station] = of(Station)[..] else { panic!("one station: {:#?}", report.discrepancies) };
        assert_eq!(station.carried_to, [(Commune, "1011".to_string())], "{station:#?}");
        assert_eq!(station.right_in, [(Department, "1".to_string())], "{station:#?}");
        let [commune] = of(Commune)[..] else { panic!("one commune: {:#?}", report.discrepancies) };
        let hour = |u: &Option<rows::station_minutes::Upload>| u.as_ref().and_then(|u| u.time).map(|t| t.to_string());
        assert!(hour(&commune.since).is_some_and(|t| t.contains("T22")), "{commune:#?}");
        assert!(hour(&commune.until).is_some_and(|t| t.contains("T23")), "{commune:#?}");
        assert_eq!((commune.carried_to.len(), &commune.right_in[..]), (0, &[(Department, "1".to_string())][..]));
        assert!(of(Department).is_empty() && of(Level::Country).is_empty(), "{:#?}", report.discrepancies);
    }

    /// What a department's row holds too much is told once, and carried into what is summed up of departments.
    #[test]
    fn what_is_wrong_at_a_total_is_told_there_alone() {
        use Level::{Commune, Department};
        let communes: [(&[&str], u32, u32); 3] =
            [(&["1", "11"], 400, 200), (&["1", "12"], 300, 200), (&["2", "22"], 350, 350)];
        let tables = vec![
            (0, table(None, false, &[Department, Commune], &communes)),
            (0, table(None, false, &[Department], &[(&["1"], 690, 410), (&["2"], 350, 350)])),
            (0, table(None, false, &[Level::Country], &[(&["France"], 1040, 760)])),
        ];
        let report = check(&World::new(vec!["five.xlsx".into()], tables));
        let [only] = &report.discrepancies[..] else { panic!("one: {:#?}", report.discrepancies) };
        assert_eq!((only.level, only.area.as_str(), only.swing), (Department, "1", 20));
        assert_eq!(only.carried_to.len(), 1, "{only:#?}");
    }
}
