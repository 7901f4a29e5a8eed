//! Whether anything has changed since: evidence against its hash, the trail against itself, the register, the findings
//! and the brief against the trail.

use crate::case::{Case, Place};
use crate::vault::Hasher;
use crate::{Hash, io};
use model::{Result, Text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// What `verify` found.
#[derive(Default, Debug)]
pub struct Verdict {
    /// Pieces of evidence whose bytes were hashed again.
    pub evidence: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Rows of the audit trail.
    pub trail: u64,
    /// What differs.
    pub differs: Vec<Text>,
    /// What is odd but no difference.
    pub remarks: Vec<Text>,
}

impl Case {
    /// Verifies everything; reads every byte of evidence. `progress` is told of the bytes.
    pub fn verify(&self, progress: &dyn Fn(u64)) -> Result<Verdict> {
        let mut verdict = Verdict::default();
        self.verify_trail(&mut verdict)?;
        self.verify_evidence(&mut verdict, progress)?;
        self.verify_state(&mut verdict)?;
        Ok(verdict)
    }

    fn verify_trail(&self, verdict: &mut Verdict) -> Result<()> {
        let mut previous = Hash::default();
        let (mut added, mut seq) = (BTreeMap::new(), 0);
        for entry in self.trail()? {
            verdict.trail += 1;
            seq += 1;
            if entry.hash != entry.expected() || entry.previous != previous || entry.seq != seq {
                verdict.differ(
                    format!("row {} of the audit trail is not what was written", entry.seq),
                    format!("la ligne {} du journal d’audit n’est pas celle qui fut écrite", entry.seq),
                );
            }
            (previous, seq) = (entry.hash, entry.seq);
            let Ok(Value::Object(detail)) = entry.json() else { continue };
            if let Some(id) = detail.get("evidence").and_then(|e| e.as_str()) {
                added.insert(id.to_string(), (entry, detail));
            }
        }
        for row in self.register()? {
            let e = &row.evidence;
            let known = added.remove(&e.id.to_string()).is_some_and(|(entry, detail)| match &e.forgotten {
                Some((when, why)) => entry.action == "forget" && entry.time == *when && detail["reason"] == **why,
                None => {
                    let size = detail.get("size").and_then(Value::as_u64) == Some(e.size);
                    let modified = detail.get("modified") == Some(&serde_json::json!(e.modified));
                    entry.action == "add" && size && modified && entry.time == e.added && entry.actor == e.by
                }
            });
            if !known {
                verdict.differ(
                    format!("the register's line of {} does not agree with the audit trail", e.id),
                    format!("la ligne du registre pour {} ne concorde pas avec le journal d’audit", e.id),
                );
            }
        }
        for id in added.into_keys() {
            verdict.differ(format!("{id} is no longer in the register"), format!("{id} n’est plus au registre"));
        }
        Ok(())
    }

    fn verify_evidence(&self, verdict: &mut Verdict, progress: &dyn Fn(u64)) -> Result<()> {
        let mut in_vault = BTreeSet::new();
        for row in self.register()? {
            if row.place == Place::Nowhere {
                continue;
            }
            let e = &row.evidence;
            let name = format!("{} ({})", e.path, e.id);
            match self.bytes_of(&row).and_then(|file| Hasher::new(file).finish()) {
                Ok((id, size)) => {
                    verdict.evidence += 1;
                    verdict.bytes += size;
                    progress(size);
                    if id != e.id {
                        verdict.differ(
                            format!("the bytes of {name} have changed; they are now {size} bytes with SHA-256 {id}"),
                            format!("les octets de {name} ont changé : {size} octets, SHA-256 {id}"),
                        );
                    }
                }
                Err(error) => verdict.differ(
                    format!("the bytes of {name} cannot be read: {error}"),
                    format!("les octets de {name} sont illisibles : {error}"),
                ),
            }
            in_vault.insert(e.id.to_string());
        }
        let vault = self.home()?.join("vault");
        for file in fs::read_dir(&vault).map_err(|e| io("list", &vault, e))? {
            let name = file.map_err(|e| io("list", &vault, e))?.file_name().to_string_lossy().into_owned();
            if !in_vault.contains(&name) && name != crate::vault::INCOMING {
                verdict.remarks.push(Text::new(
                    format!(
                        "`vault/{name}` is in no register (an `add` that was broken off; add it again or remove it)"
                    ),
                    format!("`vault/{name}` n’est dans aucun registre (ajout interrompu ; à rajouter ou à effacer)"),
                ));
            }
        }
        Ok(())
    }

    fn verify_state(&self, verdict: &mut Verdict) -> Result<()> {
        let Some(then) = self.last_state()? else { return Ok(()) };
        let now = self.state()?;
        if then["findings"] != now["findings"] {
            verdict.differ("the findings have changed".into(), "les constats ont changé".into());
        }
        let (empty, none) = (serde_json::Map::new(), Value::Null);
        let files = |v: &'_ Value| v["brief"].as_object().cloned().unwrap_or(empty.clone());
        let (then, now) = (files(&then), files(&now));
        let mut names: Vec<&String> = then.keys().chain(now.keys()).collect();
        names.sort();
        names.dedup();
        for name in names {
            if then.get(name).unwrap_or(&none) != now.get(name).unwrap_or(&none) {
                verdict.differ(format!("`brief/{name}` has changed"), format!("`brief/{name}` a changé"));
            }
        }
        Ok(())
    }
}

impl Verdict {
    fn differ(&mut self, en: String, fr: String) {
        self.differs.push(Text::new(en, fr));
    }
}
