//! The case as a graph in GraphML: what stands in the bundle as nodes, what relates them as edges. You may rely on: text of
//! evidence is escaped, and characters that XML 1.0 has no place for are left out.

use super::{Order, stix};
use model::{Result, View};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The graph.
pub fn graphml(view: &dyn View, order: &Order) -> Result<String> {
    let bundle = stix::bundle(view, order, true)?;
    let objects = bundle["objects"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |o: &Value, key: &str| o[key].as_str().unwrap_or_default().to_string();
    let is_node = |o: &Value| {
        !matches!(
            o["type"].as_str(),
            Some("relationship" | "sighting" | "report" | "marking-definition" | "extension-definition")
        )
    };
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
    );
    for (id, of) in [
        ("type", "node"),
        ("label", "node"),
        ("stix", "node"),
        ("first", "node"),
        ("relation", "edge"),
        ("since", "edge"),
    ] {
        let _ = writeln!(out, "  <key id=\"{id}\" for=\"{of}\" attr.name=\"{id}\" attr.type=\"string\"/>");
    }
    out.push_str("  <graph id=\"case\" edgedefault=\"directed\">\n");
    for object in objects.iter().filter(|o| is_node(o)) {
        let n = numbers.len();
        numbers.insert(text(object, "id"), n);
        let label = ["name", "abstract", "value", "url", "account_login", "number"]
            .into_iter()
            .map(|key| match &object[key] {
                Value::String(s) => s.clone(),
                Value::Number(n) => n.to_string(),
                _ => String::new(),
            })
            .find(|l| !l.is_empty())
            .unwrap_or_else(|| text(object, "id"));
        let first =
            ["first_seen", "first_observed", "start_time"].into_iter().map(|k| text(object, k)).find(|t| !t.is_empty());
        let _ = writeln!(out, "    <node id=\"n{n}\">");
        for (key, value) in [
            ("type", text(object, "type")),
            ("label", label),
            ("stix", text(object, "id")),
            ("first", first.unwrap_or_default()),
        ] {
            let _ = writeln!(out, "      <data key=\"{key}\">{}</data>", escaped(&value));
        }
        out.push_str("    </node>\n");
    }
    let mut edges: Vec<(usize, usize, String, String)> = Vec::new();
    for object in objects {
        let at = |id: &str| numbers.get(id).copied();
        match object["type"].as_str() {
            Some("relationship") => {
                if let (Some(a), Some(b)) = (at(&text(object, "source_ref")), at(&text(object, "target_ref"))) {
                    edges.push((a, b, text(object, "relationship_type"), text(object, "start_time")));
                }
            }
            Some("note" | "observed-data") => {
                let from = at(&text(object, "id"));
                let verb = if object["type"] == "note" { "about" } else { "observed" };
                let to = object["object_refs"].as_array().into_iter().flatten().filter_map(|r| at(r.as_str()?));
                edges.extend(to.filter_map(|b| Some((from?, b, verb.to_string(), String::new()))));
            }
            _ => {}
        }
    }
    for (a, b, verb, since) in edges {
        let _ =
            write!(out, "    <edge source=\"n{a}\" target=\"n{b}\"><data key=\"relation\">{}</data>", escaped(&verb));
        let _ = writeln!(out, "<data key=\"since\">{}</data></edge>", escaped(&since));
    }
    out.push_str("  </graph>\n</graphml>\n");
    Ok(out)
}

fn escaped(text: &str) -> String {
    let fit =
        |c: &char| matches!(c, '\t' | '\n') || *c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{7f}'..='\u{9f}');
    let mut out = String::new();
    for c in text.chars().filter(fit).take(500) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
