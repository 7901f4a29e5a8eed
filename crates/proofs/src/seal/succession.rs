//! A log's next key: a note that says so, signed by the old key and by the new one.

use crate::{Checkpoint, Fault, Note, Vkey, vkey};

/// The first line.
const HEADER: &str = "vigie-seal/v1 succession";

/// The text that both keys sign: the keys, and the head at which the new one begins.
pub fn text(old: &Vkey, new: &Vkey, head: &Checkpoint) -> String {
    format!("{HEADER}\n{old}\n{new}\n{}\n", vkey::head_line(head))
}

/// The key that a note says follows one that is trusted.
pub fn follow(note: &[u8], trusted: &Vkey) -> Result<Vkey, Fault> {
    let note = Note::parse(note)?;
    let bad = || Fault::Form("it is no succession of keys".into());
    let lines: Vec<&str> = note.text.lines().collect();
    let [HEADER, old, new, _] = lines[..] else { return Err(bad()) };
    let new = Vkey::parse(new).map_err(|_| bad())?;
    if old != trusted.to_string() || new.name != trusted.name || new.kind != vkey::Kind::Log {
        return Err(Fault::Signature);
    }
    match (trusted.signed(&note)?, new.signed(&note)?) {
        (Some(_), Some(_)) => Ok(new),
        _ => Err(Fault::Signature),
    }
}
