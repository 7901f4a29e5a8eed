//! The inboxes of a campaign's staff with known truth: ordinary mail in French and English (colleagues' threads, the
//! press, volunteers, newsletters, notices of services), waves of phishing hidden in it, and what other servers report of
//! mail in the campaign's name.
//!
//! You may rely on: the same scenario and seed give the same bytes; every person, address and text is made up, hosts are
//! under `.example`, nothing in a lure works or could. Left out: signatures (the receiving server's
//! `Authentication-Results` stand for them), other mailboxes than the staff's.

mod lures;
mod message;
mod ordinary;
mod reports;
mod score;

pub use reports::{Forged, Reports, Service, TrueReports};
pub use score::{CountedMail, FoundMail, FoundReports, FoundWave, InboxScore};

use super::Part;
use crate::calendar::Period;
use crate::case::Case;
use crate::evidence::{Evidence, TrueDecoy};
use crate::measure::{Hidden, Row, Sheet};
use crate::random::Random;
use crate::stage::Stage;
use crate::values::When;
use jiff::tz::TimeZone;
use message::{Message, Person};
use model::{Error, Finding, Result, Text, Time};
use serde::{Deserialize, Serialize};

/// The table of a scenario.
#[derive(Clone, Debug, Deserialize)]
pub struct Tables {
    /// `[mail]`.
    #[serde(rename = "mail")]
    pub inbox: Option<Inbox>,
}

/// `[mail]` of a scenario.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbox {
    /// From when.
    pub from: When,
    /// Until when.
    pub to: When,
    /// Ordinary messages.
    pub messages: u64,
    /// People of the staff, each with an address at the mail domain of `[logins]`.
    pub staff: u64,
    /// Waves.
    #[serde(default)]
    pub waves: Vec<Wave>,
    /// What other servers report.
    pub reports: Option<Reports>,
}

/// A wave of phishing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wave {
    /// What the truth calls it.
    pub name: String,
    /// What it wants.
    pub lure: Lure,
    /// When the first message comes.
    pub at: When,
    /// Hours until the last.
    pub hours: u64,
    /// How many of the staff get one.
    pub recipients: u64,
    /// How many of them follow it; they show in `webmail.access.log`.
    #[serde(default)]
    pub clicks: u64,
    /// The decoy that its links lead to; one of `[[names.decoys]]`, so that both meet. One of its own where it is empty.
    #[serde(default)]
    pub decoy: String,
}

/// What a wave wants.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lure {
    /// A password, on a page at a decoy address.
    Credentials,
    /// That an attached page be opened, with a form in it.
    Attachment,
    /// An answer: somebody writes under the name of the chief of staff.
    Impersonation,
}

/// The mail's key of `truth.json`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueMail {
    /// The staff's mail.
    #[serde(rename = "mail", default, skip_serializing_if = "Option::is_none")]
    pub inbox: Option<TrueInbox>,
}

/// What really happened.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct TrueInbox {
    /// Messages written.
    pub messages: u64,
    /// Waves.
    pub waves: Vec<TrueWave>,
    /// Mail in the campaign's name, as other servers report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reports: Option<TrueReports>,
}

/// One wave.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueWave {
    /// Its name.
    pub name: String,
    /// What it wants.
    pub lure: Lure,
    /// Its messages, by `Message-ID` without brackets.
    pub messages: Vec<String>,
    /// Addresses it was sent to, sorted.
    pub recipients: Vec<String>,
    /// Addresses that followed it, sorted.
    pub clicked: Vec<String>,
    /// The decoy it leads to, where the scenario names one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub decoy: String,
    /// First message.
    pub first: Time,
    /// Last message.
    pub last: Time,
}

/// Mail being made.
struct Office {
    domain: String,
    staff: Vec<Person>,
    from: i64,
    to: i64,
    messages: Vec<Message>,
    /// Lines of the webmail's access log with their second.
    visits: Vec<(i64, String)>,
}

/// How good findings are, where the exercise has mail.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MailScore {
    /// Messages called phishing.
    #[serde(rename = "mail", skip_serializing_if = "Option::is_none")]
    pub inbox: Option<InboxScore>,
}

/// Phishing mail, where the exercise has mail.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MailCounts {
    /// Found or true.
    #[serde(rename = "mail", skip_serializing_if = "Option::is_none")]
    pub inbox: Option<CountedMail>,
}

/// The part.
pub struct Mail;

impl Part for Mail {
    type Tables = Tables;
    type Truth = TrueMail;
    type Found = FoundMail;
    type Score = MailScore;
    type Counts = MailCounts;

    fn check(tables: &Tables, stage: &Stage, _: &str) -> Result<()> {
        tables.inbox.iter().try_for_each(|inbox| check(inbox, &stage.period))
    }

    fn write(tables: &Tables, stage: &Stage, evidence: &mut Evidence) -> Result<TrueMail> {
        let Some(inbox) = &tables.inbox else { return Ok(TrueMail { inbox: None }) };
        let truth = write(inbox, stage, evidence)?;
        evidence.decoys.extend(decoys(&truth, &stage.mail_domain));
        let asked = truth.waves.iter().filter(|w| w.lure == Lure::Credentials);
        evidence.lured.extend(asked.flat_map(|w| w.clicked.iter().map(|who| (who.clone(), w.last))));
        evidence.lured.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        Ok(TrueMail { inbox: Some(truth) })
    }

    /// The chief of staff is in view, and the receiving server is believed.
    fn case(tables: &Tables, stage: &Stage, case: &mut Case) {
        if tables.inbox.is_some() {
            case.people.insert(CHIEF.into());
            case.mail.push(format!("trusted = [\"mx.{}\"]", stage.mail_domain));
        }
    }

    fn hidden(truth: &TrueMail) -> Vec<Hidden> {
        let messages = truth.inbox.iter().flat_map(|i| &i.waves).map(|w| w.messages.len() as u64).sum();
        let what = Text::new("messages of phishing", "messages d’hameçonnage");
        vec![Hidden { key: "phishing", count: messages, what }]
    }

    fn take(found: &mut FoundMail, finding: &Finding) {
        found.take(finding);
    }

    fn score(found: &FoundMail, truth: &TrueMail) -> MailScore {
        MailScore { inbox: truth.inbox.as_ref().map(|t| found.score(t)) }
    }

    fn show(score: &MailScore, sheet: &mut Sheet) {
        score.inbox.iter().for_each(|s| s.show(sheet));
    }

    fn found(found: &FoundMail, truth: &TrueMail, _: &TimeZone) -> MailCounts {
        MailCounts { inbox: truth.inbox.as_ref().map(|_| found.counted()) }
    }

    fn truth(truth: &TrueMail, _: &TimeZone) -> MailCounts {
        MailCounts { inbox: truth.inbox.as_ref().map(CountedMail::of) }
    }

    fn rows(found: &MailCounts, truth: &MailCounts) -> Vec<Row> {
        let (Some(found), Some(truth)) = (&found.inbox, &truth.inbox) else { return Vec::new() };
        let row = |en, fr, of: fn(&CountedMail) -> u64| Row::count(en, fr, [of(found), of(truth)]);
        let mut rows = vec![
            Row::head("Phishing mail", "Courriels d’hameçonnage"),
            row("  messages", "  messages", |m| m.phishing),
            row("  waves", "  vagues", |m| m.waves),
            row("  messages in waves", "  messages dans les vagues", |m| m.in_waves),
        ];
        if truth.followed > 0 {
            let (en, fr) = ("  people who followed one", "  personnes qui y ont donné suite");
            rows.push(row(en, fr, |m| m.followed));
        }
        if truth.forged > 0 {
            let en = "  messages forged in our name (reports)";
            rows.push(row(en, "  messages forgés en notre nom (rapports)", |m| m.forged));
        }
        rows
    }
}

/// Addresses of the staff, the chief's first; other parts have the same people.
pub(crate) fn staff(count: u64, domain: &str, random: &mut Random) -> Vec<String> {
    message::staff(count, domain, random).into_iter().map(|p| p.address).collect()
}

/// Writes `staff.mbox` and `webmail.access.log`, and reports.
fn write(inbox: &Inbox, stage: &Stage, evidence: &mut Evidence) -> Result<TrueInbox> {
    let (domain, period) = (&stage.mail_domain, &stage.period);
    let staff = message::staff(inbox.staff, domain, &mut stage.random("staff", 0));
    let mut office = Office {
        domain: domain.clone(),
        staff,
        from: inbox.from.start(&period.zone),
        to: inbox.to.end(&period.zone),
        messages: Vec::new(),
        visits: Vec::new(),
    };
    ordinary::fill(&mut office, inbox.messages, &mut stage.random("mail", 0));
    let mut truth = TrueInbox::default();
    for (n, wave) in inbox.waves.iter().enumerate() {
        let start = wave.at.start(&period.zone);
        truth.waves.push(lures::send(&mut office, wave, start, &mut stage.random("wave", n as u64)));
    }
    truth.messages = office.messages.len() as u64;
    office.messages.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let mut mbox = Vec::new();
    office.messages.iter().for_each(|m| m.write(&office.domain, &mut mbox));
    office.visits.sort();
    let log: String = office.visits.iter().map(|(_, line)| format!("{line}\n")).collect();
    evidence.file("staff.mbox", &mbox)?;
    evidence.file("webmail.access.log", log.as_bytes())?;
    if let Some(told) = &inbox.reports {
        truth.reports = Some(reports::write(told, (office.from, office.to), stage, evidence)?);
    }
    Ok(truth)
}

/// The decoy addresses that waves write from and lead to: they are to be found too.
fn decoys(truth: &TrueInbox, domain: &str) -> Vec<TrueDecoy> {
    let brand = domain.split('.').next().unwrap_or_default();
    let of = |wave: &TrueWave| -> Vec<String> {
        match wave.lure {
            Lure::Credentials if !wave.decoy.is_empty() => vec![wave.decoy.clone()],
            Lure::Credentials => vec![format!("onedrive-{brand}.example")],
            Lure::Attachment => vec![format!("accounts-{brand}.example"), format!("facture-{brand}.example")],
            Lure::Impersonation => vec![format!("{brand}-equipe.example")],
        }
    };
    let decoy = |name: String, first| TrueDecoy {
        host: name.clone(),
        name,
        imitates: domain.into(),
        technique: "compound".into(),
        hand: String::new(),
        first,
    };
    let mut all: Vec<_> = truth.waves.iter().flat_map(|w| of(w).into_iter().map(|n| decoy(n, w.first))).collect();
    all.sort_by(|a, b| (&a.name, a.first).cmp(&(&b.name, b.first)));
    all.dedup_by(|b, a| a.name == b.name);
    all
}

/// The person in whose name lures are written.
const CHIEF: &str = "Hélène Marchand";

/// Checks `[mail]`.
fn check(inbox: &Inbox, period: &Period) -> Result<()> {
    let wrong = |what: &str, hint: &str| Err(Error::new(format!("`[mail]` is not usable: {what}")).hint(hint));
    let (from, to) = (inbox.from.start(&period.zone), inbox.to.end(&period.zone));
    if to - from < 3600 {
        return wrong("it lasts less than an hour", "set `from` and `to`");
    }
    if inbox.messages > 1_000_000 || !(2..=10_000).contains(&inbox.staff) {
        return wrong("too many messages, or too few or too many people", "1 million messages, 2 to 10,000 people");
    }
    if let Some(told) = &inbox.reports {
        let start = told.forged.at.start(&period.zone);
        if start < from || start + told.forged.days as i64 * 86_400 > to || told.forged.days == 0 {
            return wrong(
                "the forged mail of `[mail.reports]` lies outside",
                "set `at` and `days` within `from` and `to`",
            );
        }
        if told.forged.countries.is_empty() || told.forged.sources > 10_000 {
            return wrong(
                "`[mail.reports]` names no country, or too many sources",
                "1 country or more, 10,000 sources at most",
            );
        }
    }
    for wave in &inbox.waves {
        let start = wave.at.start(&period.zone);
        let name = &wave.name;
        if wave.recipients > inbox.staff || wave.clicks > wave.recipients {
            return wrong(
                &format!("wave `{name}` reaches more people than there are"),
                "lower `recipients` or `clicks`",
            );
        }
        if start < from || start + wave.hours as i64 * 3600 > to || wave.hours == 0 || wave.hours > 10_000 {
            return wrong(&format!("wave `{name}` lies outside"), "set `at` and `hours` within `from` and `to`");
        }
    }
    Ok(())
}
