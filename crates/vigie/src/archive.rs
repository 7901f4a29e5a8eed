//! What `vigie keys fetch` brought into a case, as the archive that its mail is judged by.
//!
//! You may rely on: it comes from the evidence itself, so it is verified, forgotten and replayed like any other; what
//! is added or forgotten changes the configuration, and mail is judged again. Left out: files that `[mail] records`
//! names.

use crate::commands::keys::NAME;
use model::{Config, Error, Result};
use std::io::Read;
use std::path::Path;
use store::{Case, Place};

/// Bytes of one fetch, at most; a thousand domains have about 20 MB.
const LONGEST: u64 = 256 << 20;

/// Adds the answers that a case holds to those its configuration names.
pub fn keys_into(config: &mut Config, dir: &Path) -> Result<()> {
    let case = Case::look(dir)?;
    let mut texts = Vec::new();
    for kept in case.register()? {
        if kept.place == Place::Nowhere || !kept.evidence.path.starts_with(&format!("collect/{NAME}-")) {
            continue;
        }
        let wrong = |e| Error::new(format!("could not read `{}`", kept.evidence.path)).because(e);
        let (mut text, file) = (String::new(), case.bytes_of(&kept).map_err(wrong)?);
        file.take(LONGEST).read_to_string(&mut text).map_err(wrong)?;
        texts.push(toml::Value::from(text));
    }
    if !texts.is_empty() {
        let table = config.kinds.entry("mail".into()).or_default();
        if let toml::Value::Array(all) = table.entry("answers").or_insert(toml::Value::Array(Vec::new())) {
            all.extend(texts);
        }
    }
    Ok(())
}
