//! Hellos of TLS (RFC 8446, 5246, 6101) as bytes: what is offered, and what a server answers before anything is encrypted.
//!
//! You may rely on: any bytes are read without panic and in linear time; what is cut or makes no sense ends the reading.
//! Left out: ending a handshake; no key is ever agreed on, so nothing here needs to be secret or random.

use super::suites::Suites;

/// What is offered.
#[derive(Clone, Debug, Default)]
pub struct Offer<'a> {
    /// Versions, the highest first.
    pub versions: &'a [u16],
    /// Suites, in the order of preference.
    pub suites: &'a [u16],
    /// Groups, in the order of preference.
    pub groups: &'a [u16],
    /// The name asked for.
    pub name: Option<&'a str>,
    /// That this is a second try with a lower version (RFC 7507).
    pub falls_back: bool,
    /// Compression.
    pub compresses: bool,
}

/// The signalling suites: of renegotiation (RFC 5746), of a fallback (RFC 7507).
const RENEGOTIATION: u16 = 0x00ff;
const FALLBACK: u16 = 0x5600;
/// Where both sides must give a number and none is needed: one that anybody may know.
const FIXED: [u8; 32] = *b"vigie examines, and ends no hand";
/// Kinds of signatures: ECDSA, RSA-PSS, EdDSA, RSA, DSA with SHA-2, then with SHA-1.
const SIGNATURES: [u16; 18] = [
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601,
    0x0402, 0x0203, 0x0201, 0x0202,
];
/// What a server to which the retry belongs writes in place of a random number (RFC 8446 4.1.3).
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11,
    0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

fn sized16(out: &mut Vec<u8>, body: &[u8]) {
    out.extend((body.len() as u16).to_be_bytes());
    out.extend(body);
}

fn words(list: &[u16]) -> Vec<u8> {
    list.iter().flat_map(|w| w.to_be_bytes()).collect()
}

/// The bytes of a hello.
#[must_use]
pub fn client(offer: &Offer) -> Vec<u8> {
    let highest = offer.versions.first().copied().unwrap_or(0x0303);
    let legacy = highest.min(0x0303);
    let mut body = legacy.to_be_bytes().to_vec();
    body.extend(FIXED);
    // A session's number: TLS 1.3 has one for the sake of what stands between.
    let session: &[u8] = if highest >= 0x0304 { &FIXED } else { &[] };
    body.push(session.len() as u8);
    body.extend(session);
    let mut suites = offer.suites.to_vec();
    suites.push(RENEGOTIATION);
    if offer.falls_back {
        suites.push(FALLBACK);
    }
    sized16(&mut body, &words(&suites));
    body.extend(if offer.compresses { &[2u8, 1, 0][..] } else { &[1, 0] });
    // SSL 3.0 has no extensions, and servers of its time stumble over them.
    if highest > 0x0300 {
        sized16(&mut body, &extensions(offer, highest));
    }
    let mut message = vec![1, 0];
    sized16(&mut message, &body);
    let mut record = vec![22, 3, u8::from(highest > 0x0300)];
    sized16(&mut record, &message);
    record
}

fn extensions(offer: &Offer, highest: u16) -> Vec<u8> {
    let mut out = Vec::new();
    let mut put = |kind: u16, body: &[u8]| {
        out.extend(kind.to_be_bytes());
        sized16(&mut out, body);
    };
    if let Some(name) = offer.name {
        let mut entry = vec![0];
        sized16(&mut entry, name.as_bytes());
        let mut list = Vec::new();
        sized16(&mut list, &entry);
        put(0, &list);
    }
    if !offer.groups.is_empty() {
        let mut list = Vec::new();
        sized16(&mut list, &words(offer.groups));
        put(10, &list);
        put(11, &[1, 0]);
    }
    if highest >= 0x0303 {
        let mut list = Vec::new();
        sized16(&mut list, &words(&SIGNATURES));
        put(13, &list);
    }
    // OCSP, heartbeat, HTTP/2 or 1.1, signed certificate timestamps, code after the cipher, extended secret, ticket.
    put(5, &[1, 0, 0, 0, 0]);
    put(15, &[1]);
    put(16, b"\x00\x0c\x02h2\x08http/1.1");
    put(18, &[]);
    put(22, &[]);
    put(23, &[]);
    put(35, &[]);
    if highest >= 0x0304 {
        let mut list = vec![(offer.versions.len() * 2) as u8];
        list.extend(words(offer.versions));
        put(43, &list);
        put(45, &[1, 1]);
        // A share for X25519 where it is offered; of another group none, so that the server says which it wants.
        let mut share = Vec::new();
        if offer.groups.contains(&29) {
            share.extend(29u16.to_be_bytes());
            sized16(&mut share, &FIXED);
        }
        let mut list = Vec::new();
        sized16(&mut list, &share);
        put(51, &list);
    }
    out
}

/// The bytes of a hello of SSL 2.0, which ends here: its suites have three bytes.
#[must_use]
pub fn client_ssl2() -> Vec<u8> {
    const SUITES: [[u8; 3]; 8] =
        [[1, 0, 128], [2, 0, 128], [3, 0, 128], [4, 0, 128], [5, 0, 128], [6, 0, 64], [7, 0, 192], [8, 0, 128]];
    let mut body = vec![1, 0, 2, 0, (SUITES.len() * 3) as u8, 0, 0, 0, 16];
    body.extend(SUITES.concat());
    body.extend(&FIXED[..16]);
    let mut out = vec![0x80, body.len() as u8];
    out.extend(body);
    out
}

/// How many suites of SSL 2.0 a server takes; none where it does not speak it.
#[must_use]
pub fn server_ssl2(bytes: &[u8]) -> Option<usize> {
    let [high, low, rest @ ..] = bytes else { return None };
    let length = usize::from(high & 0x7f) << 8 | usize::from(*low);
    let body = rest.get(..length)?;
    // Type, session known, kind of certificate, version, then three lengths.
    match body {
        [4, _, _, 0, 2, _, _, s1, s2, _, _, ..] if high & 0x80 != 0 => {
            Some((usize::from(*s1) << 8 | usize::from(*s2)) / 3)
        }
        _ => None,
    }
}

/// What a server answered to a hello.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    /// It goes on.
    Hello(Box<Hello>),
    /// It says why not (RFC 8446 6.2).
    Alert(u8),
    /// It ends the connection, or says nothing that can be understood.
    Nothing,
}

/// A server's first flight.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Hello {
    /// The version it chose.
    pub version: u16,
    /// The suite it chose.
    pub suite: u16,
    /// It compresses.
    pub compresses: bool,
    /// Its extensions' numbers.
    pub extensions: Vec<u16>,
    /// The group of the key exchange.
    pub group: Option<u16>,
    /// The prime of the key exchange.
    pub prime: Option<Vec<u8>>,
    /// Its certificates, its own first.
    pub chain: Vec<Vec<u8>>,
    /// It sends an answer of OCSP along.
    pub staples: bool,
    /// The protocol above.
    pub alpn: Option<String>,
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    fn number(&mut self, bytes: usize) -> Option<usize> {
        self.take(bytes).map(|b| b.iter().fold(0, |n, b| n << 8 | usize::from(*b)))
    }

    fn sized(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let n = self.number(bytes)?;
        self.take(n)
    }
}

/// The handshake's bytes out of the records, and the alert that ended them.
fn records(bytes: &[u8]) -> (Vec<u8>, Option<u8>) {
    let (mut rest, mut out) = (Bytes(bytes), Vec::new());
    loop {
        let Some([kind, 3, _]) = rest.take(3) else { return (out, None) };
        let Some(body) = rest.sized(2) else { return (out, None) };
        match (kind, body) {
            (22, body) => out.extend(body),
            // Warnings do not end it.
            (21, [1, _]) => {}
            (21, [_, what, ..]) => return (out, Some(*what)),
            _ => return (out, None),
        }
    }
}

/// Whether nothing more is to be waited for.
#[must_use]
pub fn is_whole(bytes: &[u8]) -> bool {
    let (handshake, alert) = records(bytes);
    // What is no record will not become one.
    if alert.is_some() || bytes.len() >= 3 && (bytes[1] != 3 || !matches!(bytes[0], 20..=23)) {
        return true;
    }
    let mut rest = Bytes(&handshake);
    while let (Some(kind), Some(body)) = (rest.number(1), rest.sized(3)) {
        if kind == 14 || kind == 2 && hello(body).is_some_and(|h| h.version >= 0x0304) {
            return true;
        }
    }
    false
}

fn hello(body: &[u8]) -> Option<Hello> {
    let mut b = Bytes(body);
    let mut hello = Hello { version: b.number(2)? as u16, ..Hello::default() };
    let retry = b.take(32)? == RETRY;
    b.sized(1)?;
    hello.suite = b.number(2)? as u16;
    hello.compresses = b.number(1)? != 0;
    let mut all = Bytes(b.sized(2).unwrap_or(&[]));
    while let (Some(kind), Some(body)) = (all.number(2), all.sized(2)) {
        hello.extensions.push(kind as u16);
        let mut b = Bytes(body);
        match kind {
            16 => {
                hello.alpn = b.sized(2).and_then(|l| Bytes(l).sized(1)).map(|p| String::from_utf8_lossy(p).into_owned())
            }
            43 => hello.version = b.number(2)? as u16,
            51 => hello.group = b.number(2).filter(|_| retry || body.len() > 2).map(|g| g as u16),
            _ => {}
        }
    }
    Some(hello)
}

/// Reads an answer.
#[must_use]
pub fn server(bytes: &[u8], suites: &Suites) -> Reply {
    let (handshake, alert) = records(bytes);
    let (mut rest, mut found) = (Bytes(&handshake), None::<Hello>);
    while let (Some(kind), Some(body)) = (rest.number(1), rest.sized(3)) {
        match (kind, &mut found) {
            (2, None) => found = hello(body),
            (11, Some(hello)) => {
                let mut all = Bytes(Bytes(body).sized(3).unwrap_or(&[]));
                while let Some(one) = all.sized(3).filter(|_| hello.chain.len() < 16) {
                    hello.chain.push(one.to_vec());
                }
            }
            (12, Some(hello)) => {
                let mut b = Bytes(body);
                match suites.get(hello.suite).map_or("", |s| s.exchange.as_str()) {
                    "ECDHE" | "ECDH" if b.number(1) == Some(3) => hello.group = b.number(2).map(|g| g as u16),
                    "DHE" | "DH" => hello.prime = b.sized(2).map(<[u8]>::to_vec),
                    _ => {}
                }
            }
            (22, Some(hello)) => hello.staples = body.len() > 4,
            _ => {}
        }
    }
    match (found, alert) {
        // An alert right behind a hello: it began and thought better of it.
        (Some(hello), _) => Reply::Hello(Box::new(hello)),
        (None, Some(what)) => Reply::Alert(what),
        (None, None) => Reply::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let suites = Suites::embedded();
        // Server hello of TLS 1.2 with one extension, split over two records, then its end.
        let mut body = vec![3, 3];
        body.extend([7; 32]);
        body.extend([0, 0xc0, 0x2f, 0, 0, 5, 0xff, 1, 0, 1, 0]);
        let mut handshake = vec![2, 0, 0, body.len() as u8];
        handshake.extend(&body);
        handshake.extend([12, 0, 0, 4, 3, 0, 23, 0, 14, 0, 0, 0]);
        let mut bytes = Vec::new();
        for part in handshake.chunks(20) {
            bytes.extend([22, 3, 3, 0, part.len() as u8]);
            bytes.extend(part);
        }
        assert!(is_whole(&bytes) && !is_whole(&bytes[..bytes.len() - 3]));
        let Reply::Hello(h) = server(&bytes, &suites) else { panic!("no hello") };
        assert_eq!((h.version, h.suite, h.group, &h.extensions[..]), (0x0303, 0xc02f, Some(23), &[0xff01][..]));
        assert_eq!(server(&[21, 3, 1, 0, 2, 2, 40], &suites), Reply::Alert(40));
        assert_eq!(server(b"HTTP/1.1 400 Bad Request", &suites), Reply::Nothing);
        assert!(is_whole(b"HTTP/1.1 400"));
        let mut seed = 1u64;
        for _ in 0..50_000 {
            let mut m = bytes.clone();
            for _ in 0..4 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (seed >> 33) as usize % m.len();
                m[at] = (seed >> 20) as u8;
            }
            m.truncate((seed >> 40) as usize % (m.len() + 1));
            let _ = (is_whole(&m), server(&m, &suites), server_ssl2(&m));
        }
    }

    #[test]
    fn hellos_are_well_formed() {
        let offer = Offer {
            versions: &[0x0304, 0x0303],
            suites: &[0x1301],
            groups: &[29],
            name: Some("a.test"),
            ..Offer::default()
        };
        let bytes = client(&offer);
        assert_eq!(usize::from(bytes[3]) << 8 | usize::from(bytes[4]), bytes.len() - 5);
        assert_eq!(usize::from(bytes[7]) << 8 | usize::from(bytes[8]), bytes.len() - 9);
        assert_eq!(server_ssl2(&[0x80, 11, 4, 0, 1, 0, 2, 0, 0, 0, 6, 0, 0]), Some(2));
        assert_eq!(server_ssl2(&[0x15, 3, 0, 0, 2, 2, 40]), None);
    }
}
