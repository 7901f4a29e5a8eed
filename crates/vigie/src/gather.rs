//! Paths to evidence: files, directories (walked in sorted order, no way round twice) and standard input. Nothing
//! here blocks: what is no regular file is refused with its reason.

use model::{Time, escape};
use platform::Why;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// A file to read, or standard input.
#[derive(Debug)]
pub struct Source {
    /// Where; none for standard input.
    pub path: Option<PathBuf>,
    /// Its name in everything that is printed.
    pub name: String,
    /// The name itself, where it is not UTF-8.
    pub bytes: Option<Vec<u8>>,
    /// Bytes; 0 for standard input.
    pub size: u64,
    /// When it was last modified.
    pub modified: Option<Time>,
}

/// What was not taken.
#[derive(Debug)]
pub struct Refused {
    /// Which.
    pub name: String,
    /// Why.
    pub reason: String,
    /// It was named, not met on a walk: then the program could not do what it was asked to.
    pub named: bool,
}

/// Everything under these paths, in order.
pub fn gather(paths: &[PathBuf]) -> (Vec<Source>, Vec<Refused>) {
    let (mut found, mut refused) = (Vec::new(), Vec::new());
    let mut stdin = false;
    for path in paths {
        if path == Path::new("-") {
            if !stdin {
                found.push(Source { path: None, name: "-".into(), bytes: None, size: 0, modified: None });
            }
            stdin = true;
            continue;
        }
        // A stack, not recursion: directories can be nested as deep as somebody likes.
        let mut stack = vec![(path.clone(), true)];
        while let Some((path, named)) = stack.pop() {
            let name = shown(&path);
            match look(&path, named) {
                Ok(Met::File(meta)) => found.push(source(path, name, &meta)),
                Ok(Met::Directory(inside)) => stack.extend(inside.into_iter().rev().map(|p| (p, false))),
                Err(reason) => refused.push(Refused { name, reason, named }),
            }
        }
    }
    (found, refused)
}

/// Why a file could not be read; where the machine refused, what of it ran out and what helps.
pub fn why(e: &io::Error) -> String {
    match platform::why(e) {
        Some(Why::NotThere) => "no such file".into(),
        Some(Why::Denied) => "permission denied".into(),
        Some(Why::Files) => "too many open files: `ulimit -n` allows more".into(),
        Some(Why::AllFiles) => "too many open files on this machine".into(),
        Some(Why::Processes) => "too many processes: `ulimit -u` allows more".into(),
        Some(Why::Memory) => "the machine has no memory left".into(),
        Some(Why::Full) => "the disk is full (`TMPDIR` chooses another one for temporary files)".into(),
        Some(Why::Disk) => format!("the disk it is on fails: {e}"),
        None => e.to_string(),
    }
}

enum Met {
    File(Metadata),
    Directory(Vec<PathBuf>),
}

fn look(path: &Path, named: bool) -> Result<Met, String> {
    let told = |e| why(&e);
    // A link that was named is what is meant. One that is met may lead back up, or out of what was named to a file of
    // whoever looks.
    if !named && fs::symlink_metadata(path).map_err(told)?.is_symlink() {
        return Err("a symbolic link".into());
    }
    let meta = fs::metadata(path).map_err(told)?;
    if meta.is_dir() {
        let entries = fs::read_dir(path).and_then(|d| d.map(|e| e.map(|e| e.path())).collect());
        let mut inside: Vec<PathBuf> = entries.map_err(told)?;
        inside.sort();
        return Ok(Met::Directory(inside));
    }
    store::regular(path, named).map_err(told)?;
    Ok(Met::File(meta))
}

fn source(path: PathBuf, name: String, meta: &Metadata) -> Source {
    let since = meta.modified().ok().and_then(|m| m.duration_since(std::time::UNIX_EPOCH).ok());
    let modified = since.map(|d| Time(i64::try_from(d.as_micros()).unwrap_or(i64::MAX)));
    let bytes = path.to_str().is_none().then(|| platform::to_bytes(&path));
    Source { path: Some(path), name, bytes, size: meta.len(), modified }
}

/// A path as it is shown: bytes that are no UTF-8 are told one by one, so that two names stay two.
fn shown(path: &Path) -> String {
    path.to_str().map_or_else(|| escape::visible_bytes(&platform::to_bytes(path)), str::to_string)
}
