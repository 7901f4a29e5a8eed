//! What evidence is wrapped in: compression, archives, disk images, compound files, documents, encodings and markup. Bytes in,
//! bytes or text out; what they mean is for the sensors to say.
//!
//! You may rely on: every length, place and count is held against the bytes that are there; nothing recurses without
//! a bound, nothing is run or fetched; damage gives what came before it and is told. Left out: judgement.

pub mod about;
pub mod archive;
pub mod charset;
pub mod disk;
pub mod entities;
pub mod evtx;
mod fax;
pub mod html;
pub mod input;
pub mod meter;
pub mod ole;
pub mod parts;
pub mod pdf;
mod rar;
pub mod rtf;
mod seven;
mod sheet;
pub mod sniff;
mod source;
mod streams;
pub mod strings;
pub mod style;
pub mod tar;
pub mod tiff;
pub mod transfer;
pub mod walk;
pub mod wording;
mod wrapped;
pub mod zip;

pub use input::{HEAD, Input};
pub use meter::Meter;

/// The beginning of a text, at most so many bytes.
pub fn clip(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
