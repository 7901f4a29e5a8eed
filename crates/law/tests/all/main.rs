//! The law as it is asked: boundary cases as data, tables, texts, copies.

mod cases;
mod copies;
mod tables;

use law::{Audience, Document, Judgement, Law};
use model::Time;
use std::sync::LazyLock;

/// Judges a text, and gives what is asked of the verdict.
fn judged<T>(
    text: &str,
    at: &str,
    territory: &str,
    who: &str,
    people: &[String],
    ask: impl FnOnce(&Judgement) -> T,
) -> T {
    static LAW: LazyLock<Law> = LazyLock::new(|| Law::embedded().expect("the calendars make sense"));
    let law = &*LAW;
    let place = law.place(territory).expect("a territory");
    let document = Document::read(text.as_bytes()).expect("a text");
    let at: Time = at.parse().unwrap_or_else(|e| panic!("{at}: {e}"));
    let who: Audience = who.parse().expect("who");
    ask(&law::judge(law, &document, at, &place, who, people).unwrap_or_else(|e| panic!("{at} {territory}: {e}")))
}
