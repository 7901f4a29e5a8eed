//! Evidence as a stream of bytes in its last step ([`Input`]), cut into blocks of whole lines. Nothing here looks at
//! what the lines mean.
//!
//! You may rely on: memory is bounded by the block size and the longest line allowed; damage in a compressed stream
//! ends the stream with a skip and keeps what came before.

mod blocks;

pub use blocks::{BLOCK, Block, Blocks, LINE_MAX, MARK};
pub use formats::{HEAD, Input};
