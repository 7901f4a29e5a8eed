//! What leaves the case: the key that its pseudonyms are made with, and the record of exports that name people. The key
//! is made when it is first needed, is no part of any export, and goes with the case.

use crate::case::Case;
use crate::{audit, io};
use model::{Error, Result, Time};
use serde_json::json;
use std::fs::{self, OpenOptions};
use std::io::Write;

const KEY: &str = "pseudonyms.key";

impl Case {
    /// The key of this case's pseudonyms; made by the operating system's random source the first time.
    pub fn pseudonym_key(&self) -> Result<[u8; 32]> {
        let path = self.home()?.join(KEY);
        if !path.exists() {
            let mut fresh = [0; 32];
            getrandom::fill(&mut fresh).map_err(|e| {
                Error::new("the operating system gave no random bytes").because(std::io::Error::other(e.to_string()))
            })?;
            self.keep_key(&fresh)?;
        }
        let bytes = fs::read(&path).map_err(|e| io("read", &path, e))?;
        bytes.try_into().map_err(|_| {
            Error::new(format!("`{}` is not a key of 32 bytes", path.display()))
                .hint("restore it from a copy; without it, remove it: new pseudonyms will not be the old ones")
        })
    }

    /// Puts a key in place whole or not at all; the first of two that try at once wins.
    fn keep_key(&self, key: &[u8; 32]) -> Result<()> {
        let home = self.home()?;
        let (path, next) = (home.join(KEY), home.join(format!(".{KEY}.{}", std::process::id())));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&next).and_then(|mut file| file.write_all(key).and_then(|()| file.sync_all()));
        let linked = written.and_then(|()| fs::hard_link(&next, &path));
        let _ = fs::remove_file(&next);
        match linked {
            Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(io("write", &path, e)),
            _ => Ok(()),
        }
    }

    /// Records that names were handed out: in which format, when, by whom.
    pub fn record_names(&self, format: &str, at: Time, by: &str) -> Result<()> {
        self.transaction(|| audit::append(&self.db, at, by, "export", json!({ "format": format, "names": true })))
    }
}
