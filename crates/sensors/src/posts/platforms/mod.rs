//! Readers of platforms' own exports and of media: one file each, known by content. What none of them knows is left to
//! the reader of tables (`generic`).
//!
//! You may rely on: every reader streams (memory is one record of at most 4 MiB, one read, and of X's pages the posts
//! that wait for their authors), counts what is damaged and reads on; ids are the platform's own. Links are as the
//! platform expanded them. Left out: archives of files (their members are evidence by themselves).

mod bluesky;
mod boards;
mod car;
mod crowdtangle;
pub mod cut;
mod fediverse;
pub mod feed;
mod gdelt;
pub mod html;
pub mod short;
mod snscrape;
mod social;
mod telegram;
mod telegram_html;
pub mod twitter;
mod twitter_v2;
mod value;
mod video;
mod whatsapp;

pub use gdelt::article;
pub use short::Short;

use super::damage::{self, Damage};
use super::post::Post;
use super::shares::{Stamp, links, marked, stamp, written};
use crate::input::Input;
use cut::{Piece, Shape, cut};
use memchr::memmem;
use model::{Result, Span, Time};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Members of one list of a record that are looked at.
const MEMBERS: usize = 1000;
/// What an archive whose owner is not known is called, before its lowest id.
pub const NAMELESS: &str = "archive of ";
/// Posts of an archive that wait until its owner is known.
const ARCHIVE_MAX: usize = 100_000;

/// A format with a reader of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Statuses of X's interface 1.1: lines or a list.
    Statuses,
    /// Its search answers.
    Search,
    /// X's archive.
    Archive,
    /// Pages of X's interface 2.
    Pages,
    /// Its posts, one a line, authors filled in.
    Flattened,
    /// Statuses of Mastodon's interface.
    Mastodon,
    /// An ActivityPub outbox.
    Outbox,
    /// ActivityPub activities or notes.
    Activities,
    /// Telegram Desktop's export.
    Telegram,
    /// Telegram's messages as Telethon writes them.
    Telethon,
    /// What snscrape writes.
    Snscrape,
    /// GDELT's tab-separated files.
    Gdelt(gdelt::Tabs),
    /// Its article lists.
    Articles,
    /// RSS, Atom or RDF.
    Feed,
    /// CrowdTangle's CSV.
    CrowdTangle(u8),
    /// A map of short links.
    Short(u8),
    /// TikTok: lines that Zeeschuimer caught, answers of the research interface.
    Tiktok,
    /// YouTube's interface.
    Youtube,
    /// A video's comments as yt-dlp writes them.
    Ytdlp,
    /// Bluesky: feeds, search answers, the stream, bare records.
    Bluesky,
    /// A repository of Bluesky.
    Repository,
    /// Reddit: listings and lines.
    Reddit,
    /// A thread of 4chan.
    Chan,
    /// A thread of 4plebs.
    Plebs,
    /// VK's walls.
    Vk,
    /// A channel of Discord.
    Discord,
    /// Posts of Threads.
    Threads,
    /// Posts of Instagram as its pages are given them.
    Instagram,
    /// One's own posts, as Facebook and Instagram export them.
    Own,
    /// A chat as WhatsApp exports it.
    Whatsapp,
    /// A page of a chat as Telegram Desktop exports it.
    TelegramPage,
    /// A JSON Feed.
    JsonFeed,
}

/// How sure [`sniff`], and who guesses a table's columns after it, can be of a head: of separated values and JSON no surer than
/// a log of which every line reads.
pub fn surest(head: &[u8]) -> u8 {
    match head.first() {
        Some(b'<') => 100,
        _ if car::sniff(head) || head.starts_with(b"window.") => 96,
        _ => 93,
    }
}

/// The format of a head and how sure that is, 0–100.
pub fn sniff(head: &[u8]) -> Option<(Format, u8)> {
    if car::sniff(head) {
        return Some((Format::Repository, 95));
    }
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match head.first()? {
        b'<' if telegram_html::sniff(head) => Some((Format::TelegramPage, 93)),
        b'<' => Some((Format::Feed, feed::recognise(head))).filter(|(_, sure)| *sure > 0),
        _ if whatsapp::sniff(head) => Some((Format::Whatsapp, 85)),
        b'{' | b'[' => json(head),
        b'w' if head.starts_with(b"window.YTD.") && memmem::find(&head[..head.len().min(64)], b"tweet").is_some() => {
            Some((Format::Archive, 96))
        }
        _ => {
            let line = &head[..memchr::memchr(b'\n', head).unwrap_or(head.len())];
            let tabs = gdelt::tabs(line).map(|tabs| (Format::Gdelt(tabs), 93));
            let tabs = tabs.or_else(|| crowdtangle::sniff(head).map(|separator| (Format::CrowdTangle(separator), 93)));
            tabs.or_else(|| short::sniff(head).map(|separator| (Format::Short(separator), 90)))
        }
    }
}

fn json(head: &[u8]) -> Option<(Format, u8)> {
    let key = |name: &str| has_key(head, name);
    let both = |a: &str, b: &str| key(a) && key(b);
    let format = match () {
        () if both("ldhName", "entities") || both("bundle", "objects") => return None,
        () if memmem::find(head, b"jsonfeed.org/version/").is_some() && key("items") => Format::JsonFeed,
        () if both("articles", "seendate") => Format::Articles,
        () if memmem::find(head, b"app.bsky.feed.").is_some() && (key("record") || key("uri") || key("commit")) => {
            Format::Bluesky
        }
        () if both("op", "poster_hash") || both("op", "fourchan_date") => Format::Plebs,
        () if both("no", "resto") && both("time", "now") => Format::Chan,
        () if both("guild", "channel") && both("messages", "timestamp") => Format::Discord,
        () if (key("uniqueId") && both("desc", "createTime"))
            || both("video_description", "create_time")
            || (both("aweme_id", "create_time") && key("desc")) =>
        {
            Format::Tiktok
        }
        () if both("comments", "webpage_url") && both("author_id", "timestamp") => Format::Ytdlp,
        () if memmem::find(head, b"youtube#").is_some() && both("snippet", "publishedAt") => Format::Youtube,
        () if both("owner_id", "from_id") && both("response", "items") => Format::Vk,
        () if key("subreddit") && both("author", "created_utc") => Format::Reddit,
        () if key("media_product_type") && both("permalink", "timestamp") && both("username", "text") => {
            Format::Threads
        }
        () if both("thread_items", "post") && both("taken_at", "user") => Format::Threads,
        () if both("taken_at", "caption") && both("user", "code") => Format::Instagram,
        () if both("timestamp", "data") && (key("post") || key("attachments")) && !key("account") => Format::Own,
        () if both("media", "creation_timestamp") && key("uri") => Format::Own,
        () if key("messages")
            && both("type", "date")
            && (key("from_id") || key("text_entities") || key("actor_id")) =>
        {
            Format::Telegram
        }
        () if both("peer_id", "message") && both("id", "date") => Format::Telethon,
        () if key("_type") && memmem::find(head, b"snscrape.modules.").is_some() => Format::Snscrape,
        () if both("account", "content") && (key("acct") || key("reblog")) => Format::Mastodon,
        () if key("orderedItems") || (key("items") && key("totalItems") && key("@context")) => Format::Outbox,
        () if memmem::find(head, b"www.w3.org/ns/activitystreams").is_some() && both("type", "actor") => {
            Format::Activities
        }
        () if key("attributedTo") && both("content", "published") => Format::Activities,
        () if key("data") && both("id", "text") && (key("author_id") || key("edit_history_tweet_ids")) => Format::Pages,
        () if both("author_id", "created_at") && both("id", "text") => Format::Flattened,
        () if both("id_str", "created_at") && (key("full_text") || key("text")) => {
            if key("statuses") {
                Format::Search
            } else {
                Format::Statuses
            }
        }
        () => return None,
    };
    Some((format, 93))
}

/// Whether a key of this name stands in a head: a text in quotes with a colon behind, its quotes not themselves quoted.
fn has_key(head: &[u8], name: &str) -> bool {
    let quoted = format!("\"{name}\"");
    memmem::find_iter(head, quoted.as_bytes()).any(|at| {
        let bare = at == 0 || head[at - 1] != b'\\';
        bare && head[at + quoted.len()..].trim_ascii_start().first() == Some(&b':')
    })
}

/// Reads one file of posts whose format is known.
pub fn posts(format: Format, input: &mut Input, damage: &mut Damage, each: &mut dyn FnMut(Post, Span)) -> Result<()> {
    // A head whose first line is a whole record with another behind it is one of lines: damage then ends with its line.
    // One line alone may be a document that a program wrote without breaks.
    let mut by_line = input.head().split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let first = by_line.next().unwrap_or_default();
    let whole = first.starts_with(b"{") && first.ends_with(b"}") && by_line.next().is_some_and(|l| l.starts_with(b"{"));
    let by = |shape: Shape<'static>| Shape { lines: whole, ..shape };
    match format {
        Format::Statuses => records(input, by(twitter::STATUSES), "", damage, each, twitter::status),
        Format::Search => records(input, by(twitter::SEARCH), "statuses", damage, each, twitter::status),
        Format::Archive => archive(input, damage, each),
        Format::Pages => pages(input, by(twitter_v2::PAGE), damage, each),
        Format::Flattened => records(input, by(twitter::STATUSES), "", damage, each, twitter_v2::post),
        Format::Mastodon => records(input, by(fediverse::STATUSES), "", damage, each, fediverse::status),
        Format::Outbox => records(input, by(fediverse::OUTBOX), "tems", damage, each, fediverse::activity),
        Format::Activities => records(input, by(fediverse::STATUSES), "", damage, each, fediverse::activity),
        Format::Telegram => telegram(input, by(telegram::EXPORT), damage, each),
        Format::Telethon => records(input, by(telegram::MESSAGES), "", damage, each, telegram::telethon),
        Format::Snscrape => records(input, by(twitter::STATUSES), "", damage, each, snscrape::post),
        Format::Articles => records(input, by(gdelt::ARTICLES), "articles", damage, each, gdelt::document),
        Format::CrowdTangle(separator) => crowdtangle::read(input, separator, damage, each),
        Format::Gdelt(tabs) => lines(input, tabs, damage, each),
        Format::Feed => feed::read(input, damage, &mut |post, time, place, damage| {
            finish(post, &time, place, damage).into_iter().for_each(|post| each(post, place));
        }),
        Format::Short(_) => Ok(()),
        Format::Tiktok => any(input, whole, TIKTOK, damage, each, &mut |v| video::tiktok(v).into_iter().collect()),
        Format::Youtube => any(input, whole, ITEMS, damage, each, &mut |v| video::youtube(v)),
        Format::Ytdlp => any(input, whole, ITEMS, damage, each, &mut |v| video::ytdlp(v).into_iter().collect()),
        Format::Bluesky => any(input, whole, ITEMS, damage, each, &mut |v| bluesky::post(v).into_iter().collect()),
        Format::Repository => car::read(input, damage, each),
        Format::Reddit => any(input, whole, CHILDREN, damage, each, &mut |v| boards::reddit(v).into_iter().collect()),
        Format::Chan => any(input, whole, POSTS, damage, each, &mut |v| boards::chan(v).into_iter().collect()),
        Format::Vk => any(input, whole, RESPONSE, damage, each, &mut |v| social::vk(v).into_iter().collect()),
        Format::Discord => any(input, whole, ITEMS, damage, each, &mut |v| social::discord(v).into_iter().collect()),
        Format::Threads => {
            any(input, whole, threads(input.head()), damage, each, &mut |v| social::threads(v).into_iter().collect())
        }
        Format::Instagram => {
            any(input, whole, ITEMS, damage, each, &mut |v| social::instagram(v).into_iter().collect())
        }
        Format::JsonFeed => json_feed(input, damage, each),
        Format::Plebs => plebs(input, damage, each),
        Format::Own => own(input, damage, each),
        Format::Whatsapp => whatsapp::read(input, damage, each),
        Format::TelegramPage => telegram_html::read(input, damage, each),
    }
}

/// Records that are posts by themselves, under a path (or its end).
fn records(
    input: &mut Input,
    shape: Shape,
    wanted: &str,
    damage: &mut Damage,
    each: &mut dyn FnMut(Post, Span),
    make: fn(&Value) -> Option<(Post, String)>,
) -> Result<()> {
    cut(input, shape, damage, &mut |piece, damage| {
        let Piece::Record(path, bytes, place) = piece else { return };
        if !path.ends_with(wanted) || (wanted.is_empty() && !path.is_empty()) {
            return;
        }
        let Some(value) = parsed(bytes, place, damage) else { return };
        match make(&value) {
            Some((post, time)) => finish(post, &time, place, damage).into_iter().for_each(|post| each(post, place)),
            None => damage.count(damage::OTHER, place),
        }
    })
}

/// Where a document keeps its posts.
#[derive(Clone, Copy)]
struct Lists {
    /// The paths of objects that are entered.
    enter: &'static [&'static str],
    /// Lists of posts besides the usual ones; they are not entered, for what stands in them are the posts.
    under: &'static [&'static str],
}

const fn entered(enter: &'static [&'static str]) -> Lists {
    Lists { enter, under: &[] }
}

const TIKTOK: Lists = entered(&["", "data", "response"]);
const ITEMS: Lists = entered(&[""]);
const CHILDREN: Lists = entered(&["", "data"]);
const POSTS: Lists = entered(&["", "threads"]);
const RESPONSE: Lists = entered(&["", "response"]);
const DATA: Lists = entered(&["", "data", "payload"]);

/// Where posts of Threads stand: a list under `data` (its interface), or deep in what a page was made of.
fn threads(head: &[u8]) -> Lists {
    let after = memmem::find(head, b"\"data\"").map(|at| head[at + 6..].trim_ascii_start());
    let list =
        after.and_then(|rest| rest.strip_prefix(b":")).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"["));
    if list { Lists { under: &["data"], ..ITEMS } } else { DATA }
}

/// What a reader of one record makes of it: posts, each with its time as written.
type Make<'m> = &'m mut dyn FnMut(&Value) -> Vec<(Post, String)>;

/// Records wherever they stand: on lines, in a list, in the lists that are entered. What is no post and stands outside
/// of a list is what the document says of itself.
fn any(
    input: &mut Input,
    lines: bool,
    lists: Lists,
    damage: &mut Damage,
    each: &mut dyn FnMut(Post, Span),
    make: Make,
) -> Result<()> {
    let is_list = input.head().trim_ascii_start().starts_with(b"[");
    let bare = lines
        || is_list
        || !["items", "feed", "posts", "comments", "messages"]
            .iter()
            .chain(lists.under)
            .chain(lists.enter.iter().skip(1))
            .any(|key| has_key(input.head(), key));
    let shape = Shape { enter: if bare { &[] } else { lists.enter }, lines };
    let (mut made, mut passed) = (0usize, None);
    cut(input, shape, damage, &mut |piece, damage| {
        let Piece::Record(path, bytes, place) = piece else { return };
        let Some(value) = parsed(bytes, place, damage) else { return };
        let posts = make(&value);
        if posts.is_empty() {
            match path.is_empty() {
                true => damage.count(damage::OTHER, place),
                false => passed = passed.or(Some(place)),
            }
        }
        for (post, time) in posts {
            made += 1;
            finish(post, &time, place, damage).into_iter().for_each(|post| each(post, place));
        }
    })?;
    // Nothing read is not nothing found.
    if let Some(place) = passed.filter(|_| made == 0) {
        damage.count(damage::OTHER, place);
    }
    Ok(())
}

/// Articles of a JSON Feed (jsonfeed.org, versions 1 and 1.1).
fn json_feed(input: &mut Input, damage: &mut Damage, each: &mut dyn FnMut(Post, Span)) -> Result<()> {
    any(input, false, ITEMS, damage, each, &mut |item| article_of(item).into_iter().collect())
}

fn article_of(item: &Value) -> Option<(Post, String)> {
    let link = value::first(item, &["url", "external_url", "id"]);
    let (said, links) = html::text(&value::first(item, &["content_html", "content_text", "summary"]));
    let title = value::text(item, "title");
    let mut post = article(&link)?;
    post.text = [title, said].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n");
    post.urls.extend(links);
    post.hashtags = value::texts(item, "tags", "");
    post.language = value::text(item, "language");
    Some((post, value::first(item, &["date_published", "date_modified"])))
}

/// Threads under their numbers, or one thread.
fn plebs(input: &mut Input, damage: &mut Damage, each: &mut dyn FnMut(Post, Span)) -> Result<()> {
    let one = has_key(&input.head()[..input.head().len().min(16)], "op");
    let enter: &[&str] = if one { &[] } else { &[""] };
    cut(input, Shape { enter, lines: false }, damage, &mut |piece, damage| {
        let Piece::Record(_, bytes, place) = piece else { return };
        let Some(value) = parsed(bytes, place, damage) else { return };
        for (post, time) in boards::plebs(&value) {
            finish(post, &time, place, damage).into_iter().for_each(|post| each(post, place));
        }
    })
}

/// One's own posts: of one account, which the export does not name.
fn own(input: &mut Input, damage: &mut Damage, each: &mut dyn FnMut(Post, Span)) -> Result<()> {
    let platform = if has_key(input.head(), "creation_timestamp") { "instagram" } else { "facebook" };
    let mut owner: Option<String> = None;
    any(input, false, ITEMS, damage, each, &mut |value| {
        let made = social::own(value).map(|(mut post, time)| {
            let owner = owner.get_or_insert_with(|| format!("owner of {time}"));
            (post.platform, post.account) = (platform.into(), owner.clone());
            (post, time)
        });
        made.into_iter().collect()
    })
}

fn parsed(bytes: &[u8], place: Span, damage: &mut Damage) -> Option<Value> {
    // A lone surrogate is no Unicode: the text is kept with a mark in its place.
    let value = serde_json::from_slice(bytes).ok().or_else(|| serde_json::from_slice(&unpaired(bytes)).ok());
    if value.is_none() {
        damage.count(damage::NO_JSON, place);
    }
    value
}

/// The same JSON with `U+FFFD` for every surrogate escape that has no partner and for bytes that are no UTF-8.
fn unpaired(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len());
    let mut rest: &str = &text;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let unit = |text: &str| {
            let digits = text.strip_prefix("\\u")?.get(..4)?;
            u16::from_str_radix(digits, 16).ok()
        };
        let len = match unit(rest) {
            Some(0xd800..=0xdbff) => match rest.get(6..).and_then(unit) {
                Some(0xdc00..=0xdfff) => 12,
                _ => 0,
            },
            Some(0xdc00..=0xdfff) => 0,
            // An escaped sign may be a backslash: both go together.
            _ => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        match len {
            0 => {
                out.push_str("\\ufffd");
                rest = &rest[6..];
            }
            len => {
                out.push_str(&rest[..len]);
                rest = &rest[len..];
            }
        }
    }
    out.push_str(rest);
    out.into_bytes()
}

/// An archive's posts: all by one account, which is told late or never. Who answers oneself is named by the answer.
fn archive(input: &mut Input, damage: &mut Damage, each: &mut dyn FnMut(Post, Span)) -> Result<()> {
    let mut owner: Option<String> = None;
    let mut waiting: Vec<(Post, Span)> = Vec::new();
    let mut answered: HashMap<String, String> = HashMap::new();
    let mut give = |owner: &Option<String>, waiting: &mut Vec<(Post, Span)>, answered: &HashMap<String, String>| {
        let own = || waiting.iter().find_map(|(post, _)| answered.get(&post.id).cloned());
        let lowest = || waiting.iter().map(|(p, _)| (p.id.len(), &p.id)).min().map(|(_, id)| format!("{NAMELESS}{id}"));
        let owner = owner.clone().or_else(own).or_else(lowest).unwrap_or_default();
        for (mut post, place) in waiting.drain(..) {
            (post.account, post.account_name) = (owner.clone(), owner.clone());
            each(post, place);
        }
        owner
    };
    cut(input, twitter::STATUSES, damage, &mut |piece, damage| {
        let Piece::Record("", bytes, place) = piece else { return };
        let Some(value) = parsed(bytes, place, damage) else { return };
        owner = owner.take().or_else(|| twitter::owner(&value));
        match twitter::status(&value) {
            Some((mut post, time)) => {
                post.account = "owner".into();
                answered.extend(twitter::answers(&value));
                waiting.extend(finish(post, &time, place, damage).map(|post| (post, place)));
            }
            None => damage.count(damage::OTHER, place),
        }
        if owner.is_some() || waiting.len() == ARCHIVE_MAX {
            owner = Some(give(&owner, &mut waiting, &answered));
            answered.clear();
        }
    })?;
    give(&owner, &mut waiting, &answered);
    Ok(())
}

fn pages(input: &mut Input, shape: Shape, damage: &mut Damage, each: &mut dyn FnMut(Post, Span)) -> Result<()> {
    let mut page = twitter_v2::Page::default();
    let mut give = |ready: Vec<(Post, String, Span)>, damage: &mut Damage| {
        for (post, time, place) in ready {
            finish(post, &time, place, damage).into_iter().for_each(|post| each(post, place));
        }
    };
    cut(input, shape, damage, &mut |piece, damage| match piece {
        Piece::Record("data", bytes, place) => {
            let Some(value) = parsed(bytes, place, damage) else { return };
            match twitter_v2::post(&value) {
                Some((post, time)) => give(page.post(post, time, place), damage),
                None => damage.count(damage::OTHER, place),
            }
        }
        Piece::Record("includes/users", bytes, place) => {
            parsed(bytes, place, damage).into_iter().for_each(|user| page.user(user));
        }
        Piece::End("") => give(page.end(), damage),
        _ => {}
    })?;
    give(page.end(), damage);
    Ok(())
}

fn telegram(input: &mut Input, shape: Shape, damage: &mut Damage, each: &mut dyn FnMut(Post, Span)) -> Result<()> {
    let mut chat = telegram::Chat::default();
    cut(input, shape, damage, &mut |piece, damage| match piece {
        Piece::Record(path, bytes, place) if path.ends_with("messages") => {
            let Some(value) = parsed(bytes, place, damage) else { return };
            // What the service says is nobody's post, and no damage.
            if let Some((post, time)) = chat.message(&value) {
                finish(post, &time, place, damage).into_iter().for_each(|post| each(post, place));
            }
        }
        other => chat.learn(&other),
    })
}

fn lines(input: &mut Input, tabs: gdelt::Tabs, damage: &mut Damage, each: &mut dyn FnMut(Post, Span)) -> Result<()> {
    let mut chunks = super::shares::Chunks::new(input, None);
    let mut number = 1;
    while let Some(chunk) = chunks.next()? {
        let mut start = 0;
        for line in chunk.bytes.split_inclusive(|b| *b == b'\n') {
            let text = line.trim_ascii_end();
            let place = Span { start: chunk.start + start as u64, len: text.len() as u64, line: number };
            if !text.is_empty() {
                match gdelt::line(tabs, &String::from_utf8_lossy(text)) {
                    Some((post, time)) => finish(post, &time, place, damage).into_iter().for_each(|p| each(p, place)),
                    None => damage.count(damage::OTHER, place),
                }
            }
            (start, number) = (start + line.len(), number + 1);
        }
    }
    Ok(())
}

/// A post as it leaves its reader: with its time, with what its text says where the platform listed nothing, bounded.
pub(in crate::posts) fn finish(post: Post, time: &str, place: Span, damage: &mut Damage) -> Option<Post> {
    let stamp = stamp(time.as_bytes()).or_else(|| written(time.as_bytes(), None));
    finish_at(post, stamp, !time.trim().is_empty(), place, damage)
}

/// The same of a time that was read already; `said` tells whether there was anything to read.
pub(in crate::posts) fn finish_at(
    mut post: Post,
    stamp: Option<Stamp>,
    said: bool,
    place: Span,
    damage: &mut Damage,
) -> Option<Post> {
    if post.account.is_empty() {
        damage.count(damage::NO_ACCOUNT, place);
        return None;
    }
    match stamp {
        Some(stamp) => {
            if stamp.zoneless {
                damage.count(damage::ZONELESS, place);
            }
            (post.time, post.offset) = (Some(stamp.time), stamp.offset);
        }
        None if said => damage.count(damage::BAD_TIME, place),
        None => damage.count(damage::NO_TIME, place),
    }
    if !post.article {
        if post.urls.is_empty() {
            post.urls = links(&post.text, false).map(String::from).collect();
        }
        if post.hashtags.is_empty() {
            post.hashtags = marked(&post.text, '#', false);
        }
        if post.mentions.is_empty() {
            post.mentions = marked(&post.text, '@', false);
        }
    }
    let bare = |list: &mut Vec<String>, mark: char| {
        list.iter_mut().for_each(|part| *part = part.trim_start_matches(mark).to_lowercase());
        list.retain(|part| !part.is_empty());
    };
    bare(&mut post.hashtags, '#');
    bare(&mut post.mentions, '@');
    if post.bound() {
        damage.count(damage::BOUND, place);
    }
    Some(post)
}

/// A time that stands beside a post.
pub(in crate::posts) fn time(text: &str) -> Option<Time> {
    stamp(text.as_bytes()).map(|stamp| stamp.time)
}

/// The beginning of a text's SHA-256: equal texts, equal ids.
fn fingerprint(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|b| format!("{b:02x}")).collect()
}
