//! A folder by its path. Names are looked at before they are opened, so that a link or a pipe that lies there is refused;
//! whoever can write in the folder at that very moment may still put one there in between.

use crate::{Kind, LINK, NOT_REGULAR, Way};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// A folder.
pub struct Dir(PathBuf);

impl Dir {
    /// The folder of this path; links on the way are followed.
    pub fn open(path: &Path) -> io::Result<Dir> {
        match fs::metadata(path)?.is_dir() {
            true => Ok(Dir(path.into())),
            false => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    /// A folder in it.
    pub fn inside(&self, name: &str) -> io::Result<Dir> {
        let path = self.0.join(name);
        let met = fs::symlink_metadata(&path)?;
        match met.is_dir() {
            true => Ok(Dir(path)),
            false if met.is_symlink() => Err(io::Error::other(LINK)),
            false => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    /// Makes a folder in it; one that is there is left.
    pub fn make(&self, name: &str) -> io::Result<()> {
        match fs::create_dir(self.0.join(name)) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            done => done,
        }
    }

    /// A regular file in it.
    pub fn file(&self, name: &str, way: Way) -> io::Result<File> {
        let path = self.0.join(name);
        match way {
            Way::Read => regular(&path, false),
            Way::Fresh => OpenOptions::new().read(true).write(true).create_new(true).open(path),
            Way::Kept => match self.kind(name) {
                Some(Kind::File) | None => {
                    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
                }
                Some(_) => Err(io::Error::other(NOT_REGULAR)),
            },
        }
    }

    /// What has this name.
    pub fn kind(&self, name: &str) -> Option<Kind> {
        let met = fs::symlink_metadata(self.0.join(name)).ok()?;
        Some(match (met.is_file(), met.is_dir()) {
            (true, _) => Kind::File,
            (_, true) => Kind::Folder,
            _ => Kind::Other,
        })
    }

    /// Gives a file or folder in it another name.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to))
    }

    /// Removes a file or a link.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        let path = self.0.join(name);
        // Some systems remove no file that may not be written to.
        fs::remove_file(&path).or_else(|e| {
            let mut permissions = fs::symlink_metadata(&path).map_err(|_| e)?.permissions();
            #[allow(clippy::permissions_set_readonly_false, reason = "it is removed at once")]
            permissions.set_readonly(false);
            fs::set_permissions(&path, permissions)?;
            fs::remove_file(&path)
        })
    }

    /// Names of all in it, in no order.
    pub fn names(&self) -> io::Result<Vec<Vec<u8>>> {
        fs::read_dir(&self.0)?.map(|entry| Ok(entry?.file_name().as_encoded_bytes().to_vec())).collect()
    }

    /// Nothing: folders can't be synced.
    pub fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

/// A regular file at any path, to read: of what a person named, a link is followed; of what was only met, none is.
pub fn regular(path: &Path, follow: bool) -> io::Result<File> {
    let met = if follow { fs::metadata(path)? } else { fs::symlink_metadata(path)? };
    match met.is_file() {
        true => File::open(path),
        false => Err(io::Error::other(if met.is_symlink() { LINK } else { NOT_REGULAR })),
    }
}
