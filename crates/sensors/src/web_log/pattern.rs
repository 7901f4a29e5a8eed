//! Log formats that a server's own configuration names: Apache's LogFormat (`%h %l %u %t "%r" %>s %b`) and nginx's
//! log_format (`$remote_addr - $remote_user [$time_local] "$request" …`), given in `case.toml` under a name.
//!
//! A pattern is a row of fields and the literal text between them; a field runs to the next literal. Nothing
//! backtracks.

use super::line::{host_name, number};
use super::record::{Record, clf_time, dash, iso_time};
use model::{Address, Error, Result, Time};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Field {
    Source,
    Forwarded,
    Host,
    Time,
    Request,
    Method,
    Target,
    Path,
    Query,
    Protocol,
    Status,
    Size,
    Referer,
    Agent,
    Other,
}

/// One named pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The literal before the first field.
    lead: Vec<u8>,
    fields: Vec<(Field, Vec<u8>)>,
}

impl Pattern {
    /// Compiles a pattern.
    pub fn new(name: &str, text: &str) -> Result<Pattern> {
        let wrong = |why: String| {
            Error::new(format!("pattern `{name}` under `[web_log.patterns]` is not usable: {why}"))
                .hint("write it as in the server's own configuration: Apache's LogFormat or nginx's log_format")
        };
        let mut pattern = Pattern { lead: Vec::new(), fields: Vec::new() };
        let mut rest = text;
        while !rest.is_empty() {
            let (field, after) = if let Some(tail) = rest.strip_prefix("%%") {
                (None, tail)
            } else if let Some(tail) = rest.strip_prefix('%') {
                let (field, tail) = apache(tail).ok_or_else(|| wrong(format!("`{rest}` is no directive")))?;
                (Some(field), tail)
            } else if let Some(tail) = rest.strip_prefix('$') {
                let end = tail.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(tail.len());
                (Some(nginx(&tail[..end])), &tail[end..])
            } else {
                (None, &rest[rest.chars().next().map_or(1, char::len_utf8)..])
            };
            match field {
                Some(field) => {
                    if pattern.fields.last().is_some_and(|(_, literal)| literal.is_empty()) {
                        return Err(wrong("two fields with nothing between them".into()));
                    }
                    pattern.fields.push((field, Vec::new()));
                }
                None => {
                    let literal = pattern.fields.last_mut().map_or(&mut pattern.lead, |(_, l)| l);
                    literal.extend_from_slice(rest[..rest.len() - after.len()].trim_start_matches("%%").as_bytes());
                    if rest.starts_with("%%") {
                        literal.push(b'%');
                    }
                }
            }
            rest = after;
        }
        let has = |wanted: &[Field]| pattern.fields.iter().any(|(f, _)| wanted.contains(f));
        if !has(&[Field::Source, Field::Forwarded])
            || !has(&[Field::Time])
            || !has(&[Field::Request, Field::Target, Field::Path])
        {
            return Err(wrong("it needs at least an address, a time and a request".into()));
        }
        Ok(pattern)
    }

    /// Reads one line into a record; none where the literals do not fit.
    pub fn parse<'l>(&self, line: &'l [u8]) -> Option<Record<'l>> {
        let mut rest = line.strip_prefix(self.lead.as_slice())?;
        let mut record = Record::default();
        let (mut time, mut source, mut forwarded) = (None, None, None);
        for (field, literal) in &self.fields {
            let mut end = match literal.as_slice() {
                [] => rest.len(),
                literal => memchr::memmem::find(rest, literal)?,
            };
            // Apache prints %t with its own brackets.
            if *field == Field::Time && rest.starts_with(b"[") && !rest[..end].ends_with(b"]") {
                end = memchr::memchr(b']', rest)? + 1;
            }
            let value = dash(&rest[..end]);
            rest = rest[end..].strip_prefix(literal.as_slice())?;
            match field {
                Field::Source => source = Address::parse(value),
                Field::Forwarded => {
                    forwarded = value.split(|&b| b == b',').find_map(|a| Address::parse(a.trim_ascii()));
                }
                Field::Host => record.host = host_name(value),
                Field::Time => time = stamp(value),
                Field::Request => record.set_request(value),
                Field::Method => record.method = value,
                Field::Target => record.target = value,
                Field::Path if record.target.is_empty() => record.target = value,
                Field::Protocol => record.protocol = value,
                Field::Status => record.status = number(value)?.min(999) as u16,
                Field::Size => record.size = number(value).unwrap_or(0),
                Field::Referer => record.referer = value,
                Field::Agent => record.user_agent = value,
                Field::Path | Field::Query | Field::Other => {}
            }
        }
        record.time = time?;
        record.source = match (source, forwarded) {
            (Some(peer), Some(client)) if peer.special().is_some() => client,
            (Some(peer), _) => peer,
            (None, client) => client?,
        };
        Some(record)
    }
}

fn stamp(value: &[u8]) -> Option<Time> {
    let bare = value.strip_prefix(b"[").and_then(|v| v.strip_suffix(b"]")).unwrap_or(value);
    clf_time(bare).or_else(|| iso_time(bare, 0)).or_else(|| {
        let seconds = bare.split(|&b| b == b'.').next()?;
        (!seconds.is_empty()).then_some(Time::from_seconds(number(seconds)?.min(i64::MAX as u64 / 2_000_000) as i64))
    })
}

/// One Apache directive after its `%`: modifiers (`>`, `!200,304`), `{argument}`, letter.
fn apache(text: &str) -> Option<(Field, &str)> {
    let text = text.trim_start_matches(|c: char| matches!(c, '>' | '<' | '!' | ',') || c.is_ascii_digit());
    let (argument, text) = match text.strip_prefix('{') {
        Some(tail) => tail.split_once('}')?,
        None => ("", text),
    };
    let text = text.trim_start_matches('^');
    let letter = text.chars().next()?;
    let field = match (letter, argument.to_ascii_lowercase().as_str()) {
        ('h' | 'a', _) => Field::Source,
        ('i', "x-forwarded-for" | "x-real-ip" | "cf-connecting-ip" | "true-client-ip") => Field::Forwarded,
        ('v' | 'V', _) | ('i', "host") => Field::Host,
        ('t', _) => Field::Time,
        ('r', _) => Field::Request,
        ('m', _) => Field::Method,
        ('U', _) => Field::Path,
        ('q', _) => Field::Query,
        ('H', _) => Field::Protocol,
        ('s', _) => Field::Status,
        ('b' | 'B' | 'O', _) => Field::Size,
        ('i', "referer") => Field::Referer,
        ('i', "user-agent") => Field::Agent,
        (c, _) if c.is_ascii_alphabetic() => Field::Other,
        _ => return None,
    };
    Some((field, &text[letter.len_utf8()..]))
}

fn nginx(name: &str) -> Field {
    match name {
        "remote_addr" | "realip_remote_addr" => Field::Source,
        "http_x_forwarded_for" | "http_x_real_ip" | "http_cf_connecting_ip" => Field::Forwarded,
        "host" | "http_host" | "server_name" => Field::Host,
        "time_local" | "time_iso8601" | "msec" => Field::Time,
        "request" => Field::Request,
        "request_method" => Field::Method,
        "request_uri" => Field::Target,
        "uri" | "document_uri" => Field::Path,
        "args" | "query_string" => Field::Query,
        "server_protocol" => Field::Protocol,
        "status" => Field::Status,
        "body_bytes_sent" | "bytes_sent" => Field::Size,
        "http_referer" => Field::Referer,
        "http_user_agent" => Field::Agent,
        _ => Field::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, line: &str, expected: [&str; 4]) {
        let p = Pattern::new("test", pattern).expect("compiles");
        let r = p.parse(line.as_bytes()).unwrap_or_else(|| panic!("not read: {line}"));
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        assert_eq!(
            [r.time.to_string(), r.source.to_string(), text(r.target), r.status.to_string()],
            expected.map(String::from)
        );
    }

    #[test]
    fn both_dialects() {
        let expected = ["2017-02-14T08:12:00Z", "8.8.8.8", "/a", "200"];
        check(
            r#"%t|%{X-Forwarded-For}i|%h|"%r"|%>s|100%%"#,
            r#"[14/Feb/2017:09:12:00 +0100]|8.8.8.8|10.0.0.1|"GET /a HTTP/1.1"|200|100%"#,
            expected,
        );
        check("$msec;$remote_addr;$request_method $request_uri;$status", "1487059920.001;8.8.8.8;GET /a;200", expected);
    }

    #[test]
    fn unusable_patterns_say_why() {
        for bad in ["", "%h %t", "%h%t %r", "$remote_addr $time_local", "%h %t \"%r\" %{x"] {
            assert!(Pattern::new("bad", bad).is_err(), "{bad}");
        }
    }
}
