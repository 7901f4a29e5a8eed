//! Entities as cyber-observables. You may rely on: a value that STIX would not call valid gives none; an identifier is made of
//! the properties that the standard names for each type.

use crate::export::{ids, is_plain};
use model::{Address, Entity, EntityKind};
use serde_json::{Value, json};

/// The observable of an entity.
pub fn observable(entity: &Entity) -> Option<Value> {
    let value = entity.value.as_str();
    let plain = |key: &str| Some((json!({ key: value }), json!({ key: value })));
    let text = || !value.trim().is_empty() && value.len() <= 1000 && !value.chars().any(char::is_control);
    let (shown, contributing) = match entity.kind {
        EntityKind::DomainName if is_plain(value) => plain("value"),
        EntityKind::Ipv4Addr if Address::parse(value.as_bytes()).is_some_and(|a| a.is_v4()) => plain("value"),
        EntityKind::Ipv6Addr if Address::parse(value.as_bytes()).is_some_and(|a| !a.is_v4()) => plain("value"),
        EntityKind::Url if is_url(value) => plain("value"),
        EntityKind::EmailAddr if is_mailbox(value) => plain("value"),
        EntityKind::MacAddr if is_mac(value) => plain("value"),
        EntityKind::Software if text() => plain("name"),
        EntityKind::UserAccount if text() => plain("account_login"),
        EntityKind::File if is_sha256(value) => {
            let hashes = json!({ "hashes": { "SHA-256": value } });
            Some((hashes.clone(), hashes))
        }
        EntityKind::AutonomousSystem => {
            let number: u32 = value.trim_start_matches(['A', 'S', 'a', 's']).parse().ok()?;
            let number = json!({ "number": number });
            Some((number.clone(), number))
        }
        EntityKind::X509Certificate if is_sha256(value) => {
            let hashes = json!({ "hashes": { "SHA-256": value } });
            Some((hashes.clone(), hashes))
        }
        _ => None,
    }?;
    let kind = entity.kind.as_str();
    let mut object =
        json!({ "type": kind, "spec_version": "2.1", "id": format!("{kind}--{}", ids::observable(&contributing)) });
    object.as_object_mut()?.extend(shown.as_object()?.clone());
    Some(object)
}

fn is_sha256(value: &str) -> bool {
    value.len() == 64 && value.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn is_mac(value: &str) -> bool {
    let pair = |p: &str| p.len() == 2 && p.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    value.split(':').count() == 6 && value.split(':').all(pair)
}

fn is_mailbox(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else { return false };
    let atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    !local.is_empty() && local.bytes().all(atom) && is_plain(domain)
}

/// An address of the web as RFC 3986 writes it: what stands in it beyond that was never an address, or must be escaped.
fn is_url(value: &str) -> bool {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let fit = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&b);
    value.len() <= 2000 && rest.is_some_and(|r| !r.is_empty() && !r.starts_with('/')) && value.bytes().all(fit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Role;

    #[test]
    fn what_is_not_valid_gives_no_observable() {
        let of = |kind, value: &str| observable(&Entity::new(kind, value, Role::Source));
        assert_eq!(of(EntityKind::Url, "https://a.example/?q=1").expect("one")["value"], "https://a.example/?q=1");
        assert_eq!(of(EntityKind::AutonomousSystem, "AS64500").expect("one")["number"], 64500);
        for (kind, value) in [
            (EntityKind::Url, "javascript:alert(1)"),
            (EntityKind::Url, "https://a.example/<script>"),
            (EntityKind::DomainName, "a'] OR [file:name = 'b"),
            (EntityKind::Ipv4Addr, "300.1.1.1"),
            (EntityKind::EmailAddr, "a b@c.example"),
            (EntityKind::UserAccount, "a\u{7}b"),
            (EntityKind::File, "not a hash"),
        ] {
            assert!(of(kind, value).is_none(), "{value}");
        }
    }
}
