//! The handful of requests a visitor's browser would make to one's own site.
//!
//! You may rely on: a name is resolved once, its address checked and then used (no second answer can lead elsewhere);
//! private addresses are refused unless given as such; an answer has its bounds in bytes of headers and body, time and
//! redirections; a redirection to another host is written down and not followed. Left out: proxies, HTTP/2, compression.

use crate::Online;
use model::{Error, Result};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme, StreamOwned};
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Most bytes of an answer's head.
const HEAD: usize = 64 << 10;
/// Most bytes of a body.
const BODY: usize = 2 << 20;
/// Most redirections.
const HOPS: usize = 10;
/// A whole answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Pause between two requests to a host that is not this machine.
const PACE: Duration = Duration::from_millis(500);

/// One answer, as it came: status, headers (names in lower case), body (cut).
pub type Raw = (u16, Vec<(String, String)>, Vec<u8>);

/// Asks one site.
pub struct Site {
    host: String,
    address: IpAddr,
    ports: (u16, u16),
    checked: Arc<ClientConfig>,
    unchecked: Arc<ClientConfig>,
}

/// A way: each address with its answer, the last perhaps of another host and not asked; and whether the certificate was good.
pub struct Way {
    /// The way.
    pub route: Vec<(String, Option<Raw>)>,
    /// The certificate was good.
    pub verified: bool,
}

fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                || a == 0
                || a >= 240
                || a == 100 && (64..128).contains(&b)
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_private(IpAddr::V4(v4)),
            None => {
                v6.is_loopback()
                    || v6.is_unspecified()
                    || v6.is_multicast()
                    || matches!(v6.segments()[0] & 0xfe00, 0xfc00)
                    || v6.segments()[0] & 0xffc0 == 0xfe80
            }
        },
    }
}

impl Site {
    /// For a host and its ports for HTTP and HTTPS. `given` is the address a user gave for it, `roots` PEM of further
    /// authorities to trust.
    pub fn new(_: &Online, host: &str, ports: (u16, u16), given: Option<IpAddr>, roots: Option<&[u8]>) -> Result<Site> {
        let named: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        let address = match given.or(named) {
            Some(ip) => ip,
            None => {
                let failed = |e: std::io::Error| Error::new(format!("no address of `{host}` was found")).because(e);
                let all: Vec<IpAddr> = (host, ports.1).to_socket_addrs().map_err(failed)?.map(|a| a.ip()).collect();
                let ip = *all.first().ok_or_else(|| Error::new(format!("`{host}` has no address")))?;
                if is_private(ip) && host != "localhost" {
                    return Err(Error::new(format!("`{host}` leads to `{ip}`, an address of a private network"))
                        .hint(format!("if that is meant: --resolve {host}:443:{ip}")));
                }
                ip
            }
        };
        let mut store = RootCertStore::empty();
        for path in crate::http::ROOTS {
            if let Ok(pem) = std::fs::read(path) {
                store.add_parsable_certificates(
                    CertificateDer::pem_slice_iter(&pem).filter_map(std::result::Result::ok),
                );
                break;
            }
        }
        if let Some(pem) = roots {
            let (added, _) = store
                .add_parsable_certificates(CertificateDer::pem_slice_iter(pem).filter_map(std::result::Result::ok));
            if added == 0 {
                return Err(Error::new("no certificate was found in the file of authorities").hint("`--ca` takes PEM"));
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = || {
            ClientConfig::builder_with_provider(provider.clone())
                .with_safe_default_protocol_versions()
                .map_err(|e| Error::new("TLS could not be set up").because(e))
        };
        let checked = builder()?.with_root_certificates(store).with_no_client_auth();
        let any = Arc::new(Any(provider.clone()));
        let unchecked = builder()?.dangerous().with_custom_certificate_verifier(any).with_no_client_auth();
        Ok(Site {
            host: host.to_lowercase(),
            address,
            ports,
            checked: Arc::new(checked),
            unchecked: Arc::new(unchecked),
        })
    }

    fn is_local(&self) -> bool {
        self.address.is_loopback()
    }

    /// Its front page over HTTP or HTTPS; none where nobody answers.
    pub fn visit(&self, https: bool) -> Option<Way> {
        let port = if https { self.ports.1 } else { self.ports.0 };
        let usual = if https { 443 } else { 80 };
        let shown = if port == usual { String::new() } else { format!(":{port}") };
        let start = format!("{}://{}{shown}/", if https { "https" } else { "http" }, self.host);
        match self.follow(&start, true) {
            Ok(route) => Some(Way { route, verified: true }),
            Err(Fault::Certificate) => self.follow(&start, false).ok().map(|route| Way { route, verified: false }),
            Err(Fault::Other) => None,
        }
    }

    fn follow(&self, start: &str, checked: bool) -> std::result::Result<Vec<(String, Option<Raw>)>, Fault> {
        let mut route: Vec<(String, Option<Raw>)> = Vec::new();
        let mut url = start.to_string();
        loop {
            let raw = self.ask("GET", &url, &[], checked)?;
            let to = matches!(raw.0, 301 | 302 | 303 | 307 | 308)
                .then(|| raw.1.iter().find(|(n, _)| n == "location").map(|(_, v)| resolve(&url, v)))
                .flatten();
            route.push((url, Some(raw)));
            let Some(next) = to else { return Ok(route) };
            if split(&next).is_none_or(|(_, host, ..)| host != self.host) {
                // Of another host: written down, not asked.
                route.push((next, None));
                return Ok(route);
            }
            if route.len() > HOPS {
                return Ok(route);
            }
            url = next;
        }
    }

    /// One more request to this host; none where nobody answers.
    pub fn extra(&self, method: &str, url: &str, headers: &[(&str, &str)], checked: bool) -> Option<Raw> {
        split(url).filter(|(_, host, ..)| *host == self.host)?;
        self.ask(method, url, headers, checked).ok()
    }

    fn ask(&self, method: &str, url: &str, headers: &[(&str, &str)], checked: bool) -> std::result::Result<Raw, Fault> {
        if !self.is_local() {
            std::thread::sleep(PACE);
        }
        let (https, host, port, path) = split(url).ok_or(Fault::Other)?;
        let end = Instant::now() + PATIENCE;
        let stream =
            TcpStream::connect_timeout(&SocketAddr::new(self.address, port), PATIENCE / 3).map_err(|_| Fault::Other)?;
        stream
            .set_read_timeout(Some(PATIENCE / 3))
            .and_then(|()| stream.set_write_timeout(Some(PATIENCE / 3)))
            .map_err(|_| Fault::Other)?;
        let usual = if https { 443 } else { 80 };
        let shown = if port == usual { host.to_string() } else { format!("{host}:{port}") };
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {shown}\r\nUser-Agent: vigie/{}\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nConnection: close\r\n",
            env!("CARGO_PKG_VERSION")
        );
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += "\r\n";
        if !https {
            return exchange(stream, &request, method, end);
        }
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_string()).map_err(|_| Fault::Other)?;
        let config = if checked { &self.checked } else { &self.unchecked };
        let connection = ClientConnection::new(config.clone(), name).map_err(|_| Fault::Other)?;
        exchange(StreamOwned::new(connection, stream), &request, method, end)
    }
}

enum Fault {
    Certificate,
    Other,
}

impl From<std::io::Error> for Fault {
    fn from(e: std::io::Error) -> Fault {
        let tls = e.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>());
        match tls {
            Some(rustls::Error::InvalidCertificate(_)) => Fault::Certificate,
            _ => Fault::Other,
        }
    }
}

/// Scheme (is it HTTPS), host in lower case, port and path of an address.
fn split(url: &str) -> Option<(bool, String, u16, String)> {
    let (scheme, rest) = url.split_once("://")?;
    let https = match scheme {
        "https" => true,
        "http" => false,
        _ => return None,
    };
    let cut = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(cut);
    let path = path.split('#').next().unwrap_or("");
    let path = if path.starts_with('/') { path.to_string() } else { format!("/{path}") };
    if authority.contains('@') || path.bytes().any(|b| b.is_ascii_control() || b == b' ') {
        return None;
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port.parse().ok()?),
        _ => (authority, if https { 443 } else { 80 }),
    };
    (!host.is_empty()).then(|| (https, host.to_lowercase(), port, path))
}

/// Where a redirection leads, from where it was met.
fn resolve(from: &str, to: &str) -> String {
    let to = to.trim();
    if to.contains("://") {
        return to.to_string();
    }
    let (scheme, rest) = from.split_once("://").unwrap_or(("https", from));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    match to.strip_prefix("//") {
        Some(rest) => format!("{scheme}://{rest}"),
        None if to.starts_with('/') => format!("{scheme}://{authority}{to}"),
        None => format!("{scheme}://{authority}/{to}"),
    }
}

fn exchange(
    mut stream: impl Read + Write,
    request: &str,
    method: &str,
    end: Instant,
) -> std::result::Result<Raw, Fault> {
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 << 10];
    let mut head = None;
    loop {
        // One byte a second is an answer that never ends.
        if Instant::now() > end {
            if head.is_some() {
                break;
            }
            return Err(Fault::Other);
        }
        let n = match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            // Servers that close without TLS's goodbye, or never: what came is what there is.
            Err(e) if head.is_some() => {
                let _ = e;
                break;
            }
            Err(e) => return Err(e.into()),
        };
        bytes.extend_from_slice(&buffer[..n]);
        if head.is_none() {
            head = bytes.windows(4).position(|w| w == b"\r\n\r\n");
            if head.is_none() && bytes.len() > HEAD {
                return Err(Fault::Other);
            }
        }
        if let Some(at) = head
            && (bytes.len() - at > BODY || whole(&bytes, at, method))
        {
            break;
        }
    }
    let at = head.ok_or(Fault::Other)?;
    let text: String = bytes[..at].iter().map(|b| *b as char).collect();
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|l| l.split(' ').nth(1)).and_then(|s| s.parse().ok()).ok_or(Fault::Other)?;
    let headers: Vec<(String, String)> = lines
        .take(400)
        .filter_map(|l| l.split_once(':'))
        .map(|(n, v)| (n.trim().to_ascii_lowercase(), v.trim().to_string()))
        .collect();
    let mut body = bytes.split_off(at + 4);
    body.truncate(BODY);
    if headers.iter().any(|(n, v)| n == "transfer-encoding" && v.to_ascii_lowercase().contains("chunked")) {
        body = unchunked(&body);
    }
    Ok((status, headers, body))
}

/// Whether all that was announced is there.
fn whole(bytes: &[u8], head: usize, method: &str) -> bool {
    let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
    let length = text.lines().find_map(|l| l.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let none = method == "HEAD" || text.split(' ').nth(1).is_some_and(|s| s == "204" || s == "304");
    none || length.is_some_and(|n| bytes.len() >= head.saturating_add(4).saturating_add(n))
        || text.contains("chunked") && bytes.ends_with(b"0\r\n\r\n")
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(at) = rest.windows(2).position(|w| w == b"\r\n") {
        let size = std::str::from_utf8(&rest[..at])
            .ok()
            .and_then(|l| usize::from_str_radix(l.split(';').next()?.trim(), 16).ok());
        let Some(size) = size.filter(|s| *s > 0) else { break };
        let from = at + 2;
        let to = from.saturating_add(size).min(rest.len());
        out.extend_from_slice(&rest[from..to]);
        rest = rest.get(to.saturating_add(2)..).unwrap_or(&[]);
    }
    out
}

/// Takes any certificate: what is behind a bad one is looked at, and that it is bad is said.
#[derive(Debug)]
struct Any(Arc<rustls::crypto::CryptoProvider>);

impl ServerCertVerifier for Any {
    fn verify_server_cert(
        &self,
        _: &CertificateDer,
        _: &[CertificateDer],
        _: &ServerName,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        m: &[u8],
        c: &CertificateDer,
        d: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(m, c, d, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        m: &[u8],
        c: &CertificateDer,
        d: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(m, c, d, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
