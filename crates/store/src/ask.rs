//! Questions in SQL, read-only, over views that are documented and stay as they are while tables change.
//!
//! | view | a row for each | columns |
//! |---|---|---|
//! | `evidence_list` | piece of evidence | `n`, `sha256` (hex), `path`, `kind`, `size`, `added`, `forgotten` |
//! | `finding` | finding | `id`, `detector`, `severity`, `confidence`, `level`, `title_en`, `title_fr`, `first`, `last`, `fields`, `techniques`, `entities` |
//! | `observation` | observation | `id`, `kind`, `key`, `first`, `last`, `count`, `entities`, `fields`, `evidence` |
//! | `entity` | entity of a finding or observation | `kind`, `value`, `role`, `what`, `id`, `name`, `first`, `last` |
//! | `skip` | reason why something was not read | `evidence`, `reason`, `count` |
//!
//! Times are RFC 3339 in UTC; `fields`, `techniques` and `entities` are JSON. You may rely on: nothing is changed and no
//! other file is opened; nothing is told of what somebody keeps back: the views pass it by, and where anything is kept back the
//! views alone may be asked. Left out: a bound on the time a question takes (end it with Ctrl-C).

use crate::case::Case;
use crate::sql;
use model::{Error, Result};
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::ValueRef;
use serde_json::{Map, Value, json};

const VIEWS: &str = "
CREATE TEMP VIEW evidence_list AS SELECT e.n, lower(hex(e.sha256)) AS sha256, e.path, r.sensor AS kind, e.size,
    strftime('%Y-%m-%dT%H:%M:%fZ', e.added / 1e6, 'unixepoch') AS added,
    CASE WHEN e.forgotten IS NULL THEN NULL ELSE strftime('%Y-%m-%dT%H:%M:%fZ', e.forgotten / 1e6, 'unixepoch') END AS forgotten
    FROM main.evidence e LEFT JOIN main.reads r ON r.evidence = e.n WHERE e.n NOT IN (SELECT n FROM hidden_evidence);
CREATE TEMP VIEW finding AS SELECT f.id, f.detector, f.severity, f.confidence,
    json_extract(f.body, '$.level') AS level, json_extract(f.body, '$.title.en') AS title_en,
    json_extract(f.body, '$.title.fr') AS title_fr,
    strftime('%Y-%m-%dT%H:%M:%fZ', f.first / 1e6, 'unixepoch') AS first,
    strftime('%Y-%m-%dT%H:%M:%fZ', f.last / 1e6, 'unixepoch') AS last,
    json_extract(f.body, '$.fields') AS fields, json_extract(f.body, '$.techniques') AS techniques,
    json_extract(f.body, '$.entities') AS entities FROM main.findings f WHERE f.n NOT IN (SELECT n FROM hidden_finding);
CREATE TEMP VIEW observation AS SELECT o.id, o.kind, o.key,
    strftime('%Y-%m-%dT%H:%M:%fZ', o.first / 1e6, 'unixepoch') AS first,
    strftime('%Y-%m-%dT%H:%M:%fZ', o.last / 1e6, 'unixepoch') AS last, o.count, o.entities, o.fields,
    o.id >> 40 AS evidence FROM main.observations o WHERE o.id NOT IN (SELECT id FROM hidden_observation);
CREATE TEMP VIEW entity AS
    SELECT e.kind, e.value, l.role, 'finding' AS what, f.id AS id, f.detector AS name,
    strftime('%Y-%m-%dT%H:%M:%fZ', f.first / 1e6, 'unixepoch') AS first,
    strftime('%Y-%m-%dT%H:%M:%fZ', f.last / 1e6, 'unixepoch') AS last
    FROM main.entities e JOIN main.finding_entities l ON l.entity = e.id JOIN main.findings f ON f.n = l.finding
    WHERE f.n NOT IN (SELECT n FROM hidden_finding)
    UNION ALL
    SELECT e.kind, e.value, l.role, 'observation', CAST(o.id AS TEXT), o.kind,
    strftime('%Y-%m-%dT%H:%M:%fZ', o.first / 1e6, 'unixepoch'), strftime('%Y-%m-%dT%H:%M:%fZ', o.last / 1e6, 'unixepoch')
    FROM main.entities e JOIN main.observation_entities l ON l.entity = e.id JOIN main.observations o ON o.id = l.observation
    WHERE o.id NOT IN (SELECT id FROM hidden_observation);
CREATE TEMP VIEW skip AS SELECT e.path AS evidence, s.reason, s.count FROM main.skips s JOIN main.evidence e ON e.n = s.evidence
    WHERE NOT EXISTS (SELECT 1 FROM hidden_skip h WHERE h.evidence = s.evidence AND h.place = s.place);
";

/// The names of the views.
pub const NAMES: [&str; 5] = ["evidence_list", "finding", "observation", "entity", "skip"];

impl Case {
    /// Asks a question; each row by the names of its columns.
    pub fn ask(&mut self, question: &str, each: &mut dyn FnMut(Map<String, Value>) -> Result<()>) -> Result<()> {
        let first = question.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        if !["select", "with", "values", "explain"].contains(&first.to_ascii_lowercase().as_str()) {
            return Err(Error::new("only questions are taken: `SELECT`, `WITH`, `VALUES` or `EXPLAIN`")
                .hint(format!("ask the views {}", NAMES.join(", "))));
        }
        let wrong = |e: rusqlite::Error| {
            Error::new("the question cannot be answered")
                .because(e)
                .hint(format!("ask the views {}; `vigie sql --help` has their columns", NAMES.join(", ")))
        };
        use rusqlite::config::DbConfig;
        self.db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, true).map_err(sql)?;
        self.db.execute_batch("PRAGMA query_only = OFF;").map_err(sql)?;
        self.list_hidden()?;
        // The tables are read by views of a name that no question can know; those of the documented names read these.
        let secret: String = self.db.query_row("SELECT 'v' || hex(randomblob(8))", [], |r| r.get(0)).map_err(sql)?;
        let views = VIEWS.replace("CREATE TEMP VIEW ", &format!("CREATE TEMP VIEW {secret}_"));
        let named = NAMES.map(|name| format!("CREATE TEMP VIEW {name} AS SELECT * FROM {secret}_{name};")).concat();
        self.db.execute_batch(&format!("{views} {named} PRAGMA query_only = ON;")).map_err(sql)?;
        if !self.kept_back.borrow().is_empty() {
            self.db.authorizer(Some(move |asked: AuthContext<'_>| may_read(&asked, &secret))).map_err(sql)?;
        }
        let mut statement = self.db.prepare(question).map_err(wrong)?;
        if !statement.readonly() {
            return Err(
                Error::new("the question would change the case").hint("a case is changed by `add`, `run` and `forget`")
            );
        }
        let names: Vec<String> = statement.column_names().map(String::from).collect();
        let mut rows = statement.query([]).map_err(wrong)?;
        while let Some(row) = rows.next().map_err(wrong)? {
            let mut told = Map::new();
            for (i, name) in names.iter().enumerate() {
                told.insert(name.clone(), value(row.get_ref(i).map_err(wrong)?));
            }
            each(told)?;
        }
        Ok(())
    }
}

/// Whether a question may read this: what the views of these secret names hand out, and JSON. Where rows are counted through a
/// view and no column is read, SQLite names the table and no longer the view.
fn may_read(asked: &AuthContext, secret: &str) -> Authorization {
    let AuthAction::Read { table_name, column_name } = asked.action else { return Authorization::Allow };
    if column_name.is_empty() {
        return Authorization::Allow;
    }
    let is_view = NAMES.contains(&table_name) || ["json_each", "json_tree"].contains(&table_name);
    let is_ours = table_name.starts_with(secret) || asked.accessor.is_some_and(|view| view.starts_with(secret));
    if is_view || is_ours { Authorization::Allow } else { Authorization::Deny }
}

fn value(value: ValueRef) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => json!(n),
        ValueRef::Real(x) => json!(x),
        ValueRef::Text(text) => json!(String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => json!(bytes.iter().map(|b| format!("{b:02x}")).collect::<String>()),
    }
}
