//! Content security policies as the Observatory reads them: several policies become one that keeps what all allow.

use std::collections::{BTreeMap, BTreeSet};

/// Directive to sources.
pub type Policy = BTreeMap<String, BTreeSet<String>>;

/// Shortest policy that is one.
const SHORTEST: usize = 6;

#[derive(Clone)]
struct Source {
    text: String,
    policy: usize,
    keep: bool,
}

/// Reads policies together. The second says that a reporting directive came twice; none: they are invalid.
pub fn parse(policies: &[String]) -> Option<(Policy, bool)> {
    let clean: Vec<String> = policies.iter().map(|p| p.replace(['\r', '\n'], "").trim().to_string()).collect();
    if clean.iter().any(|p| p.chars().count() < SHORTEST) {
        return None;
    }
    let mut all: BTreeMap<String, Vec<Source>> = BTreeMap::new();
    let mut twice = false;
    for (n, policy) in clean.iter().enumerate() {
        let mut seen = BTreeSet::new();
        for entry in policy.split(';') {
            let mut words = entry.split_whitespace();
            let Some(directive) = words.next().map(str::to_lowercase) else { continue };
            if !seen.insert(directive.clone()) {
                match directive.as_str() {
                    "report-uri" | "report-to" => twice = true,
                    _ => return None,
                }
            }
            let mut values: Vec<Source> =
                words.map(|w| Source { text: w.to_lowercase(), policy: n, keep: n == 0 }).collect();
            if values.is_empty() && directive.ends_with("-src") {
                values.push(Source { text: "'none'".into(), policy: n, keep: n == 0 });
            }
            let mut joined = if n == 0 { Vec::new() } else { all.remove(&directive).unwrap_or_default() };
            joined.append(&mut values);
            joined.sort_by(|a, b| a.text.cmp(&b.text));
            for i in 1..joined.len() {
                let (before, here) = joined.split_at_mut(i);
                let (before, here) = (&before[i - 1], &mut here[0]);
                if here.policy == before.policy && here.text.starts_with(&before.text) {
                    here.keep = false;
                }
                if here.policy != before.policy && covers(&before.text, &here.text) {
                    here.keep = true;
                }
            }
            joined.retain(|s| s.keep);
            if n == 0 && clean.len() > 1 {
                joined.iter_mut().for_each(|s| s.keep = false);
            }
            all.insert(directive, joined);
        }
    }
    let none = || BTreeSet::from(["'none'".to_string()]);
    let flat =
        all.into_iter().map(|(d, s)| (d, if s.is_empty() { none() } else { s.into_iter().map(|s| s.text).collect() }));
    Some((flat.collect(), twice))
}

/// Whether a source with a path allows another.
fn covers(a: &str, b: &str) -> bool {
    if a.is_empty() || a == "/" && b.is_empty() {
        return true;
    }
    let exact = !a.ends_with('/');
    let (mut a, b): (Vec<&str>, Vec<&str>) = (a.split('/').collect(), b.split('/').collect());
    if a.len() > b.len() || exact && a.len() != b.len() {
        return false;
    }
    if !exact {
        a.pop();
    }
    a.iter().zip(&b).all(|(x, y)| x == y)
}
