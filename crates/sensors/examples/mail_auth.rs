//! Authenticates messages by a file of DNS answers, or asks SPF alone, and prints verdicts as JSON lines; or measures.
//!
//!     mail_auth RECORDS [--trust HOST]... MESSAGE...         one line a message: {"path":…, verdicts}
//!     mail_auth RECORDS [--trust HOST]... --list FILE        as above; FILE has lines {"path","ip","helo","mail_from","received"}
//!     mail_auth RECORDS --spf FILE                           FILE has lines {"id","ip","helo","mail_from"}
//!     mail_auth RECORDS --speed SECONDS MESSAGE...           DKIM against the signature arithmetic alone, one core

use model::{Address, Error, Result, Time};
use ring::digest;
use sensors::mail::authentication::arithmetic::{Algorithm, PublicKey};
use sensors::mail::authentication::header::Message;
use sensors::mail::authentication::{Archive, Envelope, Trust, dkim, judge, records, spf, tags};
use serde::Deserialize;
use std::hint::black_box;
use std::time::{Duration, Instant};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Line {
    id: String,
    path: String,
    ip: Option<String>,
    helo: Option<String>,
    mail_from: Option<String>,
    received: Option<Time>,
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let records = arguments.next().ok_or_else(|| Error::new("give a file of DNS answers first"))?;
    let (archive, skips) = Archive::parse(&read(&records)?);
    for skip in skips {
        eprintln!("{records}: {} ({} times, first in line {})", skip.reason, skip.count, skip.line);
    }
    let (mut trust, mut lines, mut seconds) = (Trust::default(), Vec::new(), None);
    let needed = |name: &str, arguments: &mut dyn Iterator<Item = String>| {
        arguments.next().ok_or_else(|| Error::new(format!("`{name}` needs a value")))
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--trust" => trust.servers.push(needed("--trust", &mut arguments)?),
            "--list" => lines.extend(listed(&needed("--list", &mut arguments)?)?),
            "--spf" => return ask_spf(&listed(&needed("--spf", &mut arguments)?)?, &archive),
            "--speed" => seconds = needed("--speed", &mut arguments)?.parse().ok(),
            _ => lines.push(Line { path: argument, ..Line::default() }),
        }
    }
    if let Some(seconds) = seconds {
        return speed(&lines, &archive, seconds);
    }
    for line in &lines {
        let envelope = Envelope {
            ip: line.ip.as_ref().and_then(|ip| Address::parse(ip.as_bytes())),
            helo: line.helo.clone(),
            mail_from: line.mail_from.clone(),
            received: line.received,
        };
        let verdicts = judge(&read(&line.path)?, &envelope, &archive, &trust);
        let mut fields = verdicts.fields();
        fields.insert("path".into(), line.path.as_str().into());
        println!("{}", serde_json::Value::from(fields));
    }
    Ok(())
}

fn read(path: &str) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| Error::new(format!("could not read `{path}`")).because(e))
}

fn listed(path: &str) -> Result<Vec<Line>> {
    let bytes = read(path)?;
    let lines = bytes.split(|b| *b == b'\n').filter(|l| !l.is_empty());
    lines
        .map(|l| {
            serde_json::from_slice(l).map_err(|e| Error::new(format!("could not read a line of `{path}`")).because(e))
        })
        .collect()
}

fn ask_spf(lines: &[Line], archive: &Archive) -> Result<()> {
    for line in lines {
        let ip = line.ip.as_ref().and_then(|ip| Address::parse(ip.as_bytes()));
        let ip = ip.ok_or_else(|| Error::new(format!("`{}` has no address", line.id)))?;
        let query = spf::Query {
            ip,
            helo: line.helo.as_deref().unwrap_or_default(),
            mail_from: line.mail_from.as_deref().unwrap_or_default(),
            receiver: "",
            at: line.received,
        };
        let verdict = spf::check(&query, archive);
        println!("{}", serde_json::json!({ "id": line.id, "spf": verdict }));
    }
    Ok(())
}

/// What has to be computed whatever the program around it does: for each signature, `verify` of `ring` over the header
/// bytes that it covers (those of a message's last signature for all of them), and the hash of the body.
fn speed(lines: &[Line], archive: &Archive, seconds: f64) -> Result<()> {
    let messages: Vec<Vec<u8>> = lines.iter().map(|l| read(&l.path)).collect::<Result<_>>()?;
    let mut bare = Vec::new();
    for raw in &messages {
        let message = Message::new(raw);
        let mut verifier = dkim::Verifier::new(&message, archive, None);
        let judged = verifier.all();
        for ((_, field), signature) in message.named("dkim-signature").zip(&judged.signatures) {
            let list = tags::Tags::parse(message.value(field)).map_err(Error::new)?;
            let algorithm = Algorithm::named(list.get("a").unwrap_or_default());
            let name = format!("{}._domainkey.{}", signature.selector, signature.domain);
            let replies = records::Records::replies(archive, &name, records::Kind::Txt, None);
            let Some((algorithm, records::Answer::Found([text, ..]))) =
                algorithm.zip(replies.first().map(|r| r.answer))
            else {
                continue;
            };
            let key = tags::Tags::parse(text.as_bytes()).map_err(Error::new)?;
            let bytes = tags::base64(key.get("p").unwrap_or_default(), 2000).unwrap_or_default();
            let value = tags::base64(list.get("b").unwrap_or_default(), 2000).unwrap_or_default();
            bare.push((bytes, algorithm, value, verifier.covered().to_vec(), message.body()));
        }
    }
    let keys: Option<Vec<PublicKey>> = bare.iter().map(|(bytes, a, ..)| PublicKey::parse(bytes, *a)).collect();
    let keys = keys.ok_or_else(|| Error::new("a key is malformed"))?;
    let arithmetic = rate(seconds, bare.len(), || {
        for (key, (_, algorithm, signature, header, body)) in keys.iter().zip(&bare) {
            black_box(digest::digest(algorithm.digest(), body));
            black_box(key.verifies(*algorithm, header, signature));
        }
    });
    let dkim = rate(seconds, bare.len(), || {
        for raw in &messages {
            let message = Message::new(raw);
            black_box(dkim::Verifier::new(&message, archive, None).all());
        }
    });
    let whole = rate(seconds, bare.len(), || {
        for raw in &messages {
            black_box(judge(raw, &Envelope::default(), archive, &Trust::default()));
        }
    });
    let bytes: usize = messages.iter().map(Vec::len).sum();
    println!(
        "{}",
        serde_json::json!({
            "messages": messages.len(), "signatures": bare.len(), "bytes": bytes,
            "arithmetic_per_second": arithmetic.round(), "dkim_per_second": dkim.round(),
            "judge_per_second": whole.round(), "dkim_over_arithmetic": arithmetic / dkim,
        })
    );
    Ok(())
}

/// Signatures a second in the quickest round: other work on the machine only ever makes a round longer.
fn rate(seconds: f64, signatures: usize, mut work: impl FnMut()) -> f64 {
    let (all, mut best) = (Instant::now(), Duration::MAX);
    while all.elapsed() < Duration::from_secs_f64(seconds) {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed());
    }
    signatures as f64 / best.as_secs_f64()
}
