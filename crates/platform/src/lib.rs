//! All that is one operating system's and not another's. Nothing else in the house names one (a test looks): no `cfg` of a
//! system, no descriptor, no mode of a file, no system call.
//!
//! | what | Linux | other Unix | elsewhere |
//! |---|---|---|---|
//! | a worker is held by | Landlock, seccomp, limits, no capabilities | limits | nothing but that it is a process; said by `doctor` and `check` |
//! | evidence comes to a worker as | an open file | an open file | bytes through a pipe, into a file without a name |
//! | opening in a case's folder | by the folder's descriptor, no link followed, never waiting | likewise | by path, looked at before it is opened: whoever writes there at that moment may swap it |
//! | private files and folders | mode 0600, 0700 | likewise | what the folder above them allows |
//! | names that are not Unicode | kept | kept | told with what can't be shown replaced |
//! | clouds and disks elsewhere | by name, mark and file system | by name and mark | by name and mark |
//! | free memory, free disk | told | free disk | not told |
//!
//! You may rely on: the fallback compiles everywhere (`VIGIE_PORTABLE=1` takes it on Linux, where it is tried). Left out:
//! whether the rest works on a system where nobody tried it; `packaging/README.md` names those.

#[cfg_attr(all(unix, not(portable)), path = "unix/mod.rs")]
#[cfg_attr(not(all(unix, not(portable))), path = "elsewhere/mod.rs")]
mod system;

pub use system::channel::{Answers, Orders, Received, orders};
pub use system::folder::{Dir, regular};
pub use system::{
    COMPLETE, as_nobody, away, confine, free_memory, free_space, host, is_root, new_private, of_bytes, only_owner,
    private_folder, private_mode, read_at, read_only, short_of, stamp, sync_disk, to_bytes, tries, user, why,
};

/// How far a worker is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Held {
    /// By Landlock, besides seccomp.
    pub landlock: bool,
    /// It has neither root nor any capability.
    pub unprivileged: bool,
}

/// What a name in a folder is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link, a pipe, a device.
    Other,
}

/// What a file is opened for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// To read what is there.
    Read,
    /// To write and read; it must not be there.
    Fresh,
    /// To write and read, as it is; made if need be.
    Kept,
}

/// Why the machine refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// Nothing has this name.
    NotThere,
    /// It belongs to somebody else.
    Denied,
    /// This process has too many files open.
    Files,
    /// The machine has.
    AllFiles,
    /// There are too many processes.
    Processes,
    /// There is no memory left.
    Memory,
    /// The disk, or one's part of it, is full.
    Full,
    /// The disk fails, or is gone.
    Disk,
}

/// Why a worker may have died that had less than it needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Short {
    /// Of memory.
    Memory,
    /// Of open files.
    Files,
    /// Of processes.
    Processes,
}

/// Bytes of address space a worker may have.
pub const WORKER_MEMORY: u64 = 4 << 30;

const LINK: &str = "a symbolic link";
const NOT_REGULAR: &str = "not a regular file (to read a pipe, use `-` and standard input)";

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::{Read, Write};

    #[test]
    fn a_folder_gives_what_was_put_into_it_and_nothing_behind_it() {
        let place = tempfile::tempdir().expect("a folder");
        let dir = Dir::open(place.path()).expect("open");
        dir.make("room").expect("made");
        dir.make("room").expect("there already");
        let room = dir.inside("room").expect("open");
        room.file("a", Way::Fresh).expect("made").write_all(b"one").expect("written");
        assert!(room.file("a", Way::Fresh).is_err());
        let mut text = String::new();
        room.file("a", Way::Read).expect("there").read_to_string(&mut text).expect("text");
        assert_eq!((text.as_str(), room.kind("a"), dir.kind("room")), ("one", Some(Kind::File), Some(Kind::Folder)));
        room.rename("a", "b").expect("renamed");
        assert_eq!(room.names().expect("listed"), vec![b"b".to_vec()]);
        assert!(room.file("c", Way::Read).is_err() && room.kind("c").is_none() && dir.inside("nowhere").is_err());
        room.remove("b").expect("removed");
        assert!(room.remove("b").is_err_and(|e| why(&e) == Some(Why::NotThere)));
        assert!(dir.file("room", Way::Read).is_err() && regular(place.path(), true).is_err());
        room.sync().expect("synced");
        sync_disk(place.path()).expect("synced");
    }

    #[test]
    fn bytes_and_names_come_back() {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("é x");
        fs::write(&path, "0123456789").expect("written");
        assert_eq!(of_bytes(to_bytes(&path)), path);
        let file = regular(&path, false).expect("a file");
        let mut bytes = [0; 4];
        assert_eq!((read_at(&file, &mut bytes, 3).expect("read"), &bytes), (4, b"3456"));
        assert_eq!(
            (read_at(&file, &mut bytes, 10).expect("read"), read_at(&file, &mut bytes, 0).expect("read")),
            (0, 4)
        );
        let before = stamp(&fs::metadata(&path).expect("there"));
        fs::write(&path, "other").expect("written");
        assert_ne!(before, stamp(&fs::metadata(&path).expect("there")));
        read_only(&file).expect("made");
    }
}
