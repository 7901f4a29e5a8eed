//! Files of counts → tables: separated values in whatever encoding and with whatever separator (a sheet of a workbook comes as
//! such), JSON.

use super::json;
use crate::input::{HEAD, Input};
use crate::posts::shares::csv;
use formats::charset;
use model::{Error, Observation, Result, Sink, Skip, Span, SpanSet};
use recount::learn::{self, Shape};
use recount::{About, Builder, heads, hint, upright};
use rows::Row;
use rows::station_minutes::Table;
use std::borrow::Cow;

/// Bytes of one file that are read.
const MOST: u64 = 1 << 30;
/// Bytes in which the shape is learnt.
const LEARN: usize = 1 << 20;
/// Rows of which each is told why it was not understood; beyond, they are counted.
const TOLD: u64 = 1000;

/// How sure a head is a table of counts.
pub fn sniff(head: &[u8]) -> u8 {
    // No text: to learn a table from such bytes costs more than all other sensors together.
    if head.contains(&0) {
        return 0;
    }
    let text = decode(head);
    match first(&text) {
        Some('{' | '[') => json::sniff(&text),
        Some('<') | None => 0,
        // A head that is cut ends in half a record.
        Some(_) => shape(&text, head.len() >= HEAD)
            .map_or_else(|| if upright(&text).is_some() { 80 } else { 0 }, |(_, shape)| shape.sure()),
    }
}

fn first(text: &str) -> Option<char> {
    text.trim_start_matches('\u{feff}').trim_start().chars().next()
}

/// How many different figures words name.
pub fn figures(text: &str) -> usize {
    let folded = heads::fold(text);
    let all = [
        "inscrits",
        "abstentions",
        "votants",
        "exprimes",
        "blancs",
        "nuls",
        "voix",
        "wahlberechtigte",
        "wahler",
        "gultige",
        "ungultige",
        "registered",
        "ballots",
        "precinct",
        "candidate",
        "votes",
    ];
    let mut there: Vec<&str> = folded.split(' ').filter_map(|w| all.iter().find(|a| **a == w).copied()).collect();
    there.sort_unstable();
    there.dedup();
    there.len()
}

/// The text of a file. Without a mark and no UTF-8, the letters show which of the old encodings it is.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let cut = match std::str::from_utf8(bytes) {
        Ok(text) => return Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(e) if e.error_len().is_none() && e.valid_up_to() + 4 > bytes.len() => &bytes[..e.valid_up_to()],
        Err(_) => bytes,
    };
    if cut.len() < bytes.len() {
        return decode(cut);
    }
    let count = |list: &[u8]| {
        let letter = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphabetic);
        bytes
            .iter()
            .enumerate()
            .filter(|(n, b)| {
                list.contains(b) && (letter(n.checked_sub(1).and_then(|n| bytes.get(n))) || letter(bytes.get(n + 1)))
            })
            .count()
    };
    let windows = bytes.iter().filter(|b| **b >= 0xc0).count();
    let mac = count(&[0x8e, 0x8f, 0x88, 0x8d, 0x90, 0x99, 0x9f, 0x9a]);
    let dos = count(&[0x82, 0x8a, 0x85, 0x87, 0x93, 0x84, 0x94, 0x81]);
    match () {
        () if dos > windows && dos > mac => Cow::Owned(bytes.iter().map(|b| dos_letter(*b)).collect()),
        () if mac > windows => charset::decode(b"macintosh", bytes),
        () => charset::eight_bit(bytes),
    }
}

/// Code page 850, its letters.
fn dos_letter(b: u8) -> char {
    const LETTERS: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑ";
    match b {
        0..=0x7f => b as char,
        _ => LETTERS.chars().nth(usize::from(b) - 0x80).unwrap_or('\u{fffd}'),
    }
}

/// The separator and the shape of a text of separated values.
fn shape(text: &str, cut: bool) -> Option<(u8, Shape)> {
    let part = formats::clip(text, LEARN);
    let cut = cut || part.len() < text.len();
    let mut best: Option<(usize, u8, Shape)> = None;
    for separator in csv::SEPARATORS {
        let mut rows: Vec<Vec<String>> = Vec::new();
        let end = if cut { csv::whole(part.as_bytes(), separator).unwrap_or(part.len()) } else { part.len() };
        // Heads are looked for in few rows, so that few are cut out.
        let mut few = 0;
        let lines = part.as_bytes()[..end].iter().position(|b| {
            few += usize::from(*b == b'\n');
            few > 4 * learn::HEAD
        });
        csv::records(&part.as_bytes()[..lines.unwrap_or(end)], separator, |_, _, _, cells| {
            if rows.len() < learn::HEAD {
                rows.push(cells.iter().map(|c| String::from_utf8_lossy(c).into_owned()).collect());
            }
        });
        let Some(shape) = learn::learn(&rows) else { continue };
        let width = usize::from(shape.sure()) * 100 + rows.iter().map(Vec::len).max().unwrap_or_default().min(99);
        if best.as_ref().is_none_or(|b| width > b.0) {
            best = Some((width, separator, shape));
        }
    }
    best.map(|(_, separator, shape)| (separator, shape))
}

/// All tables of a file, and what in it was not understood; `file` is its name, empty where nobody knows it yet.
pub fn tables(input: &mut Input, file: &str, trouble: &mut dyn FnMut(Skip)) -> Result<Vec<Table>> {
    let failed = |e: std::io::Error| Error::new("could not read on").because(e).hint("check the disk");
    let (bytes, more) = input.whole(MOST).map_err(failed)?;
    if let Some(damage) = input.damage() {
        trouble(damage.clone());
    }
    if more {
        trouble(skip("longer than is read: split it", 0));
    }
    let about = hint::about(file, input.steps());
    let mut told = 0u64;
    let mut rest: std::collections::BTreeMap<String, Skip> = std::collections::BTreeMap::new();
    let mut tell = |reason: String, line: u32| {
        told += 1;
        if told <= TOLD {
            trouble(skip(&reason, u64::from(line)));
        } else {
            rest.entry(reason.clone()).and_modify(|s| s.count += 1).or_insert_with(|| skip(&reason, u64::from(line)));
        }
    };
    let text = decode(&bytes);
    let tables = match first(&text) {
        Some('{' | '[') => json::tables(&text, &about, &mut tell),
        _ => {
            // Places are those of the file's own bytes, or there are none.
            let start = matches!(text, Cow::Borrowed(_)).then(|| bytes.len() as u64 - text.len() as u64);
            separated(&text, start, &about, &mut tell)
        }
    };
    rest.into_values().for_each(trouble);
    Ok(tables)
}

fn skip(reason: &str, line: u64) -> Skip {
    Skip { reason: reason.into(), count: 1, first: 0, line }
}

/// The text of separated values as a table that stands upright, if it is one, and the lines of its rows.
fn upright(text: &str) -> Option<(upright::Upright, Vec<u32>)> {
    csv::SEPARATORS.into_iter().find_map(|separator| {
        let (mut rows, mut lines) = (Vec::<Vec<String>>::new(), Vec::new());
        let few = text.bytes().filter(|b| *b == b'\n').take(upright::ROWS + 1).count() <= upright::ROWS;
        if few {
            csv::records(text.as_bytes(), separator, |_, _, line, cells| {
                lines.push(line as u32 + 1);
                rows.push(cells.iter().map(|c| String::from_utf8_lossy(c).into_owned()).collect());
            });
        }
        Some((upright::read(&rows)?, lines))
    })
}

fn separated(text: &str, start: Option<u64>, about: &About, trouble: &mut dyn FnMut(String, u32)) -> Vec<Table> {
    let Some((separator, shape)) = shape(text, false) else {
        if let Some((found, lines)) = upright(text) {
            let about = with_title(about, &found.title);
            found.left.iter().for_each(|(why, row)| trouble(why.clone(), lines[*row]));
            return vec![found.table(&about, &about.part)];
        }
        trouble("no table of counts: a head with registered, voters, valid or votes is needed".into(), 1);
        return Vec::new();
    };
    let about = with_title(about, &shape.title);
    let mut builder = Builder::new(&shape, &about);
    let mut seen = 0;
    csv::records(text.as_bytes(), separator, |at, length, line, raw| {
        seen += 1;
        if seen <= shape.first {
            return;
        }
        // Cells of a text cut at separators and quotes are text.
        let cells: Vec<&str> = raw.iter().map(|c| std::str::from_utf8(c).unwrap_or_default()).collect();
        builder.row(&cells, line as u32 + 1, start.map(|s| (s + at as u64, length as u64)), trouble);
    });
    builder.finish(trouble)
}

/// What the words above a table add.
fn with_title(about: &About, title: &str) -> About {
    let folded = heads::fold(title);
    let mut about = about.clone();
    if about.contest.is_empty() {
        about.contest = hint::round(&folded);
    }
    about.minutes |= hint::minutes(&folded);
    about.time = about.time.or_else(|| title.contains(':').then(|| recount::when::time(title)).flatten());
    about.level = about.level.or_else(|| heads::level(&folded));
    about
}

/// Reads evidence: each table is an observation.
pub fn evidence(input: &mut Input, out: &mut dyn Sink) -> Result<()> {
    let mut skips = Vec::new();
    let tables = tables(input, "", &mut |skip| skips.push(skip))?;
    for skip in skips {
        out.skip(skip);
    }
    for table in tables {
        let time = table.time.unwrap_or_default();
        let mut spans = SpanSet::new();
        let ends = table.places.first().zip(table.places.last_chunk::<2>());
        let (start, len) = ends.map_or((0, 0), |(first, [start, len])| (*first, (start + len).saturating_sub(*first)));
        spans.push(Span { start, len, line: table.lines.first().map_or(0, |l| u64::from(*l)) });
        out.observation(Observation {
            kind: Table::NAME.into(),
            key: table.part.clone(),
            first: time,
            last: time,
            count: table.len() as u64,
            entities: Vec::new(),
            fields: table.fields(),
            spans,
        });
    }
    out.progress(input.consumed());
    Ok(())
}
