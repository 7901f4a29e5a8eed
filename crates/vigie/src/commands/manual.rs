//! Man pages, completions and the table of options, all of the one list that the command line is parsed by.

use super::Outcome;
use crate::cli::{self, Completions, Man};
use crate::output::Out;
use clap_complete::{Generator, Shell};
use model::{Error, Result};

/// `vigie completions`.
pub fn completions(args: &Completions) -> Result<Outcome> {
    let mut text = Vec::new();
    let mut command = cli::command();
    command.set_bin_name("vigie");
    command.build();
    args.shell.generate(&command, &mut text);
    print(&text)
}

/// `vigie man`.
pub fn man(args: &Man) -> Result<Outcome> {
    if args.markdown {
        return print(options().as_bytes());
    }
    let mut command = cli::command();
    command.build();
    let Some(folder) = &args.dir else { return print(&page(command)?) };
    let failed = |e: std::io::Error| Error::new(format!("could not write to `{}`", folder.display())).because(e);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let all = command.get_subcommands().filter(|c| !c.is_hide_set()).cloned();
    let pages: Vec<(String, clap::Command)> =
        all.map(|c| (format!("vigie-{}", c.get_name()), c)).chain([("vigie".to_string(), command.clone())]).collect();
    for (name, command) in pages {
        let page = page(command.display_name(name.clone()))?;
        std::fs::write(folder.join(format!("{name}.1")), page).map_err(failed)?;
    }
    Ok(Outcome::Done)
}

/// One man page. Its date is that of the commit: the same sources give the same bytes.
fn page(command: clap::Command) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let man = clap_mangen::Man::new(command).manual("Vigie").date(env!("VIGIE_DATE"));
    man.render(&mut out).map_err(|e| Error::new("could not make the man page").because(e))?;
    Ok(out)
}

/// All commands and options as Markdown: what `docs/options.md` holds.
pub fn options() -> String {
    let mut command = cli::command();
    command.build();
    let mut out = String::from(
        "# Commands and options\n\nMade by `vigie man --markdown` of the list that the command line is parsed by; a test compares.\n",
    );
    table(&mut out, "Every command", command.get_arguments().filter(|a| a.is_global_set()));
    for sub in command.get_subcommands().filter(|c| !c.is_hide_set()) {
        out += &format!("\n## vigie {}\n\n", sub.get_name());
        if let Some(about) = sub.get_about() {
            out += &format!("{}.\n", about.to_string().trim_end_matches('.'));
        }
        table(&mut out, "", sub.get_arguments().filter(|a| !a.is_global_set()));
        for inner in sub.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help") {
            out += &format!("\n### vigie {} {}\n\n", sub.get_name(), inner.get_name());
            out += &inner.get_about().map_or(String::new(), |a| format!("{}.\n", a.to_string().trim_end_matches('.')));
            table(&mut out, "", inner.get_arguments().filter(|a| !a.is_global_set()));
        }
    }
    out
}

fn table<'a>(out: &mut String, title: &str, all: impl Iterator<Item = &'a clap::Arg>) {
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    let rows: Vec<String> = all
        .filter(|a| !a.is_hide_set() && a.get_id() != "help" && a.get_id() != "version")
        .map(|a| {
            let values = a.get_value_names().unwrap_or_default().iter().map(|v| v.to_string()).collect::<Vec<_>>();
            let takes = a.get_action().takes_values();
            let long = a.get_long().map(|l| format!("--{l}"));
            let short = a.get_short().map(|s| format!("-{s}"));
            let names = [short, long].into_iter().flatten().collect::<Vec<_>>().join(", ");
            let name = match (names.is_empty(), takes) {
                (true, _) => values.join(" "),
                (false, true) => format!("{names} {}", values.join(" ")),
                (false, false) => names,
            };
            let help = a.get_help().map(ToString::to_string).unwrap_or_default();
            format!("| `{}` | {} |\n", cell(&name), cell(&help))
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    if !title.is_empty() {
        *out += &format!("\n## {title}\n");
    }
    *out += "\n| | |\n|---|---|\n";
    rows.iter().for_each(|row| *out += row);
}

fn print(text: &[u8]) -> Result<Outcome> {
    let mut out = Out::new();
    out.raw(text)?;
    out.end()?;
    Ok(Outcome::Done)
}

/// The shells that completions can be had for.
pub fn shell(name: &str) -> std::result::Result<Shell, String> {
    match name {
        "bash" => Ok(Shell::Bash),
        "zsh" => Ok(Shell::Zsh),
        "fish" => Ok(Shell::Fish),
        _ => Err("one of bash, zsh, fish".into()),
    }
}
