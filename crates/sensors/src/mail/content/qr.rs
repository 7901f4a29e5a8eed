//! QR codes in pictures (PNG, JPEG, GIF): the texts they hold.
//!
//! You may rely on: at most [`PIXELS`] are decoded, and a decoder that fails gives nothing. Left out: codes of
//! other kinds than QR, light ones on dark, and WebP.

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
    #[test]
    fn pictures_that_are_none_give_nothing() {
        for bytes in [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff\xe0", b"GIF89a\xff\xff\xff\xff", b""] {
            assert!(super::codes(bytes).is_empty());
        }
    }
}
