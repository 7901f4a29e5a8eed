//! `salts.db`: what is known of each entry beside the log, and never published.

use crate::sql;
use model::Result;
use rusqlite::Connection;

/// The tables. What is forgotten is overwritten with zeros (`secure_delete`), and no journal outlives its transaction.
const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS entry (
    n INTEGER PRIMARY KEY,          -- index in the log
    commitment BLOB NOT NULL,       -- the entry itself, 32 bytes
    name TEXT,                      -- where it was; NULL: forgotten
    inside TEXT,                    -- what in that file, if not the file itself
    bytes BLOB,                     -- hash of the file
    text BLOB,                      -- hash of the text, if it has one
    parts BLOB,                     -- kind, salt and hash of each part
    record BLOB                     -- of the last entry of a run: what was covered
) STRICT;
CREATE INDEX IF NOT EXISTS entry_bytes ON entry (bytes) WHERE bytes IS NOT NULL;
CREATE INDEX IF NOT EXISTS entry_text ON entry (text) WHERE text IS NOT NULL;
CREATE INDEX IF NOT EXISTS entry_name ON entry (name) WHERE name IS NOT NULL;
CREATE INDEX IF NOT EXISTS entry_record ON entry (n) WHERE record IS NOT NULL;
-- The least hashes of a document's paragraphs: copies of which but a part was changed share most of them.
CREATE TABLE IF NOT EXISTS near (sample INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (sample, n)) STRICT, WITHOUT ROWID;
-- Files as they were when they were looked at last.
CREATE TABLE IF NOT EXISTS looked (name TEXT PRIMARY KEY, stamp BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS said (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
";

/// Opens the database.
pub fn open(db: &Connection) -> Result<()> {
    db.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -131072;
         PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 5000;",
    )
    .map_err(sql)?;
    db.execute_batch(SCHEMA).map_err(sql)
}
