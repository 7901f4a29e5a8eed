//! `seal`: documents are committed to before anybody leaks them.

use super::{Outcome, actor};
use crate::cli::Global;
use crate::gather::{Source, gather};
use crate::output::{Out, Style, say, skipped};
use crate::progress::Progress;
use crate::sealing::{Coverage, Examined, examine, hash_of, lines, stamp};
use crate::settings::{Configured, from_answers, from_case};
use clap::Args;
use model::{Error, Result, Time, escape};
use proofs::vkey;
use rayon::prelude::*;
use seals::{Log, Looked, Run};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use store::Case;

/// Where a log of seals lies.
#[derive(Args, Debug)]
pub struct SealsPlace {
    /// The case whose log it is (default: the log in ./seals)
    #[arg(long, value_name = "DIR")]
    pub case: Option<PathBuf>,
    /// The log's folder
    #[arg(long, value_name = "DIR", conflicts_with = "case")]
    pub seals: Option<PathBuf>,
}

impl SealsPlace {
    /// The folder.
    pub fn home(&self) -> PathBuf {
        let case = self.case.as_ref().map(|c| c.join("seals"));
        self.seals.clone().or(case).unwrap_or_else(|| "seals".into())
    }
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  vigie seal ~/campaign --name seals.example.org\n  vigie seal ~/campaign ~/Maildir --case my-campaign\n  \
         vigie seal --backup\n  vigie seal --request head.tsq\n\nEvery night: what is new is added, and a new head printed. \
         Next: `vigie prove FILE`."
)]
pub struct Seal {
    /// Folders of documents and mailboxes, or files
    #[arg(value_name = "DIR")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub place: SealsPlace,
    /// The name of a new log: one's own address without https://
    #[arg(long)]
    pub name: Option<String>,
    /// Say where the salts and the key are, which must be kept safe
    #[arg(long)]
    pub backup: bool,
    /// Forge some of one's sealed files in memory, in each way, and show which forgeries would be caught. Exit 1: some not
    #[arg(long)]
    pub drill: bool,
    /// Begin a new log whose first leaf is the last head of a lost one
    #[arg(long, value_name = "HEAD")]
    pub continues: Option<PathBuf>,
    /// Take a new key; a note signed by both keys says so
    #[arg(long)]
    pub new_key: bool,
    /// Have heads signed with ML-DSA-44 too from now on; proofs are 3 KB longer then
    #[arg(long)]
    pub post_quantum: bool,
    /// Take in a head that witnesses cosigned
    #[arg(long, value_name = "NOTE")]
    pub cosigned: Option<PathBuf>,
    /// Write a request for a time stamp (RFC 3161) of the last head to this file
    #[arg(long, value_name = "FILE")]
    pub request: Option<PathBuf>,
    /// Take in a time stamp of a head: an RFC 3161 response, or an OpenTimestamps file
    #[arg(long, value_name = "FILE")]
    pub stamp: Option<PathBuf>,
}

/// Files examined at once.
const BATCH: usize = 256;

/// `vigie seal`.
pub fn seal(args: &Seal, global: &Global) -> Result<Outcome> {
    let configured = match &args.place.case {
        Some(case) => from_case(case)?,
        None => from_answers(toml::Table::new())?,
    };
    let style = super::style(global, &configured)?;
    let home = args.place.home();
    if args.backup {
        return backup(&home, &style);
    }
    if args.drill {
        return super::drill::drill(&home, global.now(), &style);
    }
    if let Some(out) = &args.request {
        return super::stamps::request(&home, out, &style);
    }
    let asked = args.new_key || args.post_quantum || args.cosigned.is_some() || args.stamp.is_some();
    if args.paths.is_empty() && !asked && args.continues.is_none() {
        return Err(Error::new("nothing to seal").hint("name a folder of documents or mailboxes: `vigie seal DIR`"));
    }
    let now = global.now();
    let mut log = Log::open(&home, args.name.as_deref(), now)?;
    let mut out = Out::new();
    let mut outcome = Outcome::Done;
    if let Some(path) = &args.cosigned {
        let note = fs::read(path).map_err(|e| unread(path, e))?;
        let added = log.cosigned(&note)?;
        say(&style, format!("{added} cosignatures taken in"), format!("{added} cosignatures ajoutées"));
    }
    if let Some(path) = &args.stamp {
        super::stamps::keep(&home, path, &style)?;
    }
    if args.post_quantum {
        line(&mut out, &style, "post_quantum_key", &log.post_quantum()?.to_string())?;
    }
    if !args.paths.is_empty() || args.continues.is_some() {
        outcome = run(&mut log, &args.paths, args.continues.as_deref(), &configured, now, &style, &home)?;
    }
    if args.new_key {
        let (path, key) = log.new_key(now)?;
        line(&mut out, &style, "succession", &path.display().to_string())?;
        line(&mut out, &style, "key", &key.to_string())?;
    } else {
        line(&mut out, &style, "key", &log.vkey().to_string())?;
    }
    if let Some(head) = log.head()? {
        line(&mut out, &style, "head", &vkey::head_line(&head))?;
    }
    out.end()?;
    drop(log);
    if let Some(case) = &args.place.case {
        Case::open(case)?.record_folder("seals", now, &actor())?;
    }
    say(
        &style,
        format!("publish the head in a place that others date; `{}` may be copied, all but `private/`", home.display()),
        format!("publiez la tête là où d’autres la datent ; « {} » peut être copié, sauf « private/ »", home.display()),
    );
    Ok(outcome)
}

fn line(out: &mut Out, style: &Style, word: &str, value: &str) -> Result<()> {
    match style.json {
        true => out.json(&json!({ word: value })),
        false => out.line(&format!("{word}: {}", escape::visible(value))),
    }
}

fn unread(path: &Path, e: std::io::Error) -> Error {
    Error::new(format!("could not read `{}`", path.display())).because(crate::gather::why(&e))
}

/// Seals a folder into a log, as it was done in the night after its newest file.
pub fn folder(home: &Path, folder: &Path, configured: &Configured, style: &Style) -> Result<()> {
    let (sources, _) = gather(&[folder.to_path_buf()]);
    let now = sources.iter().filter_map(|s| s.modified).max().unwrap_or_default();
    let mut log = Log::open(home, None, now)?;
    run(&mut log, &[folder.to_path_buf()], None, configured, now, style, home).map(drop)
}

/// Seals what is new.
fn run(
    log: &mut Log,
    paths: &[PathBuf],
    continues: Option<&Path>,
    configured: &Configured,
    now: Time,
    style: &Style,
    home: &Path,
) -> Result<Outcome> {
    let own = fs::canonicalize(home).map_err(|e| unread(home, e))?;
    let progress = Progress::new(!style.json);
    let mut run = log.run()?;
    if let Some(head) = continues {
        let bytes = hash_of(head).map_err(|e| unread(head, e))?;
        let text = fs::read_to_string(head).map_err(|e| unread(head, e))?;
        vkey::head_of(&text).ok_or_else(|| Error::new(format!("`{}` is no head of a log", head.display())))?;
        if run.next() > 0 {
            return Err(Error::new("only a new log can continue another one")
                .hint("name another folder with `--seals`: its first leaf will be the old head"));
        }
        run.add(&crate::sealing::document(&head.display().to_string(), bytes, None))?;
    }
    let (mut folders, mut boxes) = (BTreeMap::new(), BTreeMap::<String, (u64, Coverage)>::new());
    let (mut same, mut files, mut could_not) = (0u64, 0u64, false);
    for path in paths {
        let (sources, refused) = gather(std::slice::from_ref(path));
        for r in &refused {
            skipped(style, &r.name, &r.reason, 1, 0);
            could_not |= r.named;
        }
        let sources: Vec<Source> = sources
            .into_iter()
            // A proof says of a document what the log says already.
            .filter(|s| !s.name.ends_with(".tlog-proof"))
            .filter(|s| s.path.as_ref().and_then(|p| fs::canonicalize(p).ok()).is_some_and(|p| !p.starts_with(&own)))
            .collect();
        progress.start(sources.iter().map(|s| s.size).sum());
        let name = path.display().to_string();
        let bytes = sources.iter().map(|s| s.size).sum();
        folders.insert(name, (sources.len() as u64, bytes));
        files += sources.len() as u64;
        for batch in sources.chunks(BATCH) {
            let mut new = Vec::new();
            for source in batch {
                let Some(path) = &source.path else { continue };
                match stamp(path).map(|stamp| run.look(&source.name, &stamp)) {
                    Ok(Ok(Looked::Same)) => same += 1,
                    Ok(Ok(Looked::Changed)) => new.push((source, path.clone())),
                    Ok(Err(e)) => return Err(e),
                    Err(e) => skipped(style, &source.name, &crate::gather::why(&e), 1, 0),
                }
            }
            let examined: Vec<(&Source, std::result::Result<Examined, String>)> =
                new.par_iter().map(|(s, path)| (*s, examine(path, &s.name, configured, now))).collect();
            for (source, examined) in examined {
                match examined {
                    Ok(examined) => take(&mut run, source, &examined, &mut boxes, style)?,
                    Err(reason) => skipped(style, &source.name, &reason, 1, 0),
                }
            }
            progress.passed(batch.iter().map(|s| s.size).sum());
        }
        progress.end();
    }
    let added = run.added;
    run.finish(lines(&folders, &boxes), now)?;
    if style.json {
        eprintln!("{}", json!({ "files": files, "unchanged": same, "sealed": added }));
    }
    say(
        style,
        format!("{files} files, {same} unchanged since the last run; {added} documents newly sealed"),
        format!(
            "{files} fichiers, dont {same} inchangés depuis la dernière fois ; {added} documents nouvellement scellés"
        ),
    );
    Ok(if could_not { Outcome::CouldNot } else { Outcome::Done })
}

fn take(
    run: &mut Run<'_>,
    source: &Source,
    examined: &Examined,
    boxes: &mut BTreeMap<String, (u64, Coverage)>,
    style: &Style,
) -> Result<()> {
    for document in &examined.documents {
        run.add(document)?;
    }
    for place in &examined.cut {
        let name = if place.is_empty() { source.name.clone() } else { format!("{}: {place}", source.name) };
        skipped(style, &name, "not taken apart whole: it is sealed as far as it was read", 1, 0);
    }
    if examined.messages > 0 || examined.coverage.validity.is_some() {
        // Messages in files of their own are a mailbox by their folder.
        let single = examined.documents.len() <= 1 && examined.messages <= 1;
        let parent = Path::new(&source.name).parent().map(|p| p.display().to_string());
        let name = parent.filter(|_| single).unwrap_or_else(|| source.name.clone());
        let (messages, coverage) = boxes.entry(name).or_default();
        *messages += examined.messages;
        coverage.join(&examined.coverage);
    }
    Ok(())
}

/// Says what must be kept safe.
fn backup(home: &Path, style: &Style) -> Result<Outcome> {
    let private = home.join("private");
    let mut out = Out::new();
    let mut missing = false;
    for (file, en, fr) in [
        (
            "salts.db",
            "salts and hashes: without it no new proof can be made",
            "sels et empreintes : sans lui, aucune nouvelle preuve",
        ),
        (
            "signer.key",
            "the key that signs: who has it signs in your name",
            "la clé de signature : qui l’a signe en votre nom",
        ),
    ] {
        let path: PathBuf = private.join(file);
        let size = fs::metadata(&path).map(|m| m.len()).ok();
        missing |= size.is_none();
        match style.json {
            true => out.json(&json!({ "file": path.display().to_string(), "size": size }))?,
            false => {
                let there = size.map_or_else(|| style.lang.of("MISSING", "ABSENT").to_string(), |n| format!("{n} B"));
                out.line(&format!("{}  {there}  {}", path.display(), style.lang.of(en, fr)))?;
            }
        }
    }
    out.end()?;
    say(
        style,
        "copy `private/` to a place as safe as the documents, when no `vigie seal` runs; proofs already written stand \
         without it. What is forgotten must be forgotten in copies too",
        "copiez « private/ » en lieu aussi sûr que les documents, quand aucun « vigie seal » ne tourne ; les preuves déjà \
         écrites tiennent sans lui. Ce qui est oublié doit l’être aussi dans les copies",
    );
    Ok(if missing { Outcome::No } else { Outcome::Done })
}
