//! What is printed of a site.

use super::examine::Examined;
use super::request;
use crate::output::Out;
use model::{Lang, Result, Severity, Text, escape};
use serde_json::{Map, Value, json};
use site::Finding;

/// All findings of a site, gravest first.
pub fn findings(examined: &Examined) -> Vec<Finding> {
    let seen = &examined.seen;
    let mut all: Vec<Finding> = site::findings(seen).into_iter().chain(examined.found.clone()).collect();
    if seen.main().is_some() {
        all.extend(site::privacy(seen).findings);
    }
    all.sort_by(|a, b| {
        (std::cmp::Reverse(a.severity), a.id, &a.seen).cmp(&(std::cmp::Reverse(b.severity), b.id, &b.seen))
    });
    all
}

/// What the case's logs show of heavy pages.
pub fn heavy(all: &[readiness::load::Heavy], unnamed: bool) -> Vec<Finding> {
    let told = |h: &readiness::load::Heavy| {
        format!("{} (≥ {} KiB, {} answers)", escape::visible(&h.path), h.each() / 1024, h.answers)
    };
    if all.is_empty() {
        return Vec::new();
    }
    let note = if unnamed { " [log without host]" } else { "" };
    vec![Finding {
        id: "heavy-in-logs",
        severity: Severity::Low,
        seen: all.iter().map(told).collect::<Vec<_>>().join(", ") + note,
        why: Text::new(
            "the logs of the case show what a flood would ask for: these answers cost most",
            "les journaux du dossier montrent ce qu’un flot demanderait\u{202f}: ces réponses coûtent le plus",
        ),
        mend: Text::new(
            "make them lighter, have a cache answer them, or take them off the site for the last days",
            "les alléger, les faire servir par un cache, ou les retirer du site les derniers jours",
        ),
        article: None,
        points: 0,
    }]
}

/// One object a site.
pub fn line(url: &str, examined: &Examined, found: &[Finding], lang: Lang) -> Value {
    let seen = &examined.seen;
    let grade = site::grade(seen);
    let tests: Map<String, Value> = grade
        .iter()
        .flat_map(|g| &g.tests)
        .map(|t| {
            (t.name.to_string(), json!({ "result": t.result, "score_modifier": t.score_modifier, "pass": t.pass }))
        })
        .collect();
    let tls: Map<String, Value> = seen.tls.iter().flatten().map(|(id, judged)| (id.clone(), json!(judged))).collect();
    let finding = |f: &Finding| {
        let fix: Map<String, Value> =
            site::fix(f.id).iter().map(|fix| (fix.who().into(), fix.what(lang).into())).collect();
        json!({ "id": f.id, "severity": f.severity, "seen": f.seen, "why": f.why.get(lang), "mend": f.mend.get(lang),
            "fix": fix, "article": f.article, "request": request(f, examined) })
    };
    let (address, country, network) = &examined.hosting;
    let network = network.as_ref().map(|(number, name)| json!({ "number": number, "name": name }));
    json!({ "url": url, "grade": grade.as_ref().map(|g| g.grade), "score": grade.as_ref().map(|g| g.score), "tests": tests,
        "tls": seen.tls.as_ref().map(|_| tls), "tls_not_tested": site::tls::NOT_TESTED, "dns": examined.posture,
        "privacy_score": seen.main().map(|_| site::privacy(seen).score),
        "privacy_from": if examined.run.is_some() { "browser" } else { "html" }, "no_browser": examined.no_browser,
        "hosting": { "address": address, "country": country, "network": network },
        "owner": examined.owner, "at": examined.at, "hsts_preload": preload(examined),
        "browser_unguarded": examined.run.as_ref().and_then(|r| r.unguarded),
        "authorities_known": !seen.unknown_authorities,
        "unanswered": examined.missed.iter().map(|(what, why)| json!({ "what": what, "why": why })).collect::<Vec<_>>(),
        "not_checked": examined.unjudged,
        "findings": found.iter().map(finding).collect::<Vec<_>>() })
}

/// What the header of HSTS asks of browsers' lists. No list is part of the program: whether the site is on one is not said.
fn preload(examined: &Examined) -> Value {
    let answer = examined.seen.https.as_ref().and_then(|v| v.last());
    let Some(header) = answer.and_then(|a| a.header("strict-transport-security")) else { return Value::Null };
    let (asks, lacks) = site::preloading(&header);
    json!({ "from": "header", "asks": asks, "lacks": lacks, "on_a_list": null })
}

/// What could not be had, for a person.
fn unanswered(examined: &Examined, lang: Lang, out: &mut Out) -> Result<()> {
    if let Some(why) = examined.run.as_ref().and_then(|r| r.unguarded) {
        out.line(&format!("  {} {why}", lang.of("the browser:", "le navigateur\u{202f}:")))?;
    }
    if let Some(answer) = examined.seen.robots.as_ref().filter(|a| a.status >= 500) {
        let said = answer.status;
        out.line(&match lang {
            Lang::En => format!("  robots.txt: the server fails with {said}; visitors that obey it stay away (RFC 9309)"),
            Lang::Fr => format!(
                "  robots.txt\u{202f}: le serveur échoue avec {said}\u{202f}; les visiteurs qui le respectent s’abstiennent (RFC 9309)"
            ),
        })?;
    }
    if !preload(examined).is_null() {
        out.line(lang.of(
            "  not known here: whether browsers have it on their lists of HTTPS sites (hstspreload.org says so)",
            "  inconnu ici\u{202f}: si les navigateurs l’ont sur leurs listes de sites HTTPS (hstspreload.org le dit)",
        ))?;
    }
    let all = &examined.missed;
    if all.is_empty() {
        return Ok(());
    }
    let list: Vec<String> =
        all.iter().take(8).map(|(what, why)| format!("{} ({why})", escape::visible(what))).collect();
    let more = if all.len() > list.len() { format!(" … +{}", all.len() - list.len()) } else { String::new() };
    out.line(&format!(
        "  {} {}{more}",
        lang.of("asked and not answered, so not judged:", "demandé sans réponse, donc non jugé\u{202f}:"),
        list.join(", ")
    ))
}

/// For a person.
pub fn print(url: &str, examined: &Examined, found: &[Finding], line: &Value, lang: Lang, out: &mut Out) -> Result<()> {
    let seen = &examined.seen;
    let grade = site::grade(seen);
    let shown = grade.as_ref().map_or_else(|| "–".into(), |g| format!("{} ({})", g.grade, g.score));
    let private = line["privacy_score"].as_u64().map_or_else(|| "–".into(), |s| format!("{s}/100"));
    let from = match (examined.run.is_some(), lang) {
        (true, Lang::En) => "as a browser saw it",
        (true, Lang::Fr) => "vu par un navigateur",
        (false, Lang::En) => "as the HTML says; --browser sees more",
        (false, Lang::Fr) => "d’après le HTML\u{202f}; --browser en voit plus",
    };
    out.line(&format!(
        "{}: {} {shown}, {} {private} ({from})",
        escape::visible(url),
        lang.of("headers", "en-têtes"),
        lang.of("privacy", "vie privée"),
    ))?;
    let (address, country, network) = &examined.hosting;
    let network = network.as_ref().map_or_else(String::new, |(n, name)| format!(", AS{n} {}", escape::visible(name)));
    out.line(&format!("  {} {address} ({country}{network})", lang.of("hosted at", "hébergé à")))?;
    if let Some(why) = &examined.no_browser {
        out.line(&format!(
            "  {} {}",
            lang.of("no browser looked:", "aucun navigateur n’a regardé\u{202f}:"),
            escape::visible(why)
        ))?;
    }
    unanswered(examined, lang, out)?;
    for t in grade.iter().flat_map(|g| &g.tests) {
        out.line(&format!("  {:>4} {}: {}", t.score_modifier, t.name, t.result))?;
    }
    for (id, judged) in seen.tls.iter().flatten().filter(|(_, j)| !matches!(j.severity, "OK" | "INFO")) {
        out.line(&format!("  {:>8} {id}: {}", judged.severity, escape::visible(&judged.finding)))?;
    }
    for f in found {
        let article = f.article.map_or_else(String::new, |a| format!(" [{a}]"));
        out.line(&format!("  {:8} {}: {}{article}", f.severity, f.id, escape::visible(&f.seen)))?;
        out.line(&format!("           {} → {}", f.why.get(lang), f.mend.get(lang)))?;
        for fix in site::fix(f.id) {
            for line in fix.what(lang).lines() {
                out.line(&format!("             {}{} {line}", fix.whom(lang), lang.of(":", "\u{202f}:")))?;
            }
        }
    }
    for draft in line["complaints"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        out.line(&format!("  {} {}", lang.of("draft:", "projet\u{202f}:"), escape::visible(draft)))?;
    }
    if let Some(change) = line["change"].as_object() {
        let list = |key: &str| -> String {
            let all = change[key].as_array().into_iter().flatten();
            let ids: Vec<&str> = all.filter_map(|f| f["id"].as_str()).collect();
            if ids.is_empty() { "–".into() } else { ids.join(", ") }
        };
        out.line(&format!(
            "  {} {}: {} {} → {}; {} {}; {} {}; {} {}",
            lang.of("since", "depuis"),
            change["since"].as_str().unwrap_or(""),
            lang.of("grade", "note"),
            change["grade"].as_str().unwrap_or("–"),
            line["grade"].as_str().unwrap_or("–"),
            lang.of("new:", "nouveau\u{202f}:"),
            escape::visible(&list("new")),
            lang.of("gone:", "réglé\u{202f}:"),
            escape::visible(&list("gone")),
            lang.of("not checked this time:", "non vérifié cette fois\u{202f}:"),
            escape::visible(&list("not_checked")),
        ))?;
    }
    Ok(())
}
