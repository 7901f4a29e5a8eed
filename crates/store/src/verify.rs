//! Whether anything has changed since: evidence against its hash, the trail against itself and against a head kept
//! elsewhere, and against the trail the register, the rows that were read, findings, memory, settings, brief, every other
//! file of the folder, and the very bytes of the database.
//!
//! You may rely on: whatever byte of the folder is another one now is told, and so is what was added or taken out. Left
//! out: whoever holds the folder can write all of it anew, with a trail of his own; only a head kept elsewhere tells.

use crate::case::{Case, Place, hash};
use crate::folder::SMALL;
use crate::state::{hex, sha256};
use crate::vault::Hasher;
use crate::{Hash, io, sql};
use model::{EvidenceId, Result, Text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The file with the SHA-256 of the database's file as the last recorded run left it, and the head of the trail then.
pub(crate) const SUM: &str = "case.sum";

/// What `verify` found.
#[derive(Default, Debug)]
pub struct Verdict {
    /// Pieces of evidence whose bytes were hashed again.
    pub evidence: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Rows of the audit trail.
    pub trail: u64,
    /// The hash of its last row: with this kept elsewhere, nobody can put the folder back to an older state, cut the
    /// trail off or write it anew unseen.
    pub head: Hash,
    /// `case.toml` as the last run followed it, where it says something else now.
    pub settings: Option<String>,
    /// What differs.
    pub differs: Vec<Text>,
    /// What is odd but no difference.
    pub remarks: Vec<Text>,
}

impl Case {
    /// Verifies everything; reads every byte of evidence. `progress` is told of the bytes. `head` is one that was kept
    /// elsewhere: the trail must have grown from it.
    pub fn verify(&self, head: Option<Hash>, progress: &dyn Fn(u64)) -> Result<Verdict> {
        let mut verdict = Verdict::default();
        self.verify_trail(&mut verdict, head)?;
        self.verify_evidence(&mut verdict, progress)?;
        self.verify_state(&mut verdict)?;
        self.verify_database(&mut verdict)?;
        Ok(verdict)
    }

    /// The hash of the trail's last row.
    pub fn head(&self) -> Result<Hash> {
        Ok(self.trail()?.last().map_or(Hash::default(), |e| e.hash))
    }

    fn verify_trail(&self, verdict: &mut Verdict, head: Option<Hash>) -> Result<()> {
        let mut previous = Hash::default();
        let (mut added, mut seq) = (BTreeMap::new(), 0);
        let mut met = head.is_none();
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
            met |= head == Some(entry.expected());
            let Ok(Value::Object(detail)) = entry.json() else { continue };
            if let Some(id) = detail.get("evidence").and_then(|e| e.as_str()) {
                added.insert(id.to_string(), (entry, detail));
            }
        }
        verdict.head = previous;
        if !met {
            verdict.differ(
                "the audit trail did not grow from this head: it was cut off or written anew, or the folder was put back \
                 to an older state"
                    .into(),
                "le journal d’audit ne prolonge pas cette empreinte : il a été tronqué ou réécrit, ou le dossier ramené à \
                 un état antérieur"
                    .into(),
            );
        }
        let lines = self.lines()?;
        for row in self.register()? {
            let e = &row.evidence;
            let known = added.remove(&e.id.to_string()).is_some_and(|(entry, detail)| match &e.forgotten {
                Some((when, why)) => {
                    entry.action == "forget" && entry.time == *when && detail["reason"] == **why && e.path.is_empty()
                }
                None => {
                    let size = detail.get("size").and_then(Value::as_u64) == Some(e.size);
                    let modified = detail.get("modified") == Some(&serde_json::json!(e.modified));
                    // Cases made before version 5 have none.
                    let line = detail.get("line").is_none_or(|l| lines.get(&row.n).is_some_and(|n| *l == hex(n)));
                    entry.action == "add" && size && modified && line && entry.time == e.added && entry.actor == e.by
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
                            format!("les octets de {name} ont changé : {size} octets, SHA-256 {id}"),
                        );
                    }
                }
                Err(error) => verdict.differ(
                    format!("the bytes of {name} cannot be read: {error}"),
                    format!("les octets de {name} sont illisibles : {error}"),
                ),
            }
            if row.place == Place::Vault {
                in_vault.insert(e.id.to_string());
            }
        }
        let home = self.home()?;
        let vault =
            home.inside("vault").and_then(|v| v.names()).map_err(|e| io("list", &home.path().join("vault"), e))?;
        for name in vault.iter().filter(|n| !in_vault.contains(*n) && *n != crate::vault::INCOMING) {
            verdict.differ(
                format!("`vault/{name}` is in no register (add it again, or remove it)"),
                format!("`vault/{name}` n’est dans aucun registre (à rajouter, ou à effacer)"),
            );
        }
        if self.erasing()? || vault.iter().any(|n| n == crate::vault::INCOMING) {
            verdict.remarks.push(Text::new(
                "a command was broken off, or is still at work; the next one that may write completes it",
                "une commande a été interrompue, ou travaille encore ; la prochaine qui pourra écrire l’achèvera",
            ));
        }
        Ok(())
    }

    fn verify_state(&self, verdict: &mut Verdict) -> Result<()> {
        let then = self.last_state()?;
        if !then["findings"].is_string() || then["files"].is_null() {
            verdict.remarks.push(Text::new(
                "an older version recorded less; the next run records all",
                "une version antérieure enregistrait moins ; la prochaine exécution enregistrera tout",
            ));
        }
        let recorded = !then["tables"].is_null();
        if recorded {
            self.verify_rows(verdict, &then)?;
            let now = self.tables()?;
            if then["findings"].as_str() != Some(&hex(&self.findings_digest()?))
                || then["tables"]["findings"] != now["findings"]
            {
                verdict.differ("the findings have changed".into(), "les constats ont changé".into());
            }
            if then["tables"]["memory"] != now["memory"] {
                verdict.differ(
                    "what is remembered of earlier runs has changed".into(),
                    "la mémoire des exécutions antérieures a changé".into(),
                );
            }
        } else if !self.rows()?.is_empty() {
            verdict.remarks.push(Text::new(
                "a run was broken off, or is still at work: nothing of it is recorded yet",
                "une exécution a été interrompue, ou travaille encore : rien n’en est encore enregistré",
            ));
        }
        self.verify_settings(verdict, &then)?;
        if then["files"].is_object() {
            compare(verdict, "", &then["files"], &Value::Object(self.files()?));
        }
        compare(verdict, "brief/", &then["brief"], &Value::Object(self.brief_files("brief")?));
        Ok(())
    }

    fn verify_rows(&self, verdict: &mut Verdict, then: &Value) -> Result<()> {
        if self.recorded_rows(then)?.is_none() {
            verdict.differ(
                "the digests of what was read have changed".into(),
                "les empreintes de ce qui a été lu ont changé".into(),
            );
        }
        let names: BTreeMap<i64, String> =
            self.register()?.into_iter().map(|r| (r.n, format!("{} ({})", r.evidence.path, r.evidence.id))).collect();
        for n in self.strange_rows(then)? {
            let name = names.get(&n).map_or("evidence that is not in the register", String::as_str);
            verdict.differ(
                format!(
                    "what was read in {name} is not what the last run recorded (`vigie run` reads it again, and so it \
                     does when one was broken off)"
                ),
                format!(
                    "ce qui a été lu dans {name} n’est pas ce que la dernière exécution a enregistré (`vigie run` le \
                     relira, comme après une exécution interrompue)"
                ),
            );
        }
        Ok(())
    }

    fn verify_settings(&self, verdict: &mut Verdict, then: &Value) -> Result<()> {
        let home = self.home()?;
        let accepted = then["settings"].as_str();
        let now =
            home.read("case.toml").map_err(|e| io("read", &home.path().join("case.toml"), e))?.unwrap_or_default();
        let Some(accepted) = accepted.filter(|a| *a != hex(&hash(&now))) else { return Ok(()) };
        verdict.differ(
            "`case.toml` is not what the last run followed; `vigie run` follows it and records that".into(),
            "`case.toml` n’est pas ce que la dernière exécution a suivi ; `vigie run` le suivra et l’enregistrera"
                .into(),
        );
        // The old text is told only if it is the one that was recorded.
        let query = "SELECT text FROM settings WHERE sha256 = ? AND length(text) < ?";
        let id: Option<EvidenceId> = accepted.parse().ok();
        let text = id.and_then(|id| {
            self.db.query_row(query, rusqlite::params![id.0, SMALL as i64], |r| r.get::<_, Vec<u8>>(0)).ok()
        });
        verdict.settings = text.filter(|t| hex(&hash(t)) == accepted).and_then(|t| String::from_utf8(t).ok());
        Ok(())
    }

    /// The database as a file. What is found wrong in its structure could make a query tell less than the tables hold.
    fn verify_database(&self, verdict: &mut Verdict) -> Result<()> {
        let sound: String = self.db.query_row("PRAGMA integrity_check(1)", [], |r| r.get(0)).map_err(sql)?;
        if sound != "ok" {
            verdict.differ(format!("`case.db` is damaged: {sound}"), format!("`case.db` est endommagé : {sound}"));
        }
        let home = self.home()?;
        let mut differ = |name: &str| {
            verdict.differ(
                format!("the bytes of `{name}` have changed since the last run"),
                format!("les octets de `{name}` ont changé depuis la dernière exécution"),
            );
        };
        if home.file("case.lock").and_then(|f| f.metadata()).is_ok_and(|m| m.len() > 0) {
            differ("case.lock");
        }
        let sum = home.read(SUM).map_err(|e| io("read", &home.path().join(SUM), e))?;
        let Some(sum) = sum.map(|s| String::from_utf8_lossy(&s).into_owned()) else { return Ok(()) };
        let Some((head, file)) = sum.trim_end_matches('\n').split_once(' ').filter(|_| sum.ends_with('\n')) else {
            differ(SUM);
            return Ok(());
        };
        let trail = self.trail()?;
        match trail.iter().position(|e| hex(&e.hash) == head) {
            None => differ(SUM),
            // Since then, commands have written; what they wrote stands in the trail.
            Some(place) if place + 1 < trail.len() => {}
            Some(_) if self.database_sum()? != file => differ("case.db"),
            Some(_) => {}
        }
        Ok(())
    }

    /// Writes down the SHA-256 of the database's file: also a byte that no row uses is then seen to change.
    pub(crate) fn seal_database(&self) -> Result<()> {
        if !self.writes() {
            return Ok(());
        }
        let home = self.home()?;
        let path = home.path().join(SUM);
        // Not while somebody looks at the case: then not all is in the one file, and the next run does it.
        let busy: i64 = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0)).map_err(sql)?;
        if busy != 0 {
            return home.remove(SUM).map_err(|e| io("remove", &path, e));
        }
        let text = format!("{} {}\n", hex(&self.head()?), self.database_sum()?);
        match home.read(SUM) {
            Ok(Some(before)) if before == text.as_bytes() => Ok(()),
            _ => home.write(SUM, text.as_bytes()).map_err(|e| io("write", &path, e)),
        }
    }

    fn database_sum(&self) -> Result<String> {
        let home = self.home()?;
        let path = home.path().join("case.db");
        let file = home.file("case.db").map_err(|e| io("read", &path, e))?;
        let hash = sha256(&file).map_err(|e| io("read", &path, e))?;
        // Closed, it would take the locks with it that SQLite holds on this file in this process; it goes with the process.
        std::mem::forget(file);
        Ok(hex(&hash))
    }
}

/// Files then and now.
fn compare(verdict: &mut Verdict, room: &str, then: &Value, now: &Value) {
    let (empty, none) = (serde_json::Map::new(), Value::Null);
    let (then, now) = (then.as_object().unwrap_or(&empty), now.as_object().unwrap_or(&empty));
    let names: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    for name in names {
        let path = format!("{room}{name}");
        match (then.get(name).unwrap_or(&none), now.get(name).unwrap_or(&none)) {
            (a, b) if a == b => {}
            (Value::Null, _) => verdict.differ(
                format!("`{path}` was not there when the last run ended"),
                format!("`{path}` n’existait pas à la fin de la dernière exécution"),
            ),
            (_, Value::Null) => verdict.differ(format!("`{path}` is gone"), format!("`{path}` a disparu")),
            _ => verdict.differ(format!("`{path}` has changed"), format!("`{path}` a changé")),
        }
    }
}

impl Verdict {
    fn differ(&mut self, en: String, fr: String) {
        self.differs.push(Text::new(en, fr));
    }
}
