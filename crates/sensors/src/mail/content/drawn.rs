//! QR codes that are drawn rather than attached: with block characters, as the cells of a table, or as pictures within
//! the page's own text (`data:`).
//!
//! You may rely on: a page without many such characters or cells costs one search; at most [`GRIDS`] drawings are tried.
//! Left out: codes of coloured `div`s and `span`s, of several pictures side by side, and those in vector drawings.

use super::qr;
use formats::transfer;
use std::collections::BTreeMap;

/// Drawings tried in one part.
const GRIDS: usize = 4;
/// Fewest modules on a side (version 1), and most that are drawn in earnest.
const LEAST: usize = 21;
const MOST: usize = 200;
/// Pixels on the side of a module.
const SCALE: usize = 4;
/// Bytes looked at in one part.
const BYTES: usize = 4 << 20;

/// The texts of the codes drawn in a part.
pub fn codes(text: &str, html: bool) -> Vec<String> {
    let text = &text[..text.floor_char_boundary(BYTES)];
    let mut found = Vec::new();
    let count = |what: &str| memchr::memmem::find_iter(text.as_bytes(), what).take(LEAST * LEAST).count();
    if count("\u{2588}") + count("&#9608;") + count("&#x2588;") >= 60 {
        found.extend(characters(text, html));
    }
    if html {
        if count("<td") + count("<TD") >= LEAST * LEAST {
            found.extend(tables(text));
        }
        found.extend(pictures(text));
    }
    found.sort();
    found.dedup();
    found
}

/// A drawing: rows of modules, the dark ones true.
type Grid = Vec<Vec<bool>>;

/// Reads a grid, dark on light or light on dark.
pub fn read(grid: &[Vec<bool>]) -> Vec<String> {
    let width = grid.iter().map(Vec::len).max().unwrap_or(0);
    if grid.len() < LEAST || width < LEAST || grid.len() > MOST || width > MOST {
        return Vec::new();
    }
    for dark in [true, false] {
        let module = |x: usize, y: usize| {
            let (Some(x), Some(y)) = ((x / SCALE).checked_sub(4), (y / SCALE).checked_sub(4)) else { return 255 };
            let inside = y < grid.len() && x < width;
            let set = inside && grid[y].get(x).copied().unwrap_or(false) == dark;
            if set { 0 } else { 255 }
        };
        let found = qr::in_pixels((width + 8) * SCALE, (grid.len() + 8) * SCALE, module, &mut { qr::SEARCHED });
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// Lines of block characters that stand together.
fn characters(text: &str, html: bool) -> Vec<String> {
    let text = if html { lines_of(text) } else { text.to_string() };
    let drawn = |line: &str| {
        let mut blocks = 0;
        line.chars().count() >= LEAST / 2
            && line.chars().all(|c| {
                blocks += usize::from(matches!(c, '█' | '▀' | '▄'));
                matches!(c, '█' | '▀' | '▄' | ' ' | '\u{a0}')
            })
            && blocks > 0
    };
    let mut found = Vec::new();
    let mut tried = 0;
    let mut run: Vec<&str> = Vec::new();
    for line in text.lines().map(|l| l.trim_end_matches('\r')).chain(["."]) {
        if drawn(line) && run.len() < MOST {
            run.push(line);
        } else if !line.trim().is_empty() || line.is_empty() && !html || run.len() >= MOST {
            if run.len() > LEAST / 2 && tried < GRIDS {
                tried += 1;
                found.extend(read(&modules(&run)));
            }
            run.clear();
        }
    }
    found
}

/// The modules of lines: two above each other where half blocks are used, else as wide as two characters.
fn modules(lines: &[&str]) -> Grid {
    if lines.iter().any(|l| l.contains(['▀', '▄'])) {
        let half = |line: &&str| {
            let row = |set: [char; 2]| line.chars().map(|c| set.contains(&c)).collect::<Vec<bool>>();
            [row(['█', '▀']), row(['█', '▄'])]
        };
        return lines.iter().flat_map(half).collect();
    }
    let step = if lines.iter().any(|l| l.chars().count() * 2 > 3 * lines.len()) { 2 } else { 1 };
    lines.iter().map(|l| l.chars().step_by(step).map(|c| c == '█').collect()).collect()
}

/// The text of a page line by line, blanks kept.
fn lines_of(page: &str) -> String {
    let mut out = String::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tag = &rest[at..];
        let end = tag.find('>').map_or(tag.len(), |n| n + 1);
        let name: String = tag[1..end].chars().take(4).map(|c| c.to_ascii_lowercase()).collect();
        if ["br", "/div", "/p", "/tr", "/li"].iter().any(|n| name.starts_with(n)) && !out.ends_with('\n') {
            out.push('\n');
        }
        rest = &tag[end..];
    }
    out.push_str(rest);
    formats::entities::decode(&out)
}

/// Tables whose cells are the modules: two looks make up nearly all of them.
fn tables(page: &str) -> Vec<String> {
    let mut open: Vec<Vec<Vec<String>>> = Vec::new();
    let (mut found, mut tried, mut cells) = (Vec::new(), 0, 0);
    for tag in page.split('<').skip(1) {
        let name: String = tag
            .chars()
            .take(6)
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
            .collect::<String>()
            .to_lowercase();
        match name.as_str() {
            "table" if open.len() < 32 => open.push(Vec::new()),
            "/table" => {
                let grid = open.pop().and_then(two_looks);
                if let Some(grid) = grid.filter(|_| tried < GRIDS) {
                    tried += 1;
                    found.extend(read(&grid));
                }
            }
            "tr" => open.iter_mut().last().into_iter().for_each(|t| t.push(Vec::new())),
            "td" => {
                let end = tag.find('>').unwrap_or(tag.len()).min(400);
                let tag = &tag[..tag.floor_char_boundary(end)];
                let (look, span) = look(&tag.to_ascii_lowercase());
                if let Some(row) = open.last_mut().and_then(|t| t.last_mut()) {
                    cells += span;
                    row.extend(std::iter::repeat_n(look, span));
                }
            }
            _ => {}
        }
        if cells > 2 * MOST * MOST {
            break;
        }
    }
    found
}

/// What a cell looks like, as far as its colour goes, and how many columns it spans.
fn look(tag: &str) -> (String, usize) {
    let value = |name: &str| {
        let at = tag.find(name)? + name.len();
        let rest = tag[at..].trim_start_matches(['=', ':', ' ', '"', '\'']);
        Some(rest.split(['"', '\'', ';', ' ', '>']).next().unwrap_or(rest).to_string())
    };
    let colour = value("bgcolor").or_else(|| value("background-color")).or_else(|| value("background"));
    let span = value("colspan").and_then(|n| n.parse().ok()).unwrap_or(1).clamp(1, MOST);
    (colour.or_else(|| value("class")).unwrap_or_default(), span)
}

/// Rows of cells as modules: the commoner look is one colour, the next the other.
fn two_looks(table: Vec<Vec<String>>) -> Option<Grid> {
    if table.len() < LEAST {
        return None;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    table.iter().flatten().for_each(|look| *counts.entry(look).or_default() += 1);
    let mut counts: Vec<(usize, &str)> = counts.into_iter().map(|(look, n)| (n, look)).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let (all, two) = (counts.iter().map(|c| c.0).sum::<usize>(), counts.iter().take(2).map(|c| c.0).sum::<usize>());
    let (_, dark) = counts.get(1).filter(|_| two * 10 >= all * 9)?;
    Some(table.iter().map(|row| row.iter().map(|look| look == dark).collect()).collect())
}

/// Pictures that the page carries in its own text.
fn pictures(page: &str) -> Vec<String> {
    let (mut found, mut left) = (Vec::new(), qr::SEARCHED);
    for at in memchr::memmem::find_iter(page.as_bytes(), "data:image/").take(GRIDS) {
        let rest = &page[at..];
        let end = rest.find(['"', '\'', ')', '>']).unwrap_or(rest.len());
        if let Some((_, data)) = rest[..end].split_once(";base64,").filter(|(kind, _)| kind.len() < 40) {
            found.extend(qr::codes(&transfer::base64(data.as_bytes(), BYTES).bytes, &mut left));
        }
    }
    found
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// `https://kiosque.example/a` as a code of 25 modules, a number for each row.
    const CODE: [u32; 25] = [
        0x1fddd7f, 0x1059541, 0x174385d, 0x175ee5d, 0x174775d, 0x104e941, 0x1fd557f, 0x001c300, 0x16e474b, 0x03ab822,
        0x01711e0, 0x1e91cbc, 0x0c4fed7, 0x0c3a3f1, 0x0b508d6, 0x15093b1, 0x07529ff, 0x0010315, 0x1fd0557, 0x1052710,
        0x174c5f9, 0x17520df, 0x1757056, 0x1043e14, 0x1fd78bf,
    ];

    /// A module of it.
    pub fn dark(x: usize, y: usize) -> bool {
        CODE.get(y).is_some_and(|row| x < 25 && row >> (24 - x) & 1 == 1)
    }

    fn drawings() -> [String; 4] {
        let half = |y: usize| {
            (0..25).map(move |x| match (dark(x, 2 * y), dark(x, 2 * y + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                _ => ' ',
            })
        };
        let halves: Vec<String> = (0..13).map(|y| half(y).collect()).collect();
        let wide: Vec<String> =
            (0..25).map(|y| (0..25).map(|x| if dark(x, y) { "  " } else { "██" }).collect()).collect();
        let cell = |x, y| format!("<td bgcolor='{}' width=4>", if dark(x, y) { "#000" } else { "#fff" });
        let row = |y| format!("<tr>{}</tr>", (0..25).map(|x| cell(x, y)).collect::<String>());
        let table = format!("<table><tr><td><table>{}</table></table>", (0..25).map(row).collect::<String>());
        let page = format!("<pre>{}</pre>", halves.join("<br>\n").replace(' ', "&nbsp;"));
        [halves.join("\n"), wide.join("\r\n"), table, page]
    }

    #[test]
    fn drawn_codes_are_read() {
        for (n, drawing) in drawings().iter().enumerate() {
            assert_eq!(codes(&format!("look\n\n{drawing}\n\nhere"), n > 1), ["https://kiosque.example/a"], "{n}");
        }
    }

    #[test]
    fn other_drawings_are_none() {
        assert!(codes(&"█".repeat(5_000), false).is_empty());
        assert!(codes(&format!("{}\n", "█▀ ".repeat(30)).repeat(5_000), false).is_empty());
        assert!(codes(&"<table><tr><td bgcolor=1><td bgcolor=2>".repeat(50_000), true).is_empty());
        assert!(codes(&"<table><tr>".repeat(100), true).is_empty());
        assert!(codes(&format!("<img src='data:image/png;base64,{}'>", "QUFB".repeat(1_000)), true).is_empty());
    }
}
