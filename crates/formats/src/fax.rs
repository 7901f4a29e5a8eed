//! Pictures as a telefax sends them (ITU-T T.4 and T.6), as PDF and TIFF keep them.
//!
//! You may rely on: as many pixels as were asked for, whatever the bytes; of what is damaged the rows that came before.

use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext};

/// The grey pixels of a picture, row by row; what is missing is white.
pub fn grey(bytes: &[u8], settings: DecodeSettings) -> Vec<u8> {
    let (columns, rows) = (settings.columns as usize, settings.rows as usize);
    let mut page = Page { columns, rows, pixels: Vec::new() };
    let _ = hayro_ccitt::decode(bytes, &mut page, &mut DecoderContext::new(settings));
    page.pixels.resize(columns * rows, 255);
    page.pixels
}

/// A telefax being received.
struct Page {
    columns: usize,
    rows: usize,
    pixels: Vec<u8>,
}

impl Decoder for Page {
    fn push_row(&mut self, changes: &[u32]) {
        if self.pixels.len() >= self.columns * self.rows {
            return;
        }
        // White comes first.
        let (mut from, mut dark) = (0, false);
        let end = self.pixels.len() + self.columns;
        let grey = |dark: bool| if dark { 0 } else { 255 };
        for to in changes.iter().map(|n| (*n as usize).min(self.columns)).chain([self.columns]) {
            self.pixels.resize(self.pixels.len() + to.saturating_sub(from), grey(dark));
            (from, dark) = (to.max(from), !dark);
        }
        self.pixels.truncate(end);
    }
}
