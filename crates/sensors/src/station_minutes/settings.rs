//! What a case says of minutes and results, and the map that it names.

use model::{Error, Files, Paths, Result, Settings as _};

model::settings! {
    /// What a case says of minutes and results.
    pub struct Settings in "station_minutes", "Station minutes and results", "Procès-verbaux et résultats" {
        minutes: Vec<String> = "[]",
            "names of files that are minutes, or parts of them: `night/pv-`",
            "noms de fichiers qui sont des procès-verbaux, ou parties de ces noms : « nuit/pv- »";
        audit_method: String = "\"bravo\"",
            "how the risk of an audit's rounds is measured: bravo, or alpha, which learns from round to round",
            "mesure du risque des tours d’un audit : bravo, ou alpha, qui apprend d’un tour à l’autre";
        audit_seed: String = "\"\"",
            "the public seed by which stations were drawn to be counted again (`vigie recount --seed`)",
            "la graine publique par laquelle les bureaux à recompter ont été tirés (`vigie recount --seed`)";
        audit_draws: u32 = "50",
            "how many draws that were",
            "nombre de ces tirages";
        risk_limit: String = "\"0.05\"",
            "the largest chance of confirming a wrong outcome",
            "la plus grande chance de confirmer un résultat faux";
        map: Paths = "[]",
            "a map of areas, beside case.toml: GeoJSON whose features have the areas' codes or names among their properties",
            "une carte des zones, à côté de case.toml : GeoJSON dont les objets portent le code ou le nom de la zone parmi leurs propriétés",
            files: Some(&MAP);
    }
}

impl Settings {
    /// The risk limit; an error where it is none, or the method is not known.
    pub fn limit(&self) -> Result<f64> {
        if !matches!(self.audit_method.as_str(), "bravo" | "alpha") {
            return Err(Error::new(format!("`{}` is no method of auditing", self.audit_method)).hint("bravo or alpha"));
        }
        let limit = self.risk_limit.trim().parse().ok().filter(|p: &f64| *p > 0.0 && *p < 1.0);
        limit.ok_or_else(|| {
            Error::new(format!("`{}` is no risk limit", self.risk_limit))
                .hint("a number between 0 and 1, such as \"0.05\"")
        })
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
