//! Evidence with known truth, for training and measuring: a scenario file and a seed become the logs of a campaign's
//! servers, with ordinary life and attempts in them, and a `truth.json` outside; [`score`] holds findings against it.
//!
//! You may rely on: the same scenario and seed give the same bytes; no clock, no network; memory does not grow with
//! the size of the logs; attempts follow the documented definition of one attempt and never merge by accident.
//! Left out: anything that could be sent. Requests are log lines; hosts in them are under `.example` and `.test`. Names
//! in a stream of names are made by lot, or stand in the scenario with who reported them.

mod address;
mod calendar;
mod check;
mod compare;
mod daemon;
mod files;
mod format;
mod generate;
mod logins;
mod mail;
mod names;
mod pages;
mod payload;
mod plan;
mod posts;
mod random;
mod scenario;
mod score;
mod stage;
mod truth;
mod values;
mod visits;
mod web;
mod words;

pub use compare::{Comparison, Summary, compare};
pub use generate::generate;
pub use mail::{
    CountedMail, Forged, FoundReports, FoundWave, Inbox, InboxScore, Lure, Reports, Service, TrueInbox, TrueReports,
    TrueWave, Wave,
};
pub use posts::{
    Called, CountedDebate, Debate, DebateScore, Discipline, Group, RoadScore, TrueDebate, TrueGroup, TrueStep,
};
pub use scenario::Scenario;
pub use score::{Score, score};
pub use truth::{TrueAttempt, TrueChapter, TrueDecoy, TrueEvent, TrueOutage, Truth};
pub use values::Size;
pub use words::{Class, Down, Imitation, Purpose, Shape};

/// The shipped scenario: the French presidential campaign of 2017, as far as its figures were published.
pub const FRANCE_2017: &str = include_str!("../scenarios/france-2017.toml");

/// A log of a wanted size, 5 % of it hostile, for measuring throughput.
pub const THROUGHPUT: &str = include_str!("../scenarios/throughput.toml");

/// The same, 90 % hostile.
pub const FLOOD90: &str = include_str!("../scenarios/flood90.toml");

/// Three weeks of a campaign's mail with three waves of phishing in it.
pub const INBOX: &str = include_str!("../scenarios/inbox.toml");

/// A night on social networks: hidden groups, innocents who look like them, the road of a leak.
pub const DEBATE: &str = include_str!("../scenarios/debate.toml");
