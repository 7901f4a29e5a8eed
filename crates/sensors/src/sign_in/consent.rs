//! An application let into an account or into all of them.

use super::change::{ChangeDetector, Judged, Known};
use super::event::setting;
use super::operations;
use super::table::Row;
use crate::auth_log::plain;
use model::{Entity, EntityKind, Reason, Role, Severity, Text};
use rows::sign_in::Action;
use unicode_security::confusable_detection::skeleton;

/// `sign_in/consent`.
pub static CONSENT: ChangeDetector = ChangeDetector {
    id: "sign_in/consent",
    actions: &[Action::Consent, Action::Credential],
    specification: include_str!("consent.md"),
    judge,
};

fn judge(row: &Row, _: &Known) -> Option<Judged> {
    let a = &row.activity;
    let scopes = setting(&a.detail, "scopes").unwrap_or_default();
    let risky = operations::risky(scopes);
    let all = setting(&a.detail, "for").is_some();
    let (who, app) = (plain(&a.account), plain(&a.target));
    let app = if app.is_empty() { "an application".to_string() } else { format!("`{app}`") };
    let mut reasons = Vec::new();
    let mut supports = |weight, en: String, fr: String| reasons.push(Reason::supporting(weight, Text::new(en, fr)));
    let (severity, title, techniques) = match a.action {
        Action::Credential => {
            supports(
                30,
                "whoever has this key acts as the application, without any person’s password".into(),
                "qui détient cette clé agit comme l’application, sans le mot de passe de personne".into(),
            );
            let title =
                Text::new(format!("`{who}` added a key to {app}"), format!("« {who} » a ajouté une clé à {app}"));
            (Severity::Low, title, vec!["T1098.001"])
        }
        _ => {
            if !risky.is_empty() {
                let list = risky.iter().take(8).copied().collect::<Vec<_>>().join(", ");
                supports(
                    30,
                    format!("it may reach mail, files, people or accounts: {}", plain_list(&list)),
                    format!("elle atteint courrier, fichiers, personnes ou comptes : {}", plain_list(&list)),
                );
            }
            if all {
                supports(30, "for everybody’s account".into(), "pour le compte de tous".into());
            }
            let title = Text::new(
                format!("`{who}` let {app} into the account"),
                format!("« {who} » a autorisé {app} dans son compte"),
            );
            let severity = match (risky.is_empty(), all) {
                (true, false) => Severity::Info,
                (true, true) => Severity::Low,
                (false, false) => Severity::Low,
                (false, true) => Severity::Medium,
            };
            (severity, title, vec!["T1528", "T1550.001"])
        }
    };
    let mut techniques = techniques;
    let severity = match imitated(&a.target) {
        Some(name) => {
            supports(
                40,
                format!("its name is made to look like `{name}`"),
                format!("son nom est fait pour ressembler à « {name} »"),
            );
            techniques.push("T1036.005");
            severity.max(Severity::Medium)
        }
        None => severity,
    };
    supports(
        10,
        "a stolen consent outlives a change of password".into(),
        "une autorisation obtenue survit à un changement de mot de passe".into(),
    );
    reasons.push(Reason::against(
        20,
        Text::new("people connect calendars and tools every day", "on relie chaque jour agendas et outils"),
    ));
    let infrastructure = match a.target.as_str() {
        "" => Vec::new(),
        target => vec![Entity::new(EntityKind::Software, target, Role::Infrastructure)],
    };
    Some(Judged { severity, confidence: 45, title, reasons, techniques, infrastructure, folds: true })
}

/// Names that applications pretend to.
const KNOWN: &[&str] = &[
    "microsoft",
    "office",
    "outlook",
    "onedrive",
    "sharepoint",
    "teams",
    "google",
    "gmail",
    "drive",
    "github",
    "slack",
    "zoom",
    "dropbox",
    "adobe",
    "docusign",
    "apple",
    "amazon",
    "nextcloud",
    "zimbra",
    "okta",
];

/// The known name that one is made to look like: `rnicrosoft`, `0ffice`, letters of another script. The name itself says
/// nothing: whoever holds it may use it.
fn imitated(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let seen: String = skeleton(&name).collect();
    let known = |k: &&&str| {
        let shown: String = skeleton(k).collect();
        seen.contains(&shown) && !name.contains(**k)
    };
    KNOWN.iter().find(known).copied()
}

fn plain_list(text: &str) -> String {
    text.chars().take(200).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
