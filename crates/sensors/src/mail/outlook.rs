//! Outlook items.

/// The first bytes of a compound file (MS-CFB 2.2).
pub const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// How sure a compound file is an Outlook item.
pub fn recognise(_head: &[u8]) -> u8 {
    0
}
