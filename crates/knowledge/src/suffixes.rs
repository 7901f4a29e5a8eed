//! The public suffix list (<https://publicsuffix.org>, MPL-2.0) of the `psl` crate, pinned in `Cargo.toml`. Its lookup is
//! ten thousand comparisons in code that the crate asks to inline: it is compiled here, once, and called.
//! Names are lower case, their labels in Unicode.

pub use psl::{Suffix, Type};

/// When the pinned crate was published.
pub const DATE: &str = "2026-11-05";

/// The public suffix of `name`; of a name under no known suffix its last label, `is_known` false. None for an empty name.
// Inlined, every caller's unit would hold the whole list: a fifth of what was compiled of `sensors`.
#[inline(never)]
pub fn suffix(name: &[u8]) -> Option<Suffix<'_>> {
    psl::suffix(name)
}

/// The registrable domain of `name`: its suffix and one label more, without a dot at the end. None for a suffix itself.
#[inline(never)]
pub fn registrable(name: &str) -> Option<&str> {
    psl::domain_str(name)
}
