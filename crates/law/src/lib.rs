//! What may be said before a vote, and until when it may not: the electoral calendar as executable law.
//!
//! [`Law`] computes for every territory the intervals in which each rule holds, in the version in force at that election;
//! [`Document`] finds the passages of a text that rules are about; [`judge`] puts the two together for one moment, one
//! territory and one kind of person; [`redacted`] gives the text without what may not be said.
//!
//! You may rely on: pure functions, no clock and no file; intervals include their first second and not their last; a calendar
//! that makes no sense is refused. Left out: by-elections (a user brings them), broadcasting rules of the regulator, and
//! everything a judge weighs. This is no legal advice, and every verdict says so.

mod calendar;
mod document;
mod fold;
mod log;
mod markup;
mod names;
mod passages;
mod phrases;
mod polls;
mod redact;
mod verdict;

pub use calendar::{Interval, Law, Place};
pub use document::{Document, MOST};
pub use log::{Entry, checked, sha256};
pub use passages::{Kind, Passage};
pub use redact::{MARK, redacted};
pub use verdict::{Audience, Held, Judgement, Told, Verdict, judge};

model::settings! {
    /// How what leaves a case is judged.
    pub struct Settings in "silence", "What may be published before a vote", "Ce qui peut être publié avant un vote" {
        territory: String = "\"FR\"", "where we publish (ISO 3166): FR is metropolitan France, GP Guadeloupe",
            "où nous publions (ISO 3166) : FR pour la métropole, GP pour la Guadeloupe";
        publisher: String = "\"media\"", "who we are: candidate, media or citizen", "qui nous sommes : candidate, media ou citizen";
        names: Vec<String> = "[]", "candidates and people to know, \"First Last, alias, #hashtag\"",
            "candidats et personnes à connaître, « Prénom Nom, alias, #mot-dièse »";
    }
}
