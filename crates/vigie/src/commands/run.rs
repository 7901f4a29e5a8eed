//! `run`: read what is new, detect, write the brief, record what the case is made of.

use super::{Outcome, actor, judged, not_understood, say_apart, something_read, style};
use crate::cli::Global;
use crate::output::{Out, Style, gone_line, head, say, say_isolation, skipped};
use crate::pipeline::Pipeline;
use crate::progress::Progress;
use crate::settings::{Configured, from_case_to_judge, say_taken};
use clap::Args;
use model::{Error, Lang, Result, View};
use serde_json::{Map, json};
use std::path::{Path, PathBuf};
use store::{Case, Distrust, Written};

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  vigie run my-campaign\n  vigie run my-campaign --series polls.csv --lang fr\n\n\
         Next: open my-campaign/brief/index.html; `vigie show` prints the lines behind a finding.")]
pub struct Run {
    /// The case
    pub dir: PathBuf,
    /// Curves to test the attempts against: CSV of date and value, such as polls (repeatable)
    #[arg(long, value_name = "FILE")]
    pub series: Vec<PathBuf>,
    /// Read everything in worker processes without network and file system
    #[arg(long)]
    pub isolate: bool,
}

/// Findings that are gone, told one by one.
const TOLD: usize = 20;

/// `vigie run`.
pub fn run(args: &Run, global: &Global) -> Result<Outcome> {
    let case = Case::open(&args.dir)?;
    let configured = from_case_to_judge(&args.dir)?;
    let style = style(global, &configured)?;
    say_taken(&configured.config, &style);
    let progress = Progress::new(!style.json);
    let distrust = case.distrust()?;
    say_distrust(&style, distrust);
    let pipeline =
        Pipeline { case: &case, configured: &configured, isolate: args.isolate, hashed: true, progress: &progress };
    let done = pipeline.read()?;
    pipeline.detect()?;
    let written = crate::brief::write(&pipeline, distrust, &style, &args.series, global.now(), &actor())?;
    for (path, skip) in case.whole().named_skips()? {
        skipped(&style, &path, &skip.reason, skip.count, skip.line);
    }
    super::say_unread(&configured.config, &style);
    not_understood(&case.whole(), &style)?;
    say_apart(&case, &style)?;
    let brief = args.dir.join("brief").join("index.html");
    say_isolation(&style);
    super::say_withheld(&case, &style);
    say_kept(&configured, &style, global)?;
    report(&case, &done, distrust, &brief, &written, &style)?;
    // A case to which nothing was added yet has nothing that failed; its brief says so.
    match case.whole().evidence()?.as_slice() {
        [] => {}
        _ => something_read(&case)?,
    }
    let outcome = match done.refused {
        0 => judged(&case, global.fail_on),
        _ => Ok(Outcome::CouldNot),
    };
    drop(case);
    // Only what anybody may read is published.
    if configured.config.settings::<casework::Settings>()?.tlp.to_uppercase().ends_with("CLEAR") {
        super::silence::outgoing(&args.dir, &configured.config, &[brief], &style, global.now())?;
    }
    outcome
}

/// Says when the day has passed until which the case was to be kept.
fn say_kept(configured: &Configured, style: &Style, global: &Global) -> Result<()> {
    let until = configured.config.settings::<casework::Settings>()?.keep_until;
    if until.trim().is_empty() {
        return Ok(());
    }
    let day: jiff::civil::Date = until.trim().parse().map_err(|e: jiff::Error| {
        Error::new(format!("`[brief] keep_until` is no day: `{until}`")).because(e).hint("write 2027-12-31")
    })?;
    if global.now().in_zone(&style.zone).date() > day {
        say(
            style,
            format!(
                "warning: this case was to be kept until {day}: `vigie forget` erases evidence and all that was made of it"
            ),
            format!(
                "attention : ce dossier devait être conservé jusqu’au {day} : `vigie forget` efface les pièces et tout ce qui en a été tiré"
            ),
        );
    }
    Ok(())
}

fn say_distrust(style: &Style, distrust: Distrust) {
    let Distrust { evidence, findings, memory } = distrust;
    if evidence > 0 {
        say(
            style,
            format!(
                "what was read in {evidence} pieces of evidence is not what the last run recorded (a run was broken off, or \
                 something else wrote): they are read again"
            ),
            format!(
                "ce qui a été lu dans {evidence} pièces n’est pas ce que la dernière exécution a enregistré (exécution \
                 interrompue, ou autre chose a écrit) : elles sont relues"
            ),
        );
    }
    if findings {
        say(
            style,
            "the findings are not those that the last run recorded: they are made again",
            "les constats ne sont pas ceux que la dernière exécution a enregistrés : ils sont refaits",
        );
    }
    if memory {
        say(
            style,
            "what is remembered of earlier runs was changed: what is called new may not be",
            "la mémoire des exécutions antérieures a été modifiée : ce qui est dit nouveau ne l’est peut-être pas",
        );
    }
}

fn report(
    case: &Case,
    done: &crate::pipeline::Done,
    distrust: Distrust,
    brief: &Path,
    written: &Written,
    style: &Style,
) -> Result<()> {
    let counts = case.severities()?;
    let evidence = case.whole().evidence()?.len();
    let mut out = Out::new();
    if style.json {
        let counts: Map<_, _> = counts.iter().map(|(s, n)| (s.as_str().to_string(), json!(n))).collect();
        out.json(&json!({ "evidence": evidence, "read": done.read, "kept": done.kept, "refused": done.refused,
            "again": distrust.evidence, "findings": counts, "changed": written.changed, "news": written.news,
            "gone": written.gone, "brief": brief.to_string_lossy(), "head": head(case.head()?) }))?;
        return out.end();
    }
    let (en, fr) = (casework::short::counted(&counts, Lang::En), casework::short::counted(&counts, Lang::Fr));
    say(
        style,
        format!("{evidence} pieces of evidence, {} read now; {en}; brief: {}", done.read, brief.display()),
        format!("{evidence} pièces, dont {} lues à l’instant ; {fr} ; note : {}", done.read, brief.display()),
    );
    let dir = brief.parent().and_then(Path::parent).unwrap_or(brief).display();
    match written.news {
        None if written.changed => say(
            style,
            "no finding is new since the last run; the brief has changed",
            "aucun constat nouveau depuis la dernière exécution ; la note a changé",
        ),
        None => say(style, "nothing new since the last run", "rien de nouveau depuis la dernière exécution"),
        Some(run) => say(
            style,
            format!("{} new, {} changed, {} gone: vigie findings {dir} --new", run.new, run.changed, run.gone),
            format!(
                "{} nouveaux, {} modifiés, {} disparus : vigie findings {dir} --new",
                run.new, run.changed, run.gone
            ),
        ),
    }
    for finding in written.gone.iter().take(TOLD) {
        let line = gone_line(finding, style.lang);
        say(style, &line, &line);
    }
    if written.gone.len() > TOLD {
        let more = written.gone.len() - TOLD;
        say(style, format!("… and {more} more gone"), format!("… et {more} autres disparus"));
    }
    crate::told::summary(&case.whole(), style, &mut out)?;
    out.line("")?;
    let (en, fr) = ("today's list, in order: vigie alert", "la liste du jour, dans l’ordre : vigie alert");
    out.line(&format!("{} {dir}", style.lang.of(en, fr)))?;
    out.line(&format!("{}{}{}", style.lang.of("head", "empreinte"), style.lang.colon(), head(case.head()?)))?;
    out.end()
}
