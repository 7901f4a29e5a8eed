//! One request of a probe, timed: whether it came to its end, and how long each part took.

use super::http::{Bounded, Came, Fault, exchange, split};
use super::{BODY, PACE, Raw, Site, Why};
use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};
use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Why there is no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lost {
    /// No connection.
    Unreachable,
    /// Not in time.
    Timeout,
    /// The certificate is not good.
    Certificate,
    /// An answer that is none.
    Broken,
}

/// What came of a request, and milliseconds until the connection stood, the first byte came, and all was there.
pub struct Timed {
    /// The answer.
    pub answer: Result<Raw, Lost>,
    /// Milliseconds; 0 for what never came.
    pub millis: [u64; 3],
}

/// A stream that remembers when its first byte came.
struct Watched<S> {
    inner: S,
    first: Option<Instant>,
}

impl<S: Read> Read for Watched<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        if n > 0 {
            self.first.get_or_insert_with(Instant::now);
        }
        Ok(n)
    }
}

impl<S: Write> Write for Watched<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Site<'_> {
    /// Asks for an address of this host as a browser would, within a time. Redirections are handed back, not followed.
    pub fn timed(&self, url: &str, patience: Duration) -> Timed {
        if !self.is_local() {
            std::thread::sleep(PACE);
        }
        let begun = Instant::now();
        let millis = |at: Option<Instant>| at.map_or(0, |at| at.duration_since(begun).as_millis() as u64);
        let (mut connected, mut first) = (None, None);
        let answer = self.timed_answer(url, patience, begun, &mut connected, &mut first);
        let answer = answer.map_err(|lost| match lost {
            // Reads give up with the clock; whatever they say then, it was late.
            Lost::Broken | Lost::Unreachable if begun.elapsed() >= patience => Lost::Timeout,
            lost => lost,
        });
        Timed { answer, millis: [millis(connected), millis(first), begun.elapsed().as_millis() as u64] }
    }

    fn timed_answer(
        &self,
        url: &str,
        patience: Duration,
        begun: Instant,
        connected: &mut Option<Instant>,
        first: &mut Option<Instant>,
    ) -> Result<Raw, Lost> {
        let parts = split(url).filter(|(_, host, ..)| *host == self.host);
        let (https, host, port, path) = parts.ok_or(Lost::Broken)?;
        let lost = |e: &io::Error| match e.kind() {
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Lost::Timeout,
            _ => Lost::Unreachable,
        };
        let to = SocketAddr::new(self.address, port);
        let stream = Bounded::open(&to, patience, begun + patience).map_err(|e| lost(&e))?;
        *connected = Some(Instant::now());
        let usual = if https { 443 } else { 80 };
        let shown = if port == usual { host.clone() } else { format!("{host}:{port}") };
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {shown}\r\nUser-Agent: vigie/{}\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nConnection: close\r\n\r\n",
            env!("CARGO_PKG_VERSION")
        );
        let done = |answer: Result<Came, Fault>| match answer {
            Ok((raw, ..)) => Ok(raw),
            Err(Fault::Certificate { .. }) => Err(Lost::Certificate),
            Err(Fault::Other(Why::Late)) => Err(Lost::Timeout),
            Err(Fault::Other(_)) => Err(Lost::Broken),
        };
        if !https {
            let mut watched = Watched { inner: stream, first: None };
            let answer = done(exchange(&mut watched, &request, "GET", BODY));
            *first = watched.first;
            return answer;
        }
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_string()).map_err(|_| Lost::Broken)?;
        let connection = ClientConnection::new(self.checked.clone(), name).map_err(|_| Lost::Broken)?;
        let mut watched = Watched { inner: StreamOwned::new(connection, stream), first: None };
        let answer = done(exchange(&mut watched, &request, "GET", BODY));
        *first = watched.first;
        answer
    }
}
