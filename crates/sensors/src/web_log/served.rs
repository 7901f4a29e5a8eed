//! What load balancers write: AWS (ALB and the classic ELB) and HAProxy's HTTP log.
//!
//! You may rely on: a line of another form is none, for each part must be what it must be; the answer is the one that the
//! client got. Left out: lines of connections without a request (HAProxy's TCP log, network balancers).

use super::line::{address_with_port, host_name, number, quoted_field, stamp};
use super::record::{Record, dash, iso_time};

/// Reads one line.
pub fn parse(line: &[u8]) -> Option<Record<'_>> {
    aws(line).or_else(|| haproxy(line))
}

/// The kinds of requests that an ALB names first.
const KINDS: [&[u8]; 6] = [b"http", b"https", b"h2", b"grpcs", b"ws", b"wss"];

/// `https 2017-02-14T08:12:00.123456Z app/web/50dc 192.0.2.7:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET …" "agent" …`;
/// the classic balancer writes no kind.
fn aws(line: &[u8]) -> Option<Record<'_>> {
    let mut words = line.split(|&b| b == b' ');
    let first = words.next()?;
    let time = if KINDS.contains(&first) { words.next()? } else { first };
    // A quick look first: most lines are no balancer's.
    if !time.ends_with(b"Z") || !time.first()?.is_ascii_digit() {
        return None;
    }
    let mut record = Record { time: iso_time(time, 0)?, ..Record::default() };
    let _name = words.next()?;
    record.source = address_with_port(words.next()?)?;
    let (_target, taken) = (words.next()?, [words.next()?, words.next()?, words.next()?]);
    let seconds = |w: &[u8]| !w.is_empty() && w.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    let (own, _theirs, _received, sent) = (words.next()?, words.next()?, words.next()?, words.next()?);
    if !taken.iter().all(|w| seconds(w)) {
        return None;
    }
    record.status = number(dash(own)).filter(|n| *n <= 999)? as u16;
    record.size = Some(number(dash(sent))?);
    let rest = &line[memchr::memchr(b'"', line)? - 1..];
    let (request, rest) = quoted_field(rest)?;
    record.set_request(request);
    record.split_absolute();
    record.user_agent = quoted_field(rest).map_or(b"", |(agent, _)| dash(agent));
    Some(record)
}

/// `haproxy[1]: 192.0.2.7:33317 [14/Feb/2017:09:12:00.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {www.example.org} {} "GET / HTTP/1.1"`
fn haproxy(line: &[u8]) -> Option<Record<'_>> {
    let (before, time, after) = stamp(line)?;
    let client = before.split(|&b| b == b' ').rfind(|w| !w.is_empty())?;
    let mut record = Record { time, source: address_with_port(client)?, ..Record::default() };
    let open = memchr::memchr(b'"', after)?;
    let mut words = after[..open].split(|&b| b == b' ').filter(|w| !w.is_empty());
    let (_frontend, server, timers, status, bytes) =
        (words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
    let (_asked, _answered, state, connections, queues) =
        (words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
    let numbers = |w: &[u8], n: usize| {
        let mut parts = w.split(|&b| b == b'/');
        let plain = |p: &[u8]| !p.is_empty() && p.iter().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+'));
        parts.clone().count() == n && parts.all(plain)
    };
    let is_one = memchr::memchr(b'/', server).is_some()
        && numbers(timers, 5)
        && state.len() == 4
        && numbers(connections, 5)
        && numbers(queues, 2);
    if !is_one {
        return None;
    }
    // -1 where the request never came.
    record.status = if status == b"-1" { 0 } else { number(status).filter(|n| *n <= 999)? as u16 };
    record.size = Some(number(bytes.strip_prefix(b"+").unwrap_or(bytes))?);
    // What the first captured header is, only the configuration knows; a name with a point is most often the host's.
    if let Some(captured) = words.next().and_then(|w| w.strip_prefix(b"{")) {
        let end = captured.iter().position(|b| matches!(b, b'|' | b'}')).unwrap_or(captured.len());
        let name = host_name(&captured[..end]);
        record.host = if memchr::memchr(b'.', name).is_some() { name } else { b"" };
    }
    let request = &after[open + 1..];
    // A long request is cut, its closing quote with it; quotes within are written as `#22`.
    record.set_request(memchr::memrchr(b'"', request).map_or(request, |end| &request[..end]));
    record.split_absolute();
    Some(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: [&str; 8]) {
        let r = parse(line.as_bytes()).unwrap_or_else(|| panic!("not read: {line}"));
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        let size = r.size.map(|n| n.to_string()).unwrap_or_default();
        let (time, source, status) = (r.time.to_string(), r.source.to_string(), r.status.to_string());
        let got = [time, source, text(r.host), text(r.method), text(r.target), status, size, text(r.user_agent)];
        assert_eq!(got, expected.map(String::from), "{line}");
    }

    #[test]
    fn balancers_of_aws() {
        check(
            r#"https 2017-02-14T08:12:00.186641Z app/web/50dc6c495c0c9188 192.0.2.7:2817 10.0.0.1:80 0.086 0.048 0.037 502 - 34 366 "GET https://www.example.org:443/a?b HTTP/1.1" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:x "Root=1-58" "www.example.org" "arn" 1 2017-02-14T08:12:00.1Z "forward" "-" "-" "10.0.0.1:80" "-" "-" "-""#,
            ["2017-02-14T08:12:00.186641Z", "192.0.2.7", "www.example.org", "GET", "/a?b", "502", "366", "curl/7.46.0"],
        );
        check(
            r#"2017-02-14T08:12:00.945958Z lb 192.0.2.7:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.org:80/ HTTP/1.1" "curl/7.38.0" - -"#,
            ["2017-02-14T08:12:00.945958Z", "192.0.2.7", "www.example.org", "GET", "/", "200", "29", "curl/7.38.0"],
        );
    }

    #[test]
    fn haproxy_s_http_log() {
        check(
            r#"Feb 14 09:12:01 lb1 haproxy[14389]: 192.0.2.7:33317 [14/Feb/2017:09:12:00.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {www.example.org} {} "GET /a?b HTTP/1.1""#,
            ["2017-02-14T09:12:00.655Z", "192.0.2.7", "www.example.org", "GET", "/a?b", "200", "2750", ""],
        );
        check(
            r#"192.0.2.7:33317 [14/Feb/2017:09:12:00.655] http-in~ http-in/<NOSRV> -1/-1/-1/-1/5 400 187 - - PR-- 1/1/0/0/0 0/0 "<BADREQ>""#,
            ["2017-02-14T09:12:00.655Z", "192.0.2.7", "", "", "<BADREQ>", "400", "187", ""],
        );
    }

    #[test]
    fn what_is_none() {
        for line in [
            "",
            "\"",
            "https",
            "2017-02-14T08:12:00Z a b c d e f g h i j k \"",
            "192.0.2.7:1 [14/Feb/2017:09:12:00.655] a b c d e f g h i j \"x\"",
            "192.0.2.7 - - [14/Feb/2017:09:12:00 +0100] \"GET / HTTP/1.1\" 200 1",
        ] {
            assert!(parse(line.as_bytes()).is_none(), "{line}");
        }
    }
}
