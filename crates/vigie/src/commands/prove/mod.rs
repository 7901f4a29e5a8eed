//! `prove`: that a document, or a part of it, was sealed, or was not; and whether such a proof holds.

mod check;
mod pack;

pub use check::bounded;

use super::Outcome;
use super::seal::SealsPlace;
use crate::cli::{Global, time};
use crate::output::{Out, Style, say};
use crate::sealing::{contents, document, hash_of};
use crate::settings::{Configured, from_answers};
use clap::Args;
use formats::parts::Parts;
use model::{Error, Result, Time, escape};
use proofs::Hash;
use proofs::seal::{self, Kind};
use proofs::{Checkpoint, vkey};
use seals::{Archive, Document, Found, Known};
use sensors::Content;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  vigie prove budget.docx\n  vigie prove budget.docx --part \"thirty thousand\"\n  \
         vigie prove --absent forged.docx\n  vigie prove --pack budget.docx letter.eml -o for-the-press\n  \
         vigie prove --check budget.docx.tlog-proof budget.docx --key seals/verifier.key"
)]
pub struct Prove {
    /// The file; with --check, the proof and then the file
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub place: SealsPlace,
    /// Check a proof: PROOF FILE. Exit 0: proved, 1: not proved, 2: it cannot be said
    #[arg(long)]
    pub check: bool,
    /// Prove that the bytes, or the text, were not committed to. Exit 0: absent, 1: there, 2: it cannot be said
    #[arg(long, conflicts_with_all = ["check", "pack", "part"])]
    pub absent: bool,
    /// Prove one part alone: the number of a paragraph or words in it, sheet:N, attachment:N
    #[arg(long, value_name = "PART", conflicts_with_all = ["check", "pack"])]
    pub part: Option<String>,
    /// Make a folder that can be checked with nothing installed: documents, proofs, a verifier in Python and as a page
    #[arg(long, conflicts_with = "check")]
    pub pack: bool,
    /// Write the proof here (with --pack: the folder)
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// The verifier key of the log, or a file that holds it
    #[arg(long, value_name = "VKEY", requires = "check")]
    pub key: Option<String>,
    /// A head, as it was published: its line, or a file that holds it
    #[arg(long, value_name = "HEAD")]
    pub head: Option<String>,
    /// Whom to trust: a policy of logs and witnesses (c2sp.org/tlog-policy)
    #[arg(long, value_name = "FILE", requires = "check", conflicts_with = "key")]
    pub policy: Option<PathBuf>,
    /// Cosignatures of the head as a file of its own (repeatable)
    #[arg(long, value_name = "NOTE", requires = "check")]
    pub cosigned: Vec<PathBuf>,
    /// A note that says which key followed (repeatable, oldest first)
    #[arg(long, value_name = "NOTE", requires = "check")]
    pub succession: Vec<PathBuf>,
    /// A time stamp of the head: an RFC 3161 response, or an OpenTimestamps file
    #[arg(long, value_name = "FILE", requires = "check")]
    pub stamp: Option<PathBuf>,
    /// Certificates of the time-stamping authority that is trusted (PEM)
    #[arg(long, value_name = "FILE", requires = "stamp")]
    pub tsa: Option<PathBuf>,
    /// Block headers of Bitcoin, a line each: HEIGHT and 80 bytes in hexadecimal
    #[arg(long, value_name = "FILE", requires = "stamp")]
    pub headers: Option<PathBuf>,
    /// The log's key was stolen then: only a head with an earlier stamp counts
    #[arg(long, value_name = "TIME", value_parser = time, requires = "check")]
    pub stolen: Option<Time>,
}

/// A file at hand.
struct File {
    path: PathBuf,
    bytes: Hash,
    /// What it consists of, where that can be read.
    parts: Option<Parts>,
    document: Document,
}

impl File {
    fn read(path: &Path, configured: &Configured, at: Time) -> Result<File> {
        let failed = |why: String| Error::new(format!("could not read `{}`", path.display())).because(why);
        let bytes = hash_of(path).map_err(|e| failed(crate::gather::why(&e)))?;
        let mut own: Option<Content> = None;
        // What cannot be taken apart has no parts.
        let _ = contents(path, configured, at, &mut |content| {
            let same = content.parts.is_some() && seal::of_bytes(&content.bytes) == bytes;
            own = own.take().or(same.then_some(content));
        });
        let parts = own.and_then(|c| c.parts);
        let document = document(&path.display().to_string(), bytes, parts.as_ref());
        Ok(File { path: path.into(), bytes, parts, document })
    }

    fn name(&self) -> String {
        self.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// The path with something more behind its name.
    fn beside(&self, more: &str) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(more);
        path.into()
    }
}

/// `vigie prove`.
pub fn prove(args: &Prove, global: &Global) -> Result<Outcome> {
    let configured = from_answers(toml::Table::new())?;
    let style = super::style(global, &configured)?;
    let now = global.now();
    if args.check {
        return check::check(args, &configured, now, &style);
    }
    let head = args.head.as_deref().map(read_head).transpose()?;
    let archive = Archive::look(&args.place.home(), head.as_ref())?;
    let mut out = Out::new();
    let work = Work { args, archive: &archive, configured: &configured, now, style: &style };
    let outcome = match args.pack {
        true => pack::pack(&work, &mut out)?,
        false if args.output.is_some() && args.files.len() > 1 => {
            return Err(
                Error::new("one output for several files").hint("without `-o`, each proof stands beside its file")
            );
        }
        false => {
            let mut worst = Outcome::Done;
            for path in &args.files {
                let file = File::read(path, &configured, now)?;
                let outcome = match (&args.part, args.absent) {
                    (_, true) => work.absent(&file, &mut out)?,
                    (Some(part), _) => work.part(&file, part, &mut out)?,
                    _ => work.whole(&file, &file.beside(".tlog-proof"), &mut out)?,
                };
                worst = match (worst, outcome) {
                    (Outcome::CouldNot, _) | (_, Outcome::CouldNot) => Outcome::CouldNot,
                    (Outcome::No, _) | (_, Outcome::No) => Outcome::No,
                    _ => Outcome::Done,
                };
            }
            worst
        }
    };
    out.end()?;
    Ok(outcome)
}

/// A head: its line, or a file that holds it.
fn read_head(text: &str) -> Result<Checkpoint> {
    let given = match fs::metadata(text).is_ok_and(|m| m.is_file() && m.len() < proofs::LONGEST) {
        true => fs::read_to_string(text).unwrap_or_default(),
        false => text.to_string(),
    };
    // As `vigie seal` prints it, too.
    let given = given.trim().strip_prefix("head: ").unwrap_or(&given);
    vkey::head_of(given).ok_or_else(|| {
        Error::new("the head is not understood")
            .hint("a head is one line, ORIGIN SIZE ROOT, or a file that holds it or the checkpoint")
    })
}

/// What proving rests on.
struct Work<'w> {
    args: &'w Prove,
    archive: &'w Archive,
    configured: &'w Configured,
    now: Time,
    style: &'w Style,
}

/// Writes a file of proof.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).map_err(|e| Error::new(format!("could not write `{}`", path.display())).because(e))
}

impl Work<'_> {
    fn told(&self, out: &mut Out, file: &File, what: &str, proof: &Path, found: &Found) -> Result<()> {
        let known = &found.known;
        let place = known.inside.as_ref().map_or_else(|| known.name.clone(), |i| format!("{}: {i}", known.name));
        match self.style.json {
            true => out.json(&json!({ "file": file.path.display().to_string(), "sealed": what, "as": place,
                "index": known.n, "head": vkey::head_line(&self.archive.head), "proof": proof.display().to_string() })),
            false => out.line(&format!(
                "{}: {} ({} {}, {})",
                escape::visible(&proof.display().to_string()),
                what,
                self.style.lang.of("entry", "entrée"),
                known.n,
                escape::visible(&place)
            )),
        }
    }

    /// Proves a file: its bytes, else its text.
    fn whole(&self, file: &File, default: &Path, out: &mut Out) -> Result<Outcome> {
        let path = self.args.output.as_deref().filter(|_| !self.args.pack).unwrap_or(default);
        if let Some(found) = self.archive.bytes(&file.bytes)? {
            write(path, self.archive.proof(&found.known, found.at)?.to_text().as_bytes())?;
            self.told(out, file, "bytes", path, &found)?;
            return Ok(Outcome::Done);
        }
        if let Some(found) = file.document.text.and_then(|t| self.archive.text(&t).transpose()).transpose()? {
            write(path, self.archive.proof(&found.known, found.at)?.to_text().as_bytes())?;
            self.told(out, file, "text", path, &found)?;
            say(
                self.style,
                format!("{}: other bytes, the same text: a copy that was saved again", file.name()),
                format!("{} : autres octets, même texte : une copie réenregistrée", file.name()),
            );
            return Ok(Outcome::Done);
        }
        self.nearest(file, out)?;
        Ok(Outcome::No)
    }

    /// The entry that shares most with a file, and which of its paragraphs are in neither.
    fn nearest(&self, file: &File, out: &mut Out) -> Result<()> {
        let name = escape::visible(&file.path.display().to_string()).into_owned();
        let ours: Vec<Hash> =
            file.document.parts.iter().filter(|(k, _)| *k == Kind::Paragraph).map(|(_, d)| *d).collect();
        let mut best: Option<(usize, Known, Vec<Hash>)> = None;
        for (n, _) in self.archive.near(&file.document.samples)? {
            let Some(known) = self.archive.entry(n)? else { continue };
            let theirs: Vec<Hash> =
                known.parts.iter().filter(|(k, _, _)| *k == Kind::Paragraph).map(|(_, _, d)| *d).collect();
            let shared = ours.iter().filter(|d| theirs.contains(d)).count();
            if best.as_ref().is_none_or(|(most, ..)| shared > *most) {
                best = Some((shared, known, theirs));
            }
        }
        let Some((shared, known, theirs)) = best else {
            match self.style.json {
                true => out.json(&json!({ "file": name, "sealed": null }))?,
                false => out.line(&format!("{name}: {}", self.style.lang.of("not sealed", "non scellé")))?,
            }
            return Ok(());
        };
        let numbers = |of: &[Hash], not: &[Hash]| -> Vec<usize> {
            (1..).zip(of).filter(|(_, d)| !not.contains(d)).map(|(n, _)| n).collect()
        };
        let (changed, gone) = (numbers(&ours, &theirs), numbers(&theirs, &ours));
        if self.style.json {
            return out.json(&json!({ "file": name, "sealed": null, "nearest": known.name, "inside": known.inside,
                "index": known.n, "shared": shared, "changed": changed, "missing": gone }));
        }
        out.line(&format!(
            "{name}: {} {} ({} {shared})",
            self.style.lang.of("not sealed; nearest", "non scellé ; le plus proche :"),
            escape::visible(&known.name),
            self.style.lang.of("paragraphs the same:", "paragraphes identiques :"),
        ))?;
        let paragraphs = file.parts.as_ref().map(|p| &p.paragraphs[..]).unwrap_or_default();
        for n in changed.iter().take(20) {
            let text = paragraphs.get(n - 1).map(|t| t.chars().take(200).collect::<String>()).unwrap_or_default();
            out.line(&format!(
                "  {} {n} {}{}{}",
                self.style.lang.of("paragraph", "paragraphe"),
                self.style.lang.of("is not in the seal", "n’est pas dans le scellé"),
                self.style.lang.colon(),
                escape::visible(&text)
            ))?;
        }
        if !gone.is_empty() {
            let gone: Vec<String> = gone.iter().take(20).map(usize::to_string).collect();
            out.line(&format!(
                "  {}: {}",
                self.style.lang.of("paragraphs of the seal that are not here", "paragraphes du scellé absents ici"),
                gone.join(", ")
            ))?;
        }
        Ok(())
    }

    /// Proves one part alone: it is written to a file of its own, and the proof is of that.
    fn part(&self, file: &File, asked: &str, out: &mut Out) -> Result<Outcome> {
        let none = |what: &str| {
            Error::new(format!("`{asked}` is no part of `{}`", file.path.display())).because(what.to_string())
        };
        let parts = file.parts.as_ref().ok_or_else(|| none("its parts cannot be read"))?;
        let number = |text: &str| text.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        let (kind, digest, bytes, label) = if let Some(n) = asked.strip_prefix("sheet:") {
            let (at, named) = (number(n), |(name, _): &(String, _)| name == n);
            let at = parts.sheets.iter().position(named).or(at).ok_or_else(|| none("there is no such sheet"))?;
            let (_, rows) = parts.sheets.get(at).ok_or_else(|| none("there is no such sheet"))?;
            let text = parts.sheet(rows);
            (Kind::Sheet, seal::of_text(&text), text.into_bytes(), format!(".sheet-{}.txt", at + 1))
        } else if let Some(n) = asked.strip_prefix("attachment:") {
            let at = number(n).ok_or_else(|| none("give the number of an attachment"))?;
            let (_, bytes) = parts.attachments.get(at).ok_or_else(|| none("there are fewer attachments"))?;
            (Kind::Attachment, seal::of_bytes(bytes), bytes.clone(), format!(".attachment-{}", at + 1))
        } else {
            let at = match number(asked) {
                Some(at) => at,
                None => {
                    let wanted = seal::normalised(asked);
                    let holds = |(_, p): &(usize, &String)| seal::normalised(p).contains(&wanted);
                    let mut found = parts.paragraphs.iter().enumerate().filter(holds);
                    match (found.next(), found.next()) {
                        (Some((at, _)), None) => at,
                        (None, _) => return Err(none("no paragraph has these words")),
                        (Some(_), Some(_)) => {
                            return Err(none("several paragraphs have these words: give more of one, or its number"));
                        }
                    }
                }
            };
            let text = parts.paragraphs.get(at).ok_or_else(|| none("there are fewer paragraphs"))?;
            (Kind::Paragraph, seal::of_text(text), text.clone().into_bytes(), format!(".paragraph-{}.txt", at + 1))
        };
        // In this document if it is sealed, else in those that share most with it.
        let mut known = Vec::new();
        known.extend(self.archive.bytes(&file.bytes)?.map(|f| f.known));
        if let Some(text) = &file.document.text {
            known.extend(self.archive.text(text)?.map(|f| f.known));
        }
        for (n, _) in self.archive.near(&file.document.samples)? {
            known.extend(self.archive.entry(n)?);
        }
        let found = known.into_iter().find_map(|known| {
            let at = known.parts.iter().position(|(k, _, d)| *k == kind && *d == digest)?;
            Some(Found { known, at })
        });
        let Some(found) = found else {
            match self.style.json {
                true => out.json(&json!({ "file": file.path.display().to_string(), "part": asked, "sealed": null }))?,
                false => out.line(self.style.lang.of("this part is not sealed", "cette partie n’est pas scellée"))?,
            }
            return Ok(Outcome::No);
        };
        let alone = file.beside(&label);
        let proof = self.args.output.clone().unwrap_or_else(|| {
            let mut path = alone.clone().into_os_string();
            path.push(".tlog-proof");
            path.into()
        });
        write(&alone, &bytes)?;
        write(&proof, self.archive.proof(&found.known, found.at)?.to_text().as_bytes())?;
        self.told(out, file, kind.word(), &proof, &found)?;
        say(
            self.style,
            format!("`{}` holds that part alone: it and the proof are all that need be shown", alone.display()),
            format!("« {} » ne contient que cette partie : elle et la preuve suffisent", alone.display()),
        );
        Ok(Outcome::Done)
    }

    /// Proves that bytes and text are absent.
    fn absent(&self, file: &File, out: &mut Out) -> Result<Outcome> {
        let mut written = Vec::new();
        for (kind, digest, more) in [
            (Kind::Bytes, Some(file.bytes), ".absent.tlog-proof"),
            (Kind::Text, file.document.text, ".text.absent.tlog-proof"),
        ] {
            let Some(digest) = digest else { continue };
            let Some(proof) = self.archive.absence(kind, &digest)? else {
                match self.style.json {
                    true => out.json(
                        &json!({ "file": file.path.display().to_string(), "absent": false, "of": kind.word() }),
                    )?,
                    false => out.line(&format!(
                        "{}: {}",
                        escape::visible(&file.path.display().to_string()),
                        match kind {
                            Kind::Bytes => self.style.lang.of("these bytes are sealed", "ces octets sont scellés"),
                            _ => self.style.lang.of("this text is sealed", "ce texte est scellé"),
                        }
                    ))?,
                }
                return Ok(Outcome::No);
            };
            written.push((kind, proof, more));
        }
        let forgotten = self.archive.forgotten()?;
        if forgotten > 0 {
            return Err(Error::new(format!("{forgotten} entries were forgotten, and this file may be one of them"))
                .hint("absence can be proved of heads before that only; proofs already written stand"));
        }
        for (kind, proof, more) in written {
            let path = self.args.output.clone().filter(|_| kind == Kind::Bytes).unwrap_or_else(|| file.beside(more));
            write(&path, proof.to_text().as_bytes())?;
            let (path, size) = (path.display().to_string(), self.archive.head.size);
            match self.style.json {
                true => out
                    .json(&json!({ "file": file.path.display().to_string(), "absent": true, "of": kind.word(),
                    "head": vkey::head_line(&self.archive.head), "proof": path }))?,
                false => out.line(&format!(
                    "{}: {} {size}",
                    escape::visible(&path),
                    match kind {
                        Kind::Bytes => self
                            .style
                            .lang
                            .of("these bytes were not committed at head", "ces octets n’étaient pas scellés à la tête"),
                        _ => self.style.lang.of(
                            "this normalised text was not committed at head",
                            "ce texte normalisé n’était pas scellé à la tête"
                        ),
                    }
                ))?,
            }
        }
        say(
            self.style,
            "this never means that you did not have it: not sealing is free, and a near copy has other bytes and another \
             text. It weighs as much as what was covered, which the proof shows",
            "cela ne veut jamais dire que vous ne l’aviez pas : ne pas sceller est gratuit, et une copie proche a d’autres \
             octets et un autre texte. Cela pèse autant que ce qui était couvert, que la preuve montre",
        );
        Ok(Outcome::Done)
    }
}
