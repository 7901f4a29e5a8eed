//! What is asked of the network, when the user wrote `--online` and never else: DNS, RDAP, certificate-transparency
//! logs. What comes back is written as dated lines of JSON, evidence that the sensors read like any other, so that an
//! online run can be replayed offline.
//!
//! You may rely on: nothing here opens a socket without an [`Online`]; suspect hosts themselves are never asked (only
//! a resolver, RDAP servers and logs are; and one's own site, by [`site`], where a user names it); every answer has its bounds in bytes, time and redirections; failure is
//! recorded as failure, never as absence. Left out: judging, and knowing what a case is.

pub mod browser;
pub mod ct;
pub mod dns;
pub mod http;
pub mod keys;
pub mod rdap;
pub mod site;

/// Leave to use the network. Whatever opens a socket asks for one; the program makes it where it reads `--online`, and where
/// `vigie site` is given a site to ask.
pub struct Online(());

impl Online {
    /// The user wrote `--online`, or named a site of his own to be asked.
    pub const fn granted() -> Online {
        Online(())
    }
}

/// Now, as the program says it; this crate reads no clock.
pub type Clock<'c> = &'c (dyn Fn() -> model::Time + Sync);
