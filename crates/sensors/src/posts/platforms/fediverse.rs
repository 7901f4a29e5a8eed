//! Mastodon's interface (statuses, one a line or in a list) and ActivityPub (an outbox, activities, notes).
//!
//! You may rely on: an account is `name@host` wherever that can be told, so that two servers' views of it are one; a
//! post is known by its URI for the same reason. Content is HTML of strangers: its text is taken, nothing is
//! interpreted. Left out: what is no public text (follows, likes, polls' votes). Fields: docs.joinmastodon.org
//! `Status`, `Account`; W3C ActivityPub and Activity Streams 2.0.

use super::cut::Shape;
use super::html;
use super::value::{at, first, list, plain, text, texts};
use crate::posts::post::Post;
use crate::posts::shares::host;
use serde_json::Value;

/// The platform's name in posts.
pub const PLATFORM: &str = "mastodon";
/// Statuses in a list or on lines.
pub const STATUSES: Shape = Shape { enter: &[], lines: false };
/// An outbox, or a page of one.
pub const OUTBOX: Shape = Shape { enter: &["", "first"], lines: false };

/// A status of Mastodon's interface, with its time as written.
pub fn status(value: &Value) -> Option<(Post, String)> {
    let account = at(value, "account")?;
    let id = first(value, &["uri", "url", "id"]);
    if id.is_empty() {
        return None;
    }
    let reblog = at(value, "reblog");
    let said = reblog.unwrap_or(value);
    let (body, links) = html::text(&text(said, "content"));
    let title = text(said, "spoiler_text");
    let mentions = texts(said, "mentions", "acct");
    let own = |link: &String| !list(said, "mentions").chain(list(said, "tags")).any(|m| text(m, "url") == **link);
    let mut urls: Vec<String> = links.into_iter().filter(|l| own(l) && !is_tag(l)).collect();
    urls.extend(Some(text(said, "card.url")).filter(|u| !u.is_empty() && !urls.contains(u)));
    let post = Post {
        platform: PLATFORM.into(),
        account: handle(&text(account, "acct"), &text(account, "url")),
        account_name: first(account, &["display_name", "username"]),
        account_created: super::time(&text(account, "created_at")),
        about: html::text(&text(account, "note")).0,
        text: if title.is_empty() { body } else { format!("{title}\n{body}") },
        language: text(said, "language"),
        urls,
        hashtags: texts(said, "tags", "name"),
        mentions,
        repost_of: reblog.map(|r| first(r, &["uri", "url", "id"])).unwrap_or_default(),
        reply_to: text(value, "in_reply_to_id"),
        images: hashes(said, "media_attachments"),
        id,
        ..Post::default()
    };
    Some((post, text(value, "created_at")))
}

/// A link to a server's own page of a hashtag.
fn is_tag(link: &str) -> bool {
    link.contains("/tags/") || link.contains("/tag/")
}

/// `name@host`: a server leaves its own host out.
fn handle(acct: &str, url: &str) -> String {
    match host(url) {
        Some(host) if !acct.contains('@') && !acct.is_empty() => format!("{acct}@{host}"),
        _ => acct.to_string(),
    }
}

/// An activity (`Create`, `Announce`) or a bare note, with its time as written; none for what is no public text.
pub fn activity(value: &Value) -> Option<(Post, String)> {
    let kind = text(value, "type");
    let object = at(value, "object");
    let note = match kind.as_str() {
        "Create" | "Update" => object.filter(|o| o.is_object())?,
        "Announce" => value,
        "Note" | "Article" | "Question" | "Page" => value,
        _ => return None,
    };
    let by = |of: &Value, key: &str| {
        let first = list(of, key).next();
        [text(of, key), text(of, &format!("{key}.id")), first.map(plain).unwrap_or_default()]
    };
    let who = by(value, "actor").into_iter().chain(by(note, "attributedTo"));
    let actor = who.into_iter().find(|w| !w.is_empty()).unwrap_or_default();
    let repeats = kind == "Announce";
    let (said, links) = html::text(&text(note, "content"));
    let tags = |of: &str| -> Vec<String> {
        list(note, "tag").filter(|t| text(t, "type") == of).map(|t| text(t, "name")).filter(|n| !n.is_empty()).collect()
    };
    let tagged = |link: &String| list(note, "tag").any(|t| text(t, "href") == **link);
    let title = first(note, &["summary", "name"]);
    let post = Post {
        platform: PLATFORM.into(),
        account: actor_handle(&actor),
        account_name: actor.rsplit('/').next().unwrap_or_default().trim_start_matches('@').to_string(),
        text: if title.is_empty() { said } else { format!("{}\n{said}", html::text(&title).0) },
        language: at(note, "contentMap")
            .and_then(Value::as_object)
            .and_then(|m| m.keys().next().cloned())
            .unwrap_or_default(),
        urls: links.into_iter().filter(|l| !tagged(l) && !is_tag(l)).collect(),
        hashtags: tags("Hashtag"),
        mentions: tags("Mention"),
        repost_of: if repeats { first(value, &["object", "object.id"]) } else { String::new() },
        reply_to: first(note, &["inReplyTo", "inReplyTo.id"]),
        images: hashes(note, "attachment"),
        id: first(note, &["id", "url"]),
        ..Post::default()
    };
    Some((post, first(value, &["published", "object.published"])))
}

/// What stands for the pictures of attachments: their digest where a server gives one, else their BlurHash, which
/// copies of a picture share (and, seldom, pictures that look alike from afar).
fn hashes(value: &Value, path: &str) -> Vec<String> {
    list(value, path).map(|a| first(a, &["digestMultibase", "blurhash"])).filter(|h| !h.is_empty()).collect()
}

/// `https://host/users/name` and `https://host/@name` as `name@host`; any other address as it is.
fn actor_handle(actor: &str) -> String {
    let name = actor.split_once("/users/").or_else(|| actor.split_once("/@")).map(|(_, name)| name);
    match (name, host(actor)) {
        (Some(name), Some(host)) if !name.is_empty() && !name.contains('/') => format!("{name}@{host}"),
        _ => actor.to_string(),
    }
}
