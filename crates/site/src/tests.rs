//! The ten tests, each with the results and modifiers of the HTTP Observatory.

use crate::answer::{Answer, Seen};
use crate::csp::{self, Policy};
use crate::grade::Test;
use crate::markup::{Tag, tags};
use knowledge::suffixes;
use std::collections::BTreeSet;

/// Half a year in seconds, as counted there.
const SIX_MONTHS: f64 = 15_552_000.0;

type Verdict = (&'static str, i32, bool);

/// All tests.
pub fn all(seen: &Seen) -> Vec<Test> {
    let named = |name, (result, score_modifier, pass): Verdict| Test { name, result, score_modifier, pass };
    let Some(page) = seen.main().and_then(|v| v.last()) else { return Vec::new() };
    let tags = if page.is_html() { tags(&page.text()) } else { Vec::new() };
    let policies = Policies::of(page, &tags);
    vec![
        named("content-security-policy", policies.verdict(seen.is_https(), page)),
        named("cookies", cookies(seen, page)),
        named("cross-origin-resource-sharing", sharing(seen)),
        named("redirection", redirection(seen)),
        named("referrer-policy", referrer(page, &tags)),
        named("strict-transport-security", transport(seen)),
        named("subresource-integrity", integrity(seen, page, &tags)),
        named("x-content-type-options", sniffing(page)),
        named("x-frame-options", framing(page, &policies)),
        named("cross-origin-resource-policy", resources(page)),
    ]
}

fn equiv<'t>(tags: &'t [Tag], name: &'t str) -> impl Iterator<Item = &'t str> {
    tags.iter()
        .filter(move |t| t.name == "meta" && t.get("http-equiv").is_some_and(|v| v.trim().eq_ignore_ascii_case(name)))
        .filter_map(|t| t.get("content"))
}

struct Policies {
    header: Vec<String>,
    meta: Vec<String>,
}

impl Policies {
    fn of(page: &Answer, tags: &[Tag]) -> Policies {
        // Two headers of one name are one there, joined by a comma.
        let header = page.header("content-security-policy").into_iter().collect();
        let meta = equiv(tags, "content-security-policy").filter(|c| !c.is_empty()).map(str::to_string).collect();
        Policies { header, meta }
    }

    fn frame_ancestors(&self) -> bool {
        let all: Vec<String> = self.header.iter().chain(&self.meta).cloned().collect();
        let known = csp::parse(&self.header).is_some_and(|p| !p.0.is_empty()) || self.meta_counts();
        known && csp::parse(&all).is_some_and(|(p, _)| p.contains_key("frame-ancestors"))
    }

    fn meta_counts(&self) -> bool {
        csp::parse(&self.meta)
            .is_some_and(|(p, _)| p.keys().any(|d| !matches!(d.as_str(), "frame-ancestors" | "report-uri" | "sandbox")))
    }

    fn verdict(&self, https: bool, page: &Answer) -> Verdict {
        let all: Vec<String> = self.header.iter().chain(&self.meta).cloned().collect();
        let Some((policy, twice)) = csp::parse(&all) else { return ("csp-header-invalid", -25, false) };
        let header = csp::parse(&self.header).is_some_and(|p| !p.0.is_empty());
        if !header && !self.meta_counts() {
            return match page.header("content-security-policy-report-only").is_some_and(|h| !h.is_empty()) {
                true => ("csp-not-implemented-but-reporting-enabled", -25, false),
                false => ("csp-not-implemented", -25, false),
            };
        }
        let verdict = judge(policy, https);
        if verdict.2 && twice { ("csp-implemented-but-duplicate-directives", 0, true) } else { verdict }
    }
}

const BROAD: [&str; 8] = ["ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"];

fn judge(mut policy: Policy, https: bool) -> Verdict {
    let any = BTreeSet::from(["*".to_string()]);
    let get = |policy: &Policy, name: &str| {
        policy.get(name).or_else(|| policy.get("default-src")).cloned().unwrap_or_else(|| any.clone())
    };
    let broad = |s: &String| BROAD.contains(&s.as_str());
    let inline = |s: &String| matches!(s.as_str(), "'unsafe-inline'" | "data:");
    let hashed = |list: &BTreeSet<String>| {
        list.iter().any(|s| ["'sha256-", "'sha384-", "'sha512-", "'nonce-"].iter().any(|h| s.starts_with(h)))
    };
    let (mut script, mut style) = (get(&policy, "script-src"), get(&policy, "style-src"));
    // What is taken out of the list of a directive is taken out of the policy, as the list is the policy's own there.
    let shared = |policy: &Policy, name: &str| {
        if policy.contains_key(name) { name.to_string() } else { "default-src".to_string() }
    };
    for (name, list) in [("script-src", &mut script), ("style-src", &mut style)] {
        if hashed(list) && list.remove("'unsafe-inline'") {
            let owner = shared(&policy, name);
            if let Some(own) = policy.get_mut(&owner) {
                own.remove("'unsafe-inline'");
            }
        }
    }
    if !policy.contains_key("style-src") {
        style = get(&policy, "style-src");
    }
    let mut result: Option<Verdict> = None;
    let mut put = |verdict: Verdict| result = result.or(Some(verdict));
    if script.contains("'strict-dynamic'") {
        if hashed(&script) {
            let goes = |s: &String| {
                BROAD.iter().any(|b| s.starts_with(b)) || matches!(s.as_str(), "'self'" | "'unsafe-inline'")
            };
            script.retain(|s| !goes(s));
            let owner = shared(&policy, "script-src");
            if let Some(own) = policy.get_mut(&owner) {
                own.retain(|s| !goes(s));
            }
            if !policy.contains_key("style-src") {
                style = get(&policy, "style-src");
            }
        } else {
            put(("csp-header-invalid", -25, false));
        }
    }
    let object = get(&policy, "object-src");
    let passive = ["img-src", "media-src"];
    let clear = |s: &String| s.starts_with("http:") || s.starts_with("ftp:");
    let active = policy
        .iter()
        .filter(|(d, _)| !passive.contains(&d.as_str()) && *d != "script-src")
        .flat_map(|(_, s)| s)
        .chain(&script)
        .any(clear);
    if script.iter().any(|s| broad(s) || inline(s)) || object.iter().any(broad) {
        put(("csp-implemented-with-unsafe-inline", -20, false));
    }
    if https && active {
        put(("csp-implemented-with-insecure-scheme", -20, false));
    }
    if script.iter().chain(&style).any(|s| s == "'unsafe-eval'") {
        put(("csp-implemented-with-unsafe-eval", -10, false));
    }
    let shown =
        passive.iter().filter_map(|d| policy.get(*d).or_else(|| policy.get("default-src"))).flatten().any(clear);
    if https && shown {
        put(("csp-implemented-with-insecure-scheme-in-passive-content-only", -10, true));
    }
    if style.iter().any(|s| broad(s) || inline(s)) {
        put(("csp-implemented-with-unsafe-inline-in-style-src-only", 0, true));
    }
    let none = policy.get("default-src").is_some_and(|s| s.len() == 1 && s.contains("'none'"));
    put(if none {
        ("csp-implemented-with-no-unsafe-default-src-none", 10, true)
    } else {
        ("csp-implemented-with-no-unsafe", 5, true)
    });
    result.unwrap_or(("csp-implemented-with-no-unsafe", 5, true))
}

fn cookies(seen: &Seen, page: &Answer) -> Verdict {
    const WORSE: [(&str, i32); 7] = [
        ("cookies-without-secure-flag-but-protected-by-hsts", -5),
        ("cookies-without-secure-flag", -20),
        ("cookies-session-without-secure-flag-but-protected-by-hsts", -10),
        ("cookies-samesite-flag-invalid", -20),
        ("cookies-anticsrf-without-samesite-flag", -20),
        ("cookies-session-without-httponly-flag", -30),
        ("cookies-session-without-secure-flag", -40),
    ];
    let hsts = transport(seen).2;
    let mut worst: Option<usize> = None;
    let mut put = |n: usize| worst = worst.max(Some(n));
    let odd = |line: &str| {
        line.split(';').any(|part| {
            let (key, value) = part.trim().split_once('=').unwrap_or((part.trim(), ""));
            key.trim().eq_ignore_ascii_case("samesite")
                && !["lax", "strict", "none"]
                    .contains(&value.split('=').next().unwrap_or("").trim().to_lowercase().as_str())
        })
    };
    if page.all("set-cookie").any(odd) {
        put(3);
    }
    let all: Vec<_> = seen.cookies().into_iter().filter(|c| c.name != "heroku-session-affinity").collect();
    if all.is_empty() {
        return ("cookies-not-found", 0, true);
    }
    for c in &all {
        let name = c.name.to_lowercase();
        let session = ["login", "sess"].iter().any(|w| name.contains(w));
        if !c.secure && c.same_site.as_deref() == Some("none") {
            put(3);
        }
        if !c.secure {
            put(usize::from(!hsts));
        }
        if name.contains("csrf") && c.same_site.is_none() {
            put(4);
        }
        if session && !c.secure {
            put(if hsts { 2 } else { 6 });
        }
        if session && !c.http_only {
            put(5);
        }
    }
    match worst {
        Some(n) => (WORSE[n].0, WORSE[n].1, false),
        None if all.iter().any(|c| c.same_site.is_none()) => ("cookies-secure-with-httponly-sessions", 0, true),
        None => ("cookies-secure-with-httponly-sessions-and-samesite", 5, true),
    }
}

fn sharing(seen: &Seen) -> Verdict {
    let Some((_, answer)) = &seen.preflight else { return ("cross-origin-resource-sharing-not-implemented", 0, true) };
    let Some(allowed) = answer.header("access-control-allow-origin").filter(|a| !a.is_empty()) else {
        return ("cross-origin-resource-sharing-not-implemented", 0, true);
    };
    match allowed.trim() {
        "*" => ("cross-origin-resource-sharing-implemented-with-public-access", 0, true),
        // Also where it reflects any origin with credentials: the Observatory 1.4.8 does not see that. `findings` says it.
        _ => ("cross-origin-resource-sharing-implemented-with-restricted-access", 0, true),
    }
}

/// Scheme and host of an address.
pub fn parts(url: &str) -> (&str, &str) {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = host.rsplit('@').next().unwrap_or("");
    let host = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or("") };
    (scheme, host)
}

fn redirection(seen: &Seen) -> Verdict {
    let Some(visit) = &seen.http else { return ("redirection-not-needed-no-http", 0, true) };
    if !visit.verified {
        return ("redirection-invalid-cert", -20, false);
    }
    let route: Vec<(&str, &str)> = visit.route.iter().map(|a| parts(&a.url)).collect();
    match (route.first(), route.get(1), route.last()) {
        (_, None, _) | (None, ..) => ("redirection-missing", -20, false),
        (.., Some((scheme, _))) if *scheme != "https" => ("redirection-not-to-https", -20, false),
        (_, Some(("http", _)), _) => ("redirection-not-to-https-on-initial-redirection", -10, false),
        (Some(("http", first)), Some(("https", second)), _) if first != second => {
            ("redirection-off-host-from-http", -5, false)
        }
        _ => ("redirection-to-https", 0, true),
    }
}

fn referrer(page: &Answer, tags: &[Tag]) -> Verdict {
    const GOOD: [&str; 4] = ["no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"];
    const BAD: [&str; 4] = ["origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"];
    let meta = tags.iter().rfind(|t| {
        t.name == "meta"
            && t.get("http-equiv").is_none()
            && t.get("name").is_some_and(|n| n.trim().eq_ignore_ascii_case("referrer"))
            && t.get("content").is_some_and(|c| !c.is_empty())
    });
    let all: Vec<String> = page
        .header("referrer-policy")
        .into_iter()
        .chain(meta.and_then(|t| t.get("content")).map(str::to_string))
        .collect();
    if all.is_empty() {
        return ("referrer-policy-not-implemented", 0, true);
    }
    let joined = all.join(", ").to_lowercase();
    let last = joined.split(',').map(str::trim).rfind(|w| GOOD.contains(w) || BAD.contains(w));
    match last {
        Some(word) if GOOD.contains(&word) => ("referrer-policy-private", 5, true),
        Some(_) => ("referrer-policy-unsafe", -5, false),
        None => ("referrer-policy-header-invalid", -5, false),
    }
}

fn transport(seen: &Seen) -> Verdict {
    let Some(visit) = &seen.https else { return ("hsts-not-implemented-no-https", -20, false) };
    if !visit.verified {
        return ("hsts-invalid-cert", -20, false);
    }
    let Some(header) = visit.last().and_then(|a| a.header("strict-transport-security")) else {
        return ("hsts-not-implemented", -20, false);
    };
    let header = formats::clip(&header, 1024).to_lowercase();
    let age = header.split(';').map(str::trim).filter_map(|p| p.strip_prefix("max-age=")).next_back();
    // Digits at the beginning count, as `parseInt` has it; without any it is no number, which is not less than six months.
    let number = age.map(|a| a.trim_start().chars().take_while(char::is_ascii_digit).collect::<String>());
    match number {
        _ if header.contains(',') => ("hsts-header-invalid", -20, false),
        None => ("hsts-header-invalid", -20, false),
        _ if age.is_some_and(|a| a.trim_start().starts_with('-')) => {
            ("hsts-implemented-max-age-less-than-six-months", -10, false)
        }
        Some(n) if n.parse::<f64>().is_ok_and(|n| n < SIX_MONTHS) => {
            ("hsts-implemented-max-age-less-than-six-months", -10, false)
        }
        Some(_) => ("hsts-implemented-max-age-at-least-six-months", 0, true),
    }
}

/// The registrable domain of a host.
pub fn registrable(host: &str) -> Option<String> {
    suffixes::registrable(&host.to_lowercase()).map(str::to_string)
}

fn integrity(seen: &Seen, page: &Answer, tags: &[Tag]) -> Verdict {
    const WORSE: [(&str, i32); 4] = [
        ("sri-implemented-and-all-scripts-loaded-securely", 5),
        ("sri-implemented-but-external-scripts-not-loaded-securely", -20),
        ("sri-not-implemented-but-external-scripts-loaded-securely", -5),
        ("sri-not-implemented-and-external-scripts-not-loaded-securely", -50),
    ];
    if !page.is_html() {
        return ("sri-not-implemented-response-not-html", 0, true);
    }
    let scripts: Vec<&Tag> = tags.iter().filter(|t| t.name == "script").collect();
    if scripts.is_empty() {
        return ("sri-not-implemented-but-no-scripts-loaded", 0, true);
    }
    let own = registrable(&seen.host);
    let (mut worst, mut foreign): (Option<usize>, bool) = (None, false);
    for script in scripts.iter().filter(|t| t.get("src").is_some_and(|s| !s.is_empty())) {
        let src = script.get("src").unwrap_or("").trim();
        let lower = src.to_lowercase();
        let schemeless = src.starts_with("//") && !src.starts_with("///");
        let full = lower.starts_with("http://") || lower.starts_with("https://");
        let relative = !schemeless && !full;
        let same = !full || registrable(parts(&lower).1) == own;
        let secure = lower.starts_with("https://") || relative && seen.is_https();
        let held = script.get("integrity").is_some_and(|i| !i.is_empty());
        if relative || same && !schemeless {
            if held && secure && worst.is_none() {
                worst = Some(0);
            }
            continue;
        }
        foreign = true;
        let found = match (held, secure) {
            (true, true) => continue,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        };
        worst = worst.max(Some(found));
    }
    match worst {
        Some(n) => (WORSE[n].0, WORSE[n].1, n == 0),
        None if foreign => ("sri-implemented-and-external-scripts-loaded-securely", 5, true),
        None => ("sri-not-implemented-but-all-scripts-loaded-from-secure-origin", 0, true),
    }
}

fn sniffing(page: &Answer) -> Verdict {
    match page.header("x-content-type-options").filter(|h| !h.is_empty()) {
        Some(h) if h.trim().eq_ignore_ascii_case("nosniff") => ("x-content-type-options-nosniff", 0, true),
        Some(_) => ("x-content-type-options-header-invalid", -5, false),
        None => ("x-content-type-options-not-implemented", -5, false),
    }
}

fn framing(page: &Answer, policies: &Policies) -> Verdict {
    if policies.frame_ancestors() {
        return ("x-frame-options-implemented-via-csp", 5, true);
    }
    match page.header("x-frame-options").filter(|h| !h.is_empty()).map(|h| h.trim().to_lowercase()) {
        Some(h) if matches!(h.as_str(), "deny" | "sameorigin") => ("x-frame-options-sameorigin-or-deny", 0, true),
        Some(h) if h.starts_with("allow-from") => ("x-frame-options-allow-from-origin", 0, true),
        Some(_) => ("x-frame-options-header-invalid", -20, false),
        None => ("x-frame-options-not-implemented", -20, false),
    }
}

fn resources(page: &Answer) -> Verdict {
    match page
        .header("cross-origin-resource-policy")
        .map(|h| h.trim().to_lowercase())
        .filter(|h| !h.is_empty())
        .as_deref()
    {
        None => ("corp-not-implemented", 0, true),
        Some("same-site") => ("corp-implemented-with-same-site", 10, true),
        Some("same-origin") => ("corp-implemented-with-same-origin", 10, true),
        Some("cross-origin") => ("corp-implemented-with-cross-origin", 0, true),
        Some(_) => ("corp-header-invalid", -5, false),
    }
}
