//! A header no mail program would write: addresses out of form, fields that contradict each other, fields stuffed with
//! letters. Tools that send fraud by the million are careless where nobody looks.
//!
//! You may rely on: a field's presence is no sign, its form is. Left out: authentication.

use super::links::related;
use super::sign::{Kind, Sign};
use super::text::Reading;
use crate::mail::address::{canonical, exists};
use crate::mail::message::Mailbox;

/// Letters in a row that no program writes into a field.
const STUFFED: usize = 400;

impl Reading<'_> {
    /// Signs on the header's form.
    pub fn head(&self, signs: &mut Vec<Sign>) {
        let m = self.message;
        let from = m.author().map_or("", |f| f.address.as_str());
        if m.header("from").is_some()
            && !m.is_of_directory()
            && self.is_odd(&m.header("from").map(|h| h.plain()).unwrap_or_default())
        {
            signs.push(Kind::OddFrom.on(from));
        }
        let domain = m.author().map_or("", Mailbox::domain);
        let list = ["list-id", "list-post", "mailing-list", "x-mailing-list"].iter().any(|n| m.header(n).is_some());
        if let Some(sender) =
            m.sender.as_ref().filter(|s| !list && !s.address.is_empty() && !related(s.domain(), domain))
        {
            signs.push(Kind::SenderElsewhere.on(&sender.address));
        }
        let local = from.split('@').next().unwrap_or("").to_lowercase();
        let bounce = ["mailer-daemon", "postmaster", "root", "bounce"].iter().any(|b| local.contains(b))
            || m.parts.first().is_some_and(|p| p.media == "multipart/report");
        if m.return_path.as_ref().is_some_and(|r| r.address.is_empty()) && !bounce {
            signs.push(Kind::ReturnNowhere.on(""));
        }
        if m.to.iter().any(|t| !t.address.is_empty() && m.cc.iter().any(|c| c.address.eq_ignore_ascii_case(&t.address)))
        {
            signs.push(Kind::ToAndCopy.on(""));
        }
        let leave = m.header("list-unsubscribe").map(|h| h.plain().to_lowercase());
        if leave.is_some_and(|l| !l.contains("mailto:") && !l.contains("http:") && !l.contains("https:")) {
            signs.push(Kind::OddHeader.on("List-Unsubscribe"));
        } else if let Some(id) = m.header("message-id").map(|h| h.plain())
            && !(id.trim().starts_with('<') && id.trim().ends_with('>') && id.contains('@'))
        {
            signs.push(Kind::OddHeader.on("Message-ID"));
        } else if m.header("date").is_some() && m.date.is_none() {
            signs.push(Kind::OddHeader.on("Date"));
        }
        let stuffed =
            ["in-reply-to", "x-mailer", "message-id", "list-id", "user-agent", "x-originating-ip", "mime-version"];
        let long = |value: &[u8]| value.split(u8::is_ascii_whitespace).any(|w| w.len() >= STUFFED);
        if let Some(field) = stuffed.iter().find(|n| m.all(n).any(|h| long(h.value))) {
            signs.push(Kind::StuffedHeader.on(*field));
        }
        self.addressee(list, signs);
    }

    /// Whether the address it was delivered to stands nowhere in it.
    fn addressee(&self, list: bool, signs: &mut Vec<Sign>) {
        let m = self.message;
        let named = ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to"].iter().find_map(|n| m.header(n));
        let hop = m.received.iter().map(|h| h.recipient.as_str()).find(|r| !r.is_empty());
        let Some(you) = named.map(|h| canonical(&h.plain())).or(hop.map(canonical)).filter(|a| a.contains('@')) else {
            return;
        };
        let mut all = m.to.iter().chain(&m.cc).filter(|a| !a.address.is_empty());
        if !list && !self.is_thread() && !all.any(|a| a.address.eq_ignore_ascii_case(&you)) {
            signs.push(Kind::NotToYou.on(you));
        }
    }

    /// Whether the author's field is out of form.
    fn is_odd(&self, field: &str) -> bool {
        let m = self.message;
        let Some(author) = m.author() else { return true };
        let inside = field.rsplit_once('<').map_or("", |(_, rest)| rest.split('>').next().unwrap_or(""));
        let domain = author.domain();
        let form = |c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '%' | ';' | '"');
        !exists(domain)
            || !domain.contains('.')
            || domain.contains(form)
            || inside.trim_start_matches(' ').contains(form)
            || m.from.len() > 1 && m.sender.is_none()
            || author.name.matches('_').count() >= 6
            || author.name.trim_end().ends_with(['_', ','])
    }
}
