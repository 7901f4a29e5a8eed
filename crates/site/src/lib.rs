//! One's own site, from what it answered: the grade MDN's HTTP Observatory would give its headers, and what its front page
//! does with visitors' data.
//!
//! You may rely on: pure functions over what was asked and answered; test names, results, score and grade follow the
//! Observatory's (1.4.8; `bench/site_observatory.py` holds the two against each other). Where it is too kind, its verdict stays
//! and a finding of our own says so. What its TLS can do ([`tls`]) is told by testssl.sh's ids, what the DNS says of it ([`dns`])
//! and what only its owner may ask ([`owner`]) by findings; what a browser saw before consent joins what the HTML says. Left
//! out: a redirection to another host is noted and not followed, so that such a page is graded by the redirection alone; lists
//! of sites that are preloaded; what only shows after somebody clicked.

mod answer;
mod csp;
mod danger;
pub mod dns;
mod fix;
mod forms;
mod grade;
mod headers;
mod libraries;
mod links;
mod markup;
pub mod owner;
mod privacy;
mod tests;
pub mod tls;

pub use answer::{Answer, Before, Cookie, Seen, Visit};
pub use danger::findings;
pub use fix::{Fix, fix};
pub use grade::{Grade, Test, grade};
pub use libraries::Met;
pub use links::{notices, own_names};
pub use privacy::{Finding, Privacy, privacy};
