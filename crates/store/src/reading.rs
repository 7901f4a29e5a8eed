//! What one reading of one piece of evidence yields, written in one transaction: all of it, or nothing.

use crate::case::{Case, Change, Registered};
use crate::entities::Links;
use crate::schema::PLACES;
use crate::{Hash, damaged, sql};
use model::{Error, Evidence, EvidenceId, Lines, Note, Observation, Result, Sink, Skip, Step, Tally};
use rusqlite::{CachedStatement, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};

/// Reasons and notes kept of one piece of evidence; honest readers have a dozen.
const WORDS_MAX: usize = 1000;

/// How a piece of evidence was read: if any of it changes, it is read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Digest of all that decides which sensor reads a file.
    pub recogniser: Hash,
    /// Digest of that sensor's code, the knowledge and the configuration.
    pub key: Hash,
    /// The sensor; none where nobody knew the file.
    pub sensor: Option<String>,
    /// The steps to the bytes it read.
    pub steps: Vec<Step>,
}

/// What one piece of evidence yields.
#[derive(Clone, Debug)]
pub struct Yield {
    /// Its number.
    pub n: i64,
    /// Its hash.
    pub id: EvidenceId,
    /// The key of its reading.
    pub key: Hash,
    /// The kinds of its observations and tallies.
    pub kinds: Vec<String>,
}

/// What came of a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Its rows are in the case.
    Stored,
    /// Another file of a temporary case has the same bytes; this one was left out.
    SameAs(String),
    /// The bytes are not those that were added: only a skip was stored.
    Changed,
}

/// Writes what a sensor reads in one piece of evidence. Dropped unfinished, it leaves the case as it was.
pub struct Writer<'c> {
    case: &'c Case,
    transaction: Change<'c>,
    observation: CachedStatement<'c>,
    tally: CachedStatement<'c>,
    links: Option<Links<'c>>,
    runs: &'c [&'c str],
    registered: Registered,
    place: i64,
    entities: Vec<u8>,
    fields: Vec<u8>,
    counts: Vec<u8>,
    kinds: BTreeSet<String>,
    /// Where within the evidence what comes now lies.
    inside: i64,
    /// By place and reason.
    skips: BTreeMap<(i64, String), Skip>,
    notes: BTreeSet<Note>,
    failed: Option<Error>,
}

impl Case {
    /// How a piece of evidence was last read.
    pub fn read_of(&self, n: i64) -> Result<Option<Read>> {
        let query = "SELECT recogniser, key, sensor, steps FROM reads WHERE evidence = ?";
        let row = self
            .db
            .prepare_cached(query)
            .map_err(sql)?
            .query_row([n], |r| Ok((r.get(0)?, r.get(1)?, r.get::<_, Option<String>>(2)?, r.get::<_, String>(3)?)));
        let Some((recogniser, key, sensor, steps)) = row.optional().map_err(sql)? else { return Ok(None) };
        let steps = serde_json::from_str(&steps).map_err(|e| damaged("a row of `reads`", e))?;
        Ok(Some(Read { recogniser, key, sensor, steps }))
    }

    /// Says that a piece of evidence would be read just as it was, by a recogniser that has changed since.
    pub fn still_read(&self, n: i64, recogniser: Hash) -> Result<()> {
        self.db.execute("UPDATE reads SET recogniser = ? WHERE evidence = ?", params![recogniser, n]).map_err(sql)?;
        Ok(())
    }

    /// Whether anything was understood of any evidence: a line of a log, or of what is no log a row, or all of it (where
    /// nothing had to be left out, there was nothing to understand). Where all was forgotten nothing is left to understand.
    pub fn anything_understood(&self) -> Result<bool> {
        let query = "SELECT EXISTS(SELECT 1 FROM reads r WHERE sensor IS NOT NULL AND CASE
            WHEN EXISTS(SELECT 1 FROM log_lines l WHERE l.evidence = r.evidence)
            THEN EXISTS(SELECT 1 FROM log_lines l WHERE l.evidence = r.evidence
                AND (lines ->> 'ordinary' + lines ->> 'kept' > 0 OR lines ->> 'read' = 0))
            ELSE kinds <> '[]' OR NOT EXISTS(SELECT 1 FROM skips s WHERE s.evidence = r.evidence) END)
            OR EXISTS(SELECT 1 FROM evidence) AND NOT EXISTS(SELECT 1 FROM evidence WHERE forgotten IS NULL)";
        self.db.query_row(query, [], |r| r.get(0)).map_err(sql)
    }

    /// The days on which something of these kinds happened that evidence with written years tells.
    pub fn dated_days(&self, kinds: &[&str]) -> Result<BTreeSet<i64>> {
        let undated = "SELECT evidence FROM tallies WHERE kind = ?2";
        self.days(kinds, &format!("id >> 40 NOT IN ({undated})"), &[&model::UNDATED])
    }

    /// The days of evidence that writes no year; none where it writes one.
    pub fn undated_days(&self, n: i64, kinds: &[&str]) -> Result<Option<BTreeSet<i64>>> {
        let query = "SELECT EXISTS(SELECT 1 FROM tallies WHERE kind = ? AND evidence = ?)";
        let undated: bool = self.db.query_row(query, params![model::UNDATED, n], |r| r.get(0)).map_err(sql)?;
        let range: [&dyn rusqlite::ToSql; 2] = [&(n * PLACES), &((n + 1) * PLACES - 1)];
        undated.then(|| self.days(kinds, "id BETWEEN ?2 AND ?3", &range)).transpose()
    }

    fn days(&self, kinds: &[&str], which: &str, values: &[&dyn rusqlite::ToSql]) -> Result<BTreeSet<i64>> {
        let query = format!(
            "SELECT DISTINCT first / 86400000000 FROM observations
             WHERE kind IN (SELECT value FROM json_each(?1)) AND first > 0 AND {which} LIMIT 100000"
        );
        let kinds = serde_json::to_string(kinds).map_err(|e| damaged("a list of kinds", e))?;
        let values: Vec<&dyn rusqlite::ToSql> =
            std::iter::once::<&dyn rusqlite::ToSql>(&kinds).chain(values.iter().copied()).collect();
        let mut statement = self.db.prepare(&query).map_err(sql)?;
        let rows = statement.query_map(&*values, |r| r.get(0)).map_err(sql)?;
        rows.collect::<rusqlite::Result<_>>().map_err(sql)
    }

    /// What each piece of evidence yields, in order of hashes.
    pub fn yields(&self) -> Result<Vec<Yield>> {
        let query = "SELECT n, sha256, key, kinds FROM reads JOIN evidence ON n = evidence WHERE sha256 IS NOT NULL
            ORDER BY sha256";
        let mut statement = self.db.prepare(query).map_err(sql)?;
        let rows = statement
            .query_map([], |r| Ok((r.get(0)?, EvidenceId(r.get(1)?), r.get(2)?, r.get::<_, String>(3)?)))
            .map_err(sql)?;
        rows.map(|row| {
            let (n, id, key, kinds) = row.map_err(sql)?;
            let kinds = serde_json::from_str(&kinds).map_err(|e| damaged("a row of `reads`", e))?;
            Ok(Yield { n, id, key, kinds })
        })
        .collect()
    }

    /// Starts to write a reading; what an earlier one wrote is replaced when this one is finished. Observations of the
    /// kinds in `runs` are not linked to their entities, for what is found in them is.
    pub fn writer<'c>(&'c self, registered: &Registered, runs: &'c [&'c str]) -> Result<Writer<'c>> {
        let transaction = Change::begin(self)?;
        self.erase_rows(registered.n)?;
        let observation = "INSERT INTO observations(id, kind, key, first, last, count, entities, fields, spans)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let tally = "INSERT OR IGNORE INTO tallies(kind, key, evidence, counts) VALUES(?, ?, ?, ?)";
        Ok(Writer {
            case: self,
            transaction,
            observation: self.db.prepare_cached(observation).map_err(sql)?,
            tally: self.db.prepare_cached(tally).map_err(sql)?,
            links: self.links("observation")?,
            runs,
            registered: registered.clone(),
            place: registered.n * PLACES,
            entities: Vec::new(),
            fields: Vec::new(),
            counts: Vec::new(),
            kinds: BTreeSet::new(),
            inside: 0,
            skips: BTreeMap::new(),
            notes: BTreeSet::new(),
            failed: None,
        })
    }

    /// Erases what was read in one piece of evidence.
    pub(crate) fn erase_rows(&self, n: i64) -> Result<()> {
        for (table, id) in [("observations", "id"), ("observation_entities", "observation")] {
            let query = format!("DELETE FROM {table} WHERE {id} BETWEEN ? AND ?");
            self.execute(&query, [n * PLACES, (n + 1) * PLACES - 1])?;
        }
        if self.execute("DELETE FROM reads WHERE evidence = ?", [n])? > 0 {
            for table in ["tallies", "places", "skips", "notes", "log_lines"] {
                self.execute(&format!("DELETE FROM {table} WHERE evidence = ?"), [n])?;
            }
        }
        Ok(())
    }

    fn place_of_hash(&self, id: EvidenceId, but: i64) -> Result<Option<String>> {
        let query = "SELECT path FROM evidence WHERE sha256 = ? AND n <> ?";
        self.db.query_row(query, params![id.0, but], |r| r.get(0)).optional().map_err(sql)
    }
}

impl Writer<'_> {
    /// Writes the end of the reading and makes all of it last. `hash` is what the bytes were, and how many.
    pub fn finish(mut self, read: &Read, hash: (EvidenceId, u64)) -> Result<Ending> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let (case, n) = (self.case, self.registered.n);
        let unread = self.registered.evidence.id == EvidenceId([0; 32]);
        if unread && let Some(other) = case.place_of_hash(hash.0, n)? {
            let same = Evidence { id: hash.0, size: hash.1, ..self.registered.evidence.clone() };
            drop(self);
            case.execute("DELETE FROM evidence WHERE n = ?", [n])?;
            case.same.borrow_mut().push(same);
            return Ok(Ending::SameAs(other));
        }
        if unread {
            let known = params![hash.0.0, hash.1 as i64, n];
            case.execute("UPDATE evidence SET sha256 = ?, size = ? WHERE n = ?", known)?;
        } else if hash.0 != self.registered.evidence.id {
            let registered = self.registered.clone();
            drop(self);
            case.lost(&registered, read.recogniser, "the bytes have changed since they were added")?;
            return Ok(Ending::Changed);
        }
        self.end(read)?;
        Ok(Ending::Stored)
    }

    fn end(self, read: &Read) -> Result<()> {
        let (case, n) = (self.case, self.registered.n);
        case.execute(
            "INSERT INTO reads(evidence, recogniser, key, sensor, steps, kinds) VALUES(?, ?, ?, ?, ?, ?)",
            params![n, read.recogniser, read.key, read.sensor, json(&read.steps)?, json(&self.kinds)?],
        )?;
        for ((place, _), s) in &self.skips {
            case.execute(
                "INSERT INTO skips(evidence, place, reason, count, first, line) VALUES(?, ?, ?, ?, ?, ?)",
                params![n, place, s.reason, s.count as i64, s.first as i64, s.line as i64],
            )?;
        }
        for note in &self.notes {
            case.execute(
                "INSERT INTO notes(evidence, en, fr) VALUES(?, ?, ?)",
                params![n, note.text.en, note.text.fr],
            )?;
        }
        self.transaction.commit()
    }

    fn try_observation(&mut self, o: &Observation) -> Result<()> {
        self.entities.clear();
        self.fields.clear();
        serde_json::to_writer(&mut self.entities, &o.entities).map_err(|e| damaged("an observation", e))?;
        serde_json::to_writer(&mut self.fields, &o.fields).map_err(|e| damaged("an observation", e))?;
        let row = params![
            self.place,
            o.kind,
            o.key,
            o.first.0,
            o.last.0,
            o.count as i64,
            text(&self.entities),
            text(&self.fields),
            o.spans.to_bytes(),
        ];
        self.observation.execute(row).map_err(sql)?;
        if let Some(links) = self.links.as_mut().filter(|_| !self.runs.contains(&&*o.kind)) {
            links.link(self.place, &o.entities)?;
        }
        self.place += 1;
        self.note_kind(&o.kind);
        Ok(())
    }

    fn try_tally(&mut self, tally: Tally) -> Result<()> {
        self.note_kind(&tally.kind);
        let mut counts = tally.counts;
        loop {
            self.counts.clear();
            serde_json::to_writer(&mut self.counts, &counts).map_err(|e| damaged("a tally", e))?;
            let row = params![tally.kind, tally.key, self.registered.n, text(&self.counts)];
            if self.tally.execute(row).map_err(sql)? > 0 {
                return Ok(());
            }
            // The reader told of this key before: take the old row out and put the sum in.
            let query = "DELETE FROM tallies WHERE kind = ? AND key = ? AND evidence = ? RETURNING counts";
            let old: String = self
                .case
                .db
                .prepare_cached(query)
                .and_then(|mut s| s.query_row(params![tally.kind, tally.key, self.registered.n], |r| r.get(0)))
                .map_err(sql)?;
            Tally::merge(&mut counts, &serde_json::from_str::<Vec<u64>>(&old).map_err(|e| damaged("a tally", e))?);
        }
    }

    fn note_kind(&mut self, kind: &str) {
        if !self.kinds.contains(kind) {
            self.kinds.insert(kind.to_string());
        }
    }

    fn try_inside(&mut self, steps: &[Step], sensor: Option<&str>) -> Result<()> {
        self.inside += 1;
        let query = "INSERT INTO places(evidence, place, first, steps, sensor) VALUES(?, ?, ?, ?, ?)";
        let row = params![self.registered.n, self.inside, self.place, json(&steps)?, sensor];
        self.case.db.prepare_cached(query).and_then(|mut s| s.execute(row)).map_err(sql)?;
        Ok(())
    }

    fn try_lines(&mut self, lines: &Lines) -> Result<()> {
        let query = "INSERT OR REPLACE INTO log_lines(evidence, place, lines) VALUES(?, ?, ?)";
        let row = params![self.registered.n, self.inside, json(lines)?];
        self.case.db.prepare_cached(query).and_then(|mut s| s.execute(row)).map_err(sql)?;
        Ok(())
    }

    fn attempt(&mut self, work: impl FnOnce(&mut Self) -> Result<()>) {
        if self.failed.is_none() {
            self.failed = work(self).err();
        }
    }
}

impl Sink for Writer<'_> {
    fn observation(&mut self, observation: Observation) {
        self.attempt(|w| w.try_observation(&observation));
    }

    fn tally(&mut self, tally: Tally) {
        self.attempt(|w| w.try_tally(tally));
    }

    fn skip(&mut self, skip: Skip) {
        // Beyond what is kept apart, damage is counted for the evidence as a whole.
        let places = [self.inside, 0].map(|place| (place, skip.reason.clone()));
        for (key, most) in places.into_iter().zip([WORDS_MAX, 2 * WORDS_MAX]) {
            if let Some(known) = self.skips.get_mut(&key) {
                known.count = known.count.saturating_add(skip.count);
                if skip.first < known.first {
                    (known.first, known.line) = (skip.first, skip.line);
                }
                return;
            }
            if self.skips.len() < most {
                self.skips.insert(key, skip);
                return;
            }
        }
    }

    fn lines(&mut self, lines: Lines) {
        self.attempt(|w| w.try_lines(&lines));
    }

    fn inside(&mut self, steps: &[Step], sensor: Option<&str>) {
        self.attempt(|w| w.try_inside(steps, sensor));
    }

    fn note(&mut self, note: Note) {
        if self.notes.len() < WORDS_MAX {
            self.notes.insert(note);
        }
    }
}

impl Case {
    /// Stores that a piece of evidence could not be read at all; the next run tries again.
    pub fn lost(&self, registered: &Registered, recogniser: Hash, reason: &str) -> Result<()> {
        let mut writer = self.writer(registered, &[])?;
        writer.skip(Skip { reason: reason.into(), count: 1, first: 0, line: 0 });
        writer.end(&Read { recogniser, key: Hash::default(), sensor: None, steps: Vec::new() })
    }
}

/// What `serde_json` wrote is UTF-8.
fn text(json: &[u8]) -> &str {
    std::str::from_utf8(json).unwrap_or("null")
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| damaged("a reading", e))
}
