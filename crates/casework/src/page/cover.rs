//! What stands first when there is no story to tell: an empty case, or one of which nothing was read. Else the first page is
//! the council's own ([`crate::Council::cover`]).

use super::{Answer, Asks, BRIEF, Page, Place, Section};
use crate::{Brief, Council};
use maud::html;

/// The first page.
pub fn section(page: &Page, brief: &Brief, council: &Council, mut answers: Vec<Answer>) -> Section {
    answers.sort_by_key(|a| (a.asks, !a.alarm));
    let markup = if page.register.evidence.is_empty() && page.register.detectors.is_empty() {
        html! { h1 { (page.say(
            "No evidence has been added to this case yet. There is nothing to report.",
            "Aucune pièce n’a encore été versée à ce dossier. Il n’y a rien à signaler.",
        )) } }
    } else if !page.register.anything_read() {
        html! { h1 { (page.say(
            "Nothing could be read: whether anything happened is unknown. Each piece of evidence is named below, with the reason.",
            "Rien n’a pu être lu : on ne sait pas s’il s’est passé quelque chose. Chaque pièce est nommée ci-dessous, avec le motif.",
        )) } }
    } else {
        council.cover(brief, page.words, &answers)
    };
    Section {
        leaf: BRIEF,
        cover: true,
        place: Place::First,
        id: "cover",
        title: ("First page", "Première page"),
        markup,
    }
}

/// A question, as it stands before its answers.
pub fn question(asks: Asks) -> crate::words::Pair {
    match asks {
        Asks::What => ("What happened?", "Que s’est-il passé ?"),
        Asks::Since => ("Since when?", "Depuis quand ?"),
        Asks::Where => ("From where?", "D’où ?"),
        Asks::Succeeded => ("Did any succeed?", "Une tentative a-t-elle réussi ?"),
    }
}
