//! A case's folder, which may come from somebody else: what is opened, made or removed in it lies in it.
//!
//! You may rely on: no link on the way is followed, only regular files are opened, and opening never waits (a pipe or a
//! device is refused). Left out: who else may write in the folder meanwhile.

use model::{Error, Result};
use rustix::fs::{AtFlags, Mode, OFlags, fstatfs, mkdirat, open, openat, renameat, unlinkat};
use rustix::io::Errno;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Component, Path, PathBuf};

/// Bytes of one small file of a case (settings, keys, bookmarks).
pub const SMALL: u64 = 16 << 20;

/// A folder that is open.
pub struct Folder {
    path: PathBuf,
    dir: OwnedFd,
}

const DIR: OFlags = OFlags::DIRECTORY.union(OFlags::CLOEXEC).union(OFlags::RDONLY);
const REAL: OFlags = OFlags::NOFOLLOW.union(OFlags::CLOEXEC).union(OFlags::NONBLOCK);

impl Folder {
    /// The folder that a person named; links on the way to it are his.
    pub fn open(path: &Path) -> io::Result<Folder> {
        let path = path.canonicalize()?;
        let dir = open(&path, DIR, Mode::empty())?;
        Ok(Folder { path, dir })
    }

    /// The same, made if need be; only its owner may enter.
    pub fn make(path: &Path) -> Result<Folder> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let made = if path.is_dir() { Ok(()) } else { builder.create(path) };
        made.and_then(|()| Folder::open(path)).map_err(|e| crate::io("make the folder", path, e))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A folder in it.
    pub fn inside(&self, name: &str) -> io::Result<Folder> {
        let dir = openat(&self.dir, name, DIR | OFlags::NOFOLLOW, Mode::empty()).map_err(real)?;
        Ok(Folder { path: self.path.join(name), dir })
    }

    /// A folder in it, made if need be.
    pub fn room(&self, name: &str) -> Result<Folder> {
        let made = match mkdirat(&self.dir, name, Mode::RWXU) {
            Err(Errno::EXIST) | Ok(()) => Ok(()),
            Err(e) => Err(e.into()),
        };
        made.and_then(|()| self.inside(name)).map_err(|e| crate::io("make the folder", &self.path.join(name), e))
    }

    /// A regular file in it, to read.
    pub fn file(&self, name: &str) -> io::Result<File> {
        only_regular(openat(&self.dir, name, REAL | OFlags::RDONLY, Mode::empty()).map_err(real)?.into())
    }

    /// A file in it that was not there, to write and read; what a killed program left under this name goes.
    pub fn fresh(&self, name: &str) -> io::Result<File> {
        self.remove(name)?;
        let flags = REAL | OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
        Ok(openat(&self.dir, name, flags, Mode::RUSR | Mode::WUSR)?.into())
    }

    /// The regular file of this name, made if need be, to lock.
    pub fn kept(&self, name: &str) -> io::Result<File> {
        let flags = REAL | OFlags::RDWR | OFlags::CREATE;
        only_regular(openat(&self.dir, name, flags, Mode::RUSR | Mode::WUSR).map_err(real)?.into())
    }

    /// Whether anything has this name.
    pub fn has(&self, name: &str) -> bool {
        rustix::fs::statat(&self.dir, name, AtFlags::SYMLINK_NOFOLLOW).is_ok()
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
        Ok(renameat(&self.dir, from, &self.dir, to)?)
    }

    /// Removes a file or a link, if it is there.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        match unlinkat(&self.dir, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(e) => Err(e.into()),
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
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::read_from(&self.dir)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                names.push(model::escape::visible_bytes(name));
            }
        }
        names.sort();
        Ok(names)
    }

    /// Whether a name in it is a regular file. It is not opened: closing a database's file would drop the locks that
    /// another connection of this process holds.
    pub fn is_file(&self, name: &str) -> bool {
        let met = rustix::fs::statat(&self.dir, name, AtFlags::SYMLINK_NOFOLLOW);
        met.is_ok_and(|m| rustix::fs::FileType::from_raw_mode(m.st_mode) == rustix::fs::FileType::RegularFile)
    }

    /// Whether a name in it is a real folder.
    pub fn is_folder(&self, name: &str) -> bool {
        self.inside(name).is_ok()
    }

    /// Makes names and removals in it last through a power cut.
    pub fn sync(&self) -> io::Result<()> {
        Ok(rustix::fs::fsync(&self.dir)?)
    }
}

/// A regular file at any path, to read: of what a person named, a link is followed; of what was only met, none is.
pub fn regular(path: &Path, follow: bool) -> io::Result<File> {
    let flags = OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::RDONLY;
    let flags = if follow { flags } else { flags | OFlags::NOFOLLOW };
    // Looked at first: some devices act when they are opened.
    let met = if follow { fs::metadata(path)? } else { fs::symlink_metadata(path)? };
    if !met.is_file() {
        return Err(if met.is_symlink() { real(Errno::LOOP) } else { real(Errno::NXIO) });
    }
    only_regular(open(path, flags, Mode::empty()).map_err(real)?.into())
}

/// A whole file that a person named, up to so many bytes.
pub fn small(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    whole(regular(path, true)?, most)
}

fn whole(file: File, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(io::Error::other(format!("larger than {} MiB", most >> 20))),
        false => Ok(bytes),
    }
}

/// What the kernel makes up as it is read has no end and no bytes of its own: `/proc`, `/sys` and their like.
const MADE_UP: [u64; 5] = [0x9fa0, 0x6265_6572, 0x6462_6720, 0x7472_6163, 0x6367_7270];

fn only_regular(file: File) -> io::Result<File> {
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("not a regular file (to read a pipe, use `-` and standard input)"));
    }
    #[cfg(target_os = "linux")]
    if MADE_UP.contains(&(fstatfs(&file)?.f_type as u64)) {
        return Err(io::Error::other("not a file on a disk: the kernel makes it up"));
    }
    Ok(file)
}

/// What the kernel says of links in the way, in words.
fn real(e: Errno) -> io::Error {
    match e {
        Errno::LOOP => io::Error::other("a symbolic link"),
        // A pipe nobody writes to, a socket.
        Errno::NXIO => io::Error::other("not a regular file (to read a pipe, use `-` and standard input)"),
        e => e.into(),
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
