//! Administrators made, and accounts made for them.

use super::change::{ChangeDetector, Judged, Known};
use super::event::setting;
use super::table::Row;
use crate::auth_log::plain;
use model::{Reason, Severity, Text};
use rows::sign_in::Action;

/// `sign_in/administrator`.
pub static ADMINISTRATOR: ChangeDetector = ChangeDetector {
    id: "sign_in/administrator",
    actions: &[Action::Role],
    specification: include_str!("administrator.md"),
    judge,
};

/// Parts of the names of roles that rule over accounts, mail or what is logged.
const STRONG: &[&str] = &[
    "global admin",
    "company admin",
    "tenantadmin",
    "privileged",
    "exchange admin",
    "exchange service admin",
    "user admin",
    "user account admin",
    "authentication admin",
    "application admin",
    "security admin",
    "sharepoint admin",
    "organization management",
    "discovery management",
    "ediscovery",
    "impersonation",
    "super",
    "owner",
    "org admin",
    "_seed_admin",
    "administrator",
    "admin",
];

/// Parts of the names of roles that only look.
const READERS: &[&str] = &["reader", "viewer", "read-only", "report"];

fn judge(row: &Row, known: &Known) -> Option<Judged> {
    let a = &row.activity;
    let role = setting(&a.detail, "role").unwrap_or("administrator");
    let low = role.to_lowercase();
    let (who, target) = (plain(&a.account), plain(&a.target));
    let strong = STRONG.iter().any(|r| low.contains(r)) && !READERS.iter().any(|r| low.contains(r));
    let outside = a.target.contains('@') && known.is_outside(&a.target) && !known.domains.is_empty()
        || a.target.contains("#EXT#");
    let own = a.target.to_lowercase() == a.account;
    let mut reasons = Vec::new();
    let mut supports = |weight, en: &str, fr: &str| reasons.push(Reason::supporting(weight, Text::new(en, fr)));
    if strong {
        supports(30, "the role rules over accounts, mail or logs", "ce rôle commande comptes, courrier ou journaux");
    }
    if outside {
        supports(30, "to an account outside the organisation", "à un compte extérieur à l’organisation");
    }
    if own {
        supports(20, "given to oneself", "donné à soi-même");
    }
    reasons.push(Reason::against(
        25,
        Text::new(
            "set-ups and new staff need administrators",
            "mises en place et arrivées demandent des administrateurs",
        ),
    ));
    let severity = match (strong, outside || own && row.source.is_some()) {
        (_, true) => Severity::Medium,
        (true, _) => Severity::Low,
        _ => Severity::Info,
    };
    let role = plain(role);
    let title = Text::new(
        format!("`{who}` made `{target}` {role}"),
        format!("« {who} » a donné à « {target} » le rôle {role}"),
    );
    Some(Judged {
        severity,
        confidence: 45,
        title,
        reasons,
        techniques: vec!["T1098.003"],
        infrastructure: Vec::new(),
        folds: true,
    })
}
