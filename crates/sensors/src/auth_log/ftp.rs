//! vsftpd's own lines, in its own log or in syslog: `[pid 7] [NAME] FAIL LOGIN: Client "ADDRESS"`.
//!
//! A refused name may say anything, and the address follows it: read from the right. (A line that ends as a refusal is
//! one, so that no name can make a login look accepted.)

use super::event::{Event, Outcome, Purpose, Said, Source, cut, cut_last};
use super::pam;

/// What a message of vsftpd says.
pub fn vsftpd(message: &[u8]) -> Said<'_> {
    if message.starts_with(b"pam_") || message.starts_with(b"PAM ") {
        return pam::parse(message, Some(Purpose::Ftp));
    }
    let text = match message.strip_prefix(b"[pid ") {
        Some(rest) => cut(rest, b"] ").map_or(message, |(_, rest)| rest),
        None => message,
    };
    if let Some((user, address)) = cut_last(text, b"] FAIL LOGIN: Client \"")
        && let (Some(user), Some(address)) = (user.strip_prefix(b"["), address.strip_suffix(b"\""))
    {
        return Said::Event(Event::new(Purpose::Ftp, Outcome::Failed, user, Source::parse(address)));
    }
    if let Some((user, rest)) = cut(text, b"] OK LOGIN: Client \"")
        && let (Some(user), Some((address, _))) = (user.strip_prefix(b"["), cut(rest, b"\""))
    {
        return Said::Event(Event::new(Purpose::Ftp, Outcome::Accepted, user, Source::parse(address)));
    }
    Said::Nothing
}
