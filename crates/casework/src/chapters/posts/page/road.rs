//! The road of a leak into the media, as steps from illegal to grey to legal.

use super::super::Page;
use super::duration;
use crate::chart::road;
use crate::detail::Detail;
use crate::page::grounds::grounds;
use crate::show;
use maud::{Markup, html};
use model::Level;
use rows::posts::{Road, RoadStep};

/// Steps in the table.
const ROWS: usize = 60;

/// All roads.
pub fn told(page: &Page) -> Markup {
    html! {
        h3 { (page.say("The road into the media", "Le chemin vers les médias")) }
        p { (page.say(
            "Who published first, through which accounts and channels it went on, and which media took it up, with the delay from step to step. That one came after another does not prove that it came from it.",
            "Qui a publié le premier, par quels comptes et canaux cela a circulé, et quels médias l’ont repris, avec le délai d’une étape à l’autre. Que l’une suive l’autre ne prouve pas qu’elle en vienne.",
        )) }
        @for (n, (d, row)) in page.gathered.roads.rows().enumerate() { (one(page, n + 1, d, &row)) }
    }
}

fn one(page: &Page, n: usize, d: &Detail, row: &Road) -> Markup {
    let lanes = Level::ALL.map(|level| level.text().get(page.options.lang).to_string());
    let lane = |step: &RoadStep| lanes[step.level as usize].clone();
    let steps = &row.steps[..row.steps.len().min(ROWS)];
    let delay = |i: usize| match i.checked_sub(1) {
        Some(before) => format!("+{}", duration(page, steps[i].time.since(steps[before].time) as f64)),
        None => String::new(),
    };
    let who = |step: &RoadStep| match step.who.as_str() {
        "…" => page.say("a person's account", "le compte d’un particulier"),
        who => show::plain(who, 80),
    };
    let drawn: Vec<road::Step> = steps
        .iter()
        .enumerate()
        .map(|(i, s)| road::Step { level: s.level, name: format!("{}, {}", who(s), lane(s)), delay: delay(i) })
        .collect();
    let description: Vec<String> =
        steps.iter().enumerate().map(|(i, s)| format!("{} {} ({}) {}", i + 1, who(s), lane(s), delay(i))).collect();
    let title = page.say("Steps from illegal to legal", "Les étapes de l’illégal au légal");
    html! {
        article.group {
            p.title { (page.words.prose(&d.finding.title, 300)) }
            @if !drawn.is_empty() { figure {
                div.scroll tabindex="0" role="group" aria-label=(format!("{title} {n}")) {
                    (road::road(&format!("road-{n}"), &title, &description.join("; "), lanes.clone(), &drawn))
                }
                figcaption { (page.say(
                    "Each number is a step, in the order of time; the table says who it is.",
                    "Chaque numéro est une étape, dans l’ordre du temps ; le tableau dit qui c’est.",
                )) }
            } }
            table.small {
                caption { (title) }
                thead { tr {
                    th.num scope="col" { "№" }
                    th scope="col" { (page.say("When", "Quand")) }
                    th scope="col" { (page.say("Who", "Qui")) }
                    th scope="col" { (page.say("Level", "Niveau")) }
                    th scope="col" { (page.say("Address", "Adresse")) }
                    th.num scope="col" { (page.say("Posts", "Publications")) }
                    th.num scope="col" { (page.say("Delay", "Délai")) }
                } }
                tbody { @for (i, step) in steps.iter().enumerate() { tr {
                    td.num { (i + 1) }
                    td.when { (page.words.moment(step.time, &page.zone)) }
                    th scope="row" {
                        (who(step))
                        // A person's account says what it is.
                        @if step.who != "…" { " " span.quiet { (page.words.text(&step.kind.text())) } }
                        @if let Some(class) = step.class { br; span.quiet { (page.words.text(&class.text())) } }
                    }
                    td { (lane(step)) }
                    // The address is text: a brief leads nobody to a leak.
                    td {
                        code { (show::text(&step.url, 120)) }
                        br; span.quiet { (show::text(step.how.get(page.options.lang), 200)) }
                    }
                    td.num { (page.words.number(step.posts)) }
                    td.num { (delay(i)) }
                } } }
            }
            (grounds(page, d))
        }
    }
}
