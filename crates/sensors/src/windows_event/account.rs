//! Accounts made and put into groups, passwords reset by another, and the virus scanner: what it met, and that it was switched
//! off.

use super::deed::{DeedDetector, Judged, plain};
use super::table::Row;
use model::{Context, Reason, Severity, Text};
use rows::windows_event::Action;

/// `windows_event/account`.
pub static ACCOUNT: DeedDetector = DeedDetector {
    id: "windows_event/account",
    actions: &[Action::Account, Action::Group, Action::Password],
    specification: include_str!("account.md"),
    judge: account,
};

/// `windows_event/malware`.
pub static MALWARE: DeedDetector = DeedDetector {
    id: "windows_event/malware",
    actions: &[Action::Malware, Action::ScannerOff],
    specification: include_str!("malware.md"),
    judge: malware,
};

/// Whether a group rules over a machine or a domain, by the end of its security identifier, which no language changes.
fn rules(sid: &str) -> bool {
    ["-544", "-512", "-518", "-519", "-548", "-549", "-551"].iter().any(|end| sid.ends_with(end))
}

fn account(row: &Row, _: &Context) -> Option<Judged> {
    let a = &row.activity;
    let (who, by, on, group) = (plain(&a.account), plain(&a.actor), plain(&a.computer), plain(&a.target));
    let against = Reason::against(
        25,
        Text::new("administrators do so whenever somebody joins", "les administrateurs le font à chaque arrivée"),
    );
    Some(match a.action {
        Action::Account => Judged {
            severity: Severity::Low,
            confidence: 50,
            title: Text::new(
                format!("account `{who}` made on {on} by `{by}`"),
                format!("compte « {who} » créé sur {on} par « {by} »"),
            ),
            reasons: vec![
                Reason::supporting(20, Text::new("it opens a way that stays", "il ouvre un accès durable")),
                against,
            ],
            techniques: vec!["T1136"],
        },
        Action::Group => {
            let desktop = a.detail.ends_with("-555");
            let severity = match rules(&a.detail) {
                true => Severity::Medium,
                false if desktop => Severity::Low,
                false => Severity::Info,
            };
            let supports = match severity {
                Severity::Medium => Text::new(
                    "the group rules over the machine or the domain",
                    "le groupe commande la machine ou le domaine",
                ),
                Severity::Low => Text::new("the group may log on from afar", "le groupe peut se connecter à distance"),
                _ => Text::new("the group has no rights over others", "le groupe n’a pas de droits sur d’autres"),
            };
            Judged {
                severity,
                confidence: 50,
                title: Text::new(
                    format!("`{who}` put into group `{group}` on {on} by `{by}`"),
                    format!("« {who} » ajouté au groupe « {group} » sur {on} par « {by} »"),
                ),
                reasons: vec![Reason::supporting(25, supports), against],
                techniques: vec!["T1098"],
            }
        }
        _ if a.account == a.actor => return None,
        _ => Judged {
            severity: Severity::Info,
            confidence: 40,
            title: Text::new(
                format!("password of `{who}` reset on {on} by `{by}`"),
                format!("mot de passe de « {who} » réinitialisé sur {on} par « {by} »"),
            ),
            reasons: vec![
                Reason::supporting(
                    10,
                    Text::new("who resets a password can use it", "qui réinitialise un mot de passe peut s’en servir"),
                ),
                against,
            ],
            techniques: vec!["T1098"],
        },
    })
}

fn malware(row: &Row, _: &Context) -> Option<Judged> {
    let a = &row.activity;
    let (threat, path, on) = (plain(&a.target), plain(&a.detail), plain(&a.computer));
    if a.action == Action::ScannerOff {
        let excludes = a.detail.to_lowercase().contains("\\exclusions\\");
        return Some(Judged {
            severity: if excludes { Severity::Medium } else { Severity::High },
            confidence: 60,
            title: Text::new(
                format!("virus scanner told to look away on {on}: {path}"),
                format!("antivirus tenu de ne pas regarder sur {on} : {path}"),
            ),
            reasons: vec![
                Reason::supporting(
                    40,
                    Text::new(
                        "what it no longer looks at is where an intruder works",
                        "ce qu’il ne regarde plus est l’endroit où travaille un intrus",
                    ),
                ),
                Reason::against(
                    25,
                    Text::new(
                        "it steps back when another scanner is installed, and developers exclude folders",
                        "il s’efface quand un autre antivirus est installé, et les développeurs excluent des dossiers",
                    ),
                ),
            ],
            techniques: vec!["T1562.001"],
        });
    }
    let stays = a.method == "not removed";
    let severity = match a.method.as_str() {
        "not removed" => Severity::High,
        "low" | "faible" | "niedrig" => Severity::Low,
        _ => Severity::Medium,
    };
    let supports = match stays {
        true => Text::new("the virus scanner could not remove it", "l’antivirus n’a pas pu l’enlever"),
        false => Text::new("the virus scanner knows it by name", "l’antivirus le connaît par son nom"),
    };
    Some(Judged {
        severity,
        confidence: 70,
        title: Text::new(
            format!("virus scanner met `{threat}` on {on}: {path}"),
            format!("l’antivirus a rencontré « {threat} » sur {on} : {path}"),
        ),
        reasons: vec![
            Reason::supporting(50, supports),
            Reason::against(
                20,
                Text::new(
                    "scanners mistake tools of administrators for threats",
                    "les antivirus prennent des outils d’administration pour des menaces",
                ),
            ),
        ],
        techniques: vec!["T1204.002"],
    })
}
