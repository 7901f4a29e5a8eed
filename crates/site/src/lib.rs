//! One's own site, from what it answered: the grade MDN's HTTP Observatory would give its headers, and what its front page
//! and the pages on which people give, join or sign do with visitors' data.
//!
//! You may rely on: pure functions over what was asked and answered; test names, results, score and grade follow the
//! Observatory's (1.4.8; `bench/site_observatory.py` holds the two against each other). Where it is too kind, its verdict stays
//! and a finding of our own says so. What its TLS can do ([`tls`]) is told by testssl.sh's ids, what the DNS says of it ([`dns`])
//! and what only its owner may ask ([`owner`]) by findings; what a browser saw before consent joins what the HTML says. Left
//! out: a redirection to another host is noted and not followed, so that such a page is graded by the redirection alone; lists
//! of sites that are preloaded (what is told of it follows from the header); what only shows after somebody clicked. What was asked
//! and not answered is told as such ([`unjudged`]), never as absent.

mod answer;
pub mod complaint;
mod csp;
mod danger;
pub mod dns;
pub mod documents;
mod fix;
mod forms;
mod grade;
mod headers;
mod libraries;
mod links;
mod markup;
pub mod owner;
mod political;
mod privacy;
mod tests;
pub mod tls;

pub use answer::{Answer, Before, Cookie, Seen, Visit};
pub use danger::{findings, preloading};
pub use fix::{Fix, fix};
pub use grade::{Grade, Test, grade};
pub use libraries::Met;
pub use links::{asking, notices, own_names};
pub use privacy::{Finding, Privacy, privacy};

/// Findings of which a browser sees more than the HTML says: where one looked before and none now, what is not met any more is
/// not gone.
pub const BY_BROWSER: [&str; 10] = [
    "trackers-before-consent",
    "fonts-from-third-party",
    "widgets-from-third-party",
    "other-third-parties",
    "cookies-before-consent",
    "storage-before-consent",
    "cloaked-tracker",
    "personal-data-in-address",
    "refusing-harder-than-accepting",
    "third-party-on-donation-page",
];

/// Findings about which nothing could be said, because a question was not answered, or not in full. A finding of before that is
/// among them is neither there nor gone.
#[must_use]
pub fn unjudged(seen: &Seen) -> Vec<&'static str> {
    const PAGE: [&str; 12] = [
        "content-security-policy",
        "cookies",
        "referrer-policy",
        "subresource-integrity",
        "x-content-type-options",
        "x-frame-options",
        "cross-origin-resource-policy",
        "version-told",
        "generator-told",
        "mixed-content",
        "no-cache",
        "heavy-page",
    ];
    const OF_HTTPS: [&str; 9] = [
        "no-https",
        "bad-certificate",
        "https-for-no-browser",
        "strict-transport-security",
        "hsts-preload-refused",
        "hsts-not-preloaded",
        "redirection",
        "mixed-content",
        "tls-certificate-not-trusted",
    ];
    let mut all: Vec<&'static str> = seen.tls.iter().flat_map(tls::unjudged).collect();
    if seen.is_https_silent() {
        all.extend(OF_HTTPS);
    }
    if seen.has_missed("GET http://") && seen.http.is_none() {
        all.push("redirection");
    }
    if seen.unknown_authorities {
        all.extend(["bad-certificate", "tls-certificate-not-trusted"]);
    }
    let missed = |end: &str| seen.missed.iter().any(|(what, _)| what.ends_with(end));
    if missed("/security.txt") {
        all.extend(["no-security-txt", "security-txt-without-expiry"]);
    }
    if seen.has_missed("OPTIONS ") {
        all.extend(["reflected-origin-with-credentials", "cross-origin-resource-sharing"]);
    }
    if missed(".js") || seen.missed.iter().any(|(what, _)| what.contains(".js?")) {
        all.push("vulnerable-library");
    }
    if seen
        .main()
        .and_then(|v| v.last())
        .is_none_or(|page| seen.missed.iter().any(|m| m.0 == format!("GET {}", page.url)))
    {
        all.extend(PAGE);
    }
    all.sort_unstable();
    all.dedup();
    all
}
