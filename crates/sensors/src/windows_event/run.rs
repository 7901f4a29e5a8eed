//! Commands and scripts that speak of an intruder, and programs that reached for passwords.

use super::deed::{DeedDetector, Judged, confidence, plain, severity, weigh};
use super::table::Row;
use model::{Context, Reason, Severity, Text};
use rows::windows_event::{Action, Sign};

/// `windows_event/command`.
pub static COMMAND: DeedDetector = DeedDetector {
    id: "windows_event/command",
    actions: &[Action::Process, Action::Script],
    specification: include_str!("command.md"),
    judge: command,
};

/// `windows_event/credential_access`.
pub static CREDENTIAL_ACCESS: DeedDetector = DeedDetector {
    id: "windows_event/credential_access",
    actions: &[Action::Memory],
    specification: include_str!("credential_access.md"),
    judge: credential_access,
};

fn command(row: &Row, _: &Context) -> Option<Judged> {
    let a = &row.activity;
    let (sum, mut reasons, mut techniques) = weigh(a.signs.iter().copied());
    if a.action == Action::Script && !techniques.contains(&"T1059.001") {
        techniques.insert(0, "T1059.001");
    }
    let against = Text::new(
        "administrators, installers and programs of management use such commands too",
        "administrateurs, installateurs et outils de gestion emploient aussi de telles commandes",
    );
    reasons.push(Reason::against(15, against));
    let (line, on) = (plain(formats::clip(&a.detail, 160)), plain(&a.computer));
    let title = match a.action {
        Action::Script => {
            Text::new(format!("PowerShell script on {on}: {line}"), format!("script PowerShell sur {on} : {line}"))
        }
        _ => Text::new(format!("command on {on}: {line}"), format!("commande sur {on} : {line}")),
    };
    // What is encoded or hidden only is how many programs of management start scripts.
    let quiet = a.signs.iter().all(|s| matches!(s, Sign::Encoded | Sign::Hidden | Sign::UserPath));
    let severity = if quiet { severity(sum).min(Severity::Low) } else { severity(sum) };
    Some(Judged { severity, confidence: confidence(sum), title, reasons, techniques })
}

fn credential_access(row: &Row, _: &Context) -> Option<Judged> {
    let a = &row.activity;
    let (program, on) = (plain(&a.detail), plain(&a.computer));
    let (title, supports, technique, sure) = match a.method.as_str() {
        "replication" => (
            Text::new(
                format!("`{}` asked for all passwords of the domain from {on}", plain(&a.account)),
                format!("« {} » a demandé à {on} tous les mots de passe du domaine", plain(&a.account)),
            ),
            Text::new(
                "only controllers of the domain copy its passwords, and this is none",
                "seuls les contrôleurs du domaine copient ses mots de passe, et ceci n’en est pas un",
            ),
            "T1003.006",
            85,
        ),
        _ => (
            Text::new(
                format!("the memory that holds passwords was opened on {on} by {program}"),
                format!("la mémoire qui détient les mots de passe a été ouverte sur {on} par {program}"),
            ),
            Text::new(
                "the program is neither the system’s nor installed as others are",
                "le programme n’est ni du système ni installé comme les autres",
            ),
            "T1003.001",
            70,
        ),
    };
    let against = Text::new(
        "virus scanners and tools that look at processes do the same; a connector of a cloud directory copies passwords",
        "antivirus et outils d’observation des processus font de même ; un connecteur d’annuaire infonuagique copie des mots de passe",
    );
    Some(Judged {
        severity: Severity::High,
        confidence: sure,
        title,
        reasons: vec![Reason::supporting(60, supports), Reason::against(20, against)],
        techniques: vec![technique],
    })
}
