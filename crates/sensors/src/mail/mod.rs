//! Mail: messages in whatever they are kept (`.eml`, mbox, Maildir, `.msg`, `.pst`) and the reports that mail servers
//! send of each other (DMARC, TLS-RPT, ARF).
//!
//! You may rely on: every message is bounded in time and memory, damage is told, nothing is executed or fetched; the
//! original of a message forwarded as an attachment is a message of its own. Left out: IMAP.

pub mod address;
pub mod charset;
pub mod content;
pub mod date;
pub mod header;
pub mod message;
pub mod parse;
pub mod received;
pub mod sniff;
pub mod transfer;
