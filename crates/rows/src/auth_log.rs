//! Rows of login logs.

use crate::attempt::{Class, Purpose};
use crate::{Merge, Observed, Row, attempt};
use model::{Fields, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Names listed of one run.
pub const NAMES: usize = 64;

/// The method of public keys, whose refusals are runs of their own.
pub const KEY: &str = "publickey";

model::vocabulary! {
    /// What came of a login.
    pub enum Outcome {
        /// Let in, as the service itself says.
        Accepted = "accepted",
        /// Refused, as the service itself says: these are the failed authentications that are counted.
        Failed = "failed",
        /// The service knows no such name; said apart from the refusal.
        InvalidUser = "invalid_user",
        /// A second account of tries that another line may also tell (PAM, a session that ends while authenticating).
        Echo = "echo",
        /// A connection that ended before anybody was named.
        Probe = "probe",
    }
}

/// What one source did at one service of one machine, of one outcome; where it was let in, as one account;
/// refused keys are a run apart from refused passwords. An acceptance
/// and a refusal never lie in the same run, and the order between them is kept. Key [`crate::key::RunKey`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Login {
    /// What was logged in to.
    pub service: Purpose,
    /// What came of it.
    pub outcome: Outcome,
    /// How: `password`, `publickey` … as the service names it; `other` where that is no known name, `several` where they
    /// differ, left out where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Events by account, of the first 64.
    pub users: BTreeMap<String, u64>,
    /// Events of other accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_users: Option<u64>,
    /// Events that name no account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unnamed: Option<u64>,
    /// Refusals that say that the account is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid: Option<u64>,
    /// The machine; `-` where the log does not say.
    pub host: String,
}

impl Row for Login {
    const NAME: &'static str = "auth_log/login";
}

impl Login {
    /// Whether it tells of public keys alone.
    pub fn is_of_keys(&self) -> bool {
        self.method.as_deref() == Some(KEY)
    }

    /// What came of it, without reading the rest.
    pub fn outcome(fields: &Fields) -> Result<Outcome> {
        #[derive(Serialize, Deserialize, JsonSchema)]
        struct Only {
            outcome: Outcome,
        }
        impl Row for Only {
            const NAME: &'static str = Login::NAME;
        }
        Ok(Only::of(fields)?.outcome)
    }
}

impl Observed for Login {
    const MERGE: Merge = Merge::Joins;

    fn join(&mut self, later: &Login) {
        if self.method != later.method {
            self.method = Some("several".into());
        }
        let sum = |a: Option<u64>, b: Option<u64>| if a.is_none() { b } else { Some(a? + b.unwrap_or(0)) };
        self.unnamed = sum(self.unnamed, later.unnamed);
        self.invalid = sum(self.invalid, later.invalid);
        self.more_users = sum(self.more_users, later.more_users);
        for (user, n) in &later.users {
            let room = self.users.len() < NAMES;
            match self.users.get_mut(user) {
                Some(known) => *known += n,
                None if room => drop(self.users.insert(user.clone(), *n)),
                None => *self.more_users.get_or_insert(0) += n,
            }
        }
    }

    fn continues(&self, later: &Login) -> bool {
        self.outcome == later.outcome
            && match self.outcome {
                Outcome::Accepted => self.users.keys().eq(later.users.keys()),
                Outcome::Failed => self.is_of_keys() == later.is_of_keys(),
                _ => true,
            }
    }

    fn ends(&self, run: &Login) -> bool {
        match self.outcome {
            Outcome::Accepted => run.outcome != Outcome::Accepted,
            Outcome::Failed | Outcome::InvalidUser => run.outcome == Outcome::Accepted,
            Outcome::Echo | Outcome::Probe => false,
        }
    }
}

/// What an account did on a machine itself (`sudo`, `su`, consoles), which has no source. Key [`crate::key::LocalKey`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Local(pub Login);

impl Row for Local {
    const NAME: &'static str = "auth_log/local";
}

impl Observed for Local {
    const MERGE: Merge = Login::MERGE;

    fn join(&mut self, later: &Local) {
        self.0.join(&later.0);
    }

    fn continues(&self, later: &Local) -> bool {
        self.0.continues(&later.0)
    }

    fn ends(&self, run: &Local) -> bool {
        self.0.ends(&run.0)
    }
}

/// An attempt to log in.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Attempt {
    /// What every attempt says.
    #[serde(flatten)]
    pub attempt: attempt::Attempt,
    /// Accounts tried; those that no row names count as one more.
    pub names: u64,
    /// The account that was let in after refusals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// How it was let in; empty where the log does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
}

impl Row for Attempt {
    const NAME: &'static str = "auth_log/attempt";
}

/// An account that tries to become another and is refused.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Privilege {
    /// What every attempt says; without a class, for it may be a person of the house.
    #[serde(flatten)]
    pub attempt: attempt::Attempt,
    /// The account.
    pub user: String,
}

impl Row for Privilege {
    const NAME: &'static str = "auth_log/privilege";
}

/// Connections that never come to a login. No attempt: nobody tried a name.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Probe {
    /// Always a scanner.
    pub class: Class,
    /// Connections.
    pub requests: u64,
    /// Where the source is registered: ISO 3166 code, or why there is none.
    pub country: String,
    /// The source's network.
    pub network: String,
    /// The machine; `-` where the log does not say.
    pub site: String,
    /// The service.
    pub purpose: Purpose,
}

impl Row for Probe {
    const NAME: &'static str = "auth_log/probe";
}

/// One account used from two countries too soon after one another.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Travel {
    /// ISO 3166 codes of the two countries, in order of time.
    pub countries: [String; 2],
    /// Minutes between the two logins.
    pub minutes: i64,
    /// The account.
    pub user: String,
    /// The host.
    pub site: String,
    /// The service.
    pub purpose: Purpose,
}

impl Row for Travel {
    const NAME: &'static str = "auth_log/travel";
}
