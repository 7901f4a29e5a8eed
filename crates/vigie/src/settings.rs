//! The configuration: from `case.toml`, a file like it, or options that say the same.

use crate::cli::{Init, Settings};
use model::{Config, Error, Lang, Result};
use sensors::origin::Origin;
use std::fs;
use std::path::{Path, PathBuf};

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
}

/// What the options of `check` and `read` say.
pub fn from_options(options: &Settings) -> Result<Configured> {
    let file = options.config.clone().or_else(|| options.case.as_ref().map(|d| d.join("case.toml")));
    let mut config = match &file {
        Some(path) => parse(path)?,
        None => (Config::default(), None),
    };
    let c = &mut config.0;
    c.protect.domains.extend(options.protect.iter().cloned());
    c.protect.people.extend(options.protect_name.iter().cloned());
    if let Some(zone) = &options.zone {
        c.election.zone = zone.clone();
    }
    if let Some(year) = options.year {
        c.kinds.entry("auth_log".into()).or_default().insert("year".into(), i64::from(year).into());
    }
    if options.no_indicators {
        c.kinds.entry("names".into()).or_default().insert("no_indicators".into(), true.into());
    }
    let mut databases = databases(c, file.as_deref().and_then(Path::parent))?;
    databases.extend(options.mmdb.iter().cloned());
    configured(config, &databases)
}

/// What a case says.
pub fn from_case(dir: &Path) -> Result<Configured> {
    let config = parse(&dir.join("case.toml"))?;
    let databases = databases(&config.0, Some(dir))?;
    configured(config, &databases)
}

fn parse(path: &Path) -> Result<(Config, Option<Lang>)> {
    let wrong = |what: &str| Error::new(format!("could not {what} `{}`", path.display()));
    let text = fs::read_to_string(path).map_err(|e| wrong("read").because(e))?;
    let table: toml::Table = text
        .parse()
        .map_err(|e: toml::de::Error| wrong("understand").because(e).hint("case.toml is written in TOML: toml.io"))?;
    let told = table.contains_key("lang");
    let config: Config = table.try_into().map_err(|e: toml::de::Error| {
        wrong("understand").because(e).hint("`vigie explain` lists the tables and keys; `vigie init` writes an example")
    })?;
    let lang = told.then_some(config.lang);
    Ok((config, lang))
}

/// `[origin] mmdb`: a file name or a list of them, beside the configuration where they are not absolute.
fn databases(config: &Config, beside: Option<&Path>) -> Result<Vec<PathBuf>> {
    let names: Vec<&str> = match config.kinds.get("origin").and_then(|t| t.get("mmdb")) {
        None => return Ok(Vec::new()),
        Some(toml::Value::String(one)) => vec![one],
        Some(toml::Value::Array(many)) => many.iter().filter_map(|v| v.as_str()).collect(),
        Some(_) => {
            return Err(Error::new("`[origin] mmdb` in the configuration is not usable")
                .hint("write `mmdb = [\"country.mmdb\", \"asn.mmdb\"]`"));
        }
    };
    Ok(names.into_iter().map(|n| beside.map_or_else(|| n.into(), |d| d.join(n))).collect())
}

fn configured((config, lang): (Config, Option<Lang>), databases: &[PathBuf]) -> Result<Configured> {
    config.zone()?;
    let mut origins = Origin::default();
    let mut digest = store::Hash::default();
    for path in databases {
        let name = path.file_name().map_or_else(|| path.to_string_lossy(), |n| n.to_string_lossy());
        let bytes = fs::read(path).map_err(|e| {
            Error::new(format!("could not read `{}`", path.display())).because(e).hint("`--mmdb` takes MMDB files")
        })?;
        digest = store::hash_of([&digest[..], name.as_bytes(), &bytes]);
        origins.add_mmdb(&name, bytes)?;
    }
    Ok(Configured { config, lang, origins, origins_digest: digest })
}

/// The text of a new case's `case.toml`, every key explained.
pub fn template(answers: &Init, lang: Lang) -> String {
    let text = |s: &str| toml::Value::from(s).to_string();
    let list = |l: &[String]| toml::Value::from(l.to_vec()).to_string();
    let (name, zone) = (answers.name.as_deref().unwrap_or(""), answers.zone.as_deref().unwrap_or(""));
    let mut out = format!(
        "# {}\n\nname = {}\n# en, fr\nlang = \"{}\"\n\n[protect]\n# {}\ndomains = {}\n# {}\nmail_domains = []\n# {}\n\
         people = {}\n# {}\nvocabulary = []\n# {}\nnetworks = []\n\n[election]\nname = \"\"\n# {}\ndays = {}\n# {}\n\
         zone = {}\n\n# {}\n# [origin]\n# mmdb = [\"country.mmdb\", \"asn.mmdb\"]\n",
        lang.of("Whom this case protects. Read by `vigie run`.", "Qui ce dossier protège. Lu par `vigie run`."),
        text(name),
        lang.of("en", "fr"),
        lang.of("our web domains", "nos domaines web"),
        list(&answers.protect),
        lang.of("our mail domains, where they differ", "nos domaines de courriel, s’ils sont autres"),
        lang.of("people in view, \"First Last\"", "les personnes en vue, « Prénom Nom »"),
        list(&answers.protect_name),
        lang.of("the campaign's words: name, slogans", "les mots de la campagne : nom, slogans"),
        lang.of(
            "our own networks (offices, monitoring, proxies) as CIDR",
            "nos propres réseaux (bureaux, supervision, mandataires), en CIDR"
        ),
        lang.of("days of the vote, \"2027-04-11\"", "jours du vote, « 2027-04-11 »"),
        list(&answers.day),
        lang.of(
            "days and hours are counted in this zone, \"Europe/Paris\"",
            "jours et heures sont comptés dans ce fuseau, « Europe/Paris »"
        ),
        text(zone),
        lang.of("better data on where addresses come from", "de meilleures données sur l’origine des adresses"),
    );
    for sensor in sensors::SENSORS.iter().filter(|s| !s.settings().is_empty()) {
        out += &format!("\n# {}\n# [{}]\n", sensor.title().get(lang), sensor.name());
        for setting in sensor.settings() {
            out += &format!("# {}\n# {} = {}\n", setting.text().get(lang), setting.name, setting.default);
        }
    }
    out
}
