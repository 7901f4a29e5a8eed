//! Cross-site scripting: a small reader of HTML, of attributes broken out of, and of script broken into.
//!
//! You may rely on: `x < y`, `<3`, an address in angle brackets, and words such as "javascript" or "on time ="
//! stay silent; harmless markup (`<b>`) is only a weak sign. Left out: what a page's own scripts would do with
//! a value (DOM-based attacks whose text is harmless by itself).

use super::Engine::{
    CmdCode, IncEntity, SsiDirective, XssActive, XssCall, XssHandler, XssMarkup, XssScript, XssStyle, XssUri,
};
use super::value::{Found, Value, has};
use super::wordset::WordTable;

/// The words of HTML.
#[derive(Debug, Clone)]
pub struct HtmlWords {
    /// 0: runs or loads by itself, 1: any other element.
    pub elements: WordTable,
    /// Event names without `on`.
    pub events: WordTable,
}

/// Schemes that run code when followed.
const SCRIPT_SCHEMES: [&[u8]; 5] = [b"javascript:", b"vbscript:", b"livescript:", b"mocha:", b"jscript:"];

/// Looks for script in `value`.
pub fn scan(value: &Value<'_>, words: &HtmlWords, found: &mut Found) {
    if value.any(b"<") {
        markup(value, words, found);
    }
    if value.any(b"=") {
        handlers(value, words, found);
    }
    if value.any(b":") {
        schemes(value, found);
    }
    if value.any(b"(`") {
        calls(value, found);
    }
    if value.any(b"+") && (value.has(b"+adw-") || value.has(b"+adwa")) {
        found.add(XssScript); // UTF-7 for `<` (RFC 2152)
    }
    if value.any(b"(") && value.any(b"[") && value.any(b"!") && scrambled(value.text) {
        found.add(XssCall);
    }
}

fn markup(value: &Value<'_>, words: &HtmlWords, found: &mut Found) {
    let text = value.text;
    for (count, at) in memchr::memchr_iter(b'<', text).enumerate() {
        if count >= 64 {
            break;
        }
        let mut rest = &text[at + 1..];
        // White space or NUL after the bracket: harmless in today's browsers, still a probe for `script`.
        let blank = rest.iter().take(8).position(|&byte| byte > b' ' && byte != b'+' && byte != b'/').unwrap_or(0);
        if blank > 0 && rest[blank..].starts_with(b"script") {
            rest = &rest[blank..];
        }
        match rest.first() {
            Some(b'!') => {
                if rest.starts_with(b"!--#") {
                    found.add(SsiDirective);
                } else if rest.starts_with(b"!entity") || (rest.starts_with(b"!doctype") && rest.contains(&b'[')) {
                    found.add(IncEntity);
                } else if rest.starts_with(b"![cdata[") {
                    found.add(XssMarkup);
                }
            }
            Some(b'?') => {
                // A short tag is code only with something to run behind it: `<? ` ends many a sentence.
                let short = rest.starts_with(b"?=") || rest.starts_with(b"? ") || rest.starts_with(b"?\n");
                let runs = |byte: &u8| matches!(byte, b'$' | b'(' | b';' | b'`');
                if rest.starts_with(b"?php") || short && rest.iter().take(200).any(runs) {
                    found.add(CmdCode);
                } else if rest.starts_with(b"?import") || rest.starts_with(b"?xml:namespace") {
                    found.add(XssScript);
                } else {
                    found.add(XssMarkup);
                }
            }
            Some(b'/') => closing(&rest[1..], words, found),
            Some(b'a'..=b'z') => element(rest, words, found),
            _ => {}
        }
    }
}

fn name_end(rest: &[u8]) -> usize {
    rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b':').unwrap_or(rest.len())
}

fn closing(rest: &[u8], words: &HtmlWords, found: &mut Found) {
    let end = name_end(rest);
    match &rest[..end] {
        b"script" => found.add(XssScript),
        // Closing an element whose inside is text is how one leaves it.
        b"textarea" | b"title" | b"style" | b"noscript" | b"template" | b"xmp" | b"body" | b"html" | b"iframe"
        | b"noembed" | b"select" => found.add(XssActive),
        name if words.elements.has(name) => found.add(XssMarkup),
        _ => {}
    }
}

fn element(rest: &[u8], words: &HtmlWords, found: &mut Found) {
    let end = name_end(rest);
    let name = &rest[..end];
    let after = rest.get(end).copied();
    if name.starts_with(b"script") && (name.len() == 6 || name.starts_with(b"scriptx")) {
        found.add(XssScript);
        return;
    }
    let Some(meaning) = words.elements.get(name) else {
        // <x onclick=…>, <crosssitescripting style=…>: any name will do for a handler.
        if matches!(after, Some(b' ' | b'/' | b'\t' | b'\n' | b'\r' | 0x0c | b'+'))
            && rest.contains(&b'=')
            && rest.contains(&b'>')
        {
            // With a namespace it is markup for sure (`<t:set attributename=…>`); `<jean x=1>` may be anything.
            found.add(
                if name.iter().position(|&byte| byte == b':').is_some_and(|colon| colon > 0 && colon + 1 < name.len()) {
                    XssActive
                } else {
                    XssMarkup
                },
            );
        }
        return;
    };
    let attributes = &rest[end..];
    let attributes = &attributes[..memchr::memchr(b'<', attributes).unwrap_or(attributes.len())];
    let inside = &attributes[..memchr::memchr(b'>', attributes).unwrap_or(attributes.len())];
    let assigned = inside.contains(&b'=');
    match (meaning, after) {
        (0, Some(b'>' | b'<' | b'/' | b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'+' | b'"' | b'\'' | b'.') | None) => {
            // An active element with an attribute, or one that already acts when merely opened.
            let opened = matches!(
                name,
                b"svg" | b"math" | b"iframe" | b"frameset" | b"object" | b"embed" | b"applet" | b"marquee"
            );
            // A style sheet that declares something, although no attribute does.
            let sheet = name == b"style" && attributes.iter().any(|byte| matches!(byte, b'{' | b'@' | b'('));
            let acts = assigned || sheet || opened || has(attributes, b"autofocus");
            found.add(if acts { XssActive } else { XssMarkup });
        }
        (_, Some(b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r' | b'+')) => {
            found.add(XssMarkup);
            if [&b"datasrc="[..], b"dataformatas=", b"datafld=", b"formaction=", b"href=", b"&{"]
                .iter()
                .any(|sign| has(attributes, sign))
            {
                found.add(XssActive);
            }
        }
        _ => {}
    }
    if assigned && has(attributes, b"style") {
        style(attributes, found);
    }
}

/// CSS that runs or binds script (Internet Explorer's `expression`, Mozilla's bindings).
fn style(text: &[u8], found: &mut Found) {
    let mut bare = [0_u8; 256];
    let mut length = 0;
    let mut at = 0;
    // Comments inside words (`expr/**/ession`) and backslashes are dropped.
    while at < text.len() && length < bare.len() {
        if text[at..].starts_with(b"/*") {
            at += memchr::memmem::find(&text[at + 2..], b"*/").map_or(text.len(), |end| end + 4);
            continue;
        }
        if text[at] != b'\\' {
            bare[length] = text[at];
            length += 1;
        }
        at += 1;
    }
    let bare = &bare[..length];
    let signs: [&[u8]; 6] = [b"expression(", b"behavior:", b"behaviour:", b"binding:", b"@import", b"url(javas"];
    let declared = has(bare, b"style=\"") || has(bare, b"style='") || has(bare, b"style=x");
    if signs.iter().any(|sign| has(bare, sign)) || (declared && bare.contains(&b':')) {
        found.add(XssStyle);
    }
}

/// `onerror=` and its many siblings, wherever an attribute can begin.
fn handlers(value: &Value<'_>, words: &HtmlWords, found: &mut Found) {
    let text = value.text;
    for (count, at) in memchr::memmem::find_iter(text, b"on").enumerate() {
        if count >= 64 {
            break;
        }
        let before = if at == 0 { b' ' } else { text[at - 1] };
        if before.is_ascii_alphanumeric() || matches!(before, b'_' | b'-' | b'&' | b'?' | b'$' | b'%') || before >= 0x80
        {
            continue;
        }
        let name = &text[at + 2..];
        let end = name.iter().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(name.len());
        if end < 3 || !words.events.has(&name[..end]) {
            continue;
        }
        // Old parsers skip junk between the name and the sign: `onload!#$%&()*~+-_.,:;?@[/|\]^`=`.
        let mut rest = &name[end..];
        let mut skipped = 0;
        while let [byte, tail @ ..] = rest {
            if *byte == b'=' || byte.is_ascii_alphanumeric() || skipped > 30 {
                break;
            }
            rest = tail;
            skipped += 1;
        }
        let inside = before != b' ' || at == 0 || value.any(b"<>\"'(");
        if rest.first() == Some(&b'=') && inside && rest.len() > 1 {
            found.add(XssHandler);
            return;
        }
    }
}

/// Addresses that are code, also with white space inside the scheme's name.
fn schemes(value: &Value<'_>, found: &mut Found) {
    let text = value.text;
    for (count, colon) in memchr::memchr_iter(b':', text).enumerate() {
        if count >= 32 {
            break;
        }
        // The scheme is read backwards from the colon; white space and controls do not count.
        let mut name = [0_u8; 12];
        let mut from = name.len();
        let mut at = colon;
        let mut blanks = 0;
        while at > 0 && from > 0 && blanks < 12 {
            let byte = text[at - 1];
            if byte.is_ascii_lowercase() {
                from -= 1;
                name[from] = byte;
            } else if byte > b' ' && byte != b'+' {
                break;
            } else {
                blanks += 1;
            }
            at -= 1;
        }
        let mut scheme = [0_u8; 13];
        scheme[from..12].copy_from_slice(&name[from..]);
        scheme[12] = b':';
        let scheme = &scheme[from..];
        let rest = &text[colon + 1..];
        // "javascript: the good parts" is a book; code follows the colon at once.
        let glued = rest.first().is_some_and(|byte| *byte > b' ');
        if glued && SCRIPT_SCHEMES.iter().any(|known| scheme.ends_with(known)) && rest.len() > 1 {
            let code = |byte: &u8| matches!(byte, b'(' | b'=' | b'[' | b'`' | b'{');
            let quoted = at > 0 && matches!(text[at - 1], b'"' | b'\'' | b'`') && rest[0] == text[at - 1];
            if at == 0 || quoted || rest.starts_with(b"//") || rest.iter().any(code) {
                found.add(XssUri);
                return;
            }
        }
        if scheme.ends_with(b"data:")
            && [&b"text/html"[..], b"image/svg", b"text/xml", b"application/x", b"text/javascript"]
                .iter()
                .any(|kind| rest.starts_with(kind))
            && rest.contains(&b',')
        {
            found.add(XssUri);
            return;
        }
    }
}

/// Functions that show or run something, called the way a probe calls them.
const SINKS: [&[u8]; 7] = [b"alert", b"prompt", b"confirm", b"eval", b"settimeout", b"setinterval", b"fromcharcode"];

fn calls(value: &Value<'_>, found: &mut Found) {
    let text = value.text;
    for (count, open) in memchr::memchr2_iter(b'(', b'`', text).enumerate() {
        if count >= 64 {
            break;
        }
        let named = |end: usize| {
            let from = text[..end].iter().rposition(|byte| !byte.is_ascii_lowercase()).map_or(0, |before| before + 1);
            (from, &text[from..end])
        };
        // `alert?.(1)`
        let (from, name) = named(open - if text[..open].ends_with(b"?.") { 2 } else { 0 });
        // `alert.call(…)`, `alert.apply`…, and `[1].map(alert)`: the function is called by way of another.
        let by_way = matches!(name, b"call" | b"apply" | b"bind") && from > 0 && text[from - 1] == b'.';
        let argument = &text[open + 1..];
        if by_way && SINKS.contains(&named(from - 1).1)
            || matches!(name, b"map" | b"foreach" | b"find" | b"filter" | b"some" | b"every" | b"from")
                && SINKS.iter().any(|sink| argument.strip_prefix(*sink).is_some_and(|rest| rest.first() == Some(&b')')))
        {
            found.add(XssCall);
            return;
        }
        if !SINKS.contains(&name) {
            continue;
        }
        let probe = match argument.first() {
            Some(b'0'..=b'9' | b'\'' | b'"' | b'`' | b'/' | b'\\' | b'&') => true,
            Some(b')') => name != b"confirm" || from > 0,
            // eval(a+b+c): pieces put together.
            Some(_) if name == b"eval" => {
                argument.iter().take(12).any(|byte| matches!(byte, b'+' | b'.' | b'(' | b'['))
            }
            Some(_) => [
                &b"document"[..],
                b"window",
                b"string",
                b"xss",
                b"self",
                b"this",
                b"location",
                b"atob",
                b"src",
                b"name",
                b"top",
                b"unescape",
            ]
            .iter()
            .any(|start| argument.starts_with(start)),
            None => false,
        };
        if probe {
            found.add(XssCall);
            return;
        }
    }
    // window['al'+'ert'](1): a global reached by its name in pieces.
    if value.any(b"[") {
        for at in memchr::memchr_iter(b'[', text).take(16) {
            let from = text[..at].iter().rposition(|byte| !byte.is_ascii_lowercase()).map_or(0, |before| before + 1);
            if matches!(
                &text[from..at],
                b"window" | b"top" | b"self" | b"parent" | b"frames" | b"this" | b"globalthis" | b"document"
            ) && matches!(text.get(at + 1), Some(b'\'' | b'"' | b'`' | b'/' | b'('))
            {
                found.add(XssCall);
            }
        }
    }
}

/// Script spelled with hardly any letter (`[][(![]+[])[+[]]…`).
fn scrambled(text: &[u8]) -> bool {
    let odd = text.iter().filter(|byte| matches!(byte, b'[' | b']' | b'(' | b')' | b'!' | b'+')).count();
    odd >= 16 && odd * 10 >= text.len() * 8
}
