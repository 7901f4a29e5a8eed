//! Bursts: far more posts than a theme's own habit, and what they are made of. Specification: `burst.md`.

use super::dataset::Dataset;
use super::shares::host;
use super::table::Table;
use crate::domain::registrable;
use crate::{Detector, Specification};
use foldhash::fast::RandomState;
use model::{Context, Finding, Level, Reason, Result, Severity, Text, Time, View};
use rows::posts::{Burst, BurstPart, Theme};
use rows::{Row, Shape};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

const DAY: i64 = 86_400;
const HOUR: i64 = 3600;
/// Units that make a habit.
const UNITS: i64 = 14;
/// Units that are looked at: more than 27 years of days.
const MOST_UNITS: i64 = 10_000;
/// Posts of a unit from which it can be a burst.
const POSTS: u32 = 200;
/// How many times the usual it must have, and from how many it is more than info.
const TIMES: f64 = 5.0;
const GRAVE: f64 = 10.0;
const MANY: u32 = 1000;
/// How many robust standard deviations above the usual.
const FAR: f64 = 6.0;
/// One unit in so many may begin a burst.
const SELDOM: usize = 10;
/// A burst of a part is told with the whole where at least this part of it lies in the whole's.
const PART: f64 = 0.5;
/// Parts told, and the least part of the burst that is one.
const PARTS: usize = 10;
const LEAST_PART: f64 = 0.05;
/// Bursts told, the largest first.
const TOLD: usize = 50;

/// The detector.
pub struct BurstDetector;

impl Detector for BurstDetector {
    fn id(&self) -> &'static str {
        Burst::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Burst>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        super::INPUTS
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("burst.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let dataset = Dataset::of(case)?;
        let table = &dataset.table;
        let Some(clock) = Clock::of(table) else { return Ok(()) };
        let themes = themes(table);
        let mut told: Vec<Found> = Vec::new();
        for ((theme, name), posts) in &themes {
            let counts = clock.counts(table, posts);
            let (usual, runs) = seldom(&counts);
            for units in runs {
                let made: BTreeSet<u32> = posts
                    .iter()
                    .copied()
                    .filter(|p| clock.unit(table, *p).is_some_and(|u| units.contains(&u)))
                    .collect();
                let most = counts[units.clone()].iter().copied().max().unwrap_or_default();
                // The whole comes first: what is mostly a part of it is told with it.
                let within = |other: &Found| made.intersection(&other.made).count() as f64 >= PART * made.len() as f64;
                if !told.iter().any(|other| other.theme == Theme::All && within(other)) {
                    told.push(Found { theme: *theme, name, units, usual, most, made });
                }
            }
        }
        told.sort_by(|a, b| {
            b.made.len().cmp(&a.made.len()).then((a.theme, a.name, a.units.start).cmp(&(
                b.theme,
                b.name,
                b.units.start,
            )))
        });
        let zone = context.config.zone()?;
        told.iter().take(TOLD).try_for_each(|burst| found(finding(table, &clock, burst, &zone)))
    }
}

/// A burst before it is told.
struct Found<'t> {
    theme: Theme,
    name: &'t str,
    /// Units of the clock.
    units: Range<usize>,
    usual: f64,
    most: u32,
    made: BTreeSet<u32>,
}

/// Whole days, or hours in a case of few days.
struct Clock {
    unit: i64,
    /// The first unit, in units since 1970.
    first: i64,
    units: usize,
}

impl Clock {
    /// None where a case is too short for a habit, or longer than anybody's.
    fn of(table: &Table) -> Option<Clock> {
        let (first, last) = table.period()?;
        let clock = |unit: i64| {
            let [first, last] = [first, last].map(|t| t.seconds().div_euclid(unit));
            let units = last.checked_sub(first)?.checked_add(1)?;
            (UNITS..=MOST_UNITS).contains(&units).then_some(Clock { unit, first, units: units as usize })
        };
        clock(DAY).or_else(|| clock(HOUR))
    }

    fn unit(&self, table: &Table, post: u32) -> Option<usize> {
        let unit = table.time(post)?.seconds().div_euclid(self.unit) - self.first;
        usize::try_from(unit).ok().filter(|unit| *unit < self.units)
    }

    fn counts(&self, table: &Table, posts: &[u32]) -> Vec<u32> {
        let mut counts = vec![0; self.units];
        posts.iter().filter_map(|p| self.unit(table, *p)).for_each(|unit| counts[unit] += 1);
        counts
    }

    fn begins(&self, unit: usize) -> Time {
        Time::from_seconds((self.first + unit as i64).saturating_mul(self.unit))
    }
}

/// Posts by theme, the whole first; articles are no posts.
fn themes(table: &Table) -> BTreeMap<(Theme, String), Vec<u32>> {
    let mut all: BTreeMap<(Theme, String), Vec<u32>> = BTreeMap::new();
    let mut sites = Sites::default();
    for post in (0..table.len() as u32).filter(|p| !table.is_article(*p)) {
        all.entry((Theme::All, String::new())).or_default().push(post);
        parts_of(table, post, &mut sites).into_iter().for_each(|theme| all.entry(theme).or_default().push(post));
    }
    all.retain(|_, posts| posts.len() >= POSTS as usize);
    all
}

/// The themes of one post, each once.
fn parts_of(table: &Table, post: u32, sites: &mut Sites) -> BTreeSet<(Theme, String)> {
    let tags = table.hashtags(post).map(|tag| (Theme::Hashtag, tag.to_string()));
    let hosts = table.links(post).iter().filter_map(|link| {
        let site = |link: &u32| host(table.string(*link)).map(|host| registrable(&host).unwrap_or(host));
        let site = sites.entry(*link).or_insert_with_key(site);
        Some((Theme::Domain, site.clone()?))
    });
    tags.chain(hosts).collect()
}

/// The sites of links, by the number of each.
type Sites = HashMap<u32, Option<String>, RandomState>;

/// What is usual, and the runs of units that have far more. What comes again and again is a habit: where more than one
/// unit in [`SELDOM`] begins such a run, the days it comes are what is usual.
fn seldom(counts: &[u32]) -> (f64, Vec<Range<usize>>) {
    let usual = |of: &[u32]| median(of.iter().map(|n| f64::from(*n)).collect());
    let all = usual(counts);
    let runs = bursts(counts, all, counts);
    if runs.len() <= (counts.len() / SELDOM).max(2) {
        return (all, runs);
    }
    let busy: Vec<u32> = runs.into_iter().flat_map(|run| counts[run].iter().copied()).collect();
    let often = usual(&busy);
    (often, bursts(counts, often, &busy))
}

/// Runs of units that have far more than usual, of which `habit` are what is usual.
fn bursts(counts: &[u32], usual: f64, habit: &[u32]) -> Vec<Range<usize>> {
    // What is not there in most units has no habit.
    if usual < 1.0 {
        return Vec::new();
    }
    let spread = 1.4826 * median(habit.iter().map(|n| (f64::from(*n) - usual).abs()).collect());
    let is_burst = |n: u32| {
        let n_times = f64::from(n);
        n >= POSTS && n_times >= TIMES * usual && n_times - usual >= FAR * spread.max(usual.sqrt())
    };
    let mut runs: Vec<Range<usize>> = Vec::new();
    for unit in (0..counts.len()).filter(|unit| is_burst(counts[*unit])) {
        match runs.last_mut().filter(|run| run.end == unit) {
            Some(run) => run.end += 1,
            None => runs.push(unit..unit + 1),
        }
    }
    runs
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

fn finding(table: &Table, clock: &Clock, burst: &Found, zone: &jiff::tz::TimeZone) -> Finding {
    let Found { theme, name, units, usual, most, made } = burst;
    let mut by: HashMap<u32, u64> = HashMap::new();
    let mut parts: BTreeMap<(Theme, String), u64> = BTreeMap::new();
    let mut sites = Sites::default();
    for post in made {
        *by.entry(table.account(*post)).or_default() += 1;
        for part in parts_of(table, *post, &mut sites).into_iter().filter(|(t, n)| (t, n.as_str()) != (theme, name)) {
            *parts.entry(part).or_default() += 1;
        }
    }
    let mut volumes: Vec<u64> = by.into_values().collect();
    volumes.sort_unstable_by(|a, b| b.cmp(a));
    let half = made.len().div_ceil(2) as u64;
    let reached = volumes.iter().scan(0, |sum, n| {
        *sum += n;
        Some(*sum)
    });
    let half_by = reached.take_while(|sum| *sum < half).count() as u64 + 1;
    let mut parts: Vec<BurstPart> = parts
        .into_iter()
        .filter(|(_, posts)| *posts as f64 >= LEAST_PART * made.len() as f64)
        .map(|((theme, name), posts)| BurstPart { theme, name, posts })
        .collect();
    parts.sort_by(|a, b| b.posts.cmp(&a.posts).then((a.theme, &a.name).cmp(&(b.theme, &b.name))));
    parts.truncate(PARTS);
    let row = Burst {
        theme: *theme,
        name: name.to_string(),
        unit: clock.unit,
        from: clock.begins(units.start),
        units: units.len() as u64,
        most: u64::from(*most),
        usual: *usual,
        posts: made.len() as u64,
        accounts: volumes.len() as u64,
        half_by,
        parts,
    };
    let times = f64::from(*most) / usual.max(1.0);
    let grave = times >= GRAVE && *most >= MANY;
    let seen = || made.iter().filter_map(|p| table.time(*p));
    Finding {
        detector: Burst::NAME.into(),
        key: format!("{theme}|{name}|{}", row.from),
        severity: if grave { Severity::Low } else { Severity::Info },
        confidence: 80,
        level: Level::Legal,
        title: title(&row, zone),
        reasons: reasons(&row),
        techniques: Vec::new(),
        first: seen().min(),
        last: seen().max(),
        // A burst is volume: nobody is named for it.
        entities: Vec::new(),
        traces: table.traces(made.iter().copied()),
        fields: row.fields(),
    }
}

fn what(row: &Burst) -> Text {
    match row.theme {
        Theme::Hashtag => Text::new(format!("#{}", row.name), format!("#{}", row.name)),
        Theme::Domain => Text::new(format!("links to {}", row.name), format!("liens vers {}", row.name)),
        Theme::All => Theme::All.text(),
    }
}

fn title(row: &Burst, zone: &jiff::tz::TimeZone) -> Text {
    let (most, usual, what) = (row.most, row.usual, what(row));
    let (unit_en, unit_fr) = if row.unit == DAY { ("day", "jour") } else { ("hour", "heure") };
    let from = row.from.told(zone);
    Text::new(
        format!("A burst of {}: {most} posts in one {unit_en} from {from}, where {usual} are usual", what.en),
        format!(
            "Une bouffée ({}) : {most} publications en un {unit_fr} dès {from}, contre {usual} d’ordinaire",
            what.fr
        ),
    )
}

fn reasons(row: &Burst) -> Vec<Reason> {
    let Burst { posts, accounts, half_by, units, usual, .. } = row;
    let mut all = vec![
        Reason::supporting(
            40,
            Text::new(
                format!("{posts} posts within {units} units of {} h; usual are {usual} in one", row.unit / HOUR),
                format!(
                    "{posts} publications en {units} intervalles de {} h ; d’ordinaire {usual} par intervalle",
                    row.unit / HOUR
                ),
            ),
        ),
        Reason::supporting(
            10,
            Text::new(
                format!("{accounts} accounts made it, {half_by} of them half of it"),
                format!("{accounts} comptes en sont les auteurs, {half_by} d’entre eux de la moitié"),
            ),
        ),
    ];
    let told = |mark: fn(&BurstPart) -> String| row.parts.iter().map(mark).collect::<Vec<_>>().join(", ");
    if !row.parts.is_empty() {
        let parts = told(|p| match p.theme {
            Theme::Hashtag => format!("#{} {}", p.name, p.posts),
            _ => format!("{} {}", p.name, p.posts),
        });
        all.push(Reason::supporting(
            10,
            Text::new(format!("what it is made of: {parts}"), format!("de quoi elle est faite : {parts}")),
        ));
    }
    all.push(Reason::against(
        40,
        Text::new(
            "news, a match or a vote makes bursts as well: it is volume, and says nothing of who is behind it",
            "une nouvelle, un match ou un vote en font autant : c’est du volume, qui ne dit rien de qui est derrière",
        ),
    ));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_every_third_day_is_a_habit() {
        let mut counts: Vec<u32> = (0..90).map(|day| if day % 3 == 0 { 2000 } else { 25 }).collect();
        assert_eq!(seldom(&counts), (2000.0, Vec::new()));
        counts[45] = 13_000;
        let days = |counts: &[u32]| -> Vec<(usize, usize)> {
            seldom(counts).1.into_iter().map(|run| (run.start, run.end)).collect()
        };
        assert_eq!(days(&counts), [(45, 46)]);
        let mut quiet = vec![25; 90];
        quiet[45] = 2000;
        assert_eq!((seldom(&quiet).0, days(&quiet)), (25.0, vec![(45, 46)]));
    }
}
