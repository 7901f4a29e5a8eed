//! The key that signs, on disk, and its successor.

use crate::log::Log;
use crate::tiles::write;
use crate::{io, random};
use model::{Error, Result, Time};
use proofs::seal::succession;
use proofs::vkey::Kind;
use proofs::{Signer, Vkey};
use std::fs;
use std::path::{Path, PathBuf};

/// Reads the key that signs.
pub fn read(home: &Path, name: &str) -> Result<Signer> {
    let path = home.join("private").join(name);
    let text = fs::read_to_string(&path).map_err(|e| {
        io("read", &path, e)
            .hint("without its key a log cannot go on: `vigie seal --continues HEAD` begins one after it")
    })?;
    Signer::parse(&text).ok_or_else(|| Error::new(format!("`{}` is no key that signs", path.display())))
}

/// The key that signs what a log publishes, for other notes of its owner.
///
/// # Errors
/// Where the log has none that can be read.
pub fn signer(home: &Path) -> Result<Signer> {
    read(home, "signer.key")
}

/// Makes a key and keeps it.
pub fn make(home: &Path, file: &str, name: &str, kind: Kind) -> Result<Signer> {
    let mut seed = [0; 32];
    random(&mut seed)?;
    let signer = Signer::new(name, kind, seed)?;
    write(&home.join("private").join(file), format!("{}\n", signer.to_secret()).as_bytes(), 0o600)?;
    Ok(signer)
}

impl Log {
    /// Takes a new key: a note signed by both says so, and the last head is signed by both. Gives the note's path and
    /// the new verifier key.
    pub fn new_key(&mut self, now: Time) -> Result<(PathBuf, Vkey)> {
        let head = self.head()?.ok_or_else(|| {
            Error::new("this log has no head yet").hint("`vigie seal DIR` makes the first; its key needs no successor")
        })?;
        let old = self.signer.vkey();
        let private = self.home.join("private");
        // Kept under another name until the note is there, so that a killed program leaves the old key in its place.
        let next = make(&self.home, "signer.key.next", &old.name, Kind::Log)?;
        let text = succession::text(&old, &next.vkey(), &head);
        let seconds = now.0.div_euclid(1_000_000);
        let sign =
            |signer: &Signer, text: &str| signer.sign(text, seconds).ok_or_else(|| Error::new("the key does not sign"));
        let note = format!("{text}\n{}{}", sign(&self.signer, &text)?, sign(&next, &text)?);
        let n = (1..).find(|n| !self.home.join(format!("succession/{n}")).exists()).unwrap_or(1);
        let path = self.home.join(format!("succession/{n}"));
        write(&path, note.as_bytes(), 0o644)?;
        let checkpoint = self.home.join("checkpoint");
        let held = fs::read_to_string(&checkpoint).map_err(|e| io("read", &checkpoint, e))?;
        let both = held + &sign(&next, &head.to_text())?;
        write(&self.home.join(format!("heads/{}", head.size)), both.as_bytes(), 0o644)?;
        write(&checkpoint, both.as_bytes(), 0o644)?;
        write(&self.home.join("verifier.key"), format!("{}\n", next.vkey()).as_bytes(), 0o644)?;
        let signer = private.join("signer.key");
        fs::rename(private.join("signer.key.next"), &signer).map_err(|e| io("write", &signer, e))?;
        self.signer = next;
        Ok((path, self.signer.vkey()))
    }

    /// Has heads signed with ML-DSA-44 too from now on; gives the verifier key.
    pub fn post_quantum(&mut self) -> Result<Vkey> {
        if self.post_quantum.is_none() {
            let signer = make(&self.home, "post-quantum.key", &self.signer.vkey().name, Kind::PostQuantum)?;
            let line = format!("{}\n", signer.vkey());
            write(&self.home.join("post-quantum-verifier.key"), line.as_bytes(), 0o644)?;
            self.post_quantum = Some(signer);
        }
        self.post_quantum.as_ref().map(Signer::vkey).ok_or_else(|| Error::new("no key was made"))
    }
}
