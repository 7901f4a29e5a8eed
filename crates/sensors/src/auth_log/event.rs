//! What one line of a login log says, and the small knives by which lines are cut.

use model::Address;
pub use rows::attempt::Purpose;
pub use rows::auth_log::Outcome;
use std::borrow::Cow;

/// From where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// An address.
    Address(Address),
    /// From elsewhere, but the line does not say from where, or can be read in two ways: nobody is blamed.
    Unknown,
    /// Known by the connection of this process number, said in an earlier line.
    Process(u32),
    /// The machine itself.
    Local,
}

impl Source {
    /// An address as written, unknown where it is none (a name, a damaged line).
    pub fn parse(text: &[u8]) -> Source {
        Address::parse(text).map_or(Source::Unknown, Source::Address)
    }
}

/// One event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event<'a> {
    /// What was logged in to.
    pub service: Purpose,
    /// What came of it.
    pub outcome: Outcome,
    /// How: `password`, `publickey` … as the service names it; empty where unknown.
    pub method: &'static str,
    /// As whom; empty where unknown.
    pub user: Cow<'a, [u8]>,
    /// From where.
    pub source: Source,
    /// How often.
    pub count: u32,
    /// Whether a refusal says that the name is not known.
    pub invalid: bool,
}

impl<'a> Event<'a> {
    /// An event without the rarer parts.
    pub fn new(service: Purpose, outcome: Outcome, user: &'a [u8], source: Source) -> Event<'a> {
        let (method, count, invalid) = ("", 1, outcome == Outcome::InvalidUser);
        Event { service, outcome, method, user: Cow::Borrowed(user), source, count, invalid }
    }
    /// With a method.
    pub fn by(mut self, method: &'static str) -> Event<'a> {
        self.method = method;
        self
    }
    /// So many times.
    pub fn times(mut self, count: u32) -> Event<'a> {
        self.count = count;
        self
    }
}

/// What a line says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Meaning<'a> {
    /// Nothing that is known.
    Nothing,
    /// Known, and nothing of logins.
    Ordinary,
    /// It begins as a login line and does not end as one.
    Unclear,
    /// A login event.
    Event(Event<'a>),
    /// A process has a connection from there (PostgreSQL tells this in a line of its own).
    Connection(u32, Address),
    /// The line before, so many times more.
    Again(u32),
}

impl Meaning<'_> {
    /// With a name of its own.
    pub fn into_owned(self) -> Meaning<'static> {
        match self {
            Meaning::Nothing => Meaning::Nothing,
            Meaning::Ordinary => Meaning::Ordinary,
            Meaning::Unclear => Meaning::Unclear,
            Meaning::Event(e) => Meaning::Event(Event { user: Cow::Owned(e.user.into_owned()), ..e }),
            Meaning::Connection(process, address) => Meaning::Connection(process, address),
            Meaning::Again(times) => Meaning::Again(times),
        }
    }
}

/// A known method's name; `other` for what is not known, so that nobody invents methods for us.
pub fn method(name: &[u8]) -> &'static str {
    const KNOWN: [&str; 17] = [
        "password",
        "publickey",
        "keyboard-interactive/pam",
        "keyboard-interactive",
        "gssapi-with-mic",
        "hostbased",
        "none",
        "PLAIN",
        "LOGIN",
        "CRAM-MD5",
        "DIGEST-MD5",
        "SCRAM-SHA-1",
        "SCRAM-SHA-256",
        "XOAUTH2",
        "OAUTHBEARER",
        "NTLM",
        "EXTERNAL",
    ];
    KNOWN.iter().find(|k| k.as_bytes().eq_ignore_ascii_case(name)).copied().unwrap_or("other")
}

/// Cuts at the first `by`.
pub fn cut<'a>(text: &'a [u8], by: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    memchr::memmem::find(text, by).map(|at| (&text[..at], &text[at + by.len()..]))
}

/// Cuts at the last `by`.
pub fn cut_last<'a>(text: &'a [u8], by: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    memchr::memmem::rfind(text, by).map(|at| (&text[..at], &text[at + by.len()..]))
}

/// The digits a text begins with (at most nine), and what follows.
pub fn leading_number(text: &[u8]) -> Option<(u32, &[u8])> {
    let digits = text.iter().take(9).take_while(|b| b.is_ascii_digit()).count();
    let n = text[..digits].iter().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
    (digits > 0).then_some((n, &text[digits..]))
}
