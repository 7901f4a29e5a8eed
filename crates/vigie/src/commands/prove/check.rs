//! `prove --check`: whether a proof holds, on anyone's machine, with nothing but the key.

use super::{File, Prove, read_head};
use crate::commands::{Outcome, stamps};
use crate::output::{Out, Style};
use crate::sealing::hash_of;
use crate::settings::Configured;
use model::{Error, Result, Text, Time, escape};
use proofs::seal::{self, Kind, Shown, succession};
use proofs::{Fault, Hash, LONGEST_PROOF, Note, Policy, Vkey, vkey};
use seals::Document;
use serde_json::{Map, Value, json};
use std::cell::OnceCell;
use std::fs;
use std::io::Read;
use std::path::Path;

/// Bytes of a text that is looked at as plain text.
const PLAIN: u64 = 64 << 20;

/// Reads a file, at most so many bytes and one more.
pub fn bounded(path: &Path, most: u64) -> Result<Vec<u8>> {
    let failed = |e| Error::new(format!("could not read `{}`", path.display())).because(crate::gather::why(&e));
    let mut bytes = Vec::new();
    fs::File::open(path).map_err(failed)?.take(most + 1).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Checks a proof.
pub fn check(args: &Prove, configured: &Configured, now: Time, style: &Style) -> Result<Outcome> {
    let [proof, path] = &args.files[..] else {
        return Err(Error::new("a proof and one file are checked").hint("vigie prove --check PROOF FILE --key VKEY"));
    };
    let mut policy = match (&args.policy, &args.key) {
        (Some(path), _) => Policy::parse(&bounded(path, 1 << 20)?)?,
        (None, Some(key)) => {
            let held = fs::read_to_string(key).ok().filter(|_| Path::new(key).is_file());
            Policy::of(Vkey::parse(held.as_deref().unwrap_or(key))?)
        }
        (None, None) => {
            return Err(Error::new("whose proof it is must be known").hint(
                "give the log's verifier key, got from its owner and not with the proof: `--key VKEY`, or a `--policy`",
            ));
        }
    };
    for path in &args.succession {
        let note = bounded(path, proofs::LONGEST)?;
        let next = policy.logs.iter().find_map(|key| succession::follow(&note, key).ok());
        let next = next.ok_or_else(|| {
            Error::new(format!("`{}` is no succession of a key that is trusted", path.display()))
                .hint("give successions oldest first")
        })?;
        policy.logs.push(next);
    }
    let head = args.head.as_deref().map(read_head).transpose()?;
    let failed = |e| Error::new(format!("could not read `{}`", path.display())).because(crate::gather::why(&e));
    let whole = hash_of(path).map_err(failed)?;
    // Nothing is taken apart for a proof of its bytes.
    let apart = OnceCell::new();
    let digests = |kind: Kind| match kind.is_text() {
        false => vec![whole],
        true => apart.get_or_init(|| Apart::of(path, configured, now)).digests(kind),
    };
    let bytes = bounded(proof, LONGEST_PROOF)?;
    let cosigned = cosigned(&bytes, &args.cosigned)?;
    let shown = seal::check(cosigned.as_deref().unwrap_or(&bytes), &policy, head.as_ref(), &digests);
    let mut out = Out::new();
    let outcome = match shown {
        Ok(shown) => {
            let stamped = match &args.stamp {
                Some(path) => Some(stamps::judge(path, args, &shown.note.text)?),
                None => None,
            };
            verdict(args, &shown, stamped, style, &mut out)?
        }
        Err(fault) => {
            let outcome = if fault.cannot_say() { Outcome::CouldNot } else { Outcome::No };
            say(&mut out, style, outcome, &model::skip::words(&fault.to_string()), json!({ "fault": fault.kind() }))?;
            outcome
        }
    };
    out.end()?;
    Ok(outcome)
}

/// The proof with cosignatures of other files added to its checkpoint.
fn cosigned(proof: &[u8], notes: &[std::path::PathBuf]) -> Result<Option<Vec<u8>>> {
    if notes.is_empty() {
        return Ok(None);
    }
    let mut text = String::from_utf8_lossy(proof).into_owned();
    for path in notes {
        let note = bounded(path, proofs::LONGEST)?;
        let wrong = |e: Fault| Error::new(format!("`{}` is no signed note", path.display())).because(e);
        let parsed = Note::parse(&note).map_err(wrong)?;
        if !text.contains(&format!("\n\n{}\n", parsed.text)) {
            return Err(Error::new(format!("`{}` cosigns another head than the proof's", path.display())));
        }
        for line in String::from_utf8_lossy(&note)[parsed.text.len() + 1..].lines() {
            if !text.contains(line) {
                text += &format!("{line}\n");
            }
        }
    }
    Ok(Some(text.into_bytes()))
}

/// What a file consists of.
struct Apart {
    document: Option<Document>,
    plain: Option<String>,
}

impl Apart {
    fn of(path: &Path, configured: &Configured, now: Time) -> Apart {
        let plain = bounded(path, PLAIN).ok().filter(|b| b.len() as u64 <= PLAIN);
        Apart {
            document: File::read(path, configured, now).ok().map(|file| file.document),
            plain: plain.and_then(|b| String::from_utf8(b).ok()),
        }
    }

    /// The hashes that it has as a part of a kind.
    fn digests(&self, kind: Kind) -> Vec<Hash> {
        let mut digests = Vec::new();
        // As it stands, as the verifiers of a press pack do; then as the document it is.
        if let Some(plain) = &self.plain {
            digests.push(seal::of_text(plain));
            if kind == Kind::Paragraph {
                let lines = plain.replace("\r\n", "\n").replace('\r', "\n");
                digests.extend(lines.split('\n').map(seal::of_text));
                digests.extend(lines.split("\n\n").map(seal::of_text));
            }
        }
        let Some(document) = &self.document else { return digests };
        match kind {
            Kind::Text => digests.extend(document.text),
            _ => digests.extend(document.parts.iter().filter(|(k, _)| *k == kind).map(|(_, d)| *d)),
        }
        digests
    }
}

/// What is proved, and when the head was stamped.
fn verdict(
    args: &Prove,
    shown: &Shown,
    stamped: Option<stamps::Judged>,
    style: &Style,
    out: &mut Out,
) -> Result<Outcome> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| drop(fields.insert(name.into(), value));
    let size = shown.checkpoint.size;
    put("kind", json!(shown.kind.word()));
    put("index", json!(shown.index));
    put("head", json!(vkey::head_line(&shown.checkpoint)));
    put("signed_by", json!(shown.signed.iter().map(|(key, _)| key.name.clone()).collect::<Vec<_>>()));
    let mut outcome = Outcome::Done;
    let mut text = match &shown.absent {
        Some(record) => {
            put("absent", json!(true));
            put("coverage", json!(record.coverage));
            let what = match shown.kind {
                Kind::Bytes => ("these bytes", "ces octets n’étaient pas scellés"),
                _ => ("this normalised text", "ce texte normalisé n’était pas scellé"),
            };
            let covered = record.coverage.iter().map(|c| format!("\n  {c}")).collect::<String>();
            Text::new(
                format!(
                    "{} were not committed at head {size}; never that it did not exist: not sealing is free, and a near \
                     copy has other bytes. Covered were:{covered}",
                    what.0
                ),
                format!(
                    "{} à la tête {size} ; cela ne dit jamais que cela n’existait pas : ne pas sceller est gratuit, et une \
                     copie proche a d’autres octets. Étaient couverts :{covered}",
                    what.1
                ),
            )
        }
        None => {
            let (at, of) = shown.place;
            let what = match shown.kind {
                Kind::Bytes => ("this document, byte for byte,", "ce document, octet pour octet,"),
                Kind::Text => ("this text (not these bytes)", "ce texte (non ces octets)"),
                Kind::Paragraph => ("this paragraph", "ce paragraphe"),
                Kind::Attachment => ("this attachment", "cette pièce jointe"),
                Kind::Sheet => ("this sheet", "cette feuille"),
                _ => ("this", "ceci"),
            };
            put("part", json!([at, of]));
            Text::new(
                format!("{} was in the archive at head {size} (entry {}, part {at} of {of})", what.0, shown.index),
                format!(
                    "{} était dans l’archive à la tête {size} (entrée {}, partie {at} sur {of})",
                    what.1, shown.index
                ),
            )
        }
    };
    if let Some(judged) = stamped {
        outcome = judged.outcome;
        put("stamp", judged.json.clone());
        text = Text::new(format!("{}\n{}", text.en, judged.text.en), format!("{}\n{}", text.fr, judged.text.fr));
        if let (Some(stolen), Outcome::Done) = (args.stolen, outcome)
            && judged.at.is_none_or(|at| at >= stolen)
        {
            outcome = Outcome::No;
            text = Text::new(
                format!("{}\nthe key was stolen before that stamp: whoever has it may have made this", text.en),
                format!("{}\nla clé a été volée avant cet horodatage : qui l’a pu faire ceci", text.fr),
            );
        }
    } else if args.stolen.is_some() {
        outcome = Outcome::No;
        text = Text::new(
            "the key was stolen and no stamp shows that this head is older: whoever has it may have made this",
            "la clé a été volée et aucun horodatage ne montre que cette tête est antérieure : le voleur a pu faire ceci",
        );
    }
    say(out, style, outcome, &text, Value::Object(fields))?;
    Ok(outcome)
}

fn say(out: &mut Out, style: &Style, outcome: Outcome, text: &Text, fields: Value) -> Result<()> {
    let word = match outcome {
        Outcome::Done => ("proved", "prouvé"),
        Outcome::No => ("not proved", "non prouvé"),
        Outcome::CouldNot => ("cannot say", "indécidable"),
    };
    if style.json {
        let mut line = json!({ "verdict": word.0, "text": text.get(style.lang) });
        if let (Some(line), Value::Object(fields)) = (line.as_object_mut(), fields) {
            line.extend(fields);
        }
        return out.json(&line);
    }
    let colon = style.lang.of(": ", " : ");
    for (n, line) in text.get(style.lang).lines().enumerate() {
        let head = if n == 0 { format!("{}{colon}", style.lang.of(word.0, word.1)) } else { String::new() };
        out.line(&format!("{head}{}", escape::visible(line)))?;
    }
    Ok(())
}
