//! Evidence in, observations, tallies and findings out. One folder per kind of evidence, one line in [`SENSORS`];
//! the command line's help, `vigie explain`, the configuration reference and the brief walk that list.
//!
//! You may rely on: readers never fail on what evidence says (damage is a skip), memory is bounded whatever the size,
//! and the same bytes give the same observations in the same order whatever the number of threads.
//! Left out: opening files, the clock, the network.

mod activity;
mod alike;
pub mod attempt;
pub mod auth_log;
#[cfg(test)]
mod caps;
pub mod command;
mod contents;
pub mod documents;
pub mod domain;
mod hearing;
pub mod input;
pub mod mail;
mod month;
pub mod names;
pub mod origin;
pub mod posts;
pub mod reach;
mod read;
mod sensor;
pub mod sigma;
pub mod sign_in;
pub mod sources;
pub mod station_minutes;
pub mod testing;
pub mod unknown;
pub mod web_log;
pub mod windows_event;

pub use command::Command;
pub use contents::{Content, LONGEST, contents};
pub use read::{Reading, named_day, open, read, reading};
pub use sensor::{
    Behind, Detector, Drilled, Isolation, Proposal, Scope, Sensor, Specification, Verdict, behind, mask, recognise,
    withheld,
};

/// Every kind of evidence Vigie reads. To add one: a folder beside these, and its line here.
pub static SENSORS: &[&dyn Sensor] = &[
    &web_log::WebLog,
    &auth_log::AuthLog,
    &names::Names,
    &mail::Mail,
    &posts::Posts,
    &station_minutes::StationMinutes,
    &reach::Reach,
    &documents::Documents,
    &sign_in::SignIn,
    &windows_event::WindowsEvent,
    &sigma::Sigma,
];

/// The sensor of a name.
pub fn sensor(name: &str) -> Option<&'static dyn Sensor> {
    SENSORS.iter().copied().find(|s| s.name() == name)
}

/// The detector of an id (`web_log/attempt`).
pub fn detector(id: &str) -> Option<&'static dyn Detector> {
    SENSORS.iter().flat_map(|s| s.detectors()).copied().find(|d| d.id() == id)
}
