//! `network`: which accounts share the same things at the same time. Files go into one table of shares, the table into
//! a network, the network to standard output; nothing is kept.

mod arguments;
mod cells;
mod chance;
mod explain;
mod print;

use super::network::{self, Clock, Index};
use super::shares::{self, By, Shares};
use super::text;
use crate::command::{Command, Given, Host};
use arguments::{ARGUMENTS, Asked};
use model::{Error, Lang, Result, Skip, Text};

/// `vigie network`.
pub const NETWORK: Command = Command {
    name: "network",
    about: (
        "Print which accounts share the same things at the same time",
        "Montrer quels comptes partagent les mêmes choses au même moment",
    ),
    arguments: ARGUMENTS,
    examples: &[
        "vigie network posts.csv --by object --window 60s --min-weight 2 --csv",
        "vigie network posts.jsonl.gz --by url --map account=author,url=link",
        "vigie network posts.csv --by text --csv",
        "vigie network posts.csv --groups",
        "vigie network posts.csv --explain-window",
    ],
    run,
};

/// Pairs of shares above which the reader is told how to bound them: about a minute on one core.
const MANY: u64 = 20_000_000_000;

fn run(given: &Given, host: &mut dyn Host) -> Result<()> {
    let asked = Asked::new(given)?;
    let shares = read(&asked, host)?;
    let window = asked.window;
    let index = Index::new(&shares, Clock::of(window), asked.max_fanout);
    if index.left_out.0 > 0 {
        let (objects, n) = index.left_out;
        host.say(&Text::new(
            format!("--max-fanout: {objects} objects with {n} shares left out"),
            format!("--max-fanout : {objects} objets et leurs {n} partages laissés de côté"),
        ));
    }
    let options = network::Options { window, min_weight: asked.min_weight, loops: asked.loops };
    if asked.explain_window {
        return explain::windows(&shares, &asked, options, host);
    }
    if asked.p_values || asked.groups {
        return chance::print(&index, &asked, options, host);
    }
    let network = network::Network::new(&index, options);
    if network.neighbours() > MANY {
        let n = network.neighbours();
        host.say(&Text::new(
            format!("{n} pairs of shares to look at: --max-fanout N leaves out objects shared more than N times"),
            format!(
                "{n} paires de partages à examiner : --max-fanout N laisse de côté les objets partagés plus de N fois"
            ),
        ));
    }
    print::network(&network, &index, &asked, host)
}

/// All files into one table, what was not read told.
fn read(asked: &Asked, host: &mut dyn Host) -> Result<Shares> {
    let by = asked.by;
    let options = shares::Options { by, mapping: asked.mapping.clone(), texts: by == By::Text };
    let mut shares = Shares::new(false);
    let mut records = 0;
    let mut columns = None;
    for source in host.sources(&asked.paths) {
        let Some(mut input) = (source.open)() else { continue };
        let outcome = shares::read(&mut input, &source.name, &options, &mut shares)?;
        records += outcome.records;
        for skip in &outcome.skips {
            host.skipped(&source.name, skip);
        }
        if let Some(found) = outcome.not_posts {
            let reason = "no columns to make this network of".into();
            host.skipped(&source.name, &Skip { reason, count: 1, first: 0, line: 1 });
            columns = Some(found);
        }
    }
    if let Some(columns) = columns.filter(|_| records == 0) {
        let found = columns.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
        return Err(Error::new(format!("nothing could be read: there are no columns to make a network by {by} of")).hint(format!(
            "who (`account_id`), when (`timestamp`) and what is shared are needed; the columns are {found}: name them \
             with --map object=…,account=…,content=…,timestamp=…, or choose another --by"
        )));
    }
    if records == 0 {
        return Err(Error::new("nothing could be read").hint(
            "tables with a head, JSON lines and platforms' exports are read; --map object=…,account=…,content=…,\
             timestamp=… names the columns of a table",
        ));
    }
    if shares.repeated > 0 {
        let n = shares.repeated;
        host.say(&Text::new(
            format!("{n} records repeat a post: each counts once, at its earliest"),
            format!("{n} enregistrements répètent une publication : chacune compte une fois, à sa première heure"),
        ));
    }
    Ok(if by == By::Text { copied(shares, asked, host) } else { shares })
}

/// Gives each post the copied text it holds. Unless a window was asked for, times play no part.
fn copied(shares: Shares, asked: &Asked, host: &mut dyn Host) -> Shares {
    if shares.accounts.len() == 1 && shares.len() > 1 {
        host.say(&Text::new(
            "all posts are of one account: --map account=content_id compares post with post",
            "toutes les publications sont d’un seul compte : --map account=content_id les compare une à une",
        ));
    }
    let copied = text::clusters(&shares);
    if !asked.looks_at_times {
        return shares.without_times().with_objects(|_, post| copied.get(post as usize).copied().flatten());
    }
    let mut timeless = 0;
    let shares = shares.with_objects(|shares, post| {
        let known = shares.time(post) != shares::UNKNOWN;
        timeless += u64::from(!known);
        copied.get(post as usize).copied().flatten().filter(|_| known)
    });
    if timeless > 0 {
        host.say(&Text::new(
            format!("{timeless} posts without a time are in no window"),
            format!("{timeless} publications sans heure ne sont dans aucune fenêtre"),
        ));
    }
    shares
}

/// A span of microseconds as a person writes it.
fn span(micros: i64, lang: Lang) -> String {
    let day = if lang == Lang::Fr { "j" } else { "d" };
    match micros / 1000 {
        ms if ms % 86_400_000 == 0 && ms > 0 => format!("{} {day}", ms / 86_400_000),
        ms if ms % 3_600_000 == 0 && ms > 0 => format!("{} h", ms / 3_600_000),
        ms if ms % 60_000 == 0 && ms > 60_000 => format!("{} min", ms / 60_000),
        ms if ms % 1000 == 0 => format!("{} s", ms / 1000),
        ms => format!("{ms} ms"),
    }
}
