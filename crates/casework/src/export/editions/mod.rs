//! Editions of the case for people who act on it, in Markdown: for the press, for the last hour, for a complaint, and on the
//! effect upon the vote. You may rely on: persons stand under pseudonyms; every statement with a figure names the findings it
//! rests on; what accuses somebody is marked; text of evidence is never markup. Left out: deciding, signing, sending; what may
//! be said before a vote (the program asks `law` of each edition it writes).

mod communique;
mod complaint;
mod effect;
mod press;

use super::whole::Whole;
use super::{Export, Order, markdown};
use crate::page::Marking;
use crate::story::Verb;
use crate::story::who::{percents, words};
use crate::words::Words;
use model::{Result, Severity, Text, Time, View};
use rows::story::{ChainStep, State, Step};

/// The editions.
pub static EDITIONS: [Export; 4] = [
    Export {
        name: "press",
        help: (
            "the press edition, five pages in Markdown; a folder",
            "l’édition pour la presse, cinq pages en Markdown ; un répertoire",
        ),
        least: Severity::Low,
        folder: true,
        json: false,
        opens: false,
        make: |view, order, write| write("press.md", Edition::of(view, order)?.press().as_bytes()),
    },
    Export {
        name: "communique",
        help: (
            "a communiqué for the last hour, in Markdown, held against the silence before a vote; a folder",
            "un communiqué de dernière heure, en Markdown, confronté au silence électoral ; un répertoire",
        ),
        least: Severity::Low,
        folder: true,
        json: false,
        opens: false,
        make: |view, order, write| write("communique.md", Edition::of(view, order)?.communique().as_bytes()),
    },
    Export {
        name: "complaint",
        help: (
            "a file for a complaint: facts, exhibits with their custody, articles of law; Markdown; a folder",
            "un dossier de plainte : faits, pièces et leur chaîne de conservation, articles ; Markdown ; un répertoire",
        ),
        least: Severity::Low,
        folder: true,
        json: false,
        opens: false,
        make: |view, order, write| write("complaint.md", Edition::of(view, order)?.complaint(view)?.as_bytes()),
    },
    Export {
        name: "effect",
        help: (
            "a file on the effect upon the vote, which claims none that it cannot measure; Markdown; a folder",
            "un dossier sur l’effet sur le scrutin, qui n’en affirme aucun qu’il ne mesure ; Markdown ; un répertoire",
        ),
        least: Severity::Info,
        folder: true,
        json: false,
        opens: false,
        make: |view, order, write| write("effect.md", Edition::of(view, order)?.effect().as_bytes()),
    },
];

/// An edition in the making.
struct Edition<'a> {
    whole: Whole,
    order: &'a Order<'a>,
    words: Words,
    zone: jiff::tz::TimeZone,
    tlp: &'static str,
}

impl<'a> Edition<'a> {
    fn of(view: &dyn View, order: &'a Order) -> Result<Edition<'a>> {
        let config = order.context.config;
        let tlp = Marking::read(config)?.parts().0;
        Ok(Edition { whole: Whole::of(view, order)?, words: Words(order.lang), zone: config.zone()?, tlp, order })
    }

    fn say(&self, en: &str, fr: &str) -> String {
        self.words.say(en, fr)
    }

    fn text(&self, text: &Text) -> String {
        markdown::plain(&match self.order.lang {
            model::Lang::En => text.en.clone(),
            model::Lang::Fr => model::spaced(&text.fr),
        })
    }

    fn colon(&self) -> &'static str {
        self.order.lang.colon()
    }

    fn day(&self, time: Time) -> String {
        self.words.day(time.in_zone(&self.zone).date())
    }

    fn moment(&self, time: Time) -> String {
        time.told(&self.zone)
    }

    fn name(&self) -> String {
        match self.order.context.config.name.trim() {
            "" => self.say("unnamed case", "dossier sans nom"),
            name => markdown::plain(name),
        }
    }

    /// Title, marking, date.
    fn head(&self, title: &str) -> String {
        format!(
            "# {title}\n\n{} · {} · TLP:{}\n\n",
            self.name(),
            self.say(
                &format!("as of {}", self.moment(self.order.at)),
                &format!("état au {}", self.moment(self.order.at))
            ),
            self.tlp
        )
    }

    fn found(&self, step: Step) -> Option<&ChainStep> {
        self.whole.chain.step(step).filter(|s| s.state == State::Found)
    }

    /// The findings a step rests on, by the first digits of their ids.
    fn rests(&self, step: &ChainStep) -> String {
        let short = |id: &String| format!("`{}`", id.trim_start_matches("finding--").get(..8).unwrap_or_default());
        let mut told: Vec<String> = step.findings.iter().take(3).map(short).collect();
        if step.findings.len() > 3 {
            told.push(format!("+{}", step.findings.len() - 3));
        }
        told.join(" ")
    }

    /// The chain as a table.
    fn chain(&self) -> String {
        let mut out = self.say(
            "| Step | State | Since | Until | Rests on |\n|---|---|---|---|---|\n",
            "| Étape | État | Depuis | Jusqu’au | Repose sur |\n|---|---|---|---|---|\n",
        );
        for step in &self.whole.chain.steps {
            let at = |t: Option<Time>| t.map(|t| self.moment(t)).unwrap_or_else(|| "–".into());
            out += &format!(
                "| {} | {} | {} | {} | {} |\n",
                self.text(&step.step.text()),
                self.text(&step.state.text()),
                at(step.first),
                at(step.last),
                self.rests(step)
            );
        }
        out + "\n"
    }

    /// How likely something is: words of ICD 203 and numbers.
    fn likely(&self, [low, high]: [f64; 2]) -> String {
        let (a, b) = (self.text(&words(low)), self.text(&words(high)));
        let words = if a == b { a } else { self.say(&format!("{a} to {b}"), &format!("{a} à {b}")) };
        let range = percents([low, high]);
        format!("{words} ({})", self.say(&format!("{range}%"), &format!("{range} %")))
    }

    /// What was corrected: decisions that took something back, or gave an innocent cause.
    fn corrections(&self) -> String {
        let all =
            self.order.decisions.iter().filter(|d| matches!(d.verb, Verb::Withdraw | Verb::Innocent | Verb::Apart));
        let lines: Vec<String> = all
            .map(|d| {
                format!(
                    "- {}{}{} {} – {}",
                    self.day(d.time),
                    self.colon(),
                    self.text(&d.verb.text()),
                    d.number,
                    markdown::plain(&d.reason)
                )
            })
            .collect();
        let none = self.say("None so far.", "Aucune à ce jour.");
        let head = self.say("## Corrections\n\n", "## Rectifications\n\n");
        format!("{head}{}\n\n", if lines.is_empty() { none } else { lines.join("\n") })
    }
}
