//! Log formats that a server's own configuration names: Apache's LogFormat (`%h %l %u %t "%r" %>s %b`) and nginx's
//! log_format (`$remote_addr - $remote_user [$time_local] "$request" …`), given in `case.toml` under a name.
//!
//! A pattern is a row of fields and the literal text between them; a field runs to the next literal. Nothing
//! backtracks.

use super::line::{address_with_port, host_name, number};
use super::record::{Record, clf_time, dash, iso_time};
use model::{Address, Error, Result, Time};

/// What stands in a place of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    Source,
    Forwarded,
    Host,
    Time,
    Request,
    /// A request without quotes, which its protocol ends.
    Line,
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

    /// Of fields and the literals behind them.
    pub fn of(lead: &[u8], fields: impl Iterator<Item = (Field, Vec<u8>)>) -> Pattern {
        let mut pattern = Pattern { lead: lead.to_vec(), fields: fields.collect() };
        if pattern.fields.last().is_some_and(|(_, literal)| !literal.is_empty()) {
            pattern.fields.push((Field::Other, Vec::new()));
        }
        pattern
    }

    /// Reads one line into a record; none where the literals do not fit.
    pub fn parse<'l>(&self, line: &'l [u8]) -> Option<Record<'l>> {
        let rest = line.strip_prefix(self.lead.as_slice())?;
        let request = |f: &(Field, Vec<u8>)| matches!(f.0, Field::Request | Field::Line);
        let Some(at) = self.fields.iter().position(request) else {
            return Reading::default().take(&self.fields, rest)?.record();
        };
        let (before, [(field, literal), after @ ..]) = self.fields.split_at(at) else { return None };
        let mut reading = Reading::default();
        let rest = reading.walk(before, rest)?;
        // Whoever asks may put anything into a request: it ends where the rest of the line fits, at its protocol where it
        // has one.
        let mut other = None;
        let mut from = 0;
        for _ in 0..TRIES {
            let end = match literal.as_slice() {
                [] => rest.len(),
                literal => match memchr::memmem::find(&rest[from..], literal) {
                    Some(at) => from + at,
                    None => break,
                },
            };
            let mut reading = reading.clone();
            reading.record.set_request(dash(&rest[..end]));
            let sure = !reading.record.protocol.is_empty();
            if sure || *field == Field::Request && other.is_none() {
                let record = reading.take(after, &rest[end + literal.len()..]).and_then(Reading::record);
                if sure && record.is_some() {
                    return record;
                }
                other = other.or(record);
            }
            from = end + 1;
            if from >= rest.len() {
                break;
            }
        }
        other
    }
}

/// Places where a request may end that are tried.
const TRIES: usize = 16;

/// What was read of a line so far.
#[derive(Clone, Default)]
struct Reading<'l> {
    record: Record<'l>,
    time: Option<Time>,
    source: Option<Address>,
    forwarded: Option<Address>,
}

impl<'l> Reading<'l> {
    fn take(mut self, fields: &[(Field, Vec<u8>)], rest: &'l [u8]) -> Option<Reading<'l>> {
        self.walk(fields, rest)?;
        Some(self)
    }

    /// Reads fields one after another, and gives what follows them.
    fn walk(&mut self, fields: &[(Field, Vec<u8>)], mut rest: &'l [u8]) -> Option<&'l [u8]> {
        for (field, literal) in fields {
            // A stamp may hold what ends it.
            let from = if *field == Field::Time { stamp_length(rest).unwrap_or(0) } else { 0 };
            let mut end = match literal.as_slice() {
                [] => rest.len(),
                literal => from + memchr::memmem::find(&rest[from..], literal)?,
            };
            // Apache prints %t with its own brackets.
            if *field == Field::Time && rest.starts_with(b"[") && !rest[..end].ends_with(b"]") {
                end = memchr::memchr(b']', rest)? + 1;
            }
            let value = dash(&rest[..end]);
            rest = rest[end..].strip_prefix(literal.as_slice())?;
            let record = &mut self.record;
            match field {
                Field::Source => self.source = address_with_port(value),
                Field::Forwarded => {
                    self.forwarded = value.split(|&b| b == b',').find_map(|a| address_with_port(a.trim_ascii()));
                }
                Field::Host => record.host = host_name(value),
                Field::Time => self.time = stamp(value),
                Field::Method => record.method = value,
                Field::Target => record.target = value,
                Field::Path if record.target.is_empty() => record.target = value,
                Field::Protocol => record.protocol = value,
                Field::Status => record.status = number(value)?.min(999) as u16,
                Field::Size => record.size = Some(number(value).unwrap_or(0)),
                Field::Referer => record.referer = value,
                Field::Agent => record.user_agent = value,
                Field::Path | Field::Query | Field::Request | Field::Line | Field::Other => {}
            }
        }
        Some(rest)
    }

    fn record(self) -> Option<Record<'l>> {
        let source = match (self.source, self.forwarded) {
            (Some(peer), Some(client)) if peer.special().is_some() => client,
            (Some(peer), _) => peer,
            (None, client) => client?,
        };
        Some(Record { time: self.time?, source, ..self.record })
    }
}

/// The length of the stamp that a text begins with, its brackets left out: of Common Log Format, or RFC 3339 and its kin.
pub fn stamp_length(text: &[u8]) -> Option<usize> {
    let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let colon = |at: usize| text.get(at) == Some(&b':');
    if !digit(0) || !digit(1) {
        return None;
    }
    let mut end = if colon(11) && colon(14) && colon(17) && text.get(2) == Some(&b'/') {
        20
    } else if colon(13)
        && colon(16)
        && matches!(text.get(4), Some(b'-' | b'/'))
        && matches!(text.get(10), Some(b'T' | b' '))
    {
        19
    } else {
        return None;
    };
    if matches!(text.get(end), Some(b'.' | b',')) && digit(end + 1) {
        end += 1;
        while digit(end) {
            end += 1;
        }
    }
    let zone = end + usize::from(text.get(end) == Some(&b' '));
    match text.get(zone) {
        Some(b'+' | b'-') if digit(zone + 1) && digit(zone + 2) => {
            let colon = usize::from(colon(zone + 3));
            end = (zone + 5 + colon).min(text.len());
        }
        Some(b'Z') if zone == end => end += 1,
        _ => {}
    }
    // A line may be cut within its stamp.
    stamp(text.get(..end)?).map(|_| end)
}

/// A stamp in any of the forms that servers write: also with slashes for hyphens, and seconds since the epoch.
pub fn stamp(value: &[u8]) -> Option<Time> {
    let bare = value.strip_prefix(b"[").and_then(|v| v.strip_suffix(b"]")).unwrap_or(value);
    clf_time(bare).or_else(|| iso_time(bare, 0)).or_else(|| slashed(bare)).or_else(|| {
        let seconds = bare.split(|&b| b == b'.').next()?;
        (!seconds.is_empty()).then_some(Time::from_seconds(number(seconds)?.min(i64::MAX as u64 / 2_000_000) as i64))
    })
}

/// `2017/02/14 09:12:00`.
fn slashed(bare: &[u8]) -> Option<Time> {
    let mut text = [0; 40];
    let text = text.get_mut(..bare.len())?;
    text.copy_from_slice(bare);
    for at in [4, 7] {
        *text.get_mut(at).filter(|b| **b == b'/')? = b'-';
    }
    iso_time(text, 0)
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
    fn a_stamp_may_be_cut_anywhere() {
        for whole in ["14/Feb/2017:09:12:00 +0100", "2017-02-14T09:12:00.123+01:00", "2017/02/14 09:12:00Z"] {
            for cut in 0..whole.len() {
                let length = stamp_length(&whole.as_bytes()[..cut]);
                assert!(length.is_none_or(|n| n <= cut), "{whole} cut at {cut}");
            }
            assert_eq!(stamp_length(whole.as_bytes()), Some(whole.len()));
        }
    }

    #[test]
    fn unusable_patterns_say_why() {
        for bad in ["", "%h %t", "%h%t %r", "$remote_addr $time_local", "%h %t \"%r\" %{x"] {
            assert!(Pattern::new("bad", bad).is_err(), "{bad}");
        }
    }
}
