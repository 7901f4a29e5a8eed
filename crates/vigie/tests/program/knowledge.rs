//! Newer knowledge is taken in signed, and in no other way; what it knows is then found.

use super::{lines, place};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// After the day of what is packed here.
const AT: &str = "2099-01-02T00:00:00Z";

/// The program with a place of its own for what is imported.
fn vigie(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.current_dir(dir).args(args).args(["--at", AT]).env("LANG", "C").env_remove("LC_ALL");
    command.env("VIGIE_KNOWLEDGE", dir.join("home/knowledge.note")).stdin(Stdio::null());
    command.output().expect("the program starts")
}

fn run(dir: &Path, args: &[&str], code: i32) -> String {
    let out = vigie(dir, args);
    let (text, told) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert_eq!(out.status.code(), Some(code), "{args:?}\n{text}\n{told}");
    format!("{text}{told}")
}

/// A log of seals, and its key.
fn publisher(dir: &Path, name: &str) -> String {
    fs::write(dir.join("anything"), name).expect("written");
    run(dir, &["seal", "anything", "--seals", name], 0);
    fs::read_to_string(dir.join(name).join("verifier.key")).expect("a key").trim().to_string()
}

/// The rules for web logs with one more, as of a day, packed and signed.
fn packed(dir: &Path, day: &str, seals: &str, note: &str) {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../knowledge/data/web_attacks.toml");
    let text = fs::read_to_string(rules).expect("rules");
    let date = text.lines().find(|l| l.starts_with("date = ")).expect("a day").to_string();
    let text = text.replace(&date, &format!("date = \"{day}\""));
    fs::create_dir_all(dir.join("new")).expect("made");
    let more = text.replacen("\"/wp-config.php\"", "\"/made-up-probe/\", \"/wp-config.php\"", 1);
    assert_ne!(text, more);
    fs::write(dir.join("new/web_attacks.toml"), more).expect("written");
    run(dir, &["knowledge", "pack", "new", "--seals", seals, "-o", note], 0);
}

fn digest(dir: &Path) -> String {
    lines(&run(dir, &["knowledge", "--json"], 0)).last().expect("a line")["digest"].to_string()
}

#[test]
fn newer_knowledge_is_signed_newer_and_then_used() {
    let place = place();
    let dir = place.path();
    let probe = "203.0.113.9 - - [14/Feb/2017:11:00:00 +0100] \"GET /made-up-probe/x HTTP/1.1\" 404 100 \"-\" \"Mozilla/5.0\"\n";
    fs::write(dir.join("access.log"), probe.repeat(3)).expect("written");
    run(dir, &["init", "case", "--name", "a"], 0);
    run(dir, &["add", "case", "access.log"], 0);
    run(dir, &["run", "case"], 0);
    assert!(!run(dir, &["findings", "case"], 0).contains("203.0.113.9"));
    let before = digest(dir);

    let (key, other) = (publisher(dir, "ours"), publisher(dir, "others"));
    packed(dir, "2099-01-01", "ours", "new.note");
    assert!(run(dir, &["knowledge", "import", "new.note"], 2).contains("no key is pinned"));
    assert!(run(dir, &["knowledge", "import", "new.note", "--key", &other], 2).contains("not signed by"));
    let note = fs::read_to_string(dir.join("new.note")).expect("a note");
    let forgeries = [note.replacen("/made-up-probe/", "/made-up-prope/", 1), note[..note.len() / 2].to_string()];
    for (forged, why) in forgeries.iter().zip(["was changed after", "no signed note"]) {
        fs::write(dir.join("forged.note"), forged).expect("written");
        assert!(run(dir, &["knowledge", "import", "forged.note", "--key", &key], 2).contains(why), "{why}");
    }
    assert!(!dir.join("home/knowledge.note").exists() && digest(dir) == before);

    assert!(run(dir, &["knowledge", "import", "new.note", "--key", &key], 0).contains("web_attacks.toml"));
    let after = digest(dir);
    assert_ne!(before, after);
    let version = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .args(["--version", "--json"])
        .env("VIGIE_KNOWLEDGE", dir.join("home/knowledge.note"))
        .output()
        .expect("the program starts");
    let told = &lines(&String::from_utf8_lossy(&version.stdout))[0]["knowledge"];
    assert_eq!((told["digest"].to_string(), &told["imported"]["date"]), (after.clone(), &"2099-01-02".into()));

    // What was read is read again, and the brief says by what; workers know the same.
    run(dir, &["run", "case"], 0);
    assert!(run(dir, &["findings", "case"], 0).contains("203.0.113.9"));
    assert!(super::brief(&dir.join("case")).contains("web_attacks.toml, of 2099-01-02, by"));
    let (here, there) = (run(dir, &["check", "access.log"], 0), run(dir, &["check", "access.log", "--isolate"], 0));
    assert!(here.contains("203.0.113.9") && there.contains("203.0.113.9"), "{here}\n{there}");

    // The same again, an older one, one of a day that has not come, another's: nothing of it is taken.
    assert!(run(dir, &["knowledge", "import", "new.note"], 2).contains("nothing in it is newer"));
    packed(dir, "2098-01-01", "ours", "old.note");
    assert!(run(dir, &["knowledge", "import", "old.note"], 2).contains("is older than that in use"));
    packed(dir, "2199-01-01", "ours", "early.note");
    assert!(run(dir, &["knowledge", "import", "early.note"], 2).contains("has not come"));
    packed(dir, "2099-01-02", "others", "others.note");
    assert!(run(dir, &["knowledge", "import", "others.note"], 2).contains("not signed by"));
    assert!(run(dir, &["knowledge", "import", "others.note", "--key", &other], 2).contains("is another"));
    assert_eq!(digest(dir), after);

    // Altered where it lies, it stops all but what mends it.
    let lies = dir.join("home/knowledge.note");
    let altered = fs::read_to_string(&lies).expect("there").replacen("/made-up-probe/", "/made-up-prope/", 1);
    fs::write(&lies, altered).expect("written");
    assert!(run(dir, &["check", "access.log"], 2).contains("was changed after"));
    run(dir, &["knowledge", "drop"], 0);
    assert_eq!(digest(dir), before);
}
