//! A case's posts with what detectors make of them in turn: the table, loaded once, and the copied texts in it, found
//! when the first detector asks.
//!
//! You may rely on: a function of the observations and the configuration alone, so that all detectors of a run may use one
//! ([`View::shared`]). Left out: judgement.

use super::copied::Copied;
use super::table::Table;
use crate::sensor::once;
use model::{Result, View};
use std::cell::OnceCell;
use std::rc::Rc;

/// The posts of a case.
#[derive(Default)]
pub struct Dataset {
    /// All posts.
    pub table: Table,
    copied: OnceCell<Copied>,
}

impl Dataset {
    /// The posts of this case: those that a detector before this one loaded, or loaded now.
    pub fn of(case: &dyn View) -> Result<Rc<Dataset>> {
        once(case, || Ok(Dataset::from(Table::load(case)?)))
    }

    /// Which of them are copies of one text. Comparing texts is the slowest step of a case of posts.
    pub fn copied(&self) -> &Copied {
        self.copied.get_or_init(|| Copied::of(&self.table))
    }
}

impl From<Table> for Dataset {
    fn from(table: Table) -> Dataset {
        Dataset { table, copied: OnceCell::new() }
    }
}
