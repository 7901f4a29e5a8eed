//! `explain`: what Vigie looks for.

use super::Outcome;
use crate::cli::{Global, Settings};
use crate::output::{FindingLine, ObservationLine, Out};
use crate::settings::{self, tables};
use clap::Args;
use model::{Error, Lang, Result, Table};
use schemars::{Schema, generate::SchemaSettings};
use sensors::{SENSORS, Sensor};
use serde_json::{Value, json};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  vigie explain\n  vigie explain web_log\n  vigie explain web_log/attempt\n  vigie explain 5f1abf38-5bb4-4b4e-8a0c-1a5b6c7d8e9f --sigma rules/"
)]
pub struct Explain {
    /// A detector (web_log/attempt), a kind of evidence (web_log), or a rule that you bring (--sigma PATH)
    pub name: Option<String>,
    #[command(flatten)]
    pub settings: Settings,
    /// Print the JSON Schema of what --json says of a detector's findings, or of a kind of observations
    #[arg(long, value_name = "NAME", conflicts_with = "name")]
    pub schema: Option<String>,
}

/// `vigie explain`.
pub fn explain(args: &Explain, global: &Global) -> Result<Outcome> {
    let mut out = Out::new();
    if let Some(name) = &args.schema {
        out.json(&schema(name)?)?;
        out.end()?;
        return Ok(Outcome::Done);
    }
    match &args.name {
        None => {
            SENSORS.iter().try_for_each(|s| kind(*s, global, &mut out))?;
            tables().into_iter().filter(|t| is_common(t)).try_for_each(|t| common(t, global, &mut out))?;
        }
        Some(name) => match (sensors::detector(name), sensors::sensor(name)) {
            (Some(d), _) if global.json => {
                out.json(&json!({ "detector": d.id(), "inputs": d.inputs(), "specification": d.specification().0 }))?;
            }
            (Some(d), _) => out.line(d.specification().page(global.language(None)).trim_end())?,
            (None, Some(s)) => kind(s, global, &mut out)?,
            (None, None) => match tables().into_iter().find(|t| t.name == name) {
                Some(table) => common(table, global, &mut out)?,
                None => brought(name, args)?.lines().try_for_each(|l| out.line(&model::escape::visible(l)))?,
            },
        },
    }
    out.end()?;
    Ok(Outcome::Done)
}

/// What a word stands for by the settings alone: a rule that was brought.
fn brought(name: &str, args: &Explain) -> Result<String> {
    let configured = settings::from_options(&args.settings)?;
    for sensor in SENSORS {
        if let Some(text) = sensor.explain(name, &configured.config)? {
            return Ok(text);
        }
    }
    let near = nearest(name);
    Err(Error::new(format!("there is no detector, kind of evidence or rule `{name}`")).hint(match near.as_slice() {
        [] => "`vigie explain` lists detectors and kinds; rules are those that `--sigma PATH` or `--case DIR` brings"
            .into(),
        near => format!("perhaps {}; `vigie explain` lists them", near.join(" or ")),
    }))
}

/// Names that what was written may have meant.
fn nearest(name: &str) -> Vec<String> {
    let all = SENSORS.iter().flat_map(|s| {
        let detectors = s.detectors().iter().map(|d| d.id());
        detectors.chain([s.name()]).collect::<Vec<_>>()
    });
    // Without its kind, or with a slip of the finger.
    let near = |id: &&str| {
        let last = id.rsplit('/').next().unwrap_or(id);
        last == name || [*id, last].iter().any(|word| strsim::normalized_damerau_levenshtein(word, name) > 0.7)
    };
    let mut near: Vec<String> = all.filter(near).map(|id| format!("`{id}`")).collect();
    near.sort();
    near.dedup();
    near.truncate(5);
    near
}

/// The JSON Schema of a line that `--json` prints of a detector's findings or of a kind of observations.
fn schema(name: &str) -> Result<Schema> {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let detector = sensors::detector(name).and_then(|d| d.shape());
    let observation = SENSORS.iter().flat_map(|s| s.shapes()).find(|s| s.name == name);
    let own = |schema: &Schema, key: &str| schema.get(key).cloned().unwrap_or_default();
    let schema = match (detector, observation) {
        (Some(shape), _) => {
            let fields = (shape.schema)(&mut generator);
            let mut line = generator.into_root_schema_for::<FindingLine>();
            line.pointer_mut("/properties/fields").expect("a finding has fields").clone_from(fields.as_value());
            line
        }
        (None, Some(shape)) => {
            let fields = (shape.schema)(&mut generator);
            let mut line = generator.into_root_schema_for::<ObservationLine>();
            for key in ["properties", "required"] {
                match (line.get_mut(key), own(&fields, key)) {
                    (Some(Value::Object(common)), Value::Object(own)) => common.extend(own),
                    (Some(Value::Array(common)), Value::Array(own)) => common.extend(own),
                    _ => {}
                }
            }
            line
        }
        (None, None) => {
            return Err(Error::new(format!("there is no schema of `{name}`"))
                .hint("`vigie explain` lists detectors and kinds of observations"));
        }
    };
    Ok(schema)
}

fn kind(sensor: &dyn Sensor, global: &Global, out: &mut Out) -> Result<()> {
    let lang = global.language(None);
    if global.json {
        let settings = keys(sensor.settings(), lang);
        let detectors: Vec<_> = sensor.detectors().iter().map(|d| d.id()).collect();
        return out.json(&json!({ "kind": sensor.name(), "title": sensor.title().get(lang),
            "formats": sensor.formats(), "detectors": detectors, "settings": settings }));
    }
    out.line(&format!("{}{}{}", sensor.name(), lang.colon(), sensor.title().get(lang)))?;
    for format in sensor.formats() {
        out.line(&format!("  - {format}"))?;
    }
    for detector in sensor.detectors() {
        out.line(&format!("  {}  {}", detector.id(), detector.specification().summary().get(lang)))?;
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
    out.line(&format!("{}{}{}", table.name, lang.colon(), table.text().get(lang)))?;
    settings::table(table, lang).iter().try_for_each(|l| out.line(l))?;
    out.line("")
}

fn keys(table: &Table, lang: Lang) -> Vec<serde_json::Value> {
    let key = |s: &model::Setting| json!({ "name": s.name, "default": s.default, "help": s.text().get(lang) });
    table.keys.iter().map(key).collect()
}
