//! What a campaign's servers log, with known truth: web sites with their visitors, logins of staff, attempts among them,
//! and outages. Web and login logs are one part, for an attempt may go on in both.
//!
//! You may rely on: memory does not grow with the size of the logs; attempts follow the documented definition of one
//! attempt and never merge by accident. Left out: anything that could be sent; requests are log lines.

mod actors;
mod check;
mod count;
mod daemon;
mod format;
mod habit;
mod logins;
mod pages;
mod payload;
mod plan;
mod score;
mod tables;
mod truth;
mod visits;
mod vocabulary;
mod web;

pub use count::{Counted, CountedLogs, Outage};
pub use score::{ClassRate, FoundLogs, LogsScore};
pub use tables::{Block, Chapter, Logins, Ordinary, Page, PlannedOutage, Site, Tables};
pub use truth::{TrueAttempt, TrueChapter, TrueLogs, TrueOutage};
pub use vocabulary::{Class, Down, Format, Purpose, Shape, Syslog};

use super::Part;
use crate::address::{Addresses, Country, two_letters};
use crate::case::Case;
use crate::evidence::Evidence;
use crate::measure::{Hidden, Row, Sheet};
use crate::stage::Stage;
use check::mean_requests;
use habit::Habit;
use jiff::tz::TimeZone;
use logins::{LOGS, Watch};
use model::{Finding, Result, Text};
use plan::plan;
use std::collections::BTreeSet;
use visits::Public;
use web::Web;

/// The part.
pub struct Logs;

impl Part for Logs {
    type Tables = Tables;
    type Truth = TrueLogs;
    type Found = FoundLogs;
    type Score = LogsScore;
    type Counts = CountedLogs;

    /// The domain of staff's logins is that of the campaign's mail.
    fn set(tables: &Tables, stage: &mut Stage) {
        stage.mail_domain.clone_from(&tables.logins.domain);
    }

    fn check(tables: &Tables, stage: &Stage, text: &str) -> Result<()> {
        check::check(tables, stage, text)
    }

    fn write(t: &Tables, stage: &Stage, evidence: &mut Evidence) -> Result<TrueLogs> {
        let (period, seed) = (&stage.period, stage.seed);
        let addresses = Addresses::of(countries(t))?;
        let habit = Habit::new(&t.ordinary, &stage.events, &period.zone);
        let (per_day, scale) = amounts(t, stage, &habit);
        let plan = plan(t, period, &addresses, scale, seed)?;
        let weights: f64 = t.sites.iter().map(|site| site.weight).sum();
        for (number, site) in t.sites.iter().enumerate() {
            let name = format!("{}.access.log", site.name);
            let mut log = evidence.log(&name, (site.rotation, site.compression), stage);
            let mut random = stage.random(&site.name, 1);
            let public = Public::new(&t.ordinary, &addresses, &site.host, &mut random);
            let requests = per_day * site.weight / weights;
            let web = Web { site, number, period, plan: &plan, habit: &habit, requests, seed };
            web.write(&public, &mut log)?;
            evidence.finish(&name, log)?;
        }
        let l = &t.logins;
        let watch = Watch { logins: l, period, plan: &plan, addresses: &addresses, home: home(t), seed };
        for (name, services) in LOGS {
            let ordinary = match services[0] {
                Purpose::Ssh => l.ssh_per_day,
                Purpose::Smtp => l.mail_per_day,
                Purpose::Ftp => l.ftp_per_day,
                Purpose::Postgresql => l.database_per_day,
                _ => 0.0,
            };
            let tried = plan.attempts.iter().any(|a| services.contains(&a.truth.purpose));
            if tried || ordinary > 0.0 {
                let mut log = evidence.log(name, (l.rotation, l.compression), stage);
                watch.write(name, services, &mut log)?;
                evidence.finish(name, log)?;
            }
        }
        Ok(TrueLogs {
            chapters: t.chapters.iter().map(|c| TrueChapter::of(c, &period.zone)).collect(),
            outages: plan.outages.iter().map(|o| o.truth(t)).collect(),
            attempts: plan.attempts.into_iter().map(|a| a.truth).collect(),
        })
    }

    /// The sites first: the first domain is the one that web logs without a virtual host are of.
    fn case(tables: &Tables, _: &Stage, case: &mut Case) {
        let hosts: BTreeSet<&String> = tables.sites.iter().map(|site| &site.host).collect();
        case.domains.extend(hosts.into_iter().cloned());
    }

    fn hidden(truth: &TrueLogs) -> Vec<Hidden> {
        let attempts = Text::new("attempts", "tentatives");
        let outages = Text::new("outages", "pannes");
        vec![
            Hidden { key: "attempts", count: truth.attempts.len() as u64, what: attempts },
            Hidden { key: "outages", count: truth.outages.len() as u64, what: outages },
        ]
    }

    fn take(found: &mut FoundLogs, finding: &Finding) {
        found.take(finding);
    }

    fn score(found: &FoundLogs, truth: &TrueLogs) -> LogsScore {
        score::score(found, truth)
    }

    fn show(score: &LogsScore, sheet: &mut Sheet) {
        score.show(sheet);
    }

    fn found(found: &FoundLogs, truth: &TrueLogs, zone: &TimeZone) -> CountedLogs {
        count::found(found, truth, zone)
    }

    fn truth(truth: &TrueLogs, zone: &TimeZone) -> CountedLogs {
        count::truth(truth, zone)
    }

    fn rows(found: &CountedLogs, truth: &CountedLogs) -> Vec<Row> {
        count::rows(found, truth)
    }
}

fn countries(t: &Tables) -> BTreeSet<Country> {
    let attempts = t.attempts.iter().flat_map(|b| b.country.0.iter().map(|(c, _)| c.0));
    attempts.chain(t.ordinary.countries.keys().filter_map(|c| two_letters(c))).collect()
}

/// Where most visitors live, and the staff.
fn home(t: &Tables) -> Country {
    let most = t.ordinary.countries.iter().max_by(|a, b| a.1.total_cmp(b.1));
    most.and_then(|(c, _)| two_letters(c)).unwrap_or(*b"FR")
}

/// Requests on a day of weight 1, and what the counts of attempts are multiplied by.
fn amounts(t: &Tables, stage: &Stage, habit: &Habit) -> (f64, f64) {
    let Some(size) = stage.size else { return (t.ordinary.requests_per_day, 1.0) };
    let weights: f64 = t.sites.iter().map(|site| site.weight).sum();
    let mean = |of: fn(Format) -> f64| t.sites.iter().map(|site| of(site.format) * site.weight).sum::<f64>() / weights;
    let web = t.attempts.iter().filter(|b| matches!(b.service, Purpose::Web | Purpose::WebLogin));
    let hostile: f64 = web.map(|b| b.count as f64 * mean_requests(b)).sum();
    let share = if hostile > 0.0 { t.hostile_share.unwrap_or(0.0) } else { 0.0 };
    let lines = size.0 as f64 / (mean(|f| line(f).0) * (1.0 - share) + mean(|f| line(f).1) * share);
    let scale = if share > 0.0 { lines * share / hostile } else { 1.0 };
    (lines * (1.0 - share) / habit.days(&stage.period), scale)
}

/// Bytes of an ordinary and of a hostile line, on average, as measured; only the accuracy of `size` hangs on them.
fn line(format: Format) -> (f64, f64) {
    match format {
        Format::Combined => (262.0, 171.0),
        Format::VhostCombined => (287.0, 196.0),
        Format::NginxJson => (430.0, 330.0),
        Format::CaddyJson => (520.0, 450.0),
        Format::W3c => (270.0, 210.0),
    }
}
