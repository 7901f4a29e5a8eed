//! A sentence as pieces of a vocabulary: SentencePiece's normalisation and its most probable segmentation (unigram).
//!
//! You may rely on: time is linear in the sentence, for no piece is longer than [`LONGEST`]; a table that points outside
//! itself matches nothing. Left out: all other models of SentencePiece's.

use foldhash::fast::FixedState;
use model::{Error, Result};
use std::collections::HashMap;

/// Pieces at most, and bytes of one.
const MOST: usize = 1 << 20;
const LONGEST: usize = 256;
/// Bytes that one character may become: the longest that Unicode knows has 33.
const REPLACED: usize = 64;
/// What stands for a space in a piece.
const SPACE: char = '\u{2581}';
/// The pieces of what is unknown, of a sentence's beginning and of its end.
const UNKNOWN: u32 = 0;
const BEGINS: u32 = 1;
const ENDS: u32 = 2;
/// How much less probable than the least probable piece an unknown character is.
const PENALTY: f64 = 10.0;

/// The vocabulary.
pub struct Pieces {
    characters: Characters,
    /// The branches of a tree of prefixes: from a node by a character to the next.
    branches: HashMap<(u32, char), u32, FixedState>,
    /// Of each node the piece that ends there.
    ends: Vec<Option<u32>>,
    scores: Vec<f32>,
    unknown: f64,
}

impl Pieces {
    /// Of a model's bytes (a protocol buffer: pieces in field 1, the table of characters in field 2 of field 3).
    pub fn read(bytes: &[u8]) -> Result<Pieces> {
        let wrong = |why: &str| Error::new("`sp.model` can't be read").because(why.to_string());
        let mut pieces = Pieces {
            characters: Characters::default(),
            branches: HashMap::default(),
            ends: vec![None],
            scores: Vec::new(),
            unknown: 0.0,
        };
        let mut characters = None;
        for field in Fields(bytes) {
            match field {
                (1, Value::Bytes(piece)) if pieces.scores.len() < MOST => pieces.add(piece),
                (1, _) => return Err(wrong("it has too many pieces")),
                (3, Value::Bytes(table)) if characters.is_none() => {
                    let mut inside = Fields(table);
                    characters = inside.find_map(|f| matches!(f.0, 2).then_some(f.1));
                }
                _ => {}
            }
        }
        if let Some(Value::Bytes(table)) = characters {
            pieces.characters = Characters::read(table).ok_or_else(|| wrong("its table of characters is damaged"))?;
        }
        let least = pieces.scores.iter().copied().fold(f32::INFINITY, f32::min);
        if pieces.scores.len() <= ENDS as usize || pieces.scores.iter().any(|s| !s.is_finite()) {
            return Err(wrong("it has no pieces, or not each with its score"));
        }
        pieces.unknown = f64::from(least) - PENALTY;
        Ok(pieces)
    }

    fn add(&mut self, piece: &[u8]) {
        let (mut text, mut score) = (None, 0.0);
        for field in Fields(piece) {
            match field {
                (1, Value::Bytes(bytes)) if text.is_none() => text = Some(bytes),
                (2, Value::Four(bytes)) => score = f32::from_le_bytes(bytes),
                _ => {}
            }
        }
        let number = self.scores.len() as u32;
        self.scores.push(score);
        let Some(text) = text.and_then(|t| std::str::from_utf8(t).ok()).filter(|t| t.len() <= LONGEST) else { return };
        let mut node = 0;
        for c in text.chars() {
            let next = self.ends.len() as u32;
            node = *self.branches.entry((node, c)).or_insert(next);
            if node == next {
                self.ends.push(None);
            }
        }
        if node > 0 {
            self.ends[node as usize] = Some(number);
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.scores.len()
    }

    /// The pieces of a sentence, between those of its beginning and its end.
    pub fn tokens(&self, text: &str) -> Vec<u32> {
        let letters: Vec<char> = self.characters.normal(text).chars().collect();
        // Of each place the probability of the best way to it, where its last piece begins, and which that is.
        let mut best = vec![(f64::NEG_INFINITY, 0, UNKNOWN); letters.len() + 1];
        best[0].0 = 0.0;
        for at in 0..letters.len() {
            let (mut node, mut single) = (0, false);
            for (length, letter) in letters[at..].iter().enumerate() {
                let Some(&next) = self.branches.get(&(node, *letter)) else { break };
                node = next;
                if let Some(piece) = self.ends[node as usize] {
                    let score = best[at].0 + f64::from(self.scores[piece as usize]);
                    single |= length == 0;
                    if score > best[at + length + 1].0 {
                        best[at + length + 1] = (score, at, piece);
                    }
                }
            }
            let score = best[at].0 + self.unknown;
            if !single && score > best[at + 1].0 {
                best[at + 1] = (score, at, UNKNOWN);
            }
        }
        let (mut tokens, mut at) = (vec![ENDS], letters.len());
        while at > 0 {
            tokens.push(best[at].2);
            at = best[at].1;
        }
        if letters.is_empty() {
            tokens.push(UNKNOWN);
        }
        tokens.push(BEGINS);
        tokens.reverse();
        tokens
    }
}

/// What characters become before a sentence is cut: a tree (a double array of Darts-clone's) of byte sequences, and the
/// text that stands for each, ended by a zero.
#[derive(Default)]
struct Characters {
    units: Vec<u32>,
    texts: Vec<u8>,
}

impl Characters {
    fn read(table: &[u8]) -> Option<Characters> {
        let size = u32::from_le_bytes(*table.first_chunk()?) as usize;
        let units = table.get(4..4usize.checked_add(size)?)?;
        let units = units.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        Some(Characters { units, texts: table[4 + size..].to_vec() })
    }

    /// What the beginning of these bytes becomes, and how many of them that is. They begin at a character.
    fn next<'s>(&'s self, bytes: &'s [u8]) -> (&'s [u8], usize) {
        let offset = |unit: u32| (unit >> 10) << ((unit & 0x200) >> 6);
        let mut found = None;
        if let Some(root) = self.units.first() {
            let mut node = offset(*root);
            for (n, b) in bytes.iter().enumerate() {
                node ^= u32::from(*b);
                let Some(&unit) = self.units.get(node as usize) else { break };
                if unit & 0x8000_00ff != u32::from(*b) {
                    break;
                }
                node ^= offset(unit);
                if unit & 0x100 != 0
                    && let Some(&leaf) = self.units.get(node as usize)
                {
                    found = Some(((leaf & 0x7fff_ffff) as usize, n + 1));
                }
            }
        }
        match found.and_then(|(at, length)| Some((self.texts.get(at..).filter(|t| !t.is_empty())?, length))) {
            Some((text, length)) => {
                let end = text.iter().take(REPLACED).take_while(|b| **b != 0).count();
                (&text[..end], length)
            }
            None => {
                let length = match bytes[0] {
                    0xc0..0xe0 => 2,
                    0xe0..0xf0 => 3,
                    0xf0.. => 4,
                    _ => 1,
                };
                let length = length.min(bytes.len());
                (&bytes[..length], length)
            }
        }
    }

    /// A sentence as the vocabulary has it: characters replaced, spaces single and marked, one before the first word.
    fn normal(&self, text: &str) -> String {
        let mut rest = text.as_bytes();
        let mut out: Vec<u8> = Vec::with_capacity(text.len() + 8);
        let mut mark = [0; 4];
        let mark = SPACE.encode_utf8(&mut mark).as_bytes();
        let mut after_space = true;
        while !rest.is_empty() {
            let (mut piece, length) = self.next(rest);
            rest = &rest[length..];
            if after_space {
                let spaces = piece.iter().take_while(|b| **b == b' ').count();
                piece = &piece[spaces..];
            }
            if piece.is_empty() {
                continue;
            }
            if out.is_empty() {
                out.extend_from_slice(mark);
            }
            for b in piece {
                match b {
                    b' ' => out.extend_from_slice(mark),
                    b => out.push(*b),
                }
            }
            after_space = piece.ends_with(b" ");
        }
        while out.ends_with(mark) {
            out.truncate(out.len() - mark.len());
        }
        String::from_utf8_lossy(&out).into_owned()
    }
}

/// The fields of a protocol buffer, with their numbers; ends where it is damaged.
struct Fields<'b>(&'b [u8]);

enum Value<'b> {
    Bytes(&'b [u8]),
    Four([u8; 4]),
    Other,
}

impl<'b> Fields<'b> {
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (first, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(first & 0x7f) << shift;
            if first & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn take(&mut self, length: u64) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(taken)
    }
}

impl<'b> Iterator for Fields<'b> {
    type Item = (u64, Value<'b>);

    fn next(&mut self) -> Option<(u64, Value<'b>)> {
        let tag = self.number()?;
        let value = match tag & 7 {
            0 => self.number().map(|_| Value::Other)?,
            1 => self.take(8).map(|_| Value::Other)?,
            2 => {
                let length = self.number()?;
                Value::Bytes(self.take(length)?)
            }
            5 => Value::Four(*self.take(4)?.first_chunk()?),
            _ => return None,
        };
        Some((tag >> 3, value))
    }
}
