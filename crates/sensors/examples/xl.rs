//! x
use sensors::posts::text::{corpus::Corpus, verify::Comparer};
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let rows: Vec<(u32, String, String, String)> = std::fs::read_to_string(path).unwrap().lines().map(|l| {
        let mut f = l.splitn(4, '\t');
        (f.next().unwrap().parse().unwrap(), f.next().unwrap().into(), f.next().unwrap().into(), f.next().unwrap().into())
    }).collect();
    let texts: Vec<&str> = rows.iter().map(|r| r.3.as_str()).collect();
    let corpus = Corpus::new(&texts);
    let mut c = Comparer::default();
    println!("same\tka\tkb\tla\tlb\tbits\twords\tletters\tta\ttb\ta\tb");
    for a in 0..rows.len() { for b in 0..a {
        
        let (Some(i), Some(j)) = (corpus.id(a), corpus.id(b)) else { continue }; let same = rows[a].0 == rows[b].0; if !corpus.in_two_languages(i,j) && !(same && rows[a].1 != rows[b].1) { continue }
        let s = c.shared(&corpus, i, j);
        let same = rows[a].0 == rows[b].0;
        if same || s.bits > 16.0 {
            println!("{}\t{}\t{}\t{}\t{}\t{:.2}\t{:.4}\t{:.4}\t{:.1}\t{:.1}\t{}\t{}", corpus.in_two_languages(i,j) as u8 * 2 + same as u8, rows[a].2, rows[b].2, rows[a].1, rows[b].1, s.bits, s.words, s.letters, corpus.total(i), corpus.total(j), a, b);
        }
    } }
}
