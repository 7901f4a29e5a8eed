//! Station minutes and published results: tables of counts at any level, snapshots of them, minutes that somebody
//! collected; where they do not agree, and how much of the result is confirmed.
//!
//! You may rely on: a row that is not understood is told; the kernel is `recount`, which opens nothing; the command
//! `vigie recount` and the detectors say the same of the same files. Left out: what happens before the count, and votes cast
//! online or by machine: minutes of paper ballots cannot show them.

mod audit;
mod command;
mod coverage;
mod discrepancy;
mod forensics;
mod json;
pub mod read;
mod sealed;
pub mod settings;
mod told;
mod typing;

use crate::input::Input;
use crate::{Command, Detector, Sensor};
use model::{Config, Context, Result, Settings as _, Sink, Table};
use rows::Shape;
use rows::station_minutes::Table as Counts;

/// Station minutes and results.
pub struct StationMinutes;

/// What detectors read.
const INPUTS: &[&str] = &[<Counts as rows::Row>::NAME];

/// How sure a table of counts is at most.
const SUREST: u8 = 95;

impl Sensor for StationMinutes {
    fn name(&self) -> &'static str {
        "station_minutes"
    }

    fn formats(&self) -> &'static [&'static str] {
        &[
            "results by area at any level (CSV, sheets of workbooks), as ministries and offices publish them",
            "minutes of stations, typed or collected (CSV with a column `collector`, or `minutes` or `pv` in its name)",
            "election results of NIST's Common Data Format, version 2 (JSON)",
            "results as JSON: lists of records, or objects with registered, voters, valid and votes by candidate",
        ]
    }

    fn recognise(&self, head: &[u8], _context: &Context) -> u8 {
        read::sniff(head).min(SUREST)
    }

    fn surest(&self, _head: &[u8]) -> u8 {
        SUREST
    }

    fn read(&self, input: &mut Input, _context: &Context, out: &mut dyn Sink) -> Result<()> {
        read::evidence(input, out)
    }

    fn settings(&self) -> &'static Table {
        settings::Settings::TABLE
    }

    fn check(&self, config: &Config) -> Result<()> {
        config.settings::<settings::Settings>()?.limit().map(drop)
    }

    fn shapes(&self) -> &'static [Shape] {
        const SHAPES: &[Shape] = &[Shape::observed::<Counts>()];
        SHAPES
    }

    fn commands(&self) -> &'static [Command] {
        &[command::RECOUNT]
    }

    fn detectors(&self) -> &'static [&'static dyn Detector] {
        &[
            &discrepancy::DiscrepancyDetector,
            &coverage::CoverageDetector,
            &forensics::ForensicsDetector,
            &audit::AuditDetector,
        ]
    }
}
