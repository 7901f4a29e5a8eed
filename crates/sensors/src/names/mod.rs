//! Names: any stream of them, in lists, zones, query logs, certificates, registrations; each is judged for whether it
//! is made to look like what the case protects, or like a service people log into.
//!
//! A name yields an observation only when it resembles something, when somebody holds it to be bad, when the evidence is
//! its registration, or when many of a list are alike; all other names are only counted by day. Nothing is generated, resolved or asked for.

mod cluster;
mod document;
mod explain;
mod family;
mod find;
mod flood;
pub mod index;
mod indicator;
pub mod indicators;
pub mod json;
pub mod kernel;
mod kin;
pub mod lexicon;
pub mod lines;
mod lookalike;
pub mod met;
mod read;
pub mod registration;
mod rows;
pub mod score;
pub mod settings;
pub mod setup;
pub mod technique;
pub mod things;

use crate::input::Input;
use crate::{Detector, Sensor};
use ::rows::Shape;
use ::rows::names::{Family, Indicator, Registered, Resemblance, Sighting};
use knowledge::names::Names as Knowledge;
use model::{Config, Context, Error, Result, Settings as _, Sink, Table};
use std::sync::LazyLock;

/// Counts by day (`YYYY-MM-DD` or `undated`): names judged, look-alikes among them.
pub const DAY_TALLY: &str = "names/day";

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(Knowledge::embedded);

/// Names.
pub struct Names;

impl Sensor for Names {
    fn name(&self) -> &'static str {
        "names"
    }

    fn formats(&self) -> &'static [&'static str] {
        &[
            "plain lists, hosts files, lists of URLs, tables with a column `domain`",
            "zone files and their differences",
            "DNS query logs of BIND, Unbound, dnsmasq, Pi-hole, AdGuard Home, Technitium and Zeek (TSV and JSON); passive DNS (COF)",
            "certificates as certstream (all names of each, or names only) and crt.sh give them",
            "RDAP and WHOIS answers, answers of the DNS as `vigie collect` writes them",
            "dnstwist's, openSquat's and subfinder's output (JSON, CSV)",
            "indicators: STIX 2.1 bundles, MISP events; MISP's warning lists as lists of names",
        ]
    }

    fn recognise(&self, head: &[u8], _context: &Context) -> u8 {
        lines::sniff(head).map_or(0, |(_, sure)| sure)
    }

    fn read(&self, input: &mut Input, context: &Context, out: &mut dyn Sink) -> Result<()> {
        let setup = setup::setup(context)?;
        read::Reader { setup: &setup }.read(input, out)
    }

    fn settings(&self) -> &'static Table {
        settings::Settings::TABLE
    }

    fn check(&self, config: &Config) -> Result<()> {
        let judge = kernel::Judge::new(&config.protect, &KNOWLEDGE);
        let Some(unusable) = judge.unusable().first() else { return Ok(()) };
        Err(Error::new(format!("`{unusable}` under `[protect]` is no name that can be imitated")).hint(
            "domains are written `parti.fr`, people `First Last`, words of the campaign with four letters or more",
        ))
    }

    fn accuses_domains(&self) -> bool {
        true
    }

    fn shapes(&self) -> &'static [Shape] {
        const SHAPES: &[Shape] = &[
            Shape::of::<Resemblance>(),
            Shape::of::<Sighting>(),
            Shape::of::<Registered>(),
            Shape::of::<Indicator>(),
            Shape::of::<Family>(),
        ];
        SHAPES
    }

    fn detectors(&self) -> &'static [&'static dyn Detector] {
        &[
            &lookalike::LookalikeDetector,
            &flood::FloodDetector,
            &indicator::IndicatorDetector,
            &cluster::ClusterDetector,
            &family::FamilyDetector,
        ]
    }
}
