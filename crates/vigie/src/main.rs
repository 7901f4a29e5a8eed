//! Vigie: one offline program that reads evidence of interference with an election. This crate is the command line,
//! the one path from evidence to findings, and the worker processes. It alone reads the clock.

mod brief;
mod cli;
mod commands;

mod gather;
mod known;
mod lines;
mod output;
mod pipeline;
mod progress;
mod sealing;
mod settings;
mod synced;
mod told;
mod worker;

use cli::{Cli, Command};
use commands::Outcome;
use std::process::ExitCode;

/// The threads that work on blocks: as many as there are cores, or as the machine still gives; alone if it gives none.
fn make_threads() {
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    // The library gives up where one thread cannot be had, and may be asked but once.
    let go = std::sync::Mutex::new(());
    let held = go.lock();
    let given = std::thread::scope(|scope| {
        let hold = || drop(go.lock());
        let tried: Vec<_> =
            (0..cores).map_while(|_| std::thread::Builder::new().spawn_scoped(scope, hold).ok()).collect();
        drop(held);
        tried.len()
    });
    let builder = rayon::ThreadPoolBuilder::new().num_threads(given.max(1));
    let builder = if given == 0 { builder.use_current_thread() } else { builder };
    // What fails now is told by whoever needs a thread.
    let _ = builder.build_global();
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    // Before anything is looked up in it. What can't be used stops all but what mends it.
    let loaded = known::load();
    if let Some(global) = commands::doctor::asked_for_version(&arguments) {
        return ended(commands::doctor::version(&global));
    }
    let Cli { global, command } = Cli::read();
    match loaded {
        Err(error) if matches!(command, Command::Knowledge(_) | Command::Doctor) => drop(ended(Err(error))),
        Err(error) => return ended(Err(error)),
        Ok(()) => {}
    }
    if !matches!(command, Command::Worker(_)) {
        make_threads();
    }
    let outcome = match command {
        Command::Worker(args) => return worker::main(args.threads, args.seconds, args.probe),
        Command::Check(args) => commands::check::check(&args, &global),
        Command::Read(args) => commands::check::read(&args, &global),
        Command::Init(args) => commands::init::init(args, &global),
        Command::Add(args) => commands::add::add(&args, &global),
        Command::Run(args) => commands::run::run(&args, &global),
        Command::Findings(args) => commands::findings::findings(&args, &global),
        Command::Links(args) => commands::links::links(&args, &global),
        Command::Chain(args) => commands::story::chain(&args, &global),
        Command::Hypotheses(args) => commands::hypotheses::hypotheses(&args, &global),
        Command::Alert(args) => commands::story::alert(&args, &global),
        Command::Replay(args) => commands::replay::replay(&args, &global),
        Command::Search(args) => commands::search::search(&args, &global),
        Command::Timeline(args) => commands::ask::timeline(&args, &global),
        Command::Graph(args) => commands::ask::graph(&args, &global),
        Command::Sql(args) => commands::ask::sql(&args, &global),
        Command::Export(args) => commands::export::export(&args, &global),
        Command::Show(args) => commands::show::show(&args, &global),
        Command::Verify(args) => commands::verify::verify(&args, &global),
        Command::Forget(args) => commands::forget::forget(&args, &global),
        Command::Seal(args) => commands::seal::seal(&args, &global),
        Command::Prove(args) => commands::prove::prove(&args, &global),
        Command::Explain(args) => commands::explain::explain(&args, &global),
        Command::Brought(asked) => commands::brought::brought(&asked, &global),
        Command::Exercise(args) => commands::exercise::exercise(&args, &global),
        Command::Demo(args) => commands::exercise::demo(&args, &global),
        Command::Collect(args) => commands::collect::collect(&args, &global),
        Command::Keys(args) => commands::keys::keys(&args, &global),
        Command::Silence(args) => commands::silence::silence(&args, &global),
        Command::Site(args) => commands::site::site(&args, &global),
        Command::Probe(args) => commands::site::probe(&args, &global),
        Command::Hygiene(args) => commands::hygiene::hygiene(&args, &global),
        Command::Doctor => commands::doctor::doctor(&global),
        Command::Completions(args) => commands::manual::completions(&args),
        Command::Man(args) => commands::manual::man(&args),
        Command::Knowledge(args) => commands::knowledge::knowledge(&args, &global),
    };
    ended(outcome)
}

/// The exit code; what went wrong is said.
fn ended(outcome: model::Result<Outcome>) -> ExitCode {
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::No) => ExitCode::from(1),
        Ok(Outcome::CouldNot) => ExitCode::from(2),
        Err(error) => {
            // A cause may be several lines long (a TOML error shows the place); each is made safe by itself.
            let safe = |text: &str| text.lines().map(model::escape::visible).collect::<Vec<_>>().join("\n");
            eprintln!("error: {}", safe(&error.to_string()));
            if let Some(hint) = error.get_hint() {
                eprintln!("hint: {}", safe(hint));
            }
            ExitCode::from(2)
        }
    }
}
