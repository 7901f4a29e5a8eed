//! Pictures within PDF as grey pixels (ISO 32000 8.9), and drawings of filled rectangles (8.5): as far as a QR code
//! needs it.
//!
//! You may rely on: bounded by the room and [`qr::PIXELS`]; what is not understood gives nothing. Left out: CCITT, JBIG2
//! and JPEG 2000; palettes (their numbers stand for their shades); drawings turned or made of curves.

use super::super::qr;
use super::Room;

/// Rectangles of one drawing.
const SHAPES: usize = 40_000;
/// Bytes of one drawing.
const CONTENT: usize = 2 << 20;
/// Modules on the side of a code, at most.
const MODULES: usize = 200;

/// The texts of the codes in a picture of this dictionary.
pub fn codes(dictionary: &[u8], body: &[u8], room: &mut Room) -> Vec<String> {
    let has = |what: &[u8]| memchr::memmem::find(dictionary, what).is_some();
    let unpacked;
    let body = if has(b"/ASCII85Decode") || has(b"/A85") {
        unpacked = ascii85(room.take(body));
        &unpacked[..]
    } else {
        body
    };
    if has(b"/DCTDecode") || has(b"/DCT ") {
        return qr::codes(body, &mut room.pixels);
    }
    let number = |key: &[u8]| -> Option<usize> {
        let at = memchr::memmem::find(dictionary, key)? + key.len();
        let digits = dictionary.get(at..)?.trim_ascii_start();
        let end = digits.iter().position(|b| !b.is_ascii_digit()).unwrap_or(digits.len());
        std::str::from_utf8(&digits[..end]).ok()?.parse().ok()
    };
    let (Some(width), Some(height)) = (number(b"/Width"), number(b"/Height")) else { return Vec::new() };
    let bits = if has(b"/ImageMask true") { 1 } else { number(b"/BitsPerComponent").unwrap_or(8) };
    let plain = has(b"/FlateDecode") || has(b"/Fl ");
    if !plain || !matches!(bits, 1 | 2 | 4 | 8) || width == 0 || width.saturating_mul(height) > qr::PIXELS {
        return Vec::new();
    }
    let mut raw = room.expand(flate2::read::ZlibDecoder::new(body));
    let predicted = number(b"/Predictor").unwrap_or(1) >= 10;
    // The colour space may stand elsewhere: how much there is tells how many channels.
    let row = |channels: usize| (width * channels * bits).div_ceil(8);
    let fits = |channels: &usize| height * (row(*channels) + usize::from(predicted)) <= raw.len();
    let Some(channels) = [4, 3, 2, 1].into_iter().find(fits) else { return Vec::new() };
    let row = row(channels);
    if predicted {
        raw = filtered(&raw, row, (channels * bits / 8).max(1));
    }
    let top = (1u32 << bits) - 1;
    let sample = |x: usize, y: usize| {
        let byte = u32::from(raw.get(y * row + x * bits / 8).copied().unwrap_or(0));
        byte >> (8 - bits - x * bits % 8) & top
    };
    // Numbers of a palette of two are 0 and 1, whatever the bits.
    let most =
        if channels == 1 { (0..width * height).map(|n| sample(n % width, n / width)).max().unwrap_or(1) } else { top };
    let grey = |x: usize, y: usize| (sample(x * channels, y) * 255 / most.max(1)) as u8;
    let found = qr::in_pixels(width, height, grey, &mut room.pixels);
    if found.is_empty() { qr::in_pixels(width, height, |x, y| 255 - grey(x, y), &mut room.pixels) } else { found }
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

/// Five letters for four bytes (ISO 32000 7.4.3).
fn ascii85(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let (mut held, mut count) = (0u64, 0u32);
    for b in text.iter().take_while(|b| **b != b'~') {
        match b {
            b'z' if count == 0 => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                held = held * 85 + u64::from(b - b'!');
                count += 1;
                if count == 5 {
                    out.extend_from_slice(&(held as u32).to_be_bytes());
                    (held, count) = (0, 0);
                }
            }
            _ => {}
        }
    }
    if count > 1 {
        (count..5).for_each(|_| held = held * 85 + 84);
        out.extend_from_slice(&(held as u32).to_be_bytes()[..count as usize - 1]);
    }
    out
}

/// A rectangle: left, bottom, width, height; dark or light.
type Shape = ([f32; 4], bool);

/// The texts of a code drawn with rectangles or thick lines in the content of a page.
pub fn drawn(content: &[u8]) -> Vec<String> {
    let shapes = shapes(content);
    let least =
        |side: fn(&[f32; 4]) -> f32| shapes.iter().map(|(s, _)| side(s)).filter(|n| *n > 0.0).fold(f32::MAX, f32::min);
    // Every module is as high as the lowest shape.
    let module = least(|s| s[3]).min(least(|s| s[2]));
    let small = |s: &[f32; 4]| s[2].max(s[3]) <= module * MODULES as f32 && s[2].min(s[3]) <= module * 8.0;
    let dark: Vec<&Shape> = shapes.iter().filter(|(s, dark)| *dark && small(s)).collect();
    if dark.len() < 60 || !module.is_finite() || module <= 0.0 {
        return Vec::new();
    }
    let low = |n: usize| dark.iter().map(|(s, _)| s[n]).fold(f32::MAX, f32::min);
    let high = |n: usize| dark.iter().map(|(s, _)| s[n] + s[n + 2]).fold(f32::MIN, f32::max);
    let (left, bottom) = (low(0), low(1));
    let (width, height) = (((high(0) - left) / module).round(), ((high(1) - bottom) / module).round());
    if !(20.0..=MODULES as f32).contains(&width) || !(20.0..=MODULES as f32).contains(&height) {
        return Vec::new();
    }
    let (width, height) = (width as usize, height as usize);
    let mut grid = vec![vec![false; width]; height];
    for (s, dark) in shapes.iter().filter(|(s, _)| small(s)) {
        let cells = |from: f32, length: f32, low: f32, most: usize| {
            let begin = ((from - low) / module).round().max(0.0) as usize;
            begin.min(most)..(begin + (length / module).round().max(1.0) as usize).min(most)
        };
        for y in cells(s[1], s[3], bottom, height) {
            // The page's origin is below.
            grid[height - 1 - y][cells(s[0], s[2], left, width)].fill(*dark);
        }
    }
    super::super::drawn::read(&grid)
}

/// The rectangles of a content stream, and its lines as rectangles.
fn shapes(content: &[u8]) -> Vec<Shape> {
    let (mut numbers, mut path, mut out): (Vec<f32>, Vec<[f32; 4]>, Vec<Shape>) = Default::default();
    let (mut fill, mut stroke, mut thick, mut at) = (true, true, 1.0, (0.0, 0.0));
    let content = &content[..content.len().min(CONTENT)];
    for token in content.split(u8::is_ascii_whitespace).filter(|t| !t.is_empty()) {
        if out.len() + path.len() > SHAPES {
            break;
        }
        if let Some(n) = std::str::from_utf8(token).ok().and_then(|t| t.parse::<f32>().ok()).filter(|n| n.is_finite()) {
            if numbers.len() < 8 {
                numbers.push(n);
            }
            continue;
        }
        // All channels near none: dark. In CMYK it is the reverse.
        let dark = |cmyk: bool| {
            let sum: f32 = numbers.iter().sum();
            if cmyk { sum > 0.7 } else { sum < 0.5 * numbers.len() as f32 }
        };
        match (token, &numbers[..]) {
            (b"re", [x, y, w, h]) => path.push([x + w.min(0.0), y + h.min(0.0), w.abs(), h.abs()]),
            (b"m", [x, y]) => at = (*x, *y),
            (b"l", [x, y]) if *y == at.1 => {
                path.push([at.0.min(*x), at.1 - thick / 2.0, (x - at.0).abs(), thick]);
                at = (*x, *y);
            }
            (b"w", [n]) => thick = *n,
            (b"g" | b"rg" | b"sc" | b"scn", [_, ..]) => fill = dark(false),
            (b"G" | b"RG" | b"SC" | b"SCN", [_, ..]) => stroke = dark(false),
            (b"k", [_, ..]) => fill = dark(true),
            (b"K", [_, ..]) => stroke = dark(true),
            (b"f" | b"F" | b"f*" | b"b" | b"B" | b"b*" | b"B*", _) => out.extend(path.drain(..).map(|s| (s, fill))),
            (b"S" | b"s", _) => out.extend(path.drain(..).map(|s| (s, stroke))),
            (b"n", _) => path.clear(),
            _ => {}
        }
        numbers.clear();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const CODE: &str = "https://kiosque.example/a";

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn dark(x: usize, y: usize) -> bool {
        super::super::super::drawn::tests::dark(x, y)
    }

    #[test]
    fn pictures_of_several_kinds_are_read() {
        let check =
            |head: &str, body: &[u8]| assert_eq!(codes(head.as_bytes(), body, &mut Room::default()), [CODE], "{head}");
        let at = |x: usize, y: usize| x >= 16 && y >= 16 && dark(x / 4 - 4, y / 4 - 4);
        let pixels = |value: &dyn Fn(bool) -> Vec<u8>| -> Vec<Vec<u8>> {
            (0..132).map(|y| (0..132).flat_map(|x| value(at(x, y))).collect()).collect()
        };
        let size = "/Width 132 /Height 132 /Filter /FlateDecode";
        let rgb = pixels(&|dark| vec![if dark { 0 } else { 250 }; 3]);
        check(&format!("{size} /BitsPerComponent 8 /ColorSpace 7 0 R"), &deflated(&rgb.concat()));
        let palette = pixels(&|dark| vec![u8::from(dark)]);
        check(
            &format!("{size} /BitsPerComponent 8 /ColorSpace [/Indexed /DeviceRGB 1 9 0 R]"),
            &deflated(&palette.concat()),
        );
        // Each row as the difference to the one above.
        let mut rows = vec![];
        for (n, row) in rgb.iter().enumerate() {
            rows.push(2);
            rows.extend(row.iter().enumerate().map(|(x, b)| b.wrapping_sub(if n > 0 { rgb[n - 1][x] } else { 0 })));
        }
        check(&format!("{size} /BitsPerComponent 8 /DecodeParms << /Predictor 15 /Colors 3 >>"), &deflated(&rows));
        assert_eq!(ascii85(b"87cURD]j7BEbo80~>"), b"Hello world!");
        assert!(codes(b"/Width 9999999 /Height 9999999 /FlateDecode", b"", &mut Room::default()).is_empty());
    }

    #[test]
    fn drawings_of_rectangles_are_read() {
        let mut page = String::from("q 1 g 0 0 400 400 re f 0 g\n");
        for (x, y) in (0..25 * 25).map(|n| (n % 25, n / 25)).filter(|(x, y)| dark(*x, *y)) {
            page += &format!("{} {} 4.2 4.2 re f\n", 50.0 + 4.2 * x as f32, 300.0 - 4.2 * y as f32);
        }
        assert_eq!(drawn(page.as_bytes()), [CODE]);
        assert!(drawn(&b"0 0 1 1 re f ".repeat(100_000)).is_empty());
        assert!(drawn(b"nan inf 1e38 1e38 re f").is_empty());
    }
}
