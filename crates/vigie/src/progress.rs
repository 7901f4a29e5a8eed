//! The progress bar: on a terminal only, on standard error, and gone when it is done.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::Cell;
use std::io::IsTerminal;

/// How far reading is, in bytes of evidence.
pub struct Progress {
    bar: ProgressBar,
    before: Cell<u64>,
}

impl Progress {
    /// A bar if somebody may be looking.
    pub fn new(wanted: bool) -> Progress {
        let shown = wanted && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
        bar.set_style(style.expect("the template is fixed"));
        Progress { bar, before: Cell::new(0) }
    }

    /// The same for things that are counted.
    pub fn counting(wanted: bool) -> Progress {
        let progress = Progress::new(wanted);
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta}");
        progress.bar.set_style(style.expect("the template is fixed"));
        progress
    }

    /// So many bytes in all.
    pub fn start(&self, total: u64) {
        self.before.set(0);
        self.bar.set_length(total);
    }

    /// So many bytes of the piece at hand.
    pub fn within(&self, bytes: u64) {
        self.bar.set_position(self.before.get() + bytes);
    }

    /// A piece of so many bytes is done.
    pub fn passed(&self, bytes: u64) {
        self.before.set(self.before.get() + bytes);
        self.bar.set_position(self.before.get());
    }

    /// All done.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
