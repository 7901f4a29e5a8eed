//! How rare a value is: in this case among those who bear one ordinarily, and in general. After Fellegi and Sunter (1969)
//! with the rule of three, so that what nobody was seen to bear is not held to be impossible.

use super::Item;
use knowledge::chain::Chain as Known;
use rows::story::Cause;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// That two findings of one hand share what they could: judgement.
const AGREE: f64 = 0.9;

/// Who bears what, ordinarily.
#[derive(Clone, Debug, Default)]
pub struct Bearers {
    /// What two findings at least share, with who bears it ordinarily.
    wanted: BTreeMap<Cause, BTreeMap<String, u64>>,
    /// Bearers of any value, by cause.
    totals: BTreeMap<Cause, u64>,
    /// Own accounts.
    accounts: BTreeSet<String>,
    /// Names that findings accuse: what they bear is not ordinary, or an operator's reuse would make his own thing common.
    hostile: BTreeSet<String>,
    /// Shared values with whose account a finding says a stranger used by them: no ordinary use either.
    strange: BTreeSet<(String, String)>,
    caps: BTreeMap<Cause, (f64, u64)>,
}

impl Bearers {
    /// What findings share, none counted yet.
    pub fn of(items: &[Item], known: &Known) -> Bearers {
        let mut seen: HashMap<(Cause, &str), u64> = HashMap::new();
        for value in items.iter().flat_map(|i| &i.part.values) {
            *seen.entry((value.cause, &value.value)).or_default() += 1;
        }
        let mut all = Bearers::default();
        for ((cause, value), n) in seen {
            if n > 1 {
                all.wanted.entry(cause).or_default().insert(value.into(), 0);
            }
        }
        for (cause, value, bearers) in items.iter().flat_map(|i| &i.part.borne) {
            if let Some(known) = all.wanted.get_mut(cause).and_then(|w| w.get_mut(value)) {
                *known = (*known).max(*bearers);
            }
        }
        let names = items.iter().flat_map(|i| &i.part.values).filter(|v| v.cause == Cause::Name);
        all.hostile = names.map(|v| v.value.clone()).collect();
        for part in items.iter().map(|i| &i.part).filter(|p| !p.victims.is_empty()) {
            let shared = |v: &&super::Value| all.wanted.get(&v.cause).is_some_and(|w| w.contains_key(&v.value));
            let shared: Vec<&String> = part.values.iter().filter(shared).map(|v| &v.value).collect();
            let pairs = shared.iter().flat_map(|v| part.victims.iter().map(move |who| ((*v).clone(), who.clone())));
            all.strange.extend(pairs);
        }
        all.accounts = items.iter().flat_map(|i| &i.part.victims).cloned().collect();
        all.caps = Cause::ALL.map(|c| (c, (known.cause(c).cap, known.cause(c).unseen))).into();
        all
    }

    /// Whether anything that findings share has this cause: otherwise nobody need be counted.
    pub fn wants(&self, cause: Cause) -> bool {
        self.wanted.contains_key(&cause)
    }

    /// Whether findings share this value.
    pub fn is_shared(&self, cause: Cause, value: &str) -> bool {
        self.wanted.get(&cause).is_some_and(|w| w.contains_key(value))
    }

    /// Whether a finding says that a stranger used somebody's account by this value.
    pub fn is_used_by_stranger(&self, value: &str, who: &str) -> bool {
        self.strange.contains(&(value.to_string(), who.to_string()))
    }

    /// So many bear something of this cause, each whoever he is.
    pub fn total(&mut self, cause: Cause, bearers: u64) {
        *self.totals.entry(cause).or_default() += bearers;
    }

    /// So many more bear this value ordinarily.
    pub fn bears(&mut self, cause: Cause, value: &str, bearers: u64) {
        if let Some(known) = self.wanted.get_mut(&cause).and_then(|w| w.get_mut(value)) {
            *known += bearers;
        }
    }

    /// Whether a finding accuses this name.
    pub fn is_hostile(&self, name: &str) -> bool {
        self.hostile.contains(name)
    }

    /// An account of ours.
    pub fn account(&mut self, name: String) {
        self.accounts.insert(name);
    }

    /// How many accounts are ours.
    pub fn accounts(&self) -> u64 {
        self.accounts.len() as u64
    }

    /// Bearers of any value of a cause, those that were not counted here among them as long as nobody ordinary bears it.
    pub fn pool(&self, cause: Cause, ordinary: u64) -> u64 {
        let here = self.totals.get(&cause).copied().unwrap_or_default();
        if ordinary > 0 { here } else { here + self.caps[&cause].1 }
    }

    /// Who bears a value ordinarily.
    pub fn ordinary(&self, cause: Cause, value: &str) -> u64 {
        self.wanted.get(&cause).and_then(|w| w.get(value)).copied().unwrap_or_default()
    }

    /// What sharing a value is worth, in bits.
    pub fn bits(&self, cause: Cause, value: &str) -> f64 {
        let ordinary = self.ordinary(cause, value);
        self.worth(cause, (ordinary + 3) as f64 / (self.pool(cause, ordinary) + 3) as f64)
    }

    /// What sharing so many of so many victims is worth, in bits.
    pub fn victims(&self, first: usize, second: usize, both: usize) -> f64 {
        if both == 0 {
            return 0.0;
        }
        self.worth(Cause::Victims, overlap(self.accounts(), first as u64, second as u64, both as u64))
    }

    fn worth(&self, cause: Cause, chance: f64) -> f64 {
        (AGREE / chance.min(1.0)).log2().clamp(0.0, self.caps[&cause].0)
    }
}

/// The chance that of `n` accounts `k` and `m` drawn at random have `both` or more in common: hypergeometric.
pub fn overlap(n: u64, k: u64, m: u64, both: u64) -> f64 {
    let (k, m) = (k.min(n), m.min(n));
    let whole = choose(n, m);
    let tail =
        (both..=k.min(m)).filter(|i| m - i <= n - k).map(|i| (choose(k, i) + choose(n - k, m - i) - whole).exp());
    tail.sum::<f64>().min(1.0)
}

/// The logarithm of a binomial coefficient.
fn choose(n: u64, k: u64) -> f64 {
    let k = k.min(n - k.min(n));
    (1..=k).map(|i| ((n - k + i) as f64 / i as f64).ln()).sum()
}

/// Several causes at once: each further one counts half of the one before, so that any number of weak ones stays weak.
pub fn combine(mut bits: Vec<f64>) -> f64 {
    bits.sort_by(|a, b| b.total_cmp(a));
    bits.iter().enumerate().map(|(i, w)| w / 2f64.powi(i as i32)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn victims_are_weighed_as_by_hand() {
        // The worked example: 45 accounts.
        for ((k, m, both), bits) in [((3, 4, 3), 11.64), ((3, 2, 2), 8.21), ((4, 2, 2), 7.21), ((4, 5, 3), 8.37)] {
            let told = (0.9 / overlap(45, k, m, both)).log2();
            assert!((told - bits).abs() < 0.01, "{k} {m} {both}: {told}");
        }
        assert!((overlap(5, 5, 5, 5) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn any_number_of_weak_causes_stays_weak() {
        assert!(combine(vec![2.9; 1000]) < 6.0);
        assert!((combine(vec![4.15, 7.21]) - 9.285).abs() < 0.01);
    }
}
