//! Pictures made small, and whether one is a copy of another: the same again, made smaller, cut out of it, or painted over.
//!
//! You may rely on: at most [`PIXELS`] are decoded; what is not decoded is compared by its bytes alone. What recompression
//! does to a picture stays below what counts as a change. Left out: turning and mirroring; TIFF, WebP and HEIF.

use crate::mail::content::qr;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use formats::Meter;
use rows::documents::Sketch;

/// Most pixels of one picture.
pub const PIXELS: usize = 64 << 20;
/// The longer side of the sketch of a picture that is one among many in a document.
const SMALL: usize = 96;

/// A picture's sketch; without pixels where it cannot be decoded.
pub fn sketch(name: &str, bytes: &[u8], fine: bool, meter: &Meter) -> Option<Sketch> {
    let mut sketch = Sketch { name: name.into(), sha256: super::sha256(bytes), ..Sketch::default() };
    if bytes.is_empty() {
        return None;
    }
    if JPEG_2000.iter().any(|mark| bytes.starts_with(mark)) {
        // What each pixel of the sketch is an average of is four of the picture's at least.
        if let Some(it) = formats::pdf::picture::jpeg2000(bytes, PIXELS / 2, 2 * side(fine) as u32, meter) {
            draw(&mut sketch, (it.width, it.height), &it.pixels, fine)?;
            (sketch.width, sketch.height) = (it.whole.0 as u32, it.whole.1 as u32);
        }
    } else if let Some((width, height, pixels)) = qr::decoded(bytes, PIXELS) {
        draw(&mut sketch, (width, height), &pixels, fine)?;
    }
    Some(sketch)
}

/// How a JPEG 2000 begins: in its container, and alone.
const JPEG_2000: [&[u8]; 2] = [b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"];

/// The sketch of grey pixels.
pub fn grey(name: &str, width: usize, height: usize, pixels: &[u8], fine: bool) -> Option<Sketch> {
    let mut sketch = Sketch { name: name.into(), sha256: super::sha256(pixels), ..Sketch::default() };
    draw(&mut sketch, (width, height), pixels, fine)?;
    Some(sketch)
}

fn side(fine: bool) -> usize {
    if fine { Sketch::SIDE as usize } else { SMALL }
}

fn draw(sketch: &mut Sketch, (width, height): (usize, usize), pixels: &[u8], fine: bool) -> Option<()> {
    if width == 0 || height == 0 || pixels.len() < width * height {
        return None;
    }
    let scale = (width.max(height) as f64 / side(fine) as f64).max(1.0);
    let columns = ((width as f64 / scale).round() as usize).clamp(1, width);
    let rows = ((height as f64 / scale).round() as usize).clamp(1, height);
    let small = averages(&pixels[..width * height], width, (columns, rows), |p| f32::from(*p));
    let small: Vec<u8> = small.into_iter().map(|p| p.round() as u8).collect();
    (sketch.width, sketch.height, sketch.columns) = (width as u32, height as u32, columns as u32);
    sketch.grey = STANDARD.encode(small);
    Some(())
}

/// A sketch with its pixels.
pub struct Drawn {
    columns: usize,
    rows: usize,
    width: f32,
    height: f32,
    pixels: Vec<f32>,
}

impl Drawn {
    /// Of a sketch that has pixels.
    pub fn of(sketch: &Sketch) -> Option<Drawn> {
        let bytes = STANDARD.decode(&sketch.grey).ok()?;
        let columns = sketch.columns as usize;
        let rows = bytes.len().checked_div(columns)?;
        (rows > 0 && rows * columns == bytes.len()).then(|| Drawn {
            columns,
            rows,
            width: sketch.width as f32,
            height: sketch.height as f32,
            pixels: bytes.into_iter().map(f32::from).collect(),
        })
    }

    /// The same with other sides.
    fn scaled(&self, columns: usize, rows: usize) -> Vec<f32> {
        averages(&self.pixels, self.columns, (columns, rows), |p| *p)
    }
}

/// A picture with other sides: each pixel is the average of all it stands for, of those at its edge by their share. Without the
/// shares, edges in pictures of a few hundred pixels move by half a pixel, and a copy made smaller seems painted over.
fn averages<P>(pixels: &[P], width: usize, (columns, rows): (usize, usize), value: impl Fn(&P) -> f32) -> Vec<f32> {
    let height = pixels.len() / width.max(1);
    let (sx, sy) = (width as f64 / columns as f64, height as f64 / rows as f64);
    // Pixels that a stretch covers, with the share of each.
    let covered = |n: usize, scale: f64, most: usize| {
        let (from, to) = (n as f64 * scale, (n + 1) as f64 * scale);
        (from as usize..(to.ceil() as usize).clamp(from as usize + 1, most.max(from as usize + 1)).min(most))
            .map(move |at| (at, ((to.min(at as f64 + 1.0) - from.max(at as f64)).max(1e-3)) as f32))
    };
    let across: Vec<Vec<(usize, f32)>> = (0..columns).map(|x| covered(x, sx, width).collect()).collect();
    let mut out = Vec::with_capacity(columns * rows);
    let mut line = vec![0.0f32; width];
    for y in 0..rows {
        line.fill(0.0);
        let mut weight = 0.0;
        for (row, share) in covered(y, sy, height) {
            weight += share;
            let row = &pixels[row * width..][..width];
            line.iter_mut().zip(row).for_each(|(sum, p)| *sum += value(p) * share);
        }
        out.extend(across.iter().map(|covered| {
            let (mut sum, mut wide) = (0.0, 0.0);
            for (at, share) in covered {
                sum += line[*at] * share;
                wide += share;
            }
            sum / (wide * weight).max(1e-6)
        }));
    }
    out
}

/// How one picture is to another.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Likeness {
    /// The same, recompressed or in another size.
    Same,
    /// The same but for regions: how much of it, in thousandths, and the middle of the largest (from the left, from the
    /// top, in hundredths).
    Painted(u32, u32, u32),
    /// A part of it: how much of it is there, in hundredths.
    Cropped(u32),
    /// Another picture.
    Other,
}

/// Correlation of two patches of equal size.
fn correlation(a: &[f32], b: &[f32]) -> f32 {
    let n = a.len() as f32;
    let (ma, mb) = (a.iter().sum::<f32>() / n, b.iter().sum::<f32>() / n);
    let (mut top, mut va, mut vb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        top += (x - ma) * (y - mb);
        va += (x - ma) * (x - ma);
        vb += (y - mb) * (y - mb);
    }
    if va < n && vb < n {
        // Both of one shade.
        return if (ma - mb).abs() < 8.0 { 1.0 } else { 0.0 };
    }
    top / (va * vb).sqrt().max(1e-6)
}

/// Compares a copy with an original.
pub fn compare(original: &Drawn, copy: &Drawn) -> Likeness {
    let (whole, alike) = aligned(original, copy);
    cut_out(original, copy, alike).unwrap_or_else(|| repainted(&whole, copy, alike))
}

/// Where a small copy that a camera made of its own picture differs from it by so much, in thousandths; the middle of that.
pub fn thumbnail(original: &Drawn, copy: &Drawn, least: u32) -> Option<(u32, u32)> {
    let (whole, alike) = aligned(original, copy);
    match repainted(&whole, copy, alike) {
        // To look for it at every place of the picture takes a hundred times as long.
        Likeness::Painted(share, x, y) if share >= least && cut_out(original, copy, alike).is_none() => Some((x, y)),
        _ => None,
    }
}

/// The original with the sides of the copy, and how alike the two are.
fn aligned(original: &Drawn, copy: &Drawn) -> (Vec<f32>, f32) {
    let ratio = (original.width / original.height) / (copy.width / copy.height).max(1e-6);
    let whole = original.scaled(copy.columns, copy.rows);
    let alike = if (0.98..1.02).contains(&ratio) { correlation(&whole, &copy.pixels) } else { 0.0 };
    (whole, alike)
}

fn cut_out(original: &Drawn, copy: &Drawn, alike: f32) -> Option<Likeness> {
    let same_size = original.width == copy.width && original.height == copy.height;
    if same_size || alike >= 0.995 {
        return None;
    }
    let (found, part) = within(original, copy)?;
    (found > alike + 0.004 && part < 99).then_some(Likeness::Cropped(part))
}

fn repainted(whole: &[f32], copy: &Drawn, alike: f32) -> Likeness {
    if alike < 0.5 {
        return Likeness::Other;
    }
    match painted(whole, copy) {
        None => Likeness::Same,
        // Too much of it: another picture of the same shape.
        Some((share, ..)) if share > 600 => Likeness::Other,
        Some((share, x, y)) => Likeness::Painted(share, x, y),
    }
}

/// Regions in which a copy differs by more than recompression and scaling explain.
fn painted(original: &[f32], copy: &Drawn) -> Option<(u32, u32, u32)> {
    let (columns, rows) = (copy.columns, copy.rows);
    // Brightness and contrast of the whole may have been changed: the middle half of differences tells.
    let (gain, shift) = fit(original, &copy.pixels);
    let differences: Vec<f32> = original.iter().zip(&copy.pixels).map(|(a, b)| b - (a * gain + shift)).collect();
    let mut sorted: Vec<f32> = differences.iter().map(|d| d.abs()).collect();
    sorted.sort_by(f32::total_cmp);
    let usual = sorted[sorted.len() / 2];
    let at = |values: &[f32], x: usize, y: usize| values[y * columns + x];
    let mut marked = vec![false; differences.len()];
    for y in 0..rows {
        for x in 0..columns {
            let (mut sum, mut n, mut low, mut high) = (0.0f32, 0.0f32, f32::MAX, f32::MIN);
            for ny in y.saturating_sub(1)..(y + 2).min(rows) {
                for nx in x.saturating_sub(1)..(x + 2).min(columns) {
                    sum += at(&differences, nx, ny);
                    n += 1.0;
                    low = low.min(at(original, nx, ny));
                    high = high.max(at(original, nx, ny));
                }
            }
            // Edges move by parts of a pixel.
            marked[y * columns + x] = (sum / n).abs() > 7.0 + 5.0 * usual + 0.12 * (high - low);
        }
    }
    let (mut largest, mut total, mut middle) = (0usize, 0usize, (0usize, 0usize));
    let mut seen = vec![false; marked.len()];
    for start in 0..marked.len() {
        if !marked[start] || seen[start] {
            continue;
        }
        let (mut stack, mut size, mut sx, mut sy) = (vec![start], 0usize, 0usize, 0usize);
        seen[start] = true;
        while let Some(n) = stack.pop() {
            let (x, y) = (n % columns, n / columns);
            (size, sx, sy) = (size + 1, sx + x, sy + y);
            for ny in y.saturating_sub(1)..(y + 2).min(rows) {
                for nx in x.saturating_sub(1)..(x + 2).min(columns) {
                    let next = ny * columns + nx;
                    if marked[next] && !seen[next] {
                        seen[next] = true;
                        stack.push(next);
                    }
                }
            }
        }
        // Single pixels are noise.
        if size >= 6 {
            total += size;
            if size > largest {
                (largest, middle) = (size, (sx / size * 100 / columns, sy / size * 100 / rows));
            }
        }
    }
    (largest > 0).then(|| ((total * 1000 / marked.len()) as u32, middle.0 as u32, middle.1 as u32))
}

/// The line that most pixels lie on, by two rounds of least squares, the second without those far off.
fn fit(a: &[f32], b: &[f32]) -> (f32, f32) {
    let (mut gain, mut shift) = (1.0f32, 0.0f32);
    for round in 0..3 {
        let near = |x: f32, y: f32| round == 0 || (y - (x * gain + shift)).abs() < 12.0;
        let (mut n, mut sx, mut sy, mut xx, mut xy) = (0.0f64, 0.0f64, 0.0f64, 0.0f64, 0.0f64);
        for (x, y) in a.iter().zip(b).filter(|(x, y)| near(**x, **y)) {
            let (x, y) = (f64::from(*x), f64::from(*y));
            (n, sx, sy, xx, xy) = (n + 1.0, sx + x, sy + y, xx + x * x, xy + x * y);
        }
        let spread = xx - sx * sx / n.max(1.0);
        if n < 16.0 || spread < n * 4.0 {
            return (1.0, 0.0);
        }
        gain = (((xy - sx * sy / n) / spread) as f32).clamp(0.6, 1.6);
        shift = ((sy - f64::from(gain) * sx) / n) as f32;
    }
    (gain, shift)
}

/// Where in the original the copy lies as a part, and how much of it that is, in hundredths.
fn within(original: &Drawn, copy: &Drawn) -> Option<(f32, u32)> {
    let per_column = original.columns as f32 / original.width;
    let natural = copy.width * per_column;
    // Cut out and left as it is, or made smaller or larger after.
    let mut widths = vec![natural];
    widths.extend((3..=20).map(|n| original.columns as f32 * n as f32 / 20.0));
    let field = Field::of(original);
    let mut best: Option<(f32, u32)> = None;
    for (n, wide) in widths.into_iter().enumerate() {
        let columns = wide.round() as usize;
        let rows = (wide * copy.height / copy.width).round() as usize;
        if columns < 16 || rows < 12 || columns > original.columns || rows > original.rows {
            continue;
        }
        let pixels = copy.scaled(columns, rows);
        let patch = Patch::of(&pixels, columns);
        let steps = if n == 0 { 1 } else { 2 };
        for y in (0..=original.rows - rows).step_by(steps) {
            for x in (0..=original.columns - columns).step_by(steps) {
                // A few pixels tell most places apart.
                let quick: f32 = [(0, 0), (columns / 2, rows / 2), (columns - 1, rows - 1), (columns / 3, rows / 4)]
                    .iter()
                    .map(|(px, py)| {
                        (original.pixels[(y + py) * original.columns + x + px] - pixels[py * columns + px]).abs()
                    })
                    .sum();
                if quick > 200.0 {
                    continue;
                }
                let found = field.correlation(&patch, x, y);
                let part = (columns * rows * 100 / (original.columns * original.rows)) as u32;
                if best.is_none_or(|(most, _)| found > most) {
                    best = Some((found, part));
                }
            }
        }
        if n == 0 && best.is_some_and(|(found, _)| found > 0.97) {
            break;
        }
    }
    best.filter(|(found, _)| *found > 0.93)
}

/// A picture in which patches are looked for: the sums of all that lies left of and above each pixel give mean and variance of
/// any part of it at once, so that only the product with the patch is left to reckon.
struct Field {
    columns: usize,
    /// From the middle of grey, which keeps sums small.
    pixels: Vec<f32>,
    sums: Vec<(f64, f64)>,
}

/// A patch without its mean.
struct Patch {
    columns: usize,
    pixels: Vec<f32>,
    mean: f32,
    variance: f32,
}

impl Patch {
    fn of(pixels: &[f32], columns: usize) -> Patch {
        let mean = pixels.iter().sum::<f32>() / pixels.len() as f32;
        let pixels: Vec<f32> = pixels.iter().map(|p| p - mean).collect();
        let variance = dot(&pixels, &pixels);
        Patch { columns, pixels, mean: mean - MIDDLE, variance }
    }
}

const MIDDLE: f32 = 128.0;

impl Field {
    fn of(drawn: &Drawn) -> Field {
        let (columns, wide) = (drawn.columns, drawn.columns + 1);
        let pixels: Vec<f32> = drawn.pixels.iter().map(|p| p - MIDDLE).collect();
        let mut sums = vec![(0.0, 0.0); wide * (drawn.rows + 1)];
        for (y, row) in pixels.chunks_exact(columns).enumerate() {
            let (mut sum, mut squares) = (0.0, 0.0);
            for (x, p) in row.iter().map(|p| f64::from(*p)).enumerate() {
                (sum, squares) = (sum + p, squares + p * p);
                let above: (f64, f64) = sums[y * wide + x + 1];
                sums[(y + 1) * wide + x + 1] = (above.0 + sum, above.1 + squares);
            }
        }
        Field { columns, pixels, sums }
    }

    /// As [`correlation`] of the patch with what lies at a place.
    fn correlation(&self, patch: &Patch, x: usize, y: usize) -> f32 {
        let (columns, rows) = (patch.columns, patch.pixels.len() / patch.columns);
        let sums = |x: usize, y: usize| self.sums[y * (self.columns + 1) + x];
        let [a, b, c, d] = [sums(x, y), sums(x + columns, y), sums(x, y + rows), sums(x + columns, y + rows)];
        let n = patch.pixels.len() as f32;
        let (sum, squares) = (d.0 - b.0 - c.0 + a.0, d.1 - b.1 - c.1 + a.1);
        let (mean, variance) = ((sum / f64::from(n)) as f32, (squares - sum * sum / f64::from(n)) as f32);
        if variance < n && patch.variance < n {
            // Both of one shade.
            return if (mean - patch.mean).abs() < 8.0 { 1.0 } else { 0.0 };
        }
        let lines = patch.pixels.chunks_exact(columns).enumerate();
        let top: f32 = lines.map(|(n, line)| dot(&self.pixels[(y + n) * self.columns + x..][..columns], line)).sum();
        top / (variance.max(0.0) * patch.variance).sqrt().max(1e-6)
    }
}

/// The sum of products, in eight sums of their own that the machine reckons at once.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let (left, right) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = left.remainder().iter().zip(right.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in left.zip(right) {
        sums.iter_mut().zip(x.iter().zip(y)).for_each(|(sum, (x, y))| *sum += x * y);
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of waves and a bright spot.
    fn scene(width: usize, height: usize, cut: (usize, usize), painted: bool, noise: u32) -> Drawn {
        let mut pixels = Vec::new();
        let mut state = 7u32;
        for y in 0..height {
            for x in 0..width {
                let (gx, gy) = ((x + cut.0) as f32, (y + cut.1) as f32);
                let mut v = 128.0 + 60.0 * (gx / 37.0).sin() + 50.0 * (gy / 23.0 + gx / 91.0).cos();
                if painted && (200..260).contains(&(x + cut.0)) && (150..190).contains(&(y + cut.1)) {
                    v = 20.0;
                }
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                v += ((state >> 16) % (noise + 1)) as f32 - noise as f32 / 2.0;
                pixels.push(v.clamp(0.0, 255.0) as u8);
            }
        }
        Drawn::of(&grey("", width, height, &pixels, true).expect("pixels")).expect("a sketch")
    }

    #[test]
    fn a_patch_correlates_with_a_place_as_two_patches_do() {
        let field = scene(300, 200, (0, 0), false, 20);
        let pixels: Vec<f32> = scene(300, 200, (40, 9), true, 20).scaled(61, 37);
        let (whole, patch) = (Field::of(&field), Patch::of(&pixels, 61));
        for (x, y) in [(0, 0), (17, 31), (field.columns - 61, field.rows - 37)] {
            let place: Vec<f32> =
                (y..y + 37).flat_map(|row| field.pixels[row * field.columns + x..][..61].to_vec()).collect();
            let (a, b) = (correlation(&place, &pixels), whole.correlation(&patch, x, y));
            assert!((a - b).abs() < 1e-3, "{a} {b}");
        }
    }

    #[test]
    fn copies_are_told_from_changes() {
        let original = scene(800, 600, (0, 0), false, 4);
        assert_eq!(compare(&original, &scene(800, 600, (0, 0), false, 24)), Likeness::Same);
        assert!(matches!(compare(&original, &scene(800, 600, (0, 0), true, 12)), Likeness::Painted(..)));
        assert!(matches!(compare(&original, &scene(600, 400, (90, 70), false, 12)), Likeness::Cropped(_)));
        assert_eq!(compare(&original, &scene(800, 600, (5000, 4000), false, 4)), Likeness::Other);
    }
}
