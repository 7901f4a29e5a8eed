//! Sigma rules that users bring (`--sigma PATH`, `[sigma] rules`): run as they are over every event that a reader of a log
//! shows, before it folds events into runs.
//!
//! You may rely on: every event that is read is asked, in every kind of log; a rule that cannot be run is named with the reason
//! beside the evidence; where no rule was brought, nothing is done. What a rule asks is the kernel's (crate `sigma`). Left out:
//! evidence without fields (documents, mail, posts).
//!
//! What is observed: events that fired a rule (`rows::sigma::Match`), by the evidence that they stand in.

pub(crate) mod listen;
mod rule;

use crate::input::Input;
use crate::{Detector, Sensor};
use ::sigma::Collection;
pub(crate) use listen::heard;
use model::{Argument, Config, Context, Error, Files, Loaded, Result, Settings as _, Sink, Table, Unless};
use rows::Shape;
use rows::sigma::Match;
use serde::Deserialize;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex};

/// Rules that users bring.
pub struct Sigma;

model::settings! {
    /// Rules that a case brings.
    pub struct Settings in "sigma", "Sigma rules of yours", "Vos règles Sigma" {
        rules: model::Paths = "[]",
            "files or folders of Sigma rules, beside case.toml, that are run over all logs",
            "fichiers ou dossiers de règles Sigma, à côté de case.toml, appliquées à tous les journaux",
            files: Some(&FILES), options: &[Argument {
                name: "sigma",
                value: Some("PATH"),
                help: (
                    "Sigma rules to run over all logs: a file, or a folder with folders in it (repeatable)",
                    "Règles Sigma à appliquer à tous les journaux : un fichier, ou un dossier et ses sous-dossiers (répétable)",
                ),
                many: true,
                ..Argument::PLAIN
            }];
        told: Vec<Rules> = "[]",
            "rules told as text: tables of name and text",
            "règles données en texte : tables de name et text";
        why: Unless<Place> = "\"\"",
            "a line, or a record's number, of which it is said why each rule fires on it or does not",
            "une ligne, ou le numéro d’un enregistrement, dont il est dit pourquoi chaque règle s’y déclenche ou non",
            options: &[Argument {
                name: "sigma-why",
                value: Some("EVENT"),
                help: (
                    "Say which field would have made each rule fire on this event: a line, or a record's number",
                    "Dire quel champ aurait déclenché chaque règle sur cet évènement : une ligne, ou le numéro d’un enregistrement",
                ),
                check: |text| text.parse::<Place>().map(drop),
                ..Argument::PLAIN
            }];
    }
}

/// A rule told as text.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Its file's name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The number of an event: its line, or the number its writer gave it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place(pub u64);

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Place, String> {
        text.trim()
            .parse()
            .map(Place)
            .map_err(|_| format!("`{text}` is no line and no record's number: write it as `42`"))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

static FILES: Files = Files {
    what: "Sigma rules",
    form: "rules are YAML files (`.yml`, `.yaml`) with `title`, `logsource` and `detection`; a folder stands for all in it",
    most: 1 << 20,
    aside: &[],
    evidence: None,
    deep: true,
    seals: false,
    load,
};

/// Makes rules part of the configuration. In a folder, what is no YAML by its name is left out.
fn load(config: &mut Config, files: &mut dyn Iterator<Item = Result<Loaded>>) -> Result<()> {
    let mut told: Vec<(String, String)> =
        config.settings::<Settings>()?.told.into_iter().map(|t| (t.name, t.text)).collect();
    let (mut path, mut before) = (None, 0);
    let nothing = |path: Option<String>, n: usize, before: usize| match path {
        Some(path) if n == before => Err(FILES.wrong(&path).because("no rule stands in it")),
        _ => Ok(()),
    };
    for file in files {
        let file = match file {
            Ok(file) => file,
            // Of a folder, one file too long or unreadable costs no other: it is named as a rule that is not run.
            Err(e) if before < told.len() => {
                told.push((e.to_string(), "x: [".into()));
                continue;
            }
            Err(e) => return Err(e),
        };
        if path.as_ref() != Some(&file.path) {
            nothing(path.replace(file.path.clone()), told.len(), before)?;
            before = told.len();
        }
        let lower = file.name.to_ascii_lowercase();
        let is_yaml = lower.ends_with(".yml") || lower.ends_with(".yaml");
        if !is_yaml && file.name != file.path {
            continue;
        }
        let text = String::from_utf8(file.bytes).map_err(|e| FILES.wrong(&file.name).because(e.utf8_error()))?;
        told.push((file.name, text));
    }
    nothing(path, told.len(), before)?;
    let told: Vec<toml::Value> = told
        .into_iter()
        .map(|(name, text)| toml::Table::from_iter([("name".into(), name.into()), ("text".into(), text.into())]).into())
        .collect();
    config.set(Settings::TABLE.name, "told", told);
    Sigma.check(config)
}

/// The names and texts of the rules of a configuration, as they stand there: they may be many, and nothing is copied.
fn told(config: &Config) -> impl Iterator<Item = (&str, &str)> + Clone {
    let list = config.kinds.get(Settings::TABLE.name).and_then(|t| t.get("told")).and_then(toml::Value::as_array);
    list.into_iter().flatten().filter_map(|rule| Some((rule.get("name")?.as_str()?, rule.get("text")?.as_str()?)))
}

/// The event that somebody asks about.
fn asked(config: &Config) -> Option<Place> {
    let why = config.kinds.get(Settings::TABLE.name)?.get("why")?.as_str()?;
    why.parse().ok()
}

/// The rules of a configuration; none where none were brought. Those made last are kept, for a case has many files.
pub fn collection(config: &Config) -> Option<Arc<Collection>> {
    type Last = (Vec<(String, String)>, Arc<Collection>);
    static LAST: Mutex<Option<Last>> = Mutex::new(None);
    told(config).next()?;
    let mut last = LAST.lock().unwrap_or_else(|e| e.into_inner());
    if let Some((known, made)) = &*last
        && known.iter().map(|(name, text)| (name.as_str(), text.as_str())).eq(told(config))
    {
        return Some(made.clone());
    }
    let made = Arc::new(Collection::read(told(config)));
    let texts = told(config).map(|(name, text)| (name.into(), text.into())).collect();
    *last = Some((texts, made.clone()));
    Some(made)
}

impl Sensor for Sigma {
    fn name(&self) -> &'static str {
        Settings::TABLE.name
    }

    fn formats(&self) -> &'static [&'static str] {
        &["nothing of its own: rules are run over the events of all logs"]
    }

    fn recognise(&self, _head: &[u8], _context: &Context) -> u8 {
        0
    }

    fn read(&self, _input: &mut Input, _context: &Context, _out: &mut dyn Sink) -> Result<()> {
        Ok(())
    }

    fn settings(&self) -> &'static Table {
        Settings::TABLE
    }

    /// Where rules were brought, one at least must be run.
    fn check(&self, config: &Config) -> Result<()> {
        let Some(all) = collection(config) else { return Ok(()) };
        if !all.rules.is_empty() || all.refused.is_empty() {
            return Ok(());
        }
        let first = &all.refused[0];
        Err(Error::new(format!("none of the Sigma rules can be run, first `{}`", first.about.id))
            .because(first.why.clone()))
    }

    fn explain(&self, name: &str, config: &Config) -> Result<Option<String>> {
        let Some(all) = collection(config) else { return Ok(None) };
        let refused = all.refused.iter().find(|r| r.about.is(name) || r.about.title == name);
        if let Some(refused) = refused {
            return Ok(Some(format!("this rule is not run: {}\nfile: {}", refused.why, refused.about.file)));
        }
        Ok(all.find(name).map(|(about, text)| format!("# {}\n\n{}", about.file, text.trim_end())))
    }

    fn shapes(&self) -> &'static [Shape] {
        const SHAPES: &[Shape] = &[Shape::observed::<Match>()];
        SHAPES
    }

    fn detectors(&self) -> &'static [&'static dyn Detector] {
        &[&rule::RuleDetector]
    }
}

#[cfg(test)]
mod tests;
