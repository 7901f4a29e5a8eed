//! The guide, filled in, as one page of HTML without script and without any request.

use crate::answers::Level;
use crate::report::{Report, State};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use model::Lang;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}\
h1,h2{line-height:1.2}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #ddd}\
.n{text-align:right}.no{background:#fde8e4}.quiet{color:#5a5a5a}@media print{body{margin:0}}";

/// The page.
#[must_use]
pub fn page(report: &Report, case: &str, lang: Lang) -> String {
    let say = |en: &'static str, fr: &'static str| lang.of(en, fr);
    let title = say("Are we ready?", "Sommes-nous prêts\u{202f}?");
    let percent = |score: Option<u64>| {
        score.map_or_else(
            || "–".to_string(),
            |n| if lang == Lang::Fr { format!("{n}\u{202f}%") } else { format!("{n}%") },
        )
    };
    let markup = html! {
        (DOCTYPE)
        html lang=(lang.of("en", "fr")) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (title) " – " (case) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                p { (case) }
                p { strong { (percent(report.score)) } " · " (report.answered) " / " (report.all) " " (say("measures answered; unanswered is not no", "mesures renseignées\u{202f}; sans réponse ne veut pas dire non")) }
                h2 { (say("First things first", "D’abord")) }
                table {
                    thead { tr {
                        th { "№" } th { (say("what", "quoi")) } th { (say("from, to", "de, à")) } th { (say("seen", "vu")) } th { (say("who, until", "qui, pour quand")) }
                    } }
                    tbody { @for s in &report.plan { tr {
                        td { (s.measure.id) } td { (s.measure.title.get(lang)) } td { (word(s.level, lang)) " → " (word(s.to, lang)) }
                        td.n { @if s.seen > 0 { (s.seen) } } td { (s.owner) " " (s.due) }
                    } } }
                }
                @if !report.ask.is_empty() {
                    h2 { (say("To be asked", "À demander")) }
                    ul { @for m in &report.ask { li { (m.id) " " (m.title.get(lang)) } } }
                }
                @if !report.events.is_empty() { (events(report, lang)) }
                @for c in &report.chapters {
                    h2 { (c.chapter.id) " – " (c.chapter.name.get(lang)) " · " (percent(c.score)) }
                    table { tbody {
                        @for s in report.measures.iter().filter(|s| s.measure.chapter == c.chapter.id) { (measure(s, lang)) }
                    } }
                }
            }
        }
    };
    markup.into_string()
}

fn measure(s: &State, lang: Lang) -> Markup {
    let level = s.level.map_or_else(|| lang.of("not answered", "sans réponse").to_string(), |l| word(l, lang));
    html! {
        tr.no[s.level == Some(Level::No)] {
            td { (s.measure.id) }
            td {
                strong { (s.measure.title.get(lang)) }
                @for question in [&s.measure.standard, &s.measure.reinforced].into_iter().flatten() { br; (question.get(lang)) }
                @for fact in &s.facts { br; span.quiet { (lang.of("The case: ", "Le dossier\u{202f}: ")) (fact.text.get(lang)) } }
                @for a in &s.answers { @if !(a.who.is_empty() && a.note.is_empty() && a.evidence.is_empty()) {
                    br; span.quiet { (a.who) " " (a.level.map_or_else(String::new, |l| word(l, lang))) " " (a.note) " " (a.evidence.join(", ")) }
                } }
                @if !s.measure.cpg.is_empty() { br; span.quiet { "CISA CPG " (s.measure.cpg.join(", ")) } }
                @if let Some(source) = &s.measure.source { br; span.quiet { (source) } }
            }
            td {
                (level)
                @if s.automatic { br; span.quiet { (lang.of("by the case", "par le dossier")) } }
                @if s.doubted { br; span.quiet { (lang.of("lowered: the case speaks against the answer", "abaissé\u{202f}: le dossier contredit la réponse")) } }
            }
        }
    }
}

fn word(level: Level, lang: Lang) -> String {
    level.text().get(lang).to_string()
}

fn events(report: &Report, lang: Lang) -> Markup {
    let say = |en: &'static str, fr: &'static str| lang.of(en, fr);
    html! {
        h2 { (say("Seminars and drills", "Séminaires et exercices")) }
        table {
            thead { tr {
                th { (say("what, when", "quoi, quand")) } th { (say("team", "équipe")) } th.n { (say("invited", "invités")) } th.n { (say("declined", "déclinés")) }
                th.n { (say("came", "venus")) } th.n { (say("passed", "réussi")) } th.n { (say("reported", "signalé")) }
            } }
            tbody { @for e in &report.events { @for (t, _) in &e.teams { tr {
                td { (e.event.name) " " (e.event.day) @if e.automatic { " " span.quiet { (say("seen in the case", "vu dans le dossier")) } } }
                td { (t.team) } td.n { (t.invited) } td.n { (t.declined) } td.n { (t.came) } td.n { (t.passed) } td.n { (t.reported) }
            } } } }
        }
    }
}
