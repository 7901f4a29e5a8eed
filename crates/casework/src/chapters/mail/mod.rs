//! Phishing mail: verdicts counted, waves kept whole with who followed and who reported them, and what other servers say
//! of mail in our name. You may rely on: findings come gravest first, and as many as the page shows are kept. Left out:
//! judging (crate `sensors`).

mod dmarc;
mod page;
mod story;
mod texts;
mod timeline;
mod vocabulary;

use super::{Chapter, Gathering};
use crate::Write;
use crate::detail::{Detail, Kept};
use crate::export::{Bundle, Event, Export, Indicator, Order, each};
use crate::page::gravest::{Advice, IT, LEAD};
use crate::page::{Answer, ChapterPage, Place, Section, Sentence};
use crate::story::{Bearers, Part};
use jiff::civil::Date;
use model::{Context, Finding, Result, Severity, Text, View};
use rows::Row;
use rows::mail::dmarc::Reported;
use rows::mail::phishing::{Judged, Phishing, Suspicion};
use rows::mail::wave::Wave;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The chapter.
pub struct Mail;

impl Chapter for Mail {
    fn gather(&self) -> Box<dyn Gathering> {
        Box::<Gathered>::default()
    }

    fn part(&self, finding: &Finding, _: &Context, part: &mut Part) {
        story::part(finding, part);
    }

    fn bearers(&self, view: &dyn View, context: &Context, bearers: &mut Bearers) -> Result<()> {
        story::bearers(view, context, bearers)
    }

    fn indicators(&self, finding: &Finding, bundle: &mut Bundle) {
        let Some(wave) = of::<Wave>(finding) else { return };
        for (kind, name) in texts::indicators(&wave) {
            if let Some(pattern) = texts::pattern(kind, name) {
                bundle.each(&Indicator { finding, name, pattern, phase: "initial-access", sure: true });
            }
        }
    }

    /// Senders and subjects of phishing. They can be forged: none is marked for detection.
    fn attributes(&self, message: &Finding, event: &mut Event) {
        let Some(row) = of::<Phishing>(message) else { return };
        event.of(message);
        for (text, kind) in [(&row.message.from, "email-src"), (&row.message.subject, "email-subject")] {
            let value: String = text.chars().take(300).collect();
            if !value.is_empty() {
                event.add("Payload delivery", kind, &value, false, message);
            }
        }
    }

    fn advice(&self, finding: &Finding) -> Option<Advice> {
        if let Some(wave) = of::<Wave>(finding) {
            let (all, followed) = (wave.recipients.len(), wave.clicked.len());
            return Some(match followed {
                0 if all < 2 => Advice::new(
                    LEAD,
                    "Warn whoever got it, in its own words: `vigie export DIR --to warning`. Block where it leads.",
                    "Avertir qui l’a reçu, avec ses mots mêmes : `vigie export DIR --to warning`. Bloquer les adresses où elle mène.",
                ),
                0 => Advice::new(
                    LEAD,
                    format!(
                        "Warn the {all} who got it, in its own words: `vigie export DIR --to warning`. Block where it leads."
                    ),
                    format!(
                        "Avertir les {all} destinataires, avec ses mots mêmes : `vigie export DIR --to warning`. Bloquer les adresses où elle mène."
                    ),
                ),
                1 => Advice::new(
                    IT,
                    format!(
                        "End the sessions of the person who followed it, give a new password, look for forwarding rules; warn all {all}: `vigie export DIR --to warning`."
                    ),
                    format!(
                        "Fermer les sessions de la personne qui y a donné suite, nouveau mot de passe, chercher des règles de transfert ; avertir les {all} destinataires : `vigie export DIR --to warning`."
                    ),
                ),
                n => Advice::new(
                    IT,
                    format!(
                        "End the sessions of the {n} who followed it, give new passwords, look for forwarding rules; warn all {all}: `vigie export DIR --to warning`."
                    ),
                    format!(
                        "Fermer les sessions des {n} personnes qui y ont donné suite, nouveaux mots de passe, chercher des règles de transfert ; avertir les {all} destinataires : `vigie export DIR --to warning`."
                    ),
                ),
            });
        }
        if finding.detector == Phishing::NAME {
            let advice = Advice::new(
                LEAD,
                "Warn whoever got it, and answer whoever reported it: `vigie export DIR --to reply`.",
                "Avertir qui l’a reçu, et répondre à qui l’a signalé : `vigie export DIR --to reply`.",
            );
            return Some(advice.within(Wave::NAME));
        }
        (finding.detector == Reported::NAME).then(|| {
            Advice::new(
                IT,
                "Put your own senders in order, then ask receivers to refuse the rest (`p=quarantine`, then `p=reject`).",
                "Mettre en règle vos propres expéditeurs, puis demander aux destinataires de refuser le reste (`p=quarantine`, puis `p=reject`).",
            )
        })
    }

    fn tags(&self, finding: &Finding) -> Vec<String> {
        let followed = of::<Wave>(finding).is_some_and(|w| !w.clicked.is_empty());
        followed.then(|| "wave:followed".to_string()).into_iter().collect()
    }

    fn exports(&self) -> &'static [Export] {
        EXPORTS
    }
}

static EXPORTS: &[Export] = &[
    Export {
        name: "reply",
        help: (
            "an answer to whoever reported a message, a text each; a folder",
            "une réponse à qui a signalé un message, un texte chacune ; un répertoire",
        ),
        least: Severity::Info,
        folder: true,
        json: false,
        opens: false,
        make: replies,
    },
    Export {
        name: "warning",
        help: (
            "a warning for the staff of each wave of phishing, in Markdown; a folder",
            "un avertissement au personnel par vague d’hameçonnage, en Markdown ; un répertoire",
        ),
        least: Severity::Medium,
        folder: true,
        json: false,
        opens: false,
        make: warnings,
    },
    Export {
        name: "drill",
        help: (
            "who got, followed and reported each wave of phishing, and how fast, a table",
            "qui a reçu, suivi et signalé chaque vague d’hameçonnage, et en combien de temps, en tableau",
        ),
        least: Severity::Low,
        folder: false,
        json: false,
        opens: false,
        make: |view, order, write| write("drill.csv", texts::drill(&all::<Wave>(view, order.least)?).as_bytes()),
    },
];

/// The fields of a finding of this detector; none of another's, and of what cannot be read.
fn of<R: Row>(finding: &Finding) -> Option<R> {
    (finding.detector == R::NAME).then(|| R::of(&finding.fields).ok()).flatten()
}

/// The findings of a detector of mail, without traces.
fn all<R: Row>(view: &dyn View, least: Severity) -> Result<Vec<(Finding, R)>> {
    let mut all = Vec::new();
    each(view, least, &mut |finding| {
        if finding.detector == R::NAME {
            let row = R::of(&finding.fields)?;
            all.push((Finding { traces: Vec::new(), ..finding }, row));
        }
        Ok(())
    })?;
    Ok(all)
}

/// An answer for each message that somebody reported, named by whom it is for and by its finding. Says how many messages
/// have none, for nobody reported them.
fn replies(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let waves = all::<Wave>(view, Severity::Info)?;
    let wave_of: BTreeMap<&str, &Wave> =
        waves.iter().flat_map(|(_, w)| w.messages.iter().map(move |id| (id.as_str(), w))).collect();
    let mut unasked = 0u64;
    each(view, order.least, &mut |f| {
        if f.detector != Phishing::NAME {
            return Ok(());
        }
        let row = Phishing::of(&f.fields)?;
        let Judged { from, to, message_id, forwarded_by, quoted, .. } = &row.message;
        let wave = wave_of.get(if message_id.is_empty() { &f.key } else { message_id }.as_str()).copied();
        // Where the mailbox holds the message too, only the wave knows that its recipient reported it.
        let by = |w: &Wave| {
            w.people.iter().find(|p| p.reported.is_some() && to.contains(&p.address)).map(|p| p.address.clone())
        };
        let reporter = if forwarded_by.is_empty() { wave.and_then(by) } else { Some(forwarded_by.clone()) };
        let Some(reporter) = reporter else {
            unasked += 1;
            return Ok(());
        };
        // What is but quoted bears no id: a wave of its sender's is its own.
        let sent = |w: &&Wave| *quoted && !from.is_empty() && w.senders.contains(from);
        let wave = wave.or_else(|| waves.iter().map(|(_, w)| w).find(sent));
        let text = texts::reply(&f, &row, &reporter, wave, order.lang);
        let id = f.id();
        let name = [file_word(reporter.split('@').next().unwrap_or_default()), file_word(&row.message.subject)];
        let name = name.iter().filter(|w| !w.is_empty()).map(String::as_str).collect::<Vec<_>>().join("-");
        write(&format!("reply-{name}-{}.txt", id.trim_start_matches("finding--")), text.as_bytes())
    })?;
    if unasked > 0 {
        (order.note)(&Text::new(
            format!(
                "no answer for {unasked} messages: nobody forwarded them, and no recipient is known to have reported them"
            ),
            format!(
                "pas de réponse pour {unasked} messages : personne ne les a transférés, et aucun destinataire connu ne les a signalés"
            ),
        ));
    }
    Ok(())
}

/// A word of evidence in a file's name: letters and digits of ASCII, the first of them.
fn file_word(text: &str) -> String {
    let kept: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    kept.split_whitespace()
        .collect::<Vec<_>>()
        .join("-")
        .chars()
        .take(32)
        .collect::<String>()
        .trim_matches('-')
        .to_string()
}

fn warnings(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    for (finding, wave) in all::<Wave>(view, order.least)? {
        let id = finding.id();
        let name = format!("warning-{}.md", id.trim_start_matches("finding--"));
        write(&name, texts::warning(&id, &wave, order.lang).as_bytes())?;
    }
    Ok(())
}

/// What the case says of mail.
#[derive(Debug, Default)]
struct Gathered {
    /// Waves, the gravest first.
    waves: Vec<Kept<Wave>>,
    /// Messages at medium or above.
    messages: Vec<Kept<Phishing>>,
    /// What other servers report: who sends in our name, and how mail to us was encrypted.
    reports: Vec<Kept<Reported>>,
    /// How many, by detector and severity.
    counts: BTreeMap<(String, Severity), u64>,
}

/// The page as this chapter writes on it.
type Page<'a> = ChapterPage<'a, Gathered>;

impl Gathering for Gathered {
    /// Single signs, all of them under *high*, are left to the verdict that weighs them; what is not told here is given back.
    fn take(&mut self, finding: Finding, day: Option<Date>, _: &mut Write) -> Result<Option<Finding>> {
        let (detector, severity) = (finding.detector.to_string(), finding.severity);
        let left = match detector.as_str() {
            Wave::NAME => Kept::keep(&mut self.waves, Severity::Low, finding, day),
            Phishing::NAME => Kept::keep(&mut self.messages, Severity::Medium, finding, day),
            Reported::NAME => Kept::keep(&mut self.reports, Severity::Info, finding, day),
            sign if Suspicion::DETECTORS.contains(&sign) && severity < Severity::High => None,
            _ => Some(finding),
        };
        if left.is_none() {
            *self.counts.entry((detector, severity)).or_default() += 1;
        }
        Ok(left)
    }

    fn details(&mut self) -> Vec<&mut Detail> {
        let waves = self.waves.iter_mut().map(|t| &mut t.detail);
        let messages = self.messages.iter_mut().map(|t| &mut t.detail);
        waves.chain(messages).chain(self.reports.iter_mut().map(|t| &mut t.detail)).collect()
    }

    /// How much phishing, and the waves and reports told on the page.
    fn figures(&self) -> Map<String, Value> {
        use Severity::{High, Low, Medium};
        let told = self.waves.iter().map(|t| &t.detail).chain(self.reports.iter().map(|t| &t.detail)).map(|d| {
            let f = &d.finding;
            json!({ "id": f.id(), "detector": f.detector, "severity": f.severity, "first": f.first, "last": f.last,
                "fields": f.fields })
        });
        let all = json!({
            "phishing": self.count(Phishing::NAME, Medium),
            "phishing_high": self.count(Phishing::NAME, High),
            "waves": self.count(Wave::NAME, Low),
            "list": told.collect::<Value>(),
        });
        Map::from_iter([("mail".into(), all)])
    }

    fn answers(&self, page: &crate::page::Page) -> Vec<Answer> {
        page::answers(&Page::new(page, self))
    }

    fn sentences(&self, page: &crate::page::Page) -> Vec<Sentence> {
        let markup = (!self.waves.is_empty()).then(|| page::sentence(&Page::new(page, self)));
        markup.map(|markup| Sentence { place: Place::Body, markup }).into_iter().collect()
    }

    fn sections(&self, page: &crate::page::Page) -> Vec<Section> {
        page::section(&Page::new(page, self)).into_iter().collect()
    }
}

impl Gathered {
    /// Findings of a detector at or above a severity.
    fn count(&self, detector: &str, least: Severity) -> u64 {
        self.counts.iter().filter(|((d, s), _)| d == detector && *s >= least).map(|(_, n)| n).sum()
    }

    /// Whether nothing is worth telling.
    fn is_empty(&self) -> bool {
        self.waves.is_empty() && self.messages.is_empty() && self.reports.is_empty()
    }

    /// Messages that are of no wave kept.
    fn alone(&self) -> Vec<&Kept<Phishing>> {
        let ids: BTreeSet<&String> = self.waves.iter().flat_map(|w| &w.row.messages).collect();
        let known = |m: &Kept<Phishing>| ids.contains(&m.row.message.message_id) || ids.contains(&m.detail.finding.key);
        self.messages.iter().filter(|m| !known(m)).collect()
    }
}
