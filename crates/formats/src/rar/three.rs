//! The packing of RAR 2.9 to 4: LZ with four codes told one against another from block to block, and the packer's own five
//! filter programs, known by their checksums. Left out: the text model (PPMd), other programs, packings before 2.9.

use super::bits::{Bits, Code, lengths};
use super::filter::{FILTERS, Filter, Kind, MANY};
use super::five::copy;
use super::{DAMAGED, State, UNREAD};

const MAIN: usize = 299;
const FAR: usize = 60;
const LOW: usize = 17;
const AGAIN: usize = 28;
/// Filter programs of one archive, and bytes of one.
const PROGRAMS: usize = 1024;

/// Lengths that symbols begin with, and how many bits more.
const LENGTHS: [(usize, usize); 28] = {
    let mut all = [(0, 0); 28];
    let (mut n, mut next) = (0, 0);
    while n < 28 {
        let more = if n < 8 { 0 } else { n / 4 - 1 };
        all[n] = (next, more);
        next += 1 << more;
        n += 1;
    }
    all
};
/// Short distances for matches of two bytes.
const SHORT: [(usize, usize); 8] = [(0, 2), (4, 2), (8, 3), (16, 4), (32, 5), (64, 6), (128, 6), (192, 6)];

/// Distances that symbols begin with: four without more bits, then pairs, then many of sixteen and eighteen bits.
const DISTANCES: [(usize, usize); FAR] = {
    let mut all = [(0, 0); FAR];
    let (mut n, mut next) = (0, 0);
    while n < FAR {
        let more = match n {
            0..4 => 0,
            4..34 => n / 2 - 1,
            34..48 => 16,
            _ => 18,
        };
        all[n] = (next, more);
        next += 1 << more;
        n += 1;
    }
    all
};

/// Codes, what was matched last, and filter programs.
#[derive(Clone, Default)]
pub struct Tables {
    told: Vec<u8>,
    main: Code,
    far: Code,
    low: Code,
    again: Code,
    ready: bool,
    distances: [usize; 4],
    distance: usize,
    length: usize,
    /// The low bits of the last distance, and how many more have the same.
    low_before: usize,
    low_again: usize,
    programs: Vec<Program>,
    program: usize,
}

#[derive(Clone, Copy, Default)]
struct Program {
    kind: Option<Which>,
    length: usize,
}

#[derive(Clone, Copy)]
enum Which {
    Delta,
    Calls,
    Jumps,
    Rgb,
}

/// Unpacks a member behind what the window holds.
pub fn unpack(packed: &[u8], size: usize, solid: bool, state: &mut State) -> Result<Vec<Filter>, &'static str> {
    if !solid {
        state.window.clear();
        state.three = Tables::default();
    }
    let end = state.window.len().checked_add(size).ok_or(DAMAGED)?;
    let mut bits = Bits::new(packed);
    let mut filters = Vec::new();
    let State { window, three, .. } = state;
    if !three.ready {
        three.read(&mut bits)?;
    }
    while window.len() < end {
        if bits.over() {
            return Err(DAMAGED);
        }
        let symbol = three.main.next(&mut bits).ok_or(DAMAGED)?;
        match symbol {
            0..=255 => window.push(symbol as u8),
            256 => {
                // The block ends; the next one has other codes, or the member ends.
                if bits.take(1) == 1 {
                    three.read(&mut bits)?;
                } else {
                    three.ready = bits.take(1) == 0;
                    break;
                }
            }
            257 => {
                let first = bits.take(8) as usize;
                let length = match first & 7 {
                    6 => bits.take(8) as usize + 7,
                    7 => bits.take(16) as usize,
                    n => n + 1,
                };
                let code: Vec<u8> = (0..length).map(|_| bits.take(8) as u8).collect();
                if bits.over() {
                    return Err(DAMAGED);
                }
                if filters.len() >= FILTERS {
                    return Err(MANY);
                }
                filters.extend(three.filter(first, &code, window.len())?);
            }
            258 => {
                if three.length > 0 {
                    copy(window, three.distance, three.length, end)?;
                }
            }
            259..=262 => {
                let distance = three.distances[symbol - 259];
                three.distances.copy_within(0..symbol - 259, 1);
                three.distances[0] = distance;
                let slot = three.again.next(&mut bits).ok_or(DAMAGED)?;
                let (base, more) = LENGTHS[slot.min(27)];
                three.length = base + 2 + bits.take(more) as usize;
                three.distance = distance;
                copy(window, distance, three.length, end)?;
            }
            263..=270 => {
                let (base, more) = SHORT[symbol - 263];
                three.match_of(base + 1 + bits.take(more) as usize, 2);
                copy(window, three.distance, 2, end)?;
            }
            _ => {
                let (base, more) = LENGTHS[(symbol - 271).min(27)];
                let mut length = base + 3 + bits.take(more) as usize;
                let distance = three.far_away(&mut bits)?;
                length += usize::from(distance >= 0x2000) + usize::from(distance >= 0x40000);
                three.match_of(distance, length);
                copy(window, distance, length, end)?;
            }
        }
    }
    // The mark of the end stands behind the last byte as a rule, and says whether the codes go on.
    if window.len() == end && !bits.over() && three.main.clone().next(&mut bits) == Some(256) && bits.take(1) == 0 {
        three.ready = bits.take(1) == 0;
    }
    match window.len() == end {
        true => Ok(filters),
        false => Err(DAMAGED),
    }
}

impl Tables {
    fn read(&mut self, bits: &mut Bits) -> Result<(), &'static str> {
        bits.align();
        if bits.take(1) == 1 {
            return Err("packed by a text model (PPMd), which is not read");
        }
        if bits.take(1) == 0 {
            self.told.clear();
        }
        (self.low_before, self.low_again) = (0, 0);
        self.told = lengths(bits, MAIN + FAR + LOW + AGAIN, &self.told).ok_or(DAMAGED)?;
        self.main = Code::new(&self.told[..MAIN]);
        self.far = Code::new(&self.told[MAIN..MAIN + FAR]);
        self.low = Code::new(&self.told[MAIN + FAR..MAIN + FAR + LOW]);
        self.again = Code::new(&self.told[MAIN + FAR + LOW..]);
        self.ready = true;
        Ok(())
    }

    fn match_of(&mut self, distance: usize, length: usize) {
        self.distances.copy_within(0..3, 1);
        (self.distances[0], self.distance, self.length) = (distance, distance, length);
    }

    fn far_away(&mut self, bits: &mut Bits) -> Result<usize, &'static str> {
        let slot = self.far.next(bits).ok_or(DAMAGED)?.min(FAR - 1);
        let (base, more) = DISTANCES[slot];
        let mut distance = base + 1;
        if slot <= 9 {
            return Ok(distance + bits.take(more) as usize);
        }
        if more > 4 {
            distance += (bits.take(more - 4) as usize) << 4;
        }
        if self.low_again > 0 {
            self.low_again -= 1;
        } else {
            match self.low.next(bits).ok_or(DAMAGED)? {
                16 => self.low_again = 15,
                low => self.low_before = low,
            }
        }
        Ok(distance + self.low_before)
    }

    /// What a record of a filter says: which program, over which stretch, with which registers.
    fn filter(&mut self, first: usize, code: &[u8], at: usize) -> Result<Option<Filter>, &'static str> {
        let mut bits = Bits::new(code);
        let mut which = self.program;
        if first & 0x80 != 0 {
            which = number(&mut bits) as usize;
            if which == 0 {
                self.programs.clear();
            } else {
                which -= 1;
            }
        }
        if which > self.programs.len() || which >= PROGRAMS {
            return Err(DAMAGED);
        }
        self.program = which;
        let new = which == self.programs.len();
        if new {
            self.programs.push(Program::default());
        }
        let mut start = number(&mut bits) as usize;
        if first & 0x40 != 0 {
            start += 258;
        }
        if first & 0x20 != 0 {
            self.programs[which].length = number(&mut bits) as usize;
        }
        let length = self.programs[which].length;
        let mut registers = [0usize; 7];
        if first & 0x10 != 0 {
            let mask = bits.take(7);
            for (n, register) in registers.iter_mut().enumerate() {
                if mask >> n & 1 == 1 {
                    *register = number(&mut bits) as usize;
                }
            }
        }
        if new {
            let size = number(&mut bits) as usize;
            if size > 65_536 || size > code.len() {
                return Err(DAMAGED);
            }
            let program: Vec<u8> = (0..size).map(|_| bits.take(8) as u8).collect();
            let mut crc = flate2::Crc::new();
            crc.update(&program);
            self.programs[which].kind = match (size, crc.sum()) {
                (29, 0x0e06_077d) => Some(Which::Delta),
                (53, 0xad57_6887) => Some(Which::Calls),
                (57, 0x3cd7_e57e) => Some(Which::Jumps),
                (149, 0x1c2c_5dc8) => Some(Which::Rgb),
                _ => None,
            };
        }
        let kind = match self.programs[which].kind {
            Some(Which::Delta) => Kind::Delta(registers[0].max(1)),
            Some(Which::Calls) => Kind::Calls { jumps: false },
            Some(Which::Jumps) => Kind::Calls { jumps: true },
            Some(Which::Rgb) => Kind::Rgb(registers[0].saturating_sub(3), registers[1]),
            None => return Err(UNREAD),
        };
        Ok(Some(Filter { start: at.checked_add(start).ok_or(DAMAGED)?, length, kind }))
    }
}

/// A number of the filters' language: two bits say how long it is.
fn number(bits: &mut Bits) -> u32 {
    match bits.take(2) {
        0 => bits.take(4),
        1 => match bits.take(4) {
            0 => 0xffff_ff00 | bits.take(8),
            high => high << 4 | bits.take(4),
        },
        2 => bits.take(16),
        _ => bits.take(32),
    }
}
