//! Sections bound into pages. The brief's first page carries what a council reads; long tables, the ledger and the registers
//! are pages of their own beside it, each self-contained. You may rely on: a chapter writes `#anchor` and need not know on
//! which page it stands; every such link leads somewhere, and where what it names is not told it is no link. All this works
//! on our own markup: text of evidence is escaped in it and cannot look like an attribute. Left out: what sections say.

use super::{BRIEF, Leaf, Page, SCRIPT, Section, findings};
use maud::{Markup, PreEscaped, html};
use std::collections::{BTreeMap, BTreeSet};

/// A page, whole.
pub struct Bound {
    /// Its file in `brief/`.
    pub file: &'static str,
    /// Its HTML.
    pub html: String,
}

/// Where what is told stands: the file of each anchor.
pub struct Anchors(BTreeMap<String, &'static str>);

impl Anchors {
    /// The way from one page to what an anchor names, where that is told.
    pub fn way(&self, from: &str, anchor: &str) -> Option<String> {
        let file = *self.0.get(anchor)?;
        Some(if file == from { format!("#{anchor}") } else { format!("{file}#{anchor}") })
    }
}

/// Binds sections, given in the order in which they stand, into pages: the first is the brief itself.
pub fn bind(page: &Page, sections: Vec<Section>) -> (Vec<Bound>, Anchors) {
    let mut leaves: Vec<(Leaf, Vec<Section>)> = vec![(BRIEF, Vec::new())];
    for section in sections {
        match leaves.iter_mut().find(|(leaf, _)| leaf.file == section.leaf.file) {
            Some((_, list)) => list.push(section),
            None => leaves.push((section.leaf, vec![section])),
        }
    }
    let all: Vec<Leaf> = leaves.iter().map(|(leaf, _)| *leaf).chain([findings::LEAF]).collect();
    let mut pages: Vec<Bound> = leaves
        .into_iter()
        .map(|(leaf, sections)| Bound { file: leaf.file, html: one(page, leaf, &all, &sections).into_string() })
        .collect();
    let mut anchors = BTreeMap::new();
    for bound in &pages {
        for id in attributes(&bound.html, "id") {
            anchors.entry(id.to_string()).or_insert(bound.file);
        }
    }
    let anchors = Anchors(anchors);
    for bound in &mut pages {
        bound.html = joined(&bound.html, bound.file, &anchors);
    }
    (pages, anchors)
}

/// The values of an attribute.
fn attributes<'h>(html: &'h str, name: &str) -> impl Iterator<Item = &'h str> {
    let start = format!(" {name}=\"");
    let starts: Vec<usize> = html.match_indices(&start).map(|(at, _)| at + start.len()).collect();
    starts.into_iter().filter_map(|at| html[at..].split_once('"').map(|(value, _)| value))
}

/// The page with every `#anchor` made a way to where that stands.
fn joined(html: &str, file: &str, anchors: &Anchors) -> String {
    let own: BTreeSet<&str> = attributes(html, "id").collect();
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(" href=\"#") {
        out += before;
        let Some((anchor, after)) = after.split_once('"') else { break };
        if own.contains(anchor) {
            out += &format!(" href=\"#{anchor}\"");
        } else if let Some(way) = anchors.way(file, anchor) {
            out += &format!(" href=\"{way}\"");
        }
        rest = after;
    }
    out + rest
}

/// One page: its head, the way back, its contents, its sections.
fn one(page: &Page, leaf: Leaf, all: &[Leaf], sections: &[Section]) -> Markup {
    let (covers, rest): (Vec<&Section>, Vec<&Section>) = sections.iter().partition(|s| s.cover);
    let rest: Vec<(&Section, Headed)> = rest.into_iter().map(|s| (s, Headed::of(s))).collect();
    let others = all.iter().filter(|l| l.file != leaf.file && l.file != BRIEF.file);
    let body = html! {
        @for section in covers { section.sheet id=(section.id) { (section.markup) } }
        nav id="contents" aria-labelledby="contents-h" {
            h2 id="contents-h" { (page.say("Contents", "Sommaire")) }
            ol { @for (section, headed) in &rest { li {
                a href=(format!("#{}", section.id)) { (page.words.pair(section.title)) }
                @if headed.heads.len() > 1 { ol { @for (id, text) in headed.heads.iter().take(HEADS) {
                    li { a href=(format!("#{id}")) { (PreEscaped(text)) } }
                } } }
            } } }
            @if leaf.file == BRIEF.file { ul.leaves { @for other in others {
                li { a href=(other.file) { (page.words.pair(other.title)) } }
            } } }
        }
        @for (section, headed) in &rest {
            section id=(section.id) aria-labelledby=(format!("{}-h", section.id)) {
                h2 id=(format!("{}-h", section.id)) { (page.words.pair(section.title)) }
                p.up { a href="#contents" { (page.say("Contents ↑", "Sommaire ↑")) } }
                (PreEscaped(&headed.html))
            }
        }
    };
    page.frame(leaf, &body, SCRIPT)
}

/// Sub-headings of one section that the contents list.
const HEADS: usize = 16;

/// A section whose sub-headings have anchors.
struct Headed {
    html: String,
    /// Anchor, and words without markup.
    heads: Vec<(String, String)>,
}

impl Headed {
    fn of(section: &Section) -> Headed {
        let mut parts = section.markup.0.split("<h3>");
        let mut html = parts.next().unwrap_or_default().to_string();
        let mut heads = Vec::new();
        for (n, part) in parts.enumerate() {
            let id = format!("{}-{}", section.id, n + 1);
            let (head, _) = part.split_once("</h3>").unwrap_or((part, ""));
            html += &format!("<h3 id=\"{id}\">{part}");
            heads.push((id, bare(head)));
        }
        Headed { html, heads }
    }
}

/// The text of markup: what stands between tags, as it is escaped there.
pub fn bare(markup: &str) -> String {
    markup
        .split('<')
        .enumerate()
        .map(|(n, p)| if n == 0 { p } else { p.split_once('>').map_or("", |(_, t)| t) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_page_that_tells_it_or_is_none() {
        let anchors = Anchors(BTreeMap::from([("a".into(), "index.html"), ("b".into(), "ledger.html")]));
        let page = r##"<p id="a"><a href="#a">1</a> <a href="#b">2</a> <a href="#c">3</a> <a href="x.csv">4</a>"##;
        let bound = r##"<p id="a"><a href="#a">1</a> <a href="ledger.html#b">2</a> <a>3</a> <a href="x.csv">4</a>"##;
        assert_eq!(joined(page, "index.html", &anchors), bound);
        assert_eq!(bare("Group 1 – <code>a&lt;b</code> x"), "Group 1 – a&lt;b x");
    }
}
