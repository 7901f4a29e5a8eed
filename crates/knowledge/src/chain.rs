//! How findings become one story: the steps of the chain, what joins findings, how what speaks of who is weighed; and who
//! says that which name is whose.
//!
//! The data are `data/chain.toml` and `data/intrusion_sets.toml`, embedded at build time. You may rely on: every step and
//! every cause stands once, ratios are in order. Left out: the judgement that uses them (`casework::story`).

use model::{Level, Text};
use rows::story::{Cause, Class, Step};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The text of the embedded file, for the knowledge digest.
pub const EMBEDDED: &str = include_str!("../data/chain.toml");
/// The same of the names of intrusion sets.
pub const SETS: &str = include_str!("../data/intrusion_sets.toml");

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// Day the file was last reviewed (ISO 8601).
    pub date: String,
    /// Whose judgement its numbers are.
    pub author: String,
    /// Licence of the data.
    pub licence: String,
    /// The steps, in order.
    pub step: Vec<StepData>,
    /// What joins findings.
    pub cause: Vec<CauseData>,
    /// How signs are weighed.
    pub who: Who,
    /// Likelihood ratios.
    pub ratio: Vec<Ratio>,
    /// Who is known to publish what he has seen.
    pub source: Vec<Known>,
}

/// What is known of a step.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepData {
    /// Which.
    pub step: Step,
    /// Where it stands towards the law.
    pub level: Level,
    /// Days after the step before it within which it usually comes.
    pub days: i64,
    /// Techniques of findings that show it.
    pub techniques: Vec<String>,
    look: [String; 2],
    kept: [String; 2],
    innocent: [String; 2],
}

impl StepData {
    /// Where to look for what is missing.
    pub fn look(&self) -> Text {
        text(&self.look)
    }

    /// How long that is usually kept.
    pub fn kept(&self) -> Text {
        text(&self.kept)
    }

    /// What else such findings may mean.
    pub fn innocent(&self) -> Text {
        text(&self.innocent)
    }
}

/// What is known of a cause.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseData {
    /// Which.
    pub cause: Cause,
    /// Bits at most.
    pub cap: f64,
    /// Unrelated bearers elsewhere, none of whom bears such a value.
    pub unseen: u64,
}

/// How signs are weighed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// That somebody tries to imitate.
    pub imitation: f64,
    /// That an imitator can make a sign of a class.
    pub plantable: BTreeMap<Class, f64>,
    /// That a source of a letter is right.
    pub believed: BTreeMap<String, f64>,
}

/// A likelihood ratio.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// What it is called here.
    pub name: String,
    /// What it costs to plant.
    pub class: Class,
    /// From and to.
    pub ratio: [f64; 2],
    what: [String; 2],
}

impl Ratio {
    /// In words.
    pub fn what(&self) -> Text {
        text(&self.what)
    }
}

/// Somebody who publishes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The name.
    pub name: String,
    /// Other names of the same.
    #[serde(default)]
    pub also: Vec<String>,
    /// A letter of the Admiralty code.
    pub letter: String,
}

/// Names of intrusion sets, as claimed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sets {
    /// Day the file was last reviewed (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// The sets.
    pub set: Vec<Set>,
}

/// A set under one name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// The name.
    pub name: String,
    /// Who uses it.
    pub says: String,
    /// Where.
    pub reference: String,
    /// Since when (ISO 8601).
    pub since: String,
    /// Other names that somebody says are the same.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// For whom somebody says it works: context, no conclusion.
    #[serde(default)]
    pub sponsor: Vec<Claim>,
}

/// Somebody says that a name is the same set's, or its sponsor's.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The name.
    pub name: String,
    /// Who says so.
    pub says: String,
    /// Since when (ISO 8601).
    pub since: String,
    /// Where, if elsewhere than the set.
    #[serde(default)]
    pub reference: String,
}

fn text([en, fr]: &[String; 2]) -> Text {
    Text::new(en, fr)
}

impl Chain {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Chain {
        toml::from_str(crate::text("chain.toml"))
            .unwrap_or_else(|error: toml::de::Error| panic!("the embedded chain.toml: {}", error.message()))
    }

    /// What is known of a step.
    ///
    /// # Panics
    /// Never: a test holds the file to have all.
    pub fn of(&self, step: Step) -> &StepData {
        self.step.iter().find(|s| s.step == step).expect("every step stands in chain.toml")
    }

    /// What is known of a cause.
    ///
    /// # Panics
    /// Never: a test holds the file to have all.
    pub fn cause(&self, cause: Cause) -> &CauseData {
        self.cause.iter().find(|c| c.cause == cause).expect("every cause stands in chain.toml")
    }

    /// The ratio of a name.
    ///
    /// # Panics
    /// Never: the names are ours, and a test holds the file to have them.
    pub fn ratio(&self, name: &str) -> &Ratio {
        self.ratio.iter().find(|r| r.name == name).unwrap_or_else(|| panic!("no ratio `{name}` in chain.toml"))
    }

    /// The steps that these techniques show.
    pub fn shown<'a>(&'a self, techniques: &'a [String]) -> impl Iterator<Item = Step> + 'a {
        let below = |id: &str, all: &str| id == all || id.strip_prefix(all).is_some_and(|rest| rest.starts_with('.'));
        let shows = move |s: &&StepData| s.techniques.iter().any(|all| techniques.iter().any(|id| below(id, all)));
        self.step.iter().filter(shows).map(|s| s.step)
    }
}

impl Sets {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Sets {
        toml::from_str(crate::text("intrusion_sets.toml"))
            .unwrap_or_else(|error: toml::de::Error| panic!("the embedded intrusion_sets.toml: {}", error.message()))
    }

    /// The sets that bear a name, each with who says so.
    pub fn named(&self, name: &str) -> Vec<(&Set, &str)> {
        let plain =
            |n: &str| n.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
        let wanted = plain(name);
        let says = |set: &Set| -> Option<usize> {
            let claims = set.claims.iter().position(|c| plain(&c.name) == wanted).map(|n| n + 1);
            if plain(&set.name) == wanted { Some(0) } else { claims }
        };
        let found = self.set.iter().filter_map(|s| Some((s, says(s)?)));
        found.map(|(s, n)| (s, if n == 0 { s.says.as_str() } else { s.claims[n - 1].says.as_str() })).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_files_are_sound() {
        let chain = Chain::embedded();
        let steps: Vec<Step> = chain.step.iter().map(|s| s.step).collect();
        assert_eq!(steps, Step::ALL);
        assert_eq!(chain.cause.len(), Cause::ALL.len());
        for cause in Cause::ALL {
            assert!(chain.cause(cause).cap > 0.0);
        }
        for ratio in &chain.ratio {
            assert!(0.0 < ratio.ratio[0] && ratio.ratio[0] <= ratio.ratio[1], "{}", ratio.name);
        }
        for class in Class::ALL {
            assert!(chain.who.plantable.contains_key(&class));
        }
        assert!(chain.source.iter().all(|s| chain.who.believed.contains_key(&s.letter)));
        let shown: Vec<Step> = chain.shown(&["T1566.002".into(), "T15660".into(), "T0117".into()]).collect();
        assert_eq!(shown, [Step::Mail, Step::InTheMedia]);
        let sets = Sets::embedded();
        assert_eq!(sets.named("pawn storm")[0].0.name, "APT28");
        assert!(sets.named("nobody").is_empty());
    }
}
