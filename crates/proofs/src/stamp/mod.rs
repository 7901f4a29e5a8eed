//! When a head existed, by the word of others: time-stamp tokens (RFC 3161) and OpenTimestamps.
//!
//! You may rely on: a chain of certificates is judged at the time of the stamp, so that the verdict is the same years
//! later; the signer is the certificate that the stamp names by its hash (ESSCertID of RFC 2634, ESSCertIDv2 of RFC 5035),
//! may stamp times and nothing else, and leads to a certificate that the user trusts; all of it is hostile. Left out:
//! revocation, which needs the network; RSA-PSS.

mod certificate;
pub mod der;
mod ots;
mod token;

pub use certificate::{Certificate, anchors};
pub use ots::{Bitcoin, Headers, Ots};
pub use token::{Token, request};

use std::fmt;

/// Why a stamp shows nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unstamped {
    /// It is none, or is wrong: why.
    No(String),
    /// It cannot be said: what is missing.
    CannotSay(String),
}

impl fmt::Display for Unstamped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unstamped::No(why) | Unstamped::CannotSay(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Unstamped {}

fn no(why: &str) -> Unstamped {
    Unstamped::No(why.into())
}
