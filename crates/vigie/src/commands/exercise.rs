//! `exercise` and `demo`: evidence with known truth, and what was found of it beside the truth.

use super::{Outcome, actor, style};
use crate::cli::{Demo, Exercise, Global};
use crate::output::{Out, Style, say};
use crate::pipeline::Pipeline;
use crate::progress::Progress;
use crate::settings::from_case;
use exercise::{Comparison, CountedDebate, CountedMail, Scenario, Summary, Truth, compare, generate, score};
use model::{Error, Finding, Lang, Result, View};
use serde_json::json;
use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::Path;
use store::{Arrival, Case};

/// The scenarios that ship with the program.
const SHIPPED: [(&str, &str); 5] = [
    ("france-2017", exercise::FRANCE_2017),
    ("inbox", exercise::INBOX),
    ("debate", exercise::DEBATE),
    ("throughput", exercise::THROUGHPUT),
    ("flood90", exercise::FLOOD90),
];

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
    let truth = generate(&scenario, args.seed, dir)?;
    let (attempts, outages, bytes, shown) = (truth.attempts.len(), truth.outages.len(), truth.bytes, dir.display());
    if global.json {
        out.json(&json!({ "exercise": dir, "bytes": bytes, "attempts": attempts, "outages": outages }))?;
    } else {
        out.line(&match global.language(None) {
            Lang::En => format!(
                "{attempts} attempts and {outages} outages hidden in {bytes} bytes of logs: {shown}/evidence\n\
                 the truth: {shown}/truth.json\nnext: vigie check {shown}/evidence"
            ),
            Lang::Fr => format!(
                "{attempts} tentatives et {outages} pannes cachées dans {bytes} octets de journaux : {shown}/evidence\n\
                 la vérité : {shown}/truth.json\nensuite : vigie check {shown}/evidence"
            ),
        })?;
    }
    out.end()?;
    Ok(Outcome::Done)
}

fn scenario(named: Option<&Path>) -> Result<Scenario> {
    let Some(path) = named else { return Scenario::parse(exercise::FRANCE_2017) };
    if let Some((_, text)) = SHIPPED.iter().find(|(name, _)| path.as_os_str() == *name) {
        return Scenario::parse(text);
    }
    let text = fs::read_to_string(path).map_err(|e| {
        Error::new(format!("could not read `{}`", path.display()))
            .because(e)
            .hint("give a scenario file, or one of france-2017, inbox, debate, throughput, flood90")
    })?;
    Scenario::parse(&text)
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
    let truth = generate(&Scenario::parse(exercise::FRANCE_2017)?, args.seed, dir)?;
    say(&quiet, "reading it, knowing nothing of how it was made …", "lecture, sans rien savoir de leur fabrication…");
    let home = dir.join("case");
    let toml =
        fs::read_to_string(dir.join("case.toml")).map_err(|e| Error::new("could not read `case.toml`").because(e))?;
    let case = Case::create(&home, &toml)?;
    let (sources, _) = crate::gather::gather(&[dir.join("evidence")]);
    // Without a given time, the day after the story's end: a demo must not depend on today.
    let now = global.at.unwrap_or(truth.to);
    for source in sources {
        let Some(path) = &source.path else { continue };
        let file =
            File::open(path).map_err(|e| Error::new(format!("could not read `{}`", path.display())).because(e))?;
        case.take_in(file, Arrival { path: source.name, modified: source.modified, added: now, by: actor() })?;
    }
    let configured = from_case(&home)?;
    let style = Style { lang, ..style(global, &configured)? };
    let progress = Progress::new(!style.json);
    let pipeline = Pipeline { case: &case, configured: &configured, isolate: false, hashed: true, progress: &progress };
    pipeline.read()?;
    pipeline.detect()?;
    crate::brief::write(&case, &configured, &style, &[], now, &actor())?;
    pipeline.remember(now)?;
    let comparison = compare(findings(&case)?.into_iter(), &truth);
    let brief = home.join("brief").join("index.html");
    let mut out = Out::new();
    match style.json {
        true => out.json(&json!({ "found": comparison.found, "truth": comparison.truth, "brief": brief }))?,
        false => table(&comparison, lang).iter().try_for_each(|line| out.line(line))?,
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
    for name in ["evidence", "case"] {
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

/// Found beside true, chapter by chapter.
fn table(c: &Comparison, lang: Lang) -> Vec<String> {
    let mut lines = vec![format!("\n{:<58}{:>10}{:>10}", "", lang.of("found", "trouvé"), lang.of("truth", "vérité"))];
    let row = |name: &str, of: &dyn Fn(&Summary) -> u64| format!("{name:<58}{:>10}{:>10}", of(&c.found), of(&c.truth));
    for (i, chapter) in c.truth.chapters.iter().enumerate() {
        lines.push(chapter.title.get(lang).to_string());
        lines.push(row(lang.of("  attempts", "  tentatives"), &|s| s.chapters[i].attempts));
        let mut countries: Vec<(&String, &u64)> = chapter.by_country.iter().collect();
        countries.sort_by_key(|(country, n)| (std::cmp::Reverse(**n), country.as_str()));
        for (country, _) in countries.into_iter().take(3) {
            let of = |s: &Summary| s.chapters[i].by_country.get(country).copied().unwrap_or(0);
            lines.push(row(&format!("    {} {country}", lang.of("from", "depuis")), &of));
        }
        if chapter.by_month.len() > 1 {
            for month in chapter.by_month.keys() {
                let of = |s: &Summary| s.chapters[i].by_month.get(month).copied().unwrap_or(0);
                lines.push(row(&format!("    {month}"), &of));
            }
        }
        if !chapter.outages.is_empty() {
            lines.push(row(lang.of("  outages", "  pannes"), &|s| s.chapters[i].outages.len() as u64));
        }
    }
    lines.push(row(lang.of("all attempts", "toutes les tentatives"), &|s| s.attempts));
    lines.push(row(lang.of("all outages", "toutes les pannes"), &|s| s.outages));
    if c.truth.decoys > 0 {
        let names = c.truth.ordinary_names;
        lines.push(match lang {
            Lang::En => format!("Decoy addresses among {names} ordinary names"),
            Lang::Fr => format!("Adresses-leurres parmi {names} noms ordinaires"),
        });
        lines.push(row(lang.of("  decoys", "  leurres"), &|s| s.decoys));
        lines.push(row(lang.of("  groups of one hand", "  groupes d’une même main"), &|s| s.hands));
    }
    if let Some(mail) = &c.truth.mail {
        lines.push(lang.of("Phishing mail", "Courriels d’hameçonnage").into());
        let of = |get: fn(&CountedMail) -> u64| move |s: &Summary| s.mail.as_ref().map_or(0, get);
        lines.push(row(lang.of("  messages", "  messages"), &of(|m| m.phishing)));
        lines.push(row(lang.of("  waves", "  vagues"), &of(|m| m.waves)));
        lines.push(row(lang.of("  messages in waves", "  messages dans les vagues"), &of(|m| m.in_waves)));
        if mail.followed > 0 {
            lines.push(row(
                lang.of("  people who followed one", "  personnes qui y ont donné suite"),
                &of(|m| m.followed),
            ));
        }
        if mail.forged > 0 {
            lines.push(row(
                lang.of("  messages forged in our name (reports)", "  messages forgés en notre nom (rapports)"),
                &of(|m| m.forged),
            ));
        }
    }
    if let Some(debate) = &c.truth.posts {
        lines.push(lang.of("A night on social networks", "Une nuit sur les réseaux sociaux").into());
        let of = |get: fn(&CountedDebate) -> u64| move |s: &Summary| s.posts.as_ref().map_or(0, get);
        lines.push(row(lang.of("  groups that act as one", "  groupes qui agissent ensemble"), &of(|d| d.groups)));
        lines.push(row(lang.of("  accounts in them", "  comptes qui en sont"), &of(|d| d.accounts)));
        if debate.steps > 0 {
            lines.push(row(
                lang.of("  steps of the leak's road, in order", "  étapes de la fuite, dans l’ordre"),
                &of(|d| d.steps),
            ));
        }
    }
    lines
}
