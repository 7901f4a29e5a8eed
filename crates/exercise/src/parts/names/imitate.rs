//! How a decoy imitates a name.

use super::stream::syllables;
use crate::random::Random;
use serde::{Deserialize, Serialize};

/// How a decoy address imitates; the words of `vigie explain names/lookalike`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words of the field, said in `names/lookalike`")]
pub enum Imitation {
    Homoglyph,
    Leet,
    Omission,
    Repetition,
    Transposition,
    VowelSwap,
    NeighbouringKey,
    Plural,
    Hyphenation,
    TldSwap,
    Compound,
    Subdomain,
    /// A login service's word; such names are written out.
    ServiceDecoy,
}

/// One name that imitates a label; none where the lot drawn changes nothing.
pub(super) fn imitate(how: Imitation, label: &str, suffix: &str, random: &mut Random) -> Option<String> {
    let letters: Vec<char> = label.chars().collect();
    let at = random.below(letters.len() as u64) as usize;
    let c = letters[at];
    let swap = |with: &str| {
        let mut out: String = letters[..at].iter().collect();
        out += with;
        out.extend(&letters[at + 1..]);
        out
    };
    let changed = match how {
        Imitation::Homoglyph => swap(match c {
            'm' => "rn",
            'w' => "vv",
            'l' => "1",
            'o' => "0",
            _ => return None,
        }),
        Imitation::Leet => swap(match c {
            'e' => "3",
            'a' => "4",
            'i' => "1",
            's' => "5",
            'o' => "0",
            _ => return None,
        }),
        Imitation::Omission if c != '-' && at > 0 => swap(""),
        Imitation::Repetition if c != '-' => swap(&format!("{c}{c}")),
        Imitation::Transposition if at > 0 && letters[at - 1] != c && c != '-' && letters[at - 1] != '-' => {
            let mut out = letters.clone();
            out.swap(at - 1, at);
            out.into_iter().collect()
        }
        Imitation::VowelSwap if "aeiou".contains(c) => {
            let vowel = random.pick(&["a", "e", "i", "o", "u"]);
            if vowel.starts_with(c) {
                return None;
            }
            swap(vowel)
        }
        Imitation::NeighbouringKey => {
            const ROWS: [&str; 3] = ["azertyuiop", "qsdfghjklm", "wxcvbn"];
            let row = ROWS.iter().find(|r| r.contains(c))?;
            let place = row.find(c)?;
            let near = row.get(place + 1..place + 2).filter(|n| !n.is_empty()).or_else(|| row.get(place - 1..place))?;
            swap(near)
        }
        Imitation::Plural => format!("{label}s"),
        Imitation::Hyphenation if label.contains('-') => label.replace('-', ""),
        Imitation::Hyphenation if at > 1 && at + 2 < letters.len() => swap(&format!("-{c}")),
        Imitation::TldSwap => {
            let other = random.pick(&["com", "net", "org", "eu", "info", "co", "biz"]);
            return (other != suffix).then(|| format!("{label}.{other}"));
        }
        Imitation::Compound => {
            let word =
                random.pick(&["login", "mail", "webmail", "secure", "account", "portail", "connexion", "intranet"]);
            if random.chance(0.5) { format!("{word}-{label}") } else { format!("{label}-{word}") }
        }
        Imitation::Subdomain => {
            let place = syllables(random, 3);
            return Some(format!("{label}.{suffix}.{place}.{}", random.pick(&["com", "net", "info"])));
        }
        _ => return None,
    };
    Some(format!("{changed}.{suffix}"))
}
