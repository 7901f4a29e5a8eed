//! What `network` may be told.

use crate::command::Given;
use crate::posts::settings::MEANING_HELP;
use crate::posts::shares::{By, Mapping};
use model::{Argument, Error, Result};
use std::ffi::OsString;

/// Its arguments and options, in the order of the help.
pub static ARGUMENTS: &[Argument] = &[
    Argument {
        name: "paths",
        value: Some("FILE"),
        help: (
            "Files of posts (CSV, JSON lines; compressed or not), directories, or - for standard input",
            "Fichiers de publications (CSV, lignes JSON ; compressés ou non), dossiers, ou - pour l’entrée standard",
        ),
        many: true,
        placed: true,
        ..Argument::PLAIN
    },
    Argument {
        name: "by",
        value: Some("WHAT"),
        help: (
            "What accounts are joined by: object, url, domain, hashtags, repost, reply, mentions, image, text (copies, \
             edited or reworded; neither account nor time is needed)",
            "Ce qui relie les comptes : object, url, domain, hashtags, repost, reply, mentions, image, text (des copies, \
             retouchées ou reformulées ; il n’y faut ni compte ni heure)",
        ),
        default: Some("object"),
        check: |text| text.parse::<By>().map(drop),
        ..Argument::PLAIN
    },
    Argument {
        name: "window",
        value: Some("TIME"),
        help: (
            "How far apart, before or after, two posts may be: 10s, 5m, 1h, 30d (default: 60s; by text, any)",
            "L’écart admis, avant ou après, entre deux publications : 10s, 5m, 1h, 30d (à défaut : 60s ; par text, quelconque)",
        ),
        check: |text| window(text).map(drop),
        ..Argument::PLAIN
    },
    Argument {
        name: "min-weight",
        value: Some("N"),
        help: (
            "The least weight of an edge: posts of account 1 with one of account 2 in the window (default: 2; by text, 1)",
            "Le moindre poids d’un lien : publications du compte 1 avec une du compte 2 dans la fenêtre (à défaut : 2 ; par text, 1)",
        ),
        check: number,
        ..Argument::PLAIN
    },
    Argument {
        name: "loops",
        help: ("From an account to itself as well", "Aussi d’un compte à lui-même"),
        ..Argument::PLAIN
    },
    Argument {
        name: "max-fanout",
        value: Some("N"),
        help: (
            "Leave out objects with more than N shares, and say how many (default: none are; by text, 20000)",
            "Laisser de côté les objets partagés plus de N fois, et dire combien (à défaut : aucun ; par text, 20000)",
        ),
        check: number,
        ..Argument::PLAIN
    },
    Argument {
        name: "map",
        value: Some("MAP"),
        help: (
            "Which columns say what, where their names are unusual: object=url,account=author,…",
            "Quelles colonnes disent quoi, si leurs noms sont inhabituels : object=url,account=author,…",
        ),
        ..Argument::PLAIN
    },
    Argument { name: "meaning", value: Some("PATH"), help: MEANING_HELP, ..Argument::PLAIN },
    Argument {
        name: "csv",
        help: (
            "Print account_1,account_2,weight, in the order of both ids' bytes",
            "Donner account_1,account_2,weight, dans l’ordre des octets des deux identifiants",
        ),
        conflicts: &["graphml"],
        ..Argument::PLAIN
    },
    Argument { name: "graphml", help: ("Print GraphML", "Donner du GraphML"), ..Argument::PLAIN },
    Argument {
        name: "p-values",
        help: (
            "Print how probable each pair is by chance: trials, times together, expected, p, p corrected for all pairs",
            "Donner la probabilité de chaque paire par hasard : essais, fois ensemble, attendues, p, p corrigé pour toutes les paires",
        ),
        conflicts: &["graphml", "loops"],
        ..Argument::PLAIN
    },
    Argument {
        name: "groups",
        help: (
            "Print the groups that act as one beyond chance, at the corrected 1% level",
            "Donner les groupes qui agissent de concert au-delà du hasard, au seuil corrigé de 1 %",
        ),
        conflicts: &["graphml", "loops", "csv", "p-values"],
        ..Argument::PLAIN
    },
    Argument {
        name: "explain-window",
        help: (
            "Print how the network changes over windows from 10 seconds to a day",
            "Montrer comment le réseau change avec des fenêtres de 10 secondes à un jour",
        ),
        conflicts: &["graphml", "loops", "groups", "p-values"],
        ..Argument::PLAIN
    },
];

/// What was asked for.
pub struct Asked {
    pub paths: Vec<OsString>,
    pub by: By,
    /// The window in microseconds.
    pub window: i64,
    /// Whether it matters when posts were written.
    pub looks_at_times: bool,
    pub min_weight: u32,
    pub loops: bool,
    pub max_fanout: Option<u32>,
    pub mapping: Mapping,
    /// Where a model of meaning lies.
    pub meaning: Vec<OsString>,
    pub csv: bool,
    pub graphml: bool,
    pub p_values: bool,
    pub groups: bool,
    pub explain_window: bool,
}

impl Asked {
    /// Of what was given. A copy is one whenever it was made; sharing a thing is telling only when it is soon. Writing one
    /// text twice does not happen by itself; sharing one link does. Of one text by 20,000 accounts there are 200 million
    /// pairs.
    pub fn new(given: &Given) -> Result<Asked> {
        let by = given.value("by")?.unwrap_or_default();
        let text = by == By::Text;
        if !text && given.has("meaning") {
            return Err(
                Error::new(format!("--meaning says nothing of a network by {by}")).hint("give `--by text` as well")
            );
        }
        let of_text = |value: u32| text.then_some(value);
        let span = given.value::<String>("window")?.and_then(|w| window(&w).ok());
        let [explain_window, p_values, groups] = ["explain-window", "p-values", "groups"].map(|name| given.has(name));
        Ok(Asked {
            paths: given.values("paths").to_vec(),
            by,
            window: span.unwrap_or(if text { LONGEST_WINDOW } else { 60_000_000 }),
            looks_at_times: span.is_some() || explain_window || p_values || groups,
            min_weight: given.value("min-weight")?.or(of_text(1)).unwrap_or(2),
            loops: given.has("loops"),
            max_fanout: given.value("max-fanout")?.or(of_text(20_000)),
            mapping: given.value::<String>("map")?.map(|m| m.parse()).transpose()?.unwrap_or_default(),
            meaning: given.values("meaning").to_vec(),
            csv: given.has("csv"),
            graphml: given.has("graphml"),
            p_values,
            groups,
            explain_window,
        })
    }
}

/// Ten years, in microseconds.
const LONGEST_WINDOW: i64 = 10 * 366 * 86_400_000_000;

/// A span of time in microseconds.
fn window(text: &str) -> std::result::Result<i64, String> {
    let bad = || "a span of time such as 10s, 5m, 1h, 30d, 2w".to_string();
    // Days are 24 hours here, and weeks seven of them.
    let hours = |n: &str, hours: f64| n.trim().parse::<f64>().ok().map(|n| n * hours * 3600.0);
    let long = text.strip_suffix('d').and_then(|n| hours(n, 24.0));
    let long = long.or_else(|| text.strip_suffix('w').and_then(|n| hours(n, 168.0)));
    let text = &long.map_or_else(|| text.to_string(), |seconds| seconds.to_string());
    let number: std::result::Result<f64, _> = text.parse();
    let span = match number {
        Ok(seconds) => jiff::SignedDuration::try_from_secs_f64(seconds).map_err(|_| bad())?,
        Err(_) => text.parse().map_err(|_| bad())?,
    };
    i64::try_from(span.as_micros()).ok().filter(|w| (0..=LONGEST_WINDOW).contains(w)).ok_or_else(bad)
}

fn number(text: &str) -> std::result::Result<(), String> {
    text.parse::<u32>().map(drop).map_err(|e| e.to_string())
}
