//! DNS: questions to the resolver the machine (or the user) chose, one line of evidence for each.
//!
//! You may rely on: the only hosts asked are those resolvers; a recursive resolver will in turn ask the name servers of
//! the domain, which then see the resolver and not us. Every question has a random id and port, its answer is checked
//! against it. Left out: DNSSEC validation of our own (`authentic` is the resolver's word).

mod message;
mod resolver;

pub use resolver::{Resolver, Trouble};

pub(crate) use message::wire;

use crate::{Clock, Online};
use model::{Result, Time};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Questions under way at once.
const WORKERS: usize = 16;
/// Questions whose answers are held until they can be written in order.
const BATCH: usize = 1024;

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
    /// Mail exchangers, `preference name`.
    Mx,
    /// Name servers.
    Ns,
    /// Texts, the strings of each joined.
    Txt,
    /// Who may make certificates, `flags tag "value"` (RFC 8659).
    Caa,
    /// Certificates that are meant, `usage selector matching digest` (RFC 6698).
    Tlsa,
    /// That a zone is signed, `tag algorithm digest-type digest` (RFC 4034).
    Ds,
}

impl Kind {
    /// Those asked of a look-alike.
    pub const USUAL: [Kind; 5] = [Kind::A, Kind::Aaaa, Kind::Mx, Kind::Ns, Kind::Txt];

    /// The number in messages (RFC 1035 3.2.2, RFC 3596).
    pub const fn code(self) -> u16 {
        match self {
            Kind::A => 1,
            Kind::Ns => 2,
            Kind::Mx => 15,
            Kind::Txt => 16,
            Kind::Aaaa => 28,
            Kind::Ds => 43,
            Kind::Tlsa => 52,
            Kind::Caa => 257,
        }
    }
}

/// One question.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Question {
    /// The name, in A-labels.
    pub name: String,
    /// The kind of record.
    pub kind: Kind,
}

impl Question {
    /// Of a name and a kind.
    pub fn new(name: impl Into<String>, kind: Kind) -> Question {
        Question { name: name.into(), kind }
    }
}

/// One answer: a line of evidence, and the form in which the key archive of the mail sensor reads records.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Record {
    /// The name asked for.
    pub name: String,
    /// The kind asked for.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// `NOERROR` (without answers: no such record), `NXDOMAIN` (no such name), or that it is not known: `SERVFAIL`,
    /// `REFUSED`, `TIMEOUT`, …
    pub rcode: String,
    /// The values, sorted.
    pub answers: Vec<String>,
    /// The aliases (CNAME) on the way to them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Seconds they may be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u32>,
    /// When it was asked.
    pub seen: Time,
    /// Who answered, or did not.
    pub resolver: String,
    /// The resolver says that DNSSEC vouches for it.
    pub authentic: bool,
}

impl Record {
    /// Whether it says something of the name; else it is only not known.
    pub fn is_known(&self) -> bool {
        matches!(self.rcode.as_str(), "NOERROR" | "NXDOMAIN")
    }
}

/// Asks all questions and gives the answers in the order of the questions.
pub fn ask(
    online: &Online,
    resolver: &Resolver,
    questions: &[Question],
    clock: Clock,
    each: &mut dyn FnMut(Record) -> Result<()>,
) -> Result<()> {
    for batch in questions.chunks(BATCH) {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                let Some(question) = batch.get(n) else { return done };
                done.push((n, resolver.ask(online, question, clock)));
            }
        };
        let mut answers: Vec<(usize, Record)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..WORKERS.min(batch.len())).map(|_| scope.spawn(work)).collect();
            threads.into_iter().flat_map(|t| t.join().unwrap_or_default()).collect()
        });
        answers.sort_by_key(|(n, _)| *n);
        answers.into_iter().try_for_each(|(_, record)| each(record))?;
    }
    Ok(())
}
