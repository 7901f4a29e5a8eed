//! The one way from a file to posts, whoever asks: a platform's own export, else a table.
//!
//! You may rely on: what `read` reads, `network` reads; both are told what the file was taken for. Left out: maps of short
//! links, which are no posts.

use super::damage::Damage;
use super::post::Post;
use super::shares::{By, Mapping, Place, Record, Shares, Understood, host, url};
use super::{generic, platforms};
use crate::domain::registrable;
use crate::input::Input;
use model::{Result, Span};

/// What a file is.
pub enum Kind {
    /// A platform's own export, or a map of short links.
    Platform(platforms::Format),
    /// Any other table of posts.
    Table(Box<generic::Found>),
}

/// What a file is by its beginning, and how sure that is. `texts`: texts alone are enough.
pub fn recognise(head: &[u8], mapping: &Mapping, texts: bool) -> Option<(Kind, u8)> {
    let platform = || platforms::sniff(head).map(|(format, sure)| (Kind::Platform(format), sure));
    let table = || generic::recognise(head, mapping, texts).map(|(found, sure)| (Kind::Table(Box::new(found)), sure));
    // Whoever names columns by hand means a table, where it has them.
    let mapped = |(kind, _): &(Kind, u8)| match kind {
        Kind::Table(found) => mapping.missing(&found.understood.header).is_empty(),
        Kind::Platform(_) => false,
    };
    match mapping.is_empty() {
        true => platform().or_else(table),
        false => table().filter(mapped).or_else(platform).or_else(table),
    }
}

/// Reads a file. Gives what a table was taken for.
pub fn read(
    kind: Kind,
    input: &mut Input,
    mapping: &Mapping,
    damage: &mut Damage,
    each: &mut dyn FnMut(Post, Span),
) -> Result<Option<Understood>> {
    match kind {
        Kind::Platform(format) => platforms::posts(format, input, damage, each).map(|()| None),
        Kind::Table(found) => generic::read(*found, input, mapping, damage, each).map(Some),
    }
}

/// What a post is known by in a table of shares: its id, else its place.
pub fn id(post: &Post, place: Place) -> String {
    match post.id.as_str() {
        "" => format!("{}:{}:{}", place.file, place.start, place.line),
        id => id.to_string(),
    }
}

/// Puts a post into a table of shares. `texts`: what it says is kept, and its time need not be known.
pub fn share(shares: &mut Shares, post: &Post, by: By, texts: bool, place: Place) -> Option<usize> {
    let Some(time) = post.time.or(texts.then_some(super::shares::UNKNOWN)) else { return Some(0) };
    let id = id(post, place);
    let objects = objects(post, by);
    let keys: Vec<_> = objects.iter().map(|o| shares.key(o.as_bytes())).collect();
    let record = Record {
        account: shares.key(post.account.as_bytes()),
        post: shares.key(id.as_bytes()),
        time,
        objects: keys.into_iter(),
        text: texts.then(|| shares.key(post.text.as_bytes())),
        place,
    };
    shares.add(record)
}

/// What a post shares: links, tags and names of a repost are its author's.
fn objects(post: &Post, by: By) -> Vec<String> {
    let own = post.repost_of.is_empty();
    let mut found: Vec<String> = match by {
        By::Object => Some(post.object.clone()).into_iter().collect(),
        By::Repost => vec![post.repost_of.clone()],
        By::Reply if own => vec![post.reply_to.clone()],
        By::Url if own => {
            let links = post.urls.iter().filter_map(|u| url(u));
            // A number that stands for a link is known by itself.
            links.chain((post.urls.is_empty()).then(|| post.object.clone())).collect()
        }
        By::Domain if own => post.urls.iter().filter_map(|u| host(u)).map(|h| registrable(&h).unwrap_or(h)).collect(),
        By::Hashtags if own && post.hashtags.len() >= 2 => vec![post.hashtags.join(" ")],
        By::Mentions if own => {
            let mut names = post.mentions.clone();
            names.sort_unstable();
            names.dedup();
            vec![names.join(" ")]
        }
        By::Image if own => post.images.clone(),
        _ => Vec::new(),
    };
    found.retain(|o| !o.is_empty());
    found.sort_unstable();
    found.dedup();
    found
}
