//! What the measurements of names share: the lists they read and the half that is held back.

use std::path::Path;

/// Outlets and public bodies that Doppelganger and its kin are publicly reported to copy.
pub const OUTLETS: &str = "spiegel.de bild.de welt.de faz.net sueddeutsche.de t-online.de n-tv.de tagesspiegel.de stern.de \
    nd-aktuell.de zeit.de morgenpost.de focus.de lemonde.fr lefigaro.fr leparisien.fr liberation.fr 20minutes.fr \
    diplomatie.gouv.fr lepoint.fr mediapart.fr theguardian.com dailymail.co.uk telegraph.co.uk bbc.co.uk ansa.it \
    repubblica.it corriere.it delfi.lv lsm.lv delfi.lt rbc.ua unian.net obozrevatel.com kyivpost.com \
    ukrinform.ua washingtonpost.com foxnews.com reuters.com nytimes.com thegrio.com forward.com politico.eu \
    politico.com walla.co.il mako.co.il haaretz.com ynet.co.il hurriyet.com.tr polskieradio.pl onet.pl wp.pl elpais.com \
    elmundo.es nato.int bmi.bund.de gouvernement.fr euronews.com france24.com tf1info.fr rtbf.be lesoir.be nzz.ch \
    blick.ch lavanguardia.com usatoday.com";

/// A text of the data; empty where it is not there.
pub fn read(root: &Path, path: &str) -> String {
    std::fs::read_to_string(root.join(path)).unwrap_or_default()
}

/// The strings of a MISP warning list.
pub fn list(root: &Path, name: &str) -> Vec<String> {
    let value: serde_json::Value =
        serde_json::from_str(&read(root, &format!("misp-warninglists/{name}/list.json"))).unwrap_or_default();
    let all = value["list"].as_array().cloned().unwrap_or_default();
    all.iter().filter_map(|v| v.as_str()).map(|s| s.trim_start_matches('.').to_lowercase()).collect()
}

/// Whether a name is of the half that is held back.
pub fn is_odd(name: &str) -> bool {
    let hash = model::hash::fnv1a(name.bytes());
    // The low bit of FNV-1a is the parity of the bytes: take one that all of them reach.
    (hash >> 32) & 1 == 1
}

/// The label of a domain that was registered.
pub fn label(domain: &str) -> &str {
    knowledge::suffixes::registrable(domain).and_then(|d| d.split('.').next()).unwrap_or("")
}
