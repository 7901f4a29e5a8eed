//! What a case says of names, and the lists of indicators it names.

use super::indicators::{self, Indicator};
use model::{Argument, Config, Day, Domain, Files, Loaded, Paths, Result, Settings as _, Unless};
use serde::Deserialize;

model::settings! {
    /// What a case says of names.
    pub struct Settings in "names", "Domain names", "Noms de domaine" {
        allow: Vec<Domain> = "[]",
            "domains that imitate nobody: one's own others, partners'",
            "domaines qui n’imitent personne : les autres siens, ceux de partenaires";
        popular: Vec<String> = "[]",
            "popular domains; being one speaks against a finding",
            "domaines populaires ; en être un parle contre un constat";
        known: Indicators = "[]",
            "indicators: tables of name, source, what, when, reference (the program fills it from `indicators`)",
            "indicateurs : tables de name, source, what, when, reference (remplies par le programme d’après `indicators`)";
        indicators: Paths = "[]",
            "files or folders of indicators, beside case.toml: STIX 2.1, MISP, Maltrail, CSV, plain lists",
            "fichiers ou dossiers d’indicateurs, à côté de case.toml : STIX 2.1, MISP, Maltrail, CSV, listes simples",
            files: Some(&FILES), options: &[Argument {
                name: "indicators",
                value: Some("FILE"),
                help: (
                    "Names believed bad: a STIX bundle, MISP event, Maltrail list, CSV or plain list, or a folder of them (repeatable)",
                    "Noms réputés mauvais : lot STIX, évènement MISP, liste Maltrail, CSV ou liste simple, ou un dossier de tels fichiers (répétable)",
                ),
                many: true,
                conflicts: &["no-indicators"],
                ..Argument::PLAIN
            }];
        no_indicators: bool = "false",
            "judge without indicators and without any list of popular or allowed domains",
            "juger sans indicateurs et sans aucune liste de domaines populaires ou admis",
            options: &[Argument {
                name: "no-indicators",
                help: (
                    "Judge names without indicators and without lists of popular or allowed names",
                    "Juger les noms sans indicateurs ni listes de noms populaires ou admis",
                ),
                ..Argument::PLAIN
            }];
        flood: u32 = "1000",
            "look-alikes of one thing by one technique that are told one by one; the others are one finding (`names/flood`)",
            "sosies d’une même chose par une même technique dits un par un ; les autres font un seul constat (`names/flood`)";
        since: Unless<Day> = "\"\"",
            "the day the campaign began (ISO 8601): older domains do not imitate it; two years before the vote where unset",
            "le jour où la campagne a commencé (ISO 8601) : un domaine plus ancien ne l’imite pas ; à défaut, deux ans avant le scrutin";
    }
}

static FILES: Files = Files {
    what: "indicators",
    form: "STIX 2.1 bundles, MISP events, Maltrail lists, CSV with a column `domain`, and plain lists are read; \
           `[names] indicators` in case.toml and `--indicators` name files, or folders of them",
    most: 256 << 20,
    // A MISP feed is a folder with a manifest that holds no names.
    aside: &["manifest.json", "hashes.csv"],
    evidence: None,
    deep: false,
    seals: false,
    load,
};

/// Adds indicators to a configuration, beside those it tells.
fn load(config: &mut Config, files: &mut dyn Iterator<Item = Result<Loaded>>) -> Result<()> {
    let settings: Settings = config.settings()?;
    if settings.no_indicators {
        return Ok(());
    }
    let more = FILES.rows(files, |file| Ok(indicators::parse(&file.bytes, &file.name)))?;
    let all = settings.known.into_iter().chain(more).collect();
    config.set(Settings::TABLE.name, "known", indicators::pack(all));
    Ok(())
}

/// Indicators in a configuration: tables as people write them, or one text as the program packs them.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(untagged, expecting = "tables of name, source, what, when, reference")]
pub enum Indicators {
    /// One text ([`indicators::pack`]).
    Packed(String),
    /// Tables.
    Tables(Vec<Indicator>),
}

impl Indicators {
    /// None.
    pub const NONE: Indicators = Indicators::Tables(Vec::new());
}

impl IntoIterator for Indicators {
    type Item = Indicator;
    type IntoIter = std::vec::IntoIter<Indicator>;
    fn into_iter(self) -> Self::IntoIter {
        match self {
            Indicators::Packed(text) => indicators::unpack(&text).collect::<Vec<_>>(),
            Indicators::Tables(all) => all,
        }
        .into_iter()
    }
}
