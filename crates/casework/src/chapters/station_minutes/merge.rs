//! The merge certificate: the newest rows of every level as one file of JSON lines, and a small script with which anybody can
//! compute every published total again from its parts.
//!
//! You may rely on: each row names its evidence by SHA-256, with its line; the script needs Python alone and trusts nothing but
//! that file. Left out: what areas of two spellings are one (codes count without the zeros before them, else names).

use crate::Write;
use crate::export::{Export, Order};
use model::{EvidenceId, Result, Time, View};
use rows::Row;
use rows::station_minutes::{Level, Table};
use serde_json::{Map, json};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// The formats of this chapter.
pub static EXPORTS: &[Export] = &[Export {
    name: "merge",
    help: (
        "the rows of the count and a script that computes every published total again; a folder",
        "les lignes du dépouillement et un script qui recalcule chaque total publié ; un répertoire",
    ),
    least: model::Severity::Info,
    folder: true,
    json: false,
    opens: false,
    make: merge,
}];

/// What keeps rows of one level apart, so that of each the newest is taken: the race, the level, whether minutes.
type Key = (String, Option<Level>, bool);

/// An area among rows of one kind.
type Area = (Key, Vec<(Level, String)>);
/// The evidence that tells it, and the part of that.
type By = (String, String);

fn key(table: &Table) -> Key {
    (table.contest.clone(), table.levels.last().copied(), table.minutes)
}

fn merge(view: &dyn View, _: &Order, write: &mut Write) -> Result<()> {
    let mut newest: BTreeMap<Key, Option<Time>> = BTreeMap::new();
    let paths: BTreeMap<EvidenceId, String> = view.evidence()?.into_iter().map(|e| (e.id, e.path)).collect();
    let each = |tell: &mut dyn FnMut(&str, Table) -> Result<()>| {
        view.observations(Table::NAME, &mut |visit| {
            let mut table = Table::of(&visit.observation.fields)?;
            // Of when a snapshot is, and that a file holds minutes, often stands in its name alone.
            let path = paths.get(&visit.evidence).map_or("", String::as_str);
            recount::hint::apply(&mut table, path, &visit.steps, &[]);
            tell(&visit.evidence.to_string(), table)?;
            Ok(ControlFlow::Continue(()))
        })
    };
    each(&mut |_, table| {
        let time = newest.entry(key(&table)).or_default();
        *time = (*time).max(table.time);
        Ok(())
    })?;
    let mut lines = String::new();
    // What two files say of one area is one row of it, not two parts.
    let mut told_by: BTreeMap<Area, By> = BTreeMap::new();
    each(&mut |evidence, table| {
        if newest.get(&key(&table)) != Some(&table.time) {
            return Ok(());
        }
        for row in 0..table.len() {
            let names = table.figures.iter().map(|f| f.as_str()).chain(table.candidates.iter().map(String::as_str));
            let counts = names.zip(table.row(row)).filter_map(|(name, n)| Some((name.to_string(), json!((*n)?))));
            let areas: Vec<_> = table.area(row).map(|(level, code, name)| json!([level, code, name])).collect();
            let spelt = |code: &str, name: &str| {
                if code.is_empty() { name.to_lowercase() } else { code.trim_start_matches('0').into() }
            };
            let area = table.area(row).map(|(level, code, name)| (level, spelt(code, name))).collect();
            let by = (evidence.to_string(), table.part.clone());
            if *told_by.entry((key(&table), area)).or_insert_with(|| by.clone()) != by {
                continue;
            }
            let line = json!({
                "evidence": evidence, "line": table.lines[row], "contest": table.contest, "time": table.time,
                "minutes": table.minutes, "areas": areas, "counts": counts.collect::<Map<_, _>>(),
            });
            lines += &model::escape::json(&line.to_string());
            lines.push('\n');
        }
        Ok(())
    })?;
    write("rows.jsonl", lines.as_bytes())?;
    write("recompute.py", include_bytes!("recompute.py"))?;
    write("README.md", include_bytes!("merge.md"))
}
