//! A timeline for Timesketch: one event a line, with `message`, `timestamp` (microseconds), `datetime` and `timestamp_desc`,
//! and beside these the finding. What has no time is left out: a timeline has no place for it.

use super::Order;
use super::whole::Whole;
use crate::Write;
use model::{Error, Finding, Result, Time, View};
use serde_json::json;

/// Writes it.
pub fn lines(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let whole = Whole::of(view, order)?;
    let mut events: Vec<(Time, &'static str, usize)> = Vec::new();
    for (n, told) in whole.told.iter().enumerate() {
        let f = &told.finding;
        events.extend(f.first.map(|t| (t, "First Event", n)));
        events.extend(f.last.filter(|l| f.first.is_none_or(|first| first < *l)).map(|t| (t, "Last Event", n)));
    }
    events.sort();
    for (time, desc, n) in events {
        let told = &whole.told[n];
        let incident = told.incident.map(|p| whole.story.incidents[p].id.as_str());
        let f: &Finding = &told.finding;
        let object = json!({
            "message": f.title.get(order.lang),
            "timestamp": time.seconds() * 1_000_000,
            "datetime": time.timestamp().strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
            "timestamp_desc": desc,
            "finding": f.id(),
            "detector": f.detector,
            "severity": f.severity,
            "confidence": f.confidence,
            "incident": incident,
            "tag": f.techniques,
        });
        let mut line = serde_json::to_string(&object).map_err(|e| Error::new("could not write JSON").because(e))?;
        line.push('\n');
        write("timeline.jsonl", line.as_bytes())?;
    }
    Ok(())
}
