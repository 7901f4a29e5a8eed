//! Cloud sign-ins and audit logs: who signed in where from, what was set in accounts and mailboxes, and what was taken.
//!
//! Every reader turns its provider's record into one shape (`event::Event`): whoever looks for patterns reads that, and
//! whoever brings rules is shown the record's own fields. What an operation means is data
//! (`knowledge/data/cloud_operations.toml`); an operation that stands nowhere in it is not understood, and is said by its
//! name.
//!
//! You may rely on: a record that stands twice, in one export or in two that overlap, counts once and keeps its place in
//! each; what a provider's own services do is nobody's act; stamps without a zone are UTC as providers write them, but
//! for Zimbra's, which are the campaign's. Left out: what people write or read; the logs of a provider's servers.
//!
//! What is observed: activities (`rows::sign_in::Activity`): what one account did in one way on one day, with each record's
//! time and id; and tallies `sign_in/operation`.

mod administrator;
mod attempt;
mod change;
mod consent;
mod entra;
mod event;
mod gather;
mod google;
mod habit;
mod logging;
mod mailbox;
mod method;
mod microsoft;
mod nextcloud;
mod okta;
mod operations;
mod read;
mod second_factor;
mod sharing;
mod shown;
mod small;
mod table;
mod takeover;
mod theft;
mod unusual;
mod zimbra;

use crate::input::Input;
use crate::{Detector, Sensor};
#[cfg(test)]
pub(crate) use gather::OPERATION;
use model::{Context, Result, Seconds, Settings as _, Sink, Table};
use rows::Shape;
use rows::sign_in::Activity;

/// Cloud sign-ins and audit logs.
pub struct SignIn;

model::settings! {
    /// What a case says of cloud sign-ins.
    pub struct Settings in "sign_in", "Cloud sign-ins and audit logs", "Connexions et journaux d’audit infonuagiques" {
        window: Seconds = "\"30m\"",
            "longest pause within one attempt to sign in",
            "plus longue pause au sein d’une même tentative de connexion";
    }
}

/// How many different things are kept of what evidence chooses.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// Names of operations that are counted apart.
    pub operations: usize,
}

impl Default for Caps {
    fn default() -> Caps {
        Caps { operations: 10_000 }
    }
}

/// Reads one log with these caps.
pub(crate) fn read_with(input: &mut Input, context: &Context, caps: Caps, out: &mut dyn Sink) -> Result<()> {
    read::read(input, &context.config.zone()?, caps, out)
}

static DETECTORS: [&dyn Detector; 11] = [
    &attempt::AttemptDetector,
    &unusual::UnusualDetector,
    &second_factor::SecondFactorDetector,
    &method::MethodDetector,
    &consent::CONSENT,
    &mailbox::MAILBOX,
    &administrator::ADMINISTRATOR,
    &logging::LOGGING,
    &sharing::SHARING,
    &theft::TheftDetector,
    &takeover::TakeoverDetector,
];

impl Sensor for SignIn {
    fn name(&self) -> &'static str {
        "sign_in"
    }

    fn formats(&self) -> &'static [&'static str] {
        &[
            "Microsoft 365 unified audit log: the portal's CSV with JSON in it, JSON of the Management API, of Graph and of \
             Search-UnifiedAuditLog",
            "Entra ID sign-in and audit logs: JSON of Graph, Azure Monitor and Log Analytics, the portal's CSV",
            "Google Workspace activities (login, token, admin, Drive, Gmail, accounts): JSON of the Reports API, CSV of the \
             admin console",
            "Okta system log (JSON)",
            "Nextcloud audit log (admin_audit)",
            "Zimbra audit.log and mailbox.log",
            "Slack audit logs (JSON); GitHub audit log (JSON); Cloudflare Access (JSON of the interface and of Logpush)",
        ]
    }

    fn recognise(&self, head: &[u8], _context: &Context) -> u8 {
        read::sniff(head).map_or(0, |(_, sure)| sure)
    }

    fn read(&self, input: &mut Input, context: &Context, out: &mut dyn Sink) -> Result<()> {
        read_with(input, context, Caps::default(), out)
    }

    fn settings(&self) -> &'static Table {
        Settings::TABLE
    }

    fn shapes(&self) -> &'static [Shape] {
        const SHAPES: &[Shape] = &[Shape::observed::<Activity>()];
        SHAPES
    }

    fn detectors(&self) -> &'static [&'static dyn Detector] {
        &DETECTORS
    }
}

#[cfg(test)]
mod tests;
