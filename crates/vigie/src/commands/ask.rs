//! `sql`, `timeline`, `graph`: a case asked by those who want more than the brief.

use super::Outcome;
use super::story::Asked;
use crate::cli::Global;
use crate::output::Out;
use crate::told::{moment, wrapped};
use casework::story::wording;
use clap::Args;
use model::{Result, Severity, Time, View, escape};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::path::PathBuf;
use store::Case;

/// In order of time.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie timeline DIR
  vigie timeline DIR --severity high --json")]
pub struct Timeline {
    /// The case
    pub dir: PathBuf,
    /// From this severity on
    #[arg(long, default_value = "medium")]
    pub severity: Severity,
}

/// As a graph.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie graph DIR --json     a node a finding, an edge a link that joins")]
pub struct Graph {
    /// The case
    pub dir: PathBuf,
}

/// A question in SQL.
#[derive(Args, Debug)]
#[command(
    after_help = "Views: evidence_list(n, sha256, path, kind, size, added, forgotten), finding(id, detector, severity, confidence,
level, title_en, title_fr, first, last, fields, techniques, entities), observation(id, kind, key, first, last, count,
entities, fields, evidence), entity(kind, value, role, what, id, name, first, last), skip(evidence, reason, count).
Times are RFC 3339 in UTC; fields, techniques and entities are JSON.

Examples:
  vigie sql DIR \"SELECT severity, count(*) FROM finding GROUP BY severity\"
  vigie sql DIR \"SELECT value, count(DISTINCT name) AS kinds FROM entity WHERE what = 'finding' GROUP BY value HAVING kinds > 1\""
)]
pub struct Sql {
    /// The case
    pub dir: PathBuf,
    /// The question
    #[arg(value_name = "SQL")]
    pub question: String,
}

/// `vigie sql`.
pub fn sql(args: &Sql, global: &Global) -> Result<Outcome> {
    let mut case = Case::look(&args.dir)?;
    let configured = crate::settings::from_case(&args.dir)?;
    super::withhold(&case, &configured, &super::style(global, &configured)?)?;
    let mut out = Out::new();
    let mut headed = false;
    case.ask(&args.question, &mut |row| {
        if global.json {
            return out.json(&row);
        }
        if !headed {
            headed = true;
            let names: Vec<String> = row.keys().map(|k| escape::visible(k).to_string()).collect();
            out.line(&names.join("\t"))?;
        }
        let cell = |v: &Value| match v {
            Value::Null => String::new(),
            Value::String(text) => escape::visible(text).replace('\t', " "),
            other => other.to_string(),
        };
        out.line(&row.values().map(cell).collect::<Vec<_>>().join("\t"))
    })?;
    out.end()?;
    Ok(Outcome::Done)
}

/// `vigie timeline`.
pub fn timeline(args: &Timeline, global: &Global) -> Result<Outcome> {
    let asked = Asked::of(&args.dir, global)?;
    let story = asked.story(global)?;
    let view = asked.case.whole();
    let mut rows: Vec<(Time, Value)> = Vec::new();
    let places = story.places();
    let items: HashMap<&str, usize> = story.items.iter().enumerate().map(|(n, i)| (i.id.as_str(), n)).collect();
    view.findings(&mut |f| {
        if f.severity < args.severity {
            return Ok(ControlFlow::Continue(()));
        }
        if let Some(first) = f.first {
            let id = f.id();
            let place = items.get(id.as_str());
            let incident = place.and_then(|n| places.get(n)).map(|i| i.id.clone());
            let steps: Vec<_> = place.map(|n| story.items[*n].steps().collect()).unwrap_or_default();
            rows.push((
                first,
                json!({ "time": first, "last": f.last, "what": "finding", "id": id, "detector": f.detector,
                    "severity": f.severity, "level": f.level, "title": asked.say(&f.title), "steps": steps,
                    "incident": incident }),
            ));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let election = &asked.configured.config.election;
    for day in &election.days {
        let date = day.to_string().parse::<jiff::civil::Date>().ok();
        if let Some(zoned) = date.and_then(|d| d.to_zoned(asked.style.zone.clone()).ok()) {
            let time: Time = zoned.timestamp().into();
            let title = asked.style.lang.of("day of the vote", "jour du vote");
            rows.push((time, json!({ "time": time, "what": "vote", "title": format!("{title} {}", election.name) })));
        }
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1["id"].as_str().cmp(&b.1["id"].as_str())));
    let mut out = Out::new();
    for (time, row) in rows {
        if asked.style.json {
            out.json(&row)?;
            continue;
        }
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        let lang = asked.style.lang;
        let severity = text("severity").parse::<Severity>().map(|s| s.text()).unwrap_or_default();
        let level = text("level").parse::<model::Level>().map(|l| l.text()).unwrap_or_default();
        let told = format!("{}  {:8} {}", moment(time, &asked.style), severity.get(lang), level.get(lang));
        out.line(told.trim_end())?;
        wrapped(&mut out, "    ", &escape::visible(text("title")))?;
    }
    out.end()?;
    Ok(Outcome::Done)
}

/// `vigie graph`.
pub fn graph(args: &Graph, global: &Global) -> Result<Outcome> {
    let asked = Asked::of(&args.dir, global)?;
    let story = asked.story(global)?;
    let mut out = Out::new();
    let joined: BTreeMap<usize, &str> = story
        .incidents
        .iter()
        .filter(|i| i.items.len() > 1)
        .flat_map(|i| i.items.iter().map(|n| (*n, i.id.as_str())))
        .collect();
    let said = wording(&asked.case.whole(), joined.keys().map(|n| story.items[*n].id.as_str()))?;
    for (n, incident) in &joined {
        let item = &story.items[*n];
        let title = said.get(&item.id).map(|w| asked.say(&w.title)).unwrap_or_default();
        let node = json!({ "node": item.id, "detector": &*item.detector, "severity": item.severity, "incident": incident,
            "title": title, "steps": item.steps().collect::<Vec<_>>() });
        match asked.style.json {
            true => out.json(&node)?,
            false => {
                let told = format!("{} {} {title}", item.id, item.detector);
                out.line(&escape::visible(&told))?;
            }
        }
    }
    for link in &story.links {
        let (a, b) = (&story.items[link.ends.0].id, &story.items[link.ends.1].id);
        let shared: Vec<Value> = link.shared.iter().map(|s| json!({ "cause": s.cause, "value": s.value })).collect();
        let bits = (link.bits * 100.0).round() / 100.0;
        match asked.style.json {
            true => out.json(&json!({ "edge": [a, b], "bits": bits, "shared": shared }))?,
            false => {
                let what: Vec<String> = link.shared.iter().take(3).map(|s| s.value.clone()).collect();
                out.line(&escape::visible(&format!("{a} – {b} {bits} {}", what.join(", "))))?;
            }
        }
    }
    out.end()?;
    Ok(Outcome::Done)
}
