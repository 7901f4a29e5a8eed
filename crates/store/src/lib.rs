//! The case on disk: the vault of evidence, the SQLite database of everything made of it, the audit trail and the
//! brief. Nothing else writes inside a case.
//!
//! You may rely on: evidence is in place before it is registered, rows change in transactions, one writer works at a
//! time, and a case killed at any moment opens again as it was before or after the step it was in. What is read back
//! comes in one order, whatever the order of `add`. A temporary case refers to its files and leaves nothing behind.
//! Left out: reading evidence (`sensors`), deciding what to read (`vigie`), sealing.

mod ask;
mod audit;
mod bookmark;
mod brief;
mod case;
mod decisions;
mod entities;
mod export;
mod findings;
mod folder;
mod forget;
mod memory;
mod reading;
mod schema;
mod state;
mod vault;
mod verify;
mod view;
mod withheld;

pub use ask::NAMES as VIEWS;
pub use audit::{Entry, Hash, hash_of};
pub use brief::{Program, Ran, Written};
pub use case::{Case, Place, Registered};
pub use findings::{Finder, Unit};
pub use folder::{Folder, SMALL, small};
pub use memory::{Change, Gone, Reason, Remembered, Run, Watched};
pub use platform::regular;
pub use reading::{Ending, Read, Writer, Yield};
pub use state::{Differences, Distrust};
pub use vault::{Arrival, Hasher};
pub use verify::Verdict;
pub use view::Window;

use model::Error;

/// An SQLite failure in the house's words; a full disk is told as such, for it is what a person can mend.
fn sql(e: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as Code;
    let hint = match e.sqlite_error_code() {
        Some(Code::DiskFull) => {
            "the disk is full; free some space and run the same command again: nothing is lost \
            (`TMPDIR` chooses another disk for temporary files)"
        }
        Some(Code::DatabaseBusy | Code::DatabaseLocked) => {
            "another program is using `case.db`; try again when it is done"
        }
        Some(Code::DatabaseCorrupt | Code::NotADatabase) => {
            "restore `case.db` from a copy, or add the evidence to a new case"
        }
        // A key that is full, or pulled out, fails in the middle of a write.
        Some(Code::SystemIoFailure) => {
            "the disk is full, fails, or was pulled out; free some space, or put it in again, and run the same command: \
            nothing is lost"
        }
        Some(Code::ReadOnly | Code::CannotOpen | Code::PermissionDenied) => "check who owns the case's folder",
        _ => return Error::new("the case's database failed").because(e),
    };
    Error::new("the case's database failed").because(e).hint(hint)
}

/// A failure of the file system at a path.
fn io(what: &str, path: &std::path::Path, e: std::io::Error) -> Error {
    Error::new(format!("could not {what} `{}`", path.display())).because(e)
}

/// What this crate itself wrote could not be read back.
fn damaged(what: &str, e: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(format!("{what} in `case.db` is damaged")).because(e).hint("`vigie verify` tells what has changed")
}
