//! Mail: messages in whatever they are kept (`.eml`, mbox, Maildir, `.msg`, `.pst`) and the reports that mail servers
//! send of each other (DMARC, TLS-RPT, ARF).
//!
//! You may rely on: every message is bounded in time and memory, damage is told, nothing is executed or fetched; the
//! original of a message forwarded as an attachment is a message of its own. Left out: IMAP.

pub mod address;
pub mod authentication;
mod batch;
pub mod content;
pub mod contents;
pub mod date;
mod dmarc;
pub mod forward;
pub mod header;
pub(crate) mod inside;
pub mod message;
pub mod observe;
pub mod outlook;
pub mod parse;
mod phishing;
mod profile;
mod propose;
pub mod read;
pub mod received;
pub mod recognise;
pub mod report;
pub mod settings;
pub mod setup;
mod signs;
pub mod split;
mod standing;
mod wave;

pub use observe::counted;
pub use read::{Caps, read_with};

use crate::input::Input;
use crate::{Content, Detector, Isolation, Proposal, Sensor, Verdict};
use model::{Config, Context, Result, Settings as _, Sink, Table, View};
use std::collections::BTreeSet;

/// A message; key: SHA-256 of its bytes as [`observe::key`] takes them.
pub const MESSAGE: &str = "mail/message";
/// What most detectors need of a message, beside it and much shorter: who writes to whom, what it answers, its signs.
/// Key: the message's.
pub const SIGNS: &str = "mail/signs";
/// A row of a report; key: `dmarc|domain|source`, `tls|domain|source` or `arf|domain|source`.
pub const REPORT: &str = <rows::mail::report::Report as rows::Row>::NAME;
/// Counts by `author recipient YYYY-MM` (addresses in lower case): messages.
pub const PAIR_TALLY: &str = "mail/pair";
/// Counts by `address display name`: messages.
pub const NAME_TALLY: &str = "mail/name";

/// The single detectors, the verdict after them, the waves of what it flags, and what servers report.
static DETECTORS: [&dyn Detector; 15] = [
    &signs::DISPLAY_NAME,
    &signs::OWN_DOMAIN,
    &signs::REPLY_PATH,
    &signs::LOOKALIKE,
    &signs::LINK,
    &signs::FORM,
    &signs::ATTACHMENT,
    &signs::HIDDEN_TEXT,
    &signs::PRESSURE,
    &signs::FIRST_TIME,
    &signs::THREAD,
    &signs::BRAND,
    &phishing::PhishingDetector,
    &wave::WaveDetector,
    &dmarc::DmarcDetector,
];

/// Mail.
pub struct Mail;

impl Sensor for Mail {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn formats(&self) -> &'static [&'static str] {
        &[
            "messages (RFC 5322, .eml), alone or in a Maildir",
            "mbox in its four variants (mboxo, mboxrd, mboxcl, mboxcl2); batch SMTP (RFC 2442)",
            "Outlook items (.msg, MS-OXMSG) and stores of them (.pst, .ost, MS-PST)",
            "messages forwarded as attachments; abuse reports (ARF, RFC 5965)",
            "DMARC aggregate reports (RFC 7489) and TLS reports (RFC 8460): bare, gzip, zip, as files or attached",
        ]
    }

    fn isolation(&self) -> Isolation {
        Isolation::Worker
    }

    fn recognise(&self, head: &[u8], _context: &Context) -> u8 {
        recognise::form(head).map_or(0, |(_, sure)| sure)
    }

    fn reads_binary(&self) -> bool {
        true
    }

    fn read(&self, input: &mut Input, context: &Context, out: &mut dyn Sink) -> Result<()> {
        read::read(input, context, out)
    }

    fn tells_contents(&self) -> bool {
        true
    }

    fn contents(&self, input: &mut Input, each: &mut dyn FnMut(Content)) -> Result<()> {
        contents::contents(input, each)
    }

    fn shown(
        &self,
        input: &mut Input,
        places: &BTreeSet<u64>,
        each: &mut dyn FnMut(u64, &[u8]) -> Result<()>,
    ) -> Result<()> {
        contents::shown(input, places, each)
    }

    fn settings(&self) -> &'static Table {
        settings::Settings::TABLE
    }

    fn proposes(&self, case: &dyn View, config: &Config) -> Result<Vec<Proposal>> {
        propose::proposals(case, config)
    }

    fn shapes(&self) -> &'static [rows::Shape] {
        const { &[rows::Shape::of::<rows::mail::report::Report>()] }
    }

    fn verdicts(&self, case: &dyn View, context: &Context, each: &mut dyn FnMut(Verdict) -> Result<()>) -> Result<()> {
        phishing::verdicts(case, context, each)
    }

    fn detectors(&self) -> &'static [&'static dyn Detector] {
        &DETECTORS
    }
}
