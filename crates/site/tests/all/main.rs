//! Grades and privacy, on made-up answers.

mod dns;
mod tls;

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

#[test]
fn pictures_and_libraries_are_no_members() {
    let files: String = (0..20)
        .map(|n| format!("<img src=/i/logo{n}@2x.png srcset='/i/logo{n}@3x.webp 3x'><script src=https://cdn.example/npm/lib{n}@5.{n}.1/a.min.js></script>"))
        .collect();
    let script: String = (0..20).map(|n| format!("/* author{n}@library.org */ import('x{n}@1.2')")).collect();
    let offices: String = (0..20)
        .map(|n| {
            format!(
                "<a href='mailto:contact{}@ville{n}.fr?cc=presse@ville{n}.fr'>x</a>",
                if n % 2 == 0 { "" } else { ".x" }
            )
        })
        .collect();
    let told =
        privacy(&seen(&[], &format!("{files}<script>{script}</script><p>logo@2x.png a@b.local v@1.2.3 {offices}</p>")));
    assert!(!told.findings.iter().any(|f| f.id == "members-revealed"), "{:?}", told.findings);
    assert!(!told.findings.iter().any(|f| f.id == "personal-data-in-address"), "{:?}", told.findings);
    let people: String = (0..8).map(|n| format!("<li>prenom{n}@exemple{n}.org</li>")).collect();
    let told = privacy(&seen(&[], &people));
    assert!(told.findings.iter().any(|f| f.id == "members-revealed"), "{:?}", told.findings);
}

#[test]
fn addresses_that_tell_are_told_and_others_are_not() {
    let leaks = |href: &str| {
        privacy(&seen(&[], &format!("<a href=\"{href}\">x</a>")))
            .findings
            .iter()
            .any(|f| f.id == "personal-data-in-address")
    };
    for href in ["/x?email=ada%40example.org", "/x?u=ada@example.org", "/x?token=abc", "https://b.test/?a=1&password=x"]
    {
        assert!(leaks(href), "{href}");
    }
    for href in [
        "mailto:ada@example.org?cc=bob@example.org",
        "/img?src=logo@2x.png",
        "https://cdn.example/combine/?f=npm/jquery@3.7.1,npm/a@1",
        "https://maps.example/?q=@48.85,2.35",
        "https://x.example/share?text=Via%20@example",
        "https://maps.example/js?key=public",
    ] {
        assert!(!leaks(href), "{href}");
    }
}

#[test]
fn forms_that_ask_nobody_who_he_is_need_no_consent() {
    let asks = |form: &str| {
        privacy(&seen(&[], &format!("<form method=post action=/j>{form}</form>")))
            .findings
            .iter()
            .any(|f| f.id == "form-without-consent")
    };
    for form in [
        "<input name=email>",
        "<input type=tel name=x>",
        "<input name=firstName>",
        "<input name='member[nom]'>",
        "<input name=user_phone>",
    ] {
        assert!(asks(form), "{form}");
    }
    for form in [
        "<input type=hidden name=form_name>",
        "<input type=search name=name>",
        "<input name=hotel>",
        "<input name=nombre>",
        "<input type=submit name=email>",
        "<input name=filename>",
    ] {
        assert!(!asks(form), "{form}");
    }
}

#[test]
fn pages_that_ask_people_are_looked_at_too() {
    let front = seen(
        &[],
        "<a href=/abandon>x</a><a href='/fr/don.html#a'>Give</a><a href=/petition/>Sign</a><a href=https://other.fr/don>y</a>",
    );
    let page = front.main().and_then(|v| v.last()).expect("a page");
    let pages = site::asking(page, "example.fr");
    assert_eq!(pages, ["https://example.fr/fr/don.html", "https://example.fr/petition/"]);
    let gives = "<script src=https://www.googletagmanager.com/gtag/js></script><form method=post action=/p><input name=email><input name=montant></form>";
    let answer = Answer { url: pages[0].clone(), body: gives.into(), ..page.clone() };
    let told = privacy(&Seen { pages: vec![answer], ..front.clone() });
    let at = |id: &str| told.findings.iter().find(|f| f.id == id).map(|f| f.seen.as_str());
    assert_eq!(at("third-party-on-donation-page"), Some("https://example.fr/fr/don.html"));
    assert_eq!(at("form-without-consent"), Some("https://example.fr/fr/don.html: /p"));
    assert!(privacy(&front).findings.iter().all(|f| f.id != "form-without-consent"));
}

#[test]
fn preloading_is_told_from_the_header() {
    assert_eq!(site::preloading("max-age=63072000; includeSubDomains; preload"), (true, vec![]));
    assert_eq!(site::preloading("max-age=3600; preload"), (true, vec!["max-age=31536000", "includeSubDomains"]));
    let told = |header: &str| -> Vec<&str> {
        findings(&seen(&[("strict-transport-security", header)], ""))
            .iter()
            .map(|f| f.id)
            .filter(|id| id.starts_with("hsts-"))
            .collect()
    };
    assert_eq!(told("max-age=3600; preload"), ["hsts-preload-refused"]);
    assert_eq!(told("max-age=31536000"), ["hsts-not-preloaded"]);
    assert!(told("max-age=63072000; includeSubDomains; preload").is_empty());
}

#[test]
fn paid_content_is_labelled() {
    let told = |body: &str| -> Vec<&str> {
        privacy(&seen(&[], body))
            .findings
            .iter()
            .map(|f| f.id)
            .filter(|id| id.starts_with("paid-") || id.starts_with("political-"))
            .collect()
    };
    assert_eq!(told("<a rel='noopener sponsored' href=https://b.test/>x</a>"), ["paid-content-unlabelled"]);
    assert_eq!(told("<h2>Contenu\nsponsorisé</h2>"), ["paid-content-unlabelled"]);
    assert_eq!(told("<p>Annonce politique</p><a rel=sponsored href=/x>x</a>"), ["political-label-incomplete"]);
    assert!(told("<p>Annonce politique, financée par A, <a href=/t>avis de transparence</a></p><a rel=sponsored href=/x>x</a>").is_empty());
    assert!(told("<p>Notre programme</p><!-- contenu sponsorisé --><script>'sponsored content'</script>").is_empty());
}

#[test]
fn what_was_not_answered_is_not_told_as_absent() {
    let mut site = seen(&[], "");
    let ids = |site: &Seen| -> Vec<&str> { findings(site).iter().map(|f| f.id).collect() };
    assert!(ids(&site).contains(&"no-security-txt"));
    site.missed.push(("GET https://example.fr/.well-known/security.txt".into(), "timeout"));
    assert!(!ids(&site).contains(&"no-security-txt"));
    assert!(site::unjudged(&site).contains(&"no-security-txt"));
    site.missed.clear();
    site.https = None;
    assert!(ids(&site).contains(&"no-https"));
    site.missed.push(("GET https://example.fr/".into(), "timeout"));
    assert!(!ids(&site).contains(&"no-https") && ids(&site).contains(&"https-not-known"));
    assert!(site::unjudged(&site).contains(&"no-https"));
}
