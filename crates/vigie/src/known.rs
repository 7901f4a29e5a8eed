//! Knowledge that was imported: where it is kept, who must have signed it, and that it is used from the program's first
//! moment on, by its workers as well.
//!
//! You may rely on: what is used was signed by the pinned key, each time anew; a file that is not is an error, never passed
//! by. Left out: what a pack is (`knowledge::import`).

use knowledge::import::{self, Pack};
use model::{Error, Result};
use proofs::{Fault, Note, Vkey};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Names another place than the user's own folder.
pub const PLACE: &str = "VIGIE_KNOWLEDGE";
/// What a worker must come to as well.
const DIGEST: &str = "VIGIE_KNOWLEDGE_DIGEST";
/// Bytes of a pack, at most.
pub const MOST: u64 = 64 << 20;

/// Where imported knowledge lies; none where there is no home folder.
pub fn place() -> Option<PathBuf> {
    let told = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let data = || told("XDG_DATA_HOME").or_else(|| Some(told("HOME")?.join(".local/share")));
    told(PLACE).or_else(|| Some(data()?.join("vigie/knowledge.note")))
}

/// The key that was pinned beside it.
pub fn key_of(note: &Path) -> PathBuf {
    note.with_extension("key")
}

/// Which key must have signed: the one that was pinned, else the one that the program was built with.
pub fn pinned(note: &Path) -> Result<Option<Vkey>> {
    let path = key_of(note);
    let held = match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            option_env!("VIGIE_KNOWLEDGE_KEY").filter(|k| !k.is_empty()).map(str::to_string)
        }
        Err(e) => return Err(Error::new(format!("could not read `{}`", path.display())).because(e)),
    };
    held.map(|text| Vkey::parse(&text)).transpose()
}

/// A pack, if this key signed it.
pub fn open(path: &Path, key: &Vkey) -> Result<Pack> {
    let what = || format!("`{}`", path.display());
    let bytes = store::small(path, MOST)
        .map_err(|e| Error::new(format!("could not read {}", what())).because(crate::gather::why(&e)))?;
    let note = Note::parse(&bytes).map_err(|e| {
        Error::new(format!("{} is no signed note", what()))
            .because(e)
            .hint("it may be half downloaded; take it again from whoever publishes it")
    })?;
    let untrue = "do not use it; take it again from whoever publishes it, and tell them";
    match key.signed(&note) {
        Ok(Some(_)) => {}
        Ok(None) => {
            return Err(Error::new(format!("{} is not signed by {}", what(), key.name)).hint(
                "the key is pinned by the first import; `vigie knowledge drop` forgets it, should it really be another now",
            ));
        }
        Err(Fault::Signature) => {
            return Err(Error::new(format!("{} was changed after {} signed it", what(), key.name)).hint(untrue));
        }
        Err(e) => return Err(Error::new(format!("{} can't be checked", what())).because(e).hint(untrue)),
    }
    Pack::parse(&note.text).map_err(|e| {
        Error::new(format!("{} is no knowledge that this program can use", what()))
            .because(e)
            .hint("a newer vigie may be able to")
    })
}

/// Has what was imported be used. To be called first of all.
pub fn load() -> Result<()> {
    let Some(path) = place().filter(|p| p.is_file()) else { return Ok(()) };
    let again = "import it again, or `vigie knowledge drop` goes back to what came with the program";
    let key =
        pinned(&path)?.ok_or_else(|| Error::new(format!("`{}` has no key beside it", path.display())).hint(again))?;
    let pack = open(&path, &key)?;
    import::use_newer(pack, key.name);
    let same = std::env::var(DIGEST).ok().is_none_or(|told| told == digest());
    same.then_some(())
        .ok_or_else(|| Error::new("what was imported was changed meanwhile").hint("run the command again"))
}

/// What a worker must be told to know the same: it is started with nothing else in its environment.
pub fn handed_on() -> Vec<(&'static str, OsString)> {
    let used = import::imported().and_then(|_| place());
    used.map_or(Vec::new(), |path| vec![(PLACE, path.into()), (DIGEST, digest().into())])
}

fn digest() -> String {
    model::EvidenceId(knowledge::digest()).to_string()
}
