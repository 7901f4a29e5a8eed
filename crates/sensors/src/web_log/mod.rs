//! (being built)
mod json;
mod line;
mod pattern;
mod record;
mod w3c;

use crate::input::Input;
use crate::{Detector, Sensor};
use model::{Context, Result, Sink, Text};

/// Web server logs.
pub struct WebLog;

impl Sensor for WebLog {
    fn name(&self) -> &'static str {
        "web_log"
    }
    fn title(&self) -> Text {
        Text::new("Web server logs", "Journaux de serveur web")
    }
    fn formats(&self) -> &'static [&'static str] {
        &[]
    }
    fn version(&self) -> u32 {
        1
    }
    fn recognise(&self, _head: &[u8], _context: &Context) -> u8 {
        0
    }
    fn read(&self, _input: &mut Input, _context: &Context, _out: &mut dyn Sink) -> Result<()> {
        Ok(())
    }
    fn detectors(&self) -> &'static [&'static dyn Detector] {
        &[]
    }
}
