//! `replay`: what would have been seen without a kind of evidence, or without a day. The evidence that is left is read and
//! judged again in a temporary case, for a finding may rest on several kinds at once.

use super::Outcome;
use super::story::Asked;
use crate::cli::Global;
use crate::output::{Out, say};
use crate::pipeline::Pipeline;
use crate::progress::Progress;
use crate::told::wrapped;
use casework::story::{Chain, Story};
use clap::Args;
use jiff::civil::Date;
use model::{Error, Finding, Result, View, escape};
use rows::story::{State, Step};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;
use store::{Arrival, Case, Place};

/// What would have been seen.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie replay DIR --without web_log        without a kind of evidence
  vigie replay DIR --without 2017-03-15     without what happened on a day
  vigie replay DIR                          each kind left out in turn: which log to switch on first")]
pub struct Replay {
    /// The case
    pub dir: PathBuf,
    /// A kind of evidence, or a day
    #[arg(long, value_name = "KIND|DAY")]
    pub without: Vec<String>,
}

/// `vigie replay`.
pub fn replay(args: &Replay, global: &Global) -> Result<Outcome> {
    let asked = Asked::to_judge(&args.dir, global)?;
    let kinds: BTreeSet<String> = asked.case.whole().evidence()?.into_iter().filter_map(|e| e.kind).collect();
    let whole = asked.story(global)?;
    let before = Chain::of(&whole, whole.gravest());
    let wanted: Vec<String> =
        if args.without.is_empty() { kinds.iter().cloned().collect() } else { args.without.clone() };
    let mut out = Out::new();
    let mut lost: Vec<(usize, usize, String)> = Vec::new();
    for without in &wanted {
        let story = if kinds.contains(without) {
            less(&asked, global, without)?
        } else if let Ok(day) = without.parse::<Date>() {
            let zone = &asked.style.zone;
            let on = |f: &Finding| f.first.is_some_and(|t| t.in_zone(zone).date() == day);
            asked.story_of(&asked.case.whole(), global, &|f| !on(f))?
        } else {
            let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
            return Err(Error::new(format!("`{without}` is neither a kind of evidence of this case nor a day"))
                .hint(format!("one of {}, or a day such as 2017-04-24", kinds.join(", "))));
        };
        let after = Chain::of(&story, story.gravest());
        let left = |s: &Step| before.state(*s) == State::Found && after.state(*s) != State::Found;
        // What is still seen, but no longer as part of this story, has not vanished.
        let (apart, vanish): (Vec<Step>, Vec<Step>) =
            Step::ALL.into_iter().filter(left).partition(|s| story.showing(*s) > 0);
        lost.push((vanish.len(), apart.len(), without.clone()));
        if asked.style.json {
            out.json(&json!({ "without": without, "vanish": vanish, "apart": apart, "found_before": before.found(),
                "found_after": after.found(), "steps": after.steps }))?;
            continue;
        }
        let lang = asked.style.lang;
        let names =
            |steps: &[Step]| steps.iter().map(|s| s.text().get(lang).to_string()).collect::<Vec<_>>().join(", ");
        let none = lang.of("no step vanishes", "aucune étape ne disparaît");
        let mut told = if vanish.is_empty() { none.to_string() } else { names(&vanish) };
        if !apart.is_empty() {
            let no_longer = lang.of("; seen, but no longer joined: ", " ; vu, mais plus relié : ");
            told += &format!("{no_longer}{}", names(&apart));
        }
        let (without, head) = (escape::visible(without), lang.of("without", "sans"));
        wrapped(
            &mut out,
            "",
            &format!("{head} {without}{}{told} ({} → {})", lang.colon(), before.found(), after.found()),
        )?;
    }
    lost.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then_with(|| a.2.cmp(&b.2)));
    if let (false, Some((n, _, first))) = (asked.style.json, lost.first().filter(|_| args.without.is_empty()))
        && *n > 0
    {
        say(
            &asked.style,
            format!("{first} shows most that nothing else shows: switch it on, and keep it, first"),
            format!("{first} montre le plus de ce que rien d’autre ne montre : à activer et conserver d’abord"),
        );
    }
    out.end()?;
    Ok(Outcome::Done)
}

/// The story of the case without a kind of evidence.
fn less(asked: &Asked, global: &Global, without: &str) -> Result<Story> {
    let again = Case::temporary()?;
    for registered in asked.case.register()?.into_iter().filter(|r| r.place != Place::Nowhere) {
        if registered.evidence.kind.as_deref() == Some(without) {
            continue;
        }
        let Some(path) = asked.case.path_of(&registered).filter(|_| asked.case.bytes_of(&registered).is_ok()) else {
            continue;
        };
        let e = registered.evidence;
        let arrival = Arrival { path: e.path, bytes: None, modified: e.modified, added: e.added, by: e.by };
        again.refer_unread(Some(&path), e.size, arrival)?;
    }
    let progress = Progress::new(!asked.style.json);
    let configured = &asked.configured;
    let pipeline = Pipeline { case: &again, configured, isolate: false, hashed: true, progress: &progress };
    pipeline.read()?;
    pipeline.detect()?;
    asked.story_of(&again.whole(), global, &|_| true)
}
