//! What is ordinary for a site: which paths it answers how, and how busy it is when. Counts only; all mergeable.

/// Paths remembered per piece of evidence, as a fair sample where there are more.
pub const PATHS: usize = 1 << 15;

/// The counts of `web_log/path`: answers 2xx, 3xx, 4xx, 5xx of ordinary requests, then 2xx answers by size, in half
/// octaves ([`size_cell`]).
pub const SIZE_CELLS: usize = 64;

/// Where the answers of a status class are counted in a path's row.
pub fn status_cell(status: u16) -> Option<u16> {
    (200..=599).contains(&status).then(|| status / 100 - 2)
}

/// The half octave of a size: 0 for nothing, then two cells for every doubling.
pub fn size_cell(size: u64) -> u16 {
    if size == 0 {
        return 0;
    }
    let octave = size.ilog2();
    // Above the octave's middle (√2 ≈ 181/128)?
    let upper = (u128::from(size) << 7) >= (181u128 << octave);
    (1 + 2 * octave as u16 + u16::from(upper)).min(SIZE_CELLS as u16 - 1)
}

/// The longest path that is told apart.
const LONGEST: usize = 160;

/// A path as it is counted: numbers and long random words are alike, the query is gone.
pub struct PathKey {
    text: [u8; LONGEST],
    len: usize,
}

impl PathKey {
    /// Of a request target.
    pub fn new(target: &[u8]) -> PathKey {
        let mut key = PathKey { text: [0; LONGEST], len: 0 };
        let mut in_number = false;
        for &b in target {
            match b {
                b'?' | b'#' => break,
                b'0'..=b'9' if in_number => continue,
                _ => {}
            }
            in_number = b.is_ascii_digit();
            if key.len == LONGEST {
                break;
            }
            key.text[key.len] = if in_number { b'0' } else { b };
            key.len += 1;
        }
        key
    }

    /// Its text.
    pub fn text(&self) -> &[u8] {
        &self.text[..self.len]
    }

    /// A hash that never changes between versions: which paths a sample keeps depends on it.
    pub fn hash(&self, site: &[u8]) -> u64 {
        let mut h = mix(0x9e37_79b9_7f4a_7c15, site);
        h = mix(h ^ 0xff51_afd7_ed55_8ccd, self.text());
        h ^= h >> 33;
        h = h.wrapping_mul(0xff51_afd7_ed55_8ccd);
        h ^ (h >> 29)
    }
}

fn mix(mut h: u64, bytes: &[u8]) -> u64 {
    let mut fold = |word: u64| {
        let wide = u128::from(h ^ word).wrapping_mul(0xa076_1d64_78bd_642f_e703_7ed1_a0b4_28db);
        h = (wide as u64) ^ (wide >> 64) as u64;
    };
    let mut chunks = bytes.chunks_exact(8);
    for c in &mut chunks {
        fold(u64::from_le_bytes(c.try_into().expect("eight bytes")));
    }
    let mut last = [0u8; 8];
    last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    fold(u64::from_le_bytes(last) ^ (bytes.len() as u64) << 56);
    h
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_double_every_two_cells() {
        assert_eq!([0, 1, 2, 3, 4, 1000, 1024, 1500, 2048].map(size_cell), [0, 1, 3, 4, 5, 20, 21, 22, 23]);
        assert_eq!(size_cell(u64::MAX), 63);
    }

    #[test]
    fn numbers_are_alike() {
        assert_eq!(PathKey::new(b"/article/1234/x?page=2").text(), b"/article/0/x");
        assert_eq!(PathKey::new(b"/article/99/x").hash(b"s"), PathKey::new(b"/article/1/x#y").hash(b"s"));
        assert_ne!(PathKey::new(b"/article/99/x").hash(b"s"), PathKey::new(b"/article/99/x").hash(b"t"));
    }
}
