//! Windows machines on the page: each finding in full, gravest first.

use super::Page;
use crate::detail::LISTED;
use crate::page::{Leaf, Place, Section, Source, told};
use crate::show;
use maud::{Markup, html};
use model::Severity;

/// Where it is told in full.
const LEAF: Leaf = Leaf { file: "windows.html", title: ("Windows machines", "Machines Windows") };

/// Machines named in the summary.
const NAMED: usize = 3;

/// The section, where there is something to tell.
pub fn section(page: &Page) -> Option<Section> {
    let all = page.gathered;
    if all.kept.is_empty() {
        return None;
    }
    let told = all.all(Severity::Low);
    let markup = html! {
        @if all.all(Severity::Medium) > 0 { p { (sentence(page)) } }
        @for d in &all.kept {
            details {
                summary {
                    @if let Some(first) = d.finding.first { time { (page.words.moment(first, &page.zone)) } " · " }
                    (page.words.prose(&d.finding.title, 300))
                }
                (told::body(page, d, &told::facts(page, d), 0))
            }
        }
        @if told > LISTED as u64 { p { (page.sentence(
            "The {0} gravest are shown, of {1} in all.", "Les {0} plus graves sont montrés, sur {1} au total.",
            &[html! { (LISTED) }, html! { (page.words.number(told)) }],
        )) } }
        p.quiet { (page.say(
            "Whoever looks after a machine does much of what an intruder does: ask that person first, by telephone. Switch nothing off before its memory and its disk were copied.",
            "Qui entretient une machine fait souvent ce que fait un intrus : interrogez d’abord cette personne, par téléphone. N’éteignez rien avant d’avoir copié la mémoire et le disque.",
        )) }
    };
    Some(Section {
        leaf: LEAF,
        cover: false,
        place: Place::Body,
        id: "windows",
        title: ("Windows machines", "Machines Windows"),
        markup,
    })
}

/// How much there is. Also said in the summary.
pub fn sentence(page: &Page) -> Markup {
    let all = page.gathered;
    let mut machines: Vec<(&String, &u64)> = all.machines.iter().collect();
    machines.sort_by_key(|(name, n)| (std::cmp::Reverse(**n), *name));
    let names: Vec<String> = machines.iter().take(NAMED).map(|(name, _)| show::plain(name, 60)).collect();
    page.sentence(
        "On Windows machines: {0} that should be looked at this week, first on {1}.",
        "Sur des machines Windows : {0} à examiner cette semaine, d’abord sur {1}.",
        &[
            page.cite(
                "windows-medium",
                &page.words.count(all.all(Severity::Medium), ("finding", "constat"), ("findings", "constats")),
                || Source {
                    what: page.say("findings at medium or above", "constats à « medium » ou plus"),
                    how: page.say(
                        "Findings in Windows event logs; a record that stands in two exports counts once.",
                        "Constats dans les journaux d’évènements Windows ; un enregistrement présent dans deux exports compte une fois.",
                    ),
                    rows: page.say(
                        "windows_event in brief.json; vigie findings DIR --all (detectors windows_event/…)",
                        "windows_event dans brief.json ; vigie findings DIR --all (détecteurs windows_event/…)",
                    ),
                    opens: Vec::new(),
                    find: "detector:windows_event/ severity>=medium".into(),
                },
            ),
            html! { a href="#windows" { code { (names.join(", ")) } } },
        ],
    )
}
