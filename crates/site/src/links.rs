//! Where a page leads on its own site: notices, pages that ask people for something, and names beside its own.

use crate::answer::{Answer, Seen};
use crate::markup::tags;
use crate::privacy::fetched;
use crate::tests::{parts, registrable};
use std::collections::BTreeSet;

/// Names in which notices are linked.
const NOTICES: [&[&str]; 2] = [
    &["mentions-legales", "mentions_legales", "mentionslegales", "legal-notice", "impressum", "imprint", "legal"],
    &["confidentialite", "donnees-personnelles", "privacy", "rgpd", "gdpr", "datenschutz", "politique-de-protection"],
];

/// Words of an address behind which people give, join or sign.
const ASKING: [&[&str]; 3] = [
    &["don", "dons", "donner", "donation", "donations", "donate", "contribuer", "contribute"],
    &[
        "adherer",
        "adhesion",
        "adhesions",
        "rejoindre",
        "join",
        "inscription",
        "signup",
        "newsletter",
        "benevole",
        "volunteer",
    ],
    &["petition", "petitions", "signer", "sign"],
];

/// An address that a page names, made whole; none where it is of another host.
pub(crate) fn own(page: &Answer, host: &str, href: &str) -> Option<String> {
    let (scheme, rest) = page.url.split_once("://")?;
    let authority = rest.split('/').next()?;
    let href = href.trim().split('#').next()?;
    let url = match (href.contains("://"), href.strip_prefix("//")) {
        (true, _) => href.to_string(),
        (_, Some(rest)) => format!("{scheme}://{rest}"),
        _ if href.starts_with('/') => format!("{scheme}://{authority}{href}"),
        _ if href.contains(':') || href.is_empty() => return None,
        _ => format!("{scheme}://{authority}/{href}"),
    };
    parts(&url).1.eq_ignore_ascii_case(host).then_some(url)
}

/// Addresses of the legal and the privacy notice, on the site itself.
#[must_use]
pub fn notices(page: &Answer, host: &str) -> Vec<String> {
    let all = if page.is_html() { tags(&page.text()) } else { Vec::new() };
    let links: Vec<&str> = all.iter().filter(|t| t.name == "a").filter_map(|t| t.get("href")).collect();
    let first = |words: &&[&str]| {
        links.iter().filter(|l| words.iter().any(|w| l.to_lowercase().contains(w))).find_map(|l| own(page, host, l))
    };
    let mut found: Vec<String> = NOTICES.iter().filter_map(first).collect();
    found.dedup();
    found
}

/// Pages of the site on which people give, join or sign: the first of each.
#[must_use]
pub fn asking(page: &Answer, host: &str) -> Vec<String> {
    let all = if page.is_html() { tags(&page.text()) } else { Vec::new() };
    let links: Vec<String> =
        all.iter().filter(|t| t.name == "a").filter_map(|t| own(page, host, t.get("href")?)).collect();
    let fits = |url: &str, words: &[&str]| {
        let path = url.splitn(4, '/').nth(3).unwrap_or("").split('?').next().unwrap_or("").to_lowercase();
        path.split(|c: char| !c.is_alphanumeric()).any(|w| words.contains(&w))
    };
    let mut found: Vec<String> =
        ASKING.iter().filter_map(|words| links.iter().find(|l| **l != page.url && fits(l, words)).cloned()).collect();
    found.dedup();
    found
}

/// Names under the site's own domain from which its page fetches things: one of them may lead to somebody else.
#[must_use]
pub fn own_names(seen: &Seen) -> Vec<String> {
    let page = seen.main().and_then(|v| v.last()).filter(|p| p.is_html());
    let all = page.map(|p| fetched(&tags(&p.text()))).unwrap_or_default();
    let domain = registrable(&seen.host);
    let requests = seen.before.iter().flat_map(|b| b.requests.clone());
    let names: BTreeSet<String> = all
        .into_iter()
        .map(|(_, url)| url)
        .chain(requests)
        .map(|u| parts(&u).1.to_lowercase())
        .filter(|n| *n != seen.host && domain.is_some() && registrable(n) == domain)
        .collect();
    names.into_iter().take(10).collect()
}
