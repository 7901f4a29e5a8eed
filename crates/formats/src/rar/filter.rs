//! Filters: what a packer turned so that it packs better, and how it is turned back.

use super::DAMAGED;

/// What is said of more filters than are run.
pub const MANY: &str = "packed by more filters than are run";

/// A stretch of the window that is turned back before it is a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filter {
    /// Where in the window it begins.
    pub start: usize,
    /// Bytes.
    pub length: usize,
    /// How.
    pub kind: Kind,
}

/// How bytes were turned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Differences, channel by channel.
    Delta(usize),
    /// Targets of calls of x86 (and of jumps) are absolute.
    Calls {
        /// Of jumps too.
        jumps: bool,
    },
    /// Targets of branches of ARM are absolute.
    Arm,
    /// Three colours, each foretold from its neighbours: bytes of a row, and the place of red.
    Rgb(usize, usize),
}

/// The size against which absolute targets are told.
const WHOLE: u32 = 1 << 24;

/// Filters of one member, and how often its bytes may be turned over in all: packers turn each once, or twice.
pub const FILTERS: usize = 1 << 16;
const TIMES: usize = 8;
/// Bytes that one filter turns, at most: what the packer's own take.
const LONGEST: usize = 4 << 20;

/// Turns all stretches of a member back; `from` is where in the window it begins. One that lies outside of it is damage, for
/// what it was for is not what came out.
pub fn turn(member: &mut [u8], from: usize, filters: &[Filter]) -> Result<(), &'static str> {
    let mut left = member.len().saturating_mul(TIMES);
    for filter in filters {
        left = left.checked_sub(filter.length).ok_or(MANY)?;
        let start = filter.start.checked_sub(from).ok_or(DAMAGED)?;
        let end = start.checked_add(filter.length).filter(|_| filter.length <= LONGEST).ok_or(DAMAGED)?;
        let bytes = member.get_mut(start..end).ok_or(DAMAGED)?;
        match filter.kind {
            Kind::Delta(channels) => delta(bytes, channels),
            Kind::Calls { jumps } => calls(bytes, start as u32, jumps),
            Kind::Arm => arm(bytes, start as u32),
            Kind::Rgb(row, red) => rgb(bytes, row, red),
        }
    }
    Ok(())
}

fn delta(bytes: &mut [u8], channels: usize) {
    let packed = bytes.to_vec();
    let mut next = packed.iter();
    for channel in 0..channels.min(bytes.len()) {
        let mut before = 0u8;
        for place in bytes[channel..].iter_mut().step_by(channels) {
            before = before.wrapping_sub(next.next().copied().unwrap_or(0));
            *place = before;
        }
    }
}

fn calls(bytes: &mut [u8], at: u32, jumps: bool) {
    let mut n = 0;
    while n + 5 <= bytes.len() {
        let op = bytes[n];
        n += 1;
        if op != 0xe8 && !(jumps && op == 0xe9) {
            continue;
        }
        let here = at.wrapping_add(n as u32);
        // RAR 5 counts within 16 MiB; so do the offsets of RAR 3 below that.
        let here = here % WHOLE;
        let target = u32::from_le_bytes(bytes[n..n + 4].try_into().unwrap_or_default());
        let turned = if target & 0x8000_0000 != 0 {
            (target.wrapping_add(here) & 0x8000_0000 == 0).then(|| target.wrapping_add(WHOLE))
        } else {
            (target < WHOLE).then(|| target.wrapping_sub(here))
        };
        if let Some(turned) = turned {
            bytes[n..n + 4].copy_from_slice(&turned.to_le_bytes());
        }
        n += 4;
    }
}

fn arm(bytes: &mut [u8], at: u32) {
    for (n, word) in bytes.chunks_exact_mut(4).enumerate() {
        // A branch with link, always.
        if word[3] == 0xeb {
            let here = at.wrapping_add(4 * n as u32) / 4;
            let target = u32::from_le_bytes([word[0], word[1], word[2], 0]).wrapping_sub(here);
            word[..3].copy_from_slice(&target.to_le_bytes()[..3]);
        }
    }
}

fn rgb(bytes: &mut [u8], row: usize, red: usize) {
    let packed = bytes.to_vec();
    let mut next = packed.iter();
    for channel in 0..3 {
        let mut before = 0u8;
        let mut n = channel;
        while n < bytes.len() {
            let foretold = match n.checked_sub(row).filter(|up| *up >= 3) {
                None => before,
                Some(up) => {
                    let (above, beside) = (bytes[up], bytes[up - 3]);
                    let guess = i32::from(before) + i32::from(above) - i32::from(beside);
                    let far = |b: u8| (guess - i32::from(b)).abs();
                    match () {
                        () if far(before) <= far(above) && far(before) <= far(beside) => before,
                        () if far(above) <= far(beside) => above,
                        () => beside,
                    }
                }
            };
            before = foretold.wrapping_sub(next.next().copied().unwrap_or(0));
            bytes[n] = before;
            n += 3;
        }
    }
    // Red and blue were told as differences from green.
    let mut n = red;
    while n + 2 < bytes.len() {
        let green = bytes[n + 1];
        bytes[n] = bytes[n].wrapping_add(green);
        bytes[n + 2] = bytes[n + 2].wrapping_add(green);
        n += 3;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_bounded_and_what_lies_outside_is_damage() {
        let filter = |start, length| Filter { start, length, kind: Kind::Delta(1) };
        let turned = |filters: &[Filter]| turn(&mut [1; 100], 1_000, filters);
        assert_eq!(turned(&[filter(1_000, 100), filter(1_000, 50)]), Ok(()));
        assert_eq!(turned(&[filter(999, 10)]), Err(DAMAGED));
        assert_eq!(turned(&[filter(1_050, 51)]), Err(DAMAGED));
        assert_eq!(turned(&[filter(usize::MAX, usize::MAX)]), Err(MANY));
        assert_eq!(turned(&vec![filter(1_000, 100); 9]), Err(MANY));
    }

    #[test]
    fn whatever_registers_say_nothing_is_touched_beyond() {
        for kind in [
            Kind::Delta(0),
            Kind::Delta(usize::MAX),
            Kind::Rgb(0, usize::MAX - 3),
            Kind::Rgb(usize::MAX, 99),
            Kind::Arm,
        ] {
            for length in 0..12 {
                let _ = turn(&mut [7; 12], 0, &[Filter { start: 0, length, kind }]);
            }
        }
    }
}
