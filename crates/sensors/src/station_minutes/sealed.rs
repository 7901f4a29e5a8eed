//! Whether minutes are those that were sealed on the night: each file of them is held against a log of seals, or against proofs
//! taken out of one.
//!
//! You may rely on: the proof is checked here, by the same function as `vigie prove --check`, against a key that was given, or
//! the log's own where the log itself is at hand. Left out: time stamps of heads (`vigie prove --check --stamp`); a cosigner's
//! time is told where a proof has one.

use crate::command::{Given, Host, Source};
use model::{Error, Lang, Result, Text, Time, escape};
use proofs::seal::{self, Kind};
use proofs::{Hash, LONGEST_PROOF, Policy, Vkey, vkey};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

/// Proofs that stand beside nothing and are tried with every file, at most.
const LOOSE: usize = 200;
/// Files that are named on a terminal.
const SHOWN: usize = 20;
/// What a proof's file is called beside the file it is of.
const BESIDE: &str = ".tlog-proof";

/// What is known of the seal of a file.
#[derive(Clone, Debug)]
pub enum Seal {
    /// It is as it was sealed: the entry, the head, who signed it, and when a cosigner says it did.
    Sealed { entry: u64, head: String, signed_by: Vec<String>, cosigned: Option<i64> },
    /// No proof says so, and why.
    Not(Text),
}

/// Where seals are looked for.
pub struct Seals {
    logs: Vec<OsString>,
    /// Proofs by the name of the file they stand beside; the others under no name.
    proofs: BTreeMap<String, Vec<Vec<u8>>>,
    policy: Option<Policy>,
    /// What was looked at, by the file's name.
    pub files: BTreeMap<String, Seal>,
}

impl Seals {
    /// What was given; none where nothing was.
    pub fn given(given: &Given, host: &mut dyn Host) -> Result<Option<Seals>> {
        let (logs, proofs) = (given.values("seals").to_vec(), given.values("proof"));
        if logs.is_empty() && proofs.is_empty() {
            return Ok(None);
        }
        let policy = given.value::<String>("key")?.map(|key| trusted(&key, host)).transpose()?;
        if !proofs.is_empty() && policy.is_none() {
            return Err(Error::new("whose proofs these are must be known").hint(
                "give the log's verifier key, got from its owner and not with the proofs: --key VKEY, or a file that holds it",
            ));
        }
        let mut seals = Seals { logs, proofs: BTreeMap::new(), policy, files: BTreeMap::new() };
        for source in host.sources(proofs) {
            let file = source.name.rsplit('/').next().unwrap_or_default();
            let of = file.strip_suffix(BESIDE).unwrap_or_default().to_string();
            let Some(mut input) = (source.open)() else { continue };
            let failed = |e: std::io::Error| Error::new("could not read on").because(e).hint("check the disk");
            let (bytes, _) = input.whole(LONGEST_PROOF + 1).map_err(failed)?;
            seals.proofs.entry(of).or_default().push(bytes);
        }
        // Left out they would make `not sealed` of what is.
        if seals.proofs.get("").is_some_and(|loose| loose.len() > LOOSE) {
            return Err(Error::new(format!("more than {LOOSE} proofs that are not named like the file they are of"))
                .hint("name each as `vigie prove` does: `minutes.csv.tlog-proof` for `minutes.csv`"));
        }
        Ok(Some(seals))
    }

    /// Looks at a file of minutes.
    pub fn look(&mut self, source: &Source, host: &mut dyn Host) -> Result<()> {
        if !self.files.contains_key(&source.name) {
            let seal = match host.hash(source) {
                Some(hash) => self.of(&source.name, hash, host)?,
                None => Seal::Not(Text::new(
                    "what comes by standard input cannot be held against a seal",
                    "l’entrée standard ne peut être confrontée à un scellé",
                )),
            };
            self.files.insert(source.name.clone(), seal);
        }
        Ok(())
    }

    fn of(&self, name: &str, hash: Hash, host: &mut dyn Host) -> Result<Seal> {
        let check = |proof: &[u8], policy: &Policy| {
            let digests = |kind: Kind| if kind.is_text() { Vec::new() } else { vec![hash] };
            let shown = seal::check(proof, policy, None, &digests)?;
            Ok(match shown.absent {
                Some(_) => Seal::Not(Text::new(
                    "the proof says that it was not sealed",
                    "la preuve dit qu’il n’était pas scellé",
                )),
                None => Seal::Sealed {
                    entry: shown.index,
                    head: vkey::head_line(&shown.checkpoint),
                    signed_by: shown.signed.iter().map(|(key, _)| key.name.clone()).collect(),
                    cosigned: shown.signed.iter().filter_map(|(_, s)| s.at).min(),
                },
            })
        };
        let mut why =
            Text::new("not sealed: there is no seal of these bytes", "non scellé : aucun scellé de ces octets");
        for log in &self.logs {
            let Some((proof, key)) = host.proof(log, &hash)? else { continue };
            let own = Policy::of(Vkey::parse(&key)?);
            match check(proof.as_bytes(), self.policy.as_ref().unwrap_or(&own)) {
                Ok(seal) => return Ok(seal),
                Err(fault) => why = of_fault(&fault),
            }
        }
        let Some(policy) = &self.policy else { return Ok(Seal::Not(why)) };
        let file = name.rsplit('/').next().unwrap_or(name);
        let beside = self.proofs.get(file).into_iter().flatten();
        let loose = self.proofs.get("").into_iter().flatten();
        for (proof, own) in beside.map(|p| (p, true)).chain(loose.map(|p| (p, false))) {
            match check(proof, policy) {
                Ok(seal) => return Ok(seal),
                Err(fault) if own => why = of_fault(&fault),
                Err(_) => {}
            }
        }
        Ok(Seal::Not(why))
    }

    /// Whether the file that a source names, or a sheet or member of it, is as it was sealed; none where it is no file of
    /// minutes.
    pub fn holds(&self, source: &str) -> Option<bool> {
        let ends = source.char_indices().map(|(at, _)| at).chain([source.len()]);
        let of = ends.rev().find_map(|end| self.files.get(&source[..end]));
        of.map(|seal| matches!(seal, Seal::Sealed { .. }))
    }

    /// Tells what was found: files of minutes as they were sealed, and those that are not.
    pub fn print(&self, host: &mut dyn Host) -> Result<()> {
        if host.wants_json() {
            for (name, seal) in &self.files {
                host.json(&match seal {
                    Seal::Sealed { entry, head, signed_by, cosigned } => {
                        let at = cosigned.map(|at| Time::from_seconds(at).timestamp().to_string());
                        json!({ "minutes": name, "sealed": true, "entry": entry, "head": head, "signed_by": signed_by, "cosigned": at })
                    }
                    Seal::Not(why) => json!({ "minutes": name, "sealed": false, "why": why.get(host.lang()) }),
                })?;
            }
            return Ok(());
        }
        let lang = host.lang();
        let all = self.files.len();
        let sealed: Vec<&Seal> = self.files.values().filter(|s| matches!(s, Seal::Sealed { .. })).collect();
        host.line(&match lang {
            Lang::En => format!("{} of {all} files of minutes are as they were sealed", sealed.len()),
            Lang::Fr => {
                format!("{} fichiers de procès-verbaux sur {all} sont tels qu’ils ont été scellés", sealed.len())
            }
        })?;
        let heads: BTreeSet<(&str, &[String], Option<i64>)> = sealed
            .iter()
            .filter_map(|s| match s {
                Seal::Sealed { head, signed_by, cosigned, .. } => Some((head.as_str(), &signed_by[..], *cosigned)),
                Seal::Not(_) => None,
            })
            .collect();
        for (head, by, at) in heads.iter().take(SHOWN) {
            let at = at.map_or(String::new(), |at| format!(", {}", Time::from_seconds(at).timestamp()));
            let line = format!("  {} {head} ({}{at})", lang.of("head", "tête"), by.join(", "));
            host.line(&escape::visible(&line))?;
        }
        let not = self.files.iter().filter_map(|(name, seal)| match seal {
            Seal::Not(why) => Some((name, why)),
            Seal::Sealed { .. } => None,
        });
        for (name, why) in not.clone().take(SHOWN) {
            host.line(&escape::visible(&format!("  {name}{} {}", lang.of(":", "\u{202f}:"), why.get(lang))))?;
        }
        let left = (all - sealed.len()).saturating_sub(SHOWN);
        if left > 0 {
            host.say(&Text::new(
                format!("{left} more: --json prints all"),
                format!("{left} autres : --json les donne tous"),
            ));
        }
        Ok(())
    }
}

/// Whose proofs are believed: a key, or a file that holds it.
fn trusted(key: &str, host: &mut dyn Host) -> Result<Policy> {
    if let Ok(key) = Vkey::parse(key) {
        return Ok(Policy::of(key));
    }
    let mut sources = host.sources(&[key.into()]);
    let input = sources.pop().and_then(|s| (s.open)());
    let held = input.and_then(|mut input| input.whole(1 << 16).ok());
    let text = held.map(|(bytes, _)| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    Vkey::parse(&text).map(Policy::of)
}

fn of_fault(fault: &proofs::Fault) -> Text {
    match fault {
        proofs::Fault::Root(_) => Text::new(
            "it is not as it was sealed: its bytes were changed since, or the proof was",
            "il n’est pas tel qu’il a été scellé : ses octets ont changé depuis, ou la preuve",
        ),
        other => Text::same(format!("{other}")),
    }
}
