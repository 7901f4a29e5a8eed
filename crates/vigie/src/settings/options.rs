//! Options of `check` and `read` that say what a table of `case.toml` would, as the settings declare them
//! (`model::Argument`), and how such arguments are told to the command line's parser.

use super::tables;
use clap::{Arg, ArgAction, ArgMatches, Command};
use model::{Argument, Error, Result, Setting, Table};
use std::ffi::OsString;
use std::path::PathBuf;

/// What was given of all declared options.
#[derive(Clone, Debug, Default)]
pub struct Declared(Vec<Given>);

/// One option and what was given.
#[derive(Clone, Debug)]
struct Given {
    table: &'static Table,
    setting: &'static Setting,
    values: Vec<OsString>,
}

impl Declared {
    /// Puts what was given into a configuration's tables; paths are left to whoever opens them.
    pub fn tell(&self, config: &mut toml::Table) -> Result<()> {
        for Given { table, setting, values } in self.0.iter().filter(|g| g.setting.files.is_none()) {
            let entry = config.entry(table.name).or_insert_with(|| toml::Table::new().into());
            let Some(keys) = entry.as_table_mut() else { continue };
            if values.is_empty() {
                keys.insert(setting.name.into(), true.into());
            }
            for value in values {
                let text = value.to_str().ok_or_else(|| {
                    Error::new(format!("`{}` is no text that can be read", value.to_string_lossy()))
                        .hint("write it in UTF-8")
                })?;
                let list = setting.default.starts_with('[');
                // The default shows the type: what stands in quotes there is text.
                let value = match setting.default.starts_with(['"', '[']) {
                    true => text.into(),
                    false => toml::from_str::<toml::Table>(&format!("v = {text}"))
                        .ok()
                        .and_then(|mut t| t.remove("v"))
                        .unwrap_or_else(|| text.into()),
                };
                match keys.get_mut(setting.name) {
                    Some(toml::Value::Array(all)) if list => all.push(value),
                    _ => drop(keys.insert(setting.name.into(), if list { vec![value].into() } else { value })),
                }
            }
        }
        Ok(())
    }

    /// The paths that were given for a setting.
    pub fn paths(&self, table: &Table, setting: &Setting) -> impl Iterator<Item = PathBuf> {
        let of = self.0.iter().filter(move |g| (g.table.name, g.setting.name) == (table.name, setting.name));
        of.flat_map(|g| g.values.iter().map(PathBuf::from))
    }
}

/// All options with what they set.
fn all() -> impl Iterator<Item = (&'static Table, &'static Setting, &'static Argument)> {
    let settings = tables().into_iter().flat_map(|t| t.keys.iter().map(move |s| (t, s)));
    settings.flat_map(|(t, s)| s.options.iter().map(move |o| (t, s, o)))
}

impl clap::Args for Declared {
    fn augment_args(command: Command) -> Command {
        all().fold(command, |c, (_, _, option)| c.arg(arg(option)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Declared::augment_args(command)
    }
}

impl clap::FromArgMatches for Declared {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Declared, clap::Error> {
        let given = all().filter_map(|(table, setting, o)| Some(Given { table, setting, values: given(matches, o)? }));
        Ok(Declared(given.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), clap::Error> {
        *self = Declared::from_arg_matches(matches)?;
        Ok(())
    }
}

/// What the parser was given of an argument, if anything.
pub fn given(matches: &ArgMatches, argument: &Argument) -> Option<Vec<OsString>> {
    match argument.value {
        Some(_) => Some(matches.get_many::<OsString>(argument.name)?.cloned().collect()),
        None => matches.get_flag(argument.name).then(Vec::new),
    }
}

/// An argument as the parser wants it.
pub fn arg(argument: &'static Argument) -> Arg {
    let mut arg = Arg::new(argument.name).help(argument.help.0).conflicts_with_all(argument.conflicts);
    if let Some(value) = argument.value {
        let check = argument.check;
        let parser = move |text: OsString| match text.to_str().map(check) {
            Some(Err(why)) => Err(why),
            _ => Ok(text),
        };
        use clap::builder::{OsStringValueParser, TypedValueParser};
        arg = arg.value_name(value).value_parser(OsStringValueParser::new().try_map(parser));
        arg = arg.action(if argument.many { ArgAction::Append } else { ArgAction::Set });
    } else {
        arg = arg.action(ArgAction::SetTrue);
    }
    if let Some(default) = argument.default {
        arg = arg.default_value(default);
    }
    match argument.placed {
        true => arg.required(true).num_args(1..=if argument.many { usize::MAX } else { 1 }),
        false => arg.long(argument.name),
    }
}
