//! The case put together: `chain` and `alert`, and what the other commands on it share.

use super::{Outcome, style};
use crate::cli::Global;
use crate::output::{Out, Style};
use crate::settings::{Configured, from_case, from_case_to_judge};
use crate::told::{between, wrapped};
use casework::story::chain::criteria;
use casework::story::who::Who;
use casework::story::{Alert, Chain, Decision, Incident, Story, wording};
use clap::Args;
use model::{Context, Error, Finding, Result, Text, View, escape};
use rows::story::{ChainStep, State};
use serde_json::json;
use std::path::{Path, PathBuf};
use store::Case;

/// The steps of one story.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie chain DIR            the gravest incident
  vigie chain DIR --all      the others, too
  vigie chain DIR --json     an object a step")]
pub struct ChainOf {
    /// The case
    pub dir: PathBuf,
    /// All incidents, not only the gravest
    #[arg(long)]
    pub all: bool,
}

/// How grave it is.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie alert DIR
  vigie alert DIR --at 2017-05-06     as it stood on a day")]
pub struct AlertOf {
    /// The case
    pub dir: PathBuf,
}

/// A case opened to be asked about its story.
pub struct Asked {
    /// The case.
    pub case: Case,
    /// Its settings.
    pub configured: Configured,
    /// How to print.
    pub style: Style,
    /// What people decided.
    pub decisions: Vec<Decision>,
}

impl Asked {
    /// Opens one.
    pub fn of(dir: &Path, global: &Global) -> Result<Asked> {
        let case = Case::look(dir)?;
        Asked::in_case(case, from_case(dir)?, global)
    }

    /// Opens one whose evidence is judged anew.
    pub fn to_judge(dir: &Path, global: &Global) -> Result<Asked> {
        Asked::in_case(Case::look(dir)?, from_case_to_judge(dir)?, global)
    }

    fn in_case(case: Case, configured: Configured, global: &Global) -> Result<Asked> {
        let style = style(global, &configured)?;
        super::withhold(&case, &configured, &style)?;
        let decisions = decisions(&case)?;
        Ok(Asked { case, configured, style, decisions })
    }

    /// Its story.
    pub fn story(&self, global: &Global) -> Result<Story> {
        self.story_of(&self.case.whole(), global, &|_| true)
    }

    /// The story of another view, of some findings.
    pub fn story_of(&self, view: &dyn View, global: &Global, keep: &dyn Fn(&Finding) -> bool) -> Result<Story> {
        let (config, origins) = (&self.configured.config, &self.configured.origins);
        let context = Context { config, origins, at: global.now(), modified: None };
        Story::of(view, &context, &self.decisions, keep)
    }

    /// In the language that is asked for.
    pub fn say<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.style.lang)
    }
}

/// What people decided.
pub fn decisions(case: &Case) -> Result<Vec<Decision>> {
    let read = |(n, line): (usize, String)| {
        serde_json::from_str(&line).map_err(|e| {
            Error::new(format!("line {} of `decisions.jsonl` cannot be understood", n + 1))
                .because(e)
                .hint("`vigie verify` tells whether somebody changed it; restore it from a copy")
        })
    };
    case.decisions()?.into_iter().enumerate().map(read).collect()
}

/// A finding by the first characters of its id.
pub fn finding_like(story: &Story, given: &str) -> Result<String> {
    let plain = |id: &str| id.trim_start_matches("finding--").to_lowercase();
    let wanted = plain(given);
    let found: Vec<&str> =
        story.items.iter().map(|i| i.id.as_str()).filter(|id| plain(id).starts_with(&wanted)).take(2).collect();
    match found.as_slice() {
        [id] if !wanted.is_empty() => Ok((*id).into()),
        [] => Err(Error::new(format!("there is no finding `{given}` that a story could hold"))
            .hint("`vigie findings DIR --json` and `vigie links DIR --all` print ids")),
        _ => Err(Error::new(format!("`{given}` is the beginning of several findings' ids")).hint("give more of it")),
    }
}

/// `vigie chain`.
pub fn chain(args: &ChainOf, global: &Global) -> Result<Outcome> {
    let asked = Asked::of(&args.dir, global)?;
    let story = asked.story(global)?;
    let mut out = Out::new();
    let told: Vec<Option<&Incident>> = match args.all {
        // Findings alone are no story; there may be thousands.
        true => {
            let many = story.incidents.iter().enumerate().filter(|(n, i)| *n == 0 || i.items.len() > 1);
            many.map(|(_, i)| Some(i)).collect()
        }
        false => vec![story.gravest()],
    };
    let told = if told.is_empty() { vec![None] } else { told };
    for incident in told {
        let chain = Chain::of(&story, incident);
        if asked.style.json {
            chain.steps.iter().try_for_each(|step| out.json(step))?;
        } else {
            print(&asked, &story, incident, &chain, &mut out)?;
        }
    }
    if !asked.style.json {
        let null = &story.null;
        wrapped(
            &mut out,
            "",
            &match asked.style.lang {
                model::Lang::En => format!(
                    "links: {}; with identities shuffled {} times, {} false ones (at most {} of these are false)",
                    null.links,
                    null.shuffles,
                    null.false_links,
                    null.at_most(asked.style.lang)
                ),
                model::Lang::Fr => format!(
                    "liens : {} ; identités mélangées {} fois, {} faux (au plus {} de ceux-ci sont faux)",
                    null.links,
                    null.shuffles,
                    null.false_links,
                    null.at_most(asked.style.lang)
                ),
            },
        )?;
    }
    out.end()?;
    Ok(Outcome::Done)
}

fn print(asked: &Asked, story: &Story, incident: Option<&Incident>, chain: &Chain, out: &mut Out) -> Result<()> {
    let lang = asked.style.lang;
    let head = match incident {
        Some(i) => {
            let n = Text::count(i.items.len() as u64, ("finding", "constat"), ("findings", "constats"));
            format!("{} · {}", i.id, n.get(lang))
        }
        None => lang.of("no incident", "aucun incident").into(),
    };
    out.line(&head)?;
    for step in &chain.steps {
        line(asked, step, out)?;
    }
    if incident.is_some() {
        out.line("")?;
        let who = Who::of(story, incident, chain);
        let intro = lang.of(
            "Four criteria of foreign digital interference (VIGINUM, decree 2021-922):",
            "Quatre critères d’ingérence numérique étrangère (VIGINUM, décret 2021-922) :",
        );
        out.line(intro)?;
        for c in criteria(chain, &who, &asked.configured.config.election.name) {
            let list = |all: &[Text]| all.iter().map(|t| asked.say(t)).collect::<Vec<_>>().join(lang.of("; ", " ; "));
            let (supports, against) = (list(&c.supports), list(&c.against));
            let or = |t: String| if t.is_empty() { "–".to_string() } else { t };
            wrapped(out, "  ", &escape::visible(asked.say(&c.what)))?;
            wrapped(out, "    + ", &escape::visible(&or(supports)))?;
            wrapped(out, "    − ", &escape::visible(&or(against)))?;
        }
    }
    Ok(())
}

fn line(asked: &Asked, step: &ChainStep, out: &mut Out) -> Result<()> {
    let lang = asked.style.lang;
    let delay = step.delay.as_ref().map(|d| {
        let (least, most) = (span(d.least), span(d.most));
        if least == most { format!("+{least}") } else { format!("+{least} … {most}") }
    });
    let name = step.step.text();
    let mark = match step.state {
        State::Found => "●",
        State::Contradicted => "✕",
        State::Exhausted => "○",
        State::Missing => "·",
    };
    let state = step.state.text();
    let told = format!(
        "{mark} {:24} {:12} {:8} {}",
        asked.say(&name),
        asked.say(&state),
        step.level.text().get(lang),
        delay.unwrap_or_default()
    );
    out.line(&escape::visible(told.trim_end()))?;
    if let Some(first) = step.first {
        out.line(&format!("    {}", between(first, step.last, &asked.style)))?;
    }
    if let Some(why) = &step.why {
        wrapped(out, "    ", &escape::visible(asked.say(why)))?;
    }
    if let (Some(look), Some(kept)) = (&step.look, &step.kept) {
        wrapped(
            out,
            "    ",
            &escape::visible(&format!(
                "{}{4}{} ({}{4}{})",
                lang.of("look in", "chercher dans"),
                asked.say(look),
                lang.of("usually kept", "conservation habituelle"),
                asked.say(kept),
                lang.colon()
            )),
        )?;
    }
    Ok(())
}

fn span(seconds: i64) -> String {
    match seconds {
        s if s.abs() < 5400 => format!("{} min", (s as f64 / 60.0).round()),
        s if s.abs() < 2 * 86_400 => format!("{} h", (s as f64 / 3600.0).round()),
        s => format!("{} d", (s as f64 / 86_400.0).round()),
    }
}

/// `vigie alert`.
pub fn alert(args: &AlertOf, global: &Global) -> Result<Outcome> {
    let asked = Asked::of(&args.dir, global)?;
    let story = asked.story(global)?;
    let chain = Chain::of(&story, story.gravest());
    let alert = Alert::of(&story, &chain, &asked.configured.config, global.now());
    let mut out = Out::new();
    if asked.style.json {
        out.json(&json!(alert))?;
    } else {
        let lang = asked.style.lang;
        let level = format!("{} {}/5{}", lang.of("alert", "alerte"), alert.level, lang.colon());
        wrapped(&mut out, "", &format!("{level}{}", asked.say(&alert.rule)))?;
        let said = wording(&asked.case.whole(), alert.findings.iter().map(String::as_str))?;
        for id in &alert.findings {
            let title = said.get(id).map(|w| asked.say(&w.title)).unwrap_or_default();
            wrapped(&mut out, &format!("  {}  ", crate::told::short(id)), &escape::visible(title))?;
        }
        let lower = format!("{}{}{}", lang.of("lower when", "baisse si"), lang.colon(), asked.say(&alert.lower));
        wrapped(&mut out, "", &lower)?;
        for m in &alert.measures {
            let of = m.finding.as_deref().map_or("–", crate::told::short);
            let told = format!(
                "{} [{}{}{}{}{of}]",
                asked.say(&m.what),
                m.step.text().get(lang),
                lang.colon(),
                m.state.text().get(lang),
                lang.of("; ", " ; ")
            );
            wrapped(&mut out, "- ", &escape::visible(&told))?;
        }
    }
    out.end()?;
    Ok(Outcome::Done)
}
