//! The configuration: from `case.toml`, a file like it, or options that say the same. Which tables, keys, options and
//! files there are is declared by whom they concern (`model::settings!`); here they are walked.
//!
//! You may rely on: what nobody declared is refused before anything is read, and so is what cannot be used.

mod files;
pub mod options;
mod reference;

pub use reference::{table, template};

use crate::cli::Settings;
use crate::output::{Style, say};
use model::{Config, Error, Lang, Result, Table};
use sensors::SENSORS;
use sensors::origin::Origin;
use std::path::Path;

/// A configuration with what it leads to.
pub struct Configured {
    /// As the sensors see it.
    pub config: Config,
    /// The language it names, if it does.
    pub lang: Option<Lang>,
    /// Where addresses come from.
    pub origins: Origin,
    /// SHA-256 over the databases of addresses: other data, other findings.
    pub origins_digest: store::Hash,
    /// The text it was read from; of options, nothing.
    pub text: String,
}

/// All tables of `case.toml`, in the order of its template.
pub fn tables() -> Vec<&'static Table> {
    let common = model::COMMON.into_iter().chain([<sensors::origin::Settings as model::Settings>::TABLE]);
    let brief = [
        <casework::Settings as model::Settings>::TABLE,
        <casework::story::Settings as model::Settings>::TABLE,
        <law::Settings as model::Settings>::TABLE,
    ];
    common.chain(SENSORS.iter().map(|s| s.settings())).chain(brief).collect()
}

/// What the options of `check` and `read` say.
pub fn from_options(options: &Settings) -> Result<Configured> {
    let file = options.config.clone().or_else(|| options.case.as_ref().map(|d| d.join("case.toml")));
    let mut given = match &file {
        Some(path) => parse(path, &read(path)?)?,
        None => toml::Table::new(),
    };
    options.declared.tell(&mut given)?;
    let beside = file.as_deref().and_then(Path::parent);
    configured(
        given,
        &files::Sources { beside, options: &options.declared, case: options.case.as_deref(), judges: true },
    )
}

/// What a case says, for whoever judges its evidence anew.
pub fn from_case_to_judge(dir: &Path) -> Result<Configured> {
    of_case(dir, true)
}

/// What a case says, for whoever looks at it. Originals are not opened: there may be a hundred thousand.
pub fn from_case(dir: &Path) -> Result<Configured> {
    of_case(dir, false)
}

fn of_case(dir: &Path, judges: bool) -> Result<Configured> {
    let text = store::Case::settings_of(dir)?;
    let given = parse(&dir.join("case.toml"), &text)?;
    let none = options::Declared::default();
    let configured = configured(given, &files::Sources { beside: Some(dir), options: &none, case: Some(dir), judges })?;
    Ok(Configured { text, ..configured })
}

/// What was answered to `init`, or nothing; no file is opened.
pub fn from_answers(given: toml::Table) -> Result<Configured> {
    let none = options::Declared::default();
    configured(given, &files::Sources { beside: None, options: &none, case: None, judges: false })
}

/// What a table says, once it is usable; no file that it names is opened.
pub fn checked(given: toml::Table) -> Result<Config> {
    // Where nothing was said, nothing can be unusable, and whoever checks a proof need not wait for it to be looked at.
    let any = !given.is_empty();
    let config = Config::from_table(given, &tables())?;
    SENSORS.iter().filter(|_| any).try_for_each(|s| s.check(&config))?;
    Ok(config)
}

fn read(path: &Path) -> Result<String> {
    let bytes = store::small(path, store::SMALL);
    let text = bytes.and_then(|b| String::from_utf8(b).map_err(std::io::Error::other));
    text.map_err(|e| Error::new(format!("could not read `{}`", path.display())).because(e))
}

fn parse(path: &Path, text: &str) -> Result<toml::Table> {
    let wrong = |what: &str| Error::new(format!("could not {what} `{}`", path.display()));
    let given: toml::Table = text
        .parse()
        .map_err(|e: toml::de::Error| wrong("understand").because(e).hint("case.toml is written in TOML: toml.io"))?;
    // What stands in the file is refused in its name; what options add, in theirs.
    checked(given.clone()).map_err(|e| {
        let hint = e.get_hint().unwrap_or("`vigie explain` lists the tables and keys").to_string();
        wrong("use").because(e).hint(hint)
    })?;
    Ok(given)
}

fn configured(given: toml::Table, sources: &files::Sources) -> Result<Configured> {
    let told = given.contains_key("lang");
    let mut config = checked(given)?;
    let lang = told.then_some(config.lang);
    files::load(&mut config, sources)?;
    let mut origins_digest = store::Hash::default();
    for database in config.attached.values().flatten() {
        origins_digest = store::hash_of([&origins_digest[..], database.name.as_bytes(), &database.bytes]);
    }
    let origins = Origin::of(&mut config)?;
    Ok(Configured { config, lang, origins, origins_digest, text: String::new() })
}

/// Says what was taken for something else than was written.
pub fn say_taken(config: &Config, style: &Style) {
    for (given, taken) in config.taken() {
        if style.json {
            eprintln!(
                "{}",
                model::escape::json(
                    &serde_json::json!({ "note": format!("`{given}` was taken as `{taken}`") }).to_string()
                )
            );
        }
        say(
            style,
            format!("note: `{given}` was taken as `{taken}`"),
            format!("note : `{given}` a été compris comme `{taken}`"),
        );
    }
}
