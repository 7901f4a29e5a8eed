//! Worker processes: they say what one process says, cannot get out, and may die.

use super::{AT, gzip, log, other_log, place, vigie};
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
#[cfg(target_os = "linux")]
fn a_worker_cannot_get_out() {
    // Also where root starts it, and where the kernel has no Landlock.
    for landlock in [true, false] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.args(["worker", "1", "10", "--probe"]).stdin(Stdio::null());
        if !landlock {
            command.env("VIGIE_TEST_NO_LANDLOCK", "1");
        }
        let out = command.output().expect("the program starts");
        let text = String::from_utf8_lossy(&out.stdout);
        let (held, told) = text.split_once("landlock: ").expect("it says");
        assert_eq!(held, "could: \nthreads: true\nunprivileged: true\n", "{}", String::from_utf8_lossy(&out.stderr));
        // What the kernel of this machine has is its own matter; without it, nothing more is possible.
        assert!(landlock || told.trim() == "false", "{told}");
    }
}

#[test]
fn workers_say_what_this_process_says() {
    let dir = place();
    let d = dir.path();
    fs::create_dir(d.join("logs")).expect("made");
    fs::write(d.join("logs/a.log"), log()).expect("written");
    fs::write(d.join("logs/b.gz"), gzip(other_log().as_bytes())).expect("written");
    fs::write(d.join("logs/empty"), "").expect("written");
    for command in ["check", "read"] {
        let here = vigie(d, &[command, "logs", "--json"]);
        let there = vigie(d, &[command, "logs", "--json", "--isolate"]);
        assert_eq!(String::from_utf8_lossy(&here.stdout), String::from_utf8_lossy(&there.stdout));
        assert_eq!(String::from_utf8_lossy(&here.stderr), String::from_utf8_lossy(&there.stderr));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_killed_worker_costs_one_piece_of_evidence() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("a.log"), log().repeat(200_000)).expect("written");
    fs::write(d.join("b.log"), other_log()).expect("written");
    let program = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .current_dir(d)
        .args(["check", "a.log", "b.log", "--isolate", "--json", "--at", AT])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // The first worker takes the first file, which takes long.
    let threads = format!("/proc/{}/task", program.id());
    let begun = Instant::now();
    let worker = loop {
        let children = fs::read_dir(&threads).into_iter().flatten().flatten();
        let mut children: Vec<String> = children
            .filter_map(|t| fs::read_to_string(t.path().join("children")).ok())
            .flat_map(|c| c.split_whitespace().map(str::to_string).collect::<Vec<_>>())
            .collect();
        children.sort_by_key(|c| c.parse::<u64>().unwrap_or(0));
        // Between fork and exec a child still holds whatever its parent had open: it must be a worker already.
        let reads_a = |c: &String| {
            let line = fs::read(format!("/proc/{c}/cmdline")).unwrap_or_default();
            if !line.split(|&b| b == 0).any(|word| word == b"worker") {
                return false;
            }
            let files = fs::read_dir(format!("/proc/{c}/fd")).into_iter().flatten().flatten();
            files.filter_map(|f| fs::read_link(f.path()).ok()).any(|f| f.ends_with("a.log"))
        };
        if let Some(c) = children.into_iter().find(reads_a) {
            break c;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "no worker came");
    };
    assert!(Command::new("kill").args(["-9", &worker]).status().is_ok_and(|s| s.success()));
    let out = program.wait_with_output().expect("it ends");
    let (found, told) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert_eq!(out.status.code(), Some(0), "{told}");
    assert!(told.contains("the worker that read it died"), "{told}");
    assert!(found.contains("203.0.113.77") && !found.contains("203.0.113.9\""), "{}", &found[..found.len().min(2000)]);
}
