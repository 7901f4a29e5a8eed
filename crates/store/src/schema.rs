//! The tables. `user_version` counts their changes.
//!
//! An observation's `id` is its evidence's number times 2^40 plus its place among that evidence's observations: rows
//! of one piece of evidence lie together, are appended in order, and are erased as one range without an index.
//! Times are microseconds since 1970 UTC; `entities`, `fields`, `counts` and `body` are JSON; `spans` and `traces` are
//! the compact sets of `model::SpanSet`.
//!
//! What shares an entity is asked of the view `entity_links`. Mails and findings on names that meet in one domain:
//!
//! ```sql
//! SELECT a.value, a.name, a.id, b.name, b.id FROM entity_links a JOIN entity_links b USING(kind, value)
//! WHERE kind = 'domain-name' AND a.name LIKE 'names/%' AND a.what = 'finding' AND b.name = 'mail/message';
//! ```

use crate::sql;
use model::{Error, Result};
use rusqlite::Connection;

/// The version of the tables below.
pub const VERSION: i64 = 6;

/// Places of one piece of evidence.
pub const PLACES: i64 = 1 << 40;

const TABLES: &str = "
CREATE TABLE evidence(
    n INTEGER PRIMARY KEY, sha256 BLOB UNIQUE, path TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER,
    added INTEGER NOT NULL, added_by TEXT NOT NULL, place BLOB, forgotten INTEGER, why TEXT);
CREATE TABLE reads(
    evidence INTEGER PRIMARY KEY, recogniser BLOB NOT NULL, key BLOB NOT NULL, sensor TEXT, steps TEXT NOT NULL,
    kinds TEXT NOT NULL);
CREATE TABLE observations(
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    count INTEGER NOT NULL, entities TEXT NOT NULL, fields TEXT NOT NULL, spans BLOB NOT NULL);
CREATE TABLE tallies(
    kind TEXT NOT NULL, key TEXT NOT NULL, evidence INTEGER NOT NULL, counts TEXT NOT NULL,
    PRIMARY KEY(kind, key, evidence)) WITHOUT ROWID;
CREATE TABLE skips(
    evidence INTEGER NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL, first INTEGER NOT NULL,
    line INTEGER NOT NULL, PRIMARY KEY(evidence, reason)) WITHOUT ROWID;
CREATE TABLE notes(
    evidence INTEGER NOT NULL, en TEXT NOT NULL, fr TEXT NOT NULL, PRIMARY KEY(evidence, en, fr)) WITHOUT ROWID;
CREATE TABLE findings(
    n INTEGER PRIMARY KEY, id TEXT NOT NULL, detector TEXT NOT NULL, evidence INTEGER NOT NULL, key TEXT NOT NULL,
    urgency INTEGER NOT NULL, severity TEXT NOT NULL, confidence INTEGER NOT NULL, first INTEGER, last INTEGER,
    body TEXT NOT NULL, traces BLOB NOT NULL);
CREATE TABLE detections(
    detector TEXT NOT NULL, evidence INTEGER NOT NULL, key BLOB NOT NULL, PRIMARY KEY(detector, evidence)) WITHOUT ROWID;
CREATE TABLE audit(
    seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL,
    previous BLOB NOT NULL, hash BLOB NOT NULL);
";

/// What version 2 added. `state` and `changes` are JSON; `first` and `last` are numbers of `runs`.
const MEMORY: &str = "
CREATE TABLE runs(
    n INTEGER PRIMARY KEY, time INTEGER NOT NULL, new INTEGER NOT NULL, changed INTEGER NOT NULL, gone INTEGER NOT NULL);
CREATE TABLE memory(
    id TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, state TEXT NOT NULL, changes TEXT NOT NULL)
    WITHOUT ROWID;
";

/// What version 3 added: where within a piece of evidence its rows lie. Those from the observation `first` on, until the
/// `first` of the next place, lie behind `steps`; those before lie where the row of `reads` says, which is place 0.
const WITHIN: &str = "
CREATE TABLE places(
    evidence INTEGER NOT NULL, place INTEGER NOT NULL, first INTEGER NOT NULL, steps TEXT NOT NULL, sensor TEXT,
    PRIMARY KEY(evidence, place)) WITHOUT ROWID;
ALTER TABLE skips RENAME TO skips_before;
CREATE TABLE skips(
    evidence INTEGER NOT NULL, place INTEGER NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL,
    first INTEGER NOT NULL, line INTEGER NOT NULL, PRIMARY KEY(evidence, place, reason)) WITHOUT ROWID;
INSERT INTO skips SELECT evidence, 0, reason, count, first, line FROM skips_before;
DROP TABLE skips_before;
";

/// The same for whoever only looks at a case of an older version.
const WITHIN_LOOKED_AT: &str = "
CREATE TEMP TABLE places(evidence INTEGER, place INTEGER, first INTEGER, steps TEXT, sensor TEXT);
CREATE TEMP TABLE skips AS SELECT evidence, 0 AS place, reason, count, first, line FROM main.skips;
";

/// What version 4 added: the entities of observations and findings ([`crate::entities`]). `kind` and `role` are the words
/// of `model::EntityKind` and `model::Role`; `observation` is an `id`, `finding` an `n`.
///
/// The view has a row for each entity of each row that is linked: `kind`, `value` and `role` of the entity; `what` bears
/// it, `observation` or `finding`, and its `id`; `name`, the observation's kind or the finding's detector; `first` and
/// `last`, its times.
const ENTITIES: &str = "
CREATE TABLE entities(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, value TEXT NOT NULL, UNIQUE(kind, value));
CREATE TABLE observation_entities(
    observation INTEGER NOT NULL, entity INTEGER NOT NULL, role TEXT NOT NULL,
    PRIMARY KEY(observation, entity, role)) WITHOUT ROWID;
CREATE TABLE finding_entities(
    finding INTEGER NOT NULL, entity INTEGER NOT NULL, role TEXT NOT NULL,
    PRIMARY KEY(finding, entity, role)) WITHOUT ROWID;
CREATE VIEW entity_links AS
    SELECT e.kind, e.value, l.role, 'observation' AS what, o.id, o.kind AS name, o.first, o.last
    FROM entities e JOIN observation_entities l ON l.entity = e.id JOIN observations o ON o.id = l.observation
    UNION ALL
    SELECT e.kind, e.value, l.role, 'finding', f.id, f.detector, f.first, f.last
    FROM entities e JOIN finding_entities l ON l.entity = e.id JOIN findings f ON f.n = l.finding;
";

const ENTITY_INDEXES: &str = "
CREATE INDEX observations_by_entity ON observation_entities(entity);
CREATE INDEX findings_by_entity ON finding_entities(entity);
";

/// What version 5 added: by what a case is verified ([`crate::state`]). `lines` has the salt with which the trail knows
/// a line of the register (and the name as bytes, where it is not UTF-8), `digests` what was read in each piece of
/// evidence, `settings` the texts of `case.toml` that runs accepted, `erasing` the evidence whose bytes are still to be
/// erased, `gone` the findings that a run found no more, with the reasons as JSON.
const VERIFIED: &str = "
CREATE TABLE lines(evidence INTEGER PRIMARY KEY, salt BLOB NOT NULL, name BLOB);
CREATE TABLE digests(evidence INTEGER PRIMARY KEY, rows BLOB NOT NULL);
CREATE TABLE settings(sha256 BLOB PRIMARY KEY, text BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE erasing(evidence INTEGER PRIMARY KEY, sha256 BLOB NOT NULL);
CREATE TABLE gone(
    run INTEGER NOT NULL, id TEXT NOT NULL, detector TEXT, severity TEXT, reasons TEXT NOT NULL, PRIMARY KEY(run, id))
    WITHOUT ROWID;
";

/// What version 6 added: what became of the lines of logs (`model::Lines` as JSON), by place.
const LOG_LINES: &str = "
CREATE TABLE log_lines(
    evidence INTEGER NOT NULL, place INTEGER NOT NULL, lines TEXT NOT NULL, PRIMARY KEY(evidence, place)) WITHOUT ROWID;
";

/// Makes the next run do everything again.
const ANEW: &str = "UPDATE reads SET key = zeroblob(32); UPDATE detections SET key = zeroblob(32);";

/// In a lasting case from the start, in a temporary one once the findings are in: filling an index row by row costs
/// more than sorting it once.
pub const INDEXES: &str = "
CREATE INDEX IF NOT EXISTS findings_in_order ON findings(urgency DESC, first, last, detector, key);
";

const LASTING_INDEXES: &str = "CREATE INDEX findings_by_unit ON findings(detector, evidence);";

/// A new case's database.
pub fn create(db: &Connection) -> Result<()> {
    guard(db)?;
    settle(db)?;
    let all = format!("BEGIN IMMEDIATE; {} PRAGMA user_version = {VERSION}; COMMIT;", scripts(VERSION));
    db.execute_batch(&all).map_err(sql)
}

/// A temporary case's: nothing in it need survive anything.
pub fn create_temporary(db: &Connection) -> Result<()> {
    db.execute_batch(
        " PRAGMA page_size = 8192; PRAGMA cache_size = -65536; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;
         PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF;",
    )
    .map_err(sql)?;
    db.execute_batch(&format!("{TABLES} {MEMORY} {WITHIN} {ENTITIES} {VERIFIED} {LOG_LINES}")).map_err(sql)
}

/// The scripts that made the tables of a version, in order.
fn scripts(version: i64) -> String {
    let memory = if version < 2 { "" } else { MEMORY };
    let within = if version < 3 { "" } else { WITHIN };
    let entities = if version < 4 { String::new() } else { format!("{ENTITIES} {ENTITY_INDEXES}") };
    let verified = if version < 5 { "" } else { VERIFIED };
    let log_lines = if version < 6 { "" } else { LOG_LINES };
    format!("{TABLES} {memory} {within} {entities} {verified} {log_lines} {INDEXES} {LASTING_INDEXES}")
}

/// An existing case's: brings an older one up to date where it may be written, refuses what this program does not know.
pub fn open(db: &Connection, writing: bool) -> Result<()> {
    guard(db)?;
    let version = db.query_row("PRAGMA user_version", [], |r| r.get::<_, i64>(0)).map_err(sql)?;
    if (1..=VERSION).contains(&version) {
        only_ours(db, version)?;
    }
    if writing {
        settle(db)?;
    }
    match version {
        VERSION => {}
        older @ 1..VERSION if writing => {
            let memory = if older < 2 { MEMORY } else { "" };
            let within = if older < 3 { WITHIN } else { "" };
            let entities = if older < 4 { format!("{ENTITIES} {ENTITY_INDEXES}") } else { String::new() };
            let verified = if older < 5 { VERIFIED } else { "" };
            let all = format!(
                "BEGIN IMMEDIATE; {memory} {within} {entities} {verified} {LOG_LINES} {ANEW} PRAGMA user_version = {VERSION}; COMMIT;"
            );
            db.execute_batch(&all).map_err(sql)?;
        }
        // Whoever only looks finds what it has not empty.
        older @ 1..VERSION => {
            let memory = if older < 2 { MEMORY } else { "" };
            let within = if older < 3 { WITHIN_LOOKED_AT } else { "" };
            let entities = if older < 4 { ENTITIES } else { "" };
            let verified = if older < 5 { VERIFIED } else { "" };
            let later = [memory, entities, verified, LOG_LINES].concat().replace("CREATE ", "CREATE TEMP ");
            db.execute_batch(&format!("{within} {later}")).map_err(sql)?;
        }
        newer if newer > VERSION => {
            return Err(Error::new(format!("the case's tables have version {newer}, newer than {VERSION}"))
                .hint("use the program that last wrote this case, or a newer one"));
        }
        other => {
            return Err(Error::new(format!("`case.db` has no tables that this program knows (version {other})"))
                .hint("is this the folder that `vigie init` made?"));
        }
    }
    match writing {
        true => Ok(()),
        false => db.execute_batch("PRAGMA query_only = ON;").map_err(sql),
    }
}

/// Every table, index and view as a new case has it, and no other, no trigger: a database that somebody sent may do
/// something else when it is read or written.
fn only_ours(db: &Connection, version: i64) -> Result<()> {
    let fresh = Connection::open_in_memory().map_err(sql)?;
    fresh.execute_batch(&scripts(version)).map_err(sql)?;
    let (ours, theirs) = (objects(&fresh)?, objects(db)?);
    let strange = theirs.iter().find(|o| !ours.contains(o)).or_else(|| ours.iter().find(|o| !theirs.contains(o)));
    match strange {
        None => Ok(()),
        Some((name, _)) => Err(Error::new(format!("`case.db` is not built as this program builds it: `{name}`"))
            .hint("somebody changed the case's database; restore it from a copy, or add the evidence to a new case")),
    }
}

/// Names and definitions, spaces aside.
fn objects(db: &Connection) -> Result<std::collections::BTreeSet<(String, String)>> {
    // Rows beyond any honest number are not even read.
    let query = "SELECT type, name, tbl_name, rootpage = 0, coalesce(sql, '') FROM main.sqlite_master LIMIT 1000";
    let mut statement = db.prepare(query).map_err(sql)?;
    let rows = statement.query_map([], |r| {
        let (kind, name, table): (String, String, String) = (r.get(0)?, r.get(1)?, r.get(2)?);
        let (rootless, text): (bool, String) = (r.get(3)?, r.get(4)?);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok((name, format!("{kind} {table} {rootless} {text}")))
    });
    let all = rows.map_err(sql)?.collect::<rusqlite::Result<_>>();
    all.map_err(sql)
}

/// What any database of a case is opened with: nothing that it holds is believed.
fn guard(db: &Connection) -> Result<()> {
    use rusqlite::config::DbConfig;
    db.busy_timeout(std::time::Duration::from_secs(10)).map_err(sql)?;
    for (what, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        db.set_db_config(what, on).map_err(sql)?;
    }
    db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -65536;")
        .map_err(sql)
}

fn settle(db: &Connection) -> Result<()> {
    // Write-ahead logging lets readers go on while a run writes; FULL makes a registered row outlive a power cut.
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;").map_err(sql)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A case's database as an older program left it, with a piece of evidence of which a line could not be read.
    fn older(version: i64) -> Connection {
        let db = Connection::open("").expect("memory never fails");
        let skip = match version {
            ..3 => "VALUES(1, 'no line of a log', 2, 3, 4)",
            _ => "VALUES(1, 0, 'no line of a log', 2, 3, 4)",
        };
        db.execute_batch(&format!(
            "{}
            INSERT INTO evidence VALUES(1, x'01', 'a.log', 9, NULL, 0, 'test', NULL, NULL, NULL);
            INSERT INTO reads VALUES(1, x'02', x'03', 'web_log', '[]', '[]');
            INSERT INTO detections VALUES('web_log/attempt', 0, x'04');
            INSERT INTO skips {skip};
            PRAGMA user_version = {version};",
            scripts(version)
        ))
        .expect("the tables as they were");
        db
    }

    fn numbers(db: &Connection, query: &str) -> Vec<i64> {
        let columns = |r: &rusqlite::Row| (0..r.as_ref().column_count()).map(|n| r.get(n)).collect();
        db.query_row(query, [], columns).expect(query)
    }

    #[test]
    fn a_case_of_an_older_version_is_brought_up_to_date_and_looked_at_as_it_is() {
        for (version, writing) in (1..VERSION).flat_map(|v| [(v, true), (v, false)]) {
            let db = older(version);
            open(&db, writing).expect("older versions are known");
            let skips = "SELECT evidence, place, count, first, line FROM skips WHERE reason = 'no line of a log'";
            assert_eq!(numbers(&db, skips), [1, 0, 2, 3, 4], "{version} {writing}");
            for empty in ["places", "runs", "memory", "entities", "lines", "gone", "log_lines"] {
                assert_eq!(numbers(&db, &format!("SELECT count(*) FROM {empty}")), [0], "{version} {writing}");
            }
            // What is not linked yet is read and judged again.
            for table in ["reads", "detections"] {
                let anew = format!("SELECT key = zeroblob(32) FROM {table}");
                assert_eq!(numbers(&db, &anew), [i64::from(writing)], "{version} {writing}");
            }
            let after = if writing { VERSION } else { version };
            assert_eq!(numbers(&db, "PRAGMA user_version"), [after]);
            assert_eq!(numbers(&db, "SELECT count(*) FROM main.sqlite_master WHERE name = 'skips_before'"), [0]);
        }
        let [old, new] = [0, VERSION + 1].map(|version| {
            let db = older(2);
            db.execute_batch(&format!("PRAGMA user_version = {version}")).expect("memory never fails");
            open(&db, true).expect_err("no version this program knows").to_string()
        });
        assert!(old.contains("no tables that this program knows") && new.contains("newer than"), "{old} {new}");
    }

    #[test]
    fn a_database_with_anything_else_in_it_is_refused() {
        for (change, what) in [
            ("CREATE TRIGGER y BEFORE INSERT ON evidence BEGIN SELECT RAISE(IGNORE); END", "y"),
            (
                "ALTER TABLE evidence RENAME TO e; CREATE VIEW evidence AS WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT n FROM x",
                "e",
            ),
            ("CREATE TABLE more(x)", "more"),
            ("CREATE INDEX i ON evidence(abs(n))", "i"),
            ("DROP INDEX findings_in_order", "findings_in_order"),
            ("DROP VIEW entity_links; CREATE VIEW entity_links AS SELECT 1", "entity_links"),
        ] {
            let db = Connection::open("").expect("memory never fails");
            create(&db).expect("a new case");
            db.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).expect("set");
            db.execute_batch(change).expect(change);
            let told = open(&db, true).expect_err(change).to_string();
            assert!(told.contains(&format!("`{what}`")), "{told}");
        }
    }

    #[test]
    fn a_case_brought_up_to_date_has_the_tables_of_a_new_one() {
        let tables = |db: &Connection| -> Vec<(String, String)> {
            let query = "SELECT m.name, group_concat(c.name || ' ' || c.type || ' ' || c.pk)
                FROM main.sqlite_master m JOIN pragma_table_info(m.name) c GROUP BY m.name ORDER BY m.name";
            let mut statement = db.prepare(query).expect(query);
            let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).expect(query);
            rows.collect::<rusqlite::Result<_>>().expect(query)
        };
        let new = Connection::open("").expect("memory never fails");
        create(&new).expect("a new case");
        for version in 1..VERSION {
            let db = older(version);
            open(&db, true).expect("older versions are known");
            assert_eq!(tables(&db), tables(&new), "{version}");
        }
    }
}
