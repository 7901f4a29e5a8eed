//! What each command does: a few lines around the one path, then what is printed.

pub mod add;
pub mod ask;
pub mod brought;
pub mod check;
pub mod collect;
pub mod doctor;
pub mod drill;
pub mod exercise;
pub mod explain;
pub mod export;
pub mod findings;
pub mod forget;
pub mod hygiene;
pub mod hypotheses;
pub mod init;
pub mod keys;
pub mod knowledge;
pub mod links;
pub mod manual;
pub mod prove;
pub mod replay;
pub mod run;
pub mod seal;
pub mod search;
pub mod show;
pub mod silence;
pub mod site;
pub mod stamps;
pub mod story;
pub mod verify;

use crate::cli::Global;
use crate::output::{self, Style};
use crate::settings::Configured;
use model::{Error, Result, Severity, View};
use std::path::Path;
use store::{Case, Window};

/// How a command ended; its exit code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Done.
    Done,
    /// The answer is no.
    No,
    /// Something that was named could not be read.
    CouldNot,
}

/// How to print in this configuration.
pub fn style(global: &Global, configured: &Configured) -> Result<Style> {
    Ok(Style { json: global.json, lang: global.language(configured.lang), zone: configured.config.zone()? })
}

/// From now on nothing is seen of what the case's settings keep back; how much that is, is said.
pub fn withhold(case: &Case, configured: &Configured, style: &Style) -> Result<()> {
    crate::pipeline::withhold(case, &configured.config)?;
    say_withheld(case, style);
    Ok(())
}

/// What could not be read of the files that evidence is held against.
pub fn say_unread(config: &model::Config, style: &Style) {
    for (name, reason) in &config.unread {
        output::skipped(style, &format!("{} {name}", style.lang.of("original", "original")), reason, 1, 0);
    }
}

/// How many things are kept back.
pub fn say_withheld(case: &Case, style: &Style) {
    let n = case.withheld();
    if n > 0 {
        output::say(
            style,
            format!("{n} things are kept back by case.toml (protection of sources): nothing is told of them"),
            format!("{n} éléments sont exclus par case.toml (protection des sources) : rien n’en est dit"),
        );
    }
}

/// Whether `--fail-on` is met.
pub fn judged(case: &Case, fail_on: Option<Severity>) -> Result<Outcome> {
    let Some(limit) = fail_on else { return Ok(Outcome::Done) };
    let met = case.severities()?.into_iter().any(|(severity, n)| severity >= limit && n > 0);
    Ok(if met { Outcome::No } else { Outcome::Done })
}

/// Says what became of the lines of logs; how many were not understood that look like refusals.
pub fn not_understood(view: &Window, style: &Style) -> Result<u64> {
    let mut refusals = 0;
    for (path, lines) in view.named_lines()? {
        output::lines(style, &path, &lines);
        refusals += lines.refusals;
    }
    Ok(refusals)
}

/// Evidence that falls into periods years apart: a log whose stamps carry no year may have been given a wrong one.
pub fn say_apart(case: &Case, style: &Style) -> Result<()> {
    let Some((periods, undated)) = crate::pipeline::years::apart(case)? else { return Ok(()) };
    let periods: Vec<String> = periods.iter().map(|(first, last)| format!("{first}/{last}")).collect();
    let (periods, mut hint) = (periods.join(", "), (String::new(), String::new()));
    if !undated.is_empty() {
        let logs = undated.iter().map(|path| model::escape::visible(path)).collect::<Vec<_>>().join(", ");
        hint = (
            format!("; these logs write no year: {logs}; give it with `year` under `[auth_log]`, or `--year`"),
            format!(
                " ; ces journaux n’écrivent pas l’année : {logs} ; indiquez-la par `year` sous `[auth_log]`, ou `--year`"
            ),
        );
    }
    output::say(
        style,
        format!("the evidence falls into periods years apart: {periods}{}", hint.0),
        format!("les pièces tombent dans des périodes séparées par des années : {periods}{}", hint.1),
    );
    Ok(())
}

/// Refuses to end well where nothing was read: whoever reads that nothing was found must know that something was looked
/// at.
pub fn something_read(case: &Case) -> Result<()> {
    if case.anything_understood()? {
        return Ok(());
    }
    Err(Error::new("nothing could be read").hint(match case.whole().evidence()?.as_slice() {
        [] => "name evidence, or a folder that holds some",
        _ => {
            "`vigie check --help` lists what is read; under `[web_log.patterns]` a log's format is described, in \
             `[posts] columns` the columns of a table; with `--leaked '*'` or `--originals` every file is read as a document; \
             anything else must be converted first"
        }
    }))
}

/// The whole id of a finding, of its first digits.
pub fn whole_id(case: &Case, begun: &str) -> Result<String> {
    let digits = begun.trim_start_matches("finding--");
    let mut ids = case.ids_like(&format!("finding--{digits}"))?;
    match ids.len() {
        1 => Ok(ids.remove(0)),
        0 => Err(Error::new(format!("this case has no finding `{begun}`")).hint(match nearest(case, digits)? {
            Some(near) => format!("perhaps `{}`; `vigie findings DIR` lists them", crate::told::short(&near)),
            None => "`vigie findings DIR` lists them".to_string(),
        })),
        _ => Err(Error::new(format!("`{begun}` may be several findings"))
            .hint(format!("write more of it: {}", ids.join(", ")))),
    }
}

/// Fills a folder that must be empty. If that fails, what was begun is taken away again, so that the same command can be run once
/// there is space.
pub fn filled<T>(dir: &Path, fill: impl FnOnce() -> Result<T>) -> Result<T> {
    let entries = || std::fs::read_dir(dir).into_iter().flatten().flatten();
    let was_empty = entries().next().is_none();
    fill().inspect_err(|_| {
        for path in entries().map(|e| e.path()).filter(|_| was_empty) {
            let _ = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        }
    })
}

/// The finding whose id begins most like this, where one does and six digits or more are the same.
fn nearest(case: &Case, digits: &str) -> Result<Option<String>> {
    let ends = digits.char_indices().map(|(at, c)| at + c.len_utf8()).filter(|end| (6..=40).contains(end));
    for end in ends.collect::<Vec<_>>().into_iter().rev() {
        let mut ids = case.ids_like(&format!("finding--{}", &digits[..end]))?;
        if !ids.is_empty() {
            return Ok((ids.len() == 1).then(|| ids.remove(0)));
        }
    }
    Ok(None)
}

/// Who works here: login and host, for the register.
pub fn actor() -> String {
    let login = ["USER", "LOGNAME"].iter().find_map(|v| std::env::var(v).ok()).filter(|v| !v.is_empty());
    let login = login.unwrap_or_else(platform::user);
    let host = platform::host().or_else(|| std::env::var("HOSTNAME").ok());
    format!("{login}@{}", host.as_deref().map_or("unknown", str::trim))
}
