//! One line of text → the names on it: plain lists, hosts files, URLs, zone files and their differences, the query logs
//! of BIND, Unbound, dnsmasq and Zeek, and tables with a header.
//!
//! You may rely on: no allocation for a line without a record; any bytes. Left out: what is JSON (`json.rs`) or a
//! WHOIS answer (`registration.rs`), and judging.

use model::{Address, Time};
use rows::names::Record;

/// How the lines of a piece of evidence are written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Format {
    /// A name, a URL or an address and names on each line.
    List,
    /// Resource records, or a difference of two zones.
    Zone,
    /// BIND's query log.
    Bind,
    /// Unbound's.
    Unbound,
    /// dnsmasq's and Pi-hole's.
    Dnsmasq,
    /// Technitium's.
    Technitium,
    /// Zeek's dns.log: the columns of time, client and query.
    Zeek([usize; 3]),
    /// A table.
    Table(Table),
    /// One JSON object on each line.
    JsonLines,
    /// One JSON document.
    Json,
    /// WHOIS answers.
    Whois,
}

/// How the lines of a table are written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    separator: u8,
    /// The column of the name.
    name: usize,
    /// The column of its day of registration, and whether months stand before days there.
    created: Option<(usize, bool)>,
}

/// What a table may call its column of days of registration.
const CREATED_COLUMNS: [&[u8]; 14] = [
    b"created",
    b"created on",
    b"created at",
    b"created_at",
    b"create date",
    b"create_date",
    b"creation date",
    b"creation_date",
    b"creationdate",
    b"registered",
    b"registered on",
    b"registration date",
    b"registration_date",
    b"whois_created",
];

/// What a table may call its column of names, the surest first.
const NAME_COLUMNS: [&[u8]; 6] = [b"domain", b"domain_name", b"domain-name", b"indicator", b"hostname", b"host"];

/// A name on a line.
#[derive(Clone, Debug, Default)]
pub struct Seen<'l> {
    /// The name as written.
    pub name: &'l [u8],
    /// When, where the line says so.
    pub time: Option<Time>,
    /// Who asked for it.
    pub client: Option<Address>,
    /// A record of it, and its value.
    pub record: Option<(Record, &'l [u8])>,
    /// When it was registered.
    pub created: Option<Time>,
}

/// What a head of evidence is, and how sure that is (0–100).
pub fn sniff(head: &[u8]) -> Option<(Format, u8)> {
    let whole = match memchr::memrchr(b'\n', head) {
        Some(end) if head.len() > end + 1 && head.len() >= 4096 => &head[..end],
        _ => head,
    };
    let text = whole.strip_prefix(b"\xef\xbb\xbf").unwrap_or(whole);
    let lines: Vec<&[u8]> =
        text.split(|&b| b == b'\n').map(<[u8]>::trim_ascii).filter(|l| !l.is_empty()).take(200).collect();
    let first = *lines.first()?;
    // Unbound's lines begin with a stamp in brackets.
    if matches!(first[0], b'{' | b'[') && !first.get(1).is_some_and(u8::is_ascii_digit) {
        // Of a document the first line may be all but nothing.
        return super::json::sniff(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head), first);
    }
    if let Some(columns) = lines.iter().take(16).find_map(|l| zeek_columns(l)) {
        return Some((Format::Zeek(columns), 92));
    }
    if let Some(table) = table(first, &lines) {
        return Some((table, 85));
    }
    // URLhaus and others write the header as a remark.
    let remarks = lines.iter().take(16).filter_map(|l| l.strip_prefix(b"#"));
    if let Some(table) =
        remarks.filter(|l| memchr::memchr(b',', l).is_some()).find_map(|l| table(l.trim_ascii(), &lines))
    {
        return Some((table, 85));
    }
    let body: Vec<&[u8]> = lines.into_iter().filter(|l| !matches!(l[0], b'#' | b';' | b'%')).collect();
    let share = |f: &dyn Fn(&[u8]) -> bool| 100 * body.iter().filter(|l| f(l)).count() / body.len().max(1);
    if body.is_empty() {
        return None;
    }
    for (format, program) in [
        (Format::Bind, &b" query: "[..]),
        (Format::Unbound, b" info: "),
        (Format::Dnsmasq, b" dnsmasq["),
        (Format::Technitium, b" QNAME: "),
    ] {
        let read = |l: &[u8]| {
            let mut any = false;
            visit(&format, l, &mut |_| any = true);
            any
        };
        // Such logs are full of other events: an answer or four for each question, what was forwarded, what was blocked.
        let queries = share(&read);
        if queries >= 30 || queries > 0 && share(&|l| memchr::memmem::find(l, program).is_some()) >= 80 {
            return Some((format, 92));
        }
    }
    let whois = |l: &[u8]| super::registration::whois_domain(l).is_some();
    if body.iter().take(60).any(|l| whois(l)) && share(&|l| memchr::memmem::find(l, b":").is_some()) >= 50 {
        return Some((Format::Whois, 85));
    }
    if share(&|l| l.starts_with(b"$ORIGIN") || record(unsigned(l)).is_some()) >= 50 {
        return Some((Format::Zone, 75));
    }
    let kinds = |l: &[u8]| {
        let mut parts = crate::domain::Parts::default();
        let (mut names, mut addresses, mut others) = (0, 0, 0);
        visit(&Format::List, l, &mut |s| match parts.set(s.name) {
            Ok(()) if knowledge::suffixes::suffix(parts.text().as_bytes()).is_some_and(|s| s.is_known()) => names += 1,
            Err(crate::domain::Damage::Address) => addresses += 1,
            _ => others += 1,
        });
        let prose = l.iter().filter(|b| **b == b' ').count() > 5;
        (names, addresses, if prose { 1 } else { others })
    };
    let named = share(&|l| matches!(kinds(l), (1.., _, 0)));
    // A list of indicators has addresses among its names.
    let plain = if named >= 30 { share(&|l| matches!(kinds(l), (1.., _, 0) | (_, 1.., 0))) } else { 0 };
    match plain {
        80.. => Some((Format::List, 60)),
        60..80 => Some((Format::List, 50)),
        // A handful of names with as many damaged ones is still nothing else.
        _ => None,
    }
}

/// Visits the names on a line.
pub fn visit<'l>(format: &Format, line: &'l [u8], each: &mut dyn FnMut(Seen<'l>)) {
    let line = line.trim_ascii();
    match format {
        Format::List => list(line, each),
        Format::Zone => zone(line, each),
        Format::Bind => bind(line, each),
        Format::Unbound => unbound(line, each),
        Format::Dnsmasq => dnsmasq(line, each),
        Format::Technitium => technitium(line, each),
        Format::Zeek(columns) => zeek(line, columns, each),
        Format::Table(_) if line.first() == Some(&b'#') => {}
        Format::Table(table) => {
            if let Some(name) = table.cell(line, table.name)
                && !NAME_COLUMNS.iter().any(|c| name.eq_ignore_ascii_case(c))
            {
                let created = table.created.and_then(|(at, months)| day(table.cell(line, at)?, months));
                each(Seen { name: host(name), created, ..Seen::default() });
            }
        }
        Format::JsonLines | Format::Json | Format::Whois => {}
    }
}

/// Whether a line that names nobody is what such evidence is full of: a remark, a directive, an answer to a question.
pub fn is_ordinary(format: &Format, line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let says = |words: &[&str]| words.iter().any(|w| memchr::memmem::find(line, w.as_bytes()).is_some());
    match format {
        // Nothing else is without a name there.
        Format::List | Format::Zone | Format::Json | Format::JsonLines | Format::Whois => true,
        _ if line.is_empty() || line[0] == b'#' => true,
        Format::Bind | Format::Technitium => false,
        Format::Unbound => says(&UNBOUND),
        Format::Dnsmasq => says(&DNSMASQ),
        Format::Zeek(columns) => line.split(|&b| b == b'\t').nth(columns[2]).is_some(),
        // The header.
        Format::Table(table) => table.cell(line, table.name).is_some(),
    }
}

/// Whether dnsmasq says what it did about a question, or what it is set to.
pub fn is_dnsmasq(message: &str) -> bool {
    DNSMASQ.iter().any(|w| message.contains(w.trim_start()))
}

/// What dnsmasq and Pi-hole say besides questions (dnsmasq's `log_query` and start).
const DNSMASQ: [&str; 22] = [
    " forwarded ",
    " reply ",
    " cached ",
    " cached-stale ",
    " config ",
    " validation ",
    " dnssec-query[",
    " blocked ",
    " gravity ",
    " regex ",
    " exactly ",
    " Rate-limiting ",
    " special domain ",
    " DHCP",
    "/etc/hosts ",
    " read ",
    " using ",
    " reading ",
    " started",
    " cleared cache",
    " compile time options",
    " exiting on receipt",
];

/// What Unbound says besides questions at its usual verbosity.
const UNBOUND: [&str; 14] = [
    "info: resolving ",
    "info: response for ",
    "info: reply from ",
    "info: query response ",
    "info: start of service",
    "info: service stopped",
    "info: server stats ",
    "info: generate keytag",
    "info: validat",
    "info: prim",
    "info: control cmd",
    "info: average recursion",
    "info: histogram",
    "notice: init module",
];

/// The host of a URL or of what looks like one; else the text itself.
pub fn host(text: &[u8]) -> &[u8] {
    let mut text = text.trim_ascii();
    if let Some(at) = memchr::memmem::find(text, b"://") {
        text = &text[at + 3..];
    }
    text = &text[..text.iter().position(|b| matches!(b, b'/' | b'?' | b'#' | b'\\')).unwrap_or(text.len())];
    if let Some(at) = memchr::memrchr(b'@', text) {
        text = &text[at + 1..];
    }
    match memchr::memchr(b':', text) {
        Some(at) if text[at + 1..].iter().all(u8::is_ascii_digit) => &text[..at],
        _ => text,
    }
}

fn list<'l>(line: &'l [u8], each: &mut dyn FnMut(Seen<'l>)) {
    if line.is_empty() || matches!(line[0], b'#' | b';' | b'!') {
        return;
    }
    // Nearly every line of a list is a bare name.
    let Some(end) = line.iter().position(|b| matches!(b, b' ' | b'\t' | b',' | b'/' | b':' | b'#' | b'[')) else {
        return each(Seen { name: line, ..Seen::default() });
    };
    let one = !line.iter().any(|b| matches!(b, b' ' | b'\t'));
    if one && matches!(line[end], b'/' | b':') {
        return each(Seen { name: host(line), ..Seen::default() });
    }
    // A hosts file has its address first and any number of names; a remark ends the line.
    let mut words = line
        .split(|b| matches!(b, b' ' | b'\t' | b','))
        .filter(|w| !w.is_empty())
        .take_while(|w| w[0] != b'#')
        .peekable();
    if words.peek().is_some_and(|w| Address::parse(w).is_some()) {
        words.next();
        return words
            .filter(|w| memchr::memchr(b'.', w).is_some())
            .for_each(|name| each(Seen { name, ..Seen::default() }));
    }
    if let Some(word) = words.next() {
        // Defanged as reports write it: `example[.]com` cannot be a name, its host can.
        each(Seen { name: host(word), ..Seen::default() });
    }
}

/// Owner, type where it is of use, and value of a resource record (RFC 1035 5.1).
fn record(line: &[u8]) -> Option<(&[u8], Option<Record>, &[u8])> {
    let mut words = line.split(|b| matches!(b, b' ' | b'\t')).filter(|w| !w.is_empty());
    let owner = words.next()?;
    for _ in 0..3 {
        let word = words.next()?;
        let kind = match word {
            b"A" | b"a" => Some(Record::A),
            b"AAAA" | b"aaaa" => Some(Record::Aaaa),
            b"NS" | b"ns" => Some(Record::Ns),
            b"MX" | b"mx" => Some(Record::Mx),
            b"CNAME" | b"cname" => Some(Record::Cname),
            b"TXT" | b"txt" => Some(Record::Txt),
            b"DS" | b"ds" | b"SOA" | b"soa" | b"RRSIG" | b"rrsig" | b"NSEC" | b"nsec" | b"NSEC3" | b"nsec3"
            | b"DNSKEY" | b"dnskey" => None,
            b"IN" | b"in" => continue,
            _ if word.iter().all(u8::is_ascii_digit) => continue,
            _ => return None,
        };
        let value = words.next()?;
        let value = if kind == Some(Record::Mx) { words.next().unwrap_or(value) } else { value };
        return Some((owner, kind, value));
    }
    None
}

/// A line of a difference without its sign.
fn unsigned(line: &[u8]) -> &[u8] {
    match line {
        [b'+' | b'>' | b'<' | b'-', rest @ ..] => rest.trim_ascii(),
        _ => line,
    }
}

fn zone<'l>(line: &'l [u8], each: &mut dyn FnMut(Seen<'l>)) {
    if line.starts_with(b"-") {
        return;
    }
    let line = unsigned(line);
    if line.is_empty() || matches!(line[0], b';' | b'$' | b'#' | b'@') {
        return;
    }
    match record(line) {
        Some((_, None, _)) => {}
        Some((name, Some(kind), value)) => each(Seen { name, record: Some((kind, value)), ..Seen::default() }),
        None => list(line, each),
    }
}

fn after<'l>(line: &'l [u8], mark: &[u8]) -> Option<&'l [u8]> {
    memchr::memmem::find(line, mark).map(|at| &line[at + mark.len()..])
}

fn word(text: &[u8]) -> &[u8] {
    &text[..text.iter().position(|b| matches!(b, b' ' | b'\t')).unwrap_or(text.len())]
}

/// `22-Nov-2026 10:00:00.000 queries: info: client @0x7f 192.0.2.1#53 (name): query: name IN A +E(0)K (192.0.2.53)`
fn bind<'l>(line: &'l [u8], each: &mut dyn FnMut(Seen<'l>)) {
    let (Some(query), Some(client)) = (after(line, b" query: "), after(line, b"client ")) else { return };
    let client = if client.starts_with(b"@") { after(client, b" ").unwrap_or(client) } else { client };
    let client = client.split(|&b| b == b'#').next().and_then(Address::parse);
    let time = std::str::from_utf8(&line[..line.len().min(24)]).ok().and_then(bind_time);
    each(Seen { name: word(query), time, client, record: None, created: None });
}

fn bind_time(text: &str) -> Option<Time> {
    let (day, clock) = text.split_once(' ')?;
    let time = jiff::civil::DateTime::strptime("%d-%b-%Y %H:%M:%S", format!("{day} {}", clock.get(..8)?)).ok()?;
    time.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp().into())
}

/// `[1479808800] unbound[123:0] info: 192.0.2.1 name. A IN`; with its tags, `query:` for `info:` and `reply:` with the
/// answer's code behind.
fn unbound<'l>(line: &'l [u8], each: &mut dyn FnMut(Seen<'l>)) {
    let tags: [&[u8]; 3] = [b" info: ", b" query: ", b" reply: "];
    let Some(rest) = tags.iter().find_map(|tag| after(line, tag)) else { return };
    let mut words = rest.split(|&b| b == b' ');
    let (Some(client), Some(name), Some(_), Some(b"IN" | b"in")) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return;
    };
    let Some(client) = Address::parse(client) else { return };
    let stamp = line.strip_prefix(b"[").and_then(|l| l.split(|&b| b == b']').next());
    let time = stamp.and_then(seconds);
    each(Seen { name, time, client: Some(client), record: None, created: None });
}

/// `[2026-11-22 10:00:00 UTC] [192.0.2.1:51234] [UDP] QNAME: name; QTYPE: A; …`
fn technitium<'l>(line: &'l [u8], each: &mut dyn FnMut(Seen<'l>)) {
    let Some(name) = after(line, b" QNAME: ").and_then(|rest| rest.split(|&b| b == b';').next()) else { return };
    let mut brackets = line.split(|&b| b == b'[').skip(1).map(|part| part.split(|&b| b == b']').next().unwrap_or(b""));
    let time = brackets.next().and_then(|stamp| super::registration::date(std::str::from_utf8(stamp).ok()?));
    let client = brackets.next().and_then(|peer| Address::parse(host(peer)));
    each(Seen { name, time, client, record: None, created: None });
}

/// `Nov 22 10:00:00 host dnsmasq[1]: query[A] name from 192.0.2.1`; Pi-hole may write a number for the host's name.
pub fn dnsmasq<'l>(line: &'l [u8], each: &mut dyn FnMut(Seen<'l>)) {
    let Some(rest) = after(line, b"query[").and_then(|l| after(l, b"] ")) else { return };
    let Some(client) = after(rest, b" from ") else { return };
    each(Seen { name: word(rest), time: None, client: Address::parse(word(client)), record: None, created: None });
}

/// The columns of `ts`, `id.orig_h` and `query` of a Zeek header.
fn zeek_columns(line: &[u8]) -> Option<[usize; 3]> {
    let fields: Vec<&[u8]> = line.strip_prefix(b"#fields\t")?.split(|&b| b == b'\t').collect();
    let find = |name: &[u8]| fields.iter().position(|f| *f == name);
    Some([find(b"ts")?, find(b"id.orig_h")?, find(b"query")?])
}

fn zeek<'l>(line: &'l [u8], columns: &[usize; 3], each: &mut dyn FnMut(Seen<'l>)) {
    if line.first() == Some(&b'#') {
        return;
    }
    let mut seen = Seen::default();
    for (n, value) in line.split(|&b| b == b'\t').enumerate() {
        if n == columns[0] {
            seen.time = seconds(value);
        } else if n == columns[1] {
            seen.client = Address::parse(value);
        } else if n == columns[2] {
            seen.name = value;
        }
    }
    if !matches!(seen.name, b"" | b"-" | b"(empty)") {
        each(seen);
    }
}

/// Unix seconds, with or without a fraction.
fn seconds(text: &[u8]) -> Option<Time> {
    let whole = text.split(|&b| b == b'.').next()?;
    std::str::from_utf8(whole).ok()?.parse().ok().map(Time::from_seconds)
}

impl Table {
    /// A cell of a line, without its quotes.
    fn cell<'l>(&self, line: &'l [u8], column: usize) -> Option<&'l [u8]> {
        let (mut rest, mut n) = (line, 0);
        loop {
            // A cell in quotes may hold separators: `"Feb 25, 2020"`.
            let (cell, after) = match rest {
                [b'"', quoted @ ..] => {
                    let end = memchr::memchr(b'"', quoted).unwrap_or(quoted.len());
                    (&quoted[..end], quoted.get(end + 1..).unwrap_or_default())
                }
                _ => {
                    let end = memchr::memchr(self.separator, rest).unwrap_or(rest.len());
                    (&rest[..end], &rest[end..])
                }
            };
            if n == column {
                return Some(cell.trim_ascii());
            }
            rest = &after[memchr::memchr(self.separator, after)? + 1..];
            n += 1;
        }
    }
}

/// A day as tables write it; `months` where a month stands before its day.
fn day(cell: &[u8], months: bool) -> Option<Time> {
    let text = std::str::from_utf8(cell).ok()?;
    let turned = || -> Option<String> {
        let mut parts = text.split('/');
        let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
        Some(format!("{day}/{month}/{year}"))
    };
    match months {
        true => super::registration::date(&turned().unwrap_or_else(|| text.into())),
        false => super::registration::date(text),
    }
}

/// A table whose header names a column of names; the lines tell how it writes days.
fn table(header: &[u8], lines: &[&[u8]]) -> Option<Format> {
    let separator = [b',', b';', b'\t'].into_iter().max_by_key(|&s| memchr::memchr_iter(s, header).count())?;
    let lower = header.to_ascii_lowercase();
    let columns: Vec<&[u8]> = lower.split(|&b| b == separator).map(|c| c.trim_ascii().trim_ascii_start()).collect();
    if columns.len() < 2 {
        return None;
    }
    let bare = |c: &[u8]| c.iter().copied().filter(|b| *b != b'"').collect::<Vec<u8>>();
    let find = |names: &[&[u8]]| names.iter().find_map(|n| columns.iter().position(|c| bare(c) == *n));
    let mut table = Table { separator, name: find(&NAME_COLUMNS)?, created: None };
    table.created = find(&CREATED_COLUMNS).map(|at| {
        // `02/25/2020` somewhere tells that months stand first throughout.
        let second =
            |cell: &[u8]| -> Option<u8> { std::str::from_utf8(cell.split(|&b| b == b'/').nth(1)?).ok()?.parse().ok() };
        (at, lines.iter().filter_map(|line| second(table.cell(line, at)?)).any(|n| (13..=31).contains(&n)))
    });
    Some(Format::Table(table))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(evidence: &str, expected: &[&str]) {
        let (format, _) = sniff(evidence.as_bytes()).unwrap_or_else(|| panic!("not recognised: {evidence}"));
        let mut names = Vec::new();
        for line in evidence.lines() {
            visit(&format, line.as_bytes(), &mut |s| names.push(String::from_utf8_lossy(s.name).into_owned()));
        }
        assert_eq!(names, expected, "{format:?}");
    }

    #[test]
    fn every_format_gives_its_names() {
        check("a.example.fr\nhttps://u@b.fr:8080/x?y\n# no\n", &["a.example.fr", "b.fr"]);
        check("0.0.0.0 a.fr b.fr # no.fr\n::1 c.fr\n", &["a.fr", "b.fr", "c.fr"]);
        check(
            "a.fr. 3600 IN NS ns1.b.net.\n+ c.fr. IN MX 10 mx.d.net.\n- old.fr. IN A 192.0.2.1\n",
            &["a.fr.", "c.fr."],
        );
        check(
            "22-Nov-2026 10:00:00.000 queries: info: client @0x7f 192.0.2.1#53 (a.fr): query: a.fr IN A +E(0)K (192.0.2.53)",
            &["a.fr"],
        );
        check("[1479808800] unbound[123:0] info: 192.0.2.1 a.fr. A IN", &["a.fr."]);
        check(
            "Nov 22 10:00:00 h dnsmasq[1]: query[A] a.fr from 192.0.2.1\nNov 22 10:00:00 h dnsmasq[1]: forwarded a.fr to 192.0.2.9",
            &["a.fr"],
        );
        check(
            "[1479808800] unbound[1:0] query: 192.0.2.1 a.fr. A IN\n[1479808800] unbound[1:0] reply: 192.0.2.1 b.fr. A IN NOERROR 0.0 0 56",
            &["a.fr.", "b.fr."],
        );
        check(
            "[2026-11-22 10:00:00 UTC] [192.0.2.1:51234] [UDP] QNAME: a.fr; QTYPE: A; QCLASS: IN; RCODE: NoError; ANSWER: [8.8.8.8]",
            &["a.fr"],
        );
        let more = "Nov 22 10:00:00 dnsmasq[1]: reply a.fr is <CNAME>\n".repeat(4);
        check(
            &format!(
                "Nov 22 10:00:00 dnsmasq[1]: 4 192.0.2.1/53 query[A] a.fr from 192.0.2.1\n{more}Nov 22 10:00:00 dnsmasq[1]: gravity blocked b.fr is 0.0.0.0"
            ),
            &["a.fr"],
        );
        check("domain;created on\na.fr;Feb 25, 2020\n\"b.fr\";\"03/04/2020\"\n", &["a.fr", "b.fr"]);
        check("# a list\n#\n# id,date,host,reporter\n\"1\",\"2026\",\"a.fr\",\"x\"\n", &["a.fr"]);
        check(
            "#separator \\x09\n#fields\tts\tuid\tid.orig_h\tquery\n1479808800.5\tC1\t192.0.2.1\ta.fr\n1\tC2\t192.0.2.1\t-\n",
            &["a.fr"],
        );
    }

    #[test]
    fn days_of_registration_are_read() {
        let check = |table: &str, expected: &[&str]| {
            let (format, _) = sniff(table.as_bytes()).unwrap_or_else(|| panic!("not recognised: {table}"));
            let mut days = Vec::new();
            for line in table.lines() {
                visit(&format, line.trim_start_matches('\u{feff}').as_bytes(), &mut |s| {
                    days.push(s.created.map(|t| t.to_string()[..10].to_string()).unwrap_or_default())
                });
            }
            assert_eq!(days, expected, "{table}");
        };
        check("domain,created on\na.fr,\"Feb 25, 2020\"\nb.fr,2022-09-12\nc.fr,\n", &["2020-02-25", "2022-09-12", ""]);
        check(
            "\u{feff}domain,create date,first seen\na.fr,07/03/2013,\nb.fr,18/03/2013,\n",
            &["2013-03-07", "2013-03-18"],
        );
        check("Domain;Creation Date\na.fr;02/25/2020\nb.fr;03/04/2020\n", &["2020-02-25", "2020-03-04"]);
    }

    #[test]
    fn what_is_no_list_of_names_is_not_claimed() {
        for other in [
            "192.0.2.1 - - [14/Feb/2017:09:10:00 +0100] \"GET / HTTP/1.1\" 200 5120 \"-\" \"Mozilla/5.0\"\n",
            "Feb 14 09:10:00 host sshd[1]: Failed password for root from 192.0.2.1 port 22 ssh2\n",
            "dear all, see you tomorrow\n",
        ] {
            assert_eq!(sniff(other.as_bytes()), None, "{other}");
        }
    }
}
