//! How a store hides its blocks from a glance: each byte replaced (permute), or replaced by place as well (cyclic).
//! Neither has a key: MS-PST 5.1 and 5.2 say how, and their two tables stand here.

const R: [u8; 256] = table(
    b"41361362a8216ebbf416cc047f64e85d1ef2cb2a74c55e35d295479e962d9a884c7d843fdbac31b6485ff6c4d8398be7233b\
      388ec8c1df25b120a546604e9cfbaad35651457c550007c92b9d859b09a08fadb30f63ab894bd7a7155a716642bf264a6b98\
      faea7753b270052cfd593a867ece06eb827857c78d43afb41cd45bcde2e9274fc3087280cfb0eff5286dbe304d3492d50e3c\
      2232e5e4f99fc2d10a8112e1ee918376e397e6618a1779a4b7dc907a5c8c02a6ca69de501a1193b9528758fced1d37491b6a\
      e0293399bd6cd994f340546ff0c673b8d63e6518441fdd6710f10c19ecae03a1147ba90bfff8a3c0a201f72ebc2468750dfe\
      ba2fb5d0da3d",
);
const S: [u8; 256] = table(
    b"14530f56b3c87a9ceb65481716159f02cc547c83000d0c0ba262a876dbd9edc7c5a4dcac8574d6d0a79bae9a967166c36399\
      b8dd73928e847da55ed15d93b1575150808952944f4e0a6bbc8d7f6e47464140440111cb033ff7f4e1a98f3c3af9fbf01930\
      82092ec99da08649ee6f4d6dc42d813425871b88aafc06a11238fd4c4272641337246a757743ffe6b44b365ce4d8353d45b9\
      2cecb7312b290768a30e697b189e2139be281a5b78f523ca2ab0af3efe048ce7e5983295d3f64ae8a6eae9f3d52f7020f21f\
      0567ad5510cecde3273bdabad7c226d4911dd21c2233f8faf15aefcf90b68bb5bdc0bf08971e6ce261e0c6c159abbb58de5f\
      df60797eb28a",
);
const I: [u8; 256] = inverse(R);

const fn table(digits: &[u8; 512]) -> [u8; 256] {
    const fn digit(b: u8) -> u8 {
        if b.is_ascii_digit() { b - b'0' } else { b - b'a' + 10 }
    }
    let (mut out, mut n) = ([0; 256], 0);
    while n < 256 {
        out[n] = digit(digits[2 * n]) << 4 | digit(digits[2 * n + 1]);
        n += 1;
    }
    out
}

const fn inverse(table: [u8; 256]) -> [u8; 256] {
    let (mut out, mut n) = ([0; 256], 0);
    while n < 256 {
        out[table[n] as usize] = n as u8;
        n += 1;
    }
    out
}

/// How the blocks of a store are encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cipher {
    /// Not at all.
    None,
    /// Each byte by a table.
    Permute,
    /// By three tables, the block's number and the place.
    Cyclic,
}

impl Cipher {
    /// By its number in the header; none where it is another, which needs a key (Windows Information Protection).
    pub fn new(number: u8) -> Option<Cipher> {
        match number {
            0 => Some(Cipher::None),
            1 => Some(Cipher::Permute),
            2 => Some(Cipher::Cyclic),
            _ => None,
        }
    }

    /// Decodes the block of a number.
    pub fn decode(self, block: &mut [u8], number: u64) {
        match self {
            Cipher::None => {}
            Cipher::Permute => block.iter_mut().for_each(|b| *b = I[usize::from(*b)]),
            Cipher::Cyclic => {
                let mut at = (number ^ number >> 16) as u16;
                for b in block {
                    let [low, high] = at.to_le_bytes();
                    let once = R[usize::from(b.wrapping_add(low))].wrapping_add(high);
                    *b = I[usize::from(S[usize::from(once)].wrapping_sub(high))].wrapping_sub(low);
                    at = at.wrapping_add(1);
                }
            }
        }
    }

    /// Encodes a block, for stores made in tests.
    #[cfg(test)]
    pub fn encode(self, block: &mut [u8], number: u64) {
        match self {
            Cipher::Permute => block.iter_mut().for_each(|b| *b = R[usize::from(*b)]),
            // Its own inverse.
            _ => self.decode(block, number),
        }
    }
}
