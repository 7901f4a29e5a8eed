//! Attempts over time by country: the picture, and the table of its data.

use super::super::figures::{LAYERS, Unit};
use super::super::surge::{Change, Segment};
use super::{Page, Part, cite};
use crate::chart::{self, Sign, Stacked};
use crate::page::{BRIEF, Place, Source};
use jiff::civil::Date;
use maud::{Markup, html};

pub const PART: Part = Part {
    leaf: BRIEF,
    place: Place::Body,
    id: "time",
    title: ("Attempts over time", "Les tentatives dans le temps"),
    markup,
};

fn markup(page: &Page) -> Option<Markup> {
    let columns = &page.gathered.figures.columns;
    if columns.layers.is_empty() {
        return None;
    }
    let chart = picture(page);
    let per: Vec<Markup> = columns
        .layers
        .iter()
        .map(|(code, counts)| {
            let value = page.words.number(counts.iter().sum());
            if code == "other" {
                html! { a.n href="#origins" { (value) } }
            } else {
                cite::country(page, code, &value)
            }
        })
        .collect();
    let surges = page.gathered.figures.surges.as_ref().is_some_and(|s| s.segments.len() > 1);
    Some(html! {
        figure {
            (chart::stacked(&chart, page.words))
            (chart::legend(&chart, &per))
            figcaption {
                (chart.title) ". "
                @if surges { (page.say(
                    "The black line is the level between two changes of rate, or a burst on its days; dashed lines are the changes.",
                    "La ligne noire est le niveau entre deux changements de rythme, ou une salve à ses jours ; les tirets marquent ces changements.",
                )) " " }
                @if page.gathered.all_outages > 0 { (page.say("Triangles mark outages.", "Les triangles marquent les indisponibilités.")) }
            }
        }
        @if page.gathered.figures.outside + page.gathered.figures.undated > 0 { p { (page.sentence(
            "Not in the picture: {0} without a date, {1} with a date that cannot be true.",
            "Hors de l’image : {0} sans date, {1} dont la date ne peut être vraie.",
            &[html! { (page.attempts(page.gathered.figures.undated)) }, html! { (page.attempts(page.gathered.figures.outside)) }],
        )) } }
        (table(page))
    })
}

/// What a column is.
fn unit(page: &Page) -> String {
    match page.gathered.figures.columns.unit {
        Unit::Day => page.say("day", "jour"),
        Unit::Week => page.say("week", "semaine"),
        Unit::Month => page.say("month", "mois"),
    }
}

fn picture(page: &Page) -> Stacked {
    let (figures, words) = (&page.gathered.figures, page.words);
    let columns = &figures.columns;
    let title = match columns.unit {
        Unit::Day => {
            page.say("Attempts per day, by country of the source", "Tentatives par jour, selon le pays de la source")
        }
        Unit::Week => page
            .say("Attempts per week, by country of the source", "Tentatives par semaine, selon le pays de la source"),
        Unit::Month => {
            page.say("Attempts per month, by country of the source", "Tentatives par mois, selon le pays de la source")
        }
    };
    let busiest = (0..columns.starts.len()).max_by_key(|i| (columns.total(*i), std::cmp::Reverse(*i))).unwrap_or(0);
    let most = page.attempts(columns.total(busiest));
    let start = columns.starts.get(busiest).map_or_else(String::new, |d| words.day(*d));
    let description = page.say(&format!("Most: {most}, {start}."), &format!("Maximum : {most}, {start}."));
    let mut marks: Vec<(usize, Sign, String)> = Vec::new();
    let mut level = Vec::new();
    if let Some(surges) = &figures.surges {
        let changes = |s: &&Segment| !matches!(s.change, Change::Start | Change::Continues);
        for segment in surges.segments.iter().filter(changes) {
            // Beside a line there is room for the size of a change, not for its decimals.
            let change = match segment.factor {
                Some(f) if f < 0.1 => " ↓".to_string(),
                Some(f) if f >= 10.0 => " ↑".to_string(),
                Some(f) => format!(" ×{}", words.decimal(f, 1)),
                None if segment.change == Change::Fall => " ↓".to_string(),
                None => " ↑".to_string(),
            };
            if let Some(column) = columns.of(segment.first) {
                marks.push((column, Sign::Change, format!("{}{change}", words.short_day(segment.first))));
            }
        }
        if surges.segments.len() > 1 {
            // A column is as high as its days together.
            level = vec![0.0; columns.starts.len()];
            for (day, _) in &figures.days {
                let segment = surges.segments.iter().find(|s| s.last >= *day);
                if let (Some(column), Some(segment)) = (columns.of(*day), segment) {
                    level[column] += segment.rate;
                }
            }
        }
    }
    for (_, outage) in &page.gathered.outages {
        if let Some((day, column)) = outage.day.and_then(|d| columns.of(d).map(|c| (d, c))) {
            let word = page.say("outage", "indisponibilité");
            marks.push((column, Sign::Outage, format!("{word} {}", words.short_day(day))));
        }
    }
    Stacked {
        id: "over-time".into(),
        description,
        height: 300.0,
        columns: (0..columns.starts.len()).map(|i| pointed(page, i)).collect(),
        ticks: ticks(page, &columns.starts, columns.unit == Unit::Day),
        layers: columns.layers.iter().map(|(code, counts)| (page.country(code), counts.clone())).collect(),
        rest: columns.layers.len() > LAYERS && columns.layers.last().is_some_and(|l| l.0 == "other"),
        level,
        marks,
        title,
    }
}

/// A column in words.
fn pointed(page: &Page, column: usize) -> String {
    let columns = &page.gathered.figures.columns;
    let parts: Vec<String> = columns
        .layers
        .iter()
        .filter(|l| l.1[column] > 0)
        .map(|(code, counts)| format!("{} {}", page.country(code), page.words.number(counts[column])))
        .collect();
    format!("{} – {} ({})", columns.starts[column], page.attempts(columns.total(column)), parts.join(", "))
}

impl Page<'_> {
    /// Words under an axis of all days, as [`ticks`] has them.
    pub fn month_ticks(&self) -> Vec<(usize, String)> {
        let days: Vec<Date> = self.gathered.figures.days.iter().map(|d| d.0).collect();
        ticks(self, &days, true)
    }
}

/// Words under the axis: the first column of each month, or some days where months are few; at most nine.
fn ticks(page: &Page, starts: &[Date], days: bool) -> Vec<(usize, String)> {
    let short = starts.len() <= 45 && days;
    let mut out: Vec<(usize, String)> = Vec::new();
    for (i, day) in starts.iter().enumerate() {
        let begins = if short {
            i % starts.len().div_ceil(8) == 0
        } else {
            i == 0 || starts[i - 1].first_of_month() != day.first_of_month()
        };
        if begins {
            let word = if short { page.words.short_day(*day) } else { page.words.month(*day) };
            out.push((i, word));
        }
    }
    let width = starts.len() as f64 / 9.0;
    let mut kept: Vec<(usize, String)> = Vec::new();
    for tick in out.into_iter().rev() {
        // From the right, so that a stump of a month at the left does not push its neighbour out.
        let right = kept.last().map_or(starts.len() as f64 + width * 0.35, |k| k.0 as f64);
        if tick.0 as f64 + width <= right {
            kept.push(tick);
        }
    }
    kept.reverse();
    kept
}

fn table(page: &Page) -> Markup {
    let columns = &page.gathered.figures.columns;
    html! {
        details.data {
            summary { (page.say("The figures behind the picture", "Les chiffres derrière l’image")) }
            div.wide tabindex="0" role="region" aria-label=(page.say("Attempts over time", "Tentatives dans le temps")) {
                table {
                    caption { (page.say(
                        "Attempts by their first event; a row's total opens its attempts, a column's name says how it is counted",
                        "Tentatives selon leur premier événement ; le total d’une ligne ouvre ses tentatives, le nom d’une colonne dit comment elle est comptée",
                    )) }
                    thead { tr {
                        th scope="col" { (match columns.unit {
                            Unit::Day => page.say("Day", "Jour"),
                            Unit::Week => page.say("Week from", "Semaine du"),
                            Unit::Month => page.say("Month from", "Mois du"),
                        }) }
                        th.num scope="col" { (page.say("All", "Toutes")) }
                        @for (code, _) in &columns.layers {
                            th.num scope="col" { @if code == "other" { (page.country(code)) } @else { (cite::country(page, code, &page.country(code))) } }
                        }
                    } }
                    tbody { @for (i, start) in columns.starts.iter().enumerate() { @if columns.total(i) > 0 { tr {
                        th scope="row" { (start) }
                        td.num { (row_total(page, i)) }
                        @for (_, counts) in &columns.layers { td.num { @if counts[i] > 0 { (page.words.number(counts[i])) } @else { span.quiet { "–" } } } }
                    } } } }
                }
            }
        }
    }
}

/// The total of a column of the picture: opens the attempts of that time.
fn row_total(page: &Page, column: usize) -> Markup {
    let columns = &page.gathered.figures.columns;
    let value = page.words.number(columns.total(column));
    let start = columns.starts[column];
    if page.gathered.attempts.iter().any(|a| a.detail.day.and_then(|d| columns.of(d)) == Some(column)) {
        return html! { a.n href=(format!("#t-{start}")) { (value) } };
    }
    page.cite(&format!("time-{start}"), &value, || Source {
        what: format!("{} {start}", unit(page)),
        how: page.say(
            "Attempts whose first event falls in this time.",
            "Tentatives dont le premier événement tombe dans ce temps.",
        ),
        rows: format!("day ≥ {start}"),
        opens: Vec::new(),
        find: String::new(),
    })
}
