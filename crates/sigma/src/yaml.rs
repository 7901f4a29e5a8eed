//! YAML as Sigma rules are written in it, within bounds. Plain words are read by the core schema of YAML 1.2.

use saphyr_parser::{Event, Parser, ScalarStyle};
use std::collections::{HashMap, HashSet};

/// Bytes of one file.
const LONGEST: usize = 1 << 20;
/// Levels of lists and maps.
const DEEP: usize = 32;
/// Values of one file, those that aliases stand for included; a long text is as much as several.
const NODES: usize = 100_000;
/// Bytes of text that are as much as a value.
const TEXT: usize = 64;

/// A value.
#[derive(Clone, PartialEq, Debug)]
pub enum Node {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in order; keys as text.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// What stands under a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match self {
            Node::Map(all) => all.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// As text: words and numbers too.
    pub fn text(&self) -> Option<String> {
        match self {
            Node::Text(text) | Node::Number(text) => Some(text.clone()),
            Node::Bool(yes) => Some(yes.to_string()),
            _ => None,
        }
    }

    /// The text under a key.
    pub fn word(&self, key: &str) -> Option<String> {
        self.get(key).and_then(Node::text)
    }

    /// How many values it is, itself included.
    pub fn size(&self) -> usize {
        1 + match self {
            Node::List(all) => all.iter().map(Node::size).sum(),
            Node::Map(all) => all.iter().map(|(key, value)| key.len() / TEXT + value.size()).sum(),
            other => own(other),
        }
    }

    /// The texts of a list, or the one text that stands for it.
    pub fn words(&self) -> Vec<String> {
        match self {
            Node::List(all) => all.iter().filter_map(Node::text).collect(),
            other => other.text().into_iter().collect(),
        }
    }
}

/// A list or a map that is open.
struct Open {
    anchor: usize,
    is_map: bool,
    list: Vec<Node>,
}

/// Reads all documents of a text.
pub fn read(text: &str) -> Result<Vec<Node>, String> {
    if text.len() > LONGEST {
        return Err("longer than 1 MiB".into());
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut parser = Parser::new_from_str(text);
    let mut documents = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut anchors: HashMap<usize, (Node, usize)> = HashMap::new();
    let mut nodes = 0usize;
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|e| format!("no YAML: {e}"))?;
        let line = span.start.line();
        let (node, anchor) = match event {
            Event::StreamEnd => break,
            Event::DocumentStart(_) => {
                anchors.clear();
                continue;
            }
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) if open.len() >= DEEP => {
                let _ = anchor;
                return Err(format!("line {line}: nested deeper than {DEEP} levels"));
            }
            Event::SequenceStart(anchor, _) => {
                open.push(Open { anchor, is_map: false, list: Vec::new() });
                continue;
            }
            Event::MappingStart(anchor, _) => {
                open.push(Open { anchor, is_map: true, list: Vec::new() });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(done) = open.pop() else { return Err(format!("line {line}: no YAML")) };
                (close(done.is_map, done.list).map_err(|e| format!("line {line}: {e}"))?, done.anchor)
            }
            Event::Scalar(value, style, anchor, _) => {
                let node = match style {
                    ScalarStyle::Plain => plain(&value),
                    _ => Node::Text(value.into_owned()),
                };
                (node, anchor)
            }
            Event::Alias(anchor) => {
                let Some((node, size)) = anchors.get(&anchor) else {
                    return Err(format!("line {line}: an alias of something that encloses it"));
                };
                nodes += size;
                if nodes > NODES {
                    return Err(format!("line {line}: more than {NODES} values, with what aliases stand for"));
                }
                (node.clone(), 0)
            }
            _ => continue,
        };
        nodes += 1 + own(&node);
        if nodes > NODES {
            return Err(format!("line {line}: more than {NODES} values, with what aliases stand for"));
        }
        if anchor != 0 {
            let size = node.size();
            anchors.insert(anchor, (node.clone(), size));
            nodes += size;
        }
        match open.last_mut() {
            Some(parent) => parent.list.push(node),
            None => documents.push(node),
        }
    }
    Ok(documents)
}

fn close(is_map: bool, list: Vec<Node>) -> Result<Node, String> {
    if !is_map {
        return Ok(Node::List(list));
    }
    let mut all: Vec<(String, Node)> = Vec::with_capacity(list.len() / 2);
    let mut keys: HashSet<String> = HashSet::new();
    let mut merged: Vec<(String, Node)> = Vec::new();
    let mut list = list.into_iter();
    while let (Some(key), Some(value)) = (list.next(), list.next()) {
        let key = match key {
            Node::Null => String::new(),
            key => key.text().ok_or("a key that is no text")?,
        };
        // Merged keys (`<<`) are the old YAML's; what stands in the map itself counts first.
        if key == "<<"
            && let Node::Map(inner) = value
        {
            merged.extend(inner);
            continue;
        }
        if !keys.insert(key.clone()) {
            return Err(format!("the key `{key}` stands twice"));
        }
        all.push((key, value));
    }
    all.extend(merged.into_iter().filter(|(key, _)| keys.insert(key.clone())));
    Ok(Node::Map(all))
}

/// What a value's own text is as much as.
fn own(node: &Node) -> usize {
    match node {
        Node::Number(text) | Node::Text(text) => text.len() / TEXT,
        _ => 0,
    }
}

fn plain(text: &str) -> Node {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Node::Null,
        "true" | "True" | "TRUE" => Node::Bool(true),
        "false" | "False" | "FALSE" => Node::Bool(false),
        text if is_number(text) => Node::Number(text.into()),
        text => Node::Text(text.into()),
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') && digits.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_nothing() {
        let all = read("a: null\nb: ''\nc: 4688\nd: 'x: y'\ne: [true, ~]\n---\nf: |\n  two\n  lines\n").expect("YAML");
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].get("a"), Some(&Node::Null));
        assert_eq!(all[0].get("b"), Some(&Node::Text(String::new())));
        assert_eq!(all[0].get("c"), Some(&Node::Number("4688".into())));
        assert_eq!(all[0].get("e"), Some(&Node::List(vec![Node::Bool(true), Node::Null])));
        assert_eq!(all[1].word("f").as_deref(), Some("two\nlines\n"));
    }

    #[test]
    fn what_grows_without_end_is_refused() {
        let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for n in 1..12 {
            let before = vec![format!("*a{}", n - 1); 9].join(",");
            bomb.push_str(&format!("a{n}: &a{n} [{before}]\n"));
        }
        assert!(read(&bomb).expect_err("a bomb").contains("more than"));
        assert!(read(&"[".repeat(10_000)).is_err());
        assert!(read(&format!("a: {}", "- ".repeat(10_000))).is_err());
        assert!(read(&"x".repeat(2 << 20)).is_err());
        assert!(read("a: &a [*a]").is_err());
        // One long text, thousands of times.
        let long = format!("a: &a '{}'\nb: [{}]", "x".repeat(500_000), vec!["*a"; 50_000].join(","));
        assert!(read(&long).expect_err("a bomb").contains("more than"));
        // Many keys, which are compared with one another.
        let keys: String = (0..40_000).map(|n| format!("k{n}: 1\n")).collect();
        assert!(read(&keys).is_ok());
        let own = read("base: &b {level: low, x: 1}\nrule:\n  <<: *b\n  level: high").expect("YAML");
        assert_eq!(own[0].get("rule").and_then(|r| r.word("level")).as_deref(), Some("high"));
        assert_eq!(own[0].get("rule").and_then(|r| r.word("x")).as_deref(), Some("1"));
        assert!(read("a: 1\na: 2").expect_err("twice").contains("twice"));
    }
}
