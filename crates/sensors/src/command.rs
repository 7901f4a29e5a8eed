//! Commands that a kind of evidence brings beside `check`, `read` and `run`: what it can say of files that is no
//! observation and no finding. The program lists them, reads their arguments and lends them a [`Host`].
//!
//! You may rely on: nothing is kept. Left out: opening files, printing, how a command ends; the program does.

use crate::input::Input;
use formats::walk::{Found, Walk};
use model::{Argument, Error, Lang, Result, Skip, Step, Text, escape};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::str::FromStr;

/// A command.
#[derive(Debug)]
pub struct Command {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it does (English, French).
    pub about: (&'static str, &'static str),
    /// Its arguments and options, in the order of its help.
    pub arguments: &'static [Argument],
    /// Examples, one a line: the end of its help.
    pub examples: &'static [&'static str],
    /// Does it.
    pub run: fn(&Given, &mut dyn Host) -> Result<()>,
}

/// What was given of a command's arguments.
#[derive(Clone, Debug, Default)]
pub struct Given(Vec<(&'static str, Vec<OsString>)>);

impl Given {
    /// Of arguments by their names: their values, or none where they take none. What was not given is not among them.
    pub fn new(arguments: impl IntoIterator<Item = (&'static str, Vec<OsString>)>) -> Given {
        Given(arguments.into_iter().collect())
    }

    /// Whether it was given.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| *n == name)
    }

    /// All its values.
    pub fn values(&self, name: &str) -> &[OsString] {
        self.0.iter().find(|(n, _)| *n == name).map_or(&[], |(_, values)| values)
    }

    /// Its value, parsed; [`Argument::check`] has said yes to it.
    pub fn value<T: FromStr>(&self, name: &str) -> Result<Option<T>> {
        let Some(value) = self.values(name).first() else { return Ok(None) };
        let parsed = value.to_str().and_then(|text| text.parse().ok());
        parsed.map(Some).ok_or_else(|| Error::new(format!("`{}` is no value of --{name}", value.to_string_lossy())))
    }
}

/// A file that was named, or found below a folder that was.
pub struct Source {
    /// Its name in everything that is printed.
    pub name: String,
    /// Where it lies; none where that is standard input.
    pub path: Option<PathBuf>,
    /// Opens it; where that cannot be, it is told why.
    pub open: Box<dyn FnOnce() -> Option<Input>>,
}

impl Source {
    /// All that lies in it, as a case would read it: itself, or the members of an archive and the sheets of a workbook, each
    /// with its name. What cannot be opened is told.
    pub fn each(
        self,
        host: &mut dyn Host,
        each: &mut dyn FnMut(Input, &str, &mut dyn Host) -> Result<()>,
    ) -> Result<()> {
        let failed = |e: std::io::Error| Error::new("could not read on").because(e).hint("check the disk");
        let mut walk = Walk::with_sheets();
        let mut next = (self.open)().map(|input| Found::File(Box::new(input), None));
        while let Some(found) = next {
            let named = |steps: &[Step]| format!("{}{}", self.name, Step::path(steps));
            match found {
                Found::Skip(steps, skip) => host.skipped(&named(&steps), &skip),
                Found::File(input, _) => {
                    if let Some(input) = walk.enter(*input).map_err(failed)? {
                        let name = named(input.steps());
                        each(input, &name, host)?;
                    }
                }
            }
            next = walk.next();
        }
        Ok(())
    }
}

/// What a command may do: the program.
pub trait Host {
    /// The language of what is printed.
    fn lang(&self) -> Lang;
    /// Whether JSON lines were asked for.
    fn wants_json(&self) -> bool;
    /// Files, folders and standard input by what was named, in order. What is no file is told, and remembered where it
    /// was named: then the program could not do what it was asked to.
    fn sources(&mut self, paths: &[OsString]) -> Vec<Source>;
    /// Writes to standard output what is safe on a terminal already.
    fn write(&mut self, bytes: &[u8]) -> Result<()>;
    /// Tells people something beside the output.
    fn say(&mut self, text: &Text);
    /// Tells what was not read of a source.
    fn skipped(&mut self, source: &str, skip: &Skip);
    /// Asks whoever sits at standard input, and gives back the line that is typed; none where input has ended.
    fn ask(&mut self, question: &Text) -> Result<Option<String>>;
    /// The hash of a source's bytes as they lie there, by which they are sealed; none where they cannot be read twice.
    fn hash(&mut self, source: &Source) -> Option<proofs::Hash>;
    /// The proof that bytes with this hash were sealed into a log on disk, and the log's verifier key; none where they were
    /// not.
    fn proof(&mut self, log: &OsStr, bytes: &proofs::Hash) -> Result<Option<(String, String)>>;

    /// One line that is safe already.
    fn line(&mut self, text: &str) -> Result<()> {
        self.write(text.as_bytes())?;
        self.write(b"\n")
    }

    /// One JSON object.
    fn json(&mut self, value: &serde_json::Value) -> Result<()> {
        self.line(&escape::json(&value.to_string()))
    }
}
