//! The road of a leak into the media, as steps from illegal to grey to legal.

use super::super::Page;
use super::super::group::{number, objects, said, seconds, text};
use super::duration;
use crate::chart::road::{Step, road};
use crate::detail::Detail;
use crate::page::grounds::grounds;
use crate::show;
use maud::{Markup, html};
use model::{Fields, Level, Time};

/// Steps in the table.
const ROWS: usize = 60;

/// All roads.
pub fn told(page: &Page) -> Markup {
    html! {
        h3 { (page.say("The road into the media", "Le chemin vers les médias")) }
        p { (page.say(
            "Who published first, through which accounts and channels it went on, and which media took it up, with the delay from step to step. That one came after another does not prove that it came from it.",
            "Qui a publié le premier, par quels comptes et canaux cela a circulé, et quels médias l'ont repris, avec le délai d'une étape à l'autre. Que l'une suive l'autre ne prouve pas qu'elle en vienne.",
        )) }
        @for (n, d) in page.gathered.roads.iter().enumerate() { (one(page, n + 1, d)) }
    }
}

fn level(step: &Fields) -> Level {
    match text(step, "level") {
        "illegal" => Level::Illegal,
        "grey" => Level::Grey,
        _ => Level::Legal,
    }
}

fn one(page: &Page, n: usize, d: &Detail) -> Markup {
    let lanes = [page.say("illegal", "illégal"), page.say("grey", "gris"), page.say("legal", "légal")];
    let lane = |step: &Fields| lanes[level(step) as usize].clone();
    let kind = |step: &Fields| match text(step, "kind") {
        "channel" => page.say("channel", "canal"),
        "outlet" => page.say("outlet", "média"),
        "account" => page.say("account", "compte"),
        other => show::plain(other, 30),
    };
    let when = |step: &Fields| text(step, "time").parse::<Time>().ok();
    let steps: Vec<&Fields> = objects(&d.finding.fields, "steps").take(ROWS).collect();
    let delay = |i: usize| -> String {
        let given = steps[i].get("delay").and_then(seconds);
        let before = i.checked_sub(1).and_then(|b| when(steps[b])).zip(when(steps[i]));
        let counted = before.map(|(a, b)| (b.0 - a.0) as f64 / 1e6);
        match i {
            0 => String::new(),
            _ => counted.or(given).map_or_else(String::new, |s| format!("+{}", duration(page, s))),
        }
    };
    let who = |step: &Fields| match text(step, "who") {
        "…" => page.say("a person's account", "le compte d'un particulier"),
        who => show::plain(who, 80),
    };
    let drawn: Vec<Step> = steps
        .iter()
        .enumerate()
        .map(|(i, s)| Step { level: level(s), name: format!("{}, {}", who(s), lane(s)), delay: delay(i) })
        .collect();
    let description: Vec<String> =
        steps.iter().enumerate().map(|(i, s)| format!("{} {} ({}) {}", i + 1, who(s), lane(s), delay(i))).collect();
    let title = page.say("Steps from illegal to legal", "Les étapes de l'illégal au légal");
    html! {
        article.group {
            p.title { (show::prose(d.finding.title.get(page.options.lang), 300)) }
            @if !drawn.is_empty() { figure {
                div.scroll tabindex="0" role="group" aria-label=(format!("{title} {n}")) {
                    (road(&format!("road-{n}"), &title, &description.join("; "), lanes.clone(), &drawn))
                }
                figcaption { (page.say(
                    "Each number is a step, in the order of time; the table says who it is.",
                    "Chaque numéro est une étape, dans l'ordre du temps ; le tableau dit qui c'est.",
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
                    td.when { @if let Some(time) = when(step) { (page.words.moment(time, &page.zone)) } @else { "–" } }
                    th scope="row" {
                        (who(step)) " " span.quiet { (kind(step)) }
                        @if !text(step, "class").is_empty() { br; span.quiet { (show::text(&page.words.outlet(text(step, "class")), 80)) } }
                    }
                    td { (lane(step)) }
                    // The address is text: a brief leads nobody to a leak.
                    td {
                        code { (show::text(text(step, "url"), 120)) }
                        @if let Some(how) = step.get("how") { br; span.quiet { (show::text(&said(how, page.options.lang), 200)) } }
                    }
                    td.num { (page.words.number(number(step, "posts"))) }
                    td.num { (delay(i)) }
                } } }
            }
            (grounds(page, d))
        }
    }
}
