//! Bytes to findings, one sensor at a time and all together.

use model::{Config, Time};
use sensors::SENSORS;
use sensors::posts::platforms::html;
use sensors::posts::table::Table;
use sensors::testing::{Memory, config};
use std::sync::LazyLock;

/// Something is protected, so that what depends on it is reached.
static CONFIG: LazyLock<Config> = LazyLock::new(|| {
    config("[protect]\ndomains = [\"kiosque.example\", \"en-marche.fr\"]\npeople = [\"Emmanuel Macron\"]\n")
});

/// When it is.
const AT: Time = Time::from_seconds(1_490_000_000);

/// What one sensor makes of the bytes.
pub fn one(sensor: &str, bytes: &[u8]) {
    let sensor = sensors::sensor(sensor).expect("a sensor has this name");
    let mut case = Memory::new();
    case.read(sensor, "fuzz", bytes, &CONFIG, AT);
    for detector in sensor.detectors() {
        case.detect(*detector, &CONFIG, AT);
    }
}

/// What the surest readers make of all that lies in the bytes.
pub fn any(bytes: &[u8]) {
    let mut case = Memory::new();
    case.read_all("fuzz", bytes, &CONFIG, AT);
    for detector in SENSORS.iter().flat_map(|s| s.detectors()) {
        case.detect(*detector, &CONFIG, AT);
    }
}

/// Beginnings by which a format is known, so that the rest is read by its reader.
const HEADS: [&str; 10] = [
    "",
    "[{\"id_str\":\"1\",\"created_at\":\"Fri May 05 22:10:00 +0000 2017\",\"text\":\"a\",\"user\":{\"id_str\":\"2\"}},",
    "window.YTD.tweets.part0 = [",
    "{\"data\":[{\"id\":\"1\",\"text\":\"a\",\"author_id\":\"2\"},",
    "[{\"account\":{\"acct\":\"a\"},\"content\":\"<p>\",\"id\":\"1\"},",
    "{\"orderedItems\":[",
    "{\"name\":\"a\",\"type\":\"public_channel\",\"id\":1,\"messages\":[{\"id\":1,\"type\":\"message\",\"date\":\"x\",\"from_id\":\"a\"},",
    "<rss><channel><item>",
    "Page Name,User Name,Facebook Id,Post Created,URL,Message,Link\n",
    "short,long\n",
];

/// Posts: the first byte chooses the beginning.
pub fn posts(bytes: &[u8]) {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let evidence = [HEADS[usize::from(first) % HEADS.len()].as_bytes(), rest].concat();
    let mut case = Memory::new();
    case.read(&sensors::posts::Posts, "fuzz", &evidence, &CONFIG, AT);
    let table = Table::load(&case).expect("memory never fails");
    for post in 0..table.len() as u32 {
        let _ = table.text(post);
    }
    for detector in sensors::sensor("posts").into_iter().flat_map(|s| s.detectors()) {
        case.detect(*detector, &CONFIG, AT);
    }
    html::text(&String::from_utf8_lossy(rest));
}

/// A web log, cut in two at a line end that the first byte chooses.
pub fn split(bytes: &[u8]) {
    let Some((&cut, bytes)) = bytes.split_first() else { return };
    let ends: Vec<usize> = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| i + 1).collect();
    let Some(&end) = ends.get(usize::from(cut) % ends.len().max(1)) else { return };
    // Compressed evidence has no line ends of its own, and W3C columns are named at its beginning only.
    if [&b"#"[..], b"\x1f\x8b", b"BZh", b"\xfd", b"\x28"].iter().any(|head| bytes.starts_with(head)) {
        return;
    }
    let sensor = sensors::sensor("web_log").expect("it is one");
    let found = |parts: &[&[u8]]| {
        let mut case = Memory::new();
        for part in parts {
            case.read(sensor, "fuzz", part, &CONFIG, AT);
        }
        let mut all: Vec<String> = Vec::new();
        for detector in sensor.detectors() {
            all.extend(case.detect(*detector, &CONFIG, AT).into_iter().map(|f| format!("{} {:?}", f.key, f.title)));
        }
        all
    };
    assert_eq!(found(&[bytes]), found(&[&bytes[..end], &bytes[end..]]));
}
