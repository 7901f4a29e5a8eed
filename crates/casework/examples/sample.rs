//! Writes the brief of a made-up case, to be looked at:
//! `cargo run -p casework --example sample -- DIR [en|fr] [sample|one|nothing|empty|many|debate]`.

#[path = "../tests/all/made/mod.rs"]
mod made;

use casework::{Options, Series};
use model::{Context, Lang, Text};
use std::collections::BTreeMap;
use std::io::Write;

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let word = |i: usize, default: &'static str| args.get(i).cloned().unwrap_or_else(|| default.into());
    let directory = std::path::PathBuf::from(word(0, "sample-brief"));
    std::fs::create_dir_all(&directory)?;
    let case = match word(2, "sample").as_str() {
        "one" => made::one(),
        "nothing" => made::nothing(),
        "empty" => made::Case { config: made::config(), ..Default::default() },
        "debate" => made::posts::debate(),
        "many" => made::many(250_000),
        _ => made::sample(),
    };
    let polls = "2016-10-28,14.5\n2016-11-18,15\n2016-12-05,16.5\n2016-12-19,16\n2017-01-06,19\n2017-01-20,21.5\n\
                 2017-02-01,23\n2017-02-10,22\n2017-02-24,25\n2017-03-03,26\n";
    let options = Options {
        lang: if word(1, "en") == "fr" { Lang::Fr } else { Lang::En },
        series: if case.findings.len() > 1 { Series::parse("polls.csv", polls)? } else { Vec::new() },
        lines: &|wanted| case.read_lines(wanted),
        origin_source: Text::new(
            "made-up table of countries, 1 February 2017",
            "table de pays inventée, 1er février 2017",
        ),
        version: env!("CARGO_PKG_VERSION").into(),
        readiness: None,
        decisions: Vec::new(),
    };
    let context = Context {
        config: &case.config,
        origins: &made::Nowhere,
        at: made::time("2017-03-01T09:00:00Z"),
        modified: None,
    };
    let began = std::time::Instant::now();
    let mut open: BTreeMap<String, std::fs::File> = BTreeMap::new();
    casework::write_brief(&case, &context, &options, &mut |name, bytes| {
        let io = |e| model::Error::new(format!("could not write `{name}`")).because(e);
        if !open.contains_key(name) {
            open.insert(name.into(), std::fs::File::create(directory.join(name)).map_err(io)?);
        }
        open.get_mut(name).map_or(Ok(()), |file| file.write_all(bytes)).map_err(io)
    })?;
    println!("written in {:.1?}", began.elapsed());
    println!("{}", directory.join("index.html").display());
    Ok(())
}
