//! Grades and privacy, on made-up answers.

mod dns;

use site::{Answer, Seen, Visit, findings, grade, privacy};

fn seen(headers: &[(&str, &str)], body: &str) -> Seen {
    let page = |url: &str, status, headers: Vec<(String, String)>| Answer {
        url: url.into(),
        status,
        headers,
        body: body.into(),
    };
    let mut all: Vec<(String, String)> = vec![("content-type".into(), "text/html; charset=utf-8".into())];
    all.extend(headers.iter().map(|(n, v)| ((*n).to_string(), (*v).to_string())));
    let https = Visit { route: vec![page("https://example.fr/", 200, all)], verified: true };
    let http = Visit { route: vec![page("http://example.fr/", 301, vec![]), https.route[0].clone()], verified: true };
    Seen { host: "example.fr".into(), http: Some(http), https: Some(https), ..Seen::default() }
}

fn result(seen: &Seen, test: &str) -> (&'static str, i32) {
    let grade = grade(seen).expect("a grade");
    let test = grade.tests.iter().find(|t| t.name == test).expect("a test");
    (test.result, test.score_modifier)
}

#[test]
fn headers_are_graded() {
    let bare = grade(&seen(&[], "")).expect("a grade");
    assert_eq!((bare.grade, bare.score), ("D", 30));
    let best = [
        ("strict-transport-security", "max-age=31536000"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    let best = grade(&seen(&best, "")).expect("a grade");
    assert_eq!((best.grade, best.score), ("A+", 130));
    assert!(grade(&Seen::default()).is_none());
}

#[test]
fn policies_are_read_together() {
    let csp = |header: &str, body: &str| {
        result(&seen(&[("content-security-policy", header)], body), "content-security-policy").0
    };
    assert_eq!(csp("default-src 'self'; default-src 'none'", ""), "csp-header-invalid");
    assert_eq!(
        csp("script-src 'nonce-a' 'unsafe-inline'; object-src 'none'; style-src 'self'", ""),
        "csp-implemented-with-no-unsafe"
    );
    assert_eq!(
        csp("default-src 'self'; img-src http:", ""),
        "csp-implemented-with-insecure-scheme-in-passive-content-only"
    );
    let meta = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">";
    assert_eq!(
        result(&seen(&[], meta), "content-security-policy").0,
        "csp-implemented-with-no-unsafe-default-src-none"
    );
}

#[test]
fn a_reflected_origin_keeps_its_grade_and_is_told() {
    let mut site = seen(&[], "");
    let headers = vec![
        ("access-control-allow-origin".into(), "https://vigie.invalid".into()),
        ("access-control-allow-credentials".into(), "true".into()),
    ];
    site.preflight = Some(("https://vigie.invalid".into(), Answer { status: 204, headers, ..Answer::default() }));
    assert_eq!(
        result(&site, "cross-origin-resource-sharing").0,
        "cross-origin-resource-sharing-implemented-with-restricted-access"
    );
    assert!(findings(&site).iter().any(|f| f.id == "reflected-origin-with-credentials"));
}

#[test]
fn privacy_is_a_score_of_its_own() {
    let clean = "<a href=/confidentialite>Données personnelles</a> <a href=/mentions-legales>Mentions légales</a>";
    assert_eq!(privacy(&seen(&[], clean)).score, 100);
    let page = "<script src=https://www.googletagmanager.com/gtag/js></script><link rel=stylesheet href=https://fonts.googleapis.com/css>\
        <form action=https://lists.example.net/join><input type=email name=mail></form>";
    let told = privacy(&seen(&[("set-cookie", "_ga=1; Max-Age=63072000")], page));
    let ids: Vec<&str> = told.findings.iter().map(|f| f.id).collect();
    for id in [
        "trackers-before-consent",
        "fonts-from-third-party",
        "cookies-before-consent",
        "form-to-third-party",
        "form-without-consent",
        "no-privacy-notice",
    ] {
        assert!(ids.contains(&id), "{id} in {ids:?}");
    }
    assert!(told.findings.iter().all(|f| f.article.is_some()));
}

#[test]
fn hostile_pages_end() {
    for body in [
        "<".repeat(200_000),
        "<a ".repeat(100_000),
        "<script>".repeat(10_000),
        format!("<a href=\"{}", "é".repeat(50_000)),
        "<!--".repeat(50_000),
    ] {
        let _ = privacy(&seen(&[], &body));
        let _ = grade(&seen(
            &[("content-security-policy", &"a ".repeat(20_000)), ("set-cookie", &"=;".repeat(10_000))],
            &body,
        ));
    }
}
