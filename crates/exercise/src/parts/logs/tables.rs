//! What a scenario says of logs: sites and their visitors, logins, attempts, outages. Left out: what such a table must be
//! beyond its grammar, which is in `check`.

use super::vocabulary::{Class, Down, Format, Purpose, Shape, Syslog};
use crate::files::{Compression, Rotation};
use crate::values::{CountryCode, Curve, Weights, When};
use model::Outcome;
use std::collections::BTreeMap;

/// The tables that say what a campaign's servers log.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Tables {
    /// With `size`: the share of web log lines that belong to attempts.
    #[serde(default)]
    pub hostile_share: Option<f64>,
    /// Web sites, one log each.
    #[serde(default)]
    pub sites: Vec<Site>,
    /// Ordinary web traffic.
    #[serde(default)]
    pub ordinary: Ordinary,
    /// System and database logs.
    #[serde(default)]
    pub logins: Logins,
    /// Attempts.
    #[serde(default)]
    pub attempts: Vec<Block>,
    /// Outages.
    #[serde(default)]
    pub outages: Vec<PlannedOutage>,
    /// What found and truth are compared over.
    #[serde(default)]
    pub chapters: Vec<Chapter>,
}

/// A web site and its log.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// The log is called `<name>.access.log`.
    pub name: String,
    /// Virtual host.
    pub host: String,
    /// Format of the log.
    #[serde(default)]
    pub format: Format,
    /// When it is rotated.
    #[serde(default)]
    pub rotation: Rotation,
    /// How rotated logs are compressed.
    #[serde(default)]
    pub compression: Compression,
    /// Its part of the ordinary traffic.
    #[serde(default = "one")]
    pub weight: f64,
}

/// Ordinary web traffic, all sites together.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ordinary {
    /// Requests on a day of weight 1.
    pub requests_per_day: f64,
    /// Weights of the 24 hours.
    pub hours: Vec<f64>,
    /// Weights of the days, Monday first.
    pub weekdays: Vec<f64>,
    /// Weight over the period, straight lines between points.
    pub curve: Vec<(When, f64)>,
    /// Where visitors live, by weight.
    pub countries: BTreeMap<String, f64>,
    /// Share of visitors with IPv6.
    pub ipv6: f64,
    /// Share of requests that crawlers make.
    pub crawlers: f64,
    /// Share of visits that follow a dead link.
    pub broken_links: f64,
    /// Share of pages that fail for a moment (500).
    pub errors: f64,
    /// When newsletters go out; each doubles the traffic of its first hour and fades over a day.
    pub newsletters: Vec<When>,
    /// Minutes between the checks of a monitoring service; 0 for none.
    pub monitoring_minutes: u64,
    /// Logins of staff to the site's administration each day.
    pub staff_logins_per_day: f64,
    /// Pages beside, or in place of, the usual ones.
    pub pages: Vec<Page>,
}

/// A page.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Path and query; `{n}` becomes a number, `{slug}` words, `{q}` something a visitor would search for.
    pub path: String,
    /// How often, against other pages.
    #[serde(default = "one")]
    pub weight: f64,
    /// Its usual size.
    #[serde(default = "page_bytes")]
    pub bytes: u64,
}

/// System and database logs. Attempts on a service write to its log even where nobody ordinarily logs in.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Logins {
    /// The host's name in the logs.
    pub host: String,
    /// Stamp of `auth.log` and `mail.log`.
    pub format: Syslog,
    /// When the logs are rotated.
    pub rotation: Rotation,
    /// How rotated logs are compressed.
    pub compression: Compression,
    /// Accounts that may log in.
    pub staff: Vec<String>,
    /// Mail domain.
    pub domain: String,
    /// ssh logins of staff each day.
    pub ssh_per_day: f64,
    /// Mail logins of staff each day.
    pub mail_per_day: f64,
    /// FTP logins each day.
    pub ftp_per_day: f64,
    /// Database sessions logged each day.
    pub database_per_day: f64,
}

/// A block of like attempts.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// A name that outages and people can refer to.
    #[serde(default)]
    pub label: String,
    /// Classes: one, several alike, or by weight.
    pub classes: Weights<Class>,
    /// How many classes one attempt mixes.
    #[serde(default = "one_class")]
    pub mix: usize,
    /// The service tried; the web site's pages where it is not given.
    #[serde(default = "web")]
    pub service: Purpose,
    /// How many attempts.
    pub count: u64,
    /// From when; the scenario's own period where it is not given.
    pub from: Option<When>,
    /// Until when; a day without an hour is included.
    pub to: Option<When>,
    /// Where from: one country, several alike, or by weight. Weights are shared out exactly.
    pub country: Weights<CountryCode>,
    /// Share of attempts from IPv6.
    #[serde(default)]
    pub ipv6: f64,
    /// How many a day, over the period.
    #[serde(default)]
    pub curve: Curve,
    /// Shape: one, several alike, or by weight.
    #[serde(default = "burst")]
    pub shape: Weights<Shape>,
    /// Requests of one attempt, least and most.
    pub requests: Option<(u64, u64)>,
    /// Outcome: one, several alike, or by weight.
    #[serde(default = "refused")]
    pub outcome: Weights<Outcome>,
    /// Which site, by `name`; any, by weight, where it is not given.
    #[serde(default)]
    pub site: String,
}

/// An outage.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedOutage {
    /// Which site, by `name`; all where it is not given.
    #[serde(default)]
    pub site: String,
    /// When it begins.
    pub start: When,
    /// How long.
    pub minutes: u64,
    /// How the site goes down.
    pub kind: Down,
    /// Labels of attempts that came before it.
    #[serde(default)]
    pub preceded_by: Vec<String>,
}

/// A stretch of time over which found and truth are compared.
#[derive(Clone, Debug, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// Its name in JSON.
    pub name: String,
    /// For people.
    pub title: model::Text,
    /// From when.
    #[serde(serialize_with = "as_text")]
    pub from: When,
    /// Until when; a day without an hour is included.
    #[serde(serialize_with = "as_text")]
    pub to: When,
    /// Only attempts on these services; all where empty.
    #[serde(default)]
    pub services: Vec<Purpose>,
}

fn as_text<S: serde::Serializer>(when: &When, s: S) -> std::result::Result<S::Ok, S::Error> {
    s.collect_str(when)
}

fn one() -> f64 {
    1.0
}
fn one_class() -> usize {
    1
}
fn page_bytes() -> u64 {
    20_000
}
fn web() -> Purpose {
    Purpose::Web
}
fn burst() -> Weights<Shape> {
    Weights(vec![(Shape::Burst, 1.0)])
}
fn refused() -> Weights<Outcome> {
    Weights(vec![(Outcome::Refused, 1.0)])
}

impl Default for Ordinary {
    fn default() -> Ordinary {
        let hours = [9, 5, 3, 2, 2, 4, 12, 28, 46, 54, 56, 54, 58, 56, 52, 50, 50, 54, 62, 66, 70, 62, 40, 20];
        Ordinary {
            requests_per_day: 0.0,
            hours: hours.map(f64::from).to_vec(),
            weekdays: vec![1.05, 1.1, 1.05, 1.05, 1.0, 0.85, 0.9],
            curve: Vec::new(),
            countries: BTreeMap::from([("FR".into(), 1.0)]),
            ipv6: 0.0,
            crawlers: 0.06,
            broken_links: 0.02,
            errors: 0.00005,
            newsletters: Vec::new(),
            monitoring_minutes: 5,
            staff_logins_per_day: 4.0,
            pages: Vec::new(),
        }
    }
}

impl Default for Logins {
    fn default() -> Logins {
        Logins {
            host: "srv1".into(),
            format: Syslog::Rfc3164,
            rotation: Rotation::None,
            compression: Compression::None,
            staff: ["anna", "bilal", "claire", "david", "elise"].map(String::from).to_vec(),
            domain: "campaign.example".into(),
            ssh_per_day: 0.0,
            mail_per_day: 0.0,
            ftp_per_day: 0.0,
            database_per_day: 0.0,
        }
    }
}
