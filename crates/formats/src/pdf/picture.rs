//! Pictures as grey pixels (8.9).
//!
//! You may rely on: no more pixels than asked for; what is not understood gives nothing; where a palette is not told, its numbers
//! stand for their shades. Left out: JBIG2, profiles of colour.

use super::Stream;
use crate::Meter;
use hayro_syntax::object::{Array, Dict};
use std::borrow::Cow;

/// A picture.
pub enum Picture<'a> {
    /// A JPEG as it stands.
    Jpeg(Cow<'a, [u8]>),
    /// A JPEG 2000 as it stands: [`jpeg2000`] unpacks it.
    Jpeg2000(Cow<'a, [u8]>),
    /// Grey pixels, row by row.
    Grey {
        /// Pixels of a row.
        width: usize,
        /// Rows.
        height: usize,
        /// From black to white.
        pixels: Vec<u8>,
    },
}

/// The shades that numbers of a picture stand for, where another object says so.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    /// By the number.
    pub shades: Vec<u8>,
}

impl Palette {
    /// Of colours as they stand one after another, each of so many channels.
    pub fn of(colours: &[u8], channels: usize) -> Palette {
        Palette { shades: colours.chunks_exact(channels.clamp(1, 4)).take(256).map(shade).collect() }
    }
}

/// How bright a colour is.
fn shade(channels: &[u8]) -> u8 {
    let of = |r: u8, g: u8, b: u8| (u32::from(r) * 3 + u32::from(g) * 6 + u32::from(b)) / 10;
    match *channels {
        [grey] | [grey, _] => grey,
        [r, g, b] => of(r, g, b) as u8,
        [c, m, y, k, ..] => (255 - of(c, m, y).min(255)).saturating_sub(u32::from(k)) as u8,
        [] => 0,
    }
}

/// Unpacks a picture of at most so many pixels.
pub fn read<'a>(stream: &Stream<'a>, palette: Option<&Palette>, most: usize, meter: &Meter) -> Option<Picture<'a>> {
    let number = |key: &[u8]| stream.dictionary.get::<u32>(key).map(|n| n as usize);
    let unpacked = stream.unpacked(meter);
    match unpacked.left.as_deref() {
        None => {}
        Some(b"DCTDecode" | b"DCT") => return Some(Picture::Jpeg(unpacked.bytes)),
        Some(b"CCITTFaxDecode" | b"CCF") => return fax(stream, &unpacked.bytes, most, meter),
        Some(b"JPXDecode") => return Some(Picture::Jpeg2000(unpacked.bytes)),
        Some(_) => return None,
    }
    let (width, height) = (number(b"Width")?, number(b"Height")?);
    let mask = stream.dictionary.get::<bool>(b"ImageMask").unwrap_or(false);
    let bits = if mask { 1 } else { number(b"BitsPerComponent").unwrap_or(8) };
    if !matches!(bits, 1 | 2 | 4 | 8) || width == 0 || width.saturating_mul(height) > most {
        return None;
    }
    let mut raw = unpacked.bytes;
    let predicted = predictor(&stream.dictionary) >= 10;
    // The colour space may stand elsewhere: how much there is tells how many channels.
    let row = |channels: usize| (width * channels * bits).div_ceil(8);
    let fits = |channels: &usize| height * (row(*channels) + usize::from(predicted)) <= raw.len();
    let channels = [4, 3, 2, 1].into_iter().find(fits)?;
    let row = row(channels);
    if predicted {
        raw = Cow::Owned(filtered(&raw, row, (channels * bits / 8).max(1)));
    }
    let top = (1u32 << bits) - 1;
    let sample = |x: usize, y: usize| {
        let byte = u32::from(raw.get(y * row + x * bits / 8).copied().unwrap_or(0));
        byte >> (8 - bits - x * bits % 8) & top
    };
    // Numbers of a palette of two are 0 and 1, whatever the bits.
    let most =
        if channels == 1 { (0..width * height).map(|n| sample(n % width, n / width)).max().unwrap_or(1) } else { top };
    // Light may stand for dark (`Decode`, 8.9.5.2).
    let turned =
        stream.dictionary.get::<Array>(b"Decode").and_then(|d| d.iter::<f32>().next()).is_some_and(|n| n > 0.5);
    let grey = |n: usize| {
        let (x, y) = (n % width * channels, n / width);
        let of = |c: usize| (sample(x + c, y) * 255 / most.max(1)) as u8;
        let shade = match (channels, palette) {
            (1, Some(palette)) => palette.shades.get(sample(x, y) as usize).copied().unwrap_or(0),
            (1, None) => of(0),
            (3, _) => shade(&[of(0), of(1), of(2)]),
            _ => shade(&[of(0), of(1), of(2), of(3)][..channels.min(4)]),
        };
        if turned { 255 - shade } else { shade }
    };
    Some(Picture::Grey { width, height, pixels: (0..width * height).map(grey).collect() })
}

/// Grey pixels of a JPEG 2000.
pub struct Scaled {
    /// Width and height that it says.
    pub whole: (usize, usize),
    /// Pixels of a row, where it was unpacked smaller.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// From black to white.
    pub pixels: Vec<u8>,
}

/// Unpacks a JPEG 2000 (7.4.9) of at most so many pixels: of its sizes, each half the next, the least whose sides both have
/// `least` pixels. What is finer need not be unpacked, and is most of the work.
pub fn jpeg2000(bytes: &[u8], most: usize, least: u32, meter: &Meter) -> Option<Scaled> {
    let whole = hayro_jpeg2000::DecodeSettings::default();
    let settings = hayro_jpeg2000::DecodeSettings { target_resolution: Some((least, least)), ..whole };
    let whole = hayro_jpeg2000::Image::new(bytes, &whole).ok()?;
    let whole = (whole.width() as usize, whole.height() as usize);
    let image = hayro_jpeg2000::Image::new(bytes, &settings).ok()?;
    let (width, height) = (image.width() as usize, image.height() as usize);
    whole.0.checked_mul(whole.1).filter(|n| *n > 0 && *n <= most)?;
    let channels = usize::from(image.color_space().num_channels());
    let step = channels + usize::from(image.has_alpha());
    // Each pixel is worked on in every channel and at several sizes.
    meter.work(4 * (width * height * step) as u64).ok()?;
    let mut context = hayro_jpeg2000::DecoderContext::default();
    let data = image.decode(&mut context).ok()?.data_u8();
    let pixels: Vec<u8> =
        data.chunks_exact(step.max(1)).map(|p| shade(&p[..channels.clamp(1, 4).min(p.len())])).collect();
    (pixels.len() == width * height).then_some(Scaled { whole, width, height, pixels })
}

/// A picture as a telefax sends it (7.4.6).
fn fax<'a>(stream: &Stream, bytes: &[u8], most: usize, meter: &Meter) -> Option<Picture<'a>> {
    let one = stream.dictionary.get::<Dict>(b"DecodeParms");
    let all = stream.dictionary.get::<Array>(b"DecodeParms");
    let parameters = one.or_else(|| all.iter().flat_map(|a| a.iter::<Dict>()).next()).unwrap_or_else(Dict::empty);
    let number = |key: &[u8]| parameters.get::<i32>(key);
    let said = |key: &[u8]| stream.dictionary.get::<u32>(key);
    let width = number(b"Columns").and_then(|n| u32::try_from(n).ok()).or(said(b"Width")).unwrap_or(1728);
    let height = said(b"Height").or(number(b"Rows").and_then(|n| u32::try_from(n).ok()))?;
    let (columns, rows) = (width as usize, height as usize);
    if columns == 0 || columns.saturating_mul(rows) > most || meter.work(columns as u64 * rows as u64).is_err() {
        return None;
    }
    let flag = |key: &[u8]| parameters.get::<bool>(key);
    // Whether black is a one or a zero (`BlackIs1`) does not matter: light on dark is looked at as well.
    let settings = hayro_ccitt::DecodeSettings {
        columns: width,
        rows: height,
        end_of_block: flag(b"EndOfBlock").unwrap_or(true),
        end_of_line: flag(b"EndOfLine").unwrap_or(false),
        rows_are_byte_aligned: flag(b"EncodedByteAlign").unwrap_or(false),
        encoding: match number(b"K").unwrap_or(0) {
            ..0 => hayro_ccitt::EncodingMode::Group4,
            0 => hayro_ccitt::EncodingMode::Group3_1D,
            1.. => hayro_ccitt::EncodingMode::Group3_2D,
        },
        strict: false,
    };
    Some(Picture::Grey { width: columns, height: rows, pixels: crate::fax::grey(bytes, settings) })
}

/// How rows were changed before they were packed (7.4.4.4).
fn predictor(dictionary: &Dict) -> u32 {
    let one = dictionary.get::<Dict>(b"DecodeParms");
    let all = dictionary.get::<Array>(b"DecodeParms");
    let parameters = one.into_iter().chain(all.iter().flat_map(|a| a.iter::<Dict>()).take(4));
    parameters.filter_map(|p| p.get::<u32>(b"Predictor")).max().unwrap_or(1)
}

/// Undoes the filters of PNG (13.9 in its specification), each row led by its own.
fn filtered(raw: &[u8], row: usize, pixel: usize) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(raw.len());
    let mut above = vec![0u8; row];
    for line in raw.chunks_exact(row + 1) {
        let mut here = line[1..].to_vec();
        for n in 0..row {
            let left = n.checked_sub(pixel).map_or(0, |l| here[l]);
            let (up, corner) = (above[n], n.checked_sub(pixel).map_or(0, |l| above[l]));
            here[n] = here[n].wrapping_add(match line[0] {
                1 => left,
                2 => up,
                3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
                4 => nearest(left, up, corner),
                _ => 0,
            });
        }
        out.extend_from_slice(&here);
        above = here;
    }
    out
}

/// Paeth: of the three neighbours the one nearest to left + up − corner.
fn nearest(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |n: u8| (guess - i16::from(n)).abs();
    match () {
        () if far(left) <= far(up) && far(left) <= far(corner) => left,
        () if far(up) <= far(corner) => up,
        () => corner,
    }
}
