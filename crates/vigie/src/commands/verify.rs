//! `verify`: whether anything has changed since.

use super::{Outcome, style};
use crate::cli::Global;
use crate::output::{Out, Style, head, say};
use crate::pipeline::Pipeline;
use crate::progress::Progress;
use crate::settings::{Configured, from_case_to_judge};
use clap::Args;
use model::{Error, EvidenceId, Result, Text, View, escape};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;
use store::{Arrival, Case, Differences, Place, Verdict};

#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie verify my-campaign
  vigie verify my-campaign --deep
  vigie verify my-campaign --head 5f0c…   the head that `run` printed, kept elsewhere

It reads all evidence again; exit 1 if anything differs.")]
pub struct Verify {
    /// The case
    pub dir: PathBuf,
    /// Read all evidence again, and compare every row and finding with what comes of it
    #[arg(long)]
    pub deep: bool,
    /// A head that `run` or `verify` printed, or a line that holds one: the trail must have grown from it
    #[arg(long, value_parser = known_head, value_name = "HEAD")]
    pub head: Option<store::Hash>,
}

/// A head as it was printed: 64 hexadecimal digits or 32 bytes in base64, alone or in a line.
fn known_head(text: &str) -> std::result::Result<store::Hash, String> {
    let words =
        text.split(|c: char| c.is_whitespace() || matches!(c, ':' | '"' | ',' | '{' | '}')).filter(|w| !w.is_empty());
    let hex = |word: &str| word.to_ascii_lowercase().parse().ok().map(|model::EvidenceId(hash)| hash);
    let coded =
        |word: &str| base64::Engine::decode(&base64::engine::general_purpose::STANDARD, word).ok()?.try_into().ok();
    words.rev().find_map(|word| hex(word).or_else(|| coded(word))).ok_or_else(|| {
        "a SHA-256 in hexadecimal or base64, as the last line of `vigie run` and `vigie verify` has it".into()
    })
}

/// Pieces of evidence named one by one.
const NAMED: usize = 100;

/// `vigie verify`.
pub fn verify(args: &Verify, global: &Global) -> Result<Outcome> {
    let case = match Case::look(&args.dir) {
        Ok(case) => case,
        // A database that can be read as a file but cannot be asked anything has changed.
        Err(e) if store::regular(&args.dir.join("case.db"), false).is_ok() => return damaged(e, global),
        Err(e) => return Err(e),
    };
    // What was done to `case.toml` may have made it unusable; that is no reason not to say so.
    let configured = from_case_to_judge(&args.dir);
    let style = match &configured {
        Ok(configured) => style(global, configured)?,
        Err(_) => Style { json: global.json, lang: global.language(None), zone: jiff::tz::TimeZone::UTC },
    };
    let progress = Progress::new(!style.json);
    progress.start(case.whole().evidence()?.iter().map(|e| e.size).sum());
    let mut verdict = match case.verify(args.head, &|bytes| progress.passed(bytes)) {
        Ok(verdict) => verdict,
        // Rows that cannot be read back are not what was written.
        Err(e) => return damaged(e, global),
    };
    progress.end();
    if let Some(before) = verdict.settings.take() {
        let now = Case::settings_of(&args.dir).unwrap_or_default();
        verdict.differs.extend(keys(&before, &now));
    }
    let deep = match args.deep {
        true => Some(deep(&case, &configured?, &progress, &mut verdict)?),
        false => None,
    };
    print(&verdict, deep.as_ref(), &style)
}

fn print(verdict: &Verdict, deep: Option<&Differences>, style: &Style) -> Result<Outcome> {
    let mut out = Out::new();
    let same = verdict.differs.is_empty();
    let texts = |t: &[Text]| t.iter().map(|t| t.get(style.lang).to_string()).collect::<Vec<_>>();
    let (differs, remarks) = (texts(&verdict.differs), texts(&verdict.remarks));
    if style.json {
        let mut told = json!({ "unchanged": same, "evidence": verdict.evidence, "bytes": verdict.bytes,
            "audit": verdict.trail, "differs": differs, "remarks": remarks });
        if let Some(deep) = deep {
            told["deep"] =
                json!({ "same": deep.same, "differ": deep.rows.len(), "not_compared": deep.otherwise.len() });
        }
        told["head"] = head(verdict.head).into();
        out.json(&told)?;
    } else {
        for line in &differs {
            out.line(&escape::visible(line))?;
        }
        remarks.iter().for_each(|r| say(style, r, r));
        let (e, b, t) = (verdict.evidence, verdict.bytes, verdict.trail);
        out.line(&match (style.lang, same) {
            (model::Lang::En, true) => format!(
                "unchanged: {e} pieces of evidence ({b} bytes), {t} rows of the audit trail, what was read, findings, \
                 settings, brief"
            ),
            (model::Lang::Fr, true) => format!(
                "inchangé : {e} pièces ({b} octets), {t} lignes du journal d’audit, ce qui a été lu, constats, réglages, note"
            ),
            (model::Lang::En, false) => format!("changed: {} differences", differs.len()),
            (model::Lang::Fr, false) => format!("changé : {} différences", differs.len()),
        })?;
        if let Some(deep) = deep {
            out.line(&match style.lang {
                model::Lang::En => {
                    format!("read again: {} pieces of evidence give the rows that are stored", deep.same)
                }
                model::Lang::Fr => format!("relu : {} pièces redonnent les lignes enregistrées", deep.same),
            })?;
        }
        out.line(&format!("{}{}{}", style.lang.of("head", "empreinte"), style.lang.colon(), head(verdict.head)))?;
    }
    out.end()?;
    Ok(if same { Outcome::Done } else { Outcome::No })
}

/// A database that nothing can be asked of any more.
fn damaged(e: Error, global: &Global) -> Result<Outcome> {
    let mut out = Out::new();
    let told = e.to_string();
    match global.json {
        true => out.json(&json!({ "unchanged": false, "differs": [told], "remarks": [] }))?,
        false => out.line(&escape::visible(&told))?,
    }
    out.end()?;
    if let Some(hint) = e.get_hint() {
        eprintln!("hint: {}", escape::visible(hint));
    }
    Ok(Outcome::No)
}

/// Reads all evidence again, as it was read, and compares.
fn deep(case: &Case, configured: &Configured, progress: &Progress, verdict: &mut Verdict) -> Result<Differences> {
    let again = Case::temporary()?;
    for registered in case.register()?.into_iter().filter(|r| r.place != Place::Nowhere) {
        // What cannot be opened was told above.
        let Some(path) = case.path_of(&registered).filter(|_| case.bytes_of(&registered).is_ok()) else { continue };
        let e = registered.evidence;
        let arrival = Arrival { path: e.path, bytes: None, modified: e.modified, added: e.added, by: e.by };
        again.refer_unread(Some(&path), e.size, arrival)?;
    }
    let pipeline = Pipeline { case: &again, configured, isolate: false, hashed: true, progress };
    pipeline.read()?;
    pipeline.detect()?;
    let found = case.differences(&again)?;
    for (id, path) in found.rows.iter().take(NAMED) {
        verdict.differs.push(Text::new(
            format!("{path} ({id}), read again, gives other rows than those stored"),
            format!("{path} ({id}), relu, donne d’autres lignes que celles enregistrées"),
        ));
    }
    let names = |all: &[(EvidenceId, String)]| {
        let first: Vec<&str> = all.iter().take(3).map(|(_, path)| path.as_str()).collect();
        format!("{}{}", first.join(", "), if all.len() > 3 { ", …" } else { "" })
    };
    if !found.otherwise.is_empty() {
        let (n, names) = (found.otherwise.len(), names(&found.otherwise));
        verdict.remarks.push(Text::new(
            format!(
                "{n} pieces of evidence were read by another version, with other settings, or not at all ({names}): run \
                 again to compare them"
            ),
            format!(
                "{n} pièces ont été lues par une autre version, avec d’autres réglages, ou pas du tout ({names}) : \
                 relancer pour les comparer"
            ),
        ));
    }
    if found.findings {
        verdict.differs.push(Text::new(
            "the evidence, judged again, gives other findings than those stored",
            "les pièces, jugées à nouveau, donnent d’autres constats que ceux enregistrés",
        ));
    }
    Ok(found)
}

/// The keys of `case.toml` that say something else, with what they said and say.
fn keys(before: &str, now: &str) -> Vec<Text> {
    let (Ok(before), Ok(now)) = (before.parse::<toml::Table>(), now.parse::<toml::Table>()) else { return Vec::new() };
    let (mut was, mut is) = (BTreeMap::new(), BTreeMap::new());
    flatten("", before, &mut was);
    flatten("", now, &mut is);
    let mut names: Vec<&String> = was.keys().chain(is.keys()).collect();
    names.sort();
    names.dedup();
    let differ = names.into_iter().filter(|name| was.get(*name) != is.get(*name));
    differ
        .map(|name| {
            let word = |all: &BTreeMap<String, String>| all.get(name).map_or_else(|| "–".into(), |v| short(v));
            let line = format!("  {name}: {} → {}", word(&was), word(&is));
            Text::new(line.clone(), line)
        })
        .collect()
}

fn flatten(prefix: &str, table: toml::Table, all: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        match value {
            // Tables of tables of tables are no settings of ours.
            toml::Value::Table(inner) if prefix.matches('.').count() < 8 => {
                flatten(&format!("{prefix}{key}."), inner, all);
            }
            value => drop(all.insert(format!("{prefix}{key}"), value.to_string())),
        }
    }
}

fn short(text: &str) -> String {
    let first: String = text.chars().take(200).collect();
    if first.len() < text.len() { first + "…" } else { first }
}
