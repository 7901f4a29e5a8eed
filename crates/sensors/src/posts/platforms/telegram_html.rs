//! Pages of a chat as Telegram Desktop exports them (`messages.html`).
//!
//! You may rely on: a message without a name is by the one before it; the name is the account, for the page knows no
//! number; a page of a channel has the channel's own name on each. Left out: media, polls, what the service says.

use super::html;
use crate::input::Input;
use crate::posts::damage::{Damage, TOO_LARGE};
use crate::posts::post::Post;
use memchr::memmem::{find, find_iter};
use model::{Error, Result, Span};

/// Bytes of one page; Telegram begins another after a thousand messages.
const PAGE: u64 = 32 << 20;
const MESSAGE: &[u8] = b"<div class=\"message ";

/// Whether a page is such a one.
pub fn sniff(head: &[u8]) -> bool {
    let has = |part: &[u8]| find(head, part).is_some();
    has(b"page_wrap") && has(b"class=\"page_body chat_page\"")
}

/// What stands behind `mark` up to the tag's own end, as HTML.
fn part<'h>(message: &'h str, mark: &str) -> Option<&'h str> {
    let inner = message.split_once(mark)?.1;
    let inner = inner.split_once('>')?.1;
    Some(inner.split("</div>").next().unwrap_or(inner))
}

/// Reads a page.
pub fn read(input: &mut Input, damage: &mut Damage, each: &mut dyn FnMut(Post, Span)) -> Result<()> {
    let whole = input.whole(PAGE).map_err(|e| Error::new("could not read on").because(e).hint("check the disk"))?;
    let (bytes, more) = whole;
    if more {
        damage.count(TOO_LARGE, Span { start: 0, len: bytes.len() as u64, line: 1 });
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(8192)]).into_owned();
    let chat = part(&head, "class=\"text bold\"").map(|t| html::text(t).0).unwrap_or_default();
    let starts: Vec<usize> = find_iter(&bytes, MESSAGE).collect();
    let (mut name, mut line, mut counted) = (String::new(), 1u64, 0);
    for (n, &start) in starts.iter().enumerate() {
        let end = starts.get(n + 1).copied().unwrap_or(bytes.len());
        line += memchr::memchr_iter(b'\n', &bytes[counted..start]).count() as u64;
        counted = start;
        let message = String::from_utf8_lossy(&bytes[start..end]);
        if message.starts_with("<div class=\"message service") {
            continue;
        }
        let place = Span { start: start as u64, len: (end - start) as u64, line };
        // The name inside a forwarded part is the source's.
        let (own, forwarded) = match message.split_once("class=\"forwarded body\"") {
            Some((own, forwarded)) => (own, forwarded),
            None => (&*message, ""),
        };
        if let Some(from) = part(own, "class=\"from_name\"") {
            name = html::text(from).0;
        }
        let said = part(if forwarded.is_empty() { own } else { forwarded }, "class=\"text\"").unwrap_or_default();
        let (text, urls) = html::text(said);
        let time = own.split_once("date details\" title=\"").and_then(|(_, t)| t.split('"').next()).unwrap_or_default();
        let number = own.split_once("id=\"message").and_then(|(_, t)| t.split('"').next()).unwrap_or_default();
        if text.is_empty() && time.is_empty() {
            continue;
        }
        let source = part(forwarded, "class=\"from_name\"").map(|f| html::text(f).0).unwrap_or_default();
        let account = if name.is_empty() { chat.clone() } else { name.clone() };
        let post = Post {
            platform: "telegram".into(),
            id: format!("{chat}/{number}"),
            account_name: account.clone(),
            repost_of: if source.is_empty() {
                String::new()
            } else {
                format!("{source}/{}", super::fingerprint(&text))
            },
            account,
            text,
            urls,
            ..Post::default()
        };
        // `12.11.2026 08:00:00 UTC+01:00`: the day first, always.
        let time = time.replace("UTC+", "+").replace("UTC-", "-");
        let stamp = crate::posts::shares::written(time.as_bytes(), Some(crate::posts::shares::Order::Day));
        super::finish_at(post, stamp, !time.is_empty(), place, damage).into_iter().for_each(|post| each(post, place));
    }
    Ok(())
}
