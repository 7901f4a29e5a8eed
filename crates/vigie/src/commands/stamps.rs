//! Time stamps of heads, as files: asked for, taken in, judged. What is stamped is the text of a head (`heads/SIZE.txt`),
//! so that cosignatures may come later.

use super::Outcome;
use super::prove::Prove;
use super::prove::bounded;
use crate::output::{Style, say};
use model::{Error, Result, Text, Time};
use proofs::stamp::{Headers, Ots, Token, Unstamped, anchors, request as ask};
use proofs::{Checkpoint, merkle};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Bytes of a stamp, of certificates, and of headers, at most.
const STAMP: u64 = 1 << 20;
const HEADERS: u64 = 64 << 20;

/// What a stamp shows.
pub struct Judged {
    /// Whether it holds.
    pub outcome: Outcome,
    /// When the head existed, if it does.
    pub at: Option<Time>,
    /// In words.
    pub text: Text,
    /// As JSON.
    pub json: Value,
}

/// Writes a request (RFC 3161) for a stamp of the last head.
pub fn request(home: &Path, out: &Path, style: &Style) -> Result<Outcome> {
    let note = fs::read_to_string(home.join("checkpoint")).map_err(|e| {
        Error::new(format!("there is no head in `{}`", home.display())).because(e).hint("`vigie seal DIR` makes one")
    })?;
    let head = proofs::Note::parse(note.as_bytes()).map_err(|e| Error::new("the head cannot be read").because(e))?;
    let hash = merkle::sha256(head.text.as_bytes());
    // The answer is tied to the head by its hash; the number only lets two answers be told apart.
    let nonce = u64::from_be_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]]);
    fs::write(out, ask(&hash, nonce))
        .map_err(|e| Error::new(format!("could not write `{}`", out.display())).because(e))?;
    let (out, home) = (out.display(), home.display());
    say(
        style,
        format!(
            "send `{out}` to a time-stamping authority, then: vigie seal --seals {home} --stamp ANSWER\n\
             curl -H 'Content-Type: application/timestamp-query' --data-binary @{out} URL > answer.tsr"
        ),
        format!(
            "envoyez « {out} » à une autorité d’horodatage, puis : vigie seal --seals {home} --stamp RÉPONSE\n\
             curl -H 'Content-Type: application/timestamp-query' --data-binary @{out} URL > answer.tsr"
        ),
    );
    Ok(Outcome::Done)
}

/// Takes a stamp in, beside the head that it is of.
pub fn keep(home: &Path, path: &Path, style: &Style) -> Result<()> {
    let bytes = bounded(path, STAMP)?;
    let dir = home.join("heads");
    let failed = |e| Error::new(format!("could not read `{}`", dir.display())).because(e);
    let mut texts: Vec<_> = fs::read_dir(&dir).map_err(failed)?.flatten().map(|e| e.path()).collect();
    texts.retain(|p| p.extension().is_some_and(|e| e == "txt"));
    texts.sort();
    type Judge<'b> = Box<dyn Fn(&[u8]) -> bool + 'b>;
    let (is_of, kind): (Judge<'_>, _) = match Ots::is(&bytes) {
        true => {
            let ots = Ots::parse(&bytes).map_err(|e| Error::new("the stamp cannot be read").because(e))?;
            (Box::new(move |text| merkle::sha256(text) == ots.hash), "ots")
        }
        false => {
            let token = Token::parse(&bytes).map_err(|e| Error::new("the stamp cannot be read").because(e))?;
            (Box::new(move |text| token.is_of(text)), "tsr")
        }
    };
    for text in texts {
        if fs::read(&text).is_ok_and(|t| is_of(&t)) {
            let kept = text.with_extension(kind);
            fs::write(&kept, &bytes)
                .map_err(|e| Error::new(format!("could not write `{}`", kept.display())).because(e))?;
            say(
                style,
                format!("kept as `{}`; `vigie prove --check … --stamp` judges it", kept.display()),
                format!("conservé : « {} » ; « vigie prove --check … --stamp » en juge", kept.display()),
            );
            return Ok(());
        }
    }
    Err(Error::new(format!("`{}` stamps no head of this log", path.display())))
}

/// Judges a stamp of a head's text.
pub fn judge(path: &Path, args: &Prove, text: &str) -> Result<Judged> {
    let bytes = bounded(path, STAMP)?;
    let shown = match Ots::is(&bytes) {
        true => {
            let headers = match &args.headers {
                Some(path) => Headers::parse(&String::from_utf8_lossy(&bounded(path, HEADERS)?))?,
                None => Headers::default(),
            };
            let shown = Ots::parse(&bytes).and_then(|ots| ots.shows(&merkle::sha256(text.as_bytes()), &headers));
            shown.map(|(height, at)| (at, format!("Bitcoin block {height}"), format!("le bloc {height} de Bitcoin")))
        }
        false => {
            let trusted = match &args.tsa {
                Some(path) => Some(anchors(&bounded(path, STAMP)?)?),
                None => None,
            };
            let token = Token::parse(&bytes);
            token
                .and_then(|token| match &trusted {
                    Some(trusted) => token.shows(text.as_bytes(), trusted),
                    None if !token.is_of(text.as_bytes()) => Err(Unstamped::No("it stamps something else".into())),
                    None => Err(Unstamped::CannotSay("the authority's certificates are needed: `--tsa FILE`".into())),
                })
                .map(|at| (at, "the time-stamping authority".to_string(), "l’autorité d’horodatage".to_string()))
        }
    };
    let size = Checkpoint::of_text(text).map(|c| c.size).unwrap_or_default();
    Ok(match shown {
        Ok((at, en, fr)) => Judged {
            outcome: Outcome::Done,
            at: Some(at),
            text: Text::new(
                format!("head {size} existed at {at}, by the word of {en}"),
                format!("la tête {size} existait le {at}, selon {fr}"),
            ),
            json: json!({ "at": at.to_string(), "by": en }),
        },
        Err(why) => Judged {
            outcome: match why {
                Unstamped::No(_) => Outcome::No,
                Unstamped::CannotSay(_) => Outcome::CouldNot,
            },
            at: None,
            text: Text::new(
                format!("the stamp shows nothing: {why}"),
                format!("l’horodatage ne montre rien : {}", model::skip::words(&why.to_string()).fr),
            ),
            json: json!({ "fault": why.to_string() }),
        },
    })
}
