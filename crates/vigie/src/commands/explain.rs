//! `explain` and `knowledge`: what Vigie knows and looks for.

use super::Outcome;
use crate::cli::{Explain, Global};
use crate::output::Out;
use crate::settings::{self, tables};
use model::{Error, Lang, Result, Table};
use sensors::{SENSORS, Sensor};
use serde_json::json;

/// `vigie explain`.
pub fn explain(args: &Explain, global: &Global) -> Result<Outcome> {
    let mut out = Out::new();
    match &args.name {
        None => {
            SENSORS.iter().try_for_each(|s| kind(*s, global, &mut out))?;
            tables().into_iter().filter(|t| is_common(t)).try_for_each(|t| common(t, global, &mut out))?;
        }
        Some(name) => match (sensors::detector(name), sensors::sensor(name)) {
            (Some(d), _) if global.json => {
                out.json(&json!({ "detector": d.id(), "inputs": d.inputs(), "specification": d.specification().0 }))?;
            }
            (Some(d), _) => out.line(d.specification().0.trim_end())?,
            (None, Some(s)) => kind(s, global, &mut out)?,
            (None, None) => match tables().into_iter().find(|t| t.name == name) {
                Some(table) => common(table, global, &mut out)?,
                None => {
                    return Err(Error::new(format!("there is no detector or kind of evidence `{name}`"))
                        .hint("`vigie explain` lists them"));
                }
            },
        },
    }
    out.end()?;
    Ok(Outcome::Done)
}

fn kind(sensor: &dyn Sensor, global: &Global, out: &mut Out) -> Result<()> {
    let lang = global.language(None);
    if global.json {
        let settings = keys(sensor.settings(), lang);
        let detectors: Vec<_> = sensor.detectors().iter().map(|d| d.id()).collect();
        return out.json(&json!({ "kind": sensor.name(), "title": sensor.title().get(lang),
            "formats": sensor.formats(), "detectors": detectors, "settings": settings }));
    }
    out.line(&format!("{}: {}", sensor.name(), sensor.title().get(lang)))?;
    for format in sensor.formats() {
        out.line(&format!("  - {format}"))?;
    }
    for detector in sensor.detectors() {
        let page = detector.specification().0.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
        out.line(&format!("  {}  {}", detector.id(), page.take(1).collect::<String>()))?;
    }
    settings::table(sensor.settings(), lang).iter().try_for_each(|l| out.line(l))?;
    out.line("")
}

/// Whether a table belongs to no kind of evidence.
fn is_common(table: &Table) -> bool {
    sensors::sensor(table.name).is_none()
}

/// A table that belongs to no kind of evidence.
fn common(table: &Table, global: &Global, out: &mut Out) -> Result<()> {
    let lang = global.language(None);
    if global.json {
        return out
            .json(&json!({ "table": table.name, "title": table.text().get(lang), "settings": keys(table, lang) }));
    }
    out.line(&format!("{}: {}", table.name, table.text().get(lang)))?;
    settings::table(table, lang).iter().try_for_each(|l| out.line(l))?;
    out.line("")
}

fn keys(table: &Table, lang: Lang) -> Vec<serde_json::Value> {
    let key = |s: &model::Setting| json!({ "name": s.name, "default": s.default, "help": s.text().get(lang) });
    table.keys.iter().map(key).collect()
}

/// `vigie knowledge`.
pub fn knowledge(global: &Global) -> Result<Outcome> {
    let mut out = Out::new();
    let digest = model::EvidenceId(knowledge::digest());
    for (name, text) in knowledge::FILES {
        let about: Vec<&str> =
            text.lines().take_while(|l| l.starts_with('#')).map(|l| l.trim_start_matches('#').trim()).collect();
        match global.json {
            true => out.json(&json!({ "file": name, "bytes": text.len(), "about": about.join("\n") }))?,
            false => {
                out.line(name)?;
                about.iter().try_for_each(|l| out.line(&format!("  {l}")))?;
            }
        }
    }
    match global.json {
        true => out.json(&json!({ "digest": digest }))?,
        false => out.line(&format!("SHA-256 {digest}"))?,
    }
    out.end()?;
    Ok(Outcome::Done)
}
