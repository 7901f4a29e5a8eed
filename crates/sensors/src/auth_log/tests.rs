use super::AuthLog;
use super::runs::{LOCAL, LOGIN};
use crate::testing::{Memory, config};
use model::Time;

const AT: &str = "2017-05-01T00:00:00Z";

fn at() -> Time {
    AT.parse().unwrap()
}

fn read(evidence: &[u8]) -> Memory {
    let mut memory = Memory::new();
    memory.read(&AuthLog, "auth.log", evidence, &config(""), at());
    memory
}

fn outcome(memory: &Memory, word: &str) -> u64 {
    memory.count(LOGIN, |o| o.fields["outcome"] == word)
}

/// Public logs beside the project, where they exist.
fn data(path: &str) -> Option<Vec<u8>> {
    let root =
        std::env::var("VIGIE_DATA").unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into());
    let read = std::fs::read(format!("{root}/{path}")).ok();
    if read.is_none() {
        println!("skipped: {root}/{path} is not here");
    }
    read
}

#[test]
fn a_real_server_is_counted_exactly() {
    let Some(log) = data("auth-logs/elastic-auth/auth.log") else { return };
    let memory = read(&log);
    assert_eq!(outcome(&memory, "accepted"), 226);
    assert_eq!(outcome(&memory, "invalid_user"), 178);
    assert_eq!(outcome(&memory, "failed"), 1042);
    assert_eq!(memory.skips, []);
    assert_eq!(memory.count(LOCAL, |o| o.fields["service"] == "sudo" && o.fields["outcome"] == "accepted"), 186);
}
