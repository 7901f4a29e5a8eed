//! Mail in our name, as other servers report it: how much passes, who fails, from where, since when; and sessions to
//! our servers that were not encrypted.

use super::Page;
use crate::chart::{self, Stacked};
use crate::gather::Detail;
use crate::mail::{objects, texts};
use crate::show;
use jiff::civil::Date;
use maud::{Markup, html};
use model::Time;
use serde_json::Value;
use std::collections::BTreeMap;

/// Days drawn one by one; more are drawn by month.
const DAYS: usize = 150;
/// Senders shown.
const SENDERS: usize = 25;

/// The part of the chapter.
pub fn markup(page: &Page) -> Markup {
    let of =
        |kind: &str| page.gathered.mail.reports.iter().filter(move |d| d.word("report") == kind).collect::<Vec<_>>();
    html! {
        @for d in of("dmarc").into_iter().take(10) { (domain(page, d)) }
        @if !of("tls").is_empty() { (tls(page, &of("tls"))) }
    }
}

fn domain(page: &Page, d: &Detail) -> Markup {
    let words = page.words;
    let number = |key: &str| html! { (words.number(d.number(key))) };
    let policy = d.word("policy");
    html! {
        h3 { (page.say("Mail in the name of ", "Courriels au nom de ")) code { (show::text(d.word("domain"), 120)) } }
        p { (page.sentence(
            "Other servers reported {0} messages: {1} pass, {2} fail. SPF passes for {3}, DKIM for {4}. Policy asked for: {5}.",
            "D'autres serveurs ont signalé {0} messages : {1} passent, {2} échouent. SPF passe pour {3}, DKIM pour {4}. Politique demandée : {5}.",
            &[number("messages"), number("passed"), number("failed"), number("spf"), number("dkim"), html! { code { (show::text(policy, 20)) } }],
        )) }
        p { (advice(page, d)) }
        (over_time(page, d))
        table.small {
            caption { (page.say("Who sends in this name", "Qui envoie en ce nom")) }
            thead { tr {
                th scope="col" { (page.say("Sender", "Expéditeur")) }
                th scope="col" { (page.say("Country", "Pays")) }
                th scope="col" { (page.say("What it is", "Ce que c'est")) }
                th.num scope="col" { (page.say("Messages", "Messages")) }
                th.num scope="col" { (page.say("Pass", "Passent")) }
                th.num scope="col" { "SPF" }
                th.num scope="col" { "DKIM" }
                th scope="col" { (page.say("Since, until", "Depuis, jusqu'à")) }
            } }
            tbody { @for s in objects(&d.finding, "sources").take(SENDERS) {
                @let text = |key: &str| s.get(key).and_then(Value::as_str).unwrap_or("");
                @let n = |key: &str| words.number(s.get(key).and_then(Value::as_u64).unwrap_or(0));
                tr {
                    th scope="row" {
                        code { (show::text(text("source"), 60)) }
                        @if !text("network").is_empty() { br; span.quiet { (show::text(text("network"), 60)) } }
                        @if let Some(proved) = s.get("proved").and_then(Value::as_array).and_then(|p| p.first()).and_then(Value::as_str) {
                            br; span.quiet { (page.say("proves ", "prouve ")) (show::text(proved, 80)) }
                        }
                    }
                    td { (page.country(text("country"))) }
                    td { (words.role(text("role"))) }
                    td.num { (n("messages")) }
                    td.num { (n("passed")) }
                    td.num { (n("spf")) }
                    td.num { (n("dkim")) }
                    td.when { @for key in ["first", "last"] { @if let Ok(t) = text(key).parse::<Time>() {
                        (words.day(t.in_zone(&page.zone).date())) br;
                    } } }
                }
            } }
        }
        p.quiet { (page.say("Reported by ", "Signalé par ")) (show::text(&texts(&d.finding, "reporters").take(12).collect::<Vec<_>>().join(", "), 300)) "." }
    }
}

/// What to do about it.
fn advice(page: &Page, d: &Detail) -> String {
    let (own, open) = (d.number("misconfigured") > 0, !matches!(d.word("policy"), "reject" | "quarantine"));
    match (own, open) {
        (true, _) => page.say(
            "What to do: put the services that look like ours in order first (SPF and DKIM), then ask for strangers' mail to be refused.",
            "Que faire : régler d'abord les services qui semblent être les nôtres (SPF et DKIM), puis demander le refus des courriels d'inconnus.",
        ),
        (false, true) => page.say(
            "What to do: what is ours passes; ask for the rest to be refused (p=quarantine, then p=reject).",
            "Que faire : ce qui est à nous passe ; demander le refus du reste (p=quarantine, puis p=reject).",
        ),
        (false, false) => page.say("Strangers' mail is refused where servers follow our policy.", "Les courriels d'inconnus sont refusés là où les serveurs suivent notre politique."),
    }
}

fn over_time(page: &Page, d: &Detail) -> Markup {
    let count = |v: &Value, key: &str| v.get(key).and_then(Value::as_u64).unwrap_or(0);
    let days: Vec<(Date, u64, u64)> = objects(&d.finding, "days")
        .filter_map(|v| Some((v.get("day")?.as_str()?.parse().ok()?, count(v, "passed"), count(v, "failed"))))
        .collect();
    if days.len() < 2 {
        return html! {};
    }
    let monthly = days.len() > DAYS;
    let mut sums: BTreeMap<Date, (u64, u64)> = BTreeMap::new();
    for (day, passed, failed) in &days {
        let sum = sums.entry(if monthly { day.first_of_month() } else { *day }).or_default();
        *sum = (sum.0.saturating_add(*passed), sum.1.saturating_add(*failed));
    }
    let name = |day: &Date| if monthly { page.words.month(*day) } else { page.words.day(*day) };
    let columns: Vec<String> = sums.iter().map(|(d, (p, f))| format!("{}: {p} + {f}", name(d))).collect();
    let every = (sums.len() / 8).max(1);
    let ticks = sums
        .keys()
        .enumerate()
        .step_by(every)
        .map(|(i, d)| (i, if monthly { page.words.month(*d) } else { page.words.short_day(*d) }));
    let (most, worst) = sums.iter().max_by_key(|(_, s)| s.1).map(|(d, s)| (name(d), s.1)).unwrap_or_default();
    let chart = Stacked {
        id: "dmarc".into(),
        title: page
            .say("Messages in our name that pass and that fail", "Messages en notre nom qui passent et qui échouent"),
        description: page
            .say(&format!("Most failures: {worst}, {most}."), &format!("Le plus d'échecs : {worst}, {most}.")),
        height: 150.0,
        columns,
        ticks: ticks.collect(),
        layers: vec![
            (page.say("pass", "passent"), sums.values().map(|s| s.0).collect()),
            (page.say("fail", "échouent"), sums.values().map(|s| s.1).collect()),
        ],
        rest: false,
        level: Vec::new(),
        marks: Vec::new(),
    };
    html! {
        figure {
            (chart::stacked(&chart, page.words))
            (chart::legend(&chart, &[]))
            figcaption { (chart.title) ". " (chart.description) }
        }
        details.data {
            summary { (page.say("The same as a table", "La même chose en tableau")) }
            table.small {
                thead { tr { th scope="col" { (page.say("When", "Quand")) } th.num scope="col" { (page.say("Pass", "Passent")) } th.num scope="col" { (page.say("Fail", "Échouent")) } } }
                tbody { @for (day, (passed, failed)) in &sums { tr {
                    th scope="row" { (name(day)) } td.num { (page.words.number(*passed)) } td.num { (page.words.number(*failed)) }
                } } }
            }
        }
    }
}

fn tls(page: &Page, list: &[&Detail]) -> Markup {
    html! {
        table.small {
            caption { (page.say("Encryption of mail to our servers", "Chiffrement des courriels vers nos serveurs")) }
            thead { tr {
                th scope="col" { (page.say("Domain", "Domaine")) }
                th.num scope="col" { (page.say("Sessions", "Sessions")) }
                th.num scope="col" { (page.say("Failed", "Échecs")) }
                th scope="col" { (page.say("Why", "Pourquoi")) }
            } }
            tbody { @for d in list.iter().take(20) { tr {
                th scope="row" { code { (show::text(d.word("domain"), 120)) } }
                td.num { (page.words.number(d.number("sessions"))) }
                td.num { (page.words.number(d.number("failed"))) }
                td { @if let Some(all) = d.finding.fields.get("failures").and_then(Value::as_object) {
                    @for (i, (why, n)) in all.iter().take(8).enumerate() {
                        @if i > 0 { ", " } (show::text(why, 60)) " (" (page.words.number(n.as_u64().unwrap_or(0))) ")"
                    }
                } }
            } } }
        }
    }
}
