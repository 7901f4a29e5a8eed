//! The command line: what every command takes, the list of commands and under which headings they stand. What a command takes
//! stands beside it in `commands`. What it says of kinds of evidence comes from walking `sensors::SENSORS`.

use crate::commands::{
    add, ask, brought, check, collect, exercise, explain, export, findings, forget, hygiene, hypotheses, init, keys,
    knowledge, links, manual, prove, replay, run, seal, search, show, silence, site, story, verify,
};
use crate::settings::options::Declared;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use model::{Lang, Severity, Time};
use std::path::PathBuf;

/// Reads evidence of interference with an election, offline: what happened, what it means, and where it is written.
#[derive(Parser, Debug)]
#[command(name = "vigie", version, max_term_width = 110, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Args, Debug, Clone)]
pub struct Global {
    /// Print one JSON object a line, with stable names
    #[arg(long, global = true)]
    pub json: bool,
    /// Language of what is printed and of the brief: en or fr (default: the case's, else that of LANG)
    #[arg(long, global = true, value_parser = lang, value_name = "LANG")]
    pub lang: Option<Lang>,
    /// Take this for now (RFC 3339, or a day): the same evidence then gives the same bytes
    #[arg(long, global = true, value_parser = time, value_name = "TIME")]
    pub at: Option<Time>,
    /// Exit with 1 if anything found is at or above this: info, low, medium, high, critical
    #[arg(long, global = true, value_name = "SEVERITY")]
    pub fail_on: Option<Severity>,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Replay France 2017, from exercise to brief
    Demo(exercise::Demo),
    /// Recognise each file and print its findings; no case needed
    Check(check::Check),
    /// What this machine lacks, for what, and what to do
    #[command(
        after_help = "Examples:\n  vigie doctor            exits with 1 where something must be mended first\n  \
        vigie doctor --json\n  vigie --version --json  what this program is: commit, age of what it knows, how its workers are held"
    )]
    Doctor,
    /// Make a new case: a few questions, a commented case.toml
    Init(init::Init),
    /// Take evidence in: hashed, registered, never changed
    Add(add::Add),
    /// Read what is new, detect, and write the brief
    Run(run::Run),
    /// Print a case's findings
    Findings(findings::Findings),
    /// Print the exact bytes behind a finding or a range of evidence
    Show(show::Show),
    /// Hand findings on: tables, STIX, blocklists, takedown dossiers
    Export(export::Export),
    /// Tell whether a byte of a case has changed, and print the head of its audit trail
    Verify(verify::Verify),
    /// Erase evidence and all that was made of it; hash, reason and date stay
    Forget(forget::Forget),
    /// Findings and days of the vote in order of time
    Timeline(ask::Timeline),
    /// Which findings belong together, and why; join or part them, with the reason kept
    Links(links::Links),
    /// The steps of one story: found, missing, contradicted or exhausted
    Chain(story::ChainOf),
    /// Who may have done it, weighed: named groups, others, criminals, an insider, a false flag, coincidence
    Hypotheses(hypotheses::Hypotheses),
    /// How grave it is now, 1 to 5: by which rule, what would lower it, what to do
    Alert(story::AlertOf),
    /// What would have been seen without a kind of evidence
    Replay(replay::Replay),
    /// Find words in what a case holds: texts of documents, letters, descriptions; that it was asked is recorded
    Search(search::Search),
    /// Findings and what they share, as a graph
    Graph(ask::Graph),
    /// Ask a case in SQL, read-only, over documented views
    Sql(ask::Sql),
    /// Recognise each file and print its observations
    Read(check::Read),
    #[command(flatten)]
    Brought(brought::Brought),
    /// Commit to documents before anybody leaks them
    Seal(seal::Seal),
    /// Prove that a document was sealed, or was not; check such a proof
    Prove(prove::Prove),
    /// What of a text may be published now, and under which article of law what may not
    Silence(silence::Silence),
    /// Are we ready: the guide of 42 measures and what a campaign adds, filled in by what the case knows
    Hygiene(hygiene::Hygiene),
    /// Examine one's own site: the grade of its headers, its front page's privacy, what to mend
    Site(site::Site),
    /// Walk the way of somebody who votes or registers at one's own platform, again and again, and write what was met
    Probe(site::Probe),
    /// Make evidence with known truth, or score a case against it
    Exercise(exercise::Exercise),
    /// Ask DNS, RDAP and certificate logs, with --online; what they say becomes evidence
    Collect(collect::Collect),
    /// Archive today's mail keys and policies, to judge mail by those of its day
    Keys(keys::Keys),
    /// Explain a detector or a kind of evidence; without a name, list them
    Explain(explain::Explain),
    /// What is known before any evidence is seen: its files and their age; take in newer ones
    Knowledge(knowledge::Knowledge),
    /// Completions of the command line for a shell
    Completions(manual::Completions),
    /// The manual: a page, or all pages into a folder
    Man(manual::Man),
    /// A worker process of another vigie
    #[command(hide = true, name = "worker")]
    Worker(Worker),
}

/// What `case.toml` would say: the options that settings declare, and where else to read them.
#[derive(Args, Debug, Default, Clone)]
pub struct Settings {
    #[command(flatten)]
    pub declared: Declared,
    /// Read the settings from this file, written like case.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Read the settings from this case
    #[arg(long, value_name = "DIR", conflicts_with = "config")]
    pub case: Option<PathBuf>,
    /// Read everything in worker processes without network and file system
    #[arg(long)]
    pub isolate: bool,
}

#[derive(Args, Debug)]
pub struct Worker {
    /// Threads this worker may use
    pub threads: usize,
    /// Seconds one piece of evidence may take
    pub seconds: u64,
    /// Only try to leave the sandbox, and print how far that went
    #[arg(long)]
    pub probe: bool,
}

impl Cli {
    /// Parses the command line; help and mistakes end the program here, with 0 and 2.
    pub fn read() -> Cli {
        let matches = command().get_matches();
        Cli::from_arg_matches(&matches).unwrap_or_else(|e| e.exit())
    }
}

/// The commands by what somebody comes for, for the help, the manual and the table of options. Commands that kinds of evidence
/// bring stand in the group of files.
const GROUPS: [(&str, &[&str]); 8] = [
    ("First steps", &["demo", "check", "doctor"]),
    ("A case, from evidence to brief", &["init", "add", "run", "findings", "show", "export", "verify", "forget"]),
    ("Asking a case", &["alert", "timeline", "chain", "links", "hypotheses", "replay", "search", "graph", "sql"]),
    (FILES, &["read"]),
    ("What you publish, and what may be leaked", &["silence", "seal", "prove"]),
    ("Being ready", &["hygiene", "exercise", "site", "probe"]),
    ("Asking the network, only with --online", &["collect", "keys"]),
    ("The program itself", &["explain", "knowledge", "man", "completions"]),
];
/// Where commands stand that say something of files alone.
const FILES: &str = "Asking files, without a case";

/// The groups, each with its commands.
pub fn grouped(program: &clap::Command) -> impl Iterator<Item = (&'static str, Vec<&clap::Command>)> {
    GROUPS.iter().map(|(heading, names)| {
        let brought = brought::names().filter(|_| *heading == FILES);
        let names = names.iter().copied().chain(brought);
        (*heading, names.filter_map(|name| program.find_subcommand(name)).collect())
    })
}

/// The command line: what parses it, and what help, manual and completions are made of.
pub fn command() -> clap::Command {
    let command = Cli::command().after_help(
        "Start here:\n  vigie demo                    the whole way on made-up evidence, with a brief to open\n  \
         vigie check access.log        what is in one file\n  vigie init my-campaign        a case that lasts\n\n\
         `vigie COMMAND --help` shows a command's options and examples.",
    );
    let list = list(&command);
    command.help_template(format!(
        "{{before-help}}{{about-with-newline}}\n{{usage-heading}} {{usage}}\n{list}\nOptions:\n{{options}}{{after-help}}"
    ))
}

/// The commands under their headings.
fn list(program: &clap::Command) -> String {
    const WIDTH: usize = 80;
    let deep = program.get_subcommands().map(|c| c.get_name().len()).max().unwrap_or_default() + 4;
    let mut out = String::new();
    for (heading, commands) in grouped(program) {
        out += &format!("\n{heading}:\n");
        for command in commands {
            let mut line = format!("  {:<1$}", command.get_name(), deep - 2);
            for word in command.get_about().map(ToString::to_string).unwrap_or_default().split(' ') {
                if line.chars().count() + word.chars().count() > WIDTH {
                    out += line.trim_end();
                    out.push('\n');
                    line = " ".repeat(deep);
                }
                line = line + word + " ";
            }
            out += line.trim_end();
            out.push('\n');
        }
    }
    out
}

/// Which kinds of evidence there are, before the examples of commands that read them.
pub fn kinds() -> String {
    let mut text =
        String::from("Kinds of evidence (known by content, not by name; .gz, .bz2, .xz and .zst are opened):\n");
    for sensor in sensors::SENSORS {
        text += &format!("  {:<10} {}\n", sensor.name(), sensor.title().en);
        for format in sensor.formats() {
            text += &format!("             - {format}\n");
        }
    }
    text.push('\n');
    text
}

fn lang(text: &str) -> Result<Lang, String> {
    match text {
        "en" => Ok(Lang::En),
        "fr" => Ok(Lang::Fr),
        _ => Err("one of en, fr".into()),
    }
}

/// A time, or the beginning of a day.
pub fn time(text: &str) -> Result<Time, String> {
    if let Ok(time) = text.parse() {
        return Ok(time);
    }
    let day = text.parse::<jiff::civil::Date>().and_then(|d| d.to_zoned(jiff::tz::TimeZone::UTC));
    day.map(|d| d.timestamp().into()).map_err(|_| "a time such as 2027-04-11T20:00:00Z, or a day".into())
}

impl Global {
    /// The language: as told, else as the case says, else as the environment does.
    pub fn language(&self, case: Option<Lang>) -> Lang {
        let set = |name| std::env::var(name).ok().filter(|v| !v.is_empty());
        let environment = || set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"));
        let french = || environment().is_some_and(|v| v.starts_with("fr"));
        self.lang.or(case).unwrap_or_else(|| if french() { Lang::Fr } else { Lang::En })
    }

    /// Now: as told, else the clock, in whole seconds. Nothing else in the house reads the clock.
    pub fn now(&self) -> Time {
        self.at.unwrap_or_else(|| Time::from_seconds(jiff::Timestamp::now().as_second()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_stands_under_one_heading() {
        let program = command();
        let mut grouped: Vec<&str> = grouped(&program).flat_map(|(_, all)| all).map(|c| c.get_name()).collect();
        let mut declared: Vec<&str> =
            program.get_subcommands().filter(|c| !c.is_hide_set()).map(|c| c.get_name()).collect();
        grouped.sort_unstable();
        declared.sort_unstable();
        assert_eq!(grouped, declared);
        let named = GROUPS.iter().map(|(_, names)| names.len()).sum::<usize>() + brought::names().count();
        assert_eq!(named, declared.len(), "a heading names what is no command");
    }
}
