//! Entities: what observations share, and the only join between kinds of evidence. Types are STIX 2.1
//! cyber-observable types; values are in one canonical spelling so that equal things are equal strings.

use crate::Address;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A thing that observations share.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Entity {
    /// The STIX 2.1 cyber-observable type: `ipv4-addr`, `domain-name`, `user-account` …
    #[serde(rename = "type")]
    pub kind: Cow<'static, str>,
    /// The canonical value.
    pub value: String,
}

impl Entity {
    /// An address, `ipv4-addr` or `ipv6-addr`; IPv4 mapped into IPv6 is IPv4.
    pub fn address(a: Address) -> Entity {
        Entity { kind: Cow::Borrowed(if a.is_v4() { "ipv4-addr" } else { "ipv6-addr" }), value: a.to_string() }
    }

    /// A domain name, lower case, without the final dot.
    pub fn domain(name: &str) -> Entity {
        Entity { kind: Cow::Borrowed("domain-name"), value: name.trim_end_matches('.').to_lowercase() }
    }

    /// An account as a service names it.
    pub fn user(account: impl Into<String>) -> Entity {
        Entity { kind: Cow::Borrowed("user-account"), value: account.into() }
    }

    /// Any other STIX type, the value as it is.
    pub fn new(kind: &'static str, value: impl Into<String>) -> Entity {
        Entity { kind: Cow::Borrowed(kind), value: value.into() }
    }
}
