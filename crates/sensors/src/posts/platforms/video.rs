//! Video platforms and their comments: TikTok (its research interface, what Zeeschuimer catches), YouTube (the comment
//! threads of its interface, yt-dlp's `--write-comments`, its videos).
//!
//! You may rely on: a comment answers the comment or video that it stands under. Left out: captions, counts of views.
//! Fields: TikTok's *Query Videos*, the web client's `itemStruct`; YouTube Data API v3; yt-dlp's information JSON.

use super::value::{at, first, list, text, texts};
use crate::posts::post::Post;
use serde_json::Value;

/// A video, or a comment, of TikTok.
pub fn tiktok(value: &Value) -> Option<(Post, String)> {
    let value = at(value, "data").filter(|v| v.is_object()).unwrap_or(value);
    let said = first(value, &["desc", "video_description", "text"]);
    let author = at(value, "author").filter(|a| a.is_object()).or_else(|| at(value, "user")).unwrap_or(&Value::Null);
    let name = first(author, &["uniqueId", "unique_id"]);
    let name = if name.is_empty() { first(value, &["username", "author"]) } else { name };
    let account = Some(first(author, &["id", "uid"])).filter(|id| !id.is_empty()).unwrap_or_else(|| name.clone());
    let mut hashtags = texts(value, "hashtag_names", "");
    hashtags.extend(texts(value, "textExtra", "hashtagName"));
    if hashtags.is_empty() {
        hashtags = texts(value, "challenges", "title");
    }
    let id = first(value, &["id", "aweme_id", "cid"]);
    (!id.is_empty() && !account.is_empty()).then(|| {
        let post = Post {
            platform: "tiktok".into(),
            id,
            account,
            account_name: name,
            about: text(author, "signature"),
            text: said,
            language: first(value, &["textLanguage", "lang"]),
            hashtags,
            reply_to: first(value, &["parent_comment_id", "reply_id", "video_id", "aweme_id"]),
            ..Post::default()
        };
        (post, first(value, &["createTime", "create_time"]))
    })
}

/// A comment thread with its answers, a comment, or a video of YouTube's interface.
pub fn youtube(value: &Value) -> Vec<(Post, String)> {
    let first = at(value, "snippet.topLevelComment").unwrap_or(value);
    std::iter::once(first).chain(list(value, "replies.comments")).filter_map(comment).collect()
}

fn comment(comment: &Value) -> Option<(Post, String)> {
    let snippet = at(comment, "snippet")?;
    let account = first(snippet, &["authorChannelId.value", "authorChannelId", "channelId", "authorDisplayName"]);
    let id = match at(comment, "id") {
        Some(id) if id.is_object() => first(id, &["videoId", "channelId"]),
        _ => text(comment, "id"),
    };
    let said = Some(text(snippet, "textOriginal")).filter(|t| !t.is_empty());
    let said = said.unwrap_or_else(|| super::html::text(&text(snippet, "textDisplay")).0);
    let (title, body) = (text(snippet, "title"), text(snippet, "description"));
    let post = Post {
        platform: "youtube".into(),
        id,
        account_name: first(snippet, &["authorDisplayName", "channelTitle"]),
        text: if said.is_empty() { format!("{title}\n{body}").trim().to_string() } else { said },
        language: first(snippet, &["defaultAudioLanguage", "defaultLanguage"]),
        hashtags: texts(snippet, "tags", ""),
        reply_to: first(snippet, &["parentId", "videoId"]),
        account,
        ..Post::default()
    };
    Some((post, text(snippet, "publishedAt"))).filter(|(post, _)| !post.id.is_empty())
}

/// A comment as yt-dlp writes it.
pub fn ytdlp(value: &Value) -> Option<(Post, String)> {
    let account = first(value, &["author_id", "author"]);
    let post = Post {
        platform: "youtube".into(),
        id: text(value, "id"),
        account_name: text(value, "author"),
        text: text(value, "text"),
        reply_to: Some(text(value, "parent")).filter(|p| p != "root").unwrap_or_default(),
        account,
        ..Post::default()
    };
    Some((post, text(value, "timestamp"))).filter(|(post, _)| !post.id.is_empty())
}
