//! Attempts told together: a flood from everywhere leaves more of them alike than anybody looks at one by one.
//!
//! The first of a kind are told by themselves, the others in lists. You may rely on: each one handed in is told once, in a finding of its
//! kind; memory holds what a kind keeps of each, of no more than [`HELD`] at once. Left out: which are alike, and what a list
//! says, which a [`Teller`] knows.

use jiff::civil::Date;
use model::{Finding, Outcome, Reason, Result, Severity, Text};
use rows::Counts;
use rows::attempt::{Attempt, Class, Purpose, Shape};
use std::collections::HashMap;

/// Ones of a kind told by themselves, while no more than `APART` of a case are; then all that are alike are told together.
pub const ONE_BY_ONE: u64 = 64;
const APART: u64 = 2000;
/// Ones in one list; more are told in another.
pub const TOGETHER: u64 = 1000;
/// Kinds held open, and ones in them; beyond, what is held is told and counting begins anew.
const KINDS: usize = 1 << 15;
const HELD: u64 = 1 << 20;

/// What attempts told together have in common.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind {
    pub day: Date,
    pub country: String,
    pub class: Class,
    pub outcome: Outcome,
    pub severity: Severity,
    /// Whether nothing of it is hostile by itself.
    pub weak: bool,
    pub purpose: Purpose,
    pub site: String,
}

impl Kind {
    /// What a list says as an attempt: its requests by class, how many attempts and sources.
    pub fn attempt(&self, requests: u64, classes: Counts<Class>, attempts: u64, sources: u64) -> Attempt {
        Attempt {
            class: Some(self.class),
            classes: Some(classes),
            outcome: self.outcome,
            requests,
            attempts: Some(attempts),
            sources: Some(sources),
            country: Some(self.country.clone()),
            network: Some("-".into()),
            as_number: None,
            as_name: None,
            site: self.site.clone(),
            shape: Some(Shape::Burst),
            purpose: self.purpose,
        }
    }

    /// The key of a list's finding; `list` tells it from others of the same kind.
    pub fn key(&self, (round, number): (u64, u64)) -> String {
        let Kind { day, country, class, outcome, severity, purpose, site, .. } = self;
        let weak = if self.weak { "weak" } else { "strong" };
        format!("many|{purpose}|{site}|{class}|{weak}|{outcome}|{country}|{severity}|{day}|{round}|{number}")
    }
}

/// Who makes findings of ones, and of many that are alike.
pub trait Teller {
    /// One.
    type One;
    /// What is kept of many.
    type Many;

    /// One by itself; none where nothing is to be told of it.
    fn alone(&self, one: Self::One) -> Option<Finding>;

    /// Many of a kind, none yet.
    fn many(&self, kind: &Kind) -> Self::Many;

    /// Adds one of the kind.
    fn add(&self, many: &mut Self::Many, one: Self::One);

    /// Many together; `list` tells their finding from others of the same kind.
    fn together(&self, kind: &Kind, many: Self::Many, list: (u64, u64)) -> Finding;
}

/// Those of one kind.
struct Alike<T: Teller> {
    /// How many were told by themselves.
    apart: u64,
    /// Lists told so far.
    lists: u64,
    /// The first that is in no list yet: it may stay alone.
    first: Option<T::One>,
    /// The others since, and how many all are.
    many: Option<Box<T::Many>>,
    held: u64,
}

/// Tells ones by themselves or together.
pub struct Telling<T: Teller> {
    /// Who makes the findings.
    pub teller: T,
    kinds: HashMap<Kind, Alike<T>, foldhash::fast::RandomState>,
    /// Told by themselves.
    apart: u64,
    /// Held in all kinds.
    held: u64,
    /// How often what was held had to be told before the end.
    rounds: u64,
}

impl<T: Teller> Telling<T> {
    /// Nothing told yet.
    pub fn new(teller: T) -> Telling<T> {
        Telling { teller, kinds: HashMap::default(), apart: 0, held: 0, rounds: 0 }
    }

    /// Takes one, and its kind where it may be told together with others.
    pub fn take(
        &mut self,
        one: T::One,
        kind: Option<Kind>,
        found: &mut dyn FnMut(Finding) -> Result<()>,
    ) -> Result<()> {
        let Some(kind) = kind else { return self.teller.alone(one).map_or(Ok(()), found) };
        if self.held >= HELD || self.kinds.len() >= KINDS && !self.kinds.contains_key(&kind) {
            self.finish(found)?;
            self.rounds += 1;
        }
        let new = || Alike { apart: 0, lists: 0, first: None, many: None, held: 0 };
        let alike = self.kinds.entry(kind.clone()).or_insert_with(new);
        if alike.apart < ONE_BY_ONE && self.apart < APART {
            alike.apart += 1;
            self.apart += 1;
            return self.teller.alone(one).map_or(Ok(()), found);
        }
        (self.held, alike.held) = (self.held + 1, alike.held + 1);
        if alike.held == 1 {
            alike.first = Some(one);
            return Ok(());
        }
        let many = alike.many.get_or_insert_with(|| Box::new(self.teller.many(&kind)));
        alike.first.take().into_iter().chain([one]).for_each(|one| self.teller.add(many, one));
        let Some(many) = alike.many.take_if(|_| alike.held >= TOGETHER) else { return Ok(()) };
        self.held -= std::mem::take(&mut alike.held);
        alike.lists += 1;
        found(self.teller.together(&kind, *many, (self.rounds, alike.lists)))
    }

    /// Tells what is held.
    pub fn finish(&mut self, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        self.held = 0;
        let mut kinds: Vec<(Kind, Alike<T>)> = std::mem::take(&mut self.kinds).into_iter().collect();
        kinds.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for (kind, Alike { lists, first, many, .. }) in kinds {
            let last = many.map(|many| self.teller.together(&kind, *many, (self.rounds, lists + 1)));
            let first = first.and_then(|one| self.teller.alone(one));
            first.into_iter().chain(last).try_for_each(&mut *found)?;
        }
        Ok(())
    }
}

/// Why they are told together, and what that does not say.
pub fn why_together() -> Reason {
    let text = Text::new(
        "they are told together because so many are alike; that one hand made them is not said",
        "elles sont dites ensemble parce que si nombreuses et semblables ; rien ne dit qu’une même main les ait faites",
    );
    Reason::against(20, text)
}
