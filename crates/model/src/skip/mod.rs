//! What could not be read, and why. Damage is data: it is counted with its reason and its first places, and never
//! stops a run. A reason is stored as it was coined, in English; `french.tsv` says each in French, and every test's sink
//! refuses one that does not stand there.

use crate::Text;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Something in evidence that was not read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Skip {
    /// Why, in a few words; the same damage always has the same reason, so that it can be counted.
    pub reason: String,
    /// How many times.
    pub count: u64,
    /// Where it was met first: byte offset in the last step.
    pub first: u64,
    /// And at which line (from 1), where lines exist; else 0.
    pub line: u64,
}

/// Reasons with their French, a line each; `{}` stands for what changes, which may be a reason itself.
const FRENCH: &str = include_str!("french.tsv");

/// A form with something in it that changes: what stands around it, and the same in French.
type Form = (Vec<&'static str>, Vec<&'static str>);

static WORDS: LazyLock<(HashMap<&str, &str>, Vec<Form>)> = LazyLock::new(|| {
    let lines = || FRENCH.lines().filter_map(|l| l.split_once('\t'));
    let parts = |text: &'static str| text.split("{}").collect::<Vec<_>>();
    let fixed = lines().filter(|(en, _)| !en.contains("{}")).collect();
    let mut forms: Vec<Form> =
        lines().filter(|(en, _)| en.contains("{}")).map(|(en, fr)| (parts(en), parts(fr))).collect();
    // Of two that fit, the one that says more.
    forms.sort_by_key(|(en, _)| std::cmp::Reverse(en.iter().map(|p| p.len()).sum::<usize>()));
    (fixed, forms)
});

/// Why something was not read, or a proof proves nothing, for people.
pub fn words(reason: &str) -> Text {
    Text::new(reason, french(reason, 0).unwrap_or_else(|| reason.to_string()))
}

/// Whether a reason can be said in French.
pub fn is_known(reason: &str) -> bool {
    french(reason, 0).is_some()
}

fn french(reason: &str, within: u8) -> Option<String> {
    let (fixed, forms) = &*WORDS;
    if let Some(fr) = fixed.get(reason) {
        return Some((*fr).to_string());
    }
    forms.iter().filter(|_| within < 2).find_map(|(en, fr)| {
        let (first, others) = en.split_first()?;
        let mut rest = reason.strip_prefix(first)?;
        let mut out = fr.first()?.to_string();
        for (n, part) in others.iter().enumerate() {
            // The last part must stand at the end, whatever else it stands at.
            let at = if n + 1 == others.len() { rest.strip_suffix(part)?.len() } else { rest.find(part)? };
            let changes = &rest[..at];
            out += &french(changes, within + 1).unwrap_or_else(|| changes.to_string());
            out += fr.get(n + 1)?;
            rest = &rest[at + part.len()..];
        }
        Some(out)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_said_in_french() {
        let check = |reason: &str, french: &str| assert_eq!(words(reason), Text::new(reason, french));
        check("line too long", "ligne trop longue");
        check("`Voters` is no number", "« Voters » : pas un nombre");
        check("votes of `A is b` are missing", "les voix de « A is b » manquent");
        check(
            "could not start a worker: permission denied",
            "impossible de lancer un processus de lecture : accès refusé",
        );
        check("nobody coined this", "nobody coined this");
        assert!(is_known("line too long") && !is_known("nobody coined this"));
    }

    #[test]
    fn each_line_has_two_sides_with_as_much_that_changes() {
        let mut last = "";
        for line in FRENCH.lines() {
            let (en, fr) = line.split_once('\t').expect(line);
            assert_eq!(en.matches("{}").count(), fr.matches("{}").count(), "{line}");
            assert!(!fr.contains('\'') && last < en, "{line}");
            last = en;
        }
    }
}
