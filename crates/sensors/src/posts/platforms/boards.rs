//! Boards: Reddit (listings of its interface, Pushshift's lines), 4chan and 4plebs.
//!
//! You may rely on: on a board without names the poster's id of the thread is the account (`thread/id`), else its
//! tripcode, else nobody's own (`anonymous`, one for each post), since all anonymous posters are not one. Left out: scores,
//! files but their hashes. Fields: reddit.com/dev/api, Pushshift's dumps, the 4chan API's `Threads.md`, FoolFuuka's API.

use super::html;
use super::value::{at, first, text};
use crate::posts::post::Post;
use serde_json::Value;

/// A submission or a comment of Reddit.
pub fn reddit(value: &Value) -> Option<(Post, String)> {
    let value = at(value, "data").filter(|v| v.is_object()).unwrap_or(value);
    let (id, author) = (text(value, "id"), text(value, "author"));
    let name = text(value, "name");
    let comment = at(value, "body").is_some();
    let id = match name.as_str() {
        "" if comment => format!("t1_{id}"),
        "" => format!("t3_{id}"),
        name => name.to_string(),
    };
    if text(value, "id").is_empty() || author.is_empty() || author == "[deleted]" {
        return None;
    }
    let (title, body) = (text(value, "title"), first(value, &["selftext", "body"]));
    let said = [title.as_str(), body.as_str()].into_iter().filter(|t| !t.is_empty() && *t != "[removed]");
    // What a submission of text has as its link is its own address.
    let own = at(value, "is_self").and_then(Value::as_bool).unwrap_or(false);
    let link = first(value, &["url_overridden_by_dest", "url"]);
    let permalink = text(value, "permalink");
    let shared = !own && !link.is_empty() && (permalink.is_empty() || !link.ends_with(&permalink));
    let post = Post {
        platform: "reddit".into(),
        account: author.clone(),
        account_name: author,
        account_created: super::time(&text(value, "author_created_utc")),
        text: said.collect::<Vec<_>>().join("\n"),
        urls: Some(link).filter(|_| shared).into_iter().collect(),
        repost_of: text(value, "crosspost_parent"),
        reply_to: text(value, "parent_id"),
        id,
        ..Post::default()
    };
    Some((post, first(value, &["created_utc", "created"])))
}

/// A post of 4chan.
pub fn chan(value: &Value) -> Option<(Post, String)> {
    let number = text(value, "no");
    let said = first(value, &["com"]);
    let thread = Some(text(value, "resto")).filter(|t| t != "0" && !t.is_empty()).unwrap_or_else(|| number.clone());
    let post = board(&number, &thread, &text(value, "id"), &text(value, "trip"), &html::text(&said).0)?;
    let post = Post {
        account_name: text(value, "name"),
        images: Some(text(value, "md5")).filter(|m| !m.is_empty()).into_iter().collect(),
        ..post
    };
    Some((post, text(value, "time")))
}

fn board(number: &str, thread: &str, poster: &str, trip: &str, said: &str) -> Option<Post> {
    let account = match (poster, trip) {
        ("", "") => format!("anonymous {number}"),
        ("", trip) => trip.to_string(),
        (poster, _) => format!("{thread}/{poster}"),
    };
    (!number.is_empty()).then(|| Post {
        platform: "4chan".into(),
        id: number.to_string(),
        account,
        text: said.to_string(),
        reply_to: if number == thread { String::new() } else { thread.to_string() },
        ..Post::default()
    })
}

/// The posts of a thread as 4plebs gives it: the first, and the others under their numbers.
pub fn plebs(value: &Value) -> Vec<(Post, String)> {
    let one = |post: &Value| {
        let (number, thread) = (first(post, &["num", "doc_id"]), text(post, "thread_num"));
        let said = first(post, &["comment_sanitized", "comment"]);
        let made = board(&number, &thread, &text(post, "poster_hash"), &text(post, "trip"), &html::text(&said).0)?;
        let image = text(post, "media.media_hash");
        let made = Post {
            account_name: text(post, "name"),
            images: Some(image).filter(|m| !m.is_empty()).into_iter().collect(),
            ..made
        };
        Some((made, text(post, "timestamp")))
    };
    let others = at(value, "posts").map(|posts| match posts {
        Value::Object(posts) => posts.values().collect::<Vec<_>>(),
        Value::Array(posts) => posts.iter().collect(),
        _ => Vec::new(),
    });
    at(value, "op").into_iter().chain(others.unwrap_or_default()).filter_map(one).collect()
}
