//! Logs that were cleared, and what is written down no more.

use super::deed::{DeedDetector, Judged, plain};
use super::table::Row;
use model::{Context, Reason, Severity, Text};
use rows::windows_event::Action;

/// `windows_event/log_cleared`.
pub static LOG_CLEARED: DeedDetector = DeedDetector {
    id: "windows_event/log_cleared",
    actions: &[Action::LogCleared, Action::Logging],
    specification: include_str!("log_cleared.md"),
    judge,
};

fn judge(row: &Row, _: &Context) -> Option<Judged> {
    let a = &row.activity;
    let (what, on) = (plain(&a.target), plain(&a.computer));
    let who = |by: &str| if a.actor.is_empty() { String::new() } else { format!("{by}`{}`", plain(&a.actor)) };
    let qui = if a.actor.is_empty() { String::new() } else { format!(" par « {} »", plain(&a.actor)) };
    Some(match a.action {
        Action::LogCleared => Judged {
            severity: if a.target == "Security" { Severity::High } else { Severity::Medium },
            confidence: 70,
            title: Text::new(
                format!("log `{what}` cleared on {on}{}", who(" by ")),
                format!("journal « {what} » effacé sur {on}{qui}"),
            ),
            reasons: vec![
                Reason::supporting(
                    50,
                    Text::new(
                        "what happened before is gone from this machine",
                        "ce qui précède a disparu de cette machine",
                    ),
                ),
                Reason::against(
                    20,
                    Text::new(
                        "whoever sets up a machine, or makes an image of one, clears its logs",
                        "qui installe une machine, ou en tire une image, efface ses journaux",
                    ),
                ),
            ],
            techniques: vec!["T1070.001"],
        },
        _ => Judged {
            severity: Severity::Medium,
            confidence: 55,
            title: Text::new(
                format!("less is written down on {on}: {what}{}", who(" by ")),
                format!("la journalisation est réduite sur {on} : {what}{qui}"),
            ),
            reasons: vec![
                Reason::supporting(40, Text::new(a.detail.clone(), "ce qui se passe ensuite n’est plus écrit")),
                Reason::against(
                    20,
                    Text::new(
                        "policies of the house change what is written down",
                        "les règles de la maison changent ce qui est écrit",
                    ),
                ),
            ],
            techniques: vec!["T1562.002"],
        },
    })
}
