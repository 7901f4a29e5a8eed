//! Mail: what it is kept in, what servers report, and everything that is no honest message.

use model::{Context, EntityKind, Observation, Time};
use sensors::mail::{MESSAGE, Mail, NAME_TALLY, PAIR_TALLY, REPORT};
use sensors::testing::{Memory, config};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

fn read(evidence: &[u8]) -> Memory {
    let mut case = Memory::new();
    case.read(&Mail, "mail", evidence, &config(""), Time::default());
    case
}

fn rows<'c>(case: &'c Memory, kind: &str) -> Vec<&'c Observation> {
    case.observations.iter().map(|v| &v.observation).filter(|o| o.kind == kind).collect()
}

fn field(row: &Observation, name: &str) -> String {
    match row.fields.get(name) {
        Some(serde_json::Value::String(s)) => s.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}

/// The given fields of each message, joined.
fn check(evidence: &[u8], fields: &[&str], expected: &[&str]) -> Memory {
    let case = read(evidence);
    let got: Vec<String> = rows(&case, MESSAGE)
        .iter()
        .map(|row| fields.iter().map(|f| field(row, f)).collect::<Vec<_>>().join(" | "))
        .collect();
    assert_eq!(got, expected, "{}", String::from_utf8_lossy(&evidence[..evidence.len().min(400)]));
    case
}

#[test]
fn a_message_says_what_its_header_says() {
    let message = b"Received: from a.example (b.example [192.0.2.7]) by mx.kiosque.example with ESMTP; Mon, 6 Mar 2017 10:00:00 +0100\r\n\
        From: =?utf-8?q?Zo=C3=A9?= <zoe@KIOSQUE.example>\r\nTo: Tom <tom@kiosque.example>, lea@kiosque.example\r\n\
        Subject: Bonjour\r\nMessage-ID: <1@kiosque.example>\r\n\r\nSalut\r\n";
    let case = check(
        message,
        &["from_name", "from", "to", "subject", "message_id"],
        &[
            "Zoé | zoe@kiosque.example | [\"tom@kiosque.example\",\"lea@kiosque.example\"] | Bonjour | 1@kiosque.example",
        ],
    );
    assert_eq!(rows(&case, MESSAGE)[0].first.to_string(), "2017-03-06T09:00:00Z");
    let keys =
        |kind: &str| case.tallies.keys().filter(|(k, _)| k == kind).map(|(_, key)| key.as_str()).collect::<Vec<_>>();
    assert_eq!(
        keys(PAIR_TALLY),
        ["zoe@kiosque.example lea@kiosque.example 2017-03", "zoe@kiosque.example tom@kiosque.example 2017-03"]
    );
    assert_eq!(keys(NAME_TALLY), ["tom@kiosque.example Tom", "zoe@kiosque.example Zoé"]);
    // The key does not depend on line ends.
    let unix = String::from_utf8_lossy(message).replace('\r', "");
    assert_eq!(rows(&case, MESSAGE)[0].key, rows(&read(unix.as_bytes()), MESSAGE)[0].key);
}

#[test]
fn the_original_of_a_forward_is_a_message_of_its_own() {
    let forward = |encoding: &str, original: &str| {
        format!(
            "From: staff@kiosque.example\nSubject: odd\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nplease look\n--b\n\
             Content-Type: message/rfc822\nContent-Transfer-Encoding: {encoding}\n\n{original}\n--b--\n"
        )
    };
    let expected = ["staff@kiosque.example |  | ", "evil@stranger.example | staff@kiosque.example | [1,2]"];
    let fields = ["from", "forwarded_by", "within"];
    let expected = [expected[0], &expected[1].replace("[1,2]", "[2]")];
    check(forward("7bit", "From: evil@stranger.example\nSubject: lure\n\nclick").as_bytes(), &fields, &expected);
    let encoded = "RnJvbTogZXZpbEBzdHJhbmdlci5leGFtcGxlClN1YmplY3Q6IGx1cmUKCmNsaWNr";
    check(forward("base64", encoded).as_bytes(), &fields, &expected);
}

#[test]
fn attachments_are_told_by_name_type_bytes_and_hash() {
    let case = read(
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=\"x\"\n\n--x\nContent-Type: text/plain\n\nhi\n--x\n\
          Content-Type: image/png; name=\"inv=?utf-8?q?o?=ice.png\"\nContent-Transfer-Encoding: base64\n\
          Content-Disposition: attachment; filename*=utf-8''invoice%2eexe\n\nTVqQAAMA\n--x--\n",
    );
    let row = rows(&case, MESSAGE)[0];
    let attachment = &row.fields["attachments"][0];
    assert_eq!(attachment["name"], "invoice.exe");
    assert_eq!(attachment["type"], "image/png");
    assert_eq!(attachment["sniffed"], "application/vnd.microsoft.portable-executable");
    assert_eq!(attachment["size"], 6);
    assert!(row.entities.iter().any(|e| e.kind == EntityKind::File && attachment["sha256"] == e.value));
}

const DMARC: &str = "<?xml version=\"1.0\"?><feedback><report_metadata><org_name>big.example</org_name>\
    <email>a@big.example</email><report_id>77</report_id><date_range><begin>1488790800</begin><end>1488877199</end>\
    </date_range></report_metadata><policy_published><domain>kiosque.example</domain><p>reject</p></policy_published>\
    <record><row><source_ip>192.0.2.7</source_ip><count>31</count><policy_evaluated><disposition>reject</disposition>\
    <dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>kiosque.example</header_from>\
    </identifiers><auth_results><spf><domain>evil.example</domain><result>pass</result></spf></auth_results></record>\
    </feedback>";

fn zip(name: &str, text: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(text).unwrap();
    let packed = packed.finish().unwrap();
    let mut out = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0".to_vec();
    out.extend((packed.len() as u32).to_le_bytes());
    out.extend((text.len() as u32).to_le_bytes());
    out.extend((name.len() as u16).to_le_bytes());
    out.extend([0, 0]);
    out.extend(name.as_bytes());
    out.extend(packed);
    out
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

fn attached(bytes: &[u8]) -> Vec<u8> {
    let mut mail = b"From: noreply@big.example\nSubject: Report domain: kiosque.example\n\
        Content-Type: application/octet-stream\nContent-Transfer-Encoding: binary\n\n"
        .to_vec();
    mail.extend_from_slice(bytes);
    mail
}

#[test]
fn messages_in_an_archive_that_a_message_brings_are_judged_and_found_again() {
    let lure = b"From: a@example.net\nTo: b@kiosque.example\nSubject: lure\n\nPay now.\n";
    let first = b"From a@b Thu Apr 20 08:00:00 2017\nFrom: c@d.example\nSubject: first\n\nx\n\n";
    let second = [b"From a@b Thu Apr 20 08:00:01 2017\n", &attached(&zip("lure.eml", lure))[..], b"\n"].concat();
    let mbox = [&first[..], &second].concat();
    let case = read(&mbox);
    let messages: Vec<_> = case.observations.iter().filter(|v| v.observation.kind == MESSAGE).collect();
    let inside = messages.iter().find(|v| field(&v.observation, "subject") == "lure").expect("the message in the zip");
    let labels: Vec<String> = inside.steps.iter().map(model::Step::label).collect();
    assert_eq!(labels, [&format!("message at {}", first.len()), "part 0", "member 0 lure.eml"]);
    assert!(!field(&inside.observation, "container").is_empty());
    assert_eq!(messages.iter().filter(|v| v.steps.is_empty()).count(), 2);
    let input = sensors::input::Input::open(Box::new(std::io::Cursor::new(mbox)), model::Budget::default()).unwrap();
    let mut there = sensors::open(input, &inside.steps).unwrap().expect("the steps lead there");
    assert_eq!(there.whole(1 << 20).unwrap().0, lure);
}

#[test]
fn dmarc_reports_are_read_in_every_wrapping() {
    let xml = DMARC.as_bytes();
    let wrapped = [
        xml.to_vec(),
        gzip(xml),
        zip("a!b!1!2.xml", xml),
        attached(xml),
        attached(&gzip(xml)),
        attached(&zip("r.xml", xml)),
    ];
    for (n, evidence) in wrapped.iter().enumerate() {
        let case = read(evidence);
        let rows = rows(&case, REPORT);
        assert_eq!(rows.len(), 1, "wrapping {n}: {:?}", case.skips);
        let (row, field) = (rows[0], |name: &str| field(rows[0], name));
        assert_eq!((row.key.as_str(), row.count), ("dmarc|kiosque.example|192.0.2.7", 31));
        assert_eq!(row.first.to_string(), "2017-03-06T09:00:00Z");
        assert_eq!([field("org_name"), field("dkim"), field("policy_p")], ["big.example", "fail", "reject"]);
        assert_eq!(row.fields["spf_results"][0]["domain"], "evil.example");
    }
    let case = read(&xml[..xml.len() - 30]);
    assert_eq!(case.skips[0].1.reason, "DMARC report is cut short");
}

#[test]
fn tls_and_abuse_reports_are_read() {
    let tls = br#"{"organization-name":"big.example","date-range":{"start-datetime":"2017-03-06T00:00:00Z",
        "end-datetime":"2017-03-06T23:59:59Z"},"report-id":"5","policies":[{"policy":{"policy-type":"sts",
        "policy-domain":"kiosque.example"},"summary":{"total-successful-session-count":9,
        "total-failure-session-count":1},"failure-details":[{"result-type":"certificate-expired",
        "sending-mta-ip":"192.0.2.9","failed-session-count":1}]}]}"#;
    for evidence in [tls.to_vec(), gzip(tls), attached(&gzip(tls))] {
        let case = read(&evidence);
        let keys: Vec<_> = rows(&case, REPORT).iter().map(|r| (r.key.clone(), r.count)).collect();
        assert_eq!(keys, [("tls|kiosque.example|".into(), 10), ("tls|kiosque.example|192.0.2.9".into(), 1)]);
    }
    let arf = b"From: abuse@big.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\n\
        This is a complaint.\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nSource-IP: 192.0.2.7\n\
        Reported-Domain: kiosque.example\n\n--b\nContent-Type: message/rfc822\n\nFrom: evil@kiosque.example\n\nlure\n--b--\n";
    let case = check(arf, &["from"], &["abuse@big.example", "evil@kiosque.example"]);
    let row = rows(&case, REPORT)[0];
    assert_eq!((row.key.as_str(), field(row, "feedback_type").as_str()), ("arf|kiosque.example|192.0.2.7", "abuse"));
}

/// An Outlook item with these properties (id and type in hexadecimal).
fn outlook(inside: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in [("/__properties_version1.0", &[0u8; 32][..])].iter().chain(inside) {
        if let Some((storage, _)) = path.rsplit_once('/').filter(|(s, _)| !s.is_empty()) {
            file.create_storage_all(storage).unwrap();
        }
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn outlook_items_are_read() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let item = outlook(&[
        ("/__substg1.0_0037001F", &wide("Élection")),
        ("/__substg1.0_0042001F", &wide("Zoé")),
        ("/__substg1.0_5D02001F", &wide("zoe@kiosque.example")),
        ("/__substg1.0_1000001F", &wide("Bonjour")),
        ("/__recip_version1.0_#00000000/__substg1.0_39FE001F", &wide("tom@kiosque.example")),
        ("/__attach_version1.0_#00000000/__substg1.0_3707001F", &wide("a.exe")),
        ("/__attach_version1.0_#00000000/__substg1.0_37010102", b"MZ\x90"),
        ("/__attach_version1.0_#00000001/__substg1.0_3701000D/__substg1.0_0037001F", &wide("within")),
    ]);
    let case = check(
        &item,
        &["subject", "from_name", "from", "to", "whole"],
        &["Élection | Zoé | zoe@kiosque.example | [\"tom@kiosque.example\"] | false", "within |  |  |  | false"],
    );
    let attachment = &rows(&case, MESSAGE)[0].fields["attachments"][0];
    assert_eq!((attachment["name"].as_str(), attachment["size"].as_u64()), (Some("a.exe"), Some(3)));
    // Damage anywhere is no failure.
    for cut in (0..item.len()).step_by(97) {
        read(&item[..cut]);
        let mut flipped = item.clone();
        flipped[cut] ^= 0xff;
        read(&flipped);
    }
}

#[test]
fn hostile_messages_are_bounded() {
    let head = "From: a@b.example\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n";
    let mut parts = head.to_string();
    (0..100_000).for_each(|n| write!(parts, "--b\n\npart {n}\n").unwrap());
    let mut deep = String::new();
    (0..2_000).for_each(|n| write!(deep, "Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n").unwrap());
    let mut nested = String::new();
    (0..300).for_each(|n| write!(nested, "From: a{n}@b.example\nContent-Type: message/rfc822\n\n").unwrap());
    let folded = format!("From: a@b.example\nSubject: x{}\n\nbody", "\n y".repeat(1_000_000));
    let fields = format!("From: a@b.example\n{}\nbody", "X: y\n".repeat(1_000_000));
    let words = format!("From: {}\nTo: x\n\nbody", "=?utf-8?q?a".repeat(100_000));
    let quotes = format!("From: {}\n\nbody", "\"(<".repeat(100_000));
    let dashes = format!("{head}{}", "--b \n--b\n--bx\n\n--".repeat(500_000));
    let base64 = format!(
        "From: a@b.example\nContent-Transfer-Encoding: base64\nContent-Type: a/b\n\n{}",
        "QUFB".repeat(8 << 20)
    );
    let within = format!("{head}{}--b--", "--b\nContent-Type: message/rfc822\n\nFrom: c@d.example\n\nx\n".repeat(900));
    let params = format!("From: a@b.example\nContent-Type: a/b; {}\n\nbody", "a*0*=x;".repeat(100_000));
    let received = "Received: from x (".repeat(50_000) + "\nFrom: a@b.example\n\nbody";
    let all = [
        ("parts", parts),
        ("deep", deep),
        ("nested", nested),
        ("folded", folded),
        ("fields", fields),
        ("words", words),
        ("quotes", quotes),
        ("dashes", dashes),
        ("base64", base64),
        ("within", within),
        ("params", params),
        ("received", received),
    ];
    for (name, evidence) in all {
        let case = read(evidence.as_bytes());
        assert!((1..=201).contains(&rows(&case, MESSAGE).len()), "{name}");
    }
}

#[test]
fn broken_mime_still_gives_its_parts() {
    let damage = |evidence: &[u8]| {
        let mut reasons: Vec<String> = read(evidence).skips.into_iter().map(|(_, s)| s.reason).collect();
        reasons.sort();
        reasons.join("; ")
    };
    let part = |evidence: &[u8], n: usize| {
        let message = sensors::mail::parse::parse(evidence, true);
        message.parts.get(n).map(|p| (p.media.clone(), p.text.trim().to_string())).unwrap_or_default()
    };
    let text = |s: &str| ("text/plain".to_string(), s.to_string());
    // A boundary that begins like the outer one.
    let inside = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
        Content-Type: multipart/mixed; boundary=bb\n\n--bb\n\none\n--bb--\n--b\n\ntwo\n--b--\n";
    assert_eq!((part(inside, 2), part(inside, 3), damage(inside)), (text("one"), text("two"), String::new()));
    // The inner one never ends.
    let open = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
        Content-Type: multipart/mixed; boundary=bb\n\n--bb\n\none\n--b\n\ntwo\n--b--\n";
    assert_eq!((part(open, 2), part(open, 3)), (text("one"), text("two")));
    assert_eq!(damage(open), "multipart without its end");
    let never = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\nall there is";
    assert_eq!(part(never, 0).1, "all there is");
    let none = b"From: a@b.example\nContent-Type: multipart/mixed\n\nall there is";
    assert_eq!((part(none, 0).1.as_str(), damage(none).as_str()), ("all there is", "multipart without a boundary"));
    let charset = b"From: a@b.example\nContent-Type: text/plain; charset=x-none\n\ncaf\xe9";
    assert_eq!(part(charset, 0).1, "café");
    let encoding = b"From: a@b.example\nContent-Transfer-Encoding: rot13\n\nplain";
    assert_eq!((part(encoding, 0).1.as_str(), damage(encoding).as_str()), ("plain", "unknown transfer encoding"));
    // Cut anywhere, nothing fails.
    for cut in 0..open.len() {
        read(&open[..cut]);
    }
}

#[test]
fn files_that_stand_uuencoded_in_a_text_are_attachments() {
    let mail = b"From: a@b.example\nSubject: tool\n\nBelow.\n\nbegin 644 tool.exe\n#35J0\n`\nend\nBye.\n";
    let case = read(mail);
    let row = rows(&case, MESSAGE)[0];
    let attachment = &row.fields["attachments"][0];
    assert_eq!((&attachment["name"], &attachment["size"]), (&"tool.exe".into(), &3.into()));
    assert_eq!(row.fields["opened"][0]["kind"], "program");
}

#[test]
fn lines_may_end_in_carriage_returns_alone() {
    let unix = "From: a@b.example\nTo: c@b.example\nSubject: old\n\nA letter.\n";
    let old = unix.replace('\n', "\r");
    check(old.as_bytes(), &["from", "subject"], &["a@b.example | old"]);
    assert_eq!(rows(&read(old.as_bytes()), MESSAGE)[0].key, rows(&read(unix.as_bytes()), MESSAGE)[0].key);
    let line = "From a@b.example Thu Aug 22 12:36:23 2002\n";
    check(format!("{line}{unix}\n{line}{unix}").replace('\n', "\r").as_bytes(), &["subject"], &["old", "old"]);
}

#[test]
fn no_header_is_long_enough_to_hide_a_message() {
    let (config, origins) = (config(""), sensors::origin::Origin::default());
    let context = Context { config: &config, origins: &origins, at: Time::default(), modified: None };
    let check = |head: &str, expected: Option<&str>| {
        let head = &head.as_bytes()[..head.len().min(sensors::input::HEAD)];
        assert_eq!(sensors::recognise(head, &context).map(|s| s.name()), expected);
    };
    check(&"DKIM-Signature: v=1; a=rsa-sha256; d=b.example; s=s\n".repeat(2_000), Some("mail"));
    check(&format!("From: a@b.example\n{}", "X: y\n".repeat(100_000)), Some("mail"));
    let endless = format!("{} x", "y\n ".repeat(40_000));
    check(&format!("X-Padding: {endless}"), Some("mail"));
    check(&format!("error: {endless}"), None);
    check("title: rule\nreferences:\n    - x\ndate: 2017-03-06\nstatus: test\n", None);
}

fn data() -> Option<PathBuf> {
    let root = std::env::var_os("VIGIE_DATA").map_or_else(|| PathBuf::from("../../../shared/data"), PathBuf::from);
    if !root.join("mail").is_dir() {
        println!("skipped: no `mail` under {}", root.display());
        return None;
    }
    Some(root)
}

fn files(path: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        match entry.path() {
            p if p.is_dir() => files(&p, all),
            p => all.push(p),
        }
    }
}

#[test]
fn mail_is_taken_for_mail_and_nothing_else_is() {
    let Some(root) = data() else { return };
    let config = config("");
    let context =
        Context { config: &config, origins: &sensors::origin::Origin::default(), at: Time::default(), modified: None };
    let recognised = |path: &Path| {
        let file = std::fs::File::open(path).unwrap();
        let input = sensors::input::Input::open(Box::new(file), model::Budget::default()).unwrap();
        sensors::recognise(input.head(), &context).map_or("nothing", |s| s.name())
    };
    let mut mails = Vec::new();
    files(&root.join("mail"), &mut mails);
    mails.retain(|p| {
        p.extension().is_some_and(|e| e == "eml") || p.starts_with(root.join("mail/spamassassin-corpus/easy-ham-1"))
    });
    let wrong: Vec<_> = mails.iter().map(|p| (recognised(p), p)).filter(|(kind, _)| *kind != "mail").collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let mut others = Vec::new();
    ["web-logs", "auth-logs", "names"].iter().for_each(|d| files(&root.join(d), &mut others));
    let wrong: Vec<_> = others.iter().filter(|p| recognised(p) == "mail").collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Bytes changed, cut, doubled and joined, always the same way: what a fuzzer does, in little.
#[test]
fn mutated_messages_never_fail() {
    let lines: &[&[u8]] = &[
        b"From: \"=?utf-8?b?Wm/DqQ==?=\" <a@b.example>\n",
        b"To: x: a@b.example, <c@d.example>;\n",
        b"Subject: =?x?q?=?=\n",
        b"Content-Type: multipart/mixed; boundary=b\n",
        b"Content-Type: message/rfc822\n",
        b"Content-Type: text/html; charset=utf-7\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: quoted-printable\n",
        b"\n",
        b"--b\n",
        b"--b--\n",
        b"From a@b.example Thu Aug 22 12:36:23 2002\n",
        b"Content-Length: 40\n",
        b"<a href=\"http://x.example\">http://y.example</a>\n",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=b.example; s=s; h=from:to; bh=x; b=y\n",
        b"Received: from a (b [192.0.2.1]) by c; x\n",
        b"=E9=\n",
        b"UEsDBBQAAAAIAA==\n",
        b"\xff\xfe\x00\r\n",
        b" folded\r\n",
        b">From x\n",
        b"Date: Thu, 22 Aug 2002 12:36:23 +9999\n",
        b"Content-Disposition: attachment; filename*0*=utf-8''%; filename=\"a.eml\"\n",
        b"begin 644 x\n",
        b"References: <<>>\n",
    ];
    let mut seed = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
    for _ in 0..1_500 {
        let mut mail = if random(3) == 0 { lines[11].to_vec() } else { lines[0].to_vec() };
        for _ in 0..random(40) {
            mail.extend_from_slice(lines[random(lines.len())]);
        }
        for _ in 0..random(6) {
            let at = random(mail.len());
            mail[at] = random(256) as u8;
        }
        mail.truncate(1 + random(2 * mail.len()));
        read(&mail);
    }
}

/// A lure to one person; the same hand by sender and link.
fn lure(n: usize, to: &str) -> String {
    format!(
        "From: \"Microsoft OneDrive\" <no-reply@onedrive-parti-bleu.example>\nTo: {to}\nSubject: {to}, a document waits\n\
         Date: Mon, 6 Mar 2017 1{n}:00:00 +0000\nMessage-ID: <{n}@onedrive-parti-bleu.example>\n\
         Content-Type: text/html; charset=utf-8\n\n<p>A confidential document was shared. Sign in with your password \
         within 24 hours or access will be removed.</p>\n<a href=\"https://onedrive-parti-bleu.example/s/8f3a01bc7{n}\">\
         https://onedrive.live.com/s</a>\n"
    )
}

/// The waves in pieces of evidence, however they are kept and in whatever order.
fn waves(evidence: &[(&str, String)], reverse: bool) -> Vec<model::Finding> {
    let config = config(
        "[protect]\ndomains = [\"parti-bleu.fr\"]\nmail_domains = [\"parti-bleu.fr\"]\n\
         [mail]\nreport_to = [\"abuse@parti-bleu.fr\"]\nteams = { press = [\"anna@parti-bleu.fr\"] }\n",
    );
    let context =
        Context { config: &config, origins: &sensors::origin::Origin::default(), at: Time::default(), modified: None };
    let mut case = Memory::new();
    let mut all: Vec<&(&str, String)> = evidence.iter().collect();
    if reverse {
        all.reverse();
    }
    for (name, text) in all {
        let sensor = sensors::recognise(text.as_bytes(), &context).unwrap_or_else(|| panic!("{name} is recognised"));
        case.read(sensor, name, text.as_bytes(), &config, Time::default());
    }
    for detector in sensors::SENSORS.iter().flat_map(|s| s.detectors()) {
        case.detect(*detector, &config, Time::default());
    }
    case.findings.into_iter().filter(|f| f.detector == "mail/wave").collect()
}

#[test]
fn a_wave_is_the_same_in_any_order_and_says_who_reported_answered_and_logged_in() {
    let forward = |n: usize, to: &str| {
        format!(
            "From: anna@parti-bleu.fr\nTo: {to}\nSubject: Fwd\nDate: Mon, 6 Mar 2017 10:12:00 +0000\n\
             Message-ID: <f{n}@parti-bleu.fr>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
             Content-Type: message/rfc822\n\n{}\n--b--\n",
            lure(0, "anna@parti-bleu.fr")
        )
    };
    let answer = "From: claire@parti-bleu.fr\nTo: no-reply@onedrive-parti-bleu.example\nSubject: Re\n\
        Date: Mon, 6 Mar 2017 12:30:00 +0000\nMessage-ID: <a@parti-bleu.fr>\n\
        In-Reply-To: <2@onedrive-parti-bleu.example>\n\nWhich document?\n";
    let login = |day: &str, source: &str| {
        format!(
            "2017-03-{day}T11:40:00+00:00 mail dovecot: imap-login: Login: user=<bilal@parti-bleu.fr>, method=PLAIN, \
             rip={source}, lip=10.0.0.1, mpid=7, TLS, session=<a{day}>\n"
        )
    };
    let logins: String = ["01", "02", "03", "04"].iter().map(|d| login(d, "8.8.4.4")).collect();
    let evidence = [
        ("0.eml", lure(0, "anna@parti-bleu.fr")),
        ("1.eml", lure(1, "bilal@parti-bleu.fr")),
        ("2.eml", lure(2, "claire@parti-bleu.fr")),
        ("report.eml", forward(1, "abuse@parti-bleu.fr")),
        ("gossip.eml", forward(2, "david@parti-bleu.fr")),
        ("answer.eml", answer.to_string()),
        ("mail.log", logins + &login("06", "9.9.9.9")),
    ];
    let found = waves(&evidence, false);
    let [wave] = &found[..] else { panic!("one wave: {found:?}") };
    assert_eq!(waves(&evidence, true)[0].fields, wave.fields);
    let field = |name: &str| wave.fields[name].to_string();
    assert_eq!(field("count"), "3");
    assert_eq!(field("reported_by"), "[\"anna@parti-bleu.fr\"]");
    assert_eq!(field("subject"), "\"… a document waits\"");
    let anna = &wave.fields["people"][0];
    assert_eq!((anna["team"].as_str(), anna["reported"].as_str()), (Some("press"), Some("2017-03-06T10:12:00Z")));
    let clicks: Vec<_> = wave.fields["clicks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["how"].as_str().unwrap(), c["recipient"].as_str().unwrap()))
        .collect();
    assert_eq!(clicks, [("login", "bilal@parti-bleu.fr"), ("answer", "claire@parti-bleu.fr")]);
    assert!(wave.fields["clicks"][0]["confidence"].as_u64().unwrap() <= 80);
}

#[test]
fn the_original_of_a_forward_in_the_text_is_judged() {
    let forward = "From: Anna <anna@kiosque.example>\nTo: it@kiosque.example\nSubject: TR: Alerte\n\
        Date: Tue, 7 Mar 2017 08:00:00 +0100\nMessage-ID: <2@kiosque.example>\n\nBizarre ?\n\n\
        De : Banque <evil@stranger.example>\nEnvoyé : lundi 6 mars 2017 10:00\nÀ : anna@kiosque.example\nObjet : Alerte\n\n\
        Confirmez : https://evil.example/compte\n";
    let told_of = |forward: &str, settings: &str| -> Vec<[String; 4]> {
        let mut case = Memory::new();
        case.read(&Mail, "mail", forward.as_bytes(), &config(settings), Time::default());
        let row = |row: &&Observation| ["from", "subject", "forwarded_by", "quoted"].map(|f| field(row, f));
        rows(&case, MESSAGE).iter().map(row).collect()
    };
    let told = |settings: &str| told_of(forward, settings);
    let mut case = Memory::new();
    let settings = "[protect]\nmail_domains = [\"kiosque.example\"]";
    case.read(&Mail, "mail", forward.as_bytes(), &config(settings), Time::default());
    assert_eq!(field(rows(&case, MESSAGE)[0], "signs"), "", "whoever reports is not judged by what she reports");
    let outer = ["anna@kiosque.example", "TR: Alerte", "", ""].map(String::from);
    let inner = ["evil@stranger.example", "Alerte", "anna@kiosque.example", "true"].map(String::from);
    assert_eq!(told(settings), [outer.clone(), inner.clone()]);
    assert_eq!(told(""), [outer.clone(), inner.clone()], "within one house, whether the case names it or not");
    let stranger = forward.replace("To: it@kiosque.example", "To: it@grandview.example");
    assert_eq!(told_of(&stranger, "").as_slice(), std::slice::from_ref(&outer), "nobody of one's own reports it");
    assert_eq!(told("[mail]\nreport_to = [\"it@kiosque.example\"]"), [outer, inner]);
}
