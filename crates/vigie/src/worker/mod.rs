//! Worker processes: the program starts itself again, gives up the file system, the network and everything else it
//! does not need, and only then is handed evidence, as an open file. What it says comes back in frames of bounded
//! size. If it crashes, hangs or asks for too much, that costs the piece of evidence it was at.
//!
//! Left out: how it is held, which is `platform`'s and less where it is not Linux; it is said so.

mod child;
mod pool;
mod sandbox;

pub use child::main;
pub use pool::{Bytes, Job, Pool, told, without_landlock};

use model::{Error, EvidenceId, Lines, Note, Observation, Skip, Step, Tally};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// Bytes in one frame, at most.
const FRAME_MAX: u32 = 64 << 20;

/// What a worker is told with the open file.
#[derive(Serialize, Deserialize)]
struct Order {
    /// The configuration as TOML: JSON knows no dates. None: the same as in the order before.
    config: Option<String>,
    at: model::Time,
    modified: Option<model::Time>,
    /// Read no further, should the file grow.
    size: u64,
    budget: model::Budget,
}

/// What a worker says.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    /// It is in its sandbox; whether Landlock holds it, besides seccomp. Said once, and told to nobody else.
    Entered(bool),
    /// What follows lies behind these steps and is read by this sensor, if any; the evidence itself comes first.
    Inside(Option<String>, Vec<Step>),
    /// Something happened.
    Observation(Observation),
    /// Something ordinary was counted.
    Tally(Tally),
    /// Something could not be read.
    Skip(Skip),
    /// Something must be stated.
    Note(Note),
    /// What became of the lines of what was read.
    Lines(Lines),
    /// So many bytes were read.
    Progress(u64),
    /// The configuration is wrong: the run must stop.
    Wrong(Complaint),
    /// The evidence could not be read. Said by the worker's owner.
    Lost(Loss),
    /// The end. Hash and size are filled in by the worker's owner, who does not take them from it.
    Done(EvidenceId, u64),
}

/// Why a piece of evidence was not read.
#[derive(Debug, Serialize, Deserialize)]
pub struct Loss {
    /// In words.
    pub reason: String,
    /// Not by what it is: the machine refused, or it vanished. Then nobody may believe that nothing was found.
    pub machine: bool,
}

impl Loss {
    /// By the machine.
    pub fn refused(reason: impl Into<String>) -> Loss {
        Loss { reason: reason.into(), machine: true }
    }

    /// By what the evidence did to its reader.
    pub fn by_evidence(reason: impl Into<String>) -> Loss {
        Loss { reason: reason.into(), machine: false }
    }
}

impl From<io::Error> for Loss {
    fn from(e: io::Error) -> Loss {
        Loss::refused(crate::gather::why(&e))
    }
}

impl Answer {
    fn is_last(&self) -> bool {
        matches!(self, Answer::Wrong(_) | Answer::Lost(_) | Answer::Done(..))
    }
}

/// An error that crosses to another process.
#[derive(Debug, Serialize, Deserialize)]
pub struct Complaint {
    what: String,
    hint: Option<String>,
}

impl From<Complaint> for Error {
    fn from(c: Complaint) -> Error {
        match c.hint {
            Some(hint) => Error::new(c.what).hint(hint),
            None => Error::new(c.what),
        }
    }
}

fn write_frame(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let json = serde_json::to_vec(value)?;
    let length = u32::try_from(json.len()).ok().filter(|l| *l <= FRAME_MAX);
    let length = length.ok_or_else(|| io::Error::other("a frame would be too long"))?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&json)
}

fn read_frame<T: for<'de> Deserialize<'de>>(from: &mut impl Read, length: [u8; 4]) -> io::Result<T> {
    let length = u32::from_le_bytes(length);
    if length > FRAME_MAX {
        return Err(io::Error::other("a frame is too long"));
    }
    let mut json = Vec::new();
    // Grows with what comes, not with what is promised.
    from.take(u64::from(length)).read_to_end(&mut json)?;
    if json.len() < length as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(serde_json::from_slice(&json)?)
}
