//! DMARC (RFC 7489): whether the domain a reader sees in From is the one that SPF or DKIM vouch for, and what that domain
//! asks for where it is not. You may rely on: nothing that could not be checked makes a *fail*. Left out: sampling by
//! `pct` (told, never thrown), `psd`.

use super::records::{Answer, Kind, Records, Source, canonical_name};
use super::tags::{Tags, items};
use super::verdict::{Basis, Dkim, Dmarc, Spf, Word};
use crate::domain::punycode;
use crate::mail::{address, header};
use model::{Text, Time};

/// A published policy.
struct Policy {
    domain: String,
    action: &'static str,
    percent: u8,
    strict_dkim: bool,
    strict_spf: bool,
}

/// Judges a message by what SPF and DKIM found.
pub fn judge(raw: &[u8], spf: &Spf, dkim: &Dkim, records: &dyn Records, at: Option<Time>) -> Dmarc {
    let mut verdict = Dmarc {
        result: Word::Permerror,
        domain: None,
        other: None,
        policy_domain: None,
        policy: None,
        percent: None,
        aligned: Vec::new(),
        reason: Text::default(),
        basis: Basis::default(),
    };
    let from = match author(raw) {
        Ok(domain) => domain,
        Err(reason) => {
            verdict.reason = reason;
            return verdict;
        }
    };
    verdict.domain = Some(from.clone());
    let policy = policy(&from, records, at, &mut verdict.basis.records);
    let (strict_dkim, strict_spf) = policy.as_ref().map_or((false, false), |p| (p.strict_dkim, p.strict_spf));
    let mut open = None;
    let mut vouched = |word: Word, domain: &str, strict: bool| match word {
        // An unknown domain might have been aligned.
        Word::Unchecked | Word::Temperror if domain.is_empty() || is_aligned(domain, &from, strict) => {
            open = open.max(Some(word));
        }
        Word::Pass if is_aligned(domain, &from, strict) => {
            let domain = domain.to_lowercase();
            if !verdict.aligned.contains(&domain) {
                verdict.aligned.push(domain);
            }
        }
        _ => {}
    };
    vouched(spf.result, &spf.domain, strict_spf);
    for signature in &dkim.signatures {
        vouched(signature.result, &signature.domain, strict_dkim);
    }
    if dkim.result == Word::Unchecked && dkim.signatures.iter().all(|s| s.result != Word::Unchecked) {
        vouched(Word::Unchecked, "", strict_dkim);
    }
    (verdict.result, verdict.reason) = match policy {
        Err((word, reason)) => (word, reason),
        Ok(policy) => {
            verdict.policy = Some(policy.action);
            verdict.percent = (policy.percent < 100).then_some(policy.percent);
            verdict.policy_domain = Some(policy.domain);
            let far = verdict.basis.records.iter().find(|s| !s.is_near());
            match (verdict.aligned.as_slice(), open, far) {
                ([by, ..], ..) => (
                    Word::Pass,
                    Text::new(
                        format!("{by} vouches for From {from}"),
                        format!("{by} se porte garant de l’expéditeur {from}"),
                    ),
                ),
                (_, Some(word), _) => (
                    word,
                    Text::new(
                        format!("whether {from} vouches for it could not be checked"),
                        format!("on n’a pas pu vérifier si {from} s’en porte garant"),
                    ),
                ),
                (.., Some(far)) => {
                    let days = far.days.unwrap_or_default().unsigned_abs();
                    (
                        Word::Unchecked,
                        Text::new(
                            format!(
                                "nobody vouches for From {from}, but its policy was seen {days} days away from the receipt"
                            ),
                            format!(
                                "personne ne se porte garant de l’expéditeur {from}, mais sa politique date de {days} jours de la réception"
                            ),
                        ),
                    )
                }
                _ => (
                    Word::Fail,
                    Text::new(
                        format!("nobody vouches for From {from}, which asks for `{}` then", policy.action),
                        format!(
                            "personne ne se porte garant de l’expéditeur {from}, qui demande alors `{}`",
                            policy.action
                        ),
                    ),
                ),
            }
        }
    };
    verdict
}

/// The policy of a domain, or of its organisational domain (RFC 7489 6.6.3).
fn policy(
    from: &str,
    records: &dyn Records,
    at: Option<Time>,
    sources: &mut Vec<Source>,
) -> Result<Policy, (Word, Text)> {
    let organisation = organisational(from);
    let mut unknown = None;
    for domain in [from, organisation].into_iter().take(if organisation == from { 1 } else { 2 }) {
        let name = format!("_dmarc.{domain}");
        let replies = records.replies(&name, Kind::Txt, at);
        // A subdomain's own policy may be unknown: where the organisation has one, DMARC applies either way.
        let Some(reply) = replies.first() else {
            unknown.get_or_insert(name);
            continue;
        };
        sources.push(Source::new(&name, Kind::Txt, reply, at));
        match reply.answer {
            Answer::Failed => {
                return Err((
                    Word::Temperror,
                    Text::new(
                        format!("the servers of {domain} did not answer"),
                        format!("les serveurs de {domain} n’ont pas répondu"),
                    ),
                ));
            }
            Answer::Nothing => {}
            Answer::Found(texts) => {
                let mut policies = texts.iter().filter(|t| is_policy(t.as_bytes()));
                if let (Some(text), None) = (policies.next(), policies.next()) {
                    return read(text, domain, domain != from);
                }
            }
        }
    }
    if let Some(name) = unknown {
        return Err((
            Word::Unchecked,
            Text::new(
                format!("could not be checked: the policy {name} is not known here"),
                format!("n’a pas pu être vérifié : la politique {name} n’est pas connue ici"),
            ),
        ));
    }
    let far = sources.iter().any(|s| !s.is_near());
    let none =
        Text::new(format!("{from} publishes no DMARC policy"), format!("{from} ne publie pas de politique DMARC"));
    Err((if far { Word::Unchecked } else { Word::None }, none))
}

/// Whether a record begins with `v=DMARC1`.
fn is_policy(text: &[u8]) -> bool {
    let first = text.split(|b| *b == b';').next().unwrap_or_default();
    let mut parts = first.splitn(2, |b| *b == b'=').map(<[u8]>::trim_ascii);
    parts.next() == Some(b"v") && parts.next() == Some(b"DMARC1")
}

fn read(text: &str, domain: &str, inherited: bool) -> Result<Policy, (Word, Text)> {
    let malformed = || {
        let reason = Text::new(
            format!("the policy of {domain} is malformed"),
            format!("la politique de {domain} est mal formée"),
        );
        (Word::Permerror, reason)
    };
    let tags = Tags::parse(text.as_bytes()).map_err(|_| malformed())?;
    let action = |name| {
        let value = tags.get(name)?;
        ["none", "quarantine", "reject"].into_iter().find(|a| value.eq_ignore_ascii_case(a.as_bytes()))
    };
    let sound = tags.get("sp").is_none() || action("sp").is_some();
    let own = match action("p") {
        Some(action) if sound => action,
        // Reports are wanted, so that there is a policy, of which nothing else can be read (RFC 7489 6.6.3).
        _ if tags.get("rua").is_some_and(|r| items(r).any(|i| i.eq_ignore_ascii_case(b"mailto"))) => "none",
        _ => return Err(malformed()),
    };
    let strict = |name| tags.get(name).is_some_and(|v| v.eq_ignore_ascii_case(b"s"));
    Ok(Policy {
        domain: domain.to_owned(),
        action: if inherited { action("sp").unwrap_or(own) } else { own },
        percent: tags.number("pct").ok().flatten().map_or(100, |p| p.min(100) as u8),
        strict_dkim: strict("adkim"),
        strict_spf: strict("aspf"),
    })
}

/// The domain under which one can register (RFC 7489 3.2), by the public suffix list.
pub fn organisational(domain: &str) -> &str {
    knowledge::suffixes::registrable(domain).unwrap_or(domain)
}

/// Whether a domain that passed is the one in From, or of the same organisation where that suffices.
pub fn is_aligned(domain: &str, from: &str, strict: bool) -> bool {
    let Some(domain) = ascii(domain) else { return false };
    if strict { domain == from } else { organisational(&domain) == organisational(from) }
}

/// The one domain in From, of the field that is shown: cut from the header and read as for whoever reads the message.
pub fn author(raw: &[u8]) -> Result<String, Text> {
    let block = header::message(raw);
    let mut fields = block.fields.iter().filter(|f| f.is("from"));
    let Some(field) = fields.next() else {
        return Err(Text::new("the message has no From", "le message n’a pas de champ From"));
    };
    if fields.next().is_some() {
        return Err(Text::new("the message has several From fields", "le message a plusieurs champs From"));
    }
    let list = address::parse(&field.unfolded());
    if list.ambiguous || field.value.len() > header::TEXT {
        return Err(Text::new("From can be read in several ways", "le champ From peut se lire de plusieurs façons"));
    }
    let mut domains: Vec<String> = list.mailboxes.iter().map(|m| ascii(m.domain()).unwrap_or_default()).collect();
    domains.sort();
    domains.dedup();
    match domains.as_slice() {
        [domain] if !domain.is_empty() => Ok(domain.clone()),
        [] | [_] => Err(Text::new("From holds no usable address", "le champ From n’a pas d’adresse utilisable")),
        _ => Err(Text::new("From names several domains", "le champ From nomme plusieurs domaines")),
    }
}

/// A domain as the DNS has it: lower case, other scripts in Punycode; none where it can be no name.
pub fn ascii(domain: &str) -> Option<String> {
    let domain = domain.trim().trim_end_matches('.');
    if domain.len() > 1000 {
        return None;
    }
    let labels: Option<Vec<String>> = domain
        .split('.')
        .map(|label| {
            if label.is_ascii() {
                return Some(label.to_ascii_lowercase());
            }
            let lower: Vec<char> = label.to_lowercase().chars().collect();
            punycode::encode(&lower).map(|p| format!("xn--{p}"))
        })
        .collect();
    let name = labels?.join(".");
    let sound = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    canonical_name(&name).filter(|_| sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authors_are_found() {
        let check = |from: &str, expected: &str| {
            let raw = format!("{from}\r\n\r\n");
            let author = author(raw.as_bytes()).unwrap_or_else(|_| "-".into());
            assert_eq!(author, expected, "{from}");
        };
        check("From: a@Example.ORG", "example.org");
        check("From: \"x@evil.example, y\" <a@example.org>", "example.org");
        check("From: a@evil.example (x) <a@example.org>", "example.org");
        check("From: a(@evil.example)@example.org", "example.org");
        check("From: \"a@b\"@example.org", "example.org");
        check("From: <@relay.example:a@example.org>", "example.org");
        check("From: a@example.org, b@EXAMPLE.org", "example.org");
        check("From: group: a@example.org, b@example.org;", "example.org");
        check("From: é <a@exämple.org>", "xn--exmple-cua.org");
        check("From: a@example.org, b@example.net", "-");
        check("From: a@example.org\r\nFrom: a@example.org", "-");
        check("From: a@[192.0.2.1]", "-");
        check("From: nobody", "-");
        check("From: x@evil.example ( <marie@parti-bleu.fr>", "-");
        check("From: x@evil.example \" <marie@parti-bleu.fr>", "-");
        check("From: <x@evil.example> <marie@parti-bleu.fr>", "-");
        check("From: marie@parti-bleu.fr <x@evil.example>", "evil.example");
        check("\u{feff}From: marie@parti-bleu.fr\r\nFrom: x@evil.example", "-");
        check("Subject: x", "-");
    }

    #[test]
    fn domains_align() {
        assert!(is_aligned("mail.example.co.uk", "example.co.uk", false));
        assert!(!is_aligned("mail.example.co.uk", "example.co.uk", true));
        assert!(!is_aligned("other.co.uk", "example.co.uk", false));
        assert!(is_aligned("Example.org.", "example.org", true));
    }
}
