//! Telegram Desktop's export (`result.json`): one chat, or all of an account's; and messages as the library Telethon
//! writes them (`Message.to_json`, a list of them or lines).
//!
//! You may rely on: a message is known by its chat and number; its author is who sent it, in a channel the channel; a
//! forwarded message repeats `forwarded_from`, whose number the export does not say. Service messages are passed over,
//! for they are not said by anybody. Left out: media, reactions, edits' history. Fields: Telegram Desktop's
//! `export_output_json.cpp` (core.telegram.org/import-export); the interface's `message` and `messageFwdHeader`.

use super::cut::{Piece, Shape};
use super::value::{at, first, plain, text};
use crate::posts::post::Post;
use serde_json::Value;

/// Chats are entered, messages are records.
pub const EXPORT: Shape = Shape { enter: &["", "chats", "chats/list", "left_chats", "left_chats/list"], lines: false };

/// Telethon's messages, in a list or on lines.
pub const MESSAGES: Shape = Shape { enter: &[], lines: false };

/// The chat whose messages come.
#[derive(Default)]
pub struct Chat {
    name: String,
    id: String,
    kind: String,
}

impl Chat {
    /// Takes what stands before the messages.
    pub fn learn(&mut self, piece: &Piece) {
        match piece {
            Piece::Scalar(path, value) => {
                let said = serde_json::from_slice::<Value>(value).map(|v| plain(&v)).unwrap_or_default();
                match path.rsplit('/').next().unwrap_or_default() {
                    "name" => self.name = said,
                    "id" => self.id = said,
                    "type" => self.kind = said,
                    _ => {}
                }
            }
            Piece::End(_) => *self = Chat::default(),
            Piece::Record(..) => {}
        }
    }

    /// A message, with its time as written.
    pub fn message(&self, value: &Value) -> Option<(Post, String)> {
        let said = at(value, "text").or_else(|| at(value, "text_entities"));
        if text(value, "type") == "service" || said.is_none() {
            return None;
        }
        let number = text(value, "id");
        let channel = self.kind.contains("channel");
        let chat_account = || if self.id.is_empty() { self.name.clone() } else { format!("channel{}", self.id) };
        let account = match first(value, &["from_id", "from"]) {
            from if from.is_empty() || (channel && text(value, "from") == self.name) => chat_account(),
            from => from,
        };
        let mut post = Post {
            platform: "telegram".into(),
            id: self.number(&number),
            account,
            account_name: Some(text(value, "from")).filter(|f| !f.is_empty()).unwrap_or_else(|| self.name.clone()),
            reply_to: Some(text(value, "reply_to_message_id"))
                .filter(|r| !r.is_empty())
                .map(|r| self.number(&r))
                .unwrap_or_default(),
            ..Post::default()
        };
        match said? {
            Value::Array(parts) => parts.iter().take(10_000).for_each(|part| part_of(part, &mut post)),
            whole => post.text = plain(whole),
        }
        let source = first(value, &["forwarded_from_id", "forwarded_from"]);
        if !source.is_empty() {
            // Which message it was is not said: the same words from the same source are the same message, and where
            // there are no words, none is known to be another's.
            let what = if post.text.is_empty() { number } else { super::fingerprint(&post.text) };
            post.repost_of = format!("{source}/{what}");
        }
        Some((post, first(value, &["date_unixtime", "date"])))
    }

    fn number(&self, number: &str) -> String {
        let chat = if self.id.is_empty() { &self.name } else { &self.id };
        format!("{chat}/{number}")
    }
}

/// A message as Telethon writes it, with its time as written. Of a forwarded one the channel and number are known.
pub fn telethon(value: &Value) -> Option<(Post, String)> {
    let peer = |path: &str| {
        ["channel_id", "chat_id", "user_id"].iter().find_map(|key| {
            let id = text(value, &format!("{path}.{key}"));
            (!id.is_empty()).then_some((*key, id))
        })
    };
    // Older versions write a peer as its number alone.
    let flat = |path: &str| Some(text(value, path)).filter(|id| !id.is_empty());
    let chat = peer("peer_id").map(|(_, id)| id).or_else(|| flat("peer_id")).or_else(|| flat("to_id"))?;
    let message = at(value, "message").map(plain)?;
    let account = match peer("from_id") {
        Some(("user_id", id)) => format!("user{id}"),
        Some((_, id)) => format!("channel{id}"),
        None => flat("from_id").map_or_else(|| format!("channel{chat}"), |id| format!("user{id}")),
    };
    let number = |path: &str| Some(text(value, path)).filter(|n| !n.is_empty());
    let repost = peer("fwd_from.from_id").zip(number("fwd_from.channel_post"));
    let links = super::value::list(value, "entities").map(|e| text(e, "url")).filter(|u| !u.is_empty());
    let written = links.chain(Some(text(value, "media.webpage.url")).filter(|u| !u.is_empty()));
    let mut urls: Vec<String> = super::links(&message, false).map(String::from).collect();
    written.for_each(|u| {
        if !urls.contains(&u) {
            urls.push(u)
        }
    });
    let post = Post {
        platform: "telegram".into(),
        id: format!("{chat}/{}", text(value, "id")),
        account,
        account_name: text(value, "post_author"),
        text: message,
        urls,
        repost_of: repost.map(|((_, id), n)| format!("{id}/{n}")).unwrap_or_default(),
        reply_to: number("reply_to.reply_to_msg_id").map(|n| format!("{chat}/{n}")).unwrap_or_default(),
        ..Post::default()
    };
    Some((post, text(value, "date")))
}

/// A run of plain text, or an entity with its type.
fn part_of(part: &Value, post: &mut Post) {
    let said = if part.is_string() { plain(part) } else { text(part, "text") };
    let into = match text(part, "type").as_str() {
        "link" | "text_link" => Some((&mut post.urls, first(part, &["href", "text"]))),
        "hashtag" => Some((&mut post.hashtags, said.clone())),
        "mention" => Some((&mut post.mentions, said.clone())),
        _ => None,
    };
    if let Some((list, value)) = into {
        list.push(value);
    }
    post.text.push_str(&said);
}
