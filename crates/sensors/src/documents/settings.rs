//! What a case says of documents, and the originals it names.

use super::known::{self, Known};
use model::{Argument, Config, Files, Loaded, Paths, Result, Settings as _};
use serde::Deserialize;

/// The key by which every file is a document.
const EVERY: &str = "every_file";

model::settings! {
    /// What a case says of documents.
    pub struct Settings in "documents", "Documents", "Documents" {
        originals: Paths = "[]",
            "files or folders of originals, and logs of seals, that documents are held against; the case's own log counts",
            "fichiers ou dossiers d’originaux, et journaux de scellés, auxquels comparer les documents ; celui du dossier compte",
            files: Some(&FILES), options: &[Argument {
                name: "originals",
                value: Some("PATH"),
                help: (
                    "Originals to hold documents against: a folder, a file or a log of seals; `./seals` counts where it is (repeatable)",
                    "Originaux auxquels comparer les documents : dossier, fichier ou journal de scellés ; `./seals` compte s’il existe (répétable)",
                ),
                many: true,
                ..Argument::PLAIN
            }];
        known: Vec<Told> = "[]",
            "originals told as text: tables of name and text",
            "originaux donnés en texte : tables de name et text";
        leaked: Vec<String> = "[]",
            "what came out: beginnings or ends of names of evidence; unasked, what a torrent of the case lists, and archives with copies of originals",
            "ce qui a fuité : débuts ou fins de noms de pièces ; sans cela, ce qu’un torrent du dossier énumère et les archives avec copies d’originaux",
            options: &[Argument {
                name: "leaked",
                value: Some("NAME"),
                help: (
                    "Evidence that came out, by the beginning or end of its name: letters in it are judged, the theft is dated (repeatable)",
                    "Pièces qui ont fuité, par début ou fin de nom : leurs courriels sont jugés, le vol est daté (répétable)",
                ),
                many: true,
                ..Argument::PLAIN
            }];
        every_file: bool = "false",
            "every file that no other kind knows is a document; unasked, where originals or seals are held against it or `leaked` is said",
            "tout fichier qu’aucun autre type ne connaît est un document ; sans cela, s’il y a des originaux, des scellés ou `leaked`";
        excluded: Vec<String> = "[]",
            "of what nothing is told, in the brief and in every export (protection of sources): names, SHA-256, Message-IDs",
            "ce dont rien n’est dit, ni dans la note ni dans aucun export (protection des sources) : noms, SHA-256, Message-ID";
        published_keys: Vec<String> = "[]",
            "DKIM keys whose private half was published, which prove nothing: `selector._domainkey.domain`",
            "clefs DKIM dont la moitié privée a été publiée, qui ne prouvent rien : `selector._domainkey.domain`";
        decoys: Vec<String> = "[]",
            "planted decoys: names of files, SHA-256, or words that stand in nothing else",
            "leurres déposés : noms de fichiers, SHA-256, ou mots qui ne figurent nulle part ailleurs";
        burst_minutes: u32 = "20",
            "minutes within which many documents saved by one hand are a burst",
            "minutes en deçà desquelles de nombreux documents enregistrés par une même main font une rafale";
        burst_documents: u32 = "6",
            "how many documents make a burst",
            "combien de documents font une rafale";
    }
}

/// An original told as text.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// Its name.
    pub name: String,
    /// What it says, a paragraph a line.
    pub text: String,
}

/// Whether every file that no other kind knows is a document. A log nobody understands is a gap in a case of attacks and a member
/// like any other in a leak.
pub fn every_file(config: &Config) -> bool {
    let Some(table) = config.kinds.get(Settings::TABLE.name) else { return false };
    let said = |key: &str| table.get(key).and_then(toml::Value::as_array).is_some_and(|all| !all.is_empty());
    table.get(EVERY).and_then(toml::Value::as_bool).unwrap_or_else(|| said("known") || said("leaked"))
}

static FILES: Files = Files {
    what: "originals",
    form: "folders of documents, documents, archives and mailboxes are read, and logs that `vigie seal` made; \
           `[documents] originals` in case.toml and `--originals` name them",
    most: 256 << 20,
    aside: &[],
    evidence: None,
    deep: true,
    seals: true,
    load,
};

/// Adds originals to a configuration, beside those it tells. What cannot be read of a folder is noted; what was named itself
/// must be there.
fn load(config: &mut Config, files: &mut dyn Iterator<Item = Result<Loaded>>) -> Result<()> {
    let mut all = Vec::new();
    for file in files {
        all.extend(Known::read(file?, &mut config.unread));
    }
    if all.is_empty() && !config.unread.is_empty() {
        let (name, reason) = &config.unread[0];
        return Err(FILES.wrong(name).because(reason.clone()));
    }
    config.unread.sort();
    if config.kinds.get(Settings::TABLE.name).is_none_or(|table| !table.contains_key(EVERY)) {
        config.set(Settings::TABLE.name, EVERY, true);
    }
    config.attached.entry(Settings::TABLE.name).or_default().extend(all.iter().map(known::pack));
    Ok(())
}
