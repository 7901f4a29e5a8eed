//! `network`: which accounts share the same things at the same time. Files go into one table of shares, the table into
//! a network, the network to standard output; nothing is kept.

mod chance;
mod explain;
mod print;

use super::Outcome;
use crate::cli::{Global, Network};
use crate::gather::{Source, gather, why};
use crate::output::{Out, Style, say, skipped};
use model::{Budget, Error, Lang, Result};
use sensors::input::Input;
use sensors::posts::network::{self, Clock, Index};
use sensors::posts::shares::{self, By, Mapping, Shares};
use sensors::posts::text;
use std::fs::File;
use std::io::Read;

/// Pairs of shares above which the reader is told how to bound them: about a minute on one core.
const MANY: u64 = 20_000_000_000;

/// `vigie network`.
pub fn network(args: &Network, global: &Global) -> Result<Outcome> {
    let style = Style { json: global.json, lang: global.language(None), zone: jiff::tz::TimeZone::UTC };
    let (shares, refused) = read(args, &style)?;
    let window = args.window();
    let index = Index::new(&shares, Clock::of(window), args.max_fanout());
    if index.left_out.0 > 0 {
        let (objects, n) = index.left_out;
        say(
            &style,
            format!("--max-fanout: {objects} objects with {n} shares left out"),
            format!("--max-fanout : {objects} objets et leurs {n} partages laissés de côté"),
        );
    }
    let options = network::Options { window, min_weight: args.min_weight(), loops: args.loops };
    let mut out = Out::new();
    if args.explain_window {
        explain::windows(&shares, args, options, &style, &mut out)?;
    } else if args.p_values || args.groups {
        chance::print(&index, args, options, &style, &mut out)?;
    } else {
        let network = network::Network::new(&index, options);
        if network.neighbours() > MANY {
            let n = network.neighbours();
            say(
                &style,
                format!("{n} pairs of shares to look at: --max-fanout N leaves out objects shared more than N times"),
                format!(
                    "{n} paires de partages à examiner : --max-fanout N laisse de côté les objets partagés plus de N fois"
                ),
            );
        }
        print::network(&network, &index, args, &style, &mut out)?;
    }
    out.end()?;
    Ok(if refused { Outcome::CouldNot } else { Outcome::Done })
}

/// All files into one table, what was not read told; whether any named file was refused.
fn read(args: &Network, style: &Style) -> Result<(Shares, bool)> {
    let mut mapping = Mapping::default();
    if let Some(map) = &args.map {
        mapping = map.parse()?;
    }
    let options = shares::Options { by: args.by, mapping, texts: args.by == By::Text };
    let mut shares = Shares::new(false);
    let (sources, refused) = gather(&args.paths);
    let mut failed = false;
    for r in &refused {
        skipped(style, &r.name, &r.reason, 1, 0);
        failed |= r.named;
    }
    let mut records = 0;
    let mut columns = None;
    for source in &sources {
        let name = &source.name;
        let mut input = match open(source).and_then(|bytes| Input::open(bytes, Budget::default())) {
            Ok(input) => input,
            Err(e) => {
                skipped(style, name, &why(&e), 1, 0);
                continue;
            }
        };
        let outcome = shares::read(&mut input, name, &options, &mut shares)?;
        records += outcome.records;
        for skip in &outcome.skips {
            skipped(style, name, &skip.reason, skip.count, skip.line);
        }
        if let Some(found) = outcome.not_posts {
            skipped(style, name, "no columns to make this network of", 1, 1);
            columns = Some(found);
        }
    }
    if let Some(columns) = columns.filter(|_| records == 0) {
        let found = columns.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
        return Err(Error::new(format!(
            "nothing could be read: there are no columns to make a network by {} of",
            args.by
        ))
        .hint(format!(
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
        say(
            style,
            format!("{n} records repeat a post: each counts once, at its earliest"),
            format!("{n} enregistrements répètent une publication : chacune compte une fois, à sa première heure"),
        );
    }
    if args.by == By::Text {
        shares = copied(shares, args, style);
    }
    Ok((shares, failed))
}

/// Gives each post the copied text it holds. Unless a window was asked for, times play no part.
fn copied(shares: Shares, args: &Network, style: &Style) -> Shares {
    if shares.accounts.len() == 1 && shares.len() > 1 {
        say(
            style,
            "all posts are of one account: --map account=content_id compares post with post",
            "toutes les publications sont d’un seul compte : --map account=content_id les compare une à une",
        );
    }
    let copied = text::clusters(&shares);
    if !args.looks_at_times() {
        return shares.without_times().with_objects(|_, post| copied.get(post as usize).copied().flatten());
    }
    let mut timeless = 0;
    let shares = shares.with_objects(|shares, post| {
        let known = shares.time(post) != shares::UNKNOWN;
        timeless += u64::from(!known);
        copied.get(post as usize).copied().flatten().filter(|_| known)
    });
    if timeless > 0 {
        say(
            style,
            format!("{timeless} posts without a time are in no window"),
            format!("{timeless} publications sans heure ne sont dans aucune fenêtre"),
        );
    }
    shares
}

fn open(source: &Source) -> std::io::Result<Box<dyn Read + Send>> {
    Ok(match &source.path {
        Some(path) => Box::new(File::open(path)?),
        None => Box::new(std::io::stdin()),
    })
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
