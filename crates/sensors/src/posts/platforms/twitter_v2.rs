//! X's interface, version 2: pages of `data`, `includes` and `meta` (whole or one a line), and posts with their author
//! filled in (`twarc2 flatten`).
//!
//! You may rely on: a page's users are joined to its posts, whichever comes first; of one page at most [`PENDING`]
//! posts wait for them, what is beyond keeps the author's id alone. Left out: the referenced posts in `includes`
//! (counted by nobody twice), polls, places. Fields: X API v2 data dictionary.

use super::cut::Shape;
use super::value::{at, first, list, text, texts};
use crate::posts::post::Post;
use model::Span;
use serde_json::Value;
use std::collections::HashMap;

/// A page is entered; its posts and users are records.
pub const PAGE: Shape = Shape { enter: &["", "includes"], lines: false };
/// Posts or users of one page that wait for each other.
const PENDING: usize = 100_000;

/// A page on its way.
#[derive(Default)]
pub struct Page {
    users: HashMap<String, Value>,
    posts: Vec<(Post, String, Span)>,
}

impl Page {
    /// Takes a user that posts may refer to.
    pub fn user(&mut self, user: Value) {
        if self.users.len() < PENDING {
            // Only what a post needs is kept.
            let kept = ["id", "username", "name", "created_at", "description"];
            let kept = kept.map(|key| (key.to_string(), Value::String(text(&user, key)))).into_iter().collect();
            self.users.insert(text(&user, "id"), Value::Object(kept));
        }
    }

    /// Takes a post. Once too many wait, all are given back.
    pub fn post(&mut self, post: Post, time: String, place: Span) -> Vec<(Post, String, Span)> {
        self.posts.push((post, time, place));
        if self.posts.len() < PENDING { Vec::new() } else { self.end() }
    }

    /// The page's posts with their authors.
    pub fn end(&mut self) -> Vec<(Post, String, Span)> {
        let mut posts = std::mem::take(&mut self.posts);
        for (post, ..) in &mut posts {
            if let Some(user) = self.users.get(&post.account) {
                author(user, post);
            }
        }
        self.users.clear();
        posts
    }
}

fn author(user: &Value, post: &mut Post) {
    post.account_name = first(user, &["username", "name"]);
    post.account_created = super::time(&text(user, "created_at"));
    post.about = text(user, "description");
}

/// A post, with its time as written.
pub fn post(value: &Value) -> Option<(Post, String)> {
    let id = text(value, "id");
    if id.is_empty() || (at(value, "text").is_none() && at(value, "author_id").is_none()) {
        return None;
    }
    let said = at(value, "note_tweet").unwrap_or(value);
    let entities = |key: &str| if at(said, key).is_some() { said } else { value };
    let referenced = |kind: &str| {
        let mut all = list(value, "referenced_tweets");
        all.find(|r| text(r, "type") == kind).map(|r| text(r, "id")).unwrap_or_default()
    };
    let repost_of = referenced("retweeted");
    let mut post = Post {
        platform: super::twitter::PLATFORM.into(),
        account: first(value, &["author_id", "author.id"]),
        text: first(said, &["text"]),
        language: text(value, "lang"),
        urls: list(entities("entities.urls"), "entities.urls")
            .map(|u| first(u, &["unwound_url", "expanded_url", "url"]))
            .filter(|u| !u.is_empty())
            .collect(),
        hashtags: texts(entities("entities.hashtags"), "entities.hashtags", "tag"),
        mentions: texts(entities("entities.mentions"), "entities.mentions", "username"),
        images: if repost_of.is_empty() { texts(value, "attachments.media_keys", "") } else { Vec::new() },
        reply_to: referenced("replied_to"),
        repost_of,
        id,
        ..Post::default()
    };
    if let Some(user) = at(value, "author") {
        author(user, &mut post);
    }
    Some((post, text(value, "created_at")))
}
