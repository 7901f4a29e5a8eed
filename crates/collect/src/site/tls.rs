//! TLS at the level of bytes: hellos that are not ours to judge go out, and what comes back is handed on; whether a chain leads
//! to somebody the system trusts.

use super::http::Bounded;
use super::{Exchange, PATIENCE, Site, Why};
use model::Time;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, SignatureScheme};
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Most bytes of an answer to a hello.
const FLIGHT: usize = 128 << 10;
/// All hellos to one site together.
const HELLOS: Duration = Duration::from_secs(120);
/// Pause between two hellos to a host that is not this machine: none is ended, so none costs it a computation but its own.
const PACE: Duration = Duration::from_millis(200);

/// What is said of a chain where the authorities of the system are not known, so that nothing can be said.
pub const NO_AUTHORITIES: &str = "no authority is known";

impl Site<'_> {
    /// Sends bytes over a new connection to the port of HTTPS and gives what comes until `whole` says so, the other side ends
    /// it, or a bound is met; and whether it was ended rather than waited for in vain. None: nobody takes the connection, or
    /// the time for all of them is up.
    pub fn speak(&self, bytes: &[u8], whole: &dyn Fn(&[u8]) -> bool) -> Option<(Vec<u8>, bool)> {
        if !self.is_local() {
            std::thread::sleep(PACE);
        }
        if self.hellos.get_or_init(Instant::now).elapsed() > HELLOS {
            return None;
        }
        let to = SocketAddr::new(self.address, self.ports.1);
        let end = Instant::now() + PATIENCE / 3;
        let connect = || Bounded::open(&to, PATIENCE / 3, end);
        // Once more: a server at its limit refuses one connection and takes the next.
        let mut stream = connect()
            .or_else(|_| {
                std::thread::sleep(PACE);
                connect()
            })
            .ok()?;
        let (mut came, mut ended) = (Vec::new(), true);
        match stream.write_all(bytes).and_then(|()| stream.flush()) {
            Ok(()) => {
                let mut buffer = [0; 16 << 10];
                while came.len() < FLIGHT && !whole(&came) {
                    match stream.read(&mut buffer) {
                        Ok(0) => break,
                        Ok(n) => came.extend_from_slice(&buffer[..n]),
                        Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                        Err(e) => {
                            ended = Why::of(&e) != Why::Late;
                            break;
                        }
                    }
                }
            }
            Err(e) => ended = Why::of(&e) != Why::Late,
        }
        self.keep(Exchange {
            at: (self.clock)(),
            what: "tls".into(),
            to,
            sent: bytes.to_vec(),
            received: came.clone(),
        });
        Some((came, ended))
    }

    /// Whether a chain leads to an authority that is trusted; else why not. Whether it is for this host is not asked.
    pub fn trust(&self, chain: &[Vec<u8>], at: Time) -> std::result::Result<(), String> {
        let broken = |e: String| Err(e);
        let Some((own, rest)) = chain.split_first() else { return broken("no certificate".into()) };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = match WebPkiServerVerifier::builder_with_provider(self.roots.clone(), provider).build() {
            Ok(verifier) => verifier,
            Err(_) => return broken(NO_AUTHORITIES.into()),
        };
        let own = CertificateDer::from(own.clone());
        let rest: Vec<CertificateDer> = rest.iter().map(|d| CertificateDer::from(d.clone())).collect();
        let Ok(name) = ServerName::try_from(self.host.trim_matches(['[', ']']).to_string()) else {
            return broken("no name".into());
        };
        let at = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(at.seconds()).unwrap_or(0)));
        match verifier.verify_server_cert(&own, &rest, &name, &[], at) {
            Ok(_) => Ok(()),
            Err(rustls::Error::InvalidCertificate(why)) => match why {
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Ok(()),
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => broken("expired".into()),
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                    broken("not yet valid".into())
                }
                // The authority may be one of those that were not found.
                CertificateError::UnknownIssuer if !self.knows_authorities => broken(NO_AUTHORITIES.into()),
                CertificateError::UnknownIssuer => broken("chain incomplete".into()),
                CertificateError::Revoked => broken("certificate revoked".into()),
                CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                    broken("unsupported certificate purpose".into())
                }
                other => broken(format!("{other:?}")),
            },
            Err(other) => broken(other.to_string()),
        }
    }

    /// The chain a server shows whoever ends the handshake, and whether an answer of OCSP comes with it: where TLS 1.3 is all it
    /// speaks, no other way leads to them.
    pub fn shown(&self) -> Option<(Vec<Vec<u8>>, bool)> {
        let name = ServerName::try_from(self.host.trim_matches(['[', ']']).to_string()).ok()?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let stapled = Arc::new(AtomicBool::new(false));
        let any = Arc::new(Any(provider.clone(), stapled.clone()));
        let config =
            rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().ok()?;
        let config = config.dangerous().with_custom_certificate_verifier(any).with_no_client_auth();
        let mut connection = rustls::ClientConnection::new(Arc::new(config), name).ok()?;
        let to = SocketAddr::new(self.address, self.ports.1);
        let end = Instant::now() + PATIENCE;
        let mut stream = Bounded::open(&to, PATIENCE / 3, end).ok()?;
        while connection.is_handshaking() && Instant::now() < end {
            connection.complete_io(&mut stream).ok()?;
        }
        let chain = connection.peer_certificates()?.iter().map(|c| c.to_vec()).collect();
        Some((chain, stapled.load(Ordering::Relaxed)))
    }
}

/// Takes any certificate: what is behind a bad one is looked at, and that it is bad is said. Notes whether an answer of OCSP came.
#[derive(Debug)]
pub(super) struct Any(pub(super) Arc<rustls::crypto::CryptoProvider>, pub(super) Arc<AtomicBool>);

impl ServerCertVerifier for Any {
    fn verify_server_cert(
        &self,
        _: &CertificateDer,
        _: &[CertificateDer],
        _: &ServerName,
        ocsp: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        self.1.fetch_or(!ocsp.is_empty(), Ordering::Relaxed);
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
