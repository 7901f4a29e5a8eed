//! W3C extended log format as IIS writes it (W3C working draft WD-logfile): the `#Fields` directive names the columns,
//! and may change in the middle of a file. Stamps are UTC. Texts may stand in quotes, as the draft has them. Zeek's
//! `http.log` names its columns in the same way (`#fields`) and divides them by tabs.

use super::line::{address_with_port, host_name, number};
use super::pattern::stamp;
use super::record::{Record, dash, iso_time};
use model::{Address, Time};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Date,
    Time,
    /// Seconds since the epoch.
    Instant,
    Source,
    Host,
    HostHeader,
    Method,
    Stem,
    Query,
    Protocol,
    Status,
    Size,
    Referer,
    Agent,
    Forwarded,
    Other,
}

/// The columns that the last `#Fields` directive named, and the date of the last `#Date`.
#[derive(Clone, Default)]
pub struct Columns {
    columns: Vec<Column>,
    date: Vec<u8>,
    /// Divided by tabs alone.
    tabs: bool,
    /// A proxy's: it says how it asked, and what it decided.
    proxied: bool,
}

/// The values of a line: divided by blanks or tabs, in quotes where they hold some.
struct Values<'l> {
    rest: Option<&'l [u8]>,
    tabs: bool,
}

impl<'l> Iterator for Values<'l> {
    type Item = &'l [u8];

    fn next(&mut self) -> Option<&'l [u8]> {
        let rest = self.rest?;
        let divides = |b: u8| b == b'\t' || b == b' ' && !self.tabs;
        if let [b'"', quoted @ ..] = rest
            && !self.tabs
        {
            // A quote in quotes is doubled.
            let ends = |&n: &usize| quoted.get(n + 1).is_none_or(|&b| divides(b));
            let close = memchr::memchr_iter(b'"', quoted).find(ends)?;
            self.rest = quoted.get(close + 2..);
            return Some(&quoted[..close]);
        }
        let end = rest.iter().position(|&b| divides(b)).unwrap_or(rest.len());
        self.rest = rest.get(end + 1..);
        Some(&rest[..end])
    }
}

impl Columns {
    /// Takes a line that begins with `#`.
    pub fn directive(&mut self, line: &[u8]) {
        if let Some(names) = line.strip_prefix(b"#Fields:") {
            // A line names its columns once; a hostile one may name a million.
            self.columns =
                names.split(u8::is_ascii_whitespace).filter(|n| !n.is_empty()).take(128).map(column).collect();
            self.tabs = false;
            let mut names = names.split(u8::is_ascii_whitespace).map(<[u8]>::to_ascii_lowercase);
            self.proxied = names.any(|n| matches!(n.as_slice(), b"cs-uri-scheme" | b"s-action" | b"sc-filter-result"));
        } else if let Some(names) = line.strip_prefix(b"#fields\t") {
            self.columns = names.split(|&b| b == b'\t').take(128).map(column).collect();
            self.tabs = true;
        } else if let Some(date) = line.strip_prefix(b"#Date:") {
            self.date = date.trim_ascii().iter().take(10).copied().collect();
        }
    }

    /// Whether columns are known.
    pub fn known(&self) -> bool {
        !self.columns.is_empty()
    }

    /// Reads one line into `scratch` and a record of it; none where the columns do not fit.
    pub fn parse<'l>(&self, line: &'l [u8], scratch: &'l mut Vec<u8>) -> Option<Record<'l>> {
        let mut record = Record::default();
        let (mut date, mut time, mut stem, mut query) = (self.date.as_slice(), &b""[..], &b""[..], &b""[..]);
        let (mut source, mut forwarded, mut header) = (None, None, &b""[..]);
        let mut values = Values { rest: Some(line), tabs: self.tabs };
        for column in &self.columns {
            let value = dash(values.next()?);
            let value = if self.tabs && value == b"(empty)" { b"" } else { value };
            match column {
                Column::Date => date = value,
                Column::Time => time = value,
                Column::Instant => record.time = stamp(value)?,
                Column::Source => source = Address::parse(value),
                Column::Host => record.host = host_name(value),
                Column::HostHeader if !host_name(value).is_empty() => header = host_name(value),
                Column::HostHeader => {}
                Column::Method => record.method = value,
                Column::Stem => stem = value,
                Column::Query => query = value,
                Column::Protocol => record.protocol = value,
                Column::Status => record.status = number(value)?.min(999) as u16,
                Column::Size => record.size = Some(number(value).unwrap_or(0)),
                Column::Referer => record.referer = value,
                Column::Agent => record.user_agent = value,
                // IIS writes `+` for a blank, and some gateways the port.
                Column::Forwarded => {
                    let mut chain = value.split(|&b| matches!(b, b',' | b'+' | b' ')).filter_map(address_with_port);
                    forwarded = chain.next();
                }
                Column::Other => {}
            }
        }
        record.source = source?;
        record.proxied = self.proxied;
        if record.source.special().is_some() {
            record.source = forwarded.unwrap_or(record.source);
        }
        if !header.is_empty() {
            record.host = header;
        }
        if record.time == Time::default() {
            scratch.clear();
            scratch.extend_from_slice(date);
            scratch.push(b'T');
            scratch.extend_from_slice(time);
            record.time = iso_time(scratch, 0)?;
        }
        scratch.clear();
        scratch.extend_from_slice(stem);
        if !query.is_empty() {
            scratch.push(b'?');
            scratch.extend_from_slice(query);
        }
        record.target = scratch;
        Some(record)
    }
}

fn column(name: &[u8]) -> Column {
    match name.to_ascii_lowercase().as_slice() {
        b"date" => Column::Date,
        b"time" => Column::Time,
        b"ts" => Column::Instant,
        b"c-ip" | b"id.orig_h" => Column::Source,
        b"cs-host" | b"s-computername" | b"s-sitename" => Column::Host,
        // CloudFront names its own host first, then the one that was asked for.
        b"cs(host)" | b"host" | b"x-host-header" => Column::HostHeader,
        b"cs-method" | b"method" => Column::Method,
        b"cs-uri-stem" | b"cs-uri-path" | b"cs-uri" | b"uri" => Column::Stem,
        b"cs-uri-query" => Column::Query,
        b"cs-version" | b"cs-protocol-version" | b"version" => Column::Protocol,
        b"sc-status" | b"status_code" => Column::Status,
        b"sc-bytes" | b"response_body_len" => Column::Size,
        b"cs(referer)" | b"referrer" => Column::Referer,
        b"cs(user-agent)" | b"user_agent" => Column::Agent,
        b"x-forwarded-for" | b"cs(x-forwarded-for)" => Column::Forwarded,
        _ => Column::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iis() {
        let mut columns = Columns::default();
        columns.directive(b"#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken");
        let mut scratch = Vec::new();
        let line = b"2017-02-14 08:12:00 192.0.2.1 GET /a b=c 443 - 8.8.8.8 Mozilla/5.0+(X11) - 404 0 2 15";
        let r = columns.parse(line, &mut scratch).expect("reads");
        assert_eq!((r.target, r.status, r.source.to_string().as_str()), (&b"/a?b=c"[..], 404, "8.8.8.8"));
        assert_eq!(r.time.to_string(), "2017-02-14T08:12:00Z");
        assert!(columns.parse(b"2017-02-14 08:12:00", &mut Vec::new()).is_none());
    }

    #[test]
    fn cloudfront_and_proxies() {
        let mut columns = Columns::default();
        columns.directive(b"#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version");
        let mut scratch = Vec::new();
        let line = b"2017-02-14\t08:12:00\tLHR3\t21390\t192.0.2.7\tGET\td111.cloudfront.example\t/a\t200\t-\tMozilla/5.0%20(X11)\tb=c\t-\tMiss\tid==\twww.example.org\thttps\t23\t0.001\t-\tTLSv1.2\tECDHE\tMiss\tHTTP/2.0";
        let r = columns.parse(line, &mut scratch).expect("reads");
        assert_eq!((r.host, r.target, r.protocol), (&b"www.example.org"[..], &b"/a?b=c"[..], &b"HTTP/2.0"[..]));
        assert_eq!((r.status, r.size, r.proxied), (200, Some(21_390), false));
        columns.directive(b"#Fields: date time time-taken c-ip cs-username s-action sc-status cs-method cs-uri-scheme cs-host cs-uri-port cs-uri-path cs-uri-query cs(User-Agent)");
        let line = b"2017-02-14 08:12:00 12 192.0.2.7 anne TCP_NC_MISS 200 GET https login.example 443 /a ?b \"Mozilla/5.0 (X11)\"";
        let r = columns.parse(line, &mut scratch).expect("reads");
        assert_eq!((r.host, r.proxied), (&b"login.example"[..], true));
    }

    #[test]
    fn texts_in_quotes_proxies_with_ports_and_tabs() {
        let mut columns = Columns::default();
        columns.directive(b"#Fields: date time cs-method cs-uri-stem c-ip cs(User-Agent) sc-status X-Forwarded-For");
        let mut scratch = Vec::new();
        let line = b"2017-02-14 08:12:00.190 GET /a 10.0.0.1 \"Mozilla/5.0 (a \"\"b\"\")\" 404 8.8.8.8:51002,+10.0.0.9";
        let r = columns.parse(line, &mut scratch).expect("reads");
        assert_eq!((r.status, r.source.to_string().as_str(), r.size), (404, "8.8.8.8", None));
        assert_eq!(r.user_agent, b"Mozilla/5.0 (a \"\"b\"\")");
        columns.directive(b"#fields\tts\tid.orig_h\tmethod\thost\turi\tuser_agent\tstatus_code");
        let line = b"1487059920.5\t8.8.8.8\tGET\twww.example.org\t/a b\tMozilla/5.0 (X11)\t404";
        let r = columns.parse(line, &mut scratch).expect("reads");
        assert_eq!(
            (r.target, r.host, r.user_agent),
            (&b"/a b"[..], &b"www.example.org"[..], &b"Mozilla/5.0 (X11)"[..])
        );
    }
}
