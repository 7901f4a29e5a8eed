//! Twelve slices of a log, read apart, give the rows of the whole.
//!
//! For logs in order of time the merged rows are those of the whole, to the byte. What a slice cannot know is the rest:
//! - the year of stamps that carry none is inferred from the date of the evidence, for each slice on its own: slices of a
//!   log of more than a year are moved to the latest year that fits, and `undated` counts lines by that year;
//! - `last message repeated` as the first line of a slice, and a database's connection in a slice before, are lost;
//! - of a visitor's ordinary requests each slice keeps its own first and last five minutes whole, however few: such rows
//!   stand beside those of the whole (they are what makes the sums right);
//! - where each slice begins and ends is its own (`web_log/stretch`);
//! - past a cap (hosts, paths, names, answers of one run) what was listed first in a slice may be listed.

use model::Random;
use model::{Config, Observation, Time};
use rows::auth_log::{Local, Login};
use rows::web_log::{Heavy, Request, SLOT};
use rows::{Observed, merge, shift};
use sensors::testing::Memory;

const WINDOW: i64 = 1800;
const LINES: usize = 2000;

fn read(kind: &str, log: &str) -> Memory {
    let sensor = sensors::sensor(kind).expect("a sensor");
    let mut memory = Memory::new();
    let at = "2017-05-01T00:00:00Z".parse().expect("a time");
    memory.read(sensor, "a.log", log.as_bytes(), &Config::default(), at);
    memory
}

/// The rows of the whole, and of its slices with their places in the whole.
fn rows(kind: &str, log: &str, cuts: &[usize]) -> (Vec<Observation>, Vec<Observation>) {
    let whole = read(kind, log);
    let lines: Vec<&str> = log.split_inclusive('\n').collect();
    let (mut sliced, mut tallies, mut from) = (Vec::new(), Memory::new().tallies, 0);
    for &to in cuts.iter().chain([&lines.len()]) {
        let slice = read(kind, &lines[from..to].concat());
        let start = lines[..from].iter().map(|l| l.len() as u64).sum();
        sliced.extend(slice.observations.into_iter().map(|v| v.observation).map(|mut o| {
            shift(&mut o, start, from as u64);
            o
        }));
        for (key, counts) in slice.tallies {
            model::Tally::merge(tallies.entry(key).or_default(), &counts);
        }
        from = to;
    }
    let mut expected = whole.tallies.clone();
    for t in [&mut tallies, &mut expected] {
        t.retain(|key, _| key.0 != "web_log/stretch" && key.0 != model::UNDATED);
    }
    assert_eq!(tallies, expected);
    (whole.observations.into_iter().map(|v| v.observation).collect(), sliced)
}

/// Compares what is merged of slices with the whole; says how many rows there were of each.
fn check<R: Observed>((whole, sliced): &(Vec<Observation>, Vec<Observation>), keep: &dyn Fn(&Observation) -> bool) {
    let place = |o: &Observation| (o.key.clone(), o.first, o.last, o.spans.iter().next());
    let mut expected: Vec<_> = whole.iter().filter(|o| o.kind == R::NAME).cloned().collect();
    expected.sort_by_key(place);
    let apart = sliced.iter().filter(|o| o.kind == R::NAME).count();
    assert!(apart > expected.len(), "{apart} rows of slices, {} of the whole: nothing is tested", expected.len());
    let mut merged = merge::<R>(sliced.iter().cloned(), WINDOW).expect("rows are read");
    merged.retain(keep);
    for (merged, expected) in merged.iter().zip(&expected) {
        assert_eq!(merged, expected);
    }
    assert_eq!(merged.len(), expected.len(), "{}", R::NAME);
    // The whole is merged already; and in whatever pieces it is done.
    assert_eq!(merge::<R>(expected.iter().cloned(), WINDOW).expect("rows are read"), expected);
    let (first, second) = sliced.split_at(sliced.len() / 3);
    let parts = [first, second].map(|p| merge::<R>(p.iter().cloned(), WINDOW).expect("rows are read"));
    let mut again = merge::<R>(parts.concat(), WINDOW).expect("rows are read");
    again.retain(keep);
    assert_eq!(again, merged);
}

/// Twelve like slices, then twelve of chance.
fn cuts() -> [Vec<usize>; 2] {
    let mut random = Random::new(12);
    let mut cuts: Vec<usize> = (1..12).map(|_| 1 + random.below(LINES as u64 - 1) as usize).collect();
    cuts.sort_unstable();
    [(1..12).map(|i| i * LINES / 12).collect(), cuts]
}

#[test]
fn of_a_web_log() {
    let mut random = Random::new(1);
    let mut at = "2017-02-13T08:00:00Z".parse::<Time>().expect("a time").seconds();
    let mut log = String::new();
    for i in 0..LINES {
        let busy = (500..800).contains(&i);
        at +=
            if busy { i64::from(i % 2 == 0) } else { random.below(40) as i64 + i64::from(random.chance(0.01)) * 2400 };
        let n = random.below(9);
        let (source, request, status) = match random.below(12) {
            _ if busy => (200, "GET /tracts/avril.pdf".to_string(), 200),
            0..=4 => (random.below(12), format!("GET /article/{n}"), 200),
            5 | 6 => (random.below(5), format!("GET /{n}?id=1%20UNION%20SELECT%20a%20FROM%20b--"), 200 + 100 * n % 400),
            7 | 8 => (random.below(5), format!("GET /old/{}", random.below(90)), 404),
            9 => (random.below(5), "POST /wp-login.php".to_string(), if n == 0 { 302 } else { 200 }),
            10 => (random.below(5), format!("GET /{}.git/config", ["", "a/", "b/"][n as usize % 3]), 404),
            _ => (random.below(5), "GET /wp-admin/".to_string(), 403),
        };
        let stamp = jiff::Timestamp::from_second(at).expect("a time").strftime("%d/%b/%Y:%H:%M:%S +0000");
        let size = 100 + random.below(9000);
        let agent = if n == 1 { "-" } else { "Mozilla/5.0" };
        log += &format!(
            "www.a.example 203.0.113.{source} - - [{stamp}] \"{request} HTTP/1.1\" {status} {size} \"-\" \"{agent}\"\n"
        );
    }
    for cuts in cuts() {
        let rows = rows("web_log", &log, &cuts);
        check::<Request>(&rows, &|_| true);
        let slots = rows.0.iter().filter(|o| o.kind == "web_log/heavy").map(|o| o.first.seconds().div_euclid(SLOT));
        let (first, last) = (slots.clone().min(), slots.max());
        check::<Heavy>(&rows, &|o| o.count >= 100 || [first, last].contains(&Some(o.first.seconds().div_euclid(SLOT))));
    }
}

#[test]
fn of_a_login_log() {
    let mut random = Random::new(2);
    let mut at = "2016-12-31T08:00:00Z".parse::<Time>().expect("a time").seconds();
    let mut log = String::new();
    for _ in 0..LINES {
        at += random.below(30) as i64 + i64::from(random.chance(0.01)) * 2400;
        let user = ["root", "alice", "bob", "admin"][random.below(4) as usize];
        let source = format!("203.0.113.{}", random.below(4));
        let said = match random.below(12) {
            0..=3 => format!("sshd[7]: Failed password for {user} from {source} port 22 ssh2"),
            4 | 5 => format!("sshd[7]: Failed publickey for invalid user x{user} from {source} port 22 ssh2"),
            6 => format!("sshd[7]: Invalid user x{user} from {source} port 22"),
            7 => format!(
                "sshd[7]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= \
                 rhost={source}  user={user}"
            ),
            8 => format!("sshd[7]: Accepted password for {user} from {source} port 22 ssh2"),
            9 => format!("sshd[7]: Did not receive identification string from {source} port 22"),
            10 => format!("sudo: {user} : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls"),
            _ => format!(
                "sudo: {user} : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls"
            ),
        };
        let stamp = jiff::Timestamp::from_second(at).expect("a time").strftime("%b %e %H:%M:%S");
        log += &format!("{stamp} web1 {said}\n");
    }
    for cuts in cuts() {
        let rows = rows("auth_log", &log, &cuts);
        check::<Login>(&rows, &|_| true);
        check::<Local>(&rows, &|_| true);
    }
}
