//! The records that mail is judged by: DKIM keys, SPF with what it includes, DMARC, MTA-STS, TLS-RPT, MX.
//!
//! You may rely on: SPF is followed as far as its own limits go (RFC 7208 4.6.4), names are asked for once. Left out:
//! macros in SPF (they need a message), and judging.

use crate::dns::{Kind, Question, Record, Resolver, ask};
use crate::{Clock, Online};
use model::Result;
use std::collections::BTreeSet;

/// Names that SPF makes us ask for, of one domain.
const SPF_NAMES: usize = 40;
/// Levels of SPF's `include` and `redirect`.
const SPF_DEPTH: usize = 10;

/// What is asked for a domain, before SPF is known. `organisational` is its registrable domain, whose DMARC record
/// holds for it (RFC 7489 6.6.3).
pub fn questions(domain: &str, organisational: &str, selectors: &[String]) -> Vec<Question> {
    let mut all: Vec<Question> =
        selectors.iter().map(|s| Question::new(format!("{s}._domainkey.{domain}"), Kind::Txt)).collect();
    all.push(Question::new(domain, Kind::Txt));
    all.push(Question::new(domain, Kind::Mx));
    for prefix in ["_dmarc", "_mta-sts", "_smtp._tls"] {
        all.push(Question::new(format!("{prefix}.{domain}"), Kind::Txt));
    }
    if organisational != domain {
        all.push(Question::new(format!("_dmarc.{organisational}"), Kind::Txt));
    }
    all
}

/// What an answer's SPF record leads to (RFC 7208 5): the texts it includes, the addresses and exchangers it names.
fn led_to(record: &Record) -> Vec<Question> {
    let mut all = Vec::new();
    if record.kind == Kind::Mx {
        let exchangers = record.answers.iter().filter_map(|a| a.split_once(' ')).map(|(_, name)| name).take(10);
        return exchangers.flat_map(|n| [Question::new(n, Kind::A), Question::new(n, Kind::Aaaa)]).collect();
    }
    let spf = |text: &&String| text.get(..6).is_some_and(|v| v.eq_ignore_ascii_case("v=spf1"));
    for term in record.answers.iter().filter(spf).flat_map(|t| t.split_whitespace().skip(1)) {
        let term = term.trim_start_matches(['+', '-', '~', '?']).to_ascii_lowercase();
        let (name, value) = term.split_once([':', '=']).unwrap_or((&term, &record.name));
        let (name, value) = (name.split('/').next().unwrap_or(name), value.split('/').next().unwrap_or(value));
        // A macro needs a message.
        if value.contains('%') {
            continue;
        }
        match name {
            "include" | "redirect" => all.push(Question::new(value, Kind::Txt)),
            "a" => all.extend([Question::new(value, Kind::A), Question::new(value, Kind::Aaaa)]),
            "mx" => all.push(Question::new(value, Kind::Mx)),
            _ => {}
        }
    }
    all
}

/// Asks for all of it and gives every answer once.
pub fn fetch(
    online: &Online,
    resolver: &Resolver,
    questions: Vec<Question>,
    clock: Clock,
    each: &mut dyn FnMut(Record) -> Result<()>,
) -> Result<()> {
    let mut asked: BTreeSet<Question> = BTreeSet::new();
    let mut next: Vec<Question> = questions;
    let mut room = SPF_NAMES * next.iter().filter(|q| q.kind == Kind::Mx).count().max(1);
    for depth in 0..=SPF_DEPTH {
        let mut now = Vec::new();
        for question in std::mem::take(&mut next) {
            if (depth == 0 || room > 0) && asked.insert(question.clone()) {
                room = room.saturating_sub(usize::from(depth > 0));
                now.push(question);
            }
        }
        if now.is_empty() {
            break;
        }
        ask(online, resolver, &now, clock, &mut |record| {
            next.extend(led_to(&record));
            each(record)
        })?;
    }
    Ok(())
}
