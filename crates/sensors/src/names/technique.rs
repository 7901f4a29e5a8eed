//! The techniques by which one text is made to look like another, and which of them leads from one to the other.
//!
//! You may rely on: [`compare`] names the least surprising technique, in a fixed order. Left out: how much each is
//! worth (`score.rs`).

pub use rows::names::Technique;

/// A label without hyphens (`plain`), and what the eye makes of that (`folded`): digits read as letters, `rn` as `m`,
/// double letters as one, but never across a hyphen. Every folded character knows where it came from.
#[derive(Clone, Debug)]
pub struct Folded {
    plain: [u8; 64],
    /// Where each plain byte stands in the label.
    plain_at: [u8; 65],
    plain_len: usize,
    folded: [u8; 64],
    /// Where each folded byte stands in `plain`.
    folded_at: [u8; 65],
    folded_len: usize,
    /// Where in `folded` tokens begin, and where the last one ends.
    cuts: [u8; 34],
    cut_len: usize,
}

impl Default for Folded {
    fn default() -> Folded {
        Folded {
            plain: [0; 64],
            plain_at: [0; 65],
            plain_len: 0,
            folded: [0; 64],
            folded_at: [0; 65],
            folded_len: 0,
            cuts: [0; 34],
            cut_len: 0,
        }
    }
}

/// What one byte looks like.
const LOOKS: [u8; 256] = {
    let mut looks = [0u8; 256];
    let mut b = 0;
    while b < 256 {
        looks[b] = match b as u8 {
            b'0' => b'o',
            b'1' | b'i' => b'l',
            b'2' => b'z',
            b'3' => b'e',
            b'4' => b'a',
            b'5' => b's',
            b'6' | b'9' | b'q' => b'g',
            b'7' => b't',
            b'8' => b'b',
            other => other,
        };
        b += 1;
    }
    looks
};

impl Folded {
    /// Of a label of at most 63 bytes; the rest is not looked at.
    pub fn set(&mut self, label: &[u8]) {
        let (mut n, mut m) = (0, 0);
        let mut last = 0;
        self.cut_len = 1;
        for (at, &b) in label.iter().take(63).enumerate() {
            if b == b'-' || b == b'_' {
                if m > self.cuts[self.cut_len - 1] as usize {
                    self.cuts[self.cut_len] = m as u8;
                    self.cut_len += 1;
                }
                last = 0;
                continue;
            }
            self.plain[n] = b;
            self.plain_at[n] = at as u8;
            let looks = LOOKS[b as usize];
            // A pair that reads as one letter takes the place of its first half.
            let pair = match (last, looks) {
                (b'r', b'n') => b'm',
                (b'v', b'v') => b'w',
                (b'c', b'l') => b'd',
                _ => 0,
            };
            if pair != 0 {
                self.folded[m - 1] = pair;
                last = pair;
            } else if last != looks {
                self.folded[m] = looks;
                self.folded_at[m] = n as u8;
                m += 1;
                last = looks;
            }
            n += 1;
        }
        self.plain_at[n] = label.len().min(63) as u8;
        self.folded_at[m] = n as u8;
        (self.plain_len, self.folded_len) = (n, m);
        if m > self.cuts[self.cut_len - 1] as usize {
            self.cuts[self.cut_len] = m as u8;
            self.cut_len += 1;
        }
    }

    /// Where in `folded` tokens begin, and where the last one ends.
    pub fn cuts(&self) -> &[u8] {
        &self.cuts[..self.cut_len]
    }

    /// Whether letters were read as one.
    pub fn is_merged(&self) -> bool {
        self.folded_len < self.plain_len
    }

    /// Where in `plain` stand letters that were read as one with the one before.
    pub fn merged(&self) -> impl Iterator<Item = usize> + '_ {
        self.folded_at[..=self.folded_len].windows(2).flat_map(|w| w[0] as usize + 1..w[1] as usize)
    }

    /// Without hyphens.
    pub fn plain(&self) -> &[u8] {
        &self.plain[..self.plain_len]
    }

    /// As the eye reads it.
    pub fn folded(&self) -> &[u8] {
        &self.folded[..self.folded_len]
    }

    /// The part of the label, hyphens at its ends left out, that a range of `folded` came from.
    pub fn origin(&self, start: usize, end: usize) -> std::ops::Range<usize> {
        let (start, end) = (self.folded_at[start] as usize, self.folded_at[end] as usize);
        let first = self.plain_at[start] as usize;
        let last = if end > start { self.plain_at[end - 1] as usize + 1 } else { first };
        first..last
    }
}

/// The folded form of a text.
pub fn fold(text: &[u8]) -> Vec<u8> {
    let mut f = Folded::default();
    f.set(text);
    f.folded().to_vec()
}

/// What one character looks like.
pub fn look(b: u8) -> u8 {
    LOOKS[b as usize]
}

/// The look of each character by itself, none run together: what an edit inside a double letter is found by.
pub fn looks(text: &[u8]) -> Vec<u8> {
    text.iter().filter(|b| **b != b'-').map(|&b| LOOKS[b as usize]).collect()
}

/// What leads from a protected text to another; both plain. None where more than one edit and the look do.
pub fn compare(seen: &[u8], ours: &[u8]) -> Option<Vec<Technique>> {
    if seen == ours {
        return Some(Vec::new());
    }
    if let Some(edit) = edit(seen, ours) {
        return Some(vec![edit]);
    }
    let (mut a, mut b) = (Folded::default(), Folded::default());
    a.set(seen);
    b.set(ours);
    let visual = visual(seen, ours);
    if a.folded() == b.folded() {
        return Some(vec![visual]);
    }
    edit(a.folded(), b.folded()).map(|edit| vec![visual, edit])
}

fn visual(seen: &[u8], ours: &[u8]) -> Technique {
    let digits = |t: &[u8]| t.iter().filter(|b| b.is_ascii_digit()).count();
    if digits(seen) > digits(ours) {
        return Technique::Leet;
    }
    let single = |t: &[u8]| {
        let mut t = t.to_vec();
        t.dedup();
        t
    };
    match single(seen) == single(ours) {
        true if seen.len() > ours.len() => Technique::Repetition,
        true => Technique::Omission,
        false => Technique::Homoglyph,
    }
}

/// The single edit (Damerau) that makes `seen` of `ours`.
fn edit(seen: &[u8], ours: &[u8]) -> Option<Technique> {
    let same = seen.iter().zip(ours).take_while(|(a, b)| a == b).count();
    let (a, b) = (&seen[same..], &ours[same..]);
    match (a.len(), b.len()) {
        (n, m) if n == m && n >= 1 => {
            if a[1..] == b[1..] {
                return Some(substitution(a[0], b[0]));
            }
            (n >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..]).then_some(Technique::Transposition)
        }
        (n, m) if n == m + 1 && a[1..] == *b => Some(insertion(seen, same)),
        (n, m) if n + 1 == m && *a == b[1..] => Some(if b == b"s" { Technique::Plural } else { Technique::Omission }),
        _ => None,
    }
}

fn insertion(seen: &[u8], at: usize) -> Technique {
    let new = seen[at];
    let around = [at.checked_sub(1).map(|i| seen[i]), seen.get(at + 1).copied()];
    if around.contains(&Some(new)) {
        Technique::Repetition
    } else if new == b's' && at + 1 == seen.len() {
        Technique::Plural
    } else if around.into_iter().flatten().any(|b| neighbours(b, new)) {
        Technique::NeighbouringKey
    } else {
        Technique::Insertion
    }
}

fn substitution(new: u8, old: u8) -> Technique {
    let vowel = |b: u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    if LOOKS[new as usize] == LOOKS[old as usize] {
        if new.is_ascii_digit() { Technique::Leet } else { Technique::Homoglyph }
    } else if alike(new, old) {
        Technique::Homoglyph
    } else if neighbours(new, old) {
        Technique::NeighbouringKey
    } else if vowel(new) && vowel(old) {
        Technique::VowelSwap
    } else if (new ^ old).count_ones() == 1 {
        Technique::BitFlip
    } else {
        Technique::Substitution
    }
}

/// Letters taken for one another at a glance.
fn alike(a: u8, b: u8) -> bool {
    const PAIRS: [(u8, u8); 9] = [
        (b'e', b'c'),
        (b'u', b'v'),
        (b'i', b'j'),
        (b'm', b'n'),
        (b'l', b't'),
        (b'h', b'n'),
        (b'f', b't'),
        (b'o', b'c'),
        (b'n', b'u'),
    ];
    PAIRS.contains(&(a, b)) || PAIRS.contains(&(b, a))
}

/// Whether two keys touch on AZERTY or QWERTY.
fn neighbours(a: u8, b: u8) -> bool {
    const LAYOUTS: [[&[u8]; 3]; 2] =
        [[b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"], [b"azertyuiop", b"qsdfghjklm", b"wxcvbn"]];
    let find = |rows: &[&[u8]; 3], key: u8| {
        rows.iter().enumerate().find_map(|(y, row)| row.iter().position(|&k| k == key).map(|x| (x as i32, y as i32)))
    };
    // Each row stands half a key to the right of the one above.
    LAYOUTS.iter().any(|rows| match (find(rows, a), find(rows, b)) {
        (Some((ax, ay)), Some((bx, by))) => {
            let (dx, dy) = ((2 * ax + ay) - (2 * bx + by), ay - by);
            a != b && dy.abs() <= 1 && dx.abs() <= 2
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Technique::*;

    #[test]
    fn the_technique_is_named() {
        let check = |seen: &str, ours: &str, expected: Option<&[Technique]>| {
            assert_eq!(compare(seen.as_bytes(), ours.as_bytes()).as_deref(), expected, "{seen} for {ours}");
        };
        check("enmarche", "enmarche", Some(&[]));
        check("enrnarche", "enmarche", Some(&[Homoglyph]));
        check("m1crosoft", "microsoft", Some(&[Leet]));
        check("m1cr0s0ft", "microsoft", Some(&[Leet]));
        check("enmarch", "enmarche", Some(&[Omission]));
        check("gogle", "google", Some(&[Omission]));
        check("gooogle", "google", Some(&[Repetition]));
        check("goooogle", "google", Some(&[Repetition]));
        check("enmrache", "enmarche", Some(&[Transposition]));
        check("enmarxhe", "enmarche", Some(&[NeighbouringKey]));
        check("zmazon", "amazon", Some(&[NeighbouringKey]));
        check("enmorche", "enmarche", Some(&[VowelSwap]));
        check("enmarcha", "enmarche", Some(&[VowelSwap]));
        check("enmakche", "enmarche", Some(&[Substitution]));
        check("enmarshe", "enmarche", Some(&[BitFlip]));
        check("enmarches", "enmarche", Some(&[Plural]));
        check("echo", "echos", Some(&[Plural]));
        check("enrnarch", "enmarche", Some(&[Homoglyph, Omission]));
        check("bidon", "enmarche", None);
    }

    #[test]
    fn folding_knows_where_everything_came_from() {
        let mut f = Folded::default();
        f.set(b"one-drlve-en-rnarche");
        assert_eq!((f.plain(), f.folded()), (b"onedrlveenrnarche".as_slice(), b"onedrlveenmarche".as_slice()));
        assert_eq!(f.cuts(), [0, 3, 8, 10, 16]);
        f.set(b"onedriveenrnarche");
        assert_eq!(f.merged().collect::<Vec<_>>(), [8, 11]);
        assert_eq!((f.folded(), f.is_merged()), (b"onedrlvenmarche".as_slice(), true));
        let range = f.origin(7, 15);
        assert_eq!(&b"onedriveenrnarche"[range], b"eenrnarche");
    }
}
