//! The brief's pictures, each a file of its own for a dossier or a slide. You may rely on: they are the brief's, with its colours
//! by day, with the legend and the words that stand below them; nothing in them is asked for from elsewhere, and no variable is left that other programs would not know. Left out:
//! PNG. Drawing text needs fonts and a renderer (resvg: some forty crates, and fonts of its own), which a browser has: the program
//! asks Chromium where it is installed.

use super::Order;
use crate::Write;
use crate::page::bound::bare;
use model::{Error, Result, View};
use std::collections::{BTreeMap, BTreeSet};

/// The style of the pages, whose rules for pictures go with each.
const STYLE: &str = include_str!("../page/style.css");

/// Writes them.
pub fn svg(_: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut all: BTreeSet<String> = BTreeSet::new();
    let language = format!("<html lang=\"{}\"", order.lang.of("en", "fr"));
    for page in (order.pages)()? {
        // The council's page stands in both languages, and its picture on two pages.
        for picture in pictures(&page).into_iter().filter(|_| page.contains(&language)) {
            if !all.insert(picture.clone()) {
                continue;
            }
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
            out.push(whole(picture, &Below::of(after)));
        }
        rest = after;
    }
    out
}

/// What stands below a picture on its page.
#[derive(Default)]
struct Below {
    /// Fill and words.
    legend: Vec<(String, String)>,
    caption: String,
}

impl Below {
    fn of(after: &str) -> Below {
        // Without a figure around it a picture speaks for itself.
        let Some((rest, _)) = after.split_once("</figure>").filter(|(rest, _)| !rest.contains("<figure")) else {
            return Below::default();
        };
        let legend = rest.split_once("<ul class=\"legend\">").and_then(|(_, l)| l.split_once("</ul>"));
        let legend = legend.map_or("", |(l, _)| l).split("<li>").skip(1);
        let legend = legend.map(|item| {
            let fill = item.split_once("fill=\"").and_then(|(_, f)| f.split_once('"')).map_or("", |(f, _)| f);
            (fill.to_string(), bare(item).trim().to_string())
        });
        let caption = rest.split_once("<figcaption>").and_then(|(_, c)| c.split_once("</figcaption>"));
        Below { legend: legend.collect(), caption: bare(caption.map_or("", |(c, _)| c)) }
    }

    /// As rows of a picture so wide, from a height on; the height behind them.
    fn drawn(&self, width: f64, top: f64) -> (String, f64) {
        let (mut out, mut x, mut y) = (String::new(), 8.0, top);
        let columns = |text: &str| text.chars().count() as f64 * LETTER;
        for (fill, words) in &self.legend {
            let wide = 34.0 + columns(words) + 18.0;
            if x > 8.0 && x + wide > width {
                (x, y) = (8.0, y + ROW);
            }
            out += &format!(
                "<rect x=\"{x:.0}\" y=\"{:.0}\" width=\"26\" height=\"13\" fill=\"{fill}\"/><text class=\"tick\" x=\"{:.0}\" y=\"{:.0}\">{words}</text>",
                y + 4.0,
                x + 34.0,
                y + 15.0
            );
            x += wide;
        }
        if !self.legend.is_empty() {
            y += ROW + 4.0;
        }
        let mut line = String::new();
        for word in self.caption.split_whitespace().map(Some).chain([None]) {
            if !line.is_empty() && word.is_none_or(|w| columns(&line) + columns(w) > width - 24.0) {
                out += &format!("<text class=\"tick\" x=\"8\" y=\"{:.0}\">{line}</text>", y + 14.0);
                line.clear();
                y += ROW;
            }
            if let Some(word) = word {
                line += if line.is_empty() { "" } else { " " };
                line += word;
            }
        }
        (out, y)
    }
}

/// Height of a row of words, and how wide a letter of it is on average.
const ROW: f64 = 20.0;
const LETTER: f64 = 6.7;

/// A picture's head and body with rows below it.
fn taller(head: &str, below: &Below) -> (String, String) {
    let size = head.split_once("viewBox=\"").and_then(|(_, v)| v.split_once('"'));
    let numbers: Vec<f64> = size.map_or("", |(v, _)| v).split(' ').filter_map(|n| n.parse().ok()).collect();
    match (size, numbers.as_slice()) {
        (Some((old, _)), &[0.0, 0.0, width, height]) => {
            let (rows, end) = below.drawn(width, height);
            let end = if end > height { end + 8.0 } else { height };
            (head.replacen(old, &format!("0 0 {width} {end}"), 1), rows)
        }
        _ => (head.to_string(), String::new()),
    }
}

fn whole(picture: &str, below: &Below) -> String {
    let (head, body) = picture.split_once('>').unwrap_or((picture, ""));
    let (head, rows) = taller(head, below);
    let rules: String = STYLE.lines().filter(|l| l.starts_with(".chart ")).collect();
    let font = "svg{font-family:Arial,\"Liberation Sans\",Helvetica,sans-serif;background:#fff}";
    let text =
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {head}><style>{font}{rules}</style>{body}{rows}</svg>\n");
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

    #[test]
    fn a_picture_takes_its_legend_and_its_words_along() {
        let page = "<figure><svg viewBox=\"0 0 960 300\" role=\"img\"><title>Days</title></svg><ul class=\"legend\"><li><svg class=\"swatch\" aria-hidden=\"true\"><rect fill=\"url(#d-0)\"></rect></svg>A &amp; B <a class=\"n\" href=\"#n\">957</a></li></ul><figcaption>Per <b>day</b>.</figcaption></figure>";
        let all = pictures(page);
        assert_eq!(all.len(), 1);
        assert!(all[0].contains("viewBox=\"0 0 960 352\"") && all[0].contains("fill=\"url(#d-0)\"/>"), "{}", all[0]);
        assert!(all[0].contains(">A &amp; B 957</text>") && all[0].contains(">Per day.</text>"), "{}", all[0]);
    }
}
