//! `exercise` and `demo`: evidence with known truth, and what was found of it beside the truth.

use super::{Outcome, actor, style};
use crate::cli::Global;
use crate::output::{Out, Style, say};
use crate::pipeline::Pipeline;
use crate::progress::Progress;
use crate::settings::{from_answers, from_case_to_judge};
use clap::Args;
use exercise::{Row, SHIPPED, Scenario, Truth, compare, generate, score, shipped};
use model::{Error, Finding, Lang, Result, View};
use serde_json::json;
use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use store::{Arrival, Case};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  vigie exercise practice --seed 7\n  vigie exercise practice --scenario mine.toml\n  \
         vigie exercise --score my-case practice/truth.json"
)]
pub struct Exercise {
    /// The folder to make the evidence in; with --score, none
    #[arg(required_unless_present = "score")]
    pub dir: Option<PathBuf>,
    /// The same seed and scenario give the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// A scenario file, or a shipped one: france-2017 (the default), inbox, debate, vote-day, innocent, false-flag, throughput, flood90
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<PathBuf>,
    /// Make about this much web log instead of what the scenario says: 500MB, 1GB
    #[arg(long, value_name = "SIZE")]
    pub size: Option<String>,
    /// Compare what a case found with the truth
    #[arg(long, num_args = 2, value_names = ["CASE", "TRUTH"], conflicts_with_all = ["dir", "scenario"])]
    pub score: Option<Vec<PathBuf>>,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  vigie demo\n  vigie demo /tmp/demo --lang fr\n\nNext: open vigie-demo/case/brief/index.html."
)]
pub struct Demo {
    /// The folder to make
    #[arg(default_value = "vigie-demo")]
    pub dir: PathBuf,
    /// The same seed gives the same evidence
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// `vigie exercise`.
pub fn exercise(args: &Exercise, global: &Global) -> Result<Outcome> {
    let mut out = Out::new();
    if let Some([case, truth]) = args.score.as_deref() {
        let truth = Truth::read(truth)?;
        let found = score(findings(&Case::look(case)?)?.into_iter(), &truth);
        if global.json {
            out.json(&found)?
        } else {
            out.line(found.to_string().trim_end())?
        }
        out.end()?;
        return Ok(Outcome::Done);
    }
    let Some(dir) = &args.dir else { return Err(Error::new("no folder was named")) };
    let mut scenario = scenario(args.scenario.as_deref())?;
    if let Some(size) = &args.size {
        scenario.size = Some(size.parse().map_err(|e: String| Error::new(format!("`{size}` is {e}")))?);
    }
    let truth = super::filled(dir, || generate(&scenario, args.seed, dir))?;
    let hidden = truth.parts.hidden();
    if global.json {
        let mut made = json!({ "exercise": dir, "bytes": truth.bytes });
        hidden.iter().for_each(|h| made[h.key] = h.count.into());
        out.json(&made)?;
    } else {
        let lang = global.language(None);
        let shown = dir.display();
        let some: Vec<String> =
            hidden.iter().filter(|h| h.count > 0).map(|h| format!("{} {}", h.count, h.what.get(lang))).collect();
        let kept = dir.join("archive").is_dir();
        let (seal, seals) = match kept {
            true => {
                (format!("vigie seal --seals {shown}/seals {shown}/archive; "), format!(" --originals {shown}/seals"))
            }
            false => Default::default(),
        };
        let some = if some.is_empty() { lang.of("nothing", "rien").into() } else { some.join(", ") };
        out.line(&match lang {
            Lang::En => format!(
                "hidden in {shown}/evidence: {some}\nthe truth: {shown}/truth.json\nnext: {seal}vigie check --config {shown}/case.toml{seals} {shown}/evidence"
            ),
            Lang::Fr => format!(
                "cachés dans {shown}/evidence : {some}\nla vérité : {shown}/truth.json\n\
                 ensuite : {seal}vigie check --config {shown}/case.toml{seals} {shown}/evidence"
            ),
        })?;
    }
    out.end()?;
    Ok(Outcome::Done)
}

fn scenario(named: Option<&Path>) -> Result<Scenario> {
    let Some(path) = named else { return france_2017() };
    if let Some(text) = path.to_str().and_then(shipped) {
        return Scenario::parse(text);
    }
    let text = fs::read_to_string(path).map_err(|e| {
        Error::new(format!("could not read `{}`", path.display()))
            .because(e)
            .hint(format!("give a scenario file, or one of {}", SHIPPED.map(|(name, _)| name).join(", ")))
    })?;
    Scenario::parse(&text)
}

/// The demo's scenario, and that of an exercise where none is named.
fn france_2017() -> Result<Scenario> {
    Scenario::parse(SHIPPED[0].1)
}

fn findings(case: &Case) -> Result<Vec<Finding>> {
    let mut all = Vec::new();
    case.whole().findings(&mut |f| {
        all.push(f);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all)
}

/// `vigie demo`: France 2017 from exercise to brief.
pub fn demo(args: &Demo, global: &Global) -> Result<Outcome> {
    let dir = &args.dir;
    make_room(dir)?;
    let lang = global.language(None);
    let quiet = Style { json: global.json, lang, zone: jiff::tz::TimeZone::UTC };
    say(
        &quiet,
        "making the evidence of a campaign, October 2016 to May 2017 …",
        "fabrication des journaux d’une campagne, d’octobre 2016 à mai 2017…",
    );
    let truth = generate(&france_2017()?, args.seed, dir)?;
    say(&quiet, "reading it, knowing nothing of how it was made …", "lecture, sans rien savoir de leur fabrication…");
    let home = dir.join("case");
    let toml =
        fs::read_to_string(dir.join("case.toml")).map_err(|e| Error::new("could not read `case.toml`").because(e))?;
    // Without a given time, the day after the story's end: a demo must not depend on today.
    let now = global.at.unwrap_or(truth.to);
    let case = Case::create(&home, &toml, now, &actor())?;
    let archive = dir.join("archive");
    if archive.is_dir() {
        say(&quiet, "sealing what the campaign keeps …", "scellement de ce que la campagne conserve…");
        super::seal::folder(&home.join("seals"), &archive, &from_answers(toml::Table::new())?, &quiet)?;
        case.record_folder("seals", now, &actor())?;
    }
    let (sources, _) = crate::gather::gather(&[dir.join("evidence")]);
    // The brief is handed on: where it was made is nobody’s business.
    let within = format!("{}/", dir.display());
    let name = |path: String| path.strip_prefix(&within).map_or(path.clone(), Into::into);
    for source in sources {
        let Some(path) = &source.path else { continue };
        let file =
            File::open(path).map_err(|e| Error::new(format!("could not read `{}`", path.display())).because(e))?;
        let arrival = Arrival {
            path: name(source.name),
            bytes: source.bytes,
            modified: source.modified,
            added: now,
            by: actor(),
        };
        case.take_in(file, arrival)?;
    }
    let configured = from_case_to_judge(&home)?;
    let style = Style { lang, ..style(global, &configured)? };
    let progress = Progress::new(!style.json);
    let pipeline = Pipeline { case: &case, configured: &configured, isolate: false, hashed: true, progress: &progress };
    pipeline.read()?;
    pipeline.detect()?;
    crate::brief::write(&pipeline, Default::default(), &style, &[], now, &actor())?;
    let comparison = compare(findings(&case)?.into_iter(), &truth);
    let brief = home.join("brief").join("index.html");
    let mut out = Out::new();
    match style.json {
        true => out.json(&json!({ "found": comparison.found, "truth": comparison.truth, "brief": brief }))?,
        false => table(&comparison.rows(), lang).iter().try_for_each(|line| out.line(line))?,
    }
    if !style.json {
        out.line(&format!("\n{} {}", lang.of("the brief:", "la note :"), brief.display()))?;
    }
    out.end()?;
    Ok(Outcome::Done)
}

/// An earlier demo may be replaced; anything else in that folder is not ours to touch.
fn make_room(dir: &Path) -> Result<()> {
    let taken = fs::read_dir(dir).is_ok_and(|mut d| d.next().is_some());
    if !taken {
        return Ok(());
    }
    if !(dir.join("truth.json").is_file() && dir.join("evidence").is_dir()) {
        return Err(Error::new(format!("`{}` is not empty and no earlier demo", dir.display()))
            .hint("name another folder: vigie demo DIR"));
    }
    let failed = |e| Error::new(format!("could not replace the earlier demo in `{}`", dir.display())).because(e);
    for name in ["evidence", "archive", "case"] {
        let path = dir.join(name);
        if path.exists() {
            fs::remove_dir_all(&path).map_err(failed)?;
        }
    }
    for name in ["truth.json", "case.toml"] {
        let path = dir.join(name);
        if path.exists() {
            fs::remove_file(&path).map_err(failed)?;
        }
    }
    Ok(())
}

/// Found beside true.
fn table(rows: &[Row], lang: Lang) -> Vec<String> {
    let line = |name: &str, found: &str, truth: &str| format!("{name:<58}{found:>10}{truth:>10}");
    let head = format!("\n{}", line("", lang.of("found", "trouvé"), lang.of("truth", "vérité")));
    let row = |row: &Row| match row {
        Row::Head(text) => text.get(lang).to_string(),
        Row::Count { name, found, truth } => line(name.get(lang), &found.to_string(), &truth.to_string()),
    };
    [head].into_iter().chain(rows.iter().map(row)).collect()
}
