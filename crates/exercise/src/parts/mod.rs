//! The parts of an exercise: one folder for each kind of evidence that it can make.
//!
//! Whatever walks an exercise (scenario, truth, score, comparison, the demo) walks [`PARTS`] and knows none by name. You
//! may rely on: a part that is added changes no byte that another writes. How to add one: `CONTRIBUTING.md`.

pub mod count;
pub mod documents;
pub mod logs;
pub mod mail;
pub mod names;
pub mod posts;
pub mod reach;
pub mod sign_in;
pub mod windows_event;

use crate::case::Case;
use crate::evidence::Evidence;
use crate::keys::keys;
use crate::measure::{Hidden, Row, Sheet};
use crate::stage::Stage;
use jiff::tz::TimeZone;
use model::{Finding, Result};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fmt::Debug;

parts! {
    /// What web, mail and database servers log, and the attempts in it.
    logs: logs::Logs,
    /// A stream of new names, and the decoys in it.
    names: names::Names,
    /// The staff's mail, and the waves of phishing in it.
    mail: mail::Mail,
    /// A cloud provider's audit log, and the accounts that somebody else uses.
    sign_in: sign_in::SignIn,
    /// A debate on social networks, and the groups in it.
    posts: posts::Posts,
    /// A night of counting, and the alterations in it.
    count: count::Count,
    /// A leak of papers and letters, and the forgeries in it.
    documents: documents::Documents,
    /// A platform to vote or to register, and the hours in which it failed people.
    reach: reach::Reach,
    /// The event logs of the staff's machines, and the machines that somebody enters.
    windows_event: windows_event::WindowsEvent,
}

/// A kind of evidence that an exercise can make: what a scenario says of it, what is written, what is then true, and how
/// findings are held against that. Types that are structs give their fields to the whole: each field of `Tables` is a key
/// of the scenario, each of `Truth` one of `truth.json`; keys of two parts differ.
pub trait Part {
    /// Its tables of a scenario; what a scenario need not say has a default.
    type Tables: DeserializeOwned + Clone + Debug;
    /// What really happened.
    type Truth: Serialize + DeserializeOwned + Clone + PartialEq + Debug;
    /// What findings say of it, as they pass by.
    type Found: Default;
    /// How good that is.
    type Score: Serialize + Clone + PartialEq + Debug;
    /// What can be counted of found and true alike.
    type Counts: Serialize + Clone + PartialEq + Debug;

    /// Sets what other parts rest on, before anything is checked.
    fn set(_: &Self::Tables, _: &mut Stage) {}

    /// Refuses what cannot be made; `text` is the whole scenario, for the lines of errors.
    fn check(tables: &Self::Tables, stage: &Stage, text: &str) -> Result<()>;

    /// Writes evidence. A part that its scenario does not mention writes nothing.
    fn write(tables: &Self::Tables, stage: &Stage, evidence: &mut Evidence) -> Result<Self::Truth>;

    /// Takes over, once all is written, what other parts told of theirs.
    fn complete(_: &mut Self::Truth, _: &Evidence) {}

    /// Adds to `case.toml`.
    fn case(_: &Self::Tables, _: &Stage, _: &mut Case) {}

    /// What is hidden in the evidence, in a few numbers.
    fn hidden(truth: &Self::Truth) -> Vec<Hidden>;

    /// Looks at a finding; all but those on this kind of evidence are passed over.
    fn take(found: &mut Self::Found, finding: &Finding);

    /// Holds what was found against the truth.
    fn score(found: &Self::Found, truth: &Self::Truth) -> Self::Score;

    /// Prints a score.
    fn show(score: &Self::Score, sheet: &mut Sheet);

    /// Counts what was found; of the truth only what must be known to count alike.
    fn found(found: &Self::Found, truth: &Self::Truth, zone: &TimeZone) -> Self::Counts;

    /// Counts what is true.
    fn truth(truth: &Self::Truth, zone: &TimeZone) -> Self::Counts;

    /// Shows both; nothing where nothing is true.
    fn rows(found: &Self::Counts, truth: &Self::Counts) -> Vec<Row>;
}

/// A part, as the list names it.
pub struct Listed {
    /// Its folder.
    pub name: &'static str,
    keys: fn() -> &'static [&'static str],
}

impl Listed {
    /// The keys of a scenario that are its own.
    pub fn keys(&self) -> &'static [&'static str] {
        (self.keys)()
    }
}

/// Makes of the list [`PARTS`], and one field for each part in whatever walks it.
macro_rules! parts {
    ($($(#[$about:meta])* $name:ident: $part:ty,)*) => {
        /// The parts, in the order in which they write, are scored and are shown.
        pub const PARTS: &[Listed] =
            &[$(Listed { name: stringify!($name), keys: keys::<<$part as Part>::Tables> },)*];

        /// What a scenario says to each part.
        #[derive(Clone, Debug)]
        pub struct Tables {
            $($(#[$about])* pub $name: <$part as Part>::Tables,)*
        }

        /// What is true of each part.
        #[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
        pub struct Truths {
            $($(#[$about])* #[serde(flatten)] pub $name: <$part as Part>::Truth,)*
        }

        /// How good findings are, part by part.
        #[derive(Clone, PartialEq, Debug, Serialize)]
        pub struct Score {
            $($(#[$about])* #[serde(flatten)] pub $name: <$part as Part>::Score,)*
        }

        /// What can be counted of found and true alike, part by part.
        #[derive(Clone, PartialEq, Debug, Serialize)]
        pub struct Counts {
            $($(#[$about])* #[serde(flatten)] pub $name: <$part as Part>::Counts,)*
        }

        /// What findings say to each part.
        #[derive(Default)]
        pub(crate) struct Found {
            $($name: <$part as Part>::Found,)*
        }

        impl Tables {
            /// Each part reads the whole text and takes its own keys.
            pub(crate) fn read(text: &str) -> std::result::Result<Tables, toml::de::Error> {
                Ok(Tables { $($name: toml::from_str(text)?,)* })
            }

            pub(crate) fn set(&self, stage: &mut Stage) {
                $(<$part>::set(&self.$name, stage);)*
            }

            pub(crate) fn check(&self, stage: &Stage, text: &str) -> Result<()> {
                $(<$part>::check(&self.$name, stage, text)?;)*
                Ok(())
            }

            pub(crate) fn write(&self, stage: &Stage, evidence: &mut Evidence) -> Result<Truths> {
                let mut truths = Truths { $($name: <$part>::write(&self.$name, stage, evidence)?,)* };
                $(<$part>::complete(&mut truths.$name, evidence);)*
                Ok(truths)
            }

            pub(crate) fn case(&self, stage: &Stage) -> Case {
                let mut case = Case::default();
                $(<$part>::case(&self.$name, stage, &mut case);)*
                case
            }
        }

        impl Truths {
            /// What is hidden in the evidence, in a few numbers.
            pub fn hidden(&self) -> Vec<Hidden> {
                let mut all = Vec::new();
                $(all.extend(<$part>::hidden(&self.$name));)*
                all
            }

            pub(crate) fn counts(&self, zone: &TimeZone) -> Counts {
                Counts { $($name: <$part as Part>::truth(&self.$name, zone),)* }
            }
        }

        impl Found {
            pub(crate) fn of(findings: impl Iterator<Item = Finding>) -> Found {
                let mut found = Found::default();
                for finding in findings {
                    $(<$part>::take(&mut found.$name, &finding);)*
                }
                found
            }

            pub(crate) fn score(&self, truth: &Truths) -> Score {
                Score { $($name: <$part>::score(&self.$name, &truth.$name),)* }
            }

            pub(crate) fn counts(&self, truth: &Truths, zone: &TimeZone) -> Counts {
                Counts { $($name: <$part as Part>::found(&self.$name, &truth.$name, zone),)* }
            }
        }

        impl Score {
            pub(crate) fn show(&self, sheet: &mut Sheet) {
                $(<$part>::show(&self.$name, sheet);)*
            }
        }

        impl Counts {
            /// Found beside true, for people.
            pub(crate) fn rows(&self, truth: &Counts) -> Vec<Row> {
                let mut all = Vec::new();
                $(all.extend(<$part>::rows(&self.$name, &truth.$name));)*
                all
            }
        }
    };
}
use parts;
