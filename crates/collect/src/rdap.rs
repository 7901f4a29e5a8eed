//! Registration data (RDAP, RFC 7480–7484, 9082, 9083, 9224): who answers for a domain, what they say, and once what
//! its registrar adds.
//!
//! You may rely on: only RDAP servers are asked — never a host of the names in question, whatever a redirection or link
//! says; every answer is bounded and stands on one line with when and from where it came; that a server failed is
//! written, and told from a domain that does not exist. Left out: WHOIS, and any query but for a domain.

use crate::Clock;
use crate::http::{Client, host, is_loopback};
use model::Error;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Where IANA publishes who answers for which domains.
pub const REGISTRY: &str = "https://data.iana.org/rdap/dns.json";
/// Bytes of an answer.
const LONGEST: u64 = 1 << 20;
/// Bytes of IANA's registry, which has about 40,000.
const LONGEST_REGISTRY: u64 = 8 << 20;
/// Redirections followed.
const HOPS: usize = 3;

/// Which server answers for which domains (RFC 9224).
#[derive(Clone, Debug, Default)]
pub struct Bootstrap(BTreeMap<String, String>);

impl Bootstrap {
    /// The embedded part: top-level domains that are common.
    pub fn embedded() -> Bootstrap {
        Bootstrap(knowledge::rdap::Servers::embedded().by_domain())
    }

    /// IANA's registry as it is published.
    pub fn parse(json: &[u8]) -> model::Result<Bootstrap> {
        let wrong = || Error::new("this is no RDAP bootstrap registry").hint(format!("IANA's is at {REGISTRY}"));
        let value: Value = serde_json::from_slice(json).map_err(|e| wrong().because(e))?;
        let services = value.get("services").and_then(Value::as_array).ok_or_else(wrong)?;
        let texts = |v: Option<&Value>| -> Vec<String> {
            v.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_lowercase).collect()
        };
        let mut all = BTreeMap::new();
        for service in services {
            let servers = texts(service.get(1));
            let Some(server) = servers.iter().find(|u| u.starts_with("https://")) else { continue };
            all.extend(texts(service.get(0)).into_iter().map(|domain| (domain, server.clone())));
        }
        Ok(Bootstrap(all))
    }

    /// The server for a domain: that of the longest suffix listed.
    pub fn server(&self, domain: &str) -> Option<&str> {
        let mut suffix = domain;
        loop {
            if let Some(server) = self.0.get(suffix) {
                return Some(server);
            }
            suffix = suffix.split_once('.')?.1;
        }
    }

    /// Takes in what another knows better.
    pub fn overlay(&mut self, other: Bootstrap) {
        self.0.extend(other.0);
    }
}

/// Asks RDAP servers.
pub struct Rdap<'c> {
    /// Over what.
    pub client: &'c Client,
    /// Who answers.
    pub bootstrap: Bootstrap,
    /// Ask this server whatever the domain.
    pub server: Option<String>,
    /// Now.
    pub clock: Clock<'c>,
    /// Domains whose hosts must not be asked.
    pub suspects: BTreeSet<String>,
}

impl Rdap<'_> {
    /// Fetches IANA's registry, for domains it is needed for; gives it as a line of evidence.
    pub fn fetch_registry(&mut self) -> model::Result<Value> {
        let answer = self.client.get(REGISTRY, "application/json", LONGEST_REGISTRY)?;
        self.bootstrap.overlay(Bootstrap::parse(&answer.body)?);
        let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        Ok(json!({ "bootstrap": value, "seen": (self.clock)(), "source": REGISTRY }))
    }

    /// Whether it is known whom to ask for this domain.
    pub fn knows(&self, domain: &str) -> bool {
        self.server.is_some() || self.bootstrap.server(domain).is_some()
    }

    /// What the registry says of a domain, and what the registrar it links to adds: one line each.
    pub fn ask(&self, domain: &str) -> Vec<Value> {
        let Some(server) = self.server.as_deref().or_else(|| self.bootstrap.server(domain)) else {
            return vec![self.failure(domain, "no RDAP server is known for it", None, "")];
        };
        let url = format!("{}/domain/{domain}", server.trim_end_matches('/'));
        let registry = self.fetch(domain, &url);
        let related = registry.as_ref().ok().and_then(|a| related(a, domain)).filter(|r| *r != url);
        let mut lines = vec![registry.unwrap_or_else(|failure| failure)];
        if let Some(url) = related {
            lines.push(self.fetch(domain, &url).unwrap_or_else(|failure| failure));
        }
        lines
    }

    fn failure(&self, domain: &str, what: &str, status: Option<u16>, source: &str) -> Value {
        json!({ "name": domain, "rdap": what, "status_code": status, "seen": (self.clock)(), "source": source })
    }

    /// Follows an address to its answer, or to a line that says why there is none.
    fn fetch(&self, domain: &str, url: &str) -> Result<Value, Value> {
        let mut url = url.to_string();
        for _ in 0..=HOPS {
            let failed = |what: &str, status| self.failure(domain, what, status, &url);
            self.permitted(&url).map_err(|why| failed(why, None))?;
            let answer = self
                .client
                .get(&url, "application/rdap+json, application/json;q=0.5", LONGEST)
                .map_err(|e| failed(&e.to_string(), None))?;
            match (answer.status, answer.location) {
                (200, _) => {
                    let value = serde_json::from_slice(&answer.body);
                    let Ok(Value::Object(object)) = value else { return Err(failed("it answered no JSON", Some(200))) };
                    if !object.get("ldhName").or(object.get("unicodeName")).is_some_and(Value::is_string) {
                        return Err(failed("it answered no domain", Some(200)));
                    }
                    return Ok(self.dated(object, &url));
                }
                (301 | 302 | 303 | 307 | 308, Some(to)) => {
                    url = joined(&url, &to).ok_or_else(|| failed("it sent us nowhere", Some(answer.status)))?;
                }
                (404, _) => return Err(failed("not found", Some(404))),
                (status, _) => return Err(failed("it would not say", Some(status))),
            }
        }
        Err(self.failure(domain, "it sent us on too often", None, &url))
    }

    /// The object with when and from where it came; the server's own keys of these names give way.
    fn dated(&self, mut object: Map<String, Value>, url: &str) -> Value {
        object.insert("seen".into(), json!((self.clock)()));
        object.insert("source".into(), json!(url));
        Value::Object(object)
    }

    fn permitted(&self, url: &str) -> Result<(), &'static str> {
        let host = host(url).map_err(|_| "only `https://` is spoken to RDAP servers")?;
        if is_loopback(&host) {
            // What a server on this machine is asked, the user named; others may not send us there.
            let named = self.server.as_deref().and_then(|s| crate::http::host(s).ok());
            return if named == Some(host) { Ok(()) } else { Err("it would have us ask our own machine") };
        }
        let bare = host.trim_matches(['[', ']']);
        if bare.parse::<std::net::IpAddr>().is_ok() {
            return Err("an RDAP server has a name");
        }
        let within = |suspect: &String| bare == suspect || bare.strip_suffix(suspect).is_some_and(|h| h.ends_with('.'));
        if self.suspects.iter().any(within) { Err("it would have us ask the suspect itself") } else { Ok(()) }
    }
}

/// Where the registrar answers, as the registry links to it (RFC 7480 and the RDAP profile of gTLDs).
fn related(answer: &Value, domain: &str) -> Option<String> {
    let text = |link: &Value, key: &str| link.get(key).and_then(Value::as_str).map(str::to_string);
    let links = answer.get("links").and_then(Value::as_array)?;
    let mut found = links.iter().take(100).filter(|l| {
        text(l, "rel").as_deref() == Some("related")
            && text(l, "type").is_none_or(|t| t.starts_with("application/rdap+json"))
    });
    // A link to a web page is none to an answer about this domain.
    found.find_map(|l| text(l, "href").filter(|h| h.to_lowercase().contains(&format!("/domain/{domain}"))))
}

/// An address as it is meant on a page.
fn joined(base: &str, to: &str) -> Option<String> {
    if to.contains("://") {
        return Some(to.into());
    }
    let after = base.find("://")? + 3;
    let end = base[after..].find('/').map_or(base.len(), |n| after + n);
    to.starts_with('/').then(|| format!("{}{to}", &base[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_suffix_answers() {
        let json = br#"{"services":[[["example","com.example"],["http://a.example/"]],
            [["example"],["http://x.example/","https://b.example/"]],[["com.example"],["https://c.example/"]]]}"#;
        let b = Bootstrap::parse(json).expect("a registry");
        assert_eq!(b.server("x.example"), Some("https://b.example/"));
        assert_eq!(b.server("x.com.example"), Some("https://c.example/"));
        assert_eq!(b.server("x.org"), None);
        assert!(Bootstrap::parse(b"{}").is_err());
        assert!(Bootstrap::embedded().server("en-marche.fr").is_some());
    }

    #[test]
    fn a_suspect_is_never_asked() {
        let client = Client::new(&crate::Online::granted());
        let rdap = Rdap {
            client: &client,
            bootstrap: Bootstrap::default(),
            server: None,
            clock: &|| model::Time(0),
            suspects: ["decoy.example".to_string()].into(),
        };
        for (url, expected) in [
            ("https://rdap.registrar.example/domain/x", true),
            ("https://notdecoy.example/domain/x", true),
            ("https://decoy.example/domain/x", false),
            ("https://rdap.DECOY.example/domain/x", false),
            ("https://192.0.2.1/domain/x", false),
            ("http://rdap.registrar.example/domain/x", false),
            ("http://127.0.0.1:8000/domain/x", false),
        ] {
            assert_eq!(rdap.permitted(url).is_ok(), expected, "{url}");
        }
        assert_eq!(joined("https://a.example/x/y", "/z").as_deref(), Some("https://a.example/z"));
        assert_eq!(joined("https://a.example/x/y", "http://b.example/").as_deref(), Some("http://b.example/"));
        assert_eq!(joined("https://a.example/x/y", "z"), None);
    }
}
