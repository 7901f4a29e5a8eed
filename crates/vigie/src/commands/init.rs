//! `init`: a new case. On a terminal five questions and those that kinds of evidence ask (`Setting::asked`); elsewhere, or
//! with options, none. Evidence that is named proposes settings (`Sensor::proposes`), which a person makes.

use super::check::read_into;
use super::{Outcome, actor};
use crate::cli::Global;
use crate::output::{Out, Style, say};
use crate::settings::{checked, from_answers, say_taken, tables, template};
use clap::Args;
use model::{Error, Lang, Result, Text, escape};
use sensors::{Proposal, SENSORS};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use store::Case;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  vigie init my-campaign\n  vigie init my-campaign --name \"Our campaign\" --protect example.org \
         --zone Europe/Paris\n\nNext: `vigie add my-campaign LOGS…`, then `vigie run my-campaign`."
)]
pub struct Init {
    /// The folder to make
    pub dir: PathBuf,
    /// The case's name
    #[arg(long)]
    pub name: Option<String>,
    /// A domain of ours (repeatable)
    #[arg(long, value_name = "DOMAIN")]
    pub protect: Vec<String>,
    /// A person of ours, "First Last" (repeatable)
    #[arg(long, value_name = "NAME")]
    pub protect_name: Vec<String>,
    /// A day of the vote, such as 2027-04-11 (repeatable)
    #[arg(long, value_name = "DAY")]
    pub day: Vec<String>,
    /// The campaign's time zone, such as Europe/Paris
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// Evidence to learn from what may be set: it is proposed, and set by you (repeatable)
    #[arg(long, value_name = "PATH")]
    pub from: Vec<PathBuf>,
    /// What kinds of evidence ask to know: table, key, answers
    #[arg(skip)]
    pub asked: Vec<(&'static str, &'static str, Vec<String>)>,
}

/// `vigie init`.
pub fn init(mut args: Init, global: &Global) -> Result<Outcome> {
    let lang = global.language(None);
    let told = args.name.is_some()
        || args.zone.is_some()
        || !(args.protect.is_empty() && args.protect_name.is_empty() && args.day.is_empty());
    let proposed;
    if !told && !global.json && std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        ask(&mut args, lang)?;
        proposed = propose(&args, global)?;
        ask_kinds(&mut args, &proposed, lang)?;
    } else {
        proposed = propose(&args, global)?;
    }
    if args.name.is_none() {
        args.name = args.dir.file_name().map(|n| n.to_string_lossy().into_owned());
    }
    let config = checked(answers(&args))?;
    say_taken(&config, &Style { json: global.json, lang, zone: jiff::tz::TimeZone::UTC });
    let answers =
        toml::Table::try_from(&config).map_err(|e| Error::new("could not write the answers down").because(e))?;
    Case::create(&args.dir, &template(&answers, &proposed, lang), global.now(), &actor())?;
    let style = Style { json: false, lang, zone: jiff::tz::TimeZone::UTC };
    for (table, Proposal { key, value, why }) in proposed.iter().filter(|(t, p)| !is_answered(&args, t, p.key)) {
        let value = escape::visible(value);
        say(
            &style,
            format!("proposed, not set: `[{table}] {key} = [\"{value}\"]`: {}", why.en),
            format!("proposé, sans effet : `[{table}] {key} = [\"{value}\"]` : {}", why.fr),
        );
    }
    if let Some(service) = crate::synced::by(&args.dir) {
        say(
            &style,
            format!(
                "warning: this folder is taken to other machines ({service}); a case is not encrypted: keep it elsewhere"
            ),
            format!(
                "attention : ce dossier est envoyé vers d’autres machines ({service}) ; un dossier Vigie n’est pas \
                 chiffré : mieux vaut le garder ailleurs"
            ),
        );
    }
    let dir = args.dir.display().to_string();
    let dir = escape::visible(&dir);
    let mut out = Out::new();
    match (global.json, lang) {
        (true, _) => out.json(&serde_json::json!({ "case": args.dir.to_string_lossy() }))?,
        (false, Lang::En) => {
            out.line(&format!("made `{dir}`; its `case.toml` explains itself"))?;
            out.line(&format!("next: vigie add {dir} LOGS…"))?;
        }
        (false, Lang::Fr) => {
            out.line(&format!("`{dir}` est prêt ; son `case.toml` s’explique lui-même"))?;
            out.line(&format!("ensuite : vigie add {dir} JOURNAUX…"))?;
        }
    }
    out.end()?;
    Ok(Outcome::Done)
}

fn ask(args: &mut Init, lang: Lang) -> Result<()> {
    let say = |en, fr| lang.of(en, fr);
    eprintln!("{}", say("A few questions; an empty answer is fine.", "Quelques questions ; on peut ne rien répondre."));
    args.name = Some(question(say("Name of the case", "Nom du dossier"))?).filter(|n| !n.is_empty());
    let text = say("Your web domains, with commas", "Vos domaines web, séparés par des virgules");
    until_usable(args, text, |args, answer| args.protect = list(answer))?;
    let text = say("People in view, with commas", "Personnes en vue, séparées par des virgules");
    until_usable(args, text, |args, answer| args.protect_name = list(answer))?;
    let text =
        say("Days of the vote (2027-04-11), with commas", "Jours du vote (2027-04-11), séparés par des virgules");
    until_usable(args, text, |args, answer| args.day = list(answer))?;
    let text = say("Time zone (Europe/Paris)", "Fuseau horaire (Europe/Paris)");
    until_usable(args, text, |args, answer| args.zone = Some(answer))
}

/// What kinds of evidence ask, and whether what the evidence proposes is right.
fn ask_kinds(args: &mut Init, proposed: &[(&'static str, Proposal)], lang: Lang) -> Result<()> {
    for table in tables() {
        for key in table.keys {
            let of_key = proposed.iter().filter(|(t, p)| *t == table.name && p.key == key.name).map(|(_, p)| p);
            let proposals: Vec<&Proposal> = of_key.collect();
            let text = key.asked.map_or_else(|| key.text(), |(en, fr)| Text::new(en, fr));
            if key.asked.is_none() && proposals.is_empty() {
                continue;
            }
            for Proposal { value, why, .. } in &proposals {
                eprintln!("  {}: {}", escape::visible(value), why.get(lang));
            }
            let mut question = text.get(lang).to_string();
            if !proposals.is_empty() {
                question += lang.of(" (+ takes these)", " (+ les prend)");
            }
            until_usable(args, &question, |args, answer| {
                let answer = match answer.trim() {
                    "+" => proposals.iter().map(|p| p.value.clone()).collect(),
                    _ => list(answer),
                };
                args.asked.retain(|(t, k, _)| (*t, *k) != (table.name, key.name));
                args.asked.push((table.name, key.name, answer));
            })?;
        }
    }
    Ok(())
}

/// What the evidence that was named proposes, with the table it is for.
fn propose(args: &Init, global: &Global) -> Result<Vec<(&'static str, Proposal)>> {
    if args.from.is_empty() {
        return Ok(Vec::new());
    }
    let configured = from_answers(answers(args))?;
    let read = read_into(&args.from, false, global, &configured, false)?;
    read.summary(false)?;
    let mut all = Vec::new();
    for sensor in SENSORS {
        let proposals = sensor.proposes(&read.case.whole(), &configured.config)?;
        all.extend(proposals.into_iter().map(|p| (sensor.settings().name, p)));
    }
    Ok(all)
}

fn is_answered(args: &Init, table: &str, key: &str) -> bool {
    args.asked.iter().any(|(t, k, values)| (*t, *k) == (table, key) && !values.is_empty())
}

/// Values, with commas between them.
fn list(answer: String) -> Vec<String> {
    answer.split(',').map(|p| p.trim().to_string()).filter(|p| !p.is_empty()).collect()
}

/// What was answered, as `case.toml` says it.
fn answers(args: &Init) -> toml::Table {
    let text = |t: &Option<String>| toml::Value::from(t.clone().unwrap_or_default());
    let (mut protect, mut election) = (toml::Table::new(), toml::Table::new());
    protect.insert("domains".into(), args.protect.clone().into());
    protect.insert("people".into(), args.protect_name.clone().into());
    election.insert("days".into(), args.day.clone().into());
    election.insert("zone".into(), text(&args.zone));
    let mut all = toml::Table::new();
    all.insert("name".into(), text(&args.name));
    all.insert("protect".into(), protect.into());
    all.insert("election".into(), election.into());
    for (table, key, values) in args.asked.iter().filter(|(_, _, values)| !values.is_empty()) {
        let of = all.entry(*table).or_insert_with(|| toml::Table::new().into());
        if let Some(of) = of.as_table_mut() {
            of.insert((*key).into(), values.clone().into());
        }
    }
    all
}

/// Asks again while an answer is of no use; nobody at the other end answers nothing, which is fine.
fn until_usable(args: &mut Init, text: &str, answered: impl Fn(&mut Init, String)) -> Result<()> {
    loop {
        answered(args, question(text)?);
        match checked(answers(args)) {
            Ok(_) => return Ok(()),
            Err(e) => eprintln!("{}", escape::visible(&e.to_string())),
        }
    }
}

fn question(text: &str) -> Result<String> {
    eprint!("{text}: ");
    let mut answer = String::new();
    let read = std::io::stderr().flush().and_then(|()| std::io::stdin().read_line(&mut answer));
    read.map_err(|e| Error::new("could not read the answer").because(e))?;
    Ok(answer.trim().to_string())
}
