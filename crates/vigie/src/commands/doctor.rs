//! `doctor`: what this machine lacks, for what it would be needed, and what to do; and what this program is, for
//! `--version --json`.

use super::Outcome;
use crate::cli::Global;
use crate::output::Out;
use model::{Lang, Result, Text, Time};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Bytes free below which a case of logs does not fit, and memory below which reading may be killed.
const ROOM: u64 = 2 << 30;
const MEMORY: u64 = 1 << 30;
const DAY: i64 = 86_400;

/// The commit and its day; empty where nobody told.
const COMMIT: &str = env!("VIGIE_COMMIT");
const BUILT: &str = env!("VIGIE_DATE");

/// How it stands with one thing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is there.
    Good,
    /// Something can't be done without it; the rest can.
    Lacking,
    /// Nothing is to be trusted, or works, before it is mended.
    Bad,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Good => "good",
            State::Lacking => "lacking",
            State::Bad => "bad",
        }
    }
}

/// One thing that was looked at.
struct Looked {
    /// Its name in JSON, and for people.
    what: &'static str,
    name: Text,
    state: State,
    found: Text,
    /// What it is for.
    purpose: Text,
    /// What to do where it is not good.
    mend: Text,
}

/// `vigie doctor`.
pub fn doctor(global: &Global) -> Result<Outcome> {
    let lang = global.language(None);
    let all = [workers(), memory(), temporary(), here(), clock(global.now()), known(global.now()), browser()];
    let mut out = Out::new();
    for l in &all {
        if global.json {
            let mend = (l.state != State::Good).then(|| l.mend.get(lang));
            out.json(&json!({ "what": l.what, "state": l.state.word(), "found": l.found.get(lang),
                "purpose": l.purpose.get(lang), "mend": mend }))?;
            continue;
        }
        let mark = match l.state {
            State::Good => lang.of("good   ", "bon    "),
            State::Lacking => lang.of("lacking", "manque "),
            State::Bad => lang.of("bad    ", "mauvais"),
        };
        out.line(&format!("{mark}  {}{}{}", l.name.get(lang), lang.colon(), l.found.get(lang)))?;
        if l.state != State::Good {
            out.line(&format!("         {}", l.purpose.get(lang)))?;
            out.line(&format!("         {} {}", lang.of("to do:", "à faire :"), l.mend.get(lang)))?;
        }
    }
    out.end()?;
    Ok(if all.iter().any(|l| l.state == State::Bad) { Outcome::No } else { Outcome::Done })
}

/// `vigie --version`, and with `--json` all that tells one program from another.
pub fn version(global: &Global) -> Result<Outcome> {
    let mut out = Out::new();
    if !global.json {
        let at =
            if COMMIT.is_empty() { String::new() } else { format!(" ({} {BUILT})", &COMMIT[..COMMIT.len().min(9)]) };
        out.line(&format!("vigie {}{at}", env!("CARGO_PKG_VERSION")))?;
        out.end()?;
        return Ok(Outcome::Done);
    }
    let now = global.now();
    let parts: Vec<Value> =
        parts().map(|(name, date)| json!({ "part": name, "date": date, "days_old": age(date, now) })).collect();
    let imported = knowledge::import::imported().map(|i| json!({ "date": i.date, "by": i.by, "files": i.files }));
    let text = |t: &'static str| (!t.is_empty()).then_some(t);
    out.json(&json!({
        "version": env!("CARGO_PKG_VERSION"), "commit": text(COMMIT), "date": text(BUILT),
        "knowledge": { "digest": model::EvidenceId(knowledge::digest()), "parts": parts, "imported": imported },
        "workers": held().map_or("none".into(), |held| held.text().en),
    }))?;
    out.end()?;
    Ok(Outcome::Done)
}

/// The parts of what is known beforehand, each with its day.
fn parts() -> impl Iterator<Item = (&'static str, &'static str)> {
    knowledge::dated().chain([("countries", sensors::origin::REGISTRY_DATE), ("suffixes", knowledge::suffixes::DATE)])
}

/// Days since; none where the date is none.
fn age(date: &str, now: Time) -> Option<i64> {
    let day: Time = format!("{date}T00:00:00Z").parse().ok()?;
    Some(now.since(day).div_euclid(DAY))
}

/// How far the processes that read evidence are held.
#[derive(Clone, Copy)]
enum Held {
    Whole,
    Seccomp,
    Limits,
}

impl Held {
    fn text(self) -> Text {
        match self {
            Held::Whole => Text::new("landlock and seccomp", "landlock et seccomp"),
            Held::Seccomp => Text::same("seccomp"),
            Held::Limits => Text::new("limits", "limites seules"),
        }
    }
}

/// A worker tries to get out and says what it could; none where none could be started.
fn held() -> Option<Held> {
    if !platform::COMPLETE {
        return Some(Held::Limits);
    }
    let out = Command::new(std::env::current_exe().ok()?)
        .args(["worker", "1", "5", "--probe"])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&out.stdout);
    match out.status.success() {
        true if said.contains("landlock: true") => Some(Held::Whole),
        true => Some(Held::Seccomp),
        false => None,
    }
}

fn workers() -> Looked {
    let held = held();
    Looked {
        what: "workers",
        name: Text::new("workers", "processus de lecture"),
        state: match held {
            Some(Held::Whole | Held::Seccomp) => State::Good,
            Some(Held::Limits) => State::Lacking,
            None => State::Bad,
        },
        found: held.map_or(Text::new("none could be held", "aucun n’a pu être tenu"), Held::text),
        purpose: Text::new(
            "mail and archives are read in processes that can reach neither files nor network",
            "les courriels et les archives sont lus par des processus sans accès aux fichiers ni au réseau",
        ),
        mend: Text::new(
            "a Linux kernel with seccomp (any of the last ten years), and, to be held twice, Landlock (5.13 or newer)",
            "un noyau Linux avec seccomp (tous ceux des dix dernières années) et, pour une double barrière, Landlock (5.13 ou plus récent)",
        ),
    }
}

fn memory() -> Looked {
    let free = platform::free_memory();
    Looked {
        what: "memory",
        name: Text::new("memory", "mémoire"),
        state: if free.is_none_or(|f| f >= MEMORY) { State::Good } else { State::Lacking },
        found: free.map_or(Text::new("not told by this system", "ce système ne la dit pas"), |f| {
            let size = size(f);
            Text::new(format!("{} free", size.en), format!("{} libres", size.fr))
        }),
        purpose: Text::new(
            "large posts and archives take some hundred megabytes",
            "les grands volumes de messages et d’archives demandent quelques centaines de mégaoctets",
        ),
        mend: Text::new("close other programs before `run`", "fermez d’autres programmes avant `run`"),
    }
}

fn space(what: &'static str, name: Text, place: &Path, tried: bool, purpose: Text) -> Looked {
    let free = platform::free_space(place);
    let room = free.map_or(Text::new("unknown", "quantité inconnue"), size);
    let shown = place.display();
    Looked {
        what,
        name,
        state: match (tried, free) {
            (false, _) => State::Bad,
            (true, Some(f)) if f < ROOM => State::Lacking,
            _ => State::Good,
        },
        found: match tried {
            true => Text::new(format!("{shown}, {} free", room.en), format!("{shown}, {} libres", room.fr)),
            false => Text::new(
                format!("{shown}: nothing can be written there"),
                format!("{shown} : rien ne peut y être écrit"),
            ),
        },
        purpose,
        mend: Text::new(
            "make room, or name another place: `TMPDIR=/somewhere vigie …`",
            "libérez de la place ou indiquez un autre endroit : `TMPDIR=/ailleurs vigie …`",
        ),
    }
}

fn temporary() -> Looked {
    let place = std::env::temp_dir();
    let tried = tempfile::tempfile_in(&place).is_ok();
    let purpose = Text::new(
        "`check` keeps what it has read in a temporary file",
        "`check` garde ce qu’il a lu dans un fichier temporaire",
    );
    space("temporary files", Text::new("temporary files", "fichiers temporaires"), &place, tried, purpose)
}

fn here() -> Looked {
    let place = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let tried = tempfile::tempfile_in(&place).is_ok();
    let purpose = Text::new("a case made here would lie here", "un dossier créé ici se trouverait ici");
    let looked = space("this folder", Text::new("this folder", "ce répertoire"), &place, tried, purpose);
    // A medium that can only be read is no fault: one looks at a case, or checks, from it.
    Looked { state: if looked.state == State::Bad { State::Lacking } else { looked.state }, ..looked }
}

fn clock(now: Time) -> Looked {
    // A clock before the program was made is wrong; seals, audit trail and years of logs rest on it.
    let wrong = age(BUILT, now).is_some_and(|days| days < -1);
    Looked {
        what: "clock",
        name: Text::new("clock", "horloge"),
        state: if wrong { State::Bad } else { State::Good },
        found: Text::same(now.to_string()),
        purpose: Text::new(
            "seals, the audit trail and logs without a year rest on the clock; this one stands before the day this program was made",
            "les scellés, le journal d’audit et les journaux sans année reposent sur l’horloge ; celle-ci est antérieure au programme",
        ),
        mend: Text::new("set the clock; until then give `--at`", "réglez l’horloge ; d’ici là, donnez `--at`"),
    }
}

fn known(now: Time) -> Looked {
    let ages = parts().filter_map(|(name, date)| Some((age(date, now)?, name)));
    let oldest = ages.max();
    Looked {
        what: "knowledge",
        name: Text::new("knowledge", "connaissances"),
        state: if oldest.is_some_and(|(days, _)| days > knowledge::OLD) { State::Lacking } else { State::Good },
        found: match oldest {
            None => Text::new("without dates", "sans dates"),
            // The clock is the one that is wrong, and is told so.
            Some((..0, _)) => Text::new("newer than the clock", "plus récentes que l’horloge"),
            Some((days, name)) => Text::new(
                format!("oldest part {name}, {days} days"),
                format!("partie la plus ancienne : {name}, {days} jours"),
            ),
        },
        purpose: Text::new(
            "countries of addresses, suffixes of domains, outlets and rules change within a year",
            "pays des adresses, suffixes de domaines, médias et règles changent en un an",
        ),
        mend: Text::new(
            "use a newer vigie, or `vigie knowledge import` a newer file; `vigie knowledge` shows each part",
            "prenez un vigie plus récent, ou importez un fichier plus récent par `vigie knowledge import` ; `vigie knowledge` montre chaque partie",
        ),
    }
}

fn browser() -> Looked {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let paths: Vec<PathBuf> = std::env::var_os("PATH").map(|p| std::env::split_paths(&p).collect()).unwrap_or_default();
    let found = paths.iter().flat_map(|p| names.iter().map(move |n| p.join(n))).find(|p| p.is_file());
    Looked {
        what: "browser",
        name: Text::new("browser", "navigateur"),
        state: if found.is_some() { State::Good } else { State::Lacking },
        found: found.map_or(Text::new("no Chromium", "pas de Chromium"), |p| Text::same(p.display().to_string())),
        purpose: Text::new(
            "`vigie site` sees with it what a page loads before anybody consents",
            "`vigie site` voit avec lui ce qu’une page charge avant tout consentement",
        ),
        mend: Text::new("install Chromium (`apt install chromium`)", "installez Chromium (`apt install chromium`)"),
    }
}

/// Bytes for people.
fn size(bytes: u64) -> Text {
    match bytes >> 30 {
        0 => Text::new(format!("{} MiB", bytes >> 20), format!("{} Mio", bytes >> 20)),
        gib => Text::new(format!("{gib} GiB"), format!("{gib} Gio")),
    }
}

/// Whether nothing but the version is asked for; the parser would print it without `--json`.
pub fn asked_for_version(arguments: &[std::ffi::OsString]) -> Option<Global> {
    let has = |word: &str| arguments.iter().any(|a| a == word);
    let only = arguments.iter().all(|a| ["--version", "-V", "--json"].iter().any(|known| a == known));
    ((has("--version") || has("-V")) && only).then(|| Global {
        json: has("--json"),
        lang: None::<Lang>,
        at: None,
        fail_on: None,
    })
}
