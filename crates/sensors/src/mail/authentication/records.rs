//! What the Domain Name System said: the questions authentication asks and the form of an answer, with its date. A
//! resolver is whoever implements [`Records`]; none of them opens a socket here. An answer nobody has is *none known*,
//! which is another thing than an answer that there is nothing.

use model::Time;
use serde::{Deserialize, Serialize};

/// The type of a record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// IPv4 address.
    A,
    /// IPv6 address.
    Aaaa,
    /// Mail exchanger: preference and name.
    Mx,
    /// Name of an address.
    Ptr,
    /// Text.
    Txt,
    /// Another name for this one.
    Cname,
}

/// What was answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer<'a> {
    /// Records, as text: an address, a name, `10 mx.example.org`, a TXT record's strings joined.
    Found(&'a [String]),
    /// The name, or the type at this name, does not exist.
    Nothing,
    /// The servers could not tell (SERVFAIL, a time-out).
    Failed,
}

/// One answer, as of a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reply<'a> {
    /// What was answered.
    pub answer: Answer<'a>,
    /// When it was seen; none for a source that speaks of no day (a zone file).
    pub seen: Option<Time>,
    /// Who answered: the resolver, or the file.
    pub by: &'a str,
}

/// Answers as of a time.
pub trait Records {
    /// What is known of a name (lower case, without the final dot), the answers seen next to `at` first: the last before
    /// it and the first after it, as either may have held on the day. Empty where nothing is known.
    fn replies(&self, name: &str, kind: Kind, at: Option<Time>) -> Vec<Reply<'_>>;
}

/// An answer that a verdict rests on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Source {
    /// The name that was asked for.
    pub name: String,
    /// The type.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// When the answer was seen, where it has a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<Time>,
    /// Days between that and the receipt; positive where it was seen afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// Who answered.
    pub by: String,
}

/// An answer seen farther than this from the receipt can confirm, never refuse: keys and policies change, most of them
/// within months (M3AAWG advises to rotate keys every six), so that one which does not match may be another one.
pub const NEAR_DAYS: i64 = 92;

impl Source {
    /// The source of a reply.
    pub fn new(name: &str, kind: Kind, reply: &Reply, at: Option<Time>) -> Source {
        let days = reply.seen.zip(at).map(|(seen, at)| seen.since(at) / 86_400);
        Source { name: name.to_owned(), kind, seen: reply.seen, days, by: reply.by.to_owned() }
    }

    /// Whether the answer may also refuse.
    pub fn is_near(&self) -> bool {
        self.days.is_none_or(|d| d.abs() <= NEAR_DAYS)
    }
}

/// A name as records are kept under: lower case, without the final dot; none where it can be no name of the DNS (a label
/// of none or over 63 bytes, over 253 in all: RFC 1035 2.3.4).
pub fn canonical_name(name: &str) -> Option<String> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let fits = !name.is_empty() && name.len() <= 253 && name.split('.').all(|l| (1..=63).contains(&l.len()));
    fits.then(|| name.to_ascii_lowercase())
}
