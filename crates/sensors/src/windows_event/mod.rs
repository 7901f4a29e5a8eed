//! Windows' event logs: who logged on, what was set to stay, what was run, and who reached for passwords.
//!
//! Every form (EVTX, event XML, the JSON of several exporters) becomes one shape (`event::Event`), whose fields are named as
//! Sigma's taxonomy names them: whoever brings rules is shown those. What a number means is `acts`; what a command says is a
//! kernel (`command`).
//!
//! You may rely on: every event is counted; a record that stands in two exports counts once and keeps its place in each; what
//! a machine does for itself is nobody's act. Left out: texts that Windows shows, which lie in the programs that wrote the
//! events; what happened while nothing was written down.
//!
//! What is observed: activities (`rows::windows_event::Activity`), and tallies `windows_event/event`.

mod account;
mod acts;
mod attempt;
mod command;
mod deed;
mod event;
mod gather;
mod log_cleared;
mod logon;
mod read;
mod run;
mod script;
mod service;
mod table;

use crate::input::Input;
use crate::{Detector, Isolation, Sensor};
#[cfg(test)]
pub(crate) use gather::EVENT;
use model::{Context, Result, Seconds, Settings as _, Sink, Table};
use rows::Shape;
use rows::windows_event::Activity;

/// Windows' event logs.
pub struct WindowsEvent;

model::settings! {
    /// What a case says of Windows' event logs.
    pub struct Settings in "windows_event", "Windows event logs", "Journaux d’évènements Windows" {
        window: Seconds = "\"30m\"",
            "longest pause within one attempt to log on",
            "plus longue pause au sein d’une même tentative d’ouverture de session";
    }
}

/// How many different things are kept of what evidence chooses.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// Kinds of events that are counted apart.
    pub events: usize,
    /// Bytes of scripts whose parts have not all come.
    pub scripts: usize,
}

impl Default for Caps {
    fn default() -> Caps {
        Caps { events: 10_000, scripts: script::HELD }
    }
}

/// Reads one log with these caps.
pub(crate) fn read_with(input: &mut Input, caps: Caps, out: &mut dyn Sink) -> Result<()> {
    read::read(input, caps, out)
}

static DETECTORS: [&dyn Detector; 11] = [
    &attempt::AttemptDetector,
    &logon::LOGON,
    &logon::EXPLICIT,
    &service::SERVICE,
    &service::TASK,
    &service::AUTOSTART,
    &run::COMMAND,
    &run::CREDENTIAL_ACCESS,
    &log_cleared::LOG_CLEARED,
    &account::ACCOUNT,
    &account::MALWARE,
];

impl Sensor for WindowsEvent {
    fn name(&self) -> &'static str {
        "windows_event"
    }

    fn formats(&self) -> &'static [&'static str] {
        &[
            "Windows event logs (EVTX), damaged ones too",
            "event XML (Event Viewer, wevtutil, evtx_dump)",
            "JSON of events: evtx_dump, Winlogbeat, NXLog, Get-WinEvent | ConvertTo-Json, flattened data sets",
        ]
    }

    fn isolation(&self) -> Isolation {
        Isolation::Worker
    }

    fn recognise(&self, head: &[u8], _context: &Context) -> u8 {
        read::sniff(head).map_or(0, |(_, sure)| sure)
    }

    fn reads_binary(&self) -> bool {
        true
    }

    fn read(&self, input: &mut Input, _context: &Context, out: &mut dyn Sink) -> Result<()> {
        read_with(input, Caps::default(), out)
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
