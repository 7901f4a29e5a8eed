//! STIX 2.1. [`Bundle`] collects indicators, [`Objects`] everything a case says: its own objects beside the observables of
//! findings, in one bundle that other programs read. The types that STIX does not have and that those who work on
//! information manipulation use (`channel`, `narrative`, `media-content`, `event`: VIGINUM, OpenCTI) are declared by extension
//! definitions; the core bundle is without them.
//!
//! You may rely on: the same case gives the same bytes; each object stands once and is marked; nothing refers to what is not
//! there; no relation ends when it begins. Left out: sending.

mod case;
mod indicators;
mod objects;
mod observables;
mod others;

pub use case::bundle;
pub use indicators::{Bundle, Indicator};
pub use objects::{Channel, Objects};
pub use others::{Others, joined};
