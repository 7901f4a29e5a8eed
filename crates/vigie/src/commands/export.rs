//! `export`: findings for other programs and other people, by the list of formats in casework.

use super::{Outcome, actor, style};
use crate::cli::{Export, Global};
use crate::output::{Names, Out, Style, finding, say};
use crate::settings::from_case;
use casework::Accounts;
use casework::export::{Order, Post};
use model::{Error, Result, View, escape};
use rows::Row;
use rows::posts::{CoAction, Coordination};
use sensors::posts::dataset::Dataset;
use sensors::posts::shares::{BY, Shares};
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use store::Case;

/// `vigie export`.
pub fn export(args: &Export, global: &Global) -> Result<Outcome> {
    let configured = from_case(&args.dir)?;
    let style = style(global, &configured)?;
    let texts = make(args, global, &style)?;
    // Dossiers, replies and warnings are for people to read: near a vote the law is asked of them.
    super::silence::outgoing(&args.dir, &configured.config, &texts, &style, global.now())?;
    Ok(Outcome::Done)
}

/// Writes the export; gives the files of a folder.
fn make(args: &Export, global: &Global, style: &Style) -> Result<Vec<PathBuf>> {
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
    let members = Members::of(&view);
    let posts = |group: &model::Finding| members.posts(group);
    let least = args.severity.unwrap_or(args.to.least);
    let order = Order { least, lang: style.lang, at, line: &line, accounts: &accounts, posts: &posts };
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
            (args.to.make)(&view, &order, &mut |_, b| file.write_all(&safe(b)).map_err(|e| failed(path, e)))?;
            file.flush().map_err(|e| failed(path, e))?;
        }
    }
    Ok(texts)
}

fn failed(path: &Path, e: std::io::Error) -> Error {
    Error::new(format!("could not write `{}`", path.display())).because(e)
}

/// The posts of groups' members. The case's posts are loaded when the first group asks, and once.
struct Members<'c> {
    view: &'c dyn View,
    dataset: OnceCell<Rc<Dataset>>,
    copied: OnceCell<HashMap<u32, String>>,
}

/// Characters that a copied text is known by in what is exported.
const SHOWN: usize = 200;

impl<'c> Members<'c> {
    fn of(view: &'c dyn View) -> Members<'c> {
        Members { view, dataset: OnceCell::new(), copied: OnceCell::new() }
    }

    fn posts(&self, group: &model::Finding) -> Result<Vec<Post>> {
        let dataset = match self.dataset.get() {
            Some(dataset) => dataset,
            None => {
                let loaded = Dataset::of(self.view)?;
                self.dataset.get_or_init(|| loaded)
            }
        };
        let table = &dataset.table;
        let Coordination { members, by, .. } = Coordination::of(&group.fields)?;
        let members: BTreeSet<&str> = members.iter().map(|m| m.account.as_str()).collect();
        let kinds = BY.iter().map(|(kind, ..)| (CoAction::from(*kind), *kind));
        let kinds = kinds.filter(|(word, _)| *word != CoAction::Text && by.contains(word));
        let shares: Vec<(CoAction, Shares)> = kinds.map(|(word, kind)| (word, table.shares(kind))).collect();
        let none = HashMap::new();
        let copied = if by.contains(&CoAction::Text) { self.copied.get_or_init(|| copied(dataset)) } else { &none };
        let account = |post: u32| table.accounts.get(table.account(post) as usize).map_or("", |a| a.id.as_str());
        let own = (0..table.len() as u32).filter(|p| members.contains(account(*p)));
        let posts = own.map(|p| Post {
            id: table.id(p).into(),
            account: account(p).into(),
            time: table.time(p),
            text: table.text(p).into(),
            objects: shares
                .iter()
                .flat_map(|(word, s)| s.shared(p).iter().map(move |o| (*word, s.objects.text(*o).into_owned())))
                .chain(copied.get(&p).map(|text| (CoAction::Text, text.clone())))
                .collect(),
        });
        Ok(posts.collect())
    }
}

/// By post, the copied text it holds: the beginning of its earliest copy.
fn copied(dataset: &Dataset) -> HashMap<u32, String> {
    let (table, copied) = (&dataset.table, dataset.copied());
    let mut first: HashMap<u32, u32> = HashMap::new();
    let earliest = |(post, text)| Some((post, *first.entry(copied.copies.cluster(text)?).or_insert(post)));
    let all: Vec<(u32, u32)> = copied.posts(table).into_iter().filter_map(earliest).collect();
    all.into_iter().map(|(post, first)| (post, table.text(first).chars().take(SHOWN).collect())).collect()
}
