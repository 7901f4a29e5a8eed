//! CrowdTangle's CSV exports of Facebook pages and groups and of Instagram accounts.
//!
//! You may rely on: a post is known by its address; the link it shares is the one it finally leads to, where the export
//! says so. Times carry the zone letters of whoever exported. Left out: interactions and views. Columns: CrowdTangle's
//! historical data export (`Page Name` or `Group Name` and `Facebook Id`; `Account` for Instagram).

use crate::input::Input;
use crate::posts::damage::{Damage, QUOTE, RAGGED};
use crate::posts::post::Post;
use crate::posts::shares::{Chunks, cells, records};
use model::{Result, Span};

/// Columns of every export, and those of which one says when and one says whose.
const ALWAYS: [&str; 2] = ["url", "user name"];
const WHEN: [&str; 2] = ["post created", "created"];
const WHOSE: [&str; 3] = ["page name", "group name", "account"];

/// The separator, if this is such an export.
pub fn sniff(head: &[u8]) -> Option<u8> {
    [b',', b';', b'\t'].into_iter().find(|separator| {
        let header: Vec<String> = cells(head, *separator).iter().map(|c| c.trim().to_lowercase()).collect();
        let has = |name: &&str| header.iter().any(|c| c == name);
        ALWAYS.iter().all(&has) && WHEN.iter().any(&has) && WHOSE.iter().any(has)
    })
}

/// Reads an export.
pub fn read(input: &mut Input, separator: u8, damage: &mut Damage, each: &mut dyn FnMut(Post, Span)) -> Result<()> {
    let mut chunks = Chunks::new(input, Some(separator));
    let (mut line, mut header) = (1, Vec::new());
    while let Some(chunk) = chunks.next()? {
        if chunk.broken {
            damage.count(QUOTE, Span { start: chunk.start, len: chunk.bytes.len() as u64, line });
            line += 1;
            continue;
        }
        line += records(&chunk.bytes, separator, |start, len, at, cells| {
            if header.is_empty() {
                header = cells.iter().map(|c| String::from_utf8_lossy(c).trim().to_lowercase()).collect();
                return;
            }
            let place = Span { start: chunk.start + start as u64, len: len as u64 - 1, line: line + at };
            if cells.len() > header.len() {
                return damage.count(RAGGED, place);
            }
            let cell = |names: &[&str]| {
                let of = |name: &&str| cells.get(header.iter().position(|h| h == name)?);
                let said = names.iter().filter_map(of).map(|c| String::from_utf8_lossy(c).trim().to_string());
                said.into_iter().find(|c| !c.is_empty()).unwrap_or_default()
            };
            let (post, time) = post(&cell);
            super::finish(post, &time, place, damage).into_iter().for_each(|post| each(post, place));
        });
    }
    Ok(())
}

fn post(cell: &dyn Fn(&[&str]) -> String) -> (Post, String) {
    let message = cell(&["message", "description"]);
    // What a link's preview says is not the author's, and stands in for words only where there are none.
    let text = if message.is_empty() { cell(&["link text", "image text"]) } else { message };
    let address = cell(&["url"]);
    let link = cell(&["final link", "link"]);
    let number = cell(&["facebook id", "user name", "page name", "group name", "account"]);
    let instagram = cell(&["facebook id"]).is_empty() && !cell(&["account"]).is_empty();
    let post = Post {
        platform: if instagram { "instagram" } else { "facebook" }.into(),
        account: number,
        account_name: cell(&["page name", "group name", "account", "user name"]),
        account_created: super::time(&cell(&["page created"])),
        about: cell(&["page description"]),
        // A link to the post itself is what a picture or a text has there.
        urls: Some(link).filter(|l| !l.is_empty() && *l != address).into_iter().collect(),
        id: address,
        text,
        ..Post::default()
    };
    (post, cell(&WHEN))
}
