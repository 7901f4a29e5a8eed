//! `export`: findings for other programs and other people, by the list of formats in casework.

use super::{Outcome, actor, style};
use crate::cli::{Export, Global};
use crate::output::{Names, Out, Style, finding, say};
use crate::settings::{Configured, from_case};
use casework::Accounts;
use casework::export::Order;
use model::{Context, Error, Result, View, escape};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use store::Case;

/// `vigie export`.
pub fn export(args: &Export, global: &Global) -> Result<Outcome> {
    let configured = from_case(&args.dir)?;
    let style = style(global, &configured)?;
    let texts = make(args, global, &style, &configured)?;
    // Dossiers, replies and warnings are for people to read: near a vote the law is asked of them.
    super::silence::outgoing(&args.dir, &configured.config, &texts, &style, global.now())?;
    Ok(Outcome::Done)
}

/// Writes the export; gives the files of a folder.
fn make(args: &Export, global: &Global, style: &Style, configured: &Configured) -> Result<Vec<PathBuf>> {
    let case = if args.names { Case::open(&args.dir)? } else { Case::look(&args.dir)? };
    let mut texts = Vec::new();
    let view = case.whole();
    let names = Names::of(&view)?;
    let line = |f: &model::Finding| {
        serde_json::to_string(&finding(f, &names, style.lang))
            .map_err(|e| Error::new("could not write JSON").because(e))
    };
    let at = view.evidence()?.iter().map(|e| e.added).max().unwrap_or_default();
    let accounts = Accounts::of(&view, case.pseudonym_key()?, args.names)?;
    let behind = sensors::behind(&view);
    let least = args.severity.unwrap_or(args.to.least);
    let decisions = super::story::decisions(&case)?;
    let context = Context { config: &configured.config, origins: &configured.origins, at, modified: None };
    let lang = style.lang;
    let order = Order {
        least,
        lang,
        at,
        line: &line,
        accounts: &accounts,
        behind: &behind,
        context: &context,
        decisions: &decisions,
        only: &BTreeSet::new(),
    };
    if args.names {
        // Before the first byte leaves: what was handed out unrecorded cannot be taken back.
        case.record_names(args.to.name, global.now(), &actor())?;
    }
    // What evidence says must not command the terminal it may be printed on; in JSON an escape says the same.
    let safe = |bytes: &[u8]| match (args.to.json, std::str::from_utf8(bytes)) {
        (true, Ok(text)) => text.lines().map(|l| escape::json(l) + "\n").collect::<String>().into_bytes(),
        _ => bytes.to_vec(),
    };
    match &args.output {
        None if args.to.folder => {
            return Err(Error::new(format!("`{}` is a folder of files", args.to.name))
                .hint(format!("name the folder: `-o {}/`", args.to.name)));
        }
        None => {
            let mut out = Out::new();
            (args.to.make)(&view, &order, &mut |_, bytes| out.raw(&safe(bytes)))?;
            out.end()?;
        }
        Some(dir) if args.to.folder => {
            fs::create_dir_all(dir).map_err(|e| failed(dir, e))?;
            let mut files = 0;
            (args.to.make)(&view, &order, &mut |name, bytes| {
                files += 1;
                let path = dir.join(name);
                fs::write(&path, safe(bytes)).map_err(|e| failed(&path, e))?;
                texts.push(path);
                Ok(())
            })?;
            let dir = dir.display();
            say(style, format!("{files} files in {dir}"), format!("{files} fichiers dans {dir}"));
        }
        Some(path) => {
            let mut file = File::create(path).map(std::io::BufWriter::new).map_err(|e| failed(path, e))?;
            let mut text = false;
            (args.to.make)(&view, &order, &mut |name, b| {
                text |= name.ends_with(".md");
                file.write_all(&safe(b)).map_err(|e| failed(path, e))
            })?;
            file.flush().map_err(|e| failed(path, e))?;
            texts.extend(text.then(|| path.clone()));
        }
    }
    Ok(texts)
}

fn failed(path: &Path, e: std::io::Error) -> Error {
    Error::new(format!("could not write `{}`", path.display())).because(e)
}
