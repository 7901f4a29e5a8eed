//! One's own site, from what it answered: the grade MDN's HTTP Observatory would give its headers, and what its front page
//! does with visitors' data.
//!
//! You may rely on: pure functions over fetched answers; test names, results, score and grade follow the Observatory's (1.4.8);
//! no script in the repository holds the two against each other yet. Where it is too kind, its verdict stays and a finding of our own says so. Left out:
//! TLS versions and ciphers, DNS, what only a browser sees (requests of scripts, cookies they set), probes for secrets;
//! a redirection to another host is noted and not followed, so that such a page is graded by the redirection alone; lists of
//! sites that are preloaded.

mod answer;
mod csp;
mod grade;
mod markup;
mod privacy;
mod tests;

pub use answer::{Answer, Cookie, Seen, Visit};
pub use grade::{Grade, Test, grade};
pub use privacy::{Finding, Privacy, findings, privacy};
