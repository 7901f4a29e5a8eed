//! The staff's mail.

use crate::common::{blank_finding, make, scenario};
use exercise::{score, shipped};
use model::{Fields, Finding};
use rows::Row as _;
use rows::mail::dmarc::{Party, Reported, Senders, Service, Source};
use rows::mail::phishing::{Judged, Phishing};
use rows::mail::wave::Wave;

/// The staff's mail and its truth.
#[test]
fn an_inbox_and_its_truth() {
    let (truth, files) = make(&scenario(shipped("inbox").unwrap()), 5);
    assert_eq!(make(&scenario(shipped("inbox").unwrap()), 5).1, files);
    let mail = truth.parts.mail.inbox.as_ref().unwrap();
    let mbox = std::str::from_utf8(&files["staff.mbox"]).unwrap();
    assert_eq!(mbox.lines().filter(|l| l.starts_with("From ")).count() as u64, mail.messages);
    assert_eq!(mail.waves.iter().map(|w| w.messages.len()).collect::<Vec<_>>(), [24, 16, 9]);
    for id in mail.waves.iter().flat_map(|w| &w.messages) {
        assert_eq!(mbox.matches(&format!("Message-ID: <{id}>")).count(), 1, "{id}");
    }
    let log = std::str::from_utf8(&files["webmail.access.log"]).unwrap();
    assert_eq!(log.matches("https://onedrive-en-avant.example/").count(), mail.waves[0].clicked.len());
    let finding =
        |detector: &'static str, fields: Fields| Finding { detector: detector.into(), fields, ..blank_finding(&truth) };
    let first = &mail.waves[0].messages;
    let message = Judged { message_id: first[0].clone(), ..Judged::default() };
    let found = [
        finding(Phishing::NAME, Phishing { message, ..Phishing::default() }.fields()),
        finding(Wave::NAME, Wave { messages: first.clone(), ..Wave::default() }.fields()),
    ];
    let score = score(found.into_iter(), &truth).mail.inbox.unwrap();
    assert_eq!((score.messages.truth, score.messages.matched), (49, 1));
    assert_eq!((score.waves["partage"].matched, score.waves["facture"].matched), (24, 0));
}

#[test]
fn reports_of_other_servers_and_their_truth() {
    let (truth, files) = make(&scenario(shipped("inbox").unwrap()), 5);
    let told = truth.parts.mail.inbox.as_ref().unwrap().reports.as_ref().unwrap();
    // Five receivers each day, and one report on encryption.
    let filed = files.keys().filter(|n| n.starts_with("dmarc-reports/")).count() as u64;
    let mailed = String::from_utf8_lossy(&files["reports.mbox"]).matches("\nSubject: ").count() as u64;
    assert_eq!((filed, filed + mailed), (28, told.reports));
    assert_eq!((told.sources.len(), told.since.to_string().as_str()), (48, "2017-03-20T00:00:00Z"));
    let name = files.keys().find(|n| n.contains("messagerie-libre")).unwrap();
    assert!(String::from_utf8_lossy(&files[name]).contains("<domain>en-avant.example</domain>"));
    let source = |s: &String| Source { source: s.clone(), role: Party::Stranger, ..Source::default() };
    let row = Senders {
        stranger_messages: told.forged,
        sources: told.sources[..40].iter().map(source).collect(),
        services: vec![Service { name: told.service.clone(), ..Service::default() }],
        strangers_first: Some(told.since),
        ..Senders::default()
    };
    let found =
        Finding { detector: Reported::NAME.into(), fields: Reported::Dmarc(row).fields(), ..blank_finding(&truth) };
    let score = score([found].into_iter(), &truth).mail.inbox.unwrap().reports.unwrap();
    assert_eq!((score.sources.truth, score.sources.matched, score.forged_found), (48, 40, told.forged));
    assert!(score.since && score.service);
}
