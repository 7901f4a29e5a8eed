//! Files that kinds of evidence read beside it, as they declare them (`model::Files`): one way to open all of them.
//!
//! You may rely on: regular files only, compressed or not, each within its bound; a folder stands for its files, a case
//! for what `collect` brought into it. What is added or forgotten changes the configuration, and evidence is read again.

use super::options::Declared;
use super::tables;
use model::{Budget, Config, Files, Loaded, Paths, Result};
use sensors::input::Input;
use serde::Deserialize;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use store::{Case, Place, Registered};

/// Where files are named.
pub struct Sources<'s> {
    /// The folder that names in the configuration start from.
    pub beside: Option<&'s Path>,
    /// Options that name more.
    pub options: &'s Declared,
    /// A case whose own evidence counts.
    pub case: Option<&'s Path>,
    /// Whether evidence is judged: else what it is held against (`Files.deep`) is left closed.
    pub judges: bool,
}

/// Reads what the configuration and the options name; what it says becomes part of the configuration.
pub fn load(config: &mut Config, sources: &Sources) -> Result<()> {
    for table in tables() {
        for (setting, files) in
            table.keys.iter().filter_map(|s| Some((s, s.files?))).filter(|(_, f)| sources.judges || !f.deep)
        {
            let named = config.kinds.get(table.name).and_then(|t| t.get(setting.name)).cloned();
            let named = named.and_then(|v| Paths::deserialize(v).ok()).unwrap_or_default();
            let named = named.0.into_iter().map(|n| sources.beside.map_or_else(|| PathBuf::from(&n), |d| d.join(&n)));
            let mut all = Vec::new();
            for path in named.chain(sources.options.paths(table, setting)) {
                find(path, files, &mut all)?;
            }
            if let Some(case) = sources.case.filter(|_| files.evidence.is_some()) {
                evidence(case, files, &mut all)?;
            }
            let log = sources.case.map_or_else(|| PathBuf::from("seals"), |case| case.join("seals"));
            // Without a head nothing was sealed yet: its first run was broken off, or goes on.
            if files.seals && is_log(&log) && log.join("checkpoint").is_file() {
                sealed(&log, &mut all)?;
            }
            if !all.is_empty() {
                (files.load)(config, &mut all.iter().map(|found| found.open(files)))?;
            }
        }
    }
    Ok(())
}

/// A file that was found, not yet opened.
enum Found {
    /// On disk: the path that was named, and the file's own.
    File(PathBuf, PathBuf),
    /// Evidence of a case.
    Evidence(PathBuf, Box<Registered>),
    /// What was sealed into a log, and its name without the folders that all in it share.
    Sealed(PathBuf, Box<seals::Known>, String),
    /// What in a folder cannot be opened: its name, the reason.
    Refused(String, String),
}

/// Whether a folder is a log of seals.
fn is_log(path: &Path) -> bool {
    path.join("private/salts.db").is_file()
}

/// What was sealed into a log: the files themselves.
fn sealed(log: &Path, all: &mut Vec<Found>) -> Result<()> {
    let archive = seals::Archive::look(log, None)?;
    let mut sealed = Vec::new();
    archive.each(&mut |known| {
        if known.inside.is_none() {
            sealed.push(known);
        }
    })?;
    // Where on this machine they lie concerns nobody, and would make the same case another elsewhere.
    let folder = |known: &seals::Known| Path::new(&known.name).parent().map(Path::to_path_buf).unwrap_or_default();
    let shared = sealed
        .iter()
        .map(folder)
        .reduce(|a, b| a.components().zip(b.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect());
    let shared = shared.unwrap_or_default();
    all.extend(sealed.into_iter().map(|known| {
        let name = beneath(Path::new(&known.name), &shared);
        Found::Sealed(log.into(), Box::new(known), name)
    }));
    Ok(())
}

/// The way from a folder to a file in it, as a name.
fn beneath(file: &Path, folder: &Path) -> String {
    let way = file.strip_prefix(folder).unwrap_or(file);
    way.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// What a path stands for.
fn find(path: PathBuf, files: &Files, all: &mut Vec<Found>) -> Result<()> {
    if !path.is_dir() {
        all.push(Found::File(path.clone(), path));
        return Ok(());
    }
    if files.evidence.is_some() && path.join("case.toml").exists() {
        return evidence(&path, files, all);
    }
    if files.seals && is_log(&path) {
        return sealed(&path, all);
    }
    if files.deep {
        let (sources, refused) = crate::gather::gather(std::slice::from_ref(&path));
        all.extend(sources.into_iter().filter_map(|s| Some(Found::File(path.clone(), s.path?))));
        all.extend(refused.into_iter().map(|r| Found::Refused(beneath(Path::new(&r.name), &path), r.reason)));
        return Ok(());
    }
    let wrong = |e: std::io::Error| files.wrong(&path.display().to_string()).because(e);
    let entries = fs::read_dir(&path).map_err(wrong)?;
    let mut inside: Vec<PathBuf> =
        entries.map(|e| e.map(|e| e.path())).collect::<std::io::Result<_>>().map_err(wrong)?;
    inside.retain(|p| p.is_file() && !files.aside.iter().any(|n| p.ends_with(n)));
    inside.sort();
    all.extend(inside.into_iter().map(|file| Found::File(path.clone(), file)));
    Ok(())
}

/// What `collect` brought into a case.
fn evidence(dir: &Path, files: &Files, all: &mut Vec<Found>) -> Result<()> {
    let Some(name) = files.evidence else { return Ok(()) };
    let begin = format!("collect/{name}-");
    let kept = Case::look(dir)?.register()?.into_iter();
    let kept = kept.filter(|k| k.place != Place::Nowhere && k.evidence.path.starts_with(&begin));
    all.extend(kept.map(|k| Found::Evidence(dir.into(), Box::new(k))));
    Ok(())
}

impl Found {
    fn open(&self, files: &Files) -> Result<Loaded> {
        let refused =
            |name: &str, reason: String| Loaded { name: name.into(), unread: Some(reason), ..Loaded::default() };
        let (path, name, file) = match self {
            Found::Sealed(log, known, name) => return Ok(open_sealed(log, known, name, files)),
            Found::Refused(name, reason) => return Ok(refused(name, reason.clone())),
            Found::File(path, file) => {
                // Of a folder with folders in it, the way to the file is its name.
                let name = match files.deep && path != file {
                    true => beneath(file, path),
                    false => file.file_name().map_or_else(|| "?".into(), |n| n.to_string_lossy().into_owned()),
                };
                let opened = match store::regular(file, true) {
                    Err(e) if files.deep && path != file => return Ok(refused(&name, crate::gather::why(&e))),
                    opened => opened.map_err(|e| files.wrong(&file.display().to_string()).because(e))?,
                };
                (path.display().to_string(), name, opened)
            }
            Found::Evidence(dir, kept) => {
                let name = kept.evidence.path.clone();
                let opened = Case::look(dir)?.bytes_of(kept).map_err(|e| files.wrong(&name).because(e))?;
                (name.clone(), name, opened)
            }
        };
        match bytes(file, files) {
            Err(e) if matches!(self, Found::File(path, file) if files.deep && path != file) => {
                Ok(refused(&name, crate::gather::why(&e)))
            }
            bytes => {
                let bytes = bytes.map_err(|e| files.wrong(&path).because(e))?;
                Ok(Loaded { path, name, bytes, ..Loaded::default() })
            }
        }
    }
}

/// What was sealed: its bytes where the file is as it was, else its hashes alone.
fn open_sealed(log: &Path, known: &seals::Known, name: &str, files: &Files) -> Loaded {
    use proofs::seal::Kind;
    let hex = |hash: &[u8; 32]| hash.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let of = |kind: Kind| known.parts.iter().filter(move |(k, ..)| *k == kind).map(|(_, _, hash)| hash);
    let sealed = model::Sealed {
        bytes: of(Kind::Bytes).map(hex).next().unwrap_or_default(),
        text: of(Kind::Text).map(hex).next(),
        paragraphs: of(Kind::Paragraph).map(hex).collect(),
    };
    let path = Path::new(&known.name);
    let same = crate::sealing::hash_of(path).is_ok_and(|now| of(Kind::Bytes).any(|then| *then == now));
    let opened = same.then(|| store::regular(path, true).ok()).flatten().and_then(|f| bytes(f, files).ok());
    Loaded {
        path: log.display().to_string(),
        name: name.into(),
        bytes: opened.unwrap_or_default(),
        sealed: Some(sealed),
        unread: None,
    }
}

/// All bytes, decompressed; of what evidence is held against, as they were written, of other files in UTF-8.
fn bytes(file: impl Read + Send + 'static, files: &Files) -> std::io::Result<Vec<u8>> {
    let mut input = Input::open(Box::new(file), Budget::default())?;
    let (all, more) = if files.deep { input.written(files.most) } else { input.whole(files.most) }?;
    match input.damage() {
        Some(skip) => Err(std::io::Error::other(skip.reason.clone())),
        None if more => Err(std::io::Error::other(format!("larger than {} MiB", files.most >> 20))),
        None => Ok(all),
    }
}
