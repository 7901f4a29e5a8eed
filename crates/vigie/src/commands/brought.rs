//! Commands that kinds of evidence bring (`sensors::command`): the program as their host.

use super::Outcome;
use crate::cli::Global;
use crate::gather::{self, gather, why};
use crate::output::{self, Out, Style};
use crate::settings::options::{arg, given};
use clap::{ArgMatches, FromArgMatches, Subcommand};
use model::{Budget, Lang, Result, Skip, Text};
use sensors::command::{Host, Source};
use sensors::input::Input;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, Read};
use std::path::PathBuf;

/// A command that a kind of evidence brings, and what was given of its arguments.
#[derive(Debug)]
pub struct Brought {
    pub command: &'static sensors::Command,
    pub given: sensors::command::Given,
}

/// All such commands.
fn all() -> impl Iterator<Item = &'static sensors::Command> {
    sensors::SENSORS.iter().flat_map(|s| s.commands())
}

/// Their names.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|c| c.name)
}

impl Subcommand for Brought {
    fn augment_subcommands(program: clap::Command) -> clap::Command {
        all().fold(program, |program, c| {
            let examples: Vec<String> = c.examples.iter().map(|e| format!("\n  {e}")).collect();
            let command = clap::Command::new(c.name).about(c.about.0).args(c.arguments.iter().map(arg));
            program.subcommand(command.after_help(format!("Examples:{}", examples.concat())))
        })
    }

    fn augment_subcommands_for_update(program: clap::Command) -> clap::Command {
        Brought::augment_subcommands(program)
    }

    fn has_subcommand(name: &str) -> bool {
        all().any(|c| c.name == name)
    }
}

impl FromArgMatches for Brought {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Brought, clap::Error> {
        let found = matches.subcommand().and_then(|(name, m)| Some((all().find(|c| c.name == name)?, m)));
        let (command, matches) = found.ok_or_else(|| clap::Error::new(clap::error::ErrorKind::InvalidSubcommand))?;
        let given = command.arguments.iter().filter_map(|a| Some((a.name, given(matches, a)?)));
        Ok(Brought { command, given: sensors::command::Given::new(given) })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), clap::Error> {
        *self = Brought::from_arg_matches(matches)?;
        Ok(())
    }
}

/// A kind's command.
pub fn brought(asked: &Brought, global: &Global) -> Result<Outcome> {
    let style = Style { json: global.json, lang: global.language(None), zone: jiff::tz::TimeZone::UTC };
    let mut program = Program { style, out: Out::new(), refused: false, log: None };
    (asked.command.run)(&asked.given, &mut program)?;
    program.out.end()?;
    Ok(if program.refused { Outcome::CouldNot } else { Outcome::Done })
}

/// Bytes of an answer.
const ANSWER: u64 = 4096;

struct Program {
    style: Style,
    out: Out,
    /// Something that was named could not be read.
    refused: bool,
    /// The log of seals that was asked last, and its key.
    log: Option<(PathBuf, seals::Archive, String)>,
}

impl Host for Program {
    fn lang(&self) -> Lang {
        self.style.lang
    }

    fn wants_json(&self) -> bool {
        self.style.json
    }

    fn sources(&mut self, paths: &[OsString]) -> Vec<Source> {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        let (sources, refused) = gather(&paths);
        for r in &refused {
            output::skipped(&self.style, &r.name, &r.reason, 1, 0);
            self.refused |= r.named;
        }
        let source = |gather::Source { name, path, .. }| {
            let (told, style) = (name.clone(), self.style.clone());
            let lies = path.clone();
            let opened = move || -> io::Result<Input> {
                let bytes: Box<dyn Read + Send> = match path {
                    Some(path) => Box::new(store::regular(&path, true)?),
                    None => Box::new(io::stdin()),
                };
                Input::open(bytes, Budget::default())
            };
            let open = move || opened().map_err(|e| output::skipped(&style, &told, &why(&e), 1, 0)).ok();
            Source { name, path: lies, open: Box::new(open) }
        };
        sources.into_iter().map(source).collect()
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.raw(bytes)
    }

    fn say(&mut self, text: &Text) {
        output::say(&self.style, &text.en, &text.fr);
    }

    fn skipped(&mut self, source: &str, skip: &Skip) {
        output::skipped(&self.style, source, &skip.reason, skip.count, skip.line);
    }

    fn ask(&mut self, question: &Text) -> Result<Option<String>> {
        // What was written before must be there: who stops in the middle keeps it.
        self.out.flush()?;
        eprint!("{}: ", question.get(self.style.lang));
        let mut bytes = Vec::new();
        let read = io::stdin().lock().take(ANSWER).read_until(b'\n', &mut bytes);
        let read = read.map_err(|e| model::Error::new("could not read standard input").because(e))?;
        Ok((read > 0).then(|| String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_string()))
    }

    fn hash(&mut self, source: &Source) -> Option<proofs::Hash> {
        crate::sealing::hash_of(source.path.as_deref()?).ok()
    }

    fn proof(&mut self, log: &OsStr, bytes: &proofs::Hash) -> Result<Option<(String, String)>> {
        let home = PathBuf::from(log);
        if self.log.as_ref().is_none_or(|(held, ..)| *held != home) {
            let archive = seals::Archive::look(&home, None)?;
            let key = std::fs::read_to_string(home.join("verifier.key"))
                .map_err(|e| model::Error::new("the log has no `verifier.key`").because(e))?;
            self.log = Some((home, archive, key));
        }
        let Some((_, archive, key)) = &self.log else { return Ok(None) };
        let Some(found) = archive.bytes(bytes)? else { return Ok(None) };
        Ok(Some((archive.proof(&found.known, found.at)?.to_text(), key.clone())))
    }
}
