//! Paths to evidence: files, directories (walked in sorted order, no way round twice) and standard input. Nothing
//! here blocks: what is no regular file is refused with its reason.

use model::Time;
use rustix::io::Errno;
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// A file to read, or standard input.
#[derive(Debug)]
pub struct Source {
    /// Where; none for standard input.
    pub path: Option<PathBuf>,
    /// Its name in everything that is printed.
    pub name: String,
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
                found.push(Source { path: None, name: "-".into(), size: 0, modified: None });
            }
            stdin = true;
            continue;
        }
        // A stack, not recursion: directories can be nested as deep as somebody likes.
        let mut stack = vec![(path.clone(), true)];
        while let Some((path, named)) = stack.pop() {
            let name = path.to_string_lossy().into_owned();
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
    match Errno::from_io_error(e) {
        Some(Errno::NOENT) => "no such file".into(),
        Some(Errno::ACCESS) => "permission denied".into(),
        Some(Errno::MFILE) => "too many open files: `ulimit -n` allows more".into(),
        Some(Errno::NFILE) => "too many open files on this machine".into(),
        Some(Errno::AGAIN) => "too many processes: `ulimit -u` allows more".into(),
        Some(Errno::NOMEM) => "the machine has no memory left".into(),
        Some(Errno::NOSPC) => "the disk is full (`TMPDIR` chooses another one for temporary files)".into(),
        _ => e.to_string(),
    }
}

enum Met {
    File(Metadata),
    Directory(Vec<PathBuf>),
}

fn look(path: &Path, named: bool) -> Result<Met, String> {
    let told = |e| why(&e);
    let meta = fs::metadata(path).map_err(told)?;
    if meta.is_dir() {
        // A link on the way may lead back up; one that was named is what is meant.
        if !named && fs::symlink_metadata(path).map_err(told)?.is_symlink() {
            return Err("symbolic link to a directory".into());
        }
        let entries = fs::read_dir(path).and_then(|d| d.map(|e| e.map(|e| e.path())).collect());
        let mut inside: Vec<PathBuf> = entries.map_err(told)?;
        inside.sort();
        return Ok(Met::Directory(inside));
    }
    if !meta.is_file() {
        return Err("not a regular file (to read a pipe, use `-` and standard input)".into());
    }
    File::open(path).map_err(told)?;
    Ok(Met::File(meta))
}

fn source(path: PathBuf, name: String, meta: &Metadata) -> Source {
    let since = meta.modified().ok().and_then(|m| m.duration_since(std::time::UNIX_EPOCH).ok());
    let modified = since.map(|d| Time(i64::try_from(d.as_micros()).unwrap_or(i64::MAX)));
    Source { path: Some(path), name, size: meta.len(), modified }
}
