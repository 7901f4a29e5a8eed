//! What style, inline or of a sheet's classes, does to whether a text is seen.
//!
//! You may rely on: bounded ([`RULES`]). Left out: selectors of more than one step, media queries (a part for telephones
//! only is no hiding), a sheet's colours.

use std::collections::HashMap;

/// Most rules of sheets kept.
const RULES: usize = 2_000;
/// Most bytes of a sheet read.
const SHEET: usize = 256 << 10;

/// What style sheets hide: `.class` or `#id` → gone, and, where a size of letters is set, whether it is tiny.
#[derive(Default)]
pub struct Sheet(HashMap<String, (bool, Option<bool>), foldhash::fast::RandomState>);

impl Sheet {
    /// Reads a sheet's rules outside of any `@` block.
    pub fn read(&mut self, source: &str) {
        let mut rest = crate::clip(source, SHEET);
        while let Some(at) = rest.find('{') {
            let selectors = rest[..at].rsplit([';', '}', '/']).next().unwrap_or("").trim();
            let selectors = selectors.trim_start_matches("<!--").trim_start();
            let body = &rest[at + 1..];
            let end = if selectors.starts_with('@') { block(body) } else { body.find('}').unwrap_or(body.len()) };
            let declarations = &body[..end];
            let lower = declarations.to_ascii_lowercase();
            let hides = ["none", "hid", "font-size", "opacity", "-", "collapse"].iter().any(|w| lower.contains(w));
            if hides && !selectors.starts_with('@') {
                let mut style = Style::default();
                style.inline(crate::clip(declarations, 2_000));
                let hides = (style.gone, lower.contains("font-size").then_some(style.tiny));
                for selector in selectors.split(',').take(20).filter_map(simple) {
                    if self.0.len() < RULES {
                        self.0.insert(selector, hides);
                    }
                }
            }
            rest = body.get(end + 1..).unwrap_or("");
        }
    }

    fn of<'s>(&'s self, attributes: &'s [(String, String)]) -> impl Iterator<Item = &'s (bool, Option<bool>)> {
        let get = |key: &str| attributes.iter().find(|(k, _)| k == key).map_or("", |(_, v)| v.as_str());
        let classes = get("class").split_whitespace().take(20).map(|c| format!(".{c}"));
        let id = Some(get("id")).filter(|i| !i.is_empty()).map(|i| format!("#{i}"));
        classes.chain(id).filter_map(|key| self.0.get(&key))
    }
}

/// The class or id that a selector of one step ends in.
fn simple(selector: &str) -> Option<String> {
    let selector = selector.trim();
    if selector.is_empty() || selector.contains([' ', '>', '+', '~', ':', '[', '*']) {
        return None;
    }
    selector.rfind(['.', '#']).map(|at| selector[at..].to_string())
}

/// Where a block of blocks ends.
fn block(body: &str) -> usize {
    let mut depth = 1u32;
    for (at, b) in body.bytes().enumerate() {
        match b {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return at;
        }
    }
    body.len()
}

/// The style an element has, its parents' included.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Style {
    /// Not displayed, invisible, off the screen, of no height.
    gone: bool,
    /// Letters too small to be seen.
    tiny: bool,
    colour: Option<[u8; 3]>,
    background: Option<[u8; 3]>,
}

impl Style {
    /// Whether text in it cannot be seen.
    pub fn hides(self) -> bool {
        self.gone || self.tiny || self.invisible()
    }

    /// Letters of the colour of what is behind them; white on nothing said is white on white.
    fn invisible(self) -> bool {
        let close = |a: [u8; 3], b: [u8; 3]| a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 4);
        match (self.colour, self.background) {
            (Some(c), Some(b)) => close(c, b),
            _ => false,
        }
    }

    /// The style of a child.
    pub fn within(mut self, name: &str, attributes: &[(String, String)], sheet: &Sheet) -> Style {
        if !sheet.0.is_empty() {
            for (gone, tiny) in sheet.of(attributes) {
                self.gone |= gone;
                self.tiny = tiny.unwrap_or(self.tiny);
            }
        }
        for (key, value) in attributes {
            match key.as_str() {
                "style" => self.inline(value),
                "hidden" => self.gone = true,
                "bgcolor" => self.background = colour(value).or(self.background),
                "background" => self.background = None,
                "color" if name == "font" => self.colour = colour(value).or(self.colour),
                "text" if name == "body" => self.colour = colour(value).or(self.colour),
                _ => {}
            }
        }
        if matches!(name, "head" | "noframes" | "template" | "datalist") {
            self.gone = true;
        }
        if name == "body" {
            self.gone = self.gone && attributes.iter().any(|(k, _)| k == "style" || k == "hidden");
        }
        self
    }

    fn inline(&mut self, style: &str) {
        let (mut clips, mut flat) = (false, false);
        for declaration in style.split(';').take(100) {
            let Some((key, value)) = declaration.split_once(':') else { continue };
            let key = key.trim().to_ascii_lowercase();
            let value = value.trim().trim_end_matches("!important").trim().to_ascii_lowercase();
            match key.as_str() {
                "display" => self.gone |= value == "none",
                "visibility" => self.gone |= value == "hidden" || value == "collapse",
                "mso-hide" => self.gone |= value == "all",
                "opacity" => self.gone |= number(&value).is_some_and(|n| n < 0.05),
                "font-size" => {
                    self.tiny = number(&value)
                        .is_some_and(|n| n <= 1.0 && !value.contains("em") && !value.contains('%') || n == 0.0)
                }
                "text-indent" | "left" | "top" | "margin-left" => {
                    self.gone |= number(&value).is_some_and(|n| n <= -500.0)
                }
                "height" | "max-height" | "width" | "max-width" => flat |= number(&value) == Some(0.0),
                "overflow" => clips |= value == "hidden",
                "color" => self.colour = colour(&value).or(self.colour),
                "background-color" => self.background = colour(&value).or(self.background),
                "background" | "background-image" => {
                    self.background = match value.contains("url(") || value.contains("gradient") {
                        true => None,
                        false => value.split_whitespace().find_map(colour).or(self.background),
                    }
                }
                _ => {}
            }
        }
        self.gone |= clips && flat;
    }
}

/// The number a value begins with.
fn number(value: &str) -> Option<f32> {
    let end =
        value.bytes().position(|b| !(b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'))).unwrap_or(value.len());
    value.get(..end)?.parse().ok()
}

/// A colour in the spellings mail uses.
fn colour(value: &str) -> Option<[u8; 3]> {
    let value = value.trim().to_ascii_lowercase();
    if let Some(list) = value.strip_prefix("rgba(").or_else(|| value.strip_prefix("rgb(")) {
        let mut parts = list.trim_end_matches(')').split(',').map(|p| p.trim().parse::<u8>());
        return Some([parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?]);
    }
    let hex = match value.as_str() {
        "white" => "ffffff",
        "black" => "000000",
        "red" => "ff0000",
        "yellow" => "ffff00",
        "blue" => "0000ff",
        "green" => "008000",
        other => other.strip_prefix('#').unwrap_or(other),
    };
    let digits: Option<Vec<u8>> = hex.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect();
    match digits?.as_slice() {
        [r, g, b] => Some([r * 17, g * 17, b * 17]),
        [a, b, c, d, e, f] => Some([a * 16 + b, c * 16 + d, e * 16 + f]),
        _ => None,
    }
}
