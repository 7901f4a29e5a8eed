//! What PDF does, leads to and shows: judged as signs.

use super::super::sign::Kind as Sign;
use super::super::{drawn, qr};
use super::Look;
use formats::Meter;
use formats::pdf::picture::{self, Picture};
use formats::pdf::{self, Shown, drawing};

/// Looks into a document.
pub fn look(bytes: &[u8], name: &str, look: &mut Look) {
    let bytes = look.room.take(bytes);
    let meter = look.room.meter();
    let document = pdf::read(bytes, &meter, &mut |shown| {
        if look.room.images == 0 {
            return;
        }
        let texts = match shown {
            Shown::Picture(stream) => match picture::read(stream, None, qr::PIXELS, &meter) {
                Some(picture) => codes(&picture, &mut look.room.pixels, &meter),
                None => Vec::new(),
            },
            Shown::Drawing(content) if drawing::may_hold_grid(content) => {
                drawing::grid(content).map_or_else(Vec::new, |grid| drawn::read(&grid))
            }
            Shown::Drawing(_) => return,
        };
        look.room.images -= 1;
        texts.iter().for_each(|text| look.code(text));
    });
    look.room.metered(&meter);
    if document.cut {
        look.room.skip("more links in a document than are read");
    }
    if document.launches || document.scripts {
        look.sign(Sign::ActiveDocument, name);
    }
    document.links.iter().take(100).for_each(|url| look.link(url, ""));
    look.tell(&document.text);
    look.leads(document.links.iter().map(String::as_str));
}

/// The texts of the codes in a picture, dark on light or light on dark.
fn codes(picture: &Picture, left: &mut usize, meter: &Meter) -> Vec<String> {
    let unpacked;
    let (width, height, pixels) = match picture {
        Picture::Jpeg(bytes) => return qr::codes(bytes, left),
        Picture::Jpeg2000(bytes) => match picture::jpeg2000(bytes, qr::PIXELS, qr::SIDE as u32, meter) {
            Some(scaled) => {
                unpacked = scaled.pixels;
                (scaled.width, scaled.height, &unpacked)
            }
            None => return Vec::new(),
        },
        Picture::Grey { width, height, pixels } => (*width, *height, pixels),
    };
    let grey = |x: usize, y: usize| pixels[y * width + x];
    let found = qr::in_pixels(width, height, grey, left);
    if found.is_empty() { qr::in_pixels(width, height, |x, y| 255 - grey(x, y), left) } else { found }
}

#[cfg(test)]
mod tests {
    use super::super::super::drawn::tests::dark;
    use super::*;
    use std::io::Write;

    const CODE: &str = "https://kiosque.example/a";

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    /// The codes of the one picture of a document.
    fn pictured(dictionary: &str, body: &[u8]) -> Vec<String> {
        let head = format!("%PDF-1.4\n1 0 obj <</Subtype /Image {dictionary}>> stream\n");
        let document = [head.as_bytes(), body, b"\nendstream"].concat();
        let (meter, mut left, mut found) = (Meter::default(), qr::SEARCHED, Vec::new());
        pdf::read(&document, &meter, &mut |shown| {
            if let Shown::Picture(stream) = shown {
                found.extend(picture::read(stream, None, qr::PIXELS, &meter).map(|p| codes(&p, &mut left, &meter)));
            }
        });
        found.concat()
    }

    #[test]
    fn pictures_of_several_kinds_are_read() {
        let check = |head: &str, body: &[u8]| assert_eq!(pictured(head, body), [CODE], "{head}");
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
        assert!(pictured("/Width 9999999 /Height 9999999 /Filter /FlateDecode", b"").is_empty());
    }

    #[test]
    fn drawings_of_rectangles_are_read() {
        let drawn = |content: &[u8]| drawing::grid(content).map_or_else(Vec::new, |grid| drawn::read(&grid));
        let mut page = String::from("q 1 g 0 0 400 400 re f 0 g\n");
        for (x, y) in (0..25 * 25).map(|n| (n % 25, n / 25)).filter(|(x, y)| dark(*x, *y)) {
            page += &format!("{} {} 4.2 4.2 re f\n", 50.0 + 4.2 * x as f32, 300.0 - 4.2 * y as f32);
        }
        assert_eq!(drawn(page.as_bytes()), [CODE]);
        assert!(drawn(&b"0 0 1 1 re f ".repeat(100_000)).is_empty());
        assert!(drawn(b"nan inf 1e38 1e38 re f").is_empty());
    }
}
