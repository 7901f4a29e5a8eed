//! FNV-1a (Fowler, Noll and Vo; 64 bits): a hash that is the same in every run, version and machine, for what is stored
//! or sampled by it. Left out: safety from whoever chooses the bytes, who can make two collide; maps use `foldhash`.

/// The hash of no bytes.
pub const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash of bytes.
#[inline]
pub fn fnv1a(bytes: impl IntoIterator<Item = u8>) -> u64 {
    fnv1a_from(EMPTY, bytes)
}

/// The hash of bytes after others, or from a seed in place of [`EMPTY`].
#[inline]
pub fn fnv1a_from(state: u64, bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(state, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vectors_hold() {
        for (text, hash) in [("", EMPTY), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)] {
            assert_eq!(fnv1a(text.bytes()), hash, "{text}");
        }
        assert_eq!(fnv1a_from(fnv1a("foo".bytes()), "bar".bytes()), fnv1a("foobar".bytes()));
    }
}
