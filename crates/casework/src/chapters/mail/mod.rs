//! Phishing mail: verdicts counted, waves kept whole with who followed and who reported them, and what other servers say
//! of mail in our name. You may rely on: findings come gravest first, and as many as the page shows are kept. Left out:
//! judging (crate `sensors`).

mod dmarc;
mod page;
mod texts;
mod timeline;
mod words;

use super::{Chapter, Gathering};
use crate::detail::{Detail, LISTED};
use crate::export::{Bundle, Event, Export, Indicator, Order, each};
use crate::page::{ChapterPage, Place, Section, Sentence};
use crate::{Write, fields};
use jiff::civil::Date;
use model::{Finding, Result, Severity, Time, View};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The chapter.
pub struct Mail;

impl Chapter for Mail {
    fn gather(&self) -> Box<dyn Gathering> {
        Box::<Gathered>::default()
    }

    fn indicators(&self, wave: &Finding, bundle: &mut Bundle) {
        if wave.detector != "mail/wave" {
            return;
        }
        for (kind, name) in texts::indicators(wave) {
            if let Some(pattern) = texts::pattern(kind, name) {
                bundle.each(&Indicator { finding: wave, name, pattern, phase: "initial-access" });
            }
        }
    }

    /// Senders and subjects of phishing. They can be forged: none is marked for detection.
    fn attributes(&self, message: &Finding, event: &mut Event) {
        if message.detector != "mail/phishing" {
            return;
        }
        event.of(message);
        for (key, kind) in [("from", "email-src"), ("subject", "email-subject")] {
            let value: String = fields::text(message, key).chars().take(300).collect();
            if !value.is_empty() {
                event.add("Payload delivery", kind, &value, false, message);
            }
        }
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
        make: |view, order, write| write("drill.csv", texts::drill(&of(view, order.least, "mail/wave")?).as_bytes()),
    },
];

/// The findings of a detector of mail.
fn of(view: &dyn View, least: Severity, detector: &str) -> Result<Vec<Finding>> {
    let mut all = Vec::new();
    each(view, least, &mut |finding| {
        if finding.detector == detector {
            all.push(Finding { traces: Vec::new(), ..finding });
        }
        Ok(())
    })?;
    Ok(all)
}

/// An answer for each message that somebody reported, named by its finding.
fn replies(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let waves = of(view, Severity::Info, "mail/wave")?;
    let wave_of: BTreeMap<&str, &Finding> =
        waves.iter().flat_map(|w| fields::texts(w, "messages").map(move |id| (id, w))).collect();
    each(view, order.least, &mut |f| {
        let id = f.fields.get("message_id").and_then(|v| v.as_str()).unwrap_or(&f.key);
        let wave = wave_of.get(id).copied();
        // Where the mailbox holds the message too, only the wave knows that its recipient reported it.
        let by =
            |w: &Finding| people(w).any(|p| p.reported.is_some() && fields::texts(&f, "to").any(|to| to == p.address));
        let reported = f.fields.contains_key("forwarded_by") || wave.is_some_and(by);
        if f.detector != "mail/phishing" || !reported {
            return Ok(());
        }
        // What is but quoted bears no id: a wave of its sender's is its own.
        let sender = f.fields.get("from").and_then(|v| v.as_str()).filter(|_| f.fields.contains_key("quoted"));
        let quoted = || waves.iter().find(|w| sender.is_some_and(|s| fields::texts(w, "senders").any(|w| w == s)));
        let text = texts::reply(&f, wave.or_else(quoted), order.lang);
        write(&format!("reply-{}.txt", f.id().trim_start_matches("finding--")), text.as_bytes())
    })
}

fn warnings(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    for wave in of(view, order.least, "mail/wave")? {
        let name = format!("warning-{}.md", wave.id().trim_start_matches("finding--"));
        write(&name, texts::warning(&wave, order.lang).as_bytes())?;
    }
    Ok(())
}

/// What the case says of mail.
#[derive(Debug, Default)]
struct Gathered {
    /// Waves, the gravest first.
    waves: Vec<Detail>,
    /// Messages at medium or above.
    messages: Vec<Detail>,
    /// What other servers report: who sends in our name, and how mail to us was encrypted.
    reports: Vec<Detail>,
    /// How many, by detector and severity.
    counts: BTreeMap<(String, Severity), u64>,
}

/// The page as this chapter writes on it.
type Page<'a> = ChapterPage<'a, Gathered>;

impl Gathering for Gathered {
    /// Single signs are only counted: the verdict tells them.
    fn take(&mut self, finding: Finding, day: Option<Date>, _: &mut Write) -> Result<Option<Finding>> {
        if !finding.detector.starts_with("mail/") {
            return Ok(Some(finding));
        }
        *self.counts.entry((finding.detector.to_string(), finding.severity)).or_default() += 1;
        let (list, least) = match &*finding.detector {
            "mail/wave" => (&mut self.waves, Severity::Low),
            "mail/phishing" => (&mut self.messages, Severity::Medium),
            "mail/dmarc" => (&mut self.reports, Severity::Info),
            _ => return Ok(None),
        };
        if list.len() < LISTED && finding.severity >= least {
            list.push(Detail::new(finding, day));
        }
        Ok(None)
    }

    fn details(&mut self) -> Vec<&mut Detail> {
        self.waves.iter_mut().chain(&mut self.messages).chain(&mut self.reports).collect()
    }

    /// How much phishing, and the waves and reports told on the page.
    fn figures(&self) -> Map<String, Value> {
        use Severity::{High, Low, Medium};
        let told = self.waves.iter().chain(&self.reports).map(|d| {
            let f = &d.finding;
            json!({ "id": f.id(), "detector": f.detector, "severity": f.severity, "first": f.first, "last": f.last,
                "fields": f.fields })
        });
        let all = json!({
            "phishing": self.count("mail/phishing", Medium),
            "phishing_high": self.count("mail/phishing", High),
            "waves": self.count("mail/wave", Low),
            "list": told.collect::<Value>(),
        });
        Map::from_iter([("mail".into(), all)])
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
    fn alone(&self) -> Vec<&Detail> {
        let ids: BTreeSet<&str> = self.waves.iter().flat_map(|w| fields::texts(&w.finding, "messages")).collect();
        self.messages
            .iter()
            .filter(|m| !ids.contains(m.word("message_id")) && !ids.contains(m.finding.key.as_str()))
            .collect()
    }
}

/// One recipient of a wave.
#[derive(Clone, Debug)]
struct Person<'f> {
    /// Their address.
    address: &'f str,
    /// Their team; empty where the case names none.
    team: &'f str,
    /// When the first message came.
    received: Option<Time>,
    /// When they followed it.
    followed: Option<Time>,
    /// How: `visit`, `login`, `answer`.
    how: &'f str,
    /// When they reported it.
    reported: Option<Time>,
}

fn time(value: &Value, key: &str) -> Option<Time> {
    value.get(key)?.as_str()?.parse().ok()
}

/// The recipients of a wave.
fn people(wave: &Finding) -> impl Iterator<Item = Person<'_>> {
    let all = fields::objects(wave, "people");
    all.map(|p| {
        let text = |key: &str| p.get(key).and_then(Value::as_str).unwrap_or("");
        Person {
            address: text("address"),
            team: text("team"),
            received: time(p, "received"),
            followed: time(p, "followed"),
            how: text("how"),
            reported: time(p, "reported"),
        }
    })
}
