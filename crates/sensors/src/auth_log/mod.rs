//! (being built)
use crate::input::Input;
use crate::{Detector, Sensor};
use model::{Context, Result, Sink, Text};

/// Login logs.
pub struct AuthLog;

impl Sensor for AuthLog {
    fn name(&self) -> &'static str {
        "auth_log"
    }
    fn title(&self) -> Text {
        Text::new("Login logs", "Journaux de connexion")
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
