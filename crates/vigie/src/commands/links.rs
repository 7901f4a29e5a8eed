//! `links`: which findings belong together and why; what people decide of it, with the reason kept.

use super::story::{Asked, finding_like};
use super::{Outcome, actor};
use crate::cli::Global;
use crate::output::{Out, decimals, say, stamp};
use crate::told::{moment, short, wrapped};
use casework::story::{Decision, Incident, Link, Story, Verb, standing, wording};
use clap::Args;
use model::{Error, Result, escape};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::PathBuf;
use store::Case;

/// Which findings belong together.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie links DIR                                         incidents, and what joins them
  vigie links DIR --possible                              what is too weak to join, too
  vigie links DIR --join ID ID --reason \"same operator\"  decide that two findings are of one incident
  vigie links DIR --apart ID ID --reason \"our own drill\" decide that they are not
  vigie links DIR --innocent ID --reason \"a drill of ours\"
  vigie links DIR --withdraw 2 --reason \"mistaken\"       take decision 2 back")]
pub struct Links {
    /// The case
    pub dir: PathBuf,
    /// Show links that are too weak to join, too
    #[arg(long)]
    pub possible: bool,
    /// Show incidents of one finding, too
    #[arg(long)]
    pub all: bool,
    /// Two findings are of one incident
    #[arg(long, alias = "merge", num_args = 2, value_names = ["ID", "ID"], requires = "reason")]
    pub join: Vec<String>,
    /// Two findings are not of one incident
    #[arg(long, alias = "split", num_args = 2, value_names = ["ID", "ID"], requires = "reason", conflicts_with = "join")]
    pub apart: Vec<String>,
    /// A finding has an innocent cause
    #[arg(long, value_name = "ID", requires = "reason", conflicts_with_all = ["join", "apart"])]
    pub innocent: Option<String>,
    /// Take a decision back, by its number
    #[arg(long, value_name = "NUMBER", requires = "reason", conflicts_with_all = ["join", "apart", "innocent"])]
    pub withdraw: Option<u64>,
    /// Why; it is kept
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

/// Incidents and links printed unless all are asked for.
const SHOWN: usize = 20;

/// `vigie links`.
pub fn links(args: &Links, global: &Global) -> Result<Outcome> {
    let asked = Asked::of(&args.dir, global)?;
    let story = asked.story(global)?;
    let decided = match (args.join.as_slice(), args.apart.as_slice(), &args.innocent, args.withdraw) {
        ([a, b], ..) => Some((Verb::Join, vec![a.clone(), b.clone()], None)),
        (_, [a, b], ..) => Some((Verb::Apart, vec![a.clone(), b.clone()], None)),
        (_, _, Some(id), _) => Some((Verb::Innocent, vec![id.clone()], None)),
        (_, _, _, Some(number)) => Some((Verb::Withdraw, Vec::new(), Some(number))),
        _ => None,
    };
    if let Some((verb, findings, of)) = decided {
        return decide(args, global, &asked, &story, (verb, &findings, of));
    }
    let mut out = Out::new();
    match asked.style.json {
        true => json_lines(args, &story, &asked, &mut out)?,
        false => print(args, &story, &asked, &mut out)?,
    }
    out.end()?;
    Ok(Outcome::Done)
}

fn decide(
    args: &Links,
    global: &Global,
    asked: &Asked,
    story: &Story,
    (verb, given, of): (Verb, &[String], Option<u64>),
) -> Result<Outcome> {
    let findings = given.iter().map(|id| finding_like(story, id)).collect::<Result<Vec<_>>>()?;
    if findings.len() == 2 && findings[0] == findings[1] {
        return Err(Error::new("both are the same finding").hint("name two"));
    }
    let known = |n: u64| {
        standing(&asked.decisions).any(|d| d.number == n)
            || asked.decisions.iter().any(|d| d.number == n && d.verb == Verb::Withdraw)
    };
    if let Some(number) = of.filter(|n| !known(*n)) {
        return Err(
            Error::new(format!("there is no decision {number} that stands")).hint("`vigie links DIR` lists them")
        );
    }
    let decision = Decision {
        number: asked.decisions.iter().map(|d| d.number).max().unwrap_or_default() + 1,
        time: global.now(),
        by: actor(),
        verb,
        findings,
        of,
        hypothesis: String::new(),
        ratio: None,
        rows: Vec::new(),
        reason: args.reason.clone().unwrap_or_default(),
    };
    keep(args.dir.as_path(), global, asked, &decision)?;
    say(
        &asked.style,
        format!("decision {} is kept; `vigie run` writes it into the brief", decision.number),
        format!("la décision {} est conservée ; `vigie run` la porte dans la note", decision.number),
    );
    Ok(Outcome::Done)
}

/// Keeps a decision, if the story still holds with it.
pub fn keep(dir: &std::path::Path, global: &Global, asked: &Asked, decision: &Decision) -> Result<()> {
    let mut all = asked.decisions.clone();
    all.push(decision.clone());
    let tried = Asked {
        case: Case::look(dir)?,
        configured: crate::settings::from_case(dir)?,
        style: asked.style.clone(),
        decisions: all,
    };
    // What contradicts another is refused before it is written.
    crate::pipeline::withhold(&tried.case, &tried.configured.config)?;
    tried.story(global)?;
    drop(tried);
    let line = serde_json::to_string(decision).map_err(|e| Error::new("could not write JSON").because(e))?;
    Case::open(dir)?.decide(&line, decision.time, &decision.by)
}

fn told(story: &Story, places: &HashMap<usize, &Incident>, link: &Link, joins: bool) -> Value {
    let id = |n: usize| &story.items[n].id;
    json!({ "link": [id(link.ends.0), id(link.ends.1)], "joins": joins, "bits": (link.bits * 100.0).round() / 100.0,
        "cut": story.null.cut(link.pair), "steps": [link.pair.0, link.pair.1], "hand": link.is_hand(),
        "incident": places.get(&link.ends.0).map(|i| &i.id), "shared": link.shared })
}

fn json_lines(args: &Links, story: &Story, asked: &Asked, out: &mut Out) -> Result<()> {
    let places = story.places();
    let mut line = |incident: &Incident| {
        let findings: Vec<&str> = story.of_incident(incident).map(|i| i.id.as_str()).collect();
        out.json(&json!({ "incident": incident.id, "steps": incident.steps, "severity": incident.severity,
            "first": incident.first, "last": incident.last, "findings": findings }))
    };
    story.incidents.iter().filter(|i| i.items.len() > 1).try_for_each(&mut line)?;
    if args.all {
        story.alone().try_for_each(|i| line(&i))?;
    }
    story.links.iter().try_for_each(|l| out.json(&told(story, &places, l, true)))?;
    if args.possible {
        story.possible.iter().try_for_each(|l| out.json(&told(story, &places, l, false)))?;
    }
    out.json(&json!({ "null": story.null }))?;
    asked.decisions.iter().try_for_each(|d| out.json(&json!({ "decision": d })))
}

fn print(args: &Links, story: &Story, asked: &Asked, out: &mut Out) -> Result<()> {
    let (lang, zone) = (asked.style.lang, &asked.style.zone);
    let most = if args.all { usize::MAX } else { SHOWN };
    let mut shown: Vec<Incident> = story.incidents.iter().filter(|i| i.items.len() > 1).take(most).cloned().collect();
    if args.all {
        shown.extend(story.alone());
    }
    let named = shown.iter().flat_map(|i| story.of_incident(i).take(most)).map(|i| i.id.as_str());
    let said = wording(&asked.case.whole(), named)?;
    for incident in &shown {
        let steps: Vec<String> = incident.steps.iter().map(|s| s.text().get(lang).to_string()).collect();
        let first = incident.first.map(|t| moment(t, &asked.style));
        let parts = [Some(incident.id.clone()), first, Some(steps.join(" → ")).filter(|s| !s.is_empty())];
        wrapped(out, "", &escape::visible(&parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")))?;
        for item in story.of_incident(incident).take(most) {
            out.line(&format!("  {} {}", short(&item.id), item.detector))?;
            let title = said.get(&item.id).map(|w| asked.say(&w.title)).unwrap_or_default();
            wrapped(out, "      ", &escape::visible(title))?;
        }
        if incident.items.len() > most {
            out.line(&format!("  … {}", incident.items.len() - most))?;
        }
    }
    let link = |l: &Link, out: &mut Out| -> Result<()> {
        let what: Vec<String> = l
            .shared
            .iter()
            .take(3)
            .map(|s| {
                let bits = decimals(&format!("{:.1}", s.bits), lang);
                format!(
                    "{} `{}` ({bits}{}{}/{})",
                    s.cause.text().get(lang),
                    s.value,
                    lang.of("; ", " ; "),
                    s.ordinary,
                    s.of
                )
            })
            .collect();
        let (a, b) = (&story.items[l.ends.0], &story.items[l.ends.1]);
        let bits = decimals(&format!("{:5.1}", l.bits), lang);
        out.line(&format!("{bits} {} {} – {} {}", short(&a.id), a.detector, short(&b.id), b.detector))?;
        wrapped(out, "      ", &escape::visible(&what.join(", ")))
    };
    out.line(lang.of(
        "links, in bits; of each value: bits, who bears it ordinarily, of how many",
        "liens, en bits ; pour chaque valeur : bits, porteurs ordinaires, sur combien",
    ))?;
    story.links.iter().take(most).try_for_each(|l| link(l, out))?;
    if args.possible {
        out.line(lang.of("possible, too weak to join", "possibles, trop faibles pour relier"))?;
        story.possible.iter().take(most).try_for_each(|l| link(l, out))?;
    }
    let (null, colon) = (&story.null, lang.colon());
    out.line(&format!(
        "{}{colon}{}, {}{colon}{} ({} {}), ≤ {}",
        lang.of("joining", "reliants"),
        null.links,
        lang.of("false, shuffled", "faux, mélangés"),
        null.false_links,
        null.shuffles,
        lang.of("shuffles", "mélanges"),
        null.at_most(lang)
    ))?;
    for d in &asked.decisions {
        let stands = standing(&asked.decisions).any(|s| s.number == d.number);
        let mark = if stands { "" } else { lang.of(" (not in force)", " (sans effet)") };
        out.line(&escape::visible(&format!(
            "{} {}{mark}{colon}{} {} – {} ({}, {})",
            lang.of("decision", "décision"),
            d.number,
            d.verb.text().get(lang),
            d.findings.join(" "),
            d.reason,
            d.by,
            stamp(d.time, zone)
        )))?;
    }
    Ok(())
}
