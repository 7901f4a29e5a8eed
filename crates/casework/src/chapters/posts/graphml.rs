//! The groups' network as GraphML (Brandes et al., *GraphML progress report*, 2002): what Gephi, igraph and networkx
//! open. A node is an account, an edge what two did together. Text of evidence is escaped, and characters that XML 1.0
//! has no place for are left out.

use super::Group;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Keys: id, of what, name, type.
const KEYS: [(&str, &str, &str, &str); 10] = [
    ("account", "node", "account", "string"),
    ("label", "node", "label", "string"),
    ("posts", "node", "posts", "long"),
    ("created", "node", "created", "string"),
    ("groups", "node", "groups", "string"),
    ("first", "node", "first_mover", "boolean"),
    ("weight", "edge", "weight", "double"),
    ("p", "edge", "p", "double"),
    ("by", "edge", "by", "string"),
    ("group", "edge", "group", "string"),
];

/// The network of groups.
pub fn graphml(groups: &[Group]) -> String {
    let mut nodes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (g, group) in groups.iter().enumerate() {
        group.row.members.iter().for_each(|m| nodes.entry(&m.account).or_default().push(g));
    }
    let number: BTreeMap<&str, usize> = nodes.keys().enumerate().map(|(i, account)| (*account, i)).collect();
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
    );
    for (id, of, name, kind) in KEYS {
        let _ = writeln!(out, "  <key id=\"{id}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>");
    }
    out.push_str("  <graph id=\"coordination\" edgedefault=\"undirected\">\n");
    for (account, of) in &nodes {
        let members = of.iter().filter_map(|g| groups[*g].row.member(account));
        let posts = members.clone().map(|m| m.posts).max().unwrap_or(0);
        let created = members.clone().find_map(|m| m.created).map_or_else(String::new, |t| t.to_string());
        let label = members.clone().map(|m| m.label()).next().unwrap_or(account);
        let first = of.iter().any(|g| groups[*g].row.first_mover.as_deref() == Some(*account));
        let ids: Vec<String> = of.iter().map(|g| groups[*g].finding.id()).collect();
        let _ = write!(out, "    <node id=\"n{}\">", number[account]);
        for (key, value) in [
            ("account", xml(account)),
            ("label", xml(label)),
            ("posts", posts.to_string()),
            ("created", created),
            ("groups", ids.join(" ")),
            ("first", first.to_string()),
        ] {
            let _ = write!(out, "<data key=\"{key}\">{value}</data>");
        }
        out.push_str("</node>\n");
    }
    for Group { finding, row } in groups {
        let by: Vec<&str> = row.by.iter().map(|b| b.as_str()).collect();
        let (by, id) = (by.join(" "), finding.id());
        for (a, b, weight, p) in row.pairs() {
            let [from, to] = [a, b].map(|m| number[row.members[m].account.as_str()]);
            let _ = writeln!(
                out,
                "    <edge source=\"n{from}\" target=\"n{to}\"><data key=\"weight\">{weight}</data><data key=\"p\">{p:e}</data>\
                 <data key=\"by\">{by}</data><data key=\"group\">{id}</data></edge>"
            );
        }
    }
    out.push_str("  </graph>\n</graphml>\n");
    out
}

/// XML 1.0, 2.2 and 2.4.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().take(500) {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            // XML 1.0 has no place for C0; what else could move a cursor or turn letters round is a reference, which says
            // the same.
            '\0'..='\u{1f}' => {}
            c if model::escape::dangerous(c) => drop(write!(out, "&#x{:x};", c as u32)),
            c => out.push(c),
        }
    }
    out
}
