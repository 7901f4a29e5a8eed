//! Asking one site: what a visitor's browser asks, what the DNS says, and what only its owner may ask.

use collect::Online;
use collect::browser::{self, Run};
use collect::dns::{Kind, Question, Record, Resolver};
use collect::site::{Door, Exchange, Raw, Site, Way, Why};
use model::{Error, Result, Time};
use sensors::origin::Origin;
use site::dns::{Posture, Replies, Reply};
use site::tls::{Scan, Suites, Trust};
use site::{Answer, Before, Finding, Seen, Visit};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Who asks in a preflight: nobody's origin.
const ORIGIN: &str = "https://vigie.invalid";
/// Scripts of its own that are fetched.
const SCRIPTS: usize = 6;
/// Rounds of questions that follow from answers.
const ROUNDS: usize = 10;

/// What the user wants of each site.
pub struct Asked {
    /// Addresses he gives for hosts.
    pub resolve: BTreeMap<String, IpAddr>,
    /// Further authorities, PEM.
    pub roots: Option<Vec<u8>>,
    /// The resolver he names.
    pub resolver: Option<Resolver>,
    /// He says that the sites are his, and perhaps with which secret.
    pub owner: Option<Option<Vec<u8>>>,
    /// Addresses of test records of his own.
    pub records: Vec<String>,
    /// A browser shall look.
    pub browser: bool,
    /// Countries and networks of addresses.
    pub origin: Origin,
    /// Now.
    pub at: Time,
}

impl Asked {
    /// Whom to ask: the resolver that is named, else the machine's.
    fn whom(&self) -> Result<Resolver> {
        match &self.resolver {
            Some(resolver) => Ok(resolver.clone()),
            None => crate::commands::collect::resolver(&crate::commands::collect::DnsOptions { resolver: None }),
        }
    }
}

/// What came of it.
pub struct Examined {
    /// What was seen.
    pub seen: Seen,
    /// What the DNS says; none where it was not asked.
    pub posture: Option<Posture>,
    /// Findings beside those that follow from what was seen.
    pub found: Vec<Finding>,
    /// Where it is: address, country, network.
    pub hosting: (IpAddr, String, Option<(u32, String)>),
    /// Ownership was shown, and how.
    pub owner: Option<&'static str>,
    /// What a browser saw.
    pub run: Option<Run>,
    /// Why a browser did not look, where it should have.
    pub no_browser: Option<String>,
    /// What was asked and not answered, or not in full, and why.
    pub missed: Vec<(String, &'static str)>,
    /// Findings about which nothing could be said.
    pub unjudged: BTreeSet<&'static str>,
    /// Everything that was sent and came.
    pub exchanges: Vec<Exchange>,
    /// Every answer of the resolver.
    pub records: Vec<Record>,
    /// When.
    pub at: Time,
}

/// Scheme, host and ports of what a user names.
pub fn taken_apart(url: &str) -> Result<(String, (u16, u16))> {
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
    match (scheme, port) {
        ("http", Some(port)) => Ok((host, (port, 443))),
        ("https" | "", port) => Ok((host, (80, port.unwrap_or(443)))),
        ("http", None) => Ok((host, (80, 443))),
        _ => Err(wrong()),
    }
}

/// Examines one site.
pub fn examine(online: &Online, url: &str, asked: &Asked) -> Result<Examined> {
    let (host, ports) = taken_apart(url)?;
    let at = asked.at;
    let clock = || at;
    let address = match (asked.resolve.get(&host), &asked.resolver) {
        (Some(given), _) => Some(*given),
        (None, Some(resolver)) => collect::site::resolve_by(online, resolver, &host, &clock)?,
        (None, None) => None,
    };
    let site = Site::new(online, &host, ports, address, asked.roots.as_deref(), &clock)?;
    let (http, https) = (site.visit(false), site.visit(true));
    let unknown_authorities = https.as_ref().is_some_and(|way| way.unknown);
    let (http, https) = (http.map(visited), https.map(visited));
    let mut seen = Seen { host: host.clone(), http, https, unknown_authorities, ..Seen::default() };
    let suites = Suites::embedded();
    let name = host.parse::<IpAddr>().is_err().then_some(host.as_str());
    let scan = site::tls::scan(name, &suites, &mut |bytes, whole| site.speak(bytes, whole));
    seen.tls_silent = scan.as_ref().is_some_and(|s| !s.speaks_any() && !s.unknown.is_empty());
    let mut scan = scan.filter(Scan::speaks_any);
    if let Some(scan) = scan.as_mut().filter(|s| s.chains.is_empty()) {
        let shown = site.shown();
        scan.staples |= shown.as_ref().is_some_and(|(_, stapled)| *stapled);
        scan.chains.extend(shown.map(|(chain, _)| chain));
    }
    if unknown_authorities {
        // What else may be wrong with it needs no authority to be seen.
        let chain = scan.as_ref().and_then(|s| s.chains.first());
        let good = chain.and_then(|c| site::tls::Certificate::read(c.first()?)).is_some_and(|c| c.is_for(&host, at));
        seen.https.iter_mut().chain(&mut seen.http).for_each(|v| v.verified |= good);
    }
    if seen.main().is_none() && scan.is_none() {
        let missed = site.missed();
        let any = |whys: [Why; 2]| missed.iter().any(|m| whys.contains(&m.why));
        if any([Why::Broken, Why::Long]) && !any([Why::Late, Why::Ended]) {
            return Err(Error::new(format!("what `{host}` answers is neither a page nor TLS"))
                .hint("does another program listen there? Name the port, as https://example.org:8443"));
        }
        if seen.tls_silent || !missed.is_empty() {
            return Err(Error::new(format!("`{host}` did not answer in time"))
                .hint("whether it is up could not be said: ask again, from another network if need be"));
        }
        return Err(Error::new(format!("`{host}` does not answer")).hint("is it up? `--resolve` names its address"));
    }
    let mut compressed = None;
    let mut found = Vec::new();
    let mut owner = None;
    if let Some(main) = seen.main().cloned() {
        let start = main.route.first().map(|a| a.url.clone()).unwrap_or_default();
        let base = start.trim_end_matches('/').to_string();
        let extra = |method: &str, url: &str, headers: &[(&str, &str)]| {
            site.extra(method, url, headers, main.verified).map(|raw| answer(url, raw))
        };
        if asked.owner.is_some() {
            owner = Some(shown(online, asked, &site, &host, &base, &extra)?);
        }
        let mut at_robots = format!("{base}/robots.txt");
        for _ in 0..=LED {
            seen.robots = extra("GET", &at_robots, &[]);
            let robots = seen.robots.as_ref().filter(|a| (300..400).contains(&a.status));
            let led = robots.and_then(|a| a.header("location")).map(|to| collect::site::led(&at_robots, &to));
            // Another host is not ours to ask; to what it says there we are as to one that is not there.
            match led.filter(|to| of_host(to, &host)) {
                Some(to) => at_robots = to,
                None => break,
            }
        }
        let rules =
            seen.robots.as_ref().filter(|a| a.status == 200).map_or_else(Rules::default, |a| Rules::of(&a.text()));
        // An owner asks what he likes of what is his.
        let owned = owner.is_some();
        let may = |url: &String| owned || rules.allow(path(url));
        match robots(seen.robots.as_ref()) {
            _ if owner.is_some() => {}
            Robots::Open => {}
            Robots::Closed => {
                return Err(Error::new(format!("robots.txt of `{host}` asks not to be visited"))
                    .hint("allow `User-agent: vigie` there, then ask again"));
            }
            // On this machine nobody is disturbed, and that it fails is seen by whoever looks at the answer.
            Robots::Failed(_) if site.address().is_loopback() => {}
            Robots::Failed(status) => {
                return Err(Error::new(format!("robots.txt of `{host}` cannot be read: its server says {status}")).hint(
                    "who fails so wants nobody to visit (RFC 9309, 2.3.1.4): ask again when it answers, or show that it is yours with --owner",
                ));
            }
        }
        let last = main.last().cloned().unwrap_or_default();
        let preflight = extra("OPTIONS", &last.url, &[("Access-Control-Request-Method", "GET"), ("Origin", ORIGIN)]);
        seen.preflight = preflight.map(|a| (ORIGIN.to_string(), a));
        seen.security_txt = extra("GET", &format!("{base}/.well-known/security.txt"), &[]);
        seen.compressed = extra("GET", &last.url, &[("Accept-Encoding", "gzip, br")]);
        compressed = seen.compressed.as_ref().map(|a| a.header("content-encoding").is_some());
        let scripts = site::owner::scripts(&last, &host).into_iter().filter(may).take(SCRIPTS);
        seen.scripts = scripts.filter_map(|u| extra("GET", &u, &[])).filter(|a| a.status == 200).collect();
        let led = |url: String| {
            let answer = extra("GET", &url, &[])?;
            let to = answer.header("location").filter(|_| (300..400).contains(&answer.status));
            match to.map(|to| collect::site::led(&url, &to)).filter(|to| of_host(to, &host)) {
                Some(to) if may(&to) => extra("GET", &to, &[]),
                _ => Some(answer),
            }
        };
        seen.notices = site::notices(&last, &host).into_iter().filter(may).filter_map(led).collect();
        seen.pages = site::asking(&last, &host).into_iter().filter(may).filter_map(led).collect();
        let documents = site::documents::links(&last, &host).into_iter().filter(may);
        let document = |u: String| site.document(&u, main.verified).map(|raw| answer(&u, raw));
        seen.documents = documents.filter_map(document).collect();
        if owner.is_some() {
            found = deeper(asked, &site, &host, &base, &seen, &extra);
        }
    }
    let (mut run, mut no_browser) = (None, None);
    if asked.browser
        && let Some(start) = seen.main().and_then(|v| v.last()).map(|a| a.url.clone())
    {
        match looked(online, &start, &host, &site, seen.main().is_some_and(|v| !v.verified) || asked.roots.is_some()) {
            Ok(looked) => {
                seen.before = Some(Before {
                    requests: looked.requests.iter().map(|r| r.url.clone()).collect(),
                    cookies: looked.cookies.iter().map(|c| (c.name.clone(), c.stays)).collect(),
                    storage: looked.storage.clone(),
                    page: looked.page.clone(),
                });
                run = Some(looked);
            }
            Err(e) => no_browser = Some(e.to_string()),
        }
    }
    let local = site.address().is_loopback();
    let mut records = Vec::new();
    let mut posture = None;
    let mut caa = None;
    if asked.resolver.is_some() || !local && name.is_some() {
        let resolver = asked.whom()?;
        let replies = dns(online, &resolver, &host, &mut seen, &mut records, at)?;
        let selectors = knowledge::selectors::Selectors::embedded().all();
        let (told, of_dns) = site::dns::judge(&host, &replies, &selectors);
        caa.clone_from(&told.caa);
        posture = Some(told);
        found.extend(of_dns);
    }
    if let Some(scan) = scan {
        let trust: Vec<Trust> = scan.chains.iter().map(|c| site.trust(c, at)).collect();
        seen.tls = Some(site::tls::judge(&scan, &suites, &host, at, &trust, compressed, caa.as_deref()));
    }
    let address = site.address();
    let hosting = {
        use model::Origins;
        let as_address = model::Address::from(address);
        (address, asked.origin.country(as_address), asked.origin.network(as_address))
    };
    let missed: Vec<(String, &'static str)> = site.missed().into_iter().map(|m| (m.what, m.why.as_str())).collect();
    seen.missed.clone_from(&missed);
    let unjudged = unjudged(&seen, posture.as_ref(), owner, asked);
    let exchanges = site.exchanges();
    Ok(Examined { seen, posture, found, hosting, owner, run, no_browser, missed, unjudged, exchanges, records, at })
}

/// Findings about which nothing can be said this time: what they hang on was not asked, or not answered.
fn unjudged(seen: &Seen, posture: Option<&Posture>, owner: Option<&str>, asked: &Asked) -> BTreeSet<&'static str> {
    let mut all: BTreeSet<&'static str> = site::unjudged(seen).into_iter().collect();
    match posture {
        Some(posture) => all.extend(site::dns::unjudged(posture)),
        None => all.extend(site::dns::all()),
    }
    if owner.is_none() {
        all.extend(site::owner::ALL);
    } else if asked.records.is_empty() {
        all.insert("records-countable");
    }
    if seen.main().is_some() && seen.tls.is_none() && seen.is_https_silent() {
        all.extend(site::tls::ALL);
    }
    all
}

/// Has a browser look, with a profile that is thrown away.
fn looked(online: &Online, start: &str, host: &str, site: &Site, any_certificate: bool) -> Result<Run> {
    let profile = tempfile::tempdir().map_err(|e| Error::new("could not make a folder for the browser").because(e))?;
    let as_root = platform::is_root();
    browser::look(online, start, (host, site.address()), profile.path(), as_root, any_certificate)
}

type Extra<'e> = &'e dyn Fn(&str, &str, &[(&str, &str)]) -> Option<Answer>;

/// How ownership is shown; an error that says how to show it, where it is not.
pub fn shown(
    online: &Online,
    asked: &Asked,
    site: &Site,
    host: &str,
    base: &str,
    extra: Extra,
) -> Result<&'static str> {
    if site.address().is_loopback() {
        return Ok("loopback");
    }
    let Some(Some(secret)) = &asked.owner else {
        return Err(Error::new(format!("that `{host}` is yours must be shown"))
            .hint("`--owner=FILE` names a secret of your own: head -c 32 /dev/urandom | base64 > FILE"));
    };
    // The secret itself is published nowhere: whoever reads what is published cannot show it.
    let digest = law::sha256(&[host.as_bytes(), b"|", &secret[..]].concat());
    let question = Question::new(format!("_vigie.{host}"), Kind::Txt);
    let record = asked.whom()?.ask(online, &question, &|| asked.at);
    if record.answers.iter().any(|t| site::owner::shows(t, &digest)) {
        return Ok("dns");
    }
    let file = extra("GET", &format!("{base}{}", site::owner::PROOF), &[]);
    if file.is_some_and(|a| a.status == 200 && site::owner::shows(&a.text(), &digest)) {
        return Ok("file");
    }
    Err(Error::new(format!("nothing shows yet that `{host}` is yours")).hint(format!(
        "publish `vigie-owner={digest}` as a TXT record of _vigie.{host}, or as the line of {base}{}",
        site::owner::PROOF
    )))
}

/// What only an owner may ask.
fn deeper(asked: &Asked, site: &Site, host: &str, base: &str, seen: &Seen, extra: Extra) -> Vec<Finding> {
    let mut urls: Vec<String> = site::owner::paths(host).iter().map(|p| format!("{base}{p}")).collect();
    urls.extend(site::owner::source_maps(&seen.scripts));
    let answers: Vec<Answer> = urls.iter().filter_map(|u| extra("GET", u, &[])).collect();
    let mut found = site::owner::findings(&answers);
    let records: Vec<Answer> = asked.records.iter().filter_map(|u| extra("GET", u, &[])).collect();
    found.extend(site::owner::records(&records));
    let open: Vec<(u16, Vec<u8>)> = site::owner::PORTS
        .iter()
        .filter(|(port, _)| !site.is_own_port(*port))
        .filter_map(|(port, _)| match site.knock(*port, site::owner::question(*port)) {
            Door::Open(said) => Some((*port, said)),
            // Silence is among what was missed.
            Door::Closed | Door::Silent => None,
        })
        .collect();
    found.extend(site::owner::ports(&open));
    found
}

/// Asks all there is to ask of the DNS; which of the page's own names lead elsewhere is noted as well.
fn dns(
    online: &Online,
    resolver: &Resolver,
    host: &str,
    seen: &mut Seen,
    records: &mut Vec<Record>,
    at: Time,
) -> Result<Replies> {
    let mut replies = Replies::new();
    let mut next = site::dns::questions(host, &knowledge::selectors::Selectors::embedded().all());
    let cloaked = site::own_names(seen);
    next.extend(cloaked.iter().map(|n| (n.clone(), "A")));
    for _ in 0..ROUNDS {
        let questions: Vec<Question> =
            next.iter().map(|(name, kind)| Question::new(name.clone(), kind_of(kind))).collect();
        collect::dns::ask(online, resolver, &questions, &|| at, &mut |record| {
            let reply = Reply {
                is_known: record.is_known(),
                answers: record.answers.clone(),
                aliases: record.aliases.clone(),
                authentic: record.authentic,
                is_bogus: false,
            };
            replies.insert((record.name.clone(), word(record.kind).into()), reply);
            records.push(record);
            Ok(())
        })?;
        next = site::dns::follow(host, &replies);
        if next.is_empty() {
            break;
        }
    }
    // An address that is refused and given as soon as it need not be checked was refused for its signatures.
    for (word, kind) in [("A", Kind::A), ("AAAA", Kind::Aaaa)] {
        let refused = records.iter().any(|r| r.name == host && r.kind == kind && r.rcode == "SERVFAIL");
        if refused && let Some(reply) = replies.get_mut(&(host.to_string(), word.to_string())) {
            let record = resolver.ask_unchecked(online, &Question::new(host, kind), &|| at);
            reply.is_bogus = record.rcode == "NOERROR" && !record.answers.is_empty();
            records.push(record);
        }
    }
    seen.aliases = cloaked
        .into_iter()
        .filter_map(|n| Some((n.clone(), replies.get(&(n, "A".into()))?.aliases.last()?.clone())))
        .collect();
    Ok(replies)
}

const KINDS: [(&str, Kind); 7] = [
    ("A", Kind::A),
    ("AAAA", Kind::Aaaa),
    ("MX", Kind::Mx),
    ("TXT", Kind::Txt),
    ("CAA", Kind::Caa),
    ("TLSA", Kind::Tlsa),
    ("DS", Kind::Ds),
];

fn kind_of(word: &str) -> Kind {
    KINDS.iter().find(|k| k.0 == word).map_or(Kind::Txt, |k| k.1)
}

fn word(kind: Kind) -> &'static str {
    KINDS.iter().find(|k| k.1 == kind).map_or("TXT", |k| k.0)
}

/// Redirects of robots.txt that are followed (RFC 9309, 2.3.1.2).
const LED: usize = 5;

/// What robots.txt lets us do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Robots {
    Open,
    Closed,
    /// The server failed with this status: nothing may be asked.
    Failed(u16),
}

/// What an answer for robots.txt means (RFC 9309, 2.3.1): not there is open, a server that fails is closed.
fn robots(answer: Option<&Answer>) -> Robots {
    match answer {
        Some(a) if a.status == 200 && !Rules::of(&a.text()).allow("/") => Robots::Closed,
        Some(a) if a.status >= 500 => Robots::Failed(a.status),
        _ => Robots::Open,
    }
}

/// Whether an address is of this host.
fn of_host(url: &str, host: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let name = authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    name.map_or(authority, |(name, _)| name).eq_ignore_ascii_case(host)
}

/// The path of an address, with its query.
fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}

/// What robots.txt (RFC 9309) says to us: paths, and whether they are allowed.
#[derive(Default)]
struct Rules(Vec<(String, bool)>);

impl Rules {
    fn of(text: &str) -> Rules {
        let mut groups: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
        let (mut agents, mut rules): (Vec<String>, bool) = (Vec::new(), false);
        for line in text.lines().take(10_000) {
            let line = line.split('#').next().unwrap_or("").trim();
            let Some((key, value)) = line.split_once(':').map(|(k, v)| (k.trim().to_lowercase(), v.trim())) else {
                continue;
            };
            match key.as_str() {
                "user-agent" => {
                    if std::mem::take(&mut rules) {
                        agents.clear();
                    }
                    let agent = value.to_lowercase();
                    agents.push(agent.clone());
                    groups.entry(agent).or_default();
                }
                "allow" | "disallow" => {
                    rules = true;
                    for agent in agents.iter().filter(|_| !value.is_empty() && value.len() <= 2_000) {
                        groups.entry(agent.clone()).or_default().push((value.into(), key == "allow"));
                    }
                }
                _ => {}
            }
        }
        Rules(groups.remove("vigie").or_else(|| groups.remove("*")).unwrap_or_default())
    }

    /// The longest pattern that fits decides, and of two as long the one that allows.
    fn allow(&self, path: &str) -> bool {
        let fitting = self.0.iter().filter(|(pattern, _)| fits(pattern, path));
        fitting.max_by_key(|(pattern, allowed)| (pattern.len(), *allowed)).is_none_or(|(_, allowed)| *allowed)
    }
}

/// Whether a path begins as a pattern says: `*` stands for anything, `$` at the end for the end.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, whole) = pattern.strip_suffix('$').map_or((pattern, false), |p| (p, true));
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or("")) else { return false };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
        last = Some(part);
    }
    !whole || rest.is_empty() || last.is_some_and(|part| rest.ends_with(part))
}

pub fn answer(url: &str, (status, headers, body): Raw) -> Answer {
    Answer { url: url.into(), status, headers, body }
}

fn visited(way: Way) -> Visit {
    let each = |(url, raw): (String, Option<Raw>)| match raw {
        Some(raw) => answer(&url, raw),
        None => Answer { url, ..Answer::default() },
    };
    Visit { route: way.route.into_iter().map(each).collect(), verified: way.verified }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_fails_lets_nobody_in() {
        let said = |status: u16, body: &str| {
            robots(Some(&Answer { status, body: body.as_bytes().to_vec(), ..Answer::default() }))
        };
        assert_eq!(said(200, "User-agent: *\nDisallow: /\n"), Robots::Closed);
        assert_eq!(said(200, "User-agent: *\nDisallow: /\n\nUser-agent: vigie\nAllow: /\n"), Robots::Open);
        assert_eq!((said(404, ""), said(403, ""), said(301, "")), (Robots::Open, Robots::Open, Robots::Open));
        assert_eq!((said(500, ""), said(503, "Disallow:")), (Robots::Failed(500), Robots::Failed(503)));
        assert_eq!(robots(None), Robots::Open);
        let rules = Rules::of("User-agent: *\nDisallow: /don\nAllow: /don/libre\nDisallow: /*.pdf$\nDisallow:\n");
        let allowed = ["/", "/Don", "/don/libre/x", "/a.pdf?v=1"].map(|p| rules.allow(p));
        assert_eq!((allowed, rules.allow("/dons"), rules.allow("/x/a.pdf")), ([true; 4], false, false));
        assert_eq!(path("https://a.example?x"), "/");
        assert!(of_host("https://Parti.example:443/robots.txt", "parti.example"));
        assert!(!of_host("https://parti.example.evil.example/robots.txt", "parti.example"));
    }
}
