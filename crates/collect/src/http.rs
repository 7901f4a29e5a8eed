//! GET over HTTPS, with bounds: bytes (after gzip as well), time, tries; redirections are handed back, not followed.
//!
//! You may rely on: plain HTTP is spoken to this machine only; the server's certificate is checked against the roots
//! the system trusts. Left out: everything but GET; roots of our own (they would age inside the program).

use crate::Online;
use model::Error;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::http::Uri;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// Where systems keep the roots they trust, in PEM.
const ROOTS: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
/// Bytes of such a file that are read.
const ROOTS_MOST: u64 = 16 << 20;
/// Tries for what a server or the way to it may mend by itself.
const TRIES: u32 = 3;
/// Seconds we wait at most where a server asks us to.
const PATIENCE: u64 = 30;

/// What a server said.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Where it sends us.
    pub location: Option<String>,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

/// Speaks HTTP; cheap to share between threads.
pub struct Client {
    agent: Agent,
    /// To this machine: never through a proxy.
    local: Agent,
    roots: bool,
}

/// Whether a host is this machine.
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The host of a URL that may be asked: HTTPS, or HTTP to this machine.
pub fn host(url: &str) -> model::Result<String> {
    let wrong = || Error::new(format!("`{url}` is no address that may be asked"));
    let uri: Uri = url.parse().map_err(|e: ureq::http::uri::InvalidUri| wrong().because(e))?;
    let host = uri.host().ok_or_else(wrong)?.to_lowercase();
    match uri.scheme_str() {
        Some("https") => Ok(host),
        Some("http") if is_loopback(&host) => Ok(host),
        _ => Err(wrong().hint("only `https://` is spoken to other machines")),
    }
}

impl Client {
    /// A client; the roots are read now.
    pub fn new(_: &Online) -> Client {
        let roots = roots();
        let found = !roots.is_empty();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::Specific(Arc::new(roots)))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = || {
            Agent::config_builder()
                .tls_config(tls.clone())
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION")))
                .timeout_resolve(Some(Duration::from_secs(10)))
                .timeout_connect(Some(Duration::from_secs(10)))
                .timeout_global(Some(Duration::from_secs(60)))
        };
        let local = config().proxy(None).build().into();
        let agent = config().build().into();
        Client { agent, local, roots: found }
    }

    /// Fetches `url`; no body is longer than `limit` bytes. What can mend is tried again.
    pub fn get(&self, url: &str, accept: &str, limit: u64) -> model::Result<Answer> {
        let host = host(url)?;
        if url.starts_with("https") && !self.roots {
            return Err(Error::new("the certificates this system trusts were not found")
                .hint("name the file of them (PEM) in the environment variable `SSL_CERT_FILE`"));
        }
        let mut tried = 1;
        loop {
            let (answer, wait) = match self.once(url, is_loopback(&host), accept, limit) {
                Ok((answer, wait)) if matches!(answer.status, 429 | 500..) => (Ok(answer), wait),
                Ok((answer, _)) => return Ok(answer),
                Err(Failure::Final(e)) => return Err(e),
                Err(Failure::Passing(e)) => (Err(e), None),
            };
            if tried == TRIES {
                return answer;
            }
            std::thread::sleep(Duration::from_secs(wait.map_or(u64::from(tried), |w| w.min(PATIENCE))));
            tried += 1;
        }
    }

    fn once(&self, url: &str, local: bool, accept: &str, limit: u64) -> Result<(Answer, Option<u64>), Failure> {
        let failed = |e: ureq::Error| Error::new(format!("could not fetch `{url}`")).because(e);
        let agent = if local { &self.local } else { &self.agent };
        let request = agent.get(url).header("accept", accept).header("accept-encoding", "gzip, identity");
        let response = request.call().map_err(|e| match &e {
            ureq::Error::Io(_) | ureq::Error::Timeout(_) | ureq::Error::ConnectionFailed => Failure::Passing(failed(e)),
            _ => Failure::Final(failed(e)),
        })?;
        let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_string);
        let (location, packed) = (header("location"), header("content-encoding"));
        let wait = header("retry-after").and_then(|v| v.parse().ok());
        let status = response.status().as_u16();
        let body = response.into_body().into_with_config().limit(limit.saturating_add(1)).reader();
        let body = match packed.as_deref() {
            None | Some("" | "identity") => bounded(body, limit),
            Some("gzip" | "x-gzip") => bounded(flate2::read::MultiGzDecoder::new(body), limit),
            Some(other) => return Err(Failure::Final(Error::new(format!("`{url}` answered in `{other}`")))),
        };
        let body = body.map_err(|e| {
            let long = e.kind() == std::io::ErrorKind::FileTooLarge;
            let error = Error::new(format!("could not read `{url}`")).because(e);
            if long { Failure::Final(error) } else { Failure::Passing(error) }
        })?;
        Ok((Answer { status, location, body }, wait))
    }
}

enum Failure {
    Passing(Error),
    Final(Error),
}

fn bounded(from: impl Read, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut all = Vec::new();
    from.take(limit.saturating_add(1)).read_to_end(&mut all)?;
    if all.len() as u64 > limit {
        let why = format!("longer than {limit} bytes");
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, why));
    }
    Ok(all)
}

/// The file of the roots the system trusts, in PEM; empty where there is none.
pub(crate) fn roots_pem() -> Vec<u8> {
    let named = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    let file = named.or_else(|| ROOTS.iter().map(PathBuf::from).find(|p| p.is_file()));
    let read = |path: PathBuf| {
        let mut text = Vec::new();
        std::fs::File::open(path).and_then(|f| f.take(ROOTS_MOST).read_to_end(&mut text)).map(|_| text)
    };
    file.and_then(|f| read(f).ok()).unwrap_or_default()
}

/// The roots the system trusts; those that cannot be read are left out.
fn roots() -> Vec<Certificate<'static>> {
    let text = roots_pem();
    parse_pem(&text)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(c)) => Some(c),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_or_this_machine_is_asked() {
        for (url, expected) in [
            ("https://RDAP.example/x", Some("rdap.example")),
            ("http://127.0.0.1:80/x", Some("127.0.0.1")),
            ("http://[::1]:80/x", Some("[::1]")),
            ("http://localhost/", Some("localhost")),
            ("http://rdap.example/", None),
            ("http://127.0.0.1.example/", None),
            ("ftp://rdap.example/", None),
            ("/domain/x", None),
        ] {
            assert_eq!(host(url).ok().as_deref(), expected, "{url}");
        }
    }
}
