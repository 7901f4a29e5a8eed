//! Bluesky: feeds, threads and search answers of its interface, records of the firehose (Jetstream), records of a
//! repository as exporters write them (JSON).
//!
//! You may rely on: an account is known by its DID; a post by its `at://` address, or by DID and record key where the
//! stream gives those; links are those of the facets and of the card. A repost repeats its subject. Left out: likes,
//! follows; the file of a repository itself (`car`). Fields: the lexicons `app.bsky.feed.post`, `…feed.repost`, Jetstream's README.

use super::value::{at, first, list, text, texts};
use crate::posts::post::Post;
use serde_json::Value;

/// A member of a feed or of a search answer, an event of the stream, or a bare record with its address.
pub fn post(value: &Value) -> Option<(Post, String)> {
    if at(value, "kind").is_some() && at(value, "did").is_some() {
        return event(value);
    }
    let view = at(value, "post").unwrap_or(value);
    let record = at(view, "record").or_else(|| at(view, "value")).unwrap_or(view);
    let uri = text(view, "uri");
    let did = Some(first(view, &["author.did", "did"])).filter(|d| !d.is_empty());
    let did = did.or_else(|| uri.strip_prefix("at://")?.split('/').next().map(String::from))?;
    let mut post = record_of(record)?;
    (post.id, post.account) = (uri, did);
    post.account_name = first(view, &["author.handle", "author.displayName"]);
    post.account_created = super::time(&text(view, "author.createdAt"));
    post.about = text(view, "author.description");
    // A feed shows what its owner reposted as the author's, with the reason beside it.
    if text(value, "reason.$type").ends_with("reasonRepost") {
        let who = text(value, "reason.by.did");
        let of = std::mem::replace(&mut post.id, format!("{}#{who}", text(view, "uri")));
        (post.account, post.repost_of) = (who, of);
        post.account_name = text(value, "reason.by.handle");
        return Some((post, text(value, "reason.indexedAt")));
    }
    let time = first(record, &["createdAt"]);
    Some((post, if time.is_empty() { text(view, "indexedAt") } else { time }))
}

/// An event of Jetstream: a record that was made.
fn event(value: &Value) -> Option<(Post, String)> {
    let commit = at(value, "commit")?;
    if text(commit, "operation") != "create" {
        return None;
    }
    let (did, record) = (text(value, "did"), at(commit, "record")?);
    let mut post = record_of(record)?;
    post.id = format!("at://{did}/{}/{}", text(commit, "collection"), text(commit, "rkey"));
    post.account = did;
    let time = text(record, "createdAt");
    Some((post, if time.is_empty() { text(value, "time_us") } else { time }))
}

/// What a record of a post or repost says.
fn record_of(record: &Value) -> Option<Post> {
    let kind = text(record, "$type");
    let base = Post { platform: "bluesky".into(), ..Post::default() };
    if kind.ends_with("feed.repost") {
        return Some(Post { repost_of: text(record, "subject.uri"), ..base });
    }
    if !(kind.is_empty() || kind.ends_with("feed.post")) || at(record, "text").is_none() {
        return None;
    }
    let features: Vec<&Value> = list(record, "facets").flat_map(|facet| list(facet, "features")).collect();
    let of = |end: &str, key: &str| -> Vec<String> {
        let ours = features.iter().filter(|f| text(f, "$type").ends_with(end));
        ours.map(|f| text(f, key)).filter(|t| !t.is_empty()).collect()
    };
    let mut urls = of("#link", "uri");
    let card = first(record, &["embed.external.uri", "embed.media.external.uri"]);
    if !card.is_empty() && !urls.contains(&card) {
        urls.push(card);
    }
    Some(Post {
        text: text(record, "text"),
        language: texts(record, "langs", "").into_iter().next().unwrap_or_default(),
        urls,
        hashtags: of("#tag", "tag"),
        mentions: of("#mention", "did"),
        reply_to: text(record, "reply.parent.uri"),
        images: texts(record, "embed.images", "image.ref.$link"),
        ..base
    })
}
