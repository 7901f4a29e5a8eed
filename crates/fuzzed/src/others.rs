//! What is read beside evidence: proofs, stamps, texts before a vote, answers of sites, brought knowledge.

use model::Time;
use proofs::{Checkpoint, Key, Note, Policy, Proof, Signer, Vkey, seal, stamp};
use std::sync::LazyLock;

/// A proof, and all that stands in one.
pub fn proof(bytes: &[u8]) {
    if let Ok(proof) = Proof::parse(bytes) {
        assert_eq!(proof.to_text().as_bytes(), bytes);
        if let Some(extra) = &proof.extra
            && let Ok(read) = seal::Extra::parse(extra)
        {
            assert_eq!(read.to_bytes(), *extra);
        }
        if let Ok((_, checkpoint)) = proof.note() {
            proof.includes(b"entry", &checkpoint);
        }
    }
    if let Ok(extra) = seal::Extra::parse(bytes) {
        assert_eq!(extra.to_bytes(), bytes);
    }
    seal::Record::parse(bytes);
    let _ = Note::parse(bytes);
    let _ = Policy::parse(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = Checkpoint::of_text(text);
    let _ = Key::parse(text);
    let _ = Signer::parse(text);
    proofs::vkey::head_of(text);
    if let Ok(key) = Vkey::parse(text) {
        assert_eq!(Vkey::parse(&key.to_string()).map(|k| k.to_string()).ok(), Some(key.to_string()));
    }
    seal::normalised(text);
}

/// Time stamps, certificates, headers of blocks.
pub fn stamp(bytes: &[u8]) {
    if let Ok(token) = stamp::Token::parse(bytes) {
        let _ = token.shows(b"", &[]);
    }
    let _ = stamp::Ots::parse(bytes);
    // Behind the magic, where the fuzzer does not find it.
    const MAGIC: &[u8] = b"\0OpenTimestamps\0\0Proof\0\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08";
    let _ = stamp::Ots::parse(&[MAGIC, &[0; 32], bytes].concat());
    let _ = stamp::anchors(bytes);
    stamp::Certificate::parse(bytes);
    let _ = site::tls::Certificate::read(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = stamp::Headers::parse(text);
    }
}

/// A text, judged on a day on which much is forbidden.
pub fn law(bytes: &[u8]) {
    static LAW: LazyLock<law::Law> = LazyLock::new(|| law::Law::embedded().expect("the embedded calendars are read"));
    let Ok(document) = law::Document::read(bytes) else { return };
    let place = LAW.place("FR").expect("France has calendars");
    // The Saturday before the second round of 2017.
    let at = Time::from_seconds(1_494_068_400);
    law::judge(&LAW, &document, at, &place, law::Audience::Candidate, &[]).expect("the calendars answer for the day");
}

/// Headers up to an empty line, then a body: graded as a front page.
pub fn site(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let headers = head.lines().filter_map(|l| l.split_once(':')).take(100);
    let answer = site::Answer {
        url: "https://kiosque.example/".into(),
        status: 200,
        headers: headers.map(|(n, v)| (n.trim().to_ascii_lowercase(), v.trim().to_string())).collect(),
        body: body.as_bytes().to_vec(),
    };
    let visit = site::Visit { route: vec![answer.clone()], verified: true };
    let seen = site::Seen {
        host: "kiosque.example".into(),
        https: Some(visit),
        robots: Some(answer.clone()),
        security_txt: Some(answer.clone()),
        documents: vec![answer.clone()],
        notices: vec![answer.clone()],
        scripts: vec![answer],
        ..site::Seen::default()
    };
    if let Some(grade) = site::grade(&seen) {
        assert!(grade.score >= 0);
    }
    let _ = site::privacy(&seen);
    let _ = site::findings(&seen);
    let _ = site::documents::findings(&seen);
}

/// Knowledge that somebody brings.
pub fn pack(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(pack) = knowledge::import::Pack::parse(text) {
        assert_eq!(knowledge::import::Pack::parse(&pack.to_text()), Ok(pack));
    }
}
