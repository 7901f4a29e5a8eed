//! `run`: read what is new, detect, write the brief.

use super::{Outcome, actor, judged, something_read, style};
use crate::cli::{Global, Run};
use crate::output::{Out, say, skipped};
use crate::pipeline::Pipeline;
use crate::progress::Progress;
use crate::settings::{from_case, say_taken};
use model::{Result, Severity, View};
use serde_json::{Map, json};
use std::path::Path;
use store::Case;

/// `vigie run`.
pub fn run(args: &Run, global: &Global) -> Result<Outcome> {
    let case = Case::open(&args.dir)?;
    let configured = from_case(&args.dir)?;
    let style = style(global, &configured)?;
    say_taken(&configured.config, &style);
    let progress = Progress::new(!style.json);
    let pipeline =
        Pipeline { case: &case, configured: &configured, isolate: args.isolate, hashed: true, progress: &progress };
    let done = pipeline.read()?;
    pipeline.detect()?;
    let changed = crate::brief::write(&case, &configured, &style, &args.series, global.now(), &actor())?;
    let news = pipeline.remember(global.now())?;
    for (path, skip) in case.whole().named_skips()? {
        skipped(&style, &path, &skip.reason, skip.count, skip.line);
    }
    let brief = args.dir.join("brief").join("index.html");
    report(&case, &done, &brief, changed, news, &style)?;
    // A case to which nothing was added yet has nothing that failed; its brief says so.
    match case.whole().evidence()?.as_slice() {
        [] => {}
        evidence => something_read(evidence)?,
    }
    judged(&case, global.fail_on)
}

fn report(
    case: &Case,
    done: &crate::pipeline::Done,
    brief: &Path,
    changed: bool,
    news: Option<store::Run>,
    style: &crate::output::Style,
) -> Result<()> {
    let counts = case.severities()?;
    let evidence = case.whole().evidence()?.len();
    if style.json {
        let counts: Map<_, _> = counts.iter().map(|(s, n)| (s.as_str().to_string(), json!(n))).collect();
        let mut out = Out::new();
        out.json(&json!({ "evidence": evidence, "read": done.read, "kept": done.kept, "findings": counts,
            "changed": changed, "news": news, "brief": brief.to_string_lossy() }))?;
        return out.end();
    }
    let flagged: u64 = counts.iter().filter(|(s, _)| *s >= Severity::Low).map(|(_, n)| n).sum();
    say(
        style,
        format!(
            "{evidence} pieces of evidence, {} read now; {flagged} findings; brief: {}",
            done.read,
            brief.display()
        ),
        format!(
            "{evidence} pièces, dont {} lues à l’instant ; {flagged} constats ; note : {}",
            done.read,
            brief.display()
        ),
    );
    let dir = brief.parent().and_then(Path::parent).unwrap_or(brief).display();
    match news {
        None => say(style, "nothing new since the last run", "rien de nouveau depuis la dernière exécution"),
        Some(run) => say(
            style,
            format!("{} new, {} changed, {} gone: vigie findings {dir} --new", run.new, run.changed, run.gone),
            format!(
                "{} nouveaux, {} modifiés, {} disparus : vigie findings {dir} --new",
                run.new, run.changed, run.gone
            ),
        ),
    }
    Ok(())
}
