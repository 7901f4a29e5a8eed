//! A text's sketch, by which messages of one template are found again: the smallest hashes of its runs of words
//! (MinHash, Broder 1997), words with digits and addresses as one, so that a name or a number changes little.

use super::fold::Words;
use model::hash::fnv1a;

/// How many hashes.
const SIZE: usize = 16;
/// Words in a run.
const RUN: usize = 4;

/// The sketch; empty where there are too few words to tell a template by.
pub fn sketch(words: &Words) -> Vec<u64> {
    let hashes: Vec<u64> =
        words.iter().map(|w| fnv1a(if w.bytes().any(|b| b.is_ascii_digit()) { "0" } else { w }.bytes())).collect();
    if hashes.len() < 3 * RUN {
        return Vec::new();
    }
    let mut smallest = [u64::MAX; SIZE];
    for run in hashes.windows(RUN) {
        let run = run.iter().fold(0u64, |a, h| a.rotate_left(17).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ h);
        for (n, least) in smallest.iter_mut().enumerate() {
            *least = (*least).min(mix(run ^ (n as u64).wrapping_mul(0xd6e8_feb8_6659_fd93)));
        }
    }
    // 53 bits, so that every reader of JSON reads the same number.
    smallest.iter().map(|h| h >> 11).collect()
}

fn mix(h: u64) -> u64 {
    let h = (h ^ (h >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    let h = (h ^ (h >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    h ^ (h >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_alike_and_strangers_are_not() {
        let of = |text: &str| sketch(&Words::new(text, true));
        let template = |name: &str, n: u32| {
            format!(
                "Dear {name}, your parcel {n} waits at the depot of your town since monday and we could not deliver it because a small fee is open please pay it before friday or it goes back"
            )
        };
        let same = |a: &[u64], b: &[u64]| a.iter().zip(b).filter(|(x, y)| x == y).count();
        let (a, b) = (of(&template("anna", 4711)), of(&template("bert", 815)));
        assert!(same(&a, &b) >= 10);
        let c = of(
            "the committee met on tuesday and decided to postpone the vote on the budget until the treasurer has spoken with the members",
        );
        assert!(same(&a, &c) <= 1);
    }
}
