//! `search`: words found in what a case holds, whatever the kind: every text of every row that was read.
//!
//! You may rely on: nothing is indexed, so that nothing of what is forgotten is left anywhere; that somebody looked, for what and
//! how much he saw is in the audit trail. Left out: what readers do not keep (bodies of letters).

use super::{Outcome, actor, style};
use crate::cli::Global;
use crate::output::{Names, Out, say, stamp};
use crate::settings::from_case;
use clap::Args;
use model::{Error, Result, Step, View, escape};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::PathBuf;
use store::Case;

/// Words looked for.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie search DIR virement bahamas          all of these words, in one document or row, letters and accents alike
  vigie search DIR dupont --in documents     in rows of one kind of evidence
Who asked, when and for what is kept in the audit trail.")]
pub struct Search {
    /// The case
    pub dir: PathBuf,
    /// Words, all of which must be there; capitals and accents do not matter
    #[arg(required = true)]
    pub words: Vec<String>,
    /// In rows of this kind of evidence, or of this kind of row
    #[arg(long = "in", value_name = "KIND")]
    pub within: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 100)]
    pub limit: usize,
    /// Show what exposes persons too: addresses, numbers, words of health (recorded)
    #[arg(long)]
    pub unmasked: bool,
}

/// Characters shown around a word.
const AROUND: usize = 70;
/// Levels of a row that are looked into.
const DEPTH: usize = 12;

/// `vigie search`.
pub fn search(args: &Search, global: &Global) -> Result<Outcome> {
    let case = Case::open(&args.dir)?;
    let configured = from_case(&args.dir)?;
    let style = style(global, &configured)?;
    super::withhold(&case, &configured, &style)?;
    let words: Vec<String> = args.words.iter().map(|w| folded(w)).filter(|w| !w.trim().is_empty()).collect();
    if words.is_empty() {
        return Err(Error::new("no word to look for").hint("`vigie search DIR WORD…`"));
    }
    let kinds: BTreeSet<String> = case.yields()?.into_iter().flat_map(|y| y.kinds).collect();
    let is_asked =
        |kind: &&String| args.within.as_ref().is_none_or(|w| *kind == w || kind.split('/').next() == Some(w.as_str()));
    let view = case.whole();
    let names = Names::of(&view)?;
    let mut out = Out::new();
    let (mut shown, mut found) = (0usize, 0u64);
    for kind in kinds.iter().filter(is_asked) {
        view.observations(kind, &mut |visit| {
            let row: Value = visit.observation.fields.to().unwrap_or_default();
            let mut texts = Vec::new();
            gather(&row, DEPTH, &mut texts);
            let all: Vec<String> = texts.iter().map(|t| folded(t)).collect();
            if !words.iter().all(|w| all.iter().any(|t| t.contains(w.as_str()))) {
                return Ok(ControlFlow::Continue(()));
            }
            found += 1;
            if shown == args.limit {
                return Ok(ControlFlow::Continue(()));
            }
            shown += 1;
            let place = format!("{}{}", names.get(visit.evidence), Step::path(&visit.steps));
            let text = texts.iter().zip(&all).find(|(_, t)| t.contains(words[0].as_str())).map_or("", |(t, _)| *t);
            let text = if args.unmasked { text.to_string() } else { sensors::mask(text) };
            let some = around(&text, &words[0]);
            let (observation, first) = (&visit.observation, visit.observation.first);
            let range =
                observation.spans.iter().next().map(|s| format!("{}:{}-{}", visit.evidence, s.start, s.start + s.len));
            match style.json {
                true => out.json(
                    &json!({ "kind": kind, "time": (first.0 != 0).then_some(first), "place": place, "text": some,
                    "evidence": visit.evidence.to_string(), "show": range }),
                )?,
                false => {
                    let time = if first.0 == 0 { "-".into() } else { stamp(first, &style.zone) };
                    out.line(&format!("{time}  {kind}  {}", escape::visible(&place)))?;
                    out.line(&format!("    {}", escape::visible(&some)))?;
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
    }
    out.end()?;
    case.record_search(&args.words, found, !args.unmasked, global.now(), &actor())?;
    if found > shown as u64 {
        say(
            &style,
            format!("{found} in all; --limit shows more"),
            format!("{found} en tout ; --limit en montre davantage"),
        );
    }
    Ok(if found > 0 { Outcome::Done } else { Outcome::No })
}

/// All texts of a row.
fn gather<'v>(value: &'v Value, depth: usize, texts: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(all) if depth > 0 => all.iter().for_each(|v| gather(v, depth - 1, texts)),
        Value::Object(all) if depth > 0 => all.values().for_each(|v| gather(v, depth - 1, texts)),
        _ => {}
    }
}

/// In small letters, those of Latin without their marks: one letter for one.
fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' | 'ÿ' => 'y',
        '’' => '\'',
        '\u{a0}' | '\u{202f}' | '\n' | '\t' => ' ',
        c => c,
    };
    text.chars().map(|c| plain(c.to_lowercase().next().unwrap_or(c))).collect()
}

/// A text around the first place of a word.
fn around(text: &str, word: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let at = folded(text).find(word).map_or(0, |n| folded(text)[..n].chars().count());
    let (from, to) = (at.saturating_sub(AROUND), (at + word.chars().count() + AROUND).min(letters.len()));
    let some: String = letters[from.min(letters.len())..to].iter().collect();
    let (before, after) = (if from > 0 { "…" } else { "" }, if to < letters.len() { "…" } else { "" });
    format!("{before}{}{after}", some.replace(['\n', '\r', '\t'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_letters() {
        assert_eq!(folded("Éœuvre L’ÉTÉ"), "eœuvre l'ete");
        let text = format!("{}le virement à Nassau{}", "x ".repeat(80), " y".repeat(80));
        let some = around(&text, "virement a");
        assert!(some.starts_with('…') && some.ends_with('…') && some.contains("virement à Nassau"), "{some}");
        let row = json!({ "a": ["b", { "c": "d" }], "n": 3 });
        let mut texts = Vec::new();
        gather(&row, DEPTH, &mut texts);
        assert_eq!(texts, ["b", "d"]);
    }
}
