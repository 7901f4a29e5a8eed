//! Errors a person reads: what could not be done, why, and what to do next. Damage in evidence is never one of these
//! (it is a [`crate::Skip`]); an error means that the program could not do its work.

use std::fmt;

/// The house's result.
pub type Result<T> = std::result::Result<T, Error>;

/// What failed, its cause, and a hint.
#[derive(Debug)]
pub struct Error {
    what: String,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
    hint: Option<String>,
}

/// What helps on a full disk.
const FULL: &str = "the disk is full; free some space and run the same command again: nothing is lost (`TMPDIR` chooses \
    another disk for temporary files)";

impl Error {
    /// `what` is lower case, literals in backticks: ``could not read `inbox.mbox` ``.
    pub fn new(what: impl Into<String>) -> Error {
        Error { what: what.into(), cause: None, hint: None }
    }

    /// Chains the cause.
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        let cause = cause.into();
        // Said everywhere in one way, for it is what a person can mend.
        let full = cause.downcast_ref::<std::io::Error>().is_some_and(|e| {
            use std::io::ErrorKind as Kind;
            matches!(e.kind(), Kind::StorageFull | Kind::QuotaExceeded)
        });
        self.cause = Some(cause);
        if full {
            self.hint = Some(FULL.into());
        }
        self
    }

    /// Says what to do next; on a full disk that is said already, and nothing else helps.
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        if self.hint.as_deref() != Some(FULL) {
            self.hint = Some(hint.into());
        }
        self
    }

    /// What to do next, if anything is known to help.
    pub fn get_hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        let mut cause = self.cause.as_deref().map(|c| c as &dyn std::error::Error);
        // Our own errors print their whole chain themselves; others are walked here, once each.
        while let Some(c) = cause {
            write!(f, ": {c}")?;
            cause = if c.is::<Error>() { None } else { c.source() };
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
