//! Findings that are neither attempts nor outages: named and counted here, until their kind has a chapter of its own,
//! so that nothing found goes unsaid.

use super::{Page, Section, attempt};
use crate::show;
use maud::{Markup, html};

pub const SECTION: Section = Section { id: "others", title: ("Other findings", "Autres constats"), markup };

fn markup(page: &Page) -> Option<Markup> {
    let others = &page.gathered.others;
    if others.is_empty() {
        return None;
    }
    Some(html! {
        @for d in others {
            details {
                summary {
                    @if let Some(first) = d.finding.first { time { (page.words.moment(first, &page.zone)) } " · " }
                    (show::prose(d.finding.title.get(page.options.lang), 160)) " "
                    span.quiet { (show::text(&d.finding.detector, 60)) }
                }
                (attempt::body(page, d))
            }
        }
    })
}
