//! A case's folder, which may come from somebody else: what is opened, made or removed in it lies in it.
//!
//! You may rely on: no link on the way is followed, only regular files are opened, and opening never waits (a pipe or a
//! device is refused). Left out: who else may write in the folder meanwhile.

use model::{Error, Result};
use platform::{Dir, Kind, Way};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

/// Bytes of one small file of a case (settings, keys, bookmarks).
pub const SMALL: u64 = 16 << 20;

/// A folder that is open.
pub struct Folder {
    path: PathBuf,
    dir: Dir,
}

impl Folder {
    /// The folder that a person named; links on the way to it are his.
    pub fn open(path: &Path) -> io::Result<Folder> {
        let path = path.canonicalize()?;
        let dir = Dir::open(&path)?;
        Ok(Folder { path, dir })
    }

    /// The same, made if need be; only its owner may enter.
    pub fn make(path: &Path) -> Result<Folder> {
        let made = if path.is_dir() { Ok(()) } else { platform::private_folder(path) };
        made.and_then(|()| Folder::open(path)).map_err(|e| crate::io("make the folder", path, e))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A folder in it.
    pub fn inside(&self, name: &str) -> io::Result<Folder> {
        Ok(Folder { path: self.path.join(name), dir: self.dir.inside(name)? })
    }

    /// A folder in it, made if need be.
    pub fn room(&self, name: &str) -> Result<Folder> {
        let made = self.dir.make(name);
        made.and_then(|()| self.inside(name)).map_err(|e| crate::io("make the folder", &self.path.join(name), e))
    }

    /// A regular file in it, to read.
    pub fn file(&self, name: &str) -> io::Result<File> {
        self.dir.file(name, Way::Read)
    }

    /// A file in it that was not there, to write and read; what a killed program left under this name goes.
    pub fn fresh(&self, name: &str) -> io::Result<File> {
        self.remove(name)?;
        self.dir.file(name, Way::Fresh)
    }

    /// The regular file of this name, made if need be, to lock.
    pub fn kept(&self, name: &str) -> io::Result<File> {
        self.dir.file(name, Way::Kept)
    }

    /// Whether anything has this name.
    pub fn has(&self, name: &str) -> bool {
        self.dir.kind(name).is_some()
    }

    /// All bytes of a small file; none where there is none.
    pub fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match self.file(name) {
            Ok(file) => whole(file, SMALL).map(Some),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Puts a small file in place, whole or not at all.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let next = format!(".{name}.next");
        let mut file = self.fresh(&next)?;
        file.write_all(bytes).and_then(|()| file.sync_all())?;
        self.rename(&next, name)
    }

    /// Gives a file or folder in it another name.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.dir.rename(from, to)
    }

    /// Removes a file or a link, if it is there.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        match self.dir.remove(name) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// Removes a folder with all in it (of a link: the link), if it is there.
    pub fn remove_all(&self, name: &str) -> io::Result<()> {
        match fs::remove_dir_all(self.path.join(name)) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(e) if e.kind() == io::ErrorKind::NotADirectory => self.remove(name),
            done => done,
        }
    }

    /// Names of all in it, sorted.
    pub fn names(&self) -> io::Result<Vec<String>> {
        let mut names: Vec<String> = self.dir.names()?.iter().map(|n| model::escape::visible_bytes(n)).collect();
        names.sort();
        Ok(names)
    }

    /// Whether a name in it is a regular file. It is not opened: closing a database's file would drop the locks that
    /// another connection of this process holds.
    pub fn is_file(&self, name: &str) -> bool {
        self.dir.kind(name) == Some(Kind::File)
    }

    /// Whether a name in it is a real folder.
    pub fn is_folder(&self, name: &str) -> bool {
        self.inside(name).is_ok()
    }

    /// Makes names and removals in it last through a power cut.
    pub fn sync(&self) -> io::Result<()> {
        self.dir.sync()
    }
}

/// A whole file that a person named, up to so many bytes.
pub fn small(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    whole(platform::regular(path, true)?, most)
}

fn whole(file: File, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(io::Error::other(format!("larger than {} MiB", most >> 20))),
        false => Ok(bytes),
    }
}

/// Whether a name can be one of ours: one component, nothing special.
pub fn plain(name: &str) -> Result<&str> {
    let mut parts = Path::new(name).components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(_)), None) if !name.starts_with('.') && !name.contains(['/', '\\']) => Ok(name),
        _ => Err(Error::new(format!("`{name}` is no name for a file of a case"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::regular;
    use rustix::fs::Mode;
    use std::os::unix::fs::symlink;

    #[test]
    fn nothing_is_opened_or_made_behind_a_link_or_a_pipe() {
        let (inside, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let folder = Folder::make(inside.path()).unwrap();
        fs::write(outside.path().join("secret"), "x").unwrap();
        symlink(outside.path(), inside.path().join("vault")).unwrap();
        symlink(outside.path().join("secret"), inside.path().join("a")).unwrap();
        symlink("/dev/zero", inside.path().join("b")).unwrap();
        let pipe = inside.path().join("c");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        assert!(folder.inside("vault").is_err() && folder.room("vault").is_err());
        for name in ["a", "b", "c"] {
            assert!(folder.file(name).is_err() && folder.kept(name).is_err(), "{name}");
            folder.write(name, b"mine").unwrap();
            assert_eq!(folder.read(name).unwrap().unwrap(), b"mine");
        }
        assert_eq!(fs::read(outside.path().join("secret")).unwrap(), b"x");
        for made_up in ["/proc/kmsg", "/proc/self/status"] {
            assert!(regular(Path::new(made_up), true).is_err(), "{made_up}");
        }
        folder.remove_all("vault").unwrap();
        assert!(!folder.has("vault") && outside.path().join("secret").exists());
    }

    #[test]
    fn names_of_files_are_plain() {
        for name in ["", ".", "..", "a/b", "/a", "a\\b", ".hidden"] {
            assert!(plain(name).is_err(), "{name}");
        }
        assert!(plain("index.html").is_ok());
    }
}
