//! A folder that is open: what is opened, made or removed in it lies in it, whatever links stand there.

use crate::{Kind, LINK, NOT_REGULAR, Way};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, mkdirat, open, openat, renameat, statat, unlinkat};
use rustix::io::Errno;
use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

/// A folder, held by its descriptor.
pub struct Dir(OwnedFd);

const DIR: OFlags = OFlags::DIRECTORY.union(OFlags::CLOEXEC).union(OFlags::RDONLY);
const REAL: OFlags = OFlags::NOFOLLOW.union(OFlags::CLOEXEC).union(OFlags::NONBLOCK);

impl Dir {
    /// The folder of this path; links on the way are followed.
    pub fn open(path: &Path) -> io::Result<Dir> {
        Ok(Dir(open(path, DIR, Mode::empty())?))
    }

    /// A folder in it.
    pub fn inside(&self, name: &str) -> io::Result<Dir> {
        Ok(Dir(openat(&self.0, name, DIR | OFlags::NOFOLLOW, Mode::empty()).map_err(real)?))
    }

    /// Makes a folder in it that only its owner may enter; one that is there is left.
    pub fn make(&self, name: &str) -> io::Result<()> {
        match mkdirat(&self.0, name, Mode::RWXU) {
            Err(Errno::EXIST) | Ok(()) => Ok(()),
            Err(e) => Err(e.into()),
        }
    }

    /// A regular file in it.
    pub fn file(&self, name: &str, way: Way) -> io::Result<File> {
        let flags = match way {
            Way::Read => OFlags::RDONLY,
            Way::Fresh => OFlags::RDWR | OFlags::CREATE | OFlags::EXCL,
            Way::Kept => OFlags::RDWR | OFlags::CREATE,
        };
        only_regular(openat(&self.0, name, REAL | flags, Mode::RUSR | Mode::WUSR).map_err(real)?.into())
    }

    /// What has this name, looked at without opening it: closing a database's file would drop the locks that another
    /// connection of this process holds.
    pub fn kind(&self, name: &str) -> Option<Kind> {
        let met = statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        Some(match FileType::from_raw_mode(met.st_mode) {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Folder,
            _ => Kind::Other,
        })
    }

    /// Gives a file or folder in it another name.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(renameat(&self.0, from, &self.0, to)?)
    }

    /// Removes a file or a link.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        Ok(unlinkat(&self.0, name, AtFlags::empty())?)
    }

    /// Names of all in it, in no order.
    pub fn names(&self) -> io::Result<Vec<Vec<u8>>> {
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::read_from(&self.0)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                names.push(name.to_vec());
            }
        }
        Ok(names)
    }

    /// Makes names and removals in it last through a power cut.
    pub fn sync(&self) -> io::Result<()> {
        Ok(rustix::fs::fsync(&self.0)?)
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

fn only_regular(file: File) -> io::Result<File> {
    if !file.metadata()?.is_file() {
        return Err(io::Error::other(NOT_REGULAR));
    }
    #[cfg(target_os = "linux")]
    {
        // What the kernel makes up as it is read has no end and no bytes of its own: `/proc`, `/sys` and their like.
        const MADE_UP: [u64; 5] = [0x9fa0, 0x6265_6572, 0x6462_6720, 0x7472_6163, 0x6367_7270];
        if MADE_UP.contains(&(rustix::fs::fstatfs(&file)?.f_type as u64)) {
            return Err(io::Error::other("not a file on a disk: the kernel makes it up"));
        }
    }
    Ok(file)
}

/// What the kernel says of links in the way, in words.
fn real(e: Errno) -> io::Error {
    match e {
        Errno::LOOP => io::Error::other(LINK),
        // A pipe nobody writes to, a socket.
        Errno::NXIO => io::Error::other(NOT_REGULAR),
        e => e.into(),
    }
}
