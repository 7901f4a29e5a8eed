//! What a case says of minutes and results, and the map that it names.

use model::{Files, Paths, Result, Settings as _};

model::settings! {
    /// What a case says of minutes and results.
    pub struct Settings in "station_minutes", "Station minutes and results", "Procès-verbaux et résultats" {
        minutes: Vec<String> = "[]",
            "names of files that are minutes, or parts of them: `night/pv-`",
            "noms de fichiers qui sont des procès-verbaux, ou parties de ces noms : « nuit/pv- »";
        map: Paths = "[]",
            "a map of areas, beside case.toml: GeoJSON whose features have the areas' codes or names among their properties",
            "une carte des zones, à côté de case.toml : GeoJSON dont les objets portent le code ou le nom de la zone parmi leurs propriétés",
            files: Some(&MAP);
    }
}

static MAP: Files = Files {
    what: "a map",
    form: "a GeoJSON file (RFC 7946) with a FeatureCollection of polygons is read",
    most: 32 << 20,
    aside: &[],
    evidence: None,
    deep: false,
    seals: false,
    load: |config, files| {
        let all = files.collect::<Result<Vec<_>>>()?;
        for file in &all {
            let json: serde_json::Value =
                serde_json::from_slice(&file.bytes).map_err(|e| MAP.wrong(&file.path).because(e))?;
            if !json["features"].is_array() {
                return Err(MAP.wrong(&file.path).because("there are no features in it"));
            }
        }
        config.attached.insert(Settings::TABLE.name, all);
        Ok(())
    },
};
