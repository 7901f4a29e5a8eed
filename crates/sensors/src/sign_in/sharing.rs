//! Files, folders and repositories opened to whoever has the link.

use super::change::{ChangeDetector, Judged, Known};
use super::event::setting;
use super::table::Row;
use crate::auth_log::plain;
use model::{Reason, Severity, Text};
use rows::sign_in::{Action, Provider};

/// `sign_in/sharing`.
pub static SHARING: ChangeDetector = ChangeDetector {
    id: "sign_in/sharing",
    actions: &[Action::Sharing],
    specification: include_str!("sharing.md"),
    judge,
};

fn judge(row: &Row, _: &Known) -> Option<Judged> {
    let a = &row.activity;
    let rights = setting(&a.detail, "rights").unwrap_or_default().to_lowercase();
    let (who, what) = (plain(&a.account), plain(&a.target));
    let writes = rights.contains("edit") || rights.contains("writ");
    let public = rights.contains("public") || a.provider == Provider::Github;
    let mut reasons = vec![Reason::supporting(
        20,
        Text::new("whoever has the link sees it, without an account", "qui a le lien le voit, sans compte"),
    )];
    if writes {
        reasons.push(Reason::supporting(15, Text::new("and may change it", "et peut le modifier")));
    }
    reasons.push(Reason::against(
        25,
        Text::new("people share by links every day", "on partage par des liens chaque jour"),
    ));
    Some(Judged {
        severity: if public { Severity::Medium } else { Severity::Low },
        confidence: 40,
        title: Text::new(
            format!("`{who}` opened `{what}` to whoever has the link"),
            format!("« {who} » a ouvert « {what} » à quiconque a le lien"),
        ),
        reasons,
        techniques: vec!["T1567"],
        infrastructure: Vec::new(),
        folds: true,
    })
}
