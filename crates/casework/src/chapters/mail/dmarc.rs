//! Mail in our name, as other servers report it: how much passes, who fails, from where, since when; and sessions to
//! our servers that were not encrypted.

use super::Page;
use crate::chart::{self, Stacked};
use crate::detail::Kept;
use crate::page::{column, numbers};
use crate::show;
use jiff::civil::Date;
use maud::{Markup, html};
use model::Time;
use rows::mail::dmarc::{Encryption, Party, Reported, Senders, Service};
use std::collections::BTreeMap;

/// Days drawn one by one; more are drawn by month.
const DAYS: usize = 150;
/// Groups of senders, and receivers, shown.
const SENDERS: usize = 25;
/// Addresses shown one by one.
const ADDRESSES: usize = 200;

/// The part of the chapter.
pub fn markup(page: &Page) -> Markup {
    let (mut domains, mut encrypted) = (Vec::new(), Vec::new());
    for report in &page.gathered.reports {
        match &report.row {
            Reported::Dmarc(row) => domains.push(row),
            Reported::Tls(row) => encrypted.push((report, row)),
        }
    }
    html! {
        @for d in domains.into_iter().take(10) { (domain(page, d)) }
        @if !encrypted.is_empty() { (tls(page, &encrypted)) }
    }
}

fn day(page: &Page, time: Time) -> String {
    // Reports tell days of UTC: in another zone a day would begin in the one before.
    page.words.day(time.in_zone(&jiff::tz::TimeZone::UTC).date())
}

fn domain(page: &Page, d: &Senders) -> Markup {
    let words = page.words;
    let number = |n: u64| html! { (words.number(n)) };
    html! {
        h3 { (page.say("Mail in the name of ", "Courriels au nom de ")) code { (show::text(&d.domain, 120)) } }
        p { (page.sentence(
            "Other servers reported {0} messages: {1} pass, {2} fail ({3}). {4} of them are by strangers who prove nothing. SPF passes for {5}, DKIM for {6}; the policy published asks for {7}.",
            "D’autres serveurs ont signalé {0} messages : {1} passent, {2} échouent ({3}). {4} viennent d’inconnus qui ne prouvent rien. SPF passe pour {5}, DKIM pour {6} ; la politique publiée demande {7}.",
            &[
                number(d.messages), number(d.passed), number(d.failed),
                html! { (words.percent(d.failed, d.messages)) },
                number(d.stranger_messages), number(d.spf), number(d.dkim), html! { code { "p=" (show::text(if d.policy.is_empty() { "-" } else { &d.policy }, 20)) } },
            ],
        )) }
        (steps(page, d))
        (over_time(page, d))
        (senders(page, d))
        (receivers(page, d))
        (addresses(page, d))
    }
}

/// What to do, in the order in which to do it.
fn steps(page: &Page, d: &Senders) -> Markup {
    let words = page.words;
    let messages = |n: u64| html! { (words.count(n, ("message", "message"), ("messages", "messages"))) };
    let since = |time: Option<Time>| {
        html! { (time.map_or_else(|| page.say("an unknown day", "un jour inconnu"), |t| day(page, t))) }
    };
    let (strangers, open) = (d.stranger_messages, !matches!(d.policy.as_str(), "reject" | "quarantine"));
    let own = d.sources.iter().filter(|s| s.role == Party::Misconfigured);
    let own: Vec<&str> = own.map(|s| s.source.as_str()).take(6).collect();
    let services = |forwards: bool| d.services.iter().filter(move |s: &&Service| s.forwards == forwards).take(6);
    html! {
        p { strong { (page.say("What to do, in this order", "Que faire, dans cet ordre")) } }
        ol {
            @for s in services(false) { li { (page.sentence(
                "{0} sent {1} in our name since {2} and proves only its own name. If somebody of ours uses it: let it sign with DKIM as our domain, or let our SPF record cover a bounce address under our domain. If nobody does: have it stopped.",
                "{0} a envoyé {1} en notre nom depuis le {2} et ne prouve que son propre nom. Si quelqu'un chez nous s’en sert : le faire signer en DKIM pour notre domaine, ou lui donner une adresse de retour sous notre domaine, couverte par notre SPF. Sinon : le faire cesser.",
                &[html! { strong { (show::text(&s.name, 80)) } }, messages(s.messages), since(s.first)],
            )) } }
            @if !own.is_empty() { li { (page.sentence(
                "Servers that look like ours fail: {0}. Add them to SPF and let them sign.",
                "Des serveurs qui semblent être les nôtres échouent : {0}. Les ajouter au SPF et les faire signer.",
                &[html! { @for (i, a) in own.iter().enumerate() { @if i > 0 { ", " } code { (show::text(a, 60)) } } }],
            )) } }
            @if strangers > 0 { li { (page.sentence(
                "Strangers forged our name: {0} from {1} since {2}, last on {3}. Tell staff and supporters that mail in our name may not be ours; keep the list of addresses below for a complaint.",
                "Des inconnus ont usurpé notre nom : {0} depuis {1}, à partir du {2}, en dernier le {3}. Prévenir l’équipe et les sympathisants que des courriels en notre nom peuvent ne pas venir de nous ; garder la liste d’adresses ci-dessous pour une plainte.",
                &[
                    messages(strangers),
                    html! { (words.count(d.strangers, ("address", "adresse"), ("addresses", "adresses"))) },
                    since(d.strangers_first), since(d.strangers_last),
                ],
            )) } }
            @for s in services(true) { li { (page.sentence(
                "{0} passed on {1} of ours (a mailing list or a redirection, says the receiver): nothing to do, but expect these to be refused once the policy is stricter.",
                "{0} a relayé {1} de chez nous (une liste de diffusion ou une redirection, selon le destinataire) : rien à faire, mais ils seront refusés quand la politique sera plus stricte.",
                &[html! { strong { (show::text(&s.name, 80)) } }, messages(s.messages)],
            )) } }
            li { @match (open, d.misconfigured + d.other_services > 0) {
                (true, true) => (page.say(
                    "Once the above is in order, ask receivers to set strangers' mail aside (p=quarantine), and two weeks later to refuse it (p=reject). Not before: our own mail would be lost.",
                    "Une fois cela réglé, demander aux destinataires d’isoler les courriels d’inconnus (p=quarantine), puis, deux semaines plus tard, de les refuser (p=reject). Pas avant : nos propres courriels seraient perdus.",
                )),
                (true, false) => (page.say(
                    "What is ours passes: ask receivers to set strangers' mail aside (p=quarantine), then to refuse it (p=reject).",
                    "Ce qui est à nous passe : demander aux destinataires d’isoler les courriels d’inconnus (p=quarantine), puis de les refuser (p=reject).",
                )),
                (false, _) => (page.say(
                    "Strangers' mail is refused where servers follow our policy; read these reports once a month.",
                    "Les courriels d’inconnus sont refusés là où les serveurs suivent notre politique ; relire ces rapports une fois par mois.",
                )),
            } }
        }
    }
}

/// Senders that belong together: what they are, then the name they prove, their network, or their country.
#[derive(Default)]
struct Group {
    addresses: u64,
    messages: u64,
    passed: u64,
    first: Option<Time>,
    last: Option<Time>,
}

fn senders(page: &Page, d: &Senders) -> Markup {
    let words = page.words;
    let mut groups: BTreeMap<(Party, String), Group> = BTreeMap::new();
    for s in &d.sources {
        let name = match (s.role, s.proved.first()) {
            (Party::OtherService, Some(name)) => name.clone(),
            _ => page.country(&s.country),
        };
        let group = groups.entry((s.role, name)).or_default();
        group.addresses += 1;
        group.messages = group.messages.saturating_add(s.messages);
        group.passed = group.passed.saturating_add(s.passed);
        group.first = group.first.into_iter().chain(s.first).min();
        group.last = group.last.max(s.last);
    }
    let mut rows: Vec<_> = groups.into_iter().collect();
    // Strangers first.
    rows.sort_by_key(|((role, name), g)| (std::cmp::Reverse((*role, g.messages)), name.clone()));
    html! {
        table.small {
            caption { (page.say("Who sends in our name, and from where", "Qui envoie en notre nom, et d’où")) }
            (page.head(&[column("What it is", "Ce que c’est"), column("Where, or which name it proves", "Où, ou quel nom il prouve"), numbers("Addresses", "Adresses"), numbers("Messages", "Messages"), numbers("Fail", "Échouent"), column("Since, until", "Depuis, jusqu’à")]))
            tbody { @for ((role, name), g) in rows.iter().take(SENDERS) { tr {
                th scope="row" { (words.text(&role.text())) }
                td { (show::text(name, 80)) }
                td.num { (words.number(g.addresses)) }
                td.num { (words.number(g.messages)) }
                td.num { (words.percent(g.messages.saturating_sub(g.passed), g.messages)) }
                td.when { @for time in [g.first, g.last].into_iter().flatten() { (day(page, time)) br; } }
            } } }
        }
        p.quiet { (page.say(
            "Countries are those that registries gave the addresses to: where a server stands, not who uses it.",
            "Les pays sont ceux auxquels les registres ont attribué les adresses : l’emplacement d’un serveur, non qui s’en sert.",
        )) }
    }
}

fn receivers(page: &Page, d: &Senders) -> Markup {
    let mut rows: Vec<_> = d.reporters.iter().collect();
    rows.sort_by_key(|r| (std::cmp::Reverse(r.messages), &r.name));
    html! {
        table.small {
            caption { (page.say("Who told us", "Qui nous l’a signalé")) }
            (page.head(&[column("Receiver", "Destinataire"), numbers("Messages", "Messages"), numbers("Fail", "Échouent"), numbers("Of which fail", "Dont échouent")]))
            tbody { @for r in rows.iter().take(SENDERS) { tr {
                th scope="row" { (show::text(&r.name, 80)) }
                td.num { (page.words.number(r.messages)) }
                td.num { (page.words.number(r.failed)) }
                td.num { (page.words.percent(r.failed, r.messages)) }
            } } }
        }
    }
}

/// Every address, for a complaint or a block.
fn addresses(page: &Page, d: &Senders) -> Markup {
    let words = page.words;
    html! { details.data {
        summary { (page.say("Addresses that fail, one by one", "Les adresses qui échouent, une à une")) }
        table.small {
            thead { tr {
                th scope="col" { (page.say("Address", "Adresse")) }
                th scope="col" { (page.say("Country", "Pays")) }
                th scope="col" { (page.say("What it is", "Ce que c’est")) }
                th.num scope="col" { (page.say("Messages", "Messages")) }
                th.num scope="col" { "SPF" }
                th.num scope="col" { "DKIM" }
                th scope="col" { (page.say("Since, until", "Depuis, jusqu’à")) }
            } }
            tbody { @for s in d.sources.iter().filter(|s| s.role != Party::Authentic).take(ADDRESSES) { tr {
                th scope="row" {
                    code { (show::text(&s.source, 60)) }
                    @if let Some(network) = &s.network { br; span.quiet { (show::text(network, 60)) } }
                }
                td { (page.country(&s.country)) }
                td { (words.text(&s.role.text())) }
                td.num { (words.number(s.messages)) }
                td.num { (words.number(s.spf)) }
                td.num { (words.number(s.dkim)) }
                td.when { @for time in [s.first, s.last].into_iter().flatten() { (day(page, time)) br; } }
            } } }
        }
    } }
}

fn over_time(page: &Page, d: &Senders) -> Markup {
    let days: Vec<(Date, u64, u64)> =
        d.days.iter().filter_map(|d| Some((d.day.parse().ok()?, d.passed, d.failed))).collect();
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
            .say(&format!("Most failures: {worst}, {most}."), &format!("Le plus d’échecs : {worst}, {most}.")),
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
                (page.head(&[column("When", "Quand"), numbers("Pass", "Passent"), numbers("Fail", "Échouent")]))
                tbody { @for (day, (passed, failed)) in &sums { tr {
                    th scope="row" { (name(day)) } td.num { (page.words.number(*passed)) } td.num { (page.words.number(*failed)) }
                } } }
            }
        }
    }
}

fn tls(page: &Page, list: &[(&Kept<Reported>, &Encryption)]) -> Markup {
    html! {
        table.small {
            caption { (page.say("Encryption of mail to our servers", "Chiffrement des courriels vers nos serveurs")) }
            (page.head(&[column("Domain", "Domaine"), numbers("Sessions", "Sessions"), numbers("Failed", "Échecs"), column("Why", "Pourquoi")]))
            tbody { @for (told, d) in list.iter().take(20) { tr {
                th scope="row" {
                    code { (show::text(&d.domain, 120)) }
                    @if let (Some(first), Some(last)) = (told.detail.finding.first, told.detail.finding.last) {
                        br; span.quiet { (day(page, first)) " – " (day(page, last)) }
                    }
                }
                td.num { (page.words.number(d.sessions)) }
                td.num { (page.words.number(d.failed)) }
                td { @for (i, (why, n)) in d.failures.iter().take(8).enumerate() {
                    @if i > 0 { ", " } (show::text(why, 60)) " (" (page.words.number(*n)) ")"
                } }
            } } }
        }
        @if list.iter().any(|(_, d)| d.failed > 0) { p { (page.say(
            "What to do: have the certificate and the TLS settings of the mail server checked for the days above. Where nothing was wrong with them, sessions that failed may have had somebody in between: keep the reports.",
            "Que faire : faire vérifier le certificat et les réglages TLS du serveur de courrier aux jours ci-dessus. S’ils étaient corrects, quelqu'un a pu s’interposer dans les sessions en échec : garder les rapports.",
        )) } }
    }
}
