//! The packing of RAR 5: blocks of LZ with four codes, and filters over stretches of what comes out.

use super::bits::{Bits, Code, lengths};
use super::filter::{FILTERS, Filter, Kind, MANY};
use super::{DAMAGED, State};

/// Symbols of each code: bytes and lengths, distances, low bits of distances, lengths of repeated matches.
const MAIN: usize = 306;
const FAR: usize = 64;
const LOW: usize = 16;
const AGAIN: usize = 44;

/// Codes and what was matched last: kept from member to member where an archive is solid.
#[derive(Clone, Default)]
pub struct Tables {
    main: Code,
    far: Code,
    low: Code,
    again: Code,
    distances: [usize; 4],
    length: usize,
}

/// Unpacks a member behind what the window holds; `size` is what the header says.
pub fn unpack(packed: &[u8], size: usize, solid: bool, state: &mut State) -> Result<Vec<Filter>, &'static str> {
    if !solid {
        state.window.clear();
        state.five = Tables::default();
    }
    let start = state.window.len();
    let end = start.checked_add(size).ok_or(DAMAGED)?;
    let mut filters = Vec::new();
    let mut rest = packed;
    while state.window.len() < end {
        // A block: flags, a check, its length, then bits.
        let (flags, check) = (*rest.first().ok_or(DAMAGED)?, *rest.get(1).ok_or(DAMAGED)?);
        let bytes = usize::from(flags >> 3 & 3) + 1;
        if bytes > 3 {
            return Err(DAMAGED);
        }
        let length = rest.get(2..2 + bytes).ok_or(DAMAGED)?;
        if length.iter().fold(0x5a ^ flags, |sum, b| sum ^ b) != check {
            return Err(DAMAGED);
        }
        let length = length.iter().rev().fold(0usize, |n, b| n << 8 | usize::from(*b));
        let body = rest.get(2 + bytes..(2 + bytes + length).min(rest.len())).ok_or(DAMAGED)?;
        let bits = (length * 8).saturating_sub(8 - (usize::from(flags & 7) + 1));
        block(body, bits, flags & 0x80 != 0, end, state, &mut filters)?;
        if flags & 0x40 != 0 {
            break;
        }
        rest = rest.get(2 + bytes + length..).ok_or(DAMAGED)?;
    }
    match state.window.len() == end {
        true => Ok(filters),
        false => Err(DAMAGED),
    }
}

fn block(
    body: &[u8],
    last: usize,
    tables: bool,
    end: usize,
    state: &mut State,
    filters: &mut Vec<Filter>,
) -> Result<(), &'static str> {
    let mut bits = Bits::new(body);
    let State { window, five, .. } = state;
    if tables {
        let all = lengths(&mut bits, MAIN + FAR + LOW + AGAIN, &[]).ok_or(DAMAGED)?;
        five.main = Code::new(&all[..MAIN]);
        five.far = Code::new(&all[MAIN..MAIN + FAR]);
        five.low = Code::new(&all[MAIN + FAR..MAIN + FAR + LOW]);
        five.again = Code::new(&all[MAIN + FAR + LOW..]);
    }
    while window.len() < end && bits.place() < last {
        let symbol = five.main.next(&mut bits).ok_or(DAMAGED)?;
        match symbol {
            0..=255 => window.push(symbol as u8),
            256 if filters.len() >= FILTERS => return Err(MANY),
            256 => filters.extend(filter(&mut bits, window.len())?),
            257 => {
                if five.length > 0 {
                    copy(window, five.distances[0], five.length, end)?;
                }
            }
            258..=261 => {
                let distance = five.distances[symbol - 258];
                five.distances.copy_within(0..symbol - 258, 1);
                five.distances[0] = distance;
                let slot = five.again.next(&mut bits).ok_or(DAMAGED)?;
                five.length = length(&mut bits, slot);
                copy(window, distance, five.length, end)?;
            }
            _ => {
                let mut long = length(&mut bits, symbol - 262);
                let distance = far(&mut bits, five)?;
                long += [0x100, 0x2000, 0x40000].iter().filter(|d| distance > **d).count();
                five.distances.copy_within(0..3, 1);
                (five.distances[0], five.length) = (distance, long);
                copy(window, distance, long, end)?;
            }
        }
        if bits.over() {
            return Err(DAMAGED);
        }
    }
    Ok(())
}

fn length(bits: &mut Bits, slot: usize) -> usize {
    match slot {
        0..8 => slot + 2,
        _ => {
            let more = slot / 4 - 1;
            2 + ((4 | slot & 3) << more) + bits.take(more) as usize
        }
    }
}

fn far(bits: &mut Bits, five: &Tables) -> Result<usize, &'static str> {
    let slot = five.far.next(bits).ok_or(DAMAGED)?;
    if slot < 4 {
        return Ok(slot + 1);
    }
    let more = slot / 2 - 1;
    let base = 1 + ((2 | slot & 1) << more);
    if more < 4 {
        return Ok(base + bits.take(more) as usize);
    }
    let high = (bits.take(more - 4) as usize) << 4;
    Ok(base + high + five.low.next(bits).ok_or(DAMAGED)?)
}

/// A filter's place is told from here on.
fn filter(bits: &mut Bits, at: usize) -> Result<Option<Filter>, &'static str> {
    let mut number = || {
        let bytes = bits.take(2) as usize + 1;
        (0..bytes).fold(0usize, |n, i| n | (bits.take(8) as usize) << (8 * i))
    };
    let (start, length) = (number(), number());
    let kind = match bits.take(3) {
        0 => Kind::Delta(bits.take(5) as usize + 1),
        1 => Kind::Calls { jumps: false },
        2 => Kind::Calls { jumps: true },
        3 => Kind::Arm,
        _ => return Err("packed by a filter that is not read"),
    };
    Ok(Some(Filter { start: at.checked_add(start).ok_or(DAMAGED)?, length, kind }))
}

/// Copies what came so far back, no further than a member's end.
pub fn copy(window: &mut Vec<u8>, distance: usize, length: usize, end: usize) -> Result<(), &'static str> {
    let from = window.len().checked_sub(distance).filter(|_| distance > 0).ok_or(DAMAGED)?;
    let length = length.min(end - window.len());
    for n in 0..length {
        window.push(window[from + n]);
    }
    Ok(())
}
