//! Networks of people and their chats: VK's walls, Discord as DiscordChatExporter writes it, Facebook's and Instagram's own
//! "your posts", Threads.
//!
//! You may rely on: a group's wall speaks for the group, its members for themselves; text that Meta wrote as Latin-1 bytes is
//! mended. An own export never names its owner: its posts are one account's, `owner of …`, named after its earliest
//! post. Left out: reactions, comments under one's own posts. Fields: VK API `wall.get`, DiscordChatExporter's JSON,
//! Meta's *Download your information*, the Threads API.

use super::value::{at, first, list, text, texts};
use crate::posts::post::Post;
use serde_json::Value;

/// A post of a wall.
pub fn vk(value: &Value) -> Option<(Post, String)> {
    let (id, owner, from) = (text(value, "id"), text(value, "owner_id"), first(value, &["from_id", "owner_id"]));
    let wall = |post: &Value| match (first(post, &["owner_id", "to_id", "from_id"]), text(post, "id")) {
        (owner, id) if !owner.is_empty() && !id.is_empty() => format!("{owner}_{id}"),
        _ => String::new(),
    };
    let repost = list(value, "copy_history").next().map(wall).unwrap_or_default();
    let links = list(value, "attachments").map(|a| first(a, &["link.url"])).filter(|u| !u.is_empty());
    let mut urls: Vec<String> = super::links(&text(value, "text"), false).map(String::from).collect();
    urls.extend(links);
    urls.sort_unstable();
    urls.dedup();
    let photo =
        |a: &Value| Some(format!("{}_{}", text(a, "photo.owner_id"), text(a, "photo.id"))).filter(|p| p.len() > 1);
    let post = Post {
        platform: "vk".into(),
        id: format!("{}_{id}", if owner.is_empty() { &from } else { &owner }),
        account: from,
        text: text(value, "text"),
        urls,
        images: list(value, "attachments").filter_map(photo).collect(),
        repost_of: repost,
        reply_to: Some(text(value, "reply_post_id"))
            .filter(|r| !r.is_empty() && r != "0")
            .map(|r| format!("{owner}_{r}"))
            .unwrap_or_default(),
        ..Post::default()
    };
    Some((post, text(value, "date"))).filter(|_| !id.is_empty())
}

/// A message of Discord.
pub fn discord(value: &Value) -> Option<(Post, String)> {
    let author = at(value, "author")?;
    let embeds = list(value, "embeds").map(|e| text(e, "url")).filter(|u| !u.is_empty());
    let mut urls: Vec<String> = super::links(&text(value, "content"), false).map(String::from).collect();
    urls.extend(embeds);
    urls.sort_unstable();
    urls.dedup();
    let post = Post {
        platform: "discord".into(),
        id: text(value, "id"),
        account: first(author, &["id", "name"]),
        account_name: first(author, &["name", "nickname"]),
        text: text(value, "content"),
        urls,
        mentions: texts(value, "mentions", "name"),
        reply_to: text(value, "reference.messageId"),
        ..Post::default()
    };
    Some((post, text(value, "timestamp"))).filter(|(post, _)| !post.id.is_empty())
}

/// A post of one's own export of Facebook or Instagram; the account is the reader's to say.
pub fn own(value: &Value) -> Option<(Post, String)> {
    let media = || list(value, "media");
    let time = first(value, &["timestamp", "creation_timestamp", "taken_at"]);
    let time =
        if time.is_empty() { media().map(|m| text(m, "creation_timestamp")).next().unwrap_or_default() } else { time };
    let said = list(value, "data").map(|d| text(d, "post")).find(|t| !t.is_empty());
    let caption = || media().map(|m| first(m, &["title", "description"])).find(|t| !t.is_empty());
    let titled = || Some(text(value, "title")).filter(|t| !t.is_empty());
    let said = mended(&said.or_else(caption).or_else(titled).unwrap_or_default());
    let attached = list(value, "attachments").flat_map(|a| list(a, "data")).map(|d| text(d, "external_context.url"));
    let mut urls: Vec<String> = super::links(&said, false).map(String::from).collect();
    urls.extend(attached.filter(|u| !u.is_empty()));
    urls.sort_unstable();
    urls.dedup();
    if time.is_empty() {
        return None;
    }
    Some((Post { id: time.clone(), text: said, urls, ..Post::default() }, time))
}

/// UTF-8 whose bytes were each written as a character, as Meta's exports do.
fn mended(text: &str) -> String {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    match bytes.filter(|b| !b.is_ascii()).and_then(|b| String::from_utf8(b).ok()) {
        Some(mended) => mended,
        None => text.to_string(),
    }
}

/// A post of Instagram as its page is given it, on a line of Zeeschuimer's perhaps.
pub fn instagram(value: &Value) -> Option<(Post, String)> {
    let (post, time) = threads(at(value, "data").unwrap_or(value))?;
    Some((Post { platform: "instagram".into(), ..post }, time))
}

/// A post of Threads: its interface, or what its page shows.
pub fn threads(value: &Value) -> Option<(Post, String)> {
    let post = at(value, "post").unwrap_or(value);
    let name = first(post, &["username", "user.username"]);
    let link = first(post, &["link_attachment_url", "text_post_app_info.link_preview_attachment.url"]);
    let said = first(post, &["text", "caption.text"]);
    let mut urls: Vec<String> = super::links(&said, false).map(String::from).collect();
    urls.extend(Some(link).filter(|l| !l.is_empty()));
    let made = Post {
        platform: "threads".into(),
        id: first(post, &["id", "pk", "code"]),
        account: Some(first(post, &["owner.id", "user.pk", "user.id"]))
            .filter(|a| !a.is_empty())
            .unwrap_or_else(|| name.clone()),
        account_name: name,
        text: said,
        urls,
        repost_of: text(post, "reposted_post.id"),
        reply_to: text(post, "replied_to.id"),
        ..Post::default()
    };
    Some((made, first(post, &["timestamp", "taken_at"])))
        .filter(|(post, _)| !post.id.is_empty() && !post.account.is_empty())
}
