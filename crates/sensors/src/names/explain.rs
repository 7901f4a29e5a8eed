//! A resemblance in words: the reasons for and against that a person can check.

use super::kernel::Claim;
use super::score::Suffix;
use super::technique::Technique;
use super::things::Thing;
use crate::domain::Parts;
use model::{Reason, Text};

/// The reasons of a claim.
pub fn reasons(claim: &Claim, thing: &Thing, score: u8, parts: &Parts) -> Vec<Reason> {
    let label = String::from_utf8_lossy(parts.seen(claim.label)).into_owned();
    let class = thing.class();
    let alias = String::from_utf8_lossy(&claim.alias.written);
    let mut reasons = vec![Reason::supporting(
        score,
        Text::new(
            format!("`{label}` resembles `{alias}`, {} `{}`", class.en, thing.name),
            format!("`{label}` ressemble à `{alias}`, {} `{}`", class.fr, thing.name),
        ),
    )];
    for technique in &claim.how {
        let text = technique.text();
        reasons.push(Reason::supporting(
            20,
            Text::new(format!("technique: {}", text.en), format!("technique : {}", text.fr)),
        ));
    }
    if parts.mixed {
        reasons.push(Reason::supporting(
            30,
            Text::new(
                "letters of several scripts within one label",
                "lettres de plusieurs écritures dans un même label",
            ),
        ));
    }
    if parts.hidden {
        reasons.push(Reason::supporting(
            30,
            Text::new(
                "characters without width, or that turn the direction of writing",
                "caractères sans largeur ou qui inversent le sens de l’écriture",
            ),
        ));
    }
    if claim.beside.is_some_and(|b| b.unknown) {
        reasons.push(Reason::against(
            30,
            Text::new(
                "beside it stands a word that is none of logging in or acting",
                "il est accolé à un mot étranger à la connexion et à l’action",
            ),
        ));
    }
    if claim.alias.common {
        reasons.push(Reason::against(
            20,
            Text::new(format!("`{alias}` is also a word of every day"), format!("`{alias}` est aussi un mot courant")),
        ));
    }
    if matches!(claim.suffix, Suffix::Plain | Suffix::First) && claim.how.contains(&Technique::TldSwap) {
        reasons.push(Reason::against(
            15,
            Text::new(
                "under this suffix somebody may bear the name for honest reasons",
                "sous ce suffixe, un tiers peut porter ce nom pour des raisons honnêtes",
            ),
        ));
    }
    if claim.suffix == Suffix::Closed {
        reasons.push(Reason::against(
            40,
            Text::new(
                "this suffix is only given to schools or governments",
                "ce suffixe n’est attribué qu’à des écoles ou à des administrations",
            ),
        ));
    }
    reasons
}
