//! The configuration: from `case.toml`, a file like it, or options that say the same.

use crate::cli::{Init, Settings};
use model::{Budget, Config, Error, Lang, Result};
use sensors::input::Input;
use sensors::mail::setup as mail;
use sensors::names::indicators::{self, Indicator};
use sensors::names::setup;
use sensors::origin::Origin;
use sensors::posts::outlets;
use sensors::posts::platforms::short;
use std::fs::{self, File};
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
    let beside = file.as_deref().and_then(Path::parent);
    indicators_into(c, beside, &options.indicators)?;
    archives_into(c, beside, options)?;
    outlets_into(c, beside)?;
    short_into(c, beside)?;
    let mut databases = databases(c, beside)?;
    databases.extend(options.mmdb.iter().cloned());
    configured(config, &databases)
}

/// What a case says.
pub fn from_case(dir: &Path) -> Result<Configured> {
    let mut config = parse(&dir.join("case.toml"))?;
    indicators_into(&mut config.0, Some(dir), &[])?;
    records_into(&mut config.0, Some(dir), &[])?;
    outlets_into(&mut config.0, Some(dir))?;
    short_into(&mut config.0, Some(dir))?;
    let databases = databases(&config.0, Some(dir))?;
    crate::archive::keys_into(&mut config.0, dir)?;
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

/// Largest file of indicators, decompressed.
const INDICATORS_MAX: usize = 256 << 20;

/// Reads the files of indicators that the configuration (`[names] indicators`, beside it) and the options name. What
/// they say becomes part of the configuration, so that evidence meets a changed list again.
fn indicators_into(config: &mut Config, beside: Option<&Path>, options: &[PathBuf]) -> Result<()> {
    if config.kinds.get("names").and_then(|t| t.get("no_indicators")).and_then(|v| v.as_bool()) == Some(true) {
        return Ok(());
    }
    let named = setup::files(config)?.into_iter().map(|n| beside.map_or_else(|| n.clone().into(), |d| d.join(&n)));
    let mut all = Vec::new();
    for path in named.chain(options.iter().cloned()) {
        let mut found = Vec::new();
        for file in files_of(&path).map_err(|e| unread(&path).because(e))? {
            found.extend(indicators_of(&file)?);
        }
        if found.is_empty() {
            return Err(Error::new(format!("`{}` holds no indicator that is a domain name", path.display())).hint(
                "STIX 2.1 bundles, MISP events, Maltrail lists, CSV with a column `domain`, and plain lists are read",
            ));
        }
        all.extend(found);
    }
    if all.is_empty() { Ok(()) } else { setup::tell(config, all) }
}

/// Reads the DNS answers that `[mail] records` and the options name; they become part of the configuration as indicators
/// do.
fn records_into(config: &mut Config, beside: Option<&Path>, options: &[PathBuf]) -> Result<()> {
    let mut texts = Vec::new();
    let named = mail::files(config)?.into_iter().map(|n| beside.map_or_else(|| n.clone().into(), |d| d.join(&n)));
    for path in named.chain(options.iter().cloned()) {
        texts.push(fs::read_to_string(&path).map_err(|e| {
            Error::new(format!("could not read DNS answers from `{}`", path.display()))
                .because(e)
                .hint("JSON lines as `vigie keys fetch` writes them, or a zone file; `[mail] records` names files beside case.toml")
        })?);
    }
    if !texts.is_empty() {
        mail::tell(config, texts);
    }
    Ok(())
}

/// Reads the DNS answers of the configuration, of `--records`, of the folders of `--keys` and of the cases it names.
fn archives_into(config: &mut Config, beside: Option<&Path>, options: &Settings) -> Result<()> {
    let (cases, folders): (Vec<_>, Vec<_>) =
        options.keys.iter().chain(&options.case).partition(|d| d.join("case.toml").exists());
    let mut files = options.records.clone();
    for folder in folders {
        files.extend(files_of(folder).map_err(|e| {
            Error::new(format!("could not read the keys in `{}`", folder.display()))
                .because(e)
                .hint("`--keys` names a folder of DNS answers, or a case that `vigie keys fetch` filled")
        })?);
    }
    records_into(config, beside, &files)?;
    cases.into_iter().try_for_each(|dir| crate::archive::keys_into(config, dir))
}

/// Reads the lists of classified outlets that `[posts] outlets` names; they become part of the configuration.
fn outlets_into(config: &mut Config, beside: Option<&Path>) -> Result<()> {
    let mut all = Vec::new();
    for name in outlets::files(config)? {
        let path = beside.map_or_else(|| PathBuf::from(&name), |d| d.join(&name));
        let wrong = || Error::new(format!("could not read classified outlets from `{}`", path.display()));
        let told = outlets::parse(&fs::read_to_string(&path).map_err(|e| wrong().because(e))?);
        if told.is_empty() {
            return Err(wrong().hint("a CSV with the columns domain, who, what, reference is read"));
        }
        all.extend(told);
    }
    if all.is_empty() { Ok(()) } else { outlets::tell(config, all) }
}

/// Reads the maps of short links that `[posts] shortened` names; they become part of the configuration.
fn short_into(config: &mut Config, beside: Option<&Path>) -> Result<()> {
    let mut all = Vec::new();
    for name in short::files(config)? {
        let path = beside.map_or_else(|| PathBuf::from(&name), |d| d.join(&name));
        let wrong = || Error::new(format!("could not read short links from `{}`", path.display()));
        let pairs = short::pairs(&fs::read_to_string(&path).map_err(|e| wrong().because(e))?);
        if pairs.is_empty() {
            return Err(wrong().hint("a CSV with the columns short, long is read"));
        }
        all.extend(pairs);
    }
    if all.is_empty() { Ok(()) } else { short::tell(config, all) }
}

fn unread(path: &Path) -> Error {
    Error::new(format!("could not read indicators from `{}`", path.display()))
        .hint("`[names] indicators` in case.toml and `--indicators` name files, or folders of them")
}

/// A file, or those of a folder (a MISP feed is one, with a manifest that holds no names).
fn files_of(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut all = fs::read_dir(path)?.map(|e| e.map(|e| e.path())).collect::<std::io::Result<Vec<_>>>()?;
    all.retain(|p| p.is_file() && !["manifest.json", "hashes.csv"].iter().any(|n| p.ends_with(n)));
    all.sort();
    Ok(all)
}

fn indicators_of(path: &Path) -> Result<Vec<Indicator>> {
    let failed = |e: std::io::Error| unread(path).because(e);
    // Lists come compressed, too.
    let mut input = Input::open(Box::new(File::open(path).map_err(failed)?), Budget::default()).map_err(failed)?;
    let mut bytes = Vec::new();
    let mut block = vec![0; 1 << 20];
    loop {
        let n = input.fill(&mut block).map_err(failed)?;
        bytes.extend_from_slice(&block[..n]);
        if n == 0 {
            break;
        }
        if bytes.len() > INDICATORS_MAX {
            return Err(unread(path).because("larger than 256 MiB"));
        }
    }
    let name = path.file_name().map_or_else(|| "?".into(), |n| n.to_string_lossy());
    Ok(indicators::parse(&bytes, &name))
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
