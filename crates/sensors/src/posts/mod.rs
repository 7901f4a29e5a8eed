//! Posts: exports of what accounts wrote and shared; which of them act as one, and whether that is chance.
//!
//! You may rely on: `shares` is the one table (who shared what, when); `network`, `chance` and `groups` are kernels
//! over it without I/O. Left out, so far: the readers of platforms' own exports, detectors, the brief's chapter.

pub mod network;
pub mod shares;
