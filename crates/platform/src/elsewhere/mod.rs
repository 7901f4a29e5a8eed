//! Systems of which nothing is known but what the standard library has. Each function says what is lost.

pub mod channel;
pub mod folder;

use crate::{Held, Short, Why};
use std::error::Error;
use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// Workers are processes, which a crash or a hang costs one piece of evidence, and nothing holds them.
pub const COMPLETE: bool = false;

/// Reads from a place of a file. It moves the file's own place and puts it back, one reader at a time in this process.
pub fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut file = file;
    let before = file.stream_position()?;
    file.seek(SeekFrom::Start(at))?;
    let read = file.read(buffer);
    file.seek(SeekFrom::Start(before))?;
    read
}

/// The bytes of a path, as the standard library keeps it.
pub fn to_bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_encoded_bytes().to_vec()
}

/// A path of its bytes; what is not Unicode is replaced.
pub fn of_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// Makes a folder, and those above it; who may enter is inherited.
pub fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(path)
}

/// Nothing: who may read is inherited.
pub fn private_mode(_: &mut OpenOptions, _: u32) {}

/// A new file, to write; who may read it is inherited.
pub fn new_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Nothing: who may read is inherited.
pub fn only_owner(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Nobody writes to this file by mistake any more.
pub fn read_only(file: &File) -> io::Result<()> {
    let mut permissions = file.metadata()?.permissions();
    permissions.set_readonly(true);
    // Where it can't be had, it was only a guard.
    let _ = file.set_permissions(permissions);
    Ok(())
}

/// What changes when a file is: its size and the times that are told.
pub fn stamp(meta: &Metadata) -> [i64; 6] {
    let parts = |time: io::Result<SystemTime>| {
        let since = time.ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        (since.as_secs() as i64, i64::from(since.subsec_nanos()))
    };
    let (modified, created) = (parts(meta.modified()), parts(meta.created()));
    [0, meta.len() as i64, modified.0, modified.1, created.0, created.1]
}

/// What was written was handed to the system; when it is on the disk is not known.
pub fn sync_disk(folder: &Path) -> io::Result<()> {
    std::fs::metadata(folder).map(drop)
}

/// Not known; nothing is done as if it were.
pub fn is_root() -> bool {
    false
}

/// Nobody is known by a number here; never asked for, since nobody is root.
pub fn as_nobody(_: &mut std::process::Command, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whoever this process works for.
pub fn user() -> String {
    std::env::var("USERNAME").unwrap_or_else(|_| "somebody".into())
}

/// The machine's name.
pub fn host() -> Option<String> {
    std::env::var("COMPUTERNAME").ok()
}

/// Not told.
pub fn free_space(_: &Path) -> Option<u64> {
    None
}

/// Not told.
pub fn free_memory() -> Option<u64> {
    None
}

/// Not told.
pub fn away(_: &Path) -> Option<&'static str> {
    None
}

/// Why the machine refused, if it did.
pub fn why(e: &io::Error) -> Option<Why> {
    Some(match e.kind() {
        ErrorKind::NotFound => Why::NotThere,
        ErrorKind::PermissionDenied => Why::Denied,
        ErrorKind::OutOfMemory => Why::Memory,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Why::Full,
        ErrorKind::StaleNetworkFileHandle => Why::Disk,
        _ => return None,
    })
}

/// Not known.
pub fn short_of() -> Option<Short> {
    None
}

/// Nothing is given up; `COMPLETE` says so.
pub fn confine(_: usize, _: u64) -> Result<Held, Box<dyn Error>> {
    Ok(Held { landlock: false, unprivileged: false })
}

/// What a worker could do of what it must not: all of it.
pub fn tries() -> Vec<&'static str> {
    vec!["anything that this program may"]
}
