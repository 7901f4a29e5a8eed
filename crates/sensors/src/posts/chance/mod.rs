//! Is it chance? A probability for each pair of accounts that are often together.
//!
//! **Null model** (interval jitter; Amarasingham, Harrison, Hatsopoulos and Geman, J. Neurophysiol. 107, 2012; why the
//! intervals must be fixed and not centred on events: Platkiewicz, Stark and Amarasingham, Neural Comput. 29, 2017).
//! Time is cut into spans of [`SPANS`] windows. Who shared what in which span is kept: every account's volume and hours,
//! every object's popularity and its curve, every community's taste. Only where within its span a share falls is left
//! to chance. So news that everybody shares when it is out, fans awake at the same hours, and two accounts that like the
//! same things explain themselves; being together *finer* than the span, again and again, does not.
//!
//! **Trial**: an object and span in which both accounts share. **Success**: two of their shares are within the window.
//! The chance of one is 2w/S − (w/S)² for shares that fall evenly, and never taken for less; where other accounts share
//! the same object in the same span, the part of them that is within the window of account 1 replaces it, so that a
//! burst inside the span (fans in the first minutes) explains itself as well. Who is regularly together with account 1 is
//! left out of that part, but only where those cannot be an audience (`audience`). Account 2 may also be near by habit
//! (`habits`): because it always is as fast, or always reads at this hour; the part of its other shares that would have
//! been near is a chance too.
//! Successes are then a sum of unequal independent tosses, whose tail is exact. Both directions are tested, the larger
//! probability counts, and it is multiplied by the number of pairs that could be significant at all (`needed`).
//!
//! You may rely on: no randomness; probabilities are too large rather than too small. Left out: coincidences across the
//! border of two spans (about one in twenty of them); groups that are slower than [`COMPACT`] and alone with what they
//! share, for so are the fans of a show. Who met too seldom to be told pair by pair is asked for its company ([`company`]), and
//! who shares one list for that ([`lists`]).

mod audience;
pub mod company;
pub mod copies;
mod habits;
pub mod joining;
pub mod lists;
mod needed;
mod tail;

use needed::{Needed, needed};
pub use tail::at_least;

use crate::posts::network::{Index, Network, Options, Sample};
use audience::Marks;
use rayon::prelude::*;

/// Windows in a span.
pub const SPANS: i64 = 20;
/// A companion is near in at least this part of the trials.
pub const COMPANION: f64 = 0.6;
/// Edges lighter than would be so improbable, if shares fell evenly, are not tested.
const IMPROBABLE: f64 = 1e-4;
/// Microseconds of the widest window in which an audience may be told to be none: what all of them do within twice this,
/// time and again and without a tail, is not how people read.
pub const COMPACT: i64 = 120_000_000;
/// What the even spread weighs against other accounts seen in the span.
const PRIOR: f64 = 2.0;
/// The level at which a pair is significant, after correction.
pub const LEVEL: f64 = 0.01;

/// How often two accounts were together, and how probable that is by chance; accounts by rank, the lower first.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pair {
    /// The account of lower rank.
    pub account_1: u32,
    /// The other.
    pub account_2: u32,
    /// Objects and spans in which both share.
    pub trials: u32,
    /// Those in which they are within the window.
    pub together: u32,
    /// How many of those chance would give.
    pub expected: f64,
    /// The probability of as many or more by chance.
    pub p: f64,
    /// The same, corrected for all pairs; at most 1.
    pub corrected: f64,
}

/// All pairs tested, and how many could have been.
#[derive(Clone, Debug)]
pub struct Tested {
    /// Those with an edge, in order of rank.
    pub pairs: Vec<Pair>,
    /// Pairs that have trials enough to be significant, at most.
    pub tests: u64,
    /// The part of accounts that stood for all where crowds share (`sample`); 1 where all pairs were walked.
    pub part: f64,
}

/// Trials of a pair that are counted: more tell no more, whichever way they fell.
const TRIALS: usize = 256;

/// One trial of account 1 with another, seen from account 1.
struct Trial {
    near: bool,
    /// Where account 1 shares.
    place: u32,
    /// If all shares fell evenly.
    even: f64,
    /// As the others do.
    seen: f64,
}

/// Counters of one thread.
#[derive(Default)]
struct Scratch {
    several: Several,
    /// By account: its place among the partners, plus one.
    slots: Vec<u32>,
    /// By account: in how many cells it was met, and in how many near.
    seen: Vec<(u32, u32)>,
    /// Who is a companion, who regular (`audience`).
    apart: Marks,
    regular: Marks,
}

/// Who is met in a cell in which somebody shares more than once.
#[derive(Default)]
struct Several {
    /// By account: the cell it was last met in (upper half), and its place in `met`.
    marks: Vec<u64>,
    mark: u32,
    met: Vec<Met>,
}

/// An account met in a cell.
#[derive(Clone, Copy)]
struct Met {
    account: u32,
    shares: u32,
    near: bool,
}

/// The least successes by which a companion can be told ([`test`] leaves companions out of what others do). Edges that
/// are lighter need not be walked: nothing lighter is significant either.
pub fn least(index: &Index, window: i64) -> u32 {
    let window = window.max(0) / index.clock.unit;
    let span = window.saturating_mul(SPANS).max(1);
    (IMPROBABLE.ln() / even(window, span, index.grain).ln()).ceil().max(2.0) as u32
}

/// Tests every pair that has an edge of at least `options.min_weight` in one direction.
pub fn test(index: &Index, options: Options) -> Tested {
    let model = Model::of(index, options.window);
    let network = Network::new(index, Options { loops: false, ..options }).sampled(&model.sample);
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for edge in network.edges() {
        let (a, b) = (edge.account_1, edge.account_2);
        pairs.extend([(a, b), (b, a)]);
    }
    pairs.par_sort_unstable();
    pairs.dedup();
    let Needed { least, tests, held } = needed(index, &model.cells, model.even);
    // Of a pair in which one has too few trials to be significant, the other's side is enough: or each of a hundred
    // thousand who share one thing with somebody who shares everything would walk past all the others.
    let able = |account: u32| held[account as usize] >= least;
    pairs.retain(|(account, partner)| able(*account) || !able(*partner));
    let mut accounts: Vec<&[(u32, u32)]> = pairs.chunk_by(|x, y| x.0 == y.0).collect();
    accounts.sort_by_key(|partners| partners[0].0);
    let part = model.sample.part;
    let model = Model { sure: LEVEL / tests as f64, ..model };
    let one = |scratch: &mut Scratch, partners: &&[(u32, u32)]| model.account(partners, scratch);
    let mut found: Vec<Pair> = accounts.par_iter().map_init(Scratch::default, one).flatten_iter().collect();
    found.par_sort_unstable_by(|x, y| (x.account_1, x.account_2).cmp(&(y.account_1, y.account_2)));
    // Both directions lie side by side: the less improbable counts.
    let mut both: Vec<Pair> = Vec::with_capacity(found.len() / 2);
    for pair in found {
        match both.last_mut().filter(|l| (l.account_1, l.account_2) == (pair.account_1, pair.account_2)) {
            Some(last) if last.p >= pair.p => {}
            Some(last) => *last = pair,
            None => both.push(pair),
        }
    }
    for pair in &mut both {
        // Who has fewer trials was not counted among the tests, and cannot be significant.
        pair.corrected = if pair.trials < least { 1.0 } else { (pair.p * tests as f64).min(1.0) };
    }
    Tested { pairs: both, tests, part }
}

/// At the first place of each cell, whether nobody shares there twice.
fn once_each(index: &Index, cells: &[(u32, u32)]) -> Vec<bool> {
    let mut once = vec![true; cells.len()];
    let mut last = vec![u32::MAX; index.accounts.len()];
    for (place, (from, _)) in cells.iter().enumerate() {
        let last = &mut last[index.account[place] as usize];
        once[*from as usize] &= *last != *from;
        *last = *from;
    }
    once
}

/// The chance that two shares which fall evenly on a span are within the window (both ends included, in ticks), where stamps
/// are whole multiples of a grain.
fn even(window: i64, span: i64, grain: i64) -> f64 {
    let near = ((window / grain) as f64 + 0.5) * grain as f64 / span as f64;
    let near = near.min(1.0);
    (2.0 * near - near * near).clamp(0.0, 1.0)
}

/// The chance that what has this chance happens at least once in so many times; mostly that is one.
fn once(chance: f64, times: f64) -> f64 {
    if times == 1.0 { 1.0 - (1.0 - chance) } else { 1.0 - (1.0 - chance).powf(times) }
}

struct Model<'i> {
    index: &'i Index<'i>,
    sample: Sample,
    cells: Vec<(u32, u32)>,
    /// At the first place of each cell, whether nobody shares there twice.
    once: Vec<bool>,
    /// For each place, when the burst that it belongs to began.
    onsets: Vec<i64>,
    window: i64,
    grain: i64,
    even: f64,
    /// Whether the window is so narrow that all who share may be companions.
    compact: bool,
    /// The probability at which a pair is significant.
    sure: f64,
}

impl<'i> Model<'i> {
    /// Of an index and a window in microseconds; nothing is significant yet.
    fn of(index: &'i Index<'i>, window: i64) -> Model<'i> {
        let compact = window <= COMPACT;
        let window = window.max(0) / index.clock.unit;
        let span = window.saturating_mul(SPANS).max(1);
        let cells = index.cells(span);
        let (grain, once) = (index.grain, once_each(index, &cells));
        let (sample, onsets, even) = (Sample::of(index, &cells), index.onsets(span / 2), even(window, span, grain));
        Model { index, sample, cells, once, onsets, window, grain, even, compact, sure: 0.0 }
    }
}

impl Model<'_> {
    /// Tests one account with its partners: `(account, partner)`, sorted.
    fn account(&self, partners: &[(u32, u32)], scratch: &mut Scratch) -> Vec<Pair> {
        let account = partners[0].0;
        scratch.slots.resize(self.index.accounts.len(), 0);
        for (slot, (_, partner)) in partners.iter().enumerate() {
            scratch.slots[*partner as usize] = slot as u32 + 1;
        }
        let audience = self.audience(account, scratch);
        let cells = self.index.of(account).iter().map(|p| self.cells[*p as usize].0);
        let company = habits::Company { own: cells.collect(), audience: &audience };
        let all = self.trials(account, partners.len(), &audience.apart, scratch);
        for (_, partner) in partners {
            scratch.slots[*partner as usize] = 0;
        }
        let pair = |((_, partner), trials): (&(u32, u32), &Vec<Trial>)| {
            let mut chances: Vec<f64> = trials.iter().map(|t| t.seen.max(t.even)).collect();
            let together = trials.iter().filter(|t| t.near).count();
            let mut p = at_least(together, &chances);
            if p <= self.sure {
                self.habits(*partner, trials, &company, &mut chances);
                p = at_least(together, &chances);
            }
            Pair {
                account_1: account.min(*partner),
                account_2: account.max(*partner),
                trials: trials.len() as u32,
                together: together as u32,
                expected: chances.iter().sum(),
                p,
                corrected: 1.0,
            }
        };
        let pairs = partners.iter().zip(&all).map(pair).collect();
        scratch.apart = audience.apart;
        pairs
    }

    /// The trials of an account with each partner.
    fn trials(&self, account: u32, partners: usize, apart: &Marks, scratch: &mut Scratch) -> Vec<Vec<Trial>> {
        let mut trials: Vec<Vec<Trial>> = (0..partners).map(|_| Vec::new()).collect();
        let places = self.places(account);
        let mut with: Vec<(usize, Met)> = Vec::new();
        let Scratch { several, slots, .. } = scratch;
        let (slots, apart) = (slots.as_slice(), apart.all());
        for own in places.chunk_by(|x, y| self.cells[*x as usize] == self.cells[*y as usize]) {
            // Others in the lower half, those of them that are near in the upper one: this is done for each share of a crowd.
            let mut measures = 0_u64;
            with.clear();
            self.meet(account, own, several, |met| {
                measures += u64::from(!apart[met.account as usize]) << (32 * u32::from(met.near));
                if let Some(slot) = (slots[met.account as usize] as usize).checked_sub(1) {
                    with.push((slot, met));
                }
            });
            let (near, others) = (measures >> 32, (measures >> 32) + (measures & u64::from(u32::MAX)));
            for (at, met) in &with {
                let trials = &mut trials[*at];
                if trials.len() >= TRIALS {
                    continue;
                }
                let itself = u64::from(!apart[met.account as usize]);
                let (others, near) = (others - itself, near - (itself & u64::from(met.near)));
                let seen = (PRIOR * self.even + near as f64) / (PRIOR + others as f64);
                let evenly = once(self.even, own.len() as f64 * f64::from(met.shares));
                let seen = once(seen.min(1.0), f64::from(met.shares));
                trials.push(Trial { near: met.near, place: own[0], even: evenly, seen });
            }
        }
        trials
    }

    /// The places of an account in order; those in crowds only where it stands for all.
    fn places(&self, account: u32) -> Vec<u32> {
        let crowd = |place: &u32| {
            let (from, to) = self.cells[*place as usize];
            self.sample.is_crowd(to - from)
        };
        let is_kept = self.sample.has(account);
        let mut places: Vec<u32> = self.index.of(account).iter().copied().filter(|p| is_kept || !crowd(p)).collect();
        places.sort_unstable();
        places
    }

    /// Shows who else shares in the cell of these places of an account, and whether near one of them; each once.
    #[inline]
    fn meet(&self, account: u32, own: &[u32], several: &mut Several, mut each: impl FnMut(Met)) {
        let Some(&(from, to)) = own.first().map(|p| &self.cells[*p as usize]) else { return };
        match own {
            [alone] if self.once[from as usize] => {
                // Each of the others is met once, and those near stand side by side.
                let at = self.index.moments[*alone as usize].0;
                let [from, to] = [from, to].map(|place| place as usize);
                let moments = &self.index.moments[from..to];
                let first = from + moments.partition_point(|m| m.0 < at.saturating_sub(self.window));
                let last = from + moments.partition_point(|m| m.0 <= at.saturating_add(self.window));
                for (places, near) in [(from..first, false), (first..last, true), (last..to, false)] {
                    let others = self.index.account[places].iter().filter(|other| **other != account);
                    others.for_each(|other| each(Met { account: *other, shares: 1, near }));
                }
            }
            _ => {
                self.meet_often(account, own, (from, to), several);
                several.met.iter().for_each(|met| each(*met));
            }
        }
    }

    /// The same where somebody shares more than once.
    fn meet_often(&self, account: u32, own: &[u32], (from, to): (u32, u32), several: &mut Several) {
        let Several { marks, mark, met } = several;
        marks.resize(self.index.accounts.len(), 0);
        met.clear();
        *mark = mark.wrapping_add(1);
        if *mark == 0 {
            marks.fill(0);
            *mark = 1;
        }
        let tick = |place: u32| self.index.moments[place as usize].0;
        let mut nearest = 0;
        for place in from..to {
            let other = self.index.account[place as usize];
            if other == account {
                continue;
            }
            // Places are in order of time: the nearest of one's own only moves on.
            while own.get(nearest + 1).is_some_and(|next| {
                tick(*next).saturating_sub(tick(place)).saturating_abs()
                    <= tick(own[nearest]).saturating_sub(tick(place)).saturating_abs()
            }) {
                nearest += 1;
            }
            let near = tick(own[nearest]).saturating_sub(tick(place)).saturating_abs() <= self.window;
            let known = &mut marks[other as usize];
            if (*known >> 32) as u32 == *mark {
                let met = &mut met[*known as u32 as usize];
                met.shares += 1;
                met.near |= near;
            } else {
                *known = u64::from(*mark) << 32 | met.len() as u64;
                met.push(Met { account: other, shares: 1, near });
            }
        }
    }
}
