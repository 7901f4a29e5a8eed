//! What a follower of something outside remembers between two looks: small texts by name, in `collect/`. They are no
//! evidence and no part of what a brief says; without them one begins anew.

use crate::case::{Case, private_dir};
use crate::io;
use model::{Error, Result};
use std::fs;
use std::path::PathBuf;

impl Case {
    /// Remembers a text; a killed program leaves the old one or the new one.
    pub fn remember(&self, name: &str, text: &str) -> Result<()> {
        let path = self.remembered(name)?;
        private_dir(&self.home()?.join("collect"))?;
        let next = path.with_extension("next");
        let written = fs::write(&next, text).and_then(|()| fs::rename(&next, &path));
        written.map_err(|e| io("write", &path, e))
    }

    /// What was remembered, if anything was.
    pub fn recall(&self, name: &str) -> Result<Option<String>> {
        let path = self.remembered(name)?;
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(io("read", &path, e)),
        }
    }

    fn remembered(&self, name: &str) -> Result<PathBuf> {
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(Error::new(format!("`{name}` cannot be the name of something remembered")));
        }
        Ok(self.home()?.join("collect").join(format!("{name}.json")))
    }
}
