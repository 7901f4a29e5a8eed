//! QR codes in pictures (PNG, JPEG, GIF, WebP, BMP, TIFF): the texts they hold.
//!
//! You may rely on: at most [`PIXELS`] are decoded, and a decoder that fails gives nothing. Left out: codes of
//! other kinds than QR.

use formats::tiff;
use std::io::Cursor;

/// Most pixels decoded.
pub const PIXELS: usize = 6_000_000;
/// Longest side that is searched; larger pictures are made smaller first.
pub const SIDE: usize = 1000;

/// Pixels searched in all pictures of one message: a million of noise cost a tenth of a second.
pub const SEARCHED: usize = 5_000_000;

/// The texts of the codes in a picture; `left` are the pixels that may still be searched.
pub fn codes(bytes: &[u8], left: &mut usize) -> Vec<String> {
    if *left == 0 {
        return Vec::new();
    }
    if tiff::is_tiff(bytes) {
        return tiff::pages(bytes, 2 * PIXELS, jpeg).iter().flat_map(|page| scanned(page, left)).collect();
    }
    let Some((width, height, grey)) = decoded(bytes, PIXELS) else { return Vec::new() };
    in_pixels(width, height, |x, y| grey.get(y * width + x).copied().unwrap_or(255), left)
}

/// A picture of at most so many pixels as width, height and grey pixels.
pub fn decoded(bytes: &[u8], most: usize) -> Option<(usize, usize, Vec<u8>)> {
    match () {
        () if bytes.starts_with(b"\x89PNG") => png(bytes, most),
        () if bytes.starts_with(b"\xff\xd8") => jpeg(bytes, most),
        () if bytes.starts_with(b"GIF8") => gif(bytes, most),
        () if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => webp(bytes, most),
        () if bytes.starts_with(b"BM") => bitmap(bytes, most),
        () => None,
    }
}

/// The texts of the codes in a grid of grey; `left` are the pixels that may still be searched.
pub fn in_pixels(width: usize, height: usize, grey: impl Fn(usize, usize) -> u8, left: &mut usize) -> Vec<String> {
    // A code of 21 modules needs that many pixels at least.
    if width < 42 || height < 42 || width.saturating_mul(height) > PIXELS {
        return Vec::new();
    }
    let step = width.max(height).div_ceil(SIDE).max(1);
    match left.checked_sub((width / step) * (height / step)) {
        Some(rest) => *left = rest,
        None => {
            *left = 0;
            return Vec::new();
        }
    }
    let (width, height) = (width / step, height / step);
    let found = searched(width, height, |x, y| grey(x * step, y * step));
    let sample = (0..height).step_by(8).flat_map(|y| (0..width).step_by(8).map(move |x| (x, y)));
    let (dark, all) =
        sample.fold((0, 0), |(dark, all), (x, y)| (dark + usize::from(grey(x * step, y * step) < 128), all + 1));
    // In a dark picture the code may be the light part.
    match left.checked_sub(width * height).filter(|_| found.is_empty() && dark * 2 > all) {
        Some(rest) => {
            *left = rest;
            searched(width, height, |x, y| 255 - grey(x * step, y * step))
        }
        None => found,
    }
}

fn searched(width: usize, height: usize, grey: impl Fn(usize, usize) -> u8) -> Vec<String> {
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    let grids = image.detect_grids().into_iter().take(4);
    grids.filter_map(|grid| Some(grid.decode().ok()?.1.chars().take(4096).collect())).collect()
}

/// The codes of a scanned page; every other pixel of one that is finer than telefaxes are.
fn scanned(page: &tiff::Page, left: &mut usize) -> Vec<String> {
    let step = if page.pixels.len() > PIXELS { 2 } else { 1 };
    let grey = |x: usize, y: usize| page.pixels.get(y * step * page.width + x * step).copied().unwrap_or(255);
    in_pixels(page.width / step, page.height / step, grey, left)
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

fn png(bytes: &[u8], most: usize) -> Option<(usize, usize, Vec<u8>)> {
    let mut decoder =
        png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: (4 * most).max(64 << 20) });
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    if width.saturating_mul(height) > most {
        return None;
    }
    let mut buffer = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut buffer).ok()?;
    let channels = info.color_type.samples();
    Some((width, height, buffer.chunks_exact(channels).map(luma).collect()))
}

fn jpeg(bytes: &[u8], most: usize) -> Option<(usize, usize, Vec<u8>)> {
    use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::Luma)
        .set_max_width(16_384)
        .set_max_height(16_384);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().ok()?;
    let (width, height) = decoder.dimensions()?;
    if width.saturating_mul(height) > most {
        return None;
    }
    let grey = decoder.decode().ok()?;
    Some((width, height, grey))
}

fn gif(bytes: &[u8], most: usize) -> Option<(usize, usize, Vec<u8>)> {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    options.set_memory_limit(gif::MemoryLimit::Bytes(std::num::NonZeroU64::new(64 << 20)?));
    let mut decoder = options.read_info(Cursor::new(bytes)).ok()?;
    let frame = decoder.read_next_frame().ok()??;
    let (width, height) = (usize::from(frame.width), usize::from(frame.height));
    if width.saturating_mul(height) > most {
        return None;
    }
    Some((width, height, frame.buffer.chunks_exact(4).map(luma).collect()))
}

fn webp(bytes: &[u8], most: usize) -> Option<(usize, usize, Vec<u8>)> {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).ok()?;
    decoder.set_memory_limit(64 << 20);
    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    if width.saturating_mul(height) > most {
        return None;
    }
    let mut buffer = vec![0; decoder.output_buffer_size()?];
    decoder.read_image(&mut buffer).ok()?;
    let samples = if decoder.has_alpha() { 4 } else { 3 };
    Some((width, height, buffer.chunks_exact(samples).map(luma).collect()))
}

/// BMP without compression; colours of a table are taken for their number.
fn bitmap(bytes: &[u8], most: usize) -> Option<(usize, usize, Vec<u8>)> {
    let word = |at: usize| Some(i32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let (start, width, height) = (word(10)?, word(18)?, word(22)?);
    let bits = usize::from(*bytes.get(28)?);
    let (start, width, rows) =
        (usize::try_from(start).ok()?, usize::try_from(width).ok()?, height.unsigned_abs() as usize);
    if !matches!(bits, 1 | 8 | 24 | 32) || word(30)? != 0 || width.checked_mul(rows)? > most {
        return None;
    }
    let stride = (width * bits).div_ceil(32) * 4;
    let body = bytes.get(start..start.checked_add(stride * rows)?)?;
    let mut grey = Vec::with_capacity(width * rows);
    for y in 0..rows {
        let row = &body[stride * if height > 0 { rows - 1 - y } else { y }..][..stride];
        grey.extend((0..width).map(|x| match bits {
            1 => 255 * (row[x / 8] >> (7 - x % 8) & 1),
            8 => row[x],
            _ => luma(&[row[x * bits / 8 + 2], row[x * bits / 8 + 1], row[x * bits / 8]]),
        }));
    }
    Some((width, rows, grey))
}

#[cfg(test)]
mod tests {
    #[test]
    fn bitmaps_are_read() {
        let mut picture = b"BM".to_vec();
        for n in [0u32, 0, 54, 40, 1, 2, 24 << 16 | 1, 0, 0, 0, 0, 0, 0] {
            picture.extend(n.to_le_bytes());
        }
        picture.extend([0, 0, 0, 0, 255, 255, 255, 0]);
        assert_eq!(super::bitmap(&picture, super::PIXELS), Some((1, 2, vec![255, 0])));
        assert_eq!(super::bitmap(&picture[..60], super::PIXELS), None);
    }

    #[test]
    fn pictures_that_are_none_give_nothing() {
        for bytes in [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff\xe0", b"GIF89a\xff\xff\xff\xff", b""] {
            assert!(super::codes(bytes, &mut { super::SEARCHED }).is_empty());
        }
    }
}
