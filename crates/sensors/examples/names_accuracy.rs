//! Accuracy of the names' judgement, without indicators and without any list of popular or allowed sites:
//! `cargo run --release -p sensors --example names_accuracy [shared/data/names] [-v]`.
//!
//! Positives are derived, not written down: names of known operations and phishing lists whose target can be told
//! from the name (a label is the target's, is one edit from it, or holds it), which the judge has no part in.
//! The half whose FNV-1a hash is odd is held back: scores were set on the even half only.

use knowledge::names::Names;
use model::Protect;
use sensors::names::kernel::{Judge, Scratch};
use std::collections::BTreeSet;
use std::path::PathBuf;

#[path = "names/lists.rs"]
mod lists;
use lists::{OUTLETS, is_odd, label, list, read};

/// Services whose users phishing lists and Sednit's decoys are after.
const BRANDS: &str = "paypal.com netflix.com amazon.com apple.com icloud.com microsoft.com outlook.com office365.com \
    onedrive.com sharepoint.com google.com gmail.com yahoo.com facebook.com instagram.com whatsapp.com twitter.com \
    dropbox.com linkedin.com yandex.ru mail.ru ukr.net telegram.org hotmail.com adobe.com symantec.com aljazeera.net \
    roblox.com robinhood.com santander.com sparkasse.de steamcommunity.com trezor.io uniswap.org trustwallet.com \
    tiktok.com snapchat.com usps.com ups.com wellsfargo.com xfinity.com twitch.tv shopee.com shopify.com \
    spotify.com suncoast.com swisspost.ch telekom.de telstra.com t-mobile.com vodafone.com walmart.com zimbra.com \
    creditagricole.fr leboncoin.fr laposte.fr ameli.fr osce.org nato.int hushmail.com intel.com northropgrumman.com \
    academi.com unicef.org europa.eu eurosatory.com windows.com cloudflare.com akamai.com metamask.io coinbase.com";

/// Whether two texts are one edit (Damerau) apart or equal.
fn one_edit(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a.len(), b.len()) {
        (0, 0) => true,
        (n, m) if n == m => a[1..] == b[1..] || (n >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..]),
        (n, m) if n == m + 1 => a[1..] == *b,
        (n, m) if n + 1 == m => *a == b[1..],
        _ => false,
    }
}

/// Whether the target can be told from the name: what no judge had a part in.
fn told(name: &str, targets: &[(String, String)], near: bool) -> bool {
    targets.iter().any(|(domain, label)| {
        let own = name == domain || name.ends_with(&format!(".{domain}"));
        let bare = label.replace('-', "");
        !own && knowledge::suffixes::registrable(name).is_some_and(|registrable| {
            let first = registrable.split('.').next().unwrap_or("");
            let seen = first.replace('-', "");
            registrable.split('.').next() == Some(label)
                || (bare.len() >= 6 && one_edit(seen.as_bytes(), bare.as_bytes()))
                || (!near && bare.len() >= 6 && first.split('-').any(|t| t == label))
                || (!near && bare.len() >= 8 && seen.contains(&bare))
        })
    })
}

fn targets(list: &str) -> Vec<(String, String)> {
    list.split_whitespace().map(|d| (d.to_string(), label(d).to_string())).collect()
}

fn main() {
    let mut verbose = false;
    let mut root = PathBuf::from("../shared/data/names");
    for arg in std::env::args().skip(1) {
        if arg == "-v" { verbose = true } else { root = PathBuf::from(arg) }
    }
    let data = Names::embedded();
    let judge = |domains: &str| Judge::new(&Protect::of_domains(domains.split_whitespace()), &data);
    let mut scratch = Scratch::default();
    let top = list(&root, "tranco10k");
    let others: Vec<String> = [list(&root, "university_domains"), list(&root, "bank-website")].concat();

    println!("the five of 2017, protecting en-marche.fr");
    let one = judge("en-marche.fr");
    for name in [
        "onedrive-en-marche.fr",
        "mail-en-marche.fr",
        "portal-office.fr",
        "accounts-office.fr",
        "en-marche.co",
        "en-marche-nordique.fr",
    ] {
        let j = one.judge(name.as_bytes(), &mut scratch);
        println!("  {name:24} {}", j.map_or("-".into(), |j| format!("{} {:?} {}", j.score, j.techniques, j.imitates)));
    }
    let flagged: Vec<_> =
        top.iter().filter_map(|n| one.judge(n.as_bytes(), &mut scratch)).filter(|j| j.score >= 60).collect();
    let high = flagged.iter().filter(|j| j.score >= 80).count();
    println!("top 10k: {} at medium or above, {high} at high", flagged.len());
    flagged.iter().for_each(|j| println!("  {} {} {:?} {}", j.score, j.name, j.techniques, j.imitates));

    let dima = read(&root, "dima-influence-networks/domains.csv");
    let operations: BTreeSet<String> =
        dima.lines().skip(1).filter_map(|l| l.split(',').nth(1)).map(String::from).collect();
    let mut lists: BTreeSet<String> = BTreeSet::new();
    let sofacy = read(&root, "maltrail/apt_sofacy_indicators.csv");
    lists.extend(
        sofacy
            .lines()
            .filter(|l| l.split(',').nth(1) == Some("domain"))
            .filter_map(|l| l.split([',', ' ']).next())
            .map(String::from),
    );
    for path in [
        "maltrail/malware/apt_coldriver.txt",
        "phishing-database/phishing-domains-ACTIVE/phishing-domains-ACTIVE2.txt",
        "blocklist-fr/hosts/phishing.txt",
    ] {
        lists.extend(
            read(&root, path)
                .lines()
                .map(|l| l.trim_start_matches("0.0.0.0 ").split(['#', '/']).next().unwrap_or("").trim().to_lowercase())
                .filter(|l| l.contains('.')),
        );
    }
    for (title, protected, positives) in [
        ("operations", OUTLETS.to_string(), &operations),
        ("phishing", BRANDS.to_string(), &lists),
        ("both", format!("{OUTLETS} {BRANDS}"), &lists),
    ] {
        let targets = targets(&protected);
        let judge = judge(&protected);
        let known: Vec<&String> = positives.iter().filter(|n| told(n, &targets, false)).collect();
        let mut score = |n: &str| judge.judge(n.as_bytes(), &mut scratch);
        println!("\n{title}: {} protected, {} labelled of {}", targets.len(), known.len(), positives.len());
        let mut halves: [Vec<(u8, &str)>; 2] = [Vec::new(), Vec::new()];
        for name in known {
            let s = score(name).map_or(0, |j| j.score);
            halves[usize::from(is_odd(name))].push((s, name));
            if verbose && s < 60 && !is_odd(name) {
                println!("  missed {s} {name}");
            }
        }
        let negatives: Vec<&String> =
            top.iter().chain(&others).filter(|n| !targets.iter().any(|(d, _)| d == *n)).collect();
        let mut wrong: Vec<_> = negatives.iter().filter_map(|n| score(n).map(|j| (j.score, j))).collect();
        wrong.sort_by_key(|(s, j)| (std::cmp::Reverse(*s), j.name.clone()));
        println!("  score  recall(set)  recall(held back)  false positives of {}", negatives.len());
        for at in (40..=90).step_by(5) {
            let recall = |half: &Vec<(u8, &str)>| {
                format!(
                    "{:6.2} %",
                    100.0 * half.iter().filter(|(s, _)| *s >= at).count() as f64 / half.len().max(1) as f64
                )
            };
            let n = wrong.iter().filter(|(s, _)| *s >= at).count();
            println!(
                "  {at:5}  {:>11}  {:>17}  {n} = {:.3} %",
                recall(&halves[0]),
                recall(&halves[1]),
                100.0 * n as f64 / negatives.len() as f64
            );
        }
        let all = halves.iter().flatten();
        let (near, rest): (Vec<_>, Vec<_>) = all.partition(|(_, n)| told(n, &targets, true));
        for (what, names) in [("the label or one edit from it", near), ("a label that holds it", rest)] {
            let hit = names.iter().filter(|(s, _)| *s >= 60).count();
            println!("  {what}: {hit} of {} at medium or above", names.len());
        }
        let sisters = wrong
            .iter()
            .filter(|(s, j)| *s >= 60 && targets.iter().any(|(_, l)| j.domain.split('.').next() == Some(l)))
            .count();
        println!("  of the false positives from 60, {sisters} bear exactly a protected label: mostly the owner's own");
        if verbose {
            wrong
                .iter()
                .filter(|(s, _)| *s >= 55)
                .for_each(|(s, j)| println!("  wrong {s} {} {:?} {}", j.name, j.techniques, j.imitates));
        }
    }
}
