//! The error of `posts` stance on a labelled file: language, who, label, text by tabs; lines of `#` are comments.
//!
//! `posts_stance FILE` prints the confusion table of the rows that were looked at while the words were chosen (odd) and
//! of those held back (even); `--wrong` lists the mistakes among the odd rows only, so that the others stay unseen.

use sensors::posts::stance::{People, Side};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let file = words.iter().find(|w| !w.starts_with("--")).map_or("bench/posts/stance.tsv", String::as_str);
    let text = std::fs::read_to_string(file).expect("a file of labelled texts");
    let rows = text.lines().filter(|l| !l.starts_with('#')).filter_map(|l| {
        let mut cells = l.splitn(4, '\t');
        Some((cells.next()?, cells.next()?, cells.next()?, cells.next()?))
    });
    let mut tables = [[[0u32; 3]; 3]; 2];
    for (n, (_, who, label, text)) in rows.enumerate() {
        let mut people = vec![who];
        people.extend(["Claire Vasseur", "Anselme Morel", "Вассер", "Морель"].into_iter().filter(|p| *p != who));
        let judged = People::new(&people).judge(text).into_iter().find(|j| j.who == 0);
        let (side, why) = judged.map_or((Side::Unclear, Vec::new()), |j| (j.side, j.words));
        let truth = ["for", "against", "unclear"].iter().position(|l| *l == label).expect("a label");
        tables[n % 2][truth][side as usize] += 1;
        if words.iter().any(|w| w == "--wrong") && n % 2 == 0 && truth != side as usize {
            println!("{label} -> {side:?} {why:?}: {text}");
        }
    }
    for (name, table) in ["odd rows (seen)", "even rows (held back)"].iter().zip(tables) {
        let all: u32 = table.iter().flatten().sum();
        let right: u32 = (0..3).map(|i| table[i][i]).sum();
        let taken: u32 = table.iter().map(|row| row[0] + row[1]).sum();
        let taken_right = table[0][0] + table[1][1];
        let turned = table[0][1] + table[1][0];
        println!("{name}: {all} texts, {right} right ({:.2})", f64::from(right) / f64::from(all.max(1)));
        println!("  where a side is told: {taken_right} of {taken} right, {turned} told the wrong way round");
        println!("  truth \\ told   for  against  unclear");
        for (label, row) in ["for", "against", "unclear"].iter().zip(table) {
            println!("  {label:12} {:5} {:8} {:8}", row[0], row[1], row[2]);
        }
    }
}
