//! Services and scheduled tasks that were set, and what was set to start by itself.

use super::deed::{DeedDetector, Judged, confidence, plain, severity, weigh};
use super::table::Row;
use model::{Context, Reason, Severity, Text};
use rows::windows_event::{Action, Sign};

/// `windows_event/service`.
pub static SERVICE: DeedDetector = DeedDetector {
    id: "windows_event/service",
    actions: &[Action::Service],
    specification: include_str!("service.md"),
    judge: service,
};

/// `windows_event/task`.
pub static TASK: DeedDetector = DeedDetector {
    id: "windows_event/task",
    actions: &[Action::Task],
    specification: include_str!("task.md"),
    judge: task,
};

/// `windows_event/autostart`.
pub static AUTOSTART: DeedDetector = DeedDetector {
    id: "windows_event/autostart",
    actions: &[Action::Autostart],
    specification: include_str!("autostart.md"),
    judge: autostart,
};

fn ordinary(words: (&str, &str)) -> Reason {
    Reason::against(15, Text::new(words.0, words.1))
}

fn service(row: &Row, _: &Context) -> Option<Judged> {
    let a = &row.activity;
    let (sum, mut reasons, mut techniques) = weigh(a.signs.iter().copied());
    techniques.insert(0, "T1543.003");
    if a.signs.contains(&Sign::Remote) {
        techniques.push("T1569.002");
    }
    reasons.push(ordinary((
        "programs that are installed bring services",
        "les logiciels installés apportent des services",
    )));
    let (name, path, on) = (plain(&a.target), plain(&a.detail), plain(&a.computer));
    Some(Judged {
        severity: severity(sum),
        confidence: confidence(sum),
        title: Text::new(
            format!("service `{name}` installed on {on}: {path}"),
            format!("service « {name} » installé sur {on} : {path}"),
        ),
        reasons,
        techniques,
    })
}

fn task(row: &Row, _: &Context) -> Option<Judged> {
    let a = &row.activity;
    let (sum, mut reasons, mut techniques) = weigh(a.signs.iter().copied());
    techniques.insert(0, "T1053.005");
    reasons.push(ordinary((
        "updaters and administrators set tasks",
        "les mises à jour et les administrateurs règlent des tâches",
    )));
    let (name, path, on) = (plain(&a.target), plain(&a.detail), plain(&a.computer));
    let runs = |word: &str| if path.is_empty() { String::new() } else { format!("{word}{path}") };
    Some(Judged {
        severity: severity(sum),
        confidence: confidence(sum),
        title: Text::new(
            format!("scheduled task `{name}` set on {on}{}", runs(": ")),
            format!("tâche planifiée « {name} » réglée sur {on}{}", runs(" : ")),
        ),
        reasons,
        techniques,
    })
}

fn autostart(row: &Row, _: &Context) -> Option<Judged> {
    let a = &row.activity;
    let (sum, mut reasons, mut techniques) = weigh(a.signs.iter().copied());
    techniques
        .insert(0, if a.target.to_lowercase().contains("image file execution") { "T1546.012" } else { "T1547.001" });
    reasons.push(ordinary((
        "programs set themselves to start with the session",
        "des programmes se lancent avec la session",
    )));
    let (key, path, on) = (plain(&a.target), plain(&a.detail), plain(&a.computer));
    Some(Judged {
        severity: severity(sum).max(Severity::Info),
        confidence: confidence(sum),
        title: Text::new(
            format!("set to start by itself on {on}: {path} ({key})"),
            format!("réglé pour démarrer seul sur {on} : {path} ({key})"),
        ),
        reasons,
        techniques,
    })
}
