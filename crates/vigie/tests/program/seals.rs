//! Seals as a person meets them: sealed, proved, checked by three verifiers, forgotten; killed at any moment.

use super::{run, vigie};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use proofs::seal::{self, Kind};
use proofs::{Policy, Vkey};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PAPER: &str =
    "Minutes\n\nThe budget for the north office is thirty thousand euros.\n\nWe meet on Thursday, bring the figures.\n";

/// A folder of documents, sealed.
fn sealed(dir: &Path) {
    fs::create_dir(dir.join("docs")).unwrap();
    for n in 0..5 {
        fs::write(dir.join(format!("docs/{n}.txt")), format!("{PAPER}\nPaper {n}\n")).unwrap();
    }
    run(dir, &["seal", "docs", "--name", "seals.example.org"], 0);
}

const KEY: [&str; 2] = ["--key", "seals/verifier.key"];

fn check(dir: &Path, proof: &str, file: &str, code: i32) -> String {
    run(dir, &["prove", "--check", proof, file, KEY[0], KEY[1]], code)
}

#[test]
fn what_was_sealed_is_proved_and_what_was_not_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    sealed(dir);
    run(dir, &["prove", "docs/1.txt"], 0);
    let text = fs::read(dir.join("docs/1.txt.tlog-proof")).unwrap();
    assert!(text.len() < 4096, "{} bytes", text.len());
    assert!(check(dir, "docs/1.txt.tlog-proof", "docs/1.txt", 0).contains("byte for byte"));
    check(dir, "docs/1.txt.tlog-proof", "docs/2.txt", 1);
    run(dir, &["prove", "--check", "docs/1.txt.tlog-proof", "docs/1.txt"], 2);
    run(dir, &["prove", "--check", "missing", "docs/1.txt", KEY[0], KEY[1]], 2);
    // The same verdict years later, and against the head as it was published.
    let late = ["--at", "2099-01-01", "--head", "seals/checkpoint"];
    run(dir, &[&["prove", "--check", "docs/1.txt.tlog-proof", "docs/1.txt", KEY[0], KEY[1]], &late[..]].concat(), 0);
    // A copy that another program saved, and one with another figure.
    fs::write(dir.join("copy.txt"), fs::read_to_string(dir.join("docs/1.txt")).unwrap().replace('\n', "\r\n")).unwrap();
    assert!(run(dir, &["prove", "copy.txt"], 0).contains("text"));
    let forged = fs::read_to_string(dir.join("docs/1.txt")).unwrap().replace("thirty", "forty");
    fs::write(dir.join("forged.txt"), forged).unwrap();
    let told = run(dir, &["prove", "forged.txt"], 1);
    assert!(told.contains("docs/1.txt") && told.contains("forty"), "{told}");
    run(dir, &["prove", "forged.txt", "--part", "forty"], 1);
    run(dir, &["prove", "forged.txt", "--part", "Thursday"], 0);
    check(dir, "forged.txt.paragraph-3.txt.tlog-proof", "forged.txt.paragraph-3.txt", 0);
    // Absence is of these bytes and this text, with what was covered.
    run(dir, &["prove", "--absent", "docs/1.txt"], 1);
    run(dir, &["prove", "--absent", "copy.txt"], 1);
    run(dir, &["prove", "--absent", "forged.txt"], 0);
    assert!(check(dir, "forged.txt.absent.tlog-proof", "forged.txt", 0).contains("folder files 5"));
    check(dir, "forged.txt.text.absent.tlog-proof", "forged.txt", 0);
    check(dir, "forged.txt.absent.tlog-proof", "docs/1.txt", 1);
    // What is forgotten can be neither proved nor denied; what was proved stands.
    run(dir, &["forget", "--seals", "seals", "docs/1.txt"], 0);
    run(dir, &["prove", "docs/1.txt"], 1);
    fs::remove_file(dir.join("docs/1.txt")).unwrap();
    run(dir, &["seal", "docs"], 0);
    run(dir, &["prove", "--absent", "forged.txt"], 2);
    check(dir, "forged.txt.absent.tlog-proof", "forged.txt", 0);
}

#[test]
fn a_new_key_is_vouched_for_by_the_old_one_and_a_lost_one_is_followed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    sealed(dir);
    fs::copy(dir.join("seals/verifier.key"), dir.join("old.key")).unwrap();
    run(dir, &["seal", "--new-key", "--post-quantum"], 0);
    fs::write(dir.join("docs/new.txt"), "A paper of the time after the old key was given up, long enough.").unwrap();
    run(dir, &["seal", "docs"], 0);
    run(dir, &["prove", "docs/new.txt"], 0);
    let with = |more: &[&'static str], code| {
        let args = ["prove", "--check", "docs/new.txt.tlog-proof", "docs/new.txt", "--key", "old.key"];
        run(dir, &[&args[..], more].concat(), code)
    };
    with(&[], 1);
    with(&["--succession", "seals/succession/1"], 0);
    with(&["--succession", "seals/succession/1", "--stolen", "2030-01-01"], 1);
    // Whoever asks for a quorum of ML-DSA-44 finds it in the same checkpoint.
    let pq = fs::read_to_string(dir.join("seals/post-quantum-verifier.key")).unwrap();
    let key = fs::read_to_string(dir.join("seals/verifier.key")).unwrap();
    fs::write(dir.join("policy"), format!("log {key}witness pq {pq}quorum pq\n")).unwrap();
    run(dir, &["prove", "--check", "docs/new.txt.tlog-proof", "docs/new.txt", "--policy", "policy"], 0);
    let other = proofs::Signer::new("witness.example", proofs::vkey::Kind::Witness, [7; 32]).unwrap();
    fs::write(dir.join("policy"), format!("log {key}witness w {}\nquorum w\n", other.vkey())).unwrap();
    run(dir, &["prove", "--check", "docs/new.txt.tlog-proof", "docs/new.txt", "--policy", "policy"], 1);
    let head = fs::read_to_string(dir.join("seals/checkpoint")).unwrap();
    let text = format!("{}\n", head.split("\n\n").next().unwrap());
    fs::write(dir.join("cosigned"), format!("{text}\n{}", other.sign(&text, 1_800_000_000).unwrap())).unwrap();
    let args =
        ["prove", "--check", "docs/new.txt.tlog-proof", "docs/new.txt", "--policy", "policy", "--cosigned", "cosigned"];
    run(dir, &args, 0);
    run(dir, &["seal", "--cosigned", "cosigned"], 0);
    assert_eq!(fs::read_to_string(dir.join("seals/checkpoint")).unwrap().matches("witness.example").count(), 1);
    // The key is lost: a log that begins with the last head goes on.
    run(dir, &["seal", "docs", "--seals", "next", "--continues", "seals/checkpoint"], 0);
    run(dir, &["prove", "seals/checkpoint", "--seals", "next", "-o", "continues.tlog-proof"], 0);
    run(dir, &["prove", "--check", "continues.tlog-proof", "seals/checkpoint", "--key", "next/verifier.key"], 0);
}

/// A case for the verifiers: proof, file, and the head that is asked for.
type Case = (Vec<u8>, Vec<u8>);

/// What the crate says: 0, 1, 2.
fn rust(key: &Vkey, (proof, file): &Case) -> i64 {
    let plain = std::str::from_utf8(file).ok();
    let digests = |kind: Kind| match (kind.is_text(), plain) {
        (false, _) => vec![seal::of_bytes(file)],
        (true, None) => Vec::new(),
        (true, Some(text)) => {
            let lines = text.replace("\r\n", "\n").replace('\r', "\n");
            let pieces = lines.split('\n').chain(lines.split("\n\n")).filter(|_| kind == Kind::Paragraph);
            std::iter::once(text).chain(pieces).map(seal::of_text).collect()
        }
    };
    match seal::check(proof, &Policy::of(key.clone()), None, &digests) {
        Ok(_) => 0,
        Err(fault) => {
            if fault.cannot_say() {
                2
            } else {
                1
            }
        }
    }
}

fn python(dir: &Path, key: &str, cases: &[Case], vectors: &[Value]) -> Option<Vec<i64>> {
    let script = "import json, sys, base64\nsys.path.insert(0, '.')\nimport verify as v\nout = []\n\
        d = lambda t: base64.b64decode(t or '')\n\
        for key, p, f in json.load(open('cases.json')):\n\
        \x20try: v.check(key, d(p), d(f)); out.append(0)\n\
        \x20except v.No: out.append(1)\n\
        \x20except Exception: out.append(2)\n\
        for w in json.load(open('vectors.json')):\n\
        \x20path, leaf, root = [d(h) for h in w['proof'] or []], d(w['leafHash']), d(w['root'])\n\
        \x20ok = all(len(h) == 32 for h in path + [leaf, root]) and v.climb(w['leafIdx'], w['treeSize'], leaf, path, lambda a, b: v.sha(b'\\1', a, b)) == root\n\
        \x20out.append(int(not ok))\n\
        json.dump(out, sys.stdout)\n";
    prepare(dir, key, cases, vectors);
    fs::write(dir.join("verify.py"), proofs::PYTHON).unwrap();
    let out = Command::new("python3").current_dir(dir).args(["-c", script]).output().ok()?;
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).ok()
}

fn prepare(dir: &Path, key: &str, cases: &[Case], vectors: &[Value]) {
    let b64 = |b: &[u8]| BASE64_STANDARD.encode(b);
    let cases: Vec<Value> = cases.iter().map(|(p, f)| json!([key, b64(p), b64(f)])).collect();
    fs::write(dir.join("cases.json"), serde_json::to_vec(&cases).unwrap()).unwrap();
    fs::write(dir.join("vectors.json"), serde_json::to_vec(vectors).unwrap()).unwrap();
}

fn browser(dir: &Path, key: &str, cases: &[Case], vectors: &[Value]) -> Option<Vec<i64>> {
    prepare(dir, key, cases, vectors);
    let (cases, vectors) =
        (fs::read_to_string(dir.join("cases.json")).ok()?, fs::read_to_string(dir.join("vectors.json")).ok()?);
    let script = format!(
        "<script>\nconst raw = t => Uint8Array.from(atob(t || ''), c => c.charCodeAt(0)), said = [];\n\
         for (const [key, p, f] of {cases}) said.push(verdict(key, raw(p), raw(f), '')[0]);\n\
         for (const w of {vectors}) {{ const path = (w.proof || []).map(raw), leaf = raw(w.leafHash), root = raw(w.root);\n\
         const whole = [...path, leaf, root].every(h => h.length === 32);\n\
         said.push(whole && same(climb(BigInt(w.leafIdx), BigInt(w.treeSize), leaf, path, rfc6962), root) ? 0 : 1); }}\n\
         document.getElementById('out').textContent = 'SAID' + JSON.stringify(said) + 'DIAS';\n</script></html>"
    );
    fs::write(dir.join("page.html"), proofs::PAGE.replace("</html>", &script)).unwrap();
    let page = format!("file://{}", dir.join("page.html").display());
    let profile = format!("--user-data-dir={}", dir.join("profile").display());
    let args = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        &profile,
        "--virtual-time-budget=100000000",
        "--dump-dom",
        &page,
    ];
    let out = Command::new("chromium").args(args).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let said = text.split("<output").nth(1)?.split("SAID").nth(1)?.split("DIAS").next()?;
    serde_json::from_str(said).ok()
}

#[test]
fn three_verifiers_agree_on_flipped_bits_and_on_published_vectors() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    sealed(dir);
    fs::write(dir.join("strange.txt"), PAPER.replace("thirty", "forty")).unwrap();
    run(dir, &["prove", "docs/1.txt"], 0);
    run(dir, &["prove", "docs/2.txt", "--part", "thirty"], 0);
    run(dir, &["prove", "--absent", "strange.txt"], 0);
    let key = fs::read_to_string(dir.join("seals/verifier.key")).unwrap();
    let read = |name: &str| fs::read(dir.join(name)).unwrap();
    let whole: Vec<Case> = [
        ("docs/1.txt.tlog-proof", "docs/1.txt"),
        ("docs/2.txt.paragraph-2.txt.tlog-proof", "docs/2.txt.paragraph-2.txt"),
        ("strange.txt.absent.tlog-proof", "strange.txt"),
        ("strange.txt.text.absent.tlog-proof", "strange.txt"),
    ]
    .map(|(p, f)| (read(p), read(f)))
    .into();
    let mut cases = whole.clone();
    cases.push((whole[1].0.clone(), read("docs/2.txt")));
    // A thousand bits, spread over all of the proofs by a fixed stride.
    let mut at = 0usize;
    for n in 0..1000 {
        let (mut proof, file) = whole[n % whole.len()].clone();
        at = (at + 7919) % (proof.len() * 8);
        proof[at / 8] ^= 1 << (at % 8);
        cases.push((proof, file));
    }
    for cut in [0, 1, 22, 23, 100, 300] {
        cases.push((whole[0].0[..cut].to_vec(), whole[0].1.clone()));
    }
    let vkey = Vkey::parse(&key).unwrap();
    let mut ours: Vec<i64> = cases.iter().map(|case| rust(&vkey, case)).collect();
    assert!(ours[..5].iter().all(|v| *v == 0), "{:?}", &ours[..5]);
    let unseen: Vec<usize> = (5..1005).filter(|n| ours[*n] == 0).collect();
    assert!(unseen.is_empty(), "flipped bits that were not caught: {unseen:?}");
    let root = std::env::var_os("VIGIE_DATA").map_or_else(|| "../../../shared/data".into(), std::path::PathBuf::from);
    let mut vectors = Vec::new();
    let mut folders = vec![root.join("seals/merkle-vectors/inclusion")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().map(|e| e.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(path).unwrap();
                vectors.push(serde_json::from_str::<Value>(&text).unwrap());
            }
        }
    }
    // Indices beyond what JSON carries exactly are none that a tree has; they are refused whatever their digits.
    ours.extend(vectors.iter().map(|v| i64::from(v["wantErr"].as_bool().unwrap())));
    for (name, theirs) in
        [("python3", python(dir, &key, &cases, &vectors)), ("chromium", browser(dir, &key, &cases, &vectors))]
    {
        let Some(theirs) = theirs else {
            println!("skipped: {name} is not there");
            continue;
        };
        assert_eq!(theirs.len(), ours.len());
        let other: Vec<_> =
            (0..ours.len()).filter(|n| ours[*n] != theirs[*n]).map(|n| (n, ours[n], theirs[n])).collect();
        assert!(other.is_empty(), "{name} says otherwise of {other:?}");
    }
}

#[test]
fn a_log_killed_at_any_moment_goes_on_as_if_nothing_had_been() {
    // VIGIE_KILLS=200 is the whole measurement; a few show the way.
    let kills: u32 = std::env::var("VIGIE_KILLS").ok().and_then(|k| k.parse().ok()).unwrap_or(8);
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    sealed(dir);
    run(dir, &["prove", "docs/1.txt"], 0);
    let started = Instant::now();
    run(dir, &["seal", "docs"], 0);
    let whole = started.elapsed().max(Duration::from_millis(20)) * 2;
    for n in 0..kills {
        fs::write(dir.join(format!("docs/new{n}.txt")), format!("{PAPER} killed {n}")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_vigie"));
        let mut child =
            child.current_dir(dir).args(["seal", "docs"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole * n / kills);
        let _ = child.kill();
        let _ = child.wait();
        // Whatever was left: the head that is there verifies, and the next run goes on.
        check(dir, "docs/1.txt.tlog-proof", "docs/1.txt", 0);
        run(dir, &["prove", "docs/3.txt", "-o", "now.tlog-proof"], 0);
        check(dir, "now.tlog-proof", "docs/3.txt", 0);
    }
    let before = fs::read(dir.join("seals/checkpoint")).unwrap();
    run(dir, &["seal", "docs"], 0);
    for n in 0..kills {
        let file = format!("docs/new{n}.txt");
        run(dir, &["prove", &file, "-o", "now.tlog-proof"], 0);
        check(dir, "now.tlog-proof", &file, 0);
    }
    assert!(!before.is_empty());
    assert_eq!(vigie(dir, &["seal", "docs"]).status.code(), Some(0));
}

#[test]
fn a_log_killed_before_its_first_head_stops_nothing_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    sealed(dir);
    run(dir, &["prove", "docs/1.txt"], 0);
    fs::write(dir.join("names.txt"), "www.wikipedia.org\nwww.lemonde.fr\n").unwrap();
    for left in ["seals/checkpoint", "seals/heads"] {
        let path = dir.join(left);
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap()
        } else {
            fs::remove_file(&path).unwrap()
        }
        let _ = fs::remove_file(dir.join("seals/checkpoint"));
        run(dir, &["check", "names.txt"], 0);
        run(dir, &["seal", "docs"], 0);
        check(dir, "docs/1.txt.tlog-proof", "docs/1.txt", 0);
        run(dir, &["prove", "docs/3.txt"], 0);
    }
}
