//! What other servers report of mail in the campaign's name (DMARC aggregate reports) and to its servers (TLS-RPT): one
//! report a day from each of five receivers, in five dialects, as files and in mails, zipped, gzipped and plain.
//!
//! You may rely on: every receiver, service and host is made up; addresses are drawn by lot in real countries. The truth
//! says who is forged, since when, and which service was forgotten. Left out: failure reports (RFC 6591).

use crate::address::{Addresses, Country, Side, two_letters};
use crate::evidence::Evidence;
use crate::random::Random;
use crate::stage::Stage;
use crate::values::When;
use flate2::{Compression, Crc, GzBuilder, write::DeflateEncoder};
use model::{Address, Error, Result, Time};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::net::IpAddr;

/// `[mail.reports]` of a scenario.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reports {
    /// The policy published (`p=`).
    pub policy: String,
    /// Messages a day that the campaign's own servers send.
    pub messages_per_day: u64,
    /// A service that somebody set up and forgot: it sends in the campaign's name and proves only its own.
    pub service: Service,
    /// Forged mail.
    pub forged: Forged,
}

/// A service nobody set up for the domain.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The name it proves.
    pub domain: String,
    /// Messages a day.
    pub messages_per_day: u64,
}

/// Mail by strangers in the campaign's name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forged {
    /// The first day.
    pub at: When,
    /// How many days.
    pub days: u64,
    /// How many messages.
    pub messages: u64,
    /// From how many addresses.
    pub sources: u64,
    /// In which countries.
    pub countries: Vec<String>,
}

/// What is true of mail in the campaign's name.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueReports {
    /// Reports written, DMARC and TLS.
    pub reports: u64,
    /// Messages in DMARC reports.
    pub messages: u64,
    /// Those that fail.
    pub failed: u64,
    /// The forgotten service.
    pub service: String,
    /// Messages it sent.
    pub service_messages: u64,
    /// Messages forged.
    pub forged: u64,
    /// Addresses that forge, sorted.
    pub sources: Vec<String>,
    /// The day the forging began.
    pub since: Time,
    /// Sessions that were not secure.
    pub insecure_sessions: u64,
}

/// A receiver: its name, its share of all mail, how it writes.
struct Receiver {
    name: &'static str,
    share: f64,
    dialect: Dialect,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// Indented, no namespace; in a ZIP archive.
    Plain,
    /// With `version` and gzipped.
    Versioned,
    /// On one line, with the namespaces of XML Schema and envelopes; gzipped.
    Schema,
    /// The successor's namespace and tags (RFC 9990), uncompressed.
    Successor,
    /// Says why it overrode the policy; in a ZIP archive.
    Reasons,
}

const RECEIVERS: [Receiver; 5] = [
    Receiver { name: "grand-webmail.example", share: 0.52, dialect: Dialect::Plain },
    Receiver { name: "portail-mail.example", share: 0.2, dialect: Dialect::Versioned },
    Receiver { name: "bureau-en-ligne.example", share: 0.18, dialect: Dialect::Schema },
    Receiver { name: "messagerie-libre.example", share: 0.06, dialect: Dialect::Successor },
    Receiver { name: "universite-nord.example", share: 0.04, dialect: Dialect::Reasons },
];
const DAY: i64 = 86_400;
/// Days whose reports lie about as files; later ones come by mail.
const FILED: i64 = 7;

/// One row of a report.
struct Row {
    source: Address,
    count: u64,
    dkim: bool,
    spf: bool,
    /// Domains that passed SPF and DKIM, aligned or not.
    proved: (String, String),
    reason: Option<&'static str>,
}

/// Who sends, by address.
struct Senders {
    own: Vec<Address>,
    website: Address,
    letters: Vec<Address>,
    service: Vec<Address>,
    list: Address,
    forgers: Vec<Address>,
}

/// Writes `reports.mbox` and the files of the first week; what is true of them.
pub(super) fn write(
    reports: &Reports,
    days: (i64, i64),
    stage: &Stage,
    evidence: &mut Evidence,
) -> Result<TrueReports> {
    let domain = &stage.mail_domain;
    let mut random = stage.random("reports", 0);
    let senders = senders(&reports.forged, &mut random)?;
    let start = reports.forged.at.start(&stage.period.zone);
    let mut sources: Vec<String> = senders.forgers.iter().map(Address::to_string).collect();
    sources.sort();
    let mut truth = TrueReports {
        reports: 0,
        messages: 0,
        failed: 0,
        service: reports.service.domain.clone(),
        service_messages: 0,
        forged: 0,
        sources,
        since: Time::from_seconds(first_day(start) * DAY),
        insecure_sessions: 0,
    };
    let mut mbox = Vec::new();
    for (n, day) in (first_day(days.0)..days.1.div_euclid(DAY)).enumerate() {
        let begin = day * DAY;
        for receiver in &RECEIVERS {
            let rows = rows(reports, &senders, receiver, domain, begin, start, &mut truth, &mut random);
            let xml = xml(reports, receiver, domain, begin, &rows);
            let name = format!("{}!{domain}!{begin}!{}", receiver.name, begin + DAY - 1);
            let (file, media, bytes) = packed(receiver.dialect, &name, xml.as_bytes());
            truth.reports += 1;
            if (n as i64) < FILED && receiver.dialect != Dialect::Plain {
                evidence.file(&format!("dmarc-reports/{file}"), &bytes)?;
            } else {
                mail(receiver.name, domain, begin + DAY + 7200, "Report domain:", media, &file, &bytes, &mut mbox);
            }
        }
        // One receiver reports on encryption too; for two days a certificate had expired.
        let bad = if (9..11).contains(&n) { random.range(20, 60) } else { 0 };
        truth.insecure_sessions += bad;
        truth.reports += 1;
        let json = tls(RECEIVERS[0].name, domain, begin, random.range(300, 500), bad);
        let file = format!("{}!{domain}!{begin}!{}!001.json.gz", RECEIVERS[0].name, begin + DAY - 1);
        let bytes = gzip(json.as_bytes());
        mail(
            RECEIVERS[0].name,
            domain,
            begin + DAY + 9000,
            "TLS Report Domain:",
            "application/tlsrpt+gzip",
            &file,
            &bytes,
            &mut mbox,
        );
    }
    evidence.file("reports.mbox", &mbox)?;
    Ok(truth)
}

/// The first whole day of UTC, in which reports are counted.
fn first_day(from: i64) -> i64 {
    (from + DAY - 1).div_euclid(DAY)
}

fn senders(forged: &Forged, random: &mut Random) -> Result<Senders> {
    let letters = |c: &String| {
        two_letters(c).ok_or_else(|| {
            Error::new(format!("`{c}` is no country")).hint("use a two-letter code of ISO 3166 such as `UA` or `FR`")
        })
    };
    let countries: Vec<Country> = forged.countries.iter().map(letters).collect::<Result<_>>()?;
    let home: Country = *b"FR";
    let all = Addresses::of(countries.iter().copied().chain([home]))?;
    // The neighbours of an address, in its network.
    let neighbours = |first: Address, count: u8| -> Vec<Address> {
        let IpAddr::V4(v4) = first.ip() else { return vec![first] };
        let [a, b, c, _] = v4.octets();
        (0..count).map(|n| IpAddr::from([a, b, c, 10 + n]).into()).collect()
    };
    let mut own = neighbours(all.draw(home, Side::Ordinary, random), 3);
    let website = own.pop().unwrap_or(own[0]);
    let mut forgers: Vec<Address> = Vec::new();
    while (forgers.len() as u64) < forged.sources {
        let country = countries[random.below(countries.len() as u64) as usize];
        let address = all.draw(country, Side::Attempts, random);
        if !forgers.iter().any(|a| a.network() == address.network()) {
            forgers.push(address);
        }
    }
    Ok(Senders {
        own,
        website,
        letters: neighbours(all.draw(home, Side::Ordinary, random), 4),
        service: neighbours(all.draw(home, Side::Ordinary, random), 2),
        list: all.draw(home, Side::Ordinary, random),
        forgers,
    })
}

/// A day's rows of one receiver.
#[expect(clippy::too_many_arguments, reason = "all of a report's circumstances, used once")]
fn rows(
    reports: &Reports,
    who: &Senders,
    to: &Receiver,
    domain: &str,
    begin: i64,
    start: i64,
    truth: &mut TrueReports,
    random: &mut Random,
) -> Vec<Row> {
    let mut all = Vec::new();
    let mut add = |source: Address, mean: f64, aligned: (bool, bool), proved: (&str, &str), reason| {
        let count = random.poisson(mean * to.share);
        if count > 0 {
            let proved = (proved.0.to_owned(), proved.1.to_owned());
            all.push(Row { source, count, dkim: aligned.0, spf: aligned.1, proved, reason });
        }
        count
    };
    let day = reports.messages_per_day as f64;
    for source in &who.own {
        add(*source, day * 0.25, (true, true), (domain, domain), None);
    }
    // The newsletter signs in the campaign's name and bounces to its own: aligned by DKIM alone.
    let bounces = "bounces.lettres-info.example";
    for source in &who.letters {
        add(*source, day * 0.12, (true, false), (bounces, domain), None);
    }
    // The site's server was never told to sign, and SPF does not list it.
    add(who.website, day * 0.01, (false, false), ("", ""), None);
    let list = to.dialect == Dialect::Reasons;
    if list {
        add(who.list, 25.0 / to.share, (false, false), ("listes.universite-nord.example", ""), Some("mailing_list"));
    }
    let name = reports.service.domain.as_str();
    for source in &who.service {
        let each = reports.service.messages_per_day as f64 / who.service.len() as f64;
        truth.service_messages += add(*source, each, (false, false), (name, name), None);
    }
    let (first, days) = (first_day(start), reports.forged.days.max(1));
    let on = (first..first + days as i64).contains(&begin.div_euclid(DAY));
    for source in who.forgers.iter().filter(|_| on) {
        let mean = reports.forged.messages as f64 / (days * reports.forged.sources.max(1)) as f64;
        truth.forged += add(*source, mean, (false, false), ("", ""), None);
    }
    truth.messages += all.iter().map(|r| r.count).sum::<u64>();
    truth.failed += all.iter().filter(|r| !r.dkim && !r.spf).map(|r| r.count).sum::<u64>();
    all
}

fn xml(reports: &Reports, to: &Receiver, domain: &str, begin: i64, rows: &[Row]) -> String {
    let word = |pass: bool| if pass { "pass" } else { "fail" };
    let (dialect, policy, end) = (to.dialect, &reports.policy, begin + DAY - 1);
    let (open, published) = match dialect {
        Dialect::Plain | Dialect::Reasons => ("<feedback>", "<sp>none</sp><pct>100</pct>"),
        Dialect::Versioned => ("<feedback><version>1.0</version>", "<sp>none</sp><pct>100</pct><fo>0</fo>"),
        Dialect::Schema => (
            "<feedback xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><version>1.0</version>",
            "<sp>none</sp><pct>100</pct><fo>0</fo>",
        ),
        Dialect::Successor => (
            "<feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\"><!-- made up -->",
            "<sp>none</sp><np>none</np><testing>n</testing><discovery_method>treewalk</discovery_method>",
        ),
    };
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{open}\n<report_metadata>\n<org_name>{0}</org_name>\n<email>noreply-dmarc@{0}</email>\n<report_id>{begin}.{1}</report_id>\n<date_range>\n<begin>{begin}</begin>\n<end>{end}</end>\n</date_range>\n</report_metadata>\n<policy_published>\n<domain>{domain}</domain>\n<adkim>r</adkim>\n<aspf>r</aspf>\n<p>{policy}</p>{published}\n</policy_published>\n",
        to.name,
        rows.len()
    );
    for row in rows {
        let refused = !row.dkim && !row.spf && policy != "none" && row.reason.is_none();
        let disposition = if refused { policy.as_str() } else { "none" };
        text += &format!(
            "<record>\n<row>\n<source_ip>{}</source_ip>\n<count>{}</count>\n<policy_evaluated>\n<disposition>{disposition}</disposition>\n<dkim>{}</dkim>\n<spf>{}</spf>\n",
            row.source,
            row.count,
            word(row.dkim),
            word(row.spf)
        );
        if let Some(reason) = row.reason {
            text += &format!("<reason>\n<type>{reason}</type>\n<comment>arc=pass</comment>\n</reason>\n");
        }
        text += "</policy_evaluated>\n</row>\n<identifiers>\n";
        if matches!(dialect, Dialect::Schema | Dialect::Successor) {
            let envelope = if row.proved.0.is_empty() { domain } else { &row.proved.0 };
            text += &format!("<envelope_to>{}</envelope_to>\n<envelope_from>{envelope}</envelope_from>\n", to.name);
        }
        text += &format!("<header_from>{domain}</header_from>\n</identifiers>\n<auth_results>\n");
        if !row.proved.1.is_empty() {
            text += &format!(
                "<dkim>\n<domain>{}</domain>\n<selector>s2016</selector>\n<result>pass</result>\n</dkim>\n",
                row.proved.1
            );
        }
        let (spf, result) = if row.proved.0.is_empty() { (domain, "fail") } else { (row.proved.0.as_str(), "pass") };
        text +=
            &format!("<spf>\n<domain>{spf}</domain>\n<result>{result}</result>\n</spf>\n</auth_results>\n</record>\n");
    }
    text += "</feedback>\n";
    if dialect == Dialect::Schema { text.replace('\n', "") } else { text }
}

fn tls(from: &str, domain: &str, begin: i64, good: u64, bad: u64) -> String {
    let (first, last) = (Time::from_seconds(begin), Time::from_seconds(begin + DAY - 1));
    let mut policy = serde_json::json!({
        "policy": { "policy-type": "sts", "policy-domain": domain, "mx-host": [format!("mx.{domain}")] },
        "summary": { "total-successful-session-count": good, "total-failure-session-count": bad },
    });
    if bad > 0 {
        policy["failure-details"] = serde_json::json!([{
            "result-type": "certificate-expired", "receiving-mx-hostname": format!("mx.{domain}"), "failed-session-count": bad,
        }]);
    }
    serde_json::json!({
        "organization-name": from, "date-range": { "start-datetime": first, "end-datetime": last },
        "contact-info": format!("tls-reports@{from}"), "report-id": format!("{begin}.{from}"), "policies": [policy],
    })
    .to_string()
}

/// A report as its receiver packs it: file name, media type, bytes.
fn packed(dialect: Dialect, name: &str, xml: &[u8]) -> (String, &'static str, Vec<u8>) {
    match dialect {
        Dialect::Plain | Dialect::Reasons => {
            (format!("{name}.zip"), "application/zip", zip(&format!("{name}.xml"), xml))
        }
        Dialect::Versioned | Dialect::Schema => (format!("{name}.xml.gz"), "application/gzip", gzip(xml)),
        Dialect::Successor => (format!("{name}.xml"), "text/xml", xml.to_vec()),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzBuilder::new().mtime(0).write(Vec::new(), Compression::default());
    out.write_all(bytes).and_then(|()| out.finish()).expect("writing into memory does not fail")
}

/// A ZIP archive of one deflated member (APPNOTE 4.3), dated 1980.
fn zip(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::default());
    let packed = deflate.write_all(bytes).and_then(|()| deflate.finish()).expect("writing into memory does not fail");
    let mut crc = Crc::new();
    crc.update(bytes);
    // Version needed, flags, method, time, date; checksum, sizes; lengths of the name and of extra fields.
    let mut common = Vec::new();
    [20u16, 0, 8, 0, 33].iter().for_each(|n| common.extend(n.to_le_bytes()));
    [crc.sum(), packed.len() as u32, bytes.len() as u32].iter().for_each(|n| common.extend(n.to_le_bytes()));
    [name.len() as u16, 0].iter().for_each(|n| common.extend(n.to_le_bytes()));
    let local = [b"PK\x03\x04", &common[..], name.as_bytes(), &packed[..]].concat();
    let directory = [b"PK\x01\x02\x14\x00", &common[..], &[0; 14], name.as_bytes()].concat();
    let mut end = b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec();
    [directory.len() as u32, local.len() as u32].iter().for_each(|n| end.extend(n.to_le_bytes()));
    [local, directory, end, vec![0; 2]].concat()
}

/// A mail that carries a report, as an mboxrd entry.
#[expect(clippy::too_many_arguments, reason = "a mail's fields, used twice")]
fn mail(from: &str, domain: &str, at: i64, subject: &str, media: &str, file: &str, bytes: &[u8], mbox: &mut Vec<u8>) {
    let zoned = jiff::Timestamp::from_second(at).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC);
    let (date, stamp) =
        (jiff::fmt::rfc2822::to_string(&zoned).unwrap_or_default(), zoned.strftime("%a %b %e %H:%M:%S %Y"));
    let body: Vec<String> =
        base64(bytes).as_bytes().chunks(76).map(|l| String::from_utf8_lossy(l).into_owned()).collect();
    let text = format!(
        "From noreply-dmarc@{from} {stamp}\nReturn-Path: <noreply-dmarc@{from}>\n\
         Received: from out.{from} (out.{from} [198.51.100.{}])\n\tby mx.{domain} with ESMTPS id {at};\n\t{date}\n\
         Authentication-Results: mx.{domain}; spf=pass smtp.mailfrom={from};\n dkim=pass header.d={from};\n dmarc=pass header.from={from}\n\
         From: noreply-dmarc@{from}\nTo: dmarc@{domain}\n\
         Subject: {subject} {domain} Submitter: {from} Report-ID: <{at}>\nDate: {date}\nMessage-ID: <{at}.report@{from}>\n\
         MIME-Version: 1.0\nContent-Type: {media}; name=\"{file}\"\nContent-Disposition: attachment; filename=\"{file}\"\n\
         Content-Transfer-Encoding: base64\n\n{}\n\n",
        from.len(),
        body.join("\n")
    );
    mbox.extend(text.bytes());
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |c: &[u8]| {
        let all = c.iter().chain([&0, &0]).take(3).fold(0u32, |n, b| n << 8 | u32::from(*b));
        let text: String = (0..4).map(|i| LETTERS[(all >> (18 - 6 * i)) as usize & 63] as char).collect();
        format!("{:=<4}", &text[..c.len() + 1])
    };
    bytes.chunks(3).map(group).collect()
}
