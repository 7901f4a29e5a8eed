//! X, formerly Twitter: statuses of the interface's version 1.1 (lines, lists, search answers) and of the archive that
//! an account's owner can ask for (`window.YTD.tweets.part0 = [{"tweet": …}]`), and as X's own pages are given them (the
//! status under `legacy`, its author beside), one a line where Zeeschuimer caught them.
//!
//! You may rely on: of a repost, `repost_of` is the original's id and its links are its own list. An archive never
//! names its owner: the handle is taken from the address of a picture posted there, or from an answer to a post of its
//! own, else all of the file is one account named after its lowest post id (which `table` joins with the other parts). Left out: the status that a repost carries inside it; direct messages; polls.
//! Fields: the data dictionary of Twitter API v1.1, and archives' README.txt.

use super::cut::Shape;
use super::value::{at, first, list, text, texts};
use crate::posts::post::Post;
use serde_json::Value;

/// The platform's name in posts.
pub const PLATFORM: &str = "twitter";

/// Lists and lines of statuses.
pub const STATUSES: Shape = Shape { enter: &[], lines: false };
/// A search answer: `{"statuses": […]}`.
pub const SEARCH: Shape = Shape { enter: &[""], lines: false };

/// A status, with its time as written.
pub fn status(value: &Value) -> Option<(Post, String)> {
    let value = at(value, "tweet").or_else(|| at(value, "data")).unwrap_or(value);
    let page = value;
    let value = at(value, "legacy").unwrap_or(value);
    let id = Some(first(value, &["id_str", "id"])).filter(|id| !id.is_empty()).unwrap_or_else(|| text(page, "rest_id"));
    if id.is_empty() || at(value, "created_at").is_none() {
        return None;
    }
    let said = at(value, "extended_tweet").unwrap_or(value);
    let author = at(page, "core.user_results.result");
    let user = at(value, "user").or(author).unwrap_or(&Value::Null);
    // What a page says of an author stands in one of two places, by its age.
    let told =
        ["legacy", "core"].into_iter().filter_map(|part| at(user, part)).find(|u| at(u, "screen_name").is_some());
    let told = told.unwrap_or(user);
    let repost = at(value, "retweeted_status").or_else(|| at(value, "retweeted_status_result.result"));
    let media = || ["extended_entities.media", "entities.media"].into_iter().find(|path| at(said, path).is_some());
    let post = Post {
        platform: PLATFORM.into(),
        account: Some(first(user, &["id_str", "rest_id", "id", "screen_name"]))
            .filter(|account| !account.is_empty())
            .unwrap_or_else(|| text(value, "user_id_str")),
        account_name: first(told, &["screen_name", "name"]),
        account_created: super::time(&text(told, "created_at")),
        about: text(told, "description"),
        text: Some(text(page, "note_tweet.note_tweet_results.result.text"))
            .filter(|long| !long.is_empty())
            .unwrap_or_else(|| first(said, &["full_text", "text"])),
        language: text(value, "lang"),
        urls: list(said, "entities.urls")
            .map(|u| first(u, &["expanded_url", "url"]))
            .filter(|u| !u.is_empty())
            .collect(),
        hashtags: texts(said, "entities.hashtags", "text"),
        mentions: texts(said, "entities.user_mentions", "screen_name"),
        repost_of: repost.map(|r| first(r, &["id_str", "rest_id", "id", "tweet.rest_id"])).unwrap_or_default(),
        reply_to: first(value, &["in_reply_to_status_id_str", "in_reply_to_status_id"]),
        images: match repost {
            None => media().map(|path| texts(said, path, "id_str")).unwrap_or_default(),
            Some(_) => Vec::new(),
        },
        id,
        ..Post::default()
    };
    Some((post, text(value, "created_at")))
}

/// What a status answers, and whose it is.
pub fn answers(value: &Value) -> Option<(String, String)> {
    let value = at(value, "tweet").unwrap_or(value);
    let id = first(value, &["in_reply_to_status_id_str", "in_reply_to_status_id"]);
    let whose = text(value, "in_reply_to_screen_name").to_lowercase();
    (!id.is_empty() && !whose.is_empty()).then_some((id, whose))
}

/// Whether a file is a part of an archive's posts by its name: `tweets.js`, `tweets-part1.js`, of old `tweet.js`.
pub fn is_part(name: &str) -> bool {
    let name = name.strip_suffix(".js").and_then(|n| n.strip_prefix("tweet"));
    let rest = name.map(|n| n.strip_prefix('s').unwrap_or(n));
    let number = |n: &str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit());
    rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix("-part").is_some_and(number))
}

/// The handle in the address of a picture that this status itself posted: of an archive, its owner's.
pub fn owner(value: &Value) -> Option<String> {
    let value = at(value, "tweet").unwrap_or(value);
    let id = first(value, &["id_str", "id"]);
    list(value, "entities.media").filter(|m| at(m, "source_status_id_str").is_none()).find_map(|media| {
        let address = text(media, "expanded_url");
        let mut parts = address.split("://").nth(1)?.split('/').skip(1);
        let (handle, status, of) = (parts.next()?, parts.next()?, parts.next()?);
        (status == "status" && of == id && !handle.is_empty()).then(|| handle.to_lowercase())
    })
}
