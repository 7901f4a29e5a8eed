//! Posts and articles as files: one CSV as an analyst would export it, in time order, and the outlets' RSS.

use super::road::Article;
use super::{Forum, Post, TrueDebate};
use crate::evidence::Evidence;
use model::{Result, Time};
use std::collections::BTreeMap;

/// The account's id in the export: not its name, which may change.
pub(super) fn id(account: u32) -> String {
    format!("{}", 1_000_000_007_u64 + u64::from(account) * 7919)
}

fn cell(text: &str) -> String {
    match text.contains([',', '"', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.into(),
    }
}

fn stamp(milliseconds: i64) -> String {
    Time::from_seconds(milliseconds.div_euclid(1000)).to_string()
}

/// Writes everything, and hands the truth on.
pub(super) fn write(mut forum: Forum, articles: &[Article], evidence: &mut Evidence) -> Result<TrueDebate> {
    forum.posts.sort();
    let mut originals: BTreeMap<u32, usize> = BTreeMap::new();
    for (n, post) in forum.posts.iter().enumerate() {
        originals.extend(post.original.map(|o| (o, n)));
    }
    let number = |n: usize| 800_000_000_000_000_000 + n as u64 * 1009;
    let mut out = Vec::with_capacity(forum.posts.len() * 220);
    out.extend_from_slice(
        b"content_id,account_id,account_name,account_created,account_description,timestamp,text,url,hashtags,repost_of\n",
    );
    for (n, post) in forum.posts.iter().enumerate() {
        let source = post.reposts.and_then(|o| originals.get(&o));
        let said: &Post = source.map_or(post, |&s| &forum.posts[s]);
        let account = &forum.accounts[post.account as usize];
        let row = [
            number(n).to_string(),
            id(post.account),
            account.name.clone(),
            stamp(account.created * 1000),
            cell(account.about),
            stamp(post.at),
            cell(&said.text),
            said.url.clone(),
            said.hashtags.join(" "),
            source.map(|&s| number(s).to_string()).unwrap_or_default(),
        ];
        out.extend_from_slice(row.join(",").as_bytes());
        out.push(b'\n');
    }
    evidence.file("posts.csv", &out)?;
    if !forum.truth.road.is_empty() {
        evidence.file("articles.xml", rss(articles).as_bytes())?;
    }
    let mut posting: Vec<u32> = forum.posts.iter().map(|p| p.account).collect();
    posting.sort_unstable();
    posting.dedup();
    Ok(TrueDebate { posts: forum.posts.len() as u64, accounts: posting.len() as u64, ..forum.truth })
}

/// All articles as one RSS 2.0 channel of an aggregator, each with its source.
fn rss(articles: &[Article]) -> String {
    let mut order: Vec<&Article> = articles.iter().collect();
    order.sort_by(|a, b| (a.at, &a.url).cmp(&(b.at, &b.url)));
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>Revue de presse</title><link>https://revue.example/</link><description>Exercise</description>\n",
    );
    for a in order {
        let date = jiff::Timestamp::from_millisecond(a.at).unwrap_or_default();
        let date = jiff::fmt::rfc2822::to_string(&date.to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_default();
        let (title, outlet, url) = (&a.title, a.outlet, &a.url);
        out += &format!(
            "<item><title>{title}</title><link>{url}</link><guid>{url}</guid><pubDate>{date}</pubDate><source url=\"https://{outlet}.example/rss\">{outlet}</source></item>\n"
        );
    }
    out + "</channel></rss>\n"
}
