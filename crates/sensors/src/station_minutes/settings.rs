//! What a case says of minutes and results.

model::settings! {
    /// What a case says of minutes and results.
    pub struct Settings in "station_minutes", "Station minutes and results", "Procès-verbaux et résultats" {
        minutes: Vec<String> = "[]",
            "names of files that are minutes, or parts of them: `night/pv-`",
            "noms de fichiers qui sont des procès-verbaux, ou parties de ces noms : « nuit/pv- »";
    }
}
