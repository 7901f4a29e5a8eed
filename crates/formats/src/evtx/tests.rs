//! Hostile logs: what asks for much in few bytes, what hides behind marks, what is cut. Real samples are the sensors' to read.

use super::{BLOCK, Found, read};
use std::time::{Duration, Instant};

/// A block under construction: places in it are known while it is written.
struct Block(Vec<u8>);

impl Block {
    fn new() -> Block {
        let mut bytes = vec![0; 512];
        bytes[..8].copy_from_slice(b"ElfChnk\0");
        bytes[40..44].copy_from_slice(&128u32.to_le_bytes());
        Block(bytes)
    }

    fn put(&mut self, bytes: &[u8]) -> &mut Block {
        self.0.extend_from_slice(bytes);
        self
    }

    fn number(&mut self, n: usize) -> &mut Block {
        self.put(&(n as u32).to_le_bytes())
    }

    /// A record whose binary XML this writes.
    fn record(&mut self, id: u64, write: impl FnOnce(&mut Block)) {
        let begin = self.0.len();
        self.put(b"\x2a\x2a\0\0").number(0).put(&id.to_le_bytes()).put(&[0; 8]);
        write(self);
        self.number(0);
        let size = (self.0.len() - begin) as u32;
        let end = self.0.len() - 4;
        self.0[begin + 4..begin + 8].copy_from_slice(&size.to_le_bytes());
        self.0[end..].copy_from_slice(&size.to_le_bytes());
    }

    /// An instance of a template, which this writes where none is given; gives the template's place.
    fn instance(&mut self, known: Option<usize>, write: impl FnOnce(&mut Block)) -> usize {
        self.put(&[0x0c, 1]).number(1);
        let offset = known.unwrap_or(self.0.len() + 4);
        self.number(offset);
        if known.is_none() {
            self.put(&[0; 20]).number(0);
            let begin = self.0.len();
            write(self);
            let size = (self.0.len() - begin) as u32;
            self.0[begin - 4..begin].copy_from_slice(&size.to_le_bytes());
        }
        offset
    }

    /// Text of so many letters.
    fn text(&mut self, letters: usize) {
        self.put(&[0x05, 1]).put(&(letters as u16).to_le_bytes()).put(&b"a\0".repeat(letters));
    }

    /// An element `a` without attributes around what this writes.
    fn element(&mut self, templated: bool, write: impl FnOnce(&mut Block)) {
        self.put(&[0x01]).put(&[0; 2][..2 * usize::from(templated)]).number(0);
        let name = self.0.len() + 4;
        self.number(name).put(&[0; 6]).put(&[1, 0]).put(b"a\0").put(&[0; 2]).put(&[0x02]);
        write(self);
        self.put(&[0x04]);
    }

    fn end(mut self) -> Vec<u8> {
        let free = self.0.len().min(BLOCK) as u32;
        self.0[48..52].copy_from_slice(&free.to_le_bytes());
        self.0.resize(BLOCK, 0);
        self.0
    }
}

/// Records, bytes of their texts, and damage by reason; what takes long is no reader of hostile bytes.
fn told(blocks: &[Vec<u8>]) -> (Vec<u64>, usize, Vec<&'static str>) {
    let bytes = blocks.concat();
    let (mut ids, mut text, mut damage) = (Vec::new(), 0, Vec::new());
    let begun = Instant::now();
    read(&mut &bytes[..], &mut |found| match found {
        Found::Record(record) => {
            ids.push(record.id);
            text += record.root.text.len();
        }
        Found::Damage(why, _) => damage.push(why),
        Found::Missing(what, ..) => damage.push(what),
    })
    .expect("memory never fails to read");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?} for {} bytes", begun.elapsed(), bytes.len());
    (ids, text, damage)
}

#[test]
fn an_honest_record_is_read() {
    let mut block = Block::new();
    block.record(7, |b| {
        b.instance(None, |b| b.element(true, |b| b.text(5)));
        b.number(0);
    });
    let (ids, text, damage) = told(&[block.end()]);
    assert_eq!((ids, text), (vec![7], 5));
    assert_eq!(damage.len(), 1, "the header: {damage:?}");
}

#[test]
fn templates_within_templates_cost_what_they_give() {
    // One of a long text, one of many of the first, records of many of the second.
    let mut block = Block::new();
    let (mut long, mut many) = (0, 0);
    block.record(1, |b| {
        b.element(false, |b| {
            long = b.instance(None, |b| b.text(12_000));
            b.number(0);
        });
    });
    block.record(2, |b| {
        b.element(false, |b| {
            many = b.instance(None, |b| {
                (0..500).for_each(|_| {
                    b.instance(Some(long), |_| {});
                    b.number(0);
                });
            });
            b.number(0);
        });
    });
    for id in 3..300 {
        block.record(id, |b| {
            b.element(false, |b| {
                (0..4).for_each(|_| {
                    b.instance(Some(many), |_| {});
                    b.number(0);
                });
            });
        });
    }
    let (ids, text, damage) = told(&[block.end()]);
    assert_eq!(ids[0], 1);
    assert!(text < 64 * 8 * BLOCK, "{text} letters of {BLOCK} bytes");
    assert!(damage.iter().any(|d| d.contains("too large") || d.contains("ask for more")), "{damage:?}");
}

#[test]
fn a_template_that_holds_itself_and_one_that_fails_are_refused() {
    let mut block = Block::new();
    let mut own = 0;
    block.record(1, |b| {
        own = b.instance(None, |b| {
            let own = b.0.len() - 24;
            (0..40).for_each(|_| {
                b.instance(Some(own), |_| {});
                b.number(0);
            });
        });
        b.number(0);
    });
    for id in 2..800 {
        block.record(id, |b| {
            b.instance(Some(own), |_| {});
            b.number(0);
        });
    }
    let (ids, _, damage) = told(&[block.end()]);
    assert!(ids.is_empty() && damage.len() >= 799, "{ids:?} {}", damage.len());
}

#[test]
fn a_mark_in_a_text_hides_no_record_and_marks_everywhere_cost_no_time() {
    let mark = |b: &mut Block| {
        let at = b.0.len();
        b.put(b"ElfChnk\0").put(&[0; 56]);
        b.0[at + 40..at + 44].copy_from_slice(&128u32.to_le_bytes());
        b.0[at + 48..at + 52].copy_from_slice(&600u32.to_le_bytes());
    };
    let mut block = Block::new();
    for id in 1..4 {
        block.record(id, |b| {
            b.element(false, |b| b.text(3));
            b.put(&[0]);
            mark(b);
        });
    }
    let (ids, ..) = told(&[block.end()]);
    assert_eq!(ids, [1, 2, 3]);
    // Blocks in blocks: each begins where the one before has hardly begun.
    let mut block = Block::new();
    while block.0.len() < BLOCK - 64 {
        mark(&mut block);
    }
    told(&[block.end(), vec![b'E'; BLOCK], b"ElfChnk\0".repeat(4 * BLOCK / 8)]);
}

#[test]
fn what_is_counted_and_not_there_is_told() {
    let header = |blocks: u16| {
        let mut header = vec![0; 4096];
        header[..8].copy_from_slice(b"ElfFile\0");
        header[42..44].copy_from_slice(&blocks.to_le_bytes());
        header
    };
    let mut block = Block::new();
    block.0[8..16].copy_from_slice(&1u64.to_le_bytes());
    block.0[16..24].copy_from_slice(&5u64.to_le_bytes());
    block.0[24..32].copy_from_slice(&1u64.to_le_bytes());
    block.0[32..40].copy_from_slice(&5u64.to_le_bytes());
    block.record(1, |b| b.element(false, |b| b.text(1)));
    let block = block.end();
    let (ids, _, damage) = told(&[header(3), block.clone()]);
    assert_eq!(ids, [1]);
    assert!(damage.iter().any(|d| d.contains("its block counts")), "{damage:?}");
    assert!(damage.iter().any(|d| d.contains("file's header counts")), "{damage:?}");
    assert!(told(&[header(0), vec![0; BLOCK]]).2.is_empty(), "an empty log is whole");
    let (ids, _, damage) = told(&[header(1), block[..300].to_vec()]);
    assert!(ids.is_empty() && !damage.is_empty());
}

#[test]
fn changed_bytes_end_in_damage() {
    let mut block = Block::new();
    let mut known = 0;
    block.record(0, |b| {
        known = b.instance(None, |b| b.element(true, |b| b.text(20)));
        b.number(0);
    });
    for id in 1..40 {
        block.record(id, |b| {
            b.instance(Some(known), |_| {});
            b.number(2).put(&[4, 0, 0x81, 0, 2, 0, 0x21, 0, b'a', 0, 0, 0, 0x0c, 1]);
        });
    }
    let whole = block.end();
    // Numbers without a seed from outside: the same in every run.
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for _ in 0..200 {
        let mut bytes = whole.clone();
        for _ in 0..1 + next(8) {
            let at = next(4096);
            bytes[at] = next(256) as u8;
        }
        told(&[bytes]);
    }
}
