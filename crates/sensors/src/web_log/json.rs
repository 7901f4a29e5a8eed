//! Access logs as JSON lines: nginx (`log_format … escape=json`, whatever the keys are called), Caddy, Traefik, and what
//! networks in front of a site deliver: Cloudflare (Logpush), Fastly, Azure (Front Door, Application Gateway).
//!
//! Keys are matched by name, nested objects flattened with dots, headers by their first value. A line needs an
//! address, a time and a target or request to count. Nesting is bounded by the JSON library (128).

use super::line::number;
use super::pattern::{stamp, stamp_length};
use super::record::{Record, clf_time, iso_time};
use model::{Address, Time};
use serde_json::Value;

/// What a JSON line says, owned: its strings are unescaped.
#[derive(Default)]
pub struct Owned {
    pub time: Option<Time>,
    pub source: Option<Address>,
    pub host: String,
    pub target: String,
    pub request: String,
    pub status: u16,
    pub forwarded: String,
    /// Whether a server behind its own proxies said who asked.
    pub told: bool,
    pub method: String,
    pub query: String,
    pub protocol: String,
    pub size: Option<u64>,
    pub referer: String,
    pub user_agent: String,
}

/// Reads one line; none where it is no access record.
pub fn parse(line: &[u8]) -> Option<Owned> {
    let start = memchr::memchr(b'{', line)?;
    let Value::Object(map) = serde_json::from_slice::<Value>(&line[start..]).ok()? else { return None };
    let mut o = Owned::default();
    for (key, value) in &map {
        o.take("", key, value, 0);
    }
    // Caddy's console writes the stamp before the object.
    o.time = o.time.or_else(|| stamp(&line[..stamp_length(line).filter(|n| *n <= start)?]));
    let known = o.time.is_some() && o.source.is_some() && !(o.target.is_empty() && o.request.is_empty());
    known.then_some(o)
}

impl Owned {
    /// Borrows it as a record.
    pub fn record(&self) -> Record<'_> {
        let mut record = Record {
            time: self.time.unwrap_or_default(),
            source: self.source.unwrap_or_default(),
            host: super::line::host_name(self.host.as_bytes()),
            status: self.status,
            size: self.size,
            referer: self.referer.as_bytes(),
            user_agent: self.user_agent.as_bytes(),
            ..Record::default()
        };
        if !self.target.is_empty() {
            record.method = self.method.as_bytes();
            record.target = self.target.as_bytes();
            record.protocol = self.protocol.as_bytes();
        } else {
            record.set_request(self.request.as_bytes());
        }
        if record.source.special().is_some() {
            let mut chain = self.forwarded.split(',').filter_map(|a| Address::parse(a.trim().as_bytes()));
            if let Some(client) = chain.find(|a| a.special().is_none()) {
                record.source = client;
            }
        }
        record
    }

    fn take(&mut self, parent: &str, key: &str, value: &Value, depth: u32) {
        if depth > 4 {
            return;
        }
        if let Value::Object(inner) = value {
            inner.iter().for_each(|(k, v)| self.take(key, k, v, depth + 1));
            return;
        }
        let value = match value {
            Value::Array(list) => list.first().unwrap_or(&Value::Null),
            other => other,
        };
        let key = key.to_ascii_lowercase().replace(['-', '@'], "_");
        let key = key.trim_start_matches('_').trim_start_matches("request_header_");
        let text = || value.as_str().unwrap_or("").to_string();
        let count = || value.as_u64().or_else(|| number(value.as_str()?.as_bytes()));
        match key {
            "time_iso8601" | "time_local" | "timestamp" | "time" | "ts" | "msec" | "startutc" | "date"
            | "edgestarttimestamp"
                // The server's own start of the request beats a log shipper's stamp, whatever their order.
                if (self.time.is_none() || key == "startutc" || key == "edgestarttimestamp") => {
                    self.time = time(value).or(self.time);
                }
            "remote_addr" | "remote_ip" | "clienthost" | "client_ip" | "clientip" | "client_addr" | "clientaddr"
            | "c_ip" | "id.orig_h" | "sip" | "src_ip" | "realip" => {
                let address = address(&text());
                // Caddy's `client_ip` is who asked, `remote_ip` who passed it on.
                let sure = key == "client_ip";
                if self.source.is_none() || sure || !self.told && (key == "remote_ip" || key == "clienthost") {
                    self.source = address.or(self.source);
                    self.told |= sure && address.is_some();
                }
            }
            "http_x_forwarded_for" | "x_forwarded_for" | "xff" | "true_client_ip" => self.forwarded = text(),
            // A shipper's `hostname` is a machine's; Azure's is the site's.
            "hostname" | "originalhost" if parent == "properties" => self.host = text(),
            "host" | "http_host" | "server_name" | "vhost" | "requesthost" | "requestaddr" | "clientrequesthost"
                if (self.host.is_empty() || key == "requesthost" || parent == "request") => {
                    self.host = text();
                }
            "request_method" | "method" | "requestmethod" | "verb" | "clientrequestmethod" | "httpmethod" => {
                self.method = text();
            }
            // Azure writes the whole address.
            "requesturi" => {
                let whole = text();
                let mut record = Record { target: whole.as_bytes(), ..Record::default() };
                record.split_absolute();
                self.target = String::from_utf8_lossy(record.target).into_owned();
                if self.host.is_empty() {
                    self.host = String::from_utf8_lossy(record.host).into_owned();
                }
            }
            "request_uri" | "uri" | "requestpath" | "path" | "url" | "request_path" | "clientrequesturi"
                // nginx's $uri is the path after rewriting; $request_uri is what was sent.
                if (self.target.is_empty() || key == "request_uri") => {
                    self.target = text();
                }
            "args" | "query_string" => self.query = text(),
            "request" => self.request = text(),
            // Azure's `requestProtocol` says `HTTPS`.
            "requestprotocol" if !text().starts_with("HTTP/") => {}
            "server_protocol" | "proto" | "protocol" | "requestprotocol" | "http_version" | "clientrequestprotocol"
            | "request_protocol" => self.protocol = text(),
            "httpversion" => {
                // Azure writes four numbers, `2.0.0.0`, of which two say something.
                let version = text();
                let version = version.strip_prefix("HTTP/").unwrap_or(&version);
                let two = version.match_indices('.').nth(1).map_or(version, |(at, _)| &version[..at]);
                self.protocol = format!("HTTP/{two}");
            }
            "status" | "downstreamstatus" | "response" | "status_code" | "edgeresponsestatus" | "response_status"
            | "httpstatuscode" | "httpstatus" => {
                self.status = count().unwrap_or(0).min(999) as u16;
            }
            "body_bytes_sent" | "size" | "downstreamcontentsize" | "bytes" | "bytes_sent" | "response_body_len"
            | "edgeresponsebytes" | "response_body_size" | "responsebytes" | "sentbytes"
                if (self.size.is_none() || key == "body_bytes_sent") => {
                    self.size = count().or(self.size);
                }
            "http_referer" | "http_referrer" | "referer" | "referrer" | "request_referer" | "clientrequestreferer" => {
                self.referer = super_dash(text())
            }
            "http_user_agent" | "user_agent" | "useragent" | "agent" | "request_user_agent"
            | "clientrequestuseragent" => {
                self.user_agent = super_dash(text());
            }
            _ => {}
        }
        if !self.query.is_empty() && !self.target.is_empty() && !self.target.contains('?') {
            self.target = format!("{}?{}", self.target, std::mem::take(&mut self.query));
        }
    }
}

fn super_dash(text: String) -> String {
    if text == "-" { String::new() } else { text }
}

fn address(text: &str) -> Option<Address> {
    Address::parse(text.as_bytes()).or_else(|| Address::parse(text.rsplit_once(':')?.0.as_bytes()))
}

/// A stamp as text, or seconds, milliseconds or microseconds since the epoch by magnitude.
fn time(value: &Value) -> Option<Time> {
    if let Some(text) = value.as_str() {
        let bytes = text.as_bytes();
        return iso_time(bytes, 0).or_else(|| clf_time(bytes)).or_else(|| epoch(text.parse().ok()?));
    }
    epoch(value.as_f64()?)
}

fn epoch(n: f64) -> Option<Time> {
    let seconds = match n.abs() {
        a if a < 1e11 => n,
        a if a < 1e14 => n / 1e3,
        a if a < 1e17 => n / 1e6,
        _ => n / 1e9,
    };
    (seconds.is_finite() && seconds.abs() < 2.5e11).then_some(Time((seconds * 1e6).round() as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: [&str; 8]) {
        let owned = parse(line.as_bytes()).unwrap_or_else(|| panic!("not read: {line}"));
        let r = owned.record();
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        let got = [
            r.time.to_string(),
            r.source.to_string(),
            text(r.host),
            text(r.method),
            text(r.target),
            r.status.to_string(),
            r.size.map(|n| n.to_string()).unwrap_or_default(),
            text(r.user_agent),
        ];
        assert_eq!(got, expected.map(String::from), "{line}");
    }

    #[test]
    fn three_servers() {
        check(
            r#"{"time":"2017-02-14T09:12:00+01:00","remote_addr":"8.8.8.8","request":"GET /a?b HTTP/1.1","status":"200","body_bytes_sent":"12","http_user_agent":"ua","host":"www.example.org"}"#,
            ["2017-02-14T08:12:00Z", "8.8.8.8", "www.example.org", "GET", "/a?b", "200", "12", "ua"],
        );
        check(
            r#"{"level":"info","ts":1487059920.5,"logger":"http.log.access","request":{"remote_ip":"8.8.8.8","remote_port":"4","proto":"HTTP/2.0","method":"GET","host":"www.example.org","uri":"/a?b","headers":{"User-Agent":["ua"]}},"status":404,"size":0}"#,
            ["2017-02-14T08:12:00.5Z", "8.8.8.8", "www.example.org", "GET", "/a?b", "404", "0", "ua"],
        );
        check(
            "2017/02/14 08:12:00.5\tinfo\thttp.log.access.log0\thandled request\t{\"request\": {\"remote_ip\": \"10.0.0.7\", \"client_ip\": \"8.8.8.8\", \"proto\": \"HTTP/1.1\", \"method\": \"GET\", \"host\": \"www.example.org\", \"uri\": \"/a?b\"}, \"size\": 3, \"status\": 200}",
            ["2017-02-14T08:12:00.5Z", "8.8.8.8", "www.example.org", "GET", "/a?b", "200", "3", ""],
        );
        // Zeek's http.log, DShield's web honeypot.
        check(
            r#"{"ts":1487059920.5,"id.orig_h":"8.8.8.8","id.resp_h":"10.0.0.9","method":"GET","host":"www.example.org","uri":"/a?b","user_agent":"ua","status_code":200,"response_body_len":3}"#,
            ["2017-02-14T08:12:00.5Z", "8.8.8.8", "www.example.org", "GET", "/a?b", "200", "3", "ua"],
        );
        check(
            r#"{"time":"2017-02-14T08:12:00","headers":{"host":"www.example.org"},"sip":"8.8.8.8","dip":"10.0.0.9","method":"GET","url":"/a?b","useragent":"ua","version":"HTTP/1.1","response_id":{"status_code":200}}"#,
            ["2017-02-14T08:12:00Z", "8.8.8.8", "www.example.org", "GET", "/a?b", "200", "", "ua"],
        );
        check(
            r#"{"ClientAddr":"8.8.8.8:39496","ClientHost":"8.8.8.8","DownstreamContentSize":357,"DownstreamStatus":200,"RequestHost":"www.example.org","RequestMethod":"GET","RequestPath":"/a?b","RequestProtocol":"HTTP/1.1","StartUTC":"2017-02-14T08:12:00Z","time":"2017-02-14T08:12:01Z","request_User-Agent":"ua"}"#,
            ["2017-02-14T08:12:00Z", "8.8.8.8", "www.example.org", "GET", "/a?b", "200", "357", "ua"],
        );
    }

    #[test]
    fn networks_in_front_of_a_site() {
        let seen = ["2017-02-14T08:12:00Z", "192.0.2.7", "www.example.org", "GET", "/a?b", "403", "357", "ua"];
        check(
            r#"{"ClientIP":"192.0.2.7","ClientRequestHost":"www.example.org","ClientRequestMethod":"GET","ClientRequestURI":"/a?b","ClientRequestPath":"/a","ClientRequestProtocol":"HTTP/2","ClientRequestReferer":"","ClientRequestUserAgent":"ua","EdgeStartTimestamp":"2017-02-14T08:12:00Z","EdgeEndTimestamp":"2017-02-14T08:12:01Z","EdgeResponseBytes":357,"EdgeResponseStatus":403,"OriginResponseStatus":0,"RayID":"49"}"#,
            seen,
        );
        check(
            r#"{"ClientIP":"192.0.2.7","ClientRequestHost":"www.example.org","ClientRequestMethod":"GET","ClientRequestURI":"/a?b","ClientRequestUserAgent":"ua","EdgeStartTimestamp":1487059920000000000,"EdgeResponseBytes":357,"EdgeResponseStatus":403}"#,
            seen,
        );
        check(
            r#"{"timestamp":"2017-02-14T08:12:00+0000","client_ip":"192.0.2.7","geo_country":"france","host":"www.example.org","url":"/a?b","request_method":"GET","request_protocol":"HTTP/1.1","request_referer":"","request_user_agent":"ua","response_state":"ERROR","response_status":403,"response_reason":"Forbidden","response_body_size":357,"fastly_server":"cache-x","fastly_is_edge":true}"#,
            seen,
        );
        check(
            r#"{"time":"2017-02-14T08:12:00Z","resourceId":"/X","category":"FrontDoorAccessLog","operationName":"Microsoft.Cdn/Profiles/AccessLog/Write","properties":{"trackingReference":"0a","httpMethod":"GET","httpVersion":"2.0.0.0","requestUri":"https://www.example.org:443/a?b","requestBytes":"11","responseBytes":"357","userAgent":"ua","clientIp":"192.0.2.7","socketIp":"198.51.100.7","clientPort":"5","timeTaken":"0.02","requestProtocol":"HTTPS","endpoint":"e.azurefd.example","httpStatusCode":"403","httpStatusDetails":"403","hostName":"www.example.org","referer":""}}"#,
            seen,
        );
        check(
            r#"{"timeStamp":"2017-02-14T08:12:00Z","resourceId":"/X","operationName":"ApplicationGatewayAccess","category":"ApplicationGatewayAccessLog","properties":{"clientIP":"192.0.2.7","clientPort":5,"httpMethod":"GET","originalRequestUriWithArgs":"/a?b","requestUri":"/a?b","requestQuery":"","userAgent":"ua","httpStatus":403,"httpVersion":"HTTP/1.0","receivedBytes":65,"sentBytes":357,"timeTaken":205,"host":"10.0.0.4","originalHost":"www.example.org"}}"#,
            seen,
        );
    }

    #[test]
    fn versions_however_many_numbers_they_have() {
        for (written, expected) in
            [("2.0.0.0", "HTTP/2.0"), ("1.1", "HTTP/1.1"), ("HTTP/1.0", "HTTP/1.0"), ("3", "HTTP/3")]
        {
            let line = format!(
                r#"{{"time":"2017-02-14T08:12:00Z","properties":{{"httpMethod":"GET","httpVersion":"{written}","requestUri":"/a","clientIp":"192.0.2.7","httpStatusCode":"200"}}}}"#
            );
            let owned = parse(line.as_bytes()).expect("a record");
            assert_eq!(owned.record().protocol, expected.as_bytes(), "{written}");
        }
    }

    #[test]
    fn other_json_is_not_ours() {
        for line in ["{}", "{", r#"{"time":"2017-02-14T08:12:00Z","msg":"hello"}"#, r#"[1,2]"#, r#"{"ts":1e400}"#] {
            assert!(parse(line.as_bytes()).is_none(), "{line}");
        }
    }
}
