//! The handful of requests a visitor's browser would make to one's own site.
//!
//! You may rely on: a name is resolved once, its address checked and then used (no second answer can lead elsewhere);
//! private addresses are refused unless given as such; an answer has its bounds in bytes of headers and body, time and
//! redirections, also while TLS is being set up; a redirection to another host is written down and not followed; every exchange
//! is kept for who wants evidence, and what was asked and not answered is told with the reason ([`Missed`]), for silence says
//! nothing. Left out: proxies, HTTP/2, compression.

mod http;
mod timed;
mod tls;

pub use http::{Raw, resolve as led};
pub use timed::{Lost, Timed};
pub use tls::NO_AUTHORITIES;

use crate::dns::{Kind, Question, Resolver};
use crate::{Clock, Online};
use http::{Bounded, Came, Fault, exchange, resolve, split};
use model::{Error, Result, Time};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};
use tls::Any;

/// Most bytes of an answer's head.
const HEAD: usize = 64 << 10;
/// Most bytes of a body.
const BODY: usize = 2 << 20;
/// Most bytes of a document.
const DOCUMENT: usize = 16 << 20;
/// Most redirections.
const HOPS: usize = 10;
/// A whole answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// All requests to one site together: whoever answers a byte a second is not waited for again and again.
const EXAMINATION: Duration = Duration::from_secs(180);
/// Pause between two requests to a host that is not this machine.
const PACE: Duration = Duration::from_millis(500);

/// For a port to take a connection, and to say something.
const KNOCK: Duration = Duration::from_secs(2);

/// Most bytes of exchanges that are kept of one site.
const KEPT: usize = 64 << 20;

/// What was sent and what came back, byte for byte (of HTTPS: inside TLS).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exchange {
    /// When the answer was there.
    pub at: Time,
    /// What was asked: an address, or `tls`.
    pub what: String,
    /// Who.
    pub to: SocketAddr,
    /// What was sent.
    pub sent: Vec<u8>,
    /// What came, cut at its bound.
    pub received: Vec<u8>,
}

/// Why an answer is missing, or not whole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Why {
    /// Nobody listens: an answer in itself.
    Refused,
    /// Nothing, or not all, came in time.
    Late,
    /// The time for the whole site was up before it was asked.
    Ended,
    /// What came is no answer, or it broke off before one.
    Broken,
    /// It is longer than what is read of one.
    Long,
}

impl Why {
    /// In a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Why::Refused => "refused",
            Why::Late => "timeout",
            Why::Ended => "time up",
            Why::Broken => "broken",
            Why::Long => "cut",
        }
    }
}

/// What was asked and not answered, or not in full.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Missed {
    /// What was asked: as in [`Exchange`].
    pub what: String,
    /// Why.
    pub why: Why,
}

/// Most that is told as missed.
const MISSED: usize = 500;

/// A port.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Door {
    /// It takes connections, and says this.
    Open(Vec<u8>),
    /// Nobody listens.
    Closed,
    /// It did not answer: whether it is open to others is not known.
    Silent,
}

/// Asks one site.
pub struct Site<'c> {
    host: String,
    address: IpAddr,
    ports: (u16, u16),
    roots: Arc<RootCertStore>,
    knows_authorities: bool,
    checked: Arc<ClientConfig>,
    unchecked: Arc<ClientConfig>,
    clock: Clock<'c>,
    begun: Instant,
    hellos: OnceLock<Instant>,
    kept: Mutex<(usize, Vec<Exchange>)>,
    missed: Mutex<Vec<Missed>>,
}

/// A way: each address with its answer, the last perhaps of another host and not asked; and whether the certificate was good.
pub struct Way {
    /// The way.
    pub route: Vec<(String, Option<Raw>)>,
    /// The certificate was good.
    pub verified: bool,
    /// It leads to nobody, and the system's authorities are not known here: whether it is good cannot be said.
    pub unknown: bool,
}

/// The address of version 4 that one of version 6 stands for: mapped, or by NAT64 (RFC 6052) or 6to4 (RFC 3056).
fn within(v6: std::net::Ipv6Addr) -> Option<std::net::Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = v6.segments();
    let of = |high: u16, low: u16| std::net::Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match [a, b, c, d, e, f] {
        [0, 0, 0, 0, 0, 0xffff] | [0x64, 0xff9b, 0, 0, 0, 0] => Some(of(g, h)),
        [0x2002, high, low, ..] => Some(of(high, low)),
        _ => None,
    }
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
                || a == 198 && matches!(b, 18 | 19)
                || matches!(v4.octets(), [192, 0, 0, _])
        }
        IpAddr::V6(v6) => match within(v6) {
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

/// An address of a host by a resolver, asked once and checked; an error where there is none, or a private one.
pub fn resolve_by(online: &Online, resolver: &Resolver, host: &str, clock: Clock) -> Result<Option<IpAddr>> {
    if host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        return Ok(None);
    }
    for kind in [Kind::A, Kind::Aaaa] {
        let record = resolver.ask(online, &Question::new(host, kind), clock);
        if let Some(ip) = record.answers.iter().find_map(|a| a.parse().ok()) {
            return checked(host, ip).map(Some);
        }
    }
    Err(Error::new(format!("no address of `{host}` was found"))
        .hint("is the name right? `--resolve` names its address"))
}

fn checked(host: &str, ip: IpAddr) -> Result<IpAddr> {
    if is_private(ip) && host != "localhost" {
        return Err(Error::new(format!("`{host}` leads to `{ip}`, an address of a private network"))
            .hint(format!("if that is meant: --resolve {host}:443:{ip}")));
    }
    Ok(ip)
}

impl<'c> Site<'c> {
    /// For a host and its ports for HTTP and HTTPS. `given` is the address a user gave for it, `roots` PEM of further
    /// authorities to trust.
    pub fn new(
        _: &Online,
        host: &str,
        ports: (u16, u16),
        given: Option<IpAddr>,
        roots: Option<&[u8]>,
        clock: Clock<'c>,
    ) -> Result<Site<'c>> {
        let named: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        let address = match given.or(named) {
            Some(ip) => ip,
            None => {
                let failed = |e: std::io::Error| Error::new(format!("no address of `{host}` was found")).because(e);
                let all: Vec<IpAddr> = (host, ports.1).to_socket_addrs().map_err(failed)?.map(|a| a.ip()).collect();
                checked(host, *all.first().ok_or_else(|| Error::new(format!("`{host}` has no address")))?)?
            }
        };
        let mut store = RootCertStore::empty();
        let system = crate::http::roots_pem();
        store.add_parsable_certificates(CertificateDer::pem_slice_iter(&system).filter_map(std::result::Result::ok));
        let knows_authorities = !store.is_empty();
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
        let store = Arc::new(store);
        let checked = builder()?.with_root_certificates(store.clone()).with_no_client_auth();
        let any = Arc::new(Any(provider.clone(), Arc::default()));
        let unchecked = builder()?.dangerous().with_custom_certificate_verifier(any).with_no_client_auth();
        Ok(Site {
            host: host.to_lowercase(),
            address,
            ports,
            checked: Arc::new(checked),
            unchecked: Arc::new(unchecked),
            roots: store,
            knows_authorities,
            clock,
            begun: Instant::now(),
            hellos: OnceLock::new(),
            kept: Mutex::default(),
            missed: Mutex::default(),
        })
    }

    fn keep(&self, exchange: Exchange) {
        let Ok(mut kept) = self.kept.lock() else { return };
        let size = exchange.sent.len() + exchange.received.len();
        if kept.0 + size <= KEPT {
            kept.0 += size;
            kept.1.push(exchange);
        }
    }

    /// Whether a port is one at which the site itself is asked.
    pub fn is_own_port(&self, port: u16) -> bool {
        port == self.ports.0 || port == self.ports.1
    }

    fn miss(&self, what: &str, why: Why) {
        let Ok(mut missed) = self.missed.lock() else { return };
        let one = Missed { what: what.into(), why };
        if why != Why::Refused && missed.len() < MISSED && !missed.contains(&one) {
            missed.push(one);
        }
    }

    /// What was asked so far and not answered, or not in full.
    pub fn missed(&self) -> Vec<Missed> {
        self.missed.lock().map(|m| m.clone()).unwrap_or_default()
    }

    /// Whether the system's authorities were found, without which no certificate of theirs can be told from a false one.
    pub fn knows_authorities(&self) -> bool {
        self.knows_authorities
    }

    /// Whether somebody takes a connection at a port of this host, and what he says to a question, or to none.
    pub fn knock(&self, port: u16, question: &[u8]) -> Door {
        let what = format!("port {port}");
        if !self.is_local() {
            std::thread::sleep(PACE);
        }
        let silent = |why| {
            self.miss(&what, why);
            Door::Silent
        };
        if self.begun.elapsed() > EXAMINATION {
            return silent(Why::Ended);
        }
        let to = SocketAddr::new(self.address, port);
        let mut stream = match Bounded::open(&to, KNOCK, Instant::now() + KNOCK * 2) {
            Ok(stream) => stream,
            Err(e) if e.kind() == std::io::ErrorKind::ConnectionRefused => return Door::Closed,
            Err(e) => return silent(Why::of(&e)),
        };
        let mut said = vec![0; 512];
        let length = match stream.write_all(question) {
            Ok(()) => stream.read(&mut said).unwrap_or(0),
            Err(_) => 0,
        };
        said.truncate(length);
        let (sent, received) = (question.to_vec(), said.clone());
        self.keep(Exchange { at: (self.clock)(), what, to, sent, received });
        Door::Open(said)
    }

    /// What was exchanged since the last call.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.kept.lock().map(|mut k| std::mem::take(&mut k.1)).unwrap_or_default()
    }

    /// The address that was found, checked, and is used.
    pub fn address(&self) -> IpAddr {
        self.address
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
            Ok(route) => Some(Way { route, verified: true, unknown: false }),
            Err(Fault::Certificate { nobody }) => {
                let unknown = nobody && !self.knows_authorities;
                self.follow(&start, false).ok().map(|route| Way { route, verified: false, unknown })
            }
            Err(Fault::Other(_)) => None,
        }
    }

    fn follow(&self, start: &str, checked: bool) -> std::result::Result<Vec<(String, Option<Raw>)>, Fault> {
        let mut route: Vec<(String, Option<Raw>)> = Vec::new();
        let mut url = start.to_string();
        loop {
            let raw = self.ask("GET", &url, &[], checked, BODY)?;
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
        self.ask(method, url, headers, checked, BODY).ok()
    }

    /// A document of this host, which may be larger than a page.
    pub fn document(&self, url: &str, checked: bool) -> Option<Raw> {
        split(url).filter(|(_, host, ..)| *host == self.host)?;
        self.ask("GET", url, &[], checked, DOCUMENT).ok()
    }

    fn ask(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        checked: bool,
        most: usize,
    ) -> std::result::Result<Raw, Fault> {
        let what = format!("{method} {url}");
        match self.answered(method, url, headers, checked, most) {
            Ok((raw, cut)) => {
                if let Some(why) = cut {
                    self.miss(&what, why);
                }
                Ok(raw)
            }
            Err(fault) => {
                if let Fault::Other(why) = fault {
                    self.miss(&what, why);
                }
                Err(fault)
            }
        }
    }

    fn answered(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        checked: bool,
        most: usize,
    ) -> std::result::Result<(Raw, Option<Why>), Fault> {
        if !self.is_local() {
            std::thread::sleep(PACE);
        }
        if self.begun.elapsed() > EXAMINATION {
            return Err(Fault::Other(Why::Ended));
        }
        let broken = || Fault::Other(Why::Broken);
        let (https, host, port, path) = split(url).ok_or_else(broken)?;
        let to = SocketAddr::new(self.address, port);
        let stream = Bounded::open(&to, PATIENCE / 3, Instant::now() + PATIENCE)?;
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
        let kept = |answer: std::result::Result<Came, Fault>| {
            let (raw, received, cut) = answer?;
            let what = format!("{method} {url}");
            self.keep(Exchange { at: (self.clock)(), what, to, sent: request.clone().into_bytes(), received });
            Ok((raw, cut))
        };
        if !https {
            return kept(exchange(stream, &request, method, most));
        }
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_string()).map_err(|_| broken())?;
        let config = if checked { &self.checked } else { &self.unchecked };
        let connection = ClientConnection::new(config.clone(), name).map_err(|_| broken())?;
        kept(exchange(StreamOwned::new(connection, stream), &request, method, most))
    }
}
