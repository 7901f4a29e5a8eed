//! What is written down no more, and rules on who may sign in how that were weakened.

use super::change::{ChangeDetector, Judged, Known};
use super::table::Row;
use crate::auth_log::plain;
use model::{Reason, Severity, Text};
use rows::sign_in::Action;

/// `sign_in/logging`.
pub static LOGGING: ChangeDetector = ChangeDetector {
    id: "sign_in/logging",
    actions: &[Action::Logging, Action::Policy],
    specification: include_str!("logging.md"),
    judge,
};

fn judge(row: &Row, _: &Known) -> Option<Judged> {
    let a = &row.activity;
    let (who, what) = (plain(&a.account), plain(if a.detail.is_empty() { &a.operation } else { &a.detail }));
    let target = if a.target.is_empty() { String::new() } else { format!(" ({})", plain(&a.target)) };
    let off = a.action == Action::Logging;
    let (title, supports, techniques, severity) = match off {
        true => (
            Text::new(
                format!("`{who}` switched logging off: {what}{target}"),
                format!("« {who} » a coupé la journalisation : {what}{target}"),
            ),
            Text::new("what happens from then on is not written down", "ce qui se passe ensuite n’est plus écrit"),
            vec!["T1562.008"],
            Severity::High,
        ),
        false => (
            Text::new(
                format!("`{who}` changed a rule on signing in: {what}{target}"),
                format!("« {who} » a changé une règle de connexion : {what}{target}"),
            ),
            Text::new("it decides who may sign in, and how", "elle décide de qui peut se connecter, et comment"),
            vec!["T1556.009"],
            Severity::Low,
        ),
    };
    let against = Text::new(
        "administrators try and mend such rules",
        "les administrateurs essaient et corrigent de telles règles",
    );
    Some(Judged {
        severity,
        confidence: if off { 65 } else { 35 },
        title,
        reasons: vec![Reason::supporting(if off { 40 } else { 15 }, supports), Reason::against(15, against)],
        techniques,
        infrastructure: Vec::new(),
        folds: !off,
    })
}
