//! Hundreds of literals at once, at less than half a nanosecond a byte.
//!
//! Every literal is filed under two of its own four-byte pieces, one at an even and one at an odd offset.
//! So whatever the alignment, one of them falls on an even position of the text, and only every second
//! position needs a look: one multiplication and one bit of a 16 KiB map. The rest is verified.
//! Letters are compared without case (bit 0x20 set on both sides for the map, exactly afterwards).
//!
//! You may rely on: exactly the occurrences that satisfy the anchors are reported; each visited position
//! costs at most the few literals that share the piece.

use super::wordset::WordTable;

/// Where a literal may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In either.
    Target,
    /// In the user agent, at the start of a word.
    Agent,
}

/// One literal, as filed.
#[derive(Debug, Clone)]
struct Literal {
    text: Box<[u8]>,
    place: Place,
    at_start: bool,
    at_end: bool,
    rule: u16,
}

/// The index over all literals.
#[derive(Debug, Clone)]
pub struct LiteralIndex {
    target: Sieve,
    agent: Sieve,
    /// (piece, literal, offset of the piece in it), sorted by piece.
    entries: Vec<(u32, u16, u16)>,
    /// Start of each piece's run in `entries`, by hash; 0 = none, else index + 1.
    slots: Vec<u32>,
    literals: Vec<Literal>,
}

/// One bit for each piece's hash: "perhaps". Agents have a map of their own, so that each stays sparse.
#[derive(Debug, Clone)]
struct Sieve(Box<[u64; WORDS]>);

impl Sieve {
    fn new() -> Self {
        Self(Box::new([0; WORDS]))
    }

    fn insert(&mut self, piece: u32) {
        let bit = (spread(piece) >> (32 - BITS)) as usize;
        self.0[bit >> 6] |= 1 << (bit & 63);
    }

    /// 1 if the piece may be filed.
    #[inline(always)]
    fn test(&self, piece: u32) -> u64 {
        let bit = (spread(piece) >> (32 - BITS)) as usize;
        self.0[bit >> 6] >> (bit & 63) & 1
    }
}

const BITS: u32 = 17;
const WORDS: usize = 1 << (BITS - 6);
const CASE: u32 = 0x2020_2020;
const WIDE_CASE: u64 = 0x2020_2020_2020_2020;

#[inline]
fn spread(piece: u32) -> u32 {
    piece.wrapping_mul(0x9E37_79B1)
}

#[inline]
fn piece_at(text: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([text[at], text[at + 1], text[at + 2], text[at + 3]]) | CASE
}

/// Pieces of texts that nearly every ordinary request holds; filing a literal under one would waste looks.
const ORDINARY: &str = "/index.php index.html .html /wp-content/plugins/ /wp-content/themes/ \
    /wp-includes/ /wp-admin/ /wp-json/ .json .aspx mozilla/5.0 (windows nt 10.0; win64; x64) applewebkit/537.36 \
    (khtml, like gecko) chrome/120.0.0.0 safari/537.36 (macintosh; intel mac os x compatible; http://www. \
    https:// googlebot bingbot firefox/ version/ mobile linux android iphone image images /uploads/ /static/ /assets/ \
    /admin /login /user /api/v1/ content/ upload page search query category article action= \
    /actualites/ /portrait /grande meeting /public publique publications .jpg .jpeg .png .gif .css .js .htm .xml .pdf \
    0000 0001 0002 0003 0004 0005 0006 0007 0008 0009 2016 2017 2018 2019 2020 2021 2022 2023 2024 2025 2026 \
    /evenements /programme /equipe /photos /contact /accueil /services information election candidat /blog/ /tags/ \
    /category/ /feed/ /about /news/ /events/ /archives/ /media/ /files/ /download /products/ /themes/ /plugins/ title";

impl LiteralIndex {
    /// Builds the index from (text with `^`/`$` anchors, place, rule).
    pub fn new(source: &[(&str, Place, u16)]) -> Self {
        let ordinary: Vec<u32> =
            ORDINARY.split(' ').flat_map(|word| word.as_bytes().windows(4).map(|four| piece_at(four, 0))).collect();
        let mut literals = Vec::new();
        let mut entries = Vec::new();
        for &(text, place, rule) in source {
            let at_start = text.starts_with('^');
            let at_end = text.ends_with('$');
            let text = text.strip_prefix('^').unwrap_or(text);
            let text = text.strip_suffix('$').unwrap_or(text).as_bytes();
            if text.len() < 5 || text.len() > 200 {
                continue; // the knowledge crate's test forbids it; a bad overlay must not stop the program
            }
            let number = u16::try_from(literals.len()).unwrap_or(u16::MAX);
            for parity in 0..2 {
                let best = (parity..=text.len() - 4)
                    .step_by(2)
                    .min_by_key(|&at| {
                        let piece = piece_at(text, at);
                        let common = if ordinary.contains(&piece) { 1000 } else { 0 };
                        common + text[at..at + 4].iter().map(|&byte| commonness(byte)).sum::<u32>()
                    })
                    .unwrap_or(parity);
                entries.push((piece_at(text, best), number, u16::try_from(best).unwrap_or(0)));
            }
            literals.push(Literal { text: text.into(), place, at_start, at_end, rule });
        }
        entries.sort_unstable();
        let (mut target, mut agent) = (Sieve::new(), Sieve::new());
        let size = (entries.len() * 4 + 4).next_power_of_two();
        let mut slots = vec![0_u32; size];
        let mut last = None;
        for (index, &(piece, literal, _)) in entries.iter().enumerate() {
            let of_agent = literals.get(usize::from(literal)).is_some_and(|literal| literal.place == Place::Agent);
            if of_agent {
                agent.insert(piece)
            } else {
                target.insert(piece)
            }
            if last != Some(piece) {
                last = Some(piece);
                let mut at = spread(piece) as usize & (size - 1);
                while slots[at] != 0 {
                    at = (at + 1) & (size - 1);
                }
                slots[at] = u32::try_from(index + 1).unwrap_or(0);
            }
        }
        Self { target, agent, entries, slots, literals }
    }

    /// Calls `found(rule, start, end)` for each literal that lies in `text` at its place. `path_end` is where the
    /// path ends and the query begins; for an agent it is ignored.
    #[inline]
    pub fn scan(&self, text: &[u8], agent: bool, path_end: usize, mut found: impl FnMut(u16, usize)) {
        let sieve = if agent { &self.agent } else { &self.target };
        let mut at = 0;
        // Four pieces for one branch.
        while let Some(&[a, b, c, d, e, f, g, h, i, j]) = text[at..].first_chunk::<10>() {
            let eight = u64::from_le_bytes([a, b, c, d, e, f, g, h]) | WIDE_CASE;
            let last = u32::from(u16::from_le_bytes([i, j])) << 16 | CASE;
            // Truncation takes the four bytes that begin at each even place.
            let pieces = [eight as u32, (eight >> 16) as u32, (eight >> 32) as u32, (eight >> 48) as u32 | last];
            if sieve.test(pieces[0]) | sieve.test(pieces[1]) | sieve.test(pieces[2]) | sieve.test(pieces[3]) != 0 {
                for (number, &piece) in pieces.iter().enumerate() {
                    if sieve.test(piece) != 0 {
                        self.verify(text, agent, path_end, at + 2 * number, piece, &mut found);
                    }
                }
            }
            at += 8;
        }
        while at + 4 <= text.len() {
            let piece = piece_at(text, at);
            if sieve.test(piece) != 0 {
                self.verify(text, agent, path_end, at, piece, &mut found);
            }
            at += 2;
        }
    }

    #[cold]
    fn verify(
        &self,
        text: &[u8],
        agent: bool,
        path_end: usize,
        at: usize,
        piece: u32,
        found: &mut impl FnMut(u16, usize),
    ) {
        let mut slot = spread(piece) as usize & (self.slots.len() - 1);
        let first = loop {
            match self.slots[slot] {
                0 => return,
                index if self.entries[index as usize - 1].0 == piece => break index as usize - 1,
                _ => slot = (slot + 1) & (self.slots.len() - 1),
            }
        };
        for &(other, literal, offset) in &self.entries[first..] {
            if other != piece {
                break;
            }
            let literal = &self.literals[usize::from(literal)];
            if agent != (literal.place == Place::Agent) {
                continue;
            }
            let Some(start) = at.checked_sub(usize::from(offset)) else {
                continue;
            };
            let end = start + literal.text.len();
            if end > text.len() || !text[start..end].eq_ignore_ascii_case(&literal.text) {
                continue;
            }
            let placed = match literal.place {
                Place::Path => end <= path_end && (!literal.at_end || end == path_end),
                Place::Query => start >= path_end && (!literal.at_end || end == text.len()),
                Place::Target => !literal.at_end || end == text.len() || end == path_end,
                Place::Agent => start == 0 || !text[start - 1].is_ascii_alphanumeric(),
            };
            if placed && (!literal.at_start || start == 0) {
                found(literal.rule, start);
            }
        }
    }
}

/// Rough frequency of a byte in ordinary addresses, to file literals under rare pieces.
fn commonness(byte: u8) -> u32 {
    match byte {
        b'e' | b'a' | b'i' | b't' | b's' | b'n' | b'o' | b'r' | b'l' => 8,
        b'/' | b'.' | b'-' | b'c' | b'd' | b'm' | b'p' | b'u' | b'h' | b'0' | b'1' => 6,
        b'g' | b'b' | b'f' | b'w' | b'v' | b'y' | b'_' | b'=' | b'2'..=b'9' => 4,
        _ => 1,
    }
}

/// The last segment's extension, if it has one.
pub fn extension(path: &[u8]) -> Option<&[u8]> {
    let dot = path.iter().rposition(|&byte| matches!(byte, b'.' | b'/'))?;
    (path[dot] == b'.').then(|| &path[dot + 1..])
}

/// Looks an extension up without regard to case.
pub fn extension_rule(path: &[u8], table: &WordTable) -> Option<u8> {
    let found = extension(path)?;
    let mut lower = [0_u8; 12];
    let lower = lower.get_mut(..found.len())?;
    lower.copy_from_slice(found);
    lower.make_ascii_lowercase();
    table.get(lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(index: &LiteralIndex, text: &str, agent: bool) -> Vec<u16> {
        let end = text.find('?').unwrap_or(text.len());
        let mut out = Vec::new();
        index.scan(text.as_bytes(), agent, end, |rule, _| out.push(rule));
        out.sort_unstable();
        out.dedup();
        out
    }

    #[test]
    fn every_alignment_place_and_anchor() {
        let index = LiteralIndex::new(&[
            ("/.git/", Place::Path, 1),
            ("^/setup.cgi$", Place::Path, 2),
            ("union", Place::Query, 3),
            ("/etc/passwd", Place::Target, 4),
            ("nikto", Place::Agent, 5),
        ]);
        for lead in ["", "a", "ab", "abc", "abcd"] {
            assert_eq!(hits(&index, &format!("{lead}/.GIT/config"), false), [1]);
        }
        assert_eq!(hits(&index, "/setup.cgi", false), [2]);
        assert!(hits(&index, "/x/setup.cgi", false).is_empty());
        assert!(hits(&index, "/setup.cgi2", false).is_empty());
        assert!(hits(&index, "/union?q=1", false).is_empty());
        assert_eq!(hits(&index, "/?q=union", false), [3]);
        assert_eq!(hits(&index, "/etc/passwd?x", false), [4]);
        assert_eq!(hits(&index, "/?f=/etc/passwd", false), [4]);
        assert_eq!(hits(&index, "Mozilla/5.00 (Nikto/2.1.5)", true), [5]);
        assert!(hits(&index, "xnikto", true).is_empty());
        assert!(hits(&index, "nikto", false).is_empty());
    }
}
