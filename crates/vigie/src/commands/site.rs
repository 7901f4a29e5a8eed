//! `site`: one's own site, asked as a visitor's browser would ask.

use super::Outcome;
use crate::cli::{Global, Site as Args};
use crate::output::Out;
use collect::Online;
use collect::site::{Raw, Site, Way};
use model::{Error, Lang, Result, Time, escape};
use serde_json::{Map, Value, json};
use site::tls::{Scan, Suites, Trust};
use site::{Answer, Finding, Seen, Visit};
use std::collections::BTreeMap;
use std::fs;
use std::net::IpAddr;

/// Who asks in a preflight: nobody's origin.
const ORIGIN: &str = "https://vigie.invalid";

/// `vigie site`.
pub fn site(args: &Args, global: &Global) -> Result<Outcome> {
    let lang = global.language(None);
    let resolve = args.resolve.iter().map(|r| resolved(r)).collect::<Result<BTreeMap<_, _>>>()?;
    let roots = match &args.ca {
        Some(path) => {
            Some(fs::read(path).map_err(|e| Error::new(format!("could not read `{}`", path.display())).because(e))?)
        }
        None => None,
    };
    let mut out = Out::new();
    let (mut met, mut failed) = (false, None);
    for url in &args.urls {
        // The user names the site to be asked: that is leave to ask it, and nothing else.
        match examine(&Online::granted(), url, &resolve, roots.as_deref(), global.now()) {
            Ok(seen) => {
                let found: Vec<Finding> =
                    site::findings(&seen).into_iter().chain(site::privacy(&seen).findings).collect();
                met |= global.fail_on.is_some_and(|limit| found.iter().any(|f| f.severity >= limit));
                match global.json {
                    true => out.json(&line(url, &seen, lang))?,
                    false => print(url, &seen, lang, &mut out)?,
                }
            }
            Err(e) if args.urls.len() == 1 => return Err(e),
            Err(e) => {
                eprintln!("error: {}", escape::visible(&e.to_string()));
                failed = Some(Outcome::CouldNot);
            }
        }
    }
    out.end()?;
    Ok(failed.unwrap_or(if met { Outcome::No } else { Outcome::Done }))
}

fn resolved(text: &str) -> Result<(String, IpAddr)> {
    let wrong = || {
        Error::new(format!("`{text}` is no address of a host"))
            .hint("write HOST:PORT:ADDRESS, as example.org:443:192.0.2.1")
    };
    let (host, rest) = text.split_once(':').ok_or_else(wrong)?;
    let (_, address) = rest.split_once(':').ok_or_else(wrong)?;
    let address = address.trim_matches(['[', ']']).parse().map_err(|_| wrong())?;
    Ok((host.to_lowercase(), address))
}

fn examine(
    online: &Online,
    url: &str,
    resolve: &BTreeMap<String, IpAddr>,
    roots: Option<&[u8]>,
    at: Time,
) -> Result<Seen> {
    let wrong = || Error::new(format!("`{url}` is no site")).hint("a name, or an address such as https://example.org");
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("").to_lowercase();
    let plain = |h: &str| {
        !h.is_empty() && h.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '[' | ']' | ':' | '_'))
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => {
            (host.to_string(), Some(port.parse::<u16>().map_err(|_| wrong())?))
        }
        _ => (authority, None),
    };
    if !plain(&host) {
        return Err(wrong());
    }
    let ports = match (scheme, port) {
        ("http", Some(port)) => (port, 443),
        ("https" | "", port) => (80, port.unwrap_or(443)),
        ("http", None) => (80, 443),
        _ => return Err(wrong()),
    };
    let clock = || at;
    let site = Site::new(online, &host, ports, resolve.get(&host).copied(), roots, &clock)?;
    let visit = |https: bool| site.visit(https).map(visited);
    let (http, https) = (visit(false), visit(true));
    let mut seen = Seen { host: host.clone(), http, https, ..Seen::default() };
    let suites = Suites::embedded();
    let name = host.parse::<IpAddr>().is_err().then_some(host.as_str());
    let scan = site::tls::scan(name, &suites, &mut |bytes, whole| site.speak(bytes, whole)).filter(Scan::speaks_any);
    if let Some(mut scan) = scan {
        if scan.chains.is_empty() {
            scan.chains.extend(site.shown());
        }
        let trust: Vec<Trust> = scan.chains.iter().map(|c| site.trust(c, at)).collect();
        seen.tls = Some(site::tls::judge(&scan, &suites, &host, at, &trust, None, None));
    }
    let Some(main) = seen.main().cloned() else {
        return match seen.tls {
            Some(_) => Ok(seen),
            None => {
                Err(Error::new(format!("`{host}` does not answer")).hint("is it up? `--resolve` names its address"))
            }
        };
    };
    let start = main.route.first().map(|a| a.url.clone()).unwrap_or_default();
    let base = start.trim_end_matches('/').to_string();
    let extra = |method: &str, url: &str, headers: &[(&str, &str)]| {
        site.extra(method, url, headers, main.verified).map(|raw| answer(url, raw))
    };
    let robots = extra("GET", &format!("{base}/robots.txt"), &[]).filter(|a| a.status == 200);
    if robots.is_some_and(|a| forbids(&a.text())) {
        return Err(Error::new(format!("robots.txt of `{host}` asks not to be visited"))
            .hint("allow `User-agent: vigie` there, then ask again"));
    }
    let last = main.last().map_or(start, |a| a.url.clone());
    let preflight = extra("OPTIONS", &last, &[("Access-Control-Request-Method", "GET"), ("Origin", ORIGIN)]);
    seen.preflight = preflight.map(|a| (ORIGIN.to_string(), a));
    seen.security_txt = extra("GET", &format!("{base}/.well-known/security.txt"), &[]);
    Ok(seen)
}

/// Whether robots.txt (RFC 9309) closes the front page to us.
fn forbids(text: &str) -> bool {
    let mut groups: BTreeMap<String, bool> = BTreeMap::new();
    let (mut agents, mut rules): (Vec<String>, bool) = (Vec::new(), false);
    for line in text.lines().take(10_000) {
        let line = line.split('#').next().unwrap_or("").trim().to_lowercase();
        let Some((key, value)) = line.split_once(':').map(|(k, v)| (k.trim(), v.trim())) else { continue };
        match key {
            "user-agent" => {
                if std::mem::take(&mut rules) {
                    agents.clear();
                }
                agents.push(value.to_string());
                groups.entry(value.to_string()).or_default();
            }
            "allow" | "disallow" => {
                rules = true;
                if matches!(value, "/" | "/*") {
                    for agent in &agents {
                        groups.insert(agent.clone(), key == "disallow");
                    }
                }
            }
            _ => {}
        }
    }
    groups.get("vigie").or_else(|| groups.get("*")).copied().unwrap_or(false)
}

fn answer(url: &str, (status, headers, body): Raw) -> Answer {
    Answer { url: url.into(), status, headers, body }
}

fn visited(way: Way) -> Visit {
    let each = |(url, raw): (String, Option<Raw>)| match raw {
        Some(raw) => answer(&url, raw),
        None => Answer { url, ..Answer::default() },
    };
    Visit { route: way.route.into_iter().map(each).collect(), verified: way.verified }
}

fn line(url: &str, seen: &Seen, lang: Lang) -> Value {
    let grade = site::grade(seen);
    let privacy = site::privacy(seen);
    let tests: Map<String, Value> = grade
        .iter()
        .flat_map(|g| &g.tests)
        .map(|t| {
            (t.name.to_string(), json!({ "result": t.result, "score_modifier": t.score_modifier, "pass": t.pass }))
        })
        .collect();
    let tls: Map<String, Value> = seen.tls.iter().flatten().map(|(id, judged)| (id.clone(), json!(judged))).collect();
    let finding = |f: &Finding| json!({ "id": f.id, "severity": f.severity, "seen": f.seen, "why": f.why.get(lang), "mend": f.mend.get(lang), "article": f.article });
    let findings: Vec<Value> = site::findings(seen).iter().chain(&privacy.findings).map(finding).collect();
    json!({ "url": url, "grade": grade.as_ref().map(|g| g.grade), "score": grade.as_ref().map(|g| g.score), "tests": tests, "tls": tls,
        "privacy_score": privacy.score, "findings": findings })
}

fn print(url: &str, seen: &Seen, lang: Lang, out: &mut Out) -> Result<()> {
    let grade = site::grade(seen);
    let privacy = site::privacy(seen);
    let shown = grade.as_ref().map_or_else(|| "–".into(), |g| format!("{} ({})", g.grade, g.score));
    out.line(&format!(
        "{}: {} {shown}, {} {}/100",
        escape::visible(url),
        lang.of("headers", "en-têtes"),
        lang.of("privacy", "vie privée"),
        privacy.score
    ))?;
    for t in grade.iter().flat_map(|g| &g.tests) {
        out.line(&format!("  {:>4} {}: {}", t.score_modifier, t.name, t.result))?;
    }
    for (id, judged) in seen.tls.iter().flatten().filter(|(_, j)| !matches!(j.severity, "OK" | "INFO")) {
        out.line(&format!("  {:>8} {id}: {}", judged.severity, escape::visible(&judged.finding)))?;
    }
    for f in site::findings(seen).iter().chain(&privacy.findings) {
        let article = f.article.map_or_else(String::new, |a| format!(" [{a}]"));
        out.line(&format!("  {:8} {}: {}{article}", f.severity, f.id, escape::visible(&f.seen)))?;
        out.line(&format!("           {} → {}", f.why.get(lang), f.mend.get(lang)))?;
    }
    Ok(())
}
