//! What a server can do with TLS, found by hellos of our own: versions, suites, groups, certificates, and what follows from
//! them, under the ids of testssl.sh (3.0).
//!
//! You may rely on: no I/O (who calls hands in a way to speak); no handshake is ended, so no attack is tried: what can be told
//! from an offer is told, what would need one (`NOT_TESTED`) is said to be untested, and what was not answered is `WARN`. Left out: suites that need a shared secret
//! (PSK, SRP, Kerberos), STARTTLS, QUIC.

mod certificate;
mod hello;
mod judge;
mod mend;
mod scan;
mod suites;

pub use certificate::{Certificate, Trust};
pub use judge::{Judged, NO_AUTHORITIES, Named, judge};
pub use mend::{ALL, NOT_KNOWN, findings, unjudged};
pub use scan::{Asked, Scan, Speak, scan};
pub use suites::Suites;

/// What testssl.sh tests and we do not: each needs a handshake that is ended, or an attack tried.
pub const NOT_TESTED: [&str; 6] =
    ["CCS", "ROBOT", "secure_client_renego", "sessionresumption_ID", "sessionresumption_ticket", "ticketbleed"];
