//! Drawings of filled rectangles and thick lines (8.5) as a grid: as far as a QR code needs it.
//!
//! You may rely on: shapes and bytes are bounded; what is not understood gives nothing. Left out: drawings turned or made
//! of curves.

/// Rectangles of one drawing.
const SHAPES: usize = 40_000;
/// Bytes of one drawing.
const CONTENT: usize = 2 << 20;
/// Modules on the side of a code, at most.
const MODULES: usize = 200;

/// A rectangle: left, bottom, width, height; dark or light.
type Shape = ([f32; 4], bool);

/// Whether a page's content may hold a grid: as many rectangles or lines as the smallest QR code has.
pub fn may_hold_grid(content: &[u8]) -> bool {
    let many = |what: &[u8]| memchr::memmem::find_iter(content, what).take(100).count() == 100;
    many(b" re") || many(b" l")
}

/// The grid that is drawn with rectangles or thick lines in the content of a page, from above: what is dark in it.
pub fn grid(content: &[u8]) -> Option<Vec<Vec<bool>>> {
    let shapes = shapes(content);
    let least =
        |side: fn(&[f32; 4]) -> f32| shapes.iter().map(|(s, _)| side(s)).filter(|n| *n > 0.0).fold(f32::MAX, f32::min);
    // Every module is as high as the lowest shape.
    let module = least(|s| s[3]).min(least(|s| s[2]));
    let small = |s: &[f32; 4]| s[2].max(s[3]) <= module * MODULES as f32 && s[2].min(s[3]) <= module * 8.0;
    let dark: Vec<&Shape> = shapes.iter().filter(|(s, dark)| *dark && small(s)).collect();
    if dark.len() < 60 || !module.is_finite() || module <= 0.0 {
        return None;
    }
    let low = |n: usize| dark.iter().map(|(s, _)| s[n]).fold(f32::MAX, f32::min);
    let high = |n: usize| dark.iter().map(|(s, _)| s[n] + s[n + 2]).fold(f32::MIN, f32::max);
    let (left, bottom) = (low(0), low(1));
    let (width, height) = (((high(0) - left) / module).round(), ((high(1) - bottom) / module).round());
    if !(20.0..=MODULES as f32).contains(&width) || !(20.0..=MODULES as f32).contains(&height) {
        return None;
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
    Some(grid)
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
