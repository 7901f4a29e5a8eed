//! `seal --drill`: some of one's own sealed files are forged in memory, each in every way, and held against themselves.

use super::Outcome;
use crate::output::{Out, Style, say};
use crate::sealing::hash_of;
use model::{Error, Result, Text, Time, escape};
use proofs::seal::Kind;
use seals::{Archive, Known};
use sensors::{Drilled, SENSORS, Sensor};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Files that are forged, spread over all, and bytes of one.
const FILES: usize = 60;
const LONGEST: u64 = 32 << 20;
/// Forgeries that are named one by one.
const NAMED: usize = 20;

/// How many of one way were caught, of how many.
#[derive(Default)]
struct Way {
    caught: u64,
    all: u64,
    innocent: bool,
    method: Text,
}

/// Runs the drill.
pub fn drill(home: &Path, now: Time, style: &Style) -> Result<Outcome> {
    let mut known: Vec<Known> = Vec::new();
    Archive::look(home, None)?.each(&mut |k| {
        if k.inside.is_none() {
            known.push(k);
        }
    })?;
    let there: Vec<Known> = known.into_iter().filter(is_there).collect();
    let step = there.len().div_ceil(FILES).max(1);
    let mut ways: BTreeMap<String, Way> = BTreeMap::new();
    let (mut files, mut missed) = (0u64, Vec::new());
    for k in there.iter().step_by(step) {
        let Ok(bytes) = fs::read(&k.name) else { continue };
        // Whoever wrote it may have been an adversary.
        let all = |sensor: &&dyn Sensor| {
            catch_unwind(AssertUnwindSafe(|| sensor.drill(&k.name, &bytes, now))).unwrap_or_default()
        };
        let drilled: Vec<Drilled> = SENSORS.iter().flat_map(all).collect();
        files += u64::from(!drilled.is_empty());
        for d in drilled {
            let way = ways.entry(d.method.en.to_string()).or_default();
            (way.all, way.caught, way.innocent) = (way.all + 1, way.caught + u64::from(d.caught), d.innocent);
            way.method = d.method.clone();
            if d.caught == d.innocent && missed.len() < NAMED {
                missed.push((k.name.clone(), d));
            }
        }
    }
    if files == 0 {
        return Err(Error::new("no sealed file can be forged for a drill")
            .hint("seal Office, OpenDocument or text files, and keep them where they were: `vigie seal DIR`"));
    }
    let mut out = Out::new();
    for way in ways.values() {
        let (caught, all) = (way.caught, way.all);
        match style.json {
            true => {
                out.json(&json!({ "method": way.method.en, "innocent": way.innocent, "caught": caught, "of": all }))?
            }
            false => {
                let word = style.lang.of("caught", "repérés");
                let word =
                    if way.innocent { style.lang.of("wrongly called altered", "dits altérés à tort") } else { word };
                out.line(&format!("{:<42}{caught:>5} / {all:<5} {word}", way.method.get(style.lang)))?;
            }
        }
    }
    for (name, d) in &missed {
        match style.json {
            true => {
                out.json(&json!({ "file": name, "method": d.method.en, "innocent": d.innocent, "held": d.held.en }))?
            }
            false => out.line(&format!(
                "{}: {} → {}",
                escape::visible(name),
                d.method.get(style.lang),
                d.held.get(style.lang)
            ))?,
        }
    }
    out.end()?;
    say(
        style,
        format!("{files} of your sealed files were forged in memory; nothing was written"),
        format!("{files} de vos fichiers scellés ont été falsifiés en mémoire ; rien n’a été écrit"),
    );
    Ok(if missed.is_empty() { Outcome::Done } else { Outcome::No })
}

/// Whether the file is still what was sealed.
fn is_there(known: &Known) -> bool {
    let path = Path::new(&known.name);
    let bytes = known.parts.iter().filter(|(kind, ..)| *kind == Kind::Bytes).map(|(_, _, hash)| hash);
    let short = fs::metadata(path).is_ok_and(|m| m.is_file() && m.len() <= LONGEST);
    short && hash_of(path).is_ok_and(|now| bytes.into_iter().any(|then| *then == now))
}
