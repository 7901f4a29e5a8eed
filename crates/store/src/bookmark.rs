//! Bookmarks: where a follower of something outside stopped: small texts by name, in `collect/`. They are no
//! evidence and no part of what a brief says; without them one begins anew.

use crate::case::Case;
use crate::io;
use model::{Error, Result, Time};

impl Case {
    /// Sets a bookmark; a killed program leaves the old one or the new one.
    pub fn set_bookmark(&self, name: &str, text: &str, at: Time, by: &str) -> Result<()> {
        let file = bookmark(name)?;
        let room = self.home()?.room(ROOM)?;
        room.write(&file, text.as_bytes()).map_err(|e| io("write", &room.path().join(&file), e))?;
        self.record_file(&format!("{ROOM}/{file}"), at, by)
    }

    /// A bookmark, if it was set.
    pub fn bookmark(&self, name: &str) -> Result<Option<String>> {
        let file = bookmark(name)?;
        let home = self.home()?;
        if !home.has(ROOM) {
            return Ok(None);
        }
        let read = home.inside(ROOM).and_then(|room| room.read(&file));
        let bytes = read.map_err(|e| io("read", &home.path().join(ROOM).join(&file), e))?;
        Ok(bytes.map(|b| String::from_utf8_lossy(&b).into_owned()))
    }
}

const ROOM: &str = "collect";

fn bookmark(name: &str) -> Result<String> {
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Err(Error::new(format!("`{name}` cannot name a bookmark")));
    }
    Ok(format!("{name}.json"))
}
