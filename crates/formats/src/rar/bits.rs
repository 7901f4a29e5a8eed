//! Bits from the highest of each byte on, and prefix codes that are told by their lengths.

/// Longest code.
const LONGEST: usize = 15;

/// A stream of bits. Past the end it gives zeros, and says so.
pub struct Bits<'b> {
    bytes: &'b [u8],
    /// The place of the next bit.
    at: usize,
}

impl<'b> Bits<'b> {
    /// Of these bytes.
    pub fn new(bytes: &'b [u8]) -> Bits<'b> {
        Bits { bytes, at: 0 }
    }

    /// The next 16 bits, without going on.
    pub fn peek(&self) -> u32 {
        let byte = |n: usize| u32::from(self.bytes.get(self.at / 8 + n).copied().unwrap_or(0));
        (byte(0) << 16 | byte(1) << 8 | byte(2)) >> (8 - self.at % 8) & 0xffff
    }

    /// Goes on by so many bits.
    pub fn skip(&mut self, bits: usize) {
        self.at += bits;
    }

    /// The next bits, 32 at most.
    pub fn take(&mut self, bits: usize) -> u32 {
        let mut value = 0u64;
        let mut left = bits.min(32);
        while left > 0 {
            let some = left.min(16);
            value = value << some | u64::from(self.peek() >> (16 - some));
            self.at += some;
            left -= some;
        }
        value as u32
    }

    /// Goes on to the next whole byte.
    pub fn align(&mut self) {
        self.at = self.at.next_multiple_of(8);
    }

    /// The place of the next bit.
    pub fn place(&self) -> usize {
        self.at
    }

    /// Whether more was taken than there is.
    pub fn over(&self) -> bool {
        self.at > self.bytes.len() * 8
    }
}

/// A prefix code.
#[derive(Clone, Default)]
pub struct Code {
    /// Of each length, the first code behind those of it, as 16 bits.
    limit: [u32; LONGEST + 1],
    /// Of each length, where its symbols begin.
    first: [usize; LONGEST + 1],
    symbols: Vec<u16>,
}

impl Code {
    /// Of the lengths of its symbols; 0 where one has no code.
    pub fn new(lengths: &[u8]) -> Code {
        let mut counts = [0usize; LONGEST + 1];
        lengths.iter().filter(|l| **l > 0).for_each(|l| counts[usize::from(*l).min(LONGEST)] += 1);
        let mut code = Code { symbols: vec![0; lengths.len()], ..Code::default() };
        let (mut next, mut place) = (0u32, 0usize);
        let mut starts = [0usize; LONGEST + 1];
        for length in 1..=LONGEST {
            next += (counts[length] as u32) << (16 - length);
            (code.limit[length], code.first[length], starts[length]) = (next, place, place);
            place += counts[length];
        }
        for (symbol, length) in lengths.iter().enumerate().filter(|(_, l)| **l > 0) {
            let length = usize::from(*length).min(LONGEST);
            code.symbols[starts[length]] = symbol as u16;
            starts[length] += 1;
        }
        code
    }

    /// The next symbol; none where no code begins so.
    pub fn next(&self, bits: &mut Bits) -> Option<usize> {
        let head = bits.peek();
        let length = (1..=LONGEST).find(|l| head < self.limit[*l])?;
        bits.skip(length);
        let before = if length == 1 { 0 } else { self.limit[length - 1] };
        let place = self.first[length] + ((head - before) >> (16 - length)) as usize;
        self.symbols.get(place).map(|s| usize::from(*s))
    }
}

/// Reads lengths of codes that are themselves packed: twenty of four bits, then runs. `before` is what they are told
/// against (all zero in RAR 5).
pub fn lengths(bits: &mut Bits, count: usize, before: &[u8]) -> Option<Vec<u8>> {
    let mut small = [0u8; 20];
    let mut n = 0;
    while n < small.len() {
        let length = bits.take(4) as u8;
        if length == 15 {
            match bits.take(4) as usize {
                0 => small[n] = 15,
                zeros => {
                    n += zeros + 2;
                    continue;
                }
            }
        } else {
            small[n] = length;
        }
        n += 1;
    }
    let code = Code::new(&small);
    let mut all: Vec<u8> = Vec::with_capacity(count);
    while all.len() < count {
        if bits.over() {
            return None;
        }
        let (run, value) = match code.next(bits)? {
            symbol @ 0..=15 => {
                let old = before.get(all.len()).copied().unwrap_or(0);
                all.push((symbol as u8).wrapping_add(old) & 15);
                continue;
            }
            16 => (3 + bits.take(3), *all.last()?),
            17 => (11 + bits.take(7), *all.last()?),
            18 => (3 + bits.take(3), 0),
            _ => (11 + bits.take(7), 0),
        };
        (0..run).for_each(|_| all.push(value));
    }
    all.truncate(count);
    Some(all)
}
