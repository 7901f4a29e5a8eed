//! x
use sensors::posts::text::{corpus::Corpus, cluster::group};
use std::collections::BTreeMap;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let rows: Vec<(u32, String, String, String)> = std::fs::read_to_string(path).unwrap().lines().map(|l| {
        let mut f = l.splitn(4, '\t');
        (f.next().unwrap().parse().unwrap(), f.next().unwrap().into(), f.next().unwrap().into(), f.next().unwrap().into())
    }).collect();
    let texts: Vec<&str> = rows.iter().map(|r| r.3.as_str()).collect();
    let t = std::time::Instant::now();
    let corpus = Corpus::new(&texts);
    let groups = group(&corpus);
    eprintln!("{} texts {} different {:?}", texts.len(), corpus.len(), t.elapsed());
    let of = |n: usize| corpus.id(n).map(|i| groups[i as usize]);
    let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut wrong = vec![];
    for a in 0..rows.len() { for b in 0..a {
        let same = rows[a].0 == rows[b].0;
        let found = of(a).is_some() && of(a) == of(b);
        if !same && !found { continue }
        let k = |r: &(u32, String, String, String)| r.2.split('-').next().unwrap().to_string();
        let key = if same { format!("{} {}", k(&rows[a]), if rows[a].1 == rows[b].1 { "same language" } else { "translation" }) } else { format!("WRONG {} {}", k(&rows[a]), k(&rows[b])) };
        let c = counts.entry(key).or_default();
        c.0 += 1; c.1 += found as u32;
        if !same { wrong.push((a, b)); }
    } }
    for (k, (n, f)) in counts { println!("{k}: {f} of {n} = {:.3}", f as f64 / n as f64); }
    for (a, b) in wrong.iter().take(40) { println!("{} | {}", rows[*a].3, rows[*b].3); }
}
