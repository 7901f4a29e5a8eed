//! `hygiene`: the guide, filled in by people and by what the case knows; what to do first.

use super::{Outcome, style};
use crate::cli::Global;
use crate::output::{Out, Style, say};
use crate::settings::{Configured, from_case};
use casework::Readiness;
use clap::Args;
use knowledge::hygiene::Guide;
use model::{Config, Error, Lang, Result, escape};
use readiness::{Answer, Answers, Facts, Level, Report};
use serde_json::json;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use store::{Case, Folder};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  vigie hygiene my-campaign\n  vigie hygiene my-campaign --questions > my-campaign/hygiene.toml\n  \
         vigie hygiene my-campaign --answer 13=partly --who press --owner Ada --due 2027-01-15\n  \
         vigie hygiene my-campaign --html guide.html --ics plan.ics\n\n\
         Next: `vigie run my-campaign` puts it into the brief."
)]
pub struct Hygiene {
    /// The case; its answers are in hygiene.toml
    pub dir: PathBuf,
    /// Print the questions as a file to fill in
    #[arg(long)]
    pub questions: bool,
    /// Answer: MEASURE=no, partly, standard, reinforced or not_applicable; MEASURE alone keeps the answer (repeatable)
    #[arg(long, value_name = "MEASURE=LEVEL")]
    pub answer: Vec<String>,
    /// Of which person or team the answer is
    #[arg(long, value_name = "WHO", requires = "answer")]
    pub who: Option<String>,
    /// Who sees to it
    #[arg(long, value_name = "NAME", requires = "answer")]
    pub owner: Option<String>,
    /// Until when
    #[arg(long, value_name = "DAY", requires = "answer")]
    pub due: Option<String>,
    /// What shows it: a hash of evidence, a file, an address (repeatable)
    #[arg(long, value_name = "WHAT", requires = "answer")]
    pub evidence: Vec<String>,
    /// In words
    #[arg(long, value_name = "TEXT", requires = "answer")]
    pub note: Option<String>,
    /// Write the filled-in guide as a page to this file
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write the plan as iCalendar to this file
    #[arg(long, value_name = "FILE")]
    pub ics: Option<PathBuf>,
}

/// `vigie hygiene`.
pub fn hygiene(args: &Hygiene, global: &Global) -> Result<Outcome> {
    let configured = from_case(&args.dir)?;
    let style = style(global, &configured)?;
    let guide = Guide::embedded();
    if args.questions {
        let mut out = Out::new();
        out.raw(readiness::template(&guide, style.lang).as_bytes())?;
        out.end()?;
        return Ok(Outcome::Done);
    }
    let path = file(&args.dir);
    let mut answers = answers(&path, &guide)?;
    if !args.answer.is_empty() {
        for given in &args.answer {
            answers.set(answer(given, args, &guide)?, &guide)?;
        }
        let text = answers.text()?;
        Folder::open(&args.dir)
            .and_then(|home| home.write(ANSWERS, text.as_bytes()))
            .map_err(|e| Error::new(format!("could not write `{}`", path.display())).because(e))?;
    }
    let case = Case::look(&args.dir)?;
    super::withhold(&case, &configured, &style)?;
    let sites = sites(&args.dir);
    let facts = Facts::of(&case.whole(), &|domain| is_own(&configured.config, domain))?.with(&facts_of(&sites));
    let report = readiness::report(&guide, &answers, &facts);
    let name = &configured.config.name;
    if let Some(path) = &args.html {
        write(path, readiness::page(&report, name, style.lang).as_bytes())?;
    }
    if let Some(path) = &args.ics {
        write(path, readiness::calendar(&report, name, style.lang, global.now()).as_bytes())?;
        let undated = report.plan.iter().filter(|s| s.due.is_empty()).count();
        if undated > 0 {
            say(
                &style,
                format!("{undated} steps have no day and are not in the calendar: `--answer MEASURE --due DAY`"),
                format!(
                    "{undated} étapes n’ont pas de date et ne sont pas dans l’agenda\u{202f}: `--answer MESURE --due JOUR`"
                ),
            );
        }
    }
    let mut out = Out::new();
    match style.json {
        true => lines(&report, &style, &mut out)?,
        false => print(&report, &style, &mut out)?,
    }
    out.end()?;
    Ok(Outcome::Done)
}

/// The last report of each site that was examined into the case; one that cannot be read is none. The case may come from
/// somebody else: no link in it is followed.
fn sites(dir: &Path) -> Vec<serde_json::Value> {
    let Ok(all) = Folder::open(dir).and_then(|home| home.inside("site")) else { return Vec::new() };
    let last = |site: String| {
        let site = all.inside(&site).ok()?;
        let report = site.names().ok()?.into_iter().rfind(|n| n.ends_with(".json"))?;
        serde_json::from_slice(&site.read(&report).ok()??).ok()
    };
    all.names().unwrap_or_default().into_iter().filter_map(last).collect()
}

fn facts_of(sites: &[serde_json::Value]) -> Vec<readiness::Site> {
    let fact = |v: &serde_json::Value| {
        let dns = v["dns"].as_object();
        let domain = dns.and_then(|d| d["domain"].as_str()).map(str::to_string);
        let found = || v["findings"].as_array().into_iter().flatten().filter(|f| f["severity"] != "info");
        // No policy and no word that there is none: it is not known.
        let policy = match dns.and_then(|d| d["dmarc_policy"].as_str()) {
            Some(policy) => Some(policy.to_string()),
            None => found().any(|f| f["id"] == "mail-no-dmarc").then(|| "-".to_string()),
        };
        readiness::Site {
            url: v["url"].as_str().unwrap_or_default().to_string(),
            day: v["at"].as_str().unwrap_or_default().chars().take(10).collect(),
            dmarc: domain.zip(policy),
            found: found().filter_map(|f| f["id"].as_str()).map(str::to_string).collect(),
            https_known: https_known(v),
        }
    };
    sites.iter().map(fact).collect()
}

/// Whether all was answered that *sound HTTPS* hangs on.
fn https_known(report: &serde_json::Value) -> bool {
    let open = |id: &str| report["findings"].as_array().into_iter().flatten().any(|f| f["id"] == id);
    report["tls"].is_object()
        && !["tls-not-known", "https-not-known", "authorities-not-known"].iter().any(|id| open(id))
}

/// What the brief shows of it; nothing where nobody answered and no site was examined.
pub fn shown(case: &Case, configured: &Configured) -> Result<Option<Readiness>> {
    let Some(dir) = case.dir() else { return Ok(None) };
    let (path, sites) = (file(dir), sites(dir));
    if !path.exists() && sites.is_empty() {
        return Ok(None);
    }
    let guide = Guide::embedded();
    let answers = answers(&path, &guide)?;
    let facts = Facts::of(&case.whole(), &|domain| is_own(&configured.config, domain))?.with(&facts_of(&sites));
    let report = readiness::report(&guide, &answers, &facts);
    let team = |e: &readiness::EventState, t: &readiness::Team| {
        let passed = if e.event.kind == "drill" { t.passed } else { t.came };
        (e.event.name.clone(), e.event.day.clone(), t.team.clone(), [t.invited, t.declined, passed, t.reported])
    };
    Ok(Some(Readiness {
        score: report.score,
        answered: report.answered,
        measures: report.all,
        chapters: report
            .chapters
            .iter()
            .map(|c| (c.chapter.id.clone(), c.chapter.name.clone(), c.score, c.answered, c.all))
            .collect(),
        plan: report
            .plan
            .iter()
            .map(|s| (s.measure.id.clone(), s.measure.title.clone(), s.seen, s.owner.into(), s.due.into()))
            .collect(),
        sites: sites
            .iter()
            .map(|v| {
                let text = |key: &str| v[key].as_str().unwrap_or("–").to_string();
                let grave = v["findings"].as_array().into_iter().flatten();
                let grave = grave.filter(|f| f["severity"] == "high" || f["severity"] == "critical").count() as u64;
                (text("url"), text("at").chars().take(10).collect(), text("grade"), v["privacy_score"].as_u64(), grave)
            })
            .collect(),
        events: report.events.iter().flat_map(|e| e.teams.iter().map(move |(t, _)| team(e, t))).collect(),
    }))
}

/// Where the answers are, in the case.
const ANSWERS: &str = "hygiene.toml";

fn file(dir: &Path) -> PathBuf {
    dir.join(ANSWERS)
}

fn is_own(config: &Config, domain: &str) -> bool {
    let protect = &config.protect;
    protect
        .domains
        .iter()
        .chain(&protect.mail_domains)
        .map(ToString::to_string)
        .any(|own| domain == own || domain.strip_suffix(own.as_str()).is_some_and(|rest| rest.ends_with('.')))
}

fn answers(path: &Path, guide: &Guide) -> Result<Answers> {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).map_err(std::io::Error::other);
    let read = store::regular(path, false).and_then(|file| {
        let mut bytes = Vec::new();
        file.take(store::SMALL).read_to_end(&mut bytes).and_then(|_| text(bytes))
    });
    match read {
        Ok(text) => Answers::parse(&text, guide).map_err(|e| {
            let hint =
                e.get_hint().unwrap_or("`vigie hygiene DIR --questions` prints the form of the file").to_string();
            Error::new(format!("could not use `{}`", path.display())).because(e).hint(hint)
        }),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(Answers::default()),
        Err(e) => Err(Error::new(format!("could not read `{}`", path.display())).because(e)),
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).map_err(|e| Error::new(format!("could not write `{}`", path.display())).because(e))
}

fn answer(given: &str, args: &Hygiene, guide: &Guide) -> Result<Answer> {
    let (measure, level) = match given.split_once('=') {
        Some((measure, level)) => (measure.trim(), Some(level.trim())),
        None => (given.trim(), None),
    };
    let words = || Level::ALL.map(Level::as_str).join(", ");
    let level = level.map(|l| {
        l.parse::<Level>().map_err(|_| Error::new(format!("`{l}` is no level")).hint(format!("one of {}", words())))
    });
    let measure = guide
        .measure(measure)
        .ok_or_else(|| Error::new(format!("there is no measure `{measure}`")).hint("they are 1 to 42 and C1 to C12"))?;
    Ok(Answer {
        measure: measure.id.clone(),
        who: args.who.clone().unwrap_or_default(),
        level: level.transpose()?,
        owner: args.owner.clone().unwrap_or_default(),
        due: args.due.clone().unwrap_or_default(),
        evidence: args.evidence.clone(),
        note: args.note.clone().unwrap_or_default(),
    })
}

fn lines(report: &Report, style: &Style, out: &mut Out) -> Result<()> {
    let lang = style.lang;
    out.json(&json!({ "score": report.score, "answered": report.answered, "measures": report.all,
        "plan": report.plan.iter().map(|s| &s.measure.id).collect::<Vec<_>>(), "ask": report.ask.iter().map(|m| &m.id).collect::<Vec<_>>() }))?;
    for c in &report.chapters {
        out.json(&json!({ "chapter": c.chapter.id, "name": c.chapter.name.get(lang), "score": c.score, "answered": c.answered, "measures": c.all }))?;
    }
    for s in &report.measures {
        let facts: Vec<_> = s.facts.iter().map(|f| json!({ "text": f.text.get(lang), "finding": f.finding })).collect();
        out.json(&json!({ "measure": s.measure.id, "chapter": s.measure.chapter, "title": s.measure.title.get(lang),
            "level": s.level, "automatic": s.automatic, "doubted": s.doubted, "answers": s.answers, "facts": facts, "seen": s.seen,
            "cpg": s.measure.cpg, "techniques": s.measure.techniques,
            "standard": s.measure.standard.as_ref().map(|q| q.get(lang)), "reinforced": s.measure.reinforced.as_ref().map(|q| q.get(lang)) }))?;
    }
    for (place, s) in report.plan.iter().enumerate() {
        out.json(&json!({ "step": place + 1, "measure": s.measure.id, "from": s.level, "to": s.to, "seen": s.seen, "owner": s.owner, "due": s.due }))?;
    }
    for e in &report.events {
        let teams: Vec<_> = e
            .teams
            .iter()
            .map(|(t, share)| json!({ "team": t.team, "invited": t.invited, "declined": t.declined, "came": t.came, "passed": t.passed,
                "reported": t.reported, "silent": t.silent(), "share": share }))
            .collect();
        out.json(&json!({ "event": e.event.name, "type": e.event.kind, "day": e.event.day, "automatic": e.automatic, "teams": teams }))?;
    }
    Ok(())
}

/// Rows of a list on a terminal.
const ROWS: usize = 12;

fn print(report: &Report, style: &Style, out: &mut Out) -> Result<()> {
    let lang = style.lang;
    let say = |en: &'static str, fr: &'static str| lang.of(en, fr);
    let percent = |score: Option<u64>| score.map_or_else(|| "–".to_string(), |n| format!("{n} %"));
    out.line(&format!(
        "{}{}{}   {}/{} {}",
        say("ready", "préparation"),
        lang.colon(),
        percent(report.score),
        report.answered,
        report.all,
        say("answered (unanswered is not no)", "réponses (sans réponse ne veut pas dire non)")
    ))?;
    for c in &report.chapters {
        out.line(&format!(
            "  {:<5} {:>5}  {:>2}/{:<2}  {}",
            c.chapter.id,
            percent(c.score),
            c.answered,
            c.all,
            c.chapter.name.get(lang)
        ))?;
    }
    if !report.plan.is_empty() {
        out.line(say("to do, first things first:", "à faire, dans l’ordre :"))?;
    }
    for s in report.plan.iter().take(ROWS) {
        let seen = match (s.seen, lang) {
            (0, _) => String::new(),
            (n, Lang::En) => format!("  ({n} findings here)"),
            (n, Lang::Fr) => format!("  ({n} constats ici)"),
        };
        let (level, to) = (s.level.text(), s.to.text());
        out.line(&format!(
            "  {:<4} {} [{} → {}]{seen} {} {}",
            s.measure.id,
            s.measure.title.get(lang),
            level.get(lang),
            to.get(lang),
            escape::visible(s.owner),
            s.due
        ))?;
    }
    if !report.ask.is_empty() {
        out.line(say("to be asked, the most telling first:", "à demander, le plus parlant d’abord :"))?;
    }
    for m in report.ask.iter().take(ROWS) {
        let question = m.standard.as_ref().or(m.reinforced.as_ref());
        out.line(&format!("  {:<4} {}", m.id, question.map_or("", |q| q.get(lang))))?;
    }
    if report.ask.len() > ROWS {
        out.line(&format!("  … {} {}", report.ask.len() - ROWS, say("more: --questions", "autres : --questions")))?;
    }
    for s in report.measures.iter().filter(|s| s.doubted) {
        for fact in &s.facts {
            out.line(&format!(
                "{} {}{}{}",
                say("against the answer to", "contre la réponse à"),
                s.measure.id,
                lang.colon(),
                escape::visible(fact.text.get(lang))
            ))?;
        }
    }
    for e in &report.events {
        for (t, share) in &e.teams {
            out.line(&format!(
                "{} {} {}: {} {}, {} {}, {} {}, {} {} ({share} %)",
                e.event.day,
                escape::visible(&e.event.name),
                escape::visible(&t.team),
                t.invited,
                say("invited", "invités"),
                t.declined,
                say("declined", "déclinés"),
                t.silent(),
                say("silent", "sans réponse"),
                if e.event.kind == "drill" { t.passed } else { t.came },
                if e.event.kind == "drill" { say("passed", "réussi") } else { say("came", "venus") },
            ))?;
        }
    }
    Ok(())
}
