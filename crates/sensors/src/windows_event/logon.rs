//! Logons that are not like a person at his machine: from an address of the Internet, with a password that travels in the
//! clear, and with credentials that are another's.

use super::deed::{DeedDetector, Judged, plain};
use super::table::Row;
use model::{Context, Reason, Severity, Text};
use rows::windows_event::Action;

/// `windows_event/logon`.
pub static LOGON: DeedDetector = DeedDetector {
    id: "windows_event/logon",
    actions: &[Action::Logon],
    specification: include_str!("logon.md"),
    judge: logon,
};

/// `windows_event/explicit_credentials`.
pub static EXPLICIT: DeedDetector = DeedDetector {
    id: "windows_event/explicit_credentials",
    actions: &[Action::ExplicitCredentials],
    specification: include_str!("explicit_credentials.md"),
    judge: explicit,
};

fn logon(row: &Row, context: &Context) -> Option<Judged> {
    let a = &row.activity;
    let (who, on) = (plain(&a.account), plain(&a.computer));
    if a.method == "new_credentials" {
        // What puts a stolen hash into a session of its own; `runas /netonly` looks the same but for its program.
        let by_hash = a.detail.trim() == "seclogo";
        return Some(Judged {
            severity: if by_hash { Severity::Low } else { Severity::Info },
            confidence: 40,
            title: Text::new(
                format!("`{who}` took on the credentials of `{}` on {on}", plain(&a.target)),
                format!("« {who} » a pris les identifiants de « {} » sur {on}", plain(&a.target)),
            ),
            reasons: vec![
                Reason::supporting(
                    25,
                    Text::new(
                        "so are stolen hashes of passwords used",
                        "c’est ainsi que servent des empreintes de mots de passe volées",
                    ),
                ),
                Reason::against(
                    20,
                    Text::new(
                        "`runas /netonly` of an administrator is the same",
                        "un « runas /netonly » d’administrateur est identique",
                    ),
                ),
            ],
            techniques: vec!["T1550.002"],
        });
    }
    let source = row.source?;
    let country = context.origins.country(source);
    let own = context.config.is_own(source) || matches!(country.as_str(), "private" | "reserved");
    let clear = a.method == "network_cleartext";
    let way = match a.method.as_str() {
        "remote_desktop" | "cached_remote" => Text::new("by remote desktop", "par bureau à distance"),
        "ssh" => Text::new("by SSH", "par SSH"),
        "network" => Text::new("over the network", "par le réseau"),
        "network_cleartext" => {
            Text::new("over the network, the password in the clear", "par le réseau, mot de passe en clair")
        }
        _ => return None,
    };
    if own {
        return None;
    }
    let technique = match a.method.as_str() {
        "ssh" => "T1021.004",
        "network" | "network_cleartext" => "T1021.002",
        _ => "T1021.001",
    };
    Some(Judged {
        severity: if clear { Severity::Medium } else { Severity::Low },
        confidence: 50,
        title: Text::new(
            format!("`{who}` logged on to {on} {} from {source} ({country})", way.en),
            format!("« {who} » s’est connecté à {on} {} depuis {source} ({country})", way.fr),
        ),
        reasons: vec![
            Reason::supporting(
                35,
                Text::new(
                    "the machine lets in whoever has a password, from anywhere",
                    "la machine laisse entrer quiconque a un mot de passe, de n’importe où",
                ),
            ),
            Reason::against(
                25,
                Text::new(
                    "the person may be at home or on the road",
                    "la personne peut être chez elle ou en déplacement",
                ),
            ),
        ],
        techniques: vec![technique, "T1133"],
    })
}

fn explicit(row: &Row, _: &Context) -> Option<Judged> {
    let a = &row.activity;
    if a.account == a.actor {
        return None;
    }
    let (who, other, to) = (plain(&a.actor), plain(&a.account), plain(&a.target));
    Some(Judged {
        severity: Severity::Info,
        confidence: 35,
        title: Text::new(
            format!("`{who}` gave the credentials of `{other}` to {to}"),
            format!("« {who} » a donné les identifiants de « {other} » à {to}"),
        ),
        reasons: vec![
            Reason::supporting(
                15,
                Text::new(
                    "so do intruders go from machine to machine",
                    "c’est ainsi que des intrus passent de machine en machine",
                ),
            ),
            Reason::against(
                20,
                Text::new(
                    "administrators work with a second account",
                    "les administrateurs travaillent avec un second compte",
                ),
            ),
        ],
        techniques: vec!["T1078"],
    })
}
