//! `collect` and `keys fetch`, against Unbound, an RDAP server and a log of certificates on this machine; and that
//! without `--online` no socket is opened.

#[path = "../../../../collect/tests/all/log.rs"]
#[allow(dead_code, reason = "made for the tests of `collect`, which use all of it")]
mod log;
#[path = "../../../../collect/tests/all/server.rs"]
mod server;
#[path = "../../../../collect/tests/all/unbound.rs"]
#[allow(dead_code, reason = "as above")]
pub mod unbound;

use super::{lines, place, run, told};
use log::{Issuer, Log};
use serde_json::{Value, json};
use server::{Said, serve};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A case that knows one look-alike.
fn case(dir: &Path) {
    run(dir, &["init", "case", "--protect", "en-marche.fr"], 0);
    fs::write(dir.join("names.txt"), "onedrive-en-marche.fr\nweather.example.com\nbread.example.org\n")
        .expect("written");
    run(dir, &["add", "case", "names.txt"], 0);
    run(dir, &["run", "case"], 0);
}

fn findings(dir: &Path, detector: &str) -> Vec<Value> {
    let all = lines(&run(dir, &["findings", "case", "--json"], 0));
    all.into_iter().filter(|f| f["detector"] == detector).collect()
}

#[test]
fn nothing_is_asked_without_leave() {
    let dir = place();
    case(dir.path());
    let asks: [&[&str]; 5] = [
        &["collect", "case"],
        &["collect", "dns", "decoy.example", "--resolver", "127.0.0.1"],
        &["collect", "rdap", "decoy.fr", "--rdap", "http://127.0.0.1:1"],
        &["collect", "ct", "http://127.0.0.1:1/", "--key", "AAAA"],
        &["keys", "fetch", "case", "decoy.example", "--resolver", "127.0.0.1"],
    ];
    for ask in asks {
        run(dir.path(), ask, 2);
        let told = told(dir.path(), ask);
        assert!(told.contains("nothing was asked") && told.contains("--online"), "{told}");
        let trace = dir.path().join("trace");
        let traced = Command::new("strace")
            .args(["-f", "-e", "trace=socket,connect,sendto,sendmsg", "-o"])
            .arg(&trace)
            .arg(env!("CARGO_BIN_EXE_vigie"))
            .args(ask)
            .current_dir(dir.path())
            .output();
        match (traced, fs::read_to_string(&trace)) {
            (Ok(out), Ok(calls)) if out.status.code() == Some(2) && calls.contains("exited with 2") => {
                assert!(!calls.contains("AF_INET") && !calls.contains("socket("), "{ask:?}\n{calls}");
            }
            _ => println!("skipped: `strace` cannot be used here, so sockets were not counted"),
        }
    }
}

#[test]
fn answers_about_look_alikes_come_back_with_the_next_run() {
    let more = " local-data: 'onedrive-en-marche.fr. 300 IN A 192.0.2.66'\n \
                local-data: 'onedrive-en-marche.fr. 300 IN MX 10 mx.host.example.'\n";
    let Some(unbound) = unbound::unbound(more) else { return };
    let resolver = unbound.resolver.servers[0].to_string();
    let rdap = serve(|path| {
        match path {
        "/domain/onedrive-en-marche.fr" => Said::ok(
            json!({ "objectClassName": "domain", "ldhName": "onedrive-en-marche.fr",
                "events": [{ "eventAction": "registration", "eventDate": "2017-03-15T09:12:00Z" }],
                "entities": [{ "roles": ["registrar"], "vcardArray": ["vcard", [["fn", {}, "text", "Cheap Names"]]] }] })
            .to_string(),
        ),
        _ => Said::none(),
    }
    });
    let dir = place();
    case(dir.path());
    assert!(findings(dir.path(), "names/lookalike")[0]["fields"]["mail"].is_null());
    run(dir.path(), &["collect", "case", "--online", "--resolver", &resolver, "--rdap", &rdap], 0);
    run(dir.path(), &["run", "case"], 0);
    let found = findings(dir.path(), "names/lookalike");
    assert_eq!(found.len(), 1, "{found:?}");
    let fields = &found[0]["fields"];
    assert_eq!((&fields["mail"], &fields["addresses"]), (&json!(["mx.host.example"]), &json!(["192.0.2.66"])));
    assert_eq!((&fields["registrar"], &fields["created"]), (&json!("cheap names"), &json!("2017-03-15T09:12:00Z")));
    run(dir.path(), &["verify", "case"], 0);
    // The same without the network, from what was kept.
    let asked = ["collect", "dns", "onedrive-en-marche.fr", "--online", "--resolver", &resolver, "-o", "a.jsonl"];
    run(dir.path(), &asked, 0);
    let checked = lines(&run(dir.path(), &["check", "a.jsonl", "--protect", "en-marche.fr", "--json"], 0));
    assert!(checked.iter().any(|f| f["fields"]["mail"] == json!(["mx.host.example"])), "{checked:?}");
}

#[test]
fn keys_are_kept_in_the_case() {
    let Some(unbound) = unbound::unbound("") else { return };
    let resolver = unbound.resolver.servers[0].to_string();
    let dir = place();
    run(dir.path(), &["init", "case", "--name", "test"], 0);
    let fetch = ["keys", "fetch", "case", "decoy.example", "--selector", "s1", "--resolver", &resolver, "--online"];
    let kept = lines(&run(dir.path(), &[&fetch[..], &["--json"]].concat(), 0));
    let id = kept[0]["evidence"].as_str().expect("a hash");
    let text = fs::read_to_string(dir.path().join("case/vault").join(id)).expect("evidence");
    let first = &lines(&text)[0];
    assert_eq!(
        first,
        &json!({ "name": "s1._domainkey.decoy.example", "type": "TXT", "rcode": "NOERROR",
            "answers": ["v=DKIM1; k=rsa; p=MIIB"], "ttl": 300, "seen": super::AT, "resolver": resolver,
            "authentic": false })
    );
    // Mail is judged by it: what does not fit an archive would be refused here, for the archive is read with mail.
    fs::write(dir.path().join("a.eml"), MESSAGE).expect("written");
    run(dir.path(), &["add", "case", "a.eml"], 0);
    run(dir.path(), &["run", "case"], 0);
    let sql = rusqlite::Connection::open(dir.path().join("case/case.db")).expect("a case");
    let fields: String = sql
        .query_row("SELECT group_concat(fields) FROM observations WHERE fields LIKE '%decoy.example%'", [], |r| {
            r.get(0)
        })
        .expect("observations");
    assert!(fields.contains(&resolver), "a verdict names whom it rests on: {fields}");
}

const MESSAGE: &str = "Received: from out.example (out.example [192.0.2.99]) by mx.own.example with ESMTP; \
    Sun, 22 Nov 2026 03:00:00 +0000\r\nReturn-Path: <jo@decoy.example>\r\nFrom: Jo <jo@decoy.example>\r\n\
    To: us@own.example\r\nSubject: hello\r\nDate: Sun, 22 Nov 2026 03:00:00 +0000\r\nMessage-ID: <1@decoy.example>\r\n\
    \r\nHello.\r\n";

#[test]
fn a_log_is_followed_into_a_case_until_it_lies() {
    let issuer = Issuer::new();
    let certificate = |name: &str| issuer.certificate(&[name.to_string()]);
    let (decoy, other) = (certificate("portal.en-marche-login.fr"), certificate("bread.example.org"));
    let mut log = Log::new();
    for i in 0..600 {
        log.add(if i == 400 { &decoy } else { &other }, i % 2 == 0);
    }
    let (key, size) = (log.key(), Arc::new(AtomicUsize::new(300)));
    let shown = size.clone();
    let url = serve(move |path| log.file(shown.load(Ordering::Relaxed), path).map_or(Said::none(), Said::ok));
    let dir = place();
    case(dir.path());
    let follow = ["collect", "ct", &url, "--key", &key, "--online", "--case", "case", "--json"];
    // It begins at the end; there is nothing to keep yet.
    assert_eq!(run(dir.path(), &follow, 0), "");
    size.store(600, Ordering::Relaxed);
    assert_eq!(lines(&run(dir.path(), &follow, 0)).len(), 1);
    run(dir.path(), &["run", "case"], 0);
    let found = findings(dir.path(), "names/lookalike");
    assert!(found.iter().any(|f| f["fields"]["domain"] == "en-marche-login.fr"), "{found:?}");
    size.store(500, Ordering::Relaxed);
    let kept = lines(&run(dir.path(), &follow, 1));
    let id = kept[0]["evidence"].as_str().expect("a hash");
    let text = fs::read_to_string(dir.path().join("case/vault").join(id)).expect("evidence");
    let fault = &lines(&text)[0];
    assert_eq!((&fault["fault"], fault["heads"].as_array().map(Vec::len)), (&json!("rollback"), Some(2)));
    // Into a file, in two steps, and never twice.
    size.store(450, Ordering::Relaxed);
    let follow = ["collect", "ct", &url, "--key", &key, "--online", "-o", "ct.jsonl", "--from", "0", "--most", "301"];
    run(dir.path(), &follow, 0);
    run(dir.path(), &follow, 0);
    run(dir.path(), &follow, 0);
    let text = fs::read_to_string(dir.path().join("ct.jsonl")).expect("lines");
    let indexes: Vec<u64> = lines(&text).iter().filter_map(|l| l["index"].as_u64()).collect();
    assert_eq!(indexes, (0..450).collect::<Vec<_>>());
    run(dir.path(), &["verify", "case"], 0);
}
