//! Who registered a name, when, and where it points: RDAP (RFC 9083) and WHOIS answers → one record.
//!
//! You may rely on: what is not there is empty. Left out: asking for such
//! records, and what they prove.

use crate::domain::Parts;
use model::{Entity, EntityKind, Role, Time};
use rows::names::{Record, Registered, Registration};
use serde_json::Value;
use std::collections::BTreeSet;

/// What is known of a name's registrable domain.
fn of_domain(name: &str, registration: Registration) -> Option<Registered> {
    let mut parts = Parts::default();
    parts.set(name.as_bytes()).ok()?;
    let mut registered = Registered { domain: parts.domain().into(), registration };
    registered.registration.bound();
    Some(registered)
}

/// The mail addresses among what is shown of who registered a name: by them it meets other evidence.
pub fn holders(registrant: &BTreeSet<String>) -> impl Iterator<Item = Entity> + '_ {
    let plain = |r: &&String| r.contains('@') && !r.contains(char::is_whitespace);
    registrant.iter().filter(plain).map(|r| Entity::new(EntityKind::EmailAddr, r.to_lowercase(), Role::Infrastructure))
}

/// Text that stands where a person's data was withheld (RFC 9537, registrars' habits): shared by millions, it links
/// nobody.
fn is_withheld(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.is_empty()
        || [
            "redacted",
            "privacy",
            "withheld",
            "not disclosed",
            "whoisguard",
            "proxy",
            "anonymous",
            "restricted",
            "non disponible",
            "ano00",
            "data protected",
            "statutory masking",
            "n/a",
            "contact privacy",
        ]
        .iter()
        .any(|w| lower.contains(w))
}

fn short(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(200).collect::<String>().to_lowercase()
}

/// A date as registries and lists write them; days without a clock are midnight. Of `03/04/2026` the day stands first,
/// unless it cannot.
pub fn date(text: &str) -> Option<Time> {
    let text = text.trim().trim_end_matches('.').get(..64.min(text.trim().trim_end_matches('.').len()))?;
    if let Ok(time) = text.parse::<Time>() {
        return Some(time);
    }
    const FORMATS: [&str; 12] = [
        "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%Y.%m.%d", "%d.%m.%Y", "%d-%b-%Y", "%Y/%m/%d", "%d-%m-%Y", "%Y-%b-%d",
        "%Y%m%d", "%d%b%Y", "%b%d%Y",
    ];
    let parse = |day: &str| FORMATS.iter().find_map(|f| jiff::civil::Date::strptime(f, day).ok());
    let words: Vec<&str> = text.split([' ', ',']).filter(|w| !w.is_empty()).take(8).collect();
    // A handle may stand before it (`0-UANIC 20260425140101`).
    let word = |word: &&str| {
        let day = word.split('T').next().unwrap_or(word);
        let digits = day.len() == 14 && day.bytes().all(|b| b.is_ascii_digit());
        parse(if digits { &day[..8] } else { day })
    };
    // `2026. 04. 12.`, `12 April 2026`, `April 12, 2026`, `Sun Apr 12 01:27:36 2026`.
    let several = || {
        let bare: Vec<&str> = words.iter().map(|w| w.trim_end_matches('.')).filter(|w| !w.contains(':')).collect();
        let month = bare
            .iter()
            .position(|w| w.get(..3).is_some_and(|m| crate::month::named(m.as_bytes()).is_some()))
            .or_else(|| bare.first().filter(|w| w.len() == 4).map(|_| 1))?;
        let cut = |w: &str| {
            if w.bytes().all(|b| b.is_ascii_alphabetic()) { w.get(..3).unwrap_or(w).to_string() } else { w.to_string() }
        };
        let year = bare.iter().rev().find(|w| w.len() == 4 && w.bytes().all(|b| b.is_ascii_digit()))?;
        let number = |w: &&&str| w.len() <= 2 && w.bytes().all(|b| b.is_ascii_digit());
        let name = bare.get(month)?;
        if number(&name) {
            return parse(&format!("{year}-{name}-{}", bare.get(month + 1)?));
        }
        let day = bare.get(month + 1).filter(number).or_else(|| bare.get(month.checked_sub(1)?).filter(number))?;
        parse(&format!("{day:0>2}{}{year}", cut(name)))
    };
    let civil = words.iter().find_map(word).or_else(several)?;
    civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp().into())
}

/// An RDAP answer.
pub fn rdap(value: &Value) -> Option<Registered> {
    let name = value.get("ldhName").or_else(|| value.get("unicodeName"))?.as_str()?;
    if value.get("objectClassName").and_then(Value::as_str).is_some_and(|c| c != "domain") {
        return None;
    }
    let mut r = Registration::default();
    for event in array(value, "events") {
        if event.get("eventAction").and_then(Value::as_str) == Some("registration") {
            r.created = event.get("eventDate").and_then(Value::as_str).and_then(date);
        }
    }
    for server in array(value, "nameservers") {
        if let Some(name) = server.get("ldhName").and_then(Value::as_str) {
            r.name_servers.insert(short(name.trim_end_matches('.')));
        }
    }
    for entity in array(value, "entities") {
        contact(entity, &mut r, 0);
    }
    // What is not RFC 9083 but travels with such records.
    let listed = |key| array(value, key).filter_map(Value::as_str).map(|t| short(t.trim_end_matches('.')));
    r.mail.extend(listed("mx"));
    r.addresses.extend(listed("a").chain(listed("aaaa")));
    r.certificates.extend(listed("certificates"));
    of_domain(name, r)
}

/// What the DNS answers for a name, by the kind of record.
pub fn dns(name: &str, kind: Record, answers: &[String]) -> Option<Registered> {
    let mut r = Registration::default();
    let list = match kind {
        Record::Mx => &mut r.mail,
        Record::Ns => &mut r.name_servers,
        _ => &mut r.addresses,
    };
    list.extend(answers.iter().map(|a| short(a)));
    of_domain(name, r)
}

fn array<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten().take(1000)
}

/// An entity of an RDAP answer, and those within it.
fn contact(entity: &Value, r: &mut Registration, depth: u8) {
    let is = |role: &str| array(entity, "roles").any(|v| v.as_str() == Some(role));
    let mut texts: Vec<(String, String)> = Vec::new();
    for property in
        entity.get("vcardArray").and_then(|v| v.get(1)).and_then(Value::as_array).into_iter().flatten().take(100)
    {
        if let (Some(kind), Some(text)) =
            (property.get(0).and_then(Value::as_str), property.get(3).and_then(Value::as_str))
        {
            texts.push((kind.to_string(), short(text)));
        }
    }
    if is("registrar") {
        r.registrar = texts.iter().find(|(k, _)| k == "fn").map(|(_, t)| t.clone()).unwrap_or_default();
    }
    if is("abuse")
        && let Some((_, mail)) = texts.iter().find(|(k, _)| k == "email")
    {
        r.abuse = mail.clone();
    }
    if is("registrant") {
        let kept = texts.into_iter().filter(|(k, t)| matches!(k.as_str(), "fn" | "org" | "email") && !is_withheld(t));
        r.registrant.extend(kept.map(|(_, t)| t));
        if let Some(handle) = entity.get("handle").and_then(Value::as_str).filter(|h| !is_withheld(h)) {
            r.registrant.insert(short(handle));
        }
    }
    if depth < 3 {
        array(entity, "entities").for_each(|e| contact(e, r, depth + 1));
    }
}

/// The key of a line of a WHOIS answer without what decorates it (`** Domain Name`, `Created on......`).
fn label(key: &str) -> &str {
    key.trim().trim_start_matches(['*', '[', ' ']).trim_end_matches(['.', ' ', ']'])
}

/// The domain that a line of a WHOIS answer names.
pub fn whois_domain(line: &[u8]) -> Option<&str> {
    let line = std::str::from_utf8(line).ok()?.trim();
    let (key, value) = line.split_once(':')?;
    let key = label(key);
    let named = ["domain name", "domain", "nom de domaine"].iter().any(|k| key.eq_ignore_ascii_case(k));
    (named && value.contains('.') && !value.trim().contains(' ')).then(|| value.trim())
}

/// WHOIS answers, one after another; each with the byte range and first line it stands on.
pub fn whois(text: &[u8]) -> Vec<(Registered, std::ops::Range<usize>, u64)> {
    let mut all: Vec<(Registered, std::ops::Range<usize>, u64)> = Vec::new();
    let (mut start, mut n) = (0, 0);
    for line in text.split_inclusive(|&b| b == b'\n') {
        n += 1;
        let (begin, end) = (start, start + line.len());
        start = end;
        if let Some(domain) = whois_domain(line) {
            if let Some(r) = of_domain(domain, Registration::default())
                && all.last().is_none_or(|(last, ..)| last.domain != r.domain)
            {
                all.push((r, begin..end, n));
            }
            continue;
        }
        let Some((Registered { registration: r, .. }, range, _)) = all.last_mut() else { continue };
        range.end = end;
        let line = String::from_utf8_lossy(line);
        let Some((key, value)) = line.split_once(':') else { continue };
        let (key, value) = (label(key).to_lowercase(), value.trim());
        match key.as_str() {
            "creation date"
            | "created"
            | "created on"
            | "registered on"
            | "registration date"
            | "registered"
            | "registration time"
            | "registered date"
            | "domain record activated"
            | "domain name commencement date"
            | "domain registration date"
            | "domain create date"
            | "created date"
            | "date de création" => {
                r.created = r.created.or_else(|| date(value));
            }
            "registrar" | "sponsoring registrar" if r.registrar.is_empty() => r.registrar = short(value),
            "registrar abuse contact email" => r.abuse = short(value),
            "registrant name"
            | "registrant organization"
            | "registrant organisation"
            | "registrant email"
            | "registrant"
            | "holder-c"
            | "registry registrant id"
                if !is_withheld(value) =>
            {
                r.registrant.insert(short(value));
            }
            "name server" | "nserver" | "nameserver" => {
                r.name_servers.insert(short(value.split_whitespace().next().unwrap_or("").trim_end_matches('.')));
            }
            "mx" => {
                r.mail.insert(short(value.trim_end_matches('.')));
            }
            _ => {}
        }
        r.bound();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use rows::Row as _;
    use serde_json::json;

    #[test]
    fn rdap_and_whois_say_the_same() {
        let rdap = rdap(&json!({
            "objectClassName": "domain", "ldhName": "DECOY.example.fr".to_lowercase(),
            "events": [{"eventAction": "registration", "eventDate": "2017-03-15T00:00:00Z"}],
            "nameservers": [{"ldhName": "ns1.host.example"}],
            "entities": [
                {"roles": ["registrar"], "vcardArray": ["vcard", [["fn", {}, "text", "Cheap Names"]]],
                 "entities": [{"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", "abuse@cheap.example"]]]}]},
                {"roles": ["registrant"], "vcardArray": ["vcard", [["fn", {}, "text", "REDACTED FOR PRIVACY"], ["email", {}, "text", "jo@mail.example"]]]}
            ]
        }))
        .expect("a record");
        let text = b"Domain Name: example.fr\nRegistrar: Cheap Names\nCreation Date: 2017-03-15T00:00:00Z\nRegistrar Abuse Contact Email: abuse@cheap.example\nRegistrant Name: REDACTED FOR PRIVACY\nRegistrant Email: jo@mail.example\nName Server: NS1.HOST.EXAMPLE\n";
        let whois = whois(text);
        assert_eq!(whois.len(), 1);
        assert_eq!((&whois[0].0, whois[0].1.clone()), (&rdap, 0..text.len()));
        assert_eq!(Registered::of(rdap.fields()).ok(), Some(rdap));
    }

    #[test]
    fn dates_are_read_as_registries_write_them() {
        let day = "2017-03-15T00:00:00Z".parse().ok();
        for text in [
            "2017-03-15T00:00:00Z",
            "2017-03-15",
            "15/03/2017",
            "15-Mar-2017",
            "15.03.2017",
            "2017-03-15 12:00:00",
            "03/15/2017 04:00:00",
            "0-UANIC 20170315140101",
            "20170315 #4711",
            "Wed Mar 15 01:27:36 2017",
            "2017-Mar-15.",
            "Mar 15, 2017",
            "15 March 2017",
            "2017. 03. 15.",
            "15-03-2017",
        ] {
            assert_eq!(date(text), day, "{text}");
        }
        assert_eq!(date("soon"), None);
    }
}
