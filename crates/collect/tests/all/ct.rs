//! Following a log on this machine: honest, growing, lying in every way.

use crate::log::{Issuer, Log};
use crate::server::{Said, serve};
use collect::Online;
use collect::ct::{Bounds, Brought, Fault, Key, Log as Followed, State, Trouble};
use collect::http::Client;
use serde_json::Value;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

const ALL: Bounds = Bounds { from: Some(0), most: u64::MAX };

/// Seven hundred entries: made once, for signing takes long.
fn certificates() -> &'static [Vec<u8>] {
    static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    MADE.get_or_init(|| {
        let issuer = Issuer::new();
        (0..700).map(|i| issuer.certificate(&[format!("n{i}.example"), format!("www.n{i}.example")])).collect()
    })
}

fn log(n: usize) -> Log {
    let mut log = Log::new();
    certificates()[..n].iter().enumerate().for_each(|(i, c)| log.add(c, i % 2 == 1));
    log
}

/// Serves a log whose size can be set, through `tamper`.
fn served(log: Log, tamper: impl Fn(&str, Vec<u8>) -> Said + Send + Sync + 'static) -> (String, Arc<AtomicUsize>, Key) {
    let size = Arc::new(AtomicUsize::new(log.leaves.len()));
    let key = Key::parse(&log.key()).expect("a key");
    let shown = size.clone();
    let url = serve(move |path| match log.file(shown.load(Ordering::Relaxed), path) {
        Some(file) => tamper(path, file),
        None => Said::none(),
    });
    (url, size, key)
}

fn honest(_: &str, file: Vec<u8>) -> Said {
    Said::ok(file)
}

fn look(url: &str, key: &Key, state: Option<State>, bounds: Bounds) -> (Result<(State, Brought), Trouble>, Vec<Value>) {
    let client = Client::new(&Online::granted());
    let mut out = Vec::new();
    let log = Followed::new(&client, url, key.clone()).expect("an address");
    let looked = log.look(state, bounds, model::Time::from_seconds(1_795_300_000), &mut out);
    let text = String::from_utf8(out).expect("text");
    (looked, text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect())
}

fn names(lines: &[Value]) -> Vec<String> {
    let all = lines.iter().filter_map(|l| l["data"]["leaf_cert"]["all_domains"].as_array()).flatten();
    all.filter_map(Value::as_str).map(String::from).collect()
}

fn expected(range: std::ops::Range<usize>) -> Vec<String> {
    range.flat_map(|i| [format!("n{i}.example"), format!("www.n{i}.example")]).collect()
}

/// What goes wrong with a log of seven hundred, tampered with so.
fn fault(tamper: impl Fn(&str, Vec<u8>) -> Said + Send + Sync + 'static) -> Fault {
    let (url, _, key) = served(log(700), tamper);
    match look(&url, &key, None, ALL).0 {
        Err(Trouble::Log(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_log_is_followed_as_it_grows() {
    for make in [Log::new, Log::ed25519] {
        let mut log = make();
        certificates().iter().enumerate().for_each(|(i, c)| log.add(c, i % 2 == 1));
        let (url, size, key) = served(log, honest);
        let (mut state, mut all) = (None, Vec::new());
        for now in [0, 1, 255, 256, 300, 300, 512, 700] {
            size.store(now, Ordering::Relaxed);
            let (looked, lines) = look(&url, &key, state, ALL);
            let (next, brought) = looked.expect("an honest log");
            assert_eq!((next.size, next.position, brought.damaged), (now as u64, now as u64, 0));
            state = Some(next);
            all.extend(names(&lines));
        }
        assert_eq!(all, expected(0..700));
    }
}

#[test]
fn a_line_is_what_the_names_sensor_reads() {
    let (url, _, key) = served(log(2), honest);
    let (looked, lines) = look(&url, &key, None, ALL);
    assert_eq!(looked.expect("an honest log").1.names, 4);
    let (certificate, precertificate, head) = (&lines[0], &lines[1], &lines[2]);
    assert_eq!(certificate["message_type"], "certificate_update");
    assert_eq!(certificate["data"]["update_type"], "X509LogEntry");
    assert_eq!(precertificate["data"]["update_type"], "PrecertLogEntry");
    assert_eq!((&precertificate["index"], &precertificate["timestamp"]), (&1.into(), &1_795_000_000_001_u64.into()));
    let leaf = &certificate["data"]["leaf_cert"];
    assert_eq!((&leaf["issuer"]["O"], &leaf["issuer"]["CN"]), (&"Loopback Authority".into(), &"Loopback CA 1".into()));
    assert_eq!(leaf["not_before"], 1_793_491_200);
    assert_eq!(leaf["fingerprint"].as_str().map(str::len), Some(59));
    assert!(head["checkpoint"].as_str().is_some_and(|c| c.starts_with("loopback.example/2026h2\n2\n")));
}

#[test]
fn reading_begins_where_one_says() {
    let (url, size, key) = served(log(700), honest);
    size.store(600, Ordering::Relaxed);
    let end = Bounds { from: None, most: u64::MAX };
    let (looked, lines) = look(&url, &key, None, end);
    let (state, brought) = looked.expect("an honest log");
    assert_eq!((brought.entries, state.position, lines.len()), (0, 600, 0));
    size.store(700, Ordering::Relaxed);
    assert_eq!(names(&look(&url, &key, Some(state), end).1), expected(600..700));
    let (looked, lines) = look(&url, &key, None, Bounds { from: Some(250), most: 10 });
    assert_eq!((names(&lines), looked.expect("an honest log").0.position), (expected(250..260), 260));
}

#[test]
fn a_partial_tile_that_is_gone_is_found_in_the_whole_one() {
    let log = log(700);
    let late = log.file(700, "/tile/data/000").expect("a tile");
    let hashes = log.file(700, "/tile/0/000").expect("a tile");
    let (url, size, key) = served(log, honest);
    size.store(200, Ordering::Relaxed);
    let inner = url.clone();
    let grown = serve(move |path| match path {
        "/tile/data/000.p/200" | "/tile/0/000.p/200" => Said::none(),
        "/tile/data/000" => Said::ok(late.clone()),
        "/tile/0/000" => Said::ok(hashes.clone()),
        _ => {
            let client = Client::new(&Online::granted());
            Said::ok(client.get(&format!("{inner}{path}"), "*/*", 1 << 20).expect("fetched").body)
        }
    });
    let (looked, lines) = look(&grown, &key, None, ALL);
    assert_eq!((looked.expect("an honest log").1.entries, names(&lines)), (200, expected(0..200)));
}

#[test]
fn gzip_is_read_and_bounded() {
    let gzip = |bytes: &[u8]| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(bytes).expect("packed");
        Said { headers: "content-encoding: gzip\r\n".into(), ..Said::ok(packed.finish().expect("packed")) }
    };
    let (url, _, key) =
        served(log(300), move |path, file| if path.contains("data") { gzip(&file) } else { Said::ok(file) });
    assert_eq!(names(&look(&url, &key, None, ALL).1), expected(0..300));
    let (url, _, key) = served(log(300), move |path, file| match path.contains("data") {
        true => gzip(&vec![0; 65 << 20]),
        false => Said::ok(file),
    });
    let looked = look(&url, &key, None, ALL).0;
    assert!(matches!(&looked, Err(Trouble::Network(e)) if e.to_string().contains("longer than")), "{looked:?}");
}

#[test]
fn lies_are_told_by_name() {
    let cut = |at: &'static str, by: usize| {
        move |path: &str, mut file: Vec<u8>| {
            if path == at {
                file.truncate(file.len() - by);
            }
            Said::ok(file)
        }
    };
    let longer = |at: &'static str, by: usize| {
        move |path: &str, mut file: Vec<u8>| {
            if path == at {
                file.extend(vec![0; by]);
            }
            Said::ok(file)
        }
    };
    let changed = |at: &'static str, byte: usize| {
        move |path: &str, mut file: Vec<u8>| {
            if path == at {
                file[byte] ^= 1;
            }
            Said::ok(file)
        }
    };
    assert_eq!(fault(changed("/checkpoint", 25)).kind(), "bad signature");
    assert_eq!(fault(|_, _| Said::ok("nothing")).kind(), "bad checkpoint");
    assert_eq!(fault(cut("/tile/0/002.p/188", 5)), Fault::Truncated);
    assert_eq!(fault(cut("/tile/0/002.p/188", 32)), Fault::Width { due: 188, held: 187 });
    assert_eq!(fault(longer("/tile/0/002.p/188", 32)), Fault::Width { due: 188, held: 189 });
    assert_eq!(fault(changed("/tile/0/002.p/188", 40)).kind(), "root does not match");
    assert_eq!(fault(changed("/tile/1/000.p/2", 40)).kind(), "root does not match");
    // Bytes of the certificate of the tenth entry.
    assert_eq!(fault(changed("/tile/data/000", 300)).kind(), "root does not match");
    assert_eq!(fault(cut("/tile/data/001", 7)), Fault::Truncated);
    assert_eq!(fault(longer("/tile/data/001", 7)), Fault::Oversized);
    let whole = log(700).leaves[700 - 1].len();
    let (url, _, key) = served(log(700), cut("/tile/data/002.p/188", whole));
    assert!(matches!(look(&url, &key, None, ALL).0, Err(Trouble::Log(_))));
    let gone = |path: &str, file: Vec<u8>| if path.contains("data") { Said::none() } else { Said::ok(file) };
    assert_eq!(fault(gone).kind(), "missing");
    let mut elsewhere = log(3);
    elsewhere.add_as(&certificates()[3], false, 77);
    let (url, _, key) = served(elsewhere, honest);
    let looked = look(&url, &key, None, ALL).0;
    assert!(matches!(looked, Err(Trouble::Log(Fault::Index { due: 3, said: 77 }))), "{looked:?}");
}

#[test]
fn forks_and_rollbacks_come_with_their_proof() {
    let (url, size, key) = served(log(700), honest);
    size.store(300, Ordering::Relaxed);
    let state = look(&url, &key, None, ALL).0.expect("an honest log").0;
    size.store(299, Ordering::Relaxed);
    let looked = look(&url, &key, Some(state.clone()), ALL).0;
    assert!(matches!(&looked, Err(Trouble::Log(Fault::Rollback(heads))) if heads[0] == state.checkpoint), "{looked:?}");
    // The same key signs another past: the second entry was another.
    let mut other = log(1);
    other.add(&certificates()[600], true);
    certificates()[2..700].iter().enumerate().for_each(|(i, c)| other.add(c, i % 2 == 1));
    let forked = |n: usize| {
        let mut state = state.clone();
        let (url, size, key) = served(log_like(&other), honest);
        size.store(n, Ordering::Relaxed);
        // What was remembered is of that log, but for its past.
        state.id = look(&url, &key, None, Bounds { from: None, most: 0 }).0.expect("a log").0.id;
        look(&url, &key, Some(state), ALL)
    };
    for n in [300, 301, 700] {
        let (looked, lines) = forked(n);
        assert!(matches!(looked, Err(Trouble::Log(Fault::Fork(_)))), "{n}: {looked:?}");
        assert!(lines.is_empty(), "nothing of a forked log is taken");
    }
}

/// The same leaves under a new key.
fn log_like(log: &Log) -> Log {
    Log { leaves: log.leaves.clone(), hashes: log.hashes.clone(), ..Log::new() }
}

#[test]
fn ten_thousand_names_and_no_certificate_at_all() {
    let many: Vec<String> = (0..10_000).map(|i| format!("a-rather-long-label-number-{i}.subdomain.example")).collect();
    let mut log = log(1);
    log.add(&Issuer::new().certificate(&many), true);
    log.add(b"no certificate", false);
    // A certificate cut short, and one whose lengths lie.
    log.add(&certificates()[5][..200], false);
    let mut lying = certificates()[6].clone();
    lying[3] = 0xff;
    log.add(&lying, false);
    log.add(&certificates()[7], false);
    let (url, _, key) = served(log, honest);
    let (looked, lines) = look(&url, &key, None, ALL);
    let brought = looked.expect("an honest log").1;
    assert_eq!((brought.entries, brought.damaged, brought.names), (6, 3, 10_004));
    assert_eq!(names(&lines), [expected(0..1), many, expected(7..8)].concat());
    assert!(lines.iter().all(|l| l.to_string().len() < 1 << 20), "no line is longer than readers take");
}
