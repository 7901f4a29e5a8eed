//! Mail end to end: a message judged by the keys of its day, a small inbox with a wave in it, what is sent to whom.

use super::{case, lines, place, run, told};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// An ordinary mail, signed with Ed25519 on 20 April 2017 and valid for a day.
fn signed(key: &Ed25519KeyPair) -> String {
    let body = "Bonjour,\r\nvoici les horaires.\r\n";
    let hash = STANDARD.encode(digest(&SHA256, body.as_bytes()));
    let tags = format!(
        "v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org; s=s1; t=1492675000; x=1492761400; h=from:subject; bh={hash}; b="
    );
    let covered = format!("from:Bureau <bureau@example.org>\r\nsubject:horaires\r\ndkim-signature:{tags}");
    let signature = STANDARD.encode(key.sign(digest(&SHA256, covered.as_bytes()).as_ref()));
    format!(
        "Received: from out.example.org (out.example.org [192.0.2.9])\r\n\tby mx.parti-bleu.example with ESMTPS id 1; Thu, 20 Apr 2017 08:00:00 +0000\r\n\
         DKIM-Signature: {tags}{signature}\r\nFrom: Bureau <bureau@example.org>\r\nTo: paul@parti-bleu.example\r\nSubject: horaires\r\n\
         Date: Thu, 20 Apr 2017 08:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n\r\n{body}"
    )
}

/// A line of a key archive.
fn answer(key: &Ed25519KeyPair, seen: &str) -> String {
    let text = format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(key.public_key()));
    let name = "s1._domainkey.example.org";
    json!({ "name": name, "type": "TXT", "rcode": "NOERROR", "answers": [text], "seen": seen }).to_string() + "\n"
}

/// The message's signature, as `read` tells it.
fn judged(dir: &Path, more: &[&str]) -> Value {
    let read = lines(&run(dir, &[&["read", "mail.eml", "--json"], more].concat(), 0));
    let message = read.into_iter().find(|o| o["kind"] == "mail/message").expect("a message");
    message["authentication"]["dkim"]["signatures"][0].clone()
}

#[test]
fn a_mailbox_proposes_what_a_case_may_be_set_to_and_sets_nothing() {
    let dir = place();
    let d = dir.path();
    let mail = |from: &str, back: &str, n: usize| {
        format!(
            "From x@y Thu Apr 20 08:00:00 2017\nReturn-Path: <{back}>\nReceived: from a.example (a.example [192.0.2.9]) \
             by mx.parti-bleu.fr; Thu, 20 Apr 2017 08:00:00 +0000\nFrom: {from}\nTo: anna@parti-bleu.fr\nSubject: {n}\n\
             Message-ID: <{n}.{from}>\nList-Unsubscribe: <https://r.mailin.fr/u/{n}>\n\nBonjour.\n\n"
        )
    };
    let letters = (0..3).map(|n| mail("lettre@parti-bleu.fr", "b7@d.mailin.fr", n));
    let tickets = (0..4).map(|n| mail("aide@parti-bleu.zendesk.com", "aide@parti-bleu.zendesk.com", n));
    let others = (0..9).map(|n| mail("aide@parti-vert.zendesk.com", "x@parti-vert.zendesk.com", n));
    fs::write(d.join("all.mbox"), letters.chain(tickets).chain(others).collect::<String>()).expect("written");
    run(d, &["init", "case", "--protect", "parti-bleu.fr", "--from", "all.mbox"], 0);
    let toml = fs::read_to_string(d.join("case/case.toml")).expect("a case");
    for line in ["# trusted = [\"mx.parti-bleu.fr\"]", "# ours = [\"parti-bleu.zendesk.com\", \"mailin.fr\"]"] {
        assert!(toml.lines().any(|l| l == line), "{line}: {toml}");
    }
    run(d, &["init", "other", "--from", "nothing"], 2);
}

#[test]
fn a_signature_is_judged_by_the_key_of_its_day_long_after_it_expired() {
    let dir = place();
    let d = dir.path();
    let key = |seed: u8| Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("a key");
    fs::write(d.join("mail.eml"), signed(&key(1))).expect("written");
    fs::create_dir(d.join("keys")).expect("made");
    let (then, now) = (answer(&key(1), "2017-04-19T00:00:00Z"), answer(&key(2), "2026-11-22T00:00:00Z"));
    fs::write(d.join("keys/2017.jsonl"), then).expect("written");
    fs::write(d.join("keys/2026.jsonl"), now).expect("written");
    let word = |more: &[&str]| judged(d, more)["result"].as_str().unwrap_or_default().to_string();
    // Nine years after `x=`: the receipt counts, not the clock. Another key since then changes nothing.
    let late = judged(d, &["--keys", "keys", "--at", "2026-11-22T00:00:00Z"]);
    assert_eq!(late["result"], "pass", "{late}");
    assert_eq!(late["expires"], "2017-04-21T07:56:40Z");
    assert_eq!(late["basis"]["records"][0]["seen"], "2017-04-19T00:00:00Z");
    assert_eq!(word(&["--records", "keys/2017.jsonl"]), "pass");
    // A key of another day refuses nothing, and no key is no failure.
    assert_eq!(word(&["--records", "keys/2026.jsonl"]), "unchecked");
    assert_eq!(word(&[]), "unchecked");
    let mail = signed(&key(1)).replace("Thu, 20 Apr 2017", "Sat, 22 Apr 2017");
    fs::write(d.join("mail.eml"), mail).expect("written");
    assert_eq!(word(&["--keys", "keys"]), "policy");
    // `check` has the same keys, and wrong ones are told.
    run(d, &["check", "mail.eml", "--keys", "keys", "--all"], 0);
    assert!(told(d, &["check", "mail.eml", "--keys", "nowhere"]).contains("could not read DNS answers from `nowhere`"));
    assert!(told(d, &["check", "mail.eml", "--records", "nowhere"]).contains("could not read DNS answers"));
}

/// Six lures of one hand to six people, and ordinary mail; one lure is reported.
fn inbox(dir: &Path) {
    let staff = ["anna", "bilal", "claire", "david", "elise", "fabrice"];
    let mut mbox = String::new();
    let mut add = |from: &str, to: &str, day: usize, hour: usize, subject: &str, body: &str| {
        let date = format!("{} Mar 2017 {hour:02}:12:00 +0000", 6 + day);
        let number = mbox.len();
        mbox += &format!(
            "From x@y Mon Mar  6 10:00:00 2017\nReceived: from s (s [203.0.113.7]) by mx.parti-bleu.example; {date}\n\
             From: {from}\nTo: {to}@parti-bleu.example\nSubject: {subject}\nDate: {date}\nMessage-ID: <{number}@s.example>\n\
             MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n{body}\n\n"
        );
    };
    for (i, to) in staff.iter().cycle().take(24).enumerate() {
        let from = format!("{0} <{0}@parti-bleu.example>", staff[(i + 2) % 6]);
        add(&from, to, i % 5, 8 + i % 9, "Tract du marché", "<p>Bonjour, voici le tract relu. À demain.</p>");
    }
    let link = "https://onedrive-parti-bleu.example/partage";
    for (i, to) in staff.iter().enumerate() {
        let body = format!(
            "<p>Votre mot de passe expire aujourd’hui. Connectez-vous sans attendre pour garder l’accès.</p>\
             <a href=\"{link}?t={i}\">https://www.parti-bleu.example/connexion</a>"
        );
        let from = "Microsoft OneDrive <no-reply@onedrive-parti-bleu.example>";
        add(from, to, 9, 8, "Votre mot de passe expire \u{202e}<script>alert(1)</script>", &body);
    }
    fs::write(dir.join("inbox.mbox"), &mbox).expect("written");
    // The last of them attaches it to a mail of her own.
    let lure = mbox.rsplit("From x@y Mon Mar  6 10:00:00 2017\n").next().expect("a message");
    let report = format!(
        "Received: by mx.parti-bleu.example; 15 Mar 2017 08:40:00 +0000\nFrom: fabrice <fabrice@parti-bleu.example>\n\
         To: securite@parti-bleu.example\nSubject: Fwd: bizarre\nDate: 15 Mar 2017 08:40:00 +0000\nMessage-ID: <r@parti-bleu.example>\n\
         MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nÇa vous dit quelque chose ?\n\
         --b\nContent-Type: message/rfc822\n\n{lure}\n--b--\n"
    );
    fs::write(dir.join("report.eml"), report).expect("written");
}

#[test]
fn an_inbox_from_evidence_to_what_is_sent_to_whom() {
    let dir = place();
    let d = dir.path();
    inbox(d);
    let protect = ["--protect", "parti-bleu.example", "--json"];
    let found = lines(&run(d, &[&["check", "inbox.mbox"], &protect[..]].concat(), 0));
    let of = |all: &[Value], detector: &str| -> Vec<Value> {
        let graver = |f: &&Value| f["detector"] == detector && !["info", "low"].iter().any(|s| f["severity"] == *s);
        all.iter().filter(graver).cloned().collect()
    };
    assert_eq!(of(&found, "mail/phishing").len(), 6);
    let read = lines(&run(d, &[&["read", "inbox.mbox"], &protect[..]].concat(), 0));
    assert_eq!(read.iter().filter(|o| o["kind"] == "mail/message").count(), 30);

    case(d, "c", &["inbox.mbox", "report.eml"]);
    let toml = fs::read_to_string(d.join("c/case.toml")).expect("settings");
    let told = toml.replace("domains = []", "domains = [\"parti-bleu.example\"]");
    fs::write(d.join("c/case.toml"), told).expect("written");
    run(d, &["run", "c"], 0);
    let found = lines(&run(d, &["findings", "c", "--json", "--all"], 0));
    let waves = of(&found, "mail/wave");
    assert_eq!(waves.len(), 1, "{waves:?}");
    assert_eq!(waves[0]["fields"]["recipients"].as_array().map(Vec::len), Some(6));
    assert_eq!(waves[0]["fields"]["reported_by"], json!(["fabrice@parti-bleu.example"]));
    for lang in ["en", "fr"] {
        run(d, &["run", "c", "--lang", lang], 0);
        let page = crate::brief(&d.join("c"));
        assert!(
            page.contains("id=\"mail\"")
                && page.matches("<script>").count() == page.matches("script-src 'sha256-").count(),
            "the chapter is there and nothing runs that is not ours"
        );
        for (format, part) in
            [("reply", ["Thank you for reporting", "Merci d’avoir signalé"]), ("warning", ["phishing", "hameçonnage"])]
        {
            let to = format!("{format}-{lang}");
            run(d, &["export", "c", "--to", format, "-o", &to, "--lang", lang], 0);
            let files = fs::read_dir(d.join(&to)).expect("a folder").flatten();
            let texts: String = files.map(|f| fs::read_to_string(f.path()).expect("text")).collect();
            assert!(texts.contains(part[usize::from(lang == "fr")]), "{format} {lang}: {texts}");
            let named = texts.contains("onedrive-parti-bleu[.]example");
            assert!(named == (format == "warning") && !texts.contains("<script"), "{texts}");
            assert!(!texts.contains("https://onedrive") && !texts.contains('\u{202e}'), "{texts}");
        }
    }
    let drill = run(d, &["export", "c", "--to", "drill"], 0);
    assert_eq!(drill.lines().count(), 7, "{drill}");
    assert!(drill.starts_with("wave,subject,lure,recipient,team,received,"), "{drill}");
}

#[test]
fn reports_of_other_servers_become_their_chapter() {
    let dir = place();
    let d = dir.path();
    let row = |source: &str, count: u32, word: &str, proved: &str| {
        format!(
            "<record><row><source_ip>{source}</source_ip><count>{count}</count><policy_evaluated><disposition>none</disposition>\
             <dkim>{word}</dkim><spf>{word}</spf></policy_evaluated></row><identifiers><header_from>parti-bleu.example</header_from></identifiers>\
             <auth_results><spf><domain>{proved}</domain><result>pass</result></spf></auth_results></record>"
        )
    };
    let strangers: String = (0..5)
        .map(|i| row(&format!("203.0.113.{i}"), 50, "fail", "").replace("pass</result>", "fail</result>"))
        .collect();
    let xml = format!(
        "<feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\"><report_metadata><org_name>&lt;b&gt;receiver</org_name><report_id>1</report_id>\
         <date_range><begin>1488758400</begin><end>1488844799</end></date_range></report_metadata>\
         <policy_published><domain>parti-bleu.example</domain><p>none</p></policy_published>{}{}{strangers}</feedback>",
        row("192.0.2.1", 900, "pass", "parti-bleu.example"),
        row("198.51.100.4", 70, "fail", "petitions.example"),
    );
    fs::write(d.join("report.xml"), xml).expect("written");
    case(d, "c", &["report.xml"]);
    let all = lines(&run(d, &["findings", "c", "--json", "--all"], 0));
    let found = &all.iter().find(|f| f["detector"] == "mail/dmarc").expect("a finding")["fields"];
    assert_eq!(
        (&found["stranger_messages"], &found["services"][0]["name"]),
        (&json!(250), &json!("petitions.example"))
    );
    for (lang, part) in [("en", "Strangers forged our name"), ("fr", "Des inconnus ont usurpé notre nom")] {
        run(d, &["run", "c", "--lang", lang], 0);
        let page = crate::brief(&d.join("c"));
        assert!(page.contains(part) && page.contains("petitions.example") && !page.contains("<b>receiver"), "{lang}");
    }
}
