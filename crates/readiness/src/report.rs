//! Where a campaign stands, and what to do first.

use crate::answers::{Answer, Answers, Event, Level, Team};
use crate::facts::{Fact, Facts};
use knowledge::hygiene::{Chapter, Guide, Measure};

/// A measure with what is known of it.
#[derive(Clone, Debug)]
pub struct State<'a> {
    /// The measure.
    pub measure: &'a Measure,
    /// How far it is taken; none where nobody answered and the case does not know.
    pub level: Option<Level>,
    /// The case filled it in.
    pub automatic: bool,
    /// The case speaks against the answer, which was lowered.
    pub doubted: bool,
    /// The answers.
    pub answers: Vec<&'a Answer>,
    /// What the case knows.
    pub facts: Vec<&'a Fact>,
    /// Findings of what it is against.
    pub seen: u64,
    weight: u64,
}

/// A chapter's score.
#[derive(Clone, Debug)]
pub struct ChapterState<'a> {
    /// The chapter.
    pub chapter: &'a Chapter,
    /// Percent of what was answered; none where nothing was.
    pub score: Option<u64>,
    /// Measures answered.
    pub answered: usize,
    /// Measures, those without object left out.
    pub all: usize,
}

/// Something to do.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// The measure.
    pub measure: &'a Measure,
    /// Where it stands.
    pub level: Level,
    /// The level to reach.
    pub to: Level,
    /// Findings of what it is against.
    pub seen: u64,
    /// Who sees to it.
    pub owner: &'a str,
    /// Until when.
    pub due: &'a str,
}

/// A seminar or drill, and who is missing.
#[derive(Clone, Debug)]
pub struct EventState<'a> {
    /// The event.
    pub event: &'a Event,
    /// The case saw it.
    pub automatic: bool,
    /// Teams, the widest gap first, with the share (percent) that came or passed.
    pub teams: Vec<(&'a Team, u64)>,
}

/// The whole.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// By chapter.
    pub chapters: Vec<ChapterState<'a>>,
    /// By measure.
    pub measures: Vec<State<'a>>,
    /// What to do, the first thing first.
    pub plan: Vec<Step<'a>>,
    /// What to ask: measures of which nothing is known, the most telling first.
    pub ask: Vec<&'a Measure>,
    /// Seminars and drills.
    pub events: Vec<EventState<'a>>,
    /// Percent of all that was answered.
    pub score: Option<u64>,
    /// Measures answered.
    pub answered: usize,
    /// Measures.
    pub all: usize,
}

/// Points of a level, of four: a measure that has one level only has them all with it.
fn points(m: &Measure, level: Level) -> u64 {
    match (level, &m.reinforced, &m.standard) {
        (Level::No | Level::NotApplicable, ..) => 0,
        (Level::Partly, ..) => 1,
        (Level::Standard, Some(_), _) => 3,
        (Level::Standard | Level::Reinforced, ..) => 4,
    }
}

fn state<'a>(m: &'a Measure, answers: &'a Answers, facts: &'a Facts) -> State<'a> {
    let own: Vec<&Answer> = answers.answers.iter().filter(|a| a.measure.eq_ignore_ascii_case(&m.id)).collect();
    let known: Vec<&Fact> = facts.facts.iter().filter(|f| f.measure == m.id).collect();
    // The weakest of those to whom it applies.
    let given = own.iter().filter_map(|a| a.level);
    let applies = given.clone().filter(|l| *l != Level::NotApplicable).min();
    let answered = applies.or_else(|| given.min());
    let most = known.iter().filter_map(|f| f.at_most).min();
    let doubted = answered.zip(most).is_some_and(|(a, most)| a != Level::NotApplicable && a > most);
    let level = match answered {
        Some(_) if doubted => most,
        Some(level) => Some(level),
        None => known.iter().filter_map(|f| f.at_least).max(),
    };
    let (seen, weight) = facts.against(&m.techniques);
    State {
        measure: m,
        level,
        automatic: answered.is_none() && level.is_some(),
        doubted,
        answers: own,
        facts: known,
        seen,
        weight,
    }
}

fn score(states: &[&State]) -> (Option<u64>, usize, usize) {
    let applies: Vec<_> = states.iter().filter(|s| s.level != Some(Level::NotApplicable)).collect();
    let points: Vec<u64> = applies.iter().filter_map(|s| s.level.map(|l| points(s.measure, l))).collect();
    let share = (!points.is_empty()).then(|| points.iter().sum::<u64>() * 100 / (4 * points.len() as u64));
    (share, points.len(), applies.len())
}

/// Puts answers and facts together.
#[must_use]
pub fn report<'a>(guide: &'a Guide, answers: &'a Answers, facts: &'a Facts) -> Report<'a> {
    let measures: Vec<State> = guide.measures.iter().map(|m| state(m, answers, facts)).collect();
    let chapters = guide.chapters.iter().map(|chapter| {
        let own: Vec<&State> = measures.iter().filter(|s| s.measure.chapter == chapter.id).collect();
        let (score, answered, all) = score(&own);
        ChapterState { chapter, score, answered, all }
    });
    let chapters = chapters.collect();
    let (score, answered, all) = score(&measures.iter().collect::<Vec<_>>());
    // What stops attacks that were seen, then the wider gap, then what helps most; a reinforced level after all standard ones.
    let place = |s: &State| {
        (s.weight == 0, std::cmp::Reverse(s.weight.checked_ilog2().unwrap_or(0)), std::cmp::Reverse(s.measure.effect))
    };
    let mut gaps: Vec<(&State, Level, Level)> = measures
        .iter()
        .filter_map(|s| {
            let level = s.level?;
            let top = if s.measure.reinforced.is_some() { Level::Reinforced } else { Level::Standard };
            let first = if s.measure.standard.is_some() { Level::Standard } else { Level::Reinforced };
            match level {
                Level::No | Level::Partly => Some((s, level, first)),
                Level::Standard if top == Level::Reinforced => Some((s, level, top)),
                _ => None,
            }
        })
        .collect();
    gaps.sort_by_key(|(s, level, to)| (*level == Level::Standard && *to == Level::Reinforced, place(s), *level));
    let plan = gaps.into_iter().map(|(s, level, to)| {
        let of = |pick: fn(&Answer) -> &str| s.answers.iter().map(|a| pick(a)).find(|t| !t.is_empty()).unwrap_or("");
        Step { measure: s.measure, level, to, seen: s.seen, owner: of(|a| &a.owner), due: of(|a| &a.due) }
    });
    let plan = plan.collect();
    let mut ask: Vec<&State> = measures.iter().filter(|s| s.level.is_none()).collect();
    ask.sort_by_key(|s| place(s));
    let ask = ask.into_iter().map(|s| s.measure).collect();
    let told = |event: &'a Event, automatic: bool| {
        let share = |t: &Team| {
            let n = if event.kind == "drill" { t.passed } else { t.came };
            (n.min(t.invited) * 100).checked_div(t.invited).unwrap_or(100)
        };
        let mut teams: Vec<(&Team, u64)> = event.teams.iter().map(|t| (t, share(t))).collect();
        teams.sort_by(|a, b| (a.1, &a.0.team).cmp(&(b.1, &b.0.team)));
        EventState { event, automatic, teams }
    };
    let mut events: Vec<EventState> =
        answers.events.iter().map(|e| told(e, false)).chain(facts.drills.iter().map(|e| told(e, true))).collect();
    events.sort_by(|a, b| (&a.event.day, &a.event.name).cmp(&(&b.event.day, &b.event.name)));
    Report { chapters, measures, plan, ask, events, score, answered, all }
}

impl Team {
    /// Were invited, said nothing and did not come.
    #[must_use]
    pub fn silent(&self) -> u64 {
        self.invited.saturating_sub(self.declined).saturating_sub(self.came)
    }
}
