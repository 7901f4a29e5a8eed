//! Rows of login logs.

use crate::Row;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    pub purpose: String,
}

impl Row for Travel {
    const NAME: &'static str = "auth_log/travel";
}
