//! Bookmarks: where a follower of something outside stopped: small texts by name, in `collect/`. They are no
//! evidence and no part of what a brief says; without them one begins anew.

use crate::case::{Case, private_dir};
use crate::io;
use model::{Error, Result};
use std::fs;
use std::path::PathBuf;

impl Case {
    /// Sets a bookmark; a killed program leaves the old one or the new one.
    pub fn set_bookmark(&self, name: &str, text: &str) -> Result<()> {
        let path = self.bookmark_path(name)?;
        private_dir(&self.home()?.join("collect"))?;
        let next = path.with_extension("next");
        let written = fs::write(&next, text).and_then(|()| fs::rename(&next, &path));
        written.map_err(|e| io("write", &path, e))
    }

    /// A bookmark, if it was set.
    pub fn bookmark(&self, name: &str) -> Result<Option<String>> {
        let path = self.bookmark_path(name)?;
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(io("read", &path, e)),
        }
    }

    fn bookmark_path(&self, name: &str) -> Result<PathBuf> {
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(Error::new(format!("`{name}` cannot name a bookmark")));
        }
        Ok(self.home()?.join("collect").join(format!("{name}.json")))
    }
}
