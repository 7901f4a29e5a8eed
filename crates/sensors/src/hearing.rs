//! Who listens to a reader that reads a log from end to end, stretch by stretch, so that what fires is written down before
//! there is much of it.

use model::{Ear, Listener, Sink};
use std::sync::Arc;

/// Events of one stretch.
const STRETCH: u64 = 20_000;

/// The ear of the stretch that is being read; none where nobody listens.
pub struct Hearing {
    listener: Option<Arc<dyn Listener>>,
    ear: Option<Box<dyn Ear>>,
    events: u64,
}

impl Hearing {
    /// Asks who listens.
    pub fn of(out: &dyn Sink) -> Hearing {
        let listener = out.listener();
        let ear = listener.as_ref().map(|l| l.ear());
        Hearing { listener, ear, events: 0 }
    }

    /// Who is shown the next event.
    pub fn next(&mut self, out: &mut dyn Sink) -> Option<&mut dyn Ear> {
        let listener = self.listener.as_ref()?;
        self.events += 1;
        if self.events.is_multiple_of(STRETCH)
            && let Some(done) = self.ear.replace(listener.ear())
        {
            done.end(0, out);
        }
        match &mut self.ear {
            Some(ear) => Some(&mut **ear),
            None => None,
        }
    }

    /// The log has ended.
    pub fn end(self, out: &mut dyn Sink) {
        if let Some(ear) = self.ear {
            ear.end(0, out);
        }
    }
}
