//! `add`: evidence into the case, file by file.

use super::{Outcome, actor, style};
use crate::cli::Global;
use crate::gather::{Source, gather, why};
use crate::output::{Out, say, skipped};
use crate::settings::from_case;
use clap::Args;
use model::{Result, escape};
use serde_json::json;
use std::io::{self, Read};
use std::path::PathBuf;
use store::{Arrival, Case};

#[derive(Args, Debug)]
#[command(after_help = crate::cli::kinds() + "Examples:\n  vigie add my-campaign /var/log/nginx\n  vigie add my-campaign --reference /mnt/big/access.log\n\n\
         Next: `vigie run my-campaign`.")]
pub struct Add {
    /// The case
    pub dir: PathBuf,
    /// Files, directories, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Leave the files where they are, and remember their hashes
    #[arg(long)]
    pub reference: bool,
}

/// `vigie add`.
pub fn add(args: &Add, global: &Global) -> Result<Outcome> {
    let case = Case::open(&args.dir)?;
    let style = style(global, &from_case(&args.dir)?)?;
    let (sources, mut refused) = gather(&args.paths);
    let (now, by) = (global.now(), actor());
    let mut out = Out::new();
    let nothing = sources.is_empty() && refused.is_empty();
    for source in sources {
        let name = source.name.clone();
        let Source { path, bytes, .. } = source;
        let arrival = Arrival { path: source.name, bytes, modified: source.modified, added: now, by: by.clone() };
        let (registered, known) = match &path {
            None => case.take_in(io::stdin().lock(), arrival)?,
            Some(path) if args.reference => case.refer(path, arrival)?,
            // A log that grows while it is copied is taken up to where it was.
            Some(path) => match store::regular(path, true).and_then(|f| Ok((f.metadata()?.len(), f))) {
                Ok((size, file)) => case.take_in(file.take(size), arrival)?,
                Err(e) => {
                    refused.push(crate::gather::Refused { name, reason: why(&e), named: true });
                    continue;
                }
            },
        };
        let e = &registered.evidence;
        if style.json {
            out.json(&json!({ "evidence": e.id, "path": name, "size": e.size, "known": known }))?;
        } else {
            let note = if known { style.lang.of("  (already in the case)", "  (déjà au dossier)") } else { "" };
            out.line(&format!("{}  {}{note}", e.id, escape::visible(&name)))?;
        }
    }
    out.end()?;
    for r in &refused {
        skipped(&style, &r.name, &r.reason, 1, 0);
    }
    let dir = args.dir.display();
    if nothing {
        say(
            &style,
            "nothing was added: what was named holds no file",
            "rien n’a été versé : ce qui est nommé ne contient aucun fichier",
        );
        return Ok(Outcome::CouldNot);
    }
    say(&style, format!("next: vigie run {dir}"), format!("ensuite : vigie run {dir}"));
    Ok(if refused.iter().any(|r| r.named) { Outcome::CouldNot } else { Outcome::Done })
}
