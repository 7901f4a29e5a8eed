//! Tiles, entry bundles, heads: what of a log is published. All of it is made of the commitments in their order, and is
//! made again where it is missing.

use crate::io;
use model::{Error, Result};
use proofs::merkle::{self, fold};
use proofs::tiles::{Place, WIDTH, path};
use proofs::{Fault, Hash};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A fault of a tile, or a failing disk.
#[derive(Debug)]
pub struct Failed(pub Error);

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Failed {
        Failed(
            Error::new("the log on disk does not hash to its head")
                .because(fault)
                .hint("`vigie seal` makes its tiles again from `private/salts.db`"),
        )
    }
}

/// Where a tile lies.
fn tile(home: &Path, level: &str, n: u64, width: u64) -> PathBuf {
    home.join("tile").join(level).join(path(n, width))
}

/// Writes a file whole or not at all.
pub fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir).map_err(|e| io("make the folder", dir, e))?;
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let next = dir.join(format!(".{name}.next"));
    let written = (|| {
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        platform::private_mode(&mut options, mode);
        let mut file = options.open(&next)?;
        file.write_all(bytes)?;
        file.sync_data()?;
        fs::rename(&next, path)
    })();
    written.map_err(|e| io("write", path, e))
}

/// Writes a file that can be made again, so that the disk need not be waited for.
fn quickly(path: &Path, bytes: &[u8]) -> Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    if !dir.is_dir() {
        fs::create_dir_all(dir).map_err(|e| io("make the folder", dir, e))?;
    }
    fs::write(path, bytes).map_err(|e| io("write", path, e))
}

/// Makes all tiles that a tree of `size` has and one of `old` had not; `entries` gives the commitments of a range.
pub fn grow(
    home: &Path,
    old: u64,
    size: u64,
    entries: &mut dyn FnMut(std::ops::Range<u64>) -> Result<Vec<Hash>>,
) -> Result<()> {
    // The first tile of a level that is another than before, and what the full ones from there on hash to.
    let (mut first, mut fresh) = (old / WIDTH, Vec::new());
    for n in first..size.div_ceil(WIDTH) {
        let entries = entries(n * WIDTH..((n + 1) * WIDTH).min(size))?;
        let bundle: Vec<u8> = entries.iter().flat_map(|e| [&[0, 32][..], e].concat()).collect();
        quickly(&tile(home, "entries", n, entries.len() as u64), &bundle)?;
        let hashes: Vec<Hash> = entries.iter().map(|e| merkle::leaf(&[e])).collect();
        put(home, 0, n, &hashes, &mut fresh)?;
    }
    for level in (1..8).take_while(|l| size >> (8 * l) > 0) {
        // The tile in which they go on was begun before: its first hashes are read back.
        let (n, begun) = (first / WIDTH, first % WIDTH);
        let mut hashes = match begun {
            0 => Vec::new(),
            _ => read(home, Place { level: level as u8, n, width: begun }, begun)?,
        };
        hashes.append(&mut fresh);
        for (tile, n) in hashes.chunks(WIDTH as usize).zip(n..) {
            put(home, level, n, tile, &mut fresh)?;
        }
        first = n;
    }
    Ok(())
}

/// The root of the tree that the tiles on disk make.
pub fn root(home: &Path, size: u64) -> Result<Hash> {
    let mut folded = None;
    for level in 0..8u8 {
        let hashes = size >> (8 * u32::from(level));
        let (n, width) = (hashes / WIDTH, hashes % WIDTH);
        if width > 0 {
            folded = fold(&read(home, Place { level, n, width }, width)?, folded);
        }
    }
    Ok(folded.unwrap_or_else(|| merkle::sha256(&[])))
}

fn put(home: &Path, level: u32, n: u64, hashes: &[Hash], above: &mut Vec<Hash>) -> Result<()> {
    quickly(&tile(home, &level.to_string(), n, hashes.len() as u64), &hashes.concat())?;
    if hashes.len() as u64 == WIDTH {
        above.extend(fold(hashes, None));
    }
    Ok(())
}

/// The first `width` hashes of a tile; a fuller one than was asked for serves too.
fn read(home: &Path, place: Place, width: u64) -> Result<Vec<Hash>> {
    let level = place.level.to_string();
    let whole = tile(home, &level, place.n, WIDTH);
    let begun = tile(home, &level, place.n, width);
    let bytes = fs::read(&begun).or_else(|_| fs::read(&whole)).or_else(|e| {
        // A later partial tile begins with the same hashes.
        let wider = (width + 1..WIDTH).map(|w| tile(home, &level, place.n, w)).find(|p| p.is_file());
        wider.map_or(Err(e), fs::read)
    });
    let bytes = bytes.map_err(|e| io("read", &begun, e).hint("`vigie seal` makes tiles again that are missing"))?;
    let hashes: Vec<Hash> = bytes.as_chunks::<32>().0.iter().take(width as usize).copied().collect();
    match hashes.len() as u64 == width {
        true => Ok(hashes),
        false => Err(Error::new(format!("`{}` is cut short", begun.display())).hint("run `vigie seal` again")),
    }
}

/// Reads tiles for a tree.
pub fn fetch(home: &Path) -> impl Fn(Place) -> std::result::Result<Vec<Hash>, Failed> + '_ {
    |place| read(home, place, place.width).map_err(Failed)
}

/// Has the disk keep what was written.
pub fn sync(home: &Path) -> Result<()> {
    platform::sync_disk(home).map_err(|e| io("write to", home, e))
}
