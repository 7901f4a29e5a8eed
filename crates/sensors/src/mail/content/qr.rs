//! QR codes in pictures (PNG, JPEG, GIF): the texts they hold.
//!
//! You may rely on: at most [`PIXELS`] are decoded, and a decoder that fails gives nothing. Codes painted without a
//! picture, as a table of coloured cells or with block letters, are read too. Left out: codes of other kinds, more than
//! one turn of the colours.

use std::io::Cursor;

/// Most pixels decoded.
pub const PIXELS: usize = 6_000_000;
/// Longest side that is searched; larger pictures are made smaller first.
const SIDE: usize = 1400;

/// The texts of the codes in a picture.
pub fn codes(bytes: &[u8]) -> Vec<String> {
    let grey = match () {
        () if bytes.starts_with(b"\x89PNG") => png(bytes),
        () if bytes.starts_with(b"\xff\xd8") => jpeg(bytes),
        () if bytes.starts_with(b"GIF8") => gif(bytes),
        () => None,
    };
    let Some((width, height, grey)) = grey else { return Vec::new() };
    in_pixels(width, height, |x, y| grey.get(y * width + x).copied().unwrap_or(255))
}

/// The texts of the codes in a grid of grey.
pub fn in_pixels(width: usize, height: usize, grey: impl Fn(usize, usize) -> u8) -> Vec<String> {
    // A code of 21 modules needs that many pixels at least.
    if width < 42 || height < 42 || width.saturating_mul(height) > PIXELS {
        return Vec::new();
    }
    let step = width.max(height).div_ceil(SIDE).max(1);
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width / step, height / step, |x, y| grey(x * step, y * step));
    let mut found = Vec::new();
    for grid in image.detect_grids().into_iter().take(4) {
        if let Ok((_, text)) = grid.decode() {
            found.push(text.chars().take(4096).collect());
        }
    }
    found
}

/// Sides of a code, in modules: version 1 to 40, and a quiet zone that may be painted too.
const MODULES: std::ops::RangeInclusive<usize> = 21..=190;

/// The texts of a code painted as rows of dark and light.
pub fn painted(rows: &[Vec<bool>]) -> Vec<String> {
    const MODULE: usize = 4;
    const QUIET: usize = 4;
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    if !MODULES.contains(&width) || !MODULES.contains(&rows.len()) {
        return Vec::new();
    }
    let dark = |x: usize, y: usize| {
        let at = |n: usize| (n / MODULE).checked_sub(QUIET);
        at(y).and_then(|y| rows.get(y)).zip(at(x)).is_some_and(|(row, x)| row.get(x) == Some(&true))
    };
    let side = |modules: usize| (modules + 2 * QUIET) * MODULE;
    in_pixels(side(width), side(rows.len()), |x, y| if dark(x, y) { 0 } else { 255 })
}

/// The texts of codes written with block letters, two modules high or one high and two wide.
pub fn written(text: &str) -> Vec<String> {
    let is_block = |c: char| matches!(c, '█' | '▀' | '▄' | ' ' | '\u{a0}');
    let blocks = |l: &&str| {
        l.chars().filter(|c| matches!(c, '█' | '▀' | '▄')).count() >= 5 && l.trim_end().chars().all(is_block)
    };
    let lines: Vec<&str> = text.lines().filter(blocks).take(200).collect();
    if lines.len() < 11 {
        return Vec::new();
    }
    let halves = lines.iter().any(|l| l.contains(['▀', '▄']));
    let row = |line: &str, full: [char; 2]| line.chars().map(|c| full.contains(&c)).collect::<Vec<bool>>();
    let rows: Vec<Vec<bool>> = match halves {
        true => lines.iter().flat_map(|l| [row(l, ['█', '▀']), row(l, ['█', '▄'])]).collect(),
        false => lines.iter().map(|l| row(l, ['█', '█']).into_iter().step_by(2).collect()).collect(),
    };
    let found = painted(&rows);
    // On a dark screen the blocks are the light.
    let turned = || painted(&rows.iter().map(|r| r.iter().map(|d| !d).collect()).collect::<Vec<_>>());
    if found.is_empty() { turned() } else { found }
}

fn luma(pixel: &[u8]) -> u8 {
    match pixel {
        [r, g, b, a] => over(((u32::from(*r) * 3 + u32::from(*g) * 6 + u32::from(*b)) / 10) as u8, *a),
        [r, g, b] => ((u32::from(*r) * 3 + u32::from(*g) * 6 + u32::from(*b)) / 10) as u8,
        [l, a] => over(*l, *a),
        [l, ..] => *l,
        [] => 255,
    }
}

/// On white.
fn over(luma: u8, alpha: u8) -> u8 {
    (255 - (u32::from(255 - luma) * u32::from(alpha)) / 255) as u8
}

fn png(bytes: &[u8]) -> Option<(usize, usize, Vec<u8>)> {
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: 64 << 20 });
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    if width.saturating_mul(height) > PIXELS {
        return None;
    }
    let mut buffer = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut buffer).ok()?;
    let channels = info.color_type.samples();
    Some((width, height, buffer.chunks_exact(channels).map(luma).collect()))
}

fn jpeg(bytes: &[u8]) -> Option<(usize, usize, Vec<u8>)> {
    use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
    let options =
        DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::Luma).set_max_width(8000).set_max_height(8000);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().ok()?;
    let (width, height) = decoder.dimensions()?;
    if width.saturating_mul(height) > PIXELS {
        return None;
    }
    let grey = decoder.decode().ok()?;
    Some((width, height, grey))
}

fn gif(bytes: &[u8]) -> Option<(usize, usize, Vec<u8>)> {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    options.set_memory_limit(gif::MemoryLimit::Bytes(std::num::NonZeroU64::new(64 << 20)?));
    let mut decoder = options.read_info(Cursor::new(bytes)).ok()?;
    let frame = decoder.read_next_frame().ok()??;
    let (width, height) = (usize::from(frame.width), usize::from(frame.height));
    if width.saturating_mul(height) > PIXELS {
        return None;
    }
    Some((width, height, frame.buffer.chunks_exact(4).map(luma).collect()))
}

#[cfg(test)]
mod tests {
    /// `https://kiosque.example/mfa`, version 2.
    const CODE: &str = include_str!("qr_code.txt");

    #[test]
    fn painted_codes_are_read() {
        let rows: Vec<Vec<bool>> = CODE.lines().map(|l| l.bytes().map(|b| b == b'#').collect()).collect();
        assert_eq!(super::painted(&rows), ["https://kiosque.example/mfa"]);
        let wide: String = CODE.lines().map(|l| l.replace('#', "██").replace('.', "  ") + "\n").collect();
        assert_eq!(super::written(&wide), ["https://kiosque.example/mfa"]);
        let half = |pair: &[Vec<bool>]| -> String {
            let below = |n: usize| pair.get(1).is_some_and(|r| r[n]);
            (0..pair[0].len())
                .map(|n| match (pair[0][n], below(n)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    _ => ' ',
                })
                .collect::<String>()
                + "\n"
        };
        assert_eq!(super::written(&rows.chunks(2).map(half).collect::<String>()), ["https://kiosque.example/mfa"]);
        assert!(super::painted(&vec![vec![true; 30]; 30]).is_empty());
    }

    #[test]
    fn pictures_that_are_none_give_nothing() {
        for bytes in [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff\xe0", b"GIF89a\xff\xff\xff\xff", b""] {
            assert!(super::codes(bytes).is_empty());
        }
    }
}
