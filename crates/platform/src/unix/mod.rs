//! Unix: what POSIX has, and of Linux what it has beyond.

pub mod channel;
pub mod folder;
#[cfg(target_os = "linux")]
mod sandbox;

use crate::{Held, Short, WORKER_MEMORY, Why};
use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::error::Error;
use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Whether workers are held by the kernel; else they are processes with limits.
pub const COMPLETE: bool = cfg!(target_os = "linux");

/// Reads from a place of a file, whoever else moves the file's.
pub fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    file.read_at(buffer, at)
}

/// The bytes of a path.
pub fn to_bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_bytes().to_vec()
}

/// A path of its bytes.
pub fn of_bytes(bytes: Vec<u8>) -> PathBuf {
    std::ffi::OsString::from_vec(bytes).into()
}

/// Makes a folder, and those above it, that only its owner may enter.
pub fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Files that are made with these options are of this mode.
pub fn private_mode(options: &mut OpenOptions, mode: u32) {
    options.mode(mode);
}

/// A file that only its owner may read, to write.
pub fn new_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Only its owner may read this file from now on.
pub fn only_owner(path: &Path) -> io::Result<()> {
    known_by_few(std::fs::set_permissions(path, PermissionsExt::from_mode(0o600)))
}

/// Nobody writes to this file by mistake any more.
pub fn read_only(file: &File) -> io::Result<()> {
    known_by_few(file.set_permissions(PermissionsExt::from_mode(0o400)))
}

/// Keys and shares may know no rights: what can't be set there is no failure.
fn known_by_few(set: io::Result<()>) -> io::Result<()> {
    match set.map_err(|e| (Errno::from_io_error(&e), e)) {
        Err((Some(Errno::PERM | Errno::NOTSUP | Errno::NOSYS), _)) | Ok(()) => Ok(()),
        Err((_, e)) => Err(e),
    }
}

/// What changes when a file is: size, inode and both its times.
pub fn stamp(meta: &Metadata) -> [i64; 6] {
    [meta.ino() as i64, meta.size() as i64, meta.mtime(), meta.mtime_nsec(), meta.ctime(), meta.ctime_nsec()]
}

/// Has the disk that holds a folder keep what was written.
pub fn sync_disk(folder: &Path) -> io::Result<()> {
    let dir = File::open(folder)?;
    #[cfg(target_os = "linux")]
    return Ok(rustix::fs::syncfs(&dir)?);
    #[cfg(not(target_os = "linux"))]
    return dir.sync_all();
}

/// Whether this process may do anything.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Who is nobody: the number that systems give an account without rights.
const NOBODY: u32 = 65_534;

/// Has a program run as nobody, with a folder that is given to him for his own; the groups of root go as well. For root only.
pub fn as_nobody(command: &mut std::process::Command, home: &Path) -> io::Result<()> {
    use std::os::unix::process::CommandExt;
    std::os::unix::fs::chown(home, Some(NOBODY), Some(NOBODY))?;
    command.uid(NOBODY).gid(NOBODY).current_dir(home).env("HOME", home).env("TMPDIR", home);
    command.env_remove("XDG_RUNTIME_DIR").env_remove("XDG_CONFIG_HOME").env_remove("XDG_CACHE_HOME");
    Ok(())
}

/// Whoever this process works for.
pub fn user() -> String {
    format!("uid {}", rustix::process::getuid().as_raw())
}

/// The machine's name.
pub fn host() -> Option<String> {
    Some(std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?.trim().to_string())
}

/// Bytes free to whoever asks.
pub fn free_space(place: &Path) -> Option<u64> {
    rustix::fs::statvfs(place).ok().map(|s| s.f_bavail.saturating_mul(s.f_frsize))
}

/// Bytes of memory that a program may still take.
pub fn free_memory() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = told.lines().find_map(|l| l.strip_prefix("MemAvailable:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? << 10)
}

/// The kind of a file system that stands on another machine, or is made by a program.
pub fn away(folder: &Path) -> Option<&'static str> {
    #[cfg(target_os = "linux")]
    {
        const AWAY: [(u64, &str); 5] =
            [(0x6969, "NFS"), (0xff53_4d42, "SMB"), (0xfe53_4d42, "SMB"), (0x517b, "SMB"), (0x6573_5546, "FUSE")];
        let kind = rustix::fs::statfs(folder).ok()?.f_type as u64;
        AWAY.iter().find(|(magic, _)| *magic == kind).map(|(_, name)| *name)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = folder;
        None
    }
}

/// Why the machine refused, if it did.
pub fn why(e: &io::Error) -> Option<Why> {
    Some(match Errno::from_io_error(e)? {
        Errno::NOENT => Why::NotThere,
        Errno::ACCESS => Why::Denied,
        Errno::MFILE => Why::Files,
        Errno::NFILE => Why::AllFiles,
        Errno::AGAIN => Why::Processes,
        Errno::NOMEM => Why::Memory,
        Errno::NOSPC | Errno::DQUOT => Why::Full,
        Errno::STALE | Errno::IO | Errno::NOTCONN => Why::Disk,
        _ => return None,
    })
}

/// Less than this, and honest evidence may already be too much for a worker.
pub fn short_of() -> Option<Short> {
    let short = |resource, least: u64| getrlimit(resource).current.is_some_and(|most| most < least);
    let all = [
        (Resource::As, WORKER_MEMORY, Short::Memory),
        (Resource::Nofile, 16, Short::Files),
        (Resource::Nproc, 64, Short::Processes),
    ];
    all.into_iter().find(|(resource, least, _)| short(*resource, *least)).map(|(_, _, what)| what)
}

/// A worker gives up what it has no use for; there is no way out.
pub fn confine(threads: usize, seconds: u64) -> Result<Held, Box<dyn Error>> {
    let limit = |resource, most: u64| {
        // What a shell or a service manager allows less of cannot be raised; asking for it ends the worker.
        let most = getrlimit(resource).maximum.map_or(most, |allowed| most.min(allowed));
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
    };
    limit(Resource::As, WORKER_MEMORY)?;
    limit(Resource::Core, 0)?;
    limit(Resource::Nofile, 16)?;
    // The owner replaces a worker that has run this long and kills one that hangs; this is for one without owner.
    limit(Resource::Cpu, 2 * seconds.max(1) * threads as u64)?;
    #[cfg(target_os = "linux")]
    return sandbox::enter();
    #[cfg(not(target_os = "linux"))]
    Ok(Held { landlock: false, unprivileged: false })
}

/// What a worker could still do of what it must not.
pub fn tries() -> Vec<&'static str> {
    use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
    let address = SocketAddr::from(([127, 0, 0, 1], 1));
    let tries = [
        ("read a file", File::open("/proc/self/status").is_ok() || std::fs::read("/etc/hostname").is_ok()),
        ("list a folder", std::fs::read_dir("/").is_ok()),
        ("write a file", std::fs::write("/tmp/vigie-probe", "x").is_ok()),
        // Refused by the peer is no proof; refused by the kernel is another kind of error.
        ("connect", !TcpStream::connect(address).is_err_and(|e| e.kind() != io::ErrorKind::ConnectionRefused)),
        ("listen", TcpListener::bind("127.0.0.1:0").is_ok()),
        ("send", UdpSocket::bind("127.0.0.1:0").is_ok()),
        ("pair sockets", std::os::unix::net::UnixStream::pair().is_ok()),
        ("start a program", std::process::Command::new("/bin/true").status().is_ok()),
    ];
    tries.into_iter().filter(|(_, could)| *could).map(|(what, _)| what).collect()
}
