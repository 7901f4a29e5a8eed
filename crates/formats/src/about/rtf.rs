//! The information group of RTF and its revision-save ids.

use super::About;
use crate::charset;
use crate::rtf::control;
use jiff::civil::DateTime;

/// Bytes in which it is looked for: it stands in the head, before the text.
const HEAD: usize = 4 << 20;

/// Reads a document.
pub fn read(bytes: &[u8], about: &mut About) {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let page = number_after(head, b"\\ansicpg").unwrap_or(1252);
    if let Some(at) = memchr::memmem::find(head, b"{\\info") {
        info(&head[at + 6..], page, about);
    }
    for (mark, name) in [(&b"{\\*\\generator "[..], "application"), (b"{\\*\\company ", "company")] {
        if let Some(at) = memchr::memmem::find(head, mark) {
            about.say(name, text(&head[at + mark.len()..], page).0.trim_end_matches(';'));
        }
    }
    if let Some(at) = memchr::memmem::find(head, b"{\\*\\rsidtbl") {
        let end = memchr::memchr(b'}', &head[at..]).map_or(head.len(), |n| at + n);
        for part in String::from_utf8_lossy(&head[at..end]).split("\\rsid").skip(2) {
            let digits: String = part.chars().take_while(char::is_ascii_digit).take(10).collect();
            if let Ok(n) = digits.parse::<u32>() {
                about.rsid(&format!("{n:08X}"));
            }
        }
    }
    if memchr::memmem::find(head, b"\\objdata").is_some() {
        about.holds.insert("objects");
    }
    if memchr::memmem::find(head, b"{\\*\\template http").is_some() {
        about.holds.insert("external_template");
    }
}

fn number_after(bytes: &[u8], mark: &[u8]) -> Option<u32> {
    let at = memchr::memmem::find(bytes, mark)? + mark.len();
    let digits: Vec<u8> = bytes[at..].iter().copied().take(10).take_while(u8::is_ascii_digit).collect();
    std::str::from_utf8(&digits).ok()?.parse().ok()
}

fn info(bytes: &[u8], page: u32, about: &mut About) {
    let mut rest = bytes;
    for _ in 0..100 {
        let Some(open) = memchr::memchr2(b'{', b'}', rest) else { return };
        if rest[open] == b'}' {
            // Some values stand between groups: `\version2`.
            loose(&rest[..open], about);
            return;
        }
        loose(&rest[..open], about);
        let group = rest.get(open + 1..).unwrap_or_default();
        let group = group.strip_prefix(b"\\*").unwrap_or(group);
        let Some(name) = group.strip_prefix(b"\\").and_then(control) else { return };
        let (word, number, inside) = name;
        match word {
            b"creatim" | b"revtim" | b"printim" => {
                let (date, after) = date(inside);
                let name = match word {
                    b"creatim" => "created",
                    b"revtim" => "modified",
                    _ => "printed",
                };
                about.say(name, &date.unwrap_or_default());
                rest = after;
                continue;
            }
            _ => {}
        }
        let (value, after) = text(inside, page);
        match word {
            b"author" => about.say("author", &value),
            b"operator" => about.say("last_modified_by", &value),
            b"title" => about.say("title", &value),
            b"subject" => about.say("subject", &value),
            b"keywords" => about.say("keywords", &value),
            b"doccomm" => about.say("description", &value),
            b"company" => about.say("company", &value),
            b"manager" => about.say("manager", &value),
            b"category" => about.say("category", &value),
            _ => numbered(word, number, about),
        }
        rest = after;
    }
}

fn loose(bytes: &[u8], about: &mut About) {
    for part in bytes.split(|b| *b == b'\\').skip(1).take(50) {
        if let Some((word, number, _)) = control(part) {
            numbered(word, number, about);
        }
    }
}

fn numbered(word: &[u8], number: Option<i32>, about: &mut About) {
    let Some(number) = number else { return };
    match word {
        b"version" => about.say("revision", &number.to_string()),
        b"edmins" => about.say("edit_minutes", &number.to_string()),
        b"nofpages" => about.say("pages", &number.to_string()),
        b"nofwords" => about.say("words", &number.to_string()),
        _ => {}
    }
}

/// A date in its words, and what stands behind its group.
fn date(bytes: &[u8]) -> (Option<String>, &[u8]) {
    let end = memchr::memchr(b'}', bytes).unwrap_or(bytes.len());
    let mut fields = [0i32, 1, 1, 0, 0, 0];
    for part in bytes[..end].split(|b| *b == b'\\').skip(1).take(10) {
        let Some((word, Some(number), _)) = control(part) else { continue };
        let Some(n) = ["yr", "mo", "dy", "hr", "min", "sec"].iter().position(|w| w.as_bytes() == word) else {
            continue;
        };
        fields[n] = number;
    }
    let small = |n: usize| i8::try_from(fields[n]).unwrap_or(-1);
    let year = i16::try_from(fields[0]).unwrap_or(0);
    let civil = DateTime::new(year, small(1), small(2), small(3), small(4), small(5), 0).ok().filter(|_| year > 0);
    (civil.map(|c| c.strftime("%Y-%m-%dT%H:%M:%S").to_string()), bytes.get(end + 1..).unwrap_or_default())
}

/// Text up to the end of its group, and what stands behind it.
fn text(bytes: &[u8], page: u32) -> (String, &[u8]) {
    let (mut out, mut held, mut depth, mut skip) = (String::new(), Vec::new(), 0u32, 0usize);
    let mut rest = bytes;
    let decode = |held: &mut Vec<u8>, out: &mut String| {
        out.push_str(&charset::decode(charset::codepage(page), held));
        held.clear();
    };
    while let [first, after @ ..] = rest {
        rest = after;
        if out.len() + held.len() > 8_000 {
            break;
        }
        match first {
            b'{' => depth += 1,
            b'}' if depth == 0 => break,
            b'}' => depth -= 1,
            b'\r' | b'\n' => {}
            b'\\' => {
                let Some((word, number, after)) = control(rest) else { break };
                rest = after;
                match word {
                    b"'" if skip > 0 => skip -= 1,
                    b"'" => held.extend(number.and_then(|n| u8::try_from(n).ok())),
                    b"u" => {
                        decode(&mut held, &mut out);
                        let n = number.unwrap_or(0);
                        out.push(char::from_u32(if n < 0 { n + 65_536 } else { n } as u32).unwrap_or('\u{fffd}'));
                        skip = 1;
                    }
                    b"{" | b"}" | b"\\" => held.extend_from_slice(word),
                    _ => {}
                }
            }
            _ if skip > 0 => skip -= 1,
            b => held.push(*b),
        }
    }
    decode(&mut held, &mut out);
    (out, rest)
}
