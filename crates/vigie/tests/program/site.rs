//! One's own site, on this machine.

#[path = "../../../collect/tests/all/nginx.rs"]
#[allow(dead_code, reason = "made for the tests of `collect`, which use all of it")]
mod nginx;

use super::collect::unbound;
use super::{lines, place, run, told};
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;

/// Answers so many requests with these bytes; gives the port.
fn served(answer: &'static str, times: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(times) {
            let Ok(mut stream) = stream else { continue };
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    port
}

#[test]
fn a_site_is_graded() {
    let dir = place();
    let port = served(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nServer: nginx/1.22.1\r\nX-Content-Type-Options: nosniff\r\n\r\n<p>Bonjour</p>",
        20,
    );
    let told = &lines(&run(dir.path(), &["site", &format!("http://127.0.0.1:{port}"), "--json"], 0))[0];
    assert_eq!(told["tests"]["x-content-type-options"]["result"], "x-content-type-options-nosniff");
    assert_eq!(told["tests"]["strict-transport-security"]["score_modifier"], -20);
    assert!(told["grade"].is_string() && told["privacy_score"].is_u64());
    let ids: Vec<&str> =
        told["findings"].as_array().expect("findings").iter().filter_map(|f| f["id"].as_str()).collect();
    assert!(ids.contains(&"no-https") && ids.contains(&"version-told"), "{ids:?}");
    run(dir.path(), &["site", &format!("http://127.0.0.1:{port}"), "--fail-on", "high"], 1);
}

#[test]
fn what_cannot_be_examined_is_said() {
    let dir = place();
    let port = served("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\nDisallow: /\n", 20);
    run(dir.path(), &["site", &format!("http://127.0.0.1:{port}")], 2);
    let port = served("garbage", 20);
    run(dir.path(), &["site", &format!("http://127.0.0.1:{port}")], 2);
    for wrong in ["ftp://127.0.0.1", "http://", "a b", "http://127.0.0.1:99999"] {
        run(dir.path(), &["site", wrong], 2);
    }
    run(dir.path(), &["site", "127.0.0.1", "--resolve", "nonsense"], 2);
}

/// Ids of the findings of the first site told.
fn ids(told: &[Value]) -> Vec<String> {
    let all = told[0]["findings"].as_array().expect("findings");
    all.iter().filter_map(|f| f["id"].as_str()).map(str::to_string).collect()
}

#[test]
fn only_an_owner_probes_and_what_changed_is_said() {
    let Some(nginx) = nginx::nginx("ssl_protocols TLSv1.2 TLSv1.3;", "autoindex on;") else { return };
    let www = nginx.place.path().join("www");
    for folder in [".git", "uploads"] {
        fs::create_dir(www.join(folder)).expect("a folder");
    }
    fs::write(www.join(".git/HEAD"), "ref: refs/heads/main\n").expect("written");
    fs::write(
        www.join("index.html"),
        "<script src=/jquery-1.8.3.min.js></script><form action=/j><input name=email></form>",
    )
    .expect("written");
    let (dir, url) = (place(), format!("https://site.test:{}", nginx.ports.1));
    let (resolve, ca) = (format!("site.test:{}:127.0.0.1", nginx.ports.1), nginx.place.path().join("ca.pem"));
    let asked = ["site", &url, "--resolve", &resolve, "--ca", ca.to_str().expect("a path"), "--keep", "kept", "--json"];
    let with = |more: &[&str]| lines(&run(dir.path(), &[&asked[..], more].concat(), 0));
    let visited = with(&["--at", "2026-11-01"]);
    let found = ids(&visited);
    for id in ["vulnerable-library", "form-without-consent", "form-in-address", "content-security-policy", "no-cache"] {
        assert!(found.iter().any(|f| f == id), "{id} in {found:?}");
    }
    assert!(!found.iter().any(|f| f == "secret-exposed"), "{found:?}");
    assert_eq!(visited[0]["tls"]["TLS1_2"]["finding"], "offered");
    let probed = with(&["--at", "2026-11-02", "--owner", "--sarif", "site.sarif"]);
    let found = ids(&probed);
    assert!(found.iter().any(|f| f == "secret-exposed") && found.iter().any(|f| f == "directory-listed"), "{found:?}");
    assert_eq!((&probed[0]["owner"], &probed[0]["change"]["gone"]), (&"loopback".into(), &serde_json::json!([])));
    assert!(probed[0]["change"]["new"].as_array().is_some_and(|n| n.iter().any(|f| f["id"] == "secret-exposed")));
    // What is not asked again is not gone.
    let after = with(&["--at", "2026-11-03"]);
    let has =
        |key: &str| after[0]["change"][key].as_array().is_some_and(|n| n.iter().any(|f| f["id"] == "secret-exposed"));
    assert!(has("not_checked") && !has("gone"), "{}", after[0]["change"]);
    let sarif: Value =
        serde_json::from_str(&fs::read_to_string(dir.path().join("site.sarif")).expect("SARIF")).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert!(results.iter().any(|r| r["ruleId"] == "secret-exposed" && r["level"] == "error"));
    let evidence = probed[0]["evidence"]["file"].as_str().expect("a file");
    let kept = lines(&fs::read_to_string(dir.path().join(evidence)).expect("evidence"));
    let asked_for = |what: &str| kept.iter().any(|e| e["what"].as_str().is_some_and(|w| w.ends_with(what)));
    assert!(asked_for("/.git/HEAD") && asked_for("tls"));
}

#[test]
fn the_dns_is_asked_and_private_addresses_are_refused() {
    let more = " local-data: 'site.test. 300 IN A 127.0.0.1'\n local-data: 'site.test. 300 IN MX 10 mx.site.test.'\n \
                local-data: 'site.test. 300 IN TXT \"v=spf1 +all\"'\n local-data: '_dmarc.site.test. 300 IN TXT \"v=DMARC1; p=none\"'\n \
                local-data: 'site.test. 300 IN CAA 0 issue \"letsencrypt.org\"'\n";
    let Some(unbound) = unbound::unbound(more) else { return };
    let resolver = unbound.resolver.servers[0].to_string();
    let dir = place();
    let port = served("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Bonjour</p>", 40);
    let url = format!("http://site.test:{port}");
    // A name that leads here was not meant to: a name is asked once, and what it leads to is checked.
    let refused = told(dir.path(), &["site", &url, "--resolver", &resolver]);
    assert!(refused.contains("private network"), "{refused}");
    let resolve = format!("site.test:{port}:127.0.0.1");
    run(dir.path(), &["init", "case", "--name", "Us", "--protect", "site.test"], 0);
    let asked = ["site", &url, "--resolver", &resolver, "--resolve", &resolve, "--case", "case", "--json"];
    let told = lines(&run(dir.path(), &asked, 0));
    let found = ids(&told);
    for id in ["mail-spf-allows-all", "mail-dmarc-none", "dns-no-ipv6"] {
        assert!(found.iter().any(|f| f == id), "{id} in {found:?}");
    }
    assert_eq!(told[0]["dns"]["caa"], serde_json::json!(["0 issue \"letsencrypt.org\""]));
    assert!(!found.iter().any(|f| f == "dns-no-caa"));
    // The guide and the brief know it.
    let guide = lines(&run(dir.path(), &["hygiene", "case", "--json"], 0));
    let of = |n: &str| guide.iter().find(|l| l["measure"] == n && l["title"].is_string()).expect("a measure").clone();
    assert!(of("24")["facts"][0]["text"].as_str().is_some_and(|t| t.contains("`none`")), "{}", of("24"));
    assert!(of("21")["facts"][0]["text"].as_str().is_some_and(|t| t.contains("no-https")), "{}", of("21"));
    run(dir.path(), &["run", "case"], 0);
    let brief = crate::brief(&dir.path().join("case"));
    assert!(brief.contains("Our own sites") && brief.contains("site.test"));
    run(dir.path(), &["verify", "case"], 0);
}

#[test]
fn answers_without_end_end() {
    let dir = place();
    for answer in [
        "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.test/\r\n\r\n",
    ] {
        let url = format!("http://127.0.0.1:{}", served(answer, 80));
        let told = lines(&run(dir.path(), &["site", &url, "--json"], 0));
        assert!(told[0]["grade"].is_string());
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(40) {
            let Ok(mut stream) = stream else { continue };
            std::thread::spawn(move || {
                let _ = stream
                    .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4294967296\r\n\r\n");
                while stream.write_all(&[b'<'; 65536]).is_ok() {}
            });
        }
    });
    let told = lines(&run(dir.path(), &["site", &format!("http://127.0.0.1:{port}"), "--json"], 0));
    assert!(ids(&told).iter().any(|f| f == "heavy-page"));
    fs::write(dir.path().join("sites.txt"), format!("# ours\nhttp://127.0.0.1:{port}\nhttp://127.0.0.1:1\n"))
        .expect("written");
    assert_eq!(lines(&run(dir.path(), &["site", "--list", "sites.txt", "--json"], 2)).len(), 1);
}

/// Answers each connection in this way; gives the port.
fn answering(how: fn(std::net::TcpStream)) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || listener.incoming().flatten().for_each(|s| drop(std::thread::spawn(move || how(s)))));
    port
}

/// What it does, and how.
type Hostile = (&'static str, fn(std::net::TcpStream));

fn after(mut stream: &std::net::TcpStream) {
    let _ = stream.read(&mut [0; 4096]);
}

#[test]
fn hostile_servers_are_told_and_ended() {
    let dir = place();
    let hostile: [Hostile; 9] = [
        ("headers without end", |mut s| {
            after(&s);
            let _ = s.write_all(b"HTTP/1.1 200 OK\r\n");
            while s.write_all(b"x-a: b\r\n").is_ok() {}
        }),
        ("a header of a MiB", |mut s| {
            after(&s);
            let _ =
                s.write_all(&[b"HTTP/1.1 200 OK\r\nx: ".to_vec(), vec![b'a'; 1 << 20], b"\r\n\r\n".to_vec()].concat());
        }),
        ("bytes that are no text", |mut s| {
            after(&s);
            let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nset-cookie: \xff\x00=\x1b[2J\r\n\0: \0\r\nlocation\r\n\r\n";
            let _ = s.write_all(&[&head[..], b"<a href='\xff\xfe\x00'><\x1b]0;x\x07title>", &[0x80; 5000]].concat());
        }),
        ("lengths that overflow", |mut s| {
            after(&s);
            let _ = s.write_all(
                b"HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\ncontent-type: text/html\r\n\r\n<p>x",
            );
        }),
        ("chunks that overflow", |mut s| {
            after(&s);
            let _ = s.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-type: text/html\r\n\r\nffffffffffffffff\r\n<p>x");
        }),
        ("a status that is none", |mut s| {
            after(&s);
            let _ = s.write_all(b"HTTP/1.1 99999999999 \r\n\r\n");
        }),
        ("redirections to what is no address", |mut s| {
            after(&s);
            let _ = s.write_all(b"HTTP/1.1 301 x\r\nlocation: http://\x00@[::1%25]:99999/\\..\\\r\n\r\n");
        }),
        ("markup that nests without end", |mut s| {
            after(&s);
            let _ = s.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n");
            for _ in 0..4_000 {
                if s.write_all(b"<form><input name=email><a href=\"?x@y.fr\" <!-- <script").is_err() {
                    return;
                }
            }
        }),
        ("nothing", |_| ()),
    ];
    for (what, how) in hostile {
        let url = format!("http://127.0.0.1:{}", answering(how));
        let began = std::time::Instant::now();
        let out = super::vigie(dir.path(), &["site", &url, "--json", "--keep", "kept"]);
        let told = String::from_utf8_lossy(&out.stderr);
        assert!(matches!(out.status.code(), Some(0 | 2)) && !told.contains("panicked"), "{what}: {told}");
        assert!(began.elapsed().as_secs() < 150, "{what}: {:?}", began.elapsed());
        let seen = super::vigie(dir.path(), &["site", &url]);
        assert!(!seen.stdout.contains(&0x1b) && !seen.stderr.contains(&0x1b), "{what}");
    }
    // A byte a second: it is said that it was not answered, and not that nobody is there.
    let url = format!(
        "http://127.0.0.1:{}",
        answering(|mut s| while s.write_all(b"H").is_ok() {
            std::thread::sleep(std::time::Duration::from_secs(1));
        })
    );
    let began = std::time::Instant::now();
    let refused = told(dir.path(), &["site", &url]);
    assert!(
        refused.contains("did not answer in time") && began.elapsed().as_secs() < 150,
        "{refused} {:?}",
        began.elapsed()
    );
}

#[test]
fn without_authorities_no_certificate_is_blamed() {
    let Some(nginx) = nginx::nginx("ssl_protocols TLSv1.2 TLSv1.3;", "return 200 'hello';") else { return };
    let dir = place();
    let (url, resolve) =
        (format!("https://site.test:{}", nginx.ports.1), format!("site.test:{}:127.0.0.1", nginx.ports.1));
    let examined = |host: &str, file: &str| -> Value {
        let (url, resolve) = (url.replace("site.test", host), resolve.replace("site.test", host));
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_vigie"));
        command
            .args(["site", &url, "--resolve", &resolve, "--json"])
            .current_dir(dir.path())
            .env("SSL_CERT_FILE", file);
        let out = command.output().expect("the program");
        lines(&String::from_utf8_lossy(&out.stdout)).remove(0)
    };
    let found = |v: &Value, id: &str| v["findings"].as_array().is_some_and(|all| all.iter().any(|f| f["id"] == id));
    let told = examined("site.test", "/nonexistent");
    assert!(found(&told, "authorities-not-known") && told["authorities_known"] == false, "{told}");
    assert!(!found(&told, "tls-certificate-not-trusted") && !found(&told, "bad-certificate"), "{told}");
    assert_eq!(told["tls"]["cert_chain_of_trust"]["severity"], "WARN");
    assert_ne!(told["tests"]["strict-transport-security"]["result"], "hsts-invalid-cert");
    // That it is for another name needs no authority to be seen.
    let other = examined("other.test", "/nonexistent");
    assert_eq!(other["tests"]["strict-transport-security"]["result"], "hsts-invalid-cert");
    // With authorities, of which none signed it.
    let (_, _, ca) = nginx::certificate(&["x.test"]);
    fs::write(dir.path().join("ca.pem"), ca).expect("written");
    let told = examined("site.test", "ca.pem");
    assert!(found(&told, "tls-certificate-not-trusted") && !found(&told, "authorities-not-known"), "{told}");
}

#[test]
fn complaints_cite_what_is_kept_and_nothing_leaves_the_case() {
    let dir = place();
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<script src=https://www.googletagmanager.com/gtag/js></script><form action=/j><input name=email></form><a href=/don>d</a>";
    let url = format!("http://127.0.0.1:{}", served(page, 80));
    assert!(told(dir.path(), &["site", &url, "--complaint"]).contains("--keep"));
    let told = lines(&run(dir.path(), &["site", &url, "--keep", "kept", "--complaint", "--json", "--lang", "fr"], 0));
    let drafts: Vec<&str> =
        told[0]["complaints"].as_array().expect("drafts").iter().filter_map(Value::as_str).collect();
    assert!(
        drafts.iter().any(|d| d.ends_with("complaint-gdpr-06.md"))
            && drafts.iter().any(|d| d.ends_with("complaint-gdpr-09.md")),
        "{drafts:?}"
    );
    let text = fs::read_to_string(dir.path().join(drafts[0])).expect("a draft");
    let evidence =
        fs::read_to_string(dir.path().join(told[0]["evidence"]["file"].as_str().expect("a file"))).expect("evidence");
    assert!(
        text.contains("Projet de plainte") && text.contains(told[0]["evidence"]["sha256"].as_str().expect("a digest"))
    );
    // Each line that is cited is there, with its digest.
    let cited: Vec<(usize, String)> = text
        .lines()
        .filter_map(|l| l.trim().strip_prefix("- pièce\u{202f}: ligne "))
        .filter_map(|l| Some((l.split(' ').next()?.parse().ok()?, l.rsplit('`').nth(1)?.to_string())))
        .collect();
    assert!(!cited.is_empty(), "{text}");
    for (line, digest) in cited {
        let bytes = evidence.lines().nth(line - 1).expect("the line").as_bytes();
        assert_eq!(law::sha256(bytes), digest);
    }
    // What was seen on another page than the first cites that page.
    let nine = drafts.iter().find(|d| d.ends_with("-09.md")).expect("a draft");
    let nine = fs::read_to_string(dir.path().join(nine)).expect("a draft");
    let behind = nine.split(&format!("{url}/don: /j")).nth(1).expect("the form of the other page");
    assert!(behind.lines().nth(1).is_some_and(|l| l.contains(&format!("`GET {url}/don`"))), "{nine}");
    // A folder of somebody else's that leads out of itself.
    let outside = place();
    fs::create_dir(dir.path().join("bad")).expect("a folder");
    let host = url.trim_start_matches("http://").replace(':', "_");
    std::os::unix::fs::symlink(outside.path(), dir.path().join("bad").join(&host)).expect("a link");
    run(dir.path(), &["site", &url, "--keep", "bad"], 2);
    assert_eq!(fs::read_dir(outside.path()).expect("a folder").count(), 0);
}

#[test]
fn heavy_pages_are_known_from_the_logs() {
    let dir = place();
    let mut log = String::new();
    for n in 0..30 {
        log += &format!(
            "198.51.100.{n} - - [14/Feb/2017:10:{n:02}:00 +0100] \"GET /programme{n}.pdf HTTP/1.1\" 200 9000000 \"-\" \"Mozilla/5.0\"\n"
        );
        log += &format!(
            "198.51.100.{n} - - [14/Feb/2017:11:{n:02}:00 +0100] \"GET /page HTTP/1.1\" 200 5000 \"-\" \"Mozilla/5.0\"\n"
        );
    }
    fs::write(dir.path().join("access.log"), log).expect("written");
    super::case(dir.path(), "case", &["access.log"]);
    let url = format!("http://127.0.0.1:{}", served("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>x</p>", 40));
    let told = lines(&run(dir.path(), &["site", &url, "--case", "case", "--json"], 0));
    let heavy =
        told[0]["findings"].as_array().expect("findings").iter().find(|f| f["id"] == "heavy-in-logs").expect("heavy");
    let seen = heavy["seen"].as_str().expect("seen");
    assert!(seen.contains("/programme0.pdf") && seen.contains("30 answers") && !seen.contains("/page "), "{seen}");
}
