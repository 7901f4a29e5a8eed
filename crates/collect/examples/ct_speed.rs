//! How fast a log is followed: entries a second, over HTTP on this machine, all verified and written as lines.
//! `cargo run --release -p collect --example ct_speed -- [ENTRIES]`; pin it to one core for a figure per core.
//! With a second argument it writes the log's files there for any web server, and prints its key.

#[path = "../tests/all/log.rs"]
#[allow(dead_code, reason = "made for the tests, which use all of it")]
mod log;
#[path = "../tests/all/server.rs"]
#[allow(dead_code, reason = "as above")]
mod server;

use collect::Online;
use collect::ct::{Bounds, Key, Log as Followed};
use collect::http::Client;
use log::{Issuer, Log};
use proofs::tiles::{Place, path};
use server::{Said, serve};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

fn main() {
    let entries: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(102_400);
    let issuer = Issuer::new();
    let made: Vec<Vec<u8>> = (0..500)
        .map(|i| issuer.certificate(&(0..=i % 6).map(|n| format!("h{n}.site-{i}.example")).collect::<Vec<_>>()))
        .collect();
    let mut log = Log::new();
    (0..entries).for_each(|i| log.add(&made[i % made.len()], i % 5 > 0));
    if let Some(place) = std::env::args().nth(2) {
        return write(&log, Path::new(&place));
    }
    let key = Key::parse(&log.key()).expect("a key");
    // Every file is made once, before the clock starts.
    let files: Mutex<HashMap<String, Vec<u8>>> = Mutex::default();
    let url = serve(move |path| {
        let mut files = files.lock().expect("one at a time");
        let file = files.entry(path.into()).or_insert_with(|| log.file(entries, path).unwrap_or_default());
        Said::ok(file.clone())
    });
    let client = Client::new(&Online::granted());
    let followed = Followed::new(&client, &url, key).expect("an address");
    for round in 0..4 {
        let (start, mut out) = (Instant::now(), Vec::new());
        let bounds = Bounds { from: Some(0), most: u64::MAX };
        let (_, brought) = followed.look(None, bounds, model::Time::default(), &mut out).expect("an honest log");
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "round {round}: {} entries, {} names, {} MB of lines in {seconds:.2} s: {:.0} entries a second",
            brought.entries,
            brought.names,
            out.len() >> 20,
            brought.entries as f64 / seconds
        );
    }
}

/// Writes every file of a log.
fn write(log: &Log, place: &Path) {
    let size = log.leaves.len();
    let mut paths = vec!["/checkpoint".to_string()];
    for level in 0..3 {
        let kinds = if level == 0 { vec!["data".to_string(), "0".into()] } else { vec![level.to_string()] };
        for n in 0.. {
            let Some(tile) = Place::in_tree(level, n, size as u64) else { break };
            paths.extend(kinds.iter().map(|kind| format!("/tile/{kind}/{}", path(n, tile.width))));
        }
    }
    for name in paths {
        let file = place.join(&name[1..]);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        std::fs::write(file, log.file(size, &name).expect("a file of the log")).expect("written");
    }
    println!("{}", log.key());
}
