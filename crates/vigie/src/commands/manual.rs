//! Man pages, completions and the table of options, all of the one list that the command line is parsed by.

use super::Outcome;
use crate::cli;
use crate::output::Out;
use clap::Args;
use clap_complete::{Generator, Shell};
use model::{Error, Result};
use std::path::PathBuf;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  vigie completions bash > ~/.local/share/bash-completion/completions/vigie\n  \
         vigie completions zsh > ~/.zfunc/_vigie\n  vigie completions fish > ~/.config/fish/completions/vigie.fish")]
pub struct Completions {
    /// bash, zsh or fish
    #[arg(value_name = "SHELL", value_parser = shell)]
    pub shell: clap_complete::Shell,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  vigie man | man -l -\n  vigie man ~/.local/share/man/man1\n  vigie man --markdown > docs/options.md"
)]
pub struct Man {
    /// Write every page into this folder
    pub dir: Option<PathBuf>,
    /// All commands and options as Markdown instead
    #[arg(long, conflicts_with = "dir")]
    pub markdown: bool,
}

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

/// One man page. Its date is that of the commit: the same sources give the same bytes. The program's own lists the commands under
/// the headings of its help.
fn page(command: clap::Command) -> Result<Vec<u8>> {
    let of = |command: &clap::Command| clap_mangen::Man::new(command.clone()).manual("Vigie").date(env!("VIGIE_DATE"));
    let write = |out: &mut Vec<u8>| {
        let is_program = command.get_subcommands().any(|c| c.get_name() == "man");
        if !is_program {
            return of(&command).render(out);
        }
        let man = of(&command);
        man.render_title(out)?;
        man.render_name_section(out)?;
        man.render_synopsis_section(out)?;
        man.render_description_section(out)?;
        man.render_options_section(out)?;
        for (heading, commands) in cli::grouped(&command) {
            let group = clap::Command::new("vigie").disable_help_subcommand(true).subcommand_help_heading(heading);
            of(&group.subcommands(commands.into_iter().cloned())).render_subcommands_section(out)?;
        }
        man.render_extra_section(out)?;
        man.render_version_section(out)
    };
    let mut out = Vec::new();
    write(&mut out).map_err(|e| Error::new("could not make the man page").because(e))?;
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
    for (heading, commands) in cli::grouped(&command) {
        out += &format!("\n## {heading}\n");
        commands.into_iter().for_each(|sub| options_of(&mut out, sub));
    }
    out
}

fn options_of(out: &mut String, sub: &clap::Command) {
    let about = |c: &clap::Command| c.get_about().map(|a| format!("{}.\n", a.to_string().trim_end_matches('.')));
    *out += &format!("\n### vigie {}\n\n{}", sub.get_name(), about(sub).unwrap_or_default());
    table(out, "", sub.get_arguments().filter(|a| !a.is_global_set()));
    for inner in sub.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help") {
        *out += &format!("\n#### vigie {} {}\n\n", sub.get_name(), inner.get_name());
        *out += &about(inner).unwrap_or_default();
        table(out, "", inner.get_arguments().filter(|a| !a.is_global_set()));
    }
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
