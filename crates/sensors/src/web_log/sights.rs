//! Names met in a web log: the hosts that visitors say they came from, and the hosts they asked our server for. A page
//! that poses as ours often loads pictures of ours, and so names itself in our log.
//!
//! You may rely on: an ordinary line costs finding its referer's host and one look-up of it.

use super::record::Record;
use crate::names::lines;
use crate::names::met::{Met, Screen, Via};
use crate::names::setup::Setup;
use model::{Address, Sink, Span, Time};

/// Bytes of a page's address that are kept.
const PAGE: usize = 300;

/// Names of note in one block.
#[derive(Default)]
pub struct Sights(Vec<Sight>);

struct Sight {
    via: Via,
    name: Box<[u8]>,
    /// The page it came from, of a referer.
    page: Option<Box<[u8]>>,
    time: Time,
    source: Address,
    /// Where its line begins in the block, its bytes, its number.
    line: (usize, usize, u64),
}

/// Looks for them, line by line.
pub struct Looking<'s> {
    screen: Screen<'s>,
    /// The referer's host seen last, if it was of no note.
    last: Vec<u8>,
    /// Whether the name of each of the block's sites is of note.
    sites: Vec<bool>,
}

impl<'s> Looking<'s> {
    /// For what a case is set to.
    pub fn new(setup: &'s Setup) -> Looking<'s> {
        Looking { screen: Screen::new(setup), last: Vec::new(), sites: Vec::new() }
    }

    /// Looks at a line of one's own proxy: where somebody of the house went.
    pub fn outside(&mut self, r: &Record, line: (usize, usize, u64), found: &mut Sights) {
        if r.host.is_empty() || r.host == self.last {
            return;
        }
        match self.screen.of_note(r.host) {
            Some(_) => {
                let (time, source) = (r.time, r.source);
                found.0.push(Sight { via: Via::Proxy, name: r.host.into(), page: None, time, source, line });
            }
            None => {
                self.last.clear();
                self.last.extend_from_slice(r.host);
            }
        }
    }

    /// Looks at one line; `site` is the number of its host among the block's.
    pub fn line(&mut self, r: &Record, site: u32, line: (usize, usize, u64), found: &mut Sights) {
        let mut push = |via, name: &[u8], page: Option<&[u8]>| {
            let page = page.and_then(|p| p.get(..p.len().min(PAGE))).map(Into::into);
            found.0.push(Sight { via, name: name.into(), page, time: r.time, source: r.source, line });
        };
        let from = host(r.referer);
        if !from.is_empty() && from != r.host && from != self.last {
            match self.screen.of_note(from) {
                Some(_) => push(Via::Referer, from, Some(r.referer)),
                None => {
                    self.last.clear();
                    self.last.extend_from_slice(from);
                }
            }
        }
        if self.sites.len() == site as usize {
            self.sites.push(self.screen.of_note(lines::host(r.host)).is_some());
        }
        if self.sites.get(site as usize).is_some_and(|noted| *noted) {
            push(Via::Host, lines::host(r.host), None);
        }
    }
}

/// The host of a referer; empty where it has none.
fn host(referer: &[u8]) -> &[u8] {
    let Some(rest) = referer.strip_prefix(b"http").map(|r| r.strip_prefix(b"s").unwrap_or(r)) else { return b"" };
    let Some(rest) = rest.strip_prefix(b"://") else { return b"" };
    let end = rest.iter().position(|b| matches!(b, b'/' | b'?' | b'#' | b':' | b'@')).unwrap_or(rest.len());
    // A port, or a user's name in front, is rare.
    if matches!(rest.get(end), Some(b':' | b'@')) { lines::host(referer) } else { &rest[..end] }
}

impl Sights {
    /// Hands them over; the block begins at this byte and line.
    pub fn tell(self, met: &mut Met, start: u64, line: u64, out: &mut dyn Sink) {
        for s in self.0 {
            let (at, len, n) = s.line;
            let place = Span { start: start + at as u64, len: len as u64, line: line + n };
            met.page(&s.name, s.page.as_deref(), s.via, (Some(s.time), Some(s.source)), place, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn hosts_of_referers() {
        for (referer, expected) in [
            ("https://a.example/x?y", "a.example"),
            ("http://a.example:8080/x", "a.example"),
            ("http://u:p@a.example/x", "a.example"),
            ("http://a.example", "a.example"),
            ("-", ""),
            ("android-app://com.example", ""),
            ("https:/", ""),
        ] {
            assert_eq!(host(referer.as_bytes()), expected.as_bytes(), "{referer}");
        }
    }
}
