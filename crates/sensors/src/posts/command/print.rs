//! The network on standard output: CSV in the form that CooRTweet and the QUT toolkit use, JSON lines, GraphML, or the
//! heaviest edges as a table.

use super::arguments::Asked;
use super::cells;
use crate::command::Host;
use crate::posts::network::{Edge, Index, Network};
use model::{Lang, Result, Text, escape};
use serde_json::json;

/// Edges that the table shows.
const SHOWN: usize = 30;

/// Prints a network in the form asked for.
pub fn network(network: &Network, index: &Index, asked: &Asked, host: &mut dyn Host) -> Result<()> {
    if asked.csv {
        return csv(network, index, host);
    }
    if asked.graphml {
        return graphml(network, index, asked, host);
    }
    if host.wants_json() {
        let name = |rank| String::from_utf8_lossy(index.name(rank)).into_owned();
        return network.walk(<[Edge]>::to_vec, |edges| {
            edges.iter().try_for_each(|e| {
                host.json(
                    &json!({ "account_1": name(e.account_1), "account_2": name(e.account_2), "weight": e.weight }),
                )
            })
        });
    }
    table(network, index, host)
}

/// `account_1,account_2,weight`, in the order of both ids' bytes.
fn csv(network: &Network, index: &Index, host: &mut dyn Host) -> Result<()> {
    host.line("account_1,account_2,weight")?;
    let rows = |edges: &[Edge]| {
        let mut rows = Vec::with_capacity(edges.len() * 24);
        for edge in edges {
            cells::push(&mut rows, index.name(edge.account_1));
            rows.push(b',');
            cells::push(&mut rows, index.name(edge.account_2));
            rows.push(b',');
            cells::number(&mut rows, u64::from(edge.weight));
            rows.push(b'\n');
        }
        rows
    };
    network.walk(rows, |rows| host.write(&rows))
}

/// GraphML (graphml.graphdrawing.org): directed, the weight on each edge.
fn graphml(network: &Network, index: &Index, asked: &Asked, host: &mut dyn Host) -> Result<()> {
    host.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    host.line("<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">")?;
    host.line(" <key id=\"account\" for=\"node\" attr.name=\"account\" attr.type=\"string\"/>")?;
    host.line(" <key id=\"weight\" for=\"edge\" attr.name=\"weight\" attr.type=\"int\"/>")?;
    host.line(&format!(" <graph id=\"by-{}\" edgedefault=\"directed\">", asked.by))?;
    // Nodes are met as the edges pass: one byte an account.
    let mut met = vec![false; index.accounts.len()];
    network.walk(<[Edge]>::to_vec, |edges| -> Result<()> {
        for edge in edges {
            for rank in [edge.account_1, edge.account_2] {
                if !std::mem::replace(&mut met[rank as usize], true) {
                    let name = xml(&escape::visible_bytes(index.name(rank)));
                    host.line(&format!("  <node id=\"n{rank}\"><data key=\"account\">{name}</data></node>"))?;
                }
            }
            host.line(&format!(
                "  <edge source=\"n{}\" target=\"n{}\"><data key=\"weight\">{}</data></edge>",
                edge.account_1, edge.account_2, edge.weight
            ))?;
        }
        Ok(())
    })?;
    host.line(" </graph>\n</graphml>")
}

/// Text in XML.
fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The heaviest edges, and how many there are.
fn table(network: &Network, index: &Index, host: &mut dyn Host) -> Result<()> {
    let (mut count, mut heaviest) = (0, Vec::new());
    network.walk(<[Edge]>::to_vec, |edges| -> Result<()> {
        count += edges.len();
        heaviest.extend(edges);
        if heaviest.len() > 1 << 16 {
            cut(&mut heaviest);
        }
        Ok(())
    })?;
    cut(&mut heaviest);
    let name = |rank| escape::visible_bytes(index.name(rank)).chars().take(40).collect::<String>();
    let heads =
        if host.lang() == Lang::Fr { ("poids", "compte 1", "compte 2") } else { ("weight", "account 1", "account 2") };
    host.line(&format!("{:>8}  {:40}  {}", heads.0, heads.1, heads.2))?;
    for edge in &heaviest {
        host.line(&format!("{:8}  {:40}  {}", edge.weight, name(edge.account_1), name(edge.account_2)))?;
    }
    host.say(&Text::new(
        format!(
            "{count} edges among {} accounts and {} posts; the {} heaviest shown, all with --csv",
            index.accounts.len(),
            index.shares.len(),
            heaviest.len()
        ),
        format!(
            "{count} liens entre {} comptes pour {} publications ; les {} plus forts sont montrés, tous avec --csv",
            index.accounts.len(),
            index.shares.len(),
            heaviest.len()
        ),
    ));
    Ok(())
}

fn cut(edges: &mut Vec<Edge>) {
    edges.sort_unstable_by_key(|e| (std::cmp::Reverse(e.weight), e.account_1, e.account_2));
    edges.truncate(SHOWN);
}
