//! snscrape's JSON lines: posts of X and of Telegram's public channels.
//!
//! You may rely on: of a repost, `repost_of` is the original's id; a channel is known by the name in the post's address,
//! as Telegram's own exports do not give it. Left out: other platforms (their posts have the usual names of columns),
//! quoted posts. Fields: snscrape 0.7, `modules/twitter.py` and `modules/telegram.py`.

use super::twitter;
use super::value::{at, first, list, text, texts};
use crate::posts::post::Post;
use serde_json::Value;

/// A post, with its time as written.
pub fn post(value: &Value) -> Option<(Post, String)> {
    let kind = text(value, "_type");
    let post = match kind.split('.').nth(2)? {
        "twitter" => tweet(value),
        "telegram" => message(value)?,
        _ => return None,
    };
    Some((post, text(value, "date")))
}

fn tweet(value: &Value) -> Post {
    let user = at(value, "user").unwrap_or(&Value::Null);
    let links = list(value, "links").map(|l| text(l, "url"));
    let links: Vec<String> = links.chain(texts(value, "outlinks", "")).filter(|l| !l.is_empty()).collect();
    Post {
        platform: twitter::PLATFORM.into(),
        id: first(value, &["id", "url"]),
        account: first(user, &["id", "username"]),
        account_name: first(user, &["username", "displayname"]),
        account_created: super::time(&text(user, "created")),
        about: first(user, &["rawDescription", "description"]),
        text: first(value, &["rawContent", "content", "renderedContent"]),
        language: text(value, "lang"),
        urls: links,
        hashtags: texts(value, "hashtags", ""),
        mentions: texts(value, "mentionedUsers", "username"),
        repost_of: text(value, "retweetedTweet.id"),
        reply_to: text(value, "inReplyToTweetId"),
        ..Post::default()
    }
}

/// A post of a channel: `https://t.me/s/name/12`.
fn message(value: &Value) -> Option<Post> {
    let address = text(value, "url");
    let mut parts = address.split("t.me/").nth(1)?.split('/').filter(|part| *part != "s");
    let (channel, number) = (parts.next()?.to_lowercase(), parts.next()?);
    Some(Post {
        platform: "telegram".into(),
        id: format!("{channel}/{number}"),
        account_name: channel.clone(),
        account: channel,
        text: text(value, "content"),
        urls: texts(value, "outlinks", ""),
        repost_of: text(value, "forwardedUrl").split("t.me/").nth(1).map(|of| of.replace("s/", "")).unwrap_or_default(),
        ..Post::default()
    })
}
