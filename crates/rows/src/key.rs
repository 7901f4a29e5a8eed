//! Keys of runs. What may hold the separator is written with `%7C` for `|` and `%25` for `%`, so that a name chosen by
//! the adversary cannot pass for the next part.

use crate::attempt::Purpose;
use model::{Address, Error, Network, Result};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// What a source did to a site for a purpose: `purpose|site|network|source`. Networks stand before sources so that the
/// runs of one network come together and one network at a time is held in memory.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct RunKey {
    /// What it was aimed at.
    pub purpose: Purpose,
    /// The virtual host or the machine; `-` where the evidence does not say.
    pub site: String,
    /// Who; `::` where the evidence does not say.
    pub source: Address,
}

impl RunKey {
    /// The network that the source lies in.
    pub fn network(&self) -> Network {
        self.source.network()
    }
}

impl fmt::Display for RunKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}|{}|{}|{}", self.purpose, escape(&self.site), self.network(), self.source)
    }
}

impl FromStr for RunKey {
    type Err = Error;
    fn from_str(key: &str) -> Result<RunKey> {
        let read = || {
            let mut parts = key.split('|');
            let (purpose, site) = (parts.next()?.parse().ok()?, unescape(parts.next()?));
            let source = Address::parse(parts.nth(1)?.as_bytes())?;
            parts.next().is_none().then_some(RunKey { purpose, site, source })
        };
        read().ok_or_else(|| strange(key, "purpose|site|network|source"))
    }
}

/// What an account did on a machine itself: `purpose|host|user`. The account stands last and is written as it is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LocalKey {
    /// `sudo`, `su` …
    pub purpose: Purpose,
    /// The machine; `-` where the evidence does not say.
    pub host: String,
    /// The account; empty where the evidence does not say.
    pub user: String,
}

impl fmt::Display for LocalKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}|{}|{}", self.purpose, escape(&self.host), self.user)
    }
}

impl FromStr for LocalKey {
    type Err = Error;
    fn from_str(key: &str) -> Result<LocalKey> {
        let read = || {
            let mut parts = key.splitn(3, '|');
            let (purpose, host) = (parts.next()?.parse().ok()?, unescape(parts.next()?));
            Some(LocalKey { purpose, host, user: parts.next()?.to_string() })
        };
        read().ok_or_else(|| strange(key, "purpose|host|user"))
    }
}

fn strange(key: &str, form: &str) -> Error {
    Error::new(format!("the key `{}` is not `{form}`", key.chars().take(80).collect::<String>().escape_debug()))
        .hint("`vigie run` makes the rows of a case anew where another version made them")
}

/// Nearly no name holds a separator, and a flood has a key for each of its sources.
fn escape(part: &str) -> Cow<'_, str> {
    match part.contains(['%', '|']) {
        true => part.replace('%', "%25").replace('|', "%7C").into(),
        false => part.into(),
    }
}

fn unescape(part: &str) -> String {
    match part.contains('%') {
        true => part.replace("%7C", "|").replace("%25", "%"),
        false => part.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_passes_for_another_part() {
        let source = Address::v4([203, 0, 113, 7]);
        for site in ["-", "www.example.fr", "a|203.0.113.0/24|192.0.2.1", "%7C|%25|%"] {
            let key = RunKey { purpose: Purpose::Web, site: site.into(), source };
            assert_eq!(key.to_string().parse::<RunKey>().expect("a key"), key);
            let key = LocalKey { purpose: Purpose::Sudo, host: site.into(), user: site.into() };
            assert_eq!(key.to_string().parse::<LocalKey>().expect("a key"), key);
        }
        let key = RunKey { purpose: Purpose::WebLogin, site: "www.example.fr".into(), source };
        assert_eq!(key.to_string(), "web-login|www.example.fr|203.0.113.0/24|203.0.113.7");
        for strange in ["", "web|-", "web|-|203.0.113.0/24|x", "telnet|-|203.0.113.0/24|203.0.113.7", "web|-|-|::|"] {
            assert!(strange.parse::<RunKey>().is_err(), "{strange}");
        }
    }
}
