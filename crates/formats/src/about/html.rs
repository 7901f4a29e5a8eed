//! What a page says of itself: `meta` and comments of the programs that saved it.

use super::{About, date};
use crate::{charset, entities};

/// Bytes in which it is looked for.
const HEAD: usize = 256 << 10;

/// Reads a page.
pub fn read(bytes: &[u8], about: &mut About) {
    let text = charset::page(bytes.get(..HEAD).unwrap_or(bytes));
    for tag in text.split("<meta").skip(1).chain(text.split("<META").skip(1)).take(200) {
        let tag = tag.split('>').next().unwrap_or_default();
        let (Some(name), Some(content)) = (
            attribute(tag, "name").or_else(|| attribute(tag, "property")).or_else(|| attribute(tag, "http-equiv")),
            attribute(tag, "content"),
        ) else {
            continue;
        };
        let day = || date::iso(&content).unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "author" | "dc.creator" | "article:author" => about.say("author", &content),
            "generator" => about.say("application", &content),
            "created" | "dcterms.created" | "article:published_time" | "date" => about.say("created", &day()),
            "changed" | "modified" | "dcterms.modified" | "article:modified_time" | "last-modified" => {
                about.say("modified", &day());
            }
            "changedby" => about.say("last_modified_by", &content),
            "description" => about.say("description", &content),
            "keywords" => about.say("keywords", &content),
            "content-language" => about.say("language", &content),
            _ => {}
        }
    }
    if let Some(title) = text.split("<title").nth(1).and_then(|t| t.split_once('>')) {
        about.say("title", &entities::decode(title.1.split('<').next().unwrap_or_default()));
    }
    // Browsers and savers of pages leave where the page was: Internet Explorer, SingleFile, HTTrack.
    for (mark, name) in
        [("<!-- saved from url=", "saved_from"), ("url: ", "saved_from"), ("Mirrored from ", "saved_from")]
    {
        if let Some((_, rest)) = text.split_once(mark) {
            let rest = rest.trim_start_matches(|c: char| c == '(' || c.is_ascii_digit() || c == ')');
            let url: String = rest.chars().take_while(|c| !c.is_whitespace() && *c != '>').take(500).collect();
            if url.starts_with("http") || mark.starts_with("Mirrored") {
                about.say(name, &url);
            }
        }
    }
    if let Some((_, rest)) = text.split_once("saved date: ") {
        about.say("saved", rest.lines().next().unwrap_or_default());
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let at = lower.find(&format!("{name}="))? + name.len() + 1;
    let rest = tag.get(at..)?;
    let value = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].split(quote).next()?,
        _ => rest.split_whitespace().next()?,
    };
    Some(entities::decode(value))
}
