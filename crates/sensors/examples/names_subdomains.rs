//! Look-alikes left of the registrable domain: how many phishing hosts that carry a brand there reach *medium*, and how many
//! ordinary hosts do. Protected are the brands of `names/lists.rs` whose label has six letters or more.
//!
//!     cargo run --release -p sensors --example names_subdomains -- PHISHING ORDINARY [-v]
//!
//! Both are lists of hosts. The half whose hash is odd is held back.

use knowledge::names::Names;
use model::Protect;
use sensors::names::kernel::{Judge, Scratch};

#[allow(dead_code)] // another example uses the rest
#[path = "names/lists.rs"]
mod lists;
use lists::{is_odd, label};

const BRANDS: &str = "paypal.com netflix.com amazon.com icloud.com microsoft.com outlook.com office365.com onedrive.com \
    sharepoint.com google.com facebook.com instagram.com whatsapp.com twitter.com dropbox.com linkedin.com yandex.ru \
    telegram.org hotmail.com roblox.com robinhood.com santander.com sparkasse.de steamcommunity.com trezor.io \
    uniswap.org trustwallet.com tiktok.com snapchat.com wellsfargo.com xfinity.com twitch.tv shopee.com shopify.com \
    spotify.com swisspost.ch telekom.de telstra.com t-mobile.com vodafone.com walmart.com zimbra.com creditagricole.fr \
    leboncoin.fr laposte.fr cloudflare.com metamask.io coinbase.com rakuten.co.jp smbc-card.com mercari.com";

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let verbose = args.iter().any(|a| a == "-v");
    args.retain(|a| a != "-v");
    let [phishing, ordinary] = &args[..] else { return eprintln!("two lists of hosts are needed") };
    let list = |path: &str| -> Vec<String> {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.lines().map(|l| l.trim().to_lowercase()).filter(|l| l.contains('.')).collect()
    };
    let data = Names::embedded();
    let judge = Judge::new(&Protect::of_domains(BRANDS.split_whitespace()), &data);
    let mut scratch = Scratch::default();
    let brands: Vec<(&str, String)> = BRANDS.split_whitespace().map(|d| (d, label(d).to_string())).collect();
    let own = |host: &str| brands.iter().any(|(d, _)| host == *d || host.ends_with(&format!(".{d}")));
    let near = |a: &str, b: &str| a != b && a.len().abs_diff(b.len()) <= 1 && edits(a.as_bytes(), b.as_bytes());
    // How the brand stands in the labels left of the domain.
    let kinds = ["whole domain as prefix", "inside a label", "one edit in a label", "label alone"];
    let kind = |host: &str| -> Option<usize> {
        let domain = knowledge::suffixes::registrable(host)?;
        let left = host.strip_suffix(domain)?.trim_end_matches('.');
        let labels: Vec<&str> = left.split('.').filter(|l| !l.is_empty()).collect();
        brands.iter().find_map(|(d, b)| {
            let whole = host.starts_with(&format!("{d}.")) || left.contains(&format!(".{d}"));
            let alone = labels.iter().any(|l| l == b);
            let within = b.len() >= 8 && labels.iter().any(|l| l.contains(b.as_str()))
                || labels.iter().any(|l| l.split('-').any(|t| t == b));
            let edit = labels.iter().any(|l| near(l, b));
            if whole {
                Some(0)
            } else if alone {
                Some(3)
            } else if within {
                Some(1)
            } else if edit {
                Some(2)
            } else {
                None
            }
        })
    };
    let mut rows = [[[0usize; 2]; 2]; 4];
    for host in list(phishing).iter().filter(|h| !own(h)) {
        let Some(kind) = kind(host) else { continue };
        let score = judge.judge(host.as_bytes(), &mut scratch).map_or(0, |j| j.score);
        let row = &mut rows[kind][usize::from(is_odd(host))];
        row[0] += usize::from(score >= 60);
        row[1] += 1;
        if verbose && score < 60 && !is_odd(host) {
            println!("missed {score} {} {host}", kinds[kind]);
        }
    }
    let mut all = [[0usize; 2]; 2];
    for (name, row) in kinds.iter().zip(&rows) {
        println!("{name}: {} of {}, held back {} of {}", row[0][0], row[0][1], row[1][0], row[1][1]);
        (0..2).for_each(|h| (0..2).for_each(|i| all[h][i] += row[h][i]));
    }
    let share = |[n, of]: [usize; 2]| format!("{n} of {of} ({:.1} %)", 100.0 * n as f64 / of.max(1) as f64);
    println!("all at medium: {}, held back {}", share(all[0]), share(all[1]));
    let hosts = list(ordinary);
    let mut wrong: Vec<(u8, String)> = Vec::new();
    let honest = hosts.iter().filter(|h| !own(h)).inspect(|h| {
        wrong.extend(judge.judge(h.as_bytes(), &mut scratch).filter(|j| j.score >= 60).map(|j| (j.score, j.name)));
    });
    let honest = honest.count();
    println!(
        "ordinary hosts at medium: {} of {honest} ({:.3} %)",
        wrong.len(),
        100.0 * wrong.len() as f64 / honest.max(1) as f64
    );
    if verbose {
        wrong.iter().for_each(|(s, n)| println!("wrong {s} {n}"));
    }
}

/// Whether one edit (Damerau) leads from one to the other.
fn edits(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a.len(), b.len()) {
        (n, m) if n == m => a[1..] == b[1..] || (n >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..]),
        (n, m) if n == m + 1 => a[1..] == *b,
        (n, m) if n + 1 == m => *a == b[1..],
        _ => false,
    }
}
