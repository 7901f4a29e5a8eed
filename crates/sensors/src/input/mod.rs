//! Evidence as a stream of bytes in its last step: decompressed as its content says, within the budget, cut into
//! blocks of whole lines. Nothing here looks at what the lines mean.
//!
//! You may rely on: memory is bounded by the block size and the longest line allowed; damage in a compressed stream
//! ends the stream with a skip and keeps what came before. Left out: archives with members (issue E's folder).

mod blocks;
mod decompress;

pub use blocks::{BLOCK, Block, Blocks, LINE_MAX};
pub use decompress::{HEAD, Input};
