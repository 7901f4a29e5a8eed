//! One question to a resolver: by UDP, by TCP where the answer does not fit, again where none comes.

use super::message::{Reply, query, reply, wire};
use super::{Kind, Question, Record};
use crate::{Clock, Online};
use model::Error;
use ring::rand::SecureRandom;
use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

/// Whom to ask, and how patiently.
#[derive(Clone, Debug)]
pub struct Resolver {
    /// The resolvers, in the order of preference.
    pub servers: Vec<SocketAddr>,
    /// How long one try may take.
    pub timeout: Duration,
    /// Tries, over all servers.
    pub tries: usize,
}

/// Why there is no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// Nothing came in time.
    Timeout,
    /// The resolver could not be reached.
    Unreachable,
    /// What came is no DNS message, or no answer to the question.
    Malformed,
    /// What was asked for is no name.
    NoName,
}

impl Trouble {
    /// As it stands in place of a response code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Trouble::Timeout => "TIMEOUT",
            Trouble::Unreachable => "UNREACHABLE",
            Trouble::Malformed => "MALFORMED",
            Trouble::NoName => "NO NAME",
        }
    }

    fn of(e: &io::Error) -> Trouble {
        match e.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Trouble::Timeout,
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => Trouble::Malformed,
            _ => Trouble::Unreachable,
        }
    }
}

/// The name of a response code (IANA, DNS RCODEs).
fn rcode(code: u16) -> String {
    match code {
        0 => "NOERROR".into(),
        1 => "FORMERR".into(),
        2 => "SERVFAIL".into(),
        3 => "NXDOMAIN".into(),
        4 => "NOTIMP".into(),
        5 => "REFUSED".into(),
        n => format!("RCODE{n}"),
    }
}

impl Resolver {
    /// These servers, with three tries of three seconds each.
    pub fn new(servers: Vec<SocketAddr>) -> Resolver {
        Resolver { servers, timeout: Duration::from_secs(3), tries: 3 }
    }

    /// What `/etc/resolv.conf` says.
    pub fn from_resolv_conf(text: &str) -> model::Result<Resolver> {
        let servers: Vec<SocketAddr> = text
            .lines()
            .filter_map(|l| l.trim().strip_prefix("nameserver"))
            // A zone (`fe80::1%eth0`) is beyond the standard library's addresses.
            .filter_map(|a| a.trim().parse::<IpAddr>().ok())
            .map(|ip| SocketAddr::new(ip, 53))
            .take(3)
            .collect();
        if servers.is_empty() {
            return Err(Error::new("`/etc/resolv.conf` names no resolver").hint("name one with `--resolver ADDRESS`"));
        }
        Ok(Resolver::new(servers))
    }

    /// `ADDRESS` or `ADDRESS:PORT`.
    pub fn parse(text: &str) -> model::Result<Resolver> {
        let ip = |t: &str| t.trim_matches(['[', ']']).parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, 53));
        let server = text.parse::<SocketAddr>().ok().or_else(|| ip(text));
        let wrong =
            || Error::new(format!("`{text}` is no address of a resolver")).hint("write `192.0.2.53` or `[::1]:53`");
        server.map(|s| Resolver::new(vec![s])).ok_or_else(wrong)
    }

    /// Asks one question; what goes wrong stands in the record.
    pub fn ask(&self, online: &Online, question: &Question, clock: Clock) -> Record {
        self.put(online, question, clock, false)
    }

    /// The same, and the resolver is told not to check signatures (RFC 4035 3.2.2): what it refused before and gives now was
    /// refused for them.
    pub fn ask_unchecked(&self, online: &Online, question: &Question, clock: Clock) -> Record {
        self.put(online, question, clock, true)
    }

    fn put(&self, _: &Online, question: &Question, clock: Clock, unchecked: bool) -> Record {
        let record = |server: Option<&SocketAddr>, rcode: String| Record {
            name: question.name.clone(),
            kind: question.kind,
            rcode,
            answers: Vec::new(),
            aliases: Vec::new(),
            ttl: None,
            seen: clock(),
            resolver: server.map(SocketAddr::to_string).unwrap_or_default(),
            authentic: false,
        };
        let Some(name) = wire(&question.name) else { return record(None, Trouble::NoName.as_str().into()) };
        let mut failed = record(self.servers.first(), Trouble::Timeout.as_str().into());
        let mut edns = true;
        for server in self.servers.iter().cycle().take(self.tries.max(1)) {
            match exchange(server, &name, question.kind, (edns, unchecked), self.timeout) {
                Ok(reply) => {
                    let known = matches!(reply.rcode, 0 | 3);
                    // Old servers refuse EDNS with FORMERR or NOTIMP (RFC 6891 7).
                    edns &= !matches!(reply.rcode, 1 | 4);
                    let said = Record {
                        answers: reply.answers,
                        aliases: reply.aliases,
                        ttl: reply.ttl,
                        authentic: reply.authentic,
                        ..record(Some(server), rcode(reply.rcode))
                    };
                    if known {
                        return said;
                    }
                    failed = said;
                }
                // A response code that was given says more than silence after it.
                Err(trouble) if Trouble::is(&failed.rcode) => failed = record(Some(server), trouble.as_str().into()),
                Err(_) => {}
            }
        }
        failed
    }
}

impl Trouble {
    fn is(rcode: &str) -> bool {
        [Trouble::Timeout, Trouble::Unreachable, Trouble::Malformed].iter().any(|t| t.as_str() == rcode)
    }
}

fn exchange(
    server: &SocketAddr,
    name: &[u8],
    kind: Kind,
    (edns, unchecked): (bool, bool),
    timeout: Duration,
) -> Result<Reply, Trouble> {
    let deadline = Instant::now() + timeout;
    let mut id = [0; 2];
    ring::rand::SystemRandom::new().fill(&mut id).map_err(|_| Trouble::Unreachable)?;
    let id = u16::from_be_bytes(id);
    let question = query(id, name, kind, edns, unchecked);
    let by_udp = udp(server, &question, deadline, &|m| reply(m, id, name, kind)).map_err(|e| Trouble::of(&e))?;
    if !by_udp.truncated {
        return Ok(by_udp);
    }
    // A new try begins: the first half of the time may be gone.
    let answer = tcp(server, &question, Instant::now() + timeout).map_err(|e| Trouble::of(&e))?;
    reply(&answer, id, name, kind).filter(|r| !r.truncated).ok_or(Trouble::Malformed)
}

fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

/// What does not answer the question is not heard: somebody may be guessing.
fn udp(
    server: &SocketAddr,
    question: &[u8],
    deadline: Instant,
    read: &dyn Fn(&[u8]) -> Option<Reply>,
) -> io::Result<Reply> {
    let any: SocketAddr = if server.is_ipv4() { ([0; 4], 0).into() } else { ([0u16; 8], 0).into() };
    let socket = UdpSocket::bind(any)?;
    socket.connect(server)?;
    socket.send(question)?;
    let mut buffer = [0; 4096];
    loop {
        socket.set_read_timeout(Some(left(deadline)?))?;
        let n = socket.recv(&mut buffer)?;
        if let Some(reply) = read(&buffer[..n]) {
            return Ok(reply);
        }
    }
}

fn tcp(server: &SocketAddr, question: &[u8], deadline: Instant) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(server, left(deadline)?)?;
    stream.set_write_timeout(Some(left(deadline)?))?;
    let length = u16::try_from(question.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    stream.write_all(&[&length.to_be_bytes()[..], question].concat())?;
    let mut fill = |buffer: &mut [u8]| -> io::Result<()> {
        let mut done = 0;
        while done < buffer.len() {
            stream.set_read_timeout(Some(left(deadline)?))?;
            match stream.read(&mut buffer[done..])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                n => done += n,
            }
        }
        Ok(())
    };
    let mut length = [0; 2];
    fill(&mut length)?;
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    fill(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolvers_are_read() {
        let conf = "# x\nnameserver 192.0.2.53\nsearch example.org\nnameserver ::1\nnameserver fe80::1%eth0\n";
        let r = Resolver::from_resolv_conf(conf).expect("two resolvers");
        assert_eq!(r.servers, ["192.0.2.53:53".parse().expect("one"), "[::1]:53".parse().expect("two")]);
        assert!(Resolver::from_resolv_conf("search x\n").is_err());
        for (text, expected) in [("192.0.2.1", "192.0.2.1:53"), ("::1", "[::1]:53"), ("[::1]:5353", "[::1]:5353")] {
            assert_eq!(Resolver::parse(text).expect("an address").servers[0].to_string(), expected);
        }
        assert!(Resolver::parse("dns.example").is_err());
    }
}
