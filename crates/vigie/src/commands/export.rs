//! `export`: findings for other programs and other people, by the list of formats in casework.

use super::{Outcome, actor, style};
use crate::cli::Global;
use crate::output::{Names, Out, Style, finding, say};
use crate::settings::{Configured, from_case};
use casework::Accounts;
use casework::export::{Order, Others};
use clap::Args;
use model::{Context, Error, Result, Severity, View, escape};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use store::Case;

#[derive(Args, Debug)]
#[command(after_help = formats() + "Examples:\n  vigie export my-campaign --to stix -o decoys.stix.json\n  vigie export my-campaign --to rpz --severity high\n  \
         vigie export my-campaign --to dossier -o takedown/ --lang fr\n\n\
         Next: read a dossier before you send it; `vigie show` prints the lines it cites.")]
pub struct Export {
    /// The case
    pub dir: PathBuf,
    /// The format
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub to: &'static casework::export::Export,
    /// Write to this file (or folder, where there are several) instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Only findings at or above this: info, low, medium, high, critical
    #[arg(long, value_name = "SEVERITY")]
    pub severity: Option<Severity>,
    /// Keep the names of accounts that act as one or stand out; the audit trail keeps who asked, and when
    #[arg(long)]
    pub names: bool,
    /// Only this finding, by the beginning of its id (repeatable; stix, stix-core, misp, graph, timesketch, csv, json …)
    #[arg(long, value_name = "ID")]
    pub only: Vec<String>,
    /// For a CERT: the chosen findings only, shown before anything is written, victims under pseudonyms; nothing is sent
    #[arg(long, requires = "only")]
    pub share: bool,
    /// With `stix`: give back the bundles of others that are evidence of the case, whatever types they have, unchanged
    #[arg(long)]
    pub others: bool,
}

/// The formats, before the examples.
fn formats() -> String {
    let row = |e: &casework::export::Export| format!("  {:<9} {} ({}+)\n", e.name, e.help.0, e.least.as_str());
    let all: String = casework::export::exports().map(row).collect();
    format!("Formats, with the least severity unless --severity names another:\n{all}\n")
}

fn format(text: &str) -> std::result::Result<&'static casework::export::Export, String> {
    casework::export::export(text).ok_or_else(|| {
        let names: Vec<&str> = casework::export::exports().map(|e| e.name).collect();
        format!("one of {}", names.join(", "))
    })
}

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
    let case = if args.names || args.to.opens { Case::open(&args.dir)? } else { Case::look(&args.dir)? };
    super::withhold(&case, configured, style)?;
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
    let note = |text: &model::Text| say(style, &text.en, &text.fr);
    let pages = || pages(&args.dir);
    let least = args.severity.unwrap_or(args.to.least);
    let decisions = super::story::decisions(&case)?;
    let only = chosen(&args.only, &view)?;
    let others = if args.others { others(&case, style)? } else { Vec::new() };
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
        only: &only,
        others: &others,
        note: &note,
        mask: &sensors::mask,
        pages: &pages,
    };
    if args.share && !matches!(args.to.name, "stix" | "stix-core" | "misp") {
        return Err(Error::new(format!(
            "`--share` hands out no `{}`: victims stand in it by their names",
            args.to.name
        ))
        .hint("share `stix`, `stix-core` or `misp`"));
    }
    if args.share && args.names {
        return Err(
            Error::new("`--share` and `--names` exclude each other").hint("what is shared stands under pseudonyms")
        );
    }
    if args.share && args.output.is_none() {
        preview(args, &view, &order)?;
        return Ok(texts);
    }
    if args.to.opens {
        let settings = configured.config.settings::<casework::Settings>()?;
        if settings.purpose.trim().is_empty() || settings.legal_basis.trim().is_empty() {
            return Err(Error::new(format!(
                "`{}` shows what private documents say, and why is not said",
                args.to.name
            ))
            .hint(
                "write `purpose` and `legal_basis` below `[brief]` in case.toml: once, they are recorded each time",
            ));
        }
        case.record_opened(args.to.name, &settings.purpose, &settings.legal_basis, global.now(), &actor())?;
    }
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
            let mut write = |name: &str, bytes: &[u8]| {
                files += 1;
                let path = dir.join(name);
                fs::write(&path, bytes).map_err(|e| failed(&path, e))?;
                texts.push(path);
                Ok(())
            };
            match args.to.name {
                "png" => {
                    let mut pictures = Vec::new();
                    (args.to.make)(&view, &order, &mut |name, bytes| {
                        pictures.push((name.replace(".svg", ".png"), String::from_utf8_lossy(bytes).into_owned()));
                        Ok(())
                    })?;
                    draw(&pictures, &mut write)?;
                }
                _ => (args.to.make)(&view, &order, &mut |name, bytes| write(name, &safe(bytes)))?,
            }
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

/// Pictures as PNG.
fn draw(pictures: &[(String, String)], write: &mut dyn FnMut(&str, &[u8]) -> Result<()>) -> Result<()> {
    let made = |e| Error::new("could not make a folder for the browser").because(e);
    let profile = tempfile::Builder::new().prefix("vigie-browser-").tempdir().map_err(made)?;
    let without = "`--to svg` gives the same pictures; `rsvg-convert -z 2` or a browser makes PNG of them";
    collect::browser::draw(pictures, profile.path(), platform::is_root(), write)
        .map_err(|e| if e.get_hint().is_none() { e.hint(without) } else { e })
}

/// Findings by the first characters of their ids.
fn chosen(given: &[String], view: &dyn View) -> Result<BTreeSet<String>> {
    let plain = |id: &str| id.trim_start_matches("finding--").to_lowercase();
    let wanted: Vec<String> = given.iter().map(|g| plain(g)).collect();
    let mut found: Vec<BTreeSet<String>> = vec![BTreeSet::new(); wanted.len()];
    if !wanted.is_empty() {
        view.findings(&mut |finding| {
            let id = finding.id();
            let like = |w: &String| !w.is_empty() && plain(&id).starts_with(w.as_str());
            for (_, all) in wanted.iter().zip(&mut found).filter(|(w, _)| like(w)) {
                all.insert(id.clone());
            }
            Ok(ControlFlow::Continue(()))
        })?;
    }
    for (given, found) in given.iter().zip(&found) {
        if found.len() != 1 {
            let told =
                if found.is_empty() { "is no finding's id" } else { "is the beginning of several findings' ids" };
            return Err(Error::new(format!("`{given}` {told}")).hint("`vigie findings DIR --json` prints ids"));
        }
    }
    Ok(found.into_iter().flatten().collect())
}

/// Bytes of a bundle that are read.
const BUNDLE: u64 = 256 << 20;

/// Bundles of others among the evidence, each told.
fn others(case: &Case, style: &Style) -> Result<Vec<Others>> {
    let mut all = Vec::new();
    let seen: BTreeSet<model::EvidenceId> = case.whole().evidence()?.into_iter().map(|e| e.id).collect();
    for registered in case.register()?.into_iter().filter(|r| seen.contains(&r.evidence.id)) {
        let Ok(mut file) = case.bytes_of(&registered) else { continue };
        let path = &registered.evidence.path;
        let mut bytes = Vec::new();
        let read = Read::by_ref(&mut file).take(4096).read_to_end(&mut bytes);
        let begins = bytes.trim_ascii_start().strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes.trim_ascii_start());
        if read.is_err() || !begins.starts_with(b"{") {
            continue;
        }
        let rest = file.take(BUNDLE).read_to_end(&mut bytes);
        if rest.is_err() || bytes.len() as u64 > BUNDLE {
            let name = escape::visible(path);
            say(
                style,
                format!("`{name}` is left out: a bundle may have {} MB", BUNDLE >> 20),
                format!("« {name} » est écarté : un lot peut avoir {} Mo", BUNDLE >> 20),
            );
            continue;
        }
        let Ok(Some(bundle)) = Others::read(&bytes) else { continue };
        let types: Vec<String> = bundle.types.iter().map(|(kind, n)| format!("{kind} {n}")).collect();
        let unknown: Vec<&str> = bundle.unknown.iter().map(String::as_str).collect();
        let (types, unknown) = (types.join(", "), unknown.join(", "));
        let (name, types, unknown) = (escape::visible(path), escape::visible(&types), escape::visible(&unknown));
        let (n, dangling, refused) = (bundle.objects.len(), bundle.dangling, bundle.refused);
        say(
            style,
            format!(
                "{name}: {n} objects ({types}); types unknown to STIX 2.1, kept: {unknown}; references to what is not there: {dangling}; no objects: {refused}"
            ),
            format!(
                "{name} : {n} objets ({types}) ; types inconnus de STIX 2.1, gardés : {unknown} ; renvois vers ce qui n’y est pas : {dangling} ; sans objet : {refused}"
            ),
        );
        all.push(bundle);
    }
    Ok(all)
}

/// What would leave, before it does: nothing is written.
fn preview(args: &Export, view: &dyn View, order: &Order) -> Result<()> {
    let mut bytes = Vec::new();
    (args.to.make)(view, order, &mut |_, b| {
        bytes.extend_from_slice(b);
        Ok(())
    })?;
    let mut out = Out::new();
    for line in String::from_utf8_lossy(&bytes).lines() {
        out.line(&escape::visible(line))?;
    }
    out.end()?;
    let lang = order.lang;
    eprintln!(
        "{}",
        lang.of(
            "This is what would leave; nothing is written or sent. Read it, then name a file: `-o FILE`.",
            "Voici ce qui sortirait ; rien n’est écrit ni envoyé. Lisez, puis nommez un fichier : `-o FICHIER`.",
        )
    );
    Ok(())
}

/// Bytes of a page of the brief that are read.
const PAGE: u64 = 64 << 20;

/// The pages of a case's brief, that of the brief itself first.
fn pages(dir: &Path) -> Result<Vec<String>> {
    let folder = dir.join("brief");
    let files = fs::read_dir(&folder).map_err(|e| {
        Error::new(format!("could not read `{}`", folder.display())).because(e).hint("`vigie run DIR` writes the brief")
    })?;
    let mut files: Vec<PathBuf> = files.flatten().map(|f| f.path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "html"));
    files.sort_by_key(|f| (!f.ends_with("index.html"), f.clone()));
    let read = |path: PathBuf| {
        let bytes = store::small(&path, PAGE)
            .map_err(|e| Error::new(format!("could not read `{}`", path.display())).because(e))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    files.into_iter().map(read).collect()
}

fn failed(path: &Path, e: std::io::Error) -> Error {
    Error::new(format!("could not write `{}`", path.display())).because(e)
}
