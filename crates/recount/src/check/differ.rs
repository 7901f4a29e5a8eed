//! Two rows that should be one: what differs, and how such a thing comes about.

use super::known;
use crate::world::{FIGURES, NONE};
use rows::station_minutes::{Disagreement, Figure};

/// The columns in which two rows differ, of those that both tell.
pub fn figures(expected: &[u32], found: &[u32]) -> Vec<(usize, Option<u64>, Option<u64>)> {
    let both = expected.iter().zip(found).enumerate();
    both.filter(|(_, (e, f))| **e != NONE && **f != NONE && e != f)
        .map(|(c, (e, f))| (c, known(*e), known(*f)))
        .collect()
}

/// Whether two rows have a figure in common.
pub fn comparable(a: &[u32], b: &[u32]) -> bool {
    a.iter().zip(b).any(|(a, b)| *a != NONE && *b != NONE)
}

/// How the one became the other.
pub fn kind(expected: &[u32], found: &[u32]) -> Disagreement {
    let different: Vec<usize> = (0..expected.len())
        .filter(|c| expected[*c] != NONE && found[*c] != NONE && expected[*c] != found[*c])
        .collect();
    let votes: Vec<usize> = different.iter().copied().filter(|c| *c >= FIGURES).collect();
    if let [a, b] = different[..]
        && a >= FIGURES
        && (expected[a], expected[b]) == (found[b], found[a])
    {
        return Disagreement::Swapped;
    }
    // Three or more figures that are each their neighbour's.
    if different.len() >= 3 {
        for step in [1i64, -1] {
            let neighbour = |c: usize| usize::try_from(c as i64 + step).ok().and_then(|n| expected.get(n)).copied();
            let moved = different.iter().filter(|c| neighbour(**c) == Some(found[**c])).count();
            if moved + 1 >= different.len() && moved >= 2 {
                return Disagreement::Shifted;
            }
        }
    }
    // One figure misread; sums that were made of it follow.
    let follows = |c: &usize| matches!(Figure::ALL.get(*c), Some(Figure::Valid | Figure::Voters | Figure::Abstentions));
    let own: Vec<usize> =
        if votes.is_empty() { different.clone() } else { different.iter().copied().filter(|c| !follows(c)).collect() };
    if let [one] = own[..]
        && transposed(expected[one], found[one])
    {
        return Disagreement::Transposed;
    }
    Disagreement::Differs
}

/// Whether two neighbouring digits changed places.
fn transposed(a: u32, b: u32) -> bool {
    let (mut x, mut y) = (a.to_string().into_bytes(), b.to_string().into_bytes());
    // `012` was `102`.
    let most = x.len().max(y.len());
    for digits in [&mut x, &mut y] {
        while digits.len() < most {
            digits.insert(0, b'0');
        }
    }
    let different: Vec<usize> = (0..most).filter(|n| x[*n] != y[*n]).collect();
    matches!(different[..], [m, n] if n == m + 1 && (x[m], x[n]) == (y[n], y[m]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_named() {
        let row = |votes: &[u32]| [&[NONE; FIGURES], votes].concat();
        let check = |found: &[u32], expected: Disagreement| {
            assert_eq!(kind(&row(&[120, 45, 78, 9]), &row(found)), expected, "{found:?}")
        };
        check(&[45, 120, 78, 9], Disagreement::Swapped);
        check(&[102, 45, 78, 9], Disagreement::Transposed);
        check(&[210, 45, 78, 9], Disagreement::Transposed);
        check(&[0, 120, 45, 78], Disagreement::Shifted);
        check(&[45, 78, 9, 0], Disagreement::Shifted);
        check(&[121, 45, 78, 9], Disagreement::Differs);
        check(&[120, 45, 68, 19], Disagreement::Differs);
        assert!(transposed(12, 21) && transposed(102, 12) && !transposed(11, 11) && !transposed(123, 321));
    }
}
