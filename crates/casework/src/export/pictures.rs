//! The brief's pictures, each a file of its own for a dossier or a slide. You may rely on: they are the brief's, with its colours
//! by day; nothing in them is asked for from elsewhere, and no variable is left that other programs would not know. Left out:
//! PNG. Drawing text needs fonts and a renderer (resvg: some forty crates, and fonts of its own), which a browser has: the program
//! asks Chromium where it is installed.

use super::Order;
use crate::Write;
use model::{Error, Result, View};
use std::collections::BTreeMap;

/// The style of the pages, whose rules for pictures go with each.
const STYLE: &str = include_str!("../page/style.css");

/// Writes them.
pub fn svg(_: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for page in (order.pages)()? {
        for picture in pictures(&page) {
            let name = name(&picture);
            let n = names.entry(name.clone()).or_default();
            *n += 1;
            let file = if *n == 1 { format!("{name}.svg") } else { format!("{name}-{n}.svg") };
            write(&file, picture.as_bytes())?;
        }
    }
    match names.is_empty() {
        true => Err(Error::new("the brief has no picture").hint("`vigie run DIR` writes the brief")),
        false => Ok(()),
    }
}

/// The pictures in a page, each whole.
fn pictures(page: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once("<svg ") {
        let Some((picture, after)) = after.split_once("</svg>") else { break };
        // Bars in tables and marks beside words say nothing by themselves.
        if picture.contains("role=\"img\"") {
            out.push(whole(picture));
        }
        rest = after;
    }
    out
}

fn whole(picture: &str) -> String {
    let (head, body) = picture.split_once('>').unwrap_or((picture, ""));
    let rules: String = STYLE.lines().filter(|l| l.starts_with(".chart ")).collect();
    let font = "svg{font-family:Arial,\"Liberation Sans\",Helvetica,sans-serif;background:#fff}";
    let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {head}><style>{font}{rules}</style>{body}</svg>\n");
    by_day(&text)
}

/// Variables replaced by what they are by day.
fn by_day(text: &str) -> String {
    let root = STYLE.lines().next().unwrap_or_default();
    let values: BTreeMap<&str, &str> = root
        .trim_start_matches(":root{")
        .trim_end_matches('}')
        .split(';')
        .filter_map(|rule| rule.split_once(':'))
        .collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("var(") {
        out += before;
        let Some((name, after)) = after.split_once(')') else { break };
        out += values.get(name).copied().unwrap_or("#15181c");
        rest = after;
    }
    out + rest
}

/// A file's name, of the picture's title.
fn name(picture: &str) -> String {
    let title = picture.split_once("<title").and_then(|(_, t)| t.split_once('>')).and_then(|(_, t)| t.split_once('<'));
    let words: String = title
        .map_or("", |t| t.0)
        .chars()
        .map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' })
        .collect();
    let name: String = words.split_whitespace().collect::<Vec<_>>().join("-").chars().take(60).collect();
    if name.is_empty() { "picture".into() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_whole_and_knows_no_variable() {
        let page = "<p><svg class=\"bar\" aria-hidden=\"true\"></svg><svg class=\"chart\" viewBox=\"0 0 9 9\" role=\"img\"><title id=\"t\">Par jour &amp; nuit</title><rect fill=\"var(--ink)\"/></svg>";
        let all = pictures(page);
        assert_eq!(all.len(), 1);
        assert!(all[0].starts_with("<svg xmlns=") && all[0].contains("fill=\"#15181c\"") && !all[0].contains("var("));
        assert_eq!(name(&all[0]), "par-jour-amp-nuit");
    }
}
