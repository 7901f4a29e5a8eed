//! Whole messages, signed here with Ed25519 keys made from fixed seeds. The many ways of signing are compared with
//! dkimpy by `bench/mail_auth.py`.

use super::*;
use base64::prelude::{BASE64_STANDARD, Engine};
use ring::digest::{SHA256, digest};
use ring::signature::{Ed25519KeyPair, KeyPair};

const BODY: &str = "Bonjour,\r\nvoici les horaires.\r\n";
const DAY: &str = "2017-04-20T08:00:00Z";

fn key(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("32 bytes are a seed")
}

fn encode(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

fn record(seed: u8, more: &str) -> String {
    format!("v=DKIM1; k=ed25519; {more}p={}", encode(key(seed).public_key().as_ref()))
}

/// A mail from example.org, its From and Subject signed by a seed's key; `more` is put into the signature.
fn signed(seed: u8, domain: &str, more: &str) -> String {
    let head = "From: Bureau <bureau@example.org>\r\nSubject: horaires\r\n";
    let tags = format!(
        "v=1; a=ed25519-sha256; c=relaxed/relaxed; d={domain}; s=s; h=from:subject; {more}bh={}; b=",
        encode(digest(&SHA256, BODY.as_bytes()).as_ref())
    );
    let covered = format!("from:Bureau <bureau@example.org>\r\nsubject:horaires\r\ndkim-signature:{tags}");
    let signature = key(seed).sign(digest(&SHA256, covered.as_bytes()).as_ref());
    format!("DKIM-Signature: {tags}{}\r\n{head}\r\n{BODY}", encode(signature.as_ref()))
}

fn answer(name: &str, text: &str, seen: &str) -> String {
    format!("{{\"name\":\"{name}\",\"type\":\"TXT\",\"answers\":[\"{text}\"],\"seen\":\"{seen}\"}}\n")
}

fn at(day: &str) -> Envelope {
    Envelope { received: Some(day.parse().expect("a time")), ..Envelope::default() }
}

fn verdicts(raw: &str, records: &str, envelope: &Envelope) -> Verdicts {
    let trust = Trust { servers: vec!["mx.example.net".into()], networks: Vec::new() };
    judge(raw.as_bytes(), envelope, &Archive::parse(records.as_bytes()).0, &trust)
}

fn check_dkim(raw: &str, records: &str, day: &str, expected: Word, reason: &str) {
    let dkim = verdicts(raw, records, &at(day)).dkim;
    assert_eq!(dkim.result, expected, "{}", dkim.reason.en);
    assert!(dkim.reason.en.contains(reason), "{}", dkim.reason.en);
}

const NAME: &str = "s._domainkey.example.org";

#[test]
fn signatures_are_judged_as_of_the_receipt() {
    let raw = signed(1, "example.org", "t=1492675000; x=1492761600; ");
    let records = answer(NAME, &record(1, ""), DAY);
    // Today is long past `x=`; on its day it was not.
    check_dkim(&raw, &records, DAY, Word::Pass, "signed by example.org");
    check_dkim(&raw, &records, "2017-04-22T08:00:00Z", Word::Policy, "had expired by the receipt");
    let none = verdicts(&raw, &records, &Envelope::default());
    assert_eq!((none.received, none.dkim.result), (None, Word::Pass));
    assert!(none.dkim.reason.en.contains("whether in time is not known"), "{}", none.dkim.reason.en);
    check_dkim(&signed(1, "example.org", "t=5; x=4; "), &records, DAY, Word::Permerror, "expires before");
}

#[test]
fn the_key_of_the_day_is_used() {
    let raw = signed(1, "example.org", "");
    let old = answer(NAME, &record(1, ""), "2017-03-01T00:00:00Z");
    let new = answer(NAME, &record(2, ""), "2017-06-01T00:00:00Z");
    let late = answer(NAME, &record(2, ""), "2026-11-22T00:00:00Z");
    check_dkim(&raw, &(old.clone() + &new), DAY, Word::Pass, "signed by");
    // Between two sightings either key may have been the one: the one that verifies is.
    check_dkim(&raw, &(old.clone() + &new), "2017-05-31T00:00:00Z", Word::Pass, "signed by");
    check_dkim(&raw, &new, DAY, Word::Fail, "does not match");
    // Nine years later it may be another key: that is no failure.
    check_dkim(&raw, &late, DAY, Word::Unchecked, "days away");
    check_dkim(&raw, &answer(NAME, &record(1, ""), "2026-11-22T00:00:00Z"), DAY, Word::Pass, "days away");
    let gone =
        format!("{{\"name\":\"{NAME}\",\"type\":\"TXT\",\"rcode\":\"NXDOMAIN\",\"seen\":\"2026-11-22T00:00:00Z\"}}");
    check_dkim(&raw, &gone, DAY, Word::Unchecked, "days away");
    check_dkim(&raw, &gone.replace("2026-11", "2017-04"), DAY, Word::Permerror, "does not exist");
    check_dkim(&raw, "", DAY, Word::Unchecked, "not known here");
    check_dkim(&raw, &gone.replace("NXDOMAIN", "SERVFAIL"), DAY, Word::Temperror, "did not answer");
}

#[test]
fn keys_have_their_say() {
    let check = |more: &str, tags: &str, expected, reason| {
        check_dkim(&signed(1, "example.org", tags), &answer(NAME, &record(1, more), DAY), DAY, expected, reason);
    };
    check("t=y; ", "", Word::Pass, "only testing");
    check("t=s; ", "i=a@sub.example.org; ", Word::Permerror, "subdomains");
    check("t=s; ", "i=a@example.org; ", Word::Pass, "");
    check("s=tlsrpt; ", "", Word::Permerror, "not for mail");
    check("s=other:email; ", "", Word::Pass, "");
    check("h=sha1; ", "", Word::Permerror, "does not allow this hash");
    check("", "i=a@notexample.org; ", Word::Permerror, "outside its domain");
    // `i=` may be quoted: `=2E` is a dot.
    check("t=s; ", "i=a=40example=2Eorg; ", Word::Pass, "");
    check("", "i=a@not=65xample.org; ", Word::Permerror, "outside its domain");
    check("", "q=dns/other; ", Word::Permerror, "q=");
    check("", "d=example.org; ", Word::Permerror, "given twice");
    let raw = signed(1, "example.org", "");
    let plain = |text: &str, reason| check_dkim(&raw, &answer(NAME, text, DAY), DAY, Word::Permerror, reason);
    plain("v=DKIM1; p=", "revoked");
    plain("k=ed25519; v=DKIM1; p=AAAA", "malformed");
    plain("p=AAAA", "another type");
    plain("v=DKIM1; k=ed25519; p=AAAA", "malformed");
    // Of several keys under one name, one is enough.
    let two =
        format!("{{\"name\":\"{NAME}\",\"type\":\"TXT\",\"answers\":[\"{}\",\"{}\"]}}", record(2, ""), record(1, ""));
    check_dkim(&raw, &two, DAY, Word::Pass, "");
}

#[test]
fn changes_are_told_apart() {
    let raw = signed(1, "example.org", "");
    let records = answer(NAME, &record(1, ""), DAY);
    check_dkim(&raw.replace("horaires.", "mots de passe."), "", DAY, Word::Fail, "body");
    check_dkim(&raw.replace("Subject: h", "Subject: H"), &records, DAY, Word::Fail, "does not match");
    check_dkim(&raw.replace("Subject: h", "SUBJECT:\r\n\t h"), &records, DAY, Word::Pass, "");
    check_dkim(&format!("From: x@evil.example\r\n{raw}"), &records, DAY, Word::Policy, "another From");
    check_dkim(&format!("{raw}\r\n\r\n"), &records, DAY, Word::Pass, "");
    let bare = raw.replace("\r\n", "\n");
    let stored = verdicts(&bare, &records, &at(DAY));
    assert_eq!((stored.dkim.result, stored.restored_line_ends), (Word::Pass, true));
    assert!(!verdicts(&raw, &records, &at(DAY)).restored_line_ends);
    let limited = verdicts(&raw.replace("c=relaxed", "l=10; c=relaxed"), &records, &at(DAY)).dkim;
    assert_eq!(limited.signatures[0].unsigned, BODY.len() as u64 - 10);
}

#[test]
fn from_is_vouched_for_or_not() {
    let key = |domain: &str| answer(&format!("s._domainkey.{domain}"), &record(1, ""), DAY);
    let policy = |text: &str| answer("_dmarc.example.org", text, DAY);
    let envelope = Envelope {
        ip: Address::parse(b"192.0.2.1"),
        helo: Some("mx.example.com".into()),
        mail_from: Some("a@bounce.example.org".into()),
        received: DAY.parse().ok(),
    };
    let spf = |text: &str| answer("bounce.example.org", text, DAY);
    let check = |domain: &str, records: &[String], envelope: &Envelope, expected, aligned: &[&str]| {
        let dmarc = verdicts(&signed(1, domain, ""), &records.concat(), envelope).dmarc;
        assert_eq!(dmarc.result, expected, "{}", dmarc.reason.en);
        assert_eq!(dmarc.aligned, aligned);
    };
    let reject = policy("v=DMARC1; p=reject");
    let refused = spf("v=spf1 -all");
    check("example.org", &[key("example.org"), reject.clone()], &at(DAY), Word::Pass, &["example.org"]);
    check("evil.example", &[key("evil.example"), reject.clone(), refused.clone()], &envelope, Word::Fail, &[]);
    check("evil.example", &[key("evil.example"), reject.clone()], &at(DAY), Word::Unchecked, &[]);
    check("evil.example", &[reject.clone(), refused.clone()], &envelope, Word::Fail, &[]);
    check("example.org", &[reject.clone(), refused.clone()], &envelope, Word::Unchecked, &[]);
    let allowed = spf("v=spf1 ip4:192.0.2.0/24 -all");
    check("evil.example", &[reject.clone(), allowed.clone()], &envelope, Word::Pass, &["bounce.example.org"]);
    let strict = policy("v=DMARC1; p=reject; aspf=s");
    check("evil.example", &[strict, allowed], &envelope, Word::Fail, &[]);
    check("evil.example", &[policy("v=DMARC1; p=odd"), refused.clone()], &envelope, Word::Permerror, &[]);
    check("evil.example", &[policy("something else"), refused.clone()], &envelope, Word::None, &[]);
    check("evil.example", &[refused], &envelope, Word::Unchecked, &[]);
    // The policy of a subdomain is not known, but its organisation's is.
    let sub = signed(1, "evil.example", "").replace("bureau@example.org", "bureau@mail.example.org");
    let found = verdicts(&sub, &(policy("v=DMARC1; p=none; sp=reject") + &spf("v=spf1 -all")), &envelope).dmarc;
    assert_eq!((found.result, found.policy), (Word::Fail, Some("reject")));
}

#[test]
fn trusted_servers_are_believed_and_others_are_not() {
    let by = |name: &str| {
        format!(
            "Received: from a.example.com (a.example.com [192.0.2.1])\r\n\tby {name}; Thu, 20 Apr 2017 08:00:00 +0000\r\n"
        )
    };
    let said = |server: &str, what: &str| format!("Authentication-Results: {server}; {what}\r\n");
    let mail = "From: a@example.org\r\n\r\nx\r\n";
    let check = |head: &[String], spf, dmarc| {
        let found = verdicts(&(head.concat() + mail), "", &Envelope::default());
        assert_eq!((found.spf.result, found.dmarc.result), (spf, dmarc), "{}", head.concat());
    };
    let pass = "spf=pass smtp.mailfrom=a@example.org; dmarc=pass header.from=example.org";
    let (ours, theirs) = (by("mx.example.net"), by("mx.evil.example"));
    check(&[said("mx.example.net", pass), ours.clone()], Word::Pass, Word::Pass);
    check(&[ours.clone(), said("mx.example.net", pass)], Word::Pass, Word::Pass);
    check(&[ours.clone(), said("mx.evil.example", pass)], Word::Unchecked, Word::Unchecked);
    check(&[ours.clone(), theirs.clone(), said("mx.example.net", pass)], Word::Unchecked, Word::Unchecked);
    check(&[theirs, said("mx.example.net", pass), ours.clone()], Word::Unchecked, Word::Unchecked);
    // Below what the author wrote nobody but the author wrote.
    let below = "To: b@example.net\r\n".to_owned() + &said("mx.example.net", pass);
    check(&[ours.clone(), below], Word::Unchecked, Word::Unchecked);
    // Its own word stands above the one it was given.
    let fail = said("mx.example.net", "spf=fail smtp.mailfrom=a@example.org; dmarc=fail");
    check(&[fail, ours.clone(), said("mx.example.net", pass)], Word::Fail, Word::Fail);
    // `Received-SPF` counts above the field by which the message entered, where only our servers write.
    let spf = "Received-SPF: Fail (no) client-ip=192.0.2.1; envelope-from=<a@example.org>; helo=x\r\n".to_owned();
    check(&[spf.clone(), ours.clone()], Word::Fail, Word::Unchecked);
    check(&[ours.clone(), spf], Word::Unchecked, Word::Unchecked);
    // A greeting in our own name is no proof of being ours.
    let posing = ours.replace("from a.example.com", "from x.example.net");
    let found = verdicts(&(posing + mail), "", &Envelope::default());
    assert_eq!((found.spf.result, found.spf.ip), (Word::Unchecked, None));
    // What a scanner changed after the receipt, the server had seen before.
    let raw = signed(1, "example.org", "").replace("horaires.", "horaires. [EXTERNE]");
    let held = said("mx.example.net", "dkim=pass header.d=example.org header.s=s") + &ours + &raw;
    let dkim = verdicts(&held, "", &Envelope::default()).dkim;
    assert_eq!((dkim.result, dkim.signatures[0].body), (Word::Pass, Some(false)));
    assert_eq!(dkim.signatures[0].basis.server.as_deref(), Some("mx.example.net"));
}

/// A message as Microsoft 365 delivers it: its servers hand it on among themselves, and what was found bears no name.
#[test]
fn what_a_service_found_without_a_name_is_known_by_where_it_stands() {
    let hop = |from: &str, ip: &str, by: &str| {
        format!(
            "Received: from {from} ({ip}) by {by}\r\n with Microsoft SMTP Server id 15.20.1; Thu, 20 Apr 2017 08:00:00 +0000\r\n"
        )
    };
    let inside = hop("b.namprd03.prod.outlook.com", "2603:10b6:408:fe::8", "c.namprd12.prod.outlook.com")
        + &hop("d.eop-nam12.prod.protection.outlook.com", "2603:10b6:408:fe::d2", "b.outlook.office365.com");
    let entered = hop("mail.example.org", "192.0.2.1", "d.mail.protection.outlook.com");
    let found = "Authentication-Results: spf=fail (sender IP is 192.0.2.1)\r\n smtp.mailfrom=example.org; dkim=none (message not signed)\r\n header.d=none;dmarc=fail action=oreject header.from=example.org;compauth=fail reason=000\r\n";
    let pass = found.replace("=fail", "=pass");
    let mail = "From: a@example.org\r\n\r\nx\r\n";
    let check = |head: &[&str], dmarc| {
        let raw = head.concat() + mail;
        let trust = Trust { servers: vec!["parti-bleu.mail.protection.outlook.com".into()], ..Trust::default() };
        let judged = judge(raw.as_bytes(), &Envelope::default(), &Archive::default(), &trust);
        assert_eq!((judged.dmarc.result, judged.within), (dmarc, false), "{raw}");
        let nobody = judge(raw.as_bytes(), &Envelope::default(), &Archive::default(), &Trust::default());
        assert_eq!(nobody.dmarc.result, Word::Unchecked);
    };
    check(&[&inside, found, &entered], Word::Fail);
    check(&[&inside, &pass, &entered], Word::Pass);
    check(&[found, &entered], Word::Fail);
    // What stands below was there before.
    check(&[&inside, &entered, &pass], Word::Unchecked);
    let stranger = hop("x.example", "192.0.2.9", "mx.evil.example");
    check(&[&stranger, &pass, &inside, &entered], Word::Unchecked);
    check(&[&pass, &stranger, &inside, &entered], Word::Unchecked);
    // What a gateway of ours handed in was found of the gateway.
    let gateway = entered.replace("mail.example.org", "mx0a-1.pphosted.com");
    let both = Trust { servers: vec!["outlook.com".into(), "pphosted.com".into()], ..Trust::default() };
    let judged =
        judge((found.to_owned() + &gateway + mail).as_bytes(), &Envelope::default(), &Archive::default(), &both);
    assert_eq!(judged.dmarc.result, Word::Unchecked);
    // The seal says the same where the field was taken out.
    let seal = "ARC-Authentication-Results: i=1; mx.microsoft.com 1; spf=pass\r\n smtp.mailfrom=example.org; dmarc=pass action=none header.from=example.org; arc=none\r\n";
    check(&[seal, &inside, &entered], Word::Pass);
    check(&[&inside, &entered, seal], Word::Unchecked);
    // A mail in one's own name that is none, where the domain publishes no policy.
    let intra =
        found.replace("dmarc=fail action=oreject", "dmarc=none action=none").replace("reason=000", "reason=601");
    check(&[&intra, &entered], Word::Fail);
}

#[test]
fn what_passes_for_another_author_proves_nobody() {
    let check = |from: &str, result: &str, word: Word, other: Option<&str>| {
        let mail = format!("Authentication-Results: mx.example.net; dmarc={result}\r\nFrom: {from}\r\n\r\nx\r\n");
        let found = verdicts(&mail, "", &Envelope::default()).dmarc;
        assert_eq!((found.result, found.other.as_deref()), (word, other), "{mail}");
    };
    check("a@example.org", "pass header.from=Example.org", Word::Pass, None);
    check("a@example.org", "pass", Word::Pass, None);
    // Exim names the domain of the policy.
    check("a@news.example.org", "pass header.from=example.org", Word::Pass, None);
    check("a@example.org", "pass header.from=evil.example", Word::Unchecked, Some("evil.example"));
    check("a@example.org", "fail header.from=evil.example", Word::Unchecked, None);
    check("x@evil.example ( <a@example.org>", "pass", Word::Permerror, None);
    check("x@evil.example ( <a@example.org>", "pass header.from=evil.example", Word::Permerror, Some("evil.example"));
}

#[test]
fn the_envelope_is_read_from_trusted_servers() {
    let raw = "Return-Path: <a@example.org>\r\nReceived: by 2001:db8::1 with SMTP id 7; Thu, 20 Apr 2017 08:00:01 +0000\r\n\
        Received: from mail.example.org (unknown [IPv6:2001:db8::9])\r\n by mx.example.net (Postfix); Thu, 20 Apr 2017 10:00:00 +0200\r\n\
        Received: from x ([203.0.113.9]) by forged.example; Thu, 20 Apr 2017 07:00:00 +0000\r\nFrom: a@example.org\r\n\r\n";
    let records = "{\"name\":\"example.org\",\"type\":\"TXT\",\"answers\":[\"v=spf1 ip6:2001:db8::/32 -all\"]}";
    let found = verdicts(raw, records, &Envelope::default());
    assert_eq!((found.spf.result, found.spf.ip.as_deref()), (Word::Pass, Some("2001:db8::9")));
    assert_eq!((found.received, found.received_from), (DAY.parse().ok(), Some("received")));
    let untrusted = judge(raw.as_bytes(), &Envelope::default(), &Archive::default(), &Trust::default());
    assert_eq!(untrusted.spf.result, Word::Unchecked);
}

#[test]
fn hostile_messages_cost_little() {
    let one = signed(1, "example.org", "");
    let line = one.split("\r\nFrom").next().expect("a line").to_owned() + "\r\n";
    let records = answer(NAME, &record(1, ""), DAY);
    let limits: String = (0..50).map(|l| line.replace("bh=", &format!("l={l}; bh="))).collect();
    let names = "h=".to_owned() + &"from:".repeat(100_000);
    let hostile = [
        line.repeat(100_000) + &one,
        limits + &one + &"x".repeat(1 << 20),
        format!(
            "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s; h=from; bh=AA; b={}\r\n\r\n",
            "A".repeat(10 << 20)
        ),
        line.replace("h=from:subject", &names) + &one,
        "a:\r\n".repeat(400_000) + &one,
        "ARC-Seal: i=1; cv=none; a=rsa-sha256; d=x.example; s=s; b=AA\r\n".repeat(50_000) + &one,
        "DKIM-Signature: ".to_owned() + &"a=b;".repeat(1 << 20),
        "From: ".to_owned() + &"(".repeat(1 << 20) + "\r\n\r\n",
        "From: ".to_owned() + &"a@x.example,".repeat(1 << 20),
        "Authentication-Results: mx.example.net; ".to_owned() + &"a=b c.d=e;".repeat(1 << 20),
        "\0\u{1}\u{2}: x\r\nDKIM-Signature: \0;=;\0=\u{fffd}\r\n\r\n\0".to_owned(),
        "Subject: x\r\n".to_owned() + &"\t\r\n".repeat(1 << 20),
        String::new(),
    ];
    for raw in &hostile {
        let found = verdicts(raw, &records, &at(DAY));
        assert!(!found.fields().is_empty());
    }
    let many = verdicts(&hostile[0], &records, &at(DAY)).dkim;
    assert_eq!(many.signatures.len(), dkim::MAX_SIGNATURES);
}

#[test]
fn a_gateway_that_our_server_looked_up_is_followed() {
    let hop = |client: &str, by: &str, with: &str| {
        format!("Received: from {client}\r\n by {by} with {with} id 1; Mon, 12 Oct 2026 09:00:02 +0200\r\n")
    };
    let said = |server: &str, dmarc: &str| {
        format!("Authentication-Results: {server}; dmarc={dmarc} header.from=example.org\r\n")
    };
    let stranger = "evil.example (evil.example [203.0.113.41])";
    let gateway = |door: &str, dmarc: &str| {
        hop(door, "mail.example.net (Postfix)", "ESMTPS")
            + &hop("pps.filterd (m1.ppops.net [127.0.0.1])", "mx0a-1.pphosted.com (8.18.1.2)", "ESMTP")
            + &said("ppops.net", dmarc)
            + &hop(stranger, "mx0a-1.pphosted.com (PPS)", "ESMTPS")
    };
    let door = "mx0a-1.pphosted.com (mx0a-1.pphosted.com [192.0.2.32])";
    let lie = "mx0a-1.pphosted.com (unknown [203.0.113.41])";
    let from = "From: a@example.org\r\n\r\nx\r\n";
    // Zimbra hands on to itself by an address that anybody may have, to be delivered.
    let zimbra = |dmarc: &str| {
        hop("mail.example.net (LHLO mail.example.net) (198.51.100.11)", "mail.example.net", "LMTP")
            + &said("mail.example.net", dmarc)
            + &hop(stranger, "mail.example.net (Postfix)", "ESMTPS")
    };
    let trust = Trust { servers: vec!["mail.example.net".into(), "Proofpoint".into()], ..Trust::default() };
    for (raw, expected, ip) in [
        (gateway(door, "fail"), Word::Fail, "203.0.113.41"),
        (gateway(door, "pass"), Word::Pass, "203.0.113.41"),
        // What stands below the stranger is his.
        (gateway(door, "fail") + &said("ppops.net", "pass"), Word::Fail, "203.0.113.41"),
        // Whoever but calls himself so is a stranger at our own door.
        (gateway(lie, "pass"), Word::Unchecked, ""),
        (zimbra("fail"), Word::Fail, "203.0.113.41"),
        (zimbra("fail") + &said("mail.example.net", "pass"), Word::Fail, "203.0.113.41"),
    ] {
        let raw = raw + from;
        let judged = judge(raw.as_bytes(), &Envelope::default(), &Archive::default(), &trust);
        let route = route::route(&header::Message::new(raw.as_bytes()), &trust.servers, &[]);
        let found = route.ip.map(|ip| ip.to_string()).unwrap_or_default();
        assert_eq!((judged.dmarc.result, found.as_str(), judged.within), (expected, ip, false), "{raw}");
    }
}

#[test]
fn hostile_policies_cost_little() {
    let check = |records: &str, expected: Word| {
        let envelope = Envelope {
            ip: Address::parse(b"192.0.2.1"),
            helo: Some("x".repeat(1 << 20)),
            mail_from: Some(format!("{}@example.org", "x.".repeat(300))),
            received: None,
        };
        let found = verdicts("From: a@example.org\r\n\r\n", records, &envelope);
        assert_eq!(found.spf.result, expected, "{}", found.spf.reason.en);
    };
    let text = |t: &str| {
        format!(
            "{{\"name\":\"example.org\",\"type\":\"TXT\",\"answers\":[\"{t}\"]}}\n{{\"name\":\"*\",\"type\":\"ANY\",\"rcode\":\"NXDOMAIN\"}}"
        )
    };
    check(&text("v=spf1 include:example.org -all"), Word::Permerror);
    check(&text("v=spf1 redirect=example.org"), Word::Permerror);
    check(&text(&format!("v=spf1 exists:{}.example.org -all", "%{S}".repeat(10_000))), Word::Fail);
    check(&text(&format!("v=spf1 {} -all", "ip4:203.0.113.1 ".repeat(10_000))), Word::Fail);
    check(&text(&format!("v=spf1 {} -all", "a:x.example ".repeat(10_000))), Word::Permerror);
}

#[test]
fn chains_without_keys_are_unchecked_or_broken() {
    let set = |i: u32, cv: &str| {
        format!(
            "ARC-Seal: i={i}; cv={cv}; a=rsa-sha256; d=fwd.example; s=s; b=AAAA\r\nARC-Message-Signature: i={i}; a=rsa-sha256; \
             c=relaxed/relaxed; d=fwd.example; s=s; h=from; bh=frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=; b=AAAA\r\n\
             ARC-Authentication-Results: i={i}; fwd.example; spf=pass\r\n"
        )
    };
    let check = |head: String, expected, reason: &str| {
        let arc = verdicts(&(head + "From: a@example.org\r\n\r\n"), "", &at(DAY)).arc;
        assert!(arc.result == expected && arc.reason.en.contains(reason), "{:?} {}", arc.result, arc.reason.en);
        arc
    };
    check(String::new(), Word::None, "no ARC");
    check(set(1, "pass"), Word::Fail, "impossible");
    check(set(2, "pass"), Word::Fail, "missing");
    check(set(1, "none") + &set(1, "none"), Word::Fail, "twice");
    check(set(51, "pass"), Word::Fail, "instance");
    check(set(2, "fail") + &set(1, "none"), Word::Fail, "its sealer found it broken");
    let arc = check(set(2, "pass") + &set(1, "none"), Word::Fail, "body");
    assert_eq!(arc.sealers, ["fwd.example", "fwd.example"]);
    assert_eq!(arc.sets[0].said, "fwd.example: spf=pass");
}

/// Signatures made by dkimpy 1.1.8 over our own mail, with keys made for this test and thrown away.
#[test]
fn rsa_keys_are_weighed() {
    let mail = "From: Bureau <bureau@example.org>\r\nSubject: horaires\r\n\r\nBonjour,\r\nvoici les horaires.\r\n";
    let check = |algorithm: &str, hash: &str, lines: &[&str], key: &str, bits, expected, reason: &str| {
        let field = format!(
            "DKIM-Signature: v=1; a={algorithm}; c=simple/relaxed; d=example.org; s=s;\r\n h=from : subject; bh={hash};\r\n b={}\r\n",
            lines.join("\r\n ")
        );
        let records = answer(NAME, &format!("p={key}"), DAY);
        let dkim = verdicts(&(field + mail), &records, &at(DAY)).dkim;
        assert!(dkim.result == expected && dkim.reason.en.contains(reason), "{:?} {}", dkim.result, dkim.reason.en);
        assert_eq!(dkim.signatures[0].bits, Some(bits));
    };
    let sha256 = "K1O0UWn2gVk2nrXvNoLZAjVoPSna3bySucvNmBpCbSY=";
    let bare = "MIGJAoGBAMlrivHkClV9+1AEljS1O9kbB90+1lUGHYpWx2vROFiTQ/oHOzQ5mTw1UwWkz6+DCJtDQxtduIIpE7iPh815/X8uRqvtNjsdOsn0\
        Yusg2uOAxwL2G2Veg+sClftIevZwMOf1mqwkesrLr43FLsrwUeo+nK0UEWayAD8eULVHWKk7AgMBAAE=";
    // The same key with its algorithm around it.
    let wrapped = format!("MIGfMA0GCSqGSIb3DQEBAQUAA4GNADC{}", {
        "BiQKBgQDJa4rx5ApVfftQBJY0tTvZGwfdPtZVBh2KVsdr0ThYk0P6Bzs0OZk8NVMFpM+vgwibQ0MbXbiCKRO4j4fNef1/Lkar7TY7HTrJ9GLrINrjgMcC\
         9htlXoPrApX7SHr2cDDn9ZqsJHrKy6+NxS7K8FHqPpytFBFmsgA/HlC1R1ipOwIDAQAB"
    });
    let good = [
        "Rx4j2oh5sqdgxL+59+7/ngpzbx1P7mzzHsa7NAUaBj53KhPp0GlbqLI/94zmO1aT7IZVf",
        "pG5uVXpuUu1rMkA2tWNtFztm0jveVgb0/vnY/pt07sRCFL8+rYPm+k5hBRd6DB8IC1R696s",
        "91VB4VYUn/yvuj8SEaIOuyXzG4Rg9jA=",
    ];
    check("rsa-sha256", sha256, &good, bare, 1024, Word::Pass, "signed by");
    check("rsa-sha256", sha256, &good, &wrapped, 1024, Word::Pass, "signed by");
    check("rsa-sha256", sha256, &[good[1], good[0], good[2]], bare, 1024, Word::Fail, "does not match");
    let old = [
        "CmJIQXHeKf+w7Zkn/fl2ppPXD1jEy5+PvcY7kOqaQFslEN/+EgdhGW5yEN6aTHkfWl1v9",
        "OT8oRf7+9JYxRjOCFlDjdelSDM5LcDSEXTHYrS0KoVlV83Viq3rhte2GFeeCielHTO1+Eyt",
        "fiU3SBNWQJPd1e0nrssWHMjt9hlxE9E=",
    ];
    check("rsa-sha1", "nubd0LG1GqsY1djZuma2/SqFwHs=", &old, bare, 1024, Word::Policy, "SHA-1");
    let short = "MEgCQQDF48ajlCWwGitg6u+p7M6je543S6fkWIeeQxMEiaeTuSAxve4LaAQaLa0nWZQAO3IQvfnWWZ8kLp295nFfjjSvAgMBAAE=";
    let weak = ["cKew43blmOXkvHy4qdLk0RpTqaR28Fml4ca+iXBM+dACBYQaY1Io84rpZ1mSPVZgB8ATg", "0z4ka8ufoYZElxpoA=="];
    check("rsa-sha256", sha256, &weak, short, 512, Word::Policy, "512 bits");
}

#[test]
fn messages_written_anew_rest_on_trusted_servers() {
    let raw = b"Authentication-Results: mx.example.org; dkim=pass header.d=example.net header.s=s; dmarc=pass header.from=example.net\r\n\
        Received: from a.example.net (a.example.net [192.0.2.1]) by mx.example.org; Thu, 20 Apr 2017 08:00:00 +0000\r\n\
        DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=example.net; s=s; h=from; bh=AAAA; b=AA==\r\n\
        From: a@example.net\r\n\r\nanother body\r\n";
    let told = |servers: &[&str]| {
        let trust = Trust { servers: servers.iter().map(|s| s.to_string()).collect(), networks: Vec::new() };
        let verdicts = judge_rewritten(raw, &Envelope::default(), &Archive::default(), &trust);
        (verdicts.dkim.result, verdicts.dmarc.result)
    };
    assert_eq!(told(&[]), (Word::Unchecked, Word::Unchecked));
    assert_eq!(told(&["mx.example.org"]), (Word::Pass, Word::Pass));
}
