//! BLAKE2sp, which RAR 5 may keep in place of a checksum: eight BLAKE2s that take blocks in turn, and one over what they say.
//! Written from RFC 7693 and the BLAKE2 paper's section 2.10 (tree hashing): plain code, for members within a budget.

const IV: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
const SIGMA: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
const BLOCK: usize = 64;
const LEAVES: usize = 8;

/// One BLAKE2s of the tree.
struct Node {
    state: [u32; 8],
    /// The block that may be the last: it is worked on when it is known whether it is.
    block: [u8; BLOCK],
    filled: usize,
    counted: u64,
    is_last: bool,
}

impl Node {
    /// At this place and depth of a tree of eight leaves and a root, without key.
    fn at(place: u32, depth: u32, is_last: bool) -> Node {
        let mut state = IV;
        // 32 bytes of output, fan-out 8, depth 2; a leaf takes any length; the place; the depth, 32 bytes from within.
        state[0] ^= 32 | 8 << 16 | 2 << 24;
        state[2] ^= place;
        state[3] ^= depth << 16 | 32 << 24;
        Node { state, block: [0; BLOCK], filled: 0, counted: 0, is_last }
    }

    fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.filled == BLOCK {
                self.work(false);
            }
            let some = bytes.len().min(BLOCK - self.filled);
            self.block[self.filled..self.filled + some].copy_from_slice(&bytes[..some]);
            self.filled += some;
            bytes = &bytes[some..];
        }
    }

    fn end(mut self) -> [u8; 32] {
        self.block[self.filled..].fill(0);
        self.work(true);
        let mut out = [0; 32];
        out.chunks_exact_mut(4).zip(self.state).for_each(|(to, word)| to.copy_from_slice(&word.to_le_bytes()));
        out
    }

    fn work(&mut self, is_end: bool) {
        self.counted += self.filled as u64;
        self.filled = 0;
        let mut message = [0u32; 16];
        for (word, bytes) in message.iter_mut().zip(self.block.chunks_exact(4)) {
            *word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        }
        let mut v = [0u32; 16];
        v[..8].copy_from_slice(&self.state);
        v[8..].copy_from_slice(&IV);
        v[12] ^= self.counted as u32;
        v[13] ^= (self.counted >> 32) as u32;
        v[14] ^= if is_end { u32::MAX } else { 0 };
        v[15] ^= if is_end && self.is_last { u32::MAX } else { 0 };
        for order in &SIGMA {
            for n in 0..8 {
                // Four columns, then four diagonals.
                let (c, turned) = (n % 4, n / 4);
                let [a, b, c, d] = [c, 4 + (c + turned) % 4, 8 + (c + 2 * turned) % 4, 12 + (c + 3 * turned) % 4];
                let mut half = |word: u32, by: u32, more: u32| {
                    v[a] = v[a].wrapping_add(v[b]).wrapping_add(word);
                    v[d] = (v[d] ^ v[a]).rotate_right(by);
                    v[c] = v[c].wrapping_add(v[d]);
                    v[b] = (v[b] ^ v[c]).rotate_right(more);
                };
                half(message[order[2 * n]], 16, 12);
                half(message[order[2 * n + 1]], 8, 7);
            }
        }
        for (n, word) in self.state.iter_mut().enumerate() {
            *word ^= v[n] ^ v[n + 8];
        }
    }
}

/// Of these bytes.
pub fn of(bytes: &[u8]) -> [u8; 32] {
    let mut leaves: [Node; LEAVES] = std::array::from_fn(|n| Node::at(n as u32, 0, n + 1 == LEAVES));
    for (n, block) in bytes.chunks(BLOCK).enumerate() {
        leaves[n % LEAVES].take(block);
    }
    let mut root = Node::at(0, 1, true);
    leaves.into_iter().for_each(|leaf| root.take(&leaf.end()));
    root.end()
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn it_says_what_the_tree_of_blake2s_in_python_says() {
        let check = |bytes: &[u8], expected: &str| {
            let found: String = of(bytes).iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(found, expected);
        };
        // hashlib.blake2s(fanout=8, depth=2, node_offset=n, inner_size=32, last_node=n == 7), and a root over the eight.
        check(b"", "dd0e891776933f43c7d032b08a917e25741f8aa9a12c12e1cac8801500f2ca4f");
        check(&[b'a'; 64], "ee42f4dbc30a49b39e47acd064026ba4560f51db14ddb8f38fab1009026b4c8c");
        check(&[b'z'; 1024], "ccde59cbc5217b2741fb22805d15f5ffccbada017a03f43d291e0c200bf33b0e");
        let all: Vec<u8> = (0..=255u8).collect();
        let some = [&all.repeat(5)[..], b"abc"].concat();
        check(&some, "6a77c23e2edb071a6ce1be80876c51383b7b747291e8bd791312c26d34a9a04f");
    }
}
