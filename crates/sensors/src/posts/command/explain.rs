//! `--explain-window`: what the choice of the window does. The same network over windows from 10 seconds to a day.

use super::arguments::Asked;
use super::{cells, span};
use crate::command::Host;
use crate::posts::network::{Clock, Edge, Index, Network, Options};
use crate::posts::shares::Shares;
use model::{Lang, Result};
use serde_json::json;

/// Seconds of the windows that are tried besides the one asked for.
const WINDOWS: [i64; 10] = [10, 30, 60, 120, 300, 900, 3600, 3 * 3600, 12 * 3600, 24 * 3600];

/// What one window gives.
struct Seen {
    window: i64,
    edges: u64,
    accounts: u64,
    components: u64,
    largest: u64,
    /// Undirected pairs that were there at the window before.
    kept: u64,
    pairs: u64,
}

/// Prints a row for each window.
pub fn windows(shares: &Shares, asked: &Asked, options: Options, host: &mut dyn Host) -> Result<()> {
    let mut windows: Vec<i64> = WINDOWS.iter().map(|s| s * 1_000_000).chain([asked.window]).collect();
    windows.sort_unstable();
    windows.dedup();
    let heads = match host.lang() {
        Lang::En => ["window", "edges", "pairs", "kept", "accounts", "components", "largest"],
        Lang::Fr => ["fenêtre", "liens", "paires", "gardées", "comptes", "composantes", "la plus grande"],
    };
    if asked.csv {
        host.line("window_seconds,edges,pairs,kept,accounts,components,largest")?;
    } else if !host.wants_json() {
        host.line(&heads.map(|h| format!("{h:>14}")).concat())?;
    }
    let mut before: Vec<(u32, u32)> = Vec::new();
    for window in windows {
        let index = Index::new(shares, Clock::of(window), asked.max_fanout);
        let network = Network::new(&index, Options { window, loops: false, ..options });
        let seen = look(&network, &index, &mut before)?;
        let Seen { edges, accounts, components, largest, kept, pairs, .. } = seen;
        let counts = [edges, pairs, kept, accounts, components, largest];
        if asked.csv {
            let mut row = format!("{},", window as f64 / 1e6).into_bytes();
            for (n, count) in counts.into_iter().enumerate() {
                if n > 0 {
                    row.push(b',');
                }
                cells::number(&mut row, count);
            }
            row.push(b'\n');
            host.write(&row)?;
        } else if host.wants_json() {
            host.json(&json!({ "window": window as f64 / 1e6, "edges": edges, "pairs": pairs, "kept": kept,
                "accounts": accounts, "components": components, "largest": largest }))?;
        } else {
            let mark = if seen.window == asked.window { "*" } else { " " };
            host.line(&format!(
                "{:>13}{mark}{}",
                span(window, host.lang()),
                counts.map(|c| format!("{c:>14}")).concat()
            ))?;
        }
    }
    Ok(())
}

fn look(network: &Network, index: &Index, before: &mut Vec<(u32, u32)>) -> Result<Seen> {
    let mut sets: Vec<u32> = (0..index.accounts.len() as u32).collect();
    let mut met = vec![false; sets.len()];
    let (mut edges, mut pairs) = (0, Vec::new());
    network.walk(<[Edge]>::to_vec, |found| -> Result<()> {
        edges += found.len() as u64;
        for e in found {
            let (a, b) = (e.account_1.min(e.account_2), e.account_1.max(e.account_2));
            pairs.push((a, b));
            (met[a as usize], met[b as usize]) = (true, true);
            let (a, b) = (root(&mut sets, a), root(&mut sets, b));
            sets[a.max(b) as usize] = a.min(b);
        }
        Ok(())
    })?;
    pairs.sort_unstable();
    pairs.dedup();
    let kept = before.iter().filter(|p| pairs.binary_search(p).is_ok()).count() as u64;
    let mut sizes = vec![0u64; sets.len()];
    for account in (0..sets.len() as u32).filter(|a| met[*a as usize]) {
        sizes[root(&mut sets, account) as usize] += 1;
    }
    let seen = Seen {
        window: network.options().window,
        edges,
        accounts: met.iter().filter(|m| **m).count() as u64,
        components: sizes.iter().filter(|s| **s > 0).count() as u64,
        largest: sizes.iter().copied().max().unwrap_or(0),
        kept,
        pairs: pairs.len() as u64,
    };
    *before = pairs;
    Ok(seen)
}

/// The representative of a set, the way there halved.
fn root(sets: &mut [u32], mut at: u32) -> u32 {
    while sets[at as usize] != at {
        let up = sets[sets[at as usize] as usize];
        sets[at as usize] = up;
        at = up;
    }
    at
}
